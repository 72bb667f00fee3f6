//! Parking 停车: how scarce bays are handed out by rules that everybody can read, and how the draw is proved.
//!
//! Invariants: rules, prices and quotas of a round are published when it is opened and never change; a household has one
//! application for each round and band, and the last change before the list is frozen counts; every version of a list
//! stays on show with its hash; nobody can know the seed before the last party reveals; the public value is entered by two
//! sides, each for itself, before anything is drawn; what follows from it can be computed again by anybody; a bay has at
//! most one holder; a bay outside the original plan is never leased, only passed (R5.2); nothing is handed from one
//! household to another, and a household that moves out leaves its bay to those who wait.
//!
//! Offline policy: an application is filled in without a network and waits in the outbox, one for each round, unit and
//! band until the list is frozen; everything else needs a network. The verifier needs none.

pub mod draw;
pub mod list;
pub mod lottery;
pub mod model;
pub mod plates;
pub mod rules;

#[cfg(test)]
mod draw_tests;
#[cfg(test)]
mod rules_tests;

#[cfg(feature = "ssr")]
pub mod announced;
#[cfg(feature = "ssr")]
pub mod applications;
#[cfg(feature = "ssr")]
pub mod cars;
#[cfg(feature = "ssr")]
pub mod departures;
#[cfg(feature = "ssr")]
pub mod drawing;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod imports;
#[cfg(feature = "ssr")]
pub mod leases;
#[cfg(feature = "ssr")]
pub mod lists;
#[cfg(feature = "ssr")]
pub mod money;
#[cfg(feature = "ssr")]
pub mod offers;
#[cfg(feature = "ssr")]
pub mod rounds;
#[cfg(feature = "ssr")]
pub mod sides;
#[cfg(feature = "ssr")]
pub mod standing;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod swaps;

#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod mine;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod papers;
#[cfg(feature = "ssr")]
pub mod verify;
