//! Fractions that are added without losing anything: a round's items have as many denominators as they have counts of
//! marks, whose common multiple no machine word holds.

use std::cmp::Ordering;

/// A natural number of any size, its lowest 32 bits first, without leading zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Natural(Vec<u32>);

impl Natural {
    fn of(mut n: u128) -> Self {
        let mut digits = Vec::new();
        while n > 0 {
            digits.push((n & 0xFFFF_FFFF) as u32);
            n >>= 32;
        }
        Self(digits)
    }

    fn plus(&self, other: &Self) -> Self {
        let mut digits = Vec::with_capacity(self.0.len().max(other.0.len()) + 1);
        let mut carry = 0u64;
        for i in 0..self.0.len().max(other.0.len()) {
            let digit = |n: &Self| u64::from(n.0.get(i).copied().unwrap_or(0));
            let sum = digit(self) + digit(other) + carry;
            digits.push((sum & 0xFFFF_FFFF) as u32);
            carry = sum >> 32;
        }
        if carry > 0 {
            digits.push(carry as u32);
        }
        Self(digits)
    }

    fn times(&self, other: &Self) -> Self {
        let mut digits = vec![0u32; self.0.len() + other.0.len()];
        for (i, a) in self.0.iter().enumerate() {
            let mut carry = 0u64;
            for (j, b) in other.0.iter().enumerate() {
                let sum = u64::from(*a) * u64::from(*b) + u64::from(digits[i + j]) + carry;
                digits[i + j] = (sum & 0xFFFF_FFFF) as u32;
                carry = sum >> 32;
            }
            digits[i + other.0.len()] = carry as u32;
        }
        while digits.last() == Some(&0) {
            digits.pop();
        }
        Self(digits)
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

/// A fraction that is not negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exact {
    above: Natural,
    below: Natural,
}

impl Exact {
    /// Nothing.
    pub fn zero() -> Self {
        Self::new(0, 1)
    }

    /// `above` ÷ `below`, shortened; a denominator of 0 is read as 1, for no caller has one.
    pub fn new(above: u128, below: u128) -> Self {
        let below = below.max(1);
        let by = common(above, below);
        Self { above: Natural::of(above / by), below: Natural::of(below / by) }
    }

    /// The sum.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        if self.below == other.below {
            return Self { above: self.above.plus(&other.above), below: self.below.clone() };
        }
        Self { above: self.above.times(&other.below).plus(&other.above.times(&self.below)), below: self.below.times(&other.below) }
    }

    /// This × `by` ÷ `parts`.
    #[must_use]
    pub fn scaled(&self, by: u128, parts: u128) -> Self {
        Self { above: self.above.times(&Natural::of(by)), below: self.below.times(&Natural::of(parts.max(1))) }
    }

    /// The nearest whole number, a half upwards. What is larger than `most` is `most`.
    pub fn rounded(&self, most: u32) -> i64 {
        // The largest n with 2n·below ≤ 2·above + below.
        let twice = self.above.times(&Natural::of(2)).plus(&self.below);
        let (mut low, mut high) = (0u64, u64::from(most));
        while low < high {
            let middle = (low + high).div_ceil(2);
            if self.below.times(&Natural::of(u128::from(middle) * 2)) <= twice {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        low as i64
    }

    /// Whether this is less than `above` ÷ `below`.
    pub fn less_than(&self, above: u128, below: u128) -> bool {
        self.above.times(&Natural::of(below.max(1))) < self.below.times(&Natural::of(above))
    }
}

fn common(a: u128, b: u128) -> u128 {
    if a == 0 { b } else { common(b % a, a) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_half_goes_up() {
        for (above, below, n) in [(1, 2, 1), (3, 2, 2), (149, 100, 1), (0, 7, 0), (67, 2, 34)] {
            assert_eq!(Exact::new(above, below).rounded(1_000), n, "{above}/{below}");
        }
        assert_eq!(Exact::new(5_000, 1).rounded(100), 100);
        assert!(Exact::new(59, 100).less_than(60, 100) && !Exact::new(3, 5).less_than(60, 100));
    }

    #[test]
    fn thirds_of_many_primes_add_up_exactly() {
        let primes = [101u128, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229];
        let parts = primes.iter().flat_map(|p| (1..=*p).map(move |_| Exact::new(1, p * 2)));
        let sum = parts.fold(Exact::zero(), |sum, part| sum.plus(&part));
        assert_eq!(sum.rounded(100), 13, "twenty-five halves are 12.5");
        assert!(!sum.less_than(25, 2) && sum.less_than(26, 2));
    }

    proptest! {
        #[test]
        fn small_fractions_agree_with_whole_numbers(a in 0u128..10_000, b in 1u128..500, c in 0u128..10_000, d in 1u128..500) {
            let sum = Exact::new(a, b).plus(&Exact::new(c, d)).scaled(3, 7);
            let (above, below) = ((a * d + c * b) * 3, b * d * 7);
            prop_assert_eq!(sum.rounded(u32::MAX), ((2 * above + below) / (2 * below)) as i64);
            prop_assert!(!sum.less_than(above, below) && sum.less_than(above + 1, below));
        }
    }
}
