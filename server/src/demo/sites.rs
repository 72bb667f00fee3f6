//! The site plan of the demonstration, drawn from its buildings and places, and where each bay is on it.

use super::places::Place;
use super::{Building, Estate};
use app::rooms::bays::list::Line;
use app::rooms::bays::model::{BayKind, BayState, Details};
use app::rooms::communities::model::BuildingKind;
use app::rooms::places::model::PlaceKind as K;
use std::fmt::Write as _;

/// Units of the plan for each of the thousand that places are measured in.
const UNIT: i64 = 10;
/// How far south of a row of houses its cars stand.
const SOUTH: i64 = 250;

/// The estate as an SVG, as somebody would upload it.
pub fn draw(estate: &Estate) -> String {
    let mut out = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10000 10000\">");
    out.push_str("<rect class=\"wall\" x=\"60\" y=\"60\" width=\"9880\" height=\"9880\" rx=\"60\"/>");
    for p in estate.places.iter().filter(|p| p.kind == K::Green) {
        area(&mut out, "lawn", p, 900, 460);
    }
    out.push_str("<path class=\"road\" stroke-width=\"220\" d=\"M380 480H9600V9520H380Z\"/>");
    for b in &estate.buildings {
        let _ = write!(out, "<path class=\"road\" stroke-width=\"60\" d=\"M{} {}H{}\"/>", b.x * UNIT - 500, b.y * UNIT + 170, b.x * UNIT + 500);
    }
    for p in estate.places.iter().filter(|p| p.kind == K::Road && p.building.is_none()) {
        let _ = write!(out, "<text x=\"{}\" y=\"{}\" font-size=\"110\" text-anchor=\"middle\">{}</text>", p.x * UNIT, p.y * UNIT, p.name);
    }
    for p in &estate.places {
        match p.kind {
            K::Square => area(&mut out, "square", p, 760, 520),
            K::BikeGarage => area(&mut out, "bikes", p, 560, 170),
            K::Garage => area(&mut out, "garage", p, 1_300, 780),
            K::WasteRoom | K::Gate | K::Other => area(&mut out, "garage", p, 220, 120),
            _ => {}
        }
    }
    for b in &estate.buildings {
        house(&mut out, b);
    }
    out.push_str("</svg>");
    out
}

fn area(out: &mut String, class: &str, p: &Place, w: i64, h: i64) {
    let (x, y) = ((p.x * UNIT).clamp(w / 2 + 40, 9_960 - w / 2), (p.y * UNIT).clamp(h / 2 + 40, 9_960 - h / 2));
    let name = p.name.replace("非机动车库", "车库");
    let _ = write!(
        out,
        "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{w}\" height=\"{h}\" rx=\"30\"/><text x=\"{x}\" y=\"{}\" font-size=\"90\" text-anchor=\"middle\">{name}</text>",
        x - w / 2,
        y - h / 2,
        if class == "garage" && h > 500 { y - h / 2 + 100 } else { y + 30 }
    );
}

fn house(out: &mut String, b: &Building) {
    let (class, w, h) = match b.kind {
        BuildingKind::HighRise => ("tower", 460, 300),
        BuildingKind::MultiStorey => ("house", 200 * b.stairs.len().max(2) as i64, 200),
    };
    let (x, y) = (b.x * UNIT, b.y * UNIT);
    let _ = write!(
        out,
        "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{w}\" height=\"{h}\"/><text x=\"{x}\" y=\"{}\" font-size=\"120\" text-anchor=\"middle\" font-weight=\"600\">{}</text>",
        x - w / 2,
        y - h / 2,
        y + 40,
        b.code
    );
}

/// Every bay of an estate, with the first units of its towers owning those that are owned.
pub fn bays(estate: &Estate) -> Vec<Line> {
    let count = estate.counts.bays;
    let mut lines = underground(estate);
    let spots = surface_spots(estate, usize::try_from(count.surface_planned + count.surface_added).unwrap_or(0));
    for (n, (x, y, area)) in (1i64..).zip(spots) {
        let planned = n <= count.surface_planned;
        let freed = planned && n > count.surface_planned - count.freed;
        // What was won back is free for the draw; of the rest most were given out years ago.
        let held = planned && !freed && n % 12 != 0 && estate.counts.bays.freed > 0;
        lines.push(Line {
            line: 0,
            code: format!("D-{n:03}"),
            kind: if planned { BayKind::Planned } else { BayKind::Added },
            state: if held { BayState::Held } else { BayState::Free },
            details: Details { original_planned: planned, freed, area, x: Some(x), y: Some(y), ..Details::default() },
            unit: None,
            absent: Vec::new(),
        });
    }
    let (last, every) = (count.surface_planned, count.surface_planned / count.accessible.max(1));
    let surface = lines.len() - usize::try_from(count.surface_planned + count.surface_added).unwrap_or(0);
    for (n, line) in (1i64..).zip(lines.iter_mut().skip(surface)) {
        line.details.accessible = n <= last && n % every.max(1) == 1 && n / every.max(1) < count.accessible;
    }
    // The charging posts stand together, before those that were won back.
    let posts = lines.iter_mut().skip(surface).take(usize::try_from(last - count.freed).unwrap_or(0)).rev().filter(|l| !l.details.accessible);
    for line in posts.take(usize::try_from(count.electric).unwrap_or(0)) {
        line.details.ev = true;
    }
    for (n, line) in (2..).zip(&mut lines) {
        line.line = n;
    }
    lines
}

/// Sixty in each garage: those of the first three are owned, those of the last are the developer's.
fn underground(estate: &Estate) -> Vec<Line> {
    let count = estate.counts.bays;
    let codes: std::collections::HashMap<_, _> = estate.buildings.iter().map(|b| (b.id, b.code.clone())).collect();
    let owners = estate.units.iter().filter(|u| u.stair.is_empty()).map(|u| (codes[&u.building].clone(), u.stair.clone(), u.room.clone()));
    let mut owners = owners.step_by(4);
    let mut lines = Vec::new();
    for (g, place) in estate.places.iter().filter(|p| p.kind == K::Garage).enumerate() {
        for n in 0..60i64 {
            let kind = if (lines.len() as i64) < count.underground_owned { BayKind::Owned } else { BayKind::Developer };
            lines.push(Line {
                line: 0,
                code: format!("{}-{:03}", ["A", "B", "C", "E"][g % 4], n + 1),
                kind,
                state: if kind == BayKind::Owned { BayState::Held } else { BayState::Free },
                details: Details {
                    original_planned: true,
                    area: place.name.clone(),
                    x: Some(place.x * UNIT - 570 + n % 15 * 80),
                    y: Some(place.y * UNIT - 150 + n / 15 * 150),
                    ..Details::default()
                },
                unit: if kind == BayKind::Owned { owners.next() } else { None },
                absent: Vec::new(),
            });
        }
    }
    lines
}

/// Along the houses: as many for each row as it is long.
fn surface_spots(estate: &Estate, wanted: usize) -> Vec<(i64, i64, String)> {
    let mut rows: Vec<(i64, Vec<&Building>)> = Vec::new();
    for b in &estate.buildings {
        match rows.last_mut() {
            Some((y, row)) if *y == b.y => row.push(b),
            _ => rows.push((b.y, vec![b])),
        }
    }
    let houses: usize = rows.iter().map(|r| r.1.len()).sum();
    let mut spots = Vec::new();
    for (r, (y, row)) in rows.iter().enumerate() {
        let rest = wanted - spots.len();
        let mine = if r + 1 == rows.len() { rest } else { (wanted * row.len() / houses.max(1)).min(rest) };
        let area = format!("{}～{}号楼前", row[0].code, row[row.len() - 1].code);
        let each = mine.div_ceil(row.len());
        for n in 0..mine {
            let house = row[n / each];
            // Before each house, in two lines where it has many.
            let (at, line) = ((n % each % 7) as i64, (n % each / 7) as i64);
            spots.push((house.x * UNIT - 300 + at * 100, y * UNIT + SOUTH + line * 130, area.clone()));
        }
    }
    spots
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::rooms::bays::model::{Bay, Numbers};
    use app::rooms::bays::rules::accessible_needed;
    use app::rooms::sites::drawing::clean_drawing;
    use std::collections::HashSet;

    #[test]
    fn the_bays_add_up_and_stand_beside_each_other() {
        let plan = super::super::plan(7, 1_773_819_000_000);
        for (estate, total) in [(&plan.home, 688), (&plan.neighbour, 12)] {
            let lines = bays(estate);
            assert_eq!((lines.len(), lines.iter().map(|l| &l.code).collect::<HashSet<_>>().len()), (total, total));
            assert_eq!(lines.iter().map(|l| (l.details.x, l.details.y)).collect::<HashSet<_>>().len(), total, "none hides another");
            let count = |f: fn(&Line) -> bool| lines.iter().filter(|l| f(l)).count() as i64;
            let b = estate.counts.bays;
            assert_eq!(count(|l| l.kind == BayKind::Owned), b.underground_owned);
            assert_eq!(count(|l| l.kind == BayKind::Developer), b.underground_developer);
            assert_eq!(count(|l| l.kind == BayKind::Added && !l.details.original_planned), b.surface_added);
            assert_eq!(count(|l| l.details.freed && l.kind == BayKind::Planned && l.details.original_planned), b.freed);
            assert_eq!((count(|l| l.details.accessible), count(|l| l.details.ev)), (b.accessible, b.electric));
            assert!(b.accessible >= accessible_needed(b.total()));
            assert!(lines.iter().all(|l| l.details.x.is_some_and(|x| (0..=10_000).contains(&x)) && l.details.y.is_some_and(|y| (0..=10_000).contains(&y))));
            assert_eq!(Numbers::of(&Vec::<Bay>::new()).all(), 0);
        }
    }

    #[test]
    fn the_drawing_passes_whole() {
        let plan = super::super::plan(7, 1_773_819_000_000);
        for estate in plan.estates() {
            let made = clean_drawing(&draw(estate)).expect("a drawing");
            assert_eq!((made.width, made.height, made.left_out), (10_000, 10_000, 0));
            assert_eq!(made.body.matches("font-weight").count(), estate.buildings.len());
        }
    }
}
