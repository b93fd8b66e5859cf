//! `full`: each diagnostic with its source, carets, secondary places and hints.
//!
//! Only a window of lines around the places goes to the renderer: its cost grows with the text that
//! it is given, and files can be long.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer, Snippet};

use super::text::{path, place, summary};
use super::{Report, SourceOf, Style, counted, rule_url};
use crate::rules::{Diagnostic, Level, Location, unresolved_import};

/// Related places that are this many lines away or nearer share a snippet with the main place.
const NEAR: u32 = 20;
/// A place that covers more lines than this is shown by its first line alone.
const TALL: u32 = 8;
/// Lines longer than this are cut around the place.
const LONG: usize = 2_000;

pub(super) fn write(report: &Report<'_>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(style.width);
    let mut imports = Imports::of(report.diagnostics);
    for diagnostic in report.diagnostics {
        let Some(hints) = imports.hints(diagnostic) else { continue };
        let text = one(diagnostic, &hints, &renderer, report.source_of, style);
        writeln!(out, "{text}\n")?;
    }
    summary(report, style, out)
}

/// Imports that do not resolve: where an environment is missing there are thousands, of few packages. The first of
/// a package is shown, with the number of the others; where was looked is said once.
struct Imports<'a> {
    /// By package: how many there are, and in how many files those after the first are.
    counts: BTreeMap<&'a str, (usize, BTreeSet<&'a str>)>,
    shown: BTreeSet<&'a str>,
    /// What was said of where was looked.
    looked: BTreeSet<&'a str>,
}

/// As many imports of a package are shown one by one.
const FEW: usize = 4;

impl<'a> Imports<'a> {
    fn of(diagnostics: &'a [Diagnostic]) -> Self {
        let mut counts: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
        for diagnostic in diagnostics {
            let Some(package) = unresolved_import::package(diagnostic) else { continue };
            let (count, files) = counts.entry(package).or_default();
            if *count > 0 {
                files.insert(&diagnostic.location.path);
            }
            *count += 1;
        }
        Self { counts, shown: BTreeSet::new(), looked: BTreeSet::new() }
    }

    /// The hints of a diagnostic, or nothing where it is one of many of its kind.
    fn hints(&mut self, diagnostic: &'a Diagnostic) -> Option<Vec<String>> {
        let Some(package) = unresolved_import::package(diagnostic) else {
            return Some(diagnostic.all_hints().collect());
        };
        let (count, files) = self.counts.get(package)?;
        let is_first = self.shown.insert(package);
        if *count > FEW && !is_first {
            return None;
        }
        let mut hints: Vec<String> = Vec::new();
        for hint in &diagnostic.hints {
            // Where was looked is said once.
            if self.looked.insert(hint) {
                hints.push(hint.clone());
            }
        }
        hints.extend(diagnostic.where_it_holds());
        if *count > FEW {
            let (more, files) = (counted(count - 1, "more import"), counted(files.len(), "file"));
            hints.push(format!(
                "{more} of `{package}` in {files}; --output-format concise lists them"
            ));
        }
        Some(hints)
    }
}

/// Text with line breaks in place of blanks, so that no line is longer than `width` where that can be. `more` is how
/// much wider the lines after the first may be.
fn wrapped(text: &str, width: usize, more: usize) -> String {
    let width = width.max(20);
    if text.len() <= width {
        return text.to_owned();
    }
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let mut shown = String::new();
        let mut length = 0;
        for word in words(line) {
            let room = if lines.is_empty() { width } else { width + more };
            let next = word.chars().count();
            if length > 0 && length + 1 + next > room {
                lines.push(std::mem::take(&mut shown));
                length = 0;
            } else if length > 0 {
                shown.push(' ');
                length += 1;
            }
            shown.push_str(word);
            length += next;
        }
        lines.push(shown);
    }
    lines.join("\n")
}

/// The words of a line; what is quoted stays together unless it is long.
fn words(line: &str) -> Vec<&str> {
    const LONG_QUOTE: usize = 40;
    let mut words = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (at, c) in line.char_indices() {
        match c {
            '`' if quote.is_some() => quote = None,
            '`' => quote = Some(line[at + 1..].find('`').unwrap_or(0)),
            ' ' if quote.is_none_or(|length| length > LONG_QUOTE) => {
                words.push(&line[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    words.push(&line[start..]);
    words
}

/// A piece of a source: whole lines, the number of the first, and where it begins.
struct Window<'a> {
    text: &'a str,
    first_line: u32,
    start: usize,
}

impl<'a> Window<'a> {
    /// The lines from that of `location`'s start to `last` (numbers in the same cell).
    fn new(source: &'a str, location: &Location, first: u32, last: u32) -> Option<Self> {
        let anchor = location.start_offset.to_usize();
        let mut start = line_start(source, anchor)?;
        for _ in first..location.start.line {
            start = line_start(source, start.checked_sub(1)?)?;
        }
        let mut end = anchor;
        for line in location.start.line..=last {
            end = match source.get(end..)?.find('\n') {
                Some(length) => end + length + 1,
                None => source.len(),
            };
            if end == source.len() && line < last {
                break;
            }
        }
        let text = source.get(start..end)?;
        let text = text.strip_suffix('\n').unwrap_or(text);
        let cut = text.lines().any(|line| line.len() > LONG);
        if cut {
            Self::around(source, location)
        } else {
            Some(Self { text, first_line: first, start })
        }
    }

    /// A part of a very long line.
    fn around(source: &'a str, location: &Location) -> Option<Self> {
        let anchor = location.start_offset.to_usize();
        let line = line_start(source, anchor)?;
        let mut start = anchor.saturating_sub(LONG / 4).max(line);
        while !source.is_char_boundary(start) {
            start += 1;
        }
        let rest = source.get(start..)?;
        let mut end = rest.find('\n').unwrap_or(rest.len()).min(LONG / 2);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        Some(Self { text: &rest[..end], first_line: location.start.line, start })
    }

    /// `location` as a range of the window's text, cut to its first line if it is tall.
    fn span(&self, location: &Location) -> Option<Range<usize>> {
        let start = location.start_offset.to_usize().checked_sub(self.start)?;
        let mut end = location.end_offset.to_usize().checked_sub(self.start)?.min(self.text.len());
        if start > self.text.len() || !self.text.is_char_boundary(start) {
            return None;
        }
        if !self.text.is_char_boundary(end) || end < start {
            end = start;
        }
        if location.end.line.saturating_sub(location.start.line) > TALL {
            let length = self.text[start..end].find('\n').unwrap_or(end - start);
            end = start + length;
        }
        // A line break at the end would draw the next line too.
        end = start + self.text[start..end].trim_end_matches(['\n', '\r']).len();
        Some(start..end)
    }
}

fn line_start(source: &str, offset: usize) -> Option<usize> {
    Some(source.get(..offset)?.rfind('\n').map_or(0, |newline| newline + 1))
}

fn last_line(location: &Location) -> u32 {
    if location.end.line.saturating_sub(location.start.line) > TALL {
        location.start.line
    } else {
        location.end.line.max(location.start.line)
    }
}

/// Whether a related place can be shown in the snippet of the main one.
fn is_near(main: &Location, other: &Location) -> bool {
    main.path == other.path
        && main.cell == other.cell
        && main.start.line.abs_diff(other.start.line) <= NEAR
}

fn one(
    diagnostic: &Diagnostic,
    hints: &[String],
    renderer: &Renderer,
    source_of: SourceOf<'_>,
    style: &Style,
) -> String {
    let level = match diagnostic.level {
        Level::Error => Shown::ERROR,
        Level::Warn => Shown::WARNING,
        Level::Info | Level::Ignore => Shown::INFO,
    };
    let rule = diagnostic.rule.name;
    // What stands before a line: `error[rule]: ` or `   = help: `.
    let header = rule.len() + 10;
    let is_narrow = header > style.width / 3;
    let message = match is_narrow {
        true => {
            wrapped(&diagnostic.message, style.width.saturating_sub(header), header - NARROW_INDENT)
        }
        false => wrapped(&diagnostic.message, style.width.saturating_sub(header), 0),
    };
    let mut title = level.primary_title(message.as_str()).id(rule);
    if style.links {
        title = title.id_url(rule_url(rule));
    }
    let main = &diagnostic.location;
    let source = source_of(&main.path);
    let mut group = Group::with_title(title);
    let wrap = |hint: &String| wrapped(hint, style.width.saturating_sub(14), 0);
    let hints: Vec<String> = hints.iter().map(wrap).collect();
    let notes: Vec<String> = diagnostic.notes.iter().map(wrap).collect();
    let near: Vec<_> =
        diagnostic.related.iter().filter(|(other, _)| is_near(main, other)).collect();
    let first = near
        .iter()
        .map(|(other, _)| other.start.line)
        .min()
        .map_or(main.start.line, |line| line.min(main.start.line));
    let last =
        near.iter().map(|(other, _)| last_line(other)).max().unwrap_or(0).max(last_line(main));
    let window = source.as_deref().and_then(|source| Window::new(source, main, first, last));
    let shown = window.as_ref().and_then(|window| Some((window, window.span(main)?)));
    if let Some((window, span)) = shown {
        let mut snippet = Snippet::source(window.text)
            .line_start(window.first_line as usize)
            .path(path(main))
            .annotation(AnnotationKind::Primary.span(span));
        for (other, message) in &near {
            if let Some(span) = window.span(other) {
                snippet =
                    snippet.annotation(AnnotationKind::Context.span(span).label(message.as_str()));
            }
        }
        group = group.element(snippet);
    } else {
        group = group.element(annotate_snippets::Origin::path(place(main)));
    }
    let mut groups = Vec::new();
    for note in &notes {
        group = group.element(Shown::NOTE.message(note.as_str()));
    }
    for hint in &hints {
        group = group.element(Shown::HELP.message(hint.as_str()));
    }
    groups.push(group);
    let far: Vec<_> =
        diagnostic.related.iter().filter(|(other, _)| !is_near(main, other)).collect();
    let sources: Vec<_> = far.iter().map(|(other, _)| source_of(&other.path)).collect();
    for ((other, message), source) in far.iter().zip(&sources) {
        groups.push(secondary(other, message, source.as_deref()));
    }
    let text = renderer.render(&groups);
    if is_narrow { less_indented(&text, message.lines().count()) } else { text }
}

/// How far the lines of a title after the first are indented where the window is narrow.
const NARROW_INDENT: usize = 4;

/// The lines of a title that go on below it, not below the rule's name: that leaves no room in a narrow window.
fn less_indented(text: &str, title_lines: usize) -> String {
    let mut lines: Vec<std::borrow::Cow<'_, str>> = text.split('\n').map(Into::into).collect();
    for line in lines.iter_mut().take(title_lines).skip(1) {
        *line = format!("{:NARROW_INDENT$}{}", "", line.trim_start_matches(' ')).into();
    }
    lines.join("\n")
}

/// A place in another file or far away, as a note of its own.
fn secondary<'a>(location: &Location, message: &'a str, source: Option<&'a str>) -> Group<'a> {
    let group = Group::with_title(Shown::NOTE.secondary_title(message));
    let window = source
        .and_then(|source| Window::new(source, location, location.start.line, last_line(location)));
    match window.and_then(|window| Some((window.span(location)?, window))) {
        Some((span, window)) => group.element(
            Snippet::source(window.text)
                .line_start(window.first_line as usize)
                .path(path(location))
                .annotation(AnnotationKind::Primary.span(span)),
        ),
        None => group.element(annotate_snippets::Origin::path(place(location))),
    }
}
