//! The wire types of the maintenance fund.

use super::rules::{EmergencyCase, Path, Stage, Step};
use super::votes::Count;
use crate::i18n::Lang;
use crate::ids::{BuildingId, PhotoId, UnitId};
use crate::measure::{Area, Fen, Time};
use crate::tr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Enters money that comes in. Spending has its own way: a use of the fund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enter {
    /// What came in.
    pub what: Income,
    /// How much; above 0.
    pub amount: Fen,
    /// In words, e.g. the bank's slip; public. 1 to 200 characters.
    pub words: String,
}

/// What came into the fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Income {
    /// 续交 by one unit.
    Deposit {
        /// The unit.
        unit: UnitId,
    },
    /// 结息, shared among the households by what they have.
    Interest,
    /// 公共收益 that goes into the fund (SH 51), shared by floor area.
    CommonIncome,
}

/// Writes the opening balances of an uploaded list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmOpening {
    /// The list that was looked through.
    pub import: Uuid,
}

/// Which units share a cost 分摊范围.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Scope {
    /// 全体共用: every unit; also for bike garages (SH 43).
    All,
    /// 部分共用: whole buildings.
    Buildings {
        /// Which, at least one.
        buildings: Vec<BuildingId>,
    },
    /// 部分共用: one stair of one building.
    Stair {
        /// The building.
        building: BuildingId,
        /// The stair as its units name it.
        stair: String,
    },
}

/// The plan 实施方案 of a use: what R2.4 wants to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// 实施范围 in words.
    pub works: String,
    /// 维修原因.
    pub reason: String,
    /// 施工单位选择方式.
    pub choosing: String,
    /// 验收单位.
    pub accepting: String,
    /// 管理单位.
    pub managing: String,
}

/// Proposes a use of the fund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Propose {
    /// What it is for, 2 to 60 characters.
    pub title: String,
    /// The budget; above 0.
    pub budget: Fen,
    /// Who shares it.
    pub scope: Scope,
    /// The plan.
    pub outline: Outline,
    /// One of the five cases of SH 73 in which no vote is waited for.
    pub emergency: Option<EmergencyCase>,
    /// The proof of an emergency, or pictures of what is broken.
    pub photos: Vec<PhotoId>,
}

/// Takes the next step of a use, made against one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advance {
    /// The use.
    pub subject: Uuid,
    /// The version that was read.
    pub version: i64,
    /// The step.
    pub step: Step,
    /// What comes with it.
    pub paper: Paper,
}

/// What comes with a step; which parts are needed says [`super::rules::needs`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// In words: what was concluded, who accepted, why an account may go below zero.
    pub words: String,
    /// A number or name: of the resolution, the contract, the contractor, the auditor.
    pub reference: String,
    /// An amount: of the contract, of the price check.
    pub amount: Option<Fen>,
    /// The count of the owners' vote.
    pub count: Option<Count>,
    /// Pages that were photographed.
    pub photos: Vec<PhotoId>,
}

/// An owner's word on a plan that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opine {
    /// The use.
    pub subject: Uuid,
    /// For it.
    pub agrees: bool,
    /// In words, at most 200 characters.
    pub words: String,
}

/// Says that the district has the danger repaired 代为维修 (SH 73).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepIn {
    /// The use.
    pub subject: Uuid,
    /// The version that was read.
    pub version: i64,
    /// The office's paper, in words.
    pub words: String,
}

/// A building's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildingAccount {
    /// The building.
    pub building: BuildingId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What was first paid in.
    pub initial: Fen,
    /// What is there.
    pub balance: Fen,
    /// What is missing, when the refill rule holds (R2.2).
    pub missing: Option<Fen>,
}

/// The fund as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// By building.
    pub buildings: Vec<BuildingAccount>,
    /// What is at the bank.
    pub bank: Fen,
    /// The uses that are under way, and the last ones that are over.
    pub uses: Vec<UseRow>,
    /// The last entries.
    pub entries: Vec<EntryRow>,
}

/// A use in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseRow {
    /// Its number, e.g. `WX-2026-003`.
    pub number: String,
    /// What it is for.
    pub title: String,
    /// Where it stands.
    pub stage: Stage,
    /// How it is decided.
    pub path: Path,
    /// What it costs as far as is known: checked, contracted or planned.
    pub amount: Fen,
    /// When it was proposed.
    pub at: Time,
}

/// What sort of entry it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// 期初.
    Opening,
    /// 续交.
    Deposit,
    /// 结息.
    Interest,
    /// 公共收益转入.
    CommonIncome,
    /// 维修支出.
    Spending,
}

impl EntryKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Opening, Self::Deposit, Self::Interest, Self::CommonIncome, Self::Spending];

    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Deposit => "deposit",
            Self::Interest => "interest",
            Self::CommonIncome => "common_income",
            Self::Spending => "spending",
        }
    }

    /// Reads [`EntryKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Opening => tr!(lang, "期初余额", "Opening balance"),
            Self::Deposit => tr!(lang, "续交", "Deposit"),
            Self::Interest => tr!(lang, "结息", "Interest"),
            Self::CommonIncome => tr!(lang, "公共收益转入", "From common income"),
            Self::Spending => tr!(lang, "维修支出", "Spending"),
        }
    }
}

/// An entry in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its number, e.g. `JZ-2026-012`.
    pub number: String,
    /// When.
    pub at: Time,
    /// What sort.
    pub kind: EntryKind,
    /// In words.
    pub words: String,
    /// By how much the account changed that the list is about; for the whole fund, the bank.
    pub change: Fen,
    /// Why an account went below zero.
    pub overdrawn: Option<String>,
    /// The use it paid for.
    pub spent_on: Option<String>,
}

/// A statement of one account over a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// From this moment.
    pub from: Time,
    /// Until before this one.
    pub until: Time,
    /// What was there at the beginning.
    pub opening: Fen,
    /// The entries, the oldest first.
    pub entries: Vec<EntryRow>,
    /// What was there at the end.
    pub closing: Fen,
}

impl Statement {
    /// The sum of one sort of entries.
    pub fn sum(&self, kind: EntryKind) -> Fen {
        self.entries.iter().filter(|e| e.kind == kind).map(|e| e.change).sum()
    }
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The step; `None` for the proposal itself and for the district's repair.
    pub step: Option<Step>,
    /// When.
    pub at: Time,
    /// Who, as the public may know them.
    pub who: String,
    /// What came with it.
    pub paper: Paper,
}

/// A unit's share of a use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The unit.
    pub unit: UnitId,
    /// Its building.
    pub building: BuildingId,
    /// The unit as everybody may read it.
    pub name: String,
    /// Its area.
    pub area: Area,
    /// Its share.
    pub share: Fen,
}

/// A use as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UseView {
    /// Which one.
    pub id: Uuid,
    /// What lists show too.
    pub row: UseRow,
    /// The version that a step is made against.
    pub version: i64,
    /// The budget.
    pub budget: Fen,
    /// The contract's amount.
    pub contracted: Option<Fen>,
    /// What the price check allowed.
    pub audited: Option<Fen>,
    /// Who shares it.
    pub scope: Scope,
    /// The scope in words.
    pub scope_words: String,
    /// The units that share it and their area.
    pub units: i64,
    /// Their area.
    pub area: Area,
    /// The plan.
    pub outline: Outline,
    /// What was done, the oldest first.
    pub taken: Vec<Taken>,
    /// Since when what this stage shows is shown.
    pub shown_since: Option<Time>,
    /// Until when it must be shown.
    pub shown_until: Option<Time>,
    /// The step that comes next.
    pub next: Option<Step>,
    /// It waits for the owners' vote: the case file is ready.
    pub waits_for_owners: bool,
    /// The viewer may take the next step.
    pub may: bool,
    /// The district may step in.
    pub may_step_in: bool,
    /// Opinions so far: units for and against, and their areas.
    pub opinions: Opinions,
    /// The viewer's own word, if they own a unit in the scope.
    pub mine: Option<bool>,
    /// The viewer may give their word.
    pub may_opine: bool,
    /// Who decides it.
    pub decider: Decider,
    /// The committee's matter about it: its number, and where it stands.
    pub decision: Option<(String, crate::rooms::approvals::model::State)>,
    /// When it was read.
    pub now: Time,
}

/// What owners said to a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinions {
    /// Units for it.
    pub for_units: i64,
    /// Their area.
    pub for_area: Area,
    /// Units against it.
    pub against_units: i64,
    /// Their area.
    pub against_area: Area,
}

/// Who decides a use of the fund (R2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decider {
    /// T1: the property company.
    Property,
    /// T2: the owners' committee in writing.
    Committee,
    /// T3: the owners of the scope.
    Affected,
    /// T4: all owners.
    Owners,
    /// SH 73: the committee, without a vote.
    Emergency,
}

impl Decider {
    /// The word for it, with the rule.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Property => tr!(lang, "物业直接办理（小额）", "the property company (small amounts)"),
            Self::Committee => tr!(lang, "业委会书面同意", "the owners' committee in writing"),
            Self::Affected => tr!(lang, "相关业主表决", "the affected owners by vote"),
            Self::Owners => tr!(lang, "业主大会表决", "all owners by vote"),
            Self::Emergency => tr!(lang, "应急维修：业委会同意，不用表决", "emergency: the committee, without a vote"),
        }
    }
}
