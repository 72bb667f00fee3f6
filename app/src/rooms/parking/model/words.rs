//! The words of parking: bands, kinds, stages, verdicts, outcomes.

use crate::i18n::Lang;
use crate::tr;
use serde::{Deserialize, Serialize};

/// Gives an enum of words its list, its codes and its names.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in rows, forms and files.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Reads the word of a row or a form.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// The name people use.
            pub fn label(self, lang: Lang) -> &'static str {
                match self { $(Self::$variant => tr!(lang, $zh, $en)),+ }
            }
        }
    };
}

words! {
    /// A band of applicants (R5.6), the first served first.
    Band {
        /// B1: an owner who lives here and holds no bay, first car.
        Owner = "B1", "自住业主第一辆", "Owner-occupier, first car";
        /// B2: a registered tenant's first car, where the unit's quota is unused.
        Tenant = "B2", "登记租户第一辆", "Registered tenant, first car";
        /// B3: a second car.
        Second = "B3", "第二辆车", "Second car";
        /// B4: somebody from outside, by the month, when bays are left (R5.1).
        Outside = "B4", "小区外，按月", "From outside, by the month";
    }
}

impl Band {
    /// 1 to 4.
    pub fn number(self) -> i64 {
        match self {
            Self::Owner => 1,
            Self::Tenant => 2,
            Self::Second => 3,
            Self::Outside => 4,
        }
    }

    /// Reads [`Band::number`].
    pub fn from_number(n: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|b| b.number() == n)
    }
}

words! {
    /// What a bay is for (R5.5).
    Kind {
        /// For anybody.
        Plain = "plain", "普通车位", "Bay";
        /// With a charger, for electric cars.
        Ev = "ev", "充电车位", "Bay with charger";
        /// 无障碍车位, first for those with a disability card.
        Accessible = "accessible", "无障碍车位", "Accessible bay";
    }
}

words! {
    /// Where a round stands.
    Stage {
        /// Applications come in.
        Open = "open", "申请中", "Open for applications";
        /// The list is on show, and may be objected to.
        Frozen = "frozen", "名单公示", "List on show";
        /// The list is final; parties commit and reveal.
        Final = "final", "等待抽签", "Before the draw";
        /// Drawn; bays are offered.
        Drawn = "drawn", "已抽签", "Drawn";
        /// Over.
        Closed = "closed", "已结束", "Over";
    }
}

words! {
    /// Whether somebody knows that a car belongs where it says.
    CarState {
        /// Nobody has looked yet.
        Pending = "pending", "等核对", "Being checked";
        /// Checked.
        Confirmed = "confirmed", "已核对", "Checked";
        /// The proof does not fit.
        Refused = "refused", "没通过", "Not accepted";
        /// Taken off.
        Removed = "removed", "已注销", "Removed";
    }
}

words! {
    /// What the rules say of an application, with its reason.
    Verdict {
        /// It is on the list.
        Eligible = "eligible", "符合条件", "Eligible";
        /// On the list since an objection was upheld.
        Admitted = "admitted", "异议成立，列入名单", "Admitted after an objection";
        /// Off the list since an objection was upheld.
        Struck = "struck", "异议成立，移出名单", "Struck after an objection";
        /// It was taken back.
        Withdrawn = "withdrawn", "申请人撤回", "Withdrawn";
        /// This round has nothing for the band.
        BandClosed = "band_closed", "这一轮不接受这一类申请", "This round takes no such applications";
        /// The owner does not live here.
        NotLiving = "not_living", "房屋登记的不是自住，第一辆按自住业主或登记租户申请", "The home is not registered as lived in by its owner";
        /// Nobody of the unit applied.
        NotResident = "not_resident", "申请人已经不是这一户的业主或登记租户", "The applicant is no owner or registered tenant of this home any more";
        /// There is no such car any more.
        NoCar = "no_car", "车辆已经注销", "The car was removed";
        /// The car was not checked before the list was frozen.
        CarPending = "car_pending", "车辆证明还没有核对", "The car's papers were not checked yet";
        /// The car's proof does not fit.
        CarRefused = "car_refused", "车辆证明没有通过核对", "The car's papers were not accepted";
        /// The car has a bay, or stands in another application.
        CarTaken = "car_taken", "这辆车已有车位，或已在另一份申请里", "This car has a bay or stands in another application";
        /// A first car, but the unit holds a bay.
        HoldsBay = "holds_bay", "这一户已有车位，请按第二辆申请", "This home holds a bay already: apply for the second car";
        /// The owner applied for the unit's first bay.
        OwnerFirst = "owner_first", "同一户的业主已申请第一个车位", "The home's owner applied for its first bay";
        /// A second car, but there is no first.
        FirstCar = "first_car", "这一户还没有车位，请按第一辆申请", "This home has no bay yet: apply for the first car";
        /// The unit would have more than its quota.
        Quota = "quota", "超过每户车位上限", "Above the quota of the home";
    }
}

impl Verdict {
    /// Whether it is on the list.
    pub fn listed(self) -> bool {
        matches!(self, Self::Eligible | Self::Admitted)
    }
}

words! {
    /// What became of an application after the draw.
    Outcome {
        /// 轮候.
        Waiting = "waiting", "轮候中", "Waiting";
        /// A bay is offered.
        Offered = "offered", "待选车位", "Has an offer";
        /// They have a bay or a pass.
        Leased = "leased", "已签约", "Has a bay";
        /// The offer's time ran out.
        Lapsed = "lapsed", "逾期未选", "Offer ran out";
        /// They did not want it.
        Declined = "declined", "已放弃", "Declined";
    }
}

words! {
    /// What somebody holds.
    Right {
        /// A fixed bay of the original plan.
        Lease = "lease", "固定车位租用", "Lease of a bay";
        /// 通行资格: a place, but no bay of one's own (R5.2).
        Pass = "pass", "通行资格（不固定车位）", "Pass without a bay";
    }
}

words! {
    /// Where a lease or a pass stands.
    LeaseState {
        /// It runs.
        Active = "active", "使用中", "Running";
        /// Its time is over, or its holder gave it back.
        Ended = "ended", "已结束", "Ended";
        /// It was withdrawn.
        Withdrawn = "withdrawn", "已收回", "Withdrawn";
    }
}
