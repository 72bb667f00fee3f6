//! Who decides what a repair costs (R2.3). The amounts are the community's own.

use super::model::QuoteLine;
use super::rules::{Facts, Limits};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::measure::Fen;
use crate::text::clean;
use crate::{tr, trf};
use serde::{Deserialize, Serialize};

/// Lines in a quote.
pub const QUOTE_LINES_MAX: usize = 30;
/// Rows in the form of a quote.
pub const QUOTE_FORM_ROWS: usize = 12;

/// A quote's lines: some, each whole, and not for nothing.
pub(super) fn check_lines(lines: &[QuoteLine]) -> Result<(), AppError> {
    let bad = |zh: &str, en: &str| Err(AppError::field("lines", zh, en));
    if lines.is_empty() || lines.len() > QUOTE_LINES_MAX {
        return bad("报价要有 1 到 30 行", "A quote has 1 to 30 lines");
    }
    for line in lines {
        let name_ok = clean(&line.name, 60).is_ok_and(|n| !n.is_empty());
        if !name_ok || !(1..=9_999).contains(&line.quantity) || !(0..=10_000_000_000).contains(&line.unit_price.0) {
            return bad("每行要有名称、数量（1–9999）和单价", "Each line needs a name, a quantity (1–9999) and a price");
        }
    }
    if total(lines).0 == 0 {
        return bad("合计不能是 0 元", "The total cannot be 0");
    }
    Ok(())
}

/// The sum of a quote.
pub fn total(lines: &[QuoteLine]) -> Fen {
    Fen(lines.iter().fold(0i64, |sum, line| sum.saturating_add(line.amount().0)))
}

/// Who decides an amount (R2.3). Until the approvals room stands, one committee member's word is enough for T2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// T1: the property company itself.
    Property,
    /// T2: the owners' committee in writing.
    Committee,
    /// T3/T4: the owners, by vote.
    Owners,
    /// Not the owners' money: whoever pays decides.
    Payer,
}

impl Tier {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Property, Self::Committee, Self::Owners, Self::Payer];

    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Property => "property",
            Self::Committee => "committee",
            Self::Owners => "owners",
            Self::Payer => "payer",
        }
    }

    /// Reads [`Tier::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
    }

    /// Whether the committee can decide it.
    pub fn is_committee(self) -> bool {
        self == Self::Committee
    }

    /// Whether the work waits for a decision.
    pub fn must_wait(self) -> bool {
        matches!(self, Self::Committee | Self::Owners)
    }

    /// Who decides, in words, with the amounts of the community.
    pub fn label(self, lang: Lang, limits: &Limits) -> String {
        let (low, high) = (yuan(limits.property_max), yuan(limits.committee_max));
        match self {
            Self::Property => trf!(lang, "{low} 元以内，物业直接处理", "Up to {low} yuan: the property company decides"),
            Self::Committee => trf!(lang, "{low} 至 {high} 元，业委会书面同意", "{low} to {high} yuan: the owners' committee decides"),
            Self::Owners => trf!(lang, "超过 {high} 元，要业主表决", "Over {high} yuan: the owners vote"),
            Self::Payer => tr!(lang, "不动用业主的钱，由付款的一方决定", "Not the owners' money: whoever pays decides").to_owned(),
        }
    }
}

/// An amount in yuan, without decimals where they are zero: `2,000`.
pub fn yuan(amount: Fen) -> String {
    let text = amount.to_string();
    text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
}

/// The tier of a quote. Against splitting, what was approved for the same spot lately counts too (R2.3).
pub fn tier(amount: Fen, facts: &Facts) -> Tier {
    let sum = Fen(amount.0.saturating_add(facts.spent.0));
    if !facts.part.owners_pay() {
        Tier::Payer
    } else if sum <= facts.limits.property_max {
        Tier::Property
    } else if sum <= facts.limits.committee_max {
        Tier::Committee
    } else {
        Tier::Owners
    }
}
