//! Declaring, giving one's word, meeting; and what a decision does.

use super::entity::{matter_members, matters};
use super::matters::{New, end, find, look_again, open, outgrown, to_owners};
use super::model::{About, Declare, Form, GiveWord, HoldMeeting, State};
use super::rules::{self, Stand, Verdict, tally, verdict};
use crate::apply::{Done, Work};
use crate::context::internal;
use crate::error::AppError;
use crate::measure::{Fen, Time};
use crate::rooms::fund::entity::fund_uses;
use crate::rooms::messages::apply::notify;
use crate::rooms::messages::model::Rung;
use crate::rooms::people::rules::Permission;
use crate::rooms::tickets;
use crate::rooms::tickets::rules::Cause;
use crate::text::{clean, shorten};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde_json::json;
use uuid::Uuid;

/// What a row of the roll says.
pub(super) fn stand(row: &matter_members::Model) -> Stand {
    let yes = |n: Option<i64>| n.map(|n| n == 1);
    Stand { conflict: yes(row.conflict), present: yes(row.present), word: yes(row.word) }
}

fn state_of(row: &matters::Model) -> Result<State, AppError> {
    State::from_code(&row.state).ok_or_else(|| internal("unknown state"))
}

fn form_of(row: &matters::Model) -> Result<Form, AppError> {
    Form::from_code(&row.form).ok_or_else(|| internal("unknown form"))
}

async fn seats(work: &Work<'_>, matter: Uuid) -> Result<Vec<matter_members::Model>, AppError> {
    Ok(matter_members::Entity::find()
        .filter(matter_members::Column::CommunityId.eq(work.community.0))
        .filter(matter_members::Column::MatterId.eq(matter))
        .order_by_asc(matter_members::Column::WordAt)
        .all(work.txn)
        .await?)
}

/// The seat of whoever asks.
async fn own_seat(work: &Work<'_>, matter: Uuid) -> Result<matter_members::Model, AppError> {
    let person = work.person().ok_or(AppError::NotSignedIn)?;
    matter_members::Entity::find_by_id((work.community.0, matter, person.0))
        .one(work.txn)
        .await?
        .ok_or_else(|| AppError::closed("这件事提出时您还不是委员，不在名册里。", "You were not a member when this was opened, so you are not on its roll."))
}

fn done(row: &matters::Model) -> Done {
    Done { subject: Some(row.id), number: Some(row.number.clone()), version: 1 }
}

/// Declares whether one has an interest in a matter.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] on `reason`; see [`rules::declare`].
pub async fn declare(work: &Work<'_>, declare: &Declare) -> Result<Done, AppError> {
    work.caller.require(Permission::Approve)?;
    let row = find(work, declare.matter).await?.ok_or(AppError::NotFound)?;
    let seat = own_seat(work, row.id).await?;
    let stand = rules::declare(state_of(&row)?, stand(&seat), declare.conflict)?;
    let needed = declare.conflict.then_some(("请写明是什么利害关系，大家都能看到", "Say which interest it is; everybody will see it"));
    let interest = rules::parse_reason(&declare.reason, needed)?;
    let mut change = seat.into_active_model();
    change.conflict = Set(Some(i64::from(declare.conflict)));
    change.interest = Set(if declare.conflict { interest.clone() } else { String::new() });
    change.word = Set(stand.word.map(i64::from));
    change.update(work.txn).await?;
    work.tell("matter", row.id, &json!({ "did": "declared", "conflict": declare.conflict, "reason": declare.conflict.then_some(interest) })).await?;
    let answer = done(&row);
    conclude(work, row).await?;
    Ok(answer)
}

/// Gives one's word.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] on `reason` or `no_conflict`; see
/// [`rules::give_word`].
pub async fn word(work: &Work<'_>, word: &GiveWord) -> Result<Done, AppError> {
    work.caller.require(Permission::Approve)?;
    let row = find(work, word.matter).await?.ok_or(AppError::NotFound)?;
    let answer = done(&row);
    give(work, row, word).await?;
    Ok(answer)
}

/// An old way to say it: a committee member's step on the ticket itself is their word, and that they declare no interest.
///
/// # Errors
/// See [`word`].
pub async fn word_on_ticket(work: &Work<'_>, ticket: &tickets::entity::tickets::Model, agrees: bool, reason: &str) -> Result<Done, AppError> {
    let id = ticket.quote_id.ok_or(AppError::NotFound)?;
    let row = match find(work, id).await? {
        Some(row) => row,
        // A quote from before matters were kept.
        None => {
            let amount = Fen(ticket.quote_total.unwrap_or_default());
            let possible = open(work, New { about: About::Ticket, id, subject: ticket.id, number: &ticket.number, title: &ticket.spot, amount, by: None }).await?;
            if !possible {
                tickets::apply::to_owners(work, ticket.id, Cause::Conflicts).await?;
            }
            find(work, id).await?.ok_or(AppError::NotFound)?
        }
    };
    if state_of(&row)? == State::Open {
        give(work, row, &GiveWord { matter: id, agrees, reason: shorten(reason, rules::REASON_MAX), no_conflict: true }).await?;
    }
    let now = tickets::entity::tickets::Entity::find_by_id((work.community.0, ticket.id)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    Ok(Done { subject: Some(ticket.id), number: Some(now.number), version: now.version })
}

/// The same for a use of the fund that waits since before matters were kept.
///
/// # Errors
/// See [`word`].
pub async fn word_on_use(work: &Work<'_>, row: &fund_uses::Model, reason: &str) -> Result<Done, AppError> {
    let by = row.proposer_id.map(crate::ids::PersonId);
    let new = New { about: About::FundUse, id: row.id, subject: row.id, number: &row.number, title: &row.title, amount: Fen(row.budget), by };
    if open(work, new).await? {
        let matter = find(work, row.id).await?.ok_or(AppError::NotFound)?;
        give(work, matter, &GiveWord { matter: row.id, agrees: true, reason: shorten(reason, rules::REASON_MAX), no_conflict: true }).await?;
    } else {
        crate::rooms::fund::uses::to_owners(work, row.id, Cause::Conflicts).await?;
    }
    let now = fund_uses::Entity::find_by_id((work.community.0, row.id)).one(work.txn).await?.ok_or(AppError::NotFound)?;
    Ok(Done { subject: Some(row.id), number: Some(now.number), version: now.version })
}

async fn give(work: &Work<'_>, row: matters::Model, word: &GiveWord) -> Result<(), AppError> {
    let seat = own_seat(work, row.id).await?;
    let stand = rules::give_word(state_of(&row)?, form_of(&row)?, stand(&seat), word.agrees, word.no_conflict)?;
    let needed = (!word.agrees).then_some(("不同意请写一句理由，大家都能看到", "Give a reason for declining; everybody will see it"));
    let reason = rules::parse_reason(&word.reason, needed)?;
    // What was approved meanwhile may have made it too much for the committee: then no word is needed any more.
    if let Some(cause) = outgrown(work, &row).await? {
        return to_owners(work, row, cause).await;
    }
    let mut change = seat.into_active_model();
    change.conflict = Set(stand.conflict.map(i64::from));
    change.word = Set(stand.word.map(i64::from));
    change.reason = Set(reason.clone());
    change.word_at = Set(Some(work.now.0));
    change.update(work.txn).await?;
    work.tell("matter", row.id, &json!({ "did": "word", "agrees": word.agrees, "reason": Some(reason).filter(|r| !r.is_empty()) })).await?;
    conclude(work, row).await
}

/// Records a meeting.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] on `at`, `place` or `present`; see [`rules::meet`].
pub async fn meeting(work: &Work<'_>, held: &HoldMeeting) -> Result<Done, AppError> {
    work.caller.require(Permission::Approve)?;
    let row = find(work, held.matter).await?.ok_or(AppError::NotFound)?;
    own_seat(work, row.id).await?;
    let seats = seats(work, row.id).await?;
    let stands: Vec<Stand> = seats.iter().map(stand).collect();
    let place = clean(&held.place, 60).ok().filter(|p| p.chars().count() >= 2);
    let place = place.ok_or_else(|| AppError::field("place", "请写在哪里开的会（2 到 60 个字）", "Say where the meeting was (2 to 60 characters)"))?;
    let there: Vec<Uuid> = seats.iter().map(|s| s.person_id).filter(|id| held.present.iter().any(|p| p.0 == *id)).collect();
    rules::meet(state_of(&row)?, &stands, there.len(), (Time(row.opened_at), held.at, work.now))?;
    for seat in seats {
        let present = there.contains(&seat.person_id);
        let mut change = seat.into_active_model();
        change.present = Set(Some(i64::from(present)));
        change.update(work.txn).await?;
    }
    let mut change = row.clone().into_active_model();
    change.form = Set(Form::Meeting.code().into());
    change.meeting_at = Set(Some(held.at.0));
    change.meeting_place = Set(Some(place));
    let row = change.update(work.txn).await?;
    work.tell("matter", row.id, &json!({ "did": "met", "at": held.at, "present": there })).await?;
    let answer = done(&row);
    conclude(work, row).await?;
    Ok(answer)
}

/// Counts, and carries out what the count says.
async fn conclude(work: &Work<'_>, row: matters::Model) -> Result<(), AppError> {
    let seats = seats(work, row.id).await?;
    let tally = tally(&seats.iter().map(stand).collect::<Vec<_>>(), form_of(&row)?);
    let verdict = verdict(tally);
    match verdict {
        Verdict::Open => Ok(()),
        Verdict::Owners => to_owners(work, row, Cause::Conflicts).await,
        Verdict::Agreed | Verdict::Declined => {
            let agreed = verdict == Verdict::Agreed;
            let (id, subject, about) = (row.id, row.subject_id, About::from_code(&row.about));
            end(work, row, verdict.state(), None).await?;
            work.tell("matter", id, &json!({ "did": verdict.state().code(), "count": tally })).await?;
            notify(work, id, Rung::ResidentsCommittee).await?;
            if about == Some(About::Ticket) {
                let reasons: Vec<&str> = seats.iter().filter(|s| s.word == Some(0) && s.conflict != Some(1)).map(|s| s.reason.as_str()).collect();
                tickets::apply::decided(work, subject, id, agreed, shorten(&reasons.join("；"), tickets::rules::TEXT_MAX)).await?;
            }
            if agreed { look_again(work).await } else { Ok(()) }
        }
    }
}
