//! Reading a roster's cells, naming every bad one, and comparing it with what is known.

mod cells;

pub use cells::hundredths;

use super::model::{Changes, Column, Known, Owner, Problem, Row};
use crate::error::FieldError;
use crate::measure::Area;
use crate::rooms::communities::model::{AreaSource, BuildingKind};
use crate::text::shorten;
use cells::{Fault, code, fold, names, phones, whole_number};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Rows in one file.
pub const ROWS_MAX: usize = 20_000;
/// Owners of one unit.
const OWNERS_MAX: usize = 12;
/// The smallest area of a unit that is believed, 5 m². ⚙ `roster.area_min`, design choice.
pub const AREA_MIN: Area = Area(500);
/// The largest, 2,000 m². ⚙ `roster.area_max`, design choice.
pub const AREA_MAX: Area = Area(200_000);

/// A file's rows and everything that is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The rows without a fault.
    pub rows: Vec<Row>,
    /// Every fault.
    pub problems: Vec<Problem>,
}

/// Reads a table of cells: finds the heading, then every row. Never stops at the first fault.
///
/// Two rows for one unit are both left out: which of them is right, only the clerk knows.
pub fn parse(table: &[Vec<String>]) -> Parsed {
    let mut parsed = Parsed::default();
    let Some((at, columns)) = heading(table) else {
        parsed.problems.push(no_heading(table));
        return parsed;
    };
    if table.len() - at > ROWS_MAX {
        parsed.problems.push(whole("行数太多（最多 20,000 行），请分几个文件", "Too many rows (20,000 at most); split the file"));
        return parsed;
    }
    let mut units: BTreeMap<(String, String, String), Vec<Row>> = BTreeMap::new();
    for (i, cells) in table.iter().enumerate().skip(at + 1) {
        let line = u32::try_from(i + 1).unwrap_or(u32::MAX);
        let mut reader = Reader { line, cells, columns: &columns, problems: Vec::new() };
        if reader.is_filler() {
            continue;
        }
        let row = reader.row();
        parsed.problems.append(&mut reader.problems);
        if let Some(row) = row {
            units.entry(unit_key(&row.building, &row.stair, &row.room)).or_default().push(row);
        }
    }
    for mut rows in units.into_values() {
        let lines: Vec<u32> = rows.iter().map(|r| r.line).collect();
        match rows.pop() {
            Some(row) if rows.is_empty() => parsed.rows.push(row),
            last => parsed.problems.extend(rows.into_iter().chain(last).map(|row| twice(row, &lines))),
        }
    }
    parsed.rows.sort_by_key(|r| r.line);
    parsed.problems.sort_by_key(|p| (p.line, p.column));
    if parsed.rows.is_empty() && parsed.problems.is_empty() {
        parsed.problems.push(whole("表头下面没有数据", "There is nothing under the heading"));
    }
    parsed
}

/// Excel drops the zeros of `0101`: for finding a unit they do not count.
fn unit_key(building: &str, stair: &str, room: &str) -> (String, String, String) {
    let bare = |text: &str| text.trim_start_matches('0').to_owned();
    (bare(building), bare(stair), bare(room))
}

fn twice(row: Row, lines: &[u32]) -> Problem {
    let other = lines.iter().find(|l| **l != row.line).copied().unwrap_or(row.line);
    Problem {
        line: row.line,
        column: Some(Column::Room),
        value: row.room,
        why: why(format!("和第 {other} 行是同一户，请只留一行，多位业主写在同一格"), format!("The same unit as line {other}; keep one line with all its owners in one cell")),
    }
}

fn why(zh: impl Into<String>, en: impl Into<String>) -> FieldError {
    FieldError { field: String::new(), zh: zh.into(), en: en.into() }
}

fn whole(zh: &str, en: &str) -> Problem {
    Problem { line: 0, column: None, value: String::new(), why: why(zh, en) }
}

pub(super) type Columns = HashMap<Column, usize>;

/// The columns that a row names. A plain `面积` or `姓名` counts where nothing names the column better.
fn columns_of(cells: &[String]) -> Columns {
    let named = cells.iter().enumerate().take(60).filter_map(|(at, cell)| column_of(cell).map(|(column, vague)| (column, vague, at)));
    let mut best: HashMap<Column, (bool, usize)> = HashMap::new();
    for (column, vague, at) in named {
        let place = best.entry(column).or_insert((vague, at));
        *place = (*place).min((vague, at));
    }
    best.into_iter().map(|(column, (_, at))| (column, at)).collect()
}

/// The first row among the first twenty that names the needed columns.
pub(super) fn heading(table: &[Vec<String>]) -> Option<(usize, Columns)> {
    table.iter().take(20).map(|cells| columns_of(cells)).enumerate().find(|(_, columns)| Column::NEEDED.iter().all(|c| columns.contains_key(c)))
}

/// Names what the row that looks most like a heading lacks.
fn no_heading(table: &[Vec<String>]) -> Problem {
    let likely = table.iter().take(20).map(|cells| columns_of(cells)).enumerate().max_by_key(|(i, columns)| (columns.len(), std::cmp::Reverse(*i)));
    let Some((at, columns)) = likely.filter(|(_, columns)| columns.len() > 1) else {
        return whole("找不到表头。表头要有：楼栋、室号、建筑面积、业主", "No heading found. It needs: 楼栋, 室号, 建筑面积, 业主");
    };
    let lacks: Vec<&str> = Column::NEEDED.into_iter().filter(|c| !columns.contains_key(c)).map(|c| c.label(crate::i18n::Lang::Zh)).collect();
    let (line, zh, en) = (at + 1, lacks.join("、"), lacks.join(", "));
    whole(&format!("第 {line} 行的表头缺少：{zh}。请加上这几列"), &format!("The heading in line {line} lacks: {en}. Add these columns"))
}

/// The column a heading names, and whether the name is vague.
fn column_of(heading: &str) -> Option<(Column, bool)> {
    let folded = fold(heading);
    let bare = folded.trim_start_matches('*').split(['(', '/', ':', '*', '[', '【']).next().unwrap_or_default();
    let bare = ["㎡", "m²", "m2", "平方米"].iter().find_map(|unit| bare.strip_suffix(unit)).unwrap_or(bare);
    Some(match bare {
        "楼栋" | "楼号" | "幢" | "幢号" | "栋" | "栋号" | "楼幢" | "楼幢号" | "楼栋号" | "号楼" | "门牌号" | "楼宇" | "座" | "building" | "Building" => {
            (Column::Building, false)
        }
        "门" | "单元" | "门号" | "单元号" | "楼道" | "门洞" | "stair" | "Stair" => (Column::Stair, false),
        "楼层" | "层" | "所在层" | "所在楼层" | "层数" | "floor" | "Floor" => (Column::Floor, false),
        "室号" | "房号" | "室" | "房间号" | "户号" | "房间" | "房室号" | "部位" | "room" | "Room" => (Column::Room, false),
        "建筑面积" | "专有面积" | "专有部分面积" | "产权面积" | "产证面积" | "房屋建筑面积" => (Column::Area, false),
        "面积" | "房屋面积" | "area" | "Area" => (Column::Area, true),
        "房屋类型" | "楼型" | "楼栋类型" | "建筑类型" => (Column::Kind, false),
        "类型" | "类别" | "kind" | "Kind" => (Column::Kind, true),
        "面积来源" => (Column::Source, false),
        "来源" => (Column::Source, true),
        "业主" | "业主姓名" | "业主名称" | "产权人" | "产权人姓名" | "权利人" | "所有权人" | "owners" | "Owners" => (Column::Owners, false),
        "姓名" | "名字" | "户主" => (Column::Owners, true),
        "手机" | "手机号" | "手机号码" | "业主电话" | "业主手机" => (Column::Phones, false),
        "电话" | "联系电话" | "联系方式" | "电话号码" | "phones" | "Phones" => (Column::Phones, true),
        _ => return None,
    })
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

    fn refuse<T>(&mut self, column: Column, (zh, en): Fault) -> Option<T> {
        self.fault(column, zh, en)
    }

    /// Empty rows, sums, a heading repeated on each page, signatures below the table, and the template's examples
    /// are passed over.
    fn is_filler(&self) -> bool {
        let says = |text: &str, words: &[&str]| words.iter().any(|w| text.starts_with(w));
        let first = self.cells.iter().map(|c| fold(c)).find(|c| !c.is_empty()).unwrap_or_default();
        let (building, room) = (fold(self.cell(Column::Building)), fold(self.cell(Column::Room)));
        let sums = ["合计", "小计", "总计", "共计"];
        let repeated = |column| column_of(self.cell(column)).is_some_and(|(c, _)| c == column);
        self.columns.keys().all(|column| self.cell(*column).is_empty())
            || says(&first, &sums)
            || says(&building, &sums)
            || says(&room, &sums)
            || (room.is_empty() && (first.ends_with("小计") || building.ends_with("小计") || says(&first, &["制表", "填表", "审核", "备注", "说明", "注:"])))
            || (repeated(Column::Building) && repeated(Column::Room))
            || self.cells.iter().any(|c| c.starts_with("示例"))
    }

    fn row(&mut self) -> Option<Row> {
        let building = self.code(Column::Building, &["号楼", "#楼", "幢", "栋", "楼", "号"], "请填楼栋，例如 12", "Enter the building, e.g. 12");
        let stair = self.code(Column::Stair, &["号门", "门", "单元"], "", "");
        let floor = self.floor();
        let room = self.code(Column::Room, &["室", "房"], "请填室号，例如 502", "Enter the room, e.g. 502");
        let area = self.area();
        let kind = self.kind();
        let source = self.source();
        let owners = self.owners();
        let (source, source_said) = source.map(|s| (s.unwrap_or(AreaSource::Register), s.is_some()))?;
        Some(Row { line: self.line, building: building?, stair: stair?, floor: floor?, room: room?, area: area?, kind: kind?, source, source_said, owners: owners? })
    }

    /// A code; `zh` and `en` ask for it when it must not be empty.
    fn code(&mut self, column: Column, endings: &[&str], zh: &str, en: &str) -> Option<String> {
        match code(self.cell(column), endings) {
            Err(fault) => self.refuse(column, fault),
            Ok(code) if code.is_empty() && !zh.is_empty() => self.fault(column, zh, en),
            // Rooms keep their zeros, buildings and stairs are plain numbers.
            Ok(code) if column == Column::Room || code.chars().any(|c| !c.is_ascii_digit()) || code.chars().all(|c| c == '0') => Some(code),
            Ok(code) => Some(code.trim_start_matches('0').to_owned()),
        }
    }

    fn floor(&mut self) -> Option<Option<i64>> {
        let text = whole_number(&fold(self.cell(Column::Floor))).to_ascii_uppercase();
        let bare = text.trim_start_matches('第').trim_end_matches(['层', '楼', 'F']);
        let below = bare.strip_prefix('B').or_else(|| bare.strip_prefix("地下")).map(|n| format!("-{n}"));
        if bare.is_empty() {
            return Some(None);
        }
        match below.as_deref().unwrap_or(bare).parse::<i64>() {
            Ok(n) if (-9..=200).contains(&n) => Some(Some(n)),
            _ => self.fault(Column::Floor, "请填数字，例如 6", "Enter a number, e.g. 6"),
        }
    }

    fn area(&mut self) -> Option<Area> {
        match hundredths(&fold(self.cell(Column::Area))) {
            Some(area) if (AREA_MIN..=AREA_MAX).contains(&area) => Some(area),
            Some(_) => self.fault(Column::Area, "面积不像一户的（5 到 2,000 平方米），请核对", "Not the area of a unit (5 to 2,000 m²); please check"),
            None => self.fault(Column::Area, "请填平方米数，最多两位小数，例如 88.60", "Enter square metres with at most two decimals, e.g. 88.60"),
        }
    }

    fn kind(&mut self) -> Option<Option<BuildingKind>> {
        match fold(self.cell(Column::Kind)).trim_end_matches("住宅") {
            "" => Some(None),
            "多层" => Some(Some(BuildingKind::MultiStorey)),
            "高层" | "小高层" => Some(Some(BuildingKind::HighRise)),
            _ => self.fault(Column::Kind, "请填“多层”或“高层”", "Enter 多层 or 高层"),
        }
    }

    fn source(&mut self) -> Option<Option<AreaSource>> {
        match fold(self.cell(Column::Source)).as_str() {
            "" => Some(None),
            "不动产登记簿" | "登记簿" | "产证" | "房产证" | "不动产权证" => Some(Some(AreaSource::Register)),
            "实测" | "实测面积" => Some(Some(AreaSource::Survey)),
            "合同" | "合同面积" | "购房合同" => Some(Some(AreaSource::Contract)),
            _ => self.fault(Column::Source, "请填“不动产登记簿”“实测”或“合同”", "Enter 不动产登记簿, 实测 or 合同"),
        }
    }

    /// Both cells are looked at, so that one upload names what is wrong in either.
    fn owners(&mut self) -> Option<Vec<Owner>> {
        let names = match names(self.cell(Column::Owners)) {
            Ok(names) if names.is_empty() => self.fault(Column::Owners, "请填业主姓名", "Enter the owner's name"),
            Ok(names) if names.len() > OWNERS_MAX => self.fault(Column::Owners, "一户最多 12 位业主", "At most 12 owners to a unit"),
            Ok(names) => Some(names),
            Err(fault) => self.refuse(Column::Owners, fault),
        };
        let phones = match phones(self.cell(Column::Phones)) {
            Ok(phones) if names.as_ref().is_some_and(|names| phones.len() > names.len()) => {
                self.fault(Column::Phones, "手机比业主多，请按业主的顺序填", "More phones than owners; write them in the owners' order")
            }
            Ok(phones) => Some(phones),
            Err(fault) => self.refuse(Column::Phones, fault),
        };
        let phones = phones?.into_iter().chain(std::iter::repeat(None));
        Some(names?.into_iter().zip(phones).map(|(name, phone)| Owner { name, phone }).collect())
    }
}

/// Names the file's rows by the unit they mean and says where each person's phones disagree.
struct Estate<'a> {
    exact: HashMap<(&'a str, &'a str, &'a str), &'a Known>,
    alike: BTreeMap<(String, String, String), &'a Known>,
}

impl<'a> Estate<'a> {
    fn new(known: &'a [Known]) -> Self {
        let exact = known.iter().map(|k| ((k.building.as_str(), k.stair.as_str(), k.room.as_str()), k)).collect();
        let mut alike = BTreeMap::new();
        for unit in known {
            alike.entry(unit_key(&unit.building, &unit.stair, &unit.room)).or_insert(unit);
        }
        Self { exact, alike }
    }

    /// The unit a row means: written the same way, or but for zeros in front.
    fn find(&self, row: &Row) -> Option<&'a Known> {
        let exact = self.exact.get(&(row.building.as_str(), row.stair.as_str(), row.room.as_str()));
        exact.or_else(|| self.alike.get(&unit_key(&row.building, &row.stair, &row.room))).copied()
    }
}

/// The phones that a file gives to one person, known by name and phone.
type Said<'a> = HashMap<(&'a str, &'a str), BTreeSet<&'a str>>;

/// What writing the rows would change. The same rows a second time change nothing.
pub fn compare(known: &[Known], buildings: &BTreeSet<String>, rows: &[Row]) -> Changes {
    let estate = Estate::new(known);
    let mut said = Said::new();
    for row in rows {
        let owners = estate.find(row).map_or(&[][..], |unit| &unit.owners);
        for (before, now) in owners.iter().filter_map(|o| Some((o, row.owners.iter().find(|r| r.name == o.name)?))) {
            if let (Some(before), Some(phone)) = (&before.phone, &now.phone) {
                said.entry((&now.name, before)).or_default().insert(phone);
            }
        }
    }
    let mut changes = Changes::default();
    let mut new_buildings: BTreeSet<&str> = BTreeSet::new();
    let mut seen: HashSet<(String, String, String)> = HashSet::new();
    for row in rows {
        let unit = estate.find(row);
        let (building, stair, room) = unit.map_or((&row.building, &row.stair, &row.room), |u| (&u.building, &u.stair, &u.room));
        let key = unit.map_or_else(|| unit_key(building, stair, room), |_| (building.clone(), stair.clone(), room.clone()));
        if !seen.insert(key) {
            continue;
        }
        if unit.is_none() && !buildings.contains(&row.building) && new_buildings.insert(&row.building) {
            let kind = rows.iter().filter(|r| r.building == row.building).find_map(|r| r.kind).unwrap_or(BuildingKind::MultiStorey);
            changes.buildings.push((row.building.clone(), kind));
        }
        match unit {
            None => changes.units.push(row.clone()),
            Some(unit) => {
                // The row under the unit's own spelling; where the file is silent, what is known stays.
                let source = if row.source_said { row.source } else { unit.source };
                let row = Row { building: building.clone(), stair: stair.clone(), room: room.clone(), source, ..row.clone() };
                compare_unit(unit, &row, &said, &mut changes);
            }
        }
    }
    changes
}

fn compare_unit(unit: &Known, row: &Row, said: &Said<'_>, changes: &mut Changes) {
    let before = (changes.areas.len(), changes.owners.len(), changes.phones.len());
    if unit.area != row.area || unit.source != row.source {
        changes.areas.push((row.clone(), unit.area));
    }
    for owner in &row.owners {
        match unit.owners.iter().find(|o| o.name == owner.name) {
            None => changes.owners.push((row.clone(), owner.clone())),
            Some(known) if owner.phone.is_some() && known.phone != owner.phone => {
                // One person with two phones in the file: writing one, then the other would never come to rest.
                let several = known.phone.as_deref().and_then(|phone| said.get(&(owner.name.as_str(), phone))).is_some_and(|phones| phones.len() > 1);
                let list = if several { &mut changes.disputed } else { &mut changes.phones };
                list.push((row.clone(), owner.clone()));
            }
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
mod tests;
