//! The rule numbers of a community: the page and the change of one.

use super::desk::allowed;
use super::fields::Fields;
use super::forms::{Pairs, finish};
use crate::ask::{AppState, Ask};
use app::error::AppError;
use app::measure::Time;
use app::mutation::Mutation;
use app::rooms::communities;
use app::rooms::communities::rules::Setting;
use app::rooms::people::rules::Permission;
use axum::Form;
use axum::extract::State;
use axum::response::Response;

/// `GET /desk/settings`.
pub async fn page(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::Settings)?;
        communities::store::numbers(&state.services.db.read, viewer.community(), Time::now()).await
    };
    match found.await {
        Ok(rows) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "规则与数字", "Rule numbers"), || communities::desk::settings(&boot, &rows))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// `POST /forms/setting`.
pub async fn change(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let value = fields.get("value").trim().parse().map_err(|_| AppError::field("value", "请填整数", "Enter a whole number"))?;
        let text = |name: &str| fields.get(name).to_owned();
        let setting = Setting { key: text("key"), value, source: text("source"), from: text("from"), until: text("until") };
        ask.submit(&state, None, fields.id()?, Mutation::CommunitySetting(setting), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}
