//! Tables of the maintenance fund. The columns are explained in the migration.
#![expect(missing_docs, reason = "the columns mirror the migration, which explains them")]

/// An account that belongs to nobody alone.
pub mod fund_accounts {
    use sea_orm::entity::prelude::*;

    /// An account that belongs to nobody alone.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_accounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub balance: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A building's account.
pub mod fund_buildings {
    use sea_orm::entity::prelude::*;

    /// A building's account.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_buildings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub building_id: Uuid,
        pub initial: i64,
        pub balance: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A household's account.
pub mod fund_units {
    use sea_orm::entity::prelude::*;

    /// A household's account.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_units")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        pub building_id: Uuid,
        pub initial: i64,
        pub balance: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An entry.
pub mod fund_entries {
    use sea_orm::entity::prelude::*;

    /// An entry.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_entries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub kind: String,
        pub at: i64,
        pub by_id: Option<Uuid>,
        pub words: String,
        pub overdrawn: Option<String>,
        pub use_id: Option<Uuid>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An entry's line.
pub mod fund_lines {
    use sea_orm::entity::prelude::*;

    /// An entry's line.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_lines")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub entry_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account: String,
        pub at: i64,
        pub change: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a household got or gave.
pub mod fund_unit_lines {
    use sea_orm::entity::prelude::*;

    /// What a household got or gave.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_unit_lines")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub entry_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        pub at: i64,
        pub change: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An uploaded list of opening balances.
pub mod fund_imports {
    use sea_orm::entity::prelude::*;

    /// An uploaded list of opening balances.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_imports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub by_id: Uuid,
        pub at: i64,
        pub rows: String,
        pub confirmed_at: Option<i64>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A use of the fund.
pub mod fund_uses {
    use sea_orm::entity::prelude::*;

    /// A use of the fund.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_uses")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub title: String,
        pub version: i64,
        pub stage: String,
        pub path: String,
        pub decider: String,
        pub scope: String,
        pub outline: String,
        pub budget: i64,
        pub contracted: Option<i64>,
        pub audited: Option<i64>,
        pub proposer_id: Option<Uuid>,
        pub proof: bool,
        pub shown_since: Option<i64>,
        pub resolved_at: Option<i64>,
        pub district_at: Option<i64>,
        pub created_at: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A step that was taken.
pub mod fund_steps {
    use sea_orm::entity::prelude::*;

    /// A step that was taken.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_steps")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub use_id: Uuid,
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

/// A unit's share.
pub mod fund_shares {
    use sea_orm::entity::prelude::*;

    /// A unit's share.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_shares")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub use_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        pub area: i64,
        pub share: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a unit's owners said.
pub mod fund_opinions {
    use sea_orm::entity::prelude::*;

    /// What a unit's owners said.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fund_opinions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub use_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        pub agrees: bool,
        pub words: String,
        pub person_id: Uuid,
        pub at: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
