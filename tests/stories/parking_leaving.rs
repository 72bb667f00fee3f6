//! Moving out of an estate: what a household held goes to those who wait.

use super::parking::{Who, at, done, look, tick, who};
use super::parking_life::drawn;
use app::i18n::Lang;
use app::measure::{DAY, HOUR, Time};
use app::mutation::Mutation;
use app::rooms::parking::model::*;
use app::rooms::parking::store;
use app::rooms::people::entity::memberships;
use app::rooms::people::model::Role;
use harness::{Backend, Server, now};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn who_moves_out_leaves_the_bay_to_those_who_wait(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let it = drawn(&server, home, 6).await;
    let (start, db) = (now(), &server.db().read);
    let view = look(&server, home, it.round, start).await;
    let placed = view.placed();
    let owners: Vec<Who> = [who(home, Role::Owner)].into_iter().chain(it.others.iter().copied()).collect();
    let of = |a: &ApplicationRow| owners.iter().find(|p| p.unit == a.unit_id && a.band == Band::Owner);
    let (offered, holder) = placed.iter().filter(|a| a.outcome == Some(Outcome::Offered)).find_map(|a| Some((a, of(a)?))).expect("an owner's offer");
    let waits = placed.iter().find(|a| a.outcome == Some(Outcome::Waiting)).expect("somebody waits").id;
    let lease = done(at(&server, home, *holder, start, Mutation::ParkingChoose(Choose { application: offered.id, bay: Some(it.bays[0]) })).await).0;
    let lived = memberships::Entity::find().filter(memberships::Column::CommunityId.eq(home.id.0)).filter(memberships::Column::PersonId.eq(holder.person.0));
    let lived = lived.filter(memberships::Column::UnitId.eq(holder.unit.map(|u| u.0))).one(db).await.expect("reads").expect("lives here");
    let desk = home.viewer(&server, Role::PropertyManager).await;
    let read = async || store::lease(db, &desk, lease, Lang::Zh).await.expect("there").0;
    let moves = async |until: Option<Time>| {
        let mut row: memberships::ActiveModel = lived.clone().into();
        row.until = Set(until.map(|t| t.0));
        memberships::Entity::update(row).exec(&server.db().write).await.expect("writes");
    };

    tick(&server, home, start).await;
    assert_eq!(read().await.notice, None, "somebody is at home");
    moves(Some(start)).await;
    tick(&server, home, start + HOUR).await;
    let until = start + HOUR + 30 * DAY;
    assert_eq!(read().await.notice, Some(("这一户已经搬走".into(), until)));
    tick(&server, home, start + 2 * HOUR).await;
    assert_eq!(read().await.notice.expect("once").1, until);
    // Back again, and gone for good.
    moves(None).await;
    tick(&server, home, start + 3 * HOUR).await;
    assert_eq!(read().await.notice, None);
    moves(Some(start + 4 * HOUR)).await;
    tick(&server, home, start + 5 * HOUR).await;
    let gone = start + 5 * HOUR + 30 * DAY;
    tick(&server, &town.there, gone).await;
    assert_eq!(read().await.state, LeaseState::Active, "another community's clock touches nothing here");
    // Offers run for three days: the others' have fallen, and theirs are looked at apart from this bay.
    tick(&server, home, gone).await;
    assert_eq!(read().await.state, LeaseState::Withdrawn);
    let view = look(&server, home, it.round, gone).await;
    assert!(view.applications.iter().any(|a| a.id == waits && a.outcome == Some(Outcome::Offered)), "the next in line has an offer");
}
