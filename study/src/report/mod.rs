//! The report, out of rows alone: `docs/src/research.md` with its plots.

mod tables;

use std::path::Path;

use anyhow::{Context, Result};

use crate::plots;

const TEMPLATE: &str = include_str!("template.md");

/// Writes the page and its plots into the folder of the guide's sources.
pub fn write(results: &Path, book: &Path) -> Result<()> {
    let images = book.join("research");
    let drawn = plots::draw(results, &images)?;
    let mut page = TEMPLATE.to_owned();
    for (name, text) in tables::all(results)? {
        page = page.replace(&format!("{{{name}}}"), text.trim_end());
    }
    let mut out = String::new();
    for line in page.lines() {
        let plot = line.strip_prefix("{plot:").and_then(|rest| rest.strip_suffix('}'));
        match plot {
            None => out += line,
            Some(plot) => match drawn.iter().find(|(file, _)| file == plot) {
                Some((file, title)) => out += &format!("![{title}](research/{file})"),
                None => out += "(No plot: not measured.)",
            },
        }
        out.push('\n');
    }
    let path = book.join("research.md");
    std::fs::write(&path, out).with_context(|| format!("cannot write {}", path.display()))
}
