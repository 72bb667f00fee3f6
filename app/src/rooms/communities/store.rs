//! Reading communities, buildings and units; counting numbers; the settings of the rules.

use super::calendar::{Calendar, OwnYear};
use super::entity::{buildings, calendar_years, communities, counters, units};
use super::model::CommunityView;
use super::rules::{DEFAULTS, RuleNumber, Setting, own_setting, setting};
use crate::context::{Db, internal};
use crate::error::AppError;
use crate::ids::{BuildingId, CommunityId, UnitId};
use crate::measure::Time;
use crate::rooms::tickets::deadlines::Limits;
use sea_orm::sea_query::{Alias, Expr, OnConflict, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder};

/// The next number of a counter, from 1, in the caller's transaction: the row is the lock.
///
/// # Errors
/// When the database refuses.
pub async fn next_number(db: &impl ConnectionTrait, community: CommunityId, name: &str) -> Result<i64, AppError> {
    let bump = Query::insert()
        .into_table(Alias::new("counters"))
        .columns([Alias::new("community_id"), Alias::new("name"), Alias::new("value")])
        .values_panic([community.0.into(), name.into(), 1i64.into()])
        .on_conflict(
            OnConflict::columns([Alias::new("community_id"), Alias::new("name")])
                .value(Alias::new("value"), Expr::col((Alias::new("counters"), Alias::new("value"))).add(1))
                .to_owned(),
        )
        .returning(Query::returning().column(Alias::new("value")))
        .to_owned();
    let row = db.query_one(&bump).await?.ok_or_else(|| internal("a counter gave nothing"))?;
    Ok(row.try_get("", "value")?)
}

/// Sets a counter, for the demo community that brings its own numbers.
///
/// # Errors
/// When the database refuses.
pub async fn set_counter(db: &impl ConnectionTrait, community: CommunityId, name: &str, value: i64) -> Result<(), AppError> {
    let row = counters::ActiveModel { community_id: sea_orm::Set(community.0), name: sea_orm::Set(name.into()), value: sea_orm::Set(value) };
    let replace = OnConflict::columns([counters::Column::CommunityId, counters::Column::Name]).update_column(counters::Column::Value).to_owned();
    counters::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}

/// The number of a counter as it is, 0 before the first.
///
/// # Errors
/// When the database refuses.
pub async fn counter(db: &impl ConnectionTrait, community: CommunityId, name: &str) -> Result<i64, AppError> {
    Ok(counters::Entity::find_by_id((community.0, name.to_owned())).one(db).await?.map_or(0, |c| c.value))
}

fn view(row: communities::Model) -> (CommunityView, String) {
    let offset = i32::try_from(row.offset_minutes).unwrap_or(480);
    (CommunityView { id: CommunityId(row.id), name: row.name, phone: row.phone, offset, demo: row.demo }, row.slug)
}

/// A community by its word in addresses.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn by_slug(db: &Db, slug: &str) -> Result<(CommunityView, String), AppError> {
    // A word that no community can have never reaches the database.
    if slug.is_empty() || slug.len() > 40 || !slug.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(AppError::NotFound);
    }
    let read = async { communities::Entity::find().filter(communities::Column::Slug.eq(slug)).one(&db.read).await?.map(view).ok_or(AppError::NotFound) };
    db.memory.recall(None, format!("slug {slug}"), read).await
}

/// The same as [`by_id`], remembered for a moment.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn known(db: &Db, id: CommunityId) -> Result<(CommunityView, String), AppError> {
    db.memory.recall(None, format!("community {}", id.0), by_id(&db.read, id)).await
}

/// A community by its id.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn by_id(db: &impl ConnectionTrait, id: CommunityId) -> Result<(CommunityView, String), AppError> {
    communities::Entity::find_by_id(id.0).one(db).await?.map(view).ok_or(AppError::NotFound)
}

/// All communities of the installation, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn all(db: &Db) -> Result<Vec<(CommunityView, String)>, AppError> {
    let read = async { Ok(communities::Entity::find().order_by_asc(communities::Column::CreatedAt).all(&db.read).await?.into_iter().map(view).collect()) };
    db.memory.recall(None, "all".into(), read).await
}

/// A rule number with what the community has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberRow {
    /// The number with its default.
    pub number: &'static RuleNumber,
    /// The community's own value that holds now.
    pub now: Option<Setting>,
    /// Its values of other days.
    pub others: Vec<Setting>,
}

/// Every rule number as it is set.
///
/// # Errors
/// When the database refuses.
pub async fn numbers(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Vec<NumberRow>, AppError> {
    let (own, _, day) = own_settings(db, community, now).await?;
    let row = |number: &'static RuleNumber| {
        let now = own_setting(&own, number.key, &day).cloned();
        let others = own.iter().filter(|s| s.key == number.key && Some(*s) != now.as_ref()).cloned().collect();
        NumberRow { number, now, others }
    };
    Ok(DEFAULTS.iter().map(row).collect())
}

/// What the community has set, its offset, and the day it is there.
pub(in crate::rooms) async fn own_settings(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<(Vec<Setting>, i32, String), AppError> {
    let row = communities::Entity::find_by_id(community.0).one(db).await?.ok_or(AppError::NotFound)?;
    let own = serde_json::from_str(&row.settings).map_err(internal)?;
    let offset = i32::try_from(row.offset_minutes).unwrap_or(480);
    Ok((own, offset, now.local(offset).format("%Y-%m-%d").to_string()))
}

/// The working days of a community.
///
/// # Errors
/// When the database refuses.
pub async fn calendar(db: &impl ConnectionTrait, community: CommunityId) -> Result<Calendar, AppError> {
    let rows = calendar_years::Entity::find().filter(calendar_years::Column::CommunityId.eq(community.0)).all(db).await?;
    let year = |row: calendar_years::Model| {
        let (off, worked) = serde_json::from_str(&row.days).map_err(internal)?;
        Ok(OwnYear { year: i32::try_from(row.year).map_err(internal)?, source: row.source, off, worked })
    };
    Ok(Calendar::new(rows.into_iter().map(year).collect::<Result<_, AppError>>()?))
}

/// The rule numbers of repairs that hold in a community on a day.
///
/// # Errors
/// When the database refuses.
pub async fn limits(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Limits, AppError> {
    let (own, offset, day) = own_settings(db, community, now).await?;
    Ok(Limits::read(|key| setting(&own, key, &day).unwrap_or_default(), offset))
}

/// The same as [`limits`], remembered for a moment.
///
/// # Errors
/// When the database refuses.
pub async fn limits_known(db: &Db, community: CommunityId, now: Time) -> Result<Limits, AppError> {
    db.memory.recall(None, format!("limits {}", community.0), limits(&db.read, community, now)).await
}

/// A building in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildingRow {
    /// The building.
    pub id: BuildingId,
    /// Its code, e.g. `12`.
    pub code: String,
    /// Its name, e.g. 12号楼.
    pub name: String,
}

/// The buildings of a community in their order.
///
/// # Errors
/// When the database refuses.
pub async fn buildings(db: &impl ConnectionTrait, community: CommunityId) -> Result<Vec<BuildingRow>, AppError> {
    let rows = buildings::Entity::find().filter(buildings::Column::CommunityId.eq(community.0)).order_by_asc(buildings::Column::Ordinal).all(db).await?;
    Ok(rows.into_iter().map(|b| BuildingRow { id: BuildingId(b.id), code: b.code, name: b.name }).collect())
}

/// Which step of the set-up comes next: 2 the roster, 3 places, 4 letters; `None` once each has been taken.
///
/// # Errors
/// When the database refuses.
pub async fn next_step(db: &impl ConnectionTrait, community: CommunityId) -> Result<Option<usize>, AppError> {
    for (step, table) in [(2, "units"), (3, "places"), (4, "letters")] {
        let first = Query::select().expr(Expr::val(1)).from(Alias::new(table)).and_where(Expr::col(Alias::new("community_id")).eq(community.0)).limit(1).to_owned();
        if db.query_one(&first).await?.is_none() {
            return Ok(Some(step));
        }
    }
    Ok(None)
}

/// A unit with its building's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// The unit.
    pub id: UnitId,
    /// Its building.
    pub building: BuildingId,
    /// The building's name.
    pub building_name: String,
    /// The stair 门, empty where the building has one entrance.
    pub stair: String,
    /// The room.
    pub room: String,
}

impl UnitRow {
    /// The unit written out, masked or not.
    pub fn name(&self, lang: crate::i18n::Lang, masked: bool) -> String {
        let write = if masked { super::rules::masked_unit_name } else { super::rules::unit_name };
        write(lang, &self.building_name, Some(&self.stair), &self.room)
    }
}

/// A unit with its area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitArea {
    /// The unit.
    pub id: UnitId,
    /// Its building.
    pub building: BuildingId,
    /// The stair, empty where the building has one entrance.
    pub stair: String,
    /// The room.
    pub room: String,
    /// Its exclusive area.
    pub area: crate::measure::Area,
}

/// Every unit of a community by its id, so that the order is the same everywhere.
///
/// # Errors
/// When the database refuses.
pub async fn all_units(db: &impl ConnectionTrait, community: CommunityId) -> Result<Vec<UnitArea>, AppError> {
    let rows = units::Entity::find().filter(units::Column::CommunityId.eq(community.0)).order_by_asc(units::Column::Id).all(db).await?;
    let unit = |u: units::Model| UnitArea { id: UnitId(u.id), building: BuildingId(u.building_id), stair: u.stair, room: u.room, area: crate::measure::Area(u.area) };
    Ok(rows.into_iter().map(unit).collect())
}

/// Minutes that the community's clock is ahead of UTC.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn offset_of(db: &impl ConnectionTrait, community: CommunityId) -> Result<i32, AppError> {
    Ok(by_id(db, community).await?.0.offset)
}

/// A unit.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn unit(db: &impl ConnectionTrait, community: CommunityId, id: UnitId) -> Result<UnitRow, AppError> {
    let unit = units::Entity::find_by_id((community.0, id.0)).one(db).await?.ok_or(AppError::NotFound)?;
    let building = buildings::Entity::find_by_id((community.0, unit.building_id)).one(db).await?.ok_or(AppError::NotFound)?;
    Ok(UnitRow { id: UnitId(unit.id), building: BuildingId(building.id), building_name: building.name, stair: unit.stair, room: unit.room })
}

/// The units of a building, by stair and room.
///
/// # Errors
/// When the database refuses; [`AppError::NotFound`] for the building.
pub async fn units_of(db: &impl ConnectionTrait, community: CommunityId, building: BuildingId) -> Result<Vec<UnitRow>, AppError> {
    let home = buildings::Entity::find_by_id((community.0, building.0)).one(db).await?.ok_or(AppError::NotFound)?;
    let rows = units::Entity::find()
        .filter(units::Column::CommunityId.eq(community.0))
        .filter(units::Column::BuildingId.eq(building.0))
        .order_by_asc(units::Column::Stair)
        .order_by_asc(units::Column::Room)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|u| UnitRow { id: UnitId(u.id), building, building_name: home.name.clone(), stair: u.stair, room: u.room }).collect())
}

/// The names of some units, in two questions however many they are.
///
/// # Errors
/// When the database refuses.
pub async fn unit_names(
    db: &impl ConnectionTrait,
    community: CommunityId,
    ids: impl IntoIterator<Item = UnitId>,
    lang: crate::i18n::Lang,
    masked: bool,
) -> Result<std::collections::HashMap<UnitId, String>, AppError> {
    let ids: std::collections::BTreeSet<uuid::Uuid> = ids.into_iter().map(|u| u.0).collect();
    if ids.is_empty() {
        return Ok(std::collections::HashMap::new());
    }
    let names: std::collections::HashMap<BuildingId, String> = buildings(db, community).await?.into_iter().map(|b| (b.id, b.name)).collect();
    let rows = units::Entity::find().filter(units::Column::CommunityId.eq(community.0)).filter(units::Column::Id.is_in(ids)).all(db).await?;
    let row = |u: units::Model| {
        let building = BuildingId(u.building_id);
        let unit = UnitRow { id: UnitId(u.id), building, building_name: names.get(&building).cloned().unwrap_or_default(), stair: u.stair, room: u.room };
        (unit.id, unit.name(lang, masked))
    };
    Ok(rows.into_iter().map(row).collect())
}

/// The unit behind a door as it is typed: building, stair and room with dashes between (`12-3-0502`, `12--0502`).
///
/// # Errors
/// [`AppError::Invalid`] on `door`.
pub async fn unit_by_door(db: &impl ConnectionTrait, community: CommunityId, typed: &str) -> Result<UnitId, AppError> {
    let wrong = || AppError::field("door", "没有这一户，请照“楼号-门号-室号”填，例如 12-3-0502", "There is no such unit; type building-stair-room, e.g. 12-3-0502");
    let parts: Vec<String> = typed.trim().chars().take(60).collect::<String>().split(['-', '－', '—']).map(|p| p.trim().to_owned()).collect();
    let (code, stair, room) = match &parts[..] {
        [code, room] => (code, String::new(), room),
        [code, stair, room] => (code, stair.trim_end_matches('门').to_owned(), room),
        _ => return Err(wrong()),
    };
    let code = code.trim_end_matches(['楼', '幢', '栋']).trim_end_matches('号');
    let building = buildings::Entity::find().filter(buildings::Column::CommunityId.eq(community.0)).filter(buildings::Column::Code.eq(code)).one(db).await?.ok_or_else(wrong)?;
    let unit = units::Entity::find()
        .filter(units::Column::CommunityId.eq(community.0))
        .filter(units::Column::BuildingId.eq(building.id))
        .filter(units::Column::Stair.eq(stair))
        .filter(units::Column::Room.eq(room.trim_end_matches('室')))
        .one(db)
        .await?;
    Ok(UnitId(unit.ok_or_else(wrong)?.id))
}
