//! The maintenance fund and common income: to the last fen, step by step, in the open.

use app::apply::apply;
use app::context::Caller;
use app::error::AppError;
use app::ids::MutationId;
use app::measure::{Area, DAY, Fen, Time};
use app::mutation::{Envelope, Mutation, Outcome};
use app::rooms::approvals::model::GiveWord;
use app::rooms::fund::entity::{fund_accounts, fund_buildings, fund_entries, fund_lines, fund_shares, fund_unit_lines, fund_units};
use app::rooms::fund::model::{Advance, ConfirmOpening, Enter, Income, Opine, Outline, Paper, Propose, Scope, StepIn};
use app::rooms::fund::rules::{EmergencyCase, Step};
use app::rooms::fund::store::view;
use app::rooms::fund::votes::Count;
use app::rooms::income::model::{Enter as EnterIncome, Line, Publish, Reverse};
use app::rooms::income::rules::{quarter_of, quarters};
use app::rooms::people::model::Role;
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

/// Applies as somebody at a chosen time.
async fn at(server: &Server, home: &Home, role: Role, when: Time, mutation: Mutation) -> Result<Uuid, AppError> {
    let caller = Caller::Person(Box::new(home.viewer(server, role).await));
    let envelope = Envelope { id: MutationId::new(), person: None, app_version: "test".into(), client_time: when, mutation };
    match apply(server.services(), &caller, &envelope, when, None).await?.outcome {
        Outcome::Done { subject, .. } => Ok(subject.unwrap_or_default()),
        Outcome::Rejected { reason } => Err(reason),
    }
}

fn propose(title: &str, yuan: i64, scope: Scope, emergency: Option<EmergencyCase>) -> Mutation {
    let outline = Outline { works: "换水泵电机".into(), reason: "停水".into(), ..Outline::default() };
    Mutation::FundPropose(Propose { title: title.into(), budget: Fen(yuan * 100), scope, outline, emergency, photos: vec![] })
}

fn step(subject: Uuid, version: i64, step: Step, paper: Paper) -> Mutation {
    Mutation::FundAdvance(Advance { subject, version, step, paper })
}

fn paper(words: &str, reference: &str, yuan: Option<i64>) -> Paper {
    Paper { words: words.into(), reference: reference.into(), amount: yuan.map(|y| Fen(y * 100)), ..Paper::default() }
}

/// Σ households = Σ buildings = the bank, and every entry's lines add up to nothing.
async fn balanced(server: &Server, home: &Home) -> Fen {
    let db = &server.db().read;
    let units: i64 = fund_units::Entity::find().filter(fund_units::Column::CommunityId.eq(home.id.0)).all(db).await.expect("reads").iter().map(|u| u.balance).sum();
    let buildings: i64 = fund_buildings::Entity::find().filter(fund_buildings::Column::CommunityId.eq(home.id.0)).all(db).await.expect("reads").iter().map(|b| b.balance).sum();
    let bank: i64 = fund_accounts::Entity::find().filter(fund_accounts::Column::CommunityId.eq(home.id.0)).all(db).await.expect("reads").iter().map(|a| a.balance).sum();
    assert_eq!((units, buildings), (bank, bank));
    let lines = fund_lines::Entity::find().filter(fund_lines::Column::CommunityId.eq(home.id.0)).all(db).await.expect("reads");
    let parts = fund_unit_lines::Entity::find().filter(fund_unit_lines::Column::CommunityId.eq(home.id.0)).all(db).await.expect("reads");
    for entry in fund_entries::Entity::find().filter(fund_entries::Column::CommunityId.eq(home.id.0)).all(db).await.expect("reads") {
        let of = |bank: bool| lines.iter().filter(|l| l.entry_id == entry.id && (l.account == "bank") == bank).map(|l| l.change).sum::<i64>();
        let units: i64 = parts.iter().filter(|p| p.entry_id == entry.id).map(|p| p.change).sum();
        assert_eq!((of(true), units), (of(false), of(false)), "{}", entry.number);
    }
    Fen(bank)
}

/// A list as the clerk has it.
fn list(rows: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::from("楼号,门号,室号,首期,余额\n");
    for (room, balance) in rows {
        text.push_str(&format!("12,1,{room},10000.00,{balance}\n"));
    }
    text.into_bytes()
}

async fn open_accounts(server: &Server, home: &Home) {
    let desk = home.browser(server, Role::CommitteeMember).await;
    let page = desk.get("/desk/fund").await;
    let id = page.hidden_after("/forms/fund-list", "id");
    let rooms: Vec<String> = rooms(server, home).await;
    let rows: Vec<(&str, &str)> = rooms.iter().map(|r| (r.as_str(), "8000.00")).collect();
    let bad = desk.post_files("/forms/fund-list", &[("id", &id), ("back", "/desk/fund")], &[("list", list(&[(rooms[0].as_str(), "x"), ("9999", "1")]))]).await;
    let preview = desk.get(&bad.to).await;
    assert!(preview.says("余额不是金额") && preview.says("名册里没有这一户") && !preview.says("/forms/fund-opening"), "{}", preview.text);
    for round in 0..2 {
        let sent = desk.post_files("/forms/fund-list", &[("id", &id), ("back", "/desk/fund")], &[("list", list(&rows))]).await;
        let preview = desk.get(&sent.to).await;
        if round == 0 {
            assert!(preview.says("写入 6 户"), "{}", preview.text);
            let (id, import) = (preview.hidden_after("/forms/fund-opening", "id"), preview.hidden_after("/forms/fund-opening", "import"));
            assert_eq!(desk.post("/forms/fund-opening", &[("id", &id), ("import", &import), ("back", "/desk/fund")]).await.status, 303);
        } else {
            assert!(preview.says("6 户已经有账") && !preview.says("/forms/fund-opening"), "the same list again changes nothing: {}", preview.text);
        }
    }
}

async fn rooms(server: &Server, home: &Home) -> Vec<String> {
    let units = app::rooms::communities::store::units_of(&server.db().read, home.id, home.building).await.expect("reads");
    assert!(units.iter().all(|u| u.stair == "1"), "{units:?}");
    units.into_iter().map(|u| u.room).collect()
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_pump_fails_at_night_and_owners_follow_it_to_the_last_fen(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    open_accounts(&server, home).await;
    assert_eq!(balanced(&server, home).await, Fen(4_800_000));
    home.act(&server, Role::CommitteeDirector, Mutation::FundEnter(Enter { what: Income::Interest, amount: Fen(10_001), words: "结息回单".into() })).await.expect("entered");
    home.act(&server, Role::CommitteeDirector, Mutation::FundEnter(Enter { what: Income::Deposit { unit: home.units[0] }, amount: Fen(12_345), words: "续交".into() }))
        .await
        .expect("entered");
    assert_eq!(balanced(&server, home).await, Fen(4_822_346));

    // 02:40: reported; approved before breakfast; no vote and, for a pump, no paper.
    let night = now();
    let pump = at(&server, home, Role::PropertyManager, night, propose("水泵抢修", 19_800, Scope::All, Some(EmergencyCase::Pump))).await.expect("reported");
    let forbidden = at(&server, home, Role::PropertyManager, night, step(pump, 1, Step::Resolve, paper("", "应急 1", None))).await;
    assert_eq!(forbidden.err(), Some(AppError::Forbidden), "whoever proposes does not decide");
    let alone = at(&server, home, Role::CommitteeMember, night, step(pump, 1, Step::Resolve, paper("不用表决", "应急 1", None))).await;
    assert!(matches!(alone, Err(AppError::Closed { .. })), "no resolution before the committee has decided: {alone:?}");
    for role in [Role::CommitteeMember, Role::CommitteeDirector] {
        let word = Mutation::ApprovalWord(GiveWord { matter: pump, agrees: true, reason: String::new(), no_conflict: true });
        at(&server, home, role, night, word).await.expect("a word");
    }
    at(&server, home, Role::CommitteeMember, night, step(pump, 1, Step::Resolve, paper("不用表决", "应急 1", None))).await.expect("approved");
    assert_eq!(
        at(&server, home, Role::CommitteeMember, night, step(pump, 1, Step::Contract, paper("", "东泉", Some(18_600)))).await.err(),
        Some(AppError::Conflict { current: 2 })
    );
    let early = at(&server, home, Role::CommitteeMember, night, step(pump, 2, Step::Pay, Paper::default())).await;
    assert!(matches!(early, Err(AppError::Closed { .. })), "nothing is paid before it was accepted and checked: {early:?}");
    let dear = at(&server, home, Role::PropertyManager, night, step(pump, 2, Step::Contract, paper("", "东泉", Some(19_801)))).await;
    assert!(matches!(dear, Err(AppError::Invalid(_))), "the contract stays within what was decided");
    for (n, (role, next, with)) in [
        (Role::PropertyManager, Step::Contract, paper("", "东泉水泵厂 0417", Some(18_600))),
        (Role::CommitteeMember, Step::Accept, paper("试运行正常", "", None)),
        (Role::CommitteeMember, Step::Audit, paper("", "正衡造价", Some(17_850))),
        (Role::CommitteeMember, Step::Pay, Paper::default()),
        (Role::CommitteeMember, Step::ShowShares, Paper::default()),
    ]
    .into_iter()
    .enumerate()
    {
        at(&server, home, role, night, step(pump, 2 + n as i64, next, with)).await.unwrap_or_else(|e| panic!("{next:?}: {e:?}"));
    }
    let soon = at(&server, home, Role::CommitteeMember, night + 6 * DAY, step(pump, 7, Step::Close, Paper::default())).await;
    assert!(matches!(soon, Err(AppError::Closed { .. })), "the shares are shown for seven days");
    at(&server, home, Role::CommitteeMember, night + 7 * DAY, step(pump, 7, Step::Close, Paper::default())).await.expect("closed");
    assert_eq!(balanced(&server, home).await, Fen(4_822_346 - 1_785_000));
    let shares: i64 = fund_shares::Entity::find().filter(fund_shares::Column::CommunityId.eq(home.id.0)).all(&server.db().read).await.expect("reads").iter().map(|s| s.share).sum();
    assert_eq!(shares, 1_785_000, "the shares are the cost");

    // What everybody reads, what an owner reads of their own, and what nobody next door does.
    let public = server.browser();
    let list = public.get("/c/here/fund").await;
    assert!(list.says("水泵抢修") && list.says("30,373.46"), "{}", list.text);
    let number = list.text.split("/fund/uses/").nth(1).and_then(|s| s.split('"').next()).expect("a number").to_owned();
    let page = public.get(&format!("/c/here/fund/uses/{number}")).await;
    for words in ["应急维修", "水泵、水箱故障", "已办结", "17,850.00", "东泉水泵厂 0417"] {
        assert!(page.says(words), "{words}");
    }
    let mine = home.browser(&server, Role::Owner).await.get("/mine/fund").await;
    assert!(mine.says("您家分摊") && mine.says("总额 17,850.00 元"), "{}", mine.text);
    assert_eq!(home.browser(&server, Role::Tenant).await.get("/mine/fund").await.status, 403);
    let statement = public.get("/c/here/fund/buildings/12").await;
    assert!(statement.says("维修支出") && statement.says("-17,850.00"), "{}", statement.text);
    for what in ["case", "shares", "show_shares", "resolve"] {
        let printed = public.get(&format!("/print/fund/here/uses/{number}/{what}")).await;
        assert!(printed.status == 200 && printed.says("<svg") && printed.says("存证"), "{what}: {}", printed.text);
    }
    let (status, pdf) = public.bytes(&format!("/print/fund/here/uses/{number}/shares.pdf")).await;
    assert!(status == 200 && pdf.starts_with(b"%PDF-"));
    assert!(!public.get("/c/there/fund").await.says("水泵抢修"));
    assert_eq!(public.get(&format!("/c/there/fund/uses/{number}")).await.status, 404);
    assert_eq!(fund_entries::Entity::find().filter(fund_entries::Column::CommunityId.eq(town.there.id.0)).count(&server.db().read).await.expect("counts"), 0);
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_large_use_is_shown_and_waits_for_the_owners(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    open_accounts(&server, &home).await;
    let start = now();
    let roof = at(&server, &home, Role::PropertyManager, start, propose("屋面防水", 50_000, Scope::All, None)).await.expect("proposed");
    at(&server, &home, Role::PropertyManager, start, step(roof, 1, Step::ShowPlan, Paper::default())).await.expect("shown");
    let number = "WX-".to_owned();
    let list = server.browser().get("/c/here/fund").await;
    let number = list.text.split("/fund/uses/").nth(1).and_then(|s| s.split('"').next()).map_or(number, str::to_owned);

    // An owner says what they think, on the phone; the tenant has no say here.
    let owner = home.browser(&server, Role::Owner).await;
    let page = owner.get(&format!("/c/here/fund/uses/{number}")).await;
    let (id, subject) = (page.hidden_after("/forms/fund-opine", "id"), page.hidden_after("/forms/fund-opine", "subject"));
    let back = format!("/c/here/fund/uses/{number}");
    assert_eq!(owner.post("/forms/fund-opine", &[("id", &id), ("subject", &subject), ("back", &back), ("agrees", "1"), ("words", "支持")]).await.status, 303);
    assert!(owner.get(&back).await.says("同意 1 户"));
    assert_eq!(home.act(&server, Role::Tenant, Mutation::FundOpine(Opine { subject: roof, agrees: true, words: String::new() })).await.err(), Some(AppError::Forbidden));

    let early = at(&server, &home, Role::ResidentsCommittee, start + 7 * DAY + -1, step(roof, 2, Step::SumUp, paper("都同意", "", None))).await;
    assert!(matches!(early, Err(AppError::Closed { .. })), "seven days are seven days: {early:?}");
    at(&server, &home, Role::ResidentsCommittee, start + 7 * DAY, step(roof, 2, Step::SumUp, paper("都同意", "", None))).await.expect("summed up");
    let seen = view(&server.db().read, home.id, &number, None, app::i18n::Lang::Zh, start + 8 * DAY).await.expect("reads");
    assert!(seen.waits_for_owners);
    let case = server.browser().get(&format!("/print/fund/here/uses/{number}/case")).await;
    assert!(case.says("案卷") && case.says("三分之二"), "{}", case.text);

    // The committee cannot decide it; a vote that was not carried is no resolution; one that was is.
    let committee = at(&server, &home, Role::CommitteeDirector, start + 8 * DAY, step(roof, 3, Step::Resolve, paper("", "决议 1", None))).await;
    assert_eq!(committee.err(), Some(AppError::Forbidden));
    let vote = |yes| Paper {
        count: Some(Count { heads: 6, area: Area(60_000), part_heads: 4, part_area: Area(40_000), yes_heads: yes, yes_area: Area(30_000) }),
        ..paper("", "决议 1", None)
    };
    let lost = at(&server, &home, Role::ResidentsCommittee, start + 8 * DAY, step(roof, 3, Step::Resolve, vote(2))).await;
    assert!(matches!(lost, Err(AppError::Closed { .. })));
    at(&server, &home, Role::ResidentsCommittee, start + 8 * DAY, step(roof, 3, Step::Resolve, vote(3))).await.expect("resolved");
    // More than there is: it is refused until somebody says who advances the money.
    let later = start + 20 * DAY;
    at(&server, &home, Role::CommitteeMember, later, step(roof, 4, Step::Contract, paper("", "甲公司", Some(50_000)))).await.expect("contracted");
    at(&server, &home, Role::CommitteeMember, later, step(roof, 5, Step::Accept, paper("合格", "", None))).await.expect("accepted");
    at(&server, &home, Role::CommitteeMember, later, step(roof, 6, Step::Audit, paper("", "乙公司", Some(50_000)))).await.expect("checked");
    let short = at(&server, &home, Role::CommitteeMember, later, step(roof, 7, Step::Pay, Paper::default())).await;
    assert!(matches!(short, Err(AppError::Closed { .. })), "never below zero without saying so: {short:?}");
    at(&server, &home, Role::CommitteeMember, later, step(roof, 7, Step::Pay, paper("施工单位同意延期收 2,000 元", "", None))).await.expect("paid");
    assert_eq!(balanced(&server, &home).await, Fen(-200_000));
    assert!(server.browser().get("/c/here/fund").await.says("施工单位同意延期"));
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn without_the_committees_word_the_district_steps_in_after_seven_days(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let start = now();
    let leak = at(&server, &home, Role::PropertyManager, start, propose("外墙渗漏", 90_000, Scope::All, Some(EmergencyCase::Leak))).await.expect("reported");
    let bare = at(&server, &home, Role::CommitteeMember, start, step(leak, 1, Step::Resolve, paper("", "应急 2", None))).await;
    assert!(matches!(bare, Err(AppError::Closed { .. })), "this case needs an expert's opinion: {bare:?}");
    let word = || Mutation::FundStepIn(StepIn { subject: leak, version: 1, words: "区房管〔2026〕12 号".into() });
    assert!(matches!(at(&server, &home, Role::ResidentsCommittee, start + 7 * DAY + -1, word()).await, Err(AppError::Closed { .. })));
    assert_eq!(at(&server, &home, Role::PropertyManager, start + 7 * DAY, word()).await.err(), Some(AppError::Forbidden));
    at(&server, &home, Role::ResidentsCommittee, start + 7 * DAY, word()).await.expect("stepped in");
    at(&server, &home, Role::PropertyManager, start + 8 * DAY, step(leak, 2, Step::Contract, paper("", "区指定单位", Some(80_000)))).await.expect("goes on");
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn common_income_is_kept_with_vouchers_and_published_by_quarter(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let present = quarter_of(now(), 480);
    let last = quarters(now(), 480, 2)[1].clone();
    let manager = home.browser(&server, Role::PropertyManager).await;
    let address = format!("/desk/income?quarter={last}");
    let page = manager.get(&address).await;
    let id = page.hidden_after("/forms/income-enter", "id");
    let rest = [("back", address.as_str()), ("quarter", last.as_str()), ("line", "parking"), ("amount", "1,860.00"), ("words", "停车费")];
    let fields = |id, voucher| [&[("id", id), ("voucher", voucher)], &rest[..]].concat();
    let refused = manager.post_files("/forms/income-enter", &fields(&id, ""), &[("file", super::bench_to_repair::picture(9))]).await;
    assert!(refused.status == 422 && refused.says("每一笔都要有凭证号") && refused.says("1,860.00"), "{}", refused.text);
    // The form that comes back has an id of its own, and the photo that it brought.
    let (id, photo) = (refused.hidden_after("/forms/income-enter", "id"), refused.hidden_after("/forms/income-enter", "photo"));
    let again = [&fields(&id, "收据 12")[..], &[("photo", photo.as_str())]].concat();
    let done = manager.post_files("/forms/income-enter", &again, &[]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    home.act(
        &server,
        Role::PropertyManager,
        Mutation::IncomeEnter(EnterIncome { line: Line::Advertising, amount: Fen(50_000), words: "电梯广告".into(), voucher: "2".into(), photo: None, quarter: last.clone() }),
    )
    .await
    .expect("entered");

    // The voucher is for everybody to see; a mistake is taken back in red and both stay.
    let ledger = format!("/c/here/income?quarter={last}");
    let seen = server.browser().get(&ledger).await;
    assert!(seen.says("2,360.00") && seen.says("收据 12") && seen.says("/photos/"), "{}", seen.text);
    let photo = seen.text.split("src=\"/photos/").nth(1).and_then(|s| s.split('"').next()).expect("a photo").to_owned();
    assert_eq!(server.browser().bytes(&format!("/photos/{photo}")).await.0, 200);
    let desk = manager.get(&address).await;
    let entry = desk.hidden_after("/forms/income-reverse", "entry");
    let red = MutationId::new().to_string();
    assert_eq!(manager.post("/forms/income-reverse", &[("id", &red), ("back", &address), ("entry", &entry), ("reason", "金额写错")]).await.status, 303);
    let again = home.act(&server, Role::PropertyManager, Mutation::IncomeReverse(Reverse { entry: entry.parse().expect("an id"), reason: "再冲".into() })).await;
    assert!(matches!(again, Err(AppError::Closed { .. })));
    let seen = server.browser().get(&ledger).await;
    assert!(seen.says("-1,860.00") && seen.says("金额写错") && seen.says("500.00"), "{}", seen.text);

    // Published once, by the committee, when the quarter is over; what is corrected later stands beside it.
    assert_eq!(home.act(&server, Role::PropertyManager, Mutation::IncomePublish(Publish { quarter: last.clone() })).await.err(), Some(AppError::Forbidden));
    assert!(home.act(&server, Role::CommitteeDirector, Mutation::IncomePublish(Publish { quarter: present })).await.is_err());
    home.act(&server, Role::CommitteeDirector, Mutation::IncomePublish(Publish { quarter: last.clone() })).await.expect("published");
    assert!(home.act(&server, Role::CommitteeDirector, Mutation::IncomePublish(Publish { quarter: last.clone() })).await.is_err());
    home.act(
        &server,
        Role::PropertyManager,
        Mutation::IncomeEnter(EnterIncome { line: Line::Venue, amount: Fen(100), words: "补记".into(), voucher: "3".into(), photo: None, quarter: last.clone() }),
    )
    .await
    .expect("entered");
    let seen = server.browser().get(&ledger).await;
    assert!(seen.says("已公布") && seen.says("之后又有更正"), "{}", seen.text);
    let (status, pdf) = server.browser().bytes(&format!("/print/income/here/{last}.pdf")).await;
    assert!(status == 200 && pdf.starts_with(b"%PDF-"));
    assert!(!server.browser().get(&format!("/c/there/income?quarter={last}")).await.says("收据 12"));
}

/// Every kind of these rooms, tried by every role at home: who may, and who is refused before anything is looked up.
#[tokio::test(flavor = "multi_thread")]
async fn who_may_touch_the_money() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let quarter = quarter_of(now(), 480);
    for role in Role::ALL {
        let committee = role.is_committee();
        let manager = role == Role::PropertyManager;
        let tries = [
            (Mutation::FundEnter(Enter { what: Income::Deposit { unit: home.units[0] }, amount: Fen(1), words: "x".into() }), committee),
            (Mutation::FundOpening(ConfirmOpening { import: Uuid::now_v7() }), committee),
            (propose("小修", 100, Scope::All, None), committee || manager),
            (Mutation::FundOpine(Opine { subject: Uuid::now_v7(), agrees: true, words: String::new() }), role == Role::Owner),
            (Mutation::FundStepIn(StepIn { subject: Uuid::now_v7(), version: 1, words: "文号".into() }), role == Role::ResidentsCommittee),
            (
                Mutation::IncomeEnter(EnterIncome { line: Line::Parking, amount: Fen(1), words: "停车".into(), voucher: "1".into(), photo: None, quarter: quarter.clone() }),
                committee || manager,
            ),
            (Mutation::IncomeReverse(Reverse { entry: Uuid::now_v7(), reason: "x".into() }), committee || manager),
            (Mutation::IncomePublish(Publish { quarter: quarter.clone() }), committee),
        ];
        for (mutation, may) in tries {
            let kind = mutation.kind();
            let verdict = home.act(&server, role, mutation).await;
            assert_eq!(verdict.as_ref().err() != Some(&AppError::Forbidden), may, "{role:?} {kind}: {verdict:?}");
        }
    }
}

/// What somebody tries on what is not theirs.
pub fn foreign(there: &Home) -> Vec<Mutation> {
    vec![
        Mutation::FundEnter(Enter { what: Income::Deposit { unit: there.units[0] }, amount: Fen(1), words: "越界".into() }),
        Mutation::FundOpening(ConfirmOpening { import: Uuid::now_v7() }),
        step(Uuid::now_v7(), 1, Step::ShowPlan, Paper::default()),
        Mutation::FundOpine(Opine { subject: Uuid::now_v7(), agrees: true, words: String::new() }),
        Mutation::FundStepIn(StepIn { subject: Uuid::now_v7(), version: 1, words: "越界".into() }),
        Mutation::IncomeReverse(Reverse { entry: Uuid::now_v7(), reason: "越界".into() }),
    ]
}
