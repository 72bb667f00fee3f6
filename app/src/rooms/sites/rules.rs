//! Where things stand on the plan, and what may be written about a piece of ground.

use super::model::{Ground, SetArea};
use crate::error::AppError;
use crate::measure::Area;
use crate::rooms::bays::rules::parse_code;
use crate::rooms::people::rules::Fields;
use crate::text::clean;

/// Bays or pins that are drawn on one plan; the list has them all.
pub const DRAWN_MAX: usize = 5_000;
/// Lines of the list beside the plan on one page.
pub const LINES: usize = 60;
/// The width of a plan that nobody has drawn yet.
pub const BLANK: i64 = 10_000;
/// The most that an area can be: 10 million m².
const AREA_MAX: i64 = 1_000_000_000;

/// Width and height of a bay on a plan of this width.
pub fn bay_size(width: i64) -> (i64, i64) {
    ((width * 6 / 1_000).max(2), (width * 9 / 1_000).max(3))
}

/// A place's position (0 to 1000 across the estate) in the plan's units.
pub fn on_plan((x, y): (i64, i64), (width, height): (i64, i64)) -> (i64, i64) {
    (x.clamp(0, 1_000) * width / 1_000, y.clamp(0, 1_000) * height / 1_000)
}

/// Whether a position is on a sheet of this size, its edges too.
///
/// # Errors
/// [`AppError::Invalid`] on `x`.
pub fn on_sheet(at: Option<(i64, i64)>, (width, height): (i64, i64)) -> Result<(), AppError> {
    if at.is_none_or(|(x, y)| (0..=width).contains(&x) && (0..=height).contains(&y)) {
        return Ok(());
    }
    Err(AppError::field("x", format!("图上位置要在底图里面：横 0 到 {width}，纵 0 到 {height}"), format!("The position is on the plan: 0 to {width} across, 0 to {height} down")))
}

/// How far from its place the `n`th thing there is drawn: in squares around it, so that none hides another.
pub fn spread(n: usize, step: i64) -> (i64, i64) {
    let n = i64::try_from(n).unwrap_or(i64::MAX).min(1_000_000);
    let ring = (0..).find(|r: &i64| (2 * r + 1) * (2 * r + 1) > n).unwrap_or(0);
    if ring == 0 {
        return (0, 0);
    }
    let along = n - (2 * ring - 1) * (2 * ring - 1);
    let (side, at) = (along / (2 * ring), along % (2 * ring) - ring);
    let (x, y) = match side {
        0 => (at, -ring),
        1 => (ring, at),
        2 => (-at, ring),
        _ => (-ring, -at),
    };
    (x * step, y * step)
}

/// Square metres as people type them, with at most two decimals: `128.5`.
///
/// # Errors
/// [`AppError::Invalid`] on `field`.
pub fn parse_square_metres(field: &str, typed: &str) -> Result<Area, AppError> {
    let wrong = || AppError::field(field, "请填平方米数，最多两位小数，例如 128.50", "Square metres with at most two decimals, e.g. 128.50");
    let text: String = typed.trim().chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
    let text = text.trim_end_matches(['㎡', '²', 'm', '平', '米', '方']);
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str, most: usize| s.len() <= most && s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole, 8) || !digits(part, 2) {
        return Err(wrong());
    }
    let part: i64 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
    let area = whole.parse::<i64>().map_err(|_| wrong())? * 100 + part;
    if area > AREA_MAX { Err(wrong()) } else { Ok(Area(area)) }
}

/// What is written about a piece of ground, tidied.
///
/// # Errors
/// [`AppError::Invalid`] on `code`, `name`, `size`, `green`, `bikes`.
pub fn parse_area(typed: &SetArea) -> Result<SetArea, AppError> {
    let mut fields = Fields::default();
    let code = fields.take(parse_code(&typed.code)).unwrap_or_default();
    let name = fields.take(crate::rooms::places::rules::parse_place_name(&typed.name)).unwrap_or_default();
    if !(1..=AREA_MAX).contains(&typed.size.0) {
        fields.take::<()>(Err(AppError::field("size", "面积要大于 0", "The size is above 0")));
    }
    if !(0..=typed.size.0.max(0)).contains(&typed.green.0) {
        fields.take::<()>(Err(AppError::field("green", "绿化面积不能比这块地还大", "No more green than ground")));
    }
    if typed.ground == Ground::Green && typed.green.0 == 0 {
        fields.take::<()>(Err(AppError::field("green", "绿地要填绿化面积", "Green ground has a green area")));
    }
    if !(0..=10_000).contains(&typed.bikes) {
        fields.take::<()>(Err(AppError::field("bikes", "停车数请填 0 到 10000", "0 to 10,000 bikes")));
    }
    fields.check()?;
    Ok(SetArea { code, name, ..typed.clone() })
}

/// Who drew a plan, tidied.
///
/// # Errors
/// [`AppError::Invalid`] on `source`.
pub fn parse_source(typed: &str) -> Result<String, AppError> {
    let source = clean(typed, 100).unwrap_or_default();
    if source.chars().count() < 2 {
        Err(AppError::field("source", "请写谁画的、根据什么，2 到 100 字", "Who drew it and after what, 2 to 100 characters"))
    } else {
        Ok(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn things_at_one_place_do_not_hide_each_other() {
        let spots: HashSet<(i64, i64)> = (0..600).map(|n| spread(n, 1)).collect();
        assert_eq!(spots.len(), 600);
        assert_eq!(spread(0, 9), (0, 0));
        assert!(
            (1..9).all(|n| {
                let (x, y) = spread(n, 1);
                x.abs().max(y.abs()) == 1
            }),
            "the first ring is next to the place"
        );
        assert!((9..25).all(|n| {
            let (x, y) = spread(n, 1);
            x.abs().max(y.abs()) == 2
        }));
    }

    #[test]
    fn places_stand_on_plans_of_every_size() {
        assert_eq!(on_plan((500, 1_000), (10_000, 6_000)), (5_000, 6_000));
        assert_eq!(on_plan((-5, 2_000), (10_000, 6_000)), (0, 6_000));
    }

    #[test]
    fn a_position_is_on_the_sheet() {
        for (at, fits) in [(None, true), (Some((0, 0)), true), (Some((5_000, 4_000)), true), (Some((5_001, 0)), false), (Some((0, 4_001)), false), (Some((-1, 0)), false)] {
            assert_eq!(on_sheet(at, (5_000, 4_000)).is_ok(), fits, "{at:?}");
        }
    }

    #[test]
    fn areas_are_typed_as_people_do() {
        for (typed, area) in [("128.5", 12_850), ("1,280", 128_000), ("0", 0), ("12.34㎡", 1_234)] {
            assert_eq!(parse_square_metres("size", typed), Ok(Area(area)), "{typed}");
        }
        for bad in ["", "-1", "1.234", "x", "1e3", ".5", "99999999999"] {
            assert!(parse_square_metres("size", bad).is_err(), "{bad}");
        }
        let wrong = SetArea { code: "<".into(), version: 0, name: String::new(), ground: Ground::Paved, size: Area(0), green: Area(1), bikes: -1 };
        assert!(matches!(parse_area(&wrong), Err(AppError::Invalid(f)) if f.len() == 5));
    }
}
