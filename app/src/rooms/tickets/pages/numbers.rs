//! The month's numbers, each with its numerator, denominator and date.

use crate::i18n::{Lang, spoken_date, spoken_span};
use crate::measure::MINUTE;
use crate::rooms::tickets::api;
use crate::rooms::tickets::chart::{chart_address, month_name};
use crate::rooms::tickets::rules::MonthNumbers;
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
use crate::ui::{frame, load};
use crate::{tr, trf};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page: twelve months as bars and as a table.
pub fn page() -> impl IntoView {
    let params = use_params_map();
    load::page(move || params.read().get("slug").unwrap_or_default(), api::numbers, show)
}

fn show(boot: Boot, months: Vec<MonthNumbers>) -> impl IntoView {
    let lang = boot.lang;
    let body = view! {
        {months.first().map(|m| summary(&boot, m, false))}
        <section class="card">
            <h2>{tr!(lang, "十二个月的上报", "Reports in twelve months")}</h2>
            {bars(&boot)}
            {table(&boot, &months)}
            <p class="note">{tr!(lang, "按时率 = 按时修好 ÷（修好 + 已超时未修好）。暂停等材料、等审批的时间不算。", "On-time rate = repaired in time ÷ (repaired + overdue and still open). Time waiting for material or approval does not count.")}</p>
        </section>
    };
    frame(&boot, Page::Board, tr!(lang, "小区数据", "Numbers").into(), tr!(lang, "每个数都写明怎么算", "Each with how it is counted").into(), body)
}

/// Three figures of a month, with the way they are counted under each.
pub fn summary(boot: &Boot, m: &MonthNumbers, link: bool) -> impl IntoView + use<> {
    let lang = boot.lang;
    let none = || tr!(lang, "—", "—").to_owned();
    let due = m.closed + m.overdue;
    let rate = m.on_time_percent().map_or_else(none, |p| format!("{p}%"));
    let median = m.median_minutes.map_or_else(none, |minutes| spoken_span(lang, minutes * MINUTE));
    let stars = m.stars_tenths().map_or_else(none, |t| trf_stars(lang, t));
    let until = spoken_date(lang, m.until + -1, m.until, boot.offset());
    let (received, on_time, closed) = (m.received, m.on_time, m.closed);
    view! {
        <section class="card">
            <h2>{tr!(lang, "本月小区", "This month")}{link.then(|| view! { <a href=boot.at("/numbers")>{tr!(lang, "看数据", "Numbers")}</a> })}</h2>
            <div class="nums">
                <div><b>{rate}</b><span>{tr!(lang, "按时修好", "on time")}</span><span>{trf!(lang, "{on_time} / {due} 件", "{on_time} of {due}")}</span></div>
                <div><b>{median}</b><span>{tr!(lang, "一半在此内修好", "median repair")}</span><span>{trf!(lang, "{closed} 件修好", "{closed} repaired")}</span></div>
                <div><b>{stars}</b><span>{tr!(lang, "满意度", "satisfaction")}</span><span>{stars_of(lang, m)}</span></div>
            </div>
            <p class="note">{trf!(lang, "截至 {until}，本月收到 {received} 件", "Up to {until}; {received} received this month")}</p>
        </section>
    }
}

/// How the mean came about: `46 星 ÷ 10 人`.
fn stars_of(lang: Lang, m: &MonthNumbers) -> String {
    let (sum, rated) = (m.stars, m.rated);
    if rated == 0 { tr!(lang, "还没人评", "no ratings yet").to_owned() } else { trf!(lang, "{sum} 星 ÷ {rated} 人", "{sum} stars ÷ {rated}") }
}

fn trf_stars(lang: Lang, tenths: i64) -> String {
    let (whole, tenth) = (tenths / 10, tenths % 10);
    trf!(lang, "{whole}.{tenth} 分", "{whole}.{tenth}")
}

/// Received and repaired per month, drawn by the server; the table below holds the same numbers.
fn bars(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    let label = tr!(lang, "每月收到（灰）与修好（绿）的件数，数字见下表", "Received (grey) and repaired (green) each month; figures in the table below");
    let address = |dark: bool| chart_address(&boot.slug, lang, boot.care, dark);
    let (width, height) = if boot.care { ("960", "340") } else { ("720", "260") };
    // Without a choice the phone says whether it is dark.
    let by_phone = boot.theme.is_empty().then(|| view! { <source media="(prefers-color-scheme: dark)" srcset=address(true)/> });
    view! {
        <p class="legend"><span class="key sec"></span>{tr!(lang, "收到", "Received")}<span class="key"></span>{tr!(lang, "修好", "Repaired")}</p>
        <div class="scroll-x" tabindex="0" role="group" aria-label=label>
            <picture>{by_phone}<img class="bars" src=address(boot.theme == "dark") width=width height=height alt=label/></picture>
        </div>
    }
}

fn table(boot: &Boot, months: &[MonthNumbers]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = months
        .iter()
        .map(|m| {
            let due = m.closed + m.overdue;
            let rate = m.on_time_percent().map_or_else(|| "—".into(), |p| format!("{p}% ({}/{due})", m.on_time));
            let median = m.median_minutes.map_or_else(|| "—".into(), |n| spoken_span(lang, n * MINUTE));
            let stars = m.stars_tenths().map_or_else(|| "—".into(), |t| format!("{}.{} ({}/{})", t / 10, t % 10, m.stars, m.rated));
            view! {
                <tr><th scope="row">{month_name(lang, m, boot.offset())}</th><td class="n">{m.received}</td><td class="n">{m.closed}</td><td class="n">{m.overdue}</td><td class="n">{rate}</td><td class="n">{median}</td><td class="n">{stars}</td></tr>
            }
        })
        .collect_view();
    let heads = [
        tr!(lang, "收到", "Received"),
        tr!(lang, "修好", "Repaired"),
        tr!(lang, "超时未修", "Overdue"),
        tr!(lang, "按时率", "On time"),
        tr!(lang, "中位时间", "Median"),
        tr!(lang, "满意度", "Stars"),
    ];
    view! {
        <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "每月数据表", "Table by month")>
            <table class="t">
                <thead><tr><th scope="col">{tr!(lang, "月份", "Month")}</th>{heads.map(|h| view! { <th scope="col" class="n">{h}</th> }).collect_view()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
