//! Scoring of the property company: public results, the scorer's sheet, the desk, what prints. The forms are in
//! [`super::scoring_forms`].

use super::desk::allowed;
use super::documents::{XLSX, answer, as_asked, download};
use crate::ask::{AppState, Ask};
use app::context::Caller;
use app::error::AppError;
use app::ids::{CommunityId, MutationId, PersonId};
use app::measure::Time;
use app::mutation::Mutation;
use app::rooms::documents::store::proof_of;
use app::rooms::fund::rules::halves;
use app::rooms::people::rules::Permission;
use app::rooms::places::store::list as places;
use app::rooms::scoring::sheet_file::export;
use app::rooms::scoring::store::{self, View};
use app::rooms::scoring::{anonymous, desk, editor, pages, paper_page, papers, reminders, scorers, sheet_page};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use std::sync::Arc;
use uuid::Uuid;

/// Earlier results that stand beside one.
const BESIDE: usize = 3;
/// Half-years to choose from.
const HALVES: usize = 4;

/// The pages.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/c/{slug}/scoring", get(overview))
        .route("/c/{slug}/scoring/{number}", get(result))
        .route("/c/{slug}/scoring/{number}/items/{code}", get(item))
        .route("/c/{slug}/scoring/{number}/sheets", get(sheets))
        .route("/c/{slug}/scoring/{number}/sheets.csv", get(sheets_csv))
        .route("/c/{slug}/scoring/{number}/everything.json", get(everything))
        .route("/scoring", get(my_rounds))
        .route("/scoring/{round}", get(my_sheet))
        .route("/desk/scoring", get(desk_list))
        .route("/desk/scoring/sheet.xlsx", get(sheet_file))
        .route("/desk/scoring/editor", get(editor_page))
        .route("/desk/scoring/{round}", get(desk_one))
        .route("/desk/scoring/{round}/paper/{person}", get(paper_page))
        .route("/print/scoring/{slug}/{number}", get(print_result))
        .route("/print/scoring-sheet/{round}", get(print_sheet))
        .route("/print/scoring-sheet/{round}/{person}", get(print_sheet_for))
}

fn here(ask: &Ask) -> Result<CommunityId, AppError> {
    ask.boot.community.as_ref().map(|c| c.id).ok_or(AppError::NotFound)
}

async fn overview(State(state): State<AppState>, ask: Ask) -> Response {
    let now = Time::now();
    let found = async {
        let community = here(&ask)?;
        let db = &state.services.db;
        let rounds = db.memory.recall(Some(community), "scoring".into(), async { store::list(&db.read, community).await.map(Arc::new) }).await?;
        let viewer = ask.viewer_in(&state, community).await?;
        let may = |what| viewer.as_ref().is_some_and(|v| v.may(what));
        Ok::<_, AppError>((rounds, (may(Permission::Score), may(Permission::ScoringDecide))))
    };
    match found.await {
        Ok((rounds, may)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "物业考核", "Scoring"), || pages::overview(&boot, &rounds, may, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// A published round, remembered for a moment: everybody reads the same.
async fn published(state: &AppState, ask: &Ask, community: CommunityId, number: &str) -> Result<Arc<View>, AppError> {
    let db = &state.services.db;
    let (lang, number) = (ask.lang(), number.to_owned());
    let name = format!("scoring {} {number}", lang.code());
    db.memory.recall(Some(community), name, async move { store::published(&db.read, community, &number, lang).await.map(Arc::new) }).await
}

/// The results before a round, the newest first.
async fn before(state: &AppState, ask: &Ask, community: CommunityId, view: &View) -> Result<Arc<Vec<View>>, AppError> {
    let db = &state.services.db;
    let (lang, since) = (ask.lang(), view.row.opens_at);
    let name = format!("scoring before {} {}", lang.code(), view.row.number);
    let read = async move {
        let mut all = Vec::new();
        for row in store::list(&db.read, community).await?.into_iter().filter(|r| r.opens_at < since && r.verdict.is_some()).take(BESIDE) {
            all.push(store::published(&db.read, community, &row.number, lang).await?);
        }
        Ok(Arc::new(all))
    };
    db.memory.recall(Some(community), name, read).await
}

async fn result(State(state): State<AppState>, ask: Ask, Path((_, number)): Path<(String, String)>) -> Response {
    let found = async {
        let community = here(&ask)?;
        let view = published(&state, &ask, community, &number).await?;
        let before = before(&state, &ask, community, &view).await?;
        Ok::<_, AppError>((view, before))
    };
    match found.await {
        Ok((view, before)) => {
            let boot = ask.boot.clone();
            ask.tool_page(&state, &view.row.number, "recount", || pages::result(&boot, &view, &before, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// A round whose parts are shown: a void one keeps them.
async fn with_parts(state: &AppState, ask: &Ask, number: &str) -> Result<Arc<View>, AppError> {
    let view = published(state, ask, here(ask)?, number).await?;
    if view.count.verdict().is_some() { Ok(view) } else { Err(AppError::NotFound) }
}

async fn item(State(state): State<AppState>, ask: Ask, Path((_, number, code)): Path<(String, String, String)>) -> Response {
    let found = async {
        let view = with_parts(&state, &ask, &number).await?;
        let at = view.count.items.iter().position(|i| i.code == code).ok_or(AppError::NotFound)?;
        Ok::<_, AppError>((view, at))
    };
    match found.await {
        Ok((view, at)) => {
            let boot = ask.boot.clone();
            ask.page(&state, &code, || pages::item(&boot, &view, &view.count.items[at]))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn sheets(State(state): State<AppState>, ask: Ask, Path((_, number)): Path<(String, String)>) -> Response {
    match with_parts(&state, &ask, &number).await {
        Ok(view) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "全部打分表", "All sheets"), || pages::sheets(&boot, &view))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn sheets_csv(State(state): State<AppState>, ask: Ask, Path((_, number)): Path<(String, String)>) -> Response {
    let made = async { anonymous::csv(&*with_parts(&state, &ask, &number).await?) };
    match made.await {
        Ok(bytes) => download("text/csv; charset=utf-8", "sheets.csv", bytes),
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn everything(State(state): State<AppState>, ask: Ask, Path((_, number)): Path<(String, String)>) -> Response {
    match with_parts(&state, &ask, &number).await {
        Ok(view) => Json(anonymous::everything(&view)).into_response(),
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn my_rounds(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async { scorers::open_for(&state.services.db.read, allowed(&ask, Permission::Score)?).await };
    match found.await {
        Ok(rounds) => {
            let boot = ask.boot.clone();
            ask.phone_page(&state, app::tr!(ask.lang(), "物业考核打分", "Scoring"), || sheet_page::list(&boot, &rounds, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn my_sheet(State(state): State<AppState>, ask: Ask, Path(round): Path<Uuid>) -> Response {
    let found = async { scorers::mine(&state.services.db.read, ask.person()?, round).await };
    match found.await {
        Ok(mine) => {
            let boot = ask.boot.clone();
            ask.phone_page(&state, &mine.row.number.clone(), || sheet_page::one(&boot, &mine, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn desk_list(State(state): State<AppState>, ask: Ask) -> Response {
    let now = Time::now();
    let found = async {
        let viewer = allowed(&ask, Permission::ScoringDesk)?;
        let db = &state.services.db.read;
        let retained = store::retained(db, viewer.community(), now).await?;
        Ok::<_, AppError>((store::list(db, viewer.community()).await?, store::current_template(db, viewer.community()).await?, retained))
    };
    match found.await {
        Ok((rounds, template, retained)) => {
            let boot = ask.boot.clone();
            let halves = halves(now, boot.offset(), HALVES);
            ask.page(&state, app::tr!(ask.lang(), "物业考核", "Scoring"), || desk::list(&boot, &rounds, &halves, &template, retained, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn sheet_file(State(state): State<AppState>, ask: Ask) -> Response {
    let made = async {
        let viewer = allowed(&ask, Permission::ScoringDesk)?;
        let template = store::current_template(&state.services.db.read, viewer.community()).await?;
        tokio::task::spawn_blocking(move || export(&template)).await.map_err(app::context::internal)?
    };
    match made.await {
        Ok(bytes) => download(XLSX, "sheet.xlsx", bytes),
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn desk_one(State(state): State<AppState>, ask: Ask, Path(round): Path<Uuid>) -> Response {
    let found = async {
        let viewer = ask.person()?;
        let db = &state.services.db.read;
        let view = store::at_desk(db, viewer, round, ask.lang()).await?;
        let roll = if viewer.may(Permission::ScoringAudit) { Some(scorers::audit(db, viewer, round).await?) } else { None };
        let remarks = if viewer.may(Permission::ScoringDesk) { scorers::remarks(db, viewer, round).await? } else { vec![] };
        let spots = places(&state.services.db, viewer.community()).await?.into_iter().map(|p| (p.id, p.name)).collect::<Vec<_>>();
        Ok::<_, AppError>((view, roll, remarks, spots))
    };
    match found.await {
        Ok((view, roll, remarks, spots)) => {
            let boot = ask.boot.clone();
            ask.page(&state, &view.row.number.clone(), || desk::one(&boot, &view, roll.as_deref(), &remarks, &spots, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn print_result(State(state): State<AppState>, ask: Ask, Path((slug, number)): Path<(String, String)>) -> Response {
    let (number, as_pdf) = as_asked(&number);
    let made = async {
        let (home, slug) = app::rooms::communities::store::by_slug(&state.services.db, &slug).await?;
        let view = published(&state, &ask, home.id, number).await?;
        let proof = proof_of(&state.services.db.read, home.id, "scoring", view.row.id).await?;
        Ok(papers::report(ask.lang(), home.name, &slug, &view, proof, Time::now()))
    };
    answer(&state, &ask, made.await, as_pdf).await
}

async fn print_sheet_for(State(state): State<AppState>, ask: Ask, Path((round, person)): Path<(Uuid, String)>) -> Response {
    let (person, as_pdf) = as_asked(&person);
    let made = async {
        let viewer = ask.person()?;
        let paper = scorers::paper(&state.services.db.read, viewer, round, person.parse().map_err(|_| AppError::NotFound)?).await?;
        let proof = proof_of(&state.services.db.read, viewer.community(), "scoring", paper.row.id).await?;
        Ok(papers::sheet_for(&ask.boot, &paper, proof, Time::now()))
    };
    answer(&state, &ask, made.await, as_pdf).await
}

async fn print_sheet(State(state): State<AppState>, ask: Ask, Path(round): Path<String>) -> Response {
    let (round, as_pdf) = as_asked(&round);
    let made = async {
        let viewer = ask.person()?;
        let mine = scorers::mine(&state.services.db.read, viewer, round.parse().map_err(|_| AppError::NotFound)?).await?;
        let proof = proof_of(&state.services.db.read, viewer.community(), "scoring", mine.row.id).await?;
        Ok(papers::paper_sheet(&ask.boot, &mine, proof, Time::now()))
    };
    answer(&state, &ask, made.await, as_pdf).await
}

async fn paper_page(State(state): State<AppState>, ask: Ask, Path((round, person)): Path<(Uuid, PersonId)>) -> Response {
    let found = async { scorers::paper(&state.services.db.read, ask.person()?, round, person).await };
    match found.await {
        Ok(paper) => {
            let boot = ask.boot.clone();
            ask.page(&state, &paper.row.number.clone(), || paper_page::page(&boot, &paper, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn editor_page(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async { store::current_template(&state.services.db.read, allowed(&ask, Permission::ScoringRun)?.community()).await };
    match found.await {
        Ok(template) => {
            let boot = ask.boot.clone();
            ask.tool_page(&state, app::tr!(ask.lang(), "改考核表", "Change the sheet"), "editor", || editor::page(&boot, &template))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// Reminds those who have not handed in, in every community.
///
/// # Errors
/// When the database refuses.
pub async fn remind(state: &AppState) -> Result<usize, AppError> {
    let mut count = 0;
    for (community, _) in app::rooms::communities::store::all(&state.services.db).await? {
        for reminder in reminders::due(&state.services.db.read, community.id, Time::now()).await? {
            match crate::ask::submit_as(state, &Caller::Clock(community.id), MutationId::new(), Mutation::ScoringRemind(reminder), None).await {
                Ok(_) => count += 1,
                Err(error) => tracing::debug!(%error, "not reminded"),
            }
        }
    }
    Ok(count)
}
