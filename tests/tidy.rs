//! The shape of the source, held by a test: layers, module docs, sizes, where files are read, and that
//! what documents name is there.
//!
//! One crate has no walls of its own; this is the wall.

use std::path::{Path, PathBuf};

/// The rooms in the order in which data flows: a room uses only those before it.
const ROOMS: &[&str] = &[
    "project", "source", "index", "store", "policy", "types", "rules", "infer", "schedule",
    "audit", "shard", "report", "cli",
];

/// A file longer than this wants to be two.
const MAX_FILE_LINES: usize = 1_000;

/// A function longer than this wants helpers.
const MAX_FUNCTION_LINES: usize = 150;

/// Files outside of `source/` and `project/` that touch the file system, and why.
const FILE_USERS: &[(&str, &str)] =
    &[("src/cli/changed.rs", "writes the files of an older revision into a temporary folder")];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files with one of the extensions below a folder, sorted, as paths relative to the root.
fn files_below(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if extensions
                .iter()
                .any(|extension| path.extension().is_some_and(|e| e == *extension))
            {
                found.push(path.strip_prefix(root()).expect("below the root").to_owned());
            }
        }
    }
    found.sort();
    found
}

fn rust_files() -> Vec<(String, String)> {
    ["src", "tests", "benches", "study"]
        .iter()
        .flat_map(|folder| files_below(folder, &["rs"]))
        .map(|path| {
            let text = std::fs::read_to_string(root().join(&path)).expect("a source file");
            (path.to_string_lossy().replace('\\', "/"), text)
        })
        .collect()
}

fn none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn a_room_uses_only_rooms_before_it() {
    let mut problems = Vec::new();
    for (path, text) in rust_files() {
        let Some(room) = path.strip_prefix("src/").and_then(|rest| rest.split('/').next()) else {
            continue;
        };
        let Some(place) = ROOMS.iter().position(|other| *other == room) else { continue };
        for (number, line) in text.lines().enumerate() {
            let code = line.trim_start();
            if code.starts_with("//") {
                continue;
            }
            for used in rooms_used(code) {
                let later = ROOMS.iter().position(|other| *other == used);
                if later.is_none_or(|later| later > place) {
                    problems.push(format!("{path}:{}: `{room}` uses `{used}`", number + 1));
                }
            }
        }
    }
    none(&problems);
}

/// The names right after `crate::` in a line, those of `use crate::{a, b}` too.
fn rooms_used(line: &str) -> Vec<&str> {
    let mut used = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        if line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &line[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                let names = list.split(['}', ';']).next().unwrap_or_default().split(',');
                used.extend(names.map(first_name).filter(|name| !name.is_empty()));
            }
            None => used.push(first_name(rest)),
        }
    }
    used.retain(|name| name.starts_with(|c: char| c.is_lowercase()));
    used
}

fn first_name(text: &str) -> &str {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

#[test]
fn every_file_opens_with_a_module_doc() {
    let problems: Vec<String> = rust_files()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| format!("{path} does not begin with a `//!` comment"))
        .collect();
    none(&problems);
}

#[test]
fn files_and_functions_are_short() {
    let mut problems = Vec::new();
    for (path, text) in rust_files() {
        let lines = text.lines().count();
        if lines > MAX_FILE_LINES {
            problems.push(format!("{path} has {lines} lines"));
        }
        for (line, length) in functions(&text) {
            if length > MAX_FUNCTION_LINES {
                problems.push(format!("{path}:{line}: a function of {length} lines"));
            }
        }
    }
    none(&problems);
}

/// The line and length of each function: rustfmt closes one with a brace at the indentation of its `fn`.
fn functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let is_function = |line: &str| {
        let code = line.trim_start();
        let head = code.split('(').next().unwrap_or_default();
        !code.starts_with("//")
            && (head.starts_with("fn ") || head.contains(" fn "))
            && !code.ends_with(';')
    };
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_function(line)) {
        if line.ends_with('}') {
            continue;
        }
        let depth = indentation(line);
        let ends = |line: &str| line.trim_end() == "}" && indentation(line) == depth;
        if let Some(length) = lines[at + 1..].iter().position(|line| ends(line)) {
            found.push((at + 1, length + 2));
        }
    }
    found
}

#[test]
fn files_are_touched_in_two_rooms_only() {
    let mut problems = Vec::new();
    for (path, text) in rust_files() {
        let allowed = !path.starts_with("src/")
            || path.starts_with("src/source/")
            || path.starts_with("src/project/")
            || FILE_USERS.iter().any(|(user, _)| path == *user);
        if allowed {
            continue;
        }
        // A file's own tests may use what they like.
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (number, line) in code.lines().enumerate() {
            let code = line.trim_start();
            if !code.starts_with("//") && (code.contains("std::fs") || code.contains("fs::read")) {
                if path.ends_with("tests.rs") || path.contains("/tests/") {
                    continue;
                }
                problems.push(format!("{path}:{}: touches the file system", number + 1));
            }
        }
    }
    none(&problems);
}

#[test]
fn exceptions_are_still_needed() {
    for (path, reason) in FILE_USERS {
        let text = std::fs::read_to_string(root().join(path)).unwrap_or_default();
        assert!(text.contains("fs::"), "{path} no longer {reason}");
    }
}

#[test]
fn paths_in_documents_exist() {
    let mut problems = Vec::new();
    let mut documents = vec![PathBuf::from("README.md"), PathBuf::from("ARCHITECTURE.md")];
    documents.extend(
        files_below("docs", &["md"])
            .into_iter()
            .filter(|path| !path.to_string_lossy().contains("/rules/")),
    );
    let folders = [
        "src/",
        "tests/",
        "benches/",
        "fixtures/",
        "docs/",
        "ci/",
        "schemas/",
        ".ci/",
        "build.rs",
        "Cargo.toml",
        "action.yml",
        "clippy.toml",
    ];
    for document in documents {
        let text = std::fs::read_to_string(root().join(&document)).unwrap_or_default();
        for (number, line) in text.lines().enumerate() {
            for quoted in line.split('`').skip(1).step_by(2) {
                let path = quoted.split([':', ' ', '*', '<', '…']).next().unwrap_or_default();
                let named = folders.iter().any(|folder| path.starts_with(folder));
                if named && !root().join(path).exists() {
                    let place = document.display();
                    problems.push(format!("{place}:{}: there is no `{path}`", number + 1));
                }
            }
        }
    }
    none(&problems);
}

#[test]
fn every_room_is_in_the_architecture() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for room in ROOMS {
        let there = root().join("src").join(room).is_dir();
        assert!(!there || text.contains(&format!("`src/{room}/`")), "src/{room}/ is not described");
    }
}

#[test]
fn every_policy_is_asked_for() {
    let asked: String = rust_files()
        .into_iter()
        .filter(|(path, _)| path.starts_with("src/") && !path.starts_with("src/policy/"))
        .map(|(_, text)| text)
        .collect();
    let table = std::fs::read_to_string(root().join("src/policy/table.rs")).expect("the table");
    let is_entry = |line: &&str| {
        line.ends_with("Infers") || line.ends_with("Silences") || line.ends_with("Reports")
    };
    let names: Vec<&str> = table
        .lines()
        .filter(is_entry)
        .filter_map(|line| line.split_whitespace().next().filter(|_| line.contains('"')))
        .collect();
    assert_eq!(names.len(), ropewalk::policy::ALL.len(), "the table is read wrongly");
    for name in names {
        assert!(asked.contains(&format!("Policy::{name}")), "nobody asks for {name}");
    }
}

#[test]
fn the_table_of_rules_and_the_files_agree() {
    let names: Vec<&str> = ropewalk::rules::ALL.iter().map(|rule| rule.name).collect();
    assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "the table is not sorted");
    for name in names {
        let path = format!("src/rules/{}.rs", name.replace('-', "_"));
        assert!(root().join(&path).exists(), "the rule {name} has no file {path}");
    }
}

#[test]
fn the_shipped_program_has_nothing_of_the_study() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--package", "ropewalk", "--edges", "normal", "--prefix", "none"])
        .current_dir(root())
        .output()
        .expect("cargo lists what a package is made of");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let packages = String::from_utf8_lossy(&output.stdout);
    for line in packages.lines() {
        let name = line.split(' ').next().unwrap_or_default();
        let is_of_study = name.starts_with("salsa") || ["study", "papaya", "scc"].contains(&name);
        assert!(!is_of_study, "the shipped program contains {line}");
    }
    assert!(packages.contains("flurry"), "the list says nothing");
}
