//! What the scoring of the property company counts of repairs.

use super::of;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, PersonId};
use crate::measure::Time;
use crate::rooms::tickets::entity::tickets;
use crate::rooms::tickets::model::Visibility;
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

/// What somebody reported since a moment: numbers and headings, the newest first; what a scorer may want to remember.
///
/// # Errors
/// When the database refuses.
pub async fn reported_by(db: &impl ConnectionTrait, community: CommunityId, person: PersonId, since: Time, lang: Lang) -> Result<Vec<(String, String)>, AppError> {
    let rows = of(community)
        .filter(tickets::Column::ReporterId.eq(person.0))
        .filter(tickets::Column::CreatedAt.gte(since.0))
        .order_by_desc(tickets::Column::CreatedAt)
        .limit(12)
        .all(db)
        .await?;
    Ok(super::cards(db, community, rows).await?.into_iter().map(|card| (card.number.clone(), card.heading(lang))).collect())
}
