//! Eligibility as a table, the parties' turns, terms.

use super::model::{Band, BandRule, CarState, Open, Stage, Verdict};
use super::rules::*;
use crate::error::AppError;
use crate::measure::{DAY, Fen, Time};
use crate::rooms::people::model::Role;
use proptest::prelude::*;
use uuid::Uuid;

fn good(band: Band) -> Facts {
    Facts { band, live: true, open: true, resident: true, owner_lives: true, car: Some(CarState::Confirmed), car_taken: false, held: 0, before: 0, quota: 2 }
}

#[test]
fn who_may_have_a_bay_and_why_not() {
    let (b1, b2, b3, b4) = (good(Band::Owner), good(Band::Tenant), good(Band::Second), good(Band::Outside));
    let table = [
        (b1, Verdict::Eligible),
        (b2, Verdict::Eligible),
        (Facts { held: 1, ..b3 }, Verdict::Eligible),
        (Facts { before: 1, ..b3 }, Verdict::Eligible),
        (b4, Verdict::Eligible),
        (Facts { live: false, ..b1 }, Verdict::Withdrawn),
        (Facts { open: false, ..b4 }, Verdict::BandClosed),
        (Facts { resident: false, ..b2 }, Verdict::NotResident),
        (Facts { car: None, ..b1 }, Verdict::NoCar),
        (Facts { car: Some(CarState::Removed), ..b1 }, Verdict::NoCar),
        (Facts { car: Some(CarState::Pending), ..b1 }, Verdict::CarPending),
        (Facts { car: Some(CarState::Refused), ..b4 }, Verdict::CarRefused),
        (Facts { car_taken: true, ..b1 }, Verdict::CarTaken),
        (Facts { owner_lives: false, ..b1 }, Verdict::NotLiving),
        (Facts { owner_lives: false, ..b2 }, Verdict::Eligible),
        (Facts { held: 1, ..b1 }, Verdict::HoldsBay),
        (Facts { held: 1, ..b2 }, Verdict::HoldsBay),
        (Facts { before: 1, ..b2 }, Verdict::OwnerFirst),
        (b3, Verdict::FirstCar),
        (Facts { held: 2, ..b3 }, Verdict::Quota),
        (Facts { held: 1, before: 1, ..b3 }, Verdict::Quota),
        (Facts { before: 1, quota: 1, ..b3 }, Verdict::Quota),
        (Facts { held: 1, quota: 1, ..b1 }, Verdict::HoldsBay),
    ];
    for (facts, verdict) in table {
        assert_eq!(judge(&facts), verdict, "{facts:?}");
    }
    assert!(Verdict::ALL.iter().filter(|v| v.listed()).count() == 2);
}

#[test]
fn the_band_follows_from_the_role() {
    for (role, lives, second, band) in [
        (Role::Owner, true, false, Band::Owner),
        (Role::Owner, false, false, Band::Owner),
        (Role::Tenant, true, false, Band::Tenant),
        (Role::Household, true, false, Band::Owner),
        (Role::Household, false, false, Band::Tenant),
        (Role::Tenant, false, true, Band::Second),
        (Role::Owner, true, true, Band::Second),
    ] {
        assert_eq!(band_of(side_of(role, lives), second), band, "{role:?} {lives} {second}");
    }
}

#[test]
fn waiting_counts_back_to_the_last_offer_and_has_a_cap() {
    assert_eq!(waited(&[], 3), 0);
    assert_eq!(waited(&[false, false, true, false], 3), 2);
    assert_eq!(waited(&[true, false], 3), 0);
    assert_eq!(waited(&[false; 5], 3), 3);
}

#[test]
fn parties_speak_in_their_turn() {
    let names = |all: &[&str]| all.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    let (two, three) = (names(&["YWH", "JWH"]), names(&["YWH", "JWH", "OWNER1"]));
    assert!(!parties_complete(&two) && !parties_complete(&names(&["YWH", "OWNER1", "OWNER2"])) && parties_complete(&three));
    let at = Time(1_000_000);
    assert!(may_reveal(&two, at, at + -1).is_err() && may_reveal(&three, at, at).is_err() && may_reveal(&three, at, at + -1).is_ok());
    assert!(may_draw(&two, at, at).is_err() && may_draw(&three, at, at + -1).is_err() && may_draw(&three, at, at).is_ok());
    assert_eq!(party_name(Role::CommitteeMember, 0).as_deref(), Some("YWH"));
    assert_eq!(party_name(Role::OwnersRepresentative, 1).as_deref(), Some("OWNER2"));
    assert_eq!((party_name(Role::OwnersRepresentative, 3), party_name(Role::PropertyManager, 0)), (None, None));
}

#[test]
fn a_round_is_opened_with_everything_that_it_needs() {
    let now = Time(1_700_000_000_000);
    let rule = |band, months| BandRule { band, months, fee: Fen(30_000) };
    let open = Open {
        title: "地面 60 个车位".into(),
        source: "业主大会 2026-03".into(),
        days: 14,
        quota: 2,
        bands: vec![rule(Band::Owner, 12), rule(Band::Outside, 1)],
        bays: vec![Uuid::from_u128(1), Uuid::from_u128(2)],
        public_name: "福彩双色球 2026012 期".into(),
        public_at: now + 30 * DAY,
    };
    assert!(judge_open(&open, 7, now).is_ok());
    let wrong = [
        ("title", Open { title: "x".into(), ..open.clone() }),
        ("source", Open { source: String::new(), ..open.clone() }),
        ("days", Open { days: 0, ..open.clone() }),
        ("public_at", Open { public_at: now + 21 * DAY, ..open.clone() }),
        ("public_at", Open { public_at: now + 400 * DAY, ..open.clone() }),
        ("quota", Open { quota: 0, ..open.clone() }),
        ("bands", Open { bands: vec![], ..open.clone() }),
        ("bands", Open { bands: vec![rule(Band::Outside, 12)], ..open.clone() }),
        ("bands", Open { bands: vec![rule(Band::Owner, 12), rule(Band::Owner, 6)], ..open.clone() }),
        ("bands", Open { bands: vec![BandRule { fee: Fen(-1), ..rule(Band::Owner, 12) }], ..open.clone() }),
        ("bays", Open { bays: vec![], ..open.clone() }),
        ("bays", Open { bays: vec![Uuid::from_u128(1); 2], ..open.clone() }),
        ("public_name", Open { public_name: "x".into(), ..open.clone() }),
        ("public_name", Open { public_name: "下一期双色球".into(), ..open.clone() }),
    ];
    for (field, wrong) in wrong {
        assert!(matches!(judge_open(&wrong, 7, now), Err(AppError::Invalid(f)) if f.len() == 1 && f[0].field == field), "{field}");
    }
    assert_eq!(round_number("xiang-he", 2026, 3), "XIANGHE-2026-P03");
}

#[test]
fn a_value_that_exists_stays_when_all_have_committed() {
    let all = ["YWH", "JWH", "OWNER1"].map(String::from);
    assert!(may_postpone(Stage::Final, &all, true).is_err());
    assert!(may_postpone(Stage::Final, &all, false).is_ok() && may_postpone(Stage::Final, &all[..2], true).is_ok() && may_postpone(Stage::Frozen, &[], true).is_ok());
}

#[test]
fn what_a_home_has_when_it_chooses_counts() {
    assert!(may_hold(Band::Owner, 0, 2).is_ok() && may_hold(Band::Owner, 1, 2).is_err() && may_hold(Band::Tenant, 1, 2).is_err());
    assert!(may_hold(Band::Second, 1, 2).is_ok() && may_hold(Band::Second, 2, 2).is_err() && may_hold(Band::Outside, 0, 1).is_ok());
}

#[test]
fn a_lease_is_renewed_near_its_end_when_nobody_waits() {
    let until = Time(1_700_000_000_000);
    assert!(may_renew(until, 30, 0, false, until + -30 * DAY).is_ok());
    assert!(may_renew(until, 30, 0, false, until + -31 * DAY).is_err());
    assert!(may_renew(until, 30, 0, false, until).is_err());
    assert!(may_renew(until, 30, 1, false, until + -DAY).is_err());
    assert!(may_renew(until, 30, 0, true, until + -DAY).is_err());
}

#[test]
fn months_end_on_days_that_exist() {
    let day = |text: &str| Time(chrono::DateTime::parse_from_rfc3339(text).expect("a date").timestamp_millis());
    assert_eq!(months_after(day("2026-01-31T10:00:00+08:00"), 1, 480), day("2026-02-28T10:00:00+08:00"));
    assert_eq!(months_after(day("2026-11-26T10:00:00+08:00"), 12, 480), day("2027-11-26T10:00:00+08:00"));
    assert_eq!(month_of(day("2026-11-30T20:00:00Z"), 480), "2026-12");
}

#[test]
fn steps_belong_to_their_stage() {
    assert!(may_move(1, 1, Stage::Open, Stage::Open).is_ok());
    assert_eq!(may_move(1, 2, Stage::Open, Stage::Open), Err(AppError::Conflict { current: 2 }));
    assert!(matches!(may_move(1, 1, Stage::Drawn, Stage::Open), Err(AppError::Closed { .. })));
    assert!(parse_nonce(&"22".repeat(16)).is_ok() && parse_nonce("xyz").is_err() && parse_nonce(&"2".repeat(65)).is_err());
    assert!(parse_commitment(&"AB".repeat(32)).is_ok() && parse_commitment("ab").is_err());
}

proptest! {
    /// The list is what keeps the quota: whatever a home applies for, what is listed and held together is never above it.
    #[test]
    fn no_home_is_listed_above_its_quota(held in 0i64..4, quota in 1i64..4, cars in prop::collection::vec(1i64..=3, 0..6)) {
        let mut bands = cars;
        bands.sort_unstable();
        bands.dedup();
        let mut listed = 0;
        for band in bands {
            let facts = Facts { held, before: listed, quota, ..good(Band::from_number(band).expect("a band")) };
            if judge(&facts).listed() {
                listed += 1;
            }
        }
        prop_assert!(listed == 0 || held + listed <= quota);
    }
}

#[test]
fn two_sides_read_the_announcement_each_for_itself() {
    let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
    let cases: [(&[(&str, Uuid, &str)], bool); 6] = [
        (&[], false),
        (&[("YWH", a, "v")], false),
        (&[("YWH", a, "v"), ("JWH", b, "w")], false),
        (&[("YWH", a, "v"), ("JWH", b, "v")], true),
        // One person on two sides is one reader.
        (&[("YWH", a, "v"), ("OWNER", a, "v")], false),
        // A third that reads otherwise holds nothing up.
        (&[("YWH", a, "v"), ("JWH", b, "w"), ("OWNER", c, "v")], true),
    ];
    for (readings, expected) in cases {
        assert_eq!(agreed(readings, "v"), expected, "{readings:?}");
    }
    assert_eq!((reads_for(Role::CommitteeMember), reads_for(Role::ResidentsCommittee), reads_for(Role::PropertyManager)), (Some("YWH"), Some("JWH"), None));
}

#[test]
fn a_household_has_moved_out_when_nobody_of_its_side_is_there() {
    let [holder, partner, tenant] = [1, 2, 3].map(Uuid::from_u128);
    let lived = |person, side, since, there: bool| Lived { person, side, since, until: (!there).then_some(10), there };
    let cases: [(&[Lived], bool); 7] = [
        (&[lived(holder, Side::Owner, 1, true)], false),
        (&[lived(holder, Side::Owner, 1, false)], true),
        (&[lived(holder, Side::Owner, 1, false), lived(partner, Side::Owner, 1, true)], false),
        // Whoever moved in after them is another household.
        (&[lived(holder, Side::Tenant, 1, false), lived(tenant, Side::Tenant, 10, true)], true),
        // The flat is let: those who rent it are another household.
        (&[lived(holder, Side::Owner, 1, false), lived(tenant, Side::Tenant, 2, true)], true),
        // A tenant who bought the flat is there still.
        (&[lived(holder, Side::Tenant, 1, false), lived(holder, Side::Owner, 2, true)], false),
        (&[lived(partner, Side::Owner, 1, false)], false),
    ];
    for (people, expected) in cases {
        assert_eq!(moved_out(holder, people), expected, "{people:?}");
    }
}
