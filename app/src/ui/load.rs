//! Loading a page's data: on the server before the page is sent, in the browser when a link is followed.

use super::boot::{Boot, boot};
use super::frame::{Page, frame, notice};
use crate::error::{AppError, NETWORK};
use crate::tr;
use leptos::prelude::*;
use std::future::Future;

/// A page whose data is asked for by `key` whenever it changes, shown by `show`.
pub fn page<K, T, Fut, V>(
    key: impl Fn() -> K + Send + Sync + 'static,
    fetch: impl Fn(K) -> Fut + Send + Sync + 'static,
    show: impl Fn(Boot, T) -> V + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    K: PartialEq + Clone + Send + Sync + 'static,
    T: Clone + Send + Sync + serde::Serialize + serde::de::DeserializeOwned + 'static,
    Fut: Future<Output = Result<T, AppError>> + Send + 'static,
    V: IntoView + 'static,
{
    let data = Resource::new(key, fetch);
    view! {
        <Suspense fallback=|| view! { <p class="note" aria-busy="true">"…"</p> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(data) => show(boot(), data).into_any(),
                    Err(error) => error_page(&boot(), &error).into_any(),
                }
            })}
        </Suspense>
    }
}

/// A page for what cannot be shown, with the way on.
pub fn error_page(boot: &Boot, error: &AppError) -> impl IntoView + use<> {
    #[cfg(feature = "ssr")]
    set_status(error);
    let lang = boot.lang;
    // The script looks for this mark: without a network the page that is kept on the phone is shown instead.
    let unreachable = matches!(error, AppError::Internal { reference } if reference == NETWORK);
    let body = view! {
        {notice("err", error.sentence(lang))}
        {unreachable.then(|| view! { <p hidden data-network="1"></p> })}
        <div class="acts">
            {matches!(error, AppError::NotSignedIn).then(|| view! { <a class="btn" href=boot.sign_in() rel="external">{tr!(lang, "去登录", "Sign in")}</a> })}
            {if boot.slug.is_empty() {
                view! { <a class="btn sec" href="/" rel="external">{tr!(lang, "先选小区，再看地点列表", "Choose the community, then a place")}</a> }.into_any()
            } else {
                view! {
                    <a class="btn sec" href=boot.at("/report")>{tr!(lang, "看地点列表", "List of places")}</a>
                    <a class="btn sec" href=boot.at("")>{tr!(lang, "回首页", "Home")}</a>
                }.into_any()
            }}
        </div>
    };
    frame(boot, Page::Other, tr!(lang, "看不到这一页", "This page cannot be shown").into(), String::new(), body)
}

/// A server function's error is a 500 unless its status is set: this is the one place that does it.
#[cfg(feature = "ssr")]
pub fn set_status(error: &AppError) {
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = http::StatusCode::from_u16(error.status())
    {
        options.set_status(status);
    }
}

/// Sets the status of a refused read and passes the answer on.
#[cfg(feature = "ssr")]
pub fn answer<T>(result: Result<T, AppError>) -> Result<T, AppError> {
    if let Err(error) = &result {
        set_status(error);
    }
    result
}
