//! The wire types of visits.

use crate::i18n::Lang;
use crate::ids::UnitId;
use crate::measure::Time;
use crate::tr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Makes a pass for a visitor of one's own household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invite {
    /// The day, `YYYY-MM-DD`: today or one of the days after.
    pub day: String,
    /// Who comes, at most 20 characters; may be empty.
    #[serde(default)]
    pub name: String,
    /// The plate of their car; empty when they walk.
    #[serde(default)]
    pub plate: String,
}

/// Takes a pass back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancel {
    /// The pass.
    pub visit: Uuid,
}

/// Lets somebody in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetIn {
    /// The pass.
    pub visit: Uuid,
}

/// What a pass is worth at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Lets in today.
    Valid,
    /// Its day has not come.
    Early,
    /// It let somebody in.
    Used,
    /// Its day is over.
    Expired,
    /// It was taken back.
    Cancelled,
}

impl Worth {
    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Valid => tr!(lang, "今天有效", "Valid today"),
            Self::Early => tr!(lang, "还没到日子", "Not yet"),
            Self::Used => tr!(lang, "已经用过", "Used"),
            Self::Expired => tr!(lang, "已经过期", "Expired"),
            Self::Cancelled => tr!(lang, "已经取消", "Taken back"),
        }
    }
}

/// A pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Which one.
    pub id: Uuid,
    /// The code in its QR.
    pub code: String,
    /// Whose visitor.
    pub unit: UnitId,
    /// The day.
    pub day: String,
    /// Who comes.
    pub name: String,
    /// The plate.
    pub plate: String,
    /// When it was made.
    pub at: Time,
    /// When it let somebody in.
    pub used_at: Option<Time>,
    /// It was taken back.
    pub cancelled: bool,
}
