//! Inspection rounds: opened, gone tag by tag, closed. A failed check opens a ticket.

use super::entity::{assets, checks, round_stops, rounds};
use super::model::{Check, CloseRound, Kind, OpenRound, State};
use super::rules::{judge, spoken_hundredths};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::{PlaceId, TicketId};
use crate::measure::DAY;
use crate::rooms::communities::store::{next_number, offset_of};
use crate::rooms::people::members::members;
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::{Fields, Permission};
use crate::rooms::photos::store::attach_openly;
use crate::rooms::places::store::order_of;
use crate::rooms::tickets;
use crate::rooms::tickets::model::{Report, WriteComment};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;

/// Assets on one round.
pub const STOPS_MAX: i64 = 600;

/// Opens a round over the assets of a kind that were inspected longest ago, place by place.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] on `worker`, `most`, `days` or `kind` (nothing of it is there).
pub async fn open(work: &Work<'_>, open: &OpenRound) -> Result<Done, AppError> {
    work.caller.require(Permission::Assets)?;
    let mut fields = Fields::default();
    if !(1..=STOPS_MAX).contains(&open.most) {
        fields.take::<()>(Err(AppError::field("most", "请填 1 到 600", "From 1 to 600")));
    }
    if !(1..=60).contains(&open.days) {
        fields.take::<()>(Err(AppError::field("days", "请填 1 到 60 天", "From 1 to 60 days")));
    }
    if !members(work.txn, work.community, &[Role::Worker], work.now).await?.iter().any(|m| m.person == open.worker) {
        fields.take::<()>(Err(AppError::field("worker", "请选择一位维修师傅", "Choose a repair worker")));
    }
    fields.check()?;
    let mut query = assets::Entity::find()
        .filter(assets::Column::CommunityId.eq(work.community.0))
        .filter(assets::Column::Kind.eq(open.kind.code()))
        .filter(assets::Column::State.ne(State::Retired.code()));
    if let Some(place) = open.place {
        query = query.filter(assets::Column::PlaceId.eq(place.0));
    }
    // Never inspected comes first: SQLite and PostgreSQL order nothing differently.
    let oldest = Expr::cust("COALESCE(checked_at, 0)");
    let mut chosen = query.order_by_asc(oldest).order_by_asc(assets::Column::Number).limit(u64::try_from(open.most).unwrap_or(1)).all(work.txn).await?;
    if chosen.is_empty() {
        return Err(AppError::field("kind", "这里没有这种在用的设备", "Nothing of this kind is in use there"));
    }
    let order = order_of(work.txn, work.community).await?;
    let stand = |a: &assets::Model| order.get(&PlaceId(a.place_id)).copied();
    chosen.sort_by(|a, b| (stand(a), &a.number).cmp(&(stand(b), &b.number)));
    let number = number(work).await?;
    let id = work.mutation.0;
    let total = i64::try_from(chosen.len()).map_err(internal)?;
    let row = rounds::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        number: Set(number.clone()),
        kind: Set(open.kind.code().into()),
        worker_id: Set(open.worker.0),
        opened_at: Set(work.now.0),
        due_at: Set(work.now.0 + open.days * DAY),
        closed_at: Set(None),
        total: Set(total),
    };
    rounds::Entity::insert(row).exec_without_returning(work.txn).await?;
    let stops = (0..).zip(&chosen).map(|(n, asset)| round_stops::ActiveModel { community_id: Set(work.community.0), round_id: Set(id), asset_id: Set(asset.id), n: Set(n) });
    round_stops::Entity::insert_many(stops).exec_without_returning(work.txn).await?;
    work.tell("round", id, &json!({ "did": "opened", "number": number, "kind": open.kind.code(), "assets": total })).await?;
    Ok(Done { subject: Some(id), number: Some(number), version: 1 })
}

/// `XJ-2026-004`: by the community's own year.
async fn number(work: &Work<'_>) -> Result<String, AppError> {
    work.hold().await?;
    let year = work.now.local(offset_of(work.txn, work.community).await?).format("%Y").to_string();
    let n = next_number(work.txn, work.community, &format!("rounds {year}")).await?;
    Ok(format!("XJ-{year}-{n:03}"))
}

/// Checks one asset. What failed opens a ticket, or adds to the one that is open.
///
/// # Errors
/// [`AppError::Forbidden`] for all but its worker and the desk, [`AppError::NotFound`], [`AppError::Closed`] when the round is
/// closed, and what [`judge`] refuses.
pub async fn check(work: &Work<'_>, check: &Check) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Inspect)?;
    let round = rounds::Entity::find_by_id((work.community.0, check.round)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    if round.worker_id != viewer.person().0 && !viewer.may(Permission::Assets) {
        return Err(AppError::Forbidden);
    }
    round_stops::Entity::find_by_id((work.community.0, check.round, check.asset)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    if round.closed_at.is_some() {
        return Err(AppError::closed("这一轮巡检已经结束，不能再补。", "This round is closed."));
    }
    let asset = assets::Entity::find_by_id((work.community.0, check.asset)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let kind = Kind::from_code(&asset.kind).ok_or_else(|| internal("unknown kind of asset"))?;
    let (note, passed) = judge(kind, check)?;
    let ticket = if passed { None } else { Some(fail(work, &asset, kind, check, &note).await?) };
    if passed {
        attach_openly(work, &check.photos, "check", work.mutation.0).await?;
    }
    keep(work, check, &note, passed, ticket).await?;
    let mut change = asset.clone().into_active_model();
    change.checked_at = Set(Some(work.now.0));
    change.passed = Set(passed);
    if let Some(ticket) = ticket {
        change.ticket_id = Set(Some(ticket.0));
        change.state = Set(State::Faulty.code().into());
    } else if asset.state == State::Faulty.code() {
        // What passes is good again; its ticket goes its own way.
        change.state = Set(State::InUse.code().into());
    }
    change.version = Set(asset.version + 1);
    change.update(work.txn).await?;
    work.tell("asset", asset.id, &json!({ "did": "checked", "round": round.number, "passed": passed, "reading": check.reading, "ticket": ticket })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(asset.number), version: asset.version + 1 })
}

async fn keep(work: &Work<'_>, check: &Check, note: &str, passed: bool, ticket: Option<TicketId>) -> Result<(), AppError> {
    checks::Entity::update_many()
        .col_expr(checks::Column::Counts, Expr::value(false))
        .filter(checks::Column::CommunityId.eq(work.community.0))
        .filter(checks::Column::RoundId.eq(check.round))
        .filter(checks::Column::AssetId.eq(check.asset))
        .exec(work.txn)
        .await?;
    let row = checks::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        round_id: Set(check.round),
        asset_id: Set(check.asset),
        at: Set(work.now.0),
        passed: Set(passed),
        reading: Set(check.reading),
        note: Set(note.to_owned()),
        photos: Set(serde_json::to_string(&check.photos).map_err(internal)?),
        person_id: Set(work.person().map(|p| p.0)),
        ticket_id: Set(ticket.map(|t| t.0)),
        counts: Set(true),
    };
    checks::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(())
}

/// The ticket of a failure: the one that is open for this asset, with a word more, or a new one.
async fn fail(work: &Work<'_>, asset: &assets::Model, kind: Kind, check: &Check, note: &str) -> Result<TicketId, AppError> {
    let reading = check.reading.map(|r| format!("（读数 {}）", spoken_hundredths(r))).unwrap_or_default();
    let words = format!("巡检不合格：{} {}{reading} {note}", asset.number, asset.name).trim().to_owned();
    if let Some(open) = asset.ticket_id.map(TicketId)
        && tickets::store::is_open(work.txn, work.community, open).await?
    {
        tickets::apply::comment(work, &WriteComment { ticket: open, text: words }).await?;
        attach_openly(work, &check.photos, "check", work.mutation.0).await?;
        return Ok(open);
    }
    let report = Report { tag: None, place: Some(PlaceId(asset.place_id)), category: Some(kind.category()), text: words, photos: check.photos.clone(), contact: None };
    let done = tickets::apply::report(work, &report).await?;
    done.subject.map(TicketId).ok_or_else(|| internal("a report without a ticket"))
}

/// Closes a round.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when it is closed.
pub async fn close(work: &Work<'_>, close: &CloseRound) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Inspect)?;
    let round = rounds::Entity::find_by_id((work.community.0, close.round)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    if round.worker_id != viewer.person().0 && !viewer.may(Permission::Assets) {
        return Err(AppError::Forbidden);
    }
    if round.closed_at.is_some() {
        return Err(AppError::closed("这一轮已经结束了。", "This round is closed already."));
    }
    let mut change = round.clone().into_active_model();
    change.closed_at = Set(Some(work.now.0));
    change.update(work.txn).await?;
    work.tell("round", round.id, &json!({ "did": "closed" })).await?;
    Ok(Done { subject: Some(round.id), number: Some(round.number), version: 1 })
}
