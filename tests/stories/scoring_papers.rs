//! Scoring beside the phone: sheets of paper that two people type, photos of a mark, reminders, and what the program counts of
//! urgent repairs.

use crate::projects::photo;
use crate::scoring::{act, act_at, crowd, done, open, sheet};
use app::apply::apply;
use app::context::Caller;
use app::error::AppError;
use app::ids::MutationId;
use app::measure::{DAY, HOUR, MINUTE, Time};
use app::mutation::{Envelope, Mutation, Outcome};
use app::rooms::people::model::Role;
use app::rooms::scoring::model::{HandIn, Mark, MarkPhoto, Remind, TypeIn, UNKNOWN};
use app::rooms::scoring::template::standard;
use app::rooms::scoring::{own, reminders, scorers, store};
use app::rooms::tickets::model::{Advance, Category, Report, Step};
use harness::town::Actor;
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use uuid::Uuid;

fn typed(round: Uuid, of: &Actor, percent: i64, photos: Vec<app::ids::PhotoId>) -> TypeIn {
    TypeIn { round, person: of.person, marks: sheet(round, percent).marks, photos }
}

async fn paper(server: &Server, home: &Home, by: Role, typed: TypeIn) -> Result<app::mutation::Receipt, AppError> {
    act(server, home, by, Mutation::ScoringPaper(typed)).await
}

async fn handed(server: &Server, home: &Home, round: Uuid) -> i64 {
    store::turnout(&server.db().read, home.id, round).await.expect("reads").iter().map(|t| t.1).sum()
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_of_paper_counts_when_two_people_typed_the_same(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let round = open(&server, home).await;
    let leader = home.who(Role::BuildingLeader).clone();
    let at = format!("/desk/scoring/{round}/paper/{}", leader.person);
    let desk = home.browser(&server, Role::ResidentsCommittee).await;
    assert!(desk.get(&format!("/desk/scoring/{round}")).await.says(&at), "the roll leads there");
    let (status, pdf) = desk.bytes(&format!("/print/scoring-sheet/{round}/{}.pdf", leader.person)).await;
    assert!(status == 200 && pdf.starts_with(b"%PDF-"));

    // A form that lacks something comes back with its scan: nobody photographs a sheet twice.
    let page = desk.get(&at).await;
    let (id, about, whose) = (page.hidden_after("/forms/scoring-paper", "id"), round.to_string(), leader.person.to_string());
    let fields = [
        ("id", id.as_str()),
        ("back", at.as_str()),
        ("round", about.as_str()),
        ("person", whose.as_str()),
        ("marks.0.item", "A1"),
        ("marks.0.halves", "3"),
        ("marks.0.remark", ""),
    ];
    let refused = desk.post_files("/forms/scoring-paper", &fields, &[("file", crate::bench_to_repair::picture(9))]).await;
    assert!(refused.status == 422 && refused.says("还没有打分") && refused.says("已收到 1 张，不用重拍"), "{}", refused.text);
    assert!(!refused.hidden_after("/forms/scoring-paper", "photo").is_empty());

    // The scan comes with the first of the two.
    assert!(matches!(paper(&server, home, Role::ResidentsCommittee, typed(round, &leader, 80, vec![])).await, Err(AppError::Invalid(f)) if f[0].field == "photos"));
    let scan = photo(&server, home).await;
    done(paper(&server, home, Role::ResidentsCommittee, typed(round, &leader, 80, vec![scan])).await);
    assert_eq!(handed(&server, home, round).await, 0, "one person is not enough");
    done(paper(&server, home, Role::ResidentsCommittee, typed(round, &leader, 80, vec![])).await);
    assert_eq!(handed(&server, home, round).await, 0, "nor is the same one twice");

    // The other one types one mark differently: both are told which, neither what the other typed.
    let mut differs = typed(round, &leader, 80, vec![]);
    differs.marks[3].halves = Some(UNKNOWN);
    done(paper(&server, home, Role::Auditor, differs).await);
    for role in [Role::ResidentsCommittee, Role::Auditor] {
        let page = home.browser(&server, role).await.get(&at).await;
        assert!(page.says("两个人录的不一样") && page.says(&sheet(round, 80).marks[3].item), "{}", page.text);
        let viewer = home.viewer(&server, role).await;
        let seen = scorers::paper(&server.db().read, &viewer, round, leader.person).await.expect("reads");
        assert_eq!((seen.differ.len(), seen.other, seen.scan.clone()), (1, true, vec![scan]));
        assert_eq!(seen.marks[3].halves, Some(if role == Role::Auditor { UNKNOWN } else { sheet(round, 80).marks[3].halves.unwrap_or(0) }), "one's own");
    }
    done(paper(&server, home, Role::Auditor, typed(round, &leader, 80, vec![])).await);
    assert_eq!(handed(&server, home, round).await, 1);
    assert!(matches!(paper(&server, home, Role::ResidentsCommittee, typed(round, &leader, 100, vec![])).await, Err(AppError::Closed { .. })), "it is in");
    // Its scorer sees it on the phone and may still change it.
    let viewer = home.viewer(&server, Role::BuildingLeader).await;
    assert_eq!(scorers::mine(&server.db().read, &viewer, round).await.expect("reads").marks.len(), sheet(round, 80).marks.len());
    done(act(&server, home, Role::BuildingLeader, Mutation::ScoringSheet(sheet(round, 100))).await);

    // The scan is for the scorer's auditors alone.
    let see = |role: Role, community: &'static str| {
        let home = if community == "here" { &town.here } else { &town.there };
        let server = &server;
        async move {
            let viewer = home.viewer(server, role).await;
            app::rooms::photos::store::find(server.db(), Some(&viewer), scan).await.is_ok()
        }
    };
    assert!(see(Role::Auditor, "here").await && see(Role::ResidentsCommittee, "here").await);
    assert!(!see(Role::PropertyManager, "here").await && !see(Role::CommitteeDirector, "here").await && !see(Role::Auditor, "there").await);
    assert!(app::rooms::photos::store::find(server.db(), None, scan).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_types_their_own_sheet_or_one_that_does_not_count() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let home = &town.here;
    let round = open(&server, home).await;
    let scan = photo(&server, home).await;
    let me = home.who(Role::Auditor).clone();
    assert_eq!(paper(&server, home, Role::Auditor, typed(round, &me, 80, vec![scan])).await.err(), Some(AppError::Forbidden));
    assert!(matches!(paper(&server, home, Role::Auditor, typed(round, home.who(Role::Tenant), 80, vec![scan])).await, Err(AppError::Closed { .. })), "not on the roll");
    let representative = home.who(Role::OwnersRepresentative).clone();
    done(act(&server, home, Role::OwnersRepresentative, Mutation::ScoringSheet(sheet(round, 80))).await);
    assert!(matches!(paper(&server, home, Role::Auditor, typed(round, &representative, 80, vec![scan])).await, Err(AppError::Closed { .. })), "handed in on the phone");
    let mut low = typed(round, home.who(Role::BuildingLeader), 20, vec![scan]);
    low.marks.iter_mut().for_each(|m: &mut Mark| m.remark.clear());
    assert!(matches!(paper(&server, home, Role::Auditor, low).await, Err(AppError::Invalid(_))), "a low mark says why on paper too");
    // Somebody else's community has no such round.
    assert_eq!(paper(&server, &town.there, Role::Auditor, typed(round, home.who(Role::BuildingLeader), 80, vec![])).await.err(), Some(AppError::NotFound));
    assert_eq!(town.there.browser(&server, Role::Auditor).await.get(&format!("/desk/scoring/{round}/paper/{}", representative.person)).await.status, 404);
    assert_eq!(home.browser(&server, Role::PropertyManager).await.get(&format!("/desk/scoring/{round}/paper/{}", representative.person)).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_of_a_mark_stays_with_the_sheet_and_is_not_published() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let home = &town.here;
    let round = open(&server, home).await;
    let shot = photo(&server, home).await;
    let with = |photos| HandIn { photos, ..sheet(round, 80) };
    assert!(matches!(act(&server, home, Role::BuildingLeader, Mutation::ScoringSheet(with(vec![MarkPhoto { photo: shot, spot: 200 }]))).await, Err(AppError::Invalid(_))));
    done(act(&server, home, Role::BuildingLeader, Mutation::ScoringSheet(with(vec![MarkPhoto { photo: shot, spot: 4 }]))).await);
    done(act(&server, home, Role::BuildingLeader, Mutation::ScoringSheet(sheet(round, 100))).await);
    let viewer = home.viewer(&server, Role::BuildingLeader).await;
    let mine = scorers::mine(&server.db().read, &viewer, round).await.expect("reads");
    assert_eq!(mine.photos, [(shot, sheet(round, 80).marks[4].item.clone())], "it stays when the sheet is handed in again");
    assert!(app::rooms::photos::store::find(server.db(), None, shot).await.is_err());
    let mut many = Vec::new();
    for spot in 0..6 {
        many.push(MarkPhoto { photo: photo(&server, home).await, spot });
    }
    assert!(matches!(act(&server, home, Role::BuildingLeader, Mutation::ScoringSheet(with(many))).await, Err(AppError::Invalid(f)) if f[0].field == "photos"), "six at most");
    // Its scorer takes it away again; somebody else's sheet takes nothing away.
    let away = |photo| HandIn { without: vec![photo], ..sheet(round, 100) };
    done(act(&server, home, Role::OwnersRepresentative, Mutation::ScoringSheet(away(shot))).await);
    assert_eq!(scorers::mine(&server.db().read, &viewer, round).await.expect("reads").photos.len(), 1);
    let browser = home.browser(&server, Role::BuildingLeader).await;
    let page = browser.get(&format!("/scoring/{round}")).await;
    let id = page.hidden_after("/forms/scoring-sheet", "id");
    let mut form = vec![("id".to_owned(), id), ("back".into(), format!("/scoring/{round}")), ("round".into(), round.to_string()), ("without".into(), shot.to_string())];
    for (n, mark) in sheet(round, 100).marks.into_iter().enumerate() {
        form.extend([
            (format!("marks.{n}.item"), mark.item),
            (format!("marks.{n}.halves"), mark.halves.unwrap_or_default().to_string()),
            (format!("marks.{n}.remark"), mark.remark),
        ]);
    }
    let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert!(page.says("不要这张") && page.says(&shot.to_string()), "{}", page.text);
    assert_eq!(browser.post_files("/forms/scoring-sheet", &form, &[]).await.to, format!("/scoring/{round}?ok=saved"));
    assert_eq!(scorers::mine(&server.db().read, &viewer, round).await.expect("reads").photos, []);
    let mut again = Vec::new();
    for spot in 0..6 {
        again.push(MarkPhoto { photo: photo(&server, home).await, spot });
    }
    done(act(&server, home, Role::BuildingLeader, Mutation::ScoringSheet(with(again))).await);
}

async fn clock(server: &Server, home: &Home, at: Time, mutation: Mutation) -> Result<app::mutation::Receipt, AppError> {
    let envelope = Envelope { id: MutationId::new(), person: None, app_version: "test".into(), client_time: at, mutation };
    let receipt = apply(server.services(), &Caller::Clock(home.id), &envelope, at, None).await?;
    match receipt.outcome {
        Outcome::Rejected { reason } => Err(reason),
        Outcome::Done { .. } => Ok(receipt),
    }
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn who_has_not_handed_in_is_reminded_before_the_end(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let round = open(&server, home).await;
    done(act(&server, home, Role::OwnersRepresentative, Mutation::ScoringSheet(sheet(round, 80))).await);
    let leader = home.browser(&server, Role::BuildingLeader).await;
    let page = leader.get("/notes").await;
    assert!(page.says("请您给物业打分") && page.says(&format!("/scoring/{round}")), "told when it began: {}", page.text);
    assert!(page.says("class=\"unread\""), "the tab says so too");

    let db = &server.db().read;
    assert_eq!(reminders::due(db, home.id, now()).await.expect("reads"), []);
    let near = now() + 11 * DAY + HOUR;
    let due = reminders::due(db, home.id, near).await.expect("reads");
    assert_eq!(due, [Remind { round, days: 3 }]);
    assert_eq!(reminders::due(db, town.there.id, near).await.expect("reads"), [], "next door nobody scores");
    assert!(matches!(clock(&server, home, now(), Mutation::ScoringRemind(due[0].clone())).await, Err(AppError::Closed { .. })), "not before its time");
    done(clock(&server, home, near, Mutation::ScoringRemind(due[0].clone())).await);
    assert_eq!(reminders::due(db, home.id, near).await.expect("reads"), [], "once");
    let last = now() + 13 * DAY + HOUR;
    done(clock(&server, home, last, Mutation::ScoringRemind(Remind { round, days: 1 })).await);
    let page = leader.get("/notes").await;
    assert!(page.says("还有 3 天截止") && page.says("还有 1 天截止"), "{}", page.text);
    let done_already = home.browser(&server, Role::OwnersRepresentative).await.get("/notes").await;
    assert!(!done_already.says("截止，您的表还没交"), "{}", done_already.text);
    assert!(!town.there.browser(&server, Role::BuildingLeader).await.get("/notes").await.says("物业"));

    // Read is read.
    let id = page.hidden_after("/forms/notes-read", "id");
    let up_to = (last.0 + 1).to_string();
    assert_eq!(leader.post("/forms/notes-read", &[("id", &id), ("back", "/notes"), ("up_to", &up_to)]).await.status, 303);
    let page = leader.get("/notes").await;
    assert!(page.says("0 条新的") && !page.says("class=\"unread\""), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_counts_how_soon_somebody_was_at_an_urgent_repair() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let home = &town.here;
    crowd(&server, home, 2).await;
    let start = now() + -HOUR;
    let worker = home.who(Role::Worker).clone();
    for (n, minutes) in [20, 29, 31].into_iter().enumerate() {
        let report = Report { tag: None, place: Some(home.place), category: Some(Category::BurstPipe), text: format!("水管爆了 {n}"), photos: vec![], contact: None };
        let (ticket, _) = done(act_at(&server, home.who(Role::Owner), start, Mutation::TicketReport(report)).await);
        let ticket = app::ids::TicketId(ticket);
        let dispatcher = home.who(Role::Dispatcher).clone();
        let steps = [
            (&dispatcher, Step::Accept { part: app::rooms::tickets::model::Part::Common }, MINUTE),
            (&dispatcher, Step::Assign { worker: worker.person }, 2 * MINUTE),
            (&worker, Step::Arrive, minutes * MINUTE),
        ];
        for (version, (who, step, after)) in (1..).zip(steps) {
            done(act_at(&server, who, start + after, Mutation::TicketAdvance(Advance { ticket, version, step })).await);
        }
    }
    let half = app::rooms::fund::rules::half_of(now(), 480);
    let count = |home: &Home| {
        let (db, id, half) = (server.db().read.clone(), home.id, half.clone());
        async move { own::counts(&db, id, &standard(), &half, now() + MINUTE).await.expect("counts").into_iter().find(|c| c.0 == "G1").map(|c| (c.1.0, c.1.1)) }
    };
    assert_eq!(count(home).await, Some((2, 3)), "two of three within thirty minutes");
    assert_eq!(count(&town.there).await, None, "nothing to count");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_is_edited_on_a_page_and_comes_back_whole_when_it_is_refused() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let desk = town.here.browser(&server, Role::CommitteeDirector).await;
    let page = desk.get("/desk/scoring/editor").await;
    assert!(page.says("data-editor") && page.says("楼道、扶手、门厅"), "{}", page.text);
    let mut fields: Vec<(String, String)> = inputs(&page.text);
    fields.iter_mut().find(|f| f.0 == "source").expect("a field").1 = "业主大会 2026-09".into();
    let send = |fields: &[(String, String)]| {
        let (desk, fields) = (desk.clone(), fields.to_vec());
        async move { desk.post("/forms/scoring-editor", &fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>()).await }
    };
    let set = |fields: &mut Vec<(String, String)>, name: &str, value: &str| match fields.iter_mut().find(|f| f.0 == name) {
        Some(field) => field.1 = value.into(),
        None => fields.push((name.into(), value.into())),
    };
    set(&mut fields, "items.0.full", "1.5");
    // A line that a script added behind all others.
    for (part, value) in [("section", "0"), ("code", "A6"), ("name", "上门收费态度"), ("full", "1"), ("kind", "打分"), ("who", "全部"), ("test", "")] {
        set(&mut fields, &format!("items.60.{part}"), value);
    }
    let refused = send(&fields).await;
    assert!(refused.status == 422 && refused.says("现在是 100.5 分") && refused.says("上门收费态度") && refused.says("业主大会 2026-09"), "{}", refused.text);
    set(&mut fields, "id", &refused.hidden_after("/forms/scoring-editor", "id"));
    set(&mut fields, "items.60.full", "0.5");
    assert_eq!(send(&fields).await.status, 303);
    let now = store::current_template(&server.db().read, town.here.id).await.expect("reads");
    assert_eq!((now.full(), now.item("A6").map(|i| i.full), now.item("A1").map(|i| i.full), now.items().count()), (200, Some(1), Some(3), 34));
    assert_eq!(now.item("C1").map(|i| i.topics.clone()), Some(vec![Category::Cleaning]), "what was not touched stays");
    assert_eq!(store::current_template(&server.db().read, town.there.id).await.expect("reads"), standard());
    assert_eq!(town.here.browser(&server, Role::PropertyManager).await.get("/desk/scoring/editor").await.status, 403);
}

/// The values of a page's fields as a browser would send them.
fn inputs(html: &str) -> Vec<(String, String)> {
    let form = html.split("action=\"/forms/scoring-editor\"").nth(1).and_then(|rest| rest.split("</form>").next()).expect("the form");
    let attribute =
        |tag: &str, name: &str| tag.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).map(|v| v.replace("&amp;", "&").replace("&quot;", "\""));
    let mut all: Vec<(String, String)> = form
        .split("<input")
        .skip(1)
        .filter_map(|rest| {
            let tag = rest.split('>').next()?;
            Some((attribute(tag, " name")?, attribute(tag, " value").unwrap_or_default()))
        })
        .collect();
    all.extend(form.split("<select").skip(1).filter_map(|rest| {
        let name = attribute(rest.split('>').next()?, " name")?;
        let chosen = rest.split("</select>").next()?.split("<option").find(|o| o.split('>').next().is_some_and(|tag| tag.contains(" selected")))?;
        Some((name, attribute(chosen.split('>').next()?, " value")?))
    }));
    all
}
