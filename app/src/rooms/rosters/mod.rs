//! Rosters 名册: the list of buildings, units and owners that the clerk has in Excel.
//!
//! Invariants: nothing is written before the clerk has seen what would change; every bad row is named; the same
//! file a second time changes nothing; nobody is removed because a file forgot them.
//!
//! Offline policy: needs the server.

pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod sheet;
#[cfg(feature = "ssr")]
pub mod store;
