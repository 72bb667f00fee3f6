//! What a repair costs, as its pages show it: lines, offers side by side, earlier costs at the spot, the final bill.

use crate::i18n::{Lang, spoken_date};
use crate::measure::{Fen, Time};
use crate::rooms::tickets::costs::{Cell, compare, dearer, item_of};
use crate::rooms::tickets::model::{Bill, Offer, PriceNote, QuoteLine, QuoteView, TicketView};
use crate::rooms::tickets::rules::{Tier, total, yuan};
use crate::ui::boot::Boot;
use crate::{tr, trf};
use leptos::prelude::*;

/// Quote and bill of a ticket as HTML, for a page that comes to life on a phone.
pub fn html(boot: &Boot, t: &TicketView) -> String {
    if t.quote.is_none() && t.bill.is_none() {
        return String::new();
    }
    let owner = Owner::new();
    owner.with(|| {
        let (quote, bill) = (t.quote.as_ref().map(|q| quote(boot, t, q)), t.bill.as_ref().map(|b| bill(boot, t, b)));
        view! { {quote}{bill} }.to_html()
    })
}

/// A quote with its lines or offers, who decides it and why.
pub fn quote(boot: &Boot, t: &TicketView, q: &QuoteView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let standing = match q.decided {
        Some((true, _)) => tr!(lang, "已同意", "Approved"),
        Some((false, _)) => tr!(lang, "已退回", "Returned"),
        None if q.tier.is_owners() => tr!(lang, "等业主表决", "Waits for the owners' vote"),
        None => tr!(lang, "等待同意", "Waiting"),
    };
    let table = if q.offers.is_empty() { lines(boot, q, t.now).into_any() } else { offers(boot, q, t.now).into_any() };
    let urgent = (!q.emergency.is_empty()).then(|| view! { <p class="note">{tr!(lang, "应急维修：", "Emergency: ")}{q.emergency.clone()}</p> });
    let decision = q.decision.as_ref().map(|number| {
        view! { <p><a href=boot.at(&format!("/decisions/{number}")) rel="external">{trf!(lang, "业委会决定 {number}", "Decision {number} of the owners' committee")}</a></p> }
    });
    let number = t.card.number.clone();
    let case = q.tier.is_owners().then(|| {
        view! { <p><a href=format!("/print/tickets/{}/{number}/case", boot.slug) rel="external">{tr!(lang, "给业主表决用的案卷（可打印）", "Case file for the owners' vote (to print)")}</a></p> }
    });
    view! {
        <section class="card">
            <h2>{tr!(lang, "费用", "Cost")}<span class="tag due">{standing}</span></h2>
            {table}
            {added_up(boot, t, q)}
            <p class="note">{q.who_decides.clone()}</p>
            {urgent}
            {decision}
            {case}
        </section>
    }
}

fn kind(lang: Lang, labour: bool) -> &'static str {
    if labour { tr!(lang, "人工", "Labour") } else { tr!(lang, "材料", "Material") }
}

/// What an item cost before, for those who have a desk.
fn before(boot: &Boot, notes: &[PriceNote], name: &str, now: Time) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let item = item_of(name);
    let note = notes.iter().find(|n| n.item == item)?;
    let (last, low, high, ticket, day) = (yuan(note.last), yuan(note.low), yuan(note.high), note.ticket.clone(), spoken_date(lang, note.at, now, boot.offset()));
    let span = (note.low != note.high).then(|| trf!(lang, "，两年内 {low}–{high} 元", ", {low}–{high} within two years"));
    let words = trf!(lang, "上次 {last} 元（{day}，", "last {last} yuan ({day}, ");
    Some(view! { <span class="muted">{words}<a href=boot.at(&format!("/t/{ticket}"))>{ticket.clone()}</a>{tr!(lang, "）", ")")}{span}</span> })
}

fn lines(boot: &Boot, q: &QuoteView, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = q
        .lines
        .iter()
        .map(|l| {
            let (quantity, price) = (l.quantity, l.unit_price.to_string());
            view! { <tr><td>{l.name.clone()}<span class="muted">{kind(lang, l.labour)}</span>{before(boot, &q.prices, &l.name, now)}</td><td class="n">{format!("{quantity} × {price}")}</td><td class="n">{l.amount().to_string()}</td></tr> }
        })
        .collect_view();
    view! {
        <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "费用明细", "Cost lines")>
            <table class="t">
                <thead><tr><th scope="col">{tr!(lang, "项目", "Item")}</th><th scope="col" class="n">{tr!(lang, "数量 × 单价", "Qty × price")}</th><th scope="col" class="n">{tr!(lang, "金额（元）", "Yuan")}</th></tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row" colspan="2">{tr!(lang, "合计（元）", "Total (yuan)")}</th><td class="n strong">{q.total.to_string()}</td></tr></tfoot>
            </table>
        </div>
    }
}

/// Offers side by side, an item of the same name on one row, the cheapest in words.
fn offers(boot: &Boot, q: &QuoteView, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let chosen = usize::from(q.recommended);
    let lists: Vec<&[QuoteLine]> = q.offers.iter().map(|o| o.lines.as_slice()).collect();
    let head = q
        .offers
        .iter()
        .enumerate()
        .map(
            |(i, o)| view! { <th scope="col" class="n">{o.supplier.clone()}{(i == chosen).then(|| view! { <span class="tag ok">{tr!(lang, "推荐", "Recommended")}</span> })}</th> },
        )
        .collect_view();
    let rows = compare(&lists)
        .into_iter()
        .map(|row| {
            let best = row.cheapest();
            let cells = row.cells.iter().enumerate().map(|(i, cell)| cell_of(lang, *cell, best.contains(&i))).collect_view();
            let note = before(boot, &q.prices, &row.name, now);
            view! { <tr><th scope="row">{row.name}{note}</th>{cells}</tr> }
        })
        .collect_view();
    let sums: Vec<Fen> = lists.iter().map(|l| total(l)).collect();
    let least = sums.iter().min().copied();
    let foot = sums.iter().map(|sum| view! { <td class="n strong">{sum.to_string()}{(Some(*sum) == least).then(|| cheapest(lang))}</td> }).collect_view();
    view! {
        <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "比价", "Offers side by side")>
            <table class="t">
                <thead><tr><th scope="col">{tr!(lang, "项目（元）", "Item (yuan)")}</th>{head}</tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row">{tr!(lang, "合计", "Total")}</th>{foot}</tr></tfoot>
            </table>
        </div>
        {recommendation(lang, &q.offers, q.recommended, &q.why)}
    }
}

fn cheapest(lang: Lang) -> impl IntoView {
    view! { <span class="muted">{tr!(lang, "最低", "lowest")}</span> }
}

fn cell_of(lang: Lang, cell: Option<Cell>, least: bool) -> impl IntoView {
    let words = cell.map_or_else(|| "—".to_owned(), |c| c.amount.to_string());
    let how = cell.filter(|c| c.quantity != 1).map(|c| view! { <span class="muted">{format!("{} × {}", c.quantity, c.unit_price)}</span> });
    view! { <td class="n">{words}{how}{least.then(|| cheapest(lang))}</td> }
}

/// Which offer the desk recommends and why; where it is not the cheapest, that is said.
fn recommendation(lang: Lang, offers: &[Offer], recommended: u8, why: &str) -> impl IntoView + use<> {
    let name = offers.get(usize::from(recommended)).map(|o| o.supplier.clone()).unwrap_or_default();
    let why = why.to_owned();
    let more = dearer(offers, recommended).map(|more| {
        let more = yuan(more);
        view! { <p class="note">{trf!(lang, "推荐的不是最低价，比最低的一家贵 {more} 元。", "The recommended offer is not the cheapest: it is {more} yuan above it.")}</p> }
    });
    view! { <p>{trf!(lang, "物业推荐{name}：{why}", "The property company recommends {name}: {why}")}</p>{more} }
}

/// What was approved for the same spot before, ticket by ticket, and the sum that says who decides.
fn added_up(boot: &Boot, t: &TicketView, q: &QuoteView) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let (earlier, sum, days) = (q.earlier.to_string(), Fen(q.earlier.0.saturating_add(q.total.0)).to_string(), t.limits.split / crate::measure::DAY);
    let counts = q.earlier.0 > 0 && q.tier != Tier::Payer;
    let own = t.card.number.clone();
    let jobs = q
        .earlier_jobs
        .iter()
        .map(|job| {
            let (number, amount, day) = (job.number.clone(), yuan(job.amount), spoken_date(lang, job.at, t.now, boot.offset()));
            let this = (number == own).then_some(tr!(lang, "（这一单）", " (this ticket)"));
            view! { <li><a href=boot.at(&format!("/t/{number}"))>{number.clone()}</a>{this}{trf!(lang, "：{amount} 元，{day} 同意", ": {amount} yuan, approved {day}")}</li> }
        })
        .collect_view();
    counts.then(|| {
        let sentence = trf!(
            lang,
            "这一处 {days} 天内已同意 {earlier} 元，加上这次共 {sum} 元。由谁决定看合计，不能拆开报。",
            "{earlier} yuan were approved for this spot within {days} days; with this one {sum}. The sum says who decides: one job is not split."
        );
        view! { <div class="note"><p>{sentence}</p><ul class="plain">{jobs}</ul></div> }
    })
}

/// The final bill beside what was approved, line by line.
pub fn bill(boot: &Boot, t: &TicketView, bill: &Bill) -> impl IntoView + use<> {
    let lang = boot.lang;
    let amount = |cell: Option<Cell>| cell.map_or_else(|| "—".to_owned(), |c| c.amount.to_string());
    let signed = |n: i64| if n > 0 { format!("+{}", Fen(n)) } else { Fen(n).to_string() };
    let rows = compare(&[&bill.quoted, &bill.lines])
        .into_iter()
        .map(|row| {
            let difference = row.cells[1].map_or(0, |c| c.amount.0) - row.cells[0].map_or(0, |c| c.amount.0);
            view! { <tr><th scope="row">{row.name.clone()}</th><td class="n">{amount(row.cells[0])}</td><td class="n">{amount(row.cells[1])}</td><td class="n">{signed(difference)}</td></tr> }
        })
        .collect_view();
    let quoted = total(&bill.quoted);
    let day = spoken_date(lang, bill.at, t.now, boot.offset());
    view! {
        <section class="card">
            <h2>{tr!(lang, "结算", "Final bill")}<span class="muted">{day}</span></h2>
            <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "结算明细", "Bill lines")>
                <table class="t">
                    <thead><tr><th scope="col">{tr!(lang, "项目（元）", "Item (yuan)")}</th><th scope="col" class="n">{tr!(lang, "同意", "Approved")}</th><th scope="col" class="n">{tr!(lang, "结算", "Billed")}</th><th scope="col" class="n">{tr!(lang, "差额", "Difference")}</th></tr></thead>
                    <tbody>{rows}</tbody>
                    <tfoot><tr><th scope="row">{tr!(lang, "合计", "Total")}</th><td class="n strong">{quoted.to_string()}</td><td class="n strong">{bill.total.to_string()}</td><td class="n strong">{signed(bill.total.0 - quoted.0)}</td></tr></tfoot>
                </table>
            </div>
        </section>
    }
}
