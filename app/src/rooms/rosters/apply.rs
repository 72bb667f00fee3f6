//! Writing a roster that was looked through.

use super::entity::imports;
use super::model::{Changes, ConfirmImport, Owner, Row};
use super::store::{changes, find};
use crate::apply::{Done, Work};
use crate::error::AppError;
use crate::ids::{BuildingId, PersonId, UnitId};
use crate::rooms::communities::entity::{buildings, units};
use crate::rooms::communities::model::BuildingKind;
use crate::rooms::people::entity::{ownerships, persons};
use crate::rooms::people::rules::Permission;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use std::collections::HashMap;

/// Writes what the rows change. It is compared anew in this transaction: what changed since the preview counts.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Closed`] when it was written already.
pub async fn confirm(work: &Work<'_>, confirm: &ConfirmImport) -> Result<Done, AppError> {
    work.caller.require(Permission::Roster)?;
    let (rows, written) = find(work.txn, work.community, confirm.import).await?;
    if written {
        return Err(AppError::closed("这份名册已经写入过了。", "This roster was written already."));
    }
    let changes = changes(work.txn, work.community, &rows).await?;
    let homes = make_buildings(work, &changes).await?;
    let mut people = People::default();
    for row in &changes.units {
        let unit = make_unit(work, row, &homes).await?;
        for (i, owner) in row.owners.iter().enumerate() {
            people.own(work, unit, owner, i == 0).await?;
        }
    }
    for (row, _) in &changes.areas {
        let unit = unit_of(work, row, &homes).await?;
        let update =
            units::ActiveModel { community_id: Set(work.community.0), id: Set(unit.0), area: Set(row.area.0), area_source: Set(row.source.code().into()), ..Default::default() };
        units::Entity::update(update).exec(work.txn).await?;
    }
    for (row, owner) in &changes.owners {
        let unit = unit_of(work, row, &homes).await?;
        people.own(work, unit, owner, false).await?;
    }
    for (row, owner) in &changes.phones {
        let unit = unit_of(work, row, &homes).await?;
        set_phone(work, unit, owner).await?;
    }
    let done = imports::ActiveModel { community_id: Set(work.community.0), id: Set(confirm.import.0), confirmed_at: Set(Some(work.now.0)), ..Default::default() };
    imports::Entity::update(done).exec(work.txn).await?;
    let told = json!({
        "did": "imported", "buildings": changes.buildings.len(), "units": changes.units.len(), "areas": changes.areas.len(),
        "owners": changes.owners.len(), "phones": changes.phones.len(),
    });
    work.tell("roster", confirm.import.0, &told).await?;
    Ok(Done { subject: Some(confirm.import.0), number: None, version: 1 })
}

type Homes = HashMap<String, (BuildingId, String)>;

/// Makes the new buildings and answers all of them by code, with their kind's word.
async fn make_buildings(work: &Work<'_>, changes: &Changes) -> Result<Homes, AppError> {
    let mut homes: Homes = buildings::Entity::find()
        .filter(buildings::Column::CommunityId.eq(work.community.0))
        .all(work.txn)
        .await?
        .into_iter()
        .map(|b| (b.code, (BuildingId(b.id), b.kind)))
        .collect();
    for (code, kind) in &changes.buildings {
        let id = BuildingId::new();
        let row = buildings::ActiveModel {
            community_id: Set(work.community.0),
            id: Set(id.0),
            code: Set(code.clone()),
            name: Set(format!("{code}号楼")),
            kind: Set(kind.code().into()),
            ordinal: Set(code.parse().unwrap_or(10_000 + homes.len() as i64)),
        };
        buildings::Entity::insert(row).exec_without_returning(work.txn).await?;
        homes.insert(code.clone(), (id, kind.code().into()));
    }
    Ok(homes)
}

async fn make_unit(work: &Work<'_>, row: &Row, homes: &Homes) -> Result<UnitId, AppError> {
    let (building, kind) = homes.get(&row.building).ok_or(AppError::NotFound)?;
    let id = UnitId::new();
    let unit = units::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id.0),
        building_id: Set(building.0),
        stair: Set(row.stair.clone()),
        floor: Set(row.floor),
        room: Set(row.room.clone()),
        area: Set(row.area.0),
        kind: Set(row.kind.map_or_else(|| kind.clone(), |k: BuildingKind| k.code().to_owned())),
        area_source: Set(row.source.code().into()),
        occupancy: Set("owner".into()),
        household_size: Set(0),
    };
    units::Entity::insert(unit).exec_without_returning(work.txn).await?;
    Ok(id)
}

async fn unit_of(work: &Work<'_>, row: &Row, homes: &Homes) -> Result<UnitId, AppError> {
    let (building, _) = homes.get(&row.building).ok_or(AppError::NotFound)?;
    let unit = units::Entity::find()
        .filter(units::Column::CommunityId.eq(work.community.0))
        .filter(units::Column::BuildingId.eq(building.0))
        .filter(units::Column::Stair.eq(row.stair.as_str()))
        .filter(units::Column::Room.eq(row.room.as_str()))
        .one(work.txn)
        .await?;
    unit.map(|u| UnitId(u.id)).ok_or(AppError::NotFound)
}

/// Persons by name and phone: somebody with both alike in two units is one person (one head, SI 9).
#[derive(Default)]
struct People {
    known: HashMap<(String, String), PersonId>,
}

impl People {
    async fn own(&mut self, work: &Work<'_>, unit: UnitId, owner: &Owner, representative: bool) -> Result<(), AppError> {
        let person = self.find_or_make(work, owner).await?;
        let row = ownerships::ActiveModel { community_id: Set(work.community.0), unit_id: Set(unit.0), person_id: Set(person.0), representative: Set(representative) };
        let once = OnConflict::columns([ownerships::Column::CommunityId, ownerships::Column::UnitId, ownerships::Column::PersonId]).do_nothing().to_owned();
        ownerships::Entity::insert(row).on_conflict(once).exec_without_returning(work.txn).await?;
        Ok(())
    }

    async fn find_or_make(&mut self, work: &Work<'_>, owner: &Owner) -> Result<PersonId, AppError> {
        if let Some(phone) = &owner.phone {
            let key = (owner.name.clone(), phone.clone());
            if let Some(person) = self.known.get(&key) {
                return Ok(*person);
            }
            let same = persons::Entity::find()
                .filter(persons::Column::CommunityId.eq(work.community.0))
                .filter(persons::Column::Phone.eq(phone.as_str()))
                .filter(persons::Column::Name.eq(owner.name.as_str()))
                .one(work.txn)
                .await?;
            let person = match same {
                Some(person) => PersonId(person.id),
                None => make_person(work, owner).await?,
            };
            self.known.insert(key, person);
            return Ok(person);
        }
        make_person(work, owner).await
    }
}

async fn make_person(work: &Work<'_>, owner: &Owner) -> Result<PersonId, AppError> {
    let id = PersonId::new();
    let row = persons::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id.0),
        account_id: Set(None),
        name: Set(owner.name.clone()),
        phone: Set(owner.phone.clone()),
        created_at: Set(work.now.0),
    };
    persons::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(id)
}

async fn set_phone(work: &Work<'_>, unit: UnitId, owner: &Owner) -> Result<(), AppError> {
    let owners = ownerships::Entity::find().filter(ownerships::Column::CommunityId.eq(work.community.0)).filter(ownerships::Column::UnitId.eq(unit.0)).all(work.txn).await?;
    let person = persons::Entity::find()
        .filter(persons::Column::CommunityId.eq(work.community.0))
        .filter(persons::Column::Id.is_in(owners.iter().map(|o| o.person_id)))
        .filter(persons::Column::Name.eq(owner.name.as_str()))
        .one(work.txn)
        .await?
        .ok_or(AppError::NotFound)?;
    let update = persons::ActiveModel { community_id: Set(work.community.0), id: Set(person.id), phone: Set(owner.phone.clone()), ..Default::default() };
    persons::Entity::update(update).exec(work.txn).await?;
    Ok(())
}
