//! `ropewalk merge`: results of shards become one, and then everything is as after one run.
//!
//! Reports show source lines, baselines look at what is gone, and settings come from files: so results are merged where
//! the files are, and it is looked whether they are those that the shards have checked.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, bail};
use rayon::prelude::*;

use super::results;
use crate::cli::Exit;
use crate::cli::audit;
use crate::cli::check::{self, Findings};
use crate::cli::engine::{CheckOutcome, CheckRequest, list_files, shown_path};
use crate::cli::environment::Lookup;
use crate::cli::high::{HiArgs, resolve};
use crate::cli::low::{AuditCommand, CheckArgs, GlobalArgs, MergeArgs, OutputKind};
use crate::cli::output::{Stop, note};
use crate::cli::ready::Ready;
use crate::project::FilePath;
use crate::project::config::{probe, read_bytes, write_whole};
use crate::schedule::text_hash;
use crate::shard::found::Here;
use crate::shard::result::{CellResult, Kind, ShardResult, hash_text};
use crate::shard::times::Times;
use crate::shard::whole::{Whole, settings_difference, whole};
use crate::source;

/// Runs the command.
///
/// # Errors
/// When a result is missing, there twice or not of this run, or an output can't be written.
pub fn run(args: &MergeArgs, global: &GlobalArgs, lookup: Lookup<'_>) -> Result<Exit, Stop> {
    if args.output.outputs.iter().any(|(kind, _)| *kind == OutputKind::Shard) {
        return Err(
            anyhow::anyhow!("-o shard: `merge` reads results of shards and writes none").into()
        );
    }
    let started = Instant::now();
    let results = read_all(&args.results)?;
    let count = results.len();
    let merged = whole(results).map_err(anyhow::Error::msg)?;
    let command = command(&merged, args)?;
    let mut high = resolve(command.check_args(), global, lookup)?;
    if merged.cells.is_empty() {
        // The list of files that the shards were given was empty.
        high.projects.clear();
    }
    let times = args.write_shard_times.as_deref();
    if let Some(file) = times {
        let path = high.working_directory.join(file);
        probe(&path)
            .with_context(|| format!("--write-shard-times: cannot write {}", file.display()))?;
    }
    same_tree(&high, &command.requests(&high), &merged)?;
    if let Some(file) = times {
        write_times(&high, file, &merged.cells)?;
    }
    let here = Here::new(&high.working_directory);
    let outcomes: anyhow::Result<Vec<CheckOutcome>> =
        merged.cells.into_iter().map(|cell| results::outcome(cell, &here)).collect();
    let outcomes = outcomes?;
    if global.verbose > 0 {
        let seconds = started.elapsed().as_secs_f64();
        note(format!("{count} results read in {seconds:.2} s"));
    }
    match &command {
        Command::Check(check) => {
            Ready::new(check, &high)?;
            let found = check::findings(&high, outcomes, global.verbose);
            finish_check(check, &high, found)
        }
        Command::Audit(audit) => audit::answer_merged(audit, &high, outcomes),
    }
}

fn finish_check(args: &CheckArgs, high: &HiArgs, found: Findings) -> Result<Exit, Stop> {
    if high.presentation.quiet == 0 {
        found.warnings.iter().for_each(crate::cli::output::warn);
    }
    check::finish_found(args, high, found)
}

/// What the shards ran, with the outputs and baselines of `merge`.
enum Command {
    Check(Box<CheckArgs>),
    Audit(Box<AuditCommand>),
}

impl Command {
    fn check_args(&self) -> &CheckArgs {
        match self {
            Self::Check(check) => check,
            Self::Audit(audit) => &audit.asked().1.check,
        }
    }

    /// What the engines of the shards were asked.
    fn requests<'h>(&self, high: &'h HiArgs) -> Vec<&'h CheckRequest> {
        let cells = high.projects.iter().flat_map(|project| match self {
            Self::Check(_) => &project.cells[..],
            Self::Audit(_) => &project.cells[..1],
        });
        cells.map(|cell| &cell.request).collect()
    }
}

fn command(merged: &Whole, args: &MergeArgs) -> anyhow::Result<Command> {
    let read = "the flags in the results can't be read";
    let command = merged.run.command.clone();
    let complete = |check: &mut CheckArgs| {
        check.output = args.output.clone();
        check.baseline = args.baseline.clone();
    };
    Ok(match merged.kind {
        Kind::Check => {
            let mut check: CheckArgs = serde_json::from_value(command).context(read)?;
            complete(&mut check);
            Command::Check(Box::new(check))
        }
        Kind::Audit => {
            let mut audit: AuditCommand = serde_json::from_value(command).context(read)?;
            complete(&mut audit.args.check);
            if let Some(question) = &mut audit.question {
                complete(&mut question.args_mut().check);
            }
            Command::Audit(Box::new(audit))
        }
    })
}

fn read_all(files: &[std::path::PathBuf]) -> anyhow::Result<Vec<(String, ShardResult)>> {
    let read = |file: &std::path::PathBuf| {
        let name = file.display().to_string();
        let bytes = read_bytes(file).with_context(|| format!("cannot read {name}"))?;
        let result = ShardResult::parse(&bytes);
        Ok((name.clone(), result.map_err(|error| anyhow::anyhow!("{name}: {error}"))?))
    };
    files.par_iter().map(read).collect()
}

/// The projects and files here must be those that the shards have checked.
fn same_tree(high: &HiArgs, requests: &[&CheckRequest], merged: &Whole) -> anyhow::Result<()> {
    let hint = "merge where the shards ran, on the same revision";
    if let Some(words) = settings_difference(&merged.run.settings, &results::settings(high)) {
        bail!("the results are not of what is here: {words}; {hint}");
    }
    if merged.cells.len() != requests.len() {
        bail!("the results are not of what is here: there are other projects; {hint}");
    }
    for (cell, request) in merged.cells.iter().zip(requests) {
        if let Some(words) = changed(&high.working_directory, request, cell)? {
            bail!("the results are stale: {words}; {hint}");
        }
    }
    Ok(())
}

/// A file of a request that is not as the shards have seen it.
fn changed(
    here: &Path,
    request: &CheckRequest,
    cell: &CellResult,
) -> anyhow::Result<Option<String>> {
    let mut known: Vec<(&str, &str)> =
        cell.files.iter().map(|file| (&*file.path, &*file.hash)).collect();
    known.sort_unstable();
    let files = list_files(request)?;
    let mut there: Vec<String> = files.iter().map(|file| shown_path(here, file)).collect();
    there.sort_unstable();
    let is_known =
        |path: &&String| known.binary_search_by_key(&path.as_str(), |file| file.0).is_err();
    if let Some(path) = there.iter().find(is_known) {
        return Ok(Some(format!("{path} is new")));
    }
    let found = known.par_iter().find_map_first(|&(path, hash)| {
        if there.binary_search_by(|other| other.as_str().cmp(path)).is_err() {
            return Some(format!("{path} is gone"));
        }
        let file = FilePath::Disk(here.join(path));
        // A file that can't be read has no hash, here and there.
        let now = source::read(&file).map_or(0, |text| text_hash(text.text()));
        (hash_text(now) != hash).then(|| format!("{path} has changed"))
    });
    Ok(found)
}

fn write_times(high: &HiArgs, file: &Path, cells: &[CellResult]) -> anyhow::Result<()> {
    let files = cells.iter().flat_map(|cell| &cell.files);
    let times = Times::of(files.map(|file| (&*file.path, file.work)));
    write_whole(&high.working_directory.join(file), times.to_text().as_bytes())
        .with_context(|| format!("cannot write {}", file.display()))
}
