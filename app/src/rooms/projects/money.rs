//! What may be paid when: a milestone's share once its inspection is signed, the last one after the acceptance, and what
//! was kept back once the warranty is over. To the fen, never more than the contract.

use super::rules::{Facts, Stage, place};
use crate::error::AppError;
use crate::measure::{Fen, Time};

/// A contract as far as money goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deal {
    /// For how much.
    pub amount: Fen,
    /// What is kept back, in percent.
    pub retention: i64,
    /// The first moment after the warranty.
    pub warranty_over: Time,
}

/// A payment as far as the rules go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The milestone, from 1; none for what was kept back.
    pub milestone: Option<i64>,
    /// How much.
    pub amount: Fen,
}

/// `percent` of an amount, rounded down to the fen.
fn part(amount: Fen, percent: i64) -> i64 {
    i64::try_from(i128::from(amount.0) * i128::from(percent) / 100).unwrap_or(i64::MAX)
}

/// What is kept back of a contract.
pub fn retention(deal: &Deal) -> Fen {
    Fen(part(deal.amount, deal.retention))
}

/// The last milestone that has a share, from 0: what is kept back is kept of it.
pub fn last_paid(shares: &[i64]) -> Option<usize> {
    shares.iter().rposition(|share| *share > 0)
}

/// The most that may be paid for each milestone. With what is kept back they add up to the contract.
pub fn caps(deal: &Deal, shares: &[i64]) -> Vec<Fen> {
    let kept = retention(deal).0;
    let last = last_paid(shares);
    let mut sum = 0;
    let mut before = 0;
    shares
        .iter()
        .enumerate()
        .map(|(i, share)| {
            sum += share;
            let upto = part(deal.amount, sum);
            let cap = upto - before - if Some(i) == last { kept } else { 0 };
            before = upto;
            Fen(cap.max(0))
        })
        .collect()
}

/// The sum of what was paid for one thing.
pub fn paid_for(payments: &[Payment], milestone: Option<i64>) -> Fen {
    payments.iter().filter(|p| p.milestone == milestone).map(|p| p.amount).sum()
}

/// Judges a payment.
///
/// # Errors
/// [`AppError::Closed`] before its gate, [`AppError::Invalid`] on `amount` or `milestone`.
pub fn may_pay(facts: &Facts, milestone: Option<i64>, amount: Fen, now: Time) -> Result<(), AppError> {
    if facts.by_fund {
        return Err(AppError::closed("用维修资金的项目，付款在维修资金里办", "What the fund pays is paid in the fund"));
    }
    let Some(deal) = facts.deal.filter(|_| facts.stage.has_site()) else {
        return Err(AppError::closed("还没有合同，或者项目已经结束，不能付款", "There is no contract, or the project is over: nothing is paid"));
    };
    let shares: Vec<i64> = facts.milestones.iter().map(|m| m.0).collect();
    let most = match milestone {
        Some(n) => {
            let i = place(n).filter(|i| *i < shares.len());
            let i = i.ok_or_else(|| AppError::field("milestone", "没有这个节点", "There is no such milestone"))?;
            milestone_gate(facts, i, last_paid(&shares) == Some(i))?;
            caps(&deal, &shares).get(i).copied().unwrap_or_default()
        }
        None => {
            retention_gate(facts, &deal, now)?;
            retention(&deal)
        }
    };
    let left = Fen(most.0 - paid_for(&facts.payments, milestone).0);
    let whole = Fen(deal.amount.0 - facts.payments.iter().map(|p| p.amount).sum::<Fen>().0);
    if amount.0 <= 0 {
        return Err(AppError::field("amount", "请填金额，例如 1860.00", "Enter the amount, e.g. 1860.00"));
    }
    if amount > left || amount > whole {
        let left = left.min(whole);
        return Err(AppError::field("amount", format!("超过了这一笔还能付的 {left} 元"), format!("More than the {left} yuan that are left for it")));
    }
    Ok(())
}

fn milestone_gate(facts: &Facts, i: usize, last: bool) -> Result<(), AppError> {
    let n = i64::try_from(i + 1).unwrap_or(i64::MAX);
    if facts.milestones.get(i).is_none_or(|m| !m.1) {
        return Err(AppError::closed("这个节点还没有完成，不能付款", "This milestone is not done: nothing is paid for it"));
    }
    if !facts.passed(n) {
        return Err(AppError::closed(
            "这个节点还没有检查合格，或签字不到两方，不能付款",
            "This milestone's inspection has not passed, or fewer than two parties signed it: nothing is paid for it",
        ));
    }
    if last && facts.stage != Stage::Accepted {
        return Err(AppError::closed("最后一笔要等四方验收以后付", "The last payment waits for the acceptance"));
    }
    Ok(())
}

fn retention_gate(facts: &Facts, deal: &Deal, now: Time) -> Result<(), AppError> {
    if facts.stage != Stage::Accepted || now < deal.warranty_over {
        return Err(AppError::closed("质保金要等验收、保修期满以后付", "What is kept back is paid after the acceptance, when the warranty is over"));
    }
    if facts.open_defects() > 0 {
        return Err(AppError::closed("保修期里还有整改没有完成", "Defects of the warranty are still open"));
    }
    Ok(())
}
