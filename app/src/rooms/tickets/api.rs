//! What the pages read. None of these changes anything but the mark of having looked.
#![expect(missing_docs, reason = "the #[server] macro makes an undocumented struct of the arguments")]

use super::model::{BoardPage, Card, TicketView};
use super::rules::MonthNumbers;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::measure::Time;
use crate::rooms::places::model::ReportPageData;
use crate::ui::wire::TextJson;
use leptos::prelude::*;
use leptos::server;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use {
    super::model::BoardQuery,
    super::store,
    crate::context::{now, require_viewer, services, viewer},
    crate::ids::CommunityId,
    crate::rooms::{communities, places},
    crate::ui::load::answer,
};

/// The lists of somebody's own tickets with the moment of reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardList {
    /// The tickets.
    pub cards: Vec<Card>,
    /// The moment of reading.
    pub now: Time,
}

/// A page of the board.
#[server(endpoint = "v1/board", prefix = "/api", input = GetUrl, output = TextJson)]
pub async fn board(slug: String, query: String) -> Result<BoardPage, AppError> {
    answer(read_board(slug, query).await)
}

#[cfg(feature = "ssr")]
async fn read_board(slug: String, query: String) -> Result<BoardPage, AppError> {
    let services = services()?;
    let now = now();
    let query: BoardQuery = serde_json::from_str(&query).map_err(|_| AppError::UnknownKind)?;
    // No database knows a text with a NUL in it, and PostgreSQL refuses the whole question.
    let asked = [&query.state, &query.category, &query.building, &query.text, &query.overdue, &query.after];
    if asked.into_iter().flatten().any(|value| value.contains('\0')) {
        return Err(AppError::NotFound);
    }
    let (home, _) = communities::store::by_slug(&services.db, &slug).await?;
    let db = &services.db;
    let read = async {
        let (cards, next) = store::board(db, home.id, &query, now).await?;
        let buildings = communities::store::buildings(&db.read, home.id).await?.into_iter().map(|b| (b.code, b.name)).collect();
        let month = store::month(db, home.id, home.offset, now).await?;
        Ok(BoardPage { cards, next, buildings, month, now })
    };
    db.memory.recall(Some(home.id), format!("board {query:?}"), read).await
}

/// A ticket's page.
#[server(endpoint = "v1/ticket", prefix = "/api", input = GetUrl, output = TextJson)]
pub async fn ticket(slug: String, number: String, lang: Lang) -> Result<TicketView, AppError> {
    answer(read_ticket(slug, number, lang).await)
}

#[cfg(feature = "ssr")]
async fn read_ticket(slug: String, number: String, lang: Lang) -> Result<TicketView, AppError> {
    let services = services()?;
    let now = now();
    let number = crate::ids::normalise_code(&number).map_err(|_| AppError::NotFound)?;
    let (home, _) = communities::store::by_slug(&services.db, &slug).await?;
    let viewer = viewer();
    let boot = crate::ui::Boot { lang, slug, community: Some(home.clone()), ..Default::default() };
    let read = async {
        let mut t = store::by_number(&services.db, home.id, &number, viewer.as_ref(), lang, now).await?;
        t.costs = super::pages::quote::html(&boot, &t);
        Ok(t)
    };
    let view = match &viewer {
        Some(_) => read.await?,
        // Whoever is not signed in sees the same as everybody.
        None => services.db.memory.recall(Some(home.id), format!("ticket {number} {}", lang.code()), read).await?,
    };
    let news = (view.mine || view.counted) && view.seen_at.is_none_or(|seen| seen < view.changed_at);
    if let Some(viewer) = viewer.filter(|v| news && v.community() == home.id) {
        // A page can be read while the database is busy writing.
        if let Err(error) = store::looked(&services.db, &viewer, view.card.id, now).await {
            tracing::warn!(%error, "not marked as read");
        }
    }
    Ok(view)
}

/// The numbers of the last twelve months, the present one first.
#[server(endpoint = "v1/numbers", prefix = "/api", input = GetUrl, output = TextJson)]
pub async fn numbers(slug: String) -> Result<Vec<MonthNumbers>, AppError> {
    answer(read_numbers(slug).await)
}

#[cfg(feature = "ssr")]
async fn read_numbers(slug: String) -> Result<Vec<MonthNumbers>, AppError> {
    let services = services()?;
    let now = now();
    let (home, _) = communities::store::by_slug(&services.db, &slug).await?;
    let db = &services.db;
    db.memory.recall(Some(home.id), "months".into(), store::months(db, home.id, 12, home.offset, now)).await
}

/// The report page of a tag, or of a place where there is none.
#[server(endpoint = "v1/spot", prefix = "/api", input = GetUrl, output = TextJson)]
pub async fn spot(code: Option<String>, slug: Option<String>, place: Option<String>) -> Result<ReportPageData, AppError> {
    answer(read_spot(code, slug, place).await)
}

#[cfg(feature = "ssr")]
async fn read_spot(code: Option<String>, slug: Option<String>, place: Option<String>) -> Result<ReportPageData, AppError> {
    let services = services()?;
    let spot = match (code, slug, place) {
        (Some(code), ..) => {
            let code = places::rules::parse_tag(&code).map_err(|e| AppError::field("tag", places::rules::code_sentence(Lang::Zh, e), places::rules::code_sentence(Lang::En, e)))?;
            places::store::spot_known_by_tag(&services.db, &code).await?
        }
        (None, Some(slug), Some(place)) => {
            let (home, _) = communities::store::by_slug(&services.db, &slug).await?;
            let place = place.parse().map_err(|_| AppError::NotFound)?;
            places::store::spot_known_by_place(&services.db, home.id, place).await?
        }
        _ => return Err(AppError::NotFound),
    };
    let community: CommunityId = spot.community;
    let db = &services.db;
    let what = format!("similar {} {}", spot.tag.as_deref().unwrap_or_default(), spot.place);
    let limits = communities::store::limits_known(db, community, now()).await?;
    let similar = db.memory.recall(Some(community), what, store::similar(db, &spot, &limits)).await?;
    Ok(ReportPageData { spot, similar, limits, now: now() })
}

/// What the viewer reported or met too.
#[server(endpoint = "v1/mine", prefix = "/api", input = GetUrl, output = TextJson)]
pub async fn mine() -> Result<CardList, AppError> {
    answer(read_mine().await)
}

#[cfg(feature = "ssr")]
async fn read_mine() -> Result<CardList, AppError> {
    let viewer = require_viewer()?;
    Ok(CardList { cards: store::mine(&services()?.db, &viewer).await?, now: now() })
}

/// A worker's jobs.
#[server(endpoint = "v1/jobs", prefix = "/api", input = GetUrl, output = TextJson)]
pub async fn jobs() -> Result<CardList, AppError> {
    answer(read_jobs().await)
}

#[cfg(feature = "ssr")]
async fn read_jobs() -> Result<CardList, AppError> {
    let viewer = require_viewer()?;
    Ok(CardList { cards: store::desk(&services()?.db, &viewer, store::DeskList::Jobs, now()).await?, now: now() })
}
