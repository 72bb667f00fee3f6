//! The wire types of messages and robots.

use crate::i18n::Lang;
use crate::ids::TicketId;
use crate::measure::Time;
use crate::rooms::people::model::Role;
use crate::tr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Lets an overdue ticket climb one rung. Only the clock asks for this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalate {
    /// The ticket.
    pub ticket: TicketId,
    /// The deadline that was missed.
    pub due_at: Time,
    /// The rung.
    pub rung: Rung,
}

/// Adds a robot of a group chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddRobot {
    /// What the group is called, 1 to 40 characters.
    pub name: String,
    /// Whose robot.
    pub kind: RobotKind,
    /// Its address, as the chat program shows it. It is a secret: whoever has it can write into the group.
    pub address: String,
    /// The key that messages are signed with; empty where the chat program uses none.
    pub secret: String,
    /// The first rung that it is told of.
    pub from: Rung,
}

/// Removes a robot; what waits for it is given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveRobot {
    /// The robot.
    pub robot: Uuid,
}

/// Sends a line to try a robot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TryRobot {
    /// The robot.
    pub robot: Uuid,
}

/// Sends again what was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendAgain {
    /// What waits.
    pub line: Uuid,
}

/// Marks everything up to a moment as read, for the one who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkRead {
    /// When the list that was read was made.
    pub up_to: Time,
}

/// A rung of the ladder 督办层级.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// 物业客服.
    Dispatcher,
    /// 物业经理.
    Manager,
    /// 业委会.
    Committee,
    /// 居委会.
    ResidentsCommittee,
}

impl Rung {
    /// All of them, from below.
    pub const ALL: [Self; 4] = [Self::Dispatcher, Self::Manager, Self::Committee, Self::ResidentsCommittee];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Dispatcher => "dispatcher",
            Self::Manager => "manager",
            Self::Committee => "committee",
            Self::ResidentsCommittee => "residents_committee",
        }
    }

    /// Reads [`Rung::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Dispatcher => tr!(lang, "物业客服", "property desk"),
            Self::Manager => tr!(lang, "物业经理", "property manager"),
            Self::Committee => tr!(lang, "业委会", "owners' committee"),
            Self::ResidentsCommittee => tr!(lang, "居委会", "residents' committee"),
        }
    }

    /// Whether somebody in this role reads the messages of this rung.
    pub fn is_read_by(self, role: Role) -> bool {
        match self {
            Self::Dispatcher => matches!(role, Role::Dispatcher),
            Self::Manager => role == Role::PropertyManager,
            Self::Committee => role.is_committee(),
            Self::ResidentsCommittee => role == Role::ResidentsCommittee,
        }
    }
}

/// Whose robot it is: each program has its own form of message and signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RobotKind {
    /// 企业微信.
    Wecom,
    /// 钉钉.
    Dingtalk,
    /// 飞书.
    Feishu,
}

impl RobotKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Wecom, Self::Dingtalk, Self::Feishu];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Wecom => "wecom",
            Self::Dingtalk => "dingtalk",
            Self::Feishu => "feishu",
        }
    }

    /// Reads [`RobotKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Wecom => tr!(lang, "企业微信", "WeCom"),
            Self::Dingtalk => tr!(lang, "钉钉", "DingTalk"),
            Self::Feishu => tr!(lang, "飞书", "Feishu"),
        }
    }
}

/// What is said to a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// One line in bold.
    pub title: String,
    /// The rest.
    pub text: String,
    /// Where it leads; empty for nowhere.
    pub link: String,
}

/// A message in somebody's inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Which one.
    pub id: Uuid,
    /// When it came.
    pub at: Time,
    /// The rung it was written for.
    pub rung: Rung,
    /// The ticket's number.
    pub number: String,
    /// What the ticket is called.
    pub heading: String,
    /// The spot.
    pub spot: String,
    /// The deadline that was missed.
    pub due_at: Time,
    /// The ticket is still late by that deadline.
    pub still_late: bool,
    /// Not read yet.
    pub new: bool,
}

/// A message about a decision of the committee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// When it came.
    pub at: Time,
    /// The matter's number, e.g. `YW-2026-012`.
    pub number: String,
    /// What it was about.
    pub title: String,
    /// What came of it.
    pub state: crate::rooms::approvals::model::State,
    /// Not read yet.
    pub new: bool,
}

/// A line to one person, in their language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// When it came.
    pub at: Time,
    /// What it says.
    pub words: String,
    /// Where it leads.
    pub path: String,
    /// Not read yet.
    pub new: bool,
}

/// A robot as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RobotRow {
    /// Which one.
    pub id: Uuid,
    /// What the group is called.
    pub name: String,
    /// Whose robot.
    pub kind: RobotKind,
    /// The host of its address; the rest is a secret.
    pub host: String,
    /// Messages are signed.
    pub signed: bool,
    /// The first rung that it is told of.
    pub from: Rung,
    /// When it last took something.
    pub last_sent_at: Option<Time>,
    /// How many lines wait for it.
    pub waiting: i64,
}

/// A line that waits for a robot, or was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// Which one.
    pub id: Uuid,
    /// The group.
    pub robot: String,
    /// Its first line.
    pub title: String,
    /// When it was written.
    pub made_at: Time,
    /// How often it was tried.
    pub attempts: i64,
    /// When it goes next; `None` once it was given up.
    pub next_at: Option<Time>,
    /// What the chat program said last.
    pub error: String,
}
