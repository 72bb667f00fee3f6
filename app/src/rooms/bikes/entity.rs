//! Tables of bikes. The columns are explained in the migration.
#![expect(missing_docs, reason = "the columns mirror the migration, which explains them")]

/// A garage or charging area.
pub mod garages {
    use sea_orm::entity::prelude::*;

    /// A garage or charging area.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bike_garages")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub place_id: Uuid,
        pub version: i64,
        pub spaces: i64,
        pub note: String,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A charging socket.
pub mod sockets {
    use sea_orm::entity::prelude::*;

    /// A charging socket.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bike_sockets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub garage_id: Uuid,
        pub n: i64,
        pub version: i64,
        pub state: String,
        pub reason: String,
        pub changed_at: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A registered e-bike.
pub mod bikes {
    use sea_orm::entity::prelude::*;

    /// A registered e-bike.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bikes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub tag: String,
        pub unit_id: Uuid,
        pub person_id: Option<Uuid>,
        pub garage_id: Option<Uuid>,
        pub words: String,
        pub plate: String,
        pub at: i64,
        pub ended_at: Option<i64>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A notice on a bike.
pub mod notices {
    use sea_orm::entity::prelude::*;

    /// A notice on a bike.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bike_notices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub version: i64,
        pub garage_id: Uuid,
        pub bike_id: Option<Uuid>,
        pub words: String,
        pub photos: String,
        pub stage: String,
        pub at: i64,
        pub until_at: i64,
        pub claimed_at: Option<i64>,
        pub claimed_by: Option<Uuid>,
        pub claim: String,
        pub disposed_at: Option<i64>,
        pub disposed_by: Option<Uuid>,
        pub disposal: String,
        pub disposal_photos: String,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
