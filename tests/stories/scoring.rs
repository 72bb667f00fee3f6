//! Scoring the property company: a whole round with an appeal, a round with too few scorers, a veto; who may see what when.

use app::apply::apply;
use app::context::{Caller, Viewer};
use app::error::AppError;
use app::ids::MutationId;
use app::measure::{DAY, Fen, Time};
use app::mutation::{Envelope, Mutation, Outcome};
use app::rooms::communities::calendar::{Calendar, EnterYear};
use app::rooms::fund::rules::half_of;
use app::rooms::people::accounts::{Claim, viewer};
use app::rooms::people::model::Role;
use app::rooms::scoring::count::Validity;
use app::rooms::scoring::model::{
    Adopt, Appeal, Charge, Decide, Declare, Discharge, Enter, Extend, HandIn, Level, Mark, Move, Open, Plea, Rectify, Remind, Stage, TypeIn, UNKNOWN,
};
use app::rooms::scoring::scorers;
use app::rooms::scoring::store::{self, View};
use app::rooms::scoring::template::{Kind, standard};
use harness::town::Actor;
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use std::pin::Pin;
use uuid::Uuid;

/// A sheet that gives every rated item this share of its marks.
pub fn sheet(round: Uuid, percent: i64) -> HandIn {
    let mark = |i: &app::rooms::scoring::template::Item| Mark {
        item: i.code.clone(),
        halves: Some(i.full * percent / 100),
        remark: if percent < 60 { "不好".into() } else { String::new() },
    };
    HandIn { round, marks: standard().rated(true).map(mark).collect(), photos: vec![], without: vec![] }
}

/// The program's own sheet, but nothing of it counted by the program: what a result is does not hang on the day of the test.
fn by_hand() -> Mutation {
    let mut template = standard();
    template.sections.iter_mut().flat_map(|s| &mut s.items).for_each(|i| i.source = None);
    Mutation::ScoringTemplate(Adopt { template, source: "业委会 2026-05".into() })
}

/// The kinds whose door the role alone opens, with those who may go in.
pub fn doors() -> Vec<crate::permissions::Door> {
    let id = Uuid::now_v7();
    let run: fn(Role) -> bool = Role::is_committee;
    let audit: fn(Role) -> bool = |r| matches!(r, Role::ResidentsCommittee | Role::Auditor);
    let score: fn(Role) -> bool = |r| matches!(r, Role::BuildingLeader | Role::OwnersRepresentative);
    let step = Move { round: id, version: 1 };
    vec![
        (Mutation::ScoringTemplate(Adopt { template: standard(), source: String::new() }), run),
        (Mutation::ScoringOpen(Open { half: String::new(), days: 0, retained: Fen(0) }), run),
        (Mutation::ScoringSheet(sheet(id, 100)), score),
        (Mutation::ScoringPaper(TypeIn { round: id, person: app::ids::PersonId(id), marks: vec![], photos: vec![] }), audit),
        (Mutation::ScoringConflict(Declare { round: id, person: None, reason: String::new() }), score),
        (Mutation::ScoringConflict(Declare { round: id, person: Some(app::ids::PersonId(id)), reason: String::new() }), audit),
        (Mutation::ScoringExtend(Extend { round: id, version: 1, days: 1, reason: String::new() }), run),
        (Mutation::ScoringClose(step.clone()), run),
        (Mutation::ScoringReading(Enter { round: id, item: "A2".into(), good: 1, all: 1, words: String::new(), photos: vec![] }), audit),
        (Mutation::ScoringCharge(Charge { round: id, code: "complaint".into(), words: String::new(), photos: vec![] }), audit),
        (Mutation::ScoringDischarge(Discharge { charge: id, reason: String::new() }), audit),
        (Mutation::ScoringDraft(step.clone()), run),
        (Mutation::ScoringAppeal(Appeal { round: id, words: String::new(), pleas: vec![], photos: vec![] }), |r| r == Role::PropertyManager),
        (Mutation::ScoringDecide(Decide { round: id, upholds: true, words: String::new() }), |r| {
            r.is_committee() || matches!(r, Role::ResidentsCommittee | Role::OwnersRepresentative)
        }),
        (Mutation::ScoringPublish(step), run),
        (Mutation::ScoringRectify(Rectify { round: id, item: "A1".into(), place: app::ids::PlaceId(id), words: String::new() }), |r| {
            r.is_committee() || r == Role::ResidentsCommittee
        }),
    ]
}

/// What somebody may try on another community's round.
pub fn foreign(round: Uuid, there: &Home) -> Vec<Mutation> {
    let step = Move { round, version: 1 };
    vec![
        Mutation::ScoringSheet(sheet(round, 100)),
        Mutation::ScoringPaper(TypeIn { round, person: there.who(Role::BuildingLeader).person, marks: sheet(round, 100).marks, photos: vec![] }),
        Mutation::ScoringRemind(Remind { round, days: 1 }),
        Mutation::ScoringConflict(Declare { round, person: None, reason: "越界".into() }),
        Mutation::ScoringConflict(Declare { round, person: Some(there.who(Role::BuildingLeader).person), reason: "越界".into() }),
        Mutation::ScoringExtend(Extend { round, version: 1, days: 1, reason: "越界".into() }),
        Mutation::ScoringClose(step.clone()),
        Mutation::ScoringReading(Enter { round, item: "A2".into(), good: 1, all: 1, words: "越界".into(), photos: vec![] }),
        Mutation::ScoringCharge(Charge { round, code: "complaint".into(), words: "越界越界越界".into(), photos: vec![] }),
        Mutation::ScoringDischarge(Discharge { charge: round, reason: "越界".into() }),
        Mutation::ScoringDraft(step.clone()),
        Mutation::ScoringAppeal(Appeal { round, words: "越界越界越界".into(), pleas: vec![], photos: vec![] }),
        Mutation::ScoringDecide(Decide { round, upholds: true, words: "越界".into() }),
        Mutation::ScoringPublish(step),
        Mutation::ScoringRectify(Rectify { round, item: "A1".into(), place: there.place, words: "越界越界越界".into() }),
    ]
}

/// Opens a round.
pub async fn open(server: &Server, home: &Home) -> Uuid {
    let open = Open { half: half_of(now(), 480), days: 14, retained: Fen(1_000_001) };
    done(act(server, home, Role::CommitteeDirector, Mutation::ScoringOpen(open)).await).0
}

pub fn done(verdict: Result<app::mutation::Receipt, AppError>) -> (Uuid, String) {
    match verdict.expect("done").outcome {
        Outcome::Done { subject, number, .. } => (subject.unwrap_or_default(), number.unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

/// A community whose scorers are many: the one of each group, and more.
pub async fn crowd(server: &Server, home: &Home, each: usize) -> Vec<(Actor, Role)> {
    let mut all = Vec::new();
    for (g, role) in [Role::OwnersRepresentative, Role::BuildingLeader].into_iter().enumerate() {
        for n in 1..each {
            all.push((home.person(server, role, None, &format!("137{}{:07}", g + 1, n)).await, role));
        }
        all.push((home.who(role).clone(), role));
    }
    all
}

async fn acting(server: &Server, actor: &Actor) -> Viewer {
    let claim = Claim { account: actor.account, membership: Some(actor.membership) };
    viewer(server.db(), claim, now()).await.expect("reads").expect("a viewer")
}

pub type Verdict<'a> = Pin<Box<dyn Future<Output = Result<app::mutation::Receipt, AppError>> + Send + 'a>>;

/// As [`Home::act`], on the heap: a story of fifty acts would need more stack than a test has.
pub fn act<'a>(server: &'a Server, home: &'a Home, role: Role, mutation: Mutation) -> Verdict<'a> {
    Box::pin(home.act(server, role, mutation))
}

/// The same as somebody in particular, at a time.
pub fn act_at<'a>(server: &'a Server, actor: &'a Actor, at: Time, mutation: Mutation) -> Verdict<'a> {
    Box::pin(act_then(server, actor, at, mutation))
}

async fn act_then(server: &Server, actor: &Actor, at: Time, mutation: Mutation) -> Result<app::mutation::Receipt, AppError> {
    let caller = Caller::Person(Box::new(acting(server, actor).await));
    let envelope = Envelope { id: MutationId::new(), person: None, app_version: "test".into(), client_time: at, mutation };
    let receipt = apply(server.services(), &caller, &envelope, at, None).await?;
    match receipt.outcome {
        Outcome::Rejected { reason } => Err(reason),
        Outcome::Done { .. } => Ok(receipt),
    }
}

pub fn look<'a>(server: &'a Server, home: &'a Home, round: Uuid) -> Pin<Box<dyn Future<Output = View> + Send + 'a>> {
    Box::pin(look_now(server, home, round))
}

async fn look_now(server: &Server, home: &Home, round: Uuid) -> View {
    let viewer = home.viewer(server, Role::CommitteeDirector).await;
    store::at_desk(&server.db().read, &viewer, round, app::i18n::Lang::Zh).await.expect("reads")
}

pub async fn step(server: &Server, home: &Home, round: Uuid) -> Move {
    Move { round, version: look(server, home, round).await.version }
}

/// Everything that the program did not count is entered at its target.
async fn count_everything(server: &Server, home: &Home, round: Uuid) {
    let counted: Vec<String> = look(server, home, round).await.readings.into_iter().map(|r| r.item).collect();
    for item in standard().items().filter(|i| i.kind != Kind::Rated && !counted.contains(&i.code)) {
        let enter = Enter { round, item: item.code.clone(), good: 20, all: 20, words: "台账".into(), photos: vec![] };
        done(act(server, home, Role::Auditor, Mutation::ScoringReading(enter)).await);
    }
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_round_is_scored_appealed_and_published(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let db = &server.db().read;
    let scorers = crowd(&server, home, 6).await;
    done(act(&server, home, Role::CommitteeMember, by_hand()).await);
    let round = open(&server, home).await;
    let (director, leader) = (home.who(Role::CommitteeDirector).clone(), home.who(Role::BuildingLeader).clone());
    assert!(
        matches!(
            act(&server, home, Role::CommitteeDirector, Mutation::ScoringOpen(Open { half: half_of(now(), 480), days: 5, retained: Fen(0) })).await,
            Err(AppError::Closed { .. })
        ),
        "one round at a time"
    );

    // Ten give eighty per cent, one gives nothing; the twelfth has a sister at the company.
    for (n, (actor, _)) in scorers.iter().enumerate().take(11) {
        done(act_at(&server, actor, now(), Mutation::ScoringSheet(sheet(round, if n == 3 { 0 } else { 80 }))).await);
    }
    let low = HandIn { marks: sheet(round, 0).marks.into_iter().map(|m| Mark { remark: String::new(), ..m }).collect(), round, photos: vec![], without: vec![] };
    assert!(matches!(act(&server, home, Role::BuildingLeader, Mutation::ScoringSheet(low)).await, Err(AppError::Invalid(f)) if f.len() == 15), "a low mark says why");
    done(act(&server, home, Role::BuildingLeader, Mutation::ScoringSheet(sheet(round, 0))).await);
    done(act(&server, home, Role::BuildingLeader, Mutation::ScoringConflict(Declare { round, person: None, reason: "妹妹在物业上班".into() })).await);
    assert!(matches!(act(&server, home, Role::BuildingLeader, Mutation::ScoringSheet(sheet(round, 100))).await, Err(AppError::Closed { .. })));
    // The last sheet before closing counts.
    done(act_at(&server, &scorers[0].0, now(), Mutation::ScoringSheet(sheet(round, 0))).await);
    done(act_at(&server, &scorers[0].0, now(), Mutation::ScoringSheet(sheet(round, 80))).await);
    let seen = look(&server, home, round).await;
    assert_eq!(seen.row.turnout, [(6, 6), (5, 5)], "who has a tie is neither appointed nor handed in");

    // While it runs nobody sees a mark: neither the company, nor the public, nor other scorers.
    let public = server.browser();
    let running = public.get("/c/here/scoring").await;
    assert!(running.says("6 / 6") && running.says("打分中") && !running.says("妹妹"), "{}", running.text);
    assert_eq!(public.get(&format!("/c/here/scoring/{}", seen.row.number)).await.status, 404);
    let company = home.browser(&server, Role::PropertyManager).await;
    let page = company.get(&format!("/desk/scoring/{round}")).await;
    assert!(page.status == 200 && page.says("出了初步结果才看得到") && !page.says("得分率") && !page.says("打分人名单"), "{}", page.text);
    assert_eq!(company.get(&format!("/scoring/{round}")).await.status, 403);
    let audit = home.browser(&server, Role::ResidentsCommittee).await.get(&format!("/desk/scoring/{round}")).await;
    assert!(audit.says("打分人名单") && audit.says("妹妹在物业上班") && !audit.says("得分率"), "{}", audit.text);
    let viewer = home.viewer(&server, Role::CommitteeMember).await;
    assert_eq!(scorers::audit(db, &viewer, round).await, Err(AppError::Forbidden), "names are for those who audit");

    // Closing and everything after it, each step once and in order.
    assert!(matches!(act(&server, home, Role::CommitteeDirector, Mutation::ScoringDraft(step(&server, home, round).await)).await, Err(AppError::Closed { .. })));
    done(act(&server, home, Role::CommitteeDirector, Mutation::ScoringClose(step(&server, home, round).await)).await);
    assert!(matches!(act_at(&server, &scorers[0].0, now(), Mutation::ScoringSheet(sheet(round, 100))).await, Err(AppError::Closed { .. })), "what is closed stays");
    count_everything(&server, home, round).await;
    let charge = |code: &str| Mutation::ScoringCharge(Charge { round, code: code.into(), words: "居委会核实属实".into(), photos: vec![] });
    assert!(matches!(act(&server, home, Role::Auditor, charge("nonsense")).await, Err(AppError::Invalid(f)) if f[0].field == "code"));
    let (wrong, _) = done(act(&server, home, Role::Auditor, charge("forgery")).await);
    done(act(&server, home, Role::Auditor, Mutation::ScoringDischarge(Discharge { charge: wrong, reason: "记错了".into() })).await);
    let (complaint, _) = done(act(&server, home, Role::ResidentsCommittee, charge("complaint")).await);
    done(act(&server, home, Role::CommitteeDirector, Mutation::ScoringDraft(step(&server, home, round).await)).await);
    // The one zero is trimmed away. 80 % in half points, item by item: 31 of 43; everything counted is at its target: 57.
    let draft = look(&server, home, round).await;
    assert_eq!((draft.count.earned, draft.stored), (8_800, Some((8_700, Level::Good))));
    assert!(matches!(act(&server, home, Role::Auditor, charge("complaint")).await, Err(AppError::Closed { .. })));
    assert!(
        matches!(act(&server, home, Role::CommitteeDirector, Mutation::ScoringPublish(step(&server, home, round).await)).await, Err(AppError::Closed { .. })),
        "the company may still appeal"
    );
    assert!(company.get(&format!("/desk/scoring/{round}")).await.says("87.00"));
    assert_eq!(public.get(&format!("/c/here/scoring/{}", seen.row.number)).await.status, 404);

    let appeal = |pleas| Mutation::ScoringAppeal(Appeal { round, words: "当天就处理了，有记录".into(), pleas, photos: vec![] });
    assert!(
        matches!(act(&server, home, Role::PropertyManager, appeal(vec![Plea::Charge { charge: wrong }])).await, Err(AppError::Invalid(f)) if f[0].field == "pleas"),
        "it was taken back"
    );
    done(act(&server, home, Role::PropertyManager, appeal(vec![Plea::Charge { charge: complaint }])).await);
    assert!(matches!(act(&server, home, Role::PropertyManager, appeal(vec![Plea::Charge { charge: complaint }])).await, Err(AppError::Closed { .. })), "once");
    let say = |upholds| Mutation::ScoringDecide(Decide { round, upholds, words: "核对过".into() });
    done(act(&server, home, Role::ResidentsCommittee, say(true)).await);
    done(act(&server, home, Role::CommitteeDirector, say(true)).await);
    assert!(matches!(act(&server, home, Role::CommitteeMember, say(false)).await, Err(AppError::Closed { .. })), "a party speaks once");
    let late = now() + 40 * DAY;
    let publish = Mutation::ScoringPublish(step(&server, home, round).await);
    assert!(matches!(act_at(&server, &director, late, publish).await, Err(AppError::Closed { .. })), "two of three are not all");
    done(act(&server, home, Role::OwnersRepresentative, say(false)).await);
    done(act(&server, home, Role::CommitteeDirector, Mutation::ScoringPublish(step(&server, home, round).await)).await);

    // Both scores, and every number down to its parts.
    let shown = store::published(db, home.id, &seen.row.number, app::i18n::Lang::Zh).await.expect("published");
    assert_eq!((shown.row.verdict, shown.first, shown.stored), (Some((8_800, Level::Good)), Some((8_700, Level::Good)), shown.count.verdict()));
    assert_eq!((shown.sheets.len(), shown.sheets.iter().flat_map(|s| &s.marks).filter(|m| !m.remark.is_empty()).count()), (11, 0), "neither names nor words");
    let base = format!("/c/here/scoring/{}", seen.row.number);
    let page = public.get(&base).await;
    for words in ["88.00 良好", "申诉前", "87.00", "申诉成立", "综合服务", "10,000.01 元"] {
        assert!(page.says(words), "{words}: {}", page.text);
    }
    assert!(!page.says("妹妹") && !page.says("王楼组长"), "{}", page.text);
    let item = public.get(&format!("{base}/items/B1")).await;
    assert!(item.says("6 人打分，去掉最高、最低各 1 个") && item.says("5 人打分"), "{}", item.text);
    assert_eq!(public.get(&format!("{base}/items/X9")).await.status, 404);
    let csv = public.get(&format!("{base}/sheets.csv")).await;
    assert_eq!((csv.status.as_u16(), csv.text.lines().count()), (200, 12));
    let all: serde_json::Value = serde_json::from_str(&public.get(&format!("{base}/everything.json")).await.text).expect("JSON");
    assert_eq!((all["result"]["total_hundredths"].as_i64(), all["sheets"].as_array().map(Vec::len)), (Some(8_800), Some(11)));
    assert!(public.get(&format!("{base}/sheets")).await.says("全部打分表"));
    let (status, pdf) = public.bytes(&format!("/print/scoring/here/{}.pdf", seen.row.number)).await;
    assert!(status == 200 && pdf.starts_with(b"%PDF-"));
    // Nothing of it next door.
    for path in [format!("/c/there/scoring/{}", seen.row.number), format!("/c/there/scoring/{}/sheets.csv", seen.row.number), format!("/print/scoring/there/{}", seen.row.number)] {
        assert_eq!(public.get(&path).await.status, 404, "{path}");
    }
    assert!(!public.get("/c/there/scoring").await.says(&seen.row.number));
    assert_eq!(town.there.browser(&server, Role::ResidentsCommittee).await.get(&format!("/desk/scoring/{round}")).await.status, 404);
    assert_eq!(town.there.browser(&server, Role::BuildingLeader).await.get(&format!("/scoring/{round}")).await.status, 404);

    // What has to be mended becomes a ticket, once.
    let mend = Rectify { round, item: "B1".into(), place: home.place, words: "夜里门岗要有人".into() };
    let (_, ticket) = done(act(&server, home, Role::CommitteeDirector, Mutation::ScoringRectify(mend.clone())).await);
    assert!(matches!(act(&server, home, Role::CommitteeDirector, Mutation::ScoringRectify(mend)).await, Err(AppError::Closed { .. })));
    assert!(public.get(&base).await.says(&ticket) && public.get(&format!("/c/here/t/{ticket}")).await.says("考核整改"));
    assert!(matches!(act_at(&server, &leader, now(), Mutation::ScoringConflict(Declare { round, person: None, reason: "再申报".into() })).await, Err(AppError::Closed { .. })));
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_round_with_too_few_scorers_says_nothing_and_shows_nobody(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let scorers = crowd(&server, home, 6).await;
    let round = open(&server, home).await;
    for (actor, _) in &scorers[..6] {
        done(act_at(&server, actor, now(), Mutation::ScoringSheet(sheet(round, 100))).await);
    }
    let (director, auditor) = (home.who(Role::CommitteeDirector).clone(), home.who(Role::Auditor).clone());
    assert!(
        matches!(act(&server, home, Role::CommitteeDirector, Mutation::ScoringClose(step(&server, home, round).await)).await, Err(AppError::Closed { .. })),
        "neither over nor complete"
    );
    let extend = Extend { round, version: look(&server, home, round).await.version, days: 7, reason: "人不齐".into() };
    done(act(&server, home, Role::CommitteeDirector, Mutation::ScoringExtend(extend.clone())).await);
    assert!(matches!(act(&server, home, Role::CommitteeDirector, Mutation::ScoringExtend(extend)).await, Err(AppError::Conflict { .. })));
    assert!(
        matches!(act_at(&server, &director, now() + 20 * DAY, Mutation::ScoringClose(step(&server, home, round).await)).await, Err(AppError::Closed { .. })),
        "it was extended"
    );
    // The program counts its own cameras, and what it counted nobody replaces.
    done(act(&server, home, Role::PropertyManager, Mutation::AssetAdd(crate::assets::camera(home.place, "广场 1 号机"))).await);
    done(act(&server, &town.there, Role::PropertyManager, Mutation::AssetAdd(crate::assets::camera(town.there.place, "隔壁 1 号机"))).await);
    let over = now() + 22 * DAY;
    assert!(matches!(act_at(&server, &scorers[7].0, over, Mutation::ScoringSheet(sheet(round, 100))).await, Err(AppError::Closed { .. })), "too late");
    done(act_at(&server, &director, over, Mutation::ScoringClose(step(&server, home, round).await)).await);
    let cameras = look(&server, home, round).await.readings.into_iter().find(|r| r.item == "B3").expect("counted");
    assert_eq!((cameras.good, cameras.all, cameras.own), (1, 1, true));
    for item in standard().items().filter(|i| i.kind != Kind::Rated) {
        let enter = Enter { round, item: item.code.clone(), good: 1, all: 1, words: "台账".into(), photos: vec![] };
        let entered = act_at(&server, &auditor, over, Mutation::ScoringReading(enter)).await;
        assert!(entered.is_ok() || item.source.is_some(), "{}: {entered:?}", item.code);
        assert!(item.code != "B3" || matches!(entered, Err(AppError::Closed { .. })), "{entered:?}");
    }
    done(act_at(&server, &director, over, Mutation::ScoringDraft(step(&server, home, round).await)).await);
    let drafted = look(&server, home, round).await;
    assert_eq!((drafted.count.validity, drafted.stored, drafted.row.turnout), (Validity::FewScorers, None, [(6, 6), (6, 0)]));
    done(act_at(&server, &director, over, Mutation::ScoringPublish(step(&server, home, round).await)).await);
    let number = drafted.row.number;
    let public = server.browser();
    let page = public.get(&format!("/c/here/scoring/{number}")).await;
    assert!(page.says("本轮无效") && page.says("交表 6 人") && page.says("人不齐") && !page.says("100.00"), "{}", page.text);
    for part in ["sheets", "sheets.csv", "everything.json", "items/A1"] {
        assert_eq!(public.get(&format!("/c/here/scoring/{number}/{part}")).await.status, 404, "{part}");
    }
    // It may be tried again, under a number of its own.
    let again = open(&server, home).await;
    assert!(look(&server, home, again).await.row.number.ends_with("-2"));
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_veto_fails_full_marks_and_the_second_fail_asks_for_renewal(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let scorers = crowd(&server, home, 5).await;
    let director = home.who(Role::CommitteeDirector).clone();
    done(act(&server, home, Role::CommitteeMember, by_hand()).await);
    let (mut at, mut number) = (now(), String::new());
    for n in 0..2 {
        // The second one is half a year later.
        let open = Open { half: half_of(at, 480), days: 14, retained: Fen(1_000_000) };
        let (round, name) = done(act_at(&server, &director, at, Mutation::ScoringOpen(open)).await);
        for (actor, _) in &scorers {
            done(act_at(&server, actor, at, Mutation::ScoringSheet(sheet(round, 100))).await);
        }
        done(act_at(&server, &director, at, Mutation::ScoringClose(step(&server, home, round).await)).await);
        count_everything(&server, home, round).await;
        let veto = Charge { round, code: "misuse".into(), words: "停车费没有入账，审计报告第 3 页".into(), photos: vec![] };
        done(act(&server, home, Role::Auditor, Mutation::ScoringCharge(veto)).await);
        done(act_at(&server, &director, at, Mutation::ScoringDraft(step(&server, home, round).await)).await);
        let drafted = look(&server, home, round).await;
        let later = drafted.appeal_until.expect("a deadline");
        // What was fixed without a year's holidays says so and stays, also when they are entered afterwards.
        let brought = Calendar::default();
        assert_eq!(drafted.weekends_only, !(brought.is_known(at, 480) && brought.is_known(later + -1, 480)));
        for year in [at, later].map(|t| t.local(480).format("%Y").to_string().parse().expect("a year")) {
            let enter = EnterYear { year, source: "国办发明电〔0000〕0号".into(), off: (at + DAY).local(480).format("%m-%d").to_string(), worked: String::new() };
            done(act(&server, home, Role::Administrator, Mutation::CalendarYear(enter)).await);
        }
        let since = look(&server, home, round).await;
        assert_eq!((since.appeal_until, since.weekends_only), (drafted.appeal_until, drafted.weekends_only));
        assert!(matches!(act_at(&server, &director, later + -1, Mutation::ScoringPublish(step(&server, home, round).await)).await, Err(AppError::Closed { .. })));
        let too_late = Mutation::ScoringAppeal(Appeal { round, words: "我们不同意这一条".into(), pleas: vec![], photos: vec![] });
        assert!(matches!(act_at(&server, home.who(Role::PropertyManager), later, too_late).await, Err(AppError::Closed { .. })));
        done(act_at(&server, &director, later, Mutation::ScoringPublish(step(&server, home, round).await)).await);
        let view = store::published(&server.db().read, home.id, &name, app::i18n::Lang::Zh).await.expect("published");
        assert_eq!((view.row.verdict, view.row.stage, view.renewal), (Some((10_000, Level::Fail)), Stage::Published, n == 1));
        (at, number) = (at + 184 * DAY, name);
    }
    // It stands on the owners' agenda: the committee has nothing to decide about it.
    let agenda = server.browser().get("/c/here/decisions").await;
    assert!(agenda.says("续聘或解聘物业") && agenda.says("转业主表决") && !server.browser().get("/c/there/decisions").await.says("续聘或解聘物业"), "{}", agenda.text);
    let matter = agenda.text.split("/c/here/decisions/").nth(1).and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    let page = server.browser().get(&format!("/c/here/decisions/{matter}")).await;
    assert!(page.says("连续两次不合格") && page.says(&format!("/c/here/scoring/{number}")) && page.says("提前 60 天"), "{}", page.text);
    let page = server.browser().get(&format!("/c/here/scoring/{number}")).await;
    for words in ["100.00 不合格", "一票否决", "续聘或解聘", "应付 0.00 元", "停车费没有入账"] {
        assert!(page.says(words), "{words}: {}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_is_handed_in_without_a_script_and_by_the_outbox() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let round = open(&server, &home).await;
    let leader = home.browser(&server, Role::BuildingLeader).await;
    let list = leader.get("/scoring").await;
    assert!(list.says(&format!("/scoring/{round}")), "{}", list.text);
    let path = format!("/scoring/{round}");
    let page = leader.get(&path).await;
    // The form names its kind, so that a phone keeps it: every answer is a field of the payload.
    assert!(page.says("data-kind=\"scoring.sheet.v1\"") && page.says("不了解") && page.says("楼道、扶手、门厅") && !page.says("监控在线率"), "{}", page.text);
    let items: Vec<(String, i64)> = standard().rated(true).map(|i| (i.code.clone(), i.full)).collect();
    let mut fields = vec![("id".to_owned(), page.hidden_after("/forms/scoring-sheet", "id")), ("back".into(), path.clone()), ("round".into(), round.to_string())];
    for (n, (code, full)) in items.iter().enumerate() {
        fields.push((format!("marks.{n}.item"), code.clone()));
        if n > 0 {
            fields.push((format!("marks.{n}.halves"), if n == 1 { UNKNOWN.to_string() } else { full.to_string() }));
        }
        fields.push((format!("marks.{n}.remark"), if n == 2 { "车堵在门口".into() } else { String::new() }));
    }
    let send = |fields: &[(String, String)]| {
        let (leader, fields) = (leader.clone(), fields.to_vec());
        async move { leader.post_files("/forms/scoring-sheet", &fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>(), &[]).await }
    };
    let refused = send(&fields).await;
    assert!(refused.status == 422 && refused.says("还没有打分") && refused.says("车堵在门口"), "what was typed is kept: {}", refused.text);
    fields[0].1 = refused.hidden_after("/forms/scoring-sheet", "id");
    fields.push(("marks.0.halves".into(), "3".into()));
    assert_eq!(send(&fields).await.status, 303);
    let page = leader.get(&path).await;
    assert!(page.says("截止前可以改") && page.says("车堵在门口"), "{}", page.text);
    // From the outbox: the same sheet again, in the shape in which the phone writes it.
    let viewer = home.viewer(&server, Role::BuildingLeader).await;
    let marks: Vec<_> = items.iter().map(|(code, full)| serde_json::json!({ "item": code, "halves": full, "remark": "" })).collect();
    let envelope = serde_json::json!({ "id": Uuid::now_v7(), "account": viewer.account(), "membership": viewer.hat().membership, "community": home.id, "person": viewer.person(),
        "app_version": "test", "client_time": 1, "kind": "scoring.sheet.v1", "payload": { "round": round, "marks": marks } });
    let sent = leader.send(|client, base| client.post(format!("{base}/api/v1/sync")).json(&serde_json::json!({ "envelopes": [envelope] }))).await;
    assert!(sent.status == 200 && sent.says("\"done\""), "{}", sent.text);
    assert_eq!(look(&server, &home, round).await.row.turnout, [(1, 0), (1, 1)], "one sheet for each scorer");
    let (status, pdf) = leader.bytes(&format!("/print/scoring-sheet/{round}.pdf")).await;
    assert!(status == 200 && pdf.starts_with(b"%PDF-"));
    // At the desk: a form that is wrong says so and keeps its words.
    let desk = home.browser(&server, Role::ResidentsCommittee).await;
    let at = format!("/desk/scoring/{round}");
    let page = desk.get(&at).await;
    let id = page.hidden_after("/forms/scoring-reading", "id");
    let about = round.to_string();
    let entry = [("id", id.as_str()), ("back", at.as_str()), ("form", "reading"), ("round", about.as_str()), ("item", "A2"), ("good", "5"), ("all", "4"), ("words", "话务记录")];
    let refused = desk.post_files("/forms/scoring-reading", &entry, &[]).await;
    assert!(refused.status == 422 && refused.says("达标数不能大于总数") && refused.says("话务记录"), "{}", refused.text);
    let public = server.browser().get("/c/here/scoring").await;
    assert!(public.says("0 / 1") && public.says("1 / 1"), "{}", public.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_of_the_communitys_own_is_used_by_the_next_round_alone() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let mut own = standard();
    own.sections[0].items[0].full = 6;
    let adopt = |template| Mutation::ScoringTemplate(Adopt { template, source: "业主大会 2026-05".into() });
    assert!(matches!(act(&server, &town.here, Role::CommitteeMember, adopt(own.clone())).await, Err(AppError::Invalid(f)) if f[0].zh.contains("101")), "it does not add up");
    own.sections[0].items[1].full = 4;
    // As a file: out, and in again with one number changed; what does not add up is named with its sum.
    let desk = town.here.browser(&server, Role::CommitteeDirector).await;
    let (status, bytes) = desk.bytes("/desk/scoring/sheet.xlsx").await;
    assert_eq!(status, 200);
    let about =
        [("id", Uuid::now_v7().to_string()), ("back", "/desk/scoring".into()), ("form", "template".into()), ("name", "和从前一样".into()), ("source", "业主大会 2026-05".into())];
    let about = about.each_ref().map(|(k, v)| (*k, v.as_str()));
    assert_eq!(desk.post_files("/forms/scoring-template", &about, &[("file", bytes)]).await.status, 303);
    assert!(desk.get("/desk/scoring").await.says("和从前一样"));
    let short = "部分,部分名称,编号,评分项,满分,类型,达标%,起算%,适用,系统统计,满分标准\nA,服务,A1,态度,2.5,打分,,,全部,,\nA,服务,A2,电话,x,打分,,,全部,,\n";
    let about = [("id", "0190a000-0000-7000-8000-000000000001"), ("back", "/desk/scoring"), ("form", "template"), ("name", "短表"), ("source", "业主大会")];
    let refused = desk.post_files("/forms/scoring-template", &about, &[("file", short.as_bytes().to_vec())]).await;
    assert!(refused.status == 422 && refused.says("第 3 行“满分”看不懂") && refused.says("短表"), "{}", refused.text);
    let refused = desk.post_files("/forms/scoring-template", &about, &[("file", short.replace(",x,", ",3,").into_bytes())]).await;
    assert!(refused.status == 422 && refused.says("现在是 5.5 分"), "{}", refused.text);
    assert_eq!(town.here.browser(&server, Role::PropertyManager).await.post_files("/forms/scoring-template", &about, &[]).await.status, 403);
    let before = open(&server, &town.there).await;
    done(act(&server, &town.here, Role::CommitteeMember, adopt(own.clone())).await);
    let round = open(&server, &town.here).await;
    assert_eq!(look(&server, &town.here, round).await.template, own);
    assert_eq!(look(&server, &town.there, before).await.template, standard());
    assert_eq!(look(&server, &town.there, open_again(&server, &town.there, before).await).await.template, standard(), "next door keeps its own");
}

/// Nothing is handed in: the round is void and another one is opened.
async fn open_again(server: &Server, home: &Home, round: Uuid) -> Uuid {
    let (director, over) = (home.who(Role::CommitteeDirector).clone(), now() + 15 * DAY);
    for kind in [Mutation::ScoringClose, Mutation::ScoringDraft, Mutation::ScoringPublish] {
        done(act_at(server, &director, over, kind(step(server, home, round).await)).await);
    }
    open(server, home).await
}
