//! Common income: the public ledger, the desk, the forms, the print; and the page that leads to all open books.

use super::desk::allowed;
use super::documents::{answer, as_asked};
use super::fields::Fields;
use super::forms::{Pairs, finish};
use super::fund::pictures;
use crate::ask::{AppState, Ask};
use app::error::AppError;
use app::measure::{Fen, Time};
use app::mutation::{Mutation, Receipt};
use app::rooms::communities::desk::open_page;
use app::rooms::documents::store::newest_of;
use app::rooms::income::model::{Enter, Line, Publish, Reverse};
use app::rooms::income::rules::quarters;
use app::rooms::income::{pages, store};
use app::rooms::people::rules::Permission;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;

/// Quarters to choose from.
const SHOWN: usize = 9;

/// The pages and plain forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/c/{slug}/open", get(open))
        .route("/c/{slug}/income", get(ledger))
        .route("/desk/income", get(desk))
        .route("/forms/income-reverse", post(reverse))
        .route("/forms/income-publish", post(publish))
        .route("/print/income/{slug}/{quarter}", get(print))
}

/// The form that carries a photo.
pub fn with_files() -> Router<AppState> {
    Router::new().route("/forms/income-enter", post(enter))
}

/// Which quarter.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Which {
    /// `2026Q3`; the last one that is over for everybody, the present one at the desk, when it is empty.
    quarter: String,
}

impl Which {
    fn read(&self, all: &[String], at: usize) -> String {
        if self.quarter.is_empty() { all.get(at).cloned().unwrap_or_default() } else { self.quarter.clone() }
    }
}

async fn open(State(state): State<AppState>, ask: Ask) -> Response {
    if ask.boot.community.is_none() {
        return ask.refusal(&state, &AppError::NotFound);
    }
    let boot = ask.boot.clone();
    ask.page(&state, app::tr!(ask.lang(), "账目公开", "Open books"), || open_page(&boot))
}

async fn ledger(State(state): State<AppState>, ask: Ask, Query(which): Query<Which>) -> Response {
    let now = Time::now();
    let all = quarters(now, ask.boot.offset(), SHOWN);
    let which = which.read(&all, 1);
    let found = async {
        let community = ask.boot.community.as_ref().ok_or(AppError::NotFound)?.id;
        let db = &state.services.db;
        db.memory.recall(Some(community), format!("income {which}"), store::quarter(&db.read, community, &which, now)).await
    };
    match found.await {
        Ok(quarter) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "公共收益", "Common income"), || pages::ledger(&boot, &quarter, &all, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn desk(State(state): State<AppState>, ask: Ask, Query(which): Query<Which>) -> Response {
    let now = Time::now();
    let all = quarters(now, ask.boot.offset(), SHOWN);
    let which = which.read(&all, 0);
    let found = async {
        let viewer = allowed(&ask, Permission::IncomeBooks)?;
        Ok::<_, AppError>((store::quarter(&state.services.db.read, viewer.community(), &which, now).await?, viewer.may(Permission::IncomePublish)))
    };
    match found.await {
        Ok((quarter, publishes)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "公共收益", "Common income"), || pages::desk(&boot, &quarter, &all, publishes, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn enter(State(state): State<AppState>, ask: Ask, form: Result<Multipart, axum::extract::multipart::MultipartRejection>) -> Response {
    // Nobody sends pictures before we know who they are.
    if let Err(error) = allowed(&ask, Permission::IncomeBooks) {
        return ask.refusal(&state, &error);
    }
    let read = async { state.receive(Fields::multipart(form.map_err(|_| AppError::UnknownKind)?)).await };
    let mut fields = match read.await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_enter(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn try_enter(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Receipt, AppError> {
    let line = Line::from_code(fields.get("line")).ok_or(AppError::UnknownKind)?;
    let amount = Fen::parse_yuan(fields.get("amount")).ok_or_else(|| AppError::field("amount", "请填金额，例如 1860.00", "Enter the amount, e.g. 1860.00"))?;
    let photo = pictures(state, ask, fields).await?.into_iter().next();
    let text = |name: &str| fields.get(name).to_owned();
    let enter = Enter { line, amount, words: text("words"), voucher: text("voucher"), photo, quarter: text("quarter") };
    ask.submit(state, None, fields.id()?, Mutation::IncomeEnter(enter), None).await
}

async fn reverse(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let reverse = Reverse { entry: fields.parse("entry")?, reason: fields.get("reason").to_owned() };
        ask.submit(&state, None, fields.id()?, Mutation::IncomeReverse(reverse), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn publish(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::IncomePublish(Publish { quarter: fields.get("quarter").to_owned() }), None).await };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn print(State(state): State<AppState>, ask: Ask, Path((slug, quarter)): Path<(String, String)>) -> Response {
    let (quarter, as_pdf) = as_asked(&quarter);
    let now = Time::now();
    let made = async {
        let db = &state.services.db;
        let (community, slug) = app::rooms::communities::store::by_slug(db, &slug).await?;
        let ledger = store::quarter(&db.read, community.id, quarter, now).await?;
        let proof = newest_of(&db.read, community.id, if ledger.published.is_some() { "income_quarter" } else { "income_entry" }).await?;
        Ok(pages::paper(&ask.boot, &community.name, &slug, &ledger, proof, now))
    };
    answer(&state, &ask, made.await, as_pdf).await
}
