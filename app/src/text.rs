//! Text at the door: one spelling, no control characters, a known length.

use unicode_normalization::UnicodeNormalization;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextError {
    /// More characters than the field holds; the number is the limit.
    TooLong(usize),
    /// A control or direction-changing character that could make a text look like something else.
    Control,
}

/// NFC-normalises and trims `typed`; line breaks become `\n`, other blanks stay as typed.
///
/// # Errors
/// [`TextError::TooLong`] over `max` characters; [`TextError::Control`] for control characters and for those that
/// change the direction of writing (bidi overrides), which are used to disguise text.
pub fn clean(typed: &str, max: usize) -> Result<String, TextError> {
    // A hostile text may be megabytes of combining marks: look at no more of it than can matter.
    if typed.len() > max.saturating_mul(16) {
        return Err(TextError::TooLong(max));
    }
    let text: String = typed.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").nfc().collect();
    let text = text.trim();
    if text.chars().any(|c| (c.is_control() && c != '\n' && c != '\t') || is_bidi_control(c)) {
        return Err(TextError::Control);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    Ok(text.to_owned())
}

/// The first `max` characters on one line, with an ellipsis when something was left off.
pub fn shorten(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max {
        return line;
    }
    let mut short: String = line.chars().take(max.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Percent-encodes a value of an address.
pub fn percent(value: &str) -> String {
    value.bytes().map(|b| if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_get_one_spelling() {
        assert_eq!(clean("  e\u{301}a\r\nb ", 10), Ok("éa\nb".into()));
        assert_eq!(clean("👨‍👩‍👧 椅子坏了", 20), Ok("👨‍👩‍👧 椅子坏了".into()));
        assert_eq!(clean("a\u{202E}b", 10), Err(TextError::Control));
        assert_eq!(clean("a\0b", 10), Err(TextError::Control));
        assert_eq!(clean(&"长".repeat(11), 10), Err(TextError::TooLong(10)));
        assert_eq!(shorten("椅子螺丝露在外面", 5), "椅子螺丝…");
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in "\\PC{0,60}") {
            if let Ok(once) = clean(&text, 200) {
                prop_assert_eq!(clean(&once, 200), Ok(once));
            }
        }
    }
}
