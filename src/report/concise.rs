//! `concise`: one line a diagnostic, `path:line:col: severity[rule] message`.
//!
//! Line breaks within messages become spaces, so that a line is always a diagnostic.

use std::io::{self, Write};

use anstyle::Style as Ansi;

use super::text::{ansi, link, paint, place, summary};
use super::{Report, Style, rule_url, severity};
use crate::rules::Diagnostic;

pub(super) fn write(report: &Report<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in report.diagnostics {
        writeln!(out, "{}", line(diagnostic, style))?;
    }
    summary(report, style, out)
}

/// The line of one diagnostic.
pub(super) fn line(diagnostic: &Diagnostic, style: &Style) -> String {
    let rule = diagnostic.rule.name;
    let severity = severity(diagnostic.level);
    format!(
        "{}: {} {}{}",
        paint(&place(&diagnostic.location), Ansi::new().bold(), style),
        paint(
            &format!("{severity}[{}]", link(rule, &rule_url(rule), style)),
            ansi(diagnostic.level),
            style
        ),
        diagnostic.message.replace(['\n', '\r'], " "),
        diagnostic.where_it_holds().map(|place| format!(" ({place})")).unwrap_or_default()
    )
}
