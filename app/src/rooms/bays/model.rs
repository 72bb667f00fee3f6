//! The wire types of car bays.

use crate::i18n::Lang;
use crate::ids::{PhotoId, UnitId};
use crate::measure::Time;
use crate::tr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whose a bay is, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BayKind {
    /// 产权车位: belongs to the owner of a unit.
    Owned,
    /// 开发商车位: not sold yet.
    Developer,
    /// 规划公共车位: on common ground, as first planned.
    Planned,
    /// 增设公共车位: on common ground, added later.
    Added,
}

impl BayKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Owned, Self::Developer, Self::Planned, Self::Added];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Owned => "owned",
            Self::Developer => "developer",
            Self::Planned => "planned",
            Self::Added => "added",
        }
    }

    /// Reads [`BayKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Owned => tr!(lang, "产权车位", "Owned"),
            Self::Developer => tr!(lang, "开发商车位", "The developer's"),
            Self::Planned => tr!(lang, "规划公共车位", "Common, planned"),
            Self::Added => tr!(lang, "增设公共车位", "Common, added"),
        }
    }

    /// Whether it is the owners' in common (CC 275): rules, prices and the money are theirs.
    pub fn common(self) -> bool {
        matches!(self, Self::Planned | Self::Added)
    }
}

/// How a bay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BayState {
    /// 空闲: nobody holds it.
    Free,
    /// 已分配: somebody holds it.
    Held,
    /// 占用、不能停: something stands in it, or works go on.
    Blocked,
    /// 停用: it is no bay any more, or not for now.
    Closed,
}

impl BayState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Free, Self::Held, Self::Blocked, Self::Closed];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Held => "held",
            Self::Blocked => "blocked",
            Self::Closed => "closed",
        }
    }

    /// Reads [`BayState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Free => tr!(lang, "空闲", "Free"),
            Self::Held => tr!(lang, "有人使用", "Held"),
            Self::Blocked => tr!(lang, "暂不能停", "Blocked"),
            Self::Closed => tr!(lang, "停用", "Closed"),
        }
    }

    /// The letter that marks it on the plan, beside its colour and its shape.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Free => "○",
            Self::Held => "●",
            Self::Blocked => "×",
            Self::Closed => "—",
        }
    }
}

/// A bay as rooms and pages read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bay {
    /// Which one.
    pub id: Uuid,
    /// What is painted on it, e.g. `D-017`; unique in its community.
    pub code: String,
    /// The version that was read.
    pub version: i64,
    /// Whose it is.
    pub kind: BayKind,
    /// It stands in the plan that was approved when the estate was built (R5.2).
    pub original_planned: bool,
    /// For people with a disability (R5.5).
    pub accessible: bool,
    /// For electric cars while they charge (R5.5).
    pub ev: bool,
    /// Where it is, in words.
    pub area: String,
    /// Where it is on the plan, in the plan's units; nothing until it was placed.
    pub at: Option<(i64, i64)>,
    /// How it is.
    pub state: BayState,
    /// The unit that owns it.
    pub unit: Option<UnitId>,
    /// A picture.
    pub photo: Option<PhotoId>,
    /// In words.
    pub note: String,
    /// It was won back for cars.
    pub freed: bool,
}

/// A change of a bay's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When.
    pub at: Time,
    /// How it was.
    pub from: BayState,
    /// How it became.
    pub to: BayState,
    /// Why.
    pub reason: String,
}

/// What is written about a bay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// It stands in the original plan (R5.2).
    #[serde(default)]
    pub original_planned: bool,
    /// For people with a disability.
    #[serde(default)]
    pub accessible: bool,
    /// For electric cars while they charge.
    #[serde(default)]
    pub ev: bool,
    /// Where it is, at most 40 characters, e.g. `东环路`.
    #[serde(default)]
    pub area: String,
    /// Where it is on the plan; both or neither.
    #[serde(default)]
    pub x: Option<i64>,
    /// See `x`.
    #[serde(default)]
    pub y: Option<i64>,
    /// It was won back for cars.
    #[serde(default)]
    pub freed: bool,
    /// In words, at most 200 characters.
    #[serde(default)]
    pub note: String,
}

/// Adds a bay to the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Add {
    /// What is painted on it, 1 to 20 letters, digits and dashes.
    pub code: String,
    /// Whose it is.
    pub kind: BayKind,
    /// About it.
    pub details: Details,
    /// The unit that owns it, for an owned one.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// What it looks like: one photo at most.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// Changes what is written about a bay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which one.
    pub bay: Uuid,
    /// The version that was read.
    pub version: i64,
    /// Whose it is.
    pub kind: BayKind,
    /// About it.
    pub details: Details,
    /// The unit that owns it.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// A new picture.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// Changes how a bay is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turning {
    /// Which one.
    pub bay: Uuid,
    /// The version that was read.
    pub version: i64,
    /// How it is now.
    pub state: BayState,
    /// Why, 2 to 200 characters; public.
    pub reason: String,
}

/// Writes the bays of an uploaded list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmList {
    /// The list that was looked through.
    pub import: Uuid,
}

/// The register in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// By kind, in the order of [`BayKind::ALL`], and by state, in the order of [`BayState::ALL`].
    pub cells: [[i64; 4]; 4],
    /// Accessible, of those that are not closed.
    pub accessible: i64,
    /// For electric cars, of those that are not closed.
    pub ev: i64,
    /// On common ground and not of the original plan: passes only.
    pub passes_only: i64,
    /// Won back for cars.
    pub freed: i64,
}

impl Numbers {
    /// Counts bays.
    pub fn of<'a>(bays: impl IntoIterator<Item = &'a Bay>) -> Self {
        let mut n = Self::default();
        for bay in bays {
            n.cells[bay.kind as usize][bay.state as usize] += 1;
            let open = i64::from(bay.state != BayState::Closed);
            n.accessible += i64::from(bay.accessible) * open;
            n.ev += i64::from(bay.ev) * open;
            n.passes_only += i64::from(bay.kind.common() && !bay.original_planned) * open;
            n.freed += i64::from(bay.freed);
        }
        n
    }

    /// Of a kind, whatever their state.
    pub fn of_kind(&self, kind: BayKind) -> i64 {
        self.cells[kind as usize].iter().sum()
    }

    /// In a state, whatever their kind.
    pub fn in_state(&self, state: BayState) -> i64 {
        self.cells.iter().map(|row| row[state as usize]).sum()
    }

    /// All of them.
    pub fn all(&self) -> i64 {
        self.cells.iter().flatten().sum()
    }

    /// Those that are not closed.
    pub fn open(&self) -> i64 {
        self.all() - self.in_state(BayState::Closed)
    }
}

impl Bay {
    /// What is written about it.
    pub fn details(&self) -> Details {
        Details {
            original_planned: self.original_planned,
            accessible: self.accessible,
            ev: self.ev,
            area: self.area.clone(),
            x: self.at.map(|a| a.0),
            y: self.at.map(|a| a.1),
            freed: self.freed,
            note: self.note.clone(),
        }
    }
}
