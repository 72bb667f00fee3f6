//! A household's passes, and the page that a pass leads to.

use super::model::{Visit, Worth};
use super::rules::{Limits, mask_plate, worth, written_day};
use super::store::{PASSES, Passes};
use crate::i18n::{Lang, spoken_time};
use crate::measure::{DAY, Time};
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::{error, hidden};
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;

/// What a pass is worth, as a small label.
pub fn worth_tag(lang: Lang, worth: Worth) -> impl IntoView {
    let class = match worth {
        Worth::Valid => "tag ok",
        Worth::Early => "tag due",
        Worth::Used | Worth::Expired => "tag off",
        Worth::Cancelled => "tag warn",
    };
    view! { <span class=class>{worth.label(lang)}</span> }
}

/// Says that a list does not show them all.
pub fn and_more(lang: Lang, more: bool) -> impl IntoView {
    more.then(|| view! { <p class="note">{trf!(lang, "还有更多，这里只列 {PASSES} 张，没用过的排在前面。", "There are more: the list shows {PASSES}, those that were not used first.")}</p> })
}

/// The household's page; `made` is how many passes it has in this month.
pub fn mine(boot: &Boot, passes: &Passes, limits: &Limits, made: i64, now: Time) -> AnyView {
    let lang = boot.lang;
    let most = limits.unit_month;
    let rows = passes.list.iter().map(|v| row(boot, v, now)).collect_view();
    let list = if passes.list.is_empty() {
        empty("people", tr!(lang, "近来没有访客证。", "No passes lately.").into(), None).into_any()
    } else {
        view! { <section class="card rows"><h2>{tr!(lang, "发过的", "Passes")}</h2>{rows}{and_more(lang, passes.more)}</section> }.into_any()
    };
    let body = view! { {form(boot, limits, now)}<p class="note">{trf!(lang, "这个月发了 {made} 张，最多 {most} 张；取消的不算。", "{made} this month, {most} at most; those taken back do not count.")}</p>{list} };
    frame(
        boot,
        Page::Me,
        tr!(lang, "访客证", "Visitors' passes").into(),
        tr!(lang, "没有信号也能填，有网时自动发出", "Works without a signal, sent when there is one").into(),
        body,
    )
}

/// It says its kind itself, so that it waits in the outbox where there is no network.
fn form(boot: &Boot, limits: &Limits, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (first, last) = (written_day(now, boot.offset()), written_day(now + limits.ahead_days * DAY, boot.offset()));
    let typed = echo().value("day");
    let day = if typed.is_empty() { first.clone() } else { typed };
    view! {
        <form method="post" action="/forms/visit-invite" class="card stack" data-kind="visits.invite.v1" data-thanks="saved">
            <h2>{tr!(lang, "给访客发一张", "A pass for a visitor")}</h2>
            {hidden("/visits")}
            <div class="field"><label for="day">{tr!(lang, "哪一天来", "On which day")}</label><input id="day" type="date" name="day" required min=first max=last value=day data-as=""/>{error("day", lang)}</div>
            <div class="field"><label for="name">{tr!(lang, "怎么称呼（可以不填）", "Who comes (optional)")}</label><input id="name" type="text" name="name" maxlength="20" value=echo().value("name") data-as=""/>{error("name", lang)}</div>
            <div class="field"><label for="plate">{tr!(lang, "车牌（开车来才填）", "Plate (if they come by car)")}</label><input id="plate" type="text" name="plate" maxlength="12" placeholder="沪A12345" autocapitalize="characters" value=echo().value("plate") data-as=""/>{error("plate", lang)}</div>
            <p class="hint">{tr!(lang, "称呼和车牌只有您家和门岗看得到，过期后按规定的天数删除。", "Only your household and the gate see name and plate; they are deleted some days after.")}</p>
            <button class="btn" type="submit">{tr!(lang, "发访客证", "Make the pass")}</button>
        </form>
    }
}

fn row(boot: &Boot, v: &Visit, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let worth = worth(v, now, boot.offset());
    let who = [v.name.as_str(), v.plate.as_str()].into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" · ");
    view! { <a class="row" href=format!("/v/{}", v.code)><span class="t"><b>{v.day.clone()}" "{who}</b></span>{worth_tag(lang, worth)}</a> }
}

/// Who looks at a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eye {
    /// Somebody with the code.
    Anybody,
    /// Its household.
    Household,
    /// The guard or the desk of its community.
    Guard,
}

/// The page of a pass: what it is worth, its QR code, and for the guard what is needed to let somebody in.
pub fn pass(boot: &Boot, v: &Visit, community: &str, unit: Option<String>, qr: String, eye: Eye, now: Time) -> AnyView {
    let lang = boot.lang;
    let worth = worth(v, now, boot.offset());
    let shown = matches!(worth, Worth::Valid | Worth::Early);
    let plate = if eye == Eye::Anybody { mask_plate(&v.plate) } else { v.plate.clone() };
    let name = (eye != Eye::Anybody && !v.name.is_empty()).then(|| view! { <dt>{tr!(lang, "访客", "Visitor")}</dt><dd>{v.name.clone()}</dd> });
    let used = v.used_at.map(|at| view! { <dt>{tr!(lang, "进门", "Let in")}</dt><dd>{spoken_time(lang, at, now, boot.offset())}</dd> });
    let back = format!("/v/{}", v.code);
    let enter = (eye == Eye::Guard && worth == Worth::Valid).then(|| view! { <form method="post" action="/forms/visit-enter" class="card">{hidden(&back)}<input type="hidden" name="visit" value=v.id.to_string()/><button class="btn" type="submit">{tr!(lang, "放行", "Let in")}</button></form> });
    let cancel = (eye == Eye::Household && shown).then(|| view! { <form method="post" action="/forms/visit-cancel" class="card">{hidden(&back)}<input type="hidden" name="visit" value=v.id.to_string()/><button class="btn sec" type="submit">{tr!(lang, "取消这张", "Take it back")}</button></form> });
    let body = view! {
        <section class="card">
            <p class="big-word">{worth_tag(lang, worth)}</p>
            {shown.then(|| view! { <div class="qr" inner_html=qr></div><p class="code">{v.code.clone()}</p> })}
            <dl class="kv">
                <dt>{tr!(lang, "小区", "Community")}</dt><dd>{community.to_owned()}</dd>
                <dt>{tr!(lang, "日子", "Day")}</dt><dd>{v.day.clone()}</dd>
                {(!plate.is_empty()).then(|| view! { <dt>{tr!(lang, "车牌", "Plate")}</dt><dd>{plate.clone()}</dd> })}
                {name}
                {unit.map(|u| view! { <dt>{tr!(lang, "去哪户", "Visits")}</dt><dd>{u}</dd> })}
                {used}
            </dl>
            {shown.then(|| view! { <p class="hint">{tr!(lang, "把这一页给门岗看，或把这个网址发给客人。只在当天用一次。", "Show this page at the gate, or send its address to your guest. It works once, on its day.")}</p> })}
        </section>
        {enter}{cancel}
    };
    frame(boot, Page::Other, tr!(lang, "访客证", "Visitor's pass").into(), v.day.clone(), body)
}
