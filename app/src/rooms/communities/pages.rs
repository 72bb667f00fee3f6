//! Home: the one big thing to do, what waits for me, and how the community is doing.

use super::api::{HomeData, read_home};
use crate::rooms::tickets::pages::numbers::summary;
use crate::tr;
use crate::ui::boot::Boot;
use crate::ui::frame::{Page, desk_address, desk_links};
use crate::ui::{card_row, empty, frame, icon, load};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
pub fn home() -> impl IntoView {
    let params = use_params_map();
    let own = crate::ui::boot().slug;
    load::page(move || params.read().get("slug").unwrap_or_else(|| own.clone()), read_home, show)
}

fn show(boot: Boot, data: HomeData) -> impl IntoView {
    let lang = boot.lang;
    if data.month.is_none() {
        return choose(&boot, &data).into_any();
    }
    let name = boot.community.as_ref().map(|c| c.name.clone()).unwrap_or_default();
    let sub = match &boot.me {
        Some(me) => [me.hat.door.as_ref().map(|d| d.name(lang)), Some(format!("{} · {}", me.hat.role.label(lang), me.name))].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        None => tr!(lang, "大家的家，大家看得见", "Our home, in the open").into(),
    };
    let body = view! {
        {tiles(&boot)}
        {mine(&boot, &data)}
        {data.month.as_ref().map(|m| summary(&boot, m, true))}
        {repaired(&boot, &data)}
        {contact(&boot)}
    };
    frame(&boot, Page::Home, name, sub, body).into_any()
}

fn choose(boot: &Boot, data: &HomeData) -> impl IntoView + use<> {
    let lang = boot.lang;
    let links =
        data.choose.iter().map(|(slug, name)| view! { <a class="row" href=format!("/c/{slug}") rel="external"><span class="t"><b>{name.clone()}</b></span></a> }).collect_view();
    let body = view! { <section class="card rows">{links}</section> };
    frame(boot, Page::Home, tr!(lang, "选择小区", "Choose your community").into(), String::new(), body)
}

fn tiles(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    let tile = |href: String, name: &'static str, title: &'static str, text: &'static str| {
        let rel = (href.starts_with("/desk") || href.ends_with("/open") || href.ends_with("/parking")).then_some("external");
        view! { <a href=href rel=rel><span class="ico">{icon(name)}</span><span><b>{title}</b><span>{text}</span></span></a> }
    };
    let second = match &boot.me {
        Some(me) if me.hat.role.has_desk() => tile(desk_address(boot).into(), "desk", tr!(lang, "工作台", "Desk"), tr!(lang, "等您处理的", "What waits for you")),
        Some(_) => tile("/mine".into(), "list", tr!(lang, "我报的", "My reports"), tr!(lang, "看看到哪一步了", "See how far they are")),
        None => tile("/sign-in".into(), "me", tr!(lang, "住户登录", "Sign in"), tr!(lang, "手机号加密码", "Phone and PIN")),
    };
    let parking = if boot.role().is_some_and(|r| r.is_resident()) { "/parking".into() } else { boot.at("/parking") };
    view! {
        <div class="big">
            <a class="hero" href=boot.at("/report")><span class="ico">{icon("camera")}</span><span><b>{tr!(lang, "随手报", "Report")}</b><span>{tr!(lang, "拍一张照，三步就好", "One photo, three taps")}</span></span></a>
            {second}
            {tile(boot.at("/board"), "list", tr!(lang, "公示", "Board"), tr!(lang, "每件报修都看得见", "Every repair in the open"))}
            {tile(parking, "car", tr!(lang, "停车", "Parking"), tr!(lang, "车位、申请、抽签", "Bays, applications, draws"))}
            {tile(boot.at("/open"), "yuan", tr!(lang, "账目公开", "Open books"), tr!(lang, "维修资金、公共收益", "Fund and common income"))}
        </div>
        {(!desk_links(boot).is_empty()).then(|| view! { <nav class="filters desk-links" aria-label=tr!(lang, "工作台", "Desk")>{desk_links(boot).into_iter().map(|(_, label, href)| view! { <a class="chip" href=href rel="external">{label}</a> }).collect_view()}</nav> })}
    }
}

fn mine(boot: &Boot, data: &HomeData) -> impl IntoView + use<> {
    let lang = boot.lang;
    let resident = boot.role().is_some_and(|r| r.is_resident());
    if data.mine.is_empty() && !resident {
        return None;
    }
    let list = if data.mine.is_empty() {
        empty("camera", tr!(lang, "您还没有上报过。看到坏的，扫旁边的码拍张照。", "Nothing reported yet. Scan the code beside what is broken.").into(), None).into_any()
    } else {
        data.mine.iter().map(|card| card_row(boot, card, data.now)).collect_view().into_any()
    };
    Some(view! { <section class="card rows"><h2>{tr!(lang, "我报的", "My reports")}<a href="/mine">{tr!(lang, "全部", "All")}</a></h2>{list}</section> })
}

fn repaired(boot: &Boot, data: &HomeData) -> impl IntoView + use<> {
    let lang = boot.lang;
    (!data.repaired.is_empty()).then(|| {
        let rows = data.repaired.iter().map(|card| card_row(boot, card, data.now)).collect_view();
        view! { <section class="card rows"><h2>{tr!(lang, "最近修好的", "Lately repaired")}<a href=format!("{}?state=finished", boot.at("/board"))>{tr!(lang, "更多", "More")}</a></h2>{rows}</section> }
    })
}

fn contact(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    let phone = boot.phone().to_owned();
    view! {
        <p class="note">
            {tr!(lang, "急事请打物业电话 ", "In an emergency call the property desk: ")}<a href=format!("tel:{}", phone.replace(' ', ""))>{phone.clone()}</a>
            {tr!(lang, "；不用手机也行，到物业前台写纸质报修单。", ". No phone needed: there is a paper form at the desk.")}
        </p>
        <form method="post" action="/forms/prefs" class="cluster note">
            <input type="hidden" name="back" value=boot.path.clone()/>
            <button class="pill" type="submit" name="lang" value=tr!(lang, "en", "zh-CN")>{tr!(lang, "English", "中文")}</button>
            <button class="pill" type="submit" name="theme" value=if boot.theme == "dark" { "light" } else { "dark" }>{if boot.theme == "dark" { tr!(lang, "浅色", "Light") } else { tr!(lang, "深色", "Dark") }}</button>
        </form>
    }
}
