//! Cleaning a drawing that comes from outside. It is parsed as XML and written anew from what is on the allow-list, so that
//! nothing passes because nobody thought of forbidding it: no scripts, no styles, no links, no pictures, no references.

use crate::error::AppError;
use roxmltree::{Document, Node, ParsingOptions};
use std::fmt::Write as _;

/// The largest file.
pub const BYTES_MAX: usize = 512 * 1024;
/// The most elements, attributes' owners and texts.
const NODES_MAX: u32 = 20_000;
/// How deep groups may stand in groups; what is deeper is left out. (The parser itself does not go down with them.)
const DEPTH_MAX: usize = 40;
/// The plan has at least so many units across, so that whole numbers are exact enough.
const ACROSS: i64 = 4_000;

/// A drawing that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// From west to east, in the plan's units.
    pub width: i64,
    /// From north to south.
    pub height: i64,
    /// What goes inside the svg element.
    pub body: String,
    /// Where bays are: code and centre, from `<rect id="bay-CODE" …>`. They are not drawn: the register draws them.
    pub bays: Vec<(String, i64, i64)>,
    /// Elements and attributes that were left out.
    pub left_out: usize,
}

const SHAPES: &[&str] = &["g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"];
const NUMBERS: &[&str] = &[
    "x",
    "y",
    "x1",
    "y1",
    "x2",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "dx",
    "dy",
    "width",
    "height",
    "points",
    "stroke-width",
    "stroke-dasharray",
    "stroke-dashoffset",
    "opacity",
    "fill-opacity",
    "stroke-opacity",
    "font-size",
    "stroke-miterlimit",
];
const PAINTS: &[&str] = &["fill", "stroke"];
const WORDS: &[(&str, &[&str])] = &[
    ("stroke-linecap", &["butt", "round", "square"]),
    ("stroke-linejoin", &["miter", "round", "bevel"]),
    ("fill-rule", &["nonzero", "evenodd"]),
    ("text-anchor", &["start", "middle", "end"]),
    ("dominant-baseline", &["auto", "middle", "central", "hanging"]),
    ("font-weight", &["normal", "bold", "400", "500", "600", "700"]),
    // The looks that the page's stylesheet knows, in light and dark.
    ("class", &["house", "tower", "lawn", "road", "square", "water", "garage", "bikes", "wall"]),
];

/// Cleans a drawing.
///
/// # Errors
/// [`AppError::Invalid`] on `file`: too large, no SVG, no size, too many shapes, or a document type (which could blow up).
pub fn clean_drawing(svg: &str) -> Result<Drawing, AppError> {
    let wrong = |zh: &str, en: &str| AppError::field("file", zh.to_owned(), en.to_owned());
    if svg.len() > BYTES_MAX {
        return Err(wrong("图太大了，请不要超过 512 KB", "The drawing is too large: 512 KB at most"));
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(svg, options)
        .map_err(|_| wrong("这不是能读的 SVG（不能带 DOCTYPE，最多 2 万个图形）", "This is no SVG that can be read (no DOCTYPE, at most 20,000 shapes)"))?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err(wrong("这不是 SVG 图", "This is no SVG"));
    }
    let sized = measures(&root).and_then(|[x, y, width, height]| Frame::new(x, y, width, height));
    let frame = sized.ok_or_else(|| wrong("图上没有 viewBox 或宽高，无法定位", "The drawing has no viewBox or size"))?;
    let mut made = Drawing { width: frame.width(), height: frame.height(), body: String::new(), bays: Vec::new(), left_out: 0 };
    let _ = write!(made.body, "<g transform=\"scale({}) translate({} {})\">", frame.times, decimal(-frame.x), decimal(-frame.y));
    for child in root.children() {
        copy(&child, &frame, &mut made, 1);
    }
    made.body.push_str("</g>");
    Ok(made)
}

/// The drawing's own frame, in thousandths of its units, and how many of the plan's units one of its own is.
struct Frame {
    x: i64,
    y: i64,
    w: i64,
    h: i64,
    times: i64,
}

impl Frame {
    fn new(x: i64, y: i64, w: i64, h: i64) -> Option<Self> {
        let most = crate::rooms::bays::rules::PLAN_MAX * 1_000;
        if !(1_000..=most).contains(&w) || !(1_000..=most).contains(&h) || x.abs() > most || y.abs() > most {
            return None;
        }
        let times = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000].into_iter().find(|t| w * t >= ACROSS * 1_000)?;
        (h.checked_mul(times)? <= most).then_some(Self { x, y, w, h, times })
    }

    fn width(&self) -> i64 {
        self.w * self.times / 1_000
    }

    fn height(&self) -> i64 {
        self.h * self.times / 1_000
    }
}

fn measures(root: &Node<'_, '_>) -> Option<[i64; 4]> {
    if let Some(text) = root.attribute("viewBox") {
        let numbers: Vec<i64> = text.split([' ', ',', '\n', '\t']).filter(|p| !p.is_empty()).map(thousandths).collect::<Option<_>>()?;
        return numbers.try_into().ok();
    }
    let side = |name: &str| thousandths(root.attribute(name)?.trim_end_matches("px"));
    Some([0, 0, side("width")?, side("height")?])
}

/// `-12.5` as −12,500.
fn thousandths(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || whole.len() > 9 || part.len() > 20 || !plain(whole) || !plain(part) {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part: i64 = format!("{part:0<3}").get(..3)?.parse().ok()?;
    Some(sign * (whole * 1_000 + part))
}

fn decimal(n: i64) -> String {
    let size = n.unsigned_abs();
    format!("{}{}.{:03}", if n < 0 { "-" } else { "" }, size / 1_000, size % 1_000)
}

fn copy(node: &Node<'_, '_>, frame: &Frame, made: &mut Drawing, depth: usize) {
    if node.is_text() {
        let inside = node.parent().is_some_and(|p| matches!(p.tag_name().name(), "text" | "tspan"));
        if inside {
            made.body.push_str(&escape(node.text().unwrap_or_default()));
        }
        return;
    }
    if !node.is_element() {
        return;
    }
    let name = node.tag_name().name();
    let svg = node.tag_name().namespace().is_none_or(|ns| ns == "http://www.w3.org/2000/svg");
    if !svg || !SHAPES.contains(&name) || depth > DEPTH_MAX {
        made.left_out += 1;
        return;
    }
    if let Some(bay) = bay_of(node, frame) {
        made.bays.push(bay);
        return;
    }
    let _ = write!(made.body, "<{name}");
    for attribute in node.attributes() {
        let kept = attribute.namespace().is_none().then(|| value(attribute.name(), attribute.value())).flatten();
        match kept {
            Some(value) => {
                let _ = write!(made.body, " {}=\"{}\"", attribute.name(), escape(&value));
            }
            // Names are dropped silently: they serve the one who draws.
            None => made.left_out += usize::from(attribute.name() != "id"),
        }
    }
    made.body.push('>');
    for child in node.children() {
        copy(&child, frame, made, depth + 1);
    }
    let _ = write!(made.body, "</{name}>");
}

/// A bay's place: the middle of a rectangle that is named after it.
fn bay_of(node: &Node<'_, '_>, frame: &Frame) -> Option<(String, i64, i64)> {
    let code = crate::rooms::bays::rules::parse_code(node.attribute("id")?.strip_prefix("bay-")?).ok()?;
    let side = |name: &str| thousandths(node.attribute(name).unwrap_or("0"));
    let (x, y) = (side("x")? + side("width")? / 2 - frame.x, side("y")? + side("height")? / 2 - frame.y);
    let inside = node.tag_name().name() == "rect" && (0..=frame.w).contains(&x) && (0..=frame.h).contains(&y);
    inside.then(|| (code, x * frame.times / 1_000, y * frame.times / 1_000))
}

fn value(name: &str, value: &str) -> Option<String> {
    let value = value.trim();
    if value.len() > 64 * 1024 {
        return None;
    }
    let only = |allowed: &str| value.chars().all(|c| c.is_ascii_digit() || c.is_ascii_whitespace() || allowed.contains(c));
    let fits = match name {
        "d" => only(".,+-eEMmLlHhVvCcSsQqTtAaZz"),
        "transform" => transform(value),
        _ if NUMBERS.contains(&name) => only(".,+-eE%px"),
        _ if PAINTS.contains(&name) => paint(value),
        _ => WORDS.iter().find(|(attribute, _)| *attribute == name).is_some_and(|(_, words)| value.split_ascii_whitespace().all(|w| words.contains(&w))),
    };
    (fits && !value.is_empty()).then(|| value.to_owned())
}

/// Only the names of transformations, and numbers.
fn transform(value: &str) -> bool {
    let words = value.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty());
    let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || ".,+-()".contains(c));
    plain && words.into_iter().all(|w| ["translate", "scale", "rotate", "matrix", "skewX", "skewY", "e"].contains(&w))
}

/// `none`, the name of a colour, `#rgb`, `rgb(1, 2, 3)`: nothing that points anywhere.
fn paint(value: &str) -> bool {
    let name = value.len() <= 24 && value.chars().all(|c| c.is_ascii_alphabetic());
    let hex = value.strip_prefix('#').is_some_and(|h| (3..=8).contains(&h.len()) && h.bytes().all(|b| b.is_ascii_hexdigit()));
    let rgb = value.strip_prefix("rgb(").and_then(|r| r.strip_suffix(')')).is_some_and(|r| r.len() < 30 && r.chars().all(|c| c.is_ascii_digit() || " ,%.".contains(c)));
    name || hex || rgb
}

/// Text between and inside tags.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn inside(body: &str) -> Drawing {
        clean_drawing(&format!("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 500 400\">{body}</svg>")).expect("a drawing")
    }

    #[test]
    fn a_plain_drawing_keeps_its_shapes_and_gets_plan_units() {
        let made = inside("<g fill=\"#eee\"><rect class=\"house\" x=\"1.5\" y=\"2\" width=\"30\" height=\"10\"/><text x=\"3\" y=\"4\">12号楼 &amp; &lt;b&gt;</text></g>");
        assert_eq!((made.width, made.height, made.left_out), (5_000, 4_000, 0));
        assert!(made.body.contains("<rect class=\"house\" x=\"1.5\" y=\"2\" width=\"30\" height=\"10\">") && made.body.contains("12号楼 &amp; &lt;b&gt;"), "{}", made.body);
        assert!(made.body.starts_with("<g transform=\"scale(10) translate(0.000 0.000)\">"), "{}", made.body);
    }

    #[test]
    fn bays_are_read_by_their_names_and_not_drawn() {
        let made = inside(
            "<rect id=\"bay-d-017\" x=\"10\" y=\"20\" width=\"5\" height=\"10\"/><rect id=\"bay-<\" x=\"1\"/><rect id=\"bay-X9\" x=\"9999\" y=\"1\"/>"
                .replace("bay-<", "bay-&lt;")
                .as_str(),
        );
        assert_eq!(made.bays, [("D-017".to_owned(), 125, 250)]);
        let shifted = clean_drawing("<svg viewBox=\"-100,-50 200 100\"><rect id=\"bay-A1\" x=\"-100\" y=\"-50\" width=\"2\" height=\"4\"/></svg>").expect("a drawing");
        assert_eq!((shifted.width, shifted.bays[0].1, shifted.bays[0].2), (4_000, 20, 40));
    }

    #[test]
    fn hostile_drawings_lose_their_teeth() {
        let hostile = [
            "<script>alert(1)</script>",
            "<g onclick=\"alert(1)\" onload='x'><path d=\"M0 0\" onmouseover=\"alert(1)\"/></g>",
            "<a href=\"javascript:alert(1)\"><text>x</text></a>",
            "<a xlink:href=\"javascript:alert(1)\"><rect/></a>",
            "<image href=\"https://evil.example/x.png\"/>",
            "<use href=\"#x\"/><use xlink:href=\"https://evil.example/x.svg#y\"/>",
            "<foreignObject><iframe xmlns=\"http://www.w3.org/1999/xhtml\" src=\"https://evil.example\"/></foreignObject>",
            "<style>@import url(https://evil.example)</style>",
            "<rect style=\"background:url(https://evil.example)\" fill=\"url(#a)\" stroke=\"url(https://evil.example/#x)\"/>",
            "<animate attributeName=\"href\" values=\"javascript:alert(1)\"/><set attributeName=\"onclick\" to=\"alert(1)\"/>",
            "<text xml:space=\"preserve\"><script>alert(1)</script></text>",
            "<rect xmlns:x=\"http://evil.example\" x:fill=\"javascript:1\"/>",
            "<x:script xmlns:x=\"http://www.w3.org/2000/svg\">alert(1)</x:script>",
            "<rect fill=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"/>",
            "<path d=\"M0 0&quot; onload=&quot;alert(1)\"/>",
            "<g transform=\"translate(1) url(javascript:x)\"/>",
            "<filter id=\"f\"><feImage href=\"https://evil.example\"/></filter><rect filter=\"url(#f)\"/>",
            "<defs><linearGradient id=\"g\"/></defs>",
            "<g class=\"card btn\"/>",
            "<?xml-stylesheet href=\"https://evil.example\"?>",
            "<!-- --><![CDATA[<script>alert(1)</script>]]>",
        ];
        for body in hostile {
            let made = inside(body).body;
            for word in ["script", "alert", "evil", "url", "href", " on", "style", "<a", "use", "image", "iframe", "animate", "filter", "card"] {
                assert!(!made.contains(word), "{body} leaves {word}: {made}");
            }
        }
        let deep = inside(&format!("{}{}", "<g>".repeat(15_000), "</g>".repeat(15_000)));
        assert_eq!((deep.body.matches("<g").count(), deep.left_out), (DEPTH_MAX + 1, 1), "what is too deep is cut off");
        assert!(inside("<script/><rect onclick=\"1\"/>").left_out == 2, "what was left out is counted");
    }

    #[test]
    fn what_could_blow_up_is_refused() {
        let bomb = "<!DOCTYPE svg [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><svg viewBox=\"0 0 10 10\"><text>&b;</text></svg>";
        let outside = "<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg viewBox=\"0 0 10 10\"><text>&x;</text></svg>";
        let deep = format!("<svg viewBox=\"0 0 10 10\">{}{}</svg>", "<g>".repeat(50_000), "</g>".repeat(50_000));
        let many = format!("<svg viewBox=\"0 0 10 10\">{}</svg>", "<g/>".repeat(20_001));
        let large = format!("<svg viewBox=\"0 0 10 10\"><text>{}</text></svg>", "a".repeat(BYTES_MAX));
        let sizes = [
            "<svg/>",
            "<svg viewBox=\"0 0 0 10\"/>",
            "<svg viewBox=\"0 0 1e9 10\"/>",
            "<svg viewBox=\"a b c d\"/>",
            "<svg viewBox=\"0 0 10\"/>",
            "<svg viewBox=\"0 0 999999999 1\"/>",
            "<svg viewBox=\"0 0 1 99999\"/>",
        ];
        for bad in [bomb, outside, &deep, &many, &large, "", "hello", "<html/>", "<svg", "\u{0}"].into_iter().chain(sizes) {
            assert!(matches!(clean_drawing(bad), Err(AppError::Invalid(f)) if f[0].field == "file"), "{}", &bad[..bad.len().min(60)]);
        }
    }

    #[test]
    fn a_clean_drawing_is_cleaned_to_the_same() {
        let made = inside("<g fill=\"none\"><path d=\"M0 0L5 5z\" stroke=\"rgb(1, 2, 3)\"/><text text-anchor=\"middle\">“门”</text></g>");
        let again = clean_drawing(&format!("<svg viewBox=\"0 0 {} {}\">{}</svg>", made.width, made.height, made.body)).expect("a drawing");
        assert_eq!(again.left_out, 0);
        assert!(again.body.contains(&made.body), "{} {}", again.body, made.body);
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_a_panic(text in "\\PC{0,200}") {
            let _ = clean_drawing(&text);
        }

        #[test]
        fn no_attribute_breaks_out(value in "[ -~]{0,40}", name in "(fill|stroke|d|x|transform|class|points|onclick|style|href)") {
            let made = inside(&format!("<rect {name}=\"{}\"/>", escape(&value)));
            prop_assert_eq!(made.body.matches('<').count(), 4, "{}", made.body);
        }
    }
}
