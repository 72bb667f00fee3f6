//! The clerk's roster: upload, preview, confirm.

use super::desk::allowed;
use super::fields::{Attached, Fields};
use super::forms::{Pairs, finish};
use crate::ask::{AppState, Ask};
use app::context::internal;
use app::error::AppError;
use app::measure::Time;
use app::mutation::Mutation;
use app::rooms::communities::store::next_step;
use app::rooms::people::rules::Permission;
use app::rooms::rosters::model::ConfirmImport;
use app::rooms::rosters::{desk, rules, sheet, store};
use axum::Form;
use axum::extract::{Multipart, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// `GET /desk/roster`.
pub async fn page(State(state): State<AppState>, ask: Ask) -> Response {
    let found = async {
        let viewer = allowed(&ask, Permission::Roster)?;
        next_step(&state.services.db.read, viewer.community()).await
    };
    match found.await {
        Ok(step) => {
            let boot = ask.boot.clone();
            ask.page(&state, app::tr!(ask.lang(), "名册导入", "Roster"), || desk::choose(&boot, step))
        }
        Err(error) => ask.refusal(&state, &error),
    }
}

/// `GET /desk/roster/template.csv`.
pub async fn template() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"roster.csv\"")];
    (headers, sheet::template()).into_response()
}

/// `POST /desk/roster`: reads the file and shows what it would change. Only the upload itself is kept.
pub async fn upload(State(state): State<AppState>, ask: Ask, form: Multipart) -> Response {
    let shown = async {
        let viewer = allowed(&ask, Permission::Roster)?;
        let mut fields = Fields::multipart(form).await?;
        let Attached { name, bytes, .. } = fields.files.pop().ok_or_else(|| AppError::field("file", "请选择一个文件", "Choose a file"))?;
        let parsed = tokio::task::spawn_blocking(move || sheet::read(&bytes).map(|table| rules::parse(&table))).await.map_err(internal)??;
        let changes = store::changes(&state.services.db.read, viewer.community(), &parsed.rows).await?;
        let import = if changes.is_empty() { None } else { Some(store::upload(&state.services.db, viewer, &name, &parsed.rows, Time::now()).await?) };
        Ok::<_, AppError>((name, parsed.problems, changes, import))
    };
    match shown.await {
        Ok((name, problems, changes, import)) => {
            let boot = ask.boot.clone();
            let title = app::tr!(ask.lang(), "名册预览", "Preview");
            ask.page(&state, title, || desk::preview(&boot, &name, &problems, &changes, import))
        }
        Err(error) => ask.again(&state, "/desk/roster", &error, Default::default()).await,
    }
}

/// `POST /forms/roster-import`.
pub async fn confirm(State(state): State<AppState>, ask: Ask, Form(pairs): Pairs) -> Response {
    let fields = Fields::plain(pairs);
    let done = async {
        let mutation = Mutation::RosterImport(ConfirmImport { import: fields.parse("import")? });
        ask.submit(&state, None, fields.id()?, mutation, None).await
    };
    finish(&state, &ask, &fields, done.await, "imported").await
}
