//! Telling the robots of group chats: takes what waits, sends it, writes down what became of it.

use crate::ask::AppState;
use app::error::AppError;
use app::measure::Time;
use app::rooms::communities::store::all;
use app::rooms::messages::robots::{request, taken};
use app::rooms::messages::store::{Outgoing, settle_line, take_lines};
use std::time::Duration;

/// How often the queue is looked at.
const EVERY: Duration = Duration::from_secs(5);
/// How long a robot is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// Lines of one community in one round: WeCom takes twenty a minute.
const AT_ONCE: u64 = 5;
/// The most of an answer that is read.
const ANSWER_BYTES: usize = 16 * 1024;

/// Runs for as long as the server does.
pub async fn run(state: AppState) {
    let client = match client() {
        Ok(client) => client,
        Err(error) => return tracing::error!(%error, "no HTTP client: robots are not told"),
    };
    let mut clock = tokio::time::interval(EVERY);
    loop {
        clock.tick().await;
        if let Err(error) = round(&state, &client, Time::now()).await {
            tracing::warn!(%error, "telling robots");
        }
    }
}

/// A client that follows nobody elsewhere: the address was judged, and another one was not.
///
/// # Errors
/// When TLS cannot be set up.
pub fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).no_proxy().build()
}

/// Sends what is due in every community, and answers how many lines were tried.
///
/// # Errors
/// When the database refuses; a robot that refuses is no error here.
pub async fn round(state: &AppState, client: &reqwest::Client, now: Time) -> Result<usize, AppError> {
    let db = &state.services.db;
    let mut count = 0;
    for (community, _) in all(db).await? {
        for line in take_lines(db, community.id, now, AT_ONCE).await? {
            let verdict = say(client, &line, now).await;
            if let Err(error) = &verdict {
                // The address is a secret, so that only the robot's id is logged.
                tracing::warn!(robot = %line.robot, %error, "a robot did not take a line");
            }
            settle_line(db, &line, &verdict, now).await?;
            count += 1;
        }
    }
    Ok(count)
}

async fn say(client: &reqwest::Client, line: &Outgoing, now: Time) -> Result<(), String> {
    let asked = request(line.kind, &line.address, &line.secret, &line.line, now).map_err(|e| e.to_string())?;
    let answer = client.post(asked.address).json(&asked.body).send().await.map_err(|e| e.without_url().to_string())?;
    let status = answer.status().as_u16();
    let mut bytes = answer.bytes().await.map_err(|e| e.without_url().to_string())?;
    bytes.truncate(ANSWER_BYTES);
    taken(line.kind, status, &String::from_utf8_lossy(&bytes))
}
