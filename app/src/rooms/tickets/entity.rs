//! Tables of tickets and what hangs on them. The columns are explained in the migration.
#![expect(missing_docs, reason = "the columns mirror the migration, which explains them")]

/// A ticket.
pub mod tickets {
    use sea_orm::entity::prelude::*;

    /// A ticket.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "tickets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub version: i64,
        pub tag: Option<String>,
        pub place_id: Uuid,
        pub facility_id: Option<Uuid>,
        pub building_id: Option<Uuid>,
        pub spot: String,
        pub category: String,
        pub urgent: bool,
        pub title: String,
        pub text: String,
        pub fingerprint: String,
        pub state: String,
        pub resume_to: Option<String>,
        pub open: bool,
        pub visibility: String,
        pub hidden_reason: Option<String>,
        pub reporter_id: Option<Uuid>,
        pub reporter_unit: Option<Uuid>,
        pub by_staff: bool,
        pub contact: Option<String>,
        pub part: String,
        pub assignee_id: Option<Uuid>,
        pub households: i64,
        pub created_at: i64,
        pub clock_start: i64,
        pub redone_from: i64,
        pub stopped_at: Option<i64>,
        pub stopped_total: i64,
        pub due_at: Option<i64>,
        pub promised_at: i64,
        pub scheduled_at: Option<i64>,
        pub arrived_at: Option<i64>,
        pub first_finished_at: Option<i64>,
        pub finished_at: Option<i64>,
        pub reason: Option<String>,
        pub quote_id: Option<Uuid>,
        pub quote_total: Option<i64>,
        pub open_tier: Option<String>,
        pub stars: Option<i64>,
        pub rating_words: Option<String>,
        pub merged_into: Option<Uuid>,
        pub first_photo: Option<Uuid>,
        pub after_photo: Option<Uuid>,
        pub changed_at: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A photo on a ticket.
pub mod ticket_photos {
    use sea_orm::entity::prelude::*;

    /// A photo on a ticket.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ticket_photos")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub ticket_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub photo_id: Uuid,
        pub spot: i64,
        pub after: bool,
        pub at: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A quote.
pub mod quotes {
    use sea_orm::entity::prelude::*;

    /// A quote.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "quotes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub ticket_id: Uuid,
        pub lines: String,
        pub total: i64,
        pub earlier: i64,
        pub tier: String,
        pub made_by: Option<Uuid>,
        pub made_at: i64,
        pub approved: Option<i64>,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<i64>,
        pub reason: Option<String>,
        pub offers: Option<String>,
        pub recommended: Option<i64>,
        pub why: Option<String>,
        pub emergency: Option<String>,
        pub grounds: Option<String>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A household that met it too.
pub mod me_toos {
    use sea_orm::entity::prelude::*;

    /// A household that met it too.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "me_toos")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub ticket_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        pub person_id: Uuid,
        pub at: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Words under a ticket.
pub mod comments {
    use sea_orm::entity::prelude::*;

    /// Words under a ticket.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "comments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub ticket_id: Uuid,
        pub person_id: Uuid,
        pub text: String,
        pub at: i64,
        pub hidden_reason: Option<String>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// When a person last looked at a ticket.
pub mod ticket_views {
    use sea_orm::entity::prelude::*;

    /// When a person last looked at a ticket.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "ticket_views")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub ticket_id: Uuid,
        pub seen_at: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The final bill of a ticket.
pub mod bills {
    use sea_orm::entity::prelude::*;

    /// The final bill of a ticket.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bills")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub ticket_id: Uuid,
        pub lines: String,
        pub total: i64,
        pub approved: i64,
        pub at: i64,
        pub by_id: Option<Uuid>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What an item cost.
pub mod prices {
    use sea_orm::entity::prelude::*;

    /// What an item cost.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "prices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub item: String,
        pub name: String,
        pub unit_price: i64,
        pub at: i64,
        pub ticket_id: Uuid,
        pub settled: bool,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
