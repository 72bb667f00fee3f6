//! 我的消息: what waits for one person.

use super::model::NoteRow;
use crate::i18n::spoken_time;
use crate::ids::MutationId;
use crate::measure::Time;
use crate::ui::boot::Boot;
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;

/// The page.
pub fn notes(boot: &Boot, rows: &[NoteRow], now: Time) -> AnyView {
    let lang = boot.lang;
    let new = rows.iter().filter(|r| r.new).count();
    let read = (new > 0).then(|| {
        view! {
            <form method="post" action="/forms/notes-read">
                <input type="hidden" name="id" value=MutationId::new().to_string()/><input type="hidden" name="back" value="/notes"/><input type="hidden" name="up_to" value=now.0.to_string()/>
                <button class="btn sec small" type="submit">{tr!(lang, "都看过了", "Mark all as read")}</button>
            </form>
        }
    });
    let list = if rows.is_empty() {
        empty("check", tr!(lang, "现在没有消息。", "No messages.").into(), None).into_any()
    } else {
        let row = |r: &NoteRow| {
            let mark = r.new.then(|| view! { <b class="new">{tr!(lang, "新", "New")}" · "</b> });
            view! { <li class="card"><p>{mark}<a href=r.path.clone()>{r.words.clone()}</a></p><p class="muted">{spoken_time(lang, r.at, now, boot.offset())}</p></li> }
        };
        view! { <ul class="messages">{rows.iter().map(row).collect_view()}</ul> }.into_any()
    };
    frame(boot, Page::Me, tr!(lang, "我的消息", "My messages").into(), trf!(lang, "{new} 条新的", "{new} new"), view! { {read}{list} })
}
