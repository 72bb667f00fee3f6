//! An uploaded list of opening balances: kept until it is confirmed, and held against the units there are.

use super::entity::{fund_imports, fund_units};
use super::openings::{Opening, read};
use crate::context::{Db, Viewer, internal};
use crate::error::AppError;
use crate::ids::{BuildingId, CommunityId, UnitId};
use crate::measure::{Fen, Time};
use crate::rooms::communities::store::{all_units, buildings};
use crate::rooms::lists::model::Fault;
use crate::rooms::people::rules::Permission;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// A household whose account is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// The unit.
    pub unit: UnitId,
    /// Its building.
    pub building: BuildingId,
    /// What was first paid in.
    pub initial: Fen,
    /// What is there.
    pub balance: Fen,
}

/// A list held against the units there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ready {
    /// Accounts that are opened.
    pub new: Vec<New>,
    /// Lines that say what is there already.
    pub same: usize,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

impl Ready {
    /// What the accounts that are opened hold together.
    pub fn total(&self) -> Fen {
        self.new.iter().map(|n| n.balance).sum()
    }
}

/// What an uploaded list says: its lines, and what cannot be read in it.
type Kept = (Vec<Opening>, Vec<Fault>);

/// Keeps an uploaded list for its preview.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn upload(db: &Db, viewer: &Viewer, table: &[Vec<String>], now: Time) -> Result<Uuid, AppError> {
    viewer.require(Permission::FundBooks)?;
    let kept = read(table);
    let id = Uuid::now_v7();
    let row = fund_imports::ActiveModel {
        community_id: Set(viewer.community().0),
        id: Set(id),
        by_id: Set(viewer.person().0),
        at: Set(now.0),
        rows: Set(serde_json::to_string(&kept).map_err(internal)?),
        confirmed_at: Set(None),
    };
    fund_imports::Entity::insert(row).exec_without_returning(&db.write).await?;
    Ok(id)
}

/// The preview of an uploaded list, and whether it was confirmed.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn preview(db: &Db, viewer: &Viewer, id: Uuid) -> Result<(Ready, bool), AppError> {
    viewer.require(Permission::FundBooks)?;
    let row = fund_imports::Entity::find_by_id((viewer.community().0, id)).one(&db.read).await?.ok_or(AppError::NotFound)?;
    let kept = serde_json::from_str(&row.rows).map_err(internal)?;
    Ok((resolve(&db.read, viewer.community(), kept).await?, row.confirmed_at.is_some()))
}

/// Holds the lines against the units and accounts there are.
///
/// # Errors
/// When the database refuses.
pub async fn resolve(db: &impl ConnectionTrait, community: CommunityId, (rows, mut faults): Kept) -> Result<Ready, AppError> {
    let codes: HashMap<BuildingId, String> = buildings(db, community).await?.into_iter().map(|b| (b.id, b.code)).collect();
    let units = all_units(db, community).await?;
    let by_door: HashMap<(&str, &str, &str), &crate::rooms::communities::store::UnitArea> =
        units.iter().filter_map(|u| Some(((codes.get(&u.building)?.as_str(), u.stair.as_str(), u.room.as_str()), u))).collect();
    let accounts: HashMap<Uuid, fund_units::Model> =
        fund_units::Entity::find().filter(fund_units::Column::CommunityId.eq(community.0)).all(db).await?.into_iter().map(|a| (a.unit_id, a)).collect();
    let mut ready = Ready::default();
    for row in &rows {
        let Some(unit) = by_door.get(&(row.building.as_str(), row.stair.as_str(), row.room.as_str())) else {
            faults.push(Fault::new(row.line, "室号", "名册里没有这一户，请核对楼号、门号、室号", "No such unit in the roster; check building, stair and room"));
            continue;
        };
        match accounts.get(&unit.id.0) {
            None => ready.new.push(New { unit: unit.id, building: unit.building, initial: row.initial, balance: row.balance }),
            Some(account) if account.initial == row.initial.0 => ready.same += 1,
            Some(account) => {
                let there = Fen(account.initial);
                faults.push(Fault::new(
                    row.line,
                    "首期",
                    format!("这一户已经建账，首期是 {there} 元"),
                    format!("This unit has an account already, with {there} yuan first paid in"),
                ));
            }
        }
    }
    faults.sort_by_key(|f| f.line);
    Ok(Ready { faults, ..ready })
}
