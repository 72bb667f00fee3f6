//! The frame: header, tabs on a phone, side list on a desk.

use super::boot::{Boot, echo};
use super::icons::icon;
use crate::tr;
use leptos::prelude::*;

/// The tab that a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// 首页.
    Home,
    /// 随手报.
    Report,
    /// 工作台.
    Desk,
    /// 公示.
    Board,
    /// 我的.
    Me,
    /// None of them.
    Other,
}

/// A page in its frame.
pub fn frame(boot: &Boot, page: Page, title: String, sub: String, body: impl IntoView + 'static) -> AnyView {
    let lang = boot.lang;
    #[cfg(feature = "hydrate")]
    super::boot::set_title(&boot.window_title(&title));
    let wide = if page == Page::Desk { "page wide" } else { "page" };
    view! {
        <a class="skip" href="#main">{tr!(lang, "跳到内容", "Skip to content")}</a>
        <div class="frame">
            {side(boot, page)}
            <div class=wide>
                <header class="top">
                    <h1>{title}<small>{sub}</small></h1>
                    <div class="top-actions">{mode_switch(boot)}</div>
                </header>
                <main id="main">
                    {offer_care(boot)}
                    {flash(boot)}
                    {body.into_any()}
                </main>
            </div>
        </div>
        {tabs(boot, page)}
    }
    .into_any()
}

/// The switch between normal and care mode, one tap from every page.
fn mode_switch(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    view! {
        <form method="post" action="/forms/prefs" class="inline">
            <input type="hidden" name="back" value=boot.path.clone()/>
            <input type="hidden" name="care" value=if boot.care { "0" } else { "1" }/>
            <button class="pill" type="submit">{if boot.care { tr!(lang, "普通版", "Normal") } else { tr!(lang, "关怀版", "Large") }}</button>
        </form>
    }
}

/// Care mode is offered once, on the first visit.
fn offer_care(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    (!boot.mode_chosen && boot.me.is_none()).then(|| {
        view! {
            <form method="post" action="/forms/prefs" class="offer">
                <input type="hidden" name="back" value=boot.path.clone()/>
                <span>{tr!(lang, "字太小？试试关怀版，字大按钮大。", "Small print? Try the large version.")}</span>
                <span class="cluster">
                    <button class="btn small" type="submit" name="care" value="1">{tr!(lang, "用关怀版", "Use large")}</button>
                    <button class="btn small sec" type="submit" name="care" value="0">{tr!(lang, "不用", "No, thanks")}</button>
                </span>
            </form>
        }
    })
}

/// What was just done, or what was refused.
fn flash(boot: &Boot) -> impl IntoView + use<> {
    let refused = echo().sentence.map(|sentence| notice("err", sentence).into_any());
    let done = boot.ok.as_deref().and_then(|ok| ok_sentence(boot, ok)).map(|sentence| notice("ok", sentence.to_owned()).into_any());
    (refused, done)
}

fn ok_sentence(boot: &Boot, ok: &str) -> Option<&'static str> {
    let lang = boot.lang;
    Some(match ok {
        "reported" => tr!(lang, "收到了，谢谢您。下面能看到谁在处理、什么时候到。", "Received, thank you. Below you see who has it and when they will come."),
        "waiting" => tr!(lang, "收到了，谢谢您。工作人员看过以后就会公示。", "Received, thank you. It will be public once it has been read."),
        "me_too" => tr!(lang, "记下了，您家也算一户。", "Noted: your household counts too."),
        "moved" => tr!(lang, "好了，已经记下。", "Done and recorded."),
        "commented" => tr!(lang, "您的话已经写上。", "Your words are there now."),
        "signed_in" => tr!(lang, "登录好了。", "You are signed in."),
        "signed_out" => tr!(lang, "已经退出。", "You are signed out."),
        "sessions_ended" => tr!(lang, "别处的登录都已退出。", "Signed out everywhere else."),
        "saved" => tr!(lang, "保存好了。", "Saved."),
        "invited" => tr!(lang, "邀请做好了，请把下面的编号告诉家人或租客。", "The invitation is ready: pass the code below on."),
        "imported" => tr!(lang, "名册已经写入。", "The roster was written."),
        _ => return None,
    })
}

/// A message in words and colour.
pub fn notice(kind: &'static str, text: String) -> impl IntoView {
    let class = if kind == "ok" { "notice ok" } else { "notice err" };
    let role = if kind == "ok" { "status" } else { "alert" };
    view! { <div class=class role=role>{icon(if kind == "ok" { "check" } else { "warn" })}<span>{text}</span></div> }
}

fn has_desk(boot: &Boot) -> bool {
    boot.role().is_some_and(|role| role.has_desk())
}

/// The address where somebody's work is: jobs for a worker, lists for the others.
pub fn desk_address(boot: &Boot) -> &'static str {
    use crate::rooms::people::model::Role;
    match boot.role() {
        Some(Role::Worker) => "/jobs",
        Some(Role::Administrator) => "/desk/members",
        Some(role) if role.is_committee() => "/desk/tickets/approvals",
        Some(Role::ResidentsCommittee) => "/desk/tickets/pending",
        _ => "/desk/tickets/inbox",
    }
}

type Tab = (Page, &'static str, &'static str, String);

fn tab_list(boot: &Boot) -> [Tab; 4] {
    let lang = boot.lang;
    let second = if has_desk(boot) {
        (Page::Desk, "desk", tr!(lang, "工作台", "Desk"), desk_address(boot).to_owned())
    } else {
        (Page::Report, "camera", tr!(lang, "随手报", "Report"), boot.at("/report"))
    };
    [
        (Page::Home, "home", tr!(lang, "首页", "Home"), boot.at("")),
        second,
        (Page::Board, "list", tr!(lang, "公示", "Board"), boot.at("/board")),
        (Page::Me, "me", tr!(lang, "我的", "Me"), "/me".to_owned()),
    ]
}

/// Desk and site pages are plain pages: the router of the hydrated ones must leave their links alone.
fn rel(href: &str) -> Option<&'static str> {
    (href.starts_with("/desk") || href.starts_with("/works") || href == "/notes").then_some("external")
}

fn tabs(boot: &Boot, page: Page) -> impl IntoView + use<> {
    let links = tab_list(boot)
        .into_iter()
        .map(|(tab, name, label, href)| {
            let rel = rel(&href);
            let news = (tab == Page::Me).then(|| news(boot)).flatten();
            view! { <a href=href rel=rel aria-current=(tab == page).then_some("page")>{icon(name)}{label}{news}</a> }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=tr!(boot.lang, "主菜单", "Main menu")>{links}</nav> }
}

/// How many notes wait, beside 我的.
pub fn news(boot: &Boot) -> Option<impl IntoView + use<>> {
    let n = boot.me.as_ref().map_or(0, |me| me.news);
    let spoken = tr!(boot.lang, "{n} 条新消息", "{n} new messages", n = n);
    (n > 0).then(|| view! { <b class="unread" aria-label=spoken>{n.min(99)}</b> })
}

fn side(boot: &Boot, page: Page) -> impl IntoView + use<> {
    let lang = boot.lang;
    let name = boot.community.as_ref().map_or_else(|| "祥和".to_owned(), |c| c.name.clone());
    let who = boot.me.as_ref().map(|me| format!("{} · {}", me.hat.role.label(lang), me.name)).unwrap_or_default();
    let more: Vec<_> = desk_links(boot).into_iter().map(|(name, label, href)| (boot.path.starts_with(href), name, label, href.to_owned())).collect();
    // One place is where one is: the desk's own page, where it is in the list, and not 工作台 as well.
    let listed = more.iter().any(|(on, ..)| *on);
    let main = tab_list(boot).into_iter().map(|(tab, name, label, href)| (tab == page && !(listed && tab == Page::Desk), name, label, href));
    let links = main
        .chain(more)
        .map(|(on, name, label, href)| {
            let rel = rel(&href);
            view! { <a href=href rel=rel aria-current=on.then_some("page")>{icon(name)}{label}</a> }
        })
        .collect_view();
    view! {
        <nav class="side" aria-label=tr!(lang, "侧边菜单", "Side menu")>
            <p class="side-name">{name}</p>
            <small>{who}</small>
            {links}
        </nav>
    }
}

/// The desk's pages that a role may open.
pub fn desk_links(boot: &Boot) -> Vec<(&'static str, &'static str, &'static str)> {
    use crate::rooms::people::rules::{Permission, may};
    let lang = boot.lang;
    let Some(role) = boot.role() else { return Vec::new() };
    let all = [
        (Permission::RunDesk, "clock", tr!(lang, "待受理", "Inbox"), "/desk/tickets/inbox"),
        (Permission::SeeDesk, "tool", tr!(lang, "全部工单", "All open"), "/desk/tickets/open"),
        (Permission::SeeDesk, "yuan", tr!(lang, "待审批", "Approvals"), "/desk/tickets/approvals"),
        (Permission::SeeDesk, "check", tr!(lang, "业委会决定", "Decisions"), "/desk/decisions"),
        (Permission::Release, "shield", tr!(lang, "访客上报", "Visitors"), "/desk/tickets/pending"),
        (Permission::Hide, "shield", tr!(lang, "已隐藏", "Hidden"), "/desk/tickets/hidden"),
        (Permission::SeeDesk, "tool", tr!(lang, "设备巡检", "Assets"), "/desk/assets"),
        (Permission::SeeDesk, "road", tr!(lang, "车位和平面图", "Bays, site plan"), "/desk/bays"),
        (Permission::SeeDesk, "plug", tr!(lang, "非机动车", "Bikes"), "/desk/bikes"),
        (Permission::Gate, "people", tr!(lang, "访客", "Visitors"), "/desk/visits"),
        (Permission::FundDesk, "yuan", tr!(lang, "维修资金", "Fund"), "/desk/fund"),
        (Permission::IncomeBooks, "yuan", tr!(lang, "公共收益", "Common income"), "/desk/income"),
        (Permission::ProjectDesk, "tool", tr!(lang, "专项工程", "Projects"), "/desk/projects"),
        (Permission::ProjectSite, "check", tr!(lang, "现场检查", "Site inspections"), "/works"),
        (Permission::ScoringDesk, "check", tr!(lang, "物业考核", "Scoring"), "/desk/scoring"),
        (Permission::ParkingDesk, "road", tr!(lang, "停车", "Parking"), "/desk/parking"),
        (Permission::Inbox, "clock", tr!(lang, "督办消息", "Overdue messages"), "/desk/messages"),
        (Permission::Plan, "list", tr!(lang, "计划与日历", "Plan, calendar"), "/desk/plan"),
        (Permission::Robots, "people", tr!(lang, "群机器人", "Group robots"), "/desk/robots"),
        (Permission::Letters, "letter", tr!(lang, "入住信", "Letters"), "/desk/letters"),
        (Permission::Tags, "tag", tr!(lang, "地点与贴纸", "Places, stickers"), "/desk/places"),
        (Permission::Roster, "sheet", tr!(lang, "名册导入", "Roster"), "/desk/roster"),
        (Permission::Roles, "people", tr!(lang, "人员与身份", "People, roles"), "/desk/members"),
        (Permission::Settings, "sheet", tr!(lang, "规则与数字", "Rule numbers"), "/desk/settings"),
    ];
    all.into_iter().filter(|(p, ..)| may(role, *p)).map(|(_, name, label, href)| (name, label, href)).collect()
}

/// The open books of a community, for everybody: name, what is there, path after the community's own address.
pub fn open_books(lang: crate::i18n::Lang) -> Vec<(&'static str, &'static str, &'static str)> {
    vec![
        (
            tr!(lang, "维修资金", "Maintenance fund"),
            tr!(lang, "每幢楼有多少、怎么用的、每户分摊多少", "What each building has, what it was used for, what each unit pays"),
            "/fund",
        ),
        (
            tr!(lang, "公共收益", "Common income"),
            tr!(lang, "停车、广告、场地的收入和去向，每季度公布", "Parking, advertising, venues: in and out, published every quarter"),
            "/income",
        ),
        (
            tr!(lang, "专项工程", "Projects"),
            tr!(lang, "做什么、谁在看着、检查结果、付了多少、验收没有", "What is built, who watches, what inspections found, what was paid, whether it is accepted"),
            "/projects",
        ),
        (
            tr!(lang, "设施设备", "Assets"),
            tr!(lang, "摄像头、喷淋、电梯：有多少、在线多少、巡检合格多少", "Cameras, sprinklers, lifts: how many, how many work, how many passed"),
            "/assets",
        ),
        (tr!(lang, "车位和平面图", "Car bays and site plan"), tr!(lang, "有多少、归谁、空几个，点开图看", "How many, whose, how many are free; on a plan"), "/bays"),
        (tr!(lang, "非机动车", "Bikes"), tr!(lang, "车库、充电、废弃车公告", "Garages, charging, bikes left behind"), "/bikes"),
        (tr!(lang, "调整用地", "Converting ground"), tr!(lang, "改前改后，绿化不减少", "Before and after; no green is lost"), "/conversions"),
        (tr!(lang, "业委会决定", "Committee decisions"), tr!(lang, "谁同意、谁不同意、谁回避、为什么", "Who agreed, declined or was excluded, and why"), "/decisions"),
        (
            tr!(lang, "物业考核", "Scoring of the property company"),
            tr!(lang, "半年一次，谁打分、怎么算、得几分", "Twice a year: who scores, how it is counted, what came of it"),
            "/scoring",
        ),
        (tr!(lang, "停车", "Parking"), tr!(lang, "车位怎么分、谁抽中、钱去哪里", "How bays are handed out, who drew one, where the money goes"), "/parking"),
        (tr!(lang, "报修数字", "Repairs in numbers"), tr!(lang, "多少件、多快、多少超时", "How many, how fast, how many late"), "/numbers"),
    ]
}
