//! `PUT /api/v1/photos/{id}` and `GET /photos/{id}/{size}`.

use super::fields::keep_picture;
use crate::ask::{AppState, Ask, json_refusal};
use app::error::AppError;
use app::ids::{CommunityId, PhotoId};
use app::rooms::photos::model::Size;
use app::rooms::photos::{rules, store};
use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

/// Where a photo is to go, where its sender says so.
#[derive(Debug, Default, Deserialize)]
pub struct To {
    community: Option<String>,
    tag: Option<String>,
}

/// Keeps a photo under the name that the phone gave it; twice is once.
pub async fn put(State(state): State<AppState>, ask: Ask, Path(id): Path<String>, Query(to): Query<To>, headers: HeaderMap, body: Body) -> Response {
    let kept = async {
        let id: PhotoId = id.parse().map_err(|_| AppError::NotFound)?;
        let community = community(&state, &ask, &to, &headers).await?;
        let viewer = ask.viewer_in(&state, community).await?;
        state.limits.photo(ask.address, viewer.is_some())?;
        let too_large = |_| AppError::field("photos", "这张照片没有传完整，或者超过 12 MB", "This photo did not arrive whole, or is over 12 MB");
        let bytes = state.receive(async { to_bytes(body, rules::BYTES_MAX).await.map_err(too_large) }).await?;
        rules::kind(&bytes)?;
        keep_picture(&state, community, viewer.map(|v| v.person()), id, bytes).await
    };
    match kept.await {
        Ok(stored) => Json(stored).into_response(),
        Err(error) => json_refusal(&error),
    }
}

/// The community that a photo goes to: the viewer's, or for a visitor the one whose report page sends it.
async fn community(state: &AppState, ask: &Ask, to: &To, headers: &HeaderMap) -> Result<CommunityId, AppError> {
    // What waited on the phone says by itself where it belongs; a sticker says it best.
    if let Some(code) = to.tag.as_deref().filter(|t| !t.is_empty()) {
        let code = app::rooms::places::rules::parse_tag(code).map_err(|_| AppError::NotFound)?;
        return Ok(app::rooms::places::store::spot_known_by_tag(&state.services.db, &code).await?.community);
    }
    if let Some(id) = to.community.as_deref().filter(|c| !c.is_empty()) {
        let id = id.parse().map_err(|_| AppError::NotFound)?;
        return Ok(app::rooms::communities::store::known(&state.services.db, id).await?.0.id);
    }
    let page = headers.get(header::REFERER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if let Some((_, code)) = page.split_once("/q/") {
        let code = code.split(['?', '/', '#']).next().unwrap_or_default();
        if let Ok(code) = app::rooms::places::rules::parse_tag(code) {
            return Ok(app::rooms::places::store::spot_known_by_tag(&state.services.db, &code).await?.community);
        }
    }
    if let Some((_, rest)) = page.split_once("/c/") {
        let slug = rest.split(['?', '/', '#']).next().unwrap_or_default();
        return Ok(app::rooms::communities::store::by_slug(&state.services.db, slug).await?.0.id);
    }
    ask.viewer.as_ref().map(|v| v.community()).or(ask.boot.community.as_ref().map(|c| c.id)).ok_or(AppError::NotSignedIn)
}

/// Shows a photo to those who may read what it hangs on.
pub async fn get(State(state): State<AppState>, ask: Ask, Path((id, size)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let found = async {
        let id: PhotoId = id.parse().map_err(|_| AppError::NotFound)?;
        let size = Size::from_code(&size).ok_or(AppError::NotFound)?;
        let photo = store::find(&state.services.db, ask.viewer.as_ref(), id).await?;
        let tag = format!("\"{}-{}\"", &photo.digest[..16.min(photo.digest.len())], size.code());
        let same = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == tag.as_bytes());
        let bytes = if same { Bytes::new() } else { state.services.photos.get(photo.community, &photo.digest, size).await? };
        // A picture that is hidden later must go from other people's screens: it is asked for again after an hour.
        let cache = if photo.public { "public, max-age=3600" } else { "private, no-cache" };
        Ok::<_, AppError>((same, tag, cache, bytes))
    };
    match found.await {
        Ok((true, tag, cache, _)) => (StatusCode::NOT_MODIFIED, [(header::ETAG, tag), (header::CACHE_CONTROL, cache.to_owned())]).into_response(),
        Ok((false, tag, cache, bytes)) => {
            let headers = [(header::CONTENT_TYPE, "image/jpeg".to_owned()), (header::ETAG, tag), (header::CACHE_CONTROL, cache.to_owned())];
            (headers, bytes).into_response()
        }
        Err(error) => json_refusal(&error),
    }
}
