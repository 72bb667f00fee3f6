//! Visits 访客: day passes that households make for their visitors.

use crate::tables::Is::{Id, Int, MaybeId, MaybeInt, Text};
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
        // A pass. `code` stands in its QR code and is unique in the installation; `month` (`2026-11`) is counted against the unit's
        // limit; `name` and `plate` are emptied when the time for keeping them is over.
        let visits = [
            CID,
            ("id", Id),
            ("code", Text),
            ("unit_id", Id),
            ("person_id", MaybeId),
            ("day", Text),
            ("month", Text),
            ("name", Text),
            ("plate", Text),
            ("at", Int),
            ("used_at", MaybeInt),
            ("used_by", MaybeId),
            ("cancelled_at", MaybeInt),
        ];
        table(m, "visits", &visits, &["community_id", "id"], &[("unit_id", "units")]).await?;
        index(m, "visits", &["code"], true).await?;
        index(m, "visits", &["community_id", "unit_id", "month"], false).await?;
        index(m, "visits", &["community_id", "day"], false).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("visits are not undone: restore a backup instead".into()))
    }
}
