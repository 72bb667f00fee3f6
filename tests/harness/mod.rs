//! The real server, in process, on a random port and a fresh database, with two small communities side by side.

pub mod browser;
pub mod postgres;
pub mod town;

use app::context::{Db, Services, SiteFiles};
use app::measure::Time;
use migrations::{Migrator, MigratorTrait};
use sea_orm::Statement;
use std::net::SocketAddr;
use tempfile::TempDir;
use tokio::net::TcpListener;
use xianghe_server::ask::AppState;
use xianghe_server::cli::Place;
use xianghe_server::limits::Limits;
use xianghe_server::{serve, state};

pub use browser::Browser;
pub use town::{Home, Town};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The embedded default.
    Sqlite,
    /// The choice for a town.
    Postgres,
}

/// A running server.
pub struct Server {
    /// Its address.
    pub url: String,
    /// What it works with.
    pub state: AppState,
    /// Where its data is.
    pub data: TempDir,
    /// The address of its database.
    pub database: String,
    task: Task,
}

/// The loop that serves; it ends with the server.
struct Task(tokio::task::JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Server {
    /// Starts one with the request limits off.
    pub async fn start(backend: Backend) -> Self {
        Self::start_with(backend, false).await
    }

    /// Starts one; `limits` switches the request limits on.
    pub async fn start_with(backend: Backend, limits: bool) -> Self {
        let data = TempDir::new().expect("a temporary folder");
        let database = match backend {
            Backend::Sqlite => format!("sqlite:{}", data.path().join("xianghe.db").display()),
            Backend::Postgres => postgres::fresh_database().await,
        };
        let db = Db::open(&database, 4).await.expect("the database opens");
        Self::assemble(data, database, db, limits).await
    }

    /// Starts one on SQLite that tells every statement it runs.
    pub async fn start_watched(tell: impl Fn(&Statement) + Clone + Send + Sync + 'static) -> Self {
        let data = TempDir::new().expect("a temporary folder");
        let database = format!("sqlite:{}", data.path().join("xianghe.db").display());
        let mut db = Db::open(&database, 4).await.expect("the database opens");
        let also = tell.clone();
        db.read.set_metric_callback(move |info| tell(info.statement));
        db.write.set_metric_callback(move |info| also(info.statement));
        Self::assemble(data, database, db, false).await
    }

    async fn assemble(data: TempDir, database: String, db: Db, limits: bool) -> Self {
        Migrator::up(&db.write, None).await.expect("the schema is made");
        let place = Place { data: data.path().to_owned(), database: None, storage: None };
        let photos = state::open_photos(&place).expect("the photo folder opens");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let services = state::services(db, photos, &place, SiteFiles::default(), url.clone()).expect("services");
        let state = serve::app_state(services, Limits::new(limits, vec![]), None);
        let router = serve::router(&state, None);
        let task = tokio::spawn(async move {
            axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await.expect("serves");
        });
        Self { url, state, data, database, task: Task(task) }
    }

    /// Stops it and lets go of its database. The folder stays, for another process to serve.
    pub async fn stop(self) -> TempDir {
        let Self { state, data, task, .. } = self;
        drop(task);
        let db = &state.services.db;
        db.read.close_by_ref().await.expect("the readers close");
        db.write.close_by_ref().await.expect("the writer closes");
        data
    }

    /// The services, for looking behind the pages.
    pub fn services(&self) -> &Services {
        &self.state.services
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.services().db
    }

    /// A browser that has never been here.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// Two communities, each with people in every role.
    pub async fn town(&self) -> Town {
        Town::build(self).await
    }
}

/// The present moment.
pub fn now() -> Time {
    Time::now()
}
