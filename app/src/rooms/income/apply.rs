//! Entering, taking back, publishing.

use super::entity::{income_entries, income_quarters};
use super::model::{Enter, Line, Publish, Reverse};
use super::rules::{judge, publishable};
use super::store::quarter;
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::rooms::communities::store::{next_number, offset_of};
use crate::rooms::people::rules::Permission;
use crate::rooms::photos::store::attach_openly;
use crate::text::clean;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QuerySelect, Set};
use serde_json::json;

/// Enters money.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; see [`judge`].
pub async fn enter(work: &Work<'_>, enter: &Enter) -> Result<Done, AppError> {
    work.caller.require(Permission::IncomeBooks)?;
    let offset = offset_of(work.txn, work.community).await?;
    let (words, voucher) = judge(enter, work.now, offset)?;
    let number = number(work, offset).await?;
    let id = work.mutation.0;
    let row = income_entries::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        number: Set(number.clone()),
        line: Set(enter.line.code().into()),
        out: Set(enter.line.is_out()),
        amount: Set(enter.amount.0),
        words: Set(words),
        voucher: Set(voucher),
        photo_id: Set(enter.photo.map(|p| p.0)),
        quarter: Set(enter.quarter.clone()),
        at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
        reverses: Set(None),
        reversed_by: Set(None),
    };
    income_entries::Entity::insert(row).exec_without_returning(work.txn).await?;
    attach_openly(work, enter.photo.as_slice(), "income_entry", id).await?;
    work.tell("income_entry", id, &json!({ "did": "entered", "number": number, "line": enter.line.code(), "amount": enter.amount, "quarter": enter.quarter })).await?;
    Ok(Done { subject: Some(id), number: Some(number), version: 1 })
}

/// `SY-2026-041`: by the community's own year.
async fn number(work: &Work<'_>, offset: i32) -> Result<String, AppError> {
    work.hold().await?;
    let year = work.now.local(offset).format("%Y").to_string();
    let n = next_number(work.txn, work.community, &format!("income_entries {year}")).await?;
    Ok(format!("SY-{year}-{n:03}"))
}

/// Takes an entry back with a red one; both stay.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] for one that was taken back already, or is red
/// itself, [`AppError::Invalid`] on `reason`.
pub async fn reverse(work: &Work<'_>, reverse: &Reverse) -> Result<Done, AppError> {
    work.caller.require(Permission::IncomeBooks)?;
    let row = income_entries::Entity::find_by_id((work.community.0, reverse.entry)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    if row.reverses.is_some() || row.reversed_by.is_some() {
        return Err(AppError::closed("这一笔已经冲过了。", "This entry has been taken back already."));
    }
    let reason = clean(&reverse.reason, 200).unwrap_or_default();
    if reason.is_empty() {
        return Err(AppError::field("reason", "请写为什么冲掉（200 字以内）", "Say why (200 characters)"));
    }
    let number = number(work, offset_of(work.txn, work.community).await?).await?;
    let id = work.mutation.0;
    let red = income_entries::ActiveModel {
        id: Set(id),
        number: Set(number.clone()),
        amount: Set(-row.amount),
        words: Set(reason.clone()),
        photo_id: Set(None),
        at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
        reverses: Set(Some(row.id)),
        ..row.clone().into_active_model().reset_all()
    };
    income_entries::Entity::insert(red).exec_without_returning(work.txn).await?;
    let mut change = row.clone().into_active_model();
    change.reversed_by = Set(Some(id));
    change.update(work.txn).await?;
    crate::rooms::projects::payments::taken_back(work, row.id, &number, &reason).await?;
    crate::rooms::parking::money::taken_back(work, row.id).await?;
    work.tell("income_entry", id, &json!({ "did": "reversed", "number": number, "entry": row.number, "reason": reason })).await?;
    Ok(Done { subject: Some(id), number: Some(number), version: 1 })
}

/// Publishes a quarter: its sums are kept as they stand now.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] for a quarter that is not over, [`AppError::Closed`] when it was published.
pub async fn publish(work: &Work<'_>, publish: &Publish) -> Result<Done, AppError> {
    work.caller.require(Permission::IncomePublish)?;
    let offset = offset_of(work.txn, work.community).await?;
    publishable(&publish.quarter, work.now, offset)?;
    work.hold().await?;
    let ledger = quarter(work.txn, work.community, &publish.quarter, work.now).await?;
    if ledger.published.is_some() {
        return Err(AppError::closed("这个季度已经公布过了。", "This quarter has been published already."));
    }
    let row = income_quarters::ActiveModel {
        community_id: Set(work.community.0),
        quarter: Set(publish.quarter.clone()),
        published_at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
        income: Set(ledger.income().0),
        spent: Set(ledger.spent().0),
        entries: Set(i64::try_from(ledger.entries.len()).map_err(internal)?),
    };
    income_quarters::Entity::insert(row).exec_without_returning(work.txn).await?;
    let lines: serde_json::Map<String, serde_json::Value> = Line::INCOME.into_iter().chain(Line::SPENDING).map(|l| (l.code().to_owned(), json!(ledger.sum(l)))).collect();
    work.tell("income_quarter", work.mutation.0, &json!({ "did": "published", "quarter": publish.quarter, "lines": lines })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(publish.quarter.clone()), version: 1 })
}
