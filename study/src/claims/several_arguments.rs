//! Queries of several arguments intern them.

use std::path::Path;

use anyhow::Result;

use super::{Claim, Verdict, bench, product};
use crate::rows::{Rows, Values};
use crate::statistics::median;

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "several-arguments",
    sentence: "Queries of several arguments intern them, at every call.",
    cells: |_| product(&["two arguments", "one struct", "interned by hand"], &["hit"], &[1, 2]),
    counts: false,
    run,
    judge,
};

#[salsa::input]
struct Source {
    #[returns(copy)]
    number: u32,
}

#[salsa::interned]
struct Pair<'db> {
    #[returns(copy)]
    source: Source,
    #[returns(copy)]
    place: u32,
}

#[salsa::tracked(returns(copy))]
fn of_two(db: &dyn salsa::Database, source: Source, place: u32) -> u32 {
    source.number(db) + place
}

#[salsa::tracked(returns(copy))]
fn of_source(db: &dyn salsa::Database, source: Source) -> u32 {
    source.number(db)
}

#[salsa::tracked(returns(copy))]
fn of_pair<'db>(db: &'db dyn salsa::Database, pair: Pair<'db>) -> u32 {
    pair.source(db).number(db) + pair.place(db)
}

const SOURCES: u32 = 1_024;

fn run(variant: &str, _: &str, threads: usize, quick: bool) -> Result<Values> {
    let db = salsa::DatabaseImpl::default();
    let sources: Vec<Source> = (0..SOURCES).map(|number| Source::new(&db, number)).collect();
    let length = bench::length(quick);
    let times: Vec<f64> = std::thread::scope(|scope| {
        let spawn = |_| {
            let (db, sources) = (db.clone(), &sources);
            scope.spawn(move || {
                bench::per_step(length, |at| {
                    let source = sources[at % SOURCES as usize];
                    match variant {
                        "two arguments" => of_two(&db, source, 3),
                        "one struct" => of_source(&db, source),
                        _ => of_pair(&db, Pair::new(&db, source, 3)),
                    }
                })
            })
        };
        let handles: Vec<_> = (0..threads).map(spawn).collect();
        handles.into_iter().map(|handle| handle.join().expect("a loop ends")).collect()
    });
    Ok(bench::one("ns", times.iter().sum::<f64>() / crate::jobs::count(times.len())))
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let at = |variant: &str, threads| median(&rows.values(variant, "hit", threads, "ns"));
    if at("one struct", 1).is_nan() {
        return Ok(Verdict::not_measured());
    }
    let figures = format!(
        "ns for a call whose answer is there, on one thread and on two: two arguments {:.0} and {:.0}, one struct {:.0} \
         and {:.0}, two interned by hand {:.0} and {:.0}.",
        at("two arguments", 1),
        at("two arguments", 2),
        at("one struct", 1),
        at("one struct", 2),
        at("interned by hand", 1),
        at("interned by hand", 2),
    );
    let holds = at("two arguments", 1) > 1.3 * at("one struct", 1);
    Ok(Verdict::new(if holds { "holds" } else { "does not hold" }, figures))
}
