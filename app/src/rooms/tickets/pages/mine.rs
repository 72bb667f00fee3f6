//! My reports, with what changed since I last looked.

use crate::rooms::tickets::api::{self, CardList};
use crate::tr;
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
use crate::ui::{card_row, empty, frame, load};
use leptos::prelude::*;

/// The page.
pub fn page() -> impl IntoView {
    load::page(|| (), |()| api::mine(), show)
}

fn show(boot: Boot, list: CardList) -> impl IntoView {
    let lang = boot.lang;
    let body = if list.cards.is_empty() {
        let action = (tr!(lang, "去上报", "Report something").to_owned(), boot.at("/report"));
        empty(
            "camera",
            tr!(lang, "您还没有上报过。看到坏的，扫一下旁边的码，拍张照就行。", "Nothing reported yet. Scan the code beside what is broken and take a photo.").into(),
            Some(action),
        )
        .into_any()
    } else {
        view! { <div class="card rows">{list.cards.iter().map(|card| card_row(&boot, card, list.now)).collect_view()}</div> }.into_any()
    };
    frame(&boot, Page::Me, tr!(lang, "我报的", "My reports").into(), tr!(lang, "绿点和绿字是上次看过以后的新进展", "A green dot and line: news since you last looked").into(), body)
}
