//! Unpacking a file from outside with a limit on what it may become.
//!
//! An .xlsx is a ZIP archive. Its directory may lie about sizes, and the reader of sheets reserves what a sheet
//! claims to hold, so a file of 1 KB could ask for all the memory there is. Here every part is unpacked under one
//! limit and checked, and the sheet reader gets a plain archive that holds no more than that.

use std::collections::BTreeMap;

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
    let mut parts: BTreeMap<&[u8], Vec<u8>> = BTreeMap::new();
    let mut left = limit;
    for entry in directory(bytes)? {
        let name = entry.name.to_ascii_lowercase();
        // Pictures, macros and printer settings say nothing about who owns what.
        if !(name.ends_with(b".xml") || name.ends_with(b".rels")) || parts.contains_key(entry.name) {
            continue;
        }
        let mut part = unpack(bytes, &entry, left)?;
        left -= part.len();
        // UTF-16 would hide the claims below from this check.
        if part.starts_with(&[0xFF, 0xFE]) || part.starts_with(&[0xFE, 0xFF]) || part.starts_with(&[b'<', 0]) || part.starts_with(&[0, b'<']) {
            return Err(Broken);
        }
        if name.ends_with(b"sharedstrings.xml") {
            forget_claim(&mut part);
        }
        parts.insert(entry.name, part);
    }
    pack(&parts)
}

/// The reader reserves as many texts as `uniqueCount` claims. It is only a hint: without it the same is read.
fn forget_claim(part: &mut [u8]) {
    let head = part.windows(3).position(|w| w == b"<si").unwrap_or(part.len());
    let claim = b"uniqueCount";
    while let Some(at) = part[..head].windows(claim.len()).position(|w| w == claim) {
        part[at..at + claim.len()].copy_from_slice(b"ignoreCount");
    }
}

struct Entry<'a> {
    name: &'a [u8],
    deflated: bool,
    crc: u32,
    packed: usize,
    at: usize,
}

fn u16_at(bytes: &[u8], at: usize) -> Result<usize, ArchiveError> {
    let b = bytes.get(at..at.saturating_add(2)).ok_or(Broken)?;
    Ok(usize::from(b[0]) | usize::from(b[1]) << 8)
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, ArchiveError> {
    match bytes.get(at..at.saturating_add(4)) {
        Some(&[a, b, c, d]) => Ok(u32::from_le_bytes([a, b, c, d])),
        _ => Err(Broken),
    }
}

fn slice(bytes: &[u8], at: usize, len: usize) -> Result<&[u8], ArchiveError> {
    bytes.get(at..at.checked_add(len).ok_or(Broken)?).ok_or(Broken)
}

/// The entries of the central directory, which ends the file.
fn directory(bytes: &[u8]) -> Result<Vec<Entry<'_>>, ArchiveError> {
    let from = bytes.len().saturating_sub(65_557);
    let end = from + bytes[from..].windows(4).rposition(|w| w == b"PK\x05\x06").ok_or(Broken)?;
    let count = u16_at(bytes, end + 10)?;
    if count > PARTS_MAX {
        return Err(TooLarge);
    }
    let mut at = u32_at(bytes, end + 16)? as usize;
    let mut entries = Vec::new();
    for _ in 0..count {
        let (flags, method) = (u16_at(bytes, at + 8)?, u16_at(bytes, at + 10)?);
        if slice(bytes, at, 4)? != b"PK\x01\x02" || flags & 1 != 0 || !matches!(method, 0 | 8) {
            return Err(Broken);
        }
        let (name_len, extra_len, note_len) = (u16_at(bytes, at + 28)?, u16_at(bytes, at + 30)?, u16_at(bytes, at + 32)?);
        let extra = slice(bytes, at + 46 + name_len, extra_len)?;
        let (packed, offset) = wide(extra, u32_at(bytes, at + 24)?, u32_at(bytes, at + 20)?, u32_at(bytes, at + 42)?)?;
        entries.push(Entry { name: slice(bytes, at + 46, name_len)?, deflated: method == 8, crc: u32_at(bytes, at + 16)?, packed, at: offset });
        at += 46 + name_len + extra_len + note_len;
    }
    Ok(entries)
}

/// The packed size and the offset, from the ZIP64 field where the short ones are full: some programs write it for
/// small files too.
fn wide(mut extra: &[u8], plain: u32, packed: u32, offset: u32) -> Result<(usize, usize), ArchiveError> {
    if packed != u32::MAX && offset != u32::MAX {
        return Ok((packed as usize, offset as usize));
    }
    while !extra.is_empty() {
        let (id, len) = (u16_at(extra, 0)?, u16_at(extra, 2)?);
        let mut field = slice(extra, 4, len)?;
        extra = &extra[4 + len..];
        if id != 1 {
            continue;
        }
        let mut next = |short: u32| -> Result<usize, ArchiveError> {
            if short != u32::MAX {
                return Ok(short as usize);
            }
            let (low, high) = (u32_at(field, 0)?, u32_at(field, 4)?);
            field = &field[8..];
            if high == 0 { Ok(low as usize) } else { Err(Broken) }
        };
        next(plain)?;
        return Ok((next(packed)?, next(offset)?));
    }
    Err(Broken)
}

fn unpack(bytes: &[u8], entry: &Entry<'_>, limit: usize) -> Result<Vec<u8>, ArchiveError> {
    if slice(bytes, entry.at, 4)? != b"PK\x03\x04" {
        return Err(Broken);
    }
    let data = entry.at + 30 + u16_at(bytes, entry.at + 26)? + u16_at(bytes, entry.at + 28)?;
    let packed = slice(bytes, data, entry.packed)?;
    let part = if entry.deflated {
        inflate(packed, limit)?
    } else if packed.len() <= limit {
        packed.to_vec()
    } else {
        return Err(TooLarge);
    };
    if crc32(&part) == entry.crc { Ok(part) } else { Err(Broken) }
}

/// Bits of a deflate stream (RFC 1951), lowest first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    held: u32,
    count: u32,
}

impl Bits<'_> {
    fn take(&mut self, n: u32) -> Result<usize, ArchiveError> {
        while self.count < n {
            self.held |= u32::from(*self.bytes.get(self.at).ok_or(Broken)?) << self.count;
            self.at += 1;
            self.count += 8;
        }
        let taken = self.held & ((1 << n) - 1);
        self.held >>= n;
        self.count -= n;
        Ok(taken as usize)
    }
}

/// A canonical Huffman code: how many symbols there are of each length, and the symbols in the order of their codes.
struct Huffman {
    counts: [usize; 16],
    symbols: Vec<usize>,
}

impl Huffman {
    fn new(lengths: &[usize]) -> Result<Self, ArchiveError> {
        let mut counts = [0; 16];
        for length in lengths {
            counts[*length] += 1;
        }
        counts[0] = 0;
        let mut free = 1usize;
        for count in &counts[1..] {
            free = (free * 2).checked_sub(*count).ok_or(Broken)?;
        }
        let mut symbols: Vec<usize> = (0..lengths.len()).filter(|s| lengths[*s] > 0).collect();
        symbols.sort_by_key(|s| (lengths[*s], *s));
        Ok(Self { counts, symbols })
    }

    fn read(&self, bits: &mut Bits<'_>) -> Result<usize, ArchiveError> {
        let (mut code, mut first, mut before) = (0, 0, 0);
        for count in &self.counts[1..] {
            code |= bits.take(1)?;
            if code < first + count {
                return self.symbols.get(before + code - first).copied().ok_or(Broken);
            }
            before += count;
            first = (first + count) * 2;
            code *= 2;
        }
        Err(Broken)
    }
}

const LENGTHS: [usize; 29] = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_BITS: [u32; 29] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES: [usize; 30] = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12_289, 16_385, 24_577];
const DISTANCE_BITS: [u32; 30] = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Unpacks a deflate stream of at most `limit` bytes.
fn inflate(packed: &[u8], limit: usize) -> Result<Vec<u8>, ArchiveError> {
    let mut bits = Bits { bytes: packed, at: 0, held: 0, count: 0 };
    let mut out = Vec::new();
    loop {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => stored(&mut bits, &mut out, limit)?,
            1 => {
                let literals: Vec<usize> = (0..288)
                    .map(|s| {
                        if s < 144 {
                            8
                        } else if s < 256 {
                            9
                        } else if s < 280 {
                            7
                        } else {
                            8
                        }
                    })
                    .collect();
                block(&mut bits, &Huffman::new(&literals)?, &Huffman::new(&[5; 30])?, &mut out, limit)?;
            }
            2 => {
                let (literals, distances) = codes(&mut bits)?;
                block(&mut bits, &literals, &distances, &mut out, limit)?;
            }
            _ => return Err(Broken),
        }
        if last {
            return Ok(out);
        }
    }
}

fn stored(bits: &mut Bits<'_>, out: &mut Vec<u8>, limit: usize) -> Result<(), ArchiveError> {
    (bits.held, bits.count) = (0, 0);
    let (len, check) = (u16_at(bits.bytes, bits.at)?, u16_at(bits.bytes, bits.at + 2)?);
    if len != !check & 0xFFFF {
        return Err(Broken);
    }
    if out.len() + len > limit {
        return Err(TooLarge);
    }
    out.extend_from_slice(slice(bits.bytes, bits.at + 4, len)?);
    bits.at += 4 + len;
    Ok(())
}

/// The two codes of a dynamic block, themselves packed.
fn codes(bits: &mut Bits<'_>) -> Result<(Huffman, Huffman), ArchiveError> {
    let (literals, distances, given) = (bits.take(5)? + 257, bits.take(5)? + 1, bits.take(4)? + 4);
    if literals > 286 || distances > 30 {
        return Err(Broken);
    }
    let mut lengths = [0; 19];
    for place in &CODE_ORDER[..given] {
        lengths[*place] = bits.take(3)?;
    }
    let code = Huffman::new(&lengths)?;
    let mut lengths: Vec<usize> = Vec::new();
    while lengths.len() < literals + distances {
        let (value, times) = match code.read(bits)? {
            16 => (*lengths.last().ok_or(Broken)?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length, 1),
        };
        lengths.extend(std::iter::repeat_n(value, times));
    }
    if lengths.len() > literals + distances {
        return Err(Broken);
    }
    Ok((Huffman::new(&lengths[..literals])?, Huffman::new(&lengths[literals..])?))
}

fn block(bits: &mut Bits<'_>, literals: &Huffman, distances: &Huffman, out: &mut Vec<u8>, limit: usize) -> Result<(), ArchiveError> {
    loop {
        match literals.read(bits)? {
            256 => return Ok(()),
            symbol if symbol < 256 => {
                if out.len() >= limit {
                    return Err(TooLarge);
                }
                out.push(u8::try_from(symbol).map_err(|_| Broken)?);
            }
            symbol => {
                let len = LENGTHS.get(symbol - 257).ok_or(Broken)? + bits.take(LENGTH_BITS[symbol - 257])?;
                let symbol = distances.read(bits)?;
                let back = DISTANCES.get(symbol).ok_or(Broken)? + bits.take(DISTANCE_BITS[symbol])?;
                let from = out.len().checked_sub(back).ok_or(Broken)?;
                if out.len() + len > limit {
                    return Err(TooLarge);
                }
                for i in from..from + len {
                    out.push(out[i]);
                }
            }
        }
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut n = 0;
        while n < 256 {
            let (mut c, mut bit) = (n as u32, 0);
            while bit < 8 {
                c = if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 };
                bit += 1;
            }
            table[n] = c;
            n += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |crc: u32, b| TABLE[((crc ^ u32::from(*b)) & 0xFF) as usize] ^ (crc >> 8))
}

/// An archive without compression.
fn pack(parts: &BTreeMap<&[u8], Vec<u8>>) -> Result<Vec<u8>, ArchiveError> {
    let (mut out, mut index) = (Vec::new(), Vec::new());
    for (name, part) in parts {
        let offset = u32::try_from(out.len()).map_err(|_| TooLarge)?;
        let size = u32::try_from(part.len()).map_err(|_| TooLarge)?;
        // Version 2.0, no flags, stored, 1980-01-01.
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 33, 0];
        for n in [crc32(part), size, size] {
            common.extend(n.to_le_bytes());
        }
        common.extend(u16::try_from(name.len()).map_err(|_| Broken)?.to_le_bytes());
        common.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(*name);
        out.extend(part);
        index.extend(b"PK\x01\x02\x14\0");
        index.extend(&common);
        index.extend([0; 10]);
        index.extend(offset.to_le_bytes());
        index.extend(*name);
    }
    let (count, offset) = (u16::try_from(parts.len()).map_err(|_| TooLarge)?, u32::try_from(out.len()).map_err(|_| TooLarge)?);
    let size = u32::try_from(index.len()).map_err(|_| TooLarge)?;
    out.append(&mut index);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(offset.to_le_bytes());
    out.extend([0, 0]);
    Ok(out)
}

/// For tests: an archive of these parts, without compression.
#[cfg(test)]
pub fn archive_of(parts: &[(&str, &str)]) -> Vec<u8> {
    pack(&parts.iter().map(|(name, part)| (name.as_bytes(), part.as_bytes().to_vec())).collect()).expect("small parts fit")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An archive whose one part is a deflate stream.
    fn deflated(stream: &[u8], crc: u32) -> Vec<u8> {
        let mut zip = archive_of(&[("a.xml", "")]);
        let at = 30 + 5;
        zip.splice(at..at, stream.iter().copied());
        let len = u32::try_from(stream.len()).expect("short").to_le_bytes();
        let index = at + stream.len();
        zip[index + 10] = 8;
        zip[index + 16..index + 20].copy_from_slice(&crc.to_le_bytes());
        zip[index + 20..index + 24].copy_from_slice(&len);
        let end = zip.len() - 6;
        zip[end..end + 4].copy_from_slice(&u32::try_from(index).expect("short").to_le_bytes());
        zip
    }

    // Made with zlib: "12号楼 " forty times over (fixed code), and the squares of 0..200 (dynamic code).
    const FIXED: &str = "33347adabffdd9d23d0a86a30c5a3200";
    const DYNAMIC: &str = concat!(
        "25934902042108033fe4411641feffb1aed8976946594212f7b2956b96d5f2b3a256ceaa5cd796edbdccf966724bc690428e1fbe775678924f3579997c6faee3b34ed72af28a",
        "6ff3bf39bfdc0f7953ea4ba16d3a98d1cad4d39ce6169a921a7734b704a084a4416437850184be85c284d8f72c8f9dcb731bc8a8f052d43abbba1df24215417f810679d02f92",
        "cea119d14c8bcbdc1810e4064b0a5506f832419a05e66c6dab35ce669f635a38b43137eb68e7d38a86b3dadc5265b049451d6aabe952977ebd8fc8a1a299b9fa30b71b043d60",
        "b9a2fe3af86e4a8b02f3bda01fed4106112861932de7eea795c8dafee2dc22b8c8806692cd5467e6a138c5a39528b52b76fd573ac4b91fd1ef2d257c9e284f9fc8f304926a31",
        "1230ad9e37540b4ac5f74a3aeaf80d88b0c7899dabb8de798572eae597a8b47e7d3ad5b35fff1ecdba6f2ea22b7e78660bdb3c9cf3cc31c2cfceece25b7bf96e19c47e87842c",
        "62e2c1558c5dc48fff3671f1e6613a8f7c3e6ae5e7abcd509f14f33846fd8ff4c0fbaa3d52c95197f392760e70f29fa2de472fa4a5b3b3858c28f57933aa1d79c2e7c00304c3",
        "09e66c59545cc51ec52657819e9c70790ddbcaa82e0746985e5ec89711b4c6ca9a8b44a3581e8e13b2f379ce2ee98be59fdfafacdfef1574e941dcf73678a08af5629077bfa7",
        "b0ed03",
    );

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len() / 2).filter_map(|i| u8::from_str_radix(&hex[i * 2..i * 2 + 2], 16).ok()).collect()
    }

    #[test]
    fn streams_of_zlib_are_unpacked() {
        let squares: Vec<String> = (0..200).map(|n: u32| (n * n).to_string()).collect();
        for (hex, plain) in [(FIXED, "12号楼 ".repeat(40)), (DYNAMIC, squares.join(","))] {
            assert_eq!(inflate(&bytes(hex), 100_000).map(|b| String::from_utf8_lossy(&b).into_owned()), Ok(plain.clone()));
            assert_eq!(inflate(&bytes(hex), plain.len() - 1), Err(TooLarge));
            assert_eq!(repack(&deflated(&bytes(hex), crc32(plain.as_bytes())), 100_000), Ok(archive_of(&[("a.xml", &plain)])));
            assert_eq!(repack(&deflated(&bytes(hex), 1), 100_000), Err(Broken), "a wrong checksum");
        }
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
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
            let _ = inflate(&stream, 10_000);
            let mut zip = deflated(&stream, 0);
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
