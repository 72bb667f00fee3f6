//! Two years of tickets: who reported what, and how it went. [`super::present`] adds what is going on now.

use super::dice::{Dice, id};
use super::places::{Facility, Place};
use super::roles::SignIn;
use super::scenes::Picture;
use super::script::{Act, By, Doing, Photo, Reporter, Script};
use super::troubles::{self as words, At, TROUBLES, Trouble};
use super::Estate;
use app::ids::{MutationId, PersonId, PhotoId, QuoteId, TicketId, UnitId};
use app::measure::{DAY, Fen, HOUR, MINUTE, Time};
use app::rooms::people::model::Role;
use app::rooms::tickets::model::{QuoteLine, SpotPhoto, State, Step, Visibility};
use app::rooms::tickets::rules::{Limits, REOPEN_WITHIN, add_open_hours};
use std::collections::{HashMap, HashSet};

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
}

impl Course {
    pub(super) fn to(ends: State) -> Self {
        Self { ends, cost: Cost::None, late: false, wait: false, again: false, rated: false, visitor: false, others: 0 }
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
    voices: HashMap<UnitId, Vec<By>>,
    homes: Vec<UnitId>,
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
        Self { estate, seed, now, dice, desk, committee: of(&[Role::CommitteeDirector, Role::CommitteeMember]), moderator, workers, limits: Limits::default(), voices, homes, count: 0 }
    }

    fn made(&mut self, kind: &str, at: Time) -> uuid::Uuid {
        self.count += 1;
        id(self.seed, &format!("{}/{kind}", self.estate.community.slug), self.count, at)
    }

    /// A spot where this trouble can be.
    pub(super) fn spot(&mut self, trouble: &Trouble) -> Option<Spot<'a>> {
        let estate = self.estate;
        let spots: Vec<Spot<'a>> = match trouble.at {
            At::Place(kind) => estate.places.iter().filter(|p| p.kind == kind).map(|p| (p, None)).collect(),
            At::Tower => estate.places.iter().filter(|p| p.name.ends_with("门厅")).map(|p| (p, None)).collect(),
            At::Fixture(fixture) => estate.facilities.iter().filter(|f| f.fixture == fixture).filter_map(|f| Some((estate.places.iter().find(|p| p.id == f.place)?, Some(f)))).collect(),
        };
        (!spots.is_empty()).then(|| *self.dice.pick(&spots))
    }

    /// Households that have to do with a spot: those of its stair, else of its building, else all.
    fn near(&self, place: &Place) -> Vec<UnitId> {
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
        let look = self.dice.below(usize::from(trouble.subject.looks())) as u8;
        let shots = if self.dice.chance(82) { 1 + u8::from(trouble.subject.looks() > 1 && self.dice.chance(22)) } else { 0 };
        let photos: Vec<Photo> = (0..shots)
            .map(|n| Photo { id: PhotoId(self.made("photo", at)), picture: Picture { subject: trouble.subject, mended: false, look: (look + n) % trouble.subject.looks() }, at, by })
            .collect();
        let visibility = if by.is_some() { Visibility::Public } else { Visibility::Pending };
        let script = Script {
            id: TicketId(self.made("ticket", at)),
            place: place.id,
            facility: facility.map(|f| f.id),
            scanned: self.dice.chance(70),
            category: trouble.category,
            text: text.replace("{s}", title),
            reporter,
            at,
            report_photos: photos.iter().map(|p| p.id).collect(),
            photos,
            acts: vec![],
            ends: State::Received,
            visibility,
        };
        let worker = *self.dice.pick(&self.workers);
        Tale { teller: self, trouble, place, script, look, clock: at, worker }
    }

    /// Tells one ticket from report to end.
    pub(super) fn tell(&mut self, trouble: &'static Trouble, spot: Spot<'a>, at: Time, course: Course) -> Script {
        let reporter = match course.visitor {
            true => Reporter::Visitor { contact: self.dice.chance(50).then(|| super::names::phone(900_000 + self.count)) },
            false => Reporter::Person(self.reporter(spot.0)),
        };
        let text = *self.dice.pick(trouble.says);
        self.begin(trouble, spot, reporter, at, text).run(course)
    }
}

/// A ticket that is being told.
pub(super) struct Tale<'a, 't> {
    pub teller: &'t mut Teller<'a>,
    pub trouble: &'static Trouble,
    place: &'a Place,
    pub script: Script,
    look: u8,
    /// The moment that has been reached.
    pub clock: Time,
    pub worker: PersonId,
}

impl Tale<'_, '_> {
    fn urgent(&self) -> bool {
        self.trouble.category.is_urgent()
    }

    /// Lets time go by: minutes of any hour for urgent things, of the desk's hours for others.
    pub(super) fn pass(&mut self, low: i64, high: i64) {
        let minutes = self.teller.dice.between(low, high).min(self.teller.dice.between(low, high));
        let seconds = self.teller.dice.between(0, 59) * 1_000;
        self.clock = if self.urgent() { self.clock + minutes * MINUTE } else { add_open_hours(self.clock, minutes * MINUTE, &self.teller.limits) } + seconds;
    }

    pub(super) fn act(&mut self, by: Option<By>, doing: Doing) -> MutationId {
        let id = MutationId(self.teller.made("act", self.clock));
        self.script.acts.push(Act { id, at: self.clock, by, doing });
        id
    }

    pub(super) fn step(&mut self, by: By, step: Step, ends: State) -> MutationId {
        self.script.ends = ends;
        self.act(Some(by), Doing::Step(step))
    }

    pub(super) fn desk(&mut self) -> By {
        *self.teller.dice.pick(&self.teller.desk)
    }

    pub(super) fn crew(&self) -> By {
        By { person: self.worker, role: Role::Worker, unit: None }
    }

    fn checker(&self) -> By {
        match self.script.reporter {
            Reporter::Person(by) => by,
            Reporter::Visitor { .. } => self.teller.moderator,
        }
    }

    pub(super) fn take_in(&mut self) {
        let urgent = self.urgent();
        if matches!(self.script.reporter, Reporter::Visitor { .. }) {
            self.pass(1, if urgent { 3 } else { 60 });
            let moderator = self.teller.moderator;
            self.act(Some(moderator), Doing::Show);
            self.script.visibility = Visibility::Public;
        }
        self.pass(1, if urgent { 5 } else { 55 });
        let (desk, part) = (self.desk(), self.trouble.part);
        self.step(desk, Step::Accept { part }, State::Accepted);
    }

    pub(super) fn hand_out(&mut self) {
        self.pass(1, if self.urgent() { 4 } else { 50 });
        let (desk, worker) = (self.desk(), self.worker);
        self.step(desk, Step::Assign { worker }, State::Dispatched);
        if !self.urgent() && self.teller.dice.chance(30) {
            self.pass(1, 10);
            let at = add_open_hours(self.clock, self.teller.dice.between(30, 300) * MINUTE, &self.teller.limits);
            let crew = self.crew();
            self.step(crew, Step::Schedule { at }, State::Dispatched);
        }
    }

    pub(super) fn arrive(&mut self) {
        let (low, high) = if self.urgent() { (6, 14) } else { (20, 280) };
        self.pass(low, high);
        let crew = self.crew();
        self.step(crew, Step::Arrive, State::InProgress);
    }

    pub(super) fn pause(&mut self) {
        self.pass(10, 50);
        let (crew, reason) = (self.crew(), (*self.teller.dice.pick(words::WAITS)).to_owned());
        self.step(crew, Step::Pause { reason }, State::AwaitingMaterial);
    }

    /// The lines of a quote, scaled so that the right people decide it.
    pub(super) fn quote(&mut self, cost: Cost) -> QuoteId {
        self.pass(10, 90);
        let base: i64 = self.trouble.lines.iter().map(|l| l.2 * l.3).sum();
        let (low, high) = match cost {
            Cost::Owners => (2_100_000, 4_600_000),
            Cost::Committee | Cost::Haggled => (205_000, 1_250_000),
            _ => (base.min(190_000), (base + 1).min(199_000)),
        };
        let aim = self.teller.dice.between(low, high);
        let times = (aim / base).max(1);
        let mut lines: Vec<QuoteLine> = self.trouble.lines.iter().map(|l| QuoteLine { labour: l.0, name: l.1.to_owned(), quantity: l.2 * times, unit_price: Fen(l.3) }).collect();
        let mut total: i64 = lines.iter().map(|l| l.amount().0).sum();
        if cost == Cost::Small {
            while total > 200_000 && lines.len() > 1 {
                total -= lines.remove(0).amount().0;
            }
        } else if total < low {
            let rest = (low - total + 30_000) / 100 * 100;
            lines.push(QuoteLine { labour: true, name: "拆除清运及成品保护".to_owned(), quantity: 1, unit_price: Fen(rest) });
            total += rest;
        }
        let desk = self.desk();
        let ends = if total > 200_000 { State::AwaitingApproval } else { self.script.ends };
        QuoteId(self.step(desk, Step::Quote { lines }, ends).0)
    }

    fn pay(&mut self, cost: Cost) {
        let (before, mut quote) = (self.script.ends, self.quote(cost));
        if self.script.ends != State::AwaitingApproval {
            return;
        }
        if cost == Cost::Haggled {
            self.pass(60, 700);
            let (who, reason) = (*self.teller.dice.pick(&self.teller.committee), (*self.teller.dice.pick(words::DECLINES)).to_owned());
            self.step(who, Step::Decline { quote, reason }, before);
            quote = self.quote(Cost::Committee);
        }
        self.pass(30, 900);
        let who = *self.teller.dice.pick(&self.teller.committee);
        self.step(who, Step::Approve { quote }, before);
    }

    pub(super) fn finish(&mut self) {
        let spots = (self.script.report_photos.len() as u8).max(1);
        let (trouble, look, at) = (self.trouble, self.look, self.clock);
        let taken: Vec<Photo> = (0..spots)
            .map(|n| Photo { id: PhotoId(self.teller.made("photo", at)), picture: Picture { subject: trouble.subject, mended: true, look: (look + n) % trouble.subject.looks() }, at, by: Some(self.worker) })
            .collect();
        let photos = (0..spots).zip(&taken).map(|(spot, p)| SpotPhoto { photo: p.id, spot, after: true }).collect();
        self.script.photos.extend(taken);
        let (crew, note) = (self.crew(), (*self.teller.dice.pick(trouble.done)).to_owned());
        self.step(crew, Step::Finish { note, photos }, State::AwaitingCheck);
    }

    pub(super) fn work(&mut self, late: bool) {
        if late {
            let (from, low, high) = if self.urgent() { (MINUTE, 130, 320) } else { (HOUR, 74, 150) };
            let least = self.script.at + self.teller.dice.between(low, high) * from;
            self.clock = Time(self.clock.0.max(least.0));
        }
        let (low, high) = if self.urgent() { (12, 60) } else { (25, 420) };
        self.pass(low, high);
        self.finish();
    }

    /// Not good yet: the same people come again.
    fn redo(&mut self, step: Step) {
        let checker = self.checker();
        self.step(checker, step, State::Rework);
        self.pass(60, 300);
        let crew = self.crew();
        self.step(crew, Step::Arrive, State::InProgress);
        self.pass(20, 200);
        self.finish();
    }

    pub(super) fn complaint(&mut self) -> String {
        (*self.teller.dice.pick(words::COMPLAINTS)).to_owned()
    }

    pub(super) fn rate(&mut self) {
        let dice = &mut self.teller.dice;
        let stars = [5, 4, 3, 2, 1][dice.weighted([66u64, 24, 6, 3, 1].into_iter())];
        let words = (*dice.pick(match stars {
            4 | 5 => words::PRAISE,
            3 => words::FAIR,
            _ => words::POOR,
        })).to_owned();
        let by = self.checker();
        self.step(by, Step::Rate { stars, words }, State::Rated);
    }

    /// Other households meet it too, and some write a word, while it is open.
    fn gather(&mut self, others: usize) {
        let until = self.script.acts.iter().find(|a| matches!(&a.doing, Doing::Step(Step::Finish { .. } | Step::Return { .. } | Step::Withdraw { .. }))).map_or(self.teller.now, |a| a.at);
        let opens = self.script.acts.iter().find(|a| a.doing == Doing::Show).map_or(self.script.at, |a| a.at);
        let room = (until - opens - 4 * MINUTE).min(3 * DAY);
        if room < 20 * MINUTE || self.script.visibility != Visibility::Public {
            return;
        }
        let mut near = self.teller.near(self.place);
        self.teller.dice.shuffle(&mut near);
        let own: HashSet<UnitId> = match self.script.reporter {
            Reporter::Person(by) => self.teller.estate.memberships.iter().filter(|m| m.person == by.person).filter_map(|m| m.unit).collect(),
            Reporter::Visitor { .. } => HashSet::new(),
        };
        for (n, unit) in near.into_iter().filter(|u| !own.contains(u)).take(others).enumerate() {
            let by = *self.teller.dice.pick(&self.teller.voices[&unit]);
            self.clock = opens + self.teller.dice.between(2 * MINUTE, room);
            self.act(Some(by), Doing::MeToo);
            if n == 0 && self.teller.dice.chance(35) {
                let remark = (*self.teller.dice.pick(words::REMARKS)).to_owned();
                self.clock = self.clock + MINUTE;
                self.act(Some(by), Doing::Comment(remark));
            }
        }
        self.script.acts.sort_by_key(|a| a.at);
    }

    fn run(mut self, course: Course) -> Script {
        self.go(course);
        let (clock, others) = (self.clock, course.others);
        if others > 0 {
            self.gather(others);
            self.clock = clock;
        }
        self.script
    }

    fn go(&mut self, course: Course) {
        use State as S;
        let ends = course.ends;
        if ends == S::Received {
            return;
        }
        if ends == S::Withdrawn {
            self.pass(5, 40);
            let (by, reason) = (self.checker(), (*self.teller.dice.pick(words::WITHDRAWS)).to_owned());
            self.step(by, Step::Withdraw { reason }, S::Withdrawn);
            return;
        }
        if ends == S::Returned {
            self.pass(5, 90);
            let (desk, reason) = (self.desk(), (*self.teller.dice.pick(words::RETURNS)).to_owned());
            self.step(desk, Step::Return { reason }, S::Returned);
            return;
        }
        self.take_in();
        if ends == S::Accepted {
            return;
        }
        self.hand_out();
        if ends == S::Dispatched {
            return;
        }
        self.arrive();
        if ends == S::AwaitingApproval {
            self.quote(course.cost);
            return;
        }
        if course.cost != Cost::None {
            self.pay(course.cost);
        }
        if course.wait || ends == S::AwaitingMaterial {
            self.pause();
            if ends == S::AwaitingMaterial {
                return;
            }
            self.clock = self.clock + self.teller.dice.between(18, 70) * HOUR;
            self.pass(1, 60);
            let crew = self.crew();
            self.step(crew, Step::Resume, S::InProgress);
        }
        if ends == S::InProgress {
            return;
        }
        self.work(course.late);
        self.settle(course);
    }

    fn settle(&mut self, course: Course) {
        use State as S;
        if course.ends == S::Rework {
            self.pass(30, 400);
            let (by, reason) = (self.checker(), self.complaint());
            self.step(by, Step::Reject { reason }, S::Rework);
            return;
        }
        let mut finished = self.clock;
        if course.again {
            self.pass(40, 600);
            let reason = self.complaint();
            if self.teller.dice.chance(50) {
                self.redo(Step::Reject { reason });
            } else {
                let by = self.checker();
                self.step(by, Step::Confirm, S::Done);
                self.clock = self.clock + self.teller.dice.between(8, 60) * HOUR;
                self.redo(Step::Reopen { reason });
            }
            finished = self.script.acts.last().map_or(self.clock, |a| a.at);
        }
        if course.ends == S::AwaitingCheck {
            return;
        }
        let person = matches!(self.script.reporter, Reporter::Person(_));
        if course.ends == S::Done || (course.ends == S::Archived && self.teller.dice.chance(45)) {
            self.clock = self.clock + self.teller.dice.between(10, 900) * MINUTE;
            let by = self.checker();
            self.step(by, Step::Confirm, S::Done);
        }
        if person && (course.ends == S::Rated || (course.ends == S::Archived && course.rated)) {
            self.clock = self.clock + self.teller.dice.between(5, 1_500) * MINUTE;
            self.rate();
        }
        if course.ends == S::Archived {
            self.clock = (finished + REOPEN_WITHIN).day_start(self.limits().offset) + DAY + 3 * HOUR;
            self.act(None, Doing::Step(Step::Archive));
            self.script.ends = S::Archived;
        }
    }

    fn limits(&self) -> &Limits {
        &self.teller.limits
    }
}

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
        tickets.push(super::present::lately(&mut teller, hours, Course::to(ends), |_| true));
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
        let day = Time(teller.now.0 - 15 * DAY - back * 715 / 1_000_000 * DAY);
        let at = awake(&mut teller.dice, day, trouble.category.is_urgent());
        let course = usual(&mut teller.dice, trouble);
        let script = teller.tell(trouble, spot, at, course);
        if script.acts.last().is_some_and(|a| a.at >= teller.now) {
            continue;
        }
        let room = up_to - tickets.len();
        let twin = if room > 1 && teller.dice.chance(4) { double(teller, trouble, spot, &script) } else { None };
        tickets.push(script);
        tickets.extend(twin);
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
        _ if trouble.category.is_urgent() && trouble.subject != super::scenes::Subject::WallTile => if dice.chance(12) { Cost::Small } else { Cost::None },
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
    }
}

/// Somebody else reports the same; the desk merges it into the first one while that is open.
pub(super) fn double(teller: &mut Teller<'_>, trouble: &'static Trouble, spot: Spot<'_>, first: &Script) -> Option<Script> {
    let until = first.acts.iter().find(|a| matches!(&a.doing, Doing::Step(Step::Finish { .. } | Step::Return { .. } | Step::Withdraw { .. }))).map_or(teller.now, |a| a.at);
    let at = first.at + 12 * MINUTE;
    let merge = at + 25 * MINUTE;
    let spot = (teller.estate.places.iter().find(|p| p.id == spot.0.id)?, spot.1.and_then(|f| teller.estate.facilities.iter().find(|o| o.id == f.id)));
    let by = teller.reporter(spot.0);
    if merge + MINUTE >= until || first.reporter == Reporter::Person(by) {
        return None;
    }
    let text = *teller.dice.pick(trouble.says);
    let mut tale = teller.begin(trouble, spot, Reporter::Person(by), at, text);
    tale.clock = merge;
    let desk = tale.desk();
    tale.step(desk, Step::Merge { into: first.id }, State::Merged);
    Some(tale.script)
}
