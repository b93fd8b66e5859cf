//! One page with everything, for a browser: no network, no other files.
//!
//! The page itself is `page.html`; what is written here is the data that it shows.

use std::io::{self, Write};
use std::sync::Arc;

use ruff_source_file::{LineIndex, OneIndexed};
use serde::Serialize;

use super::{Report, rule_url, severity};
use crate::audit::picture::Picture;

/// The page, with a mark where the data goes.
const PAGE: &str = include_str!("page.html");

/// The mark.
const MARK: &str = "/*DATA*/";

#[derive(Serialize)]
struct Data<'d> {
    files: usize,
    hidden: usize,
    findings: Vec<Row<'d>>,
    rules: Vec<(&'static str, &'static str, String)>,
    picture: Option<&'d Picture>,
}

/// A finding: rule, level, path, line, column, words, other places, hints, the line itself.
#[derive(Serialize)]
struct Row<'d>(
    &'static str,
    &'static str,
    String,
    u32,
    u32,
    &'d str,
    Vec<(&'d str, u32, &'d str)>,
    &'d [String],
    String,
);

/// Longer lines are cut.
const LONGEST_LINE: usize = 160;

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut source = Source::default();
    let rows = report.diagnostics.iter().map(|found| {
        let line = source.line(report, &found.location.path, found.location.start.line);
        let related = found.related.iter().take(20);
        Row(
            found.rule.name,
            severity(found.level),
            report.path_from_top(&found.location.path),
            found.location.start.line,
            found.location.start.column,
            &found.message,
            related.map(|(at, words)| (&*at.path, at.start.line, words.as_str())).collect(),
            &found.hints,
            line,
        )
    });
    let mut rules: Vec<_> = report
        .diagnostics
        .iter()
        .map(|found| (found.rule.name, found.rule.summary, rule_url(found.rule.name)))
        .collect();
    rules.sort();
    rules.dedup();
    let data = Data {
        files: report.files_checked,
        hidden: report.hidden_by_baseline,
        findings: rows.collect(),
        rules,
        picture: report.picture,
    };
    // Nothing in the data may end the script that holds it.
    let json = serde_json::to_string(&data)?.replace("</", "<\\/").replace("<!--", "<\\!--");
    let (before, after) = PAGE.split_once(MARK).unwrap_or((PAGE, ""));
    out.write_all(before.as_bytes())?;
    out.write_all(json.as_bytes())?;
    out.write_all(after.as_bytes())
}

/// The file that was read last, and where its lines begin; findings are in order of path.
#[derive(Default)]
struct Source(Option<(String, Arc<str>, LineIndex)>);

impl Source {
    /// A line of a file without what is around it.
    fn line(&mut self, report: &Report<'_>, path: &str, line: u32) -> String {
        if self.0.as_ref().is_none_or(|(known, ..)| known != path) {
            let text = (report.source_of)(path).unwrap_or_default();
            let lines = LineIndex::from_source_text(&text);
            self.0 = Some((path.to_owned(), text, lines));
        }
        let found = self.0.as_ref().and_then(|(_, text, lines)| {
            let line = OneIndexed::new(line as usize)?;
            (line.get() <= lines.line_count()).then(|| &text[lines.line_range(line, text)])
        });
        let found = found.unwrap_or_default().trim();
        match found.char_indices().nth(LONGEST_LINE) {
            Some((end, _)) => format!("{}…", &found[..end]),
            None => found.to_owned(),
        }
    }
}
