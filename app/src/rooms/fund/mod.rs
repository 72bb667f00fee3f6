//! The maintenance fund 专项维修资金: how a cost is shared, how its books are kept, and the steps before money is spent.
//!
//! Invariants: the shares of a cost are the cost, to the fen (R2.6); every entry of the books adds up to nothing, and no
//! account goes below zero without somebody saying so; no step of a use is taken before the one it stands on, and none
//! while a publication 公示 that it waits for still runs (R2.4); an emergency path is open only for the five cases of
//! SH 73.
//!
//! Offline policy: read-only on the phone; decisions about money are taken with a network.

pub mod allocation;
pub mod books;
pub mod model;
pub mod openings;
pub mod rules;
pub mod votes;

#[cfg(test)]
mod rules_tests;

#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod imports;
#[cfg(feature = "ssr")]
pub mod journal;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod papers;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod uses;
