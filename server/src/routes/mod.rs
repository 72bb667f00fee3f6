//! The routes that are not hydrated pages: forms, photos, desks, prints, sign-in, health.

pub mod charts;
pub mod desk;
pub mod fields;
pub mod files;
pub mod forms;
pub mod health;
pub mod live;
pub mod openapi;
pub mod people;
pub mod photos;
pub mod prints;
pub mod pwa;
pub mod roster;
pub mod settings;
pub mod setup;
pub mod sign_in;
pub mod steps;
pub mod sync;
