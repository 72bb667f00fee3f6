//! Rounds: the list, opening one, going one tag by tag, and its record on paper.

use super::model::{Kind, RoundRow, RoundView, Stop};
use super::pages::{check, rate, spoken_reading};
use super::rules::{reading_of, spoken_hundredths};
use crate::i18n::{Lang, spoken_date};
use crate::ids::{MutationId, PersonId, PlaceId};
use crate::measure::Time;
use crate::rooms::documents::model::{Block, Column, Document, Proof, Table};
use crate::rooms::people::rules::{Permission, may};
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::error;
use crate::ui::frame::Page;
use crate::ui::{empty, frame, icon};
use crate::{tr, trf};
use leptos::prelude::*;

/// A worker's open rounds.
pub fn mine(boot: &Boot, rows: &[RoundRow], now: Time) -> AnyView {
    let lang = boot.lang;
    let body = if rows.is_empty() {
        empty("check", tr!(lang, "没有要走的巡检。", "No round to go.").into(), None).into_any()
    } else {
        view! { <ul class="plain card">{rows.iter().map(|r| item(boot, r, now)).collect_view()}</ul> }.into_any()
    };
    frame(boot, Page::Desk, tr!(lang, "我的巡检", "My rounds").into(), tr!(lang, "没有信号也能走，有网时自动交", "Works without a signal, sent when there is one").into(), body)
}

fn item(boot: &Boot, r: &RoundRow, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let due = spoken_date(lang, r.due_at, now, boot.offset());
    let (checked, total) = (r.checked, r.total);
    let state = match r.closed_at {
        Some(_) => view! { <span class="tag off">{tr!(lang, "已结束", "Closed")}</span> }.into_any(),
        None if r.due_at < now => view! { <span class="tag warn">{tr!(lang, "已过期", "Overdue")}</span> }.into_any(),
        None => view! { <span class="tag due">{tr!(lang, "进行中", "Under way")}</span> }.into_any(),
    };
    view! { <li><a href=format!("/rounds/{}", r.id)><b>{r.number.clone()}" "{r.kind.label(lang)}</b></a>" "{state}<br/><span class="muted">{trf!(lang, "已查 {checked} / {total}，{due} 前", "{checked} of {total}, due {due}")}" · "{r.worker.clone()}</span></li> }
}

/// All rounds, and the form that opens one.
pub fn all(boot: &Boot, rows: &[RoundRow], workers: &[(PersonId, String)], places: &[(PlaceId, String)], kind: &str, now: Time) -> AnyView {
    let lang = boot.lang;
    let keeps = boot.role().is_some_and(|r| may(r, Permission::Assets));
    let list = if rows.is_empty() {
        empty("list", tr!(lang, "还没有巡检过。", "No round yet.").into(), None).into_any()
    } else {
        view! { <ul class="plain card">{rows.iter().map(|r| item(boot, r, now)).collect_view()}</ul> }.into_any()
    };
    let body = view! { {keeps.then(|| open_form(lang, workers, places, kind))}{list} };
    frame(boot, Page::Desk, tr!(lang, "巡检", "Inspection rounds").into(), String::new(), body)
}

fn open_form(lang: Lang, workers: &[(PersonId, String)], places: &[(PlaceId, String)], kind: &str) -> impl IntoView + use<> {
    let typed = |name: &str, other: &str| if echo().value(name).is_empty() { other.to_owned() } else { echo().value(name) };
    let chosen = typed("round_kind", kind);
    let kinds = Kind::ALL.into_iter().map(|k| view! { <option value=k.code() selected={chosen == k.code()}>{k.label(lang)}</option> }).collect_view();
    let who = workers.iter().map(|(id, name)| view! { <option value=id.to_string() selected={echo().value("worker") == id.to_string()}>{name.clone()}</option> }).collect_view();
    let spots = places.iter().map(|(id, name)| view! { <option value=id.to_string() selected={echo().value("place") == id.to_string()}>{name.clone()}</option> }).collect_view();
    view! {
        <form method="post" action="/forms/round-open" class="card stack">
            <h2>{tr!(lang, "开一轮巡检", "Open a round")}</h2>
            <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value="/desk/rounds"/>
            <div class="field-row">
                <div class="field"><label for="rkind">{tr!(lang, "查什么", "What")}</label><select id="rkind" name="round_kind">{kinds}</select>{error("kind", lang)}</div>
                <div class="field"><label for="rplace">{tr!(lang, "在哪里", "Where")}</label><select id="rplace" name="place"><option value="">{tr!(lang, "全小区", "Everywhere")}</option>{spots}</select></div>
            </div>
            <div class="field-row">
                <div class="field"><label for="rworker">{tr!(lang, "谁去", "Who goes")}</label><select id="rworker" name="worker">{who}</select>{error("worker", lang)}</div>
                <div class="field"><label for="most">{tr!(lang, "最多几件（先查很久没查的）", "At most (the longest ago first)")}</label><input id="most" type="number" name="most" min="1" max="600" value=typed("most", "60")/>{error("most", lang)}</div>
                <div class="field"><label for="days">{tr!(lang, "几天内走完", "Within days")}</label><input id="days" type="number" name="days" min="1" max="60" value=typed("days", "7")/>{error("days", lang)}</div>
            </div>
            <button class="btn" type="submit">{tr!(lang, "开始", "Open")}</button>
        </form>
    }
}

/// A round: for its worker one form an asset, for everybody else what was found.
pub fn one(boot: &Boot, v: &RoundView, now: Time) -> AnyView {
    let lang = boot.lang;
    let (checked, total, passed) = (v.row.checked, v.row.total, v.row.passed);
    let stops = v.stops.iter().enumerate().map(|(n, s)| stop(boot, v, s, n, now)).collect_view();
    let close = v.may_close.then(|| {
        view! {
            <form method="post" action="/forms/round-close" class="card">
                <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value=format!("/rounds/{}", v.row.id)/><input type="hidden" name="round" value=v.row.id.to_string()/>
                <p class="hint">{tr!(lang, "没查到的会如实写“未查”。", "What was not checked is shown as such.")}</p>
                <button class="btn sec" type="submit">{tr!(lang, "结束这一轮", "Close this round")}</button>
            </form>
        }
    });
    let body = view! {
        <section class="card"><p class="sum">{format!("{checked} / {total}")}</p><progress max=total.to_string() value=checked.to_string() aria-label=tr!(lang, "进度", "Progress")></progress>
            <p class="muted">{tr!(lang, "合格 ", "Passed ")}{rate(passed, checked)}" · "{v.row.worker.clone()}" · "{tr!(lang, "{d} 前", "due {d}", d = spoken_date(lang, v.row.due_at, now, boot.offset()))}</p>
            <p><a class="chip" href=format!("/print/rounds/{}", v.row.id)>{tr!(lang, "打印记录", "Print the record")}</a></p></section>
        <ol class="stops">{stops}</ol>
        {close}
    };
    frame(boot, Page::Desk, format!("{} {}", v.row.number, v.row.kind.label(lang)), tr!(lang, "照着贴纸一件一件查", "One by one, by their stickers").into(), body)
}

fn stop(boot: &Boot, v: &RoundView, s: &Stop, n: usize, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let n = n + 1;
    let done = s.check.as_ref().map(|c| view! { <ul class="plain">{check(boot, s.row.kind, c, now)}</ul> });
    let form = v.mine.then(|| {
        let again = s.check.is_some();
        let form = form(boot, v, s);
        if again { view! { <details class="more"><summary>{tr!(lang, "重查", "Check again")}</summary>{form}</details> }.into_any() } else { form }
    });
    let missed = (!v.mine && s.check.is_none()).then(|| view! { <p class="muted">{tr!(lang, "未查", "Not checked")}</p> });
    view! {
        <li class="card" id=s.row.number.clone()>
            <h2>{n}". "{s.row.name.clone()}</h2>
            <p class="muted">{s.row.place.clone()}{s.row.tag.clone().map(|t| view! { " · "<span class="code">{t}</span> })}" · "{s.row.number.clone()}</p>
            {done}{form}{missed}
        </li>
    }
}

/// The form of one check. It says its kind itself, so that it waits in the outbox where there is no network.
fn form(boot: &Boot, v: &RoundView, s: &Stop) -> AnyView {
    let lang = boot.lang;
    let here = echo().value("asset") == s.row.id.to_string();
    let typed = |name: &str| if here { echo().value(name) } else { String::new() };
    let wrong = |name: &str| here.then(|| error(name, lang)).flatten();
    let id = s.row.id;
    let reading = reading_of(s.row.kind).map(|(unit, low, high)| {
        let bounds = tr!(lang, "合格 {low} – {high} {unit}", "Good from {low} to {high} {unit}", low = spoken_hundredths(low), high = spoken_hundredths(high), unit = unit);
        view! { <div class="field"><label for=format!("r{id}")>{trf!(lang, "读数（{unit}，没有表不填）", "Reading ({unit}, where there is a gauge)")}</label><input id=format!("r{id}") type="text" inputmode="decimal" maxlength="12" pattern="[0-9]{1,7}([.,，][0-9]{1,2})?" title=tr!(lang, "例如 0.45", "e.g. 0.45") name="reading" data-as="hundredths" value=typed("reading")/><p class="hint">{bounds}</p>{wrong("reading")}</div> }
    });
    view! {
        <form method="post" action="/forms/asset-check" enctype="multipart/form-data" class="stack" data-kind="asset.check.v1" data-key=id.to_string() data-thanks="saved" data-about=s.row.name.clone()>
            <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value=format!("/rounds/{}#{}", v.row.id, s.row.number)/>
            <input type="hidden" name="round" value=v.row.id.to_string() data-as=""/><input type="hidden" name="asset" value=id.to_string() data-as=""/>
            {reading}
            <div class="pass">
                <div class="shots"><label class="add"><input type="file" name="file" accept="image/*" capture="environment" data-photos="camera"/>{icon("camera")}<span>{tr!(lang, "拍照", "Photo")}</span></label></div>
                <button class="btn" type="submit" name="passed" value="1" data-as="bool">{tr!(lang, "合格", "Passes")}</button>
            </div>
            {wrong("photos")}
            <details class="more" open=here>
                <summary>{tr!(lang, "不合格", "Fails")}</summary>
                <div class="field"><label for=format!("n{id}")>{tr!(lang, "哪里不对", "What is wrong")}</label><textarea id=format!("n{id}") name="note" rows="2" maxlength="200" data-as="">{typed("note")}</textarea>{wrong("note")}</div>
                <button class="btn warn" type="submit" name="passed" value="0" data-as="bool">{tr!(lang, "记下不合格", "Record the fault")}</button>
            </details>
        </form>
    }
    .into_any()
}

/// The record of a round on paper.
pub fn paper(boot: &Boot, v: &RoundView, proof: Option<Proof>, now: Time) -> Document {
    let lang = boot.lang;
    let day = |at: Time| at.local(boot.offset()).format("%Y-%m-%d %H:%M").to_string();
    let rows = v
        .stops
        .iter()
        .map(|s| {
            let (verdict, at, note) = match &s.check {
                Some(c) => {
                    let reading = c.reading.map(|r| format!("{} ", spoken_reading(s.row.kind, r))).unwrap_or_default();
                    let ticket = c.ticket.as_ref().map(|n| trf!(lang, " 报修单 {n}", " ticket {n}")).unwrap_or_default();
                    (if c.passed { tr!(lang, "合格", "passed") } else { tr!(lang, "不合格", "failed") }, day(c.at), format!("{reading}{}{ticket}", c.note))
                }
                None => (tr!(lang, "未查", "not checked"), String::new(), String::new()),
            };
            vec![s.row.number.clone(), s.row.name.clone(), s.row.place.clone(), verdict.to_owned(), at, note]
        })
        .collect();
    let (total, checked, passed) = (v.row.total, v.row.checked, v.row.passed);
    Document {
        title: tr!(lang, "巡检记录", "Inspection record").to_owned(),
        number: v.row.number.clone(),
        community: boot.community.as_ref().map(|c| c.name.clone()).unwrap_or_default(),
        subtitle: v.row.kind.label(lang).to_owned(),
        blocks: vec![
            Block::Facts(vec![
                (tr!(lang, "巡检人", "Inspected by").to_owned(), v.row.worker.clone()),
                (tr!(lang, "应查", "To be checked").to_owned(), total.to_string()),
                (tr!(lang, "已查", "Checked").to_owned(), rate(checked, total)),
                (tr!(lang, "合格", "Passed").to_owned(), rate(passed, checked)),
            ]),
            Block::Table(Table {
                columns: vec![
                    Column::words(tr!(lang, "编号", "No."), 3),
                    Column::words(tr!(lang, "名称", "Name"), 4),
                    Column::words(tr!(lang, "地点", "Place"), 4),
                    Column::words(tr!(lang, "结果", "Result"), 2),
                    Column::words(tr!(lang, "时间", "When"), 4),
                    Column::words(tr!(lang, "说明", "Notes"), 5),
                ],
                rows,
                total: vec![],
            }),
        ],
        sign_lines: vec![tr!(lang, "巡检人（签）", "Inspector").to_owned(), tr!(lang, "主管（签）", "Supervisor").to_owned()],
        address: format!("/rounds/{}", v.row.id),
        proof,
        made_at: now,
    }
}
