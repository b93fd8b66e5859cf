//! What the benches measure on: generated programs, the same on every machine.
//!
//! They are small, so that `cargo bench` ends; what a large tree takes is measured on real packages.

use std::fmt::Write;
use std::path::Path;

use ropewalk::cli::engine::{
    CheckOutcome, CheckRequest, EnvironmentRequest, FileRequest, Instruments, Limits, Progress,
    run_engine,
};
use ropewalk::project::PythonVersion;
use ropewalk::rules::RuleLevels;

/// A module of about 20 lines a unit: classes, functions, branches, loops, calls. It has one wrong call a unit.
pub fn module(units: usize) -> String {
    let mut text = String::from(
        "from __future__ import annotations\n\nimport os\nfrom typing import Iterable\n",
    );
    for at in 0..units {
        let _ = write!(
            text,
            "\n\nclass Item{at}:\n    limit: int = {at}\n\n    def __init__(self, name: str, size: int = 0) -> None:\n        \
             self.name = name\n        self.size = size\n\n    def grow(self, by: int) -> Item{at}:\n        \
             if by > self.limit:\n            raise ValueError(self.name)\n        self.size += by\n        return self\n\n\n\
             def total{at}(items: Iterable[Item{at}], skip: str | None = None):\n    result = 0\n    \
             for item in items:\n        if skip is not None and item.name == skip.upper():\n            continue\n        \
             result += item.grow(1).size\n    return result, os.path.join('a', str(result))\n\n\n\
             count{at}, path{at} = total{at}([Item{at}('a'), Item{at}('b', 2)], skip='a')\n\
             Item{at}(count{at})\n"
        );
    }
    text
}

/// Nobody listens.
struct Silent;

impl Progress for Silent {
    fn phase(&self, _name: &'static str, _total: u64) {}
    fn advance(&self, _files: u64) {}
    fn found(&self, _count: u64) {}
}

/// Checks the folder with this many threads.
pub fn check(root: &Path, threads: u32) -> CheckOutcome {
    let request = CheckRequest {
        root: root.to_owned(),
        working_directory: root.to_owned(),
        paths: vec![root.to_owned()],
        paths_are_explicit: false,
        nested_projects: Vec::new(),
        environment: EnvironmentRequest {
            python_version: Some(PythonVersion::PY313),
            ..EnvironmentRequest::default()
        },
        files: FileRequest::default(),
        rules: RuleLevels::default(),
        respect_type_ignore: true,
        honour_comments: Vec::new(),
        limits: Limits { threads: Some(threads), ..Limits::default() },
        instruments: Instruments::default(),
        facts: false,
        more_facts: ropewalk::infer::facts::MoreFacts::default(),
        is_last: false,
    };
    run_engine(&request, &Silent).expect("the request is well formed")
}
