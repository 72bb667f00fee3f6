//! Cars: registered by their home or a desk, looked at by a desk, taken off.

use super::entity::{leases, vehicles};
use super::model::{CarState, CheckCar, LeaseState, Register, RemoveCar};
use super::plates::{Plate, parse_plate};
use super::rules::words;
use super::sides::owns;
use crate::apply::{Done, Work};
use crate::context::Viewer;
use crate::error::AppError;
use crate::ids::{PersonId, UnitId};
use crate::rooms::communities::store::unit;
use crate::rooms::people::rules::{Fields, Permission};
use crate::rooms::photos::store::attach;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

/// Cars of one home.
const CARS_MAX: u64 = 8;

/// Registers a car. What a desk registers is checked in the same moment: it has the papers before it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for the unit, [`AppError::Closed`] without a home or with too many cars,
/// [`AppError::Invalid`] on `plate`, `contact` or `photos`.
pub async fn register(work: &Work<'_>, car: &Register) -> Result<Done, AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    let desk = !viewer.may(Permission::ParkingApply);
    if desk {
        viewer.require(Permission::ParkingCheck)?;
    }
    let mut fields = Fields::default();
    let plate = fields.take(parse_plate(&car.plate));
    let home = if desk { car.unit } else { viewer.unit() };
    let contact = if desk && home.is_none() { fields.take(words("contact", &car.contact, 2, 60)).unwrap_or_default() } else { String::new() };
    if car.photos.len() > 1 {
        fields.take::<()>(Err(AppError::field("photos", "一张照片就够", "One photo is enough")));
    }
    fields.check()?;
    let plate = plate.ok_or(AppError::UnknownKind)?;
    if !desk && home.is_none() {
        return Err(AppError::closed("您的身份不在哪一户里，请联系物业登记。", "Your role belongs to no home: ask the property desk."));
    }
    if let Some(home) = home {
        unit(work.txn, work.community, home).await?;
        room_for(work, home).await?;
    }
    attach(work.txn, work.community, &car.photos, work.person(), work.now).await?;
    let id = work.mutation.0;
    insert(work, id, &plate, home, if desk { None } else { work.person() }, contact, car.photos.first().map(|p| p.0), desk).await?;
    work.tell("parking_car", id, &json!({ "did": "registered", "ev": plate.new_energy(), "checked": desk })).await?;
    Ok(Done { subject: Some(id), number: None, version: 1 })
}

async fn room_for(work: &Work<'_>, home: UnitId) -> Result<(), AppError> {
    let of_home =
        vehicles::Entity::find().filter(vehicles::Column::CommunityId.eq(work.community.0)).filter(vehicles::Column::UnitId.eq(home.0)).filter(vehicles::Column::Gone.eq(0));
    if of_home.count(work.txn).await? >= CARS_MAX {
        return Err(AppError::closed("一户最多登记 8 辆车，请先注销不用的。", "At most 8 cars for a home: remove one first."));
    }
    Ok(())
}

/// Writes a car's row.
///
/// # Errors
/// [`AppError::Invalid`] on `plate` when it is registered already.
#[expect(clippy::too_many_arguments, reason = "a row has many columns; a struct of them would be the row again")]
pub(super) async fn insert(
    work: &Work<'_>,
    id: Uuid,
    plate: &Plate,
    home: Option<UnitId>,
    person: Option<PersonId>,
    contact: String,
    photo: Option<Uuid>,
    checked: bool,
) -> Result<(), AppError> {
    work.hold().await?;
    if by_plate(work, plate.text()).await?.is_some() {
        return Err(AppError::field(
            "plate",
            "这个车牌已经登记过，如果不是您家登记的，请联系物业",
            "This plate is registered already; if it was not your home, ask the property desk",
        ));
    }
    let row = vehicles::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        unit_id: Set(home.map(|u| u.0)),
        person_id: Set(person.map(|p| p.0)),
        plate: Set(plate.text().to_owned()),
        ev: Set(plate.new_energy()),
        contact: Set(contact),
        photo_id: Set(photo),
        state: Set(if checked { CarState::Confirmed } else { CarState::Pending }.code().into()),
        words: Set(String::new()),
        at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
        checked_at: Set(checked.then_some(work.now.0)),
        checked_by: Set(if checked { work.person().map(|p| p.0) } else { None }),
        gone: Set(0),
    };
    vehicles::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(())
}

/// The car with a plate that is registered now.
///
/// # Errors
/// When the database refuses.
pub(super) async fn by_plate(work: &Work<'_>, plate: &str) -> Result<Option<vehicles::Model>, AppError> {
    let found = vehicles::Entity::find().filter(vehicles::Column::CommunityId.eq(work.community.0)).filter(vehicles::Column::Plate.eq(plate)).filter(vehicles::Column::Gone.eq(0));
    Ok(found.one(work.txn).await?)
}

/// A car of the viewer's own household that is registered now.
///
/// # Errors
/// [`AppError::Invalid`] on `vehicle`: of another home or removed ones it says no more than that.
pub(super) async fn of_home(work: &Work<'_>, id: Uuid, viewer: &Viewer) -> Result<vehicles::Model, AppError> {
    let row = vehicles::Entity::find_by_id((work.community.0, id)).one(work.txn).await?.filter(|c| c.gone == 0);
    match row {
        Some(car) if owns(work.txn, viewer, car.unit_id, car.person_id).await? => Ok(car),
        _ => Err(AppError::field("vehicle", "请选自己家登记的车", "Choose a car of your own home")),
    }
}

/// Says whether a car's proof fits.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] for a removed car, [`AppError::Invalid`] on `words`.
pub async fn check(work: &Work<'_>, check: &CheckCar) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingCheck)?;
    let row = find(work, check.vehicle).await?;
    let reason = if check.accepts { String::new() } else { words("words", &check.words, 2, 200)? };
    let state = if check.accepts { CarState::Confirmed } else { CarState::Refused };
    let mut change = row.into_active_model();
    change.state = Set(state.code().into());
    change.words = Set(reason);
    change.checked_at = Set(Some(work.now.0));
    change.checked_by = Set(work.person().map(|p| p.0));
    change.update(work.txn).await?;
    work.tell("parking_car", check.vehicle, &json!({ "did": "checked", "state": state.code() })).await?;
    Ok(Done { subject: Some(check.vehicle), number: None, version: 1 })
}

async fn find(work: &Work<'_>, id: Uuid) -> Result<vehicles::Model, AppError> {
    let row = vehicles::Entity::find_by_id((work.community.0, id)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    if row.gone != 0 {
        return Err(AppError::closed("这辆车已经注销了。", "This car was removed already."));
    }
    Ok(row)
}

/// Takes a car off: one's own, or at a desk. What has a bay keeps its car.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] also for another home's, [`AppError::Closed`] while it has a bay.
pub async fn remove(work: &Work<'_>, remove: &RemoveCar) -> Result<Done, AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    let desk = viewer.may(Permission::ParkingCheck);
    if !desk {
        viewer.require(Permission::ParkingApply)?;
    }
    let row = find(work, remove.vehicle).await?;
    if !desk && !owns(work.txn, viewer, row.unit_id, row.person_id).await? {
        return Err(AppError::NotFound);
    }
    let leased = leases::Entity::find()
        .filter(leases::Column::CommunityId.eq(work.community.0))
        .filter(leases::Column::VehicleId.eq(row.id))
        .filter(leases::Column::State.eq(LeaseState::Active.code()));
    if leased.count(work.txn).await? > 0 {
        return Err(AppError::closed("这辆车还有车位，请先换车或退车位。", "This car has a bay: change the car or give the bay back first."));
    }
    let mut change = row.into_active_model();
    change.state = Set(CarState::Removed.code().into());
    change.gone = Set(work.now.0);
    change.update(work.txn).await?;
    work.tell("parking_car", remove.vehicle, &json!({ "did": "removed" })).await?;
    Ok(Done { subject: Some(remove.vehicle), number: None, version: 1 })
}
