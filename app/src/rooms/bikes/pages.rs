//! Bikes in the open, one's own, and the page of a sticker.

use super::model::{Bike, Garage, Notice, SocketState, Stage};
use crate::i18n::{Lang, spoken_date};
use crate::ids::PhotoId;
use crate::measure::Time;
use crate::rooms::photos::model::Size;
use crate::rooms::photos::picker::picker;
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::{error, hidden};
use crate::ui::frame::Page;
use crate::ui::{empty, frame, photo};
use crate::{tr, trf};
use leptos::prelude::*;

/// Where a socket's state is marked: a shape beside the word.
pub fn socket_mark(state: SocketState) -> &'static str {
    match state {
        SocketState::Free => "○",
        SocketState::InUse => "●",
        SocketState::Broken => "×",
        SocketState::Off => "—",
    }
}

fn garage_card(boot: &Boot, g: &Garage) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (spaces, bikes) = (g.spaces, g.bikes);
    let sockets = (!g.sockets.is_empty()).then(|| {
        let all = g.sockets.len();
        let counts = SocketState::ALL
            .into_iter()
            .filter(|s| g.count(*s) > 0)
            .map(|s| view! { <span class="tag">{format!("{} {} {}", socket_mark(s), s.label(lang), g.count(s))}</span>" " })
            .collect_view();
        view! { <p>{trf!(lang, "充电插座 {all} 个：", "{all} sockets: ")}{counts}</p> }
    });
    let note = (!g.note.is_empty()).then(|| view! { <p class="muted">{g.note.clone()}</p> });
    view! {
        <section class="card">
            <h2>{g.name.clone()}</h2>
            <p>{trf!(lang, "{spaces} 个停车位，登记停放的电动自行车 {bikes} 辆。", "{spaces} places; {bikes} registered e-bikes stand here.")}</p>
            {sockets}{note}
        </section>
    }
}

fn pictures(photos: &[PhotoId], lang: Lang) -> impl IntoView + use<> {
    let all = photos.iter().map(|p| photo(*p, Size::Small, tr!(lang, "车的照片", "Photo of the bike").into())).collect_view();
    (!photos.is_empty()).then(|| view! { <div class="papers">{all}</div> })
}

/// One notice; `more` is what can be done with it.
pub fn notice_card(boot: &Boot, n: &Notice, garages: &[Garage], now: Time, more: Option<AnyView>) -> impl IntoView + use<> {
    let lang = boot.lang;
    let day = |at: Time| spoken_date(lang, at, now, boot.offset());
    let garage = garages.iter().find(|g| g.id == n.garage).map(|g| g.name.clone()).unwrap_or_default();
    let class = match n.stage {
        Stage::Posted => "tag due",
        Stage::Claimed => "tag ok",
        Stage::Disposed => "tag off",
    };
    let (posted, last) = (day(n.at), day(n.until + -1));
    let until = (n.stage == Stage::Posted).then(
        || view! { <p>{trf!(lang, "{posted} 贴出，{last} 以前可以认领；过了没人认领就处置。", "Posted {posted}; it can be claimed until {last}, and is then disposed of.")}</p> },
    );
    let done = n.disposed.as_ref().map(|(at, words, photos)| view! { <p>{day(*at)}" · "{words.clone()}</p>{pictures(photos, lang)} });
    view! {
        <section class="card">
            <h2>{n.number.clone()}" "<span class=class>{n.stage.label(lang)}</span></h2>
            <p>{garage}" · "{n.words.clone()}</p>
            {pictures(&n.photos, lang)}
            {until}{done}{more}
        </section>
    }
}

/// The public page.
pub fn overview(boot: &Boot, garages: &[Garage], notices: &[Notice], registered: i64, now: Time) -> AnyView {
    let lang = boot.lang;
    let spaces: i64 = garages.iter().map(|g| g.spaces).sum();
    let list = if garages.is_empty() {
        empty("list", tr!(lang, "还没有登记非机动车库。", "No bike garages have been written down yet.").into(), None).into_any()
    } else {
        view! { <div class="kinds">{garages.iter().map(|g| garage_card(boot, g)).collect_view()}</div> }.into_any()
    };
    let cards = notices.iter().map(|n| notice_card(boot, n, garages, now, None)).collect_view();
    let body = view! {
        <nav class="filters" aria-label=tr!(lang, "非机动车", "Bikes")><a class="chip" href="/bikes">{tr!(lang, "我家的车、充电举报", "My household's, dangerous charging")}</a><a class="chip" href=boot.at("/bays")>{tr!(lang, "车位", "Car bays")}</a><a class="chip" href=boot.at("/plan")>{tr!(lang, "平面图", "Site plan")}</a></nav>
        <p class="note">{tr!(lang, "电动自行车不进楼、不进电梯、不飞线充电（上海市非机动车安全管理条例 29）。", "E-bikes do not come into stairs or lifts, and are not charged by a cable from a window (Shanghai rules 29).")}</p>
        {list}
        {(!notices.is_empty()).then(|| view! { <h2>{tr!(lang, "疑似废弃的车", "Bikes that seem left behind")}</h2> })}
        {cards}
    };
    frame(
        boot,
        Page::Board,
        tr!(lang, "非机动车", "Bikes").into(),
        trf!(lang, "{spaces} 个车位，登记电动自行车 {registered} 辆", "{spaces} places, {registered} e-bikes registered"),
        body,
    )
}

/// The garages as choices.
pub fn garage_options(garages: &[Garage], chosen: &str) -> impl IntoView + use<> {
    garages.iter().map(|g| view! { <option value=g.id.to_string() selected={chosen == g.id.to_string()}>{g.name.clone()}</option> }).collect_view()
}

/// A household's own page.
pub fn mine(boot: &Boot, bikes: &[Bike], garages: &[Garage], notices: &[Notice], now: Time) -> AnyView {
    let lang = boot.lang;
    let rows = bikes.iter().map(|b| my_bike(boot, b, garages, now)).collect_view();
    let claims = notices.iter().filter(|n| n.stage == Stage::Posted).map(|n| notice_card(boot, n, garages, now, Some(claim_form(lang, n, "/bikes")))).collect_view();
    let body = view! {
        {bikes.is_empty().then(|| view! { <p class="note">{tr!(lang, "您家还没有登记电动自行车。登记后到物业领车贴。", "Your household has no e-bike registered. Register it, then fetch its sticker at the property desk.")}</p> })}
        {rows}
        {register_form(lang, garages)}
        {danger_form(boot, garages)}
        {claims}
        <p><a class="chip" href=boot.at("/bikes")>{tr!(lang, "全部车库和公告", "All garages and notices")}</a></p>
    };
    frame(boot, Page::Me, tr!(lang, "我家的电动自行车", "My household's e-bikes").into(), String::new(), body)
}

fn my_bike(boot: &Boot, b: &Bike, garages: &[Garage], now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let garage = b.garage.and_then(|id| garages.iter().find(|g| g.id == id)).map(|g| g.name.clone()).unwrap_or_default();
    let since = spoken_date(lang, b.at, now, boot.offset());
    view! {
        <section class="card">
            <h2><a class="code" href=format!("/b/{}", b.tag)>{b.tag.clone()}</a></h2>
            <p>{b.words.clone()}" "{b.plate.clone()}" "{garage}</p>
            <p class="muted">{trf!(lang, "{since} 登记", "registered {since}")}</p>
            <form method="post" action="/forms/bike-end">{hidden("/bikes")}<input type="hidden" name="bike" value=b.id.to_string()/><button class="btn small sec" type="submit">{tr!(lang, "车不在了，注销", "It is gone: end it")}</button></form>
        </section>
    }
}

fn register_form(lang: Lang, garages: &[Garage]) -> impl IntoView + use<> {
    // The page has other forms with words.
    let here = !echo().all("plate").is_empty();
    let kept = |name: &str| if here { echo().value(name) } else { String::new() };
    let wrong = |name: &str| here.then(|| error(name, lang));
    view! {
        <form method="post" action="/forms/bike-register" class="card stack">
            <h2>{tr!(lang, "登记一辆", "Register one")}</h2>
            {hidden("/bikes")}
            <div class="field"><label for="words">{tr!(lang, "品牌和颜色", "Make and colour")}</label><input id="words" type="text" name="words" maxlength="60" required value=kept("words")/>{wrong("words")}</div>
            <div class="field"><label for="bike_plate">{tr!(lang, "号牌（没有不填）", "Plate, if any")}</label><input id="bike_plate" type="text" name="plate" maxlength="12" value=kept("plate")/>{wrong("plate")}</div>
            <div class="field"><label for="garage">{tr!(lang, "常停在", "Mostly stands in")}</label><select id="garage" name="garage"><option value="">{tr!(lang, "说不好", "Here and there")}</option>{garage_options(garages, &kept("garage"))}</select></div>
            <button class="btn" type="submit">{tr!(lang, "登记", "Register")}</button>
        </form>
    }
}

/// Dangerous charging is a report like any other, of the fire category: it waits in the outbox where there is no network.
fn danger_form(boot: &Boot, garages: &[Garage]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let community = boot.community.as_ref().map(|c| c.id.to_string()).unwrap_or_default();
    let chosen = echo().value("place");
    let places = garages.iter().map(|g| view! { <option value=g.place.to_string() selected={chosen == g.place.to_string()}>{g.name.clone()}</option> }).collect_view();
    (!garages.is_empty()).then(|| {
        view! {
            <form method="post" action="/forms/report" enctype="multipart/form-data" class="card stack">
                <h2>{tr!(lang, "看到危险充电", "Dangerous charging")}</h2>
                {hidden("/bikes")}
                <input type="hidden" name="tag" value=""/><input type="hidden" name="community" value=community/><input type="hidden" name="category" value="fire_system"/>
                <div class="field"><label for="place">{tr!(lang, "离哪个车库近", "Near which garage")}</label><select id="place" name="place">{places}</select></div>
                <div class="field"><label for="text">{tr!(lang, "在哪里、怎么了", "Where, and what")}</label><textarea id="text" name="text" rows="3" maxlength="500" required>{echo().value("text")}</textarea><p class="hint">{tr!(lang, "例如：12 号楼 3 门楼道里充电；三楼窗口拉线。冒烟起火请先打 119。", "E.g. charging in a stair; a cable from a window. Smoke or fire: call 119 first.")}</p>{error("text", lang)}</div>
                {picker(boot)}
                <button class="btn warn" type="submit">{tr!(lang, "上报", "Report it")}</button>
            </form>
        }
    })
}

/// The form that claims a bike.
pub fn claim_form(lang: Lang, n: &Notice, back: &str) -> AnyView {
    let (number, id) = (n.number.clone(), format!("claim-{}", n.number));
    // A disposal names a version, a claim does not.
    let here = echo().value("notice") == n.id.to_string() && echo().all("version").is_empty();
    let (typed, wrong) = if here { (echo().value("words"), error("words", lang)) } else { (String::new(), None) };
    view! {
        <details class="more" open=here><summary>{tr!(lang, "这是我的车", "It is mine")}</summary>
            <form method="post" action="/forms/bike-claim" class="stack">
                {hidden(back)}
                <input type="hidden" name="notice" value=n.id.to_string()/>
                <div class="field"><label for=id.clone()>{trf!(lang, "{number}：怎么认出是您的、什么时候来移", "{number}: how you know it, and when you move it")}</label><input id=id type="text" name="words" maxlength="200" required value=typed/>{wrong}</div>
                <button class="btn" type="submit">{tr!(lang, "认领，停止处置", "Claim it: the disposal stops")}</button>
            </form>
        </details>
    }
    .into_any()
}

/// The page of a sticker. `owner` is for the desk alone.
pub fn sticker(boot: &Boot, bike: &Bike, garage: Option<String>, owner: Option<String>) -> AnyView {
    let lang = boot.lang;
    let state = if bike.ended_at.is_some() {
        view! { <span class="tag off">{tr!(lang, "已经注销", "Registration ended")}</span> }.into_any()
    } else {
        view! { <span class="tag ok">{tr!(lang, "已登记", "Registered")}</span> }.into_any()
    };
    let name = boot.community.as_ref().map(|c| c.name.clone()).unwrap_or_default();
    let body = view! {
        <section class="card">
            <p>{state}" "{name}</p>
            <dl class="kv"><dt>{tr!(lang, "车", "Bike")}</dt><dd>{bike.words.clone()}</dd>{garage.map(|g| view! { <dt>{tr!(lang, "常停", "Mostly at")}</dt><dd>{g}</dd> })}{owner.map(|o| view! { <dt>{tr!(lang, "户", "Unit")}</dt><dd>{o}</dd> })}</dl>
            <p class="muted">{tr!(lang, "停错了、挡路了？请打物业电话，不要自己搬。", "In the way? Call the property desk, please; do not move it yourself.")}</p>
        </section>
    };
    frame(boot, Page::Other, bike.tag.clone(), tr!(lang, "电动自行车车贴", "E-bike sticker").into(), body)
}
