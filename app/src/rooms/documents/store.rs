//! Finding the event that a document rests on.

use super::model::Proof;
use crate::error::AppError;
use crate::ids::CommunityId;
use crate::rooms::events::store::{newest_kind, of_subject};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// The newest event about `subject`, if there is one.
///
/// # Errors
/// When the database refuses.
pub async fn proof_of(db: &impl ConnectionTrait, community: CommunityId, kind: &str, subject: Uuid) -> Result<Option<Proof>, AppError> {
    let all = of_subject(db, community, kind, subject).await?;
    Ok(all.into_iter().max_by_key(|e| e.seq).map(|e| Proof { seq: e.seq, hash: e.hash }))
}

/// The newest event of a kind, for what rests on many subjects at once, as a statement does.
///
/// # Errors
/// When the database refuses.
pub async fn newest_of(db: &impl ConnectionTrait, community: CommunityId, kind: &str) -> Result<Option<Proof>, AppError> {
    Ok(newest_kind(db, community, kind).await?.map(|e| Proof { seq: e.seq, hash: e.hash }))
}
