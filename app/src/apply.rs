//! Applying a mutation: once, in one transaction, with its receipt.
//!
//! Same id, same body: the stored receipt. Same id, other body: [`AppError::Replayed`]. A refusal that asking again
//! cannot change is stored as a receipt too, so that a queue never wedges.

use crate::context::{Caller, Services, internal};
use crate::error::AppError;
use crate::ids::{CommunityId, MutationId, PersonId};
use crate::measure::Time;
use crate::mutation::{Envelope, Mutation, Outcome, Receipt};
use crate::rooms::events::entity::applied_mutations as applied;
use crate::rooms::events::store::{Entry, append};
use crate::rooms::people::model::Role;
use crate::rooms::{communities, people, places, rosters, tickets};
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, EntityTrait, Set};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What an arm of [`apply`] works with.
pub struct Work<'a> {
    /// The transaction; everything is written through it.
    pub txn: &'a DatabaseTransaction,
    /// The services, for what is not in the database.
    pub services: &'a Services,
    /// The community that is changed.
    pub community: CommunityId,
    /// Who asks.
    pub caller: &'a Caller,
    /// The mutation's id.
    pub mutation: MutationId,
    /// The server's clock.
    pub now: Time,
    /// A hashed PIN or password that travels beside the mutation.
    pub secret: Option<&'a str>,
}

/// What an arm answers when it is done.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// What it was done to.
    pub subject: Option<Uuid>,
    /// The number that people use.
    pub number: Option<String>,
    /// The version after it.
    pub version: i64,
}

impl Work<'_> {
    /// The person who asks, if there is one.
    pub fn person(&self) -> Option<PersonId> {
        self.caller.viewer().map(|v| v.person())
    }

    /// The role they act in.
    pub fn role(&self) -> Option<Role> {
        self.caller.viewer().map(|v| v.role())
    }

    /// Appends an event about `subject` to the community's chain.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn tell(&self, subject_kind: &'static str, subject: Uuid, body: &impl Serialize) -> Result<(), AppError> {
        let body = serde_json::to_value(body).map_err(internal)?;
        let entry = Entry { at: self.now, subject_kind, subject, actor: self.person(), role: self.role(), mutation: Some(self.mutation), body };
        append(self.txn, self.community, entry).await.map(drop)
    }
}

/// Applies an envelope once.
///
/// # Errors
/// What should be tried again later ([`AppError::Internal`]), what the sender must mend ([`AppError::NotSignedIn`],
/// [`AppError::Replayed`]), and, for visitors, refusals. A signed-in person's refusals come back as a receipt.
pub async fn apply(services: &Services, caller: &Caller, envelope: &Envelope, now: Time, secret: Option<&str>) -> Result<Receipt, AppError> {
    let community = community_of(caller, envelope);
    if let (Some(viewer), Some(person)) = (caller.viewer(), envelope.person)
        && viewer.person() != person
    {
        return Err(AppError::Forbidden);
    }
    let digest = digest(&envelope.mutation)?;
    let mut last = AppError::NotFound;
    for _ in 0..3 {
        match attempt(services, caller, envelope, community, &digest, now, secret).await {
            // Two senders of one id may meet on PostgreSQL: the one who lost reads the winner's receipt.
            Err(AppError::Internal { reference }) => last = AppError::Internal { reference },
            Err(refusal) if refusal.is_refusal() && caller.viewer().is_some() => {
                return refuse(services, caller, envelope, community, &digest, now, refusal).await;
            }
            other => return other,
        }
    }
    Err(last)
}

fn community_of(caller: &Caller, envelope: &Envelope) -> CommunityId {
    match caller {
        Caller::Person(viewer) => viewer.community(),
        Caller::Visitor(community) | Caller::Clock(community) => *community,
        // A set-up sent twice must find the community that the first one made.
        Caller::SetUp => CommunityId(envelope.id.0),
    }
}

fn digest(mutation: &Mutation) -> Result<String, AppError> {
    let bytes = serde_json::to_vec(mutation).map_err(internal)?;
    Ok(hex::encode(Sha256::digest(&bytes)))
}

async fn attempt(services: &Services, caller: &Caller, envelope: &Envelope, community: CommunityId, digest: &str, now: Time, secret: Option<&str>) -> Result<Receipt, AppError> {
    let txn = services.db.begin().await?;
    if let Some(row) = applied::Entity::find_by_id((community.0, envelope.id.0)).one(&txn).await? {
        return stored(&row, caller, digest);
    }
    let work = Work { txn: &txn, services, community, caller, mutation: envelope.id, now, secret };
    let receipt = carry_out(&work, envelope, digest).await?;
    txn.commit().await?;
    services.db.memory.forget(community);
    // Repairs are most of what happens, and change nothing of who is who and where.
    if !envelope.mutation.kind().starts_with("ticket.") {
        services.db.memory.forget_all();
    }
    Ok(receipt)
}

async fn carry_out(work: &Work<'_>, envelope: &Envelope, digest: &str) -> Result<Receipt, AppError> {
    let done = dispatch(work, &envelope.mutation).await?;
    let receipt = Receipt { id: envelope.id, outcome: Outcome::Done { subject: done.subject, number: done.number, version: done.version } };
    applied::Entity::insert(row(work.caller, envelope, work.community, digest, work.now, &receipt)?).exec_without_returning(work.txn).await?;
    Ok(receipt)
}

/// Applies an envelope inside a larger transaction: the demonstration replays years of history this way.
///
/// # Errors
/// Every refusal; the caller's transaction is then worth nothing.
pub async fn apply_within(txn: &DatabaseTransaction, services: &Services, caller: &Caller, envelope: &Envelope, now: Time) -> Result<Receipt, AppError> {
    let work = Work { txn, services, community: community_of(caller, envelope), caller, mutation: envelope.id, now, secret: None };
    carry_out(&work, envelope, &digest(&envelope.mutation)?).await
}

fn stored(row: &applied::Model, caller: &Caller, digest: &str) -> Result<Receipt, AppError> {
    if row.digest != digest || row.person_id != caller.viewer().map(|v| v.person().0) {
        return Err(AppError::Replayed);
    }
    serde_json::from_str(&row.receipt).map_err(internal)
}

fn row(caller: &Caller, envelope: &Envelope, community: CommunityId, digest: &str, now: Time, receipt: &Receipt) -> Result<applied::ActiveModel, AppError> {
    Ok(applied::ActiveModel {
        community_id: Set(community.0),
        id: Set(envelope.id.0),
        kind: Set(envelope.mutation.kind().to_owned()),
        digest: Set(digest.to_owned()),
        person_id: Set(caller.viewer().map(|v| v.person().0)),
        receipt: Set(serde_json::to_string(receipt).map_err(internal)?),
        at: Set(now.0),
    })
}

async fn refuse(services: &Services, caller: &Caller, envelope: &Envelope, community: CommunityId, digest: &str, now: Time, reason: AppError) -> Result<Receipt, AppError> {
    let receipt = Receipt { id: envelope.id, outcome: Outcome::Rejected { reason } };
    let row = row(caller, envelope, community, digest, now, &receipt)?;
    let keep = OnConflict::columns([applied::Column::CommunityId, applied::Column::Id]).do_nothing().to_owned();
    let new = applied::Entity::insert(row).on_conflict(keep).exec_without_returning(&services.db.write).await?;
    if new == 0 {
        // The same envelope, sent twice at once, was carried out in the meantime: that is the answer.
        let first = applied::Entity::find_by_id((community.0, envelope.id.0)).one(&services.db.write).await?;
        return first.map_or(Ok(receipt), |first| stored(&first, caller, digest));
    }
    Ok(receipt)
}

async fn dispatch(work: &Work<'_>, mutation: &Mutation) -> Result<Done, AppError> {
    match mutation {
        Mutation::TicketReport(m) => tickets::apply::report(work, m).await,
        Mutation::TicketMeToo(m) => tickets::apply::me_too(work, m).await,
        Mutation::TicketAdvance(m) => tickets::apply::advance(work, m).await,
        Mutation::TicketComment(m) => tickets::apply::comment(work, m).await,
        Mutation::TicketModerate(m) => tickets::apply::moderate(work, m).await,
        Mutation::LetterIssue(m) => people::apply::issue_letters(work, m).await,
        Mutation::LetterRevoke(m) => people::apply::revoke_letter(work, m).await,
        Mutation::LetterReset(m) => people::secrets::issue_reset(work, m).await,
        Mutation::LetterRedeem(m) => people::apply::redeem_letter(work, m).await,
        Mutation::RoleGrant(m) => people::roles::grant_role(work, m).await,
        Mutation::RoleEnd(m) => people::roles::end_role(work, m).await,
        Mutation::PlaceAdd(m) => places::apply::add_place(work, m).await,
        Mutation::FacilityAdd(m) => places::apply::add_facility(work, m).await,
        Mutation::RosterImport(m) => rosters::apply::confirm(work, m).await,
        Mutation::CommunitySetting(m) => communities::apply::change_setting(work, m).await,
        Mutation::CommunitySetUp(m) => communities::apply::set_up(work, m).await,
    }
}
