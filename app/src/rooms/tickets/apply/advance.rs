//! Taking a step: who, what, and what becomes of the clock.

use super::quote::{decide_quote, make_quote, settle, with_costs};
use super::{find, hang, works_here};
use crate::apply::{Done, Work};
use crate::context::{Viewer, internal};
use crate::error::AppError;
use crate::ids::{PhotoId, TicketId};
use crate::measure::{Fen, Time};
use crate::rooms::approvals::apply::word_on_ticket;
use crate::rooms::approvals::matters::withdraw;
use crate::rooms::communities::store::limits;
use crate::rooms::people::model::Role;
use crate::rooms::people::store::members;
use crate::rooms::photos::store::attach;
use crate::rooms::tickets::deadlines::{Clock, Limits, due_at};
use crate::rooms::tickets::entity::{me_toos, ticket_photos, tickets};
use crate::rooms::tickets::model::{Advance, Category, Part, SpotPhoto, State, Step, Visibility};
use crate::rooms::tickets::rules::{self, Actor, Deed, Facts, Move, Tier, parse_text};
use crate::text::clean;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};

/// Takes a step.
///
/// # Errors
/// [`AppError::Conflict`] when the ticket changed since it was read, and whatever [`rules::judge`] refuses.
pub async fn advance(work: &Work<'_>, advance: &Advance) -> Result<Done, AppError> {
    let row = find(work, advance.ticket).await?;
    let facts = facts(work, &row, advance.step.kind()).await?;
    let actor = work.caller.viewer().map_or(CLOCK, |viewer| actor_of(viewer, &row));
    let judged = rules::judge(&advance.step, actor, &facts, work.now);
    // Somebody was faster: that is the news, not what their step made impossible. Who may not is told that first.
    if row.version != advance.version && judged != Err(AppError::Forbidden) {
        return Err(AppError::Conflict { current: row.version });
    }
    let to = judged?;
    // What is before the committee is not decided by one of them: it is their word.
    if let Step::Approve { quote } | Step::Decline { quote, .. } = &advance.step
        && facts.open_tier.is_some_and(Tier::is_committee)
    {
        if row.quote_id != Some(quote.0) {
            return Err(AppError::Conflict { current: row.version });
        }
        return word_on_ticket(work, &row, advance.step.kind() == Move::Approve, advance.step.reason().unwrap_or_default()).await;
    }
    take(work, row, &facts, &advance.step, to).await
}

/// Carries out a step that was judged.
pub(super) async fn take(work: &Work<'_>, row: tickets::Model, facts: &Facts, step: &Step, to: State) -> Result<Done, AppError> {
    let mut deed = Stepped::new(step);
    let mut change = row.clone().into_active_model();
    carry_out(work, &row, facts, step, &mut change, &mut deed).await?;
    move_clock(work, &row, &facts.limits, to, step.kind(), &mut change);
    change.state = Set(to.code().into());
    change.open = Set(to.is_open());
    change.version = Set(row.version + 1);
    change.changed_at = Set(work.now.0);
    change.update(work.txn).await?;
    work.tell("ticket", row.id, &deed.into_deed(step, to)).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version + 1 })
}

/// What a step tells beyond itself.
pub(super) struct Stepped {
    pub reason: Option<String>,
    pub amount: Option<Fen>,
    pub tier: Option<Tier>,
}

impl Stepped {
    fn new(step: &Step) -> Self {
        let reason = match step {
            Step::Finish { note, .. } => clean(note, rules::TEXT_MAX).ok().filter(|n| !n.is_empty()),
            Step::Rate { words, .. } => clean(words, rules::TEXT_MAX).ok().filter(|w| !w.is_empty()),
            other => other.reason().and_then(|r| clean(r, rules::TEXT_MAX).ok()),
        };
        Self { reason, amount: None, tier: None }
    }

    fn into_deed(self, step: &Step, to: State) -> Deed {
        Deed::Stepped {
            step: step.kind(),
            to,
            reason: self.reason,
            amount: self.amount,
            tier: self.tier,
            stars: match step {
                Step::Rate { stars, .. } => Some(*stars),
                _ => None,
            },
            time: match step {
                Step::Schedule { at } => Some(*at),
                _ => None,
            },
            other: match step {
                Step::Merge { into } => Some(*into),
                _ => None,
            },
            worker: match step {
                Step::Assign { worker } => Some(*worker),
                _ => None,
            },
        }
    }
}

/// The system's own clock, which archives.
const CLOCK: Actor = Actor { role: None, is_reporter: false, is_assignee: false, is_staff: false };

/// What the rules need to know of somebody who looks at a ticket.
pub(in crate::rooms::tickets) fn actor_of(viewer: &Viewer, row: &tickets::Model) -> Actor {
    let person = Some(viewer.person().0);
    Actor { role: Some(viewer.role()), is_reporter: row.reporter_id == person, is_assignee: row.assignee_id == person, is_staff: works_here(viewer) }
}

/// What the rules need to know for a step. What it cost is asked for only where money is moved.
pub(super) async fn facts(work: &Work<'_>, row: &tickets::Model, step: Move) -> Result<Facts, AppError> {
    let photos =
        ticket_photos::Entity::find().filter(ticket_photos::Column::CommunityId.eq(work.community.0)).filter(ticket_photos::Column::TicketId.eq(row.id)).all(work.txn).await?;
    let limits = limits(work.txn, work.community, work.now).await?;
    let facts = facts_of(row, photos.iter().map(|p| (p.spot as u8, p.after, p.at)), limits)?;
    if matches!(step, Move::Quote | Move::Approve | Move::Decline | Move::Settle) { with_costs(work.txn, row, facts, work.now).await } else { Ok(facts) }
}

/// What the rules need to know of a row and its photos. After-photos count from the last time that it was not good:
/// work that is done again needs new ones.
pub(in crate::rooms::tickets) fn facts_of(row: &tickets::Model, photos: impl Iterator<Item = (u8, bool, i64)>, limits: Limits) -> Result<Facts, AppError> {
    let mut facts = Facts {
        state: State::from_code(&row.state).ok_or_else(|| internal("unknown state"))?,
        resume_to: row.resume_to.as_deref().and_then(State::from_code),
        finished_at: row.finished_at.map(Time),
        before_spots: vec![],
        after_spots: vec![],
        photo_count: 0,
        open_tier: row.open_tier.as_deref().and_then(Tier::from_code),
        by_visitor: row.reporter_id.is_none(),
        by_staff: row.by_staff,
        part: Part::from_code(&row.part).unwrap_or_default(),
        urgent: row.urgent,
        spent: Fen(0),
        approved: Fen(0),
        year: Fen(0),
        limits,
    };
    for (spot, after, at) in photos {
        facts.photo_count += 1;
        if !after {
            facts.before_spots.push(spot);
        } else if at >= row.redone_from {
            facts.after_spots.push(spot);
        }
    }
    Ok(facts)
}

async fn carry_out(work: &Work<'_>, row: &tickets::Model, facts: &Facts, step: &Step, change: &mut tickets::ActiveModel, deed: &mut Stepped) -> Result<(), AppError> {
    match step {
        Step::Accept { part } => change.part = Set(part.code().into()),
        Step::Assign { worker } => {
            let crew = members(work.txn, work.community, &[Role::Worker], work.now).await?;
            if !crew.iter().any(|m| m.person == *worker) {
                return Err(AppError::field("worker", "请选择一位维修师傅", "Choose a repair worker"));
            }
            change.assignee_id = Set(Some(worker.0));
        }
        Step::Schedule { at } => change.scheduled_at = Set(Some(at.0)),
        Step::Quote(quote) => make_quote(work, row, facts, quote, change, deed).await?,
        Step::Settle { lines } => settle(work, row, facts, lines, deed).await?,
        Step::Approve { quote } | Step::Decline { quote, .. } => decide_quote(work, row, quote.0, step, change, deed).await?,
        Step::AddPhotos { photos } | Step::Finish { photos, .. } => {
            add_photos(work, row, photos, change).await?;
        }
        Step::Rate { stars, words } => {
            change.stars = Set(Some(i64::from(*stars)));
            change.rating_words = Set(Some(parse_text("words", words)?));
        }
        Step::Merge { into } => {
            merge(work, row, *into, change).await?;
            if let Some(quote) = row.quote_id {
                withdraw(work, quote).await?;
            }
        }
        _ => {}
    }
    change.reason = Set(match step.kind() {
        Move::Return | Move::Pause | Move::Decline | Move::Reject | Move::Reopen | Move::Withdraw => deed.reason.clone(),
        Move::Schedule | Move::AddPhotos | Move::Settle => row.reason.clone(),
        _ => None,
    });
    Ok(())
}

async fn add_photos(work: &Work<'_>, row: &tickets::Model, photos: &[SpotPhoto], change: &mut tickets::ActiveModel) -> Result<(), AppError> {
    let ids: Vec<PhotoId> = photos.iter().map(|p| p.photo).collect();
    attach(work.txn, work.community, &ids, work.person(), work.now).await?;
    hang(work, row.id, photos).await?;
    if let Some(after) = photos.iter().find(|p| p.after) {
        change.after_photo = Set(Some(after.photo.0));
    }
    if row.first_photo.is_none()
        && let Some(before) = photos.iter().find(|p| !p.after)
    {
        change.first_photo = Set(Some(before.photo.0));
    }
    Ok(())
}

/// Merges `row` into another ticket: its households are counted there, each once, and both timelines say so.
async fn merge(work: &Work<'_>, row: &tickets::Model, into: TicketId, change: &mut tickets::ActiveModel) -> Result<(), AppError> {
    let wrong = || AppError::field("into", "请选另一件还在处理的报修", "Choose another ticket that is still open");
    if into.0 == row.id {
        return Err(wrong());
    }
    let other = tickets::Entity::find_by_id((work.community.0, into.0)).lock_exclusive().one(work.txn).await?.ok_or_else(wrong)?;
    // What everybody can see must not vanish into what only some can see.
    if !other.open || (other.visibility != Visibility::Public.code() && row.visibility == Visibility::Public.code()) {
        return Err(wrong());
    }
    let mut households: Vec<(uuid::Uuid, uuid::Uuid)> = me_toos::Entity::find()
        .filter(me_toos::Column::CommunityId.eq(work.community.0))
        .filter(me_toos::Column::TicketId.eq(row.id))
        .all(work.txn)
        .await?
        .into_iter()
        .map(|m| (m.unit_id, m.person_id))
        .collect();
    households.extend(row.reporter_unit.zip(row.reporter_id));
    let mut added = 0;
    for (unit, person) in households.into_iter().filter(|(unit, _)| other.reporter_unit != Some(*unit)) {
        let new = me_toos::ActiveModel { community_id: Set(work.community.0), ticket_id: Set(other.id), unit_id: Set(unit), person_id: Set(person), at: Set(work.now.0) };
        let once = OnConflict::columns([me_toos::Column::CommunityId, me_toos::Column::TicketId, me_toos::Column::UnitId]).do_nothing().to_owned();
        added += i64::from(me_toos::Entity::insert(new).on_conflict(once).exec_without_returning(work.txn).await? > 0);
    }
    let mut stays = other.clone().into_active_model();
    stays.households = Set(other.households + added);
    stays.version = Set(other.version + 1);
    stays.changed_at = Set(work.now.0);
    stays.update(work.txn).await?;
    change.merged_into = Set(Some(into.0));
    work.tell("ticket", other.id, &Deed::Absorbed { other: TicketId(row.id) }).await
}

/// Stops or starts the clock and sets the next deadline. The promise is never made anew, and when the work was first
/// finished stays as it was: what is done again does not better the month's numbers.
fn move_clock(work: &Work<'_>, row: &tickets::Model, limits: &Limits, to: State, step: Move, change: &mut tickets::ActiveModel) {
    let category = Category::from_code(&row.category).unwrap_or(Category::Facility);
    let from = State::from_code(&row.state).unwrap_or(to);
    let clock = Clock { started_at: Time(row.clock_start), stopped_at: row.stopped_at.map(Time), stopped_total: row.stopped_total, promised_at: Time(row.promised_at) }
        .moved(from, to, work.now);
    if to.is_paused() && !from.is_paused() {
        change.resume_to = Set(Some(row.state.clone()));
    }
    match step {
        Move::Reject | Move::Reopen => {
            change.redone_from = Set(work.now.0);
            change.finished_at = Set(None);
        }
        // Only the first time counts: who comes back to do it again was there before.
        Move::Arrive => change.arrived_at = Set(row.arrived_at.or(Some(work.now.0))),
        Move::Finish => {
            change.first_finished_at = Set(row.first_finished_at.or(Some(work.now.0)));
            change.finished_at = Set(Some(work.now.0));
            change.scheduled_at = Set(None);
        }
        _ => {}
    }
    change.clock_start = Set(clock.started_at.0);
    change.stopped_at = Set(clock.stopped_at.map(|t| t.0));
    change.stopped_total = Set(clock.stopped_total);
    change.promised_at = Set(clock.promised_at.0);
    change.due_at = Set(due_at(category, to, clock, limits).map(|t| t.0));
}
