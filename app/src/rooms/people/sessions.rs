//! 谁在登录: the sessions of an account.

use super::entity::sessions;
use crate::context::Db;
use crate::error::AppError;
use crate::ids::AccountId;
use crate::measure::Time;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// A session in the list of 谁在登录.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// A handle that ends it; not the session's key.
    pub handle: String,
    /// The device in two words, see [`device_name`](super::rules::device_name).
    pub agent: String,
    /// When it began.
    pub created_at: Time,
    /// When it was last used.
    pub seen_at: Time,
    /// It is the one that asks.
    pub here: bool,
}

/// What is shown instead of a session's key: enough to name it, useless to take it.
pub fn session_handle(key: &str) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(&Sha256::digest(key.as_bytes())[..8])
}

/// The sessions of an account, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn sessions_of(db: &Db, account: AccountId, current: &str, now: Time) -> Result<Vec<SessionRow>, AppError> {
    let rows = sessions::Entity::find()
        .filter(sessions::Column::AccountId.eq(account.0))
        .filter(sessions::Column::ExpiresAt.gt(now.0))
        .order_by_desc(sessions::Column::SeenAt)
        .all(&db.read)
        .await?;
    Ok(rows
        .into_iter()
        .map(|s| SessionRow { handle: session_handle(&s.id), here: s.id == current, agent: s.agent, created_at: Time(s.created_at), seen_at: Time(s.seen_at) })
        .collect())
}

/// Ends all sessions of an account but one, inside a change.
///
/// # Errors
/// When the database refuses.
pub async fn end_all(db: &impl ConnectionTrait, account: AccountId, except: Option<&str>) -> Result<(), AppError> {
    let mut all = sessions::Entity::delete_many().filter(sessions::Column::AccountId.eq(account.0));
    if let Some(key) = except {
        all = all.filter(sessions::Column::Id.ne(key));
    }
    all.exec(db).await?;
    Ok(())
}

/// Ends sessions of an account: one by its handle, or all but `except`. Returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn end_sessions(db: &Db, account: AccountId, handle: Option<&str>, except: Option<&str>) -> Result<u64, AppError> {
    let rows = sessions::Entity::find().filter(sessions::Column::AccountId.eq(account.0)).all(&db.read).await?;
    let keys: Vec<String> = rows.into_iter().map(|s| s.id).filter(|key| Some(key.as_str()) != except && handle.is_none_or(|h| session_handle(key) == h)).collect();
    Ok(sessions::Entity::delete_many().filter(sessions::Column::Id.is_in(keys)).exec(&db.write).await?.rows_affected)
}
