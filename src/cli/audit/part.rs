//! The audit in parts: each shard leaves its facts behind, and `merge` asks the questions.

use anyhow::bail;

use super::collect;
use crate::cli::engine::{CheckOutcome, CheckRequest, Progress, imports_of};
use crate::cli::high::HiArgs;
use crate::cli::low::{AskedQuestion, AuditCommand, AuditQuestion};
use crate::cli::output::{Stop, note};
use crate::cli::progress::{Bar, Silent};
use crate::cli::shards::Part;

/// Gathers the facts of a part and writes them.
///
/// # Errors
/// When the command is not one for parts, an environment is wrong, or the result can't be written.
pub(super) fn run(high: &HiArgs, command: &AuditCommand, part: &Part) -> Result<(), Stop> {
    refuse(command, high, part)?;
    let (questions, _) = command.asked();
    let more_facts = super::more_facts(command);
    let change = |request: &CheckRequest| CheckRequest { more_facts, ..request.clone() };
    let requests = collect::requests(high, &change);
    let (mut outcomes, plan) = if questions.iter().any(|question| question.needs_types()) {
        let bar = high.presentation.progress.then(Bar::new);
        let progress: &dyn Progress = bar.as_ref().map_or(&Silent as &dyn Progress, |bar| bar);
        let result = part.run(&requests, progress);
        if let Some(bar) = &bar {
            bar.finish();
        }
        result?
    } else {
        let plan = part.plan(&requests)?;
        let imports = |(at, request): (usize, &CheckRequest)| -> anyhow::Result<CheckOutcome> {
            let facts = imports_of(request, &|path| plan.owns(at, path))?;
            let checked = facts.iter().map(|module| (&*module.path).into()).collect();
            Ok(CheckOutcome { facts, checked, ..CheckOutcome::default() })
        };
        let outcomes: anyhow::Result<Vec<CheckOutcome>> =
            requests.iter().enumerate().map(imports).collect();
        (outcomes?, plan)
    };
    for (outcome, request) in outcomes.iter_mut().zip(&requests) {
        if !outcome.measurements.is_empty() {
            note(outcome.measurements.trim_end());
        }
        if questions.contains(&AuditQuestion::Dependencies) {
            outcome.distributions = Some(collect::installed(request));
        }
    }
    part.write(high, &mut outcomes, &plan)
}

fn refuse(command: &AuditCommand, high: &HiArgs, part: &Part) -> anyhow::Result<()> {
    let (_, args) = command.asked();
    if !part.is_written() || !high.presentation.files.is_empty() {
        bail!(
            "--shard: a part of the facts answers no question; write it with -o shard:FILE and `merge`"
        );
    }
    if args.remove {
        bail!("--remove changes files, and a shard sees only some of them: leave one of them out");
    }
    let compares = match &command.question {
        Some(AskedQuestion::Api(args)) => args.since.is_some(),
        Some(AskedQuestion::Types(args)) => args.since.is_some(),
        _ => false,
    };
    if compares {
        bail!("--since compares two whole runs, and a shard is none: leave one of them out");
    }
    Ok(())
}
