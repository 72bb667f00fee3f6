//! After the draw: choosing, declining, and what the clock does. A bay that becomes free goes down the waiting list by itself.

use super::applications::{acts_for, held};
use super::departures;
use super::draw::suits;
use super::drawing::offered as offered_note;
use super::entity::{applications, leases, round_bays, rounds, vehicles};
use super::leases::{Given, end, give};
use super::lists::entry;
use super::model::{Band, CarState, Choose, Decline, Kind, LeaseState, Outcome, Right, Stage, Turn};
use super::rounds::{find, rules_of};
use super::rules::{may_hold, must_stand, offer_until};
use crate::apply::{Done, Work};
use crate::context::{Caller, internal};
use crate::error::AppError;
use crate::ids::{CommunityId, PersonId};
use crate::measure::{Fen, Time};
use crate::rooms::bays;
use crate::rooms::bays::model::{BayKind, BayState};
use crate::rooms::messages::notes::{done_with, tell};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, Set};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

fn kind_of(row: &applications::Model) -> Option<Kind> {
    row.kind.as_deref().and_then(Kind::from_code)
}

fn outcome_of(row: &applications::Model) -> Option<Outcome> {
    row.outcome.as_deref().and_then(Outcome::from_code)
}

/// Takes what is offered: a bay of the original plan becomes a lease, one that is not gives a pass without a bay (R5.2).
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] also for another home's, [`AppError::Closed`] without an offer, after its time,
/// for a car that has a bay or whose papers were not accepted, or above what [`may_hold`] lets the home have, [`AppError::Invalid`] on `bay` for one that is not there, not of the kind, taken, or never leased.
pub async fn choose(work: &Work<'_>, choose: &Choose) -> Result<Done, AppError> {
    acts_for(work, None).await?;
    let row = held(work, choose.application).await?;
    acts_for(work, Some(&row)).await?;
    let (round, stage) = find(work, row.round_id).await?;
    must_stand(stage, Stage::Drawn)?;
    let kind = kind_of(&row).filter(|_| outcome_of(&row) == Some(Outcome::Offered));
    let kind = kind.ok_or_else(|| AppError::closed("现在没有给您的车位可选。", "Nothing is offered to you now."))?;
    if row.offer_until.is_none_or(|until| work.now.0 >= until) {
        return Err(AppError::closed("选车位的时间已过，轮给了下一户。", "The time to choose is over: it falls to the next."));
    }
    let rules = rules_of(&round)?;
    let band = Band::from_number(row.band).ok_or_else(|| internal("unknown band"))?;
    work.hold().await?;
    may_hold(band, holds(work, row.unit_id).await?, rules.quota)?;
    let car = car_for(work, row.vehicle_id).await?;
    let bay = pick(work, &round, kind, choose.bay).await?;
    let term = rules.band(band).ok_or_else(|| internal("a band without a term"))?;
    let (right, fee, months) = (if bay.planned { Right::Lease } else { Right::Pass }, Fen(term.fee.0), term.months);
    let given = Given {
        id: work.mutation.0,
        round: Some(round.id),
        application: Some(row.id),
        right,
        bay: Some(&bay),
        holder: &row.holder,
        unit: row.unit_id,
        person: row.person_id,
        car: car.id,
        months,
        fee,
        paid_until: None,
    };
    let number = give(work, &given).await?;
    let code = row.code.clone();
    if let Some(person) = row.person_id {
        done_with(work, PersonId(person), "/parking").await?;
    }
    let mut change = row.into_active_model();
    change.outcome = Set(Some(Outcome::Leased.code().into()));
    change.update(work.txn).await?;
    work.tell("parking", round.id, &json!({ "did": "chosen", "code": code, "lease": number })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(number), version: 1 })
}

/// The bays that a home has: leased ones, passes and its own. Nobody from outside has any.
async fn holds(work: &Work<'_>, home: Option<Uuid>) -> Result<i64, AppError> {
    let Some(home) = home else { return Ok(0) };
    let running = leases::Entity::find()
        .filter(leases::Column::CommunityId.eq(work.community.0))
        .filter(leases::Column::UnitId.eq(home))
        .filter(leases::Column::State.eq(LeaseState::Active.code()))
        .count(work.txn)
        .await?;
    let owned = bays::store::list(work.txn, work.community)
        .await?
        .into_iter()
        .filter(|b| b.kind == BayKind::Owned && b.state != BayState::Closed && b.unit.is_some_and(|u| u.0 == home))
        .count();
    Ok(i64::try_from(running).unwrap_or(i64::MAX).saturating_add(i64::try_from(owned).unwrap_or(i64::MAX)))
}

/// The car of an application, as far as it can have a bay now: registered, its papers accepted, and without another bay.
async fn car_for(work: &Work<'_>, id: Uuid) -> Result<vehicles::Model, AppError> {
    let car = vehicles::Entity::find_by_id((work.community.0, id)).one(work.txn).await?.filter(|c| c.gone == 0);
    let car = car.ok_or_else(|| AppError::closed("申请里的车已经注销，请联系物业。", "The car of this application was removed: ask the property desk."))?;
    if car.state != CarState::Confirmed.code() {
        return Err(AppError::closed("申请里的车还没有核对通过，请先带证件到物业核对。", "The car's papers were not accepted: bring them to the property desk first."));
    }
    let leased = leases::Entity::find()
        .filter(leases::Column::CommunityId.eq(work.community.0))
        .filter(leases::Column::VehicleId.eq(id))
        .filter(leases::Column::State.eq(LeaseState::Active.code()));
    if leased.count(work.txn).await? > 0 {
        return Err(AppError::closed("这辆车已经有车位。", "This car has a bay already."));
    }
    Ok(car)
}

/// The bay that somebody asks for; for a pass the first that is never leased, so that no more passes go out than there is room.
async fn pick(work: &Work<'_>, round: &rounds::Model, kind: Kind, wanted: Option<Uuid>) -> Result<round_bays::Model, AppError> {
    work.hold().await?;
    let free = free_bays(work.txn, work.community, round.id).await?;
    let refuse = |zh: &str, en: &str| Err(AppError::field("bay", zh, en));
    match wanted {
        None => match free.into_iter().find(|b| b.kind == kind.code() && !b.planned) {
            Some(bay) => Ok(bay),
            None => refuse("请选一个车位：这一轮没有通行资格可发", "Choose a bay: this round has no passes left"),
        },
        Some(id) => match free.into_iter().find(|b| b.bay_id == id) {
            None => refuse("这个车位已被选走或不在这一轮，请换一个", "This bay is taken, or not of this round: choose another"),
            Some(bay) if bay.kind != kind.code() => refuse("给您的不是这一种车位，请换一个", "What is offered to you is of another kind: choose another"),
            Some(bay) if !bay.planned => {
                refuse("这个车位不在原规划里，只能领通行资格，不能固定租用（R5.2）", "This bay is not of the original plan: it gives a pass and is never leased (R5.2)")
            }
            Some(bay) => Ok(bay),
        },
    }
}

/// The bays of a round that nobody has and that can be used, by code.
///
/// # Errors
/// When the database refuses.
pub(super) async fn free_bays(db: &impl ConnectionTrait, community: CommunityId, round: Uuid) -> Result<Vec<round_bays::Model>, AppError> {
    let states: HashMap<Uuid, BayState> = bays::store::list(db, community).await?.into_iter().map(|b| (b.id, b.state)).collect();
    let rows = round_bays::Entity::find()
        .filter(round_bays::Column::CommunityId.eq(community.0))
        .filter(round_bays::Column::RoundId.eq(round))
        .filter(round_bays::Column::LeaseId.is_null())
        .order_by_asc(round_bays::Column::Code)
        .all(db)
        .await?;
    Ok(rows.into_iter().filter(|b| states.get(&b.bay_id) == Some(&BayState::Free)).collect())
}

/// Does not want what is offered, or waits no longer: it goes to the next.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] also for another home's, [`AppError::Closed`] when there is nothing to decline.
pub async fn decline(work: &Work<'_>, step: &Decline) -> Result<Done, AppError> {
    acts_for(work, None).await?;
    let row = held(work, step.application).await?;
    acts_for(work, Some(&row)).await?;
    let (round, stage) = find(work, row.round_id).await?;
    must_stand(stage, Stage::Drawn)?;
    if !matches!(outcome_of(&row), Some(Outcome::Offered | Outcome::Waiting)) {
        return Err(AppError::closed("现在没有可放弃的。", "There is nothing to decline."));
    }
    let code = row.code.clone();
    let mut change = row.into_active_model();
    change.outcome = Set(Some(Outcome::Declined.code().into()));
    change.offer_until = Set(None);
    change.update(work.txn).await?;
    work.tell("parking", round.id, &json!({ "did": "declined", "code": code })).await?;
    offer_vacancies(work, &round).await?;
    Ok(Done { subject: Some(step.application), number: Some(code), version: 1 })
}

/// Offers what is free to those who wait, in their order.
///
/// # Errors
/// When the database refuses.
pub(super) async fn offer_vacancies(work: &Work<'_>, round: &rounds::Model) -> Result<(), AppError> {
    work.hold().await?;
    let rows = applications::Entity::find()
        .filter(applications::Column::CommunityId.eq(work.community.0))
        .filter(applications::Column::RoundId.eq(round.id))
        .filter(applications::Column::Outcome.is_in([Outcome::Waiting.code(), Outcome::Offered.code()]))
        .order_by_asc(applications::Column::Place)
        .all(work.txn)
        .await?;
    let free = free_bays(work.txn, work.community, round.id).await?;
    let until = offer_until(work.now, &rules_of(round)?);
    let (mut waiting, offered): (Vec<_>, Vec<_>) = rows.into_iter().partition(|a| outcome_of(a) == Some(Outcome::Waiting));
    let mut told = Vec::new();
    // Bays for a need first, as in the draw.
    for kind in [Kind::Accessible, Kind::Ev, Kind::Plain] {
        let promised = offered.iter().filter(|a| kind_of(a) == Some(kind)).count();
        let there = free.iter().filter(|b| b.kind == kind.code()).count();
        for _ in promised..there {
            let Some(at) = waiting.iter().position(|a| entry(a).is_some_and(|e| suits(&e, kind))) else { break };
            let row = waiting.remove(at);
            let code = row.code.clone();
            told.extend(row.person_id.map(PersonId));
            let mut change = row.into_active_model();
            change.kind = Set(Some(kind.code().into()));
            change.outcome = Set(Some(Outcome::Offered.code().into()));
            change.offered_at = Set(Some(work.now.0));
            change.offer_until = Set(Some(until.0));
            change.update(work.txn).await?;
            work.tell("parking", round.id, &json!({ "did": "offered", "code": code, "kind": kind, "until": until })).await?;
        }
    }
    if told.is_empty() { Ok(()) } else { tell(work, &told, &offered_note(work, round, until).await?).await }
}

/// The rounds (or nothing, for leases that came from a list) in which the clock has something to do now.
///
/// # Errors
/// When the database refuses.
pub async fn due(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Vec<Option<Uuid>>, AppError> {
    let late = applications::Entity::find()
        .filter(applications::Column::CommunityId.eq(community.0))
        .filter(applications::Column::Outcome.eq(Outcome::Offered.code()))
        .filter(applications::Column::OfferUntil.lte(now.0))
        .all(db)
        .await?;
    let over = leases_over(db, community, now).await?;
    let moved = departures::found(db, community, now).await?;
    let leases = over.into_iter().chain(moved.into_iter().map(|(lease, _)| lease));
    let all: BTreeSet<Option<Uuid>> = late.into_iter().map(|a| Some(a.round_id)).chain(leases.map(|l| l.round_id)).collect();
    Ok(all.into_iter().collect())
}

/// Leases whose term is over, or whose notice has run out without an appeal that still waits or was upheld.
async fn leases_over(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Vec<leases::Model>, AppError> {
    let rows = leases::Entity::find()
        .filter(leases::Column::CommunityId.eq(community.0))
        .filter(leases::Column::State.eq(LeaseState::Active.code()))
        .filter(leases::Column::Until.lte(now.0).or(leases::Column::NoticeUntil.lte(now.0)))
        .all(db)
        .await?;
    Ok(rows.into_iter().filter(|l| l.until <= now.0 || noticed_out(l, now)).collect())
}

fn noticed_out(lease: &leases::Model, now: Time) -> bool {
    lease.notice_until.is_some_and(|until| until <= now.0) && (lease.appeal_at.is_none() || lease.ruling == Some(1))
}

/// What the clock does in a round: offers that ran out fall to the next in line, leases end, vacancies are offered.
///
/// # Errors
/// [`AppError::Forbidden`] for everybody but the clock, [`AppError::NotFound`].
pub async fn turn(work: &Work<'_>, turn: &Turn) -> Result<Done, AppError> {
    if !matches!(work.caller, Caller::Clock(_)) {
        return Err(AppError::Forbidden);
    }
    let round = match turn.round {
        Some(id) => Some(find(work, id).await?),
        None => None,
    };
    if let Some((round, _)) = &round {
        lapse(work, round).await?;
    }
    departures::follow(work, turn.round).await?;
    for lease in leases_over(work.txn, work.community, work.now).await?.into_iter().filter(|l| l.round_id == turn.round) {
        let withdrawn = noticed_out(&lease, work.now);
        let (state, why) = if withdrawn { (LeaseState::Withdrawn, lease.notice_why.clone()) } else { (LeaseState::Ended, "到期".to_owned()) };
        end(work, lease, state, why).await?;
    }
    if let Some((round, Stage::Drawn)) = &round {
        offer_vacancies(work, round).await?;
    }
    Ok(Done { subject: turn.round, number: None, version: 1 })
}

async fn lapse(work: &Work<'_>, round: &rounds::Model) -> Result<(), AppError> {
    let late = applications::Entity::find()
        .filter(applications::Column::CommunityId.eq(work.community.0))
        .filter(applications::Column::RoundId.eq(round.id))
        .filter(applications::Column::Outcome.eq(Outcome::Offered.code()))
        .filter(applications::Column::OfferUntil.lte(work.now.0))
        .all(work.txn)
        .await?;
    for row in late {
        let code = row.code.clone();
        let mut change = row.into_active_model();
        change.outcome = Set(Some(Outcome::Lapsed.code().into()));
        change.update(work.txn).await?;
        work.tell("parking", round.id, &json!({ "did": "lapsed", "code": code })).await?;
    }
    Ok(())
}
