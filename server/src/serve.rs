//! Putting the server together and running it until it is told to stop.

use crate::ask::{self, AppState};
use crate::cli::Serve;
use crate::limits::Limits;
use crate::routes::{charts, desk, files, forms, health, live, openapi, people, photos, prints, pwa, roster, settings, setup, sign_in, steps, sync};
use crate::session;
use crate::state;
use anyhow::Context;
use app::context::Services;
use app::rooms::offline::rules::BATCH_BYTES;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Router, middleware};
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use hyper_util::rt::TokioTimer;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

/// The largest plain form.
const FORM_BYTES: usize = 256 * 1024;
/// The largest form with photos: six of twelve megabytes and a little.
const PHOTO_FORM_BYTES: usize = 74 * 1024 * 1024;

/// How long a stop waits for requests that have begun.
const DRAIN: Duration = Duration::from_secs(30);

/// A server's shared state.
pub fn app_state(services: Services, limits: Limits, site: Option<&Path>) -> AppState {
    let worker = pwa::Worker::make(&services.site, site, services.version);
    AppState { services, limits, worker, darkroom: Arc::new(Semaphore::new(2)), uploads: Arc::new(Semaphore::new(8)), router: Arc::new(OnceLock::new()) }
}

/// The whole router.
pub fn router(state: &AppState, site: Option<&Path>) -> Router {
    let secure = state.services.public_url.starts_with("https://");
    let forms_with_photos = Router::new()
        .route("/forms/report", post(forms::report))
        .route("/forms/advance", post(steps::advance))
        .route("/api/v1/photos/{id}", put(photos::put))
        .route("/desk/roster", get(roster::page).post(roster::upload))
        .merge(crate::routes::rooms_with_files())
        .layer(DefaultBodyLimit::max(PHOTO_FORM_BYTES))
        // Six photos without a script over a slow line.
        .layer(patience(300));
    let plain = Router::new()
        .route("/forms/me-too", post(forms::me_too))
        .route("/forms/comment", post(forms::comment))
        .route("/forms/comment-hide", post(forms::hide_comment))
        .route("/forms/moderate", post(forms::moderate))
        .route("/forms/letter-issue", post(people::letter_issue))
        .route("/forms/letter-revoke", post(people::letter_revoke))
        .route("/forms/letter-reset", post(people::letter_reset))
        .route("/forms/secret", post(people::secret))
        .route("/secret", get(people::secret_page))
        .route("/forms/prefs", post(forms::prefs))
        .route("/forms/switch-role", post(forms::switch_role))
        .route("/forms/sign-out", post(forms::sign_out))
        .route("/forms/role-grant", post(people::role_grant))
        .route("/forms/role-end", post(people::role_end))
        .route("/forms/place-add", post(setup::place_add))
        .route("/forms/facility-add", post(setup::facility_add))
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/letter", get(sign_in::find_letter))
        .route("/letter/{code}", get(sign_in::letter).post(sign_in::redeem))
        .route("/setup", get(setup::page).post(setup::set_up))
        .route("/q", get(desk::find_tag))
        .route("/sw.js", get(pwa::worker))
        .route("/offline/{lang}", get(pwa::offline))
        .route("/manifest.webmanifest", get(pwa::manifest))
        .route("/report", get(pwa::report))
        .route("/api/v1/openapi.json", get(openapi::description))
        .route("/charts/{slug}/months.svg", get(charts::months))
        .route("/photos/{id}/{size}", get(photos::get))
        .route("/desk", get(desk::home))
        .route("/desk/tickets/{list}", get(desk::list))
        .route("/desk/contact", post(desk::show_contact))
        .route("/desk/letters", get(desk::letters_page))
        .route("/desk/places", get(desk::places_page))
        .route("/desk/members", get(desk::members_page))
        .route("/desk/settings", get(settings::page))
        .route("/forms/setting", post(settings::change))
        .route("/forms/calendar", post(settings::enter_year))
        .route("/desk/roster/template.csv", get(roster::template))
        .route("/forms/roster-import", post(roster::confirm))
        .route("/print/letters/{made_at}", get(prints::letters))
        .route("/print/stickers", get(prints::sticker_sheets))
        .merge(crate::routes::rooms())
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(patience(60));
    let waited = Router::new().route("/api/v1/sync", post(sync::sync)).layer(DefaultBodyLimit::max(BATCH_BYTES)).layer(patience(60));
    let pages = forms_with_photos
        .merge(plain)
        .merge(waited)
        .merge(live::routes(state))
        .fallback(not_found)
        .layer(middleware::from_fn(crate::metrics::count))
        .layer(middleware::from_fn(pwa::name_person))
        .layer(middleware::from_fn_with_state(state.clone(), ask::boot))
        .layer(middleware::from_fn_with_state(state.services.clone(), session::identify))
        .layer(session::layer(state.services.db.clone(), secure))
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")));
    let health = Router::new().route("/healthz", get(health::healthz)).route("/readyz", get(health::readyz));
    let router = pages.merge(health).with_state(state.clone()).merge(files::routes(site));
    let router = guard(router, secure);
    // Set once; a second server in the same process has its own state.
    let _ = state.router.set(router.clone());
    router
}

macro_rules! fixed {
    ($name:expr, $value:literal) => {
        SetResponseHeaderLayer::if_not_present($name, HeaderValue::from_static($value))
    };
}

/// What lies around every route: logging, time limits, CSRF, security headers, compression.
fn guard(router: Router, secure: bool) -> Router {
    let hsts = secure.then(|| SetResponseHeaderLayer::if_not_present(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")));
    let layers = ServiceBuilder::new()
        .layer(TraceLayer::new_for_http().make_span_with(|request: &axum::extract::Request| {
            // The path without its query: search words and codes stay out of the log.
            tracing::info_span!("request", method = %request.method(), path = %quiet(request.uri().path()))
        }))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(spoken))
        .layer(CsrfLayer::new())
        .layer(fixed!(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed!(header::REFERRER_POLICY, "same-origin"))
        .layer(fixed!(header::X_FRAME_OPTIONS, "DENY"))
        .layer(fixed!(HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(), microphone=(), payment=()"))
        .layer(fixed!(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(fixed!(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .option_layer(hsts)
        .layer(CompressionLayer::new().br(true).gzip(true).quality(CompressionLevel::Precise(2)))
        .layer(middleware::from_fn(crate::compress::pages));
    router.layer(layers)
}

fn patience(seconds: u64) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(seconds))
}

/// A refusal by a layer has no words of its own: nobody is left before an empty page.
async fn spoken(request: axum::extract::Request, next: middleware::Next) -> Response {
    let response = next.run(request).await;
    let words = match response.status() {
        _ if response.headers().contains_key(header::CONTENT_TYPE) => return response,
        StatusCode::FORBIDDEN => {
            "这个请求不是从本站的页面发出的。请回到页面刷新后再试。\nThis request did not come from a page of this site. Go back, reload the page and try again."
        }
        StatusCode::METHOD_NOT_ALLOWED => "这个地址不能直接打开。请回到首页。\nThis address cannot be opened like this. Please go to the home page.",
        StatusCode::PAYLOAD_TOO_LARGE => "发送的内容太大了。请减少照片再试。\nThis is too large. Please send fewer photos.",
        StatusCode::SERVICE_UNAVAILABLE => "等得太久了，没有办成。请稍后再试，不会重复。\nThis took too long. Please try again; nothing is done twice.",
        status if status.is_client_error() => "这个请求看不懂。请回到页面刷新后再试。\nThis request cannot be understood. Go back, reload the page and try again.",
        _ => return response,
    };
    (response.status(), [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
}

/// A path for the log: the code of a letter or of a visitor's pass is a key and is not written down.
fn quiet(path: &str) -> &str {
    match path {
        _ if path.starts_with("/letter/") => "/letter/…",
        _ if path.starts_with("/v/") => "/v/…",
        _ => path,
    }
}

fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("a panic");
    let error = app::context::internal(text);
    (StatusCode::INTERNAL_SERVER_ERROR, error.sentence(app::i18n::Lang::Zh)).into_response()
}

async fn not_found(axum::extract::State(state): axum::extract::State<AppState>, ask: ask::Ask) -> Response {
    ask.refusal(&state, &app::error::AppError::NotFound)
}

/// Runs the server until SIGTERM or Ctrl-C, then lets requests that have begun finish.
///
/// # Errors
/// When the address is taken or the data cannot be opened.
pub async fn serve(options: Serve) -> anyhow::Result<()> {
    let db = state::open_database(&options.place, options.readers).await?;
    let photos = state::open_photos(&options.place)?;
    let listener = TcpListener::bind(options.listen).await.with_context(|| format!("cannot listen on {}", options.listen))?;
    let address = listener.local_addr()?;
    let public_url = options.public_url.clone().map_or_else(|| format!("http://{address}"), |u| u.trim_end_matches('/').to_owned());
    let site = state::site_folder(options.site.as_deref());
    let services = state::services(db, photos, &options.place, state::site_files(site.as_deref()), public_url.clone())?;
    if options.demo {
        crate::demo::load_if_empty(&services).await?;
    }
    let limits = Limits::new(!options.no_limits, options.trusted_proxies.clone());
    let state = app_state(services, limits, site.as_deref());
    let router = router(&state, site.as_deref());
    if let Some(metrics) = options.metrics {
        crate::metrics::serve(metrics).await?;
    }
    let _ = state.services.robot_hosts.set(options.robot_hosts.clone());
    tokio::spawn(crate::chores::run(state.clone()));
    tokio::spawn(crate::chores::watch(state.clone()));
    tokio::spawn(crate::robots::run(state.clone()));
    let handle = Handle::new();
    let stopping = told_to_stop()?;
    tokio::spawn(drain(stopping, handle.clone()));
    say_hello(&state, &public_url).await;
    let mut server = axum_server::from_tcp(listener.into_std()?)?;
    // Somebody who opens a connection and says nothing is not waited for.
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(20));
    // A small answer must not wait for the acknowledgement of the one before.
    server.acceptor(NoDelayAcceptor::new()).handle(handle).serve(router.into_make_service_with_connect_info::<SocketAddr>()).await?;
    // The last one to close leaves no journal behind.
    let _ = (state.services.db.read.close_by_ref().await, state.services.db.write.close_by_ref().await);
    tracing::info!("stopped");
    Ok(())
}

async fn say_hello(state: &AppState, public_url: &str) {
    println!("祥和 is at {public_url}");
    match app::rooms::communities::store::all(&state.services.db).await {
        Ok(all) if all.is_empty() => println!("No community yet: open {public_url}/setup?key={}", state::setup_key(&state.services.letter_key, 0)),
        Ok(all) if all.iter().any(|(c, _)| c.demo) => println!("{}", crate::demo::sign_ins(&state.services, public_url).await),
        _ => {}
    }
}

/// Lets what has begun finish, for as long as somebody may wait for it.
async fn drain(stopping: impl Future<Output = ()>, handle: Handle<SocketAddr>) {
    stopping.await;
    tracing::info!("stopping: finishing what has begun");
    handle.graceful_shutdown(Some(DRAIN));
}

/// SIGTERM or Ctrl-C. From here on they no longer end the program by themselves.
#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    })
}

/// Ctrl-C.
#[cfg(not(unix))]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
