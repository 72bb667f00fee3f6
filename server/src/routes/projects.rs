//! Projects: public pages, the desk, the pages on the site, the forms, and what prints.

use super::desk::allowed;
use super::documents::{answer, as_asked};
use super::fields::{Fields, Sent, received};
use super::forms::{Pairs, finish};
use super::fund::pictures;
use crate::ask::{AppState, Ask};
use app::error::AppError;
use app::ids::CommunityId;
use app::measure::{Fen, Time};
use app::mutation::{Mutation, Receipt};
use app::rooms::documents::store::proof_of;
use app::rooms::people::rules::Permission;
use app::rooms::places::store::list as places;
use app::rooms::projects::model::{
    Advance, AssetLine, BudgetLine, Clear, Contract, Convene, Inspect, Item, Mend, MilestonePlan, Paper, Pay, Plan, Propose, Reach, Seat, Sign, SignOff, Source, View,
};
use app::rooms::projects::papers::Desk;
use app::rooms::projects::party::Party;
use app::rooms::projects::rules::{Step, Verdict};
use app::rooms::projects::{desk, forms, pages, papers, site_pages, store};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;

/// The pages and plain forms.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/c/{slug}/projects", get(overview))
        .route("/c/{slug}/projects/{number}", get(public))
        .route("/desk/projects", get(desk_page))
        .route("/desk/projects/{number}", get(desk_one))
        .route("/works", get(my_works))
        .route("/works/{number}", get(site))
        .route("/forms/project-convene", post(convene))
        .route("/forms/project-sign", post(sign))
        .route("/forms/project-clear", post(clear))
        .route("/forms/project-sign-off", post(sign_off))
        .route("/print/projects/{slug}/{number}/{what}", get(print))
}

/// The forms that carry photos.
pub fn with_files() -> Router<AppState> {
    Router::new()
        .route("/forms/project-propose", post(propose))
        .route("/forms/project-advance", post(advance))
        .route("/forms/project-reach", post(reach))
        .route("/forms/project-inspect", post(inspect))
        .route("/forms/project-mend", post(mend))
        .route("/forms/project-pay", post(pay))
}

fn here(ask: &Ask) -> Result<CommunityId, AppError> {
    ask.boot.community.as_ref().map(|c| c.id).ok_or(AppError::NotFound)
}

/// Where a page of the list begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Page {
    /// Before this moment, in milliseconds; empty or nonsense: at the newest.
    before: String,
}

async fn overview(State(state): State<AppState>, ask: Ask, Query(page): Query<Page>) -> Response {
    let before = page.before.parse().ok().map(Time);
    let found = async {
        let community = here(&ask)?;
        let db = &state.services.db;
        db.memory.recall(Some(community), format!("projects {}", before.map_or(0, |t| t.0)), store::list(&db.read, community, before)).await
    };
    match found.await {
        Ok((rows, next)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "专项工程", "Projects"), || pages::overview(&boot, &rows, next))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn public(State(state): State<AppState>, ask: Ask, Path((_, number)): Path<(String, String)>) -> Response {
    let found = async {
        let community = here(&ask)?;
        let viewer = ask.viewer_in(&state, community).await?;
        store::view(&state.services.db.read, community, &number, viewer.as_ref(), ask.lang(), Time::now()).await
    };
    match found.await {
        Ok(view) => {
            let boot = ask.boot.clone();
            ask.page(&state, &view.row.title.clone(), || pages::one(&boot, &view))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn desk_page(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::ProjectDesk)?;
        let (rows, _) = store::list(&state.services.db.read, viewer.community(), None).await?;
        let spots = places(&state.services.db, viewer.community()).await?.into_iter().map(|p| (p.id, p.name)).collect::<Vec<_>>();
        Ok::<_, AppError>((rows, spots))
    };
    match found.await {
        Ok((rows, spots)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "专项工程", "Projects"), || desk::desk(&boot, &rows, &spots))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn view_for(state: &AppState, ask: &Ask, what: Permission, number: &str) -> Result<View, AppError> {
    let viewer = allowed(ask, what)?;
    store::view(&state.services.db.read, viewer.community(), number, Some(viewer), ask.lang(), Time::now()).await
}

async fn desk_one(State(state): State<AppState>, ask: Ask, Path(number): Path<String>) -> Response {
    let found = async {
        let view = view_for(&state, &ask, Permission::ProjectDesk, &number).await?;
        let people = if view.can.convene { store::candidates(&state.services.db.read, here(&ask)?, view.now).await? } else { Vec::new() };
        Ok::<_, AppError>((view, people))
    };
    match found.await {
        Ok((view, people)) => {
            let boot = ask.boot.clone();
            ask.page(&state, &view.row.title.clone(), || forms::one(&boot, &view, &people))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn my_works(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::ProjectSite)?;
        store::of_person(&state.services.db.read, viewer.community(), viewer.person()).await
    };
    match found.await {
        Ok(rows) => {
            let boot = ask.boot.clone();
            ask.phone_page(&state, app::tr!(ask.lang(), "现场检查", "Site inspections"), || site_pages::mine(&boot, &rows))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn site(State(state): State<AppState>, ask: Ask, Path(number): Path<String>) -> Response {
    match view_for(&state, &ask, Permission::ProjectSite, &number).await {
        Ok(view) => {
            let boot = ask.boot.clone();
            ask.phone_page(&state, &view.row.title.clone(), || site_pages::one(&boot, &view))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

fn money(typed: &str, field: &str) -> Result<Fen, AppError> {
    Fen::parse_yuan(typed).ok_or_else(|| AppError::field(field, "请填金额，例如 1860.00", "Enter the amount, e.g. 1860.00"))
}

/// A small number that may be absent; what is no number is named by its field.
fn count(fields: &Fields, name: &str) -> Result<Option<i64>, AppError> {
    match fields.get(name).trim() {
        "" => Ok(None),
        typed => typed.parse().map(Some).map_err(|_| AppError::field(name, "请填整数", "A whole number")),
    }
}

async fn propose(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::ProjectPropose, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_propose(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn try_propose(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Receipt, AppError> {
    let text = |name: &str| fields.get(name).to_owned();
    let source = match fields.get("source") {
        "fund" => Source::Fund { number: text("source_words").trim().to_owned() },
        "other" => Source::Other { words: text("source_words") },
        _ => Source::CommonIncome,
    };
    let plan = Plan {
        title: text("title"),
        why: text("why"),
        works: text("works"),
        places: fields.all("place").iter().filter_map(|p| p.parse().ok()).collect(),
        source,
        lines: budget(fields)?,
        milestones: milestones(fields)?,
        checklist: fields.get("checklist").lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
        assets: assets(fields)?,
    };
    let photos = pictures(state, ask, fields).await?;
    ask.submit(state, None, fields.id()?, Mutation::ProjectPropose(Propose { plan, photos }), None).await
}

/// The rows of several columns of a form; rows that are wholly empty are left out.
fn rows<const N: usize>(fields: &Fields, names: [&str; N]) -> Vec<(usize, [String; N])> {
    let count = names.iter().map(|n| fields.all(n).len()).max().unwrap_or(0);
    let row = |i: usize| names.map(|n| fields.all(n).get(i).map_or("", |v| v.trim()).to_owned());
    (0..count).map(|i| (i + 1, row(i))).filter(|(_, cells)| cells.iter().any(|c| !c.is_empty())).collect()
}

fn budget(fields: &Fields) -> Result<Vec<BudgetLine>, AppError> {
    let line = |(n, [name, amount]): (usize, [String; 2])| {
        let wrong = || AppError::field("lines", format!("预算第 {n} 行：金额请填元，例如 186.00"), format!("Line {n} of the budget: yuan, e.g. 186.00"));
        Ok(BudgetLine { name, amount: Fen::parse_yuan(&amount).ok_or_else(wrong)? })
    };
    rows(fields, ["line_name", "line_amount"]).into_iter().map(line).collect()
}

fn milestones(fields: &Fields) -> Result<Vec<MilestonePlan>, AppError> {
    let line = |(n, [name, due, share]): (usize, [String; 3])| {
        let wrong = |_| AppError::field("milestones", format!("第 {n} 个节点：付款比例请填 0 到 100 的整数"), format!("Milestone {n}: a whole share from 0 to 100"));
        let share = if share.is_empty() { 0 } else { share.parse().map_err(wrong)? };
        Ok(MilestonePlan { name, due, share })
    };
    rows(fields, ["milestone_name", "milestone_due", "milestone_share"]).into_iter().map(line).collect()
}

fn assets(fields: &Fields) -> Result<Vec<AssetLine>, AppError> {
    let number =
        |typed: &str| if typed.is_empty() { Ok(0) } else { typed.parse::<i64>().map_err(|_| AppError::field("assets", "设备数量请填整数", "Whole numbers of assets")) };
    let line = |(_, [kind, replaced, added]): (usize, [String; 3])| Ok(AssetLine { kind, replaced: number(&replaced)?, added: number(&added)? });
    rows(fields, ["asset_kind", "asset_replaced", "asset_added"]).into_iter().map(line).collect()
}

async fn convene(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let mut seats = Vec::new();
        for party in Party::ALL {
            let people = fields.all(&format!("seat_{}", party.code())).iter().filter(|p| !p.trim().is_empty());
            for person in people {
                seats.push(Seat { person: person.trim().parse().map_err(|_| AppError::NotFound)?, party });
            }
        }
        let convene = Convene { project: fields.parse("project")?, version: fields.parse("version")?, seats };
        ask.submit(&state, None, fields.id()?, Mutation::ProjectConvene(convene), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn advance(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::ProjectDesk, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_advance(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "moved").await
}

async fn try_advance(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Receipt, AppError> {
    let step = Step::from_code(fields.get("step")).ok_or(AppError::UnknownKind)?;
    let text = |name: &str| fields.get(name).to_owned();
    let contract = if step == Step::Contract {
        Some(Contract {
            number: text("contract_number"),
            contractor: text("contractor"),
            amount: money(fields.get("amount"), "amount")?,
            day: text("day"),
            warranty: text("warranty"),
            retention: count(fields, "retention")?.unwrap_or(0),
        })
    } else {
        None
    };
    let words = text("words");
    let photos = pictures(state, ask, fields).await?;
    let advance = Advance { project: fields.parse("project")?, version: fields.parse("version")?, step, paper: Paper { words, contract, photos } };
    ask.submit(state, None, fields.id()?, Mutation::ProjectAdvance(advance), None).await
}

async fn reach(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::ProjectReach, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = async {
        let photos = pictures(&state, &ask, &mut fields).await?;
        let reach = Reach { project: fields.parse("project")?, milestone: fields.parse("milestone")?, words: fields.get("words").to_owned(), photos };
        ask.submit(&state, None, fields.id()?, Mutation::ProjectReach(reach), None).await
    };
    let done = done.await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn inspect(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::ProjectSite, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_inspect(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn try_inspect(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Receipt, AppError> {
    // An item without a verdict ends the list: the rules then say that every one must be judged.
    let items: Vec<Item> = (0..)
        .map_while(|i| {
            let verdict = Verdict::from_code(fields.get(&format!("items.{i}.verdict")))?;
            Some(Item { verdict, note: fields.get(&format!("items.{i}.note")).to_owned() })
        })
        .collect();
    let (milestone, mend_days) = (count(fields, "milestone")?, count(fields, "mend_days")?);
    let photos = pictures(state, ask, fields).await?;
    let inspect = Inspect { project: fields.parse("project")?, milestone, items, words: fields.get("words").to_owned(), mend_days, photos };
    ask.submit(state, None, fields.id()?, Mutation::ProjectInspect(inspect), None).await
}

async fn sign(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let sign = Sign { inspection: fields.parse("inspection")?, words: fields.get("words").to_owned() };
        ask.submit(&state, None, fields.id()?, Mutation::ProjectSign(sign), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn clear(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let clear = Clear { defect: fields.parse("defect")?, good: fields.get("good") == "1", words: fields.get("words").to_owned() };
        ask.submit(&state, None, fields.id()?, Mutation::ProjectClear(clear), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn sign_off(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let sign = SignOff { project: fields.parse("project")?, words: fields.get("words").to_owned() };
        ask.submit(&state, None, fields.id()?, Mutation::ProjectSignOff(sign), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn mend(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::ProjectMend, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = async {
        let photos = pictures(&state, &ask, &mut fields).await?;
        let mend = Mend { defect: fields.parse("defect")?, words: fields.get("words").to_owned(), photos };
        ask.submit(&state, None, fields.id()?, Mutation::ProjectMend(mend), None).await
    };
    let done = done.await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn pay(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let mut fields = match received(&state, &ask, Permission::ProjectPay, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = try_pay(&state, &ask, &mut fields).await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn try_pay(state: &AppState, ask: &Ask, fields: &mut Fields) -> Result<Receipt, AppError> {
    let (milestone, amount) = (count(fields, "milestone")?, money(fields.get("amount"), "amount")?);
    let photo = pictures(state, ask, fields).await?.into_iter().next();
    let text = |name: &str| fields.get(name).to_owned();
    let pay = Pay { project: fields.parse("project")?, milestone, amount, words: text("words"), voucher: text("voucher"), photo };
    ask.submit(state, None, fields.id()?, Mutation::ProjectPay(pay), None).await
}

async fn print(State(state): State<AppState>, ask: Ask, Path((slug, number, what)): Path<(String, String, String)>) -> Response {
    let (what, as_pdf) = as_asked(&what);
    let made = async {
        let db = &state.services.db;
        let (community, slug) = app::rooms::communities::store::by_slug(db, &slug).await?;
        let now = Time::now();
        let view = store::view(&db.read, community.id, &number, None, ask.lang(), now).await?;
        let nth = |prefix: &str| what.strip_prefix(prefix).and_then(|n| n.parse::<i64>().ok());
        let inspection = nth("inspection-").and_then(|n| view.inspections.iter().find(|i| i.n == n));
        let payment = nth("payment-").and_then(|n| view.payments.iter().find(|p| p.n == n));
        let (kind, subject) = match (inspection, payment) {
            (Some(i), _) => ("project_inspection", i.id),
            (_, Some(p)) => ("project_payment", p.id),
            _ => ("project", view.row.id),
        };
        let proof = proof_of(&db.read, community.id, kind, subject).await?;
        let desk = Desk { lang: ask.lang(), offset: community.offset, community: community.name, slug, now, proof };
        match (what, inspection, payment) {
            (_, Some(i), _) => Some(papers::inspection(&desk, &view, i)),
            (_, _, Some(p)) => Some(papers::payment(&desk, &view, p)),
            ("plan", ..) => papers::plan(&desk, &view),
            ("acceptance", ..) => papers::acceptance(&desk, &view),
            _ => None,
        }
        .ok_or(AppError::NotFound)
    };
    answer(&state, &ask, made.await, as_pdf).await
}
