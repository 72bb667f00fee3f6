//! Codes of tags, and names of places.

use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CodeError, encode_code, normalise_code};
use crate::text::clean;
use crate::tr;

/// Data symbols of a tag's code; one check symbol follows. 31⁴ = 923,521 tags in one installation.
pub const TAG_WIDTH: usize = 4;
/// How many different codes of that width there are.
pub const TAG_CODES: u64 = 31u64.pow(TAG_WIDTH as u32);

/// The code of the `n`th tag, in an order that cannot be counted up from a neighbour's sticker: a multiplication
/// by a number without a common factor visits every code once.
pub fn tag_code(n: u64) -> String {
    const STEP: u64 = 567_143;
    encode_code((n % TAG_CODES) * STEP % TAG_CODES, TAG_WIDTH)
}

/// Reads a tag's code as typed or scanned.
///
/// # Errors
/// What is wrong with it, see [`CodeError`].
pub fn parse_tag(typed: &str) -> Result<String, CodeError> {
    let code = normalise_code(typed)?;
    if code.len() == TAG_WIDTH + 1 { Ok(code) } else { Err(CodeError::Length) }
}

/// What is wrong with a code, in words.
pub fn code_sentence(lang: Lang, error: CodeError) -> String {
    match error {
        CodeError::Empty => tr!(lang, "请输入贴纸上的编号", "Enter the code on the sticker").into(),
        CodeError::Symbol(c) => tr!(lang, "编号里没有“{c}”这个字，请看一下贴纸", "No code has the symbol “{c}”; please look at the sticker", c = c),
        CodeError::Check => tr!(lang, "编号有一位看错了，请再看一下贴纸", "One symbol was misread; please look at the sticker again").into(),
        CodeError::Length => tr!(lang, "编号是 5 位，请看一下贴纸", "The code has 5 symbols; please look at the sticker").into(),
    }
}

/// The name of a place or facility: 1 to 40 characters.
///
/// # Errors
/// [`AppError::Invalid`] on the field `name`.
pub fn parse_place_name(typed: &str) -> Result<String, AppError> {
    match clean(typed, 40) {
        Ok(name) if !name.is_empty() && !name.contains('\n') => Ok(name),
        _ => Err(AppError::field("name", "请填名称，最多 40 个字", "Enter a name of at most 40 characters")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn tags_never_repeat_and_neighbours_are_far_apart() {
        let codes: HashSet<String> = (0..50_000).map(tag_code).collect();
        assert_eq!(codes.len(), 50_000);
        assert!(codes.iter().all(|c| parse_tag(c).as_deref() == Ok(c)));
        assert_ne!(tag_code(1)[..2], tag_code(2)[..2]);
        assert_eq!(parse_tag("ABC"), Err(CodeError::Length));
    }
}
