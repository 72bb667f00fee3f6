//! Accounts: secrets, sign-in, and the session's claim that becomes a [`Viewer`].

use super::entity::{accounts, memberships, persons};
use super::lockout;
use super::model::{Door, Hat, Role};
use super::rules::{as_typed, mask_phone};
use crate::context::{Db, Viewer, internal};
use crate::error::AppError;
use crate::ids::{AccountId, BuildingId, CommunityId, MembershipId, PersonId, UnitId};
use crate::measure::Time;
use crate::rooms::communities;
use crate::rooms::communities::model::CommunityView;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, Set};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Argon2id with 7 MiB and five passes: of OWASP's choices of equal strength ("Password Storage Cheat Sheet") the one
/// that asks for the least memory, for the server is meant to run in 80 MB.
fn hasher() -> Result<Argon2<'static>, AppError> {
    let params = Params::new(7 * 1024, 5, 1, None).map_err(internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a PIN or password with Argon2id. Takes tens of milliseconds and 7 MiB: call it on a blocking thread.
///
/// # Errors
/// When the system has no randomness.
pub fn hash_secret(secret: &str) -> Result<String, AppError> {
    Ok(hasher()?.hash_password(secret.as_bytes()).map_err(internal)?.to_string())
}

/// A hash that no secret fits, so that an unknown phone costs as much time as a known one.
const NOBODY: &str = "$argon2id$v=19$m=7168,t=5,p=1$c29tZXNhbHRzb21lc2FsdA$7cIF2tKYs4lZUYMwzyTlJqKSbUCYdUHDQWrr1F1pVYo";

/// Checks a secret against its hash, which says itself how it was made.
pub fn secret_fits(secret: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}

/// How many secrets are worked on at once in this process: each takes a core and 7 MiB, so a crowd at the door waits
/// in line and leaves the rest of the machine to everybody else.
static HASHING: Semaphore = Semaphore::const_new(2);

async fn slowly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    let place = HASHING.acquire().await.map_err(internal)?;
    // The place goes along: giving a request up does not stop the thread that it began.
    let placed = move || {
        let _place = place;
        work()
    };
    tokio::task::spawn_blocking(placed).await.map_err(internal)
}

/// [`hash_secret`] on a thread of its own, a few at a time.
///
/// # Errors
/// When the system has no randomness.
pub async fn hash(secret: String) -> Result<String, AppError> {
    slowly(move || hash_secret(&secret)).await?
}

/// [`secret_fits`] on a thread of its own, a few at a time.
///
/// # Errors
/// When the server is stopping.
pub async fn fits(secret: String, hash: String) -> Result<bool, AppError> {
    slowly(move || secret_fits(&secret, &hash)).await
}

/// Tries to sign in. The answer is the same for a wrong secret and an unknown phone, and takes as long.
/// `address` is where the request comes from; its tries are counted apart from the phone's.
///
/// # Errors
/// [`AppError::TooMany`] while locked out, [`AppError::Invalid`] on `secret` for any mismatch.
pub async fn sign_in(db: &Db, phone: &str, secret: &str, address: &str, now: Time) -> Result<AccountId, AppError> {
    let counted = lockout::count(db, phone, address, now).await?;
    let account = accounts::Entity::find().filter(accounts::Column::Phone.eq(phone)).one(&db.read).await?;
    let hash = account.as_ref().map_or_else(|| NOBODY.to_owned(), |a| a.secret.clone());
    let fits = fits(as_typed(secret), hash).await?;
    match account {
        Some(account) if fits => {
            counted.take_back(db).await?;
            Ok(AccountId(account.id))
        }
        _ => Err(AppError::field("secret", "手机号或密码不对，请再试一次", "Phone or PIN does not match; please try again")),
    }
}

/// What a session remembers: the account and the role it acts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The account that signed in.
    pub account: AccountId,
    /// The role chosen, if any was.
    pub membership: Option<MembershipId>,
}

/// A role with all that a viewer in it needs.
struct Worn {
    hat: Hat,
    since: i64,
    home: CommunityView,
    slug: String,
    name: String,
}

/// Turns a session's claim into a viewer: the chosen role, or else [`first`]. Roles of the staff wait until the account
/// has a password.
///
/// # Errors
/// When the database refuses.
pub async fn viewer(db: &Db, claim: Claim, now: Time) -> Result<Option<Viewer>, AppError> {
    db.memory.recall(None, format!("viewer {claim:?}"), read_viewer(db, claim, now)).await
}

async fn read_viewer(db: &Db, claim: Claim, now: Time) -> Result<Option<Viewer>, AppError> {
    let Some(account) = accounts::Entity::find_by_id(claim.account.0).one(&db.read).await? else { return Ok(None) };
    let mut worn = Vec::new();
    for person in persons::Entity::find().filter(persons::Column::AccountId.eq(claim.account.0)).all(&db.read).await? {
        worn.extend(roles_to_wear(db, &person, account.staff, now).await?);
    }
    let chosen = claim.membership.and_then(|m| worn.iter().position(|w| w.hat.membership == m));
    let Some(chosen) = chosen.or_else(|| first(&worn, account.home)) else { return Ok(None) };
    let hats = worn.iter().map(|w| w.hat.clone()).collect();
    let Worn { hat, home, slug, name, .. } = worn.swap_remove(chosen);
    Ok(Some(Viewer::from_session(claim.account, home, slug, name, hat, hats)))
}

async fn roles_to_wear(db: &Db, person: &persons::Model, password: bool, now: Time) -> Result<Vec<Worn>, AppError> {
    let community = CommunityId(person.community_id);
    let (home, slug) = communities::store::by_id(&db.read, community).await?;
    let mut worn = Vec::new();
    for row in current_memberships(&db.read, community, PersonId(person.id), now).await? {
        let Some(role) = Role::from_code(&row.role).filter(|r| password || !r.is_staff()) else { continue };
        let unit = row.unit_id.map(UnitId);
        let door = match unit {
            Some(unit) => Some(communities::store::unit(&db.read, community, unit).await?).map(|u| Door { building: u.building_name, stair: u.stair, room: u.room }),
            None => None,
        };
        let (community_name, building) = (home.name.clone(), row.building_id.map(BuildingId));
        let hat = Hat { membership: MembershipId(row.id), community, community_name, person: PersonId(person.id), role, unit, door, building };
        worn.push(Worn { hat, since: row.since, home: home.clone(), slug: slug.clone(), name: person.name.clone() });
    }
    Ok(worn)
}

/// The role to begin with: the one with the most work, in the community of the last choice or else of the oldest role.
/// A role that somebody gives in another community never pushes itself to the front.
fn first(worn: &[Worn], home: Option<Uuid>) -> Option<usize> {
    let chosen = home.map(CommunityId).filter(|home| worn.iter().any(|w| w.hat.community == *home));
    let community = chosen.or_else(|| worn.iter().min_by_key(|w| (w.since, w.hat.membership)).map(|w| w.hat.community))?;
    (0..worn.len()).filter(|i| worn[*i].hat.community == community).min_by_key(|i| worn[*i].hat.role.precedence())
}

/// Remembers the community of a role that was chosen, for the next time of signing in.
///
/// # Errors
/// When the database refuses.
pub async fn stay_in(db: &Db, account: AccountId, community: CommunityId) -> Result<(), AppError> {
    let update = accounts::ActiveModel { id: Set(account.0), home: Set(Some(community.0)), ..Default::default() };
    accounts::Entity::update(update).exec(&db.write).await?;
    db.memory.forget_all();
    Ok(())
}

/// Every role that an account holds now, in all communities.
///
/// # Errors
/// When the database refuses.
pub async fn roles_of(db: &impl ConnectionTrait, account: AccountId, now: Time) -> Result<Vec<(CommunityId, Role)>, AppError> {
    let mut roles = Vec::new();
    for person in persons::Entity::find().filter(persons::Column::AccountId.eq(account.0)).all(db).await? {
        let community = CommunityId(person.community_id);
        let rows = current_memberships(db, community, PersonId(person.id), now).await?;
        roles.extend(rows.iter().filter_map(|row| Role::from_code(&row.role)).map(|role| (community, role)));
    }
    Ok(roles)
}

/// The roles that wait for a password.
///
/// # Errors
/// When the database refuses.
pub async fn waiting(db: &Db, account: AccountId, now: Time) -> Result<Vec<Role>, AppError> {
    if accounts::Entity::find_by_id(account.0).one(&db.read).await?.is_none_or(|a| a.staff) {
        return Ok(Vec::new());
    }
    Ok(roles_of(&db.read, account, now).await?.into_iter().map(|(_, role)| role).filter(|r| r.is_staff()).collect())
}

/// The roles that a person holds now, the oldest first.
pub(super) async fn current_memberships(db: &impl ConnectionTrait, community: CommunityId, person: PersonId, now: Time) -> Result<Vec<memberships::Model>, AppError> {
    Ok(memberships::Entity::find()
        .filter(memberships::Column::CommunityId.eq(community.0))
        .filter(memberships::Column::PersonId.eq(person.0))
        .filter(memberships::Column::Until.is_null().or(memberships::Column::Until.gt(now.0)))
        .order_by_asc(memberships::Column::Since)
        .order_by_asc(memberships::Column::Id)
        .all(db)
        .await?)
}

/// The phone of an account, masked, for the page of its own person.
///
/// # Errors
/// When the database refuses.
pub async fn masked_phone(db: &Db, account: AccountId) -> Result<String, AppError> {
    Ok(accounts::Entity::find_by_id(account.0).one(&db.read).await?.map(|a| mask_phone(&a.phone)).unwrap_or_default())
}
