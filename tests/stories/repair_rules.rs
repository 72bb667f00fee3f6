//! The rule numbers of repairs, told through the door: money that is added up, promises that stay, who may judge.

use app::apply::apply;
use app::context::Caller;
use app::error::AppError;
use app::ids::{MutationId, PhotoId, PlaceId, QuoteId, TicketId};
use app::measure::{DAY, Fen, HOUR, Time};
use app::mutation::{Envelope, Mutation, Outcome, Receipt};
use app::rooms::communities::rules::Setting;
use app::rooms::communities::store::calendar;
use app::rooms::people::model::Role;
use app::rooms::photos::entity::photos;
use app::rooms::places::entity::places;
use app::rooms::tickets::entity::tickets;
use app::rooms::tickets::model::{Advance, Category, Moderate, Moderation, Part, Quote, QuoteLine, Report, SpotPhoto, State, Step, WriteComment};
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

async fn report(server: &Server, home: &Home, role: Role, text: &str) -> TicketId {
    let report = Report { tag: Some(home.tag.clone()), place: None, category: None, text: text.into(), photos: vec![], contact: None };
    match home.act(server, role, Mutation::TicketReport(report)).await.expect("reported").outcome {
        Outcome::Done { subject: Some(id), .. } => TicketId(id),
        other => panic!("{other:?}"),
    }
}

async fn row(server: &Server, ticket: TicketId) -> tickets::Model {
    tickets::Entity::find().filter(tickets::Column::Id.eq(ticket.0)).one(&server.db().read).await.expect("reads").expect("a ticket")
}

async fn try_step(server: &Server, home: &Home, role: Role, ticket: TicketId, step: Step) -> Result<State, AppError> {
    let version = row(server, ticket).await.version;
    home.act(server, role, Mutation::TicketAdvance(Advance { ticket, version, step })).await?;
    Ok(State::from_code(&row(server, ticket).await.state).expect("a state"))
}

async fn step(server: &Server, home: &Home, role: Role, ticket: TicketId, step: Step) -> State {
    try_step(server, home, role, ticket, step.clone()).await.unwrap_or_else(|e| panic!("{role:?} {step:?}: {e:?}"))
}

fn quote(yuan: i64) -> Step {
    Step::Quote(Quote::of(vec![QuoteLine { labour: true, name: "修理".into(), quantity: 1, unit_price: Fen(yuan * 100) }]))
}

/// A ticket at the one place of the estate, taken on.
async fn taken_on(server: &Server, home: &Home, text: &str, part: Part) -> TicketId {
    let ticket = report(server, home, Role::Owner, text).await;
    step(server, home, Role::Dispatcher, ticket, Step::Accept { part }).await;
    ticket
}

/// A ticket that 师傅 has begun to repair.
async fn in_progress(server: &Server, home: &Home, text: &str) -> TicketId {
    let ticket = taken_on(server, home, text, Part::Common).await;
    let worker = home.who(Role::Worker).person;
    step(server, home, Role::Dispatcher, ticket, Step::Assign { worker }).await;
    step(server, home, Role::Worker, ticket, Step::Arrive).await;
    ticket
}

/// A photo by the worker, as if it had been uploaded.
async fn photo(server: &Server, home: &Home) -> PhotoId {
    let id = PhotoId::new();
    let row = photos::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(id.0),
        digest: Set(id.to_string()),
        width: Set(640),
        height: Set(480),
        bytes: Set(1),
        uploader: Set(Some(home.who(Role::Worker).person.0)),
        created_at: Set(now().0),
        attached_at: Set(None),
    };
    photos::Entity::insert(row).exec_without_returning(&server.db().write).await.expect("a photo");
    id
}

/// A visitor's report.
async fn visit(server: &Server, home: &Home, report: Report) -> Result<Receipt, AppError> {
    let envelope = Envelope { id: MutationId::new(), person: None, app_version: "test".into(), client_time: now(), mutation: Mutation::TicketReport(report) };
    apply(server.services(), &Caller::Visitor(home.id), &envelope, now(), None).await
}

async fn finish(server: &Server, home: &Home, ticket: TicketId) {
    let photo = photo(server, home).await;
    step(server, home, Role::Worker, ticket, Step::Finish { note: "好了".into(), photos: vec![SpotPhoto { photo, spot: 0, after: true }] }).await;
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_split_is_added_up_again(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let first = taken_on(&server, &home, "长椅坏了", Part::Common).await;
    assert_eq!(step(&server, &home, Role::Dispatcher, first, quote(1_500)).await, State::Accepted, "within the property company's limit");
    assert_eq!(step(&server, &home, Role::Dispatcher, first, quote(600)).await, State::AwaitingApproval, "the second on the same ticket");
    let decline = Step::Decline { quote: QuoteId(row(&server, first).await.quote_id.expect("a quote")), reason: "分开报了".into() };
    step(&server, &home, Role::CommitteeMember, first, decline).await;
    let second = taken_on(&server, &home, "另一张长椅", Part::Common).await;
    assert_eq!(step(&server, &home, Role::Dispatcher, second, quote(600)).await, State::AwaitingApproval, "another ticket at the same place");
    // What others pay neither waits nor counts.
    let damage = taken_on(&server, &home, "被车撞的", Part::Damage).await;
    assert_eq!(step(&server, &home, Role::Dispatcher, damage, quote(9_000)).await, State::Accepted);
    // After ninety days it is a new job.
    let old = now().0 - 91 * DAY;
    let quotes = app::rooms::tickets::entity::quotes::Entity::update_many();
    quotes.col_expr(app::rooms::tickets::entity::quotes::Column::DecidedAt, Expr::value(old)).exec(&server.db().write).await.expect("changes");
    let third = taken_on(&server, &home, "又一张长椅", Part::Common).await;
    assert_eq!(step(&server, &home, Role::Dispatcher, third, quote(600)).await, State::Accepted);
    // Two that waited side by side: the second would be too much for the committee.
    let (a, b) = (taken_on(&server, &home, "甲", Part::Common).await, taken_on(&server, &home, "乙", Part::Common).await);
    for ticket in [a, b] {
        assert_eq!(step(&server, &home, Role::Dispatcher, ticket, quote(15_000)).await, State::AwaitingApproval);
    }
    // Two of two members decide; each step of an old page is one word.
    for (ticket, role, to) in [(a, Role::CommitteeMember, Some(State::AwaitingApproval)), (a, Role::CommitteeDirector, Some(State::Accepted)), (b, Role::CommitteeDirector, None)] {
        let approve = Step::Approve { quote: QuoteId(row(&server, ticket).await.quote_id.expect("a quote")) };
        let verdict = try_step(&server, &home, role, ticket, approve).await;
        assert!(verdict.clone().ok() == to && (to.is_some() || matches!(verdict, Err(AppError::Closed { .. }))), "{verdict:?}");
    }
    assert_eq!(row(&server, b).await.open_tier.as_deref(), Some("owners"), "what became too much goes to the owners by itself");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_administrator_changes_a_number_and_the_pages_show_it() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let admin = home.browser(&server, Role::Administrator).await;
    let page = admin.get("/desk/settings").await;
    assert!(page.says("物业可直接处理的费用上限") && page.says("2,000.00 元"), "{}", page.text);
    let id = page.hidden_after("/forms/setting", "id");
    let fields = [
        ("id", id.as_str()),
        ("key", "approval.property_max_fen"),
        ("value", "50000"),
        ("source", "业主大会 2026"),
        ("from", "2026-01-01"),
        ("until", ""),
        ("back", "/desk/settings"),
    ];
    let nobody = home.browser(&server, Role::Dispatcher).await;
    let others = [&[("id", MutationId::new().to_string())][..], &fields[1..].iter().map(|(n, v)| (*n, (*v).to_owned())).collect::<Vec<_>>()].concat();
    let others: Vec<(&str, &str)> = others.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_ne!(nobody.post("/forms/setting", &others).await.status, 303);
    assert_eq!(admin.post("/forms/setting", &fields).await.status, 303);
    let page = admin.get("/desk/settings").await;
    assert!(page.says("500.00 元") && page.says("业主大会 2026") && page.says("2026-01-01 起"), "{}", page.text);
    let ticket = taken_on(&server, &home, "路灯不亮", Part::Common).await;
    assert_eq!(step(&server, &home, Role::Dispatcher, ticket, quote(501)).await, State::AwaitingApproval);
    let seen = server.browser().get(&format!("/c/here/t/{}", row(&server, ticket).await.number)).await;
    assert!(seen.says("500 至 20,000 元"), "{}", seen.text);
    let wrong = Setting { key: "approval.property_max_fen".into(), value: -1, source: "x".into(), from: String::new(), until: String::new() };
    assert!(matches!(home.act(&server, Role::Administrator, Mutation::CommunitySetting(wrong)).await, Err(AppError::Invalid(_))));
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_enters_the_holidays_of_a_year(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let (home, db) = (&town.here, &server.db().read);
    let admin = home.browser(&server, Role::Administrator).await;
    let send = async |off: &str, worked: &str| {
        let id = admin.get("/desk/settings").await.hidden_after("/forms/calendar", "id");
        let form = [("id", id.as_str()), ("back", "/desk/settings"), ("year", "2031"), ("announced", "国办发明电〔2030〕1号"), ("off", off), ("worked", worked)];
        admin.post("/forms/calendar", &form).await
    };
    let refused = send("1-1\n1-32 2-3", "1-18").await;
    assert!(refused.status == 422 && refused.says("“1-32 2-3”不是假期") && refused.says("1-1\n1-32 2-3</textarea>"), "{}", refused.text);
    let wednesday = Time(1_924_963_200_000);
    let after = async |community| calendar(db, community).await.expect("reads").after_working_days(wednesday, 1, 480);
    let before = after(home.id).await;
    // Twice: what was entered is corrected. The next day is off then.
    for off in ["12-31", "1-2"] {
        let sent = send(&format!("1-1\n{off}"), "").await;
        assert_eq!(sent.status, 303, "{}", sent.text);
    }
    let page = admin.get("/desk/settings").await;
    assert!(page.says("国办发明电〔2030〕1号 · 本小区录入") && page.says("1/1，1/2") && page.says("国办发明电〔2025〕7号 · 程序自带"), "{}", page.text);
    assert_eq!((after(home.id).await, after(town.there.id).await), (before + DAY, before), "next door has its own");
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_again_keeps_its_promise(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let ticket = in_progress(&server, &home, "门关不上").await;
    finish(&server, &home, ticket).await;
    // It was finished an hour late, ten hours ago.
    let (late, finished) = (now().0 - 11 * HOUR, now().0 - 10 * HOUR);
    let set = [(tickets::Column::PromisedAt, late), (tickets::Column::FirstFinishedAt, finished), (tickets::Column::FinishedAt, finished), (tickets::Column::StoppedAt, finished)];
    let update = set.into_iter().fold(tickets::Entity::update_many(), |update, (column, value)| update.col_expr(column, Expr::value(value)));
    update.exec(&server.db().write).await.expect("changes");
    step(&server, &home, Role::Owner, ticket, Step::Reject { reason: "还是关不上".into() }).await;
    let again = row(&server, ticket).await;
    assert_eq!((again.first_finished_at, again.finished_at, again.stopped_at), (Some(finished), None, None));
    assert!(again.promised_at < now().0 && again.promised_at >= late + 10 * HOUR, "the promise moved by the time of checking, and is still missed");
    step(&server, &home, Role::Worker, ticket, Step::Arrive).await;
    // The after-photo of the first time is not one of this time.
    let none = try_step(&server, &home, Role::Worker, ticket, Step::Finish { note: String::new(), photos: vec![] }).await;
    assert!(matches!(none, Err(AppError::Invalid(_))), "{none:?}");
    finish(&server, &home, ticket).await;
    let done = row(&server, ticket).await;
    assert!(done.first_finished_at == Some(finished) && done.finished_at.is_some_and(|at| at > done.promised_at));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_property_company_judges_nothing_and_the_committee_only_in_a_reporters_place() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let ticket = in_progress(&server, &home, "门关不上").await;
    finish(&server, &home, ticket).await;
    for role in [Role::Dispatcher, Role::PropertyManager, Role::Worker, Role::CommitteeMember, Role::ResidentsCommittee] {
        assert_eq!(try_step(&server, &home, role, ticket, Step::Confirm).await, Err(AppError::Forbidden), "{role:?}");
    }
    tickets::Entity::update_many().col_expr(tickets::Column::FinishedAt, Expr::value(now().0 - 3 * DAY)).exec(&server.db().write).await.expect("changes");
    assert_eq!(step(&server, &home, Role::ResidentsCommittee, ticket, Step::Confirm).await, State::Done);

    // One that the property desk found itself.
    let own = report(&server, &home, Role::Dispatcher, "巡查发现").await;
    let worker = home.who(Role::Worker).person;
    for (role, next) in [(Role::Dispatcher, Step::Accept { part: Part::Common }), (Role::Dispatcher, Step::Assign { worker }), (Role::Worker, Step::Arrive)] {
        step(&server, &home, role, own, next).await;
    }
    finish(&server, &home, own).await;
    assert_eq!(try_step(&server, &home, Role::Dispatcher, own, Step::Rate { stars: 5, words: String::new() }).await, Err(AppError::Forbidden));
    assert_eq!(step(&server, &home, Role::CommitteeMember, own, Step::Confirm).await, State::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reporter_stays_unknown_by_what_they_do_and_the_newest_is_shown() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    // A committee member reports: whatever role they act in, they are the reporter here.
    let ticket = report(&server, &home, Role::CommitteeMember, "灯不亮").await;
    for n in 0..3 {
        home.act(&server, Role::Tenant, Mutation::TicketComment(WriteComment { ticket, text: format!("第 {n} 句") })).await.expect("a comment");
    }
    step(&server, &home, Role::CommitteeMember, ticket, Step::Withdraw { reason: "又亮了".into() }).await;
    let number = row(&server, ticket).await.number;
    let seen = server.browser().get(&format!("/c/here/t/{number}")).await;
    assert!(seen.says("上报人") && !seen.says("业委会委员") && seen.says("第 2 句"), "{}", seen.text);
    assert!(!seen.says("有人留言"), "comments stand among the comments: {}", seen.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_stays_with_those_who_must_work_on_it() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let ticket = report(&server, &home, Role::Owner, "照片里有人").await;
    let hide = Mutation::TicketModerate(Moderate { ticket, version: 1, decision: Moderation::Hide, reason: "人脸".into() });
    home.act(&server, Role::ResidentsCommittee, hide).await.expect("hidden");
    let desk = home.browser(&server, Role::Dispatcher).await;
    for list in ["inbox", "open"] {
        let seen = desk.get(&format!("/desk/tickets/{list}")).await;
        assert!(seen.says("照片里有人") && seen.says("已隐藏"), "{list}: {}", seen.text);
    }
    assert!(!server.browser().get("/c/here/board").await.says("照片里有人"));
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn two_strangers_with_the_same_words_are_two_and_one_who_sends_twice_is_one(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let send = |contact: &'static str| {
        let report = Report { tag: Some(home.tag.clone()), place: None, category: None, text: "路灯不亮".into(), photos: Vec::<PhotoId>::new(), contact: Some(contact.into()) };
        visit(&server, &home, report)
    };
    let (a, b, c) = tokio::join!(send("13900001111"), send("13900001111"), send("13900002222"));
    let ids: Vec<_> = [a, b, c]
        .into_iter()
        .map(|receipt| match receipt.expect("received").outcome {
            Outcome::Done { subject, .. } => subject,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(ids[0] == ids[1] && ids[0] != ids[2], "{ids:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_new_is_said_in_words_until_it_was_seen() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let ticket = report(&server, &home, Role::Owner, "门关不上").await;
    let page = format!("/c/here/t/{}", row(&server, ticket).await.number);
    let owner = home.browser(&server, Role::Owner).await;
    assert_eq!(owner.get(&page).await.status, 200);
    assert!(!owner.get("/mine").await.says("class=\"news\""));
    step(&server, &home, Role::Dispatcher, ticket, Step::Accept { part: Part::Common }).await;
    let list = owner.get("/mine").await;
    assert!(list.says("class=\"news\"") && list.says("物业已受理"), "{}", list.text);
    let seen = owner.get(&page).await;
    assert!(seen.says("class=\"now new\"") && seen.says("新"), "{}", seen.text);
    assert!(!owner.get(&page).await.says("class=\"now new\""));
    assert!(!owner.get("/mine").await.says("class=\"news\""));
}

async fn place(server: &Server, home: &Home, x: i64) -> PlaceId {
    let id = PlaceId::new();
    let row = places::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(id.0),
        name: Set(format!("路 {x}")),
        kind: Set("road".into()),
        building_id: Set(None),
        x: Set(x),
        y: Set(500),
        ordinal: Set(x),
    };
    places::Entity::insert(row).exec_without_returning(&server.db().write).await.expect("a place");
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_near_by_is_shown_before_it_is_reported_again() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let (here, near, far) = (place(&server, &home, 100).await, place(&server, &home, 150).await, place(&server, &home, 400).await);
    let report = |category, text: &str| Report { tag: None, place: Some(here), category, text: text.into(), photos: vec![], contact: None };
    for report in [report(Some(Category::Road), "路上有坑"), report(Some(Category::Lighting), "路灯不亮")] {
        home.act(&server, Role::Tenant, Mutation::TicketReport(report)).await.expect("reported");
    }
    let visitor = server.browser();
    let seen = visitor.get(&format!("/c/here/p/{near}")).await;
    assert!(seen.says("路上有坑") && !seen.says("路灯不亮"), "{}", seen.text);
    assert!(!visitor.get(&format!("/c/here/p/{far}")).await.says("路上有坑"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_hides_nothing_and_leads_both_ways() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let (stays, goes, hidden) =
        (report(&server, &home, Role::Owner, "甲").await, report(&server, &home, Role::Tenant, "乙").await, report(&server, &home, Role::Household, "丙").await);
    let hide = Mutation::TicketModerate(Moderate { ticket: hidden, version: 1, decision: Moderation::Hide, reason: "人脸".into() });
    home.act(&server, Role::ResidentsCommittee, hide).await.expect("hidden");
    assert!(matches!(try_step(&server, &home, Role::Dispatcher, goes, Step::Merge { into: hidden }).await, Err(AppError::Invalid(_))));
    step(&server, &home, Role::Dispatcher, goes, Step::Merge { into: stays }).await;
    let (a, b) = (row(&server, stays).await.number, row(&server, goes).await.number);
    for (page, other) in [(&a, &b), (&b, &a)] {
        let seen = server.browser().get(&format!("/c/here/t/{page}")).await;
        assert!(seen.text.matches(&format!("href=\"/c/here/t/{other}\"")).count() >= 2, "{page} to {other}: {}", seen.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn photos_alone_are_called_by_their_spot_in_the_readers_language() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let photo = photo(&server, &home).await;
    photos::Entity::update_many().col_expr(photos::Column::Uploader, Expr::value(home.who(Role::Owner).person.0)).exec(&server.db().write).await.expect("changes");
    let report = Report { tag: Some(home.tag.clone()), place: None, category: Some(Category::Road), text: String::new(), photos: vec![photo], contact: None };
    home.act(&server, Role::Owner, Mutation::TicketReport(report)).await.expect("reported");
    let browser = server.browser();
    assert!(browser.get("/c/here/board").await.says("中心广场 · 道路"));
    browser.post("/forms/prefs", &[("lang", "en"), ("back", "/")]).await;
    assert!(browser.get("/c/here/board").await.says("中心广场 · Road"));
}
