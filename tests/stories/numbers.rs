//! The numbers of past months say what was true then, and one's own list has what was reported and what was met.

use app::measure::{DAY, Time};
use app::mutation::{Mutation, Outcome};
use app::rooms::people::model::Role;
use app::rooms::tickets::entity::tickets;
use app::rooms::tickets::model::{MeToo, Report};
use app::rooms::tickets::store::{mine, month, months};
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

const SHANGHAI: i32 = 480;

async fn report(server: &Server, home: &Home, role: Role, text: &str) -> Uuid {
    let report = Report { tag: Some(home.tag.clone()), place: None, category: None, text: text.into(), photos: vec![], contact: None };
    match home.act(server, role, Mutation::TicketReport(report)).await.expect("reported").outcome {
        Outcome::Done { subject: Some(id), .. } => id,
        other => panic!("{other:?}"),
    }
}

async fn set(server: &Server, ticket: Uuid, values: &[(tickets::Column, i64)]) {
    let mut update = tickets::Entity::update_many().filter(tickets::Column::Id.eq(ticket));
    for (column, value) in values {
        update = update.col_expr(*column, Expr::value(*value));
    }
    update.exec(&server.db().write).await.expect("changes");
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_late_in_a_past_month_is_counted_there_though_it_is_finished_now(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let this = now().month_start(SHANGHAI);
    let before = |n: usize| (0..n).fold(this, |at, _| (at + -1).month_start(SHANGHAI));
    // Came in three months ago, was promised for the same month, and was finished a month ago.
    let late = report(&server, &home, Role::Owner, "很晚才修好").await;
    let (came, promised, finished) = (before(3) + DAY, before(3) + 3 * DAY, before(1) + 2 * DAY);
    let ends = [tickets::Column::FirstFinishedAt, tickets::Column::FinishedAt, tickets::Column::StoppedAt].map(|column| (column, finished.0));
    set(&server, late, &[(tickets::Column::CreatedAt, came.0), (tickets::Column::PromisedAt, promised.0)]).await;
    set(&server, late, &ends).await;
    tickets::Entity::update_many().col_expr(tickets::Column::Open, Expr::value(false)).exec(&server.db().write).await.expect("changes");
    // And one that has only just come in.
    report(&server, &home, Role::Owner, "刚坏的").await;

    let moment = Time(now().0 + 1);
    let numbers = months(server.db(), home.id, 12, SHANGHAI, moment).await.expect("counts");
    assert_eq!(numbers.len(), 12);
    let seen: Vec<_> = numbers.iter().take(5).map(|n| (n.received, n.closed, n.on_time, n.overdue)).collect();
    assert_eq!(seen, [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 1), (1, 0, 0, 1), (0, 0, 0, 0)]);
    assert!(numbers.windows(2).all(|pair| pair[0].from == pair[1].until), "month after month without a gap");
    assert_eq!(month(server.db(), home.id, SHANGHAI, moment).await.expect("counts"), numbers[0]);
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn my_list_has_what_i_reported_and_what_i_met_once_each_newest_first(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let mut all = Vec::new();
    for (n, role) in [Role::Owner, Role::Tenant, Role::Household, Role::Owner].into_iter().enumerate() {
        let id = report(&server, &home, role, &format!("第 {n} 件")).await;
        set(&server, id, &[(tickets::Column::CreatedAt, now().0 + n as i64 * 1_000)]).await;
        all.push(id);
    }
    // One's own counts already; the tenant's is met; the third is somebody else's.
    for ticket in [all[0], all[1]] {
        home.act(&server, Role::Owner, Mutation::TicketMeToo(MeToo { ticket: ticket.into() })).await.expect("me too");
    }
    let list = mine(server.db(), &home.viewer(&server, Role::Owner).await).await.expect("reads");
    assert_eq!(list.iter().map(|card| card.id.0).collect::<Vec<_>>(), [all[3], all[1], all[0]]);
}
