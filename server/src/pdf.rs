//! Documents as PDF: the same parts as the page that prints, drawn by `krilla` with the fonts subset into the file.

mod layout;

use app::context::internal;
use app::error::AppError;
use app::i18n::Lang;
use app::rooms::documents::model::Document;
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use layout::{Item, Length, Measure, PAGE};
use qrcode::types::Color;
use qrcode::{EcLevel, QrCode};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Where a font with Chinese glyphs is looked for when `XIANGHE_FONT` does not name one: file, and which of its faces is
/// the one for simplified Chinese.
const FONTS: &[(&str, u32)] = &[
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/opentype/noto/NotoSansSC-Regular.otf", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/System/Library/Fonts/STHeiti Light.ttc", 1),
];

/// One document at a time: a Chinese font is 20 MB while it is read.
static PRESS: Mutex<()> = Mutex::new(());

/// Draws a document on A4 pages; `address` is where its QR code leads, `offset` the minutes the community is ahead of UTC.
///
/// # Errors
/// [`AppError::Closed`] when this machine has no font with Chinese glyphs, [`AppError::Internal`] when the PDF cannot be
/// written.
pub fn draw(document: &Document, address: &str, lang: Lang, offset: i32) -> Result<Vec<u8>, AppError> {
    let _one = PRESS.lock().unwrap_or_else(PoisonError::into_inner);
    let (bytes, face) = font_file()?;
    let pages = {
        let font = FontRef::from_index(&bytes, face).map_err(internal)?;
        layout::pages(document, &Ruler { font }, lang, offset)
    };
    let font = Font::new(bytes.into(), face).ok_or_else(|| internal("this font cannot be read"))?;
    let code = QrCode::with_error_correction_level(address, EcLevel::M).map_err(internal)?;
    let mut pdf = krilla::Document::new();
    pdf.set_metadata(Metadata::new().title(document.title.clone()).creator("祥和".into()).language(lang.code().into()));
    for items in pages {
        let settings = PageSettings::from_wh(points(PAGE.0), points(PAGE.1)).ok_or_else(|| internal("no page of this size"))?;
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        for item in &items {
            put(&mut surface, item, &font, &code);
        }
        surface.finish();
        page.finish();
    }
    pdf.finish().map_err(|e| internal(format!("{e:?}")))
}

fn font_file() -> Result<(Vec<u8>, u32), AppError> {
    let named = std::env::var_os("XIANGHE_FONT").map(|path| (PathBuf::from(path), 0));
    let known = FONTS.iter().map(|(path, face)| (PathBuf::from(path), *face));
    for (path, face) in named.into_iter().chain(known) {
        if let Ok(bytes) = std::fs::read(&path) {
            return Ok((bytes, face));
        }
    }
    tracing::error!("no font with Chinese glyphs: install fonts-noto-cjk or set XIANGHE_FONT");
    Err(AppError::closed(
        "服务器上没有中文字体，暂时不能生成 PDF，请先用浏览器打印。",
        "The server has no Chinese font and cannot make a PDF; print the page from the browser instead.",
    ))
}

/// Measures with the advances of the font itself.
struct Ruler<'a> {
    font: FontRef<'a>,
}

impl Measure for Ruler<'_> {
    fn width(&self, words: &str, size: Length) -> Length {
        let metrics = self.font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let em = Length::from(self.font.metrics(Size::unscaled(), LocationRef::default()).units_per_em).max(1);
        let charmap = self.font.charmap();
        #[expect(clippy::cast_possible_truncation, reason = "advances are whole numbers of font units")]
        let units: Length = words.chars().map(|c| charmap.map(c).and_then(|g| metrics.advance_width(g)).map_or(em, |w| w as Length)).sum();
        units * size / em
    }
}

#[expect(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "PDF counts in points, and all lengths are below a metre")]
fn points(length: Length) -> f32 {
    length as f32 / 1_000.0
}

fn black() -> Fill {
    Fill { paint: luma::Color::black().into(), ..Fill::default() }
}

fn put(surface: &mut Surface<'_>, item: &Item, font: &Font, code: &QrCode) {
    surface.set_fill(Some(black()));
    match item {
        Item::Text { x, y, size, bold, words } => {
            // A second, thin line around each glyph: one font is 20 MB already.
            surface.set_stroke(bold.then(|| Stroke { paint: luma::Color::black().into(), width: points(size / 40), ..Stroke::default() }));
            surface.draw_text(Point::from_xy(points(*x), points(*y)), font.clone(), points(*size), words, false, TextDirection::LeftToRight);
            surface.set_stroke(None);
        }
        Item::Rule { x, y, width } => fill(surface, *x, *y, *width, 400),
        Item::Code { x, y, side } => modules(surface, code, *x, *y, *side),
    }
}

fn fill(surface: &mut Surface<'_>, x: Length, y: Length, width: Length, height: Length) {
    let mut path = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(points(x), points(y), points(width), points(height)) {
        path.push_rect(rect);
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

/// The dark modules of the code as one path.
fn modules(surface: &mut Surface<'_>, code: &QrCode, x: Length, y: Length, side: Length) {
    let across = code.width();
    let at = |i: usize| side * Length::try_from(i).unwrap_or(0) / Length::try_from(across).unwrap_or(1).max(1);
    let mut path = PathBuilder::new();
    for (i, _) in code.to_colors().iter().enumerate().filter(|(_, c)| **c == Color::Dark) {
        let (column, row) = (i % across, i / across);
        let (left, top) = (at(column), at(row));
        if let Some(rect) = Rect::from_xywh(points(x + left), points(y + top), points(at(column + 1) - left), points(at(row + 1) - top)) {
            path.push_rect(rect);
        }
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::measure::Time;
    use app::rooms::documents::model::{Block, Column, Proof, Table};

    /// Debian's fonts are installed by `make system`.
    #[test]
    fn a_document_becomes_a_pdf_with_its_fonts_inside() {
        let table = Table {
            columns: vec![Column::words("房屋", 3), Column::number("分摊（元）", 1)],
            rows: vec![vec!["12号楼 3门 *02室".into(), "242.79".into()]; 80],
            total: vec!["合计".into(), "486,000.00".into()],
        };
        let document = Document {
            title: "分摊公示".into(),
            number: "WX-2026-001".into(),
            community: "祥和家园".into(),
            subtitle: "2026年1月1日至6月30日".into(),
            blocks: vec![Block::Heading("怎么算的".into()), Block::Paragraph("按建筑面积分摊，每平方米 2.7403 元。".into()), Block::Table(table)],
            sign_lines: vec!["业主大会（章）".into(), "主任（签）".into()],
            address: "/c/xianghe/fund".into(),
            proof: Some(Proof { seq: 7, hash: "ab".repeat(32) }),
            made_at: Time(1_800_000_000_000),
        };
        let pdf = draw(&document, "https://xianghe.example/c/xianghe/fund", Lang::Zh, 480).expect("draws");
        assert!(pdf.starts_with(b"%PDF-"));
        assert!(pdf.len() < 200_000, "only the glyphs that are used are in it: {}", pdf.len());
        if let Some(path) = std::env::var_os("XIANGHE_KEEP_PDF") {
            std::fs::write(path, pdf).expect("keeps it for a look");
        }
    }
}
