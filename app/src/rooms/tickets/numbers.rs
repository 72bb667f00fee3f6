//! The month's numbers. Every rate keeps its numerator and denominator; nothing is a float.

use crate::measure::Time;
use serde::{Deserialize, Serialize};

/// One ticket, as the month's numbers need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// When it came in.
    pub created_at: Time,
    /// When the work was first finished: the month in which it counts as closed, whatever is said of it later.
    pub first_finished_at: Option<Time>,
    /// When the work was last finished; none while it is being done again.
    pub finished_at: Option<Time>,
    /// When it had to be finished: the first promise and every stop since.
    pub promised_at: Time,
    /// Since when its clock stands still, if it does.
    pub stopped_at: Option<Time>,
    /// It is over without having been finished (returned, merged, withdrawn).
    pub dropped: bool,
    /// Stars, if it was rated.
    pub stars: Option<u8>,
}

impl Tally {
    /// Finished in time for good: neither redone after the promise nor being redone past it.
    fn on_time(&self, until: Time) -> bool {
        self.finished_at.map_or(self.promised_at >= until, |at| at <= self.promised_at)
    }

    /// Late and not finished at the end of a month. What is paused or sent back after its promise was late all the
    /// same: a pause ends no lateness, and what was dropped late counts in the month in which it was dropped.
    fn overdue(&self, from: Time, until: Time) -> bool {
        if self.created_at >= until || self.first_finished_at.is_some_and(|at| at < until) {
            return false;
        }
        let stopped = self.stopped_at.filter(|at| *at < until);
        let late = self.promised_at < stopped.unwrap_or(until);
        late && !(self.dropped && stopped.is_some_and(|at| at < from))
    }
}

/// The numbers of one month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthNumbers {
    /// The first moment of the month.
    pub from: Time,
    /// Up to when the numbers count: the end of the month, or the present.
    pub until: Time,
    /// Reports that came in during the month.
    pub received: i64,
    /// Finished in the month and in time.
    pub on_time: i64,
    /// Finished in the month.
    pub closed: i64,
    /// Not finished and past the promise at `until`.
    pub overdue: i64,
    /// The median of the time from report to finish, in minutes, of those finished in the month.
    pub median_minutes: Option<i64>,
    /// The sum of the stars of those finished in the month.
    pub stars: i64,
    /// How many of them were rated.
    pub rated: i64,
}

impl MonthNumbers {
    /// On time ÷ (closed + overdue), in whole per cent rounded half up: what is late and still open counts too,
    /// so that leaving the hard ones undone does not look good. `None` when nothing was due.
    pub fn on_time_percent(&self) -> Option<i64> {
        let due = self.closed + self.overdue;
        (due > 0).then(|| (200 * self.on_time + due) / (2 * due))
    }

    /// The mean of the stars in tenths, rounded half up: 46 = 4.6.
    pub fn stars_tenths(&self) -> Option<i64> {
        (self.rated > 0).then(|| (20 * self.stars + self.rated) / (2 * self.rated))
    }
}

/// Counts the month `from..until`. `tallies` may hold any tickets; each is judged by its times.
pub fn count_month(tallies: &[Tally], from: Time, until: Time) -> MonthNumbers {
    let in_month = |t: Time| t >= from && t < until;
    let finished = || tallies.iter().filter(|t| t.first_finished_at.is_some_and(in_month));
    let took = |t: &Tally| t.finished_at.or(t.first_finished_at).map(|at| (at - t.created_at) / crate::measure::MINUTE);
    let mut spans: Vec<i64> = finished().filter_map(took).collect();
    spans.sort_unstable();
    let median_minutes = match spans.len() {
        0 => None,
        n if n % 2 == 1 => Some(spans[n / 2]),
        n => Some((spans[n / 2 - 1] + spans[n / 2]) / 2),
    };
    MonthNumbers {
        from,
        until,
        received: tallies.iter().filter(|t| in_month(t.created_at)).count() as i64,
        on_time: finished().filter(|t| t.on_time(until)).count() as i64,
        closed: finished().count() as i64,
        overdue: tallies.iter().filter(|t| t.overdue(from, until)).count() as i64,
        median_minutes,
        stars: finished().filter_map(|t| t.stars).map(i64::from).sum(),
        rated: finished().filter(|t| t.stars.is_some()).count() as i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{DAY, HOUR};
    use proptest::prelude::*;

    fn tally(created: i64, finished: Option<i64>, promised: i64, stars: Option<u8>) -> Tally {
        let finished_at = finished.map(Time);
        Tally { created_at: Time(created), first_finished_at: finished_at, finished_at, promised_at: Time(promised), stopped_at: finished_at, dropped: false, stars }
    }

    /// Each case in hours: first and last finish, promise, clock stopped, dropped; and what it counts for in days 0 to 30.
    #[test]
    fn nothing_that_is_done_afterwards_betters_the_numbers() {
        type Case = (&'static str, Option<i64>, Option<i64>, i64, Option<i64>, bool, (i64, i64, i64));
        let month = 720;
        // (on time, closed, overdue)
        let cases: [Case; 14] = [
            ("in time", Some(70), Some(70), 72, Some(70), false, (1, 1, 0)),
            ("late", Some(80), Some(80), 72, Some(80), false, (0, 1, 0)),
            ("late, not repaired after 20 h, done again", Some(80), Some(110), 92, Some(110), false, (0, 1, 0)),
            ("late, and being done again", Some(80), None, 92, None, false, (0, 1, 0)),
            ("in time, and done again in time", Some(50), Some(90), 92, Some(90), false, (1, 1, 0)),
            ("in time, but done again too late", Some(50), Some(100), 92, Some(100), false, (0, 1, 0)),
            ("late and open", None, None, 72, None, false, (0, 0, 1)),
            ("late, then paused", None, None, 72, Some(100), false, (0, 0, 1)),
            ("paused in time", None, None, 72, Some(50), false, (0, 0, 0)),
            ("sent back in time", None, None, 72, Some(50), true, (0, 0, 0)),
            ("sent back late", None, None, 72, Some(100), true, (0, 0, 1)),
            ("late, and sent back the month after", None, None, 72, Some(month + 5), true, (0, 0, 1)),
            ("finished the month after, late", Some(month + 5), Some(month + 5), 72, Some(month + 5), false, (0, 0, 1)),
            ("not yet due", None, None, month + 9, None, false, (0, 0, 0)),
        ];
        let hour = |h: i64| Time(h * HOUR);
        for (name, first, last, promised, stopped, dropped, counts) in cases {
            let t = Tally {
                created_at: Time(0),
                first_finished_at: first.map(hour),
                finished_at: last.map(hour),
                promised_at: hour(promised),
                stopped_at: stopped.map(hour),
                dropped,
                stars: None,
            };
            let n = count_month(&[t], Time(0), hour(month));
            assert_eq!((n.on_time, n.closed, n.overdue), counts, "{name}");
            let later = count_month(&[t], hour(2 * month), hour(3 * month));
            assert!(!dropped || later.overdue == 0, "{name}: what was dropped does not count for ever");
        }
    }

    #[test]
    fn what_is_late_and_open_counts_against_the_rate() {
        let all = [tally(0, Some(HOUR), 2 * HOUR, Some(5)), tally(0, Some(3 * HOUR), 2 * HOUR, Some(4)), tally(0, None, 2 * HOUR, None), tally(0, None, 40 * DAY, None)];
        let n = count_month(&all, Time(0), Time(30 * DAY));
        assert_eq!((n.received, n.on_time, n.closed, n.overdue), (4, 1, 2, 1));
        assert_eq!(n.on_time_percent(), Some(33));
        assert_eq!(n.median_minutes, Some(120));
        assert_eq!(n.stars_tenths(), Some(45));
        assert_eq!(MonthNumbers::default().on_time_percent(), None);
    }

    proptest! {
        #[test]
        fn a_rate_never_leaves_0_to_100(rows in proptest::collection::vec((0i64..100, proptest::option::of(0i64..200), 0i64..200), 0..40)) {
            let all: Vec<Tally> = rows.into_iter().map(|(c, f, p)| tally(c, f.map(|f| c + f), c + p, None)).collect();
            let n = count_month(&all, Time(10), Time(90));
            prop_assert!(n.on_time <= n.closed);
            if let Some(rate) = n.on_time_percent() { prop_assert!((0..=100).contains(&rate)); }
        }
    }
}
