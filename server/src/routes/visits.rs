//! Visitors' passes: the household's, the page of a pass, and the gate.

use super::desk::allowed;
use super::fields::Fields;
use super::forms::{Pairs, finish};
use super::prints::qr;
use crate::ask::{AppState, Ask};
use app::error::AppError;
use app::ids::normalise_code;
use app::measure::{DAY, Time};
use app::mutation::Mutation;
use app::rooms::communities;
use app::rooms::communities::store::unit_names;
use app::rooms::people::rules::Permission;
use app::rooms::visits::model::{Cancel, Invite, LetIn};
use app::rooms::visits::pages::Eye;
use app::rooms::visits::rules::written_day;
use app::rooms::visits::store::CODE_WIDTH;
use app::rooms::visits::{desk, pages, store};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;

/// Days that a household's list goes back.
const BACK: i64 = 7;

/// The pages and plain forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/visits", get(mine))
        .route("/v", get(find))
        .route("/v/{code}", get(pass))
        .route("/desk/visits", get(gate))
        .route("/forms/visit-invite", post(invite))
        .route("/forms/visit-cancel", post(cancel))
        .route("/forms/visit-enter", post(enter))
}

async fn mine(State(state): State<AppState>, ask: Ask) -> Response {
    let now = Time::now();
    let found = async {
        let viewer = allowed(&ask, Permission::Invites)?;
        let (db, community) = (&state.services.db.read, viewer.community());
        let (limits, offset) = store::limits(db, community, now).await?;
        let passes = store::mine(db, viewer, &written_day(now + -BACK * DAY, offset), &written_day(now, offset)).await?;
        let month = written_day(now, offset).get(..7).unwrap_or_default().to_owned();
        let made = match viewer.unit() {
            Some(unit) => store::made(db, community, unit, &month).await?,
            None => 0,
        };
        Ok::<_, AppError>((passes, limits, made))
    };
    match found.await {
        Ok((passes, limits, made)) => {
            let boot = ask.boot.clone();
            ask.phone_page(&state, app::tr!(ask.lang(), "访客证", "Visitors' passes"), || pages::mine(&boot, &passes, &limits, made, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    code: String,
    day: String,
}

async fn find(State(state): State<AppState>, ask: Ask, Query(typed): Query<Typed>) -> Response {
    match normalise_code(&typed.code) {
        Ok(code) => Redirect::to(&format!("/v/{code}")).into_response(),
        Err(_) => ask.refusal(&state, &AppError::NotFound),
    }
}

/// The page of a pass belongs to the pass's community, whoever looks.
async fn pass(State(state): State<AppState>, ask: Ask, Path(code): Path<String>) -> Response {
    let now = Time::now();
    let found = async {
        let code = normalise_code(&code).ok().filter(|c| c.len() == CODE_WIDTH + 1).ok_or(AppError::NotFound)?;
        let db = &state.services.db;
        let (community, visit) = store::by_code(&db.read, &code).await?;
        let (view, slug) = communities::store::known(db, community).await?;
        let viewer = ask.viewer_in(&state, community).await?;
        let eye = match &viewer {
            Some(v) if v.may(Permission::Gate) => Eye::Guard,
            Some(v) if v.unit() == Some(visit.unit) => Eye::Household,
            _ => Eye::Anybody,
        };
        let unit = if eye == Eye::Guard { unit_names(&db.read, community, [visit.unit], ask.lang(), false).await?.remove(&visit.unit) } else { None };
        let picture = qr(&format!("{}/v/{code}", state.services.public_url))?;
        let name = view.name.clone();
        Ok::<_, AppError>((app::ui::Boot { community: Some(view), slug, ..ask.boot.clone() }, visit, name, unit, picture, eye))
    };
    match found.await {
        Ok((boot, visit, name, unit, picture, eye)) => {
            ask.page(&state, app::tr!(ask.lang(), "访客证", "Visitor's pass"), || pages::pass(&boot, &visit, &name, unit, picture, eye, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn gate(State(state): State<AppState>, ask: Ask, Query(typed): Query<Typed>) -> Response {
    let now = Time::now();
    let today = written_day(now, ask.boot.offset());
    let day = if typed.day.len() == 10 && typed.day.bytes().all(|b| b.is_ascii_digit() || b == b'-') { typed.day } else { today.clone() };
    let found = async {
        let viewer = allowed(&ask, Permission::Gate)?;
        let db = &state.services.db.read;
        let passes = store::of_day(db, viewer, &day, &today).await?;
        let units = unit_names(db, viewer.community(), passes.list.iter().map(|v| v.unit), ask.lang(), false).await?;
        Ok::<_, AppError>((passes, units))
    };
    match found.await {
        Ok((passes, units)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "访客", "Visitors"), || desk::page(&boot, &day, &passes, &units, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn invite(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let text = |name: &str| fields.get(name).to_owned();
        ask.submit(&state, None, fields.id()?, Mutation::VisitInvite(Invite { day: text("day"), name: text("name"), plate: text("plate") }), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn cancel(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::VisitCancel(Cancel { visit: fields.parse("visit")? }), None).await };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn enter(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::VisitLetIn(LetIn { visit: fields.parse("visit")? }), None).await };
    finish(&state, &ask, &fields, done.await, "saved").await
}
