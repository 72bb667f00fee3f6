//! The desk of the projects: what is under way, and the form of a new one.

use super::model::Row;
use super::pages::item;
use super::site_pages::{error, hidden};
use crate::i18n::Lang;
use crate::ids::PlaceId;
use crate::rooms::people::rules::{Permission, may};
use crate::rooms::photos::picker::picker;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;

/// Rows of the form for budget lines, milestones and assets.
const LINES: usize = 10;
const ASSETS: usize = 3;
/// Rows that are open at first.
const OPEN: usize = 3;

/// The desk.
pub fn desk(boot: &Boot, rows: &[Row], places: &[(PlaceId, String)]) -> AnyView {
    let lang = boot.lang;
    let proposes = boot.role().is_some_and(|r| may(r, Permission::ProjectPropose));
    let (open, over): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|p| !p.stage.is_over());
    let list = |rows: Vec<&Row>| rows.into_iter().map(|p| item(boot, p, format!("/desk/projects/{}", p.number))).collect_view();
    let n = open.len();
    let under_way = if open.is_empty() {
        empty("tool", tr!(lang, "现在没有专项工程。", "No project now.").into(), None).into_any()
    } else {
        view! { <section class="card"><ul class="plain">{list(open)}</ul></section> }.into_any()
    };
    let past = (!over.is_empty())
        .then(|| view! { <details class="more"><summary>{tr!(lang, "已经结束的", "Over")}</summary><section class="card"><ul class="plain">{list(over)}</ul></section></details> });
    let body = view! {
        {under_way}{past}
        <p><a href=boot.at("/projects")>{tr!(lang, "公开的专项工程页面", "The public page")}</a></p>
        {proposes.then(|| propose_form(boot, places))}
    };
    frame(boot, Page::Desk, tr!(lang, "专项工程", "Projects").into(), trf!(lang, "{n} 个在办", "{n} under way"), body)
}

/// A line of text.
pub fn field(lang: Lang, name: &'static str, label: &'static str, kind: &'static str, hint: &'static str) -> impl IntoView {
    view! { <div class="field"><label for=name>{label}</label><input id=name type=kind name=name value=echo().value(name) maxlength="120"/>{(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}{error(name, lang)}</div> }
}

/// Several lines of text.
pub fn area(lang: Lang, name: &'static str, label: &'static str, rows: u8, hint: &'static str) -> impl IntoView {
    view! { <div class="field"><label for=name>{label}</label><textarea id=name name=name rows=rows.to_string() maxlength="1400">{echo().value(name)}</textarea>{(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}{error(name, lang)}</div> }
}

/// A column of a form's row: its name, its label and what sort of input it is.
type Cell = (&'static str, &'static str, &'static str);

/// Rows of small fields; what was typed stays, and the rows after the first few are folded away while they are empty.
fn rows(lang: Lang, cells: &'static [(Cell, &'static str)], count: usize) -> impl IntoView {
    let typed: Vec<Vec<String>> = cells.iter().map(|((name, ..), _)| echo().all(name)).collect();
    let one = |i: usize| {
        let fields = cells
            .iter()
            .zip(&typed)
            .map(|(((name, zh, kind), en), typed)| {
                let id = format!("{name}{i}");
                let label = if lang == Lang::Zh { *zh } else { *en };
                let value = typed.get(i).cloned().unwrap_or_default();
                view! { <div class="field"><label for=id.clone()>{label}" "{i + 1}</label><input id=id type=*kind name=*name value=value maxlength="60"/></div> }
            })
            .collect_view();
        view! { <div class="field-row">{fields}</div> }
    };
    let filled = |i: usize| typed.iter().any(|t| t.get(i).is_some_and(|v| !v.is_empty()));
    let more = (count > OPEN).then(|| {
        let open = (OPEN..count).any(filled);
        let rest = (OPEN..count).map(one).collect_view();
        view! { <details class="more" open=open><summary>{tr!(lang, "更多行", "More rows")}</summary><div class="stack">{rest}</div></details> }
    });
    view! { {(0..count.min(OPEN)).map(one).collect_view()}{more} }
}

const BUDGET: &[(Cell, &str)] = &[(("line_name", "项目", "text"), "Line"), (("line_amount", "金额（元）", "text"), "Yuan")];
const MILESTONES: &[(Cell, &str)] =
    &[(("milestone_name", "节点", "text"), "Milestone"), (("milestone_due", "计划日期", "date"), "Due"), (("milestone_share", "付款比例 %", "number"), "Share %")];
const ASSET: &[(Cell, &str)] =
    &[(("asset_kind", "设备", "text"), "Asset"), (("asset_replaced", "替换几个", "number"), "Replaced"), (("asset_added", "新增几个", "number"), "Added")];

fn propose_form(boot: &Boot, places: &[(PlaceId, String)]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let chosen = echo().all("place");
    let spots = places.iter().map(|(id, name)| view! { <option value=id.to_string() selected=chosen.contains(&id.to_string())>{name.clone()}</option> }).collect_view();
    let source = echo().value("source");
    let radio = |value: &'static str, label: &'static str| view! { <label class="check"><input type="radio" name="source" value=value checked={source == value || (source.is_empty() && value == "common_income")}/><span>{label}</span></label> };
    view! {
        <form method="post" action="/forms/project-propose" enctype="multipart/form-data" class="card stack">
            <h2>{tr!(lang, "提出一个项目", "Propose a project")}</h2>
            {hidden("/desk/projects".into())}
            {field(lang, "title", tr!(lang, "做什么", "What"), "text", "")}
            {area(lang, "why", tr!(lang, "为什么做", "Why"), 3, "")}
            {area(lang, "works", tr!(lang, "做什么、在哪里做", "What and where in detail"), 3, "")}
            <div class="field"><label for="place">{tr!(lang, "涉及的地点（可多选，可不选）", "Places (several or none)")}</label><select id="place" name="place" multiple size="5">{spots}</select>{error("places", lang)}</div>
            <fieldset class="field"><legend>{tr!(lang, "钱从哪里来", "Where the money comes from")}</legend>
                {radio("common_income", tr!(lang, "公共收益（付款同时记公共收益账）", "Common income (payments are entered there too)"))}
                {radio("fund", tr!(lang, "维修资金（付款在维修资金里办）", "The maintenance fund (paid there)"))}
                {radio("other", tr!(lang, "其他", "Something else"))}
                {field(lang, "source_words", tr!(lang, "维修资金使用编号，或其他来源的说明", "The number of the fund's use, or the other source in words"), "text", "")}
                {error("source", lang)}
            </fieldset>
            <fieldset class="plain stack"><legend>{tr!(lang, "预算（合计就是预算）", "Budget (its sum)")}</legend>{rows(lang, BUDGET, LINES)}{error("lines", lang)}</fieldset>
            <fieldset class="plain stack"><legend>{tr!(lang, "节点（付款比例加起来 100）", "Milestones (shares add up to 100)")}</legend>{rows(lang, MILESTONES, LINES)}{error("milestones", lang)}</fieldset>
            {area(lang, "checklist", tr!(lang, "检查清单", "Checklist"), 5, tr!(lang, "每行一项，每次现场检查都看这些", "One item a line: every inspection looks at them"))}
            <fieldset class="plain stack"><legend>{tr!(lang, "替换或新增的设备（没有就不填）", "Assets replaced or added, if any")}</legend>{rows(lang, ASSET, ASSETS)}{error("assets", lang)}</fieldset>
            {picker(boot)}
            {error("photos", lang)}
            <button class="btn" type="submit">{tr!(lang, "提出", "Propose")}</button>
        </form>
    }
}
