//! What is paid for bays goes to the common income 公共收益, each payment with its voucher, in the same transaction.

use super::entity::{leases, payments};
use super::leases::running;
use super::model::Pay;
use super::rules::months_after;
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::measure::{Fen, Time};
use crate::rooms::communities::store::offset_of;
use crate::rooms::income;
use crate::rooms::income::model::Line;
use crate::rooms::income::rules::quarter_of;
use crate::rooms::people::rules::{Fields, Permission};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

/// Enters what was paid for so many months.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when nothing is to be paid, [`AppError::Invalid`] on `months`
/// or `voucher`.
pub async fn pay(work: &Work<'_>, pay: &Pay) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingMoney)?;
    let lease = running(work, pay.lease).await?;
    if lease.fee == 0 {
        return Err(AppError::closed("这份合同不收费。", "Nothing is to be paid for this one."));
    }
    let offset = offset_of(work.txn, work.community).await?;
    let (from, until) = (Time(lease.paid_until), months_after(Time(lease.paid_until), pay.months, offset));
    let mut fields = Fields::default();
    if !(1..=60).contains(&pay.months) || until > Time(lease.until) {
        fields.take::<()>(Err(AppError::field("months", "月数不对：不能超过合同到期日", "Not so many months: the lease ends before")));
    }
    fields.check()?;
    let (amount, number, months) = (Fen(lease.fee * pay.months), &lease.number, pay.months);
    let enter = income::model::Enter {
        line: Line::Parking,
        amount,
        words: format!("停车费 {number}，{months} 个月"),
        voucher: pay.voucher.clone(),
        photo: None,
        quarter: quarter_of(work.now, offset),
    };
    let entered = income::apply::enter(work, &enter).await?;
    let row = payments::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        lease_id: Set(lease.id),
        amount: Set(amount.0),
        months: Set(months),
        from_at: Set(from.0),
        until: Set(until.0),
        voucher: Set(pay.voucher.trim().to_owned()),
        at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
        reversed: Set(false),
    };
    payments::Entity::insert(row).exec_without_returning(work.txn).await?;
    let version = lease.version + 1;
    let (id, number) = (lease.id, lease.number.clone());
    let mut change = lease.into_active_model();
    change.paid_until = Set(until.0);
    change.version = Set(version);
    change.update(work.txn).await?;
    work.tell("parking_lease", id, &json!({ "did": "paid", "number": number, "amount": amount, "entry": entered.number })).await?;
    Ok(Done { subject: Some(id), number: entered.number, version })
}

/// An entry of common income was taken back: the payment behind it, if there is one, does not count any more.
///
/// # Errors
/// When the database refuses.
pub async fn taken_back(work: &Work<'_>, entry: Uuid) -> Result<(), AppError> {
    let Some(payment) = payments::Entity::find_by_id((work.community.0, entry)).lock_exclusive().one(work.txn).await? else { return Ok(()) };
    let lease = leases::Entity::find_by_id((work.community.0, payment.lease_id)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let mut change = payment.into_active_model();
    change.reversed = Set(true);
    change.update(work.txn).await?;
    let standing = payments::Entity::find()
        .filter(payments::Column::CommunityId.eq(work.community.0))
        .filter(payments::Column::LeaseId.eq(lease.id))
        .filter(payments::Column::Reversed.eq(false))
        .all(work.txn)
        .await?;
    // What was paid is counted from the beginning, month after month: a payment in the middle that falls away leaves no hole.
    let months: i64 = standing.iter().map(|p| p.months).sum();
    let paid = months_after(Time(lease.from_at), months, offset_of(work.txn, work.community).await?);
    let (id, number, version) = (lease.id, lease.number.clone(), lease.version + 1);
    let mut change = lease.into_active_model();
    change.paid_until = Set(paid.0);
    change.version = Set(version);
    change.update(work.txn).await?;
    work.tell("parking_lease", id, &json!({ "did": "payment_taken_back", "number": number })).await
}
