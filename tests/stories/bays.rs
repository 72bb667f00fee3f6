//! Car bays: the register in and out, how they are, and the gates of the law; the site plan with what stands on it.

use app::error::AppError;
use app::measure::Area;
use app::mutation::{Mutation, Outcome};
use app::rooms::bays::model::{Add, BayKind, BayState, Change, ConfirmList, Details, Numbers, Turning};
use app::rooms::bays::store::{by_code, list, turns};
use app::rooms::people::model::Role;
use app::rooms::sites::model::{Draw, Ground, SetArea};
use harness::{Backend, Home, Server};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// A bay that is added.
pub fn planned(code: &str) -> Add {
    Add {
        code: code.into(),
        kind: BayKind::Planned,
        details: Details { original_planned: true, area: "东环路".into(), x: Some(1_000), y: Some(2_000), ..Details::default() },
        unit: None,
        photos: vec![],
    }
}

/// A piece of ground that is written down.
pub fn ground(code: &str, ground: Ground, size: i64, green: i64) -> SetArea {
    SetArea { code: code.into(), version: 0, name: format!("地块 {code}"), ground, size: Area(size), green: Area(green), bikes: 0 }
}

/// What somebody may try on another community's things.
pub fn foreign(there: &Home) -> Vec<Mutation> {
    let bay = Uuid::now_v7();
    vec![
        Mutation::BayAdd(Add { kind: BayKind::Owned, unit: Some(there.units[0]), ..planned("X-1") }),
        Mutation::BayChange(Change { bay, version: 1, kind: BayKind::Planned, details: Details::default(), unit: None, photos: vec![] }),
        Mutation::BayTurn(Turning { bay, version: 1, state: BayState::Closed, reason: "越界".into() }),
        Mutation::BayImport(ConfirmList { import: Uuid::now_v7() }),
        // The code is another community's; here it is unknown, as the version says that it should be there.
        Mutation::PlanArea(SetArea { version: 1, ..ground("X-1", Ground::Green, 100, 100) }),
    ]
}

/// Those that the role alone lets in.
pub fn doors() -> Vec<crate::permissions::Door> {
    let desk: fn(Role) -> bool = |r| matches!(r, Role::PropertyManager | Role::Dispatcher);
    let id = Uuid::now_v7();
    vec![
        (Mutation::BayAdd(Add { code: String::new(), ..planned("") }), desk),
        (Mutation::BayChange(Change { bay: id, version: 1, kind: BayKind::Planned, details: Details::default(), unit: None, photos: vec![] }), desk),
        (Mutation::BayTurn(Turning { bay: id, version: 1, state: BayState::Closed, reason: String::new() }), desk),
        (Mutation::BayImport(ConfirmList { import: id }), desk),
        (Mutation::PlanDraw(Draw { svg: String::new(), source: String::new() }), desk),
        (Mutation::PlanArea(ground("", Ground::Green, 0, 0)), desk),
    ]
}

/// Does it, or fails with what is wrong; gives what it made and its number.
pub async fn done(server: &Server, home: &Home, role: Role, mutation: Mutation) -> (Uuid, String) {
    let kind = mutation.kind();
    match home.act(server, role, mutation).await.unwrap_or_else(|e| panic!("{kind}: {e:?}")).outcome {
        Outcome::Done { subject, number, .. } => (subject.unwrap_or_default(), number.unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_bay_is_written_down_blocked_and_read_by_everybody(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let db = &server.db().read;
    let (bay, _) = done(&server, home, Role::PropertyManager, Mutation::BayAdd(Add { details: Details { accessible: true, ..planned("").details }, ..planned("d-001") })).await;
    done(&server, home, Role::Dispatcher, Mutation::BayAdd(planned("D-002"))).await;
    done(&server, &town.there, Role::PropertyManager, Mutation::BayAdd(planned("D-009"))).await;
    assert!(matches!(home.act(&server, Role::Dispatcher, Mutation::BayAdd(planned("D-002"))).await, Err(AppError::Invalid(f)) if f[0].field == "code"), "a code is taken once");
    let wrong = Add { kind: BayKind::Added, ..planned("D-003") };
    assert!(
        matches!(home.act(&server, Role::Dispatcher, Mutation::BayAdd(wrong)).await, Err(AppError::Invalid(f)) if f[0].field == "original_planned"),
        "an added one is not planned"
    );
    let owned = Add { unit: Some(home.units[0]), ..planned("D-004") };
    assert!(matches!(home.act(&server, Role::Dispatcher, Mutation::BayAdd(owned.clone())).await, Err(AppError::Invalid(f)) if f[0].field == "unit"));
    done(&server, home, Role::Dispatcher, Mutation::BayAdd(Add { kind: BayKind::Owned, ..owned })).await;
    done(
        &server,
        home,
        Role::Dispatcher,
        Mutation::BayAdd(Add { code: "T-001".into(), kind: BayKind::Added, details: Details { original_planned: false, ..planned("").details }, unit: None, photos: vec![] }),
    )
    .await;

    // Blocked with a reason, and back; what somebody holds is not given by hand.
    let turn = |version, state, reason: &str| Mutation::BayTurn(Turning { bay, version, state, reason: reason.into() });
    assert!(matches!(home.act(&server, Role::Dispatcher, turn(1, BayState::Blocked, " ")).await, Err(AppError::Invalid(f)) if f[0].field == "reason"));
    assert!(matches!(home.act(&server, Role::Dispatcher, turn(1, BayState::Held, "给老王")).await, Err(AppError::Closed { .. })));
    done(&server, home, Role::Dispatcher, turn(1, BayState::Blocked, "开挖")).await;
    assert!(matches!(home.act(&server, Role::Dispatcher, turn(1, BayState::Free, "好了")).await, Err(AppError::Conflict { current: 2 })), "somebody read an old page");
    done(&server, home, Role::Dispatcher, turn(2, BayState::Free, "填好了")).await;
    let seen = turns(db, home.id, bay).await.expect("reads");
    assert_eq!(seen.iter().map(|t| (t.from, t.to)).collect::<Vec<_>>().len(), 2);
    assert!(seen.iter().any(|t| t.from == BayState::Free && t.to == BayState::Blocked && t.reason == "开挖"));
    // The only accessible one stays so, whichever way somebody tries (R5.5).
    let now = by_code(db, home.id, "D-001").await.expect("reads");
    let plain = Change { bay, version: now.version, kind: now.kind, details: Details { accessible: false, ..now.details() }, unit: None, photos: vec![] };
    assert!(matches!(home.act(&server, Role::Dispatcher, Mutation::BayChange(plain.clone())).await, Err(AppError::Closed { .. })));
    assert!(matches!(home.act(&server, Role::Dispatcher, turn(now.version, BayState::Closed, "不要了")).await, Err(AppError::Closed { .. })));
    let second = by_code(db, home.id, "D-002").await.expect("reads");
    let wide = Change { bay: second.id, version: 1, details: Details { accessible: true, ..second.details() }, ..plain.clone() };
    done(&server, home, Role::Dispatcher, Mutation::BayChange(wide)).await;
    done(&server, home, Role::Dispatcher, Mutation::BayChange(plain)).await;

    let n = Numbers::of(&list(db, home.id).await.expect("reads"));
    assert_eq!((n.all(), n.of_kind(BayKind::Planned), n.accessible, n.passes_only, n.in_state(BayState::Held)), (4, 2, 1, 1, 1));
    let public = server.browser();
    let numbers = public.get("/c/here/bays").await;
    assert!(numbers.says("共 4 个") && numbers.says("无障碍车位 1 个；4 个车位至少要 1 个") && numbers.says("1 个公共车位不在原规划里"), "{}", numbers.text);
    let page = public.get("/c/here/bays/D-001").await;
    assert!(page.status == 200 && page.says("开挖") && page.says("可以固定租用"), "{}", page.text);
    assert!(public.get("/c/here/bays/T-001").await.says("只发通行资格"));
    let owned = public.get("/c/here/bays/D-004").await;
    assert!(owned.status == 200 && !owned.says("12号楼") && !owned.says("产权人"), "whose it is, the public does not learn: {}", owned.text);
    let room = "101";
    assert!(home.browser(&server, Role::Dispatcher).await.get("/desk/bays/D-004").await.says(&format!("12-1-{room}")));
    let auditor = home.browser(&server, Role::Auditor).await;
    let masked = auditor.get("/desk/bays/D-004").await;
    assert!(masked.status == 200 && masked.says("12号楼") && !masked.says("101室") && !masked.says("12-1-101"), "who calls nobody does not learn the door: {}", masked.text);
    // The note is the desk's own.
    let first = by_code(db, home.id, "D-002").await.expect("reads");
    let noted =
        Change { bay: first.id, version: first.version, kind: first.kind, details: Details { note: "老王的车常停".into(), ..first.details() }, unit: None, photos: vec![] };
    done(&server, home, Role::Dispatcher, Mutation::BayChange(noted)).await;
    assert!(!public.get("/c/here/bays/D-002").await.says("老王") && auditor.get("/desk/bays/D-002").await.says("老王的车常停"));
    // An export says so in the chain, and gives doors only to those who may see them.
    let exported = async || {
        let events = app::rooms::events::entity::events::Entity::find().filter(app::rooms::events::entity::events::Column::CommunityId.eq(home.id.0)).all(db).await.expect("reads");
        events.iter().filter(|e| e.body.to_string().contains("exported")).count()
    };
    let read = |bytes: &[u8]| app::rooms::rosters::sheet::read(bytes).expect("a sheet");
    let (_, whole) = home.browser(&server, Role::Dispatcher).await.bytes("/desk/bays/export.xlsx").await;
    let (status, some) = auditor.bytes("/desk/bays/export.xlsx").await;
    assert!(status == 200 && read(&whole).iter().flatten().any(|cell| cell == room) && !read(&some).iter().flatten().any(|cell| cell == room || cell == "室号"));
    assert_eq!(exported().await, 2);
    // Nothing of it next door.
    assert_eq!(public.get("/c/there/bays/D-001").await.status, 404);
    assert!(public.get("/c/there/bays").await.says("共 1 个"));
    assert_eq!(town.there.browser(&server, Role::Dispatcher).await.get("/desk/bays/D-001").await.status, 404);
    for bad in ["%FF", "D%20001", "a/b", "%3Cscript%3E", "9999999999999999999999"] {
        let status = public.get(&format!("/c/here/bays/{bad}")).await.status;
        assert!(status == 404 || status == 400, "{bad}: {status}");
    }
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
    let sheet = |rows: &str| format!("编号,种类,原规划,无障碍,充电,地点,横,纵,状态,楼号,门号,室号,备注\n{rows}").into_bytes();
    let upload = |bytes: Vec<u8>| {
        let desk = desk.clone();
        async move {
            let sent = desk.post_files("/forms/bay-list", &[("id", &Uuid::now_v7().to_string()), ("back", "/desk/bays")], &[("list", bytes)]).await;
            assert_eq!(sent.status, 303, "{}", sent.text);
            (desk.get(&sent.to).await, sent.to)
        }
    };
    let (bad, _) = upload(sheet("D-1,飞船,是,,,,x,,,,,,\nB-1,产权车位,是,,,,,,,12,1,9999,\nD-2,规划公共车位,是,,,,10001,20,,,,,\n")).await;
    assert!(bad.says("图上位置要在底图里面：横 0 到 10000"), "{}", bad.text);
    assert!(bad.says("没有“飞船”这一种") && bad.says("名册里没有这一户") && !bad.says("/forms/bay-import"), "{}", bad.text);
    let good = sheet("D-1,规划公共车位,是,是,,东环路,100,200,,,,,\nT-1,增设公共车位,否,,是,,,,,,,,=cmd|x\nB-1,产权车位,是,,,地库,,,有人使用,12号楼,1门,101室,\n");
    for round in 0..2 {
        let (preview, to) = upload(good.clone()).await;
        if round == 0 {
            assert!(preview.says("新增 3 个；更改 0 个"), "{}", preview.text);
            let (id, import) = (preview.hidden_after("/forms/bay-import", "id"), preview.hidden_after("/forms/bay-import", "import"));
            assert_eq!(desk.post("/forms/bay-import", &[("id", &id), ("import", &import), ("back", &to)]).await.status, 303);
        } else {
            assert!(preview.says("3 个一样") && !preview.says("/forms/bay-import"), "{}", preview.text);
        }
    }
    let (status, bytes) = desk.bytes("/desk/bays/export.xlsx").await;
    assert_eq!(status, 200);
    assert!(upload(bytes).await.0.says("3 个一样"), "the export is a list that changes nothing");
    // A list moves and marks bays; how they are it does not change.
    let (preview, to) = upload(sheet("D-1,规划公共车位,是,是,,东环路,150,250,停用,,,,\n")).await;
    assert!(preview.says("更改 1 个"), "{}", preview.text);
    let (id, import) = (preview.hidden_after("/forms/bay-import", "id"), preview.hidden_after("/forms/bay-import", "import"));
    assert_eq!(desk.post("/forms/bay-import", &[("id", &id), ("import", &import), ("back", &to)]).await.status, 303);
    let db = &server.db().read;
    let moved = by_code(db, home.id, "D-1").await.expect("reads");
    assert_eq!((moved.at, moved.state, by_code(db, home.id, "B-1").await.expect("reads").unit), (Some((150, 250)), BayState::Free, Some(home.units[0])));
    assert!(list(db, town.there.id).await.expect("reads").is_empty());
    // What a sheet has no column for stays; and no list gives a common bay to anybody.
    assert!(upload("编号,种类\nD-1,规划公共车位\nB-1,产权车位\n".into()).await.0.says("2 个一样"));
    assert!(upload("编号,种类,状态\nD-1,规划公共车位,有人使用\n".into()).await.0.says("表里不能写成"));
    let txn = server.db().begin().await.expect("begins");
    app::rooms::bays::store::set_state(&txn, home.id, moved.id, BayState::Held, "PK-1", None, harness::now(), Uuid::now_v7()).await.expect("held");
    txn.commit().await.expect("commits");
    assert!(upload("编号,种类,原规划\nD-1,规划公共车位,否\n".into()).await.0.says("先不能改"), "its lease stands on that");
    let held = by_code(db, home.id, "D-1").await.expect("reads");
    let change = |kind, original_planned| {
        let details = Details { original_planned, ..held.details() };
        home.act(&server, Role::Dispatcher, Mutation::BayChange(Change { bay: held.id, version: held.version, kind, details, unit: None, photos: vec![] }))
    };
    assert!(matches!(change(BayKind::Planned, false).await, Err(AppError::Closed { .. })));
    assert!(matches!(change(BayKind::Owned, true).await, Err(AppError::Closed { .. })));
    change(BayKind::Planned, true).await.expect("the rest may be written");
    // What is bought back from its owner is nobody's.
    let (preview, back) = upload("编号,种类,原规划\nB-1,规划公共车位,是\n".into()).await;
    let (id, import_of_it) = (preview.hidden_after("/forms/bay-import", "id"), preview.hidden_after("/forms/bay-import", "import"));
    assert_eq!(desk.post("/forms/bay-import", &[("id", &id), ("import", &import_of_it), ("back", &back)]).await.status, 303);
    let bought = by_code(db, home.id, "B-1").await.expect("reads");
    assert_eq!((bought.state, bought.unit, bought.area.as_str()), (BayState::Free, None, "地库"));
    assert_eq!(turns(db, home.id, bought.id).await.expect("reads").iter().map(|t| (t.from, t.to)).collect::<Vec<_>>(), [(BayState::Held, BayState::Free)]);
    // Somebody of next door does not see the list, nor confirms it.
    let strange = town.there.browser(&server, Role::PropertyManager).await;
    assert_eq!(strange.get(&to).await.status, 404);
    assert_eq!(strange.post("/forms/bay-import", &[("id", &Uuid::now_v7().to_string()), ("import", &import), ("back", "/desk/bays")]).await.status, 404);
    for role in [Role::Owner, Role::CommitteeMember, Role::Worker] {
        let refused = home.browser(&server, role).await.post_files("/forms/bay-list", &[("id", "x"), ("back", "/desk/bays")], &[("list", good.clone())]).await;
        assert_eq!(refused.status, 403, "{role:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bay_is_kept_without_a_script() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let desk = home.browser(&server, Role::Dispatcher).await;
    let page = desk.get("/desk/bays").await;
    let fields = |id: &str, code: &str, x: &str| {
        [
            ("id", id.to_owned()),
            ("back", "/desk/bays".into()),
            ("code", code.to_owned()),
            ("bay_kind", "planned".into()),
            ("original_planned", "1".into()),
            ("x", x.to_owned()),
            ("y", "20".into()),
        ]
    };
    let send = |fields: [(&'static str, String); 7]| {
        let desk = desk.clone();
        async move { desk.post_files("/forms/bay-add", &fields.each_ref().map(|(k, v)| (*k, v.as_str())), &[("photos", super::bench_to_repair::picture(3))]).await }
    };
    let refused = send(fields(&page.hidden_after("/forms/bay-add", "id"), "D-1", "很远")).await;
    assert!(refused.status == 422 && refused.says("请填整数") && refused.says("很远"), "{}", refused.text);
    assert_eq!(send(fields(&refused.hidden_after("/forms/bay-add", "id"), "D-1", "10")).await.status, 303);
    let one = desk.get("/desk/bays/D-1").await;
    assert!(one.says("data-place") && one.says("id=\"plan-here\""), "{}", one.text);
    assert!(server.browser().get("/c/here/bays/D-1").await.says("/photos/"), "everybody sees what it looks like");
    let (bay, version) = (one.hidden_after("/forms/bay-change", "bay"), one.hidden_after("/forms/bay-change", "version"));
    let change = [
        ("id", one.hidden_after("/forms/bay-change", "id")),
        ("back", "/desk/bays/D-1".into()),
        ("bay", bay),
        ("version", version),
        ("bay_kind", "owned".into()),
        ("original_planned", "1".into()),
        ("door", "12-1-201".into()),
        ("x", "11".into()),
        ("y", "21".into()),
    ];
    let picture = crate::bench_to_repair::picture(3);
    let sent = desk.post_files("/forms/bay-change", &change.each_ref().map(|(k, v)| (*k, v.as_str())), &[("file", picture)]).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let shown = server.browser().get("/c/here/bays/D-1").await;
    let photo = shown.text.split("/photos/").nth(1).and_then(|rest| rest.split('"').next()).expect("a photo that everybody sees");
    assert_eq!(server.browser().bytes(&format!("/photos/{photo}")).await.0, 200);
    let wrong = [
        ("id", Uuid::now_v7().to_string()),
        ("back", "/desk/bays/D-1".into()),
        ("bay", change[2].1.clone()),
        ("version", "2".into()),
        ("bay_kind", "owned".into()),
        ("door", "12-1-9999".into()),
    ];
    let refused = desk.post_files("/forms/bay-change", &wrong.each_ref().map(|(k, v)| (*k, v.as_str())), &[]).await;
    assert!(refused.status == 422 && refused.says("没有这一户"), "{} {}", refused.status, refused.text);
}
