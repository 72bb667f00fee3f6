//! Parking: a round of sixty bays with two hundred and forty applicants, from its opening to the last lease; who may see what.

use app::apply::apply;
use app::context::{Caller, Viewer};
use app::error::AppError;
use app::i18n::Lang;
use app::ids::{BuildingId, MutationId, PersonId, UnitId};
use app::measure::{DAY, Fen, HOUR, Time};
use app::mutation::{Envelope, Mutation, Outcome as Became, Receipt};
use app::rooms::bays;
use app::rooms::communities::entity::{buildings, units};
use app::rooms::communities::store::by_id;
use app::rooms::parking::draw::{commitment, sha256};
use app::rooms::parking::model::*;
use app::rooms::parking::store::{self, View};
use app::rooms::parking::{imports, offers};
use app::rooms::people::entity::{memberships, persons};
use app::rooms::people::model::Role;
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use sea_orm::{EntityTrait, Set};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::pin::Pin;
use uuid::Uuid;

/// The kinds whose door the role alone opens, with those who may go in.
pub fn doors() -> Vec<crate::permissions::Door> {
    let id = Uuid::now_v7();
    let home: fn(Role) -> bool = Role::is_resident;
    let check: fn(Role) -> bool = |r| matches!(r, Role::PropertyManager | Role::Dispatcher | Role::ResidentsCommittee) || r.is_committee();
    let either: fn(Role) -> bool = |r| r.is_resident() || matches!(r, Role::PropertyManager | Role::Dispatcher | Role::ResidentsCommittee) || r.is_committee();
    let run: fn(Role) -> bool = Role::is_committee;
    let party: fn(Role) -> bool = |r| r.is_committee() || matches!(r, Role::ResidentsCommittee | Role::OwnersRepresentative);
    let money: fn(Role) -> bool = |r| r == Role::PropertyManager || r.is_committee();
    let step = Move { round: id, version: 1 };
    vec![
        (Mutation::ParkingCar(Register { plate: String::new(), unit: None, contact: String::new(), photos: vec![] }), either),
        (Mutation::ParkingCarCheck(CheckCar { vehicle: id, accepts: true, words: String::new() }), check),
        (Mutation::ParkingCarRemove(RemoveCar { vehicle: id }), either),
        (Mutation::ParkingOpen(nothing()), run),
        (Mutation::ParkingPostpone(Postpone { round: id, version: 1, public_name: String::new(), public_at: now(), reason: String::new() }), run),
        (Mutation::ParkingApply(Apply { round: id, vehicle: id, second: false, card: false }), home),
        (Mutation::ParkingPaper(Paper { round: id, unit: None, plate: String::new(), tenant: false, second: false, card: false }), check),
        (Mutation::ParkingTakeBack(TakeBack { application: id }), either),
        (Mutation::ParkingCard(CheckCard { application: id, seen: true }), check),
        (Mutation::ParkingFreeze(step.clone()), run),
        (Mutation::ParkingObject(Object { round: id, code: String::new(), words: String::new() }), home),
        (Mutation::ParkingAnswer(Answer { objection: id, upheld: true, words: String::new() }), run),
        (Mutation::ParkingSettle(step.clone()), run),
        (Mutation::ParkingCommit(Commit { round: id, commitment: String::new() }), party),
        (Mutation::ParkingReveal(Reveal { round: id, nonce: String::new() }), party),
        (Mutation::ParkingDraw(Draw { round: id, version: 1, public: String::new() }), run),
        (Mutation::ParkingChoose(Choose { application: id, bay: None }), either),
        (Mutation::ParkingDecline(Decline { application: id }), either),
        (Mutation::ParkingTurn(Turn { round: Some(id) }), |_| false),
        (Mutation::ParkingClose(step), run),
        (Mutation::ParkingPay(Pay { lease: id, months: 1, voucher: String::new() }), money),
        (Mutation::ParkingRelease(Release { lease: id }), either),
        (Mutation::ParkingRenew(Renew { lease: id }), home),
        (Mutation::ParkingChangeCar(ChangeCar { lease: id, vehicle: id }), home),
        (Mutation::ParkingSwap(Swap { lease: id, bay: String::new() }), home),
        (Mutation::ParkingAnswerSwap(AnswerSwap { swap: id, agrees: true }), home),
        (Mutation::ParkingNotice(Notice { lease: id, reason: String::new() }), money),
        (Mutation::ParkingAppeal(Appeal { lease: id, words: String::new() }), home),
        (Mutation::ParkingRuling(Ruling { lease: id, stands: true, words: String::new() }), |r| r.is_committee() || r == Role::ResidentsCommittee),
        (Mutation::ParkingImport(ConfirmList { import: id }), check),
    ]
}

fn nothing() -> Open {
    Open { title: String::new(), source: String::new(), days: 0, quota: 0, bands: vec![], bays: vec![], public_name: String::new(), public_at: now() }
}

/// What somebody may try on another community's round, bay, car, application and lease.
pub async fn foreign(server: &Server, there: &Home) -> Vec<Mutation> {
    let bay = bay(server, there, "Z-001", |_| {}).await;
    let spare = self::bay(server, there, "Z-002", |_| {}).await;
    let round = done(act(server, there, Role::CommitteeDirector, Mutation::ParkingOpen(opening(vec![bay]))).await).0;
    let owner = there.who(Role::Owner);
    let car = done(act(server, there, Role::Owner, Mutation::ParkingCar(registered("沪Z00001"))).await).0;
    let application = done(act(server, there, Role::Owner, Mutation::ParkingApply(Apply { round, vehicle: car, second: false, card: false })).await).0;
    assert!(owner.unit.is_some());
    let (lease, step) = (application, Move { round, version: 1 });
    vec![
        Mutation::ParkingCarCheck(CheckCar { vehicle: car, accepts: true, words: String::new() }),
        Mutation::ParkingCarRemove(RemoveCar { vehicle: car }),
        Mutation::ParkingOpen(opening(vec![spare])),
        Mutation::ParkingPostpone(Postpone { round, version: 1, public_name: "以后的双色球".into(), public_at: now() + 90 * DAY, reason: "越界".into() }),
        Mutation::ParkingApply(Apply { round, vehicle: car, second: false, card: false }),
        Mutation::ParkingPaper(Paper { round, unit: owner.unit, plate: "沪Z00001".into(), tenant: false, second: false, card: false }),
        Mutation::ParkingTakeBack(TakeBack { application }),
        Mutation::ParkingCard(CheckCard { application, seen: true }),
        Mutation::ParkingFreeze(step.clone()),
        Mutation::ParkingObject(Object { round, code: "X".into(), words: "越界越界越界".into() }),
        Mutation::ParkingAnswer(Answer { objection: application, upheld: true, words: "越界".into() }),
        Mutation::ParkingSettle(step.clone()),
        Mutation::ParkingCommit(Commit { round, commitment: "a".repeat(64) }),
        Mutation::ParkingReveal(Reveal { round, nonce: "a".repeat(64) }),
        Mutation::ParkingDraw(Draw { round, version: 1, public: "SSQ-1".into() }),
        Mutation::ParkingChoose(Choose { application, bay: None }),
        Mutation::ParkingDecline(Decline { application }),
        Mutation::ParkingTurn(Turn { round: Some(round) }),
        Mutation::ParkingClose(step),
        Mutation::ParkingPay(Pay { lease, months: 1, voucher: "1".into() }),
        Mutation::ParkingRelease(Release { lease }),
        Mutation::ParkingRenew(Renew { lease }),
        Mutation::ParkingChangeCar(ChangeCar { lease, vehicle: car }),
        Mutation::ParkingSwap(Swap { lease, bay: "Z-001".into() }),
        Mutation::ParkingAnswerSwap(AnswerSwap { swap: lease, agrees: true }),
        Mutation::ParkingNotice(Notice { lease, reason: "越界越界越界".into() }),
        Mutation::ParkingAppeal(Appeal { lease, words: "越界越界越界".into() }),
        Mutation::ParkingRuling(Ruling { lease, stands: true, words: "越界".into() }),
        Mutation::ParkingImport(ConfirmList { import: round }),
    ]
}

fn registered(plate: &str) -> Register {
    Register { plate: plate.into(), unit: None, contact: String::new(), photos: vec![] }
}

fn opening(bays: Vec<Uuid>) -> Open {
    let rule = |band, months, yuan: i64| BandRule { band, months, fee: Fen(yuan * 100) };
    Open {
        title: "地面腾出的车位".into(),
        source: "业主大会 2026-03 停车方案".into(),
        days: 14,
        quota: 2,
        bands: vec![rule(Band::Owner, 12, 300), rule(Band::Tenant, 12, 300), rule(Band::Second, 12, 450), rule(Band::Outside, 1, 600)],
        bays,
        public_name: "福彩双色球 2026140 期".into(),
        public_at: now() + 60 * DAY,
    }
}

fn done(verdict: Result<Receipt, AppError>) -> (Uuid, String) {
    match verdict.expect("done").outcome {
        Became::Done { subject, number, .. } => (subject.unwrap_or_default(), number.unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

fn closed(verdict: Result<Receipt, AppError>) -> bool {
    matches!(verdict, Err(AppError::Closed { .. }))
}

fn on_field(verdict: Result<Receipt, AppError>, field: &str) -> bool {
    matches!(&verdict, Err(AppError::Invalid(f)) if f.iter().any(|f| f.field == field))
}

type Verdict2<'a> = Pin<Box<dyn Future<Output = Result<Receipt, AppError>> + Send + 'a>>;

/// As [`Home::act`], on the heap: a story of many acts would need more stack than a test has.
fn act<'a>(server: &'a Server, home: &'a Home, role: Role, mutation: Mutation) -> Verdict2<'a> {
    Box::pin(home.act(server, role, mutation))
}

/// Somebody in particular, at a time.
#[derive(Clone, Copy)]
struct Who {
    person: PersonId,
    role: Role,
    unit: Option<UnitId>,
}

fn who(home: &Home, role: Role) -> Who {
    let actor = home.who(role);
    Who { person: actor.person, role, unit: actor.unit }
}

fn at<'a>(server: &'a Server, home: &'a Home, who: Who, time: Time, mutation: Mutation) -> Verdict2<'a> {
    Box::pin(async move {
        let (view, slug) = by_id(&server.db().read, home.id).await?;
        let caller = Caller::Person(Box::new(Viewer::of_history(view, slug, who.person, who.role, who.unit)));
        sent(server, &caller, time, mutation).await
    })
}

async fn sent(server: &Server, caller: &Caller, time: Time, mutation: Mutation) -> Result<Receipt, AppError> {
    let envelope = Envelope { id: MutationId::new(), person: None, app_version: "test".into(), client_time: time, mutation };
    let receipt = apply(server.services(), caller, &envelope, time, None).await?;
    match receipt.outcome {
        Became::Rejected { reason } => Err(reason),
        Became::Done { .. } => Ok(receipt),
    }
}

/// The clock does what is due.
async fn tick(server: &Server, home: &Home, time: Time) {
    for round in offers::due(&server.db().read, home.id, time).await.expect("reads") {
        sent(server, &Caller::Clock(home.id), time, Mutation::ParkingTurn(Turn { round })).await.expect("turned");
    }
}

async fn bay(server: &Server, home: &Home, code: &str, change: impl FnOnce(&mut bays::entity::bays::ActiveModel)) -> Uuid {
    let id = Uuid::now_v7();
    let mut row = bays::entity::bays::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(id),
        code: Set(code.into()),
        version: Set(1),
        kind: Set("planned".into()),
        original_planned: Set(true),
        accessible: Set(false),
        ev: Set(false),
        area: Set("中心花园北侧".into()),
        x: Set(None),
        y: Set(None),
        state: Set("free".into()),
        unit_id: Set(None),
        photo_id: Set(None),
        note: Set(String::new()),
        freed: Set(true),
        created_at: Set(1),
    };
    change(&mut row);
    bays::entity::bays::Entity::insert(row).exec_without_returning(&server.db().write).await.expect("a bay");
    id
}

/// Sixty bays: two with a charger, one accessible, two that the original plan does not have.
async fn sixty(server: &Server, home: &Home) -> Vec<Uuid> {
    let mut all = Vec::new();
    for n in 1..=60 {
        let change = |row: &mut bays::entity::bays::ActiveModel| match n {
            1 | 2 => row.ev = Set(true),
            3 => row.accessible = Set(true),
            59 | 60 => {
                row.kind = Set("added".into());
                row.original_planned = Set(false);
            }
            _ => {}
        };
        all.push(bay(server, home, &format!("D-{n:03}"), change).await);
    }
    all
}

/// A tower of homes with one owner each.
async fn tower(server: &Server, home: &Home, count: usize) -> Vec<Who> {
    let db = &server.db().write;
    let building = BuildingId::new();
    let row = buildings::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(building.0),
        code: Set("20".into()),
        name: Set("20号楼".into()),
        kind: Set("high_rise".into()),
        ordinal: Set(20),
    };
    buildings::Entity::insert(row).exec_without_returning(db).await.expect("a building");
    let (mut rows, mut people, mut roles, mut all) = (vec![], vec![], vec![], vec![]);
    for n in 0..count {
        let (unit, person) = (UnitId::new(), PersonId::new());
        rows.push(units::ActiveModel {
            community_id: Set(home.id.0),
            id: Set(unit.0),
            building_id: Set(building.0),
            stair: Set(String::new()),
            floor: Set(Some(1)),
            room: Set(format!("{}", 1_000 + n)),
            area: Set(9_000),
            kind: Set("high_rise".into()),
            area_source: Set("register".into()),
            occupancy: Set("owner".into()),
            household_size: Set(3),
        });
        people.push(persons::ActiveModel {
            community_id: Set(home.id.0),
            id: Set(person.0),
            account_id: Set(None),
            name: Set(format!("李{n}")),
            phone: Set(None),
            created_at: Set(1),
        });
        roles.push(memberships::ActiveModel {
            community_id: Set(home.id.0),
            id: Set(Uuid::now_v7()),
            person_id: Set(person.0),
            role: Set(Role::Owner.code().into()),
            unit_id: Set(Some(unit.0)),
            building_id: Set(None),
            stair: Set(None),
            since: Set(1),
            until: Set(None),
        });
        all.push(Who { person, role: Role::Owner, unit: Some(unit) });
    }
    units::Entity::insert_many(rows).exec_without_returning(db).await.expect("homes");
    persons::Entity::insert_many(people).exec_without_returning(db).await.expect("people");
    memberships::Entity::insert_many(roles).exec_without_returning(db).await.expect("roles");
    all
}

/// The plate of a home's car: every tenth is electric.
fn plate(n: usize) -> String {
    if n % 10 == 0 { format!("沪AD{n:05}") } else { format!("沪B{n:05}") }
}

/// The list of cars that the desk has, through its front door; the same list again changes nothing.
async fn import_cars(server: &Server, home: &Home, count: usize) {
    let mut csv = String::from("车牌,楼栋,门号,室号\n");
    for n in 0..count {
        csv.push_str(&format!("{},20号楼,,{}\n", plate(n), 1_000 + n));
    }
    for fresh in [count, 0] {
        let viewer = home.viewer(server, Role::Dispatcher).await;
        let import = imports::upload(server.db(), &viewer, csv.as_bytes(), now()).await.expect("read");
        let (ready, _) = imports::preview(server.db(), &viewer, import).await.expect("a preview");
        assert_eq!((ready.new.len(), ready.same, ready.faults.len()), (fresh, count - fresh, 0));
        done(act(server, home, Role::Dispatcher, Mutation::ParkingImport(ConfirmList { import })).await);
    }
}

async fn cars_of(server: &Server, home: &Home) -> HashMap<UnitId, Uuid> {
    let viewer = home.viewer(server, Role::Dispatcher).await;
    let (_, of) = imports::doors(&server.db().read, &viewer).await.expect("reads");
    of.into_iter().map(|(car, unit)| (unit, car)).collect()
}

async fn look(server: &Server, home: &Home, round: Uuid, time: Time) -> View {
    let viewer = home.viewer(server, Role::CommitteeDirector).await;
    store::at_desk(&server.db().read, &viewer, round, Lang::Zh, time).await.expect("reads")
}

async fn step(server: &Server, home: &Home, round: Uuid) -> Move {
    Move { round, version: look(server, home, round, now()).await.row.version }
}

/// Everybody of a round who wants a bay and is offered one takes the first that fits; answers how many.
async fn choose_all(server: &Server, home: &Home, round: Uuid, people: &HashMap<UnitId, Who>, time: Time, skip: &HashSet<Uuid>) -> usize {
    let view = look(server, home, round, time).await;
    let mut free: BTreeMap<Kind, Vec<&RoundBay>> = BTreeMap::new();
    for bay in view.bays.iter().filter(|b| b.free) {
        free.entry(bay.kind).or_default().push(bay);
    }
    let mut count = 0;
    for application in view.placed().into_iter().filter(|a| a.outcome == Some(Outcome::Offered) && !skip.contains(&a.id)) {
        let kind = application.kind.expect("a kind");
        let bay = free.get_mut(&kind).filter(|b| !b.is_empty()).map(|b| b.remove(0)).expect("a bay for every offer");
        let who = application.unit_id.and_then(|u| people.get(&u)).copied().unwrap_or_else(|| who(home, Role::Dispatcher));
        let choose = Choose { application: application.id, bay: bay.planned.then_some(bay.id) };
        done(at(server, home, who, time, Mutation::ParkingChoose(choose)).await);
        count += 1;
    }
    count
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn sixty_bays_go_to_two_hundred_and_forty_applicants(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let (director, residents, speaker) = (who(home, Role::CommitteeDirector), who(home, Role::ResidentsCommittee), who(home, Role::OwnersRepresentative));
    let bays = sixty(&server, home).await;
    let people = tower(&server, home, 240).await;
    let by_unit: HashMap<UnitId, Who> = people.iter().filter_map(|w| Some((w.unit?, *w))).collect();
    import_cars(&server, home, 240).await;
    let cars = cars_of(&server, home).await;
    let car = |w: &Who| cars[&w.unit.expect("a home")];

    // A round is opened with everything that it goes by; a bay is in one round.
    let soon = Open { public_at: now() + 10 * DAY, ..opening(bays.clone()) };
    assert!(on_field(act(&server, home, Role::CommitteeDirector, Mutation::ParkingOpen(soon)).await, "public_at"));
    let (round, number) = done(act(&server, home, Role::CommitteeDirector, Mutation::ParkingOpen(opening(bays.clone()))).await);
    assert!(number.starts_with("HERE-") && number.ends_with("-P01"), "{number}");
    assert!(on_field(act(&server, home, Role::CommitteeDirector, Mutation::ParkingOpen(opening(vec![bays[0]]))).await, "bays"), "a bay is in one round");

    // 238 apply by phone; what was sent last counts, whoever applies from another community is not known here.
    let mine = |w: &Who, card: bool| Mutation::ParkingApply(Apply { round, vehicle: car(w), second: false, card });
    let mut codes = Vec::new();
    for (n, person) in people.iter().enumerate().take(238) {
        codes.push(done(at(&server, home, *person, now(), mine(person, n == 7)).await).1);
    }
    assert_eq!(codes.iter().collect::<HashSet<_>>().len(), 238);
    assert_eq!(done(at(&server, home, people[0], now(), mine(&people[0], false)).await).1, codes[0], "the same home, the same code");
    let outsider = who(&town.there, Role::Owner);
    assert_eq!(at(&server, &town.there, outsider, now(), mine(&people[0], false)).await.err(), Some(AppError::NotFound));
    assert!(on_field(at(&server, home, people[1], now(), mine(&people[0], false)).await, "vehicle"), "another home's car");
    // A second car without a first one, and one whose papers nobody has seen.
    let second = Mutation::ParkingApply(Apply {
        round,
        vehicle: done(at(&server, home, people[3], now(), Mutation::ParkingCar(registered("沪C00003"))).await).0,
        second: true,
        card: false,
    });
    done(at(&server, home, people[3], now(), second).await);
    // Two on paper: two people type each, and must agree.
    for person in &people[238..] {
        let n = if person.unit == people[238].unit { 238 } else { 239 };
        let paper = |plate: String| Mutation::ParkingPaper(Paper { round, unit: person.unit, plate, tenant: false, second: false, card: false });
        let (dispatcher, manager) = (who(home, Role::Dispatcher), who(home, Role::PropertyManager));
        assert_eq!(done(at(&server, home, dispatcher, now(), paper(plate(n))).await).1, "");
        assert_eq!(done(at(&server, home, dispatcher, now(), paper(plate(n))).await).1, "", "one person is not two");
        assert!(on_field(at(&server, home, manager, now(), paper("沪B99999".into())).await, "plate"));
        assert_ne!(done(at(&server, home, manager, now(), paper(plate(n))).await).1, "");
    }
    let open = look(&server, home, round, now()).await;
    assert_eq!(open.applications.len(), 241);
    let carded = open.applications.iter().find(|a| a.card).expect("a card").id;
    done(act(&server, home, Role::Dispatcher, Mutation::ParkingCard(CheckCard { application: carded, seen: true })).await);
    // One takes it back, and one home lets its flat: both with their reasons.
    let gone = open.applications.iter().find(|a| a.code == codes[5]).expect("there").id;
    assert_eq!(at(&server, home, people[6], now(), Mutation::ParkingTakeBack(TakeBack { application: gone })).await.err(), Some(AppError::NotFound), "another home's");
    done(at(&server, home, people[5], now(), Mutation::ParkingTakeBack(TakeBack { application: gone })).await);

    // The list: too early, then frozen with its hash.
    assert!(closed(act(&server, home, Role::CommitteeDirector, Mutation::ParkingFreeze(step(&server, home, round).await)).await));
    let later = now() + 15 * DAY;
    assert!(closed(at(&server, home, people[9], later, mine(&people[9], false)).await), "applications have ended");
    done(at(&server, home, director, later, Mutation::ParkingFreeze(step(&server, home, round).await)).await);
    let frozen = look(&server, home, round, later).await;
    let verdict = |code: &str| frozen.applications.iter().find(|a| a.code == code).expect("there").verdict;
    assert_eq!((frozen.lists[0].version, frozen.lists[0].body.lines().count()), (1, 239));
    assert_eq!(sha256(&frozen.lists[0].body), frozen.row.list_hash);
    assert_eq!(verdict(&codes[5]), Verdict::Withdrawn);
    let second = frozen.applications.iter().find(|a| a.band == Band::Second).expect("a second car");
    assert_eq!(second.verdict, Verdict::CarPending);

    // An objection that is upheld makes a new list; the old one stays on show.
    let object = |code: &str| Mutation::ParkingObject(Object { round, code: code.into(), words: "这一户的车其实是亲戚的，长期不住".into() });
    assert!(on_field(at(&server, home, people[10], later, object("NOBODY")).await, "code"));
    let (upheld, _) = done(at(&server, home, people[10], later, object(&codes[11])).await);
    let (other, _) = done(at(&server, home, people[12], later, object(&codes[13])).await);
    assert!(closed(at(&server, home, director, later + 8 * DAY, Mutation::ParkingSettle(step(&server, home, round).await)).await), "it waits for answers");
    done(at(&server, home, director, later + DAY, Mutation::ParkingAnswer(Answer { objection: upheld, upheld: true, words: "核实，确实不自住".into() })).await);
    done(at(&server, home, director, later + DAY, Mutation::ParkingAnswer(Answer { objection: other, upheld: false, words: "核实，是自住".into() })).await);
    let shown = look(&server, home, round, later + DAY).await;
    assert_eq!(shown.lists.iter().map(|l| (l.version, l.body.lines().count())).collect::<Vec<_>>(), [(2, 238), (1, 239)]);
    assert_ne!(shown.lists[0].hash, shown.lists[1].hash);
    assert_eq!(shown.applications.iter().find(|a| a.code == codes[11]).expect("there").verdict, Verdict::Struck);
    assert!(closed(at(&server, home, people[12], later + 9 * DAY, object(&codes[14])).await), "the time for objections is over");

    // Commitments by three parties; one of them never reveals.
    let settled = later + 9 * DAY;
    let nonce = |two: &str| two.repeat(32);
    let commit = |party: &str, two: &str| Mutation::ParkingCommit(Commit { round, commitment: commitment(&number, party, &nonce(two), &shown.row.list_hash) });
    assert!(closed(at(&server, home, director, settled, commit("YWH", "1a")).await), "before the list is final");
    done(at(&server, home, director, settled, Mutation::ParkingSettle(step(&server, home, round).await)).await);
    done(at(&server, home, director, settled, commit("YWH", "1a")).await);
    done(at(&server, home, residents, settled, commit("JWH", "2b")).await);
    let reveal = |two: &str| Mutation::ParkingReveal(Reveal { round, nonce: nonce(two) });
    assert!(closed(at(&server, home, director, settled, reveal("1a")).await), "not all have committed");
    assert!(closed(at(&server, home, who(home, Role::CommitteeMember), settled, commit("YWH", "4d")).await), "its party has committed");
    done(at(&server, home, speaker, settled, commit("OWNER1", "3c")).await);
    assert!(on_field(at(&server, home, director, settled, reveal("ff")).await, "nonce"));
    done(at(&server, home, director, settled, reveal("1a")).await);
    done(at(&server, home, speaker, settled, reveal("3c")).await);
    let postpone =
        Postpone {
            round, version: step(&server, home, round).await.version, public_name: "下一期双色球".into(), public_at: settled + 90 * DAY, reason: "想再等等".into()
        };
    assert!(closed(at(&server, home, director, settled, Mutation::ParkingPostpone(postpone)).await), "somebody has revealed");
    let draw = |version| Mutation::ParkingDraw(Draw { round, version, public: "SSQ-2026140:01,08,15,22,29,33+07".into() });
    let version = step(&server, home, round).await.version;
    let moment = shown.row.public_at;
    assert!(closed(at(&server, home, director, moment + -1, draw(version)).await), "the value cannot exist yet");
    assert!(closed(at(&server, home, residents, moment, reveal("2b")).await), "too late to reveal");
    done(at(&server, home, director, moment + HOUR, draw(version)).await);
    assert!(matches!(at(&server, home, director, moment + HOUR, draw(version)).await, Err(AppError::Conflict { .. })), "a draw is drawn once");

    // Anybody can compute it again, and the silent party is named.
    let file = store::draw_file(&server.db().read, home.id, &number).await.expect("a file");
    assert_eq!(file.faults(), Vec::<&str>::new());
    assert_eq!(file.parties.iter().map(|p| (p.party.as_str(), p.nonce.is_some())).collect::<Vec<_>>(), [("JWH", false), ("OWNER1", true), ("YWH", true)]);
    assert_eq!(file.order.iter().filter(|p| p.got.is_some()).count(), 60);
    let drawn = moment + HOUR;
    let view = look(&server, home, round, drawn).await;
    let with_card = view.applications.iter().find(|a| a.id == carded).expect("there");
    assert_eq!((with_card.kind, with_card.need & 2), (Some(Kind::Accessible), 2), "an accessible bay goes to a card first");
    assert!(view.applications.iter().filter(|a| a.kind == Some(Kind::Ev)).all(|a| a.need & 1 == 1));

    // Choosing: a bay once, only of the kind, never one that the plan does not have, never for another home.
    let plain: Vec<&ApplicationRow> = view.placed().into_iter().filter(|a| a.kind == Some(Kind::Plain) && a.unit_id.is_some_and(|u| by_unit.contains_key(&u))).collect();
    let person = |a: &ApplicationRow| by_unit[&a.unit_id.expect("a home")];
    let choose = |a: &ApplicationRow, bay: Option<Uuid>| Mutation::ParkingChoose(Choose { application: a.id, bay });
    assert!(on_field(at(&server, home, person(plain[0]), drawn, choose(plain[0], Some(bays[0]))).await, "bay"), "a bay with a charger");
    assert!(on_field(at(&server, home, person(plain[0]), drawn, choose(plain[0], Some(bays[59]))).await, "bay"), "never leased (R5.2)");
    assert_eq!(at(&server, home, person(plain[1]), drawn, choose(plain[0], Some(bays[9]))).await.err(), Some(AppError::NotFound));
    let (lease, lease_number) = done(at(&server, home, person(plain[0]), drawn, choose(plain[0], Some(bays[9]))).await);
    assert!(lease_number.starts_with("CW-"));
    assert!(on_field(at(&server, home, person(plain[1]), drawn, choose(plain[1], Some(bays[9]))).await, "bay"), "a bay once");
    let (pass, _) = done(at(&server, home, person(plain[1]), drawn, choose(plain[1], None)).await);
    let (leased, _) = store::lease(&server.db().read, &home.viewer(&server, Role::Dispatcher).await, pass, Lang::Zh).await.expect("reads");
    assert_eq!((leased.right, leased.bay.as_str(), leased.fee), (Right::Pass, "", Fen(30_000)));
    assert!(closed(at(&server, home, person(plain[0]), drawn, choose(plain[0], Some(bays[10]))).await), "one bay");

    // Two let their time run out, one declines: the next in line are offered, by the clock alone.
    let lazy: HashSet<Uuid> = plain[2..4].iter().map(|a| a.id).collect();
    done(at(&server, home, person(plain[4]), drawn, Mutation::ParkingDecline(Decline { application: plain[4].id })).await);
    assert_eq!(choose_all(&server, home, round, &by_unit, drawn + HOUR, &lazy).await, 56);
    let late = drawn + 73 * HOUR;
    assert!(closed(at(&server, home, person(plain[2]), late, choose(plain[2], None)).await), "the time is over");
    assert_eq!(at(&server, home, director, late, Mutation::ParkingTurn(Turn { round: Some(round) })).await.err(), Some(AppError::Forbidden));
    tick(&server, home, late).await;
    let after = look(&server, home, round, late).await;
    let offered: Vec<i64> = after.placed().iter().filter(|a| a.outcome == Some(Outcome::Offered)).filter_map(|a| a.place).collect();
    assert_eq!(offered.len(), 2);
    assert!(after.placed().iter().filter(|a| a.outcome == Some(Outcome::Waiting)).all(|a| a.place > offered.iter().max().copied()), "nobody is passed over");
    assert_eq!(choose_all(&server, home, round, &by_unit, late, &HashSet::new()).await, 2);

    // The end: sixty bays, sixty holders, no home twice.
    let end = look(&server, home, round, late).await;
    assert!(end.bays.iter().all(|b| !b.free));
    let viewer = home.viewer(&server, Role::PropertyManager).await;
    let all = store::leases(&server.db().read, &viewer, Lang::Zh).await.expect("reads");
    assert_eq!(all.len(), 60);
    assert_eq!(all.iter().filter(|l| l.right == Right::Lease).map(|l| l.bay.clone()).collect::<HashSet<_>>().len(), 58, "no bay twice");
    assert_eq!(all.iter().filter_map(|l| l.unit_id).collect::<HashSet<_>>().len(), 60);
    assert_eq!(store::draw_file(&server.db().read, home.id, &number).await.expect("a file").faults(), Vec::<&str>::new(), "what came later changes nothing of the draw");

    // A bay that is given back goes to the next; its holder is not waiting any more.
    done(at(&server, home, person(plain[0]), late + DAY, Mutation::ParkingRelease(Release { lease })).await);
    let again = look(&server, home, round, late + DAY).await;
    assert_eq!(again.placed().iter().filter(|a| a.outcome == Some(Outcome::Offered)).count(), 1);
    assert!(closed(at(&server, home, person(plain[0]), late + DAY, Mutation::ParkingRelease(Release { lease })).await));

    // Outside this community nothing of it is known.
    assert_eq!(store::by_number(&server.db().read, town.there.id, &number).await.err(), Some(AppError::NotFound));
    assert!(store::list(&server.db().read, town.there.id).await.expect("reads").is_empty());
}

/// A round that was drawn an hour ago: two homes with accounts, `more` others, four leased bays and one that gives passes.
struct Drawn {
    round: Uuid,
    number: String,
    bays: Vec<Uuid>,
    others: Vec<Who>,
    cars: HashMap<UnitId, Uuid>,
}

async fn drawn(server: &Server, home: &Home, more: usize) -> Drawn {
    let begun = now() + -40 * DAY;
    let mut bays = Vec::new();
    for n in 1..=4 {
        bays.push(bay(server, home, &format!("E-{n:03}"), |_| {}).await);
    }
    bays.push(bay(server, home, "E-005", |row| row.original_planned = Set(false)).await);
    let others = tower(server, home, more).await;
    import_cars(server, home, more).await;
    let mut cars = cars_of(server, home).await;
    let (owner, tenant) = (who(home, Role::Owner), who(home, Role::Tenant));
    let (director, residents, speaker) = (who(home, Role::CommitteeDirector), who(home, Role::ResidentsCommittee), who(home, Role::OwnersRepresentative));
    for (person, plate) in [(owner, "沪A11111"), (tenant, "沪A22222")] {
        let car = done(at(server, home, person, begun, Mutation::ParkingCar(registered(plate))).await).0;
        done(at(server, home, who(home, Role::Dispatcher), begun, Mutation::ParkingCarCheck(CheckCar { vehicle: car, accepts: true, words: String::new() })).await);
        cars.insert(person.unit.expect("a home"), car);
    }
    let opened = Open { public_at: now() + -2 * HOUR, ..opening(bays.clone()) };
    let (round, number) = done(at(server, home, director, begun, Mutation::ParkingOpen(opened)).await);
    for person in [owner, tenant].iter().chain(&others) {
        done(at(server, home, *person, begun + DAY, Mutation::ParkingApply(Apply { round, vehicle: cars[&person.unit.expect("a home")], second: false, card: false })).await);
    }
    done(at(server, home, director, begun + 15 * DAY, Mutation::ParkingFreeze(step(server, home, round).await)).await);
    done(at(server, home, director, begun + 23 * DAY, Mutation::ParkingSettle(step(server, home, round).await)).await);
    let hash = look(server, home, round, now()).await.row.list_hash;
    let parties = [(director, "YWH", "1a"), (residents, "JWH", "2b"), (speaker, "OWNER1", "3c")];
    for (person, party, two) in parties {
        let commitment = commitment(&number, party, &two.repeat(32), &hash);
        done(at(server, home, person, begun + 24 * DAY, Mutation::ParkingCommit(Commit { round, commitment })).await);
    }
    for (person, _, two) in parties {
        done(at(server, home, person, begun + 25 * DAY, Mutation::ParkingReveal(Reveal { round, nonce: two.repeat(32) })).await);
    }
    let draw = Draw { round, version: step(server, home, round).await.version, public: "SSQ-2026140:01,08,15,22,29,33+07".into() };
    done(at(server, home, director, now() + -HOUR, Mutation::ParkingDraw(draw)).await);
    Drawn { round, number, bays, others, cars }
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_home_chooses_pays_changes_and_gives_back(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let it = drawn(&server, home, 0).await;
    let public = server.browser();
    let (owner, tenant) = (home.browser(&server, Role::Owner).await, home.browser(&server, Role::Tenant).await);

    // What everybody reads, and what nobody does: plates and homes are masked, the tenant's page says nothing of the owner.
    let page = public.get(&format!("/c/here/parking/{}", it.number)).await;
    assert!(page.status == 200 && page.says("12号楼 1门 *01室") && !page.says("沪A·11111") && !page.says("101室") && page.says("业主大会 2026-03 停车方案"), "{}", page.text);
    assert_eq!(public.get(&format!("/c/there/parking/{}", it.number)).await.status, 404);
    assert!(!tenant.get("/parking").await.says("沪A·11111"));
    let asked = owner.get("/parking?bay=E-002").await;
    assert!(asked.says("您排第") && asked.says("为什么") && asked.says("E-001") && asked.says("通行资格"), "{}", asked.text);

    // Choosing by form; a form without a choice comes back and says so.
    let choose = |seen: &harness::browser::Seen, bay: &str| -> Vec<(String, String)> {
        let field = |name: &str| seen.hidden_after("/forms/parking/choose", name);
        [("id", field("id")), ("back", "/parking".into()), ("application", field("application")), ("bay", bay.to_owned())].map(|(k, v)| (k.to_owned(), v)).to_vec()
    };
    let send = |fields: Vec<(String, String)>| -> Vec<(String, String)> { fields };
    let pairs = send(choose(&asked, ""));
    let refused = owner.post("/forms/parking/choose", &pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>()).await;
    assert!(refused.status == 422 && refused.says("请选一个车位"), "{} {}", refused.status, refused.text);
    for (browser, bay) in [(&owner, it.bays[0]), (&tenant, it.bays[1])] {
        let pairs = choose(&browser.get("/parking").await, &bay.to_string());
        let sent = browser.post("/forms/parking/choose", &pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>()).await;
        assert_eq!(sent.to, "/parking?ok=saved", "{}", sent.text);
    }
    let desk = home.viewer(&server, Role::PropertyManager).await;
    let all = store::leases(&server.db().read, &desk, Lang::Zh).await.expect("reads");
    let of = |bay: &str| all.iter().find(|l| l.bay == bay).expect("a lease").clone();
    let (mine, theirs) = (of("E-001"), of("E-002"));
    assert_eq!(bays::store::find(&server.db().read, home.id, it.bays[0]).await.expect("there").state.code(), "held");

    // The contract prints, for its own home and the desk alone.
    let paper = owner.get(&format!("/print/parking-lease/{}", mine.id)).await;
    assert!(paper.status == 200 && paper.says(&mine.number) && paper.says("沪A·11111") && paper.says("不得转让"), "{}", paper.text);
    assert_eq!(tenant.get(&format!("/print/parking-lease/{}", mine.id)).await.status, 404);
    assert_ne!(public.get(&format!("/print/parking-lease/{}", mine.id)).await.status, 200);

    // Paying goes into the ledger of common income with its voucher, and out again when the entry is taken back.
    let pay = |lease: Uuid, months: i64, voucher: &str| Mutation::ParkingPay(Pay { lease, months, voucher: voucher.into() });
    assert!(on_field(act(&server, home, Role::PropertyManager, pay(mine.id, 13, "收据 1")).await, "months"));
    assert!(on_field(act(&server, home, Role::PropertyManager, pay(mine.id, 12, "")).await, "voucher"));
    done(act(&server, home, Role::PropertyManager, pay(mine.id, 12, "收据 88001")).await);
    let entry = done(act(&server, home, Role::PropertyManager, pay(theirs.id, 2, "收据 88002")).await).1;
    assert!(entry.starts_with("SY-"), "{entry}");
    let quarter = app::rooms::income::rules::quarter_of(now(), 480);
    let ledger = public.get(&format!("/c/here/income?quarter={quarter}")).await;
    assert!(ledger.says("3,600.00") && ledger.says("收据 88001") && !ledger.says("沪A"), "{}", ledger.text);
    let said = store::statement(&server.db().read, home.id, now()).await.expect("reads");
    assert_eq!((said.len(), said[0].count, said[0].sum, said[0].running), (1, 2, Fen(420_000), 2));
    let reversed = store::payments(&server.db().read, &desk).await.expect("reads").into_iter().find(|p| p.voucher == "收据 88002").expect("there");
    assert!(!reversed.reversed);
    let book = app::rooms::income::store::quarter(&server.db().read, home.id, &quarter, now()).await.expect("reads");
    let wrong = book.entries.iter().find(|e| e.voucher == "收据 88002").expect("there").id;
    done(act(&server, home, Role::PropertyManager, Mutation::IncomeReverse(app::rooms::income::model::Reverse { entry: wrong, reason: "记错了户".into() })).await);
    let said = store::statement(&server.db().read, home.id, now()).await.expect("reads");
    assert_eq!((said[0].count, said[0].sum), (1, Fen(360_000)));
    let unpaid = store::lease(&server.db().read, &desk, theirs.id, Lang::Zh).await.expect("reads").0;
    assert_eq!(unpaid.paid_until, unpaid.from);
    assert!(public.get("/c/here/parking").await.says("3,600.00"));

    // Two holders change bays when both agree, and not before.
    let (o, t) = (who(home, Role::Owner), who(home, Role::Tenant));
    assert!(on_field(at(&server, home, o, now(), Mutation::ParkingSwap(Swap { lease: mine.id, bay: "E-001".into() })).await, "bay"), "one's own");
    let swap = done(at(&server, home, o, now(), Mutation::ParkingSwap(Swap { lease: mine.id, bay: "e-002".into() })).await).0;
    assert_eq!(at(&server, home, o, now(), Mutation::ParkingAnswerSwap(AnswerSwap { swap, agrees: true })).await.err(), Some(AppError::NotFound), "the other one answers");
    assert!(tenant.get("/parking").await.says("想和您的 E-002 对换"));
    done(at(&server, home, t, now(), Mutation::ParkingAnswerSwap(AnswerSwap { swap, agrees: true })).await);
    let after = |id: Uuid| {
        let server = &server;
        let desk = &desk;
        async move { store::lease(&server.db().read, desk, id, Lang::Zh).await.expect("reads").0 }
    };
    assert_eq!((after(mine.id).await.bay, after(theirs.id).await.bay), ("E-002".into(), "E-001".into()));

    // Nobody hands a bay on: another home's car is not theirs, and neither is another home's lease.
    let theft = ChangeCar { lease: mine.id, vehicle: it.cars[&t.unit.expect("a home")] };
    assert!(on_field(at(&server, home, o, now(), Mutation::ParkingChangeCar(theft.clone())).await, "vehicle"));
    assert_eq!(at(&server, home, t, now(), Mutation::ParkingChangeCar(theft)).await.err(), Some(AppError::NotFound));
    assert_eq!(at(&server, home, t, now(), Mutation::ParkingRelease(Release { lease: mine.id })).await.err(), Some(AppError::NotFound));

    // A notice may be appealed against: it is void, or the bay is withdrawn by the clock and not before.
    let notice = || Mutation::ParkingNotice(Notice { lease: mine.id, reason: "长期停放非登记车辆".into() });
    let words = "是亲戚临时来，只停了一晚".to_owned();
    done(act(&server, home, Role::PropertyManager, notice()).await);
    assert!(owner.get("/parking").await.says("长期停放非登记车辆"));
    done(at(&server, home, o, now(), Mutation::ParkingAppeal(Appeal { lease: mine.id, words: words.clone() })).await);
    tick(&server, home, now() + 16 * DAY).await;
    assert_eq!(after(mine.id).await.state, LeaseState::Active, "an appeal waits for its word");
    done(act(&server, home, Role::ResidentsCommittee, Mutation::ParkingRuling(Ruling { lease: mine.id, stands: false, words: "情况属实，不收回".into() })).await);
    tick(&server, home, now() + 16 * DAY).await;
    assert_eq!(after(mine.id).await.state, LeaseState::Active);
    done(act(&server, home, Role::PropertyManager, notice()).await);
    tick(&server, home, now() + 14 * DAY).await;
    assert_eq!(after(mine.id).await.state, LeaseState::Active);
    tick(&server, home, now() + 16 * DAY).await;
    assert_eq!(after(mine.id).await.state, LeaseState::Withdrawn);
    assert!(closed(at(&server, home, o, now() + 17 * DAY, Mutation::ParkingAppeal(Appeal { lease: mine.id, words })).await));
    assert_eq!(bays::store::find(&server.db().read, home.id, it.bays[1]).await.expect("there").state.code(), "free");

    // Another term near the end, while nobody waits; at its end the bay is free by itself.
    let until = after(theirs.id).await.until;
    assert!(closed(at(&server, home, t, until + -31 * DAY, Mutation::ParkingRenew(Renew { lease: theirs.id })).await));
    done(at(&server, home, t, until + -20 * DAY, Mutation::ParkingRenew(Renew { lease: theirs.id })).await);
    assert!(after(theirs.id).await.until > until + 360 * DAY);
    tick(&server, home, after(theirs.id).await.until).await;
    assert_eq!(after(theirs.id).await.state, LeaseState::Ended);
    done(at(&server, home, who(home, Role::CommitteeDirector), until + 800 * DAY, Mutation::ParkingClose(step(&server, home, it.round).await)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waited_ranks_first_next_time_and_somebody_from_outside_comes_last() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let it = drawn(&server, &home, 12).await;
    let first = look(&server, &home, it.round, now()).await;
    let waiting: Vec<Option<UnitId>> = first.placed().into_iter().filter(|a| a.outcome == Some(Outcome::Waiting)).map(|a| a.unit_id).collect();
    assert_eq!(waiting.len(), 9, "fourteen apply for five");
    let (director, dispatcher, manager) = (who(&home, Role::CommitteeDirector), who(&home, Role::Dispatcher), who(&home, Role::PropertyManager));
    // The offers run out again and again, until nobody waits who could be asked; then the round is closed.
    let renewed = it.others.iter().find(|o| waiting.contains(&o.unit)).copied().expect("somebody waits");
    assert!(closed(at(&server, &home, director, now(), Mutation::ParkingClose(step(&server, &home, it.round).await)).await), "offers stand");
    let offered: Vec<(Uuid, Option<UnitId>)> = first.placed().into_iter().filter(|a| a.outcome == Some(Outcome::Offered)).map(|a| (a.id, a.unit_id)).collect();
    for (n, (application, unit)) in offered.iter().enumerate() {
        let person = it.others.iter().copied().chain([who(&home, Role::Owner), who(&home, Role::Tenant)]).find(|w| w.unit == *unit).expect("there");
        let bay = if n < 4 { Some(it.bays[n]) } else { None };
        done(at(&server, &home, person, now(), Mutation::ParkingChoose(Choose { application: *application, bay })).await);
    }
    done(at(&server, &home, director, now(), Mutation::ParkingClose(step(&server, &home, it.round).await)).await);

    // The next round: those who got nothing have waited one round; whoever has a bay cannot have a first one.
    let fresh = bay(&server, &home, "F-001", |_| {}).await;
    let (round, _) = done(act(&server, &home, Role::CommitteeDirector, Mutation::ParkingOpen(opening(vec![fresh]))).await);
    for person in &it.others {
        done(at(&server, &home, *person, now(), Mutation::ParkingApply(Apply { round, vehicle: it.cars[&person.unit.expect("a home")], second: false, card: false })).await);
    }
    // Somebody from outside comes to the desk: two people type it.
    let outside = Register { plate: "苏E12345".into(), unit: None, contact: "张先生 13900000000".into(), photos: vec![] };
    done(at(&server, &home, dispatcher, now(), Mutation::ParkingCar(outside)).await);
    let paper = || Mutation::ParkingPaper(Paper { round, unit: None, plate: "苏E·12345".into(), tenant: false, second: false, card: false });
    done(at(&server, &home, dispatcher, now(), paper()).await);
    done(at(&server, &home, manager, now(), paper()).await);
    done(at(&server, &home, director, now() + 15 * DAY, Mutation::ParkingFreeze(step(&server, &home, round).await)).await);
    let view = look(&server, &home, round, now() + 15 * DAY).await;
    for a in &view.applications {
        match a.unit_id {
            Some(_) if waiting.contains(&a.unit_id) => assert_eq!((a.verdict, a.wait), (Verdict::Eligible, 1), "{}", a.unit),
            Some(_) => assert_eq!(a.verdict, Verdict::CarTaken, "{}", a.unit),
            None => assert_eq!((a.band, a.verdict, a.wait), (Band::Outside, Verdict::Eligible, 0)),
        }
    }
    assert!(renewed.unit.is_some());
    let public = server.browser().get(&format!("/c/here/parking/{}", view.row.number)).await;
    assert!(public.says("小区外") && !public.says("张先生") && !public.says("139"), "{}", public.text);
}

/// Runs a program on a file, and answers whether it was content and what it said.
fn run(program: &str, arguments: &[&std::path::Path]) -> Option<(bool, String)> {
    let out = std::process::Command::new(program).args(arguments).output().ok()?;
    Some((out.status.success(), format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_is_computed_again_by_programs_that_share_nothing_with_ours() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned();
    let (golden, python) = (root.join("tests/golden/draw.json"), root.join("frontend/pwa/verify_draw.py"));
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let it = drawn(&server, &town.here, 12).await;
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = folder.path().join("draw.json");
    let (status, bytes) = server.browser().bytes(&format!("/c/here/parking/{}/draw.json", it.number)).await;
    assert_eq!(status, 200);
    std::fs::write(&file, &bytes).expect("written");
    let text = String::from_utf8(bytes).expect("text");
    let broken = folder.path().join("broken.json");
    std::fs::write(&broken, text.replacen("SSQ-2026140:01", "SSQ-2026140:02", 1)).expect("written");

    // The page carries its script, its own round's file and nothing from elsewhere.
    let page = server.browser().get(&format!("/c/here/parking/verify?round={}", it.number)).await;
    assert!(page.status == 200 && page.says("parkingDraw") && page.says("draw-file") && page.says("XHJY-PARK-v1"), "{}", page.status);
    assert_eq!(server.browser().get("/c/here/parking/verify?round=NOTHING").await.status, 404);
    assert_eq!(server.browser().get(&format!("/c/there/parking/verify?round={}", it.number)).await.status, 404);
    let (_, script) = server.browser().bytes("/c/here/parking/verify.py").await;
    assert_eq!(script, std::fs::read(&python).expect("reads"), "what is downloaded is what is tested");

    let check = folder.path().join("check.mjs");
    let module = root.join("frontend/pwa/draw.js");
    let code = format!(
        "import {{ readFileSync }} from 'node:fs';\nawait import('file://{}');\nconst r = await parkingDraw.check(JSON.parse(readFileSync(process.argv[2], 'utf8')));\nconsole.log('list_hash', r.list_hash); console.log('seed', r.seed);\nr.order.forEach((o, i) => console.log(i + 1, o.id, o.key.slice(0, 6), o.got ?? '-'));\nconst bad = r.checks.filter((c) => !c.ok).map((c) => c.name);\nconsole.log(r.ok ? 'everything agrees' : `differs: ${{bad.join(', ')}}`);\nprocess.exit(r.ok ? 0 : 1);\n",
        module.display()
    );
    std::fs::write(&check, code).expect("written");
    let python_says = |file: &std::path::Path| run("python3", &[python.as_path(), file]);
    let node_says = |file: &std::path::Path| run("node", &[check.as_path(), file]);
    let both: [(&str, &dyn Fn(&std::path::Path) -> Option<(bool, String)>); 2] = [("python3", &python_says), ("node", &node_says)];
    let mut ran = 0;
    for (name, says) in both {
        let Some((good, said)) = says(&golden) else { continue };
        ran += 1;
        assert!(good && said.contains("df9fdf88b2a05d89295887d78ceecd88c2b5c4ed40979b94517494ec15b323fb"), "{name}: {said}");
        assert!(said.contains("e10ae23899ae5dda9c060425deb942067d964d91032fe25747f8984bbd91b922"), "{name}: {said}");
        assert!(said.contains("1 A-0112-0501") && said.contains("2 B-0203-0402 08d8bf") && said.contains("4 A-0107-0302 b958"), "{name}: {said}");
        let (good, said) = says(&file).expect("runs");
        assert!(good && said.contains("everything agrees"), "{name}: {said}");
        let (good, said) = says(&broken).expect("runs");
        assert!(!good && said.contains("seed") && said.contains("differs"), "{name}: {said}");
    }
    // Node is what the site is built with: it is always there.
    assert!(ran > 0, "neither python3 nor node");
}
