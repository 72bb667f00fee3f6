//! Places and facilities: whatever carries a tag.

use super::dice::id;
use super::estate::{Blueprint, Building, XIANGHE};
use app::ids::{BuildingId, FacilityId, PlaceId};
use app::measure::Time;
use app::rooms::places::model::PlaceKind;
use app::rooms::tickets::model::Category;

/// A place. Every place carries a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The id.
    pub id: PlaceId,
    /// The name, e.g. 中心广场, 12号楼 3门楼道.
    pub name: String,
    /// What sort of place.
    pub kind: PlaceKind,
    /// The building it belongs to.
    pub building: Option<BuildingId>,
    /// The stair it belongs to, where the building has several.
    pub stair: Option<String>,
    /// Where it is on the site plan, 0 to 1000 from west to east.
    pub x: i64,
    /// The same from north to south.
    pub y: i64,
    /// Its number among all tags, places and facilities together.
    pub ordinal: i64,
}

/// What a facility is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fixture {
    /// 休闲椅.
    Bench,
    /// 路灯.
    Lamp,
    /// 单元门、门禁.
    Door,
    /// 喷淋.
    Sprinkler,
    /// 道闸.
    Barrier,
    /// 充电柜.
    Charger,
    /// 健身器材.
    Fitness,
    /// 儿童游乐.
    Play,
    /// 室外消火栓.
    Hydrant,
}

impl Fixture {
    /// What a report about it most likely is.
    pub fn category(self) -> Category {
        match self {
            Self::Bench | Self::Charger | Self::Fitness | Self::Play => Category::Facility,
            Self::Lamp => Category::Lighting,
            Self::Door | Self::Barrier => Category::Access,
            Self::Sprinkler | Self::Hydrant => Category::FireSystem,
        }
    }
}

/// A facility at a place. Every facility carries a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facility {
    /// The id.
    pub id: FacilityId,
    /// Where it is.
    pub place: PlaceId,
    /// The name, e.g. 3号休闲椅.
    pub name: String,
    /// What it is.
    pub fixture: Fixture,
    /// What a report about it most likely is.
    pub category: Category,
    /// Its number among all tags, places and facilities together.
    pub ordinal: i64,
}

type Ground = (PlaceKind, &'static str, i64, i64);
type Row = (&'static str, Fixture, i64);

use PlaceKind as K;

const GROUNDS: &[Ground] = &[
    (K::Square, "中心广场", 500, 560),
    (K::Gate, "南门", 500, 985),
    (K::Gate, "东门", 985, 560),
    (K::Gate, "西门", 15, 560),
    (K::Gate, "北门", 500, 15),
    (K::Square, "健身园", 300, 815),
    (K::Square, "儿童乐园", 680, 560),
    (K::BikeGarage, "1号非机动车库", 150, 815),
    (K::BikeGarage, "2号非机动车库", 450, 815),
    (K::BikeGarage, "3号非机动车库", 850, 815),
    (K::BikeGarage, "4号非机动车库", 150, 685),
    (K::BikeGarage, "5号非机动车库", 850, 685),
    (K::BikeGarage, "6号非机动车库", 150, 435),
    (K::BikeGarage, "7号非机动车库", 500, 435),
    (K::BikeGarage, "8号非机动车库", 850, 435),
    (K::BikeGarage, "9号非机动车库", 250, 300),
    (K::BikeGarage, "10号非机动车库", 750, 300),
    (K::BikeGarage, "11号非机动车库", 500, 165),
    (K::Garage, "地下车库A区", 200, 165),
    (K::Garage, "地下车库B区", 400, 165),
    (K::Garage, "地下车库C区", 620, 165),
    (K::Garage, "地下车库D区", 820, 165),
    (K::WasteRoom, "1号垃圾厢房", 60, 815),
    (K::WasteRoom, "2号垃圾厢房", 940, 815),
    (K::WasteRoom, "3号垃圾厢房", 60, 500),
    (K::WasteRoom, "4号垃圾厢房", 940, 500),
    (K::WasteRoom, "5号垃圾厢房", 60, 230),
    (K::WasteRoom, "6号垃圾厢房", 940, 230),
    (K::Road, "东环路", 960, 400),
    (K::Road, "西环路", 40, 400),
    (K::Road, "南环路", 400, 950),
    (K::Road, "北环路", 400, 50),
    (K::Road, "中央大道", 500, 700),
    (K::Road, "桂花路", 300, 560),
    (K::Road, "香樟路", 600, 815),
    (K::Road, "银杏路", 600, 300),
    (K::Green, "桂花园", 340, 500),
    (K::Green, "香樟林", 660, 685),
    (K::Green, "银杏草坪", 640, 300),
    (K::Green, "南门花坛", 540, 960),
    (K::Green, "竹园", 340, 620),
    (K::Green, "东侧绿化带", 930, 620),
    (K::Green, "西侧绿化带", 70, 620),
    (K::Green, "北侧绿化带", 700, 40),
    (K::Other, "物业服务中心", 560, 930),
    (K::Other, "居民活动室", 430, 620),
    (K::Other, "生活水泵房", 350, 300),
    (K::Other, "南门快递柜", 450, 965),
    (K::Other, "1号配电间", 60, 100),
];

const FIXTURES: &[Row] = &[
    ("中心广场", Fixture::Bench, 8),
    ("桂花园", Fixture::Bench, 4),
    ("健身园", Fixture::Bench, 3),
    ("儿童乐园", Fixture::Bench, 3),
    ("中心广场", Fixture::Lamp, 6),
    ("东环路", Fixture::Lamp, 7),
    ("西环路", Fixture::Lamp, 7),
    ("南环路", Fixture::Lamp, 7),
    ("北环路", Fixture::Lamp, 6),
    ("中央大道", Fixture::Lamp, 5),
    ("桂花路", Fixture::Lamp, 4),
    ("香樟路", Fixture::Lamp, 4),
    ("银杏路", Fixture::Lamp, 4),
    ("南门", Fixture::Barrier, 2),
    ("东门", Fixture::Barrier, 1),
    ("北门", Fixture::Barrier, 1),
    ("南门", Fixture::Door, 1),
    ("东门", Fixture::Door, 1),
    ("西门", Fixture::Door, 1),
    ("北门", Fixture::Door, 1),
    ("健身园", Fixture::Fitness, 8),
    ("儿童乐园", Fixture::Play, 3),
    ("东环路", Fixture::Hydrant, 3),
    ("西环路", Fixture::Hydrant, 3),
    ("南环路", Fixture::Hydrant, 2),
    ("北环路", Fixture::Hydrant, 2),
    ("中央大道", Fixture::Hydrant, 2),
];

const SMALL_GROUNDS: &[Ground] = &[
    (K::Square, "小广场", 500, 500),
    (K::Gate, "大门", 500, 985),
    (K::BikeGarage, "非机动车棚", 150, 700),
    (K::WasteRoom, "垃圾厢房", 900, 700),
    (K::Road, "园内道路", 500, 750),
    (K::Green, "前院绿地", 400, 900),
];

const SMALL_FIXTURES: &[Row] =
    &[("小广场", Fixture::Bench, 2), ("园内道路", Fixture::Lamp, 4), ("大门", Fixture::Barrier, 1), ("大门", Fixture::Door, 1), ("园内道路", Fixture::Hydrant, 1)];

/// Lays out the places and facilities of a community, and numbers their tags: first the grounds, then the buildings,
/// then the facilities.
pub fn lay_out(blueprint: &Blueprint, buildings: &[Building], seed: u64, founded: Time) -> (Vec<Place>, Vec<Facility>) {
    let (grounds, rows) = if blueprint.slug == XIANGHE.slug { (GROUNDS, FIXTURES) } else { (SMALL_GROUNDS, SMALL_FIXTURES) };
    let mut places: Vec<Place> = Vec::new();
    let place = |places: &mut Vec<Place>, name: String, kind: K, spot: (i64, i64), building: Option<BuildingId>, stair: Option<String>| {
        let ordinal = places.len() as i64 + 1;
        let id = PlaceId(id(seed, &format!("{}/place", blueprint.slug), ordinal.unsigned_abs(), founded));
        places.push(Place { id, name, kind, building, stair, x: spot.0, y: spot.1, ordinal });
    };
    for (kind, name, x, y) in grounds {
        place(&mut places, (*name).to_owned(), *kind, (*x, *y), None, None);
    }
    for b in buildings {
        let many = b.stairs.len() as i64;
        for (n, stair) in (0i64..).zip(&b.stairs) {
            let spot = (b.x + (2 * n - (many - 1)) * 14, b.y + 18);
            if stair.is_empty() {
                place(&mut places, format!("{} 门厅", b.name), K::Stair, spot, Some(b.id), None);
            } else {
                place(&mut places, format!("{} {stair}门楼道", b.name), K::Stair, spot, Some(b.id), Some(stair.clone()));
            }
        }
        for lift in 1..=b.lifts {
            place(&mut places, format!("{} {lift}号电梯", b.name), K::Lift, (b.x - 30 + lift * 20, b.y), Some(b.id), None);
        }
    }
    let facilities = equip(blueprint, buildings, &places, rows, seed, founded);
    (places, facilities)
}

fn equip(blueprint: &Blueprint, buildings: &[Building], places: &[Place], rows: &[Row], seed: u64, founded: Time) -> Vec<Facility> {
    let mut facilities: Vec<Facility> = Vec::new();
    let mut add = |place: PlaceId, name: String, fixture: Fixture| {
        let ordinal = (places.len() + facilities.len()) as i64 + 1;
        let id = FacilityId(id(seed, &format!("{}/facility", blueprint.slug), ordinal.unsigned_abs(), founded));
        facilities.push(Facility { id, place, name, fixture, category: fixture.category(), ordinal });
    };
    let mut counted = std::collections::BTreeMap::new();
    for (at, fixture, count) in rows {
        for place in places.iter().filter(|p| p.name == *at) {
            for n in 1..=*count {
                let all = counted.entry(*fixture).or_insert(0);
                *all += 1;
                add(place.id, called(*fixture, *all, n, at), *fixture);
            }
        }
    }
    for place in places {
        match place.kind {
            K::BikeGarage if blueprint.slug == XIANGHE.slug => {
                for fixture in [Fixture::Sprinkler, Fixture::Charger] {
                    add(place.id, called(fixture, 1, 1, &place.name), fixture);
                }
            }
            K::Stair => {
                let building = buildings.iter().find(|b| Some(b.id) == place.building).map_or("", |b| b.name.as_str());
                let name = place.stair.as_ref().map_or_else(|| format!("{building} 大门门禁"), |stair| format!("{building} {stair}门门禁"));
                add(place.id, name, Fixture::Door);
            }
            _ => {}
        }
    }
    facilities
}

/// The name of the `all`th of its sort in the community, the `n`th at its place.
fn called(fixture: Fixture, all: i64, n: i64, at: &str) -> String {
    const FITNESS: [&str; 8] = ["太空漫步机", "扭腰器", "双人坐推器", "上肢牵引器", "腰背按摩器", "蹬力器", "健骑机", "划船器"];
    const PLAY: [&str; 3] = ["大滑梯", "小滑梯", "螺旋滑梯"];
    let nth = (n - 1).unsigned_abs() as usize;
    match fixture {
        Fixture::Bench => format!("{all}号休闲椅"),
        Fixture::Lamp => format!("{all}号路灯"),
        Fixture::Door => format!("{at}人行门禁"),
        Fixture::Barrier => format!("{at}{n}号道闸"),
        Fixture::Fitness => FITNESS[nth % 8].to_owned(),
        Fixture::Play => PLAY[nth % 3].to_owned(),
        Fixture::Hydrant => format!("{all}号消火栓"),
        Fixture::Sprinkler => format!("{}喷淋", at.replace("非机动", "")),
        Fixture::Charger => format!("{}充电柜", at.replace("非机动", "")),
    }
}
