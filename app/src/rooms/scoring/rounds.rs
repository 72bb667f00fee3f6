//! A round's life until its scoring ends: adopting a sheet, opening, extending, closing.

use super::entity::{readings, roll, rounds, templates};
use super::model::{Adopt, Extend, Group, Move, Numbers, Open, Stage};
use super::rules::{judge_open, may_close, may_move, words};
use super::template::{Template, judge};
use super::{own, store};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::PersonId;
use crate::measure::{DAY, Time};
use crate::rooms::communities::entity::buildings;
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::{next_number, own_settings};
use crate::rooms::messages::notes::{Note, tell};
use crate::rooms::people::members::members;
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::{Fields, Permission};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Adopts a sheet of the community's own.
///
/// # Errors
/// [`AppError::Forbidden`], and what [`judge`] refuses.
pub async fn adopt(work: &Work<'_>, adopt: &Adopt) -> Result<Done, AppError> {
    work.caller.require(Permission::ScoringRun)?;
    let mut fields = Fields::default();
    let source = fields.take(words("source", &adopt.source, 2, 100)).unwrap_or_default();
    fields.take(judge(&adopt.template));
    fields.check()?;
    work.hold().await?;
    let version = i64::try_from(templates::Entity::find().filter(templates::Column::CommunityId.eq(work.community.0)).count(work.txn).await?).map_err(internal)? + 1;
    let row = templates::ActiveModel {
        community_id: Set(work.community.0),
        version: Set(version),
        body: Set(serde_json::to_string(&adopt.template).map_err(internal)?),
        source: Set(source.clone()),
        at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
    };
    templates::Entity::insert(row).exec_without_returning(work.txn).await?;
    work.tell("scoring_sheet", work.mutation.0, &json!({ "did": "adopted", "version": version, "source": source, "items": adopt.template.items().count() })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(version.to_string()), version })
}

/// Opens a round: freezes sheet, numbers and roll.
///
/// # Errors
/// [`AppError::Forbidden`], what [`judge_open`] refuses, [`AppError::Closed`] while another round runs or when the half-year
/// has a result already.
pub async fn open(work: &Work<'_>, open: &Open) -> Result<Done, AppError> {
    work.caller.require(Permission::ScoringRun)?;
    let (own, offset, day) = own_settings(work.txn, work.community, work.now).await?;
    judge_open(open, work.now, offset)?;
    work.hold().await?;
    free(work, &open.half).await?;
    let template = store::current_template(work.txn, work.community).await?;
    let numbers = Numbers::read(|key| setting(&own, key, &day).unwrap_or_default());
    let id = work.mutation.0;
    let n = next_number(work.txn, work.community, &format!("scoring {}", open.half)).await?;
    let number = if n == 1 { format!("KH-{}", open.half) } else { format!("KH-{}-{n}", open.half) };
    let row = round_row(work, open, &number, &template, &numbers)?;
    rounds::Entity::insert(row).exec_without_returning(work.txn).await?;
    let appointed = appoint(work, id).await?;
    let note = Note {
        zh: format!("请您给物业打分：{number}，{} 天内交表", open.days),
        en: format!("You are asked to score the property company: {number}, within {} days", open.days),
        path: format!("/scoring/{id}"),
    };
    tell(work, &appointed, &note).await?;
    let appointed = appointed.len();
    work.tell(
        "scoring",
        id,
        &json!({ "did": "opened", "number": number, "scorers": appointed, "until": work.now.0 + open.days * DAY, "numbers": numbers, "retained": open.retained }),
    )
    .await?;
    Ok(Done { subject: Some(id), number: Some(number), version: 1 })
}

fn round_row(work: &Work<'_>, open: &Open, number: &str, template: &Template, numbers: &Numbers) -> Result<rounds::ActiveModel, AppError> {
    Ok(rounds::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        number: Set(number.to_owned()),
        half: Set(open.half.clone()),
        version: Set(1),
        stage: Set(Stage::Open.code().into()),
        template: Set(serde_json::to_string(template).map_err(internal)?),
        numbers: Set(serde_json::to_string(numbers).map_err(internal)?),
        retained: Set(open.retained.0),
        opens_at: Set(work.now.0),
        closes_at: Set(work.now.0 + open.days * DAY),
        extensions: Set("[]".into()),
        closed_at: Set(None),
        drafted_at: Set(None),
        appeal_until: Set(None),
        weekends_only: Set(false),
        published_at: Set(None),
        first: Set(None),
        first_level: Set(None),
        total: Set(None),
        level: Set(None),
        hash: Set(None),
    })
}

/// One round at a time, and one result for each half-year; a round without a result may be tried again.
async fn free(work: &Work<'_>, half: &str) -> Result<(), AppError> {
    let rows = rounds::Entity::find().filter(rounds::Column::CommunityId.eq(work.community.0)).order_by_desc(rounds::Column::OpensAt).limit(200).all(work.txn).await?;
    if rows.iter().any(|r| r.stage != Stage::Published.code()) {
        return Err(AppError::closed("上一轮考核还没有公布，不能再开一轮。", "The last round is not published yet."));
    }
    if rows.iter().any(|r| r.half == half && r.total.is_some()) {
        return Err(AppError::closed("这个半年已经有考核结果了。", "This half-year has its result."));
    }
    Ok(())
}

/// Writes the roll: one row for each person, whatever roles they have; nobody of the company's staff.
async fn appoint(work: &Work<'_>, round: Uuid) -> Result<Vec<PersonId>, AppError> {
    let staff = members(work.txn, work.community, &[Role::PropertyManager, Role::Dispatcher, Role::Worker], work.now).await?;
    let staff: HashSet<PersonId> = staff.into_iter().map(|m| m.person).collect();
    let tall = buildings::Entity::find().filter(buildings::Column::CommunityId.eq(work.community.0)).all(work.txn).await?;
    let low: HashSet<Uuid> = tall.into_iter().filter(|b| b.kind != "high_rise").map(|b| b.id).collect();
    let mut scorers = BTreeMap::new();
    // Who is both is counted as a representative: those come last and stay.
    for (role, group) in [(Role::BuildingLeader, Group::Leader), (Role::OwnersRepresentative, Group::Representative)] {
        for member in members(work.txn, work.community, &[role], work.now).await? {
            if !staff.contains(&member.person) {
                scorers.insert(member.person, (group, member.building));
            }
        }
    }
    if scorers.is_empty() {
        return Err(AppError::closed("还没有业主代表和楼组长，没人打分。", "There are no representatives and leaders yet, so nobody to score."));
    }
    let rows: Vec<roll::ActiveModel> = scorers
        .iter()
        .map(|(person, (group, building))| roll::ActiveModel {
            community_id: Set(work.community.0),
            round_id: Set(round),
            person_id: Set(person.0),
            part: Set(group.code().into()),
            // Where nobody knows the house, every item concerns its scorer.
            high_rise: Set(building.is_none_or(|b| !low.contains(&b.0))),
            building_id: Set(building.map(|b| b.0)),
            conflict: Set(None),
        })
        .collect();
    for chunk in rows.chunks(200) {
        roll::Entity::insert_many(chunk.to_vec()).exec_without_returning(work.txn).await?;
    }
    Ok(scorers.into_keys().collect())
}

/// A round, held until the transaction ends.
///
/// # Errors
/// [`AppError::NotFound`].
pub(super) async fn find(work: &Work<'_>, id: Uuid) -> Result<(rounds::Model, Stage), AppError> {
    let row = rounds::Entity::find_by_id((work.community.0, id)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let stage = Stage::from_code(&row.stage).ok_or_else(|| internal("unknown stage of a round"))?;
    Ok((row, stage))
}

/// Gives the scorers more time. It never becomes less.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Closed`] when the scoring has ended,
/// [`AppError::Invalid`] on `days` or `reason`.
pub async fn extend(work: &Work<'_>, extend: &Extend) -> Result<Done, AppError> {
    work.caller.require(Permission::ScoringRun)?;
    let (row, stage) = find(work, extend.round).await?;
    may_move(&Move { round: extend.round, version: extend.version }, row.version, stage, Stage::Open)?;
    let mut fields = Fields::default();
    let reason = fields.take(words("reason", &extend.reason, 2, 200)).unwrap_or_default();
    if !(1..=30).contains(&extend.days) {
        fields.take::<()>(Err(AppError::field("days", "请填 1 到 30 天", "From 1 to 30 days")));
    }
    fields.check()?;
    let until = row.closes_at + extend.days * DAY;
    let mut extensions: Vec<(i64, i64, String)> = serde_json::from_str(&row.extensions).map_err(internal)?;
    if extensions.len() >= 5 {
        return Err(AppError::closed("已经延期五次，不能再延。", "It was extended five times already."));
    }
    extensions.push((row.closes_at, until, reason.clone()));
    let mut change = row.clone().into_active_model();
    change.closes_at = Set(until);
    change.extensions = Set(serde_json::to_string(&extensions).map_err(internal)?);
    change.version = Set(row.version + 1);
    change.update(work.txn).await?;
    work.tell("scoring", row.id, &json!({ "did": "extended", "until": until, "reason": reason })).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version + 1 })
}

/// Ends the scoring: no sheet changes any more, and the program counts what it can count itself.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], and what [`may_close`] refuses.
pub async fn close(work: &Work<'_>, step: &Move) -> Result<Done, AppError> {
    work.caller.require(Permission::ScoringRun)?;
    let (row, stage) = find(work, step.round).await?;
    may_move(step, row.version, stage, Stage::Open)?;
    let turnout = store::turnout(work.txn, work.community, row.id).await?;
    let (appointed, handed) = (turnout[0].0 + turnout[1].0, turnout[0].1 + turnout[1].1);
    may_close(work.now, Time(row.closes_at), appointed, handed)?;
    let template: Template = serde_json::from_str(&row.template).map_err(internal)?;
    for (n, (item, reading)) in (1..).zip(own::counts(work.txn, work.community, &template, &row.half, work.now).await?) {
        let id = Uuid::from_u128(work.mutation.0.as_u128().wrapping_add(n));
        keep_reading(
            work,
            readings::Model {
                community_id: work.community.0,
                id,
                round_id: row.id,
                item,
                good: reading.0,
                total: reading.1,
                words: reading.2,
                photos: "[]".into(),
                own: true,
                by_id: None,
                at: work.now.0,
                counts: true,
            },
        )
        .await?;
    }
    let hash = mixing_hash(work, row.id).await?;
    let mut change = row.clone().into_active_model();
    change.stage = Set(Stage::Closed.code().into());
    change.closed_at = Set(Some(work.now.0));
    change.hash = Set(Some(hash.clone()));
    change.version = Set(row.version + 1);
    change.update(work.txn).await?;
    work.tell("scoring", row.id, &json!({ "did": "closed", "appointed": appointed, "handed": handed, "hash": hash })).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version + 1 })
}

/// A reading in the place of the one before.
///
/// # Errors
/// When the database refuses.
pub(super) async fn keep_reading(work: &Work<'_>, row: readings::Model) -> Result<(), AppError> {
    readings::Entity::update_many()
        .col_expr(readings::Column::Counts, sea_orm::sea_query::Expr::value(false))
        .filter(readings::Column::CommunityId.eq(work.community.0))
        .filter(readings::Column::RoundId.eq(row.round_id))
        .filter(readings::Column::Item.eq(row.item.as_str()))
        .exec(work.txn)
        .await?;
    readings::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(work.txn).await?;
    Ok(())
}

/// What the sheets are shown in the order of: it follows from all of them, so that nobody can choose it.
async fn mixing_hash(work: &Work<'_>, round: Uuid) -> Result<String, AppError> {
    let mut hash = Sha256::new();
    hash.update(round.as_bytes());
    for sheet in store::sheet_rows(work.txn, work.community, round).await? {
        hash.update(sheet.id.as_bytes());
        hash.update(sheet.marks.as_bytes());
    }
    Ok(hex::encode(hash.finalize()))
}
