//! One ticket as it is told: each step takes its time, and is taken by somebody who may.

use super::history::{Cost, Course, Teller};
use super::places::Place;
use super::scenes::Picture;
use super::script::{Act, By, Doing, Photo, Reporter, Script};
use super::troubles::{self as words, Trouble};
use app::ids::{MutationId, PersonId, PhotoId, QuoteId, UnitId};
use app::measure::{DAY, Fen, HOUR, MINUTE, Time};
use app::rooms::people::model::Role;
use app::rooms::tickets::model::{Offer, Part, Quote, QuoteLine, SpotPhoto, State, Step, Visibility};
use app::rooms::tickets::rules::{Limits, add_open_hours, total};
use std::collections::HashSet;

/// A ticket that is being told.
pub(super) struct Tale<'a, 't> {
    pub teller: &'t mut Teller<'a>,
    pub trouble: &'static Trouble,
    pub place: &'a Place,
    pub script: Script,
    /// Which variant of the picture.
    pub look: u8,
    /// The moment that has been reached.
    pub clock: Time,
    pub worker: PersonId,
    /// What was asked for last.
    pub asked: Vec<QuoteLine>,
    /// The committee agreed to it.
    pub decided: bool,
}

impl Tale<'_, '_> {
    /// Exactly one photo, of this variant.
    pub(super) fn one_photo(&mut self, look: u8) {
        let (at, subject) = (self.script.at, self.trouble.subject);
        let by = match self.script.reporter {
            Reporter::Person(by) => Some(by.person),
            Reporter::Visitor { .. } => None,
        };
        let photo = Photo { id: PhotoId(self.teller.made("photo", at)), picture: Picture { subject, mended: false, look }, at, by };
        self.look = look;
        self.script.report_photos = vec![photo.id];
        self.script.photos = vec![photo];
    }

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
        let id = self.teller.mutation(self.clock);
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
        }
        self.ask(if matches!(cost, Cost::Small | Cost::None) { Quote::of(lines) } else { self.offers(lines) })
    }

    /// Asks for money.
    pub(super) fn ask(&mut self, quote: Quote) -> QuoteId {
        let sum = total(quote.chosen());
        let desk = self.desk();
        let waits = self.trouble.part.owners_pay() && sum > self.limits().property_max;
        if waits && sum <= self.limits().committee_max {
            *self.teller.before_committee.entry(super::history::year_of(self.clock)).or_default() += sum.0;
        }
        let ends = if waits { State::AwaitingApproval } else { self.script.ends };
        self.asked = quote.chosen().to_vec();
        self.teller.costs.push((self.script.place, self.script.facility, self.clock));
        QuoteId(self.step(desk, Step::Quote(quote), ends).0)
    }

    /// Every other large quote brings offers to compare; now and then the desk does not recommend the cheapest.
    fn offers(&self, lines: Vec<QuoteLine>) -> Quote {
        let n = self.teller.costs.len();
        if n % 2 == 1 {
            return Quote::of(lines);
        }
        let priced = |percent: i64| lines.iter().map(|l| QuoteLine { unit_price: Fen(l.unit_price.0 * percent / 100), ..l.clone() }).collect::<Vec<_>>();
        let other = if n.is_multiple_of(4) { 97 } else { 108 };
        let supplier = |i: usize| words::SUPPLIERS[(n / 2 + i) % words::SUPPLIERS.len()].to_owned();
        let offers =
            vec![Offer { supplier: supplier(0), lines: lines.clone() }, Offer { supplier: supplier(1), lines: priced(other) }, Offer { supplier: supplier(2), lines: priced(115) }];
        let why = if n.is_multiple_of(4) { "贵一点，但有现货，保修两年，另一家只保半年" } else { "三家里最低，去年做过，质量过得去" };
        Quote { offers: offers.into_iter().take(2 + n / 2 % 2).collect(), recommended: 0, why: why.to_owned(), ..Quote::default() }
    }

    fn pay(&mut self, cost: Cost) {
        let (before, mut quote) = (self.script.ends, self.quote(cost));
        if self.script.ends != State::AwaitingApproval {
            return;
        }
        if cost == Cost::Haggled {
            self.decide(quote, false, before);
            quote = self.quote(Cost::Committee);
        }
        self.decide(quote, true, before);
    }

    /// The committee's words on a quote, one after the other, until more than half of all members decide it: `agreed`, or so
    /// many against it that no majority is left. Some decisions see a member excluded, one against it, or a meeting.
    pub(super) fn decide(&mut self, quote: QuoteId, agreed: bool, back: State) {
        let n = self.teller.decisions;
        self.teller.decisions += 1;
        let from = self.clock;
        self.pass(30, 900);
        let until = self.clock;
        let mut voices = self.teller.committee.clone();
        let (members, shift) = (voices.len(), n % voices.len());
        voices.rotate_left(shift);
        let needed = members / 2 + 1;
        let mut acts: Vec<(By, Doing)> = Vec::new();
        if agreed && members > 4 {
            if n % 8 == 3 {
                voices.truncate(needed + 1);
                let place = "居委会二楼会议室".to_owned();
                acts.push((voices[0], Doing::Meet(quote, place, voices.iter().map(|v| v.person).collect())));
            } else if n % 6 == 2 {
                acts.push((voices.remove(1), Doing::Declare(quote, words::INTERESTS[n % words::INTERESTS.len()].to_owned())));
            }
            if n.is_multiple_of(3) {
                acts.push((voices.remove(0), Doing::Word { quote, agrees: false, reason: words::DECLINES[n % words::DECLINES.len()].to_owned() }));
            }
        }
        let count = if agreed { needed } else { members - needed + 1 };
        for (i, by) in voices.into_iter().take(count).enumerate() {
            let said = if agreed { words::AGREES[(n + i) % words::AGREES.len()] } else { words::DECLINES[(n + i) % words::DECLINES.len()] };
            acts.push((by, Doing::Word { quote, agrees: agreed, reason: said.to_owned() }));
        }
        let steps = acts.len() as i64;
        for (i, (by, doing)) in (1..).zip(acts) {
            self.clock = from + (until - from) * i / steps;
            self.act(Some(by), doing);
        }
        self.script.ends = back;
        self.decided = agreed;
    }

    /// A quote that still waits: so many members have agreed already.
    fn begin_to_decide(&mut self, quote: QuoteId, words: usize) {
        for by in self.teller.committee.clone().into_iter().skip(1).take(words) {
            self.clock = self.clock + 7 * MINUTE;
            self.act(Some(by), Doing::Word { quote, agrees: true, reason: String::new() });
        }
    }

    /// The bill, where money was approved; now and then a little less was needed.
    pub(super) fn bill(&mut self) {
        if self.asked.is_empty()
            || self.script.ends == State::AwaitingApproval
            || !(self.decided || total(&self.asked) <= self.limits().property_max || !self.trouble.part.owners_pay())
        {
            return;
        }
        let mut lines = self.asked.clone();
        if self.teller.decisions.is_multiple_of(2)
            && let Some(line) = lines.iter_mut().find(|l| l.quantity > 1)
        {
            line.quantity -= 1;
        }
        self.clock = self.clock + 2 * HOUR;
        let desk = self.teller.desk[0];
        self.act(Some(desk), Doing::Step(Step::Settle { lines }));
    }

    pub(super) fn finish(&mut self) {
        let spots = (self.script.report_photos.len() as u8).max(1);
        let (trouble, look, at) = (self.trouble, self.look, self.clock);
        let taken: Vec<Photo> = (0..spots)
            .map(|n| Photo {
                id: PhotoId(self.teller.made("photo", at)),
                picture: Picture { subject: trouble.subject, mended: true, look: (look + n) % trouble.subject.looks() },
                at,
                by: Some(self.worker),
            })
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
        }))
        .to_owned();
        let by = self.checker();
        self.step(by, Step::Rate { stars, words }, State::Rated);
    }

    /// Other households meet it too, and some write a word, while it is open.
    pub(super) fn gather(&mut self, others: usize) {
        let until =
            self.script.acts.iter().find(|a| matches!(&a.doing, Doing::Step(Step::Finish { .. } | Step::Return { .. } | Step::Withdraw { .. }))).map_or(self.teller.now, |a| a.at);
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

    pub(super) fn run(mut self, course: Course) -> Script {
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
            let (desk, reason) = (self.desk(), if self.trouble.part == Part::Own { words::RETURN_HOME } else { *self.teller.dice.pick(words::RETURNS) }.to_owned());
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
            let quote = self.quote(course.cost);
            if course.cost == Cost::Committee && self.teller.committee.len() > 4 {
                let words = self.teller.costs.len() % 4;
                self.begin_to_decide(quote, words);
            }
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
        if matches!(course.ends, S::Done | S::Rated | S::Archived) {
            self.bill();
        }
        if course.ends == S::Archived {
            self.clock = (finished + self.limits().reopen).day_start(self.limits().offset) + DAY + 3 * HOUR;
            self.act(None, Doing::Step(Step::Archive));
            self.script.ends = S::Archived;
        }
    }

    fn limits(&self) -> &Limits {
        &self.teller.limits
    }
}
