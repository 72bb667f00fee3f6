//! The guided set-up of a community, and making places.

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

async fn communities(state: &AppState) -> Result<u64, AppError> {
    Ok(communities::Entity::find().count(&state.services.db.read).await?)
}

/// The key in the address that the program printed when it started.
#[derive(Debug, Default, Deserialize)]
pub struct Key {
    /// See [`setup_key`].
    #[serde(default)]
    pub key: String,
}

fn unlocked(state: &AppState, communities: u64, key: &str) -> Result<(), AppError> {
    let wrong = || AppError::closed("请打开程序显示的那个地址（里面有一把钥匙，用一次）。", "Open the address that the program showed: it carries a key, for once.");
    (key == setup_key(&state.services.letter_key, communities)).then_some(()).ok_or_else(wrong)
}

/// `GET /setup?key=…`: for the first community, and for each that whoever runs the program invites.
pub async fn page(State(state): State<AppState>, ask: Ask, Query(key): Query<Key>) -> Response {
    let open = async {
        let there = communities(&state).await?;
        match unlocked(&state, there, &key.key) {
            // Whoever comes back to the address of a set-up that is done wants to go in.
            Err(_) if there > 0 => Ok(false),
            tried => tried.map(|()| true),
        }
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
        let there = communities(&state).await?;
        unlocked(&state, there, fields.get("key"))?;
        let secret = accounts::hash(parse_password(fields.get("password"))?).await?;
        let set_up = SetUp {
            name: fields.get("community").to_owned(),
            phone: fields.get("desk_phone").to_owned(),
            admin_name: fields.get("name").to_owned(),
            admin_phone: fields.get("phone").to_owned(),
        };
        submit_as(&state, &Caller::SetUp(there), fields.id()?, Mutation::CommunitySetUp(set_up), Some(&secret)).await
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
