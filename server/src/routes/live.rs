//! The pages that come to life in the browser, rendered first on the server.

use crate::ask::AppState;
use app::context::{SessionKey, Viewer};
use app::ui::{Boot, Echo};
use app::{App, shell};
use axum::Router;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, header};
use axum::routing::get;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::{ResponseOptions, generate_route_list, render_app_async_with_context};

/// One route for each page of the router.
pub fn routes(state: &AppState) -> Router<AppState> {
    let services = state.services.clone();
    let site = services.site.clone();
    let context = move || {
        provide_context(services.clone());
        let Some(parts) = use_context::<Parts>() else { return };
        provide_context(parts.extensions.get::<Boot>().cloned().unwrap_or_default());
        provide_context(parts.extensions.get::<Option<Viewer>>().cloned().flatten());
        if let Some(echo) = parts.extensions.get::<Echo>() {
            provide_context(echo.clone());
        }
        if let Some(key) = parts.extensions.get::<SessionKey>() {
            provide_context(key.clone());
        }
    };
    let page = move || {
        let boot = use_context::<Boot>().unwrap_or_default();
        let nonce = use_nonce().map(|n| n.to_string());
        if let Some(options) = use_context::<ResponseOptions>()
            && let Ok(value) = HeaderValue::from_str(&shell::content_security_policy(nonce.as_deref()))
        {
            options.insert_header(header::CONTENT_SECURITY_POLICY, value);
        }
        // A page that answers a refused form shows what was typed; the browser's own rendering would not know it.
        let live = use_context::<Echo>().is_none();
        let title = title(&boot);
        shell::document(&boot, &site, title, live, view! { <App/> })
    };
    let api_context = context.clone();
    let render = render_app_async_with_context(context, page);
    let mut router = Router::new();
    for route in generate_route_list(App) {
        let render = render.clone();
        router = router.route(route.path(), get(move |request: Request<Body>| render(request)));
    }
    router.route(
        "/api/v1/{*rest}",
        get(move |request: Request<Body>| {
            let context = api_context.clone();
            leptos_axum::handle_server_fns_with_context(context, request)
        }),
    )
}

fn title(boot: &Boot) -> String {
    use app::tr;
    let lang = boot.lang;
    let path = boot.path.split('?').next().unwrap_or_default();
    let word = match path.rsplit('/').next() {
        Some("board") => tr!(lang, "公示", "Board"),
        Some("numbers") => tr!(lang, "小区数据", "Numbers"),
        Some("report") => tr!(lang, "随手报", "Report"),
        Some("mine") => tr!(lang, "我报的", "My reports"),
        Some("jobs") => tr!(lang, "我的工单", "My jobs"),
        Some("me") => tr!(lang, "我的", "Me"),
        Some(code) if path.starts_with("/q/") => return format!("{} {code}", tr!(lang, "随手报", "Report")),
        Some(number) if path.contains("/t/") => return format!("{} {number}", tr!(lang, "报修", "Ticket")),
        _ => "",
    };
    word.to_owned()
}
