//! Bays in the open: numbers, and one bay.

use super::model::{Bay, BayKind, BayState, Numbers, Turn};
use super::rules::{Use, accessible_needed, may_be_given};
use crate::i18n::{Lang, spoken_date};
use crate::measure::Time;
use crate::rooms::photos::model::Size;
use crate::rooms::sites::draw::{Scene, spoken_bay};
use crate::rooms::sites::model::{Sheet, Show};
use crate::rooms::sites::pages::{figure, legend};
use crate::text::percent;
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
use crate::ui::{empty, frame, photo};
use crate::{tr, trf};
use leptos::prelude::*;

/// The state as a small label: a mark and a word.
pub fn state_tag(lang: Lang, state: BayState) -> impl IntoView {
    let class = match state {
        BayState::Free => "tag ok",
        BayState::Held => "tag due",
        BayState::Blocked => "tag warn",
        BayState::Closed => "tag off",
    };
    view! { <span class=class>{format!("{} {}", state.mark(), state.label(lang))}</span> }
}

/// The numbers.
pub fn numbers(boot: &Boot, n: &Numbers) -> AnyView {
    let lang = boot.lang;
    let all = n.all();
    let links = view! {
        <nav class="filters" aria-label=tr!(lang, "车位", "Bays")>
            <a class="chip" href=boot.at("/plan?show=bays")>{tr!(lang, "在平面图上看", "On the site plan")}</a>
            <a class="chip" href=boot.at("/bikes")>{tr!(lang, "非机动车", "Bikes")}</a>
            <a class="chip" href=boot.at("/conversions")>{tr!(lang, "调整用地", "Converting ground")}</a>
        </nav>
    };
    let body = if all == 0 {
        empty("list", tr!(lang, "还没有登记车位。", "No bays have been written down yet.").into(), None).into_any()
    } else {
        view! { {table(boot, n)}{gates(lang, n)} }.into_any()
    };
    frame(boot, Page::Board, tr!(lang, "车位", "Car bays").into(), trf!(lang, "共 {all} 个", "{all} in all"), view! { {links}{body} })
}

fn table(boot: &Boot, n: &Numbers) -> impl IntoView + use<> {
    let lang = boot.lang;
    let head = BayState::ALL.map(|s| view! { <th scope="col" class="n">{format!("{} {}", s.mark(), s.label(lang))}</th> }).collect_view();
    let line = |kind: BayKind| {
        let cells = n.cells[kind as usize].map(|c| view! { <td class="n">{c}</td> }).collect_view();
        view! { <tr><th scope="row"><a href=format!("{}?show=bays&kind={}", boot.at("/plan"), kind.code())>{kind.label(lang)}</a></th>{cells}<td class="n strong">{n.of_kind(kind)}</td></tr> }
    };
    let lines = BayKind::ALL.map(line).collect_view();
    let sums = BayState::ALL.map(|s| view! { <td class="n">{n.in_state(s)}</td> }).collect_view();
    view! {
        <section class="card"><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "车位数", "Numbers of bays")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "种类", "Kind")}</th>{head}<th scope="col" class="n">{tr!(lang, "合计", "All")}</th></tr></thead>
            <tbody>{lines}</tbody>
            <tfoot><tr><th scope="row">{tr!(lang, "合计", "All")}</th>{sums}<td class="n strong">{n.all()}</td></tr></tfoot>
        </table></div></section>
    }
}

/// What the law asks, with the numbers that it is held against.
fn gates(lang: Lang, n: &Numbers) -> impl IntoView + use<> {
    let (open, need, some) = (n.open(), accessible_needed(n.open()), n.accessible);
    let enough = if some >= need {
        view! { <span class="tag ok">{tr!(lang, "够", "Met")}</span> }.into_any()
    } else {
        view! { <span class="tag warn">{tr!(lang, "不够", "Short")}</span> }.into_any()
    };
    let (passes, ev, freed) = (n.passes_only, n.ev, n.freed);
    view! {
        <section class="card"><h2>{tr!(lang, "规矩和数字", "Rules and numbers")}</h2>
            <p>{enough}" "{trf!(lang, "无障碍车位 {some} 个；{open} 个车位至少要 {need} 个（1 %，GB 55019）。", "{some} accessible; of {open} bays at least {need} must be (1 %, GB 55019).")}</p>
            <p>{trf!(lang, "{passes} 个公共车位不在原规划里：只发通行资格，不固定租给某一户。", "{passes} common bays are not in the original plan: they give passes and are not leased to one household.")}</p>
            <p>{trf!(lang, "充电车位 {ev} 个，只在充电时停。腾出来的车位 {freed} 个。", "{ev} charging bays, for cars while they charge. {freed} bays were won back.")}</p>
            <p class="muted">{tr!(lang, "公共车位归全体业主（民法典 275），收入进公共收益。外来车只在住户都够用时按月停（上海市住宅物业管理规定 62）。", "Common bays are all owners' (Civil Code 275) and what they bring is common income. Cars from outside come in by the month, and only when every household is served (Shanghai rules 62).")}</p>
        </section>
    }
}

/// What is public about a bay. The note is the desk's own and does not stand here.
pub fn about(boot: &Boot, bay: &Bay, turns: &[Turn], now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let given = match may_be_given(bay.kind, bay.original_planned, bay.state) {
        Some(Use::FixedLease) => tr!(lang, "可以固定租用", "May be leased as a fixed bay"),
        Some(Use::Pass) => tr!(lang, "只发通行资格，不固定租用（R5.2）", "Passes only, no fixed lease (R5.2)"),
        None => tr!(lang, "不对外分配", "Not given out"),
    };
    let yes = |flag: bool| if flag { tr!(lang, "是", "yes") } else { tr!(lang, "否", "no") };
    let line = |t: &Turn| view! { <li>{spoken_date(lang, t.at, now, boot.offset())}" · "{t.from.label(lang)}" → "{t.to.label(lang)}" · "{t.reason.clone()}</li> };
    let history = (!turns.is_empty())
        .then(|| view! { <section class="card"><h2>{tr!(lang, "状态变过", "What became of it")}</h2><ul class="plain">{turns.iter().map(line).collect_view()}</ul></section> });
    let picture = bay.photo.map(|id| view! { <div class="papers">{photo(id, Size::Medium, tr!(lang, "车位照片", "Photo of the bay").into())}</div> });
    view! {
        <section class="card">
            <p>{state_tag(lang, bay.state)}</p>
            <dl class="kv">
                <dt>{tr!(lang, "种类", "Kind")}</dt><dd>{bay.kind.label(lang)}</dd>
                <dt>{tr!(lang, "地点", "Where")}</dt><dd>{bay.area.clone()}</dd>
                <dt>{tr!(lang, "原规划", "In the original plan")}</dt><dd>{yes(bay.original_planned)}</dd>
                <dt>{tr!(lang, "怎么给人用", "How it is given out")}</dt><dd>{given}</dd>
                <dt>{tr!(lang, "无障碍", "Accessible")}</dt><dd>{yes(bay.accessible)}</dd>
                <dt>{tr!(lang, "充电", "Charging")}</dt><dd>{yes(bay.ev)}</dd>
            </dl>
            {picture}
        </section>
        {history}
    }
}

/// The plan with one bay on it.
pub fn here(boot: &Boot, bay: &Bay, sheet: &Sheet, places: bool) -> impl IntoView + use<> {
    let lang = boot.lang;
    let alone = [(bay, Some(format!("/c/{}/bays/{}", boot.slug, percent(&bay.code))))];
    let scene = Scene { sheet, bays: &alone, pins: &[], at: Some(&bay.code), places, lang };
    view! { <section class="card"><h2>{tr!(lang, "在哪里", "Where it is")}</h2>{legend(lang, Show::Bays)}{figure(&scene)}</section> }
}

/// A bay's public page.
pub fn one(boot: &Boot, bay: &Bay, turns: &[Turn], sheet: &Sheet, now: Time) -> AnyView {
    let lang = boot.lang;
    let code = percent(&bay.code);
    let plan = bay.at.map(|_| here(boot, bay, sheet, false));
    let body = view! {
        {about(boot, bay, turns, now)}
        {plan}
        <p class="cluster"><a class="chip" href=format!("{}?show=bays&at={code}", boot.at("/plan"))>{tr!(lang, "看周围的车位", "Bays around it")}</a><a class="chip" href=boot.at("/bays")>{tr!(lang, "车位数字", "Bays in numbers")}</a></p>
    };
    frame(boot, Page::Board, bay.code.clone(), spoken_bay(bay, lang), body)
}
