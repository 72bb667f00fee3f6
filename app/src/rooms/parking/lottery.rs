//! The public value: a stated issue of a lottery, in the one spelling that it can have. A value that could be spelled in several
//! ways, or be taken from several issues, could be chosen by whoever enters it.

use super::rules::words;
use crate::error::AppError;

/// How many numbers, and the highest of them.
type Balls = (usize, u8);

/// A lottery whose name says what its value looks like: name, word, numbers and the highest of them, extra numbers and theirs.
const KNOWN: [(&str, &str, Balls, Balls); 3] = [("双色球", "SSQ", (6, 33), (1, 16)), ("大乐透", "DLT", (5, 35), (2, 12)), ("七乐彩", "QLC", (7, 30), (1, 30))];

/// What the public value is called; it names its issue.
///
/// # Errors
/// [`AppError::Invalid`] on `public_name`.
pub fn public_name(typed: &str) -> Result<String, AppError> {
    let name = words("public_name", typed, 4, 100)?;
    if issue_of(&name).is_some() {
        return Ok(name);
    }
    Err(AppError::field("public_name", "请写明是哪一期，例如 福彩双色球 2026012 期", "Say which issue, e.g. 福彩双色球 2026012 期, or SSQ-2026012"))
}

/// The issue that a name fixes, as the value begins: `SSQ-2026012` for 福彩双色球 2026012 期, or where it stands so in the name.
pub fn issue_of(name: &str) -> Option<String> {
    let literal = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').find(|part| is_issue(part));
    let known = || {
        let (_, word, ..) = KNOWN.iter().find(|(name_of, ..)| name.contains(name_of))?;
        let number = name.split(|c: char| !c.is_ascii_digit()).find(|n| (5..=8).contains(&n.len()))?;
        Some(format!("{word}-{number}"))
    };
    literal.map(str::to_owned).or_else(known)
}

fn is_issue(text: &str) -> bool {
    text.split_once('-').is_some_and(|(word, number)| {
        (2..=8).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase()) && (4..=8).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
    })
}

/// Numbers of two digits, each higher than the one before: in any other order they would spell the same draw again.
fn numbers(text: &str, separator: char) -> Option<Vec<u8>> {
    let all = text.split(separator).map(|n| n.parse().ok().filter(|_| n.len() == 2 && n.bytes().all(|b| b.is_ascii_digit()))).collect::<Option<Vec<u8>>>()?;
    all.is_sorted_by(|a, b| a < b).then_some(all)
}

/// The public value as it was announced, e.g. `SSQ-2026012:03,09,14,21,27,30+11`: issue, numbers in rising order, extra numbers.
/// `name` is what the round calls it, and fixes the issue.
///
/// # Errors
/// [`AppError::Invalid`] on `public`.
pub fn public_value(typed: &str, name: &str) -> Result<String, AppError> {
    let text = typed.trim();
    let refuse = || {
        AppError::field(
            "public",
            "请照公告填，号码两位、从小到大，例如 SSQ-2026012:03,09,14,21,27,30+11",
            "Two digits each, in rising order, e.g. SSQ-2026012:03,09,14,21,27,30+11",
        )
    };
    let (issue, drawn) = text.split_once(':').filter(|(issue, _)| text.len() <= 100 && is_issue(issue)).ok_or_else(refuse)?;
    if let Some(named) = issue_of(name).filter(|named| named != issue) {
        return Err(AppError::field("public", format!("这一轮公布的是 {named}，不能用别的一期"), format!("This round goes by {named} and no other issue")));
    }
    let (main, extra) = drawn.split_once('+').map_or((drawn, None), |(main, extra)| (main, Some(extra)));
    let main = numbers(main, ',').ok_or_else(refuse)?;
    let extra = extra.map_or(Some(vec![]), |extra| numbers(extra, '+')).ok_or_else(refuse)?;
    let within = |all: &[u8], (count, most): Balls| all.len() == count && all.iter().all(|n| (1..=most).contains(n));
    match KNOWN.iter().find(|(_, word, ..)| issue.split('-').next() == Some(*word)) {
        Some((.., balls, extras)) if !within(&main, *balls) || !within(&extra, *extras) => Err(refuse()),
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{issue_of, public_name, public_value};

    #[test]
    fn a_value_has_one_spelling() {
        let name = "福彩双色球 2026012 期";
        assert_eq!(public_value(" SSQ-2026012:03,09,14,21,27,30+11 ", name).expect("fits"), "SSQ-2026012:03,09,14,21,27,30+11");
        assert!(public_value("DLT-26012:03,09,14,21,27+02+11", "体彩大乐透 26012 期").is_ok());
        assert!(public_value("KENO-20260101:01,02,80", "快乐彩 KENO-20260101").is_ok());
        for wrong in [
            "",
            "SSQ-2026013:03,09,14,21,27,30+11",
            "SSB-2026012:03,09,14,21,27,30+11",
            "ssq-2026012:03,09,14,21,27,30+11",
            "SSQ-2026012:09,03,14,21,27,30+11",
            "SSQ-2026012:03,03,14,21,27,30+11",
            "SSQ-2026012:3,09,14,21,27,30+11",
            "SSQ-2026012:03, 09,14,21,27,30+11",
            "SSQ-2026012:03,09,14,21,27,30",
            "SSQ-2026012:03,09,14,21,27,34+11",
            "SSQ-2026012:03,09,14,21,27,30+17",
            "SSQ-2026012:03,09,14,21,27,30+11|a",
            "SSQ-2026012:+1,09,14,21,27,30+11",
            "SSQ-2026012:０３,09,14,21,27,30+11",
        ] {
            assert!(public_value(wrong, name).is_err(), "{wrong}");
        }
        // A round of before, whose name fixes no issue, takes any, but still in one spelling.
        assert!(public_value("SSQ-2026013:03,09,14,21,27,30+11", "下一期双色球").is_ok());
    }

    #[test]
    fn a_name_says_which_issue() {
        assert_eq!(issue_of("福彩双色球 2026012 期（2026 年 1 月 29 日）").as_deref(), Some("SSQ-2026012"));
        assert_eq!(issue_of("某彩票（ABC-12345）").as_deref(), Some("ABC-12345"));
        assert!(public_name("下一期双色球").is_err() && public_name("x").is_err() && public_name("福彩双色球 2026012 期").is_ok());
    }
}
