//! `make bench`: a community of 2,000 units and 10,000 tickets, served by the real program, measured with wrk on four
//! connections beside a bare axum handler that answers with the same bytes (the floor), on SQLite and on PostgreSQL.
//!
//! Prints a table, and writes it as JSON where `--json FILE` says so. Needs the release build of the program in
//! `XIANGHE_BIN` and the built site in `XIANGHE_SITE`; without them, what `make bench` builds.

mod estate;
mod floor;
mod load;
mod program;
mod scored;

use anyhow::{Context, Result};
use app::measure::{Area, Fen};
use app::rooms::fund::allocation::allocate;
use app::rooms::offline::rules::BATCH;
use app::rooms::parking::draw::{Entry, Supply, assign, order, sha256};
use app::rooms::parking::model::Band;
use app::rooms::scoring::count::{Basis, Sheet, count};
use app::rooms::scoring::model::Group;
use app::rooms::scoring::template::standard;
use clap::Parser;
use harness::{Backend, Server};
use load::{Load, Measured};
use program::Program;
use serde::Serialize;
use std::time::{Duration, Instant};

/// What can be chosen.
#[derive(Debug, Parser)]
struct Choice {
    /// Seconds for each measure.
    #[arg(long, default_value_t = 8)]
    seconds: u32,
    /// Only this database: sqlite or postgres.
    #[arg(long)]
    only: Option<String>,
    /// Only this measure, e.g. "report page".
    #[arg(long)]
    what: Option<String>,
    /// A file for the numbers.
    #[arg(long)]
    json: Option<std::path::PathBuf>,
}

/// One line of the table.
#[derive(Debug, Serialize)]
struct Line {
    database: &'static str,
    what: &'static str,
    /// How many bytes an answer has on the wire, headers not counted.
    bytes: usize,
    measured: Measured,
    floor: Option<Measured>,
}

/// What is to be reached on a machine of two cores, in requests a second.
const GOALS: [(&str, u32); 8] =
    [("report page", 4_000), ("score result", 500), ("fund statement", 400), ("site plan", 300), ("ticket page", 2_000), ("board", 1_500), ("creation", 1_000), ("sync", 5_000)];
/// The most memory that the program may have taken, in MB.
const MEMORY_GOAL: u64 = 80;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let choice = Choice::parse();
    load::need_wrk()?;
    harness::postgres::durable();
    let mut lines = Vec::new();
    let mut memory = Vec::new();
    for (name, backend) in [("sqlite", Backend::Sqlite), ("postgres", Backend::Postgres)] {
        if choice.only.as_ref().is_none_or(|only| only == name) {
            let peak = measure(name, backend, &choice, &mut lines).await.with_context(|| format!("on {name}"))?;
            memory.push((name, peak));
        }
    }
    print(&lines, &memory);
    if choice.what.as_ref().is_none_or(|only| only == "allocation") {
        allocation()?;
    }
    if choice.what.as_ref().is_none_or(|only| only == "scoring") {
        scoring();
    }
    if choice.what.as_ref().is_none_or(|only| only == "draw") {
        draw();
    }
    if let Some(file) = choice.json {
        std::fs::write(file, serde_json::to_string_pretty(&lines)?)?;
    }
    Ok(())
}

/// Counting 64 times the sheets takes 64 times as long, give or take what sorting and a cache cost.
fn scoring() {
    let template = standard();
    let (numbers, readings) = (scored::numbers(), scored::counted(&template));
    let time = |sheets: i64| {
        let all: Vec<Sheet> = (0..sheets).map(|n| Sheet { group: Group::ALL[usize::from(n % 2 == 0)], high_rise: true, marks: scored::marks(&template, n) }).collect();
        let basis = Basis { template: &template, numbers: &numbers, appointed: sheets, sheets: &all, readings: &readings, charges: &[] };
        let mut best = Duration::MAX;
        for _ in 0..20 {
            let begun = Instant::now();
            std::hint::black_box(count(&basis));
            best = best.min(begun.elapsed());
        }
        best
    };
    let (few, many) = (time(scored::SCORERS), time(10_000));
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    println!("counting a round: 157 × 33 in {few:?}, 10,000 × 33 in {many:?}, {ratio:.1} times as long (goal 90: {})", if ratio <= 90.0 { "met" } else { "MISSED" });
}

/// A draw of ten times as many takes ten times as long and a little more: one hash for each, and sorting.
fn draw() {
    let time = |n: i64| {
        let entry = |i: i64| Entry { id: format!("A-{i:06}"), band: Band::ALL[usize::try_from(i % 4).unwrap_or_default()], wait: i % 3, need: i % 2 };
        let all: Vec<Entry> = (0..n).map(entry).collect();
        let supply = Supply { plain: 60, ev: 5, accessible: 2 };
        let mut best = Duration::MAX;
        for _ in 0..5 {
            let begun = Instant::now();
            std::hint::black_box(assign(&order(&sha256("a seed"), &all), supply));
            best = best.min(begun.elapsed());
        }
        best
    };
    let (few, more, many) = (time(1_000), time(10_000), time(100_000));
    let ratio = many.as_secs_f64() / more.as_secs_f64();
    println!("a draw: 1,000 in {few:?}, 10,000 in {more:?}, 100,000 in {many:?}, {ratio:.1} times as long (goal 16: {})", if ratio <= 16.0 { "met" } else { "MISSED" });
}

/// Sharing a cost over ten times as many units takes ten times as long, give or take what a cache costs.
fn allocation() -> Result<()> {
    let time = |units: u64| -> Result<Duration> {
        let all: Vec<(u64, Area)> = (0..units).map(|n| (n, Area(6_000 + i64::try_from(n * 7_919 % 7_000).unwrap_or(0)))).collect();
        let cost = Fen(48_600_000);
        let mut best = Duration::MAX;
        for _ in 0..20 {
            let begun = Instant::now();
            let shares = allocate(cost, &all).map_err(|e| anyhow::anyhow!("{e:?}"))?;
            best = best.min(begun.elapsed());
            anyhow::ensure!(shares.iter().map(|(_, share)| *share).sum::<Fen>() == cost, "the shares are not the cost");
        }
        Ok(best)
    };
    let (few, many) = (time(2_000)?, time(20_000)?);
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    println!("allocating a cost: 2,000 units in {few:?}, 20,000 in {many:?}, {ratio:.1} times as long (goal 12: {})", if ratio <= 12.0 { "met" } else { "MISSED" });
    Ok(())
}

/// Measures one backend; the answer is the program's peak memory in MB.
async fn measure(name: &'static str, backend: Backend, choice: &Choice, lines: &mut Vec<Line>) -> Result<u64> {
    let seconds = choice.seconds;
    let wanted = |what: &str| choice.what.as_ref().is_none_or(|only| only == what);
    let server = Server::start(backend).await;
    let town = server.town().await;
    eprintln!("{name}: building 2,000 units and 10,000 tickets");
    let estate = estate::build(&server, &town.here).await?;
    scored::build(&server, &town.here).await?;
    let program = Program::start(&server).await?;
    let pages = [
        ("report page", format!("/q/{}", town.here.tag)),
        ("ticket page", format!("/c/here/t/{}", estate.ticket)),
        ("board", "/c/here/board".to_owned()),
        ("fund statement", "/c/here/fund/buildings/100".to_owned()),
        ("score result", format!("/c/here/scoring/{}", scored::NUMBER)),
        ("site plan", "/c/here/plan".to_owned()),
    ];
    for (what, path) in pages.into_iter().filter(|(what, _)| wanted(what)) {
        eprintln!("{name}: {what}");
        let answer = program.fetch(&path).await?;
        let bytes = answer.body.len();
        let url = format!("{}{path}", program.url);
        Load::get(&url, 2).run()?; // warm
        let measured = Load::get(&url, seconds).run()?;
        let floor = floor::serve(answer).await?;
        let floor = Load::get(&floor, seconds.min(5)).run()?;
        lines.push(Line { database: name, what, bytes, measured, floor: Some(floor) });
    }
    for (what, batch) in [("creation", 1), ("sync", BATCH)].into_iter().filter(|(what, _)| wanted(what)) {
        eprintln!("{name}: {what}");
        let before = estate::reports(&server, &town.here).await?;
        let cookie = program.sign_in(&town.here).await?;
        let load = if batch == 1 { Load::create(&program.url, &cookie, &town.here, seconds)? } else { Load::sync(&program.url, &cookie, &town.here, batch, seconds)? };
        let mut measured = load.run()?;
        // An answer of the sync API is one for each envelope.
        measured.requests *= batch as u64;
        measured.per_second *= batch as f64;
        let after = estate::reports(&server, &town.here).await?;
        anyhow::ensure!(after - before >= measured.requests, "{} were acknowledged, {} are there", measured.requests, after - before);
        lines.push(Line { database: name, what, bytes: 0, measured, floor: None });
    }
    program.stop()
}

fn print(lines: &[Line], memory: &[(&str, u64)]) {
    println!("\n{:<9} {:<12} {:>8} {:>9} {:>8} {:>8} {:>9} {:>9}  goal", "database", "what", "bytes", "per s", "p50 ms", "p99 ms", "floor/s", "of floor");
    for line in lines {
        let goal = GOALS.iter().find(|(what, _)| *what == line.what).map_or(0, |(_, n)| *n);
        let (floor, share) = match &line.floor {
            Some(floor) => (format!("{:.0}", floor.per_second), format!("{:.0} %", 100.0 * line.measured.per_second / floor.per_second)),
            None => ("–".into(), "–".into()),
        };
        let m = &line.measured;
        let met = if m.per_second >= f64::from(goal) { "met" } else { "MISSED" };
        println!("{:<9} {:<12} {:>8} {:>9.0} {:>8.2} {:>8.2} {floor:>9} {share:>9}  {goal} {met}", line.database, line.what, line.bytes, m.per_second, m.p50_ms, m.p99_ms);
    }
    for (name, peak) in memory {
        println!("{name}: the program's memory peaked at {peak} MB (goal {MEMORY_GOAL}: {})", if *peak <= MEMORY_GOAL { "met" } else { "MISSED" });
    }
}
