//! The wire types of photos.

use crate::ids::PhotoId;
use serde::{Deserialize, Serialize};

/// The answer to a stored photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The photo.
    pub photo: PhotoId,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// The sizes a photo is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Size {
    /// At most 320 px: lists.
    Small,
    /// At most 960 px: pages.
    Medium,
    /// At most 1,920 px: looking closely.
    Large,
}

impl Size {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// The longest side in pixels.
    pub fn pixels(self) -> u32 {
        match self {
            Self::Small => 320,
            Self::Medium => 960,
            Self::Large => 1_920,
        }
    }

    /// The word in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Small => "s",
            Self::Medium => "m",
            Self::Large => "l",
        }
    }

    /// Reads [`Size::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }
}

/// The address of a photo in one size.
pub fn address(photo: PhotoId, size: Size) -> String {
    format!("/photos/{photo}/{}", size.code())
}
