//! Tracked structs are cheaper than interned ones.

use std::path::Path;

use anyhow::Result;

use super::{Claim, Verdict, bench, product};
use crate::rows::{Rows, Values};
use crate::statistics::median;

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "tracked-interned",
    sentence: "Tracked structs are cheaper than interned ones.",
    cells: |_| product(&["tracked", "interned", "interned again"], &["make"], &[1, 2]),
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
    scope: u32,
    #[returns(copy)]
    place: u32,
}

#[salsa::interned]
struct Interned<'db> {
    #[returns(copy)]
    scope: u32,
    #[returns(copy)]
    place: u32,
}

#[salsa::tracked(returns(copy))]
fn make_tracked(db: &dyn salsa::Database, source: Source) -> u32 {
    let count = source.count(db);
    (0..count).map(|at| Tracked::new(db, at / 16, source.start(db) + at).place(db) & 1).sum()
}

#[salsa::tracked(returns(copy))]
fn make_interned(db: &dyn salsa::Database, source: Source) -> u32 {
    let count = source.count(db);
    (0..count).map(|at| Interned::new(db, at / 16, source.start(db) + at).place(db) & 1).sum()
}

/// Structs that one query makes: as many as a large module has definitions.
const STRUCTS: u32 = 1_000;

fn run(variant: &str, _: &str, threads: usize, quick: bool) -> Result<Values> {
    let db = salsa::DatabaseImpl::default();
    let queries: u32 = if quick { 20 } else { 400 };
    let start = std::time::Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..u32::try_from(threads).unwrap_or(1) {
            let db = db.clone();
            scope.spawn(move || {
                for query in 0..queries {
                    // Everybody makes his own, or the same again.
                    let block = if variant == "interned again" { query % 4 } else { query };
                    let own = if variant == "interned again" { 0 } else { thread };
                    let first = (own * queries + block) * STRUCTS;
                    let source = Source::new(&db, first, STRUCTS);
                    match variant {
                        "tracked" => make_tracked(&db, source),
                        _ => make_interned(&db, source),
                    };
                }
            });
        }
    });
    let made = f64::from(queries) * f64::from(STRUCTS);
    Ok(bench::one("ns", start.elapsed().as_secs_f64() * 1e9 / made))
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let at = |variant: &str, threads| median(&rows.values(variant, "make", threads, "ns"));
    if at("tracked", 1).is_nan() {
        return Ok(Verdict::not_measured());
    }
    let figures = format!(
        "ns of wall time to make and read one, on one thread and on two that each make as many: tracked {:.0} and {:.0}, \
         interned {:.0} and {:.0}, interned that is there already {:.0} and {:.0}.",
        at("tracked", 1),
        at("tracked", 2),
        at("interned", 1),
        at("interned", 2),
        at("interned again", 1),
        at("interned again", 2),
    );
    let holds = at("tracked", 1) < at("interned", 1) && at("tracked", 2) < at("interned", 2);
    Ok(Verdict::new(if holds { "holds for new ones" } else { "does not hold" }, figures))
}
