//! Who owns, rents and lives in which unit.

use super::dice::{Dice, id};
use super::estate::{Blueprint, Building, Occupancy, Unit};
use super::names::{Age, full, phone, surname};
use app::ids::{AccountId, BuildingId, MembershipId, PersonId, UnitId};
use app::measure::{DAY, Time};
use app::rooms::people::model::Role;
use std::collections::{HashMap, VecDeque};

/// A person, or an organisation that owns units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// The account of a demo sign-in, see [`super::SignIn`].
    pub account: Option<AccountId>,
    /// The name.
    pub name: String,
    /// The mobile number; children and organisations have none.
    pub phone: Option<String>,
    /// The unit they live in; `None` for owners who live elsewhere, organisations and staff.
    pub home: Option<UnitId>,
    /// Not a human being: the developer, the institution.
    pub organisation: bool,
    /// When the row was made.
    pub since: Time,
}

/// A share in a unit. The owners of a unit are all persons with a row for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// The unit.
    pub unit: UnitId,
    /// The owner.
    pub person: PersonId,
    /// Casts the vote of the unit: one of its owners does.
    pub representative: bool,
}

/// A lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenancy {
    /// The unit.
    pub unit: UnitId,
    /// The tenant who signed.
    pub person: PersonId,
    /// Since when.
    pub from: Time,
}

/// A role of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The id.
    pub id: MembershipId,
    /// The person.
    pub person: PersonId,
    /// The role.
    pub role: Role,
    /// The unit, for owners, tenants and their households.
    pub unit: Option<UnitId>,
    /// The building, for leaders and representatives.
    pub building: Option<BuildingId>,
    /// The stair, for leaders of a stair.
    pub stair: Option<String>,
    /// Since when.
    pub since: Time,
}

/// What [`settle`] makes.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// Everybody.
    pub persons: Vec<Person>,
    /// Who owns what.
    pub ownerships: Vec<Ownership>,
    /// Who rents what.
    pub tenancies: Vec<Tenancy>,
    /// The roles of owners, tenants and their households.
    pub memberships: Vec<Membership>,
}

/// The unit of 王阿姨, whom the demonstration follows: 12号楼 3门 0502室.
pub const HEROINE: (&str, &str, &str) = ("12", "3", "0502");
/// The unit of the demo tenant: 12号楼 1门 0301室.
pub const LODGER: (&str, &str, &str) = ("12", "1", "0301");

struct Town<'a> {
    slug: &'a str,
    seed: u64,
    founded: Time,
    first_phone: u64,
    dice: Dice,
    made: Settled,
}

impl Town<'_> {
    fn person(&mut self, name: String, with_phone: bool, organisation: bool) -> usize {
        let n = self.made.persons.len() as u64;
        let since = self.founded + self.dice.between(0, 40) * DAY / 10;
        let id = PersonId(id(self.seed, &format!("{}/person", self.slug), n, self.founded));
        self.made.persons.push(Person { id, account: None, name, phone: with_phone.then(|| phone(self.first_phone + n)), home: None, organisation, since });
        self.made.persons.len() - 1
    }

    fn adult(&mut self, surname: &str, age: Age) -> usize {
        let name = full(&mut self.dice, surname, age);
        self.person(name, true, false)
    }

    fn age(&mut self) -> Age {
        if self.dice.chance(45) { Age::Elder } else { Age::Middle }
    }

    /// One head: one person, or two who own together.
    fn head(&mut self, shared: bool) -> Vec<usize> {
        let age = self.age();
        let mut owners = Vec::new();
        for _ in 0..=usize::from(shared) {
            let surname = surname(&mut self.dice);
            owners.push(self.adult(surname, age));
        }
        owners
    }

    fn own(&mut self, unit: &Unit, owners: &[usize]) {
        for (i, owner) in owners.iter().enumerate() {
            let (person, organisation) = (self.made.persons[*owner].id, self.made.persons[*owner].organisation);
            self.made.ownerships.push(Ownership { unit: unit.id, person, representative: i == 0 });
            if !organisation {
                self.join(*owner, Role::Owner, unit.id);
            }
        }
    }

    fn join(&mut self, who: usize, role: Role, unit: UnitId) {
        let n = self.made.memberships.len() as u64;
        let id = MembershipId(id(self.seed, &format!("{}/membership", self.slug), n, self.founded));
        let Person { id: person, since, .. } = self.made.persons[who];
        self.made.memberships.push(Membership { id, person, role, unit: Some(unit), building: None, stair: None, since });
    }

    /// Fills a home up to `size` people; `first` are those it belongs to, as far as they fit in.
    fn move_in(&mut self, unit: &mut Unit, size: usize, first: &[usize]) {
        unit.household_size = size as i64;
        for who in first.iter().take(size) {
            self.made.persons[*who].home = Some(unit.id);
        }
        let family = first.first().map(|f| self.made.persons[*f].name.clone()).unwrap_or_default();
        let family = family.strip_prefix("欧阳").map_or_else(|| family.chars().take(1).collect::<String>(), |_| "欧阳".to_owned());
        for place in first.len()..size {
            let (role_less, who) = match place {
                1 => {
                    let (surname, age) = (surname(&mut self.dice), self.age());
                    (false, self.adult(surname, age))
                }
                2 | 3 => {
                    let name = full(&mut self.dice, &family, Age::Young);
                    let child = self.dice.chance(65);
                    (child, self.person(name, !child, false))
                }
                _ => (false, self.adult(&family, Age::Elder)),
            };
            self.made.persons[who].home = Some(unit.id);
            if !role_less {
                self.join(who, Role::Household, unit.id);
            }
        }
    }

    fn rent(&mut self, unit: &mut Unit, size: usize) {
        let surname = surname(&mut self.dice);
        let age = if self.dice.chance(60) { Age::Young } else { Age::Middle };
        let tenant = self.adult(surname, age);
        let from = self.founded + self.dice.between(5, 700) * DAY;
        self.made.tenancies.push(Tenancy { unit: unit.id, person: self.made.persons[tenant].id, from });
        self.join(tenant, Role::Tenant, unit.id);
        self.move_in(unit, size, &[tenant]);
    }
}

/// Takes `n` units out of the pool, those that are preferred first.
fn take(pool: &mut Vec<usize>, n: usize, prefer: impl Fn(usize) -> bool) -> VecDeque<usize> {
    pool.sort_by_key(|u| !prefer(*u));
    pool.drain(..n.min(pool.len())).collect()
}

/// Gives every unit its owners and its household.
pub fn settle(blueprint: &Blueprint, units: &mut [Unit], buildings: &[Building], seed: u64, founded: Time) -> Settled {
    let crowd = &blueprint.crowd;
    let dice = Dice::new(seed, &format!("{}/people", blueprint.slug));
    let mut town = Town { slug: blueprint.slug, seed, founded, first_phone: blueprint.first_phone, dice, made: Settled::default() };
    let code: HashMap<BuildingId, &str> = buildings.iter().map(|b| (b.id, b.code.as_str())).collect();
    let at: Vec<(String, String, String)> = units.iter().map(|u| (code[&u.building].to_owned(), u.stair.clone(), u.room.clone())).collect();
    let is = |u: usize, want: (&str, &str, &str)| (at[u].0.as_str(), at[u].1.as_str(), at[u].2.as_str()) == want;

    let mut pool: Vec<usize> = (0..units.len()).collect();
    town.dice.shuffle(&mut pool);
    let keep = take(&mut pool, 1, |u| is(u, HEROINE)).pop_front();
    let lodge = take(&mut pool, 1, |u| is(u, LODGER)).pop_front();
    let last = buildings.last().map_or("", |b| b.code.as_str());
    let mut unsold = take(&mut pool, crowd.developer, |u| at[u].0 == last);
    let institution = take(&mut pool, crowd.institution, |u| at[u].0 == "33" && units[u].floor < 5);
    let mut pool: VecDeque<usize> = pool.into();
    pool.extend(lodge);
    pool.extend(keep);
    // The heroine's unit is the first of those who live in their own single unit, the lodger's the first that is let.
    let mut next = || pool.pop_front().unwrap_or_default();
    let several: Vec<[Vec<usize>; 2]> =
        (0..crowd.heads[1] + crowd.heads[2]).map(|i| [vec![next()], (0..if i < crowd.heads[1] { 1 } else { 2 }).map(|_| next()).collect()]).collect();
    let let_more: usize = several.iter().map(|s| s[1].len()).sum();
    let own_lived = units.len() - crowd.vacant - crowd.let_out - several.len();
    let let_single = crowd.let_out - crowd.institution - let_more;
    let mut rest: Vec<usize> = pool.into();
    let heroine = rest.pop();
    let lodger = rest.pop();
    let mut lived: Vec<usize> = heroine.into_iter().chain(rest.drain(..own_lived - 1)).collect();
    let let_units: Vec<usize> = lodger.into_iter().chain(rest.drain(..let_single - 1)).collect();

    // Households: the heroine lives with one other.
    let mut sizes: Vec<usize> = crowd.households.iter().enumerate().flat_map(|(i, n)| std::iter::repeat_n(i + 1, *n)).collect();
    town.dice.shuffle(&mut sizes);
    if let Some(two) = sizes.iter().position(|s| *s == 2) {
        let end = sizes.len() - 1;
        sizes.swap(two, end);
    }
    let mut shared = town.dice.flags(crowd.shared[0], crowd.heads[0]);
    if let Some(alone) = shared.iter().position(|s| !s) {
        let end = shared.len() - 1;
        shared.swap(alone, end);
    }
    let mut alone: Vec<usize> = Vec::new();
    for u in lived.drain(..) {
        let together = shared.pop().unwrap_or(false);
        let owners = town.head(together);
        live(&mut town, &mut units[u], &owners, sizes.pop().unwrap_or(1));
        if !together {
            alone.push(owners[0]);
        }
    }
    let mut twice = alone.into_iter().skip(10).take(crowd.twice);
    for u in let_units {
        let together = shared.pop().unwrap_or(false);
        let mut owners = match (together, together.then(|| twice.next()).flatten()) {
            (true, Some(known)) => [vec![known], town.head(false)].concat(),
            _ => town.head(together),
        };
        if !together {
            owners.truncate(1);
        }
        lease(&mut town, &mut units[u], &owners, sizes.pop().unwrap_or(1));
    }
    for u in rest {
        let together = shared.pop().unwrap_or(false);
        let owners = town.head(together);
        town.own(&units[u], &owners);
    }
    for (i, [home, more]) in several.into_iter().enumerate() {
        let triple = i >= crowd.heads[1];
        let owners = town.head(if triple { i - crowd.heads[1] < crowd.shared[2] } else { i < crowd.shared[1] });
        for u in home {
            live(&mut town, &mut units[u], &owners, sizes.pop().unwrap_or(1));
        }
        for u in more {
            lease(&mut town, &mut units[u], &owners, sizes.pop().unwrap_or(1));
        }
    }
    if crowd.developer > 0 {
        let developer = town.person(format!("{}建设单位（未售）", blueprint.name), false, true);
        for u in unsold.drain(..) {
            town.own(&units[u], &[developer]);
        }
    }
    if crowd.institution > 0 {
        let owner = town.person("和乐养老服务中心".to_owned(), false, true);
        for u in institution {
            lease(&mut town, &mut units[u], &[owner], sizes.pop().unwrap_or(1));
        }
    }
    town.made
}

fn live(town: &mut Town<'_>, unit: &mut Unit, owners: &[usize], size: usize) {
    unit.occupancy = Occupancy::OwnerLived;
    town.own(unit, owners);
    town.move_in(unit, size, owners);
}

fn lease(town: &mut Town<'_>, unit: &mut Unit, owners: &[usize], size: usize) {
    unit.occupancy = Occupancy::Let;
    town.own(unit, owners);
    town.rent(unit, size);
}
