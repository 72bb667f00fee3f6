//! Communities, buildings and units.

use crate::i18n::Lang;
use crate::ids::CommunityId;
use crate::tr;
use serde::{Deserialize, Serialize};

/// What sort of building: the fee differs (R4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuildingKind {
    /// 多层.
    MultiStorey,
    /// 高层.
    HighRise,
}

impl BuildingKind {
    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::MultiStorey => "multi_storey",
            Self::HighRise => "high_rise",
        }
    }

    /// Reads [`BuildingKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::MultiStorey, Self::HighRise].into_iter().find(|k| k.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::MultiStorey => tr!(lang, "多层", "Multi-storey"),
            Self::HighRise => tr!(lang, "高层", "High-rise"),
        }
    }
}

/// Where a unit's area comes from (SI 8: register, else survey, else contract).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaSource {
    /// 不动产登记簿.
    Register,
    /// 实测面积.
    Survey,
    /// 合同面积.
    Contract,
}

impl AreaSource {
    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Survey => "survey",
            Self::Contract => "contract",
        }
    }
}

/// What every page knows of its community.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunityView {
    /// The community.
    pub id: CommunityId,
    /// Its name.
    pub name: String,
    /// The phone for urgent things.
    pub phone: String,
    /// Minutes that its clock is ahead of UTC.
    pub offset: i32,
    /// It is the demonstration.
    pub demo: bool,
}

/// The first step of the set-up: the community and its first administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUp {
    /// The community's name.
    pub name: String,
    /// The phone for urgent things.
    pub phone: String,
    /// The administrator's name.
    pub admin_name: String,
    /// The administrator's mobile number.
    pub admin_phone: String,
}
