//! Scoring 物业考核: twice a year owners' representatives and building leaders score the property company on one sheet; the
//! result decides money and, in the end, the contract.
//!
//! Invariants: a round freezes its sheet, its roll and its rule numbers when it is opened; a scorer has one sheet, and the
//! last one before closing counts; until then nobody but its scorer reads a mark; after closing nothing of it changes; a
//! result follows from published parts alone and is rounded once; nothing is dropped for a flag; names leave this room
//! for nobody but the residents' committee and the auditor.
//!
//! Offline policy: the sheet is read and filled in without a network and waits in the outbox; everything else needs one.

pub mod count;
pub mod exact;
pub mod heat;
pub mod listing;
pub mod model;
pub mod rules;
pub mod sheet_form;
pub mod template;

#[cfg(test)]
mod count_tests;

#[cfg(feature = "ssr")]
pub mod anonymous;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod editor;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod facts;
#[cfg(feature = "ssr")]
pub mod own;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod paper_page;
#[cfg(feature = "ssr")]
pub mod papers;
#[cfg(feature = "ssr")]
pub mod reminders;
#[cfg(feature = "ssr")]
pub mod results;
#[cfg(feature = "ssr")]
pub mod rounds;
#[cfg(feature = "ssr")]
pub mod scorers;
#[cfg(feature = "ssr")]
pub mod sheet_file;
#[cfg(feature = "ssr")]
pub mod sheet_page;
#[cfg(feature = "ssr")]
pub mod sheets;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod typed;
