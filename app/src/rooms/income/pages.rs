//! The ledger in the open, and the desk that keeps it.

use super::model::{EntryRow, Line, Quarter};
use crate::i18n::Lang;
use crate::ids::MutationId;
use crate::measure::{Fen, Time};
use crate::rooms::documents::model::{Block, Column, Document, Proof, Table};
use crate::rooms::photos::model::Size;
use crate::rooms::photos::picker::picker;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{frame, photo};
use crate::{tr, trf};
use leptos::prelude::*;

fn day(at: Time, offset: i32) -> String {
    at.local(offset).format("%Y-%m-%d").to_string()
}

/// `2026 年第 3 季度`.
pub fn spoken(lang: Lang, quarter: &str) -> String {
    let (year, n) = quarter.split_once('Q').unwrap_or((quarter, ""));
    trf!(lang, "{year} 年第 {n} 季度", "Q{n} {year}")
}

/// The public ledger of a quarter.
pub fn ledger(boot: &Boot, q: &Quarter, all: &[String], now: Time) -> AnyView {
    let lang = boot.lang;
    let body = view! { {chips(boot, &boot.at("/income"), q, all)}{standing(boot, q, now)}{sums(lang, q)}{entries(boot, q, false)}<p><a class="btn sec small" href=format!("/print/income/{}/{}", boot.slug, q.quarter)>{tr!(lang, "打印", "Print")}</a></p> };
    frame(boot, Page::Board, tr!(lang, "公共收益", "Common income").into(), spoken(lang, &q.quarter), body)
}

fn chips(boot: &Boot, path: &str, q: &Quarter, all: &[String]) -> impl IntoView + use<> {
    let links = all.iter().map(|n| view! { <a class="chip" href=format!("{path}?quarter={n}") aria-current=(*n == q.quarter).then_some("true")>{n.clone()}</a> }).collect_view();
    view! { <nav class="filters" aria-label=tr!(boot.lang, "季度", "Quarter")>{links}</nav> }
}

fn standing(boot: &Boot, q: &Quarter, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    match q.published {
        Some((at, income, spent)) => {
            let t = day(at, boot.offset());
            let later = (income != q.income() || spent != q.spent()).then(|| view! { <p class="note">{trf!(lang, "公布时收入 {income} 元、支出 {spent} 元；之后又有更正，下面是现在的数。", "When published: in {income}, out {spent} yuan; corrected since, the present numbers stand below.")}</p> });
            view! { <p><span class="tag ok">{tr!(lang, "已公布", "Published")}</span>" "{t}</p>{later} }.into_any()
        }
        None if q.due_at < now => {
            let t = day(q.due_at, boot.offset());
            view! { <p class="note"><span class="tag warn">{tr!(lang, "超期未公布", "Overdue")}</span>" "{trf!(lang, "应在 {t} 前公布（每季度一次，上海市住宅物业管理规定第 66 条）。", "due by {t} (every quarter; Shanghai rules, art. 66).")}</p> }.into_any()
        }
        None => {
            let t = day(q.due_at, boot.offset());
            view! { <p><span class="tag due">{tr!(lang, "记账中", "Open")}</span>" "{trf!(lang, "{t} 前公布", "to be published by {t}")}</p> }.into_any()
        }
    }
}

fn sums(lang: Lang, q: &Quarter) -> impl IntoView + use<> {
    let side = |lines: [Line; 6]| {
        lines
            .into_iter()
            .map(|l| (l, q.sum(l)))
            .filter(|(_, sum)| sum.0 != 0)
            .map(|(l, sum)| view! { <div><dt>{l.label(lang)}</dt><dd>{sum.to_string()}</dd></div> })
            .collect_view()
    };
    let (income, spent) = (q.income(), q.spent());
    let net = Fen(income.0 - q.sum(Line::Cost).0);
    let fund = q.sum(Line::ToFund);
    // The owners' meeting decides; without its word more than half of it goes into the fund (SH 51).
    let share = (net.0 > 0).then(|| {
        tr!(
            lang,
            "转入维修资金 {fund} 元，占净收益 {net} 元的 {p} %；业主大会没有另外决定的，应超过一半（第 51 条）。",
            "{fund} yuan went into the fund, {p} % of the net {net} yuan; without another decision of the owners it is more than half (art. 51).",
            p = i128::from(fund.0) * 100 / i128::from(net.0)
        )
    });
    view! {
        <section class="card"><h2>{tr!(lang, "收入", "In")}" "{income.to_string()}" "{tr!(lang, "元", "yuan")}</h2><dl class="facts">{side(Line::INCOME)}</dl></section>
        <section class="card"><h2>{tr!(lang, "支出", "Out")}" "{spent.to_string()}" "{tr!(lang, "元", "yuan")}</h2><dl class="facts">{side(Line::SPENDING)}</dl>{share.map(|s| view! { <p class="hint">{s}</p> })}</section>
    }
}

fn entries(boot: &Boot, q: &Quarter, desk: bool) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = q.entries.iter().map(|e| entry(boot, q, e, desk)).collect_view();
    view! {
        <section class="card"><h2>{tr!(lang, "每一笔", "Every entry")}</h2><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "每一笔", "Every entry")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "日期", "Date")}</th><th scope="col">{tr!(lang, "编号", "No.")}</th><th scope="col">{tr!(lang, "科目", "Line")}</th><th scope="col">{tr!(lang, "摘要", "What")}</th><th scope="col">{tr!(lang, "凭证", "Voucher")}</th><th scope="col" class="num">{tr!(lang, "收入", "In")}</th><th scope="col" class="num">{tr!(lang, "支出", "Out")}</th>{desk.then(|| view! { <th scope="col">{tr!(lang, "更正", "Correct")}</th> })}</tr></thead>
            <tbody>{rows}</tbody>
        </table></div></section>
    }
}

fn entry(boot: &Boot, q: &Quarter, e: &EntryRow, desk: bool) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (income, spent) = if e.line.is_out() { (String::new(), e.amount.to_string()) } else { (e.amount.to_string(), String::new()) };
    let picture = e.photo.map(|p| view! { <details class="more"><summary>{tr!(lang, "看凭证", "Show")}</summary>{photo(p, Size::Medium, e.voucher.clone())}</details> });
    let correct = desk.then(|| {
        let form = (!e.red).then(|| {
            view! {
                <form method="post" action="/forms/income-reverse" class="inline">
                    <input type="hidden" name="id" value=MutationId::new().to_string()/>
                    <input type="hidden" name="back" value=format!("/desk/income?quarter={}", q.quarter)/>
                    <input type="hidden" name="entry" value=e.id.to_string()/>
                    <input type="text" name="reason" maxlength="200" required aria-label=tr!(lang, "{n} 为什么冲掉", "why {n} is taken back", n = e.number) placeholder=tr!(lang, "原因", "Why")/>
                    <button class="btn small sec" type="submit">{tr!(lang, "红冲", "Take back")}</button>
                </form>
            }
        });
        view! { <td>{form}</td> }
    });
    let red = e.red.then(|| view! { <span class="tag off">{if e.amount.0 < 0 { tr!(lang, "红冲", "takes back") } else { tr!(lang, "已冲", "taken back") }}</span>" " });
    view! { <tr><td>{day(e.at, boot.offset())}</td><td>{e.number.clone()}</td><td>{e.line.label(lang)}</td><td>{red}{e.words.clone()}</td><td>{e.voucher.clone()}{picture}</td><td class="num">{income}</td><td class="num">{spent}</td>{correct}</tr> }
}

/// The desk.
pub fn desk(boot: &Boot, q: &Quarter, all: &[String], publishes: bool, now: Time) -> AnyView {
    let lang = boot.lang;
    let may_publish = publishes && q.published.is_none() && all.first() != Some(&q.quarter);
    let publish = may_publish.then(|| {
        view! {
            <form method="post" action="/forms/income-publish" class="card">
                <input type="hidden" name="id" value=MutationId::new().to_string()/>
                <input type="hidden" name="back" value=format!("/desk/income?quarter={}", q.quarter)/>
                <input type="hidden" name="quarter" value=q.quarter.clone()/>
                <button class="btn" type="submit">{tr!(lang, "公布{q}", "Publish {q}", q = spoken(lang, &q.quarter))}</button>
            </form>
        }
    });
    let body = view! { {chips(boot, "/desk/income", q, all)}{standing(boot, q, now)}{publish}{enter_form(boot, q)}{sums(lang, q)}{entries(boot, q, true)} };
    frame(boot, Page::Desk, tr!(lang, "公共收益", "Common income").into(), spoken(lang, &q.quarter), body)
}

fn enter_form(boot: &Boot, q: &Quarter) -> impl IntoView + use<> {
    let lang = boot.lang;
    let error = |field: &str| echo().error(field, lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    let chosen = echo().value("line");
    let options = |lines: [Line; 6]| lines.into_iter().map(|l| view! { <option value=l.code() selected={chosen == l.code()}>{l.label(lang)}</option> }).collect_view();
    view! {
        <form method="post" action="/forms/income-enter" enctype="multipart/form-data" class="card stack">
            <h2>{tr!(lang, "记一笔", "Enter")}</h2>
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="back" value=format!("/desk/income?quarter={}", q.quarter)/>
            <input type="hidden" name="quarter" value=q.quarter.clone()/>{error("quarter")}
            <div class="field"><label for="line">{tr!(lang, "科目", "Line")}</label><select id="line" name="line"><optgroup label=tr!(lang, "收入", "In")>{options(Line::INCOME)}</optgroup><optgroup label=tr!(lang, "支出", "Out")>{options(Line::SPENDING)}</optgroup></select></div>
            <div class="field"><label for="amount">{tr!(lang, "金额（元）", "Amount (yuan)")}</label><input id="amount" type="text" inputmode="decimal" name="amount" required value=echo().value("amount")/>{error("amount")}</div>
            <div class="field"><label for="words">{tr!(lang, "是什么钱", "What it is")}</label><input id="words" type="text" name="words" maxlength="200" required value=echo().value("words")/>{error("words")}</div>
            <div class="field"><label for="voucher">{tr!(lang, "凭证号", "Voucher's number")}</label><input id="voucher" type="text" name="voucher" maxlength="60" required value=echo().value("voucher")/>{error("voucher")}</div>
            {picker(boot)}{error("photos")}
            <button class="btn" type="submit">{tr!(lang, "记账", "Enter")}</button>
        </form>
    }
}

/// The quarter on paper.
pub fn paper(boot: &Boot, community: &str, slug: &str, q: &Quarter, proof: Option<Proof>, now: Time) -> Document {
    let lang = boot.lang;
    let mut facts: Vec<(String, String)> =
        Line::INCOME.into_iter().chain(Line::SPENDING).map(|l| (l.label(lang).to_owned(), q.sum(l))).filter(|(_, sum)| sum.0 != 0).map(|(l, sum)| (l, sum.to_string())).collect();
    facts.push((tr!(lang, "收入合计", "All in").to_owned(), q.income().to_string()));
    facts.push((tr!(lang, "支出合计", "All out").to_owned(), q.spent().to_string()));
    let row = |e: &EntryRow| {
        let (income, spent) = if e.line.is_out() { (String::new(), e.amount.to_string()) } else { (e.amount.to_string(), String::new()) };
        vec![day(e.at, boot.offset()), e.line.label(lang).to_owned(), e.words.clone(), e.voucher.clone(), income, spent]
    };
    let table = Table {
        columns: vec![
            Column::words(tr!(lang, "日期", "Date"), 3),
            Column::words(tr!(lang, "科目", "Line"), 3),
            Column::words(tr!(lang, "摘要", "What"), 6),
            Column::words(tr!(lang, "凭证", "Voucher"), 4),
            Column::number(tr!(lang, "收入", "In"), 3),
            Column::number(tr!(lang, "支出", "Out"), 3),
        ],
        rows: q.entries.iter().map(row).collect(),
        total: vec![tr!(lang, "合计", "Total").to_owned(), String::new(), String::new(), String::new(), q.income().to_string(), q.spent().to_string()],
    };
    Document {
        title: tr!(lang, "公共收益季度公示", "Common income of a quarter").to_owned(),
        number: q.quarter.clone(),
        community: community.to_owned(),
        subtitle: spoken(lang, &q.quarter),
        blocks: vec![Block::Facts(facts), Block::Table(table)],
        sign_lines: vec![tr!(lang, "业委会（章）", "Owners' committee (seal)").to_owned(), tr!(lang, "物业（章）", "Property company (seal)").to_owned()],
        address: format!("/c/{slug}/income?quarter={}", q.quarter),
        proof,
        made_at: now,
    }
}
