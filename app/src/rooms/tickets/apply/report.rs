//! Reporting, and 我也遇到.

use super::{find, hang, household, works_here};
use crate::apply::{Done, Work};
use crate::context::Caller;
use crate::error::AppError;
use crate::ids::encode_code;
use crate::rooms::communities::store::limits;
use crate::rooms::people::rules::{Permission, parse_phone};
use crate::rooms::photos::store::{attach, digests};
use crate::rooms::places::model::Spot;
use crate::rooms::places::rules::parse_tag;
use crate::rooms::places::store::{spot_by_place, spot_by_tag};
use crate::rooms::tickets::deadlines::{Clock, Limits, due_at};
use crate::rooms::tickets::entity::{me_toos, tickets};
use crate::rooms::tickets::model::{Category, MeToo, Part, Report, SpotPhoto, State, Visibility};
use crate::rooms::tickets::rules::{Deed, PHOTOS_MAX, parse_text};
use crate::text::shorten;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, Set};
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
    let limits = match work.foreknown {
        Some(known) => known.limits.clone(),
        None => limits(work.txn, work.community, work.now).await?,
    };
    // Of two sends under different ids the second must find what the first one made: the chain is held by now.
    work.hold().await?;
    let pictures = digests(work.txn, work.community, &report.photos).await?;
    let fingerprint = fingerprint(work, &spot, &text, contact.as_deref(), &pictures);
    if let Some(same) = same_report(work, &fingerprint, &limits).await? {
        return Ok(same);
    }
    let row = new_ticket(work, report, &spot, text, contact, fingerprint.clone(), &limits).await?;
    let (id, number) = (work.mutation.0, row.number.clone().take().unwrap_or_default());
    if report.photos.is_empty() {
        work.add_ticket(row);
    } else {
        tickets::Entity::insert(row).exec_without_returning(work.txn).await?;
        attach(work.txn, work.community, &report.photos, work.person(), work.now).await?;
        let photos: Vec<SpotPhoto> = (0u8..).zip(&report.photos).map(|(spot, photo)| SpotPhoto { photo: *photo, spot, after: false }).collect();
        hang(work, id, &photos).await?;
    }
    work.tell("ticket", id, &Deed::Reported { visitor: work.person().is_none() }).await?;
    let done = Done { subject: Some(id), number: Some(number), version: 1 };
    work.remember(fingerprint, done.clone());
    Ok(done)
}

async fn find_spot(work: &Work<'_>, report: &Report) -> Result<Spot, AppError> {
    let spot = match (&report.tag, report.place) {
        _ if let Some(known) = work.foreknown => known.spot.clone(),
        (Some(tag), _) => {
            let code = parse_tag(tag).map_err(|e| {
                AppError::field("tag", crate::rooms::places::rules::code_sentence(crate::i18n::Lang::Zh, e), crate::rooms::places::rules::code_sentence(crate::i18n::Lang::En, e))
            })?;
            spot_by_tag(work.txn, &code).await?
        }
        (None, Some(place)) => spot_by_place(work.txn, work.community, place).await?,
        (None, None) => return Err(AppError::field("place", "请选择地点", "Choose the place")),
    };
    // A sticker of another community does not belong to this door.
    if spot.community == work.community { Ok(spot) } else { Err(AppError::NotFound) }
}

fn fingerprint(work: &Work<'_>, spot: &Spot, text: &str, contact: Option<&str>, pictures: &[String]) -> String {
    let mut hash = Sha256::new();
    hash.update(spot.place.0.as_bytes());
    hash.update(spot.facility.map(|f| f.0).unwrap_or_default().as_bytes());
    hash.update(work.person().map(|p| p.0).unwrap_or_default().as_bytes());
    // Two strangers with the same words are two, when they can be called back.
    hash.update(contact.unwrap_or_default().as_bytes());
    hash.update(text.as_bytes());
    for picture in pictures {
        hash.update(picture.as_bytes());
    }
    hex::encode(&hash.finalize()[..16])
}

async fn same_report(work: &Work<'_>, fingerprint: &str, limits: &Limits) -> Result<Option<Done>, AppError> {
    if let Some(same) = work.just_reported(fingerprint) {
        return Ok(Some(same));
    }
    // By the fingerprint alone: it finds one or none, where the reporter's or the day's reports may be thousands.
    let alike = tickets::Entity::find().filter(tickets::Column::CommunityId.eq(work.community.0)).filter(tickets::Column::Fingerprint.eq(fingerprint)).all(work.txn).await?;
    let since = work.now.0 - limits.same_report;
    let reporter = work.person().map(|p| p.0);
    let same = alike.into_iter().find(|t| t.open && t.created_at > since && t.reporter_id == reporter);
    Ok(same.map(|t| Done { subject: Some(t.id), number: Some(t.number), version: t.version }))
}

async fn new_ticket(
    work: &Work<'_>,
    report: &Report,
    spot: &Spot,
    text: String,
    contact: Option<String>,
    fingerprint: String,
    limits: &Limits,
) -> Result<tickets::ActiveModel, AppError> {
    let n = work.next_ticket().await?;
    let category = report.category.or(spot.category).unwrap_or(Category::Facility);
    let clock = Clock::start(category, work.now, limits);
    let viewer = work.caller.viewer();
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
        // Photos alone have no title of their own: whoever reads it sees spot and category in their language.
        title: Set(shorten(&text, 40)),
        text: Set(text),
        fingerprint: Set(fingerprint),
        state: Set(State::Received.code().into()),
        resume_to: Set(None),
        open: Set(true),
        visibility: Set(if viewer.is_some() { Visibility::Public } else { Visibility::Pending }.code().into()),
        hidden_reason: Set(None),
        reporter_id: Set(viewer.map(|v| v.person().0)),
        reporter_unit: Set(viewer.and_then(household).map(|u| u.0)),
        by_staff: Set(viewer.is_some_and(works_here)),
        contact: Set(contact),
        part: Set(if category == Category::OwnPart { Part::Own } else { Part::Common }.code().into()),
        assignee_id: Set(None),
        households: Set(1),
        created_at: Set(work.now.0),
        clock_start: Set(work.now.0),
        redone_from: Set(work.now.0),
        stopped_at: Set(None),
        stopped_total: Set(0),
        due_at: Set(due_at(category, State::Received, clock, limits).map(|t| t.0)),
        promised_at: Set(clock.promised_at.0),
        scheduled_at: Set(None),
        arrived_at: Set(None),
        first_finished_at: Set(None),
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
