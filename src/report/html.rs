//! One page with everything, for a browser: no network, no other files.
//!
//! The page itself is `page.html`; what is written here is the data that it shows.

use std::io::{self, Write};

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

/// A finding: rule, level, path, line, column, words, other places, hints.
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
);

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rows = report.diagnostics.iter().map(|found| {
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
