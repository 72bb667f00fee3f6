//! Drawing the plan as text: what is on it stands on the drawing as links with a shape of their own, so that no colour is
//! needed to tell them apart.

use super::drawing::escape;
use super::model::{Pin, Sheet};
use super::rules::{DRAWN_MAX, bay_size};
use crate::i18n::Lang;
use crate::rooms::bays::model::{Bay, BayState};
use crate::text::percent;
use crate::tr;
use std::fmt::Write as _;

/// What a plan is drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The drawing under it.
    pub sheet: &'a Sheet,
    /// Bays: each with where it leads, nothing where it is only drawn.
    pub bays: &'a [(&'a Bay, Option<String>)],
    /// Pins.
    pub pins: &'a [Pin],
    /// The code of the bay that is meant.
    pub at: Option<&'a str>,
    /// A tap places the bay that is meant, instead of opening one.
    pub places: bool,
    /// The language.
    pub lang: Lang,
}

/// What a bay is called for those who do not see it: code, state, kind, and what is special.
pub fn spoken_bay(bay: &Bay, lang: Lang) -> String {
    let mut words = vec![bay.code.as_str(), bay.state.label(lang), bay.kind.label(lang)];
    if bay.accessible {
        words.push(tr!(lang, "无障碍", "accessible"));
    }
    if bay.ev {
        words.push(tr!(lang, "充电", "charging"));
    }
    words.join(tr!(lang, "，", ", "))
}

/// The outline of a bay and the mark of its state, as one path: empty, a car inside, a cross, a bar.
pub fn bay_path(state: BayState, (x, y): (i64, i64), (w, h): (i64, i64)) -> String {
    let (left, top) = (x - w / 2, y - h / 2);
    let outline = format!("M{left} {top}h{w}v{h}h-{w}z");
    match state {
        BayState::Free => outline,
        BayState::Held => format!("{outline}m{} {}h{}v{}h-{}z", w / 3, h / 4, w / 3, h / 2, w / 3),
        BayState::Blocked => format!("{outline}l{w} {h}m-{w} 0l{w} -{h}"),
        BayState::Closed => format!("{outline}m0 {}h{w}", h / 2),
    }
}

fn look_of(state: BayState) -> &'static str {
    match state {
        BayState::Free => "b f",
        BayState::Held => "b h",
        BayState::Blocked => "b x",
        BayState::Closed => "b c",
    }
}

/// The outline of a pin: a disc works, a triangle is late or broken, a diamond waits, a square is off.
pub fn pin_path(look: &str, (x, y): (i64, i64), size: i64) -> String {
    let (half, left, top) = (size / 2, x - size / 2, y - size / 2);
    match look {
        "ok" => format!("M{left} {top}m0 {half}a{half} {half} 0 1 0 {size} 0a{half} {half} 0 1 0 -{size} 0z"),
        "late" | "bad" => format!("M{left} {top}m{half} 0l{half} {size}h-{size}z"),
        "due" => format!("M{left} {top}m{half} 0l{half} {half}l-{half} {half}l-{half} -{half}z"),
        _ => format!("M{left} {top}h{size}v{size}h-{size}z"),
    }
}

/// The plan as an svg element.
pub fn svg(scene: &Scene<'_>) -> String {
    let Sheet { width, height, drawing, .. } = scene.sheet;
    let (w, h) = bay_size(*width);
    let mut out = String::with_capacity(drawing.len() + 160 * (scene.bays.len() + scene.pins.len()) + 1_000);
    let name = tr!(scene.lang, "小区平面图", "Plan of the estate");
    let places = if scene.places { " data-place" } else { "" };
    let _ = write!(
        out,
        "<svg id=\"plan\" class=\"plan\" viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\"{name}\" data-bay=\"{w}\"{places}><g id=\"plan-all\"><g class=\"drawing\" aria-hidden=\"true\">{drawing}</g>"
    );
    for (bay, href) in scene.bays.iter().take(DRAWN_MAX) {
        let Some(at) = bay.at else { continue };
        let path = bay_path(bay.state, at, (w, h));
        let look = look_of(bay.state);
        // The links are the plan's keyboard stops; the list beside it has their words again.
        match href {
            Some(href) => {
                let id = if scene.at == Some(bay.code.as_str()) { " id=\"plan-at\"" } else { "" };
                let _ = write!(out, "<a{id} class=\"{look}\" href=\"{}\" aria-label=\"{}\"><path d=\"{path}\"/>", escape(href), escape(&spoken_bay(bay, scene.lang)));
                letter(&mut out, bay, at, h, scene.lang);
                out.push_str("</a>");
            }
            None => {
                let _ = write!(out, "<g class=\"{look} dim\"><path d=\"{path}\"/></g>");
            }
        }
        if scene.at == Some(bay.code.as_str()) {
            let _ = write!(out, "<circle id=\"plan-here\" class=\"here\" cx=\"{}\" cy=\"{}\" r=\"{h}\"/>", at.0, at.1);
        }
    }
    for pin in scene.pins.iter().take(DRAWN_MAX) {
        let _ = write!(
            out,
            "<a class=\"p {}\" href=\"{}\" aria-label=\"{}\"><path d=\"{}\"/></a>",
            pin.look,
            escape(&pin.href),
            escape(&pin.label),
            pin_path(pin.look, pin.at, if matches!(pin.look, "due" | "late") { h } else { w })
        );
    }
    out.push_str("</g></svg>");
    out
}

/// What is special about a bay stands on it in a word.
fn letter(out: &mut String, bay: &Bay, (x, y): (i64, i64), size: i64, lang: Lang) {
    let word = match (bay.accessible, bay.ev) {
        (true, _) => tr!(lang, "障", "A"),
        (_, true) => tr!(lang, "电", "E"),
        _ => return,
    };
    let _ = write!(out, "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\">{word}</text>", size / 2);
}

/// Where a bay leads: to its own page, or to the page that asked for one, with its code.
pub fn href(slug: &str, bay: &Bay, pick: Option<&str>) -> String {
    let code = percent(&bay.code);
    match pick {
        None => format!("/c/{slug}/bays/{code}"),
        Some(back) => format!("{back}{}bay={code}", if back.contains('?') { '&' } else { '?' }),
    }
}
