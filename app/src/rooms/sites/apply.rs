//! A new drawing, and pieces of ground.

use super::drawing::clean_drawing;
use super::entity::{areas, plans};
use super::model::{Draw, SetArea};
use super::rules::{parse_area, parse_source};
use super::store::size;
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::rooms::bays::entity::bays;
use crate::rooms::communities::store::next_number;
use crate::rooms::people::rules::{Fields, Permission};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;

/// Pieces of ground in one community.
const AREAS_MAX: u64 = 2_000;

/// Takes a drawing in: cleans it, shows it from now on, and places the bays that it names. Every other bay stays as far across
/// and down as it was.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] on `file` or `source`.
pub async fn draw(work: &Work<'_>, draw: &Draw) -> Result<Done, AppError> {
    work.caller.require(Permission::Bays)?;
    let mut fields = Fields::default();
    let source = fields.take(parse_source(&draw.source)).unwrap_or_default();
    let made = fields.take(clean_drawing(&draw.svg));
    fields.check()?;
    let Some(made) = made else { return Err(AppError::NotFound) };
    let n = next_number(work.txn, work.community, "site_plans").await?;
    let row = plans::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        n: Set(n),
        width: Set(made.width),
        height: Set(made.height),
        drawing: Set(made.body),
        source: Set(source),
        at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
    };
    let before = size(work.txn, work.community).await?;
    plans::Entity::insert(row).exec_without_returning(work.txn).await?;
    rescale(work, before, (made.width, made.height)).await?;
    let mut placed = 0;
    for (code, x, y) in &made.bays {
        let done = bays::Entity::update_many()
            .col_expr(bays::Column::X, Expr::value(*x))
            .col_expr(bays::Column::Y, Expr::value(*y))
            .col_expr(bays::Column::Version, Expr::col(bays::Column::Version).add(1))
            .filter(bays::Column::CommunityId.eq(work.community.0))
            .filter(bays::Column::Code.eq(code.as_str()))
            .exec(work.txn)
            .await?;
        placed += done.rows_affected;
    }
    work.tell("site_plan", work.mutation.0, &json!({ "did": "drawn", "n": n, "placed": placed, "left_out": made.left_out })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(n.to_string()), version: n })
}

/// Moves every placed bay from a sheet of one size to one of another.
async fn rescale(work: &Work<'_>, before: (i64, i64), after: (i64, i64)) -> Result<(), AppError> {
    if before == after || before.0 <= 0 || before.1 <= 0 {
        return Ok(());
    }
    bays::Entity::update_many()
        .col_expr(bays::Column::X, Expr::col(bays::Column::X).mul(after.0).div(before.0))
        .col_expr(bays::Column::Y, Expr::col(bays::Column::Y).mul(after.1).div(before.1))
        .col_expr(bays::Column::Version, Expr::col(bays::Column::Version).add(1))
        .filter(bays::Column::CommunityId.eq(work.community.0))
        .filter(bays::Column::X.is_not_null())
        .exec(work.txn)
        .await?;
    Ok(())
}

/// Writes down a piece of ground, or changes what is written.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::Conflict`].
pub async fn set_area(work: &Work<'_>, set: &SetArea) -> Result<Done, AppError> {
    work.caller.require(Permission::Bays)?;
    let set = parse_area(set)?;
    let there =
        areas::Entity::find().filter(areas::Column::CommunityId.eq(work.community.0)).filter(areas::Column::Code.eq(set.code.as_str())).lock_exclusive().one(work.txn).await?;
    let (id, version) = match there {
        Some(row) if row.version != set.version => return Err(AppError::Conflict { current: row.version }),
        Some(row) => {
            let (id, version) = (row.id, row.version + 1);
            let mut new = row.into_active_model();
            (new.name, new.ground, new.version) = (Set(set.name.clone()), Set(set.ground.code().into()), Set(version));
            (new.size, new.green, new.bikes) = (Set(set.size.0), Set(set.green.0), Set(set.bikes));
            new.update(work.txn).await?;
            (id, version)
        }
        None if set.version != 0 => return Err(AppError::NotFound),
        None => {
            add_area(work, &set).await?;
            (work.mutation.0, 1)
        }
    };
    work.tell("site_area", id, &json!({ "did": "written", "code": set.code, "ground": set.ground.code(), "size": set.size, "green": set.green, "bikes": set.bikes })).await?;
    Ok(Done { subject: Some(id), number: Some(set.code), version })
}

async fn add_area(work: &Work<'_>, set: &SetArea) -> Result<(), AppError> {
    if areas::Entity::find().filter(areas::Column::CommunityId.eq(work.community.0)).count(work.txn).await? >= AREAS_MAX {
        return Err(AppError::closed("地块已经够多了（2000 块）。", "There are enough pieces of ground (2,000)."));
    }
    let row = areas::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        code: Set(set.code.clone()),
        version: Set(1),
        name: Set(set.name.clone()),
        ground: Set(set.ground.code().into()),
        size: Set(set.size.0),
        green: Set(set.green.0),
        bikes: Set(set.bikes),
    };
    areas::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(())
}
