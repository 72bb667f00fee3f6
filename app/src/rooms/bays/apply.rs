//! The register of bays: adding, changing, how they are, and a list that was looked through.

use super::entity::{bays, imports};
use super::imports::{Ready, bay_row, resolve};
use super::list::Line;
use super::model::{Add, Bay, BayKind, BayState, Change, ConfirmList, Details, Turning};
use super::rules::{becomes, keeps_accessible, may_turn, parse_code, parse_details};
use super::store::{self, BAYS_MAX};
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::ids::{PhotoId, UnitId};
use crate::rooms::communities::store::unit;
use crate::rooms::lists::model::faultless;
use crate::rooms::people::rules::Permission;
use crate::rooms::photos::store::attach_openly;
use crate::rooms::sites::rules::on_sheet;
use crate::rooms::sites::store::size;
use crate::text::clean;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

/// Rows in one statement.
const ROWS: usize = 400;

/// Adds a bay.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::NotFound`] for the unit.
pub async fn add(work: &Work<'_>, add: &Add) -> Result<Done, AppError> {
    work.caller.require(Permission::Bays)?;
    let owner = owner(work, add.kind, add.unit).await?;
    let code = parse_code(&add.code)?;
    let details = parse_details(add.kind, &add.details)?;
    on_sheet(details.x.zip(details.y), size(work.txn, work.community).await?)?;
    room_for(work, 1).await?;
    let taken = bays::Entity::find().filter(bays::Column::CommunityId.eq(work.community.0)).filter(bays::Column::Code.eq(code.as_str())).count(work.txn).await?;
    if taken > 0 {
        return Err(AppError::field("code", "已经有这个编号了", "This code is taken"));
    }
    one_photo(&add.photos)?;
    attach_openly(work, &add.photos, "bay", work.mutation.0).await?;
    let state = if add.kind.common() { BayState::Free } else { BayState::Held };
    let line = Line { line: 0, code: code.clone(), kind: add.kind, state, details, unit: None, absent: Vec::new() };
    let mut row = bay_row(work.community, work.mutation.0, &line, owner, work.now);
    row.photo_id = Set(add.photos.first().map(|p| p.0));
    bays::Entity::insert(row).exec_without_returning(work.txn).await?;
    work.tell("bay", work.mutation.0, &json!({ "did": "added", "code": code, "kind": add.kind.code() })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(code), version: 1 })
}

/// The unit that owns a bay, if it is one that is owned.
async fn owner(work: &Work<'_>, kind: BayKind, named: Option<UnitId>) -> Result<Option<UnitId>, AppError> {
    let Some(id) = named else { return Ok(None) };
    unit(work.txn, work.community, id).await?;
    if kind == BayKind::Owned { Ok(Some(id)) } else { Err(AppError::field("unit", "只有产权车位属于某一户", "Only an owned bay belongs to a unit")) }
}

fn one_photo(photos: &[PhotoId]) -> Result<(), AppError> {
    if photos.len() > 1 { Err(AppError::field("photos", "一个车位一张照片", "One photo for a bay")) } else { Ok(()) }
}

async fn room_for(work: &Work<'_>, more: u64) -> Result<(), AppError> {
    let count = bays::Entity::find().filter(bays::Column::CommunityId.eq(work.community.0)).count(work.txn).await?;
    if count + more > BAYS_MAX { Err(AppError::closed("车位已经够多了（2 万个）。", "There are enough bays (20,000).")) } else { Ok(()) }
}

/// The bay as somebody read it, kept from others until the end.
async fn read(work: &Work<'_>, bay: Uuid, version: i64) -> Result<bays::Model, AppError> {
    let row = bays::Entity::find_by_id((work.community.0, bay)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    if row.version == version { Ok(row) } else { Err(AppError::Conflict { current: row.version }) }
}

/// Changes what is written about a bay.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Invalid`], [`AppError::Closed`] when too
/// few would be accessible, and what [`becomes`] refuses.
pub async fn change(work: &Work<'_>, change: &Change) -> Result<Done, AppError> {
    work.caller.require(Permission::Bays)?;
    let row = read(work, change.bay, change.version).await?;
    let owner = owner(work, change.kind, change.unit).await?;
    let details = parse_details(change.kind, &change.details)?;
    let then = becomes(&Bay::from(row.clone()), change.kind, details.original_planned)?;
    if (details.x, details.y) != (row.x, row.y) {
        on_sheet(details.x.zip(details.y), size(work.txn, work.community).await?)?;
    }
    one_photo(&change.photos)?;
    if row.accessible && !details.accessible && row.state != BayState::Closed.code() {
        let now = store::accessible(work.txn, work.community).await?;
        keeps_accessible(now, (now.0 - 1, now.1))?;
    }
    attach_openly(work, &change.photos, "bay", row.id).await?;
    let mut new = written(row.clone(), change.kind, &details, owner);
    if let Some(photo) = change.photos.first() {
        new.photo_id = Set(Some(photo.0));
    }
    let version = new.update(work.txn).await?.version;
    let version = turn_with(work, &row, then, version, work.mutation.0).await?;
    work.tell("bay", row.id, &json!({ "did": "changed", "kind": change.kind.code() })).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.code), version })
}

/// Writes how a bay is since it became another kind, with its history. Answers its version.
async fn turn_with(work: &Work<'_>, before: &bays::Model, then: BayState, version: i64, change: Uuid) -> Result<i64, AppError> {
    if before.state == then.code() {
        return Ok(version);
    }
    store::set_state(work.txn, work.community, before.id, then, "转为公共车位", work.person(), work.now, change).await?;
    Ok(version + 1)
}

fn written(row: bays::Model, kind: BayKind, d: &Details, owner: Option<UnitId>) -> bays::ActiveModel {
    let version = row.version + 1;
    let mut new = row.into_active_model();
    new.kind = Set(kind.code().into());
    new.original_planned = Set(d.original_planned);
    new.accessible = Set(d.accessible);
    new.ev = Set(d.ev);
    new.area = Set(d.area.clone());
    new.x = Set(d.x);
    new.y = Set(d.y);
    new.freed = Set(d.freed);
    new.note = Set(d.note.clone());
    new.unit_id = Set(owner.map(|u| u.0));
    new.version = Set(version);
    new
}

/// Changes how a bay is.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Invalid`] on `reason`, and what
/// [`may_turn`] and [`keeps_accessible`] refuse.
pub async fn turn(work: &Work<'_>, turning: &Turning) -> Result<Done, AppError> {
    work.caller.require(Permission::Bays)?;
    let row = read(work, turning.bay, turning.version).await?;
    let bay = Bay::from(row.clone());
    may_turn(bay.kind, bay.state, turning.state)?;
    if bay.state == turning.state {
        return Err(AppError::field("state", "状态没有变", "That is how it is already"));
    }
    let reason = clean(&turning.reason, 200).unwrap_or_default();
    if reason.chars().count() < 2 {
        return Err(AppError::field("reason", "请写原因，2 到 200 个字", "Say why, 2 to 200 characters"));
    }
    if turning.state == BayState::Closed && bay.accessible {
        let now = store::accessible(work.txn, work.community).await?;
        keeps_accessible(now, (now.0 - 1, now.1 - 1))?;
    }
    store::set_state(work.txn, work.community, bay.id, turning.state, &reason, work.person(), work.now, work.mutation.0).await?;
    work.tell("bay", bay.id, &json!({ "did": "turned", "from": bay.state.code(), "to": turning.state.code(), "reason": reason })).await?;
    Ok(Done { subject: Some(bay.id), number: Some(bay.code), version: row.version + 1 })
}

/// Writes the new and the changed bays of an uploaded list. The same list again changes nothing; nobody's state is changed
/// by a list.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] while it has faults, or would leave too few accessible
/// bays.
pub async fn confirm_list(work: &Work<'_>, confirm: &ConfirmList) -> Result<Done, AppError> {
    work.caller.require(Permission::Bays)?;
    let import = imports::Entity::find_by_id((work.community.0, confirm.import)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let kept = serde_json::from_str(&import.lines).map_err(crate::context::internal)?;
    let ready = resolve(work.txn, work.community, kept).await?;
    faultless(&ready.faults)?;
    room_for(work, ready.new.len() as u64).await?;
    let before = store::accessible(work.txn, work.community).await?;
    write(work, &ready).await?;
    if !ready.changed.is_empty() {
        keeps_accessible(before, store::accessible(work.txn, work.community).await?)?;
    }
    let mut change = import.clone().into_active_model();
    change.confirmed_at = Set(Some(import.confirmed_at.unwrap_or(work.now.0)));
    change.update(work.txn).await?;
    work.tell("bay_list", import.id, &json!({ "did": "imported", "bays": ready.new.len(), "changed": ready.changed.len() })).await?;
    Ok(Done { subject: Some(import.id), number: None, version: 1 })
}

async fn write(work: &Work<'_>, ready: &Ready) -> Result<(), AppError> {
    // The ids follow from the mutation's, so that the same history gives the same register.
    let rows: Vec<_> =
        (1..).zip(&ready.new).map(|(n, (line, unit))| bay_row(work.community, Uuid::from_u128(work.mutation.0.as_u128().wrapping_add(n)), line, *unit, work.now)).collect();
    for rows in rows.chunks(ROWS) {
        bays::Entity::insert_many(rows.to_vec()).exec_without_returning(work.txn).await?;
    }
    for (n, (bay, line, unit)) in (1u128..).zip(&ready.changed) {
        let row = bays::Entity::find_by_id((work.community.0, bay.id)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
        let then = becomes(&Bay::from(row.clone()), line.kind, line.details.original_planned)?;
        let version = written(row.clone(), line.kind, &line.details, *unit).update(work.txn).await?.version;
        turn_with(work, &row, then, version, Uuid::from_u128(work.mutation.0.as_u128().wrapping_add(n))).await?;
    }
    Ok(())
}
