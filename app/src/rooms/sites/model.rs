//! The wire types of the site plan.

use crate::i18n::Lang;
use crate::measure::Area;
use crate::tr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is shown on the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// Car bays.
    #[default]
    Bays,
    /// Open tickets.
    Tickets,
    /// Assets.
    Assets,
}

impl Show {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Bays, Self::Tickets, Self::Assets];

    /// The word in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Bays => "bays",
            Self::Tickets => "tickets",
            Self::Assets => "assets",
        }
    }

    /// Reads [`Show::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Bays => tr!(lang, "车位", "Car bays"),
            Self::Tickets => tr!(lang, "报修", "Repairs"),
            Self::Assets => tr!(lang, "设施设备", "Assets"),
        }
    }
}

/// What a piece of ground is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// 绿地.
    Green,
    /// 非机动车停放.
    Bikes,
    /// 铺装地.
    Paved,
    /// 其他.
    Other,
}

impl Ground {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Green, Self::Bikes, Self::Paved, Self::Other];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Bikes => "bikes",
            Self::Paved => "paved",
            Self::Other => "other",
        }
    }

    /// Reads [`Ground::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Green => tr!(lang, "绿地", "Green"),
            Self::Bikes => tr!(lang, "非机动车停放", "Bikes"),
            Self::Paved => tr!(lang, "铺装地", "Paved"),
            Self::Other => tr!(lang, "其他", "Other"),
        }
    }
}

/// A new drawing of the estate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// The SVG document, as it was uploaded.
    pub svg: String,
    /// Who drew it and after what, 2 to 100 characters.
    pub source: String,
}

/// Writes down a piece of ground, or changes what is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetArea {
    /// Its code, e.g. `L-03`.
    pub code: String,
    /// The version that was read; 0 for a new one.
    pub version: i64,
    /// What it is called, 1 to 40 characters.
    pub name: String,
    /// What it is used as.
    pub ground: Ground,
    /// Its size.
    pub size: Area,
    /// How much of it counts as green.
    pub green: Area,
    /// How many bikes stand there.
    pub bikes: i64,
}

/// A piece of ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaRow {
    /// Which one.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// The version that was read.
    pub version: i64,
    /// What it is called.
    pub name: String,
    /// What it is used as.
    pub ground: Ground,
    /// Its size.
    pub size: Area,
    /// How much of it counts as green.
    pub green: Area,
    /// How many bikes stand there.
    pub bikes: i64,
}

/// Something on the plan: a link with a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Where, in the plan's units.
    pub at: (i64, i64),
    /// How it is drawn: `due`, `late`, `ok`, `bad`, `off`.
    pub look: &'static str,
    /// What it is, for those who do not see it.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// The drawing that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Which version of it, from 1; 0 where there is none.
    pub n: i64,
    /// From west to east, in the plan's units.
    pub width: i64,
    /// From north to south.
    pub height: i64,
    /// What is inside the svg element.
    pub drawing: String,
    /// Who drew it.
    pub source: String,
}
