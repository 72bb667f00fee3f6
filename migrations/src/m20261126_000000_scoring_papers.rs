//! Scoring on paper, reminders, notes to a person, and when somebody first was at an urgent repair.

use crate::tables::Is::{Bool, Id, Int, Text};
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
        // When somebody was first there. Older tickets have none and say nothing about it.
        m.alter_table(Table::alter().table("tickets").add_column(ColumnDef::new("arrived_at").big_integer().null()).to_owned()).await?;
        // Whether two people typed the sheet from paper.
        m.alter_table(Table::alter().table("scoring_sheets").add_column(ColumnDef::new("paper").boolean().not_null().default(false)).to_owned()).await?;
        // What somebody typed from a sheet of paper: one for each typist. The sheet counts when two of them agree, and what was typed
        // is then gone from here: `marks` is JSON, `photos` is the scan.
        let papers = [CID, ("round_id", Id), ("person_id", Id), ("by_id", Id), ("at", Int), ("marks", Text), ("photos", Text)];
        table(m, "scoring_papers", &papers, &["community_id", "round_id", "person_id", "by_id"], &[("round_id", "scoring_rounds"), ("person_id", "persons")]).await?;
        // A photo that a scorer took for a mark, or the scan of a sheet: for the scorer and those who audit.
        let photos = [CID, ("photo_id", Id), ("round_id", Id), ("person_id", Id), ("item", Text)];
        table(m, "scoring_photos", &photos, &["community_id", "photo_id"], &[("round_id", "scoring_rounds"), ("photo_id", "photos")]).await?;
        index(m, "scoring_photos", &["community_id", "round_id", "person_id"], false).await?;
        // A line to one person, in both languages, and where it leads.
        let notes = [CID, ("id", Id), ("person_id", Id), ("at", Int), ("zh", Text), ("en", Text), ("path", Text), ("read", Bool)];
        table(m, "notes", &notes, &["community_id", "id"], &[("person_id", "persons")]).await?;
        index(m, "notes", &["community_id", "person_id", "read", "at"], false).await?;
        // How many were reminded of a round, and how many days before its end.
        let reminders = [CID, ("round_id", Id), ("days", Int), ("at", Int), ("missing", Int)];
        table(m, "scoring_reminders", &reminders, &["community_id", "round_id", "days"], &[("round_id", "scoring_rounds")]).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("what was written on paper is not undone: restore a backup instead".into()))
    }
}
