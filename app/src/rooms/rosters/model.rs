//! What a roster file says, and what writing it would change.

use crate::error::FieldError;
use crate::i18n::Lang;
use crate::ids::ImportId;
use crate::measure::Area;
use crate::rooms::communities::model::{AreaSource, BuildingKind};
use crate::tr;
use serde::{Deserialize, Serialize};

/// A column that the import understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Column {
    /// 楼栋.
    Building,
    /// 门（单元）, optional.
    Stair,
    /// 楼层, optional.
    Floor,
    /// 室号.
    Room,
    /// 建筑面积, m².
    Area,
    /// 类型 多层/高层, optional.
    Kind,
    /// 面积来源, optional.
    Source,
    /// 业主.
    Owners,
    /// 手机, optional.
    Phones,
}

impl Column {
    /// All of them, in the order of the template.
    pub const ALL: [Self; 9] = [Self::Building, Self::Stair, Self::Floor, Self::Room, Self::Area, Self::Kind, Self::Source, Self::Owners, Self::Phones];
    /// Those without which nothing can be read.
    pub const NEEDED: [Self; 4] = [Self::Building, Self::Room, Self::Area, Self::Owners];

    /// The heading people write.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Building => tr!(lang, "楼栋", "Building"),
            Self::Stair => tr!(lang, "门（单元）", "Stair"),
            Self::Floor => tr!(lang, "楼层", "Floor"),
            Self::Room => tr!(lang, "室号", "Room"),
            Self::Area => tr!(lang, "建筑面积", "Area"),
            Self::Kind => tr!(lang, "类型", "Kind"),
            Self::Source => tr!(lang, "面积来源", "Source of the area"),
            Self::Owners => tr!(lang, "业主", "Owners"),
            Self::Phones => tr!(lang, "手机", "Phones"),
        }
    }
}

/// An owner in a row.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owner {
    /// The name.
    pub name: String,
    /// The phone, if one stands at the same position.
    pub phone: Option<String>,
}

/// One unit of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The line in the file, from 1.
    pub line: u32,
    /// The building's code: `12`.
    pub building: String,
    /// The stair, empty where there is one entrance.
    pub stair: String,
    /// The floor, if it is said.
    pub floor: Option<i64>,
    /// The room as it is written on the door.
    pub room: String,
    /// The area.
    pub area: Area,
    /// The kind of building, if it is said.
    pub kind: Option<BuildingKind>,
    /// Where the area comes from; the register unless the file says otherwise.
    pub source: AreaSource,
    /// Whether the file says so. Where it is silent, the source of a known unit stays.
    #[serde(default)]
    pub source_said: bool,
    /// The owners, in the file's order.
    pub owners: Vec<Owner>,
}

/// A bad cell: where it is, what stands there, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The line in the file, from 1; 0 for the file as a whole.
    pub line: u32,
    /// The column.
    pub column: Option<Column>,
    /// What stands there, shortened.
    pub value: String,
    /// What is wrong and what to do; the field is unused.
    pub why: FieldError,
}

/// A unit as the community has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The building's code.
    pub building: String,
    /// The stair.
    pub stair: String,
    /// The room.
    pub room: String,
    /// The area.
    pub area: Area,
    /// Where the area comes from.
    pub source: AreaSource,
    /// Its owners.
    pub owners: Vec<Owner>,
}

/// What writing a file would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Buildings that are new: code and kind.
    pub buildings: Vec<(String, BuildingKind)>,
    /// Units that are new.
    pub units: Vec<Row>,
    /// Units whose area or its source changes: the row, and the area before.
    pub areas: Vec<(Row, Area)>,
    /// Owners that are new to a unit that is known: the row and the owner.
    pub owners: Vec<(Row, Owner)>,
    /// Owners whose phone is new or changes: the row and the owner.
    pub phones: Vec<(Row, Owner)>,
    /// Owners to whom the file gives several phones in several units: the row and the owner. Nothing is written.
    pub disputed: Vec<(Row, Owner)>,
    /// Owners that the file no longer names; they stay until somebody ends their ownership.
    pub missing: Vec<(Row, String)>,
    /// Rows that change nothing.
    pub same: usize,
}

impl Changes {
    /// Whether writing would change nothing.
    pub fn is_empty(&self) -> bool {
        self.buildings.is_empty() && self.units.is_empty() && self.areas.is_empty() && self.owners.is_empty() && self.phones.is_empty()
    }
}

/// Writes a roster that was uploaded and looked through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmImport {
    /// The upload.
    pub import: ImportId,
}
