//! The editor of a sheet: sections, items, anchors, deductions, vetoes on one page, with the total as it is typed.

use super::listing::SOURCES;
use super::template::{FULL, ITEMS_MAX, Item, Kind, Section, Template, Who, spoken_halves};
use crate::i18n::Lang;
use crate::rooms::tickets::model::Category;
use crate::tr;
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::{error, hidden};
use crate::ui::frame;
use crate::ui::frame::Page;
use leptos::prelude::*;

/// A field of the form as it was typed, or as the sheet has it.
fn value(name: &str, stored: &str) -> String {
    if echo().values.is_empty() { stored.to_owned() } else { echo().value(name) }
}

fn text(name: String, label: &'static str, stored: &str, most: u16) -> impl IntoView + use<> {
    let id = name.replace('.', "-");
    let value = value(&name, stored);
    view! { <div class="field"><label for=id.clone()>{label}</label><input id=id type="text" name=name maxlength=most.to_string() value=value/></div> }
}

fn percent(hundredths: i64) -> String {
    let typed = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    typed.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A section of the form, and its lines: the place of each in the form, and the item that it was.
type Drafted = (Section, Vec<(usize, Option<Item>)>);

/// The sections of the form: the sheet's, or those that were typed, lines that were added by hand included; behind them one that is
/// empty.
fn drafted(template: &Template) -> Vec<Drafted> {
    let blank = || Section { code: String::new(), name: String::new(), items: vec![] };
    let items: Vec<&Item> = template.items().collect();
    let echo = echo();
    let mut all: Vec<Drafted> = Vec::new();
    if echo.values.is_empty() {
        let mut places = 0..;
        for section in &template.sections {
            all.push((section.clone(), section.items.iter().map(|item| (places.next().unwrap_or_default(), Some(item.clone()))).collect()));
        }
        all.push((blank(), vec![(items.len(), None)]));
        return all;
    }
    for s in (0..ITEMS_MAX).take_while(|s| echo.values.contains_key(&format!("sections.{s}.code"))) {
        let lines = (0..2 * ITEMS_MAX).filter(|n| echo.value(&format!("items.{n}.section")) == s.to_string());
        all.push((blank(), lines.map(|n| (n, items.get(n).map(|i| (*i).clone()))).collect()));
    }
    all
}

/// The page. Lines that were typed and refused come back as they were.
pub fn page(boot: &Boot, template: &Template) -> AnyView {
    let lang = boot.lang;
    let drafted = drafted(template);
    let last = drafted.len().saturating_sub(1);
    let section = |(s, (section, lines)): (usize, &Drafted)| {
        let lines = lines.iter().map(|(n, item)| line(lang, *n, s, item.as_ref())).collect_view();
        let head = view! { <div class="field-row">{text(format!("sections.{s}.code"), tr!(lang, "部分编号", "Section"), &section.code, 20)}{text(format!("sections.{s}.name"), tr!(lang, "部分名称", "Its name"), &section.name, 20)}</div> };
        let more = view! { <button type="button" class="btn small sec" data-more=s.to_string() hidden>{tr!(lang, "加一项", "Add an item")}</button> };
        if s == last {
            view! { <details class="card more" open={!echo().values.is_empty()}><summary>{tr!(lang, "再加一个部分", "One more section")}</summary>{head}{lines}{more}</details> }
                .into_any()
        } else {
            view! { <section class="card stack">{head}{lines}{more}</section> }.into_any()
        }
    };
    let sections = drafted.iter().enumerate().map(section).collect_view();
    let all = ["file", "items", "deductions"].into_iter().filter_map(|field| errors(field, lang)).collect_view();
    let full = spoken_halves(template.full());
    let body = view! {
        <p class="hint">{tr!(lang, "清空编号就去掉这一项。满分合计要是 100 分。正在打分的一轮不受影响。", "An item without a code is left out. All items are worth 100 points together. A round that runs is not touched.")}</p>
        <form method="post" action="/forms/scoring-editor" class="stack" data-editor="">
            {hidden("/desk/scoring/editor")}
            <div class="field-row">{text("name".into(), tr!(lang, "叫什么", "Its name"), &template.name, 40)}{text("source".into(), tr!(lang, "谁决定的", "Who decided it"), "", 100)}</div>
            {error("name", lang)}{error("source", lang)}
            {sections}
            {anchors(lang, template)}
            {charges(lang, template)}
            {all}
            <output class="notice" aria-live="polite">{tr!(lang, "合计 {full} 分（要 {most} 分）", "{full} points together ({most} needed)", full = full, most = FULL / 2)}</output>
            <button class="btn" type="submit">{tr!(lang, "启用", "Adopt")}</button>
        </form>
    };
    frame(boot, Page::Desk, tr!(lang, "改考核表", "Change the sheet").into(), template.name.clone(), body)
}

fn errors(field: &str, lang: Lang) -> Option<AnyView> {
    let echo = echo();
    let all: Vec<String> = echo.fields.iter().filter(|f| f.field == field).map(|f| f.text(lang).to_owned()).collect();
    (!all.is_empty()).then(|| all.into_iter().map(|e| view! { <p class="err" role="alert">{e}</p> }).collect_view().into_any())
}

fn line(lang: Lang, n: usize, section: usize, item: Option<&Item>) -> AnyView {
    let name = |part: &str| format!("items.{n}.{part}");
    let (full, kind) = item.map_or((String::new(), Kind::Rated), |i| (spoken_halves(i.full), i.kind));
    let (target, floor) = match kind {
        Kind::Objective { target, floor } => (percent(target), percent(floor)),
        Kind::Rated => Default::default(),
    };
    let choose = |part: &'static str, label: &'static str, stored: &str, options: Vec<(&'static str, &'static str)>| {
        let chosen = value(&name(part), stored);
        let id = name(part).replace('.', "-");
        let options = options.into_iter().map(|(code, label)| view! { <option value=code selected={code == chosen}>{label}</option> }).collect_view();
        view! { <div class="field"><label for=id.clone()>{label}</label><select id=id name=name(part)>{options}</select></div> }
    };
    let kinds = vec![("打分", tr!(lang, "打分", "Rated")), ("客观", tr!(lang, "客观（统计）", "Counted"))];
    let whom = vec![("全部", tr!(lang, "全部打分人", "Everybody")), ("高层", tr!(lang, "只有高层", "High-rises only"))];
    let mut sources = vec![("", tr!(lang, "凭证录入", "Entered with proof"))];
    sources.extend(SOURCES.iter().map(|s| (s.0, s.0)));
    let source = item.and_then(|i| SOURCES.iter().find(|s| Some(s.1) == i.source)).map_or("", |s| s.0);
    let topics = item.map(|i| i.topics.iter().map(|t| t.label(Lang::Zh)).collect::<Vec<_>>().join("、")).unwrap_or_default();
    let known = Category::URGENT.into_iter().chain(Category::GENERAL).map(|c| c.label(Lang::Zh)).collect::<Vec<_>>().join("、");
    let id = name("full").replace('.', "-");
    view! {
        <div class="mark" data-section=section.to_string()>
            <input type="hidden" name=name("section") value=section.to_string()/>
            <div class="field-row">
                {text(name("code"), tr!(lang, "编号", "Code"), item.map_or("", |i| &i.code), 20)}
                {text(name("name"), tr!(lang, "评分项", "Item"), item.map_or("", |i| &i.name), 40)}
                <div class="field"><label for=id.clone()>{tr!(lang, "满分", "Full marks")}</label><input id=id type="text" inputmode="decimal" name=name("full") maxlength="5" value=value(&name("full"), &full) data-full=""/></div>
            </div>
            <details class="more"><summary>{tr!(lang, "怎么评", "How it is judged")}</summary>
                <div class="field-row">{choose("kind", tr!(lang, "类型", "Kind"), if kind == Kind::Rated { "打分" } else { "客观" }, kinds)}{choose("who", tr!(lang, "谁来打", "Whom it concerns"), if item.is_some_and(|i| i.who == Who::HighRise) { "高层" } else { "全部" }, whom)}</div>
                {text(name("test"), tr!(lang, "满分标准", "Full marks when"), item.map_or("", |i| &i.test), 120)}
                <div class="field-row">{text(name("target"), tr!(lang, "客观项：达标 %", "Counted: target, %"), &target, 6)}{text(name("floor"), tr!(lang, "起算 %", "Floor, %"), &floor, 6)}{choose("source", tr!(lang, "系统统计什么", "What the program counts"), source, sources)}</div>
                {text(name("topics"), tr!(lang, "打分时旁边列出哪类报修", "Reports that stand beside it"), &topics, 60)}
                <p class="hint">{known}</p></details>
        </div>
    }
    .into_any()
}

fn anchors(lang: Lang, template: &Template) -> impl IntoView + use<> {
    const LABELS: [&str; 5] = ["100 %", "80 %", "60 %", "30 %", "0 %"];
    let rows = template.anchors.iter().zip(LABELS).enumerate().map(|(n, (words, label))| text(format!("anchors.{n}"), label, words, 40)).collect_view();
    view! { <details class="card more"><summary>{tr!(lang, "五档说明", "The five anchors")}</summary>{rows}</details> }
}

fn charges(lang: Lang, template: &Template) -> impl IntoView + use<> {
    let blank = super::template::Deduction { code: String::new(), name: String::new(), points: 0, cap: 0 };
    let number = |n: i64| if n == 0 { String::new() } else { n.to_string() };
    let deductions = template
        .deductions
        .iter()
        .chain([&blank])
        .enumerate()
        .map(|(n, d)| {
            view! { <div class="field-row">{text(format!("deductions.{n}.code"), tr!(lang, "代号", "Word"), &d.code, 20)}{text(format!("deductions.{n}.name"), tr!(lang, "扣什么", "What for"), &d.name, 40)}{text(format!("deductions.{n}.points"), tr!(lang, "每次扣", "Points each"), &number(d.points), 3)}{text(format!("deductions.{n}.cap"), tr!(lang, "最多扣", "At most"), &number(d.cap), 3)}</div> }
        })
        .collect_view();
    let veto = super::template::Veto { code: String::new(), name: String::new() };
    let vetoes = template
        .vetoes
        .iter()
        .chain([&veto])
        .enumerate()
        .map(|(n, v)| view! { <div class="field-row">{text(format!("vetoes.{n}.code"), tr!(lang, "代号", "Word"), &v.code, 20)}{text(format!("vetoes.{n}.name"), tr!(lang, "否决什么", "What it is"), &v.name, 40)}</div> })
        .collect_view();
    view! {
        <details class="card more"><summary>{tr!(lang, "扣分项", "Deductions")}</summary>{deductions}</details>
        <details class="card more"><summary>{tr!(lang, "一票否决", "Vetoes")}</summary>{vetoes}</details>
    }
}
