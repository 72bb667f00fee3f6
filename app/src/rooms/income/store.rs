//! Reading the ledger.

use super::entity::{income_entries, income_quarters};
use super::model::{EntryRow, Line, Quarter};
use super::rules::span_of;
use crate::error::AppError;
use crate::ids::{CommunityId, PhotoId};
use crate::measure::{DAY, Fen, Time};
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::own_settings;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// Entries of one quarter at most.
const MOST: u64 = 5_000;

/// A quarter with its entries.
///
/// # Errors
/// [`AppError::NotFound`] for a word that is no quarter.
pub async fn quarter(db: &impl ConnectionTrait, community: CommunityId, quarter: &str, now: Time) -> Result<Quarter, AppError> {
    let (own, offset, day) = own_settings(db, community, now).await?;
    let (_, until) = span_of(quarter, offset).ok_or(AppError::NotFound)?;
    let rows = income_entries::Entity::find()
        .filter(income_entries::Column::CommunityId.eq(community.0))
        .filter(income_entries::Column::Quarter.eq(quarter))
        .order_by_asc(income_entries::Column::At)
        .limit(MOST)
        .all(db)
        .await?;
    let published = income_quarters::Entity::find_by_id((community.0, quarter.to_owned())).one(db).await?;
    Ok(Quarter {
        quarter: quarter.to_owned(),
        entries: rows.into_iter().filter_map(entry).collect(),
        published: published.map(|p| (Time(p.published_at), Fen(p.income), Fen(p.spent))),
        due_at: until + setting(&own, "income.publish_days", &day).unwrap_or_default() * DAY,
    })
}

fn entry(row: income_entries::Model) -> Option<EntryRow> {
    Some(EntryRow {
        id: row.id,
        number: row.number,
        at: Time(row.at),
        line: Line::from_code(&row.line)?,
        amount: Fen(row.amount),
        words: row.words,
        voucher: row.voucher,
        photo: row.photo_id.map(PhotoId),
        red: row.reverses.is_some() || row.reversed_by.is_some(),
    })
}

/// The quarters that were published, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn published(db: &impl ConnectionTrait, community: CommunityId) -> Result<Vec<String>, AppError> {
    let rows = income_quarters::Entity::find().filter(income_quarters::Column::CommunityId.eq(community.0)).order_by_desc(income_quarters::Column::Quarter).all(db).await?;
    Ok(rows.into_iter().map(|r| r.quarter).collect())
}
