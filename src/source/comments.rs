//! Suppression comments: what silences diagnostics, whose syntax it is, and which lines it is for.
//!
//! # Terms
//! A *suppression* is one directive in a comment; a comment may hold several, each after a `#` of its own. It
//! is for the line it stands on, or for the *whole file*: `# type: ignore` or `# ropewalk: ignore` alone on a
//! line before any docstring or code, and the `ignore-file` and `ignore-errors` forms. A `# ropewalk: ignore`
//! alone on a later line is for the next line of code.
//!
//! ```python
//! x: int = f(   # type: ignore
//!     "a",
//! )  # ropewalk: ignore[invalid-argument]
//! ```
//! A diagnostic at `"a"` is silenced by either: a suppression on the first or the last line of its range counts,
//! and so does one on the first or last line of the *logical line* around it, or on any line of a range within one
//! statement: an entry of a display has its comment where it stands. In a `from` import of several lines
//! a `# type: ignore` is for its own line: each name there is a statement of its own, only written together.
//!
//! # Questions it answers
//! Which suppressions are there (to tell the unused ones), and which of them are for a given range.

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::text::SourceText;

/// Whose syntax a suppression is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuppressionKind {
    /// `# type: ignore`, which every type checker honours.
    TypeIgnore,
    /// `# ropewalk: ignore`.
    Ropewalk,
    /// Another tool's own, by that tool's name.
    Other(&'static str),
}

/// One directive in a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The whole comment, from its first `#`.
    pub comment_range: TextRange,
    /// This directive alone, from its own `#`.
    pub range: TextRange,
    /// Whose it is.
    pub kind: SuppressionKind,
    /// The codes in brackets with their places; `None` when there are no brackets.
    pub codes: Option<Vec<(String, TextRange)>>,
    /// Whether the comment stands alone on its line.
    pub own_line: bool,
    /// Whether it is for the whole file.
    pub file_level: bool,
    /// The 1-based line it is for; its own line when it is for the file.
    pub line: u32,
}

/// What a suppression has to say about one rule.
impl Suppression {
    /// Whether it silences `rule`, given that it is for the rule's line. Of `# type: ignore[…]` the codes with
    /// our prefix must name the rule; codes without a prefix are another tool's and silence everything, as that
    /// tool's users expect; codes with another tool's prefix silence nothing.
    #[must_use]
    pub fn silences(&self, rule: &str) -> bool {
        let Some(codes) = &self.codes else {
            return true;
        };
        codes.iter().any(|(code, _)| match (self.kind, code.split_once(':')) {
            (SuppressionKind::TypeIgnore, Some((tool, code))) => {
                tool.trim() == "ropewalk" && code.trim() == rule
            }
            (SuppressionKind::Ropewalk, _) => code == rule,
            (SuppressionKind::TypeIgnore | SuppressionKind::Other(_), _) => true,
        })
    }

    /// Whether it names `rule`, and does not merely silence everything.
    #[must_use]
    pub fn names(&self, rule: &str) -> bool {
        let is_rule = |code: &str| code == rule || code.strip_prefix("ropewalk:") == Some(rule);
        self.codes.iter().flatten().any(|(code, _)| is_rule(code))
    }
}

/// The suppressions of one file, in order of place.
#[derive(Debug, Clone, Default)]
pub struct Suppressions {
    found: Vec<Suppression>,
    /// Logical lines of more than one physical line; kept only if there is a suppression.
    logical: Vec<LogicalLine>,
}

impl Suppressions {
    /// Reads the suppressions out of a file's tokens. Comments in strings are no tokens, and do not count.
    pub(super) fn scan(source: &SourceText, tokens: &Tokens) -> Self {
        let text = source.text();
        let mut found = Vec::new();
        let mut seen_code = false;
        // Where the suppressions begin that wait for the next line of code.
        let mut waiting: Vec<usize> = Vec::new();
        for token in tokens {
            let range = token.range();
            match token.kind() {
                TokenKind::Comment => {
                    let own_line = is_alone(text, range.start());
                    let line = || source.line(range.start());
                    let first = found.len();
                    read_comment(text, range, own_line, !seen_code, line, &mut found);
                    let waits = |suppression: &Suppression| {
                        own_line && !suppression.file_level && suppression.waits_for_code()
                    };
                    waiting.extend((first..found.len()).filter(|index| waits(&found[*index])));
                }
                TokenKind::NonLogicalNewline
                | TokenKind::Newline
                | TokenKind::Indent
                | TokenKind::Dedent => {}
                TokenKind::EndOfFile => break,
                _ => {
                    seen_code = true;
                    if !waiting.is_empty() {
                        let line = source.line(range.start());
                        for index in waiting.drain(..) {
                            found[index].line = line;
                        }
                    }
                }
            }
        }
        let logical = if found.is_empty() { Vec::new() } else { logical_lines(source, tokens) };
        Self { found, logical }
    }

    /// All of them, in order of place.
    #[must_use]
    pub fn all(&self) -> &[Suppression] {
        &self.found
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Those for `range`, with their number in [`Suppressions::all`]: first those of its lines and its logical
    /// line, then those of the whole file.
    pub fn matching<'s>(
        &'s self,
        range: TextRange,
        source: &SourceText,
    ) -> impl Iterator<Item = (usize, &'s Suppression)> + use<'s> {
        let mut lines = [0; 4];
        let mut is_import = false;
        // Of one statement: an entry of a display over several lines has its comment where it stands.
        let mut within = 0..0;
        if !self.found.is_empty() {
            let (first, last) = (source.line(range.start()), source.line(range.end()));
            let (start, end) = (self.logical_line(first), self.logical_line(last));
            is_import = start.is_import;
            lines = [first, last, start.first, end.last];
            if start.first == end.first {
                within = first..last;
            }
        }
        let numbered = || self.found.iter().enumerate();
        let of_line = numbered().filter(move |(_, found)| {
            // Each name of a long import is an error of its own, and other checkers' comments are
            // for the line that they stand on.
            let own = is_import && found.kind == SuppressionKind::TypeIgnore;
            let lines = if own { &lines[..2] } else { &lines[..] };
            !found.file_level && (lines.contains(&found.line) || within.contains(&found.line))
        });
        of_line.chain(numbered().filter(|(_, found)| found.file_level))
    }

    /// The logical line that the physical `line` is part of.
    fn logical_line(&self, line: u32) -> LogicalLine {
        let after = self.logical.partition_point(|logical| logical.first <= line);
        match after.checked_sub(1).and_then(|index| self.logical.get(index)) {
            Some(logical) if line <= logical.last => *logical,
            _ => LogicalLine { first: line, last: line, is_import: false },
        }
    }
}

impl Suppression {
    /// Whether it is for the next line of code when it stands alone.
    fn waits_for_code(&self) -> bool {
        matches!(self.kind, SuppressionKind::Ropewalk | SuppressionKind::Other("pyrefly" | "ty"))
    }
}

/// Whether only blanks are before `offset` on its line.
fn is_alone(text: &str, offset: TextSize) -> bool {
    let before = &text[..offset.to_usize()];
    let line = before.rfind(['\n', '\r']).map_or(before, |at| &before[at + 1..]);
    line.chars().all(|c| c.is_whitespace() || c == '\u{feff}')
}

/// A statement's lines, or those of the header of a compound one.
#[derive(Debug, Clone, Copy)]
struct LogicalLine {
    first: u32,
    last: u32,
    /// It is a `from ... import ...`.
    is_import: bool,
}

/// The logical lines that span several physical ones.
fn logical_lines(source: &SourceText, tokens: &Tokens) -> Vec<LogicalLine> {
    let mut logical = Vec::new();
    let mut start: Option<(TextSize, bool)> = None;
    for token in tokens {
        match token.kind() {
            TokenKind::Comment
            | TokenKind::NonLogicalNewline
            | TokenKind::Indent
            | TokenKind::Dedent => {}
            TokenKind::Newline | TokenKind::EndOfFile => {
                if let Some((start, is_import)) = start.take() {
                    // The start of the line break: its end is on the next line.
                    let (first, last) = (source.line(start), source.line(token.start()));
                    if last > first {
                        logical.push(LogicalLine { first, last, is_import });
                    }
                }
            }
            kind => start = start.or(Some((token.start(), kind == TokenKind::From))),
        }
    }
    logical
}

/// Tools whose comments are known, as they are written.
const TOOLS: &[&str] =
    &["pyright", "mypy", "ty", "pyrefly", "zuban", "pyre", "pytype", "basedpyright"];

fn read_comment(
    text: &str,
    range: TextRange,
    own_line: bool,
    at_top: bool,
    line: impl Fn() -> u32,
    found: &mut Vec<Suppression>,
) {
    let comment = &text[range];
    if !comment.contains("ignore") {
        return;
    }
    let mut start = 0;
    for part in comment.split('#') {
        let offset = start;
        start += part.len() + 1;
        // What is before the first `#` is empty.
        if offset == 0 {
            continue;
        }
        let Some(directive) = read_directive(part) else {
            continue;
        };
        let base = range.start() + size(offset);
        let place = |(from, to): (usize, usize)| TextRange::new(base + size(from), base + size(to));
        let codes = directive.codes.map(|codes| {
            codes.into_iter().map(|(code, from, to)| (code.to_owned(), place((from, to)))).collect()
        });
        let top = own_line && at_top && !matches!(directive.kind, SuppressionKind::Other(_));
        found.push(Suppression {
            comment_range: range,
            range: TextRange::new(base - size(1), base + size(directive.end)),
            kind: directive.kind,
            codes,
            own_line,
            file_level: directive.whole_file || top,
            line: line(),
        });
    }
}

fn size(offset: usize) -> TextSize {
    TextSize::try_from(offset).unwrap_or_default()
}

/// A directive with offsets into the text after its `#`.
struct Directive<'t> {
    kind: SuppressionKind,
    whole_file: bool,
    codes: Option<Vec<(&'t str, usize, usize)>>,
    end: usize,
}

/// Reads `tool: ignore[codes]`, with the blanks that the tools allow.
fn read_directive(part: &str) -> Option<Directive<'_>> {
    let trimmed = part.trim_start();
    let (tool, rest) = trimmed.split_once(':')?;
    let kind = match tool.trim_end() {
        "type" => SuppressionKind::TypeIgnore,
        "ropewalk" => SuppressionKind::Ropewalk,
        other => SuppressionKind::Other(TOOLS.iter().copied().find(|tool| *tool == other)?),
    };
    let word = rest.trim_start();
    let length =
        word.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let (word, after) = word.split_at(length.count());
    let whole_file = match (kind, word) {
        (_, "ignore") => false,
        (SuppressionKind::Ropewalk | SuppressionKind::Other(_), "ignore-file")
        | (SuppressionKind::Other("mypy" | "pyrefly" | "zuban"), "ignore-errors") => true,
        _ => return None,
    };
    let mut end = part.len() - after.len();
    let mut codes = None;
    let bracket = after.trim_start();
    if bracket.starts_with('[') {
        let open = part.len() - bracket.len() + 1;
        // Without an end the brackets hold nothing: better to silence too little.
        let close = part[open..].find(']').map(|at| open + at);
        codes = Some(close.map_or_else(Vec::new, |close| split_codes(part, open, close)));
        end = close.map_or(part.trim_end().len(), |close| close + 1);
    } else if after.starts_with(|c: char| !c.is_whitespace() && !matches!(c, ',' | ';' | '.' | ')'))
    {
        return None;
    }
    Some(Directive { kind, whole_file, codes, end })
}

fn split_codes(part: &str, open: usize, close: usize) -> Vec<(&str, usize, usize)> {
    let mut codes = Vec::new();
    let mut start = open;
    for code in part[open..close].split(',') {
        let from = start + (code.len() - code.trim_start().len());
        let trimmed = code.trim();
        if !trimmed.is_empty() {
            codes.push((trimmed, from, from + trimmed.len()));
        }
        start += code.len() + 1;
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::from_text;

    fn scan(text: &str) -> (SourceText, Suppressions) {
        let parsed =
            ruff_python_parser::parse_unchecked(text, ruff_python_parser::Mode::Module.into());
        let source = from_text(text);
        let suppressions = Suppressions::scan(&source, parsed.tokens());
        (source, suppressions)
    }

    /// Kind, codes, whole file, line.
    fn show(text: &str) -> Vec<String> {
        let (_, suppressions) = scan(text);
        let show = |found: &Suppression| {
            let codes = found.codes.as_ref().map(|codes| {
                for (code, range) in codes {
                    assert_eq!(&text[*range], code);
                }
                codes.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>().join(",")
            });
            let file = if found.file_level { " file" } else { "" };
            let codes = codes.map_or(String::new(), |codes| format!("[{codes}]"));
            format!("{:?}{codes}{file} {}", found.kind, found.line)
        };
        suppressions.all().iter().map(show).collect()
    }

    #[test]
    fn forms() {
        assert_eq!(show("x # type: ignore\n"), ["TypeIgnore 1"]);
        assert_eq!(show("x #type:ignore  # why\n"), ["TypeIgnore 1"]);
        assert_eq!(show("x # type: ignore[a, ropewalk:b]\n"), ["TypeIgnore[a,ropewalk:b] 1"]);
        assert_eq!(show("x # ropewalk: ignore[a,b] because\n"), ["Ropewalk[a,b] 1"]);
        assert_eq!(show("x # ropewalk: ignore[]\n"), ["Ropewalk[] 1"]);
        assert_eq!(show("x # ropewalk: ignore[a\n"), ["Ropewalk[] 1"]);
        assert_eq!(show("x # pyright: ignore[reportX]\n"), ["Other(\"pyright\")[reportX] 1"]);
        assert_eq!(show("x # pyrefly: ignore [a-b]\n"), ["Other(\"pyrefly\")[a-b] 1"]);
        assert_eq!(
            show("x # noqa # type: ignore # ty: ignore[a]\n"),
            ["TypeIgnore 1", "Other(\"ty\")[a] 1"]
        );
        assert_eq!(show("# mypy: ignore-errors\n"), ["Other(\"mypy\") file 1"]);
        assert_eq!(show("x\n# ropewalk: ignore-file[a]\n"), ["Ropewalk[a] file 2"]);
    }

    #[test]
    fn what_is_none() {
        for text in [
            "x # type: ignored\n",
            "x # noqa\n",
            "x # types: ignore\n",
            "x # type: int\n",
            "x = '# type: ignore'\n",
            "'''\n# type: ignore\n'''\n",
            "x # please ignore\n",
            "x # ruff: ignore\n",
            "x # type: ignore-errors\n",
        ] {
            assert_eq!(show(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn the_top_of_a_file() {
        let text = "#!/bin/python\n# note\n\n# type: ignore\n'''doc'''\n# type: ignore\nx\n";
        assert_eq!(show(text), ["TypeIgnore file 4", "TypeIgnore 6"]);
        assert_eq!(show("x # type: ignore\n"), ["TypeIgnore 1"]);
        assert_eq!(show("# ropewalk: ignore[a]\nx\n"), ["Ropewalk[a] file 1"]);
        assert_eq!(show("x\n# ropewalk: ignore[a]\n# note\n\ny\n"), ["Ropewalk[a] 5"]);
    }

    #[test]
    fn statements_are_silenced_by_their_first_or_last_line() {
        let text = "import x\ny = f(  # type: ignore\n    'a',\n    'b',\n)  # ropewalk: ignore[r]\nz = 1\n";
        let (source, suppressions) = scan(text);
        let lines = |needle: &str| -> Vec<u32> {
            let at = size(text.find(needle).expect(needle));
            let range = TextRange::at(at, size(needle.len()));
            suppressions.matching(range, &source).map(|(_, found)| found.line).collect()
        };
        assert_eq!(lines("'a'"), [2, 5]);
        assert_eq!(lines("y ="), [2, 5]);
        assert_eq!(lines("z"), [0; 0]);
        assert_eq!(lines("import"), [0; 0]);
    }

    #[test]
    fn a_header_is_a_line_of_its_own() {
        let text = "def f(\n    a,\n):  # type: ignore\n    return 1\n";
        let (source, suppressions) = scan(text);
        let count = |needle: &str| {
            let at = size(text.find(needle).expect(needle));
            suppressions.matching(TextRange::at(at, size(needle.len())), &source).count()
        };
        assert_eq!((count("f("), count("a,"), count("return")), (1, 1, 0));
    }

    #[test]
    fn whom_they_silence() {
        let silences = |text: &str| {
            let (_, suppressions) = scan(text);
            suppressions.all().iter().any(|found| found.silences("some-rule"))
        };
        assert!(silences("x # type: ignore\n"));
        assert!(silences("x # type: ignore[attr-defined]\n"));
        assert!(silences("x # type: ignore[ropewalk:some-rule]\n"));
        assert!(!silences("x # type: ignore[ropewalk:other]\n"));
        assert!(!silences("x # type: ignore[ty:some-rule]\n"));
        assert!(silences("x # ropewalk: ignore[some-rule]\n"));
        assert!(!silences("x # ropewalk: ignore[other]\n"));
    }
}
