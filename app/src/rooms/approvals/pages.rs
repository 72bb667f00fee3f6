//! Decisions of the owners' committee in the open: the list, and one of them.

use super::model::{About, Form, MatterRow, MatterView, MemberView, State};
use super::rules::{needed, spoken, spoken_limit, spoken_stand};
use crate::i18n::{Lang, spoken_date, spoken_time};
use crate::measure::Time;
use crate::rooms::fund::model::UseView;
use crate::rooms::people::model::Role;
use crate::rooms::tickets::model::TicketView;
use crate::rooms::tickets::pages::{quote, ticket};
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;

/// What a matter is about, with what its reader may see of it.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A ticket.
    Ticket(Box<TicketView>),
    /// A use of the fund.
    Use(Box<UseView>),
    /// The result of a scoring, which everybody may read on its own page.
    Scoring,
    /// It is hidden from the reader.
    Hidden,
}

/// Where a matter stands, as a small label.
pub fn state_tag(lang: Lang, state: State) -> impl IntoView {
    let class = match state {
        State::Open => "tag due",
        State::Agreed => "tag ok",
        State::Declined | State::Owners => "tag warn",
        State::Withdrawn => "tag off",
    };
    view! { <span class=class>{state.label(lang)}</span> }
}

/// What a matter is called in a list.
pub fn heading(lang: Lang, row: &MatterRow) -> String {
    format!("{}{}{}", row.about.label(lang), tr!(lang, "：", ": "), row.title)
}

/// The public list, newest first. `next` is the key of the next page.
pub fn list(boot: &Boot, rows: &[MatterRow], next: Option<&str>, now: Time) -> AnyView {
    let lang = boot.lang;
    let items = rows.iter().map(|m| item(boot, m, now)).collect_view();
    let body = if rows.is_empty() {
        empty("list", tr!(lang, "业委会还没有要决定的事。", "Nothing has come before the committee yet.").into(), None).into_any()
    } else {
        view! { <ul class="plain">{items}</ul> }.into_any()
    };
    let more = next.map(|key| view! { <p><a class="btn sec" href=format!("{}?after={key}", boot.at("/decisions"))>{tr!(lang, "更早的", "Older ones")}</a></p> });
    let body = view! {
        <section class="card">
            <p class="hint">{tr!(lang, "要超过全体委员的一半同意才算通过；有利害关系的委员回避，不计入同意。作出决定当时就在这里公布，并告知居委会（上海市住宅物业管理规定第 26 条）。", "More than half of all members must agree; members with an interest are excluded. Each decision stands here in the moment in which it is made, and the residents' committee is told (Shanghai rules, art. 26).")}</p>
            {body}
        </section>
        {more}
    };
    frame(
        boot,
        Page::Board,
        tr!(lang, "业委会决定", "Committee decisions").into(),
        tr!(lang, "谁同意、谁不同意、谁回避、为什么", "Who agreed, declined or was excluded, and why").into(),
        body,
    )
}

fn item(boot: &Boot, m: &MatterRow, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (number, amount, day) = (m.number.clone(), m.amount.to_string(), spoken_date(lang, m.decided_at.unwrap_or(m.opened_at), now, boot.offset()));
    view! {
        <li><a href=boot.at(&format!("/decisions/{number}"))><b>{heading(lang, m)}</b></a>" "{state_tag(lang, m.state)}<br/><span class="muted">{number.clone()}" · "{if m.about == About::Renewal { day } else { trf!(lang, "{amount} 元 · {day}", "{amount} yuan · {day}") }}</span></li>
    }
}

/// One matter.
pub fn one(boot: &Boot, m: &MatterView, subject: &Subject) -> AnyView {
    let lang = boot.lang;
    let number = m.row.number.clone();
    let print = (m.row.state != State::Open).then(|| {
        let what = if m.row.form == Form::Meeting { tr!(lang, "打印会议记录", "Print the minutes") } else { tr!(lang, "打印书面决定", "Print the decision") };
        view! { <p><a class="btn sec small" href=format!("/print/decisions/{}/{number}", boot.slug)>{what}</a></p> }
    });
    let body = view! {
        {outcome(boot, m)}
        {about(boot, m, subject)}
        {roll(boot, m)}
        {print}
    };
    frame(boot, Page::Board, heading(lang, &m.row), trf!(lang, "业委会决定 {number}", "Committee decision {number}"), body)
}

/// Where it stands, with the count and the legal limit.
pub fn outcome(boot: &Boot, m: &MatterView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (amount, members, need) = (m.row.amount.to_string(), m.tally.members, needed(m.tally.members));
    let day = |at: Time| spoken_time(lang, at, m.now, boot.offset());
    let count = match m.row.state {
        State::Open => {
            trf!(lang, "{members} 位委员，需 {need} 位同意；表决没有结束，不公布各人意见。", "{members} members, {need} must agree; single words are not shown before the end.")
        }
        _ => spoken(lang, m.tally, m.row.form),
    };
    let cause = m.row.cause.map(|c| view! { <p class="note">{c.label(lang)}{tr!(lang, "，转由业主表决。", "; the owners decide.")}</p> });
    let opened = day(m.row.opened_at);
    let met = m.meeting.as_ref().map(|(at, place)| {
        let (at, place) = (day(*at), place.clone());
        view! { <p>{trf!(lang, "{at} 在{place}开会", "Meeting {at}, {place}")}</p> }
    });
    let published = m.published_at.map(day).map(|at| {
        let limit = m.kept.map(|kept| {
            let (class, word) = if kept { ("tag ok", tr!(lang, "按时公布", "On time")) } else { ("tag warn", tr!(lang, "超期公布", "Too late")) };
            view! { <p><span class=class>{word}</span>" "<span class="muted">{spoken_limit(lang, m.publish_days, kept)}</span></p> }
        });
        view! { <p class="muted">{trf!(lang, "{at} 公布，已告知居委会", "Published {at}; the residents' committee was told")}</p>{limit} }
    });
    view! {
        <section class="card">
            <p class="sum">{if m.row.about == About::Renewal { m.row.about.label(lang).to_owned() } else { tr!(lang, "{amount} 元", "{amount} yuan", amount = amount) }}</p>
            <p>{state_tag(lang, m.row.state)}" "{m.row.form.label(lang)}" · "{count}</p>
            {cause}
            {met}
            <p class="muted">{trf!(lang, "{opened} 提出", "Opened {opened}")}</p>
            {published}
        </section>
    }
}

/// What it is about: photos, quote, earlier costs; or the plan of a use of the fund.
pub fn about(boot: &Boot, m: &MatterView, subject: &Subject) -> impl IntoView + use<> {
    let lang = boot.lang;
    let link = boot.at(&m.row.about.path(&m.row.subject));
    let number = m.row.subject.clone();
    let words = match m.row.about {
        About::Ticket => trf!(lang, "报修 {number}", "Repair ticket {number}"),
        About::FundUse => trf!(lang, "维修资金 {number}", "Use of the fund {number}"),
        About::Renewal => trf!(lang, "物业考核 {number}", "Scoring {number}"),
    };
    let body = match subject {
        Subject::Ticket(t) => {
            // Of several quotes of one ticket the page shows that which this matter is about.
            let of_this = t.quote.as_ref().filter(|q| q.id.0 == m.row.id);
            view! {
                {ticket::pictures(boot, t)}
                {(!t.text.is_empty()).then(|| view! { <section class="card"><p class="said">{t.text.clone()}</p></section> })}
                {of_this.map(|q| quote::quote(boot, t, q))}
            }
            .into_any()
        }
        Subject::Use(u) => {
            let facts = [
                (tr!(lang, "实施范围", "Works"), u.outline.works.clone()),
                (tr!(lang, "维修原因", "Reason"), u.outline.reason.clone()),
                (tr!(lang, "施工单位选择方式", "How the contractor is chosen"), u.outline.choosing.clone()),
                (tr!(lang, "谁分摊", "Who shares it"), u.scope_words.clone()),
                (tr!(lang, "谁决定", "Who decides"), u.decider.label(lang).to_owned()),
            ];
            let rows = facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view();
            view! { <section class="card"><h2>{tr!(lang, "实施方案", "Plan")}</h2><dl class="facts">{rows}</dl></section> }.into_any()
        }
        Subject::Scoring => view! { <p class="note">{tr!(lang, "业主大会怎么定，就怎么办；解聘要提前 60 天书面通知物业（民法典 946 条）。", "The owners decide; a dismissal needs 60 days' notice in writing (Civil Code art. 946).")}</p> }.into_any(),
        Subject::Hidden => view! { <p class="note">{tr!(lang, "这件报修没有公开显示。", "The repair ticket is not public.")}</p> }.into_any(),
    };
    view! { <p><a href=link>{words}</a></p>{body} }
}

/// As what a member sits there.
pub fn seat(lang: Lang, role: Role) -> &'static str {
    if role == Role::CommitteeDirector { tr!(lang, "主任", "director") } else { tr!(lang, "委员", "member") }
}

/// The roll: everybody's word once it is decided, before that only who has answered.
pub fn roll(boot: &Boot, m: &MatterView) -> impl IntoView + use<> {
    let lang = boot.lang;
    if m.members.is_empty() {
        return None;
    }
    let rows = m.members.iter().map(|s| if m.words_shown { spoken_member(lang, m, s).into_any() } else { silent_member(lang, s).into_any() }).collect_view();
    Some(view! { <section class="card"><h2>{tr!(lang, "委员", "Members")}</h2><ul class="plain">{rows}</ul></section> })
}

fn spoken_member(lang: Lang, m: &MatterView, s: &MemberView) -> impl IntoView + use<> {
    let class = match (s.stand.conflict, s.stand.word) {
        (Some(true), _) => "tag off",
        (_, Some(true)) => "tag ok",
        (_, Some(false)) => "tag warn",
        _ => "tag",
    };
    let reason = match s.excluded {
        Some(excluded) => excluded.label(lang).to_owned(),
        None if s.stand.conflict == Some(true) => s.interest.clone(),
        None => s.reason.clone(),
    };
    let reason = (!reason.is_empty()).then(|| view! { <br/><span class="muted">{reason}</span> });
    view! { <li><b>{s.who.clone()}</b>" "{seat(lang, s.role)}" "<span class=class>{spoken_stand(lang, s.stand, m.row.form)}</span>{reason}</li> }
}

fn silent_member(lang: Lang, s: &MemberView) -> impl IntoView + use<> {
    let words = match (s.stand.conflict, s.stand.word, s.stand.present) {
        (Some(true), ..) => tr!(lang, "回避", "excluded"),
        (_, Some(_), _) => tr!(lang, "已表态", "has given a word"),
        (_, _, Some(false)) => tr!(lang, "没有到会", "not present"),
        _ => tr!(lang, "还没有表态", "no word yet"),
    };
    let me = s.me.then_some(tr!(lang, "（您）", " (you)"));
    view! { <li><b>{s.who.clone()}</b>" "{seat(lang, s.role)}{me}" · "<span class="muted">{words}</span></li> }
}
