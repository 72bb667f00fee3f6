//! Tables of projects. The columns are explained in the migration.
#![expect(missing_docs, reason = "the columns mirror the migration, which explains them")]

/// A project.
pub mod projects {
    use sea_orm::entity::prelude::*;

    /// A project.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "projects")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub title: String,
        pub version: i64,
        pub stage: String,
        pub plan: String,
        pub source: String,
        pub use_id: Option<Uuid>,
        pub budget: i64,
        pub contract: Option<String>,
        pub contracted: Option<i64>,
        pub proposer_id: Option<Uuid>,
        pub shown_since: Option<i64>,
        pub contracted_at: Option<i64>,
        pub finished_at: Option<i64>,
        pub accepted_at: Option<i64>,
        pub created_at: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A seat in a working group.
pub mod project_seats {
    use sea_orm::entity::prelude::*;

    /// A seat in a working group.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "project_seats")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub project_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub party: String,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A milestone.
pub mod project_milestones {
    use sea_orm::entity::prelude::*;

    /// A milestone.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "project_milestones")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub project_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub n: i64,
        pub name: String,
        pub due: String,
        pub share: i64,
        pub done_at: Option<i64>,
        pub words: String,
        pub photos: String,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An inspection.
pub mod project_inspections {
    use sea_orm::entity::prelude::*;

    /// An inspection.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "project_inspections")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project_id: Uuid,
        pub n: i64,
        pub milestone: Option<i64>,
        pub at: i64,
        pub items: String,
        pub words: String,
        pub photos: String,
        pub failed: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A signature.
pub mod project_signatures {
    use sea_orm::entity::prelude::*;

    /// A signature.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "project_signatures")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project_id: Uuid,
        pub inspection_id: Option<Uuid>,
        pub person_id: Uuid,
        pub party: String,
        pub at: i64,
        pub words: String,
        pub void: bool,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A defect.
pub mod project_defects {
    use sea_orm::entity::prelude::*;

    /// A defect.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "project_defects")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project_id: Uuid,
        pub inspection_id: Uuid,
        pub item: i64,
        pub note: String,
        pub opened_at: i64,
        pub due_at: i64,
        pub mended_at: Option<i64>,
        pub mended_words: String,
        pub photos: String,
        pub closed_at: Option<i64>,
        pub closed_by: Option<Uuid>,
        pub closed_party: String,
        pub closed_words: String,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A payment.
pub mod project_payments {
    use sea_orm::entity::prelude::*;

    /// A payment.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "project_payments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project_id: Uuid,
        pub n: i64,
        pub milestone: Option<i64>,
        pub amount: i64,
        pub at: i64,
        pub by_id: Option<Uuid>,
        pub words: String,
        pub voucher: String,
        pub photo_id: Option<Uuid>,
        pub entry: Option<String>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A step that was taken.
pub mod project_steps {
    use sea_orm::entity::prelude::*;

    /// A step that was taken.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "project_steps")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub project_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub n: i64,
        pub step: String,
        pub at: i64,
        pub by_id: Option<Uuid>,
        pub role: Option<String>,
        pub paper: String,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
