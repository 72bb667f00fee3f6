//! The command line and the environment: one documented configuration.

use clap::{Args, Parser, Subcommand};
use secrecy::SecretString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// 祥和 Xianghe: a residential community runs its own affairs in the open.
#[derive(Debug, Parser)]
#[command(name = "xianghe", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the site. Makes the data folder and the database when they are missing.
    Serve(Serve),
    /// Bring the database to this program's schema and stop.
    Migrate(Place),
    /// Load the demonstration communities into an empty database and stop.
    Demo(Place),
    /// Write a consistent copy of a running system (database and photos) into one file.
    Backup {
        /// Where the system is.
        #[command(flatten)]
        place: Place,
        /// The file to write, e.g. xianghe-2026-11-23.tar.zst
        file: PathBuf,
    },
    /// Bring a copy back into an empty data folder.
    Restore {
        /// Where to bring it.
        #[command(flatten)]
        place: Place,
        /// The file that `backup` wrote.
        file: PathBuf,
    },
    /// Print the address where one more community is set up, once.
    Invite {
        /// Where the data is.
        #[command(flatten)]
        place: Place,
        /// The address that people type, e.g. https://xianghe.example
        #[arg(long, env = "XIANGHE_PUBLIC_URL")]
        public_url: String,
    },
    /// Recompute the chain of events of every community and name the first broken one.
    Verify(Place),
}

/// Where the data is.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// Folder for the database, the photos and this installation's key.
    #[arg(long, env = "XIANGHE_DATA", default_value = "data")]
    pub data: PathBuf,
    /// Database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME. Default: DATA/xianghe.db
    #[arg(long, env = "XIANGHE_DATABASE", hide_env_values = true)]
    pub database: Option<SecretString>,
    /// Photos: a folder (file:PATH) or s3://BUCKET (with the usual AWS_* variables). Default: DATA/photos
    #[arg(long, env = "XIANGHE_STORAGE")]
    pub storage: Option<String>,
}

/// How to serve.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
    /// Address and port; port 0 takes a free one and prints it.
    #[arg(long, env = "XIANGHE_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
    /// Address and port for /metrics; loopback only. Off when absent.
    #[arg(long, env = "XIANGHE_METRICS")]
    pub metrics: Option<SocketAddr>,
    /// The built site. Default: `site` beside the program.
    #[arg(long, env = "XIANGHE_SITE")]
    pub site: Option<PathBuf>,
    /// The address that people type and QR codes lead to, e.g. https://xianghe.example
    #[arg(long, env = "XIANGHE_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Addresses of reverse proxies whose X-Forwarded-For is believed.
    #[arg(long = "trusted-proxy", env = "XIANGHE_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,
    /// Hosts (with port) beside those of WeCom, DingTalk and Feishu that a group robot may live at, e.g. a gateway of one's own.
    #[arg(long = "robot-host", env = "XIANGHE_ROBOT_HOSTS", value_delimiter = ',')]
    pub robot_hosts: Vec<String>,
    /// Load the demonstration communities when the database is empty.
    #[arg(long, env = "XIANGHE_DEMO")]
    pub demo: bool,
    /// Logs as JSON, one object a line.
    #[arg(long, env = "XIANGHE_LOG_JSON")]
    pub log_json: bool,
    /// How many connections read at once.
    #[arg(long, env = "XIANGHE_READERS", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub readers: u32,
    /// Switch the request limits off (for measuring).
    #[arg(long, env = "XIANGHE_NO_LIMITS", hide = true)]
    pub no_limits: bool,
}
