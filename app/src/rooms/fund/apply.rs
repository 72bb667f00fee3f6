//! Money that comes in.

use super::allocation::allocate;
use super::books::Account;
use super::entity::{fund_imports, fund_units};
use super::imports::Ready;
use super::journal::{Posting, post};
use super::model::{ConfirmOpening, Enter, EntryKind, Income};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::{BuildingId, UnitId};
use crate::measure::{Area, Fen};
use crate::rooms::communities::store::all_units;
use crate::rooms::lists::model::faultless;
use crate::rooms::people::rules::Permission;
use crate::text::clean;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use std::collections::BTreeMap;

/// Enters a deposit, interest, or common income.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] on `amount`, `words` or `unit`, [`AppError::Closed`] for interest while no
/// household has anything.
pub async fn enter(work: &Work<'_>, enter: &Enter) -> Result<Done, AppError> {
    work.caller.require(Permission::FundBooks)?;
    let words = clean(&enter.words, 200).unwrap_or_default();
    if enter.amount.0 <= 0 {
        return Err(AppError::field("amount", "请填金额，例如 1860.00", "Enter the amount, e.g. 1860.00"));
    }
    if words.is_empty() {
        return Err(AppError::field("words", "请写凭据，例如哪一张银行回单（200 字以内）", "Name the voucher, e.g. the bank's slip (200 characters)"));
    }
    let (kind, units) = match enter.what {
        Income::Deposit { unit } => (EntryKind::Deposit, deposit(work, unit, enter.amount).await?),
        Income::Interest => (EntryKind::Interest, interest(work, enter.amount).await?),
        Income::CommonIncome => (EntryKind::CommonIncome, by_area(work, enter.amount).await?),
    };
    let posting = Posting { kind, words, overdrawn: None, use_id: None, units, others: vec![(Account::Bank, enter.amount)], initial: BTreeMap::new() };
    let number = post(work, work.mutation.0, posting).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(number), version: 1 })
}

type Parts = Vec<(UnitId, BuildingId, Fen)>;

async fn deposit(work: &Work<'_>, unit: UnitId, amount: Fen) -> Result<Parts, AppError> {
    let row = crate::rooms::communities::store::unit(work.txn, work.community, unit).await?;
    Ok(vec![(unit, row.building, amount)])
}

/// Interest goes to whoever has something, by what they have.
async fn interest(work: &Work<'_>, amount: Fen) -> Result<Parts, AppError> {
    let rows = fund_units::Entity::find().filter(fund_units::Column::CommunityId.eq(work.community.0)).filter(fund_units::Column::Balance.gt(0)).all(work.txn).await?;
    if rows.is_empty() {
        return Err(AppError::closed("还没有哪一户有余额，利息没有人可分。", "No household has anything yet, so there is nobody to share the interest."));
    }
    let weights: Vec<(UnitId, Area)> = rows.iter().map(|u| (UnitId(u.unit_id), Area(u.balance))).collect();
    let homes: BTreeMap<UnitId, BuildingId> = rows.iter().map(|u| (UnitId(u.unit_id), BuildingId(u.building_id))).collect();
    let shares = allocate(amount, &weights)?;
    Ok(shares.into_iter().filter_map(|(unit, share)| Some((unit, *homes.get(&unit)?, share))).collect())
}

async fn by_area(work: &Work<'_>, amount: Fen) -> Result<Parts, AppError> {
    let units = all_units(work.txn, work.community).await?;
    let shares = allocate(amount, &units.iter().map(|u| (u.id, u.area)).collect::<Vec<_>>())?;
    Ok(units.iter().zip(shares).map(|(unit, (_, share))| (unit.id, unit.building, share)).collect())
}

/// Writes the opening balances of a list that was looked through. The same list again changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] while it has faults.
pub async fn confirm_opening(work: &Work<'_>, confirm: &ConfirmOpening) -> Result<Done, AppError> {
    work.caller.require(Permission::FundBooks)?;
    let import = fund_imports::Entity::find_by_id((work.community.0, confirm.import)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let rows = serde_json::from_str(&import.rows).map_err(internal)?;
    let ready = super::imports::resolve(work.txn, work.community, rows).await?;
    let Ready { new, faults, .. } = ready;
    faultless(&faults)?;
    let mut change = import.clone().into_active_model();
    change.confirmed_at = Set(Some(import.confirmed_at.unwrap_or(work.now.0)));
    change.update(work.txn).await?;
    if new.is_empty() {
        return Ok(Done { subject: Some(import.id), number: None, version: 1 });
    }
    let bank: Fen = new.iter().map(|n| n.balance).sum();
    let posting = Posting {
        kind: EntryKind::Opening,
        words: "期初余额导入 / Opening balances".into(),
        overdrawn: new.iter().any(|n| n.balance.0 < 0).then(|| "期初就是负数 / below zero from the start".to_owned()),
        use_id: None,
        units: new.iter().map(|n| (n.unit, n.building, n.balance)).collect(),
        others: vec![(Account::Bank, bank)],
        initial: new.iter().map(|n| (n.unit, n.initial)).collect(),
    };
    let number = post(work, work.mutation.0, posting).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(number), version: 1 })
}
