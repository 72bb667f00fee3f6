//! The result: the rule book's example, what must hold for every round, and a slow second way to count.

use super::count::{Basis, Count, Reading, Sheet, Validity, count, flags};
use super::model::{Group, Level, Mark, Numbers, UNKNOWN};
use super::template::{Item, Kind, Section, Template, Who, standard};
use crate::rooms::communities::rules::rule_number;
use proptest::prelude::*;

/// The rule numbers as the program brings them.
pub fn numbers() -> Numbers {
    Numbers::read(|key| rule_number(key).unwrap_or_else(|| panic!("{key}")).value)
}

fn one_item() -> Template {
    let item = Item { code: "B1".into(), name: "门岗".into(), full: 8, kind: Kind::Rated, who: Who::All, test: String::new(), topics: vec![], source: None };
    Template { sections: vec![Section { code: "B".into(), name: "公共秩序".into(), items: vec![item] }], ..standard() }
}

fn sheet(group: Group, item: &str, halves: i64) -> Sheet {
    Sheet { group, high_rise: true, marks: vec![Mark { item: item.into(), halves: Some(halves), remark: String::new() }] }
}

fn counted(template: &Template, appointed: i64, sheets: &[Sheet], readings: &[Reading], charges: &[&str]) -> Count {
    let charges: Vec<String> = charges.iter().map(|c| (*c).to_owned()).collect();
    count(&Basis { template, numbers: &numbers(), appointed, sheets, readings, charges: &charges })
}

#[test]
fn the_example_of_the_rule_book_is_3_35() {
    let marks = [8, 8, 8, 8, 7, 7, 6, 6, 6, 6, 5, 0];
    let sheets: Vec<Sheet> = marks.iter().map(|m| sheet(Group::Leader, "B1", *m)).collect();
    let result = counted(&one_item(), 12, &sheets, &[], &[]);
    let leaders = &result.items[0].groups[1];
    assert_eq!((leaders.dropped, leaders.kept().len(), leaders.kept().iter().sum::<i64>()), (1, 10, 67));
    assert_eq!((result.items[0].points, result.items[0].share), (Some(335), Some(8_375)));
    assert_eq!(result.earned, 8_375, "3.35 of 4");
}

#[test]
fn a_group_counts_from_five_marks_and_drops_by_its_size() {
    for (n, dropped) in [(5, 1), (9, 1), (10, 1), (19, 1), (20, 2), (43, 4), (114, 11)] {
        let sheets: Vec<Sheet> = (0..n).map(|_| sheet(Group::Leader, "B1", 6)).collect();
        assert_eq!(counted(&one_item(), n, &sheets, &[], &[]).items[0].groups[1].dropped, dropped, "{n}");
    }
    let few: Vec<Sheet> = (0..4).map(|_| sheet(Group::Leader, "B1", 6)).collect();
    assert_eq!(counted(&one_item(), 4, &few, &[], &[]).items[0].points, None, "样本不足");
    // The representatives are too few: the leaders have the whole weight. With one more they have half.
    let mut both: Vec<Sheet> = (0..5).map(|_| sheet(Group::Leader, "B1", 8)).collect();
    both.extend((0..4).map(|_| sheet(Group::Representative, "B1", 4)));
    assert_eq!(counted(&one_item(), 9, &both, &[], &[]).items[0].points, Some(400));
    both.push(sheet(Group::Representative, "B1", 4));
    assert_eq!(counted(&one_item(), 10, &both, &[], &[]).items[0].points, Some(300));
    // 不了解 is no sample.
    both.push(sheet(Group::Representative, "B1", UNKNOWN));
    let result = counted(&one_item(), 11, &both, &[], &[]);
    assert_eq!((result.items[0].points, result.items[0].unknown), (Some(300), 1));
}

#[test]
fn a_lift_concerns_only_those_who_have_one() {
    let mut template = one_item();
    template.sections[0].items[0].who = Who::HighRise;
    let mut sheets: Vec<Sheet> = (0..5).map(|_| sheet(Group::Leader, "B1", 8)).collect();
    sheets.extend((0..20).map(|_| Sheet { high_rise: false, ..sheet(Group::Leader, "B1", 0) }));
    let result = counted(&template, 25, &sheets, &[], &[]);
    assert_eq!((result.items[0].points, result.items[0].groups[1].marks.len()), (Some(400), 5));
}

#[test]
fn an_objective_item_is_a_straight_line_from_its_floor() {
    let mut template = one_item();
    template.sections[0].items[0].kind = Kind::Objective { target: 9_800, floor: 7_800 };
    for (good, all, points) in [(367, 367, 400), (980, 1_000, 400), (880, 1_000, 200), (780, 1_000, 0), (500, 1_000, 0), (979, 1_000, 398), (1, 3, 0)] {
        let reading = Reading { item: "B1".into(), good, all };
        assert_eq!(counted(&template, 1, &[], &[reading], &[]).items[0].points, Some(points), "{good}/{all}");
    }
    assert_eq!(counted(&template, 1, &[], &[], &[]).items[0].points, None, "nothing was counted");
    // Nobody's mark is asked for it.
    let sheets: Vec<Sheet> = (0..9).map(|_| sheet(Group::Leader, "B1", 8)).collect();
    assert_eq!(counted(&template, 9, &sheets, &[], &[]).items[0].points, None);
}

/// `n` sheets that give everything `percent` of its marks, rounded down to a half point, and every count at its target.
fn even(n: i64, percent: i64) -> (Vec<Sheet>, Vec<Reading>) {
    let template = standard();
    let marks: Vec<Mark> = template.rated(true).map(|i| Mark { item: i.code.clone(), halves: Some(i.full * percent / 100), remark: "说明".into() }).collect();
    let sheets = (0..n).map(|k| Sheet { group: Group::ALL[usize::from(k % 2 == 0)], high_rise: true, marks: marks.clone() }).collect();
    let readings = template.items().filter(|i| i.kind != Kind::Rated).map(|i| Reading { item: i.code.clone(), good: 1, all: 1 }).collect();
    (sheets, readings)
}

#[test]
fn a_round_needs_its_scorers_and_its_items() {
    let (sheets, readings) = even(95, 100);
    let full = counted(&standard(), 157, &sheets, &readings, &[]);
    assert_eq!((full.validity, full.verdict()), (Validity::Valid, Some((10_000, Level::Excellent))));
    assert_eq!(counted(&standard(), 159, &sheets, &readings, &[]).validity, Validity::FewScorers, "95 of 159 are less than 60 %");
    assert_eq!(counted(&standard(), 157, &sheets[..94], &readings, &[]).verdict(), None);
    // 43 points are rated: with 37 counted ones it is 80, with less it is not.
    let some = |codes: &[&str]| readings.iter().filter(|r| codes.contains(&r.item.as_str())).cloned().collect::<Vec<_>>();
    let just = some(&["A2", "A3", "A4", "A5", "B2", "B3", "E1", "E2", "F1", "G2"]);
    assert_eq!(counted(&standard(), 157, &sheets, &just, &[]).full, 160);
    assert_eq!(counted(&standard(), 157, &sheets, &just, &[]).validity, Validity::Valid);
    let less = some(&["A2", "A3", "A4", "A5", "B2", "B3", "E1", "E2", "F1", "F3"]);
    assert_eq!((counted(&standard(), 157, &sheets, &less, &[]).validity, counted(&standard(), 157, &sheets, &less, &[]).earned), (Validity::FewItems, 10_000));
    assert_eq!(counted(&standard(), 0, &[], &[], &[]).validity, Validity::FewScorers);
}

#[test]
fn deductions_have_caps_and_a_veto_ends_it() {
    let (sheets, readings) = even(100, 100);
    let with = |charges: &[&str]| counted(&standard(), 100, &sheets, &readings, charges);
    assert_eq!(with(&["complaint", "complaint"]).total, 9_800);
    assert_eq!(with(&["complaint"; 14]).deducted, [("complaint".to_owned(), 14, 1_000)], "ten at most");
    assert_eq!((with(&["overcharge", "income_late", "hazard"]).total, with(&["overcharge", "overcharge"]).total), (8_000, 9_000));
    let veto = with(&["forgery"]);
    assert_eq!((veto.total, veto.level, veto.vetoes), (10_000, Level::Fail, vec!["forgery".to_owned()]));
    let (low, _) = even(100, 0);
    let nothing: Vec<Reading> = readings.iter().map(|r| Reading { good: 0, ..r.clone() }).collect();
    let floor = counted(&standard(), 100, &low, &nothing, &["overcharge", "accident"]);
    assert_eq!((floor.earned, floor.total, floor.level), (0, 0, Level::Fail), "never below nothing");
}

#[test]
fn levels_begin_where_they_say() {
    for (total, level) in [
        (10_000, Level::Excellent),
        (9_000, Level::Excellent),
        (8_999, Level::Good),
        (8_000, Level::Good),
        (7_999, Level::Pass),
        (6_000, Level::Pass),
        (5_999, Level::Fail),
        (0, Level::Fail),
    ] {
        assert_eq!(super::count::level(total, &numbers()), level, "{total}");
    }
}

#[test]
fn flags_show_and_drop_nothing() {
    let (mut sheets, readings) = even(20, 100);
    for (n, s) in sheets.iter_mut().enumerate() {
        // Nearly everybody differs from item to item.
        s.marks.iter_mut().enumerate().filter(|(i, _)| (i + n) % 3 == 0).for_each(|(_, m)| m.halves = m.halves.map(|h| h - 1));
    }
    sheets[3].marks.iter_mut().for_each(|m| m.halves = Some(0));
    sheets[4].marks.iter_mut().for_each(|m| m.halves = Some(UNKNOWN));
    let found = flags(&standard(), &numbers(), &sheets);
    assert!(found[3].straight && found[3].outlier);
    assert!(!found[4].straight && !found[4].outlier, "who knows nothing is not lazy");
    assert_eq!(found.iter().filter(|f| f.straight || f.outlier).count(), 1);
    // 14 of 15 marks alike are 93 per cent, 13 are 86.
    let alike = |other: usize| {
        let (mut one, _) = even(1, 100);
        one[0].marks.iter_mut().take(other).for_each(|m| m.halves = m.halves.map(|h| h - 1));
        flags(&standard(), &numbers(), &one)[0].straight
    };
    assert!(alike(0) && alike(1) && !alike(2));
    assert_eq!(counted(&standard(), 20, &sheets, &readings, &[]).handed, 20);
}

// ── a second way, slow and plain ───────────────────────────────────────────────────────────────────────────────────────

/// A fraction in machine words, good for small rounds.
#[derive(Clone, Copy)]
struct Part(i128, i128);

impl Part {
    fn plus(self, other: Self) -> Self {
        let above = self.0.checked_mul(other.1).and_then(|a| other.0.checked_mul(self.1).and_then(|b| a.checked_add(b))).expect("small");
        Self(above, self.1.checked_mul(other.1).expect("small")).short()
    }
    fn short(self) -> Self {
        let (mut a, mut b) = (self.0.abs(), self.1.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Self(self.0 / a.max(1), self.1 / a.max(1))
    }
}

/// Takes the highest and the lowest away, one after the other, and what is left is averaged.
fn slow_mean(mut marks: Vec<i64>) -> Option<Part> {
    let n = marks.len();
    if n < 5 {
        return None;
    }
    for _ in 0..if n < 10 { 1 } else { n / 10 } {
        let low = (0..marks.len()).min_by_key(|i| marks[*i])?;
        marks.remove(low);
        let high = (0..marks.len()).max_by_key(|i| marks[*i])?;
        marks.remove(high);
    }
    Some(Part(marks.iter().map(|m| i128::from(*m)).sum(), marks.len() as i128).short())
}

fn slow_total(template: &Template, sheets: &[Sheet], readings: &[Reading]) -> i64 {
    let (mut sum, mut full) = (Part(0, 1), 0i128);
    for item in template.items() {
        let of = |group: Group| {
            let mine = sheets.iter().filter(|s| s.group == group && (s.high_rise || item.who == Who::All));
            slow_mean(mine.flat_map(|s| &s.marks).filter(|m| m.item == item.code).filter_map(|m| m.halves).filter(|h| *h >= 0).collect())
        };
        let score = match item.kind {
            Kind::Rated => match (of(Group::Representative), of(Group::Leader)) {
                (Some(a), Some(b)) => {
                    let both = a.plus(b);
                    Some(Part(both.0, both.1 * 2))
                }
                (one, other) => one.or(other),
            },
            Kind::Objective { target, floor } => readings.iter().find(|r| r.item == item.code).map(|r| {
                let rate = Part(i128::from(r.good) * 10_000, i128::from(r.all));
                if rate.0 >= i128::from(target) * rate.1 {
                    Part(i128::from(item.full), 1)
                } else if rate.0 <= i128::from(floor) * rate.1 {
                    Part(0, 1)
                } else {
                    Part((rate.0 - i128::from(floor) * rate.1) * i128::from(item.full), rate.1 * i128::from(target - floor))
                }
            }),
        };
        if let Some(score) = score {
            sum = sum.plus(score.short());
            full += i128::from(item.full);
        }
    }
    if full == 0 { 0 } else { ((sum.0 * 20_000 + sum.1 * full) / (2 * sum.1 * full)) as i64 }
}

/// A small stream of numbers, so that ten thousand rounds are the same every time.
struct Stream(u64);

impl Stream {
    fn below(&mut self, n: u64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n) as i64
    }
}

fn random_round(s: &mut Stream) -> (Template, Vec<Sheet>, Vec<Reading>) {
    let mut items: Vec<Item> = standard().items().cloned().collect();
    while items.len() > 9 {
        items.remove(s.below(items.len() as u64) as usize);
    }
    let template = Template { sections: vec![Section { code: "X".into(), name: "随机".into(), items }], ..standard() };
    let sheets = (0..s.below(34))
        .map(|_| {
            let high_rise = s.below(3) > 0;
            let mark = |i: &Item| Mark { item: i.code.clone(), halves: Some(if s.below(6) == 0 { UNKNOWN } else { s.below(i.full as u64 + 1) }), remark: String::new() };
            let marks = template.rated(high_rise).map(mark).collect();
            Sheet { group: Group::ALL[s.below(2) as usize], high_rise, marks }
        })
        .collect();
    let counts: Vec<&Item> = template.items().filter(|i| i.kind != Kind::Rated).collect();
    let readings = counts
        .into_iter()
        .filter_map(|i| {
            let all = s.below(400) + 1;
            let good = all - s.below(all as u64 / 3 + 1);
            (s.below(5) > 0).then(|| Reading { item: i.code.clone(), good, all })
        })
        .collect();
    (template, sheets, readings)
}

#[test]
fn ten_thousand_rounds_are_counted_alike_in_two_ways() {
    let mut stream = Stream(20_261_125);
    let mut seen = std::collections::BTreeSet::new();
    for n in 0..10_000 {
        let (template, sheets, readings) = random_round(&mut stream);
        let fast = counted(&template, 40, &sheets, &readings, &[]).earned;
        assert_eq!(fast, slow_total(&template, &sheets, &readings), "round {n}");
        seen.insert(fast);
    }
    assert!(seen.len() > 2_000, "they differ: {}", seen.len());
}

proptest! {
    #[test]
    fn who_comes_first_changes_nothing_and_a_better_mark_never_hurts(seed in 1u64..u64::MAX, at in 0usize..1_000, turn in 0usize..40) {
        let (template, sheets, readings) = random_round(&mut Stream(seed));
        let result = counted(&template, 40, &sheets, &readings, &[]);
        prop_assert!((0..=10_000).contains(&result.total));
        let mut other = sheets.clone();
        if !other.is_empty() {
            let by = turn % other.len();
            other.rotate_left(by);
            other.reverse();
        }
        prop_assert_eq!(&counted(&template, 40, &other, &readings, &[]), &result);
        let full: std::collections::HashMap<_, _> = template.items().map(|i| (i.code.clone(), i.full)).collect();
        let mut better = sheets;
        let n = better.len();
        if n > 0 {
            let marks = &mut better[at % n].marks;
            let m = marks.len();
            if m > 0 && let Some(mark) = marks.get_mut(at % m) && let Some(h) = mark.halves.filter(|h| *h >= 0) {
                mark.halves = Some((h + 1).min(full[&mark.item]));
            }
        }
        prop_assert!(counted(&template, 40, &better, &readings, &[]).earned >= result.earned);
    }
}
