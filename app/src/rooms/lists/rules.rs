//! A table under its heading: titles may stand above it, columns in any order, empty lines between.

use super::model::Fault;

/// The most lines of a list.
pub const LINES_MAX: usize = 20_000;
/// Lines of a table among which its heading is looked for.
const HEADING_WITHIN: usize = 20;

/// A table whose heading was found.
#[derive(Clone, Copy, Debug)]
pub struct Headed<'a> {
    table: &'a [Vec<String>],
    head: usize,
}

impl<'a> Headed<'a> {
    /// The first line that has all columns which are `needed`.
    ///
    /// # Errors
    /// One fault that names all `columns`, where there is no such line; one where the table is longer than [`LINES_MAX`].
    pub fn find(table: &'a [Vec<String>], needed: &[&str], columns: &[&str]) -> Result<Self, Fault> {
        if table.len() > LINES_MAX {
            return Err(Fault::new(LINES_MAX, "", "一次最多 2 万行，请分开传", "At most 20,000 lines at once; split it"));
        }
        let head = table.iter().take(HEADING_WITHIN).position(|row| needed.iter().all(|name| row.iter().any(|cell| cell.trim() == *name)));
        head.map(|head| Self { table, head }).ok_or_else(|| {
            let columns = columns.join("、");
            Fault::new(1, "", format!("没有找到表头，请用这几列：{columns}"), format!("No heading was found; the columns are {columns}"))
        })
    }

    /// The line of the heading in the file, from 1.
    pub fn line(&self) -> usize {
        self.head + 1
    }

    /// Where a column stands.
    fn column(&self, name: &str) -> Option<usize> {
        self.table[self.head].iter().position(|cell| cell.trim() == name)
    }

    /// Whether the table has a column.
    pub fn has(&self, name: &str) -> bool {
        self.column(name).is_some()
    }

    /// The lines below the heading that have something in them, each with its number in the file, from 1.
    pub fn lines(self) -> impl Iterator<Item = (usize, Cells<'a>)> {
        let below = self.table.iter().enumerate().skip(self.head + 1);
        below.filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty())).map(move |(i, row)| (i + 1, Cells { head: self, row }))
    }
}

/// One line of a table.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'a> {
    head: Headed<'a>,
    row: &'a [String],
}

impl<'a> Cells<'a> {
    /// What stands in a column, without the spaces around it; empty where nothing does.
    pub fn get(&self, name: &str) -> &'a str {
        self.head.column(name).and_then(|c| self.row.get(c)).map_or("", |cell| cell.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect()
    }

    #[test]
    fn columns_are_found_by_name_and_lines_keep_their_numbers() {
        let table = table(&[&["台账"], &[" 名称 ", "地点"], &["长椅", " 东门 "], &["", " "], &["路灯"]]);
        let headed = Headed::find(&table, &["地点", "名称"], &["名称", "地点"]).expect("a heading");
        assert_eq!((headed.line(), headed.has("地点"), headed.has("型号")), (2, true, false));
        let lines: Vec<_> = headed.lines().map(|(n, cells)| (n, cells.get("名称"), cells.get("地点"), cells.get("型号"))).collect();
        assert_eq!(lines, [(3, "长椅", "东门", ""), (5, "路灯", "", "")]);
    }

    #[test]
    fn a_table_without_its_heading_says_which_columns_are_wanted() {
        let fault = Headed::find(&table(&[&["名称"]]), &["名称", "地点"], &["名称", "地点", "型号"]).expect_err("no heading");
        assert_eq!((fault.line, fault.zh.as_str()), (1, "没有找到表头，请用这几列：名称、地点、型号"));
    }
}
