//! Assets 设施设备: cameras, sprinklers, lifts, pumps, lights, benches; what they are, how they are, when they are inspected.
//!
//! Invariants: an asset keeps its number for ever and is never deleted, only retired; of a replacement pair each points at
//! the other; a check is written once and never changed, and of several of one asset in one round the last one counts;
//! a failed check opens one ticket, and none while one is open; a rate is shown with what it is counted from.
//!
//! Offline policy: rounds are read and checks are made without a network; a check is create-only and waits in the outbox.

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
pub mod round_pages;
#[cfg(feature = "ssr")]
pub mod rounds;
#[cfg(feature = "ssr")]
pub mod store;
