//! `POST /api/v1/sync`: what waited on a phone comes in, up to a hundred envelopes at once, each answered by itself.

use crate::ask::{AppState, Ask, json_refusal};
use app::context::{Caller, Viewer};
use app::error::AppError;
use app::i18n::Lang;
use app::ids::CommunityId;
use app::measure::Time;
use app::mutation::{Envelope, Mutation, Receipt};
use app::rooms::communities::store::known;
use app::rooms::offline::model::{Addressed, Answer, Status, Words};
use app::rooms::offline::rules::{BATCH, REPLACED, read};
use app::rooms::places::rules::parse_tag;
use app::rooms::places::store::{spot_known_by_place, spot_known_by_tag};
use app::rooms::tickets::model::Report;
use app::rooms::tickets::store::standing;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Semaphore;

#[derive(Deserialize)]
struct Sent {
    envelopes: Vec<Value>,
}

/// The answers, in the order of the envelopes.
#[derive(Debug, Serialize)]
struct Answers {
    receipts: Vec<Answer>,
}

/// How many batches are worked on at once; the others wait as the bytes they came as. There is one writer
/// anyway, and a batch of a hundred that is being answered takes some megabytes.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Takes what waited. The whole is refused only when it is no list of envelopes, or too long.
pub async fn sync(State(state): State<AppState>, ask: Ask, body: Bytes) -> Response {
    let _turn = AT_ONCE.acquire().await;
    let Ok(Sent { envelopes }) = serde_json::from_slice(&body) else { return json_refusal(&AppError::UnknownKind) };
    if envelopes.len() > BATCH {
        let (zh, en) = (format!("一次最多 {BATCH} 份"), format!("At most {BATCH} at once"));
        return json_refusal(&AppError::field("envelopes", zh, en));
    }
    let mut prepared = Vec::with_capacity(envelopes.len());
    for envelope in envelopes {
        prepared.push(prepare(&state, &ask, envelope).await);
    }
    let ready: Vec<(Caller, Envelope)> = prepared.iter().filter_map(|p| p.as_ref().ok().cloned()).collect();
    let mut applied = app::apply::apply_all(&state.services, &ready, Time::now()).await.into_iter();
    let mut receipts = Vec::with_capacity(prepared.len());
    for one in prepared {
        receipts.push(match (one, &mut applied) {
            (Err(answer), _) => answer,
            (Ok((caller, envelope)), applied) => {
                let applied = applied.next().unwrap_or_else(|| Err(app::context::internal("an envelope without an answer")));
                told(&state, &caller, &envelope, applied).await
            }
        });
    }
    ([(header::CACHE_CONTROL, "no-store")], Json(Answers { receipts })).into_response()
}

/// Reads one envelope and says as whom it is applied. Whatever is wrong with it is its own answer.
async fn prepare(state: &AppState, ask: &Ask, value: Value) -> Result<(Caller, Envelope), Answer> {
    let id = value.get("id").and_then(Value::as_str).unwrap_or_default().chars().take(64).collect::<String>();
    let prepared = async {
        let addressed = read(value, REPLACED)?;
        let caller = caller(state, ask, &addressed).await?;
        limit(state, ask, &caller, &addressed.envelope)?;
        // Who it is was proved above; the person that the phone named is not needed any more.
        Ok::<_, AppError>((caller, Envelope { person: None, ..addressed.envelope }))
    };
    prepared.await.map_err(|error| Answer::refused(id, &error))
}

/// Whose envelope it is. It is applied as its own person in its own role, whoever else is signed in now.
async fn caller(state: &AppState, ask: &Ask, addressed: &Addressed) -> Result<Caller, AppError> {
    let spot = match &addressed.envelope.mutation {
        Mutation::TicketReport(report) => Some(community_of(state, addressed.community, report).await?),
        _ => None,
    };
    let Some(account) = addressed.account else { return spot.map(Caller::Visitor).ok_or(AppError::NotSignedIn) };
    // Somebody else is signed in, or nobody: it waits for its person.
    let viewer = ask.viewer.as_ref().filter(|v| v.account() == account).ok_or(AppError::NotSignedIn)?;
    let community = spot.or(addressed.community).unwrap_or_else(|| viewer.community());
    match wearing(state, viewer, addressed, community).await? {
        Some(viewer) => Ok(Caller::Person(Box::new(viewer))),
        None => spot.map(Caller::Visitor).ok_or(AppError::Forbidden),
    }
}

/// The person in the role that they had when they made it, or another one of theirs in that community.
async fn wearing(state: &AppState, viewer: &Viewer, addressed: &Addressed, community: CommunityId) -> Result<Option<Viewer>, AppError> {
    let (view, slug) = known(&state.services.db, community).await?;
    let worn = addressed.membership.and_then(|membership| viewer.wearing(membership, view.clone(), slug.clone()));
    Ok(worn.or_else(|| viewer.acting_in(view, slug)))
}

async fn community_of(state: &AppState, community: Option<CommunityId>, report: &Report) -> Result<CommunityId, AppError> {
    let db = &state.services.db;
    Ok(match (&report.tag, report.place, community) {
        (Some(tag), ..) => {
            let sentence = |e| AppError::field("tag", app::rooms::places::rules::code_sentence(Lang::Zh, e), app::rooms::places::rules::code_sentence(Lang::En, e));
            spot_known_by_tag(db, &parse_tag(tag).map_err(sentence)?).await?.community
        }
        (None, Some(place), Some(community)) => spot_known_by_place(db, community, place).await?.community,
        _ => return Err(AppError::field("place", "请选择地点", "Choose the place")),
    })
}

/// A person's own queue may come all at once; a stranger's comes as slowly as from a form.
fn limit(state: &AppState, ask: &Ask, caller: &Caller, envelope: &Envelope) -> Result<(), AppError> {
    match caller.viewer() {
        Some(viewer) => state.limits.synced(&viewer.account().to_string()),
        None => {
            state.limits.change(&ask.address.to_string())?;
            let tag = match &envelope.mutation {
                Mutation::TicketReport(report) => report.tag.as_ref().map(|t| format!("tag:{t}")),
                _ => None,
            };
            state.limits.report(&tag.into_iter().chain([format!("address:{}", ask.address)]).collect::<Vec<_>>())
        }
    }
}

/// What the phone is told of an envelope that was applied or refused.
async fn told(state: &AppState, caller: &Caller, envelope: &Envelope, applied: Result<Receipt, AppError>) -> Answer {
    let answer = match applied {
        Ok(receipt) => Answer::of(receipt),
        Err(error) => Answer::refused(envelope.id.to_string(), &error),
    };
    let outcome = match answer.status {
        Status::Done => "done",
        Status::Rejected => "rejected",
        _ => "error",
    };
    metrics::counter!("mutations_total", "kind" => envelope.mutation.kind(), "outcome" => outcome).increment(1);
    match answer.current {
        Some(current) => with_other_side(state, caller, envelope, current, answer).await,
        None => answer,
    }
}

/// For somebody whose step came too late: where the ticket stands now and what others did to it meanwhile.
async fn with_other_side(state: &AppState, caller: &Caller, envelope: &Envelope, current: i64, answer: Answer) -> Answer {
    let (Mutation::TicketAdvance(advance), Some(viewer)) = (&envelope.mutation, caller.viewer()) else { return answer };
    let (db, now) = (&state.services.db, Time::now());
    let changes = current.saturating_sub(advance.version);
    let in_language = |lang| standing(db, viewer, advance.ticket, changes, lang, now);
    let (Ok(Some(zh)), Ok(Some(en))) = (in_language(Lang::Zh).await, in_language(Lang::En).await) else { return answer };
    let meanwhile = zh.meanwhile.into_iter().zip(en.meanwhile).map(|(zh, en)| Words { zh, en }).collect();
    Answer { standing: Some(Words { zh: zh.now, en: en.now }), meanwhile, ..answer }
}
