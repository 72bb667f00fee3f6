//! Stories: residents, leaders, committee and workers act through HTTP as the app does.

mod bench_to_repair;
mod coming_in;
mod hostile;
mod house_rules;
mod ledger;
mod permissions;
mod roster;
