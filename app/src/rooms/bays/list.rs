//! The register of bays as a sheet: its columns, and reading one.

use super::model::{BayKind, BayState, Details};
use super::rules::{parse_code, parse_details};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::rooms::fund::openings::Fault;
use serde::{Deserialize, Serialize};

/// One line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The line in the file, from 1.
    pub line: usize,
    /// What is painted on the bay.
    pub code: String,
    /// Whose it is.
    pub kind: BayKind,
    /// How a new one is; what is in the register keeps its own.
    pub state: BayState,
    /// About it.
    pub details: Details,
    /// The unit that owns it: building, stair, room; nothing where it says none.
    pub unit: Option<(String, String, String)>,
}

/// The columns as the export heads them.
pub const COLUMNS: [&str; 14] = ["编号", "种类", "原规划", "无障碍", "充电", "腾出", "地点", "横", "纵", "状态", "楼号", "门号", "室号", "备注"];

/// Reads a table whose heading has 编号 and 种类. Everything wrong is named, not only the first.
pub fn read(table: &[Vec<String>]) -> (Vec<Line>, Vec<Fault>) {
    let at = |row: &[String], name: &str| row.iter().position(|cell| cell.trim() == name);
    let head = table.iter().take(20).position(|row| at(row, "编号").is_some() && at(row, "种类").is_some());
    let Some(head) = head else {
        let columns = COLUMNS.join("、");
        return (Vec::new(), vec![Fault::new(1, "", format!("没有找到表头，请用这几列：{columns}"), format!("No heading was found; the columns are {columns}"))]);
    };
    let (mut lines, mut faults) = (Vec::<Line>::new(), Vec::new());
    let mut seen = std::collections::HashMap::new();
    for (i, cells) in table.iter().enumerate().skip(head + 1) {
        if cells.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        let cell = |name: &str| at(&table[head], name).and_then(|c| cells.get(c)).map_or("", |v| v.trim());
        match read_line(i + 1, cell) {
            Ok(line) => {
                if let Some(first) = seen.insert(line.code.clone(), line.line) {
                    faults.push(Fault::new(line.line, "编号", format!("和第 {first} 行是同一个车位"), format!("The same bay as in line {first}")));
                }
                lines.push(line);
            }
            Err(wrong) => faults.extend(wrong),
        }
    }
    if lines.is_empty() && faults.is_empty() {
        faults.push(Fault::new(head + 1, "", "表头下面没有内容", "Nothing stands under the heading"));
    }
    (lines, faults)
}

fn read_line<'a>(line: usize, cell: impl Fn(&str) -> &'a str) -> Result<Line, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut wrong = |column: &str, zh: String, en: String| faults.push(Fault::new(line, column, zh, en));
    let named = |word: &str, code: &str, zh: &str, en: &str| [code, zh, en].contains(&word);
    let kind = BayKind::ALL.into_iter().find(|k| named(cell("种类"), k.code(), k.label(Lang::Zh), k.label(Lang::En)));
    if kind.is_none() {
        wrong("种类", format!("没有“{}”这一种，请写：产权车位、开发商车位、规划公共车位、增设公共车位", cell("种类")), format!("There is no kind “{}”", cell("种类")));
    }
    let state = match cell("状态") {
        "" => Some(BayState::Free),
        word => BayState::ALL.into_iter().find(|s| named(word, s.code(), s.label(Lang::Zh), s.label(Lang::En))),
    };
    if state.is_none() {
        wrong("状态", format!("没有“{}”这个状态", cell("状态")), format!("There is no state “{}”", cell("状态")));
    }
    let mut yes = |column: &str| match cell(column) {
        "" | "否" | "0" | "no" => false,
        "是" | "1" | "yes" => true,
        word => {
            wrong(column, format!("请写“是”或“否”，不是“{word}”"), format!("是 or 否, not “{word}”"));
            false
        }
    };
    let flags = ["原规划", "无障碍", "充电", "腾出"].map(&mut yes);
    let mut number = |column: &str| match cell(column) {
        "" => None,
        word => word.parse::<i64>().ok().or_else(|| {
            wrong(column, "请填整数".into(), "A whole number".into());
            None
        }),
    };
    let (x, y) = (number("横"), number("纵"));
    let code = parse_code(cell("编号"));
    let details = Details { original_planned: flags[0], accessible: flags[1], ev: flags[2], freed: flags[3], area: cell("地点").into(), x, y, note: cell("备注").into() };
    let details = kind.map_or_else(|| Ok(details.clone()), |kind| parse_details(kind, &details));
    let unit = (!cell("楼号").is_empty() || !cell("室号").is_empty()).then(|| {
        let building = cell("楼号").trim_end_matches(['楼', '幢', '栋']).trim_end_matches('号').to_owned();
        (building, cell("门号").trim_end_matches('门').to_owned(), cell("室号").trim_end_matches('室').to_owned())
    });
    match (kind, state, code, details) {
        (Some(kind), Some(state), Ok(code), Ok(details)) if faults.is_empty() => Ok(Line { line, code, kind, state, details, unit }),
        (_, _, code, details) => {
            for error in [code.err(), details.err()].into_iter().flatten() {
                if let AppError::Invalid(fields) = error {
                    faults.extend(fields.into_iter().map(|f| Fault::new(line, heading(&f.field), f.zh, f.en)));
                }
            }
            Err(faults)
        }
    }
}

fn heading(field: &str) -> &'static str {
    match field {
        "area" => "地点",
        "note" => "备注",
        "x" => "横",
        "original_planned" => "原规划",
        _ => "编号",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_read_and_every_fault_named() {
        let rows: [&[&str]; 8] = [
            &["车位台账"],
            &["编号", "种类", "原规划", "无障碍", "地点", "横", "纵", "状态", "楼号", "门号", "室号"],
            &["d-001", "规划公共车位", "是", "", "东环路", "120", "300", "", "", "", ""],
            &["B-01", "产权车位", "是", "否", "地库", "", "", "有人使用", "12号楼", "3门", "502室"],
            &[],
            &["D-001", "增设公共车位", "是", "", "", "", "", "", "", "", ""],
            &["<", "飞船", "也许", "", "", "x", "", "飞走", "", "", ""],
            &["D-002", "added", "", "", "", "5", "", "", "", "", ""],
        ];
        let table: Vec<Vec<String>> = rows.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect();
        let (lines, faults) = read(&table);
        assert_eq!(
            lines.iter().map(|l| (l.code.as_str(), l.kind, l.state)).collect::<Vec<_>>(),
            [("D-001", BayKind::Planned, BayState::Free), ("B-01", BayKind::Owned, BayState::Held)]
        );
        assert_eq!((lines[0].details.x, lines[0].details.y, lines[1].unit.clone()), (Some(120), Some(300), Some(("12".into(), "3".into(), "502".into()))));
        let named: Vec<_> = faults.iter().map(|f| (f.line, f.column.as_str())).collect();
        assert_eq!(named, [(6, "原规划"), (7, "种类"), (7, "状态"), (7, "原规划"), (7, "横"), (7, "编号"), (8, "横")]);
        let twice = read(&[table[1].clone(), table[2].clone(), table[2].clone()]);
        assert_eq!(twice.1.len(), 1, "the same bay twice");
        assert_eq!((read(&[]).1.len(), read(&table[..2]).1.len()), (1, 1));
    }
}
