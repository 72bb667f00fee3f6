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
