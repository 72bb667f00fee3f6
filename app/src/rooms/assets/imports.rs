//! An uploaded register: kept until it is confirmed, and held against the places and assets there are; and the export.

use super::entity::{asset_imports, assets};
use super::list::{COLUMNS, Line, read};
use super::model::Row;
use crate::context::{Db, Viewer, internal};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, PlaceId};
use crate::measure::Time;
use crate::rooms::lists::book;
use crate::rooms::lists::model::Fault;
use crate::rooms::people::rules::Permission;
use crate::rooms::places::store::names_of;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A list held against what there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ready {
    /// What is added, with its place.
    pub new: Vec<(Line, PlaceId)>,
    /// Lines that are in the register already.
    pub same: usize,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

type Kept = (Vec<Line>, Vec<Fault>);

/// Keeps an uploaded list for its preview.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn upload(db: &Db, viewer: &Viewer, table: &[Vec<String>], now: Time) -> Result<Uuid, AppError> {
    viewer.require(Permission::Assets)?;
    let kept = read(table, viewer.community_view().offset);
    let id = Uuid::now_v7();
    let row = asset_imports::ActiveModel {
        community_id: Set(viewer.community().0),
        id: Set(id),
        by_id: Set(viewer.person().0),
        at: Set(now.0),
        lines: Set(serde_json::to_string(&kept).map_err(internal)?),
        confirmed_at: Set(None),
    };
    asset_imports::Entity::insert(row).exec_without_returning(&db.write).await?;
    Ok(id)
}

/// The preview of an uploaded list, and whether it was confirmed.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn preview(db: &Db, viewer: &Viewer, id: Uuid) -> Result<(Ready, bool), AppError> {
    viewer.require(Permission::Assets)?;
    let row = asset_imports::Entity::find_by_id((viewer.community().0, id)).one(&db.read).await?.ok_or(AppError::NotFound)?;
    let kept = serde_json::from_str(&row.lines).map_err(internal)?;
    Ok((resolve(&db.read, viewer.community(), kept).await?, row.confirmed_at.is_some()))
}

/// Holds the lines against the places and assets there are: the same kind, name and place is the same asset.
///
/// # Errors
/// When the database refuses.
pub async fn resolve(db: &impl ConnectionTrait, community: CommunityId, (lines, mut faults): Kept) -> Result<Ready, AppError> {
    let places: HashMap<String, PlaceId> = names_of(db, community).await?.into_iter().map(|(id, name)| (name, id)).collect();
    let rows = assets::Entity::find().filter(assets::Column::CommunityId.eq(community.0)).all(db).await?;
    let mut there: HashSet<(String, String, Uuid)> = rows.into_iter().map(|a| (a.kind, a.name, a.place_id)).collect();
    let (mut new, mut same) = (Vec::new(), 0);
    for line in lines {
        let Some(place) = places.get(&line.place) else {
            let name = &line.place;
            faults.push(Fault::new(line.line, "地点", format!("没有“{name}”这个地点，请先在“地点与贴纸”里加上"), format!("There is no place “{name}”; add it under Places first")));
            continue;
        };
        if there.insert((line.kind.code().to_owned(), line.details.name.clone(), place.0)) {
            new.push((line, *place));
        } else {
            same += 1;
        }
    }
    faults.sort_by_key(|f| f.line);
    Ok(Ready { new, same, faults })
}

/// The register as an XLSX file. What begins like a formula is written as text.
///
/// # Errors
/// [`AppError::Internal`].
pub fn export(rows: &[Row]) -> Result<Vec<u8>, AppError> {
    let lines = rows.iter().map(|row| {
        [
            row.number.as_str(),
            row.kind.label(Lang::Zh),
            &row.name,
            &row.place,
            &row.serial,
            &row.model,
            &row.installed,
            &row.warranty,
            row.state.label(Lang::Zh),
            row.tag.as_deref().unwrap_or_default(),
        ]
    });
    book::write(std::iter::once(COLUMNS).chain(lines))
}
