//! Assets 设施设备, inspection rounds 巡检 and their checks.

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
        // `tag` is the sticker that counts for it, its own or its place's; `replaces` and `replaced_by` point at each other;
        // `checked_at` and `passed` are those of the last check; `ticket_id` is the open ticket that a check opened.
        let assets = [
            CID,
            ("id", Id),
            ("number", Text),
            ("version", Int),
            ("kind", Text),
            ("state", Text),
            ("name", Text),
            ("place_id", Id),
            ("tag", MaybeText),
            ("serial", Text),
            ("model", Text),
            ("installed", Text),
            ("warranty", Text),
            ("replaces", MaybeId),
            ("replaced_by", MaybeId),
            ("checked_at", MaybeInt),
            ("passed", Bool),
            ("ticket_id", MaybeId),
            ("created_at", Int),
        ];
        table(m, "assets", &assets, &["community_id", "id"], &[("place_id", "places")]).await?;
        index(m, "assets", &["community_id", "number"], true).await?;
        index(m, "assets", &["community_id", "kind", "state"], false).await?;
        index(m, "assets", &["community_id", "place_id"], false).await?;
        index_where_set(m, "assets", &["community_id", "ticket_id"], "ticket_id").await?;
        // A round 巡检: who checks what until when.
        let rounds = [CID, ("id", Id), ("number", Text), ("kind", Text), ("worker_id", Id), ("opened_at", Int), ("due_at", Int), ("closed_at", MaybeInt), ("total", Int)];
        table(m, "rounds", &rounds, &["community_id", "id"], &[("worker_id", "persons")]).await?;
        index(m, "rounds", &["community_id", "opened_at"], false).await?;
        index(m, "rounds", &["community_id", "worker_id", "closed_at"], false).await?;
        // The assets of a round, in walking order.
        table(
            m,
            "round_stops",
            &[CID, ("round_id", Id), ("asset_id", Id), ("n", Int)],
            &["community_id", "round_id", "asset_id"],
            &[("round_id", "rounds"), ("asset_id", "assets")],
        )
        .await?;
        // A check; of several of one asset on one round the last one counts (`counts`).
        let checks = [
            CID,
            ("id", Id),
            ("round_id", Id),
            ("asset_id", Id),
            ("at", Int),
            ("passed", Bool),
            ("reading", MaybeInt),
            ("note", Text),
            ("photos", Text),
            ("person_id", MaybeId),
            ("ticket_id", MaybeId),
            ("counts", Bool),
        ];
        table(m, "checks", &checks, &["community_id", "id"], &[("round_id", "rounds"), ("asset_id", "assets")]).await?;
        index(m, "checks", &["community_id", "round_id", "asset_id"], false).await?;
        index(m, "checks", &["community_id", "asset_id", "at"], false).await?;
        // An uploaded list: lines as JSON until somebody confirms it.
        table(m, "asset_imports", &[CID, ("id", Id), ("by_id", Id), ("at", Int), ("lines", Text), ("confirmed_at", MaybeInt)], &["community_id", "id"], &[]).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("a register is not undone: restore a backup instead".into()))
    }
}
