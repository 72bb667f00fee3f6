//! Tables of committee decisions. The columns are explained in the migration.
#![expect(missing_docs, reason = "the columns mirror the migration, which explains them")]

/// A matter.
pub mod matters {
    use sea_orm::entity::prelude::*;

    /// A matter.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "matters")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub about: String,
        pub subject_id: Uuid,
        pub subject_number: String,
        pub title: String,
        pub amount: i64,
        pub form: String,
        pub state: String,
        pub cause: Option<String>,
        pub opened_at: i64,
        pub meeting_at: Option<i64>,
        pub meeting_place: Option<String>,
        pub decided_at: Option<i64>,
        pub published_at: Option<i64>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A member on the roll of a matter.
pub mod matter_members {
    use sea_orm::entity::prelude::*;

    /// A member on the roll of a matter.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "matter_members")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub matter_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub role: String,
        pub excluded: Option<String>,
        pub conflict: Option<i64>,
        pub interest: String,
        pub present: Option<i64>,
        pub word: Option<i64>,
        pub reason: String,
        pub word_at: Option<i64>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
