//! Ours: the shipped engine, through the library.

use std::path::Path;

use anyhow::Result;
use ropewalk::rules::Diagnostic;
use ropewalk::schedule::{self, Measurements, Order};

use crate::project;

/// Checks a tree cold.
pub fn check(
    root: &Path,
    threads: usize,
    order: Order,
    trace: bool,
) -> Result<(Vec<Diagnostic>, Measurements)> {
    let mut request = project::request(root, threads)?;
    request.order = order;
    request.instruments.trace = trace;
    let outcome = schedule::run(&[request], &|_| {}).pop().unwrap_or_default();
    Ok((outcome.diagnostics, outcome.measurements))
}
