//! Parking after the draw: a home's pages and forms, what is paid, what changes hands, and the draw computed again by others.

use super::parking::{Who, act, at, bay, cars_of, closed, done, import_cars, look, on_field, opening, registered, step, tick, tower, who};
use app::error::AppError;
use app::i18n::Lang;
use app::ids::{MutationId, UnitId};
use app::measure::{DAY, Fen, HOUR};
use app::mutation::Mutation;
use app::rooms::bays;
use app::rooms::parking::draw::commitment;
use app::rooms::parking::model::*;
use app::rooms::parking::{imports, store};
use app::rooms::people::model::Role;
use app::rooms::rosters::sheet;
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use sea_orm::Set;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// A round that was drawn an hour ago: two homes with accounts, `more` others, four leased bays and one that gives passes.
pub(crate) struct Drawn {
    pub(crate) round: Uuid,
    number: String,
    pub(crate) bays: Vec<Uuid>,
    pub(crate) others: Vec<Who>,
    cars: HashMap<UnitId, Uuid>,
}

pub(crate) async fn drawn(server: &Server, home: &Home, more: usize) -> Drawn {
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
    for reader in [director, residents] {
        done(at(server, home, reader, now() + -HOUR, Mutation::ParkingDraw(draw.clone())).await);
    }
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

    // What waits for somebody is told them, and read once it is done.
    assert!(owner.get("/notes").await.says("有车位给您，请在") && owner.get("/parking").await.says("class=\"unread\""));

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
        assert!(!browser.get("/parking").await.says("class=\"unread\""));
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
    let till = home.browser(&server, Role::PropertyManager).await;
    let pairs = filled(&till.get("/desk/parking/leases").await, "/forms/parking/pay", &["id", "back", "lease"], &[("months", "13"), ("voucher", "收据 88000")]);
    let refused = post(&till, "/forms/parking/pay", &pairs).await;
    assert!(refused.status == 422 && refused.says("收据 88000") && refused.says("月数不对"), "{} {}", refused.status, refused.text);
    let beside = ["role=\"alert\">月数不对", "class=\"err\">月数不对"].map(|ending| refused.text.matches(ending).count());
    assert_eq!(beside.iter().sum::<usize>(), 1, "beside its own form alone: {}", refused.text);
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
    let back = done(at(&server, home, t, now(), Mutation::ParkingSwap(Swap { lease: theirs.id, bay: "E-001".into() })).await).0;
    done(at(&server, home, t, now(), Mutation::ParkingAnswerSwap(AnswerSwap { swap, agrees: true })).await);
    let after = |id: Uuid| {
        let server = &server;
        let desk = &desk;
        async move { store::lease(&server.db().read, desk, id, Lang::Zh).await.expect("reads").0 }
    };
    assert_eq!((after(mine.id).await.bay, after(theirs.id).await.bay), ("E-002".into(), "E-001".into()));
    assert!(closed(at(&server, home, o, now(), Mutation::ParkingAnswerSwap(AnswerSwap { swap: back, agrees: true })).await), "it was about other bays");

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
    let patient = it.others.iter().find(|o| waiting.contains(&o.unit)).copied().expect("somebody waits");
    assert!(closed(at(&server, &home, director, now(), Mutation::ParkingClose(step(&server, &home, it.round).await)).await), "offers stand");
    let offered: Vec<(Uuid, Option<UnitId>)> = first.placed().into_iter().filter(|a| a.outcome == Some(Outcome::Offered)).map(|a| (a.id, a.unit_id)).collect();
    for (n, (application, unit)) in offered.iter().enumerate() {
        let person = it.others.iter().copied().chain([who(&home, Role::Owner), who(&home, Role::Tenant)]).find(|w| w.unit == *unit).expect("there");
        let bay = if n < 4 { Some(it.bays[n]) } else { None };
        let choose = || Mutation::ParkingChoose(Choose { application: *application, bay });
        if n == 0 {
            let vehicle = it.cars[&person.unit.expect("a home")];
            let look = |accepts| Mutation::ParkingCarCheck(CheckCar { vehicle, accepts, words: "行驶证过期".into() });
            done(at(&server, &home, dispatcher, now(), look(false)).await);
            assert!(closed(at(&server, &home, person, now(), choose()).await), "its papers were refused since");
            done(at(&server, &home, dispatcher, now(), look(true)).await);
        }
        done(at(&server, &home, person, now(), choose()).await);
    }
    // Whoever gives up waiting was offered nothing, and has waited all the same; a home's lease is its own to give back.
    let given_up = first.applications.iter().find(|a| a.unit_id == patient.unit).expect("there").id;
    done(at(&server, &home, patient, now(), Mutation::ParkingDecline(Decline { application: given_up })).await);
    let clerk = home.viewer(&server, Role::Dispatcher).await;
    let lease = store::leases(&server.db().read, &clerk, Lang::Zh).await.expect("reads")[0].id;
    assert!(closed(at(&server, &home, dispatcher, now(), Mutation::ParkingRelease(Release { lease })).await));
    done(at(&server, &home, director, now(), Mutation::ParkingClose(step(&server, &home, it.round).await)).await);

    // The next round: those who got nothing have waited one round; whoever has a bay cannot have a first one.
    let fresh = bay(&server, &home, "F-001", |_| {}).await;
    assert!(on_field(act(&server, &home, Role::CommitteeDirector, Mutation::ParkingOpen(opening(vec![it.bays[4]]))).await, "bays"), "a pass takes its room");
    let (round, _) = done(act(&server, &home, Role::CommitteeDirector, Mutation::ParkingOpen(opening(vec![fresh]))).await);
    for person in &it.others {
        done(at(&server, &home, *person, now(), Mutation::ParkingApply(Apply { round, vehicle: it.cars[&person.unit.expect("a home")], second: false, card: false })).await);
    }
    let list = "车牌,楼栋,门号,室号,车位,权利,开始,到期,月费,缴到\n沪C77777,12号楼,1,601,F-001,固定车位租用,2026-01-01,2027-12-01,300,2026-07-01\n";
    let import = imports::upload(server.db(), &clerk, &sheet::read(list.as_bytes()).expect("a sheet"), now()).await.expect("read");
    assert_eq!(imports::preview(server.db(), &clerk, import).await.expect("a preview").0.faults.len(), 1, "the round hands it out");
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
    let public = server.browser().get(&format!("/c/here/parking/{}", view.row.number)).await;
    assert!(public.says("小区外") && !public.says("张先生") && !public.says("139"), "{}", public.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn landlord_and_tenant_of_one_flat_are_two_households() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let owner = who(&home, Role::Owner);
    let lodger = home.person(&server, Role::Tenant, owner.unit, "13900000077").await;
    let tenant = Who { person: lodger.person, role: Role::Tenant, unit: owner.unit };
    let spot = bay(&server, &home, "S-001", |_| {}).await;
    let (round, _) = done(act(&server, &home, Role::CommitteeDirector, Mutation::ParkingOpen(opening(vec![spot]))).await);
    let mut cars = Vec::new();
    for (person, plate) in [(owner, "沪A33333"), (tenant, "沪A44444")] {
        cars.push(done(at(&server, &home, person, now(), Mutation::ParkingCar(registered(plate))).await).0);
    }
    let second = |vehicle| Mutation::ParkingApply(Apply { round, vehicle, second: true, card: false });
    let application = done(at(&server, &home, owner, now(), second(cars[0])).await).0;
    let take_back = || Mutation::ParkingTakeBack(TakeBack { application });
    assert!(on_field(at(&server, &home, tenant, now(), second(cars[0])).await, "vehicle"), "the landlord's car");
    assert!(closed(at(&server, &home, tenant, now(), second(cars[1])).await), "the landlord's application stays");
    assert_eq!(at(&server, &home, tenant, now(), take_back()).await.err(), Some(AppError::NotFound));
    assert_eq!(at(&server, &home, tenant, now(), Mutation::ParkingCarRemove(RemoveCar { vehicle: cars[0] })).await.err(), Some(AppError::NotFound));
    let phone = server.browser();
    assert_eq!(phone.sign_in(&lodger.phone, harness::town::SECRET).await.status, 303);
    let page = phone.get("/parking").await;
    assert!(page.says("沪A·44444") && !page.says("沪A·33333"), "{}", page.text);
    done(at(&server, &home, owner, now(), take_back()).await);
    done(at(&server, &home, tenant, now(), second(cars[1])).await);
}

/// A program that judges a draw's file.
type Says<'a> = dyn Fn(&std::path::Path) -> Option<(bool, String)> + 'a;

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
    let both: [(&str, &Says<'_>); 2] = [("python3", &python_says), ("node", &node_says)];
    for (name, says) in both {
        // Node is what the site is built with: it is always there.
        if name != "node" && std::process::Command::new(name).arg("--version").output().is_err() {
            continue;
        }
        let (good, said) = says(&golden).expect("runs");
        assert!(good && said.contains("df9fdf88b2a05d89295887d78ceecd88c2b5c4ed40979b94517494ec15b323fb"), "{name}: {said}");
        assert!(said.contains("e10ae23899ae5dda9c060425deb942067d964d91032fe25747f8984bbd91b922"), "{name}: {said}");
        assert!(said.contains("1 A-0112-0501") && said.contains("2 B-0203-0402 08d8bf") && said.contains("4 A-0107-0302 b958"), "{name}: {said}");
        let (good, said) = says(&file).expect("runs");
        assert!(good && said.contains("everything agrees"), "{name}: {said}");
        let (good, said) = says(&broken).expect("runs");
        assert!(!good && said.contains("seed") && said.contains("differs"), "{name}: {said}");
    }
}

/// A form's fields as they stand on a page after some text, with others added or changed.
fn filled(seen: &harness::browser::Seen, after: &str, hidden: &[&str], typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = hidden.iter().map(|name| ((*name).to_owned(), seen.hidden_after(after, name))).collect();
    all.extend(typed.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
    all
}

async fn post(browser: &harness::Browser, path: &str, pairs: &[(String, String)]) -> harness::browser::Seen {
    browser.post(path, &pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_applies_by_form_and_from_a_garage_without_signal() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let home = &town.here;
    let (owner, tenant, clerk) = (home.browser(&server, Role::Owner).await, home.browser(&server, Role::Tenant).await, home.browser(&server, Role::Dispatcher).await);
    let committee = home.browser(&server, Role::CommitteeDirector).await;

    // The committee opens a round by form; a bay that is not there is named, and what was typed stays.
    for n in 1..=2 {
        bay(&server, home, &format!("K-{n:03}"), |_| {}).await;
    }
    let page = committee.get("/desk/parking").await;
    let day = (now() + 40 * DAY).local(480).format("%Y-%m-%dT%H:%M").to_string();
    let typed = |bays: &'static str| {
        let mut all: Vec<(&str, &str)> = vec![
            ("title", "东门两个车位"),
            ("source", "业主大会 2026-03"),
            ("days", "14"),
            ("quota", "2"),
            ("months.B1", "12"),
            ("fee.B1", "300"),
            ("months.B2", "12"),
            ("fee.B2", "280.50"),
        ];
        all.extend([("bays", bays), ("public_name", "福彩双色球 2026140 期")]);
        all
    };
    let mut wrong = filled(&page, "/forms/parking/open", &["id", "back"], &typed("K-001 K-404"));
    wrong.push(("public_at".into(), day.clone()));
    let refused = post(&committee, "/forms/parking/open", &wrong).await;
    assert!(refused.status == 422 && refused.says("没有车位 K-404") && refused.says("东门两个车位"), "{}", refused.text);
    let mut right = filled(&page, "/forms/parking/open", &["id", "back"], &typed("k-001，K-002"));
    right.push(("public_at".into(), day));
    assert_eq!(post(&committee, "/forms/parking/open", &right).await.to, "/desk/parking?ok=saved");
    let round = store::list(&server.db().read, home.id).await.expect("reads").remove(0);
    assert_eq!((round.rules.bands.len(), round.rules.bands[1].fee), (2, Fen(28_050)));

    // A car with its photo: its sender and a desk see it, a neighbour does not.
    assert!(owner.get("/parking").await.says("先在下面登记车辆"));
    let register = |id: String, plate: &'static str| vec![("id".to_owned(), id), ("back".to_owned(), "/parking".to_owned()), ("plate".to_owned(), plate.to_owned())];
    let send = |browser: harness::Browser, pairs: Vec<(String, String)>, photo: Option<Vec<u8>>| async move {
        let fields: Vec<(&str, &str)> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let files: Vec<(&str, Vec<u8>)> = photo.into_iter().map(|p| ("file", p)).collect();
        browser.post_files("/forms/parking-car", &fields, &files).await
    };
    let picture = || Some(super::bench_to_repair::picture(9));
    let bad = send(owner.clone(), register(MutationId::new().to_string(), "沪A1"), picture()).await;
    assert!(bad.status == 422 && bad.says("请填完整车牌"), "{} {}", bad.status, bad.text);
    assert_eq!(send(owner.clone(), register(MutationId::new().to_string(), "沪a·55555"), picture()).await.to, "/parking?ok=saved");
    let twice = send(tenant.clone(), register(MutationId::new().to_string(), "沪A55555"), None).await;
    assert!(twice.status == 422 && twice.says("已经登记过"), "{}", twice.text);
    let cars = clerk.get("/desk/parking/cars").await;
    assert!(cars.says("沪A·55555") && cars.says("核对无误"), "{}", cars.text);
    let photo = cars.text.split("/photos/").nth(1).and_then(|t| t.split(['/', '"', '?', ' ']).next()).expect("a photo").to_owned();
    let address = cars.text.split("src=\"/photos/").nth(1).and_then(|t| t.split('"').next()).map(|t| format!("/photos/{t}")).expect("an address");
    assert!(!photo.is_empty());
    for (browser, may) in [(&owner, true), (&clerk, true), (&tenant, false), (&server.browser(), false), (&town.there.browser(&server, Role::Dispatcher).await, false)] {
        assert_eq!(browser.get(&address).await.status == 200, may, "{address}");
    }
    assert_eq!(tenant.get("/desk/parking/cars").await.status, 403);
    let pairs = filled(&cars, "/forms/parking/car-check", &["id", "back", "vehicle"], &[("accepts", "1"), ("words", "")]);
    assert_eq!(post(&clerk, "/forms/parking/car-check", &pairs).await.status, 303);

    // By form, then changed from a phone that had no signal: the same application, its second version.
    let page = owner.get("/parking").await;
    let car = page.text.split("<option value=\"").nth(1).and_then(|t| t.split('"').next()).expect("a car").to_owned();
    let pairs = filled(&page, "/forms/parking/apply", &["id", "back", "round"], &[("vehicle", &car), ("second", "0")]);
    assert_eq!(post(&owner, "/forms/parking/apply", &pairs).await.to, "/parking?ok=saved");
    assert_eq!(post(&owner, "/forms/parking/apply", &pairs).await.to, "/parking?ok=saved", "a double click is harmless");
    let mine = owner.get("/parking").await;
    assert!(mine.says("按现在的情况可以") && mine.says("符合条件") && mine.says("data-kind=\"parking.apply.v1\""), "{}", mine.text);
    let actor = home.who(Role::Owner);
    let envelope = |id: MutationId, round: Uuid| {
        json!({ "id": id, "account": actor.account, "membership": actor.membership, "person": Value::Null, "community": home.id, "app_version": "test", "client_time": 5,
            "kind": "parking.apply.v1", "payload": { "round": round, "vehicle": car, "second": false, "card": true } })
    };
    let id = MutationId::new();
    for sent in [vec![envelope(id, round.id), envelope(MutationId::new(), Uuid::now_v7())], vec![envelope(id, round.id)]] {
        let seen = owner.send(|client, base| client.post(format!("{base}/api/v1/sync")).json(&json!({ "envelopes": sent }))).await;
        let answers: Value = serde_json::from_str(&seen.text).expect("JSON");
        assert_eq!(answers["receipts"][0]["status"], "done", "{}", seen.text);
        assert_eq!(answers["receipts"][0]["version"], 2, "{}", seen.text);
        assert!(sent.len() == 1 || answers["receipts"][1]["status"] == "rejected", "{}", seen.text);
    }
    assert!(owner.get("/parking").await.says("请带残疾人证到物业核对"));
    let view = look(&server, home, round.id, now()).await;
    assert_eq!((view.applications.len(), view.applications[0].card, view.applications[0].need), (1, true, 0), "a card counts when it was seen");
    let public = server.browser().get(&format!("/c/here/parking/{}", round.number)).await;
    assert!(!public.says(&view.applications[0].code), "who applied is not public before the list is");

    // Out as Excel and in again: nothing changes.
    let (status, sheet) = clerk.bytes("/desk/parking/export.xlsx").await;
    assert_eq!((status.as_u16(), &sheet[..2]), (200, &b"PK"[..]));
    let back = clerk.post_files("/forms/parking-list", &[("id", &MutationId::new().to_string()), ("back", "/desk/parking/cars")], &[("list", sheet)]).await;
    assert_eq!(back.status, 303, "{}", back.text);
    let preview = clerk.get(&back.to).await;
    assert!(preview.says("新车 0 辆，合同 0 份；1 行不变；0 处有问题"), "{}", preview.text);
    assert_eq!(town.there.browser(&server, Role::Dispatcher).await.get(&back.to).await.status, 404);
    for page in ["/desk/parking", "/desk/parking/leases", &format!("/desk/parking/{}", round.id)] {
        assert_eq!(committee.get(page).await.status, 200, "{page}");
        assert_eq!(owner.get(page).await.status, 403, "{page}");
    }
    assert_eq!(town.there.browser(&server, Role::CommitteeDirector).await.get(&format!("/desk/parking/{}", round.id)).await.status, 404);
}
