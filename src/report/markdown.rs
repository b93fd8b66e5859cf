//! A summary in Markdown: counts by rule, and the findings in a table, for the summary of a CI job.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Report, severity};

/// More rows than this are not read.
const MOST_ROWS: usize = 200;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let total = report.diagnostics.len();
    writeln!(out, "## ropewalk: {total} findings in {} files\n", report.files_checked)?;
    if let Some(picture) = report.picture {
        writeln!(out, "| project | modules | lines | dead lines | annotated | known types |")?;
        writeln!(out, "|---|--:|--:|--:|--:|--:|")?;
        for row in &picture.projects {
            writeln!(
                out,
                "| {} | {} | {} | {} | {:.1} % | {:.1} % |",
                cell(&row.name),
                row.modules,
                row.lines,
                row.dead,
                row.annotated,
                row.known
            )?;
        }
        writeln!(out)?;
    }
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for diagnostic in report.diagnostics {
        let key = (diagnostic.rule.name, severity(diagnostic.level));
        *counts.entry(key).or_default() += 1;
    }
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(out, "| rule | level | findings |\n|---|---|--:|")?;
    for ((rule, level), count) in counts {
        writeln!(out, "| {rule} | {level} | {count} |")?;
    }
    writeln!(out, "\n<details><summary>Findings</summary>\n\n| where | what |\n|---|---|")?;
    for diagnostic in report.diagnostics.iter().take(MOST_ROWS) {
        let place = &diagnostic.location;
        let path = report.path_from_top(&place.path);
        let (line, rule) = (place.start.line, diagnostic.rule.name);
        writeln!(out, "| {}:{line} | **{rule}** {} |", cell(&path), cell(&diagnostic.message))?;
    }
    if total > MOST_ROWS {
        writeln!(out, "| | and {} more |", total - MOST_ROWS)?;
    }
    writeln!(out, "\n</details>")
}

/// Text that stays within its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").replace('<', "&lt;")
}
