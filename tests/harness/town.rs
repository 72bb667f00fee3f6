//! Two communities side by side, each with a building, units, places with tags, and somebody in every role.

use crate::{Browser, Server, now};
use app::apply::apply;
use app::context::{Caller, Viewer};
use app::error::AppError;
use app::ids::{AccountId, BuildingId, CommunityId, MembershipId, MutationId, PersonId, PlaceId, UnitId};
use app::mutation::{Envelope, Mutation, Outcome, Receipt};
use app::rooms::communities::apply::found;
use app::rooms::communities::entity::{buildings, units};
use app::rooms::communities::store::next_number;
use app::rooms::people::accounts::{Claim, hash_secret, viewer};
use app::rooms::people::entity::{accounts, memberships, ownerships, persons};
use app::rooms::people::model::Role;
use app::rooms::places::entity::{places, tags};
use app::rooms::places::rules::tag_code;
use sea_orm::{EntityTrait, Set};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use uuid::Uuid;

/// The secret of everybody in the tests: good as a PIN and, being long enough, as a password.
pub const SECRET: &str = "2805172805";

/// Somebody who can act.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The phone.
    pub phone: String,
    /// The account.
    pub account: AccountId,
    /// The person.
    pub person: PersonId,
    /// The role's membership.
    pub membership: MembershipId,
    /// The unit, for residents.
    pub unit: Option<UnitId>,
}

/// One community.
#[derive(Clone, Debug)]
pub struct Home {
    /// The community.
    pub id: CommunityId,
    /// Its word in addresses.
    pub slug: String,
    /// Its building.
    pub building: BuildingId,
    /// Its units, by room.
    pub units: Vec<UnitId>,
    /// A place.
    pub place: PlaceId,
    /// The place's tag.
    pub tag: String,
    /// Somebody in every role; residents have a unit each.
    pub people: BTreeMap<Role, Actor>,
}

/// Two communities.
#[derive(Clone, Debug)]
pub struct Town {
    /// Where the story happens.
    pub here: Home,
    /// Where nothing of it may be seen.
    pub there: Home,
}

fn secret_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash_secret(SECRET).expect("hashes"))
}

impl Town {
    pub(crate) async fn build(server: &Server) -> Self {
        Self { here: Home::build(server, "here", "祥和里", 1).await, there: Home::build(server, "there", "和风苑", 2).await }
    }
}

impl Home {
    async fn build(server: &Server, slug: &str, name: &str, n: u32) -> Self {
        let db = &server.db().write;
        let id = CommunityId::new();
        found(db, id, slug, name, "021-5555 0110", false, now()).await.expect("founded");
        let building = BuildingId::new();
        let row = buildings::ActiveModel {
            community_id: Set(id.0),
            id: Set(building.0),
            code: Set("12".into()),
            name: Set("12号楼".into()),
            kind: Set("multi_storey".into()),
            ordinal: Set(12),
        };
        buildings::Entity::insert(row).exec_without_returning(db).await.expect("a building");
        let mut rooms = Vec::new();
        for i in 0..6 {
            rooms.push(unit(server, id, building, i).await);
        }
        let place = PlaceId::new();
        let row = places::ActiveModel {
            community_id: Set(id.0),
            id: Set(place.0),
            name: Set("中心广场".into()),
            kind: Set("square".into()),
            building_id: Set(None),
            x: Set(500),
            y: Set(500),
            ordinal: Set(1),
        };
        places::Entity::insert(row).exec_without_returning(db).await.expect("a place");
        let tag = tag_code(next_number(db, CommunityId(Uuid::nil()), "tags").await.expect("a number") as u64);
        let row = tags::ActiveModel { community_id: Set(id.0), code: Set(tag.clone()), place_id: Set(place.0), facility_id: Set(None), made_at: Set(1), retired_at: Set(None) };
        tags::Entity::insert(row).exec_without_returning(db).await.expect("a tag");
        let mut home = Self { id, slug: slug.into(), building, units: rooms, place, tag, people: BTreeMap::new() };
        for (i, role) in Role::ALL.into_iter().enumerate() {
            let unit = role.is_resident().then(|| home.units[i]);
            let actor = home.person(server, role, unit, &format!("138{n}00000{i:02}")).await;
            home.people.insert(role, actor);
        }
        home
    }

    /// One more person with an account and a role.
    pub async fn person(&self, server: &Server, role: Role, unit: Option<UnitId>, phone: &str) -> Actor {
        let db = &server.db().write;
        let (account, person, membership) = (AccountId::new(), PersonId::new(), MembershipId::new());
        let row = accounts::ActiveModel {
            id: Set(account.0),
            phone: Set(phone.into()),
            secret: Set(secret_hash().into()),
            staff: Set(role.is_staff()),
            home: Set(None),
            created_at: Set(1),
        };
        accounts::Entity::insert(row).exec_without_returning(db).await.expect("an account");
        let row = persons::ActiveModel {
            community_id: Set(self.id.0),
            id: Set(person.0),
            account_id: Set(Some(account.0)),
            name: Set(format!("王{}", role.label(app::i18n::Lang::Zh))),
            phone: Set(Some(phone.into())),
            created_at: Set(1),
        };
        persons::Entity::insert(row).exec_without_returning(db).await.expect("a person");
        let row = memberships::ActiveModel {
            community_id: Set(self.id.0),
            id: Set(membership.0),
            person_id: Set(person.0),
            role: Set(role.code().into()),
            unit_id: Set(unit.map(|u| u.0)),
            building_id: Set(None),
            stair: Set(None),
            since: Set(1),
            until: Set(None),
        };
        memberships::Entity::insert(row).exec_without_returning(db).await.expect("a membership");
        if role == Role::Owner
            && let Some(unit) = unit
        {
            let row = ownerships::ActiveModel { community_id: Set(self.id.0), unit_id: Set(unit.0), person_id: Set(person.0), representative: Set(true) };
            ownerships::Entity::insert(row).exec_without_returning(db).await.expect("an ownership");
        }
        Actor { phone: phone.into(), account, person, membership, unit }
    }

    /// Somebody in a role.
    pub fn who(&self, role: Role) -> &Actor {
        &self.people[&role]
    }

    /// The viewer of somebody in a role.
    pub async fn viewer(&self, server: &Server, role: Role) -> Viewer {
        let actor = self.who(role);
        let claim = Claim { account: actor.account, membership: Some(actor.membership) };
        viewer(server.db(), claim, now()).await.expect("reads").expect("a viewer")
    }

    /// A browser in which somebody in a role is signed in.
    pub async fn browser(&self, server: &Server, role: Role) -> Browser {
        let browser = server.browser();
        let seen = browser.sign_in(&self.who(role).phone, SECRET).await;
        assert_eq!(seen.status, 303, "{}", seen.text);
        browser
    }

    /// Applies a mutation as somebody in a role, with a new id.
    pub async fn act(&self, server: &Server, role: Role, mutation: Mutation) -> Result<Receipt, AppError> {
        self.act_with(server, role, MutationId::new(), mutation).await
    }

    /// Applies a mutation as somebody in a role, under an id.
    pub async fn act_with(&self, server: &Server, role: Role, id: MutationId, mutation: Mutation) -> Result<Receipt, AppError> {
        let caller = Caller::Person(Box::new(self.viewer(server, role).await));
        let envelope = Envelope { id, person: None, app_version: "test".into(), client_time: now(), mutation };
        let receipt = apply(server.services(), &caller, &envelope, now(), Some("$test$")).await?;
        match receipt.outcome {
            Outcome::Rejected { reason } => Err(reason),
            Outcome::Done { .. } => Ok(receipt),
        }
    }
}

async fn unit(server: &Server, community: CommunityId, building: BuildingId, i: i64) -> UnitId {
    let id = UnitId::new();
    let row = units::ActiveModel {
        community_id: Set(community.0),
        id: Set(id.0),
        building_id: Set(building.0),
        stair: Set("1".into()),
        floor: Set(Some(i + 1)),
        room: Set(format!("{}01", i + 1)),
        area: Set(8_860),
        kind: Set("multi_storey".into()),
        area_source: Set("register".into()),
        occupancy: Set("owner".into()),
        household_size: Set(3),
    };
    units::Entity::insert(row).exec_without_returning(&server.db().write).await.expect("a unit");
    id
}
