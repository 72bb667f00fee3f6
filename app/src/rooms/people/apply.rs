//! Letters and roles.

use super::accounts::{account_for, person_with_role};
use super::entity::{letters, memberships, tenancies};
use super::model::{EndRole, GrantRole, IssueLetters, LetterPurpose, RedeemLetter, RevokeLetter, Role};
use super::rules::{Fields, LETTER_VALID, Permission, parse_name, parse_phone};
use super::store::{code_digest, letter_code, open_letter};
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{LetterId, UnitId, normalise_code};
use crate::rooms::communities::entity::buildings;
use crate::rooms::communities::store::{unit, units_of};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;

/// Makes letters for a building or a unit. A resident may make them for their own unit, never as its owner.
/// An older unused letter of the same sort for the same unit is taken back: one unit, one valid letter.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for the building or unit.
pub async fn issue_letters(work: &Work<'_>, issue: &IssueLetters) -> Result<Done, AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    let own = issue.building.is_none() && issue.unit.is_some() && issue.unit == viewer.unit() && issue.purpose != LetterPurpose::Owner;
    let tenant_by_tenant = issue.purpose == LetterPurpose::Tenant && viewer.role() == Role::Tenant;
    if !(viewer.may(Permission::Letters) || own && viewer.may(Permission::Invite) && !tenant_by_tenant) {
        return Err(AppError::Forbidden);
    }
    let units: Vec<UnitId> = match (issue.building, issue.unit) {
        (Some(building), None) => units_of(work.txn, work.community, building).await?.into_iter().map(|u| u.id).collect(),
        (None, Some(one)) => vec![unit(work.txn, work.community, one).await?.id],
        _ => return Err(AppError::field("building", "请选择楼栋或房号", "Choose a building or a unit")),
    };
    if issue.purpose == LetterPurpose::Owner {
        take_back_older(work, &units, issue.purpose).await?;
    }
    let mut first = None;
    for chunk in units.chunks(100) {
        let mut rows = Vec::new();
        for unit in chunk {
            let id = LetterId::new();
            first.get_or_insert(id);
            rows.push(letters::ActiveModel {
                community_id: Set(work.community.0),
                id: Set(id.0),
                unit_id: Set(unit.0),
                purpose: Set(issue.purpose.code().into()),
                code_digest: Set(code_digest(&letter_code(&work.services.letter_key, id))),
                made_by: Set(Some(viewer.person().0)),
                made_at: Set(work.now.0),
                expires_at: Set(work.now.0 + LETTER_VALID),
                used_at: Set(None),
                used_by: Set(None),
                revoked_at: Set(None),
            });
        }
        letters::Entity::insert_many(rows).exec_without_returning(work.txn).await?;
    }
    let subject = first.ok_or(AppError::NotFound)?;
    work.tell("letter", subject.0, &json!({ "did": "issued", "letters": units.len(), "purpose": issue.purpose.code() })).await?;
    Ok(Done { subject: Some(subject.0), number: Some(work.now.0.to_string()), version: units.len() as i64 })
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
    let own = viewer.may(Permission::Invite) && viewer.unit() == Some(UnitId(row.unit_id)) && row.purpose != LetterPurpose::Owner.code();
    if !(viewer.may(Permission::Letters) || own) {
        return Err(AppError::Forbidden);
    }
    if row.used_at.is_some() {
        return Err(AppError::closed("这封信已经用过了，不能作废。", "This letter was used already."));
    }
    let update = letters::ActiveModel { community_id: Set(row.community_id), id: Set(row.id), revoked_at: Set(Some(work.now.0)), ..Default::default() };
    letters::Entity::update(update).exec(work.txn).await?;
    work.tell("letter", row.id, &json!({ "did": "revoked" })).await?;
    Ok(Done { subject: Some(row.id), number: None, version: 1 })
}

/// Comes in with a letter: an account (or the one there is), a person, a role in the letter's unit.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Closed`] for the letter; [`AppError::Invalid`] for name, phone or PIN.
pub async fn redeem_letter(work: &Work<'_>, redeem: &RedeemLetter) -> Result<Done, AppError> {
    let code = normalise_code(&redeem.code).map_err(|_| AppError::NotFound)?;
    let letter = open_letter(work.txn, &code, Lang::Zh, work.now).await?;
    if letter.community != work.community {
        return Err(AppError::NotFound);
    }
    let mut fields = Fields::default();
    let name = fields.take(parse_name(&redeem.name));
    let phone = fields.take(parse_phone(&redeem.phone));
    fields.check()?;
    let (Some(name), Some(phone), Some(secret)) = (name, phone, work.secret) else {
        return Err(AppError::field("pin", "请设 6 位数字的登录密码", "Choose a PIN of 6 digits"));
    };
    let account = account_for(work.txn, &phone, secret, false, work.now).await?;
    let person = person_with_role(work, account, &name, &phone, letter.purpose.role(), Some(letter.unit), None).await?;
    let used = letters::Entity::update_many()
        .col_expr(letters::Column::UsedAt, Expr::value(work.now.0))
        .col_expr(letters::Column::UsedBy, Expr::value(person.0))
        .filter(letters::Column::CommunityId.eq(work.community.0))
        .filter(letters::Column::Id.eq(letter.id.0))
        .filter(letters::Column::UsedAt.is_null())
        .exec(work.txn)
        .await?;
    if used.rows_affected == 0 {
        return Err(AppError::closed("这封信刚刚被用掉了。", "This letter was used a moment ago."));
    }
    if letter.purpose == LetterPurpose::Tenant {
        let row =
            tenancies::ActiveModel { community_id: Set(work.community.0), unit_id: Set(letter.unit.0), person_id: Set(person.0), from_at: Set(work.now.0), until_at: Set(None) };
        let keep = OnConflict::columns([tenancies::Column::CommunityId, tenancies::Column::UnitId, tenancies::Column::PersonId]).do_nothing().to_owned();
        tenancies::Entity::insert(row).on_conflict(keep).exec_without_returning(work.txn).await?;
    }
    work.tell("letter", letter.id.0, &json!({ "did": "redeemed", "person": person, "purpose": letter.purpose.code() })).await?;
    Ok(Done { subject: Some(account.0), number: None, version: 1 })
}

/// Gives somebody a role; staff get an account with the first password that travels beside the mutation.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn grant_role(work: &Work<'_>, grant: &GrantRole) -> Result<Done, AppError> {
    work.caller.require(Permission::Roles)?;
    let mut fields = Fields::default();
    let name = fields.take(parse_name(&grant.name));
    let phone = fields.take(parse_phone(&grant.phone));
    fields.check()?;
    if grant.role.is_resident() {
        return Err(AppError::field("role", "住户请用信件加入，不在这里添加", "Residents come in with a letter, not here"));
    }
    if let Some(building) = grant.building {
        buildings::Entity::find_by_id((work.community.0, building.0)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    }
    let (Some(name), Some(phone), Some(secret)) = (name, phone, work.secret) else {
        return Err(AppError::field("password", "请给一个初始密码，至少 10 个字符", "Give a first password of at least 10 characters"));
    };
    let account = account_for(work.txn, &phone, secret, grant.role.is_staff(), work.now).await?;
    let person = person_with_role(work, account, &name, &phone, grant.role, None, grant.building).await?;
    work.tell("person", person.0, &json!({ "did": "role_granted", "role": grant.role.code() })).await?;
    Ok(Done { subject: Some(person.0), number: None, version: 1 })
}

/// Ends a role now; the row stays as history.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] for one's own last administrator role.
pub async fn end_role(work: &Work<'_>, end: &EndRole) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Roles)?;
    let row = memberships::Entity::find_by_id((work.community.0, end.membership.0)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    if end.membership == viewer.hat().membership {
        return Err(AppError::closed("不能结束自己正在用的身份，请让另一位管理员来做。", "You cannot end the role you are acting in; ask another administrator."));
    }
    let update = memberships::ActiveModel { community_id: Set(row.community_id), id: Set(row.id), until: Set(Some(work.now.0)), ..Default::default() };
    memberships::Entity::update(update).exec(work.txn).await?;
    work.tell("person", row.person_id, &json!({ "did": "role_ended", "role": row.role })).await?;
    Ok(Done { subject: Some(row.person_id), number: None, version: 1 })
}
