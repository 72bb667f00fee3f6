//! Two rounds of scoring that are over and one that runs, the first one in 和风苑: 43 representatives and 114 leaders, their
//! sheets, the counts of the auditor, a charge that the company appealed against, and what was mended afterwards. The results
//! are what the rules make of the sheets; the counts of patrols are chosen so that they are the ones that the estate is known
//! for.

use super::book::{Album, Book, album};
use super::dice::{Dice, id};
use super::scenes::{Picture, Subject};
use super::{Estate, Plan};
use anyhow::{Context, ensure};
use app::context::Services;
use app::ids::{PersonId, TicketId};
use app::measure::{DAY, Fen, HOUR, Time};
use app::mutation::Mutation;
use app::rooms::fund::rules::{half_of, span_of};
use app::rooms::messages::entity::notes;
use app::rooms::people::model::Role;
use app::rooms::places::model::PlaceKind;
use app::rooms::scoring::count::{Basis, Reading, Sheet, count};
use app::rooms::scoring::entity::{roll, rounds, sheets};
use app::rooms::scoring::model::{Appeal, Charge, Decide, Enter, Group, HandIn, Mark, Move, Numbers, Open, Plea, Rectify, UNKNOWN};
use app::rooms::scoring::own;
use app::rooms::scoring::rules::{judge_sheet, needs_remark};
use app::rooms::scoring::template::{Kind, Template};
use app::rooms::tickets::entity::tickets;
use app::rooms::tickets::model::{Advance, Part, SpotPhoto, Step};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

/// What a half-year's remuneration retains, in fen.
const RETAINED: Fen = Fen(6_258_771);

/// What the auditor counts: item, of how many, and where it stands. The last one decides the hundredths.
const COUNTS: &[(&str, i64, &str)] = &[
    ("F4", 1, "消防演练记录和签到表"),
    ("C6", 12, "消杀计划与服务单"),
    ("F3", 11, "非机动车库逐个检查表"),
    ("E2", 14, "水箱清洗、水质检测公示记录"),
    ("D4", 41, "枯枝险树处置单，48 小时内"),
    ("A5", 63, "投诉登记本，3 个工作日内答复"),
    ("A2", 2_412, "值守电话话务记录，60 秒内接起"),
    ("A4", 3_640, "考勤系统，在岗班次"),
    ("E1", 95_040, "22 部电梯运行小时，维保记录"),
    ("B2", 21_900, "巡更系统签到记录"),
];

/// What people write beside a low mark.
const REMARKS: &[(&str, &[&str])] = &[
    ("A", &["换了新人，不认识住户", "前台说话有点冲"]),
    ("B", &["晚上门岗常没人", "门口总有车堵着", "有人在楼道充电没人管"]),
    ("C", &["楼道扶手有灰", "垃圾厢房下午味道大", "车库角落积灰", "轿厢地上有水渍"]),
    ("D", &["灌木长到路上了", "3号楼后面一直是裸土", "月季有虫没打药"]),
    ("E", &["门口地砖松动", "长椅扶手又掉漆"]),
    ("F", &["楼道堆了纸箱", "消防车道停了车"]),
    ("G", &["停水通知贴晚了", "老人不会用手机，没人上门说"]),
];

/// What was found wanting, when it was mended.
const BINS: [Picture; 1] = [Picture { subject: Subject::Rubbish, mended: true, look: 0 }];

/// Tells it.
///
/// # Errors
/// When the database refuses, the story breaks a rule, or the rules make something else of it.
pub async fn tell(services: &Services, plan: &Plan) -> anyhow::Result<()> {
    let estate = &plan.home;
    let txn = services.db.begin().await?;
    let mut book = Book::new(services, &txn, plan, estate, "scoring");
    let offset = estate.community.offset;
    // The running one began six days ago, so that its half-year is one that had begun by then.
    let running = half_of(plan.now + -6 * DAY, offset);
    let (last, last_end) = before(&running, offset)?;
    let (first, first_end) = before(&last, offset)?;
    let at = book.round(&first, first_end).await.context("the first round")?;
    book.hand_in_all(at, 7_840, 9).await?;
    book.finish(at, first_end, 7_640, 2, false).await.context("the first result")?;
    let at = book.round(&last, last_end).await.context("the second round")?;
    book.hand_in_all(at, 8_820, 6).await?;
    book.finish(at, last_end, 8_820, 1, true).await.context("the second result")?;
    let album = album(BINS.to_vec()).await?;
    book.mend(at, last_end, &album).await.context("what was to be mended")?;
    // What asked for the sheets of rounds that are over was read long ago.
    notes::Entity::update_many().col_expr(notes::Column::Read, Expr::value(true)).filter(notes::Column::CommunityId.eq(estate.community.id.0)).exec(&txn).await?;
    book.run(&running, 61).await.context("the running round")?;
    // The small community scores for the first time.
    let mut book = Book::new(services, &txn, plan, &plan.neighbour, "scoring");
    book.run(&running, 1).await.context("the round of the small community")?;
    txn.commit().await?;
    Ok(())
}

/// The half-year before one, and its end.
fn before(half: &str, offset: i32) -> anyhow::Result<(String, Time)> {
    let (from, _) = span_of(half, offset).context("a half-year")?;
    Ok((half_of(from + -DAY, offset), from))
}

/// A scorer's sheet: they have their own eye, and every item its own standing.
pub fn sheet(dice: &mut Dice, template: &Template, numbers: &Numbers, high_rise: bool, percent: i64) -> Vec<Mark> {
    let own = dice.between(-9, 9);
    let lazy = dice.chance(2);
    template
        .rated(high_rise)
        .map(|item| {
            let standing = i64::from(item.code.bytes().fold(7u8, |n, b| n.wrapping_mul(31).wrapping_add(b))) % 13 - 6;
            let share = if lazy { 100 } else { (percent + own + standing + dice.between(-14, 14)).clamp(0, 100) };
            let halves = if !lazy && dice.chance(4) { UNKNOWN } else { (item.full * share + 50) / 100 };
            let words = REMARKS.iter().find(|r| item.code.starts_with(r.0)).map_or(&["不太好"][..], |r| r.1);
            let remark = if needs_remark(halves, item.full, numbers) { (*dice.pick(words)).to_owned() } else { String::new() };
            Mark { item: item.code.clone(), halves: Some(halves), remark }
        })
        .collect()
}

/// The auditor's counts that lead to a result: what is missing is spread evenly, and the last item takes what remains. `own` are
/// the program's counts, `charges` what is deducted. Nothing when no counts lead there.
pub fn counts(template: &Template, numbers: &Numbers, appointed: i64, sheets: &[Sheet], own: &[Reading], charges: &[String], result: i64) -> Option<Vec<Reading>> {
    let mut readings = own.to_vec();
    let missing: Vec<_> = COUNTS.iter().filter(|c| !own.iter().any(|r| r.item == c.0)).collect();
    // Everything that the program would have counted and could not is left out and not made up.
    for (n, (item, all, _)) in missing.iter().enumerate() {
        let total = |readings: &[Reading], good: i64| {
            let mut with = readings.to_vec();
            with.push(Reading { item: (*item).to_owned(), good, all: *all });
            let counted = count(&Basis { template, numbers, appointed, sheets, readings: &with, charges });
            (with, counted)
        };
        let last = n + 1 == missing.len();
        let aim = if last { result } else { result + charges_points(template, charges) };
        // With this item the mean so far should be what the whole is to be: the nearest count from below.
        let (mut low, mut high) = (0, *all);
        while low < high {
            let middle = (low + high) / 2;
            let counted = total(&readings, middle).1;
            let so_far = if last { counted.total } else { counted.earned };
            if so_far >= aim { high = middle } else { low = middle + 1 }
        }
        let (with, counted) = total(&readings, low);
        readings = with;
        if last {
            return (counted.total == result).then_some(readings);
        }
    }
    None
}

/// What people and the auditor have to give, in per cent, when the program has counted its own items and the whole is to be
/// `earned` hundredths of a point.
pub fn leaves(template: &Template, numbers: &Numbers, own: &[Reading], earned: i64) -> i64 {
    let counted = count(&Basis { template, numbers, appointed: 1, sheets: &[], readings: own, charges: &[] });
    let (points, full) = counted.items.iter().filter_map(|i| Some((i.points?, i.full * 50))).fold((0, 0), |(p, f), (points, full)| (p + points, f + full));
    ((earned - points) * 100 / (10_000 - full).max(1)).clamp(30, 98)
}

fn charges_points(template: &Template, charges: &[String]) -> i64 {
    template.deductions.iter().map(|d| (i64::try_from(charges.iter().filter(|c| **c == d.code).count()).unwrap_or(0) * d.points).min(d.cap) * 100).sum()
}

impl Book<'_> {
    /// Opens a round that lasts a fortnight, six weeks before its half-year ends.
    async fn round(&mut self, half: &str, end: Time) -> anyhow::Result<Uuid> {
        let at = end + -45 * DAY + 9 * HOUR;
        self.act(Role::CommitteeDirector, at, Mutation::ScoringOpen(Open { half: half.into(), days: 14, retained: RETAINED })).await
    }

    async fn frozen(&self, round: Uuid) -> anyhow::Result<(rounds::Model, Template, Numbers, Vec<roll::Model>)> {
        let c = self.estate.community.id.0;
        let row = rounds::Entity::find_by_id((c, round)).one(self.txn).await?.context("a round")?;
        let all = roll::Entity::find()
            .filter(roll::Column::CommunityId.eq(c))
            .filter(roll::Column::RoundId.eq(round))
            .order_by_asc(roll::Column::Part)
            .order_by_asc(roll::Column::PersonId)
            .all(self.txn)
            .await?;
        let (template, numbers) = (serde_json::from_str(&row.template)?, serde_json::from_str(&row.numbers)?);
        Ok((row, template, numbers, all))
    }

    /// Nearly everybody hands in: rows as the rules would write them, for three hundred mutations would take longer.
    async fn hand_in_all(&mut self, round: Uuid, earned: i64, missing: usize) -> anyhow::Result<()> {
        let (row, template, numbers, all) = self.frozen(round).await?;
        let own = own::counts(self.txn, self.estate.community.id, &template, &row.half, Time(row.closes_at)).await?;
        let own: Vec<Reading> = own.into_iter().map(|(item, (good, all, _))| Reading { item, good, all }).collect();
        let percent = leaves(&template, &numbers, &own, earned);
        let mut dice = Dice::new(self.plan.seed, &format!("scoring {}", row.half));
        let absent = dice.flags(missing, all.len());
        let mut rows = Vec::new();
        for (scorer, _) in all.iter().zip(absent).filter(|(_, absent)| !absent) {
            let marks =
                judge_sheet(&template, &numbers, scorer.high_rise, &sheet(&mut dice, &template, &numbers, scorer.high_rise, percent)).map_err(|e| anyhow::anyhow!("{e:?}"))?;
            let at = Time(row.opens_at + dice.between(2, 13 * 24) * HOUR);
            rows.push(self.sheet_row(round, scorer.person_id, rows.len(), at, &marks)?);
        }
        sheets::Entity::insert_many(rows).exec_without_returning(self.txn).await?;
        Ok(())
    }

    fn sheet_row(&self, round: Uuid, person: Uuid, n: usize, at: Time, marks: &[Mark]) -> anyhow::Result<sheets::ActiveModel> {
        Ok(sheets::ActiveModel {
            community_id: Set(self.estate.community.id.0),
            round_id: Set(round),
            person_id: Set(person),
            id: Set(id(self.plan.seed, &format!("scoring sheet {round}"), n as u64, at)),
            at: Set(at.0),
            version: Set(1),
            marks: Set(serde_json::to_string(marks)?),
            paper: Set(false),
        })
    }

    async fn version(&self, round: Uuid) -> anyhow::Result<Move> {
        Ok(Move { round, version: self.frozen(round).await?.0.version })
    }

    /// From closing to publishing; the second time with an appeal that is upheld.
    async fn finish(&mut self, round: Uuid, end: Time, result: i64, complaints: usize, appealed: bool) -> anyhow::Result<()> {
        let day = |days: i64, hour: i64| end + -days * DAY + hour * HOUR;
        let step = self.version(round).await?;
        self.act(Role::CommitteeDirector, day(31, 10), Mutation::ScoringClose(step)).await?;
        let mut charges = Vec::new();
        for words in ["楼道堆物投诉两次没人处理，居委会核实属实", "保安推搡快递员，有监控，居委会核实属实"].into_iter().take(complaints) {
            let charge = Charge { round, code: "complaint".into(), words: words.into(), photos: vec![] };
            charges.push(self.act(Role::ResidentsCommittee, day(31, 14), Mutation::ScoringCharge(charge)).await?);
        }
        let (row, template, numbers, _) = self.frozen(round).await?;
        let parts = app::rooms::scoring::store::parts(self.txn, self.estate.community.id, &row).await?;
        // An appeal that is upheld takes the charge away again: the counts are those of the result that stands.
        let standing: Vec<String> = if appealed { vec![] } else { parts.charges.iter().map(|c| c.1.clone()).collect() };
        let found = counts(&template, &numbers, parts.appointed, &parts.sheets, &parts.readings, &standing, result).context("no counts lead to the result")?;
        for reading in found.into_iter().skip(parts.readings.len()) {
            let words = COUNTS.iter().find(|c| c.0 == reading.item).map_or("", |c| c.2).into();
            let enter = Enter { round, item: reading.item, good: reading.good, all: reading.all, words, photos: vec![] };
            self.act(Role::Auditor, day(31, 16), Mutation::ScoringReading(enter)).await?;
        }
        let step = self.version(round).await?;
        self.act(Role::CommitteeDirector, day(30, 10), Mutation::ScoringDraft(step)).await?;
        if appealed {
            self.appeal(round, charges[0], day(29, 9)).await?;
        }
        let step = self.version(round).await?;
        self.act(Role::CommitteeDirector, day(14, 10), Mutation::ScoringPublish(step)).await?;
        let total = self.frozen(round).await?.0.total;
        ensure!(total == Some(result), "the rules say {total:?} and not {result}");
        Ok(())
    }

    async fn appeal(&mut self, round: Uuid, charge: Uuid, at: Time) -> anyhow::Result<()> {
        let words = "堆物是两户装修的材料，物业当天发了整改单、第二天清走，附整改单编号。".into();
        let appeal = Appeal { round, words, pleas: vec![Plea::Charge { charge }], photos: vec![] };
        self.act(Role::PropertyManager, at, Mutation::ScoringAppeal(appeal)).await?;
        let say = |upholds, words: &str| Mutation::ScoringDecide(Decide { round, upholds, words: words.into() });
        self.act(Role::ResidentsCommittee, at + DAY, say(true, "核对了整改单，当天处理属实")).await?;
        self.act(Role::CommitteeDirector, at + DAY + HOUR, say(true, "同意居委会核对的结果")).await?;
        let (.., all) = self.frozen(round).await?;
        let speaker = all.iter().find(|s| s.part == Group::Representative.code()).context("a representative")?.person_id;
        self.act_as(PersonId(speaker), Role::OwnersRepresentative, None, at + 2 * DAY, say(false, "还是拖了一夜，影响出行")).await?;
        Ok(())
    }

    /// What the second round found wanting: one thing was mended within its days, one waits.
    async fn mend(&mut self, round: Uuid, end: Time, album: &Album) -> anyhow::Result<()> {
        let at = |day: i64, hour: i64| end + (day - 13) * DAY + hour * HOUR;
        let places = &self.estate.places;
        let of = |kind: PlaceKind| places.iter().find(|p| p.kind == kind).map(|p| p.id);
        let (bins, green) = (of(PlaceKind::WasteRoom).context("a place for bins")?, of(PlaceKind::Green).context("a green")?);
        let wanting = |item: &str, place, words: &str| Mutation::ScoringRectify(Rectify { round, item: item.into(), place, words: words.into() });
        let ticket = TicketId(self.act(Role::ResidentsCommittee, at(0, 9), wanting("C2", bins, "垃圾厢房下午有味道，地面每天冲洗两次，做好记录")).await?);
        // The other one is a day old.
        let lately = self.plan.now + -20 * HOUR;
        let other = TicketId(self.act(Role::ResidentsCommittee, lately, wanting("D2", green, "3号楼后面裸土补种麦冬，约 40 平方米")).await?);
        let worker = self.who(Role::Worker)?.0;
        let photos = self.shots(at(3, 15), album, &BINS).await?;
        let finish = Step::Finish {
            note: "添了冲洗水管，上下午各冲一次，登记在厢房门口".into(),
            photos: photos.into_iter().map(|photo| SpotPhoto { photo, spot: 0, after: true }).collect(),
        };
        let steps = [
            (Role::Dispatcher, at(0, 14), Step::Accept { part: Part::Common }),
            (Role::Dispatcher, at(0, 15), Step::Assign { worker }),
            (Role::Worker, at(1, 9), Step::Arrive),
            (Role::Worker, at(3, 15), finish),
            (Role::ResidentsCommittee, at(4, 10), Step::Confirm),
        ];
        let all = steps.map(|(role, at, step)| (ticket, role, at, step)).into_iter().chain([(other, Role::Dispatcher, lately + HOUR, Step::Accept { part: Part::Common })]);
        for (ticket, role, at, step) in all {
            let row = tickets::Entity::find_by_id((self.estate.community.id.0, ticket.0)).one(self.txn).await?.context("a ticket")?;
            self.act(role, at, Mutation::TicketAdvance(Advance { ticket, version: row.version, step })).await?;
        }
        Ok(())
    }

    /// The running round: so many sheets are in, the first two through the front door.
    async fn run(&mut self, half: &str, sheets: usize) -> anyhow::Result<()> {
        let at = self.plan.now + -6 * DAY;
        let round = self.act(Role::CommitteeDirector, at, Mutation::ScoringOpen(Open { half: half.into(), days: 14, retained: RETAINED })).await?;
        let (_, template, numbers, all) = self.frozen(round).await?;
        let mut dice = Dice::new(self.plan.seed, "scoring now");
        // Those whom visitors of the demonstration can be have not scored yet.
        let shown: std::collections::HashSet<Uuid> = self.estate.persons.iter().filter(|p| p.account.is_some()).map(|p| p.id.0).collect();
        let mut waiting: Vec<_> = all.iter().filter(|s| !shown.contains(&s.person_id)).collect();
        dice.shuffle(&mut waiting);
        let mut rows = Vec::new();
        for (n, scorer) in waiting.into_iter().take(sheets).enumerate() {
            let marks = sheet(&mut dice, &template, &numbers, scorer.high_rise, 84);
            let at = at + dice.between(2, 5 * 24) * HOUR;
            if n < 2 {
                let role = if scorer.part == Group::Leader.code() { Role::BuildingLeader } else { Role::OwnersRepresentative };
                self.act_as(PersonId(scorer.person_id), role, None, at, Mutation::ScoringSheet(HandIn { round, marks, photos: vec![], without: vec![] })).await?;
            } else {
                let marks = judge_sheet(&template, &numbers, scorer.high_rise, &marks).map_err(|e| anyhow::anyhow!("{e:?}"))?;
                rows.push(self.sheet_row(round, scorer.person_id, n, at, &marks)?);
            }
        }
        if !rows.is_empty() {
            sheets::Entity::insert_many(rows).exec_without_returning(self.txn).await?;
        }
        Ok(())
    }
}

/// The items that the auditor counts, for the test that none is forgotten.
pub fn counted_by_hand() -> Vec<&'static str> {
    COUNTS.iter().map(|c| c.0).collect()
}

/// The items of a sheet that are counted by hand.
pub fn by_hand(template: &Template) -> Vec<&str> {
    template.items().filter(|i| i.kind != Kind::Rated && i.source.is_none()).map(|i| i.code.as_str()).collect()
}

/// The scorers of an estate as a round would appoint them: group and whether they have a lift.
pub fn appointed(estate: &Estate) -> Vec<(Group, bool)> {
    let tall = |m: &super::Membership| estate.buildings.iter().any(|b| Some(b.id) == m.building && b.lifts > 0);
    let of = |role: Role, group: Group| estate.memberships.iter().filter(move |m| m.role == role).map(move |m| (group, tall(m)));
    of(Role::OwnersRepresentative, Group::Representative).chain(of(Role::BuildingLeader, Group::Leader)).collect()
}
