//! What the rules say of a round's applications, from what is known now.

use super::draw::Entry;
use super::entity::{applications, leases, rounds, vehicles};
use super::model::{Band, CarState, LeaseState, RuleSet, Verdict};
use super::rules::{Facts, judge, waited};
use crate::context::internal;
use crate::error::AppError;
use crate::ids::{CommunityId, UnitId};
use crate::measure::Time;
use crate::rooms::bays;
use crate::rooms::bays::model::{BayKind, BayState};
use crate::rooms::communities::entity::units;
use crate::rooms::people::entity::memberships;
use crate::rooms::people::model::Role;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// An application with what the rules say of it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The row.
    pub row: applications::Model,
    /// The verdict.
    pub verdict: Verdict,
    /// Rounds without success.
    pub wait: i64,
}

impl Standing {
    /// Its line in a list.
    pub fn entry(&self) -> Option<Entry> {
        Some(Entry { id: self.row.code.clone(), band: Band::from_number(self.row.band)?, wait: self.wait, need: need(&self.row) })
    }
}

/// What an application needs: the card counts when a desk has seen it.
pub fn need(row: &applications::Model) -> i64 {
    i64::from(row.ev) + 2 * i64::from(row.card && row.card_seen)
}

/// Judges the applications of a round: all of them, or those of one home.
///
/// # Errors
/// When the database refuses.
pub async fn judged(db: &impl ConnectionTrait, community: CommunityId, round: &rounds::Model, only: Option<UnitId>, now: Time) -> Result<Vec<Standing>, AppError> {
    let rules: RuleSet = serde_json::from_str(&round.rules).map_err(internal)?;
    let mut of_round = applications::Entity::find().filter(applications::Column::CommunityId.eq(community.0)).filter(applications::Column::RoundId.eq(round.id));
    if let Some(home) = only {
        of_round = of_round.filter(applications::Column::UnitId.eq(home.0));
    }
    // A home's earlier band is judged first: what it gets there counts in the next.
    let rows = of_round.order_by_asc(applications::Column::Band).order_by_asc(applications::Column::Code).all(db).await?;
    if rows.is_empty() {
        return Ok(vec![]);
    }
    let known = Known::read(db, community, only, now).await?;
    let waits = waits(db, community, round.id, only, rules.wait_most).await?;
    let (mut listed, mut cars): (HashMap<String, i64>, HashSet<Uuid>) = (HashMap::new(), HashSet::new());
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let facts = known.facts(&row, &rules, listed.get(&row.holder).copied().unwrap_or_default(), cars.contains(&row.vehicle_id))?;
        let verdict = judge(&facts);
        if verdict.listed() {
            *listed.entry(row.holder.clone()).or_default() += 1;
            cars.insert(row.vehicle_id);
        }
        let wait = waits.get(&row.holder).copied().unwrap_or_default();
        all.push(Standing { row, verdict, wait });
    }
    Ok(all)
}

/// What is known of homes, cars and bays.
struct Known {
    cars: HashMap<Uuid, vehicles::Model>,
    leased_cars: HashSet<Uuid>,
    held: HashMap<Uuid, i64>,
    owner_lives: HashSet<Uuid>,
    /// Person, unit and role.
    residents: HashSet<(Uuid, Uuid, &'static str)>,
}

impl Known {
    async fn read(db: &impl ConnectionTrait, community: CommunityId, only: Option<UnitId>, now: Time) -> Result<Self, AppError> {
        let c = community.0;
        let mut cars = vehicles::Entity::find().filter(vehicles::Column::CommunityId.eq(c));
        let mut running = leases::Entity::find().filter(leases::Column::CommunityId.eq(c)).filter(leases::Column::State.eq(LeaseState::Active.code()));
        let mut lived = units::Entity::find().filter(units::Column::CommunityId.eq(c)).filter(units::Column::Occupancy.eq("owner"));
        let mut people = memberships::Entity::find()
            .filter(memberships::Column::CommunityId.eq(c))
            .filter(memberships::Column::Role.is_in([Role::Owner, Role::Tenant, Role::Household].map(Role::code)))
            .filter(memberships::Column::Until.is_null().or(memberships::Column::Until.gt(now.0)));
        if let Some(home) = only {
            cars = cars.filter(vehicles::Column::UnitId.eq(home.0));
            running = running.filter(leases::Column::UnitId.eq(home.0));
            lived = lived.filter(units::Column::Id.eq(home.0));
            people = people.filter(memberships::Column::UnitId.eq(home.0));
        }
        let running = running.all(db).await?;
        let mut held: HashMap<Uuid, i64> = HashMap::new();
        let owned = bays::store::list(db, community).await?;
        let owned = owned.into_iter().filter(|b| b.kind == BayKind::Owned && b.state != BayState::Closed).filter_map(|b| b.unit.map(|u| u.0));
        for home in owned.chain(running.iter().filter_map(|l| l.unit_id)) {
            *held.entry(home).or_default() += 1;
        }
        let residents = people.all(db).await?.into_iter().filter_map(|m| Some((m.person_id, m.unit_id?, Role::from_code(&m.role)?.code())));
        Ok(Self {
            cars: cars.all(db).await?.into_iter().map(|v| (v.id, v)).collect(),
            leased_cars: running.iter().map(|l| l.vehicle_id).collect(),
            held,
            owner_lives: lived.all(db).await?.into_iter().map(|u| u.id).collect(),
            residents: residents.collect(),
        })
    }

    fn facts(&self, row: &applications::Model, rules: &RuleSet, before: i64, car_listed: bool) -> Result<Facts, AppError> {
        let band = Band::from_number(row.band).ok_or_else(|| internal("unknown band"))?;
        let car = self.cars.get(&row.vehicle_id).filter(|c| c.unit_id == row.unit_id);
        let may: &[Role] = match band {
            Band::Owner => &[Role::Owner, Role::Household],
            Band::Tenant => &[Role::Tenant, Role::Household],
            Band::Second | Band::Outside => &[Role::Owner, Role::Tenant, Role::Household],
        };
        let resident = match (row.person_id, row.unit_id) {
            (Some(person), Some(home)) => may.iter().any(|role| self.residents.contains(&(person, home, role.code()))),
            // On paper, two people looked at who it was.
            _ => true,
        };
        Ok(Facts {
            band,
            live: row.live,
            open: rules.band(band).is_some(),
            resident,
            owner_lives: row.unit_id.is_some_and(|u| self.owner_lives.contains(&u)),
            car: car.and_then(|c| CarState::from_code(&c.state)),
            car_taken: car_listed || self.leased_cars.contains(&row.vehicle_id),
            held: row.unit_id.and_then(|u| self.held.get(&u)).copied().unwrap_or_default(),
            before,
            quota: rules.quota,
        })
    }
}

/// Rounds without success by holder, from the rounds that were drawn before.
async fn waits(db: &impl ConnectionTrait, community: CommunityId, round: Uuid, only: Option<UnitId>, most: i64) -> Result<HashMap<String, i64>, AppError> {
    let drawn = rounds::Entity::find()
        .filter(rounds::Column::CommunityId.eq(community.0))
        .filter(rounds::Column::DrawnAt.is_not_null())
        .filter(rounds::Column::Id.ne(round))
        .order_by_desc(rounds::Column::DrawnAt)
        .all(db)
        .await?;
    if drawn.is_empty() {
        return Ok(HashMap::new());
    }
    let place: HashMap<Uuid, usize> = drawn.iter().enumerate().map(|(n, r)| (r.id, n)).collect();
    let mut earlier = applications::Entity::find().filter(applications::Column::CommunityId.eq(community.0)).filter(applications::Column::Place.is_not_null());
    if let Some(home) = only {
        earlier = earlier.filter(applications::Column::UnitId.eq(home.0));
    }
    let mut by_holder: HashMap<String, Vec<(usize, bool)>> = HashMap::new();
    for row in earlier.all(db).await? {
        let Some(n) = place.get(&row.round_id) else { continue };
        // Whoever gave up waiting was offered nothing either.
        by_holder.entry(row.holder).or_default().push((*n, row.offered_at.is_some()));
    }
    let count = |mut rounds: Vec<(usize, bool)>| {
        // Two applications of one round are one round: served when either was.
        rounds.sort_by_key(|(n, served)| (*n, !served));
        rounds.dedup_by_key(|(n, _)| *n);
        waited(&rounds.into_iter().map(|(_, served)| served).collect::<Vec<_>>(), most)
    };
    Ok(by_holder.into_iter().map(|(holder, rounds)| (holder, count(rounds))).collect())
}
