//! Tables of common income. The columns are explained in the migration.
#![expect(missing_docs, reason = "the columns mirror the migration, which explains them")]

/// An entry of the ledger.
pub mod income_entries {
    use sea_orm::entity::prelude::*;

    /// An entry of the ledger.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "income_entries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub line: String,
        pub out: bool,
        pub amount: i64,
        pub words: String,
        pub voucher: String,
        pub photo_id: Option<Uuid>,
        pub quarter: String,
        pub at: i64,
        pub by_id: Option<Uuid>,
        pub reverses: Option<Uuid>,
        pub reversed_by: Option<Uuid>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A published quarter.
pub mod income_quarters {
    use sea_orm::entity::prelude::*;

    /// A published quarter.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "income_quarters")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub quarter: String,
        pub published_at: i64,
        pub by_id: Option<Uuid>,
        pub income: i64,
        pub spent: i64,
        pub entries: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
