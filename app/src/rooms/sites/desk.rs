//! The drawing and the ground on the desk.

use super::model::{AreaRow, Ground, Sheet};
use crate::i18n::Lang;
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::{error, hidden};
use crate::ui::frame;
use crate::ui::frame::Page;
use crate::{tr, trf};
use leptos::prelude::*;

fn field(lang: Lang, name: &'static str, label: &'static str, value: String) -> impl IntoView {
    let typed = echo().value(name);
    view! { <div class="field"><label for=name>{label}</label><input id=name type="text" name=name maxlength="100" value=if typed.is_empty() { value } else { typed }/>{error(name, lang)}</div> }
}

/// The page.
pub fn page(boot: &Boot, sheet: &Sheet, areas: &[AreaRow], keeps: bool) -> AnyView {
    let lang = boot.lang;
    let (n, w, h) = (sheet.n, sheet.width, sheet.height);
    let said = if n == 0 {
        tr!(lang, "还没有底图。", "There is no drawing yet.").to_owned()
    } else {
        trf!(lang, "现在是第 {n} 版，宽 {w}、高 {h} 个图上单位。", "Version {n}, {w} by {h} units.")
    };
    let body = view! {
        <section class="card"><h2>{tr!(lang, "底图", "Drawing")}</h2><p>{said}" "{sheet.source.clone()}</p><p><a class="chip" href=boot.at("/plan")>{tr!(lang, "看平面图", "See the plan")}</a></p></section>
        {keeps.then(|| upload(lang))}
        {ground(lang, areas)}
        {keeps.then(|| area_form(lang))}
        <p><a href="/desk/bays">{tr!(lang, "回车位台账", "Back to the register of bays")}</a></p>
    };
    frame(boot, Page::Desk, tr!(lang, "平面图和地块", "Plan and ground").into(), String::new(), body)
}

fn upload(lang: Lang) -> impl IntoView {
    view! {
        <form method="post" action="/forms/plan-draw" enctype="multipart/form-data" class="card stack">
            <h2>{tr!(lang, "换一张底图", "Another drawing")}</h2>
            {hidden("/desk/plan-of-site")}
            <div class="field"><label for="svg">{tr!(lang, "SVG 文件，最多 512 KB", "SVG file, 512 KB at most")}</label><input id="svg" type="file" name="svg" accept=".svg,image/svg+xml" required/>
                <p class="hint">{tr!(lang, "只保留线条、形状和文字，别的都去掉。名叫 bay-编号 的矩形（不在变形的分组里）会定下那个车位的位置。", "Only lines, shapes and words are kept. A rectangle named bay-CODE (not inside a transformed group) places that bay.")}</p>{error("file", lang)}</div>
            {field(lang, "source", tr!(lang, "谁画的、根据什么", "Who drew it, after what"), String::new())}
            <button class="btn" type="submit">{tr!(lang, "用这张", "Use it")}</button>
        </form>
    }
}

fn ground(lang: Lang, areas: &[AreaRow]) -> impl IntoView + use<> {
    let line = |a: &AreaRow| view! { <tr><th scope="row">{a.code.clone()}</th><td>{a.name.clone()}</td><td>{a.ground.label(lang)}</td><td class="n">{a.size.to_string()}</td><td class="n">{a.green.to_string()}</td><td class="n">{a.bikes}</td><td class="n">{a.version}</td></tr> };
    let lines = areas.iter().map(line).collect_view();
    view! {
        <section class="card"><h2>{tr!(lang, "地块", "Ground")}</h2><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "地块", "Ground")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "编号", "Code")}</th><th scope="col">{tr!(lang, "名称", "Name")}</th><th scope="col">{tr!(lang, "用途", "Use")}</th><th scope="col" class="n">{tr!(lang, "面积 m²", "Size m²")}</th><th scope="col" class="n">{tr!(lang, "绿化 m²", "Green m²")}</th><th scope="col" class="n">{tr!(lang, "非机动车位", "Bikes")}</th><th scope="col" class="n">{tr!(lang, "版本", "Version")}</th></tr></thead>
            <tbody>{lines}</tbody>
        </table></div></section>
    }
}

fn area_form(lang: Lang) -> impl IntoView {
    let chosen = echo().value("ground");
    let grounds = Ground::ALL.into_iter().map(|g| view! { <option value=g.code() selected={chosen == g.code()}>{g.label(lang)}</option> }).collect_view();
    view! {
        <form method="post" action="/forms/plan-area" class="card stack">
            <h2>{tr!(lang, "登记或更正一块地", "Write down ground, or mend it")}</h2>
            {hidden("/desk/plan-of-site")}
            <div class="field-row">{field(lang, "code", tr!(lang, "编号", "Code"), String::new())}{field(lang, "name", tr!(lang, "名称", "Name"), String::new())}</div>
            <div class="field"><label for="ground">{tr!(lang, "用途", "Use")}</label><select id="ground" name="ground">{grounds}</select></div>
            <div class="field-row">{field(lang, "size", tr!(lang, "面积（m²）", "Size (m²)"), String::new())}{field(lang, "green", tr!(lang, "算作绿化的（m²）", "Of it green (m²)"), String::new())}</div>
            <div class="field-row">{field(lang, "bikes", tr!(lang, "非机动车位", "Bikes"), "0".into())}{field(lang, "version", tr!(lang, "版本（新的写 0）", "Version (0 for new)"), "0".into())}</div>
            <button class="btn sec" type="submit">{tr!(lang, "保存", "Save")}</button>
        </form>
    }
}
