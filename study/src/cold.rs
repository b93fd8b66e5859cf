//! Cold runs: the same trees on each engine, one process a run.

use anyhow::{Result, ensure};

use crate::jobs::{Check, Job};
use crate::plan::{Cell, Plan};

/// The engines, ours first.
pub const HOSTS: &[&str] = &[
    "cells",
    "cells-no-relations",
    "salsa-plain",
    "salsa-tuned",
    "salsa-relations",
    "salsa-batch",
];

/// See the module's documentation.
pub fn run(plan: &Plan) -> Result<()> {
    let mut cells = Vec::new();
    for tree in &plan.trees {
        for host in HOSTS {
            cells.push(cell(tree, host, plan.threads, false));
        }
    }
    plan.interleave("cold", plan.rounds, &cells)?;
    // What is counted by walking over everything is counted in runs that are not timed.
    let counted: Vec<Cell> = plan
        .trees
        .iter()
        .flat_map(|tree| HOSTS.iter().map(|host| cell(tree, host, plan.threads, true)))
        .collect();
    let rows = plan.interleave("counts", 1, &counted)?;
    for row in &rows.0 {
        ensure!(!row.output.is_empty(), "a run gave nothing");
    }
    Ok(())
}

fn cell(tree: &crate::trees::Tree, host: &str, threads: usize, counts: bool) -> Cell {
    Cell {
        variant: host.to_owned(),
        subject: tree.name.clone(),
        threads,
        input: tree.input.clone(),
        job: Job::Check(Check {
            host: host.to_owned(),
            root: tree.root.clone(),
            threads,
            counts,
            ..Check::default()
        }),
    }
}
