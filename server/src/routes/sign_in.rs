//! Signing in, and coming in with a letter.

use super::fields::Fields;
use super::forms::Pairs;
use crate::ask::{AppState, Ask, local, submit_as, with_ok};
use crate::session::{AGENT, CLAIM, device};
use app::context::{Caller, internal};
use app::error::AppError;
use app::ids::{AccountId, normalise_code};
use app::measure::Time;
use app::mutation::Mutation;
use app::rooms::people::accounts::{self, Claim};
use app::rooms::people::entity::accounts as table;
use app::rooms::people::model::{LetterPurpose, RedeemLetter};
use app::rooms::people::rules::{Fields as Faults, parse_name, parse_phone, parse_pin, parse_secret};
use app::rooms::people::store::{OpenLetter, open_letter};
use app::rooms::people::{desk, secrets};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Deserialize;
use tower_sessions::Session;

/// What the sign-in page is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Back {
    /// Where to go afterwards.
    #[serde(default)]
    pub back: String,
    /// A letter's code.
    #[serde(default)]
    pub code: String,
}

/// `GET /sign-in`.
pub async fn page(State(state): State<AppState>, ask: Ask, Query(query): Query<Back>) -> Response {
    let boot = ask.boot.clone();
    ask.page(&state, app::tr!(ask.lang(), "登录", "Sign in"), || desk::sign_in(&boot, &local(&query.back)))
}

/// `POST /sign-in`.
pub async fn sign_in(State(state): State<AppState>, ask: Ask, session: Session, headers: HeaderMap, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        state.limits.sign_in(ask.address)?;
        let phone = parse_phone(fields.get("phone"))?;
        let account = accounts::sign_in(&state.services.db, &phone, fields.get("secret"), &ask.address.to_string(), Time::now()).await?;
        begin(&session, account, &headers).await?;
        waits(&state, account).await
    };
    match done.await {
        Ok(true) => Redirect::to("/secret").into_response(),
        Ok(false) => Redirect::to(&with_ok(fields.get("back"), "signed_in")).into_response(),
        Err(error) => ask.again(&state, &format!("/sign-in?back={}", crate::ask::encode(fields.get("back"))), &error, fields.to_show()).await,
    }
}

/// Whether an account can do nothing until it has a password.
async fn waits(state: &AppState, account: AccountId) -> Result<bool, AppError> {
    let (db, now) = (&state.services.db, Time::now());
    let nobody = accounts::viewer(db, Claim { account, membership: None }, now).await?.is_none();
    Ok(nobody && !accounts::waiting(db, account, now).await?.is_empty())
}

/// A new session for an account; its key changes, so that one planted before is worth nothing.
async fn begin(session: &Session, account: AccountId, headers: &HeaderMap) -> Result<(), AppError> {
    session.cycle_id().await.map_err(internal)?;
    session.insert(AGENT, device(headers)).await.map_err(internal)?;
    session.insert(CLAIM, Claim { account, membership: None }).await.map_err(internal)
}

/// `GET /letter?code=…`: from the form to the letter's own page.
pub async fn find_letter(State(state): State<AppState>, ask: Ask, Query(query): Query<Back>) -> Response {
    match normalise_code(&query.code) {
        Ok(code) => Redirect::to(&format!("/letter/{code}")).into_response(),
        Err(_) => {
            let error = AppError::field("code", "编号看错了一位，请对照信再看一下", "One symbol of the code is wrong; please look at the letter again");
            ask.again(&state, "/sign-in", &error, [("code".to_owned(), vec![query.code])].into()).await
        }
    }
}

/// `GET /letter/{code}`.
pub async fn letter(State(state): State<AppState>, ask: Ask, Path(code): Path<String>) -> Response {
    let found = async {
        state.limits.sign_in(ask.address)?;
        let code = normalise_code(&code).map_err(|_| AppError::NotFound)?;
        let letter = open_letter(&state.services.db.read, &code, ask.lang(), Time::now()).await?;
        let working = letter.purpose == LetterPurpose::Reset && must_be_password(&state, &letter).await?;
        Ok::<_, AppError>((code, letter, working))
    };
    match found.await {
        Ok((code, letter, working)) if letter.purpose == LetterPurpose::Reset => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "重设密码", "New PIN or password"), || desk::reset(&boot, &letter, &code, working))
        }
        Ok((code, letter, _)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "用信件加入", "Join"), || desk::join(&boot, &letter, &code))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// `POST /letter/{code}`.
pub async fn redeem(State(state): State<AppState>, ask: Ask, session: Session, headers: HeaderMap, Path(code): Path<String>, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    match try_redeem(&state, &ask, &code, &fields).await {
        Ok(account) => match begin(&session, account, &headers).await {
            Ok(()) => Redirect::to("/?ok=signed_in").into_response(),
            Err(error) => ask.refusal(&state, &error),
        },
        Err(error) => ask.again(&state, &format!("/letter/{code}"), &error, fields.to_show()).await,
    }
}

async fn try_redeem(state: &AppState, ask: &Ask, code: &str, fields: &Fields) -> Result<AccountId, AppError> {
    state.limits.sign_in(ask.address)?;
    let now = Time::now();
    let code = normalise_code(code).map_err(|_| AppError::NotFound)?;
    let letter = open_letter(&state.services.db.read, &code, ask.lang(), now).await?;
    let (redeem, secret) = if letter.purpose == LetterPurpose::Reset {
        let (typed, password) = parse_secret(fields.get("password"), must_be_password(state, &letter).await?)?;
        (RedeemLetter { code, name: String::new(), phone: String::new(), password }, accounts::hash(typed).await?)
    } else {
        let phone = name_and_phone(fields)?;
        let secret = secret_of(state, ask, &phone, fields.get("pin"), now).await?;
        (RedeemLetter { code, name: fields.get("name").to_owned(), phone, password: false }, secret)
    };
    let receipt = submit_as(state, &Caller::Visitor(letter.community), fields.id()?, Mutation::LetterRedeem(redeem), Some(&secret)).await?;
    match receipt.outcome {
        app::mutation::Outcome::Done { subject: Some(account), .. } => Ok(AccountId(account)),
        _ => Err(AppError::NotFound),
    }
}

async fn must_be_password(state: &AppState, letter: &OpenLetter) -> Result<bool, AppError> {
    let db = &state.services.db.read;
    secrets::needs_password(db, secrets::account_of(db, letter).await?, Time::now()).await
}

/// What is wrong with name and phone is said before anything is asked about the phone.
fn name_and_phone(fields: &Fields) -> Result<String, AppError> {
    let mut wrong = Faults::default();
    wrong.take(parse_name(fields.get("name")));
    let phone = wrong.take(parse_phone(fields.get("phone")));
    wrong.check()?;
    phone.ok_or(AppError::NotFound)
}

/// The hash that goes with a redeemed letter: a new PIN's, or the account's own when its owner has just shown it.
/// Somebody who is known already shows it with the secret they have: a letter is no way around it.
async fn secret_of(state: &AppState, ask: &Ask, phone: &str, typed: &str, now: Time) -> Result<String, AppError> {
    let db = &state.services.db;
    let known = || async { Ok::<_, AppError>(table::Entity::find().filter(table::Column::Phone.eq(phone)).one(&db.read).await?) };
    let pin = parse_pin(typed);
    if let Ok(pin) = &pin
        && known().await?.is_none()
    {
        return accounts::hash(pin.clone()).await;
    }
    // What is no PIN may still be a password. It is tried at an unknown phone too, so that the answer to it – words,
    // time and lock-out – never tells who is known.
    let account = match accounts::sign_in(db, phone, typed, &ask.address.to_string(), now).await {
        Err(AppError::Invalid(wrong)) => return Err(pin.err().unwrap_or(AppError::Invalid(wrong))),
        other => other?,
    };
    known().await?.filter(|a| a.id == account.0).map(|a| a.secret).ok_or(AppError::Conflict { current: 0 })
}
