//! Reading garages, sockets, e-bikes and notices.

use super::entity::{bikes, garages, notices, sockets};
use super::model::{Bike, Garage, Notice, Socket, SocketState, Stage};
use crate::context::Viewer;
use crate::error::AppError;
use crate::ids::{CommunityId, PhotoId, PlaceId, UnitId};
use crate::measure::Time;
use crate::rooms::people::rules::Permission;
use crate::rooms::places::entity::places;
use crate::rooms::places::store::names_of;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// E-bikes in one list.
const BIKES: u64 = 2_000;
/// Notices in one list.
const NOTICES: u64 = 200;

/// The garages of a community with their sockets, in the order of their names.
///
/// # Errors
/// When the database refuses.
pub async fn garages(db: &impl ConnectionTrait, community: CommunityId) -> Result<Vec<Garage>, AppError> {
    let rows = garages::Entity::find().filter(garages::Column::CommunityId.eq(community.0)).limit(500).all(db).await?;
    let mut plugs: HashMap<Uuid, Vec<Socket>> = HashMap::new();
    let all = sockets::Entity::find().filter(sockets::Column::CommunityId.eq(community.0)).order_by_asc(sockets::Column::N).limit(20_000).all(db).await?;
    for s in all {
        let state = SocketState::from_code(&s.state).unwrap_or(SocketState::Off);
        plugs.entry(s.garage_id).or_default().push(Socket { id: s.id, n: s.n, version: s.version, state, reason: s.reason });
    }
    let counted: Vec<(Option<Uuid>, i64)> = bikes::Entity::find()
        .filter(bikes::Column::CommunityId.eq(community.0))
        .filter(bikes::Column::EndedAt.is_null())
        .select_only()
        .column(bikes::Column::GarageId)
        .column_as(bikes::Column::Id.count(), "n")
        .group_by(bikes::Column::GarageId)
        .into_tuple()
        .all(db)
        .await?;
    let counted: HashMap<Uuid, i64> = counted.into_iter().filter_map(|(garage, n)| Some((garage?, n))).collect();
    let names = names_of(db, community).await?;
    let garage = |g: garages::Model| Garage {
        id: g.id,
        place: PlaceId(g.place_id),
        name: names.get(&PlaceId(g.place_id)).cloned().unwrap_or_default(),
        version: g.version,
        spaces: g.spaces,
        note: g.note,
        sockets: plugs.remove(&g.id).unwrap_or_default(),
        bikes: counted.get(&g.id).copied().unwrap_or(0),
    };
    let mut all: Vec<Garage> = rows.into_iter().map(garage).collect();
    all.sort_by_key(|g| (g.name.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>().unwrap_or(u32::MAX), g.name.clone()));
    Ok(all)
}

/// What a garage is called.
///
/// # Errors
/// When the database refuses.
pub async fn garage_name(db: &impl ConnectionTrait, community: CommunityId, garage: Uuid) -> Result<Option<String>, AppError> {
    let Some(row) = garages::Entity::find_by_id((community.0, garage)).one(db).await? else { return Ok(None) };
    Ok(places::Entity::find_by_id((community.0, row.place_id)).select_only().column(places::Column::Name).into_tuple().one(db).await?)
}

/// Places for bikes in garages.
///
/// # Errors
/// When the database refuses.
pub async fn spaces(db: &impl ConnectionTrait, community: CommunityId) -> Result<i64, AppError> {
    let all: Vec<i64> = garages::Entity::find().filter(garages::Column::CommunityId.eq(community.0)).select_only().column(garages::Column::Spaces).into_tuple().all(db).await?;
    Ok(all.into_iter().sum())
}

fn bike(row: bikes::Model) -> Bike {
    Bike { id: row.id, tag: row.tag, unit: UnitId(row.unit_id), words: row.words, plate: row.plate, garage: row.garage_id, at: Time(row.at), ended_at: row.ended_at.map(Time) }
}

/// The e-bikes that a household has registered.
///
/// # Errors
/// When the database refuses.
pub async fn of_unit(db: &impl ConnectionTrait, community: CommunityId, unit: UnitId) -> Result<Vec<Bike>, AppError> {
    let rows = bikes::Entity::find()
        .filter(bikes::Column::CommunityId.eq(community.0))
        .filter(bikes::Column::UnitId.eq(unit.0))
        .filter(bikes::Column::EndedAt.is_null())
        .order_by_asc(bikes::Column::At)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(bike).collect())
}

/// The registered e-bikes, the newest first, for the desk.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn registered(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<Vec<Bike>, AppError> {
    viewer.require(Permission::SeeDesk)?;
    let rows = bikes::Entity::find()
        .filter(bikes::Column::CommunityId.eq(viewer.community().0))
        .filter(bikes::Column::EndedAt.is_null())
        .order_by_desc(bikes::Column::At)
        .limit(BIKES)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(bike).collect())
}

/// How many e-bikes are registered.
///
/// # Errors
/// When the database refuses.
pub async fn count(db: &impl ConnectionTrait, community: CommunityId) -> Result<i64, AppError> {
    let n = bikes::Entity::find().filter(bikes::Column::CommunityId.eq(community.0)).filter(bikes::Column::EndedAt.is_null()).count(db).await?;
    Ok(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The e-bike of a sticker, and its community. This question does not know its community yet: the sticker tells it.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn by_tag(db: &impl ConnectionTrait, tag: &str) -> Result<(CommunityId, Bike), AppError> {
    let row = bikes::Entity::find().filter(bikes::Column::Tag.eq(tag)).one(db).await?.ok_or(AppError::NotFound)?;
    Ok((CommunityId(row.community_id), bike(row)))
}

/// The notices of a community, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn notices(db: &impl ConnectionTrait, community: CommunityId) -> Result<Vec<Notice>, AppError> {
    let rows = notices::Entity::find().filter(notices::Column::CommunityId.eq(community.0)).order_by_desc(notices::Column::At).limit(NOTICES).all(db).await?;
    let photos = |text: &str| serde_json::from_str::<Vec<PhotoId>>(text).unwrap_or_default();
    let notice = |n: notices::Model| Notice {
        id: n.id,
        number: n.number,
        version: n.version,
        garage: n.garage_id,
        photos: photos(&n.photos),
        stage: Stage::from_code(&n.stage).unwrap_or(Stage::Claimed),
        at: Time(n.at),
        until: Time(n.until_at),
        claimed_at: n.claimed_at.map(Time),
        disposed: n.disposed_at.map(|at| (Time(at), n.disposal.clone(), photos(&n.disposal_photos))),
        words: n.words,
    };
    Ok(rows.into_iter().map(notice).collect())
}
