//! What the questions are asked of: facts from a run, and what the files of the projects declare.

use std::path::PathBuf;
use std::time::Instant;

use rustc_hash::FxHashSet;

use super::{Collected, Distributions};
use crate::audit::settings::{AuditProject, AuditSettings, Confidence};
use crate::audit::{Found, apply_mentions};
use crate::cli::engine::{
    CheckOutcome, CheckRequest, Progress, imports_of, run_engines, shown_path,
};
use crate::cli::high::HiArgs;
use crate::cli::low::AuditArgs;
use crate::cli::output::note;
use crate::cli::progress::{Bar, Silent};
use crate::project::config::{normal_name, read_manifest};
use crate::project::{self, EnvironmentOrigin, MentionScope, installed_modules};
use crate::rules::unused_dependency;

/// Checks all projects for their facts.
pub(super) fn facts(
    high: &HiArgs,
    change: &dyn Fn(&CheckRequest) -> CheckRequest,
) -> anyhow::Result<Collected> {
    let started = Instant::now();
    let bar = high.presentation.progress.then(Bar::new);
    let progress: &dyn Progress = bar.as_ref().map_or(&Silent as &dyn Progress, |bar| bar);
    let outcomes = run_engines(&requests(high, change), progress);
    if let Some(bar) = &bar {
        bar.finish();
    }
    let collected = collected(outcomes?);
    if high.presentation.verbose > 0 {
        let seconds = started.elapsed().as_secs_f64();
        note(format!("facts of {} modules in {seconds:.2} s", collected.modules.len()));
    }
    Ok(collected)
}

/// What is asked of engines: facts of the first cell of each project.
pub(super) fn requests(
    high: &HiArgs,
    change: &dyn Fn(&CheckRequest) -> CheckRequest,
) -> Vec<CheckRequest> {
    let cells = high.projects.iter().filter_map(|project| project.cells.first());
    cells.map(|cell| CheckRequest { facts: true, ..change(&cell.request) }).collect()
}

/// The facts of all projects.
pub(super) fn collected(outcomes: Vec<CheckOutcome>) -> Collected {
    let mut collected = Collected {
        distributions: outcomes.iter().map(|outcome| outcome.distributions.clone()).collect(),
        ..Collected::default()
    };
    for (number, outcome) in outcomes.into_iter().enumerate() {
        if !outcome.measurements.is_empty() {
            note(outcome.measurements.trim_end());
        }
        collected.modules.extend(outcome.facts);
        collected.failed |= outcome.internal_errors;
        collected.checked.extend(outcome.checked.into_iter().map(|path| (path, number)));
    }
    collected.modules.sort_by(|a, b| a.path.cmp(&b.path));
    collected
}

/// Reads the imports of all projects, and nothing else of their files.
pub(super) fn imports(
    high: &HiArgs,
    change: &dyn Fn(&CheckRequest) -> CheckRequest,
) -> anyhow::Result<Collected> {
    let mut collected = Collected::default();
    for (number, project) in high.projects.iter().enumerate() {
        let Some(cell) = project.cells.first() else { continue };
        for module in imports_of(&change(&cell.request), &|_| true)? {
            collected.checked.insert((&*module.path).into(), number);
            collected.modules.push(module);
        }
    }
    collected.modules.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(collected)
}

/// Lowers findings whose names other files of the projects mention.
pub(super) fn mentions(high: &HiArgs, found: &mut Vec<Found>) {
    let is_package = |each: &Found| each.finding.rule.name == unused_dependency::RULE.name;
    let (mut packages, mut others): (Vec<Found>, Vec<Found>) =
        std::mem::take(found).into_iter().partition(is_package);
    for (scope, found) in
        [(MentionScope::Packages, &mut packages), (MentionScope::Definitions, &mut others)]
    {
        let names: FxHashSet<String> = found
            .iter()
            .filter(|each| each.confidence > Confidence::Possible)
            .filter_map(|each| each.name.as_deref().map(str::to_owned))
            .collect();
        if !names.is_empty() {
            let rules = found.iter().map(|each| each.finding.rule.name).collect();
            let said = project::mentions(&outer_roots(high), &names, &rules, scope);
            apply_mentions(found, &said);
        }
    }
    found.append(&mut packages);
    found.append(&mut others);
}

/// The roots of the projects, but for those within others.
fn outer_roots(high: &HiArgs) -> Vec<PathBuf> {
    let mut roots: Vec<PathBuf> = Vec::new();
    for cell in high.projects.iter().filter_map(|project| project.cells.first()) {
        if !roots.iter().any(|root| cell.request.root.starts_with(root)) {
            roots.push(cell.request.root.clone());
        }
    }
    roots
}

/// The modules of distributions, as environments and configurations have them.
pub(super) fn distributions(high: &HiArgs, collected: &Collected) -> Distributions {
    let mut told = Distributions::new();
    for (number, project) in high.projects.iter().enumerate() {
        let known = collected.distributions.as_ref().and_then(|known| known.get(number));
        let found = || project.cells.first().map(|cell| installed(&cell.request));
        told.extend(known.cloned().or_else(found).unwrap_or_default());
        for (name, modules) in &project.options.audit.modules {
            told.insert(normal_name(name), modules.clone());
        }
    }
    told
}

/// The modules of the distributions in the environment of a project.
pub(super) fn installed(request: &CheckRequest) -> Distributions {
    match request.settings() {
        Ok((_, environment)) if environment.origin != EnvironmentOrigin::Path => {
            installed_modules(&environment.site_packages)
        }
        _ => Distributions::new(),
    }
}

/// What the documentation of the projects shows how to use.
pub(super) fn documented(high: &HiArgs) -> Vec<String> {
    project::documented(&outer_roots(high))
}

/// What the files of the projects declare, and what the flags ask for.
pub(super) fn settings(high: &HiArgs, args: &AuditArgs) -> AuditSettings {
    let mut settings = AuditSettings {
        keep: args.keep.clone(),
        exported: args.exported,
        ..AuditSettings::default()
    };
    for project in &high.projects {
        let Some(cell) = project.cells.first() else { continue };
        let root = &cell.request.root;
        let shown = shown_path(&high.working_directory, root);
        let prefix = if shown.is_empty() { shown } else { format!("{shown}/") };
        let mut manifest = read_manifest(root);
        let options = &project.options.audit;
        manifest.is_published = options.published.unwrap_or(manifest.is_published);
        settings.entry_points.extend(manifest.entry_points.iter().cloned());
        settings.entry_points.extend(options.entry_points.iter().cloned());
        let used = options.used_dependencies.iter().map(|name| normal_name(name));
        settings.used_dependencies.extend(used);
        settings.keep.extend(options.keep.iter().cloned());
        let conventions = options.conventions.clone();
        settings.projects.push(AuditProject { prefix, manifest, conventions });
    }
    settings
}
