//! The wire types of parking.

use crate::i18n::Lang;
use crate::ids::{PhotoId, UnitId};
use crate::measure::{Fen, Time};
use crate::tr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Gives an enum of words its list, its codes and its names.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in rows, forms and files.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Reads the word of a row or a form.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// The name people use.
            pub fn label(self, lang: Lang) -> &'static str {
                match self { $(Self::$variant => tr!(lang, $zh, $en)),+ }
            }
        }
    };
}

words! {
    /// A band of applicants (R5.6), the first served first.
    Band {
        /// B1: an owner who lives here and holds no bay, first car.
        Owner = "B1", "自住业主第一辆", "Owner-occupier, first car";
        /// B2: a registered tenant's first car, where the unit's quota is unused.
        Tenant = "B2", "登记租户第一辆", "Registered tenant, first car";
        /// B3: a second car.
        Second = "B3", "第二辆车", "Second car";
        /// B4: somebody from outside, by the month, when bays are left (R5.1).
        Outside = "B4", "小区外，按月", "From outside, by the month";
    }
}

impl Band {
    /// 1 to 4.
    pub fn number(self) -> i64 {
        match self {
            Self::Owner => 1,
            Self::Tenant => 2,
            Self::Second => 3,
            Self::Outside => 4,
        }
    }

    /// Reads [`Band::number`].
    pub fn from_number(n: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|b| b.number() == n)
    }
}

words! {
    /// What a bay is for (R5.5).
    Kind {
        /// For anybody.
        Plain = "plain", "普通车位", "Bay";
        /// With a charger, for electric cars.
        Ev = "ev", "充电车位", "Bay with charger";
        /// 无障碍车位, first for those with a disability card.
        Accessible = "accessible", "无障碍车位", "Accessible bay";
    }
}

words! {
    /// Where a round stands.
    Stage {
        /// Applications come in.
        Open = "open", "申请中", "Open for applications";
        /// The list is on show, and may be objected to.
        Frozen = "frozen", "名单公示", "List on show";
        /// The list is final; parties commit and reveal.
        Final = "final", "等待抽签", "Before the draw";
        /// Drawn; bays are offered.
        Drawn = "drawn", "已抽签", "Drawn";
        /// Over.
        Closed = "closed", "已结束", "Over";
    }
}

words! {
    /// Whether somebody knows that a car belongs where it says.
    CarState {
        /// Nobody has looked yet.
        Pending = "pending", "等核对", "Being checked";
        /// Checked.
        Confirmed = "confirmed", "已核对", "Checked";
        /// The proof does not fit.
        Refused = "refused", "没通过", "Not accepted";
        /// Taken off.
        Removed = "removed", "已注销", "Removed";
    }
}

words! {
    /// What the rules say of an application, with its reason.
    Verdict {
        /// It is on the list.
        Eligible = "eligible", "符合条件", "Eligible";
        /// On the list since an objection was upheld.
        Admitted = "admitted", "异议成立，列入名单", "Admitted after an objection";
        /// Off the list since an objection was upheld.
        Struck = "struck", "异议成立，移出名单", "Struck after an objection";
        /// It was taken back.
        Withdrawn = "withdrawn", "申请人撤回", "Withdrawn";
        /// This round has nothing for the band.
        BandClosed = "band_closed", "这一轮不接受这一类申请", "This round takes no such applications";
        /// The owner does not live here.
        NotLiving = "not_living", "房屋登记的不是自住，第一辆按自住业主或登记租户申请", "The home is not registered as lived in by its owner";
        /// Nobody of the unit applied.
        NotResident = "not_resident", "申请人已经不是这一户的业主或登记租户", "The applicant is no owner or registered tenant of this home any more";
        /// There is no such car any more.
        NoCar = "no_car", "车辆已经注销", "The car was removed";
        /// The car was not checked before the list was frozen.
        CarPending = "car_pending", "车辆证明还没有核对", "The car's papers were not checked yet";
        /// The car's proof does not fit.
        CarRefused = "car_refused", "车辆证明没有通过核对", "The car's papers were not accepted";
        /// The car has a bay, or stands in another application.
        CarTaken = "car_taken", "这辆车已有车位，或已在另一份申请里", "This car has a bay or stands in another application";
        /// A first car, but the unit holds a bay.
        HoldsBay = "holds_bay", "这一户已有车位，请按第二辆申请", "This home holds a bay already: apply for the second car";
        /// The owner applied for the unit's first bay.
        OwnerFirst = "owner_first", "同一户的业主已申请第一个车位", "The home's owner applied for its first bay";
        /// A second car, but there is no first.
        FirstCar = "first_car", "这一户还没有车位，请按第一辆申请", "This home has no bay yet: apply for the first car";
        /// The unit would have more than its quota.
        Quota = "quota", "超过每户车位上限", "Above the quota of the home";
    }
}

impl Verdict {
    /// Whether it is on the list.
    pub fn listed(self) -> bool {
        matches!(self, Self::Eligible | Self::Admitted)
    }
}

words! {
    /// What became of an application after the draw.
    Outcome {
        /// 轮候.
        Waiting = "waiting", "轮候中", "Waiting";
        /// A bay is offered.
        Offered = "offered", "待选车位", "Has an offer";
        /// They have a bay or a pass.
        Leased = "leased", "已签约", "Has a bay";
        /// The offer's time ran out.
        Lapsed = "lapsed", "逾期未选", "Offer ran out";
        /// They did not want it.
        Declined = "declined", "已放弃", "Declined";
    }
}

words! {
    /// What somebody holds.
    Right {
        /// A fixed bay of the original plan.
        Lease = "lease", "固定车位租用", "Lease of a bay";
        /// 通行资格: a place, but no bay of one's own (R5.2).
        Pass = "pass", "通行资格（不固定车位）", "Pass without a bay";
    }
}

words! {
    /// Where a lease or a pass stands.
    LeaseState {
        /// It runs.
        Active = "active", "使用中", "Running";
        /// Its time is over, or its holder gave it back.
        Ended = "ended", "已结束", "Ended";
        /// It was withdrawn.
        Withdrawn = "withdrawn", "已收回", "Withdrawn";
    }
}

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

/// Enters the public value: the draw follows.
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
