//! Projects 专项工程: plans, working groups, milestones, inspections, signatures, defects and payments.

use crate::tables::Is::{Bool, Id, Int, MaybeId, MaybeInt, MaybeText, Text};
use crate::tables::{index, index_where_set, table};
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
        // `plan` and `contract` are JSON; `budget` is the sum of the plan's lines and `contracted` the contract's amount, for
        // lists; `source` is `fund`, `common_income` or `other`, and `use_id` the use of the fund that pays.
        let projects = [
            CID,
            ("id", Id),
            ("number", Text),
            ("title", Text),
            ("version", Int),
            ("stage", Text),
            ("plan", Text),
            ("source", Text),
            ("use_id", MaybeId),
            ("budget", Int),
            ("contract", MaybeText),
            ("contracted", MaybeInt),
            ("proposer_id", MaybeId),
            ("shown_since", MaybeInt),
            ("contracted_at", MaybeInt),
            ("finished_at", MaybeInt),
            ("accepted_at", MaybeInt),
            ("created_at", Int),
        ];
        table(m, "projects", &projects, &["community_id", "id"], &[("use_id", "fund_uses")]).await?;
        index(m, "projects", &["community_id", "number"], true).await?;
        index(m, "projects", &["community_id", "created_at"], false).await?;
        index_where_set(m, "projects", &["community_id", "use_id"], "use_id").await?;
        let of = [("project_id", "projects")];
        // The working group 专项工作组: who stands for which party.
        table(m, "project_seats", &[CID, ("project_id", Id), ("person_id", Id), ("party", Text)], &["community_id", "project_id", "person_id"], &[of[0], ("person_id", "persons")])
            .await?;
        index(m, "project_seats", &["community_id", "person_id"], false).await?;
        // Milestones, from 1; `photos` is JSON.
        let milestones = [CID, ("project_id", Id), ("n", Int), ("name", Text), ("due", Text), ("share", Int), ("done_at", MaybeInt), ("words", Text), ("photos", Text)];
        table(m, "project_milestones", &milestones, &["community_id", "project_id", "n"], &of).await?;
        // An inspection; `items` is JSON in the order of the checklist, `n` counts within the project.
        let inspections =
            [CID, ("id", Id), ("project_id", Id), ("n", Int), ("milestone", MaybeInt), ("at", Int), ("items", Text), ("words", Text), ("photos", Text), ("failed", Int)];
        table(m, "project_inspections", &inspections, &["community_id", "id"], &of).await?;
        index(m, "project_inspections", &["community_id", "project_id", "n"], true).await?;
        // Signatures: of an inspection, or, without one, of the acceptance; `void` when something failed after it.
        let signatures = [CID, ("id", Id), ("project_id", Id), ("inspection_id", MaybeId), ("person_id", Id), ("party", Text), ("at", Int), ("words", Text), ("void", Bool)];
        table(m, "project_signatures", &signatures, &["community_id", "id"], &[of[0], ("inspection_id", "project_inspections"), ("person_id", "persons")]).await?;
        index(m, "project_signatures", &["community_id", "project_id", "at"], false).await?;
        // Defects 整改: found by an inspection, shown as mended, found good. `item` is the place in the checklist, from 0.
        let defects = [
            CID,
            ("id", Id),
            ("project_id", Id),
            ("inspection_id", Id),
            ("item", Int),
            ("note", Text),
            ("opened_at", Int),
            ("due_at", Int),
            ("mended_at", MaybeInt),
            ("mended_words", Text),
            ("photos", Text),
            ("closed_at", MaybeInt),
            ("closed_by", MaybeId),
            ("closed_party", Text),
            ("closed_words", Text),
        ];
        table(m, "project_defects", &defects, &["community_id", "id"], &[of[0], ("inspection_id", "project_inspections")]).await?;
        index(m, "project_defects", &["community_id", "project_id", "opened_at"], false).await?;
        // Payments: for a milestone, or, without one, of what was kept back; `entry` is the number in the ledger of common
        // income.
        let payments = [
            CID,
            ("id", Id),
            ("project_id", Id),
            ("n", Int),
            ("milestone", MaybeInt),
            ("amount", Int),
            ("at", Int),
            ("by_id", MaybeId),
            ("words", Text),
            ("voucher", Text),
            ("photo_id", MaybeId),
            ("entry", MaybeText),
        ];
        table(m, "project_payments", &payments, &["community_id", "id"], &of).await?;
        index(m, "project_payments", &["community_id", "project_id", "n"], true).await?;
        // Steps in their order; `paper` is JSON.
        let steps = [CID, ("project_id", Id), ("n", Int), ("step", Text), ("at", Int), ("by_id", MaybeId), ("role", MaybeText), ("paper", Text)];
        table(m, "project_steps", &steps, &["community_id", "project_id", "n"], &of).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("what was signed is not undone: restore a backup instead".into()))
    }
}
