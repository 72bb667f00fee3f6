//! The demonstration: 祥和家园 with 43 buildings and 1,986 units, and the small 和风苑 beside it.
//!
//! [`plan`] says what is there, as plain data and without touching a database: the same seed and the same moment give
//! the same plan, down to every id. Nobody in it exists. Whoever writes it into a database inserts the rows of
//! [`Estate`] as they are, stores each [`Picture`] once per photo id, and then replays [`Estate::in_order`] through the
//! real rules, so that the history of the demonstration is a history that could have happened.
//!
//! What the 5,500 inhabitants are: [`Unit::household_size`] summed over all units. Each of them has a row in
//! [`Estate::persons`] with that unit as [`Person::home`]; owners who live elsewhere, the organisations that own units
//! and the staff have rows with no home. Children have a row without phone and without membership.

mod assets;
mod bays;
mod bikes;
mod book;
pub mod dice;
pub mod estate;
pub mod fund;
pub mod history;
pub mod load;
pub mod names;
mod older_leases;
mod parking;
pub mod people;
pub mod places;
pub mod present;
pub mod projects;
pub mod roles;
pub mod scenes;
mod scenes_grounds;
mod scenes_indoor;
mod scenes_outdoor;
mod scenes_works;
pub mod scoring;
pub mod script;
mod sites;
mod tale;
#[cfg(test)]
mod tests;
mod troubles;

pub use estate::{Bays, Building, Cameras, Community, Counts, Occupancy, Unit};
pub use load::{load, load_if_empty, sign_ins};
pub use people::{Membership, Ownership, Person, Tenancy};
pub use places::{Facility, Fixture, Place};
pub use roles::{DEMO_PASSWORD, DEMO_PIN, SignIn};
pub use scenes::Picture;
pub use script::{Act, By, Doing, Moment, Photo, Reporter, Script};

use app::measure::{DAY, Time};

/// Everything that the demonstration holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The seed that it follows from.
    pub seed: u64,
    /// The moment that it leads up to.
    pub now: Time,
    /// 祥和家园.
    pub home: Estate,
    /// 和风苑, the small community that must never see anything of the other.
    pub neighbour: Estate,
    /// The accounts that visitors of the demonstration can use.
    pub sign_ins: Vec<SignIn>,
}

impl Plan {
    /// Both communities.
    pub fn estates(&self) -> [&Estate; 2] {
        [&self.home, &self.neighbour]
    }

    /// Every different picture that some photo shows, each once.
    pub fn pictures(&self) -> Vec<Picture> {
        let shown = self.estates().into_iter().flat_map(|e| &e.tickets).flat_map(|t| &t.photos).map(|p| p.picture);
        let distinct: std::collections::BTreeSet<Picture> = shown.collect();
        distinct.into_iter().collect()
    }
}

/// One community with everything in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estate {
    /// The community.
    pub community: Community,
    /// Its buildings, by number.
    pub buildings: Vec<Building>,
    /// Its units, by building, stair and room.
    pub units: Vec<Unit>,
    /// Everybody: owners, those who live there, staff.
    pub persons: Vec<Person>,
    /// Who owns what.
    pub ownerships: Vec<Ownership>,
    /// Who rents what.
    pub tenancies: Vec<Tenancy>,
    /// Who has which role.
    pub memberships: Vec<Membership>,
    /// The places, each with a tag.
    pub places: Vec<Place>,
    /// The facilities, each with a tag.
    pub facilities: Vec<Facility>,
    /// What is only counted.
    pub counts: Counts,
    /// The tickets, oldest first.
    pub tickets: Vec<Script>,
}

impl Estate {
    /// Everything that happened to the tickets, in the order of time: the order to replay it in.
    pub fn in_order(&self) -> Vec<Moment<'_>> {
        script::in_order(&self.tickets)
    }
}

/// The demonstration of one seed, as it stands at `now_ms` (milliseconds since 1970, UTC).
pub fn plan(seed: u64, now_ms: i64) -> Plan {
    let now = Time(now_ms);
    let founded = Time((now_ms - 800 * DAY).max(0));
    let mut home = grow(&estate::XIANGHE, seed, founded);
    let mut neighbour = grow(&estate::HEFENG, seed, founded);
    let sign_ins = roles::cast(&mut home, &mut neighbour, seed, founded);
    home.tickets = history::write(&home, &sign_ins, seed, now);
    neighbour.tickets = history::write_small(&neighbour, seed, now);
    Plan { seed, now, home, neighbour, sign_ins }
}

/// The estate without roles and history.
fn grow(blueprint: &estate::Blueprint, seed: u64, founded: Time) -> Estate {
    let (community, buildings, mut units) = estate::build(blueprint, seed, founded);
    let people::Settled { persons, ownerships, tenancies, memberships } = people::settle(blueprint, &mut units, &buildings, seed, founded);
    let (places, facilities) = places::lay_out(blueprint, &buildings, seed, founded);
    Estate { community, buildings, units, persons, ownerships, tenancies, memberships, places, facilities, counts: blueprint.counts, tickets: vec![] }
}
