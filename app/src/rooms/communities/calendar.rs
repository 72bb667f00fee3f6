//! Working days in China: weekends, the public holidays, and the weekends that are worked for them. Data, not law:
//! each year's table is what the State Council announced for it. The program brings those that it knows; a community
//! enters the others, and what was corrected.

use crate::error::AppError;
use crate::measure::{DAY, MINUTE, Time};
use crate::rooms::people::rules::Fields;
use crate::text::clean;
use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// Month and day.
pub type Day = (u32, u32);
/// The first and the last day.
pub type Span = (Day, Day);

/// One year's announcement.
#[derive(Clone, Copy, Debug)]
pub struct Year {
    /// The year.
    pub year: i32,
    /// Where it is from.
    pub source: &'static str,
    /// Spans of days off: month and day of the first and the last.
    pub off: &'static [Span],
    /// Weekend days that are worked.
    pub worked: &'static [Day],
}

/// The years that the program brings.
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

/// The first and the last year that can be entered.
const ENTERED: (i32, i32) = (2024, 2100);
/// The most days of a span: the longest holiday so far had nine.
const SPAN_MAX: i64 = 15;
/// The most lines of an announcement.
const LINES_MAX: usize = 40;

/// A year's announcement as a community keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnYear {
    /// The year.
    pub year: i32,
    /// Where it is from.
    pub source: String,
    /// Spans of days off: the first and the last.
    pub off: Vec<Span>,
    /// Weekend days that are worked.
    pub worked: Vec<Day>,
}

/// Enters a year's announcement, as somebody typed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnterYear {
    /// The year, 2024 to 2100.
    pub year: i32,
    /// The announcement, 4 to 100 characters, e.g. 国办发明电〔2025〕7号.
    pub source: String,
    /// Days off: a span in each line, `2-15 2-23` or one day `1-1`.
    pub off: String,
    /// Weekend days that are worked: `2-14`, one in each line.
    pub worked: String,
}

fn day_of(year: i32, (month, day): Day) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

/// `2-15`, `2月15日` or `2/15` of a year.
fn parse_day(year: i32, typed: &str) -> Option<Day> {
    let typed = typed.trim().trim_end_matches(['日', '号']);
    let (month, day) = typed.split_once(['-', '/', '.', '月'])?;
    let day = (month.trim().parse().ok()?, day.trim().parse().ok()?);
    day_of(year, day).map(|_| day)
}

fn parse_span(year: i32, line: &str) -> Option<Span> {
    let mut days = line.split(|c: char| c.is_whitespace() || "至到—~～,，".contains(c)).filter(|part| !part.is_empty());
    let first = parse_day(year, days.next()?)?;
    let last = days.next().map_or(Some(first), |typed| parse_day(year, typed))?;
    let long = (day_of(year, last)? - day_of(year, first)?).num_days() + 1;
    (days.next().is_none() && (1..=SPAN_MAX).contains(&long)).then_some((first, last))
}

/// Nothing twice: whoever types a day again meant another one.
fn apart(mut spans: Vec<Span>, field: &str) -> Result<Vec<Span>, AppError> {
    spans.sort_unstable();
    match spans.windows(2).find(|pair| pair[1].0 <= pair[0].1) {
        Some(pair) => {
            let ((month, day), _) = pair[1];
            Err(AppError::field(field, format!("{month}-{day} 写了两次"), format!("{month}-{day} stands there twice")))
        }
        None => Ok(spans),
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Every line of a field read, or the first that cannot be.
fn lines<T>(field: &str, typed: &str, zh: &str, en: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, AppError> {
    let all: Vec<&str> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if all.len() > LINES_MAX {
        return Err(AppError::field(field, "行数太多了", "Too many lines"));
    }
    let read = |line: &&str| parse(line).ok_or_else(|| AppError::field(field, format!("“{line}”{zh}"), format!("“{line}” {en}")));
    all.iter().map(read).collect()
}

/// Reads a year's announcement.
///
/// # Errors
/// [`AppError::Invalid`] on `year`, `announced`, `off` (a span that is none, longer than fifteen days, or twice; none at all) or
/// `worked` (a day that is no weekend, is off, or stands there twice).
pub fn parse_year(typed: &EnterYear) -> Result<OwnYear, AppError> {
    let mut fields = Fields::default();
    let year = typed.year;
    if !(ENTERED.0..=ENTERED.1).contains(&year) {
        fields.take::<()>(Err(AppError::field("year", "请填年份，例如 2027", "A year such as 2027")));
    }
    let source = clean(&typed.source, 100).ok().filter(|s| s.chars().count() >= 4);
    let source = fields.take(source.ok_or_else(|| AppError::field("announced", "请写依据，例如 国办发明电〔2025〕7号", "Name the announcement")));
    let off = lines("off", &typed.off, "不是假期，例如 2-15 2-23", "is no span such as 2-15 2-23", |line| parse_span(year, line));
    let off = fields
        .take(off.and_then(|off| apart(off, "off")).and_then(|off| if off.is_empty() { Err(AppError::field("off", "请至少填一段假期", "At least one span")) } else { Ok(off) }));
    let spans = off.clone().unwrap_or_default();
    let is_worked = |line: &str| {
        let day = parse_day(year, line)?;
        (is_weekend(day_of(year, day)?) && !spans.iter().any(|(first, last)| *first <= day && day <= *last)).then_some(day)
    };
    let worked = fields.take(
        lines("worked", &typed.worked, "不是要上班的周末，例如 2-14", "is no weekend day that is worked, such as 2-14", is_worked)
            .and_then(|days| apart(days.into_iter().map(|d| (d, d)).collect(), "worked")),
    );
    let worked = worked.map(|days| days.into_iter().map(|(day, _)| day).collect());
    fields.check()?;
    Ok(OwnYear { year, source: source.unwrap_or_default(), off: off.unwrap_or_default(), worked: worked.unwrap_or_default() })
}

/// The working days of a community: what it has entered itself, and what the program brings of the other years.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    own: Vec<OwnYear>,
}

impl Calendar {
    /// With the years that the community has entered.
    pub fn new(own: Vec<OwnYear>) -> Self {
        Self { own }
    }

    /// All years that are known, the first one first, and whether the community has entered it.
    pub fn years(&self) -> Vec<(OwnYear, bool)> {
        let brought = YEARS.iter().filter(|y| !self.own.iter().any(|own| own.year == y.year));
        let brought = brought.map(|y| (OwnYear { year: y.year, source: y.source.into(), off: y.off.to_vec(), worked: y.worked.to_vec() }, false));
        let mut all: Vec<(OwnYear, bool)> = brought.chain(self.own.iter().cloned().map(|y| (y, true))).collect();
        all.sort_by_key(|(y, _)| y.year);
        all
    }

    /// The spans that are off and the days that are worked, where the year is known.
    fn days(&self, year: i32) -> Option<(&[Span], &[Day])> {
        let own = self.own.iter().find(|y| y.year == year).map(|y| (y.off.as_slice(), y.worked.as_slice()));
        own.or_else(|| YEARS.iter().find(|y| y.year == year).map(|y| (y.off, y.worked)))
    }

    /// Whether a day is worked.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        let on = (day.month(), day.day());
        let (off, worked) = self.days(day.year()).unwrap_or_default();
        worked.contains(&on) || !(is_weekend(day) || off.iter().any(|(first, last)| *first <= on && on <= *last))
    }

    /// Whether the holidays of the year in which a moment lies are known.
    pub fn is_known(&self, at: Time, offset: i32) -> bool {
        self.days(at.local(offset).year()).is_some()
    }

    /// The end of the `days`th working day after the day of `from`: the first moment that is too late.
    pub fn after_working_days(&self, from: Time, days: i64, offset: i32) -> Time {
        let mut day = from.local(offset).date_naive();
        let mut left = days.clamp(0, 366);
        while left > 0 {
            let Some(next) = day.succ_opt() else { break };
            day = next;
            left -= i64::from(self.is_working(day));
        }
        let midnight = day.and_hms_opt(0, 0, 0).map_or(0, |t| t.and_utc().timestamp_millis());
        Time(midnight + DAY - i64::from(offset) * MINUTE)
    }
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
            assert_eq!(Calendar::default().after_working_days(at(from), 5, 480), at(too_late), "{from}");
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
            let weekdays_off = |span: &Span| day(span.0).iter_days().take_while(|d| *d <= day(span.1)).filter(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun)).count();
            let all: usize = year.off.iter().map(weekdays_off).sum();
            assert_eq!(all - year.worked.len(), 13, "{}", year.year);
        }
        let calendar = Calendar::default();
        assert!(calendar.is_known(at("2026-12-31 23:59"), 480) && !calendar.is_known(at("2027-01-01 00:00"), 480));
    }

    /// Made up: what such an announcement looks like.
    fn typed() -> EnterYear {
        EnterYear { year: 2031, source: "国办发明电〔2030〕1号".into(), off: "1-1\n1月22日 至 1月29日\n".into(), worked: "1-19\n2/1\n".into() }
    }

    #[test]
    fn a_year_that_is_entered_counts_and_overrides() {
        let year = parse_year(&typed()).expect("a year");
        assert_eq!((year.off.as_slice(), year.worked.as_slice()), ([((1, 1), (1, 1)), ((1, 22), (1, 29))].as_slice(), [(1, 19), (2, 1)].as_slice()));
        let calendar = Calendar::new(vec![year, OwnYear { year: 2026, source: "更正".into(), off: vec![((7, 7), (7, 7))], worked: vec![] }]);
        assert!(calendar.is_known(at("2031-05-01 00:00"), 480));
        assert_eq!(calendar.after_working_days(at("2031-01-21 10:00"), 2, 480), at("2031-02-01 00:00"), "30 and 31 January");
        assert_eq!(calendar.after_working_days(at("2026-07-06 15:00"), 5, 480), at("2026-07-15 00:00"), "one day more than the program says");
        assert_eq!(calendar.years().iter().map(|(y, own)| (y.year, *own)).collect::<Vec<_>>(), [(2025, false), (2026, true), (2031, true)]);
    }

    #[test]
    fn what_is_no_announcement_is_named() {
        let wrong = |change: fn(&mut EnterYear), field: &str| {
            let mut typed = typed();
            change(&mut typed);
            assert!(matches!(parse_year(&typed), Err(AppError::Invalid(f)) if f.iter().any(|f| f.field == field)), "{field}: {typed:?}");
        };
        wrong(|y| y.year = 20_311, "year");
        wrong(|y| y.source = "无".into(), "announced");
        for off in ["", "2-30", "5-3 5-1", "1-1 1-2 1-3", "春节", "99999999999-1", "2-15 12-23", "1-1\n1-1 1-3"] {
            let typed = EnterYear { off: off.into(), ..typed() };
            assert!(matches!(parse_year(&typed), Err(AppError::Invalid(f)) if f[0].field == "off"), "{off}");
        }
        // 20 January 2031 is a Monday; the 25th, a Saturday, is off.
        wrong(|y| y.worked = "1-20".into(), "worked");
        wrong(|y| y.worked = "1-25".into(), "worked");
        wrong(|y| y.worked = "1-19\n1-19".into(), "worked");
    }

    proptest! {
        #[test]
        fn so_many_worked_days_lie_between(start in 0i64..1_000, days in 1i64..20) {
            let from = Time(1_735_689_600_000 + start * DAY);
            let calendar = Calendar::default();
            let until = calendar.after_working_days(from, days, 480);
            let first = from.local(480).date_naive();
            let worked = first.iter_days().skip(1).take_while(|d| *d < until.local(480).date_naive()).filter(|d| calendar.is_working(*d)).count();
            prop_assert_eq!(worked as i64, days);
        }
    }
}
