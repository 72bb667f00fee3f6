//! The working group 专项工作组: for whom its people stand (domain §6: 居委会, 业委会, 物业, 业主代表, led by 党总支).

use super::model::Seat;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::rooms::people::model::Role;
use crate::tr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most seats of a working group.
pub const SEATS_MAX: usize = 20;

/// For whom somebody stands in the working group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// 党总支: leads it. Its signature is none of the four.
    PartyBranch,
    /// 居委会.
    Residents,
    /// 业委会.
    Committee,
    /// 物业.
    Property,
    /// 业主代表.
    Owners,
}

impl Party {
    /// All of them, the leader first.
    pub const ALL: [Self; 5] = [Self::PartyBranch, Self::Residents, Self::Committee, Self::Property, Self::Owners];
    /// The four whose signatures an acceptance needs.
    pub const FOUR: [Self; 4] = [Self::Residents, Self::Committee, Self::Property, Self::Owners];

    /// The word in rows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::PartyBranch => "party_branch",
            Self::Residents => "residents",
            Self::Committee => "committee",
            Self::Property => "property",
            Self::Owners => "owners",
        }
    }

    /// Reads [`Party::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.code() == code)
    }

    /// The name people use.
    pub fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::PartyBranch => tr!(lang, "党总支", "Party branch"),
            Self::Residents => tr!(lang, "居委会", "Residents' committee"),
            Self::Committee => tr!(lang, "业委会", "Owners' committee"),
            Self::Property => tr!(lang, "物业", "Property company"),
            Self::Owners => tr!(lang, "业主代表", "Owners' representative"),
        }
    }

    /// Whether somebody with these roles may stand for it. Whoever works for the property company stands for nobody else.
    pub fn fits(self, roles: &[Role]) -> bool {
        let property = roles.iter().any(|r| r.is_property());
        let any = |list: &[Role]| !property && roles.iter().any(|r| list.contains(r));
        match self {
            Self::Property => property,
            Self::PartyBranch => any(&[Role::PartyBranch]),
            Self::Residents => any(&[Role::ResidentsCommittee]),
            Self::Committee => any(&[Role::CommitteeMember, Role::CommitteeDirector]),
            Self::Owners => any(&[Role::OwnersRepresentative, Role::BuildingLeader]),
        }
    }

    /// The roles from which its people come.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::PartyBranch => &[Role::PartyBranch],
            Self::Residents => &[Role::ResidentsCommittee],
            Self::Committee => &[Role::CommitteeDirector, Role::CommitteeMember],
            Self::Property => &[Role::PropertyManager, Role::Dispatcher, Role::Worker],
            Self::Owners => &[Role::OwnersRepresentative, Role::BuildingLeader],
        }
    }
}

/// Several parties in one line.
pub fn names(lang: Lang, parties: &[Party]) -> String {
    parties.iter().map(|p| p.label(lang)).collect::<Vec<_>>().join(tr!(lang, "、", ", "))
}

/// Judges the seats of a group; `fits` says whether a person's roles let them stand for a party.
///
/// # Errors
/// [`AppError::Invalid`] on `seats` naming the parties without a seat, somebody who does not fit, or two seats for one.
pub fn judge_seats(seats: &[Seat], fits: impl Fn(&Seat) -> bool) -> Result<(), AppError> {
    let wrong = |zh: String, en: String| Err(AppError::field("seats", zh, en));
    let lack: Vec<Party> = Party::ALL.into_iter().filter(|p| !seats.iter().any(|s| s.party == *p)).collect();
    if !lack.is_empty() {
        return wrong(format!("每一方至少一人，还缺：{}", names(Lang::Zh, &lack)), format!("At least one of each; missing: {}", names(Lang::En, &lack)));
    }
    if seats.iter().filter(|s| s.party == Party::PartyBranch).count() > 1 || seats.len() > SEATS_MAX {
        return wrong("牵头的党总支成员只有一位，全组最多 20 人".into(), "One leader of the Party branch, 20 people at most".into());
    }
    let people: BTreeSet<_> = seats.iter().map(|s| s.person).collect();
    if people.len() != seats.len() {
        return wrong("一个人只能代表一方".into(), "One person stands for one party only".into());
    }
    match seats.iter().find(|s| !fits(s)) {
        Some(seat) => {
            wrong(format!("有人现在没有“{}”的身份，请重新选", seat.party.label(Lang::Zh)), format!("Somebody has no role of the {} now: choose again", seat.party.label(Lang::En)))
        }
        None => Ok(()),
    }
}
