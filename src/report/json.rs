//! `json` and `json-lines`: everything that is known of each diagnostic.
//!
//! The names of the fields are an interface: fields may be added, not renamed.

use std::io::{self, Write};

use serde::Serialize;

use super::{ProjectInfo, Report, fingerprints, rule_url, severity};
use crate::rules::{Diagnostic, Level, LineColumn, Location, file_skipped, source_encoding};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: ToolInfo<'a>,
    projects: &'a [ProjectInfo],
    diagnostics: Vec<Item<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct ToolInfo<'a> {
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct Summary {
    files_checked: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    /// Files that were given up or could not be read.
    files_skipped: usize,
    hidden_by_baseline: usize,
    stale_in_baseline: usize,
}

#[derive(Serialize)]
struct Item<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    symbol: &'a str,
    notes: &'a [String],
    hints: &'a [String],
    /// The versions and platforms that it holds for, where not for all that were checked.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    only_for: &'a [String],
    related: Vec<RelatedItem<'a>>,
    fingerprint: String,
    url: String,
}

#[derive(Serialize)]
struct RelatedItem<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<u32>,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
    offset: u32,
}

impl<'a> Place<'a> {
    fn of(location: &'a Location) -> Self {
        let position =
            |at: LineColumn, offset: u32| Position { line: at.line, column: at.column, offset };
        Self {
            path: &location.path,
            cell: location.cell,
            start: position(location.start, location.start_offset.to_u32()),
            end: position(location.end, location.end_offset.to_u32()),
        }
    }
}

fn items<'a>(diagnostics: &'a [Diagnostic]) -> impl Iterator<Item = Item<'a>> {
    diagnostics.iter().zip(fingerprints(diagnostics)).map(|(diagnostic, fingerprint)| Item {
        rule: diagnostic.rule.name,
        severity: severity(diagnostic.level),
        message: &diagnostic.message,
        place: Place::of(&diagnostic.location),
        symbol: &diagnostic.symbol,
        notes: &diagnostic.notes,
        hints: &diagnostic.hints,
        only_for: &diagnostic.only_for,
        related: diagnostic
            .related
            .iter()
            .map(|(location, message)| RelatedItem { message, place: Place::of(location) })
            .collect(),
        fingerprint,
        url: rule_url(diagnostic.rule.name),
    })
}

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let count = |level| report.diagnostics.iter().filter(|found| found.level == level).count();
    let document = Document {
        version: 1,
        tool: ToolInfo { name: "ropewalk", version: env!("CARGO_PKG_VERSION") },
        projects: report.projects,
        diagnostics: items(report.diagnostics).collect(),
        summary: Summary {
            files_checked: report.files_checked,
            errors: count(Level::Error),
            warnings: count(Level::Warn),
            infos: count(Level::Info),
            files_skipped: report.diagnostics.iter().filter(|found| is_skipped(found)).count(),
            hidden_by_baseline: report.hidden_by_baseline,
            stale_in_baseline: report.stale_in_baseline,
        },
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn is_skipped(found: &Diagnostic) -> bool {
    found.rule.name == file_skipped::RULE.name || source_encoding::is_unreadable(found)
}

pub(super) fn write_lines(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for item in items(report.diagnostics) {
        serde_json::to_writer(&mut *out, &item)?;
        writeln!(out)?;
    }
    Ok(())
}
