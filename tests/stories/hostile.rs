//! What comes from outside may be anything: never a 500, never a panic, never another community's row.

use crate::bench_to_repair::picture;
use app::ids::{MutationId, PhotoId};
use app::rooms::people::model::Role;
use harness::{Backend, Server};
use rand::rngs::SmallRng;
use rand::{Rng, RngExt, SeedableRng};
use rstest::rstest;

const GETS: [&str; 22] = [
    "/",
    "/c/here",
    "/c/here/board",
    "/c/here/numbers",
    "/c/here/report",
    "/c/nowhere",
    "/mine",
    "/jobs",
    "/me",
    "/q/AAAAA",
    "/q/%00",
    "/c/here/t/ZZZZ",
    "/c/here/p/not-a-uuid",
    "/sign-in",
    "/letter/AAAA",
    "/setup",
    "/desk",
    "/desk/tickets/inbox",
    "/desk/tickets/nonsense",
    "/print/letters/5",
    "/print/stickers",
    "/photos/x/y",
];

const POSTS: [&str; 17] = [
    "/forms/report",
    "/forms/advance",
    "/forms/me-too",
    "/forms/comment",
    "/forms/moderate",
    "/forms/letter-issue",
    "/forms/letter-revoke",
    "/forms/prefs",
    "/forms/switch-role",
    "/forms/sign-out",
    "/forms/role-grant",
    "/forms/role-end",
    "/forms/place-add",
    "/forms/facility-add",
    "/sign-in",
    "/setup",
    "/api/v1/sync",
];

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn every_page_answers_everybody_without_a_fault(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let mut browsers = vec![server.browser()];
    for role in Role::ALL {
        browsers.push(town.here.browser(&server, role).await);
    }
    for browser in &browsers {
        for path in GETS {
            let seen = browser.get(path).await;
            assert!(seen.status.as_u16() < 500, "{path}: {} {}", seen.status, seen.text);
            assert!(!seen.csp.is_empty() && !seen.csp.contains("unsafe-inline"), "{path}: {}", seen.csp);
        }
    }
    let odd = [
        "/c/here/board?after=x",
        "/c/here/board?state=%FF%FE",
        "/c/here/board?text=%25%27%22%3B--",
        "/c/here/board?after=99999999999999999999-0",
        "/c/here/board?building=%E2%80%AE",
        "/api/v1/ticket?slug=here",
        "/api/v1/board?slug=here&query=%7B",
        "/api/v1/nothing",
        "/c/%00/board",
        "/c/here/t/%00",
        "/c/here/board?text=%00",
        "/c/here/board?building=%00&state=%00&after=%00",
        "/c/here/p/%00",
        "/q/%00",
        "/q?code=%00",
        "/letter/%00",
        "/photos/%00/small",
        "/api/v1/board?slug=%00&query=%7B%7D",
        "/api/v1/spot?slug=%00&place=%00",
        "/desk/tickets/inbox?t=%00",
    ];
    for browser in &browsers {
        for path in odd {
            let seen = browser.get(path).await;
            assert!(seen.status.as_u16() < 500, "{path}: {} {}", seen.status, seen.text);
        }
    }
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn random_bodies_to_every_public_route_do_no_harm(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let mut rng = SmallRng::seed_from_u64(20_261_123);
    let visitor = server.browser();
    let owner = town.here.browser(&server, Role::Dispatcher).await;
    let rounds: usize = std::env::var("XIANGHE_FUZZ_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    for path in POSTS {
        for round in 0..rounds {
            let length = rng.random_range(0..400);
            let mut body = vec![0u8; length];
            rng.fill_bytes(&mut body);
            let kind = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/json", ""][round % 5];
            if round % 3 == 0 {
                body = format!(
                    "reason=%00&text=%00a&name=%00&into=%00&email=%00&code=%00&id={}&ticket={}&version={}&step=finish&phone={}&back=//x",
                    MutationId::new(),
                    MutationId::new(),
                    rng.random::<i64>(),
                    rng.random::<u64>()
                )
                .into_bytes();
            }
            let browser = if round % 2 == 0 { &visitor } else { &owner };
            let seen = browser.send(|client, base| client.post(format!("{base}{path}")).header("content-type", kind).body(body)).await;
            assert!(seen.status.as_u16() < 500, "{path} {kind}: {} {}", seen.status, seen.text);
            assert!(!seen.to.starts_with("//"), "{path} leads away: {}", seen.to);
        }
    }
}

#[rstest]
#[case(Backend::Sqlite)]
#[case(Backend::Postgres)]
#[tokio::test(flavor = "multi_thread")]
async fn odd_texts_and_pictures_get_a_clear_answer(#[case] backend: Backend) {
    let server = Server::start(backend).await;
    let town = server.town().await;
    let owner = town.here.browser(&server, Role::Owner).await;
    let send = |text: String, files: Vec<(&'static str, Vec<u8>)>| {
        let (owner, home) = (owner.clone(), town.here.clone());
        async move {
            let (id, place, community) = (MutationId::new().to_string(), home.place.to_string(), home.id.to_string());
            let fields = [("id", id.as_str()), ("tag", home.tag.as_str()), ("place", &place), ("community", &community), ("text", &text)];
            owner.post_files("/forms/report", &fields, &files).await
        }
    };
    for text in ["长".repeat(501), String::new(), "a\u{202E}b".into(), "a\u{0}b".into()] {
        let seen = send(text.clone(), vec![]).await;
        assert_eq!(seen.status, 422, "{text:?}: {}", seen.text);
        assert!(seen.says("role=\"alert\""), "{}", seen.text);
    }
    let kept = send("长".repeat(501), vec![]).await;
    assert!(kept.says(&"长".repeat(501)), "what was typed is kept");
    assert_eq!(send("👨‍👩‍👧 椅子坏了 <script>alert(1)</script>".into(), vec![]).await.status, 303);
    assert!(!server.browser().get("/c/here/board").await.says("<script>alert(1)"));

    let whole = picture(7);
    let mut huge = whole.clone();
    if let Some(at) = huge.windows(2).position(|w| w == [0xFF, 0xC0]) {
        huge[at + 5..at + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    }
    let mut polyglot = b"GIF89a<?php ?>".to_vec();
    polyglot.extend(&whole);
    for (name, bytes) in
        [("truncated", whole[..whole.len() / 3].to_vec()), ("text", b"hello".to_vec()), ("polyglot", polyglot), ("huge", huge), ("heic", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec())]
    {
        let seen = send("看照片".into(), vec![("file", bytes)]).await;
        assert_eq!(seen.status, 422, "{name}: {}", seen.text);
        assert!(seen.says("看照片"), "{name}: what was typed is kept");
    }
    assert_eq!(send("七张".into(), (0..7).map(|i| ("file", picture(i))).collect()).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn photos_are_stripped_stored_once_and_shown_only_to_those_who_may_see() {
    let server = Server::start(Backend::Sqlite).await;
    let town = server.town().await;
    let owner = town.here.browser(&server, Role::Owner).await;
    let page = format!("/q/{}", town.here.tag);
    let id = PhotoId::new();
    let with_exif = with_gps(&picture(33));
    assert!(has_gps(&with_exif), "the test's own picture carries a place");
    let to = format!("/api/v1/photos/{id}");
    assert_eq!(owner.put(&to, with_exif.clone(), &page).await.status, 200);
    assert_eq!(owner.put(&to, with_exif, &page).await.status, 200, "twice is once");
    assert_eq!(owner.put(&to, picture(99), &page).await.status, 422, "another picture under the same name");
    let at = format!("/photos/{id}/l");
    let (status, bytes) = owner.bytes(&at).await;
    assert_eq!(status, 200);
    assert!(!has_gps(&bytes), "no place leaves the server");
    assert_eq!(server.browser().get(&at).await.status, 404, "it hangs on nothing public yet");
    assert_eq!(town.there.browser(&server, Role::PropertyManager).await.get(&at).await.status, 404);
    let fields = [
        ("id", MutationId::new().to_string()),
        ("tag", town.here.tag.clone()),
        ("place", town.here.place.to_string()),
        ("community", town.here.id.to_string()),
        ("photo", id.to_string()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(owner.post_files("/forms/report", &fields, &[]).await.status, 303);
    assert_eq!(server.browser().get(&at).await.status, 200);
    // A photo hangs on one thing only.
    let fields: Vec<(&str, String)> = vec![
        ("id", MutationId::new().to_string()),
        ("tag", town.here.tag.clone()),
        ("place", town.here.place.to_string()),
        ("community", town.here.id.to_string()),
        ("photo", id.to_string()),
        ("text", "再用一次".into()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(owner.post_files("/forms/report", &fields, &[]).await.status, 422);
}

/// Puts an EXIF block with a place behind the JPEG's first marker.
fn with_gps(jpeg: &[u8]) -> Vec<u8> {
    // Little-endian TIFF: IFD0 with a pointer to a GPS IFD that holds the latitude's letter.
    let tiff: Vec<u8> =
        [&b"II*\0\x08\0\0\0"[..], &[1, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0], &[1, 0, 1, 0, 2, 0, 2, 0, 0, 0, b'N', 0, 0, 0, 0, 0, 0, 0]].concat();
    let body = [&b"Exif\0\0"[..], &tiff].concat();
    let length = u16::try_from(body.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &body, &jpeg[2..]].concat()
}

fn has_gps(jpeg: &[u8]) -> bool {
    exif::Reader::new().read_from_container(&mut std::io::Cursor::new(jpeg)).is_ok_and(|e| e.get_field(exif::Tag::GPSLatitudeRef, exif::In::PRIMARY).is_some())
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_other_sites_are_refused_and_floods_wait() {
    let server = Server::start_with(Backend::Sqlite, true).await;
    let town = server.town().await;
    let owner = town.here.browser(&server, Role::Owner).await;
    let crossed =
        owner.send(|client, base| client.post(format!("{base}/forms/sign-out")).header("origin", "https://evil.example").header("sec-fetch-site", "cross-site").body("")).await;
    assert_eq!(crossed.status, 403);
    assert_eq!(owner.get("/me").await.status, 200, "still signed in");
    let mut last = None;
    for i in 0..60 {
        let (id, text, place, community) = (MutationId::new().to_string(), format!("第 {i} 次"), town.here.place.to_string(), town.here.id.to_string());
        let fields = [("id", id.as_str()), ("tag", town.here.tag.as_str()), ("place", &place), ("community", &community), ("text", &text)];
        last = Some(owner.post_files("/forms/report", &fields, &[]).await);
        if last.as_ref().is_some_and(|s| s.status == 429) {
            break;
        }
    }
    let last = last.expect("an answer");
    assert_eq!(last.status, 429, "a flood is stopped");
    assert!(last.retry_after.is_some_and(|s| s > 0) && last.says("秒再试"), "{}", last.text);
}
