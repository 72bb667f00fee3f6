//! One project at the desk: the forms of what this viewer may do next.

use super::desk::field;
use super::model::{DefectView, View};
use super::pages::{defect, standing};
use super::party::Party;
use super::rules::Step;
use super::site_pages::{error, hidden, words};
use crate::ids::PersonId;
use crate::rooms::photos::picker::picker;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame;
use crate::ui::frame::Page;
use crate::{tr, trf};
use leptos::prelude::*;

/// Seats of one party in the form.
const SEATS: usize = 3;

/// Who may sit in a group, by party.
pub type Candidates = [(Party, Vec<(PersonId, String)>)];

/// The page.
pub fn one(boot: &Boot, v: &View, candidates: &Candidates) -> AnyView {
    let lang = boot.lang;
    let steps = v.can.steps.iter().map(|s| step_form(boot, v, *s)).collect_view();
    let nothing = (!v.can.at_desk() && !v.can.convene).then(|| view! { <p class="note">{tr!(lang, "现在没有您要办的。", "Nothing for you to do now.")}</p> });
    let body = view! {
        {standing(boot, v)}
        {nothing}
        {v.can.convene.then(|| convene_form(boot, v, candidates))}
        {v.can.reach.then(|| reach_form(boot, v))}
        {v.can.mend.then(|| mend_forms(boot, v))}
        {v.can.pay.then(|| pay_form(boot, v))}
        {steps}
        <p><a href=boot.at(&format!("/projects/{}", v.row.number))>{tr!(lang, "公开的项目页面", "The public page")}</a>" · "<a href="/desk/projects">{tr!(lang, "全部项目", "All projects")}</a></p>
    };
    frame(boot, Page::Desk, v.row.title.clone(), v.row.number.clone(), body)
}

fn back(v: &View) -> String {
    format!("/desk/projects/{}", v.row.number)
}

fn about(v: &View, what: &'static str) -> impl IntoView + use<> {
    view! { {hidden(back(v))}<input type="hidden" name="about" value=what/><input type="hidden" name="project" value=v.row.id.to_string()/><input type="hidden" name="version" value=v.version.to_string()/> }
}

/// The form of one step. Giving it up is folded away.
fn step_form(boot: &Boot, v: &View, step: Step) -> AnyView {
    let lang = boot.lang;
    let here = echo().value("about") == step.code();
    let title = step.label(lang);
    let label = match step {
        Step::Finish => tr!(lang, "完成了什么", "What was finished"),
        Step::Accept => tr!(lang, "验收结论", "What was found"),
        Step::Close => tr!(lang, "保修期情况、尾款是否付清", "How the warranty went, whether all is paid"),
        Step::Cancel => tr!(lang, "为什么取消", "Why it is given up"),
        Step::ShowPlan | Step::Contract => tr!(lang, "说明（可不填）", "In words (optional)"),
    };
    let contract = (step == Step::Contract).then(|| {
        let budget = v.row.budget;
        view! {
            <p class="hint">{trf!(lang, "公示的预算是 {budget} 元，合同不能超过。", "The budget that was shown is {budget} yuan; the contract is not above it.")}</p>
            {field(lang, "contractor", tr!(lang, "施工单位", "Contractor"), "text", "")}
            {field(lang, "contract_number", tr!(lang, "合同编号", "Contract no."), "text", "")}
            {field(lang, "amount", tr!(lang, "合同金额（元）", "Amount (yuan)"), "text", "")}
            <div class="field-row">{field(lang, "day", tr!(lang, "签订日期", "Signed on"), "date", "")}{field(lang, "warranty", tr!(lang, "保修到", "Warranty until"), "date", "")}{field(lang, "retention", tr!(lang, "质保金 %", "Kept back, %"), "number", "")}</div>
        }
    });
    let photos = matches!(step, Step::Finish | Step::Accept).then(|| view! { {picker(boot)}{error("photos", lang)} });
    let button = if step == Step::Cancel { "btn sec" } else { "btn" };
    let form = view! {
        <form method="post" action="/forms/project-advance" enctype="multipart/form-data" class="card stack">
            <h2>{trf!(lang, "下一步：{title}", "Next: {title}")}</h2>
            {about(v, step.code())}<input type="hidden" name="step" value=step.code()/>
            {contract}
            {words(lang, format!("w-{}", step.code()), label, 1_000, here)}
            {photos}
            <button class=button type="submit">{title}</button>
        </form>
    };
    if step == Step::Cancel { view! { <details class="more" open=here><summary>{title}</summary>{form}</details> }.into_any() } else { form.into_any() }
}

fn convene_form(boot: &Boot, v: &View, candidates: &Candidates) -> impl IntoView + use<> {
    let lang = boot.lang;
    let here = echo().value("about") == "convene";
    let parties = candidates
        .iter()
        .map(|(party, people)| {
            let name = format!("seat_{}", party.code());
            let now: Vec<String> =
                if here { echo().all(&name) } else { v.group.iter().filter(|(p, ..)| p == party).map(|(.., id)| id.to_string()).collect() };
            let count = if *party == Party::PartyBranch { 1 } else { SEATS };
            let selects = (0..count)
                .map(|i| {
                    let chosen = now.get(i).cloned().unwrap_or_default();
                    let options = people.iter().map(|(id, who)| view! { <option value=id.to_string() selected=chosen == id.to_string()>{who.clone()}</option> }).collect_view();
                    let label = format!("{} {}", party.label(lang), i + 1);
                    view! { <div class="field"><label for=format!("{name}{i}")>{label}</label><select id=format!("{name}{i}") name=name.clone()><option value="">"—"</option>{options}</select></div> }
                })
                .collect_view();
            view! { <div class="field-row">{selects}</div> }
        })
        .collect_view();
    let title = if v.group.is_empty() { tr!(lang, "组建专项工作组", "Convene the working group") } else { tr!(lang, "调整专项工作组", "Change the working group") };
    view! {
        <details class="more" open=here || v.group.is_empty()><summary>{title}</summary>
            <form method="post" action="/forms/project-convene" class="card stack">
                {about(v, "convene")}
                <p class="hint">{tr!(lang, "党总支一位牵头，居委会、业委会、物业、业主代表各至少一人。一个人只代表一方，物业的人只能代表物业。", "One of the Party branch leads; at least one each of the residents' committee, the owners' committee, the property company and the owners' representatives. One person stands for one party; the property company's people stand for it alone.")}</p>
                {parties}
                {error("seats", lang)}
                <button class="btn" type="submit">{title}</button>
            </form>
        </details>
    }
}

fn reach_form(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let here = echo().value("about") == "reach";
    let chosen = echo().value("milestone");
    let options = v
        .milestones
        .iter()
        .filter(|m| m.done_at.is_none())
        .map(|m| view! { <option value=m.n.to_string() selected=here && chosen == m.n.to_string()>{format!("{}. {}", m.n, m.name)}</option> })
        .collect_view();
    view! {
        <form method="post" action="/forms/project-reach" enctype="multipart/form-data" class="card stack">
            <h2>{tr!(lang, "报节点完成", "Report a milestone")}</h2>
            {about(v, "reach")}
            <div class="field"><label for="rm">{tr!(lang, "哪个节点", "Which")}</label><select id="rm" name="milestone">{options}</select></div>
            {words(lang, "rw".into(), tr!(lang, "完成了什么", "What is done"), 400, here)}
            {picker(boot)}
            {here.then(|| error("photos", lang))}
            <button class="btn" type="submit">{tr!(lang, "报完成", "Report")}</button>
        </form>
    }
}

fn mend_forms(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let form = |d: &DefectView| {
        let here = echo().value("defect") == d.id.to_string();
        let wrong = here.then(|| error("photos", lang)).flatten();
        view! {
            <li class="stack">
                <div>{defect(boot, v, d)}</div>
                <form method="post" action="/forms/project-mend" enctype="multipart/form-data" class="stack">
                    {hidden(back(v))}<input type="hidden" name="defect" value=d.id.to_string()/>
                    {words(lang, format!("m{}", d.id), tr!(lang, "怎么改的", "What was done"), 200, here)}
                    {picker(boot)}{wrong}
                    <button class="btn sec" type="submit">{tr!(lang, "交整改照片", "Show that it is mended")}</button>
                </form>
            </li>
        }
    };
    let rows = v.defects.iter().filter(|d| d.closed.is_none()).map(form).collect_view();
    view! { <section class="card"><h2>{tr!(lang, "要整改的", "To be mended")}</h2><ul class="plain">{rows}</ul></section> }
}

fn pay_form(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let here = echo().value("about") == "pay";
    let chosen = if here { echo().value("milestone") } else { String::new() };
    let options = v
        .milestones
        .iter()
        .filter_map(|m| {
            let cap = m.cap.filter(|cap| *cap > m.paid)?;
            let left = crate::measure::Fen(cap.0 - m.paid.0);
            let words = tr!(lang, "{n}. {name}，还可付 {left} 元", "{n}. {name}: {left} yuan left", n = m.n, name = m.name, left = left);
            Some(view! { <option value=m.n.to_string() selected=chosen == m.n.to_string()>{words}</option> })
        })
        .collect_view();
    let wrong = |name: &str| here.then(|| error(name, lang)).flatten();
    let typed = |name: &str| if here { echo().value(name) } else { String::new() };
    view! {
        <form method="post" action="/forms/project-pay" enctype="multipart/form-data" class="card stack">
            <h2>{tr!(lang, "记一笔付款", "Enter a payment")}</h2>
            {about(v, "pay")}
            <div class="field"><label for="pm">{tr!(lang, "哪一笔", "What for")}</label><select id="pm" name="milestone">{options}<option value="" selected=here && chosen.is_empty()>{tr!(lang, "质保金（保修期满后）", "What was kept back (after the warranty)")}</option></select>{wrong("milestone")}</div>
            <div class="field-row">
                <div class="field"><label for="pa">{tr!(lang, "金额（元）", "Amount (yuan)")}</label><input id="pa" type="text" inputmode="decimal" name="amount" value=typed("amount")/>{wrong("amount")}</div>
                <div class="field"><label for="pv">{tr!(lang, "凭证号", "Voucher's number")}</label><input id="pv" type="text" name="voucher" maxlength="60" value=typed("voucher")/>{wrong("voucher")}</div>
            </div>
            {words(lang, "pw".into(), tr!(lang, "说明", "In words"), 120, here)}
            {picker(boot)}{wrong("photos")}
            <p class="hint">{tr!(lang, "节点检查合格、两方以上签字才能付；最后一笔等四方验收；质保金等保修期满。", "A milestone is paid when it has passed and two parties signed; the last one after the acceptance; what was kept back after the warranty.")}</p>
            <button class="btn" type="submit">{tr!(lang, "记账", "Enter")}</button>
        </form>
    }
}
