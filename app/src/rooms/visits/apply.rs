//! Making passes, taking them back, and letting visitors in.

use super::entity::visits;
use super::model::{Cancel, Invite, LetIn, Visit};
use super::rules::{may_enter, may_invite, parse_invite, worth};
use super::store::{limits, made, visit_code};
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::ids::UnitId;
use crate::measure::Time;
use crate::rooms::people::rules::Permission;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

/// Makes a pass. Its code is the receipt's number.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::Closed`] when the household has as many as the rule number says.
pub async fn invite(work: &Work<'_>, invite: &Invite) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Invites)?;
    let unit = viewer.unit().ok_or(AppError::Forbidden)?;
    let (limits, offset) = limits(work.txn, work.community, work.now).await?;
    let invite = parse_invite(invite, &limits, work.now, offset)?;
    let month = invite.day.get(..7).unwrap_or_default().to_owned();
    // Of two at once the second counts the first: the chain is held.
    work.hold().await?;
    may_invite(made(work.txn, work.community, unit, &month).await?, &limits)?;
    let code = visit_code(&work.services.letter_key, work.mutation.0);
    let row = visits::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        code: Set(code.clone()),
        unit_id: Set(unit.0),
        person_id: Set(work.person().map(|p| p.0)),
        day: Set(invite.day.clone()),
        month: Set(month),
        name: Set(invite.name),
        plate: Set(invite.plate),
        at: Set(work.now.0),
        used_at: Set(None),
        used_by: Set(None),
        cancelled_at: Set(None),
    };
    visits::Entity::insert(row).exec_without_returning(work.txn).await?;
    // Neither name nor plate nor code: an event stays for ever.
    work.tell("visit", work.mutation.0, &json!({ "did": "invited", "unit": unit, "day": invite.day })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(code), version: 1 })
}

async fn find(work: &Work<'_>, id: Uuid) -> Result<visits::Model, AppError> {
    visits::Entity::find_by_id((work.community.0, id)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)
}

/// Takes a pass back that nobody used yet: somebody of the household.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] also for another household's, [`AppError::Closed`].
pub async fn cancel(work: &Work<'_>, cancel: &Cancel) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Invites)?;
    let row = find(work, cancel.visit).await?;
    if viewer.unit().map(|u| u.0) != Some(row.unit_id) {
        return Err(AppError::NotFound);
    }
    if row.used_at.is_some() || row.cancelled_at.is_some() {
        return Err(AppError::closed("这张访客证已经用过或取消了。", "This pass was used or taken back already."));
    }
    let code = row.code.clone();
    let mut new = row.into_active_model();
    new.cancelled_at = Set(Some(work.now.0));
    new.update(work.txn).await?;
    work.tell("visit", cancel.visit, &json!({ "did": "cancelled" })).await?;
    Ok(Done { subject: Some(cancel.visit), number: Some(code), version: 2 })
}

/// Lets somebody in, once.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], and what [`may_enter`] refuses.
pub async fn let_in(work: &Work<'_>, entry: &LetIn) -> Result<Done, AppError> {
    work.caller.require(Permission::Gate)?;
    let row = find(work, entry.visit).await?;
    let offset = crate::rooms::communities::store::offset_of(work.txn, work.community).await?;
    let visit = Visit {
        id: row.id,
        code: row.code.clone(),
        unit: UnitId(row.unit_id),
        day: row.day.clone(),
        name: String::new(),
        plate: String::new(),
        at: Time(row.at),
        used_at: row.used_at.map(Time),
        cancelled: row.cancelled_at.is_some(),
    };
    may_enter(worth(&visit, work.now, offset))?;
    let mut new = row.into_active_model();
    (new.used_at, new.used_by) = (Set(Some(work.now.0)), Set(work.person().map(|p| p.0)));
    new.update(work.txn).await?;
    work.tell("visit", visit.id, &json!({ "did": "let_in" })).await?;
    Ok(Done { subject: Some(visit.id), number: Some(visit.code), version: 2 })
}
