//! Applications: sent by a home, typed from paper by two people, taken back, and the look at a disability card.

use super::cars::{by_plate, of_home};
use super::entity::{applications, papers, rounds, vehicles};
use super::model::{Apply, Band, CheckCard, Paper, Stage, TakeBack};
use super::plates::parse_plate;
use super::rounds::{find, rules_of};
use super::rules::{APPLICATIONS_MAX, Side, band_of, must_stand, side_of};
use super::sides::{Sides, owns};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::{UnitId, encode_code};
use crate::measure::Time;
use crate::rooms::communities::entity::units;
use crate::rooms::communities::store::unit;
use crate::rooms::people::rules::Permission;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// 31⁷: as many codes of seven symbols as there are.
const CODES: u64 = 27_512_614_111;

/// The open round that an application is for.
async fn open_round(work: &Work<'_>, id: Uuid) -> Result<rounds::Model, AppError> {
    let (row, stage) = find(work, id).await?;
    must_stand(stage, Stage::Open)?;
    if work.now >= Time(row.apply_until) {
        return Err(AppError::closed("这一轮的申请已经截止。", "Applications for this round have ended."));
    }
    Ok(row)
}

/// What an application says.
struct Said<'a> {
    round: &'a rounds::Model,
    holder: String,
    side: Side,
    band: Band,
    car: &'a vehicles::Model,
    card: bool,
    paper: bool,
}

/// Applies for one's own home. What was sent last before the list is frozen counts.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when applications have ended or the round has nothing for
/// the band, [`AppError::Invalid`] on `vehicle`.
pub async fn apply(work: &Work<'_>, apply: &Apply) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::ParkingApply)?;
    let round = open_round(work, apply.round).await?;
    let home = viewer.unit().ok_or_else(|| AppError::closed("您的身份不在哪一户里，请联系物业。", "Your role belongs to no home: ask the property desk."))?;
    let car = of_home(work, apply.vehicle, viewer).await?;
    let lived = units::Entity::find_by_id((work.community.0, home.0)).one(work.txn).await?.ok_or(AppError::NotFound)?.occupancy == "owner";
    let side = side_of(viewer.role(), lived);
    let band = band_of(side, apply.second);
    write(work, Said { round: &round, holder: home.to_string(), side, band, car: &car, card: apply.card, paper: false }).await
}

/// Writes an application in the place of the one before.
async fn write(work: &Work<'_>, said: Said<'_>) -> Result<Done, AppError> {
    if rules_of(said.round)?.band(said.band).is_none() {
        return Err(AppError::closed(
            format!("这一轮不接受“{}”的申请。", said.band.label(crate::i18n::Lang::Zh)),
            format!("This round takes no applications of “{}”.", said.band.label(crate::i18n::Lang::En)),
        ));
    }
    work.hold().await?;
    let of_round = || applications::Entity::find().filter(applications::Column::CommunityId.eq(work.community.0)).filter(applications::Column::RoundId.eq(said.round.id));
    let before =
        of_round().filter(applications::Column::Holder.eq(said.holder.as_str())).filter(applications::Column::Band.eq(said.band.number())).lock_exclusive().one(work.txn).await?;
    if let Some(row) = &before {
        not_the_others(work, row, said.side).await?;
    }
    let (id, code, version) = match &before {
        Some(row) => (row.id, row.code.clone(), row.version + 1),
        None if of_round().count(work.txn).await? >= APPLICATIONS_MAX => return Err(AppError::closed("申请已满。", "There are too many applications.")),
        None => (work.mutation.0, free_code(work, said.round.id, &said.holder, said.band).await?, 1),
    };
    let row = applications::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        round_id: Set(said.round.id),
        holder: Set(said.holder),
        band: Set(said.band.number()),
        code: Set(code.clone()),
        unit_id: Set(said.car.unit_id),
        person_id: Set(if said.paper { None } else { work.person().map(|p| p.0) }),
        vehicle_id: Set(said.car.id),
        ev: Set(said.car.ev),
        card: Set(said.card),
        // A card that was seen stays seen, unless they take that word back.
        card_seen: Set(said.card && before.as_ref().is_some_and(|b| b.card_seen)),
        paper: Set(said.paper),
        live: Set(true),
        version: Set(version),
        at: Set(work.now.0),
        wait: Set(0),
        verdict: Set(None),
        place: Set(None),
        rank_key: Set(String::new()),
        kind: Set(None),
        outcome: Set(None),
        offered_at: Set(None),
        offer_until: Set(None),
    };
    if before.is_some() {
        row.update(work.txn).await?;
    } else {
        applications::Entity::insert(row).exec_without_returning(work.txn).await?;
    }
    work.tell("parking", said.round.id, &json!({ "did": "applied", "code": code, "band": said.band, "version": version, "paper": said.paper })).await?;
    Ok(Done { subject: Some(id), number: Some(code), version })
}

/// Landlord and tenant have one application of a band between them: whoever has it keeps it until they take it back.
async fn not_the_others(work: &Work<'_>, row: &applications::Model, side: Side) -> Result<(), AppError> {
    let (true, Some(person), Some(home)) = (row.live, row.person_id, row.unit_id) else { return Ok(()) };
    if Sides::read(work.txn, work.community, UnitId(home)).await?.of(person).is_some_and(|of| of != side) {
        return Err(AppError::closed(
            "这一户的这一类已由房东（或租户）一方申请，要他们先撤回。",
            "The other side of this home, its landlord or tenant, has applied in this band: they take it back first.",
        ));
    }
    Ok(())
}

/// A code that follows from the home and not from when it applied: it says nothing of whose it is, and nobody can choose it.
async fn free_code(work: &Work<'_>, round: Uuid, holder: &str, band: Band) -> Result<String, AppError> {
    for attempt in 0..8 {
        let mut hash = Sha256::new();
        hash.update(work.services.letter_key);
        hash.update(format!("parking|{round}|{holder}|{}|{attempt}", band.number()));
        let mut eight = [0; 8];
        eight.copy_from_slice(&hash.finalize()[..8]);
        let code = encode_code(u64::from_be_bytes(eight) % CODES, 7);
        let taken = applications::Entity::find()
            .filter(applications::Column::CommunityId.eq(work.community.0))
            .filter(applications::Column::RoundId.eq(round))
            .filter(applications::Column::Code.eq(code.as_str()));
        if taken.count(work.txn).await? == 0 {
            return Ok(code);
        }
    }
    Err(internal("no free code for an application"))
}

/// Types an application from paper. It counts when somebody else has typed the same.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for round or unit, [`AppError::Closed`] when applications have ended,
/// [`AppError::Invalid`] on `plate` for a car that is not registered for the home, or when what two people typed differs.
pub async fn paper(work: &Work<'_>, paper: &Paper) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::ParkingCheck)?;
    let round = open_round(work, paper.round).await?;
    if let Some(home) = paper.unit {
        unit(work.txn, work.community, home).await?;
    }
    let plate = parse_plate(&paper.plate)?;
    let car = by_plate(work, plate.text()).await?.filter(|c| c.unit_id == paper.unit.map(|u| u.0));
    let car = car.ok_or_else(|| AppError::field("plate", "这个车牌没有登记在这一户，请先登记车辆", "This plate is not registered for this home: register the car first"))?;
    let band = match paper.unit {
        None => Band::Outside,
        Some(_) if paper.second => Band::Second,
        Some(_) if paper.tenant => Band::Tenant,
        Some(_) => Band::Owner,
    };
    let holder = paper.unit.map_or_else(|| format!("outside:{}", plate.text()), |u| u.to_string());
    let body = json!({ "plate": plate, "card": paper.card }).to_string();
    work.hold().await?;
    let same = || {
        papers::Entity::find()
            .filter(papers::Column::CommunityId.eq(work.community.0))
            .filter(papers::Column::RoundId.eq(round.id))
            .filter(papers::Column::Holder.eq(holder.as_str()))
            .filter(papers::Column::Band.eq(band.number()))
    };
    let me = viewer.person().0;
    let others: Vec<papers::Model> = same().filter(papers::Column::PersonId.ne(me)).all(work.txn).await?;
    if others.iter().any(|other| other.body == body) {
        papers::Entity::delete_many()
            .filter(papers::Column::CommunityId.eq(work.community.0))
            .filter(papers::Column::RoundId.eq(round.id))
            .filter(papers::Column::Holder.eq(holder.as_str()))
            .filter(papers::Column::Band.eq(band.number()))
            .exec(work.txn)
            .await?;
        let side = if paper.tenant { Side::Tenant } else { Side::Owner };
        return write(work, Said { round: &round, holder, side, band, car: &car, card: paper.card, paper: true }).await;
    }
    let mine = same().filter(papers::Column::PersonId.eq(me)).one(work.txn).await?;
    let known = mine.is_some();
    let row = papers::ActiveModel {
        community_id: Set(work.community.0),
        round_id: Set(round.id),
        holder: Set(holder.clone()),
        band: Set(band.number()),
        person_id: Set(me),
        body: Set(body),
        at: Set(work.now.0),
    };
    if known {
        row.update(work.txn).await?;
    } else {
        papers::Entity::insert(row).exec_without_returning(work.txn).await?;
    }
    work.tell("parking", round.id, &json!({ "did": "typed", "band": band, "differs": !others.is_empty() })).await?;
    Ok(Done { subject: Some(round.id), number: None, version: i64::from(!others.is_empty()) })
}

/// An application, held until the transaction ends.
///
/// # Errors
/// [`AppError::NotFound`].
pub(super) async fn held(work: &Work<'_>, id: Uuid) -> Result<applications::Model, AppError> {
    applications::Entity::find_by_id((work.community.0, id)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)
}

/// Whether whoever asks acts for an application: its own household, or a desk for what came on paper.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for another home's.
pub(super) async fn acts_for(work: &Work<'_>, row: Option<&applications::Model>) -> Result<(), AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    let (home, desk) = (viewer.may(Permission::ParkingApply), viewer.may(Permission::ParkingCheck));
    if !home && !desk {
        return Err(AppError::Forbidden);
    }
    let Some(row) = row else { return Ok(()) };
    let own = home && owns(work.txn, viewer, row.unit_id, row.person_id).await?;
    if own || (desk && row.paper) { Ok(()) } else { Err(AppError::NotFound) }
}

/// Takes an application back, while the list is not frozen.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`].
pub async fn take_back(work: &Work<'_>, step: &TakeBack) -> Result<Done, AppError> {
    acts_for(work, None).await?;
    let row = held(work, step.application).await?;
    acts_for(work, Some(&row)).await?;
    let (_, stage) = find(work, row.round_id).await?;
    must_stand(stage, Stage::Open)?;
    if !row.live {
        return Err(AppError::closed("已经撤回了。", "It was taken back already."));
    }
    let (round, code, version) = (row.round_id, row.code.clone(), row.version + 1);
    let mut change = row.into_active_model();
    change.live = Set(false);
    change.version = Set(version);
    change.update(work.txn).await?;
    work.tell("parking", round, &json!({ "did": "taken_back", "code": code })).await?;
    Ok(Done { subject: Some(step.application), number: Some(code), version })
}

/// Says whether the disability card was seen.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] once the list is frozen, or when no card was named.
pub async fn check_card(work: &Work<'_>, check: &CheckCard) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingCheck)?;
    let row = held(work, check.application).await?;
    let (_, stage) = find(work, row.round_id).await?;
    must_stand(stage, Stage::Open)?;
    if !row.card {
        return Err(AppError::closed("申请里没有说有残疾人证。", "The application names no disability card."));
    }
    let (round, code, version) = (row.round_id, row.code.clone(), row.version + 1);
    let mut change = row.into_active_model();
    change.card_seen = Set(check.seen);
    change.version = Set(version);
    change.update(work.txn).await?;
    // That somebody has such a card is theirs to tell: the chain says that a desk looked.
    work.tell("parking", round, &json!({ "did": "looked", "code": code })).await?;
    Ok(Done { subject: Some(check.application), number: Some(code), version })
}
