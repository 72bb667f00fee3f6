//! Reading a roster's cells, naming every bad one, and comparing it with what is known.

use super::model::{Changes, Column, Known, Owner, Problem, Row};
use crate::error::FieldError;
use crate::measure::Area;
use crate::rooms::communities::model::{AreaSource, BuildingKind};
use crate::rooms::people::rules::{parse_name, parse_phone};
use crate::text::{clean, shorten};
use std::collections::{BTreeSet, HashMap};

/// Rows in one file.
pub const ROWS_MAX: usize = 20_000;
/// The smallest area of a unit that is believed, 0.01 m². ⚙
pub const AREA_MIN: Area = Area(300);
/// The largest. ⚙
pub const AREA_MAX: Area = Area(500_000);

/// A file's rows and everything that is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The rows without a fault.
    pub rows: Vec<Row>,
    /// Every fault.
    pub problems: Vec<Problem>,
}

/// Reads a table of cells: finds the heading, then every row. Never stops at the first fault.
pub fn parse(table: &[Vec<String>]) -> Parsed {
    let mut parsed = Parsed::default();
    let Some((at, columns)) = heading(table) else {
        parsed.problems.push(whole("找不到表头。表头要有：楼栋、室号、建筑面积、业主", "No heading found. It needs: 楼栋, 室号, 建筑面积, 业主"));
        return parsed;
    };
    if table.len() - at > ROWS_MAX {
        parsed.problems.push(whole("行数太多（最多 20,000 行），请分几个文件", "Too many rows (20,000 at most); split the file"));
        return parsed;
    }
    let mut seen: HashMap<(String, String, String), u32> = HashMap::new();
    for (i, cells) in table.iter().enumerate().skip(at + 1) {
        let line = u32::try_from(i + 1).unwrap_or(u32::MAX);
        if is_filler(cells) {
            continue;
        }
        let mut reader = Reader { line, cells, columns: &columns, problems: Vec::new() };
        let row = reader.row();
        parsed.problems.append(&mut reader.problems);
        let Some(row) = row else { continue };
        match seen.insert((row.building.clone(), row.stair.clone(), row.room.clone()), line) {
            Some(first) => parsed.problems.push(Problem {
                line,
                column: Some(Column::Room),
                value: row.room,
                why: why(
                    format!("和第 {first} 行是同一户，请只留一行，多位业主写在同一格"),
                    format!("The same unit as line {first}; keep one line with all its owners in one cell"),
                ),
            }),
            None => parsed.rows.push(row),
        }
    }
    if parsed.rows.is_empty() && parsed.problems.is_empty() {
        parsed.problems.push(whole("表头下面没有数据", "There is nothing under the heading"));
    }
    parsed
}

fn why(zh: impl Into<String>, en: impl Into<String>) -> FieldError {
    FieldError { field: String::new(), zh: zh.into(), en: en.into() }
}

fn whole(zh: &str, en: &str) -> Problem {
    Problem { line: 0, column: None, value: String::new(), why: why(zh, en) }
}

/// One spelling for comparing: no blanks, no brackets' contents, plain digits and letters.
fn fold(text: &str) -> String {
    let plain = text.chars().map(|c| match c as u32 {
        n @ 0xFF01..=0xFF5E => char::from_u32(n - 0xFEE0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    });
    plain.filter(|c| !c.is_whitespace()).collect()
}

type Columns = HashMap<Column, usize>;

/// The first row among the first twenty that names the needed columns.
fn heading(table: &[Vec<String>]) -> Option<(usize, Columns)> {
    table.iter().take(20).enumerate().find_map(|(i, cells)| {
        let mut columns = Columns::new();
        for (at, cell) in cells.iter().enumerate().take(60) {
            if let Some(column) = column_of(&fold(cell)) {
                columns.entry(column).or_insert(at);
            }
        }
        Column::NEEDED.iter().all(|c| columns.contains_key(c)).then_some((i, columns))
    })
}

fn column_of(heading: &str) -> Option<Column> {
    let bare = heading.split(['(', '（', '/', ':']).next().unwrap_or(heading);
    Some(match bare {
        "楼栋" | "楼号" | "幢" | "幢号" | "栋" | "栋号" | "楼幢" | "楼栋号" | "号楼" | "门牌号" => Column::Building,
        "门" | "单元" | "门号" | "单元号" | "楼道" => Column::Stair,
        "楼层" | "层" => Column::Floor,
        "室号" | "房号" | "室" | "房间号" | "户号" => Column::Room,
        "建筑面积" | "面积" | "专有面积" | "产权面积" | "房屋面积" => Column::Area,
        "类型" | "房屋类型" | "楼型" => Column::Kind,
        "面积来源" | "来源" => Column::Source,
        "业主" | "业主姓名" | "产权人" | "姓名" | "权利人" | "业主名称" => Column::Owners,
        "手机" | "手机号" | "电话" | "联系电话" | "手机号码" | "联系方式" => Column::Phones,
        _ => return None,
    })
}

/// Empty rows and sums are passed over.
fn is_filler(cells: &[String]) -> bool {
    let mut filled = cells.iter().map(|c| fold(c)).filter(|c| !c.is_empty());
    filled.next().is_none_or(|first| ["合计", "小计", "总计", "共计"].iter().any(|s| first.starts_with(s)))
}

/// Reads one row's cells and collects its faults.
struct Reader<'a> {
    line: u32,
    cells: &'a [String],
    columns: &'a Columns,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn cell(&self, column: Column) -> &str {
        self.columns.get(&column).and_then(|at| self.cells.get(*at)).map_or("", |c| c.trim())
    }

    fn fault<T>(&mut self, column: Column, zh: impl Into<String>, en: impl Into<String>) -> Option<T> {
        let value = shorten(self.cell(column), 40);
        self.problems.push(Problem { line: self.line, column: Some(column), value, why: why(zh, en) });
        None
    }

    fn row(&mut self) -> Option<Row> {
        let building = self.building();
        let stair = self.short(Column::Stair, &["门", "单元"]);
        let floor = self.floor();
        let room = self.room();
        let area = self.area();
        let kind = self.kind();
        let source = self.source();
        let owners = self.owners();
        Some(Row { line: self.line, building: building?, stair: stair?, floor: floor?, room: room?, area: area?, kind: kind?, source: source?, owners: owners? })
    }

    /// `12`, `12号`, `12号楼`, `12幢` are one building.
    fn building(&mut self) -> Option<String> {
        let name = self.short(Column::Building, &["号楼", "幢", "栋", "楼", "号"])?;
        if name.is_empty() {
            return self.fault(Column::Building, "请填楼栋，例如 12", "Enter the building, e.g. 12");
        }
        Some(name)
    }

    fn short(&mut self, column: Column, endings: &[&str]) -> Option<String> {
        let text = whole_number(&fold(self.cell(column)));
        let bare = endings.iter().find_map(|e| text.strip_suffix(e)).unwrap_or(&text).trim_start_matches('第').to_owned();
        if bare.chars().count() > 10 || clean(&bare, 10).is_err() {
            return self.fault(column, "太长了，最多 10 个字", "At most 10 characters");
        }
        Some(bare)
    }

    fn floor(&mut self) -> Option<Option<i64>> {
        let text = whole_number(&fold(self.cell(Column::Floor)));
        let bare = text.trim_end_matches(['层', '楼', 'F']);
        if bare.is_empty() {
            return Some(None);
        }
        match bare.parse::<i64>() {
            Ok(n) if (-9..=200).contains(&n) => Some(Some(n)),
            _ => self.fault(Column::Floor, "请填数字，例如 6", "Enter a number, e.g. 6"),
        }
    }

    fn room(&mut self) -> Option<String> {
        let room = self.short(Column::Room, &["室", "房"])?;
        if room.is_empty() {
            return self.fault(Column::Room, "请填室号，例如 502", "Enter the room, e.g. 502");
        }
        Some(room)
    }

    fn area(&mut self) -> Option<Area> {
        let typed = fold(self.cell(Column::Area));
        let bare = typed.trim_end_matches(['㎡', '²', '2']).trim_end_matches(['m', 'M']);
        let number = if typed.ends_with("m2") || typed.ends_with("M2") || typed.ends_with(['㎡', '²']) { bare } else { &typed };
        match hundredths(number.trim_end_matches("平方米").trim_end_matches("平米")) {
            Some(area) if (AREA_MIN..=AREA_MAX).contains(&area) => Some(area),
            Some(_) => self.fault(Column::Area, "面积不像一户的（3 到 5,000 平方米），请核对", "Not the area of a unit (3 to 5,000 m²); please check"),
            None => self.fault(Column::Area, "请填平方米数，最多两位小数，例如 88.60", "Enter square metres with at most two decimals, e.g. 88.60"),
        }
    }

    fn kind(&mut self) -> Option<Option<BuildingKind>> {
        match fold(self.cell(Column::Kind)).as_str() {
            "" => Some(None),
            "多层" | "小高层多层" => Some(Some(BuildingKind::MultiStorey)),
            "高层" | "小高层" => Some(Some(BuildingKind::HighRise)),
            _ => self.fault(Column::Kind, "请填“多层”或“高层”", "Enter 多层 or 高层"),
        }
    }

    fn source(&mut self) -> Option<AreaSource> {
        match fold(self.cell(Column::Source)).as_str() {
            "" | "不动产登记簿" | "登记簿" | "产证" | "不动产权证" => Some(AreaSource::Register),
            "实测" | "实测面积" => Some(AreaSource::Survey),
            "合同" | "合同面积" | "购房合同" => Some(AreaSource::Contract),
            _ => self.fault(Column::Source, "请填“不动产登记簿”“实测”或“合同”", "Enter 不动产登记簿, 实测 or 合同"),
        }
    }

    fn owners(&mut self) -> Option<Vec<Owner>> {
        let names = split(self.cell(Column::Owners));
        let phones = split(self.cell(Column::Phones));
        if names.is_empty() {
            return self.fault(Column::Owners, "请填业主姓名", "Enter the owner's name");
        }
        if names.len() > 12 {
            return self.fault(Column::Owners, "一户最多 12 位业主", "At most 12 owners to a unit");
        }
        if phones.len() > names.len() {
            return self.fault(Column::Phones, "手机比业主多，请按业主的顺序填", "More phones than owners; write them in the owners' order");
        }
        let mut owners = Vec::new();
        for (i, name) in names.iter().enumerate() {
            let Ok(name) = parse_name(name) else {
                return self.fault(Column::Owners, "姓名要 1 到 40 个字，不能有看不见的控制符", "A name has 1 to 40 characters and no control characters");
            };
            let phone = match phones.get(i).map(|p| p.as_str()) {
                None | Some("-" | "无") => None,
                Some(typed) if typed.contains(['E', 'e']) => {
                    return self.fault(
                        Column::Phones,
                        "被 Excel 改成了科学计数，请把这一列设为“文本”再填",
                        "Excel turned it into scientific notation; format the column as text and enter it again",
                    );
                }
                Some(typed) => match parse_phone(typed) {
                    Ok(phone) => Some(phone),
                    Err(_) => return self.fault(Column::Phones, "请填 11 位手机号；没有就留空", "Enter an 11-digit mobile number, or leave it empty"),
                },
            };
            owners.push(Owner { name, phone });
        }
        Some(owners)
    }
}

/// Excel writes whole numbers as `101.0`.
fn whole_number(text: &str) -> String {
    match text.split_once('.') {
        Some((whole, zeros)) if !whole.is_empty() && whole.chars().all(|c| c.is_ascii_digit()) && zeros.chars().all(|c| c == '0') => whole.to_owned(),
        _ => text.to_owned(),
    }
}

/// Several names or phones in one cell.
fn split(cell: &str) -> Vec<String> {
    cell.split(['、', ',', '，', ';', '；', '/', '\n']).map(|part| whole_number(part.trim())).filter(|part| !part.is_empty()).collect()
}

/// Square metres as text into 0.01 m². What Excel's binary numbers add behind (88.6000000001, 88.5999999999) is
/// rounded away when it is less than a thousandth; anything more is a third decimal that somebody wrote.
pub fn hundredths(text: &str) -> Option<Area> {
    let text = text.replace(',', "");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    if whole.is_empty() || whole.len() > 7 || decimals.len() > 20 || !whole.chars().chain(decimals.chars()).all(|c| c.is_ascii_digit()) {
        return None;
    }
    let digit = |i: usize| decimals.as_bytes().get(i).map_or(0, |b| i64::from(b - b'0'));
    let cents = whole.parse::<i64>().ok()? * 100 + digit(0) * 10 + digit(1);
    match digit(2) {
        0 => Some(Area(cents)),
        9 => Some(Area(cents + 1)),
        _ => None,
    }
}

/// What writing the rows would change. The same rows a second time change nothing.
pub fn compare(known: &[Known], buildings: &BTreeSet<String>, rows: &[Row]) -> Changes {
    let by_unit: HashMap<(&str, &str, &str), &Known> = known.iter().map(|k| ((k.building.as_str(), k.stair.as_str(), k.room.as_str()), k)).collect();
    let mut changes = Changes::default();
    let mut new_buildings: BTreeSet<&str> = BTreeSet::new();
    for row in rows {
        if !buildings.contains(&row.building) && new_buildings.insert(&row.building) {
            let kind = rows.iter().filter(|r| r.building == row.building).find_map(|r| r.kind).unwrap_or(BuildingKind::MultiStorey);
            changes.buildings.push((row.building.clone(), kind));
        }
        match by_unit.get(&(row.building.as_str(), row.stair.as_str(), row.room.as_str())) {
            None => changes.units.push(row.clone()),
            Some(unit) => compare_unit(unit, row, &mut changes),
        }
    }
    changes
}

fn compare_unit(unit: &Known, row: &Row, changes: &mut Changes) {
    let before = (changes.areas.len(), changes.owners.len(), changes.phones.len());
    if unit.area != row.area || unit.source != row.source {
        changes.areas.push((row.clone(), unit.area));
    }
    for owner in &row.owners {
        match unit.owners.iter().find(|o| o.name == owner.name) {
            None => changes.owners.push((row.clone(), owner.clone())),
            Some(known) if owner.phone.is_some() && known.phone != owner.phone => changes.phones.push((row.clone(), owner.clone())),
            Some(_) => {}
        }
    }
    for owner in unit.owners.iter().filter(|o| !row.owners.iter().any(|r| r.name == o.name)) {
        changes.missing.push((row.clone(), owner.name.clone()));
    }
    if before == (changes.areas.len(), changes.owners.len(), changes.phones.len()) {
        changes.same += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect()
    }

    const HEAD: &[&str] = &["幢号", "单元", "室号", "建筑面积（㎡）", "产权人", "联系电话"];

    #[test]
    fn rows_are_read_as_clerks_write_them() {
        let parsed = parse(&table(&[
            &["祥和家园业主名册"],
            HEAD,
            &["12号楼", "3门", "502.0", "88.60", "王秀珍、李强", "13812345678、"],
            &["", "", "", "", "", ""],
            &["１３幢", "", "0101室", "72.4000000001㎡", "张三", ""],
            &["合计", "", "", "161.00", "", ""],
        ]));
        assert_eq!(parsed.problems, vec![]);
        let [a, b] = &parsed.rows[..] else { panic!("two rows: {parsed:?}") };
        assert_eq!((a.building.as_str(), a.stair.as_str(), a.room.as_str(), a.area), ("12", "3", "502", Area(8_860)));
        assert_eq!(a.owners, vec![Owner { name: "王秀珍".into(), phone: Some("13812345678".into()) }, Owner { name: "李强".into(), phone: None }]);
        assert_eq!((b.building.as_str(), b.room.as_str(), b.area, b.line), ("13", "0101", Area(7_240), 5));
    }

    #[test]
    fn every_bad_cell_is_named_with_its_line() {
        let parsed = parse(&table(&[
            HEAD,
            &["", "1", "101", "88.6", "王一", ""],
            &["1", "1", "", "88.6", "王二", ""],
            &["1", "1", "102", "八十", "王三", "1.38E+10"],
            &["1", "1", "103", "88.655", "", ""],
            &["1", "1", "104", "9", "王五", "12345"],
            &["1", "1", "104", "88.6", "王六", ""],
            &["1", "1", "104", "88.6", "王七", ""],
        ]));
        let named: Vec<(u32, Option<Column>)> = parsed.problems.iter().map(|p| (p.line, p.column)).collect();
        let expected =
            [(2, Column::Building), (3, Column::Room), (4, Column::Area), (4, Column::Phones), (5, Column::Area), (5, Column::Owners), (6, Column::Phones), (8, Column::Room)];
        assert_eq!(named, expected.map(|(l, c)| (l, Some(c))).to_vec(), "{:#?}", parsed.problems);
        assert!(parsed.problems[3].why.zh.contains("文本"));
        assert!(parsed.problems[7].why.zh.contains("第 7 行"));
    }

    #[test]
    fn a_file_without_a_heading_says_what_it_needs() {
        let parsed = parse(&table(&[&["a", "b"], &["1", "2"]]));
        assert!(parsed.problems[0].why.zh.contains("建筑面积"));
    }

    #[test]
    fn areas_are_read_exactly() {
        for (text, area) in [("88.6", 8_860), ("88.60", 8_860), ("1,088", 108_800), ("88.5999999999", 8_860), ("88.6000000001", 8_860), ("0.05", 5)] {
            assert_eq!(hundredths(text), Some(Area(area)), "{text}");
        }
        for bad in ["", ".5", "-5", "88.655", "8e1", "12345678", "1.2.3"] {
            assert_eq!(hundredths(bad), None, "{bad}");
        }
    }

    fn known(row: &Row) -> Known {
        Known { building: row.building.clone(), stair: row.stair.clone(), room: row.room.clone(), area: row.area, source: row.source, owners: row.owners.clone() }
    }

    #[test]
    fn changes_are_found_and_nobody_is_forgotten() {
        let rows = parse(&table(&[HEAD, &["12", "", "101", "88.6", "王一、李二", ""], &["12", "", "102", "70", "赵四", "13812345678"]])).rows;
        let mut old = known(&rows[0]);
        old.area = Area(8_800);
        old.owners = vec![Owner { name: "王一".into(), phone: None }, Owner { name: "旧主".into(), phone: None }];
        let changes = compare(&[old], &BTreeSet::from(["12".to_owned()]), &rows);
        assert_eq!((changes.buildings.len(), changes.units.len(), changes.areas.len(), changes.owners.len(), changes.missing.len()), (0, 1, 1, 1, 1));
    }

    proptest! {
        #[test]
        fn any_table_is_judged_without_a_panic(cells in proptest::collection::vec(proptest::collection::vec("\\PC{0,12}", 0..8), 0..12)) {
            let mut all = table(&[HEAD]);
            all.extend(cells.clone());
            let _ = (parse(&cells), parse(&all));
        }

        #[test]
        fn the_same_rows_again_change_nothing(rooms in proptest::collection::btree_set(1u32..60, 1..20)) {
            let lines: Vec<Vec<String>> = rooms.iter().map(|r| vec![format!("{}", r % 4 + 1), "2".into(), format!("{r:03}"), format!("{}.5", 60 + r), format!("王{r}、李{r}"), "13812345678".into()]).collect();
            let mut all = table(&[HEAD]);
            all.extend(lines);
            let parsed = parse(&all);
            prop_assert!(parsed.problems.is_empty());
            let old: Vec<Known> = parsed.rows.iter().map(known).collect();
            let buildings = parsed.rows.iter().map(|r| r.building.clone()).collect();
            let changes = compare(&old, &buildings, &parsed.rows);
            prop_assert!(changes.is_empty() && changes.missing.is_empty());
            prop_assert_eq!(changes.same, parsed.rows.len());
        }
    }
}
