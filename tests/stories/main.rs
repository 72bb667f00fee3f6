//! Stories: residents, leaders, committee and workers act through HTTP as the app does.

mod access;
mod approvals;
mod assets;
mod bays;
mod bench_to_repair;
mod bikes;
mod coming_in;
mod copies;
mod fund;
mod hostile;
mod house_rules;
mod kill;
mod ledger;
mod messages;
mod numbers;
mod parking;
mod parking_life;
mod permissions;
mod plans;
mod program;
mod projects;
mod repair_rules;
mod roster;
mod scoring;
mod sites;
mod sync;
