//! Tables of parking. The columns are explained in the migration.
#![expect(missing_docs, reason = "the columns mirror the migration, which explains them")]

/// A car.
pub mod vehicles {
    use sea_orm::entity::prelude::*;

    /// A car.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_vehicles")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub unit_id: Option<Uuid>,
        pub person_id: Option<Uuid>,
        pub plate: String,
        pub ev: bool,
        pub contact: String,
        pub photo_id: Option<Uuid>,
        pub state: String,
        pub words: String,
        pub at: i64,
        pub by_id: Option<Uuid>,
        pub checked_at: Option<i64>,
        pub checked_by: Option<Uuid>,
        pub gone: i64,
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
    #[sea_orm(table_name = "parking_rounds")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub title: String,
        pub version: i64,
        pub stage: String,
        pub rules: String,
        pub opened_at: i64,
        pub by_id: Option<Uuid>,
        pub apply_until: i64,
        pub objections_until: Option<i64>,
        pub public_name: String,
        pub public_at: i64,
        pub postponed: String,
        pub list_version: i64,
        pub list_hash: String,
        pub public: String,
        pub seed: String,
        pub drawn_at: Option<i64>,
        pub closed_at: Option<i64>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A bay of a round.
pub mod round_bays {
    use sea_orm::entity::prelude::*;

    /// A bay of a round.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_round_bays")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub bay_id: Uuid,
        pub code: String,
        pub area: String,
        pub kind: String,
        pub planned: bool,
        pub lease_id: Option<Uuid>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A version of a list.
pub mod lists {
    use sea_orm::entity::prelude::*;

    /// A version of a list.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_lists")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        pub body: String,
        pub hash: String,
        pub at: i64,
        pub note: String,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A party of a draw.
pub mod parties {
    use sea_orm::entity::prelude::*;

    /// A party of a draw.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_parties")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub party: String,
        pub commitment: String,
        pub at: i64,
        pub by_id: Uuid,
        pub nonce: Option<String>,
        pub revealed_at: Option<i64>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An application.
pub mod applications {
    use sea_orm::entity::prelude::*;

    /// An application.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_applications")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub round_id: Uuid,
        pub holder: String,
        pub band: i64,
        pub code: String,
        pub unit_id: Option<Uuid>,
        pub person_id: Option<Uuid>,
        pub vehicle_id: Uuid,
        pub ev: bool,
        pub card: bool,
        pub card_seen: bool,
        pub paper: bool,
        pub live: bool,
        pub version: i64,
        pub at: i64,
        pub wait: i64,
        pub verdict: Option<String>,
        pub place: Option<i64>,
        pub rank_key: String,
        pub kind: Option<String>,
        pub outcome: Option<String>,
        pub offered_at: Option<i64>,
        pub offer_until: Option<i64>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was typed from paper.
pub mod papers {
    use sea_orm::entity::prelude::*;

    /// What was typed from paper.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_papers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub holder: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub band: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub body: String,
        pub at: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An objection.
pub mod objections {
    use sea_orm::entity::prelude::*;

    /// An objection.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_objections")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub round_id: Uuid,
        pub application_id: Uuid,
        pub words: String,
        pub by_id: Uuid,
        pub at: i64,
        pub upheld: Option<i64>,
        pub answer: String,
        pub answered_at: Option<i64>,
        pub answered_by: Option<Uuid>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A lease or a pass.
pub mod leases {
    use sea_orm::entity::prelude::*;

    /// A lease or a pass.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_leases")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub number: String,
        pub version: i64,
        pub round_id: Option<Uuid>,
        pub application_id: Option<Uuid>,
        pub kind: String,
        pub bay_id: Option<Uuid>,
        pub bay_code: String,
        pub holder: String,
        pub unit_id: Option<Uuid>,
        pub person_id: Option<Uuid>,
        pub vehicle_id: Uuid,
        pub months: i64,
        pub fee: i64,
        pub from_at: i64,
        pub until: i64,
        pub paid_until: i64,
        pub state: String,
        pub ended_at: Option<i64>,
        pub why: String,
        pub notice_at: Option<i64>,
        pub notice_until: Option<i64>,
        pub notice_why: String,
        pub appeal_at: Option<i64>,
        pub appeal_words: String,
        pub ruling: Option<i64>,
        pub ruling_words: String,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A payment.
pub mod payments {
    use sea_orm::entity::prelude::*;

    /// A payment.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_payments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub lease_id: Uuid,
        pub amount: i64,
        pub months: i64,
        pub from_at: i64,
        pub until: i64,
        pub voucher: String,
        pub at: i64,
        pub by_id: Option<Uuid>,
        pub reversed: bool,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A proposal to change bays.
pub mod swaps {
    use sea_orm::entity::prelude::*;

    /// A proposal to change bays.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_swaps")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub lease_a: Uuid,
        pub lease_b: Uuid,
        pub by_id: Uuid,
        pub at: i64,
        pub agreed: Option<i64>,
        pub answered_at: Option<i64>,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An uploaded list.
pub mod imports {
    use sea_orm::entity::prelude::*;

    /// An uploaded list.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_imports")]
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

/// What a side read in the announcement of the public value.
pub mod readings {
    use sea_orm::entity::prelude::*;

    /// A reading: the last one that the side entered.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "parking_readings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub community_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub side: String,
        pub value: String,
        pub by_id: Uuid,
        pub at: i64,
    }

    /// No relations: rooms join by hand, community first.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
