//! Bytes to a tree, with everything that is looked for in the text alone.
//!
//! Asserted: the number of statements.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other benches use the rest")]
mod common;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ropewalk::project::PythonVersion;
use ropewalk::source::{from_text, parse};
use ruff_python_ast::PySourceType;

const UNITS: usize = 200;

fn bench(criterion: &mut Criterion) {
    let text = common::module(UNITS);
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("module", |bencher| {
        bencher.iter(|| {
            let source = from_text(black_box(text.as_str()));
            let parsed = parse(&source, PySourceType::Python, PythonVersion::PY313);
            // Three imports; a class, a function, an assignment and a call a unit.
            assert_eq!(parsed.syntax.body.len(), 3 + 4 * UNITS);
            assert!(parsed.problems.is_empty());
            parsed.depth
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
