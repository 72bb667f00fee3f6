//! What clerks write, and what becomes of it.

use super::*;
use proptest::prelude::*;

fn table(rows: &[&[&str]]) -> Vec<Vec<String>> {
    rows.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect()
}

const HEAD: &[&str] = &["幢号", "单元", "室号", "建筑面积（㎡）", "产权人", "联系电话"];

#[test]
fn rows_are_read_as_clerks_write_them() {
    let parsed = parse(&table(&[
        &["祥和家园业主名册"],
        HEAD,
        &["12号楼", "3门", "502.0", "88.60", "王秀珍、李强", "13812345678、"],
        &["", "", "", "", "", ""],
        &["１３幢", "", "0101室", "72.4000000001㎡", "张三", ""],
        &["合计", "", "", "161.00", "", ""],
    ]));
    assert_eq!(parsed.problems, vec![]);
    let [a, b] = &parsed.rows[..] else { panic!("two rows: {parsed:?}") };
    assert_eq!((a.building.as_str(), a.stair.as_str(), a.room.as_str(), a.area), ("12", "3", "502", Area(8_860)));
    assert_eq!(a.owners, vec![Owner { name: "王秀珍".into(), phone: Some("13812345678".into()) }, Owner { name: "李强".into(), phone: None }]);
    assert_eq!((b.building.as_str(), b.room.as_str(), b.area, b.line), ("13", "0101", Area(7_240), 5));
}

#[test]
fn every_bad_cell_is_named_with_its_line() {
    let parsed = parse(&table(&[
        HEAD,
        &["", "1", "101", "88.6", "王一", ""],
        &["1", "1", "", "88.6", "王二", ""],
        &["1", "1", "102", "八十", "王三", "1.38E+10"],
        &["1", "1", "103", "88.655", "", ""],
        &["1", "1", "104", "9", "王五", "12345"],
        &["1", "1", "104", "88.6", "王六", ""],
        &["1", "1", "104", "88.6", "王七", ""],
    ]));
    let named: Vec<(u32, Option<Column>)> = parsed.problems.iter().map(|p| (p.line, p.column)).collect();
    let expected = [
        (2, Column::Building),
        (3, Column::Room),
        (4, Column::Area),
        (4, Column::Phones),
        (5, Column::Area),
        (5, Column::Owners),
        (6, Column::Phones),
        (7, Column::Room),
        (8, Column::Room),
    ];
    assert_eq!(named, expected.map(|(l, c)| (l, Some(c))).to_vec(), "{:#?}", parsed.problems);
    assert!(parsed.problems[3].why.zh.contains("文本"));
    assert!(parsed.problems[7].why.zh.contains("第 8 行") && parsed.problems[8].why.zh.contains("第 7 行"));
    assert!(parsed.rows.is_empty(), "which of two rows for one unit is right, only the clerk knows");
}

#[test]
fn a_file_without_a_heading_says_what_it_needs() {
    let parsed = parse(&table(&[&["a", "b"], &["1", "2"]]));
    assert!(parsed.problems[0].why.zh.contains("建筑面积"));
}

fn known(row: &Row) -> Known {
    Known { building: row.building.clone(), stair: row.stair.clone(), room: row.room.clone(), area: row.area, source: row.source, owners: row.owners.clone() }
}

#[test]
fn changes_are_found_and_nobody_is_forgotten() {
    let rows = parse(&table(&[HEAD, &["12", "", "101", "88.6", "王一、李二", ""], &["12", "", "102", "70", "赵四", "13812345678"]])).rows;
    let mut old = known(&rows[0]);
    old.area = Area(8_800);
    old.owners = vec![Owner { name: "王一".into(), phone: None }, Owner { name: "旧主".into(), phone: None }];
    let changes = compare(&[old], &BTreeSet::from(["12".to_owned()]), &rows);
    assert_eq!((changes.buildings.len(), changes.units.len(), changes.areas.len(), changes.owners.len(), changes.missing.len()), (0, 1, 1, 1, 1));
}

#[test]
fn headings_and_fillers_are_told_from_units() {
    let head: &[&str] = &["序号", "楼 号", "*门洞", "房号\n（必填）", "套内面积", "面积", "专有部分面积(㎡)", "联系人", "产权人姓名", "备注"];
    let parsed = parse(&table(&[
        &["祥和家园"],
        &["业主名册", "", "", "制表日期：2026年"],
        head,
        &["1", "12", "3", "101", "60", "1", "70.5", "赵", "王一", ""],
        head,
        &["2", "", "", "", "", "", "", "", "", ""],
        &["3", "12", "3", "102", "60", "1", "70.5", "", "李二", "示例"],
        &["12号楼小计", "", "", "", "", "", "141"],
        &["", "合　计", "", "", "", "", "141"],
        &["制表：张三", "", "", "", "", "", "", "", "审核：李四"],
    ]));
    assert_eq!(parsed.problems, vec![]);
    let [row] = &parsed.rows[..] else { panic!("one row: {parsed:?}") };
    assert_eq!((row.line, row.stair.as_str(), row.area, row.owners[0].name.as_str()), (4, "3", Area(7_050), "王一"));
    let lacking = parse(&table(&[&["x"], &["楼栋", "室号", "业主"], &["1", "101", "王一"]]));
    assert!(lacking.problems[0].why.zh.contains("第 2 行") && lacking.problems[0].why.zh.contains("建筑面积"), "{lacking:?}");
}

#[test]
fn a_phone_stays_with_its_owner() {
    let rows = parse(&table(&[HEAD, &["1", "", "101", "70", "王一、李二", "、13812345678"]])).rows;
    assert_eq!(rows[0].owners.iter().map(|o| o.phone.as_deref()).collect::<Vec<_>>(), [None, Some("13812345678")]);
}

#[test]
fn what_the_file_does_not_say_stays() {
    let rows = parse(&table(&[HEAD, &["12", "", "101", "88.6", "王一", ""]])).rows;
    let mut old = known(&rows[0]);
    old.source = AreaSource::Survey;
    old.owners[0].phone = Some("13812345678".into());
    let homes = BTreeSet::from(["12".to_owned()]);
    assert!(compare(std::slice::from_ref(&old), &homes, &rows).is_empty(), "neither the source nor the phone");
    old.area = Area(8_000);
    assert_eq!(compare(&[old], &homes, &rows).areas[0].0.source, AreaSource::Survey);
}

#[test]
fn zeros_that_excel_dropped_are_no_new_unit() {
    let rows = parse(&table(&[HEAD, &["012", "03", "302", "88.6", "王一", ""]])).rows;
    let mut old = known(&rows[0]);
    (old.stair, old.room, old.area) = ("3".into(), "0302".into(), Area(8_000));
    let changes = compare(&[old], &BTreeSet::from(["12".to_owned()]), &rows);
    assert!(changes.units.is_empty() && changes.buildings.is_empty());
    assert_eq!(changes.areas[0].0.room, "0302", "the row takes the unit's own spelling");
    let both = parse(&table(&[HEAD, &["12", "", "0302", "88.6", "王一", ""], &["12", "", "302", "88.6", "王一", ""]]));
    assert_eq!((both.rows.len(), both.problems.len()), (0, 2));
}

#[test]
fn two_phones_for_one_person_are_asked_about() {
    let rows = parse(&table(&[HEAD, &["1", "", "101", "70", "王一", "13800000001"], &["1", "", "102", "70", "王一", "13800000002"]])).rows;
    let mut old: Vec<Known> = rows.iter().map(known).collect();
    for unit in &mut old {
        unit.owners[0].phone = Some("13800000001".into());
    }
    let changes = compare(&old, &BTreeSet::from(["1".to_owned()]), &rows);
    assert!(changes.is_empty());
    assert_eq!(changes.disputed.len(), 1);
}

/// A community in memory, written to as the room's `apply` writes.
#[derive(Default)]
struct Town {
    homes: BTreeSet<String>,
    people: Vec<Owner>,
    units: Vec<(Known, BTreeSet<usize>)>,
}

impl Town {
    fn known(&self) -> Vec<Known> {
        self.units.iter().map(|(unit, owners)| Known { owners: owners.iter().map(|p| self.people[*p].clone()).collect(), ..unit.clone() }).collect()
    }

    fn changes(&self, rows: &[Row]) -> Changes {
        compare(&self.known(), &self.homes, rows)
    }

    fn person(&mut self, owner: &Owner) -> usize {
        let same = self.people.iter().position(|p| owner.phone.is_some() && p == owner);
        same.unwrap_or_else(|| {
            self.people.push(owner.clone());
            self.people.len() - 1
        })
    }

    fn unit(&mut self, row: &Row) -> usize {
        let named = |u: &Known| (u.building.as_str(), u.stair.as_str(), u.room.as_str()) == (row.building.as_str(), row.stair.as_str(), row.room.as_str());
        self.units.iter().position(|(u, _)| named(u)).expect("changes name units by their own spelling")
    }

    fn write(&mut self, changes: &Changes) {
        self.homes.extend(changes.buildings.iter().map(|(code, _)| code.clone()));
        for row in &changes.units {
            let owners = row.owners.iter().map(|o| self.person(o)).collect();
            self.units.push((Known { owners: vec![], ..known(row) }, owners));
        }
        for (row, _) in &changes.areas {
            let unit = self.unit(row);
            (self.units[unit].0.area, self.units[unit].0.source) = (row.area, row.source);
        }
        for (row, owner) in &changes.owners {
            let (unit, person) = (self.unit(row), self.person(owner));
            self.units[unit].1.insert(person);
        }
        for (row, owner) in &changes.phones {
            let unit = self.unit(row);
            let person = self.units[unit].1.iter().find(|p| self.people[**p].name == owner.name).copied().expect("changes name owners of the unit");
            self.people[person].phone.clone_from(&owner.phone);
        }
    }
}

fn file() -> impl Strategy<Value = Vec<Vec<String>>> {
    let owner = (0..4usize, 0..4usize).prop_map(|(name, phone)| (["王一", "李二", "赵三", "钱四"][name], ["", "13800000001", "13800000002", "13800000003"][phone]));
    let row = (1..3u32, 0..3u32, prop_oneof!["[1-3]0[12]", "0[1-3]0[12]"], 50..53u32, 0..3usize, proptest::collection::vec(owner, 1..3));
    let row = row.prop_map(|(building, stair, room, area, source, owners)| {
        let (names, phones): (Vec<&str>, Vec<&str>) = owners.into_iter().unzip();
        let stair = if stair == 0 { String::new() } else { stair.to_string() };
        vec![format!("{building}号"), stair, room, area.to_string(), names.join("、"), phones.join("、"), ["", "实测", "合同"][source].to_owned()]
    });
    proptest::collection::vec(row, 1..12)
}

proptest! {
    #[test]
    fn any_table_is_judged_without_a_panic(cells in proptest::collection::vec(proptest::collection::vec("\\PC{0,12}", 0..8), 0..12)) {
        let mut all = table(&[HEAD]);
        all.extend(cells.clone());
        let _ = (parse(&cells), parse(&all));
    }

    #[test]
    fn the_same_rows_again_change_nothing(rooms in proptest::collection::btree_set(1u32..60, 1..20)) {
        let lines: Vec<Vec<String>> = rooms.iter().map(|r| vec![format!("{}", r % 4 + 1), "2".into(), format!("{r:03}"), format!("{}.5", 60 + r), format!("王{r}、李{r}"), "13812345678".into()]).collect();
        let mut all = table(&[HEAD]);
        all.extend(lines);
        let parsed = parse(&all);
        prop_assert!(parsed.problems.is_empty());
        let old: Vec<Known> = parsed.rows.iter().map(known).collect();
        let buildings = parsed.rows.iter().map(|r| r.building.clone()).collect();
        let changes = compare(&old, &buildings, &parsed.rows);
        prop_assert!(changes.is_empty() && changes.missing.is_empty());
        prop_assert_eq!(changes.same, parsed.rows.len());
    }

    #[test]
    fn a_file_written_once_has_nothing_more_to_say(first in file(), second in file()) {
        let mut head = table(&[HEAD]);
        head[0].push("面积来源".into());
        let (first, second) = ([head.clone(), first].concat(), [head, second].concat());
        let mut town = Town::default();
        for file in [first, second] {
            let rows = parse(&file).rows;
            let changes = town.changes(&rows);
            let before = town.units.len();
            town.write(&changes);
            prop_assert_eq!(town.units.len(), before + changes.units.len());
            let again = town.changes(&rows);
            prop_assert!(again.is_empty(), "{:?}", again);
        }
    }
}
