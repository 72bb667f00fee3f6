//! The wire types of bikes.

use crate::i18n::Lang;
use crate::ids::{PhotoId, PlaceId, UnitId};
use crate::measure::Time;
use crate::tr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How a charging socket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SocketState {
    /// 空闲.
    Free,
    /// 充电中.
    InUse,
    /// 坏了.
    Broken,
    /// 停电、停用.
    Off,
}

impl SocketState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Free, Self::InUse, Self::Broken, Self::Off];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::InUse => "in_use",
            Self::Broken => "broken",
            Self::Off => "off",
        }
    }

    /// Reads [`SocketState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Free => tr!(lang, "空闲", "Free"),
            Self::InUse => tr!(lang, "充电中", "In use"),
            Self::Broken => tr!(lang, "坏了", "Broken"),
            Self::Off => tr!(lang, "停用", "Off"),
        }
    }
}

/// Where a notice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 公告中.
    Posted,
    /// 已认领.
    Claimed,
    /// 已处置.
    Disposed,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Posted, Self::Claimed, Self::Disposed];

    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Claimed => "claimed",
            Self::Disposed => "disposed",
        }
    }

    /// Reads [`Stage::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Posted => tr!(lang, "公告中", "On notice"),
            Self::Claimed => tr!(lang, "有人认领", "Claimed"),
            Self::Disposed => tr!(lang, "已处置", "Disposed of"),
        }
    }
}

/// Writes down a garage or charging area, or changes what is written. Sockets are numbered from 1; more are added, none is
/// taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetGarage {
    /// The place that it is.
    pub place: PlaceId,
    /// The version that was read; 0 for a new one.
    pub version: i64,
    /// How many bikes may stand there, 0 to 10,000.
    pub spaces: i64,
    /// Charging sockets, 0 to 500.
    pub sockets: i64,
    /// In words, at most 200 characters.
    #[serde(default)]
    pub note: String,
}

/// Says how a charging socket is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetSocket {
    /// Which one.
    pub socket: Uuid,
    /// The version that was read.
    pub version: i64,
    /// How it is.
    pub state: SocketState,
    /// Why, when it is broken or off; at most 100 characters.
    #[serde(default)]
    pub reason: String,
}

/// Registers an e-bike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// Whose; nobody named means one's own unit.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// What it looks like: make and colour, 2 to 60 characters.
    pub words: String,
    /// Its number plate, or empty.
    #[serde(default)]
    pub plate: String,
    /// Where it mostly stands.
    #[serde(default)]
    pub garage: Option<Uuid>,
}

/// Ends a registration: sold, scrapped, moved away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndBike {
    /// Which one.
    pub bike: Uuid,
}

/// Puts a notice on a bike that seems left behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Where it stands.
    pub garage: Uuid,
    /// What it looks like and where exactly, 5 to 200 characters; public.
    pub words: String,
    /// The code of its sticker, where it has one.
    #[serde(default)]
    pub tag: String,
    /// At least one picture.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// Says that a bike is one's own: the notice stops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The notice.
    pub notice: Uuid,
    /// How one can tell, and what happens with it now; 2 to 200 characters.
    pub words: String,
}

/// Records what was done with a bike that nobody claimed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispose {
    /// The notice.
    pub notice: Uuid,
    /// The version that was read.
    pub version: i64,
    /// What was done, by whom, where it is now; 5 to 300 characters; public.
    pub words: String,
    /// Up to 3 pictures.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// A charging socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// Which one.
    pub id: Uuid,
    /// Its number.
    pub n: i64,
    /// The version that was read.
    pub version: i64,
    /// How it is.
    pub state: SocketState,
    /// Why.
    pub reason: String,
}

/// A garage or a charging area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Garage {
    /// Which one.
    pub id: Uuid,
    /// The place that it is.
    pub place: PlaceId,
    /// Its name.
    pub name: String,
    /// The version that was read.
    pub version: i64,
    /// How many bikes may stand there.
    pub spaces: i64,
    /// In words.
    pub note: String,
    /// Its sockets by number.
    pub sockets: Vec<Socket>,
    /// Registered e-bikes that stand there.
    pub bikes: i64,
}

impl Garage {
    /// How many of its sockets are in a state.
    pub fn count(&self, state: SocketState) -> usize {
        self.sockets.iter().filter(|s| s.state == state).count()
    }
}

/// A registered e-bike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bike {
    /// Which one.
    pub id: Uuid,
    /// The code on its sticker.
    pub tag: String,
    /// Whose.
    pub unit: UnitId,
    /// What it looks like.
    pub words: String,
    /// Its number plate.
    pub plate: String,
    /// Where it mostly stands.
    pub garage: Option<Uuid>,
    /// Since when it is registered.
    pub at: Time,
    /// Since when it no longer is.
    pub ended_at: Option<Time>,
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which one.
    pub id: Uuid,
    /// Its number, e.g. `GG-0007`.
    pub number: String,
    /// The version that was read.
    pub version: i64,
    /// Where the bike stands.
    pub garage: Uuid,
    /// What it looks like.
    pub words: String,
    /// Its pictures.
    pub photos: Vec<PhotoId>,
    /// Where it stands.
    pub stage: Stage,
    /// When it was posted.
    pub at: Time,
    /// Until when it can be claimed.
    pub until: Time,
    /// When it was claimed.
    pub claimed_at: Option<Time>,
    /// When it was disposed of, what was done, and the pictures.
    pub disposed: Option<(Time, String, Vec<PhotoId>)>,
}
