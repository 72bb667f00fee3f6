//! Parking, after the leases of before: a finished round in which the freed bays were drawn, with leases, a party that did not reveal, an objection that
//! was upheld and a waiting list; an open round with applications; and a small one in 和风苑. All of it through the real rules.

use super::book::Book;
use super::dice::Dice;
use super::estate::Occupancy;
use super::{Estate, Plan};
use anyhow::{Context, ensure};
use app::apply::apply_within;
use app::context::{Caller, Services};
use app::ids::{MutationId, PersonId, UnitId};
use app::measure::{DAY, Fen, HOUR, Time};
use app::mutation::{Envelope, Mutation};
use app::rooms::bays::model::{Add, Bay, BayKind, BayState, Details};
use app::rooms::bays::store as bays;
use app::rooms::parking::draw::{commitment, sha256};
use app::rooms::parking::entity::{applications, leases, round_bays, rounds};
use app::rooms::parking::model::{Answer, Apply, Band, BandRule, CheckCard, Choose, Commit, Draw, Kind, Move, Object, Open, Outcome, Paper, Pay, Register, Reveal, Turn, Verdict};
use app::rooms::parking::offers;
use app::rooms::parking::plates::parse_plate;
use app::rooms::people::model::Role;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{HashMap, HashSet, VecDeque};
use uuid::Uuid;

/// Bays of the finished round: those that were won back for cars.
const FREED: usize = 60;
/// Applications for them.
const APPLIED: usize = 240;

/// Which of them have a disability card: an accessible bay waits for the first who fits.
const CARDS: [usize; 3] = [17, 88, 149];

/// Somebody who applies.
#[derive(Clone, Copy)]
pub(super) struct Applicant {
    person: PersonId,
    role: Role,
    pub(super) unit: UnitId,
}

/// Tells it.
///
/// # Errors
/// When the database refuses, or the story breaks a rule.
pub async fn tell(services: &Services, plan: &Plan) -> anyhow::Result<()> {
    for (estate, grand) in [(&plan.home, true), (&plan.neighbour, false)] {
        let txn = services.db.begin().await?;
        let mut book = Book::new(services, &txn, plan, estate, "parking");
        let mut people = applicants(plan, estate);
        super::older_leases::tell(&mut book, &mut people).await.context("the leases of before")?;
        if grand {
            let mut chosen = finished(&mut book, &mut people).await.context("the finished round")?;
            ready(&mut book, &mut people, &mut chosen).await.context("the round that waits for its draw")?;
            running(&mut book, &mut people, &mut chosen).await.context("the open round")?;
        } else {
            small(&mut book, &mut people).await.context("the small round")?;
        }
        txn.commit().await?;
    }
    Ok(())
}

/// Owners who live in their home, and tenants: one of each home, in an order of their own. Those whom visitors of the
/// demonstration can be come last, so that they still have something to apply for.
fn applicants(plan: &Plan, estate: &Estate) -> VecDeque<Applicant> {
    let lived: HashSet<UnitId> = estate.units.iter().filter(|u| u.occupancy == Occupancy::OwnerLived).map(|u| u.id).collect();
    let mut seen = HashSet::new();
    let fits = |m: &&super::Membership| match (m.role, m.unit) {
        (Role::Owner, Some(unit)) => lived.contains(&unit),
        (Role::Tenant, Some(unit)) => !lived.contains(&unit),
        _ => false,
    };
    let mut all: Vec<Applicant> =
        estate.memberships.iter().filter(fits).filter_map(|m| Some(Applicant { person: m.person, role: m.role, unit: m.unit? })).filter(|a| seen.insert(a.unit)).collect();
    let shown: HashSet<PersonId> = estate.persons.iter().filter(|p| p.account.is_some()).map(|p| p.id).collect();
    let mut dice = Dice::new(plan.seed, &format!("parking {}", estate.community.slug));
    dice.shuffle(&mut all);
    all.sort_by_key(|a| shown.contains(&a.person));
    all.into()
}

/// So many free common bays that `fit`; what the register does not have yet is added to it.
async fn free_bays(book: &mut Book<'_>, count: usize, at: Time, code: &str, fit: impl Fn(&Bay) -> bool) -> anyhow::Result<Vec<Uuid>> {
    let taken: HashSet<Uuid> =
        round_bays::Entity::find().filter(round_bays::Column::CommunityId.eq(book.estate.community.id.0)).all(book.txn).await?.into_iter().map(|b| b.bay_id).collect();
    let all = bays::list(book.txn, book.estate.community.id).await.map_err(|e| anyhow::anyhow!("{e:?}"))?;
    let free = all.into_iter().filter(|b| b.kind.common() && b.state == BayState::Free && !taken.contains(&b.id) && fit(b));
    let mut ids: Vec<Uuid> = free.take(count).map(|b| b.id).collect();
    for n in ids.len()..count {
        let details = Details { original_planned: true, area: "中心花园北侧".into(), freed: true, ..Details::default() };
        let add = Add { code: format!("{code}-{:03}", n + 1), kind: BayKind::Planned, details, unit: None, photos: vec![] };
        ids.push(book.act(Role::PropertyManager, at, Mutation::BayAdd(add)).await?);
    }
    Ok(ids)
}

/// The plate of the nth car: every ninth is electric. No plate of this province has a B followed by such a number twice.
fn plate(n: usize) -> String {
    if n % 9 == 4 { format!("沪AD{:05}", 10_007 + n * 37) } else { format!("沪B{:05}", 10_003 + n * 53 % 89_000) }
}

fn bands(all: &[(Band, i64, i64)]) -> Vec<BandRule> {
    all.iter().map(|(band, months, yuan)| BandRule { band: *band, months: *months, fee: Fen(yuan * 100) }).collect()
}

impl Book<'_> {
    /// Registers a car at the desk and applies with it.
    async fn apply_for(&mut self, round: Uuid, who: Applicant, n: usize, at: Time, card: bool) -> anyhow::Result<(Uuid, Uuid)> {
        let car = Register { plate: plate(n), unit: Some(who.unit), contact: String::new(), photos: vec![] };
        let vehicle = self.act(Role::Dispatcher, at, Mutation::ParkingCar(car)).await?;
        let apply = Apply { round, vehicle, second: false, card };
        Ok((self.act_as(who.person, who.role, Some(who.unit), at + HOUR, Mutation::ParkingApply(apply)).await?, vehicle))
    }

    async fn parking_round(&self, id: Uuid) -> anyhow::Result<rounds::Model> {
        rounds::Entity::find_by_id((self.estate.community.id.0, id)).one(self.txn).await?.context("a round")
    }

    async fn parking_step(&self, round: Uuid) -> anyhow::Result<Move> {
        Ok(Move { round, version: self.parking_round(round).await?.version })
    }

    /// Commitments and numbers of the parties; `silent` does not reveal.
    async fn parking_promises(&mut self, round: Uuid, at: Time, silent: Option<Role>) -> anyhow::Result<()> {
        let row = self.parking_round(round).await?;
        let parties = [(Role::CommitteeDirector, "YWH"), (Role::ResidentsCommittee, "JWH"), (Role::OwnersRepresentative, "OWNER1")];
        // A demonstration is the same everywhere; real parties make their numbers on their own devices.
        let nonce = |party: &str| sha256(&format!("demo {} {party}", row.number));
        for (hours, (role, party)) in (0..).zip(parties) {
            let commit = Commit { round, commitment: commitment(&row.number, party, &nonce(party), &row.list_hash) };
            self.act(role, at + hours * HOUR, Mutation::ParkingCommit(commit)).await?;
        }
        for (hours, (role, party)) in (24..).zip(parties).filter(|(_, (role, _))| Some(*role) != silent) {
            self.act(role, at + hours * HOUR, Mutation::ParkingReveal(Reveal { round, nonce: nonce(party) })).await?;
        }
        Ok(())
    }

    /// The same, and then the draw.
    async fn parking_draw(&mut self, round: Uuid, at: Time, silent: Option<Role>, public: &str) -> anyhow::Result<()> {
        self.parking_promises(round, at, silent).await?;
        let row = self.parking_round(round).await?;
        let version = row.version;
        for role in [Role::CommitteeDirector, Role::ResidentsCommittee] {
            self.act(role, Time(row.public_at) + 2 * HOUR, Mutation::ParkingDraw(Draw { round, version, public: public.into() })).await?;
        }
        Ok(())
    }

    async fn applications(&self, round: Uuid) -> anyhow::Result<Vec<applications::Model>> {
        Ok(applications::Entity::find()
            .filter(applications::Column::CommunityId.eq(self.estate.community.id.0))
            .filter(applications::Column::RoundId.eq(round))
            .order_by_asc(applications::Column::Place)
            .order_by_asc(applications::Column::Code)
            .all(self.txn)
            .await?)
    }

    /// Those with an offer choose the first bay that suits them, but for `lazy` of them.
    async fn choose_bays(&mut self, round: Uuid, at: Time, lazy: usize) -> anyhow::Result<()> {
        let rows = round_bays::Entity::find()
            .filter(round_bays::Column::CommunityId.eq(self.estate.community.id.0))
            .filter(round_bays::Column::RoundId.eq(round))
            .filter(round_bays::Column::LeaseId.is_null())
            .order_by_asc(round_bays::Column::Code)
            .all(self.txn)
            .await?;
        let mut free: HashMap<String, VecDeque<round_bays::Model>> = HashMap::new();
        for bay in rows {
            free.entry(bay.kind.clone()).or_default().push_back(bay);
        }
        let offered: Vec<applications::Model> = self.applications(round).await?.into_iter().filter(|a| a.outcome.as_deref() == Some(Outcome::Offered.code())).collect();
        let count = offered.len().saturating_sub(lazy);
        for (n, row) in (0..).zip(offered.into_iter().take(count)) {
            let kind = row.kind.clone().unwrap_or_else(|| Kind::Plain.code().into());
            let bay = free.get_mut(&kind).and_then(VecDeque::pop_front).context("a bay for every offer")?;
            let choose = Mutation::ParkingChoose(Choose { application: row.id, bay: bay.planned.then_some(bay.bay_id) });
            let at = at + n * HOUR / 2;
            match (row.person_id, row.unit_id) {
                (Some(person), Some(unit)) => {
                    let role = if row.band == Band::Tenant.number() { Role::Tenant } else { Role::Owner };
                    self.act_as(PersonId(person), role, Some(UnitId(unit)), at, choose).await?
                }
                _ => self.act(Role::Dispatcher, at, choose).await?,
            };
        }
        Ok(())
    }

    /// The clock comes by.
    async fn pass_time(&mut self, at: Time) -> anyhow::Result<()> {
        let community = self.estate.community.id;
        for round in offers::due(self.txn, community, at).await.map_err(|e| anyhow::anyhow!("{e:?}"))? {
            let id = MutationId(self.fresh("turn", at));
            let envelope = Envelope { id, person: None, app_version: env!("CARGO_PKG_VERSION").into(), client_time: at, mutation: Mutation::ParkingTurn(Turn { round }) };
            apply_within(self.txn, self.services, &Caller::Clock(community), &envelope, at).await.map_err(|e| anyhow::anyhow!("{e:?}"))?;
        }
        Ok(())
    }
}

/// 240 apply for 60 bays. Answers the homes that have applied.
async fn finished(book: &mut Book<'_>, people: &mut VecDeque<Applicant>) -> anyhow::Result<HashSet<UnitId>> {
    let begun = book.ago(75, 9);
    let bays = free_bays(book, FREED, begun + -DAY, "D", |b| b.freed).await?;
    let open = Open {
        title: "清理僵尸车腾出的 60 个地面车位".into(),
        source: "2026 年第一次业主大会《停车管理方案》，双过半通过".into(),
        days: 14,
        quota: 2,
        bands: bands(&[(Band::Owner, 12, 300), (Band::Tenant, 12, 300), (Band::Second, 12, 450), (Band::Outside, 1, 600)]),
        bays,
        public_name: "中国福利彩票双色球 2026104 期".into(),
        public_at: begun + 30 * DAY,
    };
    let round = book.act(Role::CommitteeDirector, begun, Mutation::ParkingOpen(open)).await?;
    let mut homes = HashSet::new();
    let mut spare = (0..APPLIED).zip(1i64..).collect::<VecDeque<_>>();
    while let Some((n, hours)) = spare.pop_front() {
        let who = people.pop_front().context("enough applicants")?;
        homes.insert(who.unit);
        let at = begun + HOUR + hours * HOUR;
        if n < 4 {
            // Somebody without a phone: the desk types it, and somebody else types it again.
            book.act(Role::Dispatcher, at, Mutation::ParkingCar(Register { plate: plate(n), unit: Some(who.unit), contact: String::new(), photos: vec![] })).await?;
            let paper = Paper {
                round,
                unit: Some(who.unit),
                plate: parse_plate(&plate(n)).map_err(|e| anyhow::anyhow!("{e:?}"))?.text().into(),
                tenant: who.role == Role::Tenant,
                second: false,
                card: false,
            };
            book.act(Role::Dispatcher, at + HOUR, Mutation::ParkingPaper(paper.clone())).await?;
            book.act(Role::PropertyManager, at + 2 * HOUR, Mutation::ParkingPaper(paper)).await?;
            continue;
        }
        let (application, _) = book.apply_for(round, who, n, at, CARDS.contains(&n)).await?;
        if CARDS.contains(&n) {
            book.act(Role::Dispatcher, at + 5 * HOUR, Mutation::ParkingCard(CheckCard { application, seen: true })).await?;
        }
    }
    let step = book.parking_step(round).await?;
    book.act(Role::CommitteeDirector, begun + 14 * DAY + HOUR, Mutation::ParkingFreeze(step)).await?;
    object(book, round, begun + 15 * DAY, people).await?;
    let step = book.parking_step(round).await?;
    book.act(Role::CommitteeDirector, begun + 24 * DAY + HOUR, Mutation::ParkingSettle(step)).await?;
    book.parking_draw(round, begun + 25 * DAY, Some(Role::ResidentsCommittee), "SSQ-2026104:03,09,14,21,27,30+11").await?;
    let drawn = begun + 30 * DAY + 3 * HOUR;
    book.choose_bays(round, drawn + HOUR, 3).await?;
    book.pass_time(drawn + 73 * HOUR).await?;
    book.choose_bays(round, drawn + 80 * HOUR, 0).await?;
    let left = book.applications(round).await?.iter().filter(|a| a.outcome.as_deref() == Some(Outcome::Waiting.code())).count();
    ensure!(left > 0, "nobody waits");
    pay(book, drawn + 6 * DAY).await?;
    Ok(homes)
}

/// Two objections: one is upheld and makes a second version of the list.
async fn object(book: &mut Book<'_>, round: Uuid, at: Time, people: &VecDeque<Applicant>) -> anyhow::Result<()> {
    let listed: Vec<String> = book.applications(round).await?.into_iter().filter(|a| a.verdict.as_deref() == Some(Verdict::Eligible.code())).map(|a| a.code).collect();
    let neighbour = *people.front().context("a neighbour")?;
    let tries =
        [("这一户房子去年就租出去了，登记的自住不对", true, "居委会上门核实，确已出租，不按自住算"), ("他家好像还有一个地下车位", false, "查过产权车位登记，没有登记在这一户名下")];
    for (n, (words, upheld, answer)) in (0i64..).zip(tries) {
        let code = listed.get(20 + 31 * usize::try_from(n)?).context("a line")?.clone();
        let object = Mutation::ParkingObject(Object { round, code, words: words.into() });
        let objection = book.act_as(neighbour.person, neighbour.role, Some(neighbour.unit), at + n * HOUR, object).await?;
        book.act(Role::CommitteeDirector, at + DAY + n * HOUR, Mutation::ParkingAnswer(Answer { objection, upheld, words: answer.into() })).await?;
    }
    Ok(())
}

/// Two thirds have paid a year, some a half.
async fn pay(book: &mut Book<'_>, at: Time) -> anyhow::Result<()> {
    let rows = leases::Entity::find()
        .filter(leases::Column::CommunityId.eq(book.estate.community.id.0))
        .filter(leases::Column::RoundId.is_not_null())
        .order_by_asc(leases::Column::Number)
        .all(book.txn)
        .await?;
    for (n, lease) in (0i64..).zip(rows).filter(|(n, _)| n % 3 != 2) {
        let months = if n % 5 == 0 { 6 } else { 12 };
        let pay = Pay { lease: lease.id, months, voucher: format!("停车收据 {:06}", 26_001 + n) };
        book.act(Role::PropertyManager, at + n * HOUR, Mutation::ParkingPay(pay)).await?;
    }
    Ok(())
}

/// One of those whom visitors of the demonstration can be.
fn visitor(plan: &Plan, estate: &Estate, role: Role) -> Option<Applicant> {
    let sign_in = plan.sign_ins.iter().find(|s| s.role == role)?;
    let person = sign_in.persons.iter().find(|p| p.0 == estate.community.id)?.1;
    let unit = estate.memberships.iter().find(|m| m.person == person && m.role == role)?.unit?;
    Some(Applicant { person, role, unit })
}

/// A round of five bays whose public value exists since two hours: whoever looks at the demonstration can enter it and draw. The
/// owner among its visitors is of the first band, which has fewer than there are bays; the tenant has a car and can still apply for
/// the open round.
async fn ready(book: &mut Book<'_>, people: &mut VecDeque<Applicant>, applied: &mut HashSet<UnitId>) -> anyhow::Result<()> {
    let begun = book.ago(24, 9);
    let bays = free_bays(book, 5, begun + -DAY, "F", |b| b.original_planned && !b.freed && !b.accessible && !b.ev && b.at.is_some()).await?;
    let open = Open {
        title: "东侧道路划线的 5 个车位".into(),
        source: "2026 年第一次业主大会《停车管理方案》".into(),
        days: 7,
        quota: 2,
        bands: bands(&[(Band::Owner, 12, 300), (Band::Tenant, 12, 300), (Band::Second, 12, 450)]),
        bays,
        public_name: "中国福利彩票双色球 2026135 期".into(),
        public_at: book.plan.now + -2 * HOUR,
    };
    let round = book.act(Role::CommitteeDirector, begun, Mutation::ParkingOpen(open)).await?;
    let mut some: Vec<Applicant> = visitor(book.plan, book.estate, Role::Owner).into_iter().collect();
    for (role, count) in [(Role::Owner, 3), (Role::Tenant, 4)] {
        for _ in 0..count {
            let at = people.iter().position(|p| p.role == role && !applied.contains(&p.unit)).context("somebody who can apply")?;
            some.extend(people.remove(at));
        }
    }
    for (n, who) in some.into_iter().enumerate() {
        applied.insert(who.unit);
        book.apply_for(round, who, APPLIED + 100 + n * 9, begun + HOUR + i64::try_from(n)? * 2 * HOUR, false).await?;
    }
    if let Some(tenant) = visitor(book.plan, book.estate, Role::Tenant) {
        let car = Register { plate: plate(APPLIED + 90), unit: Some(tenant.unit), contact: String::new(), photos: vec![] };
        book.act(Role::Dispatcher, begun + 3 * DAY, Mutation::ParkingCar(car)).await?;
    }
    let step = book.parking_step(round).await?;
    book.act(Role::CommitteeDirector, begun + 7 * DAY + HOUR, Mutation::ParkingFreeze(step)).await?;
    let step = book.parking_step(round).await?;
    book.act(Role::CommitteeDirector, begun + 15 * DAY, Mutation::ParkingSettle(step)).await?;
    book.parking_promises(round, begun + 16 * DAY, None).await
}

/// A round that is open now, with applications; whoever looks at the demonstration can still apply.
async fn running(book: &mut Book<'_>, people: &mut VecDeque<Applicant>, applied: &mut HashSet<UnitId>) -> anyhow::Result<()> {
    let begun = book.ago(5, 9);
    let bays = free_bays(book, 8, begun + -DAY, "E", |b| !b.freed && !b.accessible).await?;
    let open = Open {
        title: "西侧道路调整后的 8 个车位".into(),
        source: "2026 年第一次业主大会《停车管理方案》".into(),
        days: 14,
        quota: 2,
        bands: bands(&[(Band::Owner, 12, 300), (Band::Tenant, 12, 300), (Band::Second, 12, 450)]),
        bays,
        public_name: "中国福利彩票双色球 2026149 期".into(),
        public_at: begun + 26 * DAY,
    };
    let round = book.act(Role::CommitteeDirector, begun, Mutation::ParkingOpen(open)).await?;
    for n in 0..28 {
        let Some(who) = people.pop_front().filter(|w| applied.insert(w.unit)) else { continue };
        book.apply_for(round, who, APPLIED + n, begun + HOUR + i64::try_from(n)? * 3 * HOUR, false).await?;
    }
    Ok(())
}

/// Four bays, seven applicants.
async fn small(book: &mut Book<'_>, people: &mut VecDeque<Applicant>) -> anyhow::Result<()> {
    let begun = book.ago(50, 9);
    let bays = free_bays(book, 4, begun + -DAY, "H", |b| !b.accessible).await?;
    let open = Open {
        title: "门口 4 个车位".into(),
        source: "业主大会 2026-05 停车方案".into(),
        days: 7,
        quota: 1,
        bands: bands(&[(Band::Owner, 12, 200), (Band::Tenant, 12, 200)]),
        bays,
        public_name: "中国福利彩票双色球 2026118 期".into(),
        public_at: begun + 20 * DAY,
    };
    let round = book.act(Role::CommitteeDirector, begun, Mutation::ParkingOpen(open)).await?;
    for n in 0..7 {
        let who = people.pop_front().context("enough applicants")?;
        book.apply_for(round, who, n, begun + HOUR + i64::try_from(n)? * HOUR, false).await?;
    }
    let step = book.parking_step(round).await?;
    book.act(Role::CommitteeDirector, begun + 7 * DAY + HOUR, Mutation::ParkingFreeze(step)).await?;
    let step = book.parking_step(round).await?;
    book.act(Role::CommitteeDirector, begun + 15 * DAY, Mutation::ParkingSettle(step)).await?;
    book.parking_draw(round, begun + 16 * DAY, None, "SSQ-2026118:02,08,11,19,25,33+05").await?;
    book.choose_bays(round, begun + 20 * DAY + 4 * HOUR, 0).await
}
