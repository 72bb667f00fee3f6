//! The public board 公示: filters that work as a plain form, and pages by key.

use crate::rooms::tickets::api;
use crate::rooms::tickets::model::{BoardPage, BoardQuery, Category, State};
use crate::text::percent;
use crate::tr;
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
use crate::ui::{card_row, empty, frame, load};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The page.
pub fn page() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let key = move || {
        let get = |name: &str| query.read().get(name).filter(|v| !v.is_empty());
        let asked = BoardQuery { state: get("state"), category: get("category"), building: get("building"), text: get("text"), overdue: get("overdue"), after: get("after") };
        (params.read().get("slug").unwrap_or_default(), asked)
    };
    load::page(
        key,
        |(slug, query)| async move {
            let text = serde_json::to_string(&query).unwrap_or_default();
            api::board(slug, text).await.map(|board| (query, board))
        },
        show,
    )
}

fn show(boot: Boot, (query, board): (BoardQuery, BoardPage)) -> impl IntoView {
    let lang = boot.lang;
    let now = board.now;
    let list = if board.cards.is_empty() {
        let (label, href) = (tr!(lang, "看全部", "Show all").to_owned(), boot.at("/board"));
        empty("list", tr!(lang, "没有符合条件的报修。换个条件看看。", "Nothing matches. Try other filters.").into(), Some((label, href))).into_any()
    } else {
        view! { <div class="card rows">{board.cards.iter().map(|card| card_row(&boot, card, now)).collect_view()}</div> }.into_any()
    };
    let plan = view! { <p><a class="chip" rel="external" href=boot.at("/plan?show=tickets")>{tr!(lang, "在平面图上看", "See them on the site plan")}</a></p> };
    let next = board.next.clone().map(|key| view! { <a class="btn sec" href=address(&boot, &query, &key)>{tr!(lang, "看更早的", "Older")}</a> });
    let body = view! {
        {super::numbers::summary(&boot, &board.month, true)}
        {filters(&boot, &query, &board.buildings)}
        {plan}
        {list}
        <nav class="pager" aria-label=tr!(lang, "翻页", "Pages")>{next}</nav>
    };
    frame(&boot, Page::Board, tr!(lang, "公示", "Board").into(), tr!(lang, "每一件报修的进展，大家都能看", "Every repair, open to everybody").into(), body)
}

fn address(boot: &Boot, query: &BoardQuery, after: &str) -> String {
    let mut address = format!("{}?after={after}", boot.at("/board"));
    for (name, value) in [("state", &query.state), ("category", &query.category), ("building", &query.building), ("text", &query.text), ("overdue", &query.overdue)] {
        if let Some(value) = value {
            address.push_str(&format!("&{name}={}", percent(value)));
        }
    }
    address
}

fn filters(boot: &Boot, query: &BoardQuery, buildings: &[(String, String)]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let option = |value: &str, label: String, chosen: &Option<String>| {
        let selected = chosen.as_deref().unwrap_or("") == value;
        view! { <option value=value.to_owned() selected=selected>{label}</option> }
    };
    let states = [("", tr!(lang, "全部状态", "Any state")), ("open", tr!(lang, "处理中的", "Open")), ("finished", tr!(lang, "修好的", "Repaired"))]
        .into_iter()
        .chain(State::ALL.into_iter().map(|s| (s.code(), s.label(lang))))
        .map(|(code, label)| option(code, label.to_owned(), &query.state))
        .collect_view();
    let categories = [("", tr!(lang, "全部类别", "Any kind")), ("urgent", tr!(lang, "急修", "Urgent"))]
        .into_iter()
        .chain(Category::all().map(|c| (c.code(), c.label(lang))))
        .map(|(code, label)| option(code, label.to_owned(), &query.category))
        .collect_view();
    let all = (String::new(), tr!(lang, "全部楼栋", "Any building").to_owned());
    let homes = std::iter::once(&all).chain(buildings).map(|(code, name)| option(code, name.clone(), &query.building)).collect_view();
    view! {
        <form method="get" action=boot.at("/board") class="card filters" role="search">
            <label class="visually-hidden" for="f-text">{tr!(lang, "搜索", "Search")}</label>
            <input id="f-text" type="search" name="text" maxlength="40" placeholder=tr!(lang, "编号、地点或文字", "Number, place or words") value=query.text.clone().unwrap_or_default()/>
            <select name="state" aria-label=tr!(lang, "状态", "State")>{states}</select>
            <select name="category" aria-label=tr!(lang, "类别", "Kind")>{categories}</select>
            <select name="building" aria-label=tr!(lang, "楼栋", "Building")>{homes}</select>
            <label class="check"><input type="checkbox" name="overdue" value="1" checked=query.overdue.is_some()/>{tr!(lang, "只看超时", "Overdue only")}</label>
            <button class="btn small" type="submit">{tr!(lang, "查找", "Find")}</button>
        </form>
    }
}
