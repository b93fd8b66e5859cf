//! What the formats for people share: the summary line, places and links.
//!
//! Colours are written as ANSI codes only where the style asks for them.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Ansi};

use super::{Report, Style};
use crate::rules::{Diagnostic, Level, Location, file_skipped};

/// `path:line:col`, with the number of the cell in a notebook.
pub(super) fn place(location: &Location) -> String {
    let path = path(location);
    format!("{path}:{}:{}", location.start.line, location.start.column)
}

/// The path, with the number of the cell in a notebook.
pub(super) fn path(location: &Location) -> String {
    match location.cell {
        Some(cell) => format!("{}:cell {cell}", visible(&location.path)),
        None => visible(&location.path),
    }
}

/// Text in one line: a name of a file may hold line breaks, and what a terminal takes for commands.
fn visible(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_owned();
    }
    let shown =
        |c: char| if c.is_control() { c.escape_default().collect() } else { String::from(c) };
    text.chars().map(shown).collect()
}

/// The colour of a level.
pub(super) fn ansi(level: Level) -> Ansi {
    let color = match level {
        Level::Error => AnsiColor::BrightRed,
        Level::Warn => AnsiColor::Yellow,
        Level::Info | Level::Ignore => AnsiColor::BrightBlue,
    };
    color.on_default().bold()
}

/// `text` as a link to `url`, where links may be used.
pub(super) fn link(text: &str, url: &str, style: &Style) -> String {
    if style.links { format!("\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\") } else { text.to_owned() }
}

/// `text` in the colours of `ansi`, where colours may be used.
pub(super) fn paint(text: &str, ansi: Ansi, style: &Style) -> String {
    if style.color {
        format!("{}{text}{}", ansi.render(), ansi.render_reset())
    } else {
        text.to_owned()
    }
}

/// The last line: how much was found.
pub(super) fn summary(report: &Report<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if style.quiet {
        return Ok(());
    }
    let ansi = if report.diagnostics.is_empty() {
        AnsiColor::Green.on_default().bold()
    } else {
        Ansi::new().bold()
    };
    write!(out, "{}", paint(&report.counts(), ansi, style))?;
    if report.hidden_by_baseline > 0 {
        write!(out, " ({} more in the baseline)", report.hidden_by_baseline)?;
    }
    let skipped = |found: &&Diagnostic| found.rule.name == file_skipped::RULE.name;
    match report.diagnostics.iter().filter(skipped).count() {
        0 => {}
        1 => write!(out, "; 1 file was not checked")?,
        files => write!(out, "; {files} files were not checked")?,
    }
    writeln!(out)
}
