//! The register as a sheet: its columns, and reading one.

use super::model::{Details, Kind};
use super::rules::parse_details;
use crate::error::AppError;
use crate::i18n::Lang;
use serde::{Deserialize, Serialize};

/// One line of the sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The line in the file, from 1.
    pub line: usize,
    /// What sort.
    pub kind: Kind,
    /// The place's name.
    pub place: String,
    /// About it.
    pub details: Details,
}

/// Something wrong with one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The line in the file, from 1.
    pub line: usize,
    /// The column as it is headed.
    pub column: String,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// The columns as the export heads them. 编号, 状态 and 标签 are not read: the register gives them.
pub const COLUMNS: [&str; 10] = ["编号", "种类", "名称", "地点", "序列号", "型号", "安装日期", "质保到期", "状态", "标签"];

/// Reads a table whose heading has 种类, 名称 and 地点. Everything wrong is named, not only the first.
pub fn read(table: &[Vec<String>], offset: i32) -> (Vec<Line>, Vec<Fault>) {
    let at = |row: &[String], name: &str| row.iter().position(|cell| cell.trim() == name);
    let head = table.iter().take(20).position(|row| ["种类", "名称", "地点"].iter().all(|name| at(row, name).is_some()));
    let Some(head) = head else {
        let fault = Fault {
            line: 1,
            column: String::new(),
            zh: "没有找到表头，请用这几列：种类、名称、地点、序列号、型号、安装日期、质保到期".into(),
            en: "No heading was found; the columns are 种类, 名称, 地点, 序列号, 型号, 安装日期, 质保到期".into(),
        };
        return (Vec::new(), vec![fault]);
    };
    let column = |name: &str| at(&table[head], name);
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for (i, cells) in table.iter().enumerate().skip(head + 1) {
        let line = i + 1;
        let cell = |name: &str| column(name).and_then(|c| cells.get(c)).map_or("", |v| v.trim());
        if cells.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        let details =
            Details {
                name: cell("名称").into(), serial: cell("序列号").into(), model: cell("型号").into(), installed: cell("安装日期").into(), warranty: cell("质保到期").into()
            };
        let kind = Kind::ALL.into_iter().find(|k| k.label(Lang::Zh) == cell("种类") || k.label(Lang::En) == cell("种类"));
        match (kind, parse_details(&details, offset)) {
            (Some(kind), Ok(details)) => lines.push(Line { line, kind, place: cell("地点").into(), details }),
            (kind, details) => {
                if kind.is_none() {
                    faults.push(Fault {
                        line, column: "种类".into(), zh: format!("没有“{}”这一种", cell("种类")), en: format!("There is no kind “{}”", cell("种类"))
                    });
                }
                if let Err(AppError::Invalid(wrong)) = details {
                    faults.extend(wrong.into_iter().map(|f| Fault { line, column: heading(&f.field).into(), zh: f.zh, en: f.en }));
                }
            }
        }
    }
    (lines, faults)
}

fn heading(field: &str) -> &'static str {
    match field {
        "serial" => "序列号",
        "model" => "型号",
        "installed" => "安装日期",
        "warranty" => "质保到期",
        _ => "名称",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_read_and_every_fault_named() {
        let table: Vec<Vec<String>> =
            [&["设施设备台账"][..], &["种类", "名称", "地点", "安装日期"], &["摄像头", "东门 1 号机", "东门", "2026-01-05"], &[], &["飞船", "", "东门", "x"]]
                .iter()
                .map(|r| r.iter().map(|c| (*c).to_owned()).collect())
                .collect();
        let (lines, faults) = read(&table, 480);
        assert_eq!((lines.len(), lines[0].kind, lines[0].line), (1, Kind::Camera, 3));
        assert_eq!(faults.iter().map(|f| (f.line, f.column.as_str())).collect::<Vec<_>>(), [(5, "种类"), (5, "名称"), (5, "安装日期")]);
        assert_eq!(read(&[], 480).1.len(), 1);
    }
}
