//! Supervised works: from the proposal to the acceptance, with the community next door that sees nothing of it.

use app::apply::apply;
use app::context::Caller;
use app::error::AppError;
use app::ids::{MutationId, PhotoId};
use app::measure::{DAY, Fen, Time};
use app::mutation::{Envelope, Mutation, Outcome, Receipt};
use app::rooms::fund::model::{Advance as FundAdvance, Outline, Paper as FundPaper, Propose as FundPropose, Scope};
use app::rooms::fund::rules::Step as FundStep;
use app::rooms::income::entity::income_entries;
use app::rooms::income::model::Reverse;
use app::rooms::people::model::Role;
use app::rooms::photos::entity::photos;
use app::rooms::projects::entity::{project_payments, projects};
use app::rooms::projects::inspections::derived;
use app::rooms::projects::model::{
    Advance, AssetLine, BudgetLine, Clear, Contract, Convene, Inspect, Item, Mend, MilestonePlan, Paper, Pay, Plan, Propose, Reach, Seat, Sign, SignOff, Source,
};
use app::rooms::projects::party::Party;
use app::rooms::projects::rules::{Step, Verdict};
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use std::pin::Pin;
use uuid::Uuid;

/// Applies as somebody at a chosen time, under an id.
pub(crate) async fn at_with(server: &Server, home: &Home, role: Role, when: Time, id: MutationId, mutation: Mutation) -> Result<Receipt, AppError> {
    let caller = Caller::Person(Box::new(home.viewer(server, role).await));
    let envelope = Envelope { id, person: None, app_version: "test".into(), client_time: when, mutation };
    let receipt = apply(server.services(), &caller, &envelope, when, None).await?;
    match receipt.outcome {
        Outcome::Rejected { reason } => Err(reason),
        Outcome::Done { .. } => Ok(receipt),
    }
}

/// Applies as somebody at a chosen time. Boxed: a story of seventy steps would not fit on a test's stack.
pub(crate) fn at<'a>(server: &'a Server, home: &'a Home, role: Role, when: Time, mutation: Mutation) -> Pin<Box<dyn Future<Output = Result<Uuid, AppError>> + Send + 'a>> {
    Box::pin(async move {
        match at_with(server, home, role, when, MutationId::new(), mutation).await?.outcome {
            Outcome::Done { subject, .. } => Ok(subject.unwrap_or_default()),
            Outcome::Rejected { reason } => Err(reason),
        }
    })
}

pub(crate) fn day(when: Time) -> String {
    when.local(480).format("%Y-%m-%d").to_string()
}

pub(crate) fn plan(home: &Home, source: Source, start: Time) -> Plan {
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

pub(crate) fn propose(home: &Home, source: Source, start: Time) -> Mutation {
    Mutation::ProjectPropose(Propose { plan: plan(home, source, start), photos: vec![] })
}

/// The leader and one of each party; `more` on top.
pub(crate) fn seats(home: &Home, more: &[(Role, Party)]) -> Vec<Seat> {
    let all = [
        (Role::PartyBranch, Party::PartyBranch),
        (Role::ResidentsCommittee, Party::Residents),
        (Role::CommitteeMember, Party::Committee),
        (Role::PropertyManager, Party::Property),
        (Role::OwnersRepresentative, Party::Owners),
    ];
    all.iter().chain(more).map(|(role, party)| Seat { person: home.who(*role).person, party: *party }).collect()
}

pub(crate) fn step(project: Uuid, version: i64, step: Step, words: &str) -> Mutation {
    Mutation::ProjectAdvance(Advance { project, version, step, paper: Paper { words: words.into(), ..Paper::default() } })
}

pub(crate) fn contract(project: Uuid, version: i64, yuan: i64, start: Time) -> Mutation {
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

pub(crate) fn reach(project: Uuid, milestone: i64) -> Mutation {
    Mutation::ProjectReach(Reach { project, milestone, words: "做完了".into(), photos: vec![] })
}

pub(crate) fn inspect(project: Uuid, milestone: Option<i64>, wrong: &str) -> Mutation {
    let second = if wrong.is_empty() { Item { verdict: Verdict::NotApplicable, note: String::new() } } else { Item { verdict: Verdict::Fail, note: wrong.into() } };
    let items = vec![Item { verdict: Verdict::Pass, note: String::new() }, second];
    Mutation::ProjectInspect(Inspect { project, milestone, items, words: "到现场看过".into(), mend_days: None, photos: vec![] })
}

pub(crate) fn sign(inspection: Uuid) -> Mutation {
    Mutation::ProjectSign(Sign { inspection, words: String::new() })
}

pub(crate) fn pay(project: Uuid, milestone: Option<i64>, yuan: i64) -> Mutation {
    Mutation::ProjectPay(Pay { project, milestone, amount: Fen(yuan * 100), words: "工程款".into(), voucher: "转-12".into(), photo: None })
}

pub(crate) fn sign_off(project: Uuid, words: &str) -> Mutation {
    Mutation::ProjectSignOff(SignOff { project, words: words.into() })
}

pub(crate) fn mend(defect: Uuid, photos: Vec<PhotoId>) -> Mutation {
    Mutation::ProjectMend(Mend { defect, words: "加了套管".into(), photos })
}

pub(crate) fn clear(defect: Uuid, good: bool) -> Mutation {
    Mutation::ProjectClear(Clear { defect, good, words: "看过了".into() })
}

pub(crate) fn closed<T: std::fmt::Debug>(verdict: Result<T, AppError>, words: &str) {
    match verdict {
        Err(AppError::Closed { zh, en }) => assert!(zh.contains(words) && !en.is_empty(), "{zh}"),
        other => panic!("not refused with {words:?}: {other:?}"),
    }
}

pub(crate) fn invalid<T: std::fmt::Debug>(verdict: Result<T, AppError>, field: &str) {
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

pub(crate) async fn number_of(server: &Server, project: Uuid) -> String {
    projects::Entity::find().filter(projects::Column::Id.eq(project)).one(&server.db().read).await.expect("reads").expect("a project").number
}

/// A project under contract at `start` + 7 days: version 4.
pub(crate) async fn under_way(server: &Server, home: &Home, start: Time, source: Source) -> Uuid {
    let project = at(server, home, Role::PropertyManager, start, propose(home, source, start)).await.expect("proposed");
    at(server, home, Role::PartyBranch, start, Mutation::ProjectConvene(Convene { project, version: 1, seats: seats(home, &[]) })).await.expect("convened");
    at(server, home, Role::PropertyManager, start, step(project, 2, Step::ShowPlan, "")).await.expect("shown");
    at(server, home, Role::CommitteeDirector, start + 7 * DAY, contract(project, 3, 96_000, start)).await.expect("contracted");
    project
}

/// Everything done, inspected by two parties, and reported as finished: version 5.
pub(crate) async fn finished(server: &Server, home: &Home, start: Time, source: Source) -> Uuid {
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
