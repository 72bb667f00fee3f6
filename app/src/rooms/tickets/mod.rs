//! Tickets 报修单: what is broken, who has it, until when, and whether it was made good.
//!
//! Invariants: every move is an event with who, when and why; the table in `rules` is the only way from state to
//! state; "done" shows an after-photo of every spot that has a before-photo; a ticket keeps its number for ever.
//!
//! Offline policy: reports, photos and comments are create-only and can wait; a step carries the version it was made
//! against and is refused with [`crate::error::AppError::Conflict`] when somebody was faster.

pub mod chart;
pub mod costs;
pub mod deadlines;
pub mod model;
pub mod numbers;
pub mod rules;
#[cfg(test)]
mod rules_tests;

#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(feature = "ui")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ui")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod papers;
#[cfg(feature = "ssr")]
pub mod quoting;
