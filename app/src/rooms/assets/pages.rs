//! The register in the open: every kind in numbers, and one asset.

use super::model::{CheckRow, KindNumbers, State, Turn, View};
use super::rules::{percent, reading_of, spoken_hundredths};
use crate::i18n::{Lang, spoken_date};
use crate::measure::Time;
use crate::rooms::photos::model::Size;
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
use crate::ui::{empty, frame, photo};
use crate::{tr, trf};
use leptos::prelude::*;

/// A rate as people read it: `363 / 367（98.9 %）`.
pub fn rate(good: i64, all: i64) -> String {
    percent(good, all).map_or_else(|| "—".to_owned(), |p| format!("{good} / {all} ({p})"))
}

/// Every kind in numbers.
pub fn overview(boot: &Boot, numbers: &[KindNumbers], now: Time) -> AnyView {
    let lang = boot.lang;
    let all: i64 = numbers.iter().map(|n| n.all).sum();
    let body = if numbers.is_empty() {
        empty("tool", tr!(lang, "还没有登记设备。", "Nothing has been registered yet.").into(), None).into_any()
    } else {
        view! {
            <p><a class="chip" href=boot.at("/plan?show=assets")>{tr!(lang, "在平面图上看", "See them on the site plan")}</a></p>
            <div class="kinds">{numbers.iter().map(|n| kind_card(boot, n, now)).collect_view()}</div>
            <p class="hint">{tr!(lang, "在线率 = 在用 ÷ 没有报废的；合格率 = 上次巡检合格 ÷ 在巡检周期内查过的。", "Working = in use ÷ not retired; passed = passed last time ÷ inspected within the plan's days.")}</p>
        }
        .into_any()
    };
    frame(boot, Page::Board, tr!(lang, "设施设备", "Assets").into(), trf!(lang, "{all} 件", "{all} in all"), body)
}

/// One kind: how many, how many of them work, how many passed, each with what it is counted from.
fn kind_card(boot: &Boot, n: &KindNumbers, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let bar = |name: &'static str, good: i64, all: i64| {
        view! { <div class="rate"><span>{name}</span><b>{rate(good, all)}</b>{(all > 0).then(|| view! { <progress max=all.to_string() value=good.to_string() aria-label=format!("{name} {}", rate(good, all))></progress> })}</div> }
    };
    let replaced = (n.replaced > 0).then(|| tr!(lang, "另有 {r} 件已换新", "{r} more were replaced", r = n.replaced));
    let last = n.last.map(|at| tr!(lang, "最近巡检 {d}", "last inspected {d}", d = spoken_date(lang, at, now, boot.offset())));
    let more = [replaced, last].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <section class="card">
            <h2>{n.kind.label(lang)}" "<span class="muted">{n.all}</span></h2>
            {bar(tr!(lang, "在线（完好）", "Working"), n.in_use, n.all)}
            {bar(tr!(lang, "巡检合格", "Passed"), n.passed, n.checked)}
            {(!more.is_empty()).then(|| view! { <p class="muted">{more}</p> })}
        </section>
    }
}

/// A reading in its unit.
pub fn spoken_reading(kind: super::model::Kind, reading: i64) -> String {
    let unit = reading_of(kind).map_or("", |(unit, ..)| unit);
    format!("{} {unit}", spoken_hundredths(reading))
}

/// The state as a small label.
pub fn state_tag(lang: Lang, state: State) -> impl IntoView {
    let class = match state {
        State::InUse => "tag ok",
        State::Faulty | State::Offline => "tag warn",
        State::Retired => "tag off",
    };
    view! { <span class=class>{state.label(lang)}</span> }
}

/// What everybody sees of an asset.
pub fn about(boot: &Boot, v: &View, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let offset = boot.offset();
    let link = |(number, name): &(String, String), before: &'static str| view! { <div><dt>{before}</dt><dd><a href=boot.at(&format!("/assets/{number}"))>{number.clone()}" "{name.clone()}</a></dd></div> };
    let words = |name: &'static str, value: &str| (!value.is_empty()).then(|| view! { <div><dt>{name}</dt><dd>{value.to_owned()}</dd></div> });
    let warranty = if v.row.warranty.is_empty() {
        None
    } else {
        let until = &v.row.warranty;
        let word = if v.in_warranty {
            trf!(lang, "{until}（质保期内，坏了由供应方修）", "{until} (in force: the supplier repairs it)")
        } else {
            trf!(lang, "{until}（已过）", "{until} (over)")
        };
        Some(view! { <div><dt>{tr!(lang, "质保到期", "Warranty until")}</dt><dd>{word}</dd></div> })
    };
    let next = v.next.map(|at| {
        let late = at < now;
        let day = spoken_date(lang, at, now, offset);
        view! { <div><dt>{tr!(lang, "下次巡检", "Next inspection")}</dt><dd class=if late { "late" } else { "" }>{day}{late.then_some(tr!(lang, "（已过期）", " (overdue)"))}</dd></div> }
    });
    let ticket = v.ticket.as_ref().map(|n| view! { <p class="note">{tr!(lang, "正在修：", "Being repaired: ")}<a href=boot.at(&format!("/t/{n}"))>{n.clone()}</a></p> });
    let checks = v.checks.iter().map(|c| check(boot, v.row.kind, c, now)).collect_view();
    let history = if v.checks.is_empty() {
        view! { <p class="muted">{tr!(lang, "还没有巡检过。", "Not inspected yet.")}</p> }.into_any()
    } else {
        view! { <ul class="plain">{checks}</ul> }.into_any()
    };
    view! {
        {ticket}
        <section class="card"><p>{state_tag(lang, v.row.state)}" "{v.row.kind.label(lang)}" · "{v.row.place.clone()}</p><dl class="facts">
            {v.row.tag.clone().map(|t| view! { <div><dt>{tr!(lang, "贴纸", "Sticker")}</dt><dd><a class="code" href=format!("/q/{t}")>{t.clone()}</a></dd></div> })}
            {words(tr!(lang, "序列号", "Serial"), &v.row.serial)}
            {words(tr!(lang, "型号", "Model"), &v.row.model)}
            {words(tr!(lang, "安装日期", "Installed"), &v.row.installed)}
            {warranty}
            {next}
            {v.replaces.as_ref().map(|p| link(p, tr!(lang, "替换了", "Replaced")))}
            {v.replaced_by.as_ref().map(|p| link(p, tr!(lang, "已换成", "Replaced by")))}
        </dl></section>
        <section class="card"><h2>{tr!(lang, "巡检记录", "Inspections")}</h2>{history}</section>
        {turns(boot, v, now)}
    }
}

/// How its state changed, and why.
fn turns(boot: &Boot, v: &View, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let line = |t: &Turn| {
        let day = spoken_date(lang, t.at, now, boot.offset());
        view! { <li>{state_tag(lang, t.from)}" → "{state_tag(lang, t.to)}" "{day}{(!t.reason.is_empty()).then(|| view! { <p>{t.reason.clone()}</p> })}</li> }
    };
    (!v.turns.is_empty())
        .then(|| view! { <section class="card"><h2>{tr!(lang, "状态变动", "Changes of state")}</h2><ul class="plain">{v.turns.iter().map(line).collect_view()}</ul></section> })
}

/// One check.
pub fn check(boot: &Boot, kind: super::model::Kind, c: &CheckRow, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let verdict = if c.passed {
        view! { <span class="tag ok">{tr!(lang, "合格", "Passed")}</span> }
    } else {
        view! { <span class="tag warn">{tr!(lang, "不合格", "Failed")}</span> }
    };
    let reading = c.reading.map(|r| format!(" · {}", spoken_reading(kind, r)));
    let photos = c.photos.iter().map(|p| photo(*p, Size::Small, tr!(lang, "巡检照片", "Photo of the inspection").into())).collect_view();
    let pictures = (!c.photos.is_empty()).then(|| view! { <div class="papers">{photos}</div> });
    let ticket = c.ticket.as_ref().map(|n| view! { " · "<a href=boot.at(&format!("/t/{n}"))>{tr!(lang, "报修单", "ticket")}" "{n.clone()}</a> });
    view! { <li>{verdict}" "{spoken_date(lang, c.at, now, boot.offset())}" · "{c.who.clone()}{reading}{ticket}{(!c.note.is_empty()).then(|| view! { <p>{c.note.clone()}</p> })}{pictures}</li> }
}

/// An asset's public page.
pub fn one(boot: &Boot, v: &View, now: Time) -> AnyView {
    frame(boot, Page::Board, v.row.name.clone(), v.row.number.clone(), about(boot, v, now))
}
