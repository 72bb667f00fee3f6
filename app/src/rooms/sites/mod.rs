//! Sites 平面图: the estate as a drawing, with bays, tickets and assets on it, and the pieces of ground that it is made of.
//!
//! Invariants: a drawing that comes from outside is rebuilt from an allow-list of elements and attributes, never passed on;
//! the newest drawing is shown and the older ones are kept; what is on the plan is also in a list beside it, so that nobody
//! needs the picture; a piece of ground is never deleted.
//!
//! Offline policy: read-only; the drawing is kept at a desk.

#[cfg(any(feature = "ssr", test))]
pub mod drawing;
pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod draw;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod store;
