//! Reading what belongs to scorers: their own page, sheets of paper, the roll with names, what they wrote.

use super::count::Flags;
use super::entity::{papers, roll, rounds, sheets, shots};
use super::model::{Group, Mark, Numbers, RoundRow, Stage};
use super::store::{may_see_result, parts, round_row, scorers};
use super::template::Template;
use crate::context::{Viewer, internal};
use crate::error::AppError;
use crate::ids::{CommunityId, PersonId, PhotoId};
use crate::measure::Time;
use crate::rooms::communities::store::offset_of;
use crate::rooms::fund::rules::span_of;
use crate::rooms::people::rules::Permission;
use crate::rooms::people::store::names;
use crate::rooms::tickets::model::{Card, Category};
use crate::rooms::tickets::store::{Topic, by_category, reported_by};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// The scorer's own page of a round.
#[derive(Clone, Debug)]
pub struct Mine {
    /// What lists show too.
    pub row: RoundRow,
    /// The frozen sheet.
    pub template: Template,
    /// The frozen numbers.
    pub numbers: Numbers,
    /// The scorer's house has a lift.
    pub high_rise: bool,
    /// Whom they count with.
    pub group: Group,
    /// What they declared.
    pub conflict: Option<String>,
    /// What they handed in last, and when.
    pub marks: Vec<Mark>,
    /// When.
    pub handed_at: Option<Time>,
    /// Their photos: which, and of which item.
    pub photos: Vec<(PhotoId, String)>,
    /// Their own tickets of the half-year.
    pub tickets: Vec<Card>,
    /// What was reported in it, by category.
    pub topics: HashMap<Category, Topic>,
}

/// A round as its scorer sees it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for those who are not on its roll.
pub async fn mine(db: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Mine, AppError> {
    viewer.require(Permission::Score)?;
    let (community, person) = (viewer.community(), viewer.person().0);
    let round = rounds::Entity::find_by_id((community.0, id)).one(db).await?.ok_or(AppError::NotFound)?;
    let me = roll::Entity::find_by_id((community.0, id, person)).one(db).await?.ok_or(AppError::NotFound)?;
    let sheet = sheets::Entity::find_by_id((community.0, id, person)).one(db).await?;
    let (from, until) = span_of(&round.half, offset_of(db, community).await?).ok_or(AppError::NotFound)?;
    Ok(Mine {
        row: round_row(db, community, &round).await?,
        template: serde_json::from_str(&round.template).map_err(internal)?,
        numbers: serde_json::from_str(&round.numbers).map_err(internal)?,
        high_rise: me.high_rise,
        group: Group::from_code(&me.part).unwrap_or(Group::Leader),
        conflict: me.conflict,
        marks: sheet.as_ref().map(|s| serde_json::from_str(&s.marks).map_err(internal)).transpose()?.unwrap_or_default(),
        handed_at: sheet.map(|s| Time(s.at)),
        photos: shots_of(db, community, id, PersonId(person)).await?,
        tickets: reported_by(db, community, viewer.person(), from).await?,
        topics: by_category(db, community, from, until).await?,
    })
}

async fn shots_of(db: &impl ConnectionTrait, community: CommunityId, round: Uuid, person: PersonId) -> Result<Vec<(PhotoId, String)>, AppError> {
    let rows = shots::Entity::find().filter(shots::Column::CommunityId.eq(community.0)).filter(shots::Column::RoundId.eq(round)).filter(shots::Column::PersonId.eq(person.0));
    Ok(rows.order_by_asc(shots::Column::PhotoId).limit(20).all(db).await?.into_iter().map(|s| (PhotoId(s.photo_id), s.item)).collect())
}

/// A sheet of paper as somebody types it.
#[derive(Clone, Debug)]
pub struct Paper {
    /// What lists show too.
    pub row: RoundRow,
    /// The frozen sheet.
    pub template: Template,
    /// The scorer's house has a lift.
    pub high_rise: bool,
    /// Whose it is.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Whom they count with.
    pub group: Group,
    /// What ties them to the company.
    pub conflict: bool,
    /// When the sheet was handed in, on paper or otherwise.
    pub handed_at: Option<Time>,
    /// What the viewer typed before.
    pub marks: Vec<Mark>,
    /// Somebody else has typed it.
    pub other: bool,
    /// The items in which the viewer and somebody else differ.
    pub differ: Vec<String>,
    /// The scan.
    pub scan: Vec<PhotoId>,
}

/// A sheet of paper for one who types; never what somebody else typed.
///
/// # Errors
/// [`AppError::Forbidden`] for all but those who audit, [`AppError::NotFound`].
pub async fn paper(db: &impl ConnectionTrait, viewer: &Viewer, id: Uuid, person: PersonId) -> Result<Paper, AppError> {
    viewer.require(Permission::ScoringAudit)?;
    let community = viewer.community();
    let round = rounds::Entity::find_by_id((community.0, id)).one(db).await?.ok_or(AppError::NotFound)?;
    let them = roll::Entity::find_by_id((community.0, id, person.0)).one(db).await?.ok_or(AppError::NotFound)?;
    let sheet = sheets::Entity::find_by_id((community.0, id, person.0)).one(db).await?;
    let typed = papers::Entity::find()
        .filter(papers::Column::CommunityId.eq(community.0))
        .filter(papers::Column::RoundId.eq(id))
        .filter(papers::Column::PersonId.eq(person.0))
        .all(db)
        .await?;
    let marks = |p: &papers::Model| serde_json::from_str::<Vec<Mark>>(&p.marks).map_err(internal);
    let mut mine = Vec::new();
    let mut theirs = Vec::new();
    for row in &typed {
        if row.by_id == viewer.person().0 { mine = marks(row)? } else { theirs.push(marks(row)?) }
    }
    let differ = theirs.first().filter(|_| !mine.is_empty()).map(|theirs| super::rules::differing(&mine, theirs)).unwrap_or_default();
    Ok(Paper {
        row: round_row(db, community, &round).await?,
        template: serde_json::from_str(&round.template).map_err(internal)?,
        high_rise: them.high_rise,
        person,
        name: names(db, community, [person.0]).await?.remove(&person.0).unwrap_or_default(),
        group: Group::from_code(&them.part).unwrap_or(Group::Leader),
        conflict: them.conflict.is_some(),
        handed_at: sheet.map(|s| Time(s.at)),
        marks: mine,
        other: !theirs.is_empty(),
        differ,
        scan: shots_of(db, community, id, person).await?.into_iter().filter(|s| s.1.is_empty()).map(|s| s.0).collect(),
    })
}

/// The rounds that somebody is appointed to and that still run.
///
/// # Errors
/// When the database refuses.
pub async fn open_for(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<Vec<RoundRow>, AppError> {
    let community = viewer.community();
    let running = rounds::Entity::find()
        .filter(rounds::Column::CommunityId.eq(community.0))
        .filter(rounds::Column::Stage.eq(Stage::Open.code()))
        .order_by_desc(rounds::Column::OpensAt)
        .limit(5)
        .all(db)
        .await?;
    let mut list = Vec::new();
    for row in running {
        if roll::Entity::find_by_id((community.0, row.id, viewer.person().0)).count(db).await? > 0 {
            list.push(round_row(db, community, &row).await?);
        }
    }
    Ok(list)
}

/// Somebody on the roll, for those who audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scorer {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// In which group.
    pub group: Group,
    /// What ties them to the company.
    pub conflict: Option<String>,
    /// When the sheet was handed in; nothing while it was not.
    pub handed_at: Option<Time>,
    /// The flags of the sheet, once the scoring has ended.
    pub flags: Option<Flags>,
}

/// The roll with names, who handed in, and, after closing, the flags.
///
/// # Errors
/// [`AppError::Forbidden`] for all but those who audit, [`AppError::NotFound`].
pub async fn audit(db: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Vec<Scorer>, AppError> {
    viewer.require(Permission::ScoringAudit)?;
    let community = viewer.community();
    let round = rounds::Entity::find_by_id((community.0, id)).one(db).await?.ok_or(AppError::NotFound)?;
    let all = scorers(db, community, id).await?;
    let people = names(db, community, all.iter().map(|s| s.person_id)).await?;
    let at: HashMap<Uuid, i64> = sheets::Entity::find()
        .filter(sheets::Column::CommunityId.eq(community.0))
        .filter(sheets::Column::RoundId.eq(id))
        .select_only()
        .columns([sheets::Column::PersonId, sheets::Column::At])
        .into_tuple::<(Uuid, i64)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let flagged: HashMap<PersonId, Flags> = if round.stage == Stage::Open.code() {
        HashMap::new()
    } else {
        let parts = parts(db, community, &round).await?;
        parts.people.iter().map(|p| p.0).zip(parts.flags()).collect()
    };
    let mut list: Vec<Scorer> = all
        .into_iter()
        .map(|s| Scorer {
            person: PersonId(s.person_id),
            name: people.get(&s.person_id).cloned().unwrap_or_default(),
            group: Group::from_code(&s.part).unwrap_or(Group::Leader),
            conflict: s.conflict,
            handed_at: at.get(&s.person_id).map(|at| Time(*at)),
            flags: flagged.get(&PersonId(s.person_id)).copied(),
        })
        .collect();
    list.sort_by(|a, b| (a.group, &a.name, a.person).cmp(&(b.group, &b.name, b.person)));
    Ok(list)
}

/// What scorers wrote, by item, in an order that tells nothing; for the desk, once the draft stands.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn remarks(db: &impl ConnectionTrait, viewer: &Viewer, id: Uuid) -> Result<Vec<(String, Vec<String>)>, AppError> {
    viewer.require(Permission::ScoringDesk)?;
    let community = viewer.community();
    let round = rounds::Entity::find_by_id((community.0, id)).one(db).await?.ok_or(AppError::NotFound)?;
    if !Stage::from_code(&round.stage).is_some_and(may_see_result) || round.total.is_none() {
        return Ok(Vec::new());
    }
    let parts = parts(db, community, &round).await?;
    let mut all = Vec::new();
    for item in parts.template.items() {
        let said = parts.sheets.iter().flat_map(|s| &s.marks).filter(|m| m.item == item.code && !m.remark.is_empty());
        let mut words: Vec<String> = said.map(|m| m.remark.clone()).collect();
        words.sort();
        if !words.is_empty() {
            all.push((item.code.clone(), words));
        }
    }
    Ok(all)
}
