//! Reading people: names as the viewer may know them, letters, workers, members.

use super::entity::{letters, memberships, persons};
use super::model::{LetterPurpose, LetterRow, Role};
use super::rules::mask_name;
use crate::context::{Services, Viewer};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{BuildingId, CommunityId, LetterId, MembershipId, PersonId, UnitId, encode_code};
use crate::measure::Time;
use crate::rooms::communities;
use crate::rooms::people::rules::Permission;
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use uuid::Uuid;

/// The code of a letter: derived from its id with the installation's key, so that it can be printed again but
/// never read from the database. Ten symbols, two groups of five when printed.
pub fn letter_code(key: &[u8; 32], letter: LetterId) -> String {
    // A key of any length is fine for HMAC, so this cannot fail.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(letter.0.as_bytes());
    let bytes = mac.finalize().into_bytes();
    let n = bytes.iter().take(8).fold(0u64, |n, b| n << 8 | u64::from(*b));
    encode_code(n % 31u64.pow(9), 9)
}

/// What stands in the database of a letter's code.
pub fn code_digest(code: &str) -> String {
    hex::encode(Sha256::digest(format!("letter:{code}").as_bytes()))
}

/// A letter that can be used now.
#[derive(Clone, Debug)]
pub struct OpenLetter {
    /// The letter.
    pub id: LetterId,
    /// Its community.
    pub community: CommunityId,
    /// What it lets its reader become.
    pub purpose: LetterPurpose,
    /// The unit.
    pub unit: UnitId,
    /// The unit with its room masked.
    pub masked_unit: String,
    /// The community's name.
    pub community_name: String,
    /// The community's phone.
    pub phone: String,
}

/// Finds the letter of a code, if it still works.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown code, [`AppError::Closed`] for one that was used, ended or taken back.
pub async fn open_letter(db: &impl ConnectionTrait, code: &str, lang: Lang, now: Time) -> Result<OpenLetter, AppError> {
    let row = letters::Entity::find().filter(letters::Column::CodeDigest.eq(code_digest(code))).one(db).await?.ok_or(AppError::NotFound)?;
    if row.used_at.is_some() {
        return Err(AppError::closed(
            "这封信已经用过了。请直接登录；不是您用的，请告诉居委会。",
            "This letter was used already. Sign in; if it was not you, tell the residents' committee.",
        ));
    }
    if row.revoked_at.is_some() {
        return Err(AppError::closed("这封信已经作废，请向物业或居委会要一封新的。", "This letter was taken back. Ask the property desk for a new one."));
    }
    if row.expires_at <= now.0 {
        return Err(AppError::closed("这封信过期了，请向物业或居委会要一封新的。", "This letter has expired. Ask the property desk for a new one."));
    }
    let community = CommunityId(row.community_id);
    let (home, _) = communities::store::by_id(db, community).await?;
    let unit = communities::store::unit(db, community, UnitId(row.unit_id)).await?;
    Ok(OpenLetter {
        id: LetterId(row.id),
        community,
        purpose: LetterPurpose::from_code(&row.purpose).unwrap_or(LetterPurpose::Household),
        unit: unit.id,
        masked_unit: unit.name(lang, true),
        community_name: home.name,
        phone: home.phone,
    })
}

/// A letter with its code, to be printed.
#[derive(Clone, Debug)]
pub struct Printable {
    /// The letter.
    pub id: LetterId,
    /// The code.
    pub code: String,
    /// The unit, written out.
    pub unit_name: String,
    /// When it stops working.
    pub expires_at: Time,
}

/// The letters of one issue (they share the moment they were made), still to be used, with their codes.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to letters.
pub async fn printable(services: &Services, viewer: &Viewer, made_at: Time) -> Result<Vec<Printable>, AppError> {
    viewer.require(Permission::Letters)?;
    let rows = letters::Entity::find()
        .filter(letters::Column::CommunityId.eq(viewer.community().0))
        .filter(letters::Column::MadeAt.eq(made_at.0))
        .filter(letters::Column::UsedAt.is_null())
        .filter(letters::Column::RevokedAt.is_null())
        .all(&services.db.read)
        .await?;
    let mut all = Vec::new();
    for row in rows {
        let unit = communities::store::unit(&services.db.read, viewer.community(), UnitId(row.unit_id)).await?;
        all.push(Printable {
            id: LetterId(row.id),
            code: letter_code(&services.letter_key, LetterId(row.id)),
            unit_name: unit.name(Lang::Zh, false),
            expires_at: Time(row.expires_at),
        });
    }
    all.sort_by(|a, b| a.unit_name.cmp(&b.unit_name));
    Ok(all)
}

/// The letters of a building or unit, the newest first, at most 200.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to letters, unless it is the viewer's own unit.
pub async fn letters(services: &Services, viewer: &Viewer, unit: Option<UnitId>, lang: Lang) -> Result<Vec<LetterRow>, AppError> {
    let own = unit.is_some() && unit == viewer.unit() && viewer.may(Permission::Invite);
    if !own {
        viewer.require(Permission::Letters)?;
    }
    let mut query = letters::Entity::find().filter(letters::Column::CommunityId.eq(viewer.community().0)).order_by_desc(letters::Column::MadeAt).limit(200);
    if let Some(unit) = unit {
        query = query.filter(letters::Column::UnitId.eq(unit.0));
    }
    let mut all = Vec::new();
    for row in query.all(&services.db.read).await? {
        let unit = communities::store::unit(&services.db.read, viewer.community(), UnitId(row.unit_id)).await?;
        all.push(LetterRow {
            id: LetterId(row.id),
            purpose: LetterPurpose::from_code(&row.purpose).unwrap_or(LetterPurpose::Household),
            unit_name: unit.name(lang, false),
            made_at: Time(row.made_at),
            expires_at: Time(row.expires_at),
            used_at: row.used_at.map(Time),
            revoked_at: row.revoked_at.map(Time),
        });
    }
    Ok(all)
}

/// Names by id, whole: for the caller to mask.
///
/// # Errors
/// When the database refuses.
pub async fn names(db: &impl ConnectionTrait, community: CommunityId, ids: impl IntoIterator<Item = Uuid>) -> Result<HashMap<Uuid, String>, AppError> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = persons::Entity::find()
        .select_only()
        .column(persons::Column::Id)
        .column(persons::Column::Name)
        .filter(persons::Column::CommunityId.eq(community.0))
        .filter(persons::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// A name as the public may know it in a role: those who serve are named by surname and title, residents are masked.
pub fn public_name(lang: Lang, name: &str, role: Option<Role>) -> String {
    let surname: String = name.chars().take(1).collect();
    match role {
        Some(Role::Worker) => crate::tr!(lang, "{s}师傅", "Worker {s}", s = surname),
        Some(Role::CommitteeDirector) => crate::tr!(lang, "业委会 {s}主任", "{s}, committee director", s = surname),
        Some(Role::CommitteeMember) => crate::tr!(lang, "业委会 {s}委员", "{s}, owners' committee", s = surname),
        Some(role) if role.is_staff() => format!("{} {}", role.label(lang), mask_name(name)),
        _ => mask_name(name),
    }
}

/// Somebody with a role, in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The membership.
    pub membership: MembershipId,
    /// The person.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The building, for leaders and representatives.
    pub building: Option<BuildingId>,
    /// They can sign in.
    pub has_account: bool,
}

/// Those who hold one of the roles now, by name.
///
/// # Errors
/// When the database refuses.
pub async fn members(db: &impl ConnectionTrait, community: CommunityId, roles: &[Role], now: Time) -> Result<Vec<Member>, AppError> {
    let rows = memberships::Entity::find()
        .filter(memberships::Column::CommunityId.eq(community.0))
        .filter(memberships::Column::Role.is_in(roles.iter().map(|r| r.code())))
        .filter(memberships::Column::Until.is_null().or(memberships::Column::Until.gt(now.0)))
        .order_by_asc(memberships::Column::Since)
        .limit(1_000)
        .all(db)
        .await?;
    let people: HashMap<Uuid, persons::Model> = persons::Entity::find()
        .filter(persons::Column::CommunityId.eq(community.0))
        .filter(persons::Column::Id.is_in(rows.iter().map(|m| m.person_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|p| (p.id, p))
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|m| {
            let person = people.get(&m.person_id)?;
            Some(Member {
                membership: MembershipId(m.id),
                person: PersonId(m.person_id),
                name: person.name.clone(),
                role: Role::from_code(&m.role)?,
                building: m.building_id.map(BuildingId),
                has_account: person.account_id.is_some(),
            })
        })
        .collect())
}
