//! Who does what when: the property company's jobs of some days.

use super::{card, of};
use crate::error::AppError;
use crate::ids::{CommunityId, PersonId};
use crate::measure::Time;
use crate::rooms::people::store::names;
use crate::rooms::tickets::entity::tickets;
use crate::rooms::tickets::model::Card;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};

/// A job on the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The ticket.
    pub card: Card,
    /// Whose it is; `None` while nobody is assigned.
    pub worker: Option<PersonId>,
    /// When it is on: the appointment, else the deadline.
    pub at: Time,
    /// Somebody said they would come then.
    pub arranged: bool,
}

/// Jobs on one plan at most.
const MOST: u64 = 1_000;

/// The open jobs that are on before `until`; what is overdue is on until it is done.
///
/// # Errors
/// When the database refuses.
pub async fn jobs_between(db: &impl ConnectionTrait, community: CommunityId, until: Time) -> Result<Vec<Job>, AppError> {
    let on = || Expr::cust("COALESCE(scheduled_at, due_at)");
    let rows = of(community).filter(tickets::Column::Open.eq(true)).filter(on().lt(until.0)).order_by_asc(on()).limit(MOST).all(db).await?;
    let workers = names(db, community, rows.iter().filter_map(|r| r.assignee_id)).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let at = Time(row.scheduled_at.or(row.due_at)?);
            let (worker, arranged) = (row.assignee_id.map(PersonId), row.scheduled_at.is_some());
            Some(Job { card: card(row, &workers), worker, at, arranged })
        })
        .collect())
}
