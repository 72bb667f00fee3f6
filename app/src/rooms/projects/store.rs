//! Reading projects.

use super::entity::{project_defects, project_inspections, project_milestones, project_payments, project_seats, project_steps, projects};
use super::model::{Can, DefectView, InspectionView, Item, MilestoneView, Paper, PaymentView, Row, Signed, Taken, View};
use super::money::{caps, paid_for, retention};
use super::party::{Party, names as party_names};
use super::rows::Whole;
use super::rules::{Facts, STEPS, Stage, Step, next_inspection, takes};
use crate::context::{Viewer, internal};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{CommunityId, PersonId, PhotoId};
use crate::measure::{DAY, Fen, Time};
use crate::rooms::people::members::{Member, members};
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::Permission;
use crate::rooms::people::store::{names, public_name};
use crate::rooms::places::store::names_of;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Projects on one page.
pub const PAGE: u64 = 20;

/// One page of the projects, the newest first, and the moment before which the next page begins.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &impl ConnectionTrait, community: CommunityId, before: Option<Time>) -> Result<(Vec<Row>, Option<Time>), AppError> {
    let mut find = projects::Entity::find().filter(projects::Column::CommunityId.eq(community.0));
    if let Some(before) = before {
        find = find.filter(projects::Column::CreatedAt.lt(before.0));
    }
    let mut rows = find.order_by_desc(projects::Column::CreatedAt).limit(PAGE + 1).all(db).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|p| Time(p.created_at));
    Ok((counted(db, community, rows).await?, next))
}

/// The projects that are not over in whose working group somebody sits.
///
/// # Errors
/// When the database refuses.
pub async fn of_person(db: &impl ConnectionTrait, community: CommunityId, person: PersonId) -> Result<Vec<Row>, AppError> {
    let ids: Vec<Uuid> = project_seats::Entity::find()
        .filter(project_seats::Column::CommunityId.eq(community.0))
        .filter(project_seats::Column::PersonId.eq(person.0))
        .select_only()
        .column(project_seats::Column::ProjectId)
        .into_tuple()
        .all(db)
        .await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = projects::Entity::find()
        .filter(projects::Column::CommunityId.eq(community.0))
        .filter(projects::Column::Id.is_in(ids))
        .filter(projects::Column::Stage.is_not_in([Stage::Closed.code(), Stage::Cancelled.code()]))
        .order_by_desc(projects::Column::CreatedAt)
        .limit(PAGE)
        .all(db)
        .await?;
    counted(db, community, rows).await
}

/// Rows with what was paid, done and left open.
async fn counted(db: &impl ConnectionTrait, community: CommunityId, rows: Vec<projects::Model>) -> Result<Vec<Row>, AppError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(|p| p.id).collect();
    let mut paid: HashMap<Uuid, i64> = HashMap::new();
    let payments = project_payments::Entity::find().filter(project_payments::Column::CommunityId.eq(community.0)).filter(project_payments::Column::ProjectId.is_in(ids.clone()));
    for p in payments.all(db).await? {
        *paid.entry(p.project_id).or_default() += p.amount;
    }
    let mut done: HashMap<Uuid, (usize, usize)> = HashMap::new();
    let milestones =
        project_milestones::Entity::find().filter(project_milestones::Column::CommunityId.eq(community.0)).filter(project_milestones::Column::ProjectId.is_in(ids.clone()));
    for m in milestones.all(db).await? {
        let entry = done.entry(m.project_id).or_default();
        entry.0 += usize::from(m.done_at.is_some());
        entry.1 += 1;
    }
    let mut open: HashMap<Uuid, usize> = HashMap::new();
    let defects = project_defects::Entity::find()
        .filter(project_defects::Column::CommunityId.eq(community.0))
        .filter(project_defects::Column::ProjectId.is_in(ids))
        .filter(project_defects::Column::ClosedAt.is_null());
    for d in defects.all(db).await? {
        *open.entry(d.project_id).or_default() += 1;
    }
    rows.into_iter()
        .map(|p| {
            let (done, milestones) = done.get(&p.id).copied().unwrap_or_default();
            Ok(Row {
                stage: Stage::from_code(&p.stage).ok_or_else(|| internal("unknown stage of a project"))?,
                paid: Fen(paid.get(&p.id).copied().unwrap_or_default()),
                open_defects: open.get(&p.id).copied().unwrap_or_default(),
                id: p.id,
                number: p.number,
                title: p.title,
                budget: Fen(p.budget),
                contracted: p.contracted.map(Fen),
                done,
                milestones,
                at: Time(p.created_at),
            })
        })
        .collect()
}

/// A project by its number, as its page shows it.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn view(db: &impl ConnectionTrait, community: CommunityId, number: &str, viewer: Option<&Viewer>, lang: Lang, now: Time) -> Result<View, AppError> {
    let row = projects::Entity::find().filter(projects::Column::CommunityId.eq(community.0)).filter(projects::Column::Number.eq(number)).one(db).await?;
    let row = row.ok_or(AppError::NotFound)?;
    let mut counted = counted(db, community, vec![row.clone()]).await?;
    let listed = counted.pop().ok_or(AppError::NotFound)?;
    let it = Whole::of(db, community, row, now).await?;
    let facts = it.facts()?;
    let viewer = viewer.filter(|v| v.community() == community);
    let mut people: Vec<Uuid> = it.seats.iter().map(|s| s.person_id).chain(it.signatures.iter().map(|s| s.person_id)).collect();
    people.extend(it.defects.iter().filter_map(|d| d.closed_by));
    let book = Book { names: names(db, community, people).await?, me: viewer.map(|v| v.person().0) };
    let places = names_of(db, community).await?;
    let last = it.inspections.last().map(|i| Time(i.at));
    Ok(View {
        version: it.row.version,
        places: it.plan.places.iter().filter_map(|p| places.get(p).cloned()).collect(),
        retention: facts.deal.map(|deal| (retention(&deal), paid_for(&facts.payments, None))),
        milestones: milestones(&it, &facts),
        group: group(&it, &book),
        inspections: it.inspections.iter().rev().map(|i| inspection(&it, i, &book)).collect(),
        defects: it.defects.iter().rev().map(|d| defect(&it, d, &book)).collect(),
        sign_offs: it.sign_offs().filter_map(|s| book.signed(s)).collect(),
        missing: facts.missing(),
        payments: it.payments.iter().map(payment).collect(),
        taken: taken(db, community, it.row.id, lang).await?,
        shown: it.row.shown_since.map(|at| (Time(at), Time(at) + it.limits.shown_days * DAY)),
        next_inspection: next_inspection(it.stage, last, it.row.contracted_at.map(Time), &it.limits),
        can: viewer.map(|v| can(v, &it)).unwrap_or_default(),
        plan: it.plan,
        contract: it.contract,
        row: listed,
        now,
    })
}

/// Names, and who is looking.
struct Book {
    names: HashMap<Uuid, String>,
    me: Option<Uuid>,
}

impl Book {
    /// Masked, whatever the role: a seat is known by its party.
    fn masked(&self, person: Uuid) -> String {
        self.names.get(&person).map(|name| crate::rooms::people::rules::mask_name(name)).unwrap_or_default()
    }

    fn signed(&self, s: &super::entity::project_signatures::Model) -> Option<Signed> {
        Some(Signed { party: Party::from_code(&s.party)?, who: self.masked(s.person_id), at: Time(s.at), words: s.words.clone(), mine: self.me == Some(s.person_id) })
    }
}

fn photos(text: &str) -> Vec<PhotoId> {
    serde_json::from_str(text).unwrap_or_default()
}

fn milestones(it: &Whole, facts: &Facts) -> Vec<MilestoneView> {
    let shares: Vec<i64> = it.milestones.iter().map(|m| m.share).collect();
    let caps = facts.deal.map(|deal| caps(&deal, &shares));
    let all = it.milestones.iter().enumerate();
    all.map(|(i, m)| MilestoneView {
        n: m.n,
        name: m.name.clone(),
        due: m.due.clone(),
        share: m.share,
        done_at: m.done_at.map(Time),
        words: m.words.clone(),
        photos: photos(&m.photos),
        cap: caps.as_ref().and_then(|c| c.get(i)).copied(),
        paid: paid_for(&facts.payments, Some(m.n)),
        passed: facts.passed(m.n),
    })
    .collect()
}

/// The leader first, then the four parties.
fn group(it: &Whole, book: &Book) -> Vec<(Party, String, PersonId)> {
    let mut all: Vec<_> = it.seats.iter().filter_map(|s| Some((Party::from_code(&s.party)?, book.masked(s.person_id), PersonId(s.person_id)))).collect();
    all.sort();
    all
}

fn inspection(it: &Whole, i: &project_inspections::Model, book: &Book) -> InspectionView {
    let items: Vec<Item> = serde_json::from_str(&i.items).unwrap_or_default();
    InspectionView {
        id: i.id,
        n: i.n,
        milestone: i.milestone,
        at: Time(i.at),
        items: it.plan.checklist.iter().cloned().zip(items).collect(),
        words: i.words.clone(),
        photos: photos(&i.photos),
        signatures: it.signatures.iter().filter(|s| s.inspection_id == Some(i.id)).filter_map(|s| book.signed(s)).collect(),
    }
}

fn defect(it: &Whole, d: &project_defects::Model, book: &Book) -> DefectView {
    let item = usize::try_from(d.item).ok().and_then(|i| it.plan.checklist.get(i)).cloned().unwrap_or_default();
    let closed = d.closed_at.zip(d.closed_by).zip(Party::from_code(&d.closed_party)).map(|((at, by), party)| {
        let who = Signed { party, who: book.masked(by), at: Time(at), words: String::new(), mine: book.me == Some(by) };
        (Time(at), d.closed_words.clone(), who)
    });
    DefectView {
        id: d.id,
        inspection: it.inspections.iter().find(|i| i.id == d.inspection_id).map_or(0, |i| i.n),
        item,
        note: d.note.clone(),
        opened_at: Time(d.opened_at),
        due_at: Time(d.due_at),
        mended: d.mended_at.map(|at| (Time(at), d.mended_words.clone())),
        photos: photos(&d.photos),
        closed,
    }
}

fn payment(p: &project_payments::Model) -> PaymentView {
    PaymentView {
        id: p.id,
        n: p.n,
        milestone: p.milestone,
        amount: Fen(p.amount),
        at: Time(p.at),
        words: p.words.clone(),
        voucher: p.voucher.clone(),
        photo: p.photo_id.map(PhotoId),
        entry: p.entry.clone(),
    }
}

async fn taken(db: &impl ConnectionTrait, community: CommunityId, project: Uuid, lang: Lang) -> Result<Vec<Taken>, AppError> {
    let rows = project_steps::Entity::find()
        .filter(project_steps::Column::CommunityId.eq(community.0))
        .filter(project_steps::Column::ProjectId.eq(project))
        .order_by_asc(project_steps::Column::N)
        .all(db)
        .await?;
    let people = names(db, community, rows.iter().filter_map(|r| r.by_id)).await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let role = r.role.as_deref().and_then(Role::from_code);
            let who = r.by_id.and_then(|id| people.get(&id)).map(|name| public_name(lang, name, role)).unwrap_or_default();
            let paper: Paper = serde_json::from_str(&r.paper).unwrap_or_default();
            Taken { step: Step::from_code(&r.step), at: Time(r.at), who, words: paper.words, photos: paper.photos }
        })
        .collect())
}

fn can(viewer: &Viewer, it: &Whole) -> Can {
    let role = viewer.role();
    let party = it.party_of(viewer.person());
    let leads = |step: Step| step != Step::Accept || party == Some(Party::PartyBranch);
    let site = it.stage.has_site();
    let open = it.defects.iter().any(|d| d.closed_at.is_none());
    Can {
        steps: STEPS.iter().filter(|r| r.from == it.stage && takes(role, r.step) && leads(r.step)).map(|r| r.step).collect(),
        convene: viewer.may(Permission::ProjectConvene) && !it.stage.is_over(),
        reach: viewer.may(Permission::ProjectReach) && it.stage == Stage::UnderWay && it.milestones.iter().any(|m| m.done_at.is_none()),
        mend: viewer.may(Permission::ProjectMend) && open,
        pay: viewer.may(Permission::ProjectPay) && site && it.row.use_id.is_none(),
        party,
        inspect: party.is_some() && site,
        sign_off: party.is_some() && it.stage == Stage::Acceptance,
    }
}

/// Who may sit in a working group, by party.
///
/// # Errors
/// When the database refuses.
pub async fn candidates(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Vec<(Party, Vec<(PersonId, String)>)>, AppError> {
    let roles: Vec<Role> = Party::ALL.iter().flat_map(|p| p.roles()).copied().collect();
    let all: Vec<Member> = members(db, community, &roles, now).await?;
    let mut held: HashMap<PersonId, Vec<Role>> = HashMap::new();
    for m in &all {
        held.entry(m.person).or_default().push(m.role);
    }
    let of = |party: Party| {
        let mut people: Vec<(PersonId, String)> = Vec::new();
        for m in all.iter().filter(|m| held.get(&m.person).is_some_and(|roles| party.fits(roles))) {
            if !people.iter().any(|(id, _)| *id == m.person) {
                people.push((m.person, m.name.clone()));
            }
        }
        (party, people)
    };
    Ok(Party::ALL.into_iter().map(of).collect())
}

/// Pictures of a project in three parts by date: before the contract, during the works, after they were finished.
pub fn pictures(v: &View) -> [Vec<(PhotoId, Time, String)>; 3] {
    let at = |step: Step| v.taken.iter().rfind(|t| t.step == Some(step)).map(|t| t.at);
    let (contract, finish) = (at(Step::Contract), at(Step::Finish));
    let mut all: Vec<(PhotoId, Time, String)> = Vec::new();
    for t in &v.taken {
        all.extend(t.photos.iter().map(|p| (*p, t.at, t.words.clone())));
    }
    for m in &v.milestones {
        all.extend(m.photos.iter().filter_map(|p| m.done_at.map(|at| (*p, at, m.name.clone()))));
    }
    for i in &v.inspections {
        all.extend(i.photos.iter().map(|p| (*p, i.at, i.words.clone())));
    }
    for d in &v.defects {
        all.extend(d.photos.iter().filter_map(|p| d.mended.as_ref().map(|(at, words)| (*p, *at, words.clone()))));
    }
    all.sort_by_key(|(photo, at, _)| (*at, *photo));
    let mut parts = [Vec::new(), Vec::new(), Vec::new()];
    for picture in all {
        let part = if contract.is_none_or(|c| picture.1 < c) { 0 } else { 1 + usize::from(finish.is_some_and(|f| picture.1 >= f)) };
        parts[part].push(picture);
    }
    parts
}

/// The parties that are missing, in words.
pub fn missing(lang: Lang, v: &View) -> Option<String> {
    (!v.missing.is_empty()).then(|| party_names(lang, &v.missing))
}
