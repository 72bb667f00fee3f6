//! A PostgreSQL cluster of this test run alone, in a temporary folder, with a database for each test.

use sea_orm::{ConnectionTrait, Database};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

struct Cluster {
    folder: PathBuf,
    port: u16,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();
static NEXT: AtomicU32 = AtomicU32::new(0);

static DURABLE: AtomicBool = AtomicBool::new(false);

/// From now on the cluster syncs its log as one in service does: for measuring. Call it before the first database.
pub fn durable() {
    DURABLE.store(true, Ordering::Relaxed);
}

/// The address of a new, empty database.
pub async fn fresh_database() -> String {
    let cluster = CLUSTER.get_or_init(start);
    let name = format!("t{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = Database::connect(format!("postgres://postgres@127.0.0.1:{}/postgres", cluster.port)).await.expect("PostgreSQL answers");
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database is made");
    format!("postgres://postgres@127.0.0.1:{}/{name}", cluster.port)
}

/// Debian keeps the programs out of the path.
fn program(name: &str) -> PathBuf {
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|e| e.path().join("bin").join(name)).filter(|p| p.exists()).collect();
    versions.sort();
    versions.pop().unwrap_or_else(|| PathBuf::from(name))
}

/// PostgreSQL refuses to run as root.
fn command(name: &str) -> Command {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout == b"0\n");
    if is_root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program(name));
        command
    } else {
        Command::new(program(name))
    }
}

fn run(command: &mut Command) {
    let done = command.stdout(Stdio::null()).output().expect("PostgreSQL's programs are installed (apt-get install postgresql)");
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn start() -> Cluster {
    let folder = std::env::temp_dir().join(format!("xianghe-pg-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    open_to_all(&folder);
    let data = folder.join("data");
    run(command("initdb").arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]));
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    let fsync = if DURABLE.load(Ordering::Relaxed) { "on" } else { "off" };
    let settings = format!("-p {port} -k {} -c listen_addresses=127.0.0.1 -c fsync={fsync} -c max_connections=200", folder.display());
    run(command("pg_ctl").arg("-D").arg(&data).args(["-w", "-l"]).arg(folder.join("log")).args(["-o", &settings, "start"]));
    watch(&folder);
    Cluster { folder, port }
}

#[cfg(unix)]
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let _ = std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o777));
}
#[cfg(not(unix))]
fn open_to_all(_: &Path) {}

/// Stops the cluster and removes its folder when this process is gone, however it went.
fn watch(folder: &Path) {
    let stop = format!(
        "while kill -0 {pid} 2>/dev/null; do sleep 1; done; kill -INT $(head -1 {data}/postmaster.pid) 2>/dev/null; sleep 2; rm -rf {folder}",
        pid = std::process::id(),
        data = folder.join("data").display(),
        folder = folder.display()
    );
    let _ = Command::new("sh").args(["-c", &stop]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

/// Where the cluster writes its log, for looking into a failure.
pub fn log_file() -> Option<PathBuf> {
    CLUSTER.get().map(|c| c.folder.join("log"))
}
