//! The foundation: communities, people, places, photos, tickets, and the chain of events.
//!
//! `community_id` is the first column of every key. The exceptions stand outside any community by their nature:
//! accounts, sessions and sign-in failures (a person may belong to several communities), and the one index that finds
//! the community of a scanned tag or letter.

use crate::tables::Is::*;
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
        communities(m).await?;
        people(m).await?;
        places(m).await?;
        tickets(m).await?;
        ledger(m).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("the foundation is not undone: restore a backup instead".into()))
    }
}

const CID: (&str, super::tables::Is) = ("community_id", Id);

async fn communities(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "communities",
        &[("id", Id), ("slug", Text), ("name", Text), ("phone", Text), ("offset_minutes", Int), ("demo", Bool), ("settings", Text), ("created_at", Int)],
        &["id"],
        &[],
    )
    .await?;
    index(m, "communities", &["slug"], true).await?;
    table(m, "counters", &[CID, ("name", Text), ("value", Int)], &["community_id", "name"], &[]).await?;
    table(m, "buildings", &[CID, ("id", Id), ("code", Text), ("name", Text), ("kind", Text), ("ordinal", Int)], &["community_id", "id"], &[]).await?;
    index(m, "buildings", &["community_id", "code"], true).await?;
    let units = [
        CID,
        ("id", Id),
        ("building_id", Id),
        ("stair", Text),
        ("floor", MaybeInt),
        ("room", Text),
        ("area", Int),
        ("kind", Text),
        ("area_source", Text),
        ("occupancy", Text),
        ("household_size", Int),
    ];
    table(m, "units", &units, &["community_id", "id"], &[("building_id", "buildings")]).await?;
    index(m, "units", &["community_id", "building_id", "stair", "room"], true).await
}

async fn people(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(m, "accounts", &[("id", Id), ("phone", Text), ("secret", Text), ("staff", Bool), ("home", MaybeId), ("created_at", Int)], &["id"], &[]).await?;
    index(m, "accounts", &["phone"], true).await?;
    table(m, "sessions", &[("id", Text), ("account_id", MaybeId), ("data", Text), ("agent", Text), ("created_at", Int), ("seen_at", Int), ("expires_at", Int)], &["id"], &[])
        .await?;
    index(m, "sessions", &["account_id"], false).await?;
    index(m, "sessions", &["expires_at"], false).await?;
    table(m, "sign_in_failures", &[("subject", Text), ("failures", Int), ("last_at", Int)], &["subject"], &[]).await?;

    table(m, "persons", &[CID, ("id", Id), ("account_id", MaybeId), ("name", Text), ("phone", MaybeText), ("created_at", Int)], &["community_id", "id"], &[]).await?;
    index(m, "persons", &["account_id"], false).await?;
    index(m, "persons", &["community_id", "phone"], false).await?;
    table(
        m,
        "ownerships",
        &[CID, ("unit_id", Id), ("person_id", Id), ("representative", Bool)],
        &["community_id", "unit_id", "person_id"],
        &[("unit_id", "units"), ("person_id", "persons")],
    )
    .await?;
    index(m, "ownerships", &["community_id", "person_id"], false).await?;
    table(
        m,
        "tenancies",
        &[CID, ("unit_id", Id), ("person_id", Id), ("from_at", Int), ("until_at", MaybeInt)],
        &["community_id", "unit_id", "person_id"],
        &[("unit_id", "units"), ("person_id", "persons")],
    )
    .await?;
    let memberships =
        [CID, ("id", Id), ("person_id", Id), ("role", Text), ("unit_id", MaybeId), ("building_id", MaybeId), ("stair", MaybeText), ("since", Int), ("until", MaybeInt)];
    table(m, "memberships", &memberships, &["community_id", "id"], &[("person_id", "persons"), ("unit_id", "units"), ("building_id", "buildings")]).await?;
    index(m, "memberships", &["community_id", "person_id"], false).await?;
    index(m, "memberships", &["community_id", "role"], false).await?;
    index(m, "memberships", &["community_id", "unit_id"], false).await?;
    let letters = [
        CID,
        ("id", Id),
        ("unit_id", MaybeId),
        ("person_id", MaybeId),
        ("purpose", Text),
        ("code_digest", Text),
        ("made_by", MaybeId),
        ("made_at", Int),
        ("expires_at", Int),
        ("used_at", MaybeInt),
        ("used_by", MaybeId),
        ("revoked_at", MaybeInt),
    ];
    table(m, "letters", &letters, &["community_id", "id"], &[("unit_id", "units"), ("person_id", "persons")]).await?;
    index(m, "letters", &["code_digest"], true).await?;
    index(m, "letters", &["community_id", "unit_id", "made_at"], false).await?;
    index(m, "letters", &["community_id", "made_at"], false).await?;
    index(m, "letters", &["community_id", "purpose", "made_at"], false).await?;
    index(m, "letters", &["community_id", "made_by", "made_at"], false).await?;
    index(m, "letters", &["person_id"], false).await?;
    let imports = [CID, ("id", Id), ("made_by", Id), ("made_at", Int), ("file_name", Text), ("rows", Text), ("confirmed_at", MaybeInt)];
    table(m, "imports", &imports, &["community_id", "id"], &[]).await
}

async fn places(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    table(
        m,
        "places",
        &[CID, ("id", Id), ("name", Text), ("kind", Text), ("building_id", MaybeId), ("x", Int), ("y", Int), ("ordinal", Int)],
        &["community_id", "id"],
        &[("building_id", "buildings")],
    )
    .await?;
    table(m, "facilities", &[CID, ("id", Id), ("place_id", Id), ("name", Text), ("category", Text), ("ordinal", Int)], &["community_id", "id"], &[("place_id", "places")]).await?;
    index(m, "facilities", &["community_id", "place_id"], false).await?;
    table(
        m,
        "tags",
        &[CID, ("code", Text), ("place_id", Id), ("facility_id", MaybeId), ("made_at", Int), ("retired_at", MaybeInt)],
        &["community_id", "code"],
        &[("place_id", "places"), ("facility_id", "facilities")],
    )
    .await?;
    index(m, "tags", &["code"], true).await?;
    index(m, "tags", &["community_id", "place_id"], false).await?;
    let photos = [CID, ("id", Id), ("digest", Text), ("width", Int), ("height", Int), ("bytes", Int), ("uploader", MaybeId), ("created_at", Int), ("attached_at", MaybeInt)];
    table(m, "photos", &photos, &["community_id", "id"], &[]).await?;
    index(m, "photos", &["id"], true).await?;
    index(m, "photos", &["community_id", "digest"], false).await?;
    index(m, "photos", &["attached_at", "created_at"], false).await
}

async fn tickets(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let tickets = [
        CID,
        ("id", Id),
        ("number", Text),
        ("version", Int),
        ("tag", MaybeText),
        ("place_id", Id),
        ("facility_id", MaybeId),
        ("building_id", MaybeId),
        ("spot", Text),
        ("category", Text),
        ("urgent", Bool),
        ("title", Text),
        ("text", Text),
        ("fingerprint", Text),
        ("state", Text),
        ("resume_to", MaybeText),
        ("open", Bool),
        ("visibility", Text),
        ("hidden_reason", MaybeText),
        ("reporter_id", MaybeId),
        ("reporter_unit", MaybeId),
        // Reported by the property company, which does not judge its own work.
        ("by_staff", Bool),
        ("contact", MaybeText),
        ("part", Text),
        ("assignee_id", MaybeId),
        ("households", Int),
        ("created_at", Int),
        // What "taken on" and "on site" are counted from, and from when after-photos count.
        ("clock_start", Int),
        ("redone_from", Int),
        // The clock stands still since then, and so long in all.
        ("stopped_at", MaybeInt),
        ("stopped_total", Int),
        ("due_at", MaybeInt),
        ("promised_at", Int),
        ("scheduled_at", MaybeInt),
        // The first time stays; the last one goes when it is done again.
        ("first_finished_at", MaybeInt),
        ("finished_at", MaybeInt),
        ("reason", MaybeText),
        ("quote_id", MaybeId),
        ("quote_total", MaybeInt),
        ("open_tier", MaybeText),
        ("stars", MaybeInt),
        ("rating_words", MaybeText),
        ("merged_into", MaybeId),
        ("first_photo", MaybeId),
        ("after_photo", MaybeId),
        ("changed_at", Int),
    ];
    table(m, "tickets", &tickets, &["community_id", "id"], &[("place_id", "places"), ("reporter_id", "persons"), ("assignee_id", "persons")]).await?;
    index(m, "tickets", &["community_id", "number"], true).await?;
    // SQLite takes any first column for a good one to search by, though here it is the same for all. So an index must
    // name every column that its question does, or else the whole community is read; `tests/stories/plans.rs` looks.
    for columns in [
        // The board: newest first, with each filter.
        &["community_id", "visibility", "created_at", "id"][..],
        &["community_id", "visibility", "open", "created_at", "id"],
        &["community_id", "visibility", "state", "created_at", "id"],
        &["community_id", "visibility", "category", "created_at", "id"],
        &["community_id", "visibility", "urgent", "created_at", "id"],
        &["community_id", "visibility", "building_id", "created_at", "id"],
        // The month's numbers.
        &["community_id", "created_at"],
        // The desks.
        &["community_id", "open", "due_at"],
        &["community_id", "state", "created_at"],
        // The same spot, the same person, the same report.
        &["community_id", "place_id", "open"],
        &["community_id", "tag", "open"],
        &["community_id", "reporter_id", "created_at"],
        &["community_id", "fingerprint"],
    ] {
        index(m, "tickets", columns, false).await?;
    }
    // What a new report does not have yet costs it nothing.
    for (columns, set) in
        [(&["community_id", "stopped_at"][..], "stopped_at"), (&["community_id", "assignee_id", "open"], "assignee_id"), (&["community_id", "merged_into"], "merged_into")]
    {
        index_where_set(m, "tickets", columns, set).await?;
    }
    table(
        m,
        "ticket_photos",
        &[CID, ("ticket_id", Id), ("photo_id", Id), ("spot", Int), ("after", Bool), ("at", Int)],
        &["community_id", "ticket_id", "photo_id"],
        &[("ticket_id", "tickets"), ("photo_id", "photos")],
    )
    .await?;
    index(m, "ticket_photos", &["community_id", "photo_id", "ticket_id"], false).await?;
    let quotes = [
        CID,
        ("id", Id),
        ("ticket_id", Id),
        ("lines", Text),
        ("total", Int),
        // What was approved for the same spot before, and was added to it to find the tier.
        ("earlier", Int),
        ("tier", Text),
        ("made_by", MaybeId),
        ("made_at", Int),
        ("approved", MaybeInt),
        ("decided_by", MaybeId),
        ("decided_at", MaybeInt),
        ("reason", MaybeText),
    ];
    table(m, "quotes", &quotes, &["community_id", "id"], &[("ticket_id", "tickets")]).await?;
    index(m, "quotes", &["community_id", "ticket_id"], false).await?;
    index(m, "quotes", &["community_id", "decided_at"], false).await?;
    table(
        m,
        "me_toos",
        &[CID, ("ticket_id", Id), ("unit_id", Id), ("person_id", Id), ("at", Int)],
        &["community_id", "ticket_id", "unit_id"],
        &[("ticket_id", "tickets"), ("unit_id", "units")],
    )
    .await?;
    index(m, "me_toos", &["community_id", "unit_id", "ticket_id"], false).await?;
    table(
        m,
        "comments",
        &[CID, ("id", Id), ("ticket_id", Id), ("person_id", Id), ("text", Text), ("at", Int), ("hidden_reason", MaybeText)],
        &["community_id", "id"],
        &[("ticket_id", "tickets"), ("person_id", "persons")],
    )
    .await?;
    index(m, "comments", &["community_id", "ticket_id", "at"], false).await?;
    table(
        m,
        "ticket_views",
        &[CID, ("person_id", Id), ("ticket_id", Id), ("seen_at", Int)],
        &["community_id", "person_id", "ticket_id"],
        &[("person_id", "persons"), ("ticket_id", "tickets")],
    )
    .await
}

async fn ledger(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let events = [
        CID,
        ("seq", Int),
        ("at", Int),
        ("subject_kind", Text),
        ("subject", Id),
        ("actor", MaybeId),
        ("role", MaybeText),
        ("mutation", MaybeId),
        ("body", Text),
        ("words", MaybeText),
        ("hash", Text),
    ];
    table(m, "events", &events, &["community_id", "seq"], &[]).await?;
    index(m, "events", &["community_id", "subject", "seq"], false).await?;
    table(m, "event_heads", &[CID, ("seq", Int), ("hash", Text), ("tickets", Int)], &["community_id"], &[]).await?;
    let applied = [CID, ("id", Id), ("kind", Text), ("digest", Text), ("person_id", MaybeId), ("receipt", Text), ("at", Int)];
    table(m, "applied_mutations", &applied, &["community_id", "id"], &[]).await
}
