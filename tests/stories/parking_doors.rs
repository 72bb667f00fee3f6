//! Who may do what in parking, and what nobody may do to another community's.

use super::parking::{act, bay, done, opening, registered};
use app::i18n::Lang;
use app::measure::DAY;
use app::mutation::Mutation;
use app::rooms::parking::entity::{objections, swaps};
use app::rooms::parking::imports;
use app::rooms::parking::model::*;
use app::rooms::parking::store;
use app::rooms::people::model::Role;
use app::rooms::rosters::sheet;
use harness::{Home, Server, now};
use sea_orm::{EntityTrait, Set};
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
        (Mutation::ParkingDraw(Draw { round: id, version: 1, public: String::new() }), party),
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
    let spare = super::parking::bay(server, there, "Z-002", |_| {}).await;
    let round = done(act(server, there, Role::CommitteeDirector, Mutation::ParkingOpen(opening(vec![bay]))).await).0;
    let owner = there.who(Role::Owner);
    let car = done(act(server, there, Role::Owner, Mutation::ParkingCar(registered("沪Z00001"))).await).0;
    let application = done(act(server, there, Role::Owner, Mutation::ParkingApply(Apply { round, vehicle: car, second: false, card: false })).await).0;
    assert!(owner.unit.is_some());
    // A lease of before, from a list.
    super::parking::bay(server, there, "Z-003", |_| {}).await;
    let clerk = there.viewer(server, Role::Dispatcher).await;
    let list = "车牌,楼栋,门号,室号,车位,权利,开始,到期,月费\n沪Z00003,12号楼,1,601,Z-003,固定车位租用,2026-01-01,2027-12-01,300\n";
    let import = imports::upload(server.db(), &clerk, &sheet::read(list.as_bytes()).expect("a sheet"), now()).await.expect("read");
    done(act(server, there, Role::Dispatcher, Mutation::ParkingImport(ConfirmList { import })).await);
    let lease = store::leases(&server.db().read, &clerk, Lang::Zh).await.expect("reads")[0].id;
    let (objection, swap) = (Uuid::now_v7(), Uuid::now_v7());
    let (community_id, id, by_id) = (Set(there.id.0), Set(objection), Set(owner.person.0));
    let row = objections::ActiveModel {
        community_id,
        id,
        by_id,
        round_id: Set(round),
        application_id: Set(application),
        words: Set("不符合".into()),
        at: Set(now().0),
        answer: Set(String::new()),
        ..Default::default()
    };
    objections::Entity::insert(row).exec(&server.db().write).await.expect("writes");
    let (community_id, id, by_id) = (Set(there.id.0), Set(swap), Set(owner.person.0));
    let row = swaps::ActiveModel { community_id, id, by_id, lease_a: Set(lease), lease_b: Set(lease), at: Set(now().0), ..Default::default() };
    swaps::Entity::insert(row).exec(&server.db().write).await.expect("writes");
    let step = Move { round, version: 1 };
    vec![
        Mutation::ParkingCarCheck(CheckCar { vehicle: car, accepts: true, words: String::new() }),
        Mutation::ParkingCarRemove(RemoveCar { vehicle: car }),
        Mutation::ParkingOpen(opening(vec![spare])),
        Mutation::ParkingPostpone(Postpone { round, version: 1, public_name: "福彩双色球 2026150 期".into(), public_at: now() + 90 * DAY, reason: "越界".into() }),
        Mutation::ParkingApply(Apply { round, vehicle: car, second: false, card: false }),
        Mutation::ParkingPaper(Paper { round, unit: owner.unit, plate: "沪Z00001".into(), tenant: false, second: false, card: false }),
        Mutation::ParkingTakeBack(TakeBack { application }),
        Mutation::ParkingCard(CheckCard { application, seen: true }),
        Mutation::ParkingFreeze(step.clone()),
        Mutation::ParkingObject(Object { round, code: "X".into(), words: "越界越界越界".into() }),
        Mutation::ParkingAnswer(Answer { objection, upheld: true, words: "越界".into() }),
        Mutation::ParkingSettle(step.clone()),
        Mutation::ParkingCommit(Commit { round, commitment: "a".repeat(64) }),
        Mutation::ParkingReveal(Reveal { round, nonce: "a".repeat(64) }),
        Mutation::ParkingDraw(Draw { round, version: 1, public: "SSQ-2026140:01,08,15,22,29,33+07".into() }),
        Mutation::ParkingChoose(Choose { application, bay: None }),
        Mutation::ParkingDecline(Decline { application }),
        Mutation::ParkingTurn(Turn { round: Some(round) }),
        Mutation::ParkingClose(step),
        Mutation::ParkingPay(Pay { lease, months: 1, voucher: "1".into() }),
        Mutation::ParkingRelease(Release { lease }),
        Mutation::ParkingRenew(Renew { lease }),
        Mutation::ParkingChangeCar(ChangeCar { lease, vehicle: car }),
        Mutation::ParkingSwap(Swap { lease, bay: "Z-001".into() }),
        Mutation::ParkingAnswerSwap(AnswerSwap { swap, agrees: true }),
        Mutation::ParkingNotice(Notice { lease, reason: "越界越界越界".into() }),
        Mutation::ParkingAppeal(Appeal { lease, words: "越界越界越界".into() }),
        Mutation::ParkingRuling(Ruling { lease, stands: true, words: "越界".into() }),
        Mutation::ParkingImport(ConfirmList { import }),
    ]
}
