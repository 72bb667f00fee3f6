//! The rule numbers ⚙ of the community: each with its value, its source and its days, and the form that changes one.

use super::rules::{RuleNumber, Setting, rule_name, spoken_value};
use super::store::NumberRow;
use crate::i18n::Lang;
use crate::ids::MutationId;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame;
use crate::ui::frame::{Page, open_books};
use crate::{tr, trf};
use leptos::prelude::*;

/// The page.
pub fn settings(boot: &Boot, rows: &[NumberRow]) -> AnyView {
    let lang = boot.lang;
    let body = view! {
        {form(boot)}
        <section class="card">
            <h2>{tr!(lang, "现在按这些数", "The numbers that hold")}</h2>
            {table(lang, rows)}
            <p class="note">{tr!(lang, "改动从所填日期起对新的步骤有效；已经答应的时间不变。每次改动都有记录。", "A change holds for new steps from its first day on; what was promised stays. Every change is recorded.")}</p>
        </section>
    };
    frame(boot, Page::Desk, tr!(lang, "规则与数字", "Rule numbers").into(), tr!(lang, "每个数都有依据和日期", "Each with its source and days").into(), body)
}

fn form(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    let echo = echo();
    let chosen = echo.value("key");
    let options = super::rules::DEFAULTS.iter().map(|n| view! { <option value=n.key selected={n.key == chosen}>{rule_name(lang, n.key)}</option> }).collect_view();
    let field = |name: &'static str, label: &'static str, kind: &'static str, required: bool| {
        let error = echo.error(name, lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
        view! {
            <div class="field">
                <label for=name>{label}</label>
                <input id=name type=kind name=name maxlength="200" required=required value=echo.value(name)/>
                {error}
            </div>
        }
    };
    view! {
        <form method="post" action="/forms/setting" class="card stack">
            <h2>{tr!(lang, "改一个数", "Change a number")}</h2>
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="back" value="/desk/settings"/>
            <div class="field"><label for="key">{tr!(lang, "哪一项", "Which one")}</label><select id="key" name="key" required>{options}</select></div>
            {field("value", tr!(lang, "新的数（整数，单位见上）", "New value (whole number, in the unit named)"), "number", true)}
            {field("source", tr!(lang, "依据（例如：2026年业主大会决议）", "Source (e.g. owners' meeting 2026)"), "text", true)}
            {field("from", tr!(lang, "从哪天起（不填：一直）", "From which day (empty: always)"), "date", false)}
            {field("until", tr!(lang, "到哪天止（不填：直到再改）", "Until which day (empty: until changed)"), "date", false)}
            <button class="btn small" type="submit">{tr!(lang, "保存", "Save")}</button>
        </form>
    }
}

fn table(lang: Lang, rows: &[NumberRow]) -> impl IntoView + use<> {
    let lines = rows.iter().map(|row| line(lang, row)).collect_view();
    view! {
        <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "规则与数字", "Rule numbers")>
            <table class="t">
                <thead><tr>
                    <th scope="col">{tr!(lang, "规则", "Rule")}</th><th scope="col" class="n">{tr!(lang, "现在", "Now")}</th>
                    <th scope="col">{tr!(lang, "依据", "Source")}</th><th scope="col">{tr!(lang, "日期", "Days")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
}

/// The number that holds, then those of other days, then the default where it does not hold.
fn line(lang: Lang, row: &NumberRow) -> impl IntoView + use<> {
    let key = row.number.key;
    let now = row.now.clone().unwrap_or_else(|| default_of(row.number));
    let others = row.others.iter().cloned().chain(row.now.as_ref().map(|_| default_of(row.number)));
    let more = others
        .map(|s| view! { <tr><td class="muted">{tr!(lang, "另有", "Also")}</td><td class="n muted">{spoken_value(lang, key, s.value)}</td><td class="muted">{s.source.clone()}</td><td class="muted">{days(lang, &s)}</td></tr> })
        .collect_view();
    view! {
        <tr><th scope="row">{rule_name(lang, key)}</th><td class="n strong">{spoken_value(lang, key, now.value)}</td><td>{now.source.clone()}</td><td>{days(lang, &now)}</td></tr>
        {more}
    }
}

fn default_of(number: &RuleNumber) -> Setting {
    Setting { key: number.key.into(), value: number.value, source: number.source.into(), from: number.from.into(), until: String::new() }
}

fn days(lang: Lang, s: &Setting) -> String {
    let (from, until) = (&s.from, &s.until);
    match (from.is_empty(), until.is_empty()) {
        (true, true) => tr!(lang, "默认，一直", "Always").to_owned(),
        (false, true) => trf!(lang, "{from} 起", "From {from}"),
        (true, false) => trf!(lang, "到 {until} 止", "Until {until}"),
        (false, false) => trf!(lang, "{from} 至 {until}", "{from} to {until}"),
    }
}

/// The page that leads to all open books.
pub fn open_page(boot: &Boot) -> AnyView {
    let lang = boot.lang;
    let rows = open_books(lang)
        .into_iter()
        .map(|(name, what, path)| view! { <a class="row" href=boot.at(path)><span class="t"><b>{name}</b><span>{what}</span></span></a> })
        .collect_view();
    frame(
        boot,
        Page::Board,
        tr!(lang, "账目公开", "Open books").into(),
        tr!(lang, "每一分钱、每一个决定，谁都可以看", "Every fen and every decision, for everybody to see").into(),
        view! { <section class="card">{rows}</section> },
    )
}
