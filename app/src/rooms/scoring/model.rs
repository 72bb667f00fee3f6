//! The wire types of scoring.

mod rows;

pub use rows::{AppealRow, ChargeRow, ReadingRow, RectifyRow, RoundRow};

use super::template::Template;
use crate::i18n::Lang;
use crate::ids::{PersonId, PhotoId, PlaceId};
use crate::measure::Fen;
use crate::tr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The `halves` of a mark that says 不了解: it counts for nothing and against nobody.
pub const UNKNOWN: i64 = -1;

/// Who scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// 业主代表.
    Representative,
    /// 楼组长.
    Leader,
}

impl Group {
    /// Both, in the order in which they are counted.
    pub const ALL: [Self; 2] = [Self::Representative, Self::Leader];

    /// 0 or 1.
    pub fn place(self) -> usize {
        usize::from(self == Self::Leader)
    }

    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Representative => "representative",
            Self::Leader => "leader",
        }
    }

    /// Reads [`Group::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Representative => tr!(lang, "业主代表", "Owners' representatives"),
            Self::Leader => tr!(lang, "楼组长", "Building leaders"),
        }
    }
}

/// How good a round was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 不合格.
    Fail,
    /// 合格.
    Pass,
    /// 良好.
    Good,
    /// 优秀.
    Excellent,
}

impl Level {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::Fail, Self::Pass, Self::Good, Self::Excellent];

    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Pass => "pass",
            Self::Good => "good",
            Self::Excellent => "excellent",
        }
    }

    /// Reads [`Level::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Fail => tr!(lang, "不合格", "Fail"),
            Self::Pass => tr!(lang, "合格", "Pass"),
            Self::Good => tr!(lang, "良好", "Good"),
            Self::Excellent => tr!(lang, "优秀", "Excellent"),
        }
    }
}

/// The rule numbers ⚙ of a round, frozen when it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Numbers {
    /// What the representatives' mean weighs, in per cent; the leaders' has the rest.
    pub weight_percent: i64,
    /// Marks that a group needs for an item to count.
    pub samples: i64,
    /// Of those appointed, so many per cent must have handed in.
    pub turnout_percent: i64,
    /// So many points must have been scored.
    pub full_points: i64,
    /// A mark below this share of the full marks needs a remark, in per cent.
    pub remark_percent: i64,
    /// A sheet is flagged when so many per cent of its marks are alike.
    pub straight_percent: i64,
    /// A sheet is flagged when it is so many points from the middle.
    pub outlier_points: i64,
    /// Working days for an appeal.
    pub appeal_days: i64,
    /// Days to mend what was found.
    pub rectify_days: i64,
    /// From where on it is excellent, good, pass, in points.
    pub levels: [i64; 3],
    /// What is paid of the retained sum, in per cent, from fail to excellent.
    pub pay: [i64; 4],
}

/// Where a round stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 打分中.
    Open,
    /// 已截止: being checked and counted.
    Closed,
    /// 初步结果: the company may appeal.
    Draft,
    /// 已公布.
    Published,
}

impl Stage {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Open, Self::Closed, Self::Draft, Self::Published];

    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Draft => "draft",
            Self::Published => "published",
        }
    }

    /// Reads [`Stage::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Open => tr!(lang, "打分中", "Scoring"),
            Self::Closed => tr!(lang, "已截止，核对中", "Closed, being checked"),
            Self::Draft => tr!(lang, "初步结果", "Draft result"),
            Self::Published => tr!(lang, "已公布", "Published"),
        }
    }
}

/// Who decides an appeal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// 居委会.
    ResidentsCommittee,
    /// 业委会.
    OwnersCommittee,
    /// 业主代表.
    Representative,
}

impl Party {
    /// All three.
    pub const ALL: [Self; 3] = [Self::ResidentsCommittee, Self::OwnersCommittee, Self::Representative];

    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::ResidentsCommittee => "residents_committee",
            Self::OwnersCommittee => "owners_committee",
            Self::Representative => "representative",
        }
    }

    /// Reads [`Party::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::ResidentsCommittee => tr!(lang, "居委会", "Residents' committee"),
            Self::OwnersCommittee => tr!(lang, "业委会", "Owners' committee"),
            Self::Representative => tr!(lang, "业主代表", "Owners' representative"),
        }
    }
}

/// Adopts a sheet of the community's own: the next round uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adopt {
    /// The sheet.
    pub template: Template,
    /// Who decided it, 2 to 100 characters.
    pub source: String,
}

/// Opens a round over a half-year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// The half-year that is judged, e.g. `2026H1`.
    pub half: String,
    /// Days until it closes, 1 to 60.
    pub days: i64,
    /// The sum that the contract retains for this half-year; 0 where it says nothing.
    #[serde(default)]
    pub retained: Fen,
}

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The item's code.
    pub item: String,
    /// Half points; [`UNKNOWN`] for 不了解; nothing while it is not answered.
    #[serde(default)]
    pub halves: Option<i64>,
    /// In words; needed for a low mark.
    #[serde(default)]
    pub remark: String,
}

/// A photo that a scorer took for a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkPhoto {
    /// The photo.
    pub photo: PhotoId,
    /// The place of its mark in the sheet's list, from 0.
    pub spot: u8,
}

/// Hands in a sheet, or hands it in again: the last one before closing counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandIn {
    /// The round.
    pub round: Uuid,
    /// A mark for every item that concerns the scorer.
    pub marks: Vec<Mark>,
    /// Photos for marks, at most 6; those of a sheet that was handed in before stay. Only its scorer and those who audit see them.
    #[serde(default)]
    pub photos: Vec<MarkPhoto>,
    /// Photos of a sheet that was handed in before which are taken away.
    #[serde(default)]
    pub without: Vec<PhotoId>,
}

/// Types in what somebody wrote on paper. When two people typed the same marks, the sheet is handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeIn {
    /// The round.
    pub round: Uuid,
    /// Whose sheet it is.
    pub person: PersonId,
    /// A mark for every item that concerns them.
    pub marks: Vec<Mark>,
    /// The scan, 1 to 4 photos; the second to type need not bring one.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// Reminds those who have not handed in. Only the clock asks for this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remind {
    /// The round.
    pub round: Uuid,
    /// How many days before its end.
    pub days: i64,
}

/// Declares that a scorer is of the company's staff or family: their sheet does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declare {
    /// The round.
    pub round: Uuid,
    /// Who; nobody named means oneself.
    #[serde(default)]
    pub person: Option<PersonId>,
    /// What the tie is, 2 to 200 characters.
    pub reason: String,
}

/// Moves the closing time further away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extend {
    /// The round.
    pub round: Uuid,
    /// The version that was read.
    pub version: i64,
    /// Days more, 1 to 30.
    pub days: i64,
    /// Why, in public; 2 to 200 characters.
    pub reason: String,
}

/// Ends the scoring, drafts the result, or publishes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The round.
    pub round: Uuid,
    /// The version that was read.
    pub version: i64,
}

/// Enters what was counted for an objective item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enter {
    /// The round.
    pub round: Uuid,
    /// The item.
    pub item: String,
    /// How many were good.
    pub good: i64,
    /// Of how many; above 0.
    pub all: i64,
    /// What was counted and where it stands, 2 to 200 characters; public.
    pub words: String,
    /// Up to 3 photos of the proof.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// Charges a deduction or a veto.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The round.
    pub round: Uuid,
    /// Its code in the sheet.
    pub code: String,
    /// What happened and where the evidence is, 5 to 300 characters; public.
    pub words: String,
    /// Up to 3 photos.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// Takes a charge back before the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discharge {
    /// The charge.
    pub charge: Uuid,
    /// Why, 2 to 200 characters.
    pub reason: String,
}

/// What an appeal asks for. It is about facts: nobody's marks are open to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Plea {
    /// A charge is wrong.
    Charge {
        /// Which.
        charge: Uuid,
    },
    /// A count is wrong.
    Reading {
        /// The item.
        item: String,
        /// How many were good instead.
        good: i64,
        /// Of how many.
        all: i64,
    },
}

/// The company appeals against the draft, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// The round.
    pub round: Uuid,
    /// Why, 5 to 500 characters; public.
    pub words: String,
    /// What is to be changed, at least one.
    pub pleas: Vec<Plea>,
    /// Up to 3 photos.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// One party's word on an appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decide {
    /// The round.
    pub round: Uuid,
    /// The appeal is right.
    pub upholds: bool,
    /// Why, 2 to 300 characters; public.
    pub words: String,
}

/// Makes a ticket of what has to be mended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rectify {
    /// The round.
    pub round: Uuid,
    /// The item.
    pub item: String,
    /// Where.
    pub place: PlaceId,
    /// What has to be done, 5 to 200 characters.
    pub words: String,
}
