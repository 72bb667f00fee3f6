//! Documents 文书: what a decision, a statement or an acceptance looks like on paper.
//!
//! Invariants: a document is made from the record at the moment it is asked for and never kept; it carries the address
//! of the live record and the hash of the event that it rests on, so that a sheet of paper can be checked against the
//! chain; page and PDF are drawn from the same [`model::Document`].
//!
//! Offline policy: read-only; paper is for those who are not on the network at all.

pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod store;
