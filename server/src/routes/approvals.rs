//! Committee decisions: public pages, the desk, the forms, and what prints.

use super::documents::{answer, as_asked};
use super::fields::Fields;
use super::forms::{Pairs, finish};
use super::fund::{by_slug, here, paper_desk};
use super::steps::local_time;
use crate::ask::{AppState, Ask};
use app::context::Viewer;
use app::error::AppError;
use app::ids::{CommunityId, QuoteId};
use app::measure::Time;
use app::mutation::Mutation;
use app::rooms::approvals::model::{About, Declare, GiveWord, HoldMeeting, MatterView, State as Standing};
use app::rooms::approvals::pages::{self, Subject};
use app::rooms::approvals::{desk, papers, store};
use app::rooms::fund;
use app::rooms::fund::model::Scope;
use app::rooms::people::members::heads;
use app::rooms::people::rules::Permission;
use app::rooms::tickets;
use app::rooms::tickets::papers::Voters;
use app::rooms::tickets::rules::Tier;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;

/// The pages and plain forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/c/{slug}/decisions", get(list))
        .route("/c/{slug}/decisions/{number}", get(one))
        .route("/desk/decisions", get(desk_page))
        .route("/forms/decision-word", post(word))
        .route("/forms/decision-declare", post(declare))
        .route("/forms/decision-meeting", post(meeting))
        .route("/print/decisions/{slug}/{number}", get(print_decision))
        .route("/print/tickets/{slug}/{number}/{what}", get(print_case))
}

/// Where a list goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct After {
    /// The key of the last row before.
    after: String,
}

async fn list(State(state): State<AppState>, ask: Ask, Query(after): Query<After>) -> Response {
    let now = Time::now();
    let found = async {
        let (db, community) = (&state.services.db, here(&ask)?);
        db.memory.recall(Some(community), format!("decisions {}", after.after), store::list(&db.read, community, &after.after)).await
    };
    match found.await {
        Ok((rows, next)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "业委会决定", "Committee decisions"), || pages::list(&boot, &rows, next.as_deref(), now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// What a matter is about, as far as the viewer may see it.
async fn subject(state: &AppState, ask: &Ask, community: CommunityId, m: &MatterView, viewer: Option<&Viewer>, now: Time) -> Result<Subject, AppError> {
    let db = &state.services.db;
    let found = match m.row.about {
        About::Ticket => tickets::store::by_number(db, community, &m.row.subject, viewer, ask.lang(), now).await.map(|t| Subject::Ticket(Box::new(t))),
        About::FundUse => fund::store::view(&db.read, community, &m.row.subject, viewer, ask.lang(), now).await.map(|u| Subject::Use(Box::new(u))),
        About::Renewal => Ok(Subject::Scoring),
    };
    match found {
        Err(AppError::NotFound) => Ok(Subject::Hidden),
        // The ticket may have a newer quote: here stands that which was decided.
        Ok(Subject::Ticket(mut t)) if t.quote.as_ref().is_some_and(|q| q.id.0 != m.row.id) => {
            let sees_desk = viewer.is_some_and(|v| v.community() == community && v.may(Permission::SeeDesk));
            t.quote = tickets::store::earlier_quote(db, community, t.card.id, QuoteId(m.row.id), sees_desk, ask.lang(), now).await?;
            Ok(Subject::Ticket(t))
        }
        other => other,
    }
}

async fn one(State(state): State<AppState>, ask: Ask, Path((_, number)): Path<(String, String)>) -> Response {
    let now = Time::now();
    let found = async {
        let community = here(&ask)?;
        let viewer = ask.viewer_in(&state, community).await?;
        let view = store::view(&state.services.db.read, community, &number, viewer.as_ref(), now).await?;
        let subject = subject(&state, &ask, community, &view, viewer.as_ref(), now).await?;
        Ok::<_, AppError>((view, subject))
    };
    match found.await {
        Ok((view, subject)) => {
            let boot = ask.boot.clone();
            ask.page(&state, &view.row.number.clone(), || pages::one(&boot, &view, &subject))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// Which matter is open on the right.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Chosen {
    /// Its number.
    d: String,
}

async fn desk_page(State(state): State<AppState>, ask: Ask, Query(chosen): Query<Chosen>) -> Response {
    let now = Time::now();
    let asked = !chosen.d.is_empty();
    let found = async {
        let viewer = ask.person()?;
        let db = &state.services.db;
        let rows = store::desk(db, viewer).await?;
        let number = if asked { Some(chosen.d.clone()) } else { rows.first().map(|r| r.number.clone()) };
        let shown = match number {
            Some(number) => {
                let view = store::view(&db.read, viewer.community(), &number, Some(viewer), now).await?;
                let subject = subject(&state, &ask, viewer.community(), &view, Some(viewer), now).await?;
                Some((view, subject))
            }
            None => None,
        };
        Ok::<_, AppError>((rows, shown))
    };
    match found.await {
        Ok((rows, shown)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "业委会决定", "Committee decisions"), || desk::page(&boot, &rows, shown.as_ref(), asked, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn word(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let agrees = match fields.get("agrees") {
            "1" => true,
            "0" => false,
            _ => return Err(AppError::UnknownKind),
        };
        let word = GiveWord { matter: fields.parse("matter")?, agrees, reason: fields.get("reason").to_owned(), no_conflict: fields.get("no_conflict") == "1" };
        ask.submit(&state, None, fields.id()?, Mutation::ApprovalWord(word), None).await
    };
    finish(&state, &ask, &fields, done.await, "moved").await
}

async fn declare(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let declare = Declare { matter: fields.parse("matter")?, conflict: true, reason: fields.get("reason").to_owned() };
        ask.submit(&state, None, fields.id()?, Mutation::ApprovalDeclare(declare), None).await
    };
    finish(&state, &ask, &fields, done.await, "moved").await
}

async fn meeting(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let present = fields.all("present").iter().filter_map(|p| p.parse().ok()).collect();
        let held = HoldMeeting { matter: fields.parse("matter")?, at: local_time(fields.get("at"), ask.boot.offset())?, place: fields.get("place").to_owned(), present };
        ask.submit(&state, None, fields.id()?, Mutation::ApprovalMeeting(held), None).await
    };
    finish(&state, &ask, &fields, done.await, "moved").await
}

async fn print_decision(State(state): State<AppState>, ask: Ask, Path((slug, number)): Path<(String, String)>) -> Response {
    let (number, as_pdf) = as_asked(&number);
    let made = async {
        let community = by_slug(&state, &slug).await?;
        let view = store::view(&state.services.db.read, community, number, None, Time::now()).await?;
        // Before it is decided there is nothing to sign, and nobody reads the others' words.
        if view.row.state == Standing::Open {
            return Err(AppError::NotFound);
        }
        let desk = paper_desk(&state, &ask, community, Some(("matter", view.row.id))).await?;
        Ok(papers::decision(&desk, &view))
    };
    answer(&state, &ask, made.await, as_pdf).await
}

async fn print_case(State(state): State<AppState>, ask: Ask, Path((slug, number, what)): Path<(String, String, String)>) -> Response {
    let (what, as_pdf) = as_asked(&what);
    let now = Time::now();
    let made = async {
        if what != "case" {
            return Err(AppError::NotFound);
        }
        let community = by_slug(&state, &slug).await?;
        let number = app::ids::normalise_code(&number).map_err(|_| AppError::NotFound)?;
        let viewer = ask.viewer_in(&state, community).await?;
        let view = tickets::store::by_number(&state.services.db, community, &number, viewer.as_ref(), ask.lang(), now).await?;
        let tier = view.quote.as_ref().map(|q| q.tier).filter(|t| t.is_owners()).ok_or(AppError::NotFound)?;
        let scope = match view.building.filter(|_| tier == Tier::Affected) {
            Some(building) => Scope::Buildings { buildings: vec![building] },
            None => Scope::All,
        };
        let db = &state.services.db.read;
        let units = fund::store::units_of(db, community, &scope).await?;
        let homes = app::rooms::communities::store::buildings(db, community).await?;
        let voters = Voters {
            words: fund::store::spoken_scope(ask.lang(), &scope, &homes),
            units: i64::try_from(units.len()).unwrap_or(i64::MAX),
            heads: heads(db, community, &units.iter().map(|u| u.id).collect()).await?,
            area: units.iter().map(|u| u.area).sum(),
        };
        let desk = paper_desk(&state, &ask, community, Some(("ticket", view.card.id.0))).await?;
        tickets::papers::case_file(&desk, &view, &voters).ok_or(AppError::NotFound)
    };
    answer(&state, &ask, made.await, as_pdf).await
}
