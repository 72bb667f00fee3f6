//! Bays 车位: where cars stand; what each bay is, whose it is, how it is, and where it is on the site plan.
//!
//! Invariants: a bay keeps its code and is never deleted, only closed; every change of its state is written down with its
//! reason; a bay that is not of the original plan is never leased as a fixed one (R5.2); nothing makes the estate shorter of
//! accessible bays than it is (R5.5); whose an owned bay is, only the desk sees.
//!
//! Offline policy: read-only; the register is kept at a desk.

pub mod list;
pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod imports;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod store;
