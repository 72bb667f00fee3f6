//! Tickets in lists: one line that says who has it, and when it is due.

use super::boot::Boot;
use super::icons::{category_icon, icon};
use crate::i18n::{spoken_span, spoken_time};
use crate::ids::PhotoId;
use crate::measure::Time;
use crate::rooms::photos::model::{Size, address};
use crate::rooms::tickets::model::{Card, State, Visibility};
use crate::rooms::tickets::pages::words::deed;
use crate::{tr, trf};
use leptos::prelude::*;

/// A photo, or nothing where there is none.
pub fn photo(id: PhotoId, size: Size, alt: String) -> impl IntoView {
    view! { <img src=address(id, size) alt=alt loading="lazy" decoding="async"/> }
}

/// Where a ticket stands, as a small label.
pub fn state_tag(boot: &Boot, card: &Card) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (class, label) = match (card.visibility, card.state) {
        (Visibility::Hidden, _) => ("tag off", tr!(lang, "已隐藏", "Hidden")),
        (Visibility::Pending, _) => ("tag warn", tr!(lang, "等待查看", "Waiting to be read")),
        (_, State::AwaitingCheck) => ("tag warn", tr!(lang, "待您确认", "Please check")),
        (_, state @ (State::AwaitingApproval | State::AwaitingMaterial | State::Returned)) => ("tag warn", state.label(lang)),
        (_, state @ (State::Done | State::Rated | State::Archived)) => ("tag ok", state.label(lang)),
        (_, state @ (State::Merged | State::Withdrawn)) => ("tag off", state.label(lang)),
        (_, state) => ("tag due", state.label(lang)),
    };
    view! { <span class=class>{label}</span> }
}

/// Who has it and until when, in one line.
pub fn due_line(boot: &Boot, card: &Card, now: Time) -> String {
    let lang = boot.lang;
    let holder = card.holder.label(lang);
    let what = match (card.state, card.due_at) {
        (State::AwaitingCheck, _) => tr!(lang, "修好了，请您看看", "repaired, please have a look").to_owned(),
        (State::AwaitingMaterial, _) => tr!(lang, "等材料", "waiting for material").to_owned(),
        (State::AwaitingApproval, _) => tr!(lang, "等同意费用", "waiting for approval").to_owned(),
        (state, _) if !state.is_open() => return format!("{} · {}", state.label(lang), spoken_time(lang, card.created_at, now, boot.offset())),
        (_, Some(due)) if due < now => {
            let late = spoken_span(lang, now - due);
            trf!(lang, "已超时 {late}", "late by {late}")
        }
        (state, Some(due)) => {
            let when = spoken_time(lang, due, now, boot.offset());
            match state {
                State::Received => trf!(lang, "{when} 前受理", "taken on by {when}"),
                State::Accepted | State::Dispatched => trf!(lang, "{when} 前到场", "on site by {when}"),
                _ => trf!(lang, "{when} 前完成", "done by {when}"),
            }
        }
        (state, None) => state.label(lang).to_owned(),
    };
    if holder.is_empty() { what } else { format!("{holder} · {what}") }
}

/// `3 户遇到`, or nothing for one household.
pub fn households_line(boot: &Boot, households: i64) -> Option<String> {
    (households > 1).then(|| trf!(boot.lang, "{households} 户遇到", "{households} households"))
}

/// A ticket's picture in a list: after the repair once it is over, before that how it was reported, or its category.
pub fn thumbnail(card: &Card) -> AnyView {
    match card.after.filter(|_| !card.state.is_open()).or(card.photo) {
        Some(id) => photo(id, Size::Small, String::new()).into_any(),
        None => category_icon(card.category).into_any(),
    }
}

/// A ticket in a list.
pub fn card_row(boot: &Boot, card: &Card, now: Time) -> impl IntoView + use<> {
    let late = card.due_at.is_some_and(|due| due < now && card.state.is_open());
    let more = [Some(card.spot.clone()), households_line(boot, card.households)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <a class="row" href=boot.at(&format!("/t/{}", card.number))>
            <span class="ph">{thumbnail(card)}</span>
            <span class="t">
                <b>{card.news.is_some().then(|| view! { <i class="dot" title=tr!(boot.lang, "有新进展", "News")></i> })}{card.heading(boot.lang)}</b>
                {card.news.as_ref().map(|news| view! { <span class="news">{deed(boot.lang, news, now, boot.offset())}</span> })}
                <span>{more}</span>
                <span class=if late { "late" } else { "" }>{due_line(boot, card, now)}</span>
            </span>
            {state_tag(boot, card)}
        </a>
    }
}

/// An empty list says what to do.
pub fn empty(name: &'static str, sentence: String, action: Option<(String, String)>) -> impl IntoView {
    view! {
        <div class="empty">
            {icon(name)}
            <p>{sentence}</p>
            {action.map(|(label, href)| view! { <a class="btn small" href=href>{label}</a> })}
        </div>
    }
}
