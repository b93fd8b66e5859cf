//! Reference counts of hot types contend.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;

use super::{Claim, Verdict, bench, product};
use crate::rows::{Rows, Values};
use crate::statistics::median;

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "reference-counts",
    sentence: "Reference counts of hot types contend.",
    cells: |_| product(&["arc", "own arc", "handle"], &["clone"], &[1, 2, 8]),
    counts: false,
    run,
    judge,
};

fn run(variant: &str, _: &str, threads: usize, quick: bool) -> Result<Values> {
    let length = bench::length(quick);
    let shared = Arc::new(7_u64);
    let own: Vec<Box<Arc<u64>>> = (0..threads).map(|_| Box::new(Arc::new(7))).collect();
    let handle = 7_u64;
    let nanoseconds = match variant {
        "arc" => bench::on_threads(threads, length, |_, _| drop(Arc::clone(&shared))),
        "own arc" => bench::on_threads(threads, length, |thread, _| drop(Arc::clone(&own[thread]))),
        _ => bench::on_threads(threads, length, |_, _| std::hint::black_box(handle)),
    };
    Ok(bench::one("ns", nanoseconds))
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let at = |variant: &str, threads| median(&rows.values(variant, "clone", threads, "ns"));
    if at("arc", 2).is_nan() {
        return Ok(Verdict::not_measured());
    }
    let contends = at("arc", 2) > 1.5 * at("own arc", 2);
    let figures = format!(
        "A clone and a drop of one shared `Arc`: {:.1} ns on one thread, {:.1} on two, {:.1} on eight (of its own \
         `Arc`: {:.1}, {:.1}, {:.1}); copying a handle: {:.1} ns.",
        at("arc", 1),
        at("arc", 2),
        at("arc", 8),
        at("own arc", 1),
        at("own arc", 2),
        at("own arc", 8),
        at("handle", 2),
    );
    Ok(Verdict::new(if contends { "holds" } else { "does not hold here" }, figures))
}
