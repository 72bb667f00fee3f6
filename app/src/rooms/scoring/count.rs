//! From sheets to the result: trimmed by group, weighted, added up exactly, rounded once.

use super::exact::Exact;
use super::model::{Group, Level, Mark, Numbers, UNKNOWN};
use super::template::{Item, Kind, Template};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A sheet as it is counted: without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Whose it is.
    pub group: Group,
    /// The scorer lives in a high-rise.
    pub high_rise: bool,
    /// The marks.
    pub marks: Vec<Mark>,
}

/// What was counted for an objective item: `good` of `all`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The item.
    pub item: String,
    /// How many were good.
    pub good: i64,
    /// Of how many.
    pub all: i64,
}

/// Everything that a round is counted from.
#[derive(Clone, Debug)]
pub struct Basis<'a> {
    /// The frozen sheet.
    pub template: &'a Template,
    /// The frozen numbers.
    pub numbers: &'a Numbers,
    /// How many were appointed and have no conflict.
    pub appointed: i64,
    /// The sheets that count.
    pub sheets: &'a [Sheet],
    /// What was counted for objective items.
    pub readings: &'a [Reading],
    /// The codes of deductions and vetoes, each as often as it happened.
    pub charges: &'a [String],
}

/// One group's marks of one item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupCount {
    /// The marks in half points, the lowest first.
    pub marks: Vec<i64>,
    /// How many are dropped at each end.
    pub dropped: usize,
    /// Whether there are enough.
    pub counts: bool,
}

impl GroupCount {
    fn of(mut marks: Vec<i64>, least: i64) -> Self {
        marks.sort_unstable();
        let n = marks.len();
        let counts = n > 0 && i64::try_from(n).unwrap_or(i64::MAX) >= least;
        let dropped = match n {
            0..5 => 0,
            5..10 => 1,
            _ => n / 10,
        };
        Self { marks, dropped: if counts { dropped } else { 0 }, counts }
    }

    /// The marks that are not dropped.
    pub fn kept(&self) -> &[i64] {
        self.marks.get(self.dropped..self.marks.len() - self.dropped).unwrap_or_default()
    }
}

/// One item of a counted round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemCount {
    /// Its code.
    pub code: String,
    /// What it is worth, in half points.
    pub full: i64,
    /// The groups' marks, representatives first; empty for an objective item.
    pub groups: [GroupCount; 2],
    /// How many did not know.
    pub unknown: i64,
    /// What was counted, for an objective item.
    pub reading: Option<Reading>,
    /// Points in hundredths, for showing; none where it was not scored.
    pub points: Option<i64>,
    /// The same as a share of what it is worth, in hundredths of a per cent.
    pub share: Option<i64>,
    score: Option<Exact>,
}

/// One section of a counted round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionCount {
    /// Its code.
    pub code: String,
    /// What its scored items are worth, in half points.
    pub full: i64,
    /// Points in hundredths, for showing.
    pub points: i64,
    /// As a share, in hundredths of a per cent; none where nothing of it was scored.
    pub share: Option<i64>,
}

/// Whether a round says anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It does.
    Valid,
    /// 打分人数不够.
    FewScorers,
    /// 有效评分项不够.
    FewItems,
}

/// A counted round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The items, in the sheet's order.
    pub items: Vec<ItemCount>,
    /// The sections, in the sheet's order.
    pub sections: Vec<SectionCount>,
    /// Who was appointed and has no conflict.
    pub appointed: i64,
    /// Whose sheet counts.
    pub handed: i64,
    /// What the scored items are worth, in half points.
    pub full: i64,
    /// Whether it says anything.
    pub validity: Validity,
    /// The points before deductions, in hundredths.
    pub earned: i64,
    /// The deductions: code, how often, points in hundredths after the cap.
    pub deducted: Vec<(String, i64, i64)>,
    /// The vetoes that hold.
    pub vetoes: Vec<String>,
    /// The result, in hundredths.
    pub total: i64,
    /// The level.
    pub level: Level,
}

impl Count {
    /// Total and level, where the round says anything.
    pub fn verdict(&self) -> Option<(i64, Level)> {
        (self.validity == Validity::Valid).then_some((self.total, self.level))
    }

    /// The scored items from the weakest on.
    pub fn from_weakest(&self) -> Vec<&ItemCount> {
        let mut scored: Vec<&ItemCount> = self.items.iter().filter(|i| i.share.is_some()).collect();
        scored.sort_by_key(|i| i.share);
        scored
    }
}

/// Counts a round. Nothing but its basis decides the result, and the order of the sheets does not.
pub fn count(basis: &Basis<'_>) -> Count {
    let items = items(basis);
    let scored = || items.iter().filter_map(|i| i.score.as_ref().map(|s| (i, s)));
    let full: i64 = scored().map(|(i, _)| i.full).sum();
    let sum = scored().fold(Exact::zero(), |sum, (_, score)| sum.plus(score));
    let earned = if full > 0 { sum.scaled(10_000, wide(full)).rounded(10_000) } else { 0 };
    let deducted = deductions(basis);
    let off: i64 = deducted.iter().map(|d| d.2).sum();
    let vetoes: Vec<String> = basis.template.vetoes.iter().filter(|v| basis.charges.contains(&v.code)).map(|v| v.code.clone()).collect();
    let total = (earned - off).max(0);
    let handed = i64::try_from(basis.sheets.len()).unwrap_or(i64::MAX);
    let numbers = basis.numbers;
    let validity = if basis.appointed <= 0 || handed * 100 < basis.appointed * numbers.turnout_percent {
        Validity::FewScorers
    } else if full < numbers.full_points * 2 {
        Validity::FewItems
    } else {
        Validity::Valid
    };
    let level = if vetoes.is_empty() { level(total, numbers) } else { Level::Fail };
    Count { sections: sections(basis.template, &items), items, appointed: basis.appointed, handed, full, validity, earned, deducted, vetoes, total, level }
}

/// The level of a total in hundredths of a point.
pub fn level(total: i64, numbers: &Numbers) -> Level {
    let [excellent, good, pass] = numbers.levels.map(|points| points * 100);
    match total {
        t if t >= excellent => Level::Excellent,
        t if t >= good => Level::Good,
        t if t >= pass => Level::Pass,
        _ => Level::Fail,
    }
}

fn wide(n: i64) -> u128 {
    u128::from(n.max(0).unsigned_abs())
}

fn items(basis: &Basis<'_>) -> Vec<ItemCount> {
    let all: Vec<&Item> = basis.template.items().collect();
    let places: HashMap<&str, usize> = all.iter().enumerate().map(|(n, i)| (i.code.as_str(), n)).collect();
    let mut marks: Vec<[Vec<i64>; 2]> = all.iter().map(|_| Default::default()).collect();
    let mut unknown = vec![0i64; all.len()];
    for sheet in basis.sheets {
        for mark in &sheet.marks {
            let Some(n) = places.get(mark.item.as_str()).copied() else { continue };
            let concerns = all[n].kind == Kind::Rated && (sheet.high_rise || all[n].who == super::template::Who::All);
            match mark.halves {
                Some(halves) if concerns && (0..=all[n].full).contains(&halves) => marks[n][sheet.group.place()].push(halves),
                Some(UNKNOWN) if concerns => unknown[n] += 1,
                _ => {}
            }
        }
    }
    all.into_iter().zip(marks).zip(unknown).map(|((item, marks), unknown)| one(basis, item, marks, unknown)).collect()
}

fn one(basis: &Basis<'_>, item: &Item, marks: [Vec<i64>; 2], unknown: i64) -> ItemCount {
    let groups = marks.map(|marks| GroupCount::of(marks, basis.numbers.samples));
    let reading = basis.readings.iter().find(|r| r.item == item.code && item.kind != Kind::Rated && r.all > 0).cloned();
    let score = match item.kind {
        Kind::Rated => rated(&groups, basis.numbers.weight_percent),
        Kind::Objective { target, floor } => reading.as_ref().map(|r| objective(item.full, target, floor, r)),
    };
    let points = score.as_ref().map(|s| s.scaled(50, 1).rounded(u32::MAX));
    let share = score.as_ref().map(|s| s.scaled(10_000, wide(item.full)).rounded(10_000));
    ItemCount { code: item.code.clone(), full: item.full, groups, unknown, reading, points, share, score }
}

/// The groups' trimmed means by their weights; a group without enough marks leaves its weight to the other.
fn rated(groups: &[GroupCount; 2], weight_percent: i64) -> Option<Exact> {
    let weights = [wide(weight_percent.clamp(0, 100)), wide(100 - weight_percent.clamp(0, 100))];
    let counted: Vec<(&GroupCount, u128)> = groups.iter().zip(weights).filter(|(g, weight)| g.counts && *weight > 0).collect();
    let all: u128 = counted.iter().map(|(_, weight)| weight).sum();
    if all == 0 {
        return None;
    }
    let mean = |g: &GroupCount, weight: u128| Exact::new(wide(g.kept().iter().sum()) * weight, g.kept().len() as u128);
    Some(counted.into_iter().fold(Exact::zero(), |sum, (g, weight)| sum.plus(&mean(g, weight))).scaled(1, all))
}

/// On a straight line from nothing at the floor to full marks at the target.
fn objective(full: i64, target: i64, floor: i64, reading: &Reading) -> Exact {
    let (good, all) = (i128::from(reading.good.clamp(0, reading.all)) * 10_000, i128::from(reading.all));
    let span = i128::from((target - floor).max(1)) * all;
    let above = (good - i128::from(floor) * all).clamp(0, span);
    Exact::new(above.unsigned_abs() * wide(full), span.unsigned_abs())
}

fn sections(template: &Template, items: &[ItemCount]) -> Vec<SectionCount> {
    let section = |s: &super::template::Section| {
        let of_it = || items.iter().filter(|i| s.items.iter().any(|item| item.code == i.code)).filter_map(|i| i.score.as_ref().map(|score| (i.full, score)));
        let full: i64 = of_it().map(|(full, _)| full).sum();
        let sum = of_it().fold(Exact::zero(), |sum, (_, score)| sum.plus(score));
        let share = (full > 0).then(|| sum.scaled(10_000, wide(full)).rounded(10_000));
        SectionCount { code: s.code.clone(), full, points: sum.scaled(50, 1).rounded(u32::MAX), share }
    };
    template.sections.iter().map(section).collect()
}

fn deductions(basis: &Basis<'_>) -> Vec<(String, i64, i64)> {
    let times = |code: &str| i64::try_from(basis.charges.iter().filter(|c| *c == code).count()).unwrap_or(i64::MAX);
    let found = basis.template.deductions.iter().map(|d| (d.code.clone(), times(&d.code), (times(&d.code).saturating_mul(d.points)).min(d.cap) * 100));
    found.filter(|(_, times, _)| *times > 0).collect()
}

/// What somebody who audits may want to look at again; nothing is dropped for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Nearly every item got the same share of its marks.
    pub straight: bool,
    /// Far from the middle of all sheets.
    pub outlier: bool,
}

/// The flags of each sheet, in their order.
pub fn flags(template: &Template, numbers: &Numbers, sheets: &[Sheet]) -> Vec<Flags> {
    let full: HashMap<&str, i64> = template.items().map(|i| (i.code.as_str(), i.full)).collect();
    let answered = |sheet: &Sheet| -> Vec<(i64, i64)> { sheet.marks.iter().filter_map(|m| Some((m.halves.filter(|h| *h >= 0)?, *full.get(m.item.as_str())?))).collect() };
    let share = |marks: &[(i64, i64)]| {
        let (got, of): (i64, i64) = marks.iter().fold((0, 0), |(got, of), (halves, full)| (got + halves, of + full));
        (of > 0).then(|| got * 10_000 / of)
    };
    let marks: Vec<Vec<(i64, i64)>> = sheets.iter().map(answered).collect();
    let mut shares: Vec<i64> = marks.iter().filter_map(|m| share(m)).collect();
    shares.sort_unstable();
    let middle = shares.get(shares.len() / 2).copied().unwrap_or_default();
    marks
        .iter()
        .map(|m| Flags {
            straight: m.len() >= 5 && most_alike(m) * 100 >= i64::try_from(m.len()).unwrap_or(i64::MAX) * numbers.straight_percent,
            outlier: share(m).is_some_and(|s| (s - middle).abs() > numbers.outlier_points * 100),
        })
        .collect()
}

/// How many marks are the same share of their item's full marks as each other, at most.
fn most_alike(marks: &[(i64, i64)]) -> i64 {
    let alike = |(a, full_a): (i64, i64)| marks.iter().filter(|(b, full_b)| a * full_b == b * full_a).count();
    i64::try_from(marks.iter().map(|m| alike(*m)).max().unwrap_or_default()).unwrap_or(i64::MAX)
}
