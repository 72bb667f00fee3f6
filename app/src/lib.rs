//! What the browser and the server of Xianghe 祥和 share: rules, wire types and pages.
//!
//! - [`rooms`]: one feature, one room – tickets, people, places, photos, events, communities, rosters, offline.
//! - [`mutation`]: the one door in; every change is one of its kinds.
//! - [`error`]: the one error that crosses the wire.
//! - [`ids`], [`measure`], [`text`], [`i18n`]: identifiers, integers for money, area and time, text at the door, words.
//!
//! Without a feature only the pure parts compile: no database, no page, no clock.

#![recursion_limit = "256"]

#[cfg(feature = "ssr")]
pub mod apply;
pub mod error;
pub mod i18n;
pub mod ids;
pub mod measure;
pub mod mutation;
pub mod rooms;
pub mod text;

#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod memory;
#[cfg(feature = "ui")]
mod routes;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ui")]
pub mod ui;

#[cfg(feature = "ui")]
pub use routes::App;
