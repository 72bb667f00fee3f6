//! Quotes and bills: who decides them, and what was spent at the same spot before.

use super::advance::Stepped;
use super::prices::remember;
use crate::apply::Work;
use crate::context::internal;
use crate::error::AppError;
use crate::measure::{Fen, Time};
use crate::rooms::approvals::matters::{New, open, withdraw};
use crate::rooms::approvals::model::About;
use crate::rooms::approvals::store::decided_this_year;
use crate::rooms::tickets::entity::{bills, quotes, tickets};
use crate::rooms::tickets::model::{Offer, Quote, QuoteLine, State, Step, Urgent};
use crate::rooms::tickets::rules::{self, Cause, Facts, Grounds, Tier};
use crate::text::clean;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde::Serialize;
use uuid::Uuid;

/// The facts with what was approved for this ticket and for the same spot lately, with what the committee decided this
/// year, and so with who decides its quote as things are now: of two quotes that waited side by side the second may have
/// become too much for the committee.
///
/// # Errors
/// When the database refuses.
pub(in crate::rooms::tickets) async fn with_costs(db: &impl ConnectionTrait, row: &tickets::Model, mut facts: Facts, now: Time) -> Result<Facts, AppError> {
    let own: Vec<quotes::Model> = approved(row).filter(quotes::Column::TicketId.eq(row.id)).all(db).await?;
    facts.approved = sum(own.iter().map(|q| q.total));
    if !facts.state.is_open() && facts.state != State::AwaitingCheck {
        return Ok(facts);
    }
    let of_owners = |q: &&quotes::Model| q.tier != Tier::Payer.code();
    let others = elsewhere(db, row, now.0 - facts.limits.split).await?;
    facts.spent = sum(own.iter().filter(of_owners).chain(&others).map(|q| q.total));
    facts.year = decided_this_year(db, crate::ids::CommunityId(row.community_id), now).await?;
    let waiting = row.quote_total.map(Fen).filter(|_| facts.open_tier == Some(Tier::Committee));
    if waiting.is_some_and(|total| rules::cause(total, &facts).is_some()) {
        facts.open_tier = Some(Tier::of_owners(facts.part));
    }
    Ok(facts)
}

fn sum(amounts: impl Iterator<Item = i64>) -> Fen {
    Fen(amounts.fold(0, i64::saturating_add))
}

fn approved(row: &tickets::Model) -> sea_orm::Select<quotes::Entity> {
    quotes::Entity::find().filter(quotes::Column::CommunityId.eq(row.community_id)).filter(quotes::Column::Approved.eq(1))
}

/// What was approved since then for others of the same facility, or of the same place where there is no facility (R2.3:
/// one spot is not split). What others pay is not counted.
///
/// # Errors
/// When the database refuses.
pub(in crate::rooms::tickets) async fn elsewhere(db: &impl ConnectionTrait, row: &tickets::Model, since: i64) -> Result<Vec<quotes::Model>, AppError> {
    // From the few that were decided lately to their tickets: a place may have thousands of old ones.
    let lately =
        approved(row).filter(quotes::Column::Tier.ne(Tier::Payer.code())).filter(quotes::Column::DecidedAt.gte(since)).filter(quotes::Column::TicketId.ne(row.id)).all(db).await?;
    if lately.is_empty() {
        return Ok(lately);
    }
    let facility = match row.facility_id {
        Some(facility) => tickets::Column::FacilityId.eq(facility),
        None => tickets::Column::FacilityId.is_null(),
    };
    let here: Vec<Uuid> = tickets::Entity::find()
        .select_only()
        .column(tickets::Column::Id)
        .filter(tickets::Column::CommunityId.eq(row.community_id))
        .filter(tickets::Column::Id.is_in(lately.iter().map(|q| q.ticket_id)))
        .filter(tickets::Column::PlaceId.eq(row.place_id))
        .filter(facility)
        .into_tuple()
        .all(db)
        .await?;
    Ok(lately.into_iter().filter(|q| here.contains(&q.ticket_id)).collect())
}

/// Keeps a quote with whoever decides it: what nobody has to decide is approved at once, what is the committee's goes
/// before it.
pub(super) async fn make_quote(work: &Work<'_>, row: &tickets::Model, facts: &Facts, asked: &Quote, change: &mut tickets::ActiveModel, deed: &mut Stepped) -> Result<(), AppError> {
    let quote = tidy(asked);
    let lines = quote.chosen();
    let total = rules::total(lines);
    let (mut tier, id) = (rules::tier_of(&quote, facts), work.mutation.0);
    let mut grounds = Grounds::of(total, facts, quote.emergency.as_ref().map(|u| u.case));
    if tier.is_committee() {
        let matter = New { about: About::Ticket, id, subject: row.id, number: &row.number, title: &row.spot, amount: total, by: work.person() };
        if !open(work, matter).await? {
            grounds.cause = Some(Cause::Conflicts);
            tier = Tier::of_owners(facts.part);
        }
    }
    let own = !tier.must_wait();
    let several = !quote.offers.is_empty();
    let row_of_quote = quotes::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        ticket_id: Set(row.id),
        lines: Set(json(&lines)?),
        total: Set(total.0),
        earlier: Set(facts.spent.0),
        tier: Set(tier.code().into()),
        made_by: Set(work.person().map(|p| p.0)),
        made_at: Set(work.now.0),
        approved: Set(own.then_some(1)),
        decided_by: Set(None),
        decided_at: Set(own.then_some(work.now.0)),
        reason: Set(None),
        offers: Set(several.then(|| json(&quote.offers)).transpose()?),
        recommended: Set(several.then_some(i64::from(quote.recommended))),
        why: Set(several.then(|| quote.why.clone())),
        emergency: Set(quote.emergency.as_ref().map(json).transpose()?),
        grounds: Set(Some(json(&grounds)?)),
    };
    quotes::Entity::insert(row_of_quote).exec_without_returning(work.txn).await?;
    if own {
        remember(work, row.id, lines, false).await?;
    }
    change.quote_id = Set(Some(id));
    change.quote_total = Set(Some(total.0));
    change.open_tier = Set((!own).then(|| tier.code().to_owned()));
    deed.amount = Some(total);
    deed.tier = Some(tier);
    Ok(())
}

fn json(what: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string(what).map_err(internal)
}

/// A quote with its words in one spelling; the rules have judged them already.
fn tidy(quote: &Quote) -> Quote {
    let line = |l: &QuoteLine| QuoteLine { name: clean(&l.name, 60).unwrap_or_default(), ..l.clone() };
    let lines = |lines: &[QuoteLine]| lines.iter().map(line).collect();
    Quote {
        lines: if quote.offers.is_empty() { lines(&quote.lines) } else { Vec::new() },
        offers: quote.offers.iter().map(|o| Offer { supplier: clean(&o.supplier, 40).unwrap_or_default(), lines: lines(&o.lines) }).collect(),
        recommended: quote.recommended,
        why: clean(&quote.why, 300).unwrap_or_default(),
        emergency: quote.emergency.as_ref().map(|u| Urgent { case: u.case, paper: clean(&u.paper, 120).unwrap_or_default() }),
    }
}

/// Approves or returns the quote that was read.
pub(super) async fn decide_quote(work: &Work<'_>, row: &tickets::Model, id: Uuid, step: &Step, change: &mut tickets::ActiveModel, deed: &mut Stepped) -> Result<(), AppError> {
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
    // Where the committee decided, its matter is over already; what is sent back otherwise is no longer before it.
    withdraw(work, id).await?;
    if approved {
        let quote = quotes::Entity::find_by_id((work.community.0, id)).one(work.txn).await?.ok_or(AppError::NotFound)?;
        let lines: Vec<QuoteLine> = serde_json::from_str(&quote.lines).map_err(internal)?;
        remember(work, row.id, &lines, false).await?;
    }
    change.open_tier = Set(None);
    deed.amount = row.quote_total.map(Fen);
    deed.tier = row.open_tier.as_deref().and_then(Tier::from_code);
    Ok(())
}

/// Keeps the final bill; the last one stands, every one is an event.
pub(super) async fn settle(work: &Work<'_>, row: &tickets::Model, facts: &Facts, lines: &[QuoteLine], deed: &mut Stepped) -> Result<(), AppError> {
    let quote = tidy(&Quote::of(lines.to_vec()));
    let total = rules::total(&quote.lines);
    let bill = bills::ActiveModel {
        community_id: Set(work.community.0),
        ticket_id: Set(row.id),
        lines: Set(json(&quote.lines)?),
        total: Set(total.0),
        approved: Set(facts.approved.0),
        at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
    };
    let newer = OnConflict::columns([bills::Column::CommunityId, bills::Column::TicketId])
        .update_columns([bills::Column::Lines, bills::Column::Total, bills::Column::Approved, bills::Column::At, bills::Column::ById])
        .to_owned();
    bills::Entity::insert(bill).on_conflict(newer).exec_without_returning(work.txn).await?;
    remember(work, row.id, &quote.lines, true).await?;
    deed.amount = Some(total);
    Ok(())
}
