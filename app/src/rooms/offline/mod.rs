//! Offline: what waits on a phone, and how it comes in.
//!
//! The phone keeps forms, photos and the pages that its person read (`frontend/pwa/`); `/api/v1/sync` takes what waited,
//! up to [`rules::BATCH`] envelopes at once, and answers each by itself.
//!
//! Invariants: an envelope belongs to one person and is applied as that person or not at all; one that cannot be read
//! never keeps the others from being applied; the same envelope sent again gets the same answer.
//!
//! Offline policy: this room is it. What may wait is in [`rules::waits`]; each room says what happens when two meet.

pub mod model;
pub mod rules;

#[cfg(feature = "ui")]
pub mod pages;
