//! The routes that are not hydrated pages: forms, photos, desks, prints, sign-in, health.

pub mod approvals;
pub mod assets;
pub mod bays;
pub mod bikes;
pub mod charts;
pub mod conversions;
pub mod desk;
pub mod documents;
pub mod fields;
pub mod files;
pub mod forms;
pub mod fund;
pub mod health;
pub mod income;
pub mod lists;
pub mod live;
pub mod messages;
pub mod openapi;
pub mod parking;
pub mod people;
pub mod photos;
pub mod prints;
pub mod projects;
pub mod pwa;
pub mod roster;
pub mod scoring;
pub mod scoring_forms;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod sites;
pub mod steps;
pub mod sync;
pub mod visits;

use crate::ask::AppState;
use axum::Router;

/// The plain pages and forms of the rooms that bring their own routes.
pub fn rooms() -> Router<AppState> {
    Router::new()
        .merge(approvals::routes())
        .merge(assets::routes())
        .merge(bays::routes())
        .merge(bikes::routes())
        .merge(conversions::routes())
        .merge(fund::routes())
        .merge(income::routes())
        .merge(messages::routes())
        .merge(parking::routes())
        .merge(projects::routes())
        .merge(scoring::routes())
        .merge(scoring_forms::routes())
        .merge(sites::routes())
        .merge(visits::routes())
}

/// The same for forms that carry photos or files: larger and slower.
pub fn rooms_with_files() -> Router<AppState> {
    Router::new()
        .merge(assets::with_files())
        .merge(bays::with_files())
        .merge(bikes::with_files())
        .merge(fund::with_files())
        .merge(income::with_files())
        .merge(parking::with_files())
        .merge(projects::with_files())
        .merge(scoring_forms::with_files())
        .merge(sites::with_files())
}
