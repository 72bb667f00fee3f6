//! Reading the register and the rounds.

use super::entity::{assets, checks, round_stops, rounds};
use super::model::{CheckRow, Kind, KindNumbers, RoundRow, RoundView, Row, State, Stop, Turn, View};
use super::rules::{days_key, next_due, parse_day};
use crate::context::{Db, Viewer};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, PersonId, PhotoId, PlaceId, TicketId};
use crate::measure::{DAY, Time};
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::own_settings;
use crate::rooms::events::entity::events;
use crate::rooms::events::store::{of_subject, told};
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::Permission;
use crate::rooms::people::store::{names, public_name};
use crate::rooms::places::store::names_of;
use crate::rooms::tickets::store::headings;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Assets on one page.
pub const PAGE: u64 = 60;
/// Checks on an asset's page.
const CHECKS: u64 = 24;
/// Rounds in a list.
const ROUNDS: u64 = 40;

type Places = HashMap<PlaceId, String>;

fn row(a: assets::Model, places: &Places) -> Row {
    Row {
        id: a.id,
        number: a.number,
        kind: Kind::from_code(&a.kind).unwrap_or(Kind::Other),
        state: State::from_code(&a.state).unwrap_or(State::Retired),
        name: a.name,
        place: places.get(&PlaceId(a.place_id)).cloned().unwrap_or_default(),
        tag: a.tag,
        serial: a.serial,
        model: a.model,
        installed: a.installed,
        warranty: a.warranty,
        checked: a.checked_at.map(|at| (Time(at), a.passed)),
    }
}

/// What the register is asked for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only in this state; everything but retired when absent.
    pub state: Option<State>,
    /// Only names, numbers and serials with these words.
    pub text: String,
    /// The number after which the page begins.
    pub after: String,
}

/// One page of the register, and the number of its last asset when there are more.
///
/// # Errors
/// When the database refuses.
pub async fn register(db: &impl ConnectionTrait, community: CommunityId, query: &Query, most: u64) -> Result<(Vec<Row>, Option<String>), AppError> {
    let mut find = assets::Entity::find().filter(assets::Column::CommunityId.eq(community.0)).filter(assets::Column::Number.gt(query.after.as_str()));
    if let Some(kind) = query.kind {
        find = find.filter(assets::Column::Kind.eq(kind.code()));
    }
    find = match query.state {
        Some(state) => find.filter(assets::Column::State.eq(state.code())),
        None => find.filter(assets::Column::State.ne(State::Retired.code())),
    };
    let words: String = query.text.trim().chars().filter(|c| !matches!(c, '%' | '_' | '\\')).take(40).collect();
    if !words.is_empty() {
        find = find.filter(assets::Column::Name.contains(&words).or(assets::Column::Number.contains(&words)).or(assets::Column::Serial.contains(&words)));
    }
    let mut rows = find.order_by_asc(assets::Column::Number).limit(most + 1).all(db).await?;
    let more = rows.len() as u64 > most;
    rows.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|a| a.number.clone());
    let places = names_of(db, community).await?;
    Ok((rows.into_iter().map(|a| row(a, &places)).collect(), next))
}

/// What the numbers need of an asset: kind, state, last check, whether it passed, and what replaced it.
type Counted = (String, String, Option<i64>, bool, Option<Uuid>);

/// Every kind in numbers.
///
/// # Errors
/// When the database refuses.
pub async fn numbers(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Vec<KindNumbers>, AppError> {
    let (own, _, day) = own_settings(db, community, now).await?;
    let all: Vec<Counted> = assets::Entity::find()
        .filter(assets::Column::CommunityId.eq(community.0))
        .select_only()
        .columns([assets::Column::Kind, assets::Column::State, assets::Column::CheckedAt, assets::Column::Passed, assets::Column::ReplacedBy])
        .into_tuple()
        .all(db)
        .await?;
    let mut numbers = Vec::new();
    for kind in Kind::ALL {
        let span = days_key(kind).and_then(|key| setting(&own, key, &day)).unwrap_or(365) * DAY;
        let mut n = KindNumbers { kind, all: 0, in_use: 0, checked: 0, passed: 0, replaced: 0, last: None };
        for (_, state, checked_at, passed, replaced) in all.iter().filter(|a| a.0 == kind.code()) {
            if state == State::Retired.code() {
                n.replaced += i64::from(replaced.is_some());
                continue;
            }
            let lately = checked_at.is_some_and(|at| now.0 - at <= span);
            n.all += 1;
            n.in_use += i64::from(state == State::InUse.code());
            n.checked += i64::from(lately);
            n.passed += i64::from(lately && *passed);
            n.last = n.last.max(checked_at.map(Time));
        }
        if n.all + n.replaced > 0 {
            numbers.push(n);
        }
    }
    Ok(numbers)
}

/// An asset by its number.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn view(db: &impl ConnectionTrait, community: CommunityId, number: &str, lang: Lang, now: Time) -> Result<View, AppError> {
    let a = assets::Entity::find().filter(assets::Column::CommunityId.eq(community.0)).filter(assets::Column::Number.eq(number)).one(db).await?.ok_or(AppError::NotFound)?;
    let (own, offset, day) = own_settings(db, community, now).await?;
    let rows = checks::Entity::find()
        .filter(checks::Column::CommunityId.eq(community.0))
        .filter(checks::Column::AssetId.eq(a.id))
        .order_by_desc(checks::Column::At)
        .limit(CHECKS)
        .all(db)
        .await?;
    let kind = Kind::from_code(&a.kind).unwrap_or(Kind::Other);
    let days = days_key(kind).and_then(|key| setting(&own, key, &day));
    let open = match a.ticket_id.map(TicketId) {
        Some(ticket) if crate::rooms::tickets::store::is_open(db, community, ticket).await? => headings(db, community, vec![ticket], lang).await?.remove(&ticket).map(|h| h.number),
        _ => None,
    };
    let retired = a.state == State::Retired.code();
    let warranty = parse_day("warranty", &a.warranty, offset).ok().flatten();
    Ok(View {
        version: a.version,
        replaces: pair(db, community, a.replaces).await?,
        replaced_by: pair(db, community, a.replaced_by).await?,
        checks: check_rows(db, community, rows, lang).await?.into_iter().map(|(_, check)| check).collect(),
        turns: of_subject(db, community, "asset", a.id).await?.iter().rev().filter_map(turn).collect(),
        next: days.filter(|_| !retired).map(|days| next_due(a.checked_at.map(Time), Time(a.created_at), days)),
        in_warranty: warranty.is_some_and(|until| now < until + DAY),
        ticket: open,
        row: row(a, &names_of(db, community).await?),
    })
}

/// What the event of a change tells.
#[derive(serde::Deserialize)]
struct Changed {
    from: String,
    to: String,
    reason: Option<String>,
}

/// A change of state, where an event tells of one.
fn turn(event: &events::Model) -> Option<Turn> {
    let changed: Changed = told(event)?;
    let (from, to) = (State::from_code(&changed.from)?, State::from_code(&changed.to)?);
    (from != to).then(|| Turn { at: Time(event.at), from, to, reason: changed.reason.unwrap_or_default() })
}

async fn pair(db: &impl ConnectionTrait, community: CommunityId, id: Option<Uuid>) -> Result<Option<(String, String)>, AppError> {
    let Some(id) = id else { return Ok(None) };
    Ok(assets::Entity::find_by_id((community.0, id)).one(db).await?.map(|a| (a.number, a.name)))
}

async fn check_rows(db: &impl ConnectionTrait, community: CommunityId, rows: Vec<checks::Model>, lang: Lang) -> Result<Vec<(Uuid, CheckRow)>, AppError> {
    let people = names(db, community, rows.iter().filter_map(|c| c.person_id)).await?;
    let tickets = headings(db, community, rows.iter().filter_map(|c| c.ticket_id.map(TicketId)).collect(), lang).await?;
    Ok(rows
        .into_iter()
        .map(|c| {
            let who = c.person_id.and_then(|id| people.get(&id)).map(|name| public_name(lang, name, Some(Role::Worker))).unwrap_or_default();
            let ticket = c.ticket_id.and_then(|id| tickets.get(&TicketId(id))).map(|h| h.number.clone());
            let photos: Vec<PhotoId> = serde_json::from_str(&c.photos).unwrap_or_default();
            (c.asset_id, CheckRow { at: Time(c.at), passed: c.passed, reading: c.reading, note: c.note, who, ticket, photos })
        })
        .collect())
}

/// The rounds, the newest first; only those of one worker that are open where `of` names one.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &impl ConnectionTrait, community: CommunityId, of: Option<PersonId>, lang: Lang) -> Result<Vec<RoundRow>, AppError> {
    let mut find = rounds::Entity::find().filter(rounds::Column::CommunityId.eq(community.0));
    if let Some(worker) = of {
        find = find.filter(rounds::Column::WorkerId.eq(worker.0)).filter(rounds::Column::ClosedAt.is_null());
    }
    let rows = find.order_by_desc(rounds::Column::OpenedAt).limit(ROUNDS).all(db).await?;
    let mut all = Vec::with_capacity(rows.len());
    for r in rows {
        all.push(round_row(db, community, r, lang).await?);
    }
    Ok(all)
}

async fn round_row(db: &impl ConnectionTrait, community: CommunityId, r: rounds::Model, lang: Lang) -> Result<RoundRow, AppError> {
    let verdicts: Vec<bool> = checks::Entity::find()
        .filter(checks::Column::CommunityId.eq(community.0))
        .filter(checks::Column::RoundId.eq(r.id))
        .filter(checks::Column::Counts.eq(true))
        .select_only()
        .column(checks::Column::Passed)
        .into_tuple()
        .all(db)
        .await?;
    let worker = names(db, community, [r.worker_id]).await?.remove(&r.worker_id).map(|n| public_name(lang, &n, Some(Role::Worker))).unwrap_or_default();
    Ok(RoundRow {
        id: r.id,
        number: r.number,
        kind: Kind::from_code(&r.kind).unwrap_or(Kind::Other),
        worker,
        worker_id: PersonId(r.worker_id),
        opened_at: Time(r.opened_at),
        due_at: Time(r.due_at),
        closed_at: r.closed_at.map(Time),
        total: r.total,
        checked: i64::try_from(verdicts.len()).unwrap_or(i64::MAX),
        passed: i64::try_from(verdicts.iter().filter(|p| **p).count()).unwrap_or(i64::MAX),
    })
}

/// A round with its assets, for those who inspect and those who watch.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn round(db: &Db, viewer: &Viewer, id: Uuid, lang: Lang) -> Result<RoundView, AppError> {
    viewer.require(Permission::SeeDesk)?;
    let (db, community) = (&db.read, viewer.community());
    let r = rounds::Entity::find_by_id((community.0, id)).one(db).await?.ok_or(AppError::NotFound)?;
    let mut stops = round_stops::Entity::find()
        .filter(round_stops::Column::CommunityId.eq(community.0))
        .filter(round_stops::Column::RoundId.eq(id))
        .order_by_asc(round_stops::Column::N)
        .all(db)
        .await?;
    stops.sort_by_key(|s| s.n);
    let rows: HashMap<Uuid, assets::Model> = assets::Entity::find()
        .filter(assets::Column::CommunityId.eq(community.0))
        .filter(assets::Column::Id.is_in(stops.iter().map(|s| s.asset_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|a| (a.id, a))
        .collect();
    let made =
        checks::Entity::find().filter(checks::Column::CommunityId.eq(community.0)).filter(checks::Column::RoundId.eq(id)).filter(checks::Column::Counts.eq(true)).all(db).await?;
    let mut made: HashMap<Uuid, CheckRow> = check_rows(db, community, made, lang).await?.into_iter().collect();
    let places = names_of(db, community).await?;
    let stops = stops.into_iter().filter_map(|s| Some(Stop { row: row(rows.get(&s.asset_id)?.clone(), &places), check: made.remove(&s.asset_id) })).collect();
    let mine = r.worker_id == viewer.person().0;
    let open = r.closed_at.is_none();
    let may = viewer.may(Permission::Inspect) && (mine || viewer.may(Permission::Assets));
    Ok(RoundView { row: round_row(db, community, r, lang).await?, stops, mine: mine && open, may_close: may && open })
}

/// The inspections that are due before a moment: kind, how many, and since when the first is.
///
/// # Errors
/// When the database refuses.
pub async fn due_before(db: &impl ConnectionTrait, community: CommunityId, until: Time, now: Time) -> Result<Vec<(Kind, i64, Time)>, AppError> {
    let (own, _, day) = own_settings(db, community, now).await?;
    let rows: Vec<(String, Option<i64>, i64)> = assets::Entity::find()
        .filter(assets::Column::CommunityId.eq(community.0))
        .filter(assets::Column::State.ne(State::Retired.code()))
        .select_only()
        .columns([assets::Column::Kind, assets::Column::CheckedAt, assets::Column::CreatedAt])
        .into_tuple()
        .all(db)
        .await?;
    let due = |kind: Kind| {
        let days = days_key(kind).and_then(|key| setting(&own, key, &day))?;
        let times = rows.iter().filter(|r| r.0 == kind.code()).map(|r| next_due(r.1.map(Time), Time(r.2), days)).filter(|at| *at < until);
        let (count, first) = times.fold((0, None), |(n, first): (i64, Option<Time>), at| (n + 1, Some(first.map_or(at, |f| f.min(at)))));
        first.map(|first| (kind, count, first))
    };
    Ok(Kind::ALL.into_iter().filter_map(due).collect())
}

/// An asset at its place, for the site plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetSpot {
    /// Its number.
    pub number: String,
    /// Number, kind, name and state.
    pub label: String,
    /// Its place.
    pub place: PlaceId,
    /// How it is drawn.
    pub look: &'static str,
}

/// Everything that is not retired, by number.
///
/// # Errors
/// When the database refuses.
pub async fn spots(db: &impl ConnectionTrait, community: CommunityId, most: u64, lang: Lang) -> Result<Vec<AssetSpot>, AppError> {
    let rows: Vec<(String, String, String, String, Uuid)> = assets::Entity::find()
        .filter(assets::Column::CommunityId.eq(community.0))
        .filter(assets::Column::State.ne(State::Retired.code()))
        .order_by_asc(assets::Column::Number)
        .limit(most)
        .select_only()
        .columns([assets::Column::Number, assets::Column::Kind, assets::Column::Name, assets::Column::State, assets::Column::PlaceId])
        .into_tuple()
        .all(db)
        .await?;
    let spot = |(number, kind, name, state, place): (String, String, String, String, Uuid)| {
        let (kind, state) = (Kind::from_code(&kind).unwrap_or(Kind::Other), State::from_code(&state).unwrap_or(State::Retired));
        let look = match state {
            State::InUse => "ok",
            State::Faulty => "bad",
            State::Offline | State::Retired => "off",
        };
        AssetSpot { label: format!("{number} {} {name} {}", kind.label(lang), state.label(lang)), number, place: PlaceId(place), look }
    };
    Ok(rows.into_iter().map(spot).collect())
}
