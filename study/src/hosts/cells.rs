//! Ours: the shipped engine, through the library.

use anyhow::Result;
use ropewalk::rules::Diagnostic;
use ropewalk::schedule::{self, Measurements};

use crate::jobs::{Check, order};
use crate::project;

/// Checks a tree cold.
pub fn check(check: &Check) -> Result<(Vec<Diagnostic>, Measurements)> {
    let mut request = project::request(&check.root, check.threads)?;
    request.order = order(&check.order);
    request.instruments.trace = check.trace.is_some();
    request.instruments.memory = check.counts;
    request.hooks.shuffle = check.shuffle;
    let outcome = schedule::run(&[request], &|_| {}).pop().unwrap_or_default();
    Ok((outcome.diagnostics, outcome.measurements))
}
