//! A round: opened with everything that it goes by, put off, closed.

use super::entity::{applications, leases, parties, round_bays, rounds};
use super::lottery::public_name;
use super::model::{Kind, LeaseState, Move, Open, Outcome, Postpone, RuleSet, Stage};
use super::rules::{judge_open, may_postpone, parties_complete, round_number, rule_set, words};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::CommunityId;
use crate::measure::{DAY, Time};
use crate::rooms::bays;
use crate::rooms::bays::model::{Bay, BayState};
use crate::rooms::bays::rules::{Use, may_be_given};
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::{by_id, next_number, own_settings};
use crate::rooms::people::rules::{Fields, Permission};
use chrono::Datelike;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Opens a round: its rules, terms, prices and bays are public from that moment.
///
/// # Errors
/// [`AppError::Forbidden`], what [`judge_open`] refuses, [`AppError::Invalid`] on `bays` for one that is not common, not free or
/// in another round.
pub async fn open(work: &Work<'_>, open: &Open) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingRun)?;
    let (own, offset, day) = own_settings(work.txn, work.community, work.now).await?;
    let number = |key: &str| setting(&own, key, &day).unwrap_or_default();
    let (title, source, name) = judge_open(open, number("parking.objection_days"), work.now)?;
    work.hold().await?;
    let bays = free_bays(work, &open.bays).await?;
    let rules = rule_set(open, source, number);
    let (_, slug) = by_id(work.txn, work.community).await?;
    let year = work.now.local(offset).year();
    let n = next_number(work.txn, work.community, &format!("parking {year}")).await?;
    let (id, number) = (work.mutation.0, round_number(&slug, year, n));
    let row = rounds::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        number: Set(number.clone()),
        title: Set(title),
        version: Set(1),
        stage: Set(Stage::Open.code().into()),
        rules: Set(serde_json::to_string(&rules).map_err(internal)?),
        opened_at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
        apply_until: Set(work.now.0 + open.days * DAY),
        objections_until: Set(None),
        public_name: Set(name.clone()),
        public_at: Set(open.public_at.0),
        postponed: Set("[]".into()),
        list_version: Set(0),
        list_hash: Set(String::new()),
        public: Set(String::new()),
        seed: Set(String::new()),
        drawn_at: Set(None),
        closed_at: Set(None),
    };
    rounds::Entity::insert(row).exec_without_returning(work.txn).await?;
    let rows: Vec<round_bays::ActiveModel> = bays.iter().map(|bay| bay_row(work, id, bay)).collect();
    for chunk in rows.chunks(200) {
        round_bays::Entity::insert_many(chunk.to_vec()).exec_without_returning(work.txn).await?;
    }
    work.tell("parking", id, &json!({ "did": "opened", "number": number, "rules": rules, "bays": bays.len(), "public_name": name, "public_at": open.public_at })).await?;
    Ok(Done { subject: Some(id), number: Some(number), version: 1 })
}

fn bay_row(work: &Work<'_>, round: Uuid, bay: &Bay) -> round_bays::ActiveModel {
    let kind = if bay.accessible {
        Kind::Accessible
    } else if bay.ev {
        Kind::Ev
    } else {
        Kind::Plain
    };
    round_bays::ActiveModel {
        community_id: Set(work.community.0),
        round_id: Set(round),
        bay_id: Set(bay.id),
        code: Set(bay.code.clone()),
        area: Set(bay.area.clone()),
        kind: Set(kind.code().into()),
        planned: Set(may_be_given(bay.kind, bay.original_planned, BayState::Free) == Some(Use::FixedLease)),
        lease_id: Set(None),
    }
}

/// The bays that a round would hand out, each common, free, and in no other round that still runs.
async fn free_bays(work: &Work<'_>, wanted: &[Uuid]) -> Result<Vec<Bay>, AppError> {
    let all: HashMap<Uuid, Bay> = bays::store::list(work.txn, work.community).await?.into_iter().map(|b| (b.id, b)).collect();
    let taken = taken_bays(work.txn, work.community).await?;
    let refuse = |zh: String, en: String| AppError::field("bays", zh, en);
    let mut chosen = Vec::with_capacity(wanted.len());
    for id in wanted {
        let bay = all.get(id).ok_or(AppError::NotFound)?;
        let code = &bay.code;
        if bay.state != BayState::Free || may_be_given(bay.kind, bay.original_planned, bay.state).is_none() {
            return Err(refuse(format!("{code} 不是空闲的公共车位"), format!("{code} is no free common bay")));
        }
        if taken.contains(id) {
            return Err(refuse(format!("{code} 已在另一轮里，或有人在用"), format!("{code} is in another round, or somebody has it")));
        }
        chosen.push(bay.clone());
    }
    Ok(chosen)
}

/// The bays that nobody else may be given: those of rounds that are not closed, those that are leased, and those whose room a pass
/// takes, even where its round is closed.
///
/// # Errors
/// When the database refuses.
pub(super) async fn taken_bays(db: &impl ConnectionTrait, community: CommunityId) -> Result<HashSet<Uuid>, AppError> {
    let running: Vec<Uuid> = rounds::Entity::find()
        .select_only()
        .column(rounds::Column::Id)
        .filter(rounds::Column::CommunityId.eq(community.0))
        .filter(rounds::Column::Stage.ne(Stage::Closed.code()))
        .into_tuple()
        .all(db)
        .await?;
    let leased = leases::Entity::find().filter(leases::Column::CommunityId.eq(community.0)).filter(leases::Column::State.eq(LeaseState::Active.code())).all(db).await?;
    let active: HashSet<Uuid> = leased.iter().map(|l| l.id).collect();
    let rooms = round_bays::Entity::find()
        .filter(round_bays::Column::CommunityId.eq(community.0))
        .filter(Condition::any().add(round_bays::Column::RoundId.is_in(running.clone())).add(round_bays::Column::LeaseId.is_not_null()))
        .all(db)
        .await?;
    let held = rooms.into_iter().filter(|b| running.contains(&b.round_id) || b.lease_id.is_some_and(|l| active.contains(&l)));
    Ok(held.map(|b| b.bay_id).chain(leased.iter().filter_map(|l| l.bay_id)).collect())
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

/// The rules of a round.
///
/// # Errors
/// [`AppError::Internal`] when what is stored cannot be read.
pub(super) fn rules_of(row: &rounds::Model) -> Result<RuleSet, AppError> {
    serde_json::from_str(&row.rules).map_err(internal)
}

/// Names another public value: before anybody has revealed, so that nobody knows yet whom it would serve.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Closed`] once somebody revealed or it was drawn,
/// what [`may_postpone`] refuses,
/// [`AppError::Invalid`] on `public_name`, `public_at` or `reason`.
pub async fn postpone(work: &Work<'_>, step: &Postpone) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingRun)?;
    let (row, stage) = find(work, step.round).await?;
    if row.version != step.version {
        return Err(AppError::Conflict { current: row.version });
    }
    if !matches!(stage, Stage::Open | Stage::Frozen | Stage::Final) || somebody_revealed(work, row.id).await? {
        return Err(AppError::closed("已经有人公开随机数或已抽签，不能再换公共随机数。", "Somebody has revealed, or it was drawn: the public value stays."));
    }
    let parties = committed_parties(work, row.id).await?;
    let exists = work.now >= Time(row.public_at);
    may_postpone(stage, &parties, exists)?;
    let mut fields = Fields::default();
    let name = fields.take(public_name(&step.public_name)).unwrap_or_default();
    let reason = fields.take(words("reason", &step.reason, 2, 200)).unwrap_or_default();
    let least = row.objections_until.unwrap_or(row.apply_until + rules_of(&row)?.objection_days * DAY).max(work.now.0);
    if step.public_at.0 <= least || step.public_at.0 > work.now.0 + 366 * DAY {
        fields.take::<()>(Err(AppError::field("public_at", "要在异议期结束之后、一年之内产生", "It must come to be after the objections end, within a year")));
    }
    fields.check()?;
    let mut before: Vec<(String, i64, String)> = serde_json::from_str(&row.postponed).map_err(internal)?;
    // One whose value came to be before it could be used has no other way on.
    if before.len() >= 10 && !exists {
        return Err(AppError::closed("已经改过十次，不能再改。", "It was changed ten times already."));
    }
    before.push((row.public_name.clone(), row.public_at, reason.clone()));
    let mut change = row.clone().into_active_model();
    change.public_name = Set(name.clone());
    change.public_at = Set(step.public_at.0);
    change.postponed = Set(serde_json::to_string(&before).map_err(internal)?);
    change.version = Set(row.version + 1);
    change.update(work.txn).await?;
    work.tell("parking", row.id, &json!({ "did": "postponed", "public_name": name, "public_at": step.public_at, "reason": reason })).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version + 1 })
}

async fn committed_parties(work: &Work<'_>, round: Uuid) -> Result<Vec<String>, AppError> {
    let all = parties::Entity::find().filter(parties::Column::CommunityId.eq(work.community.0)).filter(parties::Column::RoundId.eq(round)).all(work.txn).await?;
    Ok(all.into_iter().map(|p| p.party).collect())
}

pub(super) async fn somebody_revealed(work: &Work<'_>, round: Uuid) -> Result<bool, AppError> {
    let revealed =
        parties::Entity::find().filter(parties::Column::CommunityId.eq(work.community.0)).filter(parties::Column::RoundId.eq(round)).filter(parties::Column::Nonce.is_not_null());
    Ok(revealed.count(work.txn).await? > 0)
}

/// Closes a round: its waiting list is over, and what is free goes into the next. Leases go on.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Closed`] while it is being drawn, while an
/// offer stands, or when it is closed.
pub async fn close(work: &Work<'_>, step: &Move) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingRun)?;
    let (row, stage) = find(work, step.round).await?;
    if row.version != step.version {
        return Err(AppError::Conflict { current: row.version });
    }
    // A round that was frozen is drawn: whoever dislikes where it goes could else end it. One whose parties did not all commit in
    // time goes nowhere, and nobody has revealed anything.
    let stuck = stage == Stage::Final && work.now >= Time(row.public_at) && !parties_complete(&committed_parties(work, row.id).await?);
    let ended = stage == Stage::Drawn || stuck || (stage == Stage::Open && work.now >= Time(row.apply_until));
    if !ended {
        return Err(AppError::closed("名单冻结以后要抽完签，才能结束这一轮。", "Once its list is frozen a round is drawn before it ends."));
    }
    let offered = applications::Entity::find()
        .filter(applications::Column::CommunityId.eq(work.community.0))
        .filter(applications::Column::RoundId.eq(row.id))
        .filter(applications::Column::Outcome.eq(Outcome::Offered.code()));
    if offered.count(work.txn).await? > 0 {
        return Err(AppError::closed("还有住户没选完车位，等他们选完或过时再结束。", "Somebody still has an offer: wait until it is taken or runs out."));
    }
    let mut change = row.clone().into_active_model();
    change.stage = Set(Stage::Closed.code().into());
    change.closed_at = Set(Some(work.now.0));
    change.version = Set(row.version + 1);
    change.update(work.txn).await?;
    work.tell("parking", row.id, &json!({ "did": "closed" })).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version + 1 })
}
