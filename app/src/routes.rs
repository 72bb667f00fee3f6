//! The router: one line per room's page. The desks are plain pages of the server and not listed here.

use crate::rooms::{communities, offline, people, places, tickets};
use crate::ui::boot::Boot;
use crate::ui::load::error_page;
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The whole application in the browser, and on the server the pages that come to life.
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    provide_context(crate::ui::boot::read_boot());
    view! {
        <Router>
            <Routes fallback=not_found>
                <Route path=path!("/") view=communities::pages::home ssr=SsrMode::Async/>
                <Route path=path!("/c/:slug") view=communities::pages::home ssr=SsrMode::Async/>
                <Route path=path!("/c/:slug/board") view=tickets::pages::board::page ssr=SsrMode::Async/>
                <Route path=path!("/c/:slug/t/:number") view=tickets::pages::ticket::page ssr=SsrMode::Async/>
                <Route path=path!("/c/:slug/numbers") view=tickets::pages::numbers::page ssr=SsrMode::Async/>
                <Route path=path!("/c/:slug/report") view=places::pages::places ssr=SsrMode::Async/>
                <Route path=path!("/q/:code") view=tickets::pages::report::by_tag ssr=SsrMode::Async/>
                <Route path=path!("/c/:slug/p/:place") view=tickets::pages::report::by_place ssr=SsrMode::Async/>
                <Route path=path!("/mine") view=tickets::pages::mine::page ssr=SsrMode::Async/>
                <Route path=path!("/jobs") view=tickets::pages::jobs::page ssr=SsrMode::Async/>
                <Route path=path!("/me") view=people::pages::me ssr=SsrMode::Async/>
                <Route path=path!("/outbox") view=offline::pages::outbox ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

fn not_found() -> impl IntoView {
    error_page(&use_context::<Boot>().unwrap_or_default(), &crate::error::AppError::NotFound)
}
