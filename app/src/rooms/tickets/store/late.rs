//! Overdue tickets, for whoever reminds people of them.

use super::{card, of, public};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, TicketId};
use crate::measure::Time;
use crate::rooms::tickets::entity::tickets;
use crate::rooms::tickets::model::Card;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;

/// A ticket that has missed its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// The ticket.
    pub ticket: TicketId,
    /// The deadline.
    pub due_at: Time,
    /// 急修.
    pub urgent: bool,
}

/// The tickets whose deadline has passed, the latest first. What nobody has let in yet is no ticket so far.
///
/// # Errors
/// When the database refuses.
pub async fn late(db: &impl ConnectionTrait, community: CommunityId, now: Time, most: u64) -> Result<Vec<Late>, AppError> {
    let rows: Vec<(uuid::Uuid, i64, bool)> = public(community)
        .filter(tickets::Column::Open.eq(true))
        .filter(tickets::Column::DueAt.lt(now.0))
        .order_by_asc(tickets::Column::DueAt)
        .limit(most)
        .select_only()
        .columns([tickets::Column::Id, tickets::Column::DueAt, tickets::Column::Urgent])
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, due_at, urgent)| Late { ticket: TicketId(id), due_at: Time(due_at), urgent }).collect())
}

/// The card of a ticket that is still open with this deadline.
///
/// # Errors
/// [`AppError::NotFound`], and [`AppError::Closed`] when it has moved on.
pub async fn overdue_card(db: &impl ConnectionTrait, community: CommunityId, ticket: TicketId, due_at: Time) -> Result<Card, AppError> {
    let row = tickets::Entity::find_by_id((community.0, ticket.0)).one(db).await?.ok_or(AppError::NotFound)?;
    if !row.open || row.due_at != Some(due_at.0) {
        return Err(AppError::closed("这件报修已经有进展了。", "The ticket has moved on."));
    }
    Ok(card(row, &HashMap::new()))
}

/// What a list of messages says about a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its number.
    pub number: String,
    /// What it is called.
    pub heading: String,
    /// Its spot.
    pub spot: String,
    /// Its deadline now; `None` when nothing is due.
    pub due_at: Option<Time>,
}

/// What these tickets are called.
///
/// # Errors
/// When the database refuses.
pub async fn headings(db: &impl ConnectionTrait, community: CommunityId, ids: Vec<TicketId>, lang: Lang) -> Result<HashMap<TicketId, Heading>, AppError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = of(community).filter(tickets::Column::Id.is_in(ids.into_iter().map(|t| t.0))).all(db).await?;
    let workers = HashMap::new();
    Ok(rows
        .into_iter()
        .map(|row| {
            let card = card(row, &workers);
            (card.id, Heading { heading: card.heading(lang), number: card.number, spot: card.spot, due_at: card.due_at })
        })
        .collect())
}

/// Whether a ticket is still open.
///
/// # Errors
/// When the database refuses.
pub async fn is_open(db: &impl ConnectionTrait, community: CommunityId, ticket: TicketId) -> Result<bool, AppError> {
    Ok(tickets::Entity::find_by_id((community.0, ticket.0)).one(db).await?.is_some_and(|t| t.open))
}
