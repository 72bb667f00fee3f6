//! Number plates: 7 characters, or 8 of a new-energy vehicle 新能源 (GA 36-2018).

use crate::error::AppError;
use serde::{Deserialize, Serialize};

/// The short names of the provinces.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// Words that may end a plate of 7: police, learners, trailers, consulates.
const ENDS: &str = "警学挂领港澳";
/// The letters that mark new energy: D A B C E battery, F G H J K other.
const NEW_ENERGY: &str = "ABCDEFGHJK";

/// A plate in its one spelling, e.g. `沪A12345`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Plate(String);

impl Plate {
    /// The plate as it is kept.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// A new-energy vehicle: it has 8 characters.
    pub fn new_energy(&self) -> bool {
        self.0.chars().count() == 8
    }

    /// As its owner reads it: `沪A·12345`.
    pub fn spoken(&self) -> String {
        spoken(&self.0)
    }

    /// As the public reads it: `沪A·12*45` (R7.5).
    pub fn masked(&self) -> String {
        masked(&self.0)
    }
}

/// A kept plate as its owner reads it: `沪A·12345`.
pub fn spoken(plate: &str) -> String {
    let mut chars = plate.chars();
    let head: String = chars.by_ref().take(2).collect();
    format!("{head}·{}", chars.as_str())
}

/// A kept plate as the public reads it: `沪A·12*45`, `沪A·D1**45`.
pub fn masked(plate: &str) -> String {
    let chars: Vec<char> = plate.chars().collect();
    let Some(rest) = chars.get(2..).filter(|r| r.len() >= 4) else { return "*".into() };
    let (head, tail) = (&rest[..2], &rest[rest.len() - 2..]);
    let text = |part: &[char]| part.iter().collect::<String>();
    format!("{}·{}{}{}", text(&chars[..2]), text(head), "*".repeat(rest.len() - 4), text(tail))
}

fn plain(c: char) -> char {
    let c = match c as u32 {
        n @ 0xFF01..=0xFF5E => char::from_u32(n - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    c.to_ascii_uppercase()
}

/// Letters and digits of plates: I and O look like 1 and 0 and are not used.
fn symbol(c: char) -> bool {
    c.is_ascii_digit() || letter(c)
}

fn letter(c: char) -> bool {
    c.is_ascii_uppercase() && c != 'I' && c != 'O'
}

/// Reads a plate as people type it: `沪a·12345`, `沪A 12345`, full-width letters.
///
/// # Errors
/// [`AppError::Invalid`] on the field `plate`, with what a plate looks like.
pub fn parse_plate(typed: &str) -> Result<Plate, AppError> {
    let chars: Vec<char> = typed.chars().take(40).filter(|c| !c.is_whitespace() && !matches!(c, '·' | '•' | '・' | '-' | '－' | '—')).map(plain).collect();
    let wrong = || AppError::field("plate", "请填完整车牌，例如 沪A12345，新能源例如 沪AD12345", "Enter the whole plate, e.g. 沪A12345, or 沪AD12345 for new energy");
    let [province, city, rest @ ..] = chars.as_slice() else { return Err(wrong()) };
    if !PROVINCES.contains(*province) || !letter(*city) {
        return Err(wrong());
    }
    let fits = match rest {
        [body @ .., last] if rest.len() == 5 => body.iter().all(|c| symbol(*c)) && (symbol(*last) || ENDS.contains(*last)) && rest.iter().any(char::is_ascii_digit),
        [first, second, digits @ ..] if rest.len() == 6 => {
            let small = NEW_ENERGY.contains(*first) && symbol(*second) && digits.iter().all(char::is_ascii_digit);
            let large = rest[..5].iter().all(char::is_ascii_digit) && NEW_ENERGY.contains(rest[5]);
            small || large
        }
        _ => false,
    };
    if fits { Ok(Plate(chars.into_iter().collect())) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plates_have_one_spelling() {
        for (typed, kept, new_energy) in [
            ("沪A12345", "沪A12345", false),
            (" 沪a·1b345 ", "沪A1B345", false),
            ("沪Ａ－１２３４５", "沪A12345", false),
            ("沪AD12345", "沪AD12345", true),
            ("粤BF1234５", "粤BF12345", true),
            ("京A12345D", "京A12345D", true),
            ("沪A1234警", "沪A1234警", false),
        ] {
            let plate = parse_plate(typed).expect(typed);
            assert_eq!((plate.text(), plate.new_energy()), (kept, new_energy), "{typed}");
        }
        for bad in ["", "沪", "沪A1234", "沪A123456", "沪I12345", "沪A1234O", "A沪12345", "沪AZ12345", "沪A1234567", "沪A<b>45", "沪AABCDE", "沪A警1234"] {
            assert!(matches!(parse_plate(bad), Err(AppError::Invalid(f)) if f[0].field == "plate"), "{bad}");
        }
    }

    #[test]
    fn the_public_sees_a_part() {
        assert_eq!(parse_plate("沪A12345").expect("a plate").masked(), "沪A·12*45");
        assert_eq!(parse_plate("沪AD12345").expect("a plate").masked(), "沪A·D1**45");
        assert_eq!((spoken("沪A12345"), masked("沪A")), ("沪A·12345".into(), "*".into()));
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(text in "\\PC{0,50}") {
            let _ = parse_plate(&text).map(|p| (p.masked(), p.spoken()));
            let _ = masked(&text);
        }
    }
}
