//! `/metrics` on a listener of its own, loopback only.

use anyhow::{Context, bail};
use axum::Router;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusBuilder;
use std::net::SocketAddr;

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
