//! Tables of conversions. The columns are explained in the migration.
#![expect(missing_docs, reason = "the columns mirror the migration, which explains them")]

/// A proposal.
pub mod conversions {
    use sea_orm::entity::prelude::*;

    /// A proposal.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "conversions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub version: i64,
        pub stage: String,
        pub title: String,
        pub words: String,
        pub changes: String,
        pub trees: bool,
        pub application: String,
        pub before: String,
        pub after: String,
        pub vote: String,
        pub proposed_by: Option<Uuid>,
        pub at: i64,
        pub published_at: Option<i64>,
        pub decided_at: Option<i64>,
        pub carried_at: Option<i64>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
