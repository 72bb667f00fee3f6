//! What the scoring of the property company counts of repairs.

use super::of;
use crate::error::AppError;
use crate::ids::{CommunityId, PersonId};
use crate::measure::Time;
use crate::rooms::tickets::entity::tickets;
use crate::rooms::tickets::model::{Card, Category, Visibility};
use crate::rooms::tickets::rules::{Tally, count_month};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// General repairs of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scored {
    /// Finished in it and in time.
    pub on_time: i64,
    /// Finished in it.
    pub closed: i64,
    /// Not finished and past the promise at its end.
    pub overdue: i64,
    /// Finished in it and rated.
    pub rated: i64,
    /// Of those, with four or five stars.
    pub pleased: i64,
}

/// General repairs from a moment until another, counted as the month's numbers are.
///
/// # Errors
/// When the database refuses.
pub async fn general_repairs(db: &impl ConnectionTrait, community: CommunityId, from: Time, until: Time) -> Result<Scored, AppError> {
    use tickets::Column as C;
    type Row = (Uuid, i64, Option<i64>, Option<i64>, i64, bool, Option<i64>, Option<i64>);
    let mut tallies: HashMap<Uuid, Tally> = HashMap::new();
    for touched in [C::CreatedAt.gte(from.0), C::StoppedAt.gte(from.0), C::Open.eq(true)] {
        let select = of(community).filter(C::Urgent.eq(false)).filter(C::Visibility.ne(Visibility::Pending.code())).filter(touched);
        let columns = [C::Id, C::CreatedAt, C::FirstFinishedAt, C::FinishedAt, C::PromisedAt, C::Open, C::StoppedAt, C::Stars];
        let rows: Vec<Row> = select.select_only().columns(columns).into_tuple().all(db).await?;
        tallies.extend(rows.into_iter().map(|(id, created, first, finished, promised, open, stopped, stars)| {
            let tally = Tally {
                created_at: Time(created),
                first_finished_at: first.map(Time),
                finished_at: finished.map(Time),
                promised_at: Time(promised),
                stopped_at: stopped.map(Time),
                dropped: !open && first.is_none(),
                stars: stars.and_then(|s| u8::try_from(s).ok()),
            };
            (id, tally)
        }));
    }
    let tallies: Vec<Tally> = tallies.into_values().collect();
    let numbers = count_month(&tallies, from, until);
    let pleased = tallies.iter().filter(|t| t.first_finished_at.is_some_and(|at| at >= from && at < until) && t.stars.is_some_and(|s| s >= 4)).count();
    Ok(Scored { on_time: numbers.on_time, closed: numbers.closed, overdue: numbers.overdue, rated: numbers.rated, pleased: i64::try_from(pleased).unwrap_or(i64::MAX) })
}

/// Urgent repairs that came in from a moment until another: how many of them somebody was at within `limit` milliseconds, and
/// of how many that can be said. What was over before anybody had to be there, and what is not due yet, is not counted; nor is
/// what was finished before arrivals were written down.
///
/// # Errors
/// When the database refuses.
pub async fn urgent_arrivals(db: &impl ConnectionTrait, community: CommunityId, (from, until): (Time, Time), limit: i64) -> Result<(i64, i64), AppError> {
    use tickets::Column as C;
    let select = of(community).filter(C::Urgent.eq(true)).filter(C::Visibility.ne(Visibility::Pending.code()));
    let select = select.filter(C::CreatedAt.gte(from.0)).filter(C::CreatedAt.lt(until.0));
    let columns = [C::CreatedAt, C::ArrivedAt, C::StoppedAt, C::Open];
    let rows: Vec<(i64, Option<i64>, Option<i64>, bool)> = select.select_only().columns(columns).into_tuple().all(db).await?;
    Ok(rows.into_iter().fold((0, 0), |(good, all), (created, arrived, stopped, open)| match arrived {
        Some(at) => (good + i64::from(at - created <= limit), all + 1),
        None => (good, all + i64::from(open && stopped.is_none() && until.0 - created > limit)),
    }))
}

/// Reports of one category over a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Topic {
    /// How many came in.
    pub received: i64,
    /// How many of those are finished.
    pub finished: i64,
    /// How many of those in time.
    pub on_time: i64,
}

/// What came in from a moment until another, by category.
///
/// # Errors
/// When the database refuses.
pub async fn by_category(db: &impl ConnectionTrait, community: CommunityId, from: Time, until: Time) -> Result<HashMap<Category, Topic>, AppError> {
    use tickets::Column as C;
    let select = of(community).filter(C::Visibility.ne(Visibility::Pending.code())).filter(C::CreatedAt.gte(from.0)).filter(C::CreatedAt.lt(until.0));
    let rows: Vec<(String, Option<i64>, i64)> = select.select_only().columns([C::Category, C::FinishedAt, C::PromisedAt]).into_tuple().all(db).await?;
    let mut all: HashMap<Category, Topic> = HashMap::new();
    for (category, finished, promised) in rows {
        let Some(category) = Category::from_code(&category) else { continue };
        let topic = all.entry(category).or_default();
        topic.received += 1;
        topic.finished += i64::from(finished.is_some());
        topic.on_time += i64::from(finished.is_some_and(|at| at <= promised));
    }
    Ok(all)
}

/// What somebody reported since a moment, the newest first: what a scorer may want to remember.
///
/// # Errors
/// When the database refuses.
pub async fn reported_by(db: &impl ConnectionTrait, community: CommunityId, person: PersonId, since: Time) -> Result<Vec<Card>, AppError> {
    let rows = of(community)
        .filter(tickets::Column::ReporterId.eq(person.0))
        .filter(tickets::Column::CreatedAt.gte(since.0))
        .order_by_desc(tickets::Column::CreatedAt)
        .limit(40)
        .all(db)
        .await?;
    super::cards(db, community, rows).await
}
