//! How often a run asks the allocator, counted, so that a change that allocates per expression is seen.
//!
//! Counts are per line of one made-up module, between two sizes of it, so that what a run costs anyway falls out.

#[path = "common/mod.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use common::Program;

struct Counting;

static COUNT: AtomicU64 = AtomicU64::new(0);

// SAFETY: hands every call to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Relaxed: a counter.
        COUNT.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// So many functions of eight lines.
fn module(functions: usize) -> String {
    let mut text = String::new();
    for at in 0..functions {
        let _ = write!(
            text,
            "def work_{at}(names: list[str], limit: int) -> dict[str, int]:\n    found = {{}}\n    \
             for name in names:\n        size = len(name) + {at}\n        if size > limit:\n            \
             found[name.upper()] = size * 2\n    return found\n\n"
        );
    }
    text
}

/// Allocations of one run over a module.
fn allocations(functions: usize) -> u64 {
    let program = Program::new(&[("main.py", module(functions))]);
    let before = COUNT.load(Ordering::Relaxed);
    let outcome = program.check();
    assert!(outcome.diagnostics.is_empty(), "the program is right: {:?}", outcome.diagnostics);
    COUNT.load(Ordering::Relaxed) - before
}

#[test]
fn a_line_of_code_costs_few_allocations() {
    let (small, large) = (allocations(200), allocations(1200));
    let lines = 1000 * 8;
    let per_line = (large - small + lines / 2) / lines;
    insta::assert_snapshot!("allocations_per_line", per_line.to_string());
}
