//! The money of the demonstration: opening balances, interest, the sprinklers of the bike garages (486,000.00 yuan over
//! 177,354.00 m²), a pump at night, a roof that is on show now, one use that waits for the owners, and two years of common
//! income. Everything but the uploaded list goes through the real rules, at its own time.

use super::Plan;
use super::book::Book;
use super::dice::id;
use anyhow::Context;
use app::context::Services;
use app::ids::{BuildingId, PersonId, UnitId};
use app::measure::{Area, DAY, Fen, HOUR, Time};
use app::mutation::Mutation;
use app::rooms::approvals::model::GiveWord;
use app::rooms::fund::entity::{fund_imports, fund_uses};
use app::rooms::fund::model::{Advance, ConfirmOpening, Enter, Income, Opine, Outline, Paper, Propose, Scope};
use app::rooms::fund::openings::Opening;
use app::rooms::fund::rules::{EmergencyCase, Step};
use app::rooms::fund::votes::Count;
use app::rooms::income::model::{Enter as EnterIncome, Line, Publish};
use app::rooms::income::rules::{quarters, span_of};
use app::rooms::lists::model::Fault;
use app::rooms::people::model::Role;
use sea_orm::{EntityTrait, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// What was first paid in for one m², in fen: 85 yuan.
const FIRST_PAID: i64 = 8_500;

/// Tells it for both communities.
///
/// # Errors
/// When the database refuses, or the story breaks a rule.
pub async fn tell(services: &Services, plan: &Plan) -> anyhow::Result<()> {
    for estate in plan.estates() {
        let txn = services.db.begin().await?;
        let mut book = Book::new(services, &txn, plan, estate, "money");
        book.open().await.context("opening balances")?;
        if std::ptr::eq(estate, &plan.home) {
            book.sprinklers().await.context("the sprinklers")?;
            book.pump().await.context("the pump")?;
            book.under_way().await.context("what is under way")?;
            book.barrier().await.context("the barrier")?;
            book.income().await.context("common income")?;
        }
        txn.commit().await?;
    }
    Ok(())
}

impl Book<'_> {
    /// Every household's account, from the list that the former bookkeeper left.
    async fn open(&mut self) -> anyhow::Result<()> {
        let at = self.ago(720, 10);
        let homes: HashMap<BuildingId, (&str, i64)> = self.estate.buildings.iter().map(|b| (b.id, (b.code.as_str(), b.ordinal))).collect();
        let rows: Vec<Opening> = self
            .estate
            .units
            .iter()
            .enumerate()
            .filter_map(|(i, unit)| {
                let (code, ordinal) = homes.get(&unit.building)?;
                let initial = unit.area.0 * FIRST_PAID / 100;
                // Two buildings have been repaired often and are nearly empty.
                let percent = if matches!(ordinal, 7 | 19) { 27 } else { 46 + ordinal * 7 % 37 };
                Some(Opening {
                    line: i + 2,
                    building: (*code).to_owned(),
                    stair: unit.stair.clone(),
                    room: unit.room.clone(),
                    initial: Fen(initial),
                    balance: Fen(initial * percent / 100),
                })
            })
            .collect();
        let import = id(self.plan.seed, &format!("opening {}", self.estate.community.slug), 0, at);
        let kept: (Vec<Opening>, Vec<Fault>) = (rows, vec![]);
        let row = fund_imports::ActiveModel {
            community_id: Set(self.estate.community.id.0),
            id: Set(import),
            by_id: Set(self.who(Role::CommitteeDirector)?.0.0),
            at: Set(at.0),
            rows: Set(serde_json::to_string(&kept)?),
            confirmed_at: Set(None),
        };
        fund_imports::Entity::insert(row).exec_without_returning(self.txn).await?;
        self.act(Role::CommitteeDirector, at, Mutation::FundOpening(ConfirmOpening { import })).await?;
        for (days, yuan) in [(520, 9_318), (336, 9_276), (154, 8_842)] {
            let yuan = if self.estate.units.len() > 500 { yuan } else { yuan / 40 };
            let words = format!("{} 结息回单", self.ago(days, 9).local(self.estate.community.offset).format("%Y-%m-%d"));
            self.act(Role::CommitteeDirector, self.ago(days, 9), Mutation::FundEnter(Enter { what: Income::Interest, amount: Fen(yuan * 100 + 37), words })).await?;
        }
        Ok(())
    }

    async fn propose(&mut self, role: Role, at: Time, propose: Propose) -> anyhow::Result<Uuid> {
        self.act(role, at, Mutation::FundPropose(propose)).await
    }

    async fn step(&mut self, role: Role, at: Time, subject: Uuid, step: Step, paper: Paper) -> anyhow::Result<()> {
        let row = fund_uses::Entity::find_by_id((self.estate.community.id.0, subject)).one(self.txn).await?.context("the use")?;
        self.act(role, at, Mutation::FundAdvance(Advance { subject, version: row.version, step, paper })).await?;
        Ok(())
    }

    /// More than half of all members agree, a quarter of an hour apart.
    async fn committee(&mut self, matter: Uuid, at: Time) -> anyhow::Result<()> {
        let committee: Vec<(PersonId, Role)> = self.estate.memberships.iter().filter(|m| m.role.is_committee()).map(|m| (m.person, m.role)).collect();
        for (i, (person, role)) in (0i64..).zip(committee.iter().take(committee.len() / 2 + 1)) {
            let word = GiveWord { matter, agrees: true, reason: String::new(), no_conflict: true };
            self.act_as(*person, *role, None, Time(at.0 + i * 900_000), Mutation::ApprovalWord(word)).await?;
        }
        Ok(())
    }

    /// A use within the committee's amount, which waits for its members now.
    async fn barrier(&mut self) -> anyhow::Result<()> {
        let outline = Outline {
            works: "2 号门进出口道闸各 1 套换新，含地感线圈和车牌识别补光灯".into(),
            reason: "用了 9 年，去年修了 14 次，雨天常常抬不起来".into(),
            choosing: "三家报价".into(),
            accepting: "业委会、物业".into(),
            managing: "祥和家园物业服务处".into(),
        };
        let propose = Propose { title: "2 号门道闸换新".into(), budget: Fen(1_860_000), scope: Scope::All, outline, emergency: None, photos: vec![] };
        let subject = self.propose(Role::PropertyManager, self.ago(15, 10), propose).await?;
        self.step(Role::PropertyManager, self.ago(13, 9), subject, Step::ShowPlan, Paper::default()).await?;
        let words = "公示期内没有收到反对意见，3 户问能不能留人工岗亭。答复：岗亭不变。".to_owned();
        self.step(Role::ResidentsCommittee, self.ago(4, 15), subject, Step::SumUp, Paper { words, ..Paper::default() }).await
    }

    async fn opinions(&mut self, subject: Uuid, at: Time, units: &[UnitId], every: usize) -> anyhow::Result<()> {
        let owners: Vec<(PersonId, UnitId)> = self
            .estate
            .memberships
            .iter()
            .filter(|m| m.role == Role::Owner)
            .filter_map(|m| m.unit.map(|u| (m.person, u)))
            .filter(|(_, u)| units.is_empty() || units.contains(u))
            .collect();
        for (i, (person, unit)) in owners.into_iter().step_by(every).take(12).enumerate() {
            let against = i % 6 == 4;
            let words = match i % 6 {
                1 => "支持，早就该修了",
                4 => "想知道为什么不先比三家价",
                _ => "",
            };
            let opine = Opine { subject, agrees: !against, words: words.into() };
            self.act_as(person, Role::Owner, Some(unit), Time(at.0 + 1_800_000 * i as i64), Mutation::FundOpine(opine)).await?;
        }
        Ok(())
    }

    /// 540 heads in eleven bike garages: all owners decided, all share.
    async fn sprinklers(&mut self) -> anyhow::Result<()> {
        let outline = Outline {
            works: "11 个非机动车库加装喷淋：9 个车库各 48 个、2 个车库各 54 个，共 540 个喷淋头，含管道、末端试水和联动调试".into(),
            reason: "电动自行车集中停放充电，消防部门建议增设自动喷淋".into(),
            choosing: "公开邀请三家有消防资质的单位报价，专项工作组开标".into(),
            accepting: "专项工作组（居委会、业委会、物业、业主代表）和消防检测单位".into(),
            managing: "祥和家园物业服务处".into(),
        };
        let propose = Propose { title: "非机动车库加装喷淋".into(), budget: Fen(52_000_000), scope: Scope::All, outline, emergency: None, photos: vec![] };
        let subject = self.propose(Role::PropertyManager, self.ago(430, 10), propose).await?;
        self.step(Role::PropertyManager, self.ago(428, 9), subject, Step::ShowPlan, Paper::default()).await?;
        self.opinions(subject, self.ago(426, 19), &[], 7).await?;
        let words = "公示期内收到 12 户意见：10 户同意，2 户问为什么不先比三家价。答复：三家报价和开标记录都贴在公告栏，并附在案卷里。".to_owned();
        self.step(Role::ResidentsCommittee, self.ago(418, 15), subject, Step::SumUp, Paper { words, ..Paper::default() }).await?;
        let count = Count { heads: 1_917, area: Area(17_735_400), part_heads: 1_640, part_area: Area(15_231_040), yes_heads: 1_394, yes_area: Area(13_000_000) };
        let paper = Paper {
            reference: "祥业〔第 9 号〕，原件存居委会档案柜".into(),
            words: "业主大会书面征求意见，居委会和街道房管在场监票".into(),
            count: Some(count),
            ..Paper::default()
        };
        self.step(Role::ResidentsCommittee, self.ago(396, 16), subject, Step::Resolve, paper).await?;
        let paper = Paper { reference: "上海安顺消防工程有限公司，合同 AS-2025-118".into(), amount: Some(Fen(49_800_000)), ..Paper::default() };
        self.step(Role::CommitteeDirector, self.ago(388, 14), subject, Step::Contract, paper).await?;
        let words = "11 个车库全部通水试喷，540 个喷淋头无漏装；居委会、业委会、物业、业主代表四方到场签字，消防检测报告合格。".to_owned();
        self.step(Role::CommitteeDirector, self.ago(330, 15), subject, Step::Accept, Paper { words, ..Paper::default() }).await?;
        let paper = Paper {
            reference: "上海正衡工程造价咨询有限公司".into(), amount: Some(Fen(48_600_000)), words: "核减 12,000 元：少做两处支吊架".into(), ..Paper::default()
        };
        self.step(Role::CommitteeDirector, self.ago(318, 11), subject, Step::Audit, paper).await?;
        self.step(Role::CommitteeDirector, self.ago(312, 10), subject, Step::Pay, Paper::default()).await?;
        self.step(Role::CommitteeDirector, self.ago(310, 10), subject, Step::ShowShares, Paper::default()).await?;
        self.step(Role::CommitteeDirector, self.ago(300, 10), subject, Step::Close, Paper::default()).await
    }

    /// A pump fails at night: the first of the five cases, which waits for no vote and no paper.
    async fn pump(&mut self) -> anyhow::Result<()> {
        let tower = self.estate.buildings.iter().find(|b| b.lifts > 0).context("a tower")?;
        let (building, name) = (tower.id, tower.name.clone());
        let outline = Outline {
            works: format!("{name} 生活水泵 2 号机电机烧毁，更换电机和变频器"),
            reason: "凌晨 2 点 40 分整幢停水，备用泵也跳闸".into(),
            choosing: "原厂家抢修".into(),
            accepting: "业委会、物业、业主代表".into(),
            managing: "祥和家园物业服务处".into(),
        };
        let scope = Scope::Buildings { buildings: vec![building] };
        let propose = Propose { title: format!("{name} 生活水泵抢修"), budget: Fen(1_980_000), scope, outline, emergency: Some(EmergencyCase::Pump), photos: vec![] };
        let subject = self.propose(Role::PropertyManager, self.ago(203, 3), propose).await?;
        self.committee(subject, self.ago(203, 5)).await?;
        self.step(
            Role::CommitteeDirector,
            self.ago(203, 8),
            subject,
            Step::Resolve,
            Paper { reference: "祥业应急〔第 2 号〕".into(), words: "已报街道房管所，不用表决".into(), ..Paper::default() },
        )
        .await?;
        let paper = Paper { reference: "上海东泉水泵厂，抢修单 0417".into(), amount: Some(Fen(1_860_000)), ..Paper::default() };
        self.step(Role::PropertyManager, self.ago(203, 9), subject, Step::Contract, paper).await?;
        self.step(
            Role::CommitteeDirector,
            self.ago(202, 17),
            subject,
            Step::Accept,
            Paper { words: "当天 14 点恢复供水，试运行 24 小时正常；业委会、物业、业主代表在场。".into(), ..Paper::default() },
        )
        .await?;
        let paper = Paper { reference: "上海正衡工程造价咨询有限公司".into(), amount: Some(Fen(1_785_000)), ..Paper::default() };
        self.step(Role::CommitteeDirector, self.ago(190, 10), subject, Step::Audit, paper).await?;
        self.step(Role::CommitteeDirector, self.ago(188, 10), subject, Step::Pay, Paper::default()).await?;
        self.step(Role::CommitteeDirector, self.ago(187, 10), subject, Step::ShowShares, Paper::default()).await?;
        self.step(Role::CommitteeDirector, self.ago(178, 10), subject, Step::Close, Paper::default()).await
    }

    /// One plan that is on show now, and one that waits for its owners.
    async fn under_way(&mut self) -> anyhow::Result<()> {
        let stair = |code: &str| self.estate.buildings.iter().find(|b| b.code == code).map(|b| b.id);
        let (roof, doors) = (stair("12").context("building 12")?, stair("3").context("building 3")?);
        let units = |building: BuildingId| self.estate.units.iter().filter(|u| u.building == building).map(|u| u.id).collect::<Vec<_>>();
        let (of_roof, of_doors) = (units(roof), units(doors));
        let outline = Outline {
            works: "12 号楼屋面防水层铲除重做 620 m²，天沟、落水口一起换".into(),
            reason: "近两年 6 户顶楼漏水，修补 4 次没有根治".into(),
            choosing: "三家报价，相关业主代表参加评选".into(),
            accepting: "专项工作组".into(),
            managing: "祥和家园物业服务处".into(),
        };
        let propose =
            Propose {
                title: "12 号楼屋面防水翻修".into(), budget: Fen(9_680_000), scope: Scope::Buildings { buildings: vec![roof] }, outline, emergency: None, photos: vec![]
            };
        let subject = self.propose(Role::PropertyManager, self.ago(5, 10), propose).await?;
        self.step(Role::PropertyManager, self.ago(3, 9), subject, Step::ShowPlan, Paper::default()).await?;
        self.opinions(subject, self.ago(2, 19), &of_roof, 1).await?;
        let outline = Outline {
            works: "3 号楼 3 个单元的电子防盗门和对讲系统更换".into(),
            reason: "用了 21 年，去年报修 37 次，配件停产".into(),
            choosing: "三家报价".into(),
            accepting: "专项工作组".into(),
            managing: "祥和家园物业服务处".into(),
        };
        let propose =
            Propose {
                title: "3 号楼防盗门更换".into(), budget: Fen(5_460_000), scope: Scope::Buildings { buildings: vec![doors] }, outline, emergency: None, photos: vec![]
            };
        let subject = self.propose(Role::PropertyManager, self.ago(36, 10), propose).await?;
        self.step(Role::PropertyManager, self.ago(34, 9), subject, Step::ShowPlan, Paper::default()).await?;
        self.opinions(subject, self.ago(33, 19), &of_doors, 2).await?;
        let words = "公示期内收到 12 户意见，10 户同意。建议留用还能用的对讲分机。".to_owned();
        self.step(Role::ResidentsCommittee, self.ago(24, 15), subject, Step::SumUp, Paper { words, ..Paper::default() }).await
    }

    /// Two years of parking, advertising and venues, with vouchers, published quarter by quarter.
    async fn income(&mut self) -> anyhow::Result<()> {
        let offset = self.estate.community.offset;
        let mut all = quarters(self.plan.now, offset, 9);
        all.reverse();
        for (i, quarter) in all.iter().enumerate() {
            let (from, until) = span_of(quarter, offset).context("a quarter")?;
            let n = i as i64;
            let lines = [
                (12, Line::Parking, 168_400 + n * 2_350, "地面停车费（月租和临停）"),
                (20, Line::Advertising, 12_600, "电梯轿厢广告"),
                (28, Line::Venue, 6_000 + n * 300, "中心广场场地使用费"),
                (40, Line::ParcelLockers, 3_900, "快递柜两组场地费"),
                (55, Line::Charging, 8_240 + n * 410, "充电桩分成"),
                (60, Line::Cost, 23_700 + n * 120, "收费岗亭人工、电费和税"),
                (75, Line::ToFund, 95_000, "转入维修资金"),
                (80, Line::Activities, 4_800, "敬老和暑期活动"),
            ];
            for (day, line, yuan, words) in lines {
                let at = from + day * DAY + 10 * HOUR;
                if at < self.plan.now {
                    let enter =
                        EnterIncome { line, amount: Fen(yuan * 100), words: words.into(), voucher: format!("记-{quarter}-{day:02}"), photo: None, quarter: quarter.clone() };
                    self.act(Role::PropertyManager, at, Mutation::IncomeEnter(enter)).await?;
                }
            }
            if i == 4 {
                let enter = EnterIncome {
                    line: Line::Facilities,
                    amount: Fen(5_880_000),
                    words: "换新休闲椅 60 张（业主大会决定）".into(),
                    voucher: format!("记-{quarter}-66"),
                    photo: None,
                    quarter: quarter.clone(),
                };
                self.act(Role::PropertyManager, from + 66 * DAY, Mutation::IncomeEnter(enter)).await?;
            }
            let published = until + 17 * DAY + 9 * HOUR;
            if published < self.plan.now {
                self.act(Role::CommitteeDirector, published, Mutation::IncomePublish(Publish { quarter: quarter.clone() })).await?;
            }
        }
        for (days, yuan) in [(250, 380_000), (60, 380_000)] {
            let enter = Enter { what: Income::CommonIncome, amount: Fen(yuan * 100), words: "公共收益四个季度转入（每季 95,000.00 元）".into() };
            self.act(Role::CommitteeDirector, self.ago(days, 11), Mutation::FundEnter(enter)).await?;
        }
        Ok(())
    }
}
