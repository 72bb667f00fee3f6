//! Reading bays, and the one way in which their state changes.

use super::entity::{bays, changes};
use super::model::{Bay, BayKind, BayState, Turn};
use crate::error::AppError;
use crate::ids::{CommunityId, PersonId, PhotoId, UnitId};
use crate::measure::Time;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

/// Bays of one community: as many as an estate can have.
pub const BAYS_MAX: u64 = 20_000;
/// Changes of state on a bay's page.
const TURNS: u64 = 40;

impl From<bays::Model> for Bay {
    fn from(row: bays::Model) -> Self {
        Self {
            id: row.id,
            code: row.code,
            version: row.version,
            kind: BayKind::from_code(&row.kind).unwrap_or(BayKind::Added),
            original_planned: row.original_planned,
            accessible: row.accessible,
            ev: row.ev,
            area: row.area,
            at: row.x.zip(row.y),
            state: BayState::from_code(&row.state).unwrap_or(BayState::Closed),
            unit: row.unit_id.map(UnitId),
            photo: row.photo_id.map(PhotoId),
            note: row.note,
            freed: row.freed,
        }
    }
}

/// A bay by its id.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn find(db: &impl ConnectionTrait, community: CommunityId, id: Uuid) -> Result<Bay, AppError> {
    Ok(bays::Entity::find_by_id((community.0, id)).one(db).await?.ok_or(AppError::NotFound)?.into())
}

/// A bay by what is painted on it.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn by_code(db: &impl ConnectionTrait, community: CommunityId, code: &str) -> Result<Bay, AppError> {
    Ok(bays::Entity::find().filter(bays::Column::CommunityId.eq(community.0)).filter(bays::Column::Code.eq(code)).one(db).await?.ok_or(AppError::NotFound)?.into())
}

/// Every bay of a community, by code.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &impl ConnectionTrait, community: CommunityId) -> Result<Vec<Bay>, AppError> {
    let rows = bays::Entity::find().filter(bays::Column::CommunityId.eq(community.0)).order_by_asc(bays::Column::Code).limit(BAYS_MAX).all(db).await?;
    Ok(rows.into_iter().map(Bay::from).collect())
}

/// Accessible bays that are not closed, and all bays that are not closed.
///
/// # Errors
/// When the database refuses.
pub async fn accessible(db: &impl ConnectionTrait, community: CommunityId) -> Result<(i64, i64), AppError> {
    let open = || bays::Entity::find().filter(bays::Column::CommunityId.eq(community.0)).filter(bays::Column::State.ne(BayState::Closed.code()));
    let (some, all) = (open().filter(bays::Column::Accessible.eq(true)).count(db).await?, open().count(db).await?);
    Ok((i64::try_from(some).unwrap_or(i64::MAX), i64::try_from(all).unwrap_or(i64::MAX)))
}

/// Writes a bay's new state and its history, inside the caller's transaction. `change` names the entry of the history:
/// the mutation's id, or one that follows from it where one mutation changes several bays.
///
/// # Errors
/// [`AppError::NotFound`].
#[expect(clippy::too_many_arguments, reason = "each is a column of the history, and rooms call it inside their own transactions")]
pub async fn set_state(
    txn: &DatabaseTransaction,
    community: CommunityId,
    bay: Uuid,
    to: BayState,
    reason: &str,
    by: Option<PersonId>,
    now: Time,
    change: Uuid,
) -> Result<(), AppError> {
    let row = bays::Entity::find_by_id((community.0, bay)).lock_exclusive().one(txn).await?.ok_or(AppError::NotFound)?;
    if row.state == to.code() {
        return Ok(());
    }
    let entry = changes::ActiveModel {
        community_id: Set(community.0),
        id: Set(change),
        bay_id: Set(bay),
        at: Set(now.0),
        by_id: Set(by.map(|p| p.0)),
        before: Set(row.state.clone()),
        after: Set(to.code().into()),
        reason: Set(reason.into()),
    };
    changes::Entity::insert(entry).exec_without_returning(txn).await?;
    let mut new = row.clone().into_active_model();
    new.state = Set(to.code().into());
    new.version = Set(row.version + 1);
    new.update(txn).await?;
    Ok(())
}

/// What became of a bay, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn turns(db: &impl ConnectionTrait, community: CommunityId, bay: Uuid) -> Result<Vec<Turn>, AppError> {
    let rows = changes::Entity::find()
        .filter(changes::Column::CommunityId.eq(community.0))
        .filter(changes::Column::BayId.eq(bay))
        .order_by_desc(changes::Column::At)
        .limit(TURNS)
        .all(db)
        .await?;
    let turn = |c: changes::Model| Some(Turn { at: Time(c.at), from: BayState::from_code(&c.before)?, to: BayState::from_code(&c.after)?, reason: c.reason });
    Ok(rows.into_iter().filter_map(turn).collect())
}
