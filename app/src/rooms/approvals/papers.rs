//! A decision on paper: 书面决定, or the minutes of a meeting 会议记录.

use super::model::{Form, MatterView};
use super::pages::{heading, seat};
use super::rules::{spoken, spoken_limit, spoken_stand};
use crate::rooms::documents::model::{Block, Column, Document, Table};
use crate::rooms::fund::pages::day;
use crate::rooms::fund::papers::Desk;
use crate::{tr, trf};

/// The document of a decision, with a line for each member's signature.
pub fn decision(d: &Desk, m: &MatterView) -> Document {
    let lang = d.lang;
    let title = match m.row.form {
        Form::Meeting => tr!(lang, "业主委员会会议记录", "Minutes of the owners' committee"),
        Form::Written => tr!(lang, "业主委员会书面决定", "Written decision of the owners' committee"),
    };
    let mut facts = vec![
        (tr!(lang, "事项", "Matter").to_owned(), heading(lang, &m.row)),
        (tr!(lang, "编号", "About").to_owned(), m.row.subject.clone()),
        (tr!(lang, "金额", "Amount").to_owned(), tr!(lang, "{a} 元", "{a} yuan", a = m.row.amount)),
        (tr!(lang, "提出日期", "Opened").to_owned(), day(m.row.opened_at, d.offset)),
        (tr!(lang, "决定方式", "Form").to_owned(), m.row.form.label(lang).to_owned()),
    ];
    if let Some((at, place)) = &m.meeting {
        let when = at.local(d.offset).format("%Y-%m-%d %H:%M").to_string();
        facts.push((tr!(lang, "会议时间、地点", "Meeting").to_owned(), trf!(lang, "{when}，在{place}", "{when}, {place}")));
        let there = m.members.iter().filter(|s| s.stand.present == Some(true)).map(|s| s.who.clone()).collect::<Vec<_>>().join(tr!(lang, "、", ", "));
        facts.push((tr!(lang, "到会委员", "Present").to_owned(), there));
    }
    facts.push((tr!(lang, "结果", "Outcome").to_owned(), m.row.state.label(lang).to_owned()));
    facts.push((tr!(lang, "计票", "Count").to_owned(), spoken(lang, m.tally, m.row.form)));
    if let Some(cause) = m.row.cause {
        facts.push((tr!(lang, "为什么转业主表决", "Why the owners decide").to_owned(), cause.label(lang).to_owned()));
    }
    if let Some(at) = m.published_at {
        let limit = m.kept.map(|kept| spoken_limit(lang, m.publish_days, kept)).unwrap_or_default();
        facts.push((tr!(lang, "公布日期", "Published").to_owned(), format!("{} {limit}", day(at, d.offset)).trim().to_owned()));
    }
    let rows = m
        .members
        .iter()
        .map(|s| {
            let reason = s.excluded.map_or_else(|| if s.stand.conflict == Some(true) { s.interest.clone() } else { s.reason.clone() }, |e| e.label(lang).to_owned());
            let at = s.at.map(|at| day(at, d.offset)).unwrap_or_default();
            vec![format!("{} {}", s.who, seat(lang, s.role)), spoken_stand(lang, s.stand, m.row.form).to_owned(), reason, at]
        })
        .collect();
    let roll = Block::Table(Table {
        columns: vec![
            Column::words(tr!(lang, "委员", "Member"), 2),
            Column::words(tr!(lang, "意见", "Word"), 2),
            Column::words(tr!(lang, "理由", "Reason"), 5),
            Column::words(tr!(lang, "日期", "Date"), 2),
        ],
        rows,
        total: vec![],
    });
    let signs = m.members.iter().map(|s| tr!(lang, "{who} {seat}（签名）", "{who}, {seat} (signature)", who = s.who, seat = seat(lang, s.role)));
    Document {
        title: title.to_owned(),
        number: m.row.number.clone(),
        community: d.community.clone(),
        subtitle: m.row.title.clone(),
        blocks: vec![Block::Facts(facts), roll],
        sign_lines: signs.chain([tr!(lang, "业主委员会（章）", "Owners' committee (seal)").to_owned()]).collect(),
        address: format!("/c/{}/decisions/{}", d.slug, m.row.number),
        proof: d.proof.clone(),
        made_at: d.now,
    }
}
