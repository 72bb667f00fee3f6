//! Garages, sockets and registered e-bikes.

use super::entity::{bikes, garages, sockets};
use super::model::{EndBike, Register, SetGarage, SetSocket, SocketState};
use super::rules::{UNIT_BIKES, bike_code, parse_bike, parse_garage, parse_socket};
use super::store;
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::ids::{CommunityId, UnitId};
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::{next_number, own_settings, unit};
use crate::rooms::people::rules::Permission;
use crate::rooms::places::store::spot_by_place;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

/// Garages in one community.
const GARAGES_MAX: u64 = 200;

/// Writes down a garage, or changes what is written. More sockets are added at its end.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for the place, [`AppError::Invalid`], [`AppError::Conflict`].
pub async fn set_garage(work: &Work<'_>, set: &SetGarage) -> Result<Done, AppError> {
    work.caller.require(Permission::Bays)?;
    spot_by_place(work.txn, work.community, set.place).await?;
    let set = parse_garage(set)?;
    let there =
        garages::Entity::find().filter(garages::Column::CommunityId.eq(work.community.0)).filter(garages::Column::PlaceId.eq(set.place.0)).lock_exclusive().one(work.txn).await?;
    let (id, version) = match there {
        Some(row) if row.version != set.version => return Err(AppError::Conflict { current: row.version }),
        Some(row) => {
            let (id, version) = (row.id, row.version + 1);
            let mut new = row.into_active_model();
            (new.spaces, new.note, new.version) = (Set(set.spaces), Set(set.note.clone()), Set(version));
            new.update(work.txn).await?;
            (id, version)
        }
        None if set.version != 0 => return Err(AppError::NotFound),
        None => {
            add_garage(work, &set).await?;
            (work.mutation.0, 1)
        }
    };
    let sockets = add_sockets(work, id, set.sockets).await?;
    work.tell("bike_garage", id, &json!({ "did": "written", "spaces": set.spaces, "sockets": sockets })).await?;
    Ok(Done { subject: Some(id), number: None, version })
}

async fn add_garage(work: &Work<'_>, set: &SetGarage) -> Result<(), AppError> {
    if garages::Entity::find().filter(garages::Column::CommunityId.eq(work.community.0)).count(work.txn).await? >= GARAGES_MAX {
        return Err(AppError::closed("车库已经够多了（200 个）。", "There are enough garages (200)."));
    }
    let row = garages::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        place_id: Set(set.place.0),
        version: Set(1),
        spaces: Set(set.spaces),
        note: Set(set.note.clone()),
    };
    garages::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(())
}

/// Adds the sockets that are not there yet. Answers how many there are.
async fn add_sockets(work: &Work<'_>, garage: Uuid, wanted: i64) -> Result<i64, AppError> {
    let there = sockets::Entity::find().filter(sockets::Column::CommunityId.eq(work.community.0)).filter(sockets::Column::GarageId.eq(garage)).count(work.txn).await?;
    let there = i64::try_from(there).unwrap_or(i64::MAX);
    let rows: Vec<_> = (there + 1..=wanted)
        .map(|n| sockets::ActiveModel {
            community_id: Set(work.community.0),
            // The ids follow from the mutation's, so that the same history gives the same sockets.
            id: Set(Uuid::from_u128(work.mutation.0.as_u128().wrapping_add(n.unsigned_abs().into()))),
            garage_id: Set(garage),
            n: Set(n),
            version: Set(1),
            state: Set(SocketState::Free.code().into()),
            reason: Set(String::new()),
            changed_at: Set(work.now.0),
        })
        .collect();
    if !rows.is_empty() {
        sockets::Entity::insert_many(rows).exec_without_returning(work.txn).await?;
    }
    Ok(there.max(wanted))
}

/// Says how a socket is.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Invalid`].
pub async fn set_socket(work: &Work<'_>, set: &SetSocket) -> Result<Done, AppError> {
    work.caller.require(Permission::Gate)?;
    let row = sockets::Entity::find_by_id((work.community.0, set.socket)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    if row.version != set.version {
        return Err(AppError::Conflict { current: row.version });
    }
    let reason = parse_socket(set)?;
    let (garage, n, version, before) = (row.garage_id, row.n, row.version + 1, row.state.clone());
    let mut new = row.into_active_model();
    (new.state, new.reason, new.version, new.changed_at) = (Set(set.state.code().into()), Set(reason.clone()), Set(version), Set(work.now.0));
    new.update(work.txn).await?;
    work.tell("bike_garage", garage, &json!({ "did": "socket", "n": n, "from": before, "to": set.state.code(), "reason": reason })).await?;
    Ok(Done { subject: Some(set.socket), number: Some(n.to_string()), version })
}

/// Registers an e-bike: a resident for their own unit, the desk for any.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for unit or garage, [`AppError::Invalid`], [`AppError::Closed`] when the
/// household has as many as the rule number says.
pub async fn register(work: &Work<'_>, register: &Register) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Bikes)?;
    let home = match (register.unit, viewer.may(Permission::Bays)) {
        (Some(named), true) => unit(work.txn, work.community, named).await?.id,
        (Some(named), false) if viewer.unit() != Some(named) => return Err(AppError::NotFound),
        _ => viewer.unit().ok_or_else(|| AppError::field("unit", "请选是哪一户的", "Choose whose it is"))?,
    };
    if let Some(garage) = register.garage {
        garages::Entity::find_by_id((work.community.0, garage)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    }
    let (words, plate) = parse_bike(register)?;
    // Of two at once the second counts the first: the chain is held.
    work.hold().await?;
    let (own, _, day) = own_settings(work.txn, work.community, work.now).await?;
    let most = setting(&own, UNIT_BIKES, &day).unwrap_or(3);
    let there = store::of_unit(work.txn, work.community, home).await?.len() as i64;
    if there >= most {
        return Err(AppError::closed(
            format!("这一户已经登记了 {there} 辆，最多 {most} 辆。不用的请先注销。"),
            format!("This household has {there} e-bikes registered; {most} at most. End one that is gone first."),
        ));
    }
    let tag = insert(work, home, register.garage, words, plate).await?;
    work.tell("bike", work.mutation.0, &json!({ "did": "registered", "tag": tag, "unit": home })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(tag), version: 1 })
}

async fn insert(work: &Work<'_>, home: UnitId, garage: Option<Uuid>, words: String, plate: String) -> Result<String, AppError> {
    // Codes are counted over the whole installation, so that a sticker finds its community by the code alone.
    let tag = bike_code(next_number(work.txn, CommunityId(Uuid::nil()), "bikes").await?.unsigned_abs());
    let row = bikes::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        tag: Set(tag.clone()),
        unit_id: Set(home.0),
        person_id: Set(work.person().map(|p| p.0)),
        garage_id: Set(garage),
        words: Set(words),
        plate: Set(plate),
        at: Set(work.now.0),
        ended_at: Set(None),
    };
    bikes::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(tag)
}

/// Ends a registration: somebody of the household, or the desk.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] also for another household's, [`AppError::Closed`] when it has ended.
pub async fn end(work: &Work<'_>, end: &EndBike) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Bikes)?;
    let row = bikes::Entity::find_by_id((work.community.0, end.bike)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    if !viewer.may(Permission::Bays) && viewer.unit().map(|u| u.0) != Some(row.unit_id) {
        return Err(AppError::NotFound);
    }
    if row.ended_at.is_some() {
        return Err(AppError::closed("这辆车已经注销了。", "This registration has ended."));
    }
    let tag = row.tag.clone();
    let mut new = row.into_active_model();
    new.ended_at = Set(Some(work.now.0));
    new.update(work.txn).await?;
    work.tell("bike", end.bike, &json!({ "did": "ended" })).await?;
    Ok(Done { subject: Some(end.bike), number: Some(tag), version: 2 })
}
