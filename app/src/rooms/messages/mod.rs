//! Messages 消息: overdue repairs climb 督办, the inbox of each role, the group robots 群机器人 that are told,
//! and notes to one person.
//!
//! Invariants: a ticket climbs one rung at a time and never past what its lateness allows; each rung is taken once for
//! each deadline, and with it come one event, one message and one waiting line for each robot, in one transaction; what
//! waits for a robot goes again until it was taken or given up, and then says why; no message carries personal data.
//!
//! Offline policy: read-only; messages are read with a network.

pub mod model;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod notes;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod robots;
#[cfg(feature = "ssr")]
pub mod store;
