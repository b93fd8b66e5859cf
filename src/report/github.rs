//! `github`: workflow commands that GitHub Actions shows as annotations.
//!
//! GitHub shows ten annotations of a level for a step and drops the others without a word, so the
//! rest is written as plain lines of the log, and one annotation more says how many there are.

use std::io::{self, Write};

use super::concise::line;
use super::{Report, Style, text::summary};
use crate::rules::{Diagnostic, Level};

pub(super) fn write(report: &Report<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut rolled_up = 0;
    for level in [Level::Error, Level::Warn, Level::Info] {
        let of_level: Vec<&Diagnostic> =
            report.diagnostics.iter().filter(|diagnostic| diagnostic.level == level).collect();
        // One slot for notices is kept for the roll-up.
        let limit = style.github_annotations.saturating_sub(usize::from(level == Level::Info));
        for diagnostic in of_level.iter().take(limit) {
            annotation(report, diagnostic, out)?;
        }
        if of_level.len() > limit {
            rolled_up += of_level.len() - limit;
            for diagnostic in &of_level[limit..] {
                writeln!(out, "{}", line(diagnostic, style))?;
            }
        }
    }
    if rolled_up > 0 {
        let noun = if rolled_up == 1 { "diagnostic" } else { "diagnostics" };
        writeln!(
            out,
            "::notice title=ropewalk::{rolled_up} more {noun} without annotation; see the log of this step"
        )?;
    }
    summary(report, &Style { color: false, ..*style }, out)
}

fn annotation(report: &Report<'_>, diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let command = match diagnostic.level {
        Level::Error => "error",
        Level::Warn => "warning",
        Level::Info | Level::Ignore => "notice",
    };
    let location = &diagnostic.location;
    write!(out, "::{command} file={}", property(&report.path_from_top(&location.path)))?;
    // Lines of a notebook's cell are not lines of its file.
    if location.cell.is_none() {
        write!(
            out,
            ",line={},col={},endLine={},endColumn={}",
            location.start.line, location.start.column, location.end.line, location.end.column
        )?;
    }
    let rule = diagnostic.rule.name;
    let mut message =
        format!("{}:{}: {}", location.start.line, location.start.column, diagnostic.message);
    if let Some(cell) = location.cell {
        message = format!("cell {cell}:{message}");
    }
    for note in &diagnostic.notes {
        message.push_str("\nnote: ");
        message.push_str(note);
    }
    for hint in diagnostic.all_hints() {
        message.push_str("\nhelp: ");
        message.push_str(&hint);
    }
    writeln!(out, ",title=ropewalk ({})::{}", property(rule), data(&message))
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
