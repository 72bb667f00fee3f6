//! The desk of scoring: rounds, their steps, counts and charges with proof, the appeal, who is on the roll.

use super::model::{Party, RoundRow, Stage};
use super::pages::{body, charge, list_of, turnout};
use super::papers::item_name;
use super::scorers::Scorer;
use super::store::{View, may_see_result};
use super::template::{Kind, Template, spoken_halves};
use crate::i18n::{Lang, spoken_time};
use crate::ids::{MutationId, PlaceId};
use crate::measure::{Fen, Time};
use crate::rooms::fund::pages::spoken_half;
use crate::rooms::people::rules::{Permission, may};
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::kept_photos;
use crate::ui::frame::Page;
use crate::ui::{frame, icon};
use crate::{tr, trf};
use leptos::prelude::*;

fn allowed(boot: &Boot, what: Permission) -> bool {
    boot.role().is_some_and(|r| may(r, what))
}

fn wrong(form: &str, field: &str, lang: Lang) -> Option<AnyView> {
    let echo = echo();
    let all: Vec<String> = if echo.value("form") == form { echo.fields.iter().filter(|f| f.field == field).map(|f| f.text(lang).to_owned()).collect() } else { vec![] };
    (!all.is_empty()).then(|| all.into_iter().map(|e| view! { <p class="err" role="alert">{e}</p> }).collect_view().into_any())
}

fn typed(form: &str, field: &str) -> String {
    if echo().value("form") == form { echo().value(field) } else { String::new() }
}

/// The fields that every form of a round carries; `form` says which of them comes back when it is refused.
fn about(view: &View, form: &'static str) -> impl IntoView + use<> {
    let round = view.row.id;
    view! {
        <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value=format!("/desk/scoring/{round}")/>
        <input type="hidden" name="form" value=form/><input type="hidden" name="round" value=round.to_string()/><input type="hidden" name="version" value=view.version.to_string()/>
    }
}

/// `form` says which of the page's forms it stands in: what another one had brought is not this one's.
fn proof(lang: Lang, form: &str) -> impl IntoView + use<> {
    let kept = (echo().value("form") == form).then(|| kept_photos(lang, "photo"));
    view! { {kept}<div class="shots"><label class="add"><input type="file" name="file" accept="image/*" multiple/>{icon("camera")}<span>{tr!(lang, "证据照片（最多 3 张）", "Photos of the proof (at most 3)")}</span></label></div> }
}

/// All rounds, and the form that opens one.
pub fn list(boot: &Boot, rounds: &[RoundRow], halves: &[String], template: &Template, retained: Fen, now: Time) -> AnyView {
    let lang = boot.lang;
    let rows = rounds
        .iter()
        .map(|r| {
            let (of, in_) = r.handed();
            let result = r.verdict.map(|v| super::papers::verdict(lang, v)).unwrap_or_default();
            let until = spoken_time(lang, r.closes_at, now, boot.offset());
            view! { <li><a href=format!("/desk/scoring/{}", r.id)><b>{r.number.clone()}" "{spoken_half(lang, &r.half)}</b></a>" "<span class="tag off">{r.stage.label(lang)}</span>" "{result}<br/><span class="muted">{trf!(lang, "交表 {in_} / {of}，{until} 截止", "{in_} of {of} in, until {until}")}</span></li> }
        })
        .collect_view();
    let free = rounds.iter().all(|r| r.stage == Stage::Published);
    let form = (allowed(boot, Permission::ScoringRun) && free).then(|| open_form(lang, halves, template, retained));
    frame(
        boot,
        Page::Desk,
        tr!(lang, "物业考核", "Scoring").into(),
        String::new(),
        view! { {form}<ul class="plain card">{rows}</ul>{sheet(lang, template)}{allowed(boot, Permission::ScoringRun).then(|| sheet_form(lang, template))} },
    )
}

/// A sheet of the community's own: downloaded, changed, uploaded. What is wrong with it is named line by line.
fn sheet_form(lang: Lang, template: &Template) -> impl IntoView + use<> {
    let all = ["file", "items", "deductions"].into_iter().filter_map(|field| wrong("template", field, lang)).collect_view();
    let name = if echo().value("form") == "template" { echo().value("name") } else { template.name.clone() };
    view! {
        <details class="card more" open={echo().value("form") == "template"}><summary>{tr!(lang, "改考核表", "Change the sheet")}</summary>
            <p><a class="chip" href="/desk/scoring/editor">{tr!(lang, "在网页上改", "Change it on a page")}</a></p>
            <p><a class="chip" href="/desk/scoring/sheet.xlsx" download="">{tr!(lang, "下载现在的考核表（XLSX）", "Download the present sheet (XLSX)")}</a></p>
            <p class="hint">{tr!(lang, "在下载的表上改，满分合计要是 100 分。扣分项、否决项和五档说明不变。正在打分的一轮不受影响。", "Change the file; all items are worth 100 points together. Deductions, vetoes and anchors stay. A round that runs is not touched.")}</p>
            <form method="post" action="/forms/scoring-template" enctype="multipart/form-data" class="stack">
                <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value="/desk/scoring"/><input type="hidden" name="form" value="template"/>
                <div class="field-row"><div class="field"><label for="tname">{tr!(lang, "叫什么", "Its name")}</label><input id="tname" type="text" name="name" maxlength="40" value=name/>{wrong("template", "name", lang)}</div>
                <div class="field"><label for="tsource">{tr!(lang, "谁决定的", "Who decided it")}</label><input id="tsource" type="text" name="source" maxlength="100" placeholder=tr!(lang, "例如 业主大会 2026-05", "e.g. owners' meeting 2026-05") value=typed("template", "source")/>{wrong("template", "source", lang)}</div></div>
                <div class="field"><label for="tfile">{tr!(lang, "改好的表（XLSX 或 CSV）", "The changed file (XLSX or CSV)")}</label><input id="tfile" type="file" name="file" accept=".xlsx,.csv"/></div>
                {all}<button class="btn" type="submit">{tr!(lang, "启用", "Adopt")}</button></form></details>
    }
}

fn open_form(lang: Lang, halves: &[String], template: &Template, retained: Fen) -> impl IntoView + use<> {
    let typed = |name: &str, other: &str| if echo().value(name).is_empty() { other.to_owned() } else { echo().value(name) };
    let error = |name: &str| echo().error(name, lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    let chosen = typed("half", halves.first().map_or("", String::as_str));
    let options = halves.iter().map(|h| view! { <option value=h.clone() selected={*h == chosen}>{spoken_half(lang, h)}</option> }).collect_view();
    view! {
        <form method="post" action="/forms/scoring-open" class="card stack">
            <h2>{tr!(lang, "开一轮考核", "Open a round")}</h2>
            <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value="/desk/scoring"/>
            <div class="field-row">
                <div class="field"><label for="half">{tr!(lang, "考核哪个半年", "Which half-year")}</label><select id="half" name="half">{options}</select>{error("half")}</div>
                <div class="field"><label for="days">{tr!(lang, "几天内打完", "Days to score")}</label><input id="days" type="number" name="days" min="1" max="60" value=typed("days", "14")/>{error("days")}</div>
                <div class="field"><label for="retained">{tr!(lang, "合同留存的考核金（元，没有填 0）", "Retained by the contract (yuan, 0 for none)")}</label><input id="retained" type="text" inputmode="decimal" name="retained" maxlength="16" value=typed("retained", &retained.to_string())/>{error("retained")}</div>
            </div>
            <p class="hint">{tr!(lang, "用“{t}”。打分人名单按现在的业主代表和楼组长定下，规则数字也按今天的定下，以后不变。", "With “{t}”. Roll and rule numbers are frozen as they are today.", t = template.name)}</p>
            <p class="hint">{tr!(lang, "考核金按“规则与数字”里的合同月报酬和留存比例算好，合同另有写法的照合同改。", "The retained sum is computed from the contract's monthly remuneration and share under “Rule numbers”; change it where the contract says otherwise.")}</p>
            <button class="btn" type="submit">{tr!(lang, "开始", "Open")}</button>
        </form>
    }
}

fn sheet(lang: Lang, template: &Template) -> impl IntoView + use<> {
    let rows = template
        .items()
        .map(|i| {
            let kind = match (i.kind, i.source) {
                (Kind::Rated, _) => tr!(lang, "打分", "rated"),
                (_, Some(_)) => tr!(lang, "系统统计", "counted by the program"),
                _ => tr!(lang, "凭证录入", "entered with proof"),
            };
            view! { <tr><th scope="row">{item_name(lang, template, &i.code)}</th><td class="num">{spoken_halves(i.full)}</td><td>{kind}</td><td>{i.test.clone()}</td></tr> }
        })
        .collect_view();
    view! {
        <details class="card more"><summary>{tr!(lang, "现在的考核表：", "The sheet as it is: ")}{template.name.clone()}</summary><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "考核表", "Sheet")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "评分项", "Item")}</th><th scope="col" class="num">{tr!(lang, "满分", "Full")}</th><th scope="col">{tr!(lang, "谁说了算", "Who says so")}</th><th scope="col">{tr!(lang, "满分标准", "Full marks when")}</th></tr></thead>
            <tbody>{rows}</tbody></table></div></details>
    }
}

/// A round at its desk. `roll` is there for those who audit alone.
pub fn one(boot: &Boot, view: &View, roll: Option<&[Scorer]>, remarks: &[(String, Vec<String>)], places: &[(PlaceId, String)], now: Time) -> AnyView {
    let lang = boot.lang;
    let until = spoken_time(lang, view.row.closes_at, now, boot.offset());
    let stage = view.row.stage;
    let open = view! { <p><span class="tag due">{stage.label(lang)}</span>" "{trf!(lang, "{until} 截止", "until {until}")}</p> };
    let result = if may_see_result(stage) {
        body(boot, view, &[], None, now)
    } else {
        view! { <section class="card stack">{turnout(lang, &view.row)}<p class="hint">{tr!(lang, "结果要等出了初步结果才看得到。", "The result is seen once its draft stands.")}</p></section>{(stage == Stage::Closed || allowed(boot, Permission::ScoringAudit)).then(|| facts(boot, view))} }.into_any()
    };
    let public = (stage == Stage::Published)
        .then(|| view! { <p><a class="chip" href=boot.at(&format!("/scoring/{}", view.row.number))>{tr!(lang, "看公布的结果", "The published result")}</a></p> });
    let forms = view! {
        {steps(boot, view, now)}
        {allowed(boot, Permission::ScoringAudit).then(|| audit_forms(boot, view))}
        {appeal_form(boot, view, now)}
        {decide_form(boot, view)}
        {mend_form(boot, view, places)}
    };
    let words = (may_see_result(stage) && !remarks.is_empty()).then(|| said(lang, view, remarks));
    frame(boot, Page::Desk, view.row.number.clone(), spoken_half(lang, &view.row.half), view! { {open}{public}{forms}{result}{words}{roll.map(|r| scorers(boot, view, r, now))} })
}

/// What was counted and charged so far.
fn facts(boot: &Boot, view: &View) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = view.readings.iter().map(|r| (item_name(lang, &view.template, &r.item), format!("{}　{}", crate::rooms::assets::pages::rate(r.good, r.all), r.words))).collect();
    let missing: Vec<String> = view.template.items().filter(|i| i.kind != Kind::Rated && !view.readings.iter().any(|r| r.item == i.code)).map(|i| i.code.clone()).collect();
    let missing = (!missing.is_empty()).then(|| view! { <p class="hint">{tr!(lang, "还没有统计的：", "Not counted yet: ")}{missing.join("、")}</p> });
    let charges = view.charges.iter().map(|c| view! { {charge(boot, view, c)} }).collect_view();
    view! { <section class="card"><h2>{tr!(lang, "客观项与扣分", "Counts and charges")}</h2>{list_of(rows)}{missing}<ul class="plain">{charges}</ul></section> }
}

fn steps(boot: &Boot, view: &View, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (step, label, hint) = match view.row.stage {
        Stage::Open => (
            "close",
            tr!(lang, "截止", "Close"),
            tr!(
                lang,
                "到时间或收齐后才能截止。截止后系统自动统计客观项，打分表不能再改。",
                "When it is over or all are in. The program then counts what it can, and no sheet changes any more."
            ),
        ),
        Stage::Closed => (
            "draft",
            tr!(lang, "出初步结果", "Draft the result"),
            tr!(lang, "出了以后不能再改客观项和扣分，物业可以申诉。", "Counts and charges are then final, and the company may appeal."),
        ),
        Stage::Draft => (
            "publish",
            tr!(lang, "公布结果", "Publish"),
            tr!(lang, "申诉期过后，或三方答复后，才能公布。", "After the time for an appeal, or when three parties have answered it."),
        ),
        Stage::Published => return ().into_any(),
    };
    let until = view.appeal_until.filter(|_| view.row.stage == Stage::Draft).map(|at| {
        let at = spoken_time(lang, at, now, boot.offset());
        let gap = if !view.weekends_only {
            ""
        } else {
            tr!(lang, "（定的时候这一年的节假日还没有录入，只按周末算）", " (counted by weekends only: the year's holidays were not entered when it was fixed)")
        };
        view! { <p>{trf!(lang, "申诉期到 {at} 为止", "Appeals until {at}")}{gap}</p> }
    });
    let steps = allowed(boot, Permission::ScoringRun).then(|| {
        let extend = (view.row.stage == Stage::Open).then(|| {
            view! {
                <details class="more" open={echo().value("form") == "extend"}><summary>{tr!(lang, "延期", "Extend")}</summary><form method="post" action="/forms/scoring-extend" class="stack">{about(view, "extend")}
                    <div class="field-row"><div class="field"><label for="edays">{tr!(lang, "延几天", "Days more")}</label><input id="edays" type="number" name="days" min="1" max="30" value=typed("extend", "days")/>{wrong("extend", "days", lang)}</div>
                    <div class="field"><label for="ereason">{tr!(lang, "为什么", "Why")}</label><input id="ereason" type="text" name="reason" maxlength="200" value=typed("extend", "reason")/>{wrong("extend", "reason", lang)}</div></div>
                    <button class="btn sec" type="submit">{tr!(lang, "延期", "Extend")}</button></form></details>
            }
        });
        view! { <form method="post" action="/forms/scoring-step" class="stack">{about(view, step)}<p class="hint">{hint}</p><button class="btn" type="submit">{label}</button></form>{extend} }
    });
    view! { <section class="card stack">{until}{steps}</section> }.into_any()
}

fn audit_forms(boot: &Boot, view: &View) -> AnyView {
    let lang = boot.lang;
    if !matches!(view.row.stage, Stage::Open | Stage::Closed) {
        return ().into_any();
    }
    let counted = |code: &str| view.readings.iter().any(|r| r.own && r.item == code);
    let items = view
        .template
        .items()
        .filter(|i| i.kind != Kind::Rated && !counted(&i.code))
        .map(|i| view! { <option value=i.code.clone() selected={typed("reading", "item") == i.code}>{item_name(lang, &view.template, &i.code)}"："{i.test.clone()}</option> })
        .collect_view();
    let codes = view
        .template
        .deductions
        .iter()
        .map(|d| (d.code.clone(), tr!(lang, "{n}（每次 −{p}，最多 −{c}）", "{n} (−{p} each, −{c} at most)", n = d.name, p = d.points, c = d.cap)))
        .chain(view.template.vetoes.iter().map(|v| (v.code.clone(), tr!(lang, "一票否决：{n}", "Veto: {n}", n = v.name))))
        .map(|(code, name)| view! { <option value=code.clone() selected={typed("charge", "code") == code}>{name}</option> })
        .collect_view();
    let back = view
        .charges
        .iter()
        .filter(|c| c.discharged.is_none())
        .map(|c| {
            let name = view.template.charge(&c.code).unwrap_or_default().to_owned();
            view! { <form method="post" action="/forms/scoring-discharge" class="stack">{about(view, "discharge")}<input type="hidden" name="charge" value=c.id.to_string()/>
                <div class="field"><label for=format!("d{}", c.id)>{tr!(lang, "撤销：", "Take back: ")}{name}</label><input id=format!("d{}", c.id) type="text" name="reason" maxlength="200" placeholder=tr!(lang, "为什么撤销", "Why")/>{wrong("discharge", "reason", lang)}</div><button class="btn sec small" type="submit">{tr!(lang, "撤销", "Take back")}</button></form> }
        })
        .collect_view();
    view! {
        <details class="card more" open={echo().value("form") == "reading"}><summary>{tr!(lang, "录入客观项", "Enter a count")}</summary><form method="post" action="/forms/scoring-reading" enctype="multipart/form-data" class="stack">{about(view, "reading")}
            <div class="field"><label for="ritem">{tr!(lang, "哪一项", "Item")}</label><select id="ritem" name="item">{items}</select>{wrong("reading", "item", lang)}</div>
            <div class="field-row"><div class="field"><label for="good">{tr!(lang, "达标数", "How many were good")}</label><input id="good" type="number" name="good" min="0" value=typed("reading", "good")/></div>
            <div class="field"><label for="all">{tr!(lang, "总数", "Of how many")}</label><input id="all" type="number" name="all" min="1" value=typed("reading", "all")/></div></div>{wrong("reading", "good", lang)}
            <div class="field"><label for="rwords">{tr!(lang, "怎么数的，依据在哪里", "What was counted, and where it stands")}</label><input id="rwords" type="text" name="words" maxlength="200" value=typed("reading", "words")/>{wrong("reading", "words", lang)}</div>
            {proof(lang, "reading")}{wrong("reading", "photos", lang)}<button class="btn" type="submit">{tr!(lang, "录入", "Enter")}</button></form></details>
        <details class="card more" open={echo().value("form") == "charge"}><summary>{tr!(lang, "扣分或否决", "Charge a deduction or a veto")}</summary><form method="post" action="/forms/scoring-charge" enctype="multipart/form-data" class="stack">{about(view, "charge")}
            <div class="field"><label for="ccode">{tr!(lang, "哪一条", "Which")}</label><select id="ccode" name="code">{codes}</select>{wrong("charge", "code", lang)}</div>
            <div class="field"><label for="cwords">{tr!(lang, "什么事，证据在哪里", "What happened, and where the evidence is")}</label><textarea id="cwords" name="words" rows="3" maxlength="300">{typed("charge", "words")}</textarea>{wrong("charge", "words", lang)}</div>
            {proof(lang, "charge")}{wrong("charge", "photos", lang)}<button class="btn" type="submit">{tr!(lang, "记下", "Charge")}</button></form>{back}</details>
    }
    .into_any()
}

fn appeal_form(boot: &Boot, view: &View, now: Time) -> AnyView {
    let lang = boot.lang;
    let may_appeal = allowed(boot, Permission::ScoringAppeal)
        && view.row.stage == Stage::Draft
        && view.appeal.is_none()
        && view.count.verdict().is_some()
        && view.appeal_until.is_some_and(|at| now < at);
    if !may_appeal {
        return ().into_any();
    }
    let charges = view
        .charges
        .iter()
        .filter(|c| c.discharged.is_none())
        .map(|c| {
            let name = view.template.charge(&c.code).unwrap_or_default().to_owned();
            view! { <label class="check"><input type="checkbox" name="charge" value=c.id.to_string() checked={echo().all("charge").contains(&c.id.to_string())}/><span>{name}"："{c.words.clone()}</span></label> }
        })
        .collect_view();
    let readings = view
        .readings
        .iter()
        .map(|r| {
            let name = item_name(lang, &view.template, &r.item);
            let (good, all) = (format!("good.{}", r.item), format!("all.{}", r.item));
            view! { <div class="field-row"><div class="field"><label for=good.clone()>{name.clone()}" "{format!("{} / {}", r.good, r.all)}</label><input id=good.clone() type="number" min="0" name=good.clone() placeholder=tr!(lang, "达标数应为", "Good should be") value=typed("appeal", &good)/></div><div class="field"><label for=all.clone()>{tr!(lang, "总数应为", "Of")}</label><input id=all.clone() type="number" min="1" name=all.clone() value=typed("appeal", &all)/></div></div> }
        })
        .collect_view();
    view! {
        <form method="post" action="/forms/scoring-appeal" enctype="multipart/form-data" class="card stack">{about(view, "appeal")}
            <h2>{tr!(lang, "申诉", "Appeal")}</h2><p class="hint">{tr!(lang, "只能就扣分和客观项申诉，一轮一次；打的分不能申诉。", "About charges and counts alone, once a round; nobody's marks are open to it.")}</p>
            <fieldset class="acts"><legend>{tr!(lang, "哪些扣分不对", "Which charges are wrong")}</legend>{charges}</fieldset>
            <details class="more"><summary>{tr!(lang, "哪些统计不对（只填要改的）", "Which counts are wrong (only those)")}</summary>{readings}</details>{wrong("appeal", "pleas", lang)}
            <div class="field"><label for="awords">{tr!(lang, "理由和证据", "Why, and what shows it")}</label><textarea id="awords" name="words" rows="4" maxlength="500">{typed("appeal", "words")}</textarea>{wrong("appeal", "words", lang)}</div>
            {proof(lang, "appeal")}{wrong("appeal", "photos", lang)}<button class="btn" type="submit">{tr!(lang, "提交申诉", "Appeal")}</button>
        </form>
    }
    .into_any()
}

fn decide_form(boot: &Boot, view: &View) -> AnyView {
    let lang = boot.lang;
    let said = view.appeal.as_ref().map(|a| a.opinions.iter().map(|o| o.0).collect::<Vec<Party>>());
    let Some(said) = said.filter(|_| allowed(boot, Permission::ScoringDecide) && view.row.stage == Stage::Draft) else { return ().into_any() };
    let waiting: Vec<&str> = Party::ALL.into_iter().filter(|p| !said.contains(p)).map(|p| p.label(lang)).collect();
    if waiting.is_empty() {
        return ().into_any();
    }
    view! {
        <form method="post" action="/forms/scoring-decide" class="card stack">{about(view, "decide")}
            <h2>{tr!(lang, "答复申诉", "Answer the appeal")}</h2><p class="hint">{tr!(lang, "还没答复的：", "Not answered yet: ")}{waiting.join("、")}</p>
            <fieldset class="acts"><legend class="muted">{tr!(lang, "这一方的意见", "This party's word")}</legend>
                <label class="check"><input type="radio" name="upholds" value="1" required/><span>{tr!(lang, "支持申诉", "The appeal is right")}</span></label>
                <label class="check"><input type="radio" name="upholds" value="0"/><span>{tr!(lang, "不支持", "It is not")}</span></label></fieldset>
            <div class="field"><label for="dwords">{tr!(lang, "理由", "Why")}</label><input id="dwords" type="text" name="words" maxlength="300" value=typed("decide", "words")/>{wrong("decide", "words", lang)}</div>
            <button class="btn" type="submit">{tr!(lang, "答复", "Answer")}</button>
        </form>
    }
    .into_any()
}

fn mend_form(boot: &Boot, view: &View, places: &[(PlaceId, String)]) -> AnyView {
    let lang = boot.lang;
    if !(allowed(boot, Permission::ScoringMend) && view.row.stage == Stage::Published) {
        return ().into_any();
    }
    // The weakest come first: they are what a list of things to be mended is made of.
    let items = view
        .count
        .from_weakest()
        .into_iter()
        .map(|i| view! { <option value=i.code.clone() selected={typed("rectify", "item") == i.code}>{item_name(lang, &view.template, &i.code)}</option> })
        .collect_view();
    let spots =
        places.iter().map(|(id, name)| view! { <option value=id.to_string() selected={typed("rectify", "place") == id.to_string()}>{name.clone()}</option> }).collect_view();
    let days = view.numbers.rectify_days;
    view! {
        <form method="post" action="/forms/scoring-rectify" class="card stack">{about(view, "rectify")}
            <h2>{tr!(lang, "开整改单", "Have something mended")}</h2><p class="hint">{trf!(lang, "会生成一张工单，{days} 天内改好。", "It becomes a ticket, to be done within {days} days.")}</p>
            <div class="field-row"><div class="field"><label for="mitem">{tr!(lang, "哪一项", "Item")}</label><select id="mitem" name="item">{items}</select>{wrong("rectify", "item", lang)}</div>
            <div class="field"><label for="mplace">{tr!(lang, "在哪里", "Where")}</label><select id="mplace" name="place">{spots}</select></div></div>
            <div class="field"><label for="mwords">{tr!(lang, "要改什么", "What has to be done")}</label><input id="mwords" type="text" name="words" maxlength="200" value=typed("rectify", "words")/>{wrong("rectify", "words", lang)}</div>
            <button class="btn" type="submit">{tr!(lang, "开单", "Make the ticket")}</button>
        </form>
    }
    .into_any()
}

/// What scorers wrote, by item, without names.
fn said(lang: Lang, view: &View, remarks: &[(String, Vec<String>)]) -> impl IntoView + use<> {
    let rows = remarks
        .iter()
        .map(|(code, words)| {
            let list = words.iter().map(|w| view! { <li>{w.clone()}</li> }).collect_view();
            view! { <h3>{item_name(lang, &view.template, code)}</h3><ul class="plain">{list}</ul> }
        })
        .collect_view();
    view! { <details class="card more"><summary>{tr!(lang, "打分人写的说明（不带名字）", "What scorers wrote (without names)")}</summary>{rows}</details> }
}

fn scorers(boot: &Boot, view: &View, roll: &[Scorer], now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let open = view.row.stage == Stage::Open;
    let rows = roll
        .iter()
        .map(|s| {
            let at = s.handed_at.map_or_else(|| tr!(lang, "没交", "Not in").to_owned(), |at| spoken_time(lang, at, now, boot.offset()));
            let flags = s.flags.map(|f| [(f.straight, tr!(lang, "几乎全一样", "nearly all alike")), (f.outlier, tr!(lang, "离中位很远", "far from the middle"))].into_iter().filter(|f| f.0).map(|f| f.1).collect::<Vec<_>>().join("、")).unwrap_or_default();
            let tie = match &s.conflict {
                Some(why) => view! { {tr!(lang, "有关系：", "Tie: ")}{why.clone()} }.into_any(),
                None if open => view! { <details class="more"><summary>{tr!(lang, "登记利益关系", "Record a tie")}</summary><form method="post" action="/forms/scoring-conflict" class="stack">{about(view, "conflict")}<input type="hidden" name="person" value=s.person.to_string()/><input type="text" name="reason" maxlength="200" aria-label=tr!(lang, "什么关系", "What ties them")/><button class="btn small sec" type="submit">{tr!(lang, "登记", "Record")}</button></form></details> }.into_any(),
                None => ().into_any(),
            };
            let paper = (open && s.handed_at.is_none() && s.conflict.is_none())
                .then(|| view! { <p><a href=format!("/print/scoring-sheet/{}/{}", view.row.id, s.person)>{tr!(lang, "纸质表", "Paper")}</a>" · "<a href=format!("/desk/scoring/{}/paper/{}", view.row.id, s.person)>{tr!(lang, "录入", "Type in")}</a></p> });
            view! { <tr><th scope="row">{s.name.clone()}</th><td>{s.group.label(lang)}</td><td>{at}{paper}</td><td>{flags}</td><td>{tie}</td></tr> }
        })
        .collect_view();
    view! {
        <section class="card"><h2>{tr!(lang, "打分人名单（只有居委会和审计看得到）", "The roll (for those who audit)")}</h2>{wrong("conflict", "reason", lang)}
        <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "打分人名单", "The roll")><table class="t"><thead><tr><th scope="col">{tr!(lang, "姓名", "Name")}</th><th scope="col">{tr!(lang, "组", "Group")}</th><th scope="col">{tr!(lang, "交表", "Handed in")}</th><th scope="col">{tr!(lang, "提示", "Flags")}</th><th scope="col">{tr!(lang, "利益关系", "Ties")}</th></tr></thead><tbody>{rows}</tbody></table></div>
        <p class="hint">{tr!(lang, "提示只是提醒核实，任何一张表都不会因此不算。", "Flags ask for a second look; no sheet is left out for one.")}</p></section>
    }
}
