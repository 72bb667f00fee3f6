//! Who decides what a repair costs (R2.3), what a quote and a bill must carry. The amounts are the community's own.

use super::model::{Offer, Part, Quote, QuoteLine, Urgent};
use super::rules::{Facts, Limits};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::measure::Fen;
use crate::rooms::fund::rules::EmergencyCase;
use crate::text::clean;
use crate::{tr, trf};
use serde::{Deserialize, Serialize};

/// Lines in a quote.
pub const QUOTE_LINES_MAX: usize = 30;
/// Rows in the form of a quote.
pub const QUOTE_FORM_ROWS: usize = 12;
/// Rows for each offer, where there are several.
pub const OFFER_FORM_ROWS: usize = 6;
/// Offers side by side.
pub const OFFERS_MAX: usize = 5;

/// A quote's lines: some, each whole, and not for nothing.
fn check_lines(lines: &[QuoteLine]) -> Result<(), AppError> {
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

/// A quote: one list, or 2 to 5 offers with a recommendation and its reason; an emergency with its paper.
pub(super) fn check_quote(quote: &Quote, facts: &Facts) -> Result<(), AppError> {
    if let Some(urgent) = &quote.emergency {
        check_urgent(urgent, facts)?;
    }
    if quote.offers.is_empty() {
        return check_lines(&quote.lines);
    }
    if !(2..=OFFERS_MAX).contains(&quote.offers.len()) || usize::from(quote.recommended) >= quote.offers.len() {
        return Err(AppError::field("recommended", "比价要有 2 到 5 家，并选一家推荐", "Two to five offers, one of them recommended"));
    }
    let mut names: Vec<String> = Vec::new();
    for offer in &quote.offers {
        match clean(&offer.supplier, 40) {
            Ok(name) if name.chars().count() >= 2 && !names.contains(&item_of(&name)) => names.push(item_of(&name)),
            _ => return Err(AppError::field("supplier", "每一家都要写名称（2 到 40 个字），不能重复", "Each offer names its supplier (2 to 40 characters), each another one")),
        }
        check_lines(&offer.lines)?;
    }
    match clean(&quote.why, 300) {
        Ok(why) if !why.is_empty() => Ok(()),
        _ => Err(AppError::field("why", "请写推荐这一家的理由（300 字以内）", "Say why this one is recommended (300 characters)")),
    }
}

fn check_urgent(urgent: &Urgent, facts: &Facts) -> Result<(), AppError> {
    if !facts.urgent {
        return Err(AppError::field("emergency", "这一单不是急修，不能走应急维修", "Only an urgent repair can be an emergency"));
    }
    let paper = clean(&urgent.paper, 120).unwrap_or_default();
    if urgent.case.needs_proof() && (paper.is_empty() || facts.photo_count == 0) {
        return Err(AppError::field(
            "paper",
            "请写鉴定、整改或停用文书的单位和文号，并把文书拍照加到这一单",
            "Name the notice or the expert's opinion and its number, and add a photo of it to the ticket",
        ));
    }
    Ok(())
}

/// A final bill: its lines, and no more than what was approved.
pub(super) fn check_bill(lines: &[QuoteLine], facts: &Facts) -> Result<(), AppError> {
    check_lines(lines)?;
    let (sum, most) = (total(lines), facts.approved);
    if most.0 == 0 {
        return Err(AppError::field("lines", "这一单没有同意过的报价，不能结算", "No quote was approved for this ticket: there is nothing to settle"));
    }
    if sum > most {
        return Err(AppError::field(
            "lines",
            format!("结算 {sum} 元，超过已同意的 {most} 元：超出的部分要先补报价，同意了才能结"),
            format!("The bill of {sum} yuan is above the {most} yuan that were approved: quote the difference first"),
        ));
    }
    Ok(())
}

/// The sum of a quote.
pub fn total(lines: &[QuoteLine]) -> Fen {
    Fen(lines.iter().fold(0i64, |sum, line| sum.saturating_add(line.amount().0)))
}

/// Who decides an amount (R2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// T1: the property company itself.
    Property,
    /// T2: the owners' committee in writing.
    Committee,
    /// SH 73: the owners' committee, without a vote, whatever the amount.
    Emergency,
    /// T3: the owners who share the part, by vote.
    Affected,
    /// T4: all owners, by vote.
    Owners,
    /// Not the owners' money: whoever pays decides.
    Payer,
}

/// Why something is for the owners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The amount, with what was approved for the same spot before.
    Amount,
    /// The committee's cap of the year.
    Year,
    /// So many members have a conflict of interest that no majority of all is left.
    Conflicts,
    /// Two rounds of scoring in a row were a fail.
    TwoFails,
}

impl Cause {
    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::Year => "year",
            Self::Conflicts => "conflicts",
            Self::TwoFails => "two_fails",
        }
    }

    /// Reads [`Cause::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Amount, Self::Year, Self::Conflicts, Self::TwoFails].into_iter().find(|c| c.code() == code)
    }

    /// In words.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Amount => tr!(lang, "金额超过了业委会的权限", "the amount is beyond the committee"),
            Self::Year => tr!(lang, "超过业委会一年可同意的总额", "the committee's sum of the year is used up"),
            Self::Conflicts => tr!(lang, "回避的委员太多，凑不满全体委员的过半数", "too many members are excluded for a majority of all"),
            Self::TwoFails => tr!(lang, "物业考核连续两次不合格，由业主大会决定", "two rounds of scoring in a row were a fail: it is the owners' to decide"),
        }
    }
}

impl Tier {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Property, Self::Committee, Self::Emergency, Self::Affected, Self::Owners, Self::Payer];

    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Property => "property",
            Self::Committee => "committee",
            Self::Emergency => "emergency",
            Self::Affected => "affected",
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
        matches!(self, Self::Committee | Self::Emergency)
    }

    /// Whether owners vote on it.
    pub fn is_owners(self) -> bool {
        matches!(self, Self::Affected | Self::Owners)
    }

    /// Whether the work waits for a decision.
    pub fn must_wait(self) -> bool {
        self.is_committee() || self.is_owners()
    }

    /// The owners who vote on what concerns a part.
    pub fn of_owners(part: Part) -> Self {
        if part == Part::PartlyCommon { Self::Affected } else { Self::Owners }
    }

    /// Who decides, in words, with the amounts of the community.
    pub fn label(self, lang: Lang, limits: &Limits) -> String {
        let (low, high) = (yuan(limits.property_max), yuan(limits.committee_max));
        match self {
            Self::Property => trf!(lang, "{low} 元以内，物业直接处理", "Up to {low} yuan: the property company decides"),
            Self::Committee => trf!(lang, "{low} 至 {high} 元，业委会书面同意", "{low} to {high} yuan: the owners' committee decides"),
            Self::Emergency => tr!(lang, "应急维修，业委会同意，不用业主表决", "Emergency: the owners' committee, without a vote of the owners").to_owned(),
            Self::Affected => trf!(lang, "超过 {high} 元，部分共用，要相关业主表决", "Over {high} yuan, common to some: the owners concerned vote"),
            Self::Owners => trf!(lang, "超过 {high} 元，要业主表决", "Over {high} yuan: the owners vote"),
            Self::Payer => tr!(lang, "不动用业主的钱，由付款的一方决定", "Not the owners' money: whoever pays decides").to_owned(),
        }
    }
}

/// The numbers by which it was found who decides a quote, as they were then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounds {
    /// T1 ended here.
    pub property_max: Fen,
    /// T2 ended here.
    pub committee_max: Fen,
    /// The committee's cap of the year.
    pub committee_year: Fen,
    /// What the committee had decided in that year before.
    pub year: Fen,
    /// Why it is for the owners, if it is.
    pub cause: Option<Cause>,
    /// The case of SH 73, if it is one.
    pub case: Option<EmergencyCase>,
}

impl Grounds {
    /// What holds for a quote of this amount now.
    pub fn of(amount: Fen, facts: &Facts, case: Option<EmergencyCase>) -> Self {
        let l = &facts.limits;
        Self { property_max: l.property_max, committee_max: l.committee_max, committee_year: l.committee_year, year: facts.year, cause: cause(amount, facts), case }
    }
}

/// Who decides a quote and why, in one sentence.
pub fn why(lang: Lang, tier: Tier, part: Part, grounds: &Grounds) -> String {
    let limits = Limits { property_max: grounds.property_max, committee_max: grounds.committee_max, ..Limits::default() };
    let (year, cap) = (yuan(grounds.year), yuan(grounds.committee_year));
    let voters = if tier == Tier::Affected { tr!(lang, "要相关业主表决", "the owners concerned vote") } else { tr!(lang, "要业主表决", "the owners vote") };
    match (tier, grounds.cause, grounds.case, part) {
        (Tier::Affected | Tier::Owners, Some(Cause::Year), ..) => trf!(
            lang,
            "业委会今年已同意 {year} 元，加上这笔超过一年 {cap} 元的上限：{voters}",
            "The committee decided {year} yuan this year; with this one it would pass its {cap} yuan: {voters}"
        ),
        (Tier::Affected | Tier::Owners, Some(Cause::Conflicts), ..) => format!("{}{}{voters}", Cause::Conflicts.label(lang), tr!(lang, "：", ": ")),
        (Tier::Emergency, _, Some(case), _) => {
            let case = case.label(lang);
            trf!(
                lang,
                "应急维修（上海市住宅物业管理规定第 73 条：{case}）：业委会同意，不用业主表决",
                "Emergency (Shanghai rules, art. 73: {case}): the owners' committee decides without a vote"
            )
        }
        (Tier::Payer, _, _, Part::Warranty) => tr!(lang, "保修期内，由建设单位承担，不动用业主的钱", "Under warranty: the developer pays").to_owned(),
        (Tier::Payer, _, _, Part::Own) => tr!(lang, "自用部位，由业主自己决定、自己付", "Own part: its owner decides and pays").to_owned(),
        _ => tier.label(lang, &limits),
    }
}

/// An amount in yuan, without decimals where they are zero: `2,000`.
pub fn yuan(amount: Fen) -> String {
    let text = amount.to_string();
    text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
}

/// Why an amount is for the owners: `None` when somebody else decides it.
pub fn cause(amount: Fen, facts: &Facts) -> Option<Cause> {
    let sum = Fen(amount.0.saturating_add(facts.spent.0));
    if !facts.part.owners_pay() || sum <= facts.limits.property_max {
        None
    } else if sum > facts.limits.committee_max {
        Some(Cause::Amount)
    } else {
        (amount.0.saturating_add(facts.year.0) > facts.limits.committee_year.0).then_some(Cause::Year)
    }
}

/// The tier of an amount. Against splitting, what was approved for the same spot lately counts too, and what the
/// committee decided in this year counts against its cap (R2.3).
pub fn tier(amount: Fen, facts: &Facts) -> Tier {
    let sum = Fen(amount.0.saturating_add(facts.spent.0));
    if !facts.part.owners_pay() {
        Tier::Payer
    } else if sum <= facts.limits.property_max {
        Tier::Property
    } else if cause(amount, facts).is_some() {
        Tier::of_owners(facts.part)
    } else {
        Tier::Committee
    }
}

/// The tier of a quote. What would be for a vote is for the committee in an emergency (SH 73).
pub fn tier_of(quote: &Quote, facts: &Facts) -> Tier {
    let tier = tier(total(quote.chosen()), facts);
    if quote.emergency.is_some() && tier.must_wait() { Tier::Emergency } else { tier }
}

/// An item by its one spelling: NFC, trimmed, one kind of blank, without capitals.
pub fn item_of(name: &str) -> String {
    let clean = clean(name, 60).unwrap_or_default();
    clean.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What one offer asks for an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// How many.
    pub quantity: i64,
    /// The price of one; of several lines the first one's.
    pub unit_price: Fen,
    /// For all of them.
    pub amount: Fen,
}

/// One item across all lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// The item as it was first written.
    pub name: String,
    /// What each list asks; `None` where it does not have it.
    pub cells: Vec<Option<Cell>>,
}

impl ItemRow {
    /// The lists that ask the least for it; none where fewer than two have it, or all ask the same.
    pub fn cheapest(&self) -> Vec<usize> {
        let asked: Vec<Fen> = self.cells.iter().flatten().map(|c| c.amount).collect();
        let least = asked.iter().min().copied();
        if asked.len() < 2 || asked.iter().all(|a| Some(*a) == least) {
            return Vec::new();
        }
        (0..self.cells.len()).filter(|i| self.cells[*i].map(|c| c.amount) == least).collect()
    }
}

/// Lists side by side, an item of the same name on one row.
pub fn compare(lists: &[&[QuoteLine]]) -> Vec<ItemRow> {
    let mut rows: Vec<(String, ItemRow)> = Vec::new();
    for (i, lines) in lists.iter().enumerate() {
        for line in *lines {
            let item = item_of(&line.name);
            let at = rows.iter().position(|(key, _)| *key == item).unwrap_or_else(|| {
                rows.push((item, ItemRow { name: line.name.clone(), cells: vec![None; lists.len()] }));
                rows.len() - 1
            });
            let cell = rows[at].1.cells[i].get_or_insert(Cell { quantity: 0, unit_price: line.unit_price, amount: Fen(0) });
            cell.quantity = cell.quantity.saturating_add(line.quantity);
            cell.amount = Fen(cell.amount.0.saturating_add(line.amount().0));
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

/// By how much the recommended offer is dearer than the cheapest one, if it is.
pub fn dearer(offers: &[Offer], recommended: u8) -> Option<Fen> {
    let asked = total(&offers.get(usize::from(recommended))?.lines);
    let least = offers.iter().map(|o| total(&o.lines)).min()?;
    (asked > least).then(|| Fen(asked.0 - least.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(name: &str, quantity: i64, yuan: i64) -> QuoteLine {
        QuoteLine { labour: false, name: name.into(), quantity, unit_price: Fen(yuan * 100) }
    }

    #[test]
    fn the_same_item_stands_on_one_row_and_the_cheapest_is_found() {
        let (a, b) = ([line("防腐木 A级", 6, 100), line("安装", 1, 300)], [line(" 防腐木 a级 ", 6, 90), line("运输", 1, 50)]);
        let rows = compare(&[&a, &b]);
        let names: Vec<_> = rows.iter().map(|r| (r.name.as_str(), r.cheapest())).collect();
        assert_eq!(names, [("防腐木 A级", vec![1]), ("安装", vec![]), ("运输", vec![])]);
        assert_eq!(rows[0].cells.iter().flatten().map(|c| c.amount.0).collect::<Vec<_>>(), [60_000, 54_000]);
        let offer = |supplier: &str, lines: &[QuoteLine]| Offer { supplier: supplier.into(), lines: lines.to_vec() };
        let offers = [offer("甲", &a), offer("乙", &b)];
        assert_eq!((dearer(&offers, 0), dearer(&offers, 1)), (Some(Fen(31_000)), None));
    }

    #[test]
    fn items_have_one_spelling() {
        assert_eq!(item_of("  LED 灯头\u{3000}60W "), item_of("led 灯头 60w"));
        assert_ne!(item_of("灯头"), item_of("灯座"));
    }

    proptest! {
        /// Nothing is lost or added when lists are put side by side.
        #[test]
        fn the_rows_add_up(lists in prop::collection::vec(prop::collection::vec((0usize..4, 1i64..50, 0i64..9_000), 0..8), 1..5)) {
            let lists: Vec<Vec<QuoteLine>> = lists.into_iter().map(|l| l.into_iter().map(|(n, q, p)| line(["木", "钉", "漆", "工"][n], q, p)).collect()).collect();
            let rows = compare(&lists.iter().map(Vec::as_slice).collect::<Vec<_>>());
            for (i, list) in lists.iter().enumerate() {
                prop_assert_eq!(rows.iter().filter_map(|r| r.cells[i]).map(|c| c.amount).sum::<Fen>(), total(list));
            }
            for row in &rows {
                for best in row.cheapest() {
                    prop_assert!(row.cells.iter().flatten().all(|c| row.cells[best].is_some_and(|b| b.amount <= c.amount)));
                }
            }
        }
    }
}
