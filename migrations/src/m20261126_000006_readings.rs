//! What each side of a draw read in the announcement of its public value.

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
        // `side` is YWH, JWH or OWNER; each has one reading, the last that it entered.
        let readings = [("community_id", Id), ("round_id", Id), ("side", Text), ("value", Text), ("by_id", Id), ("at", Int)];
        table(m, "parking_readings", &readings, &["community_id", "round_id", "side"], &[("round_id", "parking_rounds"), ("by_id", "persons")]).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("readings of a draw are not undone: restore a backup instead".into()))
    }
}
