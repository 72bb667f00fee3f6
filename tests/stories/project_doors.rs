//! Projects: the forms without a script, an inspection that waited on a phone, and who may touch what.

use super::projects::*;
use crate::bench_to_repair::picture;
use app::error::AppError;
use app::ids::MutationId;
use app::measure::{DAY, HOUR};
use app::mutation::Mutation;
use app::rooms::people::model::Role;
use app::rooms::projects::entity::{project_defects, project_inspections};
use app::rooms::projects::inspections::derived;
use app::rooms::projects::model::{Convene, Source};
use app::rooms::projects::rules::Step;
use harness::{Backend, Browser, Home, Server, now};
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

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
