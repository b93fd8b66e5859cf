//! `sarif`: the Static Analysis Results Interchange Format 2.1.0.
//!
//! Only the rules that occur are described. `partialFingerprints` lets a reader such as GitHub's code
//! scanning follow a finding from run to run.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_sarif::sarif::{
    ArtifactLocation, Location as SarifLocation, LogicalLocation, Message,
    MultiformatMessageString, PhysicalLocation, Region, ReportingConfiguration,
    ReportingDescriptor, Result as SarifResult, ResultLevel, Run, Sarif, Tool, ToolComponent,
};

use super::{Report, fingerprints, rule_url};
use crate::rules::{Diagnostic, Level, Location, Rule};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let names: BTreeSet<&str> = report.diagnostics.iter().map(|found| found.rule.name).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let rules: Vec<ReportingDescriptor> =
        names.iter().filter_map(|name| crate::rules::find(name)).map(descriptor).collect();
    let results: Vec<SarifResult> = report
        .diagnostics
        .iter()
        .zip(fingerprints(report.diagnostics))
        .map(|(diagnostic, fingerprint)| result(report, diagnostic, fingerprint, &names))
        .collect();
    let driver = ToolComponent::builder()
        .name("ropewalk")
        .version(env!("CARGO_PKG_VERSION"))
        .information_uri(env!("CARGO_PKG_REPOSITORY"))
        .rules(rules)
        .build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind(serde_json::json!("unicodeCodePoints"))
        .results(results)
        .build();
    let document =
        Sarif::builder().schema(SCHEMA).version(serde_json::json!("2.1.0")).runs(vec![run]).build();
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

fn level_word(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warn => "warning",
        Level::Info => "note",
        Level::Ignore => "none",
    }
}

fn descriptor(rule: &'static Rule) -> ReportingDescriptor {
    ReportingDescriptor::builder()
        .id(rule.name)
        .short_description(MultiformatMessageString::builder().text(rule.summary).build())
        .help(
            MultiformatMessageString::builder()
                .text(rule.documentation)
                .markdown(rule.documentation)
                .build(),
        )
        .help_uri(rule_url(rule.name))
        .default_configuration(
            ReportingConfiguration::builder()
                .enabled(rule.default_level != Level::Ignore)
                .level(serde_json::json!(level_word(rule.default_level)))
                .build(),
        )
        .build()
}

fn result(
    report: &Report<'_>,
    diagnostic: &Diagnostic,
    fingerprint: String,
    rules: &[&str],
) -> SarifResult {
    let mut text = diagnostic.message.clone();
    if let Some(cell) = diagnostic.location.cell {
        // The region counts lines within the cell.
        text.push_str(&format!(" (cell {cell}, line {})", diagnostic.location.start.line));
    }
    for note in &diagnostic.notes {
        text.push_str("\nnote: ");
        text.push_str(note);
    }
    for hint in diagnostic.all_hints() {
        text.push_str("\nhelp: ");
        text.push_str(&hint);
    }
    let mut location = place(report, &diagnostic.location);
    let cell = diagnostic.location.cell.map(|cell| {
        LogicalLocation::builder().name(format!("cell {cell}")).kind("notebook-cell").build()
    });
    let symbol = (!diagnostic.symbol.is_empty()).then(|| {
        LogicalLocation::builder().fully_qualified_name(diagnostic.symbol.to_string()).build()
    });
    let logical: Vec<LogicalLocation> = cell.into_iter().chain(symbol).collect();
    if !logical.is_empty() {
        location.logical_locations = Some(logical);
    }
    let related: Vec<SarifLocation> = diagnostic
        .related
        .iter()
        .map(|(location, message)| {
            let mut place = place(report, location);
            place.message = Some(Message::builder().text(message.as_str()).build());
            place
        })
        .collect();
    let level = match diagnostic.level {
        Level::Error => ResultLevel::Error,
        Level::Warn => ResultLevel::Warning,
        Level::Info => ResultLevel::Note,
        Level::Ignore => ResultLevel::None,
    };
    let index = rules.binary_search(&diagnostic.rule.name).unwrap_or_default();
    let mut result = SarifResult::builder()
        .rule_id(diagnostic.rule.name)
        .rule_index(i64::try_from(index).unwrap_or(-1))
        .level(level)
        .message(Message::builder().text(text).build())
        .locations(vec![location])
        .partial_fingerprints(BTreeMap::from([("ropewalk/v1".to_owned(), fingerprint)]))
        .build();
    if !related.is_empty() {
        result.related_locations = Some(related);
    }
    result
}

fn place(report: &Report<'_>, location: &Location) -> SarifLocation {
    let region = Region::builder()
        .start_line(i64::from(location.start.line.max(1)))
        .start_column(i64::from(location.start.column.max(1)))
        .end_line(i64::from(location.end.line.max(1)))
        .end_column(i64::from(location.end.column.max(1)))
        .build();
    let artifact =
        ArtifactLocation::builder().uri(uri(&report.path_from_top(&location.path))).build();
    SarifLocation::builder()
        .physical_location(
            PhysicalLocation::builder().artifact_location(artifact).region(region).build(),
        )
        .build()
}

/// A path as a relative URI reference: everything but unreserved characters and `/` is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    if uri.starts_with('/') { format!("file://{uri}") } else { uri }
}
