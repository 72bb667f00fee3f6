//! The documents of a project: the plan that is shown, each inspection, the acceptance, each payment.

use super::model::{InspectionView, PaymentView, Source, View};
use super::pages::{day, paid_part, share, signed};
use super::party::Party;
use super::rules::Step;
use crate::i18n::Lang;
use crate::measure::{Fen, Time};
use crate::rooms::documents::model::{Block, Column, Document, Proof, Table};
use crate::{tr, trf};

/// What every document of a project needs to know.
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
    fn document(&self, v: &View, title: &str, number: String, blocks: Vec<Block>, sign_lines: Vec<String>) -> Document {
        Document {
            title: title.to_owned(),
            number,
            community: self.community.clone(),
            subtitle: v.row.title.clone(),
            blocks,
            sign_lines,
            address: format!("/c/{}/projects/{}", self.slug, v.row.number),
            proof: self.proof.clone(),
            made_at: self.now,
        }
    }

    fn yuan(&self, amount: Fen) -> String {
        trf!(self.lang, "{amount} 元", "{amount} yuan")
    }
}

fn fact(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// 《专项工程方案公示》; none before it is shown.
pub fn plan(d: &Desk, v: &View) -> Option<Document> {
    let lang = d.lang;
    let (from, until) = v.shown?;
    let source = match &v.plan.source {
        Source::Fund { number } => trf!(lang, "维修资金 {number}", "maintenance fund {number}"),
        Source::CommonIncome => tr!(lang, "公共收益", "common income").to_owned(),
        Source::Other { words } => words.clone(),
    };
    let mut facts = vec![
        fact(tr!(lang, "为什么做", "Why"), v.plan.why.clone()),
        fact(tr!(lang, "做什么、在哪里", "What and where"), v.plan.works.clone()),
        fact(tr!(lang, "地点", "Places"), v.places.join(tr!(lang, "、", ", "))),
        fact(tr!(lang, "资金来源", "Source"), source),
        fact(tr!(lang, "预算", "Budget"), d.yuan(v.row.budget)),
        fact(tr!(lang, "公示", "On show"), format!("{} — {}", day(from, d.offset), day(until, d.offset))),
    ];
    facts.extend(v.plan.assets.iter().map(|a| {
        let (replaced, added) = (a.replaced, a.added);
        fact(&a.kind, trf!(lang, "替换 {replaced}，新增 {added}", "{replaced} replaced, {added} added"))
    }));
    facts.retain(|(_, value)| !value.is_empty());
    let budget = Table {
        columns: vec![Column::words(tr!(lang, "预算项目", "Budget line"), 4), Column::number(tr!(lang, "金额（元）", "Yuan"), 2)],
        rows: v.plan.lines.iter().map(|l| vec![l.name.clone(), l.amount.to_string()]).collect(),
        total: vec![tr!(lang, "合计", "Total").to_owned(), v.row.budget.to_string()],
    };
    let milestones = Table {
        columns: vec![Column::words(tr!(lang, "节点", "Milestone"), 4), Column::words(tr!(lang, "日期", "Due"), 2), Column::number(tr!(lang, "付款比例", "Share"), 1)],
        rows: v.plan.milestones.iter().map(|m| vec![m.name.clone(), m.due.clone(), format!("{} %", m.share)]).collect(),
        total: vec![],
    };
    let blocks = vec![
        Block::Facts(facts),
        Block::Table(budget),
        Block::Heading(tr!(lang, "节点", "Milestones").to_owned()),
        Block::Table(milestones),
        Block::Heading(tr!(lang, "专项工作组", "Working group").to_owned()),
        Block::Facts(v.group.iter().map(|(party, who, _)| fact(party.label(lang), who.clone())).collect()),
        Block::Paragraph(
            tr!(lang, "对方案有意见的，请在公示期内到居委会、业委会或物业提出。", "Whoever has an opinion gives it to the committees or the property company while it is on show.")
                .to_owned(),
        ),
    ];
    Some(d.document(v, tr!(lang, "专项工程方案公示", "Plan of a project"), v.row.number.clone(), blocks, vec![]))
}

/// The record of one inspection.
pub fn inspection(d: &Desk, v: &View, i: &InspectionView) -> Document {
    let lang = d.lang;
    let of = i.milestone.and_then(|n| v.milestones.iter().find(|m| m.n == n)).map_or_else(|| tr!(lang, "巡查", "in between").to_owned(), |m| format!("{}. {}", m.n, m.name));
    let (failed, judged) = (i.failed(), i.judged());
    let good = judged - failed;
    let facts = vec![
        fact(tr!(lang, "日期", "Date"), day(i.at, d.offset)),
        fact(tr!(lang, "检查节点", "Milestone"), of),
        fact(tr!(lang, "合格", "Passed"), format!("{good} / {judged}")),
        fact(tr!(lang, "已签字", "Signed"), signed(lang, &i.signatures)),
    ];
    let rows = (1..).zip(&i.items).map(|(n, (name, item)): (i64, _)| vec![n.to_string(), name.clone(), item.verdict.label(lang).to_owned(), item.note.clone()]).collect();
    let table = Table {
        columns: vec![
            Column::number("#", 1),
            Column::words(tr!(lang, "检查内容", "Item"), 5),
            Column::words(tr!(lang, "结果", "Result"), 2),
            Column::words(tr!(lang, "说明", "Notes"), 5),
        ],
        rows,
        total: vec![],
    };
    let blocks = vec![Block::Facts(facts), Block::Table(table), Block::Paragraph(i.words.clone())];
    let lines = Party::FOUR.map(|p| p.label(lang).to_owned()).to_vec();
    d.document(v, tr!(lang, "专项工程检查记录", "Inspection of works"), format!("{}-J{:02}", v.row.number, i.n), blocks, lines)
}

/// 验收单; none before the acceptance is concluded.
pub fn acceptance(d: &Desk, v: &View) -> Option<Document> {
    let lang = d.lang;
    let taken = v.taken.iter().find(|t| t.step == Some(Step::Accept))?;
    let contract = v.contract.as_ref()?;
    let facts = vec![
        fact(tr!(lang, "施工单位", "Contractor"), contract.contractor.clone()),
        fact(tr!(lang, "合同", "Contract"), format!("{} · {}", contract.number, d.yuan(contract.amount))),
        fact(tr!(lang, "验收日期", "Accepted"), day(taken.at, d.offset)),
        fact(tr!(lang, "保修到", "Warranty until"), contract.warranty.clone()),
        fact(tr!(lang, "检查", "Inspections"), v.inspections.len().to_string()),
        fact(tr!(lang, "整改", "Defects"), format!("{} / {}", v.defects.iter().filter(|x| x.closed.is_some()).count(), v.defects.len())),
        fact(tr!(lang, "牵头", "Led by"), taken.who.clone()),
    ];
    let rows = v.sign_offs.iter().map(|s| vec![s.party.label(lang).to_owned(), s.who.clone(), day(s.at, d.offset), s.words.clone()]).collect();
    let table = Table {
        columns: vec![
            Column::words(tr!(lang, "代表", "For"), 2),
            Column::words(tr!(lang, "签字人", "Signed by"), 2),
            Column::words(tr!(lang, "日期", "Date"), 2),
            Column::words(tr!(lang, "意见", "Words"), 6),
        ],
        rows,
        total: vec![],
    };
    let blocks = vec![Block::Facts(facts), Block::Heading(tr!(lang, "验收结论", "Conclusion").to_owned()), Block::Paragraph(taken.words.clone()), Block::Table(table)];
    let lines = Party::ALL.map(|p| p.label(lang).to_owned()).to_vec();
    Some(d.document(v, tr!(lang, "专项工程验收单", "Acceptance of works"), v.row.number.clone(), blocks, lines))
}

/// The record of one payment.
pub fn payment(d: &Desk, v: &View, p: &PaymentView) -> Document {
    let lang = d.lang;
    let before: Fen = v.payments.iter().filter(|x| x.n <= p.n).map(|x| x.amount).sum();
    let contract = v.row.contracted.unwrap_or_default();
    let mut facts = vec![
        fact(tr!(lang, "付款日期", "Date"), day(p.at, d.offset)),
        fact(tr!(lang, "哪一笔", "What for"), paid_part(lang, v, p)),
        fact(tr!(lang, "金额", "Amount"), d.yuan(p.amount)),
        fact(tr!(lang, "说明", "In words"), p.words.clone()),
        fact(tr!(lang, "凭证号", "Voucher"), p.voucher.clone()),
        fact(tr!(lang, "公共收益账编号", "Entry of common income"), p.entry.clone().unwrap_or_default()),
        fact(tr!(lang, "收款单位", "Paid to"), v.contract.as_ref().map(|c| c.contractor.clone()).unwrap_or_default()),
        fact(tr!(lang, "累计已付 / 合同", "Paid so far / contract"), share(before, contract)),
    ];
    let seen = p.milestone.and_then(|n| v.inspections.iter().find(|i| i.milestone == Some(n)));
    facts.extend(seen.map(|i| fact(tr!(lang, "节点检查签字", "Inspection signed by"), signed(lang, &i.signatures))));
    facts.retain(|(_, value)| !value.is_empty());
    let lines = vec![tr!(lang, "业委会（章）", "Owners' committee (seal)").to_owned(), tr!(lang, "经办", "Entered by").to_owned()];
    d.document(v, tr!(lang, "专项工程付款记录", "Payment for works"), format!("{}-F{:02}", v.row.number, p.n), vec![Block::Facts(facts)], lines)
}
