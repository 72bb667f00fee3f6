//! The rule numbers ⚙ of a community, each with its source and dates, and how units are written.

use crate::error::AppError;
use crate::i18n::Lang;
use crate::rooms::people::rules::mask_room;
use crate::text::clean;
use crate::tr;
use serde::{Deserialize, Serialize};

/// One rule number: what it is, where it comes from, and from when to when it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Its name, e.g. `ticket.urgent.arrive_minutes`.
    pub key: String,
    /// Its value.
    pub value: i64,
    /// Where it comes from.
    pub source: String,
    /// The first day it holds, `YYYY-MM-DD`; empty = from the beginning.
    pub from: String,
    /// The last day it holds, `YYYY-MM-DD`; empty = until changed.
    pub until: String,
}

/// The defaults: (key, value, source). A community's own value stands in its settings with dates.
pub const DEFAULTS: &[(&str, i64, &str)] = &[
    ("ticket.urgent.accept_minutes", 10, "祥和 demo; no city-wide figure found"),
    ("ticket.urgent.arrive_minutes", 30, "中物协 2004 等级标准 一级; TSG T5002 (lifts)"),
    ("ticket.urgent.done_minutes", 120, "祥和 demo"),
    ("ticket.accept_minutes", 120, "祥和 demo; counted 08:00–20:00"),
    ("ticket.arrive_minutes", 1_440, "祥和 demo"),
    ("ticket.done_minutes", 4_320, "祥和 demo"),
    ("ticket.desk_opens_minute", 480, "祥和 demo"),
    ("ticket.desk_closes_minute", 1_200, "祥和 demo"),
];

/// The value of a setting on a day (`YYYY-MM-DD`): the community's own where one holds then, else the default.
pub fn setting(own: &[Setting], key: &str, day: &str) -> Option<i64> {
    own.iter()
        .filter(|s| s.key == key && (s.from.is_empty() || s.from.as_str() <= day) && (s.until.is_empty() || day <= s.until.as_str()))
        .max_by(|a, b| a.from.cmp(&b.from))
        .map(|s| s.value)
        .or_else(|| DEFAULTS.iter().find(|d| d.0 == key).map(|d| d.1))
}

/// A unit as its own people read it: `12号楼 3门 502室`.
pub fn unit_name(lang: Lang, building: &str, stair: Option<&str>, room: &str) -> String {
    match stair.filter(|s| !s.is_empty()) {
        Some(stair) => tr!(lang, "{b} {s}门 {r}室", "{b}, stair {s}, room {r}", b = building, s = stair, r = room),
        None => tr!(lang, "{b} {r}室", "{b}, room {r}", b = building, r = room),
    }
}

/// The same with the room masked (R7.5).
pub fn masked_unit_name(lang: Lang, building: &str, stair: Option<&str>, room: &str) -> String {
    unit_name(lang, building, stair, &mask_room(room))
}

/// A community's name: 2 to 30 characters.
///
/// # Errors
/// [`AppError::Invalid`] on the field `community`.
pub fn parse_community_name(typed: &str) -> Result<String, AppError> {
    match clean(typed, 30) {
        Ok(name) if name.chars().count() >= 2 && !name.contains('\n') => Ok(name),
        _ => Err(AppError::field("community", "请填小区名称，2 到 30 个字", "Enter the community's name, 2 to 30 characters")),
    }
}

/// The phone on posters and pages: 5 to 20 digits, blanks and dashes.
///
/// # Errors
/// [`AppError::Invalid`] on the field `desk_phone`.
pub fn parse_desk_phone(typed: &str) -> Result<String, AppError> {
    let phone = clean(typed, 20).unwrap_or_default();
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    if digits >= 5 && phone.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+' | '(' | ')')) {
        Ok(phone)
    } else {
        Err(AppError::field("desk_phone", "请填物业电话，例如 021-5555 0110", "Enter the property desk's phone, e.g. 021-5555 0110"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_holds_between_its_dates() {
        let own = [Setting { key: "ticket.arrive_minutes".into(), value: 720, source: "合同".into(), from: "2026-01-01".into(), until: "2026-12-31".into() }];
        assert_eq!(setting(&own, "ticket.arrive_minutes", "2025-12-31"), Some(1_440));
        assert_eq!(setting(&own, "ticket.arrive_minutes", "2026-06-01"), Some(720));
        assert_eq!(setting(&own, "ticket.arrive_minutes", "2027-01-01"), Some(1_440));
        assert_eq!(setting(&own, "nonsense", "2026-06-01"), None);
    }

    #[test]
    fn units_are_written_and_masked() {
        assert_eq!(unit_name(Lang::Zh, "12号楼", Some("3"), "502"), "12号楼 3门 502室");
        assert_eq!(masked_unit_name(Lang::Zh, "36号楼", None, "1104"), "36号楼 *04室");
    }
}
