//! Reading cars, leases, payments, proposals, papers.

use super::{Homes, ROWS, cars_by_id, home_name, homes, one_home, plate_of, round_row};
use crate::context::Viewer;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, PhotoId, UnitId};
use crate::measure::{DAY, Fen, Time};
use crate::rooms::communities::store::offset_of;
use crate::rooms::parking::entity::{leases, papers, payments, rounds, swaps, vehicles};
use crate::rooms::parking::model::{Band, CarRow, CarState, Kind, LeaseRow, LeaseState, Month, PaymentRow, Right, RoundRow, SwapRow};
use crate::rooms::parking::plates::spoken;
use crate::rooms::parking::rules::month_of;
use crate::rooms::parking::sides::{Sides, owns};
use crate::rooms::people::rules::Permission;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Months of a statement.
const MONTHS: usize = 24;

pub(super) fn car_row(c: vehicles::Model, homes: &Homes, lang: Lang) -> CarRow {
    let unit = if c.unit_id.is_none() { format!("{} {}", home_name(homes, None, lang, false), c.contact) } else { home_name(homes, c.unit_id, lang, false) };
    CarRow {
        id: c.id,
        plate: spoken(&c.plate),
        ev: c.ev,
        unit,
        state: CarState::from_code(&c.state).unwrap_or(CarState::Pending),
        words: c.words,
        photo: c.photo_id.map(PhotoId),
        at: Time(c.at),
    }
}

/// The cars of a desk: those that wait for a look first.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn cars(db: &impl ConnectionTrait, viewer: &Viewer, lang: Lang) -> Result<Vec<CarRow>, AppError> {
    viewer.require(Permission::ParkingCheck)?;
    let community = viewer.community();
    let homes = homes(db, community).await?;
    let rows = vehicles::Entity::find()
        .filter(vehicles::Column::CommunityId.eq(community.0))
        .filter(vehicles::Column::Gone.eq(0))
        .order_by_asc(vehicles::Column::At)
        .limit(ROWS)
        .all(db)
        .await?;
    let mut cars: Vec<CarRow> = rows.into_iter().map(|c| car_row(c, &homes, lang)).collect();
    cars.sort_by_key(|c| c.state != CarState::Pending);
    Ok(cars)
}

/// Whether a photo is the proof of a car of this community: a desk may see it.
///
/// # Errors
/// When the database refuses.
pub async fn is_proof(db: &impl ConnectionTrait, community: CommunityId, photo: PhotoId) -> Result<bool, AppError> {
    Ok(vehicles::Entity::find().filter(vehicles::Column::CommunityId.eq(community.0)).filter(vehicles::Column::PhotoId.eq(photo.0)).count(db).await? > 0)
}

fn lease_row(l: leases::Model, kinds: &HashMap<Uuid, Kind>, (homes, cars): (&Homes, &HashMap<Uuid, vehicles::Model>), lang: Lang, hide: bool) -> LeaseRow {
    let appeal = l.appeal_at.map(|_| (l.appeal_words.clone(), l.ruling.map(|stands| (stands == 1, l.ruling_words.clone()))));
    LeaseRow {
        id: l.id,
        number: l.number,
        round: l.round_id,
        right: Right::from_code(&l.kind).unwrap_or(Right::Pass),
        kind: l.bay_id.and_then(|b| kinds.get(&b).copied()).unwrap_or(Kind::Plain),
        bay: l.bay_code,
        unit: home_name(homes, l.unit_id, lang, hide),
        unit_id: l.unit_id.map(UnitId),
        plate: plate_of(cars, l.vehicle_id, hide),
        fee: Fen(l.fee),
        months: l.months,
        from: Time(l.from_at),
        until: Time(l.until),
        paid_until: Time(l.paid_until),
        state: LeaseState::from_code(&l.state).unwrap_or(LeaseState::Ended),
        why: l.why,
        notice: l.notice_until.map(|until| (l.notice_why, Time(until))),
        appeal,
    }
}

pub(super) async fn leases_where(
    db: &impl ConnectionTrait,
    community: CommunityId,
    mine: Option<(&Viewer, &Sides)>,
    lang: Lang,
    hide: bool,
    known: (&Homes, &HashMap<Uuid, vehicles::Model>),
) -> Result<Vec<LeaseRow>, AppError> {
    let mut of = leases::Entity::find().filter(leases::Column::CommunityId.eq(community.0));
    if let Some((_, sides)) = mine {
        of = of.filter(leases::Column::UnitId.eq(sides.home.0));
    }
    let rows = of.order_by_desc(leases::Column::FromAt).order_by_asc(leases::Column::Number).limit(ROWS).all(db).await?;
    let kinds = kinds_of_bays(db, community).await?;
    let rows = rows.into_iter().filter(|l| mine.is_none_or(|(viewer, sides)| sides.may(viewer, l.person_id)));
    Ok(rows.map(|l| lease_row(l, &kinds, known, lang, hide)).collect())
}

async fn kinds_of_bays(db: &impl ConnectionTrait, community: CommunityId) -> Result<HashMap<Uuid, Kind>, AppError> {
    Ok(crate::rooms::bays::store::list(db, community).await?.iter().map(|b| (b.id, crate::rooms::parking::leases::kind_of_bay(b))).collect())
}

/// All leases, the newest first, for a desk.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn leases(db: &impl ConnectionTrait, viewer: &Viewer, lang: Lang) -> Result<Vec<LeaseRow>, AppError> {
    viewer.require(Permission::ParkingDesk)?;
    let community = viewer.community();
    let (homes, cars) = (homes(db, community).await?, cars_by_id(db, community, None).await?);
    leases_where(db, community, None, lang, !viewer.may(Permission::ParkingCheck), (&homes, &cars)).await
}

/// One lease for its contract: its own home's, or any at a desk.
///
/// # Errors
/// [`AppError::NotFound`], also for another home's.
pub async fn lease(db: &impl ConnectionTrait, viewer: &Viewer, id: Uuid, lang: Lang) -> Result<(LeaseRow, Option<RoundRow>), AppError> {
    let community = viewer.community();
    let row = leases::Entity::find_by_id((community.0, id)).one(db).await?.ok_or(AppError::NotFound)?;
    let own = viewer.may(Permission::ParkingApply) && owns(db, viewer, row.unit_id, row.person_id).await?;
    if !own && !viewer.may(Permission::ParkingCheck) {
        return Err(AppError::NotFound);
    }
    let homes = match row.unit_id {
        Some(home) => one_home(db, community, UnitId(home)).await?,
        None => Homes::new(),
    };
    let cars = vehicles::Entity::find_by_id((community.0, row.vehicle_id)).one(db).await?.into_iter().map(|c| (c.id, c)).collect();
    let round = match row.round_id {
        Some(round) => rounds::Entity::find_by_id((community.0, round)).one(db).await?.map(round_row).transpose()?,
        None => None,
    };
    Ok((lease_row(row, &kinds_of_bays(db, community).await?, (&homes, &cars), lang, false), round))
}

pub(super) async fn swaps_of(db: &impl ConnectionTrait, community: CommunityId, mine: &[LeaseRow]) -> Result<Vec<SwapRow>, AppError> {
    let ids: Vec<Uuid> = mine.iter().filter(|l| l.state == LeaseState::Active).map(|l| l.id).collect();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let open = swaps::Entity::find()
        .filter(swaps::Column::CommunityId.eq(community.0))
        .filter(swaps::Column::Agreed.is_null())
        .filter(sea_orm::Condition::any().add(swaps::Column::LeaseA.is_in(ids.clone())).add(swaps::Column::LeaseB.is_in(ids.clone())))
        .order_by_asc(swaps::Column::At)
        .all(db)
        .await?;
    let both: Vec<Uuid> = open.iter().flat_map(|s| [s.lease_a, s.lease_b]).collect();
    let codes: HashMap<Uuid, String> = leases::Entity::find()
        .filter(leases::Column::CommunityId.eq(community.0))
        .filter(leases::Column::Id.is_in(both))
        .all(db)
        .await?
        .into_iter()
        .map(|l| (l.id, l.bay_code))
        .collect();
    let code = |id: Uuid| codes.get(&id).cloned().unwrap_or_default();
    Ok(open.into_iter().map(|s| SwapRow { id: s.id, from: code(s.lease_a), to: code(s.lease_b), mine_to_answer: ids.contains(&s.lease_b), at: Time(s.at) }).collect())
}

/// Payments, the newest first, for a desk.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn payments(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<Vec<PaymentRow>, AppError> {
    viewer.require(Permission::ParkingDesk)?;
    let c = viewer.community().0;
    let rows = payments::Entity::find().filter(payments::Column::CommunityId.eq(c)).order_by_desc(payments::Column::At).limit(200).all(db).await?;
    let of: Vec<Uuid> = rows.iter().map(|p| p.lease_id).collect();
    let numbers: HashMap<Uuid, String> =
        leases::Entity::find().filter(leases::Column::CommunityId.eq(c)).filter(leases::Column::Id.is_in(of)).all(db).await?.into_iter().map(|l| (l.id, l.number)).collect();
    let row = |p: payments::Model| PaymentRow {
        lease: numbers.get(&p.lease_id).cloned().unwrap_or_default(),
        amount: Fen(p.amount),
        span: (Time(p.from_at), Time(p.until)),
        voucher: p.voucher,
        at: Time(p.at),
        reversed: p.reversed,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// The monthly statement of parking income, the newest month first: what stands in the ledger of common income, and how many
/// leases and passes ran at each month's end (or run now).
///
/// # Errors
/// When the database refuses.
pub async fn statement(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Vec<Month>, AppError> {
    let offset = offset_of(db, community).await?;
    let rows = payments::Entity::find().filter(payments::Column::CommunityId.eq(community.0)).filter(payments::Column::Reversed.eq(false)).all(db).await?;
    let mut sums: BTreeMap<String, (i64, Fen, Time)> = BTreeMap::new();
    for p in rows {
        let at = Time(p.at);
        let month = sums.entry(month_of(at, offset)).or_insert((0, Fen(0), at.next_month(offset)));
        month.0 += 1;
        month.1 = month.1 + Fen(p.amount);
    }
    let leases: Vec<(i64, Option<i64>)> = leases::Entity::find()
        .select_only()
        .column(leases::Column::FromAt)
        .column(leases::Column::EndedAt)
        .filter(leases::Column::CommunityId.eq(community.0))
        .into_tuple()
        .all(db)
        .await?;
    let month = |(month, (count, sum, end)): (String, (i64, Fen, Time))| {
        let at = end.0.min(now.0);
        let running = leases.iter().filter(|(from, ended)| *from < at && ended.is_none_or(|e| e >= at)).count();
        Month { month, count, sum, running: i64::try_from(running).unwrap_or(i64::MAX) }
    };
    Ok(sums.into_iter().rev().take(MONTHS).map(month).collect())
}

/// What was typed from paper and waits for a second person: home, band, who typed, whether they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperRow {
    /// The home, written out.
    pub unit: String,
    /// The band.
    pub band: Band,
    /// How many people typed it.
    pub typed: usize,
    /// The viewer typed it.
    pub mine: bool,
}

/// The papers of a round that wait.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn papers(db: &impl ConnectionTrait, viewer: &Viewer, round: Uuid, lang: Lang) -> Result<Vec<PaperRow>, AppError> {
    viewer.require(Permission::ParkingCheck)?;
    let community = viewer.community();
    let rows = papers::Entity::find().filter(papers::Column::CommunityId.eq(community.0)).filter(papers::Column::RoundId.eq(round)).limit(ROWS).all(db).await?;
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let homes = homes(db, community).await?;
    let mut all: BTreeMap<(String, i64), PaperRow> = BTreeMap::new();
    for row in rows {
        let unit = match row.holder.strip_prefix("outside:") {
            Some(plate) => spoken(plate),
            None => home_name(&homes, row.holder.parse().ok(), lang, false),
        };
        let band = Band::from_number(row.band).unwrap_or(Band::Outside);
        let paper = all.entry((row.holder.clone(), row.band)).or_insert(PaperRow { unit, band, typed: 0, mine: false });
        paper.typed += 1;
        paper.mine |= row.person_id == viewer.person().0;
    }
    Ok(all.into_values().collect())
}

/// How much of a lease's fee is due: months begun and not paid.
pub fn owed(lease: &LeaseRow, now: Time) -> bool {
    lease.state == LeaseState::Active && lease.fee.0 > 0 && now.0 > lease.paid_until.0 + DAY
}
