//! Proposing, convening the group, the steps, and milestones.

use super::entity::{project_milestones, project_seats, projects};
use super::model::{Advance, Convene, Paper, Propose, Reach, Source};
use super::party::judge_seats;
use super::plan::{parse, parse_contract};
use super::rows::{Whole, keep_step, open, roles_of};
use super::rules::{Stage, Step, advance as rules_advance, few_photos, place, said, takes, tidy};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::PlaceId;
use crate::measure::Fen;
use crate::rooms::communities::store::{next_number, offset_of};
use crate::rooms::fund::entity::fund_uses;
use crate::rooms::fund::rules::Stage as FundStage;
use crate::rooms::people::rules::{Fields, Permission};
use crate::rooms::photos::store::attach_openly;
use crate::rooms::places::store::names_of;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// Proposes a project.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; see [`parse`].
pub async fn propose(work: &Work<'_>, propose: &Propose) -> Result<Done, AppError> {
    work.caller.require(Permission::ProjectPropose)?;
    let offset = offset_of(work.txn, work.community).await?;
    let mut fields = Fields::default();
    let plan = fields.take(parse(&propose.plan, offset));
    fields.take(few_photos(propose.photos.len()));
    fields.check()?;
    let Some(mut plan) = plan else { return Err(AppError::NotFound) };
    let known = names_of(work.txn, work.community).await?;
    let mut seen = HashSet::new();
    plan.places.retain(|p| seen.insert(*p));
    if plan.places.iter().any(|p: &PlaceId| !known.contains_key(p)) {
        return Err(AppError::NotFound);
    }
    work.hold().await?;
    let use_id = match &plan.source {
        Source::Fund { number } => Some(fund_use(work, number, plan.budget()).await?),
        Source::CommonIncome | Source::Other { .. } => None,
    };
    let year = work.now.local(offset).format("%Y").to_string();
    let n = next_number(work.txn, work.community, &format!("projects {year}")).await?;
    let number = format!("XM-{year}-{n:03}");
    let id = work.mutation.0;
    let row = projects::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        number: Set(number.clone()),
        title: Set(plan.title.clone()),
        version: Set(1),
        stage: Set(Stage::Draft.code().into()),
        plan: Set(serde_json::to_string(&plan).map_err(internal)?),
        source: Set(source_code(&plan.source).into()),
        use_id: Set(use_id),
        budget: Set(plan.budget().0),
        contract: Set(None),
        contracted: Set(None),
        proposer_id: Set(work.person().map(|p| p.0)),
        shown_since: Set(None),
        contracted_at: Set(None),
        finished_at: Set(None),
        accepted_at: Set(None),
        created_at: Set(work.now.0),
    };
    projects::Entity::insert(row).exec_without_returning(work.txn).await?;
    let milestones = (1..).zip(&plan.milestones).map(|(n, m)| project_milestones::ActiveModel {
        community_id: Set(work.community.0),
        project_id: Set(id),
        n: Set(n),
        name: Set(m.name.clone()),
        due: Set(m.due.clone()),
        share: Set(m.share),
        done_at: Set(None),
        words: Set(String::new()),
        photos: Set("[]".into()),
    });
    project_milestones::Entity::insert_many(milestones).exec_without_returning(work.txn).await?;
    attach_openly(work, &propose.photos, "project", id).await?;
    keep_step(work, id, "propose", &Paper { photos: propose.photos.clone(), ..Paper::default() }).await?;
    work.tell("project", id, &json!({ "did": "proposed", "number": number, "budget": plan.budget(), "source": source_code(&plan.source), "milestones": plan.milestones.len() }))
        .await?;
    Ok(Done { subject: Some(id), number: Some(number), version: 1 })
}

fn source_code(source: &Source) -> &'static str {
    match source {
        Source::Fund { .. } => "fund",
        Source::CommonIncome => "common_income",
        Source::Other { .. } => "other",
    }
}

/// The use of the fund that pays: large enough, not accepted yet, and for this project alone.
async fn fund_use(work: &Work<'_>, number: &str, budget: Fen) -> Result<Uuid, AppError> {
    let wrong = |zh: &str, en: &str| AppError::field("source", zh, en);
    let row = fund_uses::Entity::find().filter(fund_uses::Column::CommunityId.eq(work.community.0)).filter(fund_uses::Column::Number.eq(number)).one(work.txn).await?;
    let row = row.ok_or_else(|| wrong("维修资金里没有这个编号", "The fund has no use with this number"))?;
    if FundStage::from_code(&row.stage).is_none_or(|s| s >= FundStage::Accepted) {
        return Err(wrong("这次维修资金的使用已经验收过了", "This use of the fund is accepted already"));
    }
    if Fen(row.budget) < budget {
        return Err(wrong("项目预算超过了这次维修资金的预算", "The budget is above that of the fund's use"));
    }
    let others = projects::Entity::find().filter(projects::Column::CommunityId.eq(work.community.0)).filter(projects::Column::UseId.eq(row.id)).all(work.txn).await?;
    if others.iter().any(|p| p.stage != Stage::Cancelled.code()) {
        return Err(wrong("这次维修资金的使用已经有一个项目了", "Another project is paid by this use of the fund"));
    }
    Ok(row.id)
}

/// Convenes the working group, or changes it while the project runs. What was signed stays signed.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Conflict`], [`AppError::Closed`] when the project is over, and what
/// [`judge_seats`] refuses.
pub async fn convene(work: &Work<'_>, convene: &Convene) -> Result<Done, AppError> {
    work.caller.require(Permission::ProjectConvene)?;
    let it = open(work, convene.project).await?;
    if it.row.version != convene.version {
        return Err(AppError::Conflict { current: it.row.version });
    }
    if it.stage.is_over() {
        return Err(AppError::closed("项目已经结束", "The project is over"));
    }
    let people: Vec<_> = convene.seats.iter().map(|s| s.person).collect();
    let roles = roles_of(work.txn, work.community, &people, work.now).await?;
    judge_seats(&convene.seats, |seat| roles.get(&seat.person).is_some_and(|held| seat.party.fits(held)))?;
    project_seats::Entity::delete_many()
        .filter(project_seats::Column::CommunityId.eq(work.community.0))
        .filter(project_seats::Column::ProjectId.eq(it.row.id))
        .exec(work.txn)
        .await?;
    let rows = convene.seats.iter().map(|s| project_seats::ActiveModel {
        community_id: Set(work.community.0),
        project_id: Set(it.row.id),
        person_id: Set(s.person.0),
        party: Set(s.party.code().into()),
    });
    project_seats::Entity::insert_many(rows).exec_without_returning(work.txn).await?;
    let parties: Vec<&str> = convene.seats.iter().map(|s| s.party.code()).collect();
    let version = next_version(work, &it).await?;
    keep_step(work, it.row.id, "convene", &Paper::default()).await?;
    work.tell("project", it.row.id, &json!({ "did": "convened", "parties": parties })).await?;
    Ok(Done { subject: Some(it.row.id), number: Some(it.row.number), version })
}

async fn next_version(work: &Work<'_>, it: &Whole) -> Result<i64, AppError> {
    let mut change = it.row.clone().into_active_model();
    change.version = Set(it.row.version + 1);
    change.update(work.txn).await?;
    Ok(it.row.version + 1)
}

/// Takes a step.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Conflict`], and what the rules refuse.
pub async fn advance(work: &Work<'_>, advance: &Advance) -> Result<Done, AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    let it = open(work, advance.project).await?;
    if !takes(viewer.role(), advance.step) {
        return Err(AppError::Forbidden);
    }
    // Whoever leads this group concludes: another member of the Party branch does not.
    if advance.step == Step::Accept {
        super::rows::seat(work, &it).await?;
    }
    if it.row.version != advance.version {
        return Err(AppError::Conflict { current: it.row.version });
    }
    let stage = rules_advance(&it.facts()?, advance.step, work.now)?;
    let mut paper = tidy(advance.step, &advance.paper)?;
    let mut change = it.row.clone().into_active_model();
    let now = Set(Some(work.now.0));
    paper.contract = match advance.step {
        Step::Contract => {
            let typed = paper.contract.as_ref().ok_or_else(|| AppError::field("contract_number", "请填合同", "Enter the contract"))?;
            let contract = parse_contract(typed, &it.plan, &it.limits, it.offset, work.now)?;
            change.contract = Set(Some(serde_json::to_string(&contract).map_err(internal)?));
            change.contracted = Set(Some(contract.amount.0));
            change.contracted_at = now;
            Some(contract)
        }
        Step::ShowPlan => {
            change.shown_since = now;
            None
        }
        Step::Finish => {
            change.finished_at = now;
            None
        }
        Step::Accept => {
            change.accepted_at = now;
            None
        }
        Step::Close | Step::Cancel => None,
    };
    attach_openly(work, &paper.photos, "project", it.row.id).await?;
    change.stage = Set(stage.code().into());
    change.version = Set(it.row.version + 1);
    change.update(work.txn).await?;
    keep_step(work, it.row.id, advance.step.code(), &paper).await?;
    let told = json!({
        "did": advance.step.code(),
        "to": stage.code(),
        "amount": paper.contract.as_ref().map(|c| c.amount),
        "photos": paper.photos.len(),
        "reason": Some(paper.words).filter(|w| !w.is_empty())
    });
    work.tell("project", it.row.id, &told).await?;
    Ok(Done { subject: Some(it.row.id), number: Some(it.row.number), version: it.row.version + 1 })
}

/// Reports that a milestone is done.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when it is done already or nothing is under way,
/// [`AppError::Invalid`] on `words` or `photos`.
pub async fn reach(work: &Work<'_>, reach: &Reach) -> Result<Done, AppError> {
    work.caller.require(Permission::ProjectReach)?;
    let it = open(work, reach.project).await?;
    if it.stage != Stage::UnderWay {
        return Err(AppError::closed("现在不在施工，不能报节点", "Nothing is under way now"));
    }
    let row = place(reach.milestone).and_then(|i| it.milestones.get(i)).ok_or(AppError::NotFound)?;
    if row.done_at.is_some() {
        return Err(AppError::closed("这个节点已经报过完成了", "This milestone was reported already"));
    }
    let mut fields = Fields::default();
    let words = fields.take(said(&reach.words, 400));
    fields.take(few_photos(reach.photos.len()));
    fields.check()?;
    let words = words.unwrap_or_default();
    attach_openly(work, &reach.photos, "project", it.row.id).await?;
    let mut change = row.clone().into_active_model();
    change.done_at = Set(Some(work.now.0));
    change.words = Set(words.clone());
    change.photos = Set(serde_json::to_string(&reach.photos).map_err(internal)?);
    change.update(work.txn).await?;
    work.tell("project", it.row.id, &json!({ "did": "reached", "milestone": reach.milestone, "photos": reach.photos.len(), "reason": words })).await?;
    Ok(Done { subject: Some(it.row.id), number: Some(it.row.number), version: it.row.version })
}
