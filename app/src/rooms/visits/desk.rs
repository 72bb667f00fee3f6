//! The gate: today's passes, and finding one by its code.

use super::model::{Visit, Worth};
use super::pages::{and_more, worth_tag};
use super::rules::worth;
use super::store::Passes;
use crate::ids::UnitId;
use crate::measure::Time;
use crate::ui::boot::Boot;
use crate::ui::forms::hidden;
use crate::ui::frame::Page;
use crate::ui::{empty, frame};
use crate::{tr, trf};
use leptos::prelude::*;
use std::collections::HashMap;

/// The page.
pub fn page(boot: &Boot, day: &str, passes: &Passes, units: &HashMap<UnitId, String>, now: Time) -> AnyView {
    let lang = boot.lang;
    let n = passes.list.len();
    let lines = passes.list.iter().map(|v| line(boot, v, units, now)).collect_view();
    let list = if passes.list.is_empty() {
        empty("people", tr!(lang, "这一天没有访客证。", "No passes for this day.").into(), None).into_any()
    } else {
        view! { <section class="card"><h2>{trf!(lang, "{n} 张", "{n} passes")}</h2><div class="scroll-x" tabindex="0" role="group" aria-label=tr!(lang, "访客证", "Passes")><table class="t">
            <thead><tr><th scope="col">{tr!(lang, "状态", "State")}</th><th scope="col">{tr!(lang, "去哪户", "Visits")}</th><th scope="col">{tr!(lang, "访客", "Visitor")}</th><th scope="col">{tr!(lang, "车牌", "Plate")}</th><th scope="col">{tr!(lang, "放行", "Let in")}</th></tr></thead>
            <tbody>{lines}</tbody>
        </table></div>{and_more(lang, passes.more)}</section> }
        .into_any()
    };
    let body = view! {
        <form method="get" action="/v" class="card field-row" role="search">
            <div class="field"><label for="vcode">{tr!(lang, "访客证编号", "Code of a pass")}</label><input id="vcode" type="text" name="code" maxlength="16" autocapitalize="characters"/></div>
            <button class="btn small" type="submit">{tr!(lang, "查", "Look")}</button>
        </form>
        <form method="get" action="/desk/visits" class="card field-row">
            <div class="field"><label for="vday">{tr!(lang, "哪一天", "Day")}</label><input id="vday" type="date" name="day" value=day.to_owned()/></div>
            <button class="btn small sec" type="submit">{tr!(lang, "看", "Show")}</button>
        </form>
        {list}
    };
    frame(boot, Page::Desk, tr!(lang, "访客", "Visitors").into(), day.to_owned(), body)
}

fn line(boot: &Boot, v: &Visit, units: &HashMap<UnitId, String>, now: Time) -> impl IntoView + use<> {
    let lang = boot.lang;
    let worth = worth(v, now, boot.offset());
    let enter = (worth == Worth::Valid).then(|| view! { <form method="post" action="/forms/visit-enter" class="inline">{hidden("/desk/visits")}<input type="hidden" name="visit" value=v.id.to_string()/><button class="btn small" type="submit">{tr!(lang, "放行", "Let in")}</button></form> });
    view! { <tr><td><a href=format!("/v/{}", v.code)>{worth_tag(lang, worth)}</a></td><td>{units.get(&v.unit).cloned().unwrap_or_default()}</td><td>{v.name.clone()}</td><td>{v.plate.clone()}</td><td>{enter}</td></tr> }
}
