//! The doors that somebody might try: many guesses at once, a letter as an oracle, the owner's name on a tenant's
//! letter, lost secrets, ended roles, sessions that should be gone.

use app::apply::apply;
use app::context::{Caller, Viewer};
use app::error::AppError;
use app::ids::{LetterId, MembershipId, MutationId, UnitId};
use app::mutation::{Envelope, Mutation, Outcome, Receipt};
use app::rooms::events::entity::events;
use app::rooms::people::accounts::{Claim, sign_in, viewer};
use app::rooms::people::entity::{accounts, letters, ownerships, persons, sessions, tenancies};
use app::rooms::people::model::{EndRole, GrantRole, IssueLetters, LetterPurpose, RedeemLetter, Role};
use app::rooms::people::store::letter_code;
use app::rooms::tickets::model::{HideComment, Report, WriteComment};
use futures::future::join_all;
use harness::browser::{Browser, Seen};
use harness::town::SECRET;
use harness::{Backend, Home, Server, now};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

/// The code of the open letter of a unit.
async fn code_of(server: &Server, unit: UnitId, purpose: LetterPurpose) -> String {
    let row = letters::Entity::find()
        .filter(letters::Column::UnitId.eq(unit.0))
        .filter(letters::Column::Purpose.eq(purpose.code()))
        .filter(letters::Column::UsedAt.is_null())
        .filter(letters::Column::RevokedAt.is_null())
        .one(&server.db().read)
        .await
        .expect("reads")
        .expect("a letter");
    letter_code(&server.services().letter_key, LetterId(row.id))
}

async fn issue(server: &Server, home: &Home, by: Role, unit: UnitId, purpose: LetterPurpose) -> String {
    let issue = IssueLetters { building: None, unit: Some(unit), purpose, replace: false };
    home.act(server, by, Mutation::LetterIssue(issue)).await.expect("issued");
    code_of(server, unit, purpose).await
}

/// Redeems as the form does, with a secret of its own.
async fn redeem(server: &Server, home: &Home, code: &str, name: &str, phone: &str, secret: &str) -> Result<Receipt, AppError> {
    let mutation = Mutation::LetterRedeem(RedeemLetter { code: code.into(), name: name.into(), phone: phone.into(), password: false });
    let envelope = Envelope { id: MutationId::new(), person: None, app_version: "test".into(), client_time: now(), mutation };
    apply(server.services(), &Caller::Visitor(home.id), &envelope, now(), Some(secret)).await
}

async fn told(server: &Server, home: &Home, did: &str) -> usize {
    let rows = events::Entity::find().filter(events::Column::CommunityId.eq(home.id.0)).all(&server.db().read).await.expect("reads");
    rows.iter().filter(|e| e.body.contains(&format!("\"{did}\""))).count()
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn many_guesses_at_once_are_no_more_than_five(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let phone = &town.here.who(Role::Owner).phone;
    let db = server.db();
    let tries = (0..50).map(|n| async move { sign_in(db, phone, &format!("9999{n:02}"), "9.9.9.9", now()).await });
    let answers = join_all(tries).await;
    let judged = answers.iter().filter(|a| matches!(a, Err(AppError::Invalid(_)))).count();
    let turned_away = answers.iter().filter(|a| matches!(a, Err(AppError::TooMany { .. }))).count();
    assert!((1..=5).contains(&judged), "{judged} were judged");
    assert_eq!(judged + turned_away, 50, "{answers:?}");
    // Whoever knows the secret of another phone at the same address is not kept out, and leaves no trace.
    let worker = &town.here.who(Role::Worker).phone;
    for _ in 0..60 {
        sign_in(server.db(), worker, SECRET, "9.9.9.9", now()).await.expect("signs in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_does_not_tell_which_phones_are_known() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let code = issue(&server, &town.here, Role::Administrator, town.here.units[4], LetterPurpose::Owner).await;
    let browser = server.browser();
    let known = &town.here.who(Role::Tenant).phone;
    let mut seen = Vec::new();
    for phone in [known.as_str(), "13999999999"] {
        let id = MutationId::new().to_string();
        let mut answers = Vec::new();
        for (name, pin) in [("", "280517"), ("李梅", "abc"), ("李梅", "123456")] {
            let page = browser.post(&format!("/letter/{code}"), &[("id", &id), ("name", name), ("phone", phone), ("pin", pin)]).await;
            answers.push((
                page.status.as_u16(),
                page.text.replace(phone, "").replace(&id, "").matches("role=\"alert\"").count(),
                page.says("不对"),
                page.says("6 位数字的登录密码"),
            ));
        }
        seen.push(answers);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].iter().all(|a| a.0 == 422 && !a.2), "{seen:?}");
    // A phone that became known between the look and the change is not taken without its secret.
    let raced = redeem(&server, &town.here, &code, "李梅", known, "$another$").await;
    assert_eq!(raced.err(), Some(AppError::Conflict { current: 0 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_does_not_lead_to_the_owners_row() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let home = &town.here;
    let unit = home.who(Role::Owner).unit.expect("a unit");
    let listed = Uuid::now_v7();
    let row = persons::ActiveModel {
        community_id: Set(home.id.0),
        id: Set(listed),
        account_id: Set(None),
        name: Set("钱大年".into()),
        phone: Set(Some("13655550001".into())),
        created_at: Set(1),
    };
    persons::Entity::insert(row).exec_without_returning(&server.db().write).await.expect("a row of the roster");
    let row = ownerships::ActiveModel { community_id: Set(home.id.0), unit_id: Set(unit.0), person_id: Set(listed), representative: Set(false) };
    ownerships::Entity::insert(row).exec_without_returning(&server.db().write).await.expect("an ownership");
    let of_roster = || async { persons::Entity::find_by_id((home.id.0, listed)).one(&server.db().read).await.expect("reads").expect("there") };

    let code = issue(&server, home, Role::Owner, unit, LetterPurpose::Tenant).await;
    redeem(&server, home, &code, "钱大年", "13655550009", "$tenant$").await.expect("comes in");
    assert_eq!(of_roster().await.account_id, None, "the tenant took the owner's row");

    // The owner's own letter does, and a new phone is told.
    let code = issue(&server, home, Role::Administrator, unit, LetterPurpose::Owner).await;
    redeem(&server, home, &code, "钱大年", "13655550002", "$owner$").await.expect("comes in");
    assert!(of_roster().await.account_id.is_some());
    assert_eq!(told(&server, home, "phone_replaced").await, 1);
    assert_eq!(told(&server, home, "owner_not_in_roster").await, 0);

    // Somebody whom the roster does not know gets in, and the clerk sees it.
    let code = issue(&server, home, Role::Administrator, unit, LetterPurpose::Owner).await;
    let receipt = redeem(&server, home, &code, "孙无名", "13655550003", "$other$").await.expect("comes in");
    assert!(matches!(receipt.outcome, Outcome::Done { .. }));
    assert_eq!(told(&server, home, "owner_not_in_roster").await, 1);
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_changed_with_the_old_one(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let (here, other) = (town.here.browser(&server, Role::Owner).await, town.here.browser(&server, Role::Owner).await);
    let phone = &town.here.who(Role::Owner).phone;
    assert!(here.get("/me").await.says("action=\"/forms/secret\""));
    let change = |old: &'static str, new: &'static str| {
        let here = here.clone();
        async move { here.post("/forms/secret", &[("secret", old), ("password", new), ("back", "/me")]).await }
    };
    assert!(change("wrong", "280519").await.says("现在的密码不对"));
    let weak = change(SECRET, "123456").await;
    assert!(weak.status == 422 && weak.says("6 位数字"), "{}", weak.text);
    assert_eq!(change(SECRET, "280519").await.to, "/me?ok=saved");
    assert_eq!((here.get("/me").await.status.as_u16(), other.get("/me").await.status.as_u16()), (200, 401), "the other device is out");
    assert_eq!(server.browser().sign_in(phone, SECRET).await.status, 422);
    assert_eq!(server.browser().sign_in(phone, "２８０５１９").await.status, 303, "as a Chinese keyboard types it");
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_only_role_waits_for_a_password_is_led_to_it() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let worker = town.here.person(&server, Role::Worker, None, "13622225555").await;
    let pin = accounts::ActiveModel { id: Set(worker.account.0), staff: Set(false), ..Default::default() };
    accounts::Entity::update(pin).exec(&server.db().write).await.expect("has but a PIN");
    let browser = server.browser();
    assert_eq!(browser.sign_in(&worker.phone, SECRET).await.to, "/secret");
    assert!(browser.get("/secret").await.says("至少 10 个字符"));
    assert_eq!(browser.post("/forms/secret", &[("secret", SECRET), ("password", "280519"), ("back", "/secret")]).await.status, 422);
    assert_eq!(browser.post("/forms/secret", &[("secret", SECRET), ("password", "correct horse battery"), ("back", "/secret")]).await.status, 303);
    assert!(browser.get("/me").await.says("维修师傅"));
    assert!(server.browser().get("/secret").await.to.starts_with("/sign-in"));
}

/// Makes a reset letter at the desk. Answers the page it leads to.
async fn reset(desk: &Browser, phone: &str) -> Seen {
    let id = desk.get("/desk/letters").await.hidden_after("/forms/letter-reset", "id");
    desk.post("/forms/letter-reset", &[("id", &id), ("phone", phone), ("back", "/desk/letters")]).await
}

fn printed_code(sheet: &Seen) -> String {
    sheet.text.split("class=\"code\">").nth(1).and_then(|s| s.split('<').next()).expect("a code").replace(' ', "")
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_secret_is_set_anew_with_a_letter(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let tenant = town.here.who(Role::Tenant);
    let old = town.here.browser(&server, Role::Tenant).await;
    let desk = town.here.browser(&server, Role::Dispatcher).await;
    let made = reset(&desk, &tenant.phone).await;
    assert!(made.to.starts_with("/print/letters/"), "{}", made.text);
    let sheet = desk.get(&made.to).await;
    assert!(sheet.says("本人 收") && sheet.says("新的登录密码"), "{}", sheet.text);
    let code = printed_code(&sheet);
    // Only whoever made it can print it.
    assert_eq!(town.here.browser(&server, Role::PropertyManager).await.get(&made.to).await.status, 404);

    let phone = server.browser();
    let page = phone.get(&format!("/letter/{code}")).await;
    assert!(page.says("重设登录密码") && !page.says("name=\"phone\""), "{}", page.text);
    let id = page.hidden_after("action=\"/letter/", "id");
    let set = phone.post(&format!("/letter/{code}"), &[("id", &id), ("password", "280519")]).await;
    assert_eq!(set.to, "/?ok=signed_in", "{}", set.text);
    assert_eq!((phone.get("/me").await.status.as_u16(), old.get("/me").await.status.as_u16()), (200, 401));
    assert_eq!(server.browser().sign_in(&tenant.phone, SECRET).await.status, 422);
    assert_eq!(server.browser().get(&format!("/letter/{code}")).await.status, 410, "once");
    assert_eq!(told(&server, &town.here, "reset_issued").await + told(&server, &town.here, "secret_reset").await, 2);

    // A key to more than the desk may do is not made there, nor one to another community.
    assert_eq!(reset(&desk, &town.here.who(Role::CommitteeDirector).phone).await.status, 410);
    assert_eq!(reset(&desk, &town.here.who(Role::Administrator).phone).await.status, 410);
    assert_eq!(reset(&desk, &town.there.who(Role::Owner).phone).await.status, 422);

    // Staff come back with a password, not with a PIN; an open letter falls when its person gets a role.
    let admin = town.here.browser(&server, Role::Administrator).await;
    let worker = town.here.who(Role::Worker);
    let code = printed_code(&admin.get(&reset(&admin, &worker.phone).await.to).await);
    let pin = phone.post(&format!("/letter/{code}"), &[("id", &MutationId::new().to_string()), ("password", "280519")]).await;
    assert!(pin.status == 422 && pin.says("至少 10 个字符"), "{}", pin.text);
    let grant = GrantRole { name: "王师傅".into(), phone: worker.phone.clone(), role: Role::Dispatcher, building: None };
    town.here.act(&server, Role::Administrator, Mutation::RoleGrant(grant)).await.expect("granted");
    assert_eq!(server.browser().get(&format!("/letter/{code}")).await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_elsewhere_does_not_push_itself_to_the_front() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let owner = town.here.who(Role::Owner);
    let grant = GrantRole { name: "王业主".into(), phone: owner.phone.clone(), role: Role::CommitteeDirector, building: None };
    town.there.act(&server, Role::Administrator, Mutation::RoleGrant(grant)).await.expect("granted");
    let browser = town.here.browser(&server, Role::Owner).await;
    let me = browser.get("/me").await;
    let hat = |text: &str| text.split("aria-current=\"true\"").nth(1).and_then(|s| s.split("</b>").next()).unwrap_or_default().to_owned();
    assert!(hat(&me.text).contains("祥和里"), "{}", me.text);
    // Chosen once, it is where the next sign-in begins.
    let there = me.text.match_indices("name=\"membership\" value=\"").map(|(at, mark)| me.text[at + mark.len()..at + mark.len() + 36].to_owned());
    let other = there.into_iter().find(|m| *m != owner.membership.to_string()).expect("a second role");
    assert_eq!(browser.post("/forms/switch-role", &[("membership", &other)]).await.status, 303);
    let again = town.here.browser(&server, Role::Owner).await;
    assert!(hat(&again.get("/me").await.text).contains("和风苑"));
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_on_their_way_stay_valid_and_invitations_private() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let home = &town.here;
    let desk = home.browser(&server, Role::Administrator).await;
    let building = home.building.to_string();
    let make = |fields: Vec<(&'static str, &'static str)>| {
        let (desk, building) = (desk.clone(), building.clone());
        async move {
            let id = MutationId::new().to_string();
            let mut form = vec![("id", id.as_str()), ("building", &building), ("purpose", "owner"), ("back", "/desk/letters")];
            form.extend(fields);
            desk.post("/forms/letter-issue", &form).await
        }
    };
    // One unit, as a clerk types it.
    let one = make(vec![("stair", "1门"), ("room", "５０１")]).await;
    assert!(one.to.starts_with("/print/letters/"), "{}", one.text);
    let sheet = desk.get(&one.to).await;
    assert!(sheet.says("12号楼 1门 501室") && !sheet.says("601室"), "{}", sheet.text);
    let delivered = printed_code(&sheet);
    assert!(make(vec![("room", "999")]).await.says("没有这个房号"));
    // The rest of the building: the delivered one lives on, until it is replaced on purpose.
    let rest = desk.get(&make(vec![]).await.to).await;
    assert!(rest.says("601室") && !rest.says("501室"), "{}", rest.text);
    assert_eq!(make(vec![]).await.status, 422, "nothing is left to do");
    assert_eq!(server.browser().get(&format!("/letter/{delivered}")).await.status, 200);
    assert_eq!(make(vec![("replace", "1")]).await.status, 303);
    assert_eq!(server.browser().get(&format!("/letter/{delivered}")).await.status, 410);

    // A household's invitation is its maker's alone.
    let owner = home.who(Role::Owner);
    let code = issue(&server, home, Role::Owner, owner.unit.expect("a unit"), LetterPurpose::Household).await;
    let row = letters::Entity::find().filter(letters::Column::Purpose.eq("household")).one(&server.db().read).await.expect("reads").expect("a letter");
    assert!(!desk.get("/desk/letters").await.says("家庭成员"));
    assert_eq!(desk.get(&format!("/print/letters/{}", row.made_at)).await.status, 404);
    assert!(home.browser(&server, Role::Owner).await.get("/me").await.says(&code));
    let spouse = home.person(&server, Role::Owner, owner.unit, "13622223333").await;
    let browser = server.browser();
    browser.sign_in(&spouse.phone, SECRET).await;
    assert!(!browser.get("/me").await.says(&code), "somebody else of the unit");
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn roles_end_and_one_administrator_remains(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let unit = home.who(Role::Owner).unit.expect("a unit");
    let code = issue(&server, home, Role::Owner, unit, LetterPurpose::Tenant).await;
    redeem(&server, home, &code, "赵租客", "13655550009", "$tenant$").await.expect("comes in");
    let owner = home.browser(&server, Role::Owner).await;
    let me = owner.get("/me").await;
    assert!(me.says("赵*"), "{}", me.text);
    let (id, membership) = (me.hidden_after("/forms/role-end", "id"), me.hidden_after("/forms/role-end", "membership"));
    let ended = owner.post("/forms/role-end", &[("id", &id), ("membership", &membership), ("back", "/me")]).await;
    assert_eq!(ended.status, 303, "{}", ended.text);
    assert!(!owner.get("/me").await.says("赵*"));
    let tenancy = tenancies::Entity::find().one(&server.db().read).await.expect("reads").expect("a tenancy");
    assert!(tenancy.until_at.is_some());
    // Not one's own kind, not next door.
    let neighbour = EndRole { membership: home.who(Role::Tenant).membership };
    assert_eq!(home.act(&server, Role::Owner, Mutation::RoleEnd(neighbour)).await.err(), Some(AppError::Forbidden));

    // The administrator finds residents by their unit.
    let desk = home.browser(&server, Role::Administrator).await;
    let page = desk.get(&format!("/desk/members?building={}&stair=&room=101", home.building)).await;
    assert!(page.says("12号楼 1门 101室") && page.says("王*"), "{}", page.text);
    assert!(desk.get(&format!("/desk/members?building={}&room=999", home.building)).await.says("没有这个房号"));

    // Two administrators who end each other at the same moment: one remains.
    let second = home.person(&server, Role::Administrator, None, "13622224444").await;
    let claim = Claim { account: second.account, membership: Some(second.membership) };
    let second_viewer = viewer(server.db(), claim, now()).await.expect("reads").expect("a viewer");
    let first_viewer = home.viewer(&server, Role::Administrator).await;
    let end = |by: Viewer, whom: MembershipId| {
        let mutation = Mutation::RoleEnd(EndRole { membership: whom });
        let envelope = Envelope { id: MutationId::new(), person: None, app_version: "test".into(), client_time: now(), mutation };
        let services = server.services();
        async move { apply(services, &Caller::Person(Box::new(by)), &envelope, now(), None).await }
    };
    let (one, two) = tokio::join!(end(first_viewer, second.membership), end(second_viewer, home.who(Role::Administrator).membership));
    let done = [one, two].map(|r| matches!(r, Ok(Receipt { outcome: Outcome::Done { .. }, .. })));
    assert_eq!(done.iter().filter(|d| **d).count(), 1, "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ended_stays_ended() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let browser = town.here.browser(&server, Role::Owner).await;
    let account = town.here.who(Role::Owner).account;
    let rows = || async { sessions::Entity::find().filter(sessions::Column::AccountId.eq(account.0)).all(&server.db().read).await.expect("reads") };
    let row = rows().await.pop().expect("a session");
    assert_eq!(row.id.len(), 64, "the key itself is not stored");

    // Being used is written down, at most once an hour, and the cookie lives on with it.
    let old = sessions::ActiveModel { id: Set(row.id.clone()), seen_at: Set(row.seen_at - 7_200_000), expires_at: Set(row.expires_at - 7_200_000), ..Default::default() };
    sessions::Entity::update(old).exec(&server.db().write).await.expect("goes back in time");
    browser.get("/me").await;
    let touched = rows().await.pop().expect("a session");
    assert!(touched.seen_at >= row.seen_at && touched.expires_at >= row.expires_at && touched.created_at == row.created_at);
    browser.get("/me").await;
    assert_eq!(rows().await.pop().map(|r| r.seen_at), Some(touched.seen_at));

    // Requests on their way while everything is signed out bring nothing back.
    let membership = town.here.who(Role::Owner).membership.to_string();
    let switches = (0..20).map(|_| browser.send(|client, base| client.post(format!("{base}/forms/switch-role")).form(&[("membership", &membership)])));
    let (_, out) = tokio::join!(join_all(switches), browser.post("/forms/sign-out", &[("everywhere", "1")]));
    assert_eq!(out.status, 303);
    assert_eq!(rows().await.len(), 0);
}

/// Hidden is not deleted: the public reads why, the committee and the writer read what.
#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_hidden_with_a_reason(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let home = &town.here;
    let report = Report { tag: Some(home.tag.clone()), place: None, category: None, text: "门禁坏了".into(), photos: vec![], contact: None };
    let receipt = home.act(&server, Role::Owner, Mutation::TicketReport(report)).await.expect("reported");
    let Outcome::Done { subject: Some(ticket), number: Some(number), .. } = receipt.outcome else { panic!("no ticket") };
    let comment = MutationId::new();
    let write = Mutation::TicketComment(WriteComment { ticket: ticket.into(), text: "骂人的话".into() });
    home.act_with(&server, Role::Tenant, comment, write).await.expect("written");

    let committee = home.browser(&server, Role::CommitteeMember).await;
    let desk = format!("/desk/tickets/open?t={number}");
    let page = committee.get(&desk).await;
    let form = "action=\"/forms/comment-hide\"";
    assert!(page.says(form), "{}", page.text);
    let hide = async |page: &Seen, reason: &str| {
        let (id, ticket, which) = (page.hidden_after(form, "id"), page.hidden_after(form, "ticket"), page.hidden_after(form, "comment"));
        committee.post("/forms/comment-hide", &[("id", &id), ("ticket", &ticket), ("comment", &which), ("back", &desk), ("reason", reason)]).await
    };
    let refused = hide(&page, " ").await;
    assert_eq!(refused.status, 422, "a reason is needed");
    assert_eq!(hide(&refused, "用语不文明").await.status, 303);

    let page = format!("/c/here/t/{number}");
    for (role, reads) in [(Role::Owner, false), (Role::Tenant, true), (Role::CommitteeMember, true)] {
        let seen = home.browser(&server, role).await.get(&page).await;
        assert!(seen.says("用语不文明") && seen.says("骂人的话") == reads, "{role:?}: {}", seen.text);
    }
    let stranger = server.browser().get(&page).await;
    assert!(stranger.says("用语不文明") && !stranger.says("骂人的话"), "{}", stranger.text);
    let abroad = HideComment { ticket: ticket.into(), comment: comment.0.into(), reason: "越界".into() };
    assert_eq!(town.there.act(&server, Role::CommitteeMember, Mutation::TicketHideComment(abroad)).await, Err(AppError::NotFound));
}
