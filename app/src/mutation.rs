//! The one door in: every change is a [`Mutation`] in an [`Envelope`], answered by a [`Receipt`].

use crate::error::AppError;
use crate::ids::{MutationId, PersonId};
use crate::measure::Time;
use crate::rooms::approvals;
use crate::rooms::assets;
use crate::rooms::bays;
use crate::rooms::bikes;
use crate::rooms::communities::calendar::EnterYear;
use crate::rooms::communities::model::SetUp;
use crate::rooms::communities::rules::Setting;
use crate::rooms::conversions;
use crate::rooms::fund;
use crate::rooms::income;
use crate::rooms::messages::model::{AddRobot, Escalate, MarkRead, RemoveRobot, SendAgain, TryRobot};
use crate::rooms::parking;
use crate::rooms::people::model::{EndRole, GrantRole, IssueLetters, IssueReset, RedeemLetter, RevokeLetter};
use crate::rooms::places::model::{AddFacility, AddPlace};
use crate::rooms::projects;
use crate::rooms::rosters::model::ConfirmImport;
use crate::rooms::scoring;
use crate::rooms::sites;
use crate::rooms::tickets::model::{Advance, HideComment, MeToo, Moderate, Report, WriteComment};
use crate::rooms::visits;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Says each kind once: its words on the wire, its variant and what it carries.
macro_rules! mutations {
    ($($(#[doc = $doc:literal])+ $kind:literal => $name:ident($payload:ty),)+) => {
        /// A change that somebody asks for. A changed meaning gets a new kind with a new number; old kinds stay
        /// accepted for 90 days.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "payload")]
        pub enum Mutation {
            $($(#[doc = $doc])+ #[serde(rename = $kind)] $name($payload),)+
        }

        impl Mutation {
            /// Every kind, for the tests that try each one.
            pub const KINDS: &'static [&'static str] = &[$($kind),+];

            /// The kind as it is written on the wire.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $kind,)+
                }
            }
        }
    };
}

mutations! {
    /// A new ticket.
    "ticket.report.v1" => TicketReport(Report),
    /// 我也遇到.
    "ticket.me_too.v1" => TicketMeToo(MeToo),
    /// A step in a ticket's life.
    "ticket.advance.v1" => TicketAdvance(Advance),
    /// Words under a ticket.
    "ticket.comment.v1" => TicketComment(WriteComment),
    /// Hiding words under a ticket.
    "ticket.hide_comment.v1" => TicketHideComment(HideComment),
    /// Showing or hiding a ticket.
    "ticket.moderate.v1" => TicketModerate(Moderate),
    /// Letters for units.
    "letter.issue.v1" => LetterIssue(IssueLetters),
    /// Taking a letter back.
    "letter.revoke.v1" => LetterRevoke(RevokeLetter),
    /// A letter that resets somebody's secret.
    "letter.reset.v1" => LetterReset(IssueReset),
    /// Coming in with a letter.
    "letter.redeem.v1" => LetterRedeem(RedeemLetter),
    /// Giving a role.
    "role.grant.v1" => RoleGrant(GrantRole),
    /// Ending a role.
    "role.end.v1" => RoleEnd(EndRole),
    /// A place and its tag.
    "place.add.v1" => PlaceAdd(AddPlace),
    /// A facility and its tag.
    "facility.add.v1" => FacilityAdd(AddFacility),
    /// A roster that was looked through and confirmed.
    "roster.import.v1" => RosterImport(ConfirmImport),
    /// A year's public holidays.
    "calendar.year.v1" => CalendarYear(EnterYear),
    /// A rule number of the community.
    "community.setting.v1" => CommunitySetting(Setting),
    /// An overdue ticket climbs one rung.
    "ticket.escalate.v1" => TicketEscalate(Escalate),
    /// A robot of a group chat.
    "robot.add.v1" => RobotAdd(AddRobot),
    /// Removing a robot.
    "robot.remove.v1" => RobotRemove(RemoveRobot),
    /// Trying a robot.
    "robot.try.v1" => RobotTry(TryRobot),
    /// Sending again what was given up.
    "robot.again.v1" => RobotAgain(SendAgain),
    /// Messages that were read.
    "message.read.v1" => MessageRead(MarkRead),
    /// One's own notes were read.
    "note.read.v1" => NoteRead(MarkRead),
    /// Money that comes into the fund.
    "fund.enter.v1" => FundEnter(fund::model::Enter),
    /// Opening balances that were looked through and confirmed.
    "fund.opening.v1" => FundOpening(fund::model::ConfirmOpening),
    /// A use of the fund.
    "fund.propose.v1" => FundPropose(fund::model::Propose),
    /// A step of a use.
    "fund.advance.v1" => FundAdvance(fund::model::Advance),
    /// An owner's word on a plan.
    "fund.opine.v1" => FundOpine(fund::model::Opine),
    /// The district steps in.
    "fund.step_in.v1" => FundStepIn(fund::model::StepIn),
    /// Common income, or what it is spent on.
    "income.enter.v1" => IncomeEnter(income::model::Enter),
    /// Taking an entry of common income back.
    "income.reverse.v1" => IncomeReverse(income::model::Reverse),
    /// Publishing a quarter of common income.
    "income.publish.v1" => IncomePublish(income::model::Publish),
    /// An asset.
    "asset.add.v1" => AssetAdd(assets::model::Add),
    /// A change of an asset.
    "asset.change.v1" => AssetChange(assets::model::Change),
    /// A register that was looked through and confirmed.
    "asset.import.v1" => AssetImport(assets::model::ConfirmList),
    /// An inspection round.
    "round.open.v1" => RoundOpen(assets::model::OpenRound),
    /// A check of one asset on a round.
    "asset.check.v1" => AssetCheck(assets::model::Check),
    /// The end of a round.
    "round.close.v1" => RoundClose(assets::model::CloseRound),
    /// A project.
    "project.propose.v1" => ProjectPropose(projects::model::Propose),
    /// The working group of a project.
    "project.convene.v1" => ProjectConvene(projects::model::Convene),
    /// A step of a project.
    "project.advance.v1" => ProjectAdvance(projects::model::Advance),
    /// A milestone that is done.
    "project.reach.v1" => ProjectReach(projects::model::Reach),
    /// An inspection of works.
    "project.inspect.v1" => ProjectInspect(projects::model::Inspect),
    /// A second signature under an inspection.
    "project.sign.v1" => ProjectSign(projects::model::Sign),
    /// A defect that was mended.
    "project.mend.v1" => ProjectMend(projects::model::Mend),
    /// The word on what was mended.
    "project.clear.v1" => ProjectClear(projects::model::Clear),
    /// A party's signature under the acceptance.
    "project.sign_off.v1" => ProjectSignOff(projects::model::SignOff),
    /// A payment of a project.
    "project.pay.v1" => ProjectPay(projects::model::Pay),
    /// A committee member's declaration of interests.
    "approval.declare.v1" => ApprovalDeclare(approvals::model::Declare),
    /// A committee member's word.
    "approval.word.v1" => ApprovalWord(approvals::model::GiveWord),
    /// A meeting of the committee.
    "approval.meeting.v1" => ApprovalMeeting(approvals::model::HoldMeeting),
    /// A sheet of the community's own.
    "scoring.template.v1" => ScoringTemplate(scoring::model::Adopt),
    /// A round of scoring.
    "scoring.open.v1" => ScoringOpen(scoring::model::Open),
    /// A scorer's sheet.
    "scoring.sheet.v1" => ScoringSheet(scoring::model::HandIn),
    /// Typing in a sheet of paper.
    "scoring.paper.v1" => ScoringPaper(scoring::model::TypeIn),
    /// Reminding those who have not handed in.
    "scoring.remind.v1" => ScoringRemind(scoring::model::Remind),
    /// What ties a scorer to the company.
    "scoring.conflict.v1" => ScoringConflict(scoring::model::Declare),
    /// A later closing time.
    "scoring.extend.v1" => ScoringExtend(scoring::model::Extend),
    /// The end of the scoring.
    "scoring.close.v1" => ScoringClose(scoring::model::Move),
    /// What was counted for an objective item.
    "scoring.reading.v1" => ScoringReading(scoring::model::Enter),
    /// A deduction or a veto.
    "scoring.charge.v1" => ScoringCharge(scoring::model::Charge),
    /// Taking a charge back.
    "scoring.discharge.v1" => ScoringDischarge(scoring::model::Discharge),
    /// The draft of the result.
    "scoring.draft.v1" => ScoringDraft(scoring::model::Move),
    /// The company's appeal.
    "scoring.appeal.v1" => ScoringAppeal(scoring::model::Appeal),
    /// A party's word on the appeal.
    "scoring.decide.v1" => ScoringDecide(scoring::model::Decide),
    /// The published result.
    "scoring.publish.v1" => ScoringPublish(scoring::model::Move),
    /// A ticket of what has to be mended.
    "scoring.rectify.v1" => ScoringRectify(scoring::model::Rectify),
    /// A car.
    "parking.car.v1" => ParkingCar(parking::model::Register),
    /// The word on a car's proof.
    "parking.car_check.v1" => ParkingCarCheck(parking::model::CheckCar),
    /// Taking a car off.
    "parking.car_remove.v1" => ParkingCarRemove(parking::model::RemoveCar),
    /// A round of parking.
    "parking.open.v1" => ParkingOpen(parking::model::Open),
    /// Another public value.
    "parking.postpone.v1" => ParkingPostpone(parking::model::Postpone),
    /// An application for a bay.
    "parking.apply.v1" => ParkingApply(parking::model::Apply),
    /// An application on paper.
    "parking.paper.v1" => ParkingPaper(parking::model::Paper),
    /// Taking an application back.
    "parking.take_back.v1" => ParkingTakeBack(parking::model::TakeBack),
    /// Whether a disability card was seen.
    "parking.card.v1" => ParkingCard(parking::model::CheckCard),
    /// The frozen list.
    "parking.freeze.v1" => ParkingFreeze(parking::model::Move),
    /// An objection.
    "parking.object.v1" => ParkingObject(parking::model::Object),
    /// The answer to an objection.
    "parking.answer.v1" => ParkingAnswer(parking::model::Answer),
    /// The final list.
    "parking.settle.v1" => ParkingSettle(parking::model::Move),
    /// A party's commitment.
    "parking.commit.v1" => ParkingCommit(parking::model::Commit),
    /// What a party had committed to.
    "parking.reveal.v1" => ParkingReveal(parking::model::Reveal),
    /// The draw.
    "parking.draw.v1" => ParkingDraw(parking::model::Draw),
    /// Taking an offer.
    "parking.choose.v1" => ParkingChoose(parking::model::Choose),
    /// Declining, or waiting no longer.
    "parking.decline.v1" => ParkingDecline(parking::model::Decline),
    /// What the clock does to offers and leases.
    "parking.turn.v1" => ParkingTurn(parking::model::Turn),
    /// The end of a round of parking.
    "parking.close.v1" => ParkingClose(parking::model::Move),
    /// A payment for a bay.
    "parking.pay.v1" => ParkingPay(parking::model::Pay),
    /// Giving a bay back.
    "parking.release.v1" => ParkingRelease(parking::model::Release),
    /// Another term.
    "parking.renew.v1" => ParkingRenew(parking::model::Renew),
    /// Another car of the same home.
    "parking.change_car.v1" => ParkingChangeCar(parking::model::ChangeCar),
    /// A proposal to change bays.
    "parking.swap.v1" => ParkingSwap(parking::model::Swap),
    /// The other holder's word.
    "parking.answer_swap.v1" => ParkingAnswerSwap(parking::model::AnswerSwap),
    /// A notice of withdrawal.
    "parking.notice.v1" => ParkingNotice(parking::model::Notice),
    /// An appeal against a notice.
    "parking.appeal.v1" => ParkingAppeal(parking::model::Appeal),
    /// The word on an appeal.
    "parking.ruling.v1" => ParkingRuling(parking::model::Ruling),
    /// A list of cars and leases.
    "parking.import.v1" => ParkingImport(parking::model::ConfirmList),
    /// A car bay.
    "bay.add.v1" => BayAdd(bays::model::Add),
    /// A change of a bay.
    "bay.change.v1" => BayChange(bays::model::Change),
    /// How a bay is.
    "bay.state.v1" => BayTurn(bays::model::Turning),
    /// A register of bays that was looked through and confirmed.
    "bay.import.v1" => BayImport(bays::model::ConfirmList),
    /// A drawing of the estate.
    "plan.draw.v1" => PlanDraw(sites::model::Draw),
    /// A piece of ground.
    "plan.area.v1" => PlanArea(sites::model::SetArea),
    /// A bike garage or charging area.
    "bike.garage.v1" => BikeGarage(bikes::model::SetGarage),
    /// How a charging socket is.
    "bike.socket.v1" => BikeSocket(bikes::model::SetSocket),
    /// An e-bike.
    "bike.register.v1" => BikeRegister(bikes::model::Register),
    /// The end of a registration.
    "bike.end.v1" => BikeEnd(bikes::model::EndBike),
    /// A notice on a bike.
    "bike.notice.v1" => BikeNotice(bikes::model::Post),
    /// A bike that is claimed.
    "bike.claim.v1" => BikeClaim(bikes::model::Claim),
    /// What was done with a bike that nobody claimed.
    "bike.dispose.v1" => BikeDispose(bikes::model::Dispose),
    /// A pass for a visitor.
    "visits.invite.v1" => VisitInvite(visits::model::Invite),
    /// Taking a pass back.
    "visits.cancel.v1" => VisitCancel(visits::model::Cancel),
    /// Letting a visitor in.
    "visits.let_in.v1" => VisitLetIn(visits::model::LetIn),
    /// A proposal that converts ground.
    "conversion.draft.v1" => ConversionDraft(conversions::model::Draft),
    /// Putting a proposal on show.
    "conversion.publish.v1" => ConversionPublish(conversions::model::Step),
    /// What the owners decided on a proposal.
    "conversion.decide.v1" => ConversionDecide(conversions::model::Decide),
    /// Carrying a proposal out.
    "conversion.carry.v1" => ConversionCarry(conversions::model::Step),
    /// A community and its first administrator.
    "community.set_up.v1" => CommunitySetUp(SetUp),
}

/// A mutation on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// Made by the client; the same id changes things once.
    pub id: MutationId,
    /// The person it belongs to; another one's session cannot send it.
    pub person: Option<PersonId>,
    /// The version of the page that made it.
    pub app_version: String,
    /// The client's clock: shown, never trusted.
    pub client_time: Time,
    /// What is asked for.
    #[serde(flatten)]
    pub mutation: Mutation,
}

/// The answer to an envelope, stored with the change itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The mutation.
    pub id: MutationId,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a mutation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is done.
    Done {
        /// What it was done to.
        subject: Option<Uuid>,
        /// The number that people use, e.g. a ticket's.
        number: Option<String>,
        /// The version after it.
        version: i64,
    },
    /// It was understood and refused; asking again changes nothing.
    Rejected {
        /// Why.
        reason: AppError,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_is_stable() {
        let text = r#"{"id":"01890a5d-ac96-774b-bcce-b302099a8057","person":null,"app_version":"0.1.0","client_time":5,"kind":"ticket.me_too.v1","payload":{"ticket":"01890a5d-ac96-774b-bcce-b302099a8058"}}"#;
        let envelope: Envelope = serde_json::from_str(text).expect("parses");
        assert_eq!(envelope.mutation.kind(), "ticket.me_too.v1");
        assert_eq!(serde_json::to_string(&envelope).expect("writes"), text);
        assert!(Mutation::KINDS.contains(&envelope.mutation.kind()));
    }

    #[test]
    fn an_unknown_kind_is_an_error_and_not_a_guess() {
        let text = r#"{"kind":"ticket.explode.v1","payload":{}}"#;
        assert!(serde_json::from_str::<Mutation>(text).is_err());
    }
}
