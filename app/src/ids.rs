//! Identifiers: UUIDv7 newtypes that cannot be mixed up, and short codes that people read aloud.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier, ordered by the moment it was made.
            #[cfg(any(feature = "ssr", feature = "hydrate"))]
            pub fn new() -> Self { Self(Uuid::now_v7()) }
        }
        #[cfg(any(feature = "ssr", feature = "hydrate"))]
        impl Default for $name { fn default() -> Self { Self::new() } }
        impl fmt::Display for $name { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) } }
        impl fmt::Debug for $name { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) } }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::parse_str(text).map(Self) }
        }
        impl From<Uuid> for $name { fn from(id: Uuid) -> Self { Self(id) } }
        impl From<$name> for Uuid { fn from(id: $name) -> Self { id.0 } }
    )+};
}

id! {
    /// A community 小区: the first column of every key.
    CommunityId,
    /// A building 楼.
    BuildingId,
    /// A unit 专有部分 (a flat, a shop).
    UnitId,
    /// A person as one community knows them.
    PersonId,
    /// A sign-in account; one account may be a person in several communities.
    AccountId,
    /// One role of one person.
    MembershipId,
    /// A letter with a one-time code that lets a household in.
    LetterId,
    /// A place 地点 (a square, a stair, a garage).
    PlaceId,
    /// A facility 设施 (a bench, a lift).
    FacilityId,
    /// A repair ticket 报修单.
    TicketId,
    /// What somebody wrote under a ticket 留言.
    CommentId,
    /// A quote 报价 for one ticket.
    QuoteId,
    /// A photo, named by the phone that took it.
    PhotoId,
    /// A change, named by the client that asks for it: asking twice changes once.
    MutationId,
    /// One uploaded roster file waiting for confirmation.
    ImportId,
}

/// 31 symbols without 0/O, 1/I/L: a prime number of them, so the check symbol below
/// catches every single wrong symbol and every swap of two symbols.
const SYMBOLS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// What is wrong with a code that somebody typed or scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// Nothing was typed.
    Empty,
    /// A symbol that no code has.
    Symbol(char),
    /// The symbols do not fit together: one was misread.
    Check,
    /// Too short or too long.
    Length,
}

/// Writes `n` with at least `width` symbols and one check symbol after them.
pub fn encode_code(mut n: u64, width: usize) -> String {
    let mut digits = Vec::new();
    while n > 0 || digits.len() < width {
        digits.push((n % 31) as u8);
        n /= 31;
    }
    digits.reverse();
    let check = check_digit(&digits);
    digits.push(check);
    digits.iter().map(|d| SYMBOLS[*d as usize] as char).collect()
}

/// Brings a typed code to its one spelling: capitals, no spaces or dashes.
///
/// # Errors
/// See [`CodeError`]; codes have 4 to 14 symbols, the last one being the check.
pub fn normalise_code(typed: &str) -> Result<String, CodeError> {
    let mut digits = Vec::new();
    for c in typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '·' | '－' | '—')) {
        let plain = fold_width(c).to_ascii_uppercase();
        let digit = SYMBOLS.iter().position(|s| *s as char == plain).ok_or(CodeError::Symbol(c))?;
        digits.push(digit as u8);
        if digits.len() > 14 {
            return Err(CodeError::Length);
        }
    }
    match digits.len() {
        0 => return Err(CodeError::Empty),
        1..=3 => return Err(CodeError::Length),
        _ => {}
    }
    let (body, check) = digits.split_at(digits.len() - 1);
    if check_digit(body) != check[0] {
        return Err(CodeError::Check);
    }
    Ok(digits.iter().map(|d| SYMBOLS[*d as usize] as char).collect())
}

/// Full-width letters and digits, as a Chinese keyboard types them, become plain ones.
fn fold_width(c: char) -> char {
    match c as u32 {
        n @ 0xFF01..=0xFF5E => char::from_u32(n - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits.iter().rev().enumerate().map(|(i, d)| (i as u32 + 2) * u32::from(*d)).sum();
    ((31 - sum % 31) % 31) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_have_the_asked_width_and_one_spelling() {
        let code = encode_code(12_345, 4);
        assert_eq!(code.len(), 5);
        assert_eq!(normalise_code(&format!(" {}-{} ", &code[..2], code[2..].to_lowercase())), Ok(code));
        assert_eq!(normalise_code(""), Err(CodeError::Empty));
        assert_eq!(normalise_code("AB"), Err(CodeError::Length));
        assert_eq!(normalise_code("AB0DE"), Err(CodeError::Symbol('0')));
    }

    proptest! {
        #[test]
        fn one_wrong_symbol_is_always_noticed(n in 0u64..900_000, at in 0usize..5, add in 1usize..31) {
            let code = encode_code(n, 4);
            let mut bytes = code.into_bytes();
            let old = SYMBOLS.iter().position(|s| *s == bytes[at]).expect("a symbol");
            bytes[at] = SYMBOLS[(old + add) % 31];
            let wrong = String::from_utf8(bytes).expect("ascii");
            prop_assert_eq!(normalise_code(&wrong), Err(CodeError::Check));
        }

        #[test]
        fn two_swapped_symbols_are_always_noticed(n in 0u64..900_000, a in 0usize..5, b in 0usize..5) {
            let code = encode_code(n, 4);
            let mut bytes = code.clone().into_bytes();
            bytes.swap(a, b);
            let swapped = String::from_utf8(bytes).expect("ascii");
            prop_assume!(swapped != code);
            prop_assert_eq!(normalise_code(&swapped), Err(CodeError::Check));
        }

        #[test]
        fn any_text_is_judged_without_a_panic(text in "\\PC{0,40}") {
            let _ = normalise_code(&text);
        }
    }
}
