//! The draw that anybody can compute again (R5.7): list hash, commitments, seed, keys, order, and who gets what.
//!
//! Every hash is SHA-256 of a UTF-8 text, written as 64 lower-case hexadecimal digits; hashes enter other hashes as that
//! text. Nothing here knows a name, a unit or a plate.

use super::model::{Band, Kind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The first word of the seed: another way to draw would have another one.
pub const SCHEME: &str = "XHJY-PARK-v1";

/// SHA-256 of a text, in lower-case hexadecimal digits.
pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// One line of a frozen list: `id|band|wait|need`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Entry {
    /// The application's code in this round: it names nobody.
    pub id: String,
    /// The band, which comes first.
    pub band: Band,
    /// Rounds without success so far, up to the cap.
    pub wait: i64,
    /// What it needs: 1 an electric car, 2 a disability card, 3 both.
    pub need: i64,
}

impl Entry {
    /// The car is electric.
    pub fn ev(&self) -> bool {
        self.need & 1 == 1
    }

    /// The applicant has a checked disability card.
    pub fn card(&self) -> bool {
        self.need & 2 == 2
    }

    /// The line, without its end.
    pub fn line(&self) -> String {
        format!("{}|{}|{}|{}", self.id, self.band.number(), self.wait, self.need)
    }

    /// Reads [`Entry::line`].
    pub fn read(line: &str) -> Option<Self> {
        let mut parts = line.split('|');
        let (id, band, wait, need) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let entry = Self { id: id.to_owned(), band: Band::from_number(band.parse().ok()?)?, wait: wait.parse().ok()?, need: need.parse().ok()? };
        // Only the one spelling: `01` would be another text with the same meaning.
        (parts.next().is_none() && entry.line() == line && plain_word(id) && (0..=3).contains(&entry.need) && entry.wait >= 0).then_some(entry)
    }
}

/// A word that cannot be mistaken for two: no bar, no blank, no equals sign.
pub fn plain_word(word: &str) -> bool {
    (1..=60).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// The frozen list as it is published: sorted by id, each line ended by a line feed.
pub fn text(entries: &[Entry]) -> String {
    let mut lines: Vec<String> = entries.iter().map(Entry::line).collect();
    lines.sort_by(|a, b| a.split('|').next().cmp(&b.split('|').next()));
    lines.into_iter().map(|line| line + "\n").collect()
}

/// Reads [`text`]; nothing when a line is none.
pub fn read(text: &str) -> Option<Vec<Entry>> {
    text.lines().map(Entry::read).collect()
}

/// What a party posts before anybody reveals anything.
pub fn commitment(round: &str, party: &str, nonce: &str, list_hash: &str) -> String {
    sha256(&format!("{round}|{party}|{nonce}|{list_hash}"))
}

/// The seed. `revealed` are the parties that revealed, with their nonces, in any order.
pub fn seed(round: &str, list_hash: &str, revealed: &[(String, String)], public: &str) -> String {
    let mut parts: Vec<String> = revealed.iter().map(|(party, nonce)| format!("{party}={nonce}")).collect();
    let mut names: Vec<(&String, usize)> = revealed.iter().enumerate().map(|(n, (party, _))| (party, n)).collect();
    names.sort();
    let sorted: Vec<String> = names.into_iter().map(|(_, n)| std::mem::take(&mut parts[n])).collect();
    let all: Vec<&str> = [SCHEME, round, list_hash].into_iter().chain(sorted.iter().map(String::as_str)).chain([public]).collect();
    sha256(&all.join("|"))
}

/// The key of an application.
pub fn key(seed: &str, id: &str) -> String {
    sha256(&format!("{seed}|{id}"))
}

/// An application in the drawn order, with its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ranked {
    /// The line.
    pub entry: Entry,
    /// Its key.
    pub key: String,
}

/// The order: band, then the longer wait, then the key.
pub fn order(seed: &str, entries: &[Entry]) -> Vec<Ranked> {
    let mut all: Vec<Ranked> = entries.iter().map(|e| Ranked { entry: e.clone(), key: key(seed, &e.id) }).collect();
    all.sort_by(|a, b| before(&a.entry, &b.entry).then_with(|| a.key.cmp(&b.key)).then_with(|| a.entry.id.cmp(&b.entry.id)));
    all
}

fn before(a: &Entry, b: &Entry) -> std::cmp::Ordering {
    a.band.cmp(&b.band).then(b.wait.cmp(&a.wait))
}

/// How many bays of each kind a round hands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supply {
    /// For anybody.
    pub plain: usize,
    /// With a charger: for electric cars.
    pub ev: usize,
    /// Accessible: for those with a disability card.
    pub accessible: usize,
}

impl Supply {
    /// All of them.
    pub fn total(self) -> usize {
        self.plain + self.ev + self.accessible
    }

    fn of(&mut self, kind: Kind) -> &mut usize {
        match kind {
            Kind::Plain => &mut self.plain,
            Kind::Ev => &mut self.ev,
            Kind::Accessible => &mut self.accessible,
        }
    }

    fn take(&mut self, kind: Kind) -> Option<Kind> {
        let left = self.of(kind);
        *left = left.checked_sub(1)?;
        Some(kind)
    }
}

/// Whether an application may have a bay of this kind at all (R5.5).
pub fn suits(entry: &Entry, kind: Kind) -> bool {
    match kind {
        Kind::Plain => true,
        Kind::Ev => entry.ev(),
        Kind::Accessible => entry.card(),
    }
}

/// What each of the order gets, in their places; nothing for those who wait. Bays for a need come first (R5.6): a disability
/// card takes an accessible bay while there is one, whatever its place; everybody else is served in the order, an electric
/// car with a bay with a charger while there is one.
pub fn assign(order: &[Ranked], mut supply: Supply) -> Vec<Option<Kind>> {
    let mut got: Vec<Option<Kind>> = order.iter().map(|r| if r.entry.card() { supply.take(Kind::Accessible) } else { None }).collect();
    for (ranked, got) in order.iter().zip(&mut got).filter(|(_, got)| got.is_none()) {
        *got = if ranked.entry.ev() { supply.take(Kind::Ev).or_else(|| supply.take(Kind::Plain)) } else { supply.take(Kind::Plain) };
    }
    got
}

/// Why somebody has their place: how many stand before them, and by which rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The place, from 1.
    pub place: usize,
    /// Before them by an earlier band.
    pub by_band: usize,
    /// Before them in their own band by having waited longer.
    pub by_wait: usize,
    /// Before them by a smaller key.
    pub by_key: usize,
}

/// Explains a place in the order.
pub fn why(order: &[Ranked], id: &str) -> Option<Why> {
    let at = order.iter().position(|r| r.entry.id == id)?;
    let me = &order[at];
    let mut why = Why { place: at + 1, ..Why::default() };
    for other in &order[..at] {
        if other.entry.band != me.entry.band {
            why.by_band += 1;
        } else if other.entry.wait != me.entry.wait {
            why.by_wait += 1;
        } else {
            why.by_key += 1;
        }
    }
    Some(why)
}

/// A party of a draw as it is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committed {
    /// Its name.
    pub party: String,
    /// What it posted.
    pub commitment: String,
    /// What it revealed; nothing when it did not, and then it does not enter the seed.
    pub nonce: Option<String>,
}

/// One line of the published result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The application's code.
    pub id: String,
    /// Its key.
    pub key: String,
    /// The kind of bay; nothing for those who wait.
    pub got: Option<Kind>,
}

/// The published file of a draw: everything that the result follows from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawFile {
    /// [`SCHEME`].
    pub scheme: String,
    /// The round.
    pub round: String,
    /// The frozen list, line by line.
    pub list: Vec<String>,
    /// Its hash.
    pub list_hash: String,
    /// The parties.
    pub parties: Vec<Committed>,
    /// What the public value is.
    pub public_name: String,
    /// When it was to exist, in milliseconds since 1970 UTC.
    pub public_at: i64,
    /// The public value.
    pub public: String,
    /// The seed.
    pub seed: String,
    /// How many bays of each kind.
    pub supply: Supply,
    /// The order with what each got.
    pub order: Vec<Placed>,
}

impl DrawFile {
    /// Computes everything again; answers what differs, in the order in which it is computed.
    pub fn faults(&self) -> Vec<&'static str> {
        let mut faults = Vec::new();
        let lines: String = self.list.iter().map(|l| format!("{l}\n")).collect();
        let entries = read(&lines).unwrap_or_default();
        if self.scheme != SCHEME || entries.len() != self.list.len() || text(&entries) != lines || sha256(&lines) != self.list_hash {
            faults.push("list");
        }
        let broken = |p: &&Committed| p.nonce.as_ref().is_some_and(|nonce| commitment(&self.round, &p.party, nonce, &self.list_hash) != p.commitment);
        if self.parties.iter().any(|p| broken(&p)) {
            faults.push("commitments");
        }
        let revealed: Vec<(String, String)> = self.parties.iter().filter_map(|p| Some((p.party.clone(), p.nonce.clone()?))).collect();
        if seed(&self.round, &self.list_hash, &revealed, &self.public) != self.seed {
            faults.push("seed");
        }
        let order = order(&self.seed, &entries);
        let got = assign(&order, self.supply);
        let placed: Vec<Placed> = order.into_iter().zip(got).map(|(r, got)| Placed { id: r.entry.id, key: r.key, got }).collect();
        if placed != self.order {
            faults.push("order");
        }
        faults
    }
}
