//! What is written outside of the program and must stay true: rule pages, and the packaging files.
//!
//! `UPDATE_DOCS=1` writes the pages anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::Case;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The pages by path below `docs/src`, made from the rules themselves.
fn pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    let mut list =
        String::from("# Rules\n\n| rule | default level | what it reports |\n|---|---|---|\n");
    for rule in ropewalk::rules::ALL {
        let (name, level, summary) = (rule.name, rule.default_level.name(), rule.summary);
        list.push_str(&format!("| [{name}](rules/{name}.md) | {level} | {summary} |\n"));
        let page = format!(
            "# {name}\n\nDefault level: **{level}**. In short: {summary}.\n\n{}",
            rule.documentation
        );
        pages.push((format!("rules/{name}.md"), page));
    }
    pages.push(("rules.md".to_owned(), list));
    pages.push(("SUMMARY.md".to_owned(), summary()));
    pages.push(("messages.md".to_owned(), crate::messages::page()));
    pages.push(("policies.md".to_owned(), policies()));
    let help = Case::new(&[]).run(&["check", "--help"]).stdout;
    pages.push(("check.md".to_owned(), format!("# `ropewalk check`\n\n```text\n{help}```\n")));
    pages.push(("configuration-keys.md".to_owned(), keys()));
    pages
}

/// The table of policies, with what `study/policies.py` has measured of them.
fn policies() -> String {
    const INTRODUCTION: &str = "# Policies\n\n\
        What the typing specification and the language say decides most of what ropewalk reports. The rest is decided by how \
        code is written: a *policy* is such a decision, and this page has all of them. A policy *silences* (something is not \
        reported, or a type is left open so that nothing is), *infers* (a type is found that nobody wrote), or *reports* \
        (something is reported that no rule of the language forbids). All of them always hold.\n\n";
    let text = std::fs::read_to_string(root().join("study/results/policies.jsonl"));
    let rows: Vec<serde_json::Value> = text
        .expect("the measurements")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let folders = |asked: &str| {
        let rows = rows.iter().filter(|row| !row[asked].is_null());
        let names: BTreeSet<&str> = rows.filter_map(|row| row["folder"].as_str()).collect();
        names.into_iter().collect::<Vec<_>>().join(", ")
    };
    let mut page = format!(
        "{INTRODUCTION}The numbers say what each of them does on {}: how many lines come and how many go when it is switched \
         off (`study/policies.py` measures that). *Others too* says how many of those that come are reported by ty, pyrefly \
         or pyright as well, which were asked about {}.\n\n\
         | policy | what is done | why | come | others too | go |\n|---|---|---|---|---|---|\n",
        folders("come"),
        folders("seconded"),
    );
    for entry in ropewalk::policy::ALL {
        let (name, effect) = (entry.name, entry.effect.name());
        let sum = |key: &str, asked: &str| -> u64 {
            let rows = rows.iter().filter(|row| row["policy"] == name && !row[asked].is_null());
            rows.filter_map(|row| row[key].as_u64()).sum()
        };
        let (come, go) = (sum("come", "come"), sum("go", "go"));
        let others = match sum("come", "seconded") {
            0 => "–".to_owned(),
            asked => format!("{} of {asked}", sum("seconded", "seconded")),
        };
        let (what, why) = (entry.what.replace('|', "\\|"), entry.why.replace('|', "\\|"));
        page.push_str(&format!(
            "| `{name}` ({effect}) | {what} | {why} | {come} | {others} | {go} |\n"
        ));
    }
    page
}

/// The keys of the configuration, but for the names of rules, as the schema has them.
fn keys() -> String {
    let schema: serde_json::Value =
        serde_json::from_str(&Case::new(&[]).run(&["schema"]).stdout).expect("a schema");
    let definition = |value: &serde_json::Value| {
        let name = value["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        name.map_or_else(|| value.clone(), |name| schema["$defs"][name].clone())
    };
    let mut page = String::from(
        "# All keys\n\nThose of `ropewalk.toml`; in `pyproject.toml` they stand below `[tool.ropewalk]`. The levels of rules are \
         `ignore`, `info`, `warn` and `error`.\n\n| key | value | what it says |\n|---|---|---|\n",
    );
    for (table, value) in schema["properties"].as_object().into_iter().flatten() {
        let fields = definition(value)["properties"].clone();
        let fields = fields.as_object().filter(|_| table != "rules").cloned().unwrap_or_default();
        let mut row = |key: &str, value: &serde_json::Value| {
            let text = value["description"].as_str().unwrap_or_default().replace(['\n', '|'], " ");
            page.push_str(&format!("| `{key}` | {} | {text} |\n", kind_of(value)));
        };
        if fields.is_empty() {
            row(table, value);
        }
        for (key, value) in &fields {
            row(&format!("{table}.{key}"), value);
        }
    }
    page
}

/// What kind of value a key takes, in a word.
fn kind_of(value: &serde_json::Value) -> &'static str {
    let text = value.to_string();
    match &value["type"] {
        serde_json::Value::Null if text.contains("OneOrMany") => "text or list",
        kind if kind.to_string().contains("array") => "list",
        kind if kind.to_string().contains("boolean") => "true or false",
        kind if kind.to_string().contains("integer") => "whole number",
        kind if kind.to_string().contains("object") => "table",
        _ if text.contains("/Rules") => "table",
        _ => "text",
    }
}

/// The summary as it is kept, with a line for each rule at its end: what is not in the summary is no page.
fn summary() -> String {
    const RULES: &str = "- [Rules](rules.md)\n";
    let kept = std::fs::read_to_string(root().join("docs/src/SUMMARY.md")).expect("the summary");
    let (before, _) = kept.split_once(RULES).expect("the rules are last");
    let mut text = format!("{before}{RULES}");
    for rule in ropewalk::rules::ALL {
        text.push_str(&format!("  - [{0}](rules/{0}.md)\n", rule.name));
    }
    text
}

#[test]
fn the_pages_are_what_the_program_says() {
    let folder = root().join("docs/src");
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    for (name, text) in pages() {
        let path = folder.join(&name);
        if update {
            std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("a folder");
            std::fs::write(&path, &text).expect("a page");
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == text, "docs/src/{name} is stale: UPDATE_DOCS=1 cargo test --test cli");
    }
    let known: BTreeSet<String> = pages().into_iter().map(|(name, _)| name).collect();
    for entry in std::fs::read_dir(folder.join("rules")).expect("a folder").flatten() {
        let name = format!("rules/{}", entry.file_name().to_string_lossy());
        assert!(known.contains(&name), "docs/src/{name} is of no rule");
    }
}

#[test]
fn every_page_of_the_summary_is_there_and_the_other_way_round() {
    let folder = root().join("docs/src");
    let summary = std::fs::read_to_string(folder.join("SUMMARY.md")).expect("the summary");
    let linked: Vec<&str> =
        summary.lines().filter_map(|line| line.split_once("](")?.1.strip_suffix(')')).collect();
    for page in &linked {
        assert!(folder.join(page).is_file(), "{page}");
    }
    for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".md") && name != "SUMMARY.md" {
            assert!(linked.contains(&name.as_str()), "{name} is not in the summary");
        }
    }
}

#[test]
fn every_link_leads_somewhere() {
    let folder = root().join("docs/src");
    let mut files = vec![(root().join("README.md"), root())];
    for place in [folder.clone(), folder.join("rules")] {
        let entries = std::fs::read_dir(&place).expect("a folder").flatten();
        let pages = entries.map(|entry| entry.path()).filter(|path| path.is_file());
        files.extend(pages.map(|path| (path, place.clone())));
    }
    for (file, base) in files {
        let text = std::fs::read_to_string(&file).expect("a page");
        for (_, rest) in text.match_indices("](").map(|(at, _)| text.split_at(at + 2)) {
            let target = rest.split([')', '#', '\n']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains([':', ' ', '*', '`', '|']) {
                assert!(base.join(target).exists(), "{}: {target}", file.display());
            }
        }
    }
}

#[test]
fn the_flags_in_the_pages_and_packaging_exist() {
    let help = Case::new(&[]).run(&["check", "--help"]).stdout
        + &Case::new(&[]).run(&["suppress", "--help"]).stdout
        + &Case::new(&[]).run(&["init", "--help"]).stdout
        + &["dead", "imports", "types", "api"]
            .map(|question| Case::new(&[]).run(&["audit", question, "--help"]).stdout)
            .concat();
    let mut files: Vec<PathBuf> = ["action.yml", ".pre-commit-hooks.yaml", "ci/gitlab.yml"]
        .iter()
        .map(|name| root().join(name))
        .collect();
    let pages = std::fs::read_dir(root().join("docs/src")).expect("a folder").flatten();
    files.extend(pages.map(|entry| entry.path()).filter(|path| path.is_file()));
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a file");
        for line in text.lines().filter(|line| line.contains("ropewalk ")) {
            for word in line.split([' ', '`', '"', '\'', '=', ',', ')', '|']) {
                let is_flag = word.strip_prefix("--").is_some_and(|rest| !rest.is_empty());
                assert!(!is_flag || help.contains(word), "{}: {word}", file.display());
            }
        }
    }
}

#[test]
#[cfg(unix)]
fn everything_names_the_same_version() {
    let run = |arguments: &[&str]| {
        let script = root().join("ci/version");
        std::process::Command::new("bash").arg(script).args(arguments).output().expect("bash")
    };
    let output = run(&[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), env!("CARGO_PKG_VERSION"));
    assert!(!run(&["v99.0.0"]).status.success());
    // A page that was forgotten.
    let case = Case::new(&[]);
    for name in ["ci/version", "ci/gitlab.yml", "Cargo.toml", "action.yml", "docs/src/ci.md"] {
        case.write(name, &std::fs::read_to_string(root().join(name)).expect("a file"));
    }
    case.write("README.md", "uses: ropewalk/ropewalk@v0.0.9\n");
    let copy = std::process::Command::new("bash").arg(case.path().join("ci/version")).output();
    let copy = copy.expect("bash");
    assert!(!copy.status.success());
    assert!(String::from_utf8_lossy(&copy.stderr).contains("README.md:1:ropewalk@v0.0.9"));
}

#[test]
fn actions_are_pinned_to_a_commit_with_their_version_beside_it() {
    let mut files: Vec<PathBuf> =
        ["action.yml", "README.md"].iter().map(|name| root().join(name)).collect();
    for folder in [".github/workflows", "docs/src"] {
        let entries = std::fs::read_dir(root().join(folder)).expect("a folder").flatten();
        files.extend(entries.map(|entry| entry.path()).filter(|path| path.is_file()));
    }
    let mut pins = std::collections::BTreeMap::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a file");
        let uses =
            text.lines().filter_map(|line| line.split_once("uses: ")).map(|(_, action)| action);
        for action in uses.filter(|action| !action.starts_with("ropewalk/ropewalk@v")) {
            let (name, pin) = action.split_once('@').expect("an action has a revision");
            let (commit, version) = pin.split_once(" # v").unwrap_or((pin, ""));
            let is_commit =
                commit.len() == 40 && commit.chars().all(|digit| digit.is_ascii_hexdigit());
            assert!(is_commit && !version.is_empty(), "{}: {action}", file.display());
            let first = pins.entry(name.to_owned()).or_insert_with(|| pin.to_owned());
            assert_eq!(first, pin, "{}: {name} is pinned to two commits", file.display());
        }
    }
    assert!(pins.len() >= 8, "{pins:?}");
}
