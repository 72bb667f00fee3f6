//! The rooms: one feature, one room. A room's `mod.rs` says who lives there.

pub mod communities;
pub mod events;
pub mod offline;
pub mod people;
pub mod photos;
pub mod places;
pub mod rosters;
pub mod tickets;
