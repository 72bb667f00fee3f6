//! The plan in the open, with the list that does the same without it.

use super::draw::{Scene, bay_path, href, pin_path, spoken_bay, svg};
use super::model::{Pin, Sheet, Show};
use super::rules::{DRAWN_MAX, LINES};
use crate::i18n::Lang;
use crate::rooms::bays::model::{Bay, BayKind, BayState};
use crate::rooms::bays::rules::{Use, may_be_given};
use crate::text::percent;
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;

/// What the plan is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What is shown.
    pub show: Show,
    /// Only bays in this state.
    pub state: Option<BayState>,
    /// Only bays of this kind.
    pub kind: Option<BayKind>,
    /// Only `accessible`, `ev` or `freed` ones.
    pub only: String,
    /// Only bays of this area.
    pub area: String,
    /// The bay that is meant.
    pub at: Option<String>,
    /// A page of this site that asked for a bay: each bay that may be chosen leads there, with `bay=CODE`.
    pub pick: Option<String>,
    /// Lines of the list that were passed over.
    pub after: usize,
}

impl Query {
    /// Whether a bay is asked for.
    pub fn wants(&self, bay: &Bay) -> bool {
        let only = match self.only.as_str() {
            "accessible" => bay.accessible,
            "ev" => bay.ev,
            "freed" => bay.freed,
            _ => true,
        };
        only && self.state.is_none_or(|s| s == bay.state)
            && self.kind.is_none_or(|k| k == bay.kind)
            && (self.area.is_empty() || self.area == bay.area)
            && (self.pick.is_none() || choosable(bay))
    }

    /// The address of this plan with other lines passed over.
    fn address(&self, boot: &Boot, after: usize) -> String {
        let (state, kind) = (self.state.map_or("", BayState::code), self.kind.map_or("", BayKind::code));
        let mut address =
            format!("{}?show={}&state={state}&kind={kind}&only={}&area={}&after={after}", boot.at("/plan"), self.show.code(), percent(&self.only), percent(&self.area));
        if let Some(pick) = &self.pick {
            address.push_str(&format!("&pick={}", percent(pick)));
        }
        address
    }
}

/// Whether a bay can be chosen by somebody who asks for one: it is free, and may be leased as a fixed one (R5.2).
pub fn choosable(bay: &Bay) -> bool {
    bay.state == BayState::Free && may_be_given(bay.kind, bay.original_planned, bay.state) == Some(Use::FixedLease)
}

/// The plan with its buttons. Without a script the buttons stay hidden.
pub fn figure(scene: &Scene<'_>) -> impl IntoView + use<> {
    let lang = scene.lang;
    let key = |by: &'static str, sign: &'static str, name: &'static str| view! { <button type="button" hidden data-plan=by aria-label=name>{sign}</button> };
    view! {
        <div class="site">
            <div inner_html=svg(scene)></div>
            <div class="site-keys">{key("1.6", "＋", tr!(lang, "放大", "Larger"))}{key("0.6", "－", tr!(lang, "缩小", "Smaller"))}{key("0", "⤢", tr!(lang, "看全图", "Whole plan"))}</div>
        </div>
    }
}

/// One mark of the legend.
fn swatch(class: &'static str, path: &str, word: &'static str) -> impl IntoView + use<> {
    let shape = format!("<svg class=\"swatch\" viewBox=\"-2 -2 24 24\" aria-hidden=\"true\" focusable=\"false\"><path class=\"{class}\" d=\"{path}\"/></svg>");
    view! { <span class="key-word"><span inner_html=shape></span>" "{word}</span> }
}

/// What the shapes mean.
pub fn legend(lang: Lang, show: Show) -> AnyView {
    let bay = |state: BayState, class| swatch(class, &bay_path(state, (10, 10), (13, 20)), state.label(lang));
    let pin = |look: &'static str, class, word| swatch(class, &pin_path(look, (10, 10), 18), word);
    let marks = match show {
        Show::Bays => view! {
            {bay(BayState::Free, "b f")}{bay(BayState::Held, "b h")}{bay(BayState::Blocked, "b x")}{bay(BayState::Closed, "b c")}
            <span>{tr!(lang, "“障”无障碍，“电”充电车位", "“A” accessible, “E” charging")}</span>
        }
        .into_any(),
        Show::Tickets => view! { {pin("due", "p due", tr!(lang, "处理中", "Under way"))}{pin("late", "p late", tr!(lang, "超时", "Overdue"))} }.into_any(),
        Show::Assets => {
            view! { {pin("ok", "p ok", tr!(lang, "在用", "In use"))}{pin("bad", "p bad", tr!(lang, "故障", "Faulty"))}{pin("off", "p off", tr!(lang, "离线", "Offline"))} }
                .into_any()
        }
    };
    view! { <p class="cluster">{marks}</p> }.into_any()
}

/// The page.
pub fn page(boot: &Boot, query: &Query, sheet: &Sheet, bays: &[Bay], pins: &[Pin]) -> AnyView {
    let lang = boot.lang;
    let wanted: Vec<&Bay> = bays.iter().filter(|b| query.wants(b)).collect();
    let linked: Vec<(&Bay, Option<String>)> = bays.iter().map(|b| (b, query.wants(b).then(|| href(&boot.slug, b, query.pick.as_deref())))).collect();
    let scene = Scene { sheet, bays: if query.show == Show::Bays { &linked } else { &[] }, pins, at: query.at.as_deref(), places: false, lang };
    let list = match query.show {
        Show::Bays => bay_list(boot, query, &wanted),
        _ => pin_list(boot, query, pins),
    };
    let chips = Show::ALL
        .into_iter()
        .map(|s| view! { <a class="chip" href=format!("{}?show={}", boot.at("/plan"), s.code()) aria-current=(s == query.show).then_some("page")>{s.label(lang)}</a> })
        .collect_view();
    let many = (bays.len().max(pins.len()) > DRAWN_MAX)
        .then(|| view! { <p class="note">{trf!(lang, "图上只画前 {DRAWN_MAX} 个，列表里都有。", "The plan shows the first {DRAWN_MAX}; the list has them all.")}</p> });
    let blank = (sheet.n == 0).then(
        || view! { <p class="note">{tr!(lang, "还没有小区的底图。物业可以在“车位”里上传。", "There is no drawing of the estate yet; the desk can upload one under Bays.")}</p> },
    );
    let source = (!sheet.source.is_empty()).then(|| view! { <p class="muted">{tr!(lang, "底图：", "Drawing: ")}{sheet.source.clone()}</p> });
    let asked = query.pick.as_ref().map(|back| view! { <p class="note">{tr!(lang, "点一个空闲的车位，就选它。", "Tap a free bay to choose it.")}" "<a href=back.clone()>{tr!(lang, "不选，回去", "Back without choosing")}</a></p> });
    let picked = query.pick.is_some();
    let body = view! {
        {(!picked).then(|| view! { <nav class="filters" aria-label=tr!(lang, "看什么", "What to show")>{chips}<a class="chip" href=boot.at("/bays")>{tr!(lang, "车位数字", "Bays in numbers")}</a><a class="chip" href=boot.at("/bikes")>{tr!(lang, "非机动车", "Bikes")}</a></nav> })}
        {asked}
        {(query.show == Show::Bays).then(|| filters(boot, query, bays))}
        <section class="card">
            {legend(lang, query.show)}
            {figure(&scene)}
            <p class="hint">{tr!(lang, "可以拖动、双指或滚轮缩放；键盘用方向键换一个，回车打开，+ - 0 缩放。", "Drag; pinch or scroll to zoom. Keys: arrows move to the next one, Enter opens it, + - 0 zoom.")}</p>
            {blank}{many}{source}
        </section>
        {list}
    };
    let title = if picked { tr!(lang, "选一个车位", "Choose a bay") } else { tr!(lang, "平面图", "Site plan") };
    frame(boot, Page::Board, title.into(), query.show.label(lang).into(), body)
}

fn filters(boot: &Boot, query: &Query, bays: &[Bay]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let option = |value: String, label: String, on: bool| view! { <option value=value selected=on>{label}</option> };
    let states = BayState::ALL.into_iter().map(|s| option(s.code().into(), s.label(lang).into(), query.state == Some(s))).collect_view();
    let kinds = BayKind::ALL.into_iter().map(|k| option(k.code().into(), k.label(lang).into(), query.kind == Some(k))).collect_view();
    let only = [("accessible", tr!(lang, "无障碍", "Accessible")), ("ev", tr!(lang, "充电", "Charging")), ("freed", tr!(lang, "腾出来的", "Won back"))];
    let only = only.into_iter().map(|(code, label)| option(code.into(), label.into(), query.only == code)).collect_view();
    let mut areas: Vec<&str> = bays.iter().map(|b| b.area.as_str()).filter(|a| !a.is_empty()).collect();
    areas.sort_unstable();
    areas.dedup();
    let areas = areas.into_iter().take(200).map(|a| option(a.to_owned(), a.to_owned(), query.area == a)).collect_view();
    let all = || tr!(lang, "全部", "All");
    view! {
        <form method="get" action=boot.at("/plan") class="card filters" role="search">
            <input type="hidden" name="show" value="bays"/>
            {query.pick.clone().map(|pick| view! { <input type="hidden" name="pick" value=pick/> })}
            <select name="state" aria-label=tr!(lang, "状态", "State")><option value="">{tr!(lang, "状态：", "State: ")}{all()}</option>{states}</select>
            <select name="kind" aria-label=tr!(lang, "种类", "Kind")><option value="">{tr!(lang, "种类：", "Kind: ")}{all()}</option>{kinds}</select>
            <select name="only" aria-label=tr!(lang, "特别的", "Special")><option value="">{tr!(lang, "特别的：", "Special: ")}{all()}</option>{only}</select>
            <select name="area" aria-label=tr!(lang, "地点", "Area")><option value="">{tr!(lang, "地点：", "Area: ")}{all()}</option>{areas}</select>
            <button class="btn small" type="submit">{tr!(lang, "查找", "Find")}</button>
        </form>
    }
}

fn pager(boot: &Boot, query: &Query, all: usize) -> impl IntoView + use<> {
    let lang = boot.lang;
    let back =
        (query.after > 0).then(|| view! { <a class="btn sec" href=format!("{}#list", query.address(boot, query.after.saturating_sub(LINES)))>{tr!(lang, "前面的", "Before")}</a> });
    let next =
        (query.after + LINES < all).then(|| view! { <a class="btn sec" href=format!("{}#list", query.address(boot, query.after + LINES))>{tr!(lang, "后面的", "More")}</a> });
    view! { <nav class="pager" aria-label=tr!(lang, "翻页", "Pages")>{back}{next}</nav> }
}

fn bay_list(boot: &Boot, query: &Query, wanted: &[&Bay]) -> AnyView {
    let lang = boot.lang;
    let n = wanted.len();
    if n == 0 {
        return empty("list", tr!(lang, "没有符合条件的车位。换个条件看看。", "No bay matches. Try other filters.").into(), None).into_any();
    }
    let item = |b: &&Bay| {
        let mark = b.state.mark();
        view! { <a class="row" href=href(&boot.slug, b, query.pick.as_deref())><span class="t"><b>{format!("{mark} {}", spoken_bay(b, lang))}</b><span>{b.area.clone()}</span></span></a> }
    };
    let rows = wanted.iter().skip(query.after).take(LINES).map(item).collect_view();
    view! { <section class="card rows" id="list"><h2>{trf!(lang, "{n} 个车位", "{n} bays")}</h2>{rows}</section>{pager(boot, query, n)} }.into_any()
}

fn pin_list(boot: &Boot, query: &Query, pins: &[Pin]) -> AnyView {
    let lang = boot.lang;
    let n = pins.len();
    if n == 0 {
        return empty("check", tr!(lang, "图上没有。", "Nothing is on the plan.").into(), None).into_any();
    }
    let rows = pins.iter().skip(query.after).take(LINES).map(|p| view! { <a class="row" href=p.href.clone()><span class="t"><b>{p.label.clone()}</b></span></a> }).collect_view();
    view! { <section class="card rows" id="list"><h2>{trf!(lang, "图上 {n} 处", "{n} on the plan")}</h2>{rows}</section>{pager(boot, query, n)} }.into_any()
}
