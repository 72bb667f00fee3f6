//! The desk of parking: rounds and their steps, applications, objections, the draw; cars, leases, payments, lists.

use super::imports::Ready;
use super::list::COLUMNS;
use super::lottery::issue_of;
use super::model::{ApplicationRow, Band, CarRow, CarState, LeaseRow, LeaseState, Outcome, PaymentRow, RoundRow, Stage};
use super::pages::{announced, became, lists, monthly, needs, parties, rules_facts, rules_table, stage_tag};
use super::rules::parties_complete;
use super::store::{PaperRow, View, owed};
use crate::i18n::{Lang, spoken_date, spoken_time};
use crate::measure::Time;
use crate::rooms::communities::store::BuildingRow;
use crate::rooms::documents::model::{Column, Table};
use crate::rooms::lists;
use crate::rooms::lists::pages::Preview;
use crate::rooms::people::rules::{Permission, may};
use crate::rooms::photos::model::Size;
use crate::rooms::scoring::pages::{list_of, table};
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::{error, error_about, hidden, refused, typed_about};
use crate::ui::frame::Page;
use crate::ui::{frame, photo};
use crate::{tr, trf};
use leptos::prelude::*;
use uuid::Uuid;

/// Rows of one table on a desk's page.
const SHOWN: usize = 400;

fn allowed(boot: &Boot, what: Permission) -> bool {
    boot.role().is_some_and(|r| may(r, what))
}

fn typed(name: &str, other: &str) -> String {
    let value = echo().value(name);
    if value.is_empty() { other.to_owned() } else { value }
}

fn field(lang: Lang, name: &'static str, label: &'static str, kind: &'static str, other: &str) -> impl IntoView + use<> {
    view! { <div class="field"><label for=name>{label}</label><input id=name type=kind name=name maxlength="200" value=typed(name, other)/>{error(name, lang)}</div> }
}

fn nav(lang: Lang, check: bool) -> impl IntoView {
    let cars = check.then(|| view! { <a class="chip" href="/desk/parking/cars">{tr!(lang, "车辆", "Cars")}</a> });
    view! { <nav class="filters" aria-label=tr!(lang, "停车", "Parking")><a class="chip" href="/desk/parking">{tr!(lang, "分配", "Rounds")}</a>{cars}<a class="chip" href="/desk/parking/leases">{tr!(lang, "合同和缴费", "Leases, payments")}</a></nav> }
}

/// All rounds, and the form that opens one. `codes` are the bays that could be in it.
pub fn list(boot: &Boot, rounds: &[RoundRow], codes: &[String], now: Time) -> AnyView {
    let lang = boot.lang;
    let rows = rounds
        .iter()
        .map(|r| view! { <li><a href=format!("/desk/parking/{}", r.id)><b>{r.title.clone()}</b></a>" "{stage_tag(lang, r.stage)}<br/><span class="muted">{r.number.clone()}" · "{spoken_date(lang, r.opened_at, now, boot.offset())}</span></li> })
        .collect_view();
    let form = allowed(boot, Permission::ParkingRun).then(|| open_form(lang, codes));
    let body = view! { {nav(lang, allowed(boot, Permission::ParkingCheck))}<section class="card"><ul class="plain">{rows}</ul></section>{form} };
    frame(boot, Page::Desk, tr!(lang, "停车", "Parking").into(), String::new(), body)
}

fn open_form(lang: Lang, codes: &[String]) -> impl IntoView + use<> {
    let bands = Band::ALL
        .iter()
        .map(|b| {
            let (months, fee) = (format!("months.{}", b.code()), format!("fee.{}", b.code()));
            let (term, price) = match b {
                Band::Owner | Band::Tenant => ("12", "300"),
                Band::Second => ("12", "450"),
                Band::Outside => ("1", ""),
            };
            view! {
                <div class="field-row"><div class="field"><label for=months.clone()>{b.code()}" "{b.label(lang)}{tr!(lang, "：租期（月）", ": term, months")}</label><input id=months.clone() type="number" name=months.clone() min="1" max="60" value=typed(&months, term)/></div>
                <div class="field"><label for=fee.clone()>{tr!(lang, "每月（元，不填就不接受这一类）", "Yuan a month (empty: not this band)")}</label><input id=fee.clone() type="text" inputmode="decimal" name=fee.clone() maxlength="12" value=typed(&fee, price)/></div></div>
            }
        })
        .collect_view();
    view! {
        <form method="post" action="/forms/parking/open" class="card stack">
            <h2>{tr!(lang, "开一轮分配", "Open a round")}</h2>{hidden("/desk/parking")}
            <p class="hint">{tr!(lang, "规则、租期、价格和车位从开出那一刻起公布，之后不能改。", "Rules, terms, prices and bays are public from that moment and never change.")}</p>
            {field(lang, "title", tr!(lang, "叫什么", "Its name"), "text", "")}
            {field(lang, "source", tr!(lang, "业主大会的哪一次决定", "Which decision of the owners"), "text", "")}
            <div class="field-row">{field(lang, "days", tr!(lang, "申请几天", "Days for applications"), "number", "14")}{field(lang, "quota", tr!(lang, "每户最多几个车位", "Most bays for a home"), "number", "2")}</div>
            {bands}{error("bands", lang)}
            <div class="field"><label for="bays">{tr!(lang, "车位编号（空格或逗号隔开）", "Codes of the bays (blanks or commas between)")}</label><textarea id="bays" name="bays" rows="4">{typed("bays", &codes.join(" "))}</textarea>{error("bays", lang)}</div>
            <div class="field-row">{field(lang, "public_name", tr!(lang, "公共随机数，例如 福彩双色球 2026012 期", "Public value, e.g. a stated draw of the lottery"), "text", "")}{field(lang, "public_at", tr!(lang, "什么时候产生", "When it comes to be"), "datetime-local", "")}</div>
            <button class="btn" type="submit">{tr!(lang, "开出并公布", "Open and publish")}</button>
        </form>
    }
}

/// What every form about a round carries.
fn about(round: Uuid, version: i64) -> impl IntoView {
    view! { {hidden(&format!("/desk/parking/{round}"))}<input type="hidden" name="round" value=round.to_string()/><input type="hidden" name="version" value=version.to_string()/> }
}

/// A round at its desk.
pub fn one(boot: &Boot, v: &View, papers: &[PaperRow], buildings: &[BuildingRow], now: Time) -> AnyView {
    let lang = boot.lang;
    let check = allowed(boot, Permission::ParkingCheck);
    let forms = view! { {steps(boot, v, now)}{(v.row.stage == Stage::Frozen).then(|| answers(boot, v))}{commits(boot, v, now)}{read_out(boot, v, now)} };
    let paper = (check && v.row.stage == Stage::Open).then(|| paper_form(boot, v, papers, buildings));
    let body = view! {
        {nav(lang, check)}
        <p>{stage_tag(lang, v.row.stage)}" "<a class="chip" href=boot.at(&format!("/parking/{}", v.row.number))>{tr!(lang, "看公示", "As it is public")}</a></p>
        {forms}{paper}{applications(boot, v, now)}
        {(v.row.stage != Stage::Open).then(|| lists(boot, v, now))}{parties(boot, v, now)}{announced(boot, v, now)}
        <details class="card more"><summary>{tr!(lang, "规则", "Rules")}</summary>{table(lang, &rules_table(lang, &v.row.rules))}{list_of(rules_facts(lang, &v.row))}</details>
    };
    frame(boot, Page::Desk, v.row.title.clone(), v.row.number.clone(), body)
}

fn step(v: &View, action: &'static str, words: &'static str, hint: String) -> impl IntoView + use<> {
    view! { <form method="post" action=format!("/forms/parking/{action}") class="card stack">{about(v.row.id, v.row.version)}<p>{hint}</p><button class="btn" type="submit">{words}</button></form> }
}

fn steps(boot: &Boot, v: &View, now: Time) -> AnyView {
    let lang = boot.lang;
    if !allowed(boot, Permission::ParkingRun) {
        return ().into_any();
    }
    let at = |t: Time| spoken_time(lang, t, now, boot.offset());
    let next = match v.row.stage {
        Stage::Open if now < v.row.apply_until => view! { <p class="note">{tr!(lang, "{} 截止申请，之后冻结名单。", "Applications until {}; then the list is frozen.", at(v.row.apply_until))}</p> }.into_any(),
        Stage::Open => step(v, "freeze", tr!(lang, "冻结名单并公示", "Freeze and show the list"), tr!(lang, "按规则判定每一份申请，名单和散列值公布，开始异议期。", "Every application is judged by the rules; the list is published with its hash.").into()).into_any(),
        Stage::Frozen => {
            let until = v.row.objections_until.map(at).unwrap_or_default();
            step(v, "settle", tr!(lang, "定稿，开始承诺", "Make it final"), trf!(lang, "异议期到 {until}。过了、都答复了，才能定稿。", "Objections until {until}. It is final when they are over and answered.")).into_any()
        }
        Stage::Final if now >= v.row.public_at && !parties_complete(&v.parties.iter().map(|p| p.party.clone()).collect::<Vec<_>>()) => {
            step(v, "close", tr!(lang, "结束这一轮", "Close the round"), tr!(lang, "三方没有都在公共随机数产生以前交承诺，不能抽签：请在下面改用以后的公共随机数，或者结束这一轮。", "Not all parties committed before the value came to be, so there is no draw: name a later value below, or close the round.").into()).into_any()
        }
        Stage::Final if now >= v.row.public_at => ().into_any(),
        Stage::Final => view! { <p class="note">{tr!(lang, "等 {}（{}）产生。之前各方要公开随机数，过时不算。", "Waits for {} ({}). Parties reveal before, or are left out.", v.row.public_name, at(v.row.public_at))}</p> }.into_any(),
        Stage::Drawn => step(v, "close", tr!(lang, "结束这一轮", "Close the round"), tr!(lang, "结束以后轮候名单作废，空车位进下一轮。", "The waiting list is then over, and free bays go into the next round.").into()).into_any(),
        Stage::Closed => ().into_any(),
    };
    let postpone = matches!(v.row.stage, Stage::Open | Stage::Frozen | Stage::Final).then(|| view! {
        <details class="card more"><summary>{tr!(lang, "改用以后的公共随机数", "Name a later public value")}</summary>
            <form method="post" action="/forms/parking/postpone" class="stack">{about(v.row.id, v.row.version)}
                {field(lang, "public_name", tr!(lang, "公共随机数，写明哪一期", "Public value, with its issue"), "text", "")}{field(lang, "public_at", tr!(lang, "什么时候产生", "When it comes to be"), "datetime-local", "")}{field(lang, "reason", tr!(lang, "为什么（公开）", "Why (public)"), "text", "")}
                <button class="btn sec" type="submit">{tr!(lang, "改", "Change")}</button></form></details>
    });
    view! { {next}{postpone} }.into_any()
}

/// The form for what a side read in the announcement.
fn read_out(boot: &Boot, v: &View, now: Time) -> AnyView {
    let lang = boot.lang;
    let complete = parties_complete(&v.parties.iter().map(|p| p.party.clone()).collect::<Vec<_>>());
    if v.row.stage != Stage::Final || now < v.row.public_at || !complete || !allowed(boot, Permission::ParkingCommit) {
        return ().into_any();
    }
    let issue = issue_of(&v.row.public_name).map(|issue| format!("{issue}:")).unwrap_or_default();
    view! {
        <form method="post" action="/forms/parking/draw" class="card stack">{about(v.row.id, v.row.version)}
            <h2>{tr!(lang, "抽签", "The draw")}</h2><p>{v.row.public_name.clone()}</p>
            {field(lang, "public", tr!(lang, "公告的公共随机数", "The value as it was announced"), "text", &issue)}
            <p class="hint">{tr!(lang, "请打开公告自己看，不要照别人填的抄。业委会、居委会、业主代表里有两方填得一样，就抽签。", "Read the announcement yourself. The draw follows once two of owners' committee, residents' committee and representatives have entered the same.")}</p>
            <button class="btn" type="submit">{tr!(lang, "填入", "Enter it")}</button></form>
    }
    .into_any()
}

fn answers(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let runs = allowed(boot, Permission::ParkingRun);
    let forms = v
        .objections
        .iter()
        .filter(|o| runs && o.answer.is_none())
        .map(|o| {
            let id = format!("words-{}", o.id);
            view! {
                <form method="post" action="/forms/parking/answer" class="card stack"><h2>{tr!(lang, "答复异议", "Answer an objection")}</h2>{hidden(&format!("/desk/parking/{}", v.row.id))}<input type="hidden" name="objection" value=o.id.to_string()/>
                    <p><b>{o.code.clone()}</b>" "{o.words.clone()}</p>
                    <div class="field"><label for=id.clone()>{tr!(lang, "答复（公开）", "The answer (public)")}</label><textarea id=id.clone() name="words" rows="2" maxlength="300">{typed_about("objection", o.id, "words")}</textarea>{error_about("objection", o.id, "words", lang)}</div>
                    <div class="acts"><button class="btn small" type="submit" name="upheld" value="1">{tr!(lang, "成立，改名单", "Uphold: the list changes")}</button><button class="btn sec small" type="submit" name="upheld" value="0">{tr!(lang, "不成立", "Not upheld")}</button></div></form>
            }
        })
        .collect_view();
    view! { {forms} }
}

fn commits(boot: &Boot, v: &View, now: Time) -> AnyView {
    let lang = boot.lang;
    if v.row.stage != Stage::Final || now >= v.row.public_at || !allowed(boot, Permission::ParkingCommit) {
        return ().into_any();
    }
    let others = v.parties.iter().filter(|p| p.party.starts_with("OWNER")).count();
    let party = boot.role().and_then(|r| super::rules::party_name(r, others)).unwrap_or_default();
    let tool = boot.at(&format!("/parking/verify?round={}&party={party}#commit", v.row.number));
    view! {
        <section class="card stack"><h2>{tr!(lang, "我方的承诺和随机数", "My party's commitment and number")}</h2>
            <p><a class="chip" href=tool>{tr!(lang, "打开工具，在手机里做随机数和承诺", "Open the tool that makes both on your device")}</a></p>
            <form method="post" action="/forms/parking/commit" class="stack">{about(v.row.id, v.row.version)}{field(lang, "commitment", tr!(lang, "承诺（64 位）", "Commitment (64 digits)"), "text", "")}<button class="btn sec" type="submit">{tr!(lang, "交承诺", "Post the commitment")}</button></form>
            <form method="post" action="/forms/parking/reveal" class="stack">{about(v.row.id, v.row.version)}{field(lang, "nonce", tr!(lang, "随机数（三方都交了承诺以后）", "The number (once all three have posted)"), "text", "")}<button class="btn sec" type="submit">{tr!(lang, "公开随机数", "Reveal it")}</button></form></section>
    }
    .into_any()
}

/// The fields that name a home.
fn home_fields(lang: Lang, buildings: &[BuildingRow]) -> impl IntoView + use<> {
    let chosen = echo().value("building");
    let options = buildings.iter().map(|b| view! { <option value=b.id.to_string() selected={chosen == b.id.to_string()}>{b.name.clone()}</option> }).collect_view();
    view! {
        <div class="field-row"><div class="field"><label for="building">{tr!(lang, "楼栋（小区外不选）", "Building (none for outside)")}</label><select id="building" name="building"><option value="">{tr!(lang, "小区外", "Outside")}</option>{options}</select></div>
        {field(lang, "stair", tr!(lang, "门号", "Stair"), "text", "")}{field(lang, "room", tr!(lang, "室号", "Room"), "text", "")}</div>
    }
}

fn paper_form(boot: &Boot, v: &View, papers: &[PaperRow], buildings: &[BuildingRow]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let waiting = papers
        .iter()
        .map(|p| {
            let words = match (p.typed, p.mine) {
                (1, true) => tr!(lang, "您录过，等另一个人录", "you typed it, waits for somebody else"),
                (1, false) => tr!(lang, "等您来录第二遍", "waits for you to type it again"),
                _ => tr!(lang, "两个人录的不一样，请对照纸质表", "what two people typed differs: look at the paper"),
            };
            view! { <li>{p.unit.clone()}" "{p.band.code()}" "<span class="tag warn">{words}</span></li> }
        })
        .collect_view();
    let marked = |name: &str| echo().value(name) == "1";
    let (tenant, second, card) = (marked("tenant"), marked("second"), marked("card"));
    view! {
        <details class="card more" open={!papers.is_empty() || !echo().value("plate").is_empty()}><summary>{tr!(lang, "录入纸质申请", "Type an application from paper")}</summary>
            <ul class="plain">{waiting}</ul>
            <form method="post" action="/forms/parking/paper" class="stack">{about(v.row.id, v.row.version)}
                {home_fields(lang, buildings)}{field(lang, "plate", tr!(lang, "车牌（要先登记）", "Plate (registered before)"), "text", "")}
                <label class="check"><input type="checkbox" name="tenant" value="1" checked=tenant/><span>{tr!(lang, "申请人是租户", "A tenant applies")}</span></label>
                <label class="check"><input type="checkbox" name="second" value="1" checked=second/><span>{tr!(lang, "第二辆车", "A second car")}</span></label>
                <label class="check"><input type="checkbox" name="card" value="1" checked=card/><span>{tr!(lang, "有残疾人证", "Has a disability card")}</span></label>
                <p class="hint">{tr!(lang, "两个人各录一遍，一样才算数。", "It counts when two people have typed the same.")}</p>
                <button class="btn sec" type="submit">{tr!(lang, "录入", "Enter")}</button></form></details>
    }
}

fn applications(boot: &Boot, v: &View, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let check = allowed(boot, Permission::ParkingCheck);
    let rows = v
        .applications
        .iter()
        .take(SHOWN)
        .map(|a| {
            let act = check.then(|| application_act(boot, v, a, now));
            view! { <tr><th scope="row">{a.code.clone()}</th><td>{a.unit.clone()}</td><td>{a.plate.clone()}</td><td>{a.band.code()}</td><td>{needs(lang, a.need)}</td><td>{a.verdict.label(lang)}</td><td class="num">{a.place.map(|p| p.to_string())}</td><td>{became(lang, a)}{act}</td></tr> }
        })
        .collect_view();
    let n = v.applications.len();
    view! {
        <details class="card more" open={v.row.stage == Stage::Open}><summary>{trf!(lang, "申请 {n} 份", "{n} applications")}</summary><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "申请", "Applications")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "编号", "Code")}</th><th scope="col">{tr!(lang, "户", "Home")}</th><th scope="col">{tr!(lang, "车牌", "Plate")}</th><th scope="col">{tr!(lang, "类", "Band")}</th><th scope="col">{tr!(lang, "需要", "Needs")}</th><th scope="col">{tr!(lang, "按规则", "By the rules")}</th><th scope="col" class="num">{tr!(lang, "顺序", "Place")}</th><th scope="col">{tr!(lang, "结果", "Result")}</th></tr></thead>
            <tbody>{rows}</tbody></table></div></details>
    }
}

fn application_act(boot: &Boot, v: &View, a: &ApplicationRow, now: Time) -> AnyView {
    let lang = boot.lang;
    let back = format!("/desk/parking/{}", v.row.id);
    if v.row.stage == Stage::Open && a.card {
        let seen = a.need & 2 == 2;
        return view! { <form method="post" action="/forms/parking/card" class="inline">{hidden(&back)}<input type="hidden" name="application" value=a.id.to_string()/><button class="btn sec small" type="submit" name="seen" value=if seen { "0" } else { "1" }>{if seen { tr!(lang, "没看到证", "Card not seen") } else { tr!(lang, "看过残疾人证", "Card seen") }}</button></form> }.into_any();
    }
    if a.outcome == Some(Outcome::Offered) && a.paper {
        let until = a.offer_until.map(|t| spoken_time(lang, t, now, boot.offset())).unwrap_or_default();
        let options =
            v.bays.iter().filter(|b| b.free && b.planned && Some(b.kind) == a.kind).map(|b| view! { <option value=b.id.to_string()>{b.code.clone()}</option> }).collect_view();
        return view! { <form method="post" action="/forms/parking/choose" class="field-row">{hidden(&back)}<input type="hidden" name="application" value=a.id.to_string()/><div class="field"><label for=format!("bay-{}", a.id)>{until}</label><select id=format!("bay-{}", a.id) name="bay">{options}<option value="pass">{tr!(lang, "通行资格", "Pass")}</option></select></div><button class="btn sec small" type="submit">{tr!(lang, "代选", "Choose for them")}</button></form> }.into_any();
    }
    ().into_any()
}

/// The cars of a desk.
pub fn cars(boot: &Boot, cars: &[CarRow], buildings: &[BuildingRow], now: Time) -> AnyView {
    let lang = boot.lang;
    let waiting = cars.iter().filter(|c| c.state == CarState::Pending).map(|c| waiting_car(lang, c)).collect_view();
    let rows = cars
        .iter()
        .filter(|c| c.state != CarState::Pending)
        .take(SHOWN)
        .map(|c| view! { <tr><th scope="row">{c.plate.clone()}</th><td>{c.unit.clone()}</td><td>{c.ev.then_some(tr!(lang, "新能源", "electric"))}</td><td>{c.state.label(lang)}</td><td>{spoken_date(lang, c.at, now, boot.offset())}</td></tr> })
        .collect_view();
    let n = cars.len();
    let columns = COLUMNS.join("、");
    let body = view! {
        {nav(lang, true)}{waiting}
        <form method="post" action="/forms/parking/car" class="card stack"><h2>{tr!(lang, "登记一辆车（看过证件）", "Register a car (papers seen)")}</h2>{hidden("/desk/parking/cars")}
            {field(lang, "plate", tr!(lang, "车牌", "Plate"), "text", "")}{home_fields(lang, buildings)}{field(lang, "contact", tr!(lang, "小区外的：姓名和电话（不公开）", "From outside: name and phone (never public)"), "text", "")}
            <button class="btn" type="submit">{tr!(lang, "登记", "Register")}</button></form>
        <section class="card"><h2>{trf!(lang, "车辆 {n} 辆", "{n} cars")}<a href="/desk/parking/export.xlsx" download="">{tr!(lang, "导出 Excel", "Export Excel")}</a></h2><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "车辆", "Cars")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "车牌", "Plate")}</th><th scope="col">{tr!(lang, "户", "Home")}</th><th scope="col">{tr!(lang, "动力", "Power")}</th><th scope="col">{tr!(lang, "状态", "State")}</th><th scope="col">{tr!(lang, "登记", "Since")}</th></tr></thead><tbody>{rows}</tbody></table></div></section>
        <form method="post" action="/forms/parking-list" enctype="multipart/form-data" class="card stack"><h2>{tr!(lang, "导入车辆和合同", "Import cars and leases")}</h2>{hidden("/desk/parking/cars")}
            <div class="field"><label for="list">{tr!(lang, "Excel 或 CSV 文件", "Excel or CSV file")}</label><input id="list" type="file" name="list" accept=".xlsx,.csv,.txt" required/><p class="hint">{trf!(lang, "表头和导出的一样：{columns}。先预览，确认以后才写入。", "The columns are those of the export. A preview comes first; nothing is written before you confirm.")}</p>{error("file", lang)}</div>
            <button class="btn sec" type="submit">{tr!(lang, "预览", "Preview")}</button></form>
    };
    frame(boot, Page::Desk, tr!(lang, "车辆", "Cars").into(), String::new(), body)
}

fn waiting_car(lang: Lang, c: &CarRow) -> impl IntoView + use<> {
    let id = format!("why-{}", c.id);
    let picture = c.photo.map(|p| photo(p, Size::Medium, c.plate.clone()));
    view! {
        <form method="post" action="/forms/parking/car-check" class="card warm stack"><h2>{c.plate.clone()}" "{c.unit.clone()}</h2>{hidden("/desk/parking/cars")}<input type="hidden" name="vehicle" value=c.id.to_string()/>{picture}
            <div class="field"><label for=id.clone()>{tr!(lang, "不通过的原因", "Why not, if not")}</label><input id=id.clone() type="text" name="words" maxlength="200" value=typed_about("vehicle", c.id, "words")/>{error_about("vehicle", c.id, "words", lang)}</div>
            <div class="acts"><button class="btn small" type="submit" name="accepts" value="1">{tr!(lang, "核对无误", "Accept")}</button><button class="btn sec small" type="submit" name="accepts" value="0">{tr!(lang, "不通过", "Refuse")}</button></div></form>
    }
}

/// The preview of an uploaded list.
pub fn preview(boot: &Boot, id: Uuid, ready: &Ready, confirmed: bool) -> AnyView {
    let lang = boot.lang;
    let (cars, same, bad) = (ready.new.len(), ready.same, ready.faults.len());
    let given = ready.held.len() + ready.new.iter().filter(|(line, ..)| line.holds.is_some()).count();
    let preview = Preview {
        title: tr!(lang, "导入预览", "Preview"),
        sum: trf!(lang, "新车 {cars} 辆，合同 {given} 份；{same} 行不变；{bad} 处有问题。", "{cars} new cars, {given} leases; {same} lines change nothing; {bad} faults."),
        write: (cars + given > 0).then(|| tr!(lang, "写入", "Write").to_owned()),
        faults: &ready.faults,
        confirmed,
        action: "/forms/parking/import",
        back: ("/desk/parking/cars", tr!(lang, "回车辆", "Back to the cars")),
    };
    lists::pages::preview(boot, "/desk/parking/list", id, preview)
}

/// Leases and payments.
pub fn leases(boot: &Boot, leases: &[LeaseRow], payments: &[PaymentRow], now: Time) -> AnyView {
    let lang = boot.lang;
    let check = allowed(boot, Permission::ParkingCheck);
    let running: Vec<&LeaseRow> = leases.iter().filter(|l| l.state == LeaseState::Active).collect();
    let n = running.len();
    let appeals = running.iter().filter(|l| matches!(l.appeal, Some((_, None)))).map(|l| ruling_form(boot, l)).collect_view();
    let rows = running.iter().take(SHOWN).map(|l| lease_line(boot, l, now)).collect_view();
    let day = |t: Time| t.local(boot.offset()).format("%Y-%m-%d").to_string();
    let over = Table {
        columns: vec![
            Column::words(tr!(lang, "编号", "No."), 3),
            Column::words(tr!(lang, "车位", "Bay"), 2),
            Column::words(tr!(lang, "结束", "Ended as"), 2),
            Column::words(tr!(lang, "原因", "Why"), 4),
        ],
        rows: leases
            .iter()
            .filter(|l| l.state != LeaseState::Active)
            .take(SHOWN)
            .map(|l| vec![l.number.clone(), l.bay.clone(), l.state.label(lang).to_owned(), l.why.clone()])
            .collect(),
        total: vec![],
    };
    let paid = Table {
        columns: vec![
            Column::words(tr!(lang, "日期", "Date"), 2),
            Column::words(tr!(lang, "合同", "Lease"), 3),
            Column::words(tr!(lang, "缴到", "Paid until"), 2),
            Column::words(tr!(lang, "凭证", "Voucher"), 3),
            Column::number(tr!(lang, "元", "Yuan"), 2),
        ],
        rows: payments
            .iter()
            .map(|p| {
                vec![
                    day(p.at),
                    p.lease.clone(),
                    day(p.span.1),
                    if p.reversed { format!("{}（{}）", p.voucher, tr!(lang, "已冲", "taken back")) } else { p.voucher.clone() },
                    p.amount.to_string(),
                ]
            })
            .collect(),
        total: vec![],
    };
    let body = view! {
        {nav(lang, check)}{appeals}
        <section class="card"><h2>{trf!(lang, "在租 {n} 份", "{n} running")}</h2><ul class="plain">{rows}</ul></section>
        {(!payments.is_empty()).then(|| view! { <section class="card"><h2>{tr!(lang, "最近的缴费", "Latest payments")}</h2>{table(lang, &paid)}</section> })}
        {(!over.rows.is_empty()).then(|| view! { <details class="card more"><summary>{tr!(lang, "已结束的", "Those that are over")}</summary>{table(lang, &over)}</details> })}
    };
    frame(boot, Page::Desk, tr!(lang, "合同和缴费", "Leases and payments").into(), String::new(), body)
}

fn lease_line(boot: &Boot, l: &LeaseRow, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let day = |t: Time| spoken_date(lang, t, now, boot.offset());
    let what = if l.bay.is_empty() { l.right.label(lang).to_owned() } else { l.bay.clone() };
    let late = owed(l, now).then(|| view! { <span class="late">{tr!(lang, "缴到 {}", "paid until {}", day(l.paid_until))}</span> });
    let notice = l.notice.as_ref().map(|(why, until)| view! { <p class="note">{tr!(lang, "{} 收回：{why}", "Withdrawn on {}: {why}", day(*until))}</p> });
    let about = || view! { {hidden("/desk/parking/leases")}<input type="hidden" name="lease" value=l.id.to_string()/> };
    let months = if refused("lease", l.id) { typed("months", "12") } else { "12".to_owned() };
    let pay = (allowed(boot, Permission::ParkingMoney) && l.fee.0 > 0).then(|| {
        view! { <form method="post" action="/forms/parking/pay" class="field-row">{about()}<div class="field"><label for=format!("m-{}", l.id)>{tr!(lang, "缴几个月", "Months paid")}</label><input id=format!("m-{}", l.id) type="number" name="months" min="1" max="60" value=months/>{error_about("lease", l.id, "months", lang)}</div><div class="field"><label for=format!("v-{}", l.id)>{tr!(lang, "收据号", "Receipt")}</label><input id=format!("v-{}", l.id) type="text" name="voucher" maxlength="60" value=typed_about("lease", l.id, "voucher")/>{error_about("lease", l.id, "voucher", lang)}</div><button class="btn sec small" type="submit">{tr!(lang, "记一笔", "Enter")}</button></form> }
    });
    let give_notice = (allowed(boot, Permission::ParkingNotice) && l.notice.is_none()).then(|| {
        view! { <form method="post" action="/forms/parking/notice" class="field-row">{about()}<div class="field"><label for=format!("n-{}", l.id)>{tr!(lang, "收回的原因", "Why it is withdrawn")}</label><input id=format!("n-{}", l.id) type="text" name="reason" maxlength="200" value=typed_about("lease", l.id, "reason")/>{error_about("lease", l.id, "reason", lang)}</div><button class="btn warn small" type="submit">{tr!(lang, "发收回通知", "Give notice")}</button></form> }
    });
    view! {
        <li><b>{l.number.clone()}</b>" "{what}" · "{l.unit.clone()}" · "{l.plate.clone()}<br/><span class="muted">{monthly(lang, l.fee)}" · "{tr!(lang, "到 {}", "until {}", day(l.until))}</span>" "{late}{notice}
            <details class="more" open=refused("lease", l.id)><summary>{tr!(lang, "缴费、收回、打印", "Payment, withdrawal, print")}</summary><div class="stack"><p><a class="chip" href=format!("/print/parking-lease/{}", l.id)>{tr!(lang, "打印合同", "Print the contract")}</a></p>{pay}{give_notice}</div></details></li>
    }
}

fn ruling_form(boot: &Boot, l: &LeaseRow) -> impl IntoView + use<> {
    let lang = boot.lang;
    let words = l.appeal.as_ref().map(|(words, _)| words.clone()).unwrap_or_default();
    let why = l.notice.as_ref().map(|(why, _)| why.clone()).unwrap_or_default();
    allowed(boot, Permission::ParkingRuling).then(|| {
        view! {
            <form method="post" action="/forms/parking/ruling" class="card warm stack"><h2>{tr!(lang, "{} 的申诉", "Appeal of {}", l.number)}</h2>{hidden("/desk/parking/leases")}<input type="hidden" name="lease" value=l.id.to_string()/>
                <p>{tr!(lang, "收回的原因：", "Withdrawn because: ")}{why}</p><p>{tr!(lang, "申诉：", "Appeal: ")}{words}</p>
                <div class="field"><label for=format!("r-{}", l.id)>{tr!(lang, "决定的理由", "Why")}</label><input id=format!("r-{}", l.id) type="text" name="words" maxlength="300" value=typed_about("lease", l.id, "words")/>{error_about("lease", l.id, "words", lang)}</div>
                <div class="acts"><button class="btn small" type="submit" name="stands" value="0">{tr!(lang, "申诉成立，不收回", "Uphold: it stays")}</button><button class="btn warn small" type="submit" name="stands" value="1">{tr!(lang, "维持收回", "The withdrawal stands")}</button></div></form>
        }
    })
}
