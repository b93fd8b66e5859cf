//! The `ropewalk` command; everything is in the library.

use std::process::ExitCode;

/// Measured against glibc's and jemalloc: see ARCHITECTURE.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ropewalk::cli::main()
}
