//! Communities 小区 with their buildings and units, and the guided first set-up.
//!
//! Invariants: everything else belongs to one community; areas are integers of 0.01 m² with their source.
//!
//! Offline policy: read-only for residents.

pub mod calendar;
pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(feature = "ui")]
pub mod api;
#[cfg(feature = "ui")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod setup;
