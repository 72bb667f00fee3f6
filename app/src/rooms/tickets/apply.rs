//! A ticket's mutations: reporting, 我也遇到, steps, comments, moderation.

use super::deadlines::{Clock, due_at, promise};
use super::entity::{comments, me_toos, quotes, ticket_photos, tickets};
use super::model::{Advance, Category, MeToo, Moderate, Moderation, Part, Report, SpotPhoto, State, Step, Visibility, WriteComment};
use super::rules::{self, Actor, Deed, Facts, Move, PHOTOS_MAX, SAME_REPORT_WITHIN, Tier, parse_reason, parse_text};
use crate::apply::{Done, Work};
use crate::context::{Caller, internal};
use crate::error::AppError;
use crate::ids::{PhotoId, TicketId, UnitId, encode_code};
use crate::measure::{Fen, Time};
use crate::rooms::communities::store::{limits, next_number};
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::{Permission, parse_phone};
use crate::rooms::people::store::members;
use crate::rooms::photos::store::{attach, digests};
use crate::rooms::places::model::Spot;
use crate::rooms::places::rules::parse_tag;
use crate::rooms::places::store::{spot_by_place, spot_by_tag};
use crate::text::{clean, shorten};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use sha2::{Digest, Sha256};

/// Takes a report in. The same words and pictures from the same person about the same spot within a day are one
/// report, whatever id they come under.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::NotFound`] for the spot, [`AppError::Forbidden`].
pub async fn report(work: &Work<'_>, report: &Report) -> Result<Done, AppError> {
    if let Caller::Person(viewer) = work.caller {
        viewer.require(Permission::Report)?;
    }
    let text = parse_text("text", &report.text)?;
    if text.is_empty() && report.photos.is_empty() {
        return Err(AppError::field("text", "请拍一张照片，或写一句话", "Take a photo or write one sentence"));
    }
    if report.photos.len() > PHOTOS_MAX {
        return Err(AppError::field("photos", "最多 6 张照片", "At most 6 photos"));
    }
    let contact = match report.contact.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(typed) => Some(parse_phone(typed).map_err(|_| AppError::field("contact", "请填 11 位手机号，或留空", "Enter an 11-digit mobile number, or leave it empty"))?),
    };
    let spot = find_spot(work, report).await?;
    let pictures = digests(work.txn, work.community, &report.photos).await?;
    let fingerprint = fingerprint(work, &spot, &text, &pictures);
    if let Some(same) = same_report(work, &fingerprint).await? {
        return Ok(same);
    }
    let row = new_ticket(work, report, &spot, text, contact, fingerprint).await?;
    let (id, number) = (row.id.clone().unwrap(), row.number.clone().unwrap());
    tickets::Entity::insert(row).exec_without_returning(work.txn).await?;
    attach(work.txn, work.community, &report.photos, work.person(), work.now).await?;
    let photos: Vec<SpotPhoto> = (0u8..).zip(&report.photos).map(|(spot, photo)| SpotPhoto { photo: *photo, spot, after: false }).collect();
    hang(work, id, &photos).await?;
    work.tell("ticket", id, &Deed::Reported { visitor: work.person().is_none() }).await?;
    Ok(Done { subject: Some(id), number: Some(number), version: 1 })
}

async fn find_spot(work: &Work<'_>, report: &Report) -> Result<Spot, AppError> {
    let spot = match (&report.tag, report.place) {
        (Some(tag), _) => {
            let code = parse_tag(tag).map_err(|e| {
                AppError::field("tag", super::super::places::rules::code_sentence(crate::i18n::Lang::Zh, e), super::super::places::rules::code_sentence(crate::i18n::Lang::En, e))
            })?;
            spot_by_tag(work.txn, &code).await?
        }
        (None, Some(place)) => spot_by_place(work.txn, work.community, place).await?,
        (None, None) => return Err(AppError::field("place", "请选择地点", "Choose the place")),
    };
    // A sticker of another community does not belong to this door.
    if spot.community == work.community { Ok(spot) } else { Err(AppError::NotFound) }
}

fn fingerprint(work: &Work<'_>, spot: &Spot, text: &str, pictures: &[String]) -> String {
    let mut hash = Sha256::new();
    hash.update(spot.place.0.as_bytes());
    hash.update(spot.facility.map(|f| f.0).unwrap_or_default().as_bytes());
    hash.update(work.person().map(|p| p.0).unwrap_or_default().as_bytes());
    hash.update(text.as_bytes());
    for picture in pictures {
        hash.update(picture.as_bytes());
    }
    hex::encode(&hash.finalize()[..16])
}

async fn same_report(work: &Work<'_>, fingerprint: &str) -> Result<Option<Done>, AppError> {
    let mut query = tickets::Entity::find()
        .filter(tickets::Column::CommunityId.eq(work.community.0))
        .filter(tickets::Column::CreatedAt.gt(work.now.0 - SAME_REPORT_WITHIN))
        .filter(tickets::Column::Fingerprint.eq(fingerprint))
        .filter(tickets::Column::Open.eq(true));
    query = match work.person() {
        Some(person) => query.filter(tickets::Column::ReporterId.eq(person.0)),
        None => query.filter(tickets::Column::ReporterId.is_null()),
    };
    let same = query.one(work.txn).await?;
    Ok(same.map(|t| Done { subject: Some(t.id), number: Some(t.number), version: t.version }))
}

async fn new_ticket(work: &Work<'_>, report: &Report, spot: &Spot, text: String, contact: Option<String>, fingerprint: String) -> Result<tickets::ActiveModel, AppError> {
    let n = next_number(work.txn, work.community, "tickets").await?;
    let category = report.category.or(spot.category).unwrap_or(Category::Facility);
    let limits = limits(work.txn, work.community, work.now).await?;
    let clock = Clock { started_at: work.now, ..Clock::default() };
    let viewer = work.caller.viewer();
    let title = if text.is_empty() { format!("{} · {}", spot.title(), category.label(crate::i18n::Lang::Zh)) } else { shorten(&text, 40) };
    let spot_name = match &spot.facility_name {
        Some(facility) => format!("{} · {facility}", spot.place_name),
        None => spot.place_name.clone(),
    };
    Ok(tickets::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        number: Set(ticket_number(n)),
        version: Set(1),
        tag: Set(spot.tag.clone()),
        place_id: Set(spot.place.0),
        facility_id: Set(spot.facility.map(|f| f.0)),
        building_id: Set(spot.building.map(|b| b.0)),
        spot: Set(spot_name),
        category: Set(category.code().into()),
        urgent: Set(category.is_urgent()),
        title: Set(title),
        text: Set(text),
        fingerprint: Set(fingerprint),
        state: Set(State::Received.code().into()),
        resume_to: Set(None),
        open: Set(true),
        visibility: Set(if viewer.is_some() { Visibility::Public } else { Visibility::Pending }.code().into()),
        hidden_reason: Set(None),
        reporter_id: Set(viewer.map(|v| v.person().0)),
        reporter_unit: Set(viewer.and_then(|v| v.unit()).map(|u| u.0)),
        contact: Set(contact),
        part: Set(if category == Category::OwnPart { Part::Own } else { Part::Common }.code().into()),
        assignee_id: Set(None),
        households: Set(1),
        created_at: Set(work.now.0),
        clock_start: Set(work.now.0),
        paused_at: Set(None),
        paused_total: Set(0),
        due_at: Set(due_at(category, State::Received, clock, &limits).map(|t| t.0)),
        promised_at: Set(promise(category, clock, &limits).0),
        scheduled_at: Set(None),
        finished_at: Set(None),
        reason: Set(None),
        quote_id: Set(None),
        quote_total: Set(None),
        open_tier: Set(None),
        stars: Set(None),
        rating_words: Set(None),
        merged_into: Set(None),
        first_photo: Set(report.photos.first().map(|p| p.0)),
        after_photo: Set(None),
        changed_at: Set(work.now.0),
    })
}

/// The number of the `n`th ticket of a community: scattered, so that it does not tell how many there are.
pub fn ticket_number(n: i64) -> String {
    const SPACE: u64 = 31 * 31 * 31;
    const STEP: u64 = 12_343;
    let n = n.unsigned_abs();
    let scattered = n / SPACE * SPACE + (n % SPACE) * STEP % SPACE;
    encode_code(scattered, 3)
}

async fn hang(work: &Work<'_>, ticket: uuid::Uuid, photos: &[SpotPhoto]) -> Result<(), AppError> {
    if photos.is_empty() {
        return Ok(());
    }
    let rows = photos.iter().map(|p| ticket_photos::ActiveModel {
        community_id: Set(work.community.0),
        ticket_id: Set(ticket),
        photo_id: Set(p.photo.0),
        spot: Set(i64::from(p.spot)),
        after: Set(p.after),
        at: Set(work.now.0),
    });
    ticket_photos::Entity::insert_many(rows).exec_without_returning(work.txn).await?;
    Ok(())
}

/// Finds a ticket that the caller may touch: hidden and pending ones are there only for those who may see them.
async fn find(work: &Work<'_>, id: TicketId) -> Result<tickets::Model, AppError> {
    let row = tickets::Entity::find_by_id((work.community.0, id.0)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    let Some(viewer) = work.caller.viewer() else {
        return if matches!(work.caller, Caller::Clock(_)) { Ok(row) } else { Err(AppError::NotSignedIn) };
    };
    let public = Visibility::from_code(&row.visibility) == Visibility::Public;
    if public || row.reporter_id == Some(viewer.person().0) || viewer.may(Permission::SeeDesk) { Ok(row) } else { Err(AppError::NotFound) }
}

/// Counts a household in, once.
///
/// # Errors
/// [`AppError::Forbidden`] without a household, [`AppError::Closed`] when the ticket is over.
pub async fn me_too(work: &Work<'_>, me_too: &MeToo) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::MeToo)?;
    let unit = household(viewer).ok_or(AppError::Forbidden)?;
    let row = find(work, me_too.ticket).await?;
    if !row.open {
        return Err(AppError::closed("这一单已经处理完了；又坏了请重新上报。", "This ticket is over; if it is broken again please send a new report."));
    }
    let done = |households| Done { subject: Some(row.id), number: Some(row.number.clone()), version: households };
    if row.reporter_unit == Some(unit.0) {
        return Ok(done(row.households));
    }
    let new = me_toos::ActiveModel { community_id: Set(work.community.0), ticket_id: Set(row.id), unit_id: Set(unit.0), person_id: Set(viewer.person().0), at: Set(work.now.0) };
    let once = OnConflict::columns([me_toos::Column::CommunityId, me_toos::Column::TicketId, me_toos::Column::UnitId]).do_nothing().to_owned();
    if me_toos::Entity::insert(new).on_conflict(once).exec_without_returning(work.txn).await? == 0 {
        return Ok(done(row.households));
    }
    tickets::Entity::update_many()
        .col_expr(tickets::Column::Households, Expr::col(tickets::Column::Households).add(1))
        .col_expr(tickets::Column::ChangedAt, Expr::value(work.now.0))
        .filter(tickets::Column::CommunityId.eq(work.community.0))
        .filter(tickets::Column::Id.eq(row.id))
        .exec(work.txn)
        .await?;
    work.tell("ticket", row.id, &Deed::MetToo { households: row.households + 1 }).await?;
    Ok(done(row.households + 1))
}

/// The household that somebody speaks for: their own unit, in whichever resident role they have here.
pub fn household(viewer: &crate::context::Viewer) -> Option<UnitId> {
    viewer.unit().or_else(|| viewer.hats().iter().filter(|h| h.community == viewer.community()).find_map(|h| h.unit))
}

/// Takes a step.
///
/// # Errors
/// [`AppError::Conflict`] when the ticket changed since it was read, and whatever [`rules::judge`] refuses.
pub async fn advance(work: &Work<'_>, advance: &Advance) -> Result<Done, AppError> {
    let row = find(work, advance.ticket).await?;
    let facts = facts(work, &row).await?;
    let actor = actor(work, &row);
    let judged = rules::judge(&advance.step, actor, &facts, work.now);
    // Somebody was faster: that is the news, not what their step made impossible. Who may not is told that first.
    if row.version != advance.version && judged != Err(AppError::Forbidden) {
        return Err(AppError::Conflict { current: row.version });
    }
    let to = judged?;
    let mut deed = Stepped::new(&advance.step, to);
    let mut change = row.clone().into_active_model();
    carry_out(work, &row, &advance.step, &mut change, &mut deed).await?;
    move_clock(work, &row, to, &advance.step, &mut change).await?;
    change.state = Set(to.code().into());
    change.open = Set(to.is_open());
    change.version = Set(row.version + 1);
    change.changed_at = Set(work.now.0);
    change.update(work.txn).await?;
    work.tell("ticket", row.id, &deed.into_deed(&advance.step, to)).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version + 1 })
}

/// What a step tells beyond itself.
struct Stepped {
    reason: Option<String>,
    amount: Option<Fen>,
    tier: Option<Tier>,
}

impl Stepped {
    fn new(step: &Step, _: State) -> Self {
        let reason = match step {
            Step::Finish { note, .. } => clean(note, rules::TEXT_MAX).ok().filter(|n| !n.is_empty()),
            Step::Rate { words, .. } => clean(words, rules::TEXT_MAX).ok().filter(|w| !w.is_empty()),
            other => other.reason().and_then(|r| clean(r, rules::TEXT_MAX).ok()),
        };
        Self { reason, amount: None, tier: None }
    }

    fn into_deed(self, step: &Step, to: State) -> Deed {
        Deed::Stepped {
            step: step.kind(),
            to,
            reason: self.reason,
            amount: self.amount,
            tier: self.tier,
            stars: match step {
                Step::Rate { stars, .. } => Some(*stars),
                _ => None,
            },
            time: match step {
                Step::Schedule { at } => Some(*at),
                _ => None,
            },
            other: match step {
                Step::Merge { into } => Some(*into),
                _ => None,
            },
            worker: match step {
                Step::Assign { worker } => Some(*worker),
                _ => None,
            },
        }
    }
}

fn actor(work: &Work<'_>, row: &tickets::Model) -> Actor {
    let viewer = work.caller.viewer();
    Actor {
        role: viewer.map(|v| v.role()),
        is_reporter: viewer.is_some_and(|v| row.reporter_id == Some(v.person().0)),
        is_assignee: viewer.is_some_and(|v| row.assignee_id == Some(v.person().0)),
    }
}

async fn facts(work: &Work<'_>, row: &tickets::Model) -> Result<Facts, AppError> {
    let photos =
        ticket_photos::Entity::find().filter(ticket_photos::Column::CommunityId.eq(work.community.0)).filter(ticket_photos::Column::TicketId.eq(row.id)).all(work.txn).await?;
    facts_of(row, photos.iter().map(|p| (p.spot as u8, p.after, p.at)))
}

/// What the rules need to know of a row and its photos. After-photos count from the present clock on: work that
/// was reopened needs new ones.
pub(super) fn facts_of(row: &tickets::Model, photos: impl Iterator<Item = (u8, bool, i64)>) -> Result<Facts, AppError> {
    let mut facts = Facts {
        state: State::from_code(&row.state).ok_or_else(|| internal("unknown state"))?,
        resume_to: row.resume_to.as_deref().and_then(State::from_code),
        finished_at: row.finished_at.map(Time),
        before_spots: vec![],
        after_spots: vec![],
        photo_count: 0,
        open_tier: row.open_tier.as_deref().and_then(tier_from),
        by_visitor: row.reporter_id.is_none(),
    };
    for (spot, after, at) in photos {
        facts.photo_count += 1;
        if !after {
            facts.before_spots.push(spot);
        } else if at >= row.clock_start {
            facts.after_spots.push(spot);
        }
    }
    Ok(facts)
}

fn tier_code(tier: Tier) -> &'static str {
    match tier {
        Tier::Property => "property",
        Tier::Committee => "committee",
        Tier::Owners => "owners",
    }
}

/// Reads a tier as rows keep it.
pub(super) fn tier_from(code: &str) -> Option<Tier> {
    [Tier::Property, Tier::Committee, Tier::Owners].into_iter().find(|t| tier_code(*t) == code)
}

async fn carry_out(work: &Work<'_>, row: &tickets::Model, step: &Step, change: &mut tickets::ActiveModel, deed: &mut Stepped) -> Result<(), AppError> {
    match step {
        Step::Accept { part } => change.part = Set(part.code().into()),
        Step::Assign { worker } => {
            let crew = members(work.txn, work.community, &[Role::Worker], work.now).await?;
            if !crew.iter().any(|m| m.person == *worker) {
                return Err(AppError::field("worker", "请选择一位维修师傅", "Choose a repair worker"));
            }
            change.assignee_id = Set(Some(worker.0));
        }
        Step::Schedule { at } => {
            if *at < work.now || *at > work.now + 90 * crate::measure::DAY {
                return Err(AppError::field("at", "请选今后 90 天内的时间", "Choose a time within the next 90 days"));
            }
            change.scheduled_at = Set(Some(at.0));
        }
        Step::Quote { lines } => make_quote(work, row, lines, change, deed).await?,
        Step::Approve { quote } | Step::Decline { quote, .. } => decide_quote(work, row, quote.0, step, change, deed).await?,
        Step::AddPhotos { photos } | Step::Finish { photos, .. } => {
            add_photos(work, row, photos, change).await?;
        }
        Step::Rate { stars, words } => {
            change.stars = Set(Some(i64::from(*stars)));
            change.rating_words = Set(Some(parse_text("words", words)?));
        }
        Step::Merge { into } => merge(work, row, *into, change).await?,
        _ => {}
    }
    change.reason = Set(match step.kind() {
        Move::Return | Move::Pause | Move::Decline | Move::Reject | Move::Reopen | Move::Withdraw => deed.reason.clone(),
        Move::Schedule | Move::AddPhotos => row.reason.clone(),
        _ => None,
    });
    Ok(())
}

async fn add_photos(work: &Work<'_>, row: &tickets::Model, photos: &[SpotPhoto], change: &mut tickets::ActiveModel) -> Result<(), AppError> {
    let ids: Vec<PhotoId> = photos.iter().map(|p| p.photo).collect();
    attach(work.txn, work.community, &ids, work.person(), work.now).await?;
    hang(work, row.id, photos).await?;
    if let Some(after) = photos.iter().find(|p| p.after) {
        change.after_photo = Set(Some(after.photo.0));
    }
    if row.first_photo.is_none()
        && let Some(before) = photos.iter().find(|p| !p.after)
    {
        change.first_photo = Set(Some(before.photo.0));
    }
    Ok(())
}

async fn make_quote(work: &Work<'_>, row: &tickets::Model, lines: &[super::model::QuoteLine], change: &mut tickets::ActiveModel, deed: &mut Stepped) -> Result<(), AppError> {
    let lines: Vec<_> = lines.iter().map(|l| super::model::QuoteLine { name: clean(&l.name, 60).unwrap_or_default(), ..l.clone() }).collect();
    let total = rules::total(&lines);
    let tier = rules::tier(total);
    let own = tier == Tier::Property;
    let id = work.mutation.0;
    let quote = quotes::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        ticket_id: Set(row.id),
        lines: Set(serde_json::to_string(&lines).map_err(internal)?),
        total: Set(total.0),
        tier: Set(tier_code(tier).into()),
        made_by: Set(work.person().map(|p| p.0)),
        made_at: Set(work.now.0),
        approved: Set(own.then_some(1)),
        decided_by: Set(None),
        decided_at: Set(own.then_some(work.now.0)),
        reason: Set(None),
    };
    quotes::Entity::insert(quote).exec_without_returning(work.txn).await?;
    change.quote_id = Set(Some(id));
    change.quote_total = Set(Some(total.0));
    change.open_tier = Set((!own).then(|| tier_code(tier).to_owned()));
    deed.amount = Some(total);
    deed.tier = Some(tier);
    Ok(())
}

async fn decide_quote(work: &Work<'_>, row: &tickets::Model, id: uuid::Uuid, step: &Step, change: &mut tickets::ActiveModel, deed: &mut Stepped) -> Result<(), AppError> {
    if row.quote_id != Some(id) {
        return Err(AppError::Conflict { current: row.version });
    }
    let approved = matches!(step, Step::Approve { .. });
    let update = quotes::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        approved: Set(Some(i64::from(approved))),
        decided_by: Set(work.person().map(|p| p.0)),
        decided_at: Set(Some(work.now.0)),
        reason: Set(deed.reason.clone()),
        ..Default::default()
    };
    quotes::Entity::update(update).exec(work.txn).await?;
    change.open_tier = Set(None);
    deed.amount = row.quote_total.map(Fen);
    deed.tier = row.open_tier.as_deref().and_then(tier_from);
    Ok(())
}

/// Merges `row` into another ticket: its households are counted there, each once, and both timelines say so.
async fn merge(work: &Work<'_>, row: &tickets::Model, into: TicketId, change: &mut tickets::ActiveModel) -> Result<(), AppError> {
    let wrong = || AppError::field("into", "请选另一件还在处理的报修", "Choose another ticket that is still open");
    if into.0 == row.id {
        return Err(wrong());
    }
    let other = tickets::Entity::find_by_id((work.community.0, into.0)).lock_exclusive().one(work.txn).await?.ok_or_else(wrong)?;
    if !other.open {
        return Err(wrong());
    }
    let mut households: Vec<(uuid::Uuid, uuid::Uuid)> = me_toos::Entity::find()
        .filter(me_toos::Column::CommunityId.eq(work.community.0))
        .filter(me_toos::Column::TicketId.eq(row.id))
        .all(work.txn)
        .await?
        .into_iter()
        .map(|m| (m.unit_id, m.person_id))
        .collect();
    households.extend(row.reporter_unit.zip(row.reporter_id));
    let mut added = 0;
    for (unit, person) in households.into_iter().filter(|(unit, _)| other.reporter_unit != Some(*unit)) {
        let new = me_toos::ActiveModel { community_id: Set(work.community.0), ticket_id: Set(other.id), unit_id: Set(unit), person_id: Set(person), at: Set(work.now.0) };
        let once = OnConflict::columns([me_toos::Column::CommunityId, me_toos::Column::TicketId, me_toos::Column::UnitId]).do_nothing().to_owned();
        added += i64::from(me_toos::Entity::insert(new).on_conflict(once).exec_without_returning(work.txn).await? > 0);
    }
    let mut stays = other.clone().into_active_model();
    stays.households = Set(other.households + added);
    stays.version = Set(other.version + 1);
    stays.changed_at = Set(work.now.0);
    stays.update(work.txn).await?;
    change.merged_into = Set(Some(into.0));
    work.tell("ticket", other.id, &Deed::Absorbed { other: TicketId(row.id) }).await
}

/// Pauses, resumes, restarts or stops the clock, and sets the next deadline.
async fn move_clock(work: &Work<'_>, row: &tickets::Model, to: State, step: &Step, change: &mut tickets::ActiveModel) -> Result<(), AppError> {
    let limits = limits(work.txn, work.community, work.now).await?;
    let category = Category::from_code(&row.category).unwrap_or(Category::Facility);
    let mut clock = Clock { started_at: Time(row.clock_start), paused_at: row.paused_at.map(Time), paused_total: row.paused_total };
    if matches!(step.kind(), Move::Reopen | Move::Reject | Move::Resubmit) {
        clock = Clock { started_at: work.now, ..Clock::default() };
        change.clock_start = Set(work.now.0);
        change.finished_at = Set(None);
        change.stars = Set(None);
    } else if to.is_paused() && clock.paused_at.is_none() {
        clock.paused_at = Some(work.now);
        change.resume_to = Set(Some(row.state.clone()));
    } else if !to.is_paused()
        && let Some(since) = clock.paused_at.take()
    {
        clock.paused_total += work.now - since;
    }
    if step.kind() == Move::Finish {
        change.finished_at = Set(Some(work.now.0));
        change.scheduled_at = Set(None);
    }
    change.paused_at = Set(clock.paused_at.map(|t| t.0));
    change.paused_total = Set(clock.paused_total);
    change.due_at = Set(due_at(category, to, clock, &limits).map(|t| t.0));
    change.promised_at = Set(promise(category, clock, &limits).0);
    Ok(())
}

/// Writes under a ticket.
///
/// # Errors
/// [`AppError::Invalid`], [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn comment(work: &Work<'_>, comment: &WriteComment) -> Result<Done, AppError> {
    let viewer = work.caller.require(Permission::Comment)?;
    let row = find(work, comment.ticket).await?;
    let text = parse_text("text", &comment.text)?;
    if text.is_empty() {
        return Err(AppError::field("text", "请写一句话", "Write a sentence"));
    }
    let new = comments::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(work.mutation.0),
        ticket_id: Set(row.id),
        person_id: Set(viewer.person().0),
        text: Set(text),
        at: Set(work.now.0),
    };
    comments::Entity::insert(new).exec_without_returning(work.txn).await?;
    let touched = tickets::ActiveModel { community_id: Set(row.community_id), id: Set(row.id), changed_at: Set(work.now.0), ..Default::default() };
    tickets::Entity::update(touched).exec(work.txn).await?;
    work.tell("ticket", row.id, &Deed::Commented).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version })
}

/// Shows or hides a ticket. Hidden is not deleted: the desk, the committee and the reporter still see it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Conflict`], [`AppError::Invalid`] for a missing reason.
pub async fn moderate(work: &Work<'_>, moderate: &Moderate) -> Result<Done, AppError> {
    let row = find(work, moderate.ticket).await?;
    let pending = Visibility::from_code(&row.visibility) == Visibility::Pending;
    let shown = moderate.decision == Moderation::Show;
    work.caller.require(if shown && pending { Permission::Release } else { Permission::Hide })?;
    if row.version != moderate.version {
        return Err(AppError::Conflict { current: row.version });
    }
    let reason = if shown { parse_text("reason", &moderate.reason)? } else { parse_reason(&moderate.reason)? };
    let mut change = row.clone().into_active_model();
    change.visibility = Set(if shown { Visibility::Public } else { Visibility::Hidden }.code().into());
    change.hidden_reason = Set((!shown).then(|| reason.clone()));
    change.version = Set(row.version + 1);
    change.changed_at = Set(work.now.0);
    change.update(work.txn).await?;
    work.tell("ticket", row.id, &Deed::Moderated { shown, reason }).await?;
    Ok(Done { subject: Some(row.id), number: Some(row.number), version: row.version + 1 })
}

/// The tickets whose seven days are over: the clock archives them.
///
/// # Errors
/// When the database refuses.
pub async fn to_archive(db: &impl sea_orm::ConnectionTrait, community: crate::ids::CommunityId, now: Time) -> Result<Vec<(TicketId, i64)>, AppError> {
    let states = [State::AwaitingCheck, State::Done, State::Rated].map(State::code);
    let rows: Vec<(uuid::Uuid, i64)> = tickets::Entity::find()
        .select_only()
        .column(tickets::Column::Id)
        .column(tickets::Column::Version)
        .filter(tickets::Column::CommunityId.eq(community.0))
        .filter(tickets::Column::State.is_in(states))
        .filter(tickets::Column::FinishedAt.lt(now.0 - rules::REOPEN_WITHIN))
        .order_by_asc(tickets::Column::CreatedAt)
        .limit(200)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|(id, version)| (TicketId(id), version)).collect())
}
