//! Inspections on the site, and second signatures under them.

use super::entity::{project_defects, project_inspections, project_signatures};
use super::model::{Inspect, Sign};
use super::party::Party;
use super::rows::{Whole, open, seat};
use super::rules::{Verdict, after_inspection, judge_inspection};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::measure::DAY;
use crate::rooms::photos::store::attach_openly;
use crate::text::clean;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;

/// Inspects the site: the inspector's own account is the first signature. What fails opens a defect each.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever has no seat in the group, [`AppError::NotFound`], and what [`judge_inspection`]
/// refuses.
pub async fn inspect(work: &Work<'_>, inspect: &Inspect) -> Result<Done, AppError> {
    let it = open(work, inspect.project).await?;
    let party = seat(work, &it).await?;
    let typed = judge_inspection(&it.facts()?, it.plan.checklist.len(), inspect)?;
    let id = work.mutation.0;
    let n = i64::try_from(it.inspections.len()).map_err(internal)? + 1;
    let failed = typed.items.iter().filter(|i| i.verdict == Verdict::Fail).count();
    let row = project_inspections::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        project_id: Set(it.row.id),
        n: Set(n),
        milestone: Set(typed.milestone),
        at: Set(work.now.0),
        items: Set(serde_json::to_string(&typed.items).map_err(internal)?),
        words: Set(typed.words.clone()),
        photos: Set(serde_json::to_string(&typed.photos).map_err(internal)?),
        failed: Set(i64::try_from(failed).map_err(internal)?),
    };
    project_inspections::Entity::insert(row).exec_without_returning(work.txn).await?;
    attach_openly(work, &typed.photos, "project", it.row.id).await?;
    keep_signature(work, &it, Some(id), party, String::new()).await?;
    open_defects(work, &it, &typed).await?;
    let stage = after_inspection(it.stage, failed > 0);
    if stage != it.stage {
        void_acceptance(work, &it).await?;
        let mut change = it.row.clone().into_active_model();
        change.stage = Set(stage.code().into());
        change.finished_at = Set(None);
        change.version = Set(it.row.version + 1);
        change.update(work.txn).await?;
    }
    let number = format!("{}-J{n:02}", it.row.number);
    let told = json!({ "did": "inspected", "project": it.row.number, "n": n, "milestone": typed.milestone, "party": party.code(), "failed": failed, "photos": typed.photos.len(), "reason": typed.words });
    work.tell("project_inspection", id, &told).await?;
    Ok(Done { subject: Some(id), number: Some(number), version: 1 })
}

async fn open_defects(work: &Work<'_>, it: &Whole, typed: &Inspect) -> Result<(), AppError> {
    let days = typed.mend_days.unwrap_or(it.limits.mend_days);
    for (n, item) in (0i64..).zip(&typed.items).filter(|(_, item)| item.verdict == Verdict::Fail) {
        let row = project_defects::ActiveModel {
            community_id: Set(work.community.0),
            id: Set(derived(work.mutation.0, n)),
            project_id: Set(it.row.id),
            inspection_id: Set(work.mutation.0),
            item: Set(n),
            note: Set(item.note.clone()),
            opened_at: Set(work.now.0),
            due_at: Set(work.now.0 + days * DAY),
            mended_at: Set(None),
            mended_words: Set(String::new()),
            photos: Set("[]".into()),
            closed_at: Set(None),
            closed_by: Set(None),
            closed_party: Set(String::new()),
            closed_words: Set(String::new()),
        };
        project_defects::Entity::insert(row).exec_without_returning(work.txn).await?;
    }
    Ok(())
}

/// The id of the `n`th defect of an inspection: it follows from the inspection's own.
pub fn derived(inspection: Uuid, n: i64) -> Uuid {
    use sha2::{Digest, Sha256};
    let mut digest = Sha256::new();
    digest.update(inspection.as_bytes());
    digest.update(n.to_be_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.finalize()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

async fn void_acceptance(work: &Work<'_>, it: &Whole) -> Result<(), AppError> {
    project_signatures::Entity::update_many()
        .col_expr(project_signatures::Column::Void, Expr::value(true))
        .filter(project_signatures::Column::CommunityId.eq(work.community.0))
        .filter(project_signatures::Column::ProjectId.eq(it.row.id))
        .filter(project_signatures::Column::InspectionId.is_null())
        .exec(work.txn)
        .await?;
    Ok(())
}

/// Keeps a signature under an inspection, or, without one, under the acceptance.
///
/// # Errors
/// When the database refuses.
pub(super) async fn keep_signature(work: &Work<'_>, it: &Whole, inspection: Option<Uuid>, party: Party, words: String) -> Result<(), AppError> {
    let person = work.person().ok_or(AppError::NotSignedIn)?;
    let row = project_signatures::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        project_id: Set(it.row.id),
        inspection_id: Set(inspection),
        person_id: Set(person.0),
        party: Set(party.code().into()),
        at: Set(work.now.0),
        words: Set(words),
        void: Set(false),
    };
    project_signatures::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(())
}

/// Signs an inspection that somebody else of the group made.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever has no seat, [`AppError::NotFound`], [`AppError::Closed`] for a second signature of the
/// same person, [`AppError::Invalid`] on `words`.
pub async fn sign(work: &Work<'_>, sign: &Sign) -> Result<Done, AppError> {
    let row = project_inspections::Entity::find_by_id((work.community.0, sign.inspection)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    let it = open(work, row.project_id).await?;
    let party = seat(work, &it).await?;
    let person = work.person().ok_or(AppError::NotSignedIn)?;
    if it.signatures.iter().any(|s| s.inspection_id == Some(row.id) && s.person_id == person.0) {
        return Err(AppError::closed("您已经签过这一次检查了", "You have signed this inspection already"));
    }
    let words = clean(&sign.words, 200).map_err(|_| AppError::field("words", "请不要超过 200 个字", "At most 200 characters"))?;
    keep_signature(work, &it, Some(row.id), party, words.clone()).await?;
    let told = json!({ "did": "signed", "project": it.row.number, "n": row.n, "party": party.code(), "reason": Some(words).filter(|w| !w.is_empty()) });
    work.tell("project_inspection", row.id, &told).await?;
    Ok(Done { subject: Some(row.id), number: Some(it.row.number), version: 1 })
}
