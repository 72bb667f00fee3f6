//! The plan on the desk: a table of workers and days.

use super::model::{Item, Plan, Row, Sort};
use crate::i18n::Lang;
use crate::ids::PersonId;
use crate::measure::{DAY, Time};
use crate::ui::boot::Boot;
use crate::ui::frame;
use crate::ui::frame::Page;
use crate::{tr, trf};
use leptos::prelude::*;
use std::collections::HashMap;

/// The page.
pub fn page(boot: &Boot, plan: &Plan, names: &HashMap<PersonId, String>) -> AnyView {
    let lang = boot.lang;
    let offset = boot.offset();
    let first = plan.days.first().copied().unwrap_or(Time(0));
    let day_of = |t: Time| t.local(offset).format("%Y-%m-%d").to_string();
    let (before, after) = (day_of(first + -7 * DAY), day_of(first + 7 * DAY));
    let heads = plan.days.iter().map(|d| view! { <th scope="col">{day_name(lang, *d, offset)}</th> }).collect_view();
    let rows = plan.rows.iter().map(|r| row(boot, r, names)).collect_view();
    let total: usize = plan.rows.iter().map(Row::load).sum();
    let late: usize = plan.rows.iter().map(|r| r.overdue.len()).sum();
    let body = view! {
        <nav class="filters" aria-label=tr!(lang, "哪一周", "Which week")>
            <a class="chip" href=format!("/desk/plan?from={before}")>{tr!(lang, "前七天", "Week before")}</a>
            <a class="chip" href="/desk/plan">{tr!(lang, "从今天起", "From today")}</a>
            <a class="chip" href=format!("/desk/plan?from={after}")>{tr!(lang, "后七天", "Week after")}</a>
        </nav>
        <section class="card">
            <h2>{tr!(lang, "每位师傅的负荷", "Load of each worker")}</h2>
            <ul class="loads">{plan.rows.iter().map(|r| load(boot, r, names, total)).collect_view()}</ul>
        </section>
        <section class="card">
            <h2>{tr!(lang, "七天安排", "Seven days")}</h2>
            <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "七天安排", "Seven days")>
                <table class="t plan">
                    <thead><tr><th scope="col">{tr!(lang, "谁", "Who")}</th><th scope="col">{tr!(lang, "已超时", "Overdue")}</th>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    };
    frame(boot, Page::Desk, tr!(lang, "计划与日历", "Plan and calendar").into(), trf!(lang, "{total} 件，{late} 件已超时", "{total} in all, {late} overdue"), body)
}

fn who(lang: Lang, worker: Option<PersonId>, names: &HashMap<PersonId, String>) -> String {
    worker.map_or_else(|| tr!(lang, "还没有派给人", "Nobody yet").to_owned(), |w| names.get(&w).cloned().unwrap_or_default())
}

/// A worker's share of all there is, in words and as a bar.
fn load(boot: &Boot, row: &Row, names: &HashMap<PersonId, String>, total: usize) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (n, late) = (row.load(), row.overdue.len());
    let words = if late > 0 { trf!(lang, "{n} 件，其中 {late} 件超时", "{n}, {late} of them overdue") } else { trf!(lang, "{n} 件", "{n}") };
    let name = who(lang, row.worker, names);
    view! { <li><span>{name.clone()}</span><meter min="0" max=total.max(1).to_string() value=n.to_string() aria-label=name></meter><span>{words}</span></li> }
}

fn row(boot: &Boot, row: &Row, names: &HashMap<PersonId, String>) -> impl IntoView + use<> {
    let lang = boot.lang;
    let offset = boot.offset();
    let cells = row.days.iter().map(|items| view! { <td>{items.iter().map(|i| item(lang, i, offset, false)).collect_view()}</td> }).collect_view();
    view! {
        <tr>
            <th scope="row">{who(lang, row.worker, names)}</th>
            <td>{row.overdue.iter().map(|i| item(lang, i, offset, true)).collect_view()}</td>
            {cells}
        </tr>
    }
}

fn item(lang: Lang, item: &Item, offset: i32, late: bool) -> impl IntoView + use<> {
    let at = item.at.local(offset).format(if late { "%m-%d %H:%M" } else { "%H:%M" }).to_string();
    let sort = match item.sort {
        Sort::Urgent => tr!(lang, "急修", "Urgent"),
        Sort::Visit => tr!(lang, "预约", "Visit"),
        Sort::Repair => tr!(lang, "维修", "Repair"),
        Sort::Inspection => tr!(lang, "巡检", "Inspection"),
    };
    let class = if late { "job late" } else { "job" };
    view! { <a class=class href=item.href.clone()><b>{at}" "{sort}</b><span>{item.label.clone()}</span><span class="muted">{item.spot.clone()}</span></a> }
}

fn day_name(lang: Lang, day: Time, offset: i32) -> String {
    let local = day.local(offset);
    let week = ["一", "二", "三", "四", "五", "六", "日"];
    let n = usize::try_from(local.format("%u").to_string().parse::<u32>().unwrap_or(1) - 1).unwrap_or(0);
    match lang {
        Lang::Zh => format!("{} 周{}", local.format("%-m月%-d日"), week.get(n).copied().unwrap_or_default()),
        Lang::En => local.format("%a %-d %b").to_string(),
    }
}
