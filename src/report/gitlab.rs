//! `gitlab`: a code quality report as GitLab's merge requests show it.
//!
//! The fingerprints hold no lines, so a finding that only moved is neither new nor resolved.

use std::io::{self, Write};

use serde::Serialize;

use super::{Report, fingerprints};
use crate::rules::{Diagnostic, Level};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'a str,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// The rule and its message; where it holds, and the cell of a notebook, for which there is no field.
fn description(diagnostic: &Diagnostic) -> String {
    let cell = diagnostic.location.cell.map(|cell| format!("cell {cell}"));
    let places: Vec<String> = cell.into_iter().chain(diagnostic.where_it_holds()).collect();
    let text = format!("{}: {}", diagnostic.rule.name, diagnostic.message);
    if places.is_empty() { text } else { format!("{text} ({})", places.join(", ")) }
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let issues: Vec<Issue<'_>> = report
        .diagnostics
        .iter()
        .zip(fingerprints(report.diagnostics))
        .map(|(diagnostic, fingerprint)| Issue {
            description: description(diagnostic),
            check_name: diagnostic.rule.name,
            fingerprint,
            severity: match diagnostic.level {
                Level::Error => "major",
                Level::Warn => "minor",
                Level::Info | Level::Ignore => "info",
            },
            location: Place {
                path: report.path_from_top(&diagnostic.location.path),
                lines: Lines {
                    begin: diagnostic.location.start.line.max(1),
                    end: diagnostic.location.end.line.max(1),
                },
            },
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &issues)?;
    writeln!(out)
}
