//! Suppression comments in a run, and `suppress`, which writes them and takes them out.
//!
//! Newer syntax than the version checked for is a finding that comments can hide.

use crate::{Case, RIGHT};

const OLD: &str = "match 1:\r\n    case _:\r\n        pass\r\n";

fn old() -> Case {
    Case::new(&[("ropewalk.toml", "[environment]\npython-version = \"3.9\"\n"), ("a.py", OLD)])
}

#[test]
fn suppress_adds_comments_and_keeps_all_other_bytes() {
    let case = old();
    assert_eq!(case.run(&["check"]).code, 1);
    let run = case.run(&["suppress", "--dry-run"]);
    assert_eq!(run.stderr, "a.py:1\nWould add 1 comment in 1 file\n");
    assert_eq!(case.read("a.py"), OLD);
    let run = case.run(&["suppress"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, "Added 1 comment in 1 file\n"));
    let expected =
        OLD.replacen("match 1:", "match 1:  # ropewalk: ignore[invalid-syntax-for-version]", 1);
    assert_eq!(case.read("a.py"), expected);
    let run = case.run(&["check"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "0 errors in 1 file\n"));
}

#[test]
fn stale_comments_are_told_and_taken_out() {
    let case = old();
    assert_eq!(case.run(&["suppress"]).code, 0);
    let arguments = ["check", "--output-format", "concise", "--python-version", "3.12"];
    let run = case.run(&arguments);
    assert_eq!(run.code, 0);
    assert!(run.stdout.starts_with("a.py:1:11: warning[unused-ignore] "), "{}", run.stdout);
    // Unused on one version alone is not unused.
    let run = case.run(&["check", "--output-format", "concise", "--python-version", "3.9,3.12"]);
    assert_eq!(run.stdout, "0 errors in 1 file\n");
    let run = case.run(&["suppress", "--remove-unused", "--python-version", "3.12"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, "Took out 1 comment in 1 file\n"));
    assert_eq!(case.read("a.py"), OLD);
}

#[test]
fn a_finding_of_some_versions_says_of_which() {
    let run = old().run(&["check", "--python-version", "3.9,3.12"]);
    assert!(run.stdout.contains("help: only for Python 3.9"), "{}", run.stdout);
    let run = old().run(&["check", "--python-version", "3.9,3.12", "--output-format", "concise"]);
    assert!(run.stdout.lines().next().is_some_and(|line| line.ends_with(" (only for Python 3.9)")));
    let run = old().run(&["check", "--python-version", "3.9,3.12", "--output-format", "json"]);
    assert!(
        run.stdout.contains("\"only_for\": [\n        \"Python 3.9\"\n      ]"),
        "{}",
        run.stdout
    );
}

#[test]
fn wrong_and_blanket_comments_are_told() {
    let text = "x = 1  # ropewalk: ignore[unresolved-imports]\n";
    let case = Case::new(&[("a.py", text)]);
    let run = case.run(&["check", "--output-format", "json-lines"]);
    assert!(run.stdout.contains("\"invalid-ignore\""), "{}", run.stdout);
    assert!(run.stdout.contains("did you mean `unresolved-import`?"), "{}", run.stdout);
    let case = old();
    case.write("a.py", &OLD.replacen("match 1:", "match 1:  # type: ignore", 1));
    assert_eq!(case.run(&["check"]).stdout, "0 errors in 1 file\n");
    let run = case.run(&["check", "--warn", "blanket-ignore", "--output-format", "concise"]);
    assert!(run.stdout.contains("warning[blanket-ignore]"), "{}", run.stdout);
    let off = "analysis.respect-type-ignore-comments=false";
    assert_eq!(case.run(&["check", "-c", off]).code, 1);
}

#[test]
fn other_tools_comments_are_honoured_on_request() {
    let case = old();
    case.write("a.py", &OLD.replacen("match 1:", "match 1:  # pyright: ignore", 1));
    assert_eq!(case.run(&["check"]).code, 1);
    assert_eq!(case.run(&["check", "-c", "analysis.honour-comments=[\"pyright\"]"]).code, 0);
}

#[test]
fn files_that_cannot_be_edited_are_left_alone() {
    let case = old();
    let bytes = [b"# coding: latin-1\nx = '\xe9'\n".as_slice(), OLD.as_bytes()].concat();
    std::fs::write(case.path().join("a.py"), &bytes).expect("a file");
    let run = case.run(&["suppress"]);
    assert!(run.stderr.contains("only UTF-8"), "{}", run.stderr);
    assert_eq!(std::fs::read(case.path().join("a.py")).expect("a file"), bytes);
}

#[test]
fn suppress_leaves_a_clean_project_alone() {
    let case = Case::new(&[("a.py", RIGHT)]);
    let run = case.run(&["suppress"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, "Added 0 comments in 0 files\n"));
    let run = case.run(&["suppress", "--remove-unused", "--dry-run"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, "Would take out 0 comments in 0 files\n"));
    assert_eq!(case.read("a.py"), RIGHT);
}

#[test]
fn bad_files_and_notebooks_are_reported() {
    let notebook = r##"{"cells": [{"cell_type": "markdown", "metadata": {}, "source": ["# t"]},
 {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null,
  "source": ["x = 1\n", "y = = 1\n"]}],
 "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}"##;
    let case = Case::new(&[("n.ipynb", notebook), ("broken.ipynb", "{")]);
    std::fs::write(case.path().join("b.py"), b"x = '\xff'\n").expect("a file");
    let run = case.run(&["check", "--output-format", "concise"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stdout);
    let run = case.run(&["check", "n.ipynb"]);
    assert!(run.stdout.contains("y = = 1"), "{}", run.stdout);
}
