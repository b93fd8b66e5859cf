//! The study: the same inference on our engine and on Salsa, on our store and on others.
mod hosts;
mod project;
use std::path::Path;
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let root = Path::new(&args[2]);
    let threads = args[3].parse()?;
    let found = match &*args[1] {
        "cells" => hosts::cells::check(root, threads, ropewalk::schedule::Order::TwoPhase, false)?.0,
        "plain" => hosts::salsa::Project::load(root, threads, hosts::salsa::Tuning::Plain)?.check(),
        _ => hosts::salsa::Project::load(root, threads, hosts::salsa::Tuning::Tuned)?.check(),
    };
    print!("{}", project::render(&found));
    std::process::exit(0);
}
