//! Another checker beside ours, for scale: its answers and its work differ.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::jobs::{Answer, Job};
use crate::plan::{Cell, Plan};
use crate::rows::Values;
use crate::{machine, trees};

/// A run of a program.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Peer {
    pub program: String,
    pub arguments: Vec<String>,
    /// Which `TY_MAX_PARALLELISM` it is given.
    pub threads: usize,
}

/// Runs `ty`, the program at this path, on all trees.
pub fn run(plan: &Plan, ty: &Path) -> Result<()> {
    let version = Command::new(ty).arg("--version").output().context("no such program")?;
    let name = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let cell = |tree: &trees::Tree| Cell {
        variant: name.clone(),
        subject: tree.name.clone(),
        threads: plan.threads,
        input: tree.input.clone(),
        job: Job::Peer(Peer {
            program: ty.display().to_string(),
            arguments: ["check", "--quiet", "--exit-zero", "--python-version", "3.13", "--project"]
                .map(str::to_owned)
                .into_iter()
                .chain([tree.root.display().to_string(), tree.root.display().to_string()])
                .collect(),
            threads: plan.threads,
        }),
    };
    let cells: Vec<Cell> = plan.trees.iter().map(cell).collect();
    plan.interleave("peers", plan.rounds.min(5), &cells)?;
    Ok(())
}

impl Peer {
    /// Runs it, in a process that runs nothing else.
    pub fn run(&self) -> Result<Answer> {
        let start = Instant::now();
        Command::new(&self.program)
            .args(&self.arguments)
            .env("TY_MAX_PARALLELISM", self.threads.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        let (cpu, peak) = machine::of_children();
        let mut values = Values::new();
        values.insert("wall".to_owned(), start.elapsed().as_secs_f64());
        values.insert("cpu".to_owned(), cpu);
        values.insert("peak".to_owned(), peak);
        Ok(Answer { values, output: String::new() })
    }
}
