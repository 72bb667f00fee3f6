//! Where everything stands on the pages: pure, in thousandths of a point, so that it can be tested without a font.

use app::i18n::Lang;
use app::rooms::documents::model::{Block, Document, Table};
use app::rooms::documents::rules::{spoken_hash, widths};
use app::tr;

/// A length in thousandths of a point.
pub type Length = i64;

/// A4 upright.
pub const PAGE: (Length, Length) = (595_276, 841_890);
/// 18 mm on all sides.
const MARGIN: Length = 51_000;
/// Where text ends and the foot begins.
const BOTTOM: Length = PAGE.1 - MARGIN - 16_000;
const WIDTH: Length = PAGE.0 - 2 * MARGIN;
const BODY: Length = 10_500;
const SMALL: Length = 8_500;
/// The side of the code on the last page: 24 mm.
const QR: Length = 68_000;

/// Something on a page. `y` of text is its baseline, from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// Words on one line.
    Text {
        /// From the left.
        x: Length,
        /// From the top.
        y: Length,
        /// The size of the font.
        size: Length,
        /// Bold.
        bold: bool,
        /// The words.
        words: String,
    },
    /// A thin line from left to right.
    Rule {
        /// From the left.
        x: Length,
        /// From the top.
        y: Length,
        /// How long.
        width: Length,
    },
    /// The code that leads to the live record.
    Code {
        /// From the left.
        x: Length,
        /// From the top.
        y: Length,
        /// The side.
        side: Length,
    },
}

/// How wide words are at a size.
pub trait Measure {
    /// The width of `words` in a font of `size`.
    fn width(&self, words: &str, size: Length) -> Length;
}

/// The pages of a document.
pub fn pages(document: &Document, measure: &dyn Measure, lang: Lang, offset: i32) -> Vec<Vec<Item>> {
    let mut pen = Pen { pages: vec![Vec::new()], y: MARGIN, measure };
    pen.centred(&document.community, BODY, false);
    pen.centred(&document.title, 19_000, true);
    if !document.subtitle.is_empty() {
        pen.centred(&document.subtitle, BODY, false);
    }
    if !document.number.is_empty() {
        pen.centred(&format!("{} {}", tr!(lang, "编号", "No."), document.number), BODY, false);
    }
    pen.y += 8_000;
    for block in &document.blocks {
        pen.block(block);
    }
    pen.sign_lines(&document.sign_lines);
    pen.proof(document, lang, offset);
    pen.numbered(&document.title)
}

struct Pen<'a> {
    pages: Vec<Vec<Item>>,
    y: Length,
    measure: &'a dyn Measure,
}

impl Pen<'_> {
    fn put(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.push(item);
        }
    }

    fn text(&mut self, x: Length, size: Length, bold: bool, words: String) {
        let y = self.y + size;
        self.put(Item::Text { x, y, size, bold, words });
    }

    /// Begins a new page unless there is room for `height`.
    fn room(&mut self, height: Length) -> bool {
        if self.y + height <= BOTTOM {
            return false;
        }
        self.pages.push(Vec::new());
        self.y = MARGIN;
        true
    }

    fn centred(&mut self, words: &str, size: Length, bold: bool) {
        for line in wrap(words, size, WIDTH, self.measure) {
            self.room(leading(size));
            let x = MARGIN + (WIDTH - self.measure.width(&line, size)).max(0) / 2;
            self.text(x, size, bold, line);
            self.y += leading(size);
        }
    }

    fn paragraph(&mut self, words: &str, size: Length, bold: bool) {
        for line in wrap(words, size, WIDTH, self.measure) {
            self.room(leading(size));
            self.text(MARGIN, size, bold, line);
            self.y += leading(size);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(words) => {
                self.y += 6_000;
                // A heading does not stand alone at the foot of a page.
                self.room(leading(13_000) + 2 * leading(BODY));
                self.paragraph(words, 13_000, true);
                self.y += 2_000;
            }
            Block::Paragraph(words) => {
                self.paragraph(words, BODY, false);
                self.y += 4_000;
            }
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) => self.table(table),
        }
    }

    fn facts(&mut self, facts: &[(String, String)]) {
        let name = facts.iter().map(|(name, _)| self.measure.width(name, BODY)).max().unwrap_or(0).min(WIDTH / 3) + 12_000;
        for (label, value) in facts {
            let labels = wrap(label, BODY, name - 8_000, self.measure);
            let values = wrap(value, BODY, WIDTH - name, self.measure);
            for i in 0..labels.len().max(values.len()) {
                self.room(leading(BODY));
                if let Some(label) = labels.get(i) {
                    self.text(MARGIN, BODY, true, label.clone());
                }
                if let Some(value) = values.get(i) {
                    self.text(MARGIN + name, BODY, false, value.clone());
                }
                self.y += leading(BODY);
            }
            self.y += 1_500;
        }
        self.y += 4_000;
    }

    fn table(&mut self, table: &Table) {
        let columns: Vec<Length> = widths(table).into_iter().map(|w| WIDTH * Length::from(w) / 1_000).collect();
        let head: Vec<String> = table.columns.iter().map(|c| c.label.clone()).collect();
        self.row(table, &columns, &head, true, None);
        for row in &table.rows {
            self.row(table, &columns, row, false, Some(&head));
        }
        if !table.total.is_empty() {
            self.row(table, &columns, &table.total, true, Some(&head));
        }
        self.y += 6_000;
    }

    /// One row with a line under it; on a new page the head comes first again.
    fn row(&mut self, table: &Table, columns: &[Length], cells: &[String], bold: bool, head: Option<&[String]>) {
        let lines: Vec<Vec<String>> = cells.iter().zip(columns).map(|(cell, width)| wrap(cell, SMALL + 1_000, width - 6_000, self.measure)).collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1);
        let step = leading(SMALL + 1_000);
        let height = step * Length::try_from(most).unwrap_or(1) + 5_000;
        if self.room(height)
            && let Some(head) = head
        {
            self.row(table, columns, head, true, None);
        }
        let (top, mut x) = (self.y, MARGIN);
        for (i, (cell, width)) in lines.into_iter().zip(columns).enumerate() {
            let right = table.columns.get(i).is_some_and(|c| c.numeric);
            self.y = top + 2_000;
            for line in cell {
                let indent = if right { width - 6_000 - self.measure.width(&line, SMALL + 1_000) } else { 0 };
                self.text(x + indent.max(0), SMALL + 1_000, bold, line);
                self.y += step;
            }
            x += width;
        }
        self.y = top + height;
        let y = self.y - 1_000;
        self.put(Item::Rule { x: MARGIN, y, width: WIDTH });
    }

    /// Lines to sign on, two beside each other.
    fn sign_lines(&mut self, who: &[String]) {
        for pair in who.chunks(2) {
            self.room(44_000);
            self.y += 26_000;
            for (i, name) in pair.iter().enumerate() {
                let x = MARGIN + Length::try_from(i).unwrap_or(0) * (WIDTH / 2);
                let label = self.measure.width(name, BODY) + 6_000;
                self.text(x, BODY, false, name.clone());
                let y = self.y + BODY + 2_000;
                self.put(Item::Rule { x: x + label, y, width: (WIDTH / 2 - label - 12_000).max(30_000) });
            }
            self.y += 18_000;
        }
    }

    /// The code, the event and the day, at the end of the last page.
    fn proof(&mut self, document: &Document, lang: Lang, offset: i32) {
        self.room(QR + 10_000);
        self.y = (BOTTOM - QR).max(self.y);
        let (top, x) = (self.y, MARGIN + QR + 10_000);
        self.put(Item::Code { x: MARGIN, y: top, side: QR });
        self.y += 4_000;
        let mut say = vec![tr!(lang, "扫码看在线记录，核对这张纸有没有被改过。", "Scan for the live record and compare it with this sheet.").to_owned()];
        if let Some(proof) = &document.proof {
            say.push(format!("{} #{}", tr!(lang, "存证", "Proof"), proof.seq));
            say.push(spoken_hash(proof));
        }
        say.push(format!("{} {}", tr!(lang, "打印于", "Printed"), document.made_at.local(offset).format("%Y-%m-%d")));
        for line in say.iter().flat_map(|words| wrap(words, SMALL, WIDTH - QR - 10_000, self.measure)) {
            self.text(x, SMALL, false, line);
            self.y += leading(SMALL);
        }
    }

    fn numbered(mut self, title: &str) -> Vec<Vec<Item>> {
        let count = self.pages.len();
        for (i, page) in self.pages.iter_mut().enumerate() {
            let words = format!("{title} · {} / {count}", i + 1);
            let x = MARGIN + (WIDTH - self.measure.width(&words, SMALL)).max(0) / 2;
            page.push(Item::Text { x, y: PAGE.1 - MARGIN + 6_000, size: SMALL, bold: false, words });
        }
        self.pages
    }
}

fn leading(size: Length) -> Length {
    size * 3 / 2
}

/// Lines that are no wider than `width`: Latin words stay whole where they can, Chinese breaks anywhere but before a
/// closing mark.
pub fn wrap(words: &str, size: Length, width: Length, measure: &dyn Measure) -> Vec<String> {
    let mut lines = Vec::new();
    for part in words.split('\n') {
        let mut line = String::new();
        for piece in pieces(part) {
            if !line.is_empty() && measure.width(&format!("{line}{}", piece.trim_end()), size) > width {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
            }
            if measure.width(piece, size) <= width {
                line.push_str(if line.is_empty() { piece.trim_start() } else { piece });
                continue;
            }
            for c in piece.chars() {
                if !line.is_empty() && measure.width(&format!("{line}{c}"), size) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The parts between which a line may break.
fn pieces(words: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut before: Option<char> = None;
    for (at, c) in words.char_indices() {
        let breaks = before.is_some_and(|b| (b == ' ' || is_wide(b) || is_wide(c)) && !closes(c) && !opens(b));
        if breaks && at > from {
            pieces.push(&words[from..at]);
            from = at;
        }
        before = Some(c);
    }
    pieces.push(&words[from..]);
    pieces
}

fn is_wide(c: char) -> bool {
    c >= '\u{2E80}'
}

fn closes(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '）' | '》' | '”' | '」' | ')' | ',' | '.' | '%' | ' ' | '元')
}

fn opens(c: char) -> bool {
    matches!(c, '（' | '《' | '“' | '「' | '(')
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::measure::Time;
    use app::rooms::documents::model::{Column, Proof};

    /// Every wide character is as wide as the size, every other half of it.
    struct Even;
    impl Measure for Even {
        fn width(&self, words: &str, size: Length) -> Length {
            words.chars().map(|c| if is_wide(c) { size } else { size / 2 }).sum()
        }
    }

    fn document(rows: usize) -> Document {
        let table = Table {
            columns: vec![Column::words("房屋", 3), Column::number("分摊（元）", 1)],
            rows: (0..rows).map(|i| vec![format!("{i}号楼 1门 *01室"), "242.79".into()]).collect(),
            total: vec!["合计".into(), "486,000.00".into()],
        };
        Document {
            title: "分摊公示".into(),
            number: "WX-2026-001".into(),
            community: "祥和家园".into(),
            subtitle: String::new(),
            blocks: vec![
                Block::Heading("怎么算的".into()),
                Block::Paragraph("按建筑面积分摊。".repeat(20)),
                Block::Facts(vec![("总额".into(), "486,000.00 元".into())]),
                Block::Table(table),
            ],
            sign_lines: vec!["业主大会（章）".into(), "主任（签）".into(), "副主任（签）".into()],
            address: "/c/xianghe/fund".into(),
            proof: Some(Proof { seq: 7, hash: "ab".repeat(32) }),
            made_at: Time(1_800_000_000_000),
        }
    }

    fn words(pages: &[Vec<Item>]) -> Vec<&str> {
        pages.iter().flatten().filter_map(|i| if let Item::Text { words, .. } = i { Some(words.as_str()) } else { None }).collect()
    }

    #[test]
    fn everything_is_there_and_inside_the_margins() {
        let pages = pages(&document(300), &Even, Lang::Zh, 480);
        assert!(pages.len() > 5, "{}", pages.len());
        let said = words(&pages);
        assert_eq!(said.iter().filter(|w| **w == "242.79").count(), 300);
        assert_eq!(
            said.iter().filter(|w| **w == "分摊（元）").count(),
            pages.len() - usize::from(!pages[pages.len() - 1].iter().any(|i| matches!(i, Item::Text { words, .. } if words == "分摊（元）")))
        );
        assert_eq!(pages.iter().flatten().filter(|i| matches!(i, Item::Code { .. })).count(), 1);
        assert!(said.contains(&"abababab abababab abababab abababab abababab abababab abababab abababab"));
        for item in pages.iter().flatten() {
            if let Item::Text { x, y, size, words, .. } = item {
                assert!(*x >= MARGIN && x + Even.width(words, *size) <= PAGE.0 - MARGIN + 1_000, "{words} at {x}");
                assert!(*y > 0 && *y < PAGE.1, "{words} at {y}");
            }
        }
    }

    #[test]
    fn a_short_document_is_one_page() {
        assert_eq!(pages(&document(3), &Even, Lang::En, 480).len(), 1);
    }

    #[test]
    fn lines_break_where_people_would_break_them() {
        let lines = wrap("共用部位（540个喷淋头）的更换，由全体业主分摊。", 10_000, 100_000, &Even);
        assert!(lines.iter().all(|l| Even.width(l, 10_000) <= 110_000), "{lines:?}");
        assert!(lines.iter().skip(1).all(|l| !l.starts_with(['，', '。', '）'])), "{lines:?}");
        assert_eq!(lines.concat(), "共用部位（540个喷淋头）的更换，由全体业主分摊。");
        assert_eq!(wrap("one two three", 10_000, 40_000, &Even), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 10_000, 20_000, &Even), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 10_000, 20_000, &Even), [""]);
    }
}
