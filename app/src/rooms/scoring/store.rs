//! Reading rounds: turnout while they run, parts and results once they may be seen.

use super::count::{Basis, Count, Flags, Reading, Sheet, count, flags};
use super::entity::{appeals, charges, opinions, readings, rectify, roll, rounds, sheets, templates};
use super::heat::{Area, areas};
use super::model::{AppealRow, ChargeRow, Group, Level, Mark, Numbers, Party, ReadingRow, RectifyRow, RoundRow, Stage};
use super::rules::{corrected, upheld};
use super::template::{Template, standard};
use crate::context::{Viewer, internal};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, PersonId, PhotoId, TicketId};
use crate::measure::{Fen, Time};
use crate::rooms::communities::entity::buildings;
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::own_settings;
use crate::rooms::people::rules::Permission;
use crate::rooms::tickets::store::{headings, is_open};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Rounds in a list: twenty years of them.
const ROUNDS: u64 = 40;

/// The sheet that the next round uses: the community's newest, else the program's own.
///
/// # Errors
/// When the database refuses.
pub async fn current_template(db: &impl ConnectionTrait, community: CommunityId) -> Result<Template, AppError> {
    let own = templates::Entity::find().filter(templates::Column::CommunityId.eq(community.0)).order_by_desc(templates::Column::Version).limit(1).one(db).await?;
    own.map_or_else(|| Ok(standard()), |row| serde_json::from_str(&row.body).map_err(internal))
}

/// What the service contract retains of a half-year's remuneration, as the community's numbers say.
///
/// # Errors
/// When the database refuses.
pub async fn retained(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Fen, AppError> {
    let (own, _, day) = own_settings(db, community, now).await?;
    let number = |key| setting(&own, key, &day).unwrap_or_default();
    Ok(super::rules::retained(Fen(number("scoring.contract_month_fen")), number("scoring.retained_permille")))
}

pub(super) async fn scorers(db: &impl ConnectionTrait, community: CommunityId, round: Uuid) -> Result<Vec<roll::Model>, AppError> {
    Ok(roll::Entity::find().filter(roll::Column::CommunityId.eq(community.0)).filter(roll::Column::RoundId.eq(round)).all(db).await?)
}

/// The sheets of those without a conflict, by their ids.
///
/// # Errors
/// When the database refuses.
pub(super) async fn sheet_rows(db: &impl ConnectionTrait, community: CommunityId, round: Uuid) -> Result<Vec<sheets::Model>, AppError> {
    let out: HashSet<Uuid> = scorers(db, community, round).await?.into_iter().filter(|s| s.conflict.is_some()).map(|s| s.person_id).collect();
    let all = sheets::Entity::find().filter(sheets::Column::CommunityId.eq(community.0)).filter(sheets::Column::RoundId.eq(round)).order_by_asc(sheets::Column::Id).all(db).await?;
    Ok(all.into_iter().filter(|s| !out.contains(&s.person_id)).collect())
}

/// Appointed and handed in, by group; those with a conflict are neither.
///
/// # Errors
/// When the database refuses.
pub async fn turnout(db: &impl ConnectionTrait, community: CommunityId, round: Uuid) -> Result<[(i64, i64); 2], AppError> {
    let handed: HashSet<Uuid> = sheets::Entity::find()
        .filter(sheets::Column::CommunityId.eq(community.0))
        .filter(sheets::Column::RoundId.eq(round))
        .select_only()
        .column(sheets::Column::PersonId)
        .into_tuple::<Uuid>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let mut turnout = [(0, 0); 2];
    for scorer in scorers(db, community, round).await?.iter().filter(|s| s.conflict.is_none()) {
        let Some(group) = Group::from_code(&scorer.part) else { continue };
        turnout[group.place()].0 += 1;
        turnout[group.place()].1 += i64::from(handed.contains(&scorer.person_id));
    }
    Ok(turnout)
}

/// What a round is counted from.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The frozen sheet.
    pub template: Template,
    /// The frozen numbers.
    pub numbers: Numbers,
    /// Appointed without a conflict.
    pub appointed: i64,
    /// The sheets without names, in the order of `people`.
    pub sheets: Vec<Sheet>,
    /// Whose they are, and the sheets' own ids.
    pub people: Vec<(PersonId, Uuid)>,
    /// What was counted.
    pub readings: Vec<Reading>,
    /// The charges that stand: which, and its code.
    pub charges: Vec<(Uuid, String)>,
}

impl Parts {
    /// The result.
    pub fn count(&self) -> Count {
        let charges: Vec<String> = self.charges.iter().map(|c| c.1.clone()).collect();
        count(&Basis { template: &self.template, numbers: &self.numbers, appointed: self.appointed, sheets: &self.sheets, readings: &self.readings, charges: &charges })
    }

    /// The flags of the sheets, in their order.
    pub fn flags(&self) -> Vec<Flags> {
        flags(&self.template, &self.numbers, &self.sheets)
    }
}

/// Reads the parts of a round. Callers decide who may know of them.
///
/// # Errors
/// When the database refuses.
pub async fn parts(db: &impl ConnectionTrait, community: CommunityId, round: &rounds::Model) -> Result<Parts, AppError> {
    let roll: HashMap<Uuid, roll::Model> = scorers(db, community, round.id).await?.into_iter().map(|s| (s.person_id, s)).collect();
    let (mut sheets, mut people) = (Vec::new(), Vec::new());
    for row in sheet_rows(db, community, round.id).await? {
        let Some(group) = roll.get(&row.person_id).and_then(|s| Group::from_code(&s.part)) else { continue };
        let marks: Vec<Mark> = serde_json::from_str(&row.marks).map_err(internal)?;
        sheets.push(Sheet { group, high_rise: roll[&row.person_id].high_rise, marks });
        people.push((PersonId(row.person_id), row.id));
    }
    let appointed = roll.values().filter(|s| s.conflict.is_none()).count();
    Ok(Parts {
        template: serde_json::from_str(&round.template).map_err(internal)?,
        numbers: serde_json::from_str(&round.numbers).map_err(internal)?,
        appointed: i64::try_from(appointed).unwrap_or(i64::MAX),
        sheets,
        people,
        readings: reading_rows(db, community, round.id).await?.into_iter().map(|r| Reading { item: r.item, good: r.good, all: r.all }).collect(),
        charges: charge_rows(db, community, round.id).await?.into_iter().filter(|c| c.discharged.is_none()).map(|c| (c.id, c.code)).collect(),
    })
}

async fn reading_rows(db: &impl ConnectionTrait, community: CommunityId, round: Uuid) -> Result<Vec<ReadingRow>, AppError> {
    let rows = readings::Entity::find()
        .filter(readings::Column::CommunityId.eq(community.0))
        .filter(readings::Column::RoundId.eq(round))
        .filter(readings::Column::Counts.eq(true))
        .order_by_asc(readings::Column::Item)
        .all(db)
        .await?;
    let row = |r: readings::Model| ReadingRow { item: r.item, good: r.good, all: r.total, words: r.words, own: r.own, photos: photos(&r.photos) };
    Ok(rows.into_iter().map(row).collect())
}

async fn charge_rows(db: &impl ConnectionTrait, community: CommunityId, round: Uuid) -> Result<Vec<ChargeRow>, AppError> {
    let rows = charges::Entity::find()
        .filter(charges::Column::CommunityId.eq(community.0))
        .filter(charges::Column::RoundId.eq(round))
        .order_by_asc(charges::Column::At)
        .order_by_asc(charges::Column::Id)
        .all(db)
        .await?;
    let row = |c: charges::Model| ChargeRow { id: c.id, code: c.code, words: c.words, at: Time(c.at), photos: photos(&c.photos), discharged: c.discharged };
    Ok(rows.into_iter().map(row).collect())
}

fn photos(json: &str) -> Vec<PhotoId> {
    serde_json::from_str(json).unwrap_or_default()
}

/// The rounds, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &impl ConnectionTrait, community: CommunityId) -> Result<Vec<RoundRow>, AppError> {
    let rows = rounds::Entity::find().filter(rounds::Column::CommunityId.eq(community.0)).order_by_desc(rounds::Column::OpensAt).limit(ROUNDS).all(db).await?;
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        list.push(round_row(db, community, &row).await?);
    }
    Ok(list)
}

pub(super) async fn round_row(db: &impl ConnectionTrait, community: CommunityId, row: &rounds::Model) -> Result<RoundRow, AppError> {
    let stage = Stage::from_code(&row.stage).ok_or_else(|| internal("unknown stage of a round"))?;
    Ok(RoundRow {
        id: row.id,
        number: row.number.clone(),
        half: row.half.clone(),
        stage,
        opens_at: Time(row.opens_at),
        closes_at: Time(row.closes_at),
        published_at: row.published_at.map(Time),
        verdict: row.total.zip(row.level.as_deref().and_then(Level::from_code)).filter(|_| stage == Stage::Published),
        turnout: turnout(db, community, row.id).await?,
    })
}

/// A round with everything about it but names. Callers show of it what its stage and their viewer allow.
#[derive(Clone, Debug)]
pub struct View {
    /// What lists show too.
    pub row: RoundRow,
    /// The version that a step is made against.
    pub version: i64,
    /// The frozen sheet.
    pub template: Template,
    /// The frozen numbers.
    pub numbers: Numbers,
    /// What the contract retains.
    pub retained: Fen,
    /// From when to when it was extended, and why.
    pub extensions: Vec<(Time, Time, String)>,
    /// The result that stands: after the appeal, where one was upheld.
    pub count: Count,
    /// The result of the draft, where an appeal changed it.
    pub first: Option<(i64, Level)>,
    /// What is stored as the result; the same as `count` says, or something was changed behind the program.
    pub stored: Option<(i64, Level)>,
    /// What was counted, as it counts.
    pub readings: Vec<ReadingRow>,
    /// All charges.
    pub charges: Vec<ChargeRow>,
    /// The appeal.
    pub appeal: Option<AppealRow>,
    /// The appeal was upheld or not, once it is decided.
    pub upheld: Option<bool>,
    /// Until when the company may appeal.
    pub appeal_until: Option<Time>,
    /// That time was counted without holidays, since they were not known when it was fixed.
    pub weekends_only: bool,
    /// What has to be mended.
    pub mend: Vec<RectifyRow>,
    /// The sheets without names, shuffled by the round's hash.
    pub sheets: Vec<Sheet>,
    /// The hash that shuffles them.
    pub hash: String,
    /// Renewal goes on the agenda: this round and the one before are both a fail.
    pub renewal: bool,
    /// What the houses think, by neighbouring buildings.
    pub heat: Vec<Area>,
}

async fn by_number(db: &impl ConnectionTrait, community: CommunityId, number: &str) -> Result<rounds::Model, AppError> {
    rounds::Entity::find().filter(rounds::Column::CommunityId.eq(community.0)).filter(rounds::Column::Number.eq(number)).one(db).await?.ok_or(AppError::NotFound)
}

/// A published round, for everybody.
///
/// # Errors
/// [`AppError::NotFound`], also while it is not published.
pub async fn published(db: &impl ConnectionTrait, community: CommunityId, number: &str, lang: Lang) -> Result<View, AppError> {
    let row = by_number(db, community, number).await?;
    if row.stage != Stage::Published.code() {
        return Err(AppError::NotFound);
    }
    view(db, community, &row, lang).await
}

/// A round for its desk. Until the draft stands its result is for nobody; pages ask [`may_see_result`].
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn at_desk(db: &impl ConnectionTrait, viewer: &Viewer, id: Uuid, lang: Lang) -> Result<View, AppError> {
    if !viewer.may(Permission::ScoringDesk) {
        viewer.require(Permission::ScoringDecide)?;
    }
    let community = viewer.community();
    let row = rounds::Entity::find_by_id((community.0, id)).one(db).await?.ok_or(AppError::NotFound)?;
    view(db, community, &row, lang).await
}

/// Whether the result of a round at this stage may be shown at its desk.
pub fn may_see_result(stage: Stage) -> bool {
    matches!(stage, Stage::Draft | Stage::Published)
}

async fn view(db: &impl ConnectionTrait, community: CommunityId, row: &rounds::Model, lang: Lang) -> Result<View, AppError> {
    let mut parts = parts(db, community, row).await?;
    let mut readings = reading_rows(db, community, row.id).await?;
    let appeal = appeal_of(db, community, row.id).await?;
    let said: Vec<(Party, bool)> = appeal.iter().flat_map(|a| a.opinions.iter().map(|o| (o.0, o.1))).collect();
    let upheld = upheld(&said);
    if let (Some(true), Some(appeal)) = (upheld, &appeal) {
        let (charges, corrected) = corrected(&parts.charges, &parts.readings, &appeal.pleas);
        parts.charges = charges.into_iter().map(|code| (Uuid::nil(), code)).collect();
        for reading in &mut readings {
            if let Some(now) = corrected.iter().find(|r| r.item == reading.item) {
                (reading.good, reading.all) = (now.good, now.all);
            }
        }
        parts.readings = corrected;
    }
    let stored = row.total.zip(row.level.as_deref().and_then(Level::from_code));
    let first = row.first.zip(row.first_level.as_deref().and_then(Level::from_code)).filter(|_| upheld == Some(true));
    let hash = row.hash.clone().unwrap_or_default();
    let extensions: Vec<(i64, i64, String)> = serde_json::from_str(&row.extensions).unwrap_or_default();
    Ok(View {
        row: round_row(db, community, row).await?,
        version: row.version,
        retained: Fen(row.retained),
        extensions: extensions.into_iter().map(|(from, to, why)| (Time(from), Time(to), why)).collect(),
        count: parts.count(),
        first,
        stored,
        readings,
        charges: charge_rows(db, community, row.id).await?,
        appeal,
        upheld,
        appeal_until: row.appeal_until.map(Time),
        weekends_only: row.weekends_only,
        mend: mend_rows(db, community, row.id, lang).await?,
        sheets: super::anonymous::shuffled(&hash, &parts),
        hash,
        renewal: renewal(db, community, row).await?,
        heat: heat(db, community, row.id, &parts).await?,
        template: parts.template,
        numbers: parts.numbers,
    })
}

async fn heat(db: &impl ConnectionTrait, community: CommunityId, round: Uuid, parts: &Parts) -> Result<Vec<Area>, AppError> {
    let homes: HashMap<Uuid, Uuid> = scorers(db, community, round).await?.into_iter().filter_map(|s| Some((s.person_id, s.building_id?))).collect();
    let buildings = buildings::Entity::find().filter(buildings::Column::CommunityId.eq(community.0)).order_by_asc(buildings::Column::Ordinal).all(db).await?;
    let of = |building: Uuid| parts.people.iter().zip(&parts.sheets).filter(|(p, _)| homes.get(&p.0.0) == Some(&building)).map(|(_, sheet)| sheet).collect();
    let all: Vec<(String, Vec<&Sheet>)> = buildings.into_iter().map(|b| (b.name, of(b.id))).filter(|b: &(String, Vec<&Sheet>)| !b.1.is_empty()).collect();
    Ok(areas(&parts.template, &all, parts.numbers.samples))
}

async fn renewal(db: &impl ConnectionTrait, community: CommunityId, row: &rounds::Model) -> Result<bool, AppError> {
    if row.stage != Stage::Published.code() || row.level.as_deref() != Some(Level::Fail.code()) {
        return Ok(false);
    }
    let before = rounds::Entity::find()
        .filter(rounds::Column::CommunityId.eq(community.0))
        .filter(rounds::Column::OpensAt.lt(row.opens_at))
        .filter(rounds::Column::Level.is_not_null())
        .order_by_desc(rounds::Column::OpensAt)
        .limit(1)
        .one(db)
        .await?;
    let levels: Vec<Level> = [row.level.clone(), before.and_then(|b| b.level)].into_iter().flatten().filter_map(|l| Level::from_code(&l)).collect();
    Ok(super::rules::renewal_in_question(&levels))
}

async fn appeal_of(db: &impl ConnectionTrait, community: CommunityId, round: Uuid) -> Result<Option<AppealRow>, AppError> {
    let Some(row) = appeals::Entity::find_by_id((community.0, round)).one(db).await? else { return Ok(None) };
    let said = opinions::Entity::find().filter(opinions::Column::CommunityId.eq(community.0)).filter(opinions::Column::RoundId.eq(round)).all(db).await?;
    let mut opinions: Vec<(Party, bool, String)> = said.into_iter().filter_map(|o| Some((Party::from_code(&o.party)?, o.upholds, o.words))).collect();
    opinions.sort_by_key(|o| o.0);
    Ok(Some(AppealRow { at: Time(row.at), words: row.words, pleas: serde_json::from_str(&row.pleas).map_err(internal)?, photos: photos(&row.photos), opinions }))
}

async fn mend_rows(db: &impl ConnectionTrait, community: CommunityId, round: Uuid, lang: Lang) -> Result<Vec<RectifyRow>, AppError> {
    let rows = rectify::Entity::find()
        .filter(rectify::Column::CommunityId.eq(community.0))
        .filter(rectify::Column::RoundId.eq(round))
        .order_by_asc(rectify::Column::At)
        .limit(200)
        .all(db)
        .await?;
    let tickets = headings(db, community, rows.iter().map(|r| TicketId(r.ticket_id)).collect(), lang).await?;
    let mut list = Vec::new();
    for row in rows {
        let ticket = TicketId(row.ticket_id);
        let number = tickets.get(&ticket).map(|t| t.number.clone()).unwrap_or_default();
        list.push(RectifyRow { item: row.item, ticket: number, words: row.words, due_at: Time(row.due_at), done: !is_open(db, community, ticket).await? });
    }
    Ok(list)
}
