//! The rows of one project, and what the rules need to know of them.

use super::entity::{project_defects, project_inspections, project_milestones, project_payments, project_seats, project_signatures, project_steps, projects};
use super::model::{Contract, Paper, Plan};
use super::money::{Deal, Payment};
use super::party::Party;
use super::plan::warranty_over;
use super::rules::{Facts, Limits, Seen, Stage};
use crate::apply::Work;
use crate::context::internal;
use crate::error::AppError;
use crate::ids::{CommunityId, PersonId};
use crate::measure::{Fen, Time};
use crate::rooms::communities::rules::setting;
use crate::rooms::communities::store::own_settings;
use crate::rooms::fund::entity::fund_uses;
use crate::rooms::fund::rules::Stage as FundStage;
use crate::rooms::people::entity::memberships;
use crate::rooms::people::model::Role;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// Inspections, signatures and defects of one project that are read; far more than works have.
const MOST: u64 = 2_000;

/// Everything of one project.
pub(super) struct Whole {
    /// The project.
    pub row: projects::Model,
    /// Its plan.
    pub plan: Plan,
    /// Its contract.
    pub contract: Option<Contract>,
    /// Its milestones, in order.
    pub milestones: Vec<project_milestones::Model>,
    /// The working group.
    pub seats: Vec<project_seats::Model>,
    /// The inspections, the oldest first.
    pub inspections: Vec<project_inspections::Model>,
    /// The signatures, the oldest first; void ones too.
    pub signatures: Vec<project_signatures::Model>,
    /// The defects, the oldest first.
    pub defects: Vec<project_defects::Model>,
    /// The payments, the oldest first.
    pub payments: Vec<project_payments::Model>,
    /// Where it stands.
    pub stage: Stage,
    /// The rule numbers today.
    pub limits: Limits,
    /// Minutes ahead of UTC.
    pub offset: i32,
    /// The owners decided that the fund may be used; true where it is not the fund's money.
    pub decided: bool,
}

impl Whole {
    /// Reads it all.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn of(db: &impl ConnectionTrait, community: CommunityId, row: projects::Model, now: Time) -> Result<Self, AppError> {
        let (own, offset, day) = own_settings(db, community, now).await?;
        let milestones = project_milestones::Entity::find()
            .filter(project_milestones::Column::CommunityId.eq(community.0))
            .filter(project_milestones::Column::ProjectId.eq(row.id))
            .order_by_asc(project_milestones::Column::N)
            .all(db)
            .await?;
        let seats = project_seats::Entity::find().filter(project_seats::Column::CommunityId.eq(community.0)).filter(project_seats::Column::ProjectId.eq(row.id)).all(db).await?;
        let inspections = project_inspections::Entity::find()
            .filter(project_inspections::Column::CommunityId.eq(community.0))
            .filter(project_inspections::Column::ProjectId.eq(row.id))
            .order_by_asc(project_inspections::Column::N)
            .limit(MOST)
            .all(db)
            .await?;
        let signatures = project_signatures::Entity::find()
            .filter(project_signatures::Column::CommunityId.eq(community.0))
            .filter(project_signatures::Column::ProjectId.eq(row.id))
            .order_by_asc(project_signatures::Column::At)
            .limit(4 * MOST)
            .all(db)
            .await?;
        let defects = project_defects::Entity::find()
            .filter(project_defects::Column::CommunityId.eq(community.0))
            .filter(project_defects::Column::ProjectId.eq(row.id))
            .order_by_asc(project_defects::Column::OpenedAt)
            .order_by_asc(project_defects::Column::Item)
            .limit(MOST)
            .all(db)
            .await?;
        let payments = project_payments::Entity::find()
            .filter(project_payments::Column::CommunityId.eq(community.0))
            .filter(project_payments::Column::ProjectId.eq(row.id))
            .order_by_asc(project_payments::Column::N)
            .all(db)
            .await?;
        let decided = match row.use_id {
            Some(id) => fund_uses::Entity::find_by_id((community.0, id)).one(db).await?.and_then(|u| FundStage::from_code(&u.stage)).is_some_and(|s| s >= FundStage::Resolved),
            None => true,
        };
        Ok(Self {
            plan: serde_json::from_str(&row.plan).map_err(internal)?,
            contract: row.contract.as_deref().map(serde_json::from_str).transpose().map_err(internal)?,
            stage: Stage::from_code(&row.stage).ok_or_else(|| internal("unknown stage of a project"))?,
            limits: Limits::read(|key| setting(&own, key, &day).unwrap_or_default()),
            row,
            milestones,
            seats,
            inspections,
            signatures,
            defects,
            payments,
            offset,
            decided,
        })
    }

    /// What the rules need to know.
    ///
    /// # Errors
    /// [`AppError::Internal`] for a contract that cannot be read.
    pub fn facts(&self) -> Result<Facts, AppError> {
        let deal = match &self.contract {
            Some(c) => Some(Deal { amount: c.amount, retention: c.retention, warranty_over: warranty_over(c, self.offset).map_err(internal_of)? }),
            None => None,
        };
        let party = |code: &str| Party::from_code(code);
        let seen = |i: &project_inspections::Model| Seen {
            milestone: i.milestone,
            open: self.defects.iter().filter(|d| d.inspection_id == i.id && d.closed_at.is_none()).count(),
            parties: self.signatures.iter().filter(|s| s.inspection_id == Some(i.id)).filter_map(|s| party(&s.party)).collect(),
        };
        Ok(Facts {
            stage: self.stage,
            shown_since: self.row.shown_since.map(Time),
            by_fund: self.row.use_id.is_some(),
            decided: self.decided,
            budget: Fen(self.row.budget),
            deal,
            milestones: self.milestones.iter().map(|m| (m.share, m.done_at.is_some())).collect(),
            group: self.seats.iter().filter_map(|s| party(&s.party)).collect(),
            inspections: self.inspections.iter().map(seen).collect(),
            signed_off: self.sign_offs().filter_map(|s| party(&s.party)).collect(),
            payments: self.payments.iter().map(|p| Payment { milestone: p.milestone, amount: Fen(p.amount) }).collect(),
            limits: self.limits,
        })
    }

    /// The signatures under the acceptance that count.
    pub fn sign_offs(&self) -> impl Iterator<Item = &project_signatures::Model> {
        self.signatures.iter().filter(|s| s.inspection_id.is_none() && !s.void)
    }

    /// For whom somebody stands in the group.
    pub fn party_of(&self, person: PersonId) -> Option<Party> {
        self.seats.iter().find(|s| s.person_id == person.0).and_then(|s| Party::from_code(&s.party))
    }
}

/// A refusal that a row of ours cannot cause.
fn internal_of(error: AppError) -> AppError {
    internal(error)
}

/// Reads a project that is about to be changed. The community's writers wait for one another.
///
/// # Errors
/// [`AppError::NotFound`].
pub(super) async fn open(work: &Work<'_>, project: Uuid) -> Result<Whole, AppError> {
    work.hold().await?;
    let row = projects::Entity::find_by_id((work.community.0, project)).lock_exclusive().one(work.txn).await?.ok_or(AppError::NotFound)?;
    Whole::of(work.txn, work.community, row, work.now).await
}

/// The party for which the caller acts: they have a seat in this group, and still hold a role that fits it.
///
/// # Errors
/// [`AppError::NotSignedIn`], [`AppError::Forbidden`].
pub(super) async fn seat(work: &Work<'_>, whole: &Whole) -> Result<Party, AppError> {
    let viewer = work.caller.viewer().ok_or(AppError::NotSignedIn)?;
    let party = whole.party_of(viewer.person()).ok_or(AppError::Forbidden)?;
    let roles = roles_of(work.txn, work.community, &[viewer.person()], work.now).await?;
    let held = roles.get(&viewer.person()).map_or(&[][..], Vec::as_slice);
    if party.fits(held) { Ok(party) } else { Err(AppError::Forbidden) }
}

/// The roles that people hold now.
///
/// # Errors
/// When the database refuses.
pub(super) async fn roles_of(db: &impl ConnectionTrait, community: CommunityId, people: &[PersonId], now: Time) -> Result<HashMap<PersonId, Vec<Role>>, AppError> {
    let rows = memberships::Entity::find()
        .filter(memberships::Column::CommunityId.eq(community.0))
        .filter(memberships::Column::PersonId.is_in(people.iter().map(|p| p.0)))
        .filter(memberships::Column::Until.is_null().or(memberships::Column::Until.gt(now.0)))
        .all(db)
        .await?;
    let mut roles: HashMap<PersonId, Vec<Role>> = HashMap::new();
    for row in rows {
        roles.entry(PersonId(row.person_id)).or_default().extend(Role::from_code(&row.role));
    }
    Ok(roles)
}

/// Keeps a step (its code, `propose` or `convene`) with what came with it.
///
/// # Errors
/// When the database refuses.
pub(super) async fn keep_step(work: &Work<'_>, project: Uuid, step: &'static str, paper: &Paper) -> Result<(), AppError> {
    let n =
        project_steps::Entity::find().filter(project_steps::Column::CommunityId.eq(work.community.0)).filter(project_steps::Column::ProjectId.eq(project)).count(work.txn).await?;
    let row = project_steps::ActiveModel {
        community_id: Set(work.community.0),
        project_id: Set(project),
        n: Set(i64::try_from(n).unwrap_or(i64::MAX)),
        step: Set(step.to_owned()),
        at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
        role: Set(work.role().map(|r| r.code().to_owned())),
        paper: Set(serde_json::to_string(paper).map_err(internal)?),
    };
    project_steps::Entity::insert(row).exec_without_returning(work.txn).await?;
    Ok(())
}

/// Refuses while a project that a use of the fund pays for is not accepted: the fund accepts nothing that the working
/// group has not.
///
/// # Errors
/// [`AppError::Closed`] naming the project.
pub async fn accepted_first(db: &impl ConnectionTrait, community: CommunityId, fund_use: Uuid) -> Result<(), AppError> {
    let rows = projects::Entity::find().filter(projects::Column::CommunityId.eq(community.0)).filter(projects::Column::UseId.eq(fund_use)).all(db).await?;
    let waits = rows.iter().find(|p| !Stage::from_code(&p.stage).is_some_and(|s| matches!(s, Stage::Accepted | Stage::Closed | Stage::Cancelled)));
    match waits {
        Some(project) => {
            let number = &project.number;
            Err(AppError::closed(format!("专项工程 {number} 四方还没有验收，这里不能先验收"), format!("The working group has not accepted project {number} yet: that comes first")))
        }
        None => Ok(()),
    }
}
