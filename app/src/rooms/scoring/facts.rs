//! What is not a matter of opinion: counts of objective items, charges and vetoes, each with its proof.

use super::entity::{charges, readings};
use super::model::{Charge, Discharge, Enter, Stage};
use super::rounds::{find, keep_reading};
use super::rules::{few_photos, judge_reading, must_stand, words};
use super::template::Template;
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::rooms::people::rules::{Fields, Permission};
use crate::rooms::photos::store::attach_openly;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;

/// Charges of one round.
const CHARGES_MAX: u64 = 100;

/// Enters a count. What the program has counted itself stays.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] once the draft stands or where the program counted,
/// and what [`judge_reading`] refuses.
pub async fn enter(work: &Work<'_>, enter: &Enter) -> Result<Done, AppError> {
    work.caller.require(Permission::ScoringAudit)?;
    let (round, stage) = find(work, enter.round).await?;
    must_stand(stage, &[Stage::Open, Stage::Closed])?;
    let template: Template = serde_json::from_str(&round.template).map_err(internal)?;
    let words = judge_reading(&template, enter)?;
    let counted = readings::Entity::find()
        .filter(readings::Column::CommunityId.eq(work.community.0))
        .filter(readings::Column::RoundId.eq(round.id))
        .filter(readings::Column::Item.eq(enter.item.as_str()))
        .filter(readings::Column::Own.eq(true))
        .one(work.txn)
        .await?;
    if counted.is_some() {
        return Err(AppError::closed("这一项由系统统计，不能改。", "The program counted this item; it stays."));
    }
    attach_openly(work, &enter.photos, "scoring", round.id).await?;
    let photos = serde_json::to_string(&enter.photos).map_err(internal)?;
    let row = readings::Model {
        community_id: work.community.0,
        id: work.mutation.0,
        round_id: round.id,
        item: enter.item.clone(),
        good: enter.good,
        total: enter.all,
        words: words.clone(),
        photos,
        own: false,
        by_id: work.person().map(|p| p.0),
        at: work.now.0,
        counts: true,
    };
    keep_reading(work, row).await?;
    work.tell("scoring", round.id, &json!({ "did": "counted", "item": enter.item, "good": enter.good, "all": enter.all, "words": words })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(round.number), version: round.version })
}

/// Charges a deduction or a veto of the round's sheet.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] once the draft stands, [`AppError::Invalid`] on `code`,
/// `words` or `photos`.
pub async fn charge(work: &Work<'_>, charge: &Charge) -> Result<Done, AppError> {
    work.caller.require(Permission::ScoringAudit)?;
    let (round, stage) = find(work, charge.round).await?;
    must_stand(stage, &[Stage::Open, Stage::Closed])?;
    let template: Template = serde_json::from_str(&round.template).map_err(internal)?;
    let mut fields = Fields::default();
    let words = fields.take(words("words", &charge.words, 5, 300)).unwrap_or_default();
    fields.take(few_photos(charge.photos.len()));
    if template.charge(&charge.code).is_none() {
        fields.take::<()>(Err(AppError::field("code", "请选扣分项或否决项", "Choose a deduction or a veto")));
    }
    fields.check()?;
    let of_round = charges::Entity::find().filter(charges::Column::CommunityId.eq(work.community.0)).filter(charges::Column::RoundId.eq(round.id));
    if of_round.count(work.txn).await? >= CHARGES_MAX {
        return Err(AppError::closed("扣分已经记了 100 条。", "There are 100 charges already."));
    }
    attach_openly(work, &charge.photos, "scoring", round.id).await?;
    let row = charges::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        round_id: Set(round.id),
        code: Set(charge.code.clone()),
        words: Set(words.clone()),
        photos: Set(serde_json::to_string(&charge.photos).map_err(internal)?),
        by_id: Set(work.person().map(|p| p.0)),
        at: Set(work.now.0),
        discharged: Set(None),
    };
    charges::Entity::insert(row).exec_without_returning(work.txn).await?;
    work.tell("scoring", round.id, &json!({ "did": "charged", "code": charge.code, "words": words })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(round.number), version: round.version })
}

/// Takes a charge back, which stays to be read.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] once the draft stands or when it was taken back,
/// [`AppError::Invalid`] on `reason`.
pub async fn discharge(work: &Work<'_>, discharge: &Discharge) -> Result<Done, AppError> {
    work.caller.require(Permission::ScoringAudit)?;
    let row = charges::Entity::find_by_id((work.community.0, discharge.charge)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let (round, stage) = find(work, row.round_id).await?;
    must_stand(stage, &[Stage::Open, Stage::Closed])?;
    if row.discharged.is_some() {
        return Err(AppError::closed("这一条已经撤了。", "It was taken back already."));
    }
    let reason = words("reason", &discharge.reason, 2, 200)?;
    let code = row.code.clone();
    let mut change = row.into_active_model();
    change.discharged = Set(Some(reason.clone()));
    change.update(work.txn).await?;
    work.tell("scoring", round.id, &json!({ "did": "discharged", "code": code, "reason": reason })).await?;
    Ok(Done { subject: Some(discharge.charge), number: Some(round.number), version: round.version })
}
