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
use app::rooms::rosters::sheet;
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use sea_orm::{EntityTrait, Set};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::pin::Pin;
use uuid::Uuid;

pub(crate) fn registered(plate: &str) -> Register {
    Register { plate: plate.into(), unit: None, contact: String::new(), photos: vec![] }
}

pub(crate) fn opening(bays: Vec<Uuid>) -> Open {
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

pub(crate) fn done(verdict: Result<Receipt, AppError>) -> (Uuid, String) {
    match verdict.expect("done").outcome {
        Became::Done { subject, number, .. } => (subject.unwrap_or_default(), number.unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn closed(verdict: Result<Receipt, AppError>) -> bool {
    matches!(verdict, Err(AppError::Closed { .. }))
}

pub(crate) fn on_field(verdict: Result<Receipt, AppError>, field: &str) -> bool {
    matches!(&verdict, Err(AppError::Invalid(f)) if f.iter().any(|f| f.field == field))
}

pub(crate) type Verdict2<'a> = Pin<Box<dyn Future<Output = Result<Receipt, AppError>> + Send + 'a>>;

/// As [`Home::act`], on the heap: a story of many acts would need more stack than a test has.
pub(crate) fn act<'a>(server: &'a Server, home: &'a Home, role: Role, mutation: Mutation) -> Verdict2<'a> {
    Box::pin(home.act(server, role, mutation))
}

/// Somebody in particular, at a time.
#[derive(Clone, Copy)]
pub(crate) struct Who {
    pub(crate) person: PersonId,
    pub(crate) role: Role,
    pub(crate) unit: Option<UnitId>,
}

pub(crate) fn who(home: &Home, role: Role) -> Who {
    let actor = home.who(role);
    Who { person: actor.person, role, unit: actor.unit }
}

pub(crate) fn at<'a>(server: &'a Server, home: &'a Home, who: Who, time: Time, mutation: Mutation) -> Verdict2<'a> {
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
pub(crate) async fn tick(server: &Server, home: &Home, time: Time) {
    for round in offers::due(&server.db().read, home.id, time).await.expect("reads") {
        sent(server, &Caller::Clock(home.id), time, Mutation::ParkingTurn(Turn { round })).await.expect("turned");
    }
}

pub(crate) async fn bay(server: &Server, home: &Home, code: &str, change: impl FnOnce(&mut bays::entity::bays::ActiveModel)) -> Uuid {
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
pub(crate) async fn tower(server: &Server, home: &Home, count: usize) -> Vec<Who> {
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
    if n.is_multiple_of(10) { format!("沪AD{n:05}") } else { format!("沪B{n:05}") }
}

/// The list of cars that the desk has, through its front door; the same list again changes nothing.
pub(crate) async fn import_cars(server: &Server, home: &Home, count: usize) {
    let mut csv = String::from("车牌,楼栋,门号,室号\n");
    for n in 0..count {
        csv.push_str(&format!("{},20号楼,,{}\n", plate(n), 1_000 + n));
    }
    for fresh in [count, 0] {
        let viewer = home.viewer(server, Role::Dispatcher).await;
        let import = imports::upload(server.db(), &viewer, &sheet::read(csv.as_bytes()).expect("a sheet"), now()).await.expect("read");
        let (ready, _) = imports::preview(server.db(), &viewer, import).await.expect("a preview");
        assert_eq!((ready.new.len(), ready.same, ready.faults.len()), (fresh, count - fresh, 0));
        done(act(server, home, Role::Dispatcher, Mutation::ParkingImport(ConfirmList { import })).await);
    }
}

pub(crate) async fn cars_of(server: &Server, home: &Home) -> HashMap<UnitId, Uuid> {
    let viewer = home.viewer(server, Role::Dispatcher).await;
    let (_, of) = imports::doors(&server.db().read, &viewer).await.expect("reads");
    of.into_iter().map(|(car, unit)| (unit, car)).collect()
}

pub(crate) async fn look(server: &Server, home: &Home, round: Uuid, time: Time) -> View {
    let viewer = home.viewer(server, Role::CommitteeDirector).await;
    store::at_desk(&server.db().read, &viewer, round, Lang::Zh, time).await.expect("reads")
}

pub(crate) async fn step(server: &Server, home: &Home, round: Uuid) -> Move {
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
    done(at(&server, home, director, settled, commit("YWH", "9f")).await);
    done(at(&server, home, director, settled, commit("YWH", "1a")).await);
    done(at(&server, home, residents, settled, commit("JWH", "2b")).await);
    let reveal = |two: &str| Mutation::ParkingReveal(Reveal { round, nonce: nonce(two) });
    assert!(closed(at(&server, home, director, settled, reveal("1a")).await), "not all have committed");
    assert!(closed(at(&server, home, who(home, Role::CommitteeMember), settled, commit("YWH", "4d")).await), "its party has committed");
    done(at(&server, home, speaker, settled, commit("OWNER1", "3c")).await);
    assert!(closed(at(&server, home, director, settled, commit("YWH", "9f")).await), "all have committed");
    assert!(on_field(at(&server, home, director, settled, reveal("ff")).await, "nonce"));
    done(at(&server, home, director, settled, reveal("1a")).await);
    done(at(&server, home, speaker, settled, reveal("3c")).await);
    let postpone = Postpone {
        round,
        version: step(&server, home, round).await.version,
        public_name: "福彩双色球 2026141 期".into(),
        public_at: settled + 90 * DAY,
        reason: "想再等等".into(),
    };
    assert!(closed(at(&server, home, director, settled, Mutation::ParkingPostpone(postpone)).await), "somebody has revealed");
    let draw = |version| Mutation::ParkingDraw(Draw { round, version, public: "SSQ-2026140:01,08,15,22,29,33+07".into() });
    let version = step(&server, home, round).await.version;
    let moment = shown.row.public_at;
    assert!(closed(at(&server, home, director, moment + -1, draw(version)).await), "the value cannot exist yet");
    for wrong in ["SSQ-2026141:01,08,15,22,29,33+07", "SSQ-2026140:08,01,15,22,29,33+07"] {
        let draw = Mutation::ParkingDraw(Draw { round, version, public: wrong.into() });
        assert!(on_field(at(&server, home, director, moment + HOUR, draw).await, "public"), "{wrong}");
    }
    assert!(closed(at(&server, home, residents, moment, reveal("2b")).await), "too late to reveal");
    // One side alone draws nothing, not even from two of its chairs; another reads the announcement for itself.
    let stage = async |at| look(&server, home, round, at).await;
    done(at(&server, home, director, moment + HOUR, draw(version)).await);
    done(at(&server, home, who(home, Role::CommitteeMember), moment + HOUR, draw(version)).await);
    let waits = stage(moment + HOUR).await;
    assert_eq!((waits.row.stage, waits.readings.len(), waits.readings[0].value.as_deref()), (Stage::Final, 1, None), "what the first read is kept back");
    let other = Mutation::ParkingDraw(Draw { round, version, public: "SSQ-2026140:01,08,15,22,29,32+07".into() });
    done(at(&server, home, residents, moment + HOUR, other).await);
    let waits = stage(moment + HOUR).await;
    assert_eq!((waits.row.stage, waits.readings.iter().filter(|r| r.value.is_some()).count()), (Stage::Final, 2), "they differ, and both are shown");
    done(at(&server, home, residents, moment + HOUR, draw(version)).await);
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
