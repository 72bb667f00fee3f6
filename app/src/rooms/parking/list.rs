//! Cars and leases as a sheet: its columns, and reading one.

use super::plates::{Plate, parse_plate};
use crate::error::AppError;
use crate::measure::{Fen, MINUTE, Time};
use crate::rooms::lists::model::Fault;
use crate::rooms::lists::rules::{Cells, Headed};
use serde::{Deserialize, Serialize};

/// The columns as the export heads them. 编号 is not read: the register gives it.
pub const COLUMNS: [&str; 11] = ["编号", "车牌", "楼栋", "门号", "室号", "车位", "权利", "开始", "到期", "月费", "缴到"];

/// One line: a car, and what it holds where it holds something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The line in the file, from 1.
    pub line: usize,
    /// The plate.
    pub plate: Plate,
    /// The building's name.
    pub building: String,
    /// The stair, empty where there is one entrance.
    pub stair: String,
    /// The room.
    pub room: String,
    /// What it holds.
    pub holds: Option<Holds>,
}

/// A lease or a pass of before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holds {
    /// The bay's code; empty for a pass.
    pub bay: String,
    /// From when.
    pub from: Time,
    /// Until when.
    pub until: Time,
    /// What a month costs.
    pub fee: Fen,
    /// Until when it is paid; nothing where the list does not say, and nothing is paid yet.
    #[serde(default)]
    pub paid_until: Option<Time>,
}

/// Reads a table whose heading has 车牌, 楼栋 and 室号. Everything wrong is named, not only the first.
pub fn read(table: &[Vec<String>], offset: i32) -> (Vec<Line>, Vec<Fault>) {
    let headed = match Headed::find(table, &["车牌", "楼栋", "室号"], &COLUMNS) {
        Ok(headed) => headed,
        Err(fault) => return (Vec::new(), vec![fault]),
    };
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for (n, cells) in headed.lines() {
        match line(n, &cells, offset) {
            Ok(line) => lines.push(line),
            Err(wrong) => faults.extend(wrong),
        }
    }
    let mut seen = std::collections::HashSet::new();
    faults.extend(lines.iter().filter(|l| !seen.insert(l.plate.clone())).map(|l| Fault::new(l.line, "车牌", "这个车牌前面已经有了", "This plate stands above already")));
    faults.sort_by_key(|f| f.line);
    (lines, faults)
}

fn line(n: usize, cells: &Cells<'_>, offset: i32) -> Result<Line, Vec<Fault>> {
    let mut faults = Vec::new();
    let plate = parse_plate(cells.get("车牌"));
    if let Err(AppError::Invalid(wrong)) = &plate {
        faults.extend(wrong.iter().map(|f| Fault::new(n, "车牌", f.zh.clone(), f.en.clone())));
    }
    for name in ["楼栋", "室号"] {
        if cells.get(name).is_empty() || cells.get(name).chars().count() > 40 {
            faults.push(Fault::new(n, name, "请填（40 字以内）", "Needed (40 characters)"));
        }
    }
    let any = ["车位", "权利", "开始", "到期", "月费", "缴到"].iter().any(|name| !cells.get(name).is_empty());
    let holds = if any { holds(n, cells, offset, &mut faults) } else { None };
    match plate {
        Ok(plate) if faults.is_empty() => {
            Ok(Line { line: n, plate, building: cells.get("楼栋").into(), stair: cells.get("门号").into(), room: cells.get("室号").into(), holds })
        }
        _ => Err(faults),
    }
}

fn holds(n: usize, cells: &Cells<'_>, offset: i32, faults: &mut Vec<Fault>) -> Option<Holds> {
    let mut day = |name: &str| {
        let at = chrono::NaiveDate::parse_from_str(cells.get(name).get(..10).unwrap_or(cells.get(name)), "%Y-%m-%d").ok().and_then(|d| d.and_hms_opt(0, 0, 0));
        let at = at.map(|d| Time(d.and_utc().timestamp_millis() - i64::from(offset) * MINUTE)).filter(|t| (0..4_102_444_800_000).contains(&t.0));
        if at.is_none() {
            faults.push(Fault::new(n, name, "请按 2026-03-01 的样子填日期", "A date such as 2026-03-01"));
        }
        at
    };
    let (from, until) = (day("开始"), day("到期"));
    let paid_until = if cells.get("缴到").is_empty() { None } else { day("缴到") };
    let fee = Fen::parse_yuan(cells.get("月费")).filter(|f| f.0 <= super::rules::FEE_MAX);
    if fee.is_none() {
        faults.push(Fault::new(n, "月费", "请填每月多少元（1 万元以内）", "Yuan a month, up to 10,000"));
    }
    let pass = ["通行", "通行资格", "通行资格（不固定车位）", "Pass without a bay"].contains(&cells.get("权利"));
    if pass != cells.get("车位").is_empty() {
        faults.push(Fault::new(n, "车位", "固定车位要填车位编号；通行资格不填，权利写“通行资格”", "A lease names its bay; a pass has none and says 通行资格"));
    }
    let (from, until) = (from?, until?);
    if until <= from {
        faults.push(Fault::new(n, "到期", "到期要在开始之后", "The end comes after the beginning"));
    }
    if paid_until.is_some_and(|paid| paid < from || paid > until) {
        faults.push(Fault::new(n, "缴到", "缴到的日期在开始和到期之间", "It is paid until a day between the beginning and the end"));
    }
    Some(Holds { bay: cells.get("车位").to_uppercase(), from, until, fee: fee?, paid_until })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_read_and_every_fault_named() {
        let rows: &[&[&str]] = &[
            &["车辆与车位"],
            &["车牌", "楼栋", "门号", "室号", "车位", "权利", "开始", "到期", "月费", "缴到"],
            &["沪A12345", "12号楼", "1", "502", "D-017", "固定车位租用", "2026-01-01", "2027-01-01", "300", "2026-07-01"],
            &["沪AD12345", "12号楼", "1", "502", "", "通行资格", "2026-01-01", "2027-01-01", "150.00"],
            &["沪B00001", "12号楼", "", "101"],
            &[],
            &["沪X", "", "", "101", "D-018", "", "1.1.2026", "2027-01-01", "x"],
            &["沪A12345", "12号楼", "1", "502"],
            &["沪C12345", "12号楼", "1", "503", "D-019", "固定车位租用", "2026-01-01", "2027-01-01", "300", "2027-02-01"],
        ];
        let table: Vec<Vec<String>> = rows.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect();
        let (lines, faults) = read(&table, 480);
        assert_eq!(lines.len(), 4);
        let paid = lines[0].holds.as_ref().and_then(|h| h.paid_until).expect("paid");
        assert_eq!(paid.local(480).format("%Y-%m-%d").to_string(), "2026-07-01");
        assert_eq!(lines[0].holds.as_ref().map(|h| (h.bay.as_str(), h.fee)), Some(("D-017", Fen(30_000))));
        assert_eq!(lines[1].holds.as_ref().map(|h| h.bay.as_str()), Some(""));
        assert_eq!(lines[2].holds, None);
        assert_eq!(faults.iter().map(|f| (f.line, f.column.as_str())).collect::<Vec<_>>(), [(7, "车牌"), (7, "楼栋"), (7, "开始"), (7, "月费"), (8, "车牌"), (9, "缴到")]);
        assert_eq!(read(&[], 480).1.len(), 1);
    }
}
