//! Proposals that convert ground: in the open and on the desk.

use super::desk::allowed;
use super::fields::Fields;
use super::forms::{Pairs, finish};
use crate::ask::{AppState, Ask};
use app::error::AppError;
use app::measure::Time;
use app::mutation::Mutation;
use app::rooms::conversions::model::{Changes, Decide, Draft, Step};
use app::rooms::conversions::rules::parse_lines;
use app::rooms::conversions::{pages, store};
use app::rooms::people::rules::Permission;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use std::sync::Arc;

/// The pages and plain forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/c/{slug}/conversions", get(public))
        .route("/desk/conversions", get(of_desk))
        .route("/forms/conversion-draft", post(draft))
        .route("/forms/conversion-publish", post(publish))
        .route("/forms/conversion-decide", post(decide))
        .route("/forms/conversion-carry", post(carry))
}

async fn public(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let community = ask.boot.community.as_ref().ok_or(AppError::NotFound)?.id;
        let db = &state.services.db;
        db.memory.recall(Some(community), "conversions".into(), async { store::list(&db.read, community, false).await.map(Arc::new) }).await
    };
    match found.await {
        Ok(found) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "调整用地", "Converting ground"), || pages::public(&boot, &found.0, &found.1, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn of_desk(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::SeeDesk)?;
        store::list(&state.services.db.read, viewer.community(), true).await
    };
    match found.await {
        Ok((all, estate)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "调整用地", "Converting ground"), || pages::desk(&boot, &all, &estate, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// Codes with blanks or commas between.
fn codes(typed: &str) -> Vec<String> {
    typed.split([' ', ',', '，', '、', '\n', '\t', '\r']).filter(|c| !c.is_empty()).take(500).map(str::to_uppercase).collect()
}

async fn draft(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let changes = Changes { areas: parse_lines(fields.get("areas"))?, frees: codes(fields.get("frees")), closes: codes(fields.get("closes")) };
        let text = |name: &str| fields.get(name).to_owned();
        let draft = Draft { title: text("title"), words: text("words"), changes, trees: fields.get("trees") == "1", application: text("application") };
        ask.submit(&state, None, fields.id()?, Mutation::ConversionDraft(draft), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

fn step(fields: &Fields) -> Result<Step, AppError> {
    Ok(Step { conversion: fields.parse("conversion")?, version: fields.parse("version")?, application: fields.get("application").to_owned() })
}

async fn publish(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::ConversionPublish(step(&fields)?), None).await };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn decide(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let decide =
            Decide { conversion: fields.parse("conversion")?, version: fields.parse("version")?, agreed: fields.get("agreed") == "1", vote: fields.get("vote").to_owned() };
        ask.submit(&state, None, fields.id()?, Mutation::ConversionDecide(decide), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn carry(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::ConversionCarry(step(&fields)?), None).await };
    finish(&state, &ask, &fields, done.await, "saved").await
}
