//! Appending to the chain, reading timelines, and checking the chain.

use super::entity::{event_heads, events};
use super::rules::{Draft, canonical};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::{CommunityId, MutationId, PersonId};
use crate::measure::Time;
use crate::rooms::people::model::Role;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The hash before the first event.
pub const GENESIS: &str = "";

/// `SHA-256(previous hash ‖ canonical JSON)` in lower-case hex.
pub fn chain(previous: &str, event: &Draft) -> String {
    let mut hasher = Sha256::new();
    hasher.update(previous.as_bytes());
    hasher.update(canonical(event).as_bytes());
    hex::encode(hasher.finalize())
}

/// Opens the chain of a new community.
///
/// # Errors
/// When the database refuses.
pub async fn open_chain(db: &impl ConnectionTrait, community: CommunityId) -> Result<(), AppError> {
    let row = event_heads::ActiveModel { community_id: Set(community.0), seq: Set(0), hash: Set(GENESIS.into()) };
    event_heads::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// What an event says, before it has its place in the chain.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: Time,
    /// What sort of thing.
    pub subject_kind: &'static str,
    /// Which one.
    pub subject: Uuid,
    /// Who.
    pub actor: Option<PersonId>,
    /// In which role.
    pub role: Option<Role>,
    /// Caused by which mutation.
    pub mutation: Option<MutationId>,
    /// What, without personal data.
    pub body: Value,
}

/// Appends an event in the caller's transaction. The head's row is the lock that keeps the chain single.
///
/// # Errors
/// When the database refuses, or the chain was never opened.
pub async fn append(db: &impl ConnectionTrait, community: CommunityId, entry: Entry) -> Result<i64, AppError> {
    let bump = Query::update()
        .table(Alias::new("event_heads"))
        .value(Alias::new("seq"), Expr::col(Alias::new("seq")).add(1))
        .and_where(Expr::col(Alias::new("community_id")).eq(community.0))
        .returning(Query::returning().columns([Alias::new("seq"), Alias::new("hash")]))
        .to_owned();
    let head = db.query_one(&bump).await?.ok_or_else(|| internal("this community has no chain"))?;
    let (seq, previous): (i64, String) = (head.try_get("", "seq")?, head.try_get("", "hash")?);
    let draft = Draft {
        community,
        seq,
        at: entry.at,
        subject_kind: entry.subject_kind.to_owned(),
        subject: entry.subject,
        actor: entry.actor,
        role: entry.role,
        mutation: entry.mutation,
        body: entry.body,
    };
    let hash = chain(&previous, &draft);
    let row = events::ActiveModel {
        community_id: Set(community.0),
        seq: Set(seq),
        at: Set(draft.at.0),
        subject_kind: Set(draft.subject_kind),
        subject: Set(draft.subject),
        actor: Set(draft.actor.map(|a| a.0)),
        role: Set(draft.role.map(|r| r.code().to_owned())),
        mutation: Set(draft.mutation.map(|m| m.0)),
        body: Set(draft.body.to_string()),
        hash: Set(hash.clone()),
    };
    events::Entity::insert(row).exec_without_returning(db).await?;
    let seal = Query::update().table(Alias::new("event_heads")).value(Alias::new("hash"), hash).and_where(Expr::col(Alias::new("community_id")).eq(community.0)).to_owned();
    db.execute(&seal).await?;
    Ok(seq)
}

/// Makes everybody else who is about to change this community wait until the caller's transaction is over. On SQLite
/// there is one writer anyway.
///
/// # Errors
/// When the database refuses.
pub async fn hold(db: &impl ConnectionTrait, community: CommunityId) -> Result<(), AppError> {
    event_heads::Entity::find_by_id(community.0).lock_exclusive().one(db).await?;
    Ok(())
}

/// The newest five hundred events of one kind about one thing, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn of_subject(db: &impl ConnectionTrait, community: CommunityId, kind: &str, subject: Uuid) -> Result<Vec<events::Model>, AppError> {
    let mut newest = events::Entity::find()
        .filter(events::Column::CommunityId.eq(community.0))
        .filter(events::Column::Subject.eq(subject))
        .filter(events::Column::SubjectKind.eq(kind))
        .order_by_desc(events::Column::Seq)
        .limit(500)
        .all(db)
        .await?;
    newest.reverse();
    Ok(newest)
}

/// The newest events about several things, the newest first, at most a thousand in all.
///
/// # Errors
/// When the database refuses.
pub async fn newest_of(db: &impl ConnectionTrait, community: CommunityId, subjects: &[Uuid]) -> Result<Vec<events::Model>, AppError> {
    Ok(events::Entity::find()
        .filter(events::Column::CommunityId.eq(community.0))
        .filter(events::Column::Subject.is_in(subjects.iter().copied()))
        // The plus keeps SQLite from walking the community's whole chain backwards to save a small sort.
        .order_by(Expr::cust("+seq"), Order::Desc)
        .limit(1_000)
        .all(db)
        .await?)
}

/// What `xianghe verify` found in one community's chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every event is there and unchanged; so many.
    Whole(i64),
    /// The first event that is missing or changed.
    BrokenAt(i64),
    /// The events fit, but the head says something else.
    WrongHead,
}

/// Reads a whole chain and recomputes every hash.
///
/// # Errors
/// When the database refuses.
pub async fn verify(db: &impl ConnectionTrait, community: CommunityId) -> Result<Verdict, AppError> {
    let mut previous = GENESIS.to_owned();
    let mut seq = 0;
    loop {
        let page = events::Entity::find()
            .filter(events::Column::CommunityId.eq(community.0))
            .filter(events::Column::Seq.gt(seq))
            .order_by_asc(events::Column::Seq)
            .limit(2_000)
            .all(db)
            .await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            seq += 1;
            let hash = row.hash.clone();
            match draft_of(row) {
                Some(draft) if draft.seq == seq && chain(&previous, &draft) == hash => previous = hash,
                _ => return Ok(Verdict::BrokenAt(seq)),
            }
        }
    }
    let head = event_heads::Entity::find_by_id(community.0).one(db).await?;
    Ok(match head {
        Some(head) if head.seq == seq && head.hash == previous => Verdict::Whole(seq),
        _ => Verdict::WrongHead,
    })
}

fn draft_of(row: events::Model) -> Option<Draft> {
    Some(Draft {
        community: CommunityId(row.community_id),
        seq: row.seq,
        at: Time(row.at),
        subject_kind: row.subject_kind,
        subject: row.subject,
        actor: row.actor.map(PersonId),
        role: match row.role {
            Some(code) => Some(Role::from_code(&code)?),
            None => None,
        },
        mutation: row.mutation.map(MutationId),
        body: serde_json::from_str(&row.body).ok()?,
    })
}
