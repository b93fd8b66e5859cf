//! `check`: paths, exit codes, levels, and what goes to which stream.
//!
//! One test a flag, or a few where they say the same thing in different ways.

use crate::{Case, RIGHT, WRONG};

const CONCISE: &[&str] = &["check", "--output-format", "concise"];

fn concise<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [CONCISE, more].concat()
}

#[test]
fn a_clean_project_exits_with_0() {
    let run = Case::new(&[("a.py", RIGHT)]).run(&["check"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "0 errors in 1 file\n", "")
    );
}

#[test]
fn findings_exit_with_1_and_go_to_stdout() {
    let case = Case::new(&[("pkg/a.py", WRONG), ("b.py", WRONG)]);
    let run = case.run(CONCISE);
    assert_eq!(run.code, 1);
    assert_eq!(run.stderr, "");
    insta::assert_snapshot!(run.stdout, @r"
    b.py:1:5: error[syntax-error] Expected an expression
    pkg/a.py:1:5: error[syntax-error] Expected an expression
    2 errors in 2 files
    ");
}

#[test]
fn named_paths_are_all_that_is_checked() {
    let case = Case::new(&[("pkg/a.py", WRONG), ("b.py", WRONG)]);
    assert!(case.run(&concise(&["pkg"])).stdout.starts_with("pkg/a.py:1:5: "));
    assert_eq!(case.run(&concise(&["pkg/a.py", "pkg"])).stdout.lines().count(), 2);
    let missing = case.run(&["check", "no-such"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (2, ""));
    assert!(missing.stderr.contains("no such file or folder"), "{}", missing.stderr);
}

#[test]
fn usage_errors_exit_with_2() {
    let case = Case::new(&[]);
    for arguments in [
        &["check", "--no-such-flag"][..],
        &["check", "-j", "0"],
        &["check", "-o", "xml:a"],
        &["check", "-o", "json:-", "-o", "sarif:-"],
        &["check", "--update-baseline"],
        &["check", "--python-version", "2.7"],
        &["check", "--project", "no-such"],
        &["check", "-q", "-v"],
        &["check", "--max-memory", "much"],
        &["check", "-j", "100000"],
        &["check", "--typeshed", "no-such"],
        &["check", "--extra-search-path", "no-such"],
        &["check", "--python", "no-such"],
        &["check", "--changed-since", "HEAD"],
    ] {
        let run = case.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.starts_with("error: "), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn levels_can_be_set_and_the_later_flag_wins() {
    let case = Case::new(&[("a.py", WRONG)]);
    let run = case.run(&concise(&["--warn", "syntax-error"]));
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("warning[syntax-error]"));
    assert_eq!(case.run(&concise(&["--warn", "syntax-error", "--error-on-warning"])).code, 1);
    assert_eq!(case.run(&concise(&["--ignore", "all"])).stdout, "0 errors in 1 file\n");
    assert_eq!(case.run(&concise(&["--ignore", "all", "--error", "syntax-error"])).code, 1);
    assert_eq!(case.run(&concise(&["--error", "syntax-error", "--ignore", "all"])).code, 0);
    assert_eq!(case.run(&concise(&["--ignore", "deprecated,syntax-error"])).code, 0);
}

#[test]
fn an_unknown_rule_names_the_nearest() {
    let run = Case::new(&[]).run(&["check", "--ignore", "unresolved-imports"]);
    assert_eq!(run.code, 2);
    insta::assert_snapshot!(run.stderr, @"error: --ignore: unknown rule `unresolved-imports`; did you mean `unresolved-import`?");
}

#[test]
fn exit_zero() {
    assert_eq!(Case::new(&[("a.py", WRONG)]).run(&["check", "--exit-zero"]).code, 0);
}

#[test]
fn quiet_and_verbose() {
    let case = Case::new(&[("a.py", WRONG), ("ropewalk.toml", "[src]\nexclude = [\"old\"]\n")]);
    let run = case.run(&concise(&["-q"]));
    assert_eq!(run.stdout.lines().count(), 1);
    let run = case.run(&concise(&["-qq"]));
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    let run = case.run(&concise(&["-v"]));
    assert!(run.stderr.starts_with("project .: configuration ropewalk.toml\nproject .: "));
    assert!(run.stderr.contains("\nchecked 1 file in "), "{}", run.stderr);
    let run = case.run(&concise(&["-vv"]));
    assert!(run.stderr.contains("exclude = [\"old\"]"));
    let run = case.run(&concise(&["-vvv"]));
    assert!(run.stderr.contains("checked a.py"));
}

#[test]
fn excludes_hold_for_the_walk_and_on_request_for_named_files() {
    let case = Case::new(&[("a.py", RIGHT), ("old/b.py", WRONG)]);
    assert_eq!(case.run(&["check", "--exclude", "old"]).code, 0);
    assert_eq!(case.run(&["check", "--show-files", "--exclude", "old"]).stdout, "a.py\n");
}

#[test]
fn ignore_files_are_respected_unless_told_otherwise() {
    let case = Case::new(&[("a.py", RIGHT), ("gen/b.py", WRONG), (".gitignore", "gen/\n")]);
    assert_eq!(case.run(&["check"]).code, 0);
    assert_eq!(case.run(&["check", "--no-respect-ignore-files"]).code, 1);
    assert_eq!(case.run(&["check", "--no-respect-ignore-files", "--respect-ignore-files"]).code, 0);
    assert_eq!(case.run(&["check", "-c", "src.respect-ignore-files=false"]).code, 1);
}

#[test]
fn colours_and_links() {
    let case = Case::new(&[("a.py", WRONG)]);
    assert!(!case.run(&["check"]).stdout.contains('\x1b'));
    assert!(case.run(&["check", "--color", "always"]).stdout.contains('\x1b'));
    assert!(case.run_with(("FORCE_COLOR", "1"), &["check"]).stdout.contains('\x1b'));
    assert!(case.run_with(("CLICOLOR_FORCE", "1"), &["check"]).stdout.contains('\x1b'));
    let never = case.run_with(("FORCE_COLOR", "1"), &["check", "--color", "never"]);
    assert!(!never.stdout.contains('\x1b'));
    assert!(!case.run_with(("NO_COLOR", "1"), &["check"]).stdout.contains('\x1b'));
}

#[test]
fn a_matrix_tells_each_finding_once() {
    let case = Case::new(&[("a.py", WRONG)]);
    let run =
        case.run(&concise(&["--python-version", "3.10,3.13", "--python-platform", "linux,win32"]));
    assert_eq!(run.stdout.lines().count(), 2, "{}", run.stdout);
    let run = case.run(&[
        "check",
        "--show-settings",
        "--python-version",
        "3.10,3.13",
        "--python-platform",
        "all",
    ]);
    assert!(
        run.stdout
            .contains("# checked for: Python 3.10 on all\n# checked for: Python 3.13 on all\n")
    );
}

#[test]
fn platforms_are_checked() {
    let run = Case::new(&[]).run(&["check", "--python-platform", "windows"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("did you mean `win32`?"), "{}", run.stderr);
}

#[test]
fn every_limit_and_path_flag_is_taken() {
    let case = Case::new(&[("a.py", RIGHT), ("lib/x.py", RIGHT)]);
    for arguments in [
        &["check", "-j", "2"][..],
        &["check", "--threads", "1"],
        &["check", "--max-memory", "4000"],
        &["check", "--max-file-seconds", "60"],
        &["check", "--max-file-memory", "500"],
        &["check", "--extra-search-path", "lib"],
        &["check", "--no-progress"],
        &["check", "--force-exclude"],
    ] {
        let run = case.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn statistics_by_rule_project_and_owner() {
    let case = Case::new(&[
        ("a/pyproject.toml", "[project]\nname = \"a\"\n"),
        ("a/x.py", WRONG),
        ("b/pyproject.toml", "[project]\nname = \"b\"\n"),
        ("b/x.py", "x = = 1\ny = = 2\n"),
        ("CODEOWNERS", "/b/ @bees\n"),
    ]);
    let run = case.run(&concise(&["--statistics"]));
    insta::assert_snapshot!(run.stdout, @r"
    a/x.py:1:5: error[syntax-error] Expected an expression
    b/x.py:1:5: error[syntax-error] Expected an expression
    b/x.py:2:5: error[syntax-error] Expected an expression
    3 errors in 2 files

    by rule:
           3  error    syntax-error

    by project:
           2  b
           1  a

    by owner:
           2  @bees
           1  (nobody)

    by severity:
           3  error

           3  in all
    ");
    let alone = case.run(&concise(&["--statistics", "-qq"])).stdout;
    assert_eq!(alone, run.stdout.split_once("files\n").map_or("", |(_, rest)| rest));
}

#[test]
fn changed_since_reports_what_the_changes_bring() {
    let case = Case::new(&[("old.py", WRONG), ("new.py", RIGHT)]);
    let git = |arguments: &[&str]| {
        let status = std::process::Command::new("git")
            .current_dir(case.path())
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
            .args(arguments)
            .output();
        assert!(status.is_ok_and(|output| output.status.success()), "{arguments:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "first"]);
    let run = case.run(&concise(&["--changed-since", "HEAD"]));
    assert_eq!((run.code, run.stdout.as_str()), (0, "0 errors in 2 files\n"), "{}", run.stderr);
    case.write("new.py", WRONG);
    case.write("untracked.py", WRONG);
    let run = case.run(&concise(&["--changed-since", "HEAD"]));
    assert!(run.stdout.starts_with("new.py:1:5"), "{}", run.stdout);
    assert!(run.stdout.contains("untracked.py:1:5"));
    assert!(!run.stdout.contains("old.py"));
    assert_eq!(case.run(&["check", "--changed-since", "no-such"]).code, 2);
    // What a change breaks elsewhere is told, what was there before is not; from below, too.
    case.write("lib.py", "def f(a: int) -> int:\n    return a\n");
    case.write("user.py", "from lib import f\nf(1)\nx: int = ''\n");
    case.write("sub/ropewalk.toml", "");
    git(&["add", "."]);
    git(&["commit", "-qm", "second"]);
    case.write("lib.py", "def f(a: str) -> int:\n    return 1\n");
    let run = case.run(&concise(&["--changed-since", "HEAD"]));
    assert!(run.stdout.starts_with("user.py:2:3: error[invalid-argument-type]"), "{}", run.stdout);
    assert_eq!(run.stdout.lines().count(), 2, "{}", run.stdout);
    let mut below = case.command();
    below.current_dir(case.path().join("sub")).args(concise(&["..", "--changed-since", "HEAD"]));
    let output = below.output().expect("a run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!((text.lines().count(), text.contains("user.py:2:3")), (2, true), "{text}");
}

#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_is_no_error() {
    use std::io::Read;
    let many: String = (0..5_000).map(|_| "x = = 1\n").collect();
    let case = Case::new(&[("a.py", &many)]);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_ropewalk"))
        .current_dir(case.path())
        .args(CONCISE)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut first = [0; 10];
    child.stdout.take().expect("a pipe").read_exact(&mut first).expect("some output");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let case = Case::new(&[("a.py", WRONG)]);
    let run = case.run(&["check", "-o", "json:/dev/full"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("/dev/full"), "{}", run.stderr);
}

#[test]
fn wrong_words_name_the_nearest() {
    let case = Case::new(&[]);
    for (arguments, near) in [
        (&["chekc"][..], "'check'"),
        (&["check", "--eror", "all"], "'--error'"),
        (&["check", "--output-format", "sarrif"], "'sarif'"),
        (&["check", "-o", "sarrif:x"], "`sarif`"),
        (&["check", "--python-platform", "windows"], "`win32`"),
        (&["check", "-c", "rules.unresolved-imports=warn"], "`unresolved-import`"),
        (&["check", "-c", "environment.python-versio=3.12"], "`python-version`"),
        (&["explain", "unresolved-imports"], "`unresolved-import`"),
        (&["completions", "bsh"], "'bash'"),
        (&["suppress", "--remove"], "'--remove-unused'"),
    ] {
        let run = case.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(near), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn full_standard_output_is_an_error_and_devices_are_no_baselines() {
    let case = Case::new(&[("a.py", WRONG)]);
    let full = || {
        let open = std::fs::OpenOptions::new().write(true).open("/dev/full");
        std::process::Stdio::from(open.expect("a device"))
    };
    for arguments in [&["check"][..], &["man"], &["rules"], &["schema"], &["completions", "zsh"]] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_ropewalk"))
            .current_dir(case.path())
            .args(arguments)
            .stdout(full())
            .output()
            .expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.starts_with("error: cannot write to standard output"), "{stderr}");
    }
    let run = case.run(&["check", "--baseline", "/dev/full"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
}

#[test]
#[cfg(unix)]
fn an_interrupt_ends_the_run_and_leaves_no_half_files() {
    use std::os::unix::process::ExitStatusExt;
    let text: String = (0..20_000).map(|n| format!("x{n}: int = str({n}) + 1\n")).collect();
    let case = Case::new(&[("a.py", &text), ("out.json", "old")]);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_ropewalk"))
        .current_dir(case.path())
        .args(["check", "-o", "json:out.json"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("it starts");
    std::thread::sleep(std::time::Duration::from_millis(60));
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.is_ok());
    let status = child.wait().expect("it ends");
    // Killed by the signal, which shells show as 130; or done before it came.
    if status.signal() == Some(2) {
        assert_eq!(case.read("out.json"), "old");
        assert_eq!(std::fs::read_dir(case.path()).expect("a folder").count(), 2);
    } else {
        assert_eq!(status.code(), Some(1));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn progress_is_shown_on_a_terminal_only() {
    let case = Case::new(&[("a.py", WRONG)]);
    // `script` gives the command a terminal.
    let command = format!("{} check", env!("CARGO_BIN_EXE_ropewalk"));
    let run = |more: &str| {
        let output = std::process::Command::new("script")
            .current_dir(case.path())
            .args(["-qec", &format!("{command}{more}"), "/dev/null"])
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .stdin(std::process::Stdio::null())
            .output();
        output.ok().map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    // Not every machine has it.
    let Some(shown) = run("") else { return };
    assert!(shown.contains("\x1b[1m\x1b[91m") || shown.contains("\x1b[1;91m"), "{shown:?}");
    assert!(shown.contains("\x1b]8;;https://"), "{shown:?}");
    assert!(shown.contains("/1 files"), "{shown:?}");
    let quiet = run(" --no-progress --color never").unwrap_or_default();
    assert!(!quiet.contains("/1 files") && !quiet.contains('\x1b'), "{quiet:?}");
    assert!(!case.run(&["check"]).stderr.contains("files"));
}

#[test]
fn measurements_go_to_stderr_and_a_trace_to_its_file() {
    let case = Case::new(&[("a.py", RIGHT), ("b/pyproject.toml", "[project]\nname = \"b\"\n")]);
    let run = case.run(&["check", "--timings"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "0 errors in 1 file\n"));
    for word in ["load", "bodies", "functions", "report", "demands", "1 files"] {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
    assert!(case.run(&["check", "--memory-report"]).stderr.contains("arenas"));
    assert!(case.run(&["check", "--memory-report", "full"]).stderr.contains("arenas"));
    let json = case.run(&["check", "--memory-report=json"]).stderr;
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json).expect("a list");
    if cfg!(target_os = "linux") {
        let bytes = |name: &str| {
            let row = rows.iter().find(|row| row["name"] == name).expect(name);
            row["bytes"].as_u64().expect("a number")
        };
        let parts =
            ["blocks", "gaps between blocks", "the program's own file", "given back by the end"];
        let counted: u64 = parts.into_iter().map(bytes).sum();
        // A page that was handed out and not written to is counted, and in no memory yet.
        let (sum, peak) = (counted + bytes("not counted"), bytes("the process (peak)"));
        assert!(sum.abs_diff(peak) < peak / 10, "{sum} of {peak}");
    }
    assert_eq!(case.run(&["check", "--trace", "trace.json"]).code, 0);
    let trace: serde_json::Value = serde_json::from_str(&case.read("trace.json")).expect("JSON");
    assert!(trace["traceEvents"].as_array().is_some_and(|events| !events.is_empty()));
}

/// When the tasks of a phase began and ended, in microseconds.
fn spans(case: &Case, phase: &str) -> Vec<(u64, u64)> {
    let trace: serde_json::Value = serde_json::from_str(&case.read("trace.json")).expect("JSON");
    let events = trace["traceEvents"].as_array().expect("events");
    let time = |event: &serde_json::Value, key: &str| event[key].as_u64().expect("a time");
    events
        .iter()
        .filter(|event| event["cat"] == phase)
        .map(|event| (time(event, "ts"), time(event, "ts") + time(event, "dur")))
        .collect()
}

#[test]
fn no_function_is_checked_before_the_last_body() {
    let text = "def f(x: int) -> str:\n    return x\n";
    let case = Case::new(&[("a.py", text), ("b.py", text), ("c.py", text)]);
    let two_phase = ["check", "--trace", "trace.json", "-j", "2", "--order", "two-phase"];
    let found = case.run(&two_phase).stdout;
    let (bodies, functions) = (spans(&case, "bodies"), spans(&case, "functions"));
    assert_eq!((bodies.len(), spans(&case, "report").len()), (3, 3));
    let last_body = bodies.iter().map(|span| span.1).max();
    assert!(functions.iter().map(|span| span.0).min() >= last_body, "{bodies:?} {functions:?}");
    for order in ["overlapped", "mixed"] {
        let run = case.run(&["check", "--order", order]);
        assert_eq!((run.code, run.stdout), (1, found.clone()), "{order}");
    }
    assert_eq!(case.run(&["check", "--order", "backwards"]).code, 2);
}

#[test]
fn environments_are_found_and_told() {
    let case = Case::new(&[
        (".venv/pyvenv.cfg", "version = 3.12\n"),
        (".venv/lib/python3.12/site-packages/installed.py", "value = 1\n"),
        ("pyproject.toml", "[tool.uv.workspace]\nmembers = [\"a\"]\n"),
        ("a/pyproject.toml", "[project]\nname = \"a\"\n"),
        ("a/x.py", "import installed\nreveal_type(installed.value)\n"),
    ]);
    // A workspace has one environment for all of its members.
    let run = case.run(&concise(&["-v"]));
    assert!(run.stdout.starts_with("a/x.py:2:13: info[revealed-type]"), "{}", run.stdout);
    assert!(run.stderr.contains(", environment .venv (found by the project)\n"), "{}", run.stderr);
    let run = case.run_with(("VIRTUAL_ENV", "/no/such"), &["check"]);
    assert!(run.stderr.starts_with("warning: `VIRTUAL_ENV` is ignored: "), "{}", run.stderr);
    assert_eq!(case.run_with(("VIRTUAL_ENV", "/no/such"), &["check", "-q"]).stderr, "");
}
