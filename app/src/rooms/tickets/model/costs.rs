//! Quotes 报价, offers side by side 比价, the final bill 结算, and what things cost before.

use crate::ids::QuoteId;
use crate::measure::{Fen, Time};
use crate::rooms::fund::rules::EmergencyCase;
use crate::rooms::tickets::rules::Tier;
use serde::{Deserialize, Serialize};

/// One line of a quote: labour or material.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteLine {
    /// Labour 人工 rather than material 材料.
    pub labour: bool,
    /// What it is.
    pub name: String,
    /// How many, whole units, 1 to 9,999.
    pub quantity: i64,
    /// The price of one.
    pub unit_price: Fen,
}

impl QuoteLine {
    /// Quantity × price.
    pub fn amount(&self) -> Fen {
        Fen(self.quantity.saturating_mul(self.unit_price.0))
    }
}

/// What one supplier would do it for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The supplier, 2 to 40 characters.
    pub supplier: String,
    /// Its lines.
    pub lines: Vec<QuoteLine>,
}

/// One of the five cases of SH 73, in which the committee decides without a vote of the owners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Urgent {
    /// Which one.
    pub case: EmergencyCase,
    /// Who wrote the paper that it needs, and its number; may be empty for pumps alone.
    pub paper: String,
}

/// What a repair would cost. One list of lines, or 2 to 5 offers of which the desk recommends one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The lines, where there is but one; empty beside offers.
    #[serde(default)]
    pub lines: Vec<QuoteLine>,
    /// Offers of several suppliers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<Offer>,
    /// Which offer is recommended, from 0.
    #[serde(default, skip_serializing_if = "is_first")]
    pub recommended: u8,
    /// Why that one; needed beside offers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// An emergency by SH 73.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<Urgent>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_first(n: &u8) -> bool {
    *n == 0
}

impl Quote {
    /// A quote of one list.
    pub fn of(lines: Vec<QuoteLine>) -> Self {
        Self { lines, ..Self::default() }
    }

    /// The lines that are asked for: those of the recommended offer, where there are offers.
    pub fn chosen(&self) -> &[QuoteLine] {
        if self.offers.is_empty() { &self.lines } else { self.offers.get(usize::from(self.recommended)).map_or(&[], |o| &o.lines) }
    }
}

/// A cost at the same spot that was approved before and is added up (R2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierJob {
    /// The ticket's number.
    pub number: String,
    /// What was approved.
    pub amount: Fen,
    /// When.
    pub at: Time,
}

/// What an item cost before in this community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceNote {
    /// The item by its one spelling, see [`crate::rooms::tickets::rules::item_of`].
    pub item: String,
    /// The last price of one.
    pub last: Fen,
    /// When that was.
    pub at: Time,
    /// On which ticket.
    pub ticket: String,
    /// The lowest price of the last two years.
    pub low: Fen,
    /// The highest.
    pub high: Fen,
}

/// The final bill 结算.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// Its lines.
    pub lines: Vec<QuoteLine>,
    /// Their sum.
    pub total: Fen,
    /// When it was entered.
    pub at: Time,
    /// What was approved for the ticket in all.
    pub approved: Fen,
    /// The approved lines that it is held against.
    pub quoted: Vec<QuoteLine>,
}

/// A quote as the pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteView {
    /// The quote.
    pub id: QuoteId,
    /// Its lines.
    pub lines: Vec<QuoteLine>,
    /// Their sum.
    pub total: Fen,
    /// When it was made.
    pub at: Time,
    /// Who decides it.
    pub tier: Tier,
    /// What was approved for the same spot before and is added to it (R2.3).
    pub earlier: Fen,
    /// Who decides it and why, in one sentence.
    pub who_decides: String,
    /// Decided: good or not, and when.
    pub decided: Option<(bool, Time)>,
    /// All offers, where there were several.
    pub offers: Vec<Offer>,
    /// Which of them the desk recommends.
    pub recommended: u8,
    /// Why.
    pub why: String,
    /// The case of SH 73 and its paper, in words; empty for none.
    pub emergency: String,
    /// What [`QuoteView::earlier`] consists of.
    pub earlier_jobs: Vec<EarlierJob>,
    /// What its items cost before; only for those who have a desk.
    pub prices: Vec<PriceNote>,
    /// The number of the committee's matter about it.
    pub decision: Option<String>,
}
