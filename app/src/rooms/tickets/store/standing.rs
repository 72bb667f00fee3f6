//! Where a ticket stands and how it came there, for somebody whose step came too late.

use super::{of, view};
use crate::context::{Db, Viewer};
use crate::error::AppError;
use crate::i18n::{Lang, spoken_time};
use crate::ids::TicketId;
use crate::measure::Time;
use crate::rooms::tickets::entity::tickets;
use crate::rooms::tickets::model::{Happening, TicketView};
use crate::rooms::tickets::pages::words::deed;
use sea_orm::{ColumnTrait, QueryFilter};

/// What a late step is shown of the other side.
pub struct Standing {
    /// State and holder, e.g. 等待确认（上报人）.
    pub now: String,
    /// What happened last, the newest first, e.g. 王师傅：师傅已到场，今天 10:05.
    pub meanwhile: Vec<String>,
}

/// How much of the other side one reads before deciding.
const MOST: usize = 5;

/// Where the ticket stands, and its newest `changes` (at most five). `None` when there is no such ticket here.
///
/// # Errors
/// When the database refuses.
pub async fn standing(db: &Db, viewer: &Viewer, ticket: TicketId, changes: i64, lang: Lang, now: Time) -> Result<Option<Standing>, AppError> {
    let community = viewer.community();
    let Some(row) = of(community).filter(tickets::Column::Id.eq(ticket.0)).one(&db.read).await? else { return Ok(None) };
    let mine = row.reporter_id == Some(viewer.person().0);
    let t = view(db, community, row, Some(viewer), mine, lang, now).await?;
    let offset = viewer.community_view().offset;
    let newest = usize::try_from(changes).unwrap_or(1).clamp(1, MOST);
    let meanwhile = t.timeline.iter().take(newest).map(|h| sentence(lang, h, now, offset)).collect();
    Ok(Some(Standing { now: state(lang, &t), meanwhile }))
}

fn state(lang: Lang, t: &TicketView) -> String {
    let (open, close) = if lang == Lang::Zh { ("（", "）") } else { (" (", ")") };
    let state = t.card.state.label(lang);
    match t.card.holder.label(lang) {
        name if name.is_empty() => state.to_owned(),
        name => format!("{state}{open}{name}{close}"),
    }
}

fn sentence(lang: Lang, h: &Happening, now: Time, offset: i32) -> String {
    let (colon, comma) = if lang == Lang::Zh { ("：", "，") } else { (": ", ", ") };
    let who = if h.who.is_empty() { String::new() } else { format!("{}{colon}", h.who) };
    format!("{who}{}{comma}{}", deed(lang, &h.what, now, offset), spoken_time(lang, h.at, now, offset))
}
