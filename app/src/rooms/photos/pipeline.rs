//! From bytes that anybody may have sent to three clean JPEGs, or a refusal.

use super::model::Size;
use super::rules::{Kind, PIXELS_MAX, SIDE_MAX, kind, unreadable};
use crate::context::internal;
use crate::error::AppError;
use fast_image_resize::images::Image;
use fast_image_resize::{IntoImageView, PixelType, Resizer};
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, ImageEncoder, Limits};
use sha2::{Digest, Sha256};
use std::io::Cursor;

/// A photo in its three sizes, each written anew from the pixels.
#[derive(Clone, Debug)]
pub struct Developed {
    /// SHA-256 of the large size, in hex: its name in the store.
    pub digest: String,
    /// Width of the large size.
    pub width: u32,
    /// Height of the large size.
    pub height: u32,
    /// JPEG bytes: small, medium, large.
    pub files: [Vec<u8>; 3],
}

/// Decodes with limits, turns upright, and writes the three sizes. Runs for up to a second: call it on a
/// blocking thread.
///
/// # Errors
/// [`AppError::Invalid`] on `photos` for everything that is not a whole picture of a known kind.
pub fn develop(bytes: &[u8]) -> Result<Developed, AppError> {
    let picture = decode(bytes)?;
    let large = fit(&picture, Size::Large)?;
    let medium = fit(&large, Size::Medium)?;
    let small = fit(&medium, Size::Small)?;
    let files = [encode(&small, 78)?, encode(&medium, 80)?, encode(&large, 82)?];
    Ok(Developed { digest: hex::encode(Sha256::digest(&files[2])), width: large.width(), height: large.height(), files })
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, AppError> {
    match kind(bytes)? {
        Kind::Jpeg if !jpeg_is_whole(bytes) => Err(unreadable()),
        Kind::Jpeg => upright(JpegDecoder::new(Cursor::new(bytes))),
        Kind::Png => upright(PngDecoder::with_limits(Cursor::new(bytes), limits())),
        Kind::Webp => upright(WebPDecoder::new(Cursor::new(bytes))),
    }
}

/// The decoder fills what is missing of a cut-off JPEG with grey; half a picture is refused instead. A whole one
/// has its end marker behind its last scan.
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    let last = |marker: u8| bytes.windows(2).rposition(|w| w == [0xFF, marker]);
    matches!((last(0xDA), last(0xD9)), (Some(scan), Some(end)) if end > scan)
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(PIXELS_MAX * 4);
    limits
}

fn upright<D: ImageDecoder>(decoder: Result<D, image::ImageError>) -> Result<DynamicImage, AppError> {
    let mut decoder = decoder.map_err(|_| unreadable())?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 || u64::from(width) * u64::from(height) > PIXELS_MAX || width.max(height) > SIDE_MAX {
        return Err(AppError::field("photos", "照片尺寸太大，请用普通画质重拍", "The picture is too large; take it again in normal quality"));
    }
    decoder.set_limits(limits()).map_err(|_| unreadable())?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| unreadable())?;
    picture.apply_orientation(orientation);
    // Transparent parts become white: JPEG has no alpha, and black reads as damage.
    Ok(DynamicImage::ImageRgb8(if picture.color().has_alpha() { on_white(&picture) } else { picture.into_rgb8() }))
}

fn on_white(picture: &DynamicImage) -> image::RgbImage {
    let rgba = picture.to_rgba8();
    image::RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0;
        let over = |c: u8| ((u16::from(c) * u16::from(a) + 255 * (255 - u16::from(a))) / 255) as u8;
        image::Rgb([over(r), over(g), over(b)])
    })
}

fn fit(picture: &DynamicImage, size: Size) -> Result<DynamicImage, AppError> {
    let (w, h) = (u64::from(picture.width()), u64::from(picture.height()));
    let most = u64::from(size.pixels());
    if w.max(h) <= most {
        return Ok(picture.clone());
    }
    let scaled = |side: u64| u32::try_from((side * most / w.max(h)).max(1)).unwrap_or(1);
    let mut target = Image::new(scaled(w), scaled(h), picture.pixel_type().unwrap_or(PixelType::U8x3));
    Resizer::new().resize(picture, &mut target, None).map_err(internal)?;
    let pixels = image::RgbImage::from_raw(target.width(), target.height(), target.into_vec()).ok_or_else(|| internal("resized picture has a wrong length"))?;
    Ok(DynamicImage::ImageRgb8(pixels))
}

fn encode(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).write_image(picture.as_bytes(), picture.width(), picture.height(), picture.color().into()).map_err(internal)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AppError;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(width, height, image::Rgba([200, 10, 10, 128]))).write_to(&mut bytes, image::ImageFormat::Png).expect("writes");
        bytes.into_inner()
    }

    #[test]
    fn a_picture_comes_out_in_three_sizes() {
        let photo = develop(&png(2_400, 1_200)).expect("develops");
        assert_eq!((photo.width, photo.height), (1_920, 960));
        for (file, side) in photo.files.iter().zip([320, 960, 1_920]) {
            let again = image::load_from_memory(file).expect("a JPEG");
            assert_eq!(again.width(), side);
        }
        assert_eq!(photo.digest, develop(&png(2_400, 1_200)).expect("develops").digest);
    }

    #[test]
    fn broken_and_hostile_files_are_refused() {
        let whole = png(64, 64);
        let mut polyglot = b"GIF89a".to_vec();
        polyglot.extend(&whole);
        let mut huge = whole.clone();
        huge[16..20].copy_from_slice(&100_000u32.to_be_bytes());
        for bad in [&whole[..whole.len() / 2], &[][..], b"<script>alert(1)</script>", &polyglot, &huge, &[0xFF, 0xD8, 0xFF, 0xE0, 0, 16], b"RIFF\x10\0\0\0WEBPVP8 "] {
            assert!(matches!(develop(bad), Err(AppError::Invalid(_))), "{:?}", &bad[..bad.len().min(8)]);
        }
    }

    #[test]
    fn what_hangs_behind_a_picture_does_not_survive() {
        let mut bytes = png(64, 64);
        bytes.extend(b"<?php evil ?>");
        if let Ok(photo) = develop(&bytes) {
            assert!(photo.files.iter().all(|f| !f.windows(4).any(|w| w == b"evil")));
        }
    }
}
