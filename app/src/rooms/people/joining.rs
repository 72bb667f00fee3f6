//! Coming in: the account of a phone, the person behind it, and one more role.

use super::accounts::current_memberships;
use super::entity::{accounts, memberships, ownerships, persons};
use super::model::Role;
use crate::apply::Work;
use crate::error::AppError;
use crate::ids::{AccountId, BuildingId, CommunityId, MembershipId, PersonId, UnitId};
use crate::measure::Time;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;

/// The account of a phone: the one there is, or a new one with this secret. An account that exists keeps its
/// secret, so that nobody takes it over by coming in a second time.
///
/// # Errors
/// When the database refuses.
pub async fn account_for(db: &impl ConnectionTrait, phone: &str, secret: &str, staff: bool, now: Time) -> Result<AccountId, AppError> {
    if let Some(account) = accounts::Entity::find().filter(accounts::Column::Phone.eq(phone)).one(db).await? {
        return Ok(AccountId(account.id));
    }
    let id = AccountId::new();
    let row = accounts::ActiveModel { id: Set(id.0), phone: Set(phone.into()), secret: Set(secret.into()), staff: Set(staff), home: Set(None), created_at: Set(now.0) };
    accounts::Entity::insert(row).exec_without_returning(db).await?;
    Ok(id)
}

/// The account of a phone, for somebody who comes in by themselves: a new one with this secret, or the one there is if
/// `secret` is its own hash, which only whoever has just proven it brings along.
///
/// # Errors
/// [`AppError::Conflict`] when the phone got an account in the meantime, so that nobody proved to be its owner.
pub async fn account_proven(txn: &DatabaseTransaction, phone: &str, secret: &str, now: Time) -> Result<AccountId, AppError> {
    let account = account_for(txn, phone, secret, false, now).await?;
    let own = accounts::Entity::find_by_id(account.0).one(txn).await?.is_some_and(|a| a.secret == secret);
    if own { Ok(account) } else { Err(AppError::Conflict { current: 0 }) }
}

/// The person of an account in the work's community – made if there is none – with one more role.
///
/// # Errors
/// When the database refuses.
pub async fn person_with_role(
    work: &Work<'_>,
    account: AccountId,
    name: &str,
    phone: &str,
    role: Role,
    unit: Option<UnitId>,
    building: Option<BuildingId>,
) -> Result<PersonId, AppError> {
    // The account's row is the lock: the same letter or grant sent twice at once must not make two persons or two roles.
    accounts::Entity::find_by_id(account.0).lock_exclusive().one(work.txn).await?;
    let known = persons::Entity::find().filter(persons::Column::AccountId.eq(account.0)).filter(persons::Column::CommunityId.eq(work.community.0)).one(work.txn).await?;
    let person = match known {
        Some(person) => PersonId(person.id),
        None => new_here(work, account, name, phone, unit.filter(|_| role == Role::Owner)).await?,
    };
    let same = current_memberships(work.txn, work.community, person, work.now)
        .await?
        .into_iter()
        .any(|m| m.role == role.code() && m.unit_id == unit.map(|u| u.0) && m.building_id == building.map(|b| b.0));
    if !same {
        let row = memberships::ActiveModel {
            community_id: Set(work.community.0),
            id: Set(MembershipId::new().0),
            person_id: Set(person.0),
            role: Set(role.code().into()),
            unit_id: Set(unit.map(|u| u.0)),
            building_id: Set(building.map(|b| b.0)),
            stair: Set(None),
            since: Set(work.now.0),
            until: Set(None),
        };
        memberships::Entity::insert(row).exec_without_returning(work.txn).await?;
    }
    Ok(person)
}

/// The row of somebody who was not here before. Only an owner's letter leads to a row of the roster: whoever invites a
/// tenant must not choose whose row that is.
async fn new_here(work: &Work<'_>, account: AccountId, name: &str, phone: &str, owned: Option<UnitId>) -> Result<PersonId, AppError> {
    let listed = match owned {
        Some(unit) => listed_owner(work, unit, name, phone).await?,
        None => None,
    };
    match listed {
        Some(person) if adopt(work, account, &person, phone).await? => Ok(PersonId(person.id)),
        _ => make(work, account, name, phone).await,
    }
}

/// The owner of a unit who stands in the roster under this phone or name and has no account yet.
async fn listed_owner(work: &Work<'_>, unit: UnitId, name: &str, phone: &str) -> Result<Option<persons::Model>, AppError> {
    let owners = ownerships::Entity::find().filter(ownerships::Column::CommunityId.eq(work.community.0)).filter(ownerships::Column::UnitId.eq(unit.0)).all(work.txn).await?;
    let listed: Vec<persons::Model> = persons::Entity::find()
        .filter(persons::Column::CommunityId.eq(work.community.0))
        .filter(persons::Column::AccountId.is_null())
        .filter(persons::Column::Id.is_in(owners.iter().map(|o| o.person_id)))
        .all(work.txn)
        .await?;
    let by_phone = listed.iter().find(|p| p.phone.as_deref() == Some(phone));
    Ok(by_phone.or_else(|| listed.iter().find(|p| p.name == name)).cloned())
}

/// Gives a row of the roster its account, unless another one was faster. A phone that was another one is told in the
/// chain: it is how they are reached.
async fn adopt(work: &Work<'_>, account: AccountId, person: &persons::Model, phone: &str) -> Result<bool, AppError> {
    let adopted = persons::Entity::update_many()
        .col_expr(persons::Column::AccountId, Expr::value(account.0))
        .col_expr(persons::Column::Phone, Expr::value(phone))
        .filter(persons::Column::CommunityId.eq(work.community.0))
        .filter(persons::Column::Id.eq(person.id))
        .filter(persons::Column::AccountId.is_null())
        .exec(work.txn)
        .await?;
    if adopted.rows_affected == 1 && person.phone.as_deref().is_some_and(|old| old != phone) {
        work.tell("person", person.id, &json!({ "did": "phone_replaced" })).await?;
    }
    Ok(adopted.rows_affected == 1)
}

async fn make(work: &Work<'_>, account: AccountId, name: &str, phone: &str) -> Result<PersonId, AppError> {
    let id = PersonId::new();
    let row = persons::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id.0),
        account_id: Set(Some(account.0)),
        name: Set(name.into()),
        phone: Set(Some(phone.into())),
        created_at: Set(work.now.0),
    };
    persons::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(id)
}

/// Whether a person stands in the roster as an owner of a unit.
///
/// # Errors
/// When the database refuses.
pub async fn owns(db: &impl ConnectionTrait, community: CommunityId, unit: UnitId, person: PersonId) -> Result<bool, AppError> {
    Ok(ownerships::Entity::find_by_id((community.0, unit.0, person.0)).one(db).await?.is_some())
}
