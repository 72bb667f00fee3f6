//! Bikes: garages and sockets, e-bikes with their stickers, and bikes left behind from notice to disposal; visitors' passes.

use crate::bays::done;
use app::apply::apply;
use app::context::Caller;
use app::error::AppError;
use app::ids::{MutationId, PhotoId, PlaceId};
use app::measure::{DAY, Time};
use app::mutation::{Envelope, Mutation, Outcome};
use app::rooms::bikes::model::{Claim, Dispose, EndBike, Post, Register, SetGarage, SetSocket, SocketState, Stage};
use app::rooms::bikes::store::{garages, notices, of_unit};
use app::rooms::communities::rules::Setting;
use app::rooms::people::model::Role;
use app::rooms::visits::entity::visits;
use app::rooms::visits::model::{Cancel, Invite, LetIn};
use app::rooms::visits::rules::written_day;
use app::rooms::visits::store::{by_code, forget};
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use sea_orm::{EntityTrait, Set};
use uuid::Uuid;

fn garage(place: PlaceId, version: i64, spaces: i64, sockets: i64) -> SetGarage {
    SetGarage { place, version, spaces, sockets, note: String::new() }
}

fn bike(words: &str) -> Register {
    Register { unit: None, words: words.into(), plate: String::new(), garage: None }
}

fn invite(day: Time, plate: &str) -> Mutation {
    Mutation::VisitInvite(Invite { day: written_day(day, 480), name: "王阿姨".into(), plate: plate.into() })
}

/// What somebody may try on another community's things.
pub fn foreign(there: &Home) -> Vec<Mutation> {
    let id = Uuid::now_v7();
    vec![
        Mutation::BikeGarage(garage(there.place, 0, 10, 0)),
        Mutation::BikeSocket(SetSocket { socket: id, version: 1, state: SocketState::Free, reason: String::new() }),
        Mutation::BikeRegister(Register { unit: Some(there.units[0]), ..bike("红色雅迪") }),
        Mutation::BikeEnd(EndBike { bike: id }),
        Mutation::BikeNotice(Post { garage: id, words: "靠墙的黑车".into(), tag: String::new(), photos: vec![] }),
        Mutation::BikeClaim(Claim { notice: id, words: "我的".into() }),
        Mutation::BikeDispose(Dispose { notice: id, version: 1, words: "交回收站".into(), photos: vec![] }),
        Mutation::VisitCancel(Cancel { visit: id }),
        Mutation::VisitLetIn(LetIn { visit: id }),
    ]
}

/// Those that the role alone lets in.
pub fn doors() -> Vec<crate::permissions::Door> {
    let desk: fn(Role) -> bool = |r| matches!(r, Role::PropertyManager | Role::Dispatcher);
    let owners: fn(Role) -> bool = |r| r.is_resident() || matches!(r, Role::PropertyManager | Role::Dispatcher);
    let id = Uuid::now_v7();
    vec![
        (Mutation::BikeGarage(garage(PlaceId(id), 0, 0, 0)), desk),
        (Mutation::BikeSocket(SetSocket { socket: id, version: 1, state: SocketState::Free, reason: String::new() }), Role::is_property),
        (Mutation::BikeRegister(bike("")), owners),
        (Mutation::BikeEnd(EndBike { bike: id }), owners),
        (Mutation::BikeNotice(Post { garage: id, words: String::new(), tag: String::new(), photos: vec![] }), desk),
        (Mutation::BikeClaim(Claim { notice: id, words: String::new() }), owners),
        (Mutation::BikeDispose(Dispose { notice: id, version: 1, words: String::new(), photos: vec![] }), desk),
        (Mutation::VisitInvite(Invite { day: String::new(), name: String::new(), plate: String::new() }), Role::is_resident),
        (Mutation::VisitCancel(Cancel { visit: id }), Role::is_resident),
        (Mutation::VisitLetIn(LetIn { visit: id }), Role::is_property),
    ]
}

/// Acts as somebody at another time than now.
async fn at(server: &Server, home: &Home, role: Role, when: Time, mutation: Mutation) -> Result<Uuid, AppError> {
    let caller = Caller::Person(Box::new(home.viewer(server, role).await));
    let envelope = Envelope { id: MutationId::new(), person: None, app_version: "test".into(), client_time: when, mutation };
    match apply(server.services(), &caller, &envelope, when, None).await?.outcome {
        Outcome::Done { subject, .. } => Ok(subject.unwrap_or_default()),
        Outcome::Rejected { reason } => Err(reason),
    }
}

async fn setting(server: &Server, home: &Home, key: &str, value: i64) {
    let set = Setting { key: key.into(), value, source: "业主大会".into(), from: "2020-01-01".into(), until: String::new() };
    done(server, home, Role::Administrator, Mutation::CommunitySetting(set)).await;
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_garage_has_sockets_and_a_household_its_e_bikes(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let db = &server.db().read;
    let (place, _) = done(&server, home, Role::PropertyManager, Mutation::BikeGarage(garage(home.place, 0, 80, 3))).await;
    assert!(matches!(home.act(&server, Role::Dispatcher, Mutation::BikeGarage(garage(home.place, 0, 80, 3))).await, Err(AppError::Conflict { current: 1 })));
    done(&server, home, Role::Dispatcher, Mutation::BikeGarage(garage(home.place, 1, 90, 5))).await;
    let there = garages(db, home.id).await.expect("reads");
    assert_eq!((there.len(), there[0].spaces, there[0].sockets.len()), (1, 90, 5));
    let socket = there[0].sockets[2].id;
    let set = |version, state, reason: &str| Mutation::BikeSocket(SetSocket { socket, version, state, reason: reason.into() });
    assert!(matches!(home.act(&server, Role::Worker, set(1, SocketState::Broken, "")).await, Err(AppError::Invalid(f)) if f[0].field == "reason"));
    done(&server, home, Role::Worker, set(1, SocketState::Broken, "松了")).await;
    assert!(matches!(home.act(&server, Role::Worker, set(1, SocketState::Free, "")).await, Err(AppError::Conflict { current: 2 })));
    let public = server.browser();
    let page = public.get("/c/here/bikes").await;
    assert!(page.says("充电插座 5 个") && page.says("× 坏了 1") && page.says("○ 空闲 4"), "{}", page.text);
    assert!(!public.get("/c/there/bikes").await.says("充电插座"));

    // E-bikes: a sticker each, and no more than the rule number says.
    setting(&server, home, "bikes.unit_bikes", 2).await;
    let (first, tag) = done(&server, home, Role::Owner, Mutation::BikeRegister(Register { garage: Some(place), ..bike("红色雅迪") })).await;
    done(&server, home, Role::Owner, Mutation::BikeRegister(bike("白色爱玛"))).await;
    assert!(matches!(home.act(&server, Role::Owner, Mutation::BikeRegister(bike("黑色台铃"))).await, Err(AppError::Closed { zh, .. }) if zh.contains("最多 2 辆")));
    done(&server, home, Role::Tenant, Mutation::BikeRegister(bike("灰色小牛"))).await;
    let unit = home.who(Role::Owner).unit.expect("a unit");
    assert!(matches!(home.act(&server, Role::Tenant, Mutation::BikeEnd(EndBike { bike: first })).await, Err(AppError::NotFound)), "another household's");
    assert!(matches!(home.act(&server, Role::Tenant, Mutation::BikeRegister(Register { unit: Some(unit), ..bike("冒名") })).await, Err(AppError::NotFound)));
    let sticker = public.get(&format!("/b/{}", tag.to_lowercase())).await;
    assert!(sticker.status == 200 && sticker.says("红色雅迪") && sticker.says("已登记") && !sticker.says("12号楼"), "{}", sticker.text);
    assert!(home.browser(&server, Role::Dispatcher).await.get(&format!("/b/{tag}")).await.says("12号楼"), "the desk sees whose it is");
    assert!(!town.there.browser(&server, Role::Dispatcher).await.get(&format!("/b/{tag}")).await.says("12号楼"), "and no other desk");
    let mut wrong = tag.clone();
    wrong.replace_range(0..1, if tag.starts_with('2') { "3" } else { "2" });
    for bad in [wrong.as_str(), "x", "%FF", "AAAAAAAAAAAAAAAA"] {
        let status = public.get(&format!("/b/{bad}")).await.status;
        assert!(status == 404 || status == 400, "{bad}: {status}");
    }
    done(&server, home, Role::Owner, Mutation::BikeEnd(EndBike { bike: first })).await;
    assert!(public.get(&format!("/b/{tag}")).await.says("已经注销"));
    assert_eq!(of_unit(db, home.id, unit).await.expect("reads").len(), 1);
    let (status, _) = home.browser(&server, Role::Dispatcher).await.bytes("/print/bikes").await;
    assert_eq!(status, 200);
    let seen = home.browser(&server, Role::Owner).await.get("/bikes").await;
    assert!(seen.says("白色爱玛") && !seen.says("灰色小牛") && seen.says("value=\"fire_system\""), "{}", seen.text);
    // Dangerous charging is a ticket of the fire category, without a script too.
    let owner = home.browser(&server, Role::Owner).await;
    let fields = [
        ("id", MutationId::new().to_string()),
        ("tag", String::new()),
        ("place", home.place.to_string()),
        ("community", home.id.to_string()),
        ("category", "fire_system".into()),
        ("text", "三楼窗口拉线充电".into()),
    ];
    let sent = owner.post_files("/forms/report", &fields.each_ref().map(|(k, v)| (*k, v.as_str())), &[]).await;
    assert!(sent.status == 303 && sent.to.contains("ok=reported"), "{} {}", sent.status, sent.text);
    assert!(owner.get(&sent.to).await.says("消防故障"));
}

async fn photo(server: &Server, home: &Home) -> PhotoId {
    let desk = home.browser(server, Role::Dispatcher).await;
    let id = PhotoId::new();
    let sent = desk.put(&format!("/api/v1/photos/{id}?community={}", home.id), crate::bench_to_repair::picture(5), "/desk/bikes").await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    id
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_bike_left_behind_has_its_days_and_a_claim_stops_them(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let db = &server.db().read;
    let (place, _) = done(&server, home, Role::PropertyManager, Mutation::BikeGarage(garage(home.place, 0, 80, 0))).await;
    let (_, tag) = done(&server, home, Role::Owner, Mutation::BikeRegister(bike("黑色台铃"))).await;
    setting(&server, home, "bikes.notice_days", 10).await;
    let picture = photo(&server, home).await;
    let post = |tag: &str, photos: Vec<PhotoId>| Mutation::BikeNotice(Post { garage: place, words: "黑色，两胎没气，靠东墙".into(), tag: tag.into(), photos });
    assert!(matches!(home.act(&server, Role::Dispatcher, post("", vec![])).await, Err(AppError::Invalid(f)) if f[0].field == "photos"), "a notice shows the bike");
    let (kept, _) = done(&server, home, Role::Dispatcher, post(&tag, vec![picture])).await;
    let (gone, number) = done(&server, home, Role::Dispatcher, post("", vec![photo(&server, home).await])).await;
    // A longer time for later notices does not change these.
    setting(&server, home, "bikes.notice_days", 40).await;
    let dispose = |notice, version| Mutation::BikeDispose(Dispose { notice, version, words: "交再生资源回收站，收据 1 号".into(), photos: vec![] });
    assert!(matches!(home.act(&server, Role::Dispatcher, dispose(gone, 1)).await, Err(AppError::Closed { .. })), "its days are not over");
    assert!(matches!(at(&server, home, Role::Dispatcher, now() + 10 * DAY, dispose(gone, 1)).await, Err(AppError::Closed { .. })), "ten whole days");
    let public = server.browser();
    let page = public.get("/c/here/bikes").await;
    assert!(page.says(&number) && page.says("公告中") && page.says("/photos/"), "{}", page.text);
    // Somebody claims the other one without a script.
    let owner = home.browser(&server, Role::Owner).await;
    let seen = owner.get("/bikes").await;
    assert!(seen.says("/forms/bike-claim"), "{}", seen.text);
    let refused = owner.post("/forms/bike-claim", &[("id", &MutationId::new().to_string()), ("back", "/bikes"), ("notice", &kept.to_string()), ("words", " ")]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(
        owner.post("/forms/bike-claim", &[("id", &MutationId::new().to_string()), ("back", "/bikes"), ("notice", &kept.to_string()), ("words", "我家的，周末推走")]).await.status,
        303
    );
    let later = now() + 11 * DAY;
    assert!(matches!(at(&server, home, Role::Dispatcher, later, dispose(kept, 2)).await, Err(AppError::Closed { zh, .. }) if zh.contains("认领")), "claimed is not disposed of");
    assert!(matches!(home.act(&server, Role::Tenant, Mutation::BikeClaim(Claim { notice: kept, words: "也是我的".into() })).await, Err(AppError::Closed { .. })), "claimed once");
    at(&server, home, Role::Dispatcher, later, dispose(gone, 1)).await.expect("disposed of");
    assert!(matches!(at(&server, home, Role::Owner, later, Mutation::BikeClaim(Claim { notice: gone, words: "我的".into() })).await, Err(AppError::Closed { .. })));
    let stages: Vec<Stage> = notices(db, home.id).await.expect("reads").iter().map(|n| n.stage).collect();
    assert!(stages.contains(&Stage::Claimed) && stages.contains(&Stage::Disposed));
    assert!(public.get("/c/here/bikes").await.says("收据 1 号"));
    assert!(!public.get("/c/there/bikes").await.says(&number));
    assert!(public.get(&format!("/b/{tag}")).await.says("已登记"), "a claimed bike keeps its sticker");
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_comes_in_once_on_their_day(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let db = &server.db().read;
    setting(&server, home, "visits.unit_month", 2).await;
    let owner = home.browser(&server, Role::Owner).await;
    let page = owner.get("/visits").await;
    assert!(page.says("data-kind=\"visits.invite.v1\""), "{}", page.text);
    let today = written_day(now(), 480);
    let id = page.hidden_after("/forms/visit-invite", "id");
    let refused = owner.post("/forms/visit-invite", &[("id", &id), ("back", "/visits"), ("day", &today), ("name", "王阿姨"), ("plate", "12345")]).await;
    assert!(refused.status == 422 && refused.says("例如 沪A12345") && refused.says("王阿姨"), "{}", refused.text);
    let id = refused.hidden_after("/forms/visit-invite", "id");
    let form = [("id", id.as_str()), ("back", "/visits"), ("day", &today), ("name", "王阿姨"), ("plate", "沪a·12345")];
    for _ in 0..2 {
        assert_eq!(owner.post("/forms/visit-invite", &form).await.status, 303, "twice is once");
    }
    let mine = owner.get("/visits").await;
    let code = mine.text.split("/v/").nth(1).and_then(|r| r.split('"').next()).expect("a pass").to_owned();
    assert_eq!(mine.text.matches("href=\"/v/").count(), 1);

    // Whoever has the code learns what it is worth, with the plate masked; the guard and the household see it whole.
    let anybody = server.browser();
    let seen = anybody.get(&format!("/v/{}", code.to_lowercase())).await;
    assert!(
        seen.says("今天有效") && seen.says("沪A***45") && seen.says("<svg") && !seen.says("沪A12345") && !seen.says("王阿姨") && !seen.says("/forms/visit-enter"),
        "{}",
        seen.text
    );
    let tenant = home.browser(&server, Role::Tenant).await;
    assert!(!tenant.get(&format!("/v/{code}")).await.says("沪A12345"), "a neighbour is anybody");
    assert!(owner.get(&format!("/v/{code}")).await.says("沪A12345"));
    let strange = town.there.browser(&server, Role::Worker).await;
    let next_door = strange.get(&format!("/v/{code}")).await;
    assert!(!next_door.says("沪A12345") && !next_door.says("/forms/visit-enter"));
    let guard = home.browser(&server, Role::Worker).await;
    let found = guard.get(&format!("/v?code={code}")).await;
    assert_eq!(found.to, format!("/v/{code}"));
    let gate = guard.get(&found.to).await;
    assert!(gate.says("沪A12345") && gate.says("王阿姨") && gate.says("12号楼"), "{}", gate.text);
    assert!(guard.get("/desk/visits").await.says("沪A12345") && !strange.get("/desk/visits").await.says("沪A12345"));
    for role in [Role::Owner, Role::CommitteeMember] {
        assert_eq!(home.browser(&server, role).await.get("/desk/visits").await.status, 403, "{role:?}");
    }
    let (form_id, visit) = (gate.hidden_after("/forms/visit-enter", "id"), gate.hidden_after("/forms/visit-enter", "visit"));
    assert_eq!(strange.post("/forms/visit-enter", &[("id", &Uuid::now_v7().to_string()), ("visit", &visit), ("back", "/desk/visits")]).await.status, 404);
    assert_eq!(guard.post("/forms/visit-enter", &[("id", &form_id), ("visit", &visit), ("back", &found.to)]).await.status, 303);
    let again = guard.post("/forms/visit-enter", &[("id", &Uuid::now_v7().to_string()), ("visit", &visit), ("back", &found.to)]).await;
    assert!(again.status == 410 && again.says("已经用过"), "{}", again.text);
    assert!(anybody.get(&format!("/v/{code}")).await.says("已经用过"));

    // Two in a month; one taken back makes room again; tomorrow's is not for today.
    let month_day = now();
    let (second, _) = done(&server, home, Role::Owner, invite(month_day, "")).await;
    assert!(matches!(home.act(&server, Role::Owner, invite(month_day, "")).await, Err(AppError::Closed { zh, .. }) if zh.contains("每月最多 2 张")));
    done(&server, home, Role::Tenant, invite(month_day, "")).await;
    assert!(matches!(home.act(&server, Role::Tenant, Mutation::VisitCancel(Cancel { visit: second })).await, Err(AppError::NotFound)), "another household's");
    done(&server, home, Role::Owner, Mutation::VisitCancel(Cancel { visit: second })).await;
    assert!(matches!(home.act(&server, Role::Worker, Mutation::VisitLetIn(LetIn { visit: second })).await, Err(AppError::Closed { .. })), "taken back");
    let (third, third_code) = done(&server, home, Role::Owner, invite(month_day, "粤B54321")).await;
    assert!(matches!(at(&server, home, Role::Worker, now() + DAY, Mutation::VisitLetIn(LetIn { visit: third })).await, Err(AppError::Closed { zh, .. }) if zh.contains("过期")));
    assert!(matches!(home.act(&server, Role::Owner, invite(now() + 60 * DAY, "")).await, Err(AppError::Invalid(f)) if f[0].field == "day"));

    // For whom it was is forgotten in time, and stands in no event.
    assert_eq!(forget(server.db(), now() + 20 * DAY).await.expect("forgets"), 0);
    assert!(forget(server.db(), now() + 40 * DAY).await.expect("forgets") >= 3);
    let (_, forgotten) = by_code(db, &third_code).await.expect("reads");
    assert_eq!((forgotten.name.as_str(), forgotten.plate.as_str()), ("", ""));
    let events = app::rooms::events::store::of_subject(db, home.id, "visit", third).await.expect("reads");
    assert!(!events.is_empty() && events.iter().all(|e| !e.body.contains("54321") && !e.body.contains(&third_code)));
    for bad in ["x", "AAAAAAAAAA", "%FF", "23456789AB23456789AB"] {
        let status = anybody.get(&format!("/v/{bad}")).await.status;
        assert!(status == 404 || status == 400, "{bad}: {status}");
    }
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_day_at_the_gate_shows_who_still_comes(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let today = written_day(now(), 480);
    let row = |n: i64, cancelled: bool| visits::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(Uuid::now_v7()),
        code: Set(format!("OLD{n:06}")),
        unit_id: Set(home.who(Role::Owner).unit.expect("a unit").0),
        person_id: Set(None),
        day: Set(today.clone()),
        month: Set(today[..7].to_owned()),
        name: Set(if cancelled { String::new() } else { "晚来的李叔".into() }),
        plate: Set(String::new()),
        at: Set(n),
        used_at: Set(None),
        used_by: Set(None),
        cancelled_at: Set(cancelled.then_some(n)),
    };
    let mut rows: Vec<_> = (0..210).map(|n| row(n, true)).collect();
    rows.push(row(999, false));
    visits::Entity::insert_many(rows).exec_without_returning(&server.db().write).await.expect("many passes");
    let gate = home.browser(&server, Role::Worker).await.get("/desk/visits").await;
    assert!(gate.says("200 张") && gate.says("晚来的李叔") && gate.says("还有更多"), "{}", gate.text);
    let mine = home.browser(&server, Role::Owner).await.get("/visits").await;
    assert!(mine.says("晚来的李叔") && mine.says("还有更多"), "{}", mine.text);
    let next_door = town.there.browser(&server, Role::Worker).await.get("/desk/visits").await;
    assert!(!next_door.says("晚来的李叔") && !next_door.says("还有更多"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_of_the_desk_keeps_what_was_typed() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let home = &town.here;
    let (place, _) = done(&server, home, Role::PropertyManager, Mutation::BikeGarage(SetGarage { note: "东侧坡道".into(), ..garage(home.place, 0, 80, 3) })).await;
    let desk = home.browser(&server, Role::Dispatcher).await;
    let send = |form: &'static str, fields: Vec<(&'static str, String)>| {
        let (desk, id) = (desk.clone(), MutationId::new().to_string());
        async move {
            let mut all = vec![("id", id.as_str()), ("back", "/desk/bikes")];
            all.extend(fields.iter().map(|(k, v)| (*k, v.as_str())));
            if form == "/forms/bike-notice" { desk.post_files(form, &all, &[]).await } else { desk.post(form, &all).await }
        }
    };
    let chosen = format!("value=\"{place}\" selected");
    let refused = send("/forms/bike-register", vec![("door", "12-1-9999".into()), ("words", "红色雅迪".into()), ("plate", String::new()), ("garage", place.to_string())]).await;
    assert!(refused.status == 422 && refused.says("没有这一户") && refused.says("红色雅迪") && refused.says("12-1-9999"), "{}", refused.text);
    assert_eq!((refused.text.matches(&chosen).count(), refused.text.matches("红色雅迪").count()), (1, 1), "in its own form alone: {}", refused.text);
    let refused = send("/forms/bike-notice", vec![("garage", place.to_string()), ("words", "靠墙".into()), ("tag", String::new())]).await;
    assert!(refused.status == 422 && refused.says("5 到 200 个字") && refused.says("1 到 3 张照片"), "{}", refused.text);
    assert_eq!((refused.text.matches(&chosen).count(), refused.text.matches("value=\"靠墙\"").count()), (1, 1), "{}", refused.text);
    // Mending a garage: what is left empty stays.
    let mend = |spaces: &str, note: &str| {
        send("/forms/bike-garage", vec![("garage_place", format!("{}:1", home.place)), ("spaces", spaces.into()), ("sockets", String::new()), ("note", note.into())])
    };
    let refused = mend("很多", "南侧").await;
    assert!(refused.status == 422 && refused.says("请填整数") && refused.says("很多") && refused.says("南侧"), "{}", refused.text);
    assert_eq!(mend("90", "").await.status, 303);
    let there = garages(&server.db().read, home.id).await.expect("reads");
    assert_eq!((there[0].spaces, there[0].sockets.len(), there[0].note.as_str()), (90, 3, "东侧坡道"));
    let strange = town.there.browser(&server, Role::Dispatcher).await;
    let tried = strange
        .post("/forms/bike-garage", &[("id", &MutationId::new().to_string()), ("back", "/desk/bikes"), ("garage_place", &format!("{}:2", home.place)), ("spaces", "1")])
        .await;
    assert!(tried.status == 404 || tried.status == 422, "{}", tried.status);
}
