//! Messages: rungs that overdue tickets took, inboxes, robots of group chats and what waits for them.

use crate::tables::Is::{Id, Int, MaybeId, MaybeInt, Text};
use crate::tables::{index, index_where_set, table};
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
        let cid = ("community_id", Id);
        // A rung that a ticket took after it missed the deadline `due_at`.
        table(
            m,
            "escalations",
            &[cid, ("ticket_id", Id), ("due_at", Int), ("rung", Text), ("at", Int)],
            &["community_id", "ticket_id", "due_at", "rung"],
            &[("ticket_id", "tickets")],
        )
        .await?;
        // A message for everybody whose role reads that rung.
        table(m, "messages", &[cid, ("id", Id), ("at", Int), ("rung", Text), ("ticket_id", Id), ("due_at", Int)], &["community_id", "id"], &[("ticket_id", "tickets")]).await?;
        index(m, "messages", &["community_id", "rung", "at"], false).await?;
        // Up to when somebody read their messages.
        table(m, "message_reads", &[cid, ("person_id", Id), ("read_to", Int)], &["community_id", "person_id"], &[("person_id", "persons")]).await?;
        // A robot of a group chat; `address` and `secret` are never shown again.
        let robots = [
            cid,
            ("id", Id),
            ("name", Text),
            ("kind", Text),
            ("address", Text),
            ("secret", Text),
            ("from_rung", Text),
            ("made_by", MaybeId),
            ("made_at", Int),
            ("removed_at", MaybeInt),
            ("last_sent_at", MaybeInt),
        ];
        table(m, "robots", &robots, &["community_id", "id"], &[]).await?;
        // A line for a robot: it waits while `next_at` is set, was taken when `sent_at` is, else it was given up.
        let lines = [
            cid,
            ("id", Id),
            ("robot_id", Id),
            ("title", Text),
            ("text", Text),
            ("link", Text),
            ("made_at", Int),
            ("attempts", Int),
            ("next_at", MaybeInt),
            ("sent_at", MaybeInt),
            ("error", Text),
        ];
        table(m, "robot_lines", &lines, &["community_id", "id"], &[("robot_id", "robots")]).await?;
        index_where_set(m, "robot_lines", &["community_id", "next_at"], "next_at").await?;
        index(m, "robot_lines", &["community_id", "robot_id", "made_at"], false).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("what was told is not undone: restore a backup instead".into()))
    }
}
