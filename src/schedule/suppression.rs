//! Suppression comments applied to a file's diagnostics, and what is wrong with the comments.
//!
//! # Terms
//! A comment *hides* a diagnostic when it is for its line or file and names its rule, or names none.
//! It is *unused* when it hides nothing, and *blanket* when it names no rule.
//!
//! ```python
//! x: int = "a"  # ropewalk: ignore[invalid-assignment, deprecated]
//! ```
//! Here the first rule is used; of the second it is said that nothing of it is on the line, unless it
//! is not reported at all. In a file that was not checked to its end no comment is called unused.

use std::collections::BTreeSet;
use std::sync::Arc;

use ruff_text_size::TextRange;

use crate::project::config::OtherTool;
use crate::rules::{
    self, Diagnostic, FileLevels, Finding, Level, LineColumn, Location, blanket_ignore,
    invalid_ignore, unused_ignore, unused_type_ignore,
};
use crate::source::{SourceText, Suppression, SuppressionKind, Suppressions};

/// Rules whose diagnostics no comment hides: they say that the file was not wholly checked.
pub const NEVER_HIDDEN: &[&str] =
    &["file-skipped", "internal-error", "source-encoding", "syntax-error"];

/// One file, for which comments are applied.
pub struct CommentedFile<'a> {
    /// The path as shown.
    pub path: Arc<str>,
    /// Its text.
    pub source: &'a SourceText,
    /// Its comments.
    pub suppressions: &'a Suppressions,
    /// The levels of rules in it.
    pub levels: &'a FileLevels,
    /// Whether it was checked to its end.
    pub complete: bool,
}

/// Which comments count.
#[derive(Debug, Clone, Copy)]
pub struct Honoured<'a> {
    /// Whether `# type: ignore` does.
    pub type_ignore: bool,
    /// Other tools whose comments do.
    pub others: &'a [OtherTool],
}

impl Honoured<'_> {
    fn counts(self, kind: SuppressionKind) -> bool {
        match kind {
            SuppressionKind::Ropewalk => true,
            SuppressionKind::TypeIgnore => self.type_ignore,
            SuppressionKind::Other(tool) => self.others.iter().any(|other| match other {
                OtherTool::Mypy => tool == "mypy",
                OtherTool::Pyright => tool == "pyright" || tool == "basedpyright",
                OtherTool::Ty => tool == "ty",
                OtherTool::Pyrefly => tool == "pyrefly",
                OtherTool::Zuban => tool == "zuban",
            }),
        }
    }
}

/// Takes hidden diagnostics out of `diagnostics`, all of the file, and adds those about comments.
#[must_use]
pub fn apply(
    file: &CommentedFile<'_>,
    honoured: Honoured<'_>,
    diagnostics: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    if file.suppressions.is_empty() {
        return diagnostics;
    }
    let comments = file.suppressions.all();
    let mut hides: Vec<BTreeSet<&'static str>> = vec![BTreeSet::new(); comments.len()];
    let mut kept = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics {
        if !is_hidden(file, honoured, &diagnostic, &mut hides) {
            kept.push(diagnostic);
        }
    }
    let mut about = Vec::new();
    for (comment, hides) in comments.iter().zip(&hides) {
        if honoured.counts(comment.kind) {
            about_comment(file, comment, hides, &mut about);
        }
    }
    // A comment may name the rules about comments, but a blanket one does not hide what is said of it.
    for (range, finding) in about {
        let Some(diagnostic) = locate(file, range, finding) else { continue };
        let is_named = file.suppressions.matching(range, file.source).any(|(_, comment)| {
            honoured.counts(comment.kind) && comment.names(diagnostic.rule.name)
        });
        if !is_named {
            kept.push(diagnostic);
        }
    }
    kept
}

/// Whether a comment hides `diagnostic`; notes which do.
fn is_hidden(
    file: &CommentedFile<'_>,
    honoured: Honoured<'_>,
    diagnostic: &Diagnostic,
    hides: &mut [BTreeSet<&'static str>],
) -> bool {
    let rule = diagnostic.rule.name;
    if NEVER_HIDDEN.contains(&rule) {
        return false;
    }
    let location = &diagnostic.location;
    let range = TextRange::new(location.start_offset, location.end_offset);
    let mut hidden = false;
    for (index, comment) in file.suppressions.matching(range, file.source) {
        // An answer that was asked for is hidden only by name.
        let applies = if diagnostic.level == Level::Info {
            comment.names(rule)
        } else {
            comment.silences(rule)
        };
        if !applies || !honoured.counts(comment.kind) {
            continue;
        }
        hidden = true;
        if let Some(hides) = hides.get_mut(index) {
            hides.insert(rule);
        }
        // A comment for the line is used up before one for the whole file.
        if !comment.file_level {
            break;
        }
    }
    hidden
}

fn about_comment(
    file: &CommentedFile<'_>,
    comment: &Suppression,
    hides: &BTreeSet<&'static str>,
    about: &mut Vec<(TextRange, Finding)>,
) {
    let text = file.source.text().get(comment.range.to_std_range()).unwrap_or("").trim_end();
    let ours = comment.kind == SuppressionKind::Ropewalk;
    let Some(codes) = &comment.codes else {
        if ours || comment.kind == SuppressionKind::TypeIgnore {
            let rules: Vec<&str> = hides.iter().copied().collect();
            if rules.is_empty() && file.complete {
                let finding = match comment.kind {
                    SuppressionKind::TypeIgnore => unused_type_ignore::unused_type_ignore(text),
                    _ => unused_ignore::unused_ignore(text),
                };
                about.push((comment.range, finding));
            } else if !rules.is_empty() {
                about.push((comment.range, blanket_ignore::blanket_ignore(text, &rules)));
            }
        }
        return;
    };
    if ours && codes.is_empty() {
        let is_open = text.contains('[') && !text.contains(']');
        let reason =
            if is_open { "the bracket is not closed" } else { "the list of rules is empty" };
        about.push((comment.range, invalid_ignore::malformed_ignore(reason)));
    }
    let mut unused = Vec::new();
    for (code, range) in codes {
        let name = match code.strip_prefix("ropewalk:") {
            Some(name) => name.trim(),
            None if ours => code.as_str(),
            // Another tool's code: whether it is used, that tool knows.
            None => continue,
        };
        match rules::find(name) {
            None => {
                let names = rules::ALL.iter().map(|rule| rule.name);
                about.push((*range, invalid_ignore::unknown_rule_in_ignore(name, names)));
            }
            Some(rule) => {
                let is_about_comments = [
                    &unused_ignore::RULE,
                    &unused_type_ignore::RULE,
                    &blanket_ignore::RULE,
                    &invalid_ignore::RULE,
                ]
                .iter()
                .any(|other| other.name == rule.name);
                // What an audit finds is not there in a check.
                let is_of_audit = rules::OF_AUDITS.iter().any(|other| other.name == rule.name);
                let is_off = file.levels.level(rule) == Level::Ignore;
                let is_elsewhere = is_off || is_of_audit || is_about_comments;
                if !hides.contains(rule.name) && !is_elsewhere {
                    unused.push((*range, name));
                }
            }
        }
    }
    if !file.complete {
        return;
    }
    if unused.len() == codes.len() && !codes.is_empty() {
        about.push((comment.range, unused_ignore::unused_ignore(text)));
        return;
    }
    let marker = text.split('[').next().unwrap_or(text);
    for (range, name) in unused {
        about.push((range, unused_ignore::unused_ignore_rule(marker, name)));
    }
}

fn locate(file: &CommentedFile<'_>, range: TextRange, finding: Finding) -> Option<Diagnostic> {
    let level = file.levels.level(finding.rule);
    if level == Level::Ignore {
        return None;
    }
    let range = trimmed(file.source.text(), range);
    let span = file.source.location(range);
    Some(Diagnostic {
        rule: finding.rule,
        level,
        location: Location {
            path: file.path.clone(),
            start_offset: range.start(),
            end_offset: range.end(),
            start: LineColumn { line: span.start.line, column: span.start.column },
            end: LineColumn { line: span.end.line, column: span.end.column },
            cell: span.cell,
        },
        message: finding.message,
        related: Vec::new(),
        notes: finding.notes,
        hints: finding.hints,
        only_for: Vec::new(),
        symbol: Arc::from(""),
    })
}

/// `range` without blanks at its end.
fn trimmed(text: &str, range: TextRange) -> TextRange {
    let length = text.get(range.to_std_range()).unwrap_or("").trim_end().len();
    match u32::try_from(length) {
        Ok(length) => TextRange::at(range.start(), length.into()),
        Err(_) => range,
    }
}

#[cfg(test)]
mod tests {
    use ruff_python_ast::{PySourceType, PythonVersion};

    use super::*;
    use crate::rules::{RuleLevels, invalid_assignment, unresolved_reference};
    use crate::source;

    /// What is left when each `BAD` in `text` is an invalid assignment and each `undefined` an
    /// unresolved reference, as `line: rule`.
    fn left(text: &str, honoured: Honoured<'_>) -> Vec<String> {
        let source = source::from_text(text);
        let parsed = source::parse(&source, PySourceType::Python, PythonVersion::PY313);
        let mut levels = RuleLevels::default();
        assert!(levels.set("blanket-ignore", Level::Warn));
        assert!(levels.set("unused-type-ignore", Level::Warn));
        let levels = levels.for_file(std::path::Path::new("a.py"));
        let file = CommentedFile {
            path: "a.py".into(),
            source: &source,
            suppressions: &parsed.suppressions,
            levels: &levels,
            complete: true,
        };
        let mut diagnostics = Vec::new();
        for (word, rule) in
            [("BAD", &invalid_assignment::RULE), ("undefined", &unresolved_reference::RULE)]
        {
            for (start, _) in text.match_indices(word) {
                let range = TextRange::at(
                    u32::try_from(start).unwrap_or(0).into(),
                    ruff_text_size::TextSize::of(word),
                );
                diagnostics.extend(locate(&file, range, Finding::new(rule, word)));
            }
        }
        let mut kept = apply(&file, honoured, diagnostics);
        crate::schedule::collect::sort(&mut kept);
        kept.iter()
            .map(|found| format!("{}: {}", found.location.start.line, found.rule.name))
            .collect()
    }

    const ALL: Honoured<'_> = Honoured { type_ignore: true, others: &[] };

    #[test]
    fn named_rules_are_hidden_and_unused_names_told() {
        assert_eq!(left("x = BAD  # ropewalk: ignore[invalid-assignment]\n", ALL), [""; 0]);
        assert_eq!(
            left("x = BAD  # ropewalk: ignore[invalid-assignment, unresolved-reference]\n", ALL),
            ["1: unused-ignore"]
        );
        assert_eq!(
            left("x = BAD  # ropewalk: ignore[unresolved-reference]\n", ALL),
            ["1: invalid-assignment", "1: unused-ignore"]
        );
        assert_eq!(left("x = BAD  # type: ignore[ropewalk:invalid-assignment]\n", ALL), [""; 0]);
    }

    #[test]
    fn blanket_comments_hide_everything_and_are_told() {
        assert_eq!(left("x = BAD + undefined  # type: ignore\n", ALL), ["1: blanket-ignore"]);
        assert_eq!(left("x = 1  # type: ignore\n", ALL), ["1: unused-type-ignore"]);
        assert_eq!(left("x = 1  # type: ignore[attr-defined]\n", ALL), [""; 0]);
        let no_type_ignore = Honoured { type_ignore: false, others: &[] };
        assert_eq!(left("x = BAD  # type: ignore\n", no_type_ignore), ["1: invalid-assignment"]);
    }

    #[test]
    fn other_tools_count_on_request() {
        let text = "x = BAD  # pyright: ignore\n";
        assert_eq!(left(text, ALL), ["1: invalid-assignment"]);
        let honoured = Honoured { type_ignore: true, others: &[OtherTool::Pyright] };
        assert_eq!(left(text, honoured), [""; 0]);
    }

    #[test]
    fn unknown_rules_and_named_rules_about_comments() {
        assert_eq!(left("x = 1  # ropewalk: ignore[no-such]\n", ALL), ["1: invalid-ignore"]);
        assert_eq!(left("x = 1  # ropewalk: ignore[deprecated, unused-ignore]\n", ALL), [""; 0]);
    }

    #[test]
    fn whole_files_and_several_lines() {
        let text = "# ropewalk: ignore-file[invalid-assignment]\nx = BAD\ny = undefined\n";
        assert_eq!(left(text, ALL), ["3: unresolved-reference"]);
        let text = "x = f(\n    BAD,\n)  # ropewalk: ignore[invalid-assignment]\n";
        assert_eq!(left(text, ALL), [""; 0]);
    }
}
