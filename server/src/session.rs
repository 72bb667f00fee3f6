//! Sessions in the database, and turning a request into a viewer.

use app::context::{Db, Services, SessionKey, Viewer};
use app::measure::Time;
use app::rooms::people::accounts::{self, Claim};
use app::rooms::people::entity::sessions;
use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use std::collections::HashMap;
use time::{Duration, OffsetDateTime};
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{ExpiredDeletion, Expiry, Session, SessionManagerLayer, SessionStore};

/// The name of the session's cookie.
pub const COOKIE: &str = "xianghe";
/// The key of the claim in a session.
pub const CLAIM: &str = "claim";
/// The key of the device's name in a session.
pub const AGENT: &str = "agent";
/// How long a session lives without being used.
const DAYS: i64 = 90;

/// Sessions in the table `sessions`.
#[derive(Clone, Debug)]
pub struct Store(pub Db);

fn backend(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

impl Store {
    fn row(record: &Record, now: Time) -> Result<sessions::ActiveModel> {
        let claim: Option<Claim> = record.data.get(CLAIM).and_then(|v| serde_json::from_value(v.clone()).ok());
        let agent = record.data.get(AGENT).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        Ok(sessions::ActiveModel {
            id: Set(record.id.to_string()),
            account_id: Set(claim.map(|c| c.account.0)),
            data: Set(serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))?),
            agent: Set(agent),
            created_at: Set(now.0),
            seen_at: Set(now.0),
            expires_at: Set(record.expiry_date.unix_timestamp() * 1_000),
        })
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while sessions::Entity::find_by_id(record.id.to_string()).one(&self.0.read).await.map_err(backend)?.is_some() {
            record.id = Id::default();
        }
        sessions::Entity::insert(Self::row(record, Time::now())?).exec_without_returning(&self.0.write).await.map_err(backend)?;
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let replace = OnConflict::column(sessions::Column::Id)
            .update_columns([sessions::Column::AccountId, sessions::Column::Data, sessions::Column::Agent, sessions::Column::SeenAt, sessions::Column::ExpiresAt])
            .to_owned();
        sessions::Entity::insert(Self::row(record, Time::now())?).on_conflict(replace).exec_without_returning(&self.0.write).await.map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row = sessions::Entity::find_by_id(id.to_string()).filter(sessions::Column::ExpiresAt.gt(Time::now().0)).one(&self.0.read).await.map_err(backend)?;
        let Some(row) = row else { return Ok(None) };
        let data: HashMap<String, serde_json::Value> = serde_json::from_str(&row.data).map_err(|e| Error::Decode(e.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at / 1_000).map_err(backend)?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sessions::Entity::delete_by_id(id.to_string()).exec(&self.0.write).await.map_err(backend)?;
        Ok(())
    }
}

#[async_trait]
impl ExpiredDeletion for Store {
    async fn delete_expired(&self) -> Result<()> {
        sessions::Entity::delete_many().filter(sessions::Column::ExpiresAt.lt(Time::now().0)).exec(&self.0.write).await.map_err(backend)?;
        Ok(())
    }
}

/// The layer that reads and writes the cookie.
pub fn layer(db: Db, secure: bool) -> SessionManagerLayer<Store> {
    SessionManagerLayer::new(Store(db))
        .with_name(COOKIE)
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::days(DAYS)))
}

/// Whether a request carries a session at all: pages of visitors never touch the table.
pub fn carries_session(headers: &HeaderMap) -> bool {
    cookie(headers, COOKIE).is_some()
}

/// One cookie's value.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// Puts the viewer, if there is one, beside the request.
pub async fn identify(State(services): State<Services>, session: Session, mut request: Request, next: Next) -> Response {
    let mut viewer: Option<Viewer> = None;
    if carries_session(request.headers())
        && let Ok(Some(claim)) = session.get::<Claim>(CLAIM).await
    {
        viewer = accounts::viewer(&services.db, claim, Time::now()).await.unwrap_or_default();
        if let Some(id) = session.id() {
            request.extensions_mut().insert(SessionKey(id.to_string()));
        }
    }
    request.extensions_mut().insert(viewer);
    next.run(request).await
}

/// A device in a few words, from what its browser says of itself.
pub fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let machine = ["iPhone", "iPad", "Android", "HarmonyOS", "Windows", "Macintosh", "Linux"].into_iter().find(|m| agent.contains(m)).unwrap_or("设备");
    let program = [("MicroMessenger", "微信"), ("Edg/", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]
        .into_iter()
        .find(|(mark, _)| agent.contains(mark))
        .map_or("浏览器", |(_, name)| name);
    format!("{machine} · {program}")
}
