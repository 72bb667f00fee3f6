//! Reading rounds, applications, leases and money. Plates and homes leave this room masked, but for their own people and a desk.

mod holdings;

pub use holdings::{PaperRow, cars, is_proof, lease, leases, owed, papers, payments, statement};

use super::draw::{Committed, DrawFile, Placed, Ranked, SCHEME, Why, why};
use super::drawing::supply;
use super::entity::{applications, lists, objections, parties, readings, round_bays, rounds, vehicles};
use super::lists::entry;
use super::model::{ApplicationRow, Band, CarRow, Kind, LeaseRow, ListRow, ObjectionRow, Outcome, PartyRow, ReadingRow, RoundBay, RoundRow, Stage, SwapRow, Verdict};
use super::offers::free_bays;
use super::plates::{masked, spoken};
use super::sides::Sides;
use super::standing::{judged, need};
use crate::context::{Viewer, internal};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, UnitId};
use crate::measure::Time;
use crate::rooms::communities::store::{UnitRow, all_units, buildings, unit};
use crate::rooms::people::rules::Permission;
use crate::tr;
use holdings::{car_row, leases_where, swaps_of};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Rounds in a list: ten years of them.
const ROUNDS: u64 = 60;
/// Leases and cars on one page.
const ROWS: u64 = 5_000;
/// Homes by their ids.
pub(super) type Homes = HashMap<Uuid, UnitRow>;

/// Every home of a community by its id.
///
/// # Errors
/// When the database refuses.
pub(super) async fn homes(db: &impl ConnectionTrait, community: CommunityId) -> Result<Homes, AppError> {
    let names: HashMap<Uuid, String> = buildings(db, community).await?.into_iter().map(|b| (b.id.0, b.name)).collect();
    let row = |u: crate::rooms::communities::store::UnitArea| {
        let building_name = names.get(&u.building.0).cloned().unwrap_or_default();
        (u.id.0, UnitRow { id: u.id, building: u.building, building_name, stair: u.stair, room: u.room })
    };
    Ok(all_units(db, community).await?.into_iter().map(row).collect())
}

async fn one_home(db: &impl ConnectionTrait, community: CommunityId, home: UnitId) -> Result<Homes, AppError> {
    Ok(HashMap::from([(home.0, unit(db, community, home).await?)]))
}

fn home_name(homes: &Homes, home: Option<Uuid>, lang: Lang, hide: bool) -> String {
    match home {
        None => tr!(lang, "小区外", "Outside").to_owned(),
        Some(id) => homes.get(&id).map(|u| u.name(lang, hide)).unwrap_or_default(),
    }
}

fn plate_of(cars: &HashMap<Uuid, vehicles::Model>, car: Uuid, hide: bool) -> String {
    cars.get(&car).map(|c| if hide { masked(&c.plate) } else { spoken(&c.plate) }).unwrap_or_default()
}

fn round_row(row: rounds::Model) -> Result<RoundRow, AppError> {
    Ok(RoundRow {
        id: row.id,
        stage: Stage::from_code(&row.stage).ok_or_else(|| internal("unknown stage of a round"))?,
        rules: serde_json::from_str(&row.rules).map_err(internal)?,
        number: row.number,
        title: row.title,
        version: row.version,
        opened_at: Time(row.opened_at),
        apply_until: Time(row.apply_until),
        objections_until: row.objections_until.map(Time),
        public_name: row.public_name,
        public_at: Time(row.public_at),
        list_version: row.list_version,
        list_hash: row.list_hash,
        public: row.public,
        seed: row.seed,
        drawn_at: row.drawn_at.map(Time),
    })
}

/// The rounds, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &impl ConnectionTrait, community: CommunityId) -> Result<Vec<RoundRow>, AppError> {
    let rows = rounds::Entity::find().filter(rounds::Column::CommunityId.eq(community.0)).order_by_desc(rounds::Column::OpenedAt).limit(ROUNDS).all(db).await?;
    rows.into_iter().map(round_row).collect()
}

/// A round with everything about it.
#[derive(Clone, Debug)]
pub struct View {
    /// What lists show too.
    pub row: RoundRow,
    /// Public values that were named before, when they were to exist, and why that changed.
    pub postponed: Vec<(String, Time, String)>,
    /// Its bays.
    pub bays: Vec<RoundBay>,
    /// Its applications: while it is open only their number is public.
    pub applications: Vec<ApplicationRow>,
    /// Every version of its list, the newest first.
    pub lists: Vec<ListRow>,
    /// The objections.
    pub objections: Vec<ObjectionRow>,
    /// The parties.
    pub parties: Vec<PartyRow>,
    /// What the sides read in the announcement of the public value.
    pub readings: Vec<ReadingRow>,
}

impl View {
    /// How many bays of a kind, and how many of them nobody has.
    pub fn count(&self, kind: Kind) -> (usize, usize) {
        let of = self.bays.iter().filter(|b| b.kind == kind);
        (of.clone().count(), of.filter(|b| b.free).count())
    }

    /// Live applications of a band.
    pub fn applied(&self, band: Band) -> usize {
        self.applications.iter().filter(|a| a.band == band && a.verdict != Verdict::Withdrawn).count()
    }

    /// Those that stand in the order, by their place.
    pub fn placed(&self) -> Vec<&ApplicationRow> {
        let mut all: Vec<&ApplicationRow> = self.applications.iter().filter(|a| a.place.is_some()).collect();
        all.sort_by_key(|a| a.place);
        all
    }
}

/// A round of a community by its number.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn by_number(db: &impl ConnectionTrait, community: CommunityId, number: &str) -> Result<rounds::Model, AppError> {
    rounds::Entity::find().filter(rounds::Column::CommunityId.eq(community.0)).filter(rounds::Column::Number.eq(number)).one(db).await?.ok_or(AppError::NotFound)
}

/// A round as everybody sees it: homes and plates masked.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn public(db: &impl ConnectionTrait, community: CommunityId, number: &str, lang: Lang, now: Time) -> Result<View, AppError> {
    let row = by_number(db, community, number).await?;
    view(db, community, row, lang, true, now).await
}

/// A round at its desk: whole.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn at_desk(db: &impl ConnectionTrait, viewer: &Viewer, id: Uuid, lang: Lang, now: Time) -> Result<View, AppError> {
    viewer.require(Permission::ParkingDesk)?;
    let row = rounds::Entity::find_by_id((viewer.community().0, id)).one(db).await?.ok_or(AppError::NotFound)?;
    // Who only commits or audits needs nobody's plate.
    view(db, viewer.community(), row, lang, !viewer.may(Permission::ParkingCheck), now).await
}

async fn view(db: &impl ConnectionTrait, community: CommunityId, row: rounds::Model, lang: Lang, hide: bool, now: Time) -> Result<View, AppError> {
    let homes = homes(db, community).await?;
    let cars = cars_by_id(db, community, None).await?;
    let postponed: Vec<(String, i64, String)> = serde_json::from_str(&row.postponed).map_err(internal)?;
    let stage = Stage::from_code(&row.stage).ok_or_else(|| internal("unknown stage of a round"))?;
    let applications = standing_rows(db, community, &row, stage, None, now).await?;
    let codes: HashMap<Uuid, String> = applications.iter().map(|(a, ..)| (a.id, a.code.clone())).collect();
    let applications = applications.iter().map(|(a, verdict, wait)| application_row(a, *verdict, *wait, (&homes, &cars), lang, hide)).collect();
    Ok(View {
        postponed: postponed.into_iter().map(|(name, at, why)| (name, Time(at), why)).collect(),
        bays: bays_of(db, community, row.id).await?,
        applications,
        lists: lists_of(db, community, row.id).await?,
        objections: objections_of(db, community, row.id, &codes).await?,
        parties: parties_of(db, community, row.id).await?,
        readings: readings_of(db, community, row.id).await?,
        row: round_row(row)?,
    })
}

/// The applications of a round with what the rules say: as of now while it is open, as frozen afterwards.
async fn standing_rows(
    db: &impl ConnectionTrait,
    community: CommunityId,
    row: &rounds::Model,
    stage: Stage,
    only: Option<UnitId>,
    now: Time,
) -> Result<Vec<(applications::Model, Verdict, i64)>, AppError> {
    if stage == Stage::Open {
        return Ok(judged(db, community, row, only, now).await?.into_iter().map(|s| (s.row, s.verdict, s.wait)).collect());
    }
    let mut of_round = applications::Entity::find().filter(applications::Column::CommunityId.eq(community.0)).filter(applications::Column::RoundId.eq(row.id));
    if let Some(home) = only {
        of_round = of_round.filter(applications::Column::UnitId.eq(home.0));
    }
    let rows = of_round.order_by_asc(applications::Column::Band).order_by_asc(applications::Column::Code).all(db).await?;
    let frozen = |a: applications::Model| {
        let verdict = a.verdict.as_deref().and_then(Verdict::from_code).unwrap_or(Verdict::Withdrawn);
        let wait = a.wait;
        (a, verdict, wait)
    };
    Ok(rows.into_iter().map(frozen).collect())
}

fn application_row(a: &applications::Model, verdict: Verdict, wait: i64, (homes, cars): (&Homes, &HashMap<Uuid, vehicles::Model>), lang: Lang, hide: bool) -> ApplicationRow {
    let need = need(a);
    // Beside a home's number the list would say who has a disability card.
    let unit = if hide && need & 2 == 2 { String::new() } else { home_name(homes, a.unit_id, lang, hide) };
    ApplicationRow {
        id: a.id,
        code: a.code.clone(),
        band: Band::from_number(a.band).unwrap_or(Band::Outside),
        unit,
        unit_id: a.unit_id.map(UnitId),
        vehicle: a.vehicle_id,
        plate: if hide && need & 2 == 2 { String::new() } else { plate_of(cars, a.vehicle_id, hide) },
        need,
        card: a.card,
        wait,
        verdict,
        paper: a.paper,
        at: Time(a.at),
        place: a.place,
        key: a.rank_key.clone(),
        kind: a.kind.as_deref().and_then(Kind::from_code),
        outcome: a.outcome.as_deref().and_then(Outcome::from_code),
        offer_until: a.offer_until.map(Time),
    }
}

async fn cars_by_id(db: &impl ConnectionTrait, community: CommunityId, home: Option<UnitId>) -> Result<HashMap<Uuid, vehicles::Model>, AppError> {
    let mut all = vehicles::Entity::find().filter(vehicles::Column::CommunityId.eq(community.0));
    if let Some(home) = home {
        all = all.filter(vehicles::Column::UnitId.eq(home.0));
    }
    Ok(all.all(db).await?.into_iter().map(|c| (c.id, c)).collect())
}

async fn bays_of(db: &impl ConnectionTrait, community: CommunityId, round: Uuid) -> Result<Vec<RoundBay>, AppError> {
    let rows = round_bays::Entity::find()
        .filter(round_bays::Column::CommunityId.eq(community.0))
        .filter(round_bays::Column::RoundId.eq(round))
        .order_by_asc(round_bays::Column::Code)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(bay_row).collect())
}

fn bay_row(b: round_bays::Model) -> RoundBay {
    RoundBay { id: b.bay_id, code: b.code, area: b.area, kind: Kind::from_code(&b.kind).unwrap_or(Kind::Plain), planned: b.planned, free: b.lease_id.is_none() }
}

async fn lists_of(db: &impl ConnectionTrait, community: CommunityId, round: Uuid) -> Result<Vec<ListRow>, AppError> {
    let rows =
        lists::Entity::find().filter(lists::Column::CommunityId.eq(community.0)).filter(lists::Column::RoundId.eq(round)).order_by_desc(lists::Column::Version).all(db).await?;
    Ok(rows.into_iter().map(|l| ListRow { version: l.version, body: l.body, hash: l.hash, at: Time(l.at), note: l.note }).collect())
}

async fn objections_of(db: &impl ConnectionTrait, community: CommunityId, round: Uuid, codes: &HashMap<Uuid, String>) -> Result<Vec<ObjectionRow>, AppError> {
    let rows = objections::Entity::find()
        .filter(objections::Column::CommunityId.eq(community.0))
        .filter(objections::Column::RoundId.eq(round))
        .order_by_asc(objections::Column::At)
        .all(db)
        .await?;
    let row = |o: objections::Model| ObjectionRow {
        id: o.id,
        code: codes.get(&o.application_id).cloned().unwrap_or_default(),
        words: o.words,
        at: Time(o.at),
        answer: o.upheld.zip(o.answered_at).map(|(upheld, at)| (upheld == 1, o.answer, Time(at))),
    };
    Ok(rows.into_iter().map(row).collect())
}

async fn parties_of(db: &impl ConnectionTrait, community: CommunityId, round: Uuid) -> Result<Vec<PartyRow>, AppError> {
    let rows = parties::Entity::find()
        .filter(parties::Column::CommunityId.eq(community.0))
        .filter(parties::Column::RoundId.eq(round))
        .order_by_asc(parties::Column::Party)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|p| PartyRow { party: p.party, commitment: p.commitment, at: Time(p.at), revealed: p.nonce.zip(p.revealed_at.map(Time)) }).collect())
}

async fn readings_of(db: &impl ConnectionTrait, community: CommunityId, round: Uuid) -> Result<Vec<ReadingRow>, AppError> {
    let rows = readings::Entity::find()
        .filter(readings::Column::CommunityId.eq(community.0))
        .filter(readings::Column::RoundId.eq(round))
        .order_by_asc(readings::Column::Side)
        .all(db)
        .await?;
    let alone = rows.len() < 2;
    Ok(rows.into_iter().map(|r| ReadingRow { side: r.side, value: Some(r.value).filter(|_| !alone), at: Time(r.at) }).collect())
}

/// The published file of a draw.
///
/// # Errors
/// [`AppError::NotFound`], also before it is drawn.
pub async fn draw_file(db: &impl ConnectionTrait, community: CommunityId, number: &str) -> Result<DrawFile, AppError> {
    let row = by_number(db, community, number).await?;
    if row.drawn_at.is_none() {
        return Err(AppError::NotFound);
    }
    let list = lists_of(db, community, row.id).await?.into_iter().next().ok_or(AppError::NotFound)?;
    let order = drawn_rows(db, community, row.id).await?;
    // What each got in the draw, whoever has it since: the same rule over the same order gives it.
    let supply = supply(db, community, row.id).await?;
    let ranked: Vec<Ranked> = order.iter().filter_map(|a| Some(Ranked { entry: entry(a)?, key: a.rank_key.clone() })).collect();
    let got = super::draw::assign(&ranked, supply);
    Ok(DrawFile {
        scheme: SCHEME.into(),
        list: list.body.lines().map(str::to_owned).collect(),
        list_hash: row.list_hash,
        parties: parties_of(db, community, row.id)
            .await?
            .into_iter()
            .map(|p| Committed { party: p.party, commitment: p.commitment, nonce: p.revealed.map(|(nonce, _)| nonce) })
            .collect(),
        round: row.number,
        public_name: row.public_name,
        public_at: row.public_at,
        public: row.public,
        seed: row.seed,
        supply,
        order: ranked.into_iter().zip(got).map(|(r, got)| Placed { id: r.entry.id, key: r.key, got }).collect(),
    })
}

async fn drawn_rows(db: &impl ConnectionTrait, community: CommunityId, round: Uuid) -> Result<Vec<applications::Model>, AppError> {
    Ok(applications::Entity::find()
        .filter(applications::Column::CommunityId.eq(community.0))
        .filter(applications::Column::RoundId.eq(round))
        .filter(applications::Column::Place.is_not_null())
        .order_by_asc(applications::Column::Place)
        .all(db)
        .await?)
}

/// A round as one of its applicants sees it.
#[derive(Clone, Debug)]
pub struct MyRound {
    /// The round.
    pub row: RoundRow,
    /// The home's applications.
    pub applications: Vec<ApplicationRow>,
    /// Why each has its place, in their order.
    pub why: Vec<Option<Why>>,
    /// The bays to choose from, while something is offered.
    pub bays: Vec<RoundBay>,
}

/// What a home sees of parking.
#[derive(Clone, Debug)]
pub struct Mine {
    /// Its cars.
    pub cars: Vec<CarRow>,
    /// The rounds that are not over, and those in which it applied.
    pub rounds: Vec<MyRound>,
    /// What it holds, and held.
    pub leases: Vec<LeaseRow>,
    /// Proposals to change bays that are not answered.
    pub swaps: Vec<SwapRow>,
}

/// What the viewer's own household sees.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Closed`] for a role that belongs to no home.
pub async fn mine(db: &impl ConnectionTrait, viewer: &Viewer, lang: Lang, now: Time) -> Result<Mine, AppError> {
    viewer.require(Permission::ParkingApply)?;
    let community = viewer.community();
    let home = viewer.unit().ok_or_else(|| AppError::closed("您的身份不在哪一户里，请联系物业。", "Your role belongs to no home: ask the property desk."))?;
    let sides = Sides::read(db, community, home).await?;
    let homes = one_home(db, community, home).await?;
    let cars = cars_by_id(db, community, Some(home)).await?;
    let all = rounds::Entity::find().filter(rounds::Column::CommunityId.eq(community.0)).order_by_desc(rounds::Column::OpenedAt).limit(ROUNDS).all(db).await?;
    let mut mine = Vec::new();
    for row in all {
        let round = my_round(db, viewer, row, &sides, (&homes, &cars), lang, now).await?;
        if round.row.stage != Stage::Closed || !round.applications.is_empty() {
            mine.push(round);
        }
    }
    let leases = leases_where(db, community, Some((viewer, &sides)), lang, false, (&homes, &cars)).await?;
    let swaps = swaps_of(db, community, &leases).await?;
    let mut rows: Vec<CarRow> = cars.into_values().filter(|c| c.gone == 0 && sides.may(viewer, c.person_id)).map(|c| car_row(c, &homes, lang)).collect();
    rows.sort_by_key(|c| c.at);
    Ok(Mine { cars: rows, rounds: mine, leases, swaps })
}

async fn my_round(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    row: rounds::Model,
    sides: &Sides,
    known: (&Homes, &HashMap<Uuid, vehicles::Model>),
    lang: Lang,
    now: Time,
) -> Result<MyRound, AppError> {
    let stage = Stage::from_code(&row.stage).ok_or_else(|| internal("unknown stage of a round"))?;
    let community = viewer.community();
    // The whole home's are judged together: they share its quota.
    let mut rows = standing_rows(db, community, &row, stage, Some(sides.home), now).await?;
    rows.retain(|(a, ..)| sides.may(viewer, a.person_id));
    let applications: Vec<ApplicationRow> = rows.iter().map(|(a, verdict, wait)| application_row(a, *verdict, *wait, known, lang, false)).collect();
    let mut whys = vec![None; applications.len()];
    if applications.iter().any(|a| a.place.is_some()) {
        let order: Vec<Ranked> = drawn_rows(db, community, row.id).await?.iter().filter_map(|a| Some(Ranked { entry: entry(a)?, key: a.rank_key.clone() })).collect();
        whys = applications.iter().map(|a| why(&order, &a.code)).collect();
    }
    let offered = applications.iter().any(|a| a.outcome == Some(Outcome::Offered));
    let bays = if offered { free_bays(db, community, row.id).await?.into_iter().map(bay_row).collect() } else { vec![] };
    Ok(MyRound { row: round_row(row)?, applications, why: whys, bays })
}
