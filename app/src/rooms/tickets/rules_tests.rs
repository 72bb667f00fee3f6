//! The state machine, tried from every side.

use super::model::*;
use super::rules::*;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{PersonId, PhotoId, QuoteId, TicketId};
use crate::measure::{DAY, Fen, Time};
use crate::rooms::people::model::Role;
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Time = Time(1_800_000_000_000);

fn facts(state: State) -> Facts {
    Facts {
        state,
        resume_to: Some(State::InProgress),
        finished_at: Some(NOW + -DAY),
        before_spots: vec![0],
        after_spots: vec![],
        photo_count: 1,
        open_tier: Some(Tier::Committee),
        by_visitor: false,
        by_staff: false,
        part: Part::Common,
        urgent: false,
        spent: Fen(0),
        approved: Fen(10_000_000),
        year: Fen(0),
        limits: Limits::default(),
    }
}

fn actor(role: Role) -> Actor {
    Actor { role: Some(role), is_reporter: false, is_assignee: role == Role::Worker, is_staff: role.is_property() }
}

fn reporter() -> Actor {
    Actor { role: Some(Role::Owner), is_reporter: true, is_assignee: false, is_staff: false }
}

fn photo(spot: u8, after: bool) -> SpotPhoto {
    SpotPhoto { photo: PhotoId(Uuid::nil()), spot, after }
}

fn line(quantity: i64, yuan: i64) -> QuoteLine {
    QuoteLine { labour: false, name: "防腐木".into(), quantity, unit_price: Fen(yuan * 100) }
}

fn all_steps() -> Vec<Step> {
    let reason = || "原因".to_owned();
    vec![
        Step::Accept { part: Part::Common },
        Step::Return { reason: reason() },
        Step::Resubmit { reason: reason() },
        Step::Assign { worker: PersonId(Uuid::nil()) },
        Step::Schedule { at: NOW },
        Step::Arrive,
        Step::Pause { reason: reason() },
        Step::Resume,
        Step::Quote(Quote::of(vec![line(6, 1_000)])),
        Step::Approve { quote: QuoteId(Uuid::nil()) },
        Step::Decline { quote: QuoteId(Uuid::nil()), reason: reason() },
        Step::AddPhotos { photos: vec![photo(0, true)] },
        Step::Finish { note: String::new(), photos: vec![photo(0, true)] },
        Step::Confirm,
        Step::Reject { reason: reason() },
        Step::Rate { stars: 5, words: String::new() },
        Step::Reopen { reason: reason() },
        Step::Withdraw { reason: reason() },
        Step::Merge { into: TicketId(Uuid::nil()) },
        Step::Archive,
        Step::Settle { lines: vec![line(6, 1_000)] },
    ]
}

#[test]
fn every_move_has_one_row() {
    for step in all_steps() {
        assert_eq!(TABLE.iter().filter(|r| r.step == step.kind()).count(), 1, "{step:?}");
    }
    assert_eq!(TABLE.len(), all_steps().len());
}

#[test]
fn the_whole_way_of_a_ticket() {
    let way = [
        (Role::Dispatcher, Step::Accept { part: Part::Common }, State::Accepted),
        (Role::Dispatcher, Step::Assign { worker: PersonId(Uuid::nil()) }, State::Dispatched),
        (Role::Worker, Step::Arrive, State::InProgress),
        (Role::PropertyManager, Step::Quote(Quote::of(vec![line(6, 1_000)])), State::AwaitingApproval),
        (Role::CommitteeMember, Step::Approve { quote: QuoteId(Uuid::nil()) }, State::InProgress),
        (Role::Worker, Step::Pause { reason: "等木料".into() }, State::AwaitingMaterial),
        (Role::Worker, Step::Resume, State::InProgress),
        (Role::Worker, Step::Finish { note: "换好了".into(), photos: vec![photo(0, true)] }, State::AwaitingCheck),
    ];
    let mut state = State::Received;
    for (role, step, to) in way {
        state = judge(&step, actor(role), &facts(state), NOW).expect("allowed");
        assert_eq!(state, to, "{step:?}");
    }
    let reporter = reporter();
    assert_eq!(judge(&Step::Confirm, reporter, &facts(state), NOW), Ok(State::Done));
    assert_eq!(judge(&Step::Rate { stars: 5, words: "快".into() }, reporter, &facts(State::Done), NOW), Ok(State::Rated));
}

#[test]
fn only_the_right_person_moves_a_ticket() {
    for step in all_steps() {
        let row = row(step.kind());
        for role in Role::ALL {
            for from in row.from {
                let verdict = judge(&step, actor(role), &facts(*from), NOW);
                let desk = matches!(role, Role::PropertyManager | Role::Dispatcher);
                let may = match row.who {
                    Who::Desk => desk,
                    Who::Crew => desk || role == Role::Worker,
                    Who::Committee => role.is_committee(),
                    Who::Reporter | Who::Rater | Who::Checker | Who::Clock => false,
                };
                assert_eq!(verdict != Err(AppError::Forbidden), may, "{role:?} {step:?} from {from:?}");
            }
        }
    }
}

#[test]
fn a_worker_touches_only_his_own_jobs() {
    let stranger = Actor { is_assignee: false, ..actor(Role::Worker) };
    assert_eq!(judge(&Step::Arrive, stranger, &facts(State::Dispatched), NOW), Err(AppError::Forbidden));
}

#[test]
fn done_needs_a_photo_of_each_spot() {
    let mut f = facts(State::InProgress);
    f.before_spots = vec![0, 1];
    let finish = |photos| Step::Finish { note: String::new(), photos };
    assert!(matches!(judge(&finish(vec![photo(0, true)]), actor(Role::Worker), &f, NOW), Err(AppError::Invalid(_))));
    assert!(judge(&finish(vec![photo(0, true), photo(1, true)]), actor(Role::Worker), &f, NOW).is_ok());
    f.after_spots = vec![1];
    assert!(judge(&finish(vec![photo(0, true)]), actor(Role::Worker), &f, NOW).is_ok());
    // A report in words alone still needs one picture of the repaired thing.
    f.before_spots.clear();
    f.after_spots.clear();
    assert!(judge(&finish(vec![]), actor(Role::Worker), &f, NOW).is_err());
}

#[test]
fn reopening_ends_after_seven_days() {
    let reporter = reporter();
    let step = Step::Reopen { reason: "又松了".into() };
    let mut f = facts(State::Rated);
    f.finished_at = Some(NOW + -Limits::default().reopen);
    assert_eq!(judge(&step, reporter, &f, NOW), Ok(State::Rework));
    f.finished_at = Some(NOW + (-Limits::default().reopen - 1));
    assert!(matches!(judge(&step, reporter, &f, NOW), Err(AppError::Closed { .. })));
    let clock = Actor { role: None, is_reporter: false, is_assignee: false, is_staff: false };
    assert_eq!(judge(&Step::Archive, clock, &f, NOW), Ok(State::Archived));
}

#[test]
fn small_quotes_do_not_stop_the_work_and_large_ones_are_not_for_the_committee() {
    let quote = |yuan| Step::Quote(Quote::of(vec![line(1, yuan)]));
    assert_eq!(judge(&quote(2_000), actor(Role::Dispatcher), &facts(State::InProgress), NOW), Ok(State::InProgress));
    assert_eq!(judge(&quote(2_001), actor(Role::Dispatcher), &facts(State::InProgress), NOW), Ok(State::AwaitingApproval));
    let mut f = facts(State::AwaitingApproval);
    f.open_tier = Some(tier(Fen(2_000_100), &f));
    let approve = Step::Approve { quote: QuoteId(Uuid::nil()) };
    assert!(matches!(judge(&approve, actor(Role::CommitteeDirector), &f, NOW), Err(AppError::Closed { .. })));
    assert!(!moves(actor(Role::CommitteeDirector), &f, NOW).contains(&Move::Approve));
}

#[test]
fn a_job_is_not_split_and_only_the_owners_money_needs_their_word() {
    let yuan = |yuan: i64| Fen(yuan * 100);
    // Amount, approved before, part, who decides.
    let cases = [
        (2_000, 0, Part::Common, Tier::Property),
        (2_001, 0, Part::Common, Tier::Committee),
        (1_000, 1_001, Part::Common, Tier::Committee),
        (20_000, 0, Part::PartlyCommon, Tier::Committee),
        (1_000, 19_001, Part::PartlyCommon, Tier::Affected),
        (20_001, 0, Part::PartlyCommon, Tier::Affected),
        (20_001, 0, Part::Common, Tier::Owners),
        (20_001, 0, Part::Garage, Tier::Owners),
        (5_000, 0, Part::Garage, Tier::Committee),
        (50_000, 0, Part::Own, Tier::Payer),
        (50_000, 0, Part::Utility, Tier::Payer),
        (50_000, 0, Part::Warranty, Tier::Payer),
        (50_000, 9_000, Part::Damage, Tier::Payer),
    ];
    for (amount, spent, part, who) in cases {
        let f = Facts { part, spent: yuan(spent), ..facts(State::InProgress) };
        assert_eq!(tier(yuan(amount), &f), who, "{amount} after {spent} for {part:?}");
        let to = judge(&Step::Quote(Quote::of(vec![line(1, amount)])), actor(Role::Dispatcher), &f, NOW);
        assert_eq!(to, Ok(if who.must_wait() { State::AwaitingApproval } else { State::InProgress }));
    }
    // The community's own amounts count, and are shown.
    let mut f = facts(State::InProgress);
    f.limits.property_max = yuan(500);
    assert_eq!(tier(yuan(501), &f), Tier::Committee);
    assert_eq!(Tier::Property.label(Lang::Zh, &f.limits), "500 元以内，物业直接处理");
}

/// What a repair needs, by what the committee decided this year before.
#[test]
fn above_the_committees_year_the_owners_decide() {
    let yuan = |yuan: i64| Fen(yuan * 100);
    // Amount, decided this year, approved at the spot, part, who decides, why the owners.
    let cases = [
        (5_000, 95_000, 0, Part::Common, Tier::Committee, None),
        (5_001, 95_000, 0, Part::Common, Tier::Owners, Some(Cause::Year)),
        (5_001, 95_000, 0, Part::PartlyCommon, Tier::Affected, Some(Cause::Year)),
        (2_000, 100_000, 0, Part::Common, Tier::Property, None),
        (2_000, 100_000, 1, Part::Common, Tier::Owners, Some(Cause::Year)),
        (20_001, 0, 0, Part::Common, Tier::Owners, Some(Cause::Amount)),
        (90_000, 100_000, 0, Part::Warranty, Tier::Payer, None),
    ];
    for (amount, year, spent, part, who, because) in cases {
        let f = Facts { part, year: yuan(year), spent: yuan(spent), ..facts(State::InProgress) };
        assert_eq!((tier(yuan(amount), &f), cause(yuan(amount), &f)), (who, because), "{amount} after {year} for {part:?}");
        for lang in [Lang::Zh, Lang::En] {
            assert!(!why(lang, who, part, &Grounds::of(yuan(amount), &f, None)).is_empty());
        }
    }
}

#[test]
fn an_emergency_is_urgent_has_its_paper_and_is_for_the_committee() {
    use crate::rooms::fund::rules::EmergencyCase as E;
    let quote = |case, paper: &str| Quote { emergency: Some(Urgent { case, paper: paper.into() }), ..Quote::of(vec![line(1, 60_000)]) };
    // Case, paper, urgent, photos, good.
    let cases = [
        (E::Facade, "沪房鉴 12", true, 1, true),
        (E::Facade, "", true, 1, false),
        (E::Facade, "沪房鉴 12", true, 0, false),
        (E::Facade, "沪房鉴 12", false, 1, false),
        (E::Pump, "", true, 0, true),
    ];
    for (case, paper, urgent, photo_count, good) in cases {
        let f = Facts { urgent, photo_count, ..facts(State::InProgress) };
        let verdict = judge(&Step::Quote(quote(case, paper)), actor(Role::Dispatcher), &f, NOW);
        assert_eq!(verdict.is_ok(), good, "{case:?} {paper} {urgent} {photo_count}");
    }
    let f = Facts { urgent: true, ..facts(State::InProgress) };
    assert_eq!(tier_of(&quote(E::Facade, "沪房鉴 12"), &f), Tier::Emergency);
    let warranty = Facts { part: Part::Warranty, ..f };
    assert_eq!(tier_of(&quote(E::Facade, "沪房鉴 12"), &warranty), Tier::Payer, "whoever pays decides, urgent or not");
}

#[test]
fn several_offers_need_names_a_choice_and_a_reason() {
    let offer = |supplier: &str, yuan| Offer { supplier: supplier.into(), lines: vec![line(1, yuan)] };
    let good = Quote { offers: vec![offer("甲公司", 3_000), offer("乙公司", 2_500)], recommended: 0, why: "有现货".into(), ..Quote::default() };
    let f = facts(State::InProgress);
    let verdict = |quote: Quote| judge(&Step::Quote(quote), actor(Role::Dispatcher), &f, NOW);
    assert_eq!(verdict(good.clone()), Ok(State::AwaitingApproval));
    let wrong = [
        Quote { offers: vec![offer("甲公司", 3_000)], ..good.clone() },
        Quote { offers: vec![offer("甲公司", 1); 6], ..good.clone() },
        Quote { offers: vec![offer("甲公司", 3_000), offer(" 甲公司", 2_500)], ..good.clone() },
        Quote { offers: vec![offer("甲公司", 3_000), offer("", 2_500)], ..good.clone() },
        Quote { recommended: 2, ..good.clone() },
        Quote { why: " ".into(), ..good.clone() },
    ];
    for quote in wrong {
        assert!(matches!(verdict(quote.clone()), Err(AppError::Invalid(_))), "{quote:?}");
    }
    // An old envelope knows lines alone, and is written as it was.
    let old = r#"{"step":"quote","lines":[{"labour":false,"name":"木","quantity":1,"unit_price":100}]}"#;
    let step: Step = serde_json::from_str(old).expect("reads");
    assert_eq!(serde_json::to_string(&step).expect("writes"), old);
}

#[test]
fn a_bill_is_at_most_what_was_approved() {
    for (yuan, approved, good) in [(1_000, 1_000, true), (1_001, 1_000, false), (1, 0, false)] {
        let f = Facts { approved: Fen(approved * 100), ..facts(State::Done) };
        let settle = Step::Settle { lines: vec![line(1, yuan)] };
        assert_eq!(judge(&settle, actor(Role::Dispatcher), &f, NOW).is_ok(), good, "{yuan} of {approved}");
        assert_eq!(judge(&settle, actor(Role::CommitteeMember), &f, NOW), Err(AppError::Forbidden));
        assert_eq!(moves(actor(Role::Dispatcher), &f, NOW).contains(&Move::Settle), approved > 0);
    }
}

#[test]
fn a_committee_checks_only_where_no_reporter_does() {
    let step = Step::Confirm;
    // By a visitor, by the property company, days since it was finished; and whether a committee may check.
    for (by_visitor, by_staff, days, may) in [(false, false, 1, false), (true, false, 1, true), (false, true, 1, true), (false, false, 3, true)] {
        let f = Facts { by_visitor, by_staff, finished_at: Some(NOW + -days * DAY), ..facts(State::AwaitingCheck) };
        for role in [Role::CommitteeMember, Role::CommitteeDirector, Role::ResidentsCommittee] {
            let verdict = if may { Ok(State::Done) } else { Err(AppError::Forbidden) };
            assert_eq!(judge(&step, actor(role), &f, NOW), verdict, "{role:?} {by_visitor} {by_staff} {days}");
        }
        assert_eq!(judge(&step, reporter(), &f, NOW), Ok(State::Done));
    }
}

#[test]
fn the_property_company_does_not_judge_its_own_work() {
    let steps = [
        (State::AwaitingCheck, Step::Confirm),
        (State::AwaitingCheck, Step::Rate { stars: 5, words: String::new() }),
        (State::Done, Step::Rate { stars: 5, words: String::new() }),
    ];
    for (state, step) in steps {
        let f = Facts { by_staff: true, ..facts(state) };
        let mut tries: Vec<Actor> = Role::ALL.into_iter().filter(|r| r.is_property()).map(|role| Actor { is_reporter: true, ..actor(role) }).collect();
        // A worker who reported it, and changes hats to be an owner, is still the worker.
        tries.push(Actor { is_staff: true, ..reporter() });
        tries.push(Actor { is_assignee: true, ..reporter() });
        for who in tries {
            assert_eq!(judge(&step, who, &f, NOW), Err(AppError::Forbidden), "{who:?} {step:?}");
        }
    }
}

#[test]
fn a_visit_is_arranged_within_the_horizon() {
    let f = facts(State::Accepted);
    for (at, good) in [(NOW, true), (NOW + -1, false), (NOW + f.limits.appointment, true), (NOW + (f.limits.appointment + 1), false)] {
        assert_eq!(judge(&Step::Schedule { at }, actor(Role::Dispatcher), &f, NOW).is_ok(), good);
    }
}

#[test]
fn wrong_words_and_numbers_are_named() {
    let dispatcher = actor(Role::Dispatcher);
    for step in [Step::Return { reason: "  ".into() }, Step::Return { reason: "长".repeat(501) }, Step::Return { reason: "a\u{202E}b".into() }] {
        assert!(matches!(judge(&step, dispatcher, &facts(State::Received), NOW), Err(AppError::Invalid(_))), "{step:?}");
    }
    for lines in [vec![], vec![line(0, 5)], vec![line(1, 0)], vec![line(1, 5); 31], vec![line(1, -5)]] {
        let step = Step::Quote(Quote::of(lines));
        assert!(matches!(judge(&step, dispatcher, &facts(State::Accepted), NOW), Err(AppError::Invalid(_))), "{step:?}");
    }
    let reporter = reporter();
    for stars in [0, 6] {
        assert!(judge(&Step::Rate { stars, words: String::new() }, reporter, &facts(State::Done), NOW).is_err());
    }
}

fn any_state() -> impl Strategy<Value = State> {
    (0..State::ALL.len()).prop_map(|i| State::ALL[i])
}

proptest! {
    /// What the page offers is what the rules allow, and what they allow from a state is in the table.
    #[test]
    fn offers_and_verdicts_agree(state in any_state(), role in 0..Role::ALL.len(), is_reporter: bool, is_assignee: bool, age in 0i64..20) {
        let who = Actor { role: Some(Role::ALL[role]), is_reporter, is_assignee, is_staff: Role::ALL[role].is_property() };
        let mut f = facts(state);
        f.finished_at = Some(NOW + -age * DAY);
        let offered = moves(who, &f, NOW);
        for step in all_steps() {
            let verdict = judge(&step, who, &f, NOW);
            prop_assert_eq!(offered.contains(&step.kind()), verdict.is_ok(), "{:?} {:?}", step, verdict);
        }
    }

    /// From any state, some way leads to an end: nothing is stuck for ever.
    #[test]
    fn every_ticket_can_end(start in any_state()) {
        let mut reach = vec![start];
        for _ in 0..State::ALL.len() {
            for row in TABLE {
                if row.from.iter().any(|s| reach.contains(s)) {
                    reach.extend(row.to.or(Some(State::InProgress)));
                }
            }
            reach.dedup();
        }
        prop_assert!(reach.iter().any(|s| matches!(s, State::Archived | State::Merged | State::Withdrawn)));
    }
}
