//! Roles: given by the administrator, ended by the administrator or, in their own unit, by its owner.

use super::entity::{accounts, letters, memberships, persons, tenancies};
use super::joining::{account_for, person_with_role};
use super::model::{EndRole, GrantRole, Role};
use super::rules::{Fields, Permission, parse_name, parse_phone};
use super::secrets::take_back_resets;
use crate::apply::{Done, Work};
use crate::context::Viewer;
use crate::error::AppError;
use crate::rooms::communities::entity::buildings;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

/// Gives somebody a role; who is new gets an account with the first password that travels beside the mutation. Who has
/// an account keeps its secret; while that is a PIN, a role of the staff waits.
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
    let account = account_for(work.txn, &phone, secret, true, work.now).await?;
    let person = person_with_role(work, account, &name, &phone, grant.role, None, grant.building).await?;
    take_back_resets(work, account).await?;
    work.tell("person", person.0, &json!({ "did": "role_granted", "role": grant.role.code() })).await?;
    Ok(Done { subject: Some(person.0), number: None, version: 1 })
}

/// Ends a role now; the row stays as history. An owner may end the roles of those who live in their unit.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] for the role one acts in, for the last
/// administrator, and for a role that is over.
pub async fn end_role(work: &Work<'_>, end: &EndRole) -> Result<Done, AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    if !viewer.may(Permission::Roles) && !viewer.may(Permission::EndHousehold) {
        return Err(AppError::Forbidden);
    }
    let row = memberships::Entity::find_by_id((work.community.0, end.membership.0)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    if !viewer.may(Permission::Roles) && !lives_with(viewer, &row) {
        return Err(AppError::Forbidden);
    }
    if end.membership == viewer.hat().membership {
        return Err(AppError::closed("不能结束自己正在用的身份，请让另一位管理员来做。", "You cannot end the role you are acting in; ask another administrator."));
    }
    if row.role == Role::Administrator.code() {
        another_administrator(work, &row).await?;
    }
    let ended = memberships::Entity::update_many()
        .col_expr(memberships::Column::Until, Expr::value(work.now.0))
        .filter(memberships::Column::CommunityId.eq(row.community_id))
        .filter(memberships::Column::Id.eq(row.id))
        .filter(memberships::Column::Until.is_null().or(memberships::Column::Until.gt(work.now.0)))
        .exec(work.txn)
        .await?;
    if ended.rows_affected == 0 {
        return Err(AppError::closed("这个身份已经结束了。", "This role is over already."));
    }
    if row.unit_id.is_some() {
        leave_unit(work, &row).await?;
    }
    work.tell("person", row.person_id, &json!({ "did": "role_ended", "role": row.role })).await?;
    Ok(Done { subject: Some(row.person_id), number: None, version: 1 })
}

/// Whether the membership is of a tenant or a member of the viewer's own unit.
fn lives_with(viewer: &Viewer, row: &memberships::Model) -> bool {
    let invited = [Role::Tenant, Role::Household].iter().any(|role| role.code() == row.role);
    invited && row.unit_id.is_some() && row.unit_id == viewer.unit().map(|u| u.0)
}

/// Refuses unless somebody else who can sign in remains administrator. All their rows are locked, so that two who end
/// each other at once cannot both succeed.
async fn another_administrator(work: &Work<'_>, row: &memberships::Model) -> Result<(), AppError> {
    let all = memberships::Entity::find()
        .filter(memberships::Column::CommunityId.eq(work.community.0))
        .filter(memberships::Column::Role.eq(Role::Administrator.code()))
        .filter(memberships::Column::Until.is_null().or(memberships::Column::Until.gt(work.now.0)))
        .order_by_asc(memberships::Column::Id)
        .lock_exclusive()
        .all(work.txn)
        .await?;
    let others = all.iter().filter(|m| m.id != row.id).map(|m| m.person_id);
    let people = persons::Entity::find().filter(persons::Column::CommunityId.eq(work.community.0)).filter(persons::Column::Id.is_in(others)).all(work.txn).await?;
    let accounts = accounts::Entity::find().filter(accounts::Column::Id.is_in(people.iter().filter_map(|p| p.account_id))).filter(accounts::Column::Staff.eq(true));
    if accounts.one(work.txn).await?.is_none() {
        return Err(AppError::closed("这是最后一位能登录的管理员，请先加一位新的。", "This is the last administrator who can sign in; add another one first."));
    }
    Ok(())
}

/// A tenancy ends with its role, and so do the invitations of whoever leaves: nobody comes back through their own.
async fn leave_unit(work: &Work<'_>, row: &memberships::Model) -> Result<(), AppError> {
    if row.role == Role::Tenant.code() {
        tenancies::Entity::update_many()
            .col_expr(tenancies::Column::UntilAt, Expr::value(work.now.0))
            .filter(tenancies::Column::CommunityId.eq(work.community.0))
            .filter(tenancies::Column::UnitId.eq(row.unit_id))
            .filter(tenancies::Column::PersonId.eq(row.person_id))
            .filter(tenancies::Column::UntilAt.is_null())
            .exec(work.txn)
            .await?;
    }
    letters::Entity::update_many()
        .col_expr(letters::Column::RevokedAt, Expr::value(work.now.0))
        .filter(letters::Column::CommunityId.eq(work.community.0))
        .filter(letters::Column::UnitId.eq(row.unit_id))
        .filter(letters::Column::MadeBy.eq(row.person_id))
        .filter(letters::Column::UsedAt.is_null())
        .filter(letters::Column::RevokedAt.is_null())
        .exec(work.txn)
        .await?;
    Ok(())
}
