//! What may be written in a plan and in a contract.

use super::model::{AssetLine, BudgetLine, Contract, MilestonePlan, Plan, Source};
use super::money::last_paid;
use super::rules::Limits;
use crate::error::AppError;
use crate::measure::{DAY, Fen, Time};
use crate::rooms::assets::rules::parse_day;
use crate::rooms::people::rules::Fields;
use crate::text::clean;

/// Lines of a budget, milestones, items of a checklist.
pub const ROWS_MAX: usize = 20;
/// Places that a plan names.
pub const PLACES_MAX: usize = 40;
/// The most that a budget may be: 100 million yuan.
const MONEY_MAX: i64 = 10_000_000_000;

fn line(field: &str, typed: &str, (least, most): (usize, usize), zh: &str, en: &str) -> Result<String, AppError> {
    match clean(typed, most) {
        Ok(words) if words.chars().count() >= least => Ok(words),
        _ => Err(AppError::field(field, format!("{zh}（{least} 到 {most} 个字）"), format!("{en} ({least} to {most} characters)"))),
    }
}

/// Judges a plan; answers it tidied. Everything wrong is named at once.
///
/// # Errors
/// [`AppError::Invalid`] on `title`, `why`, `works`, `places`, `source`, `lines`, `milestones`, `checklist` or `assets`.
pub fn parse(typed: &Plan, offset: i32) -> Result<Plan, AppError> {
    let mut fields = Fields::default();
    let title = fields.take(line("title", &typed.title, (2, 60), "请写要做什么", "Say what is done"));
    let why = fields.take(line("why", &typed.why, (2, 600), "请写为什么做", "Say why"));
    let works = fields.take(line("works", &typed.works, (2, 600), "请写做什么、在哪里做", "Say what is done and where"));
    if typed.places.len() > PLACES_MAX {
        fields.take::<()>(Err(AppError::field("places", "最多选 40 个地点", "At most 40 places")));
    }
    let source = fields.take(parse_source(&typed.source));
    let lines = fields.take(parse_lines(&typed.lines));
    let milestones = fields.take(parse_milestones(&typed.milestones, offset));
    let checklist = fields.take(parse_checklist(&typed.checklist));
    let assets = fields.take(parse_assets(&typed.assets));
    fields.check()?;
    Ok(Plan {
        title: title.unwrap_or_default(),
        why: why.unwrap_or_default(),
        works: works.unwrap_or_default(),
        places: typed.places.clone(),
        source: source.unwrap_or(Source::CommonIncome),
        lines: lines.unwrap_or_default(),
        milestones: milestones.unwrap_or_default(),
        checklist: checklist.unwrap_or_default(),
        assets: assets.unwrap_or_default(),
    })
}

fn parse_source(typed: &Source) -> Result<Source, AppError> {
    Ok(match typed {
        Source::Fund { number } => Source::Fund {
            number: line("source", &number.to_uppercase(), (4, 20), "请填维修资金使用的编号，例如 WX-2026-003", "The number of the fund's use, e.g. WX-2026-003")?,
        },
        Source::CommonIncome => Source::CommonIncome,
        Source::Other { words } => Source::Other { words: line("source", words, (2, 200), "请写钱从哪里来", "Say where the money comes from")? },
    })
}

fn parse_lines(typed: &[BudgetLine]) -> Result<Vec<BudgetLine>, AppError> {
    let wrong = |zh: String, en: String| Err(AppError::field("lines", zh, en));
    if typed.is_empty() || typed.len() > ROWS_MAX {
        return wrong("预算请写 1 到 20 行".into(), "From 1 to 20 lines of budget".into());
    }
    let mut lines = Vec::with_capacity(typed.len());
    for (n, l) in (1..).zip(typed) {
        let name = clean(&l.name, 60).unwrap_or_default();
        if name.is_empty() || !(1..=MONEY_MAX).contains(&l.amount.0) {
            return wrong(format!("预算第 {n} 行：名称和金额都要填，例如 186.00"), format!("Line {n} of the budget: a name and an amount, e.g. 186.00"));
        }
        lines.push(BudgetLine { name, amount: l.amount });
    }
    if lines.iter().map(|l| l.amount).sum::<Fen>().0 > MONEY_MAX {
        return wrong("预算太大了".into(), "The budget is too large".into());
    }
    Ok(lines)
}

fn parse_milestones(typed: &[MilestonePlan], offset: i32) -> Result<Vec<MilestonePlan>, AppError> {
    let wrong = |zh: String, en: String| Err(AppError::field("milestones", zh, en));
    if typed.is_empty() || typed.len() > ROWS_MAX {
        return wrong("节点请写 1 到 20 个".into(), "From 1 to 20 milestones".into());
    }
    let mut all = Vec::with_capacity(typed.len());
    let mut before: Option<Time> = None;
    for (n, m) in (1..).zip(typed) {
        let name = clean(&m.name, 40).unwrap_or_default();
        let day = parse_day("milestones", &m.due, offset).ok().flatten();
        if name.is_empty() || day.is_none() || !(0..=100).contains(&m.share) {
            return wrong(
                format!("第 {n} 个节点：名称、日期（例如 2026-03-01）和付款比例（0 到 100）都要填"),
                format!("Milestone {n}: a name, a day (e.g. 2026-03-01) and a share from 0 to 100"),
            );
        }
        if before > day {
            return wrong(format!("第 {n} 个节点的日期比前一个早"), format!("Milestone {n} is due before the one above it"));
        }
        before = day;
        all.push(MilestonePlan { name, due: m.due.trim().to_owned(), share: m.share });
    }
    let sum: i64 = all.iter().map(|m| m.share).sum();
    if sum != 100 {
        return wrong(format!("各节点的付款比例加起来要等于 100，现在是 {sum}"), format!("The shares must add up to 100; now it is {sum}"));
    }
    Ok(all)
}

fn parse_checklist(typed: &[String]) -> Result<Vec<String>, AppError> {
    let items: Vec<String> = typed.iter().map(|t| clean(t, 60).unwrap_or_default()).collect();
    if items.is_empty() || items.len() > ROWS_MAX || items.iter().any(String::is_empty) {
        return Err(AppError::field("checklist", "检查清单请写 1 到 20 项，每项一行，不超过 60 个字", "From 1 to 20 items, one a line, 60 characters each"));
    }
    Ok(items)
}

fn parse_assets(typed: &[AssetLine]) -> Result<Vec<AssetLine>, AppError> {
    let good = |a: &AssetLine| (0..=100_000).contains(&a.replaced) && (0..=100_000).contains(&a.added) && a.replaced + a.added > 0;
    let lines: Vec<AssetLine> = typed.iter().map(|a| AssetLine { kind: clean(&a.kind, 40).unwrap_or_default(), ..a.clone() }).collect();
    if lines.len() > ROWS_MAX || lines.iter().any(|a| a.kind.is_empty() || !good(a)) {
        return Err(AppError::field("assets", "设备请写名称和数量（替换、新增至少一个大于 0）", "Assets: a name and how many are replaced or added"));
    }
    Ok(lines)
}

/// Judges a contract against the plan; answers it tidied.
///
/// # Errors
/// [`AppError::Invalid`] on `contract_number`, `contractor`, `amount`, `day`, `warranty` or `retention`.
pub fn parse_contract(typed: &Contract, plan: &Plan, limits: &Limits, offset: i32, now: Time) -> Result<Contract, AppError> {
    let mut fields = Fields::default();
    let budget = plan.budget();
    let number = fields.take(line("contract_number", &typed.number, (1, 60), "请填合同编号", "The contract's number"));
    let contractor = fields.take(line("contractor", &typed.contractor, (2, 80), "请填施工单位", "Who does the work"));
    if typed.amount.0 <= 0 || typed.amount > budget {
        fields.take::<()>(Err(AppError::field(
            "amount",
            format!("合同金额要大于 0，不能超过公示的预算 {budget} 元"),
            format!("The contract is above 0 and not above the budget of {budget} yuan that was shown"),
        )));
    }
    let need = |field: &str, typed: &str| parse_day(field, typed, offset)?.ok_or_else(|| AppError::field(field, "请填日期，例如 2026-03-01", "A day, e.g. 2026-03-01"));
    let day = fields.take(need("day", &typed.day));
    let warranty = fields.take(need("warranty", &typed.warranty));
    if day.is_some_and(|d| d > now) {
        fields.take::<()>(Err(AppError::field("day", "签订日期不能晚于今天", "The contract was not signed in the future")));
    }
    if let (Some(day), Some(warranty)) = (day, warranty)
        && warranty <= day
    {
        fields.take::<()>(Err(AppError::field("warranty", "保修到期日要在签订日期之后", "The warranty ends after the contract was signed")));
    }
    let most = limits.retention_most;
    let shares: Vec<i64> = plan.milestones.iter().map(|m| m.share).collect();
    let last = last_paid(&shares).and_then(|i| shares.get(i)).copied().unwrap_or_default();
    if !(0..=most.min(last)).contains(&typed.retention) {
        let most = most.min(last);
        fields.take::<()>(Err(AppError::field("retention", format!("质保金比例请填 0 到 {most}"), format!("What is kept back: from 0 to {most} percent"))));
    }
    fields.check()?;
    Ok(Contract {
        number: number.unwrap_or_default(),
        contractor: contractor.unwrap_or_default(),
        day: typed.day.trim().into(),
        warranty: typed.warranty.trim().into(),
        ..typed.clone()
    })
}

/// The first moment after a contract's warranty.
///
/// # Errors
/// [`AppError::Invalid`] on `warranty`: never for a contract that was judged.
pub fn warranty_over(contract: &Contract, offset: i32) -> Result<Time, AppError> {
    Ok(parse_day("warranty", &contract.warranty, offset)?.unwrap_or_default() + DAY)
}
