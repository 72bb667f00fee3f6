//! Photos that hang on a public record other than a ticket: papers of the fund, vouchers.

use crate::tables::Is::{Id, Text};
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
        // `subject_kind` and `subject` say what the photo hangs on.
        table(m, "open_photos", &[("community_id", Id), ("photo_id", Id), ("subject_kind", Text), ("subject", Id)], &["community_id", "photo_id"], &[("photo_id", "photos")]).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("what was shown is not undone: restore a backup instead".into()))
    }
}
