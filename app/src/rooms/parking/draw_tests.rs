//! The draw against its golden file, and what always holds of it.

use super::draw::*;
use super::model::{Band, Kind};
use proptest::prelude::*;
use std::collections::HashMap;

const GOLDEN: &str = "A-0107-0302|1|0|0\nA-0112-0501|1|2|0\nB-0203-0402|1|0|0\nC-0305-1104|1|0|1\nC-0306-0701|2|3|0\nD-0401-0903|3|4|0\n";
const ROUND: &str = "XHJY-2026-P01";
const PUBLIC: &str = "SSQ-2026012:03,09,14,21,27,30+11";

fn parties() -> Vec<(String, String)> {
    [("JWH", "22"), ("OWNER1", "33"), ("YWH", "11")].map(|(party, two)| (party.to_owned(), two.repeat(16))).to_vec()
}

#[test]
fn the_golden_draw() {
    let entries = read(GOLDEN).expect("lines");
    let mut shuffled = entries.clone();
    shuffled.reverse();
    assert_eq!(text(&shuffled), GOLDEN);
    let list_hash = sha256(GOLDEN);
    assert_eq!(list_hash, "df9fdf88b2a05d89295887d78ceecd88c2b5c4ed40979b94517494ec15b323fb");
    let mut revealed = parties();
    revealed.reverse();
    let seed = seed(ROUND, &list_hash, &revealed, PUBLIC);
    assert_eq!(seed, "e10ae23899ae5dda9c060425deb942067d964d91032fe25747f8984bbd91b922");
    let order = order(&seed, &entries);
    let ids: Vec<&str> = order.iter().map(|r| r.entry.id.as_str()).collect();
    assert_eq!(ids, ["A-0112-0501", "B-0203-0402", "C-0305-1104", "A-0107-0302", "C-0306-0701", "D-0401-0903"]);
    assert!(order[1].key.starts_with("08d8bf") && order[2].key.starts_with("876f") && order[3].key.starts_with("b958"));
    let got = assign(&order, Supply { plain: 3, ..Supply::default() });
    assert_eq!(got.iter().filter(|g| g.is_some()).count(), 3);
    assert!(got[..3].iter().all(Option::is_some), "with three bays the first three win");
    assert_eq!(why(&order, "A-0107-0302"), Some(Why { place: 4, by_band: 0, by_wait: 1, by_key: 2 }));
    assert_eq!(why(&order, "D-0401-0903"), Some(Why { place: 6, by_band: 5, by_wait: 0, by_key: 0 }));
}

fn file() -> DrawFile {
    let entries = read(GOLDEN).expect("lines");
    let list_hash = sha256(GOLDEN);
    let seed = seed(ROUND, &list_hash, &parties(), PUBLIC);
    let order = order(&seed, &entries);
    let supply = Supply { plain: 3, ..Supply::default() };
    let got = assign(&order, supply);
    DrawFile {
        scheme: SCHEME.into(),
        round: ROUND.into(),
        list: entries.iter().map(Entry::line).collect(),
        parties: parties().into_iter().map(|(party, nonce)| Committed { commitment: commitment(ROUND, &party, &nonce, &list_hash), party, nonce: Some(nonce) }).collect(),
        list_hash,
        public_name: "福彩双色球 2026012 期".into(),
        public_at: 0,
        public: PUBLIC.into(),
        seed,
        supply,
        order: order.into_iter().zip(got).map(|(r, got)| Placed { id: r.entry.id, key: r.key, got }).collect(),
    }
}

#[test]
fn whatever_is_changed_in_the_file_is_named() {
    assert_eq!(file().faults(), Vec::<&str>::new());
    let changed = |change: fn(&mut DrawFile)| {
        let mut file = file();
        change(&mut file);
        file.faults()
    };
    assert_eq!(changed(|f| f.list[0] = "A-0107-0302|1|3|0".into()), ["list", "order"]);
    assert_eq!(changed(|f| f.parties[0].nonce = Some("44".repeat(16))), ["commitments", "seed"]);
    assert_eq!(changed(|f| f.parties[0].nonce = None), ["seed"]);
    assert_eq!(changed(|f| f.public = "SSQ-2026013".into()), ["seed"]);
    assert_eq!(changed(|f| f.order.swap(2, 3)), ["order"]);
    assert_eq!(changed(|f| f.supply.plain = 4), ["order"]);
    assert_eq!(changed(|f| f.list.push("nonsense".into())), ["list", "order"]);
}

#[test]
fn a_line_has_one_spelling() {
    for bad in ["", "A", "A|1|0", "A|1|0|0|0", "A|01|0|0", "A|5|0|0", "A|0|0|0", "A|1|-1|0", "A|1|0|4", "A=1|1|0|0", "A 1|1|0|0", "|1|0|0", "A|1| 0|0"] {
        assert_eq!(Entry::read(bad), None, "{bad}");
    }
    assert!(plain_word("XHJY-2026-P01") && !plain_word("a|b") && !plain_word("") && !plain_word(&"a".repeat(61)));
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::hash_map(0u32..5_000, (1i64..=4, 0i64..=3, 0i64..=3), 0..60)
        .prop_map(|all| all.into_iter().map(|(n, (band, wait, need))| Entry { id: format!("E{n:04}"), band: Band::from_number(band).expect("a band"), wait, need }).collect())
}

fn supply() -> impl Strategy<Value = Supply> {
    (0usize..30, 0usize..8, 0usize..4).prop_map(|(plain, ev, accessible)| Supply { plain, ev, accessible })
}

proptest! {
    #[test]
    fn lines_are_read_as_they_were_written(all in entries()) {
        let mut sorted = all.clone();
        sorted.sort();
        prop_assert_eq!(read(&text(&all)).expect("lines"), { let mut s = sorted; s.sort_by(|a, b| a.id.cmp(&b.id)); s });
    }

    #[test]
    fn nothing_is_handed_out_twice_and_needs_are_met_by_what_suits(all in entries(), supply in supply(), salt in any::<u64>()) {
        let order = order(&sha256(&salt.to_string()), &all);
        let got = assign(&order, supply);
        prop_assert_eq!(got.len(), all.len());
        let mut count: HashMap<Kind, usize> = HashMap::new();
        for (ranked, kind) in order.iter().zip(&got) {
            if let Some(kind) = kind {
                prop_assert!(suits(&ranked.entry, *kind));
                *count.entry(*kind).or_default() += 1;
            }
        }
        let of = |kind| count.get(&kind).copied().unwrap_or_default();
        prop_assert!(of(Kind::Plain) <= supply.plain && of(Kind::Ev) <= supply.ev && of(Kind::Accessible) <= supply.accessible);
        // Nobody waits while a bay that suits them is free.
        let waits = |test: fn(&Entry) -> bool| order.iter().zip(&got).any(|(r, g)| g.is_none() && test(&r.entry));
        prop_assert!(!(waits(|_| true) && of(Kind::Plain) < supply.plain));
        prop_assert!(!(waits(Entry::ev) && of(Kind::Ev) < supply.ev));
        prop_assert!(!(waits(Entry::card) && of(Kind::Accessible) < supply.accessible));
    }

    #[test]
    fn no_band_goes_before_an_earlier_one(all in entries(), supply in supply(), salt in any::<u64>()) {
        let order = order(&sha256(&salt.to_string()), &all);
        prop_assert!(order.windows(2).all(|w| w[0].entry.band < w[1].entry.band || (w[0].entry.band == w[1].entry.band && w[0].entry.wait >= w[1].entry.wait)));
        // Whoever waits and needs nothing special has nobody of a later place with a plain bay.
        let got = assign(&order, supply);
        let first = got.iter().position(Option::is_none).unwrap_or(got.len());
        prop_assert!(got[first..].iter().all(|g| *g != Some(Kind::Plain)));
    }

    #[test]
    fn it_does_not_matter_who_applied_first(all in entries(), supply in supply(), salt in any::<u64>(), cut in 0usize..60) {
        let mut turned = all.clone();
        turned.rotate_left(cut.min(all.len()));
        prop_assert_eq!(text(&all), text(&turned));
        let seed = sha256(&salt.to_string());
        let (a, b) = (order(&seed, &all), order(&seed, &turned));
        prop_assert_eq!(&a, &b);
        prop_assert_eq!(assign(&a, supply), assign(&b, supply));
    }

    #[test]
    fn without_a_loser_the_winners_stand_as_before(all in entries(), supply in supply(), salt in any::<u64>(), pick in any::<prop::sample::Index>()) {
        let seed = sha256(&salt.to_string());
        let winners = |all: &[Entry]| {
            let order = order(&seed, all);
            let got = assign(&order, supply);
            order.into_iter().zip(got).filter_map(|(r, g)| g.map(|g| (r.entry.id, g))).collect::<Vec<_>>()
        };
        let won = winners(&all);
        let losers: Vec<&Entry> = all.iter().filter(|e| !won.iter().any(|w| w.0 == e.id)).collect();
        prop_assume!(!losers.is_empty());
        let gone = pick.get(&losers).id.clone();
        let rest: Vec<Entry> = all.iter().filter(|e| e.id != gone).cloned().collect();
        prop_assert_eq!(winners(&rest), won);
    }
}

/// The file that the two programs outside of this one are tested with is this draw.
#[test]
fn the_golden_file_is_this_draw() {
    let golden: DrawFile = serde_json::from_str(include_str!("../../../../tests/golden/draw.json")).expect("a draw file");
    assert_eq!(golden, file());
}
