//! The wire types of projects, and what their pages show.

use super::party::Party;
use super::rules::{Stage, Step, Verdict};
use crate::ids::{PersonId, PhotoId, PlaceId};
use crate::measure::{Fen, Time};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a project's money comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// A use of the maintenance fund, by its number, e.g. `WX-2026-003`. It is paid in the fund.
    Fund {
        /// The number of the use.
        number: String,
    },
    /// 公共收益: each payment is entered in its ledger too.
    CommonIncome,
    /// Something else, e.g. a grant.
    Other {
        /// What, 2 to 200 characters.
        words: String,
    },
}

/// One line of a budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetLine {
    /// What is bought or done, 1 to 60 characters.
    pub name: String,
    /// For how much; above 0.
    pub amount: Fen,
}

/// A milestone 节点 as it is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestonePlan {
    /// What is done by then, 1 to 40 characters.
    pub name: String,
    /// The day, `YYYY-MM-DD`.
    pub due: String,
    /// Its share of the contract in percent; all of them add up to 100.
    pub share: i64,
}

/// Assets that a project takes away or brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetLine {
    /// Which, in words, e.g. 摄像头.
    pub kind: String,
    /// How many old ones are replaced.
    pub replaced: i64,
    /// How many are added.
    pub added: i64,
}

/// The plan of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What it is called, 2 to 60 characters.
    pub title: String,
    /// Why, at most 600 characters.
    pub why: String,
    /// What is done and where, at most 600 characters.
    pub works: String,
    /// Places of the community that it concerns.
    #[serde(default)]
    pub places: Vec<PlaceId>,
    /// Where the money comes from.
    pub source: Source,
    /// The budget, line by line.
    pub lines: Vec<BudgetLine>,
    /// The milestones in order.
    pub milestones: Vec<MilestonePlan>,
    /// What every inspection looks at.
    pub checklist: Vec<String>,
    /// What is replaced and added.
    #[serde(default)]
    pub assets: Vec<AssetLine>,
}

impl Plan {
    /// The budget: the sum of its lines.
    pub fn budget(&self) -> Fen {
        self.lines.iter().map(|l| l.amount).sum()
    }
}

/// Proposes a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Propose {
    /// The plan.
    pub plan: Plan,
    /// How it looks now; at most 6.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// A seat in the working group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Who.
    pub person: PersonId,
    /// For whom they stand.
    pub party: Party,
}

/// Convenes the working group, or changes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convene {
    /// The project.
    pub project: Uuid,
    /// The version that was read.
    pub version: i64,
    /// Everybody in it.
    pub seats: Vec<Seat>,
}

/// The contract 合同.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Its number, 1 to 60 characters.
    pub number: String,
    /// Who does the work, 2 to 80 characters.
    pub contractor: String,
    /// For how much; not above the budget.
    pub amount: Fen,
    /// The day it was signed, `YYYY-MM-DD`.
    pub day: String,
    /// The last day of the warranty, `YYYY-MM-DD`.
    pub warranty: String,
    /// What is kept back until the warranty is over 质保金, in percent of the amount.
    pub retention: i64,
}

/// What comes with a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// In words, at most 1,000 characters.
    #[serde(default)]
    pub words: String,
    /// The contract.
    #[serde(default)]
    pub contract: Option<Contract>,
    /// At most 6.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// Takes a step of a project, made against one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advance {
    /// The project.
    pub project: Uuid,
    /// The version that was read.
    pub version: i64,
    /// The step.
    pub step: Step,
    /// What comes with it.
    #[serde(default)]
    pub paper: Paper,
}

/// Reports that a milestone is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The project.
    pub project: Uuid,
    /// Which milestone, from 1.
    pub milestone: i64,
    /// In words, 2 to 400 characters.
    pub words: String,
    /// At most 6.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// One item of an inspection, in the order of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// How it is.
    pub verdict: Verdict,
    /// What is wrong; needed when it fails, at most 200 characters.
    #[serde(default)]
    pub note: String,
}

/// Inspects the site. The inspector's signature is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspect {
    /// The project.
    pub project: Uuid,
    /// The milestone that it judges; none for a look in between.
    #[serde(default)]
    pub milestone: Option<i64>,
    /// Each item of the checklist.
    pub items: Vec<Item>,
    /// In words, 2 to 400 characters.
    pub words: String,
    /// Days in which what fails is mended; the community's own number when absent.
    #[serde(default)]
    pub mend_days: Option<i64>,
    /// At most 6.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// Signs somebody else's inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// The inspection.
    pub inspection: Uuid,
    /// In words, at most 200 characters.
    #[serde(default)]
    pub words: String,
}

/// Shows that a defect was mended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mend {
    /// The defect.
    pub defect: Uuid,
    /// In words, 2 to 200 characters.
    pub words: String,
    /// How it looks now: at least one, at most 6.
    pub photos: Vec<PhotoId>,
}

/// Judges what was mended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clear {
    /// The defect.
    pub defect: Uuid,
    /// It is good now.
    pub good: bool,
    /// In words, 2 to 200 characters.
    pub words: String,
}

/// Signs the acceptance 验收 for one's party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// The project.
    pub project: Uuid,
    /// In words, 2 to 400 characters.
    pub words: String,
}

/// Enters a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pay {
    /// The project.
    pub project: Uuid,
    /// The milestone that it is for, from 1; none for what was kept back.
    #[serde(default)]
    pub milestone: Option<i64>,
    /// How much; above 0.
    pub amount: Fen,
    /// In words, 2 to 200 characters.
    pub words: String,
    /// The voucher's number, 1 to 60 characters.
    pub voucher: String,
    /// The voucher itself.
    #[serde(default)]
    pub photo: Option<PhotoId>,
}

/// A project in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which one.
    pub id: Uuid,
    /// Its number, e.g. `XM-2026-003`.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub stage: Stage,
    /// The budget.
    pub budget: Fen,
    /// The contract's amount.
    pub contracted: Option<Fen>,
    /// What was paid.
    pub paid: Fen,
    /// Milestones done.
    pub done: usize,
    /// Milestones.
    pub milestones: usize,
    /// Open defects.
    pub open_defects: usize,
    /// When it was proposed.
    pub at: Time,
}

/// A milestone as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MilestoneView {
    /// From 1.
    pub n: i64,
    /// What is done by then.
    pub name: String,
    /// The day.
    pub due: String,
    /// Its share in percent.
    pub share: i64,
    /// When it was reported as done.
    pub done_at: Option<Time>,
    /// What was said of it.
    pub words: String,
    /// How it looked.
    pub photos: Vec<PhotoId>,
    /// The most that may be paid for it, once there is a contract.
    pub cap: Option<Fen>,
    /// What was paid for it.
    pub paid: Fen,
    /// Its inspection passed with two parties' signatures.
    pub passed: bool,
}

/// A signature as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// For whom.
    pub party: Party,
    /// Who, masked.
    pub who: String,
    /// When.
    pub at: Time,
    /// In words.
    pub words: String,
    /// The viewer signed it.
    pub mine: bool,
}

/// An inspection as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InspectionView {
    /// Which one.
    pub id: Uuid,
    /// From 1, within the project.
    pub n: i64,
    /// The milestone it judged.
    pub milestone: Option<i64>,
    /// When.
    pub at: Time,
    /// Each item with its name.
    pub items: Vec<(String, Item)>,
    /// In words.
    pub words: String,
    /// How it looked.
    pub photos: Vec<PhotoId>,
    /// Who signed, the inspector first.
    pub signatures: Vec<Signed>,
}

impl InspectionView {
    /// How many items failed.
    pub fn failed(&self) -> usize {
        self.items.iter().filter(|(_, item)| item.verdict == Verdict::Fail).count()
    }

    /// How many items were judged.
    pub fn judged(&self) -> usize {
        self.items.iter().filter(|(_, item)| item.verdict != Verdict::NotApplicable).count()
    }
}

/// A defect as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefectView {
    /// Which one.
    pub id: Uuid,
    /// The number of the inspection that found it.
    pub inspection: i64,
    /// The item of the checklist.
    pub item: String,
    /// What is wrong.
    pub note: String,
    /// When it was found.
    pub opened_at: Time,
    /// Until when it is mended.
    pub due_at: Time,
    /// When it was shown as mended, and in which words.
    pub mended: Option<(Time, String)>,
    /// How it looked then.
    pub photos: Vec<PhotoId>,
    /// When it was found good, in which words, and by whom.
    pub closed: Option<(Time, String, Signed)>,
}

/// A payment as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentView {
    /// Which one.
    pub id: Uuid,
    /// From 1, within the project.
    pub n: i64,
    /// The milestone; none for what was kept back.
    pub milestone: Option<i64>,
    /// How much.
    pub amount: Fen,
    /// When.
    pub at: Time,
    /// In words.
    pub words: String,
    /// The voucher's number.
    pub voucher: String,
    /// The voucher.
    pub photo: Option<PhotoId>,
    /// The number of its entry in the ledger of common income.
    pub entry: Option<String>,
}

/// A step that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The step; none for the proposal and for a change of the working group.
    pub step: Option<Step>,
    /// When.
    pub at: Time,
    /// Who, as the public may know them.
    pub who: String,
    /// In words.
    pub words: String,
    /// How it looked.
    pub photos: Vec<PhotoId>,
}

/// What a viewer may do on a project now, as far as role and stage go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Can {
    /// The steps.
    pub steps: Vec<Step>,
    /// Convene the group.
    pub convene: bool,
    /// Report milestones.
    pub reach: bool,
    /// Show that defects are mended.
    pub mend: bool,
    /// Enter payments.
    pub pay: bool,
    /// Inspect and sign, for this party.
    pub party: Option<Party>,
    /// The site is open to inspections.
    pub inspect: bool,
    /// Sign the acceptance.
    pub sign_off: bool,
}

impl Can {
    /// Whether there is anything for them at the desk; a group may be changed at any time, so that this alone is nothing.
    pub fn at_desk(&self) -> bool {
        !self.steps.is_empty() || self.reach || self.mend || self.pay
    }
}

/// A project's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What lists show too.
    pub row: Row,
    /// The version that a step is made against.
    pub version: i64,
    /// The plan.
    pub plan: Plan,
    /// Its places by name.
    pub places: Vec<String>,
    /// The contract.
    pub contract: Option<Contract>,
    /// What is kept back until the warranty is over, and what of it was paid.
    pub retention: Option<(Fen, Fen)>,
    /// The milestones.
    pub milestones: Vec<MilestoneView>,
    /// The group: for whom, who (masked), which person.
    pub group: Vec<(Party, String, PersonId)>,
    /// The inspections, the newest first.
    pub inspections: Vec<InspectionView>,
    /// The defects, the newest first.
    pub defects: Vec<DefectView>,
    /// Who signed the acceptance.
    pub sign_offs: Vec<Signed>,
    /// The four parties that have not.
    pub missing: Vec<Party>,
    /// The payments, the oldest first.
    pub payments: Vec<PaymentView>,
    /// The steps, the oldest first.
    pub taken: Vec<Taken>,
    /// Since when the plan is shown, and until when it must be.
    pub shown: Option<(Time, Time)>,
    /// When the next inspection is due, while there is something to inspect.
    pub next_inspection: Option<Time>,
    /// What the viewer may do.
    pub can: Can,
    /// When it was read.
    pub now: Time,
}
