//! Visits 访客: a household makes a pass for the day on which somebody comes, and the guard at the gate scans it.
//!
//! Invariants: a pass is for one day and lets in once; a household makes no more in a month than the rule number says, taken
//! back ones not counted; whoever has the code learns whether it is valid, and only the guard and the household learn for
//! whom; name and plate are forgotten when the time for keeping them is over.
//!
//! Offline policy: a pass is made without a network and waits in the outbox (create-only); its code comes with the receipt.

pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod store;
