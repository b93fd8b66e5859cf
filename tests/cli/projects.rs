//! Many projects in one run: each is checked with its own configuration.
//!
//! A run at the top says what runs in each project would say.

use crate::{Case, RIGHT, WRONG};

fn monorepo() -> Case {
    Case::new(&[
        (
            "services/a/pyproject.toml",
            "[project]\nname = \"a\"\nrequires-python = \">=3.9\"\n[tool.ropewalk.rules]\nsyntax-error = \"warn\"\n",
        ),
        ("services/a/app.py", WRONG),
        (
            "services/b/pyproject.toml",
            "[project]\nname = \"b\"\nrequires-python = \">=3.12\"\n[tool.uv.sources]\nshared = { path = \"../../libs/shared\" }\n",
        ),
        ("services/b/app.py", WRONG),
        ("libs/shared/pyproject.toml", "[project]\nname = \"shared\"\n"),
        ("libs/shared/src/shared/__init__.py", RIGHT),
        ("ropewalk.toml", "[rules]\ndeprecated = \"error\"\n"),
        ("tools/x.py", WRONG),
    ])
}

#[test]
fn each_project_has_its_own_rules() {
    let run = monorepo().run(&["check", "--output-format", "concise"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stdout, @r"
    services/a/app.py:1:5: warning[syntax-error] Expected an expression
    services/b/app.py:1:5: error[syntax-error] Expected an expression
    tools/x.py:1:5: error[syntax-error] Expected an expression
    2 errors and 1 warning in 4 files
    ");
}

#[test]
fn each_project_has_its_own_settings() {
    insta::assert_snapshot!(monorepo().run(&["check", "--show-settings"]).stdout);
}

#[test]
fn no_file_is_checked_twice() {
    let run = monorepo().run(&["check", "--show-files"]);
    insta::assert_snapshot!(run.stdout, @r"
    libs/shared/src/shared/__init__.py
    services/a/app.py
    services/b/app.py
    tools/x.py
    ");
    let run = monorepo().run(&["check", "--show-files", "services", "services/a"]);
    assert_eq!(run.stdout, "services/a/app.py\nservices/b/app.py\n");
}

#[test]
fn one_project_can_be_picked() {
    let case = monorepo();
    let run = case.run(&["check", "--show-files", "--project", "services/b"]);
    assert_eq!(run.stdout, "services/b/app.py\n");
}
