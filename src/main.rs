//! The `ropewalk` command; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    ropewalk::cli::main()
}
