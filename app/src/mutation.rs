//! The one door in: every change is a [`Mutation`] in an [`Envelope`], answered by a [`Receipt`].

use crate::error::AppError;
use crate::ids::{MutationId, PersonId};
use crate::measure::Time;
use crate::rooms::approvals;
use crate::rooms::assets;
use crate::rooms::bays;
use crate::rooms::bikes;
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

/// A change that somebody asks for. A changed meaning gets a new kind with a new number; old kinds stay
/// accepted for 90 days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload")]
pub enum Mutation {
    /// A new ticket.
    #[serde(rename = "ticket.report.v1")]
    TicketReport(Report),
    /// 我也遇到.
    #[serde(rename = "ticket.me_too.v1")]
    TicketMeToo(MeToo),
    /// A step in a ticket's life.
    #[serde(rename = "ticket.advance.v1")]
    TicketAdvance(Advance),
    /// Words under a ticket.
    #[serde(rename = "ticket.comment.v1")]
    TicketComment(WriteComment),
    /// Hiding words under a ticket.
    #[serde(rename = "ticket.hide_comment.v1")]
    TicketHideComment(HideComment),
    /// Showing or hiding a ticket.
    #[serde(rename = "ticket.moderate.v1")]
    TicketModerate(Moderate),
    /// Letters for units.
    #[serde(rename = "letter.issue.v1")]
    LetterIssue(IssueLetters),
    /// Taking a letter back.
    #[serde(rename = "letter.revoke.v1")]
    LetterRevoke(RevokeLetter),
    /// A letter that resets somebody's secret.
    #[serde(rename = "letter.reset.v1")]
    LetterReset(IssueReset),
    /// Coming in with a letter.
    #[serde(rename = "letter.redeem.v1")]
    LetterRedeem(RedeemLetter),
    /// Giving a role.
    #[serde(rename = "role.grant.v1")]
    RoleGrant(GrantRole),
    /// Ending a role.
    #[serde(rename = "role.end.v1")]
    RoleEnd(EndRole),
    /// A place and its tag.
    #[serde(rename = "place.add.v1")]
    PlaceAdd(AddPlace),
    /// A facility and its tag.
    #[serde(rename = "facility.add.v1")]
    FacilityAdd(AddFacility),
    /// A roster that was looked through and confirmed.
    #[serde(rename = "roster.import.v1")]
    RosterImport(ConfirmImport),
    /// A rule number of the community.
    #[serde(rename = "community.setting.v1")]
    CommunitySetting(Setting),
    /// An overdue ticket climbs one rung.
    #[serde(rename = "ticket.escalate.v1")]
    TicketEscalate(Escalate),
    /// A robot of a group chat.
    #[serde(rename = "robot.add.v1")]
    RobotAdd(AddRobot),
    /// Removing a robot.
    #[serde(rename = "robot.remove.v1")]
    RobotRemove(RemoveRobot),
    /// Trying a robot.
    #[serde(rename = "robot.try.v1")]
    RobotTry(TryRobot),
    /// Sending again what was given up.
    #[serde(rename = "robot.again.v1")]
    RobotAgain(SendAgain),
    /// Messages that were read.
    #[serde(rename = "message.read.v1")]
    MessageRead(MarkRead),
    /// One's own notes were read.
    #[serde(rename = "note.read.v1")]
    NoteRead(MarkRead),
    /// Money that comes into the fund.
    #[serde(rename = "fund.enter.v1")]
    FundEnter(fund::model::Enter),
    /// Opening balances that were looked through and confirmed.
    #[serde(rename = "fund.opening.v1")]
    FundOpening(fund::model::ConfirmOpening),
    /// A use of the fund.
    #[serde(rename = "fund.propose.v1")]
    FundPropose(fund::model::Propose),
    /// A step of a use.
    #[serde(rename = "fund.advance.v1")]
    FundAdvance(fund::model::Advance),
    /// An owner's word on a plan.
    #[serde(rename = "fund.opine.v1")]
    FundOpine(fund::model::Opine),
    /// The district steps in.
    #[serde(rename = "fund.step_in.v1")]
    FundStepIn(fund::model::StepIn),
    /// Common income, or what it is spent on.
    #[serde(rename = "income.enter.v1")]
    IncomeEnter(income::model::Enter),
    /// Taking an entry of common income back.
    #[serde(rename = "income.reverse.v1")]
    IncomeReverse(income::model::Reverse),
    /// Publishing a quarter of common income.
    #[serde(rename = "income.publish.v1")]
    IncomePublish(income::model::Publish),
    /// An asset.
    #[serde(rename = "asset.add.v1")]
    AssetAdd(assets::model::Add),
    /// A change of an asset.
    #[serde(rename = "asset.change.v1")]
    AssetChange(assets::model::Change),
    /// A register that was looked through and confirmed.
    #[serde(rename = "asset.import.v1")]
    AssetImport(assets::model::ConfirmList),
    /// An inspection round.
    #[serde(rename = "round.open.v1")]
    RoundOpen(assets::model::OpenRound),
    /// A check of one asset on a round.
    #[serde(rename = "asset.check.v1")]
    AssetCheck(assets::model::Check),
    /// The end of a round.
    #[serde(rename = "round.close.v1")]
    RoundClose(assets::model::CloseRound),
    /// A project.
    #[serde(rename = "project.propose.v1")]
    ProjectPropose(projects::model::Propose),
    /// The working group of a project.
    #[serde(rename = "project.convene.v1")]
    ProjectConvene(projects::model::Convene),
    /// A step of a project.
    #[serde(rename = "project.advance.v1")]
    ProjectAdvance(projects::model::Advance),
    /// A milestone that is done.
    #[serde(rename = "project.reach.v1")]
    ProjectReach(projects::model::Reach),
    /// An inspection of works.
    #[serde(rename = "project.inspect.v1")]
    ProjectInspect(projects::model::Inspect),
    /// A second signature under an inspection.
    #[serde(rename = "project.sign.v1")]
    ProjectSign(projects::model::Sign),
    /// A defect that was mended.
    #[serde(rename = "project.mend.v1")]
    ProjectMend(projects::model::Mend),
    /// The word on what was mended.
    #[serde(rename = "project.clear.v1")]
    ProjectClear(projects::model::Clear),
    /// A party's signature under the acceptance.
    #[serde(rename = "project.sign_off.v1")]
    ProjectSignOff(projects::model::SignOff),
    /// A payment of a project.
    #[serde(rename = "project.pay.v1")]
    ProjectPay(projects::model::Pay),
    /// A committee member's declaration of interests.
    #[serde(rename = "approval.declare.v1")]
    ApprovalDeclare(approvals::model::Declare),
    /// A committee member's word.
    #[serde(rename = "approval.word.v1")]
    ApprovalWord(approvals::model::GiveWord),
    /// A meeting of the committee.
    #[serde(rename = "approval.meeting.v1")]
    ApprovalMeeting(approvals::model::HoldMeeting),
    /// A sheet of the community's own.
    #[serde(rename = "scoring.template.v1")]
    ScoringTemplate(scoring::model::Adopt),
    /// A round of scoring.
    #[serde(rename = "scoring.open.v1")]
    ScoringOpen(scoring::model::Open),
    /// A scorer's sheet.
    #[serde(rename = "scoring.sheet.v1")]
    ScoringSheet(scoring::model::HandIn),
    /// Typing in a sheet of paper.
    #[serde(rename = "scoring.paper.v1")]
    ScoringPaper(scoring::model::TypeIn),
    /// Reminding those who have not handed in.
    #[serde(rename = "scoring.remind.v1")]
    ScoringRemind(scoring::model::Remind),
    /// What ties a scorer to the company.
    #[serde(rename = "scoring.conflict.v1")]
    ScoringConflict(scoring::model::Declare),
    /// A later closing time.
    #[serde(rename = "scoring.extend.v1")]
    ScoringExtend(scoring::model::Extend),
    /// The end of the scoring.
    #[serde(rename = "scoring.close.v1")]
    ScoringClose(scoring::model::Move),
    /// What was counted for an objective item.
    #[serde(rename = "scoring.reading.v1")]
    ScoringReading(scoring::model::Enter),
    /// A deduction or a veto.
    #[serde(rename = "scoring.charge.v1")]
    ScoringCharge(scoring::model::Charge),
    /// Taking a charge back.
    #[serde(rename = "scoring.discharge.v1")]
    ScoringDischarge(scoring::model::Discharge),
    /// The draft of the result.
    #[serde(rename = "scoring.draft.v1")]
    ScoringDraft(scoring::model::Move),
    /// The company's appeal.
    #[serde(rename = "scoring.appeal.v1")]
    ScoringAppeal(scoring::model::Appeal),
    /// A party's word on the appeal.
    #[serde(rename = "scoring.decide.v1")]
    ScoringDecide(scoring::model::Decide),
    /// The published result.
    #[serde(rename = "scoring.publish.v1")]
    ScoringPublish(scoring::model::Move),
    /// A ticket of what has to be mended.
    #[serde(rename = "scoring.rectify.v1")]
    ScoringRectify(scoring::model::Rectify),
    /// A car.
    #[serde(rename = "parking.car.v1")]
    ParkingCar(parking::model::Register),
    /// The word on a car's proof.
    #[serde(rename = "parking.car_check.v1")]
    ParkingCarCheck(parking::model::CheckCar),
    /// Taking a car off.
    #[serde(rename = "parking.car_remove.v1")]
    ParkingCarRemove(parking::model::RemoveCar),
    /// A round of parking.
    #[serde(rename = "parking.open.v1")]
    ParkingOpen(parking::model::Open),
    /// Another public value.
    #[serde(rename = "parking.postpone.v1")]
    ParkingPostpone(parking::model::Postpone),
    /// An application for a bay.
    #[serde(rename = "parking.apply.v1")]
    ParkingApply(parking::model::Apply),
    /// An application on paper.
    #[serde(rename = "parking.paper.v1")]
    ParkingPaper(parking::model::Paper),
    /// Taking an application back.
    #[serde(rename = "parking.take_back.v1")]
    ParkingTakeBack(parking::model::TakeBack),
    /// Whether a disability card was seen.
    #[serde(rename = "parking.card.v1")]
    ParkingCard(parking::model::CheckCard),
    /// The frozen list.
    #[serde(rename = "parking.freeze.v1")]
    ParkingFreeze(parking::model::Move),
    /// An objection.
    #[serde(rename = "parking.object.v1")]
    ParkingObject(parking::model::Object),
    /// The answer to an objection.
    #[serde(rename = "parking.answer.v1")]
    ParkingAnswer(parking::model::Answer),
    /// The final list.
    #[serde(rename = "parking.settle.v1")]
    ParkingSettle(parking::model::Move),
    /// A party's commitment.
    #[serde(rename = "parking.commit.v1")]
    ParkingCommit(parking::model::Commit),
    /// What a party had committed to.
    #[serde(rename = "parking.reveal.v1")]
    ParkingReveal(parking::model::Reveal),
    /// The draw.
    #[serde(rename = "parking.draw.v1")]
    ParkingDraw(parking::model::Draw),
    /// Taking an offer.
    #[serde(rename = "parking.choose.v1")]
    ParkingChoose(parking::model::Choose),
    /// Declining, or waiting no longer.
    #[serde(rename = "parking.decline.v1")]
    ParkingDecline(parking::model::Decline),
    /// What the clock does to offers and leases.
    #[serde(rename = "parking.turn.v1")]
    ParkingTurn(parking::model::Turn),
    /// The end of a round of parking.
    #[serde(rename = "parking.close.v1")]
    ParkingClose(parking::model::Move),
    /// A payment for a bay.
    #[serde(rename = "parking.pay.v1")]
    ParkingPay(parking::model::Pay),
    /// Giving a bay back.
    #[serde(rename = "parking.release.v1")]
    ParkingRelease(parking::model::Release),
    /// Another term.
    #[serde(rename = "parking.renew.v1")]
    ParkingRenew(parking::model::Renew),
    /// Another car of the same home.
    #[serde(rename = "parking.change_car.v1")]
    ParkingChangeCar(parking::model::ChangeCar),
    /// A proposal to change bays.
    #[serde(rename = "parking.swap.v1")]
    ParkingSwap(parking::model::Swap),
    /// The other holder's word.
    #[serde(rename = "parking.answer_swap.v1")]
    ParkingAnswerSwap(parking::model::AnswerSwap),
    /// A notice of withdrawal.
    #[serde(rename = "parking.notice.v1")]
    ParkingNotice(parking::model::Notice),
    /// An appeal against a notice.
    #[serde(rename = "parking.appeal.v1")]
    ParkingAppeal(parking::model::Appeal),
    /// The word on an appeal.
    #[serde(rename = "parking.ruling.v1")]
    ParkingRuling(parking::model::Ruling),
    /// A list of cars and leases.
    #[serde(rename = "parking.import.v1")]
    ParkingImport(parking::model::ConfirmList),
    /// A car bay.
    #[serde(rename = "bay.add.v1")]
    BayAdd(bays::model::Add),
    /// A change of a bay.
    #[serde(rename = "bay.change.v1")]
    BayChange(bays::model::Change),
    /// How a bay is.
    #[serde(rename = "bay.state.v1")]
    BayTurn(bays::model::Turning),
    /// A register of bays that was looked through and confirmed.
    #[serde(rename = "bay.import.v1")]
    BayImport(bays::model::ConfirmList),
    /// A drawing of the estate.
    #[serde(rename = "plan.draw.v1")]
    PlanDraw(sites::model::Draw),
    /// A piece of ground.
    #[serde(rename = "plan.area.v1")]
    PlanArea(sites::model::SetArea),
    /// A bike garage or charging area.
    #[serde(rename = "bike.garage.v1")]
    BikeGarage(bikes::model::SetGarage),
    /// How a charging socket is.
    #[serde(rename = "bike.socket.v1")]
    BikeSocket(bikes::model::SetSocket),
    /// An e-bike.
    #[serde(rename = "bike.register.v1")]
    BikeRegister(bikes::model::Register),
    /// The end of a registration.
    #[serde(rename = "bike.end.v1")]
    BikeEnd(bikes::model::EndBike),
    /// A notice on a bike.
    #[serde(rename = "bike.notice.v1")]
    BikeNotice(bikes::model::Post),
    /// A bike that is claimed.
    #[serde(rename = "bike.claim.v1")]
    BikeClaim(bikes::model::Claim),
    /// What was done with a bike that nobody claimed.
    #[serde(rename = "bike.dispose.v1")]
    BikeDispose(bikes::model::Dispose),
    /// A pass for a visitor.
    #[serde(rename = "visits.invite.v1")]
    VisitInvite(visits::model::Invite),
    /// Taking a pass back.
    #[serde(rename = "visits.cancel.v1")]
    VisitCancel(visits::model::Cancel),
    /// Letting a visitor in.
    #[serde(rename = "visits.let_in.v1")]
    VisitLetIn(visits::model::LetIn),
    /// A proposal that converts ground.
    #[serde(rename = "conversion.draft.v1")]
    ConversionDraft(conversions::model::Draft),
    /// Putting a proposal on show.
    #[serde(rename = "conversion.publish.v1")]
    ConversionPublish(conversions::model::Step),
    /// What the owners decided on a proposal.
    #[serde(rename = "conversion.decide.v1")]
    ConversionDecide(conversions::model::Decide),
    /// Carrying a proposal out.
    #[serde(rename = "conversion.carry.v1")]
    ConversionCarry(conversions::model::Step),
    /// The first community of an empty installation.
    #[serde(rename = "community.set_up.v1")]
    CommunitySetUp(SetUp),
}

impl Mutation {
    /// Every kind, for the tests that try each one.
    pub const KINDS: &'static [&'static str] = &[
        "ticket.report.v1",
        "ticket.me_too.v1",
        "ticket.advance.v1",
        "ticket.comment.v1",
        "ticket.hide_comment.v1",
        "ticket.moderate.v1",
        "letter.issue.v1",
        "letter.revoke.v1",
        "letter.reset.v1",
        "letter.redeem.v1",
        "role.grant.v1",
        "role.end.v1",
        "place.add.v1",
        "facility.add.v1",
        "roster.import.v1",
        "community.setting.v1",
        "ticket.escalate.v1",
        "robot.add.v1",
        "robot.remove.v1",
        "robot.try.v1",
        "robot.again.v1",
        "message.read.v1",
        "note.read.v1",
        "fund.enter.v1",
        "fund.opening.v1",
        "fund.propose.v1",
        "fund.advance.v1",
        "fund.opine.v1",
        "fund.step_in.v1",
        "income.enter.v1",
        "income.reverse.v1",
        "income.publish.v1",
        "asset.add.v1",
        "asset.change.v1",
        "asset.import.v1",
        "round.open.v1",
        "asset.check.v1",
        "round.close.v1",
        "project.propose.v1",
        "project.convene.v1",
        "project.advance.v1",
        "project.reach.v1",
        "project.inspect.v1",
        "project.sign.v1",
        "project.mend.v1",
        "project.clear.v1",
        "project.sign_off.v1",
        "project.pay.v1",
        "approval.declare.v1",
        "approval.word.v1",
        "approval.meeting.v1",
        "scoring.template.v1",
        "scoring.open.v1",
        "scoring.sheet.v1",
        "scoring.paper.v1",
        "scoring.remind.v1",
        "scoring.conflict.v1",
        "scoring.extend.v1",
        "scoring.close.v1",
        "scoring.reading.v1",
        "scoring.charge.v1",
        "scoring.discharge.v1",
        "scoring.draft.v1",
        "scoring.appeal.v1",
        "scoring.decide.v1",
        "scoring.publish.v1",
        "scoring.rectify.v1",
        "parking.car.v1",
        "parking.car_check.v1",
        "parking.car_remove.v1",
        "parking.open.v1",
        "parking.postpone.v1",
        "parking.apply.v1",
        "parking.paper.v1",
        "parking.take_back.v1",
        "parking.card.v1",
        "parking.freeze.v1",
        "parking.object.v1",
        "parking.answer.v1",
        "parking.settle.v1",
        "parking.commit.v1",
        "parking.reveal.v1",
        "parking.draw.v1",
        "parking.choose.v1",
        "parking.decline.v1",
        "parking.turn.v1",
        "parking.close.v1",
        "parking.pay.v1",
        "parking.release.v1",
        "parking.renew.v1",
        "parking.change_car.v1",
        "parking.swap.v1",
        "parking.answer_swap.v1",
        "parking.notice.v1",
        "parking.appeal.v1",
        "parking.ruling.v1",
        "parking.import.v1",
        "bay.add.v1",
        "bay.change.v1",
        "bay.state.v1",
        "bay.import.v1",
        "plan.draw.v1",
        "plan.area.v1",
        "bike.garage.v1",
        "bike.socket.v1",
        "bike.register.v1",
        "bike.end.v1",
        "bike.notice.v1",
        "bike.claim.v1",
        "bike.dispose.v1",
        "visits.invite.v1",
        "visits.cancel.v1",
        "visits.let_in.v1",
        "conversion.draft.v1",
        "conversion.publish.v1",
        "conversion.decide.v1",
        "conversion.carry.v1",
        "community.set_up.v1",
    ];

    /// The kind as it is written on the wire.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::TicketReport(_) => "ticket.report.v1",
            Self::TicketMeToo(_) => "ticket.me_too.v1",
            Self::TicketAdvance(_) => "ticket.advance.v1",
            Self::TicketComment(_) => "ticket.comment.v1",
            Self::TicketHideComment(_) => "ticket.hide_comment.v1",
            Self::TicketModerate(_) => "ticket.moderate.v1",
            Self::LetterIssue(_) => "letter.issue.v1",
            Self::LetterRevoke(_) => "letter.revoke.v1",
            Self::LetterReset(_) => "letter.reset.v1",
            Self::LetterRedeem(_) => "letter.redeem.v1",
            Self::RoleGrant(_) => "role.grant.v1",
            Self::RoleEnd(_) => "role.end.v1",
            Self::PlaceAdd(_) => "place.add.v1",
            Self::FacilityAdd(_) => "facility.add.v1",
            Self::RosterImport(_) => "roster.import.v1",
            Self::CommunitySetting(_) => "community.setting.v1",
            Self::TicketEscalate(_) => "ticket.escalate.v1",
            Self::RobotAdd(_) => "robot.add.v1",
            Self::RobotRemove(_) => "robot.remove.v1",
            Self::RobotTry(_) => "robot.try.v1",
            Self::RobotAgain(_) => "robot.again.v1",
            Self::MessageRead(_) => "message.read.v1",
            Self::NoteRead(_) => "note.read.v1",
            Self::FundEnter(_) => "fund.enter.v1",
            Self::FundOpening(_) => "fund.opening.v1",
            Self::FundPropose(_) => "fund.propose.v1",
            Self::FundAdvance(_) => "fund.advance.v1",
            Self::FundOpine(_) => "fund.opine.v1",
            Self::FundStepIn(_) => "fund.step_in.v1",
            Self::IncomeEnter(_) => "income.enter.v1",
            Self::IncomeReverse(_) => "income.reverse.v1",
            Self::IncomePublish(_) => "income.publish.v1",
            Self::AssetAdd(_) => "asset.add.v1",
            Self::AssetChange(_) => "asset.change.v1",
            Self::AssetImport(_) => "asset.import.v1",
            Self::RoundOpen(_) => "round.open.v1",
            Self::AssetCheck(_) => "asset.check.v1",
            Self::RoundClose(_) => "round.close.v1",
            Self::ProjectPropose(_) => "project.propose.v1",
            Self::ProjectConvene(_) => "project.convene.v1",
            Self::ProjectAdvance(_) => "project.advance.v1",
            Self::ProjectReach(_) => "project.reach.v1",
            Self::ProjectInspect(_) => "project.inspect.v1",
            Self::ProjectSign(_) => "project.sign.v1",
            Self::ProjectMend(_) => "project.mend.v1",
            Self::ProjectClear(_) => "project.clear.v1",
            Self::ProjectSignOff(_) => "project.sign_off.v1",
            Self::ProjectPay(_) => "project.pay.v1",
            Self::ApprovalDeclare(_) => "approval.declare.v1",
            Self::ApprovalWord(_) => "approval.word.v1",
            Self::ApprovalMeeting(_) => "approval.meeting.v1",
            Self::ScoringTemplate(_) => "scoring.template.v1",
            Self::ScoringOpen(_) => "scoring.open.v1",
            Self::ScoringSheet(_) => "scoring.sheet.v1",
            Self::ScoringPaper(_) => "scoring.paper.v1",
            Self::ScoringRemind(_) => "scoring.remind.v1",
            Self::ScoringConflict(_) => "scoring.conflict.v1",
            Self::ScoringExtend(_) => "scoring.extend.v1",
            Self::ScoringClose(_) => "scoring.close.v1",
            Self::ScoringReading(_) => "scoring.reading.v1",
            Self::ScoringCharge(_) => "scoring.charge.v1",
            Self::ScoringDischarge(_) => "scoring.discharge.v1",
            Self::ScoringDraft(_) => "scoring.draft.v1",
            Self::ScoringAppeal(_) => "scoring.appeal.v1",
            Self::ScoringDecide(_) => "scoring.decide.v1",
            Self::ScoringPublish(_) => "scoring.publish.v1",
            Self::ScoringRectify(_) => "scoring.rectify.v1",
            Self::ParkingCar(_) => "parking.car.v1",
            Self::ParkingCarCheck(_) => "parking.car_check.v1",
            Self::ParkingCarRemove(_) => "parking.car_remove.v1",
            Self::ParkingOpen(_) => "parking.open.v1",
            Self::ParkingPostpone(_) => "parking.postpone.v1",
            Self::ParkingApply(_) => "parking.apply.v1",
            Self::ParkingPaper(_) => "parking.paper.v1",
            Self::ParkingTakeBack(_) => "parking.take_back.v1",
            Self::ParkingCard(_) => "parking.card.v1",
            Self::ParkingFreeze(_) => "parking.freeze.v1",
            Self::ParkingObject(_) => "parking.object.v1",
            Self::ParkingAnswer(_) => "parking.answer.v1",
            Self::ParkingSettle(_) => "parking.settle.v1",
            Self::ParkingCommit(_) => "parking.commit.v1",
            Self::ParkingReveal(_) => "parking.reveal.v1",
            Self::ParkingDraw(_) => "parking.draw.v1",
            Self::ParkingChoose(_) => "parking.choose.v1",
            Self::ParkingDecline(_) => "parking.decline.v1",
            Self::ParkingTurn(_) => "parking.turn.v1",
            Self::ParkingClose(_) => "parking.close.v1",
            Self::ParkingPay(_) => "parking.pay.v1",
            Self::ParkingRelease(_) => "parking.release.v1",
            Self::ParkingRenew(_) => "parking.renew.v1",
            Self::ParkingChangeCar(_) => "parking.change_car.v1",
            Self::ParkingSwap(_) => "parking.swap.v1",
            Self::ParkingAnswerSwap(_) => "parking.answer_swap.v1",
            Self::ParkingNotice(_) => "parking.notice.v1",
            Self::ParkingAppeal(_) => "parking.appeal.v1",
            Self::ParkingRuling(_) => "parking.ruling.v1",
            Self::ParkingImport(_) => "parking.import.v1",
            Self::BayAdd(_) => "bay.add.v1",
            Self::BayChange(_) => "bay.change.v1",
            Self::BayTurn(_) => "bay.state.v1",
            Self::BayImport(_) => "bay.import.v1",
            Self::PlanDraw(_) => "plan.draw.v1",
            Self::PlanArea(_) => "plan.area.v1",
            Self::BikeGarage(_) => "bike.garage.v1",
            Self::BikeSocket(_) => "bike.socket.v1",
            Self::BikeRegister(_) => "bike.register.v1",
            Self::BikeEnd(_) => "bike.end.v1",
            Self::BikeNotice(_) => "bike.notice.v1",
            Self::BikeClaim(_) => "bike.claim.v1",
            Self::BikeDispose(_) => "bike.dispose.v1",
            Self::VisitInvite(_) => "visits.invite.v1",
            Self::VisitCancel(_) => "visits.cancel.v1",
            Self::VisitLetIn(_) => "visits.let_in.v1",
            Self::ConversionDraft(_) => "conversion.draft.v1",
            Self::ConversionPublish(_) => "conversion.publish.v1",
            Self::ConversionDecide(_) => "conversion.decide.v1",
            Self::ConversionCarry(_) => "conversion.carry.v1",
            Self::CommunitySetUp(_) => "community.set_up.v1",
        }
    }
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
