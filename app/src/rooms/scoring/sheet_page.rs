//! The scorer's page on the phone: everything on one page, big choices, works without a network.

use super::model::{RoundRow, UNKNOWN};
use super::papers::anchors;
use super::store::Mine;
use super::template::{Item, spoken_halves};
use crate::i18n::spoken_time;
use crate::ids::MutationId;
use crate::measure::Time;
use crate::rooms::fund::pages::spoken_half;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;

/// The rounds that somebody is appointed to.
pub fn list(boot: &Boot, rounds: &[RoundRow], now: Time) -> AnyView {
    let lang = boot.lang;
    let body = if rounds.is_empty() {
        empty("check", tr!(lang, "现在没有要打分的考核。", "Nothing to score now.").into(), Some((tr!(lang, "看历次考核", "See past rounds").into(), boot.at("/scoring"))))
            .into_any()
    } else {
        let item = |r: &RoundRow| {
            let until = spoken_time(lang, r.closes_at, now, boot.offset());
            view! { <li><a href=format!("/scoring/{}", r.id)><b>{r.number.clone()}" "{spoken_half(lang, &r.half)}</b></a><br/><span class="muted">{trf!(lang, "{until} 截止", "until {until}")}</span></li> }
        };
        view! { <ul class="plain card">{rounds.iter().map(item).collect_view()}</ul> }.into_any()
    };
    frame(boot, Page::Me, tr!(lang, "物业考核打分", "Scoring").into(), tr!(lang, "没有信号也能打，有网时自动交", "Works without a signal, sent when there is one").into(), body)
}

/// The sheet.
pub fn one(boot: &Boot, mine: &Mine, now: Time) -> AnyView {
    let lang = boot.lang;
    let until = spoken_time(lang, mine.row.closes_at, now, boot.offset());
    let open = mine.row.stage == super::model::Stage::Open && now < mine.row.closes_at;
    let handed = mine.handed_at.map(|at| {
        let at = spoken_time(lang, at, now, boot.offset());
        view! { <p class="notice ok" role="status"><span>{trf!(lang, "您的表 {at} 交了，截止前可以改。", "Handed in {at}; you can change it until the end.")}</span></p> }
    });
    let total = mine.template.rated(mine.high_rise).count();
    let body = if let Some(reason) = &mine.conflict {
        view! { <p class="note">{tr!(lang, "您申报过和物业有关系，这一轮不打分：", "You declared a tie to the company and do not score this time: ")}{reason.clone()}</p> }
            .into_any()
    } else if open {
        view! {
            {handed}
            <p class="note">{trf!(lang, "共 {total} 项，{until} 截止。分数只有您自己看得到，公布时不带名字。", "{total} items, until {until}. Only you see your marks; they are published without names.")}</p>
            <p class="muted">{anchors(&mine.template)}</p>
            {tickets(boot, mine)}
            {form(boot, mine)}
            {conflict(boot, mine)}
        }
        .into_any()
    } else {
        view! { {handed}<p class="note">{tr!(lang, "打分已经截止，表不能再改。", "The scoring has ended; sheets stay as they are.")}</p> }.into_any()
    };
    let paper = view! { <p><a class="chip" href=format!("/print/scoring-sheet/{}", mine.row.id)>{tr!(lang, "打印纸质表", "Print it on paper")}</a></p> };
    frame(
        boot,
        Page::Me,
        format!("{} {}", mine.template.name, mine.row.number),
        format!("{} · {}", spoken_half(lang, &mine.row.half), mine.group.label(lang)),
        view! { {body}{paper} },
    )
}

fn tickets(boot: &Boot, mine: &Mine) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = mine.tickets.iter().map(|(number, heading)| view! { <li><a href=boot.at(&format!("/t/{number}"))>{number.clone()}" "{heading.clone()}</a></li> }).collect_view();
    (!mine.tickets.is_empty()).then(
        || view! { <details class="card more"><summary>{tr!(lang, "这半年您报过的事", "What you reported in this half-year")}</summary><ul class="plain">{rows}</ul></details> },
    )
}

/// It says its kind itself, so that it waits in the outbox where there is no network.
fn form(boot: &Boot, mine: &Mine) -> impl IntoView + use<> {
    let lang = boot.lang;
    let mut n = 0;
    let mut sections = Vec::new();
    for section in &mine.template.sections {
        let mut items = Vec::new();
        for item in section.items.iter().filter(|i| mine.template.rated(mine.high_rise).any(|r| r.code == i.code)) {
            items.push(field(boot, mine, item, n));
            n += 1;
        }
        if !items.is_empty() {
            sections.push(view! { <section class="card stack"><h2>{section.code.clone()}" "{section.name.clone()}</h2>{items}</section> });
        }
    }
    let wrong = echo().error("marks", lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    view! {
        <form method="post" action="/forms/scoring-sheet" class="stack" data-kind="scoring.sheet.v1" data-key=mine.row.id.to_string() data-thanks="saved">
            <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value=format!("/scoring/{}", mine.row.id)/>
            <input type="hidden" name="round" value=mine.row.id.to_string() data-as=""/>
            {sections}
            {wrong}
            <button class="btn" type="submit">{tr!(lang, "交表", "Hand in")}</button>
            <p class="hint">{tr!(lang, "截止前可以再交，以最后一次为准。", "You can hand in again until the end: the last one counts.")}</p>
        </form>
    }
}

fn field(boot: &Boot, mine: &Mine, item: &Item, n: usize) -> impl IntoView + use<> {
    let lang = boot.lang;
    let before = mine.marks.iter().find(|m| m.item == item.code);
    let typed = echo().value(&format!("marks.{n}.halves"));
    let chosen = if typed.is_empty() { before.and_then(|m| m.halves).map(|h| h.to_string()).unwrap_or_default() } else { typed };
    let (code, full) = (item.code.clone(), item.full);
    let choices = (0..=full)
        .rev()
        .map(|halves| {
            let id = format!("{code}-{halves}");
            view! { <label class="half" for=id.clone()><input type="radio" id=id.clone() name=format!("marks.{n}.halves") value=halves.to_string() data-as="int" required checked={chosen == halves.to_string()}/><span>{spoken_halves(halves)}</span></label> }
        })
        .collect_view();
    let unknown = UNKNOWN.to_string();
    let remark = {
        let typed = echo().value(&format!("marks.{n}.remark"));
        if typed.is_empty() { before.map(|m| m.remark.clone()).unwrap_or_default() } else { typed }
    };
    let wrong = echo().error(&item.code, lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    let worth = spoken_halves(full);
    view! {
        <fieldset class="mark" id=code.clone()>
            <legend><b>{code.clone()}" "{item.name.clone()}</b>" "<span class="muted">{trf!(lang, "满分 {worth}", "of {worth}")}</span></legend>
            <p class="hint">{item.test.clone()}</p>
            <input type="hidden" name=format!("marks.{n}.item") value=code.clone() data-as=""/>
            <div class="halves">{choices}
                <label class="half wide" for=format!("{code}-u")><input type="radio" id=format!("{code}-u") name=format!("marks.{n}.halves") value=unknown.clone() data-as="int" checked={chosen == unknown}/><span>{tr!(lang, "不了解", "Don't know")}</span></label>
            </div>
            <div class="field"><label for=format!("{code}-r")>{tr!(lang, "说明（打得低请写一句）", "Remark (needed for a low mark)")}</label><input id=format!("{code}-r") type="text" name=format!("marks.{n}.remark") maxlength="200" data-as="" value=remark/></div>
            {wrong}
        </fieldset>
    }
}

fn conflict(boot: &Boot, mine: &Mine) -> impl IntoView + use<> {
    let lang = boot.lang;
    let wrong = echo().error("reason", lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    view! {
        <details class="card more"><summary>{tr!(lang, "我或家人在物业工作", "I or my family work for the company")}</summary>
            <form method="post" action="/forms/scoring-conflict" class="stack">
                <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value=format!("/scoring/{}", mine.row.id)/><input type="hidden" name="round" value=mine.row.id.to_string()/>
                <p class="hint">{tr!(lang, "申报后这一轮不打分，已交的表也不算。只有居委会看得到是谁。", "You then do not score this time, and a sheet handed in does not count. Only the residents' committee sees who it was.")}</p>
                <div class="field"><label for="reason">{tr!(lang, "什么关系", "What ties you")}</label><input id="reason" type="text" name="reason" maxlength="200" required value=echo().value("reason")/>{wrong}</div>
                <button class="btn sec" type="submit">{tr!(lang, "申报", "Declare")}</button>
            </form>
        </details>
    }
}
