//! Common income 公共收益: what parking, advertising and venues on common ground bring, and what it is spent on.
//!
//! Invariants: an entry is never changed; a mistake is taken back by a red entry 红冲 that points at it, and both stay;
//! every entry has a voucher; a quarter that was published stays as it was published, and what is entered into it later
//! is shown beside it.
//!
//! Offline policy: read-only on the phone; the books are kept with a network.

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
