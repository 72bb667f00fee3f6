//! New secrets: changed with the old one, or made anew with a letter from the desk.

use super::accounts::{hash, roles_of, sign_in};
use super::entity::{accounts, letters, persons};
use super::lockout;
use super::model::{IssueReset, LetterPurpose, RedeemLetter, Role};
use super::rules::{Permission, RESET_VALID, may_reset, parse_phone, parse_secret};
use super::sessions::end_all;
use super::store::{OpenLetter, code_digest, letter_code, use_letter};
use crate::apply::{Done, Work};
use crate::context::Db;
use crate::error::AppError;
use crate::ids::{AccountId, LetterId, PersonId};
use crate::measure::Time;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;

/// Whether an account's secret must be a password: it holds a role of the staff somewhere.
///
/// # Errors
/// When the database refuses.
pub async fn needs_password(db: &impl ConnectionTrait, account: AccountId, now: Time) -> Result<bool, AppError> {
    Ok(roles_of(db, account, now).await?.iter().any(|(_, role)| role.is_staff()))
}

/// A change of one's own secret.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// Whose.
    pub account: AccountId,
    /// The secret until now, as typed.
    pub old: &'a str,
    /// The new one, as typed.
    pub new: &'a str,
    /// Where the request comes from, for the lock-out.
    pub address: &'a str,
    /// The session that asks; all others end.
    pub session: Option<&'a str>,
}

/// Changes a secret.
///
/// # Errors
/// [`AppError::Invalid`] on `secret` for a wrong old one and on `password` for an unfit new one;
/// [`AppError::TooMany`] while locked out; [`AppError::Conflict`] when it was changed in between.
pub async fn change(db: &Db, change: Change<'_>, now: Time) -> Result<(), AppError> {
    let account = accounts::Entity::find_by_id(change.account.0).one(&db.read).await?.ok_or(AppError::NotSignedIn)?;
    let (typed, password) = parse_secret(change.new, needs_password(&db.read, change.account, now).await?)?;
    sign_in(db, &account.phone, change.old, change.address, now).await.map_err(|error| match error {
        AppError::Invalid(_) => AppError::field("secret", "现在的密码不对，请再试一次", "The present PIN or password does not match; please try again"),
        other => other,
    })?;
    let new = hash(typed).await?;
    let txn = db.begin().await?;
    let changed = accounts::Entity::update_many()
        .col_expr(accounts::Column::Secret, Expr::value(new))
        .col_expr(accounts::Column::Staff, Expr::value(password))
        .filter(accounts::Column::Id.eq(account.id))
        .filter(accounts::Column::Secret.eq(account.secret))
        .exec(&txn)
        .await?;
    if changed.rows_affected == 0 {
        txn.rollback().await?;
        return Err(AppError::Conflict { current: 0 });
    }
    end_all(&txn, change.account, change.session).await?;
    txn.commit().await?;
    db.memory.forget_all();
    Ok(())
}

/// Makes a letter with which somebody of this community sets a new secret without the old one.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] on `phone`, [`AppError::Closed`] where [`may_reset`] says no.
pub async fn issue_reset(work: &Work<'_>, issue: &IssueReset) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Reset)?;
    let unknown = || AppError::field("phone", "这个手机号在本小区没有身份", "Nobody in this community signs in with this number");
    let phone = parse_phone(&issue.phone)?;
    let account = accounts::Entity::find().filter(accounts::Column::Phone.eq(phone)).lock_exclusive().one(work.txn).await?.ok_or_else(unknown)?;
    let account = AccountId(account.id);
    let in_community = persons::Entity::find().filter(persons::Column::AccountId.eq(account.0)).filter(persons::Column::CommunityId.eq(work.community.0));
    let person = in_community.one(work.txn).await?.ok_or_else(unknown)?;
    let (here, elsewhere): (Vec<_>, Vec<_>) = roles_of(work.txn, account, work.now).await?.into_iter().partition(|(community, _)| *community == work.community);
    let roles = |list: Vec<(_, Role)>| list.into_iter().map(|(_, role)| role).collect::<Vec<_>>();
    if here.is_empty() {
        return Err(unknown());
    }
    if !may_reset(viewer.role(), &roles(here), &roles(elsewhere)) {
        return Err(AppError::closed(
            "这个人还有管理、物业、居委会或业委会的身份，请让那边的管理员来重设。",
            "This person also works for an administration, property company or committee: ask the administrator there.",
        ));
    }
    take_back_resets(work, account).await?;
    let id = make_reset(work, PersonId(person.id), viewer.person()).await?;
    work.tell("person", person.id, &json!({ "did": "reset_issued", "letter": id })).await?;
    Ok(Done { subject: Some(id.0), number: Some(work.now.0.to_string()), version: 1 })
}

async fn make_reset(work: &Work<'_>, person: PersonId, maker: PersonId) -> Result<LetterId, AppError> {
    let id = LetterId::new();
    let row = letters::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id.0),
        unit_id: Set(None),
        person_id: Set(Some(person.0)),
        purpose: Set(LetterPurpose::Reset.code().into()),
        code_digest: Set(code_digest(&letter_code(&work.services.letter_key, id))),
        made_by: Set(Some(maker.0)),
        made_at: Set(work.now.0),
        expires_at: Set(work.now.0 + RESET_VALID),
        used_at: Set(None),
        used_by: Set(None),
        revoked_at: Set(None),
    };
    letters::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(id)
}

/// Takes back what could still reset an account, in every community: before a newer letter, and before the account
/// may do more than whoever made the letter was allowed to reset.
///
/// # Errors
/// When the database refuses.
pub async fn take_back_resets(work: &Work<'_>, account: AccountId) -> Result<(), AppError> {
    let people = persons::Entity::find().filter(persons::Column::AccountId.eq(account.0)).all(work.txn).await?;
    letters::Entity::update_many()
        .col_expr(letters::Column::RevokedAt, Expr::value(work.now.0))
        .filter(letters::Column::PersonId.is_in(people.iter().map(|p| p.id)))
        .filter(letters::Column::Purpose.eq(LetterPurpose::Reset.code()))
        .filter(letters::Column::UsedAt.is_null())
        .filter(letters::Column::RevokedAt.is_null())
        .exec(work.txn)
        .await?;
    Ok(())
}

/// The account that a reset letter is for.
///
/// # Errors
/// [`AppError::NotFound`] when its person has none.
pub async fn account_of(db: &impl ConnectionTrait, letter: &OpenLetter) -> Result<AccountId, AppError> {
    let person = letter.person.ok_or(AppError::NotFound)?;
    let row = persons::Entity::find_by_id((letter.community.0, person.0)).one(db).await?;
    row.and_then(|p| p.account_id).map(AccountId).ok_or(AppError::NotFound)
}

/// Sets the secret that travels beside a reset letter, and ends every session.
///
/// # Errors
/// [`AppError::Closed`] when the letter is no longer open, [`AppError::Invalid`] when a password is needed.
pub async fn redeem_reset(work: &Work<'_>, redeem: &RedeemLetter, letter: &OpenLetter) -> Result<Done, AppError> {
    let account = account_of(work.txn, letter).await?;
    let person = letter.person.ok_or(AppError::NotFound)?;
    let row = accounts::Entity::find_by_id(account.0).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let strong = redeem.password || !needs_password(work.txn, account, work.now).await?;
    let Some(secret) = work.secret.filter(|_| strong) else {
        return Err(AppError::field("password", "工作人员请设至少 10 个字符的密码", "Staff need a password of at least 10 characters"));
    };
    use_letter(work, letter.id, person).await?;
    let update = accounts::ActiveModel { id: Set(account.0), secret: Set(secret.into()), staff: Set(redeem.password), ..Default::default() };
    accounts::Entity::update(update).exec(work.txn).await?;
    end_all(work.txn, account, None).await?;
    lockout::forgive(work.txn, &row.phone).await?;
    work.tell("person", person.0, &json!({ "did": "secret_reset", "letter": letter.id })).await?;
    Ok(Done { subject: Some(account.0), number: None, version: 1 })
}
