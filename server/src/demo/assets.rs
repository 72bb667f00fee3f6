//! What the estate owns: 270 cameras of 2009 that were replaced one by one and 97 that were added, 540 sprinkler heads in
//! eleven bike garages, lifts, pumps, lights, doors, benches; and the rounds of those who look after them.

use super::book::Book;
use super::dice::id;
use super::places::{Fixture, Place};
use super::{Estate, Plan};
use anyhow::Context;
use app::context::Services;
use app::ids::PlaceId;
use app::measure::{DAY, MINUTE, Time};
use app::mutation::Mutation;
use app::rooms::assets::entity::{asset_imports, assets, round_stops};
use app::rooms::assets::list::Line;
use app::rooms::assets::model::{Add, Change, Check, CloseRound, ConfirmList, Details, Kind, OpenRound, State};
use app::rooms::lists::model::Fault;
use app::rooms::people::model::Role;
use app::rooms::places::model::PlaceKind as K;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

/// Where the cameras of one sort are, and how many: the same sorts as [`super::Cameras`].
const CAMERAS: &[(&str, K, i64)] =
    &[("出入口", K::Gate, 16), ("楼道门厅", K::Stair, 125), ("电梯", K::Lift, 22), ("地下车库", K::Garage, 48), ("周界", K::Road, 36), ("道路", K::Road, 23)];
const ADDED: &[(&str, K, i64)] = &[("道路", K::Road, 29), ("非机动车库", K::BikeGarage, 44), ("垃圾厢房", K::WasteRoom, 12), ("中心广场", K::Square, 12)];

/// Tells it for both communities.
///
/// # Errors
/// When the database refuses, or the story breaks a rule.
pub async fn tell(services: &Services, plan: &Plan) -> anyhow::Result<()> {
    for estate in plan.estates() {
        let txn = services.db.begin().await?;
        let mut book = Book::new(services, &txn, plan, estate, "assets");
        if std::ptr::eq(estate, &plan.home) {
            book.register(old_register(estate), 700).await.context("the old register")?;
            book.register(sprinklers(estate), 335).await.context("the sprinklers")?;
            book.renew_cameras().await.context("the cameras")?;
            book.go_rounds().await.context("the rounds")?;
        } else {
            let cameras = spread(estate, &[("出入口", K::Gate, 2), ("楼道门厅", K::Stair, 2)]);
            book.register(cameras.into_iter().map(|(place, name)| line(Kind::Camera, place, name, "400 万像素网络机", "2021-06-18", "2024-06-17")).collect(), 400).await?;
        }
        txn.commit().await?;
    }
    Ok(())
}

fn line(kind: Kind, place: &Place, name: String, model: &str, installed: &str, warranty: &str) -> Line {
    let details = Details { name, model: model.into(), installed: installed.into(), warranty: warranty.into(), ..Details::default() };
    Line { line: 0, kind, place: place.name.clone(), details }
}

/// Cameras over the places of their sorts, each place as many as the next, the first ones one more.
fn spread<'a>(estate: &'a Estate, sorts: &[(&str, K, i64)]) -> Vec<(&'a Place, String)> {
    let mut all = Vec::new();
    let mut counted = std::collections::HashMap::new();
    for (sort, kind, count) in sorts {
        let ring = |p: &&Place| p.name.ends_with("环路");
        // Towers have a second door, so that they carry two; what is left over stands where there is a crossing.
        let places: Vec<&Place> = match *sort {
            "楼道门厅" => estate.places.iter().filter(|p| p.kind == K::Stair).chain(estate.places.iter().filter(|p| p.kind == K::Stair && p.stair.is_none())).collect(),
            "周界" => estate.places.iter().filter(ring).collect(),
            "道路" => estate.places.iter().filter(|p| p.kind == K::Road && !ring(p)).collect(),
            "中心广场" => estate.places.iter().filter(|p| p.name == *sort).collect(),
            _ => estate.places.iter().filter(|p| p.kind == *kind).collect(),
        };
        for place in places.iter().cycle().take(usize::try_from(*count).unwrap_or(0)) {
            let n = counted.entry(place.id).or_insert(0);
            *n += 1;
            all.push((*place, format!("{} {n}号摄像头", place.name)));
        }
    }
    all
}

/// What the property company wrote down when it took over.
fn old_register(estate: &Estate) -> Vec<Line> {
    let mut lines: Vec<Line> = spread(estate, CAMERAS).into_iter().map(|(place, name)| line(Kind::Camera, place, name, "模拟枪机（2009）", "2009-05-20", "2011-05-19")).collect();
    for place in estate.places.iter().filter(|p| p.kind == K::Lift) {
        lines.push(line(Kind::Lift, place, place.name.clone(), "乘客电梯 1000 kg", "2000-09-01", "2002-08-31"));
    }
    for place in estate.places.iter().filter(|p| p.name == "生活水泵房") {
        lines.extend((1..=3).map(|n| line(Kind::Pump, place, format!("{n}号生活水泵"), "立式多级泵 15 kW", "2014-04-10", "2016-04-09")));
        lines.extend((1..=2).map(|n| line(Kind::WaterTank, place, format!("{n}号水箱"), "不锈钢 40 m³", "2014-04-10", "2019-04-09")));
    }
    for facility in &estate.facilities {
        let Some(place) = estate.places.iter().find(|p| p.id == facility.place) else { continue };
        let (kind, model) = match facility.fixture {
            Fixture::Bench => (Kind::Bench, "防腐木"),
            Fixture::Lamp => (Kind::Light, "LED 60 W"),
            Fixture::Door | Fixture::Barrier => (Kind::Door, "联网型"),
            Fixture::Hydrant => (Kind::FireGear, "SS100/65-1.6"),
            _ => continue,
        };
        lines.push(line(kind, place, facility.name.clone(), model, "2018-10-15", "2020-10-14"));
    }
    lines
}

/// Nine garages with 48 heads and two with 54.
fn sprinklers(estate: &Estate) -> Vec<Line> {
    let garages = estate.places.iter().filter(|p| p.kind == K::BikeGarage).zip(estate.counts.sprinkler_heads);
    let heads = |(place, count): (&Place, &i64)| {
        (1..=*count).map(|n| line(Kind::Sprinkler, place, format!("{} {n:02}号喷头", place.name.replace("非机动", "")), "ZSTX-15 68 ℃", "", "")).collect::<Vec<_>>()
    };
    garages.flat_map(heads).collect()
}

impl Book<'_> {
    /// A list as the clerk uploads it, confirmed.
    async fn register(&mut self, mut lines: Vec<Line>, days: i64) -> anyhow::Result<()> {
        for (n, line) in (2..).zip(&mut lines) {
            line.line = n;
        }
        let at = self.ago(days, 10);
        let import = id(self.plan.seed, &format!("asset list {}", self.estate.community.slug), days.unsigned_abs(), at);
        let row = asset_imports::ActiveModel {
            community_id: Set(self.estate.community.id.0),
            id: Set(import),
            by_id: Set(self.who(Role::PropertyManager)?.0.0),
            at: Set(at.0),
            lines: Set(serde_json::to_string(&(lines, Vec::<Fault>::new()))?),
            confirmed_at: Set(None),
        };
        asset_imports::Entity::insert(row).exec_without_returning(self.txn).await?;
        self.act(Role::PropertyManager, at, Mutation::AssetImport(ConfirmList { import })).await?;
        Ok(())
    }

    /// Day by day the new ones take the place of the old, then 97 more where there were none.
    async fn renew_cameras(&mut self) -> anyhow::Result<()> {
        let old = self.of_kind(Kind::Camera).await?;
        for (n, asset) in (0i64..).zip(&old) {
            let at = Time(self.ago(280 - n / 6, 8).0 + n % 6 * 55 * MINUTE);
            self.install(PlaceId(asset.place_id), asset.name.clone(), n, at, Some(asset.id)).await?;
        }
        for (n, (place, name)) in (0i64..).zip(spread(self.estate, ADDED)) {
            let at = Time(self.ago(232 - n / 6, 8).0 + n % 6 * 55 * MINUTE);
            // Where there were some before, the numbers go on.
            let name = if place.kind == K::Road { name.replace("号摄像头", "号新增摄像头") } else { name };
            self.install(place.id, name, 270 + n, at, None).await?;
        }
        for (n, reason) in [(11, "交换机端口坏，等换"), (97, "遮挡，等修枝"), (180, "黑屏，等换电源"), (301, "断网，等接光纤")] {
            let camera = self.of_kind(Kind::Camera).await?.into_iter().nth(n).context("a camera")?;
            let details = Details { name: camera.name, serial: camera.serial, model: camera.model, installed: camera.installed, warranty: camera.warranty };
            let change = Change { asset: camera.id, version: camera.version, state: State::Offline, details, reason: reason.into() };
            self.act(Role::Dispatcher, self.ago(2, 9), Mutation::AssetChange(change)).await?;
        }
        Ok(())
    }

    async fn install(&mut self, place: PlaceId, name: String, n: i64, at: Time, replaces: Option<Uuid>) -> anyhow::Result<()> {
        let day = |time: Time| time.local(self.estate.community.offset).format("%Y-%m-%d").to_string();
        let details = Details { name, serial: format!("HX4-{:05}", 10_417 + n * 7), model: "400 万像素网络机".into(), installed: day(at), warranty: day(at + 3 * 365 * DAY) };
        self.act(Role::PropertyManager, at, Mutation::AssetAdd(Add { kind: Kind::Camera, place, details, own_tag: false, replaces })).await?;
        Ok(())
    }

    /// What is not retired of a kind, by number.
    async fn of_kind(&self, kind: Kind) -> anyhow::Result<Vec<assets::Model>> {
        Ok(assets::Entity::find()
            .filter(assets::Column::CommunityId.eq(self.estate.community.id.0))
            .filter(assets::Column::Kind.eq(kind.code()))
            .filter(assets::Column::State.ne(State::Retired.code()))
            .order_by_asc(assets::Column::Number)
            .all(self.txn)
            .await?)
    }

    /// Everything within its days, and one round that is half gone.
    async fn go_rounds(&mut self) -> anyhow::Result<()> {
        let rounds =
            [(Kind::Sprinkler, 24), (Kind::FireGear, 22), (Kind::Camera, 16), (Kind::Pump, 13), (Kind::WaterTank, 13), (Kind::Door, 11), (Kind::Light, 8), (Kind::Lift, 6)];
        for (kind, days) in rounds {
            let begun = self.ago(days, 8);
            let round = self.open_round(kind, 600, begun).await?;
            let stops = self.stops(round).await?;
            for (n, asset) in (0i64..).zip(&stops) {
                let at = begun + (30 + n) * MINUTE;
                let reading = match kind {
                    Kind::Pump => Some(42 + n),
                    Kind::Sprinkler if n % 49 == 0 => Some(34 + n % 7),
                    _ => None,
                };
                self.check(round, *asset, at, None, reading).await?;
            }
            self.act(Role::Worker, begun + 11 * 60 * MINUTE, Mutation::RoundClose(CloseRound { round })).await?;
        }
        let now = self.plan.now;
        let round = self.open_round(Kind::Camera, 60, now + -180 * MINUTE).await?;
        for (n, asset) in (0i64..).zip(self.stops(round).await?.into_iter().take(24)) {
            let fault = (n == 23).then_some("画面全黑，指示灯不亮");
            self.check(round, asset, now + (-60 + n) * MINUTE, fault, None).await?;
        }
        Ok(())
    }

    async fn open_round(&mut self, kind: Kind, most: i64, at: Time) -> anyhow::Result<Uuid> {
        let worker = self.who(Role::Worker)?.0;
        self.act(Role::Dispatcher, at, Mutation::RoundOpen(OpenRound { kind, place: None, worker, most, days: 7 })).await
    }

    async fn stops(&self, round: Uuid) -> anyhow::Result<Vec<Uuid>> {
        let stops = round_stops::Entity::find()
            .filter(round_stops::Column::CommunityId.eq(self.estate.community.id.0))
            .filter(round_stops::Column::RoundId.eq(round))
            .order_by_asc(round_stops::Column::N)
            .all(self.txn)
            .await?;
        Ok(stops.into_iter().map(|s| s.asset_id).collect())
    }

    async fn check(&mut self, round: Uuid, asset: Uuid, at: Time, fault: Option<&str>, reading: Option<i64>) -> anyhow::Result<()> {
        let check = Check { round, asset, passed: fault.is_none(), reading, note: fault.unwrap_or_default().into(), photos: vec![] };
        self.act(Role::Worker, at, Mutation::AssetCheck(check)).await?;
        Ok(())
    }
}
