//! Projects 专项工程: supervised works from the proposal to the acceptance, in the open.
//!
//! Who lives there: the property company or the owners' committee, who propose; the working group 专项工作组, which the
//! Party branch convenes and in which the residents' committee, the owners' committee, the property company and the
//! owners' representatives have at least one seat each; whoever reads.
//!
//! Invariants: no contract before the plan was shown for its days, and none above the budget; no payment before the
//! inspection of its milestone was signed by two parties, none above its share, and the payments never exceed the
//! contract; nothing is accepted while a defect is open, a milestone is not done or one of the four parties has not
//! signed; the property company's word alone is never enough for anything.
//!
//! Offline policy: the inspection page is kept on the phone; an inspection and a second signature are create-only and wait
//! in the outbox. Everything about money and stages is done with a network.

pub mod model;
pub mod money;
pub mod party;
pub mod plan;
pub mod rules;

#[cfg(feature = "ssr")]
pub mod acceptance;
#[cfg(feature = "ssr")]
pub mod apply;
#[cfg(feature = "ssr")]
pub mod defects;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod entity;
#[cfg(feature = "ssr")]
pub mod forms;
#[cfg(feature = "ssr")]
pub mod inspections;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod papers;
#[cfg(feature = "ssr")]
pub mod payments;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(test)]
mod rules_tests;
#[cfg(feature = "ssr")]
pub mod site_pages;
#[cfg(feature = "ssr")]
pub mod store;
