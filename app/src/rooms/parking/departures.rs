//! Who has moved out keeps nothing that somebody who lives here waits for: the clock gives notice, and takes it back when
//! the household is there again (R5.1: bays serve those who own or use a home of the estate).

use super::entity::leases;
use super::leases::{give_notice, take_notice_back};
use super::model::LeaseState;
use super::rules::{Lived, moved_out, side_of};
use crate::apply::Work;
use crate::error::AppError;
use crate::ids::CommunityId;
use crate::measure::{DAY, Time};
use crate::rooms::communities::entity::units;
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::own_settings;
use crate::rooms::people::entity::memberships;
use crate::rooms::people::model::Role;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Why such a lease ends, as it is written down.
pub const MOVED: &str = "这一户已经搬走";

/// Leases that somebody of a home holds, without a notice or with this one. What came on paper or from a list, without a
/// person, stays as it is: who lived there is not known.
fn held(community: CommunityId) -> Select<leases::Entity> {
    leases::Entity::find()
        .filter(leases::Column::CommunityId.eq(community.0))
        .filter(leases::Column::State.eq(LeaseState::Active.code()))
        .filter(leases::Column::UnitId.is_not_null())
        .filter(leases::Column::PersonId.is_not_null())
        .filter(leases::Column::NoticeUntil.is_null().or(leases::Column::NoticeWhy.eq(MOVED)))
}

/// Who has lived in the homes that hold something, by home.
async fn lived(db: &impl ConnectionTrait, community: CommunityId) -> Result<HashMap<Uuid, Vec<memberships::Model>>, AppError> {
    let homes = held(community).select_only().column(leases::Column::UnitId).into_query();
    let all = memberships::Entity::find().filter(memberships::Column::CommunityId.eq(community.0)).filter(memberships::Column::UnitId.in_subquery(homes)).all(db).await?;
    let mut by_home: HashMap<Uuid, Vec<memberships::Model>> = HashMap::new();
    for (home, m) in all.into_iter().filter_map(|m| Some((m.unit_id?, m))) {
        by_home.entry(home).or_default().push(m);
    }
    Ok(by_home)
}

/// Leases whose household moved out and that have no notice yet, and those with that notice whose household is back; each
/// with whether it is gone.
///
/// # Errors
/// When the database refuses.
pub(super) async fn found(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Vec<(leases::Model, bool)>, AppError> {
    let all = held(community).all(db).await?;
    if all.is_empty() {
        return Ok(vec![]);
    }
    let by_home = lived(db, community).await?;
    let there = |m: &memberships::Model| m.until.is_none_or(|until| until > now.0);
    let of = |lease: &leases::Model| lease.unit_id.and_then(|home| by_home.get(&home)).map_or(&[][..], Vec::as_slice);
    // Most holders are members of their home still: of the others alone more is read.
    let asked: Vec<leases::Model> = all.into_iter().filter(|l| l.notice_until.is_some() || !of(l).iter().any(|m| Some(m.person_id) == l.person_id && there(m))).collect();
    let homes: HashSet<Uuid> = asked.iter().filter_map(|l| l.unit_id).collect();
    let rows = units::Entity::find().filter(units::Column::CommunityId.eq(community.0)).filter(units::Column::Id.is_in(homes)).all(db).await?;
    let owner_lives: HashMap<Uuid, bool> = rows.into_iter().map(|u| (u.id, u.occupancy == "owner")).collect();
    let gone = |lease: &leases::Model| {
        let lives = lease.unit_id.and_then(|home| owner_lives.get(&home)).copied().unwrap_or_default();
        let lived = |m: &memberships::Model| Some(Lived { person: m.person_id, side: side_of(Role::from_code(&m.role)?, lives), since: m.since, until: m.until, there: there(m) });
        moved_out(lease.person_id.unwrap_or_default(), &of(lease).iter().filter_map(lived).collect::<Vec<_>>())
    };
    let asked = asked.into_iter().map(|lease| (gone(&lease), lease));
    // One with notice whose household is still away needs nothing, nor one without whose household is there.
    Ok(asked.filter(|(gone, lease)| *gone == lease.notice_until.is_none()).map(|(gone, lease)| (lease, gone)).collect())
}

/// Gives notice to those who moved out, and takes it back from those who are there again.
///
/// # Errors
/// When the database refuses.
pub(super) async fn follow(work: &Work<'_>, round: Option<Uuid>) -> Result<(), AppError> {
    let found = found(work.txn, work.community, work.now).await?;
    let (own, _, day) = own_settings(work.txn, work.community, work.now).await?;
    let until = work.now + setting(&own, "parking.leave_days", &day).unwrap_or_default() * DAY;
    for (lease, gone) in found.into_iter().filter(|(l, _)| l.round_id == round) {
        if gone {
            give_notice(work, lease, MOVED.into(), until).await?;
        } else {
            take_notice_back(work, lease).await?;
        }
    }
    Ok(())
}
