//! Comments, moderation, and what the clock archives.

use super::find;
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::ids::{CommunityId, TicketId};
use crate::measure::Time;
use crate::rooms::communities::store::limits;
use crate::rooms::people::rules::Permission;
use crate::rooms::tickets::entity::{comments, tickets};
use crate::rooms::tickets::model::{HideComment, Moderate, Moderation, State, Visibility, WriteComment};
use crate::rooms::tickets::rules::{Deed, parse_reason, parse_text};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};

/// Writes under a ticket.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn comment(work: &Work<'_>, comment: &WriteComment) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Comment)?;
    let row = find(work, comment.ticket).await?;
    let text = parse_text("text", &comment.text)?;
    if text.is_empty() {
        return Err(AppError::field("text", "请写一句话", "Write a sentence"));
    }
    let new = comments::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        ticket_id: Set(row.id),
        person_id: Set(viewer.person().0),
        text: Set(text),
        at: Set(work.now.0),
        hidden_reason: Set(None),
    };
    comments::Entity::insert(new).exec_without_returning(work.txn).await?;
    let touched = tickets::ActiveModel { community_id: Set(row.community_id), id: Set(row.id), changed_at: Set(work.now.0), ..Default::default() };
    tickets::Entity::update(touched).exec(work.txn).await?;
    work.tell("ticket_comment", row.id, &Deed::Commented).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version })
}

/// Hides a comment. Hidden is not deleted: whoever may hide, and who wrote it, still read it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when it is hidden already,
/// [`AppError::Invalid`] for a missing reason.
pub async fn hide_comment(work: &Work<'_>, hide: &HideComment) -> Result<Done, AppError> {
    let row = find(work, hide.ticket).await?;
    work.caller.require(Permission::Hide)?;
    let reason = parse_reason(&hide.reason)?;
    let comment = comments::Entity::find_by_id((work.community.0, hide.comment.0)).one(work.txn).await?;
    let comment = comment.filter(|c| c.ticket_id == row.id).ok_or(AppError::NotFound)?;
    if comment.hidden_reason.is_some() {
        return Err(AppError::closed("这条留言已经隐藏了。", "This comment is hidden already."));
    }
    let hidden = comments::ActiveModel { community_id: Set(work.community.0), id: Set(comment.id), hidden_reason: Set(Some(reason.clone())), ..Default::default() };
    comments::Entity::update(hidden).exec(work.txn).await?;
    work.tell("ticket_comment", row.id, &Deed::CommentHidden { comment: hide.comment, reason: Some(reason) }).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version })
}

/// Shows or hides a ticket. Hidden is not deleted: the desk, the committee and the reporter still see it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Conflict`], [`AppError::Invalid`] for a missing reason.
pub async fn moderate(work: &Work<'_>, moderate: &Moderate) -> Result<Done, AppError> {
    let row = find(work, moderate.ticket).await?;
    let pending = Visibility::from_code(&row.visibility) == Visibility::Pending;
    let shown = moderate.decision == Moderation::Show;
    work.caller.require(if shown && pending { Permission::Release } else { Permission::Hide })?;
    if row.version != moderate.version {
        return Err(AppError::Conflict { current: row.version });
    }
    let reason = if shown { parse_text("reason", &moderate.reason)? } else { parse_reason(&moderate.reason)? };
    let mut change = row.clone().into_active_model();
    change.visibility = Set(if shown { Visibility::Public } else { Visibility::Hidden }.code().into());
    change.hidden_reason = Set((!shown).then(|| reason.clone()));
    change.version = Set(row.version + 1);
    change.changed_at = Set(work.now.0);
    change.update(work.txn).await?;
    work.tell("ticket", row.id, &Deed::Moderated { shown, reason: Some(reason) }).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version + 1 })
}

/// The tickets that can no longer be reopened: the clock archives them.
///
/// # Errors
/// When the database refuses.
pub async fn to_archive(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Vec<(TicketId, i64)>, AppError> {
    let limits = limits(db, community, now).await?;
    let states = [State::AwaitingCheck, State::Done, State::Rated].map(State::code);
    let rows: Vec<(uuid::Uuid, i64)> = tickets::Entity::find()
        .select_only()
        .column(tickets::Column::Id)
        .column(tickets::Column::Version)
        .filter(tickets::Column::CommunityId.eq(community.0))
        .filter(tickets::Column::State.is_in(states))
        .filter(tickets::Column::FinishedAt.lt(now.0 - limits.reopen))
        .order_by_asc(tickets::Column::FinishedAt)
        .limit(200)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, version)| (TicketId(id), version)).collect())
}
