//! Two years of tickets: who reported what, and how it went. [`super::present`] adds what is going on now.

use super::Estate;
use super::dice::{Dice, id};
use super::places::{Facility, Place};
use super::roles::SignIn;
use super::scenes::Picture;
use super::script::{Act, By, Doing, Photo, Reporter, Script};
use super::tale::Tale;
use super::troubles::{At, TROUBLES, Trouble};
use app::ids::{FacilityId, MutationId, PersonId, PhotoId, PlaceId, TicketId, UnitId};
use app::measure::{DAY, MINUTE, Time};
use app::rooms::people::model::Role;
use app::rooms::tickets::model::{State, Step, Visibility};
use app::rooms::tickets::rules::Limits;
use std::collections::HashMap;

/// How many tickets 祥和家园 has.
pub const TICKETS: usize = 400;

/// A place, and the facility there if it is about one.
pub(super) type Spot<'a> = (&'a Place, Option<&'a Facility>);

/// How the cost of a repair is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cost {
    /// Within the contract: no quote.
    None,
    /// Up to 2,000 yuan: the property company decides.
    Small,
    /// The committee decides.
    Committee,
    /// The committee sends it back first.
    Haggled,
    /// The owners have to vote.
    Owners,
}

/// How a ticket goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    pub ends: State,
    pub cost: Cost,
    /// It is finished after the promise.
    pub late: bool,
    /// It waits for material on the way.
    pub wait: bool,
    /// The reporter is not satisfied at first.
    pub again: bool,
    /// It is rated before it is archived.
    pub rated: bool,
    pub visitor: bool,
    /// At most so many other households meet it too.
    pub others: usize,
    /// The reporter, if it matters who.
    pub reporter: Option<By>,
    /// The worker, if it matters who.
    pub worker: Option<PersonId>,
}

impl Course {
    pub(super) fn to(ends: State) -> Self {
        Self { ends, cost: Cost::None, late: false, wait: false, again: false, rated: false, visitor: false, others: 0, reporter: None, worker: None }
    }
}

/// Tells the tickets of one community.
pub(super) struct Teller<'a> {
    pub estate: &'a Estate,
    pub seed: u64,
    pub now: Time,
    pub dice: Dice,
    pub desk: Vec<By>,
    pub committee: Vec<By>,
    pub moderator: By,
    pub workers: Vec<PersonId>,
    pub limits: Limits,
    pub voices: HashMap<UnitId, Vec<By>>,
    homes: Vec<UnitId>,
    /// How often each sentence was used.
    said: HashMap<&'static str, usize>,
    /// Where and when money was asked for.
    pub costs: Vec<(PlaceId, Option<FacilityId>, Time)>,
    /// What was put before the committee, by year, in fen: it stays well below what they may decide.
    pub before_committee: HashMap<i32, i64>,
    /// How many decisions of the committee were told.
    pub decisions: usize,
    count: u64,
}

impl<'a> Teller<'a> {
    pub(super) fn new(estate: &'a Estate, seed: u64, now: Time) -> Self {
        let of = |roles: &[Role]| -> Vec<By> { estate.memberships.iter().filter(|m| roles.contains(&m.role)).map(|m| By { person: m.person, role: m.role, unit: None }).collect() };
        let desk = of(&[Role::Dispatcher]);
        let moderator = of(&[Role::ResidentsCommittee]).first().copied().unwrap_or(desk[0]);
        let homes_of: HashMap<PersonId, UnitId> = estate.persons.iter().filter(|p| p.phone.is_some()).filter_map(|p| Some((p.id, p.home?))).collect();
        let mut voices: HashMap<UnitId, Vec<By>> = HashMap::new();
        for m in estate.memberships.iter().filter(|m| m.role.is_resident() && m.unit.is_some() && homes_of.get(&m.person) == m.unit.as_ref()) {
            voices.entry(homes_of[&m.person]).or_default().push(By { person: m.person, role: m.role, unit: m.unit });
        }
        let homes = estate.units.iter().map(|u| u.id).filter(|u| voices.contains_key(u)).collect();
        let workers = of(&[Role::Worker]).iter().map(|b| b.person).collect();
        let dice = Dice::new(seed, &format!("{}/history", estate.community.slug));
        Self {
            estate,
            seed,
            now,
            dice,
            desk,
            committee: of(&[Role::CommitteeDirector, Role::CommitteeMember]),
            moderator,
            workers,
            limits: Limits::default(),
            voices,
            homes,
            said: HashMap::new(),
            costs: vec![],
            before_committee: HashMap::new(),
            decisions: 0,
            count: 0,
        }
    }

    pub(super) fn made(&mut self, kind: &str, at: Time) -> uuid::Uuid {
        self.count += 1;
        id(self.seed, &format!("{}/{kind}", self.estate.community.slug), self.count, at)
    }

    /// The id of one more mutation.
    pub(super) fn mutation(&mut self, at: Time) -> MutationId {
        MutationId(self.made("act", at))
    }

    /// A spot where this trouble can be.
    pub(super) fn spot(&mut self, trouble: &Trouble) -> Option<Spot<'a>> {
        let estate = self.estate;
        let spots: Vec<Spot<'a>> = match trouble.at {
            At::Place(kind) => estate.places.iter().filter(|p| p.kind == kind).map(|p| (p, None)).collect(),
            At::Tower => estate.places.iter().filter(|p| p.name.ends_with("门厅")).map(|p| (p, None)).collect(),
            At::Fixture(fixture) => {
                estate.facilities.iter().filter(|f| f.fixture == fixture).filter_map(|f| Some((estate.places.iter().find(|p| p.id == f.place)?, Some(f)))).collect()
            }
        };
        (!spots.is_empty()).then(|| *self.dice.pick(&spots))
    }

    /// Households that have to do with a spot: those of its stair, else of its building, else all.
    pub(super) fn near(&self, place: &Place) -> Vec<UnitId> {
        let Some(building) = place.building else { return self.homes.clone() };
        let here = self.estate.units.iter().filter(|u| u.building == building && place.stair.as_ref().is_none_or(|s| *s == u.stair));
        here.map(|u| u.id).filter(|u| self.voices.contains_key(u)).collect()
    }

    /// Somebody who would report at this spot; the leader of the stair now and then.
    pub(super) fn reporter(&mut self, place: &Place) -> By {
        if place.building.is_some() && self.dice.chance(12) {
            let leader = self.estate.memberships.iter().find(|m| m.role == Role::BuildingLeader && m.building == place.building && m.stair == place.stair);
            if let Some(m) = leader {
                return By { person: m.person, role: m.role, unit: None };
            }
        }
        let near = self.near(place);
        let home = *self.dice.pick(if near.is_empty() { &self.homes } else { &near });
        *self.dice.pick(&self.voices[&home])
    }

    /// Begins a ticket: the report with its photos.
    pub(super) fn begin(&mut self, trouble: &'static Trouble, spot: Spot<'a>, reporter: Reporter, at: Time, text: &str) -> Tale<'a, '_> {
        let (place, facility) = spot;
        let title = facility.map_or(place.name.as_str(), |f| f.name.as_str());
        let by = match &reporter {
            Reporter::Person(by) => Some(by.person),
            Reporter::Visitor { .. } => None,
        };
        let floor = *self.dice.pick(&["二", "三", "四", "五", "六"]);
        let look = self.dice.below(usize::from(trouble.subject.looks())) as u8;
        let shots = if self.dice.chance(82) { 1 + u8::from(trouble.subject.looks() > 1 && self.dice.chance(22)) } else { 0 };
        let photos: Vec<Photo> = (0..shots)
            .map(|n| Photo {
                id: PhotoId(self.made("photo", at)),
                picture: Picture { subject: trouble.subject, mended: false, look: (look + n) % trouble.subject.looks() },
                at,
                by,
            })
            .collect();
        let visibility = if by.is_some() { Visibility::Public } else { Visibility::Pending };
        let script = Script {
            id: TicketId(self.made("ticket", at)),
            place: place.id,
            facility: facility.map(|f| f.id),
            scanned: self.dice.chance(70),
            category: trouble.category,
            text: text.replace("{s}", title).replace("{f}", floor),
            reporter,
            at,
            report_photos: photos.iter().map(|p| p.id).collect(),
            photos,
            acts: vec![],
            ends: State::Received,
            visibility,
        };
        let worker = *self.dice.pick(&self.workers);
        Tale { teller: self, trouble, place, script, look, clock: at, worker, asked: vec![], decided: false }
    }

    /// One of the sentences for a trouble that were used least so far.
    fn sentence(&mut self, trouble: &'static Trouble) -> &'static str {
        let used = |said: &HashMap<&str, usize>, text: &str| said.get(text).copied().unwrap_or(0);
        let least = trouble.says.iter().map(|text| used(&self.said, text)).min().unwrap_or(0);
        let fresh: Vec<&'static str> = trouble.says.iter().copied().filter(|text| used(&self.said, text) == least).collect();
        let text = *self.dice.pick(&fresh);
        *self.said.entry(text).or_default() += 1;
        text
    }

    /// Whether money was asked for at this spot at about this time, so that the rules would add it up.
    pub(super) fn costed(&self, spot: Spot<'_>, at: Time) -> bool {
        let near = self.limits.split + 30 * DAY;
        self.costs.iter().any(|(place, facility, then)| *place == spot.0.id && *facility == spot.1.map(|f| f.id) && (at.0 - then.0).abs() < near)
    }

    /// Tells one ticket from report to end.
    pub(super) fn tell(&mut self, trouble: &'static Trouble, spot: Spot<'a>, at: Time, course: Course) -> Script {
        let full = matches!(course.cost, Cost::Committee | Cost::Haggled) && self.before_committee.get(&year_of(at)).is_some_and(|sum| *sum > COMMITTEE_YEAR);
        let cost = if full || self.costed(spot, at) { Cost::None } else { course.cost };
        let course = Course { cost, ..course };
        let reporter = match (course.visitor, course.reporter) {
            (true, _) => Reporter::Visitor { contact: self.dice.chance(50).then(|| super::names::phone(900_000 + self.count)) },
            (false, Some(by)) => Reporter::Person(by),
            (false, None) => Reporter::Person(self.reporter(spot.0)),
        };
        let text = self.sentence(trouble);
        let mut tale = self.begin(trouble, spot, reporter, at, text);
        tale.worker = course.worker.unwrap_or(tale.worker);
        tale.run(course)
    }
}

/// The year on the community's wall.
pub(super) fn year_of(at: Time) -> i32 {
    chrono::Datelike::year(&at.local(480))
}

/// What the history puts before the committee in one year at most, in fen, before one last quote of up to 12,500 yuan.
const COMMITTEE_YEAR: i64 = 6_000_000;

/// A report comes in when people are up.
pub(super) fn awake(dice: &mut Dice, t: Time, urgent: bool) -> Time {
    let minute = if urgent { dice.between(0, 1_439) } else { dice.between(6 * 60 + 30, 22 * 60) };
    t.day_start(480) + minute * MINUTE + dice.between(0, 59) * 1_000
}

/// The tickets of 祥和家园.
pub fn write(estate: &Estate, sign_ins: &[SignIn], seed: u64, now: Time) -> Vec<Script> {
    let mut teller = Teller::new(estate, seed, now);
    let mut tickets = super::present::write(&mut teller, sign_ins);
    past(&mut teller, &mut tickets, TICKETS);
    tickets.sort_by_key(|t| t.at);
    tickets
}

/// The tickets of 和风苑.
pub fn write_small(estate: &Estate, seed: u64, now: Time) -> Vec<Script> {
    let mut teller = Teller::new(estate, seed, now);
    let mut tickets = vec![];
    for (hours, ends) in [(3, State::Accepted), (9, State::InProgress), (20, State::AwaitingCheck)] {
        tickets.extend(super::present::lately(&mut teller, hours, Course::to(ends), |_| true));
    }
    past(&mut teller, &mut tickets, 12);
    tickets.sort_by_key(|t| t.at);
    tickets
}

/// Fills up with tickets of the past two years that are over.
fn past(teller: &mut Teller<'_>, tickets: &mut Vec<Script>, up_to: usize) {
    while tickets.len() < up_to {
        let trouble = &TROUBLES[teller.dice.weighted(TROUBLES.iter().map(|t| t.weight))];
        let Some(spot) = teller.spot(trouble) else { continue };
        let u = teller.dice.between(0, 1_000_000);
        // Half evenly over the two years, half denser towards the present: the program has caught on.
        let back = if teller.dice.chance(50) { u } else { u * u / 1_000_000 };
        let day = Time(teller.now.0 - 2 * DAY - back * 728 / 1_000_000 * DAY);
        let at = awake(&mut teller.dice, day, trouble.category.is_urgent());
        let course = usual(&mut teller.dice, trouble);
        let mut script = teller.tell(trouble, spot, at, course);
        not_yet_archived(&mut script, teller.now);
        if script.acts.last().is_some_and(|a| a.at >= teller.now) {
            continue;
        }
        let room = up_to - tickets.len();
        let twin = if room > 1 && teller.dice.chance(4) { double(teller, trouble, spot, &script) } else { None };
        tickets.push(script);
        tickets.extend(twin);
    }
}

/// Takes back an archiving that still lies ahead.
fn not_yet_archived(script: &mut Script, now: Time) {
    let ahead = |a: &Act| a.at >= now && a.doing == Doing::Step(Step::Archive);
    if script.acts.last().is_some_and(ahead) {
        script.acts.pop();
        let last = script.acts.iter().rev().find_map(|a| match &a.doing {
            Doing::Step(Step::Rate { .. }) => Some(State::Rated),
            Doing::Step(Step::Confirm) => Some(State::Done),
            Doing::Step(Step::Finish { .. }) => Some(State::AwaitingCheck),
            _ => None,
        });
        script.ends = last.unwrap_or(script.ends);
    }
}

/// The usual course of a ticket that is over.
fn usual(dice: &mut Dice, trouble: &Trouble) -> Course {
    let ends = match dice.below(100) {
        0..=2 => State::Returned,
        3..=4 => State::Withdrawn,
        _ => State::Archived,
    };
    let visitor = ends == State::Archived && dice.chance(6);
    let cost = match dice.below(100) {
        _ if trouble.category.is_urgent() && trouble.subject != super::scenes::Subject::WallTile => {
            if dice.chance(12) {
                Cost::Small
            } else {
                Cost::None
            }
        }
        0..=8 => Cost::Small,
        9..=13 => Cost::Committee,
        14..=15 => Cost::Haggled,
        _ => Cost::None,
    };
    let open = trouble.part == app::rooms::tickets::model::Part::Own;
    Course {
        ends,
        cost: if open && cost != Cost::None { Cost::Small } else { cost },
        late: dice.chance(7),
        wait: !trouble.category.is_urgent() && dice.chance(7),
        again: dice.chance(5),
        rated: dice.chance(64),
        visitor,
        others: if open { 0 } else { [0, 0, 0, 1, 1, 2, 3, 5, 8][dice.below(9)] },
        reporter: None,
        worker: None,
    }
}

/// Somebody else reports the same; the desk merges it into the first one while that is open.
pub(super) fn double(teller: &mut Teller<'_>, trouble: &'static Trouble, spot: Spot<'_>, first: &Script) -> Option<Script> {
    let until = first.acts.iter().find(|a| matches!(&a.doing, Doing::Step(Step::Finish { .. } | Step::Return { .. } | Step::Withdraw { .. }))).map_or(teller.now, |a| a.at);
    let at = first.at + 12 * MINUTE;
    let merge = at + 25 * MINUTE;
    let spot = (teller.estate.places.iter().find(|p| p.id == spot.0.id)?, spot.1.and_then(|f| teller.estate.facilities.iter().find(|o| o.id == f.id)));
    let by = teller.reporter(spot.0);
    // What a visitor reported may not be public yet, and what is public is not merged into it.
    let hidden = matches!(first.reporter, Reporter::Visitor { .. });
    if merge + MINUTE >= until || hidden || first.reporter == Reporter::Person(by) {
        return None;
    }
    let text = format!("{}{}", first.text, teller.dice.pick(&["，我们家也碰到了", "，麻烦快点修", "，昨天就这样了"]));
    let mut tale = teller.begin(trouble, spot, Reporter::Person(by), at, &text);
    tale.clock = merge;
    let desk = tale.desk();
    tale.step(desk, Step::Merge { into: first.id }, State::Merged);
    Some(tale.script)
}
