//! What stands on a plan.

use crate::ids::PersonId;
use crate::measure::Time;

/// What sort of work it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// A repair that is due.
    Repair,
    /// A repair with an appointment.
    Visit,
    /// 急修.
    Urgent,
    /// 巡检.
    Inspection,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// When it is on.
    pub at: Time,
    /// Whose it is; `None` while nobody has it.
    pub worker: Option<PersonId>,
    /// What sort of work.
    pub sort: Sort,
    /// What it is called.
    pub label: String,
    /// Where it is.
    pub spot: String,
    /// Its page.
    pub href: String,
}

/// A plan of some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The beginnings of its days.
    pub days: Vec<Time>,
    /// One row for each worker, the busiest first; what nobody has comes last.
    pub rows: Vec<Row>,
}

/// What one worker has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The worker; `None` for what nobody has.
    pub worker: Option<PersonId>,
    /// What should have been done before now.
    pub overdue: Vec<Item>,
    /// What is on, by day.
    pub days: Vec<Vec<Item>>,
}

impl Row {
    /// How many things they have.
    pub fn load(&self) -> usize {
        self.overdue.len() + self.days.iter().map(Vec::len).sum::<usize>()
    }
}
