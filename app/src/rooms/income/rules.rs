//! Quarters, and when they have to be published (SH 66).

use super::model::Enter;
use crate::error::AppError;
use crate::measure::{DAY, MINUTE, Time};
use crate::rooms::people::rules::Fields;
use crate::text::clean;

/// The quarter that a moment lies in, e.g. `2026Q3`.
pub fn quarter_of(at: Time, offset: i32) -> String {
    let local = at.local(offset).format("%Y %m").to_string();
    let (year, month) = local.split_once(' ').unwrap_or(("1970", "01"));
    format!("{year}Q{}", month.parse::<u32>().unwrap_or(1).div_ceil(3))
}

/// The first moment of a quarter and that of the next; `None` for a word that is none.
pub fn span_of(quarter: &str, offset: i32) -> Option<(Time, Time)> {
    let (year, n) = quarter.split_once('Q')?;
    let year: i32 = year.parse().ok().filter(|y| (1990..=2200).contains(y))?;
    let n: u32 = n.parse().ok().filter(|n| (1..=4).contains(n) && quarter.len() == 6)?;
    let first = |year: i32, month: u32| {
        let day = chrono::NaiveDate::from_ymd_opt(year, month, 1)?.and_hms_opt(0, 0, 0)?;
        Some(Time(day.and_utc().timestamp_millis() - i64::from(offset) * MINUTE))
    };
    let until = if n == 4 { first(year + 1, 1)? } else { first(year, n * 3 + 1)? };
    Some((first(year, n * 3 - 2)?, until))
}

/// The last `count` quarters, the present one first.
pub fn quarters(now: Time, offset: i32, count: usize) -> Vec<String> {
    let mut all = vec![quarter_of(now, offset)];
    while all.len() < count {
        let Some((from, _)) = all.last().and_then(|q| span_of(q, offset)) else { break };
        all.push(quarter_of(from + -DAY, offset));
    }
    all
}

/// Judges an entry; answers its words and its voucher's number, tidied.
///
/// # Errors
/// [`AppError::Invalid`] on `amount`, `words`, `voucher` or `quarter` (not a quarter, or one that has not begun).
pub fn judge(enter: &Enter, now: Time, offset: i32) -> Result<(String, String), AppError> {
    let mut fields = Fields::default();
    if enter.amount.0 <= 0 {
        fields.take::<()>(Err(AppError::field("amount", "请填金额，例如 1860.00", "Enter the amount, e.g. 1860.00")));
    }
    let words = clean(&enter.words, 200).unwrap_or_default();
    if words.chars().count() < 2 {
        fields.take::<()>(Err(AppError::field("words", "请写清楚是什么钱（2 到 200 个字）", "Say what it is (2 to 200 characters)")));
    }
    let voucher = clean(&enter.voucher, 60).unwrap_or_default();
    if voucher.is_empty() {
        fields.take::<()>(Err(AppError::field("voucher", "每一笔都要有凭证号（60 字以内）", "Every entry has a voucher's number (60 characters)")));
    }
    if span_of(&enter.quarter, offset).is_none_or(|(from, _)| from > now) {
        fields.take::<()>(Err(AppError::field("quarter", "请选已经开始的季度", "Choose a quarter that has begun")));
    }
    fields.check()?;
    Ok((words, voucher))
}

/// Whether a quarter may be published: it must be over.
///
/// # Errors
/// [`AppError::Invalid`] on `quarter`.
pub fn publishable(quarter: &str, now: Time, offset: i32) -> Result<(), AppError> {
    match span_of(quarter, offset) {
        Some((_, until)) if until <= now => Ok(()),
        _ => Err(AppError::field("quarter", "这个季度还没有结束", "This quarter is not over yet")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Line;
    use super::*;
    use crate::measure::Fen;
    use proptest::prelude::*;

    #[test]
    fn quarters_begin_at_local_midnight() {
        let (from, until) = span_of("2026Q4", 480).expect("a quarter");
        assert_eq!((quarter_of(from, 480), quarter_of(from + -1, 480), quarter_of(until, 480)), ("2026Q4".into(), "2026Q3".into(), "2027Q1".into()));
        for bad in ["2026Q5", "2026Q0", "2026", "Q1", "2026Q01", "1Q1"] {
            assert_eq!(span_of(bad, 480), None, "{bad}");
        }
    }

    #[test]
    fn an_entry_without_a_voucher_is_none() {
        let now = Time(1_800_000_000_000);
        let good = Enter { line: Line::Parking, amount: Fen(100), words: "停车费".into(), voucher: "收据 12".into(), photo: None, quarter: quarter_of(now, 480) };
        assert!(judge(&good, now, 480).is_ok());
        for (field, bad) in [
            ("amount", Enter { amount: Fen(0), ..good.clone() }),
            ("words", Enter { words: " ".into(), ..good.clone() }),
            ("voucher", Enter { voucher: String::new(), ..good.clone() }),
            ("quarter", Enter { quarter: "2099Q1".into(), ..good.clone() }),
        ] {
            assert!(matches!(judge(&bad, now, 480), Err(AppError::Invalid(f)) if f[0].field == field), "{field}");
        }
        assert!(publishable(&good.quarter, now, 480).is_err());
        assert!(publishable(&quarters(now, 480, 2)[1], now, 480).is_ok());
    }

    proptest! {
        #[test]
        fn every_moment_lies_in_its_quarter(at in 700_000_000_000i64..4_000_000_000_000) {
            let quarter = quarter_of(Time(at), 480);
            let (from, until) = span_of(&quarter, 480).expect("a quarter");
            prop_assert!(from.0 <= at && at < until.0);
        }
    }
}
