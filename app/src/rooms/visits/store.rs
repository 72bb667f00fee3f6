//! Reading passes, and forgetting for whom they were.

use super::entity::visits;
use super::model::Visit;
use super::rules::{AHEAD_DAYS, KEEP_DAYS, Limits, UNIT_MONTH, in_order, written_day};
use crate::context::{Db, Viewer};
use crate::error::AppError;
use crate::ids::{CommunityId, UnitId, encode_code};
use crate::measure::{DAY, Time};
use crate::rooms::communities;
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::own_settings;
use crate::rooms::people::rules::Permission;
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use sha2::Sha256;
use uuid::Uuid;

/// Passes in one list.
pub const PASSES: u64 = 200;
/// Data symbols of a pass's code.
pub const CODE_WIDTH: usize = 9;

/// The code of a pass: it follows from its id with the installation's key, so that nobody can guess another one's.
pub fn visit_code(key: &[u8; 32], visit: Uuid) -> String {
    // A key of any length is fine for HMAC, so this cannot fail.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(b"visit");
    mac.update(visit.as_bytes());
    let bytes = mac.finalize().into_bytes();
    let n = bytes.iter().take(8).fold(0u64, |n, b| n << 8 | u64::from(*b));
    encode_code(n % 31u64.pow(9), CODE_WIDTH)
}

fn visit(row: visits::Model) -> Visit {
    Visit {
        id: row.id,
        code: row.code,
        unit: UnitId(row.unit_id),
        day: row.day,
        name: row.name,
        plate: row.plate,
        at: Time(row.at),
        used_at: row.used_at.map(Time),
        cancelled: row.cancelled_at.is_some(),
    }
}

/// The rule numbers of passes, and the community's offset.
///
/// # Errors
/// When the database refuses.
pub async fn limits(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<(Limits, i32), AppError> {
    let (own, offset, day) = own_settings(db, community, now).await?;
    let number = |key| setting(&own, key, &day).unwrap_or_default();
    Ok((Limits { unit_month: number(UNIT_MONTH), ahead_days: number(AHEAD_DAYS) }, offset))
}

/// The passes of a household in a month, those taken back not counted.
///
/// # Errors
/// When the database refuses.
pub async fn made(db: &impl ConnectionTrait, community: CommunityId, unit: UnitId, month: &str) -> Result<i64, AppError> {
    let n = visits::Entity::find()
        .filter(visits::Column::CommunityId.eq(community.0))
        .filter(visits::Column::UnitId.eq(unit.0))
        .filter(visits::Column::Month.eq(month))
        .filter(visits::Column::CancelledAt.is_null())
        .count(db)
        .await?;
    Ok(i64::try_from(n).unwrap_or(i64::MAX))
}

/// The pass of a code, and its community. This question does not know its community yet: the code tells it.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<(CommunityId, Visit), AppError> {
    let row = visits::Entity::find().filter(visits::Column::Code.eq(code)).one(db).await?.ok_or(AppError::NotFound)?;
    Ok((CommunityId(row.community_id), visit(row)))
}

/// Passes as a list shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passes {
    /// Those that are shown: see [`in_order`].
    pub list: Vec<Visit>,
    /// There are more than one list shows.
    pub more: bool,
}

/// So many as one list shows: what was used or taken back never pushes an open one out.
async fn shown(db: &impl ConnectionTrait, find: Select<visits::Entity>, today: &str) -> Result<Passes, AppError> {
    let over = visits::Column::CancelledAt.is_not_null().or(visits::Column::UsedAt.is_not_null());
    let rows = find.order_by_asc(over).order_by_desc(visits::Column::Day).order_by_asc(visits::Column::At).limit(PASSES + 1).all(db).await?;
    let more = rows.len() as u64 > PASSES;
    let mut list: Vec<Visit> = rows.into_iter().take(PASSES as usize).map(visit).collect();
    in_order(&mut list, today);
    Ok(Passes { list, more })
}

/// The passes of one's own household from a day on.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn mine(db: &impl ConnectionTrait, viewer: &Viewer, from: &str, today: &str) -> Result<Passes, AppError> {
    viewer.require(Permission::Invites)?;
    let Some(unit) = viewer.unit() else { return Ok(Passes::default()) };
    // The month says it to the index; a household has some dozens in each.
    let month = from.get(..7).unwrap_or_default();
    let find = visits::Entity::find()
        .filter(visits::Column::CommunityId.eq(viewer.community().0))
        .filter(visits::Column::UnitId.eq(unit.0))
        .filter(visits::Column::Month.gte(month))
        .filter(visits::Column::Day.gte(from));
    shown(db, find, today).await
}

/// The passes of a day, for the guard.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn of_day(db: &impl ConnectionTrait, viewer: &Viewer, day: &str, today: &str) -> Result<Passes, AppError> {
    viewer.require(Permission::Gate)?;
    let find = visits::Entity::find().filter(visits::Column::CommunityId.eq(viewer.community().0)).filter(visits::Column::Day.eq(day));
    shown(db, find, today).await
}

/// Forgets names and plates of passes whose days of keeping are over. Answers how many.
///
/// # Errors
/// When the database refuses.
pub async fn forget(db: &Db, now: Time) -> Result<u64, AppError> {
    let mut forgotten = 0;
    for (community, _) in communities::store::all(db).await? {
        let (own, offset, day) = own_settings(&db.read, community.id, now).await?;
        let keep = setting(&own, KEEP_DAYS, &day).unwrap_or(30);
        let done = visits::Entity::update_many()
            .col_expr(visits::Column::Name, Expr::value(""))
            .col_expr(visits::Column::Plate, Expr::value(""))
            .filter(visits::Column::CommunityId.eq(community.id.0))
            .filter(visits::Column::Day.lt(written_day(now + -keep * DAY, offset)))
            .filter(visits::Column::Name.ne("").or(visits::Column::Plate.ne("")))
            .exec(&db.write)
            .await?;
        forgotten += done.rows_affected;
    }
    Ok(forgotten)
}
