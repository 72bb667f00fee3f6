//! Receipts, conflicts, and the chain of events.

use app::error::AppError;
use app::ids::MutationId;
use app::mutation::{Mutation, Outcome};
use app::rooms::events::entity::events;
use app::rooms::events::store::{Verdict, verify};
use app::rooms::people::model::Role;
use app::rooms::tickets::model::{Advance, Part, Report, Step};
use harness::{Backend, Home, Server};
use rstest::rstest;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

fn report(home: &Home, text: &str) -> Mutation {
    Mutation::TicketReport(Report { tag: Some(home.tag.clone()), place: None, category: None, text: text.into(), photos: vec![], contact: None })
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn the_same_id_changes_things_once(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let id = MutationId::new();
    let first = home.act_with(&server, Role::Owner, id, report(&home, "井盖响")).await.expect("done");
    assert_eq!(home.act_with(&server, Role::Owner, id, report(&home, "井盖响")).await, Ok(first.clone()));
    assert_eq!(home.act_with(&server, Role::Owner, id, report(&home, "别的")).await, Err(AppError::Replayed));
    assert_eq!(home.act_with(&server, Role::Tenant, id, report(&home, "井盖响")).await, Err(AppError::Replayed));
    // The same words about the same spot under another id are the same report.
    let again = home.act(&server, Role::Owner, report(&home, "井盖响")).await.expect("done");
    let subject = |o: &Outcome| match o {
        Outcome::Done { subject, .. } => *subject,
        Outcome::Rejected { .. } => None,
    };
    assert_eq!(subject(&again.outcome), subject(&first.outcome));
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn the_slower_of_two_sees_the_conflict(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let receipt = home.act(&server, Role::Owner, report(&home, "门禁坏了")).await.expect("done");
    let Outcome::Done { subject: Some(ticket), .. } = receipt.outcome else { panic!("no ticket") };
    let step = |step| Mutation::TicketAdvance(Advance { ticket: ticket.into(), version: 1, step });
    let accept = home.act(&server, Role::Dispatcher, step(Step::Accept { part: Part::Common }));
    let back = home.act(&server, Role::PropertyManager, step(Step::Return { reason: "请写清哪一栋".into() }));
    let verdicts = [accept.await, back.await];
    assert_eq!(verdicts.iter().filter(|v| v.is_ok()).count(), 1, "{verdicts:?}");
    assert!(verdicts.iter().any(|v| v == &Err(AppError::Conflict { current: 2 })), "{verdicts:?}");
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_leave_one_whole_chain_and_a_changed_event_is_found(#[case] backend: Backend) {
    let server = std::sync::Arc::new(Server::start(backend).await);
    let town = server.town().await;
    let tasks: Vec<_> = (0..40)
        .map(|i| {
            let (server, home) = (server.clone(), town.here.clone());
            tokio::spawn(async move { home.act(&server, Role::Owner, report(&home, &format!("第 {i} 件"))).await.expect("done") })
        })
        .collect();
    let mut numbers = std::collections::BTreeSet::new();
    for task in tasks {
        if let Outcome::Done { number: Some(number), .. } = task.await.expect("runs").outcome {
            numbers.insert(number);
        }
    }
    assert_eq!(numbers.len(), 40, "every ticket has its own number");
    let db = server.db();
    assert_eq!(verify(&db.read, town.here.id).await, Ok(Verdict::Whole(40)));
    assert_eq!(verify(&db.read, town.there.id).await, Ok(Verdict::Whole(0)));
    let forged = events::Entity::update_many()
        .col_expr(events::Column::Body, Expr::value("{\"did\":\"commented\"}"))
        .filter(events::Column::CommunityId.eq(town.here.id.0))
        .filter(events::Column::Seq.eq(17));
    forged.exec(&db.write).await.expect("forges");
    assert_eq!(verify(&db.read, town.here.id).await, Ok(Verdict::BrokenAt(17)));
    events::Entity::delete_many().filter(events::Column::CommunityId.eq(town.here.id.0)).filter(events::Column::Seq.gte(17)).exec(&db.write).await.expect("cuts");
    assert_eq!(verify(&db.read, town.here.id).await, Ok(Verdict::WrongHead));
}

/// Personal data can be erased without breaking the chain, and cannot be put there or changed unseen.
#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_wrote_stands_beside_the_chain(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let receipt = home.act(&server, Role::Owner, report(home, "门禁坏了")).await.expect("done");
    let Outcome::Done { subject: Some(ticket), number: Some(number), .. } = receipt.outcome else { panic!("no ticket") };
    let back = Mutation::TicketAdvance(Advance { ticket: ticket.into(), version: 1, step: Step::Return { reason: "请问 701 的王小明".into() } });
    home.act(&server, Role::Dispatcher, back).await.expect("returned");
    let owner = home.browser(&server, Role::Owner).await;
    let page = format!("/c/here/t/{number}");
    assert!(owner.get(&page).await.says("请问 701 的王小明"), "the timeline tells the reason");

    let db = server.db();
    let row = events::Entity::find_by_id((home.id.0, 2)).one(&db.read).await.expect("reads").expect("the second event");
    assert!(!row.body.contains("王小明") && row.body.contains("sha256"), "{}", row.body);
    let write = |words: Option<String>| {
        let change = events::Entity::update_many().col_expr(events::Column::Words, Expr::value(words));
        change.filter(events::Column::CommunityId.eq(home.id.0)).filter(events::Column::Seq.eq(2)).exec(&db.write)
    };
    write(row.words.map(|w| w.replace("王小明", "李大力"))).await.expect("forges");
    assert_eq!(verify(&db.read, home.id).await, Ok(Verdict::BrokenAt(2)));
    write(None).await.expect("erases");
    assert_eq!(verify(&db.read, home.id).await, Ok(Verdict::Whole(2)));
    assert_eq!(owner.get(&page).await.status, 200, "the timeline goes on without it");
    assert_eq!(verify(&db.read, town.there.id).await, Ok(Verdict::Whole(0)));
}
