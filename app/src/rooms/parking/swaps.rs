//! Two holders change bays, when both agree. Nothing else moves a bay from one home to another.

use super::entity::{leases, round_bays, swaps};
use super::leases::{kind_of_bay, own, running};
use super::model::{AnswerSwap, LeaseState, Swap};
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::rooms::bays;
use crate::rooms::people::rules::Permission;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

fn with_bay(lease: &leases::Model) -> Result<Uuid, AppError> {
    let free = lease.bay_id.filter(|_| lease.notice_until.is_none());
    free.ok_or_else(|| AppError::closed("只有固定车位、又不在收回中的，才能对换。", "Only leased bays that are not being withdrawn can be changed."))
}

async fn same_kind(work: &Work<'_>, a: &leases::Model, b: &leases::Model) -> Result<(), AppError> {
    let (a, b) = (with_bay(a)?, with_bay(b)?);
    let (a, b) = (bays::store::find(work.txn, work.community, a).await?, bays::store::find(work.txn, work.community, b).await?);
    if kind_of_bay(&a) == kind_of_bay(&b) { Ok(()) } else { Err(AppError::field("bay", "两个车位不是同一种，不能对换", "The two bays are of different kinds")) }
}

/// Answers what was asked about leases that end or change their bays: both people meant other bays than they would get now.
///
/// # Errors
/// When the database refuses.
pub(super) async fn lay_aside(work: &Work<'_>, leases: &[Uuid]) -> Result<(), AppError> {
    swaps::Entity::update_many()
        .col_expr(swaps::Column::Agreed, Expr::value(0i64))
        .col_expr(swaps::Column::AnsweredAt, Expr::value(work.now.0))
        .filter(swaps::Column::CommunityId.eq(work.community.0))
        .filter(swaps::Column::Agreed.is_null())
        .filter(Condition::any().add(swaps::Column::LeaseA.is_in(leases.iter().copied())).add(swaps::Column::LeaseB.is_in(leases.iter().copied())))
        .exec(work.txn)
        .await?;
    Ok(())
}

/// Whether somebody's question still waits for an answer: one about a lease that is over does not.
async fn asked(work: &Work<'_>, mine: Uuid) -> Result<bool, AppError> {
    let open = swaps::Entity::find().filter(swaps::Column::CommunityId.eq(work.community.0)).filter(swaps::Column::LeaseA.eq(mine)).filter(swaps::Column::Agreed.is_null());
    let others: Vec<Uuid> = open.all(work.txn).await?.into_iter().map(|s| s.lease_b).collect();
    let running = leases::Entity::find()
        .filter(leases::Column::CommunityId.eq(work.community.0))
        .filter(leases::Column::Id.is_in(others))
        .filter(leases::Column::State.eq(LeaseState::Active.code()));
    Ok(running.count(work.txn).await? > 0)
}

/// Asks the holder of another bay.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when there is a question already, [`AppError::Invalid`] on `bay`.
pub async fn propose(work: &Work<'_>, swap: &Swap) -> Result<Done, AppError> {
    let (mine, viewer) = own(work, swap.lease).await?;
    let code: String = swap.bay.trim().to_uppercase().chars().take(40).collect();
    let other = leases::Entity::find()
        .filter(leases::Column::CommunityId.eq(work.community.0))
        .filter(leases::Column::BayCode.eq(code.as_str()))
        .filter(leases::Column::State.eq(LeaseState::Active.code()))
        .one(work.txn)
        .await?;
    let other = other.filter(|o| !code.is_empty() && o.id != mine.id && o.unit_id.is_some() && o.unit_id != mine.unit_id);
    let other = other.ok_or_else(|| AppError::field("bay", "没有别的住户租用这个车位", "No other home leases this bay"))?;
    same_kind(work, &mine, &other).await?;
    if asked(work, mine.id).await? {
        return Err(AppError::closed("您已经问了一户，请等答复。", "You have asked one home: wait for its word."));
    }
    let row = swaps::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        lease_a: Set(mine.id),
        lease_b: Set(other.id),
        by_id: Set(viewer.person().0),
        at: Set(work.now.0),
        agreed: Set(None),
        answered_at: Set(None),
    };
    swaps::Entity::insert(row).exec_without_returning(work.txn).await?;
    work.tell("parking_lease", mine.id, &json!({ "did": "swap_asked", "from": mine.bay_code, "to": other.bay_code })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(other.bay_code), version: 1 })
}

/// The other holder's word; when they agree the bays are changed at once.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] also for what others were asked, [`AppError::Closed`] when it is answered or either
/// lease has changed since.
pub async fn answer(work: &Work<'_>, answer: &AnswerSwap) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingApply)?;
    let row = swaps::Entity::find_by_id((work.community.0, answer.swap)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let (mine, _) = own(work, row.lease_b).await?;
    if row.agreed.is_some() {
        return Err(AppError::closed("已经答复过了。", "It is answered already."));
    }
    let other = row.lease_a;
    let mut change = row.into_active_model();
    change.agreed = Set(Some(i64::from(answer.agrees)));
    change.answered_at = Set(Some(work.now.0));
    change.update(work.txn).await?;
    if answer.agrees {
        let other = running(work, other).await?;
        same_kind(work, &mine, &other).await?;
        exchange(work, &mine, &other).await?;
    }
    work.tell("parking_lease", mine.id, &json!({ "did": "swap_answered", "agrees": answer.agrees })).await?;
    Ok(Done { subject: Some(answer.swap), number: Some(mine.number), version: 1 })
}

async fn exchange(work: &Work<'_>, a: &leases::Model, b: &leases::Model) -> Result<(), AppError> {
    for (lease, other) in [(a, b), (b, a)] {
        let mut change = lease.clone().into_active_model();
        change.bay_id = Set(other.bay_id);
        change.bay_code = Set(other.bay_code.clone());
        change.version = Set(lease.version + 1);
        change.update(work.txn).await?;
    }
    let rooms =
        round_bays::Entity::find().filter(round_bays::Column::CommunityId.eq(work.community.0)).filter(round_bays::Column::LeaseId.is_in([a.id, b.id])).all(work.txn).await?;
    for room in rooms {
        let now = if room.lease_id == Some(a.id) { b.id } else { a.id };
        let mut change = room.into_active_model();
        change.lease_id = Set(Some(now));
        change.update(work.txn).await?;
    }
    lay_aside(work, &[a.id, b.id]).await?;
    work.tell("parking_lease", b.id, &json!({ "did": "swapped", "a": a.bay_code, "b": b.bay_code })).await
}
