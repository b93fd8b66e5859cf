//! From located diagnostics to bytes: output formats, baseline, statistics.
//!
//! Nothing in this room reads files or asks the clock; the same diagnostics give the same bytes.

pub mod baseline;
mod concise;
mod fingerprint;
mod full;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod markdown;
mod moved;
pub mod owners;
mod sarif;
pub mod statistics;
mod text;

use std::io::{self, Write};
use std::sync::Arc;

pub use fingerprint::{Key, fingerprints};

use serde::Serialize;

use crate::project::config::FormatOption;
use crate::rules::{Diagnostic, Level};

/// Gives the text of a file by its shown path; for a notebook, the cells' text joined.
pub type SourceOf<'a> = &'a dyn Fn(&str) -> Option<Arc<str>>;

/// What a run has to say, ready to be written in any format.
pub struct Report<'a> {
    /// Sorted and without duplicates, see [`sort`].
    pub diagnostics: &'a [Diagnostic],
    /// How many files were checked.
    pub files_checked: usize,
    /// How many findings the baseline hides.
    pub hidden_by_baseline: usize,
    /// How many entries of it are no longer found.
    pub stale_in_baseline: usize,
    /// What was checked, and for what.
    pub projects: &'a [ProjectInfo],
    /// Where the run began, seen from the top of the checkout: `services/a`, or empty. Formats whose readers
    /// know nothing but the checkout have their paths from there.
    pub from_top: String,
    /// What the audit draws, if it was one.
    pub picture: Option<&'a crate::audit::picture::Picture>,
    /// Reads sources again for the `full` format.
    pub source_of: SourceOf<'a>,
}

/// A project of a run: what holds for it.
#[derive(Debug, Clone, Serialize)]
pub struct ProjectInfo {
    /// The folder as shown, `.` for the working directory.
    pub root: String,
    /// The configuration file, where there is one.
    pub configuration: Option<String>,
    /// The Python version.
    pub python_version: String,
    /// Where the version was said.
    pub python_version_from: String,
    /// The platform.
    pub python_platform: String,
    /// Where packages come from, in words.
    pub environment: String,
    /// The settings as they are in a configuration, flags included.
    pub settings: serde_json::Value,
}

/// A number with its noun, which takes an `s` unless there is one: `1 file`, `2 files`.
#[must_use]
pub fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

impl Report<'_> {
    /// `2 errors and 1 warning in 3 files`.
    fn counts(&self) -> String {
        let of = |level| self.diagnostics.iter().filter(|found| found.level == level).count();
        let mut parts = vec![counted(of(Level::Error), "error")];
        let more = [(of(Level::Warn), "warning"), (of(Level::Info), "note")];
        parts
            .extend(more.iter().filter(|(count, _)| *count > 0).map(|(n, noun)| counted(*n, noun)));
        let last = parts.pop().unwrap_or_default();
        let parts =
            if parts.is_empty() { last } else { format!("{} and {last}", parts.join(", ")) };
        format!("{parts} in {}", counted(self.files_checked, "file"))
    }

    /// A shown path, seen from the top of the checkout.
    fn path_from_top(&self, path: &str) -> String {
        if self.from_top.is_empty() || path.starts_with('/') {
            return path.to_owned();
        }
        format!("{}/{path}", self.from_top)
    }
}

/// How a report is to look.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether colours may be used.
    pub color: bool,
    /// Whether links (OSC 8) may be used.
    pub links: bool,
    /// How many characters wide the terminal is.
    pub width: usize,
    /// How many GitHub annotations of each level there may be.
    pub github_annotations: usize,
    /// Whether to leave the summary line out.
    pub quiet: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, links: false, width: 140, github_annotations: 10, quiet: false }
    }
}

/// Sorts diagnostics as they are printed and drops exact repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    diagnostics.dedup_by(|a, b| a.sort_key() == b.sort_key() && a.location.cell == b.location.cell);
}

/// Writes the report in `format`.
///
/// # Errors
/// When `out` can't be written to.
pub fn write(
    report: &Report<'_>,
    format: FormatOption,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        FormatOption::Full => full::write(report, style, out),
        FormatOption::Concise => concise::write(report, style, out),
        FormatOption::Json => json::write(report, out),
        FormatOption::JsonLines => json::write_lines(report, out),
        FormatOption::Github => github::write(report, style, out),
        FormatOption::Gitlab => gitlab::write(report, out),
        FormatOption::Junit => junit::write(report, out),
        FormatOption::Markdown => markdown::write(report, out),
        FormatOption::Sarif => sarif::write(report, out),
        FormatOption::Html => html::write(report, out),
    }
}

/// The word for a level in output for people.
#[must_use]
pub fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warn => "warning",
        Level::Info | Level::Ignore => "info",
    }
}

/// Where the documentation of a rule can be read.
#[must_use]
pub fn rule_url(rule: &str) -> String {
    format!("{}/blob/main/docs/src/rules/{rule}.md", env!("CARGO_PKG_REPOSITORY"))
}
