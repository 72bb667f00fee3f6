//! Copies of a running system, bringing them back, who may read the files, and stopping in good order.

use crate::program::{PATIENCE, Program, run, said};
use app::context::Db;
use app::ids::{MutationId, PhotoId};
use app::rooms::people::model::Role;
use app::rooms::tickets::entity::tickets;
use harness::town::SECRET;
use harness::{Backend, Browser, Home, Server};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use sea_orm::EntityTrait;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use xianghe_server::backup::{backup, restore};
use xianghe_server::cli::Place;

fn place(data: &Path) -> Place {
    Place { data: data.to_owned(), database: None, storage: None }
}

/// A data folder with a town in it that nobody serves.
async fn settled() -> (TempDir, Home) {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    (server.stop().await, home)
}

/// A picture unlike any other: what is the same is kept once, and here each must be written.
fn picture(n: usize) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_fn(320, 240, |x, y| image::Rgb([(x + n as u32) as u8, (y * 3) as u8, (n * 7) as u8]));
    pixels.write_to(&mut bytes, image::ImageFormat::Jpeg).expect("a JPEG");
    bytes.into_inner()
}

/// Reports with a photo; gives the number and the photo.
async fn report(browser: &Browser, home: &Home, n: usize) -> (String, PhotoId) {
    let (id, photo) = (MutationId::new().to_string(), PhotoId::new());
    let put = browser.put(&format!("/api/v1/photos/{photo}"), picture(n), "/c/here/report").await;
    assert_eq!(put.status, 200, "{}", put.text);
    let (text, photo_id) = (format!("第 {n} 件，墙皮掉了"), photo.to_string());
    let fields = [("id", id.as_str()), ("tag", home.tag.as_str()), ("text", &text), ("photo", &photo_id)];
    let sent = browser.post_files("/forms/report", &fields, &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    (sent.to.split("/t/").nth(1).and_then(|rest| rest.split('?').next()).unwrap_or_default().to_owned(), photo)
}

async fn signed_in(url: &str, home: &Home) -> Browser {
    let browser = Browser::new(url);
    let seen = browser.sign_in(&home.who(Role::Owner).phone, SECRET).await;
    assert_eq!(seen.status, 303, "{}", seen.text);
    browser
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).permissions().mode() & 0o777
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_of_a_running_system_comes_back_with_all_that_was_acknowledged() {
    let (data, home) = settled().await;
    let program = Program::serve(data.path()).await;
    let elsewhere = TempDir::new().expect("a temporary folder");
    let (written, enough) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..3 {
        let (browser, home, written, enough) = (signed_in(&program.url, &home).await, home.clone(), written.clone(), enough.clone());
        writers.spawn(async move {
            for n in (0..).map(|n| n * 3 + writer) {
                if enough.load(Ordering::Relaxed) {
                    return;
                }
                let done = report(&browser, &home, n).await;
                written.lock().expect("unpoisoned").push(done);
            }
        });
    }
    // A picture that is only half written, as the server leaves it when it is killed, is not a picture.
    std::fs::write(data.path().join("photos/half.jpg#1"), b"half").expect("writes");
    let count = || written.lock().expect("unpoisoned").len();
    let mut copies = Vec::new();
    for copy in 0..4 {
        let from = Instant::now();
        while count() < 6 * (copy + 1) {
            assert!(from.elapsed() < PATIENCE, "only {} reports", count());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let before = written.lock().expect("unpoisoned").clone();
        let (file, fresh) = (elsewhere.path().join(format!("copy-{copy}.tar.zst")), elsewhere.path().join(format!("back-{copy}")));
        let made = run(&["backup", &file.display().to_string()], data.path()).await;
        assert!(made.status.success(), "{}", said(&made));
        copies.push((before, file, fresh));
    }
    enough.store(true, Ordering::Relaxed);
    while let Some(ended) = writers.join_next().await {
        ended.expect("writes");
    }
    let visitor = Browser::new(&program.url);
    for (before, file, fresh) in copies {
        let back = run(&["restore", &file.display().to_string()], &fresh).await;
        assert!(back.status.success(), "{}", said(&back));
        let verdict = run(&["verify"], &fresh).await;
        assert!(verdict.status.success() && said(&verdict).contains("whole"), "{}", said(&verdict));
        assert_eq!(std::fs::read(fresh.join("letter.key")).expect("a key"), std::fs::read(data.path().join("letter.key")).expect("a key"));
        assert_eq!(names(&fresh.join("photos")), ["photos"]);
        #[cfg(unix)]
        for (path, expected) in [(file, 0o600), (fresh.join("xianghe.db"), 0o600), (fresh.join("letter.key"), 0o600), (fresh.clone(), 0o700)] {
            assert_eq!(mode(&path), expected, "{}", path.display());
        }
        let restored = Program::serve(&fresh).await;
        let there = Browser::new(&restored.url);
        for (number, photo) in &before {
            assert_eq!(there.get(&format!("/c/here/t/{number}")).await.status, 200, "{number}");
            for size in ["s", "m", "l"] {
                let address = format!("/photos/{photo}/{size}");
                let (original, copied) = (visitor.bytes(&address).await, there.bytes(&address).await);
                assert!(original.0 == 200 && !original.1.is_empty() && original == copied, "{address}: {} {}", original.0, copied.0);
            }
        }
        // Life goes on there.
        report(&signed_in(&restored.url, &home).await, &home, 100_000).await;
        restored.stop().await;
    }
    assert!(!names(data.path()).iter().any(|n| n.starts_with("backup")), "{:?}", names(data.path()));
    assert!(names(elsewhere.path()).iter().all(|n| n.starts_with("copy-") || n.starts_with("back-")), "{:?}", names(elsewhere.path()));
    program.stop().await;
}

/// A tar file, compressed, with these entries.
fn packed(entries: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(zstd::Encoder::new(Vec::new(), 1).expect("an encoder"));
    for (name, kind, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        // Written by hand: the library itself refuses such names.
        header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        if kind.is_symlink() {
            header.set_link_name("/etc/passwd").expect("a link");
        }
        header.set_cksum();
        tar.append(&header, *bytes).expect("appends");
    }
    tar.into_inner().and_then(zstd::Encoder::finish).expect("packs")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_copy_is_refused_and_nothing_of_it_is_left() {
    let server = Server::start(Backend::Sqlite).await;
    let home = server.town().await.here;
    let browser = home.browser(&server, Role::Owner).await;
    for n in 0..3 {
        report(&browser, &home, n).await;
    }
    let files = TempDir::new().expect("a temporary folder");
    let good = files.path().join("good.tar.zst");
    backup(&place(server.data.path()), &good).await.expect("a copy");
    let bytes = std::fs::read(&good).expect("reads");
    let size = bytes.len();
    let whole = files.path().join("whole");
    restore(&place(&whole), &good).await.expect("restores");

    let mut damaged: Vec<(String, Vec<u8>)> = Vec::new();
    for length in [0, 1, 4, 100, size / 4, size / 2, size - 5, size - 1] {
        damaged.push((format!("cut off after {length} of {size}"), bytes[..length].to_vec()));
    }
    let mut rng = SmallRng::seed_from_u64(20_261_123);
    for at in [0, 4, size - 1].into_iter().chain((0..24).map(|_| rng.random_range(8..size))) {
        let mut other = bytes.clone();
        other[at] ^= 0xFF;
        damaged.push((format!("another byte at {at} of {size}"), other));
    }
    let file = tar::EntryType::Regular;
    let database = std::fs::read(whole.join("xianghe.db")).expect("reads");
    damaged.push(("not packed at all".into(), b"PK\x03\x04 a spreadsheet".to_vec()));
    damaged.push(("no tar".into(), zstd::encode_all(&b"a letter"[..], 1).expect("packs")));
    damaged.push(("no database".into(), packed(&[("letter.key", file, &[b'0'; 64])])));
    damaged.push(("no SQLite".into(), packed(&[("xianghe.db", file, &[b'x'; 8_192])])));
    damaged.push(("an empty database".into(), packed(&[("xianghe.db", file, b"")])));
    damaged.push(("a part of a database".into(), packed(&[("xianghe.db", file, &database[..2_048])])));
    damaged.push(("half a database".into(), packed(&[("xianghe.db", file, &database[..database.len() / 2])])));
    damaged.push(("a way out".into(), packed(&[("xianghe.db", file, &database), ("photos/../../evil.jpg", file, b"x")])));
    damaged.push(("a root".into(), packed(&[("xianghe.db", file, &database), ("/tmp/evil.jpg", file, b"x")])));
    damaged.push(("a link".into(), packed(&[("xianghe.db", file, &database), ("photos/a.jpg", tar::EntryType::Symlink, b"")])));
    damaged.push(("something else".into(), packed(&[("xianghe.db", file, &database), ("run.sh", file, b"x")])));
    damaged.push(("two databases".into(), packed(&[("xianghe.db", file, &database), ("xianghe.db", file, &database)])));

    let room = TempDir::new().expect("a temporary folder");
    let (bad, missing, empty) = (files.path().join("bad.tar.zst"), room.path().join("missing"), room.path().join("empty"));
    std::fs::create_dir(&empty).expect("a folder");
    for (what, bytes) in damaged {
        std::fs::write(&bad, bytes).expect("writes");
        for data in [&missing, &empty] {
            let refused = restore(&place(data), &bad).await;
            assert!(refused.is_err(), "{what} was restored");
            assert_eq!(names(room.path()), ["empty"], "{what}");
            assert!(names(&empty).is_empty(), "{what}: {:?}", names(&empty));
        }
    }
    // The good one is good, in both.
    for data in [&missing, &empty] {
        restore(&place(data), &good).await.expect("restores");
        assert_eq!(names(data), ["letter.key", "photos", "xianghe.db"]);
    }
    assert_eq!(names(room.path()), ["empty", "missing"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_there_is_written_over_and_nothing_that_is_not_there_is_copied() {
    let (data, _) = settled().await;
    let room = TempDir::new().expect("a temporary folder");
    let file = room.path().join("copy.tar.zst");
    let file_name = file.display().to_string();
    assert!(run(&["backup", &file_name], data.path()).await.status.success());

    // A copy with the same name, a system that is in use, a folder with somebody's photos.
    let copied = std::fs::read(&file).expect("reads");
    let again = run(&["backup", &file_name], data.path()).await;
    assert!(!again.status.success() && said(&again).contains("is there already"), "{}", said(&again));
    assert_eq!(std::fs::read(&file).expect("reads"), copied);
    let (before, database) = (names(data.path()), std::fs::read(data.path().join("xianghe.db")).expect("reads"));
    let over = run(&["restore", &file_name], data.path()).await;
    assert!(!over.status.success() && said(&over).contains("is not empty"), "{}", said(&over));
    assert_eq!((names(data.path()), std::fs::read(data.path().join("xianghe.db")).expect("reads")), (before, database));
    let other = room.path().join("other");
    std::fs::create_dir(&other).expect("a folder");
    std::fs::write(other.join("holiday.jpg"), b"sun").expect("writes");
    let over = run(&["restore", &file_name], &other).await;
    assert!(!over.status.success() && said(&over).contains("is not empty"), "{}", said(&over));
    assert_eq!(names(&other), ["holiday.jpg"]);
    // A database elsewhere is not what is restored.
    let elsewhere = run(&["restore", "--database", "postgres://127.0.0.1/x", &file_name], &room.path().join("new")).await;
    assert!(!elsewhere.status.success() && said(&elsewhere).contains("--database"), "{}", said(&elsewhere));

    // A wrong folder is not quietly made, copied and found whole.
    let wrong = room.path().join("wrong");
    let nothing = room.path().join("nothing.tar.zst").display().to_string();
    for words in [&["backup", nothing.as_str()][..], &["verify"]] {
        let refused = run(words, &wrong).await;
        assert!(!refused.status.success() && said(&refused).contains("no database"), "{}", said(&refused));
    }
    assert_eq!(names(room.path()), ["copy.tar.zst", "other"]);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_the_program_keeps_is_for_its_owners_eyes() {
    let room = TempDir::new().expect("a temporary folder");
    let data = room.path().join("data");
    let program = Program::serve(&data).await;
    assert_eq!(mode(&data), 0o700);
    for name in ["xianghe.db", "xianghe.db-wal", "xianghe.db-shm", "letter.key"] {
        assert_eq!(mode(&data.join(name)), 0o600, "{name}");
    }
    let key = std::fs::read(data.join("letter.key")).expect("reads");
    program.stop().await;
    Program::serve(&data).await.stop().await;
    assert_eq!(std::fs::read(data.join("letter.key")).expect("reads"), key, "the key is made once");
}

/// Reads until the answer has these words.
fn read_until(stream: &mut TcpStream, words: &str) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !String::from_utf8_lossy(&text).contains(words) {
        let n = stream.read(&mut byte).unwrap_or_else(|error| panic!("{error} after {}", String::from_utf8_lossy(&text)));
        assert!(n > 0, "closed after {}", String::from_utf8_lossy(&text));
        text.push(byte[0]);
    }
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_the_program_finishes_what_has_begun() {
    let (data, home) = settled().await;
    let mut program = Program::serve(data.path()).await;
    let address = program.url.trim_start_matches("http://").to_owned();
    // One who has said nothing yet, and one who keeps the line open, do not hold it up.
    let silent = TcpStream::connect(&address).expect("connects");
    let mut idle = TcpStream::connect(&address).expect("connects");
    idle.set_read_timeout(Some(PATIENCE)).expect("a limit");
    write!(idle, "GET /healthz HTTP/1.1\r\nhost: {address}\r\n\r\n").expect("writes");
    read_until(&mut idle, "ok\n");

    let field = |name: &str, value: &str| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let body = [field("id", &MutationId::new().to_string()), field("tag", &home.tag), field("text", "慢慢发来的报修"), "--x--\r\n".into()].concat();
    let head = format!(
        "POST /forms/report HTTP/1.1\r\nhost: {address}\r\ncontent-type: multipart/form-data; boundary=x\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    let mut slow = TcpStream::connect(&address).expect("connects");
    slow.set_read_timeout(Some(PATIENCE)).expect("a limit");
    slow.write_all(head.as_bytes()).expect("writes");
    // It asks for the rest: the request has begun.
    read_until(&mut slow, "100 Continue\r\n\r\n");
    slow.write_all(&body.as_bytes()[..40]).expect("writes");

    program.tell_to_stop();
    program.until_said("stopping").await;
    let from = Instant::now();
    while TcpStream::connect(&address).is_ok() {
        assert!(from.elapsed() < PATIENCE, "it goes on taking visitors in");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    slow.write_all(&body.as_bytes()[40..]).expect("writes");
    let answer = read_until(&mut slow, "\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(program.ended().await.success(), "{}", program.log());
    drop((silent, idle));

    let db = Db::open(&format!("sqlite:{}", data.path().join("xianghe.db").display()), 1).await.expect("opens");
    let kept = tickets::Entity::find().all(&db.read).await.expect("reads");
    assert_eq!(kept.iter().map(|t| t.text.as_str()).collect::<Vec<_>>(), ["慢慢发来的报修"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_whether_it_lives_and_whether_it_can_work() {
    let server = Server::start(Backend::Sqlite).await;
    let anybody = server.browser();
    let ask = async |path: &str| {
        let seen = anybody.get(path).await;
        (seen.status.as_u16(), seen.text)
    };
    assert_eq!(ask("/healthz").await, (200, "ok\n".into()));
    assert_eq!(ask("/readyz").await, (200, "ready\n".into()));
    server.db().read.close_by_ref().await.expect("closes");
    assert_eq!(ask("/healthz").await, (200, "ok\n".into()));
    assert_eq!(ask("/readyz").await, (503, "the database does not answer\n".into()));
}
