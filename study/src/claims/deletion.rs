//! Tracked structs that a query no longer makes are deleted, and their slots are used again.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use salsa::Setter;

use super::{Claim, Verdict, bench, product};
use crate::machine::resident_megabytes;
use crate::rows::{Rows, Values};
use crate::statistics::median;

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "deletion",
    sentence: "What a query no longer makes is deleted, and its memory used again.",
    cells: |_| product(&["tracked", "interned"], &["100000"], &[1]),
    counts: false,
    run,
    judge,
};

#[salsa::input]
struct Source {
    #[returns(copy)]
    start: u32,
    #[returns(copy)]
    count: u32,
}

#[salsa::tracked]
struct Tracked<'db> {
    #[returns(copy)]
    place: u32,
}

#[salsa::interned]
struct Interned<'db> {
    #[returns(copy)]
    place: u32,
}

#[salsa::tracked(returns(copy))]
fn make_tracked(db: &dyn salsa::Database, source: Source) -> u32 {
    let (start, count) = (source.start(db), source.count(db));
    (0..count).map(|at| Tracked::new(db, start + at).place(db) & 1).sum()
}

#[salsa::tracked(returns(copy))]
fn make_interned(db: &dyn salsa::Database, source: Source) -> u32 {
    let (start, count) = (source.start(db), source.count(db));
    (0..count).map(|at| Interned::new(db, start + at).place(db) & 1).sum()
}

/// Rounds, in each of which a query makes other structs than before.
const ROUNDS: u32 = 12;

fn run(variant: &str, subject: &str, _: usize, quick: bool) -> Result<Values> {
    let count: u32 = subject.parse()?;
    let count = if quick { count / 10 } else { count };
    let mut db = salsa::DatabaseImpl::default();
    let source = Source::new(&db, 0, count);
    let make = |db: &salsa::DatabaseImpl| match variant {
        "tracked" => make_tracked(db, source),
        _ => make_interned(db, source),
    };
    let empty = resident_megabytes();
    make(&db);
    let first = resident_megabytes();
    let mut time = 0.0;
    for round in 1..=ROUNDS {
        source.set_start(&mut db).to(round * count);
        let start = Instant::now();
        make(&db);
        time += start.elapsed().as_secs_f64();
    }
    let last = resident_megabytes();
    let mut values = bench::one("ns", time * 1e9 / f64::from(ROUNDS * count));
    values.insert("growth".to_owned(), (last - empty) / (first - empty).max(0.001));
    Ok(values)
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let at = |variant: &str, value| median(&rows.values(variant, "100000", 1, value));
    if at("tracked", "growth").is_nan() {
        return Ok(Verdict::not_measured());
    }
    let figures = format!(
        "After {ROUNDS} rounds in which all structs were other ones, memory was {:.1} times that of the first round with \
         tracked structs and {:.1} times with interned ones; {:.0} and {:.0} ns a struct.",
        at("tracked", "growth"),
        at("interned", "growth"),
        at("tracked", "ns"),
        at("interned", "ns")
    );
    let holds = |variant| at(variant, "growth") < 4.0;
    let verdict = match (holds("tracked"), holds("interned")) {
        (true, true) => "holds for both",
        (true, false) => "holds for tracked structs",
        (false, true) => "holds for interned structs",
        (false, false) => "does not hold",
    };
    Ok(Verdict::new(verdict, figures))
}
