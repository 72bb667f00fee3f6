//! A short way to write tables that mean the same on SQLite and PostgreSQL.

use sea_orm_migration::prelude::*;

/// The column types in use. Times are UTC milliseconds, money is fen, areas are 0.01 m²: all `Int`.
/// Structured values are JSON in `Text`.
#[derive(Clone, Copy)]
pub enum Is {
    /// A UUID.
    Id,
    /// A UUID or nothing.
    MaybeId,
    /// Text.
    Text,
    /// Text or nothing.
    MaybeText,
    /// A 64-bit integer.
    Int,
    /// A 64-bit integer or nothing.
    MaybeInt,
    /// True or false.
    Bool,
}

fn column(name: &str, kind: Is) -> ColumnDef {
    let mut column = ColumnDef::new(Alias::new(name));
    match kind {
        Is::Id | Is::MaybeId => column.uuid(),
        Is::Text | Is::MaybeText => column.text(),
        Is::Int | Is::MaybeInt => column.big_integer(),
        Is::Bool => column.boolean(),
    };
    match kind {
        Is::MaybeId | Is::MaybeText | Is::MaybeInt => column.null(),
        _ => column.not_null(),
    };
    column
}

/// Makes a table. `refs` are (columns, other table): composite keys that point at `(community_id, id)` there.
pub async fn table(manager: &SchemaManager<'_>, name: &str, columns: &[(&str, Is)], key: &[&str], refs: &[(&str, &str)]) -> Result<(), DbErr> {
    let mut create = Table::create();
    create.table(Alias::new(name));
    for (column_name, kind) in columns {
        create.col(column(column_name, *kind));
    }
    let mut primary = Index::create();
    for column in key {
        primary.col(Alias::new(*column));
    }
    create.primary_key(&mut primary);
    // Counters may belong to the installation itself (the nil community), which has no row.
    if key.first() == Some(&"community_id") && name != "counters" {
        create.foreign_key(ForeignKey::create().from(Alias::new(name), Alias::new("community_id")).to(Alias::new("communities"), Alias::new("id")));
    }
    for (column, other) in refs {
        create.foreign_key(
            ForeignKey::create().from(Alias::new(name), (Alias::new("community_id"), Alias::new(*column))).to(Alias::new(*other), (Alias::new("community_id"), Alias::new("id"))),
        );
    }
    manager.create_table(create.to_owned()).await
}

/// Makes an index over `columns` of the rows in which the `set` column is not null: the others cost nothing.
pub async fn index_where_set(manager: &SchemaManager<'_>, table: &str, columns: &[&str], set: &str) -> Result<(), DbErr> {
    let mut create = Index::create();
    create.name(format!("ix_{}_{}", table, columns.join("_"))).table(Alias::new(table)).cond_where(Expr::col(Alias::new(set)).is_not_null());
    for column in columns {
        create.col(Alias::new(*column));
    }
    manager.create_index(create.to_owned()).await
}

/// Makes an index over `columns`.
pub async fn index(manager: &SchemaManager<'_>, table: &str, columns: &[&str], unique: bool) -> Result<(), DbErr> {
    let mut create = Index::create();
    create.name(format!("{}_{}_{}", if unique { "uq" } else { "ix" }, table, columns.join("_"))).table(Alias::new(table));
    for column in columns {
        create.col(Alias::new(*column));
    }
    if unique {
        create.unique();
    }
    manager.create_index(create.to_owned()).await
}
