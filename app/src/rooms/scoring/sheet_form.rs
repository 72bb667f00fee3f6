//! Reading the editor's form into a sheet.

use super::listing::{self, COLUMNS};
use super::template::{Deduction, ITEMS_MAX, Template, Veto};
use crate::error::AppError;
use std::collections::BTreeMap;

/// The values of a form by their fields.
pub type Values = BTreeMap<String, Vec<String>>;

/// Columns and the fields they come from, beside the section's two.
const FIELDS: [(&str, &str); 10] = [
    ("编号", "code"),
    ("评分项", "name"),
    ("满分", "full"),
    ("类型", "kind"),
    ("达标%", "target"),
    ("起算%", "floor"),
    ("适用", "who"),
    ("系统统计", "source"),
    ("满分标准", "test"),
    ("相关报修", "topics"),
];

/// Reads it. An item without a code is left out, and so is a deduction or a veto.
///
/// # Errors
/// [`AppError::Invalid`] on `file` for lines that cannot be read (the first line is the heading), on `deductions` for numbers that are none.
pub fn read(values: &Values, base: &Template) -> Result<Template, AppError> {
    let get = |name: &str| values.get(name).and_then(|v| v.first()).map_or("", |v| v.trim());
    let mut table = vec![COLUMNS.map(str::to_owned).to_vec()];
    for n in 0..2 * ITEMS_MAX {
        let field = |part: &str| get(&format!("items.{n}.{part}"));
        if field("code").is_empty() {
            continue;
        }
        let section = field("section");
        let cell = |column: &&str| match *column {
            "部分" => get(&format!("sections.{section}.code")).to_owned(),
            "部分名称" => get(&format!("sections.{section}.name")).to_owned(),
            other => FIELDS.iter().find(|f| f.0 == other).map_or(String::new(), |f| field(f.1).to_owned()),
        };
        table.push(COLUMNS.iter().map(cell).collect());
    }
    let mut template = listing::read(&table, get("name"), base)?;
    for (n, anchor) in template.anchors.iter_mut().enumerate() {
        *anchor = get(&format!("anchors.{n}")).to_owned();
    }
    template.deductions = deductions(&get)?;
    template.vetoes = (0..ITEMS_MAX)
        .map(|n| Veto { code: get(&format!("vetoes.{n}.code")).to_owned(), name: get(&format!("vetoes.{n}.name")).to_owned() })
        .filter(|v| !v.code.is_empty())
        .collect();
    Ok(template)
}

fn deductions<'a>(get: &impl Fn(&str) -> &'a str) -> Result<Vec<Deduction>, AppError> {
    let mut all = Vec::new();
    for n in 0..ITEMS_MAX {
        let field = |part: &str| get(&format!("deductions.{n}.{part}"));
        if field("code").is_empty() {
            continue;
        }
        let code = field("code");
        let number = |part: &str| field(part).parse::<i64>().map_err(|_| AppError::field("deductions", format!("“{code}”：扣的分要是整数"), format!("“{code}”: whole points")));
        all.push(Deduction { code: code.to_owned(), name: field("name").to_owned(), points: number("points")?, cap: number("cap")? });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::super::listing::write;
    use super::super::template::standard;
    use super::*;

    /// The form as the editor writes it for a sheet.
    fn form(template: &Template) -> Values {
        let mut values = Values::new();
        let mut put = |name: String, value: &str| {
            values.insert(name, vec![value.to_owned()]);
        };
        put("name".into(), &template.name);
        let table = write(template);
        for (n, line) in table.iter().skip(1).enumerate() {
            let s = template.sections.iter().position(|s| s.code == line[0]).expect("a section");
            put(format!("items.{n}.section"), &s.to_string());
            for (column, field) in FIELDS {
                let at = COLUMNS.iter().position(|c| *c == column).expect("a column");
                put(format!("items.{n}.{field}"), &line[at]);
            }
        }
        for (s, section) in template.sections.iter().enumerate() {
            put(format!("sections.{s}.code"), &section.code);
            put(format!("sections.{s}.name"), &section.name);
        }
        template.anchors.iter().enumerate().for_each(|(n, a)| put(format!("anchors.{n}"), a));
        for (n, d) in template.deductions.iter().enumerate() {
            for (part, value) in [("code", d.code.clone()), ("name", d.name.clone()), ("points", d.points.to_string()), ("cap", d.cap.to_string())] {
                put(format!("deductions.{n}.{part}"), &value);
            }
        }
        for (n, v) in template.vetoes.iter().enumerate() {
            put(format!("vetoes.{n}.code"), &v.code);
            put(format!("vetoes.{n}.name"), &v.name);
        }
        values
    }

    #[test]
    fn a_sheet_comes_back_from_the_editor_as_it_was() {
        let sheet = standard();
        assert_eq!(read(&form(&sheet), &sheet), Ok(sheet));
    }

    #[test]
    fn what_is_cleared_is_left_out_and_what_is_added_comes_last_in_its_section() {
        let sheet = standard();
        let mut values = form(&sheet);
        values.insert("items.0.code".into(), vec![" ".into()]);
        values.insert("deductions.1.code".into(), vec![]);
        values.insert("items.40.section".into(), vec!["1".into()]);
        for (field, value) in [("code", "B6"), ("name", "门岗形象"), ("full", "2"), ("kind", "打分"), ("who", "全部"), ("test", "整洁")] {
            values.insert(format!("items.40.{field}"), vec![value.into()]);
        }
        let read = read(&values, &sheet).expect("reads");
        assert!(read.item("A1").is_none() && read.full() == 200);
        assert_eq!(read.sections[1].items.last().map(|i| (i.code.as_str(), i.full)), Some(("B6", 4)));
        assert_eq!(read.deductions.len(), 4);
        values.insert("items.3.full".into(), vec!["2.3".into()]);
        assert!(super::read(&values, &sheet).is_err());
        values.remove("items.3.full");
        values.insert("deductions.0.points".into(), vec!["十".into()]);
        assert!(super::read(&values, &sheet).is_err());
    }
}
