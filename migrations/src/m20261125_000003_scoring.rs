//! Scoring of the property company 物业考核: sheets, rounds, rolls, marks, counts, charges, appeals.

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
        // A sheet of the community's own, as JSON; rounds keep a copy.
        table(m, "scoring_templates", &[CID, ("version", Int), ("body", Text), ("source", Text), ("at", Int), ("by_id", MaybeId)], &["community_id", "version"], &[]).await?;
        // A round. `template` and `numbers` are frozen when it is opened; `extensions` are JSON: until when it ran, until when it
        // runs, why; `first` and `total` are hundredths of a point before and after the appeal, nothing where the round says
        // nothing; `hash` mixes the order in which its sheets are shown.
        let rounds = [
            CID,
            ("id", Id),
            ("number", Text),
            ("half", Text),
            ("version", Int),
            ("stage", Text),
            ("template", Text),
            ("numbers", Text),
            ("retained", Int),
            ("opens_at", Int),
            ("closes_at", Int),
            ("extensions", Text),
            ("closed_at", MaybeInt),
            ("drafted_at", MaybeInt),
            ("appeal_until", MaybeInt),
            ("published_at", MaybeInt),
            ("first", MaybeInt),
            ("first_level", MaybeText),
            ("total", MaybeInt),
            ("level", MaybeText),
            ("hash", MaybeText),
        ];
        table(m, "scoring_rounds", &rounds, &["community_id", "id"], &[]).await?;
        index(m, "scoring_rounds", &["community_id", "number"], true).await?;
        index(m, "scoring_rounds", &["community_id", "opens_at"], false).await?;
        // The roll: who was appointed when the round was opened, in which group, from which house; `conflict` says what ties them
        // to the company.
        let roll = [CID, ("round_id", Id), ("person_id", Id), ("part", Text), ("high_rise", Bool), ("building_id", MaybeId), ("conflict", MaybeText)];
        table(m, "scoring_roll", &roll, &["community_id", "round_id", "person_id"], &[("round_id", "scoring_rounds"), ("person_id", "persons")]).await?;
        // A sheet: one for each round and scorer; what was handed in last stands.
        let sheets = [CID, ("round_id", Id), ("person_id", Id), ("id", Id), ("at", Int), ("version", Int), ("marks", Text)];
        table(m, "scoring_sheets", &sheets, &["community_id", "round_id", "person_id"], &[("round_id", "scoring_rounds"), ("person_id", "persons")]).await?;
        // What was counted for an objective item; of several the last one counts. `own`: by the program.
        let readings = [
            CID,
            ("id", Id),
            ("round_id", Id),
            ("item", Text),
            ("good", Int),
            ("total", Int),
            ("words", Text),
            ("photos", Text),
            ("own", Bool),
            ("by_id", MaybeId),
            ("at", Int),
            ("counts", Bool),
        ];
        table(m, "scoring_readings", &readings, &["community_id", "id"], &[("round_id", "scoring_rounds")]).await?;
        index(m, "scoring_readings", &["community_id", "round_id", "item"], false).await?;
        // A deduction or a veto with its evidence; `discharged` says why it was taken back.
        let charges = [CID, ("id", Id), ("round_id", Id), ("code", Text), ("words", Text), ("photos", Text), ("by_id", MaybeId), ("at", Int), ("discharged", MaybeText)];
        table(m, "scoring_charges", &charges, &["community_id", "id"], &[("round_id", "scoring_rounds")]).await?;
        index(m, "scoring_charges", &["community_id", "round_id", "at"], false).await?;
        // The company's appeal, one for each round, and what three parties say to it.
        let appeals = [CID, ("round_id", Id), ("at", Int), ("words", Text), ("pleas", Text), ("photos", Text), ("by_id", MaybeId)];
        table(m, "scoring_appeals", &appeals, &["community_id", "round_id"], &[("round_id", "scoring_rounds")]).await?;
        let opinions = [CID, ("round_id", Id), ("party", Text), ("upholds", Bool), ("words", Text), ("by_id", MaybeId), ("at", Int)];
        table(m, "scoring_opinions", &opinions, &["community_id", "round_id", "party"], &[("round_id", "scoring_rounds")]).await?;
        // What has to be mended: the ticket that was opened for it, and until when.
        let rectify = [CID, ("round_id", Id), ("ticket_id", Id), ("item", Text), ("words", Text), ("due_at", Int), ("at", Int)];
        table(m, "scoring_rectify", &rectify, &["community_id", "round_id", "ticket_id"], &[("round_id", "scoring_rounds")]).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("scores are not undone: restore a backup instead".into()))
    }
}
