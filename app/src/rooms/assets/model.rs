//! The wire types of assets and inspection rounds.

use crate::i18n::Lang;
use crate::ids::{PersonId, PhotoId, PlaceId};
use crate::measure::Time;
use crate::rooms::tickets::model::Category;
use crate::tr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What sort of asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 摄像头.
    Camera,
    /// 喷淋头.
    Sprinkler,
    /// 灭火器、消火栓.
    FireGear,
    /// 电梯.
    Lift,
    /// 水泵.
    Pump,
    /// 水箱.
    WaterTank,
    /// 路灯、楼道灯.
    Light,
    /// 门禁、道闸.
    Door,
    /// 休闲椅.
    Bench,
    /// 其他.
    Other,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [Self::Camera, Self::Sprinkler, Self::FireGear, Self::Lift, Self::Pump, Self::WaterTank, Self::Light, Self::Door, Self::Bench, Self::Other];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::Sprinkler => "sprinkler",
            Self::FireGear => "fire_gear",
            Self::Lift => "lift",
            Self::Pump => "pump",
            Self::WaterTank => "water_tank",
            Self::Light => "light",
            Self::Door => "door",
            Self::Bench => "bench",
            Self::Other => "other",
        }
    }

    /// Reads [`Kind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Camera => tr!(lang, "摄像头", "Camera"),
            Self::Sprinkler => tr!(lang, "喷淋头", "Sprinkler head"),
            Self::FireGear => tr!(lang, "灭火器、消火栓", "Extinguisher, hydrant"),
            Self::Lift => tr!(lang, "电梯", "Lift"),
            Self::Pump => tr!(lang, "水泵", "Pump"),
            Self::WaterTank => tr!(lang, "水箱", "Water tank"),
            Self::Light => tr!(lang, "照明", "Light"),
            Self::Door => tr!(lang, "门禁、道闸", "Door, barrier"),
            Self::Bench => tr!(lang, "休闲椅", "Bench"),
            Self::Other => tr!(lang, "其他", "Other"),
        }
    }

    /// What a fault of it is reported as.
    pub fn category(self) -> Category {
        match self {
            Self::Light => Category::Lighting,
            Self::Door => Category::Access,
            Self::Sprinkler | Self::FireGear => Category::FireSystem,
            _ => Category::Facility,
        }
    }
}

/// How an asset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 在用.
    InUse,
    /// 故障.
    Faulty,
    /// 离线.
    Offline,
    /// 报废.
    Retired,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::InUse, Self::Faulty, Self::Offline, Self::Retired];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::InUse => "in_use",
            Self::Faulty => "faulty",
            Self::Offline => "offline",
            Self::Retired => "retired",
        }
    }

    /// Reads [`State::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::InUse => tr!(lang, "在用", "In use"),
            Self::Faulty => tr!(lang, "故障", "Faulty"),
            Self::Offline => tr!(lang, "离线", "Offline"),
            Self::Retired => tr!(lang, "已报废", "Retired"),
        }
    }
}

/// What is written about an asset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What it is called, 1 to 40 characters.
    pub name: String,
    /// The maker's number, at most 60 characters.
    pub serial: String,
    /// Model and supplier, at most 80 characters.
    pub model: String,
    /// The day it was installed, `YYYY-MM-DD`, or empty.
    pub installed: String,
    /// The last day of its warranty, `YYYY-MM-DD`, or empty.
    pub warranty: String,
}

/// Adds an asset to the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Add {
    /// What sort.
    pub kind: Kind,
    /// Where it is.
    pub place: PlaceId,
    /// About it.
    pub details: Details,
    /// It gets a sticker of its own; else the place's counts for it.
    pub own_tag: bool,
    /// The asset that it replaces, which is retired.
    pub replaces: Option<Uuid>,
}

/// Changes an asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which one.
    pub asset: Uuid,
    /// The version that was read.
    pub version: i64,
    /// How it is now.
    pub state: State,
    /// About it.
    pub details: Details,
    /// Why, when its state changes.
    pub reason: String,
}

/// Writes the assets of an uploaded list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmList {
    /// The list that was looked through.
    pub import: Uuid,
}

/// Opens an inspection round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRound {
    /// What is inspected.
    pub kind: Kind,
    /// Only at this place.
    pub place: Option<PlaceId>,
    /// Who goes.
    pub worker: PersonId,
    /// At most so many, those inspected longest ago first; 1 to 600.
    pub most: i64,
    /// Days until it has to be finished, 1 to 60.
    pub days: i64,
}

/// Checks one asset on a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The round.
    pub round: Uuid,
    /// The asset.
    pub asset: Uuid,
    /// 合格.
    pub passed: bool,
    /// What was read, in hundredths of the plan's unit.
    #[serde(default)]
    pub reading: Option<i64>,
    /// In words; needed when it failed.
    #[serde(default)]
    pub note: String,
    /// Up to 3 photos.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// Closes a round: what was not checked is shown as such.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CloseRound {
    /// The round.
    pub round: Uuid,
}

/// An asset in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which one.
    pub id: Uuid,
    /// Its number, e.g. `SB-00012`.
    pub number: String,
    /// What sort.
    pub kind: Kind,
    /// How it is.
    pub state: State,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub place: String,
    /// The code of the sticker that counts for it.
    pub tag: Option<String>,
    /// The maker's number.
    pub serial: String,
    /// Model and supplier.
    pub model: String,
    /// When it was installed, a day.
    pub installed: String,
    /// The last day of its warranty.
    pub warranty: String,
    /// When it was last checked, and whether it passed.
    pub checked: Option<(Time, bool)>,
}

/// One kind in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindNumbers {
    /// What sort.
    pub kind: Kind,
    /// Not retired.
    pub all: i64,
    /// In use.
    pub in_use: i64,
    /// Whose last check was within its plan's days.
    pub checked: i64,
    /// And passed.
    pub passed: i64,
    /// Retired and replaced.
    pub replaced: i64,
    /// When one of them was last checked.
    pub last: Option<Time>,
}

/// A check as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRow {
    /// When.
    pub at: Time,
    /// 合格.
    pub passed: bool,
    /// What was read, in hundredths.
    pub reading: Option<i64>,
    /// In words.
    pub note: String,
    /// Who, as the public may know them.
    pub who: String,
    /// The number of the ticket that it opened.
    pub ticket: Option<String>,
    /// What was photographed.
    pub photos: Vec<PhotoId>,
}

/// A change of state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When.
    pub at: Time,
    /// How it was.
    pub from: State,
    /// How it became.
    pub to: State,
    /// Why; empty once it was erased.
    pub reason: String,
}

/// An asset's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What lists show too.
    pub row: Row,
    /// The version that a change is made against.
    pub version: i64,
    /// The one it replaced: number and name.
    pub replaces: Option<(String, String)>,
    /// The one that replaced it.
    pub replaced_by: Option<(String, String)>,
    /// Its checks, the newest first.
    pub checks: Vec<CheckRow>,
    /// Its changes of state, the newest first.
    pub turns: Vec<Turn>,
    /// When the next one is due.
    pub next: Option<Time>,
    /// The warranty runs.
    pub in_warranty: bool,
    /// The open ticket's number.
    pub ticket: Option<String>,
}

/// A round in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundRow {
    /// Which one.
    pub id: Uuid,
    /// Its number, e.g. `XJ-2026-004`.
    pub number: String,
    /// What is inspected.
    pub kind: Kind,
    /// Who goes, as the public may know them.
    pub worker: String,
    /// Who goes.
    pub worker_id: PersonId,
    /// Opened.
    pub opened_at: Time,
    /// Due.
    pub due_at: Time,
    /// Closed.
    pub closed_at: Option<Time>,
    /// How many assets.
    pub total: i64,
    /// How many were checked.
    pub checked: i64,
    /// How many of those passed.
    pub passed: i64,
}

/// One asset on a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The asset.
    pub row: Row,
    /// Its last check on this round.
    pub check: Option<CheckRow>,
}

/// A round's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundView {
    /// What lists show too.
    pub row: RoundRow,
    /// Its assets in walking order.
    pub stops: Vec<Stop>,
    /// The viewer goes it.
    pub mine: bool,
    /// The viewer may close it.
    pub may_close: bool,
}
