//! Double entry: money only ever moves from one account to another.

use crate::error::AppError;
use crate::ids::BuildingId;
use crate::measure::Fen;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An account of the fund's books. What owners own is positive on their side; the bank and the world mirror it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// The money at the bank (an asset: its balance is what is there).
    Bank,
    /// What a building's owners have in the fund (SH 66: kept by building).
    Building(BuildingId),
    /// Interest that is not yet shared out.
    Interest,
    /// Owed to a contractor after acceptance and not yet paid.
    Payable,
    /// Common income 公共收益 on its way into the fund (SH 51).
    CommonIncome,
}

impl Account {
    /// Whether a positive balance is money that is there (`true`) or money that is somebody's (`false`).
    pub fn is_asset(self) -> bool {
        self == Self::Bank
    }
}

/// One side of an entry: what an account gets (above zero) or gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The account.
    pub account: Account,
    /// By how much its balance changes, in fen; never 0.
    pub change: Fen,
}

/// An entry 分录: its lines, and, where an account goes below zero, who takes that on and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// At least two lines.
    pub lines: Vec<Line>,
    /// Why an account may go below zero with this entry; absent = it may not.
    pub overdrawn: Option<String>,
}

/// The balances of all accounts, as the entries so far made them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    balances: BTreeMap<Account, Fen>,
}

impl Books {
    /// The books as they stand with these balances.
    pub fn standing(balances: impl IntoIterator<Item = (Account, Fen)>) -> Self {
        Self { balances: balances.into_iter().collect() }
    }

    /// What an account holds; 0 where nothing was ever entered.
    pub fn balance(&self, account: Account) -> Fen {
        self.balances.get(&account).copied().unwrap_or_default()
    }

    /// Every account with its balance.
    pub fn accounts(&self) -> impl Iterator<Item = (Account, Fen)> {
        self.balances.iter().map(|(account, balance)| (*account, *balance))
    }

    /// Money that is there less money that is somebody's. Always 0.
    pub fn difference(&self) -> Fen {
        self.accounts().map(|(account, balance)| if account.is_asset() { balance } else { Fen(-balance.0) }).sum()
    }

    /// Enters it, whole or not at all. Answers the accounts that are below zero now and were not before.
    ///
    /// # Errors
    /// [`AppError::Invalid`] on `lines` when there are fewer than two, one is 0, or the sides differ; [`AppError::Closed`]
    /// when an account would go below zero and nobody said why.
    pub fn enter(&mut self, entry: &Entry) -> Result<Vec<Account>, AppError> {
        check(entry)?;
        let mut after = self.balances.clone();
        for line in &entry.lines {
            let balance = after.entry(line.account).or_default();
            *balance = Fen(balance.0.checked_add(line.change.0).ok_or_else(too_much)?);
        }
        let below: Vec<Account> = after.iter().filter(|(account, balance)| balance.0 < 0 && self.balance(**account).0 >= 0).map(|(account, _)| *account).collect();
        let deeper = entry.lines.iter().any(|line| line.change.0 < 0 && after.get(&line.account).is_some_and(|b| b.0 < 0));
        if deeper && entry.overdrawn.as_deref().is_none_or(|why| why.trim().is_empty()) {
            return Err(AppError::closed("余额不够。确实要垫付的，请写明原因和由谁垫付。", "The balance is too small. If somebody advances the money, say who and why."));
        }
        self.balances = after;
        Ok(below)
    }
}

fn check(entry: &Entry) -> Result<(), AppError> {
    let bad = |zh: &str, en: &str| Err(AppError::field("lines", zh, en));
    if entry.lines.len() < 2 || entry.lines.iter().any(|line| line.change.0 == 0) {
        return bad("一笔分录至少两行，每行都要有金额", "An entry has at least two lines, each with an amount");
    }
    let signed = |line: &Line| i128::from(if line.account.is_asset() { line.change.0 } else { -line.change.0 });
    let apart: i128 = entry.lines.iter().map(|line| if line.change.0 == i64::MIN { i128::MAX / 64 } else { signed(line) }).sum();
    if apart != 0 {
        return bad("两边的金额不相等", "The two sides do not add up to the same");
    }
    Ok(())
}

fn too_much() -> AppError {
    AppError::field("lines", "金额太大", "The amount is too large")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn building(n: u128) -> Account {
        Account::Building(BuildingId(Uuid::from_u128(n)))
    }

    fn entry(lines: &[(Account, i64)]) -> Entry {
        Entry { lines: lines.iter().map(|&(account, change)| Line { account, change: Fen(change) }).collect(), overdrawn: None }
    }

    #[test]
    fn a_deposit_a_bill_and_its_payment() {
        let mut books = Books::default();
        books.enter(&entry(&[(Account::Bank, 10_000), (building(1), 10_000)])).expect("a deposit");
        books.enter(&entry(&[(building(1), -4_000), (Account::Payable, 4_000)])).expect("a bill");
        books.enter(&entry(&[(Account::Payable, -4_000), (Account::Bank, -4_000)])).expect("its payment");
        assert_eq!((books.balance(building(1)), books.balance(Account::Bank), books.balance(Account::Payable)), (Fen(6_000), Fen(6_000), Fen(0)));
        assert_eq!(books.difference(), Fen(0));
    }

    #[test]
    fn sides_that_differ_and_empty_lines_are_refused() {
        let mut books = Books::default();
        for lines in [
            &[][..],
            &[(Account::Bank, 5)],
            &[(Account::Bank, 5), (building(1), 4)],
            &[(Account::Bank, 0), (building(1), 0)],
            &[(Account::Bank, i64::MIN), (building(1), i64::MIN)],
        ] {
            assert!(matches!(books.enter(&entry(lines)), Err(AppError::Invalid(_))), "{lines:?}");
        }
        assert_eq!(books, Books::default());
    }

    #[test]
    fn below_zero_only_with_a_word() {
        let mut books = Books::default();
        books.enter(&entry(&[(Account::Bank, 100), (building(1), 100)])).expect("a deposit");
        let before = books.clone();
        let bill = entry(&[(building(1), -150), (Account::Payable, 150)]);
        assert!(matches!(books.enter(&bill), Err(AppError::Closed { .. })));
        assert!(matches!(books.enter(&Entry { overdrawn: Some("  ".into()), ..bill.clone() }), Err(AppError::Closed { .. })));
        assert_eq!(books, before, "nothing of a refused entry is entered");
        let said = Entry { overdrawn: Some("电梯停运，物业垫付".into()), ..bill };
        assert_eq!(books.enter(&said).expect("said"), [building(1)]);
        books.enter(&entry(&[(Account::Bank, 20), (building(1), 20)])).expect("a deposit is welcome below zero");
        assert!(books.enter(&entry(&[(building(1), -1), (Account::Payable, 1)])).is_err(), "deeper needs a word again");
    }

    proptest! {
        #[test]
        fn money_is_conserved_over_any_sequence(moves in proptest::collection::vec((0u8..5, 0u128..4, -1_000_000i64..1_000_000, any::<bool>()), 0..60)) {
            let mut books = Books::default();
            for (kind, n, amount, said) in moves {
                let lines = match kind {
                    0 => vec![(Account::Bank, amount), (building(n), amount)],
                    1 => vec![(building(n), -amount), (Account::Payable, amount)],
                    2 => vec![(Account::Payable, -amount), (Account::Bank, -amount)],
                    3 => vec![(Account::Bank, amount), (Account::Interest, amount)],
                    _ => vec![(Account::Interest, -amount), (building(n), amount / 2), (building(n + 1), amount - amount / 2)],
                };
                let before = books.clone();
                let entry = Entry { overdrawn: said.then(|| "垫付".to_owned()), ..entry(&lines) };
                let entered = books.enter(&entry).is_ok();
                prop_assert_eq!(books.difference(), Fen(0));
                if !entered {
                    prop_assert_eq!(&books, &before);
                }
                if entered && !said {
                    for line in entry.lines.iter().filter(|line| line.change.0 < 0) {
                        prop_assert!(books.balance(line.account).0 >= 0);
                    }
                }
            }
        }
    }
}
