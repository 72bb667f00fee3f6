//! The forms of scoring: sheets, rounds and their steps, what the auditors enter, the appeal.

use super::desk::allowed;
use super::fields::{Fields, Sent, received};
use super::forms::{Pairs, finish};
use super::fund::pictures;
use super::steps::spots;
use crate::ask::{AppState, Ask, with_ok};
use app::error::AppError;
use app::ids::PersonId;
use app::measure::Fen;
use app::mutation::{Mutation, Receipt};
use app::rooms::people::rules::Permission;
use app::rooms::scoring::model::{Adopt, Appeal, Charge, Decide, Declare, Discharge, Enter, Extend, HandIn, Mark, MarkPhoto, Move, Open, Plea, Rectify, TypeIn};
use app::rooms::scoring::sheet_file::import;
use app::rooms::scoring::{sheet_form, store};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use axum::{Form, Router};

/// The plain forms.
pub fn routes() -> Router<AppState> {
    Router::new()
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

async fn adopt(State(state): State<AppState>, ask: Ask, form: Sent) -> Response {
    let fields = match received(&state, &ask, Permission::ScoringRun, form).await {
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
    let mut fields = match received(&state, &ask, Permission::Score, form).await {
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

/// A form with photos, for those who may send it: nobody sends pictures before we know who they are.
async fn with_photos(state: &AppState, ask: &Ask, form: Sent, what: Permission, make: impl FnOnce(&Fields, Vec<app::ids::PhotoId>) -> Result<Mutation, AppError>) -> Response {
    let mut fields = match received(state, ask, what, form).await {
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
