//! Car bays: public numbers, one bay, the register on the desk, sheets in and out.

use super::desk::allowed;
use super::documents::{XLSX, download};
use super::fields::{Fields, Sent, received};
use super::forms::{Pairs, finish};
use super::fund::pictures;
use super::lists::{self, Lists};
use super::sites::sheet_of;
use crate::ask::{AppState, Ask};
use app::error::AppError;
use app::ids::{CommunityId, UnitId};
use app::measure::Time;
use app::mutation::{Mutation, Receipt};
use app::rooms::bays::model::{Add, Bay, BayKind, BayState, Change, ConfirmList, Details, Numbers, Turning};
use app::rooms::bays::rules::parse_code;
use app::rooms::bays::{desk, imports, pages, store};
use app::rooms::communities::store::{unit, unit_by_door};
use app::rooms::people::rules::Permission;
use app::rooms::sites::model::Show;
use app::rooms::sites::pages::Query as Wanted;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;
use std::sync::Arc;
use uuid::Uuid;

/// The pages and plain forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/c/{slug}/bays", get(numbers))
        .route("/c/{slug}/bays/{code}", get(public))
        .route("/desk/bays", get(register))
        .route("/desk/bays/export.xlsx", get(export))
        .route("/desk/bays/list/{id}", get(preview))
        .route("/desk/bays/{code}", get(one))
        .route("/forms/bay-state", post(turn))
        .route("/forms/bay-import", post(import))
}

/// The forms that carry files.
pub fn with_files() -> Router<AppState> {
    Router::new().route("/forms/bay-add", post(add)).route("/forms/bay-change", post(change)).route("/forms/bay-list", post(upload))
}

/// What is asked of a list of bays, here and on the plan.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// What is shown.
    pub show: String,
    state: String,
    kind: String,
    only: String,
    area: String,
    at: String,
    /// A page that asks for a bay.
    pub pick: String,
    after: String,
}

impl Asked {
    /// What is wanted. A page that asks for a bay is one of this site.
    pub fn query(&self) -> Wanted {
        let short = |text: &str| text.chars().take(40).collect::<String>();
        let pick = crate::ask::local(&self.pick);
        Wanted {
            show: Show::from_code(&self.show).unwrap_or_default(),
            state: BayState::from_code(&self.state),
            kind: BayKind::from_code(&self.kind),
            only: short(&self.only),
            area: short(&self.area),
            at: parse_code(&self.at).ok(),
            pick: Some(pick).filter(|p| p != "/"),
            after: self.after.parse().unwrap_or(0).min(100_000),
        }
    }
}

/// Every bay of a community, remembered for a moment.
///
/// # Errors
/// When the database refuses.
pub async fn known(state: &AppState, community: CommunityId) -> Result<Arc<Vec<Bay>>, AppError> {
    let db = &state.services.db;
    db.memory.recall(Some(community), "bays".into(), async { store::list(&db.read, community).await.map(Arc::new) }).await
}

async fn numbers(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let community = ask.boot.community.as_ref().ok_or(AppError::NotFound)?.id;
        Ok::<_, AppError>(Numbers::of(known(&state, community).await?.iter()))
    };
    match found.await {
        Ok(numbers) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "车位", "Car bays"), || pages::numbers(&boot, &numbers))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn public(State(state): State<AppState>, ask: Ask, Path((_, code)): Path<(String, String)>) -> Response {
    let now = Time::now();
    let found = async {
        let community = ask.boot.community.as_ref().ok_or(AppError::NotFound)?.id;
        let db = &state.services.db.read;
        let bay = store::by_code(db, community, &parse_code(&code).map_err(|_| AppError::NotFound)?).await?;
        Ok::<_, AppError>((store::turns(db, community, bay.id).await?, sheet_of(&state, community).await?, bay))
    };
    match found.await {
        Ok((turns, sheet, bay)) => {
            let boot = ask.boot.clone();
            ask.tool_page(&state, &bay.code.clone(), "plan", || pages::one(&boot, &bay, &turns, &sheet, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn register(State(state): State<AppState>, ask: Ask, Query(asked): Query<Asked>) -> Response {
    let found = async { store::list(&state.services.db.read, allowed(&ask, Permission::SeeDesk)?.community()).await };
    match found.await {
        Ok(bays) => {
            let boot = ask.boot.clone();
            let query = Wanted { pick: None, ..asked.query() };
            ask.page(&state, app::tr!(ask.lang(), "车位台账", "Register of bays"), || desk::list(&boot, &bays, &query))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn export(State(state): State<AppState>, ask: Ask) -> Response {
    let made = async {
        let (bays, doors) = imports::for_export(&state.services.db, allowed(&ask, Permission::SeeDesk)?, Time::now()).await?;
        tokio::task::spawn_blocking(move || imports::export(&bays, doors.as_ref())).await.map_err(app::context::internal)?
    };
    match made.await {
        Ok(bytes) => download(XLSX, "bays.xlsx", bytes),
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn preview(State(state): State<AppState>, ask: Ask, Path(id): Path<Uuid>) -> Response {
    let found = async { imports::preview(&state.services.db, ask.person()?, id).await };
    match found.await {
        Ok((ready, confirmed)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "台账预览", "Preview"), || desk::preview(&boot, id, &ready, confirmed))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn one(State(state): State<AppState>, ask: Ask, Path(code): Path<String>) -> Response {
    let now = Time::now();
    let found = async {
        let viewer = allowed(&ask, Permission::SeeDesk)?;
        let (community, sees) = (viewer.community(), viewer.may(Permission::SeeContact));
        let db = &state.services.db.read;
        let bay = store::by_code(db, community, &parse_code(&code).map_err(|_| AppError::NotFound)?).await?;
        let owner = match bay.unit {
            None => Default::default(),
            Some(id) if !sees => (String::new(), unit(db, community, id).await?.name(ask.lang(), true)),
            Some(id) => {
                let door = imports::doors_by_unit(db, community).await?.remove(&id).map(|(building, stair, room)| format!("{building}-{stair}-{room}")).unwrap_or_default();
                (door, unit(db, community, id).await?.name(ask.lang(), false))
            }
        };
        Ok::<_, AppError>((store::turns(db, community, bay.id).await?, sheet_of(&state, community).await?, bay, owner))
    };
    match found.await {
        Ok((turns, sheet, bay, owner)) => {
            let boot = ask.boot.clone();
            ask.plan_page(&state, &bay.code.clone(), || desk::one(&boot, &bay, &turns, &sheet, &owner, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// A whole number, or nothing for an empty field.
fn number(fields: &Fields, name: &str) -> Result<Option<i64>, AppError> {
    match fields.get(name).trim() {
        "" => Ok(None),
        typed => typed.parse().map(Some).map_err(|_| AppError::field(name, "请填整数", "A whole number, please")),
    }
}

fn details(fields: &Fields) -> Result<Details, AppError> {
    let yes = |name: &str| fields.get(name) == "1";
    Ok(Details {
        original_planned: yes("original_planned"),
        accessible: yes("accessible"),
        ev: yes("ev"),
        freed: yes("freed"),
        area: fields.get("area").to_owned(),
        x: number(fields, "x")?,
        y: number(fields, "y")?,
        note: fields.get("note").to_owned(),
    })
}

async fn owner(state: &AppState, ask: &Ask, fields: &Fields) -> Result<Option<UnitId>, AppError> {
    match fields.get("door").trim() {
        "" => Ok(None),
        door => unit_by_door(&state.services.db.read, allowed(ask, Permission::Bays)?.community(), door).await.map(Some),
    }
}

fn kind(fields: &Fields) -> Result<BayKind, AppError> {
    BayKind::from_code(fields.get("bay_kind")).ok_or(AppError::UnknownKind)
}

async fn add(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::Bays, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_add(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn try_add(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Receipt, AppError> {
    let (details, unit) = (details(fields)?, owner(state, ask, fields).await?);
    let photos = pictures(state, ask, fields).await?;
    let add = Add { code: fields.get("code").to_owned(), kind: kind(fields)?, details, unit, photos };
    ask.submit(state, None, fields.id()?, Mutation::BayAdd(add), None).await
}

async fn turn(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let to = BayState::from_code(fields.get("state")).ok_or(AppError::UnknownKind)?;
        let turning = Turning { bay: fields.parse("bay")?, version: fields.parse("version")?, state: to, reason: fields.get("reason").to_owned() };
        ask.submit(&state, None, fields.id()?, Mutation::BayTurn(turning), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn import(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::BayImport(ConfirmList { import: fields.parse("import")? }), None).await };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn change(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::Bays, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_change(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn try_change(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Receipt, AppError> {
    let (details, unit) = (details(fields)?, owner(state, ask, fields).await?);
    let photos = pictures(state, ask, fields).await?;
    let change = Change { bay: fields.parse("bay")?, version: fields.parse("version")?, kind: kind(fields)?, details, unit, photos };
    ask.submit(state, None, fields.id()?, Mutation::BayChange(change), None).await
}

async fn upload(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let lists = Lists { needed: Permission::Bays, form: "/desk/bays", previews: "/desk/bays/list" };
    lists::upload(&state, &ask, form, lists, async |table| imports::upload(&state.services.db, ask.person()?, &table, Time::now()).await).await
}
