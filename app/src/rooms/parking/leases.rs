//! Leases and passes: given, paid elsewhere, renewed, given back, withdrawn with notice and appeal. Nobody can hand one on.

use super::cars::of_home;
use super::draw::suits;
use super::entity::{applications, leases, round_bays, rounds};
use super::lists::entry;
use super::model::{Appeal, Band, CarState, ChangeCar, Kind, LeaseState, Notice, Outcome, Release, Renew, Right, Ruling, Stage};
use super::offers::offer_vacancies;
use super::rounds::{find as find_round, rules_of};
use super::rules::{may_renew, months_after, words};
use super::sides::owns;
use crate::apply::{Done, Work};
use crate::context::Viewer;
use crate::error::AppError;
use crate::ids::PersonId;
use crate::measure::{DAY, Fen, Time};
use crate::rooms::bays;
use crate::rooms::bays::model::BayState;
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::{next_number, offset_of, own_settings};
use crate::rooms::messages::notes::{Note, tell};
use crate::rooms::people::entity::{memberships, persons};
use crate::rooms::people::rules::Permission;
use chrono::Datelike;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

/// What somebody is given.
pub(super) struct Given<'a> {
    pub id: Uuid,
    pub round: Option<Uuid>,
    pub application: Option<Uuid>,
    pub right: Right,
    pub bay: Option<&'a round_bays::Model>,
    pub holder: &'a str,
    pub unit: Option<Uuid>,
    pub person: Option<Uuid>,
    pub car: Uuid,
    pub months: i64,
    pub fee: Fen,
    /// Until when it is paid, where that was before the program knew of it.
    pub paid_until: Option<Time>,
}

/// Writes a lease or a pass, and that its bay is held. A pass takes room, but no bay of its own.
///
/// # Errors
/// When the database refuses.
pub(super) async fn give(work: &Work<'_>, given: &Given<'_>) -> Result<String, AppError> {
    let offset = offset_of(work.txn, work.community).await?;
    let bay = given.bay.filter(|_| given.right == Right::Lease);
    let until = months_after(work.now, given.months, offset);
    let number = insert(work, given, bay.map(|b| (b.bay_id, b.code.clone())), (work.now, until), offset).await?;
    if let Some(room) = given.bay {
        let mut change = room.clone().into_active_model();
        change.lease_id = Set(Some(given.id));
        change.update(work.txn).await?;
    }
    if let Some(bay) = bay {
        bays::store::set_state(work.txn, work.community, bay.bay_id, BayState::Held, &number, work.person(), work.now, given.id).await?;
    }
    work.tell("parking_lease", given.id, &json!({ "did": "given", "number": number, "right": given.right, "bay": bay.map(|b| &b.code), "until": until, "fee": given.fee })).await?;
    Ok(number)
}

/// Writes the row of a lease; answers its number.
///
/// # Errors
/// When the database refuses.
pub(super) async fn insert(work: &Work<'_>, given: &Given<'_>, bay: Option<(Uuid, String)>, (from, until): (Time, Time), offset: i32) -> Result<String, AppError> {
    let year = work.now.local(offset).year();
    let number = format!("CW-{year}-{:04}", next_number(work.txn, work.community, &format!("parking leases {year}")).await?);
    let (bay_id, bay_code) = bay.map_or((None, String::new()), |(id, code)| (Some(id), code));
    let row = leases::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(given.id),
        number: Set(number.clone()),
        version: Set(1),
        round_id: Set(given.round),
        application_id: Set(given.application),
        kind: Set(given.right.code().into()),
        bay_id: Set(bay_id),
        bay_code: Set(bay_code),
        holder: Set(given.holder.to_owned()),
        unit_id: Set(given.unit),
        person_id: Set(given.person),
        vehicle_id: Set(given.car),
        months: Set(given.months),
        fee: Set(given.fee.0),
        from_at: Set(from.0),
        until: Set(until.0),
        paid_until: Set(given.paid_until.unwrap_or(from).0),
        state: Set(LeaseState::Active.code().into()),
        ended_at: Set(None),
        why: Set(String::new()),
        notice_at: Set(None),
        notice_until: Set(None),
        notice_why: Set(String::new()),
        appeal_at: Set(None),
        appeal_words: Set(String::new()),
        ruling: Set(None),
        ruling_words: Set(String::new()),
    };
    leases::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(number)
}

/// Ends a lease: its bay is free again.
///
/// # Errors
/// When the database refuses.
pub(super) async fn end(work: &Work<'_>, lease: leases::Model, state: LeaseState, why: String) -> Result<(), AppError> {
    let (id, bay, version) = (lease.id, lease.bay_id, lease.version + 1);
    let number = lease.number.clone();
    let mut change = lease.into_active_model();
    change.state = Set(state.code().into());
    change.ended_at = Set(Some(work.now.0));
    change.why = Set(why);
    change.version = Set(version);
    change.update(work.txn).await?;
    round_bays::Entity::update_many()
        .col_expr(round_bays::Column::LeaseId, sea_orm::sea_query::Expr::value(Option::<Uuid>::None))
        .filter(round_bays::Column::CommunityId.eq(work.community.0))
        .filter(round_bays::Column::LeaseId.eq(id))
        .exec(work.txn)
        .await?;
    super::swaps::lay_aside(work, &[id]).await?;
    if let Some(bay) = bay {
        // The end of a lease is one more change of the same bay: its id follows from the lease's and differs from its beginning's.
        let change = Uuid::from_u128(id.as_u128() ^ (1 << 40));
        bays::store::set_state(work.txn, work.community, bay, BayState::Free, &number, work.person(), work.now, change).await?;
    }
    work.tell("parking_lease", id, &json!({ "did": "ended", "number": number, "state": state })).await
}

/// A lease that runs, held until the transaction ends.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Closed`] when it is over.
pub(super) async fn running(work: &Work<'_>, id: Uuid) -> Result<leases::Model, AppError> {
    let row = leases::Entity::find_by_id((work.community.0, id)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    if row.state != LeaseState::Active.code() {
        return Err(AppError::closed("这份合同已经结束。", "This lease is over."));
    }
    Ok(row)
}

/// A running lease of one's own household. Another's is not there.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`].
pub(super) async fn own<'w>(work: &'w Work<'_>, id: Uuid) -> Result<(leases::Model, &'w Viewer), AppError> {
    let viewer = work.caller.require(Permission::ParkingApply)?;
    let row = leases::Entity::find_by_id((work.community.0, id)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    if !owns(work.txn, viewer, row.unit_id, row.person_id).await? {
        return Err(AppError::NotFound);
    }
    Ok((running(work, id).await?, viewer))
}

async fn round_of(work: &Work<'_>, lease: &leases::Model) -> Result<Option<(rounds::Model, Stage)>, AppError> {
    match lease.round_id {
        Some(id) => Ok(Some(find_round(work, id).await?)),
        None => Ok(None),
    }
}

/// Whether a desk gives a bay back for its holder: somebody from outside, or a home that came on paper or from a list and in which
/// nobody could do it by themselves.
async fn desk_gives_back(work: &Work<'_>, lease: &leases::Model) -> Result<bool, AppError> {
    let Some(home) = lease.unit_id else { return Ok(true) };
    if lease.person_id.is_some() {
        return Ok(false);
    }
    let living: Vec<Uuid> = memberships::Entity::find()
        .select_only()
        .column(memberships::Column::PersonId)
        .filter(memberships::Column::CommunityId.eq(work.community.0))
        .filter(memberships::Column::UnitId.eq(home))
        .filter(memberships::Column::Until.is_null().or(memberships::Column::Until.gt(work.now.0)))
        .into_tuple()
        .all(work.txn)
        .await?;
    let with_account = persons::Entity::find()
        .filter(persons::Column::CommunityId.eq(work.community.0))
        .filter(persons::Column::Id.is_in(living))
        .filter(persons::Column::AccountId.is_not_null());
    Ok(with_account.count(work.txn).await? == 0)
}

/// Gives a bay back: one's own, or at a desk for somebody from outside. It goes down the waiting list by itself.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`].
pub async fn release(work: &Work<'_>, step: &Release) -> Result<Done, AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    let lease = if viewer.may(Permission::ParkingApply) {
        own(work, step.lease).await?.0
    } else {
        viewer.require(Permission::ParkingCheck)?;
        let lease = running(work, step.lease).await?;
        if !desk_gives_back(work, &lease).await? {
            return Err(AppError::closed("请住户自己退；物业要收回的，请发收回通知。", "Its own home gives it back; to withdraw it, give notice."));
        }
        lease
    };
    let (round, number, version) = (round_of(work, &lease).await?, lease.number.clone(), lease.version + 1);
    end(work, lease, LeaseState::Ended, "退租".into()).await?;
    if let Some((round, Stage::Drawn)) = &round {
        offer_vacancies(work, round).await?;
    }
    Ok(Done { subject: Some(step.lease), number: Some(number), version })
}

/// Another term, near the end of this one and only when nobody waits: bays rotate (R5.6).
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], and what [`may_renew`] refuses.
pub async fn renew(work: &Work<'_>, step: &Renew) -> Result<Done, AppError> {
    let (lease, _) = own(work, step.lease).await?;
    let (own, offset, day) = own_settings(work.txn, work.community, work.now).await?;
    let days = match round_of(work, &lease).await? {
        Some((round, _)) => rules_of(&round)?.renew_days,
        None => setting(&own, "parking.renew_days", &day).unwrap_or_default(),
    };
    may_renew(Time(lease.until), days, waiting(work, &lease).await?, lease.notice_until.is_some(), work.now)?;
    let until = months_after(Time(lease.until), lease.months, offset);
    let (number, version) = (lease.number.clone(), lease.version + 1);
    let mut change = lease.into_active_model();
    change.until = Set(until.0);
    change.version = Set(version);
    change.update(work.txn).await?;
    work.tell("parking_lease", step.lease, &json!({ "did": "renewed", "number": number, "until": until })).await?;
    Ok(Done { subject: Some(step.lease), number: Some(number), version })
}

/// Homes that wait, in a round that is not over, for what this lease has: those from outside come after everybody who lives here, and
/// a bay for a need frees nothing for who does not have it.
async fn waiting(work: &Work<'_>, lease: &leases::Model) -> Result<usize, AppError> {
    let kind = kind_of(work, lease).await?;
    let drawn: Vec<Uuid> = rounds::Entity::find()
        .select_only()
        .column(rounds::Column::Id)
        .filter(rounds::Column::CommunityId.eq(work.community.0))
        .filter(rounds::Column::Stage.eq(Stage::Drawn.code()))
        .into_tuple()
        .all(work.txn)
        .await?;
    let waiting = applications::Entity::find()
        .filter(applications::Column::CommunityId.eq(work.community.0))
        .filter(applications::Column::RoundId.is_in(drawn))
        .filter(applications::Column::Band.ne(Band::Outside.number()))
        .filter(applications::Column::Outcome.eq(Outcome::Waiting.code()))
        .all(work.txn)
        .await?;
    Ok(waiting.iter().filter_map(entry).filter(|e| suits(e, kind)).count())
}

/// What the bay of a lease is for; for a pass, the bay whose room it takes.
async fn kind_of(work: &Work<'_>, lease: &leases::Model) -> Result<Kind, AppError> {
    if let Some(bay) = lease.bay_id {
        return Ok(kind_of_bay(&bays::store::find(work.txn, work.community, bay).await?));
    }
    let room = round_bays::Entity::find().filter(round_bays::Column::CommunityId.eq(work.community.0)).filter(round_bays::Column::LeaseId.eq(lease.id)).one(work.txn).await?;
    Ok(room.and_then(|r| Kind::from_code(&r.kind)).unwrap_or(Kind::Plain))
}

/// Another car of the same home. A car of another home would be handing the bay on, which nobody can.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] for a car that has a bay, [`AppError::Invalid`] on `vehicle`.
pub async fn change_car(work: &Work<'_>, step: &ChangeCar) -> Result<Done, AppError> {
    let (lease, viewer) = own(work, step.lease).await?;
    let car = of_home(work, step.vehicle, viewer).await?;
    if car.state != CarState::Confirmed.code() {
        return Err(AppError::field("vehicle", "这辆车的证明还没有核对通过", "This car's papers were not accepted yet"));
    }
    let taken = leases::Entity::find()
        .filter(leases::Column::CommunityId.eq(work.community.0))
        .filter(leases::Column::VehicleId.eq(car.id))
        .filter(leases::Column::State.eq(LeaseState::Active.code()));
    if taken.count(work.txn).await? > 0 {
        return Err(AppError::closed("这辆车已经有车位。", "This car has a bay already."));
    }
    if let Some(bay) = lease.bay_id
        && bays::store::find(work.txn, work.community, bay).await?.ev
        && !car.ev
    {
        return Err(AppError::field("vehicle", "充电车位只给新能源车用", "A bay with a charger is for electric cars"));
    }
    let (number, version) = (lease.number.clone(), lease.version + 1);
    let mut change = lease.into_active_model();
    change.vehicle_id = Set(car.id);
    change.version = Set(version);
    change.update(work.txn).await?;
    work.tell("parking_lease", step.lease, &json!({ "did": "car_changed", "number": number })).await?;
    Ok(Done { subject: Some(step.lease), number: Some(number), version })
}

/// Gives notice that a bay is withdrawn; its holder may appeal until then.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when notice was given, [`AppError::Invalid`] on `reason`.
pub async fn notice(work: &Work<'_>, notice: &Notice) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingNotice)?;
    let lease = running(work, notice.lease).await?;
    if lease.notice_until.is_some() {
        return Err(AppError::closed("已经发过收回通知。", "Notice was given already."));
    }
    let reason = words("reason", &notice.reason, 5, 200)?;
    let (own, _, day) = own_settings(work.txn, work.community, work.now).await?;
    let until = work.now + setting(&own, "parking.notice_days", &day).unwrap_or_default() * DAY;
    let (number, version) = (lease.number.clone(), lease.version + 1);
    give_notice(work, lease, reason, until).await?;
    Ok(Done { subject: Some(notice.lease), number: Some(number), version })
}

/// Writes a notice down and tells the holder, who may appeal until then.
///
/// # Errors
/// When the database refuses.
pub(super) async fn give_notice(work: &Work<'_>, lease: leases::Model, reason: String, until: Time) -> Result<(), AppError> {
    let (id, number, version, person) = (lease.id, lease.number.clone(), lease.version + 1, lease.person_id);
    let mut change = lease.into_active_model();
    change.notice_at = Set(Some(work.now.0));
    change.notice_until = Set(Some(until.0));
    change.notice_why = Set(reason.clone());
    change.appeal_at = Set(None);
    change.appeal_words = Set(String::new());
    change.ruling = Set(None);
    change.ruling_words = Set(String::new());
    change.version = Set(version);
    change.update(work.txn).await?;
    if let Some(person) = person {
        let note =
            Note {
                zh: format!("{number}：车位要收回（{reason}），可以申诉"), en: format!("{number}: your bay is to be withdrawn; you may appeal"), path: "/parking".into()
            };
        tell(work, &[PersonId(person)], &note).await?;
    }
    work.tell("parking_lease", id, &json!({ "did": "noticed", "number": number, "reason": reason, "until": until })).await
}

/// Takes a notice back: what it was given for is no more.
///
/// # Errors
/// When the database refuses.
pub(super) async fn take_notice_back(work: &Work<'_>, lease: leases::Model) -> Result<(), AppError> {
    let (id, number, version) = (lease.id, lease.number.clone(), lease.version + 1);
    let mut change = lease.into_active_model();
    change.notice_until = Set(None);
    change.version = Set(version);
    change.update(work.txn).await?;
    work.tell("parking_lease", id, &json!({ "did": "notice_taken_back", "number": number })).await
}

/// Appeals against a notice: the bay stays until there is a word on it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] without a notice, after its time or the second time,
/// [`AppError::Invalid`] on `words`.
pub async fn appeal(work: &Work<'_>, appeal: &Appeal) -> Result<Done, AppError> {
    let (lease, _) = own(work, appeal.lease).await?;
    if lease.notice_until.is_none_or(|until| work.now.0 >= until) || lease.appeal_at.is_some() {
        return Err(AppError::closed("没有可申诉的通知，或已经申诉过。", "There is no notice to appeal against, or you have appealed."));
    }
    let words = words("words", &appeal.words, 5, 300)?;
    let (number, version) = (lease.number.clone(), lease.version + 1);
    let mut change = lease.into_active_model();
    change.appeal_at = Set(Some(work.now.0));
    change.appeal_words = Set(words);
    change.version = Set(version);
    change.update(work.txn).await?;
    work.tell("parking_lease", appeal.lease, &json!({ "did": "appealed", "number": number })).await?;
    Ok(Done { subject: Some(appeal.lease), number: Some(number), version })
}

/// Decides an appeal: the withdrawal stands, or the notice is void. Whoever gave notice for the company decides nothing here.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] without an appeal or when it is decided, [`AppError::Invalid`]
/// on `words`.
pub async fn ruling(work: &Work<'_>, ruling: &Ruling) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingRuling)?;
    let lease = running(work, ruling.lease).await?;
    if lease.appeal_at.is_none() || lease.ruling.is_some() {
        return Err(AppError::closed("没有等决定的申诉。", "No appeal waits for a word."));
    }
    let words = words("words", &ruling.words, 2, 300)?;
    let (number, version) = (lease.number.clone(), lease.version + 1);
    let mut change = lease.into_active_model();
    change.ruling = Set(Some(i64::from(ruling.stands)));
    change.ruling_words = Set(words);
    if !ruling.stands {
        change.notice_until = Set(None);
    }
    change.version = Set(version);
    change.update(work.txn).await?;
    work.tell("parking_lease", ruling.lease, &json!({ "did": "ruled", "number": number, "stands": ruling.stands })).await?;
    Ok(Done { subject: Some(ruling.lease), number: Some(number), version })
}

/// What a bay is for.
pub(super) fn kind_of_bay(bay: &bays::model::Bay) -> Kind {
    if bay.accessible {
        Kind::Accessible
    } else if bay.ev {
        Kind::Ev
    } else {
        Kind::Plain
    }
}
