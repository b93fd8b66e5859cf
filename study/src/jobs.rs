//! What a child process is told to do; it answers with one line of JSON.
//!
//! One process a run: no run finds the memory, caches or threads of another.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use ropewalk::schedule::Order;
use ropewalk::store::variants::{ArenaKind, DirectoryKind};
use serde::{Deserialize, Serialize};

use crate::hosts::{cells, salsa};
use crate::rows::Values;
use crate::{claims, edits, machine, project};

/// One run of one variant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Job {
    /// A cold check of a tree.
    Check(Check),
    /// A cold check in a database, then edits.
    Edits(edits::Plan),
    /// The commits of a repository, in one database.
    History(edits::history::Plan),
    /// Another checker.
    Peer(crate::peers::Peer),
    /// A claim's variant, by their names.
    Claim { claim: String, variant: String, subject: String, threads: usize, quick: bool },
}

/// See [`Job::Check`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Check {
    pub host: String,
    pub root: PathBuf,
    pub threads: usize,
    /// `two-phase`, `overlapped` or `mixed`.
    #[serde(default)]
    pub order: String,
    #[serde(default)]
    pub directory: String,
    #[serde(default)]
    pub arenas: String,
    #[serde(default)]
    pub shuffle: Option<u64>,
    /// Whether everything is counted: such a run is not timed.
    #[serde(default)]
    pub counts: bool,
    /// Where the diagnostics are written.
    #[serde(default)]
    pub write: Option<PathBuf>,
    /// Where the trace is written.
    #[serde(default)]
    pub trace: Option<PathBuf>,
}

/// What a child answers.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Answer {
    pub values: Values,
    /// Hash of the diagnostics.
    pub output: String,
}

impl Job {
    /// Does it in a process of its own.
    pub fn run_in_child(&self) -> Result<Answer> {
        let program = std::env::current_exe()?;
        let output = Command::new(program)
            .args(["child", &serde_json::to_string(self)?])
            .env("ROPEWALK_SUPERVISED", "1")
            .stderr(std::process::Stdio::inherit())
            .output()?;
        if !output.status.success() {
            bail!("a child ended with {}: {self:?}", output.status);
        }
        let text = String::from_utf8(output.stdout)?;
        serde_json::from_str(text.trim()).with_context(|| format!("a child answered {text:?}"))
    }

    /// Does it here.
    pub fn run(&self) -> Result<Answer> {
        match self {
            Self::Check(check) => check.run(),
            Self::Edits(plan) => edits::run(plan),
            Self::History(plan) => edits::history::run(plan),
            Self::Peer(peer) => peer.run(),
            Self::Claim { claim, variant, subject, threads, quick } => {
                let claim = claims::by_name(claim).context("no such claim")?;
                let values = (claim.run)(variant, subject, *threads, *quick)?;
                Ok(Answer { values, output: String::new() })
            }
        }
    }
}

/// An order by its name.
pub fn order(name: &str) -> Order {
    match name {
        "overlapped" => Order::Overlapped,
        "mixed" => Order::Mixed,
        _ => Order::TwoPhase,
    }
}

/// How a database is set up, by the host's name.
pub fn tuning(host: &str) -> Option<salsa::Tuning> {
    match host {
        "salsa-plain" => Some(salsa::Tuning::Plain),
        "salsa-tuned" => Some(salsa::Tuning::Tuned),
        "salsa-relations" => Some(salsa::Tuning::Relations),
        "salsa-lru" => Some(salsa::Tuning::Lru),
        "salsa-batch" => Some(salsa::Tuning::Batch),
        _ => None,
    }
}

impl Check {
    fn choose(&self) {
        let directory = DirectoryKind::ALL.iter().find(|each| each.1 == self.directory);
        let arenas = ArenaKind::ALL.iter().find(|each| each.1 == self.arenas);
        if let Some((kind, _)) = directory {
            kind.choose();
        }
        if let Some((kind, _)) = arenas {
            kind.choose();
        }
        if self.host == "cells-no-relations" {
            ropewalk::schedule::study::forget_relations();
        }
    }

    fn run(&self) -> Result<Answer> {
        self.choose();
        let start = Instant::now();
        let mut values = Values::new();
        let timed = |values: &mut Values| {
            values.insert("wall".to_owned(), start.elapsed().as_secs_f64());
            values.insert("cpu".to_owned(), machine::cpu());
            values.insert("peak".to_owned(), machine::peak_megabytes());
        };
        let found = if let Some(tuning) = tuning(&self.host) {
            let mut project = salsa::Project::load(&self.root, self.threads, tuning)?;
            let found = project.check();
            timed(&mut values);
            if self.counts {
                memory_of(&mut project, &mut values);
            }
            // Freeing it is no part of a check, and a batch run does not.
            std::mem::forget(project);
            found
        } else {
            let (found, measured) = cells::check(self)?;
            timed(&mut values);
            insert_counts(&mut values, &measured);
            if let Some(path) = &self.trace {
                std::fs::write(path, measured.trace())?;
            }
            found
        };
        let text = project::render(&found);
        if let Some(path) = &self.write {
            std::fs::write(path, &text)?;
        }
        values.insert("diagnostics".to_owned(), count(found.len()));
        Ok(Answer { values, output: project::hash(text.as_bytes()) })
    }
}

/// A count as rows have it.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub fn count(number: usize) -> f64 {
    number as f64
}

/// What a database takes, by what it is for.
pub fn memory_of(project: &mut salsa::Project, values: &mut Values) {
    let (arenas, data, metadata) = project.memory();
    values.insert("arena bytes".to_owned(), count(arenas));
    values.insert("salsa data bytes".to_owned(), count(data));
    values.insert("salsa metadata bytes".to_owned(), count(metadata));
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn insert_counts(values: &mut Values, measured: &ropewalk::schedule::Measurements) {
    for (name, number) in &measured.demands {
        values.insert(name.clone(), *number as f64);
    }
    for (name, number) in &measured.extra {
        values.insert((*name).to_owned(), *number as f64);
    }
    for phase in &measured.phases {
        values.insert(format!("busy {}", phase.name), phase.busy.as_secs_f64());
        values.insert(format!("idle {}", phase.name), phase.idle.as_secs_f64());
    }
}

/// The tree at a path, as a name.
pub fn name_of(root: &Path) -> String {
    root.file_name().map_or_else(|| "tree".to_owned(), |name| name.to_string_lossy().into_owned())
}
