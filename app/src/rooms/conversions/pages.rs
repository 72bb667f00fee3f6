//! Proposals in the open and on the desk.

use super::model::{Stage, Totals, View};
use super::rules::check;
use super::store::Estate;
use crate::i18n::{Lang, spoken_date};
use crate::measure::Time;
use crate::rooms::people::rules::{Permission, may};
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::{error, hidden};
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;

/// The public list.
pub fn public(boot: &Boot, all: &[View], estate: &Estate, now: Time) -> AnyView {
    let lang = boot.lang;
    let list = if all.is_empty() {
        empty("leaf", tr!(lang, "没有公示的方案。", "Nothing is on show.").into(), None).into_any()
    } else {
        all.iter().map(|v| card(boot, v, estate, now, None)).collect_view().into_any()
    };
    let body = view! { {list}<p class="cluster"><a class="chip" href=boot.at("/bays")>{tr!(lang, "车位", "Car bays")}</a><a class="chip" href=boot.at("/bikes")>{tr!(lang, "非机动车", "Bikes")}</a></p> };
    frame(boot, Page::Board, tr!(lang, "调整用地", "Converting ground").into(), tr!(lang, "改前改后，绿化不减少", "Before and after; no green is lost").into(), body)
}

/// The desk.
pub fn desk(boot: &Boot, all: &[View], estate: &Estate, now: Time) -> AnyView {
    let lang = boot.lang;
    let drafts = boot.role().is_some_and(|r| may(r, Permission::ConversionDraft));
    let body = view! {
        {all.iter().map(|v| card(boot, v, estate, now, forms(boot, v))).collect_view()}
        {drafts.then(|| draft_form(lang, estate))}
        <p><a href="/desk/bays">{tr!(lang, "回车位台账", "Back to the register of bays")}</a></p>
    };
    frame(boot, Page::Desk, tr!(lang, "调整用地", "Converting ground").into(), String::new(), body)
}

fn card(boot: &Boot, v: &View, estate: &Estate, now: Time, more: Option<AnyView>) -> impl IntoView + use<> {
    let lang = boot.lang;
    let judged = check(v.before, v.after, &estate.areas, &v.changes, v.trees, &v.application);
    let class = match v.stage {
        Stage::Drafted | Stage::Published => "tag due",
        Stage::Agreed | Stage::Carried => "tag ok",
        Stage::Refused => "tag off",
    };
    let dates = [(tr!(lang, "公示", "on show"), v.published_at), (tr!(lang, "表决", "decided"), v.decided_at), (tr!(lang, "实施", "carried out"), v.carried_at)];
    let dates: Vec<String> = dates.into_iter().filter_map(|(word, at)| Some(format!("{} {word}", spoken_date(lang, at?, now, boot.offset())))).collect();
    let lost = judged.green_lost;
    let green = if lost.0 > 0 {
        view! { <p><span class="tag warn">{tr!(lang, "不行", "Not allowed")}</span>" "{trf!(lang, "绿化少了 {lost} m²，不能公示（R5.3）。", "{lost} m² of green are lost: it cannot be put on show (R5.3).")}</p> }.into_any()
    } else {
        view! { <p><span class="tag ok">{tr!(lang, "绿化不减少", "No green is lost")}</span></p> }.into_any()
    };
    let special = v.special.then(|| view! { <p><span class="tag">{tr!(lang, "要业主特别多数表决", "Needs a special majority of the owners")}</span>" "<span class="muted">{tr!(lang, "改变共有部分用途，四分之三同意（民法典 278 第 8 项）", "Common ground is used otherwise: three quarters (Civil Code 278, item 8)")}</span></p> });
    let trees = v.trees.then(|| {
        if v.application.is_empty() {
            view! { <p><span class="tag warn">{tr!(lang, "要移树，还没有申请", "Trees are moved; no application yet")}</span></p> }.into_any()
        } else {
            view! { <p>{tr!(lang, "移树申请：", "Application for the trees: ")}{v.application.clone()}</p> }.into_any()
        }
    });
    let vote = (!v.vote.is_empty()).then(|| view! { <p>{tr!(lang, "表决：", "Vote: ")}{v.vote.clone()}</p> });
    view! {
        <section class="card">
            <h2>{v.number.clone()}" "{v.title.clone()}" "<span class=class>{v.stage.label(lang)}</span></h2>
            <p class="muted">{dates.join(" · ")}</p>
            <p>{v.words.clone()}</p>
            {totals(lang, &v.before, &v.after)}
            {green}{special}{trees}{vote}
            {changes(lang, v, estate)}
            {more}
        </section>
    }
}

fn totals(lang: Lang, before: &Totals, after: &Totals) -> impl IntoView + use<> {
    let line = |name: &'static str, a: String, b: String| view! { <tr><th scope="row">{name}</th><td class="n">{a}</td><td class="n strong">{b}</td></tr> };
    view! {
        <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "改前改后", "Before and after")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "全小区", "Whole estate")}</th><th scope="col" class="n">{tr!(lang, "改前", "Before")}</th><th scope="col" class="n">{tr!(lang, "改后", "After")}</th></tr></thead>
            <tbody>
                {line(tr!(lang, "能用的车位", "Usable bays"), before.bays.to_string(), after.bays.to_string())}
                {line(tr!(lang, "非机动车位", "Places for bikes"), before.bikes.to_string(), after.bikes.to_string())}
                {line(tr!(lang, "绿化 m²", "Green m²"), before.green.to_string(), after.green.to_string())}
            </tbody>
        </table></div>
    }
}

fn changes(lang: Lang, v: &View, estate: &Estate) -> impl IntoView + use<> {
    let area = |c: &super::model::AreaChange| {
        let (name, was) = estate.areas.iter().find(|a| a.code == c.code).map_or((c.code.clone(), ""), |a| (format!("{} {}", a.code, a.name), a.ground.label(lang)));
        let (green, bikes) = (c.green, c.bikes);
        let was = if v.stage == Stage::Carried { String::new() } else { format!("{was} → ") };
        view! { <li>{format!("{name} {was}")}{c.ground.label(lang)}{trf!(lang, "，绿化 {green} m²，非机动车位 {bikes}", ", green {green} m², {bikes} bikes")}</li> }
    };
    let bays = |word: &'static str, codes: &[String]| (!codes.is_empty()).then(|| view! { <li>{word}{codes.join("、")}</li> });
    view! {
        <details class="more"><summary>{tr!(lang, "改哪里", "What changes")}</summary><ul class="plain">
            {v.changes.areas.iter().map(area).collect_view()}
            {bays(tr!(lang, "腾出车位：", "Bays won back: "), &v.changes.frees)}
            {bays(tr!(lang, "不再停车：", "Bays given up: "), &v.changes.closes)}
        </ul></details>
    }
}

/// What can be done with it now.
fn forms(boot: &Boot, v: &View) -> Option<AnyView> {
    let lang = boot.lang;
    let role = boot.role()?;
    let keys =
        || view! { {hidden("/desk/conversions")}<input type="hidden" name="conversion" value=v.id.to_string()/><input type="hidden" name="version" value=v.version.to_string()/> };
    let application = |id: String| {
        v.trees.then(|| view! { <div class="field"><label for=id.clone()>{tr!(lang, "移树申请的编号", "The application for the trees")}</label><input id=id type="text" name="application" maxlength="100" value=v.application.clone()/></div> })
    };
    let id = |word: &str| format!("{word}-{}", v.number);
    match v.stage {
        Stage::Drafted if may(role, Permission::ConversionDraft) => Some(view! { <form method="post" action="/forms/conversion-publish" class="stack">{keys()}{application(id("app"))}<button class="btn" type="submit">{tr!(lang, "公示", "Put it on show")}</button></form> }.into_any()),
        Stage::Published if may(role, Permission::ConversionDecide) => Some(
            view! {
                <form method="post" action="/forms/conversion-decide" class="stack">{keys()}
                    <div class="field"><label for=id("vote")>{tr!(lang, "哪一次表决、结果怎样", "Which vote, and what came of it")}</label><input id=id("vote") type="text" name="vote" maxlength="200" required value=echo().value("vote")/>{error("vote", lang)}</div>
                    <div class="acts"><button class="btn" type="submit" name="agreed" value="1">{tr!(lang, "通过", "Agreed")}</button><button class="btn sec" type="submit" name="agreed" value="0">{tr!(lang, "没有通过", "Not agreed")}</button></div>
                </form>
            }
            .into_any(),
        ),
        Stage::Agreed if may(role, Permission::Bays) => Some(view! { <form method="post" action="/forms/conversion-carry" class="stack">{keys()}{application(id("app"))}<button class="btn" type="submit">{tr!(lang, "已经实施，更新台账", "Carried out: change the registers")}</button></form> }.into_any()),
        _ => None,
    }
}

fn draft_form(lang: Lang, estate: &Estate) -> impl IntoView + use<> {
    let field = |name: &'static str, label: &'static str, most: &'static str| view! { <div class="field"><label for=name>{label}</label><input id=name type="text" name=name maxlength=most value=echo().value(name)/>{error(name, lang)}</div> };
    let known = estate.areas.iter().map(|a| view! { <li>{format!("{} {} · {} · {} m²", a.code, a.name, a.ground.label(lang), a.size)}</li> }).collect_view();
    view! {
        <form method="post" action="/forms/conversion-draft" class="card stack">
            <h2>{tr!(lang, "起草一个方案", "Draft a proposal")}</h2>
            {hidden("/desk/conversions")}
            {field("title", tr!(lang, "叫什么", "Title"), "60")}
            <div class="field"><label for="words">{tr!(lang, "怎么改、为什么", "What is done, and why")}</label><textarea id="words" name="words" rows="4" maxlength="1000">{echo().value("words")}</textarea>{error("words", lang)}</div>
            <div class="field"><label for="areas">{tr!(lang, "地块，一行一块：编号 用途 绿化m² 非机动车位", "Ground, one on a line: code, use, green m², bikes")}</label><textarea id="areas" name="areas" rows="4" maxlength="8000" placeholder="L-03 bikes 12.50 80">{echo().value("areas")}</textarea><p class="hint">{tr!(lang, "用途写 绿地、非机动车停放、铺装地、其他（或 green bikes paved other）。", "Uses: green, bikes, paved, other.")}</p>{error("areas", lang)}</div>
            {field("frees", tr!(lang, "腾出哪些车位（编号，空格隔开）", "Bays that are won back (codes, with blanks)"), "4000")}
            {field("closes", tr!(lang, "哪些车位不再停车", "Bays that are given up"), "4000")}
            {error("bays", lang)}
            <label class="check"><input type="checkbox" name="trees" value="1" checked={echo().value("trees") == "1"}/><span>{tr!(lang, "要移树", "Trees are moved")}</span></label>
            {field("application", tr!(lang, "移树申请的编号（还没有不填）", "The application for the trees, if any"), "100")}
            <button class="btn" type="submit">{tr!(lang, "起草", "Draft it")}</button>
            <details class="more"><summary>{tr!(lang, "登记的地块", "Ground in the register")}</summary><ul class="plain">{known}</ul></details>
        </form>
    }
}
