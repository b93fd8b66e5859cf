//! `init`: what it writes is a valid configuration, and says what other checkers' said.
//!
//! Each migration is a snapshot, and is then read by the command itself.

use crate::{Case, RIGHT};

fn init(files: &[(&str, &str)], written: &str) -> String {
    let case = Case::new(files);
    let run = case.run(&["init"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = case.read(written);
    let check = case.run(&["check", "--show-settings"]);
    assert_eq!(check.code, 0, "{}\n{text}", check.stderr);
    text
}

#[test]
fn from_nothing() {
    insta::assert_snapshot!(init(&[("a.py", RIGHT)], "ropewalk.toml"));
}

#[test]
fn from_mypy_ini() {
    let ini = "[mypy]\npython_version = 3.11\nfiles = src, tests\nexclude = ^build/$\n\
        warn_unused_ignores = True\nstrict = True\ndisable_error_code = arg-type, no-such-code\n\
        [mypy-legacy.*]\nignore_errors = True\n[mypy-other]\ndisallow_untyped_defs = True\n";
    let files = [("mypy.ini", ini), ("src/a.py", RIGHT), ("tests/b.py", RIGHT)];
    insta::assert_snapshot!(init(&files, "ropewalk.toml"));
}

#[test]
fn from_mypy_in_pyproject() {
    let text = "[project]\nname = \"x\"\n\n[tool.mypy]\npython_version = \"3.12\"\nplatform = \"linux\"\n\
        ignore_missing_imports = true\n\n[[tool.mypy.overrides]]\nmodule = [\"a.*\", \"b\"]\nignore_errors = true\n";
    insta::assert_snapshot!(init(&[("pyproject.toml", text)], "pyproject.toml"));
}

#[test]
fn from_pyright() {
    let text = "{\n  // strict\n  \"pythonVersion\": \"3.10\",\n  \"pythonPlatform\": \"Linux\",\n  \
        \"include\": [\"src\"],\n  \"exclude\": [\"**/old\"],\n  \"venvPath\": \".\", \"venv\": \".venv\",\n  \
        \"reportDeprecated\": \"warning\",\n  \"reportUnusedImport\": true,\n  \"strict\": [\"src\"],\n}\n";
    let files = [("pyrightconfig.json", text), ("src/a.py", RIGHT)];
    insta::assert_snapshot!(init(&files, "ropewalk.toml"));
}

#[test]
fn from_ty_and_pyrefly() {
    let ty = "[environment]\npython-version = \"3.13\"\nextra-paths = [\"lib\"]\n[rules]\n\
        possibly-missing-attribute = \"error\"\nno-such = \"warn\"\n[src]\nexclude = [\"gen\"]\n";
    insta::assert_snapshot!("ty", init(&[("ty.toml", ty)], "ropewalk.toml"));
    let pyrefly = "project-includes = [\"src\"]\nproject-excludes = [\"**/old\"]\n\
        python-version = \"3.12\"\nsearch-path = [\"lib\"]\n[errors]\nbad-return = false\n";
    let files = [("pyrefly.toml", pyrefly), ("src/a.py", RIGHT)];
    insta::assert_snapshot!("pyrefly", init(&files, "ropewalk.toml"));
}

#[test]
fn init_does_not_overwrite_unless_told() {
    let case = Case::new(&[("ropewalk.toml", "[src]\nexclude = [\"a\"]\n")]);
    let run = case.run(&["init"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("--force"), "{}", run.stderr);
    let run = case.run(&["init", "--dry-run"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("[rules]"));
    assert!(case.read("ropewalk.toml").contains("exclude"));
    assert_eq!(case.run(&["init", "--force"]).code, 0);
    assert!(!case.read("ropewalk.toml").contains("exclude"));
    assert_eq!(case.run(&["init", "no-such"]).code, 2);
}
