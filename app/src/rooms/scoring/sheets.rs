//! What a scorer does: hands a sheet in, or says what ties them to the company.

use super::entity::{roll, sheets, shots};
use super::model::{Declare, HandIn, Mark, MarkPhoto, Numbers, Stage};
use super::rounds::find;
use super::rules::{judge_sheet, must_stand, words};
use super::template::Template;
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::{PersonId, PhotoId};
use crate::rooms::messages::notes::done_with;
use crate::rooms::people::rules::Permission;
use crate::rooms::photos::store::{attach, detach};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

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
    let person = viewer.person();
    let me = on_roll(work, round.id, person).await?;
    if me.conflict.is_some() {
        return Err(AppError::closed("您申报过和物业有关系，这一轮不打分。", "You declared a tie to the company and do not score this time."));
    }
    let template: Template = serde_json::from_str(&round.template).map_err(internal)?;
    let numbers: Numbers = serde_json::from_str(&round.numbers).map_err(internal)?;
    let marks = judge_sheet(&template, &numbers, me.high_rise, &sheet.marks)?;
    take_away(work, round.id, person, &sheet.without).await?;
    keep_photos(work, round.id, person, &sheet.marks, &sheet.photos).await?;
    let version = keep(work, round.id, person, &marks, false).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(round.number), version })
}

/// Somebody on the roll.
pub(super) async fn on_roll(work: &Work<'_>, round: Uuid, person: PersonId) -> Result<roll::Model, AppError> {
    let me = roll::Entity::find_by_id((work.community.0, round, person.0)).one(work.txn).await?;
    me.ok_or_else(|| AppError::closed("您不在这一轮的打分人名单里，请问居委会。", "You are not on this round's roll: ask the residents' committee."))
}

/// Writes a sheet in the place of the one before. The chain holds what proves it and says nothing about it: its id is known to
/// nobody else.
pub(super) async fn keep(work: &Work<'_>, round: Uuid, person: PersonId, marks: &[Mark], paper: bool) -> Result<i64, AppError> {
    let marks = serde_json::to_string(marks).map_err(internal)?;
    let before = sheets::Entity::find_by_id((work.community.0, round, person.0)).lock_exclusive().one(work.txn).await?;
    let version = before.as_ref().map_or(1, |b| b.version + 1);
    let row = sheets::ActiveModel {
        community_id: Set(work.community.0),
        round_id: Set(round),
        person_id: Set(person.0),
        id: Set(work.mutation.0),
        at: Set(work.now.0),
        version: Set(version),
        marks: Set(marks.clone()),
        paper: Set(paper),
    };
    match before {
        Some(_) => {
            row.update(work.txn).await?;
        }
        None => {
            sheets::Entity::insert(row).exec_without_returning(work.txn).await?;
        }
    }
    done_with(work, person, &format!("/scoring/{round}")).await?;
    let digest = hex::encode(Sha256::digest(format!("{}|{marks}", work.mutation.0)));
    work.tell("scoring", round, &json!({ "did": "handed_in", "version": version, "digest": digest, "paper": paper })).await?;
    Ok(version)
}

/// Photos of one sheet, those of earlier versions included.
const PHOTOS_MAX: usize = 6;

/// Takes photos off one's own sheet. What is not on it, or not any more, needs no taking away.
async fn take_away(work: &Work<'_>, round: Uuid, person: PersonId, photos: &[PhotoId]) -> Result<(), AppError> {
    if photos.is_empty() {
        return Ok(());
    }
    let mine = shots::Entity::find().filter(shots::Column::CommunityId.eq(work.community.0)).filter(shots::Column::RoundId.eq(round));
    // A scan of paper hangs on no item: it is the proof of those who typed it.
    let mine =
        mine.filter(shots::Column::Item.ne("")).filter(shots::Column::PersonId.eq(person.0)).filter(shots::Column::PhotoId.is_in(photos.iter().map(|p| p.0))).all(work.txn).await?;
    let gone: Vec<PhotoId> = mine.iter().map(|s| PhotoId(s.photo_id)).collect();
    for shot in mine {
        shot.delete(work.txn).await?;
    }
    detach(work.txn, work.community, &gone).await
}

async fn keep_photos(work: &Work<'_>, round: Uuid, person: PersonId, marks: &[Mark], new: &[MarkPhoto]) -> Result<(), AppError> {
    if new.is_empty() {
        return Ok(());
    }
    let of_sheet = shots::Entity::find().filter(shots::Column::CommunityId.eq(work.community.0)).filter(shots::Column::RoundId.eq(round));
    let before = of_sheet.filter(shots::Column::PersonId.eq(person.0)).count(work.txn).await?;
    if usize::try_from(before).unwrap_or(usize::MAX).saturating_add(new.len()) > PHOTOS_MAX {
        return Err(AppError::field("photos", "一张表最多 6 张照片", "At most 6 photos with a sheet"));
    }
    let mut named = Vec::new();
    for shot in new {
        let mark =
            marks.get(usize::from(shot.spot)).ok_or_else(|| AppError::field("photos", "有一张照片对不上评分项，请刷新页面", "One photo belongs to no item: reload the page"))?;
        named.push((shot.photo, mark.item.clone()));
    }
    hang(work, round, person, &named).await
}

/// Hangs photos on a sheet: for its scorer and those who audit.
pub(super) async fn hang(work: &Work<'_>, round: Uuid, person: PersonId, photos: &[(PhotoId, String)]) -> Result<(), AppError> {
    let ids: Vec<PhotoId> = photos.iter().map(|p| p.0).collect();
    attach(work.txn, work.community, &ids, work.person(), work.now).await?;
    let rows: Vec<shots::ActiveModel> = photos
        .iter()
        .map(|(photo, item)| shots::ActiveModel {
            community_id: Set(work.community.0),
            photo_id: Set(photo.0),
            round_id: Set(round),
            person_id: Set(person.0),
            item: Set(item.clone()),
        })
        .collect();
    if !rows.is_empty() {
        shots::Entity::insert_many(rows).exec_without_returning(work.txn).await?;
    }
    Ok(())
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
