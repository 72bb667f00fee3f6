//! A request as the handlers see it: who asks, from where, in which language; and the answers they give.

use crate::limits::Limits;
use crate::routes::pwa::Worker;
use crate::session::cookie;
use app::context::{Caller, Services, Viewer};
use app::error::AppError;
use app::i18n::Lang;
use app::ids::CommunityId;
use app::measure::Time;
use app::mutation::{Envelope, Mutation, Outcome, Receipt};
use app::rooms::{communities, places};
use app::ui::{Boot, Echo};
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use leptos::prelude::AnyView;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// What every handler shares.
#[derive(Clone, Debug)]
pub struct AppState {
    /// Database, photos, key, built site.
    pub services: Services,
    /// Request limits.
    pub limits: Limits,
    /// How many photos are developed at once.
    pub darkroom: Arc<Semaphore>,
    /// How many forms with photos are held in memory at once.
    pub uploads: Arc<Semaphore>,
    /// The service worker, where the site was built.
    pub worker: Option<Worker>,
    /// The whole router, for answering a refused form with its own page.
    pub router: Arc<OnceLock<Router>>,
}

impl AppState {
    /// Receives a large body when there is room for one more; the others wait.
    ///
    /// # Errors
    /// Those of `body`.
    pub async fn receive<T>(&self, body: impl Future<Output = Result<T, AppError>>) -> Result<T, AppError> {
        let _room = self.uploads.acquire().await.map_err(app::context::internal)?;
        body.await
    }
}

/// The typed values of a form by field.
pub type Values = BTreeMap<String, Vec<String>>;

/// A request.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What the page knows.
    pub boot: Boot,
    /// Who asks.
    pub viewer: Option<Viewer>,
    /// From where.
    pub address: IpAddr,
    /// A refused form that this page answers.
    pub echo: Option<Echo>,
    /// Cookies and languages, for asking again in their name.
    pub(crate) kept: Vec<(HeaderName, HeaderValue)>,
}

impl FromRequestParts<AppState> for Ask {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)), |c| c.0);
        Ok(Self {
            boot: parts.extensions.get::<Boot>().cloned().unwrap_or_default(),
            viewer: parts.extensions.get::<Option<Viewer>>().cloned().flatten(),
            address: state.limits.address(peer, &parts.headers),
            echo: parts.extensions.get::<Echo>().cloned(),
            kept: [header::COOKIE, header::ACCEPT_LANGUAGE].into_iter().flat_map(|name| parts.headers.get_all(&name).iter().map(move |v| (name.clone(), v.clone()))).collect(),
        })
    }
}

impl Ask {
    /// The language of the page.
    pub fn lang(&self) -> Lang {
        self.boot.lang
    }

    /// The viewer, or a refusal.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`].
    pub fn person(&self) -> Result<&Viewer, AppError> {
        self.viewer.as_ref().ok_or(AppError::NotSignedIn)
    }

    /// Who asks, acting in a community: in the role chosen when it is there, else in their first role there, else nobody.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn viewer_in(&self, state: &AppState, community: CommunityId) -> Result<Option<Viewer>, AppError> {
        let Some(viewer) = &self.viewer else { return Ok(None) };
        if viewer.community() == community {
            return Ok(Some(viewer.clone()));
        }
        let (view, slug) = communities::store::known(&state.services.db, community).await?;
        Ok(viewer.acting_in(view, slug))
    }

    /// Applies a mutation for whoever asks; a visitor acts in `community`.
    ///
    /// # Errors
    /// Every refusal, also one that is stored as a receipt.
    pub async fn submit(&self, state: &AppState, community: Option<CommunityId>, id: app::ids::MutationId, mutation: Mutation, secret: Option<&str>) -> Result<Receipt, AppError> {
        let who = self.viewer.as_ref().map_or_else(|| self.address.to_string(), |v| v.account().to_string());
        state.limits.change(&who)?;
        let caller = match (&self.viewer, community) {
            (Some(viewer), _) => Caller::Person(Box::new(viewer.clone())),
            (None, Some(community)) => Caller::Visitor(community),
            (None, None) => return Err(AppError::NotSignedIn),
        };
        submit_as(state, &caller, id, mutation, secret).await
    }

    /// A plain page.
    pub fn page(&self, state: &AppState, title: &str, make: impl FnOnce() -> AnyView) -> Response {
        let echo = self.echo.clone().unwrap_or_default();
        let html = app::shell::plain_page(&self.boot, &state.services.site, title, || {
            leptos::prelude::provide_context(echo);
            make()
        });
        with_policy(&app::shell::content_security_policy(None), html)
    }

    /// A plain page that is kept on the phone, and whose forms can wait there: what is needed where there is no network.
    pub fn phone_page(&self, state: &AppState, title: &str, make: impl FnOnce() -> AnyView) -> Response {
        let echo = self.echo.clone().unwrap_or_default();
        let (policy, html) = app::shell::phone_page(&self.boot, &state.services.site, title, || {
            leptos::prelude::provide_context(echo);
            make()
        });
        with_policy(&policy, html)
    }

    /// A page with the site plan: plain, but for the plan's own small script.
    pub fn plan_page(&self, state: &AppState, title: &str, make: impl FnOnce() -> AnyView) -> Response {
        let echo = self.echo.clone().unwrap_or_default();
        let (policy, html) = app::shell::plan_page(&self.boot, &state.services.site, title, || {
            leptos::prelude::provide_context(echo);
            make()
        });
        with_policy(&policy, html)
    }

    /// A page that says what is wrong, with its status.
    pub fn refusal(&self, state: &AppState, error: &AppError) -> Response {
        if *error == AppError::NotSignedIn {
            return Redirect::to(&format!("/sign-in?back={}", encode(&self.boot.path))).into_response();
        }
        let boot = self.boot.clone();
        let response = self.page(state, "", || leptos::prelude::IntoAny::into_any(app::ui::load::error_page(&boot, error)));
        with_status(response, error)
    }

    /// The page that a refused form came from, with what was typed and what is wrong.
    pub async fn again(&self, state: &AppState, back: &str, error: &AppError, values: Values) -> Response {
        let back = local(back);
        if *error == AppError::NotSignedIn {
            return Redirect::to(&format!("/sign-in?back={}", encode(&back))).into_response();
        }
        let echo = Echo::new(error, values, self.lang());
        let mut request = Request::get(back.as_str());
        for (name, value) in &self.kept {
            request = request.header(name, value);
        }
        let peer = ConnectInfo(SocketAddr::new(self.address, 0));
        let (Ok(request), Some(router)) = (request.extension(echo).extension(peer).body(Body::empty()), state.router.get()) else {
            return self.refusal(state, error);
        };
        // In a task of its own: a page inside the answer to a form inside all the layers would need twice the stack.
        match tokio::spawn(router.clone().oneshot(request)).await {
            Ok(Ok(response)) => with_status(response, error),
            _ => self.refusal(state, error),
        }
    }
}

/// Applies a mutation for a caller and turns a stored refusal into an error.
///
/// # Errors
/// Every refusal.
pub async fn submit_as(state: &AppState, caller: &Caller, id: app::ids::MutationId, mutation: Mutation, secret: Option<&str>) -> Result<Receipt, AppError> {
    let now = Time::now();
    let envelope = Envelope { id, person: None, app_version: env!("CARGO_PKG_VERSION").into(), client_time: now, mutation };
    let kind = envelope.mutation.kind();
    let applied = app::apply::apply(&state.services, caller, &envelope, now, secret).await;
    let outcome = match &applied {
        Ok(receipt) if matches!(receipt.outcome, Outcome::Done { .. }) => "done",
        Ok(_) => "rejected",
        Err(_) => "error",
    };
    metrics::counter!("mutations_total", "kind" => kind, "outcome" => outcome).increment(1);
    match applied?.outcome {
        Outcome::Rejected { reason } => Err(reason),
        done @ Outcome::Done { .. } => Ok(Receipt { id, outcome: done }),
    }
}

/// A page under the policy that says what it may load.
fn with_policy(policy: &str, html: String) -> Response {
    let mut response = Html(html).into_response();
    if let Ok(value) = HeaderValue::from_str(policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
    }
    response
}

/// Sets a refusal's status and the seconds to wait.
pub fn with_status(mut response: Response, error: &AppError) -> Response {
    *response.status_mut() = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let AppError::TooMany { retry_after } = error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
    }
    response
}

/// A refusal as JSON, for the API.
pub fn json_refusal(error: &AppError) -> Response {
    with_status(axum::Json(error).into_response(), error)
}

/// An address inside this site, or home: a form cannot send anybody elsewhere.
pub fn local(back: &str) -> String {
    let plain = back.starts_with('/') && !back.starts_with("//") && !back.contains(['\\', '\r', '\n', '#']) && back.len() < 1_000;
    let parses = plain && back.parse::<http::Uri>().is_ok_and(|u| u.authority().is_none());
    if parses { back.to_owned() } else { "/".to_owned() }
}

/// Percent-encodes a query value.
pub fn encode(value: &str) -> String {
    value.bytes().map(|b| if b.is_ascii_alphanumeric() || b"-_.~/".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// `back` with `?ok=WORD`, replacing an older one.
pub fn with_ok(back: &str, ok: &str) -> String {
    let back = local(back);
    let (path, query) = back.split_once('?').unwrap_or((&back, ""));
    let mut parts: Vec<&str> = query.split('&').filter(|p| !p.is_empty() && !p.starts_with("ok=")).collect();
    let ok = format!("ok={ok}");
    parts.push(&ok);
    format!("{path}?{}", parts.join("&"))
}

/// Puts the boot beside the request: language and modes from cookies, the community from the viewer or the address.
pub async fn boot(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let viewer = request.extensions().get::<Option<Viewer>>().cloned().flatten();
    let headers = request.headers();
    let care = cookie(headers, "care");
    let uri = request.uri().clone();
    let ok = uri.query().and_then(|q| q.split('&').find_map(|p| p.strip_prefix("ok="))).map(str::to_owned);
    let lang = match cookie(headers, "lang") {
        Some(code) => Lang::from_code(code),
        None => preferred(headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default()),
    };
    let theme = cookie(headers, "theme").filter(|t| ["light", "dark"].contains(t)).unwrap_or_default().to_owned();
    let last = cookie(headers, "home").map(str::to_owned);
    let mut boot = Boot {
        lang,
        care: care == Some("1"),
        theme,
        mode_chosen: care.is_some(),
        path: uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
        ok,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Boot::default()
    };
    if let Some(viewer) = &viewer {
        boot.me = Some(app::rooms::people::model::Me { account: viewer.account(), name: viewer.name().to_owned(), hat: viewer.hat().clone(), hats: viewer.hats().to_vec() });
    }
    if let Some((view, slug)) = community(&state, uri.path(), viewer.as_ref(), last.as_deref()).await {
        boot.community = Some(view);
        boot.slug = slug;
    }
    // A page of a community is where this browser was last: a mistyped code then still offers that community's places.
    let here = (uri.path().starts_with("/c/") || uri.path().starts_with("/q/")) && last.as_deref() != Some(&boot.slug) && !boot.slug.is_empty();
    let home = here.then(|| HeaderValue::from_str(&format!("home={}; Path=/; Max-Age=31536000; SameSite=Lax", boot.slug)).ok()).flatten();
    request.extensions_mut().insert(boot);
    let mut response = next.run(request).await;
    if let Some(home) = home {
        response.headers_mut().append(header::SET_COOKIE, home);
    }
    response
}

async fn community(state: &AppState, path: &str, viewer: Option<&Viewer>, last: Option<&str>) -> Option<(communities::model::CommunityView, String)> {
    let db = &state.services.db;
    if let Some(slug) = path.strip_prefix("/c/").map(|rest| rest.split('/').next().unwrap_or(rest)) {
        return communities::store::by_slug(db, slug).await.ok();
    }
    if let Some(code) = path.strip_prefix("/q/") {
        let code = places::rules::parse_tag(code).ok();
        if let Some(code) = code
            && let Ok(spot) = places::store::spot_known_by_tag(db, &code).await
        {
            return communities::store::known(db, spot.community).await.ok();
        }
    }
    if let Some(viewer) = viewer {
        return Some((viewer.community_view().clone(), viewer.slug().to_owned()));
    }
    if let Some(slug) = last
        && let Ok(found) = communities::store::by_slug(db, slug).await
    {
        return Some(found);
    }
    let mut all = communities::store::all(db).await.ok()?;
    if all.len() == 1 { all.pop() } else { None }
}

/// English where the browser asks for it before Chinese.
fn preferred(accept: &str) -> Lang {
    let first = accept.split(',').map(|l| l.trim().to_ascii_lowercase()).find(|l| l.starts_with("zh") || l.starts_with("en"));
    if first.is_some_and(|l| l.starts_with("en")) { Lang::En } else { Lang::Zh }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_page_takes_nothing_from_the_page_that_this_thread_is_still_sending() {
        use leptos::prelude::{IntoAny, Owner};
        let live = Owner::new_root(None);
        live.with(|| {
            leptos::nonce::provide_nonce();
            let site = app::context::SiteFiles { page: Some("/pkg/page.js".into()), ..Default::default() };
            let html = app::shell::plain_page(&Boot::default(), &site, "", || ().into_any());
            assert!(!html.contains("nonce") && !html.contains("/pkg/page.js"), "{html}");
        });
    }

    #[test]
    fn a_form_leads_only_inside_the_site() {
        for bad in ["https://evil.example", "//evil.example", "/\\evil", "javascript:alert(1)", "", "/a\r\nset-cookie: x=1"] {
            assert_eq!(local(bad), "/", "{bad}");
        }
        assert_eq!(local("/c/home/t/3F7K?x=1"), "/c/home/t/3F7K?x=1");
        assert_eq!(with_ok("/me?ok=saved&x=1", "moved"), "/me?x=1&ok=moved");
    }
}
