//! The program's door: reads the command line and does one thing.

use clap::Parser;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;
use xianghe_server::cli::{Cli, Command};
use xianghe_server::{backup, demo, serve, state, verify};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Pages are deep trees of views: a worker has room for the deepest, four times over.
const STACK: usize = 8 * 1024 * 1024;

fn main() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build()?.block_on(run())
}

async fn run() -> anyhow::Result<()> {
    let cli = Cli::parse();
    log_to_stderr(matches!(&cli.command, Command::Serve(serve) if serve.log_json));
    match cli.command {
        Command::Serve(options) => serve::serve(options).await,
        Command::Migrate(place) => {
            state::open_database(&place, 1).await?;
            println!("The database has this program's schema.");
            Ok(())
        }
        Command::Demo(place) => demo::load(&place).await,
        Command::Backup { place, file } => backup::backup(&place, &file).await,
        Command::Restore { place, file } => backup::restore(&place, &file).await,
        Command::Invite { place, public_url } => state::invite(&place, &public_url).await,
        Command::Verify(place) => verify::run(&place).await,
    }
}

fn log_to_stderr(json: bool) {
    let filter = EnvFilter::try_from_env("XIANGHE_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A journal is no terminal: colours would stand in it as rubbish.
    if json {
        log.json().init();
    } else {
        log.with_target(false).with_ansi(std::io::stderr().is_terminal()).init();
    }
}
