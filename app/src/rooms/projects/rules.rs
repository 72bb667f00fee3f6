//! From the proposal to the end of the warranty: who does what from where, what an inspection is, what acceptance needs
//! (domain §6: the four parties of the working group sign, led by the Party branch).

use super::model::{Inspect, Paper};
use super::money::{Deal, Payment};
use super::party::{Party, names};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::measure::{DAY, Fen, Time};
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::Fields;
use crate::text::clean;
use crate::tr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Photos that come with one thing.
pub const PHOTOS_MAX: usize = 6;
/// Parties that sign an inspection before a milestone is paid.
pub const SIGNATURES: usize = 2;

/// The rule numbers of this room, in force at the time of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Days that a plan is shown 公示 before there is a contract.
    pub shown_days: i64,
    /// The longest time between two inspections, in days.
    pub inspect_days: i64,
    /// Days in which a defect is mended.
    pub mend_days: i64,
    /// The most that may be kept back, in percent of the contract.
    pub retention_most: i64,
}

impl Limits {
    /// From the value of each rule number by its name.
    pub fn read(get: impl Fn(&str) -> i64) -> Self {
        Self {
            shown_days: get("projects.shown_days"),
            inspect_days: get("projects.inspect_days"),
            mend_days: get("projects.mend_days"),
            retention_most: get("projects.retention_most_percent"),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::read(|key| crate::rooms::communities::rules::setting(&[], key, "").unwrap_or_default())
    }
}

/// Where a project stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 拟定: proposed; the working group is being convened.
    Draft,
    /// 方案公示.
    PlanShown,
    /// 施工: under contract.
    UnderWay,
    /// 验收中: reported as finished, the four parties sign.
    Acceptance,
    /// 已验收: the warranty runs.
    Accepted,
    /// 已办结.
    Closed,
    /// 已取消.
    Cancelled,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [Self::Draft, Self::PlanShown, Self::UnderWay, Self::Acceptance, Self::Accepted, Self::Closed, Self::Cancelled];

    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::PlanShown => "plan_shown",
            Self::UnderWay => "under_way",
            Self::Acceptance => "acceptance",
            Self::Accepted => "accepted",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads [`Stage::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Draft => tr!(lang, "拟定方案", "Being drafted"),
            Self::PlanShown => tr!(lang, "方案公示", "Plan on show"),
            Self::UnderWay => tr!(lang, "施工中", "Under way"),
            Self::Acceptance => tr!(lang, "验收中", "Being accepted"),
            Self::Accepted => tr!(lang, "已验收，保修期", "Accepted, in warranty"),
            Self::Closed => tr!(lang, "已办结", "Closed"),
            Self::Cancelled => tr!(lang, "已取消", "Cancelled"),
        }
    }

    /// Whether there is a site that can be inspected: also in the warranty.
    pub fn has_site(self) -> bool {
        matches!(self, Self::UnderWay | Self::Acceptance | Self::Accepted)
    }

    /// Whether it is over.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled)
    }
}

/// What is done to get from one stage to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Shows the plan.
    ShowPlan,
    /// Enters the contract.
    Contract,
    /// Reports that everything is finished.
    Finish,
    /// Concludes the acceptance.
    Accept,
    /// Closes the file after the warranty.
    Close,
    /// Gives it up.
    Cancel,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [Self::ShowPlan, Self::Contract, Self::Finish, Self::Accept, Self::Close, Self::Cancel];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::ShowPlan => "show_plan",
            Self::Contract => "contract",
            Self::Finish => "finish",
            Self::Accept => "accept",
            Self::Close => "close",
            Self::Cancel => "cancel",
        }
    }

    /// Reads [`Step::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::ShowPlan => tr!(lang, "方案公示", "Plan shown"),
            Self::Contract => tr!(lang, "签合同", "Contract"),
            Self::Finish => tr!(lang, "报完工", "Reported as finished"),
            Self::Accept => tr!(lang, "验收通过", "Accepted"),
            Self::Close => tr!(lang, "办结", "Closed"),
            Self::Cancel => tr!(lang, "取消项目", "Cancelled"),
        }
    }
}

/// One row of the table: a step, from where to where.
pub struct Row {
    /// The step.
    pub step: Step,
    /// From here.
    pub from: Stage,
    /// To here.
    pub to: Stage,
}

const fn row(step: Step, from: Stage, to: Stage) -> Row {
    Row { step, from, to }
}

/// Every way from one stage to another. A failed inspection leads from [`Stage::Acceptance`] back to the works.
pub const STEPS: &[Row] = &[
    row(Step::ShowPlan, Stage::Draft, Stage::PlanShown),
    row(Step::Contract, Stage::PlanShown, Stage::UnderWay),
    row(Step::Finish, Stage::UnderWay, Stage::Acceptance),
    row(Step::Accept, Stage::Acceptance, Stage::Accepted),
    row(Step::Close, Stage::Accepted, Stage::Closed),
    row(Step::Cancel, Stage::Draft, Stage::Cancelled),
    row(Step::Cancel, Stage::PlanShown, Stage::Cancelled),
    row(Step::Cancel, Stage::UnderWay, Stage::Cancelled),
    row(Step::Cancel, Stage::Acceptance, Stage::Cancelled),
];

/// Whether somebody in this role takes a step (§8). The property company signs no contract and accepts nothing.
pub fn takes(role: Role, step: Step) -> bool {
    match step {
        Step::ShowPlan => role == Role::PropertyManager || role.is_committee(),
        Step::Contract | Step::Close | Step::Cancel => role.is_committee(),
        Step::Finish => role == Role::PropertyManager,
        Step::Accept => role == Role::PartyBranch,
    }
}

/// How one item of the checklist is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 合格.
    Pass,
    /// 不合格.
    Fail,
    /// 不适用: not there yet, or no longer.
    NotApplicable,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pass, Self::Fail, Self::NotApplicable];

    /// The word in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// Reads [`Verdict::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Pass => tr!(lang, "合格", "Passes"),
            Self::Fail => tr!(lang, "不合格", "Fails"),
            Self::NotApplicable => tr!(lang, "不适用", "Not applicable"),
        }
    }
}

/// What the rules need to know of an inspection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The milestone that it judged, from 1.
    pub milestone: Option<i64>,
    /// Its defects that are still open.
    pub open: usize,
    /// The parties that signed it.
    pub parties: BTreeSet<Party>,
}

/// What the rules need to know of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Where it stands.
    pub stage: Stage,
    /// Since when the plan is shown.
    pub shown_since: Option<Time>,
    /// The money comes from the fund, and is paid there.
    pub by_fund: bool,
    /// The owners decided that the fund may be used; true where it is not the fund's money.
    pub decided: bool,
    /// The budget.
    pub budget: Fen,
    /// The contract, as far as money goes.
    pub deal: Option<Deal>,
    /// Each milestone: its share in percent and whether it is done.
    pub milestones: Vec<(i64, bool)>,
    /// The parties in the working group.
    pub group: BTreeSet<Party>,
    /// The inspections, the oldest first.
    pub inspections: Vec<Seen>,
    /// Parties that signed the acceptance.
    pub signed_off: BTreeSet<Party>,
    /// What was paid.
    pub payments: Vec<Payment>,
    /// The rule numbers.
    pub limits: Limits,
}

impl Facts {
    /// Defects that are open.
    pub fn open_defects(&self) -> usize {
        self.inspections.iter().map(|i| i.open).sum()
    }

    /// Whether a milestone's last inspection is good: nothing of it is open, and two of the four parties signed it. So
    /// the property company alone never makes it good.
    pub fn passed(&self, milestone: i64) -> bool {
        let last = self.inspections.iter().rfind(|i| i.milestone == Some(milestone));
        last.is_some_and(|i| i.open == 0 && Party::FOUR.iter().filter(|p| i.parties.contains(p)).count() >= SIGNATURES)
    }

    /// The parties of the four that have not signed the acceptance.
    pub fn missing(&self) -> Vec<Party> {
        Party::FOUR.into_iter().filter(|p| !self.signed_off.contains(p)).collect()
    }
}

/// Where a step leads.
///
/// # Errors
/// [`AppError::Closed`] naming what is missing.
pub fn advance(facts: &Facts, step: Step, now: Time) -> Result<Stage, AppError> {
    let row = STEPS.iter().find(|r| r.step == step && r.from == facts.stage).ok_or_else(out_of_turn)?;
    match step {
        Step::ShowPlan => {
            let lack: Vec<Party> = Party::ALL.into_iter().filter(|p| !facts.group.contains(p)).collect();
            if !lack.is_empty() {
                return Err(lacking("专项工作组还没有组齐，还缺：", "The working group is not complete; missing: ", &lack));
            }
        }
        Step::Contract => {
            let days = facts.limits.shown_days;
            if facts.shown_since.is_none_or(|since| now - since < days * DAY) {
                return Err(AppError::closed(
                    format!("方案公示还没有满 {days} 天，不能签合同"),
                    format!("The plan has not been shown for {days} days yet: no contract before that"),
                ));
            }
            if !facts.decided {
                return Err(AppError::closed("维修资金的使用还没有决议，不能签合同", "The use of the fund is not resolved yet: no contract before that"));
            }
        }
        Step::Finish => finished(facts)?,
        Step::Accept => {
            finished(facts)?;
            let missing = facts.missing();
            if !missing.is_empty() {
                return Err(lacking("四方还没有签齐，还缺：", "The four parties have not all signed; missing: ", &missing));
            }
        }
        Step::Close => {
            if facts.open_defects() > 0 {
                return Err(defects_open(facts));
            }
            if facts.deal.is_none_or(|deal| now < deal.warranty_over) {
                return Err(AppError::closed("保修期还没有满，不能办结", "The warranty still runs: it cannot be closed"));
            }
        }
        Step::Cancel => {}
    }
    Ok(row.to)
}

/// All milestones done and nothing to be mended.
fn finished(facts: &Facts) -> Result<(), AppError> {
    let left: Vec<String> = (1..).zip(&facts.milestones).filter(|(_, (_, done))| !done).map(|(n, _): (i64, _)| n.to_string()).collect();
    if !left.is_empty() {
        let (zh, en) = (left.join("、"), left.join(", "));
        return Err(AppError::closed(format!("还有节点没有完成：第 {zh} 个"), format!("Milestones not done yet: {en}")));
    }
    if facts.open_defects() > 0 { Err(defects_open(facts)) } else { Ok(()) }
}

fn defects_open(facts: &Facts) -> AppError {
    let n = facts.open_defects();
    AppError::closed(format!("还有 {n} 处整改没有完成"), format!("{n} defects are still open"))
}

fn lacking(zh: &str, en: &str, parties: &[Party]) -> AppError {
    AppError::closed(format!("{zh}{}", names(Lang::Zh, parties)), format!("{en}{}", names(Lang::En, parties)))
}

fn out_of_turn() -> AppError {
    AppError::closed("现在还不到这一步，请看项目走到哪里了", "This step is not possible now: see where the project stands")
}

/// Judges the words that come with a step; the contract is judged in [`super::plan`].
///
/// # Errors
/// [`AppError::Invalid`] on `words` or `photos`.
pub fn tidy(step: Step, paper: &Paper) -> Result<Paper, AppError> {
    let mut fields = Fields::default();
    let needed = match step {
        Step::Finish => Some(("请写完成了什么", "Say what was finished")),
        Step::Accept => Some(("请写验收结论", "Write what was found")),
        Step::Close => Some(("请写保修期情况和尾款是否付清", "Say how the warranty went and whether all is paid")),
        Step::Cancel => Some(("请写取消的原因", "Say why it is given up")),
        Step::ShowPlan | Step::Contract => None,
    };
    let words = fields.take(clean(&paper.words, 1_000).map_err(|_| AppError::field("words", "请不要超过 1000 个字", "At most 1,000 characters")));
    if let (Some((zh, en)), Some("")) = (needed, words.as_deref()) {
        fields.take::<()>(Err(AppError::field("words", zh, en)));
    }
    fields.take(few_photos(paper.photos.len()));
    fields.check()?;
    Ok(Paper { words: words.unwrap_or_default(), ..paper.clone() })
}

/// # Errors
/// [`AppError::Invalid`] on `photos`.
pub fn few_photos(count: usize) -> Result<(), AppError> {
    if count > PHOTOS_MAX { Err(AppError::field("photos", "最多 6 张照片", "At most 6 photos")) } else { Ok(()) }
}

/// Words that are needed, tidied.
///
/// # Errors
/// [`AppError::Invalid`] on `words`.
pub fn said(typed: &str, most: usize) -> Result<String, AppError> {
    match clean(typed, most) {
        Ok(words) if words.chars().count() >= 2 => Ok(words),
        _ => Err(AppError::field("words", format!("请写几句话（2 到 {most} 个字）"), format!("Say something about it (2 to {most} characters)"))),
    }
}

/// Judges an inspection; answers it with its words tidied.
///
/// # Errors
/// [`AppError::Closed`] when there is no site or the milestone is not done; [`AppError::Invalid`] on `items`, `words`,
/// `milestone`, `mend_days` or `photos`.
pub fn judge_inspection(facts: &Facts, checklist: usize, typed: &Inspect) -> Result<Inspect, AppError> {
    if !facts.stage.has_site() {
        return Err(AppError::closed("现在没有施工，不用检查", "There are no works to inspect now"));
    }
    let mut fields = Fields::default();
    if typed.items.len() != checklist {
        fields.take::<()>(Err(AppError::field("items", "清单上每一项都要选", "Judge every item of the list")));
    }
    let mut items = typed.items.clone();
    for (n, item) in (1..).zip(&mut items) {
        match clean(&item.note, 200) {
            Ok(note) if item.verdict == Verdict::Fail && note.is_empty() => {
                fields.take::<()>(Err(AppError::field("items", format!("第 {n} 项不合格，请写哪里不对"), format!("Item {n} fails: say what is wrong"))));
            }
            Ok(note) => item.note = note,
            Err(_) => {
                fields.take::<()>(Err(AppError::field("items", format!("第 {n} 项请不要超过 200 个字"), format!("Item {n}: at most 200 characters"))));
            }
        }
    }
    if let Some(n) = typed.milestone {
        let done = place(n).and_then(|i| facts.milestones.get(i)).map(|m| m.1);
        match done {
            None => fields.take::<()>(Err(AppError::field("milestone", "没有这个节点", "There is no such milestone"))),
            Some(false) => fields.take::<()>(Err(AppError::field("milestone", "这个节点还没有报完成，先做巡查", "This milestone is not reported as done yet"))),
            Some(true) => None,
        };
    }
    if typed.mend_days.is_some_and(|d| !(1..=90).contains(&d)) {
        fields.take::<()>(Err(AppError::field("mend_days", "请填 1 到 90 天", "From 1 to 90 days")));
    }
    let words = fields.take(said(&typed.words, 400));
    fields.take(few_photos(typed.photos.len()));
    fields.check()?;
    Ok(Inspect { items, words: words.unwrap_or_default(), ..typed.clone() })
}

/// The place in a list of what is counted from 1.
pub fn place(n: i64) -> Option<usize> {
    n.checked_sub(1).and_then(|i| usize::try_from(i).ok())
}

/// Where a project stands after an inspection: what fails while the four parties sign sends it back to the works, and
/// what they signed is void, since they signed something else.
pub fn after_inspection(stage: Stage, failed: bool) -> Stage {
    if stage == Stage::Acceptance && failed { Stage::UnderWay } else { stage }
}

/// Whether the acceptance may be signed now.
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_sign_off(facts: &Facts) -> Result<(), AppError> {
    if facts.stage != Stage::Acceptance {
        return Err(AppError::closed("还没有报完工，或者已经验收过了", "It was not reported as finished, or it is accepted already"));
    }
    finished(facts)
}

/// When the next inspection is due: so many days after the last one, or after the contract.
pub fn next_inspection(stage: Stage, last: Option<Time>, contracted: Option<Time>, limits: &Limits) -> Option<Time> {
    let since = last.or(contracted)?;
    matches!(stage, Stage::UnderWay | Stage::Acceptance).then(|| since + limits.inspect_days * DAY)
}
