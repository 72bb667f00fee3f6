//! Events: what happened, append-only, each chained to the one before by its hash, one chain per community.
//!
//! Invariants: an event is written in the transaction of the change it tells of; personal data is named by id and
//! never copied in, and what a person wrote stands beside the chain with only its salted digest in it, so that both
//! can be erased without breaking the chain.
//!
//! Offline policy: written by the server alone.

pub mod rules;

#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod store;
