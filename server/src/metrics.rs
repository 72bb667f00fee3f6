//! `/metrics` on a listener of its own, loopback only.

use anyhow::{Context, bail};
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusBuilder;
use std::net::SocketAddr;
use std::time::Instant;

/// Counts each request by route and status, and how long it took. Costs next to nothing while nobody listens.
pub async fn count(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().to_string();
    let start = Instant::now();
    let response = next.run(request).await;
    metrics::histogram!("http_request_seconds", "route" => route.clone()).record(start.elapsed());
    metrics::counter!("http_requests_total", "route" => route, "method" => method, "status" => response.status().as_u16().to_string()).increment(1);
    response
}

/// Starts the listener in the background.
///
/// # Errors
/// When the address is not loopback or is taken.
pub async fn serve(address: SocketAddr) -> anyhow::Result<()> {
    if !address.ip().is_loopback() {
        bail!("metrics are for this machine alone: use a loopback address, not {address}");
    }
    let handle = PrometheusBuilder::new().install_recorder().context("metrics are set up already")?;
    let listener = tokio::net::TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    let router = Router::new().route("/metrics", get(move || std::future::ready(handle.render())));
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the metrics listener stopped");
        }
    });
    Ok(())
}
