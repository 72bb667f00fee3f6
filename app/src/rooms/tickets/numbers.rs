//! The month's numbers. Every rate keeps its numerator and denominator; nothing is a float.

use crate::measure::Time;
use serde::{Deserialize, Serialize};

/// One ticket, as the month's numbers need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// When it came in.
    pub created_at: Time,
    /// When the work was finished, if it was.
    pub finished_at: Option<Time>,
    /// When it had to be finished, pauses added.
    pub promised_at: Time,
    /// Nothing is due any more though it was never finished (returned, merged, withdrawn).
    pub dropped: bool,
    /// The clock stands still (待料, 待审批): not overdue while it does.
    pub paused: bool,
    /// Stars, if it was rated.
    pub stars: Option<u8>,
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
    let finished = || tallies.iter().filter(|t| t.finished_at.is_some_and(in_month));
    let mut spans: Vec<i64> = finished().filter_map(|t| t.finished_at.map(|f| (f - t.created_at) / crate::measure::MINUTE)).collect();
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
        on_time: finished().filter(|t| t.finished_at.is_some_and(|f| f <= t.promised_at)).count() as i64,
        closed: finished().count() as i64,
        overdue: tallies.iter().filter(|t| !t.dropped && !t.paused && t.promised_at < until && t.created_at < until && t.finished_at.is_none_or(|f| f >= until)).count() as i64,
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
        Tally { created_at: Time(created), finished_at: finished.map(Time), promised_at: Time(promised), dropped: false, paused: false, stars }
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
