//! How a matter comes before the committee, and how it leaves it without a decision of theirs.

use super::entity::{matter_members, matters};
use super::model::{About, Excluded, Form, State};
use super::rules::{Tally, Verdict, verdict};
use crate::apply::Work;
use crate::context::internal;
use crate::error::AppError;
use crate::ids::PersonId;
use crate::measure::Fen;
use crate::rooms::communities::store::{next_number, offset_of};
use crate::rooms::fund;
use crate::rooms::messages::apply::notify;
use crate::rooms::messages::model::Rung;
use crate::rooms::people::members::members;
use crate::rooms::people::model::Role;
use crate::rooms::tickets;
use crate::rooms::tickets::rules::Cause;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;
use uuid::Uuid;

/// Open matters that are looked at again when the committee's sum of the year has changed.
const OPEN_MAX: u64 = 200;

/// What is put before the committee.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    /// What it is about.
    pub about: About,
    /// The matter's id: that of the quote, or of the use of the fund.
    pub id: Uuid,
    /// The ticket, or the use.
    pub subject: Uuid,
    /// Its number.
    pub number: &'a str,
    /// What it is called, in words that everybody may read.
    pub title: &'a str,
    /// The amount.
    pub amount: Fen,
    /// Who proposed it.
    pub by: Option<PersonId>,
}

/// Opens a matter and freezes its roll. Whoever proposed it and whoever works for the property company is excluded from the
/// start. `false` when so many are that the owners have to decide; that is recorded and published too.
///
/// # Errors
/// When the database refuses.
pub async fn open(work: &Work<'_>, new: New<'_>) -> Result<bool, AppError> {
    work.hold().await?;
    let year = work.now.local(offset_of(work.txn, work.community).await?).format("%Y").to_string();
    let n = next_number(work.txn, work.community, &format!("matters {year}")).await?;
    let roll = roll(work, new.by).await?;
    let declared = u32::try_from(roll.iter().filter(|(.., excluded)| excluded.is_some()).count()).unwrap_or(u32::MAX);
    let tally = Tally { members: u32::try_from(roll.len()).unwrap_or(u32::MAX), declared, ..Tally::default() };
    let possible = verdict(tally) == Verdict::Open;
    let number = format!("YW-{year}-{n:03}");
    let over = (!possible).then_some(work.now.0);
    let row = matters::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(new.id),
        number: Set(number.clone()),
        about: Set(new.about.code().into()),
        subject_id: Set(new.subject),
        subject_number: Set(new.number.into()),
        title: Set(new.title.into()),
        amount: Set(new.amount.0),
        form: Set(Form::Written.code().into()),
        state: Set(if possible { State::Open } else { State::Owners }.code().into()),
        cause: Set((!possible).then(|| Cause::Conflicts.code().to_owned())),
        opened_at: Set(work.now.0),
        meeting_at: Set(None),
        meeting_place: Set(None),
        decided_at: Set(over),
        published_at: Set(over),
    };
    matters::Entity::insert(row).exec_without_returning(work.txn).await?;
    let seats = roll.into_iter().map(|(person, role, excluded)| matter_members::ActiveModel {
        community_id: Set(work.community.0),
        matter_id: Set(new.id),
        person_id: Set(person.0),
        role: Set(role.code().into()),
        excluded: Set(excluded.map(|e| e.code().to_owned())),
        conflict: Set(excluded.map(|_| 1)),
        interest: Set(String::new()),
        present: Set(None),
        word: Set(None),
        reason: Set(String::new()),
        word_at: Set(None),
    });
    let seats: Vec<_> = seats.collect();
    if !seats.is_empty() {
        matter_members::Entity::insert_many(seats).exec_without_returning(work.txn).await?;
    }
    let told =
        json!({ "did": "opened", "number": number, "about": new.about.code(), "subject": new.subject, "amount": new.amount, "members": tally.members, "excluded": declared });
    work.tell("matter", new.id, &told).await?;
    if !possible {
        work.tell("matter", new.id, &json!({ "did": "to_owners", "cause": Cause::Conflicts.code() })).await?;
        notify(work, new.id, Rung::ResidentsCommittee).await?;
    }
    Ok(possible)
}

/// Puts a matter on the owners' agenda that was never the committee's to decide: it is there, in public, from the first moment.
///
/// # Errors
/// When the database refuses.
pub async fn for_owners(work: &Work<'_>, new: New<'_>, cause: Cause) -> Result<(), AppError> {
    if open(work, new).await?
        && let Some(row) = find(work, new.id).await?
    {
        to_owners(work, row, cause).await?;
    }
    Ok(())
}

type Seat = (PersonId, Role, Option<Excluded>);

/// Everybody who is a member now, each once.
async fn roll(work: &Work<'_>, by: Option<PersonId>) -> Result<Vec<Seat>, AppError> {
    let mut seats: Vec<Seat> = Vec::new();
    for member in members(work.txn, work.community, &[Role::CommitteeDirector, Role::CommitteeMember], work.now).await? {
        match seats.iter_mut().find(|(person, ..)| *person == member.person) {
            Some(seat) if member.role == Role::CommitteeDirector => seat.1 = member.role,
            Some(_) => {}
            None => seats.push((member.person, member.role, (Some(member.person) == by).then_some(Excluded::Proposer))),
        }
    }
    let staff = members(work.txn, work.community, &[Role::PropertyManager, Role::Dispatcher, Role::Worker], work.now).await?;
    for seat in &mut seats {
        if seat.2.is_none() && staff.iter().any(|s| s.person == seat.0) {
            seat.2 = Some(Excluded::Property);
        }
    }
    Ok(seats)
}

pub(super) async fn find(work: &Work<'_>, id: Uuid) -> Result<Option<matters::Model>, AppError> {
    Ok(matters::Entity::find_by_id((work.community.0, id)).lock_exclusive().one(work.txn).await?)
}

/// Ends a matter whose subject is gone: merged, or taken over by the district. Nothing happens where there is none open.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw(work: &Work<'_>, id: Uuid) -> Result<(), AppError> {
    let Some(row) = find(work, id).await?.filter(|m| m.state == State::Open.code()) else { return Ok(()) };
    end(work, row, State::Withdrawn, None).await?;
    work.tell("matter", id, &json!({ "did": "withdrawn" })).await
}

/// Ends a matter and publishes it in the same moment.
pub(super) async fn end(work: &Work<'_>, row: matters::Model, state: State, cause: Option<Cause>) -> Result<(), AppError> {
    let mut change = row.into_active_model();
    change.state = Set(state.code().into());
    change.cause = Set(cause.map(|c| c.code().to_owned()));
    change.decided_at = Set(Some(work.now.0));
    change.published_at = Set(Some(work.now.0));
    change.update(work.txn).await?;
    Ok(())
}

/// Gives a matter to the owners.
pub(super) async fn to_owners(work: &Work<'_>, row: matters::Model, cause: Cause) -> Result<(), AppError> {
    let (id, subject) = (row.id, row.subject_id);
    let about = About::from_code(&row.about).ok_or_else(|| internal("unknown subject"))?;
    end(work, row, State::Owners, Some(cause)).await?;
    work.tell("matter", id, &json!({ "did": "to_owners", "cause": cause.code() })).await?;
    notify(work, id, Rung::ResidentsCommittee).await?;
    match about {
        About::Ticket => tickets::apply::to_owners(work, subject, cause).await,
        About::FundUse => fund::uses::to_owners(work, subject, cause).await,
        About::Renewal => Ok(()),
    }
}

/// Why a matter is no longer the committee's; `None` while it is.
pub(super) async fn outgrown(work: &Work<'_>, row: &matters::Model) -> Result<Option<Cause>, AppError> {
    match About::from_code(&row.about).ok_or_else(|| internal("unknown subject"))? {
        About::Ticket => tickets::apply::outgrown(work, row.subject_id).await,
        About::FundUse => fund::uses::outgrown(work, row.subject_id).await,
        About::Renewal => Ok(Some(Cause::TwoFails)),
    }
}

/// Looks at every open matter again after one was agreed to: of two at one spot, or near the end of the year's sum, the
/// second may have become too much for the committee.
pub(super) async fn look_again(work: &Work<'_>) -> Result<(), AppError> {
    let open = matters::Entity::find()
        .filter(matters::Column::CommunityId.eq(work.community.0))
        .filter(matters::Column::State.eq(State::Open.code()))
        .order_by_asc(matters::Column::OpenedAt)
        .limit(OPEN_MAX)
        .all(work.txn)
        .await?;
    for row in open {
        if let Some(cause) = outgrown(work, &row).await? {
            to_owners(work, row, cause).await?;
        }
    }
    Ok(())
}
