//! The guided set-up of an empty installation, and making places.

use super::fields::Fields;
use super::forms::{Pairs, finish};
use crate::ask::{AppState, Ask, submit_as};
use app::context::{Caller, internal};
use app::error::AppError;
use app::mutation::Mutation;
use app::rooms::communities::entity::communities;
use app::rooms::communities::model::SetUp;
use app::rooms::communities::setup;
use app::rooms::people::accounts::hash_secret;
use app::rooms::people::rules::{Permission, parse_password};
use app::rooms::places::model::{AddFacility, AddPlace, PlaceKind};
use app::rooms::tickets::model::Category;
use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use sea_orm::{EntityTrait, PaginatorTrait};

async fn is_empty(state: &AppState) -> Result<bool, AppError> {
    Ok(communities::Entity::find().count(&state.services.db.read).await? == 0)
}

/// `GET /setup`: only while there is no community.
pub async fn page(State(state): State<AppState>, ask: Ask) -> Response {
    match is_empty(&state).await {
        Ok(true) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "第一次使用", "First set-up"), || setup::first(&boot))
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
        let password = parse_password(fields.get("password"))?;
        let secret = tokio::task::spawn_blocking(move || hash_secret(&password)).await.map_err(internal)??;
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
        Err(error) => ask.again(&state, "/setup", &error, fields.to_show()).await,
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
