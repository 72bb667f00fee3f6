//! Compressing pages: each is made whole and then compressed at once, in one step that knows its length.
//!
//! The general layer of tower-http compresses a stream and cannot know how long it will get: for Brotli it clears a
//! window of 4 MB for every page of 20 KB, which took as long as making the page (`make bench`). It still does
//! everything that is not a page.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use brotli::enc::BrotliEncoderParams;
use std::cell::RefCell;
use std::io;
use zstd::bulk::Compressor;

/// Of 1 to 19: as small as Brotli's 2 on our pages, in a third of its time.
const ZSTD_LEVEL: i32 = 3;
/// Of 0 to 11: two is where Brotli begins to be smaller than gzip in the same time.
const BROTLI_QUALITY: i32 = 2;
/// Looking back 2¹⁸ bytes is far enough for lists of every length.
const BROTLI_WINDOW_BITS: i32 = 18;

/// The ways to compress a page, the quicker one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Zstd,
    Brotli,
}

impl Coding {
    const ALL: [Self; 2] = [Self::Zstd, Self::Brotli];

    fn name(self) -> &'static str {
        match self {
            Self::Zstd => "zstd",
            Self::Brotli => "br",
        }
    }

    fn pack(self, page: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Zstd => zstd_pack(page),
            Self::Brotli => {
                let params = BrotliEncoderParams { quality: BROTLI_QUALITY, lgwin: BROTLI_WINDOW_BITS, size_hint: page.len(), ..BrotliEncoderParams::default() };
                let mut packed = Vec::with_capacity(page.len() / 3);
                brotli::BrotliCompress(&mut &*page, &mut packed, &params)?;
                Ok(packed)
            }
        }
    }
}

/// Each thread keeps its tables: making them anew would take longer than a page.
fn zstd_pack(page: &[u8]) -> io::Result<Vec<u8>> {
    thread_local!(static TABLES: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) });
    TABLES.with_borrow_mut(|tables| {
        let tables = match tables {
            Some(tables) => tables,
            None => tables.insert(Compressor::new(ZSTD_LEVEL)?),
        };
        tables.compress(page)
    })
}

/// Compresses pages for those who take it.
pub async fn pages(request: Request, next: Next) -> Response {
    let coding = Coding::ALL.into_iter().find(|coding| takes(request.headers(), coding.name()));
    let response = next.run(request).await;
    let Some(coding) = coding.filter(|_| is_page(response.headers())) else { return response };
    let (mut parts, body) = response.into_parts();
    let page = match to_bytes(body, usize::MAX).await {
        Ok(page) if page.is_empty() => return Response::from_parts(parts, Body::empty()),
        Ok(page) => page,
        Err(error) => {
            let error = app::context::internal(error);
            return (StatusCode::INTERNAL_SERVER_ERROR, error.sentence(app::i18n::Lang::Zh)).into_response();
        }
    };
    let Ok(packed) = coding.pack(&page) else { return Response::from_parts(parts, Body::from(page)) };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    Response::from_parts(parts, Body::from(packed))
}

fn is_page(headers: &HeaderMap) -> bool {
    let html = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    html && !headers.contains_key(header::CONTENT_ENCODING)
}

/// Whether `Accept-Encoding` names this coding without ruling it out.
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let all = headers.get_all(header::ACCEPT_ENCODING);
    all.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.filter_map(|p| p.strip_prefix("q=")).any(|q| q.trim_matches(['0', '.']).is_empty());
        named && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_sent_to_those_who_take_it() {
        let takes = |value: &'static str, coding| takes(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]), coding);
        assert!(takes("gzip, deflate, br", "br") && takes("br;q=0.5", "br") && takes("BR", "br") && takes("zstd,br;q=1.0", "zstd"));
        assert!(!takes("gzip", "br") && !takes("br;q=0", "br") && !takes("br; q=0.000, gzip", "br") && !takes("", "zstd") && !takes("brotli", "br"));
    }

    #[test]
    fn what_is_packed_can_be_unpacked() {
        let page = "<p>扫码报修</p>".repeat(900);
        let zstd = Coding::Zstd.pack(page.as_bytes()).expect("packs");
        assert_eq!(zstd::decode_all(zstd.as_slice()).expect("unpacks"), page.as_bytes());
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut Coding::Brotli.pack(page.as_bytes()).expect("packs").as_slice(), &mut unpacked).expect("unpacks");
        assert_eq!(unpacked, page.as_bytes());
    }
}
