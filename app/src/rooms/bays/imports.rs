//! An uploaded register of bays: kept until it is confirmed, and held against what there is; and the export.

use super::entity::{bays, imports};
use super::list::{COLUMNS, Line, OWNER, named, read};
use super::model::{Bay, BayKind};
use super::store;
use crate::context::{Db, Viewer, internal};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, UnitId};
use crate::measure::Time;
use crate::rooms::communities::store::{all_units, buildings};
use crate::rooms::events::store::{Entry, append};
use crate::rooms::lists::book;
use crate::rooms::lists::model::Fault;
use crate::rooms::people::rules::Permission;
use crate::rooms::sites::rules::on_sheet;
use crate::rooms::sites::store::size;
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use serde_json::json;
use std::collections::HashMap;
use uuid::Uuid;

/// A list held against what there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ready {
    /// What is added, with the unit that owns it, where it is one that is owned.
    pub new: Vec<(Line, Option<UnitId>)>,
    /// What is in the register and is written otherwise here.
    pub changed: Vec<(Bay, Line, Option<UnitId>)>,
    /// Lines that are in the register as they stand here.
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
    viewer.require(Permission::Bays)?;
    let kept = read(table);
    let id = Uuid::now_v7();
    imports::Entity::insert(row(viewer.community(), id, viewer.person().0, now, &kept)?).exec_without_returning(&db.write).await?;
    Ok(id)
}

/// The row of an uploaded list.
///
/// # Errors
/// [`AppError::Internal`].
pub fn row(community: CommunityId, id: Uuid, by: Uuid, now: Time, kept: &Kept) -> Result<imports::ActiveModel, AppError> {
    Ok(imports::ActiveModel {
        community_id: Set(community.0),
        id: Set(id),
        by_id: Set(by),
        at: Set(now.0),
        lines: Set(serde_json::to_string(kept).map_err(internal)?),
        confirmed_at: Set(None),
    })
}

/// The preview of an uploaded list, and whether it was confirmed.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn preview(db: &Db, viewer: &Viewer, id: Uuid) -> Result<(Ready, bool), AppError> {
    viewer.require(Permission::Bays)?;
    let row = imports::Entity::find_by_id((viewer.community().0, id)).one(&db.read).await?.ok_or(AppError::NotFound)?;
    let kept = serde_json::from_str(&row.lines).map_err(internal)?;
    Ok((resolve(&db.read, viewer.community(), kept).await?, row.confirmed_at.is_some()))
}

/// Building, stair and room by unit.
pub type DoorsByUnit = HashMap<UnitId, (String, String, String)>;

/// Units by building, stair and room.
type Doors = HashMap<(String, String, String), UnitId>;

async fn doors(db: &impl ConnectionTrait, community: CommunityId) -> Result<Doors, AppError> {
    let codes: HashMap<_, _> = buildings(db, community).await?.into_iter().map(|b| (b.id, b.code)).collect();
    let units = all_units(db, community).await?;
    Ok(units.into_iter().filter_map(|u| Some(((codes.get(&u.building)?.clone(), u.stair, u.room), u.id))).collect())
}

/// Holds the lines against the bays and units there are: the same code is the same bay, and what the sheet has no column for
/// stays as it is there.
///
/// # Errors
/// When the database refuses.
pub async fn resolve(db: &impl ConnectionTrait, community: CommunityId, (lines, faults): Kept) -> Result<Ready, AppError> {
    let there: HashMap<String, Bay> = store::list(db, community).await?.into_iter().map(|b| (b.code.clone(), b)).collect();
    let doors = if lines.iter().any(|l| l.unit.is_some()) { doors(db, community).await? } else { HashMap::new() };
    let size = size(db, community).await?;
    let mut ready = Ready { faults, ..Ready::default() };
    for line in lines {
        let unit = match &line.unit {
            None => None,
            Some(door) => match doors.get(door) {
                Some(unit) => Some(*unit),
                None => {
                    ready.faults.push(Fault::new(line.line, "室号", "名册里没有这一户", "The roster has no such unit"));
                    continue;
                }
            },
        };
        let bay = there.get(&line.code);
        let details = match line.over(bay) {
            Ok(details) => details,
            Err(error) => {
                ready.faults.extend(named(line.line, error));
                continue;
            }
        };
        // One that was placed before another drawing came in may stay where it is.
        let moved = bay.is_none_or(|bay| bay.at != details.x.zip(details.y));
        if moved && let Err(error) = on_sheet(details.x.zip(details.y), size) {
            ready.faults.extend(named(line.line, error));
            continue;
        }
        let unit = if line.says_owner() { unit } else { bay.and_then(|b| b.unit) };
        let unit = unit.filter(|_| line.kind == BayKind::Owned);
        let line = Line { details, ..line };
        match bay {
            None => ready.new.push((line, unit)),
            Some(bay) if bay.kind == line.kind && bay.unit == unit && bay.details() == line.details => ready.same += 1,
            Some(bay) => ready.changed.push((bay.clone(), line, unit)),
        }
    }
    ready.faults.sort_by_key(|f| f.line);
    Ok(ready)
}

/// The row of a new bay.
pub fn bay_row(community: CommunityId, id: Uuid, line: &Line, unit: Option<UnitId>, now: Time) -> bays::ActiveModel {
    let d = &line.details;
    bays::ActiveModel {
        community_id: Set(community.0),
        id: Set(id),
        code: Set(line.code.clone()),
        version: Set(1),
        kind: Set(line.kind.code().into()),
        original_planned: Set(d.original_planned),
        accessible: Set(d.accessible),
        ev: Set(d.ev),
        area: Set(d.area.clone()),
        x: Set(d.x),
        y: Set(d.y),
        state: Set(line.state.code().into()),
        unit_id: Set(unit.map(|u| u.0)),
        photo_id: Set(None),
        note: Set(d.note.clone()),
        freed: Set(d.freed),
        created_at: Set(now.0),
    }
}

/// The register for an export: the bays, and the doors of their owners for those who may see whom to call. The look leaves
/// an event (R7.5).
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn for_export(db: &Db, viewer: &Viewer, now: Time) -> Result<(Vec<Bay>, Option<DoorsByUnit>), AppError> {
    viewer.require(Permission::SeeDesk)?;
    let (txn, community) = (db.begin().await?, viewer.community());
    let bays = store::list(&txn, community).await?;
    let doors = if viewer.may(Permission::SeeContact) { Some(doors_by_unit(&txn, community).await?) } else { None };
    let body = json!({ "did": "exported", "bays": bays.len(), "doors": doors.is_some() });
    let entry = Entry { at: now, subject_kind: "bay_list", subject: community.0, actor: Some(viewer.person()), role: Some(viewer.role()), mutation: None, body };
    append(&txn, community, entry).await?;
    txn.commit().await?;
    Ok((bays, doors))
}

/// The register as an XLSX file, which can be read again. Without `doors` the columns that name owners are not in it, so that
/// reading it again leaves them as they are. What begins like a formula is written as text.
///
/// # Errors
/// [`AppError::Internal`].
pub fn export(rows: &[Bay], doors: Option<&DoorsByUnit>) -> Result<Vec<u8>, AppError> {
    let written = |name: &str| doors.is_some() || !OWNER.contains(&name);
    let yes = |flag: bool| if flag { "是" } else { "否" };
    let nowhere = (String::new(), String::new(), String::new());
    let heading = COLUMNS.map(str::to_owned);
    let lines = rows.iter().map(|bay| {
        let (building, stair, room) = bay.unit.zip(doors).and_then(|(u, doors)| doors.get(&u)).unwrap_or(&nowhere);
        let at = bay.at.map_or_else(Default::default, |(x, y)| (x.to_string(), y.to_string()));
        let kind = bay.kind.label(Lang::Zh);
        let flags = [bay.original_planned, bay.accessible, bay.ev, bay.freed].map(yes);
        let [planned, accessible, ev, freed] = flags;
        [&bay.code, kind, planned, accessible, ev, freed, &bay.area, &at.0, &at.1, bay.state.label(Lang::Zh), building, stair, room, &bay.note].map(str::to_owned)
    });
    book::write(std::iter::once(heading).chain(lines).map(|cells| COLUMNS.into_iter().zip(cells).filter(|(name, _)| written(name)).map(|(_, cell)| cell)))
}

/// The doors of the units that own bays, for the export.
///
/// # Errors
/// When the database refuses.
pub async fn doors_by_unit(db: &impl ConnectionTrait, community: CommunityId) -> Result<DoorsByUnit, AppError> {
    Ok(doors(db, community).await?.into_iter().map(|(door, unit)| (unit, door)).collect())
}
