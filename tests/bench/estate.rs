//! A community of 2,000 units and 10,000 tickets over two years, as rows: most are over, 300 are open.

use anyhow::Result;
use app::ids::{BuildingId, MutationId, TicketId, UnitId};
use app::measure::{DAY, Fen, HOUR, Time};
use app::mutation::Mutation;
use app::rooms::bays::entity::bays as bay_rows;
use app::rooms::bays::imports::bay_row;
use app::rooms::bays::list::Line;
use app::rooms::bays::model::{BayKind, BayState, Details};
use app::rooms::communities::entity::{buildings, units};
use app::rooms::events::entity::event_heads;
use app::rooms::events::store::{Entry, append};
use app::rooms::fund::entity::fund_imports;
use app::rooms::fund::model::{ConfirmOpening, Enter, Income};
use app::rooms::fund::openings::Opening;
use app::rooms::lists::model::Fault;
use app::rooms::people::model::Role;
use app::rooms::tickets::apply::ticket_number;
use app::rooms::tickets::entity::{comments, tickets};
use app::rooms::tickets::model::State;
use app::rooms::tickets::rules::{Deed, Move};
use harness::{Home, Server};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, Set};
use std::collections::HashMap;
use uuid::Uuid;

const BUILDINGS: i64 = 40;
const UNITS_EACH: i64 = 50;
const TICKETS: u64 = 10_000;
const OPEN: u64 = 300;

/// What was built.
#[derive(Debug)]
pub struct Estate {
    /// The number of a repaired ticket with a timeline and comments.
    pub ticket: String,
}

/// Builds it beside what the harness has made.
///
/// # Errors
/// When the database refuses.
pub async fn build(server: &Server, home: &Home) -> Result<Estate> {
    let db = server.db();
    let txn = db.begin().await?;
    homes(&txn, home).await?;
    txn.commit().await?;
    let now = Time::now();
    let mut numbers = Vec::new();
    for chunk in 0..TICKETS / 100 {
        // Short transactions: PostgreSQL keeps every version of the chain's head until the transaction ends.
        let txn = db.begin().await?;
        let rows: Vec<(tickets::ActiveModel, Vec<Deed>)> = (chunk * 100..(chunk + 1) * 100).map(|n| ticket(home, n, now)).collect();
        for (row, deeds) in &rows {
            tell(&txn, home, row, deeds).await?;
        }
        numbers.extend(rows.iter().map(|(row, _)| row.number.clone().unwrap()));
        tickets::Entity::insert_many(rows.into_iter().map(|(row, _)| row)).exec_without_returning(&txn).await?;
        txn.commit().await?;
    }
    let txn = db.begin().await?;
    event_heads::Entity::update_many()
        .col_expr(event_heads::Column::Tickets, Expr::value(TICKETS as i64))
        .filter(event_heads::Column::CommunityId.eq(home.id.0))
        .exec(&txn)
        .await?;
    let ticket = numbers[40].clone();
    talk(&txn, home, &ticket, now).await?;
    txn.commit().await?;
    fund(server, home).await?;
    bays(server, home).await?;
    Ok(Estate { ticket })
}

/// Seven hundred bays on a plan.
async fn bays(server: &Server, home: &Home) -> Result<()> {
    let line = |n: i64| Line {
        line: 1,
        code: format!("D-{n:03}"),
        kind: BayKind::Planned,
        state: if n % 3 == 0 { BayState::Free } else { BayState::Held },
        details: Details {
            original_planned: true,
            accessible: n % 90 == 0,
            area: format!("{} 号楼前", n / 20),
            x: Some(200 + n % 50 * 190),
            y: Some(200 + n / 50 * 600),
            ..Details::default()
        },
        unit: None,
        absent: Vec::new(),
    };
    let rows: Vec<_> = (0..700).map(|n| bay_row(home.id, Uuid::now_v7(), &line(n), None, Time::now())).collect();
    for rows in rows.chunks(200) {
        bay_rows::Entity::insert_many(rows.to_vec()).exec_without_returning(&server.db().write).await?;
    }
    Ok(())
}

/// Opening balances of every unit, and sixteen times interest: what a building's statement has to read.
async fn fund(server: &Server, home: &Home) -> Result<()> {
    let db = &server.db().write;
    let codes: HashMap<Uuid, String> = buildings::Entity::find().filter(buildings::Column::CommunityId.eq(home.id.0)).all(db).await?.into_iter().map(|b| (b.id, b.code)).collect();
    let all = units::Entity::find().filter(units::Column::CommunityId.eq(home.id.0)).all(db).await?;
    let rows: Vec<Opening> =
        all.into_iter().map(|u| Opening { line: 1, building: codes[&u.building_id].clone(), stair: u.stair, room: u.room, initial: Fen(753_100), balance: Fen(500_000) }).collect();
    let kept: (Vec<Opening>, Vec<Fault>) = (rows, vec![]);
    let import = Uuid::now_v7();
    let row = fund_imports::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(import),
        by_id: Set(home.who(Role::CommitteeDirector).person.0),
        at: Set(1),
        rows: Set(serde_json::to_string(&kept)?),
        confirmed_at: Set(None),
    };
    fund_imports::Entity::insert(row).exec_without_returning(db).await?;
    let act = async |mutation| home.act(server, Role::CommitteeDirector, mutation).await.map_err(|e| anyhow::anyhow!("{e:?}"));
    act(Mutation::FundOpening(ConfirmOpening { import })).await?;
    for n in 0..16 {
        act(Mutation::FundEnter(Enter { what: Income::Interest, amount: Fen(920_000 + n), words: "结息回单".into() })).await?;
    }
    Ok(())
}

/// How many tickets there are.
///
/// # Errors
/// When the database refuses.
pub async fn reports(server: &Server, home: &Home) -> Result<u64> {
    Ok(tickets::Entity::find().filter(tickets::Column::CommunityId.eq(home.id.0)).count(&server.db().read).await?)
}

async fn homes(txn: &DatabaseTransaction, home: &Home) -> Result<()> {
    for b in 0..BUILDINGS {
        let building = BuildingId::new();
        let row = buildings::ActiveModel {
            community_id: Set(home.id.0),
            id: Set(building.0),
            code: Set(format!("{}", 100 + b)),
            name: Set(format!("{}号楼", 100 + b)),
            kind: Set("multi_storey".into()),
            ordinal: Set(100 + b),
        };
        buildings::Entity::insert(row).exec_without_returning(txn).await?;
        let rooms = (0..UNITS_EACH).map(|i| units::ActiveModel {
            community_id: Set(home.id.0),
            id: Set(UnitId::new().0),
            building_id: Set(building.0),
            stair: Set("1".into()),
            floor: Set(Some(i / 2 + 1)),
            room: Set(format!("{}{:02}", i / 2 + 1, i % 2 + 1)),
            area: Set(8_860),
            kind: Set("multi_storey".into()),
            area_source: Set("register".into()),
            occupancy: Set("owner".into()),
            household_size: Set(3),
        });
        units::Entity::insert_many(rooms).exec_without_returning(txn).await?;
    }
    Ok(())
}

fn ticket(home: &Home, n: u64, now: Time) -> (tickets::ActiveModel, Vec<Deed>) {
    let open = n >= TICKETS - OPEN;
    let created = now + -((TICKETS - n) as i64 * 2 * 365 * DAY / TICKETS as i64);
    let state = if open { State::Received } else { State::Archived };
    let finished = (!open).then_some(created + (n as i64 % 70) * HOUR);
    let words = ["椅子螺丝露在外面，怕划到孩子", "楼道灯不亮，晚上看不见台阶", "门禁刷卡没有反应", "地面有一个坑，下雨积水"][n as usize % 4];
    let row = tickets::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(TicketId::new().0),
        number: Set(ticket_number(n as i64 + 1)),
        version: Set(5),
        tag: Set(n.is_multiple_of(500).then(|| home.tag.clone())),
        place_id: Set(home.place.0),
        facility_id: Set(None),
        building_id: Set(None),
        spot: Set("中心广场".into()),
        category: Set(["facility", "lighting", "access", "road"][n as usize % 4].into()),
        urgent: Set(false),
        title: Set(words.into()),
        text: Set(format!("{words}（第 {n} 件）")),
        fingerprint: Set(format!("{n}")),
        state: Set(state.code().into()),
        open: Set(open),
        visibility: Set("public".into()),
        reporter_id: Set(Some(home.who(Role::Owner).person.0)),
        reporter_unit: Set(home.who(Role::Owner).unit.map(|u| u.0)),
        by_staff: Set(false),
        part: Set("common".into()),
        assignee_id: Set(Some(home.who(Role::Worker).person.0)),
        households: Set(1 + (n % 5) as i64),
        created_at: Set(created.0),
        clock_start: Set(created.0),
        redone_from: Set(created.0),
        stopped_total: Set(0),
        due_at: Set(open.then_some(created.0 + 72 * HOUR)),
        promised_at: Set(created.0 + 72 * HOUR),
        stopped_at: Set(finished.map(|t| t.0)),
        first_finished_at: Set(finished.map(|t| t.0)),
        finished_at: Set(finished.map(|t| t.0)),
        stars: Set((!open && n.is_multiple_of(3)).then_some(5)),
        changed_at: Set(finished.unwrap_or(created).0),
        ..Default::default()
    };
    let step = |step, to| Deed::Stepped { step, to, reason: None, amount: None, tier: None, stars: None, time: None, other: None, worker: None };
    let mut deeds = vec![Deed::Reported { visitor: false }];
    if !open {
        deeds.extend([
            step(Move::Accept, State::Accepted),
            step(Move::Assign, State::Dispatched),
            step(Move::Arrive, State::InProgress),
            step(Move::Finish, State::AwaitingCheck),
            step(Move::Confirm, State::Done),
        ]);
    }
    (row, deeds)
}

async fn tell(txn: &DatabaseTransaction, home: &Home, row: &tickets::ActiveModel, deeds: &[Deed]) -> Result<()> {
    for (i, deed) in deeds.iter().enumerate() {
        let role = if i == 0 { Role::Owner } else { Role::Dispatcher };
        let entry = Entry {
            at: Time(row.created_at.clone().unwrap() + i as i64 * HOUR),
            subject_kind: "ticket",
            subject: row.id.clone().unwrap(),
            actor: Some(home.who(role).person),
            role: Some(role),
            mutation: Some(MutationId::new()),
            body: serde_json::to_value(deed)?,
        };
        append(txn, home.id, entry).await?;
    }
    Ok(())
}

/// A few comments, so that the ticket's page has everything that a page can have.
async fn talk(txn: &DatabaseTransaction, home: &Home, number: &str, now: Time) -> Result<()> {
    let row = tickets::Entity::find().filter(tickets::Column::CommunityId.eq(home.id.0)).filter(tickets::Column::Number.eq(number)).one(txn).await?;
    let Some(row) = row else { anyhow::bail!("no ticket {number}") };
    for words in ["我家楼下也看到了", "谢谢师傅，修得很快", "孩子们又能坐了"] {
        let comment = comments::ActiveModel {
            community_id: Set(home.id.0),
            id: Set(MutationId::new().0),
            ticket_id: Set(row.id),
            person_id: Set(home.who(Role::Tenant).person.0),
            text: Set(words.into()),
            at: Set(now.0),
            hidden_reason: Set(None),
        };
        comments::Entity::insert(comment).exec_without_returning(txn).await?;
    }
    Ok(())
}
