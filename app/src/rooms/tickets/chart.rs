//! What a chart of months shows and how it is asked for; the server draws it.

use super::rules::MonthNumbers;
use crate::i18n::Lang;
use crate::trf;
use chrono::Datelike;
use serde::{Deserialize, Serialize};

/// How a chart is to look: for which language, size and colours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChartLook {
    /// The code of the language.
    pub lang: String,
    /// Large print.
    pub care: bool,
    /// On a dark page.
    pub dark: bool,
}

impl ChartLook {
    /// The language.
    pub fn lang(&self) -> Lang {
        Lang::from_code(&self.lang)
    }
}

/// The address of a community's chart of months.
pub fn chart_address(slug: &str, lang: Lang, care: bool, dark: bool) -> String {
    format!("/charts/{slug}/months.svg?lang={}&care={care}&dark={dark}", lang.code())
}

/// `11月`, or `26-11`.
pub fn month_name(lang: Lang, m: &MonthNumbers, offset: i32) -> String {
    let local = m.from.local(offset);
    let (year, month) = (local.year() % 100, local.month());
    trf!(lang, "{month}月", "{year}-{month:02}")
}

/// Names, received and closed of each month, the oldest first; `months` come newest first.
pub fn months_of_year(lang: Lang, months: &[MonthNumbers], offset: i32) -> (Vec<String>, Vec<i64>, Vec<i64>) {
    let oldest_first = || months.iter().rev();
    (oldest_first().map(|m| month_name(lang, m, offset)).collect(), oldest_first().map(|m| m.received).collect(), oldest_first().map(|m| m.closed).collect())
}
