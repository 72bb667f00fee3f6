//! Sharing a cost by floor area (SH 68; Civil Code art. 283), to the fen.

use crate::error::AppError;
use crate::measure::{Area, Fen};

/// The largest cost that is shared: ten thousand million yuan keeps every product far inside 128 bits.
pub const COST_MAX: Fen = Fen(1_000_000_000_000);

/// Each unit's share of a cost by its area, in the order given (R2.6).
///
/// Everybody first pays `floor(cost × area ÷ all areas)`; the fen that are left go to the largest remainders, of equal ones
/// to the smaller unit id. The work grows in step with the number of units.
///
/// # Errors
/// [`AppError::Invalid`] on `cost` (below 0 or above [`COST_MAX`]) or `scope` (no units, or none with an area).
pub fn allocate<U: Ord + Copy>(cost: Fen, units: &[(U, Area)]) -> Result<Vec<(U, Fen)>, AppError> {
    if !(0..=COST_MAX.0).contains(&cost.0) {
        return Err(AppError::field("cost", "金额要在 0 到 100 亿元之间", "The amount must be between 0 and 10,000 million yuan"));
    }
    let whole: i128 = units.iter().map(|(_, area)| i128::from(area.0)).sum();
    if whole <= 0 || units.iter().any(|(_, area)| area.0 < 0) {
        return Err(AppError::field("scope", "分摊范围里没有面积。请核对房屋面积。", "The scope has no floor area: check the areas of its units"));
    }
    let mut shares = Vec::with_capacity(units.len());
    let mut remainders = Vec::with_capacity(units.len());
    let mut left = cost.0;
    for (i, (unit, area)) in units.iter().enumerate() {
        let product = i128::from(cost.0) * i128::from(area.0);
        // A share is at most the cost, which fits.
        let share = i64::try_from(product / whole).unwrap_or(i64::MAX);
        left -= share;
        shares.push((*unit, Fen(share)));
        remainders.push((product % whole, *unit, i));
    }
    let left = usize::try_from(left).unwrap_or_default();
    if left > 0 {
        // Fewer fen are left than there are units: only who is among the first matters, not in which order.
        remainders.select_nth_unstable_by(left - 1, |a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for (_, _, i) in &remainders[..left] {
            shares[*i].1 = Fen(shares[*i].1.0 + 1);
        }
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The units of the demonstration (area in 0.01 m², how many).
    const ESTATE: [(i64, usize); 11] =
        [(7_240, 450), (8_860, 450), (6_520, 168), (9_580, 168), (8_950, 144), (10_230, 288), (12_590, 144), (8_800, 42), (9_600, 6), (9_600, 84), (12_000, 42)];

    fn estate() -> Vec<(u32, Area)> {
        let areas = ESTATE.iter().flat_map(|&(area, count)| std::iter::repeat_n(Area(area), count));
        (0..).zip(areas).collect()
    }

    #[test]
    fn the_sprinklers_of_the_bike_garages_are_shared_as_the_rule_book_says() {
        let units = estate();
        assert_eq!((units.len(), units.iter().map(|u| u.1.0).sum::<i64>()), (1_986, 17_735_400));
        let shares = allocate(Fen(48_600_000), &units).expect("a scope with area");
        let of = |area: i64| units.iter().zip(&shares).filter(move |(u, _)| u.1 == Area(area)).map(|(_, s)| s.1.0).collect::<Vec<_>>();
        assert!(of(8_860).iter().all(|&fen| fen == 24_279));
        assert!(of(12_590).iter().all(|&fen| fen == 34_500));
        let small = of(6_520);
        assert_eq!((small.iter().filter(|&&fen| fen == 17_866).count(), small.iter().filter(|&&fen| fen == 17_867).count()), (150, 18));
        assert!(small[..18].iter().all(|&fen| fen == 17_867), "of equal remainders the smaller id pays the fen");
        assert_eq!(shares.iter().map(|s| s.1).sum::<Fen>(), Fen(48_600_000));
    }

    #[test]
    fn what_cannot_be_shared_is_said() {
        let field = |result: Result<Vec<(u32, Fen)>, AppError>| match result {
            Err(AppError::Invalid(fields)) => fields[0].field.clone(),
            other => format!("{other:?}"),
        };
        assert_eq!(field(allocate(Fen(100), &[])), "scope");
        assert_eq!(field(allocate(Fen(100), &[(1, Area(0))])), "scope");
        assert_eq!(field(allocate(Fen(100), &[(1, Area(10)), (2, Area(-1))])), "scope");
        assert_eq!(field(allocate(Fen(-1), &[(1, Area(10))])), "cost");
        assert_eq!(field(allocate(Fen(COST_MAX.0 + 1), &[(1, Area(10))])), "cost");
        assert_eq!(allocate(Fen(0), &[(1, Area(10))]).expect("nothing is shared too"), [(1, Fen(0))]);
    }

    proptest! {
        #[test]
        fn the_shares_are_the_cost_and_each_is_within_a_fen_of_its_part(cost in 0i64..=COST_MAX.0, areas in proptest::collection::vec(0i64..50_000, 1..200)) {
            let units: Vec<(usize, Area)> = areas.iter().copied().map(Area).enumerate().collect();
            let whole: i128 = areas.iter().map(|a| i128::from(*a)).sum();
            prop_assume!(whole > 0);
            let shares = allocate(Fen(cost), &units).expect("a scope with area");
            prop_assert_eq!(shares.iter().map(|s| s.1).sum::<Fen>(), Fen(cost));
            for ((_, area), (_, share)) in units.iter().zip(&shares) {
                let exact = i128::from(cost) * i128::from(area.0);
                let paid = i128::from(share.0) * whole;
                prop_assert!((exact - paid).abs() < whole, "{area} pays {share} of {cost}");
            }
        }

        #[test]
        fn the_order_of_the_list_changes_nothing(cost in 0i64..100_000_000, mut areas in proptest::collection::vec(1i64..20_000, 1..60)) {
            areas.sort_unstable();
            let units: Vec<(usize, Area)> = areas.into_iter().map(Area).enumerate().collect();
            let mut there = allocate(Fen(cost), &units).expect("shared");
            let mut back = allocate(Fen(cost), &units.iter().rev().copied().collect::<Vec<_>>()).expect("shared");
            there.sort_unstable();
            back.sort_unstable();
            prop_assert_eq!(there, back);
        }
    }
}
