//! Answering with a document: the page that prints as A4, or the same as a PDF.

use super::prints::qr;
use crate::ask::{AppState, Ask, encode};
use app::context::internal;
use app::error::AppError;
use app::rooms::documents::desk::sheet;
use app::rooms::documents::model::Document;
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// Splits the last part of a path into what it names and whether a PDF is asked for: `0192….pdf`.
pub fn as_asked(last: &str) -> (&str, bool) {
    last.strip_suffix(".pdf").map_or((last, false), |name| (name, true))
}

/// Answers with the document, or the refusal that came in its place.
pub async fn answer(state: &AppState, ask: &Ask, made: Result<Document, AppError>, as_pdf: bool) -> Response {
    match drawn(state, ask, made, as_pdf).await {
        Ok(response) => response,
        Err(error) => ask.refusal(state, &error),
    }
}

async fn drawn(state: &AppState, ask: &Ask, made: Result<Document, AppError>, as_pdf: bool) -> Result<Response, AppError> {
    let document = made?;
    let address = format!("{}{}", state.services.public_url, document.address);
    if !as_pdf {
        let code = qr(&address)?;
        let boot = ask.boot.clone();
        let (path, query) = boot.path.split_once('?').map_or((boot.path.as_str(), String::new()), |(path, query)| (path, format!("?{query}")));
        let pdf = format!("{path}.pdf{query}");
        return Ok(ask.page(state, &document.title, || sheet(&boot, &document, &code, &pdf)));
    }
    let (lang, offset) = (ask.lang(), ask.boot.offset());
    let name = format!("{}.pdf", if document.number.is_empty() { &document.title } else { &document.number });
    let bytes = tokio::task::spawn_blocking(move || crate::pdf::draw(&document, &address, lang, offset)).await.map_err(internal)??;
    let mut response = ([(header::CONTENT_TYPE, "application/pdf"), (header::CACHE_CONTROL, "private, no-cache")], bytes).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("inline; filename*=UTF-8''{}", encode(&name))) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// The type of an Excel file.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file that the browser saves under a name of letters, digits, dots and dashes.
pub fn download(kind: &'static str, name: &str, bytes: impl Into<Body>) -> Response {
    let mut response = ([(header::CONTENT_TYPE, kind)], bytes.into()).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
