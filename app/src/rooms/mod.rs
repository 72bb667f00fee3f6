//! The rooms: one feature, one room. A room's `mod.rs` says who lives there.

pub mod approvals;
pub mod assets;
pub mod bays;
pub mod bikes;
pub mod communities;
pub mod conversions;
pub mod documents;
pub mod events;
pub mod fund;
pub mod income;
pub mod lists;
pub mod messages;
pub mod offline;
pub mod parking;
pub mod people;
pub mod photos;
pub mod places;
pub mod plans;
pub mod projects;
pub mod rosters;
pub mod scoring;
pub mod sites;
pub mod tickets;
pub mod visits;
