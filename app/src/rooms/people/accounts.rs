//! Accounts: secrets, sign-in with its lock-out, and the session's claim that becomes a [`Viewer`].

use super::entity::{accounts, memberships, persons, sessions, sign_in_failures};
use super::model::{Hat, Role};
use super::rules::{FORGIVE_AFTER, locked_for, mask_phone};
use crate::apply::Work;
use crate::context::{Db, Viewer, internal};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{AccountId, BuildingId, CommunityId, MembershipId, PersonId, UnitId};
use crate::measure::Time;
use crate::rooms::communities;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, Set};
use serde::{Deserialize, Serialize};

/// Hashes a PIN or password with Argon2id. Takes tens of milliseconds and 19 MiB: call it on a blocking thread.
///
/// # Errors
/// When the system has no randomness.
pub fn hash_secret(secret: &str) -> Result<String, AppError> {
    Ok(Argon2::default().hash_password(secret.as_bytes()).map_err(internal)?.to_string())
}

/// A hash that no secret fits, so that an unknown phone costs as much time as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$7cIF2tKYs4lZUYMwzyTlJqKSbUCYdUHDQWrr1F1pVYo";

/// Checks a secret against its hash.
pub fn secret_fits(secret: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(secret.as_bytes(), &hash).is_ok())
}

/// Tries to sign in. The answer is the same for a wrong secret and an unknown phone, and takes as long.
/// `address` is where the request comes from; its failures are counted apart from the phone's.
///
/// # Errors
/// [`AppError::TooMany`] while locked out, [`AppError::Invalid`] on `secret` for any mismatch.
pub async fn sign_in(db: &Db, phone: &str, secret: String, address: &str, now: Time) -> Result<AccountId, AppError> {
    let subjects = [format!("phone:{phone}"), format!("address:{address}")];
    for subject in &subjects {
        // An address may be a whole building behind one router: it gets ten times the tries.
        let share = if subject.starts_with("address:") { 10 } else { 1 };
        if let Some(row) = sign_in_failures::Entity::find_by_id(subject.clone()).one(&db.read).await?
            && let Some(seconds) = locked_for((row.failures / share) as i32, Time(row.last_at), now)
        {
            return Err(AppError::TooMany { retry_after: seconds });
        }
    }
    let account = accounts::Entity::find().filter(accounts::Column::Phone.eq(phone)).one(&db.read).await?;
    let hash = account.as_ref().map_or_else(|| NOBODY.to_owned(), |a| a.secret.clone());
    let fits = tokio::task::spawn_blocking(move || secret_fits(&secret, &hash)).await.map_err(internal)?;
    match account {
        Some(account) if fits => {
            sign_in_failures::Entity::delete_by_id(subjects[0].clone()).exec(&db.write).await?;
            Ok(AccountId(account.id))
        }
        _ => {
            for subject in subjects {
                count_failure(db, subject, now).await?;
            }
            Err(AppError::field("secret", "手机号或密码不对，请再试一次", "Phone or PIN does not match; please try again"))
        }
    }
}

async fn count_failure(db: &Db, subject: String, now: Time) -> Result<(), AppError> {
    let txn = db.begin().await?;
    let old = sign_in_failures::Entity::find_by_id(subject.clone()).one(&txn).await?;
    let failures = old.filter(|o| now.0 - o.last_at < FORGIVE_AFTER).map_or(1, |o| o.failures.saturating_add(1));
    let row = sign_in_failures::ActiveModel { subject: Set(subject), failures: Set(failures), last_at: Set(now.0) };
    let replace = OnConflict::column(sign_in_failures::Column::Subject).update_columns([sign_in_failures::Column::Failures, sign_in_failures::Column::LastAt]).to_owned();
    sign_in_failures::Entity::insert(row).on_conflict(replace).exec_without_returning(&txn).await?;
    txn.commit().await?;
    Ok(())
}

/// What a session remembers: the account and the role it acts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The account that signed in.
    pub account: AccountId,
    /// The role chosen, if any was.
    pub membership: Option<MembershipId>,
}

/// Turns a session's claim into a viewer: the chosen role, or else the one with the most work.
///
/// # Errors
/// When the database refuses.
pub async fn viewer(db: &Db, claim: Claim, now: Time) -> Result<Option<Viewer>, AppError> {
    let persons = persons::Entity::find().filter(persons::Column::AccountId.eq(claim.account.0)).all(&db.read).await?;
    let mut hats = Vec::new();
    let mut names = Vec::new();
    for person in persons {
        let community = CommunityId(person.community_id);
        let (home, slug) = communities::store::by_id(&db.read, community).await?;
        for row in current_memberships(&db.read, community, PersonId(person.id), now).await? {
            let Some(role) = Role::from_code(&row.role) else { continue };
            let unit = row.unit_id.map(UnitId);
            let unit_name = match unit {
                Some(unit) => Some(communities::store::unit(&db.read, community, unit).await?.name(Lang::Zh, false)),
                None => None,
            };
            hats.push(Hat {
                membership: MembershipId(row.id),
                community,
                community_name: home.name.clone(),
                person: PersonId(person.id),
                role,
                unit,
                unit_name,
                building: row.building_id.map(BuildingId),
            });
            names.push((home.clone(), slug.clone(), person.name.clone()));
        }
    }
    let first = || (0..hats.len()).min_by_key(|i| hats[*i].role.precedence()).unwrap_or(0);
    let chosen = claim.membership.and_then(|m| hats.iter().position(|h| h.membership == m)).unwrap_or_else(first);
    let Some(hat) = hats.get(chosen).cloned() else { return Ok(None) };
    let (home, slug, name) = names.swap_remove(chosen);
    Ok(Some(Viewer::from_session(claim.account, home, slug, name, hat, hats)))
}

async fn current_memberships(db: &impl ConnectionTrait, community: CommunityId, person: PersonId, now: Time) -> Result<Vec<memberships::Model>, AppError> {
    Ok(memberships::Entity::find()
        .filter(memberships::Column::CommunityId.eq(community.0))
        .filter(memberships::Column::PersonId.eq(person.0))
        .filter(memberships::Column::Until.is_null().or(memberships::Column::Until.gt(now.0)))
        .order_by_asc(memberships::Column::Since)
        .order_by_asc(memberships::Column::Id)
        .all(db)
        .await?)
}

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
    let row = accounts::ActiveModel { id: Set(id.0), phone: Set(phone.into()), secret: Set(secret.into()), staff: Set(staff), created_at: Set(now.0) };
    accounts::Entity::insert(row).exec_without_returning(db).await?;
    Ok(id)
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
    let known = persons::Entity::find().filter(persons::Column::AccountId.eq(account.0)).filter(persons::Column::CommunityId.eq(work.community.0)).one(work.txn).await?;
    let person = match known {
        Some(person) => PersonId(person.id),
        None => adopt_or_make(work, account, name, phone, unit).await?,
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

/// An owner who stands in the roster under this phone or, in this unit, under this name, is the same person.
async fn adopt_or_make(work: &Work<'_>, account: AccountId, name: &str, phone: &str, unit: Option<UnitId>) -> Result<PersonId, AppError> {
    use super::entity::ownerships;
    let free = persons::Column::AccountId.is_null();
    let here = persons::Column::CommunityId.eq(work.community.0);
    let mut found = None;
    if let Some(unit) = unit {
        let owners = ownerships::Entity::find().filter(ownerships::Column::CommunityId.eq(work.community.0)).filter(ownerships::Column::UnitId.eq(unit.0)).all(work.txn).await?;
        let of_unit = persons::Column::Id.is_in(owners.iter().map(|o| o.person_id));
        let same = persons::Column::Name.eq(name).or(persons::Column::Phone.eq(phone));
        found = persons::Entity::find().filter(here.clone()).filter(free).filter(of_unit).filter(same).one(work.txn).await?;
    }
    let id = match found {
        Some(person) => {
            let update = persons::ActiveModel {
                community_id: Set(work.community.0),
                id: Set(person.id),
                account_id: Set(Some(account.0)),
                phone: Set(Some(phone.into())),
                ..Default::default()
            };
            persons::Entity::update(update).exec(work.txn).await?;
            PersonId(person.id)
        }
        None => {
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
            id
        }
    };
    Ok(id)
}

/// A session in the list of 谁在登录.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// A handle that ends it; not the session's key.
    pub handle: String,
    /// The device in words, e.g. `iPhone · 微信`.
    pub agent: String,
    /// When it began.
    pub created_at: Time,
    /// When it was last used.
    pub seen_at: Time,
    /// It is the one that asks.
    pub here: bool,
}

/// What is shown instead of a session's key: enough to name it, useless to take it.
pub fn session_handle(key: &str) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(&Sha256::digest(key.as_bytes())[..8])
}

/// The sessions of an account, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn sessions_of(db: &Db, account: AccountId, current: &str, now: Time) -> Result<Vec<SessionRow>, AppError> {
    let rows = sessions::Entity::find()
        .filter(sessions::Column::AccountId.eq(account.0))
        .filter(sessions::Column::ExpiresAt.gt(now.0))
        .order_by_desc(sessions::Column::SeenAt)
        .all(&db.read)
        .await?;
    Ok(rows
        .into_iter()
        .map(|s| SessionRow { handle: session_handle(&s.id), here: s.id == current, agent: s.agent, created_at: Time(s.created_at), seen_at: Time(s.seen_at) })
        .collect())
}

/// Ends sessions of an account: one by its handle, or all but `except`. Returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn end_sessions(db: &Db, account: AccountId, handle: Option<&str>, except: Option<&str>) -> Result<u64, AppError> {
    let rows = sessions::Entity::find().filter(sessions::Column::AccountId.eq(account.0)).all(&db.read).await?;
    let keys: Vec<String> = rows.into_iter().map(|s| s.id).filter(|key| Some(key.as_str()) != except && handle.is_none_or(|h| session_handle(key) == h)).collect();
    Ok(sessions::Entity::delete_many().filter(sessions::Column::Id.is_in(keys)).exec(&db.write).await?.rows_affected)
}

/// The phone of an account, masked, for the page of its own person.
///
/// # Errors
/// When the database refuses.
pub async fn masked_phone(db: &Db, account: AccountId) -> Result<String, AppError> {
    Ok(accounts::Entity::find_by_id(account.0).one(&db.read).await?.map(|a| mask_phone(&a.phone)).unwrap_or_default())
}
