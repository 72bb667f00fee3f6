//! Overdue repairs climb, the inboxes fill, and group robots are told: once, signed, and again until they take it.

use app::apply::apply;
use app::context::Caller;
use app::error::AppError;
use app::ids::{MutationId, TicketId};
use app::measure::{DAY, HOUR, MINUTE, Time};
use app::mutation::{Envelope, Mutation, Outcome};
use app::rooms::messages::entity::robot_lines;
use app::rooms::messages::model::{AddRobot, Escalate, MarkRead, RemoveRobot, RobotKind, Rung, SendAgain, TryRobot};
use app::rooms::messages::rules::TRIES;
use app::rooms::messages::store::to_escalate;
use app::rooms::people::model::Role;
use app::rooms::tickets::model::Report;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::routing::post;
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// A chat program on this machine: it keeps what it was told and answers what it was told to answer.
#[derive(Clone, Default)]
struct Chat {
    heard: Arc<Mutex<Vec<(String, String)>>>,
    answers: Arc<Mutex<VecDeque<(u16, &'static str)>>>,
}

async fn hear(State(chat): State<Chat>, uri: Uri, body: String) -> (StatusCode, String) {
    chat.heard.lock().expect("kept").push((uri.to_string(), body));
    let (status, words) = chat.answers.lock().expect("told").pop_front().unwrap_or((200, r#"{"errcode":0,"code":0}"#));
    (StatusCode::from_u16(status).expect("a status"), words.to_owned())
}

impl Chat {
    async fn open() -> (Self, String) {
        let chat = Self::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let host = listener.local_addr().expect("an address").to_string();
        let router = axum::Router::new().route("/{*any}", post(hear)).with_state(chat.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        (chat, host)
    }

    fn heard(&self) -> Vec<(String, String)> {
        std::mem::take(&mut self.heard.lock().expect("kept"))
    }
}

async fn report(server: &Server, home: &Home, text: &str) -> TicketId {
    let report = Report { tag: Some(home.tag.clone()), place: None, category: None, text: text.into(), photos: vec![], contact: None };
    match home.act(server, Role::Owner, Mutation::TicketReport(report)).await.expect("reported").outcome {
        Outcome::Done { subject: Some(id), .. } => TicketId(id),
        other => panic!("{other:?}"),
    }
}

/// What the clock does at `at`; answers the rungs that were taken.
async fn climb(server: &Server, home: &Home, at: Time) -> Vec<Rung> {
    let mut taken = Vec::new();
    for escalate in to_escalate(&server.db().read, home.id, at).await.expect("reads") {
        let rung = escalate.rung;
        let envelope = Envelope { id: MutationId::new(), person: None, app_version: String::new(), client_time: at, mutation: Mutation::TicketEscalate(escalate) };
        apply(server.services(), &Caller::Clock(home.id), &envelope, at, None).await.expect("climbs");
        taken.push(rung);
    }
    taken
}

fn robot(kind: RobotKind, address: &str, secret: &str, from: Rung) -> Mutation {
    Mutation::RobotAdd(AddRobot { name: "业委会群".into(), kind, address: address.into(), secret: secret.into(), from })
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_repair_climbs_the_ladder_and_everybody_is_told_once(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let (chat, host) = Chat::open().await;
    server.services().robot_hosts.set(vec![host.clone()]).expect("set once");
    home.act(&server, Role::Administrator, robot(RobotKind::Dingtalk, &format!("http://{host}/robot/send?access_token=t"), "SECabc", Rung::Manager)).await.expect("added");
    home.act(&server, Role::PropertyManager, robot(RobotKind::Feishu, &format!("http://{host}/hook"), "", Rung::Committee)).await.expect("added");
    report(&server, home, "路灯坏了没人管").await;
    report(&server, &town.there, "别处的灯").await;

    // The desk's hours decide when it is due, so the story looks far enough ahead of any of them.
    let due = now() + 2 * DAY;
    assert!(climb(&server, home, now()).await.is_empty(), "nothing is late yet");
    let first = climb(&server, home, due).await;
    assert_eq!(first.first(), Some(&Rung::Dispatcher));
    assert!(climb(&server, home, due).await.is_empty(), "no rung twice");
    climb(&server, home, due + 4 * DAY).await;
    assert!(climb(&server, home, due + 400 * DAY).await.is_empty(), "the ladder ends");

    // The public page tells it, and each rung has its message.
    let desk = home.browser(&server, Role::Dispatcher).await;
    let inbox = desk.get("/desk/messages").await;
    assert_eq!((inbox.status.as_u16(), inbox.says("路灯坏了没人管"), inbox.says("仍超时")), (200, true, true));
    let number = inbox.text.split("/t/").nth(1).and_then(|s| s.split('"').next()).expect("a number").to_owned();
    let page = server.browser().get(&format!("/c/here/t/{number}")).await;
    for rung in ["物业客服", "物业经理", "业委会", "居委会"] {
        assert!(page.says(&format!("已报{rung}督办")), "{rung}");
    }
    for role in [Role::PropertyManager, Role::CommitteeMember, Role::ResidentsCommittee] {
        let seen = home.browser(&server, role).await.get("/desk/messages").await;
        assert_eq!(seen.text.matches("class=\"tag warn\"").count(), 1, "{role:?}");
    }
    // Marked as read; an owner has no such inbox; the other community sees nothing of it.
    let (id, up_to) = (inbox.hidden_after("/forms/messages-read", "id"), (now() + 400 * DAY).0.to_string());
    assert_eq!(desk.post("/forms/messages-read", &[("id", &id), ("up_to", &up_to), ("back", "/desk/messages")]).await.status, 303);
    assert_eq!(home.browser(&server, Role::Owner).await.get("/desk/messages").await.status, 403);
    assert!(!town.there.browser(&server, Role::Dispatcher).await.get("/desk/messages").await.says("路灯坏了"));

    // The groups: three rungs from the manager up for one, two for the other, each once, the first ones signed.
    let client = xianghe_server::robots::client().expect("a client");
    let later = due + 401 * DAY;
    assert_eq!(xianghe_server::robots::round(&server.state, &client, later).await.expect("sends"), 5);
    assert_eq!(xianghe_server::robots::round(&server.state, &client, later + HOUR).await.expect("sends"), 0);
    let heard = chat.heard();
    assert_eq!(heard.iter().filter(|(to, _)| to.starts_with("/robot/send?access_token=t&timestamp=") && to.contains("&sign=")).count(), 3, "{heard:?}");
    assert_eq!(heard.iter().filter(|(to, body)| to == "/hook" && body.contains("\"msg_type\":\"text\"")).count(), 2);
    assert!(heard.iter().all(|(_, body)| body.contains(&number) && body.contains(&format!("/c/here/t/{number}"))));
    assert!(heard.iter().all(|(_, body)| !body.contains("王业主")), "nobody is named");
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_robot_does_not_take_goes_again_until_it_is_given_up(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let (chat, host) = Chat::open().await;
    server.services().robot_hosts.set(vec![host.clone()]).expect("set once");
    let manager = home.browser(&server, Role::PropertyManager).await;
    let form = manager.get("/desk/robots").await;
    let id = form.hidden_after("/forms/robot-add", "id");
    let address = format!("http://{host}/send?key=k");
    let fields = |address: &'static str| {
        vec![("id", "01890a5d-ac96-774b-bcce-b302099a8099"), ("back", "/desk/robots"), ("name", "物业群"), ("kind", "wecom"), ("from", "dispatcher"), ("address", address)]
    };
    let refused = manager.post("/forms/robot-add", &fields("https://evil.example/hook")).await;
    assert!(refused.status == 422 && refused.says("https://qyapi.weixin.qq.com/") && refused.says("https://evil.example/hook"), "{}", refused.text);
    let added =
        manager.post("/forms/robot-add", &[("id", &id), ("back", "/desk/robots"), ("name", "物业群"), ("kind", "wecom"), ("from", "dispatcher"), ("address", &address)]).await;
    assert_eq!(added.status, 303, "{}", added.text);
    let page = manager.get("/desk/robots").await;
    assert!(page.says("物业群") && !page.says("key=k"), "the address is not shown again");
    let robot = page.hidden_after("/forms/robot-try", "robot");
    manager.post("/forms/robot-try", &[("id", &page.hidden_after("/forms/robot-try", "id")), ("robot", &robot), ("back", "/desk/robots")]).await;

    chat.answers.lock().expect("told").extend([(502, "<html>"), (200, r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#)]);
    let client = xianghe_server::robots::client().expect("a client");
    let send = async |at: Time| xianghe_server::robots::round(&server.state, &client, at).await.expect("sends");
    let start = now();
    assert_eq!(send(start).await, 1);
    assert_eq!(send(start + 10).await, 0, "it rests");
    assert_eq!(send(start + MINUTE).await, 1);
    let waiting = manager.get("/desk/robots").await;
    assert!(waiting.says("45009") && waiting.says("再发"), "{}", waiting.text);
    assert_eq!(send(start + 3 * MINUTE).await, 1);
    assert_eq!(chat.heard().len(), 3);
    assert!(manager.get("/desk/robots").await.says("上次送到"));

    // A robot that never answers is given up, and can be asked again by hand.
    home.act(&server, Role::PropertyManager, Mutation::RobotTry(TryRobot { robot: robot.parse().expect("an id") })).await.expect("tried");
    chat.answers.lock().expect("told").extend(std::iter::repeat_n((500, ""), 20));
    let mut at = now();
    let mut tries = 0;
    for _ in 0..40 {
        at = at + 6 * HOUR;
        tries += send(at).await;
    }
    assert_eq!(i64::try_from(tries).expect("few"), TRIES);
    let row = robot_lines::Entity::find()
        .filter(robot_lines::Column::SentAt.is_null())
        .order_by_desc(robot_lines::Column::MadeAt)
        .one(&server.db().read)
        .await
        .expect("reads")
        .expect("a line");
    assert_eq!((row.attempts, row.next_at), (TRIES, None));
    assert!(manager.get("/desk/robots").await.says("不再发了"));
    chat.answers.lock().expect("told").clear();
    home.act(&server, Role::PropertyManager, Mutation::RobotAgain(SendAgain { line: row.id })).await.expect("again");
    assert_eq!(send(at + DAY).await, 1);
    // Removed: what waits is given up, and its keys are gone.
    home.act(&server, Role::PropertyManager, Mutation::RobotTry(TryRobot { robot: robot.parse().expect("an id") })).await.expect("tried");
    home.act(&server, Role::PropertyManager, Mutation::RobotRemove(RemoveRobot { robot: robot.parse().expect("an id") })).await.expect("removed");
    assert_eq!(send(at + 2 * DAY).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_keep_robots_and_nobody_escalates_but_the_clock() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let ticket = report(&server, &town.here, "慢").await;
    let climb = || Mutation::TicketEscalate(Escalate { ticket, due_at: now(), rung: Rung::Dispatcher });
    let wecom = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k";
    for role in Role::ALL {
        assert_eq!(town.here.act(&server, role, climb()).await.err(), Some(AppError::Forbidden), "{role:?}");
        let keeps = matches!(role, Role::Administrator | Role::PropertyManager);
        let added = town.here.act(&server, role, robot(RobotKind::Wecom, wecom, "", Rung::Manager)).await;
        assert_eq!(added.is_ok(), keeps, "{role:?} {added:?}");
        let reads = matches!(role, Role::Dispatcher | Role::PropertyManager | Role::ResidentsCommittee | Role::CommitteeMember | Role::CommitteeDirector);
        assert_eq!(town.here.act(&server, role, Mutation::MessageRead(MarkRead { up_to: now() })).await.is_ok(), reads, "{role:?}");
        let plans = reads || matches!(role, Role::Worker | Role::Auditor);
        assert_eq!(town.here.browser(&server, role).await.get("/desk/plan?from=2026-02-30").await.status == 200, plans, "{role:?}");
    }
}

/// What somebody tries on what is not theirs: every kind of this room.
pub fn foreign(ticket: TicketId) -> Vec<Mutation> {
    vec![
        Mutation::TicketEscalate(Escalate { ticket, due_at: now(), rung: Rung::Dispatcher }),
        Mutation::RobotRemove(RemoveRobot { robot: Uuid::now_v7() }),
        Mutation::RobotTry(TryRobot { robot: Uuid::now_v7() }),
        Mutation::RobotAgain(SendAgain { line: Uuid::now_v7() }),
    ]
}
