//! A list of cars and leases: uploaded, held against what there is, confirmed; and the export.

use super::entity::{imports, leases, vehicles};
use super::leases::{Given, insert};
use super::list::{COLUMNS, Holds, Line, read};
use super::model::{CarRow, ConfirmList, LeaseRow, LeaseState, Right};
use super::rounds::taken_bays;
use super::store::homes;
use crate::apply::{Done, Work};
use crate::context::{Db, Viewer, internal};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, UnitId};
use crate::measure::{DAY, Time};
use crate::rooms::bays;
use crate::rooms::bays::model::{Bay, BayState};
use crate::rooms::bays::rules::fixed_lease;
use crate::rooms::communities::store::offset_of;
use crate::rooms::lists::book;
use crate::rooms::lists::model::{Fault, faultless};
use crate::rooms::people::rules::{Permission, door_number};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A list held against what there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ready {
    /// New cars, with their homes, and what they hold.
    pub new: Vec<(Line, UnitId, Option<Uuid>)>,
    /// Cars that are registered already, whose leases are new.
    pub held: Vec<(Line, UnitId, Uuid, Option<Uuid>)>,
    /// Lines that change nothing.
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
    viewer.require(Permission::ParkingCheck)?;
    let kept = read(table, viewer.community_view().offset);
    let id = Uuid::now_v7();
    let row = imports::ActiveModel {
        community_id: Set(viewer.community().0),
        id: Set(id),
        by_id: Set(viewer.person().0),
        at: Set(now.0),
        lines: Set(serde_json::to_string(&kept).map_err(internal)?),
        confirmed_at: Set(None),
    };
    imports::Entity::insert(row).exec_without_returning(&db.write).await?;
    Ok(id)
}

/// The preview of an uploaded list, and whether it was confirmed.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn preview(db: &Db, viewer: &Viewer, id: Uuid) -> Result<(Ready, bool), AppError> {
    viewer.require(Permission::ParkingCheck)?;
    let row = imports::Entity::find_by_id((viewer.community().0, id)).one(&db.read).await?.ok_or(AppError::NotFound)?;
    let kept = serde_json::from_str(&row.lines).map_err(internal)?;
    Ok((resolve(&db.read, viewer.community(), kept).await?, row.confirmed_at.is_some()))
}

/// Holds the lines against the homes, cars, bays and leases there are.
async fn resolve(db: &impl ConnectionTrait, community: CommunityId, (lines, mut faults): Kept) -> Result<Ready, AppError> {
    let mut ready = Ready::default();
    let mut doors: HashMap<(String, String), Vec<(String, UnitId)>> = HashMap::new();
    for home in homes(db, community).await?.into_values() {
        doors.entry((home.building_name, home.room)).or_default().push((home.stair, home.id));
    }
    let cars = vehicles::Entity::find().filter(vehicles::Column::CommunityId.eq(community.0)).filter(vehicles::Column::Gone.eq(0)).all(db).await?;
    let cars: HashMap<String, vehicles::Model> = cars.into_iter().map(|c| (c.plate.clone(), c)).collect();
    let bays: HashMap<String, Bay> = bays::store::list(db, community).await?.into_iter().map(|b| (b.code.clone(), b)).collect();
    let running = leases::Entity::find().filter(leases::Column::CommunityId.eq(community.0)).filter(leases::Column::State.eq(LeaseState::Active.code())).all(db).await?;
    let with_lease: HashSet<Uuid> = running.iter().map(|l| l.vehicle_id).collect();
    let mut taken = taken_bays(db, community).await?;
    for line in lines {
        match one(&line, &doors, &cars, &bays, &with_lease, &mut taken) {
            Ok(Found::New(home, bay)) => ready.new.push((line, home, bay)),
            Ok(Found::Held(home, car, bay)) => ready.held.push((line, home, car, bay)),
            Ok(Found::Same) => ready.same += 1,
            Err((column, zh, en)) => faults.push(Fault::new(line.line, column, zh, en)),
        }
    }
    faults.sort_by_key(|f| f.line);
    ready.faults = faults;
    Ok(ready)
}

enum Found {
    New(UnitId, Option<Uuid>),
    Held(UnitId, Uuid, Option<Uuid>),
    Same,
}

type Wrong = (&'static str, &'static str, &'static str);

fn one(
    line: &Line,
    doors: &HashMap<(String, String), Vec<(String, UnitId)>>,
    cars: &HashMap<String, vehicles::Model>,
    bays: &HashMap<String, Bay>,
    with_lease: &HashSet<Uuid>,
    taken: &mut HashSet<Uuid>,
) -> Result<Found, Wrong> {
    let stair = door_number(&line.stair);
    let homes = doors.get(&(line.building.clone(), door_number(&line.room))).map_or(&[][..], Vec::as_slice);
    let mut fits = homes.iter().filter(|(s, _)| stair.is_empty() || *s == stair);
    let home = match (fits.next(), fits.next()) {
        (Some((_, home)), None) => *home,
        (None, _) => return Err(("室号", "没有这一户", "There is no such home")),
        _ => return Err(("门号", "有几个门都有这个室号，请填门号", "Several stairs have this room: enter the stair")),
    };
    let car = cars.get(line.plate.text());
    if car.is_some_and(|c| c.unit_id != Some(home.0)) {
        return Err(("车牌", "这个车牌登记在另一户", "This plate is registered for another home"));
    }
    let leased = car.is_some_and(|c| with_lease.contains(&c.id));
    let bay = match &line.holds {
        Some(holds) if !leased && !holds.bay.is_empty() => Some(free_bay(holds, bays, taken)?),
        _ => None,
    };
    Ok(match car {
        None => Found::New(home, bay),
        Some(car) if line.holds.is_some() && !leased => Found::Held(home, car.id, bay),
        Some(_) => Found::Same,
    })
}

fn free_bay(holds: &Holds, bays: &HashMap<String, Bay>, taken: &mut HashSet<Uuid>) -> Result<Uuid, Wrong> {
    let bay = bays.get(&holds.bay).ok_or(("车位", "没有这个车位，请先登记车位", "There is no such bay: register it first"))?;
    if fixed_lease(bay).is_err() {
        return Err(("车位", "这个车位不能固定租用（不在原规划里、有产权人，或不能用）", "This bay is never leased: not of the original plan, owned, or out of use"));
    }
    if bay.state != BayState::Free || !taken.insert(bay.id) {
        return Err(("车位", "这个车位有人用，或在还没结束的一轮分配里", "Somebody has this bay, or a round that is not closed hands it out"));
    }
    Ok(bay.id)
}

/// Writes the new cars and leases of an uploaded list. The same list again changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] while it has faults.
pub async fn confirm(work: &Work<'_>, confirm: &ConfirmList) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingCheck)?;
    let import = imports::Entity::find_by_id((work.community.0, confirm.import)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    work.hold().await?;
    let ready = resolve(work.txn, work.community, serde_json::from_str(&import.lines).map_err(internal)?).await?;
    faultless(&ready.faults)?;
    // The ids follow from the mutation's, so that the same history gives the same register.
    let mut n = 0u128;
    let mut next = || {
        n += 1;
        Uuid::from_u128(work.mutation.0.as_u128().wrapping_add(n))
    };
    let (cars, mut given) = (ready.new.len(), 0usize);
    for (line, home, bay) in ready.new {
        let car = next();
        super::cars::insert(work, car, &line.plate, Some(home), None, String::new(), None, true).await?;
        if let Some(holds) = &line.holds {
            hold(work, next(), holds, home, car, bay).await?;
            given += 1;
        }
    }
    for (line, home, car, bay) in ready.held {
        if let Some(holds) = &line.holds {
            hold(work, next(), holds, home, car, bay).await?;
            given += 1;
        }
    }
    let mut change = import.clone().into_active_model();
    change.confirmed_at = Set(Some(import.confirmed_at.unwrap_or(work.now.0)));
    change.update(work.txn).await?;
    work.tell("parking_list", import.id, &json!({ "did": "imported", "cars": cars, "leases": given })).await?;
    Ok(Done { subject: Some(import.id), number: None, version: 1 })
}

async fn hold(work: &Work<'_>, id: Uuid, holds: &Holds, home: UnitId, car: Uuid, bay: Option<Uuid>) -> Result<(), AppError> {
    let right = if bay.is_some() { Right::Lease } else { Right::Pass };
    let months = ((holds.until - holds.from) / (30 * DAY)).clamp(1, 600);
    let holder = home.to_string();
    let given = Given {
        id,
        round: None,
        application: None,
        right,
        bay: None,
        holder: &holder,
        unit: Some(home.0),
        person: None,
        car,
        months,
        fee: holds.fee,
        paid_until: holds.paid_until,
    };
    let number = insert(work, &given, bay.map(|b| (b, holds.bay.clone())), (holds.from, holds.until), offset_of(work.txn, work.community).await?).await?;
    if let Some(bay) = bay {
        bays::store::set_state(work.txn, work.community, bay, BayState::Held, &number, work.person(), work.now, id).await?;
    }
    Ok(())
}

/// Cars and leases as an XLSX file, as the import reads it. What begins like a formula is written as text.
///
/// # Errors
/// [`AppError::Internal`].
pub fn export(cars: &[CarRow], leases: &[LeaseRow], doors: &HashMap<UnitId, (String, String, String)>, homes: &HashMap<Uuid, UnitId>, offset: i32) -> Result<Vec<u8>, AppError> {
    let day = |at: Time| at.local(offset).format("%Y-%m-%d").to_string();
    let of = |plate: &str| leases.iter().find(|l| l.state == LeaseState::Active && l.plate == plate);
    let lines = cars.iter().map(|car| {
        let (building, stair, room) = homes.get(&car.id).and_then(|u| doors.get(u)).cloned().unwrap_or_default();
        let mut cells = vec![String::new(), car.plate.clone(), building, stair, room];
        if let Some(lease) = of(&car.plate) {
            cells[0] = lease.number.clone();
            let right = lease.right.label(Lang::Zh).to_owned();
            cells.extend([lease.bay.clone(), right, day(lease.from), day(lease.until), lease.fee.to_string(), day(lease.paid_until)]);
        }
        cells
    });
    book::write(std::iter::once(COLUMNS.map(str::to_owned).to_vec()).chain(lines))
}

/// What the export needs of homes: each home in parts, and each car's.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn doors(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<(HashMap<UnitId, (String, String, String)>, HashMap<Uuid, UnitId>), AppError> {
    viewer.require(Permission::ParkingCheck)?;
    let community = viewer.community();
    let doors = homes(db, community).await?.into_values().map(|u| (u.id, (u.building_name, u.stair, u.room))).collect();
    let cars = vehicles::Entity::find().filter(vehicles::Column::CommunityId.eq(community.0)).filter(vehicles::Column::Gone.eq(0)).all(db).await?;
    Ok((doors, cars.into_iter().filter_map(|c| Some((c.id, UnitId(c.unit_id?)))).collect()))
}
