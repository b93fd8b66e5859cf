//! Small maps as slices, up to which size.

use std::path::Path;

use anyhow::Result;
use rustc_hash::FxHashMap;

use super::{Claim, Verdict, bench, product};
use crate::rows::{Rows, Values};
use crate::statistics::median;

const SIZES: &[&str] = &["1", "2", "4", "8", "16", "32", "64", "128"];

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "small-maps",
    sentence: "Small maps are better kept as slices.",
    cells: |_| product(&["hash map", "sorted slice", "slice"], SIZES, &[1]),
    counts: false,
    run,
    judge,
};

/// Looks up keys that are there, and as many that are not.
fn run(variant: &str, subject: &str, _: usize, quick: bool) -> Result<Values> {
    let size: u32 = subject.parse()?;
    let key = |at: u32| at.wrapping_mul(0x9E37_79B9);
    let mut entries: Vec<(u32, u64)> = (0..size).map(|at| (key(2 * at), u64::from(at))).collect();
    let map: FxHashMap<u32, u64> = entries.iter().copied().collect();
    let asked = |at: usize| key(u32::try_from(at).unwrap_or(0).wrapping_mul(7) % (2 * size));
    let length = bench::length(quick) / 4;
    let (nanoseconds, bytes) = match variant {
        "hash map" => {
            let found = bench::per_step(length, |at| map.get(&asked(at)).copied());
            // Slots of 16 bytes and a byte of control each, in powers of two, 7/8 full at most.
            let slots = (map.len() * 8 / 7 + 1).next_power_of_two().max(4);
            (found, slots * 17 + 48)
        }
        "sorted slice" => {
            entries.sort_unstable();
            let find = |key| entries.binary_search_by_key(&key, |entry| entry.0);
            let found = bench::per_step(length, |at| find(asked(at)).map(|at| entries[at].1));
            (found, entries.len() * 16 + 16)
        }
        _ => {
            let find = |key| entries.iter().find(|entry| entry.0 == key).map(|entry| entry.1);
            (bench::per_step(length, |at| find(asked(at))), entries.len() * 16 + 16)
        }
    };
    let mut values = bench::one("ns", nanoseconds);
    values.insert("bytes".to_owned(), crate::jobs::count(bytes));
    Ok(values)
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let at = |variant: &str, size: &str, value| median(&rows.values(variant, size, 1, value));
    if at("slice", "1", "ns").is_nan() {
        return Ok(Verdict::not_measured());
    }
    let best = |size: &str| at("slice", size, "ns").min(at("sorted slice", size, "ns"));
    let last = SIZES.iter().rev().find(|size| best(size) <= at("hash map", size, "ns"));
    let figures: Vec<String> = SIZES
        .iter()
        .map(|size| {
            let ns = |variant| at(variant, size, "ns");
            format!("{size}: {:.1}/{:.1}/{:.1}", ns("slice"), ns("sorted slice"), ns("hash map"))
        })
        .collect();
    let bytes = |variant| at(variant, "4", "bytes");
    Ok(Verdict::new(
        last.map_or_else(
            || "does not hold for time; holds for memory".to_owned(),
            |size| format!("holds for time up to {size} entries, for memory always"),
        ),
        format!(
            "ns for a lookup, slice/sorted slice/hash map, by entries: {}. Bytes for four: {:.0} against {:.0}.",
            figures.join(", "),
            bytes("slice"),
            bytes("hash map")
        ),
    ))
}
