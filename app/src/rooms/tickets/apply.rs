//! A ticket's mutations: reporting, 我也遇到, steps, comments, moderation.

mod advance;
mod decision;
mod moderate;
mod prices;
mod quote;
mod report;

pub use advance::advance;
pub(super) use advance::{actor_of, facts_of};
pub use decision::{decided, outgrown, to_owners};
pub use moderate::{comment, hide_comment, moderate, to_archive};
pub(super) use quote::{elsewhere, with_costs};
pub use report::{me_too, report, ticket_number};

use super::entity::{ticket_photos, tickets};
use super::model::{SpotPhoto, Visibility};
use crate::apply::Work;
use crate::context::{Caller, Viewer};
use crate::error::AppError;
use crate::ids::{TicketId, UnitId};
use crate::rooms::people::rules::Permission;
use sea_orm::{EntityTrait, QuerySelect, Set};

async fn hang(work: &Work<'_>, ticket: uuid::Uuid, photos: &[SpotPhoto]) -> Result<(), AppError> {
    if photos.is_empty() {
        return Ok(());
    }
    let rows = photos.iter().map(|p| ticket_photos::ActiveModel {
        community_id: Set(work.community.0),
        ticket_id: Set(ticket),
        photo_id: Set(p.photo.0),
        spot: Set(i64::from(p.spot)),
        after: Set(p.after),
        at: Set(work.now.0),
    });
    ticket_photos::Entity::insert_many(rows).exec_without_returning(work.txn).await?;
    Ok(())
}

/// Finds a ticket that the caller may touch: hidden and pending ones are there only for those who may see them.
async fn find(work: &Work<'_>, id: TicketId) -> Result<tickets::Model, AppError> {
    let row = tickets::Entity::find_by_id((work.community.0, id.0)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let Some(viewer) = work.caller.viewer() else {
        return if matches!(work.caller, Caller::Clock(_)) { Ok(row) } else { Err(AppError::NotSignedIn) };
    };
    let public = Visibility::from_code(&row.visibility) == Visibility::Public;
    if public || row.reporter_id == Some(viewer.person().0) || viewer.may(Permission::SeeDesk) { Ok(row) } else { Err(AppError::NotFound) }
}

/// The household that somebody speaks for: their own unit, in whichever resident role they have here.
pub fn household(viewer: &Viewer) -> Option<UnitId> {
    viewer.unit().or_else(|| viewer.hats().iter().filter(|h| h.community == viewer.community()).find_map(|h| h.unit))
}

/// Whether somebody works for the property company here, in whichever role they act now: changing hats does not make
/// them a neutral judge.
pub(super) fn works_here(viewer: &Viewer) -> bool {
    viewer.role().is_property() || viewer.hats().iter().any(|h| h.community == viewer.community() && h.role.is_property())
}
