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
use app::rooms::people::accounts::{self, Claim, hash_secret};
use app::rooms::people::desk;
use app::rooms::people::entity::accounts as table;
use app::rooms::people::model::{EndRole, GrantRole, RedeemLetter, Role};
use app::rooms::people::rules::{parse_password, parse_phone, parse_pin};
use app::rooms::people::store::open_letter;
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
        let secret = fields.get("secret").chars().take(200).collect();
        let account = accounts::sign_in(&state.services.db, &phone, secret, &ask.address.to_string(), Time::now()).await?;
        begin(&session, account, &headers).await
    };
    match done.await {
        Ok(()) => Redirect::to(&with_ok(fields.get("back"), "signed_in")).into_response(),
        Err(error) => ask.again(&state, &format!("/sign-in?back={}", crate::ask::encode(fields.get("back"))), &error, fields.to_show()).await,
    }
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
        Ok::<_, AppError>((code, letter))
    };
    match found.await {
        Ok((code, letter)) => {
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
    let phone = parse_phone(fields.get("phone"))?;
    let known = table::Entity::find().filter(table::Column::Phone.eq(phone.as_str())).one(&state.services.db.read).await?;
    let typed = fields.get("pin").to_owned();
    let secret = match known {
        // Somebody who is known already shows it with the secret they have: a letter is no way around it.
        Some(account) => {
            accounts::sign_in(&state.services.db, &phone, typed, &ask.address.to_string(), now).await?;
            account.secret
        }
        None => {
            let pin = parse_pin(&typed)?;
            tokio::task::spawn_blocking(move || hash_secret(&pin)).await.map_err(internal)??
        }
    };
    let redeem = RedeemLetter { code, name: fields.get("name").to_owned(), phone: phone.clone() };
    let receipt = submit_as(state, &Caller::Visitor(letter.community), fields.id()?, Mutation::LetterRedeem(redeem), Some(&secret)).await?;
    match receipt.outcome {
        app::mutation::Outcome::Done { subject: Some(account), .. } => Ok(AccountId(account)),
        _ => Err(AppError::NotFound),
    }
}

/// `POST /forms/role-grant`.
pub async fn grant(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        ask.person()?.require(app::rooms::people::rules::Permission::Roles)?;
        let role = Role::from_code(fields.get("role")).ok_or(AppError::NotFound)?;
        let grant = GrantRole { name: fields.get("name").to_owned(), phone: fields.get("phone").to_owned(), role, building: fields.maybe("building")? };
        let password = parse_password(fields.get("password"))?;
        let secret = tokio::task::spawn_blocking(move || hash_secret(&password)).await.map_err(internal)??;
        ask.submit(&state, None, fields.id()?, Mutation::RoleGrant(grant), Some(&secret)).await
    };
    super::forms::finish(&state, &ask, &fields, done.await, "saved").await
}

/// `POST /forms/role-end`.
pub async fn end(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let mutation = Mutation::RoleEnd(EndRole { membership: fields.parse("membership")? });
        ask.submit(&state, None, fields.id()?, mutation, None).await
    };
    super::forms::finish(&state, &ask, &fields, done.await, "saved").await
}
