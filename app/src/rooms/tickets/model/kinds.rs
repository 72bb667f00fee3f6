//! The words that a ticket is sorted by: category, state, and whose part it is.

use crate::i18n::Lang;
use crate::tr;
use serde::{Deserialize, Serialize};

/// What is broken (domain §6). The first seven are urgent 急修: choosing one makes the ticket urgent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 停水停电（公共）.
    PublicOutage,
    /// 水管爆裂.
    BurstPipe,
    /// 电梯困人.
    LiftEntrapment,
    /// 消防故障.
    FireSystem,
    /// 坠落危险.
    FallingHazard,
    /// 污水外溢.
    Sewage,
    /// 井盖缺失.
    Manhole,
    /// 设施: benches, play and sports things, letter boxes.
    Facility,
    /// 照明.
    Lighting,
    /// 门禁.
    Access,
    /// 渗漏.
    Leak,
    /// 道路.
    Road,
    /// 绿化.
    Greening,
    /// 保洁.
    Cleaning,
    /// 自用部位（有偿/自理）: inside the home.
    OwnPart,
}

impl Category {
    /// The urgent list of domain §6.
    pub const URGENT: [Self; 7] = [Self::PublicOutage, Self::BurstPipe, Self::LiftEntrapment, Self::FireSystem, Self::FallingHazard, Self::Sewage, Self::Manhole];
    /// The general list, in the order of the picture grid.
    pub const GENERAL: [Self; 8] = [Self::Facility, Self::Lighting, Self::Access, Self::Leak, Self::Road, Self::Greening, Self::Cleaning, Self::OwnPart];

    /// Whether the short deadlines of 急修 apply.
    pub fn is_urgent(self) -> bool {
        Self::URGENT.contains(&self)
    }

    /// All of them, urgent first.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::URGENT.into_iter().chain(Self::GENERAL)
    }

    /// The word in rows, forms and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::PublicOutage => "public_outage",
            Self::BurstPipe => "burst_pipe",
            Self::LiftEntrapment => "lift_entrapment",
            Self::FireSystem => "fire_system",
            Self::FallingHazard => "falling_hazard",
            Self::Sewage => "sewage",
            Self::Manhole => "manhole",
            Self::Facility => "facility",
            Self::Lighting => "lighting",
            Self::Access => "access",
            Self::Leak => "leak",
            Self::Road => "road",
            Self::Greening => "greening",
            Self::Cleaning => "cleaning",
            Self::OwnPart => "own_part",
        }
    }

    /// Reads [`Category::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|c| c.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::PublicOutage => tr!(lang, "停水停电", "Water or power cut"),
            Self::BurstPipe => tr!(lang, "水管爆裂", "Burst pipe"),
            Self::LiftEntrapment => tr!(lang, "电梯困人", "Trapped in lift"),
            Self::FireSystem => tr!(lang, "消防故障", "Fire system fault"),
            Self::FallingHazard => tr!(lang, "坠落危险", "Falling hazard"),
            Self::Sewage => tr!(lang, "污水外溢", "Sewage overflow"),
            Self::Manhole => tr!(lang, "井盖缺失", "Manhole open"),
            Self::Facility => tr!(lang, "桌椅设施", "Bench, facility"),
            Self::Lighting => tr!(lang, "照明", "Lighting"),
            Self::Access => tr!(lang, "门禁", "Doors, access"),
            Self::Leak => tr!(lang, "渗漏", "Leak"),
            Self::Road => tr!(lang, "道路", "Road"),
            Self::Greening => tr!(lang, "绿化", "Greening"),
            Self::Cleaning => tr!(lang, "保洁", "Cleaning"),
            Self::OwnPart => tr!(lang, "自家屋内", "Inside my home"),
        }
    }
}

/// Where a ticket stands (domain §6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 待受理.
    Received,
    /// 已受理.
    Accepted,
    /// 已派单.
    Dispatched,
    /// 处理中.
    InProgress,
    /// 待料: paused, waiting for material.
    AwaitingMaterial,
    /// 待审批: paused, waiting for a decision on the cost.
    AwaitingApproval,
    /// 待验收: finished by the worker, waiting for the reporter's word.
    AwaitingCheck,
    /// 整改: not good, being done again.
    Rework,
    /// 已完成.
    Done,
    /// 已评价.
    Rated,
    /// 已归档.
    Archived,
    /// 退回: sent back to the reporter with a reason.
    Returned,
    /// 合并重复: part of another ticket.
    Merged,
    /// 已撤销.
    Withdrawn,
}

impl State {
    /// Every state, in the order of a ticket's life.
    pub const ALL: [Self; 14] = [
        Self::Received,
        Self::Accepted,
        Self::Dispatched,
        Self::InProgress,
        Self::AwaitingMaterial,
        Self::AwaitingApproval,
        Self::AwaitingCheck,
        Self::Rework,
        Self::Done,
        Self::Rated,
        Self::Archived,
        Self::Returned,
        Self::Merged,
        Self::Withdrawn,
    ];

    /// The word in rows, forms and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Dispatched => "dispatched",
            Self::InProgress => "in_progress",
            Self::AwaitingMaterial => "awaiting_material",
            Self::AwaitingApproval => "awaiting_approval",
            Self::AwaitingCheck => "awaiting_check",
            Self::Rework => "rework",
            Self::Done => "done",
            Self::Rated => "rated",
            Self::Archived => "archived",
            Self::Returned => "returned",
            Self::Merged => "merged",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads [`State::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Received => tr!(lang, "待受理", "Received"),
            Self::Accepted => tr!(lang, "已受理", "Accepted"),
            Self::Dispatched => tr!(lang, "已派单", "Assigned"),
            Self::InProgress => tr!(lang, "处理中", "In progress"),
            Self::AwaitingMaterial => tr!(lang, "待料", "Waiting for material"),
            Self::AwaitingApproval => tr!(lang, "待审批", "Waiting for approval"),
            Self::AwaitingCheck => tr!(lang, "待验收", "To be checked"),
            Self::Rework => tr!(lang, "整改", "Being redone"),
            Self::Done => tr!(lang, "已完成", "Done"),
            Self::Rated => tr!(lang, "已评价", "Rated"),
            Self::Archived => tr!(lang, "已归档", "Archived"),
            Self::Returned => tr!(lang, "已退回", "Returned"),
            Self::Merged => tr!(lang, "已合并", "Merged"),
            Self::Withdrawn => tr!(lang, "已撤销", "Withdrawn"),
        }
    }

    /// Whether somebody still has to do something for the repair.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::Accepted | Self::Dispatched | Self::InProgress | Self::AwaitingMaterial | Self::AwaitingApproval | Self::Rework)
    }

    /// Whether the clock of the deadlines stands still (only in 待料 and 待审批).
    pub fn is_paused(self) -> bool {
        matches!(self, Self::AwaitingMaterial | Self::AwaitingApproval)
    }

    /// Whether the clock of the deadlines runs: the property company has the work.
    pub fn runs(self) -> bool {
        self.is_open() && !self.is_paused()
    }

    /// Whether the work was finished at least once and counts as closed in the month's numbers.
    pub fn is_finished(self) -> bool {
        matches!(self, Self::AwaitingCheck | Self::Done | Self::Rated | Self::Archived)
    }
}

/// Whose part it is, and so who pays (domain §6, table; SH 55, 60, 68, 70).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 全体共用: common to all.
    #[default]
    Common,
    /// 部分共用: common to some (one stair, one lift).
    PartlyCommon,
    /// 专有部分: the owner's own.
    Own,
    /// 分户表及表前管线: the utility's (SH 60).
    Utility,
    /// 保修期内: the developer's (SH 55).
    Warranty,
    /// 人为损坏: whoever did it (SH 68).
    Damage,
    /// 车库: the garage's owner (SH 70).
    Garage,
}

impl Part {
    /// Whether the owners' money pays, so that the owners or their committee decide. A garage's owners may be all of
    /// them (SH 43), so it counts.
    pub fn owners_pay(self) -> bool {
        matches!(self, Self::Common | Self::PartlyCommon | Self::Garage)
    }

    /// All of them, the commonest first.
    pub const ALL: [Self; 7] = [Self::Common, Self::PartlyCommon, Self::Own, Self::Utility, Self::Warranty, Self::Damage, Self::Garage];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::PartlyCommon => "partly_common",
            Self::Own => "own",
            Self::Utility => "utility",
            Self::Warranty => "warranty",
            Self::Damage => "damage",
            Self::Garage => "garage",
        }
    }

    /// Reads [`Part::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }

    /// Whose part, and who pays.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Common => tr!(lang, "全体共用：物业组织，物业费或维修资金", "Common to all: property company; fee or fund"),
            Self::PartlyCommon => tr!(lang, "部分共用：物业组织，相关业主分摊", "Common to some: property company; owners concerned share"),
            Self::Own => tr!(lang, "自用部位：业主负责，业主付费", "Own part: the owner, at own cost"),
            Self::Utility => tr!(lang, "表前管线：供水供电供气单位", "Before the meter: the utility"),
            Self::Warranty => tr!(lang, "保修期内：建设单位", "Under warranty: the developer"),
            Self::Damage => tr!(lang, "人为损坏：责任人赔付", "Damage: whoever caused it"),
            Self::Garage => tr!(lang, "车库：所有人自行承担", "Garage: its owner"),
        }
    }
}
