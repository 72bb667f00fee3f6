//! The maintenance fund: public pages, the desk, the forms, and what prints.

use super::desk::allowed;
use super::documents::{answer, as_asked};
use super::fields::{Attached, Fields, Sent, keep_picture, photo_of, received};
use super::forms::{Pairs, finish};
use super::lists::{self, Lists};
use crate::ask::{AppState, Ask};
use app::context::Viewer;
use app::error::AppError;
use app::ids::{BuildingId, CommunityId, PhotoId};
use app::measure::{Area, Fen, Time};
use app::mutation::Mutation;
use app::rooms::communities::store::{buildings, unit};
use app::rooms::documents::model::Document;
use app::rooms::documents::store::{newest_of, proof_of};
use app::rooms::fund::model::{Advance, ConfirmOpening, Enter, Income, Opine, Outline, Paper, Propose, Scope, StepIn};
use app::rooms::fund::pages::{self, Household};
use app::rooms::fund::papers::{self, Desk};
use app::rooms::fund::rules::{EmergencyCase, Step, half_of, halves, span_of};
use app::rooms::fund::votes::Count;
use app::rooms::fund::{desk, imports, store};
use app::rooms::people::members::{find_unit, heads};
use app::rooms::people::rules::Permission;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;

/// The pages and plain forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/c/{slug}/fund", get(overview))
        .route("/c/{slug}/fund/buildings/{code}", get(building))
        .route("/c/{slug}/fund/uses/{number}", get(one_use))
        .route("/mine/fund", get(mine))
        .route("/desk/fund", get(desk_page))
        .route("/desk/fund/list/{id}", get(preview))
        .route("/forms/fund-enter", post(enter))
        .route("/forms/fund-opening", post(opening))
        .route("/forms/fund-opine", post(opine))
        .route("/forms/fund-step-in", post(step_in))
        .route("/print/fund/{slug}/buildings/{code}", get(print_building))
        .route("/print/fund/{slug}/uses/{number}/{what}", get(print_use))
        .route("/print/fund/mine", get(print_mine))
        .route("/print/fund/mine.pdf", get(print_mine_pdf))
}

/// The forms that carry files.
pub fn with_files() -> Router<AppState> {
    Router::new().route("/forms/fund-propose", post(propose)).route("/forms/fund-advance", post(advance)).route("/forms/fund-list", post(upload))
}

/// Which half-year.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Half {
    /// `2026H1`; the present one when it is empty.
    half: String,
}

impl Half {
    /// The half-year, its span, and those to choose from.
    fn read(&self, offset: i32, now: Time) -> (String, (Time, Time), Vec<String>) {
        let all = halves(now, offset, 6);
        let half = if span_of(&self.half, offset).is_some() { self.half.clone() } else { half_of(now, offset) };
        let span = span_of(&half, offset).unwrap_or((now, now));
        (half, span, all)
    }
}

pub(super) fn here(ask: &Ask) -> Result<CommunityId, AppError> {
    ask.boot.community.as_ref().map(|c| c.id).ok_or(AppError::NotFound)
}

async fn overview(State(state): State<AppState>, ask: Ask) -> Response {
    let now = Time::now();
    let found = async {
        let db = &state.services.db;
        let community = here(&ask)?;
        let fund = db.memory.recall(Some(community), "fund".into(), store::overview(&db.read, community, now)).await?;
        Ok::<_, AppError>((fund, ask.viewer_in(&state, community).await?.is_some_and(|v| v.may(Permission::FundOpine))))
    };
    match found.await {
        Ok((fund, mine)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "维修资金", "Maintenance fund"), || pages::overview(&boot, &fund, mine))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn building(State(state): State<AppState>, ask: Ask, Path((_, code)): Path<(String, String)>, Query(half): Query<Half>) -> Response {
    let now = Time::now();
    let (half, span, all) = half.read(ask.boot.offset(), now);
    let found = async {
        let db = &state.services.db;
        let community = here(&ask)?;
        db.memory.recall(Some(community), format!("fund {code} {half}"), store::building_statement(&db.read, community, &code, span, now)).await
    };
    match found.await {
        Ok((account, statement)) => {
            let boot = ask.boot.clone();
            ask.page(&state, &account.name, || pages::building(&boot, &account, &statement, &half, &all))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn one_use(State(state): State<AppState>, ask: Ask, Path((_, number)): Path<(String, String)>) -> Response {
    let now = Time::now();
    let found = async {
        let community = here(&ask)?;
        let viewer = ask.viewer_in(&state, community).await?;
        let view = store::view(&state.services.db.read, community, &number, viewer.as_ref(), ask.lang(), now).await?;
        let share = match viewer.as_ref().filter(|v| v.may(Permission::FundOpine)).and_then(Viewer::unit) {
            Some(unit) => store::shares(&state.services.db.read, community, &view, ask.lang()).await?.into_iter().find(|s| s.unit == unit).map(|s| (s.area, s.share)),
            None => None,
        };
        Ok::<_, AppError>((view, share))
    };
    match found.await {
        Ok((view, share)) => {
            let boot = ask.boot.clone();
            ask.page(&state, &view.row.title.clone(), || pages::one_use(&boot, &view, share, desk::next_step(&boot, &view)))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn household(state: &AppState, ask: &Ask, span: (Time, Time)) -> Result<Household, AppError> {
    let viewer = ask.person()?;
    let db = &state.services.db.read;
    let (initial, balance, statement) = store::household_statement(db, viewer, span).await?;
    let own = viewer.unit().ok_or(AppError::Forbidden)?;
    let name = unit(db, viewer.community(), own).await?.name(ask.lang(), false);
    Ok(Household { name, initial, balance, statement, shares: store::household_shares(db, viewer).await? })
}

async fn mine(State(state): State<AppState>, ask: Ask, Query(half): Query<Half>) -> Response {
    let (half, span, all) = half.read(ask.boot.offset(), Time::now());
    match household(&state, &ask, span).await {
        Ok(household) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "我家的维修资金", "My household's fund"), || pages::mine(&boot, &household, &half, &all))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn desk_page(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::FundDesk)?;
        let db = &state.services.db.read;
        Ok::<_, AppError>((store::overview(db, viewer.community(), Time::now()).await?, buildings(db, viewer.community()).await?))
    };
    match found.await {
        Ok((fund, homes)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "维修资金", "Maintenance fund"), || desk::desk(&boot, &fund, &homes))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn preview(State(state): State<AppState>, ask: Ask, Path(id): Path<uuid::Uuid>) -> Response {
    let found = async { imports::preview(&state.services.db, ask.person()?, id).await };
    match found.await {
        Ok((ready, confirmed)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "期初余额预览", "Opening balances"), || desk::preview(&boot, id, &ready, confirmed))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

fn money(fields: &Fields, name: &str) -> Result<Fen, AppError> {
    Fen::parse_yuan(fields.get(name)).ok_or_else(|| AppError::field(name, "请填金额，例如 1860.00", "Enter the amount, e.g. 1860.00"))
}

async fn enter(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let viewer = ask.person()?;
        let what = match fields.get("kind") {
            "interest" => Income::Interest,
            "common_income" => Income::CommonIncome,
            "deposit" => {
                let home: BuildingId = fields.parse("home")?;
                Income::Deposit { unit: find_unit(&state.services.db.read, viewer.community(), home, fields.get("door"), fields.get("room")).await? }
            }
            _ => return Err(AppError::UnknownKind),
        };
        let enter = Enter { what, amount: money(&fields, "amount")?, words: fields.get("entry_words").to_owned() };
        ask.submit(&state, None, fields.id()?, Mutation::FundEnter(enter), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn opening(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::FundOpening(ConfirmOpening { import: fields.parse("import")? }), None).await };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn opine(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let opine = Opine { subject: fields.parse("subject")?, agrees: fields.get("agrees") == "1", words: fields.get("words").to_owned() };
        ask.submit(&state, None, fields.id()?, Mutation::FundOpine(opine), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn step_in(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let step = StepIn { subject: fields.parse("subject")?, version: fields.parse("version")?, words: fields.get("words").to_owned() };
        ask.submit(&state, None, fields.id()?, Mutation::FundStepIn(step), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

/// The photos of a form: those kept before, and those that came with it, kept now.
pub async fn pictures(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Vec<PhotoId>, AppError> {
    let viewer = ask.person()?;
    let mut photos: Vec<PhotoId> = fields.all("photo").iter().filter_map(|p| p.parse().ok()).collect();
    let id = fields.id()?;
    for (position, Attached { bytes, .. }) in std::mem::take(&mut fields.files).into_iter().enumerate() {
        state.limits.photo(ask.address, true)?;
        let photo = photo_of(id, position, &bytes);
        keep_picture(state, viewer.community(), Some(viewer.person()), photo, bytes).await?;
        fields.values.entry("photo".into()).or_default().push(photo.to_string());
        photos.push(photo);
    }
    Ok(photos)
}

async fn propose(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::FundPropose, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_propose(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn try_propose(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<app::mutation::Receipt, AppError> {
    let homes: Vec<BuildingId> = fields.all("building").iter().filter_map(|b| b.parse().ok()).collect();
    let scope = match (fields.get("scope"), homes.first()) {
        ("buildings", Some(_)) => Scope::Buildings { buildings: homes },
        ("stair", Some(building)) => Scope::Stair { building: *building, stair: fields.get("stair").trim().trim_end_matches('门').to_owned() },
        ("buildings" | "stair", None) => return Err(AppError::field("scope", "请选楼", "Choose the buildings")),
        _ => Scope::All,
    };
    let text = |name: &str| fields.get(name).to_owned();
    let outline = Outline { works: text("works"), reason: text("reason"), choosing: text("choosing"), accepting: text("accepting"), managing: text("managing") };
    let (title, emergency) = (text("title"), EmergencyCase::from_code(fields.get("emergency")));
    let budget = money(fields, "budget")?;
    let photos = pictures(state, ask, fields).await?;
    let propose = Propose { title, budget, scope, outline, emergency, photos };
    ask.submit(state, None, fields.id()?, Mutation::FundPropose(propose), None).await
}

async fn advance(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::FundDesk, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_advance(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn try_advance(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<app::mutation::Receipt, AppError> {
    let step = Step::from_code(fields.get("step")).ok_or(AppError::UnknownKind)?;
    let amount = if fields.get("amount").trim().is_empty() { None } else { Some(money(fields, "amount")?) };
    let count = if fields.values.contains_key("heads") { Some(count(fields)?) } else { None };
    let photos = pictures(state, ask, fields).await?;
    let paper = Paper { words: fields.get("words").to_owned(), reference: fields.get("reference").to_owned(), amount, count, photos };
    let advance = Advance { subject: fields.parse("subject")?, version: fields.parse("version")?, step, paper };
    ask.submit(state, None, fields.id()?, Mutation::FundAdvance(advance), None).await
}

fn count(fields: &Fields) -> Result<Count, AppError> {
    let wrong = || AppError::field("count", "请把六个数都填上：人数填整数，面积例如 177354.00", "Fill in all six numbers: whole heads, areas such as 177354.00");
    let heads = |name: &str| fields.get(name).trim().replace(',', "").parse::<i64>().map_err(|_| wrong());
    // An area is written as an amount is: up to two decimals.
    let area = |name: &str| Fen::parse_yuan(fields.get(name)).map(|f| Area(f.0)).ok_or_else(wrong);
    Ok(Count {
        heads: heads("heads")?,
        area: area("all_area")?,
        part_heads: heads("part_heads")?,
        part_area: area("part_area")?,
        yes_heads: heads("yes_heads")?,
        yes_area: area("yes_area")?,
    })
}

async fn upload(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let lists = Lists { needed: Permission::FundBooks, form: "/desk/fund", previews: "/desk/fund/list" };
    lists::upload(&state, &ask, form, lists, async |table| imports::upload(&state.services.db, ask.person()?, &table, Time::now()).await).await
}

/// What a document needs to know: the community, and the event that proves its subject (or else the fund's newest entry).
pub(super) async fn paper_desk(state: &AppState, ask: &Ask, community: CommunityId, subject: Option<(&str, uuid::Uuid)>) -> Result<Desk, AppError> {
    let (view, slug) = app::rooms::communities::store::known(&state.services.db, community).await?;
    let proof = match subject {
        Some((kind, subject)) => proof_of(&state.services.db.read, community, kind, subject).await?,
        None => newest_of(&state.services.db.read, community, "fund_entry").await?,
    };
    Ok(Desk { lang: ask.lang(), offset: view.offset, community: view.name, slug, now: Time::now(), proof })
}

pub(super) async fn by_slug(state: &AppState, slug: &str) -> Result<CommunityId, AppError> {
    Ok(app::rooms::communities::store::by_slug(&state.services.db, slug).await?.0.id)
}

async fn print_building(State(state): State<AppState>, ask: Ask, Path((slug, code)): Path<(String, String)>, Query(half): Query<Half>) -> Response {
    let (code, as_pdf) = as_asked(&code);
    let now = Time::now();
    let made = async {
        let community = by_slug(&state, &slug).await?;
        let desk = paper_desk(&state, &ask, community, None).await?;
        let (half, span, _) = half.read(desk.offset, now);
        let (account, statement) = store::building_statement(&state.services.db.read, community, code, span, now).await?;
        Ok::<Document, AppError>(papers::building(&desk, &account, &statement, &half))
    };
    answer(&state, &ask, made.await, as_pdf).await
}

async fn print_use(State(state): State<AppState>, ask: Ask, Path((slug, number, what)): Path<(String, String, String)>) -> Response {
    let (what, as_pdf) = as_asked(&what);
    let made = async {
        let community = by_slug(&state, &slug).await?;
        let db = &state.services.db.read;
        let view = store::view(db, community, &number, None, ask.lang(), Time::now()).await?;
        let desk = paper_desk(&state, &ask, community, Some(("fund_use", view.id))).await?;
        let shares = store::shares(db, community, &view, ask.lang()).await?;
        match what {
            "case" => Ok(papers::case_file(&desk, &view, heads(db, community, &shares.iter().map(|s| s.unit).collect()).await?)),
            "shares" => Ok(papers::shares(&desk, &view, &shares)),
            other => Step::from_code(other).and_then(|step| papers::of_step(&desk, &view, step, &shares)).ok_or(AppError::NotFound),
        }
    };
    answer(&state, &ask, made.await, as_pdf).await
}

async fn print_mine(State(state): State<AppState>, ask: Ask, Query(half): Query<Half>) -> Response {
    own_statement(&state, &ask, &half, false).await
}

async fn print_mine_pdf(State(state): State<AppState>, ask: Ask, Query(half): Query<Half>) -> Response {
    own_statement(&state, &ask, &half, true).await
}

async fn own_statement(state: &AppState, ask: &Ask, half: &Half, as_pdf: bool) -> Response {
    let made = async {
        let (half, span, _) = half.read(ask.boot.offset(), Time::now());
        let household = household(state, ask, span).await?;
        let desk = paper_desk(state, ask, ask.person()?.community(), None).await?;
        Ok(papers::household(&desk, &household, &half))
    };
    answer(state, ask, made.await, as_pdf).await
}
