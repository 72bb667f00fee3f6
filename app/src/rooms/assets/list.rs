//! The register as a sheet: its columns, and reading one.

use super::model::{Details, Kind};
use super::rules::parse_details;
use crate::i18n::Lang;
use crate::rooms::lists::model::Fault;
use crate::rooms::lists::rules::Headed;
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

/// The columns as the export heads them. 编号, 状态 and 标签 are not read: the register gives them.
pub const COLUMNS: [&str; 10] = ["编号", "种类", "名称", "地点", "序列号", "型号", "安装日期", "质保到期", "状态", "标签"];

/// Those that are read.
const READ: [&str; 7] = ["种类", "名称", "地点", "序列号", "型号", "安装日期", "质保到期"];

/// Reads a table whose heading has 种类, 名称 and 地点. Everything wrong is named, not only the first.
pub fn read(table: &[Vec<String>], offset: i32) -> (Vec<Line>, Vec<Fault>) {
    let headed = match Headed::find(table, &["种类", "名称", "地点"], &READ) {
        Ok(headed) => headed,
        Err(fault) => return (Vec::new(), vec![fault]),
    };
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    for (line, cells) in headed.lines() {
        let details = Details {
            name: cells.get("名称").into(),
            serial: cells.get("序列号").into(),
            model: cells.get("型号").into(),
            installed: cells.get("安装日期").into(),
            warranty: cells.get("质保到期").into(),
        };
        let kind = Kind::ALL.into_iter().find(|k| k.label(Lang::Zh) == cells.get("种类") || k.label(Lang::En) == cells.get("种类"));
        match (kind, parse_details(&details, offset)) {
            (Some(kind), Ok(details)) => lines.push(Line { line, kind, place: cells.get("地点").into(), details }),
            (kind, details) => {
                if kind.is_none() {
                    faults.push(Fault::new(line, "种类", format!("没有“{}”这一种", cells.get("种类")), format!("There is no kind “{}”", cells.get("种类"))));
                }
                if let Err(error) = details {
                    faults.extend(Fault::of(line, error, heading));
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
