//! The signatures under an acceptance 验收: one by one, with words, of the four parties.

use super::inspections::keep_signature;
use super::model::SignOff;
use super::rows::{open, seat};
use super::rules::{may_sign_off, said};
use crate::apply::{Done, Work};
use crate::error::AppError;
use serde_json::json;

/// Signs the acceptance for one's party.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever has no seat in the group, [`AppError::NotFound`], [`AppError::Closed`] while something
/// is missing or when the same person has signed, [`AppError::Invalid`] on `words`.
pub async fn sign_off(work: &Work<'_>, sign: &SignOff) -> Result<Done, AppError> {
    let it = open(work, sign.project).await?;
    let party = seat(work, &it).await?;
    may_sign_off(&it.facts()?)?;
    let person = work.person().ok_or(AppError::NotSignedIn)?;
    if it.sign_offs().any(|s| s.person_id == person.0) {
        return Err(AppError::closed("您已经签过了", "You have signed already"));
    }
    let words = said(&sign.words, 400)?;
    keep_signature(work, &it, None, party, words.clone()).await?;
    work.tell("project", it.row.id, &json!({ "did": "signed_off", "party": party.code(), "reason": words })).await?;
    Ok(Done { subject: Some(it.row.id), number: Some(it.row.number), version: it.row.version })
}
