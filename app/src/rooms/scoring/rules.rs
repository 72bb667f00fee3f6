//! What may be handed in, entered, appealed and decided, and what follows from a result.

use super::count::Reading;
use super::model::{Appeal, Enter, Level, Mark, Move, Numbers, Open, Party, Plea, Stage, UNKNOWN};
use super::template::{Kind, Template, spoken_halves};
use crate::error::AppError;
use crate::measure::{DAY, Fen, Time};
use crate::rooms::communities::calendar::Calendar;
use crate::rooms::fund::rules::span_of;
use crate::rooms::people::rules::Fields;
use crate::text::clean;
use std::collections::HashMap;
use uuid::Uuid;

/// Photos of one piece of evidence.
pub const PHOTOS_MAX: usize = 3;
/// The largest count that a reading may have.
const COUNT_MAX: i64 = 100_000_000;

impl Numbers {
    /// From the community's rule numbers.
    pub fn read(number: impl Fn(&str) -> i64) -> Self {
        Self {
            weight_percent: number("scoring.weight_percent"),
            samples: number("scoring.samples"),
            turnout_percent: number("scoring.turnout_percent"),
            full_points: number("scoring.full_points"),
            remark_percent: number("scoring.remark_percent"),
            straight_percent: number("scoring.straight_percent"),
            outlier_points: number("scoring.outlier_points"),
            appeal_days: number("scoring.appeal_days"),
            rectify_days: number("scoring.rectify_days"),
            levels: [number("scoring.excellent_points"), number("scoring.good_points"), number("scoring.pass_points")],
            pay: [number("scoring.pay_fail_percent"), number("scoring.pay_pass_percent"), number("scoring.pay_good_percent"), number("scoring.pay_excellent_percent")],
        }
    }

    /// What is paid of the retained sum, rounded half up to the fen.
    pub fn paid(&self, retained: Fen, level: Level) -> Fen {
        let percent = self.pay[Level::ALL.iter().position(|l| *l == level).unwrap_or_default()].clamp(0, 100);
        Fen((retained.0.saturating_mul(percent) + 50).div_euclid(100))
    }
}

/// What a contract retains of a half-year: six months' remuneration by a share in per mille, rounded half up to the fen.
pub fn retained(month: Fen, permille: i64) -> Fen {
    Fen((month.0.saturating_mul(6).saturating_mul(permille) + 500).div_euclid(1000))
}

/// Words of a form, tidied.
///
/// # Errors
/// [`AppError::Invalid`] on `field`.
pub fn words(field: &str, typed: &str, least: usize, most: usize) -> Result<String, AppError> {
    match clean(typed, most) {
        Ok(text) if text.chars().count() >= least => Ok(text),
        _ => Err(AppError::field(field, format!("请写 {least} 到 {most} 个字"), format!("From {least} to {most} characters"))),
    }
}

/// Whether a mark needs a remark: nothing at all, or less than the share of the rule.
pub fn needs_remark(halves: i64, full: i64, numbers: &Numbers) -> bool {
    halves == 0 || (halves > 0 && halves * 100 < full * numbers.remark_percent)
}

/// Judges a sheet: every item that concerns the scorer is answered once, in half points up to its full marks, low marks with
/// a remark. Answers it in the order of the items; what is wrong is named by the items' codes.
///
/// # Errors
/// [`AppError::Invalid`].
pub fn judge_sheet(template: &Template, numbers: &Numbers, high_rise: bool, marks: &[Mark]) -> Result<Vec<Mark>, AppError> {
    let mut given: HashMap<&str, &Mark> = HashMap::new();
    for mark in marks {
        let concerns = template.rated(high_rise).any(|i| i.code == mark.item);
        if !concerns || given.insert(&mark.item, mark).is_some() {
            return Err(AppError::field("marks", "这张考核表和这一轮对不上，请刷新页面", "This sheet is not the round's: reload the page"));
        }
    }
    let mut fields = Fields::default();
    let mut wrong = |code: &str, zh: String, en: String| {
        fields.take::<()>(Err(AppError::field(code, zh, en)));
    };
    let mut sheet = Vec::new();
    for item in template.rated(high_rise) {
        let (code, name) = (&item.code, &item.name);
        let Some((halves, mark)) = given.get(item.code.as_str()).and_then(|m| Some((m.halves?, *m))) else {
            wrong(code, format!("{code} {name}：还没有打分，说不准可以选“不了解”"), format!("{code}: not scored yet; “don't know” is an answer"));
            continue;
        };
        if halves != UNKNOWN && !(0..=item.full).contains(&halves) {
            let full = spoken_halves(item.full);
            wrong(code, format!("{code} {name}：请打 0 到 {full} 分"), format!("{code}: from 0 to {full} points"));
        }
        let remark = clean(&mark.remark, 200).unwrap_or_else(|_| {
            wrong(code, format!("{code} {name}：说明请不要超过 200 个字"), format!("{code}: a remark of at most 200 characters"));
            String::new()
        });
        if needs_remark(halves, item.full, numbers) && remark.is_empty() && mark.remark.trim().is_empty() {
            wrong(code, format!("{code} {name}：打得低，请写一句哪里不好"), format!("{code}: a low mark needs a word of why"));
        }
        sheet.push(Mark { item: item.code.clone(), halves: Some(halves), remark });
    }
    fields.check()?;
    Ok(sheet)
}

/// The items that two people typed differently from one sheet of paper. Remarks may differ: nobody counts them.
pub fn differing(a: &[Mark], b: &[Mark]) -> Vec<String> {
    let other = |item: &str, marks: &[Mark]| marks.iter().find(|m| m.item == item).and_then(|m| m.halves);
    let mut items: Vec<&str> = a.iter().chain(b).map(|m| m.item.as_str()).collect();
    items.dedup();
    let mut seen = std::collections::HashSet::new();
    items.into_iter().filter(|item| seen.insert(*item) && other(item, a) != other(item, b)).map(str::to_owned).collect()
}

/// Which reminder is due: `first` days before the end, and one day before it; each once, and again for an end that was moved. `said`
/// are the reminders so far: how many days, and when.
pub fn to_remind(closes: Time, first: i64, said: &[(i64, Time)], now: Time) -> Option<i64> {
    // The nearest one alone: who comes late to it is not told twice.
    let days = [1, first].into_iter().filter(|d| *d > 0).find(|d| now >= closes + -d * DAY && now < closes)?;
    let told = said.iter().any(|(d, at)| *d == days && *at >= closes + -days * DAY);
    (!told).then_some(days)
}

/// Judges a round that is to be opened.
///
/// # Errors
/// [`AppError::Invalid`] on `half`, `days` or `retained`.
pub fn judge_open(open: &Open, now: Time, offset: i32) -> Result<(), AppError> {
    let mut fields = Fields::default();
    if span_of(&open.half, offset).is_none_or(|(from, _)| from > now) {
        fields.take::<()>(Err(AppError::field("half", "请选已经开始的半年", "Choose a half-year that has begun")));
    }
    if !(1..=60).contains(&open.days) {
        fields.take::<()>(Err(AppError::field("days", "请填 1 到 60 天", "From 1 to 60 days")));
    }
    if !(0..=10_000_000_000).contains(&open.retained.0) {
        fields.take::<()>(Err(AppError::field("retained", "请填合同留存的考核金，没有填 0", "The sum that the contract retains, 0 for none")));
    }
    fields.check()
}

/// Judges a reading; answers its words, tidied.
///
/// # Errors
/// [`AppError::Invalid`] on `item`, `good`, `words` or `photos`.
pub fn judge_reading(template: &Template, enter: &Enter) -> Result<String, AppError> {
    let mut fields = Fields::default();
    if template.item(&enter.item).is_none_or(|i| i.kind == Kind::Rated) {
        fields.take::<()>(Err(AppError::field("item", "请选一个客观项", "Choose an objective item")));
    }
    fields.take(judge_numbers(enter.good, enter.all));
    let words = fields.take(words("words", &enter.words, 2, 200)).unwrap_or_default();
    fields.take(few_photos(enter.photos.len()));
    fields.check()?;
    Ok(words)
}

fn judge_numbers(good: i64, all: i64) -> Result<(), AppError> {
    if (1..=COUNT_MAX).contains(&all) && (0..=all).contains(&good) {
        Ok(())
    } else {
        Err(AppError::field("good", "请填达标数和总数，达标数不能大于总数", "How many were good, and of how many"))
    }
}

/// Refuses more than [`PHOTOS_MAX`].
///
/// # Errors
/// [`AppError::Invalid`] on `photos`.
pub fn few_photos(count: usize) -> Result<(), AppError> {
    if count <= PHOTOS_MAX { Ok(()) } else { Err(AppError::field("photos", "最多 3 张照片", "At most 3 photos")) }
}

/// Judges an appeal: it names charges that stand or items that were counted. Answers its words, tidied.
///
/// # Errors
/// [`AppError::Invalid`] on `words`, `pleas` or `photos`.
pub fn judge_appeal(appeal: &Appeal, charges: &[Uuid], readings: &[Reading]) -> Result<String, AppError> {
    let mut fields = Fields::default();
    let words = fields.take(words("words", &appeal.words, 5, 500)).unwrap_or_default();
    if appeal.pleas.is_empty() || appeal.pleas.len() > 40 {
        fields.take::<()>(Err(AppError::field("pleas", "请选要更正的扣分或客观项，至少一项", "Choose at least one charge or count that is wrong")));
    }
    for (n, plea) in appeal.pleas.iter().enumerate() {
        let fits = match plea {
            Plea::Charge { charge } => charges.contains(charge),
            Plea::Reading { item, good, all } => {
                fields.take(
                    judge_numbers(*good, *all).map_err(|_| AppError::field("pleas", format!("{item}：达标数不能大于总数"), format!("{item}: how many were good, and of how many"))),
                );
                readings.iter().any(|r| r.item == *item)
            }
        };
        let twice = appeal.pleas[..n].iter().any(|other| match (other, plea) {
            (Plea::Charge { charge: a }, Plea::Charge { charge: b }) => a == b,
            (Plea::Reading { item: a, .. }, Plea::Reading { item: b, .. }) => a == b,
            _ => false,
        });
        if !fits || twice {
            fields.take::<()>(Err(AppError::field("pleas", "申诉的内容和这一轮对不上，请刷新页面", "This is not of this round: reload the page")));
        }
    }
    fields.take(few_photos(appeal.photos.len()));
    fields.check()?;
    Ok(words)
}

/// What an appeal that was upheld leaves: the charges without those it named, and the readings as it says.
pub fn corrected(charges: &[(Uuid, String)], readings: &[Reading], pleas: &[Plea]) -> (Vec<String>, Vec<Reading>) {
    let dropped = |id: &Uuid| pleas.iter().any(|p| matches!(p, Plea::Charge { charge } if charge == id));
    let charges = charges.iter().filter(|(id, _)| !dropped(id)).map(|(_, code)| code.clone()).collect();
    let mut readings = readings.to_vec();
    for plea in pleas {
        if let Plea::Reading { item, good, all } = plea
            && let Some(reading) = readings.iter_mut().find(|r| r.item == *item)
        {
            (reading.good, reading.all) = (*good, *all);
        }
    }
    (charges, readings)
}

/// What three parties decided; nothing until all have spoken. Two of three are enough.
pub fn upheld(opinions: &[(Party, bool)]) -> Option<bool> {
    let of = |party: Party| opinions.iter().find(|o| o.0 == party).map(|o| o.1);
    let said: Vec<bool> = Party::ALL.into_iter().map(of).collect::<Option<_>>()?;
    Some(said.iter().filter(|yes| **yes).count() >= 2)
}

/// When an appeal is too late: after so many working days.
pub fn appeal_until(drafted: Time, numbers: &Numbers, calendar: &Calendar, offset: i32) -> Time {
    calendar.after_working_days(drafted, numbers.appeal_days, offset)
}

/// Refuses a step that was made against another version or does not follow from where the round stands.
///
/// # Errors
/// [`AppError::Conflict`], [`AppError::Closed`].
pub fn may_move(step: &Move, version: i64, stage: Stage, from: Stage) -> Result<(), AppError> {
    if step.version != version {
        return Err(AppError::Conflict { current: version });
    }
    must_stand(stage, &[from])
}

/// Refuses unless the round stands at one of these stages.
///
/// # Errors
/// [`AppError::Closed`].
pub fn must_stand(stage: Stage, at: &[Stage]) -> Result<(), AppError> {
    if at.contains(&stage) {
        return Ok(());
    }
    Err(match stage {
        Stage::Open => AppError::closed("还在打分，截止后才能办。", "The scoring still runs."),
        Stage::Closed => AppError::closed("打分已经截止，不能再改。", "The scoring is closed; nothing of it changes."),
        Stage::Draft => AppError::closed("初步结果已经出来，只能申诉。", "The draft stands: only an appeal can change it."),
        Stage::Published => AppError::closed("结果已经公布，不能再改。", "The result is published and stays."),
    })
}

/// Refuses to end the scoring early, unless every sheet is in.
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_close(now: Time, closes_at: Time, appointed: i64, handed: i64) -> Result<(), AppError> {
    if now >= closes_at || (appointed > 0 && handed >= appointed) {
        return Ok(());
    }
    Err(AppError::closed("还没到截止时间，也没有收齐，不能提前截止。", "Neither over nor complete: it cannot be closed early."))
}

/// Refuses to publish while the company may still appeal or its appeal is undecided.
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_publish(now: Time, appeal_until: Time, appealed: bool, opinions: &[(Party, bool)]) -> Result<(), AppError> {
    match (appealed, upheld(opinions)) {
        (true, None) => Err(AppError::closed("申诉还没有三方都答复，不能公布。", "Not all three parties have answered the appeal.")),
        (false, _) if now < appeal_until => Err(AppError::closed("申诉期还没过，不能公布。", "The company may still appeal.")),
        _ => Ok(()),
    }
}

/// Whether renewal goes on the owners' agenda: the last two rounds that say anything are both a fail.
pub fn renewal_in_question(newest_first: &[Level]) -> bool {
    newest_first.len() >= 2 && newest_first[..2].iter().all(|l| *l == Level::Fail)
}

/// Hundredths as people write them: `76.40`.
pub fn spoken(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A share in hundredths of a per cent, as people read it: `76.4 %`.
pub fn spoken_share(share: i64) -> String {
    let tenths = (share + 5) / 10;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::super::count_tests::numbers;
    use super::super::template::standard;
    use super::*;
    use crate::measure::DAY;

    fn marks(high_rise: bool) -> Vec<Mark> {
        standard().rated(high_rise).map(|i| Mark { item: i.code.clone(), halves: Some(i.full), remark: String::new() }).collect()
    }

    fn wrong(change: impl Fn(&mut Vec<Mark>)) -> Vec<String> {
        let mut sheet = marks(false);
        change(&mut sheet);
        match judge_sheet(&standard(), &numbers(), false, &sheet) {
            Err(AppError::Invalid(fields)) => fields.into_iter().map(|f| f.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn two_who_type_a_sheet_must_agree_in_every_mark() {
        let mark = |item: &str, halves: i64, remark: &str| Mark { item: item.into(), halves: Some(halves), remark: remark.into() };
        let a = [mark("A1", 4, "好"), mark("B1", 3, "")];
        assert!(differing(&a, &[mark("A1", 4, "很好"), mark("B1", 3, "")]).is_empty(), "remarks are not counted");
        assert_eq!(differing(&a, &[mark("A1", 4, ""), mark("B1", UNKNOWN, "")]), ["B1"]);
        assert_eq!(differing(&a, &[mark("B1", 2, "")]), ["A1", "B1"], "in the sheet's order, each once");
    }

    #[test]
    fn each_reminder_is_said_once_and_again_for_a_later_end() {
        let end = Time(100 * DAY);
        type Said = &'static [(i64, i64)];
        let cases: [(i64, Said, Option<i64>); 7] =
            [(96, &[], None), (97, &[], Some(3)), (98, &[(3, 97)], None), (99, &[(3, 97)], Some(1)), (99, &[(3, 97), (1, 99)], None), (97, &[(3, 90)], Some(3)), (100, &[], None)];
        for (day, said, due) in cases {
            let said: Vec<(i64, Time)> = said.iter().map(|(days, at)| (*days, Time(at * DAY))).collect();
            assert_eq!(to_remind(end, 3, &said, Time(day * DAY)), due, "on day {day} after {said:?}");
        }
        assert_eq!(to_remind(end, 0, &[], Time(98 * DAY)), None, "no first one");
    }

    #[test]
    fn a_sheet_answers_every_item_that_concerns_its_scorer() {
        assert_eq!(judge_sheet(&standard(), &numbers(), false, &marks(false)).map(|s| s.len()), Ok(14));
        assert_eq!(judge_sheet(&standard(), &numbers(), true, &marks(true)).map(|s| s.len()), Ok(15));
        assert_eq!(
            wrong(|s| {
                s.remove(0);
            }),
            ["A1"]
        );
        assert_eq!(wrong(|s| s[3].halves = None), ["B5"]);
        assert_eq!(wrong(|s| s[0].halves = Some(5)), ["A1"], "more than full marks");
        assert_eq!(wrong(|s| s[0].halves = Some(-2)), ["A1"]);
        assert_eq!(wrong(|s| *s = marks(true)), ["marks"], "a lift's cabin where there is no lift");
        assert_eq!(wrong(|s| s[1].item = "A1".into()), ["marks"], "twice");
        assert_eq!(wrong(|s| s[1].item = "B3".into()), ["marks"], "the program counts the cameras");
        assert_eq!(wrong(|s| s.iter_mut().for_each(|m| m.halves = None)).len(), 14, "everything at once");
    }

    #[test]
    fn a_low_mark_says_why() {
        // B1 is worth 8 halves: 60 per cent are 4.8.
        for (halves, low) in [(8, false), (5, false), (4, true), (0, true), (UNKNOWN, false)] {
            let mut sheet = marks(false);
            sheet[1].halves = Some(halves);
            assert_eq!(judge_sheet(&standard(), &numbers(), false, &sheet).is_err(), low, "{halves}");
            sheet[1].remark = " 晚上没人 ".into();
            let kept = judge_sheet(&standard(), &numbers(), false, &sheet).expect("with a remark");
            assert_eq!(kept[1].remark, "晚上没人");
        }
        assert_eq!(wrong(|s| s[1] = Mark { halves: Some(0), remark: "长".repeat(201), ..s[1].clone() }), ["B1"]);
        assert!(!needs_remark(6, 10, &numbers()), "exactly 60 per cent do not");
    }

    #[test]
    fn two_of_three_decide_once_all_have_spoken() {
        let [a, b, c] = Party::ALL;
        assert_eq!(upheld(&[(a, true), (b, true)]), None);
        assert_eq!(upheld(&[(a, true), (c, false), (b, true)]), Some(true));
        assert_eq!(upheld(&[(a, true), (b, false), (c, false)]), Some(false));
    }

    #[test]
    fn publishing_waits_for_the_company() {
        let (now, yes) = (Time(100 * DAY), [(Party::ResidentsCommittee, true), (Party::OwnersCommittee, true), (Party::Representative, false)]);
        assert!(may_publish(now, now + 1, false, &[]).is_err() && may_publish(now, now, false, &[]).is_ok());
        assert!(may_publish(now, now + DAY, true, &yes[..2]).is_err() && may_publish(now, now + DAY, true, &yes).is_ok());
        assert!(may_close(now, now + 1, 5, 4).is_err() && may_close(now, now + 1, 5, 5).is_ok() && may_close(now, now, 5, 0).is_ok());
        assert!(may_close(now, now + 1, 0, 0).is_err());
        let step = Move { round: Uuid::nil(), version: 3 };
        assert_eq!(may_move(&step, 4, Stage::Open, Stage::Open), Err(AppError::Conflict { current: 4 }));
        for stage in Stage::ALL {
            assert_eq!(may_move(&step, 3, stage, Stage::Closed).is_ok(), stage == Stage::Closed);
        }
    }

    #[test]
    fn an_appeal_is_about_facts_of_its_round() {
        let (charge, stranger) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let readings = [Reading { item: "B3".into(), good: 300, all: 367 }];
        let appeal = |pleas: Vec<Plea>| Appeal { round: Uuid::nil(), words: "摄像头那天停电".into(), pleas, photos: vec![] };
        let reading = |item: &str, good| Plea::Reading { item: item.into(), good, all: 367 };
        let ok = appeal(vec![Plea::Charge { charge }, reading("B3", 360)]);
        assert!(judge_appeal(&ok, &[charge], &readings).is_ok());
        for bad in [vec![], vec![Plea::Charge { charge: stranger }], vec![reading("A1", 3)], vec![reading("B3", 368)], vec![Plea::Charge { charge }, Plea::Charge { charge }]] {
            assert!(matches!(judge_appeal(&appeal(bad.clone()), &[charge], &readings), Err(AppError::Invalid(f)) if f[0].field == "pleas"), "{bad:?}");
        }
        let (charges, readings) = corrected(&[(charge, "complaint".into()), (stranger, "hazard".into())], &readings, &ok.pleas);
        assert_eq!((charges, readings[0].good), (vec!["hazard".to_owned()], 360));
    }

    #[test]
    fn what_the_contract_retains_is_paid_by_level() {
        assert_eq!((retained(Fen(20_862_570), 50), retained(Fen(0), 50), retained(Fen(1), 84)), (Fen(6_258_771), Fen(0), Fen(1)));
        let retained = Fen(12_345_678);
        let paid: Vec<i64> = Level::ALL.into_iter().map(|l| numbers().paid(retained, l).0).collect();
        assert_eq!(paid, [0, 9_876_542, 12_345_678, 12_345_678]);
        assert!(
            renewal_in_question(&[Level::Fail, Level::Fail, Level::Good]) && !renewal_in_question(&[Level::Fail, Level::Pass, Level::Fail]) && !renewal_in_question(&[Level::Fail])
        );
        assert_eq!((spoken(7_640), spoken(5), spoken_share(7_666)), ("76.40".into(), "0.05".into(), "76.7 %".into()));
    }

    #[test]
    fn readings_and_rounds_name_everything_wrong_at_once() {
        let enter = Enter { round: Uuid::nil(), item: "A1".into(), good: 5, all: 4, words: String::new(), photos: vec![] };
        assert!(matches!(judge_reading(&standard(), &enter), Err(AppError::Invalid(f)) if f.len() == 3));
        let good = Enter { item: "B3".into(), good: 4, words: "平台记录".into(), ..enter };
        assert_eq!(judge_reading(&standard(), &good).as_deref(), Ok("平台记录"));
        let now = Time(1_773_819_000_000);
        assert!(matches!(judge_open(&Open { half: "2026H2".into(), days: 0, retained: Fen(-1) }, now, 480), Err(AppError::Invalid(f)) if f.len() == 3));
        assert_eq!(judge_open(&Open { half: "2026H1".into(), days: 14, retained: Fen(0) }, now, 480), Ok(()));
    }
}
