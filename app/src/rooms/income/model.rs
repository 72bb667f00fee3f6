//! The wire types of common income.

use crate::i18n::Lang;
use crate::ids::PhotoId;
use crate::measure::{Fen, Time};
use crate::tr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What money is from, or for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// 停车.
    Parking,
    /// 广告.
    Advertising,
    /// 场地.
    Venue,
    /// 快递柜.
    ParcelLockers,
    /// 充电.
    Charging,
    /// 其他收入.
    OtherIncome,
    /// 合理成本 of earning it (Civil Code art. 282).
    Cost,
    /// 转入维修资金 (SH 51).
    ToFund,
    /// 公共设施: benches, lights.
    Facilities,
    /// 社区活动.
    Activities,
    /// 业委会经费.
    Committee,
    /// 其他支出.
    OtherSpending,
}

impl Line {
    /// What money is from.
    pub const INCOME: [Self; 6] = [Self::Parking, Self::Advertising, Self::Venue, Self::ParcelLockers, Self::Charging, Self::OtherIncome];
    /// What money is for.
    pub const SPENDING: [Self; 6] = [Self::Cost, Self::ToFund, Self::Facilities, Self::Activities, Self::Committee, Self::OtherSpending];

    /// Whether money leaves.
    pub fn is_out(self) -> bool {
        Self::SPENDING.contains(&self)
    }

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Parking => "parking",
            Self::Advertising => "advertising",
            Self::Venue => "venue",
            Self::ParcelLockers => "parcel_lockers",
            Self::Charging => "charging",
            Self::OtherIncome => "other_income",
            Self::Cost => "cost",
            Self::ToFund => "to_fund",
            Self::Facilities => "facilities",
            Self::Activities => "activities",
            Self::Committee => "committee",
            Self::OtherSpending => "other_spending",
        }
    }

    /// Reads [`Line::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::INCOME.into_iter().chain(Self::SPENDING).find(|l| l.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Parking => tr!(lang, "停车", "Parking"),
            Self::Advertising => tr!(lang, "广告", "Advertising"),
            Self::Venue => tr!(lang, "场地", "Venues"),
            Self::ParcelLockers => tr!(lang, "快递柜", "Parcel lockers"),
            Self::Charging => tr!(lang, "充电", "Charging"),
            Self::OtherIncome => tr!(lang, "其他收入", "Other income"),
            Self::Cost => tr!(lang, "合理成本", "Cost of earning it"),
            Self::ToFund => tr!(lang, "转入维修资金", "Into the maintenance fund"),
            Self::Facilities => tr!(lang, "公共设施", "Common facilities"),
            Self::Activities => tr!(lang, "社区活动", "Activities"),
            Self::Committee => tr!(lang, "业委会经费", "Owners' committee"),
            Self::OtherSpending => tr!(lang, "其他支出", "Other spending"),
        }
    }
}

/// Enters money that came in or went out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enter {
    /// What it is from, or for.
    pub line: Line,
    /// How much; above 0.
    pub amount: Fen,
    /// In words, 2 to 200 characters; public.
    pub words: String,
    /// The voucher's number, 1 to 60 characters.
    pub voucher: String,
    /// A photo of the voucher.
    pub photo: Option<PhotoId>,
    /// The quarter that it belongs to, e.g. `2026Q3`.
    pub quarter: String,
}

/// Takes an entry back 红冲.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reverse {
    /// The entry.
    pub entry: Uuid,
    /// Why; public.
    pub reason: String,
}

/// Publishes a quarter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publish {
    /// Which, e.g. `2026Q3`.
    pub quarter: String,
}

/// An entry as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Which one.
    pub id: Uuid,
    /// Its number, e.g. `SY-2026-041`.
    pub number: String,
    /// When it was entered.
    pub at: Time,
    /// What it is from, or for.
    pub line: Line,
    /// How much; below zero for a red entry.
    pub amount: Fen,
    /// In words.
    pub words: String,
    /// The voucher's number.
    pub voucher: String,
    /// Its photo.
    pub photo: Option<PhotoId>,
    /// It takes another one back, or was taken back.
    pub red: bool,
}

/// A quarter of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarter {
    /// Which, e.g. `2026Q3`.
    pub quarter: String,
    /// Its entries, the oldest first.
    pub entries: Vec<EntryRow>,
    /// When it was published, and the sums as they stood then: income and spending.
    pub published: Option<(Time, Fen, Fen)>,
    /// Until when it has to be published.
    pub due_at: Time,
}

impl Quarter {
    /// The sum of one line.
    pub fn sum(&self, line: Line) -> Fen {
        self.entries.iter().filter(|e| e.line == line).map(|e| e.amount).sum()
    }

    /// All that came in.
    pub fn income(&self) -> Fen {
        Line::INCOME.into_iter().map(|l| self.sum(l)).sum()
    }

    /// All that went out.
    pub fn spent(&self) -> Fen {
        Line::SPENDING.into_iter().map(|l| self.sum(l)).sum()
    }
}
