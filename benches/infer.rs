//! One module from its file to its diagnostics, on one thread: nearly all of it is inference, and the stubs
//! that it imports.
//!
//! Asserted: one wrong call a unit, and nothing else.

#[path = "common/mod.rs"]
mod common;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("infer");
    group.sample_size(10);
    for units in [1, 50, 400] {
        let text = common::module(units);
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        std::fs::write(folder.path().join("a.py"), &text).expect("a file");
        group.throughput(Throughput::Elements(text.lines().count() as u64));
        group.bench_function(format!("{units} units"), |bencher| {
            bencher.iter(|| {
                let outcome = common::check(folder.path(), 1);
                assert_eq!(outcome.diagnostics.len(), units);
                assert!(outcome.diagnostics.iter().all(|d| d.rule.name == "invalid-argument-type"));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
