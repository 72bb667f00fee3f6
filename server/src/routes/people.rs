//! Forms about people: letters, roles, and one's own secret.

use super::fields::Fields;
use super::forms::{Pairs, finish, number_of};
use crate::ask::{AppState, Ask};
use crate::session::CLAIM;
use app::context::{SessionKey, internal};
use app::error::AppError;
use app::ids::{AccountId, UnitId};
use app::measure::Time;
use app::mutation::{Mutation, Receipt};
use app::rooms::people::accounts::{self, Claim};
use app::rooms::people::members::find_unit;
use app::rooms::people::model::{EndRole, GrantRole, IssueLetters, IssueReset, LetterPurpose, RevokeLetter, Role};
use app::rooms::people::rules::{Permission, parse_password};
use app::rooms::people::{desk, secrets};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use tower_sessions::Session;

/// `POST /forms/letter-issue`: for a building, for one unit named by stair and room, or for one's own unit.
pub async fn letter_issue(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let purpose = LetterPurpose::from_code(fields.get("purpose")).ok_or(AppError::NotFound)?;
        let issue = match unit_by_room(&state, &ask, &fields).await? {
            Some(unit) => IssueLetters { building: None, unit: Some(unit), purpose, replace: false },
            None => IssueLetters { building: fields.maybe("building")?, unit: fields.maybe("unit")?, purpose, replace: fields.get("replace") == "1" },
        };
        ask.submit(&state, None, fields.id()?, Mutation::LetterIssue(issue), None).await
    };
    to_print(&state, &ask, &fields, done.await).await
}

/// Letters made at the desk are printed at once.
async fn to_print(state: &AppState, ask: &Ask, fields: &Fields, done: Result<Receipt, AppError>) -> Response {
    match done {
        Ok(receipt) if fields.get("back") == "/desk/letters" => Redirect::to(&format!("/print/letters/{}", number_of(&receipt))).into_response(),
        done => finish(state, ask, fields, done, "invited").await,
    }
}

async fn unit_by_room(state: &AppState, ask: &Ask, fields: &Fields) -> Result<Option<UnitId>, AppError> {
    if fields.get("room").trim().is_empty() {
        return Ok(None);
    }
    let viewer = ask.person()?;
    viewer.require(Permission::Letters)?;
    find_unit(&state.services.db.read, viewer.community(), fields.parse("building")?, fields.get("stair"), fields.get("room")).await.map(Some)
}

/// `POST /forms/letter-revoke`.
pub async fn letter_revoke(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let mutation = Mutation::LetterRevoke(RevokeLetter { letter: fields.parse("letter")? });
        ask.submit(&state, None, fields.id()?, mutation, None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

/// `POST /forms/letter-reset`: a letter for somebody who forgot their secret.
pub async fn letter_reset(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let mutation = Mutation::LetterReset(IssueReset { phone: fields.get("phone").to_owned() });
        ask.submit(&state, None, fields.id()?, mutation, None).await
    };
    to_print(&state, &ask, &fields, done.await).await
}

/// `POST /forms/role-grant`.
pub async fn role_grant(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        ask.person()?.require(Permission::Roles)?;
        let role = Role::from_code(fields.get("role")).ok_or(AppError::NotFound)?;
        let grant = GrantRole { name: fields.get("name").to_owned(), phone: fields.get("phone").to_owned(), role, building: fields.maybe("building")? };
        let secret = accounts::hash(parse_password(fields.get("password"))?).await?;
        ask.submit(&state, None, fields.id()?, Mutation::RoleGrant(grant), Some(&secret)).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

/// `POST /forms/role-end`.
pub async fn role_end(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let mutation = Mutation::RoleEnd(EndRole { membership: fields.parse("membership")? });
        ask.submit(&state, None, fields.id()?, mutation, None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

/// Who is signed in, whether or not they have a role to act in.
async fn signed_in(session: &Session) -> Result<AccountId, AppError> {
    session.get::<Claim>(CLAIM).await.map_err(internal)?.map(|claim| claim.account).ok_or(AppError::NotSignedIn)
}

/// `GET /secret`: for whom every role waits for a password.
pub async fn secret_page(State(state): State<AppState>, ask: Ask, session: Session) -> Response {
    match signed_in(&session).await {
        Ok(_) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "设密码", "Set a password"), || desk::secret(&boot))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// `POST /forms/secret`: a new secret with the old one. Accounts are of the installation, so this is no mutation of a
/// community.
pub async fn secret(State(state): State<AppState>, ask: Ask, session: Session, key: Option<Extension<SessionKey>>, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        state.limits.sign_in(ask.address)?;
        let account = signed_in(&session).await?;
        let (address, session) = (ask.address.to_string(), key.as_ref().map(|k| k.0.0.as_str()));
        let change = secrets::Change { account, old: fields.get("secret"), new: fields.get("password"), address: &address, session };
        secrets::change(&state.services.db, change, Time::now()).await
    };
    match done.await {
        Ok(()) => Redirect::to("/me?ok=saved").into_response(),
        Err(error) => ask.again(&state, fields.get("back"), &error, fields.to_show()).await,
    }
}
