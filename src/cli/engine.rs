//! The seam to the engine: what a check is asked, what comes out of it, and how it tells its progress.
//!
//! One request is one project on one Python version and platform; the command line merges outcomes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use indexmap::IndexMap;
use rayon::prelude::*;
use ruff_python_ast::PythonVersion;
use ruff_text_size::TextRange;

use std::fmt::Display;

use super::owners::ShownOwners;
use crate::infer::facts::{self, ModuleFacts, MoreFacts};
use crate::policy::Off;
use crate::project::config::{OtherTool, write_whole};
use crate::project::{
    Environment, EnvironmentOrigin, FilePath, Platform, Resolver, Settings, discover, find_shown,
    shown,
};
use crate::rules::{
    Diagnostic, FileLevels, Finding, Level, LineColumn, Location, RuleLevels, source_encoding,
};
use crate::schedule::{self, Hooks, Measurements, RunOutcome, RunRequest, Span};
use crate::source::{self, SourceText};

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
    /// Whether facts are left behind for the audit.
    pub facts: bool,
    /// What facts say besides.
    pub more_facts: MoreFacts,
    /// Whether the process checks nothing more after it: the memory of the run is then left to the system.
    pub is_last: bool,
}

/// What the program runs on; `None` is "find out".
#[derive(Debug, Clone, Default)]
pub struct EnvironmentRequest {
    /// The version to check for.
    pub python_version: Option<PythonVersion>,
    /// Where that version was said, in words.
    pub version_origin: &'static str,
    /// The platform to check for.
    pub python_platform: Option<Platform>,
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
    /// Those of `exclude` that were given as flags.
    pub flags: Vec<String>,
}

/// What may be used up; `None` is "as much as it takes".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Worker threads.
    pub threads: Option<u32>,
    /// When functions are checked.
    pub order: schedule::Order,
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
    /// Policies that are switched off to measure what they do.
    pub off: Off,
}

/// What came out of a check.
#[derive(Debug, Default)]
pub struct CheckOutcome {
    /// In any order; without what is suppressed, and without rules that are ignored.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that were checked, as shown.
    pub checked: Vec<Arc<str>>,
    /// The environment that was found, for people.
    pub environment: String,
    /// Whether there is one.
    pub has_environment: bool,
    /// Whether somebody said that it is the project's.
    pub environment_is_sure: bool,
    /// The Python version that was checked for.
    pub python: String,
    /// Where the version was said, in words.
    pub python_origin: String,
    /// The platform that was checked for.
    pub platform: String,
    /// What was set and could not be used, a sentence each.
    pub notes: Vec<String>,
    /// The work that each of them took.
    pub ticks: Vec<(Arc<str>, u64)>,
    /// Whether something failed inside; the run then exits with 101.
    pub internal_errors: bool,
    /// The facts of its modules, if they were asked for.
    pub facts: Vec<ModuleFacts>,
    /// The modules of its installed distributions, if somebody has looked at them.
    pub distributions: Option<BTreeMap<String, Vec<String>>>,
    /// What the instruments print, for standard error.
    pub measurements: String,
}

impl CheckOutcome {
    /// What was checked for, in a line.
    #[must_use]
    pub fn in_words(&self) -> String {
        let Self { python, python_origin, platform, environment, .. } = self;
        format!("Python {python} ({python_origin}) on {platform}, {environment}")
    }
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

impl CheckRequest {
    /// The settings that the rooms below work with. The version of the environment counts only if
    /// the project states none.
    ///
    /// # Errors
    /// When the environment that was asked for is not one.
    pub fn settings(&self) -> anyhow::Result<(Settings, Environment)> {
        let mut settings = Settings::new(&self.root);
        let wanted = &self.environment;
        if let Some(roots) = &wanted.roots {
            settings.first_party_roots.clone_from(roots);
        }
        settings.extra_search_paths.clone_from(&wanted.extra_paths);
        settings.platform = wanted.python_platform.unwrap_or_else(Platform::current);
        settings.typeshed.clone_from(&wanted.typeshed);
        settings.python.clone_from(&wanted.python);
        settings.include.clone_from(&self.files.include);
        settings.exclude.clone_from(&self.files.exclude);
        settings.respect_ignore_files = self.files.respect_ignore_files;
        settings.force_exclude = self.files.force_exclude;
        let environment = Environment::discover(&settings)?;
        // An interpreter that merely lies on the PATH says nothing of the project.
        let stated = environment.version.filter(|_| environment.origin != EnvironmentOrigin::Path);
        let version = wanted.python_version.or(stated);
        settings.python_version = version.unwrap_or(settings.python_version);
        Ok((settings, environment))
    }
}

/// Checks one project.
///
/// # Errors
/// When the environment that was asked for is not one, or a named path does not exist.
pub fn run_engine(request: &CheckRequest, progress: &dyn Progress) -> anyhow::Result<CheckOutcome> {
    let outcomes = run_engines(std::slice::from_ref(request), progress)?;
    Ok(outcomes.into_iter().next().unwrap_or_default())
}

/// What projects must agree on to be checked together.
type Group = (PythonVersion, Platform, Option<PathBuf>, Vec<PathBuf>, BTreeMap<String, PathBuf>);

/// Requests that are ready to run, by what they must agree on, and outcomes that say all but what is found.
pub(super) struct Prepared {
    /// Groups of runs, each with the places of its outcomes.
    pub groups: Vec<(Vec<usize>, Vec<RunRequest>)>,
    /// One for each request.
    pub outcomes: Vec<CheckOutcome>,
}

/// Gets requests ready to run.
///
/// # Errors
/// When an environment that was asked for is not one, or a named path does not exist.
pub(super) fn prepare(requests: &[CheckRequest]) -> anyhow::Result<Prepared> {
    let mut groups: IndexMap<Group, (Vec<usize>, Vec<RunRequest>)> = IndexMap::new();
    let mut outcomes: Vec<CheckOutcome> = Vec::with_capacity(requests.len());
    for (at, request) in requests.iter().enumerate() {
        let (run, diagnostics, mut notes) =
            prepared(request).with_context(|| format!("project `{}`", shown_root(request)))?;
        let (settings, environment) = (&run.settings, &run.environment);
        let group: Group = (
            settings.python_version,
            settings.platform,
            settings.typeshed.clone(),
            environment.site_packages.clone(),
            environment.editable_modules.clone(),
        );
        let (members, runs) = groups.entry(group).or_default();
        notes.extend(environment.notes.iter().cloned());
        outcomes.push(CheckOutcome {
            diagnostics,
            environment: described(request, environment),
            has_environment: environment.prefix.is_some(),
            environment_is_sure: !matches!(
                environment.origin,
                EnvironmentOrigin::Path | EnvironmentOrigin::None
            ),
            python: settings.python_version.to_string(),
            python_origin: version_origin(request, environment),
            platform: settings.platform.name().to_owned(),
            notes,
            ..CheckOutcome::default()
        });
        members.push(at);
        runs.push(run);
    }
    Ok(Prepared { groups: groups.into_values().collect(), outcomes })
}

/// Checks projects, and gives their outcomes in order. Those with the same version, platform and
/// environment are checked together and share what they have in common.
///
/// # Errors
/// When an environment that was asked for is not one, or a named path does not exist.
pub fn run_engines(
    requests: &[CheckRequest],
    progress: &dyn Progress,
) -> anyhow::Result<Vec<CheckOutcome>> {
    let Prepared { groups, outcomes } = prepare(requests)?;
    let mut collector = Collector { requests, outcomes, spans: Vec::new() };
    let last = groups.len().saturating_sub(1);
    for (number, (members, mut runs)) in groups.into_iter().enumerate() {
        runs.iter_mut().for_each(|run| run.is_last &= number == last);
        collector.add(&members, schedule::run(&runs, &told(progress)))?;
    }
    collector.finish()
}

/// Passes on how far a run is.
pub(super) fn told(progress: &dyn Progress) -> impl Fn(schedule::Progress) + Sync {
    |step| match step {
        schedule::Progress::Phase { name, total } => progress.phase(name, total),
        schedule::Progress::Advance(files) => progress.advance(files),
        schedule::Progress::Found(count) => progress.found(count),
    }
}

/// Takes what runs give into the outcomes of requests.
pub(super) struct Collector<'r> {
    pub requests: &'r [CheckRequest],
    pub outcomes: Vec<CheckOutcome>,
    pub spans: Vec<Span>,
}

impl Collector<'_> {
    /// Adds the outcomes of a group's run.
    ///
    /// # Errors
    /// When a file of owners can't be read.
    pub fn add(&mut self, members: &[usize], found: Vec<RunOutcome>) -> anyhow::Result<()> {
        for (nth, (&at, mut found)) in members.iter().zip(found).enumerate() {
            let outcome = &mut self.outcomes[at];
            outcome.diagnostics.append(&mut found.diagnostics);
            outcome.checked = found.checked;
            outcome.ticks = found.ticks;
            outcome.facts = found.facts;
            outcome.internal_errors = found.internal_errors;
            if nth == 0 {
                outcome.measurements = measured(&self.requests[at], &found.measurements)?;
                self.spans.append(&mut found.measurements.spans);
            }
        }
        Ok(())
    }

    /// The outcomes; a trace is written, if one was asked for.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(self) -> anyhow::Result<Vec<CheckOutcome>> {
        let trace = self.requests.iter().find_map(|request| request.instruments.trace.as_deref());
        if let Some(path) = trace {
            let measurements = Measurements { spans: self.spans, ..Measurements::default() };
            write_whole(path, measurements.trace().as_bytes())
                .with_context(|| format!("cannot write the trace to {}", path.display()))?;
        }
        Ok(self.outcomes)
    }
}

/// Where the Python version was said.
fn version_origin(request: &CheckRequest, environment: &Environment) -> String {
    match (request.environment.python_version, environment.origin) {
        (Some(_), _) => request.environment.version_origin,
        (None, EnvironmentOrigin::Path | EnvironmentOrigin::None) => "the newest known",
        (None, _) if environment.version.is_none() => "the newest known",
        (None, _) => "the environment",
    }
    .to_owned()
}

/// Where packages come from, in a line.
fn described(request: &CheckRequest, environment: &Environment) -> String {
    let Some(prefix) = &environment.prefix else {
        return "no environment: packages are not found".to_owned();
    };
    let origin = match environment.origin {
        EnvironmentOrigin::Flag => "as set",
        EnvironmentOrigin::VirtualEnv => "VIRTUAL_ENV",
        EnvironmentOrigin::CondaPrefix => "CONDA_PREFIX",
        EnvironmentOrigin::ProjectFolder => "found by the project",
        EnvironmentOrigin::Path => "PATH",
        EnvironmentOrigin::None => "none",
    };
    format!("environment {} ({origin})", shown_path(&request.working_directory, prefix))
}

fn shown_root(request: &CheckRequest) -> String {
    let shown = shown_path(&request.working_directory, &request.root);
    if shown.is_empty() { ".".to_owned() } else { shown }
}

/// A request with its files found, what is to be told of folders that can't be read, and patterns without effect.
fn prepared(request: &CheckRequest) -> anyhow::Result<(RunRequest, Vec<Diagnostic>, Vec<String>)> {
    const MEGABYTE: usize = 1_000_000;
    let (settings, environment) = request.settings()?;
    let FoundFiles { files, unreadable, idle } = find_files(request)?;
    let limits = &request.limits;
    let bytes = |megabytes: Option<u32>| {
        megabytes.map(|megabytes| (megabytes as usize).saturating_mul(MEGABYTE))
    };
    let run = RunRequest {
        settings,
        environment,
        files,
        working_directory: request.working_directory.clone(),
        rules: request.rules.clone(),
        respect_type_ignore: request.respect_type_ignore,
        honour_comments: request.honour_comments.clone(),
        order: limits.order,
        threads: limits.threads.map(|threads| threads as usize),
        limits: schedule::Limits {
            file_time: limits.file_seconds.map(|seconds| Duration::from_secs(seconds.into())),
            file_bytes: bytes(limits.file_memory),
            process_bytes: bytes(limits.memory),
        },
        instruments: schedule::Instruments {
            trace: request.instruments.trace.is_some(),
            times: request.instruments.timings,
            memory: request.instruments.memory_report.is_some(),
            off: request.instruments.off,
        },
        facts: request.facts,
        more_facts: request.more_facts,
        is_last: request.is_last,
        hooks: Hooks::from_environment(),
    };
    let mut diagnostics = Vec::new();
    for (folder, reason) in unreadable {
        let path: Arc<str> = shown_path(&request.working_directory, &folder).into();
        let levels = request.rules.for_file(folder.strip_prefix(&request.root).unwrap_or(&folder));
        let finding = source_encoding::unreadable_file(reason);
        let empty = source::from_text("");
        diagnostics.extend(located(&path, &empty, &levels, TextRange::default(), finding));
    }
    Ok((run, diagnostics, idle))
}

/// What the instruments have to say, as text.
fn measured(request: &CheckRequest, measured: &Measurements) -> anyhow::Result<String> {
    let instruments = &request.instruments;
    let mut text = String::new();
    if instruments.timings {
        text.push_str(&measured.timings());
    }
    match instruments.memory_report.as_deref() {
        None => {}
        Some("json") => text.push_str(&measured.memory_json()),
        Some(kind) => {
            let owners = ShownOwners::around(&request.working_directory)?;
            let owner_of = owners.as_ref().map(|owners| |path: &str| owners.of(path));
            let owner_of = owner_of.as_ref().map(|of| of as &dyn Fn(&str) -> Option<String>);
            text.push_str(&measured.memory_report(kind == "full", owner_of));
        }
    }
    Ok(text)
}

/// The files that a check would check, sorted.
///
/// # Errors
/// When a named path does not exist or a glob is malformed.
pub fn list_files(request: &CheckRequest) -> anyhow::Result<Vec<PathBuf>> {
    Ok(find_files(request)?.files)
}

/// What was found on the way to the files.
struct FoundFiles {
    files: Vec<PathBuf>,
    /// Folders that could not be read, each with the reason: one bad folder does not keep the others from being
    /// checked.
    unreadable: Vec<(PathBuf, String)>,
    /// Patterns that match nothing, a sentence each.
    idle: Vec<String>,
}

fn find_files(request: &CheckRequest) -> anyhow::Result<FoundFiles> {
    let mut settings = Settings::new(&request.root);
    settings.include.clone_from(&request.files.include);
    settings.exclude.clone_from(&request.files.exclude);
    settings.respect_ignore_files = request.files.respect_ignore_files;
    settings.force_exclude = request.files.force_exclude;
    let found = discover(&request.paths, &settings);
    let mut unreadable = Vec::new();
    for error in found.errors {
        match error.path {
            Some(path) if !request.paths.contains(&path) => unreadable.push((path, error.message)),
            Some(path) => {
                bail!("{}: {}", shown_path(&request.working_directory, &path), error.message)
            }
            None => bail!("{}", error.message),
        }
    }
    let mut files = found.files;
    files.retain(|file| !request.nested_projects.iter().any(|folder| file.starts_with(folder)));
    let mut idle = Vec::new();
    // A run over some of the files says nothing of patterns that are for others.
    if !request.paths_are_explicit {
        idle.extend(match_nothing("src.include", &found.idle_includes));
        let mut flags = found.idle_excludes;
        flags.retain(|glob| request.files.flags.contains(glob));
        idle.extend(match_nothing("--exclude", &flags));
        let relative = files.iter().filter_map(|file| file.strip_prefix(&request.root).ok());
        idle.extend(match_nothing("overrides", &request.rules.idle_globs(relative)));
    }
    Ok(FoundFiles { files, unreadable, idle })
}

/// A sentence about patterns that match nothing. Settings that were taken over may have hundreds of them.
fn match_nothing(key: &str, globs: &[impl Display]) -> Option<String> {
    const SHOWN: usize = 3;
    let shown: Vec<String> = globs.iter().take(SHOWN).map(|glob| format!("`{glob}`")).collect();
    let list = shown.join(", ");
    Some(match globs.len() {
        0 => return None,
        1 => format!("`{key}`: {list} matches nothing"),
        2 | SHOWN => format!("`{key}`: {list} match nothing"),
        many => format!("`{key}`: {list} and {} more match nothing", many - SHOWN),
    })
}

/// The imports of those files of a check that `keeps` says by their shown paths, as facts that say nothing else. The
/// files are parsed, on as many threads as a check would use, and not indexed.
///
/// # Errors
/// When the environment is wrong or a named path does not exist.
pub fn imports_of(
    request: &CheckRequest,
    keeps: &dyn Fn(&str) -> bool,
) -> anyhow::Result<Vec<ModuleFacts>> {
    let (settings, environment) = request.settings()?;
    let mut files = find_files(request)?.files;
    files.retain(|path| keeps(&shown_path(&request.working_directory, path)));
    let resolver = Resolver::new(&settings, &environment);
    let read = |path: &PathBuf| {
        let name = resolver.module_name_of(path).unwrap_or_default();
        let shown = shown_path(&request.working_directory, path);
        let file = FilePath::Disk(path.clone());
        let text = source::read(&file).unwrap_or_else(|_| source::from_text(""));
        facts::import_facts(&shown, &name, &file, &text, settings.python_version)
    };
    const STACK: usize = 64 * 1024 * 1024;
    let threads = request.limits.threads.map_or(0, |threads| threads as usize);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build();
    Ok(match pool {
        Ok(pool) => pool.install(|| files.par_iter().map(read).collect()),
        Err(_) => files.iter().map(read).collect(),
    })
}

/// The text of a checked file by its path as shown: for a notebook, its cells joined.
#[must_use]
pub fn source_text(working_directory: &Path, shown: &str) -> Option<Arc<str>> {
    let path = FilePath::Disk(find_shown(working_directory, shown));
    Some(source::read(&path).ok()?.text().into())
}

/// A path as shown: relative to the working directory where it lies below it, with `/`.
#[must_use]
pub fn shown_path(working_directory: &Path, path: &Path) -> String {
    let shown = shown(path.strip_prefix(working_directory).unwrap_or(path).as_os_str());
    if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() }
}

/// A finding with its place and level, or nothing where the rule is ignored.
fn located(
    path: &Arc<str>,
    source: &SourceText,
    levels: &FileLevels,
    range: TextRange,
    finding: Finding,
) -> Option<Diagnostic> {
    let level = levels.level(finding.rule);
    if level == Level::Ignore {
        return None;
    }
    let place = |range: TextRange| {
        let span = source.location(range);
        Location {
            path: path.clone(),
            start_offset: range.start(),
            end_offset: range.end(),
            start: LineColumn { line: span.start.line, column: span.start.column },
            end: LineColumn { line: span.end.line, column: span.end.column },
            cell: span.cell,
        }
    };
    Some(Diagnostic {
        rule: finding.rule,
        level,
        location: place(range),
        message: finding.message,
        // What is said of a folder has one place.
        related: Vec::new(),
        notes: finding.notes,
        hints: finding.hints,
        only_for: Vec::new(),
        symbol: Arc::from(""),
    })
}
