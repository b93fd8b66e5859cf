//! Claims that whole runs decide: judged by the rows of the experiments `cold`, `counts` and `stores`.

use std::path::Path;

use anyhow::Result;

use super::{Claim, Verdict, no_cells, no_run};
use crate::rows::{Row, Rows};
use crate::statistics::ratio;

/// Judgements of relations, remembered by the fingerprints of both types.
pub const JUDGEMENTS: Claim = Claim {
    name: "judgements",
    sentence: "Remembered judgements (is this assignable to that) pay.",
    cells: no_cells,
    counts: false,
    run: no_run,
    judge: judgements,
};

/// Write rights by smaller parts than a module.
pub const FINER_LOCKS: Claim = Claim {
    name: "finer-locks",
    sentence: "Finer locks in a module's store pay.",
    cells: no_cells,
    counts: false,
    run: no_run,
    judge: finer_locks,
};

/// The order of work of the shipped engine.
pub const TWO_PHASES: Claim = Claim {
    name: "two-phases",
    sentence: "Bodies before functions lowers write contention.",
    cells: no_cells,
    counts: false,
    run: no_run,
    judge: two_phases,
};

/// What Salsa keeps for itself.
pub const METADATA: Claim = Claim {
    name: "metadata",
    sentence: "In Salsa the metadata are larger than the data.",
    cells: no_cells,
    counts: false,
    run: no_run,
    judge: metadata,
};

fn judgements(_: &Rows, results: &Path) -> Result<Verdict> {
    let rows = Rows::read(results, "cold")?;
    let mut figures = Vec::new();
    let (mut pays, mut all) = (0, 0);
    for tree in rows.distinct(|row| row.subject.clone()) {
        for threads in rows.distinct(|row| row.threads) {
            let of = |host: &str| rows.values(host, &tree, threads, "cpu");
            let found = ratio(&of("cells-no-relations"), &of("cells"));
            all += 1;
            pays += usize::from(found.low > 1.0);
            figures
                .push(format!("{tree} {:.2} ({:.2}–{:.2})", found.median, found.low, found.high));
        }
    }
    if figures.is_empty() {
        return Ok(Verdict::not_measured());
    }
    let verdict = match pays {
        0 => "does not hold".to_owned(),
        pays if pays == all => "holds".to_owned(),
        pays => format!("holds on {pays} of {all} trees"),
    };
    let figures = format!(
        "CPU time without them, as a multiple of that with them: {}. On Salsa, where they are queries with a key and edges: {}.",
        figures.join(", "),
        as_queries(&rows).join(", ")
    );
    Ok(Verdict::new(verdict, figures))
}

/// What judgements as queries save of a database's CPU time, by trees.
fn as_queries(rows: &Rows) -> Vec<String> {
    let mut figures = Vec::new();
    for tree in rows.distinct(|row| row.subject.clone()) {
        for threads in rows.distinct(|row| row.threads) {
            let of = |host: &str| rows.values(host, &tree, threads, "cpu");
            if of("salsa-relations").is_empty() {
                continue;
            }
            let found = ratio(&of("salsa-tuned"), &of("salsa-relations"));
            figures
                .push(format!("{tree} {:.2} ({:.2}–{:.2})", found.median, found.low, found.high));
        }
    }
    figures
}

/// A count of a run, both phases together.
pub fn both(row: &Row, name: &str) -> f64 {
    ["bodies", "functions"]
        .iter()
        .filter_map(|phase| row.values.get(&format!("{name}, {phase}")))
        .sum()
}

fn finer_locks(_: &Rows, results: &Path) -> Result<Verdict> {
    let rows = Rows::read(results, "stores-counts")?;
    let of_modules = rows.0.iter().filter(|row| row.variant == "two-phase/module/flurry");
    let mut most = (0.0, 0.0);
    let mut figures = Vec::new();
    for row in of_modules {
        let (waits, all) = (both(row, "write rights waited for"), both(row, "published"));
        let milliseconds = both(row, "nanoseconds waited") / 1e6;
        most = (f64::max(most.0, waits / all), f64::max(most.1, milliseconds));
        figures
            .push(format!("{} threads: {waits:.0} of {all:.0}, {milliseconds:.1} ms", row.threads));
    }
    if figures.is_empty() {
        return Ok(Verdict::not_measured());
    }
    let verdict = if most.0 > 0.01 { "may hold" } else { "does not hold: nobody waits" };
    let figures =
        format!("Publications that waited for a module's write right: {}.", figures.join("; "));
    Ok(Verdict::new(verdict, figures))
}

fn two_phases(_: &Rows, results: &Path) -> Result<Verdict> {
    let rows = Rows::read(results, "stores-counts")?;
    let mut figures = Vec::new();
    let mut lower = Vec::new();
    for threads in rows.distinct(|row| row.threads) {
        let of = |order: &str, name: &str| {
            let variant = format!("{order}/module/flurry");
            let row = rows.0.iter().find(|row| row.variant == variant && row.threads == threads);
            row.map_or(f64::NAN, |row| both(row, name))
        };
        let waits = |order: &str| of(order, "write rights waited for");
        let vain = |order: &str| of(order, "computed in vain");
        if threads > 1 && !waits("two-phase").is_nan() {
            lower.push(waits("two-phase") < waits("overlapped").min(waits("mixed")));
            figures.push(format!(
                "{threads} threads: waits {:.0}/{:.0}/{:.0}, computed in vain {:.0}/{:.0}/{:.0}",
                waits("two-phase"),
                waits("overlapped"),
                waits("mixed"),
                vain("two-phase"),
                vain("overlapped"),
                vain("mixed"),
            ));
        }
    }
    if figures.is_empty() {
        return Ok(Verdict::not_measured());
    }
    let holds = lower.iter().filter(|lower| **lower).count();
    let verdict = match holds {
        0 => "does not hold".to_owned(),
        holds if holds == lower.len() => "holds, of waits".to_owned(),
        holds => format!("holds at {holds} of {} numbers of threads, of waits", lower.len()),
    };
    Ok(Verdict::new(
        verdict,
        format!("Two-phase/overlapped/mixed, one run each: {}.", figures.join("; ")),
    ))
}

fn metadata(_: &Rows, results: &Path) -> Result<Verdict> {
    let rows = Rows::read(results, "counts")?;
    let mut figures = Vec::new();
    let (mut larger, mut larger_than_all, mut all) = (0, 0, 0);
    for row in rows.0.iter().filter(|row| row.variant == "salsa-plain") {
        let of = |name: &str| row.values.get(name).copied().unwrap_or(f64::NAN);
        let (data, metadata) = (of("salsa data bytes"), of("salsa metadata bytes"));
        all += 1;
        larger += usize::from(metadata > data);
        larger_than_all += usize::from(metadata > data + of("arena bytes"));
        figures.push(format!(
            "{}: {:.0} MB of metadata, {:.0} MB of memos and keys, {:.0} MB of arenas",
            row.subject,
            of("salsa metadata bytes") / 1e6,
            of("salsa data bytes") / 1e6,
            of("arena bytes") / 1e6
        ));
    }
    if figures.is_empty() {
        return Ok(Verdict::not_measured());
    }
    let on = |trees: usize| match trees {
        0 => "no tree".to_owned(),
        trees if trees == all => "every tree".to_owned(),
        trees => format!("{trees} of {all} trees"),
    };
    let verdict = format!(
        "holds on {} against memos and keys, on {} with the types",
        on(larger),
        on(larger_than_all)
    );
    Ok(Verdict::new(verdict, format!("By Salsa's own count: {}.", figures.join("; "))))
}
