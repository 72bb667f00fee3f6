//! On the site: the projects in whose group somebody sits, and the page on which they inspect, sign and judge. It is kept
//! on the phone; an inspection and a signature wait in the outbox.

use super::model::{DefectView, InspectionView, Row, View};
use super::pages::{defect, inspection, item, standing};
use super::party::Party;
use super::rules::{Stage, Verdict};
use super::store::missing;
use crate::i18n::Lang;
use crate::ids::MutationId;
use crate::rooms::photos::picker::picker;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;

/// What is wrong with a field.
pub fn error(field: &str, lang: Lang) -> Option<impl IntoView + use<>> {
    echo().error(field, lang).map(|e| view! { <p class="err" role="alert">{e}</p> })
}

/// Words in a form that knows whether it is the one that was refused: `here` is what its `about` field held.
pub fn words(lang: Lang, id: String, label: &'static str, most: u32, here: bool) -> impl IntoView {
    let typed = if here { echo().value("words") } else { String::new() };
    let wrong = here.then(|| error("words", lang)).flatten();
    view! { <div class="field"><label for=id.clone()>{label}</label><textarea id=id name="words" rows="2" maxlength=most.to_string() data-as="">{typed}</textarea>{wrong}</div> }
}

/// The hidden fields of a form.
pub fn hidden(back: String) -> impl IntoView {
    view! { <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value=back/> }
}

/// The projects in whose group the viewer sits.
pub fn mine(boot: &Boot, rows: &[Row]) -> AnyView {
    let lang = boot.lang;
    let body = if rows.is_empty() {
        empty(
            "check",
            tr!(lang, "您现在不在哪个专项工作组里。", "You are in no working group now.").into(),
            Some((tr!(lang, "看全部专项工程", "All projects").into(), boot.at("/projects"))),
        )
        .into_any()
    } else {
        let items = rows.iter().map(|p| item(boot, p, format!("/works/{}", p.number))).collect_view();
        view! { <section class="card"><ul class="plain">{items}</ul></section> }.into_any()
    };
    frame(
        boot,
        Page::Desk,
        tr!(lang, "现场检查", "Site inspections").into(),
        tr!(lang, "没有信号也能查，有网时自动交", "Works without a signal, sent when there is one").into(),
        body,
    )
}

/// The page of one project on the site.
pub fn one(boot: &Boot, v: &View) -> AnyView {
    let lang = boot.lang;
    let can = v.can.party.map(|party| party.label(lang));
    let who = match can {
        Some(label) => trf!(lang, "您代表{label}签字", "You sign for: {label}"),
        None => tr!(lang, "您不在这个工作组里，只能看", "You are not in this group: you can read").to_owned(),
    };
    let body = view! {
        {standing(boot, v)}
        {sign_off(boot, v)}
        {waiting(boot, v)}
        {judge(boot, v)}
        {v.can.inspect.then(|| inspect_form(boot, v))}
        {last(boot, v)}
        <p><a href=boot.at(&format!("/projects/{}", v.row.number))>{tr!(lang, "公开的项目页面", "The public page")}</a></p>
    };
    frame(boot, Page::Desk, v.row.title.clone(), format!("{} · {who}", v.row.number), body)
}

fn back(v: &View) -> String {
    format!("/works/{}", v.row.number)
}

/// The form of an inspection. It says its kind itself, so that it waits in the outbox where there is no network.
fn inspect_form(boot: &Boot, v: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let here = echo().value("about") == "inspect";
    let typed = |name: &str| if here { echo().value(name) } else { String::new() };
    let wrong = |name: &str| here.then(|| error(name, lang)).flatten();
    let chosen = typed("milestone");
    let milestones = v
        .milestones
        .iter()
        .filter(|m| m.done_at.is_some())
        .map(|m| {
            let value = m.n.to_string();
            let passed = m.passed.then_some(tr!(lang, "（已合格）", " (passed)"));
            view! { <option value=value.clone() selected=chosen == value>{format!("{}. {}", m.n, m.name)}{passed}</option> }
        })
        .collect_view();
    let items = v.plan.checklist.iter().enumerate().map(|(i, name)| check_item(lang, i, name, here)).collect_view();
    view! {
        <form method="post" action="/forms/project-inspect" enctype="multipart/form-data" class="card stack" data-kind="project.inspect.v1" data-key=v.row.id.to_string() data-thanks="saved">
            <h2>{tr!(lang, "现场检查", "Inspect")}</h2>
            {hidden(back(v))}<input type="hidden" name="about" value="inspect"/>
            <input type="hidden" name="project" value=v.row.id.to_string() data-as=""/>
            <div class="field"><label for="im">{tr!(lang, "查哪个节点", "Which milestone")}</label><select id="im" name="milestone" data-as="int"><option value="">{tr!(lang, "巡查（不对应节点）", "A look in between")}</option>{milestones}</select>{wrong("milestone")}</div>
            {items}
            {wrong("items")}
            <div class="field"><label for="md">{tr!(lang, "不合格的几天内改好（不填按小区规定）", "Mended within, days (empty: the community's number)")}</label><input id="md" type="number" inputmode="numeric" name="mend_days" min="1" max="90" data-as="int" value=typed("mend_days")/>{wrong("mend_days")}</div>
            {words(lang, "iw".into(), tr!(lang, "看到了什么", "What was seen"), 400, here)}
            {picker(boot)}
            {wrong("photos")}
            <p class="hint">{tr!(lang, "交上去就是您的签字。工作组别的成员也要在自己的手机上签。", "Sending it is your signature. Others of the group sign it on their own phones.")}</p>
            <button class="btn" type="submit">{tr!(lang, "签字并提交", "Sign and send")}</button>
        </form>
    }
}

fn check_item(lang: Lang, i: usize, name: &str, here: bool) -> impl IntoView + use<> {
    let (verdict, note) = (format!("items.{i}.verdict"), format!("items.{i}.note"));
    let chosen = if here { echo().value(&verdict) } else { String::new() };
    let typed = if here { echo().value(&note) } else { String::new() };
    let id = format!("in{i}");
    let radios = Verdict::ALL
        .into_iter()
        .map(|v| view! { <label class="check"><input type="radio" name=verdict.clone() value=v.code() data-as="" required checked={chosen == v.code()}/><span>{v.label(lang)}</span></label> })
        .collect_view();
    view! {
        <fieldset class="plain stack"><legend>{i + 1}". "{name.to_owned()}</legend>
            <div class="cluster">{radios}</div>
            <div class="field"><label for=id.clone() class="visually-hidden">{tr!(lang, "哪里不对", "What is wrong")}</label><input id=id type="text" name=note maxlength="200" data-as="" value=typed placeholder=tr!(lang, "不合格请写哪里不对", "If it fails: what is wrong")/></div>
        </fieldset>
    }
}

/// Inspections that wait for the viewer's signature.
fn waiting(boot: &Boot, v: &View) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    v.can.party?;
    let open: Vec<&InspectionView> = v.inspections.iter().take(12).filter(|i| !i.signatures.iter().any(|s| s.mine)).collect();
    let forms = open
        .iter()
        .map(|i| {
            let here = echo().value("inspection") == i.id.to_string();
            view! {
                <li class="stack">
                    <div>{inspection(boot, v, i)}</div>
                    <form method="post" action="/forms/project-sign" class="stack" data-kind="project.sign.v1" data-key=i.id.to_string() data-thanks="saved">
                        {hidden(back(v))}<input type="hidden" name="inspection" value=i.id.to_string() data-as=""/>
                        {words(lang, format!("s{}", i.n), tr!(lang, "补充的话（可不填）", "In words (optional)"), 200, here)}
                        <button class="btn sec" type="submit">{tr!(lang, "我也签字（第 {n} 次）", "I sign too (No. {n})", n = i.n)}</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    (!open.is_empty()).then(|| view! { <section class="card"><h2>{tr!(lang, "等您签字", "Waits for your signature")}</h2><ul class="plain">{forms}</ul></section> })
}

/// Defects that were shown as mended, for everybody of the group but the property company.
fn judge(boot: &Boot, v: &View) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    v.can.party.filter(|p| *p != Party::Property)?;
    let open: Vec<&DefectView> = v.defects.iter().filter(|d| d.closed.is_none() && d.mended.is_some()).collect();
    let forms = open
        .iter()
        .map(|d| {
            let here = echo().value("defect") == d.id.to_string();
            view! {
                <li class="stack">
                    <div>{defect(boot, v, d)}</div>
                    <form method="post" action="/forms/project-clear" class="stack">
                        {hidden(back(v))}<input type="hidden" name="defect" value=d.id.to_string()/>
                        {words(lang, format!("c{}", d.id), tr!(lang, "复查看到了什么", "What was seen"), 200, here)}
                        <div class="cluster"><button class="btn" type="submit" name="good" value="1">{tr!(lang, "改好了", "It is good")}</button><button class="btn sec" type="submit" name="good" value="0">{tr!(lang, "没改好", "Not yet")}</button></div>
                    </form>
                </li>
            }
        })
        .collect_view();
    (!open.is_empty()).then(|| view! { <section class="card warm"><h2>{tr!(lang, "整改等您复查", "Mended: please judge")}</h2><ul class="plain">{forms}</ul></section> })
}

fn sign_off(boot: &Boot, v: &View) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let party = v.can.party.filter(|_| v.can.sign_off && v.row.stage == Stage::Acceptance)?;
    let lack = missing(lang, v).map(|m| view! { <p class="muted">{trf!(lang, "还缺：{m}", "still missing: {m}")}</p> });
    let form = (!v.sign_offs.iter().any(|s| s.mine)).then(|| {
        let here = echo().value("about") == "sign_off";
        let label = party.label(lang);
        view! {
            <form method="post" action="/forms/project-sign-off" class="stack">
                {hidden(back(v))}<input type="hidden" name="about" value="sign_off"/><input type="hidden" name="project" value=v.row.id.to_string()/>
                {words(lang, "so".into(), tr!(lang, "验收意见", "Your words on the acceptance"), 400, here)}
                <button class="btn" type="submit">{trf!(lang, "代表{label}签验收", "Sign the acceptance: {label}")}</button>
            </form>
        }
    });
    Some(view! { <section class="card warm"><h2>{tr!(lang, "四方验收", "Acceptance")}</h2>{lack}{form}</section> })
}

fn last(boot: &Boot, v: &View) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let rows = v.inspections.iter().take(3).map(|i| view! { <li>{inspection(boot, v, i)}</li> }).collect_view();
    (!v.inspections.is_empty()).then(|| view! { <section class="card"><h2>{tr!(lang, "最近的检查", "The last inspections")}</h2><ul class="plain">{rows}</ul></section> })
}
