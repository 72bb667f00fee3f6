//! How a document's parts are laid out, independent of what draws them.

use super::model::{Proof, Table};

/// The widths of a table's columns in thousandths of its whole width; they add up to 1,000.
pub fn widths(table: &Table) -> Vec<u16> {
    let all: u32 = table.columns.iter().map(|c| u32::from(c.share.max(1))).sum();
    let mut widths: Vec<u16> = table.columns.iter().map(|c| u16::try_from(u32::from(c.share.max(1)) * 1_000 / all.max(1)).unwrap_or(0)).collect();
    let rest = 1_000u16.saturating_sub(widths.iter().sum());
    if let Some(last) = widths.last_mut() {
        *last += rest;
    }
    widths
}

/// A hash as people compare it by eye: groups of eight.
pub fn spoken_hash(proof: &Proof) -> String {
    let digits: Vec<char> = proof.hash.chars().collect();
    digits.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::model::Column;
    use super::*;

    #[test]
    fn columns_fill_the_width() {
        let of = |shares: &[u16]| widths(&Table { columns: shares.iter().map(|s| Column::words("", *s)).collect(), ..Table::default() });
        assert_eq!(of(&[1, 1, 2]), [250, 250, 500]);
        assert_eq!(of(&[1, 1, 1]).iter().sum::<u16>(), 1_000);
        assert_eq!(of(&[0]), [1_000]);
        assert!(of(&[]).is_empty());
    }

    #[test]
    fn a_hash_is_read_in_groups() {
        assert_eq!(spoken_hash(&Proof { seq: 1, hash: "0123456789abcdef01".into() }), "01234567 89abcdef 01");
    }
}
