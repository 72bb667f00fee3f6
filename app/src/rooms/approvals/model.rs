//! The wire types of committee decisions.

use super::rules::{Stand, Tally};
use crate::i18n::Lang;
use crate::ids::PersonId;
use crate::measure::{Fen, Time};
use crate::rooms::people::model::Role;
use crate::rooms::tickets::rules::Cause;
use crate::tr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A member's declaration 利益回避申报.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declare {
    /// The matter.
    pub matter: Uuid,
    /// They have an interest in it, and are excluded from now on.
    pub conflict: bool,
    /// Which one; needed for a conflict, public, at most 300 characters.
    pub reason: String,
}

/// A member's own word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveWord {
    /// The matter.
    pub matter: Uuid,
    /// For it.
    pub agrees: bool,
    /// Why; needed to decline, public, at most 300 characters.
    pub reason: String,
    /// Declares that they have no interest in it, where they have not said so before.
    pub no_conflict: bool,
}

/// Records a meeting 会议 at which the matter is decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldMeeting {
    /// The matter.
    pub matter: Uuid,
    /// When it was held.
    pub at: Time,
    /// Where, 2 to 60 characters.
    pub place: String,
    /// Who was there: more than half of all members.
    pub present: Vec<PersonId>,
}

/// How the committee decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// 书面征求: each member in their own time.
    Written,
    /// 会议: only those who were there.
    Meeting,
}

impl Form {
    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Meeting => "meeting",
        }
    }

    /// Reads [`Form::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Written, Self::Meeting].into_iter().find(|f| f.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Written => tr!(lang, "书面征求", "In writing"),
            Self::Meeting => tr!(lang, "会议", "In a meeting"),
        }
    }
}

/// Where a matter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Members are asked.
    Open,
    /// 同意.
    Agreed,
    /// 不同意.
    Declined,
    /// 转业主表决.
    Owners,
    /// 撤回: what it was about is gone.
    Withdrawn,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Open, Self::Agreed, Self::Declined, Self::Owners, Self::Withdrawn];

    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Agreed => "agreed",
            Self::Declined => "declined",
            Self::Owners => "owners",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads [`State::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Open => tr!(lang, "正在征求", "Being decided"),
            Self::Agreed => tr!(lang, "同意", "Agreed"),
            Self::Declined => tr!(lang, "不同意", "Declined"),
            Self::Owners => tr!(lang, "转业主表决", "For the owners"),
            Self::Withdrawn => tr!(lang, "已撤回", "Withdrawn"),
        }
    }
}

/// What a matter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A quote of a repair ticket.
    Ticket,
    /// A use of the maintenance fund.
    FundUse,
    /// Keeping or dismissing the property company, after two rounds of scoring in a row that it failed. It is the owners' to decide
    /// (Civil Code art. 278, 946): the committee brings it before them.
    Renewal,
}

impl About {
    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::FundUse => "fund_use",
            Self::Renewal => "renewal",
        }
    }

    /// Reads [`About::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Ticket, Self::FundUse, Self::Renewal].into_iter().find(|a| a.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Ticket => tr!(lang, "维修费用", "Cost of a repair"),
            Self::FundUse => tr!(lang, "使用维修资金", "Use of the maintenance fund"),
            Self::Renewal => tr!(lang, "续聘或解聘物业", "Keeping or dismissing the property company"),
        }
    }

    /// The path of what it is about, after the community's own address.
    pub fn path(self, number: &str) -> String {
        match self {
            Self::Ticket => format!("/t/{number}"),
            Self::FundUse => format!("/fund/uses/{number}"),
            Self::Renewal => format!("/scoring/{number}"),
        }
    }
}

/// Why a member is excluded without having declared anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Excluded {
    /// They proposed it.
    Proposer,
    /// They work for the property company.
    Property,
}

impl Excluded {
    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Proposer => "proposer",
            Self::Property => "property",
        }
    }

    /// Reads [`Excluded::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Proposer, Self::Property].into_iter().find(|e| e.code() == code)
    }

    /// In words.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Proposer => tr!(lang, "提出人，自动回避", "proposed it: excluded"),
            Self::Property => tr!(lang, "在物业任职，自动回避", "works for the property company: excluded"),
        }
    }
}

/// A matter in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatterRow {
    /// Which one.
    pub id: Uuid,
    /// Its number, e.g. `YW-2026-012`.
    pub number: String,
    /// What it is about.
    pub about: About,
    /// The number of what it is about.
    pub subject: String,
    /// What that is called, in words that everybody may read.
    pub title: String,
    /// The amount.
    pub amount: Fen,
    /// How it is decided.
    pub form: Form,
    /// Where it stands.
    pub state: State,
    /// Why it went to the owners.
    pub cause: Option<Cause>,
    /// When it opened.
    pub opened_at: Time,
    /// When it was decided.
    pub decided_at: Option<Time>,
    /// It waits for the viewer's word.
    pub waits_for_me: bool,
}

/// A member on the roll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberView {
    /// The person.
    pub person: PersonId,
    /// The surname, the rest masked.
    pub who: String,
    /// As what they sit there.
    pub role: Role,
    /// What they said so far.
    pub stand: Stand,
    /// Excluded without their own declaration.
    pub excluded: Option<Excluded>,
    /// Which interest they declared.
    pub interest: String,
    /// Why they agree or decline.
    pub reason: String,
    /// When they gave their word.
    pub at: Option<Time>,
    /// It is the viewer.
    pub me: bool,
}

/// A matter as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatterView {
    /// What lists show too.
    pub row: MatterRow,
    /// The count.
    pub tally: Tally,
    /// The roll, frozen when it opened.
    pub members: Vec<MemberView>,
    /// When and where the meeting was.
    pub meeting: Option<(Time, String)>,
    /// When the decision was published.
    pub published_at: Option<Time>,
    /// The legal limit in days.
    pub publish_days: i64,
    /// It was published within the limit.
    pub kept: Option<bool>,
    /// The viewer may read the single words: it is decided, or they are their own.
    pub words_shown: bool,
    /// The viewer may record a meeting.
    pub may_meet: bool,
    /// When it was read.
    pub now: Time,
}

impl MatterView {
    /// The viewer on the roll.
    pub fn me(&self) -> Option<&MemberView> {
        self.members.iter().find(|m| m.me)
    }
}
