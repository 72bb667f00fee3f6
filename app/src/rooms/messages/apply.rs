//! Climbing the ladder, and keeping robots.

use super::entity::{escalations, message_reads, messages, notices, robot_lines, robots};
use super::model::{AddRobot, Escalate, Line, MarkRead, RemoveRobot, Rung, SendAgain, TryRobot};
use super::rules::{parse_address, reached};
use super::store::ladder;
use crate::apply::{Done, Work};
use crate::context::Caller;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::measure::Time;
use crate::rooms::communities::store::known;
use crate::rooms::people::rules::{Fields, Permission, parse_name};
use crate::rooms::tickets::model::Card;
use crate::rooms::tickets::rules::Deed;
use crate::rooms::tickets::store::overdue_card;
use crate::text::clean;
use crate::trf;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;

/// Robots in one community.
pub const ROBOTS_MAX: u64 = 10;

/// Lets an overdue ticket climb one rung: an event, a message, and a line for each robot that is told of it.
///
/// # Errors
/// [`AppError::Forbidden`] for everybody but the clock, [`AppError::Closed`] when the ticket is not that late, or has
/// taken the rung already.
pub async fn escalate(work: &Work<'_>, escalate: &Escalate) -> Result<Done, AppError> {
    if !matches!(work.caller, Caller::Clock(_)) {
        return Err(AppError::Forbidden);
    }
    let card = overdue_card(work.txn, work.community, escalate.ticket, escalate.due_at).await?;
    let late = reached(escalate.due_at, work.now, card.category.is_urgent(), &ladder(work.txn, work.community, work.now).await?);
    let not_now = || AppError::closed("这件报修还没有到这一级，或者已经报过了。", "The ticket is not that late, or has been reported already.");
    if late < Some(escalate.rung) {
        return Err(not_now());
    }
    let row = escalations::ActiveModel {
        community_id: Set(work.community.0),
        ticket_id: Set(escalate.ticket.0),
        due_at: Set(escalate.due_at.0),
        rung: Set(escalate.rung.code().into()),
        at: Set(work.now.0),
    };
    let once =
        OnConflict::columns([escalations::Column::CommunityId, escalations::Column::TicketId, escalations::Column::DueAt, escalations::Column::Rung]).do_nothing().to_owned();
    if escalations::Entity::insert(row).on_conflict(once).exec_without_returning(work.txn).await? == 0 {
        return Err(not_now());
    }
    work.tell("ticket", escalate.ticket.0, &Deed::Escalated { rung: escalate.rung }).await?;
    let message = messages::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        at: Set(work.now.0),
        rung: Set(escalate.rung.code().into()),
        ticket_id: Set(escalate.ticket.0),
        due_at: Set(escalate.due_at.0),
    };
    messages::Entity::insert(message).exec_without_returning(work.txn).await?;
    tell_robots(work, &card, escalate).await?;
    Ok(Done { subject: Some(escalate.ticket.0), number: Some(card.number), version: 1 })
}

/// Puts a decision of the committee into the inboxes of a rung.
///
/// # Errors
/// When the database refuses.
pub async fn notify(work: &Work<'_>, matter: Uuid, rung: Rung) -> Result<(), AppError> {
    let row = notices::ActiveModel { community_id: Set(work.community.0), id: Set(Uuid::now_v7()), at: Set(work.now.0), rung: Set(rung.code().into()), matter_id: Set(matter) };
    notices::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(())
}

async fn tell_robots(work: &Work<'_>, card: &Card, escalate: &Escalate) -> Result<(), AppError> {
    let told: Vec<robots::Model> =
        robots::Entity::find().filter(robots::Column::CommunityId.eq(work.community.0)).filter(robots::Column::RemovedAt.is_null()).all(work.txn).await?;
    let told: Vec<_> = told.into_iter().filter(|r| Rung::from_code(&r.from_rung).is_some_and(|from| from <= escalate.rung)).collect();
    if told.is_empty() {
        return Ok(());
    }
    let (_, slug) = known(&work.services.db, work.community).await?;
    let link = format!("{}/c/{slug}/t/{}", work.services.public_url, card.number);
    let line = spoken(card, escalate.rung, work.now - escalate.due_at, link);
    for robot in told {
        wait(work, &robot, &line).await?;
    }
    Ok(())
}

/// What a group reads. It is in Chinese, as the groups are; nobody is named.
fn spoken(card: &Card, rung: Rung, late: i64, link: String) -> Line {
    let lang = Lang::Zh;
    let (number, spot, category, late, to) = (&card.number, &card.spot, card.category.label(lang), crate::i18n::spoken_span(lang, late), rung.label(lang));
    Line {
        title: trf!(lang, "超时督办：已报{to}", "Overdue: reported to the {to}"),
        text: trf!(lang, "编号 {number} · {spot} · {category}\n已超时 {late}", "No. {number} · {spot} · {category}\nlate by {late}"),
        link,
    }
}

pub(super) async fn wait(work: &Work<'_>, robot: &robots::Model, line: &Line) -> Result<(), AppError> {
    let row = robot_lines::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(Uuid::now_v7()),
        robot_id: Set(robot.id),
        title: Set(line.title.clone()),
        text: Set(line.text.clone()),
        link: Set(line.link.clone()),
        made_at: Set(work.now.0),
        attempts: Set(0),
        next_at: Set(Some(work.now.0)),
        sent_at: Set(None),
        error: Set(String::new()),
    };
    robot_lines::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(())
}

/// Adds a robot.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::Closed`] when there are [`ROBOTS_MAX`].
pub async fn add_robot(work: &Work<'_>, add: &AddRobot) -> Result<Done, AppError> {
    work.caller.require(Permission::Robots)?;
    let mut fields = Fields::default();
    let name = fields.take(parse_name(&add.name));
    let more = work.services.robot_hosts.get().map(Vec::as_slice).unwrap_or_default();
    let address = fields.take(parse_address(add.kind, &add.address, more));
    let secret = fields.take(clean(&add.secret, 200).map_err(|_| AppError::field("secret", "密钥太长了", "The key is too long")));
    fields.check()?;
    let (Some(name), Some(address), Some(secret)) = (name, address, secret) else { return Err(AppError::NotFound) };
    let count = robots::Entity::find().filter(robots::Column::CommunityId.eq(work.community.0)).filter(robots::Column::RemovedAt.is_null()).count(work.txn).await?;
    if count >= ROBOTS_MAX {
        return Err(AppError::closed("群机器人已经够多了（10 个），请先删掉一个。", "There are ten robots already; remove one first."));
    }
    let row = robots::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        name: Set(name),
        kind: Set(add.kind.code().into()),
        address: Set(address),
        secret: Set(secret),
        from_rung: Set(add.from.code().into()),
        made_by: Set(work.person().map(|p| p.0)),
        made_at: Set(work.now.0),
        removed_at: Set(None),
        last_sent_at: Set(None),
    };
    robots::Entity::insert(row).exec_without_returning(work.txn).await?;
    work.tell("robot", work.mutation.0, &json!({ "did": "added", "kind": add.kind.code(), "from": add.from.code() })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: None, version: 1 })
}

/// Removes a robot; what waits for it is given up.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn remove_robot(work: &Work<'_>, remove: &RemoveRobot) -> Result<Done, AppError> {
    work.caller.require(Permission::Robots)?;
    let robot = robot(work, remove.robot).await?;
    robots::Entity::update_many()
        .col_expr(robots::Column::RemovedAt, Expr::value(work.now.0))
        // What is not needed any more is not kept.
        .col_expr(robots::Column::Address, Expr::value(""))
        .col_expr(robots::Column::Secret, Expr::value(""))
        .filter(robots::Column::CommunityId.eq(work.community.0))
        .filter(robots::Column::Id.eq(robot.id))
        .exec(work.txn)
        .await?;
    robot_lines::Entity::update_many()
        .col_expr(robot_lines::Column::NextAt, Expr::value(Option::<i64>::None))
        .filter(robot_lines::Column::CommunityId.eq(work.community.0))
        .filter(robot_lines::Column::RobotId.eq(robot.id))
        .exec(work.txn)
        .await?;
    work.tell("robot", robot.id, &json!({ "did": "removed" })).await?;
    Ok(Done { subject: Some(robot.id), number: None, version: 1 })
}

/// Lets a line wait for a robot, to try it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn try_robot(work: &Work<'_>, tried: &TryRobot) -> Result<Done, AppError> {
    work.caller.require(Permission::Robots)?;
    let robot = robot(work, tried.robot).await?;
    let (community, _) = known(&work.services.db, work.community).await?;
    let line = Line { title: format!("{}：试发", community.name), text: "收到这一条，就说明群机器人接好了。".into(), link: String::new() };
    wait(work, &robot, &line).await?;
    Ok(Done { subject: Some(robot.id), number: None, version: 1 })
}

async fn robot(work: &Work<'_>, id: Uuid) -> Result<robots::Model, AppError> {
    robots::Entity::find_by_id((work.community.0, id)).one(work.txn).await?.filter(|r| r.removed_at.is_none()).ok_or(AppError::NotFound)
}

/// Lets a line that was given up wait again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] also when its robot is gone, [`AppError::Closed`] when it was taken.
pub async fn send_again(work: &Work<'_>, again: &SendAgain) -> Result<Done, AppError> {
    work.caller.require(Permission::Robots)?;
    let line = robot_lines::Entity::find_by_id((work.community.0, again.line)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    robot(work, line.robot_id).await?;
    if line.sent_at.is_some() {
        return Err(AppError::closed("这一条已经送到了。", "This one has arrived already."));
    }
    robot_lines::Entity::update_many()
        .col_expr(robot_lines::Column::NextAt, Expr::value(work.now.0))
        .col_expr(robot_lines::Column::Attempts, Expr::value(0))
        .filter(robot_lines::Column::CommunityId.eq(work.community.0))
        .filter(robot_lines::Column::Id.eq(line.id))
        .exec(work.txn)
        .await?;
    Ok(Done { subject: Some(line.id), number: None, version: 1 })
}

/// Marks everything up to a moment as read.
///
/// # Errors
/// [`AppError::Forbidden`] for roles without an inbox.
pub async fn mark_read(work: &Work<'_>, read: &MarkRead) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Inbox)?;
    let up_to = Time(read.up_to.0.min(work.now.0));
    let row = message_reads::ActiveModel { community_id: Set(work.community.0), person_id: Set(viewer.person().0), read_to: Set(up_to.0) };
    let newer = OnConflict::columns([message_reads::Column::CommunityId, message_reads::Column::PersonId]).update_column(message_reads::Column::ReadTo).to_owned();
    message_reads::Entity::insert(row).on_conflict(newer).exec_without_returning(work.txn).await?;
    Ok(Done { subject: None, number: None, version: 1 })
}
