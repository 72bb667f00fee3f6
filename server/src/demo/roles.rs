//! Who holds which office (domain §8 and §10), and the accounts that visitors of the demonstration can use.

use super::Estate;
use super::dice::{Dice, id};
use super::estate::Occupancy;
use super::people::{HEROINE, LODGER, Membership, Person};
use app::ids::{AccountId, BuildingId, CommunityId, MembershipId, PersonId, UnitId};
use app::measure::Time;
use app::rooms::people::model::Role;
use std::collections::HashSet;

/// The PIN of every demo account of a resident.
pub const DEMO_PIN: &str = "246810";
/// The password of every demo account of the staff.
pub const DEMO_PASSWORD: &str = "xianghe-demo";

/// An account to try the demonstration with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The account.
    pub account: AccountId,
    /// The phone to sign in with: easy to type.
    pub phone: String,
    /// [`DEMO_PIN`] or [`DEMO_PASSWORD`].
    pub secret: &'static str,
    /// Signs in with a password.
    pub staff: bool,
    /// The name.
    pub name: String,
    /// Who that is, for the list on the sign-in page.
    pub who: &'static str,
    /// The role that it shows.
    pub role: Role,
    /// Who the account is, in each community.
    pub persons: Vec<(CommunityId, PersonId)>,
}

struct Cast<'a> {
    estate: &'a mut Estate,
    seed: u64,
    founded: Time,
    taken: HashSet<PersonId>,
    staff: u64,
}

impl Cast<'_> {
    fn grant(&mut self, person: PersonId, role: Role, building: Option<BuildingId>, stair: Option<String>) {
        let n = self.estate.memberships.len() as u64;
        let id = MembershipId(id(self.seed, &format!("{}/membership", self.estate.community.slug), n, self.founded));
        self.estate.memberships.push(Membership { id, person, role, unit: None, building, stair, since: self.founded });
    }

    /// The next owner who lives in one of these units and holds no office yet.
    fn owner(&mut self, fits: impl Fn(&super::Unit) -> bool) -> Option<PersonId> {
        let homes: HashSet<UnitId> = self.estate.units.iter().filter(|u| u.occupancy == Occupancy::OwnerLived && fits(u)).map(|u| u.id).collect();
        let found = self.estate.ownerships.iter().find(|o| o.representative && homes.contains(&o.unit) && !self.taken.contains(&o.person))?.person;
        self.taken.insert(found);
        Some(found)
    }

    fn hire(&mut self, name: &str, role: Role) -> PersonId {
        self.staff += 1;
        let id = PersonId(id(self.seed, &format!("{}/staff", self.estate.community.slug), self.staff, self.founded));
        let first = if self.estate.buildings.len() > 10 { 500_000 } else { 1_500_000 };
        let phone = Some(super::names::phone(first + self.staff));
        self.estate.persons.push(Person { id, account: None, name: name.to_owned(), phone, home: None, organisation: false, since: self.founded });
        self.grant(id, role, None, None);
        id
    }

    fn name(&mut self, person: PersonId, name: &str) {
        if let Some(row) = self.estate.persons.iter_mut().find(|p| p.id == person) {
            row.name = name.to_owned();
        }
    }

    fn lives_at(&self, (code, stair, room): (&str, &str, &str)) -> Option<UnitId> {
        let building = self.estate.buildings.iter().find(|b| b.code == code)?.id;
        self.estate.units.iter().find(|u| u.building == building && u.stair == stair && u.room == room).map(|u| u.id)
    }

    /// Representatives, one per building; leaders, one per stair or tower; nobody is both (they are 157 scorers).
    fn elect(&mut self) -> (Vec<PersonId>, Vec<PersonId>) {
        let (mut representatives, mut leaders) = (vec![], vec![]);
        for b in self.estate.buildings.clone() {
            if let Some(person) = self.owner(|u| u.building == b.id) {
                self.grant(person, Role::OwnersRepresentative, Some(b.id), None);
                representatives.push(person);
            }
            for stair in &b.stairs {
                if let Some(person) = self.owner(|u| u.building == b.id && u.stair == *stair) {
                    self.grant(person, Role::BuildingLeader, Some(b.id), (!stair.is_empty()).then(|| stair.clone()));
                    leaders.push(person);
                }
            }
        }
        (representatives, leaders)
    }
}

struct Register {
    seed: u64,
    founded: Time,
    list: Vec<SignIn>,
}

impl Register {
    fn open(&mut self, phone: &str, estate: &mut Estate, person: PersonId, role: Role, who: &'static str) {
        let account = AccountId(id(self.seed, "account", self.list.len() as u64, self.founded));
        let Some(row) = estate.persons.iter_mut().find(|p| p.id == person) else { return };
        row.phone = Some(phone.to_owned());
        row.account = Some(account);
        let staff = role.is_staff();
        let secret = if staff { DEMO_PASSWORD } else { DEMO_PIN };
        self.list.push(SignIn { account, phone: phone.to_owned(), secret, staff, name: row.name.clone(), who, role, persons: vec![(estate.community.id, person)] });
    }
}

/// Gives the offices and opens the demo accounts of both communities.
pub fn cast(home: &mut Estate, neighbour: &mut Estate, seed: u64, founded: Time) -> Vec<SignIn> {
    let mut book = Register { seed, founded, list: vec![] };
    cast_home(home, &mut book);
    cast_neighbour(neighbour, home, &mut book);
    book.list
}

fn cast_home(home: &mut Estate, book: &mut Register) {
    let mut cast = Cast { estate: home, seed: book.seed, founded: book.founded, taken: HashSet::new(), staff: 0 };
    let heroine = cast.lives_at(HEROINE).and_then(|u| cast.estate.ownerships.iter().find(|o| o.unit == u)).map(|o| o.person);
    let tenant = cast.lives_at(LODGER).and_then(|u| cast.estate.tenancies.iter().find(|t| t.unit == u)).map(|t| t.person);
    cast.taken.extend(heroine);
    let (representatives, leaders) = cast.elect();
    let leader_12 = leaders.iter().copied().find(|l| {
        cast.estate.memberships.iter().any(|m| m.person == *l && m.role == Role::BuildingLeader && m.stair.as_deref() == Some("3") && building(cast.estate, m.building) == "12")
    });
    // The committee: a director, five members, and a representative who is also a member.
    let several = representatives[34];
    let mut dice = Dice::new(book.seed, "roles");
    let director = cast.owner(|u| u.floor >= 9);
    let mut committee: Vec<PersonId> = (0..5)
        .filter_map(|_| {
            let floor = dice.between(2, 15);
            cast.owner(|u| u.floor == floor)
        })
        .collect();
    committee.push(several);
    if let Some(director) = director {
        cast.name(director, "李国琴");
        cast.grant(director, Role::CommitteeDirector, None, None);
    }
    for member in &committee {
        cast.grant(*member, Role::CommitteeMember, None, None);
    }
    let guide = cast.hire("周敏华", Role::ResidentsCommittee);
    cast.hire("吴晓峰", Role::ResidentsCommittee);
    let party = cast.hire("沈正平", Role::PartyBranch);
    let manager = cast.hire("孙立群", Role::PropertyManager);
    let desk = cast.hire("陈晓雯", Role::Dispatcher);
    cast.hire("顾佳琪", Role::Dispatcher);
    let worker = cast.hire("张根生", Role::Worker);
    for name in ["刘卫东", "赵永康", "马荣生", "丁海峰", "唐伟杰", "奚国平", "何永明"] {
        cast.hire(name, Role::Worker);
    }
    cast.hire("姚静怡", Role::Auditor);
    let administrator = cast.hire("金学文", Role::Administrator);
    // The working group: Party branch, residents' committee, property company, two of the committee, three representatives.
    let group = [party, guide, manager, several, committee[0], representatives[2], representatives[11], representatives[40]];
    for member in group {
        cast.grant(member, Role::WorkingGroup, None, None);
    }
    if let Some(heroine) = heroine {
        cast.name(heroine, "王秀珍");
    }
    cast.name(several, "潘慧敏");
    let list = [
        ("13800000001", heroine, Role::Owner, "业主 · 12号楼王阿姨"),
        ("13800000002", tenant, Role::Tenant, "承租人 · 12号楼"),
        ("13800000003", leader_12, Role::BuildingLeader, "楼组长 · 12号楼3门"),
        ("13800000004", director, Role::CommitteeDirector, "业委会主任"),
        ("13800000005", Some(manager), Role::PropertyManager, "物业经理"),
        ("13800000006", Some(desk), Role::Dispatcher, "物业客服"),
        ("13800000007", Some(worker), Role::Worker, "维修师傅 · 张师傅"),
        ("13800000008", Some(guide), Role::ResidentsCommittee, "居委会 · 审核"),
        ("13800000009", Some(administrator), Role::Administrator, "管理员"),
        ("13800000010", Some(several), Role::OwnersRepresentative, "业主、业主代表、业委会委员、专项工作组"),
        ("13800000012", committee.first().copied(), Role::CommitteeMember, "业委会委员"),
        ("13800000013", committee.get(1).copied(), Role::CommitteeMember, "业委会委员"),
    ];
    for (phone, person, role, who) in list {
        if let Some(person) = person {
            book.open(phone, home, person, role, who);
        }
    }
}

fn building(estate: &Estate, id: Option<BuildingId>) -> &str {
    estate.buildings.iter().find(|b| Some(b.id) == id).map_or("", |b| b.code.as_str())
}

fn cast_neighbour(neighbour: &mut Estate, home: &mut Estate, book: &mut Register) {
    let mut cast = Cast { estate: neighbour, seed: book.seed, founded: book.founded, taken: HashSet::new(), staff: 0 };
    cast.elect();
    if let Some(director) = cast.owner(|_| true) {
        cast.grant(director, Role::CommitteeDirector, None, None);
    }
    let both = cast.owner(|_| true);
    cast.hire("汤慧娟", Role::ResidentsCommittee);
    cast.hire("谢文杰", Role::PropertyManager);
    let desk = cast.hire("叶春燕", Role::Dispatcher);
    cast.hire("邵永刚", Role::Worker);
    cast.hire("庄志明", Role::Administrator);
    // The Party branch of the neighbourhood leads working groups here too.
    cast.hire("柏建国", Role::PartyBranch);
    // One owner of 和风苑 also owns in 祥和家园: one account, two persons.
    let other = {
        let mut cast = Cast { estate: home, seed: book.seed, founded: book.founded, taken: HashSet::new(), staff: 0 };
        let taken: Vec<PersonId> = cast
            .estate
            .memberships
            .iter()
            .filter(|m| !m.role.is_resident())
            .map(|m| m.person)
            .chain(cast.estate.persons.iter().filter(|p| p.account.is_some()).map(|p| p.id))
            .collect();
        cast.taken.extend(taken);
        cast.owner(|u| u.floor == 5)
    };
    if let (Some(here), Some(there)) = (both, other) {
        for (estate, person) in [(&mut *neighbour, here), (&mut *home, there)] {
            if let Some(row) = estate.persons.iter_mut().find(|p| p.id == person) {
                row.name = "陆向阳".to_owned();
            }
        }
        book.open("13800000011", home, there, Role::Owner, "业主 · 在祥和家园与和风苑都有房");
        if let (Some(row), Some(sign_in)) = (neighbour.persons.iter_mut().find(|p| p.id == here), book.list.last_mut()) {
            row.phone = Some(sign_in.phone.clone());
            row.account = Some(sign_in.account);
            sign_in.persons.push((neighbour.community.id, here));
        }
    }
    book.open("13800000021", neighbour, desk, Role::Dispatcher, "和风苑 · 物业客服");
}
