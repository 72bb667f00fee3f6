//! Scoring 物业考核: twice a year owners' representatives and building leaders score the property company on one sheet; the
//! result decides money and, in the end, the contract.
//!
//! Invariants: a round freezes its sheet, its roll and its rule numbers when it is opened; a scorer has one sheet, and the
//! last one before closing counts; until then nobody but its scorer reads a mark; after closing nothing of it changes; a
//! result follows from published parts alone and is rounded once; nothing is dropped for a flag; names leave this room
//! for nobody but the residents' committee and the auditor.
//!
//! Offline policy: the sheet is read and filled in without a network and waits in the outbox; everything else needs one.

pub mod calendar;
pub mod count;
pub mod exact;
pub mod model;
pub mod rules;
pub mod template;

#[cfg(test)]
mod count_tests;
