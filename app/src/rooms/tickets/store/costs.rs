//! Quotes, bills, and what things cost before.

use crate::context::{Db, internal};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, QuoteId, TicketId};
use crate::measure::{DAY, Fen, Time};
use crate::rooms::approvals::store::standing;
use crate::rooms::communities::store::limits_known;
use crate::rooms::tickets::apply::elsewhere;
use crate::rooms::tickets::entity::{bills, prices, quotes, tickets};
use crate::rooms::tickets::model::{Bill, EarlierJob, Part, PriceNote, QuoteLine, QuoteView, Urgent};
use crate::rooms::tickets::rules::{self, Grounds, Limits, Tier, item_of};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::de::DeserializeOwned;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Prices older than this are shown as the last one at most, and not in the span.
const REMEMBERED: i64 = 730 * DAY;
/// Prices that one page looks at.
const LOOKED_AT: u64 = 1_000;
/// Items in the list of known ones.
const KNOWN: usize = 200;

/// What the committee approved of quotes since then. Emergencies (SH 73) are not counted.
///
/// # Errors
/// When the database refuses.
pub async fn decided_since(db: &impl ConnectionTrait, community: CommunityId, from: Time) -> Result<Fen, AppError> {
    let totals: Vec<i64> = quotes::Entity::find()
        .select_only()
        .column(quotes::Column::Total)
        .filter(quotes::Column::CommunityId.eq(community.0))
        .filter(quotes::Column::DecidedAt.gte(from.0))
        .filter(quotes::Column::Approved.eq(1))
        .filter(quotes::Column::Tier.eq(Tier::Committee.code()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(Fen(totals.into_iter().fold(0, i64::saturating_add)))
}

fn read<T: DeserializeOwned>(kept: Option<&str>) -> Result<Option<T>, AppError> {
    kept.map(serde_json::from_str).transpose().map_err(internal)
}

/// The latest quote of a ticket with everything that its readers need; prices only for a desk.
pub(super) async fn quote(db: &impl ConnectionTrait, row: &tickets::Model, desk: bool, lang: Lang, limits: &Limits, now: Time) -> Result<Option<QuoteView>, AppError> {
    match row.quote_id {
        Some(id) => quote_of(db, row, id, desk, lang, limits, now).await,
        None => Ok(None),
    }
}

/// A quote of a ticket that may not be its latest, for whoever may read the ticket.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such ticket.
pub async fn earlier_quote(db: &Db, community: CommunityId, ticket: TicketId, id: QuoteId, desk: bool, lang: Lang, now: Time) -> Result<Option<QuoteView>, AppError> {
    let row = tickets::Entity::find_by_id((community.0, ticket.0)).one(&db.read).await?.ok_or(AppError::NotFound)?;
    let limits = limits_known(db, community, now).await?;
    quote_of(&db.read, &row, id.0, desk, lang, &limits, now).await
}

async fn quote_of(db: &impl ConnectionTrait, row: &tickets::Model, id: Uuid, desk: bool, lang: Lang, limits: &Limits, now: Time) -> Result<Option<QuoteView>, AppError> {
    let Some(q) = quotes::Entity::find_by_id((row.community_id, id)).one(db).await?.filter(|q| q.ticket_id == row.id) else { return Ok(None) };
    let community = CommunityId(row.community_id);
    let tier = Tier::from_code(&q.tier).unwrap_or(Tier::Owners);
    let part = Part::from_code(&row.part).unwrap_or_default();
    let grounds: Option<Grounds> = read(q.grounds.as_deref())?;
    let urgent: Option<Urgent> = read(q.emergency.as_deref())?;
    let lines: Vec<QuoteLine> = serde_json::from_str(&q.lines).map_err(internal)?;
    let offers: Vec<crate::rooms::tickets::model::Offer> = read(q.offers.as_deref())?.unwrap_or_default();
    let earlier_jobs = if q.earlier > 0 && tier != Tier::Payer { earlier(db, row, &q, limits).await? } else { Vec::new() };
    let names: HashSet<String> = lines.iter().chain(offers.iter().flat_map(|o| &o.lines)).map(|l| item_of(&l.name)).collect();
    let prices = if desk { notes(db, community, names, row.id, now).await? } else { Vec::new() };
    Ok(Some(QuoteView {
        id: QuoteId(q.id),
        total: Fen(q.total),
        at: Time(q.made_at),
        tier,
        earlier: Fen(q.earlier),
        who_decides: grounds.map_or_else(|| tier.label(lang, limits), |g| rules::why(lang, tier, part, &g)),
        decided: q.approved.zip(q.decided_at).map(|(good, at)| (good == 1, Time(at))),
        recommended: q.recommended.and_then(|n| u8::try_from(n).ok()).unwrap_or_default(),
        why: q.why.clone().unwrap_or_default(),
        emergency: urgent.map(|u| format!("{} {}", u.case.label(lang), u.paper).trim().to_owned()).unwrap_or_default(),
        decision: standing(db, community, q.id).await?.map(|(number, _)| number),
        earlier_jobs,
        prices,
        lines,
        offers,
    }))
}

/// What a quote's earlier amount consists of: approved for this ticket and for others of the same spot before it was made.
async fn earlier(db: &impl ConnectionTrait, row: &tickets::Model, q: &quotes::Model, limits: &Limits) -> Result<Vec<EarlierJob>, AppError> {
    let own = quotes::Entity::find()
        .filter(quotes::Column::CommunityId.eq(row.community_id))
        .filter(quotes::Column::TicketId.eq(row.id))
        .filter(quotes::Column::Approved.eq(1))
        .filter(quotes::Column::Tier.ne(Tier::Payer.code()))
        .filter(quotes::Column::Id.ne(q.id))
        .all(db)
        .await?;
    let mut all = elsewhere(db, row, q.made_at - limits.split).await?;
    all.extend(own);
    all.sort_by_key(|other| other.decided_at);
    // What came after it was judged is not in its sum.
    let mut left = q.earlier;
    all.retain(|other| {
        let counted = other.total <= left;
        left -= if counted { other.total } else { 0 };
        counted
    });
    let numbers = numbers(db, CommunityId(row.community_id), all.iter().map(|other| other.ticket_id)).await?;
    let job = |other: &quotes::Model| Some(EarlierJob { number: numbers.get(&other.ticket_id)?.clone(), amount: Fen(other.total), at: Time(other.decided_at?) });
    Ok(all.iter().filter_map(job).collect())
}

async fn numbers(db: &impl ConnectionTrait, community: CommunityId, ids: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, String>, AppError> {
    let ids: HashSet<Uuid> = ids.collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = tickets::Entity::find()
        .select_only()
        .column(tickets::Column::Id)
        .column(tickets::Column::Number)
        .filter(tickets::Column::CommunityId.eq(community.0))
        .filter(tickets::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// What items cost before on other tickets: the last price, and the span of the last two years.
async fn notes(db: &impl ConnectionTrait, community: CommunityId, items: HashSet<String>, except: Uuid, now: Time) -> Result<Vec<PriceNote>, AppError> {
    if items.is_empty() {
        return Ok(Vec::new());
    }
    let rows = prices::Entity::find()
        .filter(prices::Column::CommunityId.eq(community.0))
        .filter(prices::Column::Item.is_in(items))
        .filter(prices::Column::TicketId.ne(except))
        .order_by_desc(prices::Column::At)
        .limit(LOOKED_AT)
        .all(db)
        .await?;
    let numbers = numbers(db, community, rows.iter().map(|p| p.ticket_id)).await?;
    let mut notes: Vec<PriceNote> = Vec::new();
    for p in rows {
        let price = Fen(p.unit_price);
        match notes.iter_mut().find(|n| n.item == p.item) {
            Some(note) if p.at >= now.0 - REMEMBERED => {
                note.low = note.low.min(price);
                note.high = note.high.max(price);
            }
            Some(_) => {}
            None => {
                let ticket = numbers.get(&p.ticket_id).cloned().unwrap_or_default();
                notes.push(PriceNote { item: p.item, last: price, at: Time(p.at), ticket, low: price, high: price });
            }
        }
    }
    Ok(notes)
}

/// An item that was paid for before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// As it was last written.
    pub name: String,
    /// The last price of one.
    pub last: Fen,
}

/// The items of the last two years, the newest first, for whoever writes a quote.
///
/// # Errors
/// When the database refuses.
pub async fn known_items(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Vec<Known>, AppError> {
    let rows: Vec<(String, String, i64)> = prices::Entity::find()
        .select_only()
        .columns([prices::Column::Item, prices::Column::Name, prices::Column::UnitPrice])
        .filter(prices::Column::CommunityId.eq(community.0))
        .filter(prices::Column::At.gte(now.0 - REMEMBERED))
        .order_by_desc(prices::Column::At)
        .limit(LOOKED_AT)
        .into_tuple()
        .all(db)
        .await?;
    let mut seen = HashSet::new();
    Ok(rows.into_iter().filter(|(item, ..)| seen.insert(item.clone())).map(|(_, name, price)| Known { name, last: Fen(price) }).take(KNOWN).collect())
}

/// The final bill, held against what was approved.
pub(super) async fn bill(db: &impl ConnectionTrait, row: &tickets::Model) -> Result<Option<Bill>, AppError> {
    if row.quote_id.is_none() {
        return Ok(None);
    }
    let Some(bill) = bills::Entity::find_by_id((row.community_id, row.id)).one(db).await? else { return Ok(None) };
    let approved = quotes::Entity::find()
        .filter(quotes::Column::CommunityId.eq(row.community_id))
        .filter(quotes::Column::TicketId.eq(row.id))
        .filter(quotes::Column::Approved.eq(1))
        .order_by_asc(quotes::Column::MadeAt)
        .all(db)
        .await?;
    let mut quoted = Vec::new();
    for quote in approved {
        let lines: Vec<QuoteLine> = serde_json::from_str(&quote.lines).map_err(internal)?;
        quoted.extend(lines);
    }
    Ok(Some(Bill { lines: serde_json::from_str(&bill.lines).map_err(internal)?, total: Fen(bill.total), at: Time(bill.at), approved: Fen(bill.approved), quoted }))
}
