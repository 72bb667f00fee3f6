//! Bikes that seem left behind: the notice, the claim that stops it, and the disposal.

use super::entity::{bikes, garages, notices};
use super::model::{Claim, Dispose, Post, Stage};
use super::rules::{NOTICE_DAYS, claimable_until, may_claim, may_dispose, parse_claim, parse_disposal, parse_post};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::measure::Time;
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::{next_number, own_settings};
use crate::rooms::people::rules::Permission;
use crate::rooms::photos::store::attach_openly;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

/// Puts a notice on a bike. The days are those of the rule number now: a later change of it shortens nobody's.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for the garage, [`AppError::Invalid`].
pub async fn post(work: &Work<'_>, post: &Post) -> Result<Done, AppError> {
    work.caller.require(Permission::Bays)?;
    garages::Entity::find_by_id((work.community.0, post.garage)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    let (words, tag) = parse_post(post)?;
    let bike = match tag {
        None => None,
        Some(tag) => {
            let found = bikes::Entity::find().filter(bikes::Column::CommunityId.eq(work.community.0)).filter(bikes::Column::Tag.eq(tag)).one(work.txn).await?;
            Some(found.ok_or_else(|| AppError::field("tag", "登记里没有这个车贴编号", "No registered bike has this code"))?.id)
        }
    };
    attach_openly(work, &post.photos, "bike_notice", work.mutation.0).await?;
    let (own, offset, day) = own_settings(work.txn, work.community, work.now).await?;
    let until = claimable_until(work.now, setting(&own, NOTICE_DAYS, &day).unwrap_or(30), offset);
    let number = format!("GG-{:04}", next_number(work.txn, work.community, "bike_notices").await?);
    insert(work, post, bike, words, number.clone(), until).await?;
    work.tell("bike_notice", work.mutation.0, &json!({ "did": "posted", "number": number, "until": until })).await?;
    Ok(Done { subject: Some(work.mutation.0), number: Some(number), version: 1 })
}

async fn insert(work: &Work<'_>, post: &Post, bike: Option<Uuid>, words: String, number: String, until: Time) -> Result<(), AppError> {
    let row = notices::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        number: Set(number),
        version: Set(1),
        garage_id: Set(post.garage),
        bike_id: Set(bike),
        words: Set(words),
        photos: Set(serde_json::to_string(&post.photos).map_err(internal)?),
        stage: Set(Stage::Posted.code().into()),
        at: Set(work.now.0),
        until_at: Set(until.0),
        claimed_at: Set(None),
        claimed_by: Set(None),
        claim: Set(String::new()),
        disposed_at: Set(None),
        disposed_by: Set(None),
        disposal: Set(String::new()),
        disposal_photos: Set("[]".into()),
    };
    notices::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(())
}

async fn find(work: &Work<'_>, id: Uuid) -> Result<(notices::Model, Stage), AppError> {
    let row = notices::Entity::find_by_id((work.community.0, id)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let stage = Stage::from_code(&row.stage).ok_or_else(|| internal("unknown stage of a notice"))?;
    Ok((row, stage))
}

/// Claims a bike: a resident theirs, or the desk for somebody who came. It can be claimed until it is disposed of, also
/// after its days.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`], [`AppError::Invalid`].
pub async fn claim(work: &Work<'_>, claim: &Claim) -> Result<Done, AppError> {
    work.caller.require(Permission::Bikes)?;
    let (row, stage) = find(work, claim.notice).await?;
    may_claim(stage)?;
    let words = parse_claim(&claim.words)?;
    let (number, version) = (row.number.clone(), row.version + 1);
    let mut new = row.into_active_model();
    (new.stage, new.version, new.claim) = (Set(Stage::Claimed.code().into()), Set(version), Set(words));
    (new.claimed_at, new.claimed_by) = (Set(Some(work.now.0)), Set(work.person().map(|p| p.0)));
    new.update(work.txn).await?;
    work.tell("bike_notice", claim.notice, &json!({ "did": "claimed" })).await?;
    Ok(Done { subject: Some(claim.notice), number: Some(number), version })
}

/// Records what was done with a bike that nobody claimed in its days.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Conflict`], [`AppError::Closed`], [`AppError::Invalid`].
pub async fn dispose(work: &Work<'_>, dispose: &Dispose) -> Result<Done, AppError> {
    work.caller.require(Permission::Bays)?;
    let (row, stage) = find(work, dispose.notice).await?;
    may_dispose(stage, Time(row.until_at), work.now)?;
    if row.version != dispose.version {
        return Err(AppError::Conflict { current: row.version });
    }
    let words = parse_disposal(dispose)?;
    attach_openly(work, &dispose.photos, "bike_notice", dispose.notice).await?;
    let (number, version, bike) = (row.number.clone(), row.version + 1, row.bike_id);
    let mut new = row.into_active_model();
    (new.stage, new.version, new.disposal) = (Set(Stage::Disposed.code().into()), Set(version), Set(words.clone()));
    (new.disposed_at, new.disposed_by) = (Set(Some(work.now.0)), Set(work.person().map(|p| p.0)));
    new.disposal_photos = Set(serde_json::to_string(&dispose.photos).map_err(internal)?);
    new.update(work.txn).await?;
    if let Some(bike) = bike
        && let Some(row) = bikes::Entity::find_by_id((work.community.0, bike)).lock_exclusive().one(work.txn).await?
        && row.ended_at.is_none()
    {
        let mut gone = row.into_active_model();
        gone.ended_at = Set(Some(work.now.0));
        gone.update(work.txn).await?;
    }
    work.tell("bike_notice", dispose.notice, &json!({ "did": "disposed", "words": words })).await?;
    Ok(Done { subject: Some(dispose.notice), number: Some(number), version })
}
