//! A tree to its semantic index.
//!
//! Asserted: the number of scopes.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other benches use the rest")]
mod common;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ropewalk::index::{IndexSettings, build};
use ropewalk::project::PythonVersion;
use ropewalk::source::{from_text, parse};
use ruff_python_ast::PySourceType;

const UNITS: usize = 200;

fn bench(criterion: &mut Criterion) {
    let text = common::module(UNITS);
    let source = from_text(text.as_str());
    let settings = IndexSettings::of_source(PythonVersion::PY313);
    let mut group = criterion.benchmark_group("index");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("module", |bencher| {
        // Indexing numbers the nodes of the tree, so each run has a tree of its own.
        bencher.iter_batched_ref(
            || parse(&source, PySourceType::Python, PythonVersion::PY313).syntax,
            |tree| {
                let (index, _nodes) = build(black_box(tree), &settings);
                // The module; a class and three functions a unit.
                assert_eq!(index.scopes.len(), 1 + 4 * UNITS);
                index.definitions.len()
            },
            criterion::BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
