//! Finding spots by their tags, and lists of places.

use super::entity::{facilities, places, tags};
use super::model::{PlaceKind, PlaceRow, Spot};
use crate::context::Db;
use crate::error::AppError;
use crate::ids::{BuildingId, CommunityId, FacilityId, PlaceId};
use crate::rooms::communities::entity::communities;
use crate::rooms::tickets::model::Category;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;

/// The spot behind a tag's code. This is the one query that does not know its community yet: the sticker tells it.
///
/// # Errors
/// [`AppError::NotFound`] when no such tag hangs anywhere.
pub async fn spot_by_tag(db: &impl ConnectionTrait, code: &str) -> Result<Spot, AppError> {
    let tag = tags::Entity::find().filter(tags::Column::Code.eq(code)).filter(tags::Column::RetiredAt.is_null()).one(db).await?.ok_or(AppError::NotFound)?;
    spot(db, CommunityId(tag.community_id), PlaceId(tag.place_id), tag.facility_id.map(FacilityId), Some(tag.code)).await
}

/// The same as [`spot_by_tag`], remembered for a moment.
///
/// # Errors
/// [`AppError::NotFound`] when no such tag hangs anywhere.
pub async fn spot_known_by_tag(db: &Db, code: &str) -> Result<Spot, AppError> {
    db.memory.recall(None, format!("tag {code}"), spot_by_tag(&db.read, code)).await
}

/// The same as [`spot_by_place`], remembered for a moment.
///
/// # Errors
/// [`AppError::NotFound`] when the community has no such place.
pub async fn spot_known_by_place(db: &Db, community: CommunityId, place: PlaceId) -> Result<Spot, AppError> {
    db.memory.recall(None, format!("place {} {}", community.0, place.0), spot_by_place(&db.read, community, place)).await
}

/// A place as a spot.
///
/// # Errors
/// [`AppError::NotFound`] when the community has no such place.
pub async fn spot_by_place(db: &impl ConnectionTrait, community: CommunityId, place: PlaceId) -> Result<Spot, AppError> {
    let tag = tags::Entity::find()
        .filter(tags::Column::CommunityId.eq(community.0))
        .filter(tags::Column::PlaceId.eq(place.0))
        .filter(tags::Column::FacilityId.is_null())
        .filter(tags::Column::RetiredAt.is_null())
        .one(db)
        .await?;
    spot(db, community, place, None, tag.map(|t| t.code)).await
}

async fn spot(db: &impl ConnectionTrait, community: CommunityId, place: PlaceId, facility: Option<FacilityId>, tag: Option<String>) -> Result<Spot, AppError> {
    let home = communities::Entity::find_by_id(community.0).one(db).await?.ok_or(AppError::NotFound)?;
    let place = places::Entity::find_by_id((community.0, place.0)).one(db).await?.ok_or(AppError::NotFound)?;
    let facility = match facility {
        Some(id) => facilities::Entity::find_by_id((community.0, id.0)).one(db).await?,
        None => None,
    };
    let category = match &facility {
        Some(f) => Category::from_code(&f.category),
        None => default_category(PlaceKind::from_code(&place.kind)),
    };
    Ok(Spot {
        community,
        community_name: home.name,
        phone: home.phone,
        tag,
        place: PlaceId(place.id),
        place_name: place.name,
        facility: facility.as_ref().map(|f| FacilityId(f.id)),
        facility_name: facility.map(|f| f.name),
        category,
        building: place.building_id.map(BuildingId),
    })
}

fn default_category(kind: Option<PlaceKind>) -> Option<Category> {
    match kind? {
        PlaceKind::Gate => Some(Category::Access),
        PlaceKind::Road => Some(Category::Road),
        PlaceKind::Green => Some(Category::Greening),
        PlaceKind::WasteRoom => Some(Category::Cleaning),
        _ => None,
    }
}

/// The places near one: of the same building, or within `distance` on the estate's plan. A place that was added by hand
/// has no position, and is near nothing by it.
///
/// # Errors
/// When the database refuses.
pub async fn near(db: &impl ConnectionTrait, community: CommunityId, place: PlaceId, distance: i64) -> Result<Vec<PlaceId>, AppError> {
    let Some(here) = places::Entity::find_by_id((community.0, place.0)).one(db).await? else { return Ok(Vec::new()) };
    let all = places::Entity::find().filter(places::Column::CommunityId.eq(community.0)).order_by_asc(places::Column::Ordinal).limit(2_000).all(db).await?;
    let placed = |p: &places::Model| p.x != 0 || p.y != 0;
    let square = |n: i64| n.saturating_mul(n);
    let within = |p: &places::Model| placed(&here) && placed(p) && square(p.x - here.x).saturating_add(square(p.y - here.y)) <= square(distance);
    let same_building = |p: &places::Model| p.building_id.is_some() && p.building_id == here.building_id;
    Ok(all.iter().filter(|p| p.id != here.id && (same_building(p) || within(p))).map(|p| PlaceId(p.id)).collect())
}

/// All places with the codes of their own tags, in the order of the estate.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &Db, community: CommunityId) -> Result<Vec<PlaceRow>, AppError> {
    let own_tags: HashMap<uuid::Uuid, String> = tags::Entity::find()
        .filter(tags::Column::CommunityId.eq(community.0))
        .filter(tags::Column::FacilityId.is_null())
        .filter(tags::Column::RetiredAt.is_null())
        .all(&db.read)
        .await?
        .into_iter()
        .map(|t| (t.place_id, t.code))
        .collect();
    let rows = places::Entity::find().filter(places::Column::CommunityId.eq(community.0)).order_by_asc(places::Column::Ordinal).limit(2_000).all(&db.read).await?;
    Ok(rows
        .into_iter()
        .map(|p| PlaceRow { id: PlaceId(p.id), tag: own_tags.get(&p.id).cloned(), kind: PlaceKind::from_code(&p.kind).unwrap_or(PlaceKind::Other), name: p.name })
        .collect())
}

/// One sticker to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sticker {
    /// The tag's code.
    pub code: String,
    /// The facility, or else the place.
    pub name: String,
    /// The place.
    pub place: String,
}

/// The stickers of a community, by place, or of one place.
///
/// # Errors
/// When the database refuses.
pub async fn stickers(db: &Db, community: CommunityId, kind: Option<PlaceKind>) -> Result<Vec<Sticker>, AppError> {
    let mut query = places::Entity::find().filter(places::Column::CommunityId.eq(community.0)).order_by_asc(places::Column::Ordinal);
    if let Some(kind) = kind {
        query = query.filter(places::Column::Kind.eq(kind.code()));
    }
    let place_rows = query.all(&db.read).await?;
    let facility_names: HashMap<uuid::Uuid, String> =
        facilities::Entity::find().filter(facilities::Column::CommunityId.eq(community.0)).all(&db.read).await?.into_iter().map(|f| (f.id, f.name)).collect();
    let mut by_place: HashMap<uuid::Uuid, Vec<tags::Model>> = HashMap::new();
    for tag in
        tags::Entity::find().filter(tags::Column::CommunityId.eq(community.0)).filter(tags::Column::RetiredAt.is_null()).order_by_asc(tags::Column::MadeAt).all(&db.read).await?
    {
        by_place.entry(tag.place_id).or_default().push(tag);
    }
    let mut all = Vec::new();
    for place in place_rows {
        for tag in by_place.remove(&place.id).unwrap_or_default() {
            let name = tag.facility_id.and_then(|f| facility_names.get(&f).cloned()).unwrap_or_else(|| place.name.clone());
            all.push(Sticker { code: tag.code, name, place: place.name.clone() });
        }
    }
    Ok(all)
}

/// The places of a community with their names.
///
/// # Errors
/// When the database refuses.
pub async fn names_of(db: &impl ConnectionTrait, community: CommunityId) -> Result<HashMap<PlaceId, String>, AppError> {
    let rows: Vec<(uuid::Uuid, String)> =
        places::Entity::find().filter(places::Column::CommunityId.eq(community.0)).select_only().columns([places::Column::Id, places::Column::Name]).into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(id, name)| (PlaceId(id), name)).collect())
}

/// Where each place comes in the order in which one walks past them.
///
/// # Errors
/// When the database refuses.
pub async fn order_of(db: &impl ConnectionTrait, community: CommunityId) -> Result<HashMap<PlaceId, i64>, AppError> {
    let rows: Vec<(uuid::Uuid, i64)> = places::Entity::find()
        .filter(places::Column::CommunityId.eq(community.0))
        .select_only()
        .columns([places::Column::Id, places::Column::Ordinal])
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, n)| (PlaceId(id), n)).collect())
}

/// The code of a place's own tag.
///
/// # Errors
/// When the database refuses.
pub async fn place_tag(db: &impl ConnectionTrait, community: CommunityId, place: PlaceId) -> Result<Option<String>, AppError> {
    let tag = tags::Entity::find()
        .filter(tags::Column::CommunityId.eq(community.0))
        .filter(tags::Column::PlaceId.eq(place.0))
        .filter(tags::Column::FacilityId.is_null())
        .filter(tags::Column::RetiredAt.is_null())
        .one(db)
        .await?;
    Ok(tag.map(|t| t.code))
}
