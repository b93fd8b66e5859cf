//! Raw rows: one line of JSON for each run of one variant, and nothing that is not measured.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// The values of a run, by name.
pub type Values = BTreeMap<String, f64>;

/// One run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Row {
    /// What was run: `cells`, `salsa-plain`, a claim's variant.
    pub variant: String,
    /// On what: a tree, or a size.
    pub subject: String,
    pub threads: usize,
    pub round: usize,
    /// Hash of the input, where it is a tree.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub input: String,
    /// Hash of what came out, where something did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub output: String,
    pub values: Values,
}

/// The rows of an experiment.
#[derive(Debug, Default)]
pub struct Rows(pub Vec<Row>);

/// Where the rows of an experiment are.
pub fn path(results: &Path, experiment: &str) -> PathBuf {
    results.join(format!("{experiment}.jsonl"))
}

impl Rows {
    /// Writes them in place of those of an earlier run.
    pub fn write(&self, results: &Path, experiment: &str) -> Result<()> {
        std::fs::create_dir_all(results)?;
        let mut out = Vec::new();
        for row in &self.0 {
            serde_json::to_writer(&mut out, row)?;
            out.push(b'\n');
        }
        let path = path(results, experiment);
        let mut file = std::fs::File::create(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(file.write_all(&out)?)
    }

    /// Reads them; there are none if the experiment was not run.
    pub fn read(results: &Path, experiment: &str) -> Result<Self> {
        let Ok(file) = std::fs::File::open(path(results, experiment)) else {
            return Ok(Self::default());
        };
        let lines = BufReader::new(file).lines();
        let rows = lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect::<Result<_>>()?;
        Ok(Self(rows))
    }

    /// One value of all rounds of a variant on a subject.
    pub fn values(&self, variant: &str, subject: &str, threads: usize, value: &str) -> Vec<f64> {
        let is_it =
            |row: &&Row| row.variant == variant && row.subject == subject && row.threads == threads;
        self.0.iter().filter(is_it).filter_map(|row| row.values.get(value).copied()).collect()
    }

    /// What occurs in a column, in the order in which it first does.
    pub fn distinct<T: PartialEq>(&self, of: impl Fn(&Row) -> T) -> Vec<T> {
        let mut found = Vec::new();
        for row in &self.0 {
            let value = of(row);
            if !found.contains(&value) {
                found.push(value);
            }
        }
        found
    }
}
