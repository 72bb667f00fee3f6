//! The table of steps, the gates of money, and what holds over any sequence of actions.

use super::model::{BudgetLine, Contract, Inspect, Item, MilestonePlan, Paper, Plan, Seat, Source};
use super::money::{Deal, Payment, caps, last_paid, may_pay, paid_for, retention};
use super::party::{Party, judge_seats};
use super::plan::{parse, parse_contract};
use super::rules::{Facts, Limits, STEPS, Seen, Stage, Step, Verdict, advance, after_inspection, judge_inspection, may_sign_off, next_inspection, takes, tidy};
use crate::error::AppError;
use crate::ids::PersonId;
use crate::measure::{DAY, Fen, Time};
use crate::rooms::people::model::Role;
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

/// 2027-01-15 08:00 UTC.
const NOW: Time = Time(1_800_000_000_000);

fn facts(stage: Stage) -> Facts {
    Facts {
        stage,
        shown_since: None,
        by_fund: false,
        decided: true,
        budget: Fen(1_000_000),
        deal: None,
        milestones: vec![(30, false), (40, false), (0, false), (30, false)],
        group: Party::ALL.into_iter().collect(),
        inspections: vec![],
        signed_off: BTreeSet::new(),
        payments: vec![],
        limits: Limits::default(),
    }
}

fn deal(amount: i64, retention: i64) -> Deal {
    Deal { amount: Fen(amount), retention, warranty_over: NOW + 400 * DAY }
}

fn seen(milestone: Option<i64>, open: usize, parties: &[Party]) -> Seen {
    Seen { milestone, open, parties: parties.iter().copied().collect() }
}

fn under_way() -> Facts {
    let mut it = facts(Stage::UnderWay);
    it.deal = Some(deal(900_000, 3));
    it
}

#[test]
fn every_stage_but_the_last_ones_leads_on_and_nothing_leads_out_of_them() {
    for stage in Stage::ALL {
        assert_eq!(STEPS.iter().any(|r| r.from == stage), !stage.is_over(), "{stage:?}");
        assert_eq!(Stage::from_code(stage.code()), Some(stage));
    }
    for row in STEPS {
        assert!(row.to > row.from, "forward only: {:?}", row.step);
    }
    for step in Step::ALL {
        assert_eq!(Step::from_code(step.code()), Some(step));
        for stage in Stage::ALL {
            let there = STEPS.iter().any(|r| r.step == step && r.from == stage);
            assert!(there || advance(&facts(stage), step, NOW).is_err(), "{step:?} from {stage:?}");
        }
    }
}

#[test]
fn the_property_company_signs_no_contract_and_accepts_nothing() {
    for step in Step::ALL {
        assert!(Role::ALL.into_iter().any(|role| takes(role, step)), "somebody takes {step:?}");
        for role in Role::ALL.into_iter().filter(|r| takes(*r, step)) {
            if matches!(step, Step::Contract | Step::Accept | Step::Close | Step::Cancel) {
                assert!(!role.is_property(), "{role:?} {step:?}");
            }
            // Whoever proposes does not conclude.
            assert!(!(step == Step::Accept && takes(role, Step::ShowPlan)), "{role:?}");
        }
    }
    for party in Party::ALL {
        assert_eq!(Party::from_code(party.code()), Some(party));
        for role in Role::ALL {
            assert_eq!(party.fits(&[role]), party.roles().contains(&role), "{party:?} {role:?}");
            assert!(party == Party::Property || !party.fits(&[role, Role::Worker]), "whoever works for the property company stands for it");
        }
    }
}

#[test]
fn a_plan_is_shown_for_its_days_by_a_whole_group() {
    let mut it = facts(Stage::Draft);
    it.group.remove(&Party::Owners);
    assert!(matches!(advance(&it, Step::ShowPlan, NOW), Err(AppError::Closed { zh, .. }) if zh.contains("业主代表")));
    let shown = Facts { shown_since: Some(NOW), ..facts(Stage::PlanShown) };
    assert!(matches!(advance(&shown, Step::Contract, NOW + (7 * DAY - 1)), Err(AppError::Closed { zh, .. }) if zh.contains("7 天")));
    assert_eq!(advance(&shown, Step::Contract, NOW + 7 * DAY), Ok(Stage::UnderWay));
    assert!(advance(&Facts { decided: false, ..shown }, Step::Contract, NOW + 7 * DAY).is_err(), "the owners have not decided yet");
}

#[test]
fn acceptance_names_what_is_missing() {
    let mut it = under_way();
    it.milestones.iter_mut().for_each(|m| m.1 = true);
    it.milestones[2].1 = false;
    assert!(matches!(advance(&it, Step::Finish, NOW), Err(AppError::Closed { zh, .. }) if zh.contains("第 3 个")));
    it.milestones[2].1 = true;
    it.inspections = vec![seen(None, 2, &[Party::Residents])];
    assert!(matches!(advance(&it, Step::Finish, NOW), Err(AppError::Closed { zh, .. }) if zh.contains("2 处整改")));
    it.inspections[0].open = 0;
    it.stage = advance(&it, Step::Finish, NOW).expect("finished");
    assert_eq!(may_sign_off(&it), Ok(()));
    it.signed_off = [Party::Residents, Party::Committee, Party::Property, Party::PartyBranch].into_iter().collect();
    assert!(matches!(advance(&it, Step::Accept, NOW), Err(AppError::Closed { zh, en }) if zh.ends_with("业主代表") && en.ends_with("representative")));
    it.signed_off.insert(Party::Owners);
    assert_eq!(advance(&it, Step::Accept, NOW), Ok(Stage::Accepted));
    assert_eq!(after_inspection(Stage::Acceptance, true), Stage::UnderWay);
    assert_eq!(after_inspection(Stage::Acceptance, false), Stage::Acceptance);
    assert_eq!(after_inspection(Stage::Accepted, true), Stage::Accepted);
    let accepted = Facts { stage: Stage::Accepted, ..it };
    assert!(advance(&accepted, Step::Close, NOW + 399 * DAY).is_err(), "the warranty runs");
    assert_eq!(advance(&accepted, Step::Close, NOW + 400 * DAY), Ok(Stage::Closed));
}

#[test]
fn two_parties_sign_before_a_milestone_counts_and_the_last_inspection_decides() {
    use Party::{Committee, Owners, PartyBranch, Property};
    let mut it = under_way();
    for (parties, good) in [(&[Property][..], false), (&[Property, PartyBranch], false), (&[Owners], false), (&[Property, Owners], true), (&[Owners, Committee], true)] {
        it.inspections = vec![seen(Some(1), 0, parties)];
        assert_eq!(it.passed(1), good, "{parties:?}");
        assert!(!it.passed(2));
    }
    it.inspections.push(seen(Some(1), 1, &[Owners, Committee]));
    assert!(!it.passed(1), "the last one decides");
}

#[test]
fn money_waits_for_its_gate() {
    let mut it = under_way();
    let pay = |it: &Facts, milestone, amount, now| may_pay(it, milestone, Fen(amount), now);
    assert!(pay(&it, Some(1), 1, NOW).is_err(), "not done");
    it.milestones[0].1 = true;
    assert!(pay(&it, Some(1), 1, NOW).is_err(), "not inspected");
    it.inspections = vec![seen(Some(1), 0, &[Party::Owners, Party::Residents])];
    assert_eq!(pay(&it, Some(1), 270_000, NOW), Ok(()));
    for (milestone, amount) in [(Some(1), 270_001), (Some(1), 0), (Some(1), -5), (Some(9), 1), (Some(0), 1), (Some(-3), 1), (Some(i64::MIN), 1)] {
        assert!(pay(&it, milestone, amount, NOW).is_err(), "{milestone:?} {amount}");
    }
    it.payments.push(Payment { milestone: Some(1), amount: Fen(200_000) });
    assert!(matches!(pay(&it, Some(1), 70_001, NOW), Err(AppError::Invalid(f)) if f[0].zh.contains("700.00")));
    // The last one and what was kept back.
    it.milestones.iter_mut().for_each(|m| m.1 = true);
    it.inspections.push(seen(Some(4), 0, &[Party::Owners, Party::Residents]));
    assert!(pay(&it, Some(4), 1, NOW).is_err() && pay(&it, None, 1, NOW).is_err());
    it.stage = Stage::Accepted;
    assert_eq!(pay(&it, Some(4), 243_000, NOW), Ok(()));
    assert!(pay(&it, Some(4), 243_001, NOW).is_err(), "three percent are kept back");
    assert!(pay(&it, None, 27_000, NOW + 399 * DAY).is_err());
    assert_eq!(pay(&it, None, 27_000, NOW + 400 * DAY), Ok(()));
    assert!(pay(&Facts { by_fund: true, ..it.clone() }, Some(1), 1, NOW).is_err());
    assert!(pay(&Facts { stage: Stage::Cancelled, ..it }, Some(1), 1, NOW).is_err());
}

#[test]
fn shares_and_what_is_kept_back() {
    assert_eq!(caps(&deal(111_680_000, 3), &[30, 0, 40, 0, 0, 30]), [33_504_000, 0, 44_672_000, 0, 0, 30_153_600].map(Fen));
    assert_eq!(retention(&deal(111_680_000, 3)), Fen(3_350_400));
    assert_eq!(caps(&deal(101, 0), &[33, 33, 34]), [33, 33, 35].map(Fen));
    assert_eq!(last_paid(&[30, 70, 0]), Some(1));
    assert_eq!(last_paid(&[]), None);
}

#[test]
fn a_group_has_everybody_once() {
    let seat = |n: u128, party| Seat { person: PersonId(Uuid::from_u128(n)), party };
    let whole: Vec<Seat> = (1..).zip(Party::ALL).map(|(n, p)| seat(n, p)).collect();
    assert_eq!(judge_seats(&whole, |_| true), Ok(()));
    assert!(judge_seats(&whole, |s| s.party != Party::Owners).is_err());
    assert!(matches!(judge_seats(&whole[..4], |_| true), Err(AppError::Invalid(f)) if f[0].zh.contains("业主代表")));
    let with = |more: Seat| whole.iter().copied().chain([more]).collect::<Vec<_>>();
    assert!(judge_seats(&with(seat(9, Party::PartyBranch)), |_| true).is_err(), "one leader");
    assert!(judge_seats(&with(seat(2, Party::Owners)), |_| true).is_err(), "one person, one party");
    assert_eq!(judge_seats(&with(seat(9, Party::Owners)), |_| true), Ok(()));
}

fn inspect(items: &[(Verdict, &str)], words: &str, milestone: Option<i64>) -> Inspect {
    let items = items.iter().map(|(verdict, note)| Item { verdict: *verdict, note: (*note).into() }).collect();
    Inspect { project: Uuid::nil(), milestone, items, words: words.into(), mend_days: None, photos: vec![] }
}

#[test]
fn an_inspection_judges_every_item_and_says_what_fails() {
    let it = under_way();
    let good = [(Verdict::Pass, ""), (Verdict::NotApplicable, "")];
    assert!(judge_inspection(&it, 2, &inspect(&good, " 一切正常 ", None)).is_ok_and(|i| i.words == "一切正常"));
    assert!(judge_inspection(&it, 3, &inspect(&good, "一切正常", None)).is_err(), "every item");
    assert!(judge_inspection(&it, 2, &inspect(&good, "", None)).is_err());
    assert!(judge_inspection(&it, 2, &inspect(&good, "一切正常", Some(1))).is_err(), "not done yet");
    assert!(judge_inspection(&it, 2, &inspect(&good, "一切正常", Some(7))).is_err());
    assert!(judge_inspection(&it, 1, &inspect(&[(Verdict::Fail, " ")], "有问题", None)).is_err());
    assert!(judge_inspection(&it, 1, &inspect(&[(Verdict::Fail, "线没有套管")], "有问题", None)).is_ok());
    assert!(judge_inspection(&it, 1, &Inspect { mend_days: Some(0), ..inspect(&[(Verdict::Pass, "")], "一切正常", None) }).is_err());
    assert!(matches!(judge_inspection(&facts(Stage::Draft), 2, &inspect(&good, "一切正常", None)), Err(AppError::Closed { .. })));
}

fn plan() -> Plan {
    let milestone = |name: &str, due: &str, share| MilestonePlan { name: name.into(), due: due.into(), share };
    Plan {
        title: "监控更新".into(),
        why: "旧的坏了".into(),
        works: "全小区".into(),
        places: vec![],
        source: Source::CommonIncome,
        lines: vec![BudgetLine { name: "摄像头".into(), amount: Fen(60_000) }, BudgetLine { name: "布线".into(), amount: Fen(40_000) }],
        milestones: vec![milestone("布线", "2027-02-01", 30), milestone("安装", "2027-03-01", 70)],
        checklist: vec!["线缆整齐".into()],
        assets: vec![],
    }
}

#[test]
fn a_plan_is_judged_all_at_once() {
    assert_eq!(parse(&plan(), 480), Ok(plan()));
    assert_eq!(plan().budget(), Fen(100_000));
    let mut bad = Plan { title: "x".into(), why: String::new(), works: "\u{0}".into(), lines: vec![], checklist: vec![], ..plan() };
    bad.milestones[0].share = 31;
    let Err(AppError::Invalid(wrong)) = parse(&bad, 480) else { panic!("it is bad") };
    let fields: Vec<&str> = wrong.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(fields, ["title", "why", "works", "lines", "milestones", "checklist"]);
    let mut backwards = plan();
    backwards.milestones[1].due = "2027-01-01".into();
    assert!(parse(&backwards, 480).is_err());
    let mut huge = plan();
    huge.lines[0].amount = Fen(i64::MAX);
    assert!(parse(&huge, 480).is_err());
}

#[test]
fn a_contract_stays_within_what_was_shown() {
    let contract =
        Contract { number: "HT-1".into(), contractor: "上海某公司".into(), amount: Fen(100_000), day: "2027-01-10".into(), warranty: "2029-01-10".into(), retention: 3 };
    let judge = |c: &Contract| parse_contract(c, &plan(), &Limits::default(), 480, NOW);
    assert_eq!(judge(&contract), Ok(contract.clone()));
    let first = |c: Contract| match judge(&c) {
        Err(AppError::Invalid(f)) => f[0].field.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(first(Contract { amount: Fen(100_001), ..contract.clone() }), "amount");
    assert_eq!(first(Contract { retention: 4, ..contract.clone() }), "retention");
    assert_eq!(first(Contract { day: "2027-01-17".into(), ..contract.clone() }), "day");
    assert_eq!(first(Contract { warranty: "2027-01-10".into(), ..contract.clone() }), "warranty");
    assert_eq!(first(Contract { number: " ".into(), ..contract }), "contract_number");
}

#[test]
fn words_are_asked_for_where_they_matter() {
    for step in Step::ALL {
        let none = tidy(step, &Paper::default());
        assert_eq!(none.is_err(), matches!(step, Step::Finish | Step::Accept | Step::Close | Step::Cancel), "{step:?}");
    }
}

#[test]
fn the_next_inspection_is_counted_from_the_last() {
    let limits = Limits::default();
    assert_eq!(next_inspection(Stage::UnderWay, None, Some(NOW), &limits), Some(NOW + limits.inspect_days * DAY));
    assert_eq!(next_inspection(Stage::UnderWay, Some(NOW + DAY), Some(NOW), &limits), Some(NOW + (limits.inspect_days + 1) * DAY));
    assert_eq!(next_inspection(Stage::Accepted, Some(NOW), Some(NOW), &limits), None);
    assert_eq!(next_inspection(Stage::UnderWay, None, None, &limits), None);
}

/// Something that somebody tries.
#[derive(Clone, Copy, Debug)]
enum Try {
    Step(Step),
    Contract(i64, i64),
    Reach(usize),
    Inspect(Option<i64>, usize, Party),
    Sign(usize, Party),
    Mend(usize),
    SignOff(Party),
    Pay(Option<i64>, i64),
    Wait(i64),
}

fn party() -> impl Strategy<Value = Party> {
    prop::sample::select(Party::ALL.to_vec())
}

fn tries() -> impl Strategy<Value = Try> {
    let which = prop::option::of(0i64..6);
    prop_oneof![
        3 => prop::sample::select(Step::ALL.to_vec()).prop_filter("kept apart", |s| !matches!(s, Step::Contract | Step::Cancel)).prop_map(Try::Step),
        1 => Just(Try::Step(Step::Finish)),
        1 => (1i64..1_200_000, 0i64..5).prop_map(|(amount, percent)| Try::Contract(amount, percent)),
        4 => (0usize..4).prop_map(Try::Reach),
        6 => (which.clone(), prop::sample::select(vec![0usize, 0, 0, 1]), party()).prop_map(|(m, open, p)| Try::Inspect(m, open, p)),
        6 => (0usize..20, party()).prop_map(|(i, p)| Try::Sign(i, p)),
        4 => (0usize..20).prop_map(Try::Mend),
        4 => party().prop_map(Try::SignOff),
        8 => (which, 1i64..500_000).prop_map(|(m, amount)| Try::Pay(m, amount)),
        2 => (0i64..500).prop_map(Try::Wait),
    ]
}

fn run(it: &mut Facts, act: Try, now: &mut Time) {
    match act {
        Try::Wait(days) => *now = *now + days * DAY,
        Try::Step(step) => {
            if let Ok(stage) = advance(it, step, *now) {
                it.stage = stage;
                if stage == Stage::PlanShown {
                    it.shown_since = Some(*now);
                }
            }
        }
        Try::Contract(amount, percent) => {
            if amount <= it.budget.0
                && percent <= it.limits.retention_most
                && let Ok(stage) = advance(it, Step::Contract, *now)
            {
                it.stage = stage;
                it.deal = Some(Deal { amount: Fen(amount), retention: percent, warranty_over: *now + 365 * DAY });
            }
        }
        Try::Reach(i) => {
            if it.stage == Stage::UnderWay {
                it.milestones[i].1 = true;
            }
        }
        Try::Inspect(milestone, open, party) => {
            let verdict = if open > 0 { (Verdict::Fail, "不好") } else { (Verdict::Pass, "") };
            if judge_inspection(it, 1, &inspect(&[verdict], "看过了", milestone)).is_ok() {
                it.inspections.push(seen(milestone, open, &[party]));
                let stage = after_inspection(it.stage, open > 0);
                if stage != it.stage {
                    it.signed_off.clear();
                }
                it.stage = stage;
            }
        }
        Try::Sign(i, party) => {
            if let Some(seen) = it.inspections.get_mut(i) {
                seen.parties.insert(party);
            }
        }
        Try::Mend(i) => {
            if let Some(seen) = it.inspections.get_mut(i) {
                seen.open = 0;
            }
        }
        Try::SignOff(party) => {
            if may_sign_off(it).is_ok() {
                it.signed_off.insert(party);
            }
        }
        Try::Pay(milestone, amount) => {
            if may_pay(it, milestone, Fen(amount), *now).is_ok() {
                it.payments.push(Payment { milestone, amount: Fen(amount) });
            }
        }
    }
}

proptest! {
    #[test]
    fn shares_and_what_is_kept_back_are_the_contract(amount in 1i64..10_000_000_000, a in 0i64..=100, b in 0i64..=100, percent in 0i64..=20) {
        let (a, b) = (a.min(100), b.min(100 - a.min(100)));
        let shares = [a, b, 100 - a - b];
        let deal = Deal { amount: Fen(amount), retention: percent.min(shares[last_paid(&shares).expect("one has a share")]), warranty_over: NOW };
        let caps = caps(&deal, &shares);
        let sum: Fen = caps.iter().copied().sum();
        prop_assert!(caps.iter().all(|c| c.0 >= 0));
        prop_assert_eq!(sum.0 + retention(&deal).0, amount);
    }

    /// Whatever is tried, in whatever order and at whatever time: nothing is paid before its gate, what was paid is never
    /// more than the contract, that never more than the budget, and nothing is accepted that four parties did not sign.
    #[test]
    fn no_sequence_pays_too_early_or_too_much(start in 0usize..4, acts in prop::collection::vec(tries(), 0..160)) {
        // Few sequences find the whole way by chance: most begin further on.
        let mut it = if start == 0 { facts(Stage::Draft) } else { under_way() };
        let signed = [Party::Residents, Party::Owners];
        if start > 1 {
            it.milestones.iter_mut().for_each(|m| m.1 = true);
            it.inspections = (1..=4).map(|n| seen(Some(n), 0, &signed)).collect();
        }
        if start > 2 {
            it.stage = Stage::Acceptance;
            it.signed_off = signed.into_iter().collect();
        }
        let mut now = NOW;
        let mut shown = (start > 0).then(|| now + -(7 * DAY));
        for act in acts {
            let before = it.clone();
            run(&mut it, act, &mut now);
            let paid: Fen = it.payments.iter().map(|p| p.amount).sum();
            let contract = it.deal.map_or(Fen(0), |d| d.amount);
            prop_assert!(paid <= contract && contract <= it.budget);
            shown = shown.or(it.shown_since);
            if before.deal.is_none() && it.deal.is_some() {
                prop_assert!(shown.is_some_and(|at| now - at >= 7 * DAY));
            }
            if it.payments.len() > before.payments.len() {
                let deal = before.deal.expect("a contract");
                let shares: Vec<i64> = before.milestones.iter().map(|m| m.0).collect();
                match it.payments.last().and_then(|p| p.milestone) {
                    Some(n) => {
                        let i = usize::try_from(n - 1).expect("a milestone");
                        prop_assert!(before.milestones[i].1 && before.passed(n));
                        prop_assert!(paid_for(&it.payments, Some(n)) <= caps(&deal, &shares)[i]);
                        prop_assert!(Some(i) != last_paid(&shares) || before.stage == Stage::Accepted);
                    }
                    None => prop_assert!(before.stage == Stage::Accepted && now >= deal.warranty_over && paid_for(&it.payments, None) <= retention(&deal)),
                }
            }
            if before.stage != Stage::Accepted && it.stage == Stage::Accepted {
                prop_assert!(before.missing().is_empty() && before.open_defects() == 0 && before.milestones.iter().all(|m| m.1));
            }
        }
    }
}
