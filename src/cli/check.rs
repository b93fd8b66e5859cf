//! `ropewalk check`: runs every project and cell, merges what they found, and tells it.
//!
//! Order of filters: matrix, then changed files, then baseline; what is left is reported. A shard may end before all of
//! them: then what engines gave is written, and `merge` goes on from there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;

use super::baselines::{self, Kept};
use super::engine::{
    CheckOutcome, CheckRequest, Progress, list_files, run_engines, shown_path, source_text,
};
use super::environment::Lookup;
use super::high::{Cell, HiArgs, Project, resolve};
use super::low::{CheckArgs, GlobalArgs};
use super::output::{Stop, note, to_stdout, warn};
use super::owners::ShownOwners;
use super::progress::{Bar, Silent};
use super::ready::Ready;
use super::shards::{self, Part};
use super::{Exit, changed, documents, listed, matrix, neighbours};
use crate::audit::picture::Picture;
use crate::project::config::{FormatOption, append_to, write_whole};
use crate::report::statistics::Statistics;
use crate::report::{self, Report};
use crate::rules::{Diagnostic, Level, file_skipped, source_encoding, unresolved_import};
use crate::shard::result::Kind;

/// What the projects of a run found, merged.
#[derive(Default)]
pub struct Findings {
    /// Sorted, without repetitions.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that were checked, as shown, each with the number of its project.
    pub checked: BTreeMap<Arc<str>, usize>,
    /// Whether something failed inside.
    pub internal_errors: bool,
    /// What the audit draws, if it was one.
    pub picture: Option<Picture>,
    /// Whether a file or folder could not be read.
    pub unreadable: bool,
    /// What was set and has no effect, or was not found: a sentence each.
    pub warnings: BTreeSet<String>,
    /// Versions, platforms and environments, a line a project and cell.
    pub environments: Vec<Checked>,
}

/// What a project was checked for.
pub struct Checked {
    /// The project's folder as shown.
    pub root: String,
    /// The Python version.
    pub python: String,
    /// Where the version was said.
    pub python_origin: String,
    /// The platform.
    pub platform: String,
    /// The environment, in words.
    pub environment: String,
}

impl Findings {
    /// The number of the project that a diagnostic is of; `None` for a folder that can't be read.
    pub fn project_of(&self, diagnostic: &Diagnostic) -> Option<usize> {
        self.checked.get(&diagnostic.location.path).copied()
    }

    /// Whether a file was not checked that should have been, or none was.
    pub fn is_incomplete(&self) -> bool {
        self.unreadable || self.checked.is_empty()
    }
}

/// Runs the command.
///
/// # Errors
/// When flags, configuration or files are wrong.
pub fn run(args: &CheckArgs, global: &GlobalArgs, lookup: Lookup<'_>) -> Result<Exit, Stop> {
    let listed = listed::with_listed_paths(args)?;
    let args = &listed.args;
    let mut high = resolve(args, global, lookup)?;
    if listed.is_empty {
        warn(
            "there is no Python file on standard input: nothing was checked (`-` takes the names of files, one a \
             line, and no code)",
        );
        // Reports and results of shards are written all the same: whoever asked for them reads them next.
        high.projects.clear();
    }
    if args.config.show_settings {
        show_settings(&high)?;
        return Ok(Exit::Clean);
    }
    if args.files.show_files {
        show_files(&high)?;
        return Ok(Exit::Clean);
    }
    if let Some(seconds) = args.shards.shards {
        shards::estimate(args, &high, seconds)?;
        return Ok(Exit::Clean);
    }
    say_settings(&high);
    let part = Part::new(args, &high, Kind::Check, args)?;
    let ready = Ready::new(args, &high)?;
    let mut found = check_all(&high, part.as_ref(), ready.revision.is_none())?;
    let has_reports = high.presentation.reports || !high.presentation.files.is_empty();
    if part.as_ref().is_some_and(Part::is_written) && !has_reports {
        return Ok(Exit::Clean);
    }
    if let Some(revision) = &ready.revision {
        let check = |requests: &dyn Fn(&CheckRequest) -> CheckRequest| check_at(&high, requests);
        found.diagnostics = changed::filter(&high, revision, found.diagnostics, &check)?;
    }
    let exit = finish_found(args, &high, found)?;
    // The result is there, whatever was found: `merge` says what comes of it.
    Ok(if part.is_some_and(|part| part.is_written()) { Exit::Clean } else { exit })
}

/// Says so if nothing was checked that should have been, and finishes the run.
///
/// # Errors
/// When a baseline can't be read or a report can't be written.
pub fn finish_found(args: &CheckArgs, high: &HiArgs, found: Findings) -> Result<Exit, Stop> {
    let is_nothing = found.checked.is_empty() && needs_files(args, high);
    if is_nothing {
        say_nothing_checked(high);
    }
    let fails = found.unreadable || is_nothing;
    finish_run(args, high, found, fails)
}

/// Whether a run has to have files. Those that were named may all be excluded, which is what a hook is told then; and a
/// shard may be empty.
pub fn needs_files(args: &CheckArgs, high: &HiArgs) -> bool {
    let is_named = !args.paths.is_empty();
    args.shards.shard.is_none()
        && !high.projects.is_empty()
        && !(is_named && high.projects.iter().all(leaves_out_what_is_named))
}

/// Applies the baselines to what was found, reports what is left, and says how the run ends. `fails` tells that
/// something was not checked that should have been.
///
/// # Errors
/// When a baseline can't be read or a report can't be written.
pub fn finish_run(
    args: &CheckArgs,
    high: &HiArgs,
    found: Findings,
    fails: bool,
) -> Result<Exit, Stop> {
    let is_whole = args.paths.is_empty() && args.shards.shard.is_none();
    let kept = baselines::apply(&args.baseline, high, is_whole, found)?;
    let mut written = write_reports(high, &kept);
    if args.output.statistics && written.is_ok() {
        written = write_statistics(high, &kept.found.diagnostics);
    }
    match written {
        // The reader has had what it wanted; the exit code still says what was found.
        Ok(()) | Err(Stop::BrokenPipe) => {}
        Err(error) => return Err(error),
    }
    let is_strict = |diagnostic: &Diagnostic| {
        let project = kept.found.project_of(diagnostic).and_then(|at| high.projects.get(at));
        project.and_then(|project| project.options.terminal.error_on_warning).unwrap_or(false)
    };
    let loud = |diagnostic: &Diagnostic| {
        // What was not checked may hold anything.
        diagnostic.level == Level::Error
            || diagnostic.rule.name == file_skipped::RULE.name
            || (diagnostic.level == Level::Warn && is_strict(diagnostic))
    };
    Ok(if kept.found.internal_errors {
        Exit::Internal
    } else if fails {
        Exit::Usage
    } else if args.output.exit_zero {
        Exit::Clean
    } else if kept.stale_is_error || kept.found.diagnostics.iter().any(loud) {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

fn leaves_out_what_is_named(project: &Project) -> bool {
    project.options.src.force_exclude.unwrap_or(false)
}

/// A run that checked nothing must not look like one that found nothing.
pub fn say_nothing_checked(high: &HiArgs) {
    if high.presentation.quiet > 1 {
        return;
    }
    let roots: Vec<String> = high
        .projects
        .iter()
        .flat_map(|project| project.cells.first())
        .flat_map(|cell| &cell.request.paths)
        .map(|path| shown_path(&high.working_directory, path))
        .map(|path| if path.is_empty() { "`.`".to_owned() } else { format!("`{path}`") })
        .take(4)
        .collect();
    warn(format!("nothing was checked: there is no Python file to check in {}", roots.join(", ")));
}

/// Checks all projects, or a part of them whose result is written then. `is_last` says that the process checks nothing
/// after them.
///
/// # Errors
/// When an environment is wrong, a path does not exist, or the result can't be written.
pub fn check_all(high: &HiArgs, part: Option<&Part>, is_last: bool) -> Result<Findings, Stop> {
    let started = Instant::now();
    let bar = high.presentation.progress.then(Bar::new);
    let progress: &dyn Progress = bar.as_ref().map_or(&Silent as &dyn Progress, |bar| bar);
    let request = |cell: &Cell| CheckRequest { is_last, ..cell.request.clone() };
    let requests: Vec<CheckRequest> = cells(high).map(request).collect();
    let result = match part {
        None => run_engines(&requests, progress).map(|outcomes| (outcomes, None)),
        Some(part) => part.run(&requests, progress).map(|(outcomes, plan)| (outcomes, Some(plan))),
    };
    if let Some(bar) = &bar {
        bar.finish();
    }
    let (mut outcomes, plan) = result?;
    if let (Some(part), Some(plan)) = (part, &plan) {
        part.write(high, &mut outcomes, plan)?;
    }
    let found = findings(high, outcomes, high.presentation.verbose);
    // What is said of a part is said again of the whole.
    if high.presentation.quiet == 0 && high.presentation.reports {
        found.warnings.iter().for_each(warn);
    }
    if high.presentation.verbose > 0 {
        note(format!(
            "checked {} in {:.2} s",
            report::counted(found.checked.len(), "file"),
            started.elapsed().as_secs_f64()
        ));
    }
    Ok(found)
}

/// Checks all projects with their requests changed, silently.
fn check_at(
    high: &HiArgs,
    change: &dyn Fn(&CheckRequest) -> CheckRequest,
) -> anyhow::Result<Vec<Diagnostic>> {
    let requests: Vec<CheckRequest> = cells(high).map(|cell| change(&cell.request)).collect();
    Ok(findings(high, run_engines(&requests, &Silent)?, 0).diagnostics)
}

fn cells(high: &HiArgs) -> impl Iterator<Item = &Cell> {
    high.projects.iter().flat_map(|project| &project.cells)
}

/// What the engines of all cells gave, merged.
pub fn findings(high: &HiArgs, outcomes: Vec<CheckOutcome>, verbose: u8) -> Findings {
    let mut outcomes = outcomes.into_iter();
    let mut found = Findings::default();
    let mut unfound = Unfound::new();
    for (number, project) in high.projects.iter().enumerate() {
        let of_project: Vec<(&str, CheckOutcome)> =
            project.cells.iter().map(|cell| &*cell.label).zip(&mut outcomes).collect();
        for (_, outcome) in &of_project {
            if verbose > 0 {
                note(format!("project {}: {}", project.shown_root, outcome.in_words()));
            }
            found.warnings.extend(outcome.notes.iter().cloned());
            found.environments.push(Checked {
                root: project.shown_root.clone(),
                python: outcome.python.clone(),
                python_origin: outcome.python_origin.clone(),
                platform: outcome.platform.clone(),
                environment: outcome.environment.clone(),
            });
            if !outcome.measurements.is_empty() {
                note(outcome.measurements.trim_end());
            }
            if verbose > 2 {
                for path in &outcome.checked {
                    note(format!("  checked {path}"));
                }
            }
            found.internal_errors |= outcome.internal_errors;
            found.checked.extend(outcome.checked.iter().map(|path| (path.clone(), number)));
        }
        let diagnostics = of_project.iter().flat_map(|(_, outcome)| &outcome.diagnostics);
        let names = diagnostics.filter_map(unresolved_import::package).map(str::to_owned);
        unfound.insert(number, names.collect());
        let packages = of_project.iter().find_map(|(_, outcome)| unfound_packages(outcome));
        found.diagnostics.extend(matrix::merge(of_project));
        let several = high.projects.len() > 1;
        found.warnings.extend(project.warnings.iter().cloned().chain(packages).map(|warning| {
            if several { format!("project {}: {warning}", project.shown_root) } else { warning }
        }));
    }
    if high.projects.len() > 1 {
        found.warnings.extend(neighbours::hints(high, &unfound));
    }
    report::sort(&mut found.diagnostics);
    found.unreadable = found.diagnostics.iter().any(source_encoding::is_unreadable);
    found
}

/// Packages that do not resolve, by the number of the project that imports them.
pub type Unfound = BTreeMap<usize, BTreeSet<String>>;

/// What may be wrong where packages do not resolve: the environment is not the project's, or there is none.
fn unfound_packages(outcome: &CheckOutcome) -> Option<String> {
    if outcome.environment_is_sure {
        return None;
    }
    let packages = outcome.diagnostics.iter().filter_map(unresolved_import::package);
    let (mut imports, mut names) = (0, BTreeSet::new());
    for package in packages {
        imports += 1;
        names.insert(package);
    }
    let where_from = if outcome.has_environment {
        format!("packages come from the {}", outcome.environment)
    } else {
        "no Python environment was found".to_owned()
    };
    (imports > 0).then(|| {
        format!(
            "{where_from}, and {} of {} not resolve; --python names the one to use",
            report::counted(imports, "import"),
            report::counted(names.len(), "package") + if imports == 1 { " does" } else { " do" },
        )
    })
}

fn say_settings(high: &HiArgs) {
    if high.presentation.verbose == 0 {
        return;
    }
    for project in &high.projects {
        let file = project.config_file.as_deref().map_or_else(
            || "no configuration".to_owned(),
            |file| format!("configuration {}", shown_path(&high.working_directory, file)),
        );
        note(format!("project {}: {file}", project.shown_root));
        for cell in project.cells.iter().filter(|cell| !cell.label.is_empty()) {
            note(format!("  checked for {}", cell.label));
        }
        if high.presentation.verbose > 1
            && let Ok(settings) = settings_text(project)
        {
            note(settings.trim_end());
        }
    }
}

fn settings_text(project: &Project) -> anyhow::Result<String> {
    toml::to_string_pretty(&project.options).context("cannot print the settings")
}

fn show_settings(high: &HiArgs) -> Result<(), Stop> {
    let mut text = String::new();
    for project in &high.projects {
        text.push_str(&format!("# project: {}\n", project.shown_root));
        let file = project
            .config_file
            .as_deref()
            .map_or_else(|| "none".to_owned(), |file| shown_path(&high.working_directory, file));
        text.push_str(&format!("# configuration file: {file}\n"));
        for cell in project.cells.iter().filter(|cell| !cell.label.is_empty()) {
            text.push_str(&format!("# checked for: {}\n", cell.label));
        }
        if let Some(baseline) = &project.baseline {
            text.push_str(&format!(
                "# baseline: {}\n",
                shown_path(&high.working_directory, baseline)
            ));
        }
        text.push_str(&settings_text(project)?);
        text.push('\n');
    }
    to_stdout(|out| out.write_all(text.as_bytes()))
}

fn show_files(high: &HiArgs) -> Result<(), Stop> {
    let mut files = BTreeSet::new();
    for project in &high.projects {
        for cell in &project.cells {
            files.extend(list_files(&cell.request)?);
        }
    }
    if files.is_empty() {
        say_nothing_checked(high);
    }
    to_stdout(|out| {
        files
            .iter()
            .try_for_each(|file| writeln!(out, "{}", shown_path(&high.working_directory, file)))
    })
}

fn write_reports(high: &HiArgs, kept: &Kept) -> Result<(), Stop> {
    let source_of = |shown: &str| source_text(&high.working_directory, shown);
    let cached = cached(&source_of);
    let report = Report {
        diagnostics: &kept.found.diagnostics,
        files_checked: kept.found.checked.len(),
        hidden_by_baseline: kept.hidden,
        picture: kept.found.picture.as_ref(),
        stale_in_baseline: kept.stale,
        projects: &documents::projects(high, &kept.found),
        from_top: high.presentation.from_top.clone(),
        source_of: &cached,
    };
    // Standard output first: a disk that is full then loses nobody the findings.
    let shown = if high.presentation.quiet > 1 || !high.presentation.reports {
        Ok(())
    } else {
        let (format, style) = (high.presentation.format, &high.presentation.style);
        to_stdout(|out| report::write(&report, format, style, out))
    };
    let plain = report::Style { color: false, links: false, width: 140, ..high.presentation.style };
    let mut failed = None;
    for (format, file) in &high.presentation.files {
        let mut bytes = Vec::new();
        report::write(&report, *format, &plain, &mut bytes)?;
        let append = *format == FormatOption::Markdown && high.presentation.appends(file);
        let path = high.working_directory.join(file);
        let written = if append { append_to(&path, &bytes) } else { write_whole(&path, &bytes) };
        let written = written.with_context(|| format!("cannot write {}", file.display()));
        if let Err(error) = written {
            failed.get_or_insert(error);
        }
    }
    shown?;
    failed.map_or(Ok(()), |error| Err(error.into()))
}

/// Remembers the last source: diagnostics come sorted by path.
fn cached<'a>(
    source_of: &'a dyn Fn(&str) -> Option<Arc<str>>,
) -> impl Fn(&str) -> Option<Arc<str>> + 'a {
    let last: std::cell::RefCell<BTreeMap<String, Option<Arc<str>>>> = Default::default();
    move |path| {
        let mut last = last.borrow_mut();
        if let Some(known) = last.get(path) {
            return known.clone();
        }
        if last.len() >= 8 {
            last.clear();
        }
        let text = source_of(path);
        last.insert(path.to_owned(), text.clone());
        text
    }
}

fn write_statistics(high: &HiArgs, diagnostics: &[Diagnostic]) -> Result<(), Stop> {
    let project_of = |path: &str| {
        let path = high.working_directory.join(path);
        let mut best: Option<&Project> = None;
        for project in &high.projects {
            let root = project.cells.first().map(|cell| cell.request.root.as_path());
            if root.is_some_and(|root| path.starts_with(root)) {
                // Projects are sorted by root: the last one that fits is the innermost.
                best = Some(project);
            }
        }
        best.map_or_else(|| "(none)".to_owned(), |project| project.shown_root.clone())
    };
    let owners = ShownOwners::around(&high.working_directory)?;
    let owner_of = owners.as_ref().map(|owners| |path: &str| owners.of(path));
    let owner_of = owner_of.as_ref().map(|owner_of| owner_of as &dyn Fn(&str) -> Option<String>);
    let statistics = Statistics::of(diagnostics, &project_of, owner_of);
    use crate::project::config::FormatOption::{Concise, Full, Github};
    // A table must not break a document for machines.
    if matches!(high.presentation.format, Full | Concise | Github) || high.presentation.quiet > 1 {
        return to_stdout(|out| statistics.write(out));
    }
    let mut bytes = Vec::new();
    statistics.write(&mut bytes)?;
    note(String::from_utf8_lossy(&bytes).trim_end());
    Ok(())
}
