//! The preview of an uploaded list.

use super::model::Fault;
use crate::tr;
use crate::ui::forms::hidden;
use crate::ui::{Boot, Page, frame};
use leptos::prelude::*;
use uuid::Uuid;

/// Faults that a page names; who has mended these sees the others the next time.
const SHOWN: usize = 500;

/// What a preview says, in the reader's language.
#[derive(Clone, Debug)]
pub struct Preview<'a> {
    /// What the page is called.
    pub title: &'static str,
    /// What the list would change, in one sentence.
    pub sum: String,
    /// The button that writes it; nothing where there is nothing to write.
    pub write: Option<String>,
    /// What is wrong: then nothing can be written.
    pub faults: &'a [Fault],
    /// Whether it was confirmed before.
    pub confirmed: bool,
    /// Where the form goes.
    pub action: &'static str,
    /// The page that the list was uploaded from, and the words of the link to it.
    pub back: (&'static str, &'static str),
}

/// The page of a list that was uploaded as `id`, at `{list}/{id}`.
pub fn preview(boot: &Boot, list: &str, id: Uuid, p: Preview<'_>) -> AnyView {
    let lang = boot.lang;
    let done = (p.confirmed && p.write.is_none())
        .then(|| view! { <p class="note">{tr!(lang, "这份表已经写入，再传一次什么都不变。", "This list has been written; the same again changes nothing.")}</p> });
    let confirm = p.write.filter(|_| p.faults.is_empty()).map(|words| {
        view! { <form method="post" action=p.action class="card">{hidden(&format!("{list}/{id}"))}<input type="hidden" name="import" value=id.to_string()/><button class="btn" type="submit">{words}</button></form> }
    });
    let (back, words) = p.back;
    let body = view! { <section class="card"><p>{p.sum}</p>{done}</section>{faults(boot, p.faults)}{confirm}<p><a href=back>{words}</a></p> };
    frame(boot, Page::Desk, p.title.into(), tr!(lang, "确认以前什么都没有写入", "Nothing is written before you confirm").into(), body)
}

fn faults(boot: &Boot, faults: &[Fault]) -> Option<impl IntoView + use<>> {
    let lang = boot.lang;
    let rows = faults.iter().take(SHOWN).map(|f| view! { <tr><td class="num">{f.line}</td><td>{f.column.clone()}</td><td>{f.why(lang).to_owned()}</td></tr> }).collect_view();
    (!faults.is_empty()).then(|| {
        view! {
            <section class="card">
                <h2>{tr!(lang, "要改的地方", "To be mended")}</h2>
                <div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "要改的地方", "To be mended")><table class="t">
                    <thead><tr><th scope="col" class="num">{tr!(lang, "行", "Line")}</th><th scope="col">{tr!(lang, "列", "Column")}</th><th scope="col">{tr!(lang, "问题", "Why")}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table></div>
            </section>
        }
    })
}
