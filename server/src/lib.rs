//! The xianghe program: serve, migrate, demo, backup, restore, verify.

pub mod ask;
pub mod backup;
pub mod chores;
pub mod cli;
mod compress;
pub mod demo;
pub mod limits;
pub mod metrics;
pub mod pdf;
pub mod robots;
pub mod routes;
pub mod serve;
pub mod session;
pub mod state;
pub mod verify;
