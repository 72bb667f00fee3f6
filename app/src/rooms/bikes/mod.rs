//! Bikes 非机动车: garages with their places and charging sockets, e-bikes with their stickers, and what was left behind.
//!
//! Invariants: the code of a sticker is given once and never again; a household has so many e-bikes as the rule number says;
//! a bike that seems left behind gets a notice first, and is never disposed of before its days are over or after somebody
//! claimed it; what was done with it stays written down.
//!
//! Offline policy: pages are read without a network, dangerous charging is reported like any other thing; the rest needs one.

pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod notices;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod store;
