//! A worker's jobs, the most pressing first.

use crate::rooms::tickets::api::{self, CardList};
use crate::tr;
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
use crate::ui::{card_row, empty, frame, load};
use leptos::prelude::*;

/// The page.
pub fn page() -> impl IntoView {
    load::page(|| (), |()| api::jobs(), show)
}

fn show(boot: Boot, list: CardList) -> impl IntoView {
    let lang = boot.lang;
    let body = if list.cards.is_empty() {
        empty("check", tr!(lang, "手上没有活了。", "No jobs at the moment.").into(), None).into_any()
    } else {
        view! { <div class="card rows">{list.cards.iter().map(|card| card_row(&boot, card, list.now)).collect_view()}</div> }.into_any()
    };
    let body = view! { <p><a class="chip" href="/rounds" rel="external">{tr!(lang, "巡检", "Inspections")}</a></p>{body} };
    frame(&boot, Page::Desk, tr!(lang, "我的工单", "My jobs").into(), tr!(lang, "急的和快到点的在前面", "Urgent and nearly due first").into(), body)
}
