//! Whether owners' votes carry a use of the fund: Civil Code art. 278, integers only.

use crate::error::AppError;
use crate::measure::Area;
use serde::{Deserialize, Serialize};

/// The count of a vote: owners and area in the scope, of those who took part, of those who agreed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Owners in the scope, heads.
    pub heads: i64,
    /// Their area.
    pub area: Area,
    /// Heads that took part.
    pub part_heads: i64,
    /// Their area.
    pub part_area: Area,
    /// Heads that agreed.
    pub yes_heads: i64,
    /// Their area.
    pub yes_area: Area,
}

impl Count {
    /// Two thirds of heads and of area took part; exactly two thirds are enough.
    pub fn quorum(&self) -> bool {
        let reached = |part: i64, all: i64| 3 * i128::from(part) >= 2 * i128::from(all);
        reached(self.part_heads, self.heads) && reached(self.part_area.0, self.area.0)
    }

    /// More than half of those who took part agreed, by heads and by area; exactly half is not enough.
    pub fn ordinary(&self) -> bool {
        let more = |yes: i64, part: i64| 2 * i128::from(yes) > i128::from(part);
        self.quorum() && more(self.yes_heads, self.part_heads) && more(self.yes_area.0, self.part_area.0)
    }

    /// Refuses numbers that cannot be.
    ///
    /// # Errors
    /// [`AppError::Invalid`] on `count`.
    pub fn check(&self) -> Result<(), AppError> {
        let ordered = |yes: i64, part: i64, all: i64| 0 <= yes && yes <= part && part <= all && all > 0;
        if ordered(self.yes_heads, self.part_heads, self.heads) && ordered(self.yes_area.0, self.part_area.0, self.area.0) {
            Ok(())
        } else {
            Err(AppError::field("count", "请核对票数：同意不超过参与，参与不超过全部", "Check the numbers: those who agree are among those who took part, and those among all"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(part: (i64, i64), yes: (i64, i64)) -> Count {
        Count { heads: 1_917, area: Area(17_735_400), part_heads: part.0, part_area: Area(part.1), yes_heads: yes.0, yes_area: Area(yes.1) }
    }

    #[test]
    fn the_edges_are_where_the_civil_code_puts_them() {
        assert!(count((1_278, 11_823_600), (0, 0)).quorum(), "exactly two thirds");
        assert!(!count((1_277, 11_823_600), (0, 0)).quorum());
        assert!(!count((1_278, 11_823_599), (0, 0)).quorum());
        assert!(count((1_640, 15_231_040), (1_394, 13_000_000)).ordinary());
        assert!(!count((1_640, 15_231_040), (820, 13_000_000)).ordinary(), "exactly half is not more than half");
        assert!(count((1_640, 15_231_040), (821, 13_000_000)).ordinary());
        assert!(!count((1_640, 15_231_040), (1_394, 7_600_000)).ordinary(), "both by heads and by area");
        assert!(!count((1_277, 15_231_040), (1_277, 13_000_000)).ordinary(), "no quorum, no decision");
    }

    #[test]
    fn numbers_that_cannot_be_are_refused() {
        assert!(count((1_640, 15_231_040), (1_394, 13_000_000)).check().is_ok());
        assert!(count((1_640, 15_231_040), (1_641, 13_000_000)).check().is_err());
        assert!(count((1_918, 15_231_040), (1, 1)).check().is_err());
        assert!(Count::default().check().is_err());
    }
}
