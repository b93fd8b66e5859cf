//! The claims of our sources, each an experiment with a verdict that comes from its rows alone.
//!
//! One file a claim. A claim that needs a whole run is judged from the rows of that run (`whole_run.rs`).

mod bench;
mod deletion;
mod directories;
mod durability;
mod ordered_sets;
mod public_types;
mod rare_fields;
mod recorded_reads;
mod reference_counts;
mod regions;
mod several_arguments;
mod shard_blocking;
mod small_maps;
mod tracked_interned;
mod use_def;
mod whole_run;

use anyhow::Result;

pub use whole_run::both;

use crate::jobs::Job;
use crate::plan::{Cell, Plan};
use crate::rows::{Rows, Values};

/// What came of a claim.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// `holds`, `does not hold`, `holds when …`, `not measured`.
    pub verdict: String,
    /// The figures behind it.
    pub figures: String,
}

impl Verdict {
    fn new(verdict: impl Into<String>, figures: impl Into<String>) -> Self {
        Self { verdict: verdict.into(), figures: figures.into() }
    }

    fn not_measured() -> Self {
        Self::new("not measured", "")
    }
}

/// A claim.
pub struct Claim {
    pub name: &'static str,
    /// The claim in a sentence.
    pub sentence: &'static str,
    /// Variants, subjects and threads; none where it is judged from another experiment's rows.
    pub cells: fn(&Plan) -> Vec<(String, String, usize)>,
    /// Whether a run finds numbers of things, which are the same in every round.
    pub counts: bool,
    /// Runs one of them.
    pub run: fn(&str, &str, usize, bool) -> Result<Values>,
    /// Judges it by the rows in a folder.
    pub judge: fn(&Rows, &std::path::Path) -> Result<Verdict>,
}

/// All of them, in the order of the report.
pub const ALL: &[&Claim] = &[
    &directories::CLAIM,
    &shard_blocking::CLAIM,
    &reference_counts::CLAIM,
    &whole_run::JUDGEMENTS,
    &whole_run::FINER_LOCKS,
    &whole_run::TWO_PHASES,
    &ordered_sets::CLAIM,
    &regions::CLAIM,
    &use_def::CLAIM,
    &public_types::CLAIM,
    &small_maps::CLAIM,
    &rare_fields::CLAIM,
    &whole_run::METADATA,
    &tracked_interned::CLAIM,
    &several_arguments::CLAIM,
    &durability::CLAIM,
    &deletion::CLAIM,
    &recorded_reads::CLAIM,
];

/// The claim of a name.
pub fn by_name(name: &str) -> Option<&'static Claim> {
    ALL.iter().find(|claim| claim.name == name).copied()
}

/// Runs those that have runs of their own; `only` one of them, if it is named.
pub fn run(plan: &Plan, only: Option<&str>) -> Result<()> {
    for claim in ALL.iter().filter(|claim| only.is_none_or(|only| only == claim.name)) {
        let cells: Vec<Cell> = (claim.cells)(plan)
            .into_iter()
            .map(|(variant, subject, threads)| Cell {
                job: Job::Claim {
                    claim: claim.name.to_owned(),
                    variant: variant.clone(),
                    subject: root_of(plan, &subject),
                    threads,
                    quick: plan.quick,
                },
                input: String::new(),
                variant,
                subject,
                threads,
            })
            .collect();
        if !cells.is_empty() {
            let rounds = if plan.quick || claim.counts { 1 } else { plan.rounds };
            plan.interleave(&format!("claim-{}", claim.name), rounds, &cells)?;
        }
    }
    Ok(())
}

/// What a run is told of its subject: of a tree, where it is.
fn root_of(plan: &Plan, subject: &str) -> String {
    let tree = plan.trees.iter().find(|tree| tree.name == subject);
    tree.map_or_else(|| subject.to_owned(), |tree| tree.root.display().to_string())
}

/// Every pair of a variant and a subject, on so many threads.
fn product(
    variants: &[&str],
    subjects: &[&str],
    threads: &[usize],
) -> Vec<(String, String, usize)> {
    let mut found = Vec::new();
    for subject in subjects {
        for &threads in threads {
            for variant in variants {
                found.push(((*variant).to_owned(), (*subject).to_owned(), threads));
            }
        }
    }
    found
}

/// A claim without runs of its own has none.
fn no_cells(_: &Plan) -> Vec<(String, String, usize)> {
    Vec::new()
}

fn no_run(_: &str, _: &str, _: usize, _: bool) -> Result<Values> {
    anyhow::bail!("judged by the rows of another experiment")
}
