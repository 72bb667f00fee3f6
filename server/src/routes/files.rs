//! The built site: hashed files for ever, the rest for an hour, precompressed.

use axum::Router;
use axum::http::{HeaderValue, header};
use std::path::Path;
use tower::ServiceBuilder;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// `/pkg/…` and the few files beside it.
pub fn routes<S: Clone + Send + Sync + 'static>(site: Option<&Path>) -> Router<S> {
    let Some(site) = site else { return Router::new() };
    let forever = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")))
        .service(ServeDir::new(site.join("pkg")).precompressed_br().precompressed_gzip());
    let mut router = Router::new().nest_service("/pkg", forever);
    let day = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400")))
        .service(ServeDir::new(site.join("icons")));
    router = router.nest_service("/icons", day);
    for name in ["favicon.svg", "robots.txt"] {
        if site.join(name).exists() {
            router = router.route_service(&format!("/{name}"), tower_http::services::ServeFile::new(site.join(name)));
        }
    }
    router
}
