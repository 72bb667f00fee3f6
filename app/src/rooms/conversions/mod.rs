//! Conversions 调整用地: a proposal that turns ground of one use into another, a lawn into a place for bikes, and what it does to
//! bays, bikes and green.
//!
//! Invariants: the green of the whole estate never becomes less (R5.3); the numbers before and after are frozen when the
//! proposal is published; a change of use is carried out only after the owners decided it, with the vote named; trees are
//! moved only with an application; areas and bays change when it is carried out and not before.
//!
//! Offline policy: read-only.

pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod store;
