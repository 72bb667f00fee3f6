//! Rates with what they are counted from, days of inspection, warranty, and what may be written about an asset.

use super::model::{Check, Details, Kind, State};
use crate::error::AppError;
use crate::measure::{DAY, MINUTE, Time};
use crate::rooms::people::rules::Fields;
use crate::text::clean;

/// Photos of one check.
pub const PHOTOS_MAX: usize = 3;

/// The rule number that says after how many days a kind is inspected again; `None` for kinds without a plan.
pub fn days_key(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Camera => Some("assets.camera_days"),
        Kind::Sprinkler | Kind::FireGear => Some("assets.fire_days"),
        Kind::Lift => Some("assets.lift_days"),
        Kind::Pump | Kind::WaterTank => Some("assets.pump_days"),
        Kind::Light => Some("assets.light_days"),
        Kind::Door => Some("assets.door_days"),
        Kind::Bench | Kind::Other => None,
    }
}

/// What is read at a check of this kind: its unit, and from where to where it is good, in hundredths.
pub fn reading_of(kind: Kind) -> Option<(&'static str, i64, i64)> {
    match kind {
        // GB 50084: at least 0.05 MPa at the least favourable head; above 1.20 the pipe is in danger.
        Kind::Sprinkler => Some(("MPa", 5, 120)),
        Kind::Pump => Some(("MPa", 20, 160)),
        _ => None,
    }
}

/// A reading as it is written: `0.45`.
pub fn spoken_hundredths(reading: i64) -> String {
    let size = reading.unsigned_abs();
    format!("{}{}.{:02}", if reading < 0 { "-" } else { "" }, size / 100, size % 100)
}

/// Reads a reading as it is typed, in hundredths: at most two decimals. Nothing for an empty field.
///
/// # Errors
/// [`AppError::Invalid`] on `reading`.
pub fn parse_reading(typed: &str) -> Result<Option<i64>, AppError> {
    let typed = typed.trim().replace(['，', '。', ','], ".");
    if typed.is_empty() {
        return Ok(None);
    }
    let wrong = || AppError::field("reading", "请按表上的样子填读数，例如 0.45", "The number on the gauge, e.g. 0.45");
    let (whole, part) = typed.split_once('.').unwrap_or((&typed, "0"));
    let digits = |s: &str, most: usize| (1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 7) || !digits(part, 2) {
        return Err(wrong());
    }
    let whole: i64 = whole.parse().map_err(|_| wrong())?;
    let part: i64 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
    Ok(Some(whole * 100 + part))
}

/// `12.3 %` of `good` in `all`, rounded half up to a tenth; nothing where there is nothing to count.
pub fn percent(good: i64, all: i64) -> Option<String> {
    if all <= 0 || good < 0 || good > all {
        return None;
    }
    let tenths = (i128::from(good) * 2_000 + i128::from(all)) / (2 * i128::from(all));
    Some(format!("{}.{} %", tenths / 10, tenths % 10))
}

/// When an asset is inspected next: so many days after the last check, or after it was installed or written down.
pub fn next_due(last: Option<Time>, since: Time, days: i64) -> Time {
    last.unwrap_or(since) + days * DAY
}

/// Whether a change of state is possible. What is retired stays retired.
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_become(from: State, to: State) -> Result<(), AppError> {
    if from == State::Retired && to != State::Retired {
        return Err(AppError::closed("已经报废的不能再启用，请登记一件新的。", "What was retired stays so; add a new one."));
    }
    Ok(())
}

/// The first moment of a day as it is typed (`YYYY-MM-DD`), nothing for an empty field.
///
/// # Errors
/// [`AppError::Invalid`] on `field`.
pub fn parse_day(field: &str, typed: &str, offset: i32) -> Result<Option<Time>, AppError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let day = (typed.len() == 10).then(|| chrono::NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok()).flatten().and_then(|d| d.and_hms_opt(0, 0, 0));
    day.map(|d| Some(Time(d.and_utc().timestamp_millis() - i64::from(offset) * MINUTE)))
        .ok_or_else(|| AppError::field(field, "请按 2026-03-01 的样子填日期", "A date such as 2026-03-01"))
}

/// What is written about an asset, tidied; everything wrong is named at once.
///
/// # Errors
/// [`AppError::Invalid`] on `name`, `serial`, `model`, `installed` or `warranty`.
pub fn parse_details(typed: &Details, offset: i32) -> Result<Details, AppError> {
    let mut fields = Fields::default();
    let name = fields.take(crate::rooms::places::rules::parse_place_name(&typed.name));
    let short =
        |field: &str, typed: &str, most: usize| clean(typed, most).map_err(|_| AppError::field(field, format!("请不要超过 {most} 个字"), format!("At most {most} characters")));
    let serial = fields.take(short("serial", &typed.serial, 60));
    let model = fields.take(short("model", &typed.model, 80));
    let installed = fields.take(parse_day("installed", &typed.installed, offset)).flatten();
    let warranty = fields.take(parse_day("warranty", &typed.warranty, offset)).flatten();
    if let (Some(installed), Some(warranty)) = (installed, warranty)
        && warranty < installed
    {
        fields.take::<()>(Err(AppError::field("warranty", "质保到期日要在安装日期之后", "The warranty ends after the installation")));
    }
    fields.check()?;
    Ok(Details {
        name: name.unwrap_or_default(),
        serial: serial.unwrap_or_default(),
        model: model.unwrap_or_default(),
        installed: typed.installed.trim().into(),
        warranty: typed.warranty.trim().into(),
    })
}

/// Judges a check: answers its note, tidied, and whether it passed. A reading outside its bounds has not, whatever was
/// ticked.
///
/// # Errors
/// [`AppError::Invalid`] on `note` (missing when it failed), `reading` or `photos`.
pub fn judge(kind: Kind, check: &Check) -> Result<(String, bool), AppError> {
    let mut fields = Fields::default();
    let note = fields.take(clean(&check.note, 200).map_err(|_| AppError::field("note", "请不要超过 200 个字", "At most 200 characters"))).unwrap_or_default();
    if check.photos.len() > PHOTOS_MAX {
        fields.take::<()>(Err(AppError::field("photos", "最多 3 张照片", "At most 3 photos")));
    }
    let within = match (reading_of(kind), check.reading) {
        (Some((_, low, high)), Some(reading)) => (low..=high).contains(&reading),
        (None, Some(_)) => {
            fields.take::<()>(Err(AppError::field("reading", "这种设备没有读数", "Nothing is read at this kind")));
            true
        }
        _ => true,
    };
    let passed = check.passed && within;
    if !passed && note.is_empty() && within {
        fields.take::<()>(Err(AppError::field("note", "不合格请写哪里不对", "Say what is wrong")));
    }
    fields.check()?;
    Ok((note, passed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn check(passed: bool, reading: Option<i64>, note: &str) -> Check {
        Check { round: Uuid::nil(), asset: Uuid::nil(), passed, reading, note: note.into(), photos: vec![] }
    }

    #[test]
    fn rates_say_what_they_count() {
        assert_eq!(percent(363, 367).as_deref(), Some("98.9 %"));
        assert_eq!(percent(540, 540).as_deref(), Some("100.0 %"));
        assert_eq!(percent(1, 2_000).as_deref(), Some("0.1 %"), "half up");
        assert_eq!(percent(0, 0), None);
        assert_eq!(percent(3, 2), None);
    }

    #[test]
    fn a_reading_outside_its_bounds_has_not_passed() {
        assert_eq!(judge(Kind::Sprinkler, &check(true, Some(45), "")), Ok((String::new(), true)));
        assert_eq!(judge(Kind::Sprinkler, &check(true, Some(4), "")), Ok((String::new(), false)));
        assert!(judge(Kind::Camera, &check(true, Some(4), "")).is_err());
        assert!(judge(Kind::Camera, &check(false, None, " ")).is_err(), "a failure says why");
        assert_eq!(judge(Kind::Camera, &check(false, None, "黑屏")), Ok(("黑屏".into(), false)));
    }

    #[test]
    fn a_reading_is_typed_as_the_gauge_shows_it() {
        for (typed, hundredths) in [("0.45", Some(45)), (" 1 ", Some(100)), ("0.4", Some(40)), ("0，45", Some(45)), ("", None)] {
            assert_eq!(parse_reading(typed), Ok(hundredths), "{typed}");
        }
        for typed in ["x", "1.234", "-1", ".", "1.", "99999999", "1e3", "０"] {
            assert!(parse_reading(typed).is_err(), "{typed}");
        }
        assert_eq!([spoken_hundredths(45), spoken_hundredths(-5), spoken_hundredths(1_200)], ["0.45", "-0.05", "12.00"]);
    }

    #[test]
    fn what_is_retired_stays_retired() {
        for to in State::ALL {
            assert_eq!(may_become(State::Retired, to).is_ok(), to == State::Retired);
            assert!(may_become(State::InUse, to).is_ok());
        }
    }

    #[test]
    fn details_are_judged_all_at_once() {
        let bad = Details { name: String::new(), installed: "1.3.2026".into(), warranty: "2026-02-30".into(), ..Details::default() };
        assert!(matches!(parse_details(&bad, 480), Err(AppError::Invalid(f)) if f.len() == 3));
        let early = Details { name: "1 号机".into(), installed: "2026-03-01".into(), warranty: "2026-02-28".into(), ..Details::default() };
        assert!(matches!(parse_details(&early, 480), Err(AppError::Invalid(f)) if f[0].field == "warranty"));
    }

    proptest! {
        #[test]
        fn a_percentage_is_near_its_fraction(all in 1i64..100_000, part in 0i64..100_000) {
            let good = part.min(all);
            let text = percent(good, all).expect("a rate");
            let tenths: i64 = text.trim_end_matches(" %").replace('.', "").parse().expect("digits");
            prop_assert!((tenths * all - good * 1_000).abs() * 2 <= all);
        }
    }
}
