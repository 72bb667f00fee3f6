//! How the history of a ticket is written down: a report, and what was done with it afterwards.

use super::scenes::Picture;
use app::ids::{FacilityId, MutationId, PersonId, PhotoId, PlaceId, QuoteId, TicketId, UnitId};
use app::measure::Time;
use app::rooms::people::model::Role;
use app::rooms::tickets::model::{Category, State, Step, Visibility};

/// A ticket's whole history so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The ticket's id, which is also the id of the mutation that reports it.
    pub id: TicketId,
    /// The place.
    pub place: PlaceId,
    /// The facility, if the report is about one.
    pub facility: Option<FacilityId>,
    /// Whether the tag of the facility (or else of the place) was scanned; if not, the place was chosen from the list.
    pub scanned: bool,
    /// What is broken.
    pub category: Category,
    /// The sentence.
    pub text: String,
    /// Who reported it.
    pub reporter: Reporter,
    /// When.
    pub at: Time,
    /// The photos of the report, in order.
    pub report_photos: Vec<PhotoId>,
    /// All photos, those that came later included.
    pub photos: Vec<Photo>,
    /// What was done with it, in the order of time. None is later than the plan's `now`.
    pub acts: Vec<Act>,
    /// Where it stands after all that, if the rules agree.
    pub ends: State,
    /// Whether the public sees it then.
    pub visibility: Visibility,
}

/// Who reported a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reporter {
    /// Somebody who lives there, or cares for it.
    Person(By),
    /// Somebody without an account, who may have left a phone.
    Visitor {
        /// The phone.
        contact: Option<String>,
    },
}

/// Somebody, in a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// The person.
    pub person: PersonId,
    /// The role they act in.
    pub role: Role,
    /// The unit of that role, for owners, tenants and their households.
    pub unit: Option<UnitId>,
}

/// A photo of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Photo {
    /// Its id: each photo has its own, though several may show the same picture.
    pub id: PhotoId,
    /// What it shows.
    pub picture: Picture,
    /// When it was taken.
    pub at: Time,
    /// Who took it; `None` = a visitor.
    pub by: Option<PersonId>,
}

/// One thing that was done with a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// The id of the mutation. That of a quote is also the quote's id, to which approving and declining refer.
    pub id: MutationId,
    /// When.
    pub at: Time,
    /// Who; `None` = the clock.
    pub by: Option<By>,
    /// What.
    pub doing: Doing,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// A step. It is made against the version that the ticket has at that moment; merging other tickets into this one
    /// also counts the version up, so ask for it rather than count.
    Step(Step),
    /// 我也遇到.
    MeToo,
    /// Words under it.
    Comment(String),
    /// Let in, or shown again.
    Show,
    /// Hidden, with the reason.
    Hide(String),
    /// A committee member's word on a quote; whoever gives one declares that they have no interest in it.
    Word {
        /// The quote.
        quote: QuoteId,
        /// For it.
        agrees: bool,
        /// Why.
        reason: String,
    },
    /// A committee member declares an interest in a quote, and which.
    Declare(QuoteId, String),
    /// The committee meets about a quote: where, and who is there.
    Meet(QuoteId, String, Vec<PersonId>),
}

/// One moment of the history of all tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment<'a> {
    /// A report comes in.
    Reported(&'a Script),
    /// Something is done with it.
    Acted(&'a Script, &'a Act),
}

impl Moment<'_> {
    /// When.
    pub fn at(&self) -> Time {
        match self {
            Self::Reported(script) => script.at,
            Self::Acted(_, act) => act.at,
        }
    }
}

/// Everything that happened, in the order of time.
pub fn in_order(tickets: &[Script]) -> Vec<Moment<'_>> {
    let mut all: Vec<Moment<'_>> = tickets.iter().flat_map(|t| std::iter::once(Moment::Reported(t)).chain(t.acts.iter().map(move |a| Moment::Acted(t, a)))).collect();
    all.sort_by_key(Moment::at);
    all
}
