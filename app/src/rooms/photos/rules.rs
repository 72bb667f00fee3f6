//! What a photo may be, judged by its first bytes and its measures.

use crate::error::AppError;

/// The largest file that is looked at, in bytes.
pub const BYTES_MAX: usize = 12 * 1024 * 1024;
/// The most pixels that are decoded: 50 megapixels.
pub const PIXELS_MAX: u64 = 50_000_000;
/// The longest side that is decoded.
pub const SIDE_MAX: u32 = 16_000;
/// How long a photo may hang on nothing, in milliseconds: 48 hours.
pub const ORPHAN_AFTER: i64 = 48 * crate::measure::HOUR;

/// The kinds of picture that the server reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

/// Tells the kind from the first bytes, never from a name or a header.
///
/// # Errors
/// [`AppError::Invalid`] on the field `photos` with advice: HEIC is named, since iPhones make it.
pub fn kind(bytes: &[u8]) -> Result<Kind, AppError> {
    if bytes.len() > BYTES_MAX {
        return Err(AppError::field("photos", "照片太大了，请用手机相机的普通画质重拍", "The photo is too large; take it again in normal quality"));
    }
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Ok(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(Kind::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Kind::Webp),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] if [b"heic", b"heix", b"mif1", b"msf1", b"heim", b"hevc"].iter().any(|b| brand.starts_with(*b)) => Err(AppError::field(
            "photos",
            "这是 HEIC 格式。请在 iPhone“设置→相机→格式”选“兼容性最佳”再拍，或截一张屏再传",
            "This is a HEIC file. On the iPhone choose Settings → Camera → Formats → Most Compatible, or send a screenshot",
        )),
        [] => Err(AppError::field("photos", "照片是空的，请重新选择", "The photo is empty; please choose it again")),
        _ => Err(unreadable()),
    }
}

/// The refusal of what is not a picture, or a broken one.
pub fn unreadable() -> AppError {
    AppError::field("photos", "这张照片打不开，请重拍一张（支持 JPEG、PNG、WebP）", "This photo cannot be read; take it again (JPEG, PNG or WebP)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_their_first_bytes() {
        assert_eq!(kind(&[0xFF, 0xD8, 0xFF, 0xE0]), Ok(Kind::Jpeg));
        assert!(kind(b"GIF89a").is_err());
        assert!(kind(b"").is_err());
        let heic = kind(b"\0\0\0\x18ftypheic\0\0");
        assert!(matches!(heic, Err(AppError::Invalid(f)) if f[0].zh.contains("HEIC")));
    }
}
