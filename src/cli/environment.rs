//! The environment variables that the command reads: the one place where they are named.
//!
//! The table is part of the help and of the man page.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::policy::Off;

/// Name and meaning of each variable.
pub const VARIABLES: &[(&str, &str)] = &[
    ("ROPEWALK_CONFIG_FILE", "the configuration file, as --config-file"),
    ("ROPEWALK_OUTPUT_FORMAT", "the output format, as --output-format"),
    ("ROPEWALK_THREADS", "the number of threads, as --threads"),
    ("ROPEWALK_BASELINE", "the baseline, as --baseline"),
    ("VIRTUAL_ENV, CONDA_PREFIX", "the active Python environment, used when --python is not given"),
    ("NO_COLOR", "if set and not empty: no colours"),
    ("FORCE_COLOR, CLICOLOR_FORCE", "if set and not `0`: colours even in a pipe"),
    ("COLUMNS", "how many characters wide messages are"),
    ("GITHUB_ACTIONS", "if `true`: the default output format is `github`"),
    (
        "GITHUB_WORKSPACE, CI_PROJECT_DIR",
        "the checkout: paths of github, gitlab and sarif reports start there",
    ),
    ("GITHUB_STEP_SUMMARY", "the page of a job: `-o markdown:` adds to this file"),
];

/// The table for the end of the help.
#[must_use]
pub fn help() -> String {
    let mut text = String::from("Environment variables:\n");
    for (name, meaning) in VARIABLES {
        // A long name has a line of its own.
        let gap = if name.len() > 28 { format!("\n{:31}", "") } else { " ".to_owned() };
        text.push_str(&format!("  {name:<28}{gap}{meaning}\n"));
    }
    text.push_str(
        "\nExit codes:\n  0    nothing found that counts as an error\n  1    errors found\n",
    );
    text.push_str(
        "  2    wrong usage or configuration, a file that cannot be read or written, or nothing checked\n",
    );
    text.push_str("  101  a failure of ropewalk itself\n");
    text
}

/// Reads variables; a closure in tests.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

fn is_on(lookup: Lookup<'_>, name: &str) -> bool {
    lookup(name).is_some_and(|value| !value.is_empty() && value != "0")
}

/// Whether the usual variables ask for colours, or forbid them.
#[must_use]
pub fn color(lookup: Lookup<'_>) -> Option<bool> {
    if lookup("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        return Some(false);
    }
    if is_on(lookup, "FORCE_COLOR") || is_on(lookup, "CLICOLOR_FORCE") {
        return Some(true);
    }
    lookup("TERM").filter(|value| value == "dumb").map(|_| false)
}

/// The working directory seen from the top of the checkout that GitHub or GitLab has made, with `/`; empty
/// elsewhere.
#[must_use]
pub fn from_top(lookup: Lookup<'_>) -> String {
    let Ok(here) = std::env::current_dir() else { return String::new() };
    let tops = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"];
    let relative = tops.iter().find_map(|name| {
        let top = lookup(name).filter(|top| !top.is_empty())?;
        Some(here.strip_prefix(top).ok()?.to_string_lossy().replace('\\', "/"))
    });
    relative.unwrap_or_default()
}

/// Policies that `ROPEWALK_WITHOUT` switches off, to measure what they do. It is no variable for users, so it is not in
/// the table.
///
/// # Errors
/// When there is no policy of a name.
pub fn policies_off(lookup: Lookup<'_>) -> anyhow::Result<Off> {
    let names = lookup("ROPEWALK_WITHOUT").unwrap_or_default();
    Off::parse(&names.to_string_lossy())
        .map_err(|message| anyhow::anyhow!("ROPEWALK_WITHOUT: {message}"))
}

/// The file with the page of a GitHub job.
#[must_use]
pub fn step_summary(lookup: Lookup<'_>) -> Option<PathBuf> {
    lookup("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()).map(PathBuf::from)
}

/// Whether this is a step of a GitHub workflow.
#[must_use]
pub fn is_github(lookup: Lookup<'_>) -> bool {
    lookup("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}
