//! The wire types of parking.

mod rows;
mod words;

pub use rows::{ApplicationRow, CarRow, LeaseRow, ListRow, Month, ObjectionRow, PartyRow, PaymentRow, ReadingRow, RoundBay, RoundRow, SwapRow};
pub use words::{Band, CarState, Kind, LeaseState, Outcome, Right, Stage, Verdict};

use crate::ids::{PhotoId, UnitId};
use crate::measure::{Fen, Time};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a round asks of one band and gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandRule {
    /// Which band.
    pub band: Band,
    /// The term in months.
    pub months: i64,
    /// What a month costs.
    pub fee: Fen,
}

/// The rules of a round, published when it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    /// The most bays that a household may hold.
    pub quota: i64,
    /// The bands that may apply, in their order.
    pub bands: Vec<BandRule>,
    /// The decision that they rest on; public.
    pub source: String,
    /// Days for objections.
    pub objection_days: i64,
    /// Hours for an offer.
    pub offer_hours: i64,
    /// The most rounds of waiting that count.
    pub wait_most: i64,
    /// Days before the end in which a lease may be renewed.
    pub renew_days: i64,
    /// Days between a notice of withdrawal and the end.
    pub notice_days: i64,
}

impl RuleSet {
    /// What the round has for a band.
    pub fn band(&self, band: Band) -> Option<&BandRule> {
        self.bands.iter().find(|b| b.band == band)
    }
}

/// Registers a car. A resident registers one of their own home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// Its plate as it was typed.
    pub plate: String,
    /// The home, when a desk registers it; a resident's own otherwise.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// Name and phone of somebody from outside, when a desk registers their car; never public.
    #[serde(default)]
    pub contact: String,
    /// A photo of the proof 行驶证; only its sender and the desk see it.
    #[serde(default)]
    pub photos: Vec<PhotoId>,
}

/// Accepts a car's proof or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCar {
    /// The car.
    pub vehicle: Uuid,
    /// It belongs to the home.
    pub accepts: bool,
    /// Why not; needed to refuse.
    #[serde(default)]
    pub words: String,
}

/// Takes a car off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveCar {
    /// The car.
    pub vehicle: Uuid,
}

/// Opens a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// What it is called, 2 to 60 characters.
    pub title: String,
    /// The decision of the owners that its rules rest on, 2 to 200 characters.
    pub source: String,
    /// Days for applications, 1 to 60.
    pub days: i64,
    /// The most bays that a household may hold, 1 to 5.
    pub quota: i64,
    /// Terms and fees of the bands that may apply.
    pub bands: Vec<BandRule>,
    /// The bays, 1 to 2,000.
    pub bays: Vec<Uuid>,
    /// The public value that the draw hangs on, e.g. a stated draw of the lottery; 4 to 100 characters.
    pub public_name: String,
    /// When that value will exist.
    pub public_at: Time,
}

/// Names another public value, before anybody has committed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postpone {
    /// The round.
    pub round: Uuid,
    /// The version that was read.
    pub version: i64,
    /// The value.
    pub public_name: String,
    /// When it will exist.
    pub public_at: Time,
    /// Why, 2 to 200 characters; public.
    pub reason: String,
}

/// Applies for a bay; what was sent last before the list is frozen counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apply {
    /// The round.
    pub round: Uuid,
    /// The car.
    pub vehicle: Uuid,
    /// It is the home's second car.
    #[serde(default)]
    pub second: bool,
    /// The applicant has a disability card, which the desk will look at.
    #[serde(default)]
    pub card: bool,
}

/// An application on paper. It counts when a second person has typed the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The round.
    pub round: Uuid,
    /// The home; nobody's for somebody from outside.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// The car's plate.
    pub plate: String,
    /// A tenant applies.
    #[serde(default)]
    pub tenant: bool,
    /// It is the home's second car.
    #[serde(default)]
    pub second: bool,
    /// The applicant has a disability card.
    #[serde(default)]
    pub card: bool,
}

/// Takes an application back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeBack {
    /// The application.
    pub application: Uuid,
}

/// Says whether the disability card was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCard {
    /// The application.
    pub application: Uuid,
    /// It is there and valid.
    pub seen: bool,
}

/// Freezes the list, makes it final, or closes the round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The round.
    pub round: Uuid,
    /// The version that was read.
    pub version: i64,
}

/// Objects to an application's standing on the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// The round.
    pub round: Uuid,
    /// The application's code.
    pub code: String,
    /// Why, 5 to 300 characters; public.
    pub words: String,
}

/// Answers an objection. One that is upheld turns the application's standing round: a new list, with a new hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The objection.
    pub objection: Uuid,
    /// It is right.
    pub upheld: bool,
    /// Why, 2 to 300 characters; public.
    pub words: String,
}

/// A party's commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// The round.
    pub round: Uuid,
    /// 64 hexadecimal digits, see [`super::draw::commitment`].
    pub commitment: String,
}

/// What a party had committed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reveal {
    /// The round.
    pub round: Uuid,
    /// 32 to 64 hexadecimal digits.
    pub nonce: String,
}

/// Enters the public value as one side read it: the draw follows when two sides agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// The round.
    pub round: Uuid,
    /// The version that was read.
    pub version: i64,
    /// The value as it was announced, 4 to 100 characters.
    pub public: String,
}

/// Takes what is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choose {
    /// The application.
    pub application: Uuid,
    /// The bay; nothing for a pass.
    #[serde(default)]
    pub bay: Option<Uuid>,
}

/// Does not want what is offered, or waits no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decline {
    /// The application.
    pub application: Uuid,
}

/// Enters a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pay {
    /// The lease.
    pub lease: Uuid,
    /// For so many months, 1 to 60.
    pub months: i64,
    /// The receipt's number, 1 to 60 characters.
    pub voucher: String,
}

/// Gives a bay back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The lease.
    pub lease: Uuid,
}

/// Goes on for another term, when nobody waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renew {
    /// The lease.
    pub lease: Uuid,
}

/// Another car of the same home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeCar {
    /// The lease.
    pub lease: Uuid,
    /// The car.
    pub vehicle: Uuid,
}

/// Asks another holder to change bays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// One's own lease.
    pub lease: Uuid,
    /// The bay that one would like, by its code.
    pub bay: String,
}

/// The other holder's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerSwap {
    /// The proposal.
    pub swap: Uuid,
    /// They agree.
    pub agrees: bool,
}

/// Gives notice that a bay is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The lease.
    pub lease: Uuid,
    /// Why, 5 to 200 characters.
    pub reason: String,
}

/// The holder appeals against the notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// The lease.
    pub lease: Uuid,
    /// Why, 5 to 300 characters.
    pub words: String,
}

/// The word on an appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// The lease.
    pub lease: Uuid,
    /// The withdrawal stands.
    pub stands: bool,
    /// Why, 2 to 300 characters.
    pub words: String,
}

/// What the clock does: offers that ran out fall to the next, leases end, vacancies are offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The round; nothing for leases that came from a list.
    pub round: Option<Uuid>,
}

/// Writes a list of cars and leases that was looked through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmList {
    /// The uploaded list.
    pub import: Uuid,
}
