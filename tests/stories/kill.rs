//! The program is killed in the middle of a thousand reports, several times. What it acknowledged is there, once.

use crate::bench_to_repair::picture;
use crate::program::{PATIENCE, Program, run, said};
use app::context::Db;
use app::ids::{MutationId, PhotoId};
use app::rooms::events::entity::{applied_mutations, events};
use app::rooms::people::model::Role;
use app::rooms::photos::entity::photos;
use app::rooms::tickets::entity::tickets;
use harness::town::SECRET;
use harness::{Backend, Home, Server};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use reqwest::{Client, StatusCode, header};
use sea_orm::EntityTrait;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;

const REPORTS: usize = 1_000;
const CLIENTS: usize = 8;
const KILLS: usize = 5;

/// What the clients share.
struct World {
    home: Home,
    /// Where the program is now; empty while it is down.
    base: watch::Receiver<String>,
    next: AtomicUsize,
    answered: Mutex<Vec<Answered>>,
}

/// A report that the program has acknowledged.
#[derive(Clone, Debug)]
struct Answered {
    id: MutationId,
    text: String,
    photo: Option<PhotoId>,
    /// Empty for visitors, who are told none.
    number: String,
}

impl World {
    fn count(&self) -> usize {
        self.answered.lock().expect("unpoisoned").len()
    }

    async fn base(&self) -> String {
        self.base.clone().wait_for(|b| !b.is_empty()).await.expect("the program comes back").clone()
    }
}

/// Somebody who sends again, under the same id, until there is an answer.
struct Sender {
    http: Client,
    world: Arc<World>,
}

impl Sender {
    async fn new(world: Arc<World>, role: Option<Role>) -> Self {
        let http = Client::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE).build().expect("a client");
        let sender = Self { http, world };
        if let Some(role) = role {
            let fields = [("phone", sender.world.home.who(role).phone.clone()), ("secret", SECRET.into()), ("back", "/".into())];
            let (status, to, text) = sender.insist(|http, base| http.post(format!("{base}/sign-in")).form(&fields)).await;
            assert_eq!(status, StatusCode::SEE_OTHER, "{to} {text}");
        }
        sender
    }

    /// Sends until there is an answer. No answer is what a dying program leaves; every answer counts.
    async fn insist(&self, make: impl Fn(&Client, &str) -> reqwest::RequestBuilder) -> (StatusCode, String, String) {
        loop {
            let base = self.world.base().await;
            if let Ok(response) = make(&self.http, &base).send().await {
                let status = response.status();
                let to = response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
                // An answer that is cut off is not an answer.
                if let Ok(text) = response.text().await {
                    return (status, to, text);
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn report(&self, id: MutationId, text: &str, photo: Option<PhotoId>) -> String {
        let home = &self.world.home;
        let make = |http: &Client, base: &str| {
            let mut form = reqwest::multipart::Form::new()
                .text("id", id.to_string())
                .text("tag", home.tag.clone())
                .text("place", home.place.to_string())
                .text("community", home.id.to_string())
                .text("text", text.to_owned())
                .text("category", "facility");
            if let Some(photo) = photo {
                form = form.text("photo", photo.to_string());
            }
            http.post(format!("{base}/forms/report")).multipart(form)
        };
        let (status, to, text) = self.insist(make).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{to} {text}");
        to.split("/t/").nth(1).and_then(|rest| rest.split('?').next()).unwrap_or_default().to_owned()
    }

    /// Takes one report after the other until all are sent.
    async fn work(self, visitor: bool) {
        loop {
            let n = self.world.next.fetch_add(1, Ordering::Relaxed);
            if n >= REPORTS {
                return;
            }
            let (id, text) = (MutationId::new(), format!("第 {n} 件，灯不亮"));
            let photo = (n.is_multiple_of(40) && !visitor).then(PhotoId::new);
            if let Some(photo) = photo {
                let bytes = picture((n / 4 % 256) as u8);
                let (status, _, text) = self.insist(|http, base| http.put(format!("{base}/api/v1/photos/{photo}")).body(bytes.clone())).await;
                assert_eq!(status, StatusCode::OK, "{text}");
            }
            let number = self.report(id, &text, photo).await;
            if n % 10 == 3 {
                // A double click, and later the queue of a phone that never saw the answer: the same number each time.
                let (one, two) = futures::join!(self.report(id, &text, photo), self.report(id, &text, photo));
                assert_eq!((&one, &two), (&number, &number));
            }
            self.world.answered.lock().expect("unpoisoned").push(Answered { id, text, photo, number });
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_acknowledged_is_there_once_however_often_the_program_is_killed() {
    let seed: u64 = std::env::var("XIANGHE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or_else(rand::random);
    println!("XIANGHE_SEED={seed} chooses these moments again");
    let mut rng = SmallRng::seed_from_u64(seed);
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let data = server.stop().await;

    let mut program = Program::serve(data.path()).await;
    let (say, base) = watch::channel(program.url.clone());
    let world = Arc::new(World { home, base, next: AtomicUsize::new(0), answered: Mutex::default() });
    let mut clients = tokio::task::JoinSet::new();
    for i in 0..CLIENTS {
        let role = [Some(Role::Owner), Some(Role::Tenant), Some(Role::Owner), None][i % 4];
        let world = world.clone();
        clients.spawn(async move { Sender::new(world, role).await.work(role.is_none()).await });
    }
    let step = REPORTS / (KILLS + 1);
    for kill in 1..=KILLS {
        let (answers, pause) = (kill * step + rng.random_range(0..step / 2), rng.random_range(0..40));
        let from = Instant::now();
        while world.count() < answers {
            assert!(from.elapsed() < PATIENCE, "seed {seed}: only {} answers", world.count());
            if let Some(ended) = clients.try_join_next() {
                ended.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        tokio::time::sleep(Duration::from_millis(pause)).await;
        say.send_replace(String::new());
        println!("kill {kill} after {} answers", world.count());
        program.kill();
        if rng.random() {
            holds(data.path(), seed).await;
        }
        program = Program::serve(data.path()).await;
        say.send_replace(program.url.clone());
    }
    while let Some(ended) = clients.join_next().await {
        ended.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    }
    let answered = world.answered.lock().expect("unpoisoned").clone();
    assert_eq!(answered.len(), REPORTS, "seed {seed}");
    photos_are_whole(&world, &answered, seed).await;
    program.stop().await;
    holds(data.path(), seed).await;
    each_is_there_once(data.path(), &answered, seed).await;
}

/// `xianghe verify` says that the chain of events holds.
async fn holds(data: &std::path::Path, seed: u64) {
    let verdict = run(&["verify"], data).await;
    assert!(verdict.status.success() && said(&verdict).contains("whole"), "seed {seed}: {}", said(&verdict));
}

async fn photos_are_whole(world: &Arc<World>, answered: &[Answered], seed: u64) {
    let owner = Sender::new(world.clone(), Some(Role::Owner)).await;
    let base = world.base().await;
    for photo in answered.iter().filter_map(|a| a.photo) {
        for size in ["s", "m", "l"] {
            let response = owner.http.get(format!("{base}/photos/{photo}/{size}")).send().await.expect("an answer");
            assert_eq!(response.status(), StatusCode::OK, "seed {seed}");
            let bytes = response.bytes().await.expect("a body");
            image::load_from_memory(&bytes).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        }
    }
}

async fn each_is_there_once(data: &std::path::Path, answered: &[Answered], seed: u64) {
    let db = Db::open(&format!("sqlite:{}", data.join("xianghe.db").display()), 1).await.expect("opens");
    let rows = tickets::Entity::find().all(&db.read).await.expect("reads");
    let texts: BTreeSet<&str> = rows.iter().map(|r| r.text.as_str()).collect();
    let numbers: BTreeSet<&str> = rows.iter().map(|r| r.number.as_str()).collect();
    assert_eq!((rows.len(), texts.len(), numbers.len()), (REPORTS, REPORTS, REPORTS), "seed {seed}: one row, one number for each report");
    let by_id: BTreeMap<_, _> = rows.iter().map(|r| (r.id, r)).collect();
    let shown: BTreeSet<_> = photos::Entity::find().all(&db.read).await.expect("reads").into_iter().filter(|p| p.attached_at.is_some()).map(|p| p.id).collect();
    for report in answered {
        let row = by_id.get(&report.id.0).unwrap_or_else(|| panic!("seed {seed}: {report:?} was acknowledged and is lost"));
        assert_eq!((row.text.as_str(), row.first_photo), (report.text.as_str(), report.photo.map(|p| p.0)), "seed {seed}");
        assert!(report.number.is_empty() || report.number == row.number, "seed {seed}: {report:?} is {}", row.number);
        assert!(report.photo.is_none_or(|p| shown.contains(&p.0)), "seed {seed}: {report:?}");
    }
    // Each has its receipt and its event, and there are no others.
    let receipts: BTreeSet<_> = applied_mutations::Entity::find().all(&db.read).await.expect("reads").into_iter().map(|r| r.id).collect();
    assert!(receipts.iter().eq(by_id.keys()), "seed {seed}: {} receipts", receipts.len());
    let told: Vec<_> = events::Entity::find().all(&db.read).await.expect("reads").into_iter().map(|e| e.subject).collect();
    assert_eq!((told.len(), told.into_iter().collect::<BTreeSet<_>>().len()), (REPORTS, REPORTS), "seed {seed}");
}
