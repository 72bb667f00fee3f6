//! Sessions in the database, and turning a request into a viewer.

use app::context::{Db, Services, SessionKey, Viewer};
use app::measure::{DAY, HOUR, Time};
use app::rooms::people::accounts::{self, Claim};
use app::rooms::people::entity::sessions;
use async_trait::async_trait;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue, ColumnTrait, EntityTrait, QueryFilter, Set};
use sha2::{Digest, Sha256};
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
/// When the session was last used: read from its column, never written into its data.
const SEEN: &str = "seen";
/// Being used is written down no more often than this, so that reading a page is not a write.
const SEEN_EVERY: i64 = HOUR;

/// Sessions in the table `sessions`.
#[derive(Clone, Debug)]
pub struct Store(pub Db);

fn backend(error: impl std::fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

/// What stands in the database of a session's key: whoever reads the table or a backup cannot sign in with it.
fn stored(id: &Id) -> String {
    hex::encode(Sha256::digest(id.to_string()))
}

impl Store {
    /// Writes down that a session is in use, which lets it live on. One that has ended stays ended.
    async fn touch(&self, id: &Id, now: Time) -> Result<()> {
        sessions::Entity::update_many()
            .col_expr(sessions::Column::SeenAt, Expr::value(now.0))
            .col_expr(sessions::Column::ExpiresAt, Expr::value(now.0 + DAYS * DAY))
            .filter(sessions::Column::Id.eq(stored(id)))
            .exec(&self.0.write)
            .await
            .map_err(backend)?;
        Ok(())
    }

    fn row(record: &Record, now: Time) -> Result<sessions::ActiveModel> {
        let claim: Option<Claim> = record.data.get(CLAIM).and_then(|v| serde_json::from_value(v.clone()).ok());
        let agent = record.data.get(AGENT).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        let data: HashMap<_, _> = record.data.iter().filter(|(key, _)| *key != SEEN).collect();
        Ok(sessions::ActiveModel {
            id: Set(stored(&record.id)),
            account_id: Set(claim.map(|c| c.account.0)),
            data: Set(serde_json::to_string(&data).map_err(|e| Error::Encode(e.to_string()))?),
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
        while sessions::Entity::find_by_id(stored(&record.id)).one(&self.0.read).await.map_err(backend)?.is_some() {
            record.id = Id::default();
        }
        sessions::Entity::insert(Self::row(record, Time::now())?).exec_without_returning(&self.0.write).await.map_err(backend)?;
        Ok(())
    }

    /// Changes the row that there is. A request that was on its way while its session was signed out changes nothing.
    async fn save(&self, record: &Record) -> Result<()> {
        let row = sessions::ActiveModel { id: ActiveValue::NotSet, created_at: ActiveValue::NotSet, ..Self::row(record, Time::now())? };
        sessions::Entity::update_many().set(row).filter(sessions::Column::Id.eq(stored(&record.id))).exec(&self.0.write).await.map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let row = sessions::Entity::find_by_id(stored(id)).filter(sessions::Column::ExpiresAt.gt(Time::now().0)).one(&self.0.read).await.map_err(backend)?;
        let Some(row) = row else { return Ok(None) };
        let mut data: HashMap<String, serde_json::Value> = serde_json::from_str(&row.data).map_err(|e| Error::Decode(e.to_string()))?;
        data.insert(SEEN.to_owned(), row.seen_at.into());
        let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at / 1_000).map_err(backend)?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sessions::Entity::delete_by_id(stored(id)).exec(&self.0.write).await.map_err(backend)?;
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
    let mut renewed = None;
    if carries_session(request.headers())
        && let Ok(Some(claim)) = session.get::<Claim>(CLAIM).await
        && let Some(id) = session.id()
    {
        viewer = accounts::viewer(&services.db, claim, Time::now()).await.unwrap_or_default();
        request.extensions_mut().insert(SessionKey(stored(&id)));
        // Only where nothing else can say something about the cookie.
        if request.method() == Method::GET {
            renewed = use_again(&services, &session, &id).await;
        }
    }
    request.extensions_mut().insert(viewer);
    let mut response = next.run(request).await;
    if let Some(cookie) = renewed {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Writes down, once an hour, that a session is in use, and answers the cookie that lives on with it.
async fn use_again(services: &Services, session: &Session, id: &Id) -> Option<HeaderValue> {
    let now = Time::now();
    let seen: i64 = session.get(SEEN).await.ok().flatten()?;
    if now.0 - seen < SEEN_EVERY {
        return None;
    }
    if let Err(error) = Store(services.db.clone()).touch(id, now).await {
        tracing::warn!(%error, "writing down that a session is in use");
        return None;
    }
    let secure = if services.public_url.starts_with("https://") { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{COOKIE}={id}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", DAYS * DAY / 1_000)).ok()
}

/// A device in two words, from what its browser says of itself; `rules::device_name` puts them into a language.
pub fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let machine = ["iPhone", "iPad", "Android", "HarmonyOS", "Windows", "Macintosh", "Linux"].into_iter().find(|m| agent.contains(m)).unwrap_or("device");
    let programs = [("MicroMessenger", "wechat"), ("Edg/", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")];
    let program = programs.into_iter().find(|(mark, _)| agent.contains(mark)).map_or("browser", |(_, name)| name);
    format!("{machine}/{program}")
}
