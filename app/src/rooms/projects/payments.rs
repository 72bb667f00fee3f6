//! Payments behind their gates. What common income pays is entered in its ledger in the same transaction.

use super::entity::project_payments;
use super::model::{Pay, Source};
use super::money::may_pay;
use super::rows::{Whole, open};
use super::rules::{place, said};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::rooms::income;
use crate::rooms::income::rules::quarter_of;
use crate::rooms::people::rules::{Fields, Permission};
use crate::rooms::photos::store::attach_openly;
use crate::text::clean;
use sea_orm::{EntityTrait, Set};
use serde_json::json;

/// Enters a payment.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] before its gate, [`AppError::Invalid`] on `amount`,
/// `milestone`, `words` or `voucher`.
pub async fn pay(work: &Work<'_>, pay: &Pay) -> Result<Done, AppError> {
    work.caller.require(Permission::ProjectPay)?;
    let it = open(work, pay.project).await?;
    let mut fields = Fields::default();
    let words = fields.take(said(&pay.words, 120));
    let voucher = clean(&pay.voucher, 60).unwrap_or_default();
    if voucher.is_empty() {
        fields.take::<()>(Err(AppError::field("voucher", "每一笔都要有凭证号（60 字以内）", "Every payment has a voucher's number (60 characters)")));
    }
    fields.check()?;
    let words = words.unwrap_or_default();
    may_pay(&it.facts()?, pay.milestone, pay.amount, work.now)?;
    let id = work.mutation.0;
    let entry = match it.plan.source {
        Source::CommonIncome => Some(enter(work, &it, pay, &words, &voucher).await?),
        Source::Fund { .. } | Source::Other { .. } => {
            attach_openly(work, pay.photo.as_slice(), "project", it.row.id).await?;
            None
        }
    };
    let n = i64::try_from(it.payments.len()).map_err(internal)? + 1;
    let row = project_payments::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        project_id: Set(it.row.id),
        n: Set(n),
        milestone: Set(pay.milestone),
        amount: Set(pay.amount.0),
        at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
        words: Set(words.clone()),
        voucher: Set(voucher),
        photo_id: Set(pay.photo.map(|p| p.0)),
        entry: Set(entry.clone()),
    };
    project_payments::Entity::insert(row).exec_without_returning(work.txn).await?;
    let told = json!({ "did": "paid", "project": it.row.number, "n": n, "milestone": pay.milestone, "amount": pay.amount, "entry": entry, "reason": words });
    work.tell("project_payment", id, &told).await?;
    Ok(Done { subject: Some(id), number: Some(format!("{}-F{n:02}", it.row.number)), version: 1 })
}

/// The same payment in the ledger of common income; answers its number there.
async fn enter(work: &Work<'_>, it: &Whole, pay: &Pay, words: &str, voucher: &str) -> Result<String, AppError> {
    let part = pay.milestone.and_then(place).and_then(|i| it.milestones.get(i)).map_or("质保金", |m| m.name.as_str());
    let enter = income::model::Enter {
        line: income::model::Line::Facilities,
        amount: pay.amount,
        words: format!("{} {part}：{words}", it.row.number),
        voucher: voucher.to_owned(),
        photo: pay.photo,
        quarter: quarter_of(work.now, it.offset),
    };
    let done = income::apply::enter(work, &enter).await?;
    done.number.ok_or_else(|| internal("an entry without a number"))
}

/// What happens to a project when an entry of common income is taken back: a payment of it is taken back too, with a red
/// row, so that ledger and project always tell the same.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may not pay, when the entry is a project's.
pub async fn taken_back(work: &Work<'_>, entry: uuid::Uuid, number: &str, reason: &str) -> Result<(), AppError> {
    let Some(row) = project_payments::Entity::find_by_id((work.community.0, entry)).one(work.txn).await? else { return Ok(()) };
    work.caller.require(Permission::ProjectPay)?;
    let it = open(work, row.project_id).await?;
    let n = i64::try_from(it.payments.len()).map_err(internal)? + 1;
    let red = project_payments::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        project_id: Set(row.project_id),
        n: Set(n),
        milestone: Set(row.milestone),
        amount: Set(-row.amount),
        at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
        words: Set(reason.to_owned()),
        voucher: Set(row.voucher),
        photo_id: Set(None),
        entry: Set(Some(number.to_owned())),
    };
    project_payments::Entity::insert(red).exec_without_returning(work.txn).await?;
    work.tell("project_payment", work.mutation.0, &json!({ "did": "taken_back", "project": it.row.number, "n": n, "amount": -row.amount, "entry": number, "reason": reason })).await
}
