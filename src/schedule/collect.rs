//! From findings to diagnostics: places, levels, the enclosing symbol, and the order in which they are told.
//!
//! A module's text is read again here, and only if there is something to tell about it.

use std::sync::Arc;

use ruff_python_ast::statement_visitor::{StatementVisitor, walk_stmt};
use ruff_python_ast::{ModModule, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustc_hash::FxHashMap;

use super::program::{Content, Module, Program};
use super::suppression::{self, CommentedFile, Honoured};
use crate::index::ModuleAst;
use crate::project::FilePath;
use crate::rules::{
    Diagnostic, FileLevels, Finding, Level, LineColumn, Location, Related, file_skipped,
    internal_error, invalid_syntax_for_version, source_encoding, syntax_error,
};
use crate::source::{
    self, LinePosition, MAX_DEPTH, ProblemKind, ReadError, SourceProblem, SourceText,
};
use crate::types::ModuleId;

/// The other modules that findings of one module point into. Each text is read once.
pub(super) struct Elsewhere<'a> {
    program: &'a Program,
    texts: FxHashMap<u32, Option<SourceText>>,
}

impl<'a> Elsewhere<'a> {
    /// The modules of `program`.
    pub fn new(program: &'a Program) -> Self {
        Self { program, texts: FxHashMap::default() }
    }

    /// A place in module `number`, and whether it is in a stub that is built in, which nobody can open.
    fn place(&mut self, number: u32, range: TextRange) -> Option<(Location, bool)> {
        let module = self.program.module(ModuleId(number));
        let is_built_in = !matches!(module.file, FilePath::Disk(_));
        let read = || source::read(&module.file).ok();
        let text = self.texts.entry(number).or_insert_with(read).as_ref()?;
        Some((location(&module.info.path, text, range), is_built_in))
    }
}

/// A finding and its range in its module.
pub(super) struct Placed {
    pub finding: Finding,
    pub range: TextRange,
}

/// The diagnostics of a checked module, out of what was found in it and what is wrong with its text.
pub(super) fn diagnostics_of(
    (module, content): (&Module, &Content),
    mut found: Vec<Placed>,
    levels: &FileLevels,
    honoured: Honoured<'_>,
    (is_complete, tree): (bool, impl FnOnce() -> Option<Arc<ModuleAst>>),
    mut elsewhere: Elsewhere<'_>,
) -> Vec<Diagnostic> {
    found.extend(content.problems.iter().map(|problem| problem_finding(module, problem)));
    let whole = TextRange::empty(TextSize::default());
    if let Some(error) = &content.read_error {
        found.push(Placed { finding: read_finding(error), range: whole });
    }
    if let Some(message) = &content.failure {
        let finding = internal_error::internal_error("reading the file", message);
        found.push(Placed { finding, range: whole });
    }
    found.retain(|placed| levels.level(placed.finding.rule) != Level::Ignore);
    if found.is_empty() && content.suppressions.is_empty() {
        return Vec::new();
    }
    let text = source::read(&module.file).unwrap_or_else(|_| source::from_text(""));
    let located = found
        .into_iter()
        .map(|placed| locate(module, &text, levels, placed, &mut elsewhere))
        .collect();
    let file = CommentedFile {
        path: Arc::clone(&module.info.path),
        source: &text,
        suppressions: &content.suppressions,
        levels,
        complete: is_complete && !content.is_broken && content.failure.is_none(),
    };
    let mut diagnostics = suppression::apply(&file, honoured, located);
    if !diagnostics.is_empty()
        && let Some(tree) = tree()
    {
        for diagnostic in &mut diagnostics {
            diagnostic.symbol = symbol_at(tree.module(), diagnostic.location.start_offset);
        }
    }
    sort(&mut diagnostics);
    diagnostics
}

/// Puts diagnostics in the order in which they are told, each once.
pub(super) fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    diagnostics.dedup_by(|a, b| a.sort_key() == b.sort_key());
}

fn problem_finding(module: &Module, problem: &SourceProblem) -> Placed {
    let message = &problem.message;
    let finding = match problem.kind {
        ProblemKind::Encoding => Finding::new(&source_encoding::RULE, message.clone()),
        ProblemKind::Syntax | ProblemKind::Compile => syntax_error::syntax_error(message),
        ProblemKind::UnsupportedSyntax => invalid_syntax_for_version::invalid_syntax_for_version(
            message,
            module.settings.python_version,
        ),
        ProblemKind::TooDeep => file_skipped::file_skipped("nesting", MAX_DEPTH),
    };
    Placed { finding, range: problem.range }
}

fn read_finding(error: &ReadError) -> Finding {
    match error {
        ReadError::Unreadable { message, .. } => source_encoding::unreadable_file(message),
        ReadError::Notebook { message, .. } => source_encoding::invalid_notebook(message),
        ReadError::TooLarge { .. } => file_skipped::file_skipped("size", error),
        ReadError::NotVendored(_) => source_encoding::unreadable_file(error),
    }
}

/// A diagnostic out of a finding.
pub(super) fn locate(
    module: &Module,
    text: &SourceText,
    levels: &FileLevels,
    placed: Placed,
    elsewhere: &mut Elsewhere<'_>,
) -> Diagnostic {
    let Placed { finding, range } = placed;
    let place = |range| location(&module.info.path, text, range);
    let (mut related, mut notes) = (Vec::new(), finding.notes);
    for Related { module, range, message } in finding.related {
        let Some(number) = module else {
            related.push((place(range), message));
            continue;
        };
        match elsewhere.place(number, range) {
            // The file is in the program itself: its name and the line are all that can be shown.
            // In there, nobody looks up what says no more than where something is.
            Some((_, true))
                if message.ends_with("declared here") || message.ends_with("defined here") => {}
            Some((found, true)) => {
                let line = format!("{}, line {}", found.path, found.start.line);
                notes.push(match message.strip_suffix(" here") {
                    Some(words) => format!("{words} in {line}"),
                    None => format!("{message} ({line})"),
                });
            }
            Some((found, false)) => related.push((found, message)),
            None => {}
        }
    }
    Diagnostic {
        rule: finding.rule,
        level: levels.level(finding.rule),
        location: place(range),
        message: finding.message,
        related,
        notes,
        hints: finding.hints,
        only_for: Vec::new(),
        symbol: Arc::from(""),
    }
}

fn location(path: &Arc<str>, text: &SourceText, range: TextRange) -> Location {
    let span = text.location(range);
    let place = |at: LinePosition| LineColumn { line: at.line, column: at.column };
    Location {
        path: Arc::clone(path),
        start_offset: range.start(),
        end_offset: range.end(),
        start: place(span.start),
        end: place(span.end),
        cell: span.cell,
    }
}

/// Dotted name of the innermost function or class around an offset.
fn symbol_at(tree: &ModModule, offset: TextSize) -> Arc<str> {
    let mut finder = SymbolFinder { offset, name: String::new() };
    finder.visit_body(&tree.body);
    finder.name.into()
}

struct SymbolFinder {
    offset: TextSize,
    name: String,
}

impl<'a> StatementVisitor<'a> for SymbolFinder {
    /// Only one statement of a body is around the offset. A module with a finding on every line would
    /// otherwise be walked as often as it is long.
    fn visit_body(&mut self, body: &'a [Stmt]) {
        let at = body.partition_point(|stmt| stmt.end() <= self.offset);
        if let Some(stmt) = body.get(at) {
            self.visit_stmt(stmt);
        }
    }

    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if !stmt.range().contains(self.offset) {
            return;
        }
        let name = match stmt {
            Stmt::FunctionDef(function) => Some(&function.name),
            Stmt::ClassDef(class) => Some(&class.name),
            _ => None,
        };
        if let Some(name) = name {
            if !self.name.is_empty() {
                self.name.push('.');
            }
            self.name.push_str(name);
        }
        walk_stmt(self, stmt);
    }
}
