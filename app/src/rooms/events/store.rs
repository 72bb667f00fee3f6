//! Appending to the chain, reading timelines, and checking the chain.

use super::entity::{applied_mutations as applied, event_heads, events};
use super::rules::{Draft, canonical};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::{CommunityId, MutationId, PersonId};
use crate::measure::Time;
use crate::rooms::people::model::Role;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set, Statement, Value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
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
    let row = event_heads::ActiveModel { community_id: Set(community.0), seq: Set(0), hash: Set(GENESIS.into()), tickets: Set(0) };
    event_heads::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// What a person wrote in an event, kept beside the chain. The chain holds the digest of salt and text: whoever has the
/// text can prove it, and once it is erased nobody can guess it back.
#[derive(Debug, Serialize, Deserialize)]
struct Words {
    salt: Uuid,
    text: String,
}

impl Words {
    fn digest(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(self.salt.as_bytes());
        hasher.update(self.text.as_bytes());
        hex::encode(hasher.finalize())
    }
}

/// The field of a body that holds what a person wrote. No other field may hold free text.
const WRITTEN: &str = "reason";

/// Takes what a person wrote out of a body and leaves its digest there.
fn set_aside(body: &mut Json) -> Option<Words> {
    let field = body.get_mut(WRITTEN)?;
    let Json::String(text) = field.take() else { return None };
    let words = Words { salt: Uuid::new_v4(), text };
    *field = json!({ "sha256": words.digest() });
    Some(words)
}

/// The digest a body holds in place of what a person wrote.
fn digest_in(body: &Json) -> Option<&str> {
    body.get(WRITTEN)?.get("sha256")?.as_str()
}

/// What an event tells, with the words a person wrote in it unless they were erased; `None` when it cannot be read.
pub fn told<T: DeserializeOwned>(row: &events::Model) -> Option<T> {
    let mut body: Json = serde_json::from_str(&row.body).ok()?;
    if digest_in(&body).is_some() {
        let words = row.words.as_deref().and_then(|w| serde_json::from_str::<Words>(w).ok());
        *body.get_mut(WRITTEN)? = words.map_or(Json::Null, |w| Json::String(w.text));
    }
    serde_json::from_value(body).ok()
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
    /// What, without personal data. What a person wrote may stand in `reason` alone: it is kept beside the chain.
    pub body: Json,
}

/// The end of a chain, held by one transaction: nobody else appends until that is over.
#[derive(Clone, Debug)]
pub struct Head {
    seq: i64,
    hash: String,
    /// How many tickets have been numbered so far.
    pub tickets: i64,
}

/// Takes the end of the community's chain. Everybody else who is about to change this community waits until the
/// caller's transaction is over; on SQLite there is one writer anyway.
///
/// # Errors
/// When the database refuses, or the chain was never opened.
pub async fn hold(db: &impl ConnectionTrait, community: CommunityId) -> Result<Head, AppError> {
    let head = event_heads::Entity::find_by_id(community.0).lock_exclusive().one(db).await?;
    let head = head.ok_or_else(|| internal("this community has no chain"))?;
    Ok(Head { seq: head.seq, hash: head.hash, tickets: head.tickets })
}

/// What became of a mutation that was applied before.
#[derive(Clone, Debug)]
pub struct Before {
    /// The digest of what it asked for.
    pub digest: String,
    /// Who asked.
    pub person: Option<Uuid>,
    /// The answer, as JSON.
    pub receipt: String,
}

#[derive(FromQueryResult)]
struct HeadAndReceipt {
    seq: i64,
    hash: String,
    tickets: i64,
    digest: Option<String>,
    person_id: Option<Uuid>,
    receipt: Option<String>,
}

/// [`hold`], and in the same question whether a mutation was applied before. There is no head, and nothing before,
/// in a community that is only about to be made.
///
/// # Errors
/// When the database refuses.
pub async fn hold_and_recall(db: &impl ConnectionTrait, community: CommunityId, mutation: MutationId) -> Result<(Option<Head>, Option<Before>), AppError> {
    let same = Expr::col((applied::Entity, applied::Column::CommunityId)).equals((event_heads::Entity, event_heads::Column::CommunityId));
    let question = Query::select()
        .columns([event_heads::Column::Seq, event_heads::Column::Hash, event_heads::Column::Tickets].map(|c| (event_heads::Entity, c)))
        .columns([applied::Column::Digest, applied::Column::PersonId, applied::Column::Receipt].map(|c| (applied::Entity, c)))
        .from(event_heads::Entity)
        .left_join(applied::Entity, same.and(Expr::col((applied::Entity, applied::Column::Id)).eq(mutation.0)))
        .and_where(Expr::col((event_heads::Entity, event_heads::Column::CommunityId)).eq(community.0))
        .lock_with_tables(LockType::Update, [event_heads::Entity])
        .to_owned();
    let Some(row) = HeadAndReceipt::find_by_statement(db.get_database_backend().build(&question)).one(db).await? else { return Ok((None, None)) };
    let before = row.digest.zip(row.receipt).map(|(digest, receipt)| Before { digest, person: row.person_id, receipt });
    Ok((Some(Head { seq: row.seq, hash: row.hash, tickets: row.tickets }), before))
}

/// Appends an event in the caller's transaction.
///
/// # Errors
/// When the database refuses, or the chain was never opened.
pub async fn append(db: &impl ConnectionTrait, community: CommunityId, entry: Entry) -> Result<i64, AppError> {
    let mut head = hold(db, community).await?;
    let row = head.link(community, entry)?;
    all_at_once(db, written(community, &head, vec![row], db.get_database_backend())).await?;
    Ok(head.seq)
}

impl Head {
    /// The row of an event that comes next, and the head moves on to it. [`written`] says how both are written.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the words cannot be written as JSON.
    pub fn link(&mut self, community: CommunityId, mut entry: Entry) -> Result<events::ActiveModel, AppError> {
        let words = set_aside(&mut entry.body).map(|w| serde_json::to_string(&w)).transpose().map_err(internal)?;
        let draft = Draft {
            community,
            seq: self.seq + 1,
            at: entry.at,
            subject_kind: entry.subject_kind.to_owned(),
            subject: entry.subject,
            actor: entry.actor,
            role: entry.role,
            mutation: entry.mutation,
            body: entry.body,
        };
        self.hash = chain(&self.hash, &draft);
        self.seq = draft.seq;
        Ok(events::ActiveModel {
            community_id: Set(community.0),
            seq: Set(draft.seq),
            at: Set(draft.at.0),
            subject_kind: Set(draft.subject_kind),
            subject: Set(draft.subject),
            actor: Set(draft.actor.map(|a| a.0)),
            role: Set(draft.role.map(|r| r.code().to_owned())),
            mutation: Set(draft.mutation.map(|m| m.0)),
            body: Set(draft.body.to_string()),
            words: Set(words),
            hash: Set(self.hash.clone()),
        })
    }
}

/// The statements that write events and the head after them: none where nothing happened.
pub fn written(community: CommunityId, head: &Head, rows: Vec<events::ActiveModel>, backend: DbBackend) -> Vec<Statement> {
    if rows.is_empty() {
        return Vec::new();
    }
    vec![events::Entity::insert_many(rows).build(backend), seal(community, head, backend)]
}

fn seal(community: CommunityId, head: &Head, backend: DbBackend) -> Statement {
    let seal = event_heads::ActiveModel { seq: Set(head.seq), hash: Set(head.hash.clone()), tickets: Set(head.tickets), ..Default::default() };
    event_heads::Entity::update_many().set(seal).filter(event_heads::Column::CommunityId.eq(community.0)).build(backend)
}

/// Writes many events and the head after them, in statements of so many rows.
///
/// # Errors
/// When the database refuses.
pub async fn write_many(db: &impl ConnectionTrait, community: CommunityId, head: &Head, rows: Vec<events::ActiveModel>, at_once: usize) -> Result<(), AppError> {
    if rows.is_empty() {
        return Ok(());
    }
    for rows in rows.chunks(at_once) {
        events::Entity::insert_many(rows.iter().cloned()).exec_without_returning(db).await?;
    }
    all_at_once(db, vec![seal(community, head, db.get_database_backend())]).await
}

/// Runs statements one after the other. SQLite takes them in one go: half of the time of a small statement there is
/// the way to the thread that runs it and back.
///
/// # Errors
/// When the database refuses one of them.
pub async fn all_at_once(db: &impl ConnectionTrait, statements: Vec<Statement>) -> Result<(), AppError> {
    if db.get_database_backend() != DbBackend::Sqlite {
        for statement in statements {
            db.execute_raw(statement).await?;
        }
        return Ok(());
    }
    let sql: Vec<&str> = statements.iter().map(|s| s.sql.as_str()).collect();
    let sql = sql.join("; ");
    let values: Vec<Value> = statements.into_iter().filter_map(|s| s.values).flat_map(|values| values.0).collect();
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)).await?;
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

/// The newest event of a kind.
///
/// # Errors
/// When the database refuses.
pub async fn newest_kind(db: &impl ConnectionTrait, community: CommunityId, kind: &str) -> Result<Option<events::Model>, AppError> {
    let row = events::Entity::find()
        .filter(events::Column::CommunityId.eq(community.0))
        .filter(events::Column::SubjectKind.eq(kind))
        .order_by_desc(events::Column::Seq)
        .limit(1)
        .one(db)
        .await?;
    Ok(row)
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
            let words = row.words.as_deref().map(serde_json::from_str::<Words>);
            match draft_of(row) {
                Some(draft) if words_fit(&draft.body, words) && draft.seq == seq && chain(&previous, &draft) == hash => previous = hash,
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

/// Words that were erased fit; words that are not those whose digest is in the chain do not.
fn words_fit(body: &Json, words: Option<serde_json::Result<Words>>) -> bool {
    match words {
        None => true,
        Some(Ok(words)) => digest_in(body) == Some(words.digest().as_str()),
        Some(Err(_)) => false,
    }
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
