//! Supervised works: from the proposal to the acceptance, with the community next door that sees nothing of it.

use crate::bench_to_repair::picture;
use app::apply::apply;
use app::context::Caller;
use app::error::AppError;
use app::ids::{MutationId, PhotoId};
use app::measure::{DAY, Fen, HOUR, Time};
use app::mutation::{Envelope, Mutation, Outcome, Receipt};
use app::rooms::fund::model::{Advance as FundAdvance, Outline, Paper as FundPaper, Propose as FundPropose, Scope};
use app::rooms::fund::rules::Step as FundStep;
use app::rooms::income::entity::income_entries;
use app::rooms::income::model::Reverse;
use app::rooms::people::model::Role;
use app::rooms::photos::entity::photos;
use app::rooms::projects::entity::{project_defects, project_inspections, project_payments, projects};
use app::rooms::projects::inspections::derived;
use app::rooms::projects::model::{
    Advance, AssetLine, BudgetLine, Clear, Contract, Convene, Inspect, Item, Mend, MilestonePlan, Paper, Pay, Plan, Propose, Reach, Seat, Sign, SignOff, Source,
};
use app::rooms::projects::party::Party;
use app::rooms::projects::rules::{Step, Verdict};
use harness::{Backend, Browser, Home, Server, now};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value, json};
use std::pin::Pin;
use uuid::Uuid;

/// Applies as somebody at a chosen time, under an id.
async fn at_with(server: &Server, home: &Home, role: Role, when: Time, id: MutationId, mutation: Mutation) -> Result<Receipt, AppError> {
    let caller = Caller::Person(Box::new(home.viewer(server, role).await));
    let envelope = Envelope { id, person: None, app_version: "test".into(), client_time: when, mutation };
    let receipt = apply(server.services(), &caller, &envelope, when, None).await?;
    match receipt.outcome {
        Outcome::Rejected { reason } => Err(reason),
        Outcome::Done { .. } => Ok(receipt),
    }
}

/// Applies as somebody at a chosen time. Boxed: a story of seventy steps would not fit on a test's stack.
fn at<'a>(server: &'a Server, home: &'a Home, role: Role, when: Time, mutation: Mutation) -> Pin<Box<dyn Future<Output = Result<Uuid, AppError>> + Send + 'a>> {
    Box::pin(async move {
        match at_with(server, home, role, when, MutationId::new(), mutation).await?.outcome {
            Outcome::Done { subject, .. } => Ok(subject.unwrap_or_default()),
            Outcome::Rejected { reason } => Err(reason),
        }
    })
}

fn day(when: Time) -> String {
    when.local(480).format("%Y-%m-%d").to_string()
}

fn plan(home: &Home, source: Source, start: Time) -> Plan {
    let milestone = |name: &str, days: i64, share| MilestonePlan { name: name.into(), due: day(start + days * DAY), share };
    Plan {
        title: "监控更新".into(),
        why: "270 个旧摄像头坏了大半".into(),
        works: "全小区替换 270 个，新增 97 个".into(),
        places: vec![home.place],
        source,
        lines: vec![BudgetLine { name: "摄像头".into(), amount: Fen(7_000_000) }, BudgetLine { name: "布线".into(), amount: Fen(3_000_000) }],
        milestones: vec![milestone("布线", 20, 30), milestone("安装", 40, 40), milestone("试运行", 60, 30)],
        checklist: vec!["线缆有套管".into(), "画面清楚".into()],
        assets: vec![AssetLine { kind: "摄像头".into(), replaced: 270, added: 97 }],
    }
}

fn propose(home: &Home, source: Source, start: Time) -> Mutation {
    Mutation::ProjectPropose(Propose { plan: plan(home, source, start), photos: vec![] })
}

/// The leader and one of each party; `more` on top.
fn seats(home: &Home, more: &[(Role, Party)]) -> Vec<Seat> {
    let all = [
        (Role::PartyBranch, Party::PartyBranch),
        (Role::ResidentsCommittee, Party::Residents),
        (Role::CommitteeMember, Party::Committee),
        (Role::PropertyManager, Party::Property),
        (Role::OwnersRepresentative, Party::Owners),
    ];
    all.iter().chain(more).map(|(role, party)| Seat { person: home.who(*role).person, party: *party }).collect()
}

fn step(project: Uuid, version: i64, step: Step, words: &str) -> Mutation {
    Mutation::ProjectAdvance(Advance { project, version, step, paper: Paper { words: words.into(), ..Paper::default() } })
}

fn contract(project: Uuid, version: i64, yuan: i64, start: Time) -> Mutation {
    let contract = Contract {
        number: "HT-2026-07".into(),
        contractor: "上海明视智能工程有限公司".into(),
        amount: Fen(yuan * 100),
        day: day(start + 7 * DAY),
        warranty: day(start + 200 * DAY),
        retention: 3,
    };
    Mutation::ProjectAdvance(Advance { project, version, step: Step::Contract, paper: Paper { contract: Some(contract), ..Paper::default() } })
}

fn reach(project: Uuid, milestone: i64) -> Mutation {
    Mutation::ProjectReach(Reach { project, milestone, words: "做完了".into(), photos: vec![] })
}

fn inspect(project: Uuid, milestone: Option<i64>, wrong: &str) -> Mutation {
    let second = if wrong.is_empty() { Item { verdict: Verdict::NotApplicable, note: String::new() } } else { Item { verdict: Verdict::Fail, note: wrong.into() } };
    let items = vec![Item { verdict: Verdict::Pass, note: String::new() }, second];
    Mutation::ProjectInspect(Inspect { project, milestone, items, words: "到现场看过".into(), mend_days: None, photos: vec![] })
}

fn sign(inspection: Uuid) -> Mutation {
    Mutation::ProjectSign(Sign { inspection, words: String::new() })
}

fn pay(project: Uuid, milestone: Option<i64>, yuan: i64) -> Mutation {
    Mutation::ProjectPay(Pay { project, milestone, amount: Fen(yuan * 100), words: "工程款".into(), voucher: "转-12".into(), photo: None })
}

fn sign_off(project: Uuid, words: &str) -> Mutation {
    Mutation::ProjectSignOff(SignOff { project, words: words.into() })
}

fn mend(defect: Uuid, photos: Vec<PhotoId>) -> Mutation {
    Mutation::ProjectMend(Mend { defect, words: "加了套管".into(), photos })
}

fn clear(defect: Uuid, good: bool) -> Mutation {
    Mutation::ProjectClear(Clear { defect, good, words: "看过了".into() })
}

fn closed<T: std::fmt::Debug>(verdict: Result<T, AppError>, words: &str) {
    match verdict {
        Err(AppError::Closed { zh, en }) => assert!(zh.contains(words) && !en.is_empty(), "{zh}"),
        other => panic!("not refused with {words:?}: {other:?}"),
    }
}

fn invalid<T: std::fmt::Debug>(verdict: Result<T, AppError>, field: &str) {
    match verdict {
        Err(AppError::Invalid(fields)) => assert!(fields.iter().any(|f| f.field == field), "{fields:?}"),
        other => panic!("{field} was taken: {other:?}"),
    }
}

/// A photo of nobody's, as if it had been uploaded.
pub async fn photo(server: &Server, home: &Home) -> PhotoId {
    let id = PhotoId::new();
    let row = photos::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(id.0),
        digest: Set(id.to_string()),
        width: Set(640),
        height: Set(480),
        bytes: Set(1),
        uploader: Set(None),
        created_at: Set(now().0),
        attached_at: Set(None),
    };
    photos::Entity::insert(row).exec_without_returning(&server.db().write).await.expect("a photo");
    id
}

async fn number_of(server: &Server, project: Uuid) -> String {
    projects::Entity::find().filter(projects::Column::Id.eq(project)).one(&server.db().read).await.expect("reads").expect("a project").number
}

/// A project under contract at `start` + 7 days: version 4.
async fn under_way(server: &Server, home: &Home, start: Time, source: Source) -> Uuid {
    let project = at(server, home, Role::PropertyManager, start, propose(home, source, start)).await.expect("proposed");
    at(server, home, Role::PartyBranch, start, Mutation::ProjectConvene(Convene { project, version: 1, seats: seats(home, &[]) })).await.expect("convened");
    at(server, home, Role::PropertyManager, start, step(project, 2, Step::ShowPlan, "")).await.expect("shown");
    at(server, home, Role::CommitteeDirector, start + 7 * DAY, contract(project, 3, 96_000, start)).await.expect("contracted");
    project
}

/// Everything done, inspected by two parties, and reported as finished: version 5.
async fn finished(server: &Server, home: &Home, start: Time, source: Source) -> Uuid {
    let project = under_way(server, home, start, source).await;
    let when = start + 60 * DAY;
    for n in 1..=3 {
        at(server, home, Role::PropertyManager, when, reach(project, n)).await.expect("done");
        let seen = at(server, home, Role::OwnersRepresentative, when, inspect(project, Some(n), "")).await.expect("inspected");
        at(server, home, Role::ResidentsCommittee, when, sign(seen)).await.expect("signed");
    }
    at(server, home, Role::PropertyManager, when, step(project, 4, Step::Finish, "全部完成")).await.expect("finished");
    project
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn the_camera_renewal_from_proposal_to_acceptance(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let start = now() + -(300 * DAY);

    // Proposed; no plan is shown before the group is whole.
    let project = at(&server, home, Role::PropertyManager, start, propose(home, Source::CommonIncome, start)).await.expect("proposed");
    closed(at(&server, home, Role::PropertyManager, start, step(project, 1, Step::ShowPlan, "")).await, "业主代表");
    let convene = |seats| Mutation::ProjectConvene(Convene { project, version: 1, seats });
    let mut wrong = seats(home, &[]);
    wrong[4].person = home.who(Role::Worker).person;
    invalid(at(&server, home, Role::PartyBranch, start, convene(wrong)).await, "seats");
    assert_eq!(at(&server, home, Role::PropertyManager, start, convene(seats(home, &[]))).await.err(), Some(AppError::Forbidden));
    at(&server, home, Role::PartyBranch, start, convene(seats(home, &[(Role::BuildingLeader, Party::Owners)]))).await.expect("convened");
    assert_eq!(at(&server, home, Role::PropertyManager, start, step(project, 1, Step::ShowPlan, "")).await.err(), Some(AppError::Conflict { current: 2 }));
    at(&server, home, Role::PropertyManager, start, step(project, 2, Step::ShowPlan, "")).await.expect("shown");

    // Shown too short, above the budget, by the wrong hand: no contract.
    closed(at(&server, home, Role::CommitteeDirector, start + 7 * DAY + -1, contract(project, 3, 96_000, start)).await, "7 天");
    let signed = start + 7 * DAY;
    invalid(at(&server, home, Role::CommitteeDirector, signed, contract(project, 3, 100_001, start)).await, "amount");
    assert_eq!(at(&server, home, Role::PropertyManager, signed, contract(project, 3, 96_000, start)).await.err(), Some(AppError::Forbidden));
    at(&server, home, Role::CommitteeDirector, signed, contract(project, 3, 96_000, start)).await.expect("contracted");

    // No payment before the milestone is done, inspected, and signed by two parties; then its share and no more.
    let when = start + 20 * DAY;
    let committee = Role::CommitteeMember;
    closed(at(&server, home, committee, when, pay(project, Some(1), 100)).await, "没有完成");
    at(&server, home, Role::PropertyManager, when, reach(project, 1)).await.expect("done");
    closed(at(&server, home, committee, when, pay(project, Some(1), 100)).await, "没有检查合格");
    let seen = at(&server, home, Role::PropertyManager, when, inspect(project, Some(1), "")).await.expect("inspected");
    closed(at(&server, home, committee, when, pay(project, Some(1), 100)).await, "两方");
    assert_eq!(at(&server, home, Role::Owner, when, sign(seen)).await.err(), Some(AppError::Forbidden), "no seat");
    at(&server, home, Role::OwnersRepresentative, when, sign(seen)).await.expect("signed");
    closed(at(&server, home, Role::OwnersRepresentative, when, sign(seen)).await, "已经签过");
    invalid(at(&server, home, committee, when, pay(project, Some(1), 28_801)).await, "amount");
    let id = MutationId::new();
    let first = at_with(&server, home, committee, when, id, pay(project, Some(1), 28_800)).await.expect("paid");
    assert_eq!(at_with(&server, home, committee, when, id, pay(project, Some(1), 28_800)).await.expect("the same again"), first);
    invalid(at(&server, home, committee, when, pay(project, Some(1), 1)).await, "amount");
    let entries = income_entries::Entity::find().filter(income_entries::Column::CommunityId.eq(home.id.0)).all(&server.db().read).await.expect("reads");
    assert_eq!(entries.iter().map(|e| (e.out, e.amount)).collect::<Vec<_>>(), [(true, 2_880_000)], "in the ledger of common income too, once");

    // A defect blocks the end; it is closed by a picture and the word of somebody who is not of the property company.
    let when = start + 50 * DAY;
    let found = at(&server, home, Role::BuildingLeader, when, inspect(project, None, "3 号楼线缆没有套管")).await.expect("inspected");
    for n in [2, 3] {
        at(&server, home, Role::PropertyManager, when, reach(project, n)).await.expect("done");
    }
    closed(at(&server, home, Role::PropertyManager, when, step(project, 4, Step::Finish, "全部完成")).await, "1 处整改");
    let defect = derived(found, 1);
    closed(at(&server, home, Role::OwnersRepresentative, when, clear(defect, true)).await, "照片");
    invalid(at(&server, home, Role::Worker, when, mend(defect, vec![])).await, "photos");
    let after = photo(&server, home).await;
    at(&server, home, Role::Worker, when, mend(defect, vec![after])).await.expect("mended");
    assert_eq!(at(&server, home, Role::PropertyManager, when, clear(defect, true)).await.err(), Some(AppError::Forbidden), "not its own judge");
    at(&server, home, Role::OwnersRepresentative, when, clear(defect, false)).await.expect("not yet");
    closed(at(&server, home, Role::ResidentsCommittee, when, clear(defect, true)).await, "照片");
    at(&server, home, Role::Worker, when, mend(defect, vec![photo(&server, home).await])).await.expect("mended again");
    at(&server, home, Role::ResidentsCommittee, when, clear(defect, true)).await.expect("good");
    closed(at(&server, home, Role::ResidentsCommittee, when, clear(defect, true)).await, "已经整改好");
    for n in [2, 3] {
        let seen = at(&server, home, Role::CommitteeMember, when, inspect(project, Some(n), "")).await.expect("inspected");
        at(&server, home, Role::ResidentsCommittee, when, sign(seen)).await.expect("signed");
    }
    at(&server, home, committee, when, pay(project, Some(2), 38_400)).await.expect("paid");
    closed(at(&server, home, committee, when, pay(project, Some(3), 1)).await, "四方验收");
    closed(at(&server, home, Role::OwnersRepresentative, when, sign_off(project, "同意")).await, "报完工");

    // Three of four signatures are not enough, and the one that is missing is named.
    let when = start + 60 * DAY;
    at(&server, home, Role::PropertyManager, when, step(project, 4, Step::Finish, "全部完成")).await.expect("finished");
    for role in [Role::PropertyManager, Role::ResidentsCommittee, Role::CommitteeMember] {
        closed(at(&server, home, Role::PartyBranch, when, step(project, 5, Step::Accept, "合格")).await, "业主代表");
        at(&server, home, role, when, sign_off(project, "同意验收")).await.expect("signed");
    }
    closed(at(&server, home, Role::PropertyManager, when, sign_off(project, "再签")).await, "已经签过");
    closed(at(&server, home, Role::PartyBranch, when, step(project, 5, Step::Accept, "合格")).await, "业主代表");
    assert_eq!(at(&server, home, Role::CommitteeDirector, when, step(project, 5, Step::Accept, "合格")).await.err(), Some(AppError::Forbidden));
    at(&server, home, Role::BuildingLeader, when, sign_off(project, "画面清楚，同意")).await.expect("signed");
    invalid(at(&server, home, Role::PartyBranch, when, step(project, 5, Step::Accept, " ")).await, "words");
    at(&server, home, Role::PartyBranch, when, step(project, 5, Step::Accept, "四方一致同意验收")).await.expect("accepted");

    // The last payment without what is kept back, and that when the warranty is over.
    invalid(at(&server, home, committee, when, pay(project, Some(3), 28_800)).await, "amount");
    at(&server, home, committee, when, pay(project, Some(3), 25_920)).await.expect("paid");
    closed(at(&server, home, committee, start + 200 * DAY, pay(project, None, 2_880)).await, "保修期");
    closed(at(&server, home, committee, start + 200 * DAY, step(project, 6, Step::Close, "没有问题")).await, "保修期");
    at(&server, home, committee, start + 202 * DAY, pay(project, None, 2_880)).await.expect("paid");
    at(&server, home, committee, start + 202 * DAY, step(project, 6, Step::Close, "保修期内没有问题，尾款付清")).await.expect("closed");
    let paid = project_payments::Entity::find().filter(project_payments::Column::CommunityId.eq(home.id.0)).all(&server.db().read).await.expect("reads");
    let ledger = income_entries::Entity::find().filter(income_entries::Column::CommunityId.eq(home.id.0)).all(&server.db().read).await.expect("reads");
    assert_eq!((paid.iter().map(|p| p.amount).sum::<i64>(), ledger.iter().map(|e| e.amount).sum::<i64>()), (9_600_000, 9_600_000), "the contract, to the fen, in both");

    // Everybody reads all of it; nobody next door does.
    let number = number_of(&server, project).await;
    let public = server.browser();
    let list = public.get("/c/here/projects").await;
    assert!(list.says(&number) && list.says("节点 3 / 3") && list.says("96,000.00 / 96,000.00 (100.0 %)"), "{}", list.text);
    let page = public.get(&format!("/c/here/projects/{number}")).await;
    for words in [
        "已办结",
        "270 个旧摄像头坏了大半",
        "中心广场",
        "替换 270，新增 97，共 367",
        "96,000.00 / 100,000.00 (96.0 %)",
        "上海明视智能工程有限公司",
        "3 个节点完成 3 个",
        "业主代表",
        "王*",
        "检查 4 次",
        "3 号楼线缆没有套管",
        "整改 1 处，没完成 0 处",
        "四方一致同意验收",
        "画面清楚，同意",
        "质保金",
        "28,800.00",
        "SY-",
        "progress-bar",
        "转-12",
    ] {
        assert!(page.says(words), "{words}: {}", page.text);
    }
    assert!(!page.says("王业主代表"), "names are masked");
    let english = public.send(|client, base| client.get(format!("{base}/c/here/projects/{number}")).header("accept-language", "en")).await;
    assert!(english.says("Acceptance by the four parties") && english.says("3 of 3 milestones done"), "{}", english.text);
    assert!(public.get("/c/here/open").await.says("/c/here/projects"));
    for what in ["plan", "inspection-1", "acceptance", "payment-1"] {
        let printed = public.get(&format!("/print/projects/here/{number}/{what}")).await;
        assert!(printed.status == 200 && printed.says("<svg") && printed.says("存证"), "{what}: {}", printed.text);
        let (status, pdf) = public.bytes(&format!("/print/projects/here/{number}/{what}.pdf")).await;
        assert!(status == 200 && pdf.starts_with(b"%PDF-"), "{what}");
        assert_eq!(public.get(&format!("/print/projects/there/{number}/{what}")).await.status, 404, "{what}");
    }
    for what in ["inspection-9", "payment-99999999999999999999", "nonsense"] {
        assert_eq!(public.get(&format!("/print/projects/here/{number}/{what}")).await.status, 404, "{what}");
    }
    assert_eq!(public.get(&format!("/c/there/projects/{number}")).await.status, 404);
    assert!(!public.get("/c/there/projects").await.says(&number));
    let neighbour = town.there.browser(&server, Role::ResidentsCommittee).await;
    assert_eq!(neighbour.get(&format!("/works/{number}")).await.status, 404);
    assert_eq!(neighbour.get(&format!("/desk/projects/{number}")).await.status, 404);
    assert_eq!(projects::Entity::find().filter(projects::Column::CommunityId.eq(town.there.id.0)).count(&server.db().read).await.expect("counts"), 0);
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn the_fund_accepts_what_the_working_group_has_accepted(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let start = now() + -(300 * DAY);
    let outline = Outline { works: "换对讲".into(), reason: "坏了".into(), ..Outline::default() };
    let propose_use = FundPropose { title: "对讲更换".into(), budget: Fen(10_000_000), scope: Scope::All, outline, emergency: None, photos: vec![] };
    let fund = |subject, version, step, reference: &str| {
        let paper = FundPaper { words: "同意".into(), reference: reference.into(), amount: Some(Fen(9_600_000)), ..FundPaper::default() };
        Mutation::FundAdvance(FundAdvance { subject, version, step, paper })
    };
    let fund_use = at(&server, &home, Role::PropertyManager, start, Mutation::FundPropose(propose_use)).await.expect("proposed");
    let list = server.browser().get("/c/here/fund").await;
    let number = list.text.split("/fund/uses/").nth(1).and_then(|s| s.split('"').next()).expect("a number").to_owned();
    let source = |number: &str| Source::Fund { number: number.into() };
    invalid(at(&server, &home, Role::PropertyManager, start, propose(&home, source("WX-1999-001"), start)).await, "source");

    // The owners have not decided yet: the plan may be shown, the contract waits.
    let project = at(&server, &home, Role::PropertyManager, start, propose(&home, source(&number), start)).await.expect("proposed");
    invalid(at(&server, &home, Role::PropertyManager, start, propose(&home, source(&number), start)).await, "source");
    at(&server, &home, Role::ResidentsCommittee, start, Mutation::ProjectConvene(Convene { project, version: 1, seats: seats(&home, &[]) })).await.expect("convened");
    at(&server, &home, Role::CommitteeMember, start, step(project, 2, Step::ShowPlan, "")).await.expect("shown");
    closed(at(&server, &home, Role::CommitteeMember, start + 8 * DAY, contract(project, 3, 96_000, start)).await, "决议");
    let when = start + 9 * DAY;
    at(&server, &home, Role::PropertyManager, start, fund(fund_use, 1, FundStep::ShowPlan, "")).await.expect("shown");
    at(&server, &home, Role::ResidentsCommittee, when, fund(fund_use, 2, FundStep::SumUp, "")).await.expect("summed up");
    let count = app::rooms::fund::votes::Count {
        heads: 6,
        area: app::measure::Area(53_160),
        part_heads: 6,
        part_area: app::measure::Area(53_160),
        yes_heads: 6,
        yes_area: app::measure::Area(53_160),
    };
    let resolve = Mutation::FundAdvance(FundAdvance {
        subject: fund_use,
        version: 3,
        step: FundStep::Resolve,
        paper: FundPaper { reference: "决议 1".into(), count: Some(count), ..FundPaper::default() },
    });
    at(&server, &home, Role::ResidentsCommittee, when, resolve).await.expect("resolved");
    at(&server, &home, Role::CommitteeMember, when, fund(fund_use, 4, FundStep::Contract, "合同")).await.expect("contracted");
    at(&server, &home, Role::CommitteeMember, when, contract(project, 3, 96_000, start)).await.expect("contracted");
    closed(at(&server, &home, Role::CommitteeMember, when, fund(fund_use, 5, FundStep::Accept, "")).await, "XM-");
    for n in 1..=3 {
        at(&server, &home, Role::Dispatcher, when, reach(project, n)).await.expect("done");
        let seen = at(&server, &home, Role::OwnersRepresentative, when, inspect(project, Some(n), "")).await.expect("inspected");
        at(&server, &home, Role::ResidentsCommittee, when, sign(seen)).await.expect("signed");
    }
    closed(at(&server, &home, Role::CommitteeMember, when, pay(project, Some(1), 1)).await, "在维修资金里办");
    at(&server, &home, Role::PropertyManager, when, step(project, 4, Step::Finish, "完成")).await.expect("finished");
    for role in [Role::PropertyManager, Role::ResidentsCommittee, Role::CommitteeMember, Role::OwnersRepresentative] {
        at(&server, &home, role, when, sign_off(project, "同意")).await.expect("signed");
    }
    closed(at(&server, &home, Role::CommitteeMember, when, fund(fund_use, 5, FundStep::Accept, "")).await, "XM-");
    at(&server, &home, Role::PartyBranch, when, step(project, 5, Step::Accept, "合格")).await.expect("accepted");
    at(&server, &home, Role::CommitteeMember, when, fund(fund_use, 5, FundStep::Accept, "")).await.expect("accepted by the fund");
    let page = server.browser().get(&format!("/c/here/projects/{}", number_of(&server, project).await)).await;
    assert!(page.says(&format!("/c/here/fund/uses/{number}")), "{}", page.text);
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn what_fails_during_the_acceptance_voids_what_was_signed(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let start = now() + -(300 * DAY);
    let project = finished(&server, &home, start, Source::Other { words: "街道补助".into() }).await;
    let when = start + 61 * DAY;
    for role in [Role::PropertyManager, Role::ResidentsCommittee, Role::CommitteeMember, Role::OwnersRepresentative] {
        at(&server, &home, role, when, sign_off(project, "同意")).await.expect("signed");
    }
    let found = at(&server, &home, Role::OwnersRepresentative, when, inspect(project, None, "夜里看不清")).await.expect("inspected");
    closed(at(&server, &home, Role::PartyBranch, when, step(project, 6, Step::Accept, "合格")).await, "不到这一步");
    let defect = derived(found, 1);
    at(&server, &home, Role::Worker, when, mend(defect, vec![photo(&server, &home).await])).await.expect("mended");
    at(&server, &home, Role::OwnersRepresentative, when, clear(defect, true)).await.expect("good");
    at(&server, &home, Role::PropertyManager, when, step(project, 6, Step::Finish, "改好了")).await.expect("finished again");
    closed(at(&server, &home, Role::PartyBranch, when, step(project, 7, Step::Accept, "合格")).await, "居委会、业委会、物业、业主代表");

    // Whoever lost the role that the seat needs signs no more, and a project that is given up says why.
    let membership = home.who(Role::OwnersRepresentative).membership;
    app::rooms::people::entity::memberships::Entity::update_many()
        .col_expr(app::rooms::people::entity::memberships::Column::Until, sea_orm::sea_query::Expr::value(1i64))
        .filter(app::rooms::people::entity::memberships::Column::Id.eq(membership.0))
        .exec(&server.db().write)
        .await
        .expect("ended");
    let leader = home.viewer(&server, Role::ResidentsCommittee).await;
    let gone = app::context::Viewer::of_history(leader.community_view().clone(), "here".into(), home.who(Role::OwnersRepresentative).person, Role::OwnersRepresentative, None);
    let envelope = Envelope { id: MutationId::new(), person: None, app_version: "test".into(), client_time: when, mutation: sign_off(project, "同意") };
    let verdict = apply(server.services(), &Caller::Person(Box::new(gone)), &envelope, when, None).await.expect("answered");
    assert!(matches!(verdict.outcome, Outcome::Rejected { reason: AppError::Forbidden }), "{verdict:?}");
    invalid(at(&server, &home, Role::CommitteeDirector, when, step(project, 7, Step::Cancel, "")).await, "words");
    at(&server, &home, Role::CommitteeDirector, when, step(project, 7, Step::Cancel, "施工单位撤场，另行招标")).await.expect("given up");
    closed(at(&server, &home, Role::CommitteeMember, when, pay(project, Some(1), 1)).await, "不能付款");
    let page = server.browser().get(&format!("/c/here/projects/{}", number_of(&server, project).await)).await;
    assert!(page.says("已取消") && page.says("施工单位撤场"), "{}", page.text);
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_is_taken_back_takes_the_payment_back(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let start = now() + -(300 * DAY);
    let project = finished(&server, &home, start, Source::CommonIncome).await;
    let when = start + 62 * DAY;
    let entry = at(&server, &home, Role::CommitteeMember, when, pay(project, Some(1), 28_800)).await.expect("paid");
    let reverse = || Mutation::IncomeReverse(Reverse { entry, reason: "金额打错".into() });
    assert_eq!(at(&server, &home, Role::PropertyManager, when, reverse()).await.err(), Some(AppError::Forbidden), "the payment is the committee's");
    at(&server, &home, Role::CommitteeMember, when, reverse()).await.expect("taken back");
    at(&server, &home, Role::CommitteeMember, when, pay(project, Some(1), 28_000)).await.expect("paid again");
    invalid(at(&server, &home, Role::CommitteeMember, when, pay(project, Some(1), 801)).await, "amount");
    let sum = |rows: Vec<i64>| rows.into_iter().sum::<i64>();
    let paid = project_payments::Entity::find().filter(project_payments::Column::CommunityId.eq(home.id.0)).all(&server.db().read).await.expect("reads");
    let ledger = income_entries::Entity::find().filter(income_entries::Column::CommunityId.eq(home.id.0)).all(&server.db().read).await.expect("reads");
    assert_eq!((sum(paid.iter().map(|p| p.amount).collect()), sum(ledger.iter().map(|e| e.amount).collect())), (2_800_000, 2_800_000));
    let page = server.browser().get(&format!("/c/here/projects/{}", number_of(&server, project).await)).await;
    assert!(page.says("-28,800.00") && page.says("金额打错"), "{}", page.text);
}

/// Sends a form as it stands on a page: the hidden fields of the form after `mark`, and what is typed.
async fn send(browser: &Browser, page: &str, form: &str, typed: &[(&str, &str)], files: Option<&[(&str, Vec<u8>)]>) -> harness::browser::Seen {
    let seen = browser.get(page).await;
    assert_eq!(seen.status, 200, "{page}: {}", seen.text);
    let at = seen.text.find(&format!("action=\"{form}\"")).unwrap_or_else(|| panic!("no {form} on {page}: {}", seen.text));
    let whole = &seen.text[at..at + seen.text[at..].find("</form>").expect("an end")];
    let mut fields: Vec<(String, String)> = Vec::new();
    for part in whole.split("<input type=\"hidden\" name=\"").skip(1) {
        let name = part.split('"').next().unwrap_or_default().to_owned();
        let value = part.split("value=\"").nth(1).and_then(|v| v.split('"').next()).unwrap_or_default().to_owned();
        fields.push((name, value));
    }
    let all: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(typed.iter().copied()).collect();
    match files {
        Some(files) => browser.post_files(form, &all, files).await,
        None => browser.post(form, &all).await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_script_every_form_works_and_keeps_what_was_typed() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let manager = home.browser(&server, Role::PropertyManager).await;
    let typed = [
        ("title", "楼道灯改造"),
        ("why", "声控灯坏了很多"),
        ("works", "换成 LED"),
        ("source", "other"),
        ("source_words", "街道补助"),
        ("line_name", "灯具"),
        ("line_amount", "68,000.00"),
        ("line_name", ""),
        ("line_amount", ""),
        ("milestone_name", "安装"),
        ("milestone_due", "2027-03-01"),
        ("milestone_share", "90"),
        ("checklist", "灯亮\n线路整齐"),
    ];
    let refused = send(&manager, "/desk/projects", "/forms/project-propose", &typed, Some(&[])).await;
    assert_eq!(refused.status, 422);
    assert!(refused.says("现在是 90") && refused.says("声控灯坏了很多") && refused.says("68,000.00") && refused.says("线路整齐"), "{}", refused.text);
    let mended: Vec<(&str, &str)> = typed.iter().map(|(n, v)| if *n == "milestone_share" { (*n, "100") } else { (*n, *v) }).collect();
    let sent = send(&manager, "/desk/projects", "/forms/project-propose", &mended, Some(&[("file", picture(10))])).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let list = server.browser().get("/c/here/projects").await;
    let number = list.text.split("/c/here/projects/").nth(1).and_then(|s| s.split('"').next()).expect("a number").to_owned();
    assert!(server.browser().get(&format!("/c/here/projects/{number}")).await.says("施工前"), "the picture of how it was");

    // The group, the plan.
    let desk = format!("/desk/projects/{number}");
    let party = home.browser(&server, Role::PartyBranch).await;
    let people: Vec<(String, String)> = seats(&home, &[]).iter().map(|s| (format!("seat_{}", s.party.code()), s.person.to_string())).collect();
    let whole: Vec<(&str, &str)> = people.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let lacking = send(&party, &desk, "/forms/project-convene", &whole[..4], None).await;
    assert!(lacking.status == 422 && lacking.says("还缺：业主代表"), "{}", lacking.text);
    assert_eq!(send(&party, &desk, "/forms/project-convene", &whole, None).await.status, 303);
    assert_eq!(send(&manager, &desk, "/forms/project-advance", &[], Some(&[])).await.status, 303);
    let director = home.browser(&server, Role::CommitteeDirector).await;
    let contract = [("contractor", "上海某照明公司"), ("contract_number", "HT-9"), ("amount", "60000"), ("day", "2026-01-01"), ("warranty", "2099-01-01"), ("retention", "3")];
    let early = send(&director, &desk, "/forms/project-advance", &contract, Some(&[])).await;
    assert!(early.status == 409 || early.status == 410 || early.status == 422, "{}", early.status);
    assert!(early.says("没有满 7 天") && early.says("上海某照明公司"), "{}", early.text);

    // One that is under way: inspected, signed, mended, judged, paid, finished, all by plain forms.
    let start = now() + -(30 * DAY);
    let project = under_way(&server, &home, start, Source::CommonIncome).await;
    let number = number_of(&server, project).await;
    let (site, desk) = (format!("/works/{number}"), format!("/desk/projects/{number}"));
    assert_eq!(send(&manager, &desk, "/forms/project-reach", &[("milestone", "1"), ("words", "布好了")], Some(&[("file", picture(20))])).await.status, 303);
    let owners = home.browser(&server, Role::OwnersRepresentative).await;
    assert!(owners.get("/works").await.says(&number));
    let half = [("milestone", "1"), ("items.0.verdict", "pass"), ("words", "走了一遍，看得很仔细")];
    let refused = send(&owners, &site, "/forms/project-inspect", &half, Some(&[])).await;
    assert!(refused.status == 422 && refused.says("每一项都要选") && refused.says("走了一遍，看得很仔细"), "{}", refused.text);
    let failing = [("milestone", "1"), ("items.0.verdict", "pass"), ("items.1.verdict", "fail"), ("items.1.note", "二楼灰蒙蒙"), ("mend_days", "3"), ("words", "有一处不行")];
    assert_eq!(send(&owners, &site, "/forms/project-inspect", &failing, Some(&[("file", picture(30))])).await.status, 303);
    let residents = home.browser(&server, Role::ResidentsCommittee).await;
    assert_eq!(send(&residents, &site, "/forms/project-sign", &[("words", "属实")], None).await.status, 303);
    let worker = home.browser(&server, Role::Worker).await;
    let bare = send(&worker, &desk, "/forms/project-mend", &[("words", "擦干净了")], Some(&[])).await;
    assert!(bare.status == 422 && bare.says("擦干净了") && bare.says("拍一张整改后的照片"), "{}", bare.text);
    assert_eq!(send(&worker, &desk, "/forms/project-mend", &[("words", "擦干净了")], Some(&[("file", picture(40))])).await.status, 303);
    assert!(!manager.get(&site).await.says("/forms/project-clear"), "the property company does not judge itself");
    assert_eq!(send(&residents, &site, "/forms/project-clear", &[("words", "干净了"), ("good", "1")], None).await.status, 303);
    let dear = send(&director, &desk, "/forms/project-pay", &[("milestone", "1"), ("amount", "99999"), ("voucher", "转-1"), ("words", "首付款")], Some(&[])).await;
    assert!(dear.status == 422 && dear.says("28,800.00") && dear.says("首付款"), "{}", dear.text);
    let paid =
        send(&director, &desk, "/forms/project-pay", &[("milestone", "1"), ("amount", "28,800.00"), ("voucher", "转-1"), ("words", "首付款")], Some(&[("file", picture(50))]))
            .await;
    assert_eq!(paid.status, 303, "{}", paid.text);
    let page = server.browser().get(&format!("/c/here/projects/{number}")).await;
    assert!(page.says("二楼灰蒙蒙") && page.says("干净了") && page.says("28,800.00 / 96,000.00 (30.0 %)") && page.says("施工中"), "{}", page.text);
    let photo = page.text.split("src=\"/photos/").nth(1).and_then(|s| s.split('"').next()).expect("a photo").to_owned();
    assert_eq!(server.browser().bytes(&format!("/photos/{photo}")).await.0, 200, "pictures of works are everybody's");
    for n in ["2", "3"] {
        assert_eq!(send(&manager, &desk, "/forms/project-reach", &[("milestone", n), ("words", "好了")], Some(&[])).await.status, 303);
    }
    assert_eq!(send(&manager, &desk, "/forms/project-advance", &[("words", "全部完成")], Some(&[("file", picture(60))])).await.status, 303);
    for role in [Role::PropertyManager, Role::ResidentsCommittee, Role::CommitteeMember, Role::OwnersRepresentative] {
        assert_eq!(send(&home.browser(&server, role).await, &site, "/forms/project-sign-off", &[("words", "同意验收")], None).await.status, 303, "{role:?}");
    }
    assert_eq!(send(&party, &desk, "/forms/project-advance", &[("words", "四方同意")], Some(&[])).await.status, 303);
    assert!(server.browser().get(&format!("/c/here/projects/{number}")).await.says("完工后"));
    // Who has nothing to do here.
    let tenant = home.browser(&server, Role::Tenant).await;
    assert_eq!((tenant.get(&site).await.status.as_u16(), tenant.get(&desk).await.status.as_u16()), (403, 403));
    assert_eq!(server.browser().get(&site).await.status, 303, "sign in first");
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn an_inspection_that_waited_on_a_phone_comes_in_once(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let project = under_way(&server, home, now() + -(30 * DAY), Source::CommonIncome).await;
    let sealed = |home: &Home, role: Role, mutation: &Mutation| {
        let mut envelope = serde_json::to_value(mutation).expect("JSON");
        for (name, value) in [("app_version", json!("test")), ("client_time", json!(1)), ("person", Value::Null), ("id", json!(MutationId::new().to_string()))] {
            envelope[name] = value;
        }
        envelope["community"] = home.id.to_string().into();
        envelope["account"] = home.who(role).account.to_string().into();
        envelope["membership"] = home.who(role).membership.to_string().into();
        envelope
    };
    let sync = async |browser: &Browser, envelopes: &[Value]| {
        let seen = browser.send(|client, base| client.post(format!("{base}/api/v1/sync")).json(&json!({ "envelopes": envelopes }))).await;
        let answers: Value = serde_json::from_str(&seen.text).expect("JSON");
        answers["receipts"].as_array().expect("receipts").iter().map(|r| r["status"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let owners = home.browser(&server, Role::OwnersRepresentative).await;
    let waited = sealed(home, Role::OwnersRepresentative, &inspect(project, None, "线缆没有套管"));
    assert_eq!(sync(&owners, &[waited.clone(), waited.clone()]).await, ["done", "done"]);
    assert_eq!(sync(&owners, std::slice::from_ref(&waited)).await, ["done"]);
    let rows = project_inspections::Entity::find().filter(project_inspections::Column::CommunityId.eq(home.id.0)).all(&server.db().read).await.expect("reads");
    assert_eq!(rows.len(), 1, "once");
    assert_eq!(project_defects::Entity::find().filter(project_defects::Column::CommunityId.eq(home.id.0)).count(&server.db().read).await.expect("counts"), 1);
    let residents = home.browser(&server, Role::ResidentsCommittee).await;
    assert_eq!(sync(&residents, &[sealed(home, Role::ResidentsCommittee, &sign(rows[0].id))]).await, ["done"]);
    // Somebody without a seat, the community next door, and what is done at a desk.
    let owner = home.browser(&server, Role::Owner).await;
    assert_eq!(sync(&owner, &[sealed(home, Role::Owner, &inspect(project, None, ""))]).await, ["rejected"]);
    let there = town.there.browser(&server, Role::OwnersRepresentative).await;
    assert_eq!(sync(&there, &[sealed(&town.there, Role::OwnersRepresentative, &inspect(project, None, ""))]).await, ["rejected"]);
    assert_eq!(sync(&residents, &[sealed(home, Role::ResidentsCommittee, &sign_off(project, "同意"))]).await, ["rejected"]);
    // The page carries what the phone needs to keep and send it: the kind, and every item of the list.
    let page = owners.get(&format!("/works/{}", number_of(&server, project).await)).await;
    assert!(page.says("data-kind=\"project.inspect.v1\"") && page.says("name=\"items.1.verdict\"") && page.says("data-as=\"int\""), "{}", page.text);
    let described: Value = serde_json::from_str(&owners.get("/api/v1/openapi.json").await.text).expect("JSON");
    let kinds = described["components"]["schemas"]["Envelope"]["properties"]["kind"]["enum"].as_array().expect("kinds").clone();
    assert!(kinds.contains(&json!("project.inspect.v1")) && kinds.contains(&json!("project.sign.v1")), "{kinds:?}");
}

/// Every kind of this room, tried by every role at home: who may, and who is refused before anything is judged.
#[tokio::test(flavor = "multi_thread")]
async fn who_may_touch_the_works() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let start = now() + -(300 * DAY);
    let project = finished(&server, &home, start, Source::CommonIncome).await;
    let when = start + 60 * DAY;
    let seen = project_inspections::Entity::find().filter(project_inspections::Column::CommunityId.eq(home.id.0)).one(&server.db().read).await.expect("reads").expect("one").id;
    let found = at(&server, &home, Role::OwnersRepresentative, when, inspect(project, None, "灰蒙蒙")).await.expect("inspected");
    let defect = derived(found, 1);
    let sits = |r: Role| matches!(r, Role::PartyBranch | Role::ResidentsCommittee | Role::CommitteeMember | Role::PropertyManager | Role::OwnersRepresentative);
    for role in Role::ALL {
        let (committee, manager) = (role.is_committee(), role == Role::PropertyManager);
        let tries = [
            (propose(&home, Source::CommonIncome, start), committee || manager),
            (Mutation::ProjectConvene(Convene { project, version: 0, seats: vec![] }), matches!(role, Role::PartyBranch | Role::ResidentsCommittee)),
            (step(project, 0, Step::ShowPlan, ""), committee || manager),
            (step(project, 0, Step::Contract, ""), committee),
            (step(project, 0, Step::Finish, ""), manager),
            (step(project, 0, Step::Accept, ""), role == Role::PartyBranch),
            (step(project, 0, Step::Close, ""), committee),
            (step(project, 0, Step::Cancel, ""), committee),
            (reach(project, 9), matches!(role, Role::PropertyManager | Role::Dispatcher)),
            (inspect(project, Some(99), ""), sits(role)),
            (sign(seen), sits(role)),
            (mend(defect, vec![]), role.is_property()),
            (clear(defect, true), sits(role) && !manager),
            (sign_off(project, "同意"), sits(role)),
            (pay(project, Some(1), 99_999_999), committee),
        ];
        for (mutation, may) in tries {
            let kind = mutation.kind();
            let verdict = at(&server, &home, role, when, mutation).await;
            assert_eq!(verdict.as_ref().err() != Some(&AppError::Forbidden), may, "{role:?} {kind}: {verdict:?}");
        }
    }
}

/// What somebody tries on what is not theirs: a whole project of the other community, with a defect.
pub async fn foreign(server: &Server, there: &Home) -> Vec<Mutation> {
    let start = now() + -(100 * DAY);
    let project = finished(server, there, start, Source::CommonIncome).await;
    let seen = at(server, there, Role::OwnersRepresentative, start + 61 * DAY + HOUR, inspect(project, None, "灰蒙蒙")).await.expect("inspected");
    vec![
        // It names a place of the other community.
        propose(there, Source::CommonIncome, start),
        Mutation::ProjectConvene(Convene { project, version: 6, seats: seats(there, &[]) }),
        step(project, 6, Step::Finish, "越界"),
        step(project, 6, Step::Cancel, "越界"),
        reach(project, 1),
        inspect(project, None, ""),
        sign(seen),
        mend(derived(seen, 1), vec![]),
        clear(derived(seen, 1), true),
        sign_off(project, "越界"),
        pay(project, Some(1), 1),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_touches_the_works_next_door() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let tries = foreign(&server, &town.there).await;
    for role in Role::ALL {
        for mutation in &tries {
            let verdict = town.here.act(&server, role, mutation.clone()).await;
            assert!(matches!(verdict, Err(AppError::Forbidden | AppError::NotFound)), "{role:?} {mutation:?}: {verdict:?}");
        }
    }
}
