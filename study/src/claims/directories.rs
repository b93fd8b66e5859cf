//! A lock-free directory answers sooner than one with locks, when many ask it.

use std::hint::black_box;
use std::path::Path;

use anyhow::{Context, Result};
use ropewalk::store::Directory;
use ropewalk::store::variants::{Chosen, DirectoryKind};

use super::{Claim, Verdict, bench, product};
use crate::rows::{Rows, Values};
use crate::statistics::median;

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "directories",
    sentence: "A lock-free directory of arenas answers sooner than one with locks.",
    cells: |_| {
        let kinds: Vec<&str> = DirectoryKind::ALL.iter().map(|kind| kind.1).collect();
        product(&kinds, &["hot", "any", "insert"], &[1, 2, 8])
    },
    counts: false,
    run,
    judge,
};

/// Arenas in the directory: modules of a large run.
const ARENAS: u32 = 9_000;

/// Asks for one arena again and again, for any of them, or for new ones.
fn run(variant: &str, subject: &str, threads: usize, quick: bool) -> Result<Values> {
    let kind = DirectoryKind::ALL.iter().find(|kind| kind.1 == variant).context("a directory")?.0;
    kind.choose();
    let directory: Chosen<u64> = Chosen::default();
    for number in 0..ARENAS {
        directory.get_or_insert(number, || u64::from(number));
    }
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let step = |thread: usize, at: usize| match subject {
        "hot" => directory.get(7).copied(),
        "any" => directory.get(number(at * 7_919 + thread * 31) % ARENAS).copied(),
        // Ten times as many as there were, then those again.
        _ => {
            let fresh = ARENAS + number(at) % (10 * ARENAS);
            Some(*directory.get_or_insert(fresh, || 1))
        }
    };
    let length = bench::length(quick);
    let mean = bench::on_threads(threads, length, step);
    // Once more, each step timed: for what a mean does not say.
    let mut values = bench::beside(
        length,
        |at| step(0, at),
        threads - 1,
        |t, at| {
            black_box(step(t + 1, at));
        },
    );
    values.insert("ns".to_owned(), mean);
    Ok(values)
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let at = |map: &str, subject: &str, threads, value| {
        median(&rows.values(map, subject, threads, value))
    };
    if at("flurry", "hot", 1, "ns").is_nan() {
        return Ok(Verdict::not_measured());
    }
    let maps: Vec<&str> = DirectoryKind::ALL.iter().map(|kind| kind.1).collect();
    let line = |subject: &str, threads: usize| {
        let of = |map: &&str| {
            let (mean, p99) = (at(map, subject, threads, "ns"), at(map, subject, threads, "p99"));
            format!("{map} {mean:.0}/{p99:.0}")
        };
        let maps: Vec<String> = maps.iter().map(of).collect();
        format!("{subject}, {threads} threads: {}", maps.join(", "))
    };
    let sooner = |subject: &str| {
        let of = |map: &&&str| at(map, subject, 2, "ns");
        let free = ["flurry", "papaya"].iter().map(|map| of(&map)).fold(f64::INFINITY, f64::min);
        let locked = ["dashmap", "scc", "locked"].iter().map(|map| of(&map));
        free < locked.fold(f64::INFINITY, f64::min)
    };
    let verdict = match (sooner("hot"), sooner("any")) {
        (true, true) => "holds on two threads".to_owned(),
        (true, false) => "holds for a hot arena".to_owned(),
        (false, true) => "holds but for a hot arena".to_owned(),
        (false, false) => "does not hold on two threads".to_owned(),
    };
    let lines: Vec<String> = ["hot", "any", "insert"]
        .iter()
        .flat_map(|subject| [1, 2, 8].map(|threads| line(subject, threads)))
        .collect();
    let figures = format!("ns, mean/p99 (with the clock, about 25 ns): {}.", lines.join("; "));
    Ok(Verdict::new(verdict, figures))
}
