//! The projects of the demonstration: the camera renewal from its proposal to the warranty (270 dead cameras replaced, 97
//! added), the stair lights under way with a defect open, and new letter boxes in 和风苑. Everything goes through the real
//! rules, at its own time.

use super::book::{Album, Book, album};
use super::scenes::Subject;
use super::{Estate, Picture, Plan};
use anyhow::Context;
use app::context::Services;
use app::ids::{PersonId, PhotoId};
use app::measure::{DAY, Fen, HOUR, Time};
use app::mutation::Mutation;
use app::rooms::people::model::Role;
use app::rooms::places::model::PlaceKind;
use app::rooms::projects::entity::projects;
use app::rooms::projects::inspections::derived;
use app::rooms::projects::model::{
    Advance, AssetLine, BudgetLine, Clear, Contract, Convene, Inspect, Item, Mend, MilestonePlan, Paper, Pay, Plan as Works, Propose, Reach, Seat, Sign, SignOff, Source,
};
use app::rooms::projects::party::Party;
use app::rooms::projects::rules::{Step, Verdict};
use sea_orm::EntityTrait;
use uuid::Uuid;

/// The camera contract: 1,116,800.00 yuan within a budget of 1,180,000.00.
pub const CAMERA_CONTRACT: Fen = Fen(111_680_000);
/// What of it is kept back until the warranty is over, in percent.
pub const CAMERA_RETENTION: i64 = 3;
/// What was paid for its first, third and last milestone: 30, 40 and 27 percent.
pub const CAMERA_PAID: [(i64, Fen); 3] = [(1, Fen(33_504_000)), (3, Fen(44_672_000)), (6, Fen(30_153_600))];
/// The contract of the stair lights.
const LIGHT_CONTRACT: Fen = Fen(6_480_000);

/// Tells it for both communities.
///
/// # Errors
/// When the database or the photo store refuses, or the story breaks a rule.
pub async fn tell(services: &Services, plan: &Plan) -> anyhow::Result<()> {
    let album = album(pictures()).await?;
    for estate in plan.estates() {
        let txn = services.db.begin().await?;
        let mut site = Site { book: Book::new(services, &txn, plan, estate, "works"), album: &album };
        if std::ptr::eq(estate, &plan.home) {
            site.cameras().await.context("the cameras")?;
            site.lights().await.context("the stair lights")?;
        } else {
            site.letter_boxes().await.context("the letter boxes")?;
        }
        txn.commit().await?;
    }
    Ok(())
}

fn picture(subject: Subject, mended: bool, look: u8) -> Picture {
    Picture { subject, mended, look }
}

/// Every picture of works.
fn pictures() -> Vec<Picture> {
    let looks = [(Subject::Camera, 0), (Subject::Camera, 1), (Subject::Cabling, 0), (Subject::Monitors, 0), (Subject::StairLight, 0), (Subject::Mailbox, 0)];
    looks.into_iter().flat_map(|(subject, look)| [false, true].map(|mended| picture(subject, mended, look))).collect()
}

/// The cameras as they were planned, so many days before `now` (the days in the plan are on the community's wall clock).
pub fn camera_plan(estate: &Estate, now: Time) -> Works {
    let count = |added: bool| estate.counts.cameras.iter().filter(|c| c.added == added).map(|c| c.count).sum::<i64>();
    let line = |name: &str, yuan: i64| BudgetLine { name: name.into(), amount: Fen(yuan * 100) };
    let due = |days: i64| (now + -days * DAY).local(estate.community.offset).format("%Y-%m-%d").to_string();
    let milestone = |name: &str, days: i64, share| MilestonePlan { name: name.into(), due: due(days), share };
    let kinds = [PlaceKind::Gate, PlaceKind::Square, PlaceKind::BikeGarage, PlaceKind::Garage, PlaceKind::WasteRoom, PlaceKind::Road];
    Works {
        title: "监控更新".into(),
        why: "270 个摄像头用了十多年，大半黑屏、夜里看不清，剐蹭、丢车查不到。业主代表会议提出，工作组走访后立项。".into(),
        works: "替换出入口、门厅、电梯、地下车库、周界、道路的旧摄像头 270 个；道路、非机动车库、垃圾厢房、中心广场新增 97 个；重新布线，录像存 30 天。".into(),
        places: estate.places.iter().filter(|p| kinds.contains(&p.kind)).take(24).map(|p| p.id).collect(),
        source: Source::Other { words: "区“美丽家园”改造补助 800,000.00 元，其余由街道配套，专户拨付".into() },
        lines: vec![
            line("替换摄像头 270 个，每个 1,650 元", 445_500),
            line("新增摄像头 97 个，每个 1,850 元", 179_450),
            line("线缆、管槽、立杆", 256_000),
            line("交换机、录像机和存储", 198_000),
            line("平台接入和调试", 62_050),
            line("旧机拆除、垃圾清运", 39_000),
        ],
        milestones: vec![
            milestone("布线", 275, 30),
            milestone("旧机拆除", 260, 0),
            milestone("安装 270 台", 238, 40),
            milestone("新增 97 台", 224, 0),
            milestone("平台联调", 213, 0),
            milestone("试运行", 206, 30),
        ],
        checklist: ["线缆穿管、固定整齐", "位置和点位图一致", "不对着住户窗户", "画面清楚，夜里能看", "设备箱上锁、有编号", "现场清理干净"].map(str::to_owned).to_vec(),
        assets: vec![AssetLine { kind: "摄像头".into(), replaced: count(false), added: count(true) }],
    }
}

/// What an inspection found: nothing, or an item with what is wrong.
type Found = Option<(usize, &'static str)>;

struct Site<'a> {
    book: Book<'a>,
    album: &'a Album,
}

impl Site<'_> {
    fn ago(&self, days: i64, hour: i64) -> Time {
        self.book.ago(days, hour)
    }

    /// A day so many days ago, or, below zero, ahead.
    fn day(&self, days: i64) -> String {
        (self.book.plan.now + -days * DAY).local(self.book.estate.community.offset).format("%Y-%m-%d").to_string()
    }

    /// The people of the working group: those whom the estate appointed, or the first who fits each party.
    fn seats(&self) -> Vec<Seat> {
        let held = |person: PersonId| self.book.estate.memberships.iter().filter(|m| m.person == person).map(|m| m.role).collect::<Vec<_>>();
        let party = |person: PersonId| Party::ALL.into_iter().find(|p| p.fits(&held(person)));
        let appointed: Vec<Seat> =
            self.book.estate.memberships.iter().filter(|m| m.role == Role::WorkingGroup).filter_map(|m| Some(Seat { person: m.person, party: party(m.person)? })).collect();
        if !appointed.is_empty() {
            return appointed;
        }
        let first = |p: Party| self.book.estate.memberships.iter().find(|m| party(m.person) == Some(p)).map(|m| Seat { person: m.person, party: p });
        Party::ALL.into_iter().filter_map(first).collect()
    }

    /// Somebody who sits for a party, and the role in which they act.
    fn of(&self, party: Party) -> anyhow::Result<(PersonId, Role)> {
        let seat = self.seats().into_iter().find(|s| s.party == party).with_context(|| format!("nobody stands for {party:?}"))?;
        let role = self.book.estate.memberships.iter().find(|m| m.person == seat.person && party.roles().contains(&m.role)).context("no role")?.role;
        Ok((seat.person, role))
    }

    fn who(&self, role: Role) -> anyhow::Result<(PersonId, Role)> {
        Ok((self.book.who(role)?.0, role))
    }

    async fn act(&mut self, (person, role): (PersonId, Role), at: Time, mutation: Mutation) -> anyhow::Result<Uuid> {
        self.book.act_as(person, role, None, at, mutation).await
    }

    async fn shots(&mut self, at: Time, pictures: &[Picture]) -> anyhow::Result<Vec<PhotoId>> {
        self.book.shots(at, self.album, pictures).await
    }

    async fn version(&self, project: Uuid) -> anyhow::Result<i64> {
        Ok(projects::Entity::find_by_id((self.book.estate.community.id.0, project)).one(self.book.txn).await?.context("the project")?.version)
    }

    async fn propose(&mut self, at: Time, plan: Works, pictures: &[Picture]) -> anyhow::Result<Uuid> {
        let photos = self.shots(at, pictures).await?;
        let manager = self.who(Role::PropertyManager)?;
        self.act(manager, at, Mutation::ProjectPropose(Propose { plan, photos })).await
    }

    /// The Party branch convenes, the property company shows the plan.
    async fn show(&mut self, project: Uuid, convened: Time, shown: Time) -> anyhow::Result<()> {
        let (leader, manager) = (self.who(Role::PartyBranch)?, self.who(Role::PropertyManager)?);
        let convene = Convene { project, version: self.version(project).await?, seats: self.seats() };
        self.act(leader, convened, Mutation::ProjectConvene(convene)).await?;
        self.step(manager, shown, project, Step::ShowPlan, Paper::default()).await
    }

    async fn step(&mut self, who: (PersonId, Role), at: Time, project: Uuid, step: Step, paper: Paper) -> anyhow::Result<()> {
        let version = self.version(project).await?;
        self.act(who, at, Mutation::ProjectAdvance(Advance { project, version, step, paper })).await?;
        Ok(())
    }

    async fn reach(&mut self, at: Time, project: Uuid, milestone: i64, words: &str, pictures: &[Picture]) -> anyhow::Result<()> {
        let photos = self.shots(at, pictures).await?;
        let manager = self.who(Role::PropertyManager)?;
        self.act(manager, at, Mutation::ProjectReach(Reach { project, milestone, words: words.into(), photos })).await?;
        Ok(())
    }

    /// Inspected by one party and signed by others in the same hours.
    async fn inspect(&mut self, at: Time, project: Uuid, milestone: Option<i64>, (found, words): (Found, &str), pictures: &[Picture], parties: &[Party]) -> anyhow::Result<Uuid> {
        let row = projects::Entity::find_by_id((self.book.estate.community.id.0, project)).one(self.book.txn).await?.context("the project")?;
        let plan: Works = serde_json::from_str(&row.plan)?;
        let item = |i: usize| match found {
            Some((at, note)) if at == i => Item { verdict: Verdict::Fail, note: note.into() },
            // Nothing shows a picture before the cameras are there.
            _ if milestone == Some(1) && i == 3 && plan.checklist.len() == 6 => Item { verdict: Verdict::NotApplicable, note: String::new() },
            _ => Item { verdict: Verdict::Pass, note: String::new() },
        };
        let items = (0..plan.checklist.len()).map(item).collect();
        let photos = self.shots(at, pictures).await?;
        let (first, others) = parties.split_first().context("an inspector")?;
        let inspector = self.of(*first)?;
        let inspect = Inspect { project, milestone, items, words: words.into(), mend_days: None, photos };
        let inspection = self.act(inspector, at, Mutation::ProjectInspect(inspect)).await?;
        for (i, party) in (1..).zip(others) {
            let who = self.of(*party)?;
            self.act(who, at + i * HOUR / 2, Mutation::ProjectSign(Sign { inspection, words: String::new() })).await?;
        }
        Ok(inspection)
    }

    /// A defect is mended with a picture, and somebody who is not of the property company finds it good.
    async fn mend(&mut self, mended: Time, cleared: Time, defect: Uuid, words: (&str, &str), pictures: &[Picture], judge: Party) -> anyhow::Result<()> {
        let photos = self.shots(mended, pictures).await?;
        let (worker, judge) = (self.who(Role::PropertyManager)?, self.of(judge)?);
        self.act(worker, mended, Mutation::ProjectMend(Mend { defect, words: words.0.into(), photos })).await?;
        self.act(judge, cleared, Mutation::ProjectClear(Clear { defect, good: true, words: words.1.into() })).await?;
        Ok(())
    }

    async fn pay(&mut self, at: Time, project: Uuid, milestone: i64, amount: Fen, words: &str, voucher: &str) -> anyhow::Result<()> {
        let director = self.who(Role::CommitteeDirector)?;
        let pay = Pay { project, milestone: Some(milestone), amount, words: words.into(), voucher: voucher.into(), photo: None };
        self.act(director, at, Mutation::ProjectPay(pay)).await?;
        Ok(())
    }

    /// 270 dead cameras replaced and 97 added: proposed, shown, contracted, watched, accepted by all four, in warranty.
    async fn cameras(&mut self) -> anyhow::Result<()> {
        use Party::{Committee, Owners, Property, Residents};
        let dead = [picture(Subject::Camera, false, 0), picture(Subject::Camera, false, 1), picture(Subject::Monitors, false, 0), picture(Subject::Cabling, false, 0)];
        let (new, evening, wall, cables) =
            (picture(Subject::Camera, true, 0), picture(Subject::Camera, true, 1), picture(Subject::Monitors, true, 0), picture(Subject::Cabling, true, 0));
        let project = self.propose(self.ago(330, 10), camera_plan(self.book.estate, self.book.plan.now), &dead).await?;
        self.show(project, self.ago(328, 15), self.ago(325, 9)).await?;
        let contract = Contract {
            number: "MS-2025-0318".into(),
            contractor: "上海明视智能工程有限公司".into(),
            amount: CAMERA_CONTRACT,
            day: self.day(300),
            warranty: self.day(205 - 730),
            retention: CAMERA_RETENTION,
        };
        let director = self.who(Role::CommitteeDirector)?;
        self.step(director, self.ago(300, 14), project, Step::Contract, Paper { words: "三家报价，工作组开标".into(), contract: Some(contract), ..Paper::default() }).await?;
        self.inspect(self.ago(288, 9), project, None, (None, "材料进场，型号和合同一致，线缆有合格证。"), &[dead[3]], &[Owners, Property]).await?;
        self.reach(self.ago(276, 16), project, 1, "主干和 43 幢楼的支线布完，逐条测通。", &[cables]).await?;
        self.inspect(self.ago(275, 9), project, Some(1), (None, "抽查 12 处，穿管整齐，楼道恢复原样。"), &[cables], &[Owners, Residents, Committee]).await?;
        self.pay(self.ago(272, 11), project, 1, CAMERA_PAID[0].1, "布线完成，合同价的 30 %", "美-2025-011").await?;
        self.reach(self.ago(262, 16), project, 2, "270 个旧摄像头全部拆下，登记造册，集中回收。", &[dead[0]]).await?;
        self.inspect(self.ago(261, 9), project, Some(2), (None, "数量点清 270 个，拆下的地方补了漆。"), &[dead[1]], &[Residents, Owners, Property]).await?;
        let found = self
            .inspect(self.ago(250, 9), project, None, (Some((0, "12 号楼 3 门外墙一段 6 米线缆没有穿管")), "安装过半，有一处要整改。"), &[dead[3]], &[Owners, Property])
            .await?;
        self.mend(self.ago(247, 16), self.ago(246, 9), derived(found, 0), ("补装线管，重新固定", "穿管到位，固定牢"), &[cables], Owners).await?;
        self.reach(self.ago(240, 16), project, 3, "替换的 270 台全部装好、通电、有画面。", &[new]).await?;
        self.inspect(self.ago(239, 9), project, Some(3), (None, "按点位图逐台点名，270 台都在线，夜里又看了一遍。"), &[new, evening], &[Committee, Owners, Residents]).await?;
        self.pay(self.ago(236, 11), project, 3, CAMERA_PAID[1].1, "270 台安装完成，合同价的 40 %", "美-2025-016").await?;
        self.reach(self.ago(226, 16), project, 4, "非机动车库、垃圾厢房、中心广场、道路新增 97 台装好。", &[evening]).await?;
        let found = self
            .inspect(
                self.ago(225, 9),
                project,
                Some(4),
                (Some((2, "中心广场 2 台对着 16 号楼住户窗户")), "97 台在线，有 2 台角度不对，要调。"),
                &[new],
                &[Owners, Residents, Property],
            )
            .await?;
        self.mend(self.ago(222, 15), self.ago(221, 10), derived(found, 2), ("2 台转向并加了隐私遮挡", "住户到机房看过，看不到窗户了"), &[evening], Residents).await?;
        self.reach(self.ago(214, 16), project, 5, "367 台全部接入平台，录像存 30 天。", &[wall]).await?;
        self.inspect(self.ago(213, 9), project, Some(5), (None, "随机调 20 路回放，时间准，画面清楚。"), &[wall], &[Residents, Committee, Property]).await?;
        self.reach(self.ago(207, 9), project, 6, "试运行 7 天，在线 366 到 367 台，掉线的当天恢复。", &[]).await?;
        self.inspect(self.ago(207, 14), project, Some(6), (None, "看了 7 天的在线记录，合格。"), &[wall], &[Owners, Committee, Residents]).await?;
        let finish = self.shots(self.ago(206, 10), &[new, evening, wall]).await?;
        let manager = self.who(Role::PropertyManager)?;
        self.step(manager, self.ago(206, 10), project, Step::Finish, Paper { words: "全部完成，资料和点位图移交物业，请四方验收。".into(), photos: finish, ..Paper::default() })
            .await?;
        let words = [
            (Property, "已接手平台和钥匙，值班员会用。"),
            (Residents, "施工没有接到扰民投诉，同意验收。"),
            (Committee, "数量、型号和合同一致，同意验收。"),
            (Owners, "走了 43 幢楼，画面清楚，两处整改都看过，同意验收。"),
        ];
        for (i, (party, words)) in (0..).zip(words) {
            let who = self.of(party)?;
            self.act(who, self.ago(206, 14) + i * HOUR, Mutation::ProjectSignOff(SignOff { project, words: words.into() })).await?;
        }
        let leader = self.who(Role::PartyBranch)?;
        let words = "四方到场，367 台全部在线，整改 2 处都已完成，一致同意验收。".to_owned();
        self.step(leader, self.ago(205, 10), project, Step::Accept, Paper { words, ..Paper::default() }).await?;
        self.pay(self.ago(203, 11), project, 6, CAMERA_PAID[2].1, "验收合格，合同价的 30 %，扣质保金 3 %", "美-2025-021").await
    }

    /// The stair lights: a third is done, and one defect waits.
    async fn lights(&mut self) -> anyhow::Result<()> {
        use Party::{Committee, Owners, Property, Residents};
        let line = |name: &str, yuan: i64| BudgetLine { name: name.into(), amount: Fen(yuan * 100) };
        let milestone = |name: &str, due: String, share| MilestonePlan { name: name.into(), due, share };
        let (dark, bright) = (picture(Subject::StairLight, false, 0), picture(Subject::StairLight, true, 0));
        let plan = Works {
            title: "楼道灯改造".into(),
            why: "声控灯去年报修 61 次，三楼以上常年不亮，老人晚上下楼不安全。".into(),
            works: "32 幢多层 103 个楼道换成微波感应 LED 灯，共 618 盏，旧灯座和明线一起换。".into(),
            places: self.book.estate.places.iter().filter(|p| p.kind == PlaceKind::Stair).take(12).map(|p| p.id).collect(),
            source: Source::CommonIncome,
            lines: vec![line("感应 LED 灯 618 盏，每盏 62 元", 38_316), line("线材、灯座", 9_684), line("安装和清运", 20_400)],
            milestones: vec![milestone("样板 12 个楼道", self.day(20), 20), milestone("其余 91 个楼道", self.day(-12), 50), milestone("夜间全检", self.day(-20), 30)],
            checklist: ["人来灯亮，人走灯灭", "每层都亮", "线路进管", "旧灯座拆干净"].map(str::to_owned).to_vec(),
            assets: vec![AssetLine { kind: "楼道灯".into(), replaced: 618, added: 0 }],
        };
        let project = self.propose(self.ago(45, 10), plan, &[dark]).await?;
        self.show(project, self.ago(43, 15), self.ago(42, 9)).await?;
        let contract = Contract {
            number: "DJ-2026-114".into(),
            contractor: "上海东灿照明工程有限公司".into(),
            amount: LIGHT_CONTRACT,
            day: self.day(33),
            warranty: self.day(33 - 730),
            retention: 3,
        };
        let director = self.who(Role::CommitteeDirector)?;
        self.step(director, self.ago(33, 14), project, Step::Contract, Paper { contract: Some(contract), ..Paper::default() }).await?;
        self.reach(self.ago(20, 16), project, 1, "12 个样板楼道换好，72 盏。", &[bright]).await?;
        self.inspect(self.ago(19, 19), project, Some(1), (None, "晚上走了 12 个楼道，每层都亮，不闪。"), &[bright], &[Owners, Residents, Property]).await?;
        // In the present quarter, or in the last one while it is not published yet.
        self.pay(self.ago(12, 11), project, 1, Fen(LIGHT_CONTRACT.0 / 5), "样板完成，合同价的 20 %", "转-0912").await?;
        let wrong = Some((2, "21 号楼 2 门四楼有一段明线没有进管"));
        self.inspect(self.ago(6, 19), project, None, (wrong, "装到 21 号楼，一处要整改。"), &[dark], &[Committee, Owners]).await?;
        Ok(())
    }

    /// 和风苑: letter boxes; the plan has been shown, the contract comes next.
    async fn letter_boxes(&mut self) -> anyhow::Result<()> {
        let line = |name: &str, yuan: i64| BudgetLine { name: name.into(), amount: Fen(yuan * 100) };
        let plan = Works {
            title: "门厅信箱更换".into(),
            why: "24 户的信箱门多半关不上，信件常丢。".into(),
            works: "两幢楼门厅的信箱拆旧换新，共 24 格。".into(),
            places: self.book.estate.places.iter().filter(|p| p.kind == PlaceKind::Stair).map(|p| p.id).collect(),
            source: Source::Other { words: "街道居民自治金".into() },
            lines: vec![line("不锈钢信箱 2 组 24 格", 7_200), line("拆旧和安装", 2_400)],
            milestones: vec![MilestonePlan { name: "安装完成".into(), due: self.day(-20), share: 100 }],
            checklist: ["每格能锁", "固定牢、不晃", "门牌号对"].map(str::to_owned).to_vec(),
            assets: vec![AssetLine { kind: "信箱".into(), replaced: 24, added: 0 }],
        };
        let project = self.propose(self.ago(12, 10), plan, &[picture(Subject::Mailbox, false, 0)]).await?;
        self.show(project, self.ago(11, 15), self.ago(9, 9)).await
    }
}
