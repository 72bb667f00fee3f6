//! The desk's forms of money: a quote, offers side by side, and the final bill. How many offers there are is chosen by a
//! link, so that it works without a script; what was typed is kept when a form is refused.

use super::model::{QuoteLine, TicketView};
use super::pages::forms::{About, hidden};
use super::pages::words::button;
use super::rules::{Move, OFFER_FORM_ROWS, OFFERS_MAX, QUOTE_FORM_ROWS, Tier, yuan};
use super::store::Known;
use crate::measure::DAY;
use crate::rooms::fund::rules::EmergencyCase;
use crate::ui::boot::{Boot, echo};
use crate::{tr, trf};
use leptos::prelude::*;
use std::ops::Range;

/// Rows of a form that are always to be seen.
const ROWS_SHOWN: usize = 4;

/// The items that are known, offered while a name is typed, with what they cost last.
pub fn known_list(boot: &Boot, known: &[Known]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let options = known
        .iter()
        .map(|k| {
            let last = yuan(k.last);
            view! { <option value=k.name.clone()>{trf!(lang, "上次 {last} 元", "last {last} yuan")}</option> }
        })
        .collect_view();
    view! { <datalist id="items">{options}</datalist> }
}

/// A quote, or `offers` offers side by side.
pub fn quote(boot: &Boot, about: &About, t: &TicketView, offers: usize) -> impl IntoView + use<> {
    let lang = boot.lang;
    let echo = echo();
    let here = echo.value("step") == "quote";
    let several = offers > 1;
    let base = about.back.clone();
    let about = About { back: if several { format!("{base}&offers={offers}") } else { base.clone() }, ..about.clone() };
    let error = |field: &str| here.then(|| echo.error(field, lang)).flatten().map(|e| view! { <p class="err" role="alert">{e}</p> });
    let counts = (1..=OFFERS_MAX)
        .map(|n| {
            let label = if n == 1 { tr!(lang, "一家", "One").to_owned() } else { trf!(lang, "{n} 家比价", "{n} offers") };
            view! { <a class="chip" href=format!("{base}&offers={n}#quote") aria-current=(n == offers).then_some("true")>{label}</a> }
        })
        .collect_view();
    let body = if several { (0..offers).map(|i| offer(boot, i, offers)).collect_view().into_any() } else { one(boot).into_any() };
    let why = several.then(|| {
        view! {
            <div class="field"><label for="why">{tr!(lang, "为什么推荐这一家（大家能看到）", "Why this one (public)")}</label><textarea id="why" name="why" maxlength="300" rows="2" required>{echo.value("why")}</textarea>{error("why")}</div>
        }
    });
    view! {
        <details class="more" id="quote" open={here || several}>
            <summary>{tr!(lang, "报价", "Quote")}</summary>
            <nav class="filters" aria-label=tr!(lang, "几家报价", "How many offers")>{counts}</nav>
            <form method="post" action="/forms/advance" class="stack">
                {hidden(&about, "quote")}
                {body}
                {error("lines")}
                {error("supplier")}
                {error("recommended")}
                {why}
                {t.card.category.is_urgent().then(|| emergency(boot))}
                {who_decides(boot, t)}
                <button class="btn sec" type="submit">{button(lang, Move::Quote)}</button>
            </form>
        </details>
    }
}

fn one(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    let more_typed = echo().value("step") == "quote" && echo().all("name").iter().skip(ROWS_SHOWN).any(|name| !name.trim().is_empty());
    let more = QUOTE_FORM_ROWS - ROWS_SHOWN;
    view! {
        {table(boot, "quote", 0, 0..ROWS_SHOWN, &[])}
        <details class="more" open=more_typed>
            <summary>{trf!(lang, "再加 {more} 行", "{more} more lines")}</summary>
            {table(boot, "quote", 0, ROWS_SHOWN..QUOTE_FORM_ROWS, &[])}
        </details>
    }
}

/// One of several offers.
fn offer(boot: &Boot, i: usize, offers: usize) -> impl IntoView + use<> {
    let lang = boot.lang;
    let echo = echo();
    let here = echo.value("step") == "quote";
    let n = i + 1;
    let supplier = if here { echo.all("supplier").get(i).cloned().unwrap_or_default() } else { String::new() };
    let chosen = if here { echo.value("recommended") == i.to_string() } else { i == 0 };
    let field = format!("supplier-{i}");
    let rows = i * OFFER_FORM_ROWS..(i + 1) * OFFER_FORM_ROWS;
    view! {
        <fieldset class="field">
            <legend>{trf!(lang, "第 {n} 家，共 {offers} 家", "Offer {n} of {offers}")}</legend>
            <div class="field"><label for=field.clone()>{tr!(lang, "供应商", "Supplier")}</label><input id=field type="text" name="supplier" maxlength="40" value=supplier required/></div>
            {table(boot, "quote", i, rows, &[])}
            <label class="check"><input type="radio" name="recommended" value=i.to_string() checked=chosen/><span>{tr!(lang, "推荐这一家", "Recommend this one")}</span></label>
        </fieldset>
    }
}

/// Rows for lines; `filled` is what stands there while nothing was typed.
fn table(boot: &Boot, step: &'static str, of: usize, rows: Range<usize>, filled: &[QuoteLine]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = rows.map(|i| row(boot, step, of, i, filled.get(i))).collect_view();
    view! {
        <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "明细", "Lines")>
            <table class="t">
                <thead><tr>
                    <th scope="col">{tr!(lang, "类别", "Kind")}</th><th scope="col">{tr!(lang, "名称", "Name")}</th>
                    <th scope="col" class="n">{tr!(lang, "数量", "Quantity")}</th><th scope="col" class="n">{tr!(lang, "单价（元）", "Price (yuan)")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(boot: &Boot, step: &'static str, of: usize, i: usize, filled: Option<&QuoteLine>) -> impl IntoView + use<> {
    let lang = boot.lang;
    let echo = echo();
    let here = echo.value("step") == step;
    let value = |field: &str, there: Option<String>| if here { echo.all(field).get(i).cloned().unwrap_or_default() } else { there.unwrap_or_default() };
    let labour = value("kind", filled.map(|l| if l.labour { "labour" } else { "material" }.to_owned())) == "labour";
    let n = i + 1;
    view! {
        <tr>
            <td><input type="hidden" name="of" value=of.to_string()/><select name="kind" aria-label=trf!(lang, "第 {n} 行类别", "Line {n} kind")>
                <option value="material">{tr!(lang, "材料", "Material")}</option>
                <option value="labour" selected=labour>{tr!(lang, "人工", "Labour")}</option>
            </select></td>
            <td><input type="text" name="name" maxlength="60" list="items" autocomplete="off" value=value("name", filled.map(|l| l.name.clone())) aria-label=trf!(lang, "第 {n} 行名称", "Line {n} name")/></td>
            <td class="n"><input type="text" inputmode="numeric" name="quantity" size="4" value=value("quantity", filled.map(|l| l.quantity.to_string())) aria-label=trf!(lang, "第 {n} 行数量", "Line {n} quantity")/></td>
            <td class="n"><input type="text" inputmode="decimal" name="price" size="8" value=value("price", filled.map(|l| l.unit_price.to_string())) aria-label=trf!(lang, "第 {n} 行单价（元）", "Line {n} price, yuan")/></td>
        </tr>
    }
}

/// The five cases of SH 73, for urgent repairs alone.
fn emergency(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    let echo = echo();
    let cases = EmergencyCase::ALL.into_iter().map(|c| view! { <option value=c.code() selected={echo.value("emergency") == c.code()}>{c.label(lang)}</option> }).collect_view();
    let error = |field: &str| echo.error(field, lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    view! {
        <details class="more" open={!echo.value("emergency").is_empty()}>
            <summary>{tr!(lang, "应急维修（不用业主表决）", "Emergency (without a vote of the owners)")}</summary>
            <p class="hint">{tr!(lang, "先排险，不等审批。下面五种情形的费用由业委会同意（上海市住宅物业管理规定第 73 条）；除水泵水箱外要有书面证明，并拍照加到这一单。", "Danger is removed at once, whoever decides the cost. In these five cases the committee decides (Shanghai rules, art. 73); all but pumps need a paper, with a photo of it on the ticket.")}</p>
            <div class="field"><label for="emergency">{tr!(lang, "哪一种", "Which case")}</label><select id="emergency" name="emergency"><option value="">{tr!(lang, "不是应急维修", "None")}</option>{cases}</select>{error("emergency")}</div>
            <div class="field"><label for="paper">{tr!(lang, "文书的单位和文号", "Who wrote the paper, and its number")}</label><input id="paper" type="text" name="paper" maxlength="120" value=echo.value("paper")/>{error("paper")}</div>
        </details>
    }
}

/// Who decides which amount in this community, and what counts already.
fn who_decides(boot: &Boot, t: &TicketView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (low, high, year, days) = (yuan(t.limits.property_max), yuan(t.limits.committee_max), yuan(t.limits.committee_year), t.limits.split / DAY);
    let voters =
        if Tier::of_owners(t.part) == Tier::Affected { tr!(lang, "相关业主表决", "the owners concerned vote") } else { tr!(lang, "业主表决", "the owners vote") };
    let rule = if t.part.owners_pay() {
        trf!(
            lang,
            "{low} 元以内物业直接处理；{low} 至 {high} 元、一年合计 {year} 元以内要业委会同意；再多要{voters}。同一处 {days} 天内的费用合在一起算，不能拆开报。",
            "Up to {low} yuan the property company decides; up to {high}, and {year} in one year, the owners' committee; above that {voters}. Costs at one spot within {days} days are added up: one job is not split."
        )
    } else {
        Tier::Payer.label(lang, &t.limits)
    };
    let spent = t.spent.to_string();
    let counted = (t.spent.0 > 0 && t.part.owners_pay()).then(|| trf!(lang, "这一处已同意 {spent} 元。", "{spent} yuan were approved for this spot already."));
    view! { <p class="note">{rule}" "{counted}</p> }
}

/// The final bill, begun with what was approved.
pub fn settle(boot: &Boot, about: &About, t: &TicketView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let echo = echo();
    let here = echo.value("step") == "settle";
    let error = here.then(|| echo.error("lines", lang)).flatten().map(|e| view! { <p class="err" role="alert">{e}</p> });
    let filled: Vec<QuoteLine> = t.bill.as_ref().map(|b| b.lines.clone()).or_else(|| t.quote.as_ref().map(|q| q.lines.clone())).unwrap_or_default();
    let rows = QUOTE_FORM_ROWS.max(filled.len() + 2);
    view! {
        <details class="more" open=here>
            <summary>{tr!(lang, "结算（实际花了多少）", "Final bill (what it really cost)")}</summary>
            <form method="post" action="/forms/advance" class="stack">
                {hidden(about, "settle")}
                <p class="hint">{tr!(lang, "按发票和现场数量填。不能超过已同意的金额；超过的要先补报价。", "By invoice and by what was really done. At most what was approved: quote any difference first.")}</p>
                {table(boot, "settle", 0, 0..rows, &filled)}
                {error}
                <button class="btn sec" type="submit">{button(lang, Move::Settle)}</button>
            </form>
        </details>
    }
}
