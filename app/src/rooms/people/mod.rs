//! People: who lives and works here, what they may do, and how they come in.
//!
//! Invariants: an account signs in, a person belongs to one community, a membership is one role of one person.
//! Names, phones and rooms are masked unless the viewer's role says otherwise, and then it leaves an event.
//! A letter works once, until it ends or is taken back. A role of the staff waits until its account has a password.
//! A try at a secret is counted before it is judged.
//!
//! Offline policy: signing in, letters and roles need the server; nothing here is queued.

pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod joining;
#[cfg(feature = "ssr")]
pub mod lockout;
#[cfg(feature = "ssr")]
pub mod members;
#[cfg(feature = "ssr")]
pub mod roles;
#[cfg(feature = "ssr")]
pub mod secrets;
#[cfg(feature = "ssr")]
pub mod sessions;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(feature = "ui")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ui")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod roll;
#[cfg(feature = "ssr")]
pub mod sheets;
