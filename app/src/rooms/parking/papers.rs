//! On paper: the contract of a lease or a pass.

use super::model::{LeaseRow, Right, RoundRow};
use super::pages::{monthly, rules_facts};
use crate::measure::{Fen, Time};
use crate::rooms::documents::model::{Block, Document, Proof};
use crate::tr;
use crate::ui::boot::Boot;

/// The contract.
pub fn contract(boot: &Boot, l: &LeaseRow, round: Option<&RoundRow>, proof: Option<Proof>, now: Time) -> Document {
    let lang = boot.lang;
    let day = |t: Time| t.local(boot.offset()).format("%Y-%m-%d").to_string();
    let what = match l.right {
        Right::Lease => tr!(lang, "{}（{}）", "{} ({})", l.bay, l.kind.label(lang)),
        Right::Pass => tr!(
            lang,
            "不固定车位，凭通行资格停放（车位不在原规划里，不能固定给某一户）",
            "No bay of its own: a pass (bays outside of the original plan are never leased to one home)"
        )
        .to_owned(),
    };
    let total = Fen(l.fee.0 * l.months);
    let mut facts = vec![
        (tr!(lang, "户", "Home").to_owned(), l.unit.clone()),
        (tr!(lang, "车牌", "Plate").to_owned(), l.plate.clone()),
        (tr!(lang, "车位", "Bay").to_owned(), what),
        (tr!(lang, "租期", "Term").to_owned(), tr!(lang, "{} 至 {}，{} 个月", "{} to {}, {} months", day(l.from), day(l.until), l.months)),
        (tr!(lang, "费用", "Fee").to_owned(), tr!(lang, "{}，一期共 {total} 元", "{}, {total} yuan for the term", monthly(lang, l.fee))),
    ];
    if let Some(round) = round {
        facts.push((tr!(lang, "来自", "From").to_owned(), format!("{} {}", round.number, round.title)));
    }
    let mut blocks = vec![Block::Facts(facts), Block::Heading(tr!(lang, "约定", "Terms").to_owned())];
    let fixed = [
        tr!(lang, "费用进公共收益，归全体业主，按季度公布。", "The fee is common income of all owners, published every quarter."),
        tr!(lang, "只停登记的车；换车须是同一户登记、核对过的车。", "Only the registered car; another must be of the same home and checked."),
        tr!(lang, "不得转让、转租、出借牟利；两户对换须双方同意。", "It is not handed on, sublet or lent for money; two holders may change bays when both agree."),
        tr!(lang, "不得占用消防车道、应急通道，不得私拉电线充电。", "Fire lanes and emergency ways stay free; no loose wires for charging."),
    ];
    blocks.extend(fixed.iter().enumerate().map(|(n, words)| Block::Paragraph(format!("{}. {words}", n + 1))));
    if let Some(round) = round {
        blocks.push(Block::Heading(tr!(lang, "这一轮的规则", "Rules of the round").to_owned()));
        blocks.push(Block::Facts(rules_facts(lang, round)));
    }
    let address = round.map_or_else(|| boot.at("/parking"), |r| boot.at(&format!("/parking/{}", r.number)));
    Document {
        title: match l.right {
            Right::Lease => tr!(lang, "车位租用合同", "Lease of a parking bay"),
            Right::Pass => tr!(lang, "停车通行资格约定", "Parking pass"),
        }
        .to_owned(),
        number: l.number.clone(),
        community: boot.community.as_ref().map(|c| c.name.clone()).unwrap_or_default(),
        subtitle: String::new(),
        blocks,
        sign_lines: vec![tr!(lang, "业主大会授权（业委会章）", "For the owners (committee's seal)").to_owned(), tr!(lang, "使用人", "Holder").to_owned()],
        address,
        proof,
        made_at: now,
    }
}
