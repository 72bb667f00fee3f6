//! The site plan in the open and on the desk.

use super::bays::{Asked, known};
use super::desk::allowed;
use super::fields::{Fields, Sent, received};
use super::forms::{Pairs, finish};
use crate::ask::{AppState, Ask};
use app::error::AppError;
use app::ids::CommunityId;
use app::measure::Time;
use app::mutation::{Mutation, Receipt};
use app::rooms::people::rules::Permission;
use app::rooms::sites::model::{Draw, Ground, SetArea, Sheet, Show};
use app::rooms::sites::rules::parse_square_metres;
use app::rooms::sites::{desk, pages, store};
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use std::sync::Arc;

/// The pages and plain forms.
pub fn routes() -> Router<AppState> {
    Router::new().route("/c/{slug}/plan", get(plan)).route("/desk/plan-of-site", get(of_desk)).route("/forms/plan-area", post(set_area))
}

/// The forms that carry files.
pub fn with_files() -> Router<AppState> {
    Router::new().route("/forms/plan-draw", post(draw))
}

/// The drawing that is shown, remembered for a moment.
///
/// # Errors
/// When the database refuses.
pub async fn sheet_of(state: &AppState, community: CommunityId) -> Result<Arc<Sheet>, AppError> {
    let db = &state.services.db;
    db.memory.recall(Some(community), "site plan".into(), async { store::sheet(&db.read, community).await.map(Arc::new) }).await
}

async fn plan(State(state): State<AppState>, ask: Ask, Query(asked): Query<Asked>) -> Response {
    let query = asked.query();
    let now = Time::now();
    let found = async {
        let community = ask.boot.community.as_ref().ok_or(AppError::NotFound)?.id;
        let db = &state.services.db;
        let sheet = sheet_of(&state, community).await?;
        let bays = if query.show == Show::Bays { known(&state, community).await? } else { Arc::default() };
        let lang = ask.lang();
        let size = (sheet.width, sheet.height);
        let pins = async { store::pins(&db.read, community, &ask.boot.slug, query.show, size, lang, now).await.map(Arc::new) };
        let pins = if query.show == Show::Bays { Arc::default() } else { db.memory.recall(Some(community), format!("pins {} {}", query.show.code(), lang.code()), pins).await? };
        Ok::<_, AppError>((sheet, bays, pins))
    };
    match found.await {
        Ok((sheet, bays, pins)) => {
            let boot = ask.boot.clone();
            ask.tool_page(&state, app::tr!(ask.lang(), "平面图", "Site plan"), "plan", || pages::page(&boot, &query, &sheet, &bays, &pins))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn of_desk(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::SeeDesk)?;
        let keeps = viewer.may(Permission::Bays);
        Ok::<_, AppError>((sheet_of(&state, viewer.community()).await?, store::areas(&state.services.db.read, viewer.community()).await?, keeps))
    };
    match found.await {
        Ok((sheet, areas, keeps)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "平面图和地块", "Plan and ground"), || desk::page(&boot, &sheet, &areas, keeps))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn set_area(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let whole = |name: &str| fields.get(name).trim().parse::<i64>().map_err(|_| AppError::field(name, "请填整数", "A whole number, please"));
        let set = SetArea {
            code: fields.get("code").to_owned(),
            version: whole("version")?,
            name: fields.get("name").to_owned(),
            ground: Ground::from_code(fields.get("ground")).ok_or(AppError::UnknownKind)?,
            size: parse_square_metres("size", fields.get("size"))?,
            green: parse_square_metres("green", fields.get("green"))?,
            bikes: whole("bikes")?,
        };
        ask.submit(&state, None, fields.id()?, Mutation::PlanArea(set), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn draw(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let fields = match received(&state, &ask, Permission::Bays, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_draw(&state, &ask, &fields).await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn try_draw(state: &AppState, ask: &Ask, fields: &Fields) -> Result<Receipt, AppError> {
    let file = fields.files.first().ok_or_else(|| AppError::field("file", "请选择文件", "Choose a file"))?;
    // Looked at before it is copied: twelve megabytes are no drawing.
    if file.bytes.len() > app::rooms::sites::drawing::BYTES_MAX {
        return Err(AppError::field("file", "图太大了，请不要超过 512 KB", "The drawing is too large: 512 KB at most"));
    }
    let svg = String::from_utf8(file.bytes.to_vec()).map_err(|_| AppError::field("file", "这不是能读的 SVG（要 UTF-8）", "This is no SVG that can be read (UTF-8)"))?;
    let draw = Draw { svg: svg.trim_start_matches('\u{FEFF}').to_owned(), source: fields.get("source").to_owned() };
    ask.submit(state, None, fields.id()?, Mutation::PlanDraw(draw), None).await
}
