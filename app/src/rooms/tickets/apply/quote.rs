//! Quotes: who decides them, and what was spent at the same spot before.

use super::advance::Stepped;
use crate::apply::Work;
use crate::context::internal;
use crate::error::AppError;
use crate::measure::{Fen, Time};
use crate::rooms::tickets::entity::{quotes, tickets};
use crate::rooms::tickets::model::{QuoteLine, Step};
use crate::rooms::tickets::rules::{self, Facts, Tier};
use crate::text::clean;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};

/// The facts with what was approved for this ticket and for the same spot lately, and so with who decides its quote
/// as things are now: of two quotes that waited side by side the second may have become too much for the committee.
///
/// # Errors
/// When the database refuses.
pub(in crate::rooms::tickets) async fn with_costs(db: &impl ConnectionTrait, row: &tickets::Model, mut facts: Facts, now: Time) -> Result<Facts, AppError> {
    if !facts.state.is_open() {
        return Ok(facts);
    }
    facts.spent = spent(db, row, now.0 - facts.limits.split).await?;
    let total = row.quote_total.map(Fen).filter(|_| facts.open_tier == Some(Tier::Committee));
    if total.is_some_and(|total| rules::tier(total, &facts) == Tier::Owners) {
        facts.open_tier = Some(Tier::Owners);
    }
    Ok(facts)
}

/// What was approved for this ticket, and since then for others of the same facility, or of the same place where there
/// is no facility (R2.3: one spot is not split). What others pay is not counted.
async fn spent(db: &impl ConnectionTrait, row: &tickets::Model, since: i64) -> Result<Fen, AppError> {
    let approved = || {
        quotes::Entity::find().filter(quotes::Column::CommunityId.eq(row.community_id)).filter(quotes::Column::Approved.eq(1)).filter(quotes::Column::Tier.ne(Tier::Payer.code()))
    };
    let mut all = approved().filter(quotes::Column::TicketId.eq(row.id)).all(db).await?;
    // From the few that were decided lately to their tickets: a place may have thousands of old ones.
    let lately = approved().filter(quotes::Column::DecidedAt.gte(since)).filter(quotes::Column::TicketId.ne(row.id)).all(db).await?;
    if !lately.is_empty() {
        let facility = match row.facility_id {
            Some(facility) => tickets::Column::FacilityId.eq(facility),
            None => tickets::Column::FacilityId.is_null(),
        };
        let here: Vec<uuid::Uuid> = tickets::Entity::find()
            .select_only()
            .column(tickets::Column::Id)
            .filter(tickets::Column::CommunityId.eq(row.community_id))
            .filter(tickets::Column::Id.is_in(lately.iter().map(|q| q.ticket_id)))
            .filter(tickets::Column::PlaceId.eq(row.place_id))
            .filter(facility)
            .into_tuple()
            .all(db)
            .await?;
        all.extend(lately.into_iter().filter(|q| here.contains(&q.ticket_id)));
    }
    Ok(Fen(all.iter().fold(0, |sum: i64, q| sum.saturating_add(q.total))))
}

/// Keeps a quote with whoever decides it; what nobody has to decide is approved at once.
pub(super) async fn make_quote(
    work: &Work<'_>,
    row: &tickets::Model,
    facts: &Facts,
    lines: &[QuoteLine],
    change: &mut tickets::ActiveModel,
    deed: &mut Stepped,
) -> Result<(), AppError> {
    let lines: Vec<_> = lines.iter().map(|l| QuoteLine { name: clean(&l.name, 60).unwrap_or_default(), ..l.clone() }).collect();
    let total = rules::total(&lines);
    let tier = rules::tier(total, facts);
    let own = !tier.must_wait();
    let id = work.mutation.0;
    let quote = quotes::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        ticket_id: Set(row.id),
        lines: Set(serde_json::to_string(&lines).map_err(internal)?),
        total: Set(total.0),
        earlier: Set(facts.spent.0),
        tier: Set(tier.code().into()),
        made_by: Set(work.person().map(|p| p.0)),
        made_at: Set(work.now.0),
        approved: Set(own.then_some(1)),
        decided_by: Set(None),
        decided_at: Set(own.then_some(work.now.0)),
        reason: Set(None),
    };
    quotes::Entity::insert(quote).exec_without_returning(work.txn).await?;
    change.quote_id = Set(Some(id));
    change.quote_total = Set(Some(total.0));
    change.open_tier = Set((!own).then(|| tier.code().to_owned()));
    deed.amount = Some(total);
    deed.tier = Some(tier);
    Ok(())
}

/// Approves or returns the quote that was read.
pub(super) async fn decide_quote(
    work: &Work<'_>,
    row: &tickets::Model,
    id: uuid::Uuid,
    step: &Step,
    change: &mut tickets::ActiveModel,
    deed: &mut Stepped,
) -> Result<(), AppError> {
    if row.quote_id != Some(id) {
        return Err(AppError::Conflict { current: row.version });
    }
    let approved = matches!(step, Step::Approve { .. });
    let update = quotes::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        approved: Set(Some(i64::from(approved))),
        decided_by: Set(work.person().map(|p| p.0)),
        decided_at: Set(Some(work.now.0)),
        reason: Set(deed.reason.clone()),
        ..Default::default()
    };
    quotes::Entity::update(update).exec(work.txn).await?;
    change.open_tier = Set(None);
    deed.amount = row.quote_total.map(Fen);
    deed.tier = row.open_tier.as_deref().and_then(Tier::from_code);
    Ok(())
}
