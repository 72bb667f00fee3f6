//! Money, area and time as integers. No rule of this project touches a float.

use chrono::{DateTime, Datelike, FixedOffset, Timelike, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};

/// Money in fen 分 (0.01 yuan).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// Floor area in 0.01 m².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Area(pub i64);

/// A moment: milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

/// One minute, in the milliseconds of [`Time`].
pub const MINUTE: i64 = 60_000;
/// One hour, in the milliseconds of [`Time`].
pub const HOUR: i64 = 60 * MINUTE;
/// One day of 24 hours, in the milliseconds of [`Time`].
pub const DAY: i64 = 24 * HOUR;

fn hundredths(f: &mut fmt::Formatter<'_>, n: i64) -> fmt::Result {
    let whole = (n.unsigned_abs() / 100).to_string();
    let mut grouped = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    write!(f, "{}{grouped}.{:02}", if n < 0 { "-" } else { "" }, n.unsigned_abs() % 100)
}

impl fmt::Display for Fen {
    /// Yuan with two decimals and thousands separators: `7,860.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hundredths(f, self.0)
    }
}

impl fmt::Display for Area {
    /// Square metres with two decimals: `177,354.00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hundredths(f, self.0)
    }
}

impl Fen {
    /// Reads yuan as people type them: `186`, `186.5`, `1,860.00`, `￥186`. `None` when it is not an amount
    /// between 0 and 100 million yuan with at most two decimals.
    pub fn parse_yuan(typed: &str) -> Option<Self> {
        let text: String = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，' | '¥' | '￥' | '元')).collect();
        let (whole, cents) = text.split_once('.').unwrap_or((&text, ""));
        if whole.is_empty() || whole.len() > 9 || cents.len() > 2 || !whole.chars().chain(cents.chars()).all(|c| c.is_ascii_digit()) {
            return None;
        }
        let cents: i64 = format!("{cents:0<2}").parse().ok()?;
        Some(Self(whole.parse::<i64>().ok()? * 100 + cents))
    }
}

impl Add for Fen {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl Sum for Fen {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self(0), Add::add)
    }
}
impl Sum for Area {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        Self(all.map(|a| a.0).sum())
    }
}

impl Time {
    /// The present. Only the edges of the program call this; rules get it as an argument.
    #[cfg(feature = "ssr")]
    pub fn now() -> Self {
        Self(Utc::now().timestamp_millis())
    }

    /// This moment on the wall of a community whose clock is `offset` minutes ahead of UTC.
    pub fn local(self, offset: i32) -> DateTime<FixedOffset> {
        let zone = FixedOffset::east_opt(offset.clamp(-1_439, 1_439) * 60);
        let zone = zone.unwrap_or_else(|| FixedOffset::east_opt(0).expect("zero is a valid offset"));
        DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default().with_timezone(&zone)
    }

    /// Midnight before this moment, on the community's wall clock.
    pub fn day_start(self, offset: i32) -> Self {
        let shift = i64::from(offset) * MINUTE;
        Self((self.0 + shift).div_euclid(DAY) * DAY - shift)
    }

    /// The first moment of the month that holds this moment, on the community's wall clock.
    pub fn month_start(self, offset: i32) -> Self {
        let local = self.local(offset);
        Self(self.day_start(offset).0 - i64::from(local.day0()) * DAY)
    }

    /// The first moment of the month after.
    pub fn next_month(self, offset: i32) -> Self {
        Self(self.month_start(offset).0 + 32 * DAY).month_start(offset)
    }

    /// Minutes since midnight on the community's wall clock, 0..1440.
    pub fn minute_of_day(self, offset: i32) -> u32 {
        let local = self.local(offset);
        local.hour() * 60 + local.minute()
    }
}
impl Add<i64> for Time {
    type Output = Self;
    fn add(self, millis: i64) -> Self {
        Self(self.0 + millis)
    }
}
impl Sub for Time {
    type Output = i64;
    fn sub(self, other: Self) -> i64 {
        self.0 - other.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_as_people_type_it() {
        for (typed, fen) in [("186", 18_600), ("186.5", 18_650), ("￥1,860.05元", 186_005), ("0", 0)] {
            assert_eq!(Fen::parse_yuan(typed), Some(Fen(fen)), "{typed}");
        }
        for bad in ["", "-1", "1.234", "abc", "1e5", "9999999999", ".5", "1.-5"] {
            assert_eq!(Fen::parse_yuan(bad), None, "{bad}");
        }
        assert_eq!(Fen(786_000).to_string(), "7,860.00");
        assert_eq!(Fen(-5).to_string(), "-0.05");
        assert_eq!(Area(17_735_400).to_string(), "177,354.00");
    }

    #[test]
    fn months_begin_at_local_midnight() {
        let t = Time(1_767_196_800_000); // 2025-12-31T16:00Z = 2026-01-01 00:00 in Shanghai
        assert_eq!(t.month_start(480), t);
        assert_eq!((t + -1).next_month(480), t);
        assert_eq!((t + 5 * DAY).month_start(480), t);
        assert_eq!(t.minute_of_day(480), 0);
    }
}
