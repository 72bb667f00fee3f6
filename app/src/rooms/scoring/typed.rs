//! Sheets on paper: two people who audit type each of them, neither seeing what the other typed, and it counts when they agree.

use super::entity::{papers, sheets};
use super::model::{Mark, Numbers, Stage, TypeIn};
use super::rounds::find;
use super::rules::{differing, judge_sheet, must_stand};
use super::sheets::{hang, keep, on_roll};
use super::template::Template;
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::PhotoId;
use crate::rooms::people::rules::Permission;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

/// Pages of one scan.
const SCAN_MAX: usize = 4;

/// Types in a sheet. Until the round is closed: what was handed over in time may take some days to be typed.
///
/// # Errors
/// [`AppError::Forbidden`], also for one's own sheet; [`AppError::NotFound`], [`AppError::Closed`] after closing, for those who are
/// not on the roll, have a conflict or handed in themselves, and what [`judge_sheet`] refuses; [`AppError::Invalid`] on `photos`.
pub async fn type_in(work: &Work<'_>, typed: &TypeIn) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::ScoringAudit)?;
    let by = viewer.person();
    if by == typed.person {
        return Err(AppError::Forbidden);
    }
    let (round, stage) = find(work, typed.round).await?;
    must_stand(stage, &[Stage::Open])?;
    let me = on_roll(work, round.id, typed.person).await?;
    if me.conflict.is_some() {
        return Err(AppError::closed("这位打分人申报过利益关系，这张表不算。", "This scorer declared a tie: the sheet does not count."));
    }
    let handed = sheets::Entity::find_by_id((work.community.0, round.id, typed.person.0)).one(work.txn).await?;
    if handed.is_some() {
        return Err(AppError::closed("这位打分人的表已经交了，不用再录。", "This scorer's sheet is in already."));
    }
    let template: Template = serde_json::from_str(&round.template).map_err(internal)?;
    let numbers: Numbers = serde_json::from_str(&round.numbers).map_err(internal)?;
    let marks = judge_sheet(&template, &numbers, me.high_rise, &typed.marks)?;
    let others = typed_before(work, round.id, typed).await?;
    let (mine, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|p| p.by_id == by.0);
    scan(work, typed, mine.iter().chain(&others)).await?;
    let agreed = others.iter().try_fold(false, |found, other| -> Result<bool, AppError> {
        let theirs: Vec<Mark> = serde_json::from_str(&other.marks).map_err(internal)?;
        Ok(found || differing(&marks, &theirs).is_empty())
    })?;
    if agreed {
        let version = keep(work, round.id, typed.person, &marks, true).await?;
        // The sheet is in: what either typed is of no more use.
        papers::Entity::delete_many()
            .filter(papers::Column::CommunityId.eq(work.community.0))
            .filter(papers::Column::RoundId.eq(round.id))
            .filter(papers::Column::PersonId.eq(typed.person.0))
            .exec(work.txn)
            .await?;
        return Ok(Done { subject: Some(work.mutation.0), number: Some(round.number), version });
    }
    remember(work, typed, &marks, mine.into_iter().next()).await?;
    work.tell("scoring", round.id, &json!({ "did": "typed", "others": others.len() })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(round.number), version: 1 })
}

async fn typed_before(work: &Work<'_>, round: Uuid, typed: &TypeIn) -> Result<Vec<papers::Model>, AppError> {
    let all = papers::Entity::find().filter(papers::Column::CommunityId.eq(work.community.0)).filter(papers::Column::RoundId.eq(round));
    Ok(all.filter(papers::Column::PersonId.eq(typed.person.0)).lock_exclusive().all(work.txn).await?)
}

/// One of those who type brings the scan.
async fn scan(work: &Work<'_>, typed: &TypeIn, before: impl Iterator<Item = &papers::Model>) -> Result<(), AppError> {
    let there: usize = before.map(|p| serde_json::from_str::<Vec<PhotoId>>(&p.photos).map_or(0, |photos| photos.len())).sum();
    if there + typed.photos.len() == 0 {
        return Err(AppError::field("photos", "请拍下纸质表（签名要看得清）", "Photograph the sheet, with its signature"));
    }
    if there + typed.photos.len() > SCAN_MAX {
        return Err(AppError::field("photos", "一张纸质表最多 4 张照片", "At most 4 photos of a sheet"));
    }
    let named: Vec<(PhotoId, String)> = typed.photos.iter().map(|p| (*p, String::new())).collect();
    hang(work, typed.round, typed.person, &named).await
}

async fn remember(work: &Work<'_>, typed: &TypeIn, marks: &[Mark], before: Option<papers::Model>) -> Result<(), AppError> {
    let by = work.person().ok_or(AppError::NotSignedIn)?.0;
    let key = (work.community.0, typed.round, typed.person.0, by);
    let mut photos: Vec<PhotoId> = before.as_ref().and_then(|b| serde_json::from_str(&b.photos).ok()).unwrap_or_default();
    photos.extend(&typed.photos);
    if before.is_some() {
        papers::Entity::delete_by_id(key).exec(work.txn).await?;
    }
    let row = papers::ActiveModel {
        community_id: Set(key.0),
        round_id: Set(key.1),
        person_id: Set(key.2),
        by_id: Set(key.3),
        at: Set(work.now.0),
        marks: Set(serde_json::to_string(marks).map_err(internal)?),
        photos: Set(serde_json::to_string(&photos).map_err(internal)?),
    };
    papers::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(())
}
