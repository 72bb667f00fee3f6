//! From a QR code on a bench to a repaired bench, on both databases, with another community beside it.

use app::rooms::people::model::Role;
use app::rooms::tickets::entity::tickets;
use harness::{Backend, Browser, Home, Server};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// A picture of one colour, as a phone would send it.
pub fn picture(colour: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(640, 480, image::Rgb([colour, 120, 90])).write_to(&mut bytes, image::ImageFormat::Jpeg).expect("a JPEG");
    bytes.into_inner()
}

async fn report(home: &Home, browser: &Browser, text: &str, photos: &[Vec<u8>]) -> String {
    let page = browser.get(&format!("/q/{}", home.tag)).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.says("中心广场"));
    let (id, place, community) = (page.hidden_after("action=\"/forms/report\"", "id"), page.hidden("place"), page.hidden("community"));
    let files: Vec<(&str, Vec<u8>)> = photos.iter().map(|p| ("file", p.clone())).collect();
    let fields = [("id", id.as_str()), ("tag", home.tag.as_str()), ("place", &place), ("community", &community), ("text", text), ("category", "facility")];
    let sent = browser.post_files("/forms/report", &fields, &files).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    // The same form again, as after a double click: the same answer.
    let again = browser.post_files("/forms/report", &fields, &files).await;
    assert_eq!((again.status.as_u16(), &again.to), (303, &sent.to), "{}", again.text);
    sent.to.split("/t/").nth(1).and_then(|rest| rest.split('?').next()).unwrap_or_default().to_owned()
}

/// Takes a step from the page where its form stands.
async fn step(browser: &Browser, page: &str, step: &str, more: &[(&str, &str)], files: &[(&str, Vec<u8>)]) {
    let seen = browser.get(page).await;
    assert_eq!(seen.status, 200, "{page}: {}", seen.text);
    let mark = format!("name=\"step\" value=\"{step}\"");
    let at = seen.text.find(&mark).unwrap_or_else(|| panic!("no form for {step} on {page}: {}", seen.text));
    let form = &seen.text[seen.text[..at].rfind("<form").expect("a form")..];
    let value = |name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        form[form.find(&mark).expect("a field") + mark.len()..].split('"').next().unwrap_or_default().to_owned()
    };
    let (id, ticket, version, back) = (value("id"), value("ticket"), value("version"), value("back"));
    let mut fields = vec![("id", id.as_str()), ("ticket", &ticket), ("version", &version), ("back", &back), ("step", step)];
    fields.extend(more);
    let done = if files.is_empty() { browser.post("/forms/advance", &fields).await } else { browser.post_files("/forms/advance", &fields, files).await };
    assert_eq!(done.status, 303, "{step}: {}", done.text);
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_broken_bench_is_repaired_in_the_open(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let owner = home.browser(&server, Role::Owner).await;
    let number = report(home, &owner, "3号休闲椅螺丝露在外面，怕划到孩子", &[picture(200)]).await;
    let page = format!("/c/here/t/{number}");

    // A neighbour finds it and says me too, once.
    let tenant = home.browser(&server, Role::Tenant).await;
    let seen = tenant.get(&format!("/q/{}", home.tag)).await;
    assert!(seen.says("已有 1 件在修"), "{}", seen.text);
    let (id, ticket) = (seen.hidden_after("/forms/me-too", "id"), seen.hidden_after("/forms/me-too", "ticket"));
    for _ in 0..2 {
        let done = tenant.post("/forms/me-too", &[("id", &id), ("ticket", &ticket), ("back", &page)]).await;
        assert_eq!(done.status, 303, "{}", done.text);
    }
    assert!(tenant.get(&page).await.says("2 户遇到"));

    // The desk takes it on, assigns it, asks for money; the committee approves.
    let desk = home.browser(&server, Role::Dispatcher).await;
    let at_desk = format!("/desk/tickets/inbox?t={number}");
    assert!(desk.get("/desk/tickets/inbox").await.says(&number));
    step(&desk, &at_desk, "accept", &[("part", "common")], &[]).await;
    let worker_id = home.who(Role::Worker).person.to_string();
    step(&desk, &at_desk, "assign", &[("worker", &worker_id)], &[]).await;
    let lines =
        [("kind", "material"), ("name", "防腐木休闲椅"), ("quantity", "6"), ("price", "980"), ("kind", "labour"), ("name", "拆旧安装"), ("quantity", "6"), ("price", "250.5")];
    step(&desk, &format!("/desk/tickets/open?t={number}"), "quote", &lines, &[]).await;
    // Two of two members agree, each with a name of their own; the second word decides.
    for role in [Role::CommitteeMember, Role::CommitteeDirector] {
        let member = home.browser(&server, role).await;
        let approvals = format!("/desk/tickets/approvals?t={number}");
        let seen = member.get(&approvals).await;
        assert!(seen.says("7,383.00") && seen.says("同意，签字"), "{}", seen.text);
        let (id, matter) = (seen.hidden_after("/forms/decision-word", "id"), seen.hidden_after("/forms/decision-word", "matter"));
        let word = [("id", id.as_str()), ("matter", &matter), ("back", &approvals), ("asked", "word"), ("no_conflict", "1"), ("reason", ""), ("agrees", "1")];
        let done = member.post("/forms/decision-word", &word).await;
        assert_eq!(done.status, 303, "{}", done.text);
    }

    // The worker comes and repairs; done needs an after-photo.
    let worker = home.browser(&server, Role::Worker).await;
    assert!(worker.get("/jobs").await.says("休闲椅"));
    step(&worker, &page, "arrive", &[], &[]).await;
    step(&worker, &page, "pause", &[("reason", "等木料，明天上午到")], &[]).await;
    assert!(owner.get(&page).await.says("等木料"));
    step(&worker, &page, "resume", &[], &[]).await;
    step(&worker, &page, "finish", &[("note", "换了 6 张椅子")], &[("after-0", picture(40))]).await;

    // The owner sees before and after, and rates it.
    let seen = owner.get(&page).await;
    assert!(seen.says("前后对比") && seen.says("修好后"), "{}", seen.text);
    assert!(owner.get("/mine").await.says("class=\"dot\"") || seen.says("修好了"));
    step(&owner, &page, "rate", &[("stars", "5"), ("words", "又快又好")], &[]).await;
    let public = server.browser().get(&page).await;
    assert!(public.says("又快又好") && public.says("业委会同意费用"), "{}", public.text);
    // The reporter's name and phone are nowhere in public.
    assert!(!public.says("王业主") && !public.says(&home.who(Role::Owner).phone));
    // It is broken again: the same number goes on.
    step(&owner, &page, "reopen", &[("reason", "又松了")], &[]).await;
    assert!(owner.get(&page).await.says("整改"));

    // Nothing of it is seen from the other community.
    let other = town.there.browser(&server, Role::PropertyManager).await;
    assert!(!other.get("/desk/tickets/open").await.says(&number));
    assert_eq!(other.get(&format!("/desk/tickets/open?t={number}")).await.status, 404);
    assert!(!other.get("/c/there/board").await.says("休闲椅"));
    let rows = tickets::Entity::find().filter(tickets::Column::CommunityId.eq(home.id.0)).count(&server.db().read).await.expect("counts");
    assert_eq!(rows, 1, "one report, however often it was sent");
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_visitors_report_waits_for_a_moderator(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let visitor = server.browser();
    let page = visitor.get(&format!("/q/{}", home.tag)).await;
    let (id, place, community) = (page.hidden_after("/forms/report", "id"), page.hidden("place"), page.hidden("community"));
    let fields = [("id", id.as_str()), ("tag", home.tag.as_str()), ("place", &place), ("community", &community), ("text", "路灯不亮"), ("contact", "13900001111")];
    let sent = visitor.post_files("/forms/report", &fields, &[("file", picture(9))]).await;
    assert_eq!((sent.status.as_u16(), sent.to.as_str()), (303, "/c/here?ok=waiting"), "{}", sent.text);
    assert!(!visitor.get("/c/here/board").await.says("路灯不亮"));

    let moderator = home.browser(&server, Role::ResidentsCommittee).await;
    let list = moderator.get("/desk/tickets/pending").await;
    assert!(list.says("路灯不亮"), "{}", list.text);
    let number = list.text.split("/desk/tickets/pending?t=").nth(1).and_then(|s| s.split('"').next()).unwrap_or_default().to_owned();
    let at = format!("/desk/tickets/pending?t={number}");
    assert_eq!(server.browser().get(&format!("/c/here/t/{number}")).await.status, 404);
    let seen = moderator.get(&at).await;
    let field = |name: &str| seen.hidden_after("/forms/moderate", name);
    let (id, ticket, version) = (field("id"), field("ticket"), field("version"));
    let done = moderator.post("/forms/moderate", &[("id", &id), ("ticket", &ticket), ("version", &version), ("decision", "show"), ("reason", ""), ("back", &at)]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(server.browser().get("/c/here/board").await.says("路灯不亮"));

    // The desk may see the phone, and the look leaves an event; another community may not.
    let desk = home.browser(&server, Role::Dispatcher).await;
    let shown = desk.post("/desk/contact", &[("ticket", &ticket), ("number", &number), ("list", "inbox")]).await;
    assert!(shown.says("13900001111"), "{}", shown.text);
    let other = town.there.browser(&server, Role::Dispatcher).await;
    assert_eq!(other.post("/desk/contact", &[("ticket", &ticket), ("number", &number), ("list", "inbox")]).await.status, 404);

    // Hiding needs a reason, and hidden is not deleted.
    let seen = moderator.get(&at).await;
    let version = seen.hidden_after("/forms/moderate", "version");
    let hide = |reason: &'static str, id: String| {
        let (moderator, ticket, version, at) = (moderator.clone(), ticket.clone(), version.clone(), at.clone());
        async move { moderator.post("/forms/moderate", &[("id", &id), ("ticket", &ticket), ("version", &version), ("decision", "hide"), ("reason", reason), ("back", &at)]).await }
    };
    assert_eq!(hide("", app::ids::MutationId::new().to_string()).await.status, 422);
    assert_eq!(hide("照片里有人脸", app::ids::MutationId::new().to_string()).await.status, 303);
    assert_eq!(server.browser().get(&format!("/c/here/t/{number}")).await.status, 404);
    assert!(moderator.get(&format!("/c/here/t/{number}")).await.says("照片里有人脸"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_offers_the_list_of_places() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let visitor = server.browser();
    let wrong = visitor.get("/q/23456").await;
    assert!(wrong.status == 422 || wrong.status == 404, "{}", wrong.status);
    assert!(wrong.says("看地点列表"), "{}", wrong.text);
    let list = visitor.get("/c/here/report").await;
    assert!(list.says("中心广场") && list.says(&format!("/q/{}", town.here.tag)), "{}", list.text);
}

/// What a resident wrote is not sent as a stranger's, unseen, because the session ended in between.
#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_sent_by_whoever_filled_it_in(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let owner = home.browser(&server, Role::Owner).await;
    let page = owner.get(&format!("/q/{}", home.tag)).await;
    let (id, place, community, filled_by) = (page.hidden_after("action=\"/forms/report\"", "id"), page.hidden("place"), page.hidden("community"), page.hidden("as"));
    assert!(!filled_by.is_empty());
    let fields = [("id", id.as_str()), ("tag", home.tag.as_str()), ("place", &place), ("community", &community), ("text", "门禁按不响"), ("as", &filled_by)];
    for stranger in [server.browser(), home.browser(&server, Role::Tenant).await] {
        let refused = stranger.post_files("/forms/report", &fields, &[("file", picture(3))]).await;
        assert!(refused.status.is_client_error() && refused.says("门禁按不响") && refused.says("还没有上报"), "{}", refused.text);
        assert_ne!(refused.hidden("as"), filled_by);
        assert!(!refused.hidden("photo").is_empty(), "the photo is kept");
    }
    let sent = owner.post_files("/forms/report", &fields, &[]).await;
    assert!(sent.status == 303 && sent.to.contains("/t/"), "{}", sent.text);
}
