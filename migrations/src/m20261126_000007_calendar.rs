//! A year's public holidays as a community has entered them, where the program does not have them yet or has them wrong.

use crate::tables::Is::{Id, Int, Text};
use crate::tables::table;
use sea_orm_migration::prelude::*;

/// See the module's doc.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // `days` is JSON: the spans that are off and the weekend days that are worked.
        let years = [("community_id", Id), ("year", Int), ("source", Text), ("days", Text), ("by_id", Id), ("at", Int)];
        table(m, "calendar_years", &years, &["community_id", "year"], &[("by_id", "persons")]).await?;
        // The time for an appeal was counted without holidays, since those of its days were not known when it was fixed.
        m.alter_table(Table::alter().table("scoring_rounds").add_column(ColumnDef::new("weekends_only").boolean().not_null().default(false)).to_owned()).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("holidays that were entered are not undone: restore a backup instead".into()))
    }
}
