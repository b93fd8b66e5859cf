//! `--shard K/N`, `-o shard:FILE` and `merge`: a run in parts, and its parts made one.
//!
//! A shard's result holds what engines give, before anything is decided about it; `merge` gives that to the same code
//! that follows on a whole run. So there is one place for baselines, matrices, counts and reports.

mod estimate;
pub mod merge;
mod part;
mod results;

use std::path::PathBuf;

use anyhow::{Context, bail};
use serde::Serialize;
use serde_json::Value;

use super::engine::{CheckOutcome, CheckRequest, Progress};
use super::high::HiArgs;
use super::low::CheckArgs;
use super::output::{Stop, note, to_stdout};
use crate::project::config::{probe, read_text, write_whole};
use crate::report::counted;
use crate::shard::Shard;
use crate::shard::result::Kind;
use crate::shard::times::Times;

pub use part::Plan;

/// The part of a run that the flags ask for.
pub struct Part {
    shard: Shard,
    times: Times,
    kind: Kind,
    /// The command with its flags, as a result says it.
    command: Value,
    /// Where the result goes.
    targets: Vec<PathBuf>,
}

impl Part {
    /// What the flags ask for; `None` if that is a run like any other.
    ///
    /// # Errors
    /// When they ask for what no part can give, or name a file that can't be used.
    pub fn new(
        args: &CheckArgs,
        high: &HiArgs,
        kind: Kind,
        command: &impl Serialize,
    ) -> anyhow::Result<Option<Self>> {
        let targets = high.presentation.results.clone();
        if args.shards.shard.is_none() && targets.is_empty() {
            return Ok(None);
        }
        refuse(args)?;
        for file in targets.iter().filter(|file| file.as_os_str() != "-") {
            let path = high.working_directory.join(file);
            probe(&path).with_context(|| format!("-o: cannot write {}", file.display()))?;
        }
        let command = serde_json::to_value(command).context("the flags")?;
        let shard = args.shards.shard.unwrap_or(Shard::ONLY);
        Ok(Some(Self { shard, times: times(args, high)?, kind, command, targets }))
    }

    /// Whether the result is written, for somebody who puts it together with others.
    #[must_use]
    pub fn is_written(&self) -> bool {
        !self.targets.is_empty()
    }

    /// Checks the part, and says what of all that it is.
    ///
    /// # Errors
    /// As for any run.
    pub fn run(
        &self,
        requests: &[CheckRequest],
        progress: &dyn Progress,
    ) -> anyhow::Result<(Vec<CheckOutcome>, Plan)> {
        part::run(requests, self, progress)
    }

    /// What of all the part is, without checking it.
    ///
    /// # Errors
    /// As for any run.
    pub fn plan(&self, requests: &[CheckRequest]) -> anyhow::Result<Plan> {
        part::plan(requests, self)
    }

    /// Writes the result, with the facts taken out of the outcomes.
    ///
    /// # Errors
    /// When a file can't be written.
    pub fn write(
        &self,
        high: &HiArgs,
        outcomes: &mut [CheckOutcome],
        plan: &Plan,
    ) -> Result<(), Stop> {
        if !self.is_written() {
            return Ok(());
        }
        let files: usize = outcomes.iter().map(|outcome| outcome.checked.len()).sum();
        let result = results::result(self, high, outcomes, plan);
        for file in &self.targets {
            let is_compressed = file.extension().is_some_and(|kind| kind == "zst");
            let bytes = if is_compressed { result.to_compressed() } else { result.to_bytes() };
            let bytes = bytes.map_err(|error| anyhow::anyhow!("the result: {error}"))?;
            if file.as_os_str() == "-" {
                to_stdout(|out| out.write_all(&bytes))?;
                continue;
            }
            write_whole(&high.working_directory.join(file), &bytes)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        if high.presentation.quiet == 0 {
            let (shard, files) = (self.shard, counted(files, "file"));
            note(match self.kind {
                Kind::Check => {
                    let found = outcomes.iter().map(|outcome| outcome.diagnostics.len()).sum();
                    format!("shard {shard}: {} in {files}", counted(found, "finding"))
                }
                Kind::Audit => format!("shard {shard}: facts of {files}"),
            });
        }
        Ok(())
    }
}

/// What a part can't say is left to the whole.
fn refuse(args: &CheckArgs) -> anyhow::Result<()> {
    if args.files.changed_since.is_some() {
        bail!(
            "--changed-since compares two whole runs, and a shard is none: leave one of them out"
        );
    }
    let baseline = &args.baseline;
    let flags = [
        ("--update-baseline", baseline.update_baseline),
        ("--prune-baseline", baseline.prune_baseline),
        ("--error-stale-baseline", baseline.error_stale_baseline),
    ];
    match flags.iter().find(|(_, is_set)| *is_set) {
        Some((flag, _)) => bail!("{flag} needs all findings: give it to `merge`"),
        None => Ok(()),
    }
}

/// The times that parts are balanced by.
fn times(args: &CheckArgs, high: &HiArgs) -> anyhow::Result<Times> {
    let Some(file) = &args.shards.shard_times else { return Ok(Times::default()) };
    let shown = file.display();
    let text = read_text(&high.working_directory.join(file))
        .with_context(|| format!("--shard-times: {shown}"))?;
    let text = text.with_context(|| format!("--shard-times: {shown}: no such file"))?;
    Times::parse(&text).map_err(|error| anyhow::anyhow!("--shard-times: {shown}: {error}"))
}

/// `--shards auto:SECONDS`: prints how many shards it takes.
///
/// # Errors
/// When an environment or a file is wrong.
pub fn estimate(args: &CheckArgs, high: &HiArgs, seconds: u32) -> Result<(), Stop> {
    let times = times(args, high)?;
    let cells = high.projects.iter().flat_map(|project| &project.cells);
    let requests: Vec<CheckRequest> = cells.map(|cell| cell.request.clone()).collect();
    let estimate = estimate::estimate(&requests, &times, seconds)?;
    if high.presentation.quiet == 0 {
        note(&estimate.words);
    }
    to_stdout(|out| writeln!(out, "{}", estimate.shards))
}
