//! The clerk's page: choose a file, look through what would change, confirm.

use super::model::{Changes, Problem};
use crate::ids::{ImportId, MutationId};
use crate::rooms::communities::setup::steps;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{frame, notice};
use crate::{tr, trf};
use leptos::prelude::*;

/// Choosing a file.
pub fn choose(boot: &Boot, set_up: Option<usize>) -> AnyView {
    let lang = boot.lang;
    let error = echo().error("file", lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    let body = view! {
        {steps(boot, set_up)}
        <form method="post" action="/desk/roster" enctype="multipart/form-data" class="card stack">
            <div class="field">
                <label for="file">{tr!(lang, "Excel（.xlsx）或 CSV 文件", "Excel (.xlsx) or CSV file")}</label>
                <input id="file" type="file" name="file" accept=".xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" required/>
                <p class="hint">{tr!(lang, "表头要有：楼栋、室号、建筑面积、业主；可以有：门、楼层、类型、面积来源、手机。多位业主写在同一格，用顿号隔开。先预览，确认后才写入。", "The heading needs 楼栋, 室号, 建筑面积, 业主; 门, 楼层, 类型, 面积来源, 手机 are optional. Several owners share a cell, separated by 、. You see what would change before anything is written.")}</p>
                {error}
            </div>
            <div class="acts"><button class="btn small" type="submit">{tr!(lang, "预览", "Preview")}</button><a class="btn small sec" href="/desk/roster/template.csv">{tr!(lang, "下载模板", "Template")}</a></div>
        </form>
    };
    frame(boot, Page::Desk, tr!(lang, "名册导入", "Roster").into(), tr!(lang, "楼栋、房号、面积、业主", "Buildings, units, areas, owners").into(), body)
}

/// What a file would change, and every bad row.
pub fn preview(boot: &Boot, file_name: &str, problems: &[Problem], changes: &Changes, import: Option<ImportId>) -> AnyView {
    let lang = boot.lang;
    let counts = [
        (tr!(lang, "新楼栋", "new buildings"), changes.buildings.len()),
        (tr!(lang, "新户", "new units"), changes.units.len()),
        (tr!(lang, "面积有变", "areas change"), changes.areas.len()),
        (tr!(lang, "新增业主", "owners added"), changes.owners.len()),
        (tr!(lang, "手机有变", "phones change"), changes.phones.len()),
        (tr!(lang, "没有变化", "unchanged"), changes.same),
        (tr!(lang, "有错的行", "faults"), problems.len()),
    ];
    let figures = counts.map(|(label, n)| view! { <div><b>{n}</b><span>{label}</span></div> }).collect_view();
    let confirm = import.filter(|_| !changes.is_empty()).map(|import| {
        let left = (!problems.is_empty()).then_some(tr!(lang, "有错的行不会写入；改好后再导一次就行。", "Faulty rows are left out; mend them and import again."));
        view! {
            <form method="post" action="/forms/roster-import" class="card stack">
                <input type="hidden" name="id" value=MutationId::new().to_string()/>
                <input type="hidden" name="import" value=import.to_string()/>
                <input type="hidden" name="back" value="/desk/roster"/>
                <p class="note">{left}</p>
                <button class="btn" type="submit">{tr!(lang, "确认写入", "Write it")}</button>
            </form>
        }
    });
    let nothing =
        (changes.is_empty() && problems.is_empty()).then(|| notice("ok", tr!(lang, "和系统里的一样，不用写入。", "The same as what is here already: nothing to write.").into()));
    let body = view! {
        <section class="card"><h2>{file_name.to_owned()}</h2><div class="nums">{figures}</div></section>
        {nothing}
        {faults(boot, problems)}
        {changed(boot, changes)}
        {confirm}
        <p class="note"><a href="/desk/roster">{tr!(lang, "换一个文件", "Another file")}</a></p>
    };
    frame(boot, Page::Desk, tr!(lang, "名册预览", "Preview").into(), tr!(lang, "还没有写入", "Nothing is written yet").into(), body)
}

fn faults(boot: &Boot, problems: &[Problem]) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    if problems.is_empty() {
        return None;
    }
    let rows = problems
        .iter()
        .map(|p| {
            let line = if p.line == 0 { "—".to_owned() } else { p.line.to_string() };
            view! { <tr><td class="n">{line}</td><td>{p.column.map(|c| c.label(lang))}</td><td>{p.value.clone()}</td><td>{p.why.text(lang).to_owned()}</td></tr> }
        })
        .collect_view();
    Some(view! {
        <section class="card warm">
            <h2>{tr!(lang, "要改的地方", "To be mended")}</h2>
            <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "有错的行", "Faults")><table class="t">
                <thead><tr><th scope="col" class="n">{tr!(lang, "行", "Line")}</th><th scope="col">{tr!(lang, "列", "Column")}</th><th scope="col">{tr!(lang, "现在写的", "What it says")}</th><th scope="col">{tr!(lang, "怎么改", "What to do")}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        </section>
    })
}

fn changed(boot: &Boot, changes: &Changes) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let mut lines: Vec<(u32, String, String)> = Vec::new();
    for (row, before) in &changes.areas {
        let (old, new) = (before.to_string(), row.area.to_string());
        lines.push((row.line, unit(row), trf!(lang, "面积 {old} → {new} m²", "area {old} → {new} m²")));
    }
    for (row, owner) in &changes.owners {
        let name = &owner.name;
        lines.push((row.line, unit(row), trf!(lang, "增加业主 {name}", "owner added: {name}")));
    }
    for (row, owner) in &changes.phones {
        let name = &owner.name;
        lines.push((row.line, unit(row), trf!(lang, "{name} 的手机有变", "phone of {name} changes")));
    }
    for (row, owner) in &changes.disputed {
        let name = &owner.name;
        lines.push((
            row.line,
            unit(row),
            trf!(
                lang,
                "{name} 在几套房里写了不同的手机，不写入；改成一样再导",
                "{name} has different phones in several units: nothing is written; make them the same and import again"
            ),
        ));
    }
    for (row, name) in &changes.missing {
        lines.push((
            row.line,
            unit(row),
            trf!(lang, "文件里没有业主 {name}，不会删除；要结束请人工办理", "{name} is not in the file and stays; ending an ownership needs a person"),
        ));
    }
    if lines.is_empty() {
        return None;
    }
    lines.sort();
    let rows = lines.into_iter().map(|(line, unit, what)| view! { <tr><td class="n">{line}</td><td>{unit}</td><td>{what}</td></tr> }).collect_view();
    Some(view! {
        <section class="card"><h2>{tr!(lang, "会变的", "What changes")}</h2><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "变化", "Changes")><table class="t">
            <thead><tr><th scope="col" class="n">{tr!(lang, "行", "Line")}</th><th scope="col">{tr!(lang, "房号", "Unit")}</th><th scope="col">{tr!(lang, "变化", "Change")}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table></div></section>
    })
}

fn unit(row: &super::model::Row) -> String {
    crate::rooms::communities::rules::unit_name(crate::i18n::Lang::Zh, &format!("{}号楼", row.building), Some(&row.stair), &row.room)
}
