//! What the server does by the clock: archiving, sweeping orphaned photos, forgetting visitors, old sessions, tries and limits.

use crate::ask::AppState;
use crate::session::Store;
use app::measure::Time;
use app::rooms::people::lockout;
use app::rooms::photos::store::sweep;
use app::rooms::visits;
use std::time::Duration;
use tower_sessions::ExpiredDeletion;

/// Lets overdue tickets climb and offers of bays fall to the next in line, every minute.
pub async fn watch(state: AppState) {
    let mut clock = tokio::time::interval(Duration::from_secs(60));
    loop {
        clock.tick().await;
        if let Err(error) = crate::routes::messages::escalate_late(&state).await {
            tracing::warn!(%error, "reporting what is overdue");
        }
        if let Err(error) = crate::routes::parking::turn_all(&state).await {
            tracing::warn!(%error, "moving rounds of parking on");
        }
    }
}

/// Runs for as long as the server does, every ten minutes.
pub async fn run(state: AppState) {
    let mut clock = tokio::time::interval(Duration::from_secs(600));
    loop {
        clock.tick().await;
        state.limits.forget();
        if let Err(error) = crate::routes::desk::archive_old(&state).await {
            tracing::warn!(%error, "archiving");
        }
        if let Err(error) = crate::routes::scoring::remind(&state).await {
            tracing::warn!(%error, "reminding scorers");
        }
        if let Err(error) = sweep(&state.services.db, &state.services.photos, Time::now()).await {
            tracing::warn!(%error, "sweeping photos");
        }
        if let Err(error) = visits::store::forget(&state.services.db, Time::now()).await {
            tracing::warn!(%error, "forgetting visitors");
        }
        if let Err(error) = lockout::sweep(&state.services.db, Time::now()).await {
            tracing::warn!(%error, "forgetting old tries");
        }
        if let Err(error) = Store(state.services.db.clone()).delete_expired().await {
            tracing::warn!(%error, "forgetting old sessions");
        }
    }
}
