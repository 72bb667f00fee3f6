//! Applying a mutation: once, in one transaction, with its receipt.
//!
//! Same id, same body: the stored receipt. Same id, other body: [`AppError::Replayed`]. A refusal that asking again
//! cannot change is stored as a receipt too, so that a queue never wedges.

mod batch;

pub use batch::apply_all;

use crate::context::{Caller, Services, internal};
use crate::error::AppError;
use crate::ids::{CommunityId, MutationId, PersonId};
use crate::measure::Time;
use crate::mutation::{Envelope, Mutation, Outcome, Receipt};
use crate::rooms::approvals;
use crate::rooms::assets;
use crate::rooms::communities::store::limits_known;
use crate::rooms::events::entity::{applied_mutations as applied, events};
use crate::rooms::events::store::{Before, Entry, Head, all_at_once, hold, hold_and_recall, written};
use crate::rooms::fund;
use crate::rooms::income;
use crate::rooms::messages;
use crate::rooms::people::model::Role;
use crate::rooms::places::model::Spot;
use crate::rooms::places::rules::parse_tag;
use crate::rooms::places::store::{spot_known_by_place, spot_known_by_tag};
use crate::rooms::scoring;
use crate::rooms::tickets::deadlines::Limits;
use crate::rooms::{bays, bikes, communities, conversions, parking, people, places, projects, rosters, sites, tickets, visits};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryTrait, Set, Statement};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// What an arm of [`apply`] works with.
pub struct Work<'a> {
    /// The transaction; everything is written through it.
    pub txn: &'a DatabaseTransaction,
    /// The services, for what is not in the database.
    pub services: &'a Services,
    /// The community that is changed.
    pub community: CommunityId,
    /// Who asks.
    pub caller: &'a Caller,
    /// The mutation's id.
    pub mutation: MutationId,
    /// The server's clock.
    pub now: Time,
    /// A hashed PIN or password that travels beside the mutation.
    pub secret: Option<&'a str>,
    /// What was read before the transaction began.
    pub foreknown: Option<&'a Foreknown>,
    ledger: Mutex<Ledger>,
}

/// What the mutation adds to the community's chain, and tickets that nothing in it reads again. They are written
/// together with the receipt.
#[derive(Default)]
struct Ledger {
    /// The end of the chain, once this transaction holds it.
    head: Option<Head>,
    tickets: Vec<tickets::entity::tickets::ActiveModel>,
    rows: Vec<events::ActiveModel>,
    /// The reports of this transaction by fingerprint.
    reported: HashMap<String, Done>,
}

/// What an arm answers when it is done.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// What it was done to.
    pub subject: Option<Uuid>,
    /// The number that people use.
    pub number: Option<String>,
    /// The version after it.
    pub version: i64,
}

impl Work<'_> {
    /// The person who asks, if there is one.
    pub fn person(&self) -> Option<PersonId> {
        self.caller.viewer().map(|v| v.person())
    }

    /// The role they act in.
    pub fn role(&self) -> Option<Role> {
        self.caller.viewer().map(|v| v.role())
    }

    /// Appends an event about `subject` to the community's chain.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn tell(&self, subject_kind: &'static str, subject: Uuid, body: &impl Serialize) -> Result<(), AppError> {
        let body = serde_json::to_value(body).map_err(internal)?;
        let entry = Entry { at: self.now, subject_kind, subject, actor: self.person(), role: self.role(), mutation: Some(self.mutation), body };
        self.hold().await?;
        let mut ledger = self.ledger();
        let Ledger { head: Some(head), rows, .. } = &mut *ledger else { return Err(internal("the chain is not held")) };
        rows.push(head.link(self.community, entry)?);
        Ok(())
    }

    /// Makes everybody else who is about to change this community wait until this transaction is over.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn hold(&self) -> Result<(), AppError> {
        if self.ledger().head.is_none() {
            let head = hold(self.txn, self.community).await?;
            self.ledger().head = Some(head);
        }
        Ok(())
    }

    /// The number of the next ticket, from 1. Nobody else takes it: the chain is held.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn next_ticket(&self) -> Result<i64, AppError> {
        self.hold().await?;
        let mut ledger = self.ledger();
        let head = ledger.head.as_mut().ok_or_else(|| internal("the chain is not held"))?;
        head.tickets += 1;
        Ok(head.tickets)
    }

    /// Leaves a new ticket for the end, when it travels to the database together with the receipt. Nothing in this
    /// mutation may point at it before.
    pub fn add_ticket(&self, row: tickets::entity::tickets::ActiveModel) {
        self.ledger().tickets.push(row);
    }

    /// What was reported in this transaction with the same fingerprint and may not be in the database yet.
    pub fn just_reported(&self, fingerprint: &str) -> Option<Done> {
        self.ledger().reported.get(fingerprint).cloned()
    }

    /// Remembers a report for [`Work::just_reported`].
    pub fn remember(&self, fingerprint: String, done: Done) {
        self.ledger().reported.insert(fingerprint, done);
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what was told, and the receipt.
    async fn close(&self, receipt: applied::ActiveModel) -> Result<(), AppError> {
        let backend = self.txn.get_database_backend();
        let Ledger { head, tickets, rows, .. } = std::mem::take(&mut *self.ledger());
        let mut all: Vec<Statement> = tickets.into_iter().map(|row| tickets::entity::tickets::Entity::insert(row).build(backend)).collect();
        all.extend(head.map(|head| written(self.community, &head, rows, backend)).unwrap_or_default());
        all.push(applied::Entity::insert(receipt).build(backend));
        all_at_once(self.txn, all).await
    }
}

/// Applies an envelope once.
///
/// # Errors
/// What should be tried again later ([`AppError::Internal`]), what the sender must mend ([`AppError::NotSignedIn`],
/// [`AppError::Replayed`]), and, for visitors, refusals. A signed-in person's refusals come back as a receipt.
pub async fn apply(services: &Services, caller: &Caller, envelope: &Envelope, now: Time, secret: Option<&str>) -> Result<Receipt, AppError> {
    let community = community_of(caller, envelope);
    if let (Some(viewer), Some(person)) = (caller.viewer(), envelope.person)
        && viewer.person() != person
    {
        return Err(AppError::Forbidden);
    }
    let digest = digest(&envelope.mutation)?;
    let foreknown = foresee(services, community, &envelope.mutation, now).await;
    let mut last = AppError::NotFound;
    for _ in 0..3 {
        match attempt(services, caller, envelope, (community, foreknown.as_ref()), &digest, now, secret).await {
            // Two senders of one id may meet on PostgreSQL: the one who lost reads the winner's receipt.
            Err(AppError::Internal { reference }) => last = AppError::Internal { reference },
            Err(refusal) if refusal.is_refusal() && caller.viewer().is_some() => {
                return refuse(services, caller, envelope, community, &digest, now, refusal).await;
            }
            other => return other,
        }
    }
    Err(last)
}

fn community_of(caller: &Caller, envelope: &Envelope) -> CommunityId {
    match caller {
        Caller::Person(viewer) => viewer.community(),
        Caller::Visitor(community) | Caller::Clock(community) => *community,
        // A set-up sent twice must find the community that the first one made.
        Caller::SetUp(_) => CommunityId(envelope.id.0),
    }
}

fn digest(mutation: &Mutation) -> Result<String, AppError> {
    let bytes = serde_json::to_vec(mutation).map_err(internal)?;
    Ok(hex::encode(Sha256::digest(&bytes)))
}

/// What a mutation needs and hardly ever changes, read (or remembered) before its transaction begins: the community's
/// writers wait for one another, and each question asked inside makes all of them wait longer.
#[derive(Debug)]
pub struct Foreknown {
    /// Where a report is from.
    pub spot: Spot,
    /// The community's rule numbers.
    pub limits: Limits,
}

/// Nothing found is no refusal yet: the transaction looks again and says what is wrong.
async fn foresee(services: &Services, community: CommunityId, mutation: &Mutation, now: Time) -> Option<Foreknown> {
    let Mutation::TicketReport(report) = mutation else { return None };
    let spot = match (&report.tag, report.place) {
        (Some(tag), _) => spot_known_by_tag(&services.db, &parse_tag(tag).ok()?).await.ok()?,
        (None, place) => spot_known_by_place(&services.db, community, place?).await.ok()?,
    };
    Some(Foreknown { spot, limits: limits_known(&services.db, community, now).await.ok()? })
}

async fn attempt(
    services: &Services,
    caller: &Caller,
    envelope: &Envelope,
    (community, foreknown): (CommunityId, Option<&Foreknown>),
    digest: &str,
    now: Time,
    secret: Option<&str>,
) -> Result<Receipt, AppError> {
    let txn = services.db.begin().await?;
    let (head, before) = hold_and_recall(&txn, community, envelope.id).await?;
    if let Some(before) = before {
        return stored(&before, caller, digest);
    }
    let ledger = Mutex::new(Ledger { head, ..Ledger::default() });
    let work = Work { txn: &txn, services, community, caller, mutation: envelope.id, now, secret, foreknown, ledger };
    let receipt = carry_out(&work, envelope, digest).await?;
    txn.commit().await?;
    services.db.memory.forget(community);
    // Repairs are most of what happens, and change nothing of who is who and where.
    if !envelope.mutation.kind().starts_with("ticket.") {
        services.db.memory.forget_all();
    }
    Ok(receipt)
}

async fn carry_out(work: &Work<'_>, envelope: &Envelope, digest: &str) -> Result<Receipt, AppError> {
    let done = dispatch(work, &envelope.mutation).await?;
    let receipt = Receipt { id: envelope.id, outcome: Outcome::Done { subject: done.subject, number: done.number, version: done.version } };
    work.close(row(work.caller, envelope, work.community, digest, work.now, &receipt)?).await?;
    Ok(receipt)
}

/// Applies an envelope inside a larger transaction: the demonstration replays years of history this way.
///
/// # Errors
/// Every refusal; the caller's transaction is then worth nothing.
pub async fn apply_within(txn: &DatabaseTransaction, services: &Services, caller: &Caller, envelope: &Envelope, now: Time) -> Result<Receipt, AppError> {
    let work = Work { txn, services, community: community_of(caller, envelope), caller, mutation: envelope.id, now, secret: None, foreknown: None, ledger: Mutex::default() };
    carry_out(&work, envelope, &digest(&envelope.mutation)?).await
}

fn stored(before: &Before, caller: &Caller, digest: &str) -> Result<Receipt, AppError> {
    if before.digest != digest || before.person != caller.viewer().map(|v| v.person().0) {
        return Err(AppError::Replayed);
    }
    serde_json::from_str(&before.receipt).map_err(internal)
}

fn row(caller: &Caller, envelope: &Envelope, community: CommunityId, digest: &str, now: Time, receipt: &Receipt) -> Result<applied::ActiveModel, AppError> {
    Ok(applied::ActiveModel {
        community_id: Set(community.0),
        id: Set(envelope.id.0),
        kind: Set(envelope.mutation.kind().to_owned()),
        digest: Set(digest.to_owned()),
        person_id: Set(caller.viewer().map(|v| v.person().0)),
        receipt: Set(serde_json::to_string(receipt).map_err(internal)?),
        at: Set(now.0),
    })
}

async fn refuse(services: &Services, caller: &Caller, envelope: &Envelope, community: CommunityId, digest: &str, now: Time, reason: AppError) -> Result<Receipt, AppError> {
    let receipt = Receipt { id: envelope.id, outcome: Outcome::Rejected { reason } };
    let row = row(caller, envelope, community, digest, now, &receipt)?;
    let keep = OnConflict::columns([applied::Column::CommunityId, applied::Column::Id]).do_nothing().to_owned();
    let new = applied::Entity::insert(row).on_conflict(keep).exec_without_returning(&services.db.write).await?;
    if new == 0 {
        // The same envelope, sent twice at once, was carried out in the meantime: that is the answer.
        let (_, first) = hold_and_recall(&services.db.write, community, envelope.id).await?;
        return first.map_or(Ok(receipt), |first| stored(&first, caller, digest));
    }
    Ok(receipt)
}

/// What becomes of a mutation in its room. Each room's work stands on the heap: side by side in one future they would fill a
/// thread's stack.
fn dispatch<'a>(work: &'a Work<'_>, mutation: &'a Mutation) -> Pin<Box<dyn Future<Output = Result<Done, AppError>> + Send + 'a>> {
    match mutation {
        Mutation::TicketReport(m) => Box::pin(tickets::apply::report(work, m)),
        Mutation::TicketMeToo(m) => Box::pin(tickets::apply::me_too(work, m)),
        Mutation::TicketAdvance(m) => Box::pin(tickets::apply::advance(work, m)),
        Mutation::TicketComment(m) => Box::pin(tickets::apply::comment(work, m)),
        Mutation::TicketHideComment(m) => Box::pin(tickets::apply::hide_comment(work, m)),
        Mutation::TicketModerate(m) => Box::pin(tickets::apply::moderate(work, m)),
        Mutation::LetterIssue(m) => Box::pin(people::apply::issue_letters(work, m)),
        Mutation::LetterRevoke(m) => Box::pin(people::apply::revoke_letter(work, m)),
        Mutation::LetterReset(m) => Box::pin(people::secrets::issue_reset(work, m)),
        Mutation::LetterRedeem(m) => Box::pin(people::apply::redeem_letter(work, m)),
        Mutation::RoleGrant(m) => Box::pin(people::roles::grant_role(work, m)),
        Mutation::RoleEnd(m) => Box::pin(people::roles::end_role(work, m)),
        Mutation::PlaceAdd(m) => Box::pin(places::apply::add_place(work, m)),
        Mutation::FacilityAdd(m) => Box::pin(places::apply::add_facility(work, m)),
        Mutation::RosterImport(m) => Box::pin(rosters::apply::confirm(work, m)),
        Mutation::CalendarYear(m) => Box::pin(communities::apply::enter_year(work, m)),
        Mutation::CommunitySetting(m) => Box::pin(communities::apply::change_setting(work, m)),
        Mutation::TicketEscalate(m) => Box::pin(messages::apply::escalate(work, m)),
        Mutation::RobotAdd(m) => Box::pin(messages::apply::add_robot(work, m)),
        Mutation::RobotRemove(m) => Box::pin(messages::apply::remove_robot(work, m)),
        Mutation::RobotTry(m) => Box::pin(messages::apply::try_robot(work, m)),
        Mutation::RobotAgain(m) => Box::pin(messages::apply::send_again(work, m)),
        Mutation::NoteRead(m) => Box::pin(messages::notes::mark_read(work, m)),
        Mutation::MessageRead(m) => Box::pin(messages::apply::mark_read(work, m)),
        Mutation::FundEnter(m) => Box::pin(fund::apply::enter(work, m)),
        Mutation::FundOpening(m) => Box::pin(fund::apply::confirm_opening(work, m)),
        Mutation::FundPropose(m) => Box::pin(fund::uses::propose(work, m)),
        Mutation::FundAdvance(m) => Box::pin(fund::uses::advance(work, m)),
        Mutation::FundOpine(m) => Box::pin(fund::uses::opine(work, m)),
        Mutation::FundStepIn(m) => Box::pin(fund::uses::step_in(work, m)),
        Mutation::IncomeEnter(m) => Box::pin(income::apply::enter(work, m)),
        Mutation::IncomeReverse(m) => Box::pin(income::apply::reverse(work, m)),
        Mutation::IncomePublish(m) => Box::pin(income::apply::publish(work, m)),
        Mutation::AssetAdd(m) => Box::pin(assets::apply::add(work, m)),
        Mutation::AssetChange(m) => Box::pin(assets::apply::change(work, m)),
        Mutation::AssetImport(m) => Box::pin(assets::apply::confirm_list(work, m)),
        Mutation::RoundOpen(m) => Box::pin(assets::rounds::open(work, m)),
        Mutation::AssetCheck(m) => Box::pin(assets::rounds::check(work, m)),
        Mutation::RoundClose(m) => Box::pin(assets::rounds::close(work, m)),
        Mutation::ProjectPropose(m) => Box::pin(projects::apply::propose(work, m)),
        Mutation::ProjectConvene(m) => Box::pin(projects::apply::convene(work, m)),
        Mutation::ProjectAdvance(m) => Box::pin(projects::apply::advance(work, m)),
        Mutation::ProjectReach(m) => Box::pin(projects::apply::reach(work, m)),
        Mutation::ProjectInspect(m) => Box::pin(projects::inspections::inspect(work, m)),
        Mutation::ProjectSign(m) => Box::pin(projects::inspections::sign(work, m)),
        Mutation::ProjectMend(m) => Box::pin(projects::defects::mend(work, m)),
        Mutation::ProjectClear(m) => Box::pin(projects::defects::clear(work, m)),
        Mutation::ProjectSignOff(m) => Box::pin(projects::acceptance::sign_off(work, m)),
        Mutation::ProjectPay(m) => Box::pin(projects::payments::pay(work, m)),
        Mutation::ApprovalDeclare(m) => Box::pin(approvals::apply::declare(work, m)),
        Mutation::ApprovalWord(m) => Box::pin(approvals::apply::word(work, m)),
        Mutation::ApprovalMeeting(m) => Box::pin(approvals::apply::meeting(work, m)),
        Mutation::ScoringTemplate(m) => Box::pin(scoring::rounds::adopt(work, m)),
        Mutation::ScoringOpen(m) => Box::pin(scoring::rounds::open(work, m)),
        Mutation::ScoringSheet(m) => Box::pin(scoring::sheets::hand_in(work, m)),
        Mutation::ScoringPaper(m) => Box::pin(scoring::typed::type_in(work, m)),
        Mutation::ScoringRemind(m) => Box::pin(scoring::reminders::remind(work, m)),
        Mutation::ScoringConflict(m) => Box::pin(scoring::sheets::declare(work, m)),
        Mutation::ScoringExtend(m) => Box::pin(scoring::rounds::extend(work, m)),
        Mutation::ScoringClose(m) => Box::pin(scoring::rounds::close(work, m)),
        Mutation::ScoringReading(m) => Box::pin(scoring::facts::enter(work, m)),
        Mutation::ScoringCharge(m) => Box::pin(scoring::facts::charge(work, m)),
        Mutation::ScoringDischarge(m) => Box::pin(scoring::facts::discharge(work, m)),
        Mutation::ScoringDraft(m) => Box::pin(scoring::results::draft(work, m)),
        Mutation::ScoringAppeal(m) => Box::pin(scoring::results::appeal(work, m)),
        Mutation::ScoringDecide(m) => Box::pin(scoring::results::decide(work, m)),
        Mutation::ScoringPublish(m) => Box::pin(scoring::results::publish(work, m)),
        Mutation::ScoringRectify(m) => Box::pin(scoring::results::rectify(work, m)),
        Mutation::ParkingCar(m) => Box::pin(parking::cars::register(work, m)),
        Mutation::ParkingCarCheck(m) => Box::pin(parking::cars::check(work, m)),
        Mutation::ParkingCarRemove(m) => Box::pin(parking::cars::remove(work, m)),
        Mutation::ParkingOpen(m) => Box::pin(parking::rounds::open(work, m)),
        Mutation::ParkingPostpone(m) => Box::pin(parking::rounds::postpone(work, m)),
        Mutation::ParkingApply(m) => Box::pin(parking::applications::apply(work, m)),
        Mutation::ParkingPaper(m) => Box::pin(parking::applications::paper(work, m)),
        Mutation::ParkingTakeBack(m) => Box::pin(parking::applications::take_back(work, m)),
        Mutation::ParkingCard(m) => Box::pin(parking::applications::check_card(work, m)),
        Mutation::ParkingFreeze(m) => Box::pin(parking::lists::freeze(work, m)),
        Mutation::ParkingObject(m) => Box::pin(parking::lists::object(work, m)),
        Mutation::ParkingAnswer(m) => Box::pin(parking::lists::answer(work, m)),
        Mutation::ParkingSettle(m) => Box::pin(parking::lists::settle(work, m)),
        Mutation::ParkingCommit(m) => Box::pin(parking::drawing::commit(work, m)),
        Mutation::ParkingReveal(m) => Box::pin(parking::drawing::reveal(work, m)),
        Mutation::ParkingDraw(m) => Box::pin(parking::drawing::draw(work, m)),
        Mutation::ParkingChoose(m) => Box::pin(parking::offers::choose(work, m)),
        Mutation::ParkingDecline(m) => Box::pin(parking::offers::decline(work, m)),
        Mutation::ParkingTurn(m) => Box::pin(parking::offers::turn(work, m)),
        Mutation::ParkingClose(m) => Box::pin(parking::rounds::close(work, m)),
        Mutation::ParkingPay(m) => Box::pin(parking::money::pay(work, m)),
        Mutation::ParkingRelease(m) => Box::pin(parking::leases::release(work, m)),
        Mutation::ParkingRenew(m) => Box::pin(parking::leases::renew(work, m)),
        Mutation::ParkingChangeCar(m) => Box::pin(parking::leases::change_car(work, m)),
        Mutation::ParkingSwap(m) => Box::pin(parking::swaps::propose(work, m)),
        Mutation::ParkingAnswerSwap(m) => Box::pin(parking::swaps::answer(work, m)),
        Mutation::ParkingNotice(m) => Box::pin(parking::leases::notice(work, m)),
        Mutation::ParkingAppeal(m) => Box::pin(parking::leases::appeal(work, m)),
        Mutation::ParkingRuling(m) => Box::pin(parking::leases::ruling(work, m)),
        Mutation::ParkingImport(m) => Box::pin(parking::imports::confirm(work, m)),
        Mutation::BayAdd(m) => Box::pin(bays::apply::add(work, m)),
        Mutation::BayChange(m) => Box::pin(bays::apply::change(work, m)),
        Mutation::BayTurn(m) => Box::pin(bays::apply::turn(work, m)),
        Mutation::BayImport(m) => Box::pin(bays::apply::confirm_list(work, m)),
        Mutation::PlanDraw(m) => Box::pin(sites::apply::draw(work, m)),
        Mutation::PlanArea(m) => Box::pin(sites::apply::set_area(work, m)),
        Mutation::BikeGarage(m) => Box::pin(bikes::apply::set_garage(work, m)),
        Mutation::BikeSocket(m) => Box::pin(bikes::apply::set_socket(work, m)),
        Mutation::BikeRegister(m) => Box::pin(bikes::apply::register(work, m)),
        Mutation::BikeEnd(m) => Box::pin(bikes::apply::end(work, m)),
        Mutation::BikeNotice(m) => Box::pin(bikes::notices::post(work, m)),
        Mutation::BikeClaim(m) => Box::pin(bikes::notices::claim(work, m)),
        Mutation::BikeDispose(m) => Box::pin(bikes::notices::dispose(work, m)),
        Mutation::VisitInvite(m) => Box::pin(visits::apply::invite(work, m)),
        Mutation::VisitCancel(m) => Box::pin(visits::apply::cancel(work, m)),
        Mutation::VisitLetIn(m) => Box::pin(visits::apply::let_in(work, m)),
        Mutation::ConversionDraft(m) => Box::pin(conversions::apply::draft(work, m)),
        Mutation::ConversionPublish(m) => Box::pin(conversions::apply::publish(work, m)),
        Mutation::ConversionDecide(m) => Box::pin(conversions::apply::decide(work, m)),
        Mutation::ConversionCarry(m) => Box::pin(conversions::apply::carry(work, m)),
        Mutation::CommunitySetUp(m) => Box::pin(communities::apply::set_up(work, m)),
    }
}
