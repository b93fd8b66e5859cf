//! The monorepo in `fixtures/monorepo`: twin module names, members that are not installed, two versions.
//!
//! Its files say which lines are wrong; a run at the top must say what runs in each project say.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Case;

fn monorepo() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/monorepo")
}

const PROJECTS: &[&str] = &["libs/legacy", "libs/shared", "services/billing", "services/search"];

/// What a run in a folder reports: `path:line [rule]`, paths from the top.
fn reported(folder: &str, top: &Path) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_ropewalk"))
        .current_dir(top.join(folder))
        .args(["check", "--output-format", "json-lines"])
        .env_remove("GITHUB_ACTIONS")
        .env_remove("VIRTUAL_ENV")
        .output()
        .expect("the command runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let mut lines: Vec<String> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|value| value["rule"].is_string())
        .map(|value| {
            let path = value["path"].as_str().unwrap_or_default();
            let path = Path::new(folder).join(path).to_string_lossy().into_owned();
            let rule = value["rule"].as_str().unwrap_or_default();
            format!("{path}:{} [{rule}]", value["start"]["line"])
        })
        .collect();
    lines.sort();
    lines
}

fn expected(top: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "py") {
                let text = std::fs::read_to_string(&path).expect("a file");
                let shown = path.strip_prefix(top).expect("below").to_string_lossy().into_owned();
                for (number, line) in text.lines().enumerate() {
                    if let Some((_, rule)) = line.split_once("# error: ") {
                        lines.push(format!("{shown}:{} {rule}", number + 1));
                    }
                }
            }
        }
    }
    lines.sort();
    lines
}

#[test]
fn one_command_at_the_top_checks_every_project() {
    let top = monorepo();
    assert_eq!(reported("", &top), expected(&top));
}

#[test]
fn a_run_inside_of_a_project_says_the_same() {
    let top = monorepo();
    let mut alone: Vec<String> =
        PROJECTS.iter().flat_map(|project| reported(project, &top)).collect();
    alone.sort();
    assert_eq!(alone, reported("", &top));
}

#[test]
fn what_projects_share_means_the_same_to_each() {
    // `common` imports `settings`, of which `b` has its own; `plain` imports nothing of the project's.
    let case = Case::new(&[
        ("env/pyvenv.cfg", "version = 3.12\n"),
        ("env/lib/python3.12/site-packages/settings.py", "value = 1\n"),
        ("env/lib/python3.12/site-packages/plain.py", "def f() -> int: return 1\n"),
        (
            "env/lib/python3.12/site-packages/common.py",
            "import plain\nfrom settings import value\ndef get(): return value\n",
        ),
        ("a/pyproject.toml", "[project]\nname = \"a\"\nrequires-python = \">=3.12\"\n"),
        (
            "a/main.py",
            "import common\nimport plain\nimport importlib\nimport importlib.metadata\nreveal_type(common.get())\nreveal_type(plain.f())\n",
        ),
        ("b/pyproject.toml", "[project]\nname = \"b\"\nrequires-python = \">=3.12\"\n"),
        ("b/settings.py", "value = 'text'\n"),
        (
            "b/main.py",
            "import common\nimport plain\nimport importlib\nimportlib.metadata\nreveal_type(common.get())\nreveal_type(plain.f())\n",
        ),
        (".gitignore", "env\n"),
    ]);
    let run = |folder: &str| {
        let mut command = case.command();
        command.current_dir(case.path().join(folder));
        let python = case.path().join("env").display().to_string();
        command.args(["check", "--output-format", "concise", "--python", &python]);
        let output = command.output().expect("the command runs");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let prefix = if folder == "." { String::new() } else { format!("{folder}/") };
        let lines = text.lines().filter(|line| !line.starts_with("0 errors"));
        lines.map(|line| format!("{prefix}{line}")).collect::<Vec<_>>()
    };
    let together = run(".");
    assert_eq!(together, [run("a"), run("b")].concat());
    insta::assert_snapshot!(together.join("\n"));
}
