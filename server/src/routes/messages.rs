//! The inbox, the robots and the plan.

use super::desk::allowed;
use super::fields::Fields;
use super::forms::{Pairs, finish};
use crate::ask::{AppState, Ask};
use app::context::Caller;
use app::error::AppError;
use app::ids::MutationId;
use app::measure::{MINUTE, Time};
use app::mutation::Mutation;
use app::rooms::messages::model::{AddRobot, MarkRead, RemoveRobot, RobotKind, Rung, SendAgain, TryRobot};
use app::rooms::messages::{desk, notes, pages, store};
use app::rooms::people::rules::Permission;
use app::rooms::plans;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;

/// The routes of this room.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/desk/messages", get(inbox))
        .route("/desk/robots", get(robots))
        .route("/desk/plan", get(plan))
        .route("/forms/messages-read", post(read))
        .route("/notes", get(notes_page))
        .route("/forms/notes-read", post(notes_read))
        .route("/forms/robot-add", post(add))
        .route("/forms/robot-remove", post(remove))
        .route("/forms/robot-try", post(try_one))
        .route("/forms/robot-again", post(again))
}

async fn inbox(State(state): State<AppState>, ask: Ask) -> Response {
    let now = Time::now();
    let found = async {
        let (db, viewer) = (&state.services.db, allowed(&ask, Permission::Inbox)?);
        Ok::<_, AppError>((store::inbox(db, viewer, ask.lang()).await?, store::decisions(db, viewer).await?))
    };
    match found.await {
        Ok((rows, decisions)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "督办消息", "Overdue messages"), || desk::inbox(&boot, &rows, &decisions, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn notes_page(State(state): State<AppState>, ask: Ask) -> Response {
    let now = Time::now();
    let found = async { notes::list(&state.services.db.read, ask.person()?, ask.lang()).await };
    match found.await {
        Ok(rows) => {
            let boot = ask.boot.clone();
            ask.phone_page(&state, app::tr!(ask.lang(), "我的消息", "My messages"), || pages::notes(&boot, &rows, now))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn notes_read(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::NoteRead(MarkRead { up_to: Time(fields.parse("up_to")?) }), None).await };
    finish(&state, &ask, &fields, done.await, "saved").await
}

async fn robots(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async { store::robots_of(&state.services.db, allowed(&ask, Permission::Robots)?).await };
    match found.await {
        Ok((rows, lines)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "群机器人", "Group robots"), || desk::robots(&boot, &rows, &lines, Time::now()))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// Which week.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Week {
    /// Its first day, `YYYY-MM-DD`; today when it is empty or no day.
    from: String,
}

async fn plan(State(state): State<AppState>, ask: Ask, Query(week): Query<Week>) -> Response {
    let (now, offset) = (Time::now(), ask.boot.offset());
    let from = chrono::NaiveDate::parse_from_str(&week.from, "%Y-%m-%d").ok().and_then(|d| d.and_hms_opt(0, 0, 0));
    // A day a thousand years off is no week of anybody's work.
    let from = from.map(|d| Time(d.and_utc().timestamp_millis() - i64::from(offset) * MINUTE)).filter(|t| (now.0 - t.0).abs() < 4_000 * app::measure::DAY).unwrap_or(now);
    let found = async { plans::store::plan(&state.services.db, allowed(&ask, Permission::Plan)?, from, now, ask.lang(), offset).await };
    match found.await {
        Ok((plan, names)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "计划与日历", "Plan and calendar"), || plans::desk::page(&boot, &plan, &names))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

async fn read(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::MessageRead(MarkRead { up_to: Time(fields.parse("up_to")?) }), None).await };
    finish(&state, &ask, &fields, done.await, "moved").await
}

async fn add(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let mut fields = Fields::plain(pairs);
    let done = async {
        let add = AddRobot {
            name: fields.get("name").to_owned(),
            kind: RobotKind::from_code(fields.get("kind")).ok_or(AppError::NotFound)?,
            address: fields.get("address").to_owned(),
            secret: fields.get("secret").to_owned(),
            from: Rung::from_code(fields.get("from")).ok_or(AppError::NotFound)?,
        };
        ask.submit(&state, None, fields.id()?, Mutation::RobotAdd(add), None).await
    };
    let done = done.await;
    fields.values.remove("secret");
    finish(&state, &ask, &fields, done, "saved").await
}

async fn remove(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::RobotRemove(RemoveRobot { robot: fields.parse("robot")? }), None).await };
    finish(&state, &ask, &fields, done.await, "moved").await
}

async fn try_one(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::RobotTry(TryRobot { robot: fields.parse("robot")? }), None).await };
    finish(&state, &ask, &fields, done.await, "moved").await
}

async fn again(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async { ask.submit(&state, None, fields.id()?, Mutation::RobotAgain(SendAgain { line: fields.parse("line")? }), None).await };
    finish(&state, &ask, &fields, done.await, "moved").await
}

/// Lets overdue tickets climb, in every community.
///
/// # Errors
/// When the database refuses.
pub async fn escalate_late(state: &AppState) -> Result<usize, AppError> {
    let mut count = 0;
    for (community, _) in app::rooms::communities::store::all(&state.services.db).await? {
        for climb in store::to_escalate(&state.services.db.read, community.id, Time::now()).await? {
            match crate::ask::submit_as(state, &Caller::Clock(community.id), MutationId::new(), Mutation::TicketEscalate(climb), None).await {
                Ok(_) => count += 1,
                // One that moved on meanwhile must not keep the others.
                Err(error) => tracing::debug!(%error, "not escalated"),
            }
        }
    }
    Ok(count)
}
