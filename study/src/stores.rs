//! Our engine with each order of work, owner of arenas and directory.
//!
//! What is counted (waits, lost races, types written twice, trees made again) is counted at 1, 2, 8 and 16 threads,
//! on however many cores there are; time is taken at the threads of the run alone.

use anyhow::{Result, ensure};

use crate::jobs::{Check, Job};
use crate::plan::{Cell, Plan};
use crate::trees::Tree;

/// The orders of work.
pub const ORDERS: &[&str] = &["two-phase", "overlapped", "mixed"];
/// The owners of arenas.
pub const ARENAS: &[&str] = &["module", "worker", "both"];
/// The directories.
pub const DIRECTORIES: &[&str] = &["flurry", "papaya", "dashmap", "scc", "locked"];

/// See the module's documentation.
pub fn run(plan: &Plan) -> Result<()> {
    let is_named = |tree: &&Tree| plan.store_tree.as_ref().is_some_and(|name| *name == tree.name);
    let named = plan.trees.iter().find(is_named);
    let Some(tree) = named.or_else(|| plan.trees.iter().max_by_key(|tree| tree.lines)) else {
        return Ok(());
    };
    let cell = |order: &str, arenas: &str, directory: &str, threads: usize, counts: bool| Cell {
        variant: format!("{order}/{arenas}/{directory}"),
        subject: tree.name.clone(),
        threads,
        input: tree.input.clone(),
        job: Job::Check(Check {
            host: "cells".to_owned(),
            root: tree.root.clone(),
            threads,
            order: order.to_owned(),
            arenas: arenas.to_owned(),
            directory: directory.to_owned(),
            counts,
            ..Check::default()
        }),
    };
    let mut counted = Vec::new();
    let mut timed = Vec::new();
    for order in ORDERS {
        for arenas in ARENAS {
            let threads: &[usize] = if plan.quick { &[1, 8] } else { &[1, 2, 8, 16] };
            counted.extend(threads.iter().map(|&n| cell(order, arenas, "flurry", n, true)));
            timed.push(cell(order, arenas, "flurry", plan.threads, false));
        }
    }
    for directory in &DIRECTORIES[1..] {
        timed.push(cell("two-phase", "module", directory, plan.threads, false));
    }
    let counted = plan.interleave("stores-counts", 1, &counted)?;
    let timed = plan.interleave("stores", plan.rounds, &timed)?;
    let outputs = counted.0.iter().chain(&timed.0).map(|row| &row.output);
    let mut outputs: Vec<&String> = outputs.collect();
    outputs.dedup();
    ensure!(outputs.len() == 1, "the variants do not find the same");
    Ok(())
}
