//! Who people are in a community and what they may be.

use crate::i18n::Lang;
use crate::ids::{AccountId, BuildingId, CommunityId, LetterId, MembershipId, PersonId, UnitId};
use crate::measure::Time;
use crate::tr;
use serde::{Deserialize, Serialize};

/// A role of `domain` §8. A person may hold several, in several communities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 业主: owns a unit.
    Owner,
    /// 承租人: rents a unit.
    Tenant,
    /// 家庭成员: lives in a unit, invited by its household.
    Household,
    /// 楼组长: cares for one stair or tower.
    BuildingLeader,
    /// 业主代表: speaks for one building's owners.
    OwnersRepresentative,
    /// 业委会委员.
    CommitteeMember,
    /// 业委会主任.
    CommitteeDirector,
    /// 居委会: guides, attends, moderates (SH 6, 26).
    ResidentsCommittee,
    /// 居民区党总支: convenes and coordinates; no vote override.
    PartyBranch,
    /// 物业经理.
    PropertyManager,
    /// 物业客服 (desk): takes in and hands out the work.
    Dispatcher,
    /// 维修师傅.
    Worker,
    /// 专项工作组: watches works.
    WorkingGroup,
    /// 审计.
    Auditor,
    /// 管理员: sets the community up.
    Administrator,
}

impl Role {
    /// Every role, in the order of the role switcher.
    pub const ALL: [Self; 15] = [
        Self::Owner,
        Self::Tenant,
        Self::Household,
        Self::BuildingLeader,
        Self::OwnersRepresentative,
        Self::CommitteeMember,
        Self::CommitteeDirector,
        Self::ResidentsCommittee,
        Self::PartyBranch,
        Self::PropertyManager,
        Self::Dispatcher,
        Self::Worker,
        Self::WorkingGroup,
        Self::Auditor,
        Self::Administrator,
    ];

    /// Which role somebody with several acts in until they choose: 0 first. Whoever works here comes to their work,
    /// whoever only lives here to their home.
    pub fn precedence(self) -> u8 {
        match self {
            Self::PropertyManager | Self::Dispatcher | Self::Worker | Self::Administrator => 0,
            Self::CommitteeDirector | Self::CommitteeMember | Self::ResidentsCommittee | Self::PartyBranch | Self::Auditor => 1,
            Self::Owner | Self::Tenant | Self::Household => 2,
            Self::BuildingLeader | Self::OwnersRepresentative => 3,
            Self::WorkingGroup => 4,
        }
    }

    /// The word in rows, forms and events.
    pub fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Tenant => "tenant",
            Self::Household => "household",
            Self::BuildingLeader => "building_leader",
            Self::OwnersRepresentative => "owners_representative",
            Self::CommitteeMember => "committee_member",
            Self::CommitteeDirector => "committee_director",
            Self::ResidentsCommittee => "residents_committee",
            Self::PartyBranch => "party_branch",
            Self::PropertyManager => "property_manager",
            Self::Dispatcher => "dispatcher",
            Self::Worker => "worker",
            Self::WorkingGroup => "working_group",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// Reads [`Role::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Owner => tr!(lang, "业主", "Owner"),
            Self::Tenant => tr!(lang, "承租人", "Tenant"),
            Self::Household => tr!(lang, "家庭成员", "Household member"),
            Self::BuildingLeader => tr!(lang, "楼组长", "Building leader"),
            Self::OwnersRepresentative => tr!(lang, "业主代表", "Owners' representative"),
            Self::CommitteeMember => tr!(lang, "业委会委员", "Owners' committee"),
            Self::CommitteeDirector => tr!(lang, "业委会主任", "Owners' committee director"),
            Self::ResidentsCommittee => tr!(lang, "居委会", "Residents' committee"),
            Self::PartyBranch => tr!(lang, "党总支", "Party branch"),
            Self::PropertyManager => tr!(lang, "物业经理", "Property manager"),
            Self::Dispatcher => tr!(lang, "物业客服", "Property desk"),
            Self::Worker => tr!(lang, "维修师傅", "Repair worker"),
            Self::WorkingGroup => tr!(lang, "专项工作组", "Working group"),
            Self::Auditor => tr!(lang, "审计", "Auditor"),
            Self::Administrator => tr!(lang, "管理员", "Administrator"),
        }
    }

    /// Whether the role signs in with a password rather than a PIN.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::ResidentsCommittee | Self::PartyBranch | Self::PropertyManager | Self::Dispatcher | Self::Worker | Self::Auditor | Self::Administrator)
    }

    /// Whether the role belongs to the property company 物业.
    pub fn is_property(self) -> bool {
        matches!(self, Self::PropertyManager | Self::Dispatcher | Self::Worker)
    }

    /// Whether the role belongs to the owners' committee 业委会.
    pub fn is_committee(self) -> bool {
        matches!(self, Self::CommitteeMember | Self::CommitteeDirector)
    }

    /// Whether the role lives in a unit (and so counts as a household in 我也遇到).
    pub fn is_resident(self) -> bool {
        matches!(self, Self::Owner | Self::Tenant | Self::Household)
    }

    /// Whether the role has a desk 工作台 in the tab bar instead of 随手报.
    pub fn has_desk(self) -> bool {
        self.is_property() || self.is_committee() || matches!(self, Self::ResidentsCommittee | Self::Administrator)
    }
}

/// One role that a person can act in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hat {
    /// The membership behind it.
    pub membership: MembershipId,
    /// The community it is held in.
    pub community: CommunityId,
    /// That community's name.
    pub community_name: String,
    /// The person in that community.
    pub person: PersonId,
    /// The role.
    pub role: Role,
    /// The unit, for those who live in one.
    pub unit: Option<UnitId>,
    /// How the unit is written.
    pub door: Option<Door>,
    /// The building, for leaders and representatives.
    pub building: Option<BuildingId>,
}

/// A unit in the parts that each language puts together in its own way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// The building's name.
    pub building: String,
    /// The stair 门, empty where the building has one entrance.
    pub stair: String,
    /// The room.
    pub room: String,
}

impl Door {
    /// The unit as its own people read it, e.g. `12号楼 3门 502室`.
    pub fn name(&self, lang: Lang) -> String {
        crate::rooms::communities::rules::unit_name(lang, &self.building, Some(&self.stair), &self.room)
    }
}

/// Who is looking at a page, as the page needs to know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The account: a form that was filled in by somebody is not sent by somebody else.
    pub account: AccountId,
    /// The name as the person gave it: their own, so not masked.
    pub name: String,
    /// The role they act in now.
    pub hat: Hat,
    /// Every role they can switch to, the present one included.
    pub hats: Vec<Hat>,
    /// How many notes they have not read.
    #[serde(default)]
    pub news: u64,
}

/// What a letter lets its reader become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterPurpose {
    /// The printed letter to the unit's owners.
    Owner,
    /// An invitation to somebody of the same household.
    Household,
    /// An invitation to the tenant.
    Tenant,
    /// A new secret for somebody who is known already and forgot theirs.
    Reset,
}

impl LetterPurpose {
    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Household => "household",
            Self::Tenant => "tenant",
            Self::Reset => "reset",
        }
    }

    /// Reads [`LetterPurpose::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Owner, Self::Household, Self::Tenant, Self::Reset].into_iter().find(|p| p.code() == code)
    }

    /// The role that its reader gets, if they get one.
    pub fn role(self) -> Option<Role> {
        match self {
            Self::Owner => Some(Role::Owner),
            Self::Household => Some(Role::Household),
            Self::Tenant => Some(Role::Tenant),
            Self::Reset => None,
        }
    }

    /// What it is for, in a list.
    pub fn label(self, lang: Lang) -> &'static str {
        self.role().map_or(tr!(lang, "重设密码", "New PIN"), |role| role.label(lang))
    }
}

/// A letter as the desk sees it; the code itself is printed only on the letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterRow {
    /// The letter.
    pub id: LetterId,
    /// What it lets its reader become.
    pub purpose: LetterPurpose,
    /// The unit, written out, or the name of whom a reset is for.
    pub to: String,
    /// Whoever used it does not stand in the roster as the unit's owner.
    pub off_roster: bool,
    /// When it was made.
    pub made_at: Time,
    /// When it stops working.
    pub expires_at: Time,
    /// When it was used.
    pub used_at: Option<Time>,
    /// When it was taken back.
    pub revoked_at: Option<Time>,
}

/// Asks for letters: of one building, or of one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueLetters {
    /// Every unit of this building …
    pub building: Option<BuildingId>,
    /// … or just this unit.
    pub unit: Option<UnitId>,
    /// What the letters let their readers become.
    pub purpose: LetterPurpose,
    /// Of a building: also for units whose letter is still on its way, which is then taken back.
    #[serde(default)]
    pub replace: bool,
}

/// Asks for a letter that lets somebody who is known here set a new secret without the old one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueReset {
    /// The phone they sign in with.
    pub phone: String,
}

/// Takes a letter back before it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeLetter {
    /// The letter.
    pub letter: LetterId,
}

/// Uses a letter; one that resets a secret needs neither name nor phone. The PIN travels beside the mutation, never in it: a six-digit number could be read
/// back from any digest of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedeemLetter {
    /// The code on the letter.
    pub code: String,
    /// The reader's name.
    pub name: String,
    /// The reader's mobile number.
    pub phone: String,
    /// What travels beside is a password rather than a PIN.
    #[serde(default)]
    pub password: bool,
}

/// Gives a person a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantRole {
    /// The name, for a person who is new here.
    pub name: String,
    /// The phone they sign in with.
    pub phone: String,
    /// The role.
    pub role: Role,
    /// The building, for leaders and representatives.
    pub building: Option<BuildingId>,
}

/// Ends a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndRole {
    /// The membership that ends.
    pub membership: MembershipId,
}
