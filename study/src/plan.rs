//! What a run of the study is to do, and the rounds of an experiment.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;

use crate::jobs::Job;
use crate::machine::Watch;
use crate::rows::{Row, Rows};
use crate::trees::Tree;

/// See the module's documentation.
#[derive(Debug, Clone)]
pub struct Plan {
    pub rounds: usize,
    pub threads: usize,
    pub quick: bool,
    pub trees: Vec<Tree>,
    /// The trees that are edited; without them all.
    pub edit_trees: Vec<String>,
    /// The tree that stores are measured on; without it the largest.
    pub store_tree: Option<String>,
    /// Repositories whose histories are replayed: `NAME=PATH:FOLDER`.
    pub histories: Vec<String>,
    /// Where rows go.
    pub results: PathBuf,
    /// Cores that others used when the run began, where the system says.
    pub load: Option<f64>,
}

/// A variant on a subject.
#[derive(Debug, Clone)]
pub struct Cell {
    pub variant: String,
    pub subject: String,
    pub threads: usize,
    pub input: String,
    pub job: Job,
}

impl Plan {
    /// Writes down what is measured on what.
    pub fn describe(&self) -> Result<()> {
        std::fs::create_dir_all(&self.results)?;
        let tree = |tree: &Tree| {
            serde_json::json!({
                "name": tree.name, "files": tree.files, "lines": tree.lines, "input": tree.input,
            })
        };
        let text = serde_json::json!({
            "machine": crate::machine::describe(),
            "profile": profile(),
            "rounds": self.rounds,
            "threads": self.threads,
            "quick": self.quick,
            "cores that others used at the beginning": self.load,
            "trees": self.trees.iter().map(tree).collect::<Vec<_>>(),
        });
        let path = self.results.join("plan.json");
        Ok(std::fs::write(path, serde_json::to_string_pretty(&text)? + "\n")?)
    }

    /// Runs all cells once a round, one after the other, and writes their rows. Interleaved: what the machine does
    /// in one minute falls on all variants alike.
    pub fn interleave(&self, experiment: &str, rounds: usize, cells: &[Cell]) -> Result<Rows> {
        let mut rows = Rows::default();
        for round in 0..rounds {
            for at in 0..cells.len() {
                // Each round begins with another one.
                let cell = &cells[(at + round) % cells.len()];
                let watch = Watch::start();
                let start = Instant::now();
                let answer = cell.job.run_in_child()?;
                let mut values = answer.values;
                let own = values.get("cpu").copied();
                if let Some(others) = own.and_then(|own| watch.others(own)) {
                    values.insert("others".to_owned(), others);
                }
                values.insert("process".to_owned(), start.elapsed().as_secs_f64());
                rows.0.push(Row {
                    variant: cell.variant.clone(),
                    subject: cell.subject.clone(),
                    threads: cell.threads,
                    round,
                    input: cell.input.clone(),
                    output: answer.output,
                    values: values.into_iter().map(|(name, v)| (name, rounded(v))).collect(),
                });
            }
            eprintln!("{experiment}: round {} of {rounds}", round + 1);
        }
        rows.write(&self.results, experiment)?;
        Ok(rows)
    }
}

/// The profile that this program was built with: the folder that it is in.
fn profile() -> String {
    let program = std::env::current_exe().ok();
    let folder = program.as_deref().and_then(std::path::Path::parent);
    folder.map(crate::jobs::name_of).unwrap_or_default()
}

/// Six digits are more than what is measured has, and rows stay short.
fn rounded(value: f64) -> f64 {
    if value.fract() == 0.0 { value } else { format!("{value:.5e}").parse().unwrap_or(value) }
}
