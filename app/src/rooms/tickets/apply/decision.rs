//! What the committee's decision does to a ticket, and what it needs to know of it.

use super::advance::{facts, take};
use crate::apply::Work;
use crate::context::internal;
use crate::error::AppError;
use crate::ids::QuoteId;
use crate::rooms::tickets::entity::{quotes, tickets};
use crate::rooms::tickets::model::{State, Step};
use crate::rooms::tickets::rules::{self, Cause, Deed, Grounds, Tier};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QuerySelect, Set};
use uuid::Uuid;

async fn find(work: &Work<'_>, ticket: Uuid) -> Result<tickets::Model, AppError> {
    tickets::Entity::find_by_id((work.community.0, ticket)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)
}

/// Approves or returns a quote as the committee decided; the member whose word decided it is the actor.
///
/// # Errors
/// [`AppError::Conflict`] when the ticket waits for another quote, or for none.
pub async fn decided(work: &Work<'_>, ticket: Uuid, quote: Uuid, agreed: bool, reason: String) -> Result<(), AppError> {
    let row = find(work, ticket).await?;
    if row.state != State::AwaitingApproval.code() || row.quote_id != Some(quote) {
        return Err(AppError::Conflict { current: row.version });
    }
    let quote = QuoteId(quote);
    let step = if agreed { Step::Approve { quote } } else { Step::Decline { quote, reason } };
    let facts = facts(work, &row, step.kind()).await?;
    let to = facts.resume_to.unwrap_or(State::Accepted);
    take(work, row, &facts, &step, to).await.map(|_| ())
}

/// Why a quote that waits for the committee is no longer the committee's to decide; `None` while it is.
///
/// # Errors
/// When the database refuses.
pub async fn outgrown(work: &Work<'_>, ticket: Uuid) -> Result<Option<Cause>, AppError> {
    let row = find(work, ticket).await?;
    let facts = facts(work, &row, rules::Move::Approve).await?;
    // An emergency is the committee's whatever it costs.
    let total = row.quote_total.map(crate::measure::Fen).filter(|_| row.open_tier.as_deref() == Some(Tier::Committee.code()));
    Ok(total.and_then(|total| rules::cause(total, &facts)))
}

/// Lets the owners decide what waited for the committee.
///
/// # Errors
/// When the database refuses.
pub async fn to_owners(work: &Work<'_>, ticket: Uuid, cause: Cause) -> Result<(), AppError> {
    let row = find(work, ticket).await?;
    let Some(id) = row.quote_id else { return Ok(()) };
    let facts = facts(work, &row, rules::Move::Approve).await?;
    let tier = Tier::of_owners(facts.part);
    let quote = quotes::Entity::find_by_id((work.community.0, id)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    let old: Grounds = quote.grounds.as_deref().map(serde_json::from_str).transpose().map_err(internal)?.unwrap_or_default();
    let now = Grounds { cause: Some(cause), ..Grounds::of(crate::measure::Fen(quote.total), &facts, old.case) };
    let mut change = quote.into_active_model();
    change.tier = Set(tier.code().into());
    change.earlier = Set(facts.spent.0);
    change.grounds = Set(Some(serde_json::to_string(&now).map_err(internal)?));
    change.update(work.txn).await?;
    let version = row.version + 1;
    let mut change = row.clone().into_active_model();
    change.open_tier = Set(Some(tier.code().into()));
    change.version = Set(version);
    change.changed_at = Set(work.now.0);
    change.update(work.txn).await?;
    work.tell("ticket", row.id, &Deed::ToOwners { tier, cause }).await
}
