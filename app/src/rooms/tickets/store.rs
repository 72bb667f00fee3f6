//! Reading tickets. Every query begins with the community; every list is paged by key.

mod costs;
mod late;
mod months;
mod plan;
mod scored;
mod spots;
mod standing;

pub use costs::{Known, decided_since, earlier_quote, known_items};
pub use late::{Heading, Late, headings, is_open, late, overdue_card};
pub use months::{month, months};
pub use plan::{Job, jobs_between};
pub use scored::{Scored, general_repairs, reported_by};
pub use spots::{OpenSpot, open_spots};
pub use standing::standing;

use super::apply::{actor_of, facts_of, household, with_costs};
use super::entity::{comments, me_toos, ticket_photos, ticket_views, tickets};
use super::model::{BoardQuery, Card, Category, Happening, Part, Said, State, TicketPhoto, TicketView, Visibility};
use super::rules::{self, Deed, Limits, Tier, holder};
use crate::context::{Db, Viewer, internal};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommentId, CommunityId, PhotoId, TicketId};
use crate::measure::{Fen, Time};
use crate::rooms::communities::entity::buildings;
use crate::rooms::communities::store::limits_known;
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::{Permission, mask_name};
use crate::rooms::people::store::{names, public_name};
use crate::rooms::places::model::Spot;
use crate::rooms::{events, places};
use crate::tr;
use sea_orm::sea_query::{Expr, LikeExpr, OnConflict, Order};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// Cards on one page of a list.
pub const PAGE: u64 = 20;

/// Makes cards of rows, looking the workers' names up in one query.
///
/// # Errors
/// When the database refuses.
pub async fn cards(db: &impl ConnectionTrait, community: CommunityId, rows: Vec<tickets::Model>) -> Result<Vec<Card>, AppError> {
    let workers = names(db, community, rows.iter().filter(|r| r.open).filter_map(|r| r.assignee_id)).await?;
    Ok(rows.into_iter().map(|row| card(row, &workers)).collect())
}

fn card(row: tickets::Model, workers: &HashMap<Uuid, String>) -> Card {
    let state = State::from_code(&row.state).unwrap_or(State::Received);
    let surname = row.assignee_id.and_then(|id| workers.get(&id)).map(|name| name.chars().take(1).collect::<String>());
    let visibility = Visibility::from_code(&row.visibility);
    let tier = row.open_tier.as_deref().and_then(Tier::from_code);
    Card {
        id: TicketId(row.id),
        holder: holder(state, surname.as_deref(), tier, visibility == Visibility::Pending),
        number: row.number,
        title: row.title,
        spot: row.spot,
        category: Category::from_code(&row.category).unwrap_or(Category::Facility),
        state,
        created_at: Time(row.created_at),
        due_at: row.due_at.map(Time),
        households: row.households,
        photo: row.first_photo.map(PhotoId),
        after: row.after_photo.map(PhotoId),
        visibility,
        cost: row.quote_total.map(Fen),
        news: None,
    }
}

fn of(community: CommunityId) -> Select<tickets::Entity> {
    tickets::Entity::find().filter(tickets::Column::CommunityId.eq(community.0))
}

fn public(community: CommunityId) -> Select<tickets::Entity> {
    of(community).filter(tickets::Column::Visibility.eq(Visibility::Public.code()))
}

/// One page of the public board, newest first, and the key of the next.
///
/// # Errors
/// [`AppError::Invalid`] for a filter that does not exist.
pub async fn board(db: &Db, community: CommunityId, query: &BoardQuery, now: Time) -> Result<(Vec<Card>, Option<String>), AppError> {
    let unknown = || AppError::field("filter", "没有这个筛选条件", "There is no such filter");
    let set = |value: &Option<String>| value.as_deref().map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned);
    let mut select = public(community);
    if let Some(state) = set(&query.state) {
        select = match state.as_str() {
            "open" => select.filter(tickets::Column::Open.eq(true)),
            "finished" => select.filter(tickets::Column::State.is_in(State::ALL.into_iter().filter(|s| s.is_finished()).map(State::code))),
            other => select.filter(tickets::Column::State.eq(State::from_code(other).ok_or_else(unknown)?.code())),
        };
    }
    if let Some(category) = set(&query.category) {
        select = match category.as_str() {
            "urgent" => select.filter(tickets::Column::Urgent.eq(true)),
            other => select.filter(tickets::Column::Category.eq(Category::from_code(other).ok_or_else(unknown)?.code())),
        };
    }
    if let Some(code) = set(&query.building) {
        let found = buildings::Entity::find().filter(buildings::Column::CommunityId.eq(community.0)).filter(buildings::Column::Code.eq(code)).one(&db.read).await?;
        select = select.filter(tickets::Column::BuildingId.eq(found.ok_or_else(unknown)?.id));
    }
    if set(&query.overdue).is_some() {
        select = select.filter(tickets::Column::Open.eq(true)).filter(tickets::Column::DueAt.lt(now.0));
    }
    if let Some(text) = set(&query.text) {
        select = select.filter(matching(&text.chars().take(40).collect::<String>()));
    }
    if let Some(key) = set(&query.after) {
        select = select.filter(before(&key).ok_or_else(unknown)?);
    }
    page(db, community, select).await
}

fn matching(text: &str) -> Condition {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
    Condition::any()
        .add(Expr::col(tickets::Column::Title).like(like()))
        .add(Expr::col(tickets::Column::Text).like(like()))
        .add(Expr::col(tickets::Column::Spot).like(like()))
        .add(ColumnTrait::eq(&tickets::Column::Number, text.to_uppercase()))
}

/// A key is `MILLISECONDS-UUID` of the last row of the page before.
fn before(key: &str) -> Option<Condition> {
    let (at, id) = key.split_once('-')?;
    let (at, id): (i64, Uuid) = (at.parse().ok()?, id.parse().ok()?);
    // The first half is what an index can begin at; OR alone would read all the pages before.
    Some(Condition::all().add(tickets::Column::CreatedAt.lte(at)).add(Condition::any().add(tickets::Column::CreatedAt.lt(at)).add(tickets::Column::Id.lt(id))))
}

async fn page(db: &Db, community: CommunityId, select: Select<tickets::Entity>) -> Result<(Vec<Card>, Option<String>), AppError> {
    let mut rows = select.order_by_desc(tickets::Column::CreatedAt).order_by_desc(tickets::Column::Id).limit(PAGE + 1).all(&db.read).await?;
    let next = (rows.len() as u64 > PAGE).then(|| rows.truncate(PAGE as usize)).and_then(|()| rows.last()).map(|last| format!("{}-{}", last.created_at, last.id));
    Ok((cards(&db.read, community, rows).await?, next))
}

/// Similar reports that are shown beside a new one.
const SIMILAR: usize = 5;

/// Open reports at the same tag, then of the same place, then of the same category near by, for 我也遇到; at most five.
///
/// # Errors
/// When the database refuses.
pub async fn similar(db: &Db, spot: &Spot, limits: &Limits) -> Result<Vec<Card>, AppError> {
    let community = spot.community;
    let open =
        || public(community).filter(tickets::Column::Open.eq(true)).order_by_desc(tickets::Column::Households).order_by_desc(tickets::Column::CreatedAt).limit(SIMILAR as u64);
    let mut rows = match spot.tag.as_deref() {
        Some(tag) => open().filter(tickets::Column::Tag.eq(tag)).all(&db.read).await?,
        None => Vec::new(),
    };
    if rows.len() < SIMILAR {
        add_new(&mut rows, open().filter(tickets::Column::PlaceId.eq(spot.place.0)).all(&db.read).await?);
    }
    if rows.len() < SIMILAR
        && let Some(category) = spot.category
    {
        let near = places::store::near(&db.read, community, spot.place, limits.near).await?;
        let same = open().filter(tickets::Column::PlaceId.is_in(near.iter().map(|p| p.0))).filter(tickets::Column::Category.eq(category.code()));
        add_new(&mut rows, same.all(&db.read).await?);
    }
    cards(&db.read, community, rows).await
}

/// Adds those that are not there yet, as long as there is room.
fn add_new(rows: &mut Vec<tickets::Model>, more: Vec<tickets::Model>) {
    for row in more {
        if rows.len() < SIMILAR && rows.iter().all(|r| r.id != row.id) {
            rows.push(row);
        }
    }
}

/// What a person reported or met too, newest first, with what changed since they last looked.
///
/// # Errors
/// When the database refuses.
pub async fn mine(db: &Db, viewer: &Viewer) -> Result<Vec<Card>, AppError> {
    let met: Vec<Uuid> = match household(viewer) {
        Some(unit) => {
            me_toos::Entity::find()
                .select_only()
                .column(me_toos::Column::TicketId)
                .filter(me_toos::Column::CommunityId.eq(viewer.community().0))
                .filter(me_toos::Column::UnitId.eq(unit.0))
                .limit(200)
                .into_tuple()
                .all(&db.read)
                .await?
        }
        None => Vec::new(),
    };
    // Two questions rather than one with OR, for which every ticket of the community would be read.
    let newest = || of(viewer.community()).order_by_desc(tickets::Column::CreatedAt).limit(200);
    let mut rows = newest().filter(tickets::Column::ReporterId.eq(viewer.person().0)).all(&db.read).await?;
    if !met.is_empty() {
        let others = tickets::Column::ReporterId.is_null().or(tickets::Column::ReporterId.ne(viewer.person().0));
        rows.extend(newest().filter(tickets::Column::Id.is_in(met)).filter(others).all(&db.read).await?);
        rows.sort_by_key(|row| std::cmp::Reverse(row.created_at));
        rows.truncate(200);
    }
    let seen: HashMap<Uuid, i64> = ticket_views::Entity::find()
        .filter(ticket_views::Column::CommunityId.eq(viewer.community().0))
        .filter(ticket_views::Column::PersonId.eq(viewer.person().0))
        .filter(ticket_views::Column::TicketId.is_in(rows.iter().map(|r| r.id)))
        .all(&db.read)
        .await?
        .into_iter()
        .map(|v| (v.ticket_id, v.seen_at))
        .collect();
    let unseen: Vec<Uuid> = rows.iter().filter(|r| r.changed_at > seen.get(&r.id).copied().unwrap_or(r.created_at)).map(|r| r.id).collect();
    let mut latest = latest(&db.read, viewer.community(), &unseen).await?;
    let mut all = cards(&db.read, viewer.community(), rows).await?;
    for card in &mut all {
        card.news = latest.remove(&card.id.0);
    }
    Ok(all)
}

/// What happened last to each of these tickets, comments too.
async fn latest(db: &impl ConnectionTrait, community: CommunityId, of: &[Uuid]) -> Result<HashMap<Uuid, Deed>, AppError> {
    let mut found = HashMap::new();
    if of.is_empty() {
        return Ok(found);
    }
    for event in events::store::newest_of(db, community, of).await? {
        match events::store::told(&event) {
            Some(Deed::ContactSeen) | None => {}
            Some(deed) => {
                found.entry(event.subject).or_insert(deed);
            }
        }
    }
    Ok(found)
}

/// When a person last looked at a ticket.
async fn seen_at(db: &impl ConnectionTrait, viewer: &Viewer, ticket: Uuid) -> Result<Option<Time>, AppError> {
    let row = ticket_views::Entity::find_by_id((viewer.community().0, viewer.person().0, ticket)).one(db).await?;
    Ok(row.map(|v| Time(v.seen_at)))
}

/// Remembers that a person has looked at a ticket. Not a change of anything that others see, so it is no mutation.
///
/// # Errors
/// When the database refuses.
pub async fn looked(db: &Db, viewer: &Viewer, ticket: TicketId, now: Time) -> Result<(), AppError> {
    let row = ticket_views::ActiveModel { community_id: Set(viewer.community().0), person_id: Set(viewer.person().0), ticket_id: Set(ticket.0), seen_at: Set(now.0) };
    let replace = OnConflict::columns([ticket_views::Column::CommunityId, ticket_views::Column::PersonId, ticket_views::Column::TicketId])
        .update_column(ticket_views::Column::SeenAt)
        .to_owned();
    ticket_views::Entity::insert(row).on_conflict(replace).exec_without_returning(&db.write).await?;
    Ok(())
}

/// The lists of the desks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskList {
    /// Everything open, the most pressing first.
    Open,
    /// To be taken on.
    Inbox,
    /// Waiting for the committee.
    Approvals,
    /// Visitors' reports that nobody has read.
    Pending,
    /// Hidden ones.
    Hidden,
    /// The viewer's own jobs.
    Jobs,
}

impl DeskList {
    /// All of them with their words in addresses.
    pub const ALL: [(Self, &'static str); 6] =
        [(Self::Inbox, "inbox"), (Self::Open, "open"), (Self::Approvals, "approvals"), (Self::Pending, "pending"), (Self::Hidden, "hidden"), (Self::Jobs, "jobs")];
}

/// A desk's list: urgent first, then by deadline, so much earlier for each household that waits; at most 200.
///
/// # Errors
/// [`AppError::Forbidden`] for those without a desk.
pub async fn desk(db: &Db, viewer: &Viewer, list: DeskList, now: Time) -> Result<Vec<Card>, AppError> {
    if list != DeskList::Jobs {
        viewer.require(Permission::SeeDesk)?;
    }
    let all = of(viewer.community());
    let select = match list {
        DeskList::Open => all.filter(tickets::Column::Open.eq(true)),
        DeskList::Inbox => all.filter(tickets::Column::State.is_in([State::Received.code(), State::Accepted.code()])),
        DeskList::Approvals => all.filter(tickets::Column::State.eq(State::AwaitingApproval.code())),
        DeskList::Pending => all.filter(tickets::Column::Open.eq(true)).filter(tickets::Column::Visibility.eq(Visibility::Pending.code())),
        DeskList::Hidden => all.filter(tickets::Column::Visibility.eq(Visibility::Hidden.code())),
        DeskList::Jobs => all
            .filter(tickets::Column::AssigneeId.eq(viewer.person().0))
            .filter(tickets::Column::State.is_in([State::Dispatched, State::InProgress, State::AwaitingMaterial, State::Rework].map(State::code))),
    };
    let weight = limits_known(db, viewer.community(), now).await?.household;
    let pressing = Expr::cust(format!("COALESCE(due_at, 9000000000000) - households * {weight}"));
    let rows = select.order_by_desc(tickets::Column::Urgent).order_by(pressing, Order::Asc).limit(200).all(&db.read).await?;
    cards(&db.read, viewer.community(), rows).await
}

/// A ticket by its number, for whoever may read it.
///
/// # Errors
/// [`AppError::NotFound`] when there is none or it is not for them.
pub async fn by_number(db: &Db, community: CommunityId, number: &str, viewer: Option<&Viewer>, lang: Lang, now: Time) -> Result<TicketView, AppError> {
    let row = of(community).filter(tickets::Column::Number.eq(number)).one(&db.read).await?.ok_or(AppError::NotFound)?;
    let viewer = viewer.filter(|v| v.community() == community);
    let is_reporter = viewer.is_some_and(|v| row.reporter_id == Some(v.person().0));
    let visible = row.visibility == Visibility::Public.code() || is_reporter || viewer.is_some_and(|v| v.may(Permission::SeeDesk));
    if !visible {
        return Err(AppError::NotFound);
    }
    view(db, community, row, viewer, is_reporter, lang, now).await
}

async fn view(db: &Db, community: CommunityId, row: tickets::Model, viewer: Option<&Viewer>, is_reporter: bool, lang: Lang, now: Time) -> Result<TicketView, AppError> {
    let photos = ticket_photos::Entity::find()
        .filter(ticket_photos::Column::CommunityId.eq(community.0))
        .filter(ticket_photos::Column::TicketId.eq(row.id))
        .order_by_asc(ticket_photos::Column::Spot)
        .order_by_asc(ticket_photos::Column::At)
        .all(&db.read)
        .await?;
    let history = events::store::of_subject(&db.read, community, "ticket", row.id).await?;
    let written = comments::Entity::find()
        .filter(comments::Column::CommunityId.eq(community.0))
        .filter(comments::Column::TicketId.eq(row.id))
        .order_by_desc(comments::Column::At)
        .limit(200)
        .all(&db.read)
        .await?;
    let written: Vec<_> = written.into_iter().rev().collect();
    let people = history.iter().filter_map(|e| e.actor).chain(written.iter().map(|c| c.person_id)).chain(row.assignee_id);
    let people = names(&db.read, community, people).await?;
    let (merged_into, merged_here) = merges(db, community, &row).await?;
    let limits = limits_known(db, community, now).await?;
    let mut facts = facts_of(&row, photos.iter().map(|p| (p.spot as u8, p.after, p.at)), limits.clone())?;
    if viewer.is_some_and(|v| v.may(Permission::RunDesk) || v.may(Permission::Approve)) {
        facts = with_costs(&db.read, &row, facts, now).await?;
    }
    let desk = viewer.is_some_and(|v| v.may(Permission::SeeDesk));
    let quote = costs::quote(&db.read, &row, desk, lang, &limits, now).await?;
    let bill = costs::bill(&db.read, &row).await?;
    let actor = viewer.map(|v| actor_of(v, &row));
    let unit = viewer.and_then(household);
    let counted = match unit {
        Some(unit) if row.reporter_unit == Some(unit.0) => true,
        Some(unit) => me_toos::Entity::find_by_id((community.0, row.id, unit.0)).one(&db.read).await?.is_some(),
        None => is_reporter,
    };
    let seen_at = match viewer.filter(|_| is_reporter || counted) {
        Some(viewer) => seen_at(&db.read, viewer, row.id).await?,
        None => None,
    };
    let reason = if row.visibility == Visibility::Hidden.code() { row.hidden_reason.clone() } else { row.reason.clone() };
    let timeline = history.iter().rev().filter_map(|e| happening(lang, e, &people, row.reporter_id)).collect();
    Ok(TicketView {
        version: row.version,
        text: row.text.clone(),
        part: Part::from_code(&row.part).unwrap_or_default(),
        building: row.building_id.map(crate::ids::BuildingId),
        tag: row.tag.clone(),
        photos: photos.iter().map(|p| TicketPhoto { photo: PhotoId(p.photo_id), spot: p.spot as u8, after: p.after, at: Time(p.at) }).collect(),
        timeline,
        quote,
        bill,
        costs: String::new(),
        scheduled_at: row.scheduled_at.map(Time),
        finished_at: row.finished_at.map(Time),
        rating: row.stars.map(|s| (s as u8, row.rating_words.clone().unwrap_or_default())),
        reason,
        merged_into,
        merged_here,
        mine: is_reporter,
        counted,
        moves: actor.map(|actor| rules::moves(actor, &facts, now)).unwrap_or_default(),
        can_me_too: row.open && !counted && unit.is_some() && viewer.is_some_and(|v| v.may(Permission::MeToo)),
        spent: facts.spent,
        limits,
        seen_at,
        changed_at: Time(row.changed_at),
        now,
        comments: written.into_iter().map(|c| said(lang, c, &people, &row, viewer)).collect(),
        card: card(row, &people),
    })
}

type Link = (TicketId, String);

async fn merges(db: &Db, community: CommunityId, row: &tickets::Model) -> Result<(Option<Link>, Vec<Link>), AppError> {
    let into = match row.merged_into {
        Some(id) => tickets::Entity::find_by_id((community.0, id)).one(&db.read).await?.map(|t| (TicketId(t.id), t.number)),
        None => None,
    };
    let here: Vec<(Uuid, String)> = of(community)
        .select_only()
        .column(tickets::Column::Id)
        .column(tickets::Column::Number)
        .filter(tickets::Column::MergedInto.eq(row.id))
        .limit(50)
        .into_tuple()
        .all(&db.read)
        .await?;
    Ok((into, here.into_iter().map(|(id, number)| (TicketId(id), number)).collect()))
}

fn happening(lang: Lang, event: &events::entity::events::Model, people: &HashMap<Uuid, String>, reporter: Option<Uuid>) -> Option<Happening> {
    let what: Deed = events::store::told(event)?;
    // Who looked at a phone number is for the auditor, not for the street.
    if matches!(what, Deed::ContactSeen) {
        return None;
    }
    let role = event.role.as_deref().and_then(Role::from_code);
    let who = match event.actor.and_then(|a| people.get(&a)) {
        // A resident who reports stays unknown: a surname and a place are enough to know a neighbour by.
        Some(_) if event.actor == reporter && as_reporter(&what) => tr!(lang, "上报人", "The reporter").to_owned(),
        Some(name) => public_name(lang, name, role),
        None => String::new(),
    };
    Some(Happening { at: Time(event.at), what, who })
}

/// Whether this is what a reporter does, in whichever role they happened to act.
fn as_reporter(deed: &Deed) -> bool {
    match deed {
        Deed::Reported { .. } | Deed::Commented => true,
        Deed::Stepped { step, .. } => matches!(rules::row(*step).who, rules::Who::Reporter | rules::Who::Rater | rules::Who::Checker),
        _ => false,
    }
}

fn said(lang: Lang, comment: comments::Model, people: &HashMap<Uuid, String>, row: &tickets::Model, viewer: Option<&Viewer>) -> Said {
    let who = commenter(lang, &comment, people, row.reporter_id);
    let reads = comment.hidden_reason.is_none() || viewer.is_some_and(|v| v.may(Permission::Hide) || v.person().0 == comment.person_id);
    Said { id: CommentId(comment.id), who, at: Time(comment.at), text: reads.then_some(comment.text), hidden: comment.hidden_reason }
}

fn commenter(lang: Lang, comment: &comments::Model, people: &HashMap<Uuid, String>, reporter: Option<Uuid>) -> String {
    if Some(comment.person_id) == reporter {
        return tr!(lang, "上报人", "The reporter").to_owned();
    }
    people.get(&comment.person_id).map(|name| mask_name(name)).unwrap_or_default()
}

/// A reporter's name and phone, for the desk. The look leaves an event (R7.5).
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn contact(db: &Db, viewer: &Viewer, ticket: TicketId, now: Time) -> Result<(String, String), AppError> {
    use crate::rooms::people::entity::persons;
    viewer.require(Permission::SeeContact)?;
    let txn = db.begin().await?;
    let row = tickets::Entity::find_by_id((viewer.community().0, ticket.0)).one(&txn).await?.ok_or(AppError::NotFound)?;
    if viewer.role() == Role::Worker && row.assignee_id != Some(viewer.person().0) {
        return Err(AppError::Forbidden);
    }
    let person = match row.reporter_id {
        Some(id) => persons::Entity::find_by_id((viewer.community().0, id)).one(&txn).await?,
        None => None,
    };
    let body = serde_json::to_value(Deed::ContactSeen).map_err(internal)?;
    let entry = events::store::Entry { at: now, subject_kind: "ticket", subject: row.id, actor: Some(viewer.person()), role: Some(viewer.role()), mutation: None, body };
    events::store::append(&txn, viewer.community(), entry).await?;
    txn.commit().await?;
    Ok(match person {
        Some(person) => (person.name, person.phone.or(row.contact).unwrap_or_default()),
        None => (String::new(), row.contact.unwrap_or_default()),
    })
}
