//! The register: adding, changing, replacing, and a list that was looked through.

use super::entity::{asset_imports, assets};
use super::model::{Add, Change, ConfirmList, Details, Kind, State};
use super::rules::{may_become, parse_details};
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::ids::PlaceId;
use crate::rooms::communities::store::{next_number, offset_of};
use crate::rooms::lists::model::faultless;
use crate::rooms::people::rules::Permission;
use crate::rooms::places::apply::tag_for;
use crate::rooms::places::store::{place_tag, spot_by_place};
use crate::text::clean;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

/// Assets in one community.
pub const ASSETS_MAX: u64 = 20_000;

/// Adds an asset; the one that it replaces is retired.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for the place, [`AppError::Invalid`], [`AppError::Closed`] when what it
/// replaces was replaced before.
pub async fn add(work: &Work<'_>, add: &Add) -> Result<Done, AppError> {
    work.caller.require(Permission::Assets)?;
    let spot = spot_by_place(work.txn, work.community, add.place).await?;
    let details = parse_details(&add.details, offset_of(work.txn, work.community).await?)?;
    room_for(work, 1).await?;
    let id = work.mutation.0;
    if let Some(old) = add.replaces {
        retire(work, old, id).await?;
    }
    let tag = if add.own_tag { Some(tag_for(work, add.place, &details.name, add.kind.category()).await?) } else { spot.tag };
    let number = insert(work, id, add.kind, add.place, &details, tag, add.replaces).await?;
    work.tell("asset", id, &json!({ "did": "added", "number": number, "kind": add.kind.code(), "replaces": add.replaces })).await?;
    Ok(Done { subject: Some(id), number: Some(number), version: 1 })
}

async fn room_for(work: &Work<'_>, more: u64) -> Result<(), AppError> {
    let count = assets::Entity::find().filter(assets::Column::CommunityId.eq(work.community.0)).count(work.txn).await?;
    if count + more > ASSETS_MAX { Err(AppError::closed("设备已经够多了（2 万件）。", "There are enough assets (20,000).")) } else { Ok(()) }
}

async fn retire(work: &Work<'_>, old: Uuid, new: Uuid) -> Result<(), AppError> {
    let row = assets::Entity::find_by_id((work.community.0, old)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    if row.replaced_by.is_some() {
        return Err(AppError::closed("这一件已经换过了。", "This one has been replaced already."));
    }
    let mut change = row.clone().into_active_model();
    change.state = Set(State::Retired.code().into());
    change.replaced_by = Set(Some(new));
    change.version = Set(row.version + 1);
    change.update(work.txn).await?;
    work.tell("asset", old, &json!({ "did": "replaced", "by": new })).await
}

async fn insert(work: &Work<'_>, id: Uuid, kind: Kind, place: PlaceId, details: &Details, tag: Option<String>, replaces: Option<Uuid>) -> Result<String, AppError> {
    let number = format!("SB-{:05}", next_number(work.txn, work.community, "assets").await?);
    let row = assets::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        number: Set(number.clone()),
        version: Set(1),
        kind: Set(kind.code().into()),
        state: Set(State::InUse.code().into()),
        name: Set(details.name.clone()),
        place_id: Set(place.0),
        tag: Set(tag),
        serial: Set(details.serial.clone()),
        model: Set(details.model.clone()),
        installed: Set(details.installed.clone()),
        warranty: Set(details.warranty.clone()),
        replaces: Set(replaces),
        replaced_by: Set(None),
        checked_at: Set(None),
        passed: Set(false),
        ticket_id: Set(None),
        created_at: Set(work.now.0),
    };
    assets::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(number)
}

/// Changes an asset.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Invalid`] (a change of state needs its
/// reason), and what [`may_become`] refuses.
pub async fn change(work: &Work<'_>, change: &Change) -> Result<Done, AppError> {
    work.caller.require(Permission::Assets)?;
    let row = assets::Entity::find_by_id((work.community.0, change.asset)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    if row.version != change.version {
        return Err(AppError::Conflict { current: row.version });
    }
    let details = parse_details(&change.details, offset_of(work.txn, work.community).await?)?;
    let from = State::from_code(&row.state).unwrap_or(State::Retired);
    may_become(from, change.state)?;
    let reason = clean(&change.reason, 200).unwrap_or_default();
    if from != change.state && reason.is_empty() {
        return Err(AppError::field("reason", "状态变了，请写原因（200 字以内）", "Say why its state changes (200 characters)"));
    }
    let mut new = row.clone().into_active_model();
    new.state = Set(change.state.code().into());
    new.name = Set(details.name);
    new.serial = Set(details.serial);
    new.model = Set(details.model);
    new.installed = Set(details.installed);
    new.warranty = Set(details.warranty);
    new.version = Set(row.version + 1);
    new.update(work.txn).await?;
    work.tell("asset", row.id, &json!({ "did": "changed", "from": from.code(), "to": change.state.code(), "reason": Some(reason).filter(|r| !r.is_empty()) })).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version + 1 })
}

/// Writes the new assets of an uploaded list. The same list again changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] while it has faults.
pub async fn confirm_list(work: &Work<'_>, confirm: &ConfirmList) -> Result<Done, AppError> {
    work.caller.require(Permission::Assets)?;
    let import = asset_imports::Entity::find_by_id((work.community.0, confirm.import)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let kept = serde_json::from_str(&import.lines).map_err(crate::context::internal)?;
    let ready = super::imports::resolve(work.txn, work.community, kept).await?;
    faultless(&ready.faults)?;
    room_for(work, ready.new.len() as u64).await?;
    let mut tags = std::collections::HashMap::new();
    for (n, (line, place)) in (1..).zip(&ready.new) {
        if !tags.contains_key(place) {
            tags.insert(*place, place_tag(work.txn, work.community, *place).await?);
        }
        let tag = tags.get(place).cloned().flatten();
        // The ids follow from the mutation's, so that the same history gives the same register.
        let id = Uuid::from_u128(work.mutation.0.as_u128().wrapping_add(n));
        insert(work, id, line.kind, *place, &line.details, tag, None).await?;
    }
    let mut change = import.clone().into_active_model();
    change.confirmed_at = Set(Some(import.confirmed_at.unwrap_or(work.now.0)));
    change.update(work.txn).await?;
    work.tell("asset_list", import.id, &json!({ "did": "imported", "assets": ready.new.len() })).await?;
    Ok(Done { subject: Some(import.id), number: None, version: 1 })
}
