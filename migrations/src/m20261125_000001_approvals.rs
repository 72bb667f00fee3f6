//! Committee decisions; offers side by side, final bills, and what things cost before.

use crate::tables::Is::{Bool, Id, Int, MaybeInt, MaybeText, Text};
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
        matters(m).await?;
        costs(m).await?;
        // A message for everybody whose role reads that rung, about a decision of the committee.
        table(m, "notices", &[CID, ("id", Id), ("at", Int), ("rung", Text), ("matter_id", Id)], &["community_id", "id"], &[("matter_id", "matters")]).await?;
        index(m, "notices", &["community_id", "rung", "at"], false).await
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Err(DbErr::Custom("what was decided is not undone: restore a backup instead".into()))
    }
}

async fn matters(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    // A matter before the committee. Its id is that of the quote, or of the use of the fund, that it decides; `subject_id`
    // is the ticket or the use. `title` holds nothing that a reporter wrote. `cause` says why it went to the owners.
    let matters = [
        CID,
        ("id", Id),
        ("number", Text),
        ("about", Text),
        ("subject_id", Id),
        ("subject_number", Text),
        ("title", Text),
        ("amount", Int),
        ("form", Text),
        ("state", Text),
        ("cause", MaybeText),
        ("opened_at", Int),
        ("meeting_at", MaybeInt),
        ("meeting_place", MaybeText),
        ("decided_at", MaybeInt),
        ("published_at", MaybeInt),
    ];
    table(m, "matters", &matters, &["community_id", "id"], &[]).await?;
    index(m, "matters", &["community_id", "number"], true).await?;
    index(m, "matters", &["community_id", "opened_at", "id"], false).await?;
    index(m, "matters", &["community_id", "state", "opened_at"], false).await?;
    // What the committee decided since the beginning of the year.
    index(m, "fund_uses", &["community_id", "decider", "resolved_at"], false).await?;
    // The roll, frozen when the matter opened. `excluded` says why somebody is out without their own declaration; `conflict`
    // (with `interest`), `present` and `word` are 1, 0, or nothing so far.
    let members = [
        CID,
        ("matter_id", Id),
        ("person_id", Id),
        ("role", Text),
        ("excluded", MaybeText),
        ("conflict", MaybeInt),
        ("interest", Text),
        ("present", MaybeInt),
        ("word", MaybeInt),
        ("reason", Text),
        ("word_at", MaybeInt),
    ];
    table(m, "matter_members", &members, &["community_id", "matter_id", "person_id"], &[("matter_id", "matters"), ("person_id", "persons")]).await
}

async fn costs(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    // Offers as JSON, the recommended one and why; the case of an emergency with its paper; the numbers by which its tier
    // was found.
    for (column, integer) in [("offers", false), ("recommended", true), ("why", false), ("emergency", false), ("grounds", false)] {
        let mut definition = ColumnDef::new(Alias::new(column));
        let definition = if integer { definition.big_integer() } else { definition.text() };
        m.alter_table(Table::alter().table(Alias::new("quotes")).add_column(definition.null()).to_owned()).await?;
    }
    // The final bill 结算 of a ticket; the last one entered stands. `approved` is what it was held against.
    let bills = [CID, ("ticket_id", Id), ("lines", Text), ("total", Int), ("approved", Int), ("at", Int), ("by_id", crate::tables::Is::MaybeId)];
    table(m, "bills", &bills, &["community_id", "ticket_id"], &[("ticket_id", "tickets")]).await?;
    // What an item (by its one spelling) cost: approved, or settled.
    let prices = [CID, ("id", Id), ("item", Text), ("name", Text), ("unit_price", Int), ("at", Int), ("ticket_id", Id), ("settled", Bool)];
    table(m, "prices", &prices, &["community_id", "id"], &[("ticket_id", "tickets")]).await?;
    index(m, "prices", &["community_id", "item", "at"], false).await?;
    index(m, "prices", &["community_id", "at"], false).await?;
    index(m, "prices", &["community_id", "ticket_id"], false).await
}
