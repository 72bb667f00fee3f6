//! On paper: the sheet for those who score by hand, and the report of a result.

use super::count::{ItemCount, Validity};
use super::model::{Group, Level, Mark, RoundRow, UNKNOWN};
use super::rules::{spoken, spoken_share};
use super::scorers::{Mine, Paper};
use super::store::View;
use super::template::{Template, Who, spoken_halves};
use crate::i18n::Lang;
use crate::measure::Time;
use crate::rooms::documents::model::{Block, Column, Document, Proof, Table};
use crate::rooms::fund::pages::spoken_half;
use crate::ui::boot::Boot;
use crate::{tr, trf};

/// What the five anchors are worth, in per cent.
pub const ANCHORS: [i64; 5] = [100, 80, 60, 30, 0];

/// The anchors in one line: `100 % 无可挑剔 · 80 % …`.
pub fn anchors(template: &Template) -> String {
    ANCHORS.iter().zip(&template.anchors).map(|(percent, words)| format!("{percent} % {words}")).collect::<Vec<_>>().join(" · ")
}

/// An item's name, and that it is for high-rises only.
pub fn item_name(lang: Lang, template: &Template, code: &str) -> String {
    let Some(item) = template.item(code) else { return code.to_owned() };
    let tall = if item.who == Who::HighRise { tr!(lang, "（高层）", " (high-rise)") } else { "" };
    format!("{code} {}{tall}", item.name)
}

/// How an item came to its points, in one line.
pub fn how(lang: Lang, item: &ItemCount, view: &View) -> String {
    if let Some(reading) = &item.reading {
        let (good, all) = (reading.good, reading.all);
        return trf!(lang, "统计 {good} / {all}", "Counted {good} of {all}");
    }
    let [a, b] = [&item.groups[0], &item.groups[1]].map(|g| if g.counts { g.marks.len().to_string() } else { format!("{}*", g.marks.len()) });
    match view.template.item(&item.code).map(|i| i.kind) {
        Some(super::template::Kind::Objective { .. }) => tr!(lang, "没有统计，不计", "Not counted, left out").to_owned(),
        _ if item.points.is_none() => tr!(lang, "样本不足，不计", "Too few marks, left out").to_owned(),
        _ => trf!(lang, "代表 {a} 人，楼组长 {b} 人", "{a} representatives, {b} leaders"),
    }
}

/// Why a round says nothing, if it does.
pub fn void(lang: Lang, view: &View) -> Option<String> {
    let (handed, appointed, percent) = (view.count.handed, view.count.appointed, view.numbers.turnout_percent);
    match view.count.validity {
        Validity::Valid => None,
        Validity::FewScorers => {
            Some(trf!(lang, "本轮无效：应打分 {appointed} 人，交表 {handed} 人，不到 {percent} %。", "Void: {handed} of {appointed} scorers handed in, less than {percent} %."))
        }
        Validity::FewItems => {
            let (full, least) = (spoken_halves(view.count.full), view.numbers.full_points);
            Some(trf!(lang, "本轮无效：有效评分项满分合计 {full} 分，不到 {least} 分。", "Void: the items scored are worth {full} points, less than {least}."))
        }
    }
}

/// A verdict in words: `88.20 良好`.
pub fn verdict(lang: Lang, (total, level): (i64, Level)) -> String {
    format!("{} {}", spoken(total), level.label(lang))
}

/// The scorer's own sheet, to be filled in by hand; its code leads to the page where it is filled in on the phone.
pub fn paper_sheet(boot: &Boot, mine: &Mine, proof: Option<Proof>, now: Time) -> Document {
    let name = boot.me.as_ref().map(|m| m.name.clone()).unwrap_or_default();
    let blank = Blank { row: &mine.row, template: &mine.template, high_rise: mine.high_rise, marks: &mine.marks, name, group: mine.group };
    sheet(boot, &blank, format!("/scoring/{}", mine.row.id), proof, now)
}

/// A sheet for somebody on the roll; its code leads to the page where it is typed in.
pub fn sheet_for(boot: &Boot, paper: &Paper, proof: Option<Proof>, now: Time) -> Document {
    let blank = Blank { row: &paper.row, template: &paper.template, high_rise: paper.high_rise, marks: &[], name: paper.name.clone(), group: paper.group };
    sheet(boot, &blank, format!("/desk/scoring/{}/paper/{}", paper.row.id, paper.person), proof, now)
}

struct Blank<'a> {
    row: &'a RoundRow,
    template: &'a Template,
    high_rise: bool,
    marks: &'a [Mark],
    name: String,
    group: Group,
}

fn sheet(boot: &Boot, mine: &Blank<'_>, address: String, proof: Option<Proof>, now: Time) -> Document {
    let lang = boot.lang;
    let mut blocks = vec![
        Block::Facts(vec![
            (tr!(lang, "打分人", "Scorer").to_owned(), mine.name.clone()),
            (tr!(lang, "身份", "Group").to_owned(), mine.group.label(lang).to_owned()),
            (tr!(lang, "截止", "Until").to_owned(), mine.row.closes_at.local(boot.offset()).format("%Y-%m-%d %H:%M").to_string()),
        ]),
        Block::Paragraph(
            tr!(lang, "每项按半分打，说不准的写“不了解”。低于六成请写一句哪里不好。", "In half points; write “don't know” where you cannot say. A low mark needs a word of why.")
                .to_owned(),
        ),
        Block::Paragraph(anchors(mine.template)),
    ];
    for section in &mine.template.sections {
        let rows: Vec<Vec<String>> = section
            .items
            .iter()
            .filter(|i| mine.template.rated(mine.high_rise).any(|r| r.code == i.code))
            .map(|i| {
                let before = mine.marks.iter().find(|m| m.item == i.code);
                let mark = match before.and_then(|m| m.halves) {
                    Some(UNKNOWN) => tr!(lang, "不了解", "don't know").to_owned(),
                    Some(halves) => spoken_halves(halves),
                    None => String::new(),
                };
                vec![i.code.clone(), i.name.clone(), i.test.clone(), spoken_halves(i.full), mark, before.map(|m| m.remark.clone()).unwrap_or_default()]
            })
            .collect();
        if !rows.is_empty() {
            blocks.push(Block::Heading(format!("{} {}", section.code, section.name)));
            blocks.push(Block::Table(Table {
                columns: vec![
                    Column::words(tr!(lang, "编号", "No."), 2),
                    Column::words(tr!(lang, "评分项", "Item"), 6),
                    Column::words(tr!(lang, "满分标准", "Full marks when"), 6),
                    Column::number(tr!(lang, "满分", "Full"), 2),
                    Column::number(tr!(lang, "打分", "Mark"), 2),
                    Column::words(tr!(lang, "说明", "Remark"), 5),
                ],
                rows,
                total: vec![],
            }));
        }
    }
    Document {
        title: mine.template.name.clone(),
        number: mine.row.number.clone(),
        community: boot.community.as_ref().map(|c| c.name.clone()).unwrap_or_default(),
        subtitle: spoken_half(lang, &mine.row.half),
        blocks,
        sign_lines: vec![tr!(lang, "打分人（签）", "Scorer").to_owned()],
        address,
        proof,
        made_at: now,
    }
}

/// The report of a published result.
pub fn report(lang: Lang, community: String, slug: &str, view: &View, proof: Option<Proof>, now: Time) -> Document {
    let mut blocks = vec![Block::Facts(facts(lang, view))];
    blocks.extend(void(lang, view).map(Block::Paragraph));
    blocks.push(Block::Heading(tr!(lang, "各部分得分", "By section").to_owned()));
    blocks.push(Block::Table(sections(lang, view)));
    blocks.push(Block::Heading(tr!(lang, "各项得分", "By item").to_owned()));
    blocks.push(Block::Table(items(lang, view)));
    if !view.count.deducted.is_empty() || !view.count.vetoes.is_empty() {
        blocks.push(Block::Heading(tr!(lang, "扣分与否决", "Deductions and vetoes").to_owned()));
        blocks.push(Block::Facts(deductions(lang, view)));
    }
    if let Some(appeal) = &view.appeal {
        blocks.push(Block::Heading(tr!(lang, "物业申诉与三方答复", "Appeal and answers").to_owned()));
        blocks.push(Block::Paragraph(appeal.words.clone()));
        blocks.push(Block::Facts(appeal.opinions.iter().map(|(party, yes, words)| (party.label(lang).to_owned(), format!("{}：{words}", upholds(lang, *yes)))).collect()));
    }
    Document {
        title: tr!(lang, "物业考核结果", "Result of scoring").to_owned(),
        number: view.row.number.clone(),
        community,
        subtitle: spoken_half(lang, &view.row.half),
        blocks,
        sign_lines: [tr!(lang, "业委会（章）", "Owners' committee"), tr!(lang, "居委会（章）", "Residents' committee")].map(str::to_owned).to_vec(),
        address: format!("/c/{slug}/scoring/{}", view.row.number),
        proof,
        made_at: now,
    }
}

/// `支持` or `不支持`.
pub fn upholds(lang: Lang, yes: bool) -> &'static str {
    if yes { tr!(lang, "支持申诉", "upheld") } else { tr!(lang, "不支持申诉", "not upheld") }
}

/// Result, turnout and what is paid, as names and values.
pub fn facts(lang: Lang, view: &View) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    if let Some(now) = view.count.verdict() {
        facts.push((tr!(lang, "结果", "Result").to_owned(), verdict(lang, now)));
        if let Some(first) = view.first {
            facts.push((tr!(lang, "申诉前", "Before the appeal").to_owned(), verdict(lang, first)));
        }
        facts.push((tr!(lang, "扣分前", "Before deductions").to_owned(), spoken(view.count.earned)));
    }
    let (handed, appointed) = (view.count.handed, view.count.appointed);
    let rate = crate::rooms::assets::rules::percent(handed, appointed).unwrap_or_default();
    facts.push((tr!(lang, "交表", "Handed in").to_owned(), trf!(lang, "{handed} / {appointed} 人（{rate}）", "{handed} of {appointed} ({rate})")));
    facts.push((tr!(lang, "有效评分项满分", "Full marks of items scored").to_owned(), tr!(lang, "{n} 分", "{n} points", n = spoken_halves(view.count.full))));
    if let (Some((_, level)), true) = (view.count.verdict(), view.retained.0 > 0) {
        let (retained, paid) = (view.retained, view.numbers.paid(view.retained, level));
        facts.push((tr!(lang, "合同留存考核金", "Retained by the contract").to_owned(), trf!(lang, "{retained} 元，应付 {paid} 元", "{retained} yuan, of which {paid} is paid")));
    }
    facts
}

/// The sections as a table.
pub fn sections(lang: Lang, view: &View) -> Table {
    let name = |code: &str| view.template.sections.iter().find(|s| s.code == code).map(|s| s.name.clone()).unwrap_or_default();
    let rows = view.count.sections.iter().map(|s| {
        let (points, share) = s.share.map_or(("—".into(), "—".into()), |share| (spoken(s.points), spoken_share(share)));
        vec![format!("{} {}", s.code, name(&s.code)), spoken_halves(s.full), points, share]
    });
    Table {
        columns: vec![
            Column::words(tr!(lang, "部分", "Section"), 5),
            Column::number(tr!(lang, "满分", "Full"), 2),
            Column::number(tr!(lang, "得分", "Points"), 2),
            Column::number(tr!(lang, "得分率", "Share"), 2),
        ],
        rows: rows.collect(),
        total: vec![
            tr!(lang, "合计", "Total").to_owned(),
            spoken_halves(view.count.full),
            spoken(view.count.sections.iter().map(|s| s.points).sum()),
            spoken_share(view.count.earned),
        ],
    }
}

fn items(lang: Lang, view: &View) -> Table {
    let rows = view.count.items.iter().map(|i| vec![item_name(lang, &view.template, &i.code), spoken_halves(i.full), i.points.map_or("—".into(), spoken), how(lang, i, view)]);
    Table {
        columns: vec![
            Column::words(tr!(lang, "评分项", "Item"), 6),
            Column::number(tr!(lang, "满分", "Full"), 2),
            Column::number(tr!(lang, "得分", "Points"), 2),
            Column::words(tr!(lang, "怎么来的", "How"), 5),
        ],
        rows: rows.collect(),
        total: vec![],
    }
}

/// What was deducted, and vetoes, as names and values.
pub fn deductions(lang: Lang, view: &View) -> Vec<(String, String)> {
    let name = |code: &str| view.template.charge(code).unwrap_or(code).to_owned();
    let taken = view.count.deducted.iter().map(|(code, times, points)| {
        let points = spoken(*points);
        (name(code), trf!(lang, "{times} 次，扣 {points} 分", "{times} times, {points} points"))
    });
    taken.chain(view.count.vetoes.iter().map(|code| (name(code), tr!(lang, "一票否决，不合格", "veto: fail").to_owned()))).collect()
}
