//! The frozen list: every version stays, with its hash; objections and their answers; the final list.

use super::draw::{Entry, sha256, text};
use super::entity::{applications, lists, objections, rounds};
use super::model::{Answer, Band, Move, Object, Stage, Verdict};
use super::rounds::{find, rules_of};
use super::rules::{OBJECTIONS_MAX, may_move, must_stand, words};
use super::standing::{judged, need};
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::measure::{DAY, Time};
use crate::rooms::people::rules::Permission;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

/// Freezes the list: every application is judged by the rules, and those that fit stand on it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Closed`] while applications still come in or
/// when nobody fits.
pub async fn freeze(work: &Work<'_>, step: &Move) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingRun)?;
    let (row, stage) = find(work, step.round).await?;
    may_move(step.version, row.version, stage, Stage::Open)?;
    if work.now < Time(row.apply_until) {
        return Err(AppError::closed("申请还没有截止，不能冻结名单。", "Applications still come in: the list cannot be frozen yet."));
    }
    let all = judged(work.txn, work.community, &row, None, work.now).await?;
    let entries: Vec<Entry> = all.iter().filter(|s| s.verdict.listed()).filter_map(super::standing::Standing::entry).collect();
    if entries.is_empty() {
        return Err(AppError::closed("没有一份申请符合条件，请结束这一轮再开。", "No application fits: close this round and open another."));
    }
    for standing in all {
        let mut change = standing.row.into_active_model();
        change.verdict = Set(Some(standing.verdict.code().into()));
        change.wait = Set(standing.wait);
        change.update(work.txn).await?;
    }
    publish(work, &row, &entries, String::new(), Stage::Frozen).await
}

/// Puts a version of the list on show, with a full time for objections.
async fn publish(work: &Work<'_>, row: &rounds::Model, entries: &[Entry], note: String, stage: Stage) -> Result<Done, AppError> {
    let body = text(entries);
    let hash = sha256(&body);
    let version = row.list_version + 1;
    let list = lists::ActiveModel {
        community_id: Set(work.community.0),
        round_id: Set(row.id),
        version: Set(version),
        body: Set(body),
        hash: Set(hash.clone()),
        at: Set(work.now.0),
        note: Set(note),
    };
    lists::Entity::insert(list).exec_without_returning(work.txn).await?;
    let until = work.now + rules_of(row)?.objection_days * DAY;
    let mut change = row.clone().into_active_model();
    change.stage = Set(stage.code().into());
    change.list_version = Set(version);
    change.list_hash = Set(hash.clone());
    change.objections_until = Set(Some(until.0));
    change.version = Set(row.version + 1);
    change.update(work.txn).await?;
    work.tell("parking", row.id, &json!({ "did": "listed", "version": version, "hash": hash, "lines": entries.len(), "until": until })).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number.clone()), version: row.version + 1 })
}

/// Objects to an application's standing, in public.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] outside the time for objections, [`AppError::Invalid`] on
/// `code` or `words`.
pub async fn object(work: &Work<'_>, object: &Object) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::ParkingApply)?;
    let (row, stage) = find(work, object.round).await?;
    must_stand(stage, Stage::Frozen)?;
    if row.objections_until.is_none_or(|until| work.now.0 >= until) {
        return Err(AppError::closed("异议期已经过了。", "The time for objections is over."));
    }
    let words = words("words", &object.words, 5, 300)?;
    let code: String = object.code.trim().to_ascii_uppercase().chars().take(20).collect();
    let found = applications::Entity::find()
        .filter(applications::Column::CommunityId.eq(work.community.0))
        .filter(applications::Column::RoundId.eq(row.id))
        .filter(applications::Column::Code.eq(code.as_str()))
        .one(work.txn)
        .await?;
    let about = found.filter(|a| a.verdict.is_some()).ok_or_else(|| AppError::field("code", "名单里没有这个编号", "The list has no such code"))?;
    let all = || objections::Entity::find().filter(objections::Column::CommunityId.eq(work.community.0)).filter(objections::Column::RoundId.eq(row.id));
    let mine = all().filter(objections::Column::ById.eq(viewer.person().0)).count(work.txn).await?;
    if mine >= 5 || all().count(work.txn).await? >= OBJECTIONS_MAX {
        return Err(AppError::closed("您已经提了 5 条异议，请等答复。", "You have objected five times: wait for the answers."));
    }
    let id = work.mutation.0;
    let entry = objections::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        round_id: Set(row.id),
        application_id: Set(about.id),
        words: Set(words),
        by_id: Set(viewer.person().0),
        at: Set(work.now.0),
        upheld: Set(None),
        answer: Set(String::new()),
        answered_at: Set(None),
        answered_by: Set(None),
    };
    objections::Entity::insert(entry).exec_without_returning(work.txn).await?;
    work.tell("parking", row.id, &json!({ "did": "objected", "objection": id, "code": about.code })).await?;
    Ok(Done { subject: Some(id), number: Some(about.code), version: 1 })
}

/// Answers an objection. One that is upheld turns the application's standing round, and a new version of the list is shown.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when it is answered or the list is final,
/// [`AppError::Invalid`] on `words`.
pub async fn answer(work: &Work<'_>, answer: &Answer) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingRun)?;
    let row = objections::Entity::find_by_id((work.community.0, answer.objection)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let (round, stage) = find(work, row.round_id).await?;
    must_stand(stage, Stage::Frozen)?;
    if row.upheld.is_some() {
        return Err(AppError::closed("这条异议已经答复。", "This objection has its answer."));
    }
    if row.answered_by.is_none() && work.person().is_some_and(|p| p.0 == row.by_id) {
        return Err(AppError::closed("自己提的异议请别人答复。", "Somebody else answers one's own objection."));
    }
    let words = words("words", &answer.words, 2, 300)?;
    let application = row.application_id;
    let mut change = row.into_active_model();
    change.upheld = Set(Some(i64::from(answer.upheld)));
    change.answer = Set(words.clone());
    change.answered_at = Set(Some(work.now.0));
    change.answered_by = Set(work.person().map(|p| p.0));
    change.update(work.txn).await?;
    work.tell("parking", round.id, &json!({ "did": "answered", "objection": answer.objection, "upheld": answer.upheld })).await?;
    if !answer.upheld {
        return Ok(Done { subject: Some(round.id), number: Some(round.number), version: round.version });
    }
    let code = turn_round(work, application).await?;
    let entries = listed(work, round.id).await?;
    if entries.is_empty() {
        return Err(AppError::closed("这样名单就空了。", "The list would be empty."));
    }
    publish(work, &round, &entries, format!("{code}：{words}"), Stage::Frozen).await
}

async fn turn_round(work: &Work<'_>, application: Uuid) -> Result<String, AppError> {
    let row = super::applications::held(work, application).await?;
    let now = row.verdict.as_deref().and_then(Verdict::from_code).is_some_and(Verdict::listed);
    if !now && !row.live {
        return Err(AppError::closed("这份申请自己撤回了，异议不能让它进名单。", "This application was taken back: no objection puts it on the list."));
    }
    let code = row.code.clone();
    let mut change = row.into_active_model();
    change.verdict = Set(Some(if now { Verdict::Struck } else { Verdict::Admitted }.code().into()));
    change.update(work.txn).await?;
    Ok(code)
}

/// The lines of the list as it stands now.
///
/// # Errors
/// When the database refuses.
pub(super) async fn listed(work: &Work<'_>, round: Uuid) -> Result<Vec<Entry>, AppError> {
    let rows = applications::Entity::find().filter(applications::Column::CommunityId.eq(work.community.0)).filter(applications::Column::RoundId.eq(round)).all(work.txn).await?;
    let fits = |a: &applications::Model| a.verdict.as_deref().and_then(Verdict::from_code).is_some_and(Verdict::listed);
    Ok(rows.iter().filter(|a| fits(a)).filter_map(entry).collect())
}

/// The line of a frozen application.
pub(super) fn entry(row: &applications::Model) -> Option<Entry> {
    Some(Entry { id: row.code.clone(), band: Band::from_number(row.band)?, wait: row.wait, need: need(row) })
}

/// Makes the list final: the time for objections is over and each has its answer. From here on parties commit.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Closed`] while objections may come or wait, or
/// when the public value would exist already.
pub async fn settle(work: &Work<'_>, step: &Move) -> Result<Done, AppError> {
    work.caller.require(Permission::ParkingRun)?;
    let (row, stage) = find(work, step.round).await?;
    may_move(step.version, row.version, stage, Stage::Frozen)?;
    if row.objections_until.is_none_or(|until| work.now.0 < until) {
        return Err(AppError::closed("异议期还没有过。", "There is still time for objections."));
    }
    let open = objections::Entity::find()
        .filter(objections::Column::CommunityId.eq(work.community.0))
        .filter(objections::Column::RoundId.eq(row.id))
        .filter(objections::Column::Upheld.is_null())
        .count(work.txn)
        .await?;
    if open > 0 {
        return Err(AppError::closed(format!("还有 {open} 条异议没有答复。"), format!("{open} objections wait for an answer.")));
    }
    if work.now >= Time(row.public_at) {
        return Err(AppError::closed("公共随机数已经产生，请先改用以后的公共随机数。", "The public value exists already: name a later one first."));
    }
    let mut change = row.clone().into_active_model();
    change.stage = Set(Stage::Final.code().into());
    change.version = Set(row.version + 1);
    change.update(work.txn).await?;
    work.tell("parking", row.id, &json!({ "did": "settled", "version": row.list_version, "hash": row.list_hash })).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version + 1 })
}
