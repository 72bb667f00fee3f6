//! Laying things to do out by worker and day.

use super::model::{Item, Plan, Row};
use crate::ids::PersonId;
use crate::measure::{DAY, Time};

/// Lays `items` out over `days` days from the one that `from` lies in. `offset` is in minutes ahead of UTC. Every worker
/// has a row, also one without work; what is on after the last day is left out.
pub fn lay_out(items: Vec<Item>, workers: &[PersonId], from: Time, days: usize, now: Time, offset: i32) -> Plan {
    let first = from.day_start(offset);
    let starts: Vec<Time> = (0..days).map(|i| first + i64::try_from(i).unwrap_or(0) * DAY).collect();
    let empty = |worker| Row { worker, overdue: Vec::new(), days: vec![Vec::new(); days] };
    let mut rows: Vec<Row> = workers.iter().copied().map(|w| empty(Some(w))).collect();
    rows.push(empty(None));
    for item in items {
        // Whoever is no worker any more has nothing: somebody else must take it.
        let row = rows.iter().position(|r| r.worker == item.worker).unwrap_or(rows.len() - 1);
        let day = usize::try_from((item.at - first).div_euclid(DAY)).ok();
        if item.at < now {
            rows[row].overdue.push(item);
        } else if let Some(cell) = day.and_then(|day| rows[row].days.get_mut(day)) {
            cell.push(item);
        }
    }
    let last = rows.pop();
    rows.sort_by_key(|r| std::cmp::Reverse(r.load()));
    rows.extend(last);
    for row in &mut rows {
        row.overdue.sort_by_key(|i| i.at);
        row.days.iter_mut().for_each(|d| d.sort_by_key(|i| i.at));
    }
    Plan { days: starts, rows }
}

#[cfg(test)]
mod tests {
    use super::super::model::Sort;
    use super::*;
    use crate::measure::HOUR;
    use proptest::prelude::*;
    use uuid::Uuid;

    const NOW: Time = Time(1_800_000_000_000);

    fn worker(n: u128) -> PersonId {
        PersonId(Uuid::from_u128(n))
    }

    fn item(hours: i64, who: Option<u128>) -> Item {
        Item { at: NOW + hours * HOUR, worker: who.map(worker), sort: Sort::Repair, label: hours.to_string(), spot: String::new(), href: String::new() }
    }

    #[test]
    fn days_begin_at_local_midnight_and_overdue_comes_first() {
        let plan = lay_out(vec![item(-30, Some(1)), item(1, Some(1)), item(30, Some(1)), item(5, None), item(400, Some(2))], &[worker(1), worker(2)], NOW, 7, NOW, 480);
        assert_eq!(plan.days[0], NOW.day_start(480));
        assert_eq!(plan.rows.iter().map(|r| (r.worker, r.load())).collect::<Vec<_>>(), [(Some(worker(1)), 3), (Some(worker(2)), 0), (None, 1)]);
        assert_eq!(plan.rows[0].overdue.len(), 1);
    }

    proptest! {
        #[test]
        fn everything_within_the_days_stands_on_it_once(all in proptest::collection::vec((-200i64..160, proptest::option::of(0u128..5)), 0..60)) {
            let items: Vec<Item> = all.iter().map(|(h, w)| item(*h, *w)).collect();
            let plan = lay_out(items, &[worker(0), worker(1), worker(2)], NOW, 7, NOW, 480);
            let last = plan.days[6] + DAY;
            let expected = all.iter().filter(|(h, _)| NOW + h * HOUR < last).count();
            prop_assert_eq!(plan.rows.iter().map(Row::load).sum::<usize>(), expected);
            prop_assert_eq!(plan.rows.len(), 4);
        }
    }
}
