//! What somebody stumbles over in the first hour: words that mislead, and hints that are missing.

use crate::{Case, RIGHT, WRONG};

#[test]
fn init_says_that_it_adds_to_a_file_that_is_there() {
    let case = Case::new(&[("pyproject.toml", "[project]\nname = \"x\"\n")]);
    let run = case.run(&["init"]);
    assert!(run.stderr.contains("added `[tool.ropewalk]` to "), "{}", run.stderr);
    let case = Case::new(&[("a.py", RIGHT)]);
    assert!(case.run(&["init"]).stderr.contains("wrote "));
}

#[test]
fn a_part_of_the_name_of_a_rule_is_enough_to_suggest_it() {
    let case = Case::new(&[]);
    let said = |name: &str| case.run(&["explain", name]).stderr;
    let whole = "error: unknown rule `invalid-arg`; did you mean `invalid-argument-type`?\n";
    assert_eq!(said("invalid-arg"), whole);
    let several = said("override-of-final");
    assert!(
        several.contains("`override-of-final-method` or `override-of-final-variable`?"),
        "{several}"
    );
    assert!(said("subscriptable").contains("did you mean `non-subscriptable`?"));
    // Of many it says where they are listed.
    assert!(said("invalid").contains("`ropewalk rules` lists them"));
}

#[test]
fn an_audit_of_nothing_is_not_green() {
    let run = Case::new(&[("notes.txt", "")]).run(&["audit"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.starts_with("warning: nothing was checked: "), "{}", run.stderr);
}

#[test]
fn code_on_standard_input_is_told_from_names_of_files() {
    let case = Case::new(&[("a.py", WRONG)]);
    let run = case.run_on(WRONG, &["check", "-"]);
    assert!(
        run.stderr.contains("`-` takes the names of files, one a line, and no code"),
        "{}",
        run.stderr
    );
}

#[test]
fn test_reports_say_why_and_where_else() {
    let text = "def find(key: str) -> int | None: ...\n\ndef f(x: int | bytes, y: int) -> int:\n    \
        y = x\n    return find('') + 1\n";
    let case = Case::new(&[("a.py", text)]);
    let shown = case.run(&["check", "--output-format", "junit"]).stdout;
    assert!(shown.contains("note: what does not fit is `bytes`"), "{shown}");
    assert!(shown.contains("note: a.py:1:5: `find` may return `None`"), "{shown}");
}

#[test]
fn titles_leave_room_in_a_narrow_window() {
    let text = "def f(x: dict[str, list[float]], y: dict[str, list[int]]) -> None:\n    x = y\n";
    let case = Case::new(&[("a.py", text)]);
    let shown = case.run_with(("COLUMNS", "50"), &["check", "-q"]).stdout;
    let title: Vec<&str> = shown.lines().take_while(|line| !line.contains("-->")).collect();
    assert!(title.len() > 2 && title.iter().all(|line| line.chars().count() <= 50), "{shown}");
    assert!(
        title[1..].iter().all(|line| line.starts_with("    ") && !line.starts_with("     ")),
        "{shown}"
    );
}

#[test]
fn the_page_of_a_check_counts_errors_and_warnings() {
    let case = Case::new(&[("a.py", WRONG)]);
    let page = case.run(&["check", "--output-format", "html"]).stdout;
    assert!(page.contains("isAudit ? \"certain findings\" : \"errors\""));
}

#[test]
fn a_package_of_another_project_is_said_to_be_there() {
    let project = |name: &str| format!("[project]\nname = \"{name}\"\nversion = \"0\"\n");
    let (core, api) = (project("core"), project("api"));
    let files = [
        ("libs/core/pyproject.toml", core.as_str()),
        ("libs/core/src/core/__init__.py", ""),
        ("services/api/pyproject.toml", &api),
        ("services/api/main.py", "import core\nimport absent\n"),
    ];
    let case = Case::new(&files);
    let run = case.run(&["check"]);
    let expected = "warning: project services/api: `core` is in the project libs/core, which it does not name by path: \
        `[tool.uv.sources]`, poetry's `path`, or `environment.extra-paths` do that\n";
    assert!(run.stderr.contains(expected), "{}", run.stderr);
    let named = format!("{api}[tool.uv.sources]\ncore = {{ path = \"../../libs/core\" }}\n");
    case.write("services/api/pyproject.toml", &named);
    assert!(!case.run(&["check"]).stderr.contains("is in the project"));
}

#[test]
fn members_of_a_union_that_fail_alike_are_one_finding() {
    let text = "def f(x: int | float | dict[str, int] | None) -> None:\n    x()\n    x[''] + 1\n    x[''] = 1\n";
    let case = Case::new(&[("a.py", text)]);
    let shown = case.run(&["check", "-q", "--output-format", "concise"]).stdout;
    insta::assert_snapshot!(shown, @r"
    a.py:2:5: error[call-non-callable] Object of type `int | float | dict[str, int] | None` is not callable
    a.py:3:5: error[non-subscriptable] `int`, `float` and `None` in `int | float | dict[str, int] | None` are not subscriptable
    a.py:4:5: error[non-subscriptable] `int`, `float` and `None` in `int | float | dict[str, int] | None` do not support item assignment
    ");
}
