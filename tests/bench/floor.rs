//! The floor: a bare axum handler that answers with the very bytes that the page sent.

use crate::program::Answer;
use anyhow::Result;
use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::serve::ListenerExt;

/// Serves an answer on a port of its own; the address is the result.
pub async fn serve(answer: Answer) -> Result<String> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let listener = listener.tap_io(|tcp| {
        let _ = tcp.set_nodelay(true);
    });
    let router = Router::new().route("/", get(move || std::future::ready((answer.headers.clone(), answer.body.clone()).into_response())));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(url)
}
