//! The seam to the engine: what a check is asked, what comes out of it, and how it tells its progress.
//!
//! One request is one project on one Python version and platform; the command line merges outcomes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use ruff_python_ast::PythonVersion;
use ruff_source_file::{LineIndex, SourceCode};
use ruff_text_size::{Ranged, TextRange};

use crate::project::config::{OtherTool, read_bytes};
use crate::rules::{Diagnostic, Finding, Level, LineColumn, Location, RuleLevels, syntax_error};

/// What is to be checked, all of it resolved.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    /// The project's folder, absolute.
    pub root: PathBuf,
    /// Paths are shown relative to this where they lie below it.
    pub working_directory: PathBuf,
    /// The files and folders to check, absolute. They bypass excludes unless `force_exclude`.
    pub paths: Vec<PathBuf>,
    /// Whether `paths` were named by the user, and are not just the project's root.
    pub paths_are_explicit: bool,
    /// Folders below `root` that are projects of their own and not to be checked with this one.
    pub nested_projects: Vec<PathBuf>,
    /// What the program runs on.
    pub environment: EnvironmentRequest,
    /// Which files are checked.
    pub files: FileRequest,
    /// The levels of rules; overrides go by paths relative to `root`.
    pub rules: RuleLevels,
    /// Whether `# type: ignore` suppresses.
    pub respect_type_ignore: bool,
    /// Other tools whose comments suppress, sorted.
    pub honour_comments: Vec<OtherTool>,
    /// What may be used up.
    pub limits: Limits,
    /// What is measured.
    pub instruments: Instruments,
}

/// What the program runs on; `None` is "find out".
#[derive(Debug, Clone, Default)]
pub struct EnvironmentRequest {
    /// The version to check for.
    pub python_version: Option<PythonVersion>,
    /// `sys.platform` to check for: `linux`, `darwin`, `win32`, or `all`.
    pub python_platform: Option<String>,
    /// An interpreter, the folder of an environment, or its `bin`.
    pub python: Option<PathBuf>,
    /// First-party roots, absolute.
    pub roots: Option<Vec<PathBuf>>,
    /// Further search paths, absolute; the members of a workspace that the project depends on too.
    pub extra_paths: Vec<PathBuf>,
    /// A typeshed to use in place of the built-in one.
    pub typeshed: Option<PathBuf>,
}

/// Which files are checked.
#[derive(Debug, Clone, Default)]
pub struct FileRequest {
    /// Globs relative to the project; empty for all.
    pub include: Vec<String>,
    /// Globs relative to the project.
    pub exclude: Vec<String>,
    /// Whether `.gitignore` and `.ignore` are honoured.
    pub respect_ignore_files: bool,
    /// Whether excludes hold for named files too.
    pub force_exclude: bool,
}

/// What may be used up; `None` is "as much as it takes".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Worker threads.
    pub threads: Option<u32>,
    /// Seconds for a file.
    pub file_seconds: Option<u32>,
    /// Megabytes for a file.
    pub file_memory: Option<u32>,
    /// Megabytes for the run.
    pub memory: Option<u32>,
}

/// What is measured.
#[derive(Debug, Clone, Default)]
pub struct Instruments {
    /// Print a table of phases and the slowest files.
    pub timings: bool,
    /// Write a Chrome trace.
    pub trace: Option<PathBuf>,
    /// Print bytes and counts by structure: `short`, `full` or `json`.
    pub memory_report: Option<String>,
}

/// What came out of a check.
#[derive(Debug, Default)]
pub struct CheckOutcome {
    /// In any order; without what is suppressed, and without rules that are ignored.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that were checked, as shown.
    pub checked: Vec<Arc<str>>,
    /// Whether something failed inside; the run then exits with 101.
    pub internal_errors: bool,
    /// What the instruments print, for standard error.
    pub measurements: String,
}

/// Hears how far a check is. Called from many threads.
pub trait Progress: Sync {
    /// A phase with `total` files begins.
    fn phase(&self, name: &'static str, total: u64);
    /// `files` more are done.
    fn advance(&self, files: u64);
    /// `count` more diagnostics were found.
    fn found(&self, count: u64);
}

/// Checks one project.
///
/// # Errors
/// When the environment that was asked for is not one, or a named path does not exist.
pub fn run_engine(request: &CheckRequest, progress: &dyn Progress) -> anyhow::Result<CheckOutcome> {
    let files = list_files(request)?;
    progress.phase("check", files.len() as u64);
    let mut outcome = CheckOutcome::default();
    for file in &files {
        let before = outcome.diagnostics.len();
        check_file(request, file, &mut outcome);
        progress.found((outcome.diagnostics.len() - before) as u64);
        progress.advance(1);
    }
    Ok(outcome)
}

/// The files that a check would check, sorted.
///
/// # Errors
/// When a named path does not exist or a glob is malformed.
pub fn list_files(request: &CheckRequest) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in &request.paths {
        anyhow::ensure!(path.exists(), "no such file or folder: {}", path.display());
        let mut overrides = ignore::overrides::OverrideBuilder::new(&request.root);
        for glob in &request.files.exclude {
            overrides.add(&format!("!{glob}")).with_context(|| format!("exclude `{glob}`"))?;
        }
        let on = request.files.respect_ignore_files;
        let nested = request.nested_projects.clone();
        let walk = ignore::WalkBuilder::new(path)
            .standard_filters(false)
            .hidden(true)
            .parents(on)
            .ignore(on)
            .git_ignore(on)
            .git_exclude(on)
            .require_git(false)
            .overrides(overrides.build()?)
            .filter_entry(move |entry| !nested.iter().any(|folder| folder == entry.path()))
            .build();
        for entry in walk.filter_map(Result::ok) {
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            let is_python = entry.path().extension().is_some_and(|it| it == "py" || it == "pyi");
            if is_file && is_python {
                files.push(entry.into_path());
            }
        }
    }
    files.sort();
    files.dedup();
    Ok(files)
}

/// The text of a checked file by its path as shown: for a notebook, its cells joined.
#[must_use]
pub fn source_text(working_directory: &Path, shown: &str) -> Option<Arc<str>> {
    let bytes = read_bytes(&working_directory.join(shown)).ok()?;
    Some(String::from_utf8_lossy(&bytes).into())
}

/// A path as shown: relative to the working directory where it lies below it, with `/`.
#[must_use]
pub fn shown_path(working_directory: &Path, path: &Path) -> String {
    let shown = path.strip_prefix(working_directory).unwrap_or(path).to_string_lossy();
    if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() }
}

fn check_file(request: &CheckRequest, file: &Path, outcome: &mut CheckOutcome) {
    let shown: Arc<str> = shown_path(&request.working_directory, file).into();
    outcome.checked.push(shown.clone());
    let Some(text) = source_text(&request.working_directory, &shown) else { return };
    let lines = LineIndex::from_source_text(&text);
    let code = SourceCode::new(&text, &lines);
    let levels = request.rules.for_file(file.strip_prefix(&request.root).unwrap_or(file));
    let options = ruff_python_parser::ParseOptions::from(ruff_python_parser::Mode::Module);
    let parsed = ruff_python_parser::parse_unchecked(&text, options);
    for error in parsed.errors() {
        let finding = syntax_error::syntax_error(&error.error);
        if let Some(found) = locate(finding, &code, error.range(), &shown, &levels) {
            outcome.diagnostics.push(found);
        }
    }
}

fn locate(
    finding: Finding,
    code: &SourceCode<'_, '_>,
    range: TextRange,
    path: &Arc<str>,
    levels: &crate::rules::FileLevels,
) -> Option<Diagnostic> {
    let level = levels.level(finding.rule);
    let place = |offset| {
        let at = code.line_column(offset);
        let number = |index: ruff_source_file::OneIndexed| u32::try_from(index.get()).unwrap_or(1);
        LineColumn { line: number(at.line), column: number(at.column) }
    };
    (level != Level::Ignore).then(|| Diagnostic {
        rule: finding.rule,
        level,
        location: Location {
            path: path.clone(),
            start_offset: range.start(),
            end_offset: range.end(),
            start: place(range.start()),
            end: place(range.end()),
            cell: None,
        },
        message: finding.message,
        related: Vec::new(),
        hints: finding.hints,
        symbol: Arc::from(""),
    })
}
