//! Reading what the committee decides and has decided.

use super::apply::stand;
use super::entity::{matter_members, matters};
use super::model::{About, Excluded, Form, MatterRow, MatterView, MemberView, State};
use super::rules::{kept, tally};
use crate::context::{Db, Viewer, internal};
use crate::error::AppError;
use crate::ids::{CommunityId, PersonId};
use crate::measure::{Fen, Time};
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::{offset_of, own_settings};
use crate::rooms::fund;
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::{Permission, mask_name};
use crate::rooms::people::store::names;
use crate::rooms::tickets;
use crate::rooms::tickets::rules::Cause;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashSet;
use uuid::Uuid;

/// Decisions on one page of the public list.
pub const PAGE: u64 = 20;
/// Matters on the desk.
const DESK: u64 = 100;

/// What the committee has decided in this calendar year of the community: quotes of repairs and uses of the fund together
/// (R2.3). What is decided by SH 73 does not count.
///
/// # Errors
/// When the database refuses.
pub async fn decided_this_year(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Fen, AppError> {
    let offset = offset_of(db, community).await?;
    let year = now.local(offset).format("%Y").to_string();
    let (from, _) = fund::rules::span_of(&format!("{year}H1"), offset).ok_or_else(|| internal("no such year"))?;
    let quotes = tickets::store::decided_since(db, community, from).await?;
    let uses = fund::store::decided_since(db, community, from).await?;
    Ok(quotes + uses)
}

fn row(m: matters::Model, mine: &HashSet<Uuid>) -> Result<MatterRow, AppError> {
    let state = State::from_code(&m.state).ok_or_else(|| internal("unknown state"))?;
    Ok(MatterRow {
        waits_for_me: state == State::Open && mine.contains(&m.id),
        id: m.id,
        number: m.number,
        about: About::from_code(&m.about).ok_or_else(|| internal("unknown subject"))?,
        subject: m.subject_number,
        title: m.title,
        amount: Fen(m.amount),
        form: Form::from_code(&m.form).ok_or_else(|| internal("unknown form"))?,
        state,
        cause: m.cause.as_deref().and_then(Cause::from_code),
        opened_at: Time(m.opened_at),
        decided_at: m.decided_at.map(Time),
    })
}

fn of(community: CommunityId) -> sea_orm::Select<matters::Entity> {
    matters::Entity::find().filter(matters::Column::CommunityId.eq(community.0))
}

/// A key is `MILLISECONDS-UUID` of the last row of the page before.
fn before(key: &str) -> Option<Condition> {
    let (at, id) = key.split_once('-')?;
    let (at, id): (i64, Uuid) = (at.parse().ok()?, id.parse().ok()?);
    Some(Condition::all().add(matters::Column::OpenedAt.lte(at)).add(Condition::any().add(matters::Column::OpenedAt.lt(at)).add(matters::Column::Id.lt(id))))
}

/// One page of the public list, newest first, and the key of the next.
///
/// # Errors
/// [`AppError::NotFound`] for a key that is none.
pub async fn list(db: &impl ConnectionTrait, community: CommunityId, after: &str) -> Result<(Vec<MatterRow>, Option<String>), AppError> {
    let mut select = of(community);
    if !after.is_empty() {
        select = select.filter(before(after).ok_or(AppError::NotFound)?);
    }
    let mut rows = select.order_by_desc(matters::Column::OpenedAt).order_by_desc(matters::Column::Id).limit(PAGE + 1).all(db).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|m| format!("{}-{}", m.opened_at, m.id));
    let nobody = HashSet::new();
    Ok((rows.into_iter().map(|m| row(m, &nobody)).collect::<Result<_, _>>()?, next))
}

/// The desk's list: what waits for the viewer first, then what waits for others, then the last decisions.
///
/// # Errors
/// [`AppError::Forbidden`] for those without a desk.
pub async fn desk(db: &Db, viewer: &Viewer) -> Result<Vec<MatterRow>, AppError> {
    viewer.require(Permission::SeeDesk)?;
    let community = viewer.community();
    let open = of(community).filter(matters::Column::State.eq(State::Open.code())).order_by_asc(matters::Column::OpenedAt).limit(DESK).all(&db.read).await?;
    let newest = of(community).order_by_desc(matters::Column::OpenedAt).limit(PAGE).all(&db.read).await?;
    let mine = waiting(&db.read, viewer, open.iter().map(|m| m.id)).await?;
    let over = newest.into_iter().filter(|m| m.state != State::Open.code());
    let mut rows: Vec<MatterRow> = open.into_iter().chain(over).map(|m| row(m, &mine)).collect::<Result<_, _>>()?;
    rows.sort_by_key(|m| !m.waits_for_me);
    Ok(rows)
}

/// Of these open matters those that wait for the viewer's word.
async fn waiting(db: &impl ConnectionTrait, viewer: &Viewer, ids: impl Iterator<Item = Uuid>) -> Result<HashSet<Uuid>, AppError> {
    let ids: Vec<Uuid> = ids.collect();
    if ids.is_empty() || !viewer.may(Permission::Approve) {
        return Ok(HashSet::new());
    }
    let seats = matter_members::Entity::find()
        .filter(matter_members::Column::CommunityId.eq(viewer.community().0))
        .filter(matter_members::Column::MatterId.is_in(ids))
        .filter(matter_members::Column::PersonId.eq(viewer.person().0))
        .all(db)
        .await?;
    Ok(seats.into_iter().filter(|s| s.word.is_none() && s.conflict != Some(1) && s.present != Some(0)).map(|s| s.matter_id).collect())
}

/// The number of the matter of a quote or of a use of the fund, if it came before the committee, and where it stands.
///
/// # Errors
/// When the database refuses.
pub async fn standing(db: &impl ConnectionTrait, community: CommunityId, id: Uuid) -> Result<Option<(String, State)>, AppError> {
    let row = matters::Entity::find_by_id((community.0, id)).one(db).await?;
    Ok(row.and_then(|m| State::from_code(&m.state).map(|state| (m.number, state))))
}

/// What these matters are called, for a list of messages.
///
/// # Errors
/// When the database refuses.
pub async fn rows(db: &impl ConnectionTrait, community: CommunityId, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<MatterRow>, AppError> {
    let nobody = HashSet::new();
    let rows = of(community).filter(matters::Column::Id.is_in(ids)).all(db).await?;
    rows.into_iter().map(|m| row(m, &nobody)).collect()
}

/// A matter by its number, for whoever looks.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn view(db: &impl ConnectionTrait, community: CommunityId, number: &str, viewer: Option<&Viewer>, now: Time) -> Result<MatterView, AppError> {
    let found = of(community).filter(matters::Column::Number.eq(number)).one(db).await?.ok_or(AppError::NotFound)?;
    whole(db, community, found, viewer, now).await
}

/// A matter by its id, if there is one.
///
/// # Errors
/// When the database refuses.
pub async fn view_of(db: &impl ConnectionTrait, community: CommunityId, id: Uuid, viewer: Option<&Viewer>, now: Time) -> Result<Option<MatterView>, AppError> {
    match matters::Entity::find_by_id((community.0, id)).one(db).await? {
        Some(found) => whole(db, community, found, viewer, now).await.map(Some),
        None => Ok(None),
    }
}

async fn whole(db: &impl ConnectionTrait, community: CommunityId, found: matters::Model, viewer: Option<&Viewer>, now: Time) -> Result<MatterView, AppError> {
    let viewer = viewer.filter(|v| v.community() == community);
    let seats = matter_members::Entity::find().filter(matter_members::Column::CommunityId.eq(community.0)).filter(matter_members::Column::MatterId.eq(found.id)).all(db).await?;
    let people = names(db, community, seats.iter().map(|s| s.person_id)).await?;
    let me = viewer.filter(|v| v.may(Permission::Approve)).map(|v| v.person().0);
    let mine = seats.iter().filter(|s| Some(s.person_id) == me && s.word.is_none() && s.conflict != Some(1) && s.present != Some(0)).map(|s| s.matter_id).collect();
    let (meeting, published_at, decided_at) = (found.meeting_at.zip(found.meeting_place.clone()), found.published_at.map(Time), found.decided_at.map(Time));
    let row = row(found, &mine)?;
    let tally = tally(&seats.iter().map(stand).collect::<Vec<_>>(), row.form);
    let (own, _, day) = own_settings(db, community, now).await?;
    let publish_days = setting(&own, "approval.publish_days", &day).unwrap_or_default();
    let on_roll = seats.iter().any(|s| Some(s.person_id) == me);
    let mut members: Vec<MemberView> = seats.into_iter().map(|s| member(s, &people, me)).collect();
    members.sort_by_key(|m| (m.role != Role::CommitteeDirector, m.person));
    let decided = matches!(row.state, State::Agreed | State::Declined);
    Ok(MatterView {
        tally,
        may_meet: row.state == State::Open && on_roll && members.iter().all(|m| m.stand.word.is_none()),
        members,
        published_at,
        publish_days,
        kept: decided_at.zip(published_at).filter(|_| decided).map(|(decided, published)| kept(decided, meeting_of(meeting.as_ref()), published, publish_days)),
        meeting: meeting.map(|(at, place)| (Time(at), place)),
        words_shown: row.state != State::Open,
        now,
        row,
    })
}

fn meeting_of(meeting: Option<&(i64, String)>) -> Option<Time> {
    meeting.map(|(at, _)| Time(*at))
}

fn member(s: matter_members::Model, people: &std::collections::HashMap<Uuid, String>, me: Option<Uuid>) -> MemberView {
    MemberView {
        stand: stand(&s),
        me: Some(s.person_id) == me,
        person: PersonId(s.person_id),
        who: people.get(&s.person_id).map(|name| mask_name(name)).unwrap_or_default(),
        role: Role::from_code(&s.role).unwrap_or(Role::CommitteeMember),
        excluded: s.excluded.as_deref().and_then(Excluded::from_code),
        interest: s.interest,
        reason: s.reason,
        at: s.word_at.map(Time),
    }
}
