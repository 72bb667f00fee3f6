//! The sheets as everybody may have them: without names and remarks, in an order that follows from all of them.

use super::count::Sheet;
use super::model::{Mark, UNKNOWN};
use super::store::{Parts, View};
use super::template::{Kind, spoken_halves};
use crate::context::internal;
use crate::error::AppError;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The sheets in the order of SHA-256 of the round's hash and each sheet's id. Remarks may say who wrote them, so they stay.
pub(super) fn shuffled(hash: &str, parts: &Parts) -> Vec<Sheet> {
    let key = |id: &uuid::Uuid| <[u8; 32]>::from(Sha256::digest(format!("{hash}|{id}")));
    let mut keyed: Vec<([u8; 32], &Sheet)> = parts.people.iter().map(|p| key(&p.1)).zip(&parts.sheets).collect();
    keyed.sort_by_key(|k| k.0);
    let bare = |s: &Sheet| Sheet { marks: s.marks.iter().map(|m| Mark { remark: String::new(), ..m.clone() }).collect(), ..s.clone() };
    keyed.into_iter().map(|(_, sheet)| bare(sheet)).collect()
}

/// A mark as a table shows it: points, `?` for 不了解, nothing where the item does not concern the scorer.
pub fn cell(sheet: &Sheet, item: &str) -> String {
    match sheet.marks.iter().find(|m| m.item == item).and_then(|m| m.halves) {
        Some(UNKNOWN) => "?".into(),
        Some(halves) => spoken_halves(halves),
        None => String::new(),
    }
}

/// The sheets as CSV: one line a sheet, one column an item.
///
/// # Errors
/// [`AppError::Internal`] when it cannot be written.
pub fn csv(view: &View) -> Result<Vec<u8>, AppError> {
    let items: Vec<&str> = view.template.items().filter(|i| i.kind == Kind::Rated).map(|i| i.code.as_str()).collect();
    // A spreadsheet reads UTF-8 only behind this mark.
    let mut writer = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    let head = ["no", "group", "high_rise"].into_iter().chain(items.iter().copied());
    writer.write_record(head).map_err(internal)?;
    for (n, sheet) in (1..).zip(&view.sheets) {
        let first = [n.to_string(), sheet.group.code().to_owned(), u8::from(sheet.high_rise).to_string()];
        writer.write_record(first.into_iter().chain(items.iter().map(|item| cell(sheet, item)))).map_err(internal)?;
    }
    writer.into_inner().map_err(|e| internal(e.error()))
}

/// Everything that the result follows from, for a program that counts it again.
pub fn everything(view: &View) -> Value {
    json!({
        "round": view.row.number,
        "half": view.row.half,
        "hash": view.hash,
        "template": view.template,
        "numbers": view.numbers,
        "appointed": view.count.appointed,
        "sheets": view.sheets,
        "readings": view.readings.iter().map(|r| json!({ "item": r.item, "good": r.good, "all": r.all, "words": r.words, "counted_by_program": r.own })).collect::<Vec<_>>(),
        "deductions": view.count.deducted.iter().map(|(code, times, points)| json!({ "code": code, "times": times, "hundredths": points })).collect::<Vec<_>>(),
        "vetoes": view.count.vetoes,
        "result": {
            "items": view.count.items.iter().map(|i| json!({ "item": i.code, "hundredths": i.points })).collect::<Vec<_>>(),
            "earned_hundredths": view.count.earned,
            "total_hundredths": view.count.verdict().map(|v| v.0),
            "level": view.count.verdict().map(|v| v.1),
        },
        "units": "halves are half points, -1 is 不了解; hundredths are hundredths of a point; targets and floors are hundredths of a per cent",
    })
}
