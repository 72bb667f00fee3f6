//! The guided set-up of an empty installation, and making places.

use super::fields::Fields;
use super::forms::{Pairs, finish};
use crate::ask::{AppState, Ask, encode, submit_as};
use crate::state::setup_key;
use app::context::Caller;
use app::error::AppError;
use app::mutation::Mutation;
use app::rooms::communities::entity::communities;
use app::rooms::communities::model::SetUp;
use app::rooms::communities::setup;
use app::rooms::people::accounts;
use app::rooms::people::rules::{Permission, parse_password};
use app::rooms::places::model::{AddFacility, AddPlace, PlaceKind};
use app::rooms::tickets::model::Category;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde::Deserialize;

async fn is_empty(state: &AppState) -> Result<bool, AppError> {
    Ok(communities::Entity::find().count(&state.services.db.read).await? == 0)
}

/// The key in the address that the program printed when it started.
#[derive(Debug, Default, Deserialize)]
pub struct Key {
    /// See [`setup_key`].
    #[serde(default)]
    pub key: String,
}

fn unlocked(state: &AppState, key: &str) -> Result<(), AppError> {
    let wrong = || AppError::closed("请打开程序启动时显示的那个地址（里面有一把钥匙）。", "Open the address that the program showed when it started: it carries a key.");
    (key == setup_key(&state.services)).then_some(()).ok_or_else(wrong)
}

/// `GET /setup?key=…`: only while there is no community.
pub async fn page(State(state): State<AppState>, ask: Ask, Query(key): Query<Key>) -> Response {
    let open = async {
        let empty = is_empty(&state).await?;
        if empty {
            unlocked(&state, &key.key)?;
        }
        Ok::<_, AppError>(empty)
    };
    match open.await {
        Ok(true) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "第一次使用", "First set-up"), || setup::first(&boot, &key.key))
        }
        Ok(false) => Redirect::to("/").into_response(),
        Err(error) => ask.refusal(&state, &error),
    }
}

/// `POST /setup`.
pub async fn set_up(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        state.limits.sign_in(ask.address)?;
        if !is_empty(&state).await? {
            return Err(AppError::Forbidden);
        }
        unlocked(&state, fields.get("key"))?;
        let secret = accounts::hash(parse_password(fields.get("password"))?).await?;
        let set_up = SetUp {
            name: fields.get("community").to_owned(),
            phone: fields.get("desk_phone").to_owned(),
            admin_name: fields.get("name").to_owned(),
            admin_phone: fields.get("phone").to_owned(),
        };
        submit_as(&state, &Caller::SetUp, fields.id()?, Mutation::CommunitySetUp(set_up), Some(&secret)).await
    };
    match done.await {
        Ok(_) => Redirect::to("/sign-in?back=/desk/roster").into_response(),
        Err(error) => ask.again(&state, &format!("/setup?key={}", encode(fields.get("key"))), &error, fields.to_show()).await,
    }
}

/// `POST /forms/place-add`.
pub async fn place_add(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        ask.person()?.require(Permission::Tags)?;
        let kind = PlaceKind::from_code(fields.get("kind")).ok_or(AppError::NotFound)?;
        let add = AddPlace { name: fields.get("name").to_owned(), kind, building: fields.maybe("building")? };
        ask.submit(&state, None, fields.id()?, Mutation::PlaceAdd(add), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}

/// `POST /forms/facility-add`.
pub async fn facility_add(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        ask.person()?.require(Permission::Tags)?;
        let category = Category::from_code(fields.get("category")).ok_or(AppError::NotFound)?;
        let add = AddFacility { place: fields.parse("place")?, name: fields.get("name").to_owned(), category };
        ask.submit(&state, None, fields.id()?, Mutation::FacilityAdd(add), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}
