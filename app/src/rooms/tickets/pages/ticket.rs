//! A ticket's page: before and after, the timeline, who has it, and the buttons that its viewer may press.

use super::forms::{self, About};
use super::words;
use crate::i18n::{spoken_span, spoken_time};
use crate::ids::MutationId;
use crate::measure::DAY;
use crate::rooms::photos::model::{Size, address};
use crate::rooms::tickets::api;
use crate::rooms::tickets::model::{State, TicketPhoto, TicketView, Visibility};
use crate::rooms::tickets::rules::{Deed, Move};
use crate::ui::boot::{Boot, echo};
use crate::ui::frame::Page;
use crate::ui::{category_icon, due_line, frame, households_line, load, notice, photo, state_tag};
use crate::{tr, trf};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
pub fn page() -> impl IntoView {
    let params = use_params_map();
    let lang = crate::ui::boot().lang;
    let key = move || (params.read().get("slug").unwrap_or_default(), params.read().get("number").unwrap_or_default());
    load::page(key, move |(slug, number)| api::ticket(slug, number, lang), show)
}

fn show(boot: Boot, t: TicketView) -> impl IntoView {
    let lang = boot.lang;
    let number = t.card.number.clone();
    let spot = t.card.spot.clone();
    let sub = [Some(trf!(lang, "编号 {number}", "No. {number}")), Some(spot), households_line(&boot, t.card.households)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let back = boot.at(&format!("/t/{}", t.card.number));
    let about = About::new(&t, back);
    let body = view! {
        {standing(&boot, &t)}
        {pictures(&boot, &t)}
        {words_of(&boot, &t)}
        {actions(&boot, &t, &about)}
        {me_too(&boot, &t)}
        {(!t.costs.is_empty()).then(|| view! { <div class="stack" inner_html=t.costs.clone()></div> })}
        {timeline(&boot, &t)}
        {comments(&boot, &t)}
    };
    frame(&boot, Page::Board, t.card.heading(lang), sub, body)
}

/// Where it stands: who has it, until when, what comes next.
pub fn standing(boot: &Boot, t: &TicketView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let late = t.card.due_at.is_some_and(|due| due < t.now);
    let hidden = (t.card.visibility == Visibility::Hidden).then(|| notice("err", trf_hidden(boot, t.reason.as_deref())));
    let note = match (t.card.state, &t.reason) {
        (State::AwaitingCheck, _) => {
            let days = t.limits.reopen / DAY;
            trf!(lang, "{days} 天内可以说“没修好”", "Within {days} days you can say it is not repaired")
        }
        (_, Some(reason)) if t.card.visibility != Visibility::Hidden => reason.clone(),
        _ => t
            .scheduled_at
            .map(|at| {
                let when = spoken_time(lang, at, t.now, boot.offset());
                trf!(lang, "约好 {when} 上门", "Visit arranged for {when}")
            })
            .unwrap_or_default(),
    };
    let merged = t.merged_into.as_ref().map(
        |(_, number)| view! { <p class="note"><a href=boot.at(&format!("/t/{number}"))>{trf!(lang, "已并到 {number}，请看那一件", "Merged into {number}: see there")}</a></p> },
    );
    let absorbed = (!t.merged_here.is_empty()).then(|| {
        let links = t.merged_here.iter().map(|(_, n)| view! { " "<a href=boot.at(&format!("/t/{n}"))>{n.clone()}</a> }).collect_view();
        view! { <p class="note">{tr!(lang, "这些重复的上报已并到这里：", "Duplicates merged here:")}{links}</p> }
    });
    view! {
        {hidden}
        <section class="card due-card">
            <div class="due">
                <span class="ico">{category_icon(t.card.category)}</span>
                <div>
                    <b class=if late { "late" } else { "" }>{due_line(boot, &t.card, t.now)}</b>
                    <span>{t.card.category.label(lang)}{(!note.is_empty()).then_some(" · ")}{note}</span>
                </div>
                {state_tag(boot, &t.card)}
            </div>
            {merged}
            {absorbed}
        </section>
    }
}

fn trf_hidden(boot: &Boot, reason: Option<&str>) -> String {
    let reason = reason.unwrap_or_default();
    trf!(boot.lang, "这件上报没有公开显示，原因：{reason}", "This report is not public. Reason: {reason}")
}

/// Before and after, side by side, spot by spot.
pub fn pictures(boot: &Boot, t: &TicketView) -> impl IntoView + use<> {
    let lang = boot.lang;
    if t.photos.is_empty() {
        return None;
    }
    let mut spots: Vec<u8> = t.photos.iter().map(|p| p.spot).collect();
    spots.sort_unstable();
    spots.dedup();
    let any_after = t.photos.iter().any(|p| p.after);
    let pairs = spots
        .into_iter()
        .map(|spot| {
            let figures = t.photos.iter().filter(|p| p.spot == spot).map(|p| figure(boot, t, p)).collect_view();
            view! { <div class="ba">{figures}</div> }
        })
        .collect_view();
    Some(view! {
        <section class="card">
            <h2>{if any_after { tr!(lang, "前后对比", "Before and after") } else { tr!(lang, "现场照片", "Photos") }}</h2>
            {pairs}
        </section>
    })
}

fn figure(boot: &Boot, t: &TicketView, p: &TicketPhoto) -> impl IntoView + use<> {
    let lang = boot.lang;
    let when = spoken_time(lang, p.at, t.now, boot.offset());
    let caption = if p.after { trf!(lang, "修好后 {when}", "After, {when}") } else { trf!(lang, "上报时 {when}", "Before, {when}") };
    view! {
        <figure>
            <a class="im" href=address(p.photo, Size::Large) rel="external" target="_blank">{photo(p.photo, Size::Medium, caption.clone())}</a>
            <figcaption>{caption}</figcaption>
        </figure>
    }
}

fn words_of(boot: &Boot, t: &TicketView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let rating = t.rating.as_ref().map(|(stars, words)| {
        let n = usize::from(*stars);
        let label = trf!(lang, "{n} 星", "{n} stars");
        view! { <p><span class="star" aria-hidden="true">{"★".repeat(n)}</span>" "{label}" "{words.clone()}</p> }
    });
    (!t.text.is_empty() || rating.is_some()).then(|| {
        view! {
            <section class="card">
                <h2>{tr!(lang, "上报人说", "In the reporter's words")}</h2>
                {(!t.text.is_empty()).then(|| view! { <p class="said">{t.text.clone()}</p> })}
                {rating}
            </section>
        }
    })
}

/// The forms of the moves that the viewer may take here and at the desk.
pub fn actions(boot: &Boot, t: &TicketView, about: &About) -> impl IntoView + use<> {
    let may = |m: Move| t.moves.contains(&m);
    let mut spots: Vec<u8> = t.photos.iter().filter(|p| !p.after).map(|p| p.spot).collect();
    spots.sort_unstable();
    spots.dedup();
    let next_spot = spots.last().map_or(0, |s| s + 1);
    let lang = boot.lang;
    let confirm = may(Move::Confirm) && !may(Move::Rate);
    view! {
        {may(Move::Schedule).then(|| forms::schedule(boot, about))}
        {may(Move::Arrive).then(|| forms::tap(boot, about, Move::Arrive, "arrive", "btn"))}
        {may(Move::Resume).then(|| forms::tap(boot, about, Move::Resume, "resume", "btn"))}
        {may(Move::Finish).then(|| forms::finish(boot, about, &spots, true))}
        {may(Move::AddPhotos).then(|| forms::finish(boot, about, &[next_spot], false))}
        {may(Move::Pause).then(|| forms::pause(boot, about))}
        {(may(Move::Arrive) && !may(Move::Finish)).then(|| forms::after_arriving(boot, about, &spots))}
        {may(Move::Rate).then(|| forms::rate(boot, about))}
        {confirm.then(|| forms::tap(boot, about, Move::Confirm, "confirm", "btn"))}
        {may(Move::Reject).then(|| forms::reason(boot, about, Move::Reject, "reject", tr!(lang, "哪里还没好", "What is still wrong")))}
        {may(Move::Reopen).then(|| forms::reason(boot, about, Move::Reopen, "reopen", tr!(lang, "现在是什么样", "What it is like now")))}
        {may(Move::Resubmit).then(|| forms::reason(boot, about, Move::Resubmit, "resubmit", tr!(lang, "补充说明", "What is new")))}
        {may(Move::Withdraw).then(|| forms::reason(boot, about, Move::Withdraw, "withdraw", tr!(lang, "例如：已经好了", "e.g. it is fine again")))}
    }
}

fn me_too(boot: &Boot, t: &TicketView) -> impl IntoView + use<> {
    t.can_me_too.then(|| me_too_form(boot, t.card.id, &boot.at(&format!("/t/{}", t.card.number))))
}

/// 我也遇到, as a form.
pub fn me_too_form(boot: &Boot, ticket: crate::ids::TicketId, back: &str) -> impl IntoView + use<> {
    view! {
        <form method="post" action="/forms/me-too" class="inline">
            <input type="hidden" name="id" value=MutationId::new().to_string()/>
            <input type="hidden" name="ticket" value=ticket.to_string()/>
            <input type="hidden" name="back" value=back.to_owned()/>
            <button class="btn sec" type="submit">{tr!(boot.lang, "我也遇到", "Me too")}</button>
        </form>
    }
}

/// What happened, newest first.
pub fn timeline(boot: &Boot, t: &TicketView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let items = t
        .timeline
        .iter()
        .enumerate()
        .map(|(i, h)| {
            let when = spoken_time(lang, h.at, t.now, boot.offset());
            let meta = if h.who.is_empty() { when } else { format!("{when} · {}", h.who) };
            let new = t.seen_at.is_some_and(|seen| h.at > seen);
            let class = [(i == 0).then_some("now"), new.then_some("new")].into_iter().flatten().collect::<Vec<_>>().join(" ");
            let mark = new.then(|| view! { <b class="tag due">{tr!(lang, "新", "New")}</b>" " });
            view! { <li class=class>{mark}{words::deed(lang, &h.what, t.now, boot.offset())}{other(boot, t, &h.what)}<span>{meta}</span></li> }
        })
        .collect_view();
    let took = t.finished_at.map(|at| {
        let span = spoken_span(lang, at - t.card.created_at);
        trf!(lang, "用时 {span}", "took {span}")
    });
    view! {
        <section class="card">
            <h2>{tr!(lang, "经过", "What happened")}<span class="muted">{took}</span></h2>
            <ol class="tl">{items}</ol>
        </section>
    }
}

/// The number of the other ticket of a merge.
fn other(boot: &Boot, t: &TicketView, deed: &Deed) -> Option<impl IntoView + use<>> {
    let id = match deed {
        Deed::Absorbed { other } | Deed::Stepped { other: Some(other), .. } => *other,
        _ => return None,
    };
    let (_, number) = t.merged_here.iter().chain(&t.merged_into).find(|(other, _)| *other == id)?.clone();
    let address = boot.at(&format!("/t/{number}"));
    Some(view! { " "<a href=address>{number}</a> })
}

fn comments(boot: &Boot, t: &TicketView) -> impl IntoView + use<> {
    let lang = boot.lang;
    let items = t
        .comments
        .iter()
        .map(|said| {
            let hidden = said.hidden.as_ref().map(|reason| view! { <p class="muted">{trf!(lang, "这条留言已隐藏：{reason}", "Hidden: {reason}")}</p> });
            let text = said.text.clone().map(|text| view! { <p class="said">{text}</p> });
            view! { <li>{hidden}{text}<span class="muted">{said.who.clone()}" · "{spoken_time(lang, said.at, t.now, boot.offset())}</span></li> }
        })
        .collect_view();
    let write = boot.me.is_some().then(|| {
        view! {
            <form method="post" action="/forms/comment" class="stack">
                <input type="hidden" name="id" value=MutationId::new().to_string()/>
                <input type="hidden" name="ticket" value=t.card.id.to_string()/>
                <input type="hidden" name="number" value=t.card.number.clone()/>
                <input type="hidden" name="back" value=boot.at(&format!("/t/{}", t.card.number))/>
                <div class="field">
                    <label for="comment">{tr!(lang, "补充一句（大家能看到，请不要写电话和房号）", "Add a line (public; no phone or room numbers, please)")}</label>
                    <textarea id="comment" name="text" maxlength="500" rows="2" required>{echo().value("text")}</textarea>
                </div>
                <button class="btn small sec" type="submit">{tr!(lang, "写上", "Send")}</button>
            </form>
        }
    });
    (boot.me.is_some() || !t.comments.is_empty()).then(|| {
        view! {
            <section class="card">
                <h2>{tr!(lang, "留言", "Comments")}</h2>
                <ul class="said-list">{items}</ul>
                {write}
            </section>
        }
    })
}
