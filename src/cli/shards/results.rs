//! What engines give, as results of shards; and back.

use std::sync::Arc;

use anyhow::Context;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::{Part, Plan};
use crate::cli::engine::{CheckOutcome, shown_path};
use crate::cli::high::HiArgs;
use crate::shard::found::{Found, Here};
use crate::shard::result::{CellResult, CheckedFor, FileResult, Run, ShardResult, hash_text};

/// The result of a part.
pub fn result(
    part: &Part,
    high: &HiArgs,
    outcomes: &mut [CheckOutcome],
    plan: &Plan,
) -> ShardResult {
    let here = Here::new(&high.working_directory);
    let outcomes = outcomes.iter_mut().enumerate();
    let cells = outcomes.map(|(request, outcome)| cell(request, outcome, plan, &here));
    let run = Run {
        command: part.command.clone(),
        settings: settings(high),
        tree: plan.tree.clone(),
        packages: plan.packages.clone(),
        partition: plan.partition.clone(),
        files: plan.files,
    };
    ShardResult::new(part.kind, (part.shard.number, part.shard.of), run, cells.collect())
}

fn cell(request: usize, outcome: &mut CheckOutcome, plan: &Plan, here: &Here) -> CellResult {
    let facts = std::mem::take(&mut outcome.facts);
    let outcome = &*outcome;
    let work: FxHashMap<&str, u64> =
        outcome.ticks.iter().map(|(path, ticks)| (&**path, *ticks)).collect();
    let file = |path: &Arc<str>| {
        let hash = plan.hashes.get(&(request, Arc::clone(path))).copied().unwrap_or_default();
        FileResult {
            path: path.to_string(),
            hash: hash_text(hash),
            work: work.get(&**path).copied().unwrap_or_default(),
        }
    };
    CellResult {
        checked_for: CheckedFor {
            python: outcome.python.clone(),
            python_origin: outcome.python_origin.clone(),
            platform: outcome.platform.clone(),
            environment: here.without(&outcome.environment),
            has_environment: outcome.has_environment,
            environment_is_sure: outcome.environment_is_sure,
        },
        notes: outcome.notes.iter().map(|note| here.without(note)).collect(),
        internal_errors: outcome.internal_errors,
        files: outcome.checked.iter().map(file).collect(),
        diagnostics: outcome.diagnostics.iter().map(|found| Found::of(found, here)).collect(),
        facts,
        distributions: outcome.distributions.clone(),
    }
}

/// What came out of all shards, as one run here would have given it.
///
/// # Errors
/// When a result names what there is not.
pub fn outcome(cell: CellResult, here: &Here) -> anyhow::Result<CheckOutcome> {
    let mut checked: Vec<Arc<str>> = cell.files.iter().map(|file| Arc::from(&*file.path)).collect();
    checked.sort_unstable();
    let diagnostics: Result<Vec<_>, String> =
        cell.diagnostics.into_iter().map(|found| found.diagnostic(here)).collect();
    let mut notes: Vec<String> = cell.notes.into_iter().map(|note| here.within(note)).collect();
    notes.sort();
    notes.dedup();
    Ok(CheckOutcome {
        diagnostics: diagnostics.map_err(anyhow::Error::msg).context("a result")?,
        checked,
        ticks: Vec::new(),
        environment: here.within(cell.checked_for.environment),
        has_environment: cell.checked_for.has_environment,
        environment_is_sure: cell.checked_for.environment_is_sure,
        python: cell.checked_for.python,
        python_origin: cell.checked_for.python_origin,
        platform: cell.checked_for.platform,
        notes,
        internal_errors: cell.internal_errors,
        facts: cell.facts,
        distributions: cell.distributions,
        measurements: String::new(),
    })
}

/// The settings of the projects by their folders, but for what decides about no finding.
pub fn settings(high: &HiArgs) -> Value {
    let mut settings = Map::new();
    for project in &high.projects {
        let mut options = project.options.clone();
        options.analysis.threads = None;
        options.terminal = Default::default();
        let mut value = serde_json::to_value(&options).unwrap_or_default();
        if let (Some(entries), Some(file)) = (value.as_object_mut(), &project.config_file) {
            let shown = shown_path(&high.working_directory, file);
            entries.insert("configuration-file".to_owned(), shown.into());
        }
        settings.insert(project.shown_root.clone(), value);
    }
    Value::Object(settings)
}
