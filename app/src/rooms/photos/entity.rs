//! The tables of photos; their bytes are in the object store, by digest. The columns are explained in the migration.
#![expect(missing_docs, reason = "the columns mirror the migration, which explains them")]

/// A photo.
pub mod photos {
    use sea_orm::entity::prelude::*;

    /// A photo.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "photos")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub digest: String,
        pub width: i64,
        pub height: i64,
        pub bytes: i64,
        pub uploader: Option<Uuid>,
        pub created_at: i64,
        pub attached_at: Option<i64>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A photo that hangs on a public record.
pub mod open_photos {
    use sea_orm::entity::prelude::*;

    /// A photo that hangs on a public record.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "open_photos")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub photo_id: Uuid,
        pub subject_kind: String,
        pub subject: Uuid,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
