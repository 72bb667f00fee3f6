//! Two languages, side by side where the words are used.
//!
//! `tr!(lang, "中文", "English")` needs both sentences to compile, so no string can miss one language, and a
//! page carries to the phone only the words it shows. Placeholders are those of `format!`.

use crate::measure::{DAY, Time};
use chrono::{Datelike, Timelike};
use serde::{Deserialize, Serialize};

/// The language of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lang {
    /// Simplified Chinese, the default.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// The value of the `lang` attribute and of the cookie.
    pub fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// Reads [`Lang::code`]; anything unknown is Chinese.
    pub fn from_code(code: &str) -> Self {
        if code.starts_with("en") { Self::En } else { Self::Zh }
    }
}

/// Picks the sentence of the language: a `&'static str` without arguments, a `String` with them.
#[macro_export]
macro_rules! tr {
    ($lang:expr, $zh:literal, $en:literal $(,)?) => {
        match $lang { $crate::i18n::Lang::Zh => $zh, $crate::i18n::Lang::En => $en }
    };
    ($lang:expr, $zh:literal, $en:literal, $($args:tt)+) => {
        match $lang { $crate::i18n::Lang::Zh => format!($zh, $($args)+), $crate::i18n::Lang::En => format!($en, $($args)+) }
    };
}

/// Like [`tr!`] with the variables named in the sentences themselves; a language may leave one out.
#[macro_export]
macro_rules! trf {
    ($lang:expr, $zh:literal, $en:literal $(,)?) => {
        match $lang {
            $crate::i18n::Lang::Zh => format!($zh),
            $crate::i18n::Lang::En => format!($en),
        }
    };
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment as people say it: 今天 14:05, 昨天 9:12, 11月3日 9:12, 2025年11月3日.
pub fn spoken_time(lang: Lang, at: Time, now: Time, offset: i32) -> String {
    let local = at.local(offset);
    let days = (at.day_start(offset) - now.day_start(offset)) / DAY;
    let clock = format!("{}:{:02}", local.hour(), local.minute());
    match days {
        0 => tr!(lang, "今天 {clock}", "today {clock}", clock = clock),
        1 => tr!(lang, "明天 {clock}", "tomorrow {clock}", clock = clock),
        -1 => tr!(lang, "昨天 {clock}", "yesterday {clock}", clock = clock),
        _ if local.year() == now.local(offset).year() => format!("{} {clock}", spoken_date(lang, at, now, offset)),
        _ => spoken_date(lang, at, now, offset),
    }
}

/// A day as people say it: 11月3日, or with its year when that is not the present one.
pub fn spoken_date(lang: Lang, at: Time, now: Time, offset: i32) -> String {
    let local = at.local(offset);
    let (year, month, day) = (local.year(), local.month(), local.day());
    let name = MONTHS[local.month0() as usize];
    if year == now.local(offset).year() { trf!(lang, "{month}月{day}日", "{day} {name}") } else { trf!(lang, "{year}年{month}月{day}日", "{day} {name} {year}") }
}

/// A length of time in the largest two units: 2 天 3 小时, 45 分钟.
pub fn spoken_span(lang: Lang, millis: i64) -> String {
    let minutes = millis.abs() / crate::measure::MINUTE;
    let (d, h, m) = (minutes / 1_440, minutes / 60 % 24, minutes % 60);
    match (d, h, m) {
        (0, 0, m) => tr!(lang, "{m} 分钟", "{m} min", m = m),
        (0, h, 0) => tr!(lang, "{h} 小时", "{h} h", h = h),
        (0, h, m) => tr!(lang, "{h} 小时 {m} 分钟", "{h} h {m} min", h = h, m = m),
        (1, 0, _) => tr!(lang, "1 天", "1 day").to_owned(),
        (1, h, _) => tr!(lang, "1 天 {h} 小时", "1 day {h} h", h = h),
        (d, 0, _) => tr!(lang, "{d} 天", "{d} days", d = d),
        (d, h, _) => tr!(lang, "{d} 天 {h} 小时", "{d} days {h} h", d = d, h = h),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{HOUR, MINUTE};

    #[test]
    fn times_are_said_as_people_say_them() {
        let now = Time(1_763_863_200_000); // 2025-11-23 10:00 in Shanghai
        assert_eq!(spoken_time(Lang::Zh, now + 4 * HOUR + 5 * MINUTE, now, 480), "今天 14:05");
        assert_eq!(spoken_time(Lang::Zh, now + -(11 * HOUR), now, 480), "昨天 23:00");
        assert_eq!(spoken_time(Lang::En, now + -(3 * DAY), now, 480), "20 Nov 10:00");
        assert_eq!(spoken_time(Lang::Zh, now + -(400 * DAY), now, 480), "2024年10月19日");
        assert_eq!(spoken_span(Lang::Zh, 26 * HOUR), "1 天 2 小时");
        assert_eq!(spoken_span(Lang::En, 45 * MINUTE), "45 min");
        assert_eq!(spoken_span(Lang::En, 26 * HOUR), "1 day 2 h");
        assert_eq!(spoken_span(Lang::En, 48 * HOUR), "2 days");
    }
}
