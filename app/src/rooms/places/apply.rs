//! Making places, facilities and their tags.

use super::entity::{facilities, places, tags};
use super::model::{AddFacility, AddPlace};
use super::rules::{parse_place_name, tag_code};
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::ids::{FacilityId, PlaceId};
use crate::rooms::communities::entity::buildings;
use crate::rooms::communities::store::next_number;
use crate::rooms::people::rules::Permission;
use crate::rooms::tickets::model::Category;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;

/// Places in one community.
pub const PLACES_MAX: u64 = 2_000;

/// Makes a place and its tag.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn add_place(work: &Work<'_>, add: &AddPlace) -> Result<Done, AppError> {
    work.caller.require(Permission::Tags)?;
    let name = parse_place_name(&add.name)?;
    if let Some(building) = add.building {
        buildings::Entity::find_by_id((work.community.0, building.0)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    }
    let count = places::Entity::find().filter(places::Column::CommunityId.eq(work.community.0)).count(work.txn).await?;
    if count >= PLACES_MAX {
        return Err(AppError::closed("地点已经够多了（2000 个）。", "There are enough places (2,000)."));
    }
    let id = PlaceId(work.mutation.0);
    let row = places::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id.0),
        name: Set(name),
        kind: Set(add.kind.code().into()),
        building_id: Set(add.building.map(|b| b.0)),
        x: Set(0),
        y: Set(0),
        ordinal: Set(count as i64 + 1),
    };
    places::Entity::insert(row).exec_without_returning(work.txn).await?;
    let code = add_tag(work, id, None).await?;
    work.tell("place", id.0, &json!({ "did": "added", "tag": code })).await?;
    Ok(Done { subject: Some(id.0), number: Some(code), version: 1 })
}

/// Makes a facility at a place, and its tag.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::NotFound`] for the place.
pub async fn add_facility(work: &Work<'_>, add: &AddFacility) -> Result<Done, AppError> {
    work.caller.require(Permission::Tags)?;
    let name = parse_place_name(&add.name)?;
    places::Entity::find_by_id((work.community.0, add.place.0)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    let id = FacilityId(work.mutation.0);
    let row = facilities::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id.0),
        place_id: Set(add.place.0),
        name: Set(name),
        category: Set(add.category.code().into()),
        ordinal: Set(work.now.0),
    };
    facilities::Entity::insert(row).exec_without_returning(work.txn).await?;
    let code = add_tag(work, add.place, Some(id)).await?;
    work.tell("facility", id.0, &json!({ "did": "added", "tag": code })).await?;
    Ok(Done { subject: Some(id.0), number: Some(code), version: 1 })
}

/// Makes a facility with its tag for something that is kept elsewhere (an asset), and answers the tag's code.
///
/// # Errors
/// When the database refuses.
pub async fn tag_for(work: &Work<'_>, place: PlaceId, name: &str, category: Category) -> Result<String, AppError> {
    let id = FacilityId(Uuid::now_v7());
    let row = facilities::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id.0),
        place_id: Set(place.0),
        name: Set(name.to_owned()),
        category: Set(category.code().into()),
        ordinal: Set(work.now.0),
    };
    facilities::Entity::insert(row).exec_without_returning(work.txn).await?;
    add_tag(work, place, Some(id)).await
}

async fn add_tag(work: &Work<'_>, place: PlaceId, facility: Option<FacilityId>) -> Result<String, AppError> {
    // Codes are counted over the whole installation, so that a sticker finds its community by the code alone.
    let code = tag_code(next_number(work.txn, crate::ids::CommunityId(Uuid::nil()), "tags").await? as u64);
    let row = tags::ActiveModel {
        community_id: Set(work.community.0),
        code: Set(code.clone()),
        place_id: Set(place.0),
        facility_id: Set(facility.map(|f| f.0)),
        made_at: Set(work.now.0),
        retired_at: Set(None),
    };
    tags::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(code)
}
