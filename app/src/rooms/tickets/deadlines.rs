//! When a ticket is due. ⚙ All figures are the demo defaults of domain §6.

use super::model::{Category, State};
use crate::measure::{DAY, HOUR, MINUTE, Time};
use serde::{Deserialize, Serialize};

/// The time limits of one community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Urgent: taken on within.
    pub urgent_accept: i64,
    /// Urgent: somebody is there within (中物协 2004 一级: 30 min; lift: TSG T5002, 30 min).
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
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            urgent_accept: 10 * MINUTE,
            urgent_arrive: 30 * MINUTE,
            urgent_done: 2 * HOUR,
            accept: 2 * HOUR,
            arrive: 24 * HOUR,
            done: 72 * HOUR,
            opens: 8 * 60,
            closes: 20 * 60,
            offset: 480,
        }
    }
}

/// What the clock of a ticket has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// When it came in (or was reopened, which starts a new clock).
    pub started_at: Time,
    /// When the present pause began.
    pub paused_at: Option<Time>,
    /// Milliseconds spent in earlier pauses.
    pub paused_total: i64,
}

/// The next deadline of a ticket, or `None` when nothing is due: it is paused, finished or over.
pub fn due_at(category: Category, state: State, clock: Clock, limits: &Limits) -> Option<Time> {
    if state.is_paused() || clock.paused_at.is_some() {
        return None;
    }
    let urgent = category.is_urgent();
    let start = clock.started_at;
    let pause = clock.paused_total;
    match state {
        State::Received if urgent => Some(start + limits.urgent_accept),
        State::Received => Some(add_open_hours(start, limits.accept, limits)),
        State::Accepted | State::Dispatched => Some(start + (if urgent { limits.urgent_arrive } else { limits.arrive }) + pause),
        State::InProgress | State::Rework => Some(start + (if urgent { limits.urgent_done } else { limits.done }) + pause),
        _ => None,
    }
}

/// When the work has to be finished, pauses so far added.
pub fn promise(category: Category, clock: Clock, limits: &Limits) -> Time {
    clock.started_at + (if category.is_urgent() { limits.urgent_done } else { limits.done }) + clock.paused_total
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
        let clock = Clock { started_at: MIDNIGHT + 9 * HOUR, paused_at: None, paused_total: HOUR };
        let due = |c, s| due_at(c, s, clock, &l).map(|t| t - clock.started_at);
        assert_eq!(due(Category::BurstPipe, State::Received), Some(10 * MINUTE));
        assert_eq!(due(Category::BurstPipe, State::Dispatched), Some(30 * MINUTE + HOUR));
        assert_eq!(due(Category::Lighting, State::Received), Some(2 * HOUR));
        assert_eq!(due(Category::Lighting, State::InProgress), Some(73 * HOUR));
        assert_eq!(due(Category::Lighting, State::AwaitingMaterial), None);
        assert_eq!(due(Category::Lighting, State::Done), None);
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
