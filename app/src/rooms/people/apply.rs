//! Letters: made, taken back, used.

use super::entity::{letters, tenancies};
use super::joining::{account_proven, owns, person_with_role};
use super::model::{IssueLetters, LetterPurpose, RedeemLetter, RevokeLetter, Role};
use super::rules::{Fields, LETTER_VALID, Permission, parse_name, parse_phone};
use super::secrets::redeem_reset;
use super::store::{code_digest, letter_code, open_letter, use_letter};
use crate::apply::{Done, Work};
use crate::context::Viewer;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{LetterId, PersonId, UnitId, normalise_code};
use crate::rooms::communities::store::{unit, units_of};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// Makes letters for a building or a unit. A resident may make them for their own unit, never as its owner.
/// One unit has one open letter of an owner: asked for anew, one unit's older letter is taken back, while a building's
/// are left alone – they may be in the letter boxes – unless `replace` says so.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for the building or unit, [`AppError::Invalid`] on `building` when
/// every unit has its letter.
pub async fn issue_letters(work: &Work<'_>, issue: &IssueLetters) -> Result<Done, AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    may_issue(viewer, issue)?;
    let mut units: Vec<UnitId> = match (issue.building, issue.unit) {
        (Some(building), None) => units_of(work.txn, work.community, building).await?.into_iter().map(|u| u.id).collect(),
        (None, Some(one)) => vec![unit(work.txn, work.community, one).await?.id],
        _ => return Err(AppError::field("building", "请选择楼栋或房号", "Choose a building or a unit")),
    };
    if units.is_empty() {
        return Err(AppError::NotFound);
    }
    if issue.purpose == LetterPurpose::Owner {
        if issue.replace || issue.unit.is_some() {
            take_back_older(work, &units, issue.purpose).await?;
        } else {
            units = without_letter(work, units).await?;
        }
    }
    let subject = insert(work, &units, issue.purpose, viewer.person()).await?;
    work.tell("letter", subject.0, &json!({ "did": "issued", "letters": units.len(), "purpose": issue.purpose.code() })).await?;
    Ok(Done { subject: Some(subject.0), number: Some(work.now.0.to_string()), version: units.len() as i64 })
}

fn may_issue(viewer: &Viewer, issue: &IssueLetters) -> Result<(), AppError> {
    let own = issue.building.is_none() && issue.unit.is_some() && issue.unit == viewer.unit() && issue.purpose != LetterPurpose::Owner;
    let tenant_by_tenant = issue.purpose == LetterPurpose::Tenant && viewer.role() == Role::Tenant;
    let desk = viewer.may(Permission::Letters);
    // A reset is for a person, and asks for more than this.
    let allowed = issue.purpose != LetterPurpose::Reset && (desk || own && viewer.may(Permission::Invite) && !tenant_by_tenant);
    if allowed { Ok(()) } else { Err(AppError::Forbidden) }
}

/// The units that have no open letter to their owner.
async fn without_letter(work: &Work<'_>, units: Vec<UnitId>) -> Result<Vec<UnitId>, AppError> {
    let open: HashSet<Uuid> = letters::Entity::find()
        .filter(letters::Column::CommunityId.eq(work.community.0))
        .filter(letters::Column::UnitId.is_in(units.iter().map(|u| u.0)))
        .filter(letters::Column::Purpose.eq(LetterPurpose::Owner.code()))
        .filter(letters::Column::UsedAt.is_null())
        .filter(letters::Column::RevokedAt.is_null())
        .filter(letters::Column::ExpiresAt.gt(work.now.0))
        .all(work.txn)
        .await?
        .into_iter()
        .filter_map(|l| l.unit_id)
        .collect();
    let left: Vec<UnitId> = units.into_iter().filter(|u| !open.contains(&u.0)).collect();
    if left.is_empty() {
        return Err(AppError::field(
            "building",
            "这栋每户都已有一封还没用的信。要全部重做，请勾选“旧信作废”",
            "Every unit here has a letter that still works. Tick “take older ones back” to make them all anew",
        ));
    }
    Ok(left)
}

/// Writes the letters' rows. Answers the first one.
async fn insert(work: &Work<'_>, units: &[UnitId], purpose: LetterPurpose, maker: PersonId) -> Result<LetterId, AppError> {
    let row = |(unit, id): (&UnitId, LetterId)| letters::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id.0),
        unit_id: Set(Some(unit.0)),
        person_id: Set(None),
        purpose: Set(purpose.code().into()),
        code_digest: Set(code_digest(&letter_code(&work.services.letter_key, id))),
        made_by: Set(Some(maker.0)),
        made_at: Set(work.now.0),
        expires_at: Set(work.now.0 + LETTER_VALID),
        used_at: Set(None),
        used_by: Set(None),
        revoked_at: Set(None),
    };
    let first = LetterId::new();
    let ids = std::iter::once(first).chain(std::iter::repeat_with(LetterId::new));
    let rows: Vec<_> = units.iter().zip(ids).map(row).collect();
    for chunk in rows.chunks(100) {
        letters::Entity::insert_many(chunk.to_vec()).exec_without_returning(work.txn).await?;
    }
    Ok(first)
}

async fn take_back_older(work: &Work<'_>, units: &[UnitId], purpose: LetterPurpose) -> Result<(), AppError> {
    letters::Entity::update_many()
        .col_expr(letters::Column::RevokedAt, Expr::value(work.now.0))
        .filter(letters::Column::CommunityId.eq(work.community.0))
        .filter(letters::Column::UnitId.is_in(units.iter().map(|u| u.0)))
        .filter(letters::Column::Purpose.eq(purpose.code()))
        .filter(letters::Column::UsedAt.is_null())
        .filter(letters::Column::RevokedAt.is_null())
        .exec(work.txn)
        .await?;
    Ok(())
}

/// Takes an unused letter back.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when it was used already.
pub async fn revoke_letter(work: &Work<'_>, revoke: &RevokeLetter) -> Result<Done, AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    let row = letters::Entity::find_by_id((work.community.0, revoke.letter.0)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    let own = viewer.may(Permission::Invite) && row.made_by == Some(viewer.person().0) && viewer.unit().map(|u| u.0) == row.unit_id;
    if !(viewer.may(Permission::Letters) || own) {
        return Err(AppError::Forbidden);
    }
    let revoked = letters::Entity::update_many()
        .col_expr(letters::Column::RevokedAt, Expr::value(work.now.0))
        .filter(letters::Column::CommunityId.eq(work.community.0))
        .filter(letters::Column::Id.eq(row.id))
        .filter(letters::Column::UsedAt.is_null())
        .filter(letters::Column::RevokedAt.is_null())
        .exec(work.txn)
        .await?;
    if revoked.rows_affected == 0 {
        return Err(AppError::closed("这封信已经用过或作废了。", "This letter was used or taken back already."));
    }
    work.tell("letter", row.id, &json!({ "did": "revoked" })).await?;
    Ok(Done { subject: Some(row.id), number: None, version: 1 })
}

/// Comes in with a letter: an account (or the one there is), a person, a role in the letter's unit.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Closed`] for the letter; [`AppError::Invalid`] for name, phone or PIN;
/// [`AppError::Conflict`] for a phone that became known in between.
pub async fn redeem_letter(work: &Work<'_>, redeem: &RedeemLetter) -> Result<Done, AppError> {
    let code = normalise_code(&redeem.code).map_err(|_| AppError::NotFound)?;
    let letter = open_letter(work.txn, &code, Lang::Zh, work.now).await?;
    if letter.community != work.community {
        return Err(AppError::NotFound);
    }
    if letter.purpose == LetterPurpose::Reset {
        return redeem_reset(work, redeem, &letter).await;
    }
    let (Some(role), Some(unit)) = (letter.purpose.role(), letter.unit) else { return Err(AppError::NotFound) };
    let mut fields = Fields::default();
    let name = fields.take(parse_name(&redeem.name));
    let phone = fields.take(parse_phone(&redeem.phone));
    fields.check()?;
    let (Some(name), Some(phone), Some(secret)) = (name, phone, work.secret) else {
        return Err(AppError::field("pin", "请设 6 位数字的登录密码", "Choose a PIN of 6 digits"));
    };
    let account = account_proven(work.txn, &phone, secret, work.now).await?;
    let person = person_with_role(work, account, &name, &phone, role, Some(unit), None).await?;
    use_letter(work, letter.id, person).await?;
    if letter.purpose == LetterPurpose::Owner && !owns(work.txn, work.community, unit, person).await? {
        // They get in all the same – the roster may be old –, and the clerk sees it beside the letter.
        work.tell("person", person.0, &json!({ "did": "owner_not_in_roster", "unit": unit })).await?;
    }
    if letter.purpose == LetterPurpose::Tenant {
        begin_tenancy(work, unit, person).await?;
    }
    work.tell("letter", letter.id.0, &json!({ "did": "redeemed", "person": person, "purpose": letter.purpose.code() })).await?;
    Ok(Done { subject: Some(account.0), number: None, version: 1 })
}

/// Somebody who rented here before begins anew.
async fn begin_tenancy(work: &Work<'_>, unit: UnitId, person: PersonId) -> Result<(), AppError> {
    tenancies::Entity::delete_many()
        .filter(tenancies::Column::CommunityId.eq(work.community.0))
        .filter(tenancies::Column::UnitId.eq(unit.0))
        .filter(tenancies::Column::PersonId.eq(person.0))
        .filter(tenancies::Column::UntilAt.is_not_null())
        .exec(work.txn)
        .await?;
    let row = tenancies::ActiveModel { community_id: Set(work.community.0), unit_id: Set(unit.0), person_id: Set(person.0), from_at: Set(work.now.0), until_at: Set(None) };
    let keep = OnConflict::columns([tenancies::Column::CommunityId, tenancies::Column::UnitId, tenancies::Column::PersonId]).do_nothing().to_owned();
    tenancies::Entity::insert(row).on_conflict(keep).exec_without_returning(work.txn).await?;
    Ok(())
}
