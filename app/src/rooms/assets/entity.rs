//! Tables of assets, rounds and checks. The columns are explained in the migration.
#![expect(missing_docs, reason = "the columns mirror the migration, which explains them")]

/// An asset.
pub mod assets {
    use sea_orm::entity::prelude::*;

    /// An asset.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "assets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub version: i64,
        pub kind: String,
        pub state: String,
        pub name: String,
        pub place_id: Uuid,
        pub tag: Option<String>,
        pub serial: String,
        pub model: String,
        pub installed: String,
        pub warranty: String,
        pub replaces: Option<Uuid>,
        pub replaced_by: Option<Uuid>,
        pub checked_at: Option<i64>,
        pub passed: bool,
        pub ticket_id: Option<Uuid>,
        pub created_at: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A round.
pub mod rounds {
    use sea_orm::entity::prelude::*;

    /// A round.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "rounds")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub kind: String,
        pub worker_id: Uuid,
        pub opened_at: i64,
        pub due_at: i64,
        pub closed_at: Option<i64>,
        pub total: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An asset of a round.
pub mod round_stops {
    use sea_orm::entity::prelude::*;

    /// An asset of a round.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "round_stops")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub asset_id: Uuid,
        pub n: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A check.
pub mod checks {
    use sea_orm::entity::prelude::*;

    /// A check.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "checks")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub round_id: Uuid,
        pub asset_id: Uuid,
        pub at: i64,
        pub passed: bool,
        pub reading: Option<i64>,
        pub note: String,
        pub photos: String,
        pub person_id: Option<Uuid>,
        pub ticket_id: Option<Uuid>,
        pub counts: bool,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An uploaded list.
pub mod asset_imports {
    use sea_orm::entity::prelude::*;

    /// An uploaded list.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "asset_imports")]
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
