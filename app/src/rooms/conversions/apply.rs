//! The steps of a proposal: drafted, on show, decided, carried out.

use super::entity::conversions;
use super::model::{Changes, Decide, Draft, Promised, Stage, Step};
use super::rules::{Check, check, may_step, parse_draft};
use super::store::{Estate, estate};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::rooms::bays;
use crate::rooms::bays::entity::bays as bay_rows;
use crate::rooms::bays::model::BayState;
use crate::rooms::bays::rules::keeps_accessible;
use crate::rooms::communities::store::next_number;
use crate::rooms::people::rules::Permission;
use crate::rooms::sites::entity::areas;
use crate::text::clean;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// Drafts a proposal.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn draft(work: &Work<'_>, draft: &Draft) -> Result<Done, AppError> {
    work.caller.require(Permission::ConversionDraft)?;
    let estate = estate(work.txn, work.community).await?;
    let draft = parse_draft(draft, &estate.areas)?;
    known_bays(&estate, &draft.changes)?;
    let number = format!("TZ-{:03}", next_number(work.txn, work.community, "conversions").await?);
    let row = conversions::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        number: Set(number.clone()),
        version: Set(1),
        stage: Set(Stage::Drafted.code().into()),
        title: Set(draft.title),
        words: Set(draft.words),
        changes: Set(serde_json::to_string(&draft.changes).map_err(internal)?),
        trees: Set(draft.trees),
        application: Set(draft.application),
        before: Set(String::new()),
        after: Set(String::new()),
        vote: Set(String::new()),
        proposed_by: Set(work.person().map(|p| p.0)),
        at: Set(work.now.0),
        published_at: Set(None),
        decided_at: Set(None),
        carried_at: Set(None),
    };
    conversions::Entity::insert(row).exec_without_returning(work.txn).await?;
    work.tell("conversion", work.mutation.0, &json!({ "did": "drafted", "number": number })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(number), version: 1 })
}

fn known_bays(estate: &Estate, changes: &Changes) -> Result<(), AppError> {
    let known: HashSet<&str> = estate.bays.iter().map(|b| b.code.as_str()).collect();
    match changes.frees.iter().chain(&changes.closes).find(|code| !known.contains(code.as_str())) {
        None => Ok(()),
        Some(code) => Err(AppError::field("bays", format!("没有“{code}”这个车位"), format!("There is no bay “{code}”"))),
    }
}

struct Found {
    row: conversions::Model,
    stage: Stage,
    changes: Changes,
    estate: Estate,
    check: Check,
}

async fn find(work: &Work<'_>, id: Uuid, version: i64, application: &str) -> Result<Found, AppError> {
    let mut row = conversions::Entity::find_by_id((work.community.0, id)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    if row.version != version {
        return Err(AppError::Conflict { current: row.version });
    }
    let application = clean(application, 100).map_err(|_| AppError::field("application", "请不要超过 100 个字", "At most 100 characters"))?;
    if !application.is_empty() {
        row.application = application;
    }
    let stage = Stage::from_code(&row.stage).ok_or_else(|| internal("unknown stage of a conversion"))?;
    let changes: Changes = serde_json::from_str(&row.changes).map_err(internal)?;
    let estate = estate(work.txn, work.community).await?;
    let check = check(estate.totals, estate.after(&changes), &estate.areas, &changes, row.trees, &row.application);
    Ok(Found { row, stage, changes, estate, check })
}

/// Keeps the row of a step that was taken, and tells it.
async fn keep(work: &Work<'_>, found: Found, to: Stage, change: impl FnOnce(&mut conversions::ActiveModel, &Found)) -> Result<Done, AppError> {
    let (id, number, version, application) = (found.row.id, found.row.number.clone(), found.row.version + 1, found.row.application.clone());
    let mut new = found.row.clone().into_active_model();
    (new.stage, new.version, new.application) = (Set(to.code().into()), Set(version), Set(application));
    change(&mut new, &found);
    new.update(work.txn).await?;
    work.tell("conversion", id, &json!({ "did": to.code() })).await?;
    Ok(Done { subject: Some(id), number: Some(number), version })
}

/// Puts a proposal on show, and freezes its numbers and the majority that it needs.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Closed`] when green would be lost.
pub async fn publish(work: &Work<'_>, step: &Step) -> Result<Done, AppError> {
    work.caller.require(Permission::ConversionDraft)?;
    let found = find(work, step.conversion, step.version, &step.application).await?;
    may_step(found.stage, Stage::Published, &found.check)?;
    let promised = Promised { totals: found.estate.after(&found.changes), special: Some(found.check.special) };
    let (before, after) = (serde_json::to_string(&found.estate.totals).map_err(internal)?, serde_json::to_string(&promised).map_err(internal)?);
    keep(work, found, Stage::Published, |new, _| (new.before, new.after, new.published_at) = (Set(before), Set(after), Set(Some(work.now.0)))).await
}

/// Records what the owners decided.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Closed`], [`AppError::Invalid`] on `vote`.
pub async fn decide(work: &Work<'_>, decide: &Decide) -> Result<Done, AppError> {
    work.caller.require(Permission::ConversionDecide)?;
    let found = find(work, decide.conversion, decide.version, "").await?;
    let to = if decide.agreed { Stage::Agreed } else { Stage::Refused };
    may_step(found.stage, to, &found.check)?;
    let vote = clean(&decide.vote, 200).unwrap_or_default();
    if vote.chars().count() < 4 {
        return Err(AppError::field("vote", "请写哪一次表决、结果怎样，4 到 200 个字", "Which vote it was and what came of it, 4 to 200 characters"));
    }
    keep(work, found, to, |new, _| (new.vote, new.decided_at) = (Set(vote), Set(Some(work.now.0)))).await
}

/// Carries a proposal out: from now on ground and bays are as it says.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Closed`] while it is not agreed, when trees
/// have no application, when green would be lost by now, somebody holds a bay that is given up, or too few would be accessible
/// (R5.5).
pub async fn carry(work: &Work<'_>, step: &Step) -> Result<Done, AppError> {
    work.caller.require(Permission::Bays)?;
    let found = find(work, step.conversion, step.version, &step.application).await?;
    may_step(found.stage, Stage::Carried, &found.check)?;
    if found.check.green_lost.0 > 0 {
        return Err(AppError::closed(
            "地块登记后来变了，照现在实施会少绿化（R5.3），请先核对。",
            "The ground was changed meanwhile and green would be lost (R5.3): look at it first.",
        ));
    }
    let accessible = bays::store::accessible(work.txn, work.community).await?;
    change_ground(work, &found).await?;
    change_bays(work, &found).await?;
    keeps_accessible(accessible, bays::store::accessible(work.txn, work.community).await?)?;
    keep(work, found, Stage::Carried, |new, _| new.carried_at = Set(Some(work.now.0))).await
}

async fn change_ground(work: &Work<'_>, found: &Found) -> Result<(), AppError> {
    for change in &found.changes.areas {
        areas::Entity::update_many()
            .col_expr(areas::Column::Ground, Expr::value(change.ground.code()))
            .col_expr(areas::Column::Green, Expr::value(change.green.0))
            .col_expr(areas::Column::Bikes, Expr::value(change.bikes))
            .col_expr(areas::Column::Version, Expr::col(areas::Column::Version).add(1))
            .filter(areas::Column::CommunityId.eq(work.community.0))
            .filter(areas::Column::Code.eq(change.code.as_str()))
            .exec(work.txn)
            .await?;
    }
    Ok(())
}

async fn change_bays(work: &Work<'_>, found: &Found) -> Result<(), AppError> {
    let (number, title) = (&found.row.number, &found.row.title);
    let reason = format!("{number} {title}");
    let frees = found.changes.frees.iter().map(|code| (code, BayState::Free));
    let closes = found.changes.closes.iter().map(|code| (code, BayState::Closed));
    for (n, (code, to)) in (1u128..).zip(frees.chain(closes)) {
        let Some(bay) = found.estate.bays.iter().find(|b| b.code == *code) else { continue };
        if bay.state == BayState::Held {
            // Who holds a bay that is won back keeps it.
            if to == BayState::Closed {
                return Err(AppError::closed(format!("车位 {code} 有人使用，请先结束租用。"), format!("Somebody holds bay {code}: end that first.")));
            }
        } else {
            let change = Uuid::from_u128(work.mutation.0.as_u128().wrapping_add(n));
            bays::store::set_state(work.txn, work.community, bay.id, to, &reason, work.person(), work.now, change).await?;
        }
        if to == BayState::Free {
            bay_rows::Entity::update_many()
                .col_expr(bay_rows::Column::Freed, Expr::value(true))
                .filter(bay_rows::Column::CommunityId.eq(work.community.0))
                .filter(bay_rows::Column::Id.eq(bay.id))
                .exec(work.txn)
                .await?;
        }
    }
    Ok(())
}
