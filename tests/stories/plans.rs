//! Every question that a page asks the database is answered through an index. The questions are those that the server
//! really asks, told by the connection itself.

use app::ids::{MutationId, TicketId};
use app::measure::Fen;
use app::mutation::{Mutation, Outcome};
use app::rooms::people::model::{IssueLetters, LetterPurpose, Role};
use app::rooms::tickets::model::{Advance, Category, MeToo, Part, Quote, QuoteLine, Report, State, Step, WriteComment};
use harness::{Browser, Home, Server};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Tables that stay tiny in any installation: a town has dozens of communities.
const TINY: [&str; 2] = ["communities", "seaql_migrations"];
/// Tables of which a community has at most some hundreds of rows, so that a list of them is a page.
const LISTS: [&str; 5] = ["buildings", "places", "facilities", "tags", "event_heads"];

/// What was asked, with the page that asked.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    /// The page that is read now; empty when what is asked is nobody's.
    page: String,
    all: Vec<(String, Statement)>,
}

impl Asked {
    fn hear(&self, statement: &Statement) {
        let mut heard = self.0.lock().expect("unpoisoned");
        if !heard.page.is_empty() {
            let page = heard.page.clone();
            heard.all.push((page, statement.clone()));
        }
    }

    /// What is asked from now on belongs to this page.
    fn page(&self, name: &str) {
        name.clone_into(&mut self.0.lock().expect("unpoisoned").page);
    }

    /// Each different question with the first page that asked it.
    fn distinct(&self) -> Vec<(String, Statement)> {
        let mut first = BTreeMap::new();
        for (page, statement) in &self.0.lock().expect("unpoisoned").all {
            first.entry(statement.sql.clone()).or_insert_with(|| (page.clone(), statement.clone()));
        }
        first.into_values().collect()
    }
}

async fn report(server: &Server, home: &Home, n: usize) -> (TicketId, String) {
    let category = Category::all().nth(n % 15);
    let report = Report { tag: Some(home.tag.clone()), place: None, category, text: format!("第 {n} 件，灯不亮"), photos: vec![], contact: None };
    match home.act(server, Role::Owner, Mutation::TicketReport(report)).await.expect("reported").outcome {
        Outcome::Done { subject: Some(id), number: Some(number), .. } => (id.into(), number),
        other => panic!("{other:?}"),
    }
}

async fn step(server: &Server, home: &Home, role: Role, ticket: TicketId, version: i64, step: Step) {
    home.act(server, role, Mutation::TicketAdvance(Advance { ticket, version, step })).await.expect("a step");
}

/// A ticket with everything that a page can show: quote, comment, household, worker, one merged into it. Gives its number.
async fn eventful(server: &Server, home: &Home) -> String {
    let (ticket, number) = report(server, home, 1_000).await;
    let (same, _) = report(server, home, 1_001).await;
    step(server, home, Role::Dispatcher, same, 1, Step::Merge { into: ticket }).await;
    home.act(server, Role::Tenant, Mutation::TicketMeToo(MeToo { ticket })).await.expect("me too");
    home.act(server, Role::Tenant, Mutation::TicketComment(WriteComment { ticket, text: "还是不亮".into() })).await.expect("a comment");
    let worker = home.who(Role::Worker).person;
    let line = QuoteLine { labour: true, name: "换灯".into(), quantity: 1, unit_price: Fen(10_000) };
    step(server, home, Role::Dispatcher, ticket, version(server, ticket).await, Step::Accept { part: Part::Common }).await;
    step(server, home, Role::Dispatcher, ticket, version(server, ticket).await, Step::Assign { worker }).await;
    step(server, home, Role::Dispatcher, ticket, version(server, ticket).await, Step::Quote(Quote::of(vec![line.clone()]))).await;
    // Another one waits for the committee.
    let (dear, _) = report(server, home, 1_002).await;
    step(server, home, Role::Dispatcher, dear, version(server, dear).await, Step::Accept { part: Part::Common }).await;
    let line = QuoteLine { unit_price: Fen(500_000), ..line };
    step(server, home, Role::Dispatcher, dear, version(server, dear).await, Step::Quote(Quote::of(vec![line]))).await;
    number
}

async fn version(server: &Server, ticket: TicketId) -> i64 {
    use app::rooms::tickets::entity::tickets;
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    tickets::Entity::find().filter(tickets::Column::Id.eq(ticket.0)).one(&server.db().read).await.expect("reads").expect("a ticket").version
}

/// Reads a page and remembers what it asked.
async fn read(asked: &Asked, browser: &Browser, who: &str, path: &str) -> String {
    asked.page(&format!("{who} {path}"));
    let seen = browser.get(path).await;
    asked.page("");
    assert_eq!(seen.status, 200, "{who} {path}: {}", seen.text);
    seen.text
}

async fn public_pages(asked: &Asked, server: &Server, home: &Home, number: &str) {
    let anybody = server.browser();
    let mut paths: Vec<String> = ["/", "/c/here", "/c/here/board", "/c/here/numbers", "/c/here/report", "/c/here/decisions"].map(str::to_owned).into();
    paths.extend([format!("/q/{}", home.tag), format!("/c/here/p/{}", home.place), format!("/c/here/t/{number}")]);
    let filters = ["state=open", "state=finished", "category=urgent", "building=12", "text=%E7%81%AF", "overdue=1"];
    let states = State::ALL.map(|s| format!("state={}", s.code()));
    let categories = Category::all().map(|c| format!("category={}", c.code()));
    let all: Vec<String> = filters.map(str::to_owned).into_iter().chain(states).chain(categories).collect();
    paths.extend(all.iter().map(|f| format!("/c/here/board?{f}")));
    paths.push("/c/here/board?state=open&category=lighting&building=12&overdue=1&text=%E7%81%AF".into());
    for path in &paths {
        read(asked, &anybody, "anybody", path).await;
    }
    // The second page, alone and with each filter that is left when one goes on.
    let board = read(asked, &anybody, "anybody", "/c/here/board").await;
    let key = board.split("after=").nth(1).and_then(|rest| rest.split(['"', '&']).next()).expect("a second page").to_owned();
    for more in ["", "&state=open", "&category=urgent", "&building=12", "&overdue=1"] {
        read(asked, &anybody, "anybody", &format!("/c/here/board?after={key}{more}")).await;
    }
}

async fn residents_pages(asked: &Asked, server: &Server, home: &Home, number: &str) {
    let ticket = format!("/c/here/t/{number}");
    for role in [Role::Owner, Role::Tenant, Role::Worker] {
        asked.page("signing in");
        let browser = home.browser(server, role).await;
        asked.page("");
        for path in ["/", "/mine", "/me", "/jobs", &ticket, &format!("/q/{}", home.tag)] {
            read(asked, &browser, role.code(), path).await;
        }
        if role == Role::Worker {
            continue;
        }
        let page = format!("/q/{}", home.tag);
        let seen = browser.get(&page).await;
        let (id, place, community) = (seen.hidden_after("action=\"/forms/report\"", "id"), seen.hidden("place"), seen.hidden("community"));
        let text = format!("{} 看见的", role.code());
        let fields = [("id", id.as_str()), ("tag", &home.tag), ("place", &place), ("community", &community), ("text", &text)];
        asked.page("sending a report with a photo, then its receipt, then the photo");
        let sent = browser.post_files("/forms/report", &fields, &[("file", crate::bench_to_repair::picture(role as u8))]).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let shown = browser.get(&sent.to).await;
        let photo = shown.text.split("/photos/").nth(1).and_then(|rest| rest.split('"').next()).expect("a photo");
        assert_eq!(browser.bytes(&format!("/photos/{photo}")).await.0, 200);
        let plain = [("id", &*MutationId::new().to_string()), ("tag", &home.tag), ("text", "没有照片的")];
        for _ in 0..2 {
            assert_eq!(browser.post_files("/forms/report", &plain, &[]).await.status, 303);
        }
        asked.page("");
    }
}

async fn desks(asked: &Asked, server: &Server, home: &Home, number: &str) {
    for (role, paths) in [
        (Role::Dispatcher, vec!["/desk/tickets/inbox", "/desk/tickets/open", "/desk/tickets/pending", "/desk/tickets/hidden", "/desk/letters", "/desk/places", "/print/stickers"]),
        (Role::CommitteeMember, vec!["/desk/tickets/approvals", "/desk/decisions", "/desk/messages"]),
        (Role::Administrator, vec!["/desk/members", "/desk/roster"]),
    ] {
        let browser = home.browser(server, role).await;
        for path in paths {
            read(asked, &browser, role.code(), path).await;
        }
        if role == Role::Dispatcher {
            read(asked, &browser, role.code(), &format!("/desk/tickets/open?t={number}")).await;
        }
    }
    let issue = IssueLetters { building: Some(home.building), unit: None, purpose: LetterPurpose::Owner, replace: false };
    asked.page("letters");
    let issued = home.act(server, Role::Administrator, Mutation::LetterIssue(issue)).await.expect("issued");
    let Outcome::Done { number: Some(made_at), .. } = issued.outcome else { panic!("no letters") };
    let browser = home.browser(server, Role::Administrator).await;
    read(asked, &browser, "administrator", &format!("/print/letters/{made_at}")).await;
    asked.page("the clock");
    xianghe_server::routes::desk::archive_old(&server.state).await.expect("archives");
    let services = server.services();
    app::rooms::photos::store::sweep(&services.db, &services.photos, harness::now()).await.expect("sweeps");
    asked.page("");
}

/// A question without the names of all the columns that it asks for.
fn brief(sql: &str) -> String {
    match sql.split_once(" FROM ") {
        Some((head, rest)) if head.starts_with("SELECT") && head.len() > 80 => format!("SELECT … FROM {rest}"),
        _ => sql.to_owned(),
    }
}

/// The lines of SQLite's plan.
async fn plan(server: &Server, asked: &Statement) -> Vec<String> {
    let explain = Statement { sql: format!("EXPLAIN QUERY PLAN {}", asked.sql), values: asked.values.clone(), db_backend: DbBackend::Sqlite };
    let rows = server.db().read.query_all_raw(explain).await.unwrap_or_else(|error| panic!("{}: {error}", asked.sql));
    rows.iter().map(|row| row.try_get("", "detail").expect("a line")).collect()
}

/// What is wrong with a line of a plan, if anything is.
fn fault(sql: &str, plan: &[String], line: &str) -> Option<&'static str> {
    let mut words = line.split_whitespace();
    let (how, table) = (words.next()?, words.next()?);
    // The newest of all, up to a limit, is what an index gives from its end.
    let newest_of_all = !sql.contains(" AND ") && sql.ends_with(" LIMIT ?") && !plan.iter().any(|l| l.contains("TEMP B-TREE"));
    // With a filter that most pass, the same is right; with one that few pass, it reads on to the end.
    let few_pass = sql.contains("\"visibility\" = ? AND") && !sql.contains(" LIKE ") && !sql.contains("\"state\" IN");
    match how {
        "SCAN" if !TINY.contains(&table) && table != "CONSTANT" => Some("reads a whole table"),
        "SEARCH" if line.ends_with("(community_id=?)") && !LISTS.contains(&table) && !newest_of_all => Some("reads a whole community"),
        "SEARCH" if line.ends_with("(community_id=? AND visibility=?)") && few_pass => Some("reads the whole board"),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_reads_a_whole_table() {
    let asked = Asked::default();
    let ears = asked.clone();
    let server = Server::start_watched(move |statement| ears.hear(statement)).await;
    let home = server.town().await.here;
    for n in 0..45 {
        report(&server, &home, n).await;
    }
    let number = eventful(&server, &home).await;
    public_pages(&asked, &server, &home, &number).await;
    residents_pages(&asked, &server, &home, &number).await;
    desks(&asked, &server, &home, &number).await;

    let mut faults = Vec::new();
    let mut explained = 0;
    for (page, statement) in asked.distinct() {
        if !["SELECT", "UPDATE", "DELETE"].iter().any(|word| statement.sql.starts_with(word)) {
            continue;
        }
        explained += 1;
        println!("\n{page}\n  {}", brief(&statement.sql));
        let lines = plan(&server, &statement).await;
        for line in &lines {
            println!("    {line}");
            if let Some(what) = fault(&statement.sql, &lines, line) {
                faults.push(format!("{page} {what}: {line}\n  {}", brief(&statement.sql)));
            }
        }
    }
    // Fewer would mean that the connection no longer tells what it is asked.
    assert!(explained >= 60, "only {explained} questions were heard");
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}
