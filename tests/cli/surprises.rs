//! What a user would not expect: runs that check nothing, errors that come late, names that are not known.
//!
//! Each test is a defect that a user met once.

use crate::{Case, RIGHT, WRONG};

const CONCISE: &[&str] = &["check", "--output-format", "concise"];

fn concise<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [CONCISE, more].concat()
}

#[test]
fn removing_unused_comments_leaves_those_that_other_checkers_need() {
    let text = "x = 1  # type: ignore\ny = 1  # ropewalk: ignore[deprecated]\n";
    let case = Case::new(&[("a.py", text)]);
    assert_eq!(case.run(&["suppress", "--remove-unused"]).code, 0);
    assert_eq!(case.read("a.py"), "x = 1  # type: ignore\ny = 1\n");
    let warn = ["suppress", "--remove-unused", "--warn", "unused-type-ignore"];
    assert_eq!(case.run(&warn).code, 0);
    assert_eq!(case.read("a.py"), "x = 1\ny = 1\n");
}

#[test]
fn a_run_that_checks_nothing_is_not_green() {
    let empty = Case::new(&[("notes.txt", "")]);
    for arguments in [&["check"][..], &["check", "."], &["check", "--exit-zero"]] {
        let run = empty.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.stderr.starts_with("warning: nothing was checked: "), "{}", run.stderr);
    }
    let case = Case::new(&[("a.py", RIGHT), ("ropewalk.toml", "[src]\ninclude = [\"sorce\"]\n")]);
    let run = case.run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("`src.include`: `sorce` matches nothing"), "{}", run.stderr);
    // A hook may name excluded files only.
    let case = Case::new(&[("build/a.py", RIGHT), ("pyproject.toml", "[project]\nname = \"x\"\n")]);
    let run = case.run(&["check", "--force-exclude", "build/a.py"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "0 errors in 0 files\n"));
}

#[test]
fn settings_without_effect_are_warnings() {
    let configuration = "[environment]\nroot = [\"nowhere\", \".\"]\nextra-paths = [\"gone\"]\n\
        [src]\ninclude = [\"a.py\", \"b/*.py\"]\n\
        [[overrides]]\ninclude = [\"tests\", \"a.py\"]\nrules = { deprecated = \"warn\" }\n";
    let case = Case::new(&[("a.py", RIGHT), ("ropewalk.toml", configuration)]);
    let run = case.run(&["check", "--exclude", "no-such"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(run.stderr, @r"
    warning: `--exclude`: `no-such` matches nothing
    warning: `environment.extra-paths`: there is no folder `gone`
    warning: `environment.root`: there is no folder `nowhere`
    warning: `overrides`: `tests` matches nothing
    warning: `src.include`: `b/*.py` matches nothing
    ");
    assert_eq!(case.run(&["check", "-q"]).stderr, "");
    // Of some files alone it can't be said.
    assert!(!case.run(&["check", "a.py"]).stderr.contains("matches nothing"));
    let broken = case.run(&["check", "--exclude", "{a"]);
    assert_eq!(broken.code, 2);
    assert!(broken.stderr.contains("the pattern `{a` is not valid"), "{}", broken.stderr);
}

#[test]
fn versions_that_cannot_be_taken_as_they_are_warn() {
    let stderr = |requires: &str| {
        let project = format!("[project]\nname = \"x\"\nrequires-python = {requires}\n");
        let run = Case::new(&[("a.py", RIGHT), ("pyproject.toml", &project)]).run(&["check"]);
        assert_eq!(run.code, 0);
        run.stderr
    };
    assert_eq!(stderr("\">=3.10,<4\""), "");
    assert_eq!(stderr("\"<4\""), "");
    insta::assert_snapshot!(stderr("\">=3.6\""), @"warning: `requires-python` begins with Python 3.6, and is checked for Python 3.8");
    insta::assert_snapshot!(stderr("\">=three\""), @"warning: `requires-python`: no Python version can be read out of `>=three`");
}

#[test]
fn what_cannot_be_written_is_said_before_any_work() {
    let case = Case::new(&[("a.py", WRONG), ("base.json", "{"), ("folder/x", "")]);
    for (arguments, words) in [
        (&["check", "-o", "json:no/such/out.json"][..], "-o: cannot write no/such/out.json"),
        (&["check", "-o", "json:folder"], "it is a folder"),
        (&["check", "-o", "json:x", "-o", "sarif:./x"], "two outputs go to ./x"),
        (&["check", "-o", "json:x", "--trace", "x"], "two outputs go to x"),
        (&["check", "--trace", "no/such/t.json"], "--trace: cannot write no/such/t.json"),
        (&["check", "--baseline", "base.json"], "baseline base.json: "),
        (&["check", "--baseline", "no.json"], "--update-baseline makes it"),
        (&["check", "--baseline", "no/b.json", "--update-baseline"], "cannot write it"),
        (&["check", "--changed-since", "no-such"], "--changed-since"),
    ] {
        let run = case.run(&[arguments, &["-v"]].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(words), "{arguments:?}: {}", run.stderr);
        assert!(!run.stderr.contains("checked 1 file"), "{arguments:?}: {}", run.stderr);
    }
    assert!(!case.path().join("x").exists());
}

#[test]
#[cfg(target_os = "linux")]
fn findings_are_printed_even_if_a_report_cannot_be_written() {
    let run = Case::new(&[("a.py", WRONG)]).run(&concise(&["-o", "json:/dev/full"]));
    assert_eq!(run.code, 2);
    assert!(run.stdout.starts_with("a.py:1:5: error[syntax-error]"), "{}", run.stdout);
}

#[test]
#[cfg(unix)]
fn suppress_goes_on_after_a_file_that_cannot_be_written() {
    let wrong = "def f() -> int:\n    return ''\n";
    let case = Case::new(&[("a/x.py", wrong), ("b/x.py", wrong)]);
    let open = |folder: &str, mode: u32| {
        use std::os::unix::fs::PermissionsExt;
        let path = case.path().join(folder);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
    };
    open("a", 0o555);
    open("b", 0o777);
    open("b/x.py", 0o666);
    let Some(run) = case.run_as_nobody(&["suppress"]) else { return };
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("error: cannot write a/x.py"), "{}", run.stderr);
    assert!(run.stderr.contains("Added 1 comment in 1 file"), "{}", run.stderr);
    assert!(case.read("b/x.py").contains("# ropewalk: ignore[invalid-return-type]"));
    open("a", 0o755);
}

#[test]
#[cfg(unix)]
fn files_that_cannot_be_read_make_the_exit_code_2() {
    use std::os::unix::fs::PermissionsExt;
    let case = Case::new(&[("a.py", RIGHT), ("closed/b.py", RIGHT)]);
    let fifo = std::process::Command::new("mkfifo").arg(case.path().join("pipe.py")).status();
    if fifo.is_ok_and(|status| status.success()) {
        let run = case.run(&concise(&["a.py", "pipe.py"]));
        assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
        assert!(run.stdout.contains("not a regular file"), "{}", run.stdout);
        std::fs::remove_file(case.path().join("pipe.py")).expect("a pipe");
    }
    let mode = |path: &str, mode: u32| {
        let path = case.path().join(path);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
    };
    mode("a.py", 0o000);
    mode("closed", 0o000);
    let run = case.run_as_nobody(&concise(&["a.py"]));
    let inside = case.run_as_nobody(&concise(&["closed/b.py"]));
    let all = case.run_as_nobody(CONCISE);
    mode("closed", 0o755);
    let (Some(run), Some(inside), Some(all)) = (run, inside, all) else { return };
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stdout.contains("Cannot read file: permission denied"), "{}", run.stdout);
    assert_eq!(inside.code, 2);
    assert!(inside.stderr.contains("closed/b.py: permission denied"), "{}", inside.stderr);
    assert_eq!(all.code, 2);
    assert!(all.stdout.contains("closed:1:1: error[source-encoding]"), "{}", all.stdout);
}

#[test]
#[cfg(target_os = "linux")]
fn files_that_have_a_reader_wait_are_not_waited_for() {
    // The system calls it a regular file, and who reads it (the system's user may) waits for the next message.
    let case = Case::new(&[("a.py", WRONG)]);
    std::os::unix::fs::symlink("/proc/kmsg", case.path().join("log.py")).expect("a link");
    let mut command = case.command();
    let run = command.args(["check", "--output-format", "concise", "a.py", "log.py"]);
    // It ends by itself within a second; a test that hung would say nothing.
    let output = run.timeout(std::time::Duration::from_secs(120)).output().expect("an end");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.code().is_some(), "it waits for the file: {stdout}");
    assert!(stdout.starts_with("a.py:1:5: error[syntax-error]"), "{stdout}");
}

#[test]
fn force_exclude_honours_default_excludes_and_ignore_files() {
    let case = Case::new(&[
        ("a.py", WRONG),
        (".venv/b.py", WRONG),
        ("gen/c.py", WRONG),
        ("kept/d.py", WRONG),
        (".gitignore", "gen/\nkept/*\n!kept/d.py\n"),
        (".git/HEAD", "ref: refs/heads/main\n"),
    ]);
    let named = ["a.py", ".venv/b.py", "gen/c.py", "kept/d.py"];
    let run = case.run(&concise(&[&["--force-exclude"], &named[..]].concat()));
    insta::assert_snapshot!(run.stdout, @r"
    a.py:1:5: error[syntax-error] Expected an expression
    kept/d.py:1:5: error[syntax-error] Expected an expression
    2 errors in 2 files
    ");
    let off = ["--force-exclude", "--no-respect-ignore-files"];
    let run = case.run(&concise(&[&off[..], &named].concat()));
    assert!(run.stdout.contains("gen/c.py") && !run.stdout.contains(".venv"), "{}", run.stdout);
}

#[test]
fn reports_name_the_cells_of_notebooks() {
    let notebook = r##"{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null,
 "source": ["x = 1"]}, {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null,
 "source": ["y = = 1"]}], "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}"##;
    let case = Case::new(&[("n.ipynb", notebook)]);
    let gitlab = case.run(&["check", "--output-format", "gitlab"]).stdout;
    assert!(gitlab.contains("syntax-error: Expected an expression (cell 2)"), "{gitlab}");
    let sarif = case.run(&["check", "--output-format", "sarif"]).stdout;
    assert!(sarif.contains("\"name\": \"cell 2\""), "{sarif}");
    assert!(sarif.contains("(cell 2, line 1)"), "{sarif}");
}

#[test]
fn the_version_and_who_said_it_are_told() {
    let project = "[project]\nname = \"x\"\nrequires-python = \">=3.11\"\n";
    let case = Case::new(&[("a.py", RIGHT), ("pyproject.toml", project)]);
    let stderr = |more: &[&str]| case.run(&[&["check", "-v"], more].concat()).stderr;
    assert!(stderr(&[]).contains("project .: Python 3.11 (requires-python) on "));
    let flag = stderr(&["--python-version", "3.12"]);
    assert!(flag.contains("Python 3.12 (--python-version) on "), "{flag}");
    let stdout = case.run(&["check", "--output-format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(json["tool"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(json["projects"][0]["python_version"], "3.11");
    assert_eq!(json["projects"][0]["python_version_from"], "requires-python");
    assert!(json["projects"][0]["settings"].is_object());
    let two = case.run(&["check", "--output-format", "json", "-j", "2"]).stdout;
    assert_eq!(two, stdout, "the number of threads does not show");
    for count in ["files_checked", "files_skipped", "hidden_by_baseline", "stale_in_baseline"] {
        assert!(json["summary"][count].is_number(), "{count}");
    }
}

#[test]
fn wrong_values_say_what_is_wrong_with_them() {
    let case = Case::new(&[("a.py", RIGHT)]);
    let stderr = |setting: &str| {
        let run = case.run(&["check", "-c", setting]);
        assert_eq!(run.code, 2, "{setting}");
        run.stderr
    };
    let version = stderr("environment.python-version=3.7");
    assert!(version.contains("Python 3.7 is not supported: expected 3.8 to 3.14"), "{version}");
    assert!(stderr("environment.python-version=3").contains("is not a Python version"));
    assert!(stderr("rules.deprecated=warning").contains("expected one of `ignore`"));
    assert!(stderr("analysis.threads=many").contains("expected"));
}

#[test]
fn names_of_other_checkers_are_known() {
    let case = Case::new(&[("a.py", "x = 1  # ropewalk: ignore[arg-type]\n")]);
    for name in ["arg-type", "reportArgumentType", "bad-argument-type"] {
        let run = case.run(&["explain", name]);
        assert_eq!(run.code, 0, "{name}");
        let first = format!("`{name}` of other checkers is `invalid-argument-type` here.\n");
        assert!(run.stdout.starts_with(&first), "{}", run.stdout);
    }
    assert!(case.run(&["explain", "invalid-argument-type"]).stdout.starts_with("# invalid-arg"));
    let hint = "`arg-type` of other checkers is `invalid-argument-type` here";
    assert!(case.run(&["check"]).stdout.contains(hint));
    let run = case.run(&["check", "--ignore", "arg-type"]);
    assert!(run.stderr.contains("it is called `invalid-argument-type` here"), "{}", run.stderr);
}

#[test]
fn a_renamed_file_or_function_is_not_new() {
    let text = "def first() -> int:\n    return ''\n\n\ndef second() -> int:\n    return ''\n";
    let case = Case::new(&[("pkg/a.py", text), ("b.py", WRONG)]);
    let baseline = ["--baseline", "base.json"];
    let update = concise(&[&baseline[..], &["--update-baseline"]].concat());
    assert_eq!(case.run(&update).code, 0);
    let code = || case.run(&concise(&baseline)).code;
    assert_eq!(code(), 0);
    // A function, a file, both.
    case.write("pkg/a.py", &text.replace("first", "renamed"));
    assert_eq!(code(), 0);
    std::fs::rename(case.path().join("pkg/a.py"), case.path().join("moved.py")).expect("moved");
    assert_eq!(code(), 0);
    // Fixed here and made anew there is new: the function is still there.
    let right = text.replacen("return ''", "return 1", 1);
    case.write("moved.py", &(right + "\n\ndef third() -> int:\n    return ''\n"));
    assert_eq!(code(), 1);
}

/// A case with the baseline of `files`, and what tells the exit code of a check against it.
fn with_baseline(files: &[(&str, &str)]) -> Case {
    let case = Case::new(files);
    let update = ["--baseline", "base.json", "--update-baseline"];
    assert_eq!(case.run(&concise(&update)).code, 0);
    case
}

fn code_with_baseline(case: &Case) -> i32 {
    case.run(&concise(&["--baseline", "base.json"])).code
}

#[test]
fn a_file_and_its_only_function_may_be_renamed_at_once() {
    let text = "def first() -> int:\n    return ''\n";
    let case = with_baseline(&[("pkg/a.py", text), ("b.py", RIGHT)]);
    std::fs::remove_file(case.path().join("pkg/a.py")).expect("removed");
    case.write("pkg/other.py", &text.replace("first", "second"));
    assert_eq!(code_with_baseline(&case), 0);
    // Two new functions are one more than there was.
    let both = text.replace("first", "second") + &text.replace("first", "third");
    case.write("pkg/other.py", &both);
    assert_eq!(code_with_baseline(&case), 1);
    // Nothing was renamed while the old file is there.
    let case = with_baseline(&[("a.py", text)]);
    case.write("a.py", "def first() -> int:\n    return 1\n");
    case.write("other.py", &text.replace("first", "second"));
    assert_eq!(code_with_baseline(&case), 1);
}

#[test]
fn a_function_may_move_to_another_file() {
    let moved = "class A:\n    def run(self) -> int:\n        return ''\n";
    let case = with_baseline(&[("a.py", &format!("{WRONG}\n{moved}")), ("b.py", WRONG)]);
    case.write("a.py", WRONG);
    case.write("b.py", &format!("{WRONG}\n{moved}"));
    assert_eq!(code_with_baseline(&case), 0);
    // The file is gone, and its functions are in two.
    let parts = ["def f() -> int:\n    return ''\n", "def g() -> str:\n    return 1\n"];
    let case = with_baseline(&[("a.py", &parts.concat()), ("b.py", WRONG)]);
    std::fs::remove_file(case.path().join("a.py")).expect("removed");
    case.write("c.py", parts[0]);
    case.write("d.py", parts[1]);
    assert_eq!(code_with_baseline(&case), 0);
    // A copy is new.
    let case = with_baseline(&[("a.py", parts[0])]);
    case.write("b.py", parts[0]);
    assert_eq!(code_with_baseline(&case), 1);
    // Fixed here and made in a function of that name there: it is still here.
    case.write("a.py", "def f() -> int:\n    return 1\n");
    assert_eq!(code_with_baseline(&case), 1);
}

#[test]
fn many_unresolved_imports_are_grouped() {
    let text = "import absent.part\nfrom absent import x\nimport other\n";
    let names: Vec<String> = (0..6).map(|n| format!("m{n}.py")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), text)).collect();
    let case = Case::new(&files);
    let run = case.run_with(("PATH", ""), &["check"]);
    assert_eq!(run.code, 1);
    assert_eq!(run.stdout.matches("looked in: ").count(), 1, "{}", run.stdout);
    assert!(run.stdout.contains("11 more imports of `absent` in 6 files"), "{}", run.stdout);
    assert!(run.stdout.contains("5 more imports of `other` in 5 files"), "{}", run.stdout);
    assert!(run.stdout.ends_with("18 errors in 6 files\n"), "{}", run.stdout);
    assert!(run.stderr.contains("no Python environment was found"), "{}", run.stderr);
    // One line a finding is for machines.
    let run = case.run_with(("PATH", ""), CONCISE);
    assert_eq!(run.stdout.lines().count(), 19);
}

#[test]
fn a_matrix_says_only_what_differs() {
    let text = "import sys\nif sys.platform == 'win32':\n    x: int = ''\n";
    let matrix = ["--python-version", "3.10,3.12", "--python-platform", "linux,win32"];
    let run = Case::new(&[("a.py", text)]).run(&concise(&matrix));
    assert!(run.stdout.contains(" (only on win32)\n"), "{}", run.stdout);
    let text = "import sys\nif sys.version_info < (3, 11):\n    x: int = ''\n";
    let run = Case::new(&[("a.py", text)]).run(&concise(&matrix));
    assert!(run.stdout.contains(" (only for Python 3.10)\n"), "{}", run.stdout);
}

#[test]
fn line_breaks_in_text_are_newlines() {
    let text = "from typing import reveal_type\r\nreveal_type('''a\r\nb''')\r\n\
        reveal_type('''a\\r\\n''')\r\n";
    let run = Case::new(&[("a.py", text)]).run(CONCISE);
    assert!(run.stdout.contains("`Literal[\"a\\nb\"]`"), "{}", run.stdout);
    assert!(run.stdout.contains("`Literal[\"a\\r\\n\"]`"), "{}", run.stdout);
}

#[test]
fn random_bytes_are_one_finding() {
    let case = Case::new(&[("a.py", RIGHT)]);
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let bytes: Vec<u8> = (0..4_000).map(|_| next()).collect();
    std::fs::write(case.path().join("noise.py"), bytes).expect("a file");
    let run = case.run(CONCISE);
    assert!(run.stdout.contains("noise.py:"), "{}", run.stdout);
    assert!(run.stdout.ends_with("\n1 error in 2 files\n"), "{}", run.stdout);
}

#[test]
fn an_open_bracket_is_called_that() {
    let case = Case::new(&[("a.py", "x = 1  # ropewalk: ignore[deprecated because\n")]);
    assert!(case.run(&["check"]).stdout.contains("the bracket is not closed"));
}

#[test]
fn misspelt_names_are_suggested() {
    let text =
        "import json\n\ndef compute(lenght: int) -> int:\n    pritn(jsno)\n    return length\n";
    let stdout = Case::new(&[("a.py", text)]).run(&["check"]).stdout;
    for near in ["did you mean `print`?", "did you mean `json`?", "did you mean `lenght`?"] {
        assert!(stdout.contains(near), "{near}: {stdout}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn names_of_files_need_not_be_text() {
    use std::os::unix::ffi::OsStrExt;
    let case = Case::new(&[("line\nbreak \u{1b}[1m.py", WRONG)]);
    let wrong = "def f() -> int:\n    return ''\n";
    for name in [&b"caf\xe9.py"[..], b"caf\xea.py"] {
        std::fs::write(case.path().join(std::ffi::OsStr::from_bytes(name)), wrong).expect("a file");
    }
    let run = case.run(CONCISE);
    insta::assert_snapshot!(run.stdout, @r#"
    caf\xE9.py:2:12: error[invalid-return-type] Return type does not match returned value: expected `int`, found `Literal[""]`
    caf\xEA.py:2:12: error[invalid-return-type] Return type does not match returned value: expected `int`, found `Literal[""]`
    line\nbreak \u{1b}[1m.py:1:5: error[syntax-error] Expected an expression
    3 errors in 3 files
    "#);
    // Their text is found again, and comments are put into them.
    assert_eq!(case.run(&["check"]).stdout.matches("return ''").count(), 2);
    let listed = case.command().args(concise(&["-"])).write_stdin(&b"caf\xe9.py\0"[..]).output();
    let listed = String::from_utf8(listed.expect("the command runs").stdout).expect("UTF-8");
    assert!(listed.ends_with("\n1 error in 1 file\n"), "{listed}");
    assert_eq!(case.run(&["suppress", "."]).code, 0);
    assert!(case.run(CONCISE).stdout.ends_with("\n1 error in 3 files\n"));
}

#[test]
fn names_of_other_checkers_in_a_configuration_are_known() {
    let case = Case::new(&[("a.py", RIGHT), ("ropewalk.toml", "[rules]\narg-type = \"error\"\n")]);
    let run = case.run(&["check"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("it is called `invalid-argument-type` here"), "{}", run.stderr);
}

#[test]
fn warnings_name_the_project_where_there_are_several() {
    let project = "[project]\nname = \"x\"\nrequires-python = \">=3.11\"\n";
    let case = Case::new(&[
        ("a/pyproject.toml", project),
        ("a/m.py", "import absent\n"),
        ("b/pyproject.toml", project),
        ("b/m.py", "import absent\n"),
    ]);
    let run = case.run_with(("PATH", ""), &["check"]);
    for name in ["a", "b"] {
        let words = format!("warning: project {name}: no Python environment was found");
        assert!(run.stderr.contains(&words), "{}", run.stderr);
    }
}

#[test]
fn many_idle_patterns_are_one_warning() {
    let include: Vec<String> = (0..9).map(|n| format!("\"old{n}\"")).collect();
    let text = format!(
        "[[overrides]]\ninclude = [{}]\nrules = {{ deprecated = \"warn\" }}\n",
        include.join(", ")
    );
    let run = Case::new(&[("a.py", RIGHT), ("ropewalk.toml", &text)]).run(&["check"]);
    let words = "warning: `overrides`: `old0`, `old1`, `old2` and 6 more match nothing\n";
    assert_eq!(run.stderr, words);
}

#[test]
fn paths_can_be_on_standard_input() {
    let case = Case::new(&[("a.py", WRONG), ("b c.py", WRONG), ("d.py", WRONG), ("x.md", "#\n")]);
    let run = case.run_on("a.py\nx.md\n", &concise(&["-"]));
    assert_eq!(run.stdout.lines().count(), 2, "{}", run.stdout);
    let run = case.run_on("b c.py\0d.py\0", &concise(&["-"]));
    assert_eq!(run.stdout.lines().count(), 3, "{}", run.stdout);
    let run = case.run_on("", &concise(&["-"]));
    assert_eq!((run.code, run.stdout.as_str()), (0, "0 errors in 0 files\n"));
    assert!(run.stderr.starts_with("warning: there is no Python file"), "{}", run.stderr);
    assert_eq!(case.run_on("no-such.py\n", &["check", "-"]).code, 2);
}
