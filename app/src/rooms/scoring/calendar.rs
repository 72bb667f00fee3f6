//! Working days in China: weekends, the public holidays, and the weekends that are worked for them. Data, not law:
//! each year's table is what the State Council announced for it.

use crate::measure::{DAY, MINUTE, Time};
use chrono::{Datelike, NaiveDate, Weekday};

/// Month and day.
pub type Day = (u32, u32);

/// One year's announcement.
#[derive(Clone, Copy, Debug)]
pub struct Year {
    /// The year.
    pub year: i32,
    /// Where it is from.
    pub source: &'static str,
    /// Spans of days off: month and day of the first and the last.
    pub off: &'static [(Day, Day)],
    /// Weekend days that are worked.
    pub worked: &'static [Day],
}

/// The years that are known; the others have weekends only.
pub const YEARS: &[Year] = &[
    Year {
        year: 2025,
        source: "国办发明电〔2024〕12号",
        off: &[((1, 1), (1, 1)), ((1, 28), (2, 4)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((5, 31), (6, 2)), ((10, 1), (10, 8))],
        worked: &[(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)],
    },
    Year {
        year: 2026,
        source: "国办发明电〔2025〕7号",
        off: &[((1, 1), (1, 3)), ((2, 15), (2, 23)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((6, 19), (6, 21)), ((9, 25), (9, 27)), ((10, 1), (10, 7))],
        worked: &[(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)],
    },
];

/// Whether a day is worked.
pub fn is_working(day: NaiveDate) -> bool {
    let on = (day.month(), day.day());
    if let Some(year) = YEARS.iter().find(|y| y.year == day.year()) {
        if year.worked.contains(&on) {
            return true;
        }
        if year.off.iter().any(|(first, last)| *first <= on && on <= *last) {
            return false;
        }
    }
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Whether the holidays of the year in which a moment lies are known.
pub fn is_known(at: Time, offset: i32) -> bool {
    YEARS.iter().any(|y| y.year == at.local(offset).year())
}

/// The end of the `days`th working day after the day of `from`: the first moment that is too late.
pub fn after_working_days(from: Time, days: i64, offset: i32) -> Time {
    let mut day = from.local(offset).date_naive();
    let mut left = days.clamp(0, 366);
    while left > 0 {
        let Some(next) = day.succ_opt() else { break };
        day = next;
        left -= i64::from(is_working(day));
    }
    let midnight = day.and_hms_opt(0, 0, 0).map_or(0, |t| t.and_utc().timestamp_millis());
    Time(midnight + DAY - i64::from(offset) * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Time {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time");
        Time(local.and_utc().timestamp_millis() - 480 * MINUTE)
    }

    #[test]
    fn five_working_days_go_around_the_holidays() {
        for (from, too_late) in [
            // An ordinary week: published on a Monday, the next Monday is the last day.
            ("2026-07-06 15:00", "2026-07-14 00:00"),
            // Before the National Day: 9-28, 29, 30, then 10-8 and 9; 10-10 is worked.
            ("2026-09-27 10:00", "2026-10-10 00:00"),
            ("2026-09-29 10:00", "2026-10-13 00:00"),
            // Spring Festival 2026 lasts nine days and costs two Saturdays.
            ("2026-02-13 23:59", "2026-02-28 00:00"),
            ("2026-02-14 00:00", "2026-03-01 00:00"),
            // The Sunday before the Spring Festival of 2025 is worked.
            ("2025-01-24 09:00", "2025-02-08 00:00"),
        ] {
            assert_eq!(after_working_days(at(from), 5, 480), at(too_late), "{from}");
        }
    }

    #[test]
    fn the_tables_are_about_weekends() {
        for year in YEARS {
            let day = |(month, day)| NaiveDate::from_ymd_opt(year.year, month, day).expect("a day");
            for worked in year.worked {
                assert!(matches!(day(*worked).weekday(), Weekday::Sat | Weekday::Sun), "{} {worked:?}", year.source);
                assert!(!year.off.iter().any(|(first, last)| first <= worked && worked <= last));
            }
            // As many weekdays as the law gives (13 since 2025) plus those that are worked for.
            let weekdays_off =
                |span: &(Day, Day)| day(span.0).iter_days().take_while(|d| *d <= day(span.1)).filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun)).count();
            let all: usize = year.off.iter().map(weekdays_off).sum();
            assert_eq!(all - year.worked.len(), 13, "{}", year.year);
        }
        assert!(is_known(at("2026-12-31 23:59"), 480) && !is_known(at("2027-01-01 00:00"), 480));
    }

    proptest! {
        #[test]
        fn so_many_worked_days_lie_between(start in 0i64..1_000, days in 1i64..20) {
            let from = Time(1_735_689_600_000 + start * DAY);
            let until = after_working_days(from, days, 480);
            let first = from.local(480).date_naive();
            let worked = first.iter_days().skip(1).take_while(|d| *d < until.local(480).date_naive()).filter(|d| is_working(*d)).count();
            prop_assert_eq!(worked as i64, days);
        }
    }
}
