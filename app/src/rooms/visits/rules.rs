//! Days, limits, plates and worth of visitors' passes.

use super::model::{Invite, Visit, Worth};
use crate::error::AppError;
use crate::measure::{DAY, Time};
use crate::rooms::people::rules::Fields;
use crate::text::clean;
use chrono::NaiveDate;

/// The rule number for the passes of one household in one month.
pub const UNIT_MONTH: &str = "visits.unit_month";
/// The rule number for how far ahead a pass is made.
pub const AHEAD_DAYS: &str = "visits.ahead_days";
/// The rule number for how long name and plate are kept.
pub const KEEP_DAYS: &str = "visits.keep_days";

/// What may be asked for, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Passes of one household in one month.
    pub unit_month: i64,
    /// Days ahead.
    pub ahead_days: i64,
}

/// A day as it is written: `2026-11-26`.
pub fn written_day(at: Time, offset: i32) -> String {
    at.local(offset).format("%Y-%m-%d").to_string()
}

/// Judges an invitation: day, name and plate as they are kept.
///
/// # Errors
/// [`AppError::Invalid`] on `day`, `name`, `plate`.
pub fn parse_invite(typed: &Invite, limits: &Limits, now: Time, offset: i32) -> Result<Invite, AppError> {
    let mut fields = Fields::default();
    let day = fields.take(parse_day(&typed.day, limits.ahead_days, now, offset)).unwrap_or_default();
    let name = fields.take(clean(&typed.name, 20).map_err(|_| AppError::field("name", "称呼请不要超过 20 个字", "At most 20 characters"))).unwrap_or_default().replace('\n', " ");
    let plate = match typed.plate.trim() {
        "" => String::new(),
        plate => fields.take(parse_plate(plate)).unwrap_or_default(),
    };
    fields.check()?;
    Ok(Invite { day, name, plate })
}

fn parse_day(typed: &str, ahead: i64, now: Time, offset: i32) -> Result<String, AppError> {
    let typed = typed.trim();
    let day = (typed.len() == 10).then(|| NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok()).flatten().map(|d| d.format("%Y-%m-%d").to_string());
    let (first, last) = (written_day(now, offset), written_day(now + ahead * DAY, offset));
    match day {
        Some(day) if first <= day && day <= last => Ok(day),
        _ => Err(AppError::field("day", format!("请选 {first} 到 {last} 中的一天"), format!("A day from {first} to {last}"))),
    }
}

/// A number plate: the province's character, a letter, and five or six letters and digits (six for electric cars). Dots,
/// spaces and small letters are tolerated.
///
/// # Errors
/// [`AppError::Invalid`] on `plate`.
pub fn parse_plate(typed: &str) -> Result<String, AppError> {
    let plate: String = typed.chars().take(40).filter(|c| !matches!(c, ' ' | '·' | '.' | '-' | '•' | '\u{3000}')).flat_map(char::to_uppercase).collect();
    let mut letters = plate.chars();
    let (province, region) = (letters.next(), letters.next());
    let rest: Vec<char> = letters.collect();
    let fits = province.is_some_and(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
        && region.is_some_and(|c| c.is_ascii_uppercase())
        && (5..=6).contains(&rest.len())
        && rest[..rest.len() - 1].iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        // The last one may be 学, 警, 挂, 港, 澳, 领.
        && rest.last().is_some_and(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || "学警挂港澳领".contains(*c));
    if fits {
        Ok(plate)
    } else {
        Err(AppError::field("plate", "车牌请照样子填，例如 沪A12345，走路来的不填", "The plate, e.g. 沪A12345; leave it empty for somebody on foot"))
    }
}

/// `沪A12345` → `沪A***45` (R7.5): enough to recognise one's own.
pub fn mask_plate(plate: &str) -> String {
    let letters: Vec<char> = plate.chars().collect();
    if letters.len() < 6 {
        return "*".repeat(letters.len());
    }
    let (head, tail) = (&letters[..2], &letters[letters.len() - 2..]);
    format!("{}{}{}", head.iter().collect::<String>(), "*".repeat(letters.len() - 4), tail.iter().collect::<String>())
}

/// Whether a household may make one more pass for a month in which it has so many.
///
/// # Errors
/// [`AppError::Closed`] with the number.
pub fn may_invite(made: i64, limits: &Limits) -> Result<(), AppError> {
    let most = limits.unit_month;
    if made < most {
        return Ok(());
    }
    Err(AppError::closed(
        format!("这个月您家已经发了 {made} 张访客证，每月最多 {most} 张。取消没用的可以再发；急事请打物业电话。"),
        format!("Your household has {made} passes this month; {most} at most. Take back what is not needed, or call the property desk."),
    ))
}

/// What a pass is worth.
pub fn worth(visit: &Visit, now: Time, offset: i32) -> Worth {
    let today = written_day(now, offset);
    match () {
        () if visit.cancelled => Worth::Cancelled,
        () if visit.used_at.is_some() => Worth::Used,
        () if visit.day < today => Worth::Expired,
        () if visit.day > today => Worth::Early,
        () => Worth::Valid,
    }
}

/// Puts the passes of a list in order: the open ones first, the soonest day first; then the others, the last day first. Within
/// a day open ones stand as they were made, the others the last first.
pub fn in_order(passes: &mut [Visit], today: &str) {
    passes.sort_by(|a, b| {
        let open = |v: &Visit| !v.cancelled && v.used_at.is_none() && v.day.as_str() >= today;
        match (open(a), open(b)) {
            (true, true) => (&a.day, a.at).cmp(&(&b.day, b.at)),
            (false, false) => (&b.day, b.at).cmp(&(&a.day, a.at)),
            (first, _) => {
                if first {
                    std::cmp::Ordering::Less
                } else {
                    std::cmp::Ordering::Greater
                }
            }
        }
    });
}

/// Whether the guard may let somebody in with a pass.
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_enter(worth: Worth) -> Result<(), AppError> {
    match worth {
        Worth::Valid => Ok(()),
        Worth::Early => Err(AppError::closed("还没到日子，不能进。", "Its day has not come.")),
        Worth::Used => Err(AppError::closed("这张访客证已经用过了。", "This pass was used already.")),
        Worth::Expired => Err(AppError::closed("这张访客证过期了，请住户再发一张。", "This pass has expired; the household can make another.")),
        Worth::Cancelled => Err(AppError::closed("住户取消了这张访客证。", "The household took this pass back.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    const NOW: Time = Time(1_763_863_200_000); // 2025-11-23 10:00 in Shanghai
    const LIMITS: Limits = Limits { unit_month: 3, ahead_days: 7 };

    fn invite(day: &str, name: &str, plate: &str) -> Result<Invite, AppError> {
        parse_invite(&Invite { day: day.into(), name: name.into(), plate: plate.into() }, &LIMITS, NOW, 480)
    }

    #[test]
    fn a_pass_is_for_a_day_soon() {
        for day in ["2025-11-23", "2025-11-30"] {
            assert!(invite(day, "", "").is_ok(), "{day}");
        }
        for day in ["2025-11-22", "2025-12-01", "2025-02-30", "23.11.2025", "", "2025-11-2３"] {
            assert!(matches!(invite(day, "", ""), Err(AppError::Invalid(f)) if f[0].field == "day"), "{day}");
        }
        assert!(matches!(invite("", &"长".repeat(21), "x"), Err(AppError::Invalid(f)) if f.len() == 3), "everything wrong at once");
    }

    #[test]
    fn plates_have_one_spelling_and_are_masked() {
        for (typed, plate, masked) in [("沪a·12345", "沪A12345", "沪A***45"), ("沪AD12345", "沪AD12345", "沪A****45"), ("粤Z1234港", "粤Z1234港", "粤Z***4港")] {
            assert_eq!(parse_plate(typed).as_deref(), Ok(plate));
            assert_eq!(mask_plate(plate), masked);
        }
        for bad in ["A12345", "沪12345", "沪A1234", "沪A1234567", "<script>", ""] {
            assert!(parse_plate(bad).is_err(), "{bad}");
        }
        assert_eq!(mask_plate("沪A1"), "***");
    }

    #[test]
    fn a_household_has_so_many_in_a_month() {
        assert_eq!([0, 2, 3, 9].map(|made| may_invite(made, &LIMITS).is_ok()), [true, true, false, false]);
    }

    #[test]
    fn a_pass_is_worth_its_day_once() {
        let pass = |day: &str, used: bool, cancelled: bool| Visit {
            id: Uuid::nil(),
            code: String::new(),
            unit: crate::ids::UnitId(Uuid::nil()),
            day: day.into(),
            name: String::new(),
            plate: String::new(),
            at: NOW,
            used_at: used.then_some(NOW),
            cancelled,
        };
        let midnight = Time(1_763_827_200_000); // 2025-11-23 00:00 in Shanghai
        for (visit, now, worth_then) in [
            (pass("2025-11-23", false, false), NOW, Worth::Valid),
            (pass("2025-11-23", false, false), midnight, Worth::Valid),
            (pass("2025-11-23", false, false), midnight + -1, Worth::Early),
            (pass("2025-11-23", false, false), midnight + DAY, Worth::Expired),
            (pass("2025-11-23", true, false), NOW, Worth::Used),
            (pass("2025-11-23", false, true), NOW, Worth::Cancelled),
        ] {
            assert_eq!(worth(&visit, now, 480), worth_then);
            assert_eq!(may_enter(worth_then).is_ok(), worth_then == Worth::Valid);
        }
    }

    #[test]
    fn open_passes_come_first() {
        let pass = |code: &str, day: &str, at: i64, used: bool, cancelled: bool| Visit {
            id: Uuid::nil(),
            code: code.into(),
            unit: crate::ids::UnitId(Uuid::nil()),
            day: day.into(),
            name: String::new(),
            plate: String::new(),
            at: Time(at),
            used_at: used.then_some(NOW),
            cancelled,
        };
        let mut all = [
            pass("taken back", "2025-11-25", 9, false, true),
            pass("later", "2025-11-24", 1, false, false),
            pass("over", "2025-11-22", 5, false, false),
            pass("second", "2025-11-23", 4, false, false),
            pass("used", "2025-11-23", 1, true, false),
            pass("first", "2025-11-23", 3, false, false),
        ];
        in_order(&mut all, "2025-11-23");
        assert_eq!(all.map(|v| v.code), ["first", "second", "later", "taken back", "used", "over"]);
    }

    proptest! {
        #[test]
        fn any_plate_is_judged_and_masked_without_a_panic(text in "\\PC{0,40}") {
            let _ = parse_plate(&text);
            prop_assert_eq!(mask_plate(&text).chars().count(), text.chars().count());
        }
    }
}
