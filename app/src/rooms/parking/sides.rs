//! Who of a home acts for what. Landlord and tenant share a flat and its quota, but are two households: neither sees nor touches
//! the other's cars, applications and leases. What came on paper or from a list, without a person, is the whole home's.

use super::rules::{Side, side_of};
use crate::context::Viewer;
use crate::error::AppError;
use crate::ids::{CommunityId, UnitId};
use crate::rooms::communities::entity::units;
use crate::rooms::people::entity::memberships;
use crate::rooms::people::model::Role;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

/// The people of one home by their sides, those who have moved out among them.
#[derive(Clone, Debug)]
pub struct Sides {
    /// The home.
    pub home: UnitId,
    owner_lives: bool,
    people: HashMap<Uuid, Side>,
}

impl Sides {
    /// Reads the sides of a home.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another community's.
    pub async fn read(db: &impl ConnectionTrait, community: CommunityId, home: UnitId) -> Result<Self, AppError> {
        let owner_lives = units::Entity::find_by_id((community.0, home.0)).one(db).await?.ok_or(AppError::NotFound)?.occupancy == "owner";
        let mut all = memberships::Entity::find().filter(memberships::Column::CommunityId.eq(community.0)).filter(memberships::Column::UnitId.eq(home.0)).all(db).await?;
        // What somebody is now counts before what they were.
        all.sort_by_key(|m| (m.until.is_none(), m.since));
        let people = all.into_iter().filter_map(|m| Some((m.person_id, side_of(Role::from_code(&m.role)?, owner_lives)))).collect();
        Ok(Self { home, owner_lives, people })
    }

    /// The side of a person; nothing for somebody who never belonged to the home.
    pub fn of(&self, person: Uuid) -> Option<Side> {
        self.people.get(&person).copied()
    }

    /// Whether a viewer of this home sees and acts for what a person of it entered.
    pub fn may(&self, viewer: &Viewer, person: Option<Uuid>) -> bool {
        person.is_none_or(|p| p == viewer.person().0 || self.of(p) == Some(side_of(viewer.role(), self.owner_lives)))
    }
}

/// Whether a row of a home, entered by a person, is the viewer's own household's.
///
/// # Errors
/// When the database refuses.
pub async fn owns(db: &impl ConnectionTrait, viewer: &Viewer, home: Option<Uuid>, person: Option<Uuid>) -> Result<bool, AppError> {
    match viewer.unit() {
        Some(mine) if home == Some(mine.0) => Ok(Sides::read(db, viewer.community(), mine).await?.may(viewer, person)),
        _ => Ok(false),
    }
}
