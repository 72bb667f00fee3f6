//! The case file 案卷 of a repair that owners vote on: everything they need to decide, on paper.

use super::costs::{compare, dearer};
use super::model::{QuoteLine, QuoteView, TicketView};
use super::rules::total;
use crate::i18n::Lang;
use crate::measure::{Area, DAY, Fen};
use crate::rooms::documents::model::{Block, Column, Document, Table};
use crate::rooms::fund::pages::day;
use crate::rooms::fund::papers::Desk;
use crate::{tr, trf};

/// Who votes: in words, how many units and heads, and their area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voters {
    /// Which building, or all.
    pub words: String,
    /// Units.
    pub units: i64,
    /// Heads (SI 9).
    pub heads: i64,
    /// Area.
    pub area: Area,
}

/// The case file; `None` when its quote is not for the owners.
pub fn case_file(d: &Desk, t: &TicketView, voters: &Voters) -> Option<Document> {
    let lang = d.lang;
    let quote = t.quote.as_ref().filter(|q| q.tier.is_owners())?;
    let mut blocks = vec![what(d, t, quote), Block::Heading(tr!(lang, "报价", "Quote").to_owned())];
    blocks.extend(costs(lang, quote));
    blocks.push(Block::Heading(tr!(lang, "谁决定，为什么", "Who decides, and why").to_owned()));
    blocks.push(Block::Paragraph(quote.who_decides.clone()));
    blocks.push(Block::Paragraph(tr!(
        lang,
        "表决范围：{w}，{u} 户，业主 {h} 人，面积 {a} m²。按民法典第 278 条，人数和面积都要有三分之二参与，参与者过半数同意。",
        "Scope: {w}; {u} units, {h} owners, {a} m². By Civil Code art. 278 two thirds of heads and of area take part, and more than half of them agree.",
        w = voters.words,
        u = voters.units,
        h = voters.heads,
        a = voters.area
    )));
    blocks.extend(earlier(d, t, quote));
    blocks.extend(photos(d, t));
    Some(Document {
        title: tr!(lang, "维修事项案卷", "Case file of a repair").to_owned(),
        number: t.card.number.clone(),
        community: d.community.clone(),
        subtitle: t.card.spot.clone(),
        blocks,
        sign_lines: vec![],
        address: format!("/c/{}/t/{}", d.slug, t.card.number),
        proof: d.proof.clone(),
        made_at: d.now,
    })
}

fn what(d: &Desk, t: &TicketView, quote: &QuoteView) -> Block {
    let lang = d.lang;
    let mut facts = vec![
        (tr!(lang, "什么坏了", "What is broken").to_owned(), t.card.category.label(lang).to_owned()),
        (tr!(lang, "地点", "Where").to_owned(), t.card.spot.clone()),
        (tr!(lang, "上报人说", "In the reporter's words").to_owned(), t.text.clone()),
        (tr!(lang, "上报日期", "Reported").to_owned(), day(t.card.created_at, d.offset)),
        (tr!(lang, "属于哪一部分", "Whose part").to_owned(), t.part.label(lang).to_owned()),
        (tr!(lang, "报价金额", "Amount").to_owned(), tr!(lang, "{a} 元", "{a} yuan", a = quote.total)),
        (tr!(lang, "报价日期", "Quoted").to_owned(), day(quote.at, d.offset)),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    Block::Facts(facts)
}

fn costs(lang: Lang, q: &QuoteView) -> Vec<Block> {
    if q.offers.is_empty() {
        let row = |l: &QuoteLine| vec![l.name.clone(), l.quantity.to_string(), l.unit_price.to_string(), l.amount().to_string()];
        return vec![Block::Table(Table {
            columns: vec![
                Column::words(tr!(lang, "项目", "Item"), 4),
                Column::number(tr!(lang, "数量", "Quantity"), 1),
                Column::number(tr!(lang, "单价（元）", "Price"), 2),
                Column::number(tr!(lang, "金额（元）", "Yuan"), 2),
            ],
            rows: q.lines.iter().map(row).collect(),
            total: vec![tr!(lang, "合计", "Total").to_owned(), String::new(), String::new(), q.total.to_string()],
        })];
    }
    let lists: Vec<&[QuoteLine]> = q.offers.iter().map(|o| o.lines.as_slice()).collect();
    let columns = std::iter::once(Column::words(tr!(lang, "项目（元）", "Item (yuan)"), 3)).chain(q.offers.iter().map(|o| Column::number(&o.supplier, 2))).collect();
    let row = |r: super::costs::ItemRow| std::iter::once(r.name.clone()).chain(r.cells.iter().map(|c| c.map_or_else(|| "—".to_owned(), |c| c.amount.to_string()))).collect();
    let sums = lists.iter().map(|l| total(l).to_string());
    let name = q.offers.get(usize::from(q.recommended)).map(|o| o.supplier.clone()).unwrap_or_default();
    let why = q.why.clone();
    let mut blocks = vec![
        Block::Table(Table {
            columns, rows: compare(&lists).into_iter().map(row).collect(), total: std::iter::once(tr!(lang, "合计", "Total").to_owned()).chain(sums).collect()
        }),
        Block::Paragraph(trf!(lang, "物业推荐{name}：{why}", "The property company recommends {name}: {why}")),
    ];
    if let Some(more) = dearer(&q.offers, q.recommended) {
        blocks.push(Block::Paragraph(trf!(lang, "推荐的不是最低价，比最低的一家贵 {more} 元。", "The recommended offer is not the cheapest: it is {more} yuan above it.")));
    }
    blocks
}

fn earlier(d: &Desk, t: &TicketView, q: &QuoteView) -> Vec<Block> {
    let lang = d.lang;
    if q.earlier_jobs.is_empty() {
        return Vec::new();
    }
    let days = t.limits.split / DAY;
    let sum: Fen = q.earlier_jobs.iter().map(|j| j.amount).sum();
    vec![
        Block::Heading(tr!(lang, "同一处以前的费用", "Earlier costs at this spot").to_owned()),
        Block::Paragraph(trf!(lang, "同一处 {days} 天内的费用合在一起算。", "Costs at one spot within {days} days are added up.")),
        Block::Table(Table {
            columns: vec![
                Column::words(tr!(lang, "报修编号", "Ticket"), 2),
                Column::words(tr!(lang, "同意日期", "Approved"), 2),
                Column::number(tr!(lang, "金额（元）", "Yuan"), 2),
            ],
            rows: q.earlier_jobs.iter().map(|j| vec![j.number.clone(), day(j.at, d.offset), j.amount.to_string()]).collect(),
            total: vec![tr!(lang, "合计", "Total").to_owned(), String::new(), sum.to_string()],
        }),
    ]
}

fn photos(d: &Desk, t: &TicketView) -> Vec<Block> {
    let lang = d.lang;
    if t.photos.is_empty() {
        return Vec::new();
    }
    let rows = t
        .photos
        .iter()
        .enumerate()
        .map(|(i, p)| {
            let (n, spot) = (i + 1, p.spot + 1);
            let when = if p.after { tr!(lang, "修好后", "after") } else { tr!(lang, "上报时", "before") };
            vec![n.to_string(), trf!(lang, "第 {spot} 处", "spot {spot}"), when.to_owned(), day(p.at, d.offset)]
        })
        .collect();
    vec![
        Block::Heading(tr!(lang, "照片（扫码在线看）", "Photos (scan to see them)").to_owned()),
        Block::Table(Table {
            columns: vec![
                Column::words("#", 1),
                Column::words(tr!(lang, "哪一处", "Spot"), 2),
                Column::words(tr!(lang, "什么时候", "When"), 2),
                Column::words(tr!(lang, "日期", "Date"), 2),
            ],
            rows,
            total: vec![],
        }),
    ]
}
