//! The register on the desk: a list with filters, adding, changing, the sheet in and out.

use super::imports::Ready;
use super::list::COLUMNS;
use super::model::{Details, Kind, Row, State, View};
use super::pages::{about, state_tag};
use super::store::Query;
use crate::i18n::{Lang, spoken_date};
use crate::ids::PlaceId;
use crate::measure::Time;
use crate::rooms::lists;
use crate::rooms::lists::pages::Preview;
use crate::rooms::people::rules::{Permission, may};
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::{error, hidden};
use crate::ui::frame;
use crate::ui::frame::Page;
use crate::{tr, trf};
use leptos::prelude::*;
use uuid::Uuid;

/// A field that keeps what was typed, or else what stands there.
fn field(lang: Lang, name: &'static str, label: &'static str, value: &str, kind: &'static str) -> impl IntoView {
    let typed = echo().value(name);
    let value = if typed.is_empty() { value.to_owned() } else { typed };
    view! { <div class="field"><label for=name>{label}</label><input id=name type=kind name=name maxlength="80" value=value/>{error(name, lang)}</div> }
}

fn fields(lang: Lang, d: &Details) -> impl IntoView + use<> {
    view! {
        {field(lang, "name", tr!(lang, "名称", "Name"), &d.name, "text")}
        <div class="field-row">{field(lang, "serial", tr!(lang, "序列号", "Serial"), &d.serial, "text")}{field(lang, "model", tr!(lang, "型号", "Model"), &d.model, "text")}</div>
        <div class="field-row">{field(lang, "installed", tr!(lang, "安装日期", "Installed"), &d.installed, "date")}{field(lang, "warranty", tr!(lang, "质保到期", "Warranty until"), &d.warranty, "date")}</div>
    }
}

fn kinds(lang: Lang, chosen: &str) -> impl IntoView + use<> {
    Kind::ALL.into_iter().map(|k| view! { <option value=k.code() selected={chosen == k.code()}>{k.label(lang)}</option> }).collect_view()
}

/// The list.
pub fn list(boot: &Boot, rows: &[Row], query: &Query, next: Option<&str>, places: &[(PlaceId, String)], now: Time) -> AnyView {
    let lang = boot.lang;
    let keeps = boot.role().is_some_and(|r| may(r, Permission::Assets));
    let kind = query.kind.map_or("", Kind::code);
    let state = query.state.map_or("", State::code);
    let states = State::ALL.into_iter().map(|s| view! { <option value=s.code() selected={state == s.code()}>{s.label(lang)}</option> }).collect_view();
    let lines = rows.iter().map(|r| line(boot, r, now)).collect_view();
    let more = next.map(|after| view! { <p><a class="btn sec small" href=format!("/desk/assets?kind={kind}&state={state}&text={}&after={after}", query.text)>{tr!(lang, "下一页", "Next page")}</a></p> });
    let n = rows.len();
    let body = view! {
        <nav class="filters" aria-label=tr!(lang, "设备", "Assets")>
            <a class="chip" href="/desk/rounds">{tr!(lang, "巡检", "Rounds")}</a>
            <a class="chip" href=format!("/desk/assets/export.xlsx?kind={kind}&state={state}")>{tr!(lang, "导出 Excel", "Export Excel")}</a>
            <a class="chip" href=format!("/print/assets?kind={kind}")>{tr!(lang, "打印贴纸", "Print stickers")}</a>
        </nav>
        <form method="get" action="/desk/assets" class="card field-row" role="search">
            <div class="field"><label for="fkind">{tr!(lang, "种类", "Kind")}</label><select id="fkind" name="kind"><option value="">{tr!(lang, "全部", "All")}</option>{kinds(lang, kind)}</select></div>
            <div class="field"><label for="fstate">{tr!(lang, "状态", "State")}</label><select id="fstate" name="state"><option value="">{tr!(lang, "没有报废的", "Not retired")}</option>{states}</select></div>
            <div class="field"><label for="ftext">{tr!(lang, "名称、编号、序列号", "Name, number, serial")}</label><input id="ftext" type="search" name="text" maxlength="40" value=query.text.clone()/></div>
            <button class="btn small" type="submit">{tr!(lang, "找", "Find")}</button>
        </form>
        <section class="card"><h2>{trf!(lang, "{n} 件", "{n}")}</h2><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "设备", "Assets")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "编号", "No.")}</th><th scope="col">{tr!(lang, "名称", "Name")}</th><th scope="col">{tr!(lang, "种类", "Kind")}</th><th scope="col">{tr!(lang, "地点", "Place")}</th><th scope="col">{tr!(lang, "状态", "State")}</th><th scope="col">{tr!(lang, "上次巡检", "Last inspected")}</th></tr></thead>
            <tbody>{lines}</tbody>
        </table></div>{more}</section>
        {keeps.then(|| add_form(boot, places))}
        {keeps.then(|| import_form(lang))}
    };
    frame(boot, Page::Desk, tr!(lang, "设施设备台账", "Register of assets").into(), String::new(), body)
}

fn line(boot: &Boot, r: &Row, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let checked = r
        .checked
        .map(|(at, passed)| format!("{} {}", spoken_date(lang, at, now, boot.offset()), if passed { tr!(lang, "合格", "passed") } else { tr!(lang, "不合格", "failed") }))
        .unwrap_or_default();
    view! { <tr><td><a href=format!("/desk/assets/{}", r.number)>{r.number.clone()}</a></td><td>{r.name.clone()}</td><td>{r.kind.label(lang)}</td><td>{r.place.clone()}</td><td>{state_tag(lang, r.state)}</td><td>{checked}</td></tr> }
}

fn add_form(boot: &Boot, places: &[(PlaceId, String)]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let place = echo().value("place");
    let options = places.iter().map(|(id, name)| view! { <option value=id.to_string() selected={place == id.to_string()}>{name.clone()}</option> }).collect_view();
    view! {
        <form method="post" action="/forms/asset-add" class="card stack">
            <h2>{tr!(lang, "登记一件", "Add one")}</h2>
            {hidden("/desk/assets")}
            <div class="field-row">
                <div class="field"><label for="akind">{tr!(lang, "种类", "Kind")}</label><select id="akind" name="asset_kind">{kinds(lang, &echo().value("asset_kind"))}</select></div>
                <div class="field"><label for="aplace">{tr!(lang, "地点", "Place")}</label><select id="aplace" name="place">{options}</select></div>
            </div>
            {fields(lang, &Details::default())}
            {field(lang, "replaces", tr!(lang, "替换哪一件（编号，没有不填）", "Replaces which one (number, if any)"), "", "text")}
            <label class="check"><input type="checkbox" name="own_tag" value="1"/><span>{tr!(lang, "单独做一张贴纸（不勾就用地点的贴纸）", "A sticker of its own (else the place's counts)")}</span></label>
            <button class="btn" type="submit">{tr!(lang, "登记", "Add")}</button>
        </form>
    }
}

fn import_form(lang: Lang) -> impl IntoView {
    let columns = COLUMNS.join("、");
    view! {
        <form method="post" action="/forms/asset-list" enctype="multipart/form-data" class="card stack">
            <h2>{tr!(lang, "导入台账", "Import a register")}</h2>
            {hidden("/desk/assets")}
            <div class="field"><label for="list">{tr!(lang, "Excel 或 CSV 文件", "Excel or CSV file")}</label><input id="list" type="file" name="list" accept=".xlsx,.csv,.txt" required/><p class="hint">{trf!(lang, "表头和导出的一样：{columns}。先预览，确认以后才写入。", "The columns are those of the export: {columns}. A preview comes first; nothing is written before you confirm.")}</p>{error("file", lang)}</div>
            <button class="btn sec" type="submit">{tr!(lang, "预览", "Preview")}</button>
        </form>
    }
}

/// The preview of an uploaded list.
pub fn preview(boot: &Boot, id: Uuid, ready: &Ready, confirmed: bool) -> AnyView {
    let lang = boot.lang;
    let (n, same, bad) = (ready.new.len(), ready.same, ready.faults.len());
    let preview = Preview {
        title: tr!(lang, "台账预览", "Preview"),
        sum: trf!(lang, "新增 {n} 件；{same} 件已经登记过，不变；{bad} 处有问题。", "{n} new; {same} there already; {bad} faults."),
        write: (n > 0).then(|| trf!(lang, "写入 {n} 件", "Write {n}")),
        faults: &ready.faults,
        confirmed,
        action: "/forms/asset-import",
        back: ("/desk/assets", tr!(lang, "回台账", "Back to the register")),
    };
    lists::pages::preview(boot, "/desk/assets/list", id, preview)
}

/// One asset with its form.
pub fn one(boot: &Boot, v: &View, now: Time) -> AnyView {
    let lang = boot.lang;
    let keeps = boot.role().is_some_and(|r| may(r, Permission::Assets));
    let typed = echo().value("state");
    let states = State::ALL
        .into_iter()
        .map(|s| {
            let on = if typed.is_empty() { v.row.state == s } else { typed == s.code() };
            view! { <option value=s.code() selected=on>{s.label(lang)}</option> }
        })
        .collect_view();
    let details =
        Details { name: v.row.name.clone(), serial: v.row.serial.clone(), model: v.row.model.clone(), installed: v.row.installed.clone(), warranty: v.row.warranty.clone() };
    let form = keeps.then(|| {
        view! {
            <form method="post" action="/forms/asset-change" class="card stack">
                <h2>{tr!(lang, "更改", "Change")}</h2>
                {hidden(&format!("/desk/assets/{}", v.row.number))}
                <input type="hidden" name="asset" value=v.row.id.to_string()/><input type="hidden" name="version" value=v.version.to_string()/>
                <div class="field"><label for="state">{tr!(lang, "状态", "State")}</label><select id="state" name="state">{states}</select></div>
                {field(lang, "reason", tr!(lang, "状态变了的原因", "Why its state changes"), "", "text")}
                {fields(lang, &details)}
                <button class="btn" type="submit">{tr!(lang, "保存", "Save")}</button>
            </form>
        }
    });
    frame(
        boot,
        Page::Desk,
        v.row.name.clone(),
        v.row.number.clone(),
        view! { {about(boot, v, now)}{form}<p><a href="/desk/assets">{tr!(lang, "回台账", "Back to the register")}</a></p> },
    )
}
