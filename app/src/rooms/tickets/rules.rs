//! The pure rules of a repair ticket: who may do what from where, what a step needs, and when it is due.
//!
//! [`TABLE`] is the whole state machine. Sources: the states and deadlines are domain §6 (demo figures of the
//! 中物协 2004 service grades; TSG T5002 for lifts); the tiers are R2.3.

pub use super::costs::*;
use super::costs::{check_bill, check_quote};
pub use super::deadlines::*;
use super::model::{Holder, Part, SpotPhoto, State, Step};
pub use super::numbers::*;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::measure::{DAY, Fen, Time};
use crate::rooms::people::model::Role;
use crate::text::{TextError, clean};
use serde::{Deserialize, Serialize};

/// Characters in a report's sentence, a reason or a comment.
pub const TEXT_MAX: usize = 500;
/// Photos in one report.
pub const PHOTOS_MAX: usize = 6;
/// Photos on one ticket in all.
pub const TICKET_PHOTOS_MAX: usize = 60;

/// The name of a step, for the table and for the buttons that offer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// 受理.
    Accept,
    /// 退回.
    Return,
    /// 重新提交.
    Resubmit,
    /// 派单.
    Assign,
    /// 预约.
    Schedule,
    /// 到场.
    Arrive,
    /// 待料.
    Pause,
    /// 继续.
    Resume,
    /// 报价.
    Quote,
    /// 同意.
    Approve,
    /// 退回报价.
    Decline,
    /// 加照片.
    AddPhotos,
    /// 完工.
    Finish,
    /// 确认修好.
    Confirm,
    /// 没修好.
    Reject,
    /// 评价.
    Rate,
    /// 重新打开.
    Reopen,
    /// 撤销.
    Withdraw,
    /// 合并.
    Merge,
    /// 归档.
    Archive,
    /// 结算.
    Settle,
}

impl Step {
    /// Which move of the table this step is.
    pub fn kind(&self) -> Move {
        match self {
            Self::Accept { .. } => Move::Accept,
            Self::Return { .. } => Move::Return,
            Self::Resubmit { .. } => Move::Resubmit,
            Self::Assign { .. } => Move::Assign,
            Self::Schedule { .. } => Move::Schedule,
            Self::Arrive => Move::Arrive,
            Self::Pause { .. } => Move::Pause,
            Self::Resume => Move::Resume,
            Self::Quote(_) => Move::Quote,
            Self::Approve { .. } => Move::Approve,
            Self::Decline { .. } => Move::Decline,
            Self::AddPhotos { .. } => Move::AddPhotos,
            Self::Finish { .. } => Move::Finish,
            Self::Confirm => Move::Confirm,
            Self::Reject { .. } => Move::Reject,
            Self::Rate { .. } => Move::Rate,
            Self::Reopen { .. } => Move::Reopen,
            Self::Withdraw { .. } => Move::Withdraw,
            Self::Merge { .. } => Move::Merge,
            Self::Archive => Move::Archive,
            Self::Settle { .. } => Move::Settle,
        }
    }

    /// The reason that was given, where the step carries one.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Return { reason }
            | Self::Resubmit { reason }
            | Self::Pause { reason }
            | Self::Decline { reason, .. }
            | Self::Reject { reason }
            | Self::Reopen { reason }
            | Self::Withdraw { reason } => Some(reason),
            _ => None,
        }
    }
}

/// Who may take a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Property manager or dispatcher.
    Desk,
    /// The worker it is assigned to, or the desk for them.
    Crew,
    /// The owners' committee.
    Committee,
    /// Whoever reported it.
    Reporter,
    /// Whoever reported it and does not work for those who repair: nobody rates their own work.
    Rater,
    /// The same, or a committee where there is no reporter who could or would say a word.
    Checker,
    /// The clock.
    Clock,
}

/// One row of the state machine.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The step.
    pub step: Move,
    /// Where it can start.
    pub from: &'static [State],
    /// Where it leads; `None` = stays, or goes back to where the ticket was before a pause.
    pub to: Option<State>,
    /// Who may take it.
    pub who: Who,
}

use State as S;
/// States in which the repair has not been handed over yet.
const UNFINISHED: &[State] = &[S::Received, S::Accepted, S::Dispatched, S::InProgress, S::AwaitingMaterial, S::AwaitingApproval, S::Rework];

/// The state machine of domain §6.
pub const TABLE: &[Row] = &[
    Row { step: Move::Accept, from: &[S::Received], to: Some(S::Accepted), who: Who::Desk },
    Row { step: Move::Return, from: &[S::Received, S::Accepted], to: Some(S::Returned), who: Who::Desk },
    Row { step: Move::Resubmit, from: &[S::Returned], to: Some(S::Received), who: Who::Reporter },
    Row { step: Move::Assign, from: &[S::Accepted, S::Dispatched, S::Rework], to: Some(S::Dispatched), who: Who::Desk },
    Row { step: Move::Schedule, from: &[S::Accepted, S::Dispatched, S::InProgress, S::Rework], to: None, who: Who::Crew },
    Row { step: Move::Arrive, from: &[S::Dispatched, S::Rework], to: Some(S::InProgress), who: Who::Crew },
    Row { step: Move::Pause, from: &[S::InProgress, S::Rework], to: Some(S::AwaitingMaterial), who: Who::Crew },
    Row { step: Move::Resume, from: &[S::AwaitingMaterial], to: None, who: Who::Crew },
    // From 待验收 too: where the bill will be higher than what was approved, the difference is asked for first 补报价.
    Row { step: Move::Quote, from: &[S::Accepted, S::Dispatched, S::InProgress, S::Rework, S::AwaitingCheck], to: Some(S::AwaitingApproval), who: Who::Desk },
    Row { step: Move::Approve, from: &[S::AwaitingApproval], to: None, who: Who::Committee },
    Row { step: Move::Decline, from: &[S::AwaitingApproval], to: None, who: Who::Committee },
    Row { step: Move::AddPhotos, from: &[S::Dispatched, S::InProgress, S::AwaitingMaterial, S::Rework], to: None, who: Who::Crew },
    Row { step: Move::Finish, from: &[S::InProgress, S::Rework], to: Some(S::AwaitingCheck), who: Who::Crew },
    Row { step: Move::Confirm, from: &[S::AwaitingCheck], to: Some(S::Done), who: Who::Checker },
    Row { step: Move::Reject, from: &[S::AwaitingCheck], to: Some(S::Rework), who: Who::Checker },
    Row { step: Move::Rate, from: &[S::AwaitingCheck, S::Done], to: Some(S::Rated), who: Who::Rater },
    Row { step: Move::Reopen, from: &[S::Done, S::Rated], to: Some(S::Rework), who: Who::Checker },
    Row { step: Move::Withdraw, from: &[S::Received, S::Accepted, S::Returned], to: Some(S::Withdrawn), who: Who::Reporter },
    Row { step: Move::Merge, from: UNFINISHED, to: Some(S::Merged), who: Who::Desk },
    Row { step: Move::Archive, from: &[S::AwaitingCheck, S::Done, S::Rated], to: Some(S::Archived), who: Who::Clock },
    Row { step: Move::Settle, from: &[S::AwaitingCheck, S::Done, S::Rated], to: None, who: Who::Desk },
];

/// The row of one move.
pub fn row(step: Move) -> &'static Row {
    // The test `every_move_has_one_row` holds this true.
    TABLE.iter().find(|row| row.step == step).expect("every move has a row")
}

/// What the rules need to know of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The role they act in; `None` = the clock of the system.
    pub role: Option<Role>,
    /// They reported this ticket.
    pub is_reporter: bool,
    /// The ticket is assigned to them.
    pub is_assignee: bool,
    /// They work for the property company here, in whichever role they act now.
    pub is_staff: bool,
}

/// What the rules need to know of the ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Where it stands.
    pub state: State,
    /// Where it goes when a pause ends.
    pub resume_to: Option<State>,
    /// When the work was last finished.
    pub finished_at: Option<Time>,
    /// The spots that have a photo from before.
    pub before_spots: Vec<u8>,
    /// The spots that have a photo from after.
    pub after_spots: Vec<u8>,
    /// How many photos it has.
    pub photo_count: usize,
    /// Who decides the open quote.
    pub open_tier: Option<Tier>,
    /// A visitor reported it, so that nobody can confirm it but a committee.
    pub by_visitor: bool,
    /// The property company reported it: it does not judge its own work.
    pub by_staff: bool,
    /// Whose part it is.
    pub part: Part,
    /// It is urgent 急修.
    pub urgent: bool,
    /// What has been approved for this ticket, and for the same spot within [`Limits::split`].
    pub spent: Fen,
    /// What has been approved for this ticket alone, whoever pays.
    pub approved: Fen,
    /// What the committee has decided in this calendar year: quotes and uses of the fund together (R2.3).
    pub year: Fen,
    /// The rule numbers of the community.
    pub limits: Limits,
}

/// Whether this person may take this step, whatever the state.
pub fn allowed(who: Who, actor: Actor, facts: &Facts, now: Time) -> bool {
    let desk = matches!(actor.role, Some(Role::PropertyManager | Role::Dispatcher));
    let committee = actor.role.is_some_and(Role::is_committee);
    // Nobody judges their own work.
    let outside = !actor.is_staff && !actor.is_assignee && !actor.role.is_some_and(Role::is_property);
    let silent = facts.finished_at.is_some_and(|at| now - at >= facts.limits.check);
    let in_place_of_reporter = facts.by_visitor || facts.by_staff || silent;
    match who {
        Who::Desk => desk,
        Who::Crew => desk || (actor.is_assignee && actor.role == Some(Role::Worker)),
        Who::Committee => committee,
        Who::Reporter => actor.is_reporter,
        Who::Rater => outside && actor.is_reporter,
        Who::Checker => outside && (actor.is_reporter || (in_place_of_reporter && (committee || actor.role == Some(Role::ResidentsCommittee)))),
        Who::Clock => actor.role.is_none(),
    }
}

/// The moves that this person can take now: what the page offers.
pub fn moves(actor: Actor, facts: &Facts, now: Time) -> Vec<Move> {
    TABLE
        .iter()
        .filter(|row| row.from.contains(&facts.state) && allowed(row.who, actor, facts, now) && in_time(row.step, facts, now))
        .filter(|row| row.step != Move::Approve || facts.open_tier.is_some_and(Tier::is_committee))
        .filter(|row| row.step != Move::Settle || facts.approved.0 > 0)
        .map(|row| row.step)
        .collect()
}

fn in_time(step: Move, facts: &Facts, now: Time) -> bool {
    let past = |limit: i64| facts.finished_at.is_none_or(|at| now - at > limit);
    match step {
        Move::Reopen => !past(facts.limits.reopen),
        Move::Archive => past(facts.limits.reopen),
        _ => true,
    }
}

/// Judges a step and says where it leads.
///
/// # Errors
/// [`AppError::Forbidden`] for the wrong person, [`AppError::Closed`] for the wrong state or too late,
/// [`AppError::Invalid`] when the reason, the photos or the lines are missing or wrong.
pub fn judge(step: &Step, actor: Actor, facts: &Facts, now: Time) -> Result<State, AppError> {
    let row = row(step.kind());
    if !allowed(row.who, actor, facts, now) {
        return Err(AppError::Forbidden);
    }
    if !row.from.contains(&facts.state) {
        let (zh, en) = (facts.state.label(Lang::Zh), facts.state.label(Lang::En));
        return Err(AppError::closed(
            format!("这一单现在是“{zh}”，不能这样操作。请刷新看看。"),
            format!("This ticket is now “{en}”; that is not possible any more. Reload to see it."),
        ));
    }
    if !in_time(row.step, facts, now) {
        return Err(match row.step {
            Move::Reopen => {
                let days = facts.limits.reopen / DAY;
                AppError::closed(format!("修好已超过 {days} 天，请重新上报一件。"), format!("More than {days} days have passed; please send a new report."))
            }
            _ => AppError::closed("还没到归档的时候。", "Not yet time to archive."),
        });
    }
    needs(step, facts, now)?;
    Ok(match step {
        Step::Quote(quote) if !tier_of(quote, facts).must_wait() => facts.state,
        Step::Resume | Step::Approve { .. } | Step::Decline { .. } => facts.resume_to.unwrap_or(State::Accepted),
        _ => row.to.unwrap_or(facts.state),
    })
}

/// What a step must carry.
fn needs(step: &Step, facts: &Facts, now: Time) -> Result<(), AppError> {
    if let Some(reason) = step.reason() {
        parse_reason(reason)?;
    }
    match step {
        Step::Rate { stars, words } => {
            if !(1..=5).contains(stars) {
                return Err(AppError::field("stars", "请选 1 到 5 颗星", "Choose 1 to 5 stars"));
            }
            parse_text("words", words)?;
        }
        Step::Quote(quote) => check_quote(quote, facts)?,
        Step::Settle { lines } => check_bill(lines, facts)?,
        Step::Schedule { at } if *at < now || *at > now + facts.limits.appointment => {
            let days = facts.limits.appointment / DAY;
            return Err(AppError::field("at", format!("请选今后 {days} 天内的时间"), format!("Choose a time within the next {days} days")));
        }
        Step::Approve { .. } if !facts.open_tier.is_some_and(Tier::is_committee) => {
            return Err(AppError::closed("这笔金额超过业委会的权限，要由业主表决。", "This amount is beyond the committee; the owners must vote."));
        }
        Step::AddPhotos { photos } => check_photos(photos, facts, true)?,
        Step::Finish { note, photos } => {
            parse_text("note", note)?;
            check_photos(photos, facts, false)?;
            let missing: Vec<u8> =
                facts.before_spots.iter().copied().filter(|spot| !facts.after_spots.contains(spot) && !photos.iter().any(|p| p.after && p.spot == *spot)).collect();
            if let Some(spot) = missing.first() {
                let n = spot + 1;
                return Err(AppError::field("photos", format!("第 {n} 处还缺一张修好后的照片"), format!("Spot {n} still needs a photo after the repair")));
            }
            if facts.before_spots.is_empty() && facts.after_spots.is_empty() && !photos.iter().any(|p| p.after) {
                return Err(AppError::field("photos", "请拍一张修好后的照片", "Add a photo after the repair"));
            }
        }
        _ => {}
    }
    Ok(())
}

/// A reason: 1 to [`TEXT_MAX`] characters.
///
/// # Errors
/// [`AppError::Invalid`] on the field `reason`.
pub fn parse_reason(typed: &str) -> Result<String, AppError> {
    let reason = parse_text("reason", typed)?;
    if reason.is_empty() {
        return Err(AppError::field("reason", "请写一句原因，大家都能看到", "Give a reason; everybody will see it"));
    }
    Ok(reason)
}

/// A text of 0 to [`TEXT_MAX`] characters.
///
/// # Errors
/// [`AppError::Invalid`] on the named field.
pub fn parse_text(field: &str, typed: &str) -> Result<String, AppError> {
    clean(typed, TEXT_MAX).map_err(|e| match e {
        TextError::TooLong(max) => AppError::field(field, format!("最多 {max} 个字，请写短一点"), format!("At most {max} characters, please shorten it")),
        TextError::Control => AppError::field(field, "文字里有看不见的控制符，请删掉再发", "The text holds invisible control characters; remove them and send again"),
    })
}

fn check_photos(photos: &[SpotPhoto], facts: &Facts, some: bool) -> Result<(), AppError> {
    if some && photos.is_empty() {
        return Err(AppError::field("photos", "请先拍一张照片", "Take a photo first"));
    }
    if facts.photo_count + photos.len() > TICKET_PHOTOS_MAX || photos.iter().any(|p| p.spot > 19) {
        return Err(AppError::field("photos", "这一单的照片已经够多了", "This ticket has enough photos"));
    }
    Ok(())
}

/// Who has a ticket now.
pub fn holder(state: State, assignee: Option<&str>, open_tier: Option<Tier>, pending: bool) -> Holder {
    let worker = || assignee.map_or(Holder::Desk, |name| Holder::Worker(name.to_owned()));
    match state {
        _ if pending => Holder::Moderator,
        State::Received | State::Accepted => Holder::Desk,
        State::Dispatched | State::InProgress | State::AwaitingMaterial | State::Rework => worker(),
        State::AwaitingApproval if open_tier == Some(Tier::Owners) => Holder::Owners,
        State::AwaitingApproval if open_tier == Some(Tier::Affected) => Holder::Affected,
        State::AwaitingApproval => Holder::Committee,
        State::AwaitingCheck | State::Returned => Holder::Reporter,
        State::Done | State::Rated | State::Archived | State::Merged | State::Withdrawn => Holder::Nobody,
    }
}

/// What an event on a ticket tells: the step without personal data. Names are looked up by id when it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum Deed {
    /// The report came in.
    Reported {
        /// From a visitor.
        visitor: bool,
    },
    /// Another household met it; so many now.
    MetToo {
        /// Households, the reporter's included.
        households: i64,
    },
    /// A step was taken.
    Stepped {
        /// The step.
        step: Move,
        /// Where it led.
        to: State,
        /// The reason or note that the public may read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// An amount, for quotes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Fen>,
        /// Who decides the amount, for quotes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<Tier>,
        /// Stars, for ratings.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stars: Option<u8>,
        /// A time, for appointments.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time: Option<Time>,
        /// The other ticket, for merges.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other: Option<crate::ids::TicketId>,
        /// The worker, for assignments: an id, never a name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        worker: Option<crate::ids::PersonId>,
    },
    /// What waited for the committee goes to the owners.
    ToOwners {
        /// Which owners.
        tier: Tier,
        /// Why.
        cause: Cause,
    },
    /// Another ticket was merged into this one.
    Absorbed {
        /// The other ticket.
        other: crate::ids::TicketId,
    },
    /// A moderator showed or hid it.
    Moderated {
        /// Shown.
        shown: bool,
        /// Why; `None` once it was erased.
        reason: Option<String>,
    },
    /// Somebody wrote under it.
    Commented,
    /// It is overdue and was reported one rung further up 督办.
    Escalated {
        /// To whom.
        rung: crate::rooms::messages::model::Rung,
    },
    /// A moderator hid what somebody wrote.
    CommentHidden {
        /// Which one.
        comment: crate::ids::CommentId,
        /// Why; `None` once it was erased.
        reason: Option<String>,
    },
    /// Somebody with the right looked at the reporter's name and phone (R7.5).
    ContactSeen,
}
