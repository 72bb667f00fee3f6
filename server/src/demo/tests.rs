//! The sums of domain §10, and whether the history could have happened: every script is replayed through the rules.

use super::*;
use app::ids::{PersonId, TicketId, UnitId};
use app::measure::{Fen, HOUR};
use app::rooms::approvals::model::{Form, State as Standing};
use app::rooms::approvals::rules::{Stand, Verdict, declare, give_word, meet, tally, verdict};
use app::rooms::communities::model::BuildingKind;
use app::rooms::people::model::Role;
use app::rooms::people::rules::{Permission, may, parse_name, parse_password, parse_phone, parse_pin};
use app::rooms::tickets::model::{Part, State, Step, Visibility};
use app::rooms::tickets::rules::{Actor, Clock, Facts, Limits, Move, Tier, judge, parse_text, tier_of, total};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

/// 2026-03-18 15:30 in Shanghai.
const NOW: i64 = 1_773_819_000_000;
static PLAN: LazyLock<Plan> = LazyLock::new(|| plan(7, NOW));

fn home() -> &'static Estate {
    &PLAN.home
}

fn heads(estate: &Estate) -> BTreeMap<Vec<PersonId>, usize> {
    let mut owners: BTreeMap<UnitId, BTreeSet<PersonId>> = BTreeMap::new();
    for o in &estate.ownerships {
        owners.entry(o.unit).or_default().insert(o.person);
    }
    let mut heads = BTreeMap::new();
    for set in owners.into_values() {
        *heads.entry(set.into_iter().collect()).or_default() += 1;
    }
    heads
}

#[test]
fn the_buildings_add_up() {
    let area = |letter: char| -> (usize, i64) {
        let ids: HashSet<_> = home().buildings.iter().filter(|b| b.layout == letter).map(|b| b.id).collect();
        let units: Vec<_> = home().units.iter().filter(|u| ids.contains(&u.building)).collect();
        (units.len(), units.iter().map(|u| u.area.0).sum())
    };
    assert_eq!([area('A'), area('B'), area('C'), area('D')], [(900, 7_245_000), (336, 2_704_800), (576, 6_048_000), (174, 1_737_600)]);
    assert_eq!((home().buildings.len(), home().units.len()), (43, 1_986));
    assert_eq!(home().units.iter().map(|u| u.area.0).sum::<i64>(), 17_735_400);
    let tall: HashSet<_> = home().buildings.iter().filter(|b| b.kind == BuildingKind::HighRise).map(|b| b.id).collect();
    assert_eq!(home().units.iter().filter(|u| tall.contains(&u.building)).map(|u| u.area.0).sum::<i64>(), 7_785_600);
    assert_eq!(home().buildings.iter().map(|b| b.lifts).sum::<i64>(), 22);
    assert_eq!(home().buildings.iter().flat_map(|b| &b.stairs).filter(|s| !s.is_empty()).count(), 103);
    for estate in PLAN.estates() {
        let rooms: HashSet<_> = estate.units.iter().map(|u| (u.building, &u.stair, &u.room)).collect();
        assert_eq!(rooms.len(), estate.units.len());
    }
    assert_eq!((PLAN.neighbour.buildings.len(), PLAN.neighbour.units.len()), (2, 24));
}

#[test]
fn the_owners_add_up() {
    let heads = heads(home());
    assert_eq!(heads.len(), 1_917);
    let with = |n: usize| heads.values().filter(|units| **units == n).count();
    assert_eq!([with(1), with(2), with(3), with(5), with(12)], [1_865, 46, 4, 1, 1]);
    let mut shares: HashMap<UnitId, usize> = HashMap::new();
    for o in &home().ownerships {
        *shares.entry(o.unit).or_default() += 1;
    }
    assert_eq!(shares.len(), 1_986);
    // 40 per cent of 1,986 units.
    assert_eq!(shares.values().filter(|n| **n > 1).count(), 794);
    assert_eq!(home().ownerships.iter().filter(|o| o.representative).count(), 1_986);
    // Three people own one unit alone and another one together with somebody: two heads each.
    let single: HashSet<PersonId> = heads.keys().filter(|h| h.len() == 1).map(|h| h[0]).collect();
    assert_eq!(heads.keys().filter(|h| h.len() == 2 && h.iter().any(|p| single.contains(p))).count(), 3);
}

#[test]
fn the_households_add_up() {
    let count = |o: Occupancy| home().units.iter().filter(|u| u.occupancy == o).count();
    assert_eq!([count(Occupancy::OwnerLived), count(Occupancy::Let), count(Occupancy::Vacant)], [1_452, 468, 66]);
    let size = |n: i64| home().units.iter().filter(|u| u.household_size == n).count();
    assert_eq!([size(0), size(1), size(2), size(3), size(4), size(5)], [66, 140, 540, 790, 340, 110]);
    for (estate, people) in [(home(), 5_500), (&PLAN.neighbour, 54)] {
        assert_eq!(estate.units.iter().map(|u| u.household_size).sum::<i64>(), people);
        let mut lives: HashMap<UnitId, i64> = HashMap::new();
        for unit in estate.persons.iter().filter_map(|p| p.home) {
            *lives.entry(unit).or_default() += 1;
        }
        assert!(estate.units.iter().all(|u| lives.get(&u.id).copied().unwrap_or(0) == u.household_size));
        let let_out: HashSet<_> = estate.units.iter().filter(|u| u.occupancy == Occupancy::Let).map(|u| u.id).collect();
        assert_eq!(estate.tenancies.iter().map(|t| t.unit).collect::<HashSet<_>>(), let_out);
        assert!(estate.tenancies.iter().all(|t| t.from.0 < NOW));
    }
    assert!(home().persons.len() <= 7_500, "{}", home().persons.len());
}

#[test]
fn the_offices_are_filled() {
    let of = |role: Role| home().memberships.iter().filter(|m| m.role == role).collect::<Vec<_>>();
    let n = |role| of(role).len();
    assert_eq!([n(Role::OwnersRepresentative), n(Role::BuildingLeader), n(Role::CommitteeDirector), n(Role::CommitteeMember), n(Role::WorkingGroup)], [43, 114, 1, 6, 8]);
    assert_eq!(
        [n(Role::ResidentsCommittee), n(Role::PartyBranch), n(Role::PropertyManager), n(Role::Dispatcher), n(Role::Worker), n(Role::Auditor), n(Role::Administrator)],
        [2, 1, 1, 2, 8, 1, 1]
    );
    assert_eq!(of(Role::OwnersRepresentative).iter().filter_map(|m| m.building).collect::<HashSet<_>>().len(), 43);
    assert_eq!(of(Role::BuildingLeader).iter().map(|m| (m.building, m.stair.clone())).collect::<HashSet<_>>().len(), 114);
    let scorers: HashSet<_> = of(Role::OwnersRepresentative).iter().chain(&of(Role::BuildingLeader)).map(|m| m.person).collect();
    assert_eq!(scorers.len(), 157);
    // A representative owns in the building, a leader lives in the stair.
    let building: HashMap<UnitId, _> = home().units.iter().map(|u| (u.id, u.building)).collect();
    for m in of(Role::OwnersRepresentative).iter().chain(&of(Role::BuildingLeader)) {
        assert!(home().ownerships.iter().any(|o| o.person == m.person && Some(building[&o.unit]) == m.building));
    }
    let ids: HashSet<_> = home().memberships.iter().map(|m| m.id).collect();
    assert_eq!(ids.len(), home().memberships.len());
}

#[test]
fn everybody_can_be_signed_in_and_nobody_twice() {
    for s in &PLAN.sign_ins {
        assert!(if s.staff { parse_password(s.secret).is_ok() } else { parse_pin(s.secret).is_ok() });
        assert_eq!(parse_phone(&s.phone).as_ref(), Ok(&s.phone));
        for (community, person) in &s.persons {
            let estate = PLAN.estates().into_iter().find(|e| e.community.id == *community).expect("a community of the plan");
            assert!(estate.persons.iter().any(|p| p.id == *person && p.account == Some(s.account) && p.name == s.name));
            assert!(estate.memberships.iter().any(|m| m.person == *person && m.role == s.role));
        }
    }
    let wanted = [
        Role::Owner,
        Role::Tenant,
        Role::BuildingLeader,
        Role::CommitteeDirector,
        Role::PropertyManager,
        Role::Dispatcher,
        Role::Worker,
        Role::ResidentsCommittee,
        Role::Administrator,
    ];
    assert!(wanted.iter().all(|r| PLAN.sign_ins.iter().any(|s| s.role == *r)));
    assert!(PLAN.sign_ins.iter().any(|s| s.persons.len() == 2));
    let roles = |s: &SignIn| home().memberships.iter().filter(|m| m.person == s.persons[0].1).count();
    assert!(PLAN.sign_ins.iter().any(|s| roles(s) >= 4));
    let mut phones = HashSet::new();
    for estate in PLAN.estates() {
        for p in &estate.persons {
            assert_eq!(parse_name(&p.name).as_ref(), Ok(&p.name));
            if let Some(phone) = &p.phone {
                assert_eq!(parse_phone(phone).as_ref(), Ok(phone));
                let shared = PLAN.sign_ins.iter().any(|s| s.persons.len() == 2 && s.phone == *phone);
                assert!(phones.insert(phone) || shared, "{phone}");
            }
        }
    }
}

#[test]
fn every_tag_has_its_own_number() {
    for estate in PLAN.estates() {
        let mut ordinals: Vec<i64> = estate.places.iter().map(|p| p.ordinal).chain(estate.facilities.iter().map(|f| f.ordinal)).collect();
        ordinals.sort_unstable();
        assert_eq!(ordinals, (1..=ordinals.len() as i64).collect::<Vec<_>>());
        assert!(estate.places.iter().all(|p| (0..=1_000).contains(&p.x) && (0..=1_000).contains(&p.y)));
        let names: HashSet<_> = estate.facilities.iter().map(|f| (f.place, &f.name)).collect();
        assert_eq!(names.len(), estate.facilities.len());
        assert_eq!(estate.places.iter().map(|p| &p.name).collect::<HashSet<_>>().len(), estate.places.len());
    }
    let tags = home().places.len() + home().facilities.len();
    assert!((300..=500).contains(&tags), "{tags}");
    let bench = home().facilities.iter().find(|f| f.name == "3号休闲椅").expect("the bench of the demonstration");
    assert!(home().places.iter().any(|p| p.id == bench.place && p.name == "中心广场"));
    let kind = |k| home().places.iter().filter(|p| p.kind == k).count();
    use app::rooms::places::model::PlaceKind as K;
    assert_eq!([kind(K::Stair), kind(K::Lift), kind(K::BikeGarage)], [114, 22, 11]);
}

#[test]
fn what_is_only_counted_adds_up() {
    let counts = home().counts;
    assert_eq!(counts.bays.total(), 688);
    assert_eq!((counts.bays.surface_planned + counts.bays.surface_added, counts.bays.underground_owned + counts.bays.underground_developer), (448, 240));
    let cameras = |added: bool| counts.cameras.iter().filter(|c| c.added == added).map(|c| c.count).sum::<i64>();
    assert_eq!((cameras(false), cameras(true)), (270, 97));
    assert_eq!((counts.sprinkler_heads.len(), counts.sprinkler_heads.iter().sum::<i64>()), (11, 540));
}

#[test]
fn the_same_seed_gives_the_same_plan() {
    assert!(plan(7, NOW) == *PLAN);
    let other = plan(8, NOW);
    assert_ne!(other.home.community.id, home().community.id);
    assert_ne!(other.home.persons[0].id, home().persons[0].id);
}

#[test]
fn the_two_communities_share_nothing_but_an_account() {
    let ids = |e: &Estate| -> HashSet<uuid::Uuid> {
        let mut ids: HashSet<uuid::Uuid> = HashSet::from([e.community.id.0]);
        ids.extend(e.buildings.iter().map(|b| b.id.0).chain(e.units.iter().map(|u| u.id.0)).chain(e.persons.iter().map(|p| p.id.0)).chain(e.memberships.iter().map(|m| m.id.0)));
        ids.extend(e.places.iter().map(|p| p.id.0).chain(e.facilities.iter().map(|f| f.id.0)));
        ids.extend(e.tickets.iter().flat_map(|t| std::iter::once(t.id.0).chain(t.acts.iter().map(|a| a.id.0)).chain(t.photos.iter().map(|p| p.id.0))));
        ids
    };
    assert!(ids(home()).is_disjoint(&ids(&PLAN.neighbour)));
    assert!(ids(home()).iter().all(|id| id.get_version_num() == 7));
}

/// A ticket while it is replayed.
struct Running<'a> {
    script: &'a Script,
    state: State,
    resume_to: Option<State>,
    clock: Clock,
    finished_at: Option<Time>,
    redone_from: Time,
    part: Part,
    spent: Fen,
    before: Vec<u8>,
    after: Vec<(u8, Time)>,
    quote: Option<(uuid::Uuid, Tier, Fen)>,
    worker: Option<PersonId>,
    visibility: Visibility,
    units: HashSet<UnitId>,
    /// The roll of the matter about the quote, how it is decided, and since when it is open.
    roll: Vec<(PersonId, Stand)>,
    form: Form,
    opened: Time,
    /// What was approved for it, whoever pays, and what its bill is.
    approved: Fen,
    billed: Option<Fen>,
    /// The verdicts of the committee, each with the members who were excluded.
    verdicts: Vec<(Verdict, Form, u32)>,
}

fn start(script: &Script) -> Running<'_> {
    let by = match &script.reporter {
        Reporter::Person(by) => Some(by),
        Reporter::Visitor { .. } => None,
    };
    let clock = Clock::start(script.category, script.at, &Limits::default());
    Running {
        script,
        state: State::Received,
        resume_to: None,
        clock,
        finished_at: None,
        redone_from: script.at,
        part: Part::Common,
        spent: Fen(0),
        before: (0..script.report_photos.len() as u8).collect(),
        after: vec![],
        quote: None,
        worker: None,
        visibility: if by.is_some() { Visibility::Public } else { Visibility::Pending },
        units: by.and_then(|b| b.unit).into_iter().collect(),
        roll: vec![],
        form: Form::Written,
        opened: script.at,
        approved: Fen(0),
        billed: None,
        verdicts: vec![],
    }
}

impl Running<'_> {
    /// Carries out an act; `committee` are its members, `year` what they decided in this year so far.
    fn act(&mut self, act: &Act, holds: impl Fn(By) -> bool, committee: &[PersonId], year: &mut Fen) {
        let what = format!("{} {:?}", self.script.text, act);
        assert!(act.by.is_none_or(&holds), "not their role: {what}");
        match &act.doing {
            Doing::MeToo => {
                let by = act.by.expect("a household");
                assert!(may(by.role, Permission::MeToo) && self.state.is_open() && self.visibility == Visibility::Public, "{what}");
                assert!(self.units.insert(by.unit.expect("a unit")), "counted twice: {what}");
            }
            Doing::Comment(text) => assert!(!parse_text("text", text).expect("short").is_empty() && self.visibility == Visibility::Public, "{what}"),
            Doing::Show => self.visibility = Visibility::Public,
            Doing::Hide(_) => self.visibility = Visibility::Hidden,
            Doing::Step(step) => self.step(step, act, &what, *year),
            Doing::Word { quote, agrees, reason } => {
                assert!(*agrees || !reason.is_empty(), "{what}");
                let (by, form) = (act.by.expect("a member").person, self.form);
                let seat = self.roll.iter_mut().find(|(person, _)| *person == by).expect("on the roll");
                seat.1 = give_word(Standing::Open, form, seat.1, *agrees, true).unwrap_or_else(|e| panic!("{e:?}: {what}"));
                self.conclude(*quote, act, &what, year);
            }
            Doing::Declare(quote, reason) => {
                assert!(!reason.is_empty(), "{what}");
                let by = act.by.expect("a member").person;
                let seat = self.roll.iter_mut().find(|(person, _)| *person == by).expect("on the roll");
                seat.1 = declare(Standing::Open, seat.1, true).unwrap_or_else(|e| panic!("{e:?}: {what}"));
                self.conclude(*quote, act, &what, year);
            }
            Doing::Meet(_, _, present) => {
                let stands: Vec<Stand> = self.roll.iter().map(|(_, s)| *s).collect();
                meet(Standing::Open, &stands, present.len(), (self.opened, act.at, act.at)).unwrap_or_else(|e| panic!("{e:?}: {what}"));
                self.form = Form::Meeting;
                self.roll.iter_mut().for_each(|(person, s)| s.present = Some(present.contains(person)));
            }
        }
        if let Doing::Step(Step::Quote(_)) = &act.doing {
            self.roll = committee.iter().map(|person| (*person, Stand::default())).collect();
            (self.form, self.opened) = (Form::Written, act.at);
        }
    }

    /// What the words so far decide.
    fn conclude(&mut self, quote: app::ids::QuoteId, act: &Act, what: &str, year: &mut Fen) {
        let count = tally(&self.roll.iter().map(|(_, s)| *s).collect::<Vec<_>>(), self.form);
        let verdict = verdict(count);
        if verdict == Verdict::Open {
            return;
        }
        self.verdicts.push((verdict, self.form, count.declared));
        match verdict {
            Verdict::Agreed => {
                let amount = self.quote.expect("a quote").2;
                self.step(&Step::Approve { quote }, act, what, *year);
                *year = Fen(year.0 + amount.0);
            }
            Verdict::Declined => self.step(&Step::Decline { quote, reason: "委员的理由".into() }, act, what, *year),
            _ => panic!("the demonstration never hands a quote to the owners: {what}"),
        }
    }

    fn step(&mut self, step: &Step, act: &Act, what: &str, year: Fen) {
        let reporter = match &self.script.reporter {
            Reporter::Person(by) => Some(by.person),
            Reporter::Visitor { .. } => None,
        };
        let actor = Actor {
            role: act.by.map(|b| b.role),
            is_reporter: act.by.is_some_and(|b| reporter == Some(b.person)),
            is_assignee: act.by.is_some_and(|b| self.worker == Some(b.person)),
            is_staff: act.by.is_some_and(|b| b.role.is_property()),
        };
        let after_spots = self.after.iter().filter(|a| a.1 >= self.redone_from).map(|a| a.0).collect();
        let facts = Facts {
            state: self.state,
            resume_to: self.resume_to,
            finished_at: self.finished_at,
            before_spots: self.before.clone(),
            after_spots,
            photo_count: self.before.len() + self.after.len(),
            open_tier: self.quote.map(|q| q.1).filter(|t| t.must_wait()),
            by_visitor: reporter.is_none(),
            by_staff: false,
            part: self.part,
            urgent: self.script.category.is_urgent(),
            spent: self.spent,
            approved: self.approved,
            year,
            limits: Limits::default(),
        };
        let to = judge(step, actor, &facts, act.at).unwrap_or_else(|e| panic!("{e:?}: {what}"));
        match step {
            Step::Assign { worker } => self.worker = Some(*worker),
            Step::Schedule { at } => assert!(*at >= act.at, "{what}"),
            Step::Accept { part } => self.part = *part,
            Step::Quote(quote) => {
                let (amount, tier) = (total(quote.chosen()), tier_of(quote, &facts));
                self.quote = Some((act.id.0, tier, amount));
                if tier == Tier::Property {
                    self.spent = Fen(self.spent.0 + amount.0);
                }
                if !tier.must_wait() {
                    self.approved = Fen(self.approved.0 + amount.0);
                }
            }
            Step::Settle { lines } => self.billed = Some(total(lines)),
            Step::Approve { quote } | Step::Decline { quote, .. } => {
                let (id, _, amount) = self.quote.take().expect("a quote");
                assert_eq!(id, quote.0, "{what}");
                if step.kind() == Move::Approve {
                    self.spent = Fen(self.spent.0 + amount.0);
                    self.approved = Fen(self.approved.0 + amount.0);
                }
            }
            Step::Finish { photos, .. } => {
                self.finished_at = Some(act.at);
                self.after.extend(photos.iter().map(|p| (p.spot, act.at)));
                assert!(photos.iter().all(|p| self.script.photos.iter().any(|o| o.id == p.photo && o.at <= act.at && o.picture.mended)), "{what}");
            }
            _ => {}
        }
        if matches!(step.kind(), Move::Reject | Move::Reopen) {
            self.redone_from = act.at;
            self.finished_at = None;
        }
        if to.is_paused() && !self.state.is_paused() {
            self.resume_to = Some(self.state);
        }
        self.clock = self.clock.moved(self.state, to, act.at);
        self.state = to;
    }
}

fn replay(estate: &Estate, now: i64) -> Vec<Running<'_>> {
    let roles: HashSet<(PersonId, Role, Option<UnitId>)> = estate.memberships.iter().map(|m| (m.person, m.role, m.unit)).collect();
    let holds = |by: By| roles.contains(&(by.person, by.role, by.unit));
    let committee: Vec<PersonId> = estate.memberships.iter().filter(|m| m.role.is_committee()).map(|m| m.person).collect();
    let mut years: HashMap<i32, Fen> = HashMap::new();
    let mut running: HashMap<TicketId, Running<'_>> = HashMap::new();
    for moment in estate.in_order() {
        assert!(moment.at().0 < now && moment.at().0 > now - 740 * DAY);
        match moment {
            Moment::Reported(script) => {
                if let Reporter::Person(by) = script.reporter {
                    assert!(holds(by), "{script:?}");
                }
                running.insert(script.id, start(script));
            }
            Moment::Acted(script, act) => {
                if let Doing::Step(Step::Merge { into }) = &act.doing {
                    let other = running.get(into).expect("the ticket that stays");
                    assert!(other.state.is_open() && *into != script.id && other.script.place == script.place);
                    assert!(other.visibility == Visibility::Public, "merged into what only some can see: {script:?}");
                }
                let year = years.entry(history::year_of(act.at)).or_default();
                running.get_mut(&script.id).expect("reported first").act(act, holds, &committee, year);
            }
        }
    }
    running.into_values().collect()
}

#[test]
fn every_history_could_have_happened() {
    for estate in PLAN.estates() {
        let all = replay(estate, NOW);
        assert_eq!(all.len(), estate.tickets.len());
        for t in &all {
            assert_eq!((t.state, t.visibility), (t.script.ends, t.script.visibility), "{:?}", t.script);
            assert!(!parse_text("text", &t.script.text).expect("short").is_empty() && !t.script.text.contains('{'));
        }
    }
}

#[test]
fn other_seeds_and_hours_of_the_day_work_too() {
    for (seed, hours) in (0..24).map(|i| (i % 6 + 1, i as i64 * 31)) {
        let now = NOW - hours * HOUR - 3 * DAY;
        let plan = plan(seed, now);
        assert_eq!(plan.home.tickets.len(), history::TICKETS);
        let present: HashSet<State> = plan.home.tickets.iter().map(|t| t.ends).collect();
        assert_eq!(present.len(), State::ALL.len(), "seed {seed}");
        assert_eq!(replay(&plan.home, now).iter().filter(|t| t.state != t.script.ends).count(), 0);
    }
}

#[test]
fn there_is_something_on_every_page() {
    let tickets = &home().tickets;
    assert_eq!(tickets.len(), 400);
    for state in State::ALL {
        assert!(tickets.iter().any(|t| t.ends == state), "{state:?}");
    }
    let count = |f: &dyn Fn(&Script) -> bool| tickets.iter().filter(|t| f(t)).count();
    assert!(count(&|t| t.ends == State::AwaitingApproval) >= 4);
    assert!(count(&|t| t.visibility == Visibility::Pending) >= 3);
    assert!(count(&|t| t.visibility == Visibility::Hidden) >= 2);
    assert!(count(&|t| t.ends == State::Merged) >= 3);
    let quoted = count(&|t| t.acts.iter().any(|a| matches!(&a.doing, Doing::Step(Step::Quote(_)))));
    assert!((45..=90).contains(&quoted), "{quoted}");
    assert!(count(&|t| t.acts.iter().any(|a| matches!(&a.doing, Doing::Word { .. }))) >= 10);
    let worker = PLAN.sign_ins.iter().find(|s| s.role == Role::Worker).expect("张师傅").persons[0].1;
    let all = replay(home(), NOW);
    assert!(all.iter().filter(|t| t.worker == Some(worker) && t.state.is_open()).count() >= 6);
    let wang = PLAN.sign_ins.iter().find(|s| s.role == Role::Owner).expect("王阿姨").persons[0].1;
    assert!(count(&|t| matches!(t.reporter, Reporter::Person(by) if by.person == wang)) >= 3);
    let finished: Vec<_> = all.iter().filter_map(|t| Some((t, t.finished_at?))).collect();
    let on_time = finished.iter().filter(|(t, at)| *at <= t.clock.promised_at).count();
    let percent = on_time * 100 / finished.len();
    assert!((88..=96).contains(&percent), "{percent} % on time");
    let rated = finished.iter().filter(|(t, _)| t.script.acts.iter().any(|a| matches!(&a.doing, Doing::Step(Step::Rate { .. })))).count() * 100 / finished.len();
    assert!((50..=70).contains(&rated), "{rated} % rated");
    let overdue = all.iter().filter(|t| t.state.is_open() && !t.state.is_paused() && t.clock.promised_at < Time(NOW)).count();
    assert!((2..=8).contains(&overdue), "{overdue} overdue");
}

#[test]
fn no_costs_at_one_spot_come_so_close_that_they_are_added_up() {
    for estate in PLAN.estates() {
        let mut spots: HashMap<_, Vec<Time>> = HashMap::new();
        for script in &estate.tickets {
            let quoted = script.acts.iter().find(|a| matches!(&a.doing, Doing::Step(Step::Quote(_))));
            if let Some(act) = quoted {
                spots.entry((script.place, script.facility)).or_default().push(act.at);
            }
        }
        for times in spots.values_mut() {
            times.sort_unstable();
            assert!(times.windows(2).all(|pair| pair[1] - pair[0] > Limits::default().split), "{times:?}");
        }
    }
}

/// A committee of seven that decides by its own words: some with a member excluded, some in a meeting, some still open.
#[test]
fn the_committee_decides_by_words() {
    assert_eq!(home().memberships.iter().filter(|m| m.role.is_committee()).map(|m| m.person).collect::<HashSet<_>>().len(), 7);
    let all = replay(home(), NOW);
    let verdicts: Vec<_> = all.iter().flat_map(|t| &t.verdicts).collect();
    let count = |f: &dyn Fn(&(Verdict, Form, u32)) -> bool| verdicts.iter().filter(|v| f(v)).count();
    assert!(count(&|v| v.0 == Verdict::Agreed) >= 10, "{verdicts:?}");
    assert!(count(&|v| v.1 == Form::Meeting) >= 1 && count(&|v| v.0 == Verdict::Agreed && v.2 == 1) >= 1, "{verdicts:?}");
    // Open: one that nobody has said a word on, and one that some have.
    let words = |t: &Running<'_>| t.script.acts.iter().filter(|a| matches!(&a.doing, Doing::Word { .. })).count();
    let open: Vec<usize> = all.iter().filter(|t| t.state == State::AwaitingApproval && t.quote.is_some_and(|q| q.1 == Tier::Committee)).map(words).collect();
    assert!(open.len() >= 3 && open.iter().any(|n| *n > 0), "{open:?}");
    let offers = |t: &Script| t.acts.iter().any(|a| matches!(&a.doing, Doing::Step(Step::Quote(q)) if q.offers.len() >= 2));
    assert!(home().tickets.iter().filter(|t| offers(t)).count() >= 5);
    let benches =
        home().tickets.iter().flat_map(|t| &t.acts).filter(|a| matches!(&a.doing, Doing::Step(Step::Quote(q)) if q.offers.len() == 3 && q.chosen()[0].name == "防腐木休闲椅"));
    assert_eq!(benches.count(), 1);
    // No bill is above what was approved, and some are below.
    let bills: Vec<(Fen, Fen)> = all.iter().filter_map(|t| Some((t.billed?, t.approved))).collect();
    assert!(bills.len() >= 10 && bills.iter().all(|(bill, approved)| bill <= approved) && bills.iter().any(|(bill, approved)| bill < approved), "{bills:?}");
}

#[test]
fn the_pictures_can_be_drawn() {
    let all = Picture::all();
    assert!(all.len() <= 90, "{}", all.len());
    assert!(PLAN.pictures().iter().all(|p| all.contains(p)));
    let drawn = scenes::draw_all(&all[..4]).expect("drawings");
    assert!(drawn.iter().all(|(_, jpeg)| jpeg.starts_with(&[0xff, 0xd8]) && jpeg.len() < 200_000));
    let different: HashSet<String> = all.iter().map(|p| p.svg()).collect();
    assert_eq!(different.len(), all.len());
}

#[test]
fn the_camera_renewal_adds_up() {
    use app::rooms::projects::money::{Deal, caps, retention};
    let works = projects::camera_plan(home(), Time(NOW));
    assert_eq!(works.budget(), Fen(118_000_000));
    assert_eq!((works.assets[0].replaced, works.assets[0].added, works.assets[0].replaced + works.assets[0].added), (270, 97, 367));
    let shares: Vec<i64> = works.milestones.iter().map(|m| m.share).collect();
    assert_eq!(shares.iter().sum::<i64>(), 100);
    let deal = Deal { amount: projects::CAMERA_CONTRACT, retention: projects::CAMERA_RETENTION, warranty_over: Time(NOW) };
    assert!(deal.amount <= works.budget());
    let caps = caps(&deal, &shares);
    for (n, paid) in projects::CAMERA_PAID {
        assert_eq!(caps[usize::try_from(n - 1).expect("a milestone")], paid, "milestone {n}");
    }
    let paid: Fen = projects::CAMERA_PAID.into_iter().map(|(_, amount)| amount).sum();
    // 30 + 40 + 27 percent are paid, 3 are kept back.
    assert_eq!((paid.0 * 100, retention(&deal)), (deal.amount.0 * 97, Fen(3_350_400)));
    assert_eq!(app::rooms::projects::plan::parse(&works, 480), Ok(works));
}

#[test]
fn two_results_are_what_the_rules_make_of_raw_sheets() {
    use super::dice::Dice;
    use super::scoring::{appointed, by_hand, counted_by_hand, counts, leaves, sheet};
    use app::rooms::communities::rules::rule_number;
    use app::rooms::scoring::count::{Basis, Reading, Sheet, count};
    use app::rooms::scoring::model::{Level, Numbers};
    use app::rooms::scoring::rules::judge_sheet;
    use app::rooms::scoring::template::standard;
    let (template, numbers) = (standard(), Numbers::read(|key| rule_number(key).map_or(0, |n| n.value)));
    let mut hand = counted_by_hand();
    hand.sort_unstable();
    assert_eq!(hand, by_hand(&template), "the auditor counts what the program cannot");
    let scorers = appointed(home());
    assert_eq!((scorers.len(), scorers.iter().filter(|s| s.1).count()), (157, 22), "11 towers with a representative and a leader each");
    // However the repairs of a half-year went: what the program counts differs, the sheets follow, the result is the same.
    for good in [60, 85, 100] {
        let own: Vec<Reading> =
            ["A3", "B3", "E3", "E5", "F1", "G1", "G2", "G3"].into_iter().map(|item| Reading { item: item.into(), good: if item == "G2" { good } else { 100 }, all: 100 }).collect();
        for (result, complaints, level) in [(7_640, 2, Level::Pass), (8_820, 0, Level::Good)] {
            let charges = vec!["complaint".to_owned(); complaints];
            let percent = leaves(&template, &numbers, &own, result + 100 * complaints as i64);
            let mut dice = Dice::new(7, "scoring");
            let sheets: Vec<Sheet> = scorers
                .iter()
                .take(150)
                .map(|(group, high_rise)| {
                    let marks = judge_sheet(&template, &numbers, *high_rise, &sheet(&mut dice, &template, &numbers, *high_rise, percent)).expect("a sheet by the rules");
                    Sheet { group: *group, high_rise: *high_rise, marks }
                })
                .collect();
            let readings = counts(&template, &numbers, 157, &sheets, &own, &charges, result).expect("counts that lead there");
            let counted = count(&Basis { template: &template, numbers: &numbers, appointed: 157, sheets: &sheets, readings: &readings, charges: &charges });
            assert_eq!((counted.verdict(), counted.full, counted.items.iter().filter(|i| i.points.is_some()).count()), (Some((result, level)), 200, 33), "{good} {result}");
        }
    }
}
