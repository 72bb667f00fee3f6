//! The desks 工作台: lists on the left, one ticket with its photos, quote and forms on the right.

use super::model::{Card, Said, TicketView, Visibility};
use super::pages::forms::{self, About};
use super::pages::{quote, ticket, words};
use super::quoting;
use super::rules::Move;
use super::store::{DeskList, Known};
use crate::i18n::{Lang, spoken_time};
use crate::ids::{MutationId, PersonId};
use crate::measure::Time;
use crate::rooms::approvals;
use crate::rooms::approvals::model::MatterView;
use crate::rooms::people::rules::{Permission, may};
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{due_line, empty, frame, state_tag, thumbnail};
use crate::{tr, trf};
use leptos::prelude::*;

/// What a desk shows.
#[derive(Clone, Debug)]
pub struct DeskData {
    /// Which list.
    pub list: DeskList,
    /// The word of the list in addresses.
    pub code: &'static str,
    /// The tickets.
    pub cards: Vec<Card>,
    /// The chosen ticket, or the first of the list.
    pub chosen: Option<TicketView>,
    /// Somebody chose it: on a phone it comes before the list. The first of the list is shown where there is room.
    pub asked: bool,
    /// The workers to assign to.
    pub workers: Vec<(PersonId, String)>,
    /// The reporter's name and phone, if they were asked for.
    pub contact: Option<(String, String)>,
    /// The committee's matter about the chosen ticket's quote.
    pub matter: Option<MatterView>,
    /// How many offers the form of a quote has.
    pub offers: usize,
    /// Items that are known, for whoever writes a quote.
    pub known: Vec<Known>,
    /// The moment of reading.
    pub now: Time,
}

/// The name of a list.
pub fn list_name(lang: Lang, list: DeskList) -> &'static str {
    match list {
        DeskList::Open => tr!(lang, "全部工单", "All open"),
        DeskList::Inbox => tr!(lang, "待受理", "Inbox"),
        DeskList::Approvals => tr!(lang, "待审批", "Approvals"),
        DeskList::Pending => tr!(lang, "访客上报", "Visitors' reports"),
        DeskList::Hidden => tr!(lang, "已隐藏", "Hidden"),
        DeskList::Jobs => tr!(lang, "我的工单", "My jobs"),
    }
}

/// The page.
pub fn page(boot: &Boot, data: &DeskData) -> AnyView {
    let lang = boot.lang;
    let n = data.cards.len();
    let title = list_name(lang, data.list).to_owned();
    let sub = trf!(lang, "{n} 件，急的和快到点的在前面", "{n}, urgent and nearly due first");
    let list = if data.cards.is_empty() {
        empty("check", tr!(lang, "这里没有等您处理的。", "Nothing waits here.").into(), None).into_any()
    } else {
        data.cards.iter().map(|card| item(boot, card, data)).collect_view().into_any()
    };
    let detail = match &data.chosen {
        Some(chosen) => detail(boot, chosen, data).into_any(),
        None => empty("list", tr!(lang, "选一件看详情", "Choose one to see it").into(), None).into_any(),
    };
    let body = view! {
        <div class=if data.asked { "desk chosen" } else { "desk" }>
            <div class="list">{list}</div>
            <div class="det">{detail}</div>
        </div>
    };
    frame(boot, Page::Desk, title, sub, body)
}

fn item(boot: &Boot, card: &Card, data: &DeskData) -> impl IntoView + use<> {
    let on = data.chosen.as_ref().is_some_and(|c| c.card.id == card.id);
    let late = card.due_at.is_some_and(|due| due < data.now);
    let cost = card.cost.filter(|_| data.list == DeskList::Approvals).map(|c| view! { <em>{c.to_string()}</em> });
    let households = card.households;
    let met = (households > 1).then(|| trf!(boot.lang, " · {households} 户", " · {households} households"));
    view! {
        <a class=if on { "it on" } else { "it" } href=format!("/desk/tickets/{}?t={}", data.code, card.number) aria-current=on.then_some("true")>
            <span class="ph">{thumbnail(card)}</span>
            <span class="t">
                <b>{card.heading(boot.lang)}</b>
                <span>{card.spot.clone()}{met}</span>
                <span class=if late { "late" } else { "" }>{due_line(boot, card, data.now)}</span>
            </span>
            {cost}
            {state_tag(boot, card)}
        </a>
    }
}

fn detail(boot: &Boot, t: &TicketView, data: &DeskData) -> impl IntoView + use<> {
    let lang = boot.lang;
    let number = t.card.number.clone();
    let about = About::new(t, format!("/desk/tickets/{}?t={number}", data.code));
    let head = trf!(lang, "编号 {number}", "No. {number}");
    let spot = t.card.spot.clone();
    view! {
        <a class="back" href=format!("/desk/tickets/{}", data.code)>{tr!(lang, "回到列表", "Back to the list")}</a>
        <h2>{t.card.heading(lang)}</h2>
        <p class="muted">{head}" · "{spot}" · "{t.part.label(lang)}" · "<a href=boot.at(&format!("/t/{}", t.card.number))>{tr!(lang, "公开页面", "Public page")}</a></p>
        {ticket::standing(boot, t)}
        <div class="cols">
            <div>
                {ticket::pictures(boot, t)}
                {(!t.text.is_empty()).then(|| view! { <section class="card"><h2>{tr!(lang, "上报人说", "In the reporter's words")}</h2><p class="said">{t.text.clone()}</p></section> })}
            </div>
            <div>
                {t.quote.as_ref().map(|q| quote::quote(boot, t, q))}
                {t.bill.as_ref().map(|b| quote::bill(boot, t, b))}
                {decide(boot, t, &about, data)}
                {work(boot, t, &about, data)}
                {moderate(boot, t, &about)}
                {moderate_comments(boot, t, &about)}
                {contact(boot, t, data)}
            </div>
        </div>
        {ticket::timeline(boot, t)}
    }
}

/// Approve or return, under the quote and beside the photos.
fn decide(boot: &Boot, t: &TicketView, about: &About, data: &DeskData) -> Option<AnyView> {
    let lang = boot.lang;
    if let Some(matter) = data.matter.as_ref().filter(|m| m.row.state == approvals::model::State::Open) {
        return Some(approvals::desk::stand(boot, matter, &about.back).into_any());
    }
    let quote = t.quote.as_ref().filter(|_| t.moves.contains(&Move::Approve) || t.moves.contains(&Move::Decline))?;
    let id = quote.id.to_string();
    let approve = t.moves.contains(&Move::Approve).then(|| {
        view! {
            <form method="post" action="/forms/advance">
                {forms::hidden(about, "approve")}
                <input type="hidden" name="quote" value=id.clone()/>
                <button class="btn" type="submit">{words::button(lang, Move::Approve)}</button>
            </form>
        }
    });
    let echo = echo();
    let here = echo.value("step") == "decline";
    let error = here.then(|| echo.error("reason", lang)).flatten();
    let too_much = approve.is_none().then(
        || view! { <p class="note">{tr!(lang, "超过业委会权限，要由业主表决；业委会可以退回。", "Beyond the committee: the owners must vote. The committee may return it.")}</p> },
    );
    let body = view! {
        <section class="card">
            {too_much}
            {approve}
            <details class="more" open=here>
                <summary>{words::button(lang, Move::Decline)}</summary>
                <form method="post" action="/forms/advance" class="stack">
                    {forms::hidden(about, "decline")}
                    <input type="hidden" name="quote" value=id/>
                    <div class="field">
                        <label for="decline">{tr!(lang, "原因（大家能看到）", "Reason (everybody sees it)")}</label>
                        <textarea id="decline" name="reason" maxlength="500" rows="2" required></textarea>
                        {error.map(|e| view! { <p class="err">{e}</p> })}
                    </div>
                    <button class="btn sec" type="submit">{words::button(lang, Move::Decline)}</button>
                </form>
            </details>
        </section>
    };
    Some(body.into_any())
}

/// The desk's own moves, then those that the ticket's page offers too.
fn work(boot: &Boot, t: &TicketView, about: &About, data: &DeskData) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    // Approving and returning a quote stand beside the quote itself.
    if t.moves.iter().all(|m| matches!(m, Move::Approve | Move::Decline)) {
        return None;
    }
    let can = |m: Move| t.moves.contains(&m);
    Some(view! {
        <section class="card stack">
            <h2>{tr!(lang, "处理", "Handle")}</h2>
            {can(Move::Accept).then(|| forms::accept(boot, about, t.part))}
            {can(Move::Assign).then(|| forms::assign(boot, about, &data.workers))}
            {(can(Move::Quote) || can(Move::Settle)).then(|| quoting::known_list(boot, &data.known))}
            {can(Move::Quote).then(|| quoting::quote(boot, about, t, data.offers))}
            {can(Move::Settle).then(|| quoting::settle(boot, about, t))}
            {can(Move::Return).then(|| forms::reason(boot, about, Move::Return, "return", tr!(lang, "例如：请写清在几号楼", "e.g. which building is it?")))}
            {can(Move::Merge).then(|| forms::merge(boot, about))}
            {ticket::actions(boot, t, about)}
        </section>
    })
}

fn moderate(boot: &Boot, t: &TicketView, about: &About) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let role = boot.role()?;
    let pending = t.card.visibility == Visibility::Pending;
    let can_show = match t.card.visibility {
        Visibility::Pending => may(role, Permission::Release),
        Visibility::Hidden => may(role, Permission::Hide),
        Visibility::Public => false,
    };
    let can_hide = t.card.visibility != Visibility::Hidden && may(role, Permission::Hide);
    if !can_show && !can_hide {
        return None;
    }
    let form = |decision: &'static str| {
        view! {
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="ticket" value=about.ticket.to_string()/>
            <input type="hidden" name="version" value=about.version.to_string()/>
            <input type="hidden" name="back" value=about.back.clone()/>
            <input type="hidden" name="decision" value=decision/>
        }
    };
    let echo = echo();
    let here = echo.value("decision") == "hide";
    let error = here.then(|| echo.error("reason", lang)).flatten();
    Some(view! {
        <section class="card stack">
            <h2>{tr!(lang, "是否公开", "Public or not")}</h2>
            {can_show.then(|| view! {
                <form method="post" action="/forms/moderate">{form("show")}<button class="btn small" type="submit">{if pending { tr!(lang, "可以公开", "Let it in") } else { tr!(lang, "恢复公开", "Show again") }}</button></form>
            })}
            {can_hide.then(|| view! {
                <details class="more" open=here>
                    <summary>{tr!(lang, "隐藏，写明原因（不会删除）", "Hide with a reason (not deleted)")}</summary>
                    <form method="post" action="/forms/moderate" class="stack">
                        {form("hide")}
                        <div class="field">
                            <label for="hide">{tr!(lang, "原因", "Reason")}</label>
                            <textarea id="hide" name="reason" maxlength="500" rows="2" required></textarea>
                            {error.map(|e| view! { <p class="err">{e}</p> })}
                        </div>
                        <button class="btn small sec" type="submit">{tr!(lang, "隐藏", "Hide")}</button>
                    </form>
                </details>
            })}
        </section>
    })
}

/// What people wrote, each with a way to hide it.
fn moderate_comments(boot: &Boot, t: &TicketView, about: &About) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    if t.comments.is_empty() || !boot.role().is_some_and(|role| may(role, Permission::Hide)) {
        return None;
    }
    let echo = echo();
    let one = |said: &Said| {
        let here = echo.value("comment") == said.id.to_string();
        let error = here.then(|| echo.error("reason", lang)).flatten();
        let field = format!("hide-{}", said.id);
        let form = said.hidden.is_none().then(|| {
            view! {
                <details class="more" open=here>
                    <summary>{tr!(lang, "隐藏这条留言", "Hide this comment")}</summary>
                    <form method="post" action="/forms/comment-hide" class="stack">
                        <input type="hidden" name="id" value=MutationId::new().to_string()/>
                        <input type="hidden" name="ticket" value=about.ticket.to_string()/>
                        <input type="hidden" name="comment" value=said.id.to_string()/>
                        <input type="hidden" name="back" value=about.back.clone()/>
                        <div class="field">
                            <label for=field.clone()>{tr!(lang, "原因（大家能看到）", "Reason (public)")}</label>
                            <input id=field.clone() type="text" name="reason" maxlength="500" required value={if here { echo.value("reason") } else { String::new() }}/>
                            {error.map(|e| view! { <p class="err">{e}</p> })}
                        </div>
                        <button class="btn small sec" type="submit">{tr!(lang, "隐藏", "Hide")}</button>
                    </form>
                </details>
            }
        });
        let hidden = said.hidden.clone().map(|reason| view! { <p class="muted">{trf!(lang, "已隐藏：{reason}", "Hidden: {reason}")}</p> });
        let who = said.who.clone();
        let when = spoken_time(lang, said.at, t.now, boot.offset());
        view! { <li>{hidden}<p class="said">{said.text.clone()}</p><span class="muted">{who}" · "{when}</span>{form}</li> }
    };
    let items = t.comments.iter().map(one).collect_view();
    Some(view! { <section class="card"><h2>{tr!(lang, "留言", "Comments")}</h2><ul class="said-list">{items}</ul></section> })
}

fn contact(boot: &Boot, t: &TicketView, data: &DeskData) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    if !may(boot.role()?, Permission::SeeContact) {
        return None;
    }
    let shown = data.contact.clone().map(|(name, phone)| {
        let none = name.is_empty() && phone.is_empty();
        if none {
            view! { <p>{tr!(lang, "上报人没有留下联系方式。", "The reporter left no contact.")}</p> }.into_any()
        } else {
            view! { <p>{name}" "<a href=format!("tel:{phone}")>{phone.clone()}</a></p> }.into_any()
        }
    });
    let ask = shown.is_none().then(|| {
        view! {
            <form method="post" action="/desk/contact">
                <input type="hidden" name="ticket" value=t.card.id.to_string()/>
                <input type="hidden" name="number" value=t.card.number.clone()/>
                <input type="hidden" name="list" value=data.code/>
                <button class="btn small sec" type="submit">{tr!(lang, "看上报人电话（会留记录）", "Show the reporter's phone (leaves a record)")}</button>
            </form>
        }
    });
    Some(view! { <section class="card">{shown}{ask}</section> })
}
