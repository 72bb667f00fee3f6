//! Gathering what is on.

use super::model::{Item, Plan, Sort};
use super::rules::lay_out;
use crate::context::{Db, Viewer};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::PersonId;
use crate::measure::{DAY, Time};
use crate::rooms::assets;
use crate::rooms::people::members::members;
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::Permission;
use crate::rooms::tickets::store::jobs_between;
use crate::tr;
use sea_orm::ConnectionTrait;
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
    let mut items: Vec<Item> = jobs
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
    items.extend(inspections(&db.read, viewer, until, now, lang).await?);
    Ok((lay_out(items, &workers, from, DAYS, now, offset), names))
}

/// The rounds that are under way, and the inspections that are due and on nobody's round: one line for each kind.
async fn inspections(db: &impl ConnectionTrait, viewer: &Viewer, until: Time, now: Time, lang: Lang) -> Result<Vec<Item>, AppError> {
    let community = viewer.community();
    let open: Vec<_> = assets::store::list(db, community, None, lang).await?.into_iter().filter(|r| r.closed_at.is_none()).collect();
    let mut items: Vec<Item> = open
        .iter()
        .map(|r| Item {
            at: r.due_at,
            worker: Some(r.worker_id),
            sort: Sort::Inspection,
            label: format!("{} {} / {}", r.kind.label(lang), r.checked, r.total),
            spot: r.number.clone(),
            href: format!("/rounds/{}", r.id),
        })
        .collect();
    for (kind, count, first) in assets::store::due_before(db, community, until, now).await? {
        if open.iter().all(|r| r.kind != kind) {
            let label = tr!(lang, "{k}：{count} 件该巡检", "{k}: {count} due", k = kind.label(lang), count = count);
            items.push(Item { at: first, worker: None, sort: Sort::Inspection, label, spot: String::new(), href: format!("/desk/rounds?kind={}", kind.code()) });
        }
    }
    Ok(items)
}
