//! Tables of bays. The columns are explained in the migration.
#![expect(missing_docs, reason = "the columns mirror the migration, which explains them")]

/// A bay.
pub mod bays {
    use sea_orm::entity::prelude::*;

    /// A bay.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bay")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub code: String,
        pub version: i64,
        pub kind: String,
        pub original_planned: bool,
        pub accessible: bool,
        pub ev: bool,
        pub area: String,
        pub x: Option<i64>,
        pub y: Option<i64>,
        pub state: String,
        pub unit_id: Option<Uuid>,
        pub photo_id: Option<Uuid>,
        pub note: String,
        pub freed: bool,
        pub created_at: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What became of a bay.
pub mod changes {
    use sea_orm::entity::prelude::*;

    /// What became of a bay.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bay_change")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub bay_id: Uuid,
        pub at: i64,
        pub by_id: Option<Uuid>,
        pub before: String,
        pub after: String,
        pub reason: String,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An uploaded list, until it is confirmed.
pub mod imports {
    use sea_orm::entity::prelude::*;

    /// An uploaded list.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bay_import")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub by_id: Uuid,
        pub at: i64,
        pub lines: String,
        pub confirmed_at: Option<i64>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
