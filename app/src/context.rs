//! What the server gives to every room: the databases, the photo store, and who is asking.

use crate::error::AppError;
use crate::ids::{AccountId, CommunityId, PersonId, UnitId};
use crate::measure::Time;
use crate::memory::Memory;
use crate::rooms::communities::model::CommunityView;
use crate::rooms::people::model::{Hat, Role};
use crate::rooms::people::rules::{Permission, may};
use crate::rooms::photos::store::PhotoStore;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use std::sync::Arc;
use std::time::Duration;

/// The database: many readers, and one writer where the backend has but one (SQLite).
#[derive(Clone, Debug)]
pub struct Db {
    /// For reading.
    pub read: DatabaseConnection,
    /// For transactions that write.
    pub write: DatabaseConnection,
    /// What everybody reads, remembered for a moment.
    pub memory: Memory,
}

impl Db {
    /// Opens `sqlite:PATH` or `postgres://…`; the backend is chosen by the prefix.
    ///
    /// SQLite runs with WAL, `synchronous=FULL` and foreign keys, one writer and `readers` readers.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub async fn open(url: &str, readers: u32) -> Result<Self, DbErr> {
        if url.starts_with("sqlite:") {
            let write = Database::connect(sqlite(url, 1)).await?;
            let read = Database::connect(sqlite(url, readers)).await?;
            return Ok(Self { read, write, memory: Memory::default() });
        }
        let mut options = ConnectOptions::new(url);
        options.max_connections(readers.max(4)).acquire_timeout(Duration::from_secs(10)).sqlx_logging(false).test_before_acquire(false);
        let pool = Database::connect(options).await?;
        Ok(Self { read: pool.clone(), write: pool, memory: Memory::default() })
    }

    /// Begins a transaction that will write.
    ///
    /// # Errors
    /// When the database does not answer in time.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let immediate = self.write.get_database_backend() == DbBackend::Sqlite;
        let options = TransactionOptions { sqlite_transaction_mode: immediate.then_some(SqliteTransactionMode::Immediate), ..Default::default() };
        self.write.begin_with_options(options).await
    }

    /// The kind of database.
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let url = if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rwc") };
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(connections.min(2))
        .acquire_timeout(Duration::from_secs(20))
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(|o| {
            o.pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("foreign_keys", "ON")
                .pragma("busy_timeout", "10000")
                .pragma("cache_size", "-2048")
                .pragma("temp_store", "MEMORY")
                .pragma("wal_autocheckpoint", "2000")
                .statement_cache_capacity(256)
        });
    options
}

/// The names of the built site's files.
#[derive(Clone, Debug, Default)]
pub struct SiteFiles {
    /// The address of the script, if the site was built.
    pub js: Option<String>,
    /// The address of the WASM.
    pub wasm: Option<String>,
    /// The address of the stylesheet.
    pub css: Option<String>,
    /// The address of the script that keeps things on the phone.
    pub page: Option<String>,
    /// The addresses of the scripts that one kind of page needs, by their names (`frontend/pwa/tools/`).
    pub tools: std::collections::BTreeMap<String, String>,
}

/// Everything that outlives a request.
#[derive(Clone, Debug)]
pub struct Services(pub Arc<Inner>);

/// See [`Services`].
#[derive(Debug)]
pub struct Inner {
    /// The database.
    pub db: Db,
    /// The photos.
    pub photos: PhotoStore,
    /// The key that letters' codes are made with: 32 random bytes of this installation.
    pub letter_key: [u8; 32],
    /// The built site.
    pub site: SiteFiles,
    /// The address that QR codes lead to, without a slash at the end.
    pub public_url: String,
    /// Hosts beside the chat programs' own that a group robot may live at, named by whoever runs the server.
    pub robot_hosts: std::sync::OnceLock<Vec<String>>,
    /// The version of this program.
    pub version: &'static str,
}

impl std::ops::Deref for Services {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The services, inside a server function or a page.
///
/// # Errors
/// [`AppError::Internal`] outside a request.
pub fn services() -> Result<Services, AppError> {
    leptos::prelude::use_context::<Services>().ok_or_else(|| internal("no services in this context"))
}

/// Who is asking, if they are signed in.
pub fn viewer() -> Option<Viewer> {
    leptos::prelude::use_context::<Option<Viewer>>().flatten()
}

/// Who is asking, or a refusal.
///
/// # Errors
/// [`AppError::NotSignedIn`].
pub fn require_viewer() -> Result<Viewer, AppError> {
    viewer().ok_or(AppError::NotSignedIn)
}

/// Who is asking, if their role may do this.
///
/// # Errors
/// [`AppError::NotSignedIn`], [`AppError::Forbidden`].
pub fn require(what: Permission) -> Result<Viewer, AppError> {
    let viewer = require_viewer()?;
    viewer.require(what)?;
    Ok(viewer)
}

/// Somebody signed in, acting in one role of one community. Only [`Viewer::from_session`] makes one, from what
/// the session layer proved, so a function that takes a `Viewer` cannot be reached without signing in.
#[derive(Clone, Debug)]
pub struct Viewer {
    account: AccountId,
    community: CommunityView,
    slug: String,
    name: String,
    hat: Hat,
    hats: Arc<Vec<Hat>>,
}

impl Viewer {
    pub(crate) fn from_session(account: AccountId, community: CommunityView, slug: String, name: String, hat: Hat, hats: Vec<Hat>) -> Self {
        Self { account, community, slug, name, hat, hats: Arc::new(hats) }
    }

    /// Somebody of the demonstration's history, acting in a role they had. Nobody is signed in by this, and no
    /// request reaches it.
    pub fn of_history(community: CommunityView, slug: String, person: PersonId, role: Role, unit: Option<UnitId>) -> Self {
        let hat = Hat {
            membership: crate::ids::MembershipId(uuid::Uuid::nil()),
            community: community.id,
            community_name: community.name.clone(),
            person,
            role,
            unit,
            door: None,
            building: None,
        };
        Self { account: AccountId(uuid::Uuid::nil()), community, slug, name: String::new(), hats: Arc::new(vec![hat.clone()]), hat }
    }

    /// The same person in another community, in the role with the most work there; nobody where they have none.
    pub fn acting_in(&self, community: CommunityView, slug: String) -> Option<Self> {
        let hat = self.hats.iter().filter(|h| h.community == community.id).min_by_key(|h| h.role.precedence())?.clone();
        Some(Self { community, slug, hat, ..self.clone() })
    }

    /// The same account in one of its roles, if it is held in that community.
    pub fn wearing(&self, membership: crate::ids::MembershipId, community: CommunityView, slug: String) -> Option<Self> {
        let hat = self.hats.iter().find(|h| h.membership == membership && h.community == community.id)?.clone();
        Some(Self { community, slug, hat, ..self.clone() })
    }

    /// The account.
    pub fn account(&self) -> AccountId {
        self.account
    }
    /// The community they act in.
    pub fn community(&self) -> CommunityId {
        self.community.id
    }
    /// That community, as pages know it.
    pub fn community_view(&self) -> &CommunityView {
        &self.community
    }
    /// The community's word in addresses.
    pub fn slug(&self) -> &str {
        &self.slug
    }
    /// Their own name.
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The person in that community.
    pub fn person(&self) -> PersonId {
        self.hat.person
    }
    /// The role.
    pub fn role(&self) -> Role {
        self.hat.role
    }
    /// The unit they live in, in this role.
    pub fn unit(&self) -> Option<UnitId> {
        self.hat.unit
    }
    /// The role with its unit or building.
    pub fn hat(&self) -> &Hat {
        &self.hat
    }
    /// Every role they can switch to.
    pub fn hats(&self) -> &[Hat] {
        &self.hats
    }
    /// Whether the role may do this.
    pub fn may(&self, what: Permission) -> bool {
        may(self.role(), what)
    }
    /// Refuses unless the role may do this.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn require(&self, what: Permission) -> Result<(), AppError> {
        if self.may(what) { Ok(()) } else { Err(AppError::Forbidden) }
    }
}

/// The key of the session that asks, for the list of signed-in devices.
#[derive(Clone, Debug)]
pub struct SessionKey(pub String);

/// Who asks for a change.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Somebody signed in.
    Person(Box<Viewer>),
    /// Somebody without an account, at a spot of this community.
    Visitor(CommunityId),
    /// The guided set-up of a community, by whoever holds the key that was made when there were so many.
    SetUp(u64),
    /// The clock.
    Clock(CommunityId),
}

impl Caller {
    /// The person, if there is one.
    pub fn viewer(&self) -> Option<&Viewer> {
        match self {
            Self::Person(viewer) => Some(viewer),
            _ => None,
        }
    }

    /// The person, if their role may do this.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`], [`AppError::Forbidden`].
    pub fn require(&self, what: Permission) -> Result<&Viewer, AppError> {
        let viewer = self.viewer().ok_or(AppError::NotSignedIn)?;
        viewer.require(what)?;
        Ok(viewer)
    }
}

/// Logs a fault with a reference and gives the error that carries the reference alone.
pub fn internal(cause: impl std::fmt::Display) -> AppError {
    let n: u32 = rand::random();
    let reference = crate::ids::encode_code(u64::from(n), 6);
    tracing::error!(%reference, %cause, "internal error");
    AppError::Internal { reference }
}

impl From<DbErr> for AppError {
    fn from(error: DbErr) -> Self {
        internal(error)
    }
}

/// The present moment, for the edges of the program.
pub fn now() -> Time {
    Time::now()
}
