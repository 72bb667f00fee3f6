//! Keeping an upload until it is confirmed, and what is known to compare it with.

use super::entity::imports;
use super::model::{Changes, Known, Owner, Row};
use super::rules::compare;
use crate::context::{Db, Viewer, internal};
use crate::error::AppError;
use crate::ids::{CommunityId, ImportId};
use crate::measure::{Area, Time};
use crate::rooms::communities::entity::{buildings, units};
use crate::rooms::communities::model::AreaSource;
use crate::rooms::people::entity::{ownerships, persons};
use crate::rooms::people::rules::Permission;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Keeps the good rows of an upload until somebody confirms them.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn upload(db: &Db, viewer: &Viewer, file_name: &str, rows: &[Row], now: Time) -> Result<ImportId, AppError> {
    viewer.require(Permission::Roster)?;
    let id = ImportId::new();
    let row = imports::ActiveModel {
        community_id: Set(viewer.community().0),
        id: Set(id.0),
        made_by: Set(viewer.person().0),
        made_at: Set(now.0),
        file_name: Set(file_name.chars().take(80).collect()),
        rows: Set(serde_json::to_string(rows).map_err(internal)?),
        confirmed_at: Set(None),
    };
    imports::Entity::insert(row).exec_without_returning(&db.write).await?;
    Ok(id)
}

/// An upload's rows and whether it was written already.
///
/// # Errors
/// [`AppError::NotFound`] when this community has no such upload.
pub async fn find(db: &impl ConnectionTrait, community: CommunityId, id: ImportId) -> Result<(Vec<Row>, bool), AppError> {
    let row = imports::Entity::find_by_id((community.0, id.0)).one(db).await?.ok_or(AppError::NotFound)?;
    Ok((serde_json::from_str(&row.rows).map_err(internal)?, row.confirmed_at.is_some()))
}

/// What writing the rows would change now.
///
/// # Errors
/// When the database refuses.
pub async fn changes(db: &impl ConnectionTrait, community: CommunityId, rows: &[Row]) -> Result<Changes, AppError> {
    let homes: HashMap<Uuid, String> =
        buildings::Entity::find().filter(buildings::Column::CommunityId.eq(community.0)).all(db).await?.into_iter().map(|b| (b.id, b.code)).collect();
    let people: HashMap<Uuid, Owner> =
        persons::Entity::find().filter(persons::Column::CommunityId.eq(community.0)).all(db).await?.into_iter().map(|p| (p.id, Owner { name: p.name, phone: p.phone })).collect();
    let mut owners: HashMap<Uuid, Vec<Owner>> = HashMap::new();
    for row in ownerships::Entity::find().filter(ownerships::Column::CommunityId.eq(community.0)).all(db).await? {
        if let Some(owner) = people.get(&row.person_id) {
            owners.entry(row.unit_id).or_default().push(owner.clone());
        }
    }
    let known: Vec<Known> = units::Entity::find()
        .filter(units::Column::CommunityId.eq(community.0))
        .all(db)
        .await?
        .into_iter()
        .map(|u| Known {
            building: homes.get(&u.building_id).cloned().unwrap_or_default(),
            stair: u.stair,
            room: u.room,
            area: Area(u.area),
            source: source_from(&u.area_source),
            owners: owners.remove(&u.id).unwrap_or_default(),
        })
        .collect();
    let codes: BTreeSet<String> = homes.into_values().collect();
    Ok(compare(&known, &codes, rows))
}

fn source_from(code: &str) -> AreaSource {
    [AreaSource::Register, AreaSource::Survey, AreaSource::Contract].into_iter().find(|s| s.code() == code).unwrap_or(AreaSource::Register)
}
