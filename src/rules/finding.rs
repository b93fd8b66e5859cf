//! What a rule has to say: a [`Finding`] while it is being made, a [`Diagnostic`] once it is located.
//!
//! A finding knows the rule, the words and the byte ranges; the host that collects findings adds
//! path, lines and columns, so that nothing downstream needs the source text to sort or to count.

use std::sync::Arc;

use ruff_text_size::{TextRange, TextSize};

use super::{Level, Rule};

/// A rule's report about a range of the file being checked, before it is given a place.
#[derive(Debug, Clone)]
pub struct Finding {
    pub rule: &'static Rule,
    pub message: String,
    /// Why, one clause each.
    pub notes: Vec<String>,
    /// Secondary spans: where a name was declared, where a value was set.
    pub related: Vec<Related>,
    /// The likely mend, one sentence each.
    pub hints: Vec<String>,
}

/// A secondary span of a [`Finding`].
#[derive(Debug, Clone)]
pub struct Related {
    /// The number of the module that the span is in, or `None` for the module of the finding itself.
    pub module: Option<u32>,
    /// Byte range in that file.
    pub range: TextRange,
    pub message: String,
}

impl Finding {
    #[must_use]
    pub fn new(rule: &'static Rule, message: impl Into<String>) -> Self {
        let mut message = message.into();
        // Words from elsewhere, such as a decoder's, begin as ours do.
        if let Some(first) = message.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        Self { rule, message, notes: Vec::new(), related: Vec::new(), hints: Vec::new() }
    }

    /// Adds the likely mend.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds a reason.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Makes the first reason a part of a message that says no more than that something does not fit. A long one stays
    /// a note.
    pub fn complete(&mut self) {
        const LONGEST: usize = 240;
        let is_short = |note: &String| self.message.len() + note.len() <= LONGEST;
        if self.notes.first().is_some_and(is_short) {
            let reason = self.notes.remove(0);
            self.message = format!("{}: {reason}", self.message);
        }
    }

    /// Adds a secondary span in a module by its number.
    #[must_use]
    pub fn related_in(mut self, module: u32, range: TextRange, message: impl Into<String>) -> Self {
        self.related.push(Related { module: Some(module), range, message: message.into() });
        self
    }

    /// Adds a secondary span in the same file.
    #[must_use]
    pub fn related(mut self, range: TextRange, message: impl Into<String>) -> Self {
        self.related.push(Related { module: None, range, message: message.into() });
        self
    }
}

/// A 1-based line and a 1-based column counted in Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LineColumn {
    pub line: u32,
    pub column: u32,
}

/// A span of a file, in bytes and in lines and columns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Path as shown: relative to the working directory where it lies below it, with `/`.
    pub path: Arc<str>,
    pub start_offset: TextSize,
    pub end_offset: TextSize,
    pub start: LineColumn,
    pub end: LineColumn,
    /// For a notebook, the 1-based number of the cell; lines then count within that cell.
    pub cell: Option<u32>,
}

/// A located finding with its effective level: what the output formats print.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    pub rule: &'static Rule,
    pub level: Level,
    pub location: Location,
    pub message: String,
    /// Why, one clause each.
    pub notes: Vec<String>,
    pub related: Vec<(Location, String)>,
    pub hints: Vec<String>,
    /// In a run over several versions and platforms: those that it holds for; empty for all.
    pub only_for: Vec<String>,
    /// Dotted name of the innermost function or class around the span, `""` at module level.
    pub symbol: Arc<str>,
}

impl Diagnostic {
    /// `only for Python 3.12` or `only on win32`, where it does not hold everywhere.
    #[must_use]
    pub fn where_it_holds(&self) -> Option<String> {
        let first = self.only_for.first()?;
        let word = if first.starts_with("Python") { "for" } else { "on" };
        Some(format!("only {word} {}", self.only_for.join(", ")))
    }

    /// The hints, and where it holds.
    pub fn all_hints(&self) -> impl Iterator<Item = String> {
        self.hints.iter().cloned().chain(self.where_it_holds())
    }

    /// The order in which diagnostics are printed: path, range, rule, message.
    #[must_use]
    pub fn sort_key(&self) -> (&str, TextSize, TextSize, &'static str, &str) {
        (
            &self.location.path,
            self.location.start_offset,
            self.location.end_offset,
            self.rule.name,
            &self.message,
        )
    }
}
