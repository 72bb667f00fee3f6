//! The committee's desk: what waits for one's own word first, and everything for it on one screen of a phone.

use super::model::{Form, MatterRow, MatterView, State};
use super::pages::{Subject, about, heading, outcome, roll, seat, state_tag};
use super::rules::{REASON_MAX, needed};
use crate::i18n::spoken_date;
use crate::ids::MutationId;
use crate::measure::Time;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;

/// The page: the list, and one matter.
pub fn page(boot: &Boot, rows: &[MatterRow], chosen: Option<&(MatterView, Subject)>, asked: bool, now: Time) -> AnyView {
    let lang = boot.lang;
    let mine = rows.iter().filter(|r| r.waits_for_me).count();
    let open = rows.iter().filter(|r| r.state == State::Open).count();
    let on = chosen.map(|(m, _)| m.row.id);
    let list = if rows.is_empty() {
        empty("check", tr!(lang, "没有要业委会决定的事。", "Nothing is before the committee.").into(), None).into_any()
    } else {
        rows.iter().map(|r| item(boot, r, on == Some(r.id), now)).collect_view().into_any()
    };
    let detail = match chosen {
        Some((m, subject)) => detail(boot, m, subject).into_any(),
        None => empty("list", tr!(lang, "选一件看详情", "Choose one to see it").into(), None).into_any(),
    };
    let body = view! { <div class=if asked { "desk chosen" } else { "desk" }><div class="list">{list}</div><div class="det">{detail}</div></div> };
    frame(
        boot,
        Page::Desk,
        tr!(lang, "业委会决定", "Committee decisions").into(),
        trf!(lang, "{mine} 件等您表态，{open} 件还没有决定", "{mine} wait for your word, {open} are not decided"),
        body,
    )
}

fn item(boot: &Boot, r: &MatterRow, on: bool, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (number, day) = (r.number.clone(), spoken_date(lang, r.opened_at, now, boot.offset()));
    let waits = r.waits_for_me.then(|| view! { <span class="tag warn">{tr!(lang, "等您表态", "Waits for you")}</span> });
    let tag = (!r.waits_for_me).then(|| state_tag(lang, r.state));
    view! {
        <a class=if on { "it on" } else { "it" } href=format!("/desk/decisions?d={number}") aria-current=on.then_some("true")>
            <span class="t"><b>{heading(lang, r)}</b><span>{number.clone()}" · "{day}</span></span>
            <em>{r.amount.to_string()}</em>
            {waits}
            {tag}
        </a>
    }
}

fn detail(boot: &Boot, m: &MatterView, subject: &Subject) -> impl IntoView + use<> {
    let lang = boot.lang;
    let number = m.row.number.clone();
    let back = format!("/desk/decisions?d={number}");
    view! {
        <a class="back" href="/desk/decisions">{tr!(lang, "回到列表", "Back to the list")}</a>
        <h2>{heading(lang, &m.row)}</h2>
        <p class="muted">{number.clone()}" · "<a href=boot.at(&format!("/decisions/{number}"))>{tr!(lang, "公开页面", "Public page")}</a></p>
        <div class="cols">
            <div>{outcome(boot, m)}{about(boot, m, subject)}</div>
            <div>{stand(boot, m, &back)}{meeting(boot, m, &back)}{roll(boot, m)}</div>
        </div>
    }
}

fn hidden(m: &MatterView, back: &str, what: &'static str) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="id" value=MutationId::new().to_string()/>
        <input type="hidden" name="matter" value=m.row.id.to_string()/>
        <input type="hidden" name="back" value=back.to_owned()/>
        <input type="hidden" name="asked" value=what/>
    }
}

/// One's own declaration and word, or where one stands.
pub fn stand(boot: &Boot, m: &MatterView, back: &str) -> AnyView {
    let lang = boot.lang;
    let number = m.row.number.clone();
    let link = view! { <p class="muted"><a href=format!("/desk/decisions?d={number}")>{trf!(lang, "业委会决定 {number}", "Decision {number}")}</a></p> };
    let Some(me) = m.me().filter(|_| m.row.state == State::Open) else {
        let (members, need) = (m.tally.members, needed(m.tally.members));
        let waits = (m.row.state == State::Open).then(|| trf!(lang, "{members} 位委员正在表态，需 {need} 位同意。", "{members} members are asked, {need} must agree."));
        return view! { <section class="card"><h2>{tr!(lang, "业委会表态", "The committee's word")}</h2>{waits}{link}</section> }.into_any();
    };
    let excluded = me.stand.conflict == Some(true);
    let absent = m.row.form == Form::Meeting && me.stand.present != Some(true);
    let note = match (excluded, absent, me.stand.word) {
        (true, ..) => Some(tr!(lang, "您已回避，这件事不计入您的意见。", "You are excluded from this matter.")),
        (_, true, _) => Some(tr!(lang, "您没有到会，不能表态。", "You were not at the meeting and give no word.")),
        (.., Some(true)) => Some(tr!(lang, "您已同意。结果出来以前可以改。", "You agreed. You may change it until it is decided.")),
        (.., Some(false)) => Some(tr!(lang, "您已表示不同意。结果出来以前可以改。", "You declined. You may change it until it is decided.")),
        _ => None,
    };
    let forms = (!excluded && !absent).then(|| view! { {word_form(boot, m, back)}{conflict_form(boot, m, back)} });
    view! {
        <section class="card stack">
            <h2>{tr!(lang, "您的意见", "Your word")}</h2>
            {note.map(|n| view! { <p class="note">{n}</p> })}
            {forms}
            {link}
        </section>
    }
    .into_any()
}

/// The declaration of no interest is a box to tick above the two buttons; each button signs.
fn word_form(boot: &Boot, m: &MatterView, back: &str) -> impl IntoView + use<> {
    let lang = boot.lang;
    let echo = echo();
    let here = echo.value("asked") == "word";
    let error = |field: &str| here.then(|| echo.error(field, lang)).flatten().map(|e| view! { <p class="err" role="alert">{e}</p> });
    let declared = m.me().is_some_and(|me| me.stand.conflict == Some(false));
    let typed = if here { echo.value("reason") } else { m.me().map(|me| me.reason.clone()).unwrap_or_default() };
    view! {
        <form method="post" action="/forms/decision-word" class="stack">
            {hidden(m, back, "word")}
            <label class="check"><input type="checkbox" name="no_conflict" value="1" checked={declared || echo.value("no_conflict") == "1"}/><span>{tr!(lang, "我和这件事没有利害关系（供应商、施工方、受益户都不是我或我的亲属）", "I have no interest in it: neither I nor my family are supplier, contractor or profit from it")}</span></label>
            {error("no_conflict")}
            <div class="field"><label for="word-reason">{tr!(lang, "理由（不同意必填，大家能看到）", "Reason (needed to decline; public)")}</label><textarea id="word-reason" name="reason" rows="2" maxlength=REASON_MAX.to_string()>{typed}</textarea>{error("reason")}</div>
            <div class="cluster">
                <button class="btn" type="submit" name="agrees" value="1">{tr!(lang, "同意，签字", "Agree and sign")}</button>
                <button class="btn sec" type="submit" name="agrees" value="0">{tr!(lang, "不同意，签字", "Decline and sign")}</button>
            </div>
        </form>
    }
}

fn conflict_form(boot: &Boot, m: &MatterView, back: &str) -> impl IntoView + use<> {
    let lang = boot.lang;
    let echo = echo();
    let here = echo.value("asked") == "declare";
    let error = here.then(|| echo.error("reason", lang)).flatten().map(|e| view! { <p class="err" role="alert">{e}</p> });
    view! {
        <details class="more" open=here>
            <summary>{tr!(lang, "我有利害关系，回避", "I have an interest in it: exclude me")}</summary>
            <form method="post" action="/forms/decision-declare" class="stack">
                {hidden(m, back, "declare")}
                <div class="field"><label for="interest">{tr!(lang, "什么利害关系（大家能看到）", "Which interest (public)")}</label><textarea id="interest" name="reason" rows="2" maxlength=REASON_MAX.to_string() required>{if here { echo.value("reason") } else { String::new() }}</textarea>{error}</div>
                <p class="hint">{tr!(lang, "回避以后不能再表态；分母还是全体委员。", "Once excluded you give no word; the count is still of all members.")}</p>
                <button class="btn sec" type="submit">{tr!(lang, "申报回避", "Declare it")}</button>
            </form>
        </details>
    }
}

/// Recording a meeting, as long as nobody has given a word in writing.
fn meeting(boot: &Boot, m: &MatterView, back: &str) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    if !m.may_meet {
        return None;
    }
    let echo = echo();
    let here = echo.value("asked") == "meeting";
    let error = |field: &str| here.then(|| echo.error(field, lang)).flatten().map(|e| view! { <p class="err" role="alert">{e}</p> });
    let typed = |field: &str| if here { echo.value(field) } else { String::new() };
    let chosen = echo.all("present");
    let boxes = m
        .members
        .iter()
        .map(|s| {
            let id = s.person.to_string();
            let there = if here { chosen.contains(&id) } else { s.stand.present == Some(true) };
            view! { <label class="check"><input type="checkbox" name="present" value=id checked=there/><span>{s.who.clone()}" "{seat(lang, s.role)}</span></label> }
        })
        .collect_view();
    let need = needed(m.tally.members);
    Some(view! {
        <details class="more" open=here>
            <summary>{tr!(lang, "改为开会决定", "Decide it in a meeting")}</summary>
            <form method="post" action="/forms/decision-meeting" class="stack">
                {hidden(m, back, "meeting")}
                <div class="field"><label for="met-at">{tr!(lang, "开会时间", "When")}</label><input id="met-at" type="datetime-local" name="at" value=typed("at") required/>{error("at")}</div>
                <div class="field"><label for="met-place">{tr!(lang, "地点", "Where")}</label><input id="met-place" type="text" name="place" maxlength="60" value=typed("place") required/>{error("place")}</div>
                <fieldset class="field"><legend>{trf!(lang, "谁到会（至少 {need} 位）", "Who was there (at least {need})")}</legend><div class="cluster">{boxes}</div>{error("present")}</fieldset>
                <p class="hint">{tr!(lang, "不能委托别人代为出席。到会的委员各自在自己的手机上签字。", "Nobody attends for somebody else. Those who were there sign on their own phones.")}</p>
                <button class="btn sec" type="submit">{tr!(lang, "记下会议", "Record the meeting")}</button>
            </form>
        </details>
    })
}
