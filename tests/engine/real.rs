//! Code that nobody wrote for us: nothing may fail inside on the stubs that we ship or on the standard
//! library of a Python that happens to be here.
//!
//! Without optimisation a whole library takes minutes, so a part of it is taken, the same part every time.
//! `ROPEWALK_TEST_ALL=1` takes all.

use std::path::{Path, PathBuf};

use ropewalk::project::Typeshed;
use ropewalk::project::config::Options;

use crate::common::{self, Program, lines};

/// How many files are checked, unless all are.
const PART: usize = 150;

fn part<T>(items: Vec<T>) -> Vec<T> {
    if std::env::var_os("ROPEWALK_TEST_ALL").is_some() || items.len() <= PART {
        return items;
    }
    let step = items.len().div_ceil(PART);
    items.into_iter().step_by(step).collect()
}

fn no_internal_error(outcome: &ropewalk::cli::engine::CheckOutcome) {
    let failed: Vec<String> =
        lines(outcome).into_iter().filter(|line| line.contains("[internal-error]")).collect();
    assert!(!outcome.internal_errors && failed.is_empty(), "{failed:#?}");
}

/// The stubs of the standard library, by paths in our typeshed.
fn stubs() -> Vec<(&'static str, &'static str)> {
    let is_stub = |path: &str| path.starts_with("stdlib/") && path.ends_with(".pyi");
    Typeshed::get().files().iter().copied().filter(|(path, _)| is_stub(path)).collect()
}

#[test]
fn every_stub_that_we_ship_can_be_imported() {
    let mut text = String::new();
    let stubs = part(stubs());
    for (path, _) in &stubs {
        let module = path.trim_start_matches("stdlib/").trim_end_matches(".pyi");
        let module = module.trim_end_matches("/__init__").replace('/', ".");
        // What is in the module is asked for by the star.
        text.push_str(&format!("import {module}\nreveal_type({module})\nfrom {module} import *\n"));
    }
    assert!(stubs.len() >= PART / 2);
    no_internal_error(&Program::new(&[("all.py", &text)]).check());
}

#[test]
fn every_stub_that_we_ship_is_checked_without_failing() {
    let stubs = part(stubs());
    let program = Program::new(Typeshed::get().files());
    let mut request = program.request(&Options::default());
    request.environment.typeshed = Some(program.root());
    request.paths = stubs.iter().map(|(path, _)| program.root().join(path)).collect();
    request.paths_are_explicit = true;
    let outcome = common::run(&request);
    assert_eq!(outcome.checked.len(), stubs.len());
    no_internal_error(&outcome);
}

/// The standard library of the newest Python below `/usr/lib` or the usual prefixes.
fn standard_library() -> Option<PathBuf> {
    let mut found = Vec::new();
    for prefix in ["/usr/lib", "/usr/local/lib", "/opt/homebrew/lib"] {
        for entry in std::fs::read_dir(prefix).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_python = entry.file_name().to_string_lossy().starts_with("python3.");
            if is_python && path.join("os.py").is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    found.pop()
}

fn python_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["site-packages", "dist-packages", "__pycache__"].contains(&&*name) {
                python_files(&path, found);
            }
        } else if name.ends_with(".py") {
            found.push(path);
        }
    }
}

#[test]
fn the_standard_library_here_is_checked_without_failing() {
    let Some(library) = standard_library() else {
        println!("no standard library here");
        return;
    };
    let mut files = Vec::new();
    python_files(&library, &mut files);
    files.sort();
    let mut request = common::request(&library, &Options::default());
    request.paths = part(files);
    request.paths_are_explicit = true;
    request.limits.threads = None;
    let outcome = common::run(&request);
    assert!(outcome.checked.len() >= request.paths.len() / 2, "{}", outcome.checked.len());
    no_internal_error(&outcome);
}
