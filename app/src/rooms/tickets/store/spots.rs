//! Where the open tickets are, for the site plan.

use super::public;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, PlaceId};
use crate::measure::Time;
use crate::rooms::tickets::entity::tickets;
use crate::rooms::tickets::model::{Category, State};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// An open ticket at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSpot {
    /// The ticket's number.
    pub number: String,
    /// Number, state, where and what.
    pub label: String,
    /// Its place.
    pub place: PlaceId,
    /// It is overdue.
    pub late: bool,
}

/// What is asked of a ticket: number, spot, category, state, title, place, deadline.
type Asked = (String, String, String, String, String, Uuid, Option<i64>);

/// The open tickets that everybody may see, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn open_spots(db: &impl ConnectionTrait, community: CommunityId, most: u64, lang: Lang, now: Time) -> Result<Vec<OpenSpot>, AppError> {
    use tickets::Column as C;
    let rows: Vec<Asked> = public(community)
        .filter(C::Open.eq(true))
        .order_by_desc(C::CreatedAt)
        .limit(most)
        .select_only()
        .columns([C::Number, C::Spot, C::Category, C::State, C::Title, C::PlaceId, C::DueAt])
        .into_tuple()
        .all(db)
        .await?;
    let spot = |(number, spot, category, state, title, place, due): Asked| {
        let category = Category::from_code(&category).map_or("", |c| c.label(lang));
        let state = State::from_code(&state).map_or("", |s| s.label(lang));
        let what = if title.is_empty() { category } else { &title };
        OpenSpot { label: format!("{number} {state} {spot} {what}"), number, place: PlaceId(place), late: due.is_some_and(|due| due < now.0) }
    };
    Ok(rows.into_iter().map(spot).collect())
}
