//! The baseline: what is known stays quiet, what is new does not, and edits around it do not matter.
//!
//! The file itself is compared too, because people read its diffs.

use crate::{Case, RIGHT, WRONG};

const WITH: &[&str] = &["check", "--output-format", "concise", "--baseline", "base.json"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [WITH, more].concat()
}

#[test]
fn known_findings_are_hidden_and_new_ones_are_not() {
    let case = Case::new(&[("a.py", WRONG), ("pkg/b.py", "x = = 1\ny = = 2\n")]);
    let run = case.run(&with(&["--update-baseline"]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(case.read("base.json"), @r#"
    {
      "version": 1,
      "findings": {
        "a.py": [
          {"rule": "syntax-error", "message": "Expected an expression"}
        ],
        "pkg/b.py": [
          {"rule": "syntax-error", "message": "Expected an expression", "count": 2}
        ]
      }
    }
    "#);
    let run = case.run(WITH);
    assert_eq!(run.code, 0);
    assert_eq!(run.stdout, "0 errors in 2 files (3 more in the baseline)\n");
    // Lines above change nothing; a second finding of the same kind is new.
    case.write("a.py", "# one\n# two\nx = = 1\n");
    assert_eq!(case.run(WITH).code, 0);
    case.write("a.py", "# one\nx = = 1\ny = = 2\n");
    let run = case.run(WITH);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("a.py:3:5: "), "{}", run.stdout);
}

#[test]
fn stale_entries_are_told_pruned_and_errors_on_request() {
    let case = Case::new(&[("a.py", WRONG), ("b.py", WRONG)]);
    assert_eq!(case.run(&with(&["--update-baseline"])).code, 0);
    case.write("a.py", RIGHT);
    let run = case.run(WITH);
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("1 finding gone"), "{}", run.stderr);
    assert_eq!(case.run(&with(&["--error-stale-baseline"])).code, 1);
    // A run that did not see the file says nothing of it.
    assert_eq!(case.run(&with(&["--error-stale-baseline", "b.py"])).code, 0);
    assert_eq!(case.run(&with(&["--prune-baseline"])).code, 0);
    assert!(!case.read("base.json").contains("a.py"));
    assert_eq!(case.run(&with(&["--error-stale-baseline"])).code, 0);
}

#[test]
fn an_update_of_some_files_leaves_the_others_alone() {
    let case = Case::new(&[("a.py", WRONG), ("b.py", WRONG)]);
    assert_eq!(case.run(&with(&["--update-baseline"])).code, 0);
    case.write("a.py", RIGHT);
    assert_eq!(case.run(&with(&["--update-baseline", "a.py"])).code, 0);
    let text = case.read("base.json");
    assert!(text.contains("b.py") && !text.contains("a.py"), "{text}");
}

#[test]
fn the_baseline_of_the_configuration_is_relative_to_it() {
    let case = Case::new(&[
        ("ropewalk.toml", "[analysis]\nbaseline = \"base.json\"\n"),
        ("sub/a.py", WRONG),
    ]);
    assert_eq!(case.run(&["check", "--update-baseline"]).code, 0);
    assert!(case.read("base.json").contains("\"sub/a.py\""));
    let mut inside = case.command();
    inside.current_dir(case.path().join("sub")).args(["check", "a.py"]).assert().code(0);
    let mut above = case.command();
    let named = ["check", "a.py", "--baseline", "../base.json"];
    above.current_dir(case.path().join("sub")).args(named).assert().code(0);
    let variable = ("ROPEWALK_BASELINE", "other.json");
    assert_eq!(case.run_with(variable, &["check"]).code, 2);
}

#[test]
fn a_broken_baseline_is_an_error() {
    let case = Case::new(&[("a.py", WRONG), ("base.json", "{\"version\": 1,")]);
    let run = case.run(WITH);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("error: baseline base.json: "), "{}", run.stderr);
    case.write("base.json", "{\"version\": 99, \"findings\": {}}");
    assert!(case.run(WITH).stderr.contains("version 99 is not known"));
}

#[test]
fn each_project_goes_by_its_own_baseline() {
    let case = Case::new(&[
        ("a/ropewalk.toml", "[analysis]\nbaseline = \"known.json\"\n"),
        ("a/x.py", WRONG),
        ("b/ropewalk.toml", "[terminal]\nerror-on-warning = true\n"),
        ("b/y.py", WRONG),
    ]);
    let run = case.run(&["check", "--output-format", "concise", "--update-baseline"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stdout.starts_with("b/y.py:1:5: "), "{}", run.stdout);
    assert!(case.read("a/known.json").contains("\"x.py\""));
    let run = case.run(&["check", "--output-format", "concise"]);
    assert_eq!(run.stdout.lines().count(), 2, "{}", run.stdout);
    // Warnings count in `b` alone.
    let warn = ["check", "--warn", "syntax-error"];
    assert_eq!((case.run(&warn).code, case.run(&[&warn[..], &["a"]].concat()).code), (1, 0));
}

#[test]
fn a_run_in_one_project_leaves_the_entries_of_others_alone() {
    let case = Case::new(&[
        ("ropewalk.toml", "[analysis]\nbaseline = \"known.json\"\n"),
        ("a/pyproject.toml", "[project]\nname = \"a\"\n"),
        ("a/x.py", WRONG),
        ("a/gone.py", WRONG),
        ("b/pyproject.toml", "[project]\nname = \"b\"\n"),
        ("b/y.py", WRONG),
    ]);
    assert_eq!(case.run(&["check", "--update-baseline"]).code, 0);
    std::fs::remove_file(case.path().join("a/gone.py")).expect("a file");
    let run = case.run(&["check", "--project", "a", "--prune-baseline"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let text = case.read("known.json");
    assert!(text.contains("a/x.py") && text.contains("b/y.py"), "{text}");
    assert!(!text.contains("gone.py"), "{text}");
}
