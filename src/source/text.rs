//! A file's text once decoded, with what was wrong with its bytes, and the way from offsets to lines.
//!
//! Lines are found only when somebody asks for a place, which for most files nobody does.

use std::sync::{Arc, OnceLock};

use ruff_notebook::{CellOffsets, NotebookIndex};
use ruff_source_file::{LineIndex, OneIndexed};
use ruff_text_size::{TextRange, TextSize};

/// What a problem of a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// The bytes do not decode, or say that they are in an encoding that is not known.
    Encoding,
    /// The text is not Python.
    Syntax,
    /// The syntax is Python of a later version than the one checked for.
    UnsupportedSyntax,
    /// The text parses, but does not compile.
    Compile,
    /// The text is nested too deeply to be looked at.
    TooDeep,
}

/// Something that is wrong with a file's text itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceProblem {
    /// What it is about.
    pub kind: ProblemKind,
    /// Where it is, in bytes of the decoded text.
    pub range: TextRange,
    /// One sentence without a full stop.
    pub message: String,
}

/// A 1-based line and a 1-based column counted in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinePosition {
    /// 1-based line.
    pub line: u32,
    /// 1-based column.
    pub column: u32,
}

/// A range in lines and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Where it starts.
    pub start: LinePosition,
    /// Where it ends; the character there is not part of it.
    pub end: LinePosition,
    /// In a notebook the 1-based number of the cell, of all cells; lines then count within the cell.
    pub cell: Option<u32>,
}

/// Where the cells of a notebook are in its text.
#[derive(Debug, Clone)]
pub struct NotebookMap {
    pub(super) index: NotebookIndex,
    pub(super) offsets: CellOffsets,
}

impl NotebookMap {
    /// The ranges of the code cells in the text, in order.
    pub fn cells(&self) -> impl Iterator<Item = TextRange> {
        self.offsets.ranges()
    }
}

#[derive(Debug, Clone)]
enum Text {
    Shared(Arc<String>),
    Lasting(&'static str),
}

/// A file's decoded text. Offsets count from after a byte order mark, which is not part of it.
#[derive(Debug, Clone)]
pub struct SourceText {
    text: Text,
    lines: OnceLock<LineIndex>,
    notebook: Option<Arc<NotebookMap>>,
    /// What was wrong with the bytes.
    pub problems: Vec<SourceProblem>,
    /// Whether the bytes began with a byte order mark.
    pub byte_order_mark: bool,
}

impl SourceText {
    pub(super) fn new(
        text: String,
        notebook: Option<NotebookMap>,
        problems: Vec<SourceProblem>,
        byte_order_mark: bool,
    ) -> Self {
        let text = Text::Shared(Arc::new(text));
        let notebook = notebook.map(Arc::new);
        Self { text, lines: OnceLock::new(), notebook, problems, byte_order_mark }
    }

    pub(super) fn lasting(text: &'static str) -> Self {
        let text = Text::Lasting(text);
        let lines = OnceLock::new();
        Self { text, lines, notebook: None, problems: Vec::new(), byte_order_mark: false }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.text {
            Text::Shared(text) => text,
            Text::Lasting(text) => text,
        }
    }

    /// The starts of the lines.
    #[must_use]
    pub fn line_index(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::from_source_text(self.text()))
    }

    /// The number of lines; one for an empty text.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.line_index().line_count()
    }

    /// The cells, if the file is a notebook.
    #[must_use]
    pub fn notebook(&self) -> Option<&NotebookMap> {
        self.notebook.as_deref()
    }

    /// The 1-based line of `offset` in the text, cells not regarded.
    #[must_use]
    pub fn line(&self, offset: TextSize) -> u32 {
        narrow(self.line_index().line_index(offset.min(TextSize::of(self.text()))))
    }

    /// The text of a 1-based line without its line break; empty when there is no such line.
    #[must_use]
    pub fn line_text(&self, line: u32) -> &str {
        let Some(line) = OneIndexed::new(line as usize) else {
            return "";
        };
        if line.get() > self.line_count() {
            return "";
        }
        let range = self.line_index().line_range(line, self.text());
        self.text()[range].trim_end_matches(['\n', '\r'])
    }

    /// A range as users see it. Offsets beyond the end count as the end.
    #[must_use]
    pub fn location(&self, range: TextRange) -> Span {
        let start = self.position(range.start());
        let end = self.position(range.end());
        let Some(notebook) = self.notebook() else {
            return Span { start, end, cell: None };
        };
        let row = OneIndexed::new(start.line as usize).unwrap_or(OneIndexed::MIN);
        let cell = notebook.index.cell(row).map(narrow);
        // The end is told relative to the start's cell, also where it lies on the first line of the next.
        let first = notebook.index.cell_row(row).map_or(start.line, narrow);
        let shift = start.line - first;
        let shifted = |position: LinePosition| LinePosition {
            line: position.line.saturating_sub(shift).max(1),
            ..position
        };
        Span { start: shifted(start), end: shifted(end), cell }
    }

    fn position(&self, offset: TextSize) -> LinePosition {
        let text = self.text();
        let mut offset = offset.to_usize().min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let offset = TextSize::try_from(offset).unwrap_or_default();
        let found = self.line_index().line_column(offset, text);
        LinePosition { line: narrow(found.line), column: narrow(found.column) }
    }
}

fn narrow(number: OneIndexed) -> u32 {
    u32::try_from(number.get()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, start: u32, end: u32) -> (u32, u32, u32, u32) {
        let source = SourceText::new(text.to_owned(), None, Vec::new(), false);
        let span = source.location(TextRange::new(start.into(), end.into()));
        (span.start.line, span.start.column, span.end.line, span.end.column)
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(span("é = 1\nb", 3, 6), (1, 3, 1, 6));
        assert_eq!(span("a\r\nb\rc\n", 5, 6), (3, 1, 3, 2));
        assert_eq!(span("a\nb", 2, 99), (2, 1, 2, 2));
        assert_eq!(span("", 0, 0), (1, 1, 1, 1));
        assert_eq!(span("é", 1, 2), (1, 1, 1, 2));
    }

    #[test]
    fn lines_have_text() {
        let source = SourceText::new("a\r\nb\n".to_owned(), None, Vec::new(), false);
        assert_eq!(source.line_text(1), "a");
        assert_eq!(source.line_text(2), "b");
        assert_eq!((source.line_text(0), source.line_text(9)), ("", ""));
    }
}
