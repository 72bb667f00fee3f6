//! Reading the drawing, the ground, and what stands on the plan. One question for each sort of thing.

use super::entity::{areas, plans};
use super::model::{AreaRow, Ground, Pin, Sheet, Show};
use super::rules::{BLANK, DRAWN_MAX, bay_size, on_plan, spread};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, PlaceId};
use crate::measure::{Area, Time};
use crate::rooms::assets;
use crate::rooms::places::entity::places;
use crate::rooms::tickets;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// The drawing that is shown; an empty one where nobody has drawn the estate yet.
///
/// # Errors
/// When the database refuses.
pub async fn sheet(db: &impl ConnectionTrait, community: CommunityId) -> Result<Sheet, AppError> {
    let row = plans::Entity::find().filter(plans::Column::CommunityId.eq(community.0)).order_by_desc(plans::Column::N).limit(1).one(db).await?;
    Ok(row.map_or_else(|| Sheet { width: BLANK, height: BLANK, ..Sheet::default() }, |p| Sheet { n: p.n, width: p.width, height: p.height, drawing: p.drawing, source: p.source }))
}

/// Width and height of the drawing that is shown, without reading the drawing.
///
/// # Errors
/// When the database refuses.
pub async fn size(db: &impl ConnectionTrait, community: CommunityId) -> Result<(i64, i64), AppError> {
    let found: Option<(i64, i64)> = plans::Entity::find()
        .filter(plans::Column::CommunityId.eq(community.0))
        .order_by_desc(plans::Column::N)
        .limit(1)
        .select_only()
        .columns([plans::Column::Width, plans::Column::Height])
        .into_tuple()
        .one(db)
        .await?;
    Ok(found.unwrap_or((BLANK, BLANK)))
}

/// Where places are on the plan; those that were added by hand have no position.
///
/// # Errors
/// When the database refuses.
pub async fn spots(db: &impl ConnectionTrait, community: CommunityId, size: (i64, i64)) -> Result<HashMap<PlaceId, (i64, i64)>, AppError> {
    let rows: Vec<(Uuid, i64, i64)> = places::Entity::find()
        .filter(places::Column::CommunityId.eq(community.0))
        .select_only()
        .columns([places::Column::Id, places::Column::X, places::Column::Y])
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().filter(|(_, x, y)| *x != 0 || *y != 0).map(|(id, x, y)| (PlaceId(id), on_plan((x, y), size))).collect())
}

/// The pins of tickets or assets, each beside its place. Bays are no pins.
///
/// # Errors
/// When the database refuses.
pub async fn pins(db: &impl ConnectionTrait, community: CommunityId, slug: &str, show: Show, size: (i64, i64), lang: Lang, now: Time) -> Result<Vec<Pin>, AppError> {
    let spots = spots(db, community, size).await?;
    let mut taken: HashMap<PlaceId, usize> = HashMap::new();
    let step = bay_size(size.0).1 * 3 / 2;
    let mut beside = |place: PlaceId| {
        let (x, y) = *spots.get(&place)?;
        let n = taken.entry(place).or_default();
        let (dx, dy) = spread(*n, step);
        *n += 1;
        Some(((x + dx).clamp(0, size.0), (y + dy).clamp(0, size.1)))
    };
    Ok(match show {
        Show::Bays => Vec::new(),
        Show::Tickets => {
            let open = tickets::store::open_spots(db, community, DRAWN_MAX as u64, lang, now).await?;
            open.into_iter()
                .filter_map(|t| Some(Pin { at: beside(t.place)?, look: if t.late { "late" } else { "due" }, label: t.label, href: format!("/c/{slug}/t/{}", t.number) }))
                .collect()
        }
        Show::Assets => {
            let all = assets::store::spots(db, community, DRAWN_MAX as u64, lang).await?;
            all.into_iter().filter_map(|a| Some(Pin { at: beside(a.place)?, look: a.look, label: a.label, href: format!("/c/{slug}/assets/{}", a.number) })).collect()
        }
    })
}

/// The ground of a community, by code.
///
/// # Errors
/// When the database refuses.
pub async fn areas(db: &impl ConnectionTrait, community: CommunityId) -> Result<Vec<AreaRow>, AppError> {
    let rows = areas::Entity::find().filter(areas::Column::CommunityId.eq(community.0)).order_by_asc(areas::Column::Code).limit(2_000).all(db).await?;
    let row = |a: areas::Model| AreaRow {
        id: a.id,
        code: a.code,
        version: a.version,
        name: a.name,
        ground: Ground::from_code(&a.ground).unwrap_or(Ground::Other),
        size: Area(a.size),
        green: Area(a.green),
        bikes: a.bikes,
    };
    Ok(rows.into_iter().map(row).collect())
}
