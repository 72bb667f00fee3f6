//! Reading a clerk's list of opening balances: one line a household.

use crate::measure::Fen;
use crate::rooms::lists::model::Fault;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The line in the file, from 1.
    pub line: usize,
    /// The building's code.
    pub building: String,
    /// The stair, which may be empty.
    pub stair: String,
    /// The room.
    pub room: String,
    /// What was first paid in 首期.
    pub initial: Fen,
    /// What is there now 余额.
    pub balance: Fen,
}

/// The headings that a column may have, the first as the template writes it.
const BUILDING: &[&str] = &["楼号", "幢号", "楼栋", "楼幢", "building"];
const STAIR: &[&str] = &["门号", "门", "单元", "stair"];
const ROOM: &[&str] = &["室号", "房号", "室", "room"];
const INITIAL: &[&str] = &["首期", "首期金额", "首期缴存", "initial"];
const BALANCE: &[&str] = &["余额", "账户余额", "当前余额", "balance"];

/// The headings of the template.
pub const TEMPLATE: [&str; 5] = [BUILDING[0], STAIR[0], ROOM[0], INITIAL[0], BALANCE[0]];

/// Reads a table: the line with 楼号, 室号 and 余额 is its heading, and every line after it that is not empty a household.
/// Everything wrong is named, not only the first.
pub fn read(table: &[Vec<String>]) -> (Vec<Opening>, Vec<Fault>) {
    let position = |row: &[String], names: &[&str]| row.iter().position(|cell| names.contains(&cell.trim().trim_end_matches("（元）").trim_end_matches("(元)")));
    let head = table.iter().take(20).enumerate().find_map(|(i, row)| Some((i, position(row, BUILDING)?, position(row, ROOM)?, position(row, BALANCE)?)));
    let Some((head, building, room, balance)) = head else {
        let fault = Fault::new(1, "", "没有找到表头，请用这几列：楼号、门号、室号、首期、余额", "No heading was found; the columns are 楼号, 门号, 室号, 首期, 余额");
        return (Vec::new(), vec![fault]);
    };
    let (stair, initial) = (position(&table[head], STAIR), position(&table[head], INITIAL));
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for (i, cells) in table.iter().enumerate().skip(head + 1) {
        let line = i + 1;
        let cell = |column: Option<usize>| column.and_then(|c| cells.get(c)).map_or("", |v| v.trim());
        if cells.iter().all(|c| c.trim().is_empty()) || cell(Some(building)).starts_with("合计") {
            continue;
        }
        let before = faults.len();
        if cell(Some(building)).is_empty() {
            faults.push(Fault::new(line, BUILDING[0], "楼号是空的", "No building"));
        }
        if cell(Some(room)).is_empty() {
            faults.push(Fault::new(line, ROOM[0], "室号是空的", "No room"));
        }
        let balance = money(cell(Some(balance)));
        let initial = if initial.is_none() || cell(initial).is_empty() { balance.map(|b| Fen(b.0.max(0))) } else { money(cell(initial)).filter(|f| f.0 >= 0) };
        if balance.is_none() {
            faults.push(Fault::new(line, BALANCE[0], "余额不是金额，例如 8860.00", "Not an amount, e.g. 8860.00"));
        }
        if initial.is_none() && balance.is_some() {
            faults.push(Fault::new(line, INITIAL[0], "首期不是金额，例如 8860.00", "Not an amount, e.g. 8860.00"));
        }
        if let (Some(balance), Some(initial)) = (balance, initial)
            && faults.len() == before
        {
            let code = cell(Some(building)).trim_end_matches(['楼', '幢', '栋']).trim_end_matches('号').to_owned();
            rows.push(Opening {
                line,
                building: code,
                stair: cell(stair).trim_end_matches('门').to_owned(),
                room: cell(Some(room)).trim_end_matches('室').to_owned(),
                initial,
                balance,
            });
        }
    }
    let mut seen = HashMap::new();
    for row in &rows {
        if let Some(n) = seen.insert((&row.building, &row.stair, &row.room), row.line) {
            faults.push(Fault::new(row.line, ROOM[0], format!("和第 {n} 行是同一户"), format!("The same unit as in line {n}")));
        }
    }
    if rows.is_empty() && faults.is_empty() {
        faults.push(Fault::new(head + 1, "", "表头下面没有内容", "Nothing stands under the heading"));
    }
    (rows, faults)
}

/// An amount that may be below zero.
fn money(typed: &str) -> Option<Fen> {
    match typed.strip_prefix(['-', '－']) {
        Some(rest) => Fen::parse_yuan(rest).map(|f| Fen(-f.0)),
        None => Fen::parse_yuan(typed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect()
    }

    #[test]
    fn a_list_as_clerks_have_it_is_read() {
        let (rows, faults) = read(&table(&[
            &["祥和家园维修资金"],
            &["楼号", "门号", "室号", "首期（元）", "余额（元）"],
            &["12号楼", "3门", "502室", "8,860.00", "6543.21"],
            &[],
            &["13", "", "101", "", "-12.5"],
            &["合计", "", "", "", "6530.71"],
        ]));
        assert_eq!(faults, []);
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].building.as_str(), rows[0].stair.as_str(), rows[0].room.as_str(), rows[0].initial, rows[0].balance), ("12", "3", "502", Fen(886_000), Fen(654_321)));
        assert_eq!((rows[1].initial, rows[1].balance, rows[1].line), (Fen(0), Fen(-1_250), 5));
    }

    #[test]
    fn every_fault_is_named() {
        let (rows, faults) = read(&table(&[
            &["楼号", "室号", "首期", "余额"],
            &["", "502", "1", "1"],
            &["12", "", "x", "y"],
            &["12", "501", "-1", "1"],
            &["12", "601", "1", "1"],
            &["12号楼", "601室", "2", "2"],
        ]));
        assert_eq!(rows.len(), 2);
        let named: Vec<_> = faults.iter().map(|f| (f.line, f.column.as_str())).collect();
        assert_eq!(named, [(2, "楼号"), (3, "室号"), (3, "余额"), (4, "首期"), (6, "室号")]);
        assert_eq!(read(&table(&[&["a", "b"]])).1.len(), 1);
        assert_eq!(read(&table(&[&["楼号", "室号", "余额"]])).1.len(), 1);
    }
}
