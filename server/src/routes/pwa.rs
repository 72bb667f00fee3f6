//! What makes the site an app on the phone: the service worker, the manifest, and the page for when there is no network.

use crate::ask::{AppState, Ask};
use app::context::SiteFiles;
use app::i18n::Lang;
use app::tr;
use app::ui::Boot;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The header that says whose page an answer is; see `frontend/pwa/kept.js`.
const PERSON: HeaderName = HeaderName::from_static("x-person");

/// The service worker, whole: the digest of what it is made of, what it fetches at once, and its own text.
#[derive(Clone, Debug)]
pub struct Worker(Arc<str>);

impl Worker {
    /// Puts the worker together; `None` where the site was not built. The version is a digest of every byte that a phone
    /// gets with it, the stand-in pages included, so that two different sites never share one.
    pub fn make(site: &SiteFiles, folder: Option<&std::path::Path>, program: &str) -> Option<Self> {
        let text = std::fs::read_to_string(folder?.join("worker.js")).ok()?;
        let (css, page) = (site.css.as_deref()?, site.page.as_deref()?);
        let mut digest = Sha256::new();
        for part in [text.as_str(), css, page, site.js.as_deref().unwrap_or_default(), site.wasm.as_deref().unwrap_or_default(), program] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        site.tools.values().for_each(|tool| digest.update(tool.as_bytes()));
        for lang in [Lang::Zh, Lang::En] {
            digest.update(nonceless(&app::shell::stand_in(&boot(lang, program), site).1));
        }
        let version = hex::encode(&digest.finalize()[..8]);
        let mut files = vec![css, page, "/offline/zh", "/offline/en", "/favicon.svg", "/icons/icon-192.png"];
        files.extend(site.tools.values().map(String::as_str));
        let mut names = json!({ "main.css": css, "page.js": page });
        for (name, address) in &site.tools {
            names[format!("{name}.js")] = json!(address);
        }
        let head = json!({ "version": version, "files": files, "names": names });
        Some(Self(format!("self.XIANGHE={head};\n{text}").into()))
    }
}

/// A page without what is new in it each time.
fn nonceless(page: &str) -> String {
    page.split("nonce=\"").enumerate().map(|(i, part)| if i == 0 { part } else { part.split_once('"').map_or("", |(_, rest)| rest) }).collect()
}

/// `GET /sw.js`. Never from a cache: a phone must learn of a new version the first time that it asks.
pub async fn worker(State(state): State<AppState>) -> Response {
    match &state.worker {
        Some(worker) => (
            [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
                (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; connect-src 'self'; script-src 'self'")),
            ],
            worker.0.to_string(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn boot(lang: Lang, program: &str) -> Boot {
    Boot { lang, mode_chosen: true, path: "/".into(), version: program.to_owned(), ..Boot::default() }
}

/// `GET /offline/zh` and `/offline/en`: nobody's page, the same for everybody.
pub async fn offline(State(state): State<AppState>, Path(lang): Path<String>) -> Response {
    let lang = if lang == "en" { Lang::En } else { Lang::Zh };
    let (policy, page) = app::shell::stand_in(&boot(lang, state.services.version), &state.services.site);
    let mut response = axum::response::Html(page).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// What the manifest is asked for.
#[derive(Debug, Deserialize)]
pub struct Asked {
    lang: Option<String>,
}

/// `GET /manifest.webmanifest`, in the language of the page that names it.
pub async fn manifest(Query(asked): Query<Asked>) -> Response {
    let lang = if asked.lang.as_deref() == Some("en") { Lang::En } else { Lang::Zh };
    let icon =
        |name: &str, size: u32, purpose: &str| json!({ "src": format!("/icons/{name}-{size}.png"), "sizes": format!("{size}x{size}"), "type": "image/png", "purpose": purpose });
    let shortcut = |name: &str, url: &str| json!({ "name": name, "url": url, "icons": [icon("icon", 192, "any")] });
    let manifest = json!({
        "id": "/",
        "name": tr!(lang, "祥和", "Xianghe"),
        "short_name": tr!(lang, "祥和", "Xianghe"),
        "description": tr!(lang, "扫码报修，公开透明，小区的事大家看得见。", "Scan a sticker, report a fault, and see who repairs it, when and for how much."),
        "lang": lang.code(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0a7a43",
        "icons": [icon("icon", 192, "any"), icon("icon", 512, "any"), icon("maskable", 192, "maskable"), icon("maskable", 512, "maskable")],
        "shortcuts": [shortcut(tr!(lang, "随手报", "Report"), "/report"), shortcut(tr!(lang, "我的", "Me"), "/me")],
    });
    let mut response = Json(manifest).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/manifest+json"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// `GET /report`: the list of places of the community that this phone was in last.
pub async fn report(ask: Ask) -> axum::response::Redirect {
    let address = if ask.boot.slug.is_empty() { "/".to_owned() } else { ask.boot.at("/report") };
    axum::response::Redirect::to(&address)
}

/// Says whose page an answer is, so that the phone shows a kept copy to nobody else.
pub async fn name_person(request: axum::extract::Request, next: Next) -> Response {
    let viewer = request.extensions().get::<Option<app::context::Viewer>>().cloned().flatten();
    let mut response = next.run(request).await;
    let html = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if html {
        let name = viewer.map_or_else(|| "visitor".to_owned(), |v| v.account().to_string());
        if let Ok(value) = HeaderValue::from_str(&name) {
            response.headers_mut().insert(PERSON, value);
        }
    }
    response
}
