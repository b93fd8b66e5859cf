//! The study: the same inference on our engine and on Salsa, on our store and on others.
//!
//! `cargo run --release -p study -- run all` measures, draws and writes the report; `docs/src/research.md` is what came
//! of it.

mod agree;
mod claims;
mod cold;
mod edits;
mod hosts;
mod jobs;
mod machine;
mod peers;
mod plan;
mod plots;
mod project;
mod replay;
mod report;
mod rows;
mod statistics;
mod stores;
mod trees;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};

use plan::Plan;

/// As the shipped program has it, on every engine.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc 3; the crate has no name for it.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measures.
    Run(Run),
    /// Draws the plots again, from the rows.
    Plot(Output),
    /// Writes the report again, with its plots, from the rows.
    Report(Output),
    /// One run of one variant, as the runs start it.
    #[command(hide = true)]
    Child { job: String },
}

#[derive(Args)]
struct Output {
    /// Where rows are.
    #[arg(long, default_value = "study/results")]
    results: PathBuf,
    /// The folder of the guide's sources.
    #[arg(long, default_value = "docs/src")]
    book: PathBuf,
}

#[derive(Args)]
struct Run {
    what: What,
    /// Fewer rounds, on small trees.
    #[arg(long)]
    quick: bool,
    /// Measures although others use the machine; the rows say how much.
    #[arg(long)]
    force: bool,
    /// Rounds; without it 10, or 3 with `--quick`.
    #[arg(long)]
    rounds: Option<usize>,
    /// Names of trees, by commas.
    #[arg(long, value_delimiter = ',')]
    trees: Vec<String>,
    /// Where trees are, or are put.
    #[arg(long, default_value = "study/trees")]
    folder: PathBuf,
    /// The trees that are edited, by commas; without them all.
    #[arg(long, value_delimiter = ',')]
    edit_trees: Vec<String>,
    /// The tree that stores are measured on; without it the largest.
    #[arg(long)]
    store_tree: Option<String>,
    /// Clones whose last commits are replayed as edits, by commas: NAME=PATH:FOLDER, where the folder is what is checked.
    #[arg(long, value_delimiter = ',')]
    histories: Vec<String>,
    /// Worker threads.
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Where rows, plots and tables go.
    #[arg(long, default_value = "study/results")]
    results: PathBuf,
    /// Where the report goes after `all`: `docs/src`, or with `--quick` a folder among the results.
    #[arg(long)]
    book: Option<PathBuf>,
    /// Another checker, `ty`, to run beside ours.
    #[arg(long)]
    ty: Option<PathBuf>,
    /// One claim alone.
    #[arg(long)]
    claim: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    All,
    Agree,
    Cold,
    Stores,
    Edits,
    Histories,
    Claims,
    Replay,
    Peers,
}

/// Cores that others may use while we measure.
const MOST_LOAD: f64 = 0.15;

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Run(run) => measure(&run),
        Command::Plot(output) => {
            plots::draw(&output.results, &output.book.join("research")).map(|_| ())
        }
        Command::Report(output) => report::write(&output.results, &output.book),
        Command::Child { job } => {
            // As in the shipped program: pages are given back after 10 ms.
            // SAFETY: sets an integer inside mimalloc; no other thread runs yet.
            unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, 10) };
            let answer = serde_json::from_str::<jobs::Job>(&job)?.run()?;
            println!("{}", serde_json::to_string(&answer)?);
            // A run ends here; nothing is freed.
            std::process::exit(0)
        }
    }
}

fn measure(run: &Run) -> Result<()> {
    let load = machine::load();
    if !run.force && load.is_none_or(|load| load > MOST_LOAD) {
        let load =
            load.map_or_else(|| "who knows how many".to_owned(), |load| format!("{load:.1}"));
        bail!("others use {load} cores of this machine; with --force it is measured all the same");
    }
    let names = if run.trees.is_empty() { trees::names(run.quick) } else { run.trees.clone() };
    let plan = Plan {
        rounds: run.rounds.unwrap_or(if run.quick { 3 } else { 10 }),
        threads: run.threads,
        quick: run.quick,
        trees: trees::find(&names, &run.folder)?,
        edit_trees: run.edit_trees.clone(),
        store_tree: run.store_tree.clone(),
        histories: run.histories.clone(),
        results: run.results.clone(),
        load,
    };
    plan.describe()?;
    let is = |what: What| run.what == What::All || run.what == what;
    if is(What::Agree) {
        agree::run(&plan)?;
    }
    if is(What::Cold) {
        cold::run(&plan)?;
    }
    if is(What::Stores) {
        stores::run(&plan)?;
    }
    if is(What::Edits) {
        edits::run_all(&plan)?;
    }
    if is(What::Histories) && !plan.histories.is_empty() {
        edits::history::run_all(&plan)?;
    }
    if is(What::Claims) {
        claims::run(&plan, run.claim.as_deref())?;
    }
    if is(What::Replay) {
        replay::run(&plan)?;
    }
    if let Some(ty) = run.ty.as_deref().filter(|_| is(What::Peers)) {
        peers::run(&plan, ty)?;
    }
    // A quick run shows that all of it works; its page would say nothing.
    let book = if run.quick { run.results.join("book") } else { PathBuf::from("docs/src") };
    if run.what == What::All {
        report::write(&plan.results, run.book.as_ref().unwrap_or(&book))?;
    }
    Ok(())
}
