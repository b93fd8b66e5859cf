//! Ordered sets for the members of unions, against slices, by size.

use std::path::Path;

use anyhow::Result;
use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use super::{Claim, Verdict, bench, product};
use crate::rows::{Rows, Values};
use crate::statistics::median;

const SIZES: &[&str] = &["2", "4", "8", "16", "32", "64", "128", "256"];

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "ordered-sets",
    sentence: "Unions are better kept in ordered sets than in slices.",
    cells: |_| product(&["ordered set", "slice"], SIZES, &[1]),
    counts: false,
    run,
    judge,
};

/// Builds a union of so many members, each of which comes twice.
fn run(variant: &str, subject: &str, _: usize, quick: bool) -> Result<Values> {
    let size: u64 = subject.parse()?;
    // As handles are: alike at the top, different below.
    let member = |at: u64| (3_u64 << 56) | (at % size).wrapping_mul(0x9E37_79B9);
    let length = bench::length(quick) / 4;
    let nanoseconds = match variant {
        "slice" => bench::per_step(length, |_| {
            let mut members: Vec<u64> = Vec::new();
            for at in 0..2 * size {
                if !members.contains(&member(at)) {
                    members.push(member(at));
                }
            }
            members.into_boxed_slice()
        }),
        _ => bench::per_step(length, |_| {
            let mut members: IndexSet<u64, FxBuildHasher> = IndexSet::default();
            for at in 0..2 * size {
                members.insert(member(at));
            }
            members
        }),
    };
    Ok(bench::one("ns", nanoseconds))
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let at = |variant: &str, size: &str| median(&rows.values(variant, size, 1, "ns"));
    let wins = |size: &&&str| at("ordered set", size) < at("slice", size);
    if at("slice", "2").is_nan() {
        return Ok(Verdict::not_measured());
    }
    let figures: Vec<String> = SIZES
        .iter()
        .map(|size| format!("{size}: {:.0}/{:.0}", at("slice", size), at("ordered set", size)))
        .collect();
    let verdict = SIZES.iter().find(wins).map_or_else(
        || "does not hold up to 256 members".to_owned(),
        |size| format!("holds from {size} members on"),
    );
    let figures =
        format!("ns to build a union, slice/ordered set, by members: {}.", figures.join(", "));
    Ok(Verdict::new(verdict, figures))
}
