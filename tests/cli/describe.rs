//! `explain`, `rules`, `completions`, `man`, `schema` and the help.
//!
//! What is generated must name everything that there is.

use crate::Case;

fn stdout(arguments: &[&str]) -> String {
    let run = Case::new(&[]).run(arguments);
    assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
    run.stdout
}

#[test]
fn explain() {
    insta::assert_snapshot!(stdout(&["explain", "unresolved-import"]));
    let run = Case::new(&[]).run(&["explain", "unresolved-inport"]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        "error: unknown rule `unresolved-inport`; did you mean `unresolved-import`?\n"
    );
}

#[test]
fn every_rule_can_be_explained_and_is_listed() {
    let list = stdout(&["rules"]);
    let json: serde_json::Value =
        serde_json::from_str(&stdout(&["rules", "--json"])).expect("JSON");
    let rules = json.as_array().expect("a list");
    assert_eq!(rules.len(), ropewalk::rules::ALL.len());
    assert_eq!(list.lines().count(), rules.len());
    for rule in ropewalk::rules::ALL {
        assert!(list.lines().any(|line| line.starts_with(&format!("{} ", rule.name))));
    }
}

#[test]
fn the_list_of_rules() {
    insta::assert_snapshot!(stdout(&["rules"]));
}

#[test]
fn help_names_every_flag_that_users_expect() {
    let help = stdout(&["check", "--help"]);
    for flag in [
        "--error",
        "--warn",
        "--ignore",
        "--output-format",
        "--output",
        "--python",
        "--python-version",
        "--python-platform",
        "--typeshed",
        "--extra-search-path",
        "--exclude",
        "--respect-ignore-files",
        "--no-respect-ignore-files",
        "--force-exclude",
        "--baseline",
        "--update-baseline",
        "--prune-baseline",
        "--error-stale-baseline",
        "--config-file",
        "--config",
        "--project",
        "--threads",
        "--color",
        "--verbose",
        "--quiet",
        "--no-progress",
        "--exit-zero",
        "--error-on-warning",
        "--statistics",
        "--show-files",
        "--show-settings",
        "--timings",
        "--trace",
        "--memory-report",
        "--changed-since",
        "--max-memory",
        "--max-file-seconds",
        "--max-file-memory",
    ] {
        assert!(
            [" ", "\n", "..."].iter().any(|end| help.contains(&format!("{flag}{end}"))),
            "{flag}"
        );
        assert!(man().contains(&flag.replace('-', "\\-")), "{flag} in the man page");
    }
}

fn man() -> String {
    static PAGE: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    PAGE.get_or_init(|| stdout(&["man"])).clone()
}

#[test]
fn help_names_every_variable_and_exit_code() {
    let help = stdout(&["--help"]);
    for word in [
        "ROPEWALK_CONFIG_FILE",
        "ROPEWALK_OUTPUT_FORMAT",
        "ROPEWALK_THREADS",
        "ROPEWALK_BASELINE",
        "VIRTUAL_ENV",
        "CONDA_PREFIX",
        "NO_COLOR",
        "FORCE_COLOR",
        "101",
    ] {
        assert!(help.contains(word), "{word}");
    }
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(stdout(&["completions", shell]).contains("show-settings"), "{shell}");
    }
}

#[test]
fn the_version_is_told() {
    assert_eq!(stdout(&["--version"]), format!("ropewalk {}\n", env!("CARGO_PKG_VERSION")));
}

/// Every flag, format, key of the configuration and command is in a test that runs it, and not only in the
/// lists of this file.
#[test]
fn nothing_is_without_a_test() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let mut tests = String::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let is_other = path.file_name().is_some_and(|name| name != "describe.rs");
        if is_other && path.extension().is_some_and(|extension| extension == "rs") {
            tests.push_str(&std::fs::read_to_string(path).expect("a file"));
        }
    }
    let mut missing = Vec::new();
    for command in ["check", "suppress", "init"] {
        for line in stdout(&[command, "--help"]).lines() {
            let flag = line.split([' ', ',', '.']).find(|word| word.starts_with("--"));
            if let Some(flag) = flag.filter(|_| line.trim_start().starts_with('-'))
                && !["--help", "--version"].contains(&flag)
                && !tests.contains(flag)
                && !short(line).is_some_and(|short| tests.contains(&format!("\"{short}")))
            {
                missing.push(format!("{command} {flag}"));
            }
        }
    }
    let schema: serde_json::Value = serde_json::from_str(&stdout(&["schema"])).expect("JSON");
    for (table, definition) in schema["$defs"].as_object().expect("tables") {
        for (key, _) in definition["properties"].as_object().into_iter().flatten() {
            if table != "Rules" && !tests.contains(key.as_str()) {
                missing.push(format!("{table}.{key}"));
            }
        }
    }
    for format in ["full", "concise", "json", "json-lines", "github", "gitlab", "junit", "sarif"] {
        if !tests.contains(&format!("\"{format}")) {
            missing.push(format.to_owned());
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// `-j` of `  -j, --threads <N>`.
fn short(line: &str) -> Option<&str> {
    line.trim_start().split(',').next().filter(|word| word.len() == 2)
}
