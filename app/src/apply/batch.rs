//! Many envelopes in one transaction: what waited on a phone comes in with one commit. Each is still applied, refused
//! and answered by itself.
//!
//! Reports without photos are what there is most of, and they write nothing before all of them are judged: a refusal
//! leaves nothing behind. Everything else goes the way of a single envelope.

use super::{Foreknown, Ledger, Work, apply, community_of, digest, dispatch, foresee, row, stored};
use crate::context::{Caller, Services, internal};
use crate::error::AppError;
use crate::ids::CommunityId;
use crate::measure::Time;
use crate::mutation::{Envelope, Mutation, Outcome, Receipt};
use crate::rooms::events::entity::applied_mutations as applied;
use crate::rooms::events::store::{Before, hold, write_many};
use crate::rooms::tickets::entity::tickets;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Rows in one statement. Few sizes, so that the database prepares few statements.
const AT_ONCE: usize = 10;

type Answer = Result<Receipt, AppError>;

/// Applies envelopes in their order and answers each; see [`apply`] for the answers.
pub async fn apply_all(services: &Services, all: &[(Caller, Envelope)], now: Time) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(all.len());
    let mut rest = all;
    while let Some(first) = rest.first() {
        let community = community_of(&first.0, &first.1);
        let together = rest.iter().take_while(|(caller, envelope)| is_light(&envelope.mutation) && community_of(caller, envelope) == community).count();
        let (run, left) = rest.split_at(together.max(1));
        // Whatever keeps them from being written together (somebody sent one of them at the same moment) is found out
        // one by one.
        match if together > 1 { together_or_not(services, community, run, now).await.ok() } else { None } {
            Some(done) => answers.extend(done),
            None => {
                for (caller, envelope) in run {
                    answers.push(apply(services, caller, envelope, now, None).await);
                }
            }
        }
        rest = left;
    }
    answers
}

fn is_light(mutation: &Mutation) -> bool {
    matches!(mutation, Mutation::TicketReport(report) if report.photos.is_empty())
}

async fn together_or_not(services: &Services, community: CommunityId, run: &[(Caller, Envelope)], now: Time) -> Result<Vec<Answer>, AppError> {
    let mut foreknown = Vec::with_capacity(run.len());
    for (_, envelope) in run {
        foreknown.push(foresee(services, community, &envelope.mutation, now).await);
    }
    let txn = services.db.begin().await?;
    let mut ledger = Ledger { head: Some(hold(&txn, community).await?), ..Ledger::default() };
    let mut known = known(&txn, community, run).await?;
    let mut receipts = Vec::new();
    let mut answers = Vec::with_capacity(run.len());
    for ((caller, envelope), foreknown) in run.iter().zip(&foreknown) {
        let digest = digest(&envelope.mutation)?;
        if let Some(before) = known.get(&envelope.id.0) {
            answers.push(stored(before, caller, &digest));
            continue;
        }
        let outcome;
        (ledger, outcome) = judge(&txn, services, (caller, envelope, foreknown.as_ref()), ledger, now).await?;
        let outcome = match outcome {
            Ok(outcome) => outcome,
            // A visitor's refusal is told and not kept.
            Err(reason) if caller.viewer().is_none() => {
                answers.push(Err(reason));
                continue;
            }
            Err(reason) => Outcome::Rejected { reason },
        };
        let receipt = Receipt { id: envelope.id, outcome };
        receipts.push(row(caller, envelope, community, &digest, now, &receipt)?);
        let person = caller.viewer().map(|v| v.person().0);
        known.insert(envelope.id.0, Before { digest, person, receipt: serde_json::to_string(&receipt).map_err(internal)? });
        answers.push(Ok(receipt));
    }
    write(&txn, community, ledger, receipts).await?;
    txn.commit().await?;
    services.db.memory.forget(community);
    Ok(answers)
}

/// The receipts that some of the envelopes have already.
async fn known(txn: &DatabaseTransaction, community: CommunityId, run: &[(Caller, Envelope)]) -> Result<HashMap<Uuid, Before>, AppError> {
    let ids = run.iter().map(|(_, envelope)| envelope.id.0);
    let rows = applied::Entity::find().filter(applied::Column::CommunityId.eq(community.0)).filter(applied::Column::Id.is_in(ids)).all(txn).await?;
    Ok(rows.into_iter().map(|r| (r.id, Before { digest: r.digest, person: r.person_id, receipt: r.receipt })).collect())
}

/// One envelope, with the ledger of those before it. A refusal gives the ledger back as it was; the outer error is for
/// what concerns them all.
async fn judge(
    txn: &DatabaseTransaction,
    services: &Services,
    (caller, envelope, foreknown): (&Caller, &Envelope, Option<&Foreknown>),
    ledger: Ledger,
    now: Time,
) -> Result<(Ledger, Result<Outcome, AppError>), AppError> {
    let (head, tickets, rows) = (ledger.head.clone(), ledger.tickets.len(), ledger.rows.len());
    let community = community_of(caller, envelope);
    let work = Work { txn, services, community, caller, mutation: envelope.id, now, secret: None, foreknown, ledger: Mutex::new(ledger) };
    let done = dispatch(&work, &envelope.mutation).await;
    let mut ledger = work.ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    match done {
        Ok(done) => Ok((ledger, Ok(Outcome::Done { subject: done.subject, number: done.number, version: done.version }))),
        Err(refusal) if refusal.is_refusal() => {
            ledger.head = head;
            ledger.tickets.truncate(tickets);
            ledger.rows.truncate(rows);
            Ok((ledger, Err(refusal)))
        }
        Err(fault) => Err(fault),
    }
}

async fn write(txn: &DatabaseTransaction, community: CommunityId, ledger: Ledger, receipts: Vec<applied::ActiveModel>) -> Result<(), AppError> {
    for rows in ledger.tickets.chunks(AT_ONCE) {
        tickets::Entity::insert_many(rows.iter().cloned()).exec_without_returning(txn).await?;
    }
    if let Some(head) = &ledger.head {
        write_many(txn, community, head, ledger.rows, AT_ONCE).await?;
    }
    for rows in receipts.chunks(AT_ONCE) {
        applied::Entity::insert_many(rows.iter().cloned()).exec_without_returning(txn).await?;
    }
    Ok(())
}
