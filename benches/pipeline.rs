//! A tree of files from the folder to the diagnostics, on one thread and on two.
//!
//! Asserted: the files that were checked, and what was found in them.

#[path = "common/mod.rs"]
mod common;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const FILES: usize = 60;
const UNITS: usize = 10;

fn bench(criterion: &mut Criterion) {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let mut lines = 0;
    for at in 0..FILES {
        let mut text = common::module(UNITS);
        // Each module uses two others, in circles.
        let (next, far) = ((at + 1) % FILES, (at + 17) % FILES);
        text.push_str(&format!(
            "import m{next}\nfrom m{far} import Item0 as Far\n\n\ndef use(far: Far):\n    return m{next}.use(far.grow(2))\n"
        ));
        lines += text.lines().count();
        std::fs::write(folder.path().join(format!("m{at}.py")), text).expect("a file");
    }
    let mut group = criterion.benchmark_group("pipeline");
    group.sample_size(10).throughput(Throughput::Elements(lines as u64));
    for threads in [1, 2] {
        group.bench_function(format!("{threads} threads"), |bencher| {
            bencher.iter(|| {
                let outcome = common::check(folder.path(), threads);
                assert_eq!(outcome.checked.len(), FILES);
                let wrong =
                    |rule: &str| outcome.diagnostics.iter().filter(|d| d.rule.name == rule).count();
                // One wrong call a unit, and one of `use`, whose `Item0` is another module's.
                assert_eq!(wrong("invalid-argument-type"), FILES * (UNITS + 1));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
