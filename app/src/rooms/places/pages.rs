//! The list of places, for reporting without a sticker and after a wrong code.

use super::api;
use super::model::{PlaceKind, PlaceRow};
use crate::tr;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{empty, frame, icon, load};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
pub fn places() -> impl IntoView {
    let params = use_params_map();
    load::page(move || params.read().get("slug").unwrap_or_default(), api::places, show)
}

fn show(boot: Boot, rows: Vec<PlaceRow>) -> impl IntoView {
    let lang = boot.lang;
    let groups = PlaceKind::ALL.into_iter().filter_map(|kind| group(&boot, kind, &rows)).collect_view();
    let list = if rows.is_empty() {
        empty("pin", tr!(lang, "还没有登记地点，请打物业电话报修。", "No places yet; please call the property desk.").into(), None).into_any()
    } else {
        groups.into_any()
    };
    let echo = echo();
    let error = echo.error("tag", lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    let body = view! {
        <form method="get" action="/q" class="card field-row">
            <div class="field">
                <label for="code">{tr!(lang, "贴纸上的 5 位编号", "The 5-symbol code on the sticker")}</label>
                <input id="code" type="text" name="code" maxlength="12" autocomplete="off" autocapitalize="characters" class="code" required value=echo.value("code")/>
                {error}
            </div>
            <button class="btn small" type="submit">{tr!(lang, "打开", "Open")}</button>
        </form>
        {list}
    };
    frame(&boot, Page::Report, tr!(lang, "随手报", "Report").into(), tr!(lang, "扫贴纸，输编号，或选地点", "Scan a sticker, type its code, or choose the place").into(), body)
}

fn group(boot: &Boot, kind: PlaceKind, rows: &[PlaceRow]) -> Option<impl IntoView + use<>> {
    let of_kind: Vec<&PlaceRow> = rows.iter().filter(|r| r.kind == kind).collect();
    if of_kind.is_empty() {
        return None;
    }
    let few = of_kind.len() <= 12;
    let links = of_kind
        .into_iter()
        .map(|row| {
            let href = row.tag.as_ref().map_or_else(|| boot.at(&format!("/p/{}", row.id)), |code| format!("/q/{code}"));
            view! { <a class="chip" href=href>{row.name.clone()}</a> }
        })
        .collect_view();
    Some(view! {
        <details class="card more" open=few>
            <summary>{icon("pin")}{kind.label(boot.lang)}</summary>
            <div class="filters">{links}</div>
        </details>
    })
}
