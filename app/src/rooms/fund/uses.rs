//! Uses of the fund: proposed, shown, decided, contracted, accepted, checked, paid, shared out.

use super::allocation::allocate;
use super::books::Account;
use super::entity::{fund_opinions, fund_shares, fund_steps, fund_uses};
use super::journal::{Posting, post};
use super::model::{Advance, Decider, EntryKind, Opine, Outline, Paper, Propose, Scope, StepIn};
use super::rules::{self, EmergencyCase, Facts, Path, Stage, Step};
use super::store::{limits, units_of};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::PersonId;
use crate::measure::{Fen, Time};
use crate::rooms::approvals::apply::word_on_use;
use crate::rooms::approvals::matters::{New, open, withdraw};
use crate::rooms::approvals::model::About;
use crate::rooms::approvals::rules::resolves;
use crate::rooms::approvals::store::{decided_this_year, standing};
use crate::rooms::communities::store::{next_number, offset_of};
use crate::rooms::people::rules::{Fields, Permission};
use crate::rooms::photos::store::attach_openly;
use crate::rooms::tickets::rules::Cause;
use crate::text::clean;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Photos that come with one step.
pub const PHOTOS_MAX: usize = 6;

/// Proposes a use.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] on `title`, `budget`, `scope`, `works`, `reason` or `photos`.
pub async fn propose(work: &Work<'_>, propose: &Propose) -> Result<Done, AppError> {
    work.caller.require(Permission::FundPropose)?;
    let mut fields = Fields::default();
    let title = fields.take(line("title", &propose.title, 60, "请写要修什么，2 到 60 个字", "Say what is to be repaired, 2 to 60 characters"));
    let works = fields.take(line("works", &propose.outline.works, 400, "请写实施范围（400 字以内）", "Describe the works (400 characters)"));
    let reason = fields.take(line("reason", &propose.outline.reason, 400, "请写维修原因（400 字以内）", "Give the reason (400 characters)"));
    if propose.budget.0 <= 0 {
        fields.take::<()>(Err(AppError::field("budget", "请填预算，例如 486000.00", "Enter the budget, e.g. 486000.00")));
    }
    if propose.photos.len() > PHOTOS_MAX {
        fields.take::<()>(Err(AppError::field("photos", "最多 6 张照片", "At most 6 photos")));
    }
    fields.check()?;
    let (Some(title), Some(works), Some(reason)) = (title, works, reason) else { return Err(AppError::NotFound) };
    units_of(work.txn, work.community, &propose.scope).await?;
    work.hold().await?;
    let outline = Outline { works, reason, choosing: short(&propose.outline.choosing), accepting: short(&propose.outline.accepting), managing: short(&propose.outline.managing) };
    let path = propose.emergency.map_or(Path::Chain, Path::Emergency);
    let limits = limits(work.txn, work.community, work.now).await?;
    let spent = decided_this_year(work.txn, work.community, work.now).await?;
    let decider = rules::decider(path, &propose.scope, propose.budget, spent, &limits);
    let number = number(work).await?;
    let id = work.mutation.0;
    let row = fund_uses::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        number: Set(number.clone()),
        title: Set(title),
        version: Set(1),
        stage: Set(Stage::Draft.code().into()),
        path: Set(path.code().into()),
        decider: Set(code(decider).into()),
        scope: Set(serde_json::to_string(&propose.scope).map_err(internal)?),
        outline: Set(serde_json::to_string(&outline).map_err(internal)?),
        budget: Set(propose.budget.0),
        contracted: Set(None),
        audited: Set(None),
        proposer_id: Set(work.person().map(|p| p.0)),
        proof: Set(!propose.photos.is_empty()),
        shown_since: Set(None),
        resolved_at: Set(None),
        district_at: Set(None),
        created_at: Set(work.now.0),
    };
    let title = title_of(&row);
    fund_uses::Entity::insert(row).exec_without_returning(work.txn).await?;
    if decider == Decider::Emergency {
        // Nobody waits for anything but the committee's word: it is asked at once.
        open(work, New { about: About::FundUse, id, subject: id, number: &number, title: &title, amount: propose.budget, by: work.person() }).await?;
    }
    attach_openly(work, &propose.photos, "fund_use", id).await?;
    keep_step(work, id, "propose", &Paper { photos: propose.photos.clone(), ..Paper::default() }).await?;
    work.tell("fund_use", id, &json!({ "did": "proposed", "number": number, "path": path.code(), "decider": code(decider), "budget": propose.budget, "scope": propose.scope }))
        .await?;
    Ok(Done { subject: Some(id), number: Some(number), version: 1 })
}

fn title_of(row: &fund_uses::ActiveModel) -> String {
    row.title.clone().take().unwrap_or_default()
}

/// `WX-2026-003`: by the community's own year.
async fn number(work: &Work<'_>) -> Result<String, AppError> {
    let year = work.now.local(offset_of(work.txn, work.community).await?).format("%Y").to_string();
    let n = next_number(work.txn, work.community, &format!("fund_uses {year}")).await?;
    Ok(format!("WX-{year}-{n:03}"))
}

fn line(field: &str, typed: &str, most: usize, zh: &str, en: &str) -> Result<String, AppError> {
    match clean(typed, most) {
        Ok(words) if words.chars().count() >= 2 => Ok(words),
        _ => Err(AppError::field(field, zh, en)),
    }
}

fn short(typed: &str) -> String {
    clean(typed, 200).unwrap_or_default()
}

/// The word for a decider in rows and events.
pub(super) fn code(decider: Decider) -> &'static str {
    match decider {
        Decider::Property => "property",
        Decider::Committee => "committee",
        Decider::Affected => "affected",
        Decider::Owners => "owners",
        Decider::Emergency => "emergency",
    }
}

/// Reads [`code`]; what is unknown is decided by all owners, the safe side.
pub(super) fn decider_from(code: &str) -> Decider {
    match code {
        "property" => Decider::Property,
        "committee" => Decider::Committee,
        "affected" => Decider::Affected,
        "emergency" => Decider::Emergency,
        _ => Decider::Owners,
    }
}

async fn keep_step(work: &Work<'_>, subject: Uuid, step: &str, paper: &Paper) -> Result<(), AppError> {
    let n = fund_steps::Entity::find().filter(fund_steps::Column::CommunityId.eq(work.community.0)).filter(fund_steps::Column::UseId.eq(subject)).count(work.txn).await?;
    let row = fund_steps::ActiveModel {
        community_id: Set(work.community.0),
        use_id: Set(subject),
        n: Set(i64::try_from(n).unwrap_or(i64::MAX)),
        step: Set(step.to_owned()),
        at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
        role: Set(work.role().map(|r| r.code().to_owned())),
        paper: Set(serde_json::to_string(paper).map_err(internal)?),
    };
    fund_steps::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(())
}

async fn find(work: &Work<'_>, subject: Uuid) -> Result<fund_uses::Model, AppError> {
    fund_uses::Entity::find_by_id((work.community.0, subject)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)
}

/// What the rules need to know of a row.
///
/// # Errors
/// [`AppError::Internal`] for a row that cannot be read.
pub(super) fn facts(row: &fund_uses::Model, limits: rules::Limits) -> Result<Facts, AppError> {
    let path = Path::from_code(&row.path).ok_or_else(|| internal("unknown path"))?;
    Ok(Facts {
        path,
        stage: Stage::from_code(&row.stage).ok_or_else(|| internal("unknown stage"))?,
        shown_since: row.shown_since.map(Time),
        reported_at: matches!(path, Path::Emergency(_)).then_some(Time(row.created_at)),
        proof: row.proof,
        proposer: PersonId(row.proposer_id.unwrap_or_default()),
        limits,
    })
}

/// Takes the next step.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Conflict`], and whatever [`rules::advance`], [`rules::needs`] and the books refuse.
pub async fn advance(work: &Work<'_>, advance: &Advance) -> Result<Done, AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    let row = find(work, advance.subject).await?;
    let decider = decider_from(&row.decider);
    if !rules::takes(viewer.role(), advance.step, decider) {
        return Err(AppError::Forbidden);
    }
    if row.version != advance.version {
        return Err(AppError::Conflict { current: row.version });
    }
    let facts = facts(&row, limits(work.txn, work.community, work.now).await?)?;
    let stage = rules::advance(&facts, advance.step, viewer.person(), work.now)?;
    let paper = tidy(&advance.paper)?;
    rules::needs(advance.step, decider, &paper)?;
    if advance.step == Step::Accept {
        // Works that a project supervises are accepted there first.
        crate::rooms::projects::rows::accepted_first(work.txn, work.community, row.id).await?;
    }
    if advance.step == Step::Resolve && matches!(decider, Decider::Committee | Decider::Emergency) {
        let Some((_, state)) = standing(work.txn, work.community, row.id).await? else {
            // A use from before matters were kept: whoever resolves it gives the first word.
            return word_on_use(work, &row, &paper.words).await;
        };
        if !resolves(decider, Some(state)) {
            return Err(AppError::closed(
                "业委会还没有决定同意，不能填决议。请先到“业委会决定”表态。",
                "The committee has not agreed yet: members give their word under “Decisions” first.",
            ));
        }
    }
    attach_openly(work, &paper.photos, "fund_use", row.id).await?;
    let mut change = row.clone().into_active_model();
    match advance.step {
        Step::Contract => {
            change.contracted = Set(Some(within(paper.amount, Fen(row.budget), "合同超过了决议的预算，请重新报批", "The contract is above the budget that was decided")?.0))
        }
        Step::Audit => {
            let most = Fen(row.contracted.unwrap_or(row.budget));
            change.audited = Set(Some(within(paper.amount, most, "审定金额超过了合同金额", "The checked price is above the contract")?.0));
        }
        Step::SumUp if decider == Decider::Committee => {
            let by = row.proposer_id.map(PersonId);
            let matter = New { about: About::FundUse, id: row.id, subject: row.id, number: &row.number, title: &row.title, amount: Fen(row.budget), by };
            if !open(work, matter).await? {
                change.decider = Set(code(of_owners(&row)?).into());
            }
        }
        Step::Resolve => change.resolved_at = Set(Some(work.now.0)),
        Step::Pay => pay(work, &row, &paper).await?,
        _ => {}
    }
    change.shown_since = Set(matches!(stage, Stage::PlanShown | Stage::SharesShown).then_some(work.now.0));
    change.stage = Set(stage.code().into());
    change.version = Set(row.version + 1);
    change.update(work.txn).await?;
    keep_step(work, row.id, advance.step.code(), &paper).await?;
    let told = json!({ "did": advance.step.code(), "to": stage.code(), "amount": paper.amount, "count": paper.count, "photos": paper.photos.len(), "reason": Some(paper.words).filter(|w| !w.is_empty()) });
    work.tell("fund_use", row.id, &told).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version + 1 })
}

/// The owners who decide where the committee cannot.
fn of_owners(row: &fund_uses::Model) -> Result<Decider, AppError> {
    let scope: Scope = serde_json::from_str(&row.scope).map_err(internal)?;
    Ok(if scope == Scope::All { Decider::Owners } else { Decider::Affected })
}

/// Why a use that waits for the committee is no longer the committee's; `None` while it is.
///
/// # Errors
/// When the database refuses.
pub async fn outgrown(work: &Work<'_>, subject: Uuid) -> Result<Option<Cause>, AppError> {
    let row = find(work, subject).await?;
    if decider_from(&row.decider) != Decider::Committee {
        return Ok(None);
    }
    let (limits, spent) = (limits(work.txn, work.community, work.now).await?, decided_this_year(work.txn, work.community, work.now).await?);
    Ok((row.budget.saturating_add(spent.0) > limits.committee_year.0).then_some(Cause::Year))
}

/// Lets the owners decide what waited for the committee. An emergency stays: the district may step in (SH 73).
///
/// # Errors
/// When the database refuses.
pub async fn to_owners(work: &Work<'_>, subject: Uuid, cause: Cause) -> Result<(), AppError> {
    let row = find(work, subject).await?;
    if decider_from(&row.decider) == Decider::Committee {
        let decider = of_owners(&row)?;
        let mut change = row.clone().into_active_model();
        change.decider = Set(code(decider).into());
        change.version = Set(row.version + 1);
        change.update(work.txn).await?;
    }
    work.tell("fund_use", row.id, &json!({ "did": "to_owners", "cause": cause.code() })).await
}

fn within(amount: Option<Fen>, most: Fen, zh: &str, en: &str) -> Result<Fen, AppError> {
    match amount {
        Some(amount) if amount <= most => Ok(amount),
        _ => Err(AppError::field("amount", format!("{zh}（{most} 元）"), format!("{en} ({most} yuan)"))),
    }
}

fn tidy(paper: &Paper) -> Result<Paper, AppError> {
    let words = clean(&paper.words, 1_000).map_err(|_| AppError::field("words", "请不要超过 1000 个字", "At most 1,000 characters"))?;
    let reference = clean(&paper.reference, 120).map_err(|_| AppError::field("reference", "请不要超过 120 个字", "At most 120 characters"))?;
    if paper.photos.len() > PHOTOS_MAX {
        return Err(AppError::field("photos", "最多 6 张照片", "At most 6 photos"));
    }
    Ok(Paper { words, reference, ..paper.clone() })
}

/// Pays what the price check allowed: every household of the scope gives its share, and the shares are kept.
async fn pay(work: &Work<'_>, row: &fund_uses::Model, paper: &Paper) -> Result<(), AppError> {
    let cost = Fen(row.audited.ok_or_else(|| internal("paid before its price was checked"))?);
    let scope: Scope = serde_json::from_str(&row.scope).map_err(internal)?;
    let units = units_of(work.txn, work.community, &scope).await?;
    let shares = allocate(cost, &units.iter().map(|u| (u.id, u.area)).collect::<Vec<_>>())?;
    let rows: Vec<_> = units
        .iter()
        .zip(&shares)
        .map(|(unit, (_, share))| fund_shares::ActiveModel {
            community_id: Set(work.community.0),
            use_id: Set(row.id),
            unit_id: Set(unit.id.0),
            area: Set(unit.area.0),
            share: Set(share.0),
        })
        .collect();
    for part in rows.chunks(400) {
        fund_shares::Entity::insert_many(part.to_vec()).exec_without_returning(work.txn).await?;
    }
    let posting = Posting {
        kind: EntryKind::Spending,
        words: format!("{} {}", row.number, row.title),
        overdrawn: Some(paper.words.clone()).filter(|w| !w.is_empty()),
        use_id: Some(row.id),
        units: units.iter().zip(shares).map(|(unit, (_, share))| (unit.id, unit.building, Fen(-share.0))).collect(),
        others: vec![(Account::Bank, Fen(-cost.0))],
        initial: BTreeMap::new(),
    };
    post(work, work.mutation.0, posting).await.map(|_| ())
}

/// Gives a unit's word on a plan that is shown; the last one counts.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever owns nothing in its scope, [`AppError::Closed`] when it is not on show.
pub async fn opine(work: &Work<'_>, opine: &Opine) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::FundOpine)?;
    let row = find(work, opine.subject).await?;
    let unit = viewer.unit().ok_or(AppError::Forbidden)?;
    let scope: Scope = serde_json::from_str(&row.scope).map_err(internal)?;
    if !units_of(work.txn, work.community, &scope).await?.iter().any(|u| u.id == unit) {
        return Err(AppError::closed("您家不在这次的分摊范围里。", "Your home is not among those that share this cost."));
    }
    if row.stage != Stage::PlanShown.code() {
        return Err(AppError::closed("现在不在征求意见的时间。", "Opinions are asked for while the plan is on show."));
    }
    let words = clean(&opine.words, 200).map_err(|_| AppError::field("words", "请不要超过 200 个字", "At most 200 characters"))?;
    let new = fund_opinions::ActiveModel {
        community_id: Set(work.community.0),
        use_id: Set(row.id),
        unit_id: Set(unit.0),
        agrees: Set(opine.agrees),
        words: Set(words.clone()),
        person_id: Set(viewer.person().0),
        at: Set(work.now.0),
    };
    let newer = OnConflict::columns([fund_opinions::Column::CommunityId, fund_opinions::Column::UseId, fund_opinions::Column::UnitId])
        .update_columns([fund_opinions::Column::Agrees, fund_opinions::Column::Words, fund_opinions::Column::PersonId, fund_opinions::Column::At])
        .to_owned();
    fund_opinions::Entity::insert(new).on_conflict(newer).exec_without_returning(work.txn).await?;
    work.tell("fund_use", row.id, &json!({ "did": "opined", "agrees": opine.agrees, "reason": Some(words).filter(|w| !w.is_empty()) })).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version })
}

/// Records that the district has the danger repaired, seven days after the report and without the committee's word.
///
/// # Errors
/// [`AppError::Forbidden`] for all but the residents' committee, [`AppError::Closed`] before that time.
pub async fn step_in(work: &Work<'_>, step: &StepIn) -> Result<Done, AppError> {
    work.caller.require(Permission::FundStepIn)?;
    let row = find(work, step.subject).await?;
    if row.version != step.version {
        return Err(AppError::Conflict { current: row.version });
    }
    let facts = facts(&row, limits(work.txn, work.community, work.now).await?)?;
    if !rules::may_step_in(&facts, work.now) {
        let days = facts.limits.emergency_days;
        return Err(AppError::closed(format!("报告后满 {days} 天业委会没有答复，才能代为维修"), format!("Only {days} days after the report without the committee's word")));
    }
    let words = line("words", &step.words, 400, "请写区房管部门的文号和内容", "Give the office's paper and what it says")?;
    let mut change = row.clone().into_active_model();
    change.stage = Set(Stage::Resolved.code().into());
    change.resolved_at = Set(Some(work.now.0));
    change.district_at = Set(Some(work.now.0));
    change.version = Set(row.version + 1);
    change.update(work.txn).await?;
    withdraw(work, row.id).await?;
    keep_step(work, row.id, "step_in", &Paper { words: words.clone(), ..Paper::default() }).await?;
    work.tell("fund_use", row.id, &json!({ "did": "step_in", "to": Stage::Resolved.code(), "reason": words })).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version + 1 })
}

/// The case behind a path, if it is an emergency.
pub fn case_of(path: Path) -> Option<EmergencyCase> {
    match path {
        Path::Emergency(case) => Some(case),
        Path::Chain => None,
    }
}
