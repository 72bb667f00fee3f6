//! Reading the fund. Balances are kept as the entries made them, so that a page reads and adds nothing up.

use super::entity::{fund_accounts, fund_buildings, fund_entries, fund_lines, fund_opinions, fund_shares, fund_steps, fund_unit_lines, fund_units, fund_uses};
use super::journal::code_of;
use super::model::{BuildingAccount, Decider, EntryKind, EntryRow, Opinions, Overview, Paper, Scope, Share, Statement, Taken, UseRow, UseView};
use super::rules::{self, Limits, Path, Stage, Step, refill};
use super::uses::{decider_from, facts};
use crate::context::{Viewer, internal};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{BuildingId, CommunityId, UnitId};
use crate::measure::{Area, DAY, Fen, Time};
use crate::rooms::approvals::rules::resolves;
use crate::rooms::approvals::store::standing;
use crate::rooms::communities::rules::{masked_unit_name, setting};
use crate::rooms::communities::store::{BuildingRow, UnitArea, all_units, buildings, own_settings};
use crate::rooms::people::model::Role;
use crate::rooms::people::rules::Permission;
use crate::rooms::people::store::{names, public_name};
use crate::{tr, trf};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Uses and entries on the overview.
const SHOWN: u64 = 20;
/// Entries on one statement.
const LINES: u64 = 2_000;

/// The rule numbers of the fund today.
///
/// # Errors
/// When the database refuses.
pub async fn limits(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Limits, AppError> {
    let (own, _, day) = own_settings(db, community, now).await?;
    Ok(Limits::read(|key| setting(&own, key, &day).unwrap_or_default()))
}

/// The units that share a cost, by their ids.
///
/// # Errors
/// [`AppError::Invalid`] on `scope` when there are none.
pub async fn units_of(db: &impl ConnectionTrait, community: CommunityId, scope: &Scope) -> Result<Vec<UnitArea>, AppError> {
    let mut units = all_units(db, community).await?;
    units.retain(|u| match scope {
        Scope::All => true,
        Scope::Buildings { buildings } => buildings.contains(&u.building),
        Scope::Stair { building, stair } => u.building == *building && u.stair == *stair,
    });
    if units.is_empty() { Err(AppError::field("scope", "请选分摊范围，范围里要有房屋", "Choose who shares the cost; there must be units")) } else { Ok(units) }
}

/// What the committee decided alone since then. Emergencies (SH 73) are not counted.
///
/// # Errors
/// When the database refuses.
pub async fn decided_since(db: &impl ConnectionTrait, community: CommunityId, from: Time) -> Result<Fen, AppError> {
    let rows = fund_uses::Entity::find()
        .filter(fund_uses::Column::CommunityId.eq(community.0))
        .filter(fund_uses::Column::Decider.eq("committee"))
        .filter(fund_uses::Column::ResolvedAt.gte(from.0))
        .all(db)
        .await?;
    Ok(rows.iter().map(|r| Fen(amount(r))).sum())
}

fn amount(row: &fund_uses::Model) -> i64 {
    row.audited.or(row.contracted).unwrap_or(row.budget)
}

/// The fund as everybody sees it.
///
/// # Errors
/// When the database refuses.
pub async fn overview(db: &impl ConnectionTrait, community: CommunityId, now: Time) -> Result<Overview, AppError> {
    let limits = limits(db, community, now).await?;
    let accounts: HashMap<Uuid, fund_buildings::Model> =
        fund_buildings::Entity::find().filter(fund_buildings::Column::CommunityId.eq(community.0)).all(db).await?.into_iter().map(|b| (b.building_id, b)).collect();
    let homes = buildings(db, community).await?;
    let bank = fund_accounts::Entity::find_by_id((community.0, "bank".to_owned())).one(db).await?.map_or(Fen(0), |a| Fen(a.balance));
    let entries = fund_entries::Entity::find().filter(fund_entries::Column::CommunityId.eq(community.0)).order_by_desc(fund_entries::Column::At).limit(SHOWN).all(db).await?;
    let changes = lines(db, community, "bank", entries.iter().map(|e| e.id)).await?;
    let uses = uses(db, community, SHOWN).await?;
    Ok(Overview {
        buildings: homes.into_iter().map(|b| account(b, &accounts, &limits)).collect(),
        bank,
        uses,
        entries: entries.into_iter().filter_map(|e| entry(e, &changes)).collect(),
    })
}

fn account(home: BuildingRow, accounts: &HashMap<Uuid, fund_buildings::Model>, limits: &Limits) -> BuildingAccount {
    let (initial, balance) = accounts.get(&home.id.0).map_or((Fen(0), Fen(0)), |a| (Fen(a.initial), Fen(a.balance)));
    BuildingAccount { building: home.id, code: home.code, name: home.name, initial, balance, missing: refill(initial, balance, limits) }
}

async fn lines(db: &impl ConnectionTrait, community: CommunityId, account: &str, entries: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, Fen>, AppError> {
    let rows = fund_lines::Entity::find()
        .filter(fund_lines::Column::CommunityId.eq(community.0))
        .filter(fund_lines::Column::Account.eq(account))
        .filter(fund_lines::Column::EntryId.is_in(entries))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|l| (l.entry_id, Fen(l.change))).collect())
}

fn entry(row: fund_entries::Model, changes: &HashMap<Uuid, Fen>) -> Option<EntryRow> {
    Some(EntryRow {
        change: changes.get(&row.id).copied().unwrap_or_default(),
        kind: EntryKind::from_code(&row.kind)?,
        spent_on: row.use_id.and_then(|_| row.words.split(' ').next().map(str::to_owned)),
        number: row.number,
        at: Time(row.at),
        words: row.words,
        overdrawn: row.overdrawn,
    })
}

/// The uses of the fund, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn uses(db: &impl ConnectionTrait, community: CommunityId, most: u64) -> Result<Vec<UseRow>, AppError> {
    let rows = fund_uses::Entity::find().filter(fund_uses::Column::CommunityId.eq(community.0)).order_by_desc(fund_uses::Column::CreatedAt).limit(most).all(db).await?;
    rows.iter().map(use_row).collect()
}

fn use_row(row: &fund_uses::Model) -> Result<UseRow, AppError> {
    Ok(UseRow {
        number: row.number.clone(),
        title: row.title.clone(),
        stage: Stage::from_code(&row.stage).ok_or_else(|| internal("unknown stage"))?,
        path: Path::from_code(&row.path).ok_or_else(|| internal("unknown path"))?,
        amount: Fen(amount(row)),
        at: Time(row.created_at),
    })
}

/// The statement of a building over a period.
///
/// # Errors
/// [`AppError::NotFound`] for the building.
pub async fn building_statement(
    db: &impl ConnectionTrait,
    community: CommunityId,
    code: &str,
    (from, until): (Time, Time),
    now: Time,
) -> Result<(BuildingAccount, Statement), AppError> {
    let home = buildings(db, community).await?.into_iter().find(|b| b.code == code).ok_or(AppError::NotFound)?;
    let row = fund_buildings::Entity::find_by_id((community.0, home.id.0)).one(db).await?;
    let limits = limits(db, community, now).await?;
    let account = account(home, &row.into_iter().map(|r| (r.building_id, r)).collect(), &limits);
    let changes = fund_lines::Entity::find()
        .filter(fund_lines::Column::CommunityId.eq(community.0))
        .filter(fund_lines::Column::Account.eq(code_of(account.building)))
        .filter(fund_lines::Column::At.lt(until.0))
        .order_by_asc(fund_lines::Column::At)
        .limit(LINES)
        .all(db)
        .await?;
    let changes = changes.into_iter().map(|l| (l.entry_id, Time(l.at), Fen(l.change))).collect();
    Ok((account, statement(db, community, changes, from, until).await?))
}

/// The statement of a household over a period: for its own owner alone.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever owns no unit here.
pub async fn household_statement(db: &impl ConnectionTrait, viewer: &Viewer, (from, until): (Time, Time)) -> Result<(Fen, Fen, Statement), AppError> {
    let unit = owned(viewer)?;
    let community = viewer.community();
    let account = fund_units::Entity::find_by_id((community.0, unit.0)).one(db).await?;
    let changes = fund_unit_lines::Entity::find()
        .filter(fund_unit_lines::Column::CommunityId.eq(community.0))
        .filter(fund_unit_lines::Column::UnitId.eq(unit.0))
        .filter(fund_unit_lines::Column::At.lt(until.0))
        .order_by_asc(fund_unit_lines::Column::At)
        .limit(LINES)
        .all(db)
        .await?;
    let changes = changes.into_iter().map(|l| (l.entry_id, Time(l.at), Fen(l.change))).collect();
    let (initial, balance) = account.map_or((Fen(0), Fen(0)), |a| (Fen(a.initial), Fen(a.balance)));
    Ok((initial, balance, statement(db, community, changes, from, until).await?))
}

fn owned(viewer: &Viewer) -> Result<UnitId, AppError> {
    viewer.unit().filter(|_| viewer.role() == Role::Owner).ok_or(AppError::Forbidden)
}

async fn statement(db: &impl ConnectionTrait, community: CommunityId, changes: Vec<(Uuid, Time, Fen)>, from: Time, until: Time) -> Result<Statement, AppError> {
    let opening: Fen = changes.iter().filter(|(_, at, _)| *at < from).map(|(.., change)| *change).sum();
    let closing: Fen = changes.iter().map(|(.., change)| *change).sum();
    let within: HashMap<Uuid, Fen> = changes.into_iter().filter(|(_, at, _)| *at >= from).map(|(id, _, change)| (id, change)).collect();
    let mut rows =
        fund_entries::Entity::find().filter(fund_entries::Column::CommunityId.eq(community.0)).filter(fund_entries::Column::Id.is_in(within.keys().copied())).all(db).await?;
    rows.sort_by_key(|r| (r.at, r.number.clone()));
    Ok(Statement { from, until, opening, entries: rows.into_iter().filter_map(|e| entry(e, &within)).collect(), closing })
}

/// A household's shares in uses of the fund: use, area, share, and the whole cost.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever owns no unit here.
pub async fn household_shares(db: &impl ConnectionTrait, viewer: &Viewer) -> Result<Vec<(UseRow, Area, Fen)>, AppError> {
    let unit = owned(viewer)?;
    let community = viewer.community();
    let shares = fund_shares::Entity::find().filter(fund_shares::Column::CommunityId.eq(community.0)).filter(fund_shares::Column::UnitId.eq(unit.0)).all(db).await?;
    let rows = fund_uses::Entity::find()
        .filter(fund_uses::Column::CommunityId.eq(community.0))
        .filter(fund_uses::Column::Id.is_in(shares.iter().map(|s| s.use_id)))
        .order_by_desc(fund_uses::Column::CreatedAt)
        .all(db)
        .await?;
    rows.iter().filter_map(|row| shares.iter().find(|s| s.use_id == row.id).map(|s| use_row(row).map(|u| (u, Area(s.area), Fen(s.share))))).collect()
}

/// A use by its number, as its page shows it.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn view(db: &impl ConnectionTrait, community: CommunityId, number: &str, viewer: Option<&Viewer>, lang: Lang, now: Time) -> Result<UseView, AppError> {
    let row =
        fund_uses::Entity::find().filter(fund_uses::Column::CommunityId.eq(community.0)).filter(fund_uses::Column::Number.eq(number)).one(db).await?.ok_or(AppError::NotFound)?;
    let viewer = viewer.filter(|v| v.community() == community);
    let limits = limits(db, community, now).await?;
    let facts = facts(&row, limits)?;
    let decider = decider_from(&row.decider);
    let scope: Scope = serde_json::from_str(&row.scope).map_err(internal)?;
    let units = units_of(db, community, &scope).await?;
    let next = if row.district_at.is_some() && facts.stage == Stage::Resolved { Some(Step::Contract) } else { rules::next(facts.path, facts.stage).map(|r| r.step) };
    let shown_until = row.shown_since.map(|at| Time(at) + limits.shown_days * DAY);
    let (opinions, mine) = opinions(db, community, row.id, &units, viewer).await?;
    let decision = standing(db, community, row.id).await?;
    // A use from before matters were kept is resolved by its first word.
    let ready = next != Some(Step::Resolve) || decision.as_ref().is_none_or(|(_, state)| resolves(decider, Some(*state)));
    let in_scope = viewer.and_then(Viewer::unit).is_some_and(|unit| units.iter().any(|u| u.id == unit));
    Ok(UseView {
        id: row.id,
        row: use_row(&row)?,
        version: row.version,
        budget: Fen(row.budget),
        contracted: row.contracted.map(Fen),
        audited: row.audited.map(Fen),
        scope_words: spoken_scope(lang, &scope, &buildings(db, community).await?),
        scope,
        units: i64::try_from(units.len()).unwrap_or(i64::MAX),
        area: units.iter().map(|u| u.area).sum(),
        outline: serde_json::from_str(&row.outline).map_err(internal)?,
        taken: taken(db, community, row.id, lang).await?,
        shown_since: row.shown_since.map(Time),
        shown_until,
        next,
        waits_for_owners: next == Some(Step::Resolve) && matches!(decider, Decider::Affected | Decider::Owners),
        may: ready && viewer.is_some_and(|v| next.is_some_and(|step| rules::takes(v.role(), step, decider))),
        decision,
        may_step_in: rules::may_step_in(&facts, now) && viewer.is_some_and(|v| v.may(Permission::FundStepIn)),
        opinions,
        mine,
        may_opine: facts.stage == Stage::PlanShown && in_scope && viewer.is_some_and(|v| v.may(Permission::FundOpine)),
        decider,
        now,
    })
}

async fn opinions(db: &impl ConnectionTrait, community: CommunityId, subject: Uuid, units: &[UnitArea], viewer: Option<&Viewer>) -> Result<(Opinions, Option<bool>), AppError> {
    let rows = fund_opinions::Entity::find().filter(fund_opinions::Column::CommunityId.eq(community.0)).filter(fund_opinions::Column::UseId.eq(subject)).all(db).await?;
    let areas: HashMap<Uuid, Area> = units.iter().map(|u| (u.id.0, u.area)).collect();
    let mut all = Opinions::default();
    for row in &rows {
        let area = areas.get(&row.unit_id).copied().unwrap_or_default();
        let (units, sum) = if row.agrees { (&mut all.for_units, &mut all.for_area) } else { (&mut all.against_units, &mut all.against_area) };
        *units += 1;
        sum.0 += area.0;
    }
    let unit = viewer.and_then(Viewer::unit);
    Ok((all, rows.iter().find(|r| unit.is_some_and(|u| u.0 == r.unit_id)).map(|r| r.agrees)))
}

async fn taken(db: &impl ConnectionTrait, community: CommunityId, subject: Uuid, lang: Lang) -> Result<Vec<Taken>, AppError> {
    let rows = fund_steps::Entity::find()
        .filter(fund_steps::Column::CommunityId.eq(community.0))
        .filter(fund_steps::Column::UseId.eq(subject))
        .order_by_asc(fund_steps::Column::N)
        .all(db)
        .await?;
    let people = names(db, community, rows.iter().filter_map(|r| r.by_id)).await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let role = r.role.as_deref().and_then(Role::from_code);
            let who = r.by_id.and_then(|id| people.get(&id)).map(|name| public_name(lang, name, role)).unwrap_or_default();
            Taken { step: Step::from_code(&r.step), at: Time(r.at), who, paper: serde_json::from_str::<Paper>(&r.paper).unwrap_or_default() }
        })
        .collect())
}

/// A scope in words.
pub fn spoken_scope(lang: Lang, scope: &Scope, homes: &[BuildingRow]) -> String {
    let name = |id: &BuildingId| homes.iter().find(|b| b.id == *id).map(|b| b.name.clone()).unwrap_or_default();
    match scope {
        Scope::All => tr!(lang, "全体业主（全体共用）", "all owners").to_owned(),
        Scope::Buildings { buildings } => {
            let list = buildings.iter().map(name).collect::<Vec<_>>().join(tr!(lang, "、", ", "));
            trf!(lang, "{list}（部分共用）", "{list}")
        }
        Scope::Stair { building, stair } => {
            let home = name(building);
            trf!(lang, "{home} {stair}门（部分共用）", "{home}, stair {stair}")
        }
    }
}

/// The shares of a use: as they were paid, or, before that, as they would be of what is known so far.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn shares(db: &impl ConnectionTrait, community: CommunityId, view: &UseView, lang: Lang) -> Result<Vec<Share>, AppError> {
    let homes: HashMap<BuildingId, String> = buildings(db, community).await?.into_iter().map(|b| (b.id, b.name)).collect();
    let paid: HashMap<Uuid, (i64, i64)> = fund_shares::Entity::find()
        .filter(fund_shares::Column::CommunityId.eq(community.0))
        .filter(fund_shares::Column::UseId.eq(view.id))
        .all(db)
        .await?
        .into_iter()
        .map(|s| (s.unit_id, (s.area, s.share)))
        .collect();
    let units = units_of(db, community, &view.scope).await?;
    let planned = super::allocation::allocate(view.row.amount, &units.iter().map(|u| (u.id, u.area)).collect::<Vec<_>>())?;
    let named = |u: &UnitArea| masked_unit_name(lang, homes.get(&u.building).map_or("", String::as_str), Some(&u.stair), &u.room);
    Ok(units
        .iter()
        .zip(planned)
        .filter_map(|(unit, (_, planned))| {
            let (area, share) = if paid.is_empty() { (unit.area, planned) } else { paid.get(&unit.id.0).map(|(a, s)| (Area(*a), Fen(*s)))? };
            Some(Share { unit: unit.id, building: unit.building, name: named(unit), area, share })
        })
        .collect())
}
