//! Configuration: files, precedence, errors, and the schema that is kept true.
//!
//! The schema under `schemas/` is what the command prints; `UPDATE_SCHEMA=1` writes it anew.

use crate::{Case, RIGHT, WRONG};

#[test]
fn both_files_are_read_and_our_own_wins() {
    let case = Case::new(&[
        ("a.py", WRONG),
        ("pyproject.toml", "[tool.ropewalk.rules]\nsyntax-error = \"ignore\"\n"),
    ]);
    assert_eq!(case.run(&["check"]).code, 0);
    case.write("ropewalk.toml", "[rules]\nsyntax-error = \"error\"\n");
    assert_eq!(case.run(&["check"]).code, 1);
    assert_eq!(case.run(&["check", "-c", "rules.syntax-error=warn"]).code, 0);
    assert_eq!(case.run(&["check", "-c", "rules.syntax-error=warn", "--error", "all"]).code, 1);
}

#[test]
fn a_named_file_replaces_the_others() {
    let case = Case::new(&[
        ("a.py", WRONG),
        ("ropewalk.toml", "[nonsense]\n"),
        ("ci/strict.toml", "[rules]\nsyntax-error = \"ignore\"\n"),
    ]);
    assert_eq!(case.run(&["check"]).code, 2);
    assert_eq!(case.run(&["check", "--config-file", "ci/strict.toml"]).code, 0);
    let variable = ("ROPEWALK_CONFIG_FILE", "ci/strict.toml");
    assert_eq!(case.run_with(variable, &["check"]).code, 0);
    let missing = case.run(&["check", "--config-file", "no.toml"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("no such configuration file"), "{}", missing.stderr);
}

#[test]
fn configuration_is_found_upwards() {
    let case = Case::new(&[
        ("ropewalk.toml", "[rules]\nsyntax-error = \"ignore\"\n"),
        ("deep/er/a.py", WRONG),
    ]);
    assert_eq!(case.run(&["check", "deep/er/a.py"]).code, 0);
    assert_eq!(case.run(&["check", "--project", "deep/er"]).code, 0);
}

#[test]
fn errors_name_file_line_key_and_nearest() {
    let case = Case::new(&[]);
    let mut told = String::new();
    for text in [
        "[environment]\npython-verson = \"3.12\"\n",
        "[enviroment]\n",
        "[rules]\nunresolved-imports = \"warn\"\n",
        "[rules]\nunresolved-import = \"fatal\"\n",
        "[terminal]\noutput-format = \"sarrif\"\n",
        "[src]\nexclude = \"a\"\n",
        "[[overrides]]\nincludes = []\n",
        "[analysis]\nhonour-comments = [\"mipy\"]\n",
        "[environment]\npython-version = \"4.1\"\n",
        "x = [\n",
    ] {
        case.write("ropewalk.toml", text);
        let run = case.run(&["check"]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{text}");
        told.push_str(&run.stderr.replace(&format!("{}/", case.path().display()), ""));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn overrides_hold_for_their_files() {
    let case = Case::new(&[
        ("src/a.py", WRONG),
        ("tests/b.py", WRONG),
        ("tests/keep/c.py", WRONG),
        (
            "ropewalk.toml",
            "[[overrides]]\ninclude = [\"tests\"]\nexclude = [\"tests/keep/*.py\"]\n[overrides.rules]\nall = \"ignore\"\n",
        ),
    ]);
    let run = case.run(&["check", "--output-format", "concise"]);
    assert!(run.stdout.contains("src/a.py") && run.stdout.contains("tests/keep/c.py"));
    assert!(!run.stdout.contains("tests/b.py"));
}

#[test]
fn every_key_is_taken_and_shown() {
    let text = r#"
[environment]
python-version = ["3.11", "3.12"]
python-platform = "linux"
root = ["src"]
extra-paths = ["lib"]

[src]
include = ["src"]
exclude = ["src/old"]
respect-ignore-files = false
force-exclude = true

[rules]
all = "warn"
deprecated = "info"

[analysis]
respect-type-ignore-comments = false
honour-comments = ["mypy", "pyright"]
threads = 2
max-file-seconds = 30
max-file-memory = 500
max-memory = 8000

[terminal]
output-format = "concise"
color = "never"
error-on-warning = true
github-annotations = 3

[[overrides]]
include = ["tests"]
exclude = ["tests/unit"]

[overrides.rules]
deprecated = "ignore"
"#;
    let case = Case::new(&[("src/a.py", RIGHT), ("lib/b.py", RIGHT), ("ropewalk.toml", text)]);
    let run = case.run(&["check", "--show-settings"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
    assert_eq!(case.run(&["check"]).code, 0);
}

#[test]
fn requires_python_gives_the_version() {
    let case = Case::new(&[(
        "pyproject.toml",
        "[project]\nname = \"a\"\nrequires-python = \">=3.9,<4\"\n",
    )]);
    assert!(case.run(&["check", "--show-settings"]).stdout.contains("checked for: Python 3.9\n"));
}

#[test]
fn variables_stand_in_for_flags() {
    let case = Case::new(&[("a.py", WRONG)]);
    let run = case.run_with(("ROPEWALK_OUTPUT_FORMAT", "concise"), &["check"]);
    assert!(run.stdout.starts_with("a.py:1:5: "));
    let run = case.run_with(("ROPEWALK_THREADS", "none"), &["check"]);
    assert_eq!(run.code, 2);
    let run = case.run_with(("GITHUB_ACTIONS", "true"), &["check"]);
    assert!(run.stdout.starts_with("::error file=a.py,line=1"));
}

fn schema() -> serde_json::Value {
    let run = Case::new(&[]).run(&["schema"]);
    assert_eq!(run.code, 0);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/ropewalk.schema.json");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, &run.stdout).expect("the schema can be written");
    }
    let kept = std::fs::read_to_string(path).expect("the schema is there");
    assert!(
        kept == run.stdout,
        "schemas/ropewalk.schema.json is stale: UPDATE_SCHEMA=1 cargo test"
    );
    serde_json::from_str(&kept).expect("the schema is JSON")
}

#[test]
fn the_schema_says_what_the_parser_says() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let rights = [
        "",
        "[environment]\npython-version = \"3.12\"\n",
        "[environment]\npython-version = [\"3.12\"]\n",
        "[rules]\nall = \"warn\"\nunresolved-import = \"error\"\n",
        "[[overrides]]\ninclude = [\"a\"]\n[overrides.rules]\ndeprecated = \"ignore\"\n",
        "[terminal]\noutput-format = \"json-lines\"\n",
    ];
    let wrongs = [
        "[environments]\n",
        "[environment]\npython_version = \"3.12\"\n",
        "[environment]\npython-version = 3\n",
        "[rules]\nunresolved = \"warn\"\n",
        "[rules]\nunresolved-import = \"fatal\"\n",
        "[[overrides]]\n[overrides.rules]\nno-such = \"ignore\"\n",
        "[terminal]\noutput-format = \"xml\"\n",
        "[analysis]\nthreads = -1\n",
    ];
    let case = Case::new(&[("a.py", RIGHT)]);
    for (texts, expected) in [(&rights[..], true), (&wrongs[..], false)] {
        for text in texts {
            let table: toml::Table = toml::from_str(text).expect("TOML");
            let value = serde_json::to_value(table).expect("JSON");
            assert_eq!(validator.is_valid(&value), expected, "schema: {text}");
            case.write("ropewalk.toml", text);
            assert_eq!(case.run(&["check"]).code == 0, expected, "parser: {text}");
        }
    }
}

#[test]
fn a_policy_that_is_switched_off_must_be_there() {
    let case = Case::new(&[("a.py", "def shout(text=\"\"):\n    text.uper()\n")]);
    let run = case.run_with(("ROPEWALK_WITHOUT", "default-kind"), &["check"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_eq!(case.run(&["check"]).code, 1);
    let run = case.run_with(("ROPEWALK_WITHOUT", "default-kind,default-knd"), &["check"]);
    assert_eq!(run.code, 2);
    let stderr = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(stderr.contains("no policy is called `default-knd`: default-kind, "), "{stderr}");
}
