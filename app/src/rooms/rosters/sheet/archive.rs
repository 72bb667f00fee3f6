//! Unpacking a file from outside with a limit on what it may become.
//!
//! An .xlsx is a ZIP archive. Its directory may lie about sizes, and the reader of sheets reserves what a sheet
//! claims to hold, so a file of 1 KB could ask for all the memory there is. Here every part is unpacked under one
//! limit and checked, and the sheet reader gets a plain archive that holds no more than that.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Why an archive was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveError {
    /// Cut off, damaged, encrypted, or no archive at all.
    Broken,
    /// It would unpack to more than the limit.
    TooLarge,
}

use ArchiveError::{Broken, TooLarge};

/// Parts of an archive that are looked at.
const PARTS_MAX: usize = 2_000;

/// Unpacks the XML parts of an .xlsx within `limit` bytes and packs them again without compression.
///
/// # Errors
/// [`ArchiveError`].
pub fn repack(bytes: &[u8], limit: usize) -> Result<Vec<u8>, ArchiveError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Broken)?;
    if archive.len() > PARTS_MAX {
        return Err(TooLarge);
    }
    let mut plain = ZipWriter::new(Cursor::new(Vec::new()));
    let mut seen = BTreeSet::new();
    let mut left = limit;
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|_| Broken)?;
        let name = part.name().map_err(|_| Broken)?.into_owned();
        // Pictures, macros and printer settings say nothing about who owns what.
        if !is_xml(&name) || !seen.insert(name.clone()) {
            continue;
        }
        let part = unpack(part, &name, left)?;
        left -= part.len();
        add(&mut plain, &name, &part)?;
    }
    plain.finish().map(Cursor::into_inner).map_err(|_| Broken)
}

fn is_xml(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".xml") || name.ends_with(".rels")
}

/// Reads one part, whatever size it claims, and no further than `left`. The reader checks its sum at the end.
fn unpack(part: impl Read, name: &str, left: usize) -> Result<Vec<u8>, ArchiveError> {
    let mut content = Vec::new();
    part.take(left as u64 + 1).read_to_end(&mut content).map_err(|_| Broken)?;
    if content.len() > left {
        return Err(TooLarge);
    }
    // UTF-16 would hide the claims below from this check.
    if [&[0xFF, 0xFE], &[0xFE, 0xFF], b"<\0", b"\0<"].iter().any(|mark: &&[u8; 2]| content.starts_with(&mark[..])) {
        return Err(Broken);
    }
    if name.to_ascii_lowercase().ends_with("sharedstrings.xml") {
        forget_claim(&mut content);
    }
    Ok(content)
}

/// The reader reserves as many texts as `uniqueCount` claims. It is only a hint: without it the same is read.
fn forget_claim(part: &mut [u8]) {
    let head = part.windows(3).position(|w| w == b"<si").unwrap_or(part.len());
    let claim = b"uniqueCount";
    while let Some(at) = part[..head].windows(claim.len()).position(|w| w == claim) {
        part[at..at + claim.len()].copy_from_slice(b"ignoreCount");
    }
}

fn add(archive: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, part: &[u8]) -> Result<(), ArchiveError> {
    archive.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored)).map_err(|_| Broken)?;
    archive.write_all(part).map_err(|_| Broken)
}

/// For tests: an archive of these parts, without compression.
#[cfg(test)]
pub fn archive_of(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        add(&mut archive, name, part.as_bytes()).expect("small parts fit");
    }
    archive.finish().expect("finishes").into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn deflated(name: &str, part: &[u8]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)).expect("starts");
        archive.write_all(part).expect("writes");
        archive.finish().expect("finishes").into_inner()
    }

    #[test]
    fn what_is_packed_is_unpacked_within_the_limit() {
        let text = "12号楼 ".repeat(4_000);
        let zip = deflated("a.xml", text.as_bytes());
        assert!(zip.len() < 500, "a small file that becomes a large one");
        assert_eq!(repack(&zip, 100_000), Ok(archive_of(&[("a.xml", &text)])));
        assert_eq!(repack(&zip, text.len() - 1), Err(TooLarge));
    }

    #[test]
    fn a_directory_that_lies_changes_nothing() {
        let zip = deflated("a.xml", "1".repeat(5_000).as_bytes());
        let index = zip.windows(4).rposition(|w| w == b"PK\x01\x02").expect("a directory");
        let mut small = zip.clone();
        small[index + 24..index + 28].copy_from_slice(&10u32.to_le_bytes());
        assert!(repack(&small, 1_000).is_err(), "it claims ten bytes and holds five thousand");
        let mut wrong_sum = zip;
        wrong_sum[index + 16] ^= 1;
        assert_eq!(repack(&wrong_sum, 10_000), Err(Broken));
    }

    #[test]
    fn the_limit_holds_for_all_parts_together() {
        let zip = archive_of(&[("a.xml", "12345"), ("b.rels", "12345"), ("c.png", "1234567890")]);
        assert_eq!(repack(&zip, 10), Ok(archive_of(&[("a.xml", "12345"), ("b.rels", "12345")])));
        assert_eq!(repack(&zip, 9), Err(TooLarge));
    }

    #[test]
    fn the_claim_of_shared_texts_is_not_believed() {
        let zip = archive_of(&[("xl/sharedStrings.xml", "<sst uniqueCount='99999999999'><si><t>uniqueCount</t></si></sst>")]);
        assert_eq!(repack(&zip, 1_000), Ok(archive_of(&[("xl/sharedStrings.xml", "<sst ignoreCount='99999999999'><si><t>uniqueCount</t></si></sst>")])));
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_without_a_panic(stream in proptest::collection::vec(any::<u8>(), 0..200), cut in 0usize..400, flip in 0usize..400) {
            let mut zip = deflated("a.xml", &stream);
            let at = flip % zip.len();
            zip[at] ^= 0x55;
            let _ = repack(&zip, 10_000);
            zip.truncate(cut.min(zip.len()));
            let _ = repack(&zip, 10_000);
            let _ = repack(&stream, 10_000);
        }

        #[test]
        fn packing_and_unpacking_change_nothing(text in "\\PC{0,200}") {
            let zip = archive_of(&[("a.xml", &text)]);
            prop_assert_eq!(repack(&zip, 10_000), Ok(zip));
        }
    }
}
