//! Reading inboxes, robots and what waits for them; what the clock has to do.

use super::entity::{escalations, message_reads, messages, notices, robot_lines, robots};
use super::model::{Escalate, Line, LineRow, MessageRow, NoticeRow, RobotKind, RobotRow, Rung};
use super::rules::{Ladder, TRIES, due_rungs, host_of, pause, reached};
use crate::context::{Db, Viewer, internal};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, TicketId};
use crate::measure::Time;
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::own_settings;
use crate::rooms::people::rules::Permission;
use crate::rooms::tickets::store::{Late, headings, late};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Messages on a page.
const SHOWN: u64 = 100;
/// Tickets that climb in one round of the clock.
const CLIMBING: u64 = 500;

/// The ladder of a community today.
///
/// # Errors
/// When the database refuses.
pub async fn ladder(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Ladder, AppError> {
    let (own, _, day) = own_settings(db, community, now).await?;
    Ok(Ladder::read(|key| setting(&own, key, &day).unwrap_or_default()))
}

/// The rungs that the community's overdue tickets take now, the lowest first.
///
/// # Errors
/// When the database refuses.
pub async fn to_escalate(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Vec<Escalate>, AppError> {
    let tickets = late(db, community, now, CLIMBING).await?;
    let ladder = ladder(db, community, now).await?;
    let ids = tickets.iter().map(|t| t.ticket.0);
    let taken = escalations::Entity::find().filter(escalations::Column::CommunityId.eq(community.0)).filter(escalations::Column::TicketId.is_in(ids)).all(db).await?;
    let mut highest: HashMap<(Uuid, i64), Rung> = HashMap::new();
    for row in taken {
        let Some(rung) = Rung::from_code(&row.rung) else { continue };
        highest.entry((row.ticket_id, row.due_at)).and_modify(|h| *h = (*h).max(rung)).or_insert(rung);
    }
    let climbing = |t: Late| {
        let taken = highest.get(&(t.ticket.0, t.due_at.0)).copied();
        due_rungs(reached(t.due_at, now, t.urgent, &ladder), taken).into_iter().map(move |rung| Escalate { ticket: t.ticket, due_at: t.due_at, rung })
    };
    Ok(tickets.into_iter().flat_map(climbing).collect())
}

/// The viewer's messages, the newest first.
///
/// # Errors
/// [`AppError::Forbidden`] for roles without an inbox.
pub async fn inbox(db: &Db, viewer: &Viewer, lang: Lang) -> Result<Vec<MessageRow>, AppError> {
    viewer.require(Permission::Inbox)?;
    let (db, community) = (&db.read, viewer.community());
    let read_to = message_reads::Entity::find_by_id((community.0, viewer.person().0)).one(db).await?.map_or(0, |r| r.read_to);
    let rungs = Rung::ALL.into_iter().filter(|r| r.is_read_by(viewer.role())).map(Rung::code);
    let rows = messages::Entity::find()
        .filter(messages::Column::CommunityId.eq(community.0))
        .filter(messages::Column::Rung.is_in(rungs))
        .order_by_desc(messages::Column::At)
        .limit(SHOWN)
        .all(db)
        .await?;
    let cards = headings(db, community, rows.iter().map(|m| TicketId(m.ticket_id)).collect(), lang).await?;
    let rows = rows.into_iter().filter_map(|m| {
        let heading = cards.get(&TicketId(m.ticket_id))?;
        Some(MessageRow {
            id: m.id,
            at: Time(m.at),
            rung: Rung::from_code(&m.rung)?,
            number: heading.number.clone(),
            heading: heading.heading.clone(),
            spot: heading.spot.clone(),
            due_at: Time(m.due_at),
            still_late: heading.due_at == Some(Time(m.due_at)),
            new: m.at > read_to,
        })
    });
    Ok(rows.collect())
}

/// The viewer's messages about decisions of the committee, the newest first.
///
/// # Errors
/// [`AppError::Forbidden`] for roles without an inbox.
pub async fn decisions(db: &Db, viewer: &Viewer) -> Result<Vec<NoticeRow>, AppError> {
    viewer.require(Permission::Inbox)?;
    let (db, community) = (&db.read, viewer.community());
    let rungs = Rung::ALL.into_iter().filter(|r| r.is_read_by(viewer.role())).map(Rung::code);
    let rows = notices::Entity::find()
        .filter(notices::Column::CommunityId.eq(community.0))
        .filter(notices::Column::Rung.is_in(rungs))
        .order_by_desc(notices::Column::At)
        .limit(SHOWN)
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let read_to = message_reads::Entity::find_by_id((community.0, viewer.person().0)).one(db).await?.map_or(0, |r| r.read_to);
    let matters: HashMap<Uuid, _> = crate::rooms::approvals::store::rows(db, community, rows.iter().map(|n| n.matter_id)).await?.into_iter().map(|m| (m.id, m)).collect();
    let notice =
        |n: notices::Model| matters.get(&n.matter_id).map(|m| NoticeRow { at: Time(n.at), number: m.number.clone(), title: m.title.clone(), state: m.state, new: n.at > read_to });
    Ok(rows.into_iter().filter_map(notice).collect())
}

/// The community's robots.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn robots_of(db: &Db, viewer: &Viewer) -> Result<(Vec<RobotRow>, Vec<LineRow>), AppError> {
    viewer.require(Permission::Robots)?;
    let (db, community) = (&db.read, viewer.community());
    let all =
        robots::Entity::find().filter(robots::Column::CommunityId.eq(community.0)).filter(robots::Column::RemovedAt.is_null()).order_by_asc(robots::Column::MadeAt).all(db).await?;
    let mut rows = Vec::with_capacity(all.len());
    for robot in &all {
        let waiting = robot_lines::Entity::find()
            .filter(robot_lines::Column::CommunityId.eq(community.0))
            .filter(robot_lines::Column::RobotId.eq(robot.id))
            .filter(robot_lines::Column::NextAt.is_not_null())
            .count(db)
            .await?;
        rows.push(RobotRow {
            id: robot.id,
            name: robot.name.clone(),
            kind: kind(robot)?,
            host: host_of(&robot.address).map(|(host, _)| host.to_owned()).unwrap_or_default(),
            signed: !robot.secret.is_empty(),
            from: Rung::from_code(&robot.from_rung).unwrap_or(Rung::Dispatcher),
            last_sent_at: robot.last_sent_at.map(Time),
            waiting: i64::try_from(waiting).unwrap_or(i64::MAX),
        });
    }
    let names: HashMap<Uuid, String> = all.into_iter().map(|r| (r.id, r.name)).collect();
    let lines = robot_lines::Entity::find()
        .filter(robot_lines::Column::CommunityId.eq(community.0))
        .filter(robot_lines::Column::RobotId.is_in(names.keys().copied()))
        .filter(robot_lines::Column::SentAt.is_null())
        .order_by_desc(robot_lines::Column::MadeAt)
        .limit(SHOWN)
        .all(db)
        .await?;
    let lines = lines.into_iter().map(|l| LineRow {
        id: l.id,
        robot: names.get(&l.robot_id).cloned().unwrap_or_default(),
        title: l.title,
        made_at: Time(l.made_at),
        attempts: l.attempts,
        next_at: l.next_at.map(Time),
        error: l.error,
    });
    Ok((rows, lines.collect()))
}

fn kind(robot: &robots::Model) -> Result<RobotKind, AppError> {
    RobotKind::from_code(&robot.kind).ok_or_else(|| internal("unknown kind of robot"))
}

/// A line that somebody took out of the queue to send it.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The community.
    pub community: CommunityId,
    /// The line's id.
    pub id: Uuid,
    /// The robot's id.
    pub robot: Uuid,
    /// Whose robot.
    pub kind: RobotKind,
    /// Its address.
    pub address: String,
    /// Its key.
    pub secret: String,
    /// What is said.
    pub line: Line,
    /// How often it was tried before.
    pub attempts: i64,
}

/// How long whoever took a line has it for themselves, in milliseconds: longer than a robot is waited for.
const LEASE: i64 = 60_000;

/// Takes the lines whose time has come. Each is marked first, so that two servers on one database never send one twice
/// at once; who took it and died lets it go again after a minute.
///
/// # Errors
/// When the database refuses.
pub async fn take_lines(db: &Db, community: CommunityId, now: Time, most: u64) -> Result<Vec<Outgoing>, AppError> {
    let ready = robot_lines::Entity::find()
        .filter(robot_lines::Column::CommunityId.eq(community.0))
        .filter(robot_lines::Column::NextAt.lte(now.0))
        .order_by_asc(robot_lines::Column::NextAt)
        .limit(most)
        .all(&db.read)
        .await?;
    let mut taken = Vec::new();
    for line in ready {
        let mine = robot_lines::Entity::update_many()
            .col_expr(robot_lines::Column::NextAt, Expr::value(now.0 + LEASE))
            .filter(robot_lines::Column::CommunityId.eq(community.0))
            .filter(robot_lines::Column::Id.eq(line.id))
            .filter(robot_lines::Column::NextAt.eq(line.next_at))
            .exec(&db.write)
            .await?;
        let robot = robots::Entity::find_by_id((community.0, line.robot_id)).one(&db.read).await?.filter(|r| r.removed_at.is_none());
        let (1, Some(robot)) = (mine.rows_affected, robot) else { continue };
        taken.push(Outgoing {
            community,
            id: line.id,
            robot: robot.id,
            kind: kind(&robot)?,
            address: robot.address,
            secret: robot.secret,
            line: Line { title: line.title, text: line.text, link: line.link },
            attempts: line.attempts,
        });
    }
    Ok(taken)
}

/// Writes down what became of a line: taken, or why not and when it goes again. After [`TRIES`] tries it is given up.
///
/// # Errors
/// When the database refuses.
pub async fn settle_line(db: &Db, sent: &Outgoing, verdict: &Result<(), String>, now: Time) -> Result<(), AppError> {
    let attempts = sent.attempts + 1;
    let again = (verdict.is_err() && attempts < TRIES).then(|| now.0 + pause(attempts));
    robot_lines::Entity::update_many()
        .col_expr(robot_lines::Column::Attempts, Expr::value(attempts))
        .col_expr(robot_lines::Column::NextAt, Expr::value(again))
        .col_expr(robot_lines::Column::SentAt, Expr::value(verdict.is_ok().then_some(now.0)))
        .col_expr(robot_lines::Column::Error, Expr::value(verdict.as_ref().err().cloned().unwrap_or_default()))
        .filter(robot_lines::Column::CommunityId.eq(sent.community.0))
        .filter(robot_lines::Column::Id.eq(sent.id))
        .exec(&db.write)
        .await?;
    if verdict.is_ok() {
        robots::Entity::update_many()
            .col_expr(robots::Column::LastSentAt, Expr::value(now.0))
            .filter(robots::Column::CommunityId.eq(sent.community.0))
            .filter(robots::Column::Id.eq(sent.robot))
            .exec(&db.write)
            .await?;
    }
    Ok(())
}
