//! From findings of the audit to diagnostics: lines, levels, suppression comments.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ruff_text_size::{TextRange, TextSize};

use super::projects;
use crate::audit::Found;
use crate::audit::settings::Confidence;
use crate::cli::high::{HiArgs, Project};
use crate::project::{FilePath, NEWEST_VERSION};
use crate::rules::{Diagnostic, FileLevels, Level, LineColumn, Location};
use crate::schedule::suppression::{self, CommentedFile, Honoured};
use crate::source::{self, SourceText, Suppressions};

/// A file with findings.
struct File {
    text: SourceText,
    suppressions: Suppressions,
    path: Arc<str>,
}

/// The diagnostics of all findings that are at least so sure, sorted.
pub(super) fn placed(high: &HiArgs, found: Vec<Found>, least: Confidence) -> Vec<Diagnostic> {
    let mut by_path: BTreeMap<Box<str>, Vec<Found>> = BTreeMap::new();
    for each in found.into_iter().filter(|each| each.confidence >= least) {
        by_path.entry(each.path.clone()).or_default().push(each);
    }
    let mut files: BTreeMap<Box<str>, File> = BTreeMap::new();
    for path in by_path.values().flatten().flat_map(|each| {
        each.related.iter().map(|(path, ..)| path).chain(std::iter::once(&each.path))
    }) {
        if !files.contains_key(path) {
            files.insert(path.clone(), read(high, path));
        }
    }
    let mut diagnostics = Vec::new();
    for (path, found) in by_path {
        let Some(file) = files.get(&path) else { continue };
        let project = project_of(high, &path);
        let levels = project.map(|project| levels_of(high, project, &path));
        let located = found
            .into_iter()
            .filter_map(|each| diagnostic(file, &files, levels.as_ref(), each))
            .collect();
        diagnostics.extend(match (project, levels) {
            (Some(project), Some(levels)) => suppressed(project, file, &levels, located),
            _ => located,
        });
    }
    crate::report::sort(&mut diagnostics);
    diagnostics
}

fn read(high: &HiArgs, path: &str) -> File {
    let place = FilePath::Disk(high.working_directory.join(path));
    let text = source::read(&place).unwrap_or_else(|_| source::from_text(""));
    let is_python = path.ends_with(".py") || path.ends_with(".pyi") || path.ends_with(".ipynb");
    let suppressions = if is_python {
        source::parse(&text, source::source_type_of(&place), NEWEST_VERSION).suppressions
    } else {
        Suppressions::default()
    };
    File { text, suppressions, path: path.into() }
}

fn project_of<'h>(high: &'h HiArgs, path: &str) -> Option<&'h Project> {
    let path = high.working_directory.join(path);
    let root = |project: &&Project| {
        project.cells.first().map_or(0, |cell| cell.request.root.as_os_str().len())
    };
    projects(high)
        .filter(|project| {
            project.cells.first().is_some_and(|cell| path.starts_with(&cell.request.root))
        })
        .max_by_key(root)
}

fn levels_of(high: &HiArgs, project: &Project, path: &str) -> FileLevels {
    let path = high.working_directory.join(path);
    let request = project.cells.first().map(|cell| &cell.request);
    let root = request.map_or(Path::new(""), |request| &request.root);
    let relative = path.strip_prefix(root).unwrap_or(&path);
    match request {
        Some(request) => request.rules.for_file(relative),
        None => crate::rules::RuleLevels::default().for_file(relative),
    }
}

/// A level as sure as the finding.
fn level(configured: Level, confidence: Confidence) -> Level {
    match (configured, confidence) {
        (Level::Ignore, _) => Level::Ignore,
        (level, Confidence::Certain) => level,
        (level, Confidence::Likely) => level.min(Level::Warn),
        (level, Confidence::Possible) => level.min(Level::Info),
    }
}

fn diagnostic(
    file: &File,
    files: &BTreeMap<Box<str>, File>,
    levels: Option<&FileLevels>,
    found: Found,
) -> Option<Diagnostic> {
    let rule = found.finding.rule;
    let configured = levels.map_or(rule.default_level, |levels| levels.level(rule));
    let level = level(configured, found.confidence);
    if level == Level::Ignore {
        return None;
    }
    let mut message = found.finding.message;
    if let Some((start, end)) = found.removal {
        let lines = line_count(&file.text, start, end);
        let more: usize = found.related.iter().filter(|(path, ..)| *path != found.path).count();
        if lines > 1 && more == 0 {
            message.push_str(&format!(" ({lines} lines)"));
        }
    }
    message.push_str(&format!(" ({})", found.confidence.word()));
    let related = found.related.into_iter().filter_map(|(path, range, words)| {
        let file = files.get(&path)?;
        Some((location(file, range), words))
    });
    Some(Diagnostic {
        rule,
        level,
        location: location(file, found.range),
        message,
        notes: found.finding.notes,
        related: related.collect(),
        hints: found.finding.hints,
        only_for: Vec::new(),
        symbol: Arc::from(""),
    })
}

fn line_count(text: &SourceText, start: u32, end: u32) -> u32 {
    let span = text.location(TextRange::new(TextSize::new(start), TextSize::new(end.max(start))));
    span.end.line.saturating_sub(span.start.line) + 1
}

fn location(file: &File, (start, end): (u32, u32)) -> Location {
    let length = u32::try_from(file.text.text().len()).unwrap_or(u32::MAX);
    let (start, end) = (start.min(length), end.min(length).max(start.min(length)));
    let range = TextRange::new(TextSize::new(start), TextSize::new(end));
    let span = file.text.location(range);
    let place = |at: source::LinePosition| LineColumn { line: at.line, column: at.column };
    Location {
        path: Arc::clone(&file.path),
        start_offset: range.start(),
        end_offset: range.end(),
        start: place(span.start),
        end: place(span.end),
        cell: span.cell,
    }
}

/// What the comments in the file leave.
fn suppressed(
    project: &Project,
    file: &File,
    levels: &FileLevels,
    diagnostics: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let Some(cell) = project.cells.first() else { return diagnostics };
    let commented = CommentedFile {
        path: Arc::clone(&file.path),
        source: &file.text,
        suppressions: &file.suppressions,
        levels,
        complete: false,
    };
    let honoured = Honoured {
        type_ignore: cell.request.respect_type_ignore,
        others: &cell.request.honour_comments,
    };
    suppression::apply(&commented, honoured, diagnostics)
}
