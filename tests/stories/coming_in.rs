//! Letters, PINs, lock-out, roles, and the guided set-up.

use app::rooms::people::model::Role;
use harness::{Backend, Server};
use rstest::rstest;

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn a_household_comes_in_with_its_letter(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let desk = town.here.browser(&server, Role::Administrator).await;
    let building = town.here.building.to_string();
    let id = desk.get("/desk/letters").await.hidden_after("/forms/letter-issue", "id");
    let made = desk.post("/forms/letter-issue", &[("id", &id), ("building", &building), ("purpose", "owner"), ("back", "/desk/letters")]).await;
    assert!(made.to.starts_with("/print/letters/"), "{} {}", made.to, made.text);
    let sheet = desk.get(&made.to).await;
    assert!(sheet.says("12号楼 1门 601室") && sheet.says("<svg"), "{}", sheet.text);
    let code = sheet.text.split("class=\"code\">").nth(1).and_then(|s| s.split('<').next()).expect("a code").replace(' ', "");

    let family = server.browser();
    let page = family.get(&format!("/letter/{code}")).await;
    assert!(page.says("12号楼 1门 *01室"), "{}", page.text);
    let id = page.hidden_after("action=\"/letter/", "id");
    let to = format!("/letter/{code}");
    let weak = family.post(&to, &[("id", &id), ("name", "李梅"), ("phone", "13711112222"), ("pin", "123456")]).await;
    assert_eq!(weak.status, 422);
    assert!(weak.says("太好猜") && weak.says("李梅") && !weak.says("123456\""), "what was typed is kept, the PIN is not: {}", weak.text);
    let joined = family.post(&to, &[("id", &id), ("name", "李梅"), ("phone", "137 1111 2222"), ("pin", "280517")]).await;
    assert_eq!((joined.status.as_u16(), joined.to.as_str()), (303, "/?ok=signed_in"), "{}", joined.text);
    assert!(family.get("/me").await.says("李梅"));
    // A letter works once.
    assert_eq!(server.browser().get(&format!("/letter/{code}")).await.status, 410);

    // The household invites a member; the tenant's invitation can be taken back.
    let me = family.get("/me").await;
    let (id, unit) = (me.hidden_after("/forms/letter-issue", "id"), me.hidden_after("/forms/letter-issue", "unit"));
    let invited = family.post("/forms/letter-issue", &[("id", &id), ("unit", &unit), ("purpose", "household"), ("back", "/me")]).await;
    assert_eq!(invited.status, 303, "{}", invited.text);
    let letter = family.get("/me").await.hidden_after("/forms/letter-revoke", "letter");
    let code = family.get("/me").await.text.split("href=\"/letter/").nth(1).and_then(|s| s.split('"').next()).expect("a code").to_owned();
    let back = family.post("/forms/letter-revoke", &[("id", &app::ids::MutationId::new().to_string()), ("letter", &letter), ("back", "/me")]).await;
    assert_eq!(back.status, 303, "{}", back.text);
    assert_eq!(server.browser().get(&format!("/letter/{code}")).await.status, 410);

    // Later: phone and PIN. Then out everywhere.
    let phone = server.browser();
    assert_eq!(phone.sign_in("13711112222", "280517").await.status, 303);
    assert_eq!(phone.get("/me").await.status, 200);
    assert_eq!(family.post("/forms/sign-out", &[("everywhere", "1")]).await.status, 303);
    assert_eq!(phone.get("/me").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_gets_slower_and_never_tells_who_is_known() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let known = town.here.who(Role::Owner).phone.clone();
    let guess = server.browser();
    let mut answers = Vec::new();
    for phone in [known.as_str(), "13999999999"] {
        let mut tries = Vec::new();
        for _ in 0..6 {
            let seen = guess.sign_in(phone, "999999").await;
            tries.push((seen.status.as_u16(), seen.retry_after.is_some(), seen.says("不对"), seen.says("等")));
        }
        answers.push(tries);
    }
    assert_eq!(answers[0], answers[1], "the answers to a known and an unknown phone are the same");
    assert_eq!(answers[0][5].0, 429);
    // Even the right PIN waits now.
    assert_eq!(guess.sign_in(&known, harness::town::SECRET).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_with_two_roles_switches_in_one_tap() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let owner = town.here.who(Role::Owner).clone();
    let browser = town.here.browser(&server, Role::Owner).await;
    assert_eq!(browser.get("/desk/members").await.status, 403);
    use app::rooms::people::entity::memberships;
    use sea_orm::{EntityTrait, Set};
    let second = memberships::ActiveModel {
        community_id: Set(town.here.id.0),
        id: Set(uuid::Uuid::now_v7()),
        person_id: Set(owner.person.0),
        role: Set("administrator".into()),
        unit_id: Set(None),
        building_id: Set(None),
        stair: Set(None),
        since: Set(2),
        until: Set(None),
    };
    memberships::Entity::insert(second).exec_without_returning(&server.db().write).await.expect("a second role");
    // Work needs a password: until there is one, the role waits, and the page says why.
    let me = browser.get("/me").await;
    assert!(me.says("还没有生效") && me.text.matches("name=\"membership\"").count() == 1, "{}", me.text);
    let short = browser.post("/forms/secret", &[("secret", harness::town::SECRET), ("password", "280518"), ("back", "/me")]).await;
    assert!(short.status == 422 && short.says("至少 10 个字符"), "{}", short.text);
    let set = browser.post("/forms/secret", &[("secret", harness::town::SECRET), ("password", "correct horse battery"), ("back", "/me")]).await;
    assert_eq!(set.to, "/me?ok=saved", "{}", set.text);
    let me = browser.get("/me").await;
    let all: Vec<&str> = me.text.match_indices("name=\"membership\" value=\"").map(|(at, mark)| &me.text[at + mark.len()..at + mark.len() + 36]).collect();
    assert_eq!(all.len(), 2, "{}", me.text);
    assert_eq!(browser.post("/forms/switch-role", &[("membership", all[1])]).await.status, 303);
    assert_eq!(browser.get("/desk/members").await.status, 200);
    // Nobody can put on a hat that is not theirs.
    let foreign = town.there.who(Role::Administrator).membership.to_string();
    assert_eq!(browser.post("/forms/switch-role", &[("membership", &foreign)]).await.status, 403);
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn each_community_is_set_up_once_with_a_key_of_its_own(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let admin = server.browser();
    let key = xianghe_server::state::setup_key(&server.services().letter_key, 0);
    for wrong in ["/setup", "/setup?key=0000000000000000"] {
        assert_eq!(admin.get(wrong).await.status, 410, "a stranger who finds the address cannot take the installation");
    }
    let id = admin.get(&format!("/setup?key={key}")).await.hidden_after("action=\"/setup\"", "id");
    let fields = |password: &'static str| {
        let (id, key) = (id.clone(), key.clone());
        let admin = admin.clone();
        async move {
            let form =
                [("id", id.as_str()), ("key", &key), ("community", "春申苑"), ("desk_phone", "021-5555 0110"), ("name", "陈静"), ("phone", "13611112222"), ("password", password)];
            admin.post("/setup", &form).await
        }
    };
    let weak = fields("short").await;
    assert_eq!(weak.status, 422);
    assert!(weak.says("春申苑") && weak.says("至少 10 个字符"), "{}", weak.text);
    assert_eq!(fields("correct horse battery").await.status, 303);
    assert_eq!(fields("correct horse battery").await.status, 410, "the key is used up");
    assert_eq!(admin.sign_in("13611112222", "correct horse battery").await.status, 303);
    let places = admin.get("/desk/places").await;
    let id = places.hidden_after("/forms/place-add", "id");
    let added = admin.post("/forms/place-add", &[("id", &id), ("name", "东门"), ("kind", "gate"), ("back", "/desk/places")]).await;
    assert_eq!(added.status, 303, "{}", added.text);
    assert!(admin.get("/print/stickers").await.says("扫码报修"));

    // A second community beside it, with the key that whoever runs the program asks for.
    assert_eq!(admin.get(&format!("/setup?key={key}")).await.status, 303, "the address of a set-up that is done leads in");
    let other = server.browser();
    let second = xianghe_server::state::setup_key(&server.services().letter_key, 1);
    let page = other.get(&format!("/setup?key={second}")).await;
    let id = page.hidden_after("action=\"/setup\"", "id");
    let form = [
        ("id", id.as_str()),
        ("key", &second),
        ("community", "和风苑"),
        ("desk_phone", "021-5555 0220"),
        ("name", "周敏"),
        ("phone", "13622223333"),
        ("password", "battery horse correct"),
    ];
    assert_eq!(other.post("/setup", &form).await.status, 303);
    assert_eq!(other.post("/setup", &[("key", second.as_str())]).await.status, 410);
    assert_eq!(other.sign_in("13622223333", "battery horse correct").await.status, 303);
    assert!(!other.get("/desk/places").await.says("东门"), "each has its own places");
    assert!(other.get("/c/home-2").await.says("和风苑") && other.get("/c/home").await.says("春申苑"));
}
