//! Garages, sockets, e-bikes and notices on the desk.

use super::model::{Bike, Garage, Notice, SocketState, Stage};
use super::pages::{claim_form, garage_options, notice_card, socket_mark};
use crate::i18n::{Lang, spoken_date};
use crate::ids::{PlaceId, UnitId};
use crate::measure::Time;
use crate::rooms::people::rules::{Permission, may};
use crate::rooms::photos::picker::picker;
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::{error, hidden};
use crate::ui::frame;
use crate::ui::frame::Page;
use crate::{tr, trf};
use leptos::prelude::*;
use std::collections::HashMap;

/// What the desk sees.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// The garages.
    pub garages: Vec<Garage>,
    /// The e-bikes.
    pub bikes: Vec<Bike>,
    /// Whose they are.
    pub units: HashMap<UnitId, String>,
    /// The notices.
    pub notices: Vec<Notice>,
    /// Places that could be a garage.
    pub places: Vec<(PlaceId, String)>,
}

/// A field of a form; `here`: it is the one that was refused, so that it keeps what was typed and says what is wrong.
fn field(lang: Lang, here: bool, name: &'static str, label: &'static str) -> impl IntoView {
    let (typed, wrong) = if here { (echo().value(name), error(name, lang)) } else { (String::new(), None) };
    view! { <div class="field"><label for=name>{label}</label><input id=name type="text" name=name maxlength="300" value=typed/>{wrong}</div> }
}

/// The page.
pub fn page(boot: &Boot, desk: &Desk, now: Time) -> AnyView {
    let lang = boot.lang;
    let role = boot.role();
    let keeps = role.is_some_and(|r| may(r, Permission::Bays));
    let plugs = role.is_some_and(|r| may(r, Permission::Gate));
    let cards = desk.notices.iter().map(|n| notice_card(boot, n, &desk.garages, now, keeps.then(|| notice_forms(boot, n, now)).flatten())).collect_view();
    let n = desk.bikes.len();
    let body = view! {
        <nav class="filters" aria-label=tr!(lang, "非机动车", "Bikes")><a class="chip" href=boot.at("/bikes")>{tr!(lang, "公开页", "Public page")}</a><a class="chip" href="/print/bikes">{tr!(lang, "打印车贴", "Print stickers")}</a></nav>
        {garages(lang, &desk.garages)}
        {plugs.then(|| socket_form(lang, &desk.garages))}
        {keeps.then(|| garage_form(lang, desk))}
        <section class="card"><h2>{trf!(lang, "登记的电动自行车 {n} 辆", "{n} registered e-bikes")}</h2>{bikes(boot, desk, now)}</section>
        {keeps.then(|| register_form(lang, &desk.garages))}
        {keeps.then(|| post_form(boot, &desk.garages))}
        {cards}
    };
    frame(boot, Page::Desk, tr!(lang, "非机动车", "Bikes").into(), String::new(), body)
}

fn garages(lang: Lang, all: &[Garage]) -> impl IntoView + use<> {
    let line = |g: &Garage| {
        let counts = SocketState::ALL.map(|s| view! { <td class="n">{g.count(s)}</td> }).collect_view();
        view! { <tr><th scope="row">{g.name.clone()}</th><td class="n">{g.spaces}</td><td class="n">{g.bikes}</td>{counts}</tr> }
    };
    let head = SocketState::ALL.map(|s| view! { <th scope="col" class="n">{format!("{} {}", socket_mark(s), s.label(lang))}</th> }).collect_view();
    view! {
        <section class="card"><h2>{tr!(lang, "车库和充电", "Garages and charging")}</h2><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "车库", "Garages")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "车库", "Garage")}</th><th scope="col" class="n">{tr!(lang, "车位", "Places")}</th><th scope="col" class="n">{tr!(lang, "登记", "Registered")}</th>{head}</tr></thead>
            <tbody>{all.iter().map(line).collect_view()}</tbody>
        </table></div></section>
    }
}

/// One choice names the socket and the version of it that was read.
fn socket_form(lang: Lang, all: &[Garage]) -> impl IntoView + use<> {
    let chosen = echo().value("socket");
    let options = all
        .iter()
        .flat_map(|g| g.sockets.iter().map(move |s| (g, s)))
        .map(|(g, s)| {
            let value = format!("{}:{}", s.id, s.version);
            let on = chosen.split(':').next() == Some(s.id.to_string().as_str());
            view! { <option value=value selected=on>{format!("{} {} {} {}", g.name, s.n, socket_mark(s.state), s.state.label(lang))}</option> }
        })
        .collect_view();
    let states = SocketState::ALL.into_iter().map(|s| view! { <option value=s.code() selected={echo().value("state") == s.code()}>{s.label(lang)}</option> }).collect_view();
    view! {
        <form method="post" action="/forms/bike-socket" class="card stack">
            <h2>{tr!(lang, "一个插座怎么样", "How a socket is")}</h2>
            {hidden("/desk/bikes")}
            <div class="field-row"><div class="field"><label for="socket">{tr!(lang, "插座", "Socket")}</label><select id="socket" name="socket">{options}</select></div>
            <div class="field"><label for="sstate">{tr!(lang, "现在", "Now")}</label><select id="sstate" name="state">{states}</select></div></div>
            {field(lang, !chosen.is_empty(), "reason", tr!(lang, "原因（坏了、停用要写）", "Why (when broken or off)"))}
            <button class="btn sec" type="submit">{tr!(lang, "记下", "Record it")}</button>
        </form>
    }
}

fn garage_form(lang: Lang, desk: &Desk) -> impl IntoView + use<> {
    let version = |id: PlaceId| desk.garages.iter().find(|g| g.place == id).map_or(0, |g| g.version);
    let chosen = echo().value("garage_place");
    let here = !chosen.is_empty();
    // The version in the form that was refused may be an old one by now.
    let place_of = |value: &str| value.split(':').next().unwrap_or_default().to_owned();
    let options = desk
        .places
        .iter()
        .map(|(id, name)| {
            let value = format!("{id}:{}", version(*id));
            let on = place_of(&chosen) == id.to_string();
            view! { <option value=value selected=on>{name.clone()}</option> }
        })
        .collect_view();
    view! {
        <details class="card more" open=here><summary>{tr!(lang, "登记或更正一个车库", "Write down a garage, or mend it")}</summary>
        <form method="post" action="/forms/bike-garage" class="stack">
            {hidden("/desk/bikes")}
            <div class="field"><label for="garage_place">{tr!(lang, "地点", "Place")}</label><select id="garage_place" name="garage_place">{options}</select></div>
            <div class="field-row">{field(lang, here, "spaces", tr!(lang, "停车位", "Places"))}{field(lang, here, "sockets", tr!(lang, "充电插座（只加不减）", "Sockets (only more)"))}</div>
            {field(lang, here, "note", tr!(lang, "说明", "Note"))}
            <p class="hint">{tr!(lang, "更正时，留空的就不改。", "When you mend one, what is left empty stays as it is.")}</p>
            <button class="btn" type="submit">{tr!(lang, "保存", "Save")}</button>
        </form></details>
    }
}

fn bikes(boot: &Boot, desk: &Desk, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let line = |b: &Bike| {
        let garage = b.garage.and_then(|id| desk.garages.iter().find(|g| g.id == id)).map(|g| g.name.clone()).unwrap_or_default();
        view! { <tr><td><a href=format!("/b/{}", b.tag)>{b.tag.clone()}</a></td><td>{desk.units.get(&b.unit).cloned().unwrap_or_default()}</td><td>{b.words.clone()}</td><td>{garage}</td><td>{spoken_date(lang, b.at, now, boot.offset())}</td></tr> }
    };
    let lines = desk.bikes.iter().take(200).map(line).collect_view();
    view! { <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "电动自行车", "E-bikes")><table class="t"><thead><tr><th scope="col">{tr!(lang, "车贴", "Sticker")}</th><th scope="col">{tr!(lang, "户", "Unit")}</th><th scope="col">{tr!(lang, "样子", "Looks")}</th><th scope="col">{tr!(lang, "常停", "Mostly at")}</th><th scope="col">{tr!(lang, "登记", "Since")}</th></tr></thead><tbody>{lines}</tbody></table></div> }
}

/// Whether the form that was refused is the one that has this field: a page has several.
fn refused(field: &str) -> bool {
    !echo().all(field).is_empty()
}

fn register_form(lang: Lang, all: &[Garage]) -> impl IntoView + use<> {
    let here = refused("door");
    let chosen = if here { echo().value("garage") } else { String::new() };
    view! {
        <details class="card more" open=here><summary>{tr!(lang, "替住户登记一辆", "Register one for a household")}</summary>
        <form method="post" action="/forms/bike-register" class="stack">
            {hidden("/desk/bikes")}
            {field(lang, here, "door", tr!(lang, "房号（楼号-门号-室号）", "Unit (building-stair-room)"))}
            {here.then(|| error("unit", lang))}
            {field(lang, here, "words", tr!(lang, "品牌和颜色", "Make and colour"))}
            {field(lang, here, "plate", tr!(lang, "号牌（没有不填）", "Plate, if any"))}
            <div class="field"><label for="rgarage">{tr!(lang, "常停在", "Mostly at")}</label><select id="rgarage" name="garage"><option value="">{tr!(lang, "说不好", "Here and there")}</option>{garage_options(all, &chosen)}</select></div>
            <button class="btn" type="submit">{tr!(lang, "登记", "Register")}</button>
        </form></details>
    }
}

fn post_form(boot: &Boot, all: &[Garage]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let here = refused("tag");
    let kept = |name: &str| if here { echo().value(name) } else { String::new() };
    let wrong = |name: &str| here.then(|| error(name, lang));
    view! {
        <details class="card more" open=here><summary>{tr!(lang, "给疑似废弃的车贴公告", "Put a notice on a bike that seems left behind")}</summary>
        <form method="post" action="/forms/bike-notice" enctype="multipart/form-data" class="stack">
            {hidden("/desk/bikes")}
            <div class="field"><label for="ngarage">{tr!(lang, "在哪个车库", "In which garage")}</label><select id="ngarage" name="garage">{garage_options(all, &kept("garage"))}</select></div>
            <div class="field"><label for="nwords">{tr!(lang, "什么车、停在哪里（公开）", "What it is and where it stands (public)")}</label><input id="nwords" type="text" name="words" maxlength="200" value=kept("words")/>{wrong("words")}</div>
            <div class="field"><label for="ntag">{tr!(lang, "车贴编号（没有不填）", "Sticker's code, if any")}</label><input id="ntag" type="text" name="tag" maxlength="12" value=kept("tag")/>{wrong("tag")}</div>
            {picker(boot)}
            {wrong("photos")}
            <button class="btn" type="submit">{tr!(lang, "贴出公告", "Post it")}</button>
        </form></details>
    }
}

fn notice_forms(boot: &Boot, n: &Notice, now: Time) -> Option<AnyView> {
    let lang = boot.lang;
    if n.stage != Stage::Posted {
        return None;
    }
    let id = format!("disposal-{}", n.number);
    // A claim names no version.
    let here = echo().value("notice") == n.id.to_string() && refused("version");
    let typed = if here { echo().value("words") } else { String::new() };
    let wrong = |name: &str| here.then(|| error(name, lang));
    let dispose = (now >= n.until).then(|| {
        view! {
            <details class="more" open=here><summary>{tr!(lang, "公告期满，记下怎么处置的", "Its days are over: record what was done")}</summary>
                <form method="post" action="/forms/bike-dispose" enctype="multipart/form-data" class="stack">
                    {hidden("/desk/bikes")}
                    <input type="hidden" name="notice" value=n.id.to_string()/><input type="hidden" name="version" value=n.version.to_string()/>
                    <div class="field"><label for=id.clone()>{tr!(lang, "怎么处置的、谁办的、车在哪里（公开）", "What was done, by whom, where it is now (public)")}</label><input id=id type="text" name="words" maxlength="300" required value=typed/>{wrong("words")}</div>
                    {picker(boot)}
                    {wrong("photos")}
                    <button class="btn" type="submit">{tr!(lang, "记下处置", "Record it")}</button>
                </form>
            </details>
        }
    });
    Some(view! { {claim_form(lang, n, "/desk/bikes")}{dispose} }.into_any())
}
