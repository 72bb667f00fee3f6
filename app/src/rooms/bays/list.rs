//! The register of bays as a sheet: its columns, and reading one.

use super::model::{Bay, BayKind, BayState, Details};
use super::rules::{becomes, parse_code, parse_details};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::rooms::lists::model::Fault;
use crate::rooms::lists::rules::{Cells, Headed};
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
    /// Columns that the sheet does not have: what they would say stays as it is for a bay of the register.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<String>,
}

impl Line {
    fn says(&self, column: &str) -> bool {
        !self.absent.iter().any(|absent| absent == column)
    }

    /// Whether the sheet says whose an owned bay is.
    pub fn says_owner(&self) -> bool {
        self.says("楼号") || self.says("室号")
    }

    /// What the line says about a bay of the register: what its sheet has no column for stays as it is.
    ///
    /// # Errors
    /// What [`parse_details`] and [`becomes`] refuse, and a common bay that is said to be held and is not: the allocation
    /// gives it out, with a lease.
    pub fn over(&self, there: Option<&Bay>) -> Result<Details, AppError> {
        if self.kind.common() && self.state == BayState::Held && there.is_none_or(|bay| bay.state != BayState::Held) {
            return Err(AppError::field(
                "state",
                "公共车位由停车分配给人使用，表里不能写成“有人使用”",
                "Common bays are given out by the allocation; a list does not say that one is held",
            ));
        }
        let Some(bay) = there else { return Ok(self.details.clone()) };
        let (mut details, old) = (self.details.clone(), bay.details());
        let absent = |column: &str| !self.says(column);
        let flags = [
            (&mut details.original_planned, old.original_planned, "原规划"),
            (&mut details.accessible, old.accessible, "无障碍"),
            (&mut details.ev, old.ev, "充电"),
            (&mut details.freed, old.freed, "腾出"),
        ];
        for (flag, was, _) in flags.into_iter().filter(|(.., column)| absent(column)) {
            *flag = was;
        }
        for (at, was, _) in [(&mut details.x, old.x, "横"), (&mut details.y, old.y, "纵")].into_iter().filter(|(.., column)| absent(column)) {
            *at = was;
        }
        for (words, was, _) in [(&mut details.area, old.area, "地点"), (&mut details.note, old.note, "备注")].into_iter().filter(|(.., column)| absent(column)) {
            *words = was;
        }
        becomes(bay, self.kind, details.original_planned)?;
        parse_details(self.kind, &details)
    }
}

/// The columns as the export heads them.
pub const COLUMNS: [&str; 14] = ["编号", "种类", "原规划", "无障碍", "充电", "腾出", "地点", "横", "纵", "状态", "楼号", "门号", "室号", "备注"];

/// Those that name the owner of a bay.
pub const OWNER: [&str; 3] = ["楼号", "门号", "室号"];

/// Reads a table whose heading has 编号 and 种类. Everything wrong is named, not only the first.
pub fn read(table: &[Vec<String>]) -> (Vec<Line>, Vec<Fault>) {
    let headed = match Headed::find(table, &["编号", "种类"], &COLUMNS) {
        Ok(headed) => headed,
        Err(fault) => return (Vec::new(), vec![fault]),
    };
    let absent: Vec<String> = COLUMNS.into_iter().filter(|name| !headed.has(name)).map(str::to_owned).collect();
    let (mut lines, mut faults) = (Vec::<Line>::new(), Vec::new());
    let mut seen = std::collections::HashMap::new();
    for (n, cells) in headed.lines() {
        match read_line(n, &cells) {
            Ok(line) => {
                if let Some(first) = seen.insert(line.code.clone(), line.line) {
                    faults.push(Fault::new(line.line, "编号", format!("和第 {first} 行是同一个车位"), format!("The same bay as in line {first}")));
                }
                lines.push(Line { absent: absent.clone(), ..line });
            }
            Err(wrong) => faults.extend(wrong),
        }
    }
    if lines.is_empty() && faults.is_empty() {
        faults.push(Fault::new(headed.line(), "", "表头下面没有内容", "Nothing stands under the heading"));
    }
    (lines, faults)
}

fn read_line(line: usize, cells: &Cells<'_>) -> Result<Line, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut wrong = |column: &str, zh: String, en: String| faults.push(Fault::new(line, column, zh, en));
    let means = |word: &str, code: &str, zh: &str, en: &str| [code, zh, en].contains(&word);
    let kind = BayKind::ALL.into_iter().find(|k| means(cells.get("种类"), k.code(), k.label(Lang::Zh), k.label(Lang::En)));
    if kind.is_none() {
        wrong("种类", format!("没有“{}”这一种，请写：产权车位、开发商车位、规划公共车位、增设公共车位", cells.get("种类")), format!("There is no kind “{}”", cells.get("种类")));
    }
    let state = match cells.get("状态") {
        "" => Some(BayState::Free),
        word => BayState::ALL.into_iter().find(|s| means(word, s.code(), s.label(Lang::Zh), s.label(Lang::En))),
    };
    if state.is_none() {
        wrong("状态", format!("没有“{}”这个状态", cells.get("状态")), format!("There is no state “{}”", cells.get("状态")));
    }
    let mut yes = |column: &str| match cells.get(column) {
        "" | "否" | "0" | "no" => false,
        "是" | "1" | "yes" => true,
        word => {
            wrong(column, format!("请写“是”或“否”，不是“{word}”"), format!("是 or 否, not “{word}”"));
            false
        }
    };
    let flags = ["原规划", "无障碍", "充电", "腾出"].map(&mut yes);
    let mut number = |column: &str| match cells.get(column) {
        "" => None,
        word => word.parse::<i64>().ok().or_else(|| {
            wrong(column, "请填整数".into(), "A whole number".into());
            None
        }),
    };
    let (x, y) = (number("横"), number("纵"));
    let code = parse_code(cells.get("编号"));
    let details =
        Details { original_planned: flags[0], accessible: flags[1], ev: flags[2], freed: flags[3], area: cells.get("地点").into(), x, y, note: cells.get("备注").into() };
    let details = kind.map_or_else(|| Ok(details.clone()), |kind| parse_details(kind, &details));
    let unit = (!cells.get("楼号").is_empty() || !cells.get("室号").is_empty()).then(|| {
        let building = cells.get("楼号").trim_end_matches(['楼', '幢', '栋']).trim_end_matches('号').to_owned();
        (building, cells.get("门号").trim_end_matches('门').to_owned(), cells.get("室号").trim_end_matches('室').to_owned())
    });
    match (kind, state, code, details) {
        (Some(kind), Some(state), Ok(code), Ok(details)) if faults.is_empty() => Ok(Line { line, code, kind, state, details, unit, absent: Vec::new() }),
        (_, _, code, details) => {
            faults.extend([code.err(), details.err()].into_iter().flatten().flat_map(|error| named(line, error)));
            Err(faults)
        }
    }
}

/// What is wrong, with the column where it stands.
pub fn named(line: usize, error: AppError) -> Vec<Fault> {
    Fault::of(line, error, heading)
}

fn heading(field: &str) -> &'static str {
    match field {
        "area" => "地点",
        "note" => "备注",
        "x" => "横",
        "state" => "状态",
        "original_planned" => "原规划",
        "" => "种类",
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

    fn sheet(rows: &[&[&str]]) -> Vec<Line> {
        let table: Vec<Vec<String>> = rows.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect();
        let (lines, faults) = read(&table);
        assert!(faults.is_empty(), "{faults:?}");
        lines
    }

    fn there(kind: BayKind, state: BayState) -> Bay {
        Bay {
            id: uuid::Uuid::nil(),
            code: "D-001".into(),
            version: 1,
            kind,
            original_planned: true,
            accessible: true,
            ev: true,
            area: "东环路".into(),
            at: Some((120, 300)),
            state,
            unit: None,
            photo: None,
            note: "靠墙".into(),
            freed: true,
        }
    }

    #[test]
    fn what_a_sheet_has_no_column_for_stays() {
        let bay = there(BayKind::Planned, BayState::Free);
        let short = sheet(&[&["编号", "种类"], &["D-001", "规划公共车位"]]);
        assert_eq!(short[0].over(Some(&bay)), Ok(bay.details()));
        assert!(!short[0].says_owner());
        let said = sheet(&[&["编号", "种类", "充电", "备注", "室号"], &["D-001", "规划公共车位", "", "", ""]]);
        assert_eq!(said[0].over(Some(&bay)), Ok(Details { ev: false, note: String::new(), ..bay.details() }), "an empty cell says no");
        assert!(said[0].says_owner());
        assert_eq!(short[0].over(None), Ok(Details::default()), "a new one has what the sheet says");
        let half = sheet(&[&["编号", "种类", "横"], &["D-001", "规划公共车位", ""]]);
        assert!(half[0].over(Some(&bay)).is_err(), "half a position");
        let added = sheet(&[&["编号", "种类"], &["D-001", "增设公共车位"]]);
        assert!(added[0].over(Some(&bay)).is_err(), "what is added is not planned, whoever wrote it");
    }

    #[test]
    fn a_list_gives_no_common_bay_to_anybody() {
        let line = &sheet(&[&["编号", "种类", "原规划", "状态"], &["D-001", "规划公共车位", "是", "有人使用"]])[0];
        let free = there(BayKind::Planned, BayState::Free);
        for said in [line.over(None), line.over(Some(&free))] {
            assert!(matches!(said, Err(AppError::Invalid(f)) if f[0].field == "state"));
        }
        assert!(line.over(Some(&there(BayKind::Planned, BayState::Held))).is_ok(), "the export is a list that changes nothing");
        let owned = &sheet(&[&["编号", "种类", "状态"], &["B-1", "产权车位", "有人使用"]])[0];
        assert!(owned.over(None).is_ok());
    }
}
