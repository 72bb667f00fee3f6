//! When a ticket is due, and the rule numbers ⚙ of repairs that one community goes by.

use super::model::{Category, State};
use crate::measure::{DAY, Fen, HOUR, MINUTE, Time};
use crate::rooms::communities::rules::setting;
use serde::{Deserialize, Serialize};

/// The rule numbers of repairs of one community on one day. The defaults with their sources stand in
/// [`crate::rooms::communities::rules::DEFAULTS`] and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Urgent: taken on within.
    pub urgent_accept: i64,
    /// Urgent: somebody is there within.
    pub urgent_arrive: i64,
    /// Urgent: safe within.
    pub urgent_done: i64,
    /// General: taken on within, counted only while the desk is open.
    pub accept: i64,
    /// General: somebody is there within.
    pub arrive: i64,
    /// General: done within.
    pub done: i64,
    /// The desk opens, minutes after local midnight.
    pub opens: u32,
    /// The desk closes, minutes after local midnight.
    pub closes: u32,
    /// Minutes that the community's clock is ahead of UTC.
    pub offset: i32,
    /// How long after finishing 没修好 keeps the same number; then it is archived.
    pub reopen: i64,
    /// How long the reporter alone may check; afterwards a committee may do it for them.
    pub check: i64,
    /// The same words from the same person about the same spot within this time are one report.
    pub same_report: i64,
    /// How far ahead a visit can be arranged.
    pub appointment: i64,
    /// How much earlier a ticket stands in a list for each household that waits.
    pub household: i64,
    /// How near is near, in the thousandths of the estate's plan that places are measured in.
    pub near: i64,
    /// T1 ends here: the property company decides.
    pub property_max: Fen,
    /// T2 ends here: the owners' committee decides.
    pub committee_max: Fen,
    /// What the committee may decide in one calendar year, uses of the fund included.
    #[serde(default)]
    pub committee_year: Fen,
    /// Costs at one spot within this time are added up.
    pub split: i64,
}

impl Limits {
    /// From the value of each rule number by its name.
    pub fn read(get: impl Fn(&str) -> i64, offset: i32) -> Self {
        let minutes = |key: &str| get(key) * MINUTE;
        let days = |key: &str| get(key) * DAY;
        let of_day = |key: &str| u32::try_from(get(key)).unwrap_or_default();
        Self {
            urgent_accept: minutes("ticket.urgent.accept_minutes"),
            urgent_arrive: minutes("ticket.urgent.arrive_minutes"),
            urgent_done: minutes("ticket.urgent.done_minutes"),
            accept: minutes("ticket.accept_minutes"),
            arrive: minutes("ticket.arrive_minutes"),
            done: minutes("ticket.done_minutes"),
            opens: of_day("ticket.desk_opens_minute"),
            closes: of_day("ticket.desk_closes_minute"),
            offset,
            reopen: days("ticket.reopen_days"),
            check: days("ticket.check_days"),
            same_report: get("ticket.same_report_hours") * HOUR,
            appointment: days("ticket.appointment_days"),
            household: minutes("ticket.household_minutes"),
            near: get("ticket.near_distance"),
            property_max: Fen(get("approval.property_max_fen")),
            committee_max: Fen(get("approval.committee_max_fen")),
            committee_year: Fen(get("approval.committee_year_fen")),
            split: days("approval.sum_days"),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::read(|key| setting(&[], key, "").unwrap_or_default(), 480)
    }
}

/// The clock of a ticket. It runs only while the property company has the work; the promise moves by every stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// When it came in, or came back: what "taken on" and "on site" are counted from.
    pub started_at: Time,
    /// When it last stopped, if it stands still: paused, finished, sent back, or over.
    pub stopped_at: Option<Time>,
    /// Milliseconds that it stood still since [`Clock::started_at`].
    pub stopped_total: i64,
    /// When the work has to be finished: the first promise and every stop since.
    pub promised_at: Time,
}

impl Clock {
    /// The clock of a new ticket with its promise.
    pub fn start(category: Category, now: Time, limits: &Limits) -> Self {
        let span = if category.is_urgent() { limits.urgent_done } else { limits.done };
        Self { started_at: now, stopped_at: None, stopped_total: 0, promised_at: now + span }
    }

    /// The clock after a move to `to`. The promise is never made anew: a late repair that is done again stays late.
    #[must_use]
    pub fn moved(self, from: State, to: State, now: Time) -> Self {
        let mut clock = self;
        if !to.runs() {
            clock.stopped_at = clock.stopped_at.or(Some(now));
            return clock;
        }
        if let Some(since) = clock.stopped_at.take() {
            clock.stopped_total += now - since;
            clock.promised_at = clock.promised_at + (now - since);
        }
        if !from.runs() && !from.is_paused() {
            clock.started_at = now;
            clock.stopped_total = 0;
        }
        clock
    }
}

/// The next deadline of a ticket, or `None` when nothing is due: it is paused, finished or over.
pub fn due_at(category: Category, state: State, clock: Clock, limits: &Limits) -> Option<Time> {
    let urgent = category.is_urgent();
    let start = clock.started_at;
    match state {
        _ if clock.stopped_at.is_some() => None,
        State::Received if urgent => Some(start + limits.urgent_accept),
        State::Received => Some(add_open_hours(start, limits.accept, limits)),
        State::Accepted | State::Dispatched => Some(start + (if urgent { limits.urgent_arrive } else { limits.arrive }) + clock.stopped_total),
        State::InProgress | State::Rework => Some(clock.promised_at),
        _ => None,
    }
}

/// `start` plus `span` milliseconds of the desk's opening hours.
pub fn add_open_hours(start: Time, span: i64, limits: &Limits) -> Time {
    let (opens, closes) = (i64::from(limits.opens) * MINUTE, i64::from(limits.closes) * MINUTE);
    let open_time = closes - opens;
    if open_time <= 0 {
        return start + span;
    }
    let mut midnight = start.day_start(limits.offset);
    let mut from = start.0.max(midnight.0 + opens);
    let mut left = span;
    loop {
        let close = midnight.0 + closes;
        if from < close {
            let room = close - from;
            if left <= room {
                return Time(from + left);
            }
            left -= room;
        }
        midnight = midnight + DAY;
        from = midnight.0 + opens;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2026-03-02 00:00 in Shanghai.
    const MIDNIGHT: Time = Time(1_772_380_800_000);

    #[test]
    fn two_hours_are_counted_only_while_the_desk_is_open() {
        let l = Limits::default();
        let at = |h: i64, m: i64| MIDNIGHT + h * HOUR + m * MINUTE;
        assert_eq!(add_open_hours(at(9, 0), 2 * HOUR, &l), at(11, 0));
        assert_eq!(add_open_hours(at(19, 0), 2 * HOUR, &l), at(24 + 9, 0));
        assert_eq!(add_open_hours(at(23, 0), 2 * HOUR, &l), at(24 + 10, 0));
        assert_eq!(add_open_hours(at(3, 0), 2 * HOUR, &l), at(10, 0));
        assert_eq!(add_open_hours(at(20, 0), 13 * HOUR, &l), at(48 + 9, 0));
    }

    #[test]
    fn each_state_has_its_own_deadline() {
        let l = Limits::default();
        let clock = |c| {
            let start = Clock::start(c, MIDNIGHT + 9 * HOUR, &l);
            Clock { stopped_total: HOUR, promised_at: start.promised_at + HOUR, ..start }
        };
        let due = |c, s: State| due_at(c, s, clock(c).moved(State::Received, s, MIDNIGHT + 10 * HOUR), &l).map(|t| t - clock(c).started_at);
        assert_eq!(due(Category::BurstPipe, State::Received), Some(10 * MINUTE));
        assert_eq!(due(Category::BurstPipe, State::Dispatched), Some(30 * MINUTE + HOUR));
        assert_eq!(due(Category::Lighting, State::Received), Some(2 * HOUR));
        assert_eq!(due(Category::Lighting, State::InProgress), Some(73 * HOUR));
        assert_eq!(due(Category::Lighting, State::AwaitingMaterial), None);
        assert_eq!(due(Category::Lighting, State::Done), None);
    }

    /// Each way: hour and state of each move after the report, and by how many hours the promise has moved in the end.
    #[test]
    fn the_promise_moves_by_the_stops_and_is_never_made_anew() {
        use State as S;
        let ways: [(&str, &[(i64, State)], i64); 6] = [
            ("straight on", &[(1, S::Accepted), (2, S::Dispatched), (3, S::InProgress)], 0),
            ("waiting for material", &[(1, S::InProgress), (5, S::AwaitingMaterial), (25, S::InProgress)], 20),
            ("not repaired", &[(1, S::InProgress), (80, S::AwaitingCheck), (100, S::Rework)], 20),
            ("broken again", &[(1, S::InProgress), (10, S::AwaitingCheck), (12, S::Done), (13, S::Rated), (60, S::Rework)], 50),
            ("sent back and in again", &[(4, S::Returned), (24, S::Received), (25, S::Accepted)], 20),
            ("a quote that is returned", &[(1, S::Accepted), (2, S::AwaitingApproval), (12, S::Accepted), (13, S::AwaitingApproval), (15, S::Accepted)], 12),
        ];
        let l = Limits::default();
        for (name, moves, hours) in ways {
            let first = Clock::start(Category::Road, MIDNIGHT, &l);
            let (mut clock, mut from) = (first, S::Received);
            for (hour, to) in moves {
                clock = clock.moved(from, *to, MIDNIGHT + hour * HOUR);
                from = *to;
            }
            assert_eq!((clock.promised_at - first.promised_at, clock.stopped_at), (hours * HOUR, None), "{name}");
        }
    }

    #[test]
    fn what_comes_back_gets_its_first_deadlines_anew_but_not_its_promise() {
        let l = Limits::default();
        let at = |h: i64| MIDNIGHT + h * HOUR;
        let back = Clock::start(Category::Road, at(9), &l).moved(State::Received, State::Returned, at(10)).moved(State::Returned, State::Received, at(33));
        assert_eq!(due_at(Category::Road, State::Received, back, &l), Some(at(35)));
        assert_eq!(back.promised_at, at(9 + 72 + 23));
    }

    proptest! {
        #[test]
        fn open_hours_end_inside_open_hours(start in 0i64..4_000_000_000_000, span in 1i64..200_000_000) {
            let l = Limits::default();
            let end = add_open_hours(Time(start), span, &l);
            prop_assert!(end.0 >= start + span);
            let minute = end.minute_of_day(l.offset);
            prop_assert!((l.opens..=l.closes).contains(&minute));
        }
    }
}
