//! Eleven bike garages and a charging area with forty sockets, e-bikes with their stickers, bikes left behind at every stage
//! of their notice, and visitors.

use super::book::{Album, Book};
use super::scenes::{Picture, Subject};
use anyhow::Context;
use app::ids::{PersonId, UnitId};
use app::measure::{DAY, HOUR, Time};
use app::mutation::Mutation;
use app::rooms::bikes::entity::sockets;
use app::rooms::bikes::model::{Claim, Dispose, Post, Register, SetGarage, SetSocket, SocketState};
use app::rooms::people::model::Role;
use app::rooms::places::entity::places;
use app::rooms::places::model::{AddPlace, PlaceKind};
use app::rooms::visits::model::{Invite, LetIn};
use app::rooms::visits::rules::written_day;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// The bike, and the place where it stood.
pub(super) const LOOKS: [Picture; 2] = [Picture { subject: Subject::OldBike, mended: false, look: 0 }, Picture { subject: Subject::OldBike, mended: true, look: 0 }];
const BIKES: &[&str] = &["雅迪 红色", "爱玛 白色", "台铃 黑色", "小牛 灰色", "绿源 蓝色", "新日 绿色"];

/// Tells it for one community.
///
/// # Errors
/// When the database refuses, or the story breaks a rule.
pub(super) async fn tell(book: &mut Book<'_>, album: &Album) -> anyhow::Result<()> {
    let at = book.ago(198, 9);
    let names: Vec<String> = book.estate.places.iter().filter(|p| p.kind == PlaceKind::BikeGarage).map(|p| p.name.clone()).collect();
    let mut garages = Vec::new();
    for (n, name) in (0i64..).zip(&names) {
        let set = SetGarage { place: book.place(name)?, version: 0, spaces: 72 + n % 4 * 12, sockets: 0, note: String::new() };
        garages.push(book.act(Role::PropertyManager, at, Mutation::BikeGarage(set)).await?);
    }
    let large = book.estate.counts.bays.freed > 0;
    if large {
        garages.push(book.charging_area(at).await.context("the charging area")?);
    }
    let homes: Vec<(PersonId, UnitId)> =
        book.estate.memberships.iter().filter(|m| m.role == Role::Owner).filter_map(|m| Some((m.person, m.unit?))).step_by(53).take(if large { 30 } else { 2 }).collect();
    for (n, (person, unit)) in (0i64..).zip(homes) {
        let garage = garages.get(n as usize % garages.len()).copied();
        let register = Register { unit: None, words: BIKES[n as usize % BIKES.len()].into(), plate: format!("沪A{:05}", 20_117 + n * 631), garage };
        book.act_as(person, Role::Owner, Some(unit), book.ago(150 - n * 4, 18), Mutation::BikeRegister(register)).await?;
    }
    if large {
        book.left_behind(&garages, album).await.context("what was left behind")?;
        book.visitors().await.context("the visitors")?;
    }
    Ok(())
}

impl Book<'_> {
    /// A place of its own with forty sockets; some are in use, two are broken.
    async fn charging_area(&mut self, at: Time) -> anyhow::Result<Uuid> {
        let place = self.act(Role::PropertyManager, at, Mutation::PlaceAdd(AddPlace { name: "集中充电区".into(), kind: PlaceKind::Other, building: None })).await?;
        // A place that is added by hand has no position; this one stands beside the south gate.
        places::Entity::update_many()
            .col_expr(places::Column::X, Expr::value(620))
            .col_expr(places::Column::Y, Expr::value(690))
            .filter(places::Column::CommunityId.eq(self.estate.community.id.0))
            .filter(places::Column::Id.eq(place))
            .exec(self.txn)
            .await?;
        let set = SetGarage { place: place.into(), version: 0, spaces: 60, sockets: 40, note: "带棚，视频、烟感和充电监测，6:00 到 23:00 供电".into() };
        let garage = self.act(Role::PropertyManager, at, Mutation::BikeGarage(set)).await?;
        let plugs = sockets::Entity::find()
            .filter(sockets::Column::CommunityId.eq(self.estate.community.id.0))
            .filter(sockets::Column::GarageId.eq(garage))
            .order_by_asc(sockets::Column::N);
        for s in plugs.all(self.txn).await? {
            let (state, reason) = match s.n {
                7 | 23 => (SocketState::Broken, "插座松动，等换"),
                31 => (SocketState::Off, "这一路漏电保护跳闸，待查"),
                n if n % 3 == 1 => (SocketState::InUse, ""),
                _ => continue,
            };
            self.act(Role::Worker, self.ago(1, 8), Mutation::BikeSocket(SetSocket { socket: s.id, version: 1, state, reason: reason.into() })).await?;
        }
        Ok(garage)
    }

    /// One at each stage: on notice, days over, claimed, disposed of.
    async fn left_behind(&mut self, garages: &[Uuid], album: &Album) -> anyhow::Result<()> {
        let stories = [
            (6, 0, "黑色电动自行车，两胎没气，满是灰，靠东墙第二根柱子"),
            (41, 2, "深灰色电动自行车，没有电瓶，后箱破了"),
            (25, 4, "灰黑色电动自行车，锁在扶手上，链条锈死"),
            (80, 6, "深色电动自行车，车把歪，两次巡查都没人动过"),
        ];
        for (n, (days, garage, words)) in stories.into_iter().enumerate() {
            let at = self.ago(days, 9);
            let photos = self.shots(at, album, &[LOOKS[0]]).await?;
            let post = Post { garage: garages[garage], words: words.into(), tag: String::new(), photos };
            let notice = self.act(Role::Dispatcher, at, Mutation::BikeNotice(post)).await?;
            if n == 2 {
                let (person, unit) = self.who(Role::Owner)?;
                self.act_as(person, Role::Owner, unit, self.ago(days - 9, 19), Mutation::BikeClaim(Claim { notice, words: "车篮里有我家小孩的雨衣，周末来修好骑走".into() }))
                    .await?;
            } else if n == 3 {
                let done = self.ago(days - 34, 10);
                let photos = self.shots(done, album, &[LOOKS[1]]).await?;
                let words = "公告期满无人认领，与居委会一起清点后交再生资源回收站（收据 HS-0412），得款 35 元记入公共收益。";
                self.act(Role::Dispatcher, done, Mutation::BikeDispose(Dispose { notice, version: 1, words: words.into(), photos })).await?;
            }
        }
        Ok(())
    }

    /// The household of the demonstration's owner expects somebody today and tomorrow; somebody came yesterday.
    async fn visitors(&mut self) -> anyhow::Result<()> {
        let (person, unit) = self.who(Role::Owner)?;
        let (now, offset) = (self.plan.now, self.estate.community.offset);
        for (made, day, name, plate, came) in [(-2, -1, "外婆", "", true), (-1, 0, "装空调的师傅", "沪A73F15", false), (0, 1, "同学一家", "沪AD21907", false)] {
            let at = now + made * DAY + -HOUR;
            let invite = Invite { day: written_day(now + day * DAY, offset), name: name.into(), plate: plate.into() };
            let visit = self.act_as(person, Role::Owner, unit, at, Mutation::VisitInvite(invite)).await?;
            if came {
                self.act(Role::Worker, now + day * DAY, Mutation::VisitLetIn(LetIn { visit })).await?;
            }
        }
        Ok(())
    }
}
