//! The fund's desk: entering what comes in, opening balances, new uses, and the next step of a use.

use super::imports::Ready;
use super::model::{Decider, Overview, UseView};
use super::openings::TEMPLATE;
use super::rules::{EmergencyCase, Step};
use crate::i18n::Lang;
use crate::rooms::approvals::model::State;
use crate::rooms::communities::store::BuildingRow;
use crate::rooms::lists;
use crate::rooms::lists::pages::Preview;
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::{Permission, may};
use crate::rooms::photos::picker::picker;
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::{error, hidden};
use crate::ui::frame;
use crate::ui::frame::Page;
use crate::{tr, trf};
use leptos::prelude::*;
use uuid::Uuid;

fn field(lang: Lang, name: &'static str, label: &'static str, hint: &'static str) -> impl IntoView {
    view! { <div class="field"><label for=name>{label}</label><input id=name type="text" name=name value=echo().value(name) maxlength="400"/>{(!hint.is_empty()).then(|| view! { <p class="hint">{hint}</p> })}{error(name, lang)}</div> }
}

fn area(lang: Lang, name: &'static str, label: &'static str) -> impl IntoView {
    view! { <div class="field"><label for=name>{label}</label><textarea id=name name=name rows="3" maxlength="1000">{echo().value(name)}</textarea>{error(name, lang)}</div> }
}

/// The desk.
pub fn desk(boot: &Boot, fund: &Overview, homes: &[BuildingRow]) -> AnyView {
    let lang = boot.lang;
    let role = boot.role();
    let books = role.is_some_and(|r| may(r, Permission::FundBooks));
    let proposes = role.is_some_and(|r| may(r, Permission::FundPropose));
    let open = fund
        .uses
        .iter()
        .filter(|u| u.stage != super::rules::Stage::Closed)
        .map(|u| view! { <li><a href=boot.at(&format!("/fund/uses/{}", u.number))><b>{u.title.clone()}</b></a>" "<span class="tag due">{u.stage.label(lang)}</span><br/><span class="muted">{u.number.clone()}" · "{u.amount.to_string()}" "{tr!(lang, "元", "yuan")}</span></li> })
        .collect_view();
    let body = view! {
        <section class="card"><h2>{tr!(lang, "正在办的", "Under way")}</h2><ul class="plain">{open}</ul><p><a href=boot.at("/fund")>{tr!(lang, "公开的维修资金页面", "The public page of the fund")}</a></p></section>
        {proposes.then(|| propose_form(boot, homes))}
        {books.then(|| enter_form(boot, homes))}
        {books.then(|| import_form(boot))}
    };
    let n = fund.uses.len();
    frame(boot, Page::Desk, tr!(lang, "维修资金", "Maintenance fund").into(), trf!(lang, "{n} 次使用", "{n} uses"), body)
}

fn propose_form(boot: &Boot, homes: &[BuildingRow]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let chosen = echo().all("building");
    let scope = echo().value("scope");
    let boxes = homes
        .iter()
        .map(|b| {
            let id = b.id.to_string();
            view! { <label class="check"><input type="checkbox" name="building" value=id.clone() checked=chosen.contains(&id)/><span>{b.name.clone()}</span></label> }
        })
        .collect_view();
    let cases = EmergencyCase::ALL.into_iter().map(|c| view! { <option value=c.code() selected={echo().value("emergency") == c.code()}>{c.label(lang)}</option> }).collect_view();
    let radio = |value: &'static str, label: &'static str| view! { <label class="check"><input type="radio" name="scope" value=value checked={scope == value || (scope.is_empty() && value == "all")}/><span>{label}</span></label> };
    view! {
        <form method="post" action="/forms/fund-propose" enctype="multipart/form-data" class="card stack">
            <h2>{tr!(lang, "提出一次使用", "Propose a use")}</h2>
            {hidden("/desk/fund")}
            {field(lang, "title", tr!(lang, "修什么", "What is repaired"), "")}
            {area(lang, "works", tr!(lang, "实施范围", "Works"))}
            {area(lang, "reason", tr!(lang, "维修原因", "Reason"))}
            {field(lang, "budget", tr!(lang, "预算（元）", "Budget (yuan)"), "")}
            {field(lang, "choosing", tr!(lang, "施工单位选择方式", "How the contractor is chosen"), "")}
            {field(lang, "accepting", tr!(lang, "验收单位", "Who accepts"), "")}
            {field(lang, "managing", tr!(lang, "管理单位", "Who manages"), "")}
            <fieldset class="field"><legend>{tr!(lang, "谁分摊", "Who shares it")}</legend>
                {radio("all", tr!(lang, "全体业主（全体共用，非机动车库也是）", "All owners (also for bike garages)"))}
                {radio("buildings", tr!(lang, "这些楼的业主（部分共用）", "The owners of these buildings"))}
                {radio("stair", tr!(lang, "一个门的业主（选一幢楼，再写门号）", "The owners of one stair (choose one building and give the stair)"))}
                <details class="more" open=!chosen.is_empty()><summary>{tr!(lang, "选楼", "Choose buildings")}</summary><div class="cluster">{boxes}</div></details>
                {field(lang, "stair", tr!(lang, "门号", "Stair"), "")}
                {error("scope", lang)}
            </fieldset>
            <div class="field"><label for="emergency">{tr!(lang, "是不是应急维修", "Emergency?")}</label><select id="emergency" name="emergency"><option value="">{tr!(lang, "不是", "No")}</option>{cases}</select>
                <p class="hint">{tr!(lang, "五种情形不用表决（上海市住宅物业管理规定第 73 条）；除水泵水箱外要上传书面证明。新装、改造不在此列。", "Five cases need no vote (Shanghai rules, art. 73); all but pumps need a paper. New installations are no emergency.")}</p></div>
            {picker(boot)}
            {error("photos", lang)}
            <button class="btn" type="submit">{tr!(lang, "提出", "Propose")}</button>
        </form>
    }
}

fn enter_form(boot: &Boot, homes: &[BuildingRow]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let kind = echo().value("kind");
    let option = |value: &'static str, label: &'static str| view! { <option value=value selected={kind == value}>{label}</option> };
    let options = homes.iter().map(|b| view! { <option value=b.id.to_string() selected={echo().value("home") == b.id.to_string()}>{b.name.clone()}</option> }).collect_view();
    view! {
        <form method="post" action="/forms/fund-enter" class="card stack">
            <h2>{tr!(lang, "记一笔收入", "Enter income")}</h2>
            {hidden("/desk/fund")}
            <div class="field"><label for="kind">{tr!(lang, "种类", "Kind")}</label><select id="kind" name="kind">
                {option("interest", tr!(lang, "结息（按各户余额分到户）", "Interest (shared by balances)"))}
                {option("common_income", tr!(lang, "公共收益转入（按面积分到户）", "Common income (shared by area)"))}
                {option("deposit", tr!(lang, "一户续交", "Deposit of one unit"))}
            </select></div>
            {field(lang, "amount", tr!(lang, "金额（元）", "Amount (yuan)"), "")}
            {field(lang, "entry_words", tr!(lang, "凭据", "Voucher"), tr!(lang, "例如：工行 2026-06-21 结息回单", "e.g. the bank's slip of 2026-06-21"))}
            {error("words", lang)}
            <details class="more" open={kind == "deposit"}><summary>{tr!(lang, "续交的是哪一户", "Which unit (for a deposit)")}</summary>
                <div class="field-row">
                    <div class="field"><label for="home">{tr!(lang, "楼幢", "Building")}</label><select id="home" name="home">{options}</select></div>
                    {field(lang, "door", tr!(lang, "门号", "Stair"), "")}
                    {field(lang, "room", tr!(lang, "室号", "Room"), "")}
                </div>
            </details>
            <button class="btn" type="submit">{tr!(lang, "记账", "Enter")}</button>
        </form>
    }
}

fn import_form(boot: &Boot) -> impl IntoView + use<> {
    let lang = boot.lang;
    let columns = TEMPLATE.join("、");
    view! {
        <form method="post" action="/forms/fund-list" enctype="multipart/form-data" class="card stack">
            <h2>{tr!(lang, "导入期初余额", "Import opening balances")}</h2>
            {hidden("/desk/fund")}
            <div class="field"><label for="list">{tr!(lang, "Excel 或 CSV 文件", "Excel or CSV file")}</label><input id="list" type="file" name="list" accept=".xlsx,.csv,.txt" required/><p class="hint">{trf!(lang, "需要这几列：{columns}。先预览，确认以后才写入。", "Columns: {columns}. A preview comes first; nothing is written before you confirm.")}</p>{error("file", lang)}</div>
            <button class="btn sec" type="submit">{tr!(lang, "预览", "Preview")}</button>
        </form>
    }
}

/// The preview of an uploaded list.
pub fn preview(boot: &Boot, id: Uuid, ready: &Ready, confirmed: bool) -> AnyView {
    let lang = boot.lang;
    let (n, same, bad, total) = (ready.new.len(), ready.same, ready.faults.len(), ready.total());
    let preview = Preview {
        title: tr!(lang, "期初余额预览", "Opening balances"),
        sum: trf!(lang, "新建 {n} 户，共 {total} 元；{same} 户已经有账，不变；{bad} 处有问题。", "{n} new accounts, {total} yuan; {same} there already; {bad} faults."),
        write: (n > 0).then(|| trf!(lang, "写入 {n} 户，共 {total} 元", "Write {n} accounts, {total} yuan")),
        faults: &ready.faults,
        confirmed,
        action: "/forms/fund-opening",
        back: ("/desk/fund", tr!(lang, "回维修资金", "Back to the fund")),
    };
    lists::pages::preview(boot, "/desk/fund/list", id, preview)
}

/// The form of the next step, for whoever takes it.
pub fn next_step(boot: &Boot, u: &UseView) -> Option<AnyView> {
    let lang = boot.lang;
    let back = boot.at(&format!("/fund/uses/{}", u.row.number));
    if u.may_step_in {
        return Some(
            view! {
                <form method="post" action="/forms/fund-step-in" class="card stack"><h2>{tr!(lang, "区房管部门代为维修", "The district has it repaired")}</h2>
                    {hidden(&back)}{about(u)}
                    <p class="hint">{tr!(lang, "报告满 7 天，业委会没有答复。", "Seven days after the report the committee has not answered.")}</p>
                    {area(lang, "words", tr!(lang, "房管部门的文号和内容", "The office's paper and what it says"))}
                    <button class="btn" type="submit">{tr!(lang, "记下", "Record")}</button>
                </form>
            }
            .into_any(),
        );
    }
    if let Some(waits) = before_committee(boot, u) {
        return Some(waits);
    }
    let step = u.next.filter(|_| u.may)?;
    let vote = step == Step::Resolve && matches!(u.decider, Decider::Affected | Decider::Owners);
    let reference = match step {
        Step::Resolve => Some(tr!(lang, "决议编号和存放处", "Number of the resolution and where it is kept")),
        Step::Contract => Some(tr!(lang, "施工单位和合同编号", "Contractor and number of the contract")),
        Step::Audit => Some(tr!(lang, "审价单位", "Who checked the price")),
        _ => None,
    };
    let words = match step {
        Step::SumUp => Some(tr!(lang, "汇总：多少人同意、反对，主要意见", "Summary: how many for and against, and what they say")),
        Step::Accept => Some(tr!(lang, "验收结论和参加的各方", "What was found and who took part")),
        Step::Pay => Some(tr!(lang, "余额不够时：由谁垫付、为什么（够就不填）", "If a balance is too small: who advances the money and why")),
        Step::Resolve | Step::Contract | Step::Audit => Some(tr!(lang, "说明（可不填）", "In words (optional)")),
        _ => None,
    };
    let amount = matches!(step, Step::Contract | Step::Audit);
    let title = step.label(lang);
    Some(
        view! {
            <form method="post" action="/forms/fund-advance" enctype="multipart/form-data" class="card stack">
                <h2>{trf!(lang, "下一步：{title}", "Next: {title}")}</h2>
                {hidden(&back)}{about(u)}
                <input type="hidden" name="step" value=step.code()/>
                {reference.map(|label| reference_field(lang, label, u, step))}
                {amount.then(|| field(lang, "amount", tr!(lang, "金额（元）", "Amount (yuan)"), ""))}
                {vote.then(|| count_fields(lang))}
                {words.map(|label| area(lang, "words", label))}
                {words.is_some().then(|| picker(boot))}
                {error("photos", lang)}
                <button class="btn" type="submit">{title}</button>
            </form>
        }
        .into_any(),
    )
}

/// What stands in place of the resolution's form while the committee has not agreed.
fn before_committee(boot: &Boot, u: &UseView) -> Option<AnyView> {
    let lang = boot.lang;
    let (number, state) = u.decision.as_ref().filter(|_| u.next == Some(Step::Resolve) && matches!(u.decider, Decider::Committee | Decider::Emergency))?;
    if *state == State::Agreed || !boot.role().is_some_and(Role::is_committee) {
        return None;
    }
    let words = match state {
        State::Declined => tr!(lang, "业委会没有同意这次使用。", "The committee did not agree to this use."),
        State::Owners => tr!(
            lang,
            "回避的委员太多，业委会不能决定；危险没有排除的，区房管部门可以代为维修。",
            "Too many members are excluded for a decision; the district may have a danger repaired."
        ),
        _ => tr!(lang, "全体委员过半数同意以后，才能填决议。", "The resolution can be entered once more than half of all members agree."),
    };
    let link = if *state == State::Open { tr!(lang, "去表态", "Give your word") } else { tr!(lang, "看业委会决定", "See the decision") };
    Some(
        view! { <section class="card"><h2>{tr!(lang, "业委会决定", "The committee's decision")}</h2><p>{words}</p><p><a class="btn" href=format!("/desk/decisions?d={number}")>{link}</a></p></section> }
            .into_any(),
    )
}

/// The paper's number; of a resolution of the committee the number of its decision stands there already.
fn reference_field(lang: Lang, label: &'static str, u: &UseView, step: Step) -> impl IntoView + use<> {
    let typed = echo().value("reference");
    let known = u.decision.as_ref().filter(|_| step == Step::Resolve && typed.is_empty()).map(|(number, _)| number.clone());
    view! { <div class="field"><label for="reference">{label}</label><input id="reference" type="text" name="reference" value=known.unwrap_or(typed) maxlength="400"/>{error("reference", lang)}</div> }
}

fn about(u: &UseView) -> impl IntoView + use<> {
    view! { <input type="hidden" name="subject" value=u.id.to_string()/><input type="hidden" name="version" value=u.version.to_string()/> }
}

fn count_fields(lang: Lang) -> impl IntoView {
    view! {
        <fieldset class="field"><legend>{tr!(lang, "票数（线下表决的结果）", "The count (of a vote on paper)")}</legend>
            <div class="field-row">{field(lang, "heads", tr!(lang, "全部业主人数", "All owners"), "")}{field(lang, "all_area", tr!(lang, "全部面积 m²", "All area, m²"), "")}</div>
            <div class="field-row">{field(lang, "part_heads", tr!(lang, "参与人数", "Took part"), "")}{field(lang, "part_area", tr!(lang, "参与面积 m²", "Their area, m²"), "")}</div>
            <div class="field-row">{field(lang, "yes_heads", tr!(lang, "同意人数", "Agreed"), "")}{field(lang, "yes_area", tr!(lang, "同意面积 m²", "Their area, m²"), "")}</div>
            {error("count", lang)}
        </fieldset>
    }
}
