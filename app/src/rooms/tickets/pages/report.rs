//! Three taps: scan, photo, send. The form works without a script and without an account.

use crate::i18n::spoken_span;
use crate::ids::MutationId;
use crate::rooms::photos::picker::picker;
use crate::rooms::places::model::ReportPageData;
use crate::rooms::tickets::api;
use crate::rooms::tickets::model::{Card, Category};
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{card_row, category_icon, frame, icon, load};
use crate::{tr, trf};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page behind a sticker.
pub fn by_tag() -> impl IntoView {
    let params = use_params_map();
    load::page(move || params.read().get("code"), |code| api::spot(code, None, None), show)
}

/// The page of a place that was chosen from the list.
pub fn by_place() -> impl IntoView {
    let params = use_params_map();
    load::page(move || (params.read().get("slug"), params.read().get("place")), |(slug, place)| api::spot(None, slug, place), show)
}

fn show(boot: Boot, data: ReportPageData) -> impl IntoView {
    let lang = boot.lang;
    let spot = &data.spot;
    let echo = echo();
    let code = spot.tag.clone();
    let sub = [Some(spot.community_name.clone()), spot.facility_name.as_ref().map(|_| spot.place_name.clone()), code.as_ref().map(|c| trf!(lang, "编号 {c}", "code {c}"))]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let chosen = Category::from_code(&echo.value("category")).or(spot.category);
    let error = |field: &str| echo.error(field, lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    let phone = spot.phone.clone();
    let (accept, arrive) = (spoken_span(lang, data.limits.urgent_accept), spoken_span(lang, data.limits.urgent_arrive));
    let urgent = trf!(lang, "；着火打 119。选下面一类，物业 {accept}内受理、{arrive}内到场。", "; fire: 119. Choose below: taken on within {accept}, on site within {arrive}.");
    let body = view! {
        {similar(&boot, &data)}
        <form method="post" action="/forms/report" enctype="multipart/form-data" id="report" class="stack">
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="tag" value=code.unwrap_or_default()/>
            <input type="hidden" name="place" value=spot.place.to_string()/>
            <input type="hidden" name="community" value=spot.community.to_string()/>
            <input type="hidden" name="as" value=boot.me.as_ref().map(|me| me.account.to_string()).unwrap_or_default()/>
            {what(&boot, chosen, call_first(&boot, &spot.phone, urgent).into_any())}
            {boot.me.is_none().then(|| visitor(&boot, &echo.value("contact"), error("contact").map(IntoAny::into_any)))}
            <button class="btn" type="submit">{tr!(lang, "上报", "Send")}</button>
            <p class="note">{tr!(lang, "也可以打电话：", "Or call: ")}<a href=format!("tel:{}", phone.replace(' ', ""))>{phone.clone()}</a>{tr!(lang, "，或到物业前台写纸质报修单。拍照请避开人脸和车牌。", ", or fill in the paper form at the property desk. Please keep faces and number plates out of the picture.")}</p>
        </form>
    };
    let title = spot.title().to_owned();
    frame(&boot, Page::Report, title, sub, body)
}

fn call_first(boot: &Boot, phone: &str, urgent: String) -> impl IntoView + use<> {
    let lang = boot.lang;
    view! { <span>{tr!(lang, "有人受困、漏电、着火，请先打电话：", "Somebody trapped, live wires, fire: call first: ")}<a href=format!("tel:{}", phone.replace(' ', ""))>{phone.to_owned()}</a>{urgent}</span> }
}

/// Photos, one sentence, and what kind of thing it is. `call_first` says whom to call when it is urgent.
fn what(boot: &Boot, chosen: Option<Category>, call_first: AnyView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let echo = echo();
    let error = |field: &str| echo.error(field, lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    view! {
        <section class="card">
            {picker(boot)}
            {error("photos")}
        </section>
        <section class="card field">
            <label for="text">{tr!(lang, "哪里坏了？拍了照可以不写", "What is broken? Optional with a photo")}</label>
            <textarea id="text" name="text" maxlength="500" rows="3" placeholder=tr!(lang, "例如：椅子螺丝露在外面", "e.g. a screw sticks out of the bench")>{echo.value("text")}</textarea>
            {error("text")}
        </section>
        <section class="card">
            <fieldset class="plain">
                <legend>{tr!(lang, "是哪一类？", "What kind?")}</legend>
                <div class="cats">{Category::GENERAL.into_iter().map(|c| category(boot, c, chosen)).collect_view()}</div>
                <details class="more urgent" open={chosen.is_some_and(Category::is_urgent)}>
                    <summary>{icon("warn")}{tr!(lang, "很急，有危险", "Urgent or dangerous")}</summary>
                    <p class="wait">{icon("phone")}{call_first}</p>
                    <div class="cats">{Category::URGENT.into_iter().map(|c| category(boot, c, chosen)).collect_view()}</div>
                </details>
            </fieldset>
        </section>
    }
}

/// A report whose spot is not known yet: a sticker that was scanned for the first time without a network.
pub fn unknown_spot(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    let call_first = view! { <span>{tr!(lang, "有人受困、漏电、着火：没有网，请直接打物业电话；着火打 119。", "Somebody trapped, live wires, fire: there is no network, so call the property desk; fire: 119.")}</span> };
    view! {
        <form method="post" action="/forms/report" enctype="multipart/form-data" id="report" class="stack">
            <input type="hidden" name="id" value=""/>
            <section class="card field">
                <label for="tag">{tr!(lang, "贴纸上的 5 位编号", "The 5-symbol code on the sticker")}</label>
                <input id="tag" type="text" name="tag" maxlength="14" autocomplete="off" autocapitalize="characters" class="code" required/>
            </section>
            {what(boot, None, call_first.into_any())}
            <button class="btn" type="submit">{tr!(lang, "上报", "Send")}</button>
        </form>
    }
}

fn category(boot: &Boot, category: Category, chosen: Option<Category>) -> impl IntoView + use<> {
    view! {
        <label>
            <input type="radio" name="category" value=category.code() checked={chosen == Some(category)}/>
            <span>{category_icon(category)}{category.label(boot.lang)}</span>
        </label>
    }
}

fn visitor(boot: &Boot, typed: &str, error: Option<AnyView>) -> impl IntoView + use<> {
    let lang = boot.lang;
    view! {
        <section class="card field">
            <label for="contact">{tr!(lang, "手机号（可不填，只给物业联系您）", "Mobile number (optional, only for the property desk)")}</label>
            <input id="contact" type="tel" name="contact" inputmode="tel" autocomplete="tel" maxlength="20" value=typed.to_owned()/>
            {error}
            <p class="hint">{tr!(lang, "您没有登录，工作人员看过后才会公示。", "You are not signed in: it becomes public once it has been read. ")}<a href=boot.sign_in() rel="external">{tr!(lang, "住户请登录", "Residents sign in")}</a></p>
        </section>
    }
}

fn similar(boot: &Boot, data: &ReportPageData) -> impl IntoView + use<> {
    let lang = boot.lang;
    if data.similar.is_empty() {
        return None;
    }
    let n = data.similar.len();
    let rows = data.similar.iter().map(|card| one_similar(boot, card, data)).collect_view();
    Some(view! {
        <section class="card warm">
            <h2>{trf!(lang, "这里已有 {n} 件在修，是同一件吗？", "{n} already open here: the same thing?")}</h2>
            <div class="rows">{rows}</div>
        </section>
    })
}

fn one_similar(boot: &Boot, card: &Card, data: &ReportPageData) -> impl IntoView + use<> {
    let resident = boot.me.as_ref().is_some_and(|me| crate::rooms::people::rules::may(me.hat.role, crate::rooms::people::rules::Permission::MeToo));
    view! {
        {card_row(boot, card, data.now)}
        {resident.then(|| super::ticket::me_too_form(boot, card.id, &boot.at(&format!("/t/{}", card.number))))}
    }
}
