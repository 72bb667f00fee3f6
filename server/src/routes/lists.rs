//! Lists that a clerk uploads: every room reads, keeps and shows its own the same way.

use super::fields::{Sent, received};
use crate::ask::{AppState, Ask};
use app::context::internal;
use app::error::AppError;
use app::rooms::people::rules::Permission;
use app::rooms::rosters::sheet;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

/// Where a room has its lists.
#[derive(Clone, Copy, Debug)]
pub struct Lists {
    /// Who may upload one.
    pub needed: Permission,
    /// The page with the form, which is shown again with what is wrong.
    pub form: &'static str,
    /// Where the previews are, by the list's id.
    pub previews: &'static str,
}

/// Reads an uploaded file into a table, has it kept, and leads to its preview. Unpacking a large file takes a second of
/// one core: it is done beside the threads that answer.
pub async fn upload<F>(state: &AppState, ask: &Ask, form: Sent, lists: Lists, keep: impl FnOnce(Vec<Vec<String>>) -> F) -> Response
where
    F: Future<Output = Result<Uuid, AppError>>,
{
    let fields = match received(state, ask, lists.needed, form).await {
        Ok(fields) => fields,
        Err(error) => return ask.refusal(state, &error),
    };
    let done = async {
        let bytes = fields.files.first().ok_or_else(|| AppError::field("file", "请选择文件", "Choose a file"))?.bytes.clone();
        keep(tokio::task::spawn_blocking(move || sheet::read(&bytes)).await.map_err(internal)??).await
    };
    match done.await {
        Ok(id) => Redirect::to(&format!("{}/{id}", lists.previews)).into_response(),
        Err(error) => ask.again(state, lists.form, &error, fields.to_show()).await,
    }
}
