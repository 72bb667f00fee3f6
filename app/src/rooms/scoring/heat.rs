//! What the houses think: the mean of each rated item by neighbouring buildings, so many together that nobody can be recognised.

use super::count::Sheet;
use super::template::{Item, Kind, Template, Who};

/// Neighbouring buildings that are shown as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// The first and the last building.
    pub buildings: (String, String),
    /// Whose sheets count in it.
    pub scorers: usize,
    /// For each rated item, in the sheet's order: the mean as a share of its full marks in hundredths of a per cent, rounded half
    /// up; nothing below the least number of marks.
    pub shares: Vec<Option<i64>>,
}

/// Puts buildings together, in their order, until each area has at least `least` sheets (2 or more); what is left over at the
/// end joins the area before it. Nothing where all buildings together have too few.
pub fn areas(template: &Template, buildings: &[(String, Vec<&Sheet>)], least: i64) -> Vec<Area> {
    let least = usize::try_from(least.max(2)).unwrap_or(usize::MAX);
    let mut groups: Vec<Vec<&(String, Vec<&Sheet>)>> = vec![vec![]];
    let size = |group: &[&(String, Vec<&Sheet>)]| group.iter().map(|b| b.1.len()).sum::<usize>();
    for building in buildings {
        if groups.last().is_some_and(|g| size(g) >= least) {
            groups.push(vec![]);
        }
        if let Some(group) = groups.last_mut() {
            group.push(building);
        }
    }
    if groups.last().is_some_and(|g| size(g) < least) {
        let rest = groups.pop().unwrap_or_default();
        match groups.last_mut() {
            Some(group) => group.extend(rest),
            None => return Vec::new(),
        }
    }
    let rated: Vec<&Item> = template.items().filter(|i| i.kind == Kind::Rated).collect();
    groups.iter().filter_map(|group| area(&rated, group, least)).collect()
}

fn area(rated: &[&Item], group: &[&(String, Vec<&Sheet>)], least: usize) -> Option<Area> {
    let sheets: Vec<&Sheet> = group.iter().flat_map(|b| b.1.iter().copied()).collect();
    let share = |item: &&Item| {
        let marks: Vec<i64> = sheets
            .iter()
            .filter(|s| s.high_rise || item.who == Who::All)
            .filter_map(|s| s.marks.iter().find(|m| m.item == item.code)?.halves)
            .filter(|h| (0..=item.full).contains(h))
            .collect();
        let all = i64::try_from(marks.len()).ok().filter(|_| marks.len() >= least)? * item.full;
        (all > 0).then(|| (marks.iter().sum::<i64>() * 20_000 + all).div_euclid(2 * all))
    };
    Some(Area { buildings: (group.first()?.0.clone(), group.last()?.0.clone()), scorers: sheets.len(), shares: rated.iter().map(share).collect() })
}

/// How a share is coloured: 0 below 60 %, then 1 to 4 by tens. The number stands in the cell all the same.
pub fn shade(share: i64) -> usize {
    usize::try_from(((share - 5_000) / 1_000).clamp(0, 4)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::model::{Group, Mark};
    use super::super::template::standard;
    use super::*;
    use proptest::prelude::*;

    fn sheet(high_rise: bool, percent: i64) -> Sheet {
        let marks = standard().rated(high_rise).map(|i| Mark { item: i.code.clone(), halves: Some(i.full * percent / 100), remark: String::new() }).collect();
        Sheet { group: Group::Leader, high_rise, marks }
    }

    #[test]
    fn neighbours_are_shown_together_until_nobody_can_be_recognised() {
        let (good, bad) = (sheet(false, 100), sheet(true, 50));
        let houses: Vec<(String, Vec<&Sheet>)> =
            [3usize, 2, 5, 0, 1].iter().enumerate().map(|(n, k)| (format!("{}号楼", n + 1), vec![if n < 2 { &good } else { &bad }; *k])).collect();
        let found = areas(&standard(), &houses, 5);
        let seen: Vec<_> = found.iter().map(|a| (a.buildings.0.as_str(), a.buildings.1.as_str(), a.scorers)).collect();
        assert_eq!(seen, [("1号楼", "2号楼", 5), ("3号楼", "5号楼", 6)]);
        assert_eq!((found[0].shares[0], found[1].shares[0]), (Some(10_000), Some(5_000)));
        // The lift's cabin is marked only where there is one.
        let lift = standard().items().filter(|i| i.kind == Kind::Rated).position(|i| i.who == Who::HighRise).expect("a lift");
        assert_eq!((found[0].shares[lift], found[1].shares[lift]), (None, Some(5_000)));
        assert!(areas(&standard(), &houses[..1], 5).is_empty());
        assert_eq!([0, 5_999, 6_000, 7_499, 8_000, 10_000].map(shade), [0, 0, 1, 2, 3, 4]);
    }

    proptest! {
        #[test]
        fn every_area_has_enough_sheets_and_none_is_lost(counts in prop::collection::vec(0usize..6, 1..30), least in 2i64..8) {
            let one = sheet(true, 80);
            let houses: Vec<(String, Vec<&Sheet>)> = counts.iter().enumerate().map(|(n, k)| (n.to_string(), vec![&one; *k])).collect();
            let found = areas(&standard(), &houses, least);
            let total: usize = counts.iter().sum();
            prop_assert!(found.iter().all(|a| a.scorers >= usize::try_from(least).unwrap_or(0)));
            prop_assert_eq!(found.iter().map(|a| a.scorers).sum::<usize>(), if found.is_empty() { 0 } else { total });
            prop_assert_eq!(found.is_empty(), total < usize::try_from(least).unwrap_or(0));
        }
    }
}
