//! The wire types of conversions.

use crate::i18n::Lang;
use crate::measure::{Area, Time};
use crate::rooms::sites::model::Ground;
use crate::tr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 起草.
    Drafted,
    /// 公示.
    Published,
    /// 通过.
    Agreed,
    /// 未通过.
    Refused,
    /// 已实施.
    Carried,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Drafted, Self::Published, Self::Agreed, Self::Refused, Self::Carried];

    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Published => "published",
            Self::Agreed => "agreed",
            Self::Refused => "refused",
            Self::Carried => "carried",
        }
    }

    /// Reads [`Stage::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Drafted => tr!(lang, "起草", "Draft"),
            Self::Published => tr!(lang, "公示中", "On show"),
            Self::Agreed => tr!(lang, "业主表决通过", "Agreed by the owners"),
            Self::Refused => tr!(lang, "没有通过", "Not agreed"),
            Self::Carried => tr!(lang, "已实施", "Carried out"),
        }
    }
}

/// What becomes of one piece of ground.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaChange {
    /// Its code.
    pub code: String,
    /// What it is used as then.
    pub ground: Ground,
    /// How much of it counts as green then.
    pub green: Area,
    /// How many bikes stand there then.
    pub bikes: i64,
}

/// What becomes of ground and bays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Pieces of ground, each once.
    #[serde(default)]
    pub areas: Vec<AreaChange>,
    /// Bays that are won back for cars: their codes.
    #[serde(default)]
    pub frees: Vec<String>,
    /// Bays that are given up: their codes.
    #[serde(default)]
    pub closes: Vec<String>,
}

/// Drafts a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// What it is called, 4 to 60 characters.
    pub title: String,
    /// What is done and why, 5 to 1,000 characters.
    pub words: String,
    /// What changes.
    pub changes: Changes,
    /// Trees are moved.
    pub trees: bool,
    /// The application for the trees, where there is one; at most 100 characters.
    #[serde(default)]
    pub application: String,
}

/// A step of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which one.
    pub conversion: Uuid,
    /// The version that was read.
    pub version: i64,
    /// The application for the trees, when it is known now.
    #[serde(default)]
    pub application: String,
}

/// Records what the owners decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decide {
    /// Which one.
    pub conversion: Uuid,
    /// The version that was read.
    pub version: i64,
    /// They agreed.
    pub agreed: bool,
    /// The vote: its number and result, 4 to 200 characters.
    pub vote: String,
}

/// The estate in the numbers that a proposal changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Bays that can be used: not closed, not blocked.
    pub bays: i64,
    /// Places for bikes.
    pub bikes: i64,
    /// What counts as green.
    pub green: Area,
}

/// What a proposal leads to, as it was put on show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promised {
    /// The numbers after it.
    #[serde(flatten)]
    pub totals: Totals,
    /// It needs a special majority; nothing where that was not kept yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub special: Option<bool>,
}

/// A proposal as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Which one.
    pub id: Uuid,
    /// Its number, e.g. `TZ-003`.
    pub number: String,
    /// The version that was read.
    pub version: i64,
    /// Where it stands.
    pub stage: Stage,
    /// What it is called.
    pub title: String,
    /// What is done.
    pub words: String,
    /// What changes.
    pub changes: Changes,
    /// Trees are moved.
    pub trees: bool,
    /// The application for them.
    pub application: String,
    /// The estate before.
    pub before: Totals,
    /// The estate after.
    pub after: Totals,
    /// It needs a special majority.
    pub special: bool,
    /// The vote.
    pub vote: String,
    /// When it was drafted.
    pub at: Time,
    /// When it was published.
    pub published_at: Option<Time>,
    /// When it was decided.
    pub decided_at: Option<Time>,
    /// When it was carried out.
    pub carried_at: Option<Time>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_published_before_is_read() {
        let old: Promised = serde_json::from_str(r#"{"bays":600,"bikes":1000,"green":50000}"#).expect("reads");
        let totals = Totals { bays: 600, bikes: 1_000, green: Area(50_000) };
        assert_eq!(old, Promised { totals, special: None });
        let new = Promised { totals, special: Some(false) };
        assert_eq!(serde_json::from_str::<Promised>(&serde_json::to_string(&new).expect("writes")).expect("reads"), new);
    }
}
