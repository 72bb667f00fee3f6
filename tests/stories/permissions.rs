//! Every role tries every mutation, on its own community's things and on another's.

use app::error::AppError;
use app::ids::{CommentId, ImportId, LetterId, MembershipId, MutationId, QuoteId, TicketId};
use app::measure::Fen;
use app::mutation::{Mutation, Outcome};
use app::rooms::approvals::model::{Declare, GiveWord, HoldMeeting};
use app::rooms::assets::model::{Change, Check, CloseRound, ConfirmList, Details, Kind, OpenRound, State};
use app::rooms::communities::calendar::EnterYear;
use app::rooms::communities::model::SetUp;
use app::rooms::communities::rules::Setting;
use app::rooms::fund::model::{ConfirmOpening, Enter, Income, Opine, Outline, Propose, Scope, StepIn};
use app::rooms::income::model::{Enter as EnterIncome, Line, Publish, Reverse};
use app::rooms::messages::model::{AddRobot, Escalate, MarkRead, RemoveRobot, RobotKind, Rung, SendAgain, TryRobot};
use app::rooms::people::model::{EndRole, GrantRole, IssueLetters, IssueReset, LetterPurpose, RedeemLetter, RevokeLetter, Role};
use app::rooms::places::model::{AddFacility, AddPlace, PlaceKind};
use app::rooms::rosters::model::ConfirmImport;
use app::rooms::scoring::model::Remind;
use app::rooms::tickets::model::{Advance, Category, HideComment, MeToo, Moderate, Moderation, Part, Quote, QuoteLine, Report, Step, WriteComment};
use harness::{Backend, Home, Server, now};
use uuid::Uuid;

async fn ticket(server: &Server, home: &Home, text: &str) -> TicketId {
    let report = Report { tag: Some(home.tag.clone()), place: None, category: Some(Category::Road), text: text.into(), photos: vec![], contact: None };
    let receipt = home.act(server, Role::BuildingLeader, Mutation::TicketReport(report)).await.expect("reported");
    match receipt.outcome {
        Outcome::Done { subject: Some(id), .. } => TicketId(id),
        other => panic!("{other:?}"),
    }
}

fn advance(ticket: TicketId, step: Step) -> Mutation {
    Mutation::TicketAdvance(Advance { ticket, version: 1, step })
}

fn setting() -> Setting {
    Setting { key: "ticket.reopen_days".into(), value: 10, source: "业主大会".into(), from: "2026-01-01".into(), until: String::new() }
}

/// What is tried, and who may do it.
type Row = (&'static str, Mutation, fn(Role) -> bool);

/// Each kind with who may do it. The subject is a fresh ticket by the building leader, or a fresh member of the owner's
/// household.
fn table(home: &Home, ticket: TicketId, member: MembershipId) -> Vec<Row> {
    let desk = |r: Role| matches!(r, Role::PropertyManager | Role::Dispatcher);
    vec![
        (
            "report",
            Mutation::TicketReport(Report { tag: Some(home.tag.clone()), place: None, category: None, text: MutationId::new().to_string(), photos: vec![], contact: None }),
            |r| r != Role::Auditor,
        ),
        ("comment", Mutation::TicketComment(WriteComment { ticket, text: "好".into() }), |r| r != Role::Auditor),
        // Those who may hide get as far as learning that there is no such comment.
        ("hide a comment", Mutation::TicketHideComment(HideComment { ticket, comment: CommentId::new(), reason: "骂人".into() }), |_| false),
        ("me too", Mutation::TicketMeToo(MeToo { ticket }), Role::is_resident),
        ("accept", advance(ticket, Step::Accept { part: Part::Common }), desk),
        ("return", advance(ticket, Step::Return { reason: "不清楚".into() }), desk),
        ("withdraw", advance(ticket, Step::Withdraw { reason: "好了".into() }), |r| r == Role::BuildingLeader),
        ("hide", Mutation::TicketModerate(Moderate { ticket, version: 1, decision: Moderation::Hide, reason: "人脸".into() }), |r| {
            r == Role::ResidentsCommittee || r.is_committee()
        }),
        ("letters", Mutation::LetterIssue(IssueLetters { building: Some(home.building), unit: None, purpose: LetterPurpose::Owner, replace: true }), |r| {
            matches!(r, Role::Administrator | Role::ResidentsCommittee | Role::PropertyManager | Role::Dispatcher)
        }),
        ("reset", Mutation::LetterReset(IssueReset { phone: home.who(Role::Tenant).phone.clone() }), |r| {
            matches!(r, Role::Administrator | Role::PropertyManager | Role::Dispatcher)
        }),
        ("end a member's role", Mutation::RoleEnd(EndRole { membership: member }), |r| matches!(r, Role::Administrator | Role::Owner)),
        ("role", Mutation::RoleGrant(GrantRole { name: "新人".into(), phone: "13500000000".into(), role: Role::Worker, building: None }), |r| r == Role::Administrator),
        ("setting", Mutation::CommunitySetting(setting()), |r| r == Role::Administrator),
        ("holidays", Mutation::CalendarYear(EnterYear { year: 2031, source: "国办发明电〔2030〕1号".into(), off: "1-1".into(), worked: String::new() }), |r| {
            r == Role::Administrator
        }),
        ("place", Mutation::PlaceAdd(AddPlace { name: "北门".into(), kind: PlaceKind::Gate, building: None }), |r| {
            matches!(r, Role::Administrator | Role::PropertyManager | Role::Dispatcher)
        }),
        ("facility", Mutation::FacilityAdd(AddFacility { place: home.place, name: "路灯".into(), category: Category::Lighting }), |r| {
            matches!(r, Role::Administrator | Role::PropertyManager | Role::Dispatcher)
        }),
        ("asset", Mutation::AssetAdd(crate::assets::camera(home.place, "北门 1 号机")), desk),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_tries_every_mutation_at_home() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    for role in Role::ALL {
        for n in 0..table(&town.here, TicketId::new(), MembershipId::new()).len() {
            let subject = ticket(&server, &town.here, &format!("{role:?} {n}")).await;
            let member = town.here.person(&server, Role::Household, town.here.who(Role::Owner).unit, &format!("139{:08}", role as usize * 100 + n)).await.membership;
            let (name, mutation, may) = table(&town.here, subject, member).swap_remove(n);
            let verdict = town.here.act(&server, role, mutation).await;
            assert_eq!(verdict.is_ok(), may(role), "{role:?} {name}: {verdict:?}");
            if !may(role) {
                let may_hide = role == Role::ResidentsCommittee || role.is_committee();
                let refusal = if name == "hide a comment" && may_hide { AppError::NotFound } else { AppError::Forbidden };
                assert_eq!(verdict.err(), Some(refusal), "{role:?} {name}");
            }
        }
    }
}

/// A kind, and who may go in.
pub type Door = (Mutation, fn(Role) -> bool);

/// The kinds for which the role alone opens the door: behind it, those who may learn what else is missing.
fn doors() -> Vec<Door> {
    let books: fn(Role) -> bool = Role::is_committee;
    let desk: fn(Role) -> bool = |r| matches!(r, Role::PropertyManager | Role::Dispatcher);
    let clerks: fn(Role) -> bool = |r| matches!(r, Role::Administrator | Role::PropertyManager | Role::Dispatcher);
    let robots: fn(Role) -> bool = |r| matches!(r, Role::Administrator | Role::PropertyManager);
    let nobody: fn(Role) -> bool = |_| false;
    let id = Uuid::now_v7();
    let mut doors: Vec<Door> = vec![
        (Mutation::RosterImport(ConfirmImport { import: ImportId(id) }), clerks),
        (Mutation::TicketEscalate(Escalate { ticket: TicketId(id), due_at: now(), rung: Rung::Dispatcher }), nobody),
        (Mutation::RobotAdd(AddRobot { kind: RobotKind::Dingtalk, name: String::new(), address: String::new(), secret: String::new(), from: Rung::Dispatcher }), robots),
        (Mutation::RobotRemove(RemoveRobot { robot: id }), robots),
        (Mutation::RobotTry(TryRobot { robot: id }), robots),
        (Mutation::RobotAgain(SendAgain { line: id }), robots),
        (Mutation::MessageRead(MarkRead { up_to: now() }), desk_or_above),
        (Mutation::NoteRead(MarkRead { up_to: now() }), |_| true),
        (Mutation::ScoringRemind(Remind { round: id, days: 1 }), nobody),
        (Mutation::FundEnter(Enter { what: Income::Interest, amount: Fen(0), words: String::new() }), books),
        (Mutation::ApprovalDeclare(Declare { matter: id, conflict: true, reason: String::new() }), books),
        (Mutation::ApprovalWord(GiveWord { matter: id, agrees: true, reason: String::new(), no_conflict: true }), books),
        (Mutation::ApprovalMeeting(HoldMeeting { matter: id, at: now(), place: String::new(), present: vec![] }), books),
        (Mutation::FundOpening(ConfirmOpening { import: id }), books),
        (Mutation::FundPropose(Propose { title: String::new(), budget: Fen(0), scope: Scope::All, outline: Outline::default(), emergency: None, photos: vec![] }), |r| {
            r == Role::PropertyManager || r.is_committee()
        }),
        (Mutation::FundOpine(Opine { subject: id, agrees: true, words: String::new() }), |r| r == Role::Owner),
        (Mutation::FundStepIn(StepIn { subject: id, version: 1, words: String::new() }), |r| r == Role::ResidentsCommittee),
        (Mutation::IncomeEnter(EnterIncome { line: Line::Parking, amount: Fen(0), words: String::new(), voucher: String::new(), photo: None, quarter: String::new() }), |r| {
            r == Role::PropertyManager || r.is_committee()
        }),
        (Mutation::IncomeReverse(Reverse { entry: id, reason: String::new() }), |r| r == Role::PropertyManager || r.is_committee()),
        (Mutation::IncomePublish(Publish { quarter: String::new() }), books),
        (Mutation::AssetChange(Change { asset: id, version: 1, state: State::Faulty, details: Details::default(), reason: String::new() }), desk),
        (Mutation::AssetImport(ConfirmList { import: id }), desk),
        (Mutation::RoundOpen(OpenRound { kind: Kind::Camera, place: None, worker: app::ids::PersonId(id), most: 0, days: 0 }), desk),
        (Mutation::AssetCheck(Check { round: id, asset: id, passed: true, reading: None, note: String::new(), photos: vec![] }), Role::is_property),
        (Mutation::RoundClose(CloseRound { round: id }), Role::is_property),
        (Mutation::CommunitySetUp(SetUp { name: String::new(), phone: String::new(), admin_name: String::new(), admin_phone: String::new() }), nobody),
    ];
    doors.extend(crate::scoring::doors());
    doors.extend(crate::parking_doors::doors());
    doors.extend(crate::bays::doors());
    doors.extend(crate::sites::doors());
    doors.extend(crate::bikes::doors());
    doors
}

fn desk_or_above(role: Role) -> bool {
    matches!(role, Role::Dispatcher | Role::PropertyManager | Role::ResidentsCommittee) || role.is_committee()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_of_every_other_kind_opens_for_its_roles_alone() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    for role in Role::ALL {
        for (mutation, may) in doors() {
            let verdict = home.act(&server, role, mutation.clone()).await;
            assert_eq!(verdict != Err(AppError::Forbidden), may(role), "{role:?} {}: {verdict:?}", mutation.kind());
        }
    }
    // These ask whose letter or which step it is: `coming_in`, `fund` and `projects` try every role on them.
    let elsewhere = ["letter.revoke.v1", "letter.redeem.v1", "fund.advance.v1"];
    let doors = doors();
    let table = table(&home, TicketId::new(), MembershipId::new());
    let seen: std::collections::BTreeSet<&str> = elsewhere.into_iter().chain(doors.iter().map(|d| d.0.kind())).chain(table.iter().map(|l| l.1.kind())).collect();
    let missing: Vec<_> = Mutation::KINDS.iter().filter(|kind| !seen.contains(*kind) && !kind.starts_with("project.")).collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_touches_another_communitys_things() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let foreign = ticket(&server, &town.there, "别的小区的事").await;
    let line = QuoteLine { labour: true, name: "工".into(), quantity: 1, unit_price: Fen(100) };
    let membership = town.there.who(Role::Worker).membership;
    let mut tries = vec![
        Mutation::TicketReport(Report { tag: Some(town.there.tag.clone()), place: None, category: None, text: "越界".into(), photos: vec![], contact: None }),
        Mutation::TicketReport(Report { tag: None, place: Some(town.there.place), category: None, text: "越界".into(), photos: vec![], contact: None }),
        Mutation::TicketComment(WriteComment { ticket: foreign, text: "越界".into() }),
        Mutation::TicketHideComment(HideComment { ticket: foreign, comment: CommentId::new(), reason: "越界".into() }),
        Mutation::TicketMeToo(MeToo { ticket: foreign }),
        advance(foreign, Step::Accept { part: Part::Common }),
        advance(foreign, Step::Quote(Quote::of(vec![line.clone()]))),
        advance(foreign, Step::Settle { lines: vec![line] }),
        advance(foreign, Step::Approve { quote: QuoteId::new() }),
        advance(foreign, Step::Withdraw { reason: "越界".into() }),
        Mutation::TicketModerate(Moderate { ticket: foreign, version: 1, decision: Moderation::Hide, reason: "越界".into() }),
        Mutation::LetterIssue(IssueLetters { building: Some(town.there.building), unit: None, purpose: LetterPurpose::Owner, replace: false }),
        Mutation::LetterIssue(IssueLetters { building: None, unit: Some(town.there.units[0]), purpose: LetterPurpose::Tenant, replace: false }),
        Mutation::LetterRevoke(RevokeLetter { letter: LetterId::new() }),
        Mutation::LetterRedeem(RedeemLetter { code: "23456789AB".into(), name: "某人".into(), phone: "13500000000".into(), password: false }),
        Mutation::LetterReset(IssueReset { phone: town.there.who(Role::Owner).phone.clone() }),
        Mutation::RoleEnd(EndRole { membership }),
        Mutation::RoleEnd(EndRole { membership: MembershipId::new() }),
        Mutation::RoleGrant(GrantRole { name: "新人".into(), phone: "13500000000".into(), role: Role::BuildingLeader, building: Some(town.there.building) }),
        Mutation::PlaceAdd(AddPlace { name: "北门".into(), kind: PlaceKind::Gate, building: Some(town.there.building) }),
        Mutation::FacilityAdd(AddFacility { place: town.there.place, name: "路灯".into(), category: Category::Lighting }),
        Mutation::RosterImport(ConfirmImport { import: ImportId::new() }),
        // It names no community, so that there is nothing of another one to touch: a wrong name stands for it.
        Mutation::CommunitySetting(Setting { key: "nonsense".into(), ..setting() }),
        Mutation::CommunitySetUp(SetUp { name: "新小区".into(), phone: "021-55550110".into(), admin_name: "某人".into(), admin_phone: "13500000000".into() }),
    ];
    tries.extend(crate::messages::foreign(foreign));
    tries.extend(crate::fund::foreign(&town.there));
    tries.extend(crate::assets::foreign(&town.there));
    tries.extend(crate::project_doors::foreign(&server, &town.there).await);
    tries.extend(crate::approvals::foreign());
    let round = crate::scoring::open(&server, &town.there).await;
    tries.extend(crate::scoring::foreign(round, &town.there));
    tries.extend(crate::parking_doors::foreign(&server, &town.there).await);
    tries.extend(crate::bays::foreign(&town.there));
    tries.extend(crate::sites::foreign(crate::sites::proposal(&server, &town.there).await));
    tries.extend(crate::bikes::foreign(&town.there));
    // These name nothing that another community could have, or what the field refuses by itself (a worker, see `assets`).
    let nameless = [
        "calendar.year.v1",
        "parking.car.v1",
        "plan.draw.v1",
        "conversion.draft.v1",
        "visits.invite.v1",
        "round.open.v1",
        "robot.add.v1",
        "message.read.v1",
        "note.read.v1",
        "fund.propose.v1",
        "income.enter.v1",
        "income.publish.v1",
        "scoring.template.v1",
        "scoring.open.v1",
    ];
    let seen: std::collections::BTreeSet<&str> = nameless.into_iter().chain(tries.iter().map(Mutation::kind)).collect();
    assert_eq!(seen.len(), Mutation::KINDS.len(), "every kind is tried");
    for role in Role::ALL {
        for mutation in &tries {
            let verdict = town.here.act(&server, role, mutation.clone()).await;
            // A phone is typed: the field says that nobody here has it.
            let unknown_phone = matches!((mutation, &verdict), (Mutation::LetterReset(_), Err(AppError::Invalid(_))));
            let unknown_number = matches!((mutation, &verdict), (Mutation::CommunitySetting(_), Err(AppError::Invalid(_))));
            assert!(unknown_phone || unknown_number || matches!(verdict, Err(AppError::Forbidden | AppError::NotFound)), "{role:?} {mutation:?}: {verdict:?}");
        }
    }
}
