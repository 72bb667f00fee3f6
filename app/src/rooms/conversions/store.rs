//! Reading proposals, and the estate in their numbers.

use super::entity::conversions;
use super::model::{Changes, Promised, Stage, Totals, View};
use super::rules::{after, check};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::CommunityId;
use crate::measure::{Area, Time};
use crate::rooms::bays::model::{Bay, BayState};
use crate::rooms::sites::model::AreaRow;
use crate::rooms::{bays, bikes, sites};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Proposals in a list.
const MOST: u64 = 60;

/// Ground and bays as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estate {
    /// The ground.
    pub areas: Vec<AreaRow>,
    /// The bays.
    pub bays: Vec<Bay>,
    /// The numbers.
    pub totals: Totals,
}

fn usable(bay: &Bay) -> bool {
    matches!(bay.state, BayState::Free | BayState::Held)
}

/// Reads the estate.
///
/// # Errors
/// When the database refuses.
pub async fn estate(db: &impl ConnectionTrait, community: CommunityId) -> Result<Estate, AppError> {
    let areas = sites::store::areas(db, community).await?;
    let bays = bays::store::list(db, community).await?;
    let totals = Totals {
        bays: i64::try_from(bays.iter().filter(|b| usable(b)).count()).unwrap_or(i64::MAX),
        bikes: bikes::store::spaces(db, community).await? + areas.iter().map(|a| a.bikes).sum::<i64>(),
        green: areas.iter().map(|a| a.green).sum::<Area>(),
    };
    Ok(Estate { areas, bays, totals })
}

impl Estate {
    /// The estate after a change.
    pub fn after(&self, changes: &Changes) -> Totals {
        let count = |codes: &[String], usable_now: bool| self.bays.iter().filter(|b| usable(b) == usable_now && codes.contains(&b.code)).count() as i64;
        after(self.totals, &self.areas, changes, (count(&changes.frees, false), count(&changes.closes, true)))
    }
}

fn view(row: conversions::Model, estate: &Estate) -> Result<View, AppError> {
    let stage = Stage::from_code(&row.stage).ok_or_else(|| internal("unknown stage of a conversion"))?;
    let changes: Changes = serde_json::from_str(&row.changes).map_err(internal)?;
    // Until it is put on show the numbers follow the estate; then they are frozen.
    let (before, promised) = if stage == Stage::Drafted {
        (estate.totals, Promised { totals: estate.after(&changes), special: None })
    } else {
        (serde_json::from_str(&row.before).map_err(internal)?, serde_json::from_str::<Promised>(&row.after).map_err(internal)?)
    };
    let then = promised.totals;
    let held_now = || stage == Stage::Carried || check(before, then, &estate.areas, &changes, row.trees, &row.application).special;
    let special = promised.special.unwrap_or_else(held_now);
    Ok(View {
        id: row.id,
        number: row.number,
        version: row.version,
        stage,
        title: row.title,
        words: row.words,
        changes,
        trees: row.trees,
        application: row.application,
        before,
        after: then,
        special,
        vote: row.vote,
        at: Time(row.at),
        published_at: row.published_at.map(Time),
        decided_at: row.decided_at.map(Time),
        carried_at: row.carried_at.map(Time),
    })
}

/// The proposals, the newest first; drafts only for those who draft.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &impl ConnectionTrait, community: CommunityId, drafts: bool) -> Result<(Vec<View>, Estate), AppError> {
    let estate = estate(db, community).await?;
    let mut find = conversions::Entity::find().filter(conversions::Column::CommunityId.eq(community.0));
    if !drafts {
        find = find.filter(conversions::Column::Stage.ne(Stage::Drafted.code()));
    }
    let rows = find.order_by_desc(conversions::Column::At).limit(MOST).all(db).await?;
    let views = rows.into_iter().map(|row| view(row, &estate)).collect::<Result<Vec<_>, _>>()?;
    Ok((views, estate))
}
