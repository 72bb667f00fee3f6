//! Defects 整改: shown as mended with a picture, then judged by somebody of the group who is not of the property company.

use super::entity::project_defects;
use super::model::{Clear, Mend};
use super::party::Party;
use super::rows::{open, seat};
use super::rules::{few_photos, said};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::rooms::people::rules::{Fields, Permission};
use crate::rooms::photos::store::attach_openly;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::json;
use uuid::Uuid;

async fn find(work: &Work<'_>, defect: Uuid) -> Result<project_defects::Model, AppError> {
    let row = project_defects::Entity::find_by_id((work.community.0, defect)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    if row.closed_at.is_some() {
        return Err(AppError::closed("这一处已经整改好了", "This defect is closed already"));
    }
    Ok(row)
}

/// Shows that a defect was mended; again while it is not found good.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when it is closed, [`AppError::Invalid`] on `words`
/// or `photos` (at least one).
pub async fn mend(work: &Work<'_>, mend: &Mend) -> Result<Done, AppError> {
    work.caller.require(Permission::ProjectMend)?;
    let row = find(work, mend.defect).await?;
    let it = open(work, row.project_id).await?;
    let mut fields = Fields::default();
    let words = fields.take(said(&mend.words, 200));
    fields.take(few_photos(mend.photos.len()));
    if mend.photos.is_empty() {
        fields.take::<()>(Err(AppError::field("photos", "请拍一张整改后的照片", "Take a photo of how it is now")));
    }
    fields.check()?;
    let words = words.unwrap_or_default();
    attach_openly(work, &mend.photos, "project", it.row.id).await?;
    let mut change = row.clone().into_active_model();
    change.mended_at = Set(Some(work.now.0));
    change.mended_words = Set(words.clone());
    change.photos = Set(serde_json::to_string(&mend.photos).map_err(internal)?);
    change.update(work.txn).await?;
    work.tell("project_defect", row.id, &json!({ "did": "mended", "project": it.row.number, "photos": mend.photos.len(), "reason": words })).await?;
    Ok(Done { subject: Some(row.id), number: Some(it.row.number), version: 1 })
}

/// Judges what was mended: good closes the defect, not good opens it again.
///
/// # Errors
/// [`AppError::Forbidden`] for the property company and for whoever has no seat, [`AppError::NotFound`],
/// [`AppError::Closed`] before there is a picture or when it is closed, [`AppError::Invalid`] on `words`.
pub async fn clear(work: &Work<'_>, clear: &Clear) -> Result<Done, AppError> {
    let found = project_defects::Entity::find_by_id((work.community.0, clear.defect)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    let it = open(work, found.project_id).await?;
    let party = seat(work, &it).await?;
    if party == Party::Property {
        return Err(AppError::Forbidden);
    }
    let row = find(work, clear.defect).await?;
    if row.mended_at.is_none() {
        return Err(AppError::closed("还没有整改后的照片", "There is no photo of it mended yet"));
    }
    let words = said(&clear.words, 200)?;
    let mut change = row.clone().into_active_model();
    if clear.good {
        change.closed_at = Set(Some(work.now.0));
        change.closed_by = Set(work.person().map(|p| p.0));
        change.closed_party = Set(party.code().into());
        change.closed_words = Set(words.clone());
    } else {
        change.mended_at = Set(None);
    }
    change.update(work.txn).await?;
    work.tell("project_defect", row.id, &json!({ "did": if clear.good { "cleared" } else { "sent_back" }, "project": it.row.number, "party": party.code(), "reason": words }))
        .await?;
    Ok(Done { subject: Some(row.id), number: Some(it.row.number), version: 1 })
}
