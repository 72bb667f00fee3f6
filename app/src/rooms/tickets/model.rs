//! The wire types of repair tickets 报修单.

use crate::i18n::Lang;
use crate::ids::{BuildingId, CommentId, PersonId, PhotoId, QuoteId, TicketId};
use crate::measure::{Fen, Time};
use crate::tr;
use serde::{Deserialize, Serialize};

mod costs;
mod kinds;
pub use costs::{Bill, EarlierJob, Offer, PriceNote, Quote, QuoteLine, QuoteView, Urgent};
pub use kinds::{Category, Part, State};

/// Asks for a new ticket, whose id will be the mutation's: the client knows it before the server has answered.
/// One of `text` and `photos` must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The tag that was scanned, if any.
    pub tag: Option<String>,
    /// The place, where no tag was scanned.
    pub place: Option<crate::ids::PlaceId>,
    /// What is broken; absent = taken from the facility, else 设施.
    pub category: Option<Category>,
    /// One sentence, at most [`super::rules::TEXT_MAX`] characters.
    pub text: String,
    /// Up to [`super::rules::PHOTOS_MAX`] photos already stored.
    pub photos: Vec<PhotoId>,
    /// A visitor's phone, if they want to be told.
    pub contact: Option<String>,
}

/// Says 我也遇到 for one's household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeToo {
    /// The ticket.
    pub ticket: TicketId,
}

/// Writes under a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteComment {
    /// The ticket.
    pub ticket: TicketId,
    /// The words, at most [`super::rules::TEXT_MAX`] characters.
    pub text: String,
}

/// Hides what somebody wrote under a ticket. Hidden is not deleted: whoever may hide still reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HideComment {
    /// The ticket.
    pub ticket: TicketId,
    /// The comment.
    pub comment: CommentId,
    /// Why, in public.
    pub reason: String,
}

/// A comment as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Which one.
    pub id: CommentId,
    /// Who, masked.
    pub who: String,
    /// When.
    pub at: Time,
    /// The words; `None` when they are hidden from the viewer.
    pub text: Option<String>,
    /// Why it is hidden, if it is.
    pub hidden: Option<String>,
}

/// A step in a ticket's life. Who may take it from where is the table in `rules`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// 受理: the desk takes it on and says whose part it is.
    Accept {
        /// Whose part, and so who pays.
        part: Part,
    },
    /// 退回 to the reporter.
    Return {
        /// Why.
        reason: String,
    },
    /// The reporter sends a returned ticket in again.
    Resubmit {
        /// What is new.
        reason: String,
    },
    /// 派单 to a worker.
    Assign {
        /// The worker.
        worker: PersonId,
    },
    /// 预约: says when somebody will come.
    Schedule {
        /// When.
        at: Time,
    },
    /// 到场: the worker is there.
    Arrive,
    /// 待料.
    Pause {
        /// What is missing and when it will be there.
        reason: String,
    },
    /// Work goes on after 待料.
    Resume,
    /// 报价: 1 to [`super::rules::QUOTE_LINES_MAX`] lines, or offers of several suppliers.
    Quote(Quote),
    /// 同意 a quote.
    Approve {
        /// The quote that was read.
        quote: QuoteId,
    },
    /// 退回 a quote.
    Decline {
        /// The quote that was read.
        quote: QuoteId,
        /// Why.
        reason: String,
    },
    /// A photo from the site, before or after.
    AddPhotos {
        /// The photos; each says which spot it shows.
        photos: Vec<SpotPhoto>,
    },
    /// 完工, with an after-photo for each before-photo's spot.
    Finish {
        /// What was done.
        note: String,
        /// After-photos that come with it.
        photos: Vec<SpotPhoto>,
    },
    /// 验收: good.
    Confirm,
    /// 没修好.
    Reject {
        /// What is still wrong.
        reason: String,
    },
    /// 评价 1–5, which also confirms.
    Rate {
        /// 1 (bad) to 5 (very good).
        stars: u8,
        /// In words, if any.
        words: String,
    },
    /// 没修好 after it was closed: the same number goes on.
    Reopen {
        /// What is wrong.
        reason: String,
    },
    /// 撤销 by the reporter.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// 合并 into another ticket.
    Merge {
        /// The ticket that stays.
        into: TicketId,
    },
    /// 归档, by the clock.
    Archive,
    /// 结算: the final bill, at most what was approved. The last one entered stands.
    Settle {
        /// Its lines, 1 to [`super::rules::QUOTE_LINES_MAX`].
        lines: Vec<QuoteLine>,
    },
}

/// A photo and the spot it shows; before and after of one spot stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpotPhoto {
    /// The photo.
    pub photo: PhotoId,
    /// 0 to 19: the number of the spot, given by the order of the first photos.
    pub spot: u8,
    /// Taken after the repair.
    pub after: bool,
}

/// Takes a step, made against one version of the ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advance {
    /// The ticket.
    pub ticket: TicketId,
    /// The version that the person looked at.
    pub version: i64,
    /// The step.
    pub step: Step,
}

/// What a moderator decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moderation {
    /// Let it in, or show it again.
    Show,
    /// Hide it from the public; it is not deleted.
    Hide,
}

/// Moderates a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moderate {
    /// The ticket.
    pub ticket: TicketId,
    /// The version that was read.
    pub version: i64,
    /// What is decided.
    pub decision: Moderation,
    /// Why; needed to hide.
    pub reason: String,
}

/// Whether the public sees a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// A visitor's report that nobody has read yet.
    Pending,
    /// On the board.
    Public,
    /// Taken off the board with a reason.
    Hidden,
}

impl Visibility {
    /// The word in rows.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Public => "public",
            Self::Hidden => "hidden",
        }
    }

    /// Reads [`Visibility::code`]; anything unknown is hidden, the safe side.
    pub fn from_code(code: &str) -> Self {
        match code {
            "public" => Self::Public,
            "pending" => Self::Pending,
            _ => Self::Hidden,
        }
    }
}

/// A ticket in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The ticket.
    pub id: TicketId,
    /// Its number, e.g. `3F7K`.
    pub number: String,
    /// A short title in the reporter's words; empty for photos alone. See [`Card::heading`].
    pub title: String,
    /// Place and facility.
    pub spot: String,
    /// What is broken.
    pub category: Category,
    /// Where it stands.
    pub state: State,
    /// When it came in.
    pub created_at: Time,
    /// The next deadline, if the clock is running.
    pub due_at: Option<Time>,
    /// Who has it now, as the public may know it: 张师傅, 物业, 业委会.
    pub holder: Holder,
    /// How many households met it, the reporter's included.
    pub households: i64,
    /// The first photo.
    pub photo: Option<PhotoId>,
    /// The latest photo after the repair.
    pub after: Option<PhotoId>,
    /// Whether the public sees it.
    pub visibility: Visibility,
    /// What a quote asks for, while it waits.
    pub cost: Option<Fen>,
    /// What happened last, if its viewer has not seen it yet.
    pub news: Option<super::rules::Deed>,
}

impl Card {
    /// What the ticket is called: the reporter's words, or spot and category in the reader's language.
    pub fn heading(&self, lang: Lang) -> String {
        if self.title.is_empty() { format!("{} · {}", self.spot, self.category.label(lang)) } else { self.title.clone() }
    }
}

/// Who has the ticket now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// The property desk.
    Desk,
    /// A worker, by surname: 张师傅.
    Worker(String),
    /// The owners' committee.
    Committee,
    /// The owners' meeting.
    Owners,
    /// The owners who share a part.
    Affected,
    /// The one who reported it.
    Reporter,
    /// A moderator.
    Moderator,
    /// Nobody: it is over.
    Nobody,
}

impl Holder {
    /// The words for it.
    pub fn label(&self, lang: Lang) -> String {
        match self {
            Self::Desk => tr!(lang, "物业", "Property desk").into(),
            Self::Worker(name) if name.is_empty() => tr!(lang, "维修师傅", "Worker").into(),
            Self::Worker(name) => tr!(lang, "{n}师傅", "Worker {n}", n = name),
            Self::Committee => tr!(lang, "业委会", "Owners' committee").into(),
            Self::Owners => tr!(lang, "业主大会", "Owners' meeting").into(),
            Self::Affected => tr!(lang, "相关业主", "Owners concerned").into(),
            Self::Reporter => tr!(lang, "上报人", "Reporter").into(),
            Self::Moderator => tr!(lang, "等待查看", "Waiting to be read").into(),
            Self::Nobody => String::new(),
        }
    }
}

/// A photo on a ticket's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketPhoto {
    /// The photo.
    pub photo: PhotoId,
    /// The spot it shows.
    pub spot: u8,
    /// Taken after the repair.
    pub after: bool,
    /// When it was added.
    pub at: Time,
}

/// One line of a ticket's timeline, in plain words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happening {
    /// When.
    pub at: Time,
    /// What, as the event's body keeps it.
    pub what: super::rules::Deed,
    /// Who, as the public may know them.
    pub who: String,
}

/// A ticket's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    /// What the lists show too.
    pub card: Card,
    /// The version that a step is made against.
    pub version: i64,
    /// What the reporter wrote.
    pub text: String,
    /// Whose part it is.
    pub part: Part,
    /// The building it belongs to.
    pub building: Option<BuildingId>,
    /// The tag of its spot.
    pub tag: Option<String>,
    /// All photos, by spot.
    pub photos: Vec<TicketPhoto>,
    /// What happened, the newest first.
    pub timeline: Vec<Happening>,
    /// The latest quote, for the server's own pages.
    #[serde(skip)]
    pub quote: Option<QuoteView>,
    /// The final bill, likewise.
    #[serde(skip)]
    pub bill: Option<Bill>,
    /// Both as HTML that the server made: a phone shows them and need not know how they are compared.
    #[serde(default)]
    pub costs: String,
    /// When somebody said they would come.
    pub scheduled_at: Option<Time>,
    /// When the work was finished, last.
    pub finished_at: Option<Time>,
    /// Stars and words.
    pub rating: Option<(u8, String)>,
    /// Why it is paused, returned, or hidden.
    pub reason: Option<String>,
    /// The ticket it was merged into: id and number.
    pub merged_into: Option<(TicketId, String)>,
    /// Tickets that were merged into this one: id and number.
    pub merged_here: Vec<(TicketId, String)>,
    /// The viewer reported it.
    pub mine: bool,
    /// The viewer's household already said 我也遇到, or reported it.
    pub counted: bool,
    /// The steps that the viewer may take now.
    pub moves: Vec<super::rules::Move>,
    /// The viewer may say 我也遇到.
    pub can_me_too: bool,
    /// The rule numbers that hold now.
    pub limits: super::rules::Limits,
    /// What was approved for this spot lately, for whoever makes the next quote.
    pub spent: Fen,
    /// When the viewer last looked, if it concerns them and they did.
    pub seen_at: Option<Time>,
    /// When anything last changed.
    pub changed_at: Time,
    /// The moment of reading.
    pub now: Time,
    /// What people wrote under it.
    pub comments: Vec<Said>,
}

/// What the board is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardQuery {
    /// Only this state.
    #[serde(default)]
    pub state: Option<String>,
    /// Only this category.
    #[serde(default)]
    pub category: Option<String>,
    /// Only this building's code.
    #[serde(default)]
    pub building: Option<String>,
    /// Only tickets whose title, text, spot or number has these words.
    #[serde(default)]
    pub text: Option<String>,
    /// Only those past their deadline.
    #[serde(default)]
    pub overdue: Option<String>,
    /// The key after which the next page begins.
    #[serde(default)]
    pub after: Option<String>,
}

/// One page of the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardPage {
    /// The tickets, newest first.
    pub cards: Vec<Card>,
    /// The key of the next page.
    pub next: Option<String>,
    /// The buildings to choose from: code and name.
    pub buildings: Vec<(String, String)>,
    /// The month's numbers.
    pub month: super::rules::MonthNumbers,
    /// The moment of reading.
    pub now: Time,
}
