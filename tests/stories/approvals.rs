//! Decisions of the owners' committee: by more than half of all members, in the open, and nobody judges their own matter.

use app::error::AppError;
use app::ids::{MutationId, PlaceId, QuoteId, TicketId};
use app::measure::{Fen, HOUR};
use app::mutation::{Mutation, Outcome};
use app::rooms::approvals::entity::{matter_members, matters};
use app::rooms::approvals::model::{Declare, GiveWord, HoldMeeting};
use app::rooms::communities::rules::Setting;
use app::rooms::fund::entity::fund_uses;
use app::rooms::fund::model::{Advance as FundAdvance, Outline, Paper, Propose, Scope};
use app::rooms::fund::rules::Step as FundStep;
use app::rooms::people::model::Role;
use app::rooms::places::entity::places;
use app::rooms::tickets::entity::{prices, tickets};
use app::rooms::tickets::model::{Advance, Part, Quote, QuoteLine, Report, State, Step};
use harness::{Backend, Browser, Home, Server, now};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use uuid::Uuid;

async fn row(server: &Server, ticket: TicketId) -> tickets::Model {
    tickets::Entity::find().filter(tickets::Column::Id.eq(ticket.0)).one(&server.db().read).await.expect("reads").expect("a ticket")
}

async fn matter(server: &Server, id: Uuid) -> matters::Model {
    matters::Entity::find().filter(matters::Column::Id.eq(id)).one(&server.db().read).await.expect("reads").expect("a matter")
}

async fn step(server: &Server, home: &Home, role: Role, ticket: TicketId, step: Step) -> Result<State, AppError> {
    let version = row(server, ticket).await.version;
    home.act(server, role, Mutation::TicketAdvance(Advance { ticket, version, step })).await?;
    Ok(State::from_code(&row(server, ticket).await.state).expect("a state"))
}

/// A ticket that was taken on, at the estate's place or another one.
async fn taken_on(server: &Server, home: &Home, place: Option<PlaceId>, text: &str, part: Part) -> TicketId {
    let tag = place.is_none().then(|| home.tag.clone());
    let report = Report { tag, place, category: None, text: text.into(), photos: vec![], contact: None };
    let Outcome::Done { subject: Some(id), .. } = home.act(server, Role::Owner, Mutation::TicketReport(report)).await.expect("reported").outcome else { panic!("no ticket") };
    step(server, home, Role::Dispatcher, TicketId(id), Step::Accept { part }).await.expect("taken on");
    TicketId(id)
}

/// Asks for money; the quote's id, which is also the matter's.
async fn ask(server: &Server, home: &Home, ticket: TicketId, yuan: i64) -> Uuid {
    let line = QuoteLine { labour: true, name: "修理".into(), quantity: 1, unit_price: Fen(yuan * 100) };
    step(server, home, Role::Dispatcher, ticket, Step::Quote(Quote::of(vec![line]))).await.expect("quoted");
    row(server, ticket).await.quote_id.expect("a quote")
}

fn word(matter: Uuid, agrees: bool) -> Mutation {
    let reason = if agrees { "" } else { "太贵" };
    Mutation::ApprovalWord(GiveWord { matter, agrees, reason: reason.into(), no_conflict: true })
}

async fn agreed(server: &Server, home: &Home, matter: Uuid) {
    for role in [Role::CommitteeMember, Role::CommitteeDirector] {
        home.act(server, role, word(matter, true)).await.expect("a word");
    }
}

async fn place(server: &Server, home: &Home, n: i64) -> PlaceId {
    let id = PlaceId::new();
    let row = places::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(id.0),
        name: Set(format!("花坛 {n}")),
        kind: Set("road".into()),
        building_id: Set(None),
        x: Set(n),
        y: Set(500),
        ordinal: Set(100 + n),
    };
    places::Entity::insert(row).exec_without_returning(&server.db().write).await.expect("a place");
    id
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_split_job_is_caught(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let first = taken_on(&server, home, None, "花岗岩台阶碎了", Part::PartlyCommon).await;
    let quote = ask(&server, home, first, 15_000).await;
    // An old page decides nothing alone: its step is that member's word.
    let approve = || Step::Approve { quote: QuoteId(quote) };
    assert_eq!(step(&server, home, Role::CommitteeMember, first, approve()).await, Ok(State::AwaitingApproval));
    assert_eq!(matter(&server, quote).await.state, "open");
    assert_eq!(step(&server, home, Role::CommitteeDirector, first, approve()).await, Ok(State::Accepted));
    assert_eq!(matter(&server, quote).await.state, "agreed");

    // The rest of the same job, quoted as another one: the owners concerned decide, and everybody reads why.
    let second = taken_on(&server, home, None, "台阶另一半", Part::PartlyCommon).await;
    ask(&server, home, second, 6_000).await;
    let (one, two) = (row(&server, first).await, row(&server, second).await);
    assert_eq!((two.state.as_str(), two.open_tier.as_deref()), ("awaiting_approval", Some("affected")));
    let page = format!("/c/here/t/{}", two.number);
    let committee = home.browser(&server, Role::CommitteeMember).await;
    for (browser, path) in [(server.browser(), page.clone()), (committee, format!("/desk/tickets/approvals?t={}", two.number))] {
        let seen = browser.get(&path).await;
        for words in ["15,000", "加上这次共 21,000.00 元", "要相关业主表决", &format!("href=\"/c/here/t/{}\"", one.number), "/case"] {
            assert!(seen.says(words), "{path} says {words}: {}", seen.text);
        }
    }
    // The case file for their vote.
    let case = format!("/print/tickets/here/{}/case", two.number);
    let printed = server.browser().get(&case).await;
    for words in ["维修事项案卷", "15,000.00", "三分之二", "存证", "<svg", &one.number] {
        assert!(printed.says(words), "{words}: {}", printed.text);
    }
    let (status, pdf) = server.browser().bytes(&format!("{case}.pdf")).await;
    assert!(status == 200 && pdf.starts_with(b"%PDF-"));
    assert_eq!(server.browser().get(&format!("/print/tickets/here/{}/case", one.number)).await.status, 404, "what the committee decided needs no vote");
    assert_eq!(server.browser().get(&format!("/print/tickets/there/{}/case", two.number)).await.status, 404);
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_member_with_a_conflict(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let third = home.person(&server, Role::CommitteeMember, None, "13700000003").await;
    let ticket = taken_on(&server, home, None, "凉亭漏雨", Part::Common).await;
    let id = ask(&server, home, ticket, 5_000).await;
    // Whoever becomes a member later is not on the roll.
    home.person(&server, Role::CommitteeMember, None, "13700000004").await;

    let browser = server.browser();
    assert_eq!(browser.sign_in(&third.phone, harness::town::SECRET).await.status, 303);
    let seen = browser.get("/desk/decisions").await;
    assert!(seen.says("等您表态") && seen.says("5,000.00"), "{}", seen.text);
    let field = |name: &str| seen.hidden_after("/forms/decision-declare", name);
    let (form, back) = (field("id"), field("back"));
    let id_text = id.to_string();
    let bare = browser.post("/forms/decision-declare", &[("id", &form), ("matter", &id_text), ("back", &back), ("asked", "declare"), ("reason", "")]).await;
    assert!(bare.status == 422 && bare.says("请写明是什么利害关系"), "{}", bare.text);
    let form = MutationId::new().to_string();
    let declared = browser.post("/forms/decision-declare", &[("id", &form), ("matter", &id_text), ("back", &back), ("asked", "declare"), ("reason", "施工队是我弟弟的")]).await;
    assert_eq!(declared.status, 303, "{}", declared.text);
    let form = MutationId::new().to_string();
    let tried = browser.post("/forms/decision-word", &[("id", &form), ("matter", &id_text), ("back", &back), ("asked", "word"), ("no_conflict", "1"), ("agrees", "1")]).await;
    assert!(tried.status == 410 && tried.says("您已回避"), "an excluded member has no word: {}", tried.text);

    // Until it is decided nobody reads the words of the others.
    home.act(&server, Role::CommitteeMember, word(id, true)).await.expect("a word");
    let number = matter(&server, id).await.number;
    let page = format!("/c/here/decisions/{number}");
    let public = server.browser();
    let open = public.get(&page).await;
    assert!(open.says("正在征求") && open.says("已表态") && !open.says("施工队是我弟弟的"), "{}", open.text);
    assert_eq!(public.get(&format!("/print/decisions/here/{number}")).await.status, 404, "nothing to sign yet");
    home.act(&server, Role::CommitteeDirector, word(id, true)).await.expect("a word");
    assert_eq!(row(&server, ticket).await.state, "accepted", "the decision moves the ticket on");
    let late = home.act(&server, Role::CommitteeMember, word(id, false)).await;
    assert!(matches!(late, Err(AppError::Closed { .. })), "a decision is final: {late:?}");

    let seen = public.get(&page).await;
    for words in ["3 位委员，1 位回避，需 2 位同意：2 同意，0 不同意", "施工队是我弟弟的", "王*", "已在 3 天内公布", "第 26 条"] {
        assert!(seen.says(words), "{words}: {}", seen.text);
    }
    assert!(!seen.says("王业委会委员"), "names are masked");
    assert!(public.get("/c/here/decisions").await.says(&number) && public.get("/c/here/open").await.says("/c/here/decisions"));
    let printed = public.get(&format!("/print/decisions/here/{number}")).await;
    assert!(printed.says("业主委员会书面决定") && printed.says("签名") && printed.says("存证") && printed.says("<svg"), "{}", printed.text);
    let (status, pdf) = public.bytes(&format!("/print/decisions/here/{number}.pdf")).await;
    assert!(status == 200 && pdf.starts_with(b"%PDF-"));
    assert!(home.browser(&server, Role::ResidentsCommittee).await.get("/desk/messages").await.says(&number), "the residents' committee is told");

    // The other community sees nothing of it; there one of two is excluded, so that the owners decide.
    assert!(!public.get("/c/there/decisions").await.says(&number));
    for path in [format!("/c/there/decisions/{number}"), format!("/print/decisions/there/{number}")] {
        assert_eq!(public.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(town.there.browser(&server, Role::CommitteeMember).await.get(&format!("/desk/decisions?d={number}")).await.status, 404);
    let other = taken_on(&server, &town.there, None, "围墙裂了", Part::Common).await;
    let there = ask(&server, &town.there, other, 5_000).await;
    let declare = Mutation::ApprovalDeclare(Declare { matter: there, conflict: true, reason: "我是承包人".into() });
    town.there.act(&server, Role::CommitteeMember, declare).await.expect("declared");
    assert_eq!((matter(&server, there).await.state.as_str(), row(&server, other).await.open_tier.as_deref()), ("owners", Some("owners")));
    let seen = public.get(&format!("/c/there/t/{}", row(&server, other).await.number)).await;
    assert!(seen.says("回避的委员太多") && seen.says("要业主表决"), "{}", seen.text);
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_has_more_than_half_of_all_members(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let third = home.person(&server, Role::CommitteeMember, None, "13700000003").await;
    let ticket = taken_on(&server, &home, None, "凉亭漏雨", Part::Common).await;
    let id = ask(&server, &home, ticket, 5_000).await;
    let (member, director) = (home.who(Role::CommitteeMember).person, home.who(Role::CommitteeDirector).person);
    let meet = |present: Vec<_>| Mutation::ApprovalMeeting(HoldMeeting { matter: id, at: now(), place: "居委会会议室".into(), present });
    let few = home.act(&server, Role::CommitteeDirector, meet(vec![director])).await;
    assert!(matches!(&few, Err(AppError::Invalid(f)) if f[0].field == "present"), "{few:?}");
    // Whoever is not on the roll is not there, however often they are named.
    let strangers = home.act(&server, Role::CommitteeDirector, meet(vec![director, director, home.who(Role::PropertyManager).person])).await;
    assert!(matches!(strangers, Err(AppError::Invalid(_))), "{strangers:?}");
    let future = HoldMeeting { matter: id, at: now() + HOUR, place: "居委会".into(), present: vec![director, member] };
    assert!(matches!(home.act(&server, Role::CommitteeDirector, Mutation::ApprovalMeeting(future)).await, Err(AppError::Invalid(_))));
    home.act(&server, Role::CommitteeDirector, meet(vec![director, member])).await.expect("met");
    let absent = server.browser();
    absent.sign_in(&third.phone, harness::town::SECRET).await;
    let seen = absent.get("/desk/decisions").await;
    assert!(seen.says("您没有到会") && !seen.says("/forms/decision-word"), "{}", seen.text);
    let id_text = id.to_string();
    let tried = absent
        .post("/forms/decision-word", &[("id", &MutationId::new().to_string()), ("matter", &id_text), ("back", "/desk/decisions"), ("no_conflict", "1"), ("agrees", "1")])
        .await;
    assert_eq!(tried.status, 410, "only those who were there give a word: {}", tried.text);
    agreed(&server, &home, id).await;
    let number = matter(&server, id).await.number;
    let seen = server.browser().get(&format!("/print/decisions/here/{number}")).await;
    assert!(seen.says("业主委员会会议记录") && seen.says("居委会会议室") && seen.says("没有到会"), "{}", seen.text);
    // In writing, once words were given: no meeting any more.
    let other = taken_on(&server, &home, Some(place(&server, &home, 1).await), "花坛塌了", Part::Common).await;
    let written = ask(&server, &home, other, 3_000).await;
    home.act(&server, Role::CommitteeMember, word(written, true)).await.expect("a word");
    let mixed = HoldMeeting { matter: written, at: now(), place: "居委会".into(), present: vec![director, member] };
    assert!(matches!(home.act(&server, Role::CommitteeDirector, Mutation::ApprovalMeeting(mixed)).await, Err(AppError::Closed { .. })));
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn above_the_committees_year_the_owners_decide(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    let cap = Setting { key: "approval.committee_year_fen".into(), value: 1_000_000, source: "规约".into(), from: String::new(), until: String::new() };
    home.act(&server, Role::Administrator, Mutation::CommunitySetting(cap)).await.expect("set");
    let mut waiting = Vec::new();
    for (n, yuan) in [(1, 6_000), (2, 4_500)] {
        let ticket = taken_on(&server, &home, Some(place(&server, &home, n).await), &format!("花坛 {n}"), Part::Common).await;
        waiting.push((ticket, ask(&server, &home, ticket, yuan).await));
    }
    // Side by side both are the committee's; when one is agreed to, the other has become too much for the year.
    assert_eq!(row(&server, waiting[1].0).await.open_tier.as_deref(), Some("committee"));
    agreed(&server, &home, waiting[0].1).await;
    assert_eq!((matter(&server, waiting[1].1).await.state.as_str(), row(&server, waiting[1].0).await.open_tier.as_deref()), ("owners", Some("owners")));
    let seen = server.browser().get(&format!("/c/here/t/{}", row(&server, waiting[1].0).await.number)).await;
    assert!(seen.says("业委会今年已同意 6,000 元，加上这笔超过一年 10,000 元的上限：要业主表决"), "{}", seen.text);
    assert!(matches!(home.act(&server, Role::CommitteeMember, word(waiting[1].1, true)).await, Err(AppError::Closed { .. })));

    // A use of the fund counts together with the quotes: before it, and after it.
    let propose = |yuan: i64| {
        let outline = Outline { works: "换道闸".into(), reason: "坏了".into(), ..Outline::default() };
        Mutation::FundPropose(Propose { title: "道闸".into(), budget: Fen(yuan * 100), scope: Scope::All, outline, emergency: None, photos: vec![] })
    };
    let mut deciders = Vec::new();
    for yuan in [4_001, 3_000] {
        let Outcome::Done { subject: Some(id), .. } = home.act(&server, Role::PropertyManager, propose(yuan)).await.expect("proposed").outcome else { panic!("no use") };
        deciders.push(fund_uses::Entity::find().filter(fund_uses::Column::Id.eq(id)).one(&server.db().read).await.expect("reads").expect("a use"));
    }
    assert_eq!([deciders[0].decider.as_str(), &deciders[1].decider], ["owners", "committee"]);
    // 6,000 of quotes and 3,000 of the fund leave 1,000, which is below what the property company decides anyway.
    use sea_orm::sea_query::Expr;
    let resolved = fund_uses::Entity::update_many().col_expr(fund_uses::Column::ResolvedAt, Expr::value(now().0)).filter(fund_uses::Column::Id.eq(deciders[1].id));
    resolved.exec(&server.db().write).await.expect("changes");
    let ticket = taken_on(&server, &home, Some(place(&server, &home, 3).await), "花坛 3", Part::Common).await;
    ask(&server, &home, ticket, 2_500).await;
    assert_eq!(row(&server, ticket).await.open_tier.as_deref(), Some("owners"));
}

/// The committee's own use of the fund: whoever proposed it does not decide it, and nothing is resolved without a decision.
#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_proposes_a_use_does_not_decide_it(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let home = server.town().await.here;
    for phone in ["13700000003", "13700000004"] {
        home.person(&server, Role::CommitteeMember, None, phone).await;
    }
    let outline = Outline { works: "换道闸".into(), reason: "坏了".into(), ..Outline::default() };
    let propose = Propose { title: "道闸换新".into(), budget: Fen(1_500_000), scope: Scope::All, outline, emergency: None, photos: vec![] };
    let Outcome::Done { subject: Some(id), .. } = home.act(&server, Role::CommitteeDirector, Mutation::FundPropose(propose)).await.expect("proposed").outcome else {
        panic!("no use")
    };
    let advance = |version, step, paper: Paper| Mutation::FundAdvance(FundAdvance { subject: id, version, step, paper });
    home.act(&server, Role::CommitteeDirector, advance(1, FundStep::ShowPlan, Paper::default())).await.expect("shown");
    use sea_orm::sea_query::Expr;
    fund_uses::Entity::update_many().col_expr(fund_uses::Column::ShownSince, Expr::value(now().0 - 8 * 24 * HOUR)).exec(&server.db().write).await.expect("changes");
    home.act(&server, Role::ResidentsCommittee, advance(2, FundStep::SumUp, Paper { words: "无异议".into(), ..Paper::default() })).await.expect("summed up");
    let own = home.act(&server, Role::CommitteeDirector, word(id, true)).await;
    assert!(matches!(own, Err(AppError::Closed { .. })), "the proposer is excluded: {own:?}");
    let resolve = || advance(3, FundStep::Resolve, Paper { reference: "YW".into(), ..Paper::default() });
    assert!(matches!(home.act(&server, Role::CommitteeMember, resolve()).await, Err(AppError::Closed { .. })));
    home.act(&server, Role::CommitteeMember, word(id, true)).await.expect("a word");
    for phone in ["13700000003", "13700000004"] {
        let browser = server.browser();
        browser.sign_in(phone, harness::town::SECRET).await;
        let id_text = id.to_string();
        let said = browser
            .post("/forms/decision-word", &[("id", &MutationId::new().to_string()), ("matter", &id_text), ("back", "/desk/decisions"), ("no_conflict", "1"), ("agrees", "1")])
            .await;
        assert_eq!(said.status, 303, "{}", said.text);
    }
    let number = matter(&server, id).await.number;
    let use_number = matter(&server, id).await.subject_number;
    let page = home.browser(&server, Role::CommitteeMember).await.get(&format!("/c/here/fund/uses/{use_number}")).await;
    assert!(page.says(&format!("/c/here/decisions/{number}")) && page.says(&format!("value=\"{number}\"")), "{}", page.text);
    let decision = server.browser().get(&format!("/c/here/decisions/{number}")).await;
    assert!(decision.says("4 位委员，1 位回避，需 3 位同意：3 同意，0 不同意") && decision.says("提出人，自动回避"), "{}", decision.text);
    home.act(&server, Role::CommitteeMember, resolve()).await.expect("resolved");
}

/// Fields of the quote's form: three offers, each with a bench and, but for the last, its work.
const OFFERS: &[(&str, &str)] = &[
    ("supplier", "甲园林公司"),
    ("of", "0"),
    ("kind", "material"),
    ("name", "防腐木椅"),
    ("quantity", "6"),
    ("price", "1000"),
    ("of", "0"),
    ("kind", "labour"),
    ("name", "安装"),
    ("quantity", "1"),
    ("price", "600"),
    ("supplier", "乙五金公司"),
    ("of", "1"),
    ("kind", "material"),
    ("name", " 防腐木椅 "),
    ("quantity", "6"),
    ("price", "950"),
    ("of", "1"),
    ("kind", "labour"),
    ("name", "安装"),
    ("quantity", "1"),
    ("price", "700"),
    ("supplier", "丙维修部"),
    ("of", "2"),
    ("kind", "material"),
    ("name", "防腐木椅"),
    ("quantity", "6"),
    ("price", "1200"),
    ("of", "2"),
    ("kind", "material"),
    ("name", ""),
    ("quantity", ""),
    ("price", ""),
    ("recommended", "0"),
];

/// The hidden fields of a step's form on a desk's page.
async fn hidden(browser: &Browser, page: &str, step: &str) -> Vec<(&'static str, String)> {
    let seen = browser.get(page).await;
    let at = seen.text.find(&format!("name=\"step\" value=\"{step}\"")).unwrap_or_else(|| panic!("no {step} on {page}: {}", seen.text));
    let form = &seen.text[seen.text[..at].rfind("<form").expect("a form")..];
    let value = |name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        form[form.find(&mark).expect("a field") + mark.len()..].split('"').next().unwrap_or_default().replace("&amp;", "&")
    };
    ["id", "ticket", "number", "version", "back"].map(|name| (name, value(name))).to_vec()
}

async fn send(browser: &Browser, hidden: &[(&'static str, String)], step: &str, more: &[(&str, &str)]) -> harness::browser::Seen {
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("step", step));
    fields.extend(more);
    browser.post("/forms/advance", &fields).await
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn offers_are_compared_decided_and_settled_without_a_script(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let ticket = taken_on(&server, home, None, "休闲椅都烂了", Part::Common).await;
    let number = row(&server, ticket).await.number;
    let desk = home.browser(&server, Role::Dispatcher).await;
    let page = format!("/desk/tickets/open?t={number}");
    assert!(desk.get(&page).await.says("offers=3"), "how many offers is a link");
    let fields = hidden(&desk, &format!("{page}&offers=3"), "quote").await;
    // Without a reason it is refused, and what was typed is there.
    let refused = send(&desk, &fields, "quote", &[OFFERS, &[("why", "")]].concat()).await;
    assert!(refused.status == 422 && refused.says("请写推荐这一家的理由") && refused.says("乙五金公司") && refused.says("1200"), "{}", refused.text);
    let fields = hidden(&desk, &format!("{page}&offers=3"), "quote").await;
    let sent = send(&desk, &fields, "quote", &[OFFERS, &[("why", "有现货，保修五年")]].concat()).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let public = server.browser();
    let ticket_page = format!("/c/here/t/{number}");
    let seen = public.get(&ticket_page).await;
    for words in ["甲园林公司", "乙五金公司", "丙维修部", "最低", "推荐", "有现货，保修五年", "推荐的不是最低价，比最低的一家贵 200 元", "6,600.00", "业委会书面同意"]
    {
        assert!(seen.says(words), "{words}: {}", seen.text);
    }

    // On a member's one screen: the offers and the word; refused without the declaration, and without a reason against it.
    let member = home.browser(&server, Role::CommitteeMember).await;
    let seen = member.get("/desk/decisions").await;
    assert!(seen.says("等您表态") && seen.says("甲园林公司") && seen.says("同意，签字"), "{}", seen.text);
    let (matter_id, back) = (seen.hidden_after("/forms/decision-word", "matter"), seen.hidden_after("/forms/decision-word", "back"));
    for (no_conflict, agrees, reason, says) in [("0", "1", "很好", "请先申报"), ("1", "0", "", "不同意请写一句理由")] {
        let id = MutationId::new().to_string();
        let fields = [("id", id.as_str()), ("matter", &matter_id), ("back", &back), ("asked", "word"), ("no_conflict", no_conflict), ("agrees", agrees), ("reason", reason)];
        let refused = member.post("/forms/decision-word", &fields).await;
        assert!(refused.status == 422 && refused.says(says) && refused.says(reason), "{says}: {}", refused.text);
    }
    // They change their mind before it is decided; the last word counts.
    let id: Uuid = matter_id.parse().expect("an id");
    assert_eq!(home.act(&server, Role::CommitteeMember, word(id, true)).await.map(|_| ()), Ok(()));
    assert!(member.get("/desk/decisions").await.says("您已同意"));
    agreed(&server, home, id).await;
    assert!(!member.get("/desk/decisions").await.says("等您表态</span>"));
    let rows = matter_members::Entity::find().filter(matter_members::Column::MatterId.eq(id)).count(&server.db().read).await.expect("counts");
    assert_eq!(rows, 2, "one word per member");

    // Done, and settled: not above what was approved; shown beside the quote.
    let worker = home.who(Role::Worker).person;
    step(&server, home, Role::Dispatcher, ticket, Step::Assign { worker }).await.expect("assigned");
    step(&server, home, Role::Worker, ticket, Step::Arrive).await.expect("there");
    let browser = home.browser(&server, Role::Worker).await;
    let done = hidden(&browser, &ticket_page, "finish").await;
    let fields: Vec<(&str, &str)> = done.iter().map(|(n, v)| (*n, v.as_str())).chain([("step", "finish"), ("note", "换好了")]).collect();
    assert_eq!(browser.post_files("/forms/advance", &fields, &[("after-0", super::bench_to_repair::picture(7))]).await.status, 303);
    let bill = |price| [("kind", "material"), ("name", "防腐木椅"), ("quantity", "6"), ("price", price), ("kind", "labour"), ("name", "安装"), ("quantity", "1"), ("price", "500")];
    let fields = hidden(&desk, &page_of(&number), "settle").await;
    let dear = send(&desk, &fields, "settle", &bill("1100")).await;
    assert!(dear.status == 422 && dear.says("超过已同意的 6,600.00 元") && dear.says("补报价"), "{}", dear.text);
    let fields = hidden(&desk, &page_of(&number), "settle").await;
    assert_eq!(send(&desk, &fields, "settle", &bill("1000")).await.status, 303);
    let seen = public.get(&ticket_page).await;
    assert!(seen.says("结算") && seen.says("6,500.00") && seen.says("-100.00"), "{}", seen.text);

    // The next quote knows what the same thing cost; the other community does not.
    let next = taken_on(&server, home, Some(place(&server, home, 1).await), "又一张椅子", Part::Common).await;
    let next_page = page_of(&row(&server, next).await.number);
    let seen = desk.get(&next_page).await;
    assert!(seen.says("<datalist") && seen.says("上次 1,000 元") && seen.says("list=\"items\""), "{}", seen.text);
    let chair = QuoteLine { labour: false, name: "防腐木椅".into(), quantity: 3, unit_price: Fen(130_000) };
    step(&server, home, Role::Dispatcher, next, Step::Quote(Quote::of(vec![chair]))).await.expect("quoted");
    let seen = member.get("/desk/decisions").await;
    assert!(seen.says("上次 1,000 元") && seen.says(&number), "the committee sees what it cost before: {}", seen.text);
    let there = town.there.browser(&server, Role::Dispatcher).await;
    let other = taken_on(&server, &town.there, None, "椅子", Part::Common).await;
    assert!(!there.get(&page_of(&row(&server, other).await.number)).await.says("防腐木椅"));
    assert_eq!(prices::Entity::find().filter(prices::Column::CommunityId.eq(town.there.id.0)).count(&server.db().read).await.expect("counts"), 0);
}

fn page_of(number: &str) -> String {
    format!("/desk/tickets/open?t={number}")
}

/// Every kind of this room, tried by every role at home.
#[tokio::test(flavor = "multi_thread")]
async fn who_may_decide() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    for role in Role::ALL {
        for mutation in foreign() {
            let kind = mutation.kind();
            let verdict = home.act(&server, role, mutation).await;
            assert_eq!(verdict.err(), Some(if role.is_committee() { AppError::NotFound } else { AppError::Forbidden }), "{role:?} {kind}");
        }
        // The desk's page is for those who see the desk.
        let sees = role.is_property() || role.is_committee() || matches!(role, Role::ResidentsCommittee | Role::PartyBranch | Role::Auditor);
        assert_eq!(home.browser(&server, role).await.get("/desk/decisions").await.status == 200, sees, "{role:?}");
    }
}

/// What somebody tries on what is not there, or not theirs.
pub fn foreign() -> Vec<Mutation> {
    let matter = Uuid::now_v7();
    vec![
        Mutation::ApprovalDeclare(Declare { matter, conflict: true, reason: "越界".into() }),
        word(matter, true),
        Mutation::ApprovalMeeting(HoldMeeting { matter, at: now(), place: "越界".into(), present: vec![] }),
    ]
}
