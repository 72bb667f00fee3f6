//! Bikes 非机动车: garages with their places and charging sockets, registered e-bikes, and what was left behind.

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
        // A garage or a charging area: one of the community's places, and how many bikes may stand there.
        table(m, "bike_garages", &[CID, ("id", Id), ("place_id", Id), ("version", Int), ("spaces", Int), ("note", Text)], &["community_id", "id"], &[("place_id", "places")])
            .await?;
        index(m, "bike_garages", &["community_id", "place_id"], true).await?;
        // A charging socket; `n` is written on it.
        let sockets = [CID, ("id", Id), ("garage_id", Id), ("n", Int), ("version", Int), ("state", Text), ("reason", Text), ("changed_at", Int)];
        table(m, "bike_sockets", &sockets, &["community_id", "id"], &[("garage_id", "bike_garages")]).await?;
        index(m, "bike_sockets", &["community_id", "garage_id", "n"], true).await?;
        // A registered e-bike. `tag` is on its sticker, unique in the installation.
        let bikes = [
            CID,
            ("id", Id),
            ("tag", Text),
            ("unit_id", Id),
            ("person_id", MaybeId),
            ("garage_id", MaybeId),
            ("words", Text),
            ("plate", Text),
            ("at", Int),
            ("ended_at", MaybeInt),
        ];
        table(m, "bikes", &bikes, &["community_id", "id"], &[("unit_id", "units"), ("garage_id", "bike_garages")]).await?;
        index(m, "bikes", &["tag"], true).await?;
        index(m, "bikes", &["community_id", "unit_id"], false).await?;
        index(m, "bikes", &["community_id", "at"], false).await?;
        // A notice on a bike that seems left behind: until when its owner may claim it, and what became of it.
        let notices = [
            CID,
            ("id", Id),
            ("number", Text),
            ("version", Int),
            ("garage_id", Id),
            ("bike_id", MaybeId),
            ("words", Text),
            ("photos", Text),
            ("stage", Text),
            ("at", Int),
            ("until_at", Int),
            ("claimed_at", MaybeInt),
            ("claimed_by", MaybeId),
            ("claim", Text),
            ("disposed_at", MaybeInt),
            ("disposed_by", MaybeId),
            ("disposal", Text),
            ("disposal_photos", Text),
        ];
        table(m, "bike_notices", &notices, &["community_id", "id"], &[("garage_id", "bike_garages")]).await?;
        index(m, "bike_notices", &["community_id", "number"], true).await?;
        index(m, "bike_notices", &["community_id", "at"], false).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("the register of bikes is not undone: restore a backup instead".into()))
    }
}
