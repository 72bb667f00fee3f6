//! Scoring of the property company: public results, the scorer's sheet, the desk, the forms, what prints.

use super::desk::allowed;
use super::documents::{XLSX, answer, as_asked, download};
use super::fields::Fields;
use super::forms::{Pairs, finish};
use super::fund::pictures;
use super::steps::spots;
use crate::ask::{AppState, Ask, with_ok};
use app::context::Caller;
use app::error::AppError;
use app::ids::{CommunityId, MutationId, PersonId};
use app::measure::{Fen, Time};
use app::mutation::{Mutation, Receipt};
use app::rooms::documents::store::proof_of;
use app::rooms::fund::rules::halves;
use app::rooms::people::rules::Permission;
use app::rooms::places::store::list as places;
use app::rooms::scoring::model::{Adopt, Appeal, Charge, Decide, Declare, Discharge, Enter, Extend, HandIn, Mark, MarkPhoto, Move, Open, Plea, Rectify, TypeIn};
use app::rooms::scoring::sheet_file::{export, import};
use app::rooms::scoring::store::{self, View};
use app::rooms::scoring::{anonymous, desk, editor, pages, paper_page, papers, reminders, scorers, sheet_form, sheet_page};
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use std::sync::Arc;
use uuid::Uuid;

/// Earlier results that stand beside one.
const BESIDE: usize = 3;
/// Half-years to choose from.
const HALVES: usize = 4;

/// The pages and plain forms.
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
        .route("/forms/scoring-open", post(open))
        .route("/forms/scoring-conflict", post(declare))
        .route("/forms/scoring-editor", post(edit))
        .route("/forms/scoring-extend", post(extend))
        .route("/forms/scoring-step", post(step))
        .route("/forms/scoring-discharge", post(discharge))
        .route("/forms/scoring-decide", post(decide))
        .route("/forms/scoring-rectify", post(rectify))
}

/// The forms that carry photos.
pub fn with_files() -> Router<AppState> {
    Router::new()
        .route("/forms/scoring-sheet", post(hand_in))
        .route("/forms/scoring-paper", post(type_in))
        .route("/forms/scoring-reading", post(reading))
        .route("/forms/scoring-charge", post(charge))
        .route("/forms/scoring-appeal", post(appeal))
        .route("/forms/scoring-template", post(adopt))
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

async fn adopt(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    if let Err(error) = allowed(&ask, Permission::ScoringRun) {
        return ask.refusal(&state, &error);
    }
    let read = async { state.receive(Fields::multipart(form.map_err(|_| AppError::UnknownKind)?)).await };
    let fields = match read.await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done = async {
        let file = fields.files.first().ok_or_else(|| AppError::field("file", "请选择文件", "Choose a file"))?;
        let base = store::current_template(&state.services.db.read, ask.person()?.community()).await?;
        let (bytes, name) = (file.bytes.clone(), text(&fields, "name"));
        let template = tokio::task::spawn_blocking(move || import(&bytes, &name, &base)).await.map_err(app::context::internal)??;
        ask.submit(&state, None, fields.id()?, Mutation::ScoringTemplate(Adopt { template, source: text(&fields, "source") }), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
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

fn text(fields: &Fields, name: &str) -> String {
    fields.get(name).to_owned()
}

fn number(fields: &Fields, name: &str) -> i64 {
    fields.get(name).trim().parse().unwrap_or(-1)
}

async fn submit(state: &AppState, ask: &Ask, fields: Fields, mutation: Result<Mutation, AppError>) -> Response {
    let done = async { ask.submit(state, None, fields.id()?, mutation?, None).await };
    finish(state, ask, &fields, done.await, "saved").await
}

async fn open(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let retained = Fen::parse_yuan(fields.get("retained")).unwrap_or(Fen(-1));
    let open = Open { half: text(&fields, "half"), days: number(&fields, "days"), retained };
    submit(&state, &ask, fields, Ok(Mutation::ScoringOpen(open))).await
}

/// The marks of a form: `marks.0.item`, `marks.0.halves`, `marks.0.remark`, and so on.
fn marks(fields: &Fields) -> Vec<Mark> {
    let mark = |n: usize| {
        let field = |part: &str| fields.get(&format!("marks.{n}.{part}")).trim().to_owned();
        Some(field("item")).filter(|item| !item.is_empty()).map(|item| Mark { item, halves: field("halves").parse().ok(), remark: field("remark") })
    };
    (0..).map_while(mark).take(app::rooms::scoring::template::ITEMS_MAX).collect()
}

async fn hand_in(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    if let Err(error) = allowed(&ask, Permission::Score) {
        return ask.refusal(&state, &error);
    }
    let read = async { state.receive(Fields::multipart(form.map_err(|_| AppError::UnknownKind)?)).await };
    let mut fields = match read.await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(&state, &error),
    };
    let done: Result<Receipt, AppError> = async {
        let round = fields.parse("round")?;
        let photos = spots(&state, &ask, &mut fields).await?.into_iter().map(|p| MarkPhoto { photo: p.photo, spot: p.spot }).collect();
        let without = fields.all("without").iter().filter_map(|id| id.parse().ok()).collect();
        ask.submit(&state, None, fields.id()?, Mutation::ScoringSheet(HandIn { round, marks: marks(&fields), photos, without }), None).await
    }
    .await;
    finish(&state, &ask, &fields, done, "saved").await
}

async fn type_in(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    with_photos(&state, &ask, form, Permission::ScoringAudit, |fields, photos| {
        Ok(Mutation::ScoringPaper(TypeIn { round: fields.parse("round")?, person: fields.parse("person")?, marks: marks(fields), photos }))
    })
    .await
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

async fn edit(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let base = store::current_template(&state.services.db.read, allowed(&ask, Permission::ScoringRun)?.community()).await?;
        let template = sheet_form::read(&fields.values, &base)?;
        ask.submit(&state, None, fields.id()?, Mutation::ScoringTemplate(Adopt { template, source: text(&fields, "source") }), None).await
    };
    match done.await {
        Ok(_) => Redirect::to(&with_ok("/desk/scoring", "saved")).into_response(),
        Err(error) => ask.again(&state, fields.get("back"), &error, fields.to_show()).await,
    }
}

async fn declare(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let declare = async { Ok(Mutation::ScoringConflict(Declare { round: fields.parse("round")?, person: fields.maybe::<PersonId>("person")?, reason: text(&fields, "reason") })) };
    let declare = declare.await;
    submit(&state, &ask, fields, declare).await
}

async fn extend(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let step = moved(&fields).map(|m| Mutation::ScoringExtend(Extend { round: m.round, version: m.version, days: number(&fields, "days"), reason: text(&fields, "reason") }));
    submit(&state, &ask, fields, step).await
}

fn moved(fields: &Fields) -> Result<Move, AppError> {
    Ok(Move { round: fields.parse("round")?, version: fields.parse("version")? })
}

async fn step(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let step = moved(&fields).and_then(|m| match fields.get("form") {
        "close" => Ok(Mutation::ScoringClose(m)),
        "draft" => Ok(Mutation::ScoringDraft(m)),
        "publish" => Ok(Mutation::ScoringPublish(m)),
        _ => Err(AppError::UnknownKind),
    });
    submit(&state, &ask, fields, step).await
}

async fn discharge(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let step = fields.parse("charge").map(|charge| Mutation::ScoringDischarge(Discharge { charge, reason: text(&fields, "reason") }));
    submit(&state, &ask, fields, step).await
}

async fn decide(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let step = fields.parse("round").map(|round| Mutation::ScoringDecide(Decide { round, upholds: fields.get("upholds") == "1", words: text(&fields, "words") }));
    submit(&state, &ask, fields, step).await
}

async fn rectify(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let step = moved(&fields)
        .and_then(|m| Ok(Mutation::ScoringRectify(Rectify { round: m.round, item: text(&fields, "item"), place: fields.parse("place")?, words: text(&fields, "words") })));
    submit(&state, &ask, fields, step).await
}

type Sent = Result<Multipart, axum::extract::multipart::MultipartRejection>;

/// A form with photos, for those who may send it: nobody sends pictures before we know who they are.
async fn with_photos(state: &AppState, ask: &Ask, form: Sent, what: Permission, make: impl FnOnce(&Fields, Vec<app::ids::PhotoId>) -> Result<Mutation, AppError>) -> Response {
    if let Err(error) = allowed(ask, what) {
        return ask.refusal(state, &error);
    }
    let read = async { state.receive(Fields::multipart(form.map_err(|_| AppError::UnknownKind)?)).await };
    let mut fields = match read.await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(state, &error),
    };
    let done: Result<Receipt, AppError> = async {
        let photos = pictures(state, ask, &mut fields).await?;
        ask.submit(state, None, fields.id()?, make(&fields, photos)?, None).await
    }
    .await;
    finish(state, ask, &fields, done, "saved").await
}

async fn reading(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    with_photos(&state, &ask, form, Permission::ScoringAudit, |fields, photos| {
        let (round, item) = (fields.parse("round")?, text(fields, "item"));
        Ok(Mutation::ScoringReading(Enter { round, item, good: number(fields, "good"), all: number(fields, "all"), words: text(fields, "words"), photos }))
    })
    .await
}

async fn charge(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    with_photos(&state, &ask, form, Permission::ScoringAudit, |fields, photos| {
        Ok(Mutation::ScoringCharge(Charge { round: fields.parse("round")?, code: text(fields, "code"), words: text(fields, "words"), photos }))
    })
    .await
}

/// What an appeal names: ticked charges, and counts of which both numbers were filled in.
fn pleas(fields: &Fields) -> Vec<Plea> {
    let charges = fields.all("charge").iter().filter_map(|c| c.parse().ok()).map(|charge| Plea::Charge { charge });
    let counts = fields.values.iter().filter_map(|(name, values)| {
        let item = name.strip_prefix("good.")?;
        let typed = values.first().filter(|v| !v.trim().is_empty())?;
        Some(Plea::Reading { item: item.to_owned(), good: typed.trim().parse().unwrap_or(-1), all: number(fields, &format!("all.{item}")) })
    });
    charges.chain(counts).collect()
}

async fn appeal(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    with_photos(&state, &ask, form, Permission::ScoringAppeal, |fields, photos| {
        Ok(Mutation::ScoringAppeal(Appeal { round: fields.parse("round")?, words: text(fields, "words"), pleas: pleas(fields), photos }))
    })
    .await
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
