//! What pages read of parking.

use super::{Band, CarState, Kind, LeaseState, Outcome, Right, RuleSet, Stage, Verdict};
use crate::ids::{PhotoId, UnitId};
use crate::measure::{Fen, Time};
use uuid::Uuid;

/// A car as its own people and the desk see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarRow {
    /// Which one.
    pub id: Uuid,
    /// The plate, whole.
    pub plate: String,
    /// It is electric.
    pub ev: bool,
    /// The home, written out.
    pub unit: String,
    /// Where its proof stands.
    pub state: CarState,
    /// Why it was refused.
    pub words: String,
    /// The proof.
    pub photo: Option<PhotoId>,
    /// Since when it is registered.
    pub at: Time,
}

/// A round in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundRow {
    /// Which one.
    pub id: Uuid,
    /// Its number, which enters every hash, e.g. `XIANGHE-2026-P01`.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// Where it stands.
    pub stage: Stage,
    /// The version that a step is made against.
    pub version: i64,
    /// Its rules.
    pub rules: RuleSet,
    /// When it was opened.
    pub opened_at: Time,
    /// Until when one may apply.
    pub apply_until: Time,
    /// Until when one may object, once the list is frozen.
    pub objections_until: Option<Time>,
    /// The public value.
    pub public_name: String,
    /// When it will exist.
    pub public_at: Time,
    /// The list that stands now.
    pub list_version: i64,
    /// Its hash.
    pub list_hash: String,
    /// The public value once it was entered.
    pub public: String,
    /// The seed once it was drawn.
    pub seed: String,
    /// When it was drawn.
    pub drawn_at: Option<Time>,
}

/// A bay of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundBay {
    /// The bay.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// Where it is.
    pub area: String,
    /// What it is for.
    pub kind: Kind,
    /// It is of the original plan: it may be leased (R5.2).
    pub planned: bool,
    /// Nobody has it.
    pub free: bool,
}

/// An application as its own people, the desk and (masked) the public see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationRow {
    /// Which one.
    pub id: Uuid,
    /// Its code in the round.
    pub code: String,
    /// Its band.
    pub band: Band,
    /// The home, written out or masked; empty where it would say who has a disability card.
    pub unit: String,
    /// The home itself.
    pub unit_id: Option<UnitId>,
    /// The car.
    pub vehicle: Uuid,
    /// Its plate, whole or masked.
    pub plate: String,
    /// What it needs, see [`super::draw::Entry::need`].
    pub need: i64,
    /// The applicant says that they have a disability card.
    pub card: bool,
    /// Rounds without success.
    pub wait: i64,
    /// What the rules say: as of now while the round is open, as frozen afterwards.
    pub verdict: Verdict,
    /// It came on paper.
    pub paper: bool,
    /// When it was sent last.
    pub at: Time,
    /// The place in the drawn order, from 1.
    pub place: Option<i64>,
    /// The key.
    pub key: String,
    /// The kind of bay that it got.
    pub kind: Option<Kind>,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// Until when an offer stands.
    pub offer_until: Option<Time>,
}

/// A version of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// From 1.
    pub version: i64,
    /// The lines.
    pub body: String,
    /// Its hash.
    pub hash: String,
    /// When it was made.
    pub at: Time,
    /// Why there is a new one.
    pub note: String,
}

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectionRow {
    /// Which one.
    pub id: Uuid,
    /// The application's code.
    pub code: String,
    /// Why.
    pub words: String,
    /// When.
    pub at: Time,
    /// The answer: upheld or not, why, when.
    pub answer: Option<(bool, String, Time)>,
}

/// A party of the draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyRow {
    /// Its name in the hashes.
    pub party: String,
    /// What it posted.
    pub commitment: String,
    /// When.
    pub at: Time,
    /// What it revealed, and when.
    pub revealed: Option<(String, Time)>,
}

/// What a side read in the announcement of the public value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingRow {
    /// The side: `YWH`, `JWH` or `OWNER`.
    pub side: String,
    /// The value; kept back while nobody else has entered one, so that each side reads for itself.
    pub value: Option<String>,
    /// When it was entered.
    pub at: Time,
}

/// A lease or a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseRow {
    /// Which one.
    pub id: Uuid,
    /// Its number, e.g. `CW-2026-001`.
    pub number: String,
    /// The round that it came from.
    pub round: Option<Uuid>,
    /// What it is.
    pub right: Right,
    /// The bay's code; empty for a pass.
    pub bay: String,
    /// What the bay is for.
    pub kind: Kind,
    /// The home, written out or masked.
    pub unit: String,
    /// The home itself.
    pub unit_id: Option<UnitId>,
    /// The car's plate, whole or masked.
    pub plate: String,
    /// What a month costs.
    pub fee: Fen,
    /// Its term in months.
    pub months: i64,
    /// From when.
    pub from: Time,
    /// Until when.
    pub until: Time,
    /// Until when it is paid.
    pub paid_until: Time,
    /// Where it stands.
    pub state: LeaseState,
    /// Why it ended.
    pub why: String,
    /// The notice: why, and when it ends by it.
    pub notice: Option<(String, Time)>,
    /// The appeal, and the word on it.
    pub appeal: Option<(String, Option<(bool, String)>)>,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRow {
    /// The lease's number.
    pub lease: String,
    /// How much.
    pub amount: Fen,
    /// From when to when.
    pub span: (Time, Time),
    /// The receipt.
    pub voucher: String,
    /// When it was entered.
    pub at: Time,
    /// It was taken back in the ledger of common income.
    pub reversed: bool,
}

/// A month of the statement of parking income.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// `2026-11`.
    pub month: String,
    /// Payments that stand.
    pub count: i64,
    /// Their sum.
    pub sum: Fen,
    /// Leases and passes that ran on its last day, or run now.
    pub running: i64,
}

/// A proposal to change bays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwapRow {
    /// Which one.
    pub id: Uuid,
    /// The bay of whoever asks.
    pub from: String,
    /// The bay that they would like.
    pub to: String,
    /// It waits for this viewer's word.
    pub mine_to_answer: bool,
    /// When.
    pub at: Time,
}
