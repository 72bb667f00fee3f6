//! Photos: content-addressed pictures that carry nothing but the picture.
//!
//! Invariants: what cannot be decoded and written again is refused, the original is never stored, and no metadata
//! survives; a photo is readable by those who may read what it hangs on; one that hangs on nothing goes after 48 h.
//!
//! Offline policy: named by the phone, create-only; sending one twice stores it once.

pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod pipeline;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(feature = "ui")]
pub mod picker;
