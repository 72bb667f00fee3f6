//! `xianghe verify`: is every chain of events whole?

use crate::cli::Place;
use crate::state;
use anyhow::bail;
use app::rooms::communities;
use app::rooms::events::store::{Verdict, verify};

/// Checks every community and prints one line each.
///
/// # Errors
/// When a chain is broken, or the database is not there or cannot be read.
pub async fn run(place: &Place) -> anyhow::Result<()> {
    state::must_exist(place)?;
    let db = state::open_database(place, 2).await?;
    let mut broken = 0;
    for (community, _) in communities::store::all(&db).await? {
        match verify(&db.read, community.id).await? {
            Verdict::Whole(n) => println!("{}: {n} events, whole", community.name),
            Verdict::BrokenAt(seq) => {
                broken += 1;
                println!("{}: BROKEN at event {seq}", community.name);
            }
            Verdict::WrongHead => {
                broken += 1;
                println!("{}: events were removed from the end of the chain", community.name);
            }
        }
    }
    if broken > 0 {
        bail!("{broken} broken chain(s): compare with a backup");
    }
    Ok(())
}
