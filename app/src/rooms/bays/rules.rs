//! The legal gates of bays, as pure rules.

use super::model::{Bay, BayKind, BayState, Details};
use crate::error::AppError;
use crate::rooms::people::rules::Fields;
use crate::text::clean;

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

/// How many accessible bays an estate needs (GB 55019, R5.5): one in a hundred, rounded up, and at least one.
pub fn accessible_needed(bays: i64) -> i64 {
    if bays <= 0 { 0 } else { ((bays + 99) / 100).max(1) }
}

/// Whether a change may leave so many accessible bays. What was short before may stay short, but nothing makes it worse.
/// Growing the total is free: a bay that is added or opened asks for no accessible one at that moment, as it takes none away;
/// the numbers then say how many are short, and nothing may make that worse.
///
/// # Errors
/// [`AppError::Closed`] with the rule.
pub fn keeps_accessible((before, of_before): (i64, i64), (after, of_after): (i64, i64)) -> Result<(), AppError> {
    let of_after = of_after.min(of_before);
    let (short_before, short_after) = ((accessible_needed(of_before) - before).max(0), (accessible_needed(of_after) - after).max(0));
    if short_after <= short_before {
        return Ok(());
    }
    let need = accessible_needed(of_after);
    Err(AppError::closed(
        format!("无障碍车位至少要有 {need} 个（总数的 1 %，GB 55019，R5.5），这样改就只剩 {after} 个。"),
        format!("At least {need} bays must be accessible (1 % of all, GB 55019, R5.5); this would leave {after}."),
    ))
}

/// Whether a car may stand in a bay (R5.5): an accessible one needs the card; one for electric cars is for those that
/// charge. `electric` and `charging` are of the car.
///
/// # Errors
/// [`AppError::Closed`] with the rule.
pub fn may_stand(bay: &Bay, card: bool, electric: bool, charging: bool) -> Result<(), AppError> {
    if bay.accessible && !card {
        return Err(AppError::closed("无障碍车位要有残疾人证或停车卡（R5.5）。", "An accessible bay needs the card (R5.5)."));
    }
    if bay.ev && !(electric && charging) {
        return Err(AppError::closed("充电车位只在充电时给电动车用（R5.5）。", "A charging bay is for electric cars while they charge (R5.5)."));
    }
    Ok(())
}

/// Whether bays may be given to people from outside (SH 62, R5.1): only monthly, and only what is left when every
/// household that waits has one.
pub fn surplus(free: i64, waiting: i64) -> i64 {
    (free - waiting).max(0)
}

/// Whether the desk may change a bay's state by hand. What somebody holds on common ground is given and taken back by the
/// allocation, never by hand.
///
/// # Errors
/// [`AppError::Closed`].
pub fn may_turn(kind: BayKind, from: BayState, to: BayState) -> Result<(), AppError> {
    if kind.common() && from == BayState::Held && to != BayState::Held {
        return Err(AppError::closed("这个车位有人使用，请先结束租用再改。", "Somebody holds this bay: end that first."));
    }
    if kind.common() && to == BayState::Held && from != BayState::Held {
        return Err(AppError::closed("公共车位由停车分配给人使用，不能手工改成“有人使用”。", "Common bays are given out by the allocation, not by hand."));
    }
    Ok(())
}

/// How a bay is when it has become another kind, or its place in the original plan is written otherwise. While somebody
/// leases it, neither changes: the lease stands on both (R5.2). What belonged to somebody is nobody's when it comes to the
/// common ground, until the allocation gives it out.
///
/// # Errors
/// [`AppError::Closed`].
pub fn becomes(bay: &Bay, kind: BayKind, original_planned: bool) -> Result<BayState, AppError> {
    let held = bay.state == BayState::Held;
    if held && bay.kind.common() && (kind, original_planned) != (bay.kind, bay.original_planned) {
        return Err(AppError::closed(
            "这个车位有人使用，种类和“原规划里有”先不能改，请先结束租用。",
            "Somebody holds this bay: its kind and its place in the original plan stay until that ends.",
        ));
    }
    Ok(if held && !bay.kind.common() && kind.common() { BayState::Free } else { bay.state })
}

/// A bay's code: 1 to 20 capital letters, digits and dashes; also what Chinese garages paint.
///
/// # Errors
/// [`AppError::Invalid`] on `code`.
pub fn parse_code(typed: &str) -> Result<String, AppError> {
    let code = typed.trim().to_uppercase();
    let fits = (1..=20).contains(&code.chars().count()) && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-' || ('\u{4E00}'..='\u{9FFF}').contains(&c));
    if fits {
        Ok(code)
    } else {
        Err(AppError::field("code", "编号用字母、数字和“-”，最多 20 个，例如 D-017", "Letters, digits and “-”, at most 20, e.g. D-017"))
    }
}

/// The most that a coordinate can be.
pub const PLAN_MAX: i64 = 100_000;

/// What is written about a bay, tidied; everything wrong is named at once. An owned or a developer's bay is no bay of the
/// common ground, so that it counts as planned; an added one never does.
///
/// # Errors
/// [`AppError::Invalid`] on `area`, `note`, `x`, `original_planned`.
pub fn parse_details(kind: BayKind, typed: &Details) -> Result<Details, AppError> {
    let mut fields = Fields::default();
    let area = fields.take(clean(&typed.area, 40).map_err(|_| AppError::field("area", "地点请不要超过 40 个字", "At most 40 characters"))).unwrap_or_default();
    let note = fields.take(clean(&typed.note, 200).map_err(|_| AppError::field("note", "备注请不要超过 200 个字", "At most 200 characters"))).unwrap_or_default();
    let fits = |n: i64| (0..=PLAN_MAX).contains(&n);
    if typed.x.is_some() != typed.y.is_some() || !typed.x.is_none_or(fits) || !typed.y.is_none_or(fits) {
        fields.take::<()>(Err(AppError::field("x", "图上位置要横竖两个数，都是 0 到 100000，或都不填", "Both numbers of the position, 0 to 100,000, or neither")));
    }
    if kind == BayKind::Added && typed.original_planned {
        fields.take::<()>(Err(AppError::field("original_planned", "增设的车位不在原规划里（R5.2）", "An added bay is not in the original plan (R5.2)")));
    }
    fields.check()?;
    Ok(Details { area: area.replace('\n', " "), note, ..typed.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn bay(kind: BayKind, original_planned: bool, state: BayState) -> Bay {
        Bay {
            id: Uuid::nil(),
            code: "D-1".into(),
            version: 1,
            kind,
            original_planned,
            accessible: false,
            ev: false,
            area: String::new(),
            at: None,
            state,
            unit: None,
            photo: None,
            note: String::new(),
            freed: false,
        }
    }

    #[test]
    fn only_planned_bays_are_leased() {
        use BayKind::{Added, Developer, Owned, Planned};
        use BayState::{Blocked, Closed, Free, Held};
        let table = [
            (Planned, true, Free, Some(Use::FixedLease)),
            (Planned, true, Held, Some(Use::FixedLease)),
            (Planned, false, Free, Some(Use::Pass)),
            (Added, false, Free, Some(Use::Pass)),
            (Planned, true, Blocked, None),
            (Planned, true, Closed, None),
            (Owned, true, Free, None),
            (Developer, true, Free, None),
        ];
        for (kind, planned, state, given) in table {
            assert_eq!(may_be_given(kind, planned, state), given, "{kind:?} {planned} {state:?}");
            assert_eq!(fixed_lease(&bay(kind, planned, state)).is_ok(), given == Some(Use::FixedLease));
        }
    }

    #[test]
    fn one_in_a_hundred_is_accessible() {
        for (bays, need) in [(0, 0), (1, 1), (12, 1), (100, 1), (101, 2), (688, 7), (700, 7), (701, 8)] {
            assert_eq!(accessible_needed(bays), need, "{bays}");
        }
        assert!(keeps_accessible((8, 688), (7, 688)).is_ok());
        assert!(keeps_accessible((7, 688), (6, 688)).is_err());
        assert!(keeps_accessible((5, 688), (5, 687)).is_ok(), "short before, not shorter after");
        assert!(keeps_accessible((7, 700), (7, 701)).is_ok(), "growing is free");
        assert!(keeps_accessible((7, 700), (6, 701)).is_err(), "but takes none away");
        assert!(keeps_accessible((7, 701), (6, 701)).is_err(), "short before, and not shorter after");
        assert!(keeps_accessible((7, 701), (6, 600)).is_ok());
    }

    #[test]
    fn special_bays_are_for_those_who_need_them() {
        let plain = bay(BayKind::Planned, true, BayState::Free);
        let (wide, power) = (Bay { accessible: true, ..plain.clone() }, Bay { ev: true, ..plain.clone() });
        let table = [
            (&plain, false, false, false, true),
            (&wide, false, true, true, false),
            (&wide, true, false, false, true),
            (&power, true, true, false, false),
            (&power, false, true, true, true),
            (&power, false, false, true, false),
        ];
        for (bay, card, electric, charging, may) in table {
            assert_eq!(may_stand(bay, card, electric, charging).is_ok(), may);
        }
        assert_eq!([surplus(5, 3), surplus(3, 3), surplus(0, 9)], [2, 0, 0]);
    }

    #[test]
    fn what_somebody_holds_is_not_taken_by_hand() {
        for kind in BayKind::ALL {
            for from in BayState::ALL {
                for to in BayState::ALL {
                    let held = (from == BayState::Held) != (to == BayState::Held);
                    assert_eq!(may_turn(kind, from, to).is_ok(), !(kind.common() && held), "{kind:?} {from:?} {to:?}");
                }
            }
        }
    }

    #[test]
    fn a_leased_bay_keeps_its_kind_and_a_bought_back_one_is_free() {
        use BayKind::{Added, Developer, Owned, Planned};
        use BayState::{Blocked, Closed, Free, Held};
        let table = [
            ((Planned, true, Held), (Planned, true), Some(Held)),
            ((Planned, true, Held), (Planned, false), None),
            ((Planned, true, Held), (Owned, true), None),
            ((Added, false, Held), (Planned, false), None),
            ((Planned, true, Free), (Added, false), Some(Free)),
            ((Owned, true, Held), (Planned, true), Some(Free)),
            ((Developer, true, Held), (Added, false), Some(Free)),
            ((Owned, true, Held), (Developer, true), Some(Held)),
            ((Owned, true, Blocked), (Planned, true), Some(Blocked)),
            ((Owned, true, Closed), (Planned, true), Some(Closed)),
        ];
        for ((kind, planned, state), (to, planned_then), then) in table {
            assert_eq!(becomes(&bay(kind, planned, state), to, planned_then).ok(), then, "{kind:?} {planned} {state:?} to {to:?} {planned_then}");
        }
    }

    #[test]
    fn codes_and_details_are_judged() {
        assert_eq!(parse_code(" d-017 ").as_deref(), Ok("D-017"));
        assert_eq!(parse_code("地库A12").as_deref(), Ok("地库A12"));
        for bad in ["", "a b", "<x>", "D/1", "123456789012345678901"] {
            assert!(parse_code(bad).is_err(), "{bad}");
        }
        let wrong = Details { original_planned: true, area: "长".repeat(41), x: Some(5), ..Details::default() };
        assert!(matches!(parse_details(BayKind::Added, &wrong), Err(AppError::Invalid(f)) if f.len() == 3));
        assert!(parse_details(BayKind::Planned, &Details { x: Some(0), y: Some(100_000), ..Details::default() }).is_ok());
        assert!(parse_details(BayKind::Planned, &Details { x: Some(-1), y: Some(0), ..Details::default() }).is_err());
    }

    proptest! {
        #[test]
        fn any_code_is_judged_without_a_panic(text in "\\PC{0,40}") {
            let _ = parse_code(&text);
        }
    }
}
