//! The database schema, one dated file per change. Migrations never import entities: they say what the tables
//! were on their day.

use sea_orm_migration::prelude::{MigrationTrait, async_trait};
pub use sea_orm_migration::prelude::{MigratorTrait, SchemaManager};

mod m20261123_000001_foundation;
mod m20261124_000001_open_photos;
mod m20261124_000002_fund;
mod m20261124_000003_assets;
mod m20261124_000005_messages;
mod m20261125_000001_approvals;
mod m20261125_000002_projects;
mod m20261125_000003_scoring;
mod m20261126_000000_scoring_papers;
mod m20261126_000001_bays;
mod m20261126_000002_parking;
mod m20261126_000003_plan;
mod m20261126_000004_bikes;
mod m20261126_000005_visits;
mod m20261126_000006_readings;
mod m20261126_000007_calendar;
mod tables;

/// Runs every migration that a database has not seen, in order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_foundation::Migration),
            Box::new(m20261124_000001_open_photos::Migration),
            Box::new(m20261124_000002_fund::Migration),
            Box::new(m20261124_000003_assets::Migration),
            Box::new(m20261124_000005_messages::Migration),
            Box::new(m20261125_000002_projects::Migration),
            Box::new(m20261125_000001_approvals::Migration),
            Box::new(m20261125_000003_scoring::Migration),
            Box::new(m20261126_000000_scoring_papers::Migration),
            Box::new(m20261126_000001_bays::Migration),
            Box::new(m20261126_000002_parking::Migration),
            Box::new(m20261126_000003_plan::Migration),
            Box::new(m20261126_000004_bikes::Migration),
            Box::new(m20261126_000005_visits::Migration),
            Box::new(m20261126_000006_readings::Migration),
            Box::new(m20261126_000007_calendar::Migration),
        ]
    }
}
