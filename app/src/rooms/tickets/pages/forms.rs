//! The forms of a ticket's steps. Each is a plain HTML form: it works without a script, and a second click or a
//! reload sends the same mutation id.

use super::words::button;
use crate::ids::{MutationId, PersonId, TicketId};
use crate::rooms::tickets::model::{Part, TicketView};
use crate::rooms::tickets::rules::Move;
use crate::ui::boot::{Boot, echo};
use crate::ui::forms::kept_photos;
use crate::{tr, trf};
use leptos::prelude::*;

/// Which ticket a form is about.
#[derive(Clone, Debug)]
pub struct About {
    /// The ticket.
    pub ticket: TicketId,
    /// Its number.
    pub number: String,
    /// The version that was read.
    pub version: i64,
    /// Where to go afterwards.
    pub back: String,
}

impl About {
    /// The form of a ticket's page.
    pub fn new(view: &TicketView, back: String) -> Self {
        Self { ticket: view.card.id, number: view.card.number.clone(), version: view.version, back }
    }
}

/// The hidden fields of a step.
pub fn hidden(about: &About, step: &'static str) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="id" value=MutationId::new().to_string()/>
        <input type="hidden" name="ticket" value=about.ticket.to_string()/>
        <input type="hidden" name="number" value=about.number.clone()/>
        <input type="hidden" name="version" value=about.version.to_string()/>
        <input type="hidden" name="back" value=about.back.clone()/>
        <input type="hidden" name="step" value=step/>
    }
}

/// A step that needs nothing but its button.
pub fn tap(boot: &Boot, about: &About, step: Move, code: &'static str, class: &'static str) -> impl IntoView + use<> {
    view! {
        <form method="post" action="/forms/advance">
            {hidden(about, code)}
            <button class=class type="submit">{button(boot.lang, step)}</button>
        </form>
    }
}

/// A step that needs a reason, folded until it is wanted.
pub fn reason(boot: &Boot, about: &About, step: Move, code: &'static str, hint: &'static str) -> impl IntoView + use<> {
    let lang = boot.lang;
    let echo = echo();
    let here = echo.value("step") == code;
    let typed = if here { echo.value("reason") } else { String::new() };
    let error = here.then(|| echo.error("reason", lang)).flatten();
    let field = format!("reason-{code}");
    view! {
        <details class="more" open=here>
            <summary>{button(lang, step)}</summary>
            <form method="post" action="/forms/advance" class="stack">
                {hidden(about, code)}
                <div class="field">
                    <label for=field.clone()>{tr!(lang, "原因（大家能看到）", "Reason (everybody sees it)")}</label>
                    <textarea id=field name="reason" maxlength="500" rows="3" required placeholder=hint>{typed}</textarea>
                    {error.map(|e| view! { <p class="err">{e}</p> })}
                </div>
                <button class="btn sec" type="submit">{button(lang, step)}</button>
            </form>
        </details>
    }
}

/// Stars and words.
pub fn rate(boot: &Boot, about: &About) -> impl IntoView + use<> {
    let lang = boot.lang;
    let names = [tr!(lang, "很差", "Bad"), tr!(lang, "较差", "Poor"), tr!(lang, "一般", "Fair"), tr!(lang, "满意", "Good"), tr!(lang, "很满意", "Very good")];
    let stars = names
        .into_iter()
        .enumerate()
        .map(|(i, name)| {
            let n = i + 1;
            view! {
                <label>
                    <input type="radio" name="stars" value=n.to_string() required checked={n == 5}/>
                    <span class="star" aria-hidden="true">"★"</span>
                    <span>{trf!(lang, "{n} 星 {name}", "{n} {name}")}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <form method="post" action="/forms/advance" class="card">
            {hidden(about, "rate")}
            <h2>{tr!(lang, "修得怎么样？", "How was the repair?")}</h2>
            <fieldset class="stars"><legend class="visually-hidden">{tr!(lang, "几颗星", "Stars")}</legend>{stars}</fieldset>
            <div class="field">
                <label for="words">{tr!(lang, "想说的话（可不填）", "In words (optional)")}</label>
                <textarea id="words" name="words" maxlength="500" rows="2"></textarea>
            </div>
            <button class="btn" type="submit">{button(lang, Move::Rate)}</button>
        </form>
    }
}

/// Photos and a note to finish with, or photos alone. `spots` are the before-photos' spots.
pub fn finish(boot: &Boot, about: &About, spots: &[u8], finishing: bool) -> impl IntoView + use<> {
    let lang = boot.lang;
    let (code, step) = if finishing { ("finish", Move::Finish) } else { ("add_photos", Move::AddPhotos) };
    let spots: Vec<u8> = if spots.is_empty() { vec![0] } else { spots.to_vec() };
    let many = spots.len() > 1;
    let inputs = spots
        .into_iter()
        .map(|spot| {
            let n = spot + 1;
            let name = if finishing { format!("after-{spot}") } else { format!("before-{spot}") };
            let label = match (finishing, many) {
                (true, true) => trf!(lang, "第 {n} 处，修好后的照片", "Spot {n}, after the repair"),
                (true, false) => tr!(lang, "修好后的照片", "Photo after the repair").to_owned(),
                _ => tr!(lang, "现场照片", "Photo of the spot").to_owned(),
            };
            view! {
                <div class="field">
                    <label for=name.clone()>{label}</label>
                    {kept_photos(boot.lang, &format!("kept-{name}"))}
                    <input id=name.clone() type="file" name=name accept="image/*" capture="environment"/>
                </div>
            }
        })
        .collect_view();
    let error = (echo().value("step") == code).then(|| echo().error("photos", lang)).flatten();
    view! {
        <form method="post" action="/forms/advance" enctype="multipart/form-data" class="card">
            {hidden(about, code)}
            <h2>{button(lang, step)}</h2>
            {inputs}
            {finishing.then(|| view! {
                <div class="field">
                    <label for="note">{tr!(lang, "做了什么（大家能看到）", "What was done (everybody sees it)")}</label>
                    <textarea id="note" name="note" maxlength="500" rows="2">{echo().value("note")}</textarea>
                </div>
            })}
            {error.map(|e| view! { <p class="err">{e}</p> })}
            <button class="btn" type="submit">{button(lang, step)}</button>
        </form>
    }
}

/// 待料.
pub fn pause(boot: &Boot, about: &About) -> impl IntoView + use<> {
    reason(boot, about, Move::Pause, "pause", tr!(boot.lang, "缺什么，几时能到", "What is missing and when it will be here"))
}

/// What a worker who arrived without a network does next. It is shown by the script while the arrival waits on the phone.
pub fn after_arriving(boot: &Boot, about: &About, spots: &[u8]) -> impl IntoView + use<> {
    view! {
        <div hidden data-then="arrive" data-ticket=about.ticket.to_string() class="stack">
            {finish(boot, about, spots, true)}
            {pause(boot, about)}
        </div>
    }
}

/// The worker, chosen from a list: id and name.
pub fn assign(boot: &Boot, about: &About, workers: &[(PersonId, String)]) -> impl IntoView + use<> {
    let lang = boot.lang;
    let options = workers.iter().map(|(id, name)| view! { <option value=id.to_string()>{name.clone()}</option> }).collect_view();
    view! {
        <form method="post" action="/forms/advance" class="field-row">
            {hidden(about, "assign")}
            <div class="field">
                <label for="worker">{tr!(lang, "派给哪位师傅", "Which worker")}</label>
                <select id="worker" name="worker" required>{options}</select>
            </div>
            <button class="btn small" type="submit">{button(lang, Move::Assign)}</button>
        </form>
    }
}

/// Taking a ticket on, with whose part it is.
pub fn accept(boot: &Boot, about: &About, part: Part) -> impl IntoView + use<> {
    let lang = boot.lang;
    let options = Part::ALL.into_iter().map(|p| view! { <option value=p.code() selected={p == part}>{p.label(lang)}</option> }).collect_view();
    view! {
        <form method="post" action="/forms/advance" class="field-row">
            {hidden(about, "accept")}
            <div class="field">
                <label for="part">{tr!(lang, "属于哪一部分，谁出钱", "Whose part, and who pays")}</label>
                <select id="part" name="part">{options}</select>
            </div>
            <button class="btn small" type="submit">{button(lang, Move::Accept)}</button>
        </form>
    }
}

/// A visit's time.
pub fn schedule(boot: &Boot, about: &About) -> impl IntoView + use<> {
    let lang = boot.lang;
    view! {
        <form method="post" action="/forms/advance" class="field-row">
            {hidden(about, "schedule")}
            <div class="field">
                <label for="at">{tr!(lang, "上门时间", "Time of the visit")}</label>
                <input id="at" type="datetime-local" name="at" required/>
            </div>
            <button class="btn small sec" type="submit">{button(lang, Move::Schedule)}</button>
        </form>
    }
}

/// The number of the ticket that this one repeats.
pub fn merge(boot: &Boot, about: &About) -> impl IntoView + use<> {
    let lang = boot.lang;
    let echo = echo();
    let here = echo.value("step") == "merge";
    let error = here.then(|| echo.error("into", lang)).flatten();
    view! {
        <details class="more" open=here>
            <summary>{button(lang, Move::Merge)}</summary>
            <form method="post" action="/forms/advance" class="field-row">
                {hidden(about, "merge")}
                <div class="field">
                    <label for="into">{tr!(lang, "留下的那一件的编号", "Number of the one that stays")}</label>
                    <input id="into" type="text" name="into" maxlength="14" required autocomplete="off" value=if here { echo.value("into") } else { String::new() }/>
                    {error.map(|e| view! { <p class="err">{e}</p> })}
                </div>
                <button class="btn small sec" type="submit">{button(lang, Move::Merge)}</button>
            </form>
        </details>
    }
}
