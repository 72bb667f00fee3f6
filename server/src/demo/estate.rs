//! The community, its buildings and units, and what is only counted (cameras, sprinkler heads, parking bays).

use super::dice::id;
use app::ids::{BuildingId, CommunityId, UnitId};
use app::measure::{Area, Time};
use app::rooms::communities::model::{AreaSource, BuildingKind};

/// A community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Community {
    /// Its id.
    pub id: CommunityId,
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The phone for urgent things: a fictitious number.
    pub phone: &'static str,
    /// Minutes that its clock is ahead of UTC.
    pub offset: i32,
    /// When it began to use the program.
    pub founded: Time,
}

/// A building.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// Its id.
    pub id: BuildingId,
    /// Its number, "1" to "43".
    pub code: String,
    /// Its name, e.g. 12号楼.
    pub name: String,
    /// 多层 or 高层.
    pub kind: BuildingKind,
    /// The letter of its layout, A to D.
    pub layout: char,
    /// Its stairs 门, "1" and up; one empty string where there is a single entrance.
    pub stairs: Vec<String>,
    /// How many lifts it has.
    pub lifts: i64,
    /// Where it stands on the site plan, 0 to 1000 from west to east.
    pub x: i64,
    /// The same from north to south.
    pub y: i64,
    /// Its place in lists.
    pub ordinal: i64,
}

/// How a unit is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Occupancy {
    /// 自住.
    OwnerLived,
    /// 出租.
    Let,
    /// 空置.
    Vacant,
}

impl Occupancy {
    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::OwnerLived => "owner",
            Self::Let => "let",
            Self::Vacant => "vacant",
        }
    }
}

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Its building.
    pub building: BuildingId,
    /// Its stair 门; empty where the building has a single entrance.
    pub stair: String,
    /// Its floor.
    pub floor: i64,
    /// Its room, e.g. 0302; unique within building and stair.
    pub room: String,
    /// Its area, in 0.01 m².
    pub area: Area,
    /// Where the area comes from.
    pub area_source: AreaSource,
    /// How it is used.
    pub occupancy: Occupancy,
    /// How many people live in it.
    pub household_size: i64,
}

/// The cameras of one sort of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cameras {
    /// Where.
    pub place: &'static str,
    /// How many.
    pub count: i64,
    /// Added, rather than put in the place of an old one.
    pub added: bool,
}

/// The parking bays. Underground and surface are the two parts of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bays {
    /// Underground, owned.
    pub underground_owned: i64,
    /// Underground, still the developer's.
    pub underground_developer: i64,
    /// On the surface, as first planned (the freed ones included).
    pub surface_planned: i64,
    /// Of those, freed by the new bike garages.
    pub freed: i64,
    /// On the surface, added later: no fixed lease (R5.2).
    pub surface_added: i64,
    /// Of all, accessible.
    pub accessible: i64,
    /// Of all, for electric cars.
    pub electric: i64,
}

impl Bays {
    /// All bays.
    pub fn total(&self) -> i64 {
        self.underground_owned + self.underground_developer + self.surface_planned + self.surface_added
    }
}

/// What has no row of its own yet and is only counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Cameras by sort of place.
    pub cameras: &'static [Cameras],
    /// Sprinkler heads of each bike garage.
    pub sprinkler_heads: &'static [i64],
    /// Parking bays.
    pub bays: Bays,
}

/// The layout of a sort of building.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Its letter.
    pub letter: char,
    /// 多层 or 高层.
    pub kind: BuildingKind,
    /// How many buildings have it.
    pub buildings: i64,
    /// Stairs in each; 0 = a single entrance without a number.
    pub stairs: i64,
    /// Lifts in each.
    pub lifts: i64,
    /// From floor, to floor, and the areas of the units on each.
    pub floors: &'static [(i64, i64, &'static [i64])],
}

/// How many own how much, and how the units are used.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// Heads with one, two and three units.
    pub heads: [usize; 3],
    /// Of those, how many are two people.
    pub shared: [usize; 3],
    /// Units that the developer has not sold: together one head.
    pub developer: usize,
    /// Units of the one institution.
    pub institution: usize,
    /// Units that stand empty, the developer's included.
    pub vacant: usize,
    /// Units that are let, the institution's included.
    pub let_out: usize,
    /// Households of 1, 2, 3, 4 and 5 people.
    pub households: [usize; 5],
    /// Owners who own one unit alone and another one together with somebody: two heads (R1.4).
    pub twice: usize,
}

/// What a community is built from.
#[derive(Clone, Copy, Debug)]
pub struct Blueprint {
    /// Its name in addresses, which also keeps its ids apart.
    pub slug: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The phone for urgent things.
    pub phone: &'static str,
    /// Its buildings.
    pub layouts: &'static [Layout],
    /// Its people.
    pub crowd: Crowd,
    /// What is only counted.
    pub counts: Counts,
    /// Where the numbering of its fictitious phones begins.
    pub first_phone: u64,
}

/// 祥和家园: 43 buildings, 1,986 units, 177,354.00 m².
pub const XIANGHE: Blueprint = Blueprint {
    slug: "xianghe",
    name: "祥和家园",
    phone: "021-5555 0110",
    layouts: &[
        Layout { letter: 'A', kind: BuildingKind::MultiStorey, buildings: 25, stairs: 3, lifts: 0, floors: &[(1, 6, &[7_240, 8_860])] },
        Layout { letter: 'B', kind: BuildingKind::MultiStorey, buildings: 7, stairs: 4, lifts: 0, floors: &[(1, 6, &[6_520, 9_580])] },
        Layout { letter: 'C', kind: BuildingKind::HighRise, buildings: 8, stairs: 0, lifts: 2, floors: &[(1, 18, &[8_950, 10_230, 10_230, 12_590])] },
        Layout { letter: 'D', kind: BuildingKind::HighRise, buildings: 3, stairs: 0, lifts: 2, floors: &[(1, 1, &[9_600, 9_600]), (2, 15, &[8_800, 9_600, 9_600, 12_000])] },
    ],
    crowd: Crowd { heads: [1_865, 46, 4], shared: [768, 10, 2], developer: 5, institution: 12, vacant: 66, let_out: 468, households: [140, 540, 790, 340, 110], twice: 3 },
    counts: Counts {
        cameras: &[
            Cameras { place: "出入口", count: 16, added: false },
            Cameras { place: "楼道门厅", count: 125, added: false },
            Cameras { place: "电梯", count: 22, added: false },
            Cameras { place: "地下车库", count: 48, added: false },
            Cameras { place: "周界", count: 36, added: false },
            Cameras { place: "道路", count: 23, added: false },
            Cameras { place: "道路", count: 29, added: true },
            Cameras { place: "非机动车库", count: 44, added: true },
            Cameras { place: "垃圾厢房", count: 12, added: true },
            Cameras { place: "中心广场", count: 12, added: true },
        ],
        sprinkler_heads: &[48, 48, 48, 48, 48, 48, 48, 48, 48, 54, 54],
        bays: Bays { underground_owned: 180, underground_developer: 60, surface_planned: 360, freed: 60, surface_added: 88, accessible: 8, electric: 36 },
    },
    first_phone: 0,
};

/// 和风苑: two buildings, 24 units.
pub const HEFENG: Blueprint = Blueprint {
    slug: "hefeng",
    name: "和风苑",
    phone: "021-5555 0120",
    layouts: &[Layout { letter: 'A', kind: BuildingKind::MultiStorey, buildings: 2, stairs: 0, lifts: 0, floors: &[(1, 6, &[7_020, 8_450])] }],
    crowd: Crowd { heads: [20, 1, 0], shared: [8, 1, 0], developer: 2, institution: 0, vacant: 3, let_out: 5, households: [3, 7, 8, 2, 1], twice: 0 },
    counts: Counts {
        cameras: &[Cameras { place: "出入口", count: 2, added: false }, Cameras { place: "楼道门厅", count: 2, added: false }],
        sprinkler_heads: &[],
        bays: Bays { underground_owned: 0, underground_developer: 0, surface_planned: 12, freed: 0, surface_added: 0, accessible: 1, electric: 0 },
    },
    first_phone: 1_000_000,
};

/// The community, its buildings and its units, still empty.
pub fn build(blueprint: &Blueprint, seed: u64, founded: Time) -> (Community, Vec<Building>, Vec<Unit>) {
    let make = |kind: &str, n: u64| id(seed, &format!("{}/{kind}", blueprint.slug), n, founded);
    let community = Community { id: CommunityId(make("community", 0)), slug: blueprint.slug, name: blueprint.name, phone: blueprint.phone, offset: 480, founded };
    let (mut buildings, mut units) = (Vec::new(), Vec::new());
    let layouts = blueprint.layouts.iter().flat_map(|l| (0..l.buildings).map(move |_| l));
    for (number, layout) in (1i64..).zip(layouts) {
        let (x, y) = site(number);
        let stairs: Vec<String> = if layout.stairs == 0 { vec![String::new()] } else { (1..=layout.stairs).map(|s| s.to_string()).collect() };
        let building = Building {
            id: BuildingId(make("building", number.unsigned_abs())),
            code: number.to_string(),
            name: format!("{number}号楼"),
            kind: layout.kind,
            layout: layout.letter,
            stairs,
            lifts: layout.lifts,
            x,
            y,
            ordinal: number,
        };
        for stair in &building.stairs {
            for floor in layout.floors.iter().flat_map(|f| f.0..=f.1) {
                let areas = layout.floors.iter().find(|f| (f.0..=f.1).contains(&floor)).map_or(&[][..], |f| f.2);
                for (door, area) in (1..).zip(areas) {
                    let n = units.len() as u64;
                    units.push(Unit {
                        id: UnitId(make("unit", n)),
                        building: building.id,
                        stair: stair.clone(),
                        floor,
                        room: format!("{floor:02}{door:02}"),
                        area: Area(*area),
                        area_source: source(n),
                        occupancy: Occupancy::Vacant,
                        household_size: 0,
                    });
                }
            }
        }
        buildings.push(building);
    }
    (community, buildings, units)
}

/// Nearly every area stands in the register; a few are still from the survey or the contract (SI 8).
fn source(n: u64) -> AreaSource {
    match n * 7_919 % 100 {
        0 => AreaSource::Contract,
        1..=4 => AreaSource::Survey,
        _ => AreaSource::Register,
    }
}

/// Where the `n`th building stands: the low houses in rows around the central square, the towers along the north.
fn site(n: i64) -> (i64, i64) {
    let row = |from: i64, count: i64, y: i64| (90 + (n - from) * 820 / (count - 1).max(1), y);
    let around = |from: i64, y: i64| match n - from {
        k @ 0..=1 => (90 + k * 150, y),
        k => (760 + (k - 2) * 150, y),
    };
    match n {
        1..=8 => row(1, 8, 880),
        9..=15 => row(9, 7, 750),
        16..=19 => around(16, 620),
        20..=23 => around(20, 500),
        24..=32 => row(24, 9, 370),
        33..=38 => row(33, 6, 230),
        _ => row(39, 5, 100),
    }
}
