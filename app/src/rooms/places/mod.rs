//! Places and facilities 地点与设施, and the tags 标签 that people scan.
//!
//! Invariants: a tag's code is unique in the installation and ends with a check symbol; a tag names one place and
//! perhaps one facility of one community; a tag that was taken down keeps its code, so that an old sticker never
//! points somewhere else.
//!
//! Offline policy: read-only for residents; the list can be kept on the phone.

pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(feature = "ui")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ui")]
pub mod pages;
