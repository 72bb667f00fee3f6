//! What pages read of rounds, readings, charges and appeals.

use super::{Level, Party, Plea, Stage};
use crate::ids::PhotoId;
use crate::measure::Time;
use uuid::Uuid;

/// A round in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundRow {
    /// Which one.
    pub id: Uuid,
    /// Its number, e.g. `KH-2026H1`.
    pub number: String,
    /// The half-year.
    pub half: String,
    /// Where it stands.
    pub stage: Stage,
    /// When the scoring began.
    pub opens_at: Time,
    /// When it ends.
    pub closes_at: Time,
    /// When the result was published.
    pub published_at: Option<Time>,
    /// The result, once it is published and says anything.
    pub verdict: Option<(i64, Level)>,
    /// Appointed and handed in, by group; those with a conflict are neither.
    pub turnout: [(i64, i64); 2],
}

impl RoundRow {
    /// Appointed and handed in.
    pub fn handed(&self) -> (i64, i64) {
        let [(a, b), (c, d)] = self.turnout;
        (a + c, b + d)
    }
}

/// A charge as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeRow {
    /// Which one.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// What happened.
    pub words: String,
    /// When it was entered.
    pub at: Time,
    /// The evidence.
    pub photos: Vec<PhotoId>,
    /// Why it was taken back, if it was.
    pub discharged: Option<String>,
}

/// A reading as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingRow {
    /// The item.
    pub item: String,
    /// How many were good.
    pub good: i64,
    /// Of how many.
    pub all: i64,
    /// What was counted.
    pub words: String,
    /// The program counted it itself.
    pub own: bool,
    /// The proof.
    pub photos: Vec<PhotoId>,
}

/// The appeal as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppealRow {
    /// When.
    pub at: Time,
    /// Why.
    pub words: String,
    /// What is to be changed.
    pub pleas: Vec<Plea>,
    /// The pictures.
    pub photos: Vec<PhotoId>,
    /// What the parties said: who, whether it is right, why.
    pub opinions: Vec<(Party, bool, String)>,
}

/// What has to be mended, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RectifyRow {
    /// The item.
    pub item: String,
    /// The ticket's number.
    pub ticket: String,
    /// What has to be done.
    pub words: String,
    /// Until when.
    pub due_at: Time,
    /// It is done.
    pub done: bool,
}
