//! The month's numbers, read with as few rows as can change them.

use super::of;
use crate::context::Db;
use crate::error::AppError;
use crate::ids::CommunityId;
use crate::measure::Time;
use crate::rooms::tickets::entity::tickets;
use crate::rooms::tickets::model::Visibility;
use crate::rooms::tickets::rules::{self, MonthNumbers, Tally};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// The numbers of the present month, as they stand at `now`.
///
/// # Errors
/// When the database refuses.
pub async fn month(db: &Db, community: CommunityId, offset: i32, now: Time) -> Result<MonthNumbers, AppError> {
    Ok(months(db, community, 1, offset, now).await?.remove(0))
}

/// The numbers of the last `count` months, the present one first.
///
/// # Errors
/// When the database refuses.
pub async fn months(db: &Db, community: CommunityId, count: usize, offset: i32, now: Time) -> Result<Vec<MonthNumbers>, AppError> {
    let mut from = now.month_start(offset);
    let mut spans = vec![(from, now)];
    while spans.len() < count {
        let until = from;
        from = (until + -1).month_start(offset);
        spans.push((from, until));
    }
    let columns = [
        tickets::Column::Id,
        tickets::Column::CreatedAt,
        tickets::Column::FirstFinishedAt,
        tickets::Column::FinishedAt,
        tickets::Column::PromisedAt,
        tickets::Column::Open,
        tickets::Column::StoppedAt,
        tickets::Column::Stars,
    ];
    type Row = (Uuid, i64, Option<i64>, Option<i64>, i64, bool, Option<i64>, Option<i64>);
    // What came in, was finished or was dropped since then, and what is open: everything else cannot change the numbers. Three
    // questions rather than one with OR, for which every ticket of the community would be read.
    let touched = [tickets::Column::CreatedAt.gte(from.0), tickets::Column::StoppedAt.gte(from.0), tickets::Column::Open.eq(true)];
    let mut tallies: HashMap<Uuid, Tally> = HashMap::new();
    for touched in touched {
        let select = of(community).filter(tickets::Column::Visibility.ne(Visibility::Pending.code())).filter(touched);
        let rows: Vec<Row> = select.select_only().columns(columns).into_tuple().all(&db.read).await?;
        tallies.extend(rows.into_iter().map(|(id, created, first, finished, promised, open, stopped, stars)| {
            let tally = Tally {
                created_at: Time(created),
                first_finished_at: first.map(Time),
                finished_at: finished.map(Time),
                promised_at: Time(promised),
                stopped_at: stopped.map(Time),
                dropped: !open && first.is_none(),
                stars: stars.map(|s| s as u8),
            };
            (id, tally)
        }));
    }
    let tallies: Vec<Tally> = tallies.into_values().collect();
    Ok(spans.into_iter().map(|(from, until)| rules::count_month(&tallies, from, until)).collect())
}
