//! The rule numbers of a community and its public holidays: the page, and the forms that change them.

use super::desk::allowed;
use super::fields::Fields;
use super::forms::{Pairs, finish};
use crate::ask::{AppState, Ask};
use app::error::AppError;
use app::measure::Time;
use app::mutation::Mutation;
use app::rooms::communities;
use app::rooms::communities::calendar::EnterYear;
use app::rooms::communities::rules::Setting;
use app::rooms::people::rules::Permission;
use axum::Form;
use axum::extract::State;
use axum::response::Response;

/// `GET /desk/settings`.
pub async fn page(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::Settings)?;
        let db = &state.services.db.read;
        Ok::<_, AppError>((communities::store::numbers(db, viewer.community(), Time::now()).await?, communities::store::calendar(db, viewer.community()).await?))
    };
    match found.await {
        Ok((rows, calendar)) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "规则与数字", "Rule numbers"), || communities::desk::settings(&boot, &rows, &calendar))
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

/// `POST /forms/calendar`.
pub async fn enter_year(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let year = fields.get("year").trim().parse().map_err(|_| AppError::field("year", "请填年份，例如 2027", "A year such as 2027"))?;
        let text = |name: &str| fields.get(name).to_owned();
        let typed = EnterYear { year, source: text("announced"), off: text("off"), worked: text("worked") };
        ask.submit(&state, None, fields.id()?, Mutation::CalendarYear(typed), None).await
    };
    finish(&state, &ask, &fields, done.await, "saved").await
}
