//! Parking 停车: cars, rounds, applications, lists, objections, commitments, leases, payments.

use crate::tables::Is::{Bool, Id, Int, MaybeId, MaybeInt, MaybeText, Text};
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
        rounds(m).await?;
        applications(m).await?;
        leases(m).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("draws and leases are not undone: restore a backup instead".into()))
    }
}

async fn rounds(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    // A car. `unit_id` is empty for somebody from outside, whose name and phone are `contact`; `gone` is 0 while it is
    // registered and the moment of its removal afterwards, so that a plate is registered once at a time.
    let vehicles = [
        CID,
        ("id", Id),
        ("unit_id", MaybeId),
        ("person_id", MaybeId),
        ("plate", Text),
        ("ev", Bool),
        ("contact", Text),
        ("photo_id", MaybeId),
        ("state", Text),
        ("words", Text),
        ("at", Int),
        ("by_id", MaybeId),
        ("checked_at", MaybeInt),
        ("checked_by", MaybeId),
        ("gone", Int),
    ];
    table(m, "parking_vehicles", &vehicles, &["community_id", "id"], &[("unit_id", "units"), ("person_id", "persons")]).await?;
    index(m, "parking_vehicles", &["community_id", "plate", "gone"], true).await?;
    index(m, "parking_vehicles", &["community_id", "unit_id"], false).await?;
    index(m, "parking_vehicles", &["community_id", "state", "at"], false).await?;
    // A round. `rules` are published with it and frozen; `number` enters every hash; `postponed` is JSON: which
    // public value was named before, when it was to exist, why that changed.
    let rounds = [
        CID,
        ("id", Id),
        ("number", Text),
        ("title", Text),
        ("version", Int),
        ("stage", Text),
        ("rules", Text),
        ("opened_at", Int),
        ("by_id", MaybeId),
        ("apply_until", Int),
        ("objections_until", MaybeInt),
        ("public_name", Text),
        ("public_at", Int),
        ("postponed", Text),
        ("list_version", Int),
        ("list_hash", Text),
        ("public", Text),
        ("seed", Text),
        ("drawn_at", MaybeInt),
        ("closed_at", MaybeInt),
    ];
    table(m, "parking_rounds", &rounds, &["community_id", "id"], &[]).await?;
    index(m, "parking_rounds", &["community_id", "number"], true).await?;
    index(m, "parking_rounds", &["community_id", "opened_at"], false).await?;
    // The bays of a round, as they were when it was opened; `lease_id` is who has it.
    let bays = [CID, ("round_id", Id), ("bay_id", Id), ("code", Text), ("area", Text), ("kind", Text), ("planned", Bool), ("lease_id", MaybeId)];
    table(m, "parking_round_bays", &bays, &["community_id", "round_id", "bay_id"], &[("round_id", "parking_rounds"), ("bay_id", "bay")]).await?;
    index(m, "parking_round_bays", &["community_id", "bay_id"], false).await?;
    // A version of the frozen list; every one stays.
    let lists = [CID, ("round_id", Id), ("version", Int), ("body", Text), ("hash", Text), ("at", Int), ("note", Text)];
    table(m, "parking_lists", &lists, &["community_id", "round_id", "version"], &[("round_id", "parking_rounds")]).await?;
    // A party of a draw. `nonce` is empty until it reveals.
    let parties = [CID, ("round_id", Id), ("party", Text), ("commitment", Text), ("at", Int), ("by_id", Id), ("nonce", MaybeText), ("revealed_at", MaybeInt)];
    table(m, "parking_parties", &parties, &["community_id", "round_id", "party"], &[("round_id", "parking_rounds"), ("by_id", "persons")]).await
}

async fn applications(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    // An application. `holder` is the unit's id, or the plate of a car from outside: one of each for a round and band; `code`
    // names it in the list; `card` is what the applicant says of a disability card, `card_seen` what the desk saw; `verdict`
    // is empty until the list is frozen; `place`, `rank_key` and `kind` come from the draw.
    let applications = [
        CID,
        ("id", Id),
        ("round_id", Id),
        ("holder", Text),
        ("band", Int),
        ("code", Text),
        ("unit_id", MaybeId),
        ("person_id", MaybeId),
        ("vehicle_id", Id),
        ("ev", Bool),
        ("card", Bool),
        ("card_seen", Bool),
        ("paper", Bool),
        ("live", Bool),
        ("version", Int),
        ("at", Int),
        ("wait", Int),
        ("verdict", MaybeText),
        ("place", MaybeInt),
        ("rank_key", Text),
        ("kind", MaybeText),
        ("outcome", MaybeText),
        ("offered_at", MaybeInt),
        ("offer_until", MaybeInt),
    ];
    let refs = [("round_id", "parking_rounds"), ("unit_id", "units"), ("person_id", "persons"), ("vehicle_id", "parking_vehicles")];
    table(m, "parking_applications", &applications, &["community_id", "id"], &refs).await?;
    index(m, "parking_applications", &["community_id", "round_id", "holder", "band"], true).await?;
    index(m, "parking_applications", &["community_id", "round_id", "code"], true).await?;
    index(m, "parking_applications", &["community_id", "holder"], false).await?;
    index(m, "parking_applications", &["community_id", "unit_id"], false).await?;
    // What was typed from paper, by whom; it counts when two agree.
    let papers = [CID, ("round_id", Id), ("holder", Text), ("band", Int), ("person_id", Id), ("body", Text), ("at", Int)];
    table(m, "parking_papers", &papers, &["community_id", "round_id", "holder", "band", "person_id"], &[("round_id", "parking_rounds"), ("person_id", "persons")]).await?;
    // An objection to an application's standing, and its answer.
    let objections = [
        CID,
        ("id", Id),
        ("round_id", Id),
        ("application_id", Id),
        ("words", Text),
        ("by_id", Id),
        ("at", Int),
        ("upheld", MaybeInt),
        ("answer", Text),
        ("answered_at", MaybeInt),
        ("answered_by", MaybeId),
    ];
    table(m, "parking_objections", &objections, &["community_id", "id"], &[("round_id", "parking_rounds"), ("application_id", "parking_applications")]).await?;
    index(m, "parking_objections", &["community_id", "round_id", "at"], false).await
}

async fn leases(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    // A lease of a bay, or a pass without one (then `bay_id` is empty). `notice_*`, `appeal_*` and `ruling_*` are its withdrawal.
    let leases = [
        CID,
        ("id", Id),
        ("number", Text),
        ("version", Int),
        ("round_id", MaybeId),
        ("application_id", MaybeId),
        ("kind", Text),
        ("bay_id", MaybeId),
        ("bay_code", Text),
        ("holder", Text),
        ("unit_id", MaybeId),
        ("person_id", MaybeId),
        ("vehicle_id", Id),
        ("months", Int),
        ("fee", Int),
        ("from_at", Int),
        ("until", Int),
        ("paid_until", Int),
        ("state", Text),
        ("ended_at", MaybeInt),
        ("why", Text),
        ("notice_at", MaybeInt),
        ("notice_until", MaybeInt),
        ("notice_why", Text),
        ("appeal_at", MaybeInt),
        ("appeal_words", Text),
        ("ruling", MaybeInt),
        ("ruling_words", Text),
    ];
    table(m, "parking_leases", &leases, &["community_id", "id"], &[("unit_id", "units"), ("vehicle_id", "parking_vehicles")]).await?;
    index(m, "parking_leases", &["community_id", "number"], true).await?;
    index(m, "parking_leases", &["community_id", "state", "until"], false).await?;
    index(m, "parking_leases", &["community_id", "unit_id"], false).await?;
    index(m, "parking_leases", &["community_id", "bay_id"], false).await?;
    // A payment: its id is that of its entry in the ledger of common income.
    let payments = [
        CID,
        ("id", Id),
        ("lease_id", Id),
        ("amount", Int),
        ("months", Int),
        ("from_at", Int),
        ("until", Int),
        ("voucher", Text),
        ("at", Int),
        ("by_id", MaybeId),
        ("reversed", Bool),
    ];
    table(m, "parking_payments", &payments, &["community_id", "id"], &[("lease_id", "parking_leases")]).await?;
    index(m, "parking_payments", &["community_id", "at"], false).await?;
    index(m, "parking_payments", &["community_id", "lease_id"], false).await?;
    // A proposal to change bays; `agreed` is the other holder's word.
    let swaps = [CID, ("id", Id), ("lease_a", Id), ("lease_b", Id), ("by_id", Id), ("at", Int), ("agreed", MaybeInt), ("answered_at", MaybeInt)];
    table(m, "parking_swaps", &swaps, &["community_id", "id"], &[("lease_a", "parking_leases"), ("lease_b", "parking_leases")]).await?;
    index(m, "parking_swaps", &["community_id", "lease_b"], false).await?;
    // An uploaded list, until it is confirmed: its lines as JSON.
    let imports = [CID, ("id", Id), ("by_id", Id), ("at", Int), ("lines", Text), ("confirmed_at", MaybeInt)];
    table(m, "parking_imports", &imports, &["community_id", "id"], &[]).await
}
