//! What home reads.
#![expect(missing_docs, reason = "the #[server] macro makes an undocumented struct of the arguments")]

use crate::error::AppError;
use crate::measure::Time;
use crate::rooms::tickets::model::Card;
use crate::rooms::tickets::rules::MonthNumbers;
use crate::ui::wire::TextJson;
use leptos::prelude::*;
use leptos::server;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use crate::ui::load::answer;

/// What home shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeData {
    /// The viewer's latest tickets.
    pub mine: Vec<Card>,
    /// Lately repaired, for everybody.
    pub repaired: Vec<Card>,
    /// The month's numbers; none without a community.
    pub month: Option<MonthNumbers>,
    /// All communities, for a visitor who must choose: word in addresses and name.
    pub choose: Vec<(String, String)>,
    /// The moment of reading.
    pub now: Time,
}

/// Reads home.
#[server(endpoint = "v1/home", prefix = "/api", input = GetUrl, output = TextJson)]
pub async fn read_home(slug: String) -> Result<HomeData, AppError> {
    answer(gather(slug).await)
}

#[cfg(feature = "ssr")]
async fn gather(slug: String) -> Result<HomeData, AppError> {
    use super::store;
    use crate::rooms::tickets;
    use crate::rooms::tickets::model::BoardQuery;
    let services = crate::context::services()?;
    let now = crate::context::now();
    if slug.is_empty() {
        let choose = store::all(&services.db).await?.into_iter().map(|(c, slug)| (slug, c.name)).collect();
        return Ok(HomeData { mine: vec![], repaired: vec![], month: None, choose, now });
    }
    let (home, _) = store::by_slug(&services.db, &slug).await?;
    let mut mine = match crate::context::viewer().filter(|v| v.community() == home.id) {
        Some(viewer) => tickets::store::mine(&services.db, &viewer).await?,
        None => vec![],
    };
    mine.truncate(3);
    let db = &services.db;
    let read = async {
        let query = BoardQuery { state: Some("finished".into()), ..BoardQuery::default() };
        let (mut repaired, _) = tickets::store::board(db, home.id, &query, now).await?;
        repaired.truncate(4);
        Ok((repaired, tickets::store::month(db, home.id, home.offset, now).await?))
    };
    let (repaired, month) = db.memory.recall(Some(home.id), "home".into(), read).await?;
    Ok(HomeData { mine, repaired, month: Some(month), choose: vec![], now })
}
