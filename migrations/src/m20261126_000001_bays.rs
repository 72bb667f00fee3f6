//! Car bays 车位: the register, its history, and lists that were uploaded.

use crate::tables::Is::{Bool, Id, Int, MaybeId, MaybeInt, Text};
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
        // A bay. `code` is painted on the ground; `original_planned`: it stands in the plan that was approved when the estate was
        // built (R5.2); `freed`: it was won back for cars; `x` and `y` are in the units of the site plan, nothing until somebody
        // placed it; `unit_id` is whose it is, where it is owned.
        let bays = [
            CID,
            ("id", Id),
            ("code", Text),
            ("version", Int),
            ("kind", Text),
            ("original_planned", Bool),
            ("accessible", Bool),
            ("ev", Bool),
            ("area", Text),
            ("x", MaybeInt),
            ("y", MaybeInt),
            ("state", Text),
            ("unit_id", MaybeId),
            ("photo_id", MaybeId),
            ("note", Text),
            ("freed", Bool),
            ("created_at", Int),
        ];
        table(m, "bay", &bays, &["community_id", "id"], &[("unit_id", "units")]).await?;
        index(m, "bay", &["community_id", "code"], true).await?;
        // What became of a bay, and why; the ids follow from the change that made it.
        let changes = [CID, ("id", Id), ("bay_id", Id), ("at", Int), ("by_id", MaybeId), ("before", Text), ("after", Text), ("reason", Text)];
        table(m, "bay_change", &changes, &["community_id", "id"], &[("bay_id", "bay")]).await?;
        index(m, "bay_change", &["community_id", "bay_id", "at"], false).await?;
        // An uploaded list, until it is confirmed: its lines as JSON.
        let imports = [CID, ("id", Id), ("by_id", Id), ("at", Int), ("lines", Text), ("confirmed_at", MaybeInt)];
        table(m, "bay_import", &imports, &["community_id", "id"], &[]).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("the register of bays is not undone: restore a backup instead".into()))
    }
}
