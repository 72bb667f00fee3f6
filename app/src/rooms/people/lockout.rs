//! Tries at the door. Each is counted before its secret is judged and taken back when it fits: of many that arrive at
//! once, only as many are judged as one after the other would be.

use super::entity::sign_in_failures as tries;
use super::rules::{FORGIVE_AFTER, locked_for};
use crate::context::Db;
use crate::error::AppError;
use crate::measure::Time;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QuerySelect, Set};

/// An address may be a whole building behind one router: it gets ten times the tries of a phone.
const SHARE: i64 = 10;

/// A try that was counted.
#[derive(Debug)]
pub struct Counted {
    phone: String,
    address: String,
    address_before: i64,
    at: Time,
}

/// Counts a try at a phone from an address, unless either is locked.
///
/// # Errors
/// [`AppError::TooMany`] while locked; the try is then not counted.
pub async fn count(db: &Db, phone: &str, address: &str, now: Time) -> Result<Counted, AppError> {
    let (phone, address) = (format!("phone:{phone}"), format!("address:{address}"));
    let txn = db.begin().await?;
    // Always the phone first: two who wait for each other's rows would wait for ever.
    let counted = async {
        bump(&txn, &phone, 1, now).await?;
        bump(&txn, &address, SHARE, now).await
    };
    match counted.await {
        Ok(address_before) => {
            txn.commit().await?;
            Ok(Counted { phone, address, address_before, at: now })
        }
        Err(error) => {
            txn.rollback().await?;
            Err(error)
        }
    }
}

/// Adds one to a subject's row, which stays locked until the transaction ends. Answers when its last try was before.
async fn bump(txn: &DatabaseTransaction, subject: &str, share: i64, now: Time) -> Result<i64, AppError> {
    let fresh = tries::ActiveModel { subject: Set(subject.to_owned()), failures: Set(0), last_at: Set(now.0) };
    let keep = OnConflict::column(tries::Column::Subject).do_nothing().to_owned();
    tries::Entity::insert(fresh).on_conflict(keep).exec_without_returning(txn).await?;
    let row = tries::Entity::find_by_id(subject.to_owned()).lock_exclusive().one(txn).await?;
    let (failures, last_at) = row.map_or((0, now.0), |row| (row.failures, row.last_at));
    if let Some(retry_after) = locked_for(i32::try_from(failures / share).unwrap_or(i32::MAX), Time(last_at), now) {
        return Err(AppError::TooMany { retry_after });
    }
    let failures = if now.0 - last_at < FORGIVE_AFTER { failures.saturating_add(1) } else { 1 };
    let row = tries::ActiveModel { subject: Set(subject.to_owned()), failures: Set(failures), last_at: Set(now.0) };
    tries::Entity::update(row).exec(txn).await?;
    Ok(last_at)
}

impl Counted {
    /// The secret was right: the phone starts anew, and its address is as if nobody had tried.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn take_back(self, db: &Db) -> Result<(), AppError> {
        let txn = db.begin().await?;
        tries::Entity::delete_by_id(self.phone).exec(&txn).await?;
        let here = tries::Column::Subject.eq(self.address);
        tries::Entity::update_many()
            .col_expr(tries::Column::Failures, Expr::col(tries::Column::Failures).sub(1))
            .filter(here.clone())
            .filter(tries::Column::Failures.gt(0))
            .exec(&txn)
            .await?;
        // Without this, everybody who signs in rightly would make their neighbours' waiting begin again.
        tries::Entity::update_many().col_expr(tries::Column::LastAt, Expr::value(self.address_before)).filter(here).filter(tries::Column::LastAt.eq(self.at.0)).exec(&txn).await?;
        txn.commit().await?;
        Ok(())
    }
}

/// Somebody whose secret was made new need not wait for tries at the old one.
///
/// # Errors
/// When the database refuses.
pub async fn forgive(txn: &DatabaseTransaction, phone: &str) -> Result<(), AppError> {
    tries::Entity::delete_by_id(format!("phone:{phone}")).exec(txn).await?;
    Ok(())
}

/// Forgets tries that no longer count. Returns how many rows.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(db: &Db, now: Time) -> Result<u64, AppError> {
    Ok(tries::Entity::delete_many().filter(tries::Column::LastAt.lt(now.0 - FORGIVE_AFTER)).exec(&db.write).await?.rows_affected)
}
