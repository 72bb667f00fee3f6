//! The steps before owners' money is spent (R2.4), the emergency path (R2.5) and the refill (R2.2).

use super::model::{Decider, Paper, Scope};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::PersonId;
use crate::measure::{DAY, Fen, MINUTE, Time};
use crate::rooms::people::model::Role;
use crate::tr;
use serde::{Deserialize, Serialize};

/// The rule numbers of this room, in force at the time of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Days that a plan 实施方案 and a sharing of costs 分摊 are shown 公示.
    pub shown_days: i64,
    /// Days without the committee's word after which the district may have the danger repaired (SH 73).
    pub emergency_days: i64,
    /// Below this part of what was first paid in, in percent, the fund is refilled (SH 65).
    pub refill_below: i64,
    /// Up to this part, in percent (SH 65).
    pub refill_to: i64,
    /// Days in which the owners decide how, and in which they pay (SH 65).
    pub refill_days: i64,
    /// T1 ends here: the property company decides.
    pub property_max: Fen,
    /// T2 ends here: the owners' committee decides.
    pub committee_max: Fen,
    /// What the committee may decide in one calendar year.
    pub committee_year: Fen,
}

impl Limits {
    /// From the value of each rule number by its name.
    pub fn read(get: impl Fn(&str) -> i64) -> Self {
        Self {
            shown_days: get("fund.shown_days"),
            emergency_days: get("fund.emergency_days"),
            refill_below: get("fund.refill_below_percent"),
            refill_to: get("fund.refill_to_percent"),
            refill_days: get("fund.refill_days"),
            property_max: Fen(get("approval.property_max_fen")),
            committee_max: Fen(get("approval.committee_max_fen")),
            committee_year: Fen(get("approval.committee_year_fen")),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::read(|key| crate::rooms::communities::rules::setting(&[], key, "").unwrap_or_default())
    }
}

/// Where a use of the fund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Being written by the property company.
    Draft,
    /// 实施方案公示: scope, reason, budget, decider, how the contractor is chosen, who accepts, who manages.
    PlanShown,
    /// 征求意见汇总表: what owners said.
    Opinions,
    /// 使用维修资金的决议: the owners or, in its tier, the committee decided.
    Resolved,
    /// The contract is signed; the work is under way.
    Contracted,
    /// 验收: the work is accepted.
    Accepted,
    /// 审价: an independent price check of what was done.
    Audited,
    /// 划款: the money has gone.
    Paid,
    /// 分摊公示: each unit's share is shown.
    SharesShown,
    /// The shares stand.
    Closed,
}

/// What is done to get from one stage to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Shows the plan.
    ShowPlan,
    /// Sums up what owners said.
    SumUp,
    /// Enters the resolution.
    Resolve,
    /// Enters the contract.
    Contract,
    /// Accepts the work.
    Accept,
    /// Enters the price check.
    Audit,
    /// Pays.
    Pay,
    /// Shows the shares.
    ShowShares,
    /// Closes the file.
    Close,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 10] =
        [Self::Draft, Self::PlanShown, Self::Opinions, Self::Resolved, Self::Contracted, Self::Accepted, Self::Audited, Self::Paid, Self::SharesShown, Self::Closed];

    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::PlanShown => "plan_shown",
            Self::Opinions => "opinions",
            Self::Resolved => "resolved",
            Self::Contracted => "contracted",
            Self::Accepted => "accepted",
            Self::Audited => "audited",
            Self::Paid => "paid",
            Self::SharesShown => "shares_shown",
            Self::Closed => "closed",
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
            Self::PlanShown => tr!(lang, "实施方案公示", "Plan on show"),
            Self::Opinions => tr!(lang, "意见已汇总", "Opinions summed up"),
            Self::Resolved => tr!(lang, "已决议", "Resolved"),
            Self::Contracted => tr!(lang, "已签合同，施工中", "Under contract"),
            Self::Accepted => tr!(lang, "已验收", "Accepted"),
            Self::Audited => tr!(lang, "已审价", "Price checked"),
            Self::Paid => tr!(lang, "已划款", "Paid"),
            Self::SharesShown => tr!(lang, "分摊公示", "Shares on show"),
            Self::Closed => tr!(lang, "已办结", "Closed"),
        }
    }
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [Self::ShowPlan, Self::SumUp, Self::Resolve, Self::Contract, Self::Accept, Self::Audit, Self::Pay, Self::ShowShares, Self::Close];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::ShowPlan => "show_plan",
            Self::SumUp => "sum_up",
            Self::Resolve => "resolve",
            Self::Contract => "contract",
            Self::Accept => "accept",
            Self::Audit => "audit",
            Self::Pay => "pay",
            Self::ShowShares => "show_shares",
            Self::Close => "close",
        }
    }

    /// Reads [`Step::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name of the step's paper, as the district's forms name it.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::ShowPlan => tr!(lang, "实施方案公示", "Plan shown"),
            Self::SumUp => tr!(lang, "征求意见汇总表", "Opinions summed up"),
            Self::Resolve => tr!(lang, "使用维修资金的决议", "Resolution"),
            Self::Contract => tr!(lang, "合同", "Contract"),
            Self::Accept => tr!(lang, "验收", "Acceptance"),
            Self::Audit => tr!(lang, "审价", "Price check"),
            Self::Pay => tr!(lang, "划款", "Payment"),
            Self::ShowShares => tr!(lang, "分摊公示", "Shares shown"),
            Self::Close => tr!(lang, "办结", "Closed"),
        }
    }
}

/// One row of the chain: a step, the stage it starts from, the one it leads to, and whether what is shown there must have
/// been shown for its whole time.
pub struct Row {
    /// The step.
    pub step: Step,
    /// From here.
    pub from: Stage,
    /// To here.
    pub to: Stage,
    /// Whether a publication must have run.
    pub waits: bool,
}

const fn row(step: Step, from: Stage, to: Stage, waits: bool) -> Row {
    Row { step, from, to, waits }
}

/// The chain of documents (R2.4), for decisions of the owners and of the committee.
pub const CHAIN: &[Row] = &[
    row(Step::ShowPlan, Stage::Draft, Stage::PlanShown, false),
    row(Step::SumUp, Stage::PlanShown, Stage::Opinions, true),
    row(Step::Resolve, Stage::Opinions, Stage::Resolved, false),
    row(Step::Contract, Stage::Resolved, Stage::Contracted, false),
    row(Step::Accept, Stage::Contracted, Stage::Accepted, false),
    row(Step::Audit, Stage::Accepted, Stage::Audited, false),
    row(Step::Pay, Stage::Audited, Stage::Paid, false),
    row(Step::ShowShares, Stage::Paid, Stage::SharesShown, false),
    row(Step::Close, Stage::SharesShown, Stage::Closed, true),
];

/// The five cases of SH 73 in which no vote is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmergencyCase {
    /// 水泵、水箱故障: the only one that needs no paper.
    Pump,
    /// 电梯故障, stopped by the inspection body.
    Lift,
    /// 消防设施损坏, with the fire service's notice.
    Fire,
    /// 外墙、附属构件有脱落危险, with an expert's opinion.
    Facade,
    /// 屋顶、外墙渗漏严重, with an expert's opinion.
    Leak,
}

impl EmergencyCase {
    /// All of them, in the law's order.
    pub const ALL: [Self; 5] = [Self::Pump, Self::Lift, Self::Fire, Self::Facade, Self::Leak];

    /// Whether a paper must be uploaded with the report (R2.5).
    pub fn needs_proof(self) -> bool {
        self != Self::Pump
    }
}

/// How a use of the fund came to be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Path {
    /// By the chain, from the plan on.
    Chain,
    /// By SH 73: reported, approved by the committee, repaired, checked, paid.
    Emergency(EmergencyCase),
}

impl EmergencyCase {
    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pump => "pump",
            Self::Lift => "lift",
            Self::Fire => "fire",
            Self::Facade => "facade",
            Self::Leak => "leak",
        }
    }

    /// Reads [`EmergencyCase::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }

    /// The case as the law names it.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Pump => tr!(lang, "水泵、水箱故障", "Pump or water tank failed"),
            Self::Lift => tr!(lang, "电梯故障，检验机构要求停用", "Lift stopped by the inspection body"),
            Self::Fire => tr!(lang, "消防设施损坏，消防部门要求整改", "Fire equipment broken, with the fire service's notice"),
            Self::Facade => tr!(lang, "外墙或附属构件有脱落危险，有鉴定", "Facade about to fall, with an expert's opinion"),
            Self::Leak => tr!(lang, "屋顶或外墙渗漏严重，有鉴定", "Roof or facade leaks badly, with an expert's opinion"),
        }
    }
}

impl Path {
    /// The word in rows: `chain`, or the case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Chain => "chain",
            Self::Emergency(case) => case.code(),
        }
    }

    /// Reads [`Path::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        if code == "chain" { Some(Self::Chain) } else { EmergencyCase::from_code(code).map(Self::Emergency) }
    }
}

/// Who decides an amount (R2.3). `spent` is what the committee decided in this calendar year already.
pub fn decider(path: Path, scope: &Scope, amount: Fen, spent: Fen, limits: &Limits) -> Decider {
    let whole = *scope == Scope::All;
    match path {
        Path::Emergency(_) => Decider::Emergency,
        Path::Chain if amount <= limits.property_max => Decider::Property,
        Path::Chain if amount <= limits.committee_max && amount.0.saturating_add(spent.0) <= limits.committee_year.0 => Decider::Committee,
        Path::Chain if whole => Decider::Owners,
        Path::Chain => Decider::Affected,
    }
}

/// Whether somebody in this role takes a step (§8). Who proposes does not count, and who is paid does not accept.
pub fn takes(role: Role, step: Step, decider: Decider) -> bool {
    let property = role == Role::PropertyManager;
    let residents = role == Role::ResidentsCommittee;
    match step {
        Step::ShowPlan | Step::Contract => property || role.is_committee(),
        Step::SumUp => residents || role.is_committee(),
        Step::Resolve => match decider {
            Decider::Property => property,
            Decider::Committee | Decider::Emergency => role.is_committee(),
            // The vote is held under the residents' committee's eyes, which enters what it counted.
            Decider::Affected | Decider::Owners => residents,
        },
        Step::Accept | Step::Audit | Step::Pay | Step::ShowShares | Step::Close => role.is_committee(),
    }
}

/// Judges what comes with a step.
///
/// # Errors
/// [`AppError::Invalid`] on `words`, `reference`, `amount`, `count`; [`AppError::Closed`] when the vote did not carry.
pub fn needs(step: Step, decider: Decider, paper: &Paper) -> Result<(), AppError> {
    let words = |zh: &str, en: &str| if paper.words.trim().is_empty() { Err(AppError::field("words", zh, en)) } else { Ok(()) };
    let reference = |zh: &str, en: &str| if paper.reference.trim().is_empty() { Err(AppError::field("reference", zh, en)) } else { Ok(()) };
    let amount = || match paper.amount {
        Some(amount) if amount.0 > 0 => Ok(()),
        _ => Err(AppError::field("amount", "请填金额，例如 486000.00", "Enter the amount, e.g. 486000.00")),
    };
    match step {
        Step::SumUp => words("请写汇总：多少人同意、反对，主要意见是什么", "Sum up: how many are for and against, and what they say"),
        Step::Resolve if matches!(decider, Decider::Affected | Decider::Owners) => {
            reference("请填决议编号和存放处", "Enter the resolution's number and where it is kept")?;
            let count = paper.count.ok_or_else(|| AppError::field("count", "请填票数", "Enter the count"))?;
            count.check()?;
            if count.ordinary() {
                Ok(())
            } else {
                Err(AppError::closed(
                    "没有通过：参与要满三分之二，同意要过参与的一半，人数和面积都要够。",
                    "Not carried: two thirds must take part and more than half of them agree, by heads and by area.",
                ))
            }
        }
        Step::Resolve => reference("请填决议编号", "Enter the resolution's number"),
        Step::Contract => {
            reference("请填施工单位和合同编号", "Enter the contractor and the contract's number")?;
            amount()
        }
        Step::Accept => words("请写验收结论和参加验收的各方", "Write what was found and who took part"),
        Step::Audit => {
            reference("请填审价单位", "Enter who checked the price")?;
            amount()
        }
        Step::ShowPlan | Step::Pay | Step::ShowShares | Step::Close => Ok(()),
    }
}

/// What the rules need to know of a use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// How it came to be allowed.
    pub path: Path,
    /// Where it stands.
    pub stage: Stage,
    /// Since when what this stage shows is shown.
    pub shown_since: Option<Time>,
    /// When an emergency was reported.
    pub reported_at: Option<Time>,
    /// Whether the paper of an emergency is here.
    pub proof: bool,
    /// Who made the plan.
    pub proposer: PersonId,
    /// The rule numbers.
    pub limits: Limits,
}

/// Where a step leads.
///
/// # Errors
/// [`AppError::Closed`] when it is not the next one, a publication still runs, a paper is missing, or the one who proposed
/// would also count (R1.7: no role proposes and counts alone).
pub fn advance(facts: &Facts, step: Step, by: PersonId, now: Time) -> Result<Stage, AppError> {
    let row = next(facts.path, facts.stage).filter(|row| row.step == step).ok_or_else(out_of_turn)?;
    if row.waits && !has_run(facts, now) {
        return Err(AppError::closed(format!("公示还没有满 {} 天", facts.limits.shown_days), format!("It has not been shown for {} days yet", facts.limits.shown_days)));
    }
    if step == Step::SumUp && by == facts.proposer {
        return Err(AppError::closed("提方案的人不能汇总意见", "Whoever proposed it cannot count the answers"));
    }
    if let (Path::Emergency(case), Step::Resolve) = (facts.path, step)
        && case.needs_proof()
        && !facts.proof
    {
        return Err(AppError::closed("请先上传鉴定、整改或停用的书面证明", "Upload the notice or the expert's opinion first"));
    }
    Ok(row.to)
}

/// The one step that is possible from here. An emergency goes from its report to the committee's word at once.
pub fn next(path: Path, stage: Stage) -> Option<Row> {
    if let (Path::Emergency(_), Stage::Draft) = (path, stage) {
        return Some(row(Step::Resolve, Stage::Draft, Stage::Resolved, false));
    }
    CHAIN.iter().find(|r| r.from == stage).map(|r| row(r.step, r.from, r.to, r.waits))
}

/// Whether what is shown has been shown for its whole time.
pub fn has_run(facts: &Facts, now: Time) -> bool {
    facts.shown_since.is_some_and(|since| now - since >= facts.limits.shown_days * DAY)
}

/// Whether the district may have the danger repaired: reported so many days ago, and no word from the committee (SH 73).
pub fn may_step_in(facts: &Facts, now: Time) -> bool {
    matches!(facts.path, Path::Emergency(_)) && facts.stage == Stage::Draft && facts.reported_at.is_some_and(|at| now - at >= facts.limits.emergency_days * DAY)
}

fn out_of_turn() -> AppError {
    AppError::closed("还没有到这一步，请按顺序来", "This step comes later: take the one before it first")
}

/// What is missing for the refill (R2.2, SH 65): nothing while the balance is at least 30 % of what was first paid in,
/// else what brings it to 50 %.
pub fn refill(first: Fen, balance: Fen, limits: &Limits) -> Option<Fen> {
    let part = |percent: i64| i128::from(first.0) * i128::from(percent);
    let has = i128::from(balance.0) * 100;
    if first.0 <= 0 || has >= part(limits.refill_below) {
        return None;
    }
    // Rounded up: a fen too little would not be half.
    let goal = (part(limits.refill_to) + 99) / 100;
    i64::try_from(goal - i128::from(balance.0)).ok().map(Fen)
}

/// The half-year that a moment lies in, e.g. `2026H2`.
pub fn half_of(at: Time, offset: i32) -> String {
    let local = at.local(offset).format("%Y %m").to_string();
    let (year, month) = local.split_once(' ').unwrap_or(("1970", "01"));
    format!("{year}H{}", if month <= "06" { 1 } else { 2 })
}

/// The first moment of a half-year and that of the next; `None` for a word that is none.
pub fn span_of(half: &str, offset: i32) -> Option<(Time, Time)> {
    let (year, n) = half.split_once('H')?;
    let year: i32 = year.parse().ok().filter(|y| (1990..=2200).contains(y))?;
    let first = |year: i32, month: u32| {
        let day = chrono::NaiveDate::from_ymd_opt(year, month, 1)?.and_hms_opt(0, 0, 0)?;
        Some(Time(day.and_utc().timestamp_millis() - i64::from(offset) * MINUTE))
    };
    match n {
        "1" => Some((first(year, 1)?, first(year, 7)?)),
        "2" => Some((first(year, 7)?, first(year + 1, 1)?)),
        _ => None,
    }
}

/// The last `count` half-years, the present one first.
pub fn halves(now: Time, offset: i32, count: usize) -> Vec<String> {
    let mut all = vec![half_of(now, offset)];
    while all.len() < count {
        let Some((from, _)) = all.last().and_then(|half| span_of(half, offset)) else { break };
        all.push(half_of(from + -DAY, offset));
    }
    all
}
