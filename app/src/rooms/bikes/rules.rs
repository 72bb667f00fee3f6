//! Codes of stickers, days of notices, and what may be written about bikes.

use super::model::{Dispose, Post, Register, SetGarage, SetSocket, SocketState, Stage};
use crate::error::AppError;
use crate::ids::{CodeError, encode_code, normalise_code};
use crate::measure::{DAY, Time};
use crate::rooms::people::rules::Fields;
use crate::text::clean;

/// The rule number for the days of a notice.
pub const NOTICE_DAYS: &str = "bikes.notice_days";
/// The rule number for the e-bikes of one household.
pub const UNIT_BIKES: &str = "bikes.unit_bikes";
/// Sockets of one garage.
pub const SOCKETS_MAX: i64 = 500;
/// Photos of one notice.
pub const PHOTOS_MAX: usize = 3;
/// Data symbols of a sticker's code: one more than a place's tag has, so that neither is taken for the other.
pub const TAG_WIDTH: usize = 5;
const TAG_CODES: u64 = 31u64.pow(TAG_WIDTH as u32);

/// The code of the `n`th sticker, in an order that cannot be counted up from a neighbour's.
pub fn bike_code(n: u64) -> String {
    const STEP: u64 = 17_560_823;
    encode_code((n % TAG_CODES) * STEP % TAG_CODES, TAG_WIDTH)
}

/// Reads a sticker's code as typed or scanned.
///
/// # Errors
/// What is wrong with it.
pub fn parse_tag(typed: &str) -> Result<String, CodeError> {
    let code = normalise_code(typed)?;
    if code.len() == TAG_WIDTH + 1 { Ok(code) } else { Err(CodeError::Length) }
}

/// Until when a bike can be claimed: the end of so many days, counted from the next midnight on the community's clock.
pub fn claimable_until(posted: Time, days: i64, offset: i32) -> Time {
    posted.day_start(offset) + (days + 1) * DAY
}

/// Whether a bike may be claimed.
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_claim(stage: Stage) -> Result<(), AppError> {
    match stage {
        Stage::Posted => Ok(()),
        Stage::Claimed => Err(AppError::closed("这辆车已经有人认领了。", "This bike has been claimed.")),
        Stage::Disposed => Err(AppError::closed("这辆车已经处置了，请到物业服务中心问。", "This bike has been disposed of; ask at the property desk.")),
    }
}

/// Whether a bike may be disposed of: nobody claimed it, and its days are over.
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_dispose(stage: Stage, until: Time, now: Time) -> Result<(), AppError> {
    match stage {
        Stage::Claimed => Err(AppError::closed("已经有人认领，不能处置。", "It was claimed and is not disposed of.")),
        Stage::Disposed => Err(AppError::closed("已经处置过了。", "It has been disposed of already.")),
        Stage::Posted if now < until => Err(AppError::closed("公告期还没有满，不能处置。", "The days of the notice are not over yet.")),
        Stage::Posted => Ok(()),
    }
}

/// Judges a garage.
///
/// # Errors
/// [`AppError::Invalid`] on `spaces`, `sockets`, `note`.
pub fn parse_garage(typed: &SetGarage) -> Result<SetGarage, AppError> {
    let mut fields = Fields::default();
    if !(0..=10_000).contains(&typed.spaces) {
        fields.take::<()>(Err(AppError::field("spaces", "车位数请填 0 到 10000", "0 to 10,000 places")));
    }
    if !(0..=SOCKETS_MAX).contains(&typed.sockets) {
        fields.take::<()>(Err(AppError::field("sockets", "插座数请填 0 到 500", "0 to 500 sockets")));
    }
    let note = fields.take(clean(&typed.note, 200).map_err(|_| AppError::field("note", "请不要超过 200 个字", "At most 200 characters"))).unwrap_or_default();
    fields.check()?;
    Ok(SetGarage { note, ..typed.clone() })
}

/// Judges what is said about a socket; what does not work says why.
///
/// # Errors
/// [`AppError::Invalid`] on `reason`.
pub fn parse_socket(typed: &SetSocket) -> Result<String, AppError> {
    let reason = clean(&typed.reason, 100).map_err(|_| AppError::field("reason", "请不要超过 100 个字", "At most 100 characters"))?;
    let needed = matches!(typed.state, SocketState::Broken | SocketState::Off);
    if needed && reason.is_empty() {
        Err(AppError::field("reason", "坏了或停用请写原因", "Say why it is broken or off"))
    } else {
        Ok(if needed { reason } else { String::new() })
    }
}

/// What is written about an e-bike: its looks and its plate.
///
/// # Errors
/// [`AppError::Invalid`] on `words` or `plate`.
pub fn parse_bike(typed: &Register) -> Result<(String, String), AppError> {
    let mut fields = Fields::default();
    let words = fields.take(worded("words", &typed.words, (2, 60), "请写品牌和颜色，2 到 60 个字", "Make and colour, 2 to 60 characters"));
    let plate: String = typed.plate.trim().to_uppercase();
    if plate.chars().count() > 12 || !plate.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || ('\u{4E00}'..='\u{9FFF}').contains(&c)) {
        fields.take::<()>(Err(AppError::field("plate", "号牌请照牌子上的写，最多 12 个字", "The plate as it stands on it, at most 12 characters")));
    }
    fields.check()?;
    Ok((words.unwrap_or_default(), plate))
}

fn worded(field: &str, typed: &str, (least, most): (usize, usize), zh: &str, en: &str) -> Result<String, AppError> {
    match clean(typed, most) {
        Ok(words) if words.chars().count() >= least => Ok(words),
        _ => Err(AppError::field(field, zh, en)),
    }
}

/// Judges a notice.
///
/// # Errors
/// [`AppError::Invalid`] on `words`, `tag`, `photos`.
pub fn parse_post(typed: &Post) -> Result<(String, Option<String>), AppError> {
    let mut fields = Fields::default();
    let words = fields.take(worded("words", &typed.words, (5, 200), "请写什么车、停在哪里，5 到 200 个字", "What it is and where it stands, 5 to 200 characters"));
    let tag = match typed.tag.trim() {
        "" => None,
        typed => {
            fields.take(parse_tag(typed).map_err(|_| AppError::field("tag", "车贴编号看错了，请再看一下，或留空", "The sticker's code was misread; look again or leave it empty")))
        }
    };
    if !(1..=PHOTOS_MAX).contains(&typed.photos.len()) {
        fields.take::<()>(Err(AppError::field("photos", "请拍 1 到 3 张照片", "1 to 3 photos, please")));
    }
    fields.check()?;
    Ok((words.unwrap_or_default(), tag))
}

/// Judges the words of a claim.
///
/// # Errors
/// [`AppError::Invalid`] on `words`.
pub fn parse_claim(typed: &str) -> Result<String, AppError> {
    worded("words", typed, (2, 200), "请写一句怎么认出是您的车，2 到 200 个字", "Say how you know that it is yours, 2 to 200 characters")
}

/// Judges what is written about a disposal.
///
/// # Errors
/// [`AppError::Invalid`] on `words` or `photos`.
pub fn parse_disposal(typed: &Dispose) -> Result<String, AppError> {
    let mut fields = Fields::default();
    let words =
        fields.take(worded("words", &typed.words, (5, 300), "请写怎么处置的、谁办的、车在哪里，5 到 300 个字", "What was done, by whom, where it is now; 5 to 300 characters"));
    if typed.photos.len() > PHOTOS_MAX {
        fields.take::<()>(Err(AppError::field("photos", "最多 3 张照片", "At most 3 photos")));
    }
    fields.check()?;
    Ok(words.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use uuid::Uuid;

    #[test]
    fn stickers_never_repeat_and_are_no_places_tags() {
        let codes: HashSet<String> = (0..50_000).map(bike_code).collect();
        assert_eq!(codes.len(), 50_000);
        for code in codes.iter().take(500) {
            assert_eq!(parse_tag(&code.to_lowercase()).as_deref(), Ok(code.as_str()));
            assert!(crate::rooms::places::rules::parse_tag(code).is_err());
        }
    }

    #[test]
    fn a_notice_has_whole_days() {
        let posted = Time(1_763_863_200_000); // 2025-11-23 10:00 in Shanghai
        let until = claimable_until(posted, 30, 480);
        assert_eq!(until.local(480).format("%m-%d %H:%M").to_string(), "12-24 00:00", "thirty whole days after the day it was posted");
        for (stage, now, may) in [
            (Stage::Posted, until + -1, false),
            (Stage::Posted, until, true),
            (Stage::Claimed, until + DAY, false),
            (Stage::Disposed, until + DAY, false),
            (Stage::Posted, posted, false),
        ] {
            assert_eq!(may_dispose(stage, until, now).is_ok(), may, "{stage:?}");
        }
        assert_eq!(Stage::ALL.map(|s| may_claim(s).is_ok()), [true, false, false]);
    }

    #[test]
    fn words_are_judged() {
        let socket = |state, reason: &str| parse_socket(&SetSocket { socket: Uuid::nil(), version: 1, state, reason: reason.into() });
        assert!(socket(SocketState::Broken, " ").is_err() && socket(SocketState::Free, "").is_ok());
        assert_eq!(socket(SocketState::Free, "坏过").as_deref(), Ok(""), "what works has no reason");
        let bike = |words: &str, plate: &str| parse_bike(&Register { unit: None, words: words.into(), plate: plate.into(), garage: None });
        assert_eq!(bike("雅迪 红", "沪a12345"), Ok(("雅迪 红".into(), "沪A12345".into())));
        assert!(matches!(bike("", "<b>"), Err(AppError::Invalid(f)) if f.len() == 2));
        let post = Post { garage: Uuid::nil(), words: "黑色".into(), tag: "ABC".into(), photos: vec![] };
        assert!(matches!(parse_post(&post), Err(AppError::Invalid(f)) if f.len() == 3));
        let garage = SetGarage { place: crate::ids::PlaceId(Uuid::nil()), version: 0, spaces: -1, sockets: 501, note: String::new() };
        assert!(matches!(parse_garage(&garage), Err(AppError::Invalid(f)) if f.len() == 2));
    }
}
