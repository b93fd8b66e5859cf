//! Durability spares the check of what cannot have changed.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use salsa::{Durability, Setter};

use super::{Claim, Verdict, bench, product};
use crate::rows::{Rows, Values};
use crate::statistics::median;

/// See the module's documentation.
pub const CLAIM: Claim = Claim {
    name: "durability",
    sentence: "Durability spares the check of what cannot have changed.",
    cells: |_| product(&["low", "high", "never"], &["100000"], &[1]),
    counts: false,
    run,
    judge,
};

#[salsa::input]
struct Source {
    #[returns(copy)]
    number: u32,
}

#[salsa::tracked(returns(copy))]
fn leaf(db: &dyn salsa::Database, source: Source) -> u32 {
    source.number(db) / 2
}

#[salsa::tracked(returns(copy))]
fn middle(db: &dyn salsa::Database, source: Source) -> u32 {
    leaf(db, source) / 2
}

/// After an edit of one input, asks for queries two deep on others.
fn run(variant: &str, subject: &str, _: usize, quick: bool) -> Result<Values> {
    let count: u32 = subject.parse()?;
    let count = if quick { count / 10 } else { count };
    let durability = match variant {
        "low" => Durability::LOW,
        "high" => Durability::HIGH,
        _ => Durability::NEVER_CHANGE,
    };
    let mut db = salsa::DatabaseImpl::default();
    let edited = Source::new(&db, 0);
    let make = |number| Source::builder(number).durability(durability).new(&db);
    let sources: Vec<Source> = (0..count).map(make).collect();
    let ask = |db: &salsa::DatabaseImpl| -> u64 {
        sources.iter().map(|&source| u64::from(middle(db, source))).sum()
    };
    let before = ask(&db);
    let mut times = Vec::new();
    for round in 1..=5 {
        edited.set_number(&mut db).to(round);
        let start = Instant::now();
        assert_eq!(ask(&db), before);
        times.push(start.elapsed().as_secs_f64() * 1e9 / f64::from(count));
    }
    Ok(bench::one("ns", median(&times)))
}

fn judge(rows: &Rows, _: &Path) -> Result<Verdict> {
    let at = |variant: &str| median(&rows.values(variant, "100000", 1, "ns"));
    if at("low").is_nan() {
        return Ok(Verdict::not_measured());
    }
    let figures = format!(
        "ns to validate a query two deep after an edit elsewhere: {:.0} with low durability, {:.0} with high, {:.0} where \
         nothing changes ever.",
        at("low"),
        at("high"),
        at("never")
    );
    Ok(Verdict::new(if at("high") < at("low") { "holds" } else { "does not hold" }, figures))
}
