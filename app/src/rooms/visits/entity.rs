//! Tables of visits. The columns are explained in the migration.
#![expect(missing_docs, reason = "the columns mirror the migration, which explains them")]

/// A visitor's pass.
pub mod visits {
    use sea_orm::entity::prelude::*;

    /// A visitor's pass.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "visits")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub code: String,
        pub unit_id: Uuid,
        pub person_id: Option<Uuid>,
        pub day: String,
        pub month: String,
        pub name: String,
        pub plate: String,
        pub at: i64,
        pub used_at: Option<i64>,
        pub used_by: Option<Uuid>,
        pub cancelled_at: Option<i64>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
