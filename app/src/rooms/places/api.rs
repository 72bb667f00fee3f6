//! What the pages read of places.
#![expect(missing_docs, reason = "the #[server] macro makes an undocumented struct of the arguments")]

use super::model::PlaceRow;
use crate::error::AppError;
use crate::ui::wire::TextJson;
use leptos::prelude::*;
use leptos::server;
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use {super::store, crate::context::services, crate::rooms::communities, crate::ui::load::answer};

/// The places of a community.
#[server(endpoint = "v1/places", prefix = "/api", input = GetUrl, output = TextJson)]
pub async fn places(slug: String) -> Result<Vec<PlaceRow>, AppError> {
    answer(read_places(slug).await)
}

#[cfg(feature = "ssr")]
async fn read_places(slug: String) -> Result<Vec<PlaceRow>, AppError> {
    let services = services()?;
    let (home, _) = communities::store::by_slug(&services.db, &slug).await?;
    store::list(&services.db, home.id).await
}
