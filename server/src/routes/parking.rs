//! Parking: public rounds and their files, the verifier, a home's page, the desk, the forms, the contract.

use super::desk::allowed;
use super::documents::{XLSX, answer, as_asked, download};
use super::fields::{Fields, Sent, received};
use super::forms::{Pairs, finish};
use super::fund::pictures;
use super::lists::{self, Lists};
use crate::ask::{AppState, Ask, submit_as};
use app::context::{Caller, internal};
use app::error::AppError;
use app::ids::{BuildingId, CommunityId, MutationId, UnitId};
use app::measure::{Fen, MINUTE, Time};
use app::mutation::Mutation;
use app::rooms::bays::store as bays;
use app::rooms::communities::store::buildings;
use app::rooms::documents::store::proof_of;
use app::rooms::parking::model::{
    Answer, AnswerSwap, Appeal, Apply, Band, BandRule, ChangeCar, CheckCar, CheckCard, Choose, Commit, ConfirmList, Decline, Draw, Move, Notice, Object, Open, Paper, Pay,
    Postpone, Register, Release, RemoveCar, Renew, Reveal, Ruling, Swap, TakeBack, Turn,
};
use app::rooms::parking::store::{self, View};
use app::rooms::parking::verify::{PYTHON, ToCommit};
use app::rooms::parking::{desk, imports, mine, offers, pages, papers, verify};
use app::rooms::people::members::find_unit;
use app::rooms::people::rules::Permission;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// The pages and plain forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/c/{slug}/parking", get(overview))
        .route("/c/{slug}/parking/verify", get(verifier))
        .route("/c/{slug}/parking/verify.py", get(python))
        .route("/c/{slug}/parking/{number}", get(public))
        .route("/c/{slug}/parking/{number}/verify", get(verify_round))
        .route("/c/{slug}/parking/{number}/draw.json", get(draw_file))
        .route("/c/{slug}/parking/{number}/{list}", get(list_file))
        .route("/parking", get(my_page))
        .route("/desk/parking", get(desk_list))
        .route("/desk/parking/cars", get(desk_cars))
        .route("/desk/parking/leases", get(desk_leases))
        .route("/desk/parking/export.xlsx", get(export))
        .route("/desk/parking/list/{id}", get(preview))
        .route("/desk/parking/{round}", get(desk_one))
        .route("/print/parking-lease/{id}", get(print_lease))
        .route("/forms/parking/{step}", post(step))
}

/// The forms that carry files.
pub fn with_files() -> Router<AppState> {
    Router::new().route("/forms/parking-car", post(register)).route("/forms/parking-list", post(upload))
}

fn here(ask: &Ask) -> Result<CommunityId, AppError> {
    ask.boot.community.as_ref().map(|c| c.id).ok_or(AppError::NotFound)
}

/// Whether whoever asks may apply here, and whether they may commit.
async fn may(state: &AppState, ask: &Ask, community: CommunityId) -> Result<(bool, bool), AppError> {
    let viewer = ask.viewer_in(state, community).await?;
    let may = |what| viewer.as_ref().is_some_and(|v| v.may(what));
    Ok((may(Permission::ParkingApply), may(Permission::ParkingCommit)))
}

async fn overview(State(state): State<AppState>, ask: Ask) -> Response {
    let now = Time::now();
    let found = async {
        let community = here(&ask)?;
        let db = &state.services.db;
        let read = async { Ok(Arc::new((store::list(&db.read, community).await?, store::statement(&db.read, community, now).await?))) };
        let both = db.memory.recall(Some(community), "parking".into(), read).await?;
        Ok::<_, AppError>((both, may(&state, &ask, community).await?.0))
    };
    match found.await {
        Ok((both, resident)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "停车", "Parking"), || pages::overview(&boot, &both.0, &both.1, resident, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// A round, remembered for a moment: everybody reads the same.
async fn known(state: &AppState, ask: &Ask, number: &str) -> Result<Arc<View>, AppError> {
    let (db, community, lang, number) = (&state.services.db, here(ask)?, ask.lang(), number.to_owned());
    let name = format!("parking {} {number}", lang.code());
    db.memory.recall(Some(community), name, async move { store::public(&db.read, community, &number, lang, Time::now()).await.map(Arc::new) }).await
}

async fn public(State(state): State<AppState>, ask: Ask, Path((_, number)): Path<(String, String)>) -> Response {
    let found = async {
        let view = known(&state, &ask, &number).await?;
        Ok::<_, AppError>((view, may(&state, &ask, here(&ask)?).await?))
    };
    match found.await {
        Ok((view, may)) => {
            let boot = ask.boot.clone();
            ask.tool_page(&state, &view.row.title, "follow", || pages::one(&boot, &view, may, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn draw_file(State(state): State<AppState>, ask: Ask, Path((_, number)): Path<(String, String)>) -> Response {
    let found = async { store::draw_file(&state.services.db.read, here(&ask)?, &number).await };
    match found.await {
        Ok(file) => {
            let mut response = Json(file).into_response();
            response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"draw.json\""));
            response
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// `list-2.txt`: a version of the list exactly as it was hashed.
async fn list_file(State(state): State<AppState>, ask: Ask, Path((_, number, list)): Path<(String, String, String)>) -> Response {
    let found = async {
        let version: i64 = list.strip_prefix("list-").and_then(|l| l.strip_suffix(".txt")).and_then(|n| n.parse().ok()).ok_or(AppError::NotFound)?;
        let view = known(&state, &ask, &number).await?;
        view.lists.iter().find(|l| l.version == version).map(|l| l.body.clone()).ok_or(AppError::NotFound)
    };
    match found.await {
        Ok(body) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], body).into_response(),
        Err(error) => ask.refusal(&state, &error),
    }
}

/// Which round, and for whom.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    round: String,
    party: String,
}

/// The verifier with the draw of a round in it, at an address of its own: a phone keeps it.
async fn verify_round(State(state): State<AppState>, ask: Ask, Path((_, round)): Path<(String, String)>) -> Response {
    verify_one(&state, &ask, Asked { round, party: String::new() }).await
}

async fn verifier(State(state): State<AppState>, ask: Ask, Query(asked): Query<Asked>) -> Response {
    verify_one(&state, &ask, asked).await
}

async fn verify_one(state: &AppState, ask: &Ask, asked: Asked) -> Response {
    let found = async {
        let community = here(ask)?;
        let db = &state.services.db.read;
        if asked.round.is_empty() {
            return Ok((None, ToCommit::default()));
        }
        let row = store::by_number(db, community, &asked.round).await?;
        let file = if row.drawn_at.is_some() { Some(store::draw_file(db, community, &asked.round).await?) } else { None };
        Ok::<_, AppError>((file, ToCommit { round: row.number, list_hash: row.list_hash, party: asked.party.chars().take(10).collect() }))
    };
    match found.await {
        Ok((file, commit)) => {
            let boot = ask.boot.clone();
            ask.phone_page(state, app::tr!(ask.lang(), "核验抽签", "Check a draw"), || verify::page(&boot, file.as_ref(), &commit))
        }
        Err(error) => ask.refusal(state, &error),
    }
}

async fn python() -> Response {
    download("text/x-python; charset=utf-8", "verify_draw.py", PYTHON)
}

/// The bay that was tapped on the plan.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Picked {
    bay: String,
}

async fn my_page(State(state): State<AppState>, ask: Ask, Query(picked): Query<Picked>) -> Response {
    let picked: String = picked.bay.chars().take(20).collect();
    let now = Time::now();
    let found = async { store::mine(&state.services.db.read, allowed(&ask, Permission::ParkingApply)?, ask.lang(), now).await };
    match found.await {
        Ok(all) => {
            let boot = ask.boot.clone();
            ask.phone_page(&state, app::tr!(ask.lang(), "我家的车和车位", "My cars and bays"), || mine::page(&boot, &all, &picked, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn desk_list(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::ParkingDesk)?;
        let db = &state.services.db.read;
        let free = bays::list(db, viewer.community()).await?;
        let free = free.into_iter().filter(|b| b.kind.common() && b.state == app::rooms::bays::model::BayState::Free && b.freed);
        Ok::<_, AppError>((store::list(db, viewer.community()).await?, free.map(|b| b.code).collect::<Vec<_>>()))
    };
    match found.await {
        Ok((rounds, codes)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "停车", "Parking"), || desk::list(&boot, &rounds, &codes, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn desk_one(State(state): State<AppState>, ask: Ask, Path(round): Path<Uuid>) -> Response {
    let now = Time::now();
    let found = async {
        let viewer = allowed(&ask, Permission::ParkingDesk)?;
        let db = &state.services.db.read;
        let view = store::at_desk(db, viewer, round, ask.lang(), now).await?;
        let typed = if viewer.may(Permission::ParkingCheck) { store::papers(db, viewer, round, ask.lang()).await? } else { vec![] };
        Ok::<_, AppError>((view, typed, buildings(db, viewer.community()).await?))
    };
    match found.await {
        Ok((view, typed, houses)) => {
            let boot = ask.boot.clone();
            ask.page(&state, &view.row.title.clone(), || desk::one(&boot, &view, &typed, &houses, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn desk_cars(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::ParkingCheck)?;
        let db = &state.services.db.read;
        Ok::<_, AppError>((store::cars(db, viewer, ask.lang()).await?, buildings(db, viewer.community()).await?))
    };
    match found.await {
        Ok((cars, houses)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "车辆", "Cars"), || desk::cars(&boot, &cars, &houses, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn desk_leases(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::ParkingDesk)?;
        let db = &state.services.db.read;
        Ok::<_, AppError>((store::leases(db, viewer, ask.lang()).await?, store::payments(db, viewer).await?))
    };
    match found.await {
        Ok((leases, payments)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "合同和缴费", "Leases and payments"), || desk::leases(&boot, &leases, &payments, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn export(State(state): State<AppState>, ask: Ask) -> Response {
    let made = async {
        let viewer = allowed(&ask, Permission::ParkingCheck)?;
        let db = &state.services.db.read;
        let (cars, leases) = (store::cars(db, viewer, ask.lang()).await?, store::leases(db, viewer, ask.lang()).await?);
        let (doors, homes) = imports::doors(db, viewer).await?;
        let offset = ask.boot.offset();
        tokio::task::spawn_blocking(move || imports::export(&cars, &leases, &doors, &homes, offset)).await.map_err(internal)?
    };
    match made.await {
        Ok(bytes) => download(XLSX, "parking.xlsx", bytes),
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn preview(State(state): State<AppState>, ask: Ask, Path(id): Path<Uuid>) -> Response {
    let found = async { imports::preview(&state.services.db, ask.person()?, id).await };
    match found.await {
        Ok((ready, confirmed)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "导入预览", "Preview"), || desk::preview(&boot, id, &ready, confirmed))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn print_lease(State(state): State<AppState>, ask: Ask, Path(id): Path<String>) -> Response {
    let (id, as_pdf) = as_asked(&id);
    let made = async {
        let viewer = ask.person()?;
        let id: Uuid = id.parse().map_err(|_| AppError::NotFound)?;
        let db = &state.services.db.read;
        let (lease, round) = store::lease(db, viewer, id, ask.lang()).await?;
        let proof = proof_of(db, viewer.community(), "parking_lease", id).await?;
        Ok(papers::contract(&ask.boot, &lease, round.as_ref(), proof, Time::now()))
    };
    answer(&state, &ask, made.await, as_pdf).await
}

fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).trim().to_owned()
}

fn yes(fields: &Fields, name: &str) -> bool {
    fields.get(name) == "1"
}

fn number(fields: &Fields, name: &str) -> i64 {
    fields.get(name).trim().parse().unwrap_or(-1)
}

/// A moment as a form has it: `2026-12-24T21:15` on the community's clock.
fn moment(fields: &Fields, name: &str, offset: i32) -> Time {
    let typed = fields.get(name).trim();
    let at = chrono::NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M").or_else(|_| chrono::NaiveDateTime::parse_from_str(typed, "%Y-%m-%d %H:%M"));
    // A moment that cannot be read lies in the past, which every form refuses in its own words.
    at.map_or(Time(0), |at| Time(at.and_utc().timestamp_millis() - i64::from(offset) * MINUTE))
}

/// `POST /forms/parking/{step}`.
async fn step(State(state): State<AppState>, ask: Ask, Path(step): Path<String>, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let mutation = asked_for(&state, &ask, &step, &fields).await?;
        ask.submit(&state, None, fields.id()?, mutation, None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn asked_for(state: &AppState, ask: &Ask, step: &str, f: &Fields) -> Result<Mutation, AppError> {
    let moved = || Ok::<_, AppError>(Move { round: f.parse("round")?, version: f.parse("version")? });
    Ok(match step {
        "open" => Mutation::ParkingOpen(opening(state, ask, f).await?),
        "car" => Mutation::ParkingCar(Register { plate: text(f, "plate"), unit: home(state, ask, f).await?, contact: text(f, "contact"), photos: vec![] }),
        "paper" => Mutation::ParkingPaper(Paper {
            round: f.parse("round")?,
            unit: home(state, ask, f).await?,
            plate: text(f, "plate"),
            tenant: yes(f, "tenant"),
            second: yes(f, "second"),
            card: yes(f, "card"),
        }),
        "freeze" => Mutation::ParkingFreeze(moved()?),
        "settle" => Mutation::ParkingSettle(moved()?),
        "close" => Mutation::ParkingClose(moved()?),
        "postpone" => Mutation::ParkingPostpone(Postpone {
            round: f.parse("round")?,
            version: f.parse("version")?,
            public_name: text(f, "public_name"),
            public_at: moment(f, "public_at", ask.boot.offset()),
            reason: text(f, "reason"),
        }),
        "answer" => Mutation::ParkingAnswer(Answer { objection: f.parse("objection")?, upheld: yes(f, "upheld"), words: text(f, "words") }),
        "commit" => Mutation::ParkingCommit(Commit { round: f.parse("round")?, commitment: text(f, "commitment") }),
        "reveal" => Mutation::ParkingReveal(Reveal { round: f.parse("round")?, nonce: text(f, "nonce") }),
        "draw" => Mutation::ParkingDraw(Draw { round: f.parse("round")?, version: f.parse("version")?, public: text(f, "public") }),
        "card" => Mutation::ParkingCard(CheckCard { application: f.parse("application")?, seen: yes(f, "seen") }),
        "car-check" => Mutation::ParkingCarCheck(CheckCar { vehicle: f.parse("vehicle")?, accepts: yes(f, "accepts"), words: text(f, "words") }),
        "import" => Mutation::ParkingImport(ConfirmList { import: f.parse("import")? }),
        "pay" => Mutation::ParkingPay(Pay { lease: f.parse("lease")?, months: number(f, "months"), voucher: text(f, "voucher") }),
        "notice" => Mutation::ParkingNotice(Notice { lease: f.parse("lease")?, reason: text(f, "reason") }),
        "ruling" => Mutation::ParkingRuling(Ruling { lease: f.parse("lease")?, stands: yes(f, "stands"), words: text(f, "words") }),
        other => of_home(other, f)?,
    })
}

/// What a home asks for.
fn of_home(step: &str, f: &Fields) -> Result<Mutation, AppError> {
    let choice = || match f.get("bay").trim() {
        "" => Err(AppError::field("bay", "请选一个车位", "Choose a bay")),
        "pass" => Ok(None),
        id => id.parse().map(Some).map_err(|_| AppError::field("bay", "请选一个车位", "Choose a bay")),
    };
    Ok(match step {
        "car-remove" => Mutation::ParkingCarRemove(RemoveCar { vehicle: f.parse("vehicle")? }),
        "apply" => Mutation::ParkingApply(Apply { round: f.parse("round")?, vehicle: f.parse("vehicle")?, second: yes(f, "second"), card: yes(f, "card") }),
        "take-back" => Mutation::ParkingTakeBack(TakeBack { application: f.parse("application")? }),
        "object" => Mutation::ParkingObject(Object { round: f.parse("round")?, code: text(f, "code"), words: text(f, "words") }),
        "choose" => Mutation::ParkingChoose(Choose { application: f.parse("application")?, bay: choice()? }),
        "decline" => Mutation::ParkingDecline(Decline { application: f.parse("application")? }),
        "release" => Mutation::ParkingRelease(Release { lease: f.parse("lease")? }),
        "renew" => Mutation::ParkingRenew(Renew { lease: f.parse("lease")? }),
        "change-car" => Mutation::ParkingChangeCar(ChangeCar { lease: f.parse("lease")?, vehicle: f.parse("vehicle")? }),
        "swap" => Mutation::ParkingSwap(Swap { lease: f.parse("lease")?, bay: text(f, "bay") }),
        "answer-swap" => Mutation::ParkingAnswerSwap(AnswerSwap { swap: f.parse("swap")?, agrees: yes(f, "agrees") }),
        "appeal" => Mutation::ParkingAppeal(Appeal { lease: f.parse("lease")?, words: text(f, "words") }),
        _ => return Err(AppError::UnknownKind),
    })
}

/// The home that a desk typed; nobody's where no building was chosen.
async fn home(state: &AppState, ask: &Ask, f: &Fields) -> Result<Option<UnitId>, AppError> {
    let viewer = allowed(ask, Permission::ParkingCheck)?;
    match f.maybe::<BuildingId>("building")? {
        None => Ok(None),
        Some(building) => find_unit(&state.services.db.read, viewer.community(), building, f.get("stair"), f.get("room")).await.map(Some),
    }
}

async fn opening(state: &AppState, ask: &Ask, f: &Fields) -> Result<Open, AppError> {
    let viewer = allowed(ask, Permission::ParkingRun)?;
    let codes: HashMap<String, Uuid> = bays::list(&state.services.db.read, viewer.community()).await?.into_iter().map(|b| (b.code.to_uppercase(), b.id)).collect();
    let typed = f.get("bays").to_uppercase();
    let mut chosen = Vec::new();
    for code in typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；')).filter(|c| !c.is_empty()).take(app::rooms::parking::rules::BAYS_MAX + 1)
    {
        let short: String = code.chars().take(20).collect();
        chosen.push(*codes.get(code).ok_or_else(|| AppError::field("bays", format!("没有车位 {short}"), format!("There is no bay {short}")))?);
    }
    let band = |b: &Band| {
        let fee = f.get(&format!("fee.{}", b.code())).trim();
        (!fee.is_empty()).then(|| BandRule { band: *b, months: number(f, &format!("months.{}", b.code())), fee: Fen::parse_yuan(fee).unwrap_or(Fen(-1)) })
    };
    Ok(Open {
        title: text(f, "title"),
        source: text(f, "source"),
        days: number(f, "days"),
        quota: number(f, "quota"),
        bands: Band::ALL.iter().filter_map(band).collect(),
        bays: chosen,
        public_name: text(f, "public_name"),
        public_at: moment(f, "public_at", ask.boot.offset()),
    })
}

async fn register(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::ParkingApply, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = async {
        let photos = pictures(&state, &ask, &mut fields).await?;
        let car = Register { plate: text(&fields, "plate"), unit: None, contact: String::new(), photos };
        ask.submit(&state, None, fields.id()?, Mutation::ParkingCar(car), None).await
    };
    let done = done.await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn upload(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let lists = Lists { needed: Permission::ParkingCheck, form: "/desk/parking/cars", previews: "/desk/parking/list" };
    lists::upload(&state, &ask, form, lists, async |table| imports::upload(&state.services.db, ask.person()?, &table, Time::now()).await).await
}

/// Offers that ran out, leases that end: what the clock does, in every community. Answers how many rounds moved.
///
/// # Errors
/// When the database refuses.
pub async fn turn_all(state: &AppState) -> Result<usize, AppError> {
    let mut count = 0;
    for (community, _) in app::rooms::communities::store::all(&state.services.db).await? {
        for round in offers::due(&state.services.db.read, community.id, Time::now()).await? {
            match submit_as(state, &Caller::Clock(community.id), MutationId::new(), Mutation::ParkingTurn(Turn { round }), None).await {
                Ok(_) => count += 1,
                // One that cannot move must not keep the others.
                Err(error) => tracing::warn!(%error, "a round of parking did not move on"),
            }
        }
    }
    Ok(count)
}
