//! The shape of the house: rooms have their papers, server functions their addresses, the browser carries no database.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).expect("reads");
            found.push((path, text));
        }
    }
}

fn all(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    sources(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} has sources");
    found
}

#[test]
fn every_room_says_who_lives_there_and_has_pure_rules() {
    for entry in std::fs::read_dir(root().join("app/src/rooms")).expect("rooms").flatten().filter(|e| e.path().is_dir()) {
        let room = entry.path();
        let doc = std::fs::read_to_string(room.join("mod.rs")).expect("a mod.rs");
        assert!(doc.starts_with("//! ") && doc.contains("Invariants:") && doc.contains("Offline policy:"), "{}", room.display());
        let rules = std::fs::read_to_string(room.join("rules.rs")).expect("a rules.rs");
        for word in ["Utc::now", "SystemTime", "Time::now", " f64", " f32"] {
            assert!(!rules.contains(word), "{} uses {word}", room.display());
        }
    }
}

#[test]
fn gates_stand_in_mod_rs_and_server_functions_have_addresses() {
    for (path, text) in all("app/src/rooms") {
        let name = path.display();
        let gates = text.lines().filter(|l| l.trim_start().starts_with("#[cfg(feature")).count();
        if !path.ends_with("mod.rs") && !path.ends_with("api.rs") && gates > 0 {
            assert!(path.ends_with("picker.rs") && gates == 1, "{name} has a gate of its own");
        }
        for line in text.lines().filter(|l| l.trim_start().starts_with("#[server")) {
            assert!(line.contains("endpoint = \"v1/") && line.contains("input = GetUrl"), "{name}: {line}");
        }
    }
}

#[test]
fn every_mutation_has_an_arm() {
    let apply = std::fs::read_to_string(root().join("app/src/apply.rs")).expect("reads");
    let arms = apply.matches("Mutation::").count();
    assert!(arms >= app::mutation::Mutation::KINDS.len(), "{arms} arms");
    assert!(!apply.contains("_ =>  Err"), "no arm for the rest");
}

#[test]
fn the_browser_carries_no_database() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "-p", "frontend", "--target", "wasm32-unknown-unknown", "-e", "normal", "--prefix", "none"])
        .current_dir(root())
        .output()
        .expect("cargo tree");
    let text = String::from_utf8_lossy(&tree.stdout);
    assert!(text.contains("leptos "), "{}", String::from_utf8_lossy(&tree.stderr));
    for heavy in ["sea-orm ", "sqlx ", "axum ", "tokio ", "image ", "argon2 "] {
        assert!(!text.lines().any(|l| l.starts_with(heavy)), "the browser carries {heavy}");
    }
}

#[test]
fn words_stand_in_both_languages() {
    let chinese = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    for (path, text) in all("app/src") {
        for (at, _) in text.match_indices("tr!(lang, \"").chain(text.match_indices("trf!(lang, \"")) {
            let line = text[at..].lines().next().unwrap_or_default();
            let strings: Vec<&str> = line.split('"').skip(1).step_by(2).take(2).collect();
            let [zh, en] = strings[..] else { continue };
            // The switch of language names the other one in its own words.
            // The roster's columns are named as they stand in the clerk's file.
            if zh == "English" || zh == "en" || zh == "—" || path.ends_with("rosters/desk.rs") {
                continue;
            }
            assert!(!en.chars().any(chinese), "{}: the English of {zh:?} is {en:?}", path.display());
            let letters = zh.chars().filter(|c| c.is_alphabetic() && c.is_ascii()).count();
            assert!(zh.chars().any(chinese) || letters < 3, "{}: the Chinese of {en:?} is {zh:?}", path.display());
        }
    }
}

#[test]
fn nothing_is_unfinished() {
    for folder in ["app/src", "server/src", "migrations/src", "frontend/src"] {
        for (path, text) in all(folder) {
            for word in ["todo!(", "unimplemented!(", "FIXME"] {
                assert!(!text.contains(word), "{} has {word}", path.display());
            }
            assert!(text.lines().count() <= 720, "{} is too long", path.display());
        }
    }
}
