//! `markdown`: a page for the summary of a CI job, or for a comment on a change.
//!
//! It says how much was found, by which rules and in which files, and lists the first findings: such pages have
//! limits of their own, and the whole is in the log.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::text::place;
use super::{Report, counted, rule_url, severity};
use crate::rules::Level;

/// Findings that are listed one by one.
const LISTED: usize = 50;
/// Rules and files in a table.
const ROWS: usize = 10;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let is_bad = report.diagnostics.iter().any(|found| found.level == Level::Error);
    writeln!(out, "## {} ropewalk: {}\n", if is_bad { "❌" } else { "✅" }, report.counts())?;
    if let Some(picture) = report.picture {
        writeln!(out, "| Project | Modules | Lines | Dead lines | Annotated | Known types |")?;
        writeln!(out, "|---|--:|--:|--:|--:|--:|")?;
        for row in &picture.projects {
            let counts = format!("{} | {} | {}", row.modules, row.lines, row.dead);
            let shares = format!("{:.1} % | {:.1} %", row.annotated, row.known);
            writeln!(out, "| {} | {counts} | {shares} |", code(&row.name))?;
        }
        writeln!(out)?;
    }
    let hidden = report.hidden_by_baseline;
    let stale = report.stale_in_baseline;
    if hidden + stale > 0 {
        let gone = counted(stale, "entry").replace("entrys", "entries");
        writeln!(
            out,
            "The baseline hides {}; {gone} of it no longer found.\n",
            counted(hidden, "finding")
        )?;
    }
    if report.diagnostics.is_empty() {
        return Ok(());
    }
    let rules = report.diagnostics.iter().map(|found| found.rule.name);
    let rules =
        tally(rules).into_iter().map(|(rule, n)| (format!("[{rule}]({})", rule_url(rule)), n));
    table("Rule", rules.collect(), out)?;
    let files = report.diagnostics.iter().map(|found| &*found.location.path);
    let files = tally(files).into_iter().map(|(path, n)| (code(path), n));
    table("File", files.collect(), out)?;
    let listed = report.diagnostics.len().min(LISTED);
    writeln!(
        out,
        "<details><summary>{}</summary>\n",
        match report.diagnostics.len() - listed {
            0 => "All findings".to_owned(),
            more => format!("The first {listed} findings; {more} more are in the log"),
        }
    )?;
    for found in &report.diagnostics[..listed] {
        let level = severity(found.level);
        let message = escaped(&found.message);
        let place = code(&place(&found.location));
        writeln!(out, "- {place} **{level}** {message} ({})", found.rule.name)?;
    }
    writeln!(out, "\n</details>\n")
}

/// How often each occurs, the most frequent first, equal ones in order.
fn tally<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(&'a str, usize)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    counts
}

/// A table of names and counts, cut after a few rows.
pub(super) fn table(
    title: &str,
    rows: Vec<(String, usize)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "| {title} | Findings |\n|---|--:|")?;
    for (name, count) in rows.iter().take(ROWS) {
        writeln!(out, "| {name} | {count} |")?;
    }
    let rest = rows.get(ROWS..).unwrap_or_default();
    if !rest.is_empty() {
        let count: usize = rest.iter().map(|(_, count)| count).sum();
        writeln!(out, "| {} more | {count} |", rest.len())?;
    }
    writeln!(out)
}

/// Text as code; a backtick in it would end it.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('|', "\\|"))
}

/// A message as one line of Markdown: what it quotes stays code, the rest is no markup.
fn escaped(message: &str) -> String {
    let mut result = String::new();
    for (at, part) in message.split('`').enumerate() {
        let part = part.replace(['\n', '\r'], " ");
        if at % 2 == 1 {
            result.push_str(&format!("`{part}`"));
        } else {
            for c in part.chars() {
                if matches!(c, '*' | '_' | '<' | '>' | '[' | ']' | '|' | '\\') {
                    result.push('\\');
                }
                result.push(c);
            }
        }
    }
    result
}
