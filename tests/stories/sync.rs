//! What waited on a phone comes in: once, as its own person, and each envelope by itself.

use app::ids::{MutationId, TicketId};
use app::mutation::{Mutation, Outcome};
use app::rooms::people::model::Role;
use app::rooms::tickets::model::{Advance, MeToo, Part, Report, Step, WriteComment};
use harness::{Backend, Browser, Home, Server};
use rstest::rstest;
use serde_json::{Value, json};

fn report(home: &Home, text: &str) -> Mutation {
    Mutation::TicketReport(Report { tag: Some(home.tag.clone()), place: None, category: None, text: text.into(), photos: vec![], contact: None })
}

/// An envelope as a phone makes it for somebody in a role; with `None` for somebody who is not signed in.
fn sealed(home: &Home, role: Option<Role>, mutation: &Mutation) -> Value {
    let mut envelope = serde_json::to_value(mutation).expect("JSON");
    envelope["id"] = MutationId::new().to_string().into();
    envelope["app_version"] = "test".into();
    // A clock that is a year ahead changes nothing.
    envelope["client_time"] = json!(2_000_000_000_000i64);
    envelope["person"] = Value::Null;
    envelope["community"] = home.id.to_string().into();
    if let Some(role) = role {
        envelope["account"] = home.who(role).account.to_string().into();
        envelope["membership"] = home.who(role).membership.to_string().into();
    }
    envelope
}

async fn send(browser: &Browser, envelopes: &[Value]) -> Vec<Value> {
    let body = json!({ "envelopes": envelopes });
    let seen = browser.send(|client, base| client.post(format!("{base}/api/v1/sync")).json(&body)).await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    let answers: Value = serde_json::from_str(&seen.text).expect("JSON");
    let answers = answers["receipts"].as_array().expect("receipts").clone();
    assert_eq!(answers.len(), envelopes.len());
    answers
}

fn statuses(answers: &[Value]) -> Vec<&str> {
    answers.iter().map(|a| a["status"].as_str().unwrap_or_default()).collect()
}

async fn tickets(browser: &Browser, home: &Home, words: &str) -> usize {
    let board = browser.get(&format!("/c/{}/board?text={words}", home.slug)).await.text;
    let mark = format!("href=\"/c/{}/t/", home.slug);
    board.matches(&mark).count()
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_at_once_are_there_once_however_often_they_are_sent(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let owner = town.here.browser(&server, Role::Owner).await;
    let batch: Vec<Value> = (0..100).map(|i| sealed(&town.here, Some(Role::Owner), &report(&town.here, &format!("第{i}处")))).collect();
    let first = send(&owner, &batch).await;
    assert!(statuses(&first).iter().all(|s| *s == "done"), "{first:?}");
    let mut numbers: Vec<&str> = first.iter().filter_map(|a| a["number"].as_str()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 100);
    assert_eq!(send(&owner, &batch).await, first, "the receipts of the first time");
    let half: Vec<Value> = batch.iter().step_by(2).cloned().chain([sealed(&town.here, Some(Role::Owner), &report(&town.here, "又一处"))]).collect();
    assert!(statuses(&send(&owner, &half).await).iter().all(|s| *s == "done"));
    assert_eq!(tickets(&owner, &town.here, "又一处").await, 1);
    assert_eq!(tickets(&owner, &town.there, "处").await, 0);
    let too_many = json!({ "envelopes": (0..101).map(|_| batch[0].clone()).collect::<Vec<_>>() });
    let seen = owner.send(|client, base| client.post(format!("{base}/api/v1/sync")).json(&too_many)).await;
    assert_eq!(seen.status, 422);
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_envelope_does_not_block_the_others(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let owner = town.here.browser(&server, Role::Owner).await;
    let good = |words: &str| sealed(&town.here, Some(Role::Owner), &report(&town.here, words));
    let with = |field: &str, value: Value| {
        let mut envelope = good("毒");
        envelope[field] = value;
        envelope
    };
    let mut wrong_tag = good("毒");
    wrong_tag["payload"]["tag"] = "ZZZZZ".into();
    let mut too_long = good("毒");
    too_long["payload"]["text"] = "长".repeat(501).into();
    let mut reused = good("毒");
    let batch = [
        good("好的一"),
        json!("nonsense"),
        json!(null),
        with("kind", "ticket.explode.v9".into()),
        with("kind", "role.end.v1".into()),
        with("id", "not an id".into()),
        with("payload", json!({ "text": 5 })),
        wrong_tag,
        too_long,
        good("好的二"),
    ];
    let answers = send(&owner, &batch).await;
    assert_eq!(statuses(&answers), ["done", "update", "update", "update", "update", "update", "update", "rejected", "rejected", "done"], "{answers:?}");
    assert!(answers[7]["zh"].as_str().is_some_and(|words| !words.is_empty()) && answers[8]["en"].as_str().is_some_and(|words| !words.is_empty()));
    reused["id"] = batch[0]["id"].clone();
    assert_eq!(statuses(&send(&owner, &[reused, good("好的三")]).await), ["rejected", "done"], "an id with another body");
    assert_eq!(tickets(&owner, &town.here, "好的").await, 3);
    assert_eq!(tickets(&owner, &town.here, "毒").await, 0);
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_somebody_elses_waits_for_them(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let owners = sealed(&town.here, Some(Role::Owner), &report(&town.here, "业主写的"));
    let strangers = sealed(&town.here, None, &report(&town.here, "访客写的"));
    let comment = Mutation::TicketComment(WriteComment { ticket: TicketId::new(), text: "你好".into() });
    let nobody = server.browser();
    assert_eq!(statuses(&send(&nobody, &[owners.clone(), strangers.clone(), sealed(&town.here, None, &comment)]).await), ["sign_in", "done", "sign_in"]);
    let tenant = town.here.browser(&server, Role::Tenant).await;
    assert_eq!(statuses(&send(&tenant, std::slice::from_ref(&owners)).await), ["sign_in"]);
    let neighbour = town.there.browser(&server, Role::Owner).await;
    assert_eq!(statuses(&send(&neighbour, std::slice::from_ref(&owners)).await), ["sign_in"]);
    assert_eq!(tickets(&nobody, &town.here, "写的").await, 0, "the visitor's waits for a moderator, the owner's on the phone");
    let owner = town.here.browser(&server, Role::Owner).await;
    // A visitor's report stays a visitor's, whoever is signed in when it is sent again.
    assert_eq!(statuses(&send(&owner, &[owners, strangers]).await), ["done", "done"]);
    assert_eq!(tickets(&nobody, &town.here, "业主写的").await, 1);
    // Another community's door does not open for a sticker of this one, but its own visitor may report there.
    let there = sealed(&town.here, Some(Role::Owner), &report(&town.there, "别的小区"));
    assert_eq!(statuses(&send(&owner, &[there]).await), ["done"]);
    assert_eq!(tickets(&owner, &town.here, "别的小区").await, 0);
    let pending = town.there.browser(&server, Role::ResidentsCommittee).await.get("/desk/tickets/pending").await;
    assert!(pending.says("别的小区"));
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_steps_is_told_where_the_ticket_stands(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let receipt = home.act(&server, Role::Owner, report(home, "门禁坏了")).await.expect("done");
    let Outcome::Done { subject: Some(ticket), .. } = receipt.outcome else { panic!("no ticket") };
    let step = |version, step| Mutation::TicketAdvance(Advance { ticket: ticket.into(), version, step });
    home.act(&server, Role::Dispatcher, step(1, Step::Accept { part: Part::Common })).await.expect("accepted");
    home.act(&server, Role::Dispatcher, step(2, Step::Assign { worker: home.who(Role::Worker).person })).await.expect("assigned");
    let worker = home.browser(&server, Role::Worker).await;
    let desk = home.browser(&server, Role::Dispatcher).await;
    let arrive = step(3, Step::Arrive);
    assert_eq!(statuses(&send(&worker, &[sealed(home, Some(Role::Worker), &arrive)]).await), ["done"]);
    let late = sealed(home, Some(Role::Dispatcher), &arrive);
    let answer = send(&desk, std::slice::from_ref(&late)).await.remove(0);
    assert_eq!((answer["status"].as_str(), answer["current"].as_i64()), (Some("rejected"), Some(4)), "{answer}");
    assert!(answer["standing"]["zh"].as_str().is_some_and(|words| words.contains("师傅")), "{answer}");
    let meanwhile = &answer["meanwhile"];
    assert!(meanwhile[0]["zh"].as_str().is_some_and(|words| words.contains("师傅已到场") && words.contains("今天")), "{answer}");
    assert!(meanwhile[0]["en"].as_str().is_some_and(|words| words.contains("on site")), "{answer}");
    assert_eq!(meanwhile.as_array().map(Vec::len), Some(1), "one version, one change: {answer}");
    assert_eq!(send(&desk, &[late]).await.remove(0)["status"], "rejected", "and so it stays");
    // Steps made one after the other without a network build on each other.
    let pause = step(4, Step::Pause { reason: "缺锁芯，明天到".into() });
    let resume = step(5, Step::Resume);
    assert_eq!(statuses(&send(&worker, &[pause, resume].map(|m| sealed(home, Some(Role::Worker), &m))).await), ["done", "done"]);
    let me_too = Mutation::TicketMeToo(MeToo { ticket: ticket.into() });
    assert_eq!(statuses(&send(&home.browser(&server, Role::Tenant).await, &[sealed(home, Some(Role::Tenant), &me_too)]).await), ["done"]);
    assert_eq!(statuses(&send(&town.there.browser(&server, Role::Owner).await, &[sealed(&town.there, Some(Role::Owner), &me_too)]).await), ["rejected"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_interface_describes_itself_and_the_worker_is_never_stale() {
    let server = Server::start(Backend::Sqlite).await;
    let nobody = server.browser();
    let described: Value = serde_json::from_str(&nobody.get("/api/v1/openapi.json").await.text).expect("JSON");
    assert_eq!(described["openapi"], "3.1.0");
    let envelope = &described["components"]["schemas"]["Envelope"]["properties"];
    let (kinds, payloads) = (&envelope["kind"]["enum"], envelope["payload"]["oneOf"].as_array().expect("payloads"));
    assert_eq!(kinds, &json!(app::rooms::offline::rules::WAITING));
    assert_eq!(kinds.as_array().map(Vec::len), Some(payloads.len()), "each kind has its payload described");
    for payload in payloads {
        let name = payload["$ref"].as_str().and_then(|r| r.rsplit('/').next()).expect("a name");
        assert_eq!(described["components"]["schemas"][name]["type"], "object", "{name}");
    }
    for path in ["/offline/zh", "/offline/en", "/manifest.webmanifest"] {
        assert_eq!(nobody.get(path).await.status, 200, "{path}");
    }
    let page = nobody.get("/offline/en").await;
    assert!(page.says("There is no network") && page.csp.contains("nonce-"));
}
