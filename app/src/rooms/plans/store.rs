//! Gathering what is on.

use super::model::{Item, Plan, Sort};
use super::rules::lay_out;
use crate::context::{Db, Viewer};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::PersonId;
use crate::measure::{DAY, Time};
use crate::rooms::people::members::members;
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::Permission;
use crate::rooms::tickets::store::jobs_between;
use std::collections::HashMap;

/// The days of a plan.
pub const DAYS: usize = 7;

/// The plan of a week, and the workers' names.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn plan(db: &Db, viewer: &Viewer, from: Time, now: Time, lang: Lang, offset: i32) -> Result<(Plan, HashMap<PersonId, String>), AppError> {
    viewer.require(Permission::Plan)?;
    let community = viewer.community();
    let crew = members(&db.read, community, &[Role::Worker], now).await?;
    let names: HashMap<PersonId, String> = crew.iter().map(|m| (m.person, m.name.clone())).collect();
    let workers: Vec<PersonId> = crew.iter().map(|m| m.person).collect();
    let until = from.day_start(offset) + i64::try_from(DAYS).unwrap_or(7) * DAY;
    let jobs = jobs_between(&db.read, community, until).await?;
    let items = jobs
        .into_iter()
        .map(|job| Item {
            at: job.at,
            worker: job.worker,
            sort: if job.card.category.is_urgent() {
                Sort::Urgent
            } else if job.arranged {
                Sort::Visit
            } else {
                Sort::Repair
            },
            label: job.card.heading(lang),
            spot: job.card.spot,
            href: format!("/desk/tickets/open?t={}", job.card.number),
        })
        .collect();
    Ok((lay_out(items, &workers, from, DAYS, now, offset), names))
}
