//! The scorer's page on the phone: everything on one page, big choices, works without a network.

use super::model::{Mark, RoundRow, UNKNOWN};
use super::papers::anchors;
use super::scorers::Mine;
use super::template::{Item, Template, spoken_halves};
use crate::i18n::{Lang, spoken_time};
use crate::ids::MutationId;
use crate::measure::Time;
use crate::rooms::fund::pages::spoken_half;
use crate::rooms::photos::model::Size;
use crate::rooms::tickets::model::Card;
use crate::rooms::tickets::store::Topic;
use crate::ui::boot::{Boot, echo};
use crate::ui::cards::state_tag;
use crate::ui::forms::{error, hidden, kept_photos};
use crate::ui::frame::Page;
use crate::ui::{empty, frame, icon, photo};
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

/// What the scorer reported in the half-year, whatever it was about.
fn tickets(boot: &Boot, mine: &Mine) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = mine.tickets.iter().map(|card| reported(boot, card)).collect_view();
    (!mine.tickets.is_empty()).then(
        || view! { <details class="card more"><summary>{tr!(lang, "这半年您报过的事", "What you reported in this half-year")}</summary><ul class="plain">{rows}</ul></details> },
    )
}

fn reported(boot: &Boot, card: &Card) -> impl IntoView + use<> {
    let pictures = [card.photo, card.after].into_iter().flatten().map(|id| photo(id, Size::Small, tr!(boot.lang, "报修照片", "Photo of the report").into())).collect_view();
    view! { <li><a href=boot.at(&format!("/t/{}", card.number))>{card.number.clone()}" "{card.heading(boot.lang)}</a>" "{state_tag(boot, card)}<div class="papers">{pictures}</div></li> }
}

/// Beside an item: the scorer's own reports about it, and what the whole estate reported.
fn evidence(boot: &Boot, mine: &Mine, item: &Item) -> Option<AnyView> {
    let lang = boot.lang;
    let own: Vec<&Card> = mine.tickets.iter().filter(|card| item.topics.contains(&card.category)).take(5).collect();
    let all = item.topics.iter().filter_map(|t| mine.topics.get(t)).fold(Topic::default(), |a, b| Topic {
        received: a.received + b.received,
        finished: a.finished + b.finished,
        on_time: a.on_time + b.on_time,
    });
    if all.received == 0 && own.is_empty() {
        return None;
    }
    let kinds = item.topics.iter().map(|t| t.label(lang)).collect::<Vec<_>>().join("、");
    let (received, finished, on_time, mine) = (all.received, all.finished, all.on_time, own.len());
    let rows = own.into_iter().map(|card| reported(boot, card)).collect_view();
    Some(
        view! {
            <details class="more"><summary>{trf!(lang, "这半年的报修：全小区 {received} 件，您报的 {mine} 件", "Reports in this half-year: {received} in the estate, {mine} of yours")}</summary>
                <p class="hint">{trf!(lang, "{kinds}：{received} 件，修好 {finished} 件，其中按时 {on_time} 件", "{kinds}: {received} reported, {finished} repaired, {on_time} of them in time")}</p><ul class="plain">{rows}</ul></details>
        }
        .into_any(),
    )
}

/// Whose sheet is filled in, and what of it is there already.
pub(super) struct Filling<'a> {
    pub(super) template: &'a Template,
    pub(super) high_rise: bool,
    pub(super) marks: &'a [Mark],
}

/// The sections of a sheet; `beside` is what stands beside an item, by its place in the list.
pub(super) fn sections(lang: Lang, filling: &Filling<'_>, beside: impl Fn(&Item, usize) -> AnyView) -> AnyView {
    let items: Vec<&Item> = filling.template.rated(filling.high_rise).collect();
    let mut n = 0;
    let mut all = Vec::new();
    for section in &filling.template.sections {
        let mut rows = Vec::new();
        for item in section.items.iter().filter(|i| items.iter().any(|r| r.code == i.code)) {
            let next = items.get(n + 1).map(|i| i.code.clone());
            rows.push(field(lang, filling, item, n, next, beside(item, n)));
            n += 1;
        }
        if !rows.is_empty() {
            all.push(view! { <section class="card stack"><h2>{section.code.clone()}" "{section.name.clone()}</h2>{rows}</section> });
        }
    }
    let wrong = error("marks", lang);
    view! {
        <label class="check"><input type="checkbox" class="one-each"/><span>{tr!(lang, "一屏一项", "One item a screen")}</span></label>
        {all}
        {wrong}
        <p class="sofar" role="status">{trf!(lang, " / {n} 项已打", " of {n} marked")}</p>
    }
    .into_any()
}

/// It says its kind itself, so that it waits in the outbox where there is no network.
fn form(boot: &Boot, mine: &Mine) -> impl IntoView + use<> {
    let lang = boot.lang;
    let filling = Filling { template: &mine.template, high_rise: mine.high_rise, marks: &mine.marks };
    let beside = |item: &Item, n: usize| {
        let kept = mine.photos.iter().filter(|p| p.1 == item.code).map(|p| {
            let ticked = echo().all("without").contains(&p.0.to_string());
            view! { <div>{photo(p.0, Size::Small, tr!(lang, "您拍的照片", "Your photo").into())}<label class="check"><input type="checkbox" name="without" value=p.0.to_string() checked=ticked data-as="each"/>{tr!(lang, "不要这张", "Take it away")}</label></div> }
        }).collect_view();
        let name = format!("before-{n}");
        let again = kept_photos(lang, &format!("kept-{name}"));
        view! {
            {evidence(boot, mine, item)}
            <div class="papers">{kept}</div>{again}
            <div class="shots" data-for=name.clone()><label class="add"><input type="file" name=name.clone() accept="image/*" data-photos="camera"/>{icon("camera")}<span>{tr!(lang, "拍照", "Photo")}</span></label></div>
        }
        .into_any()
    };
    let sections = sections(lang, &filling, beside);
    view! {
        <form method="post" action="/forms/scoring-sheet" enctype="multipart/form-data" class="stack sheet" data-kind="scoring.sheet.v1" data-key=mine.row.id.to_string() data-thanks="saved" data-photos="spots">
            {hidden(&format!("/scoring/{}", mine.row.id))}
            <input type="hidden" name="round" value=mine.row.id.to_string() data-as=""/>
            {sections}
            {error("photos", lang)}
            <button class="btn" type="submit">{tr!(lang, "交表", "Hand in")}</button>
            <p class="hint">{tr!(lang, "截止前可以再交，以最后一次为准。照片只有您和居委会看得到。", "You can hand in again until the end: the last one counts. Only you and the residents' committee see photos.")}</p>
        </form>
    }
}

fn field(lang: Lang, filling: &Filling<'_>, item: &Item, n: usize, next: Option<String>, beside: AnyView) -> impl IntoView + use<> {
    let before = filling.marks.iter().find(|m| m.item == item.code);
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
    let worth = spoken_halves(full);
    let on = next.map(|next| view! { <a class="chip next" href=format!("#{next}")>{tr!(lang, "下一项", "Next item")}</a> });
    view! {
        <fieldset class="mark" id=code.clone()>
            <legend><b>{code.clone()}" "{item.name.clone()}</b>" "<span class="muted">{trf!(lang, "满分 {worth}", "of {worth}")}</span></legend>
            <p class="hint">{item.test.clone()}</p>
            <input type="hidden" name=format!("marks.{n}.item") value=code.clone() data-as=""/>
            <div class="halves">{choices}
                <label class="half wide" for=format!("{code}-u")><input type="radio" id=format!("{code}-u") name=format!("marks.{n}.halves") value=unknown.clone() data-as="int" checked={chosen == unknown}/><span>{tr!(lang, "不了解", "Don't know")}</span></label>
            </div>
            <div class="field"><label for=format!("{code}-r")>{tr!(lang, "说明（打得低请写一句）", "Remark (needed for a low mark)")}</label><input id=format!("{code}-r") type="text" name=format!("marks.{n}.remark") maxlength="200" data-as="" value=remark/></div>
            {beside}
            {error(&code, lang)}
            {on}
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
