//! Assets and inspection rounds: public pages, the register, rounds on the phone, sheets in and out, what prints.

use super::desk::allowed;
use super::documents::{XLSX, answer, as_asked, download};
use super::fields::{Fields, Sent, received};
use super::forms::{Pairs, finish};
use super::fund::pictures;
use super::lists::{self, Lists};
use super::prints::qr;
use crate::ask::{AppState, Ask};
use app::error::AppError;
use app::ids::{PersonId, PlaceId};
use app::measure::Time;
use app::mutation::{Mutation, Receipt};
use app::rooms::assets::model::{Add, Change, Check, CloseRound, ConfirmList, Details, Kind, OpenRound, State as AssetState};
use app::rooms::assets::rules::parse_reading;
use app::rooms::assets::store::{self, PAGE, Query as Register};
use app::rooms::assets::{desk, imports, pages, round_pages};
use app::rooms::documents::store::proof_of;
use app::rooms::people::members::members;
use app::rooms::people::model::Role;
use app::rooms::people::rules::Permission;
use app::rooms::places::desk::sticker_sheet;
use app::rooms::places::store::{Sticker, list as places};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;
use uuid::Uuid;

/// The most assets of one export or sticker print.
const WHOLE: u64 = 20_000;

/// The pages and plain forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/c/{slug}/assets", get(overview))
        .route("/c/{slug}/assets/{number}", get(public))
        .route("/desk/assets", get(register))
        .route("/desk/assets/export.xlsx", get(export))
        .route("/desk/assets/list/{id}", get(preview))
        .route("/desk/assets/{number}", get(one))
        .route("/desk/rounds", get(all_rounds))
        .route("/rounds", get(my_rounds))
        .route("/rounds/{id}", get(round))
        .route("/forms/asset-add", post(add))
        .route("/forms/asset-change", post(change))
        .route("/forms/asset-import", post(import))
        .route("/forms/round-open", post(open))
        .route("/forms/round-close", post(close))
        .route("/print/assets", get(stickers))
        .route("/print/rounds/{id}", get(print_round))
}

/// The forms that carry files.
pub fn with_files() -> Router<AppState> {
    Router::new().route("/forms/asset-check", post(check)).route("/forms/asset-list", post(upload))
}

/// What the register is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    kind: String,
    state: String,
    text: String,
    after: String,
}

impl Asked {
    fn query(&self) -> Register {
        Register {
            kind: Kind::from_code(&self.kind),
            state: AssetState::from_code(&self.state),
            text: self.text.chars().take(40).collect(),
            after: self.after.chars().take(20).collect(),
        }
    }
}

async fn overview(State(state): State<AppState>, ask: Ask) -> Response {
    let now = Time::now();
    let found = async {
        let community = ask.boot.community.as_ref().ok_or(AppError::NotFound)?.id;
        let db = &state.services.db;
        db.memory.recall(Some(community), "assets".into(), store::numbers(&db.read, community, now)).await
    };
    match found.await {
        Ok(numbers) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "设施设备", "Assets"), || pages::overview(&boot, &numbers, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn public(State(state): State<AppState>, ask: Ask, Path((_, number)): Path<(String, String)>) -> Response {
    let now = Time::now();
    let found = async {
        let community = ask.boot.community.as_ref().ok_or(AppError::NotFound)?.id;
        store::view(&state.services.db.read, community, &number, ask.lang(), now).await
    };
    match found.await {
        Ok(view) => {
            let boot = ask.boot.clone();
            ask.page(&state, &view.row.name.clone(), || pages::one(&boot, &view, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn spots(state: &AppState, ask: &Ask) -> Result<Vec<(PlaceId, String)>, AppError> {
    Ok(places(&state.services.db, ask.person()?.community()).await?.into_iter().map(|p| (p.id, p.name)).collect())
}

async fn register(State(state): State<AppState>, ask: Ask, Query(asked): Query<Asked>) -> Response {
    let query = asked.query();
    let found = async {
        let viewer = allowed(&ask, Permission::SeeDesk)?;
        let (rows, next) = store::register(&state.services.db.read, viewer.community(), &query, PAGE).await?;
        Ok::<_, AppError>((rows, next, spots(&state, &ask).await?))
    };
    match found.await {
        Ok((rows, next, spots)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "设施设备台账", "Register of assets"), || desk::list(&boot, &rows, &query, next.as_deref(), &spots, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn export(State(state): State<AppState>, ask: Ask, Query(asked): Query<Asked>) -> Response {
    let made = async {
        let viewer = allowed(&ask, Permission::SeeDesk)?;
        let (rows, _) = store::register(&state.services.db.read, viewer.community(), &asked.query(), WHOLE).await?;
        tokio::task::spawn_blocking(move || imports::export(&rows)).await.map_err(app::context::internal)?
    };
    match made.await {
        Ok(bytes) => download(XLSX, "assets.xlsx", bytes),
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

async fn one(State(state): State<AppState>, ask: Ask, Path(number): Path<String>) -> Response {
    let now = Time::now();
    let found = async {
        let viewer = allowed(&ask, Permission::SeeDesk)?;
        store::view(&state.services.db.read, viewer.community(), &number, ask.lang(), now).await
    };
    match found.await {
        Ok(view) => {
            let boot = ask.boot.clone();
            ask.page(&state, &view.row.name.clone(), || desk::one(&boot, &view, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn all_rounds(State(state): State<AppState>, ask: Ask, Query(asked): Query<Asked>) -> Response {
    let now = Time::now();
    let found = async {
        let viewer = allowed(&ask, Permission::SeeDesk)?;
        let db = &state.services.db.read;
        let workers = members(db, viewer.community(), &[Role::Worker], now).await?.into_iter().map(|m| (m.person, m.name)).collect::<Vec<_>>();
        Ok::<_, AppError>((store::list(db, viewer.community(), None, ask.lang()).await?, workers, spots(&state, &ask).await?))
    };
    match found.await {
        Ok((rows, workers, spots)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "巡检", "Inspection rounds"), || round_pages::all(&boot, &rows, &workers, &spots, &asked.kind, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn my_rounds(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::Inspect)?;
        store::list(&state.services.db.read, viewer.community(), Some(viewer.person()), ask.lang()).await
    };
    match found.await {
        Ok(rows) => {
            let boot = ask.boot.clone();
            ask.phone_page(&state, app::tr!(ask.lang(), "我的巡检", "My rounds"), || round_pages::mine(&boot, &rows, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn round(State(state): State<AppState>, ask: Ask, Path(id): Path<Uuid>) -> Response {
    let found = async { store::round(&state.services.db, ask.person()?, id, ask.lang()).await };
    match found.await {
        Ok(view) => {
            let boot = ask.boot.clone();
            ask.phone_page(&state, &view.row.number.clone(), || round_pages::one(&boot, &view, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

fn details(fields: &Fields) -> Details {
    let text = |name: &str| fields.get(name).to_owned();
    Details { name: text("name"), serial: text("serial"), model: text("model"), installed: text("installed"), warranty: text("warranty") }
}

async fn add(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let viewer = ask.person()?;
        let typed = fields.get("replaces").trim().to_uppercase();
        let replaces = if typed.is_empty() {
            None
        } else {
            let old = store::view(&state.services.db.read, viewer.community(), &typed, ask.lang(), Time::now()).await;
            Some(old.map_err(|_| AppError::field("replaces", "台账里没有这个编号", "No asset has this number"))?.row.id)
        };
        let add = Add {
            kind: Kind::from_code(fields.get("asset_kind")).ok_or(AppError::UnknownKind)?,
            place: fields.parse("place")?,
            details: details(&fields),
            own_tag: fields.get("own_tag") == "1",
            replaces,
        };
        ask.submit(&state, None, fields.id()?, Mutation::AssetAdd(add), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn change(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let change = Change {
            asset: fields.parse("asset")?,
            version: fields.parse("version")?,
            state: AssetState::from_code(fields.get("state")).ok_or(AppError::UnknownKind)?,
            details: details(&fields),
            reason: fields.get("reason").to_owned(),
        };
        ask.submit(&state, None, fields.id()?, Mutation::AssetChange(change), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn import(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::AssetImport(ConfirmList { import: fields.parse("import")? }), None).await };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn open(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let open = OpenRound {
            kind: Kind::from_code(fields.get("round_kind")).ok_or(AppError::UnknownKind)?,
            place: fields.maybe("place")?,
            worker: fields.parse::<PersonId>("worker")?,
            most: fields.get("most").trim().parse().unwrap_or(0),
            days: fields.get("days").trim().parse().unwrap_or(0),
        };
        ask.submit(&state, None, fields.id()?, Mutation::RoundOpen(open), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn close(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::RoundClose(CloseRound { round: fields.parse("round")? }), None).await };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn check(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::Inspect, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_check(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn try_check(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Receipt, AppError> {
    let reading = parse_reading(fields.get("reading"))?;
    let passed = fields.get("passed") == "1";
    let photos = pictures(state, ask, fields).await?;
    let check = Check { round: fields.parse("round")?, asset: fields.parse("asset")?, passed, reading, note: fields.get("note").to_owned(), photos };
    ask.submit(state, None, fields.id()?, Mutation::AssetCheck(check), None).await
}

async fn upload(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let lists = Lists { needed: Permission::Assets, form: "/desk/assets", previews: "/desk/assets/list" };
    lists::upload(&state, &ask, form, lists, async |table| imports::upload(&state.services.db, ask.person()?, &table, Time::now()).await).await
}

async fn stickers(State(state): State<AppState>, ask: Ask, Query(asked): Query<Asked>) -> Response {
    let made = async {
        let viewer = allowed(&ask, Permission::Tags)?;
        let (rows, _) = store::register(&state.services.db.read, viewer.community(), &asked.query(), WHOLE).await?;
        let mut seen = std::collections::HashSet::new();
        let tagged = rows.into_iter().filter_map(|r| r.tag.clone().map(|code| (code, r))).filter(|(code, _)| seen.insert(code.clone()));
        tagged
            .map(|(code, r)| {
                let sticker = Sticker { code: code.clone(), name: r.name, place: r.place };
                qr(&format!("{}/q/{code}", state.services.public_url)).map(|qr| (sticker, qr))
            })
            .collect::<Result<Vec<_>, _>>()
    };
    match made.await {
        Ok(rows) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "贴纸", "Stickers"), || sticker_sheet(&boot, &rows))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn print_round(State(state): State<AppState>, ask: Ask, Path(id): Path<String>) -> Response {
    let (id, as_pdf) = as_asked(&id);
    let made = async {
        let viewer = ask.person()?;
        let id: Uuid = id.parse().map_err(|_| AppError::NotFound)?;
        let view = store::round(&state.services.db, viewer, id, ask.lang()).await?;
        let proof = proof_of(&state.services.db.read, viewer.community(), "round", id).await?;
        Ok(round_pages::paper(&ask.boot, &view, proof, Time::now()))
    };
    answer(&state, &ask, made.await, as_pdf).await
}
