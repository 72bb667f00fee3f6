//! The legal gates of bays, as pure rules.

use super::model::{Bay, BayKind, BayState};
use crate::error::AppError;

/// What somebody may get for a bay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// 固定租用: one certain bay for one certain user.
    FixedLease,
    /// 通行资格: may drive in and stand where there is room, without the number of a bay.
    Pass,
}

/// What a bay may be given out as (R5.2): a fixed lease only where the original plan has it; nothing where somebody owns
/// it, or where it is out of use. The developer's bays are the developer's to lease.
pub fn may_be_given(kind: BayKind, original_planned: bool, state: BayState) -> Option<Use> {
    match (kind, state) {
        (BayKind::Owned | BayKind::Developer, _) | (_, BayState::Blocked | BayState::Closed) => None,
        _ if original_planned => Some(Use::FixedLease),
        _ => Some(Use::Pass),
    }
}

/// Whether a bay may be leased as a fixed one (R5.2).
///
/// # Errors
/// [`AppError::Closed`] with the rule.
pub fn fixed_lease(bay: &Bay) -> Result<(), AppError> {
    match may_be_given(bay.kind, bay.original_planned, bay.state) {
        Some(Use::FixedLease) => Ok(()),
        Some(Use::Pass) => Err(AppError::closed(
            "这个车位不在原规划里，只能发通行资格，不能固定租给某一户（R5.2）。",
            "This bay is not in the original plan: it gives passes, and is not leased to one household (R5.2).",
        )),
        None => Err(AppError::closed("这个车位不是公共车位，或者现在不能用。", "This is no common bay, or it is out of use.")),
    }
}
