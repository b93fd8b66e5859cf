//! `audit dead --remove`: takes out what is certainly dead, whole statements at a time.
//!
//! All other bytes stay as they are. A block that would be empty gets a `pass`; a statement that shares its line
//! with another one is left alone.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use ruff_python_ast::Stmt;
use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_text_size::Ranged;

use crate::audit::Found;
use crate::audit::settings::Confidence;
use crate::cli::high::HiArgs;
use crate::cli::output::note;
use crate::project::config::{read_bytes, write_whole};
use crate::project::{FilePath, NEWEST_VERSION, find_shown};
use crate::report::counted;
use crate::source;

/// Takes certain findings out, or says what would be; gives what went wrong. One file that can't be written is no
/// reason to leave the others as they are.
pub(super) fn remove(high: &HiArgs, found: &[Found], dry_run: bool) -> Vec<anyhow::Error> {
    let mut by_path: BTreeMap<&str, BTreeSet<(u32, u32)>> = BTreeMap::new();
    for each in found.iter().filter(|each| each.confidence == Confidence::Certain) {
        for (path, range) in &each.removable {
            by_path.entry(path).or_default().insert(*range);
        }
    }
    let (mut count, mut failures) = (0, Vec::new());
    for (path, ranges) in by_path {
        match remove_from(high, path, &ranges, dry_run) {
            Ok(0) => {}
            Ok(removed) => {
                count += removed;
                let verb = if dry_run { "would take" } else { "took" };
                note(format!("{path}: {verb} {} out", counted(removed, "definition")));
            }
            Err(error) => failures.push(error),
        }
    }
    if count == 0 && failures.is_empty() && high.presentation.quiet == 0 {
        note("nothing is certainly dead that can be taken out");
    }
    failures
}

/// Takes statements out of one file; gives how many.
fn remove_from(
    high: &HiArgs,
    path: &str,
    ranges: &BTreeSet<(u32, u32)>,
    dry_run: bool,
) -> anyhow::Result<usize> {
    let file = find_shown(&high.working_directory, path);
    let bytes = read_bytes(&file).with_context(|| format!("cannot read {path}"))?;
    let Ok(text) = String::from_utf8(bytes) else { return Ok(0) };
    let (edited, removed) = edited(&file, &text, ranges);
    if removed > 0 && !dry_run {
        write_whole(&file, edited.as_bytes()).with_context(|| format!("cannot write {path}"))?;
    }
    Ok(removed)
}

/// The text without these statements, and how many of them were taken out.
fn edited(file: &std::path::Path, text: &str, ranges: &BTreeSet<(u32, u32)>) -> (String, usize) {
    let source = source::from_text(text);
    let kind = source::source_type_of(&FilePath::Disk(file.to_owned()));
    let tree = source::parse_again(&source, kind, NEWEST_VERSION);
    if source.text() != text {
        // Offsets would mean something else.
        return (text.to_owned(), 0);
    }
    let mut blocks = Blocks { ranges, text, edits: Vec::new() };
    blocks.visit_body(&tree.body);
    let mut edits = blocks.edits;
    edits.sort_by_key(|edit| edit.0);
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end, put) in &edits {
        if *start < at {
            continue;
        }
        result.push_str(&text[at..*start]);
        result.push_str(put);
        at = *end;
    }
    result.push_str(&text[at..]);
    (result, edits.len())
}

/// Finds the statements, and blocks that would be empty without them.
struct Blocks<'b> {
    ranges: &'b BTreeSet<(u32, u32)>,
    text: &'b str,
    edits: Vec<(usize, usize, &'static str)>,
}

impl Blocks<'_> {
    fn is_removed(&self, stmt: &Stmt) -> bool {
        let range = stmt.range();
        self.ranges.contains(&(range.start().to_u32(), range.end().to_u32()))
            && self.lines_of(stmt).is_some()
    }

    /// The whole lines of a statement, if it has them for itself.
    fn lines_of(&self, stmt: &Stmt) -> Option<(usize, usize)> {
        let (start, end) = (stmt.range().start().to_usize(), stmt.range().end().to_usize());
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let rest = &self.text[end..];
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        let after = rest[..length].trim();
        let is_alone = self.text[line..start].trim().is_empty()
            && (after.is_empty() || after.starts_with('#'));
        is_alone.then_some((line, end + length))
    }
}

impl<'a> StatementVisitor<'a> for Blocks<'_> {
    fn visit_body(&mut self, body: &'a [Stmt]) {
        let removed: Vec<bool> = body.iter().map(|stmt| self.is_removed(stmt)).collect();
        let is_emptied = removed.iter().all(|&gone| gone) && self.text.len() > 1;
        let is_inner = body.first().is_some_and(|stmt| {
            self.lines_of(stmt).is_some_and(|(line, _)| line < stmt.range().start().to_usize())
        });
        for (at, stmt) in body.iter().enumerate() {
            if !removed[at] {
                continue;
            }
            let Some((line, end)) = self.lines_of(stmt) else { continue };
            if at == 0 && is_emptied && is_inner {
                let (start, stop) =
                    (stmt.range().start().to_usize(), stmt.range().end().to_usize());
                self.edits.push((start, stop, "pass"));
            } else {
                // Blank lines after it went with it, as far as there are some before.
                let mut end = end;
                let before_blank = self.text[..line].ends_with("\n\n") || line == 0;
                while before_blank && self.text[end..].starts_with('\n') {
                    end += 1;
                }
                self.edits.push((line, end, ""));
            }
        }
        let kept: Vec<&Stmt> =
            body.iter().zip(&removed).filter(|(_, gone)| !**gone).map(|(stmt, _)| stmt).collect();
        for stmt in kept {
            walk_stmt(self, stmt);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_go_and_empty_blocks_pass() {
        let text = "def a():\n    return 1\n\n\nclass B:\n    def c(self):\n        return 2\n\n\nx = 1; y = 2\n";
        let mut ranges = BTreeSet::new();
        let mut mark = |part: &str| {
            let start = text.find(part).expect("a part");
            let at = u32::try_from(start).expect("small");
            ranges.insert((at, at + u32::try_from(part.len()).expect("small")));
        };
        mark("def a():\n    return 1");
        mark("def c(self):\n        return 2");
        mark("x = 1");
        let (edited, count) = edited(std::path::Path::new("a.py"), text, &ranges);
        assert_eq!(edited, "class B:\n    pass\n\n\nx = 1; y = 2\n");
        assert_eq!(count, 2);
    }
}
