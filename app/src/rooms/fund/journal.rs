//! Entering into the books: the entry, its lines, every household's part, and the balances they lead to.

use super::books::{Account, Books, Entry, Line};
use super::entity::{fund_accounts, fund_buildings, fund_entries, fund_lines, fund_unit_lines, fund_units};
use super::model::EntryKind;
use crate::apply::Work;
use crate::context::internal;
use crate::error::AppError;
use crate::ids::{BuildingId, UnitId};
use crate::measure::Fen;
use crate::rooms::communities::store::{next_number, offset_of};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows in one statement: SQLite takes some thousands of values.
const ROWS: usize = 400;

/// What is entered: what each household gets (above zero) or gives, and what the other accounts do.
#[derive(Clone, Debug)]
pub struct Posting {
    /// What sort of entry.
    pub kind: EntryKind,
    /// In words; public.
    pub words: String,
    /// Why an account may go below zero.
    pub overdrawn: Option<String>,
    /// The use that it pays for.
    pub use_id: Option<Uuid>,
    /// The households, each once.
    pub units: Vec<(UnitId, BuildingId, Fen)>,
    /// The other accounts; buildings follow from their households.
    pub others: Vec<(Account, Fen)>,
    /// What each unit first paid in, for opening balances.
    pub initial: BTreeMap<UnitId, Fen>,
}

/// Enters it, whole or not at all, and answers its number.
///
/// # Errors
/// Whatever [`Books::enter`] refuses; also when a household's account would go below zero and nobody said why.
pub async fn post(work: &Work<'_>, id: Uuid, posting: Posting) -> Result<String, AppError> {
    work.hold().await?;
    let by_building = posting.units.iter().fold(BTreeMap::<BuildingId, Fen>::new(), |mut all, (_, building, change)| {
        let sum = all.entry(*building).or_default();
        *sum = *sum + *change;
        all
    });
    let mut lines: Vec<Line> = posting.others.iter().map(|(account, change)| Line { account: *account, change: *change }).collect();
    lines.extend(by_building.iter().map(|(building, change)| Line { account: Account::Building(*building), change: *change }).filter(|l| l.change.0 != 0));
    let mut books = load(work).await?;
    books.enter(&Entry { lines: lines.clone(), overdrawn: posting.overdrawn.clone() })?;
    let number = number(work).await?;
    write_entry(work, id, &number, &posting, &lines).await?;
    keep_balances(work, &books, &lines, &posting).await?;
    keep_households(work, id, &posting).await?;
    let sum: Fen = posting.units.iter().map(|(.., change)| *change).sum();
    work.tell("fund_entry", id, &json!({ "did": "entered", "kind": posting.kind.code(), "number": number, "sum": sum, "units": posting.units.len(), "reason": posting.overdrawn }))
        .await?;
    Ok(number)
}

/// `JZ-2026-012`: by the community's own year.
async fn number(work: &Work<'_>) -> Result<String, AppError> {
    let year = work.now.local(offset_of(work.txn, work.community).await?).format("%Y").to_string();
    let n = next_number(work.txn, work.community, &format!("fund_entries {year}")).await?;
    Ok(format!("JZ-{year}-{n:03}"))
}

fn code(account: Account) -> String {
    match account {
        Account::Bank => "bank".into(),
        Account::Interest => "interest".into(),
        Account::Payable => "payable".into(),
        Account::CommonIncome => "common_income".into(),
        Account::Building(building) => building.to_string(),
    }
}

/// The word of a building's account in rows.
pub fn code_of(building: BuildingId) -> String {
    code(Account::Building(building))
}

/// The books as they stand.
///
/// # Errors
/// When the database refuses.
pub async fn load(work: &Work<'_>) -> Result<Books, AppError> {
    let buildings = fund_buildings::Entity::find().filter(fund_buildings::Column::CommunityId.eq(work.community.0)).all(work.txn).await?;
    let accounts = fund_accounts::Entity::find().filter(fund_accounts::Column::CommunityId.eq(work.community.0)).all(work.txn).await?;
    let mut balances: Vec<(Account, Fen)> = buildings.into_iter().map(|b| (Account::Building(BuildingId(b.building_id)), Fen(b.balance))).collect();
    for row in accounts {
        let account = match row.code.as_str() {
            "bank" => Account::Bank,
            "interest" => Account::Interest,
            "payable" => Account::Payable,
            "common_income" => Account::CommonIncome,
            other => return Err(internal(format!("unknown account {other}"))),
        };
        balances.push((account, Fen(row.balance)));
    }
    Ok(Books::standing(balances))
}

async fn write_entry(work: &Work<'_>, id: Uuid, number: &str, posting: &Posting, lines: &[Line]) -> Result<(), AppError> {
    let entry = fund_entries::ActiveModel {
        community_id: Set(work.community.0),
        id: Set(id),
        number: Set(number.to_owned()),
        kind: Set(posting.kind.code().into()),
        at: Set(work.now.0),
        by_id: Set(work.person().map(|p| p.0)),
        words: Set(posting.words.clone()),
        overdrawn: Set(posting.overdrawn.clone()),
        use_id: Set(posting.use_id),
    };
    fund_entries::Entity::insert(entry).exec_without_returning(work.txn).await?;
    let rows = lines.iter().map(|line| fund_lines::ActiveModel {
        community_id: Set(work.community.0),
        entry_id: Set(id),
        account: Set(code(line.account)),
        at: Set(work.now.0),
        change: Set(line.change.0),
    });
    fund_lines::Entity::insert_many(rows).exec_without_returning(work.txn).await?;
    Ok(())
}

async fn keep_balances(work: &Work<'_>, books: &Books, lines: &[Line], posting: &Posting) -> Result<(), AppError> {
    let mut initial = BTreeMap::<BuildingId, i64>::new();
    for (unit, building, _) in &posting.units {
        *initial.entry(*building).or_default() += posting.initial.get(unit).map_or(0, |f| f.0);
    }
    for line in lines {
        let balance = books.balance(line.account).0;
        if let Account::Building(building) = line.account {
            let before = fund_buildings::Entity::find_by_id((work.community.0, building.0)).one(work.txn).await?.map_or(0, |b| b.initial);
            let row = fund_buildings::ActiveModel {
                community_id: Set(work.community.0),
                building_id: Set(building.0),
                initial: Set(before + initial.get(&building).copied().unwrap_or(0)),
                balance: Set(balance),
            };
            let newer = OnConflict::columns([fund_buildings::Column::CommunityId, fund_buildings::Column::BuildingId])
                .update_columns([fund_buildings::Column::Initial, fund_buildings::Column::Balance])
                .to_owned();
            fund_buildings::Entity::insert(row).on_conflict(newer).exec_without_returning(work.txn).await?;
        } else {
            let row = fund_accounts::ActiveModel { community_id: Set(work.community.0), code: Set(code(line.account)), balance: Set(balance) };
            let newer = OnConflict::columns([fund_accounts::Column::CommunityId, fund_accounts::Column::Code]).update_column(fund_accounts::Column::Balance).to_owned();
            fund_accounts::Entity::insert(row).on_conflict(newer).exec_without_returning(work.txn).await?;
        }
    }
    Ok(())
}

/// Every household's part, and its balance after it. A thousand households are a few statements.
async fn keep_households(work: &Work<'_>, id: Uuid, posting: &Posting) -> Result<(), AppError> {
    let before: BTreeMap<Uuid, fund_units::Model> =
        fund_units::Entity::find().filter(fund_units::Column::CommunityId.eq(work.community.0)).all(work.txn).await?.into_iter().map(|u| (u.unit_id, u)).collect();
    let mut accounts = Vec::with_capacity(posting.units.len());
    let mut lines = Vec::with_capacity(posting.units.len());
    for (unit, building, change) in posting.units.iter().filter(|(unit, _, change)| change.0 != 0 || posting.initial.contains_key(unit)) {
        let (initial, balance) = before.get(&unit.0).map_or((0, 0), |u| (u.initial, u.balance));
        let after = balance.checked_add(change.0).ok_or_else(|| internal("a household's balance is out of range"))?;
        if change.0 < 0 && after < 0 && posting.overdrawn.is_none() {
            return Err(AppError::closed(
                "有住户的余额不够。确实要垫付的，请写明原因和由谁垫付。",
                "A household's balance is too small. If somebody advances the money, say who and why.",
            ));
        }
        accounts.push(fund_units::ActiveModel {
            community_id: Set(work.community.0),
            unit_id: Set(unit.0),
            building_id: Set(building.0),
            initial: Set(initial + posting.initial.get(unit).map_or(0, |f| f.0)),
            balance: Set(after),
        });
        lines.push(fund_unit_lines::ActiveModel { community_id: Set(work.community.0), entry_id: Set(id), unit_id: Set(unit.0), at: Set(work.now.0), change: Set(change.0) });
    }
    for part in accounts.chunks(ROWS) {
        let newer = OnConflict::columns([fund_units::Column::CommunityId, fund_units::Column::UnitId])
            .update_columns([fund_units::Column::Initial, fund_units::Column::Balance])
            .to_owned();
        fund_units::Entity::insert_many(part.to_vec()).on_conflict(newer).exec_without_returning(work.txn).await?;
    }
    for part in lines.chunks(ROWS) {
        fund_unit_lines::Entity::insert_many(part.to_vec()).exec_without_returning(work.txn).await?;
    }
    Ok(())
}
