//! What a scorer does: hands a sheet in, or says what ties them to the company.

use super::entity::{roll, sheets};
use super::model::{Declare, HandIn, Numbers, Stage};
use super::rounds::find;
use super::rules::{judge_sheet, must_stand, words};
use super::template::Template;
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::rooms::people::rules::Permission;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QuerySelect, Set};
use serde_json::json;
use sha2::{Digest, Sha256};

/// Hands a sheet in. The last one before closing counts.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when the scoring has ended, for those who are not on the
/// roll and for those who declared a conflict, and what [`judge_sheet`] refuses.
pub async fn hand_in(work: &Work<'_>, sheet: &HandIn) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Score)?;
    let (round, stage) = find(work, sheet.round).await?;
    must_stand(stage, &[Stage::Open])?;
    if work.now.0 >= round.closes_at {
        return Err(AppError::closed("打分已经截止，这张表没有算进去。", "The scoring has ended: this sheet does not count."));
    }
    let person = viewer.person().0;
    let me = roll::Entity::find_by_id((work.community.0, round.id, person)).one(work.txn).await?;
    let Some(me) = me else {
        return Err(AppError::closed("您不在这一轮的打分人名单里，请问居委会。", "You are not on this round's roll: ask the residents' committee."));
    };
    if me.conflict.is_some() {
        return Err(AppError::closed("您申报过和物业有关系，这一轮不打分。", "You declared a tie to the company and do not score this time."));
    }
    let template: Template = serde_json::from_str(&round.template).map_err(internal)?;
    let numbers: Numbers = serde_json::from_str(&round.numbers).map_err(internal)?;
    let marks = serde_json::to_string(&judge_sheet(&template, &numbers, me.high_rise, &sheet.marks)?).map_err(internal)?;
    let before = sheets::Entity::find_by_id((work.community.0, round.id, person)).lock_exclusive().one(work.txn).await?;
    let version = before.as_ref().map_or(1, |b| b.version + 1);
    let row = sheets::ActiveModel {
        community_id: Set(work.community.0),
        round_id: Set(round.id),
        person_id: Set(person),
        id: Set(work.mutation.0),
        at: Set(work.now.0),
        version: Set(version),
        marks: Set(marks.clone()),
    };
    match before {
        Some(_) => {
            row.update(work.txn).await?;
        }
        None => {
            sheets::Entity::insert(row).exec_without_returning(work.txn).await?;
        }
    }
    // The chain holds what proves the sheet and says nothing about it: its id is known to nobody else.
    let digest = hex::encode(Sha256::digest(format!("{}|{marks}", work.mutation.0)));
    work.tell("scoring", round.id, &json!({ "did": "handed_in", "version": version, "digest": digest })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(round.number), version })
}

/// Declares a conflict: by the scorer, or by those who audit.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] after closing or when it is declared,
/// [`AppError::Invalid`] on `reason`.
pub async fn declare(work: &Work<'_>, declare: &Declare) -> Result<Done, AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    let about = declare.person.unwrap_or_else(|| viewer.person());
    viewer.require(if about == viewer.person() { Permission::Score } else { Permission::ScoringAudit })?;
    let (round, stage) = find(work, declare.round).await?;
    must_stand(stage, &[Stage::Open])?;
    let row = roll::Entity::find_by_id((work.community.0, round.id, about.0)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    if row.conflict.is_some() {
        return Err(AppError::closed("已经申报过了。", "It is declared already."));
    }
    let reason = words("reason", &declare.reason, 2, 200)?;
    let mut change = row.into_active_model();
    change.conflict = Set(Some(reason));
    change.update(work.txn).await?;
    // The tie itself is the scorer's affair: the chain says that one was declared.
    work.tell("scoring", round.id, &json!({ "did": "conflict", "by_auditor": about != viewer.person() })).await?;
    Ok(Done { subject: Some(round.id), number: Some(round.number), version: round.version })
}
