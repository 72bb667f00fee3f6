//! Plans 计划: what the property company has to do on which day, and how much each worker carries.
//!
//! Invariants: a plan is made from the jobs and inspections as they are and holds nothing of its own; what is overdue
//! stands before today until it is done; every open job stands on it exactly once.
//!
//! Offline policy: read-only; a worker's own jobs are on `/jobs`.

pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod store;
