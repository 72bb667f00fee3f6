//! The site plan 平面图, the areas of the ground, and proposals that convert one use of them into another.

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
        // A drawing of the estate: what is inside its svg element, cleaned, with the width and height of the plan's units. The newest
        // one is shown.
        let plans = [CID, ("id", Id), ("n", Int), ("width", Int), ("height", Int), ("drawing", Text), ("source", Text), ("at", Int), ("by_id", MaybeId)];
        table(m, "site_plans", &plans, &["community_id", "id"], &[]).await?;
        index(m, "site_plans", &["community_id", "n"], true).await?;
        // A piece of ground and what it is used as: its size, how much of it counts as green, and how many bikes stand there.
        let areas = [CID, ("id", Id), ("code", Text), ("version", Int), ("name", Text), ("ground", Text), ("size", Int), ("green", Int), ("bikes", Int)];
        table(m, "site_areas", &areas, &["community_id", "id"], &[]).await?;
        index(m, "site_areas", &["community_id", "code"], true).await?;
        // A proposal that changes areas and bays. `changes` is JSON; `before` and `after` are the numbers of the whole estate, frozen
        // when it was published; `vote` names the owners' decision.
        let conversions = [
            CID,
            ("id", Id),
            ("number", Text),
            ("version", Int),
            ("stage", Text),
            ("title", Text),
            ("words", Text),
            ("changes", Text),
            ("trees", Bool),
            ("application", Text),
            ("before", Text),
            ("after", Text),
            ("vote", Text),
            ("proposed_by", MaybeId),
            ("at", Int),
            ("published_at", MaybeInt),
            ("decided_at", MaybeInt),
            ("carried_at", MaybeInt),
        ];
        table(m, "conversions", &conversions, &["community_id", "id"], &[]).await?;
        index(m, "conversions", &["community_id", "number"], true).await?;
        index(m, "conversions", &["community_id", "at"], false).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("the site plan is not undone: restore a backup instead".into()))
    }
}
