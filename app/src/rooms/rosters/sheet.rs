//! From a file as clerks have it to a table of cells: XLSX, or CSV in GBK or UTF-8.
//!
//! The file comes from outside: it is unpacked under a limit ([`archive`]), and cells are read one by one, so that
//! a stray cell in the last row of the last column costs nothing.

use super::model::Column;
use super::rules::heading;
use crate::error::AppError;
use archive::{ArchiveError, repack};
use calamine::{DataRef, Dimensions, Reader, SheetType, SheetVisible, Xlsx};
use encoding_rs::{Encoding, GB18030, UTF_8};
use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub mod archive;

/// The largest file, in bytes.
pub const BYTES_MAX: usize = 8 * 1024 * 1024;
/// Lines of a sheet, counted to the last one with something in it.
const LINES_MAX: usize = 100_000;
const COLUMNS_MAX: usize = 60;
/// Characters of one cell that are kept: enough to name a bad cell, and no field is as long.
const CELL_MAX: usize = 500;
/// All cells together, in bytes: one long text may be shared by a million cells.
const TEXT_MAX: usize = 32 * 1024 * 1024;
/// What the parts of a sheet may unpack to, in bytes.
const UNPACKED_MAX: usize = 64 * 1024 * 1024;

fn bad(zh: &str, en: &str) -> AppError {
    AppError::field("file", zh, en)
}

fn broken() -> AppError {
    bad("这个 Excel 文件打不开，请另存一份 .xlsx 再试", "This Excel file cannot be opened; save it again as .xlsx")
}

fn too_large() -> AppError {
    bad("表格太大了，请删掉空白的行和列，或者分几个文件", "The sheet is too large; delete empty rows and columns, or split it")
}

fn no_table() -> AppError {
    bad("这个文件不是表格，请在 Excel 里“另存为”.xlsx", "This is no table; save it as .xlsx in Excel")
}

/// Reads a file by what is in it, whatever its name says. The rows are those of the file, so that row `i` is what
/// Excel calls line `i + 1`.
///
/// # Errors
/// [`AppError::Invalid`] on `file` with advice.
pub fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>, AppError> {
    match bytes {
        [] => Err(bad("文件是空的，请重新选择", "The file is empty; choose it again")),
        _ if bytes.len() > BYTES_MAX => Err(bad("文件太大（最多 8 MB），请分几个文件", "The file is too large (8 MB at most); split it")),
        [b'P', b'K', 3, 4, ..] => {
            let packed = repack(bytes, UNPACKED_MAX).map_err(|e| if e == ArchiveError::TooLarge { too_large() } else { broken() })?;
            // The reader of sheets is written by others and this is a file from outside: a panic refuses the file.
            catch_unwind(AssertUnwindSafe(|| book(packed))).unwrap_or_else(|_| Err(broken()))
        }
        // The container of old Excel files, and of new ones with a password.
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(bad(
            "这是旧的 .xls 格式，或者加了密码。请在 Excel 里去掉密码，“另存为”.xlsx",
            "This is the old .xls format, or it has a password. Remove the password and save it as .xlsx in Excel",
        )),
        [b'%', b'P', b'D', b'F', ..] => Err(no_table()),
        _ => csv_table(&decode(bytes)?),
    }
}

/// A table that grows where cells are, within the limits.
#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    text: usize,
}

impl Table {
    fn put(&mut self, line: usize, column: usize, text: &str) -> Result<(), AppError> {
        let text = text.char_indices().nth(CELL_MAX).map_or(text, |(end, _)| &text[..end]);
        if text.trim().is_empty() {
            return Ok(());
        }
        self.text += text.len();
        if line >= LINES_MAX || column >= COLUMNS_MAX || self.text > TEXT_MAX {
            return Err(too_large());
        }
        if self.rows.len() <= line {
            self.rows.resize_with(line + 1, Vec::new);
        }
        let row = &mut self.rows[line];
        if row.len() <= column {
            row.resize_with(column + 1, String::new);
        }
        row[column] = text.to_owned();
        Ok(())
    }

    fn is_blank(&self, line: usize, column: usize) -> bool {
        self.rows.get(line).and_then(|r| r.get(column)).is_none_or(String::is_empty)
    }
}

/// The first sheet with something in it; hidden ones are left alone.
fn book(packed: Vec<u8>) -> Result<Vec<Vec<String>>, AppError> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(packed)).map_err(|_| broken())?;
    let names: Vec<String> = book.sheets_metadata().iter().filter(|s| s.visible == SheetVisible::Visible && s.typ == SheetType::WorkSheet).map(|s| s.name.clone()).collect();
    for name in names {
        let mut table = Table::default();
        let mut cells = book.worksheet_cells_reader(&name).map_err(|_| broken())?;
        while let Some(cell) = cells.next_cell().map_err(|_| broken())? {
            let (line, column) = cell.get_position();
            table.put(line as usize, column as usize, &text(cell.get_value()))?;
        }
        drop(cells);
        if !table.rows.is_empty() {
            // Without the list of merged cells the blanks below them are named as missing.
            let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
            fill_down(&mut table, &merged)?;
            return Ok(table.rows);
        }
    }
    Err(bad("文件里没有数据", "There is nothing in the file"))
}

/// Clerks merge the building over all its units. What stands in merged cells holds for each line, but an area would
/// be counted twice: its blanks stay, and are named.
fn fill_down(table: &mut Table, merged: &[Dimensions]) -> Result<(), AppError> {
    let Some((head, columns)) = heading(&table.rows) else { return Ok(()) };
    let mut steps = 0;
    for cells in merged {
        let (from, to, column) = (cells.start.0 as usize, (cells.end.0 as usize).min(table.rows.len().saturating_sub(1)), cells.start.1 as usize);
        if from <= head || columns.get(&Column::Area) == Some(&column) || table.is_blank(from, column) {
            continue;
        }
        let text = table.rows[from][column].clone();
        for line in from + 1..=to {
            steps += 1;
            if steps > 20 * LINES_MAX {
                return Err(too_large());
            }
            // A line without anything else in it is the end of the table, not a unit.
            if table.rows[line].iter().any(|c| !c.is_empty()) && table.is_blank(line, column) {
                table.put(line, column, &text)?;
            }
        }
    }
    Ok(())
}

fn text<'a>(data: &'a DataRef<'_>) -> Cow<'a, str> {
    match data {
        DataRef::Empty => "".into(),
        DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => s.as_str().into(),
        DataRef::SharedString(s) => (*s).into(),
        // Through text, not arithmetic: 88.6 stays 88.6, and 13812345678 is no 1.38e10.
        DataRef::Float(n) => format!("{n}").into(),
        DataRef::Int(n) => n.to_string().into(),
        DataRef::Bool(b) => if *b { "TRUE" } else { "FALSE" }.into(),
        // Excel makes a day of the room 3-12: written as a day, it is named as a mistake and no room 46093 appears.
        DataRef::DateTime(day) => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}").into()
        }
        // `#N/A` stays and is named: nothing is read from a formula that failed.
        DataRef::Error(e) => e.to_string().into(),
    }
}

/// UTF-8 where it is valid, UTF-16 by its mark, else what Chinese Excel writes: GBK, as its superset GB18030. Bytes
/// that are no text refuse the file: a name with a `�` in it would be a wrong name.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, AppError> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let rest = &bytes[mark..];
    let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
    let text = if mark == 0 { text.or_else(|| GB18030.decode_without_bom_handling_and_without_replacement(rest)) } else { text };
    text.filter(|t| !t.contains('\0')).ok_or_else(no_table)
}

fn csv_table(text: &str) -> Result<Vec<Vec<String>>, AppError> {
    // Systems that “export to Excel” often write a web page.
    if text.trim_start().starts_with('<') {
        return Err(no_table());
    }
    // One way to end a line, also the last one, so that lines can be counted.
    let text = text.replace("\r\n", "\n").replace('\r', "\n") + "\n";
    let delimiter = delimiter(&text);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut table = Table::default();
    let mut record = csv::StringRecord::new();
    // Lines of text that lie inside cells; Excel does not count them.
    let mut inside = 0;
    while reader.read_record(&mut record).map_err(|_| no_table())? {
        let own = record.iter().map(|c| c.matches('\n').count()).sum::<usize>();
        inside += own;
        let line = usize::try_from(reader.position().line()).unwrap_or(usize::MAX).saturating_sub(2).saturating_sub(inside);
        for (column, cell) in record.iter().enumerate() {
            table.put(line, column, plain(cell))?;
        }
    }
    if table.rows.is_empty() { Err(bad("文件里没有数据", "There is nothing in the file")) } else { Ok(table.rows) }
}

/// The candidate that the first lines use most outside of quotes; a comma when in doubt.
fn delimiter(text: &str) -> u8 {
    let mut counts = [(b';', 0), (b'\t', 0), (b',', 0)];
    let (mut quoted, mut lines) = (false, 0);
    for b in text.bytes() {
        quoted ^= b == b'"';
        lines += usize::from(b == b'\n');
        if lines == 20 {
            break;
        }
        if let Some((_, n)) = counts.iter_mut().find(|(d, _)| *d == b && !quoted) {
            *n += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, n)| *n).map_or(b',', |(d, _)| d)
}

/// A text as a cell that no spreadsheet takes for a formula.
pub fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}").into() } else { cell.into() }
}

/// The text that [`harmless`] was made from.
fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r'])).unwrap_or(cell)
}

/// Rows as a CSV file, UTF-8 with its mark so that Excel reads it; no cell is a formula.
pub fn csv_file<R: AsRef<[S]>, S: AsRef<str>>(rows: &[R]) -> String {
    let mut file = String::from('\u{FEFF}');
    for row in rows {
        let cells: Vec<String> = row
            .as_ref()
            .iter()
            .map(|c| harmless(c.as_ref()))
            .map(|c| if c.contains(['"', ',', '\n', '\r', ';', '\t']) { format!("\"{}\"", c.replace('"', "\"\"")) } else { c.into_owned() })
            .collect();
        file.push_str(&cells.join(","));
        file.push_str("\r\n");
    }
    file
}

/// A template with two example rows. They are marked as examples and passed over when they are left in.
pub fn template() -> String {
    csv_file(&[
        ["楼栋", "门（单元）", "楼层", "室号", "建筑面积", "类型", "面积来源", "业主", "手机", "备注"],
        ["12", "3", "5", "502", "88.60", "多层", "不动产登记簿", "王小明、李梅", "13800001234、13800005678", "示例，请删掉这一行"],
        ["36", "", "11", "1104", "102.30", "高层", "合同", "张伟", "", "示例，请删掉这一行"],
    ])
}

#[cfg(test)]
mod tests {
    use super::super::rules::parse;
    use super::archive::archive_of;
    use super::*;
    use proptest::prelude::*;

    fn advice(bytes: &[u8]) -> String {
        match read(bytes) {
            Err(AppError::Invalid(fields)) => fields[0].zh.clone(),
            other => format!("{other:?}"),
        }
    }

    /// A workbook whose one sheet has this inside, and these shared texts.
    fn sheet(inside: &str, shared: &str) -> Vec<u8> {
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const RELS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        archive_of(&[
            ("_rels/.rels", &format!(r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#)),
            ("xl/workbook.xml", &format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets><sheet name="a" sheetId="1" r:id="s"/></sheets></workbook>"#)),
            (
                "xl/_rels/workbook.xml.rels",
                &format!(r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="s" Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
            ),
            // Style 1 is a day.
            ("xl/styles.xml", &format!(r#"<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#)),
            ("xl/sharedStrings.xml", shared),
            ("xl/worksheets/sheet1.xml", &format!(r#"<worksheet xmlns="{MAIN}">{inside}</worksheet>"#)),
        ])
    }

    fn cell(at: &str, text: &str) -> String {
        format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
    }

    const NO_TEXTS: &str = "<sst></sst>";

    #[test]
    fn csv_in_gbk_and_utf8_say_the_same() {
        let text = "楼栋,室号,建筑面积,业主\r\n12号楼,502,88.60,王小明\r\n\r\n13,101,70,李梅\r\n";
        let gbk = GB18030.encode(text).0.into_owned();
        let bom = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        let wide: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let tabs = text.replace(',', "\t").into_bytes();
        let marks = text.replace(',', ";").into_bytes();
        let tables: Vec<_> = [text.as_bytes(), &gbk, &bom, &wide, &tabs, &marks].into_iter().map(|b| parse(&read(b).expect("reads"))).collect();
        assert_eq!(tables[0].rows.len(), 2, "{:?}", tables[0]);
        assert_eq!(tables[0].rows[1].line, 4, "the lines are those of the file");
        assert!(tables.iter().all(|t| *t == tables[0]));
    }

    #[test]
    fn lines_are_counted_as_excel_counts_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "\"x", "y\",b", "", "c,d", "e,f"].join(end);
            let table = read(text.as_bytes()).expect("reads");
            let firsts: Vec<&str> = table.iter().map(|r| r.first().map_or("", |c| c.as_str())).collect();
            assert_eq!(firsts, ["a", "x\ny", "", "c", "e"], "{end:?}");
        }
    }

    #[test]
    fn the_template_is_a_good_file_and_its_examples_are_nobodys() {
        let parsed = parse(&read(template().as_bytes()).expect("reads"));
        assert!(parsed.rows.is_empty(), "{parsed:?}");
        let meant = parse(&read(template().replace("示例，请删掉这一行", "").as_bytes()).expect("reads"));
        assert_eq!((meant.rows.len(), meant.problems), (2, vec![]));
    }

    #[test]
    fn no_cell_that_goes_out_is_a_formula() {
        let file = csv_file(&[["=1+1", "+86", "-", "@a", "王,\"李\"", "12"]]);
        assert_eq!(file, "\u{FEFF}'=1+1,'+86,'-,'@a,\"王,\"\"李\"\"\",12\r\n");
        assert_eq!(read(file.as_bytes()).expect("reads"), [["=1+1", "+86", "-", "@a", "王,\"李\"", "12"]]);
    }

    #[test]
    fn files_that_are_no_tables_get_advice() {
        assert!(advice(b"\xD0\xCF\x11\xE0 old").contains(".xlsx"));
        assert!(advice(b"PK\x03\x04 broken").contains("打不开"));
        assert!(advice(b"").contains("空"));
        assert!(advice(b"\n\n").contains("没有数据"));
        for bad in [&b"\0\0\0\0"[..], b"%PDF-1.7", b" <html><table>", b"a,\xFF\xFF,b"] {
            assert!(!advice(bad).starts_with("Ok"), "{bad:?}");
        }
        assert!(advice(&vec![b'a'; BYTES_MAX + 1]).contains("8 MB"));
    }

    #[test]
    fn cells_of_a_workbook_are_read_as_they_look() {
        let day = r#"<c r="D3" s="1"><v>46093</v></c>"#;
        let data = format!(
            r#"<sheetData><row r="3">{}<c r="B3"><v>13812345678</v></c><c r="C3"><v>88.600000000000009</v></c>{day}<c r="E3" t="e"><v>#N/A</v></c><c r="F3" t="s"><v>0</v></c><c r="G3"><f>1+1</f><v>2</v></c></row></sheetData>"#,
            cell("A3", "0101")
        );
        let table = read(&sheet(&data, "<sst uniqueCount=\"99999999999\"><si><t>共享</t></si></sst>")).expect("reads");
        assert_eq!(table.len(), 3, "lines above the table count");
        assert_eq!(table[2], ["0101", "13812345678", "88.60000000000001", "2026-03-12", "#N/A", "共享", "2"]);
    }

    #[test]
    fn a_building_merged_over_its_units_holds_for_each_of_them() {
        let head: String = ["楼栋", "室号", "建筑面积", "业主"].iter().zip(["A1", "B1", "C1", "D1"]).map(|(t, at)| cell(at, t)).collect();
        let data = format!(
            r#"<sheetData><row r="1">{head}</row><row r="2">{}{}<c r="C2"><v>80</v></c>{}</row><row r="3">{}{}</row></sheetData><mergeCells><mergeCell ref="A2:A9"/><mergeCell ref="C2:C3"/></mergeCells>"#,
            cell("A2", "12号"),
            cell("B2", "101"),
            cell("D2", "王一"),
            cell("B3", "102"),
            cell("D3", "李二")
        );
        let parsed = parse(&read(&sheet(&data, NO_TEXTS)).expect("reads"));
        assert_eq!(parsed.rows.len(), 1);
        assert_eq!(parsed.problems.iter().map(|p| (p.line, p.column)).collect::<Vec<_>>(), [(3, Some(Column::Area))], "{:?}", parsed.problems);
    }

    #[test]
    fn a_small_file_cannot_ask_for_much_memory() {
        let far = |at: &str| format!("<sheetData><row r=\"1\">{}{}</row></sheetData>", cell("A1", "a"), cell(at, "b"));
        assert!(advice(&sheet(&far("XFD1"), NO_TEXTS)).contains("太大"));
        assert!(advice(&sheet(&far("A1048576"), NO_TEXTS)).contains("太大"));
        let formatted =
            "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\" s=\"1\"/></row></sheetData>";
        assert_eq!(read(&sheet(formatted, NO_TEXTS)).expect("cells that are only formatted do not count"), [["1"]]);
        let long = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(400));
        let often: String = (1..40_000).map(|n| format!("<c r=\"A{n}\" t=\"s\"><v>0</v></c>")).collect();
        assert!(advice(&sheet(&format!("<sheetData>{often}</sheetData>"), &long)).contains("太大"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), cut in 0usize..3_000, flip in 0usize..3_000) {
            let _ = read(&bytes).map(|t| parse(&t));
            let mut book = sheet(&format!("<sheetData><row r=\"1\">{}</row></sheetData>", cell("A1", "楼栋")), NO_TEXTS);
            let at = flip % book.len();
            book[at] ^= 0x15;
            let _ = read(&book).map(|t| parse(&t));
            book.truncate(cut);
            let _ = read(&book).map(|t| parse(&t));
        }

        #[test]
        fn what_goes_out_comes_back(cells in proptest::collection::vec("[=+@a-z王0-9\"-][^\\x00-\\x1F]{0,20}", 2..6)) {
            prop_assert_eq!(read(csv_file(&[["a"; 6].map(str::to_owned).to_vec(), cells.clone()]).as_bytes()).expect("reads")[1].clone(), cells);
        }
    }
}
