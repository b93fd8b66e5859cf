//! The public types of a module's names are worth a query of their own.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};

use super::{Claim, Verdict};
use crate::hosts::salsa::{Project, Tuning};
use crate::machine;
use crate::rows::{Rows, Values};
use crate::statistics::ratio;

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "public-types",
    sentence: "The public types of a module's names are worth a query.",
    cells: |plan| {
        let tree = plan.trees.iter().max_by_key(|tree| tree.lines.min(300_000));
        let name = tree.map(|tree| tree.name.clone()).unwrap_or_default();
        super::product(&["query", "computed"], &[name.as_str()], &[plan.threads])
    },
    counts: false,
    run,
    judge,
};

/// A cold check, and one after a comment at the end of the module that most import.
fn run(variant: &str, subject: &str, threads: usize, _: bool) -> Result<Values> {
    let tuning = if variant == "query" { Tuning::Tuned } else { Tuning::WithoutMembers };
    let mut project = Project::load(Path::new(subject), threads, tuning)?;
    project.check();
    let mut values = super::bench::one("cpu", machine::cpu());
    values.insert("peak".to_owned(), machine::peak_megabytes());
    let files = project.by_importers();
    let core = &files.last().context("a checked module")?.0;
    let (start, before) = (Instant::now(), machine::cpu());
    // The version alone: the tree on the disk stays as it is.
    project.touch(core)?;
    project.recheck();
    values.insert("warm cpu".to_owned(), machine::cpu() - before);
    values.insert("warm wall".to_owned(), start.elapsed().as_secs_f64());
    std::mem::forget(project);
    Ok(values)
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let Some(row) = rows.0.first() else { return Ok(Verdict::not_measured()) };
    let of = |variant: &str, value| rows.values(variant, &row.subject, row.threads, value);
    let cold = ratio(&of("computed", "cpu"), &of("query", "cpu"));
    let warm = ratio(&of("computed", "warm cpu"), &of("query", "warm cpu"));
    let tree = crate::jobs::name_of(Path::new(&row.subject));
    let figures = format!(
        "Without the query, on {tree}: cold {:.2} ({:.2}–{:.2}) times the CPU time, after the module that most import was \
         touched {:.2} ({:.2}–{:.2}) times.",
        cold.median, cold.low, cold.high, warm.median, warm.low, warm.high
    );
    let verdict = match (cold.low > 1.0, warm.low > 1.0) {
        (true, true) => "holds",
        (true, false) => "holds cold",
        (false, true) => "holds after edits",
        (false, false) => "does not hold here",
    };
    Ok(Verdict::new(verdict, figures))
}
