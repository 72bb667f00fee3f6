//! The rule numbers ⚙ of the community: each with its value, its source and its days, and the form that changes one.

use super::calendar::Calendar;
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
pub fn settings(boot: &Boot, rows: &[NumberRow], calendar: &Calendar) -> AnyView {
    let lang = boot.lang;
    let body = view! {
        {form(boot)}
        <section class="card">
            <h2>{tr!(lang, "现在按这些数", "The numbers that hold")}</h2>
            {table(lang, rows)}
            <p class="note">{tr!(lang, "改动从所填日期起对新的步骤有效；已经答应的时间不变。每次改动都有记录。", "A change holds for new steps from its first day on; what was promised stays. Every change is recorded.")}</p>
        </section>
        {holidays(lang, calendar)}
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

/// The public holidays that working days are counted by, and the form that enters a year's.
fn holidays(lang: Lang, calendar: &Calendar) -> impl IntoView + use<> {
    let day = |(month, day): &(u32, u32)| format!("{month}/{day}");
    let span = |(first, last): &((u32, u32), (u32, u32))| if first == last { day(first) } else { format!("{}–{}", day(first), day(last)) };
    let rows = calendar
        .years()
        .into_iter()
        .map(|(y, own)| {
            let off = y.off.iter().map(span).collect::<Vec<_>>().join("，");
            let worked = y.worked.iter().map(day).collect::<Vec<_>>().join("，");
            let by = if own { tr!(lang, "本小区录入", "entered here") } else { tr!(lang, "程序自带", "brought by the program") };
            view! { <tr><th scope="row">{y.year}</th><td>{off}</td><td>{worked}</td><td>{format!("{} · {by}", y.source)}</td></tr> }
        })
        .collect_view();
    let echo = echo();
    let error = |name: &str| echo.error(name, lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    view! {
        <section class="card">
            <h2>{tr!(lang, "节假日和调休", "Public holidays")}</h2>
            <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "节假日和调休", "Public holidays")><table class="t">
                <thead><tr><th scope="col">{tr!(lang, "年", "Year")}</th><th scope="col">{tr!(lang, "放假", "Off")}</th><th scope="col">{tr!(lang, "周末上班", "Weekend days worked")}</th><th scope="col">{tr!(lang, "依据", "Source")}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
            <p class="note">{tr!(lang, "“工作日”按这张表算；没有录入的年份只按周末算。改了表，已经答应的时间不变。", "Working days are counted by this table; a year that is not in it has weekends only. What was promised stays.")}</p>
        </section>
        <form method="post" action="/forms/calendar" class="card stack">
            <h2>{tr!(lang, "录入一年的节假日", "Enter a year's holidays")}</h2>
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="back" value="/desk/settings"/>
            <div class="field"><label for="year">{tr!(lang, "年份", "Year")}</label><input id="year" type="number" name="year" min="2024" max="2100" required value=echo.value("year")/>{error("year")}</div>
            <div class="field"><label for="announced">{tr!(lang, "依据（国务院办公厅通知的文号）", "The State Council's announcement")}</label><input id="announced" type="text" name="announced" maxlength="100" required value=echo.value("announced")/>{error("announced")}</div>
            <div class="field"><label for="off">{tr!(lang, "放假：一行一段，例如 2-15 2-23", "Days off: a span in each line, e.g. 2-15 2-23")}</label><textarea id="off" name="off" rows="7" required>{echo.value("off")}</textarea>{error("off")}</div>
            <div class="field"><label for="worked">{tr!(lang, "周末上班：一行一天，例如 2-14", "Weekend days that are worked, one in each line, e.g. 2-14")}</label><textarea id="worked" name="worked" rows="5">{echo.value("worked")}</textarea>{error("worked")}</div>
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
