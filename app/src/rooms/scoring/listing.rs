//! The sheet as a table: one line an item, as a committee keeps it in a spreadsheet.

use super::template::{Item, Kind, Section, Source, Template, Who, spoken_halves};
use crate::error::{AppError, FieldError};
use crate::i18n::Lang;
use crate::rooms::tickets::model::Category;

/// The columns.
pub const COLUMNS: [&str; 12] = ["部分", "部分名称", "编号", "评分项", "满分", "类型", "达标%", "起算%", "适用", "系统统计", "满分标准", "相关报修"];

/// What the program can count, as a spreadsheet names it.
pub(super) const SOURCES: [(&str, Source); 8] = [
    ("公共收益公示", Source::IncomePublished),
    ("摄像头", Source::Cameras),
    ("照明", Source::Lights),
    ("门禁道闸", Source::Doors),
    ("消防巡检", Source::FireChecks),
    ("一般报修", Source::Repairs),
    ("评价满意", Source::Satisfaction),
    ("急修到场", Source::Arrivals),
];

/// The lines of a sheet, its heading first.
pub fn write(template: &Template) -> Vec<Vec<String>> {
    let percent = |hundredths: i64| {
        let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let line = |s: &Section, i: &Item| {
        let (kind, target, floor) = match i.kind {
            Kind::Rated => ("打分", String::new(), String::new()),
            Kind::Objective { target, floor } => ("客观", percent(target), percent(floor)),
        };
        let source = SOURCES.iter().find(|(_, source)| i.source == Some(*source)).map_or("", |s| s.0);
        let who = if i.who == Who::HighRise { "高层" } else { "全部" };
        let topics = i.topics.iter().map(|t| t.label(Lang::Zh)).collect::<Vec<_>>().join("、");
        [&s.code, &s.name, &i.code, &i.name, &spoken_halves(i.full), kind, &target, &floor, who, source, &i.test, &topics].map(|cell: &str| cell.to_owned()).to_vec()
    };
    let lines = template.sections.iter().flat_map(|s| s.items.iter().map(move |i| line(s, i)));
    std::iter::once(COLUMNS.map(str::to_owned).to_vec()).chain(lines).collect()
}

/// Hundredths of what is typed with at most two decimals.
fn hundredths(typed: &str) -> Option<i64> {
    let typed = typed.trim().trim_end_matches('%').trim();
    let (whole, part) = typed.split_once('.').unwrap_or((typed, "0"));
    let digits = |s: &str, most: usize| (1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 4) || !digits(part, 2) {
        return None;
    }
    Some(whole.parse::<i64>().ok()? * 100 + format!("{part:0<2}").parse::<i64>().ok()?)
}

/// Reads a table into a sheet. Anchors, deductions and vetoes stay those of `base`. Every line that cannot be read is named.
///
/// # Errors
/// [`AppError::Invalid`] on `file`.
pub fn read(table: &[Vec<String>], name: &str, base: &Template) -> Result<Template, AppError> {
    let at = |row: &[String], name: &str| row.iter().position(|cell| cell.trim() == name);
    let Some(head) = table.iter().take(20).position(|row| ["部分", "编号", "评分项", "满分"].iter().all(|name| at(row, name).is_some())) else {
        return Err(AppError::field("file", "没有找到表头，请先下载现在的考核表，在上面改", "No heading was found: download the present sheet and change that"));
    };
    let mut sections: Vec<Section> = Vec::new();
    let mut faults = Vec::new();
    for (n, cells) in table.iter().enumerate().skip(head + 1).filter(|(_, cells)| cells.iter().any(|c| !c.trim().is_empty())) {
        let cell = |name: &str| at(&table[head], name).and_then(|c| cells.get(c)).map_or("", |v| v.trim());
        match item(&cell) {
            Ok(item) => {
                let code = cell("部分");
                match sections.iter_mut().find(|s| s.code == code) {
                    Some(section) => section.items.push(item),
                    None => sections.push(Section { code: code.to_owned(), name: cell("部分名称").to_owned(), items: vec![item] }),
                }
            }
            Err(column) => {
                faults.push(FieldError { field: "file".into(), zh: format!("第 {} 行“{column}”看不懂", n + 1), en: format!("Line {}: {column} cannot be read", n + 1) })
            }
        }
    }
    if faults.is_empty() { Ok(Template { name: name.trim().to_owned(), sections, ..base.clone() }) } else { Err(AppError::Invalid(faults)) }
}

fn item<'a>(cell: &impl Fn(&str) -> &'a str) -> Result<Item, &'static str> {
    // Half points: 3, 3.0, 3.5.
    let full = hundredths(cell("满分")).filter(|h| h % 50 == 0).map(|h| h / 50).ok_or("满分")?;
    let kind = match cell("类型") {
        "" | "打分" => Kind::Rated,
        "客观" => Kind::Objective { target: hundredths(cell("达标%")).ok_or("达标%")?, floor: hundredths(cell("起算%")).ok_or("起算%")? },
        _ => return Err("类型"),
    };
    let who = match cell("适用") {
        "" | "全部" => Who::All,
        "高层" => Who::HighRise,
        _ => return Err("适用"),
    };
    let source = match cell("系统统计") {
        "" => None,
        name => Some(SOURCES.iter().find(|s| s.0 == name).ok_or("系统统计")?.1),
    };
    let named = |name: &str| Category::URGENT.into_iter().chain(Category::GENERAL).find(|c| c.label(Lang::Zh) == name).ok_or("相关报修");
    let topics = cell("相关报修").split('、').map(str::trim).filter(|t| !t.is_empty()).map(named).collect::<Result<_, _>>()?;
    Ok(Item { code: cell("编号").to_owned(), name: cell("评分项").to_owned(), full, kind, who, test: cell("满分标准").to_owned(), source, topics })
}

#[cfg(test)]
mod tests {
    use super::super::template::{judge, standard};
    use super::*;

    #[test]
    fn a_sheet_comes_back_from_its_table_as_it_was() {
        let sheet = standard();
        let table = write(&sheet);
        assert_eq!((table.len(), table[1][4].as_str(), table[2][6].as_str(), table[2][7].as_str()), (34, "2", "95", "75"));
        let back = read(&table, &sheet.name, &sheet).expect("reads");
        assert_eq!((&back, judge(&back)), (&sheet, Ok(())));
    }

    #[test]
    fn lines_that_cannot_be_read_are_all_named() {
        let sheet = standard();
        let mut table = write(&sheet);
        table[1][4] = "2.3".into();
        table[2][6] = "很高".into();
        table[3][9] = "飞船".into();
        table[4][5] = "抽签".into();
        table.push(vec![String::new(); 12]);
        match read(&table, &sheet.name, &sheet) {
            Err(AppError::Invalid(faults)) => assert_eq!(
                faults.iter().map(|f| f.zh.as_str()).collect::<Vec<_>>(),
                ["第 2 行“满分”看不懂", "第 3 行“达标%”看不懂", "第 4 行“系统统计”看不懂", "第 5 行“类型”看不懂"]
            ),
            other => panic!("{other:?}"),
        }
        assert!(read(&table[1..], &sheet.name, &sheet).is_err(), "without a heading");
        // What can be read need not add up: that is the next question.
        table[1..5].iter_mut().for_each(|line| line[4] = "9.5".into());
        table.truncate(2);
        assert!(judge(&read(&table, "短表", &sheet).expect("reads")).is_err());
    }
}
