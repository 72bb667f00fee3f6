//! Lists 清单: tables that a clerk uploads (openings of the fund, assets, bays, cars and leases) and downloads again.
//!
//! Invariants: an uploaded list is kept as it was read and changes nothing before it is confirmed; everything wrong in it
//! is named by line and column; the same list again changes nothing. What a list means is known by the room that it
//! belongs to; how a file becomes cells is in [`crate::rooms::rosters::sheet`].
//!
//! Offline policy: none; clerks upload at a desk.

pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod book;
#[cfg(feature = "ssr")]
pub mod pages;
