//! The inbox and the robots, on the desk.

use super::model::{LineRow, MessageRow, NoticeRow, RobotKind, RobotRow, Rung};
use crate::i18n::{Lang, spoken_time};
use crate::ids::MutationId;
use crate::measure::Time;
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;

/// The inbox.
pub fn inbox(boot: &Boot, rows: &[MessageRow], decisions: &[NoticeRow], now: Time) -> AnyView {
    let lang = boot.lang;
    let new = rows.iter().filter(|r| r.new).count() + decisions.iter().filter(|d| d.new).count();
    let late = rows.iter().filter(|r| r.still_late).count();
    let list = if rows.is_empty() {
        empty("check", tr!(lang, "没有超时督办的消息。", "Nothing overdue was reported.").into(), None).into_any()
    } else {
        view! { <ul class="messages">{rows.iter().map(|r| message(boot, r, now)).collect_view()}</ul> }.into_any()
    };
    let read = (new > 0).then(|| {
        view! {
            <form method="post" action="/forms/messages-read">
                <input type="hidden" name="id" value=MutationId::new().to_string()/>
                <input type="hidden" name="back" value="/desk/messages"/>
                <input type="hidden" name="up_to" value=now.0.to_string()/>
                <button class="btn sec small" type="submit">{tr!(lang, "都看过了", "Mark all as read")}</button>
            </form>
        }
    });
    let body = view! {
        <p class="hint">{tr!(lang, "报修超过时限会一级一级往上报：物业客服、物业经理、业委会、居委会。处理以后就不再显示“仍超时”。", "An overdue repair is reported further up step by step: property desk, manager, owners' committee, residents' committee. Once it moves on it is no longer marked as overdue.")}</p>
        {read}
        {list}
        {(!decisions.is_empty()).then(|| view! { <h2>{tr!(lang, "业委会的决定", "Decisions of the owners' committee")}</h2><ul class="messages">{decisions.iter().map(|d| decision(boot, d, now)).collect_view()}</ul> })}
    };
    frame(boot, Page::Desk, tr!(lang, "督办消息", "Overdue messages").into(), trf!(lang, "{new} 条新的，{late} 条仍超时", "{new} new, {late} still overdue"), body)
}

fn decision(boot: &Boot, row: &NoticeRow, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let new = row.new.then(|| view! { <b class="new">{tr!(lang, "新", "New")}" · "</b> });
    let number = row.number.clone();
    view! {
        <li class="card">
            <p>{new}<a href=boot.at(&format!("/decisions/{number}"))>{row.title.clone()}</a>" "{crate::rooms::approvals::pages::state_tag(lang, row.state)}</p>
            <p class="muted">{number}" · "{spoken_time(lang, row.at, now, boot.offset())}</p>
        </li>
    }
}

fn message(boot: &Boot, row: &MessageRow, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let at = spoken_time(lang, row.at, now, boot.offset());
    let due = spoken_time(lang, row.due_at, now, boot.offset());
    let state = if row.still_late {
        view! { <span class="tag warn">{tr!(lang, "仍超时", "Still overdue")}</span> }
    } else {
        view! { <span class="tag ok">{tr!(lang, "已处理", "Moved on")}</span> }
    };
    let new = row.new.then(|| view! { <b class="new">{tr!(lang, "新", "New")}" · "</b> });
    view! {
        <li class="card">
            <p>{new}<a href=boot.at(&format!("/t/{}", row.number))>{row.heading.clone()}</a>" "{state}</p>
            <p class="muted">{row.spot.clone()}" · "{trf!(lang, "应在 {due} 前办，{at} 报到这里", "due {due}, reported here {at}")}</p>
        </li>
    }
}

/// The robots of the community's group chats.
pub fn robots(boot: &Boot, rows: &[RobotRow], lines: &[LineRow], now: Time) -> AnyView {
    let lang = boot.lang;
    let n = rows.len();
    let list = rows.iter().map(|r| robot(boot, r, now)).collect_view();
    let waiting = (!lines.is_empty()).then(|| queue(boot, lines, now));
    let body = view! {
        {list}
        {add_form(lang)}
        {waiting}
    };
    frame(boot, Page::Desk, tr!(lang, "群机器人", "Group robots").into(), trf!(lang, "{n} 个群会收到超时督办", "{n} groups are told of overdue repairs"), body)
}

fn robot(boot: &Boot, row: &RobotRow, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let signed = if row.signed { tr!(lang, "有签名", "signed") } else { tr!(lang, "没有签名", "not signed") };
    let last = row
        .last_sent_at
        .map_or_else(|| tr!(lang, "还没有发过", "nothing sent yet").to_owned(), |at| tr!(lang, "上次送到 {t}", "last sent {t}", t = spoken_time(lang, at, now, boot.offset())));
    let waiting = row.waiting;
    let button = |action: &'static str, words: &'static str, class: &'static str| {
        view! {
            <form method="post" action=action class="inline">
                <input type="hidden" name="id" value=MutationId::new().to_string()/>
                <input type="hidden" name="back" value="/desk/robots"/>
                <input type="hidden" name="robot" value=row.id.to_string()/>
                <button class=class type="submit">{words}</button>
            </form>
        }
    };
    view! {
        <section class="card">
            <h2>{row.name.clone()}</h2>
            <p class="muted">{row.kind.label(lang)}" · "{row.host.clone()}" · "{signed}</p>
            <p>{tr!(lang, "从报到{who}起", "From the {who} up", who = row.from.label(lang))}" · "{last}{(waiting > 0).then(|| trf!(lang, " · {waiting} 条在等", " · {waiting} waiting"))}</p>
            <div class="cluster">
                {button("/forms/robot-try", tr!(lang, "试发一条", "Send a test"), "btn small sec")}
                {button("/forms/robot-remove", tr!(lang, "删掉", "Remove"), "btn small sec")}
            </div>
        </section>
    }
}

fn add_form(lang: Lang) -> impl IntoView {
    let error = |field: &str| echo().error(field, lang).map(|e| view! { <p class="err" role="alert">{e}</p> });
    let (kind, from) = (echo().value("kind"), echo().value("from"));
    let kinds = RobotKind::ALL.into_iter().map(|k| view! { <option value=k.code() selected={kind == k.code()}>{k.label(lang)}</option> }).collect_view();
    let rungs = Rung::ALL.into_iter().map(|r| view! { <option value=r.code() selected={from == r.code()}>{r.label(lang)}</option> }).collect_view();
    view! {
        <form method="post" action="/forms/robot-add" class="card stack">
            <h2>{tr!(lang, "加一个群机器人", "Add a group robot")}</h2>
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="back" value="/desk/robots"/>
            <div class="field"><label for="name">{tr!(lang, "群的名字", "Name of the group")}</label><input id="name" type="text" name="name" maxlength="40" required value=echo().value("name")/>{error("name")}</div>
            <div class="field"><label for="kind">{tr!(lang, "哪家的", "Program")}</label><select id="kind" name="kind">{kinds}</select></div>
            <div class="field"><label for="address">{tr!(lang, "机器人地址（Webhook）", "Robot's address (webhook)")}</label><input id="address" type="url" name="address" maxlength="500" required autocomplete="off" value=echo().value("address")/>{error("address")}<p class="hint">{tr!(lang, "地址本身就是钥匙，保存以后不再显示。", "The address itself is a key; it is not shown again.")}</p></div>
            <div class="field"><label for="secret">{tr!(lang, "签名密钥（没有可不填）", "Signing key (if there is one)")}</label><input id="secret" type="password" name="secret" maxlength="200" autocomplete="off"/>{error("secret")}</div>
            <div class="field"><label for="from">{tr!(lang, "从哪一级开始告诉这个群", "Told from which step on")}</label><select id="from" name="from">{rungs}</select></div>
            <button class="btn" type="submit">{tr!(lang, "加上", "Add")}</button>
        </form>
    }
}

fn queue(boot: &Boot, lines: &[LineRow], now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rows = lines
        .iter()
        .map(|l| {
            let state = match l.next_at {
                Some(at) => tr!(lang, "{t} 再发", "again {t}", t = spoken_time(lang, at, now, boot.offset())),
                None => tr!(lang, "不再发了", "given up").to_owned(),
            };
            let again = l.next_at.is_none().then(|| {
                view! {
                    <form method="post" action="/forms/robot-again" class="inline">
                        <input type="hidden" name="id" value=MutationId::new().to_string()/>
                        <input type="hidden" name="back" value="/desk/robots"/>
                        <input type="hidden" name="line" value=l.id.to_string()/>
                        <button class="btn small sec" type="submit">{tr!(lang, "再发一次", "Send again")}</button>
                    </form>
                }
            });
            view! { <tr><td>{l.robot.clone()}</td><td>{l.title.clone()}</td><td>{spoken_time(lang, l.made_at, now, boot.offset())}</td><td class="num">{l.attempts}</td><td>{state}" "{again}</td><td>{l.error.clone()}</td></tr> }
        })
        .collect_view();
    view! {
        <section class="card"><h2>{tr!(lang, "还没有送到的", "Not delivered")}</h2><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "还没有送到的", "Not delivered")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "群", "Group")}</th><th scope="col">{tr!(lang, "内容", "What")}</th><th scope="col">{tr!(lang, "写下", "Written")}</th><th scope="col">{tr!(lang, "试了几次", "Tries")}</th><th scope="col">{tr!(lang, "现在", "Now")}</th><th scope="col">{tr!(lang, "对方的回答", "Answer")}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table></div></section>
    }
}
