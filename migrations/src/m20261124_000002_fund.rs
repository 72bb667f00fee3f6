//! The maintenance fund 专项维修资金 and common income 公共收益.

use crate::tables::Is::{Bool, Id, Int, MaybeId, MaybeInt, MaybeText, Text};
use crate::tables::{index, table};
use sea_orm_migration::prelude::*;

/// See the module's doc.
#[derive(DeriveMigrationName)]
pub struct Migration;

const CID: (&str, crate::tables::Is) = ("community_id", Id);

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        books(m).await?;
        uses(m).await?;
        income(m).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("books are not undone: restore a backup instead".into()))
    }
}

async fn books(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    // Balances as the entries made them, changed in the entry's own transaction. `code` is bank, interest, common_income.
    table(m, "fund_accounts", &[CID, ("code", Text), ("balance", Int)], &["community_id", "code"], &[]).await?;
    // 按幢立账: `initial` is what was first paid in.
    table(m, "fund_buildings", &[CID, ("building_id", Id), ("initial", Int), ("balance", Int)], &["community_id", "building_id"], &[("building_id", "buildings")]).await?;
    // 按户核算.
    let units = [CID, ("unit_id", Id), ("building_id", Id), ("initial", Int), ("balance", Int)];
    table(m, "fund_units", &units, &["community_id", "unit_id"], &[("unit_id", "units"), ("building_id", "buildings")]).await?;
    index(m, "fund_units", &["community_id", "building_id"], false).await?;
    // An entry 分录. `overdrawn` says why an account went below zero; `use_id` what was paid for.
    let entries = [CID, ("id", Id), ("number", Text), ("kind", Text), ("at", Int), ("by_id", MaybeId), ("words", Text), ("overdrawn", MaybeText), ("use_id", MaybeId)];
    table(m, "fund_entries", &entries, &["community_id", "id"], &[]).await?;
    index(m, "fund_entries", &["community_id", "at"], false).await?;
    index(m, "fund_entries", &["community_id", "number"], true).await?;
    // Its lines: `account` is the code, or the building's id for a building.
    let lines = [CID, ("entry_id", Id), ("account", Text), ("at", Int), ("change", Int)];
    table(m, "fund_lines", &lines, &["community_id", "entry_id", "account"], &[("entry_id", "fund_entries")]).await?;
    index(m, "fund_lines", &["community_id", "account", "at"], false).await?;
    // What each household got or gave with it; by building they add up to its lines.
    let unit_lines = [CID, ("entry_id", Id), ("unit_id", Id), ("at", Int), ("change", Int)];
    table(m, "fund_unit_lines", &unit_lines, &["community_id", "entry_id", "unit_id"], &[("entry_id", "fund_entries")]).await?;
    index(m, "fund_unit_lines", &["community_id", "unit_id", "at"], false).await?;
    // A list of opening balances that was uploaded: rows as JSON, until somebody confirms it.
    table(m, "fund_imports", &[CID, ("id", Id), ("by_id", Id), ("at", Int), ("rows", Text), ("confirmed_at", MaybeInt)], &["community_id", "id"], &[]).await
}

async fn uses(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    // A use of the fund. `path` is chain or the case of an emergency; `scope`, `outline` are JSON; `shown_since` is when
    // what its stage shows was first shown; `district_at` when the district stepped in.
    let uses = [
        CID,
        ("id", Id),
        ("number", Text),
        ("title", Text),
        ("version", Int),
        ("stage", Text),
        ("path", Text),
        ("decider", Text),
        ("scope", Text),
        ("outline", Text),
        ("budget", Int),
        ("contracted", MaybeInt),
        ("audited", MaybeInt),
        ("proposer_id", MaybeId),
        ("proof", Bool),
        ("shown_since", MaybeInt),
        ("resolved_at", MaybeInt),
        ("district_at", MaybeInt),
        ("created_at", Int),
    ];
    table(m, "fund_uses", &uses, &["community_id", "id"], &[]).await?;
    index(m, "fund_uses", &["community_id", "number"], true).await?;
    index(m, "fund_uses", &["community_id", "created_at"], false).await?;
    // The steps that were taken, with what came with them as JSON.
    let steps = [CID, ("use_id", Id), ("n", Int), ("step", Text), ("at", Int), ("by_id", MaybeId), ("role", MaybeText), ("paper", Text)];
    table(m, "fund_steps", &steps, &["community_id", "use_id", "n"], &[("use_id", "fund_uses")]).await?;
    let shares = [CID, ("use_id", Id), ("unit_id", Id), ("area", Int), ("share", Int)];
    table(m, "fund_shares", &shares, &["community_id", "use_id", "unit_id"], &[("use_id", "fund_uses"), ("unit_id", "units")]).await?;
    index(m, "fund_shares", &["community_id", "unit_id"], false).await?;
    // What a unit's owners said to a plan; the last word counts.
    let opinions = [CID, ("use_id", Id), ("unit_id", Id), ("agrees", Bool), ("words", Text), ("person_id", Id), ("at", Int)];
    table(m, "fund_opinions", &opinions, &["community_id", "use_id", "unit_id"], &[("use_id", "fund_uses"), ("unit_id", "units")]).await
}

async fn income(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    // An entry of the common-income ledger. `line` is what it is from or for; `out` is money that left; `quarter` is
    // `2026Q3`; a mistake is taken back by an entry that `reverses` it.
    let entries = [
        CID,
        ("id", Id),
        ("number", Text),
        ("line", Text),
        ("out", Bool),
        ("amount", Int),
        ("words", Text),
        ("voucher", Text),
        ("photo_id", MaybeId),
        ("quarter", Text),
        ("at", Int),
        ("by_id", MaybeId),
        ("reverses", MaybeId),
        ("reversed_by", MaybeId),
    ];
    table(m, "income_entries", &entries, &["community_id", "id"], &[]).await?;
    index(m, "income_entries", &["community_id", "quarter", "at"], false).await?;
    index(m, "income_entries", &["community_id", "number"], true).await?;
    // A quarter that was published 公示, with the sums as they stood.
    let quarters = [CID, ("quarter", Text), ("published_at", Int), ("by_id", MaybeId), ("income", Int), ("spent", Int), ("entries", Int)];
    table(m, "income_quarters", &quarters, &["community_id", "quarter"], &[]).await
}
