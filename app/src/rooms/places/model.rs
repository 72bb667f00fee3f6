//! The wire types of places, facilities and tags.

use crate::i18n::Lang;
use crate::ids::{BuildingId, CommunityId, FacilityId, PlaceId};
use crate::rooms::tickets::model::{Card, Category};
use crate::tr;
use serde::{Deserialize, Serialize};

/// What sort of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// 出入口.
    Gate,
    /// 广场.
    Square,
    /// 楼道、门厅.
    Stair,
    /// 电梯.
    Lift,
    /// 非机动车库.
    BikeGarage,
    /// 地下车库.
    Garage,
    /// 垃圾厢房.
    WasteRoom,
    /// 道路.
    Road,
    /// 绿地.
    Green,
    /// 其他.
    Other,
}

impl PlaceKind {
    /// All of them.
    pub const ALL: [Self; 10] = [Self::Gate, Self::Square, Self::Stair, Self::Lift, Self::BikeGarage, Self::Garage, Self::WasteRoom, Self::Road, Self::Green, Self::Other];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Gate => "gate",
            Self::Square => "square",
            Self::Stair => "stair",
            Self::Lift => "lift",
            Self::BikeGarage => "bike_garage",
            Self::Garage => "garage",
            Self::WasteRoom => "waste_room",
            Self::Road => "road",
            Self::Green => "green",
            Self::Other => "other",
        }
    }

    /// Reads [`PlaceKind::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Gate => tr!(lang, "出入口", "Gate"),
            Self::Square => tr!(lang, "广场", "Square"),
            Self::Stair => tr!(lang, "楼道", "Stair"),
            Self::Lift => tr!(lang, "电梯", "Lift"),
            Self::BikeGarage => tr!(lang, "非机动车库", "Bike garage"),
            Self::Garage => tr!(lang, "地下车库", "Garage"),
            Self::WasteRoom => tr!(lang, "垃圾厢房", "Waste room"),
            Self::Road => tr!(lang, "道路", "Road"),
            Self::Green => tr!(lang, "绿地", "Green space"),
            Self::Other => tr!(lang, "其他", "Other"),
        }
    }
}

/// A spot that can be reported: a place, or a facility at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    /// The community.
    pub community: CommunityId,
    /// The community's name.
    pub community_name: String,
    /// The community's phone for urgent things.
    pub phone: String,
    /// The tag's code, if it has one.
    pub tag: Option<String>,
    /// The place.
    pub place: PlaceId,
    /// The place's name.
    pub place_name: String,
    /// The facility, if the tag is on one.
    pub facility: Option<FacilityId>,
    /// Its name.
    pub facility_name: Option<String>,
    /// The category that a report here most likely has.
    pub category: Option<Category>,
    /// The building it belongs to.
    pub building: Option<BuildingId>,
}

impl Spot {
    /// The facility, or else the place.
    pub fn title(&self) -> &str {
        self.facility_name.as_deref().unwrap_or(&self.place_name)
    }
}

/// The report page of a spot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPageData {
    /// Where.
    pub spot: Spot,
    /// Open reports here, or of the same category near by.
    pub similar: Vec<Card>,
    /// The rule numbers of repairs here.
    pub limits: crate::rooms::tickets::rules::Limits,
    /// The present moment, for "today".
    pub now: crate::measure::Time,
}

/// The list of places, for a wrong code and for reporting without a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRow {
    /// The place.
    pub id: PlaceId,
    /// Its name.
    pub name: String,
    /// What sort of place.
    pub kind: PlaceKind,
    /// The code of its own tag.
    pub tag: Option<String>,
}

/// Makes a place and its tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddPlace {
    /// Its name, e.g. 中心广场.
    pub name: String,
    /// What sort of place.
    pub kind: PlaceKind,
    /// The building it belongs to.
    pub building: Option<BuildingId>,
}

/// Makes a facility at a place, and its tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddFacility {
    /// The place.
    pub place: PlaceId,
    /// Its name, e.g. 3号休闲椅.
    pub name: String,
    /// What a report about it most likely is.
    pub category: Category,
}
