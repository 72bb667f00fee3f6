//! The fund's documents: the forms of R2.4, and statements of buildings and households.

use super::model::{BuildingAccount, EntryKind, Share, Statement, UseView};
use super::pages::{Household, day, spoken_half};
use super::rules::Step;
use crate::i18n::Lang;
use crate::measure::{Area, Fen, Time};
use crate::rooms::documents::model::{Block, Column, Document, Proof, Table};
use crate::{tr, trf};

/// What every document of the fund needs to know.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The language.
    pub lang: Lang,
    /// Minutes ahead of UTC.
    pub offset: i32,
    /// The community's name.
    pub community: String,
    /// Its word in addresses.
    pub slug: String,
    /// Now.
    pub now: Time,
    /// The event that proves it.
    pub proof: Option<Proof>,
}

impl Desk {
    fn document(&self, title: &str, number: &str, subtitle: String, address: String, blocks: Vec<Block>, sign_lines: Vec<String>) -> Document {
        Document {
            title: title.to_owned(),
            number: number.to_owned(),
            community: self.community.clone(),
            subtitle,
            blocks,
            sign_lines,
            address,
            proof: self.proof.clone(),
            made_at: self.now,
        }
    }
}

fn yuan(lang: Lang, amount: Fen) -> String {
    trf!(lang, "{amount} 元", "{amount} yuan")
}

fn plan(d: &Desk, u: &UseView) -> Block {
    let lang = d.lang;
    let mut facts = vec![
        (tr!(lang, "实施范围", "Works").to_owned(), u.outline.works.clone()),
        (tr!(lang, "维修原因", "Reason").to_owned(), u.outline.reason.clone()),
        (tr!(lang, "预算金额", "Budget").to_owned(), yuan(lang, u.budget)),
        (tr!(lang, "决策主体", "Who decides").to_owned(), u.decider.label(lang).to_owned()),
        (tr!(lang, "施工单位选择方式", "How the contractor is chosen").to_owned(), u.outline.choosing.clone()),
        (tr!(lang, "验收单位", "Who accepts").to_owned(), u.outline.accepting.clone()),
        (tr!(lang, "管理单位", "Who manages").to_owned(), u.outline.managing.clone()),
        (tr!(lang, "分摊范围", "Who shares it").to_owned(), tr!(lang, "{w}；{n} 户，{a} m²", "{w}; {n} units, {a} m²", w = u.scope_words, n = u.units, a = u.area)),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    Block::Facts(facts)
}

fn opinions(lang: Lang, u: &UseView) -> Block {
    let (o, whole) = (u.opinions, u.area);
    let row = |name: &str, units: i64, area: Area| vec![name.to_owned(), units.to_string(), area.to_string()];
    Block::Table(Table {
        columns: vec![Column::words(tr!(lang, "意见", "Opinion"), 2), Column::number(tr!(lang, "户数", "Units"), 1), Column::number(tr!(lang, "面积 m²", "Area, m²"), 1)],
        rows: vec![row(tr!(lang, "同意", "For"), o.for_units, o.for_area), row(tr!(lang, "不同意", "Against"), o.against_units, o.against_area)],
        total: row(tr!(lang, "分摊范围全部", "All in the scope"), u.units, whole),
    })
}

/// The paper of a step; `None` for steps that have none.
pub fn of_step(d: &Desk, u: &UseView, step: Step, shares: &[Share]) -> Option<Document> {
    let lang = d.lang;
    let taken = u.taken.iter().find(|t| t.step == Some(step))?;
    let mut blocks = vec![plan(d, u)];
    let mut signs = vec![tr!(lang, "业主大会（章）", "Owners' meeting (seal)").to_owned()];
    match step {
        Step::ShowPlan => {
            let until = u.shown_until.filter(|_| u.shown_since == Some(taken.at)).map(|t| day(t, d.offset)).unwrap_or_default();
            blocks.push(Block::Paragraph(tr!(
                lang,
                "公示自 {from} 起。{until}对方案有意见的业主，请在公示期内用手机或到业委会提出。",
                "On show from {from}. {until} Owners with an opinion give it while it is on show, on the phone or to the committee.",
                from = day(taken.at, d.offset),
                until = if until.is_empty() { String::new() } else { trf!(lang, "到 {until} 止。", "Until {until}.") }
            )));
        }
        Step::SumUp => blocks.extend([opinions(lang, u), Block::Paragraph(taken.paper.words.clone())]),
        Step::Resolve => {
            blocks.push(Block::Facts(vec![
                (tr!(lang, "决议编号", "Number").to_owned(), taken.paper.reference.clone()),
                (tr!(lang, "决议日期", "Date").to_owned(), day(taken.at, d.offset)),
            ]));
            if let Some(c) = taken.paper.count {
                blocks.push(Block::Paragraph(tr!(
                    lang,
                    "参与表决 {ph}/{h} 人、{pa}/{a} m²，同意 {yh} 人、{ya} m²；按民法典第 278 条，参与满三分之二，同意过参与的一半。",
                    "Took part: {ph} of {h} owners, {pa} of {a} m²; agreed: {yh} owners, {ya} m². Civil Code art. 278: two thirds took part, and more than half of them agreed.",
                    ph = c.part_heads,
                    h = c.heads,
                    pa = c.part_area,
                    a = c.area,
                    yh = c.yes_heads,
                    ya = c.yes_area
                )));
            }
            signs.extend([tr!(lang, "主任（签章）", "Director").to_owned(), tr!(lang, "副主任（签章）", "Deputy director").to_owned()]);
        }
        Step::Accept => {
            blocks.push(Block::Paragraph(taken.paper.words.clone()));
            signs = [
                tr!(lang, "居委会", "Residents' committee"),
                tr!(lang, "业委会", "Owners' committee"),
                tr!(lang, "物业", "Property company"),
                tr!(lang, "业主代表", "Owners' representative"),
            ]
            .map(str::to_owned)
            .to_vec();
        }
        Step::ShowShares => blocks.push(share_table(lang, shares)),
        _ => return None,
    }
    Some(d.document(step.label(lang), &u.row.number, u.row.title.clone(), format!("/c/{}/fund/uses/{}", d.slug, u.row.number), blocks, signs))
}

fn share_table(lang: Lang, shares: &[Share]) -> Block {
    Block::Table(Table {
        columns: vec![Column::words(tr!(lang, "房屋", "Unit"), 3), Column::number(tr!(lang, "面积 m²", "Area, m²"), 1), Column::number(tr!(lang, "分摊（元）", "Share (yuan)"), 1)],
        rows: shares.iter().map(|s| vec![s.name.clone(), s.area.to_string(), s.share.to_string()]).collect(),
        total: vec![tr!(lang, "合计", "Total").to_owned(), shares.iter().map(|s| s.area).sum::<Area>().to_string(), shares.iter().map(|s| s.share).sum::<Fen>().to_string()],
    })
}

/// The shares of a use, unit by unit.
pub fn shares(d: &Desk, u: &UseView, shares: &[Share]) -> Document {
    let lang = d.lang;
    let how = tr!(
        lang,
        "每户 = 总额 × 本户面积 ÷ 范围内总面积，先舍去不到一分的部分，剩下的分按尾数从大到小各给一分，所以加起来一分不差（上海市住宅物业管理规定第 68 条）。",
        "Each unit pays total × its area ÷ all areas in the scope, rounded down to the fen; the fen that are left go to the largest remainders, so that the sum is exact (Shanghai rules, art. 68)."
    );
    let blocks = vec![
        Block::Facts(vec![(tr!(lang, "总额", "Total").to_owned(), yuan(lang, u.row.amount)), (tr!(lang, "分摊范围", "Who shares it").to_owned(), u.scope_words.clone())]),
        Block::Paragraph(how.to_owned()),
        share_table(lang, shares),
    ];
    d.document(tr!(lang, "分摊表", "Shares"), &u.row.number, u.row.title.clone(), format!("/c/{}/fund/uses/{}", d.slug, u.row.number), blocks, vec![])
}

/// The case file 案卷 that owners decide on.
pub fn case_file(d: &Desk, u: &UseView, heads: i64) -> Document {
    let lang = d.lang;
    let steps = u.taken.iter().map(|t| vec![day(t.at, d.offset), t.step.map_or(tr!(lang, "提出方案", "Proposed"), |s| s.label(lang)).to_owned(), t.paper.words.clone()]).collect();
    let blocks = vec![
        plan(d, u),
        Block::Heading(tr!(lang, "为什么由他们决定", "Why they decide").to_owned()),
        Block::Paragraph(tr!(
            lang,
            "{who}。分摊范围内业主 {heads} 人，面积 {a} m²。表决按民法典第 278 条：人数和面积都要有三分之二参与，参与者过半数同意。",
            "{who}. The scope has {heads} owners with {a} m². By Civil Code art. 278 two thirds of heads and of area take part, and more than half of them agree.",
            who = u.decider.label(lang),
            a = u.area
        )),
        Block::Heading(tr!(lang, "征求意见", "Opinions").to_owned()),
        opinions(lang, u),
        Block::Heading(tr!(lang, "经过", "So far").to_owned()),
        Block::Table(Table {
            columns: vec![Column::words(tr!(lang, "日期", "Date"), 1), Column::words(tr!(lang, "事项", "Step"), 1), Column::words(tr!(lang, "说明", "In words"), 3)],
            rows: steps,
            total: vec![],
        }),
    ];
    d.document(
        tr!(lang, "维修资金使用案卷", "Case file: use of the maintenance fund"),
        &u.row.number,
        u.row.title.clone(),
        format!("/c/{}/fund/uses/{}", d.slug, u.row.number),
        blocks,
        vec![],
    )
}

fn statement(d: &Desk, s: &Statement) -> Vec<Block> {
    let lang = d.lang;
    let mut facts = vec![(tr!(lang, "期初余额", "Opening balance").to_owned(), yuan(lang, s.opening))];
    facts.extend(EntryKind::ALL.into_iter().map(|k| (k, s.sum(k))).filter(|(_, sum)| sum.0 != 0).map(|(k, sum)| (k.label(lang).to_owned(), yuan(lang, sum))));
    facts.push((tr!(lang, "期末余额", "Closing balance").to_owned(), yuan(lang, s.closing)));
    let rows = s.entries.iter().map(|e| vec![day(e.at, d.offset), e.number.clone(), format!("{} {}", e.kind.label(lang), e.words), e.change.to_string()]).collect();
    vec![
        Block::Facts(facts),
        Block::Table(Table {
            columns: vec![
                Column::words(tr!(lang, "日期", "Date"), 2),
                Column::words(tr!(lang, "编号", "No."), 2),
                Column::words(tr!(lang, "摘要", "What"), 5),
                Column::number(tr!(lang, "金额（元）", "Amount"), 2),
            ],
            rows,
            total: vec![],
        }),
    ]
}

/// A building's half-yearly statement.
pub fn building(d: &Desk, account: &BuildingAccount, s: &Statement, half: &str) -> Document {
    let lang = d.lang;
    let mut blocks = statement(d, s);
    if let Some(missing) = account.missing {
        blocks.push(Block::Paragraph(trf!(
            lang,
            "余额低于首期的三成，要续筹到一半，还差 {missing} 元（上海市住宅物业管理规定第 65 条）。",
            "Below 30 % of what was first paid in: {missing} yuan are missing to half of it (Shanghai rules, art. 65)."
        )));
    }
    d.document(
        tr!(lang, "维修资金分幢对账单", "Maintenance fund: statement of a building"),
        "",
        format!("{} · {}", account.name, spoken_half(lang, half)),
        format!("/c/{}/fund/buildings/{}?half={half}", d.slug, account.code),
        blocks,
        vec![],
    )
}

/// A household's statement with its shares.
pub fn household(d: &Desk, h: &Household, half: &str) -> Document {
    let lang = d.lang;
    let mut blocks = statement(d, &h.statement);
    if !h.shares.is_empty() {
        blocks.push(Block::Heading(tr!(lang, "您家的分摊", "Your shares").to_owned()));
        for (u, area, share) in &h.shares {
            let whole = u.amount;
            blocks.push(Block::Paragraph(tr!(
                lang,
                "{t}：您家分摊 {share} 元，总额 {whole} 元；您家面积 {area} m²。",
                "{t}: your share is {share} yuan of {whole} yuan; your area {area} m².",
                t = u.title
            )));
        }
    }
    d.document(
        tr!(lang, "维修资金分户对账单", "Maintenance fund: statement of a household"),
        "",
        format!("{} · {}", h.name, spoken_half(lang, half)),
        format!("/mine/fund?half={half}"),
        blocks,
        vec![],
    )
}
