//! The register of bays on the desk: a list with filters, adding, changing, how they are, the sheet in and out.

use super::imports::Ready;
use super::list::COLUMNS;
use super::model::{Bay, BayKind, BayState, Details, Turn};
use super::pages::{about, here, state_tag};
use crate::i18n::Lang;
use crate::measure::Time;
use crate::rooms::lists;
use crate::rooms::lists::pages::Preview;
use crate::rooms::people::rules::{Permission, may};
use crate::rooms::photos::picker::picker;
use crate::rooms::sites::model::Sheet;
use crate::rooms::sites::pages::Query;
use crate::text::percent;
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::{error, hidden};
use crate::ui::frame;
use crate::ui::frame::Page;
use crate::{tr, trf};
use leptos::prelude::*;
use uuid::Uuid;

/// Bays on one page.
pub const PAGE: usize = 100;

/// A field that keeps what was typed, or else what stands there.
fn field(lang: Lang, name: &'static str, label: &'static str, value: &str, kind: &'static str) -> impl IntoView + use<> {
    let typed = echo().value(name);
    let value = if typed.is_empty() { value.to_owned() } else { typed };
    view! { <div class="field"><label for=name>{label}</label><input id=name type=kind name=name maxlength="200" value=value/>{error(name, lang)}</div> }
}

fn check(name: &'static str, label: &'static str, on: bool) -> impl IntoView {
    let echo = echo();
    let on = if echo.sentence.is_some() { echo.value(name) == "1" } else { on };
    view! { <label class="check"><input type="checkbox" name=name value="1" checked=on/><span>{label}</span></label> }
}

fn kinds(lang: Lang, chosen: &str) -> impl IntoView + use<> {
    BayKind::ALL.into_iter().map(|k| view! { <option value=k.code() selected={chosen == k.code()}>{k.label(lang)}</option> }).collect_view()
}

fn fields(lang: Lang, kind: Option<BayKind>, d: &Details, unit: &str) -> impl IntoView + use<> {
    let typed = echo().value("bay_kind");
    let chosen = if typed.is_empty() { kind.map_or("", BayKind::code).to_owned() } else { typed };
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    view! {
        <div class="field"><label for="bay_kind">{tr!(lang, "种类", "Kind")}</label><select id="bay_kind" name="bay_kind">{kinds(lang, &chosen)}</select></div>
        <div class="cluster">
            {check("original_planned", tr!(lang, "原规划里有", "In the original plan"), d.original_planned)}{check("accessible", tr!(lang, "无障碍", "Accessible"), d.accessible)}
            {check("ev", tr!(lang, "充电车位", "Charging"), d.ev)}{check("freed", tr!(lang, "腾出来的", "Won back"), d.freed)}
        </div>
        {error("original_planned", lang)}
        {field(lang, "area", tr!(lang, "地点", "Where"), &d.area, "text")}
        <div class="field-row">{field(lang, "x", tr!(lang, "图上横向", "On the plan, across"), &number(d.x), "text")}{field(lang, "y", tr!(lang, "图上纵向", "On the plan, down"), &number(d.y), "text")}</div>
        {field(lang, "door", tr!(lang, "产权人的房号（楼号-门号-室号，例如 12-3-0502；不是产权车位不填）", "The owner's unit (building-stair-room, e.g. 12-3-0502; only for an owned bay)"), unit, "text")}
        {error("unit", lang)}
        {field(lang, "note", tr!(lang, "备注", "Note"), &d.note, "text")}
    }
}

/// The list.
pub fn list(boot: &Boot, all: &[Bay], query: &Query) -> AnyView {
    let lang = boot.lang;
    let keeps = boot.role().is_some_and(|r| may(r, Permission::Bays));
    let wanted: Vec<&Bay> = all.iter().filter(|b| query.wants(b)).collect();
    let n = wanted.len();
    let lines = wanted.iter().skip(query.after).take(PAGE).map(|b| line(lang, b)).collect_view();
    let (kind, state) = (query.kind.map_or("", BayKind::code), query.state.map_or("", BayState::code));
    let next = query.after + PAGE;
    let more = (next < n).then(|| view! { <p><a class="btn sec small" href=format!("/desk/bays?kind={kind}&state={state}&only={}&area={}&after={next}", percent(&query.only), percent(&query.area))>{tr!(lang, "下一页", "Next page")}</a></p> });
    let states = BayState::ALL.into_iter().map(|s| view! { <option value=s.code() selected={state == s.code()}>{s.label(lang)}</option> }).collect_view();
    let body = view! {
        <nav class="filters" aria-label=tr!(lang, "车位", "Bays")>
            <a class="chip" href="/desk/plan-of-site">{tr!(lang, "平面图和地块", "Plan and ground")}</a>
            <a class="chip" href=boot.at("/plan?show=bays")>{tr!(lang, "看平面图", "See the plan")}</a>
            <a class="chip" href="/desk/conversions">{tr!(lang, "调整用地", "Converting ground")}</a>
            <a class="chip" href="/desk/bays/export.xlsx">{tr!(lang, "导出 Excel", "Export Excel")}</a>
        </nav>
        <form method="get" action="/desk/bays" class="card field-row" role="search">
            <div class="field"><label for="fkind">{tr!(lang, "种类", "Kind")}</label><select id="fkind" name="kind"><option value="">{tr!(lang, "全部", "All")}</option>{kinds(lang, kind)}</select></div>
            <div class="field"><label for="fstate">{tr!(lang, "状态", "State")}</label><select id="fstate" name="state"><option value="">{tr!(lang, "全部", "All")}</option>{states}</select></div>
            <button class="btn small" type="submit">{tr!(lang, "找", "Find")}</button>
        </form>
        <section class="card"><h2>{trf!(lang, "{n} 个车位", "{n} bays")}</h2><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "车位", "Bays")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "编号", "Code")}</th><th scope="col">{tr!(lang, "种类", "Kind")}</th><th scope="col">{tr!(lang, "地点", "Where")}</th><th scope="col">{tr!(lang, "状态", "State")}</th><th scope="col">{tr!(lang, "图上", "Placed")}</th></tr></thead>
            <tbody>{lines}</tbody>
        </table></div>{more}</section>
        {keeps.then(|| add_form(boot))}
        {keeps.then(|| import_form(lang))}
    };
    frame(boot, Page::Desk, tr!(lang, "车位台账", "Register of bays").into(), String::new(), body)
}

fn line(lang: Lang, b: &Bay) -> impl IntoView + use<> {
    let placed = if b.at.is_some() { tr!(lang, "有", "yes") } else { tr!(lang, "还没放", "not yet") };
    view! { <tr><td><a href=format!("/desk/bays/{}", percent(&b.code))>{b.code.clone()}</a></td><td>{b.kind.label(lang)}</td><td>{b.area.clone()}</td><td>{state_tag(lang, b.state)}</td><td>{placed}</td></tr> }
}

fn add_form(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    view! {
        <form method="post" action="/forms/bay-add" enctype="multipart/form-data" class="card stack">
            <h2>{tr!(lang, "登记一个车位", "Add a bay")}</h2>
            {hidden("/desk/bays")}
            {field(lang, "code", tr!(lang, "编号（地上漆的）", "Code (as painted)"), "", "text")}
            {fields(lang, None, &Details::default(), "")}
            {picker(boot)}
            {error("photos", lang)}
            <button class="btn" type="submit">{tr!(lang, "登记", "Add")}</button>
        </form>
    }
}

fn import_form(lang: Lang) -> impl IntoView {
    let columns = COLUMNS.join("、");
    view! {
        <form method="post" action="/forms/bay-list" enctype="multipart/form-data" class="card stack">
            <h2>{tr!(lang, "导入台账", "Import a register")}</h2>
            {hidden("/desk/bays")}
            <div class="field"><label for="list">{tr!(lang, "Excel 或 CSV 文件", "Excel or CSV file")}</label><input id="list" type="file" name="list" accept=".xlsx,.csv,.txt" required/><p class="hint">{trf!(lang, "表头和导出的一样：{columns}。先预览，确认以后才写入；表里没有的列不改原来的，状态不会被表改掉。", "The columns are those of the export: {columns}. A preview comes first; what has no column stays, and no list changes how a bay is.")}</p>{error("file", lang)}</div>
            <button class="btn sec" type="submit">{tr!(lang, "预览", "Preview")}</button>
        </form>
    }
}

/// The preview of an uploaded list.
pub fn preview(boot: &Boot, id: Uuid, ready: &Ready, confirmed: bool) -> AnyView {
    let lang = boot.lang;
    let (n, changed, same, bad) = (ready.new.len(), ready.changed.len(), ready.same, ready.faults.len());
    let preview = Preview {
        title: tr!(lang, "台账预览", "Preview"),
        sum: trf!(lang, "新增 {n} 个；更改 {changed} 个；{same} 个一样，不变；{bad} 处有问题。", "{n} new; {changed} changed; {same} the same; {bad} faults."),
        write: (n + changed > 0).then(|| trf!(lang, "写入：新增 {n} 个，更改 {changed} 个", "Write: {n} new, {changed} changed")),
        faults: &ready.faults,
        confirmed,
        action: "/forms/bay-import",
        back: ("/desk/bays", tr!(lang, "回台账", "Back to the register")),
    };
    lists::pages::preview(boot, "/desk/bays/list", id, preview)
}

/// One bay with its forms. `unit` is its owner's door, empty for those who may not see whom to call, and the same in words,
/// masked for them.
pub fn one(boot: &Boot, bay: &Bay, turns: &[Turn], sheet: &Sheet, unit: &(String, String), now: Time) -> AnyView {
    let lang = boot.lang;
    let keeps = boot.role().is_some_and(|r| may(r, Permission::Bays));
    let owner = (!unit.1.is_empty()).then(|| view! { <p class="note">{tr!(lang, "产权人：", "Owner's unit: ")}{unit.1.clone()}</p> });
    let note = (!bay.note.is_empty()).then(|| view! { <p class="note">{tr!(lang, "备注（只有工作台看得到）：", "Note (for the desk alone): ")}{bay.note.clone()}</p> });
    let body = view! {
        {about(boot, bay, turns, now)}
        {owner}{note}
        {here(boot, bay, sheet, keeps)}
        {keeps.then(|| view! { <p class="hint">{tr!(lang, "点图上的位置，下面横纵两个数就填好，再点保存。", "Tap the plan to fill in the two numbers below, then save.")}</p> })}
        {keeps.then(|| change_form(boot, bay, &unit.0))}
        {keeps.then(|| turn_form(lang, bay))}
        <p><a href="/desk/bays">{tr!(lang, "回台账", "Back to the register")}</a></p>
    };
    frame(boot, Page::Desk, bay.code.clone(), bay.kind.label(lang).into(), body)
}

fn change_form(boot: &Boot, bay: &Bay, door: &str) -> impl IntoView + use<> {
    let lang = boot.lang;
    view! {
        <form method="post" action="/forms/bay-change" enctype="multipart/form-data" class="card stack">
            <h2>{tr!(lang, "更改", "Change")}</h2>
            {hidden(&format!("/desk/bays/{}", percent(&bay.code)))}
            <input type="hidden" name="bay" value=bay.id.to_string()/><input type="hidden" name="version" value=bay.version.to_string()/>
            {fields(lang, Some(bay.kind), &bay.details(), door)}
            {picker(boot)}
            {error("photos", lang)}
            <button class="btn" type="submit">{tr!(lang, "保存", "Save")}</button>
        </form>
    }
}

fn turn_form(lang: Lang, bay: &Bay) -> impl IntoView + use<> {
    let typed = echo().value("state");
    let states =
        BayState::ALL.into_iter().filter(|s| *s != bay.state).map(|s| view! { <option value=s.code() selected={typed == s.code()}>{s.label(lang)}</option> }).collect_view();
    view! {
        <form method="post" action="/forms/bay-state" class="card stack">
            <h2>{tr!(lang, "改状态", "How it is")}</h2>
            {hidden(&format!("/desk/bays/{}", percent(&bay.code)))}
            <input type="hidden" name="bay" value=bay.id.to_string()/><input type="hidden" name="version" value=bay.version.to_string()/>
            <div class="field"><label for="state">{tr!(lang, "现在", "Now")}</label><select id="state" name="state">{states}</select>{error("state", lang)}</div>
            {field(lang, "reason", tr!(lang, "原因（公开）", "Why (public)"), "", "text")}
            <button class="btn sec" type="submit">{tr!(lang, "改状态", "Change it")}</button>
        </form>
    }
}
