//! From a file as clerks have it to a table of cells: XLSX, or CSV in GBK or UTF-8.

use crate::error::AppError;
use calamine::{Data, Reader, Xlsx};
use encoding_rs::{GB18030, UTF_8};
use std::io::{Cursor, Read};

/// The largest file, in bytes.
pub const BYTES_MAX: usize = 8 * 1024 * 1024;
const CELLS_MAX: usize = 1_000_000;
const CELL_MAX: usize = 500;
/// What a packed sheet may unpack to, in bytes: a bomb is refused before it is read.
const UNPACKED_MAX: u64 = 200 * 1024 * 1024;

fn bad(zh: &str, en: &str) -> AppError {
    AppError::field("file", zh, en)
}

/// Reads a file by what is in it, whatever its name says.
///
/// # Errors
/// [`AppError::Invalid`] on `file` with advice.
pub fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>, AppError> {
    match bytes {
        [] => Err(bad("文件是空的，请重新选择", "The file is empty; choose it again")),
        _ if bytes.len() > BYTES_MAX => Err(bad("文件太大（最多 8 MB），请分几个文件", "The file is too large (8 MB at most); split it")),
        [b'P', b'K', 3, 4, ..] => xlsx(bytes),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Err(bad("这是旧的 .xls 格式，请在 Excel 里“另存为”.xlsx", "This is the old .xls format; save it as .xlsx in Excel")),
        _ => csv_table(&decode(bytes)),
    }
}

fn xlsx(bytes: &[u8]) -> Result<Vec<Vec<String>>, AppError> {
    let broken = || bad("这个 Excel 文件打不开，请另存一份 .xlsx 再试", "This Excel file cannot be opened; save it again as .xlsx");
    check_unpacked(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| broken())?;
    for name in book.sheet_names() {
        let Ok(range) = book.worksheet_range(&name) else { continue };
        if range.is_empty() {
            continue;
        }
        // The range begins at its first cell: the rows above are counted, so that lines are those of Excel.
        let above = range.start().map_or(0, |(row, _)| row as usize).min(1_000);
        if range.get_size().0.saturating_mul(range.get_size().1) > CELLS_MAX {
            return Err(bad("表格太大了，请删掉空白的行和列", "The sheet is too large; delete empty rows and columns"));
        }
        let mut table = vec![Vec::new(); above];
        table.extend(range.rows().map(|row| row.iter().map(cell).collect()));
        return Ok(table);
    }
    Err(bad("文件里没有数据", "There is nothing in the file"))
}

/// The sizes that the archive's directory promises. A lying directory meets the limit on cells instead.
fn check_unpacked(bytes: &[u8]) -> Result<(), AppError> {
    let mut total = 0u64;
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(4).position(|w| w == b"PK\x01\x02") {
        let entry = at + found;
        if let Some(size) = bytes.get(entry + 24..entry + 28) {
            total += u64::from(u32::from_le_bytes([size[0], size[1], size[2], size[3]]));
        }
        at = entry + 4;
    }
    if total > UNPACKED_MAX { Err(bad("表格太大了，请分几个文件", "The sheet is too large; split it")) } else { Ok(()) }
}

fn cell(data: &Data) -> String {
    let text = match data {
        Data::Empty | Data::Error(_) => String::new(),
        // Through text, not arithmetic: 88.6 stays 88.6, and 13812345678 is no 1.38e10.
        Data::Float(n) => format!("{n}"),
        other => other.to_string(),
    };
    text.chars().take(CELL_MAX).collect()
}

/// UTF-8 where it is valid, UTF-16 by its mark, else what Chinese Excel writes: GBK, as its superset GB18030.
fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => text.into_owned(),
        None => GB18030.decode(bytes).0.into_owned(),
    }
}

fn csv_table(text: &str) -> Result<Vec<Vec<String>>, AppError> {
    let first: String = text.lines().take(20).collect();
    let delimiter = [b',', b'\t', b';'].into_iter().max_by_key(|d| first.bytes().filter(|b| b == d).count()).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes().take(BYTES_MAX as u64 * 2));
    let mut table: Vec<Vec<String>> = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| bad("这个文件不是表格，请存成 .xlsx 或 .csv", "This is no table; save it as .xlsx or .csv"))?;
        // Blank lines are passed over by the reader: put them back, so that lines are those of the file.
        let line = record.position().map_or(table.len(), |p| p.line().saturating_sub(1) as usize);
        while table.len() < line.min(CELLS_MAX) {
            table.push(Vec::new());
        }
        table.push(record.iter().take(60).map(|c| c.chars().take(CELL_MAX).collect()).collect());
        if table.len() > CELLS_MAX {
            return Err(bad("行数太多，请分几个文件", "Too many rows; split the file"));
        }
    }
    Ok(table)
}

/// A template with two example rows, UTF-8 with its mark so that Excel reads it.
pub fn template() -> String {
    "\u{FEFF}楼栋,门（单元）,楼层,室号,建筑面积,类型,面积来源,业主,手机\r\n12,3,5,502,88.60,多层,不动产登记簿,王小明、李梅,13800001234、13800005678\r\n36,,11,1104,102.30,高层,合同,张伟,\r\n".to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::rules::parse;
    use super::*;

    #[test]
    fn csv_in_gbk_and_utf8_say_the_same() {
        let text = "楼栋,室号,建筑面积,业主\r\n12号楼,502,88.60,王小明\r\n\r\n13,101,70,李梅\r\n";
        let gbk = GB18030.encode(text).0.into_owned();
        let bom = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        let tables: Vec<_> = [text.as_bytes(), &gbk, &bom].into_iter().map(|b| parse(&read(b).expect("reads"))).collect();
        assert_eq!(tables[0].rows.len(), 2, "{:?}", tables[0]);
        assert_eq!(tables[0].rows[1].line, 4, "the lines are those of the file");
        assert!(tables.iter().all(|t| *t == tables[0]));
    }

    #[test]
    fn the_template_is_a_good_file() {
        let parsed = parse(&read(template().as_bytes()).expect("reads"));
        assert_eq!((parsed.rows.len(), parsed.problems), (2, vec![]));
    }

    #[test]
    fn files_that_are_no_tables_get_advice() {
        for bad in [&b""[..], b"\xD0\xCF\x11\xE0 old", b"PK\x03\x04 broken", b"\0\0\0\0"] {
            let _ = read(bad).map(|t| parse(&t));
        }
        assert!(matches!(read(b"\xD0\xCF\x11\xE0 old"), Err(AppError::Invalid(f)) if f[0].zh.contains(".xlsx")));
        assert!(read(b"PK\x03\x04 broken").is_err());
    }
}
