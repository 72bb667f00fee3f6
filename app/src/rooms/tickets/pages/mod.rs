//! The pages of tickets that everybody sees.

pub mod board;
pub mod forms;
pub mod jobs;
pub mod mine;
pub mod numbers;
#[cfg(feature = "ssr")]
pub mod quote;
pub mod report;
pub mod ticket;
pub mod words;
