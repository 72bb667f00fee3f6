//! Typing in a sheet of paper.

use super::scorers::Paper;
use super::sheet_page::{Filling, sections};
use crate::i18n::spoken_time;
use crate::measure::Time;
use crate::rooms::photos::model::Size;
use crate::ui::boot::Boot;
use crate::ui::forms::{error, hidden, kept_photos};
use crate::ui::frame::Page;
use crate::ui::{frame, icon, photo};
use crate::{tr, trf};
use leptos::prelude::*;

/// The page.
pub fn page(boot: &Boot, paper: &Paper, now: Time) -> AnyView {
    let lang = boot.lang;
    let back = format!("/desk/scoring/{}", paper.row.id);
    let scan = paper.scan.iter().map(|id| photo(*id, Size::Large, tr!(lang, "纸质表", "The sheet of paper").into())).collect_view();
    let scan = (!paper.scan.is_empty()).then(|| view! { <section class="card"><h2>{tr!(lang, "纸质表", "The sheet of paper")}</h2><div class="papers">{scan}</div></section> });
    let state = state(boot, paper, now);
    let open = paper.handed_at.is_none() && !paper.conflict && paper.row.stage == super::model::Stage::Open;
    let form = open.then(|| form(boot, paper));
    let body = view! { {state}{scan}{form}<p><a class="chip" href=back>{tr!(lang, "回到这一轮", "Back to the round")}</a></p> };
    frame(boot, Page::Desk, tr!(lang, "录入 {name} 的纸质表", "Type in {name}'s sheet", name = paper.name), format!("{} · {}", paper.row.number, paper.group.label(lang)), body)
}

fn state(boot: &Boot, paper: &Paper, now: Time) -> AnyView {
    let lang = boot.lang;
    if let Some(at) = paper.handed_at {
        let at = spoken_time(lang, at, now, boot.offset());
        return view! { <p class="notice ok" role="status"><span>{trf!(lang, "这张表 {at} 已经交了。", "This sheet is in since {at}.")}</span></p> }.into_any();
    }
    if paper.conflict {
        return view! { <p class="notice err" role="status"><span>{tr!(lang, "这位打分人申报过利益关系，表不算。", "This scorer declared a tie: the sheet does not count.")}</span></p> }.into_any();
    }
    if !paper.differ.is_empty() {
        let items = paper.differ.join("、");
        return view! { <p class="notice err" role="alert"><span>{trf!(lang, "两个人录的不一样：{items}。请对照纸质表再看一遍，改好重交。", "The two who typed differ: {items}. Look at the paper again and correct it.")}</span></p> }
            .into_any();
    }
    let words = match (paper.marks.is_empty(), paper.other) {
        (true, false) => tr!(
            lang,
            "要两个人各录一遍，一致了才算交表。您看不到另一个人录的分。",
            "Two people type it, each for themselves; it counts when they agree. Neither sees what the other typed."
        ),
        (true, true) => {
            tr!(lang, "另一个人已经录了。请您照纸质表独立再录一遍，一致就算交表。", "Somebody else has typed it. Type it from the paper yourself: when you agree it is in.")
        }
        (false, _) => tr!(lang, "您已经录了，等另一个人再录一遍。", "You have typed it; now somebody else has to."),
    };
    view! { <p class="note">{words}</p> }.into_any()
}

fn form(boot: &Boot, paper: &Paper) -> impl IntoView + use<> {
    let lang = boot.lang;
    let filling = Filling { template: &paper.template, high_rise: paper.high_rise, marks: &paper.marks };
    let beside = |item: &super::template::Item, _: usize| {
        let differs = paper.differ.contains(&item.code);
        differs.then(|| view! { <p class="err">{tr!(lang, "这一项两个人录的不一样", "Here the two differ")}</p> }).into_any()
    };
    let sections = sections(lang, &filling, beside);
    let scan = if paper.scan.is_empty() {
        tr!(lang, "拍下纸质表（必须，最多 4 张）", "Photograph the sheet (needed, at most 4)")
    } else {
        tr!(lang, "补拍", "Add a photo")
    };
    view! {
        <form method="post" action="/forms/scoring-paper" enctype="multipart/form-data" class="stack sheet">
            {hidden(&format!("/desk/scoring/{}/paper/{}", paper.row.id, paper.person))}
            <input type="hidden" name="round" value=paper.row.id.to_string()/><input type="hidden" name="person" value=paper.person.to_string()/>
            <div class="shots"><label class="add"><input type="file" name="file" accept="image/*" multiple/>{icon("camera")}<span>{scan}</span></label></div>
            {kept_photos(lang, "photo")}{error("photos", lang)}
            {sections}
            <button class="btn" type="submit">{tr!(lang, "录好了", "Typed")}</button>
        </form>
    }
}
