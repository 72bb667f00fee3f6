//! The legal check of a conversion (R5.3), its numbers before and after, and its steps.

use super::model::{Changes, Draft, Stage, Totals};
use crate::error::AppError;
use crate::measure::Area;
use crate::rooms::people::rules::Fields;
use crate::rooms::sites::model::{AreaRow, Ground};
use crate::text::clean;
use std::collections::HashSet;

/// Pieces of ground, and bays of each sort, in one proposal.
pub const CHANGES_MAX: usize = 200;

/// What the law says to a proposal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// The green of the estate becomes less by so much: it may not be published (GR 33, R5.3).
    pub green_lost: Area,
    /// The owners decide it by a special majority (特别): common ground is used otherwise than before (CC 278, item 8).
    pub special: bool,
    /// Trees are moved, and there is no application yet: it may not be carried out.
    pub needs_application: bool,
}

/// The estate after a proposal. `freed` and `closed` are the bays that really come and go: those that could not be used
/// before, and those that could.
pub fn after(before: Totals, areas: &[AreaRow], changes: &Changes, (freed, closed): (i64, i64)) -> Totals {
    let mut totals = Totals { bays: before.bays + freed - closed, ..before };
    for change in &changes.areas {
        let Some(area) = areas.iter().find(|a| a.code == change.code) else { continue };
        totals.bikes += change.bikes - area.bikes;
        totals.green = Area(totals.green.0 + change.green.0 - area.green.0);
    }
    totals
}

/// Holds a proposal against the law.
pub fn check(before: Totals, after: Totals, areas: &[AreaRow], changes: &Changes, trees: bool, application: &str) -> Check {
    let other_use = |c: &super::model::AreaChange| areas.iter().any(|a| a.code == c.code && (a.ground != c.ground || c.green < a.green));
    Check {
        green_lost: Area((before.green.0 - after.green.0).max(0)),
        special: changes.areas.iter().any(other_use) || !changes.closes.is_empty(),
        needs_application: trees && application.trim().is_empty(),
    }
}

/// Whether a step is possible.
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_step(from: Stage, to: Stage, check: &Check) -> Result<(), AppError> {
    let follows = matches!((from, to), (Stage::Drafted, Stage::Published) | (Stage::Published, Stage::Agreed | Stage::Refused) | (Stage::Agreed, Stage::Carried));
    if !follows {
        return Err(AppError::closed("现在还不到这一步，或者这一步已经走过了。", "This step is not next."));
    }
    if to == Stage::Published && check.green_lost.0 > 0 {
        let lost = check.green_lost;
        return Err(AppError::closed(
            format!("绿化面积少了 {lost} m²。调整后的绿化面积不能减少（上海市绿化条例 33，R5.3），请先补上。"),
            format!("{lost} m² of green are lost. The green may not become less (Shanghai greening rules 33, R5.3): make up for it first."),
        ));
    }
    if to == Stage::Carried && check.needs_application {
        return Err(AppError::closed("要移树，请先写上移植申请的编号（R5.3）。", "Trees are moved: give the application's number first (R5.3)."));
    }
    Ok(())
}

/// Judges a draft; everything wrong is named at once.
///
/// # Errors
/// [`AppError::Invalid`] on `title`, `words`, `areas`, `bays`, `application`.
pub fn parse_draft(typed: &Draft, areas: &[AreaRow]) -> Result<Draft, AppError> {
    let mut fields = Fields::default();
    let worded = |field: &str, typed: &str, least: usize, most: usize| match clean(typed, most) {
        Ok(words) if words.chars().count() >= least => Ok(words),
        _ => Err(AppError::field(field, format!("请写 {least} 到 {most} 个字"), format!("{least} to {most} characters, please"))),
    };
    let title = fields.take(worded("title", &typed.title, 4, 60)).unwrap_or_default().replace('\n', " ");
    let words = fields.take(worded("words", &typed.words, 5, 1_000)).unwrap_or_default();
    let application = fields.take(worded("application", &typed.application, 0, 100)).unwrap_or_default();
    fields.take(judge_areas(&typed.changes, areas));
    fields.take(judge_bays(&typed.changes));
    fields.check()?;
    Ok(Draft { title, words, application, ..typed.clone() })
}

fn judge_areas(changes: &Changes, areas: &[AreaRow]) -> Result<(), AppError> {
    let wrong = |zh: String, en: String| Err(AppError::field("areas", zh, en));
    if changes.areas.is_empty() && changes.frees.is_empty() && changes.closes.is_empty() {
        return wrong("请写哪块地怎么改".into(), "Say which ground changes, and how".into());
    }
    if changes.areas.len() > CHANGES_MAX {
        return wrong("一次最多改 200 块地".into(), "At most 200 pieces of ground".into());
    }
    let mut seen = HashSet::new();
    for change in &changes.areas {
        let code = &change.code;
        let Some(area) = areas.iter().find(|a| a.code == *code) else {
            return wrong(format!("登记里没有“{code}”这块地"), format!("No ground has the code “{code}”"));
        };
        if !seen.insert(code) {
            return wrong(format!("“{code}”写了两次"), format!("“{code}” stands there twice"));
        }
        let fits = (0..=area.size.0).contains(&change.green.0) && (0..=10_000).contains(&change.bikes) && (change.ground != Ground::Green || change.green.0 > 0);
        if !fits {
            return wrong(format!("“{code}”的绿化面积或停车数不对"), format!("The green area or the bikes of “{code}” are wrong"));
        }
    }
    Ok(())
}

fn judge_bays(changes: &Changes) -> Result<(), AppError> {
    let all: Vec<&String> = changes.frees.iter().chain(&changes.closes).collect();
    let distinct: HashSet<&&String> = all.iter().collect();
    if all.len() > CHANGES_MAX || distinct.len() != all.len() {
        return Err(AppError::field("bays", "车位编号重复了，或者超过 200 个", "A bay stands there twice, or more than 200 do"));
    }
    Ok(())
}

/// Reads changes of ground as they are typed, one on a line: `L-03 bikes 12.50 80` is code, use, green m² and bikes.
///
/// # Errors
/// [`AppError::Invalid`] on `areas`.
pub fn parse_lines(typed: &str) -> Result<Vec<super::model::AreaChange>, AppError> {
    let mut changes = Vec::new();
    for line in typed.lines().map(str::trim).filter(|l| !l.is_empty()).take(CHANGES_MAX + 1) {
        let wrong = || {
            AppError::field(
                "areas",
                format!("看不懂“{line}”。一行一块地：编号 用途 绿化平方米 停车数"),
                format!("“{line}” is not understood. One piece of ground on a line: code, use, green m², bikes"),
            )
        };
        let words: Vec<&str> = line.split_whitespace().collect();
        let [code, ground, green, bikes] = words[..] else { return Err(wrong()) };
        let named = |g: &Ground| g.code() == ground || g.label(crate::i18n::Lang::Zh) == ground;
        changes.push(super::model::AreaChange {
            code: code.to_uppercase(),
            ground: Ground::ALL.into_iter().find(named).ok_or_else(wrong)?,
            green: crate::rooms::sites::rules::parse_square_metres("areas", green).map_err(|_| wrong())?,
            bikes: bikes.parse().map_err(|_| wrong())?,
        });
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::super::model::AreaChange;
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn area(code: &str, ground: Ground, size: i64, green: i64, bikes: i64) -> AreaRow {
        AreaRow { id: Uuid::nil(), code: code.into(), version: 1, name: code.into(), ground, size: Area(size), green: Area(green), bikes }
    }

    fn estate() -> Vec<AreaRow> {
        vec![area("L-01", Ground::Green, 50_000, 50_000, 0), area("P-01", Ground::Paved, 30_000, 0, 0)]
    }

    fn to(code: &str, ground: Ground, green: i64, bikes: i64) -> AreaChange {
        AreaChange { code: code.into(), ground, green: Area(green), bikes }
    }

    const BEFORE: Totals = Totals { bays: 600, bikes: 1_000, green: Area(50_000) };

    #[test]
    fn green_may_move_but_not_shrink() {
        let swap = Changes { areas: vec![to("L-01", Ground::Bikes, 20_000, 160), to("P-01", Ground::Green, 30_000, 0)], frees: vec!["D-1".into()], closes: vec![] };
        let then = after(BEFORE, &estate(), &swap, (1, 0));
        assert_eq!(then, Totals { bays: 601, bikes: 1_160, green: Area(50_000) });
        let judged = check(BEFORE, then, &estate(), &swap, true, "");
        assert_eq!(judged, Check { green_lost: Area(0), special: true, needs_application: true });
        assert!(may_step(Stage::Drafted, Stage::Published, &judged).is_ok());
        assert!(may_step(Stage::Agreed, Stage::Carried, &judged).is_err(), "the trees need their application");

        let less = Changes { areas: vec![to("L-01", Ground::Green, 49_999, 0)], ..Changes::default() };
        let judged = check(BEFORE, after(BEFORE, &estate(), &less, (0, 0)), &estate(), &less, false, "");
        assert_eq!((judged.green_lost, judged.special), (Area(1), true));
        assert!(may_step(Stage::Drafted, Stage::Published, &judged).is_err(), "not one hundredth of a square metre");
    }

    #[test]
    fn only_a_change_of_use_needs_the_special_majority() {
        let judged = |changes: &Changes| check(BEFORE, BEFORE, &estate(), changes, false, "").special;
        assert!(!judged(&Changes { frees: vec!["D-1".into()], ..Changes::default() }));
        assert!(!judged(&Changes { areas: vec![to("P-01", Ground::Paved, 0, 40)], ..Changes::default() }));
        assert!(judged(&Changes { areas: vec![to("P-01", Ground::Bikes, 0, 40)], ..Changes::default() }));
        assert!(judged(&Changes { closes: vec!["D-1".into()], ..Changes::default() }));
    }

    #[test]
    fn steps_follow_each_other() {
        let fine = Check::default();
        for from in Stage::ALL {
            for to in Stage::ALL {
                let may = [(Stage::Drafted, Stage::Published), (Stage::Published, Stage::Agreed), (Stage::Published, Stage::Refused), (Stage::Agreed, Stage::Carried)]
                    .contains(&(from, to));
                assert_eq!(may_step(from, to, &fine).is_ok(), may, "{from:?} {to:?}");
            }
        }
    }

    #[test]
    fn a_draft_names_ground_that_there_is() {
        let draft = |areas: Vec<AreaChange>, frees: &[&str]| Draft {
            title: "非机动车停车区".into(),
            words: "把草坪改成停车区".into(),
            changes: Changes { areas, frees: frees.iter().map(|s| (*s).to_owned()).collect(), closes: vec!["D-9".into()] },
            trees: false,
            application: String::new(),
        };
        assert!(parse_draft(&draft(vec![to("L-01", Ground::Bikes, 0, 10)], &["D-1"]), &estate()).is_ok());
        let field = |d: &Draft| match parse_draft(d, &estate()) {
            Err(AppError::Invalid(f)) => f[0].field.clone(),
            other => format!("{other:?}"),
        };
        assert_eq!(field(&draft(vec![to("X-1", Ground::Bikes, 0, 0)], &[])), "areas");
        assert_eq!(field(&draft(vec![to("L-01", Ground::Bikes, 50_001, 0)], &[])), "areas", "more green than ground");
        assert_eq!(field(&draft(vec![to("L-01", Ground::Green, 0, 0)], &[])), "areas");
        assert_eq!(field(&draft(vec![to("L-01", Ground::Bikes, 0, 0), to("L-01", Ground::Paved, 0, 0)], &[])), "areas");
        assert_eq!(field(&draft(vec![], &["D-9"])), "bays", "freed and given up at once");
    }

    #[test]
    fn changes_are_typed_one_on_a_line() {
        assert_eq!(parse_lines("l-01 bikes 200 160\n\n P-01 绿地 300.5 0 "), Ok(vec![to("L-01", Ground::Bikes, 20_000, 160), to("P-01", Ground::Green, 30_050, 0)]));
        for bad in ["L-01", "L-01 lake 1 1", "L-01 green x 1", "L-01 green 1 x", "L-01 green 1 1 1"] {
            assert!(parse_lines(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn numbers_add_up(green in 0i64..=50_000, bikes in 0i64..1_000, freed in 0i64..50, closed in 0i64..50) {
            let changes = Changes { areas: vec![to("L-01", Ground::Bikes, green, bikes)], ..Changes::default() };
            let then = after(BEFORE, &estate(), &changes, (freed, closed));
            let judged = check(BEFORE, then, &estate(), &changes, false, "");
            prop_assert_eq!(judged.green_lost.0, BEFORE.green.0 - then.green.0);
            prop_assert_eq!((then.bays, then.bikes), (600 + freed - closed, 1_000 + bikes));
        }
    }
}
