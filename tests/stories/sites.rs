//! The site plan: a drawing that comes in, what stands on it, and choosing a bay; converting ground.

use crate::bays::{done, ground, planned};
use app::error::AppError;
use app::measure::Area;
use app::mutation::Mutation;
use app::rooms::bays::model::{Add, BayKind, BayState, Details, Turning};
use app::rooms::bays::store::by_code;
use app::rooms::conversions::model::{AreaChange, Changes, Decide, Draft, Stage, Step};
use app::rooms::conversions::store::list;
use app::rooms::people::model::Role;
use app::rooms::sites::model::{Ground, SetArea};
use app::rooms::sites::store::{areas, sheet};
use app::rooms::tickets::model::Report;
use harness::{Backend, Home, Server};
use rstest::rstest;
use uuid::Uuid;

const HOSTILE: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 5000 4000\" onload=\"alert(1)\"><script>alert(1)</script>\
<rect class=\"house\" x=\"10\" y=\"10\" width=\"300\" height=\"100\" onclick=\"alert(2)\"/><text x=\"1\" y=\"2\">十二号楼&lt;img src=x&gt;</text>\
<rect id=\"bay-D-001\" x=\"100\" y=\"200\" width=\"50\" height=\"100\"/><a href=\"javascript:alert(3)\"><rect/></a></svg>";

fn step(conversion: Uuid, version: i64, application: &str) -> Step {
    Step { conversion, version, application: application.into() }
}

/// A draft that changes a piece of ground.
pub fn draft(code: &str, to: Ground, green: i64) -> Draft {
    let changes = Changes { areas: vec![AreaChange { code: code.into(), ground: to, green: Area(green), bikes: 80 }], ..Changes::default() };
    Draft { title: "增设非机动车停放区".into(), words: "把草坪的一半改成停放区。".into(), changes, trees: false, application: String::new() }
}

/// What somebody may try on another community's things.
pub fn foreign(there: Uuid) -> Vec<Mutation> {
    vec![
        Mutation::ConversionPublish(step(there, 1, "")),
        Mutation::ConversionDecide(Decide { conversion: there, version: 1, agreed: true, vote: "越界表决".into() }),
        Mutation::ConversionCarry(step(there, 1, "")),
    ]
}

/// Those that the role alone lets in.
pub fn doors() -> Vec<crate::permissions::Door> {
    let desk: fn(Role) -> bool = |r| matches!(r, Role::PropertyManager | Role::Dispatcher);
    let drafts: fn(Role) -> bool = |r| r == Role::PropertyManager || r.is_committee();
    let id = Uuid::now_v7();
    vec![
        (Mutation::ConversionDraft(Draft { title: String::new(), ..draft("X", Ground::Bikes, 0) }), drafts),
        (Mutation::ConversionPublish(step(id, 1, "")), drafts),
        (Mutation::ConversionDecide(Decide { conversion: id, version: 1, agreed: true, vote: String::new() }), Role::is_committee),
        (Mutation::ConversionCarry(step(id, 1, "")), desk),
    ]
}

/// A proposal of another community.
pub async fn proposal(server: &Server, home: &Home) -> Uuid {
    done(server, home, Role::PropertyManager, Mutation::PlanArea(ground("L-9", Ground::Green, 10_000, 10_000))).await;
    done(server, home, Role::PropertyManager, Mutation::ConversionDraft(draft("L-9", Ground::Bikes, 0))).await.0
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_drawing_comes_in_clean_and_carries_bays_tickets_and_assets(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let db = &server.db().read;
    done(&server, home, Role::PropertyManager, Mutation::BayAdd(planned("D-001"))).await;
    done(&server, home, Role::PropertyManager, Mutation::BayAdd(planned("D-002"))).await;
    done(
        &server,
        home,
        Role::PropertyManager,
        Mutation::BayAdd(Add { code: "T-1".into(), kind: BayKind::Added, details: Details { original_planned: false, ..planned("").details }, unit: None, photos: vec![] }),
    )
    .await;
    done(&server, &town.there, Role::PropertyManager, Mutation::BayAdd(planned("D-001"))).await;
    let desk = home.browser(&server, Role::Dispatcher).await;
    let upload = |svg: Vec<u8>, source: &'static str| {
        let desk = desk.clone();
        async move { desk.post_files("/forms/plan-draw", &[("id", &Uuid::now_v7().to_string()), ("back", "/desk/plan-of-site"), ("source", source)], &[("svg", svg)]).await }
    };
    for bad in [b"hello".to_vec(), b"<!DOCTYPE svg [<!ENTITY a \"b\">]><svg viewBox=\"0 0 9 9\"/>".to_vec(), vec![0xFF, 0xFE], vec![b'<'; 600_000]] {
        let refused = upload(bad, "物业").await;
        assert!(refused.status == 422, "{} {}", refused.status, refused.text);
    }
    assert!(upload(HOSTILE.into(), "").await.says("请写谁画的"));
    assert_eq!(upload(HOSTILE.into(), "物业按竣工图").await.status, 303);
    let shown = sheet(db, home.id).await.expect("reads");
    assert_eq!((shown.n, shown.width, shown.height), (1, 5_000, 4_000));
    assert_eq!(by_code(db, home.id, "D-001").await.expect("reads").at, Some((125, 250)), "the drawing places the bay");
    assert_eq!(by_code(db, home.id, "D-002").await.expect("reads").at, Some((500, 800)), "one that it does not name stays where it was on the ground");
    let beside = Add { details: Details { x: Some(5_001), ..planned("").details }, ..planned("D-008") };
    assert!(matches!(home.act(&server, Role::Dispatcher, Mutation::BayAdd(beside)).await, Err(AppError::Invalid(f)) if f[0].field == "x"), "off the sheet");
    assert_eq!(by_code(db, town.there.id, "D-001").await.expect("reads").at, Some((1_000, 2_000)), "and no other community's");
    assert_eq!(sheet(db, town.there.id).await.expect("reads").n, 0);

    let public = server.browser();
    let plan = public.get("/c/here/plan").await;
    assert!(plan.status == 200 && plan.says("十二号楼&lt;img src=x&gt;") && plan.says("class=\"house\""), "{}", plan.text);
    for word in ["alert", "onload", "onclick", "javascript:"] {
        assert!(!plan.says(word), "{word}");
    }
    // A bay is a link with its name, its shape and its words, on the plan and in the list.
    assert!(plan.says("href=\"/c/here/bays/D-001\" aria-label=\"D-001，空闲，规划公共车位\"") && plan.says("○ D-001，空闲，规划公共车位"), "{}", plan.text);
    assert!(!public.get("/c/there/plan").await.says("D-002"));
    // Choosing: only what may be leased leads back to the page that asked, which is one of this site.
    let pick = public.get("/c/here/plan?show=bays&pick=/parking/apply?round=1").await;
    assert!(pick.says("href=\"/parking/apply?round=1&amp;bay=D-001\"") && !pick.says("bay=T-1"), "{}", pick.text);
    for evil in ["https://evil.example", "//evil.example", "javascript:alert(1)", "/%5Cevil"] {
        let seen = public.get(&format!("/c/here/plan?pick={evil}")).await;
        let leads = |link: &str| link.split('"').next().is_some_and(|to| to.contains("evil") || to.starts_with("javascript:"));
        assert!(seen.status == 200 && !seen.text.split("href=\"").skip(1).any(leads), "{evil}: {}", seen.text);
    }
    let bay = by_code(db, home.id, "D-001").await.expect("reads");
    done(&server, home, Role::Dispatcher, Mutation::BayTurn(Turning { bay: bay.id, version: bay.version, state: BayState::Blocked, reason: "开挖".into() })).await;
    let filtered = public.get("/c/here/plan?state=blocked&kind=planned").await;
    assert!(filtered.says("1 个车位") && filtered.says("× D-001") && filtered.says("b f dim"), "{}", filtered.text);
    for odd in ["?after=x", "?after=999999999999999999999", "?state=x&kind=y&show=z&only=w&area=%FF", "?at=%3Cscript%3E"] {
        let seen = public.get(&format!("/c/here/plan{odd}")).await;
        assert!(seen.status == 200 || seen.status == 400, "{odd}: {}", seen.status);
        assert!(!seen.says("<script>"), "{odd}");
    }
    // Tickets and assets stand beside their places.
    let report = Report { tag: Some(home.tag.clone()), place: None, category: None, text: "凳子<坏>了".into(), photos: vec![], contact: None };
    let (_, number) = done(&server, home, Role::BuildingLeader, Mutation::TicketReport(report)).await;
    let (_, asset) = done(&server, home, Role::PropertyManager, Mutation::AssetAdd(crate::assets::camera(home.place, "广场 1 号机"))).await;
    let tickets = public.get("/c/here/plan?show=tickets").await;
    assert!(tickets.says(&format!("href=\"/c/here/t/{number}\"")) && tickets.says("凳子&lt;坏&gt;了") && tickets.says("图上 1 处"), "{}", tickets.text);
    assert!(public.get("/c/here/plan?show=assets").await.says(&format!("href=\"/c/here/assets/{asset}\"")));
    assert!(!public.get("/c/there/plan?show=tickets").await.says(&number) && !public.get("/c/there/plan?show=assets").await.says(&asset));
    assert!(public.get("/c/here/board").await.says("/c/here/plan?show=tickets") && public.get("/c/here/assets").await.says("/c/here/plan?show=assets"));
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn ground_is_converted_only_without_losing_green_and_with_a_vote(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let db = &server.db().read;
    for area in [ground("L-01", Ground::Green, 50_000, 50_000), ground("P-01", Ground::Paved, 30_000, 0)] {
        done(&server, home, Role::PropertyManager, Mutation::PlanArea(area.clone())).await;
        done(&server, &town.there, Role::PropertyManager, Mutation::PlanArea(area)).await;
    }
    done(&server, home, Role::PropertyManager, Mutation::BayAdd(Add { details: Details { accessible: true, ..planned("").details }, ..planned("D-1") })).await;
    for code in ["D-2", "D-3"] {
        done(&server, home, Role::PropertyManager, Mutation::BayAdd(planned(code))).await;
    }
    let second = by_code(db, home.id, "D-2").await.expect("reads");
    done(&server, home, Role::Dispatcher, Mutation::BayTurn(Turning { bay: second.id, version: 1, state: BayState::Blocked, reason: "停满了非机动车".into() })).await;

    // Less green is drafted, and goes no further.
    let (greedy, _) = done(&server, home, Role::PropertyManager, Mutation::ConversionDraft(draft("L-01", Ground::Bikes, 20_000))).await;
    assert!(matches!(home.act(&server, Role::PropertyManager, Mutation::ConversionPublish(step(greedy, 1, ""))).await, Err(AppError::Closed { zh, .. }) if zh.contains("300.00")));
    let mut fair = draft("L-01", Ground::Bikes, 20_000);
    fair.changes.areas.push(AreaChange { code: "P-01".into(), ground: Ground::Green, green: Area(30_000), bikes: 0 });
    (fair.changes.frees, fair.changes.closes, fair.trees) = (vec!["D-2".into()], vec!["D-3".into()], true);
    let unknown = Draft { changes: Changes { frees: vec!["X-9".into()], ..fair.changes.clone() }, ..fair.clone() };
    assert!(matches!(home.act(&server, Role::CommitteeMember, Mutation::ConversionDraft(unknown)).await, Err(AppError::Invalid(f)) if f[0].field == "bays"));
    let (id, number) = done(&server, home, Role::CommitteeMember, Mutation::ConversionDraft(fair)).await;
    let public = server.browser();
    assert!(!public.get("/c/here/conversions").await.says(&number), "a draft is nobody's yet");
    done(&server, home, Role::CommitteeMember, Mutation::ConversionPublish(step(id, 1, ""))).await;
    let page = public.get("/c/here/conversions").await;
    assert!(page.says(&number) && page.says("要业主特别多数表决") && page.says("绿化不减少") && page.says("要移树，还没有申请") && page.says("500.00"), "{}", page.text);
    assert!(!public.get("/c/there/conversions").await.says("增设非机动车停放区"));
    // Nothing is carried out before the owners decided, nor without the trees' application.
    assert!(matches!(home.act(&server, Role::Dispatcher, Mutation::ConversionCarry(step(id, 2, "绿移 1 号"))).await, Err(AppError::Closed { .. })));
    let decide = |vote: &str| Mutation::ConversionDecide(Decide { conversion: id, version: 2, agreed: true, vote: vote.into() });
    assert!(matches!(home.act(&server, Role::CommitteeDirector, decide(" ")).await, Err(AppError::Invalid(f)) if f[0].field == "vote"));
    done(&server, home, Role::CommitteeDirector, decide("2026 第 2 次业主大会，特别多数通过")).await;
    assert!(matches!(home.act(&server, Role::Dispatcher, Mutation::ConversionCarry(step(id, 3, ""))).await, Err(AppError::Closed { zh, .. }) if zh.contains("移树")));
    done(&server, home, Role::Dispatcher, Mutation::ConversionCarry(step(id, 3, "绿移 1 号"))).await;
    let after = areas(db, home.id).await.expect("reads");
    assert_eq!(after.iter().map(|a| (a.ground, a.green.0, a.bikes)).collect::<Vec<_>>(), [(Ground::Bikes, 20_000, 80), (Ground::Green, 30_000, 0)]);
    let bays = [by_code(db, home.id, "D-2").await.expect("reads"), by_code(db, home.id, "D-3").await.expect("reads")];
    assert_eq!(bays.map(|b| (b.state, b.freed)), [(BayState::Free, true), (BayState::Closed, false)]);
    let (views, estate) = list(db, home.id, true).await.expect("reads");
    let done_one = views.iter().find(|v| v.id == id).expect("there");
    assert_eq!((done_one.stage, done_one.before.bays, done_one.after.bays, estate.totals), (Stage::Carried, 2, 2, done_one.after), "what was promised is what is there");
    assert!(areas(db, town.there.id).await.expect("reads").iter().all(|a| a.version == 1), "next door nothing moved");
    assert!(matches!(home.act(&server, Role::Dispatcher, Mutation::ConversionCarry(step(id, 4, ""))).await, Err(AppError::Closed { .. })), "once");
    // What it needs is as it was put on show, whatever becomes of the ground meanwhile.
    done(&server, home, Role::PropertyManager, Mutation::PlanArea(ground("P-07", Ground::Paved, 10_000, 0))).await;
    let (yard, _) = done(&server, home, Role::CommitteeMember, Mutation::ConversionDraft(draft("P-07", Ground::Bikes, 0))).await;
    done(&server, home, Role::CommitteeMember, Mutation::ConversionPublish(step(yard, 1, ""))).await;
    done(&server, home, Role::PropertyManager, Mutation::PlanArea(SetArea { version: 1, ..ground("P-07", Ground::Bikes, 10_000, 0) })).await;
    let (views, _) = list(db, home.id, false).await.expect("reads");
    let frozen = views.iter().find(|v| v.id == yard).expect("there");
    assert_eq!((frozen.special, frozen.after.bikes - frozen.before.bikes), (true, 80));
    // The last accessible bay is not given up, whatever the owners agreed to (R5.5).
    let narrow = Draft { changes: Changes { closes: vec!["D-1".into()], ..Changes::default() }, ..draft("L-01", Ground::Bikes, 0) };
    let (narrow, _) = done(&server, home, Role::CommitteeMember, Mutation::ConversionDraft(narrow)).await;
    done(&server, home, Role::CommitteeMember, Mutation::ConversionPublish(step(narrow, 1, ""))).await;
    done(&server, home, Role::CommitteeDirector, Mutation::ConversionDecide(Decide { conversion: narrow, version: 2, agreed: true, vote: "特别多数通过".into() })).await;
    assert!(matches!(home.act(&server, Role::Dispatcher, Mutation::ConversionCarry(step(narrow, 3, ""))).await, Err(AppError::Closed { zh, .. }) if zh.contains("无障碍")));
    assert_eq!(by_code(db, home.id, "D-1").await.expect("reads").state, BayState::Free);
    // On the desk without a script: what was typed comes back.
    let desk = home.browser(&server, Role::PropertyManager).await;
    let form = desk.get("/desk/conversions").await.hidden_after("/forms/conversion-draft", "id");
    let refused =
        desk.post("/forms/conversion-draft", &[("id", &form), ("back", "/desk/conversions"), ("title", "再改一次"), ("words", "说明说明"), ("areas", "L-01 lake 1 1")]).await;
    assert!(refused.status == 422 && refused.says("看不懂“L-01 lake 1 1”") && refused.says("再改一次"), "{}", refused.text);
    let sent = desk
        .post(
            "/forms/plan-area",
            &[
                ("id", &Uuid::now_v7().to_string()),
                ("back", "/desk/plan-of-site"),
                ("code", "l-02"),
                ("version", "0"),
                ("name", "竹园"),
                ("ground", "green"),
                ("size", "420.50"),
                ("green", "420.5"),
                ("bikes", "0"),
            ],
        )
        .await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert!(desk.get("/desk/plan-of-site").await.says("420.50"));
}
