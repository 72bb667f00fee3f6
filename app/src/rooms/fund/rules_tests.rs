//! The chain of steps, the emergency path and the deciders, as tables and properties.

use super::model::{Decider, Paper, Scope};
use super::rules::*;
use crate::error::AppError;
use crate::ids::PersonId;
use crate::measure::{DAY, Fen, Time};
use crate::rooms::people::model::Role;
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Time = Time(1_800_000_000_000);
const STEPS: [Step; 9] = [Step::ShowPlan, Step::SumUp, Step::Resolve, Step::Contract, Step::Accept, Step::Audit, Step::Pay, Step::ShowShares, Step::Close];

fn someone(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

fn facts(path: Path, stage: Stage) -> Facts {
    Facts { path, stage, shown_since: None, reported_at: Some(NOW), proof: false, proposer: someone(1), limits: Limits::default() }
}

#[test]
fn the_pump_at_night_needs_no_paper_and_the_others_do() {
    for case in EmergencyCase::ALL {
        let report = facts(Path::Emergency(case), Stage::Draft);
        let approved = advance(&report, Step::Resolve, someone(2), NOW);
        assert_eq!(approved.is_ok(), case == EmergencyCase::Pump, "{case:?}");
        assert_eq!(advance(&Facts { proof: true, ..report }, Step::Resolve, someone(2), NOW), Ok(Stage::Resolved));
    }
}

#[test]
fn the_district_steps_in_after_seven_days_and_only_then() {
    let report = facts(Path::Emergency(EmergencyCase::Leak), Stage::Draft);
    assert!(!may_step_in(&report, NOW + (7 * DAY - 1)));
    assert!(may_step_in(&report, NOW + 7 * DAY));
    assert!(!may_step_in(&Facts { stage: Stage::Resolved, ..report.clone() }, NOW + 8 * DAY));
    assert!(!may_step_in(&Facts { path: Path::Chain, ..report }, NOW + 8 * DAY));
}

#[test]
fn a_plan_is_shown_for_seven_days_before_anybody_counts() {
    let shown = Facts { shown_since: Some(NOW), ..facts(Path::Chain, Stage::PlanShown) };
    assert!(advance(&shown, Step::SumUp, someone(2), NOW + (7 * DAY - 1)).is_err());
    assert_eq!(advance(&shown, Step::SumUp, someone(2), NOW + 7 * DAY), Ok(Stage::Opinions));
    assert!(advance(&shown, Step::SumUp, someone(1), NOW + 7 * DAY).is_err(), "the proposer does not count");
}

#[test]
fn half_years_begin_at_local_midnight() {
    let (from, until) = span_of("2026H1", 480).expect("a half-year");
    assert_eq!((half_of(from, 480), half_of(from + -1, 480), half_of(until, 480)), ("2026H1".into(), "2025H2".into(), "2026H2".into()));
    assert_eq!(span_of("2026H3", 480), None);
    assert_eq!(span_of("12345678901H1", 480), None);
    assert_eq!(halves(from, 480, 3), ["2026H1", "2025H2", "2025H1"]);
}

#[test]
fn who_decides_follows_from_amount_and_scope() {
    let limits = Limits::default();
    let one = Scope::Buildings { buildings: vec![] };
    let who = |scope: &Scope, yuan: i64, spent: i64| decider(Path::Chain, scope, Fen(yuan * 100), Fen(spent * 100), &limits);
    assert_eq!(who(&Scope::All, 2_000, 0), Decider::Property);
    assert_eq!(who(&Scope::All, 2_001, 0), Decider::Committee);
    assert_eq!(who(&one, 20_000, 80_000), Decider::Committee);
    assert_eq!(who(&one, 20_000, 80_001), Decider::Affected, "the committee's year is used up");
    assert_eq!(who(&Scope::All, 20_001, 0), Decider::Owners);
    assert_eq!(decider(Path::Emergency(EmergencyCase::Pump), &Scope::All, Fen(9_000_000), Fen(0), &limits), Decider::Emergency);
}

#[test]
fn no_role_both_proposes_and_counts_and_the_property_company_accepts_nothing() {
    for step in Step::ALL {
        for decider in [Decider::Property, Decider::Committee, Decider::Affected, Decider::Owners, Decider::Emergency] {
            for role in Role::ALL {
                let may = takes(role, step, decider);
                if matches!(step, Step::SumUp | Step::Accept | Step::Audit | Step::Pay) {
                    assert!(!(may && role.is_property()), "{role:?} {step:?}");
                }
                if may && step == Step::Resolve && matches!(decider, Decider::Affected | Decider::Owners) {
                    assert_eq!(role, Role::ResidentsCommittee);
                }
                assert!(!(may && role.is_resident()), "owners vote, they do not keep the books");
            }
            assert!(Role::ALL.into_iter().any(|role| takes(role, step, decider)), "somebody takes {step:?}");
        }
    }
}

#[test]
fn a_vote_that_did_not_carry_is_no_resolution() {
    use crate::measure::Area;
    use crate::rooms::fund::votes::Count;
    let count = Count { heads: 3, area: Area(300), part_heads: 2, part_area: Area(200), yes_heads: 1, yes_area: Area(150) };
    let paper = |count| Paper { reference: "决议 1".into(), count, ..Paper::default() };
    assert!(matches!(needs(Step::Resolve, Decider::Owners, &paper(Some(count))), Err(AppError::Closed { .. })));
    let carried = Count { yes_heads: 2, ..count };
    assert_eq!(needs(Step::Resolve, Decider::Owners, &paper(Some(carried))), Ok(()));
    assert!(needs(Step::Resolve, Decider::Owners, &paper(None)).is_err());
    assert_eq!(needs(Step::Resolve, Decider::Committee, &paper(None)), Ok(()));
    assert!(needs(Step::Contract, Decider::Committee, &paper(None)).is_err(), "a contract has an amount");
}

#[test]
fn the_fund_is_refilled_below_thirty_percent_up_to_fifty() {
    let limits = Limits::default();
    assert_eq!(refill(Fen(1_000_000), Fen(300_000), &limits), None, "exactly 30 % is enough");
    assert_eq!(refill(Fen(1_000_000), Fen(299_999), &limits), Some(Fen(200_001)));
    assert_eq!(refill(Fen(1_000_001), Fen(0), &limits), Some(Fen(500_001)));
    assert_eq!(refill(Fen(100), Fen(-20), &limits), Some(Fen(70)));
    assert_eq!(refill(Fen(0), Fen(0), &limits), None);
}

proptest! {
    /// Whatever is tried, in whatever order and at whatever time: nothing is paid for that was not resolved, accepted
    /// and checked, and no publication is cut short.
    #[test]
    fn no_path_goes_past_a_publication_or_an_approval(tries in proptest::collection::vec((0usize..9, 1u128..4, 0i64..5), 0..200), emergency in proptest::option::of(0usize..5), proof in any::<bool>()) {
        let path = emergency.map_or(Path::Chain, |i| Path::Emergency(EmergencyCase::ALL[i]));
        let mut it = Facts { proof, ..facts(path, Stage::Draft) };
        let mut now = NOW;
        let mut done: Vec<(Step, Time)> = Vec::new();
        for (i, by, days) in tries {
            now = now + days * DAY;
            let before = it.stage;
            if let Ok(stage) = advance(&it, STEPS[i], someone(by), now) {
                prop_assert!(stage > before);
                done.push((STEPS[i], now));
                it.shown_since = matches!(stage, Stage::PlanShown | Stage::SharesShown).then_some(now);
                it.stage = stage;
            }
        }
        let at = |step: Step| done.iter().find(|(s, _)| *s == step).map(|(_, at)| *at);
        if at(Step::Pay).is_some() {
            for needed in [Step::Resolve, Step::Contract, Step::Accept, Step::Audit] {
                prop_assert!(at(needed).is_some(), "paid without {needed:?}");
            }
        }
        if path == Path::Chain && at(Step::Resolve).is_some() {
            prop_assert!(at(Step::ShowPlan).is_some());
        }
        for (shown, after) in [(Step::ShowPlan, Step::SumUp), (Step::ShowShares, Step::Close)] {
            if let (Some(shown), Some(after)) = (at(shown), at(after)) {
                prop_assert!(after - shown >= 7 * DAY);
            }
        }
    }
}
