//! The bays of the demonstration: the register as an uploaded list, the site plan, the ground, and a proposal that makes
//! room for bikes by laying out the green anew. The bikes and visitors follow in the same breath.

use super::Plan;
use super::book::Book;
use super::sites::{bays, draw};
use anyhow::Context;
use app::context::Services;
use app::ids::PlaceId;
use app::measure::Area;
use app::mutation::Mutation;
use app::rooms::bays::entity::imports;
use app::rooms::bays::imports::row;
use app::rooms::bays::model::{BayState, ConfirmList, Turning};
use app::rooms::bays::store::by_code;
use app::rooms::conversions::model::{AreaChange, Changes, Draft, Step};
use app::rooms::people::model::Role;
use app::rooms::places::model::PlaceKind;
use app::rooms::sites::model::{Draw, Ground, SetArea};
use sea_orm::EntityTrait;

/// Paved ground besides the greens: code, name, size and places for bikes.
const PAVED: &[(&str, &str, i64, i64)] = &[("P-01", "南门旧杂物院", 26_000, 0), ("P-02", "健身园铺地", 48_000, 0), ("P-03", "东门内广场", 61_000, 0)];

/// Tells it for both communities.
///
/// # Errors
/// When the database refuses, or the story breaks a rule.
pub async fn tell(services: &Services, plan: &Plan) -> anyhow::Result<()> {
    let album = super::book::album(super::bikes::LOOKS.to_vec()).await?;
    for estate in plan.estates() {
        let txn = services.db.begin().await?;
        let mut book = Book::new(services, &txn, plan, estate, "bays");
        book.register_bays().await.context("the register")?;
        let svg = draw(estate);
        book.act(Role::PropertyManager, book.ago(200, 10), Mutation::PlanDraw(Draw { svg, source: "物业按竣工图和现场丈量绘制".into() })).await.context("the drawing")?;
        book.write_ground().await.context("the ground")?;
        if std::ptr::eq(estate, &plan.home) {
            book.turn_some().await.context("states")?;
        }
        super::bikes::tell(&mut book, &album).await.context("the bikes")?;
        if std::ptr::eq(estate, &plan.home) {
            book.propose_bikes().await.context("the proposal")?;
        }
        txn.commit().await?;
    }
    Ok(())
}

impl Book<'_> {
    /// A list as the clerk uploads it, confirmed. No list of bays gives a common one to anybody: those that were given out years
    /// ago come with the list of their leases.
    async fn register_bays(&mut self) -> anyhow::Result<()> {
        let at = self.ago(210, 10);
        let import = self.fresh("list", at);
        let mut lines = bays(self.estate);
        for line in lines.iter_mut().filter(|l| l.kind.common()) {
            line.state = BayState::Free;
        }
        let by = self.who(Role::PropertyManager)?.0.0;
        imports::Entity::insert(row(self.estate.community.id, import, by, at, &(lines, vec![]))?).exec_without_returning(self.txn).await?;
        self.act(Role::PropertyManager, at, Mutation::BayImport(ConfirmList { import })).await?;
        Ok(())
    }

    /// Every green, and what is paved.
    async fn write_ground(&mut self) -> anyhow::Result<()> {
        let at = self.ago(199, 9);
        let greens: Vec<String> = self.estate.places.iter().filter(|p| p.kind == PlaceKind::Green).map(|p| p.name.clone()).collect();
        for (n, name) in (1i64..).zip(greens) {
            let size = Area(96_000 + n * 7_350);
            let set = SetArea { code: format!("L-{n:02}"), version: 0, name, ground: Ground::Green, size, green: size, bikes: 0 };
            self.act(Role::PropertyManager, at, Mutation::PlanArea(set)).await?;
        }
        for (code, name, size, bikes) in PAVED.iter().take(if self.estate.counts.bays.freed > 0 { 3 } else { 0 }) {
            let set = SetArea { code: (*code).into(), version: 0, name: (*name).into(), ground: Ground::Paved, size: Area(*size), green: Area(0), bikes: *bikes };
            self.act(Role::PropertyManager, at, Mutation::PlanArea(set)).await?;
        }
        Ok(())
    }

    /// What stands in the way of a car just now, each with its reason.
    async fn turn_some(&mut self) -> anyhow::Result<()> {
        for (n, (code, state, reason)) in (0i64..).zip([
            ("D-012", BayState::Blocked, "东侧雨水管开挖，围挡到月底"),
            ("D-024", BayState::Blocked, "塌陷，等修路面"),
            ("D-361", BayState::Closed, "消防登高场地，划线已铲除"),
            ("D-362", BayState::Closed, "消防登高场地，划线已铲除"),
        ]) {
            let bay = by_code(self.txn, self.estate.community.id, code).await?;
            let turning = Turning { bay: bay.id, version: bay.version, state, reason: reason.into() };
            self.act(Role::Dispatcher, self.ago(20 - n, 9), Mutation::BayTurn(turning)).await?;
        }
        Ok(())
    }

    /// Bikes from the stairs and from two bays get a place of their own; the yard becomes green instead.
    async fn propose_bikes(&mut self) -> anyhow::Result<()> {
        let to = |code: &str, ground, green: i64, bikes| AreaChange { code: code.into(), ground, green: Area(green), bikes };
        let bamboo = Area(96_000 + 5 * 7_350);
        let changes = Changes { areas: vec![to("L-05", Ground::Bikes, bamboo.0 - 26_000, 160), to("P-01", Ground::Green, 26_000, 0)], frees: vec!["D-024".into()], closes: vec![] };
        let draft = Draft {
            title: "竹园旁增设非机动车停放区".into(),
            words: "竹园东侧 260 m² 改成带棚的非机动车停放区，160 个车位，配视频和烟感；南门旧杂物院拆掉后补种同样面积的绿化。停在楼道和路边的车有地方去，占用的车位腾出来。"
                .into(),
            changes,
            trees: true,
            application: String::new(),
        };
        let conversion = self.act(Role::CommitteeDirector, self.ago(12, 14), Mutation::ConversionDraft(draft)).await?;
        self.act(Role::CommitteeDirector, self.ago(9, 10), Mutation::ConversionPublish(Step { conversion, version: 1, application: "绿移 2026-0317（受理中）".into() })).await?;
        Ok(())
    }

    /// The place of this name.
    pub fn place(&self, name: &str) -> anyhow::Result<PlaceId> {
        Ok(self.estate.places.iter().find(|p| p.name == name).with_context(|| format!("no place is called {name}"))?.id)
    }
}
