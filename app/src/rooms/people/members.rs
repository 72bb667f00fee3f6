//! Reading who holds which role, and who lives in a unit.

use super::entity::{memberships, ownerships, persons};
use super::model::Role;
use crate::error::AppError;
use crate::ids::{BuildingId, CommunityId, MembershipId, PersonId, UnitId};
use crate::measure::Time;
use crate::rooms::communities::entity::units;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Somebody with a role, in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The membership.
    pub membership: MembershipId,
    /// The person.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The building, for leaders and representatives.
    pub building: Option<BuildingId>,
    /// They can sign in.
    pub has_account: bool,
}

/// Those who hold one of the roles now, by name.
///
/// # Errors
/// When the database refuses.
pub async fn members(db: &impl ConnectionTrait, community: CommunityId, roles: &[Role], now: Time) -> Result<Vec<Member>, AppError> {
    let rows = memberships::Entity::find()
        .filter(memberships::Column::CommunityId.eq(community.0))
        .filter(memberships::Column::Role.is_in(roles.iter().map(|r| r.code())))
        .filter(memberships::Column::Until.is_null().or(memberships::Column::Until.gt(now.0)))
        .order_by_asc(memberships::Column::Since)
        .limit(1_000)
        .all(db)
        .await?;
    let people: HashMap<Uuid, persons::Model> = persons::Entity::find()
        .filter(persons::Column::CommunityId.eq(community.0))
        .filter(persons::Column::Id.is_in(rows.iter().map(|m| m.person_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|p| (p.id, p))
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|m| {
            let person = people.get(&m.person_id)?;
            Some(Member {
                membership: MembershipId(m.id),
                person: PersonId(m.person_id),
                name: person.name.clone(),
                role: Role::from_code(&m.role)?,
                building: m.building_id.map(BuildingId),
                has_account: person.account_id.is_some(),
            })
        })
        .collect())
}

/// Somebody who lives in a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// The membership.
    pub membership: MembershipId,
    /// The name, whole: for the caller to mask.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Since when.
    pub since: Time,
    /// An owner by their letter whom the roster does not know.
    pub off_roster: bool,
}

/// Those who have a role in a unit now, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn residents(db: &impl ConnectionTrait, community: CommunityId, unit: UnitId, now: Time) -> Result<Vec<Resident>, AppError> {
    let rows = memberships::Entity::find()
        .filter(memberships::Column::CommunityId.eq(community.0))
        .filter(memberships::Column::UnitId.eq(unit.0))
        .filter(memberships::Column::Until.is_null().or(memberships::Column::Until.gt(now.0)))
        .order_by_asc(memberships::Column::Since)
        .order_by_asc(memberships::Column::Id)
        .limit(200)
        .all(db)
        .await?;
    let names = super::store::names(db, community, rows.iter().map(|m| m.person_id)).await?;
    let owners = ownerships::Entity::find().filter(ownerships::Column::CommunityId.eq(community.0)).filter(ownerships::Column::UnitId.eq(unit.0)).all(db).await?;
    let owners: HashSet<Uuid> = owners.into_iter().map(|o| o.person_id).collect();
    let resident = |m: memberships::Model| {
        let role = Role::from_code(&m.role)?;
        let off_roster = role == Role::Owner && !owners.contains(&m.person_id);
        Some(Resident { membership: MembershipId(m.id), name: names.get(&m.person_id).cloned().unwrap_or_default(), role, since: Time(m.since), off_roster })
    };
    Ok(rows.into_iter().filter_map(resident).collect())
}

/// The unit of a building that is meant by a stair and a room as somebody typed them.
///
/// # Errors
/// [`AppError::Invalid`] on `room` when there is none, or several because the stair is missing.
pub async fn find_unit(db: &impl ConnectionTrait, community: CommunityId, building: BuildingId, stair: &str, room: &str) -> Result<UnitId, AppError> {
    let (stair, room) = (super::rules::door_number(stair), super::rules::door_number(room));
    let mut query = units::Entity::find().filter(units::Column::CommunityId.eq(community.0)).filter(units::Column::BuildingId.eq(building.0)).filter(units::Column::Room.eq(room));
    if !stair.is_empty() {
        query = query.filter(units::Column::Stair.eq(stair));
    }
    match query.limit(2).all(db).await?.as_slice() {
        [one] => Ok(UnitId(one.id)),
        [] => Err(AppError::field("room", "这栋楼没有这个房号", "There is no such room in this building")),
        _ => Err(AppError::field("room", "这栋楼有几个门都有这个房号，请填门号", "Several stairs have this room: enter the stair too")),
    }
}

/// How many heads own these units (SI 9): people who own the same units together are one head, whoever owns several is
/// one head too.
///
/// # Errors
/// When the database refuses.
pub async fn heads(db: &impl ConnectionTrait, community: CommunityId, units: &BTreeSet<UnitId>) -> Result<i64, AppError> {
    let rows = ownerships::Entity::find().filter(ownerships::Column::CommunityId.eq(community.0)).all(db).await?;
    let mut owners: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for row in rows.into_iter().filter(|r| units.contains(&UnitId(r.unit_id))) {
        owners.entry(row.unit_id).or_default().insert(row.person_id);
    }
    let sets: BTreeSet<_> = owners.into_values().collect();
    Ok(i64::try_from(sets.len()).unwrap_or(i64::MAX))
}
