//! One cell at a time: what clerks type, brought to one spelling, or what is wrong with it.

use crate::measure::Area;
use crate::rooms::people::rules::{parse_name, parse_phone};

/// What is wrong with a cell and what to do, in Chinese and in English.
pub type Fault = (&'static str, &'static str);

/// One spelling for comparing: no blanks, plain digits and letters instead of full-width ones.
pub fn fold(text: &str) -> String {
    let plain = text.chars().map(|c| match c as u32 {
        n @ 0xFF01..=0xFF5E => char::from_u32(n - 0xFEE0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    });
    plain.filter(|c| !c.is_whitespace()).collect()
}

/// Excel writes whole numbers as `101.0`.
pub fn whole_number(text: &str) -> String {
    match text.split_once('.') {
        Some((whole, zeros)) if !whole.is_empty() && whole.chars().chain(zeros.chars()).all(|c| c.is_ascii_digit()) && zeros.chars().all(|c| c == '0') => whole.to_owned(),
        _ => text.to_owned(),
    }
}

/// A short code of a building, stair or room: `第十二幢`, `12号楼`, `１２＃` are `12`. Leading zeros stay.
///
/// # Errors
/// What Excel made of a room like 3-12, formulas that failed, and texts that are no codes.
pub fn code(typed: &str, endings: &[&str]) -> Result<String, Fault> {
    let text = whole_number(&fold(typed)).to_ascii_uppercase();
    if failed_formula(&text) {
        return Err(FORMULA);
    }
    if is_day(&text) {
        return Err(("Excel 把它当成了日期，请把这一列设为“文本”再填", "Excel took it for a date; format the column as text and enter it again"));
    }
    let text = endings.iter().find_map(|e| text.strip_suffix(e)).unwrap_or(&text).trim_start_matches('第').trim_end_matches('#');
    if text.chars().count() > 10 {
        return Err(("太长了，最多 10 个字", "At most 10 characters"));
    }
    if crate::text::clean(text, 10).is_err() {
        return Err(("里面有看不见的字符，请重新输入", "It has invisible characters; type it again"));
    }
    Ok(chinese_number(text).unwrap_or_else(|| text.to_owned()))
}

/// `十二` → `12`, up to 99.
fn chinese_number(text: &str) -> Option<String> {
    let digit = |s: &str| match s {
        "" => Some(0),
        _ => ["一", "二", "三", "四", "五", "六", "七", "八", "九"].iter().position(|d| *d == s).map(|n| n + 1),
    };
    match text.split_once('十') {
        Some((tens, ones)) => Some((digit(tens)?.max(1) * 10 + digit(ones)?).to_string()),
        None => digit(text).filter(|n| *n > 0).map(|n| n.to_string()),
    }
}

const FORMULA: Fault = ("公式出错了，请填上文字或数字", "A formula failed here; enter a text or a number");

fn failed_formula(text: &str) -> bool {
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!"].iter().any(|e| text.eq_ignore_ascii_case(e))
}

/// `2026-03-12`, `2026/3/12`, `3月12日`, `12-MAR`: what sheets and CSV files make of a room like 3-12.
fn is_day(text: &str) -> bool {
    let numbers = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_digit());
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let iso = matches!(parts[..], [y, m, d] if y.len() == 4 && numbers(y) && numbers(m) && numbers(d) && (y.starts_with("19") || y.starts_with("20")));
    let month = |s: &str| ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"].contains(&s);
    let named = matches!(parts[..], [a, b] if numbers(a) && month(b) || month(a) && numbers(b));
    let spoken = text.strip_suffix('日').and_then(|t| t.split_once('月')).is_some_and(|(m, d)| numbers(m) && numbers(d));
    iso || named || spoken
}

/// Square metres as text into 0.01 m². What Excel's binary numbers add behind (88.6000000001, 88.5999999999) is
/// rounded away when it is less than 0.001 m²; anything more is a third decimal that somebody wrote.
pub fn hundredths(text: &str) -> Option<Area> {
    let text = ["平方米", "平米", "㎡", "M²", "m²", "M2", "m2"].iter().find_map(|e| text.strip_suffix(e)).unwrap_or(text);
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    // 1,088 has a comma before three digits; 88,6 is no number of ours.
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default().len();
    let grouped = whole.contains(',').then(|| first <= 3 && groups.all(|g| g.len() == 3));
    let whole = whole.replace(',', "");
    let digits = whole.chars().chain(decimals.chars()).all(|c| c.is_ascii_digit());
    if first == 0 || whole.len() > 7 || decimals.len() > 20 || !digits || grouped == Some(false) {
        return None;
    }
    let digit = |i: usize| decimals.as_bytes().get(i).map_or(0, |b| i64::from(b - b'0'));
    let cents = whole.parse::<i64>().ok()? * 100 + digit(0) * 10 + digit(1);
    match digit(2) {
        0 => Some(Area(cents)),
        9 if decimals[3..].contains(|c| c != '0') => Some(Area(cents + 1)),
        _ => None,
    }
}

/// The parts of a cell that holds several, blank ones too: the second of `、138…` is the second owner's. A line
/// break beside another mark separates nothing more.
fn parts(cell: &str) -> Vec<&str> {
    let mark = |c: char| matches!(c, '、' | ',' | '，' | ';' | '；' | '/' | '／' | '|');
    let lines: Vec<&str> = cell.trim_matches(['\r', '\n', ' ', '\t', '\u{3000}']).split('\n').map(str::trim).collect();
    let mut parts = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let line = if i > 0 { line.strip_prefix(mark).unwrap_or(line) } else { line };
        let line = if i + 1 < lines.len() { line.strip_suffix(mark).unwrap_or(line) } else { line };
        parts.extend(line.split(mark).map(str::trim));
    }
    parts
}

fn says_none(text: &str) -> bool {
    matches!(text, "" | "-" | "--" | "—" | "——" | "无" | "没有")
}

/// The names in a cell. `张　三` is one name written wide; `张三 李四` are two; `John Smith` is one.
///
/// # Errors
/// What is no name.
pub fn names(cell: &str) -> Result<Vec<String>, Fault> {
    if failed_formula(cell.trim()) {
        return Err(FORMULA);
    }
    let mut names: Vec<String> = Vec::new();
    for part in parts(cell).into_iter().filter(|p| !says_none(p)) {
        let words: Vec<&str> = part.split_whitespace().collect();
        let short = |w: &&str| w.chars().count() == 1;
        if part.chars().any(|c| c.is_ascii_alphabetic()) {
            let word = words.join(" ");
            // `ABC Co., Ltd` is one company.
            match names.last_mut().filter(|_| matches!(word.to_ascii_lowercase().trim_end_matches('.'), "ltd" | "limited" | "inc" | "llc")) {
                Some(company) => *company = format!("{company}, {word}"),
                None => names.push(word),
            }
        } else if words.len() == 2 && words.iter().any(short) && part.chars().filter(|c| !c.is_whitespace()).count() <= 4 {
            names.push(words.concat());
        } else if words.len() > 1 && words.iter().any(short) {
            return Err(("看不清是几位业主，请用顿号把名字隔开，例如：张三、李四", "Not clear how many owners these are; separate the names by 、"));
        } else {
            names.extend(words.into_iter().map(str::to_owned));
        }
    }
    for name in &mut names {
        let placeholder = matches!(name.as_str(), "空置" | "空关" | "空" | "未售" | "未知" | "不详" | "待定" | "同上" | "业主" | "产权人");
        if placeholder || !name.chars().any(char::is_alphabetic) {
            return Err(("这不是名字，请填产权人的姓名（未售的填开发商）", "This is no name; enter the owner's (the developer's for what is unsold)"));
        }
        *name = parse_name(name).map_err(|_| ("姓名要 1 到 40 个字，不能有看不见的控制符", "A name has 1 to 40 characters and no control characters"))?;
    }
    if (1..names.len()).any(|i| names[..i].contains(&names[i])) {
        return Err(("同一个名字写了两次，请核对", "The same name stands here twice; please check"));
    }
    Ok(names)
}

/// The phones in a cell by position; `None` where the position is blank. The last one is never blank.
///
/// # Errors
/// What is no phone.
pub fn phones(cell: &str) -> Result<Vec<Option<String>>, Fault> {
    if failed_formula(cell.trim()) {
        return Err(FORMULA);
    }
    let parts = parts(cell);
    let mut phones = Vec::new();
    for part in &parts {
        if says_none(part) {
            phones.push(None);
        } else if let Some(phone) = phone(part) {
            phones.push(Some(phone));
        } else {
            let several = spaced_phones(part)?;
            if parts.len() > 1 {
                return Err(("一位业主填一个号码，号码之间用顿号隔开", "One number for each owner, separated by 、"));
            }
            phones.extend(several.into_iter().map(Some));
        }
    }
    while phones.last().is_some_and(Option::is_none) {
        phones.pop();
    }
    Ok(phones)
}

/// Numbers with blanks between them and perhaps within them.
fn spaced_phones(part: &str) -> Result<Vec<String>, Fault> {
    if part.contains(['E', 'e']) {
        return Err(("被 Excel 改成了科学计数，请把这一列设为“文本”再填", "Excel turned it into scientific notation; format the column as text and enter it again"));
    }
    let (mut several, mut begun) = (Vec::new(), String::new());
    for word in part.split_whitespace() {
        begun.push_str(word);
        if let Some(phone) = phone(&begun) {
            several.push(phone);
            begun.clear();
        }
    }
    if begun.is_empty() && several.len() > 1 {
        return Ok(several);
    }
    Err(("请填 11 位手机号，或带区号的座机（021-58881234）；没有就留空", "Enter an 11-digit mobile number or a landline with its area code (021-58881234), or leave it empty"))
}

/// A mobile number, or a Shanghai landline with its area code, as 11 digits.
fn phone(typed: &str) -> Option<String> {
    let digits: String = whole_number(&fold(typed)).chars().filter(|c| !matches!(c, '-' | '(' | ')' | '—' | '–')).collect();
    let digits = digits.strip_prefix("+86").or_else(|| digits.strip_prefix("0086")).or_else(|| digits.strip_prefix("86").filter(|d| d.len() == 11)).unwrap_or(&digits);
    let landline =
        digits.strip_prefix("021").or_else(|| digits.strip_prefix("21").filter(|_| typed.contains("86"))).filter(|d| d.len() == 8 && d.chars().all(|c| c.is_ascii_digit()));
    match landline {
        Some(number) if !number.starts_with(['0', '1']) => Some(format!("021{number}")),
        Some(_) => None,
        None => parse_phone(digits).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_have_one_spelling() {
        let building = |t| code(t, &["号楼", "幢", "栋", "楼", "号"]);
        for typed in ["12", "12号", "12号楼", "12幢", " 12 栋", "第12幢", "第十二幢", "１２号楼", "12#", "12＃楼", "12.0", "十二"] {
            assert_eq!(building(typed).as_deref(), Ok("12"), "{typed}");
        }
        for (typed, is) in [("a座", "A座"), ("0101", "0101"), ("", ""), ("二十", "20"), ("十", "10"), ("三", "3"), ("12-1", "12-1")] {
            assert_eq!(building(typed).as_deref(), Ok(is), "{typed}");
        }
        for bad in ["2026-03-12", "2026/3/12", "3月12日", "12-Mar", "Mar-12", "#N/A", "#REF!", "一二三四五六七八九十一", "1\u{202E}2"] {
            assert!(building(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn areas_are_read_exactly() {
        let good = [
            ("88.6", 8_860),
            ("88.60", 8_860),
            ("1,088", 108_800),
            ("88.5999999999", 8_860),
            ("88.6000000001", 8_860),
            ("0.05", 5),
            ("88㎡", 8_800),
            ("88.5m2", 8_850),
            ("70平方米", 7_000),
        ];
        for (text, area) in good {
            assert_eq!(hundredths(text), Some(Area(area)), "{text}");
        }
        for bad in ["", ".5", "-5", "88.655", "88.601", "88.609", "88,6", "8e1", "12345678", "1.2.3", ",5", "八十"] {
            assert_eq!(hundredths(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_are_told_apart() {
        let cases: [(&str, &[&str]); 12] = [
            ("王秀珍、李强", &["王秀珍", "李强"]),
            ("王秀珍 李强", &["王秀珍", "李强"]),
            ("张　三", &["张三"]),
            ("欧阳 锋", &["欧阳锋"]),
            ("王一；\n李二", &["王一", "李二"]),
            ("王一/李二,赵三", &["王一", "李二", "赵三"]),
            ("John Smith", &["John Smith"]),
            ("John Smith, Mary Smith", &["John Smith", "Mary Smith"]),
            ("ABC Co., Ltd.", &["ABC Co., Ltd."]),
            ("上海某某（集团）有限公司", &["上海某某（集团）有限公司"]),
            ("阿卜杜·热合曼", &["阿卜杜·热合曼"]),
            ("—", &[]),
        ];
        for (cell, expected) in cases {
            assert_eq!(names(cell).as_deref(), Ok(expected.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>().as_slice()), "{cell}");
        }
        let long = "长".repeat(41);
        for bad in ["空置", "13812345678", "张 三 李 四", "张三、张三", "#N/A", "a\u{202E}b", &long] {
            assert!(names(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn phones_keep_their_places() {
        let (a, b) = (|| Some("13812345678".to_owned()), || Some("13912345678".to_owned()));
        let cases = [
            ("13812345678", vec![a()]),
            ("138 1234 5678", vec![a()]),
            ("+86 138-1234-5678", vec![a()]),
            ("１３８１２３４５６７８", vec![a()]),
            ("13812345678.0", vec![a()]),
            ("13812345678、13912345678", vec![a(), b()]),
            ("138 1234 5678 139 1234 5678", vec![a(), b()]),
            ("13812345678\n13912345678", vec![a(), b()]),
            ("13812345678、\n13912345678", vec![a(), b()]),
            ("、13912345678", vec![None, b()]),
            ("无/13912345678", vec![None, b()]),
            ("13812345678、", vec![a()]),
            ("021-58881234", vec![Some("02158881234".into())]),
            ("(021) 5888 1234", vec![Some("02158881234".into())]),
            ("-", vec![]),
            ("", vec![]),
        ];
        for (cell, expected) in cases {
            assert_eq!(phones(cell), Ok(expected), "{cell}");
        }
        for bad in ["1381234567", "58881234", "021-08881234", "#N/A", "138123456789", "13812345678 13912345678、13712345678"] {
            assert!(phones(bad).is_err(), "{bad}");
        }
        assert!(phones("1.38E+10").is_err_and(|(zh, _)| zh.contains("科学计数")));
    }

    proptest! {
        #[test]
        fn every_area_is_read_as_it_is_written(cents in 0i64..100_000_000) {
            prop_assert_eq!(hundredths(&Area(cents).to_string()), Some(Area(cents)));
            prop_assert_eq!(hundredths(&format!("{}.{:02}00000000001", cents / 100, cents % 100)), Some(Area(cents)));
        }

        #[test]
        fn any_cell_is_judged_without_a_panic(cell in "\\PC{0,30}|[0-9 、,;/#.Ee+-]{0,30}") {
            let _ = (code(&cell, &["号"]), hundredths(&cell), phones(&cell));
            if let Ok(names) = names(&cell) {
                prop_assert!(names.iter().all(|n| !n.is_empty() && n.chars().count() <= 40));
            }
        }
    }
}
