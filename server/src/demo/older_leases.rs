//! What an estate brings along: bays that were given out before there was a draw, with the leases that the desk had on paper
//! and took over from its list.

use super::book::Book;
use super::parking::Applicant;
use super::sites::bays;
use anyhow::{Context, ensure};
use app::measure::{DAY, Fen};
use app::mutation::Mutation;
use app::rooms::bays::model::BayState;
use app::rooms::parking::entity::imports;
use app::rooms::parking::list::{Holds, Line};
use app::rooms::parking::model::ConfirmList;
use app::rooms::parking::plates::parse_plate;
use app::rooms::people::model::Role;
use sea_orm::{EntityTrait, Set};
use std::collections::VecDeque;

/// What they pay for a month, in fen.
const FEE: Fen = Fen(15_000);

/// Gives each bay that is held to a home of `people`, which then applies for no other; they are taken from the middle, so
/// that those who apply first and those whom visitors can be stay.
///
/// # Errors
/// When there are too few homes, the database refuses, or the story breaks a rule.
pub(super) async fn tell(book: &mut Book<'_>, people: &mut VecDeque<Applicant>) -> anyhow::Result<()> {
    let held: Vec<_> = bays(book.estate).into_iter().filter(|l| l.kind.common() && l.state == BayState::Held).collect();
    let middle = people.len() / 2;
    ensure!(people.len() - middle >= held.len(), "too few homes for the bays that are held");
    let mut homes: Vec<Applicant> = people.drain(middle..middle + held.len()).collect();
    let mut lines = Vec::with_capacity(held.len());
    for (n, bay) in held.into_iter().enumerate() {
        let home = homes.pop().context("a home")?.unit;
        let unit = book.estate.units.iter().find(|u| u.id == home).context("a unit")?;
        let building = book.estate.buildings.iter().find(|b| b.id == unit.building).context("a building")?.name.clone();
        let letters = if bay.details.ev { "沪AF" } else { "沪C" };
        let plate = parse_plate(&format!("{letters}{:05}", 10_019 + n * 41)).map_err(|e| anyhow::anyhow!("{e:?}"))?;
        // Paid for the year, as their desk has it.
        let from = book.ago(20 + i64::try_from(n)? * 7 % 300, 0).day_start(book.estate.community.offset);
        let until = from + 365 * DAY;
        let holds = Some(Holds { bay: bay.code, from, until, fee: FEE, paid_until: Some(until) });
        lines.push(Line { line: n + 2, plate, building, stair: unit.stair.clone(), room: unit.room.clone(), holds });
    }
    if lines.is_empty() {
        return Ok(());
    }
    let at = book.ago(120, 10);
    let import = book.fresh("older leases", at);
    let row = imports::ActiveModel {
        community_id: Set(book.estate.community.id.0),
        id: Set(import),
        by_id: Set(book.who(Role::PropertyManager)?.0.0),
        at: Set(at.0),
        lines: Set(serde_json::to_string(&(lines, Vec::<app::rooms::lists::model::Fault>::new()))?),
        confirmed_at: Set(None),
    };
    imports::Entity::insert(row).exec_without_returning(book.txn).await?;
    book.act(Role::PropertyManager, at, Mutation::ParkingImport(ConfirmList { import })).await?;
    Ok(())
}
