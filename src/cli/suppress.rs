//! `ropewalk suppress`: adds suppression comments for what is found, or takes stale ones out.
//!
//! Edits are insertions and removals within a line's end; all other bytes stay as they are, line ends
//! and encodings included.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use ruff_python_ast::token::TokenKind;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::Exit;
use super::check::check_all;
use super::environment::Lookup;
use super::high::{HiArgs, resolve};
use super::low::{
    BaselineArgs, CheckArgs, GlobalArgs, InstrumentArgs, OutputArgs, ShardArgs, SuppressArgs,
};
use super::output::{Stop, note, report_error};
use crate::project::config::{read_bytes, write_whole};
use crate::project::find_shown;
use crate::rules::{Diagnostic, Level, unused_ignore, unused_type_ignore};
use crate::schedule::suppression::NEVER_HIDDEN;

/// An edit: the range is replaced by the text.
type Edit = (TextRange, String);

/// Runs the command.
///
/// # Errors
/// When flags or configuration are wrong, or a file can't be written.
pub fn run(args: &SuppressArgs, global: &GlobalArgs, lookup: Lookup<'_>) -> Result<Exit, Stop> {
    let high = resolve(&check_args(args), global, lookup)?;
    let found = check_all(&high, None, true)?;
    let mut files: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in &found.diagnostics {
        let rule = diagnostic.rule.name;
        let wanted = if args.remove_unused {
            is_unused(rule)
        } else {
            !NEVER_HIDDEN.contains(&rule) && !is_unused(rule) && diagnostic.level != Level::Info
        };
        if wanted {
            files.entry(&diagnostic.location.path).or_default().push(diagnostic);
        }
    }
    let (mut changed_files, mut edits_made) = (0, 0);
    let mut failures = Vec::new();
    for (path, diagnostics) in files {
        match edit_file(&high, path, &diagnostics, args) {
            Ok(edits) => {
                changed_files += usize::from(edits > 0);
                edits_made += edits;
            }
            // One file that can't be written is no reason to leave the others as they are.
            Err(error) => failures.push(error),
        }
    }
    let verb = match (args.dry_run, args.remove_unused) {
        (true, true) => "Would take out",
        (true, false) => "Would add",
        (false, true) => "Took out",
        (false, false) => "Added",
    };
    if global.quiet == 0 {
        let comments = if edits_made == 1 { "comment" } else { "comments" };
        let files = if changed_files == 1 { "file" } else { "files" };
        note(format!("{verb} {edits_made} {comments} in {changed_files} {files}"));
    }
    for failure in &failures {
        report_error(failure, false);
    }
    Ok(if found.internal_errors {
        Exit::Internal
    } else if failures.is_empty() && !found.is_incomplete() {
        Exit::Clean
    } else {
        Exit::Usage
    })
}

/// Whether a rule is about comments that hide nothing.
fn is_unused(rule: &str) -> bool {
    rule == unused_ignore::RULE.name || rule == unused_type_ignore::RULE.name
}

/// A check with the same settings, the levels of rules included: a `# type: ignore` that another checker needs
/// is taken out only where `check` would call it unused.
fn check_args(args: &SuppressArgs) -> CheckArgs {
    CheckArgs {
        paths: args.paths.clone(),
        config: args.config.clone(),
        rules: args.rules.clone(),
        environment: args.environment.clone(),
        files: args.files.clone(),
        output: OutputArgs::default(),
        baseline: BaselineArgs::default(),
        limits: args.limits.clone(),
        shards: ShardArgs::default(),
        instruments: InstrumentArgs::default(),
    }
}

/// Edits one file and says how many comments were changed.
fn edit_file(
    high: &HiArgs,
    path: &str,
    diagnostics: &[&Diagnostic],
    args: &SuppressArgs,
) -> anyhow::Result<usize> {
    let file = find_shown(&high.working_directory, path);
    let bytes = read_bytes(&file).with_context(|| format!("cannot read {path}"))?;
    // Offsets of diagnostics count from after a byte order mark, if there is one.
    let mark: &[u8] = if bytes.starts_with(b"\xef\xbb\xbf") { b"\xef\xbb\xbf" } else { b"" };
    let is_notebook = file.extension().is_some_and(|extension| extension == "ipynb");
    let text = match std::str::from_utf8(&bytes[mark.len()..]) {
        Ok(text) if !is_notebook => text,
        _ => {
            note(format!("{path}: only UTF-8 Python files can be edited; left as it is"));
            return Ok(0);
        }
    };
    let edits =
        if args.remove_unused { removals(text, diagnostics) } else { additions(text, diagnostics) };
    if edits.is_empty() || args.dry_run {
        for (range, _) in &edits {
            let line = text[..range.start().to_usize()].matches('\n').count() + 1;
            note(format!("{path}:{line}"));
        }
        return Ok(edits.len());
    }
    let mut edited = mark.to_vec();
    let mut last = 0;
    for (range, replacement) in &edits {
        edited.extend_from_slice(&text.as_bytes()[last..range.start().to_usize()]);
        edited.extend_from_slice(replacement.as_bytes());
        last = range.end().to_usize();
    }
    edited.extend_from_slice(&text.as_bytes()[last..]);
    write_whole(&file, &edited).with_context(|| format!("cannot write {path}"))?;
    Ok(edits.len())
}

/// Comments to add: one at the end of each logical line with findings, with all their rules.
fn additions(text: &str, diagnostics: &[&Diagnostic]) -> Vec<Edit> {
    let ends = logical_line_ends(text);
    let mut by_end: BTreeMap<TextSize, BTreeSet<&str>> = BTreeMap::new();
    for diagnostic in diagnostics {
        let start = diagnostic.location.start_offset;
        let index = ends.partition_point(|end| *end < start);
        if let Some(end) = ends.get(index) {
            by_end.entry(*end).or_default().insert(diagnostic.rule.name);
        }
    }
    by_end.into_iter().map(|(end, rules)| addition(text, end, &rules)).collect()
}

/// The offsets at which logical lines end: before their comment's end and line break.
fn logical_line_ends(text: &str) -> Vec<TextSize> {
    let options = ruff_python_parser::ParseOptions::from(ruff_python_parser::Mode::Module);
    let parsed = ruff_python_parser::parse_unchecked(text, options);
    parsed
        .tokens()
        .iter()
        .filter(|token| token.kind() == TokenKind::Newline)
        .map(|token| token.range().start())
        .collect()
}

/// The comment at `end`: rules go into an own comment that is there, else a new one is appended.
fn addition(text: &str, end: TextSize, rules: &BTreeSet<&str>) -> Edit {
    const MARKER: &str = "# ropewalk: ignore[";
    let end = end.to_usize();
    let line_start = text[..end].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[line_start..end];
    if let Some(found) = line.rfind(MARKER)
        && let Some(close) = line[found..].find(']')
    {
        let (from, to) = (line_start + found + MARKER.len(), line_start + found + close);
        let known = text[from..to].split(',').map(str::trim).filter(|rule| !rule.is_empty());
        let mut all: Vec<&str> = known.collect();
        all.extend(rules.iter().filter(|rule| !text[from..to].contains(**rule)));
        return (range(from, to), all.join(", "));
    }
    let trimmed = line_start + line.trim_end().len();
    let list: Vec<&str> = rules.iter().copied().collect();
    (range(trimmed, end), format!("  {MARKER}{}]", list.join(", ")))
}

/// What to take out for each unused comment, or rule within a comment.
fn removals(text: &str, diagnostics: &[&Diagnostic]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    for diagnostic in diagnostics {
        let (start, end) = (
            diagnostic.location.start_offset.to_usize(),
            diagnostic.location.end_offset.to_usize(),
        );
        let Some(found) = text.get(start..end) else { continue };
        let edit = if found.trim_start().starts_with('#') {
            whole_comment(text, start, end)
        } else {
            one_rule(text, start, end)
        };
        // Two findings about one comment would overlap: the next run takes the rest.
        if edits.last().is_none_or(|(last, _)| last.end() <= edit.0.start()) {
            edits.push(edit);
        }
    }
    edits
}

fn whole_comment(text: &str, start: usize, end: usize) -> Edit {
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |length| end + length);
    let before = text[line_start..start].trim_end();
    if let Some(next) = text[end..line_end].find('#') {
        // Another comment follows: it moves up.
        return (range(start, end + next), String::new());
    }
    // What else is said on the line is said of the comment, and would be code without it.
    let end = start + text[start..line_end].trim_end().len();
    if before.is_empty() {
        return (range(line_start, (line_end + 1).min(text.len())), String::new());
    }
    (range(line_start + before.len(), end), String::new())
}

/// A rule in a list, with one of the commas beside it.
fn one_rule(text: &str, start: usize, end: usize) -> Edit {
    let before = text[..start].trim_end();
    let after = &text[end..];
    let skipped = after.len() - after.trim_start().len();
    if let Some(rest) = after.trim_start().strip_prefix(',') {
        let gap = rest.len() - rest.trim_start_matches(' ').len();
        return (range(start, end + skipped + 1 + gap), String::new());
    }
    if before.ends_with(',') {
        return (range(before.len() - 1, end), String::new());
    }
    (range(start, end), String::new())
}

fn range(start: usize, end: usize) -> TextRange {
    let size = |offset: usize| TextSize::try_from(offset).unwrap_or_default();
    TextRange::new(size(start), size(end.max(start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(text: &str, edits: &[Edit]) -> String {
        let mut text = text.to_owned();
        for (range, replacement) in edits.iter().rev() {
            text.replace_range(range.start().to_usize()..range.end().to_usize(), replacement);
        }
        text
    }

    fn added(text: &str, at: &str, rules: &[&str]) -> String {
        let offset = TextSize::try_from(text.find(at).unwrap_or(0)).unwrap_or_default();
        let ends = logical_line_ends(text);
        let end = ends[ends.partition_point(|end| *end < offset)];
        apply(text, &[addition(text, end, &rules.iter().copied().collect())])
    }

    #[test]
    fn comments_go_to_the_end_of_the_statement() {
        assert_eq!(
            added("x = 1\r\ny = 2\r\n", "x", &["b", "a"]),
            "x = 1  # ropewalk: ignore[a, b]\r\ny = 2\r\n"
        );
        assert_eq!(
            added("f(\n  1,\n  '''\n''')\n", "1", &["a"]),
            "f(\n  1,\n  '''\n''')  # ropewalk: ignore[a]\n"
        );
        assert_eq!(added("x = 1  # note\n", "x", &["a"]), "x = 1  # note  # ropewalk: ignore[a]\n");
        assert_eq!(
            added("x = 1  # ropewalk: ignore[b]\n", "x", &["a"]),
            "x = 1  # ropewalk: ignore[b, a]\n"
        );
    }

    #[test]
    fn comments_and_single_rules_are_taken_out() {
        let text = "x = 1  # ropewalk: ignore[a, b, c]\n";
        let at = |what: &str| {
            let start = text.find(what).unwrap_or(0);
            (start, start + what.len())
        };
        let (start, end) = at("b");
        assert_eq!(apply(text, &[one_rule(text, start, end)]), "x = 1  # ropewalk: ignore[a, c]\n");
        let (start, end) = at("c]");
        assert_eq!(
            apply(text, &[one_rule(text, start, end - 1)]),
            "x = 1  # ropewalk: ignore[a, b]\n"
        );
        let (start, end) = at("# ropewalk: ignore[a, b, c]");
        assert_eq!(apply(text, &[whole_comment(text, start, end)]), "x = 1\n");
        let reason = "x = 1  # type: ignore because  # noqa\r\ny = 2 # type: ignore of it\r\n";
        let start = reason.find('#').unwrap_or(0);
        let edit = whole_comment(reason, start, start + 14);
        assert!(apply(reason, &[edit]).starts_with("x = 1  # noqa\r\n"));
        let start = reason.rfind('#').unwrap_or(0);
        let edit = whole_comment(reason, start, start + 14);
        assert!(apply(reason, &[edit]).ends_with("\r\ny = 2\r\n"));
        let alone = "# type: ignore\nx = 1\n";
        assert_eq!(apply(alone, &[whole_comment(alone, 0, 14)]), "x = 1\n");
    }
}
