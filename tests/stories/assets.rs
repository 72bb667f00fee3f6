//! What the estate owns: the register in and out, replacements, rounds, and tickets that a failed check opens.

use app::error::AppError;
use app::ids::PlaceId;
use app::mutation::{Mutation, Outcome};
use app::rooms::assets::model::{Add, Change, Check, CloseRound, ConfirmList, Details, Kind, OpenRound, State};
use app::rooms::assets::store::{Query, numbers, register, round, view};
use app::rooms::people::model::Role;
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

/// A camera that is added.
pub fn camera(place: PlaceId, name: &str) -> Add {
    Add { kind: Kind::Camera, place, details: Details { name: name.into(), ..Details::default() }, own_tag: false, replaces: None }
}

/// What somebody may try on another community's things.
pub fn foreign(there: &Home) -> Vec<Mutation> {
    let (asset, details) = (Uuid::now_v7(), Details { name: "越界".into(), ..Details::default() });
    vec![
        Mutation::AssetAdd(camera(there.place, "越界")),
        Mutation::AssetChange(Change { asset, version: 1, state: State::Faulty, details, reason: "越界".into() }),
        Mutation::AssetImport(ConfirmList { import: Uuid::now_v7() }),
        // Its worker is nobody here, which is all that it could say of another community.
        Mutation::AssetCheck(Check { round: Uuid::now_v7(), asset, passed: true, reading: None, note: String::new(), photos: vec![] }),
        Mutation::RoundClose(CloseRound { round: Uuid::now_v7() }),
    ]
}

async fn done(server: &Server, home: &Home, role: Role, mutation: Mutation) -> (Uuid, String) {
    let kind = mutation.kind();
    match home.act(server, role, mutation).await.unwrap_or_else(|e| panic!("{kind}: {e:?}")).outcome {
        Outcome::Done { subject, number, .. } => (subject.unwrap_or_default(), number.unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

async fn open_round(server: &Server, home: &Home, most: i64) -> Uuid {
    let open = OpenRound { kind: Kind::Camera, place: None, worker: home.who(Role::Worker).person, most, days: 7 };
    done(server, home, Role::Dispatcher, Mutation::RoundOpen(open)).await.0
}

fn check(round: Uuid, asset: Uuid, fault: Option<&str>) -> Mutation {
    Mutation::AssetCheck(Check { round, asset, passed: fault.is_none(), reading: None, note: fault.unwrap_or_default().into(), photos: vec![] })
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_dead_camera_is_found_repaired_and_replaced(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let db = &server.db().read;
    let (old, old_number) = done(&server, home, Role::PropertyManager, Mutation::AssetAdd(camera(home.place, "广场 1 号机"))).await;
    let (other, _) = done(&server, home, Role::PropertyManager, Mutation::AssetAdd(camera(home.place, "广场 2 号机"))).await;
    done(&server, &town.there, Role::PropertyManager, Mutation::AssetAdd(camera(town.there.place, "隔壁 1 号机"))).await;
    let sprinklers = OpenRound { kind: Kind::Sprinkler, place: None, worker: home.who(Role::Worker).person, most: 5, days: 5 };
    assert!(matches!(home.act(&server, Role::Dispatcher, Mutation::RoundOpen(sprinklers.clone())).await, Err(AppError::Invalid(f)) if f[0].field == "kind"));
    let strange = OpenRound { kind: Kind::Camera, worker: town.there.who(Role::Worker).person, ..sprinklers };
    assert!(matches!(home.act(&server, Role::Dispatcher, Mutation::RoundOpen(strange)).await, Err(AppError::Invalid(f)) if f[0].field == "worker"), "somebody of next door");
    let nobody = OpenRound { kind: Kind::Camera, worker: home.who(Role::Dispatcher).person, most: 0, days: 99, ..sprinklers };
    assert!(matches!(home.act(&server, Role::Dispatcher, Mutation::RoundOpen(nobody)).await, Err(AppError::Invalid(f)) if f.len() == 3), "everything wrong at once");

    let round_id = open_round(&server, home, 60).await;
    done(&server, home, Role::Worker, check(round_id, other, None)).await;
    assert!(matches!(home.act(&server, Role::Worker, check(round_id, old, Some(" "))).await, Err(AppError::Invalid(f)) if f[0].field == "note"));
    done(&server, home, Role::Worker, check(round_id, old, Some("黑屏"))).await;
    let seen = view(db, home.id, &old_number, app::i18n::Lang::Zh, now()).await.expect("reads");
    let ticket = seen.ticket.clone().expect("a failed check opens a ticket");
    assert_eq!((seen.row.state, seen.checks.len()), (State::Faulty, 1));
    // Found broken again while it waits: the same ticket.
    done(&server, home, Role::Worker, check(round_id, old, Some("还是黑屏"))).await;
    let again = view(db, home.id, &old_number, app::i18n::Lang::Zh, now()).await.expect("reads");
    assert_eq!(again.ticket.as_deref(), Some(ticket.as_str()));
    assert_eq!(app::rooms::tickets::entity::tickets::Entity::find().count(db).await.expect("counts"), 1);
    let viewer = home.viewer(&server, Role::Worker).await;
    let seen = round(server.db(), &viewer, round_id, app::i18n::Lang::Zh).await.expect("reads");
    assert_eq!((seen.row.checked, seen.row.passed, seen.row.total, seen.mine), (2, 1, 2, true), "of two checks of one asset the last counts");
    let n = numbers(db, home.id, now()).await.expect("reads")[0];
    assert_eq!((n.all, n.in_use, n.checked, n.passed), (2, 1, 2, 1));

    let unplugged = Change { asset: other, version: 2, state: State::Offline, details: camera(home.place, "广场 2 号机").details, reason: "交换机端口坏".into() };
    let (_, other_number) = done(&server, home, Role::Dispatcher, Mutation::AssetChange(unplugged)).await;
    let turned = view(db, home.id, &other_number, app::i18n::Lang::Zh, now()).await.expect("reads").turns;
    assert_eq!((turned.len(), turned[0].from, turned[0].to, turned[0].reason.as_str()), (1, State::InUse, State::Offline, "交换机端口坏"));

    // A new one takes its place; the pair points at each other, once.
    let new = Add { replaces: Some(old), ..camera(home.place, "广场 1 号机") };
    let (_, new_number) = done(&server, home, Role::PropertyManager, Mutation::AssetAdd(new.clone())).await;
    let pair = view(db, home.id, &old_number, app::i18n::Lang::Zh, now()).await.expect("reads");
    assert_eq!((pair.row.state, pair.replaced_by.map(|p| p.0)), (State::Retired, Some(new_number.clone())));
    assert_eq!(view(db, home.id, &new_number, app::i18n::Lang::Zh, now()).await.expect("reads").replaces.map(|p| p.0), Some(old_number.clone()));
    assert!(matches!(home.act(&server, Role::PropertyManager, Mutation::AssetAdd(new)).await, Err(AppError::Closed { .. })), "it is replaced once");
    let revive = Change { asset: old, version: pair.version, state: State::InUse, details: camera(home.place, "广场 1 号机").details, reason: "又好了".into() };
    assert!(matches!(home.act(&server, Role::PropertyManager, Mutation::AssetChange(revive)).await, Err(AppError::Closed { .. })), "what is retired stays so");

    done(&server, home, Role::Worker, Mutation::RoundClose(CloseRound { round: round_id })).await;
    assert!(matches!(home.act(&server, Role::Worker, check(round_id, other, None)).await, Err(AppError::Closed { .. })));

    // What everybody reads; and nothing of it next door.
    let public = server.browser();
    let page = public.get("/c/here/assets").await;
    assert!(page.says("摄像头") && page.says("1 / 2 (50.0 %)"), "{}", page.text);
    assert!(public.get(&format!("/c/here/assets/{old_number}")).await.says(&ticket));
    assert_eq!(public.get(&format!("/c/there/assets/{new_number}")).await.status, 404);
    assert!(!public.get("/c/there/assets").await.says("2 / 2"));
    let strange = town.there.browser(&server, Role::Worker).await;
    assert_eq!(strange.get(&format!("/rounds/{round_id}")).await.status, 404);
    let (status, pdf) = home.browser(&server, Role::Dispatcher).await.bytes(&format!("/print/rounds/{round_id}.pdf")).await;
    assert!(status == 200 && pdf.starts_with(b"%PDF-"));
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_register_goes_in_once_and_comes_out_the_same(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let desk = home.browser(&server, Role::PropertyManager).await;
    let sheet = |rows: &str| format!("种类,名称,地点,序列号,安装日期,质保到期\n{rows}").into_bytes();
    let bad = sheet("摄像头,1 号机,没有的地方,,,\n飞船,,中心广场,,x,\n");
    let sent = desk.post_files("/forms/asset-list", &[("id", &Uuid::now_v7().to_string()), ("back", "/desk/assets")], &[("list", bad)]).await;
    let preview = desk.get(&sent.to).await;
    assert!(preview.says("没有“没有的地方”这个地点") && preview.says("没有“飞船”这一种") && !preview.says("/forms/asset-import"), "{}", preview.text);
    let good = sheet("摄像头,1 号机,中心广场,A-1,2026-01-05,2029-01-04\n喷淋头,1 号喷头,中心广场,,,\n摄像头,=cmd|x,中心广场,,,\n");
    for round in 0..2 {
        let sent = desk.post_files("/forms/asset-list", &[("id", &Uuid::now_v7().to_string()), ("back", "/desk/assets")], &[("list", good.clone())]).await;
        let preview = desk.get(&sent.to).await;
        if round == 0 {
            assert!(preview.says("新增 3 件"), "{}", preview.text);
            let (id, import) = (preview.hidden_after("/forms/asset-import", "id"), preview.hidden_after("/forms/asset-import", "import"));
            assert_eq!(desk.post("/forms/asset-import", &[("id", &id), ("import", &import), ("back", &sent.to)]).await.status, 303);
        } else {
            assert!(preview.says("3 件已经登记过") && !preview.says("/forms/asset-import"), "{}", preview.text);
        }
    }
    // The export is a list that can be read again and changes nothing.
    let (status, bytes) = desk.bytes("/desk/assets/export.xlsx").await;
    assert_eq!(status, 200);
    let sent = desk.post_files("/forms/asset-list", &[("id", &Uuid::now_v7().to_string()), ("back", "/desk/assets")], &[("list", bytes)]).await;
    assert!(desk.get(&sent.to).await.says("3 件已经登记过"));
    assert!(register(&server.db().read, town.there.id, &Query::default(), 60).await.expect("reads").0.is_empty());
    let pages = register(&server.db().read, home.id, &Query::default(), 2).await.expect("reads");
    assert_eq!((pages.0.len(), pages.1.as_deref()), (2, Some("SB-00002")));
    let rest = register(&server.db().read, home.id, &Query { after: "SB-00002".into(), ..Query::default() }, 2).await.expect("reads");
    assert_eq!((rest.0.len(), rest.1), (1, None));
    for role in [Role::Owner, Role::CommitteeMember, Role::Worker] {
        let refused = home.browser(&server, role).await.post_files("/forms/asset-list", &[("id", "x"), ("back", "/desk/assets")], &[("list", good.clone())]).await;
        assert_eq!(refused.status, 403, "{role:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_is_gone_without_a_script() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let (asset, number) = done(&server, &home, Role::PropertyManager, Mutation::AssetAdd(Add { kind: Kind::Sprinkler, ..camera(home.place, "1 号喷头") })).await;
    let desk = home.browser(&server, Role::Dispatcher).await;
    let page = desk.get("/desk/rounds").await;
    let first = page.hidden_after("/forms/round-open", "id");
    let worker = home.who(Role::Worker).person.to_string();
    let fields = |id: &str, most: &'static str| {
        [
            ("id", id.to_owned()),
            ("back", "/desk/rounds".into()),
            ("round_kind", "sprinkler".into()),
            ("place", String::new()),
            ("worker", worker.clone()),
            ("most", most.into()),
            ("days", "7".into()),
        ]
    };
    let bad = fields(&first, "x");
    let refused = desk.post("/forms/round-open", &bad.each_ref().map(|(k, v)| (*k, v.as_str()))).await;
    assert!(refused.status == 422 && refused.says("请填 1 到 600"), "{} {}", refused.status, refused.text);
    // A refused form comes back with an id of its own.
    let good = fields(&refused.hidden_after("/forms/round-open", "id"), "60");
    assert_eq!(desk.post("/forms/round-open", &good.each_ref().map(|(k, v)| (*k, v.as_str()))).await.status, 303);

    let worker = home.browser(&server, Role::Worker).await;
    let rounds = worker.get("/rounds").await;
    let path = format!("/rounds/{}", rounds.text.split("/rounds/").nth(1).and_then(|s| s.split('"').next()).expect("a round"));
    let page = worker.get(&path).await;
    assert!(page.says(&number) && page.says("0 / 1"), "{}", page.text);
    let (id, round) = (page.hidden_after("/forms/asset-check", "id"), page.hidden_after("/forms/asset-check", "round"));
    let asset = asset.to_string();
    let send = |reading: &'static str, note: &'static str| {
        let fields = [
            ("id", id.clone()),
            ("back", path.clone()),
            ("round", round.clone()),
            ("asset", asset.clone()),
            ("passed", "1".to_owned()),
            ("reading", reading.to_owned()),
            ("note", note.to_owned()),
        ];
        let worker = worker.clone();
        async move { worker.post_files("/forms/asset-check", &fields.each_ref().map(|(k, v)| (*k, v.as_str())), &[]).await }
    };
    let refused = send("很高", "压力表看不清").await;
    assert!(refused.status == 422 && refused.says("例如 0.45") && refused.says("压力表看不清"), "what was typed is kept: {}", refused.text);
    let sent = send("0.03", "").await;
    assert_eq!(sent.status, 303, "a reading out of bounds says itself what is wrong: {}", sent.text);
    let page = worker.get(&path).await;
    assert!(page.says("不合格") && page.says("0.03 MPa") && page.says("1 / 1"), "{}", page.text);
    assert_eq!(home.browser(&server, Role::Owner).await.get(&path).await.status, 403);
}
