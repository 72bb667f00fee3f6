//! Reading people: names as the viewer may know them, and letters.

use super::entity::{letters, persons};
use super::joining::owns;
pub use super::members::{Member, members};
use super::model::{LetterPurpose, LetterRow, Role};
use super::rules::mask_name;
use crate::apply::Work;
use crate::context::{Services, Viewer};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, LetterId, PersonId, UnitId, encode_code};
use crate::measure::Time;
use crate::rooms::communities;
use crate::rooms::people::rules::Permission;
use hmac::{Hmac, KeyInit, Mac};
use sea_orm::sea_query::Expr;
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
    /// The unit that it lets into.
    pub unit: Option<UnitId>,
    /// Whose secret it resets.
    pub person: Option<PersonId>,
    /// The unit with its room masked, or the person's masked name.
    pub masked: String,
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
    let masked = addressee(db, &row, lang, true).await?;
    Ok(OpenLetter {
        id: LetterId(row.id),
        community,
        purpose: purpose_of(&row),
        unit: row.unit_id.map(UnitId),
        person: row.person_id.map(PersonId),
        masked,
        community_name: home.name,
        phone: home.phone,
    })
}

/// To whom a letter is: a unit, or a person whose secret it resets.
async fn addressee(db: &impl ConnectionTrait, row: &letters::Model, lang: Lang, masked: bool) -> Result<String, AppError> {
    let community = CommunityId(row.community_id);
    if let Some(unit) = row.unit_id {
        return Ok(communities::store::unit(db, community, UnitId(unit)).await?.name(lang, masked));
    }
    let person = row.person_id.ok_or(AppError::NotFound)?;
    let name = names(db, community, [person]).await?.remove(&person).unwrap_or_default();
    Ok(if masked { mask_name(&name) } else { name })
}

/// Marks a letter as used by a person. This is the moment that decides when two hold the same letter, or one takes it
/// back while the other uses it.
///
/// # Errors
/// [`AppError::Closed`] when it is no longer open.
pub async fn use_letter(work: &Work<'_>, letter: LetterId, person: PersonId) -> Result<(), AppError> {
    let used = letters::Entity::update_many()
        .col_expr(letters::Column::UsedAt, Expr::value(work.now.0))
        .col_expr(letters::Column::UsedBy, Expr::value(person.0))
        .filter(letters::Column::CommunityId.eq(work.community.0))
        .filter(letters::Column::Id.eq(letter.0))
        .filter(letters::Column::UsedAt.is_null())
        .filter(letters::Column::RevokedAt.is_null())
        .exec(work.txn)
        .await?;
    if used.rows_affected == 0 {
        return Err(AppError::closed("这封信刚刚被用掉或作废了。", "This letter was used or taken back a moment ago."));
    }
    Ok(())
}

/// A letter with its code, to be printed.
#[derive(Clone, Debug)]
pub struct Printable {
    /// The letter.
    pub id: LetterId,
    /// The code.
    pub code: String,
    /// What it is for.
    pub purpose: LetterPurpose,
    /// The unit, written out, or the name of whom a reset is for.
    pub to: String,
    /// When it stops working.
    pub expires_at: Time,
}

/// What the desk may see: its own letters to owners, and what the viewer made. Invitations are between neighbours, and a
/// reset is a key to somebody's account.
fn for_desk(viewer: &Viewer) -> Expr {
    letters::Column::Purpose.eq(LetterPurpose::Owner.code()).or(letters::Column::MadeBy.eq(viewer.person().0))
}

/// The letters of one issue (they share the moment they were made), still to be used, with their codes.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to letters.
pub async fn printable(services: &Services, viewer: &Viewer, lang: Lang, made_at: Time) -> Result<Vec<Printable>, AppError> {
    viewer.require(Permission::Letters)?;
    let rows = letters::Entity::find()
        .filter(letters::Column::CommunityId.eq(viewer.community().0))
        .filter(for_desk(viewer))
        .filter(letters::Column::MadeAt.eq(made_at.0))
        .filter(letters::Column::UsedAt.is_null())
        .filter(letters::Column::RevokedAt.is_null())
        .all(&services.db.read)
        .await?;
    let mut all = Vec::new();
    for row in rows {
        all.push(Printable {
            id: LetterId(row.id),
            code: letter_code(&services.letter_key, LetterId(row.id)),
            purpose: purpose_of(&row),
            to: addressee(&services.db.read, &row, lang, false).await?,
            expires_at: Time(row.expires_at),
        });
    }
    // In the order of the doors: 2号楼 before 10号楼.
    all.sort_by_cached_key(|letter| (numbers_in(&letter.to), letter.to.clone()));
    Ok(all)
}

fn numbers_in(text: &str) -> Vec<u64> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

/// A purpose that this program does not know lets nobody become more than a member of the household.
fn purpose_of(row: &letters::Model) -> LetterPurpose {
    LetterPurpose::from_code(&row.purpose).unwrap_or(LetterPurpose::Household)
}

/// The desk's letters, the newest first, at most 200.
///
/// # Errors
/// [`AppError::Forbidden`] without the right to letters.
pub async fn letters(services: &Services, viewer: &Viewer, lang: Lang) -> Result<Vec<LetterRow>, AppError> {
    viewer.require(Permission::Letters)?;
    // Two questions with an index each: asked as one, the whole community would be read.
    let newest =
        |which: Expr| letters::Entity::find().filter(letters::Column::CommunityId.eq(viewer.community().0)).filter(which).order_by_desc(letters::Column::MadeAt).limit(200);
    let mut rows = newest(letters::Column::Purpose.eq(LetterPurpose::Owner.code())).all(&services.db.read).await?;
    let own = newest(letters::Column::MadeBy.eq(viewer.person().0)).all(&services.db.read).await?;
    rows.extend(own.into_iter().filter(|l| purpose_of(l) != LetterPurpose::Owner));
    rows.sort_by_key(|l| std::cmp::Reverse(l.made_at));
    rows.truncate(200);
    rows_of(&services.db.read, rows, lang).await
}

/// The open invitations that the viewer made into their unit.
///
/// # Errors
/// When the database refuses.
pub async fn invitations(services: &Services, viewer: &Viewer, lang: Lang, now: Time) -> Result<Vec<LetterRow>, AppError> {
    let Some(unit) = viewer.unit().filter(|_| viewer.may(Permission::Invite)) else { return Ok(Vec::new()) };
    let rows = letters::Entity::find()
        .filter(letters::Column::CommunityId.eq(viewer.community().0))
        .filter(letters::Column::UnitId.eq(unit.0))
        .filter(letters::Column::MadeBy.eq(viewer.person().0))
        .filter(letters::Column::Purpose.ne(LetterPurpose::Owner.code()))
        .filter(letters::Column::UsedAt.is_null())
        .filter(letters::Column::RevokedAt.is_null())
        .filter(letters::Column::ExpiresAt.gt(now.0))
        .order_by_desc(letters::Column::MadeAt)
        .limit(50)
        .all(&services.db.read)
        .await?;
    rows_of(&services.db.read, rows, lang).await
}

async fn rows_of(db: &impl ConnectionTrait, rows: Vec<letters::Model>, lang: Lang) -> Result<Vec<LetterRow>, AppError> {
    let mut all = Vec::new();
    for row in rows {
        let purpose = purpose_of(&row);
        let off_roster = match (purpose, row.unit_id, row.used_by) {
            (LetterPurpose::Owner, Some(unit), Some(person)) => !owns(db, CommunityId(row.community_id), UnitId(unit), PersonId(person)).await?,
            _ => false,
        };
        all.push(LetterRow {
            id: LetterId(row.id),
            purpose,
            to: addressee(db, &row, lang, false).await?,
            off_roster,
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
