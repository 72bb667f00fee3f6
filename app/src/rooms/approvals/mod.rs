//! Approvals 业委会决定: what the owners' committee decides in writing or in a meeting (R1.7, SH 26).
//!
//! Invariants: a matter opens by itself when a quote or a use of the fund waits for the committee, and the roll of members
//! is frozen then; nothing is decided without more than half of all members; whoever has a conflict of interest, proposed
//! it, or works for the property company never counts; a decision is final and public in the moment in which it is made;
//! until then nobody reads the others' words.
//!
//! Offline policy: read-only on the phone; a word is given with a network, with the offers and the count in front of one's
//! eyes.

pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod matters;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod papers;
#[cfg(feature = "ssr")]
pub mod store;
