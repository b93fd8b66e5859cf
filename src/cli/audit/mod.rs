//! `ropewalk audit`: checks for facts, asks the questions, and reports what they find like a check.
//!
//! The audit looks at one Python version and platform of each project, the first of its matrix.

mod answers;
mod collect;
mod part;
mod place;
mod remove;

use std::collections::BTreeSet;

use anyhow::Context;

use super::check::{Findings, finish_found, needs_files, say_nothing_checked};
use super::environment::Lookup;
use super::high::{HiArgs, resolve};
use super::low::{AskedQuestion, AuditCommand, AuditQuestion, GlobalArgs};
use super::output::{Stop, note, report_error, to_stdout};
use super::ready::Ready;
use super::shards::Part;
use super::{Exit, changed};
use crate::audit::conventions::Conventions;
use crate::audit::edges::edges;
use crate::audit::imports::draw::{Notation, draw};
use crate::audit::imports::graph::ImportGraph;
use crate::audit::live::lives;
use crate::audit::program::Program;
use crate::audit::settings::{AuditSettings, Confidence};
use crate::audit::{Found, dead, dependencies, imports};
use crate::cli::engine::{CheckOutcome, CheckRequest, shown_path};
use crate::infer::facts::{ModuleFacts, MoreFacts};
use crate::project::config::{FormatOption, read_text};
use crate::shard::result::Kind;

/// Gathers facts again, with requests changed.
type Gather<'a> = changed::RunAt<'a, Collected>;

/// Runs the command.
///
/// # Errors
/// When flags, configuration or files are wrong.
pub fn run(command: &AuditCommand, global: &GlobalArgs, lookup: Lookup<'_>) -> Result<Exit, Stop> {
    let (questions, args) = command.asked();
    refuse(command)?;
    let high = resolve(&args.check, global, lookup).map_err(|error| meant(command, error))?;
    let needs_types = questions.iter().any(|question| question.needs_types());
    if let Some(part) = Part::new(&args.check, &high, Kind::Audit, command)? {
        part::run(&high, command, &part)?;
        return Ok(Exit::Clean);
    }
    Ready::new(&args.check, &high)?;
    if let Some(revision) = since(command) {
        changed::Revision::named(&high.working_directory, revision).context("--since")?;
    }
    let more_facts = more_facts(command);
    let gather = |change: &dyn Fn(&CheckRequest) -> CheckRequest| {
        let change = |request: &CheckRequest| CheckRequest { more_facts, ..change(request) };
        let change: &dyn Fn(&CheckRequest) -> CheckRequest = &change;
        if needs_types { collect::facts(&high, change) } else { collect::imports(&high, change) }
    };
    let facts = gather(&CheckRequest::clone)?;
    if facts.modules.is_empty() && needs_files(&args.check, &high) {
        say_nothing_checked(&high);
        return Ok(Exit::Usage);
    }
    answer(command, &high, facts, &gather)
}

/// Refuses flags that mean nothing to the question.
fn refuse(command: &AuditCommand) -> anyhow::Result<()> {
    let (questions, args) = command.asked();
    let is_dead = questions.contains(&AuditQuestion::Dead)
        && !matches!(command.question, Some(AskedQuestion::Why(_)));
    if args.remove && !is_dead {
        anyhow::bail!("--remove takes dead code out: use it with `ropewalk audit dead`");
    }
    Ok(())
}

/// The revision that a question compares with.
fn since(command: &AuditCommand) -> Option<&String> {
    match &command.question {
        Some(AskedQuestion::Api(args)) => args.since.as_ref(),
        Some(AskedQuestion::Types(args)) => args.since.as_ref(),
        _ => None,
    }
}

/// A path that is none may be the name of a question, spelled wrongly.
fn meant(command: &AuditCommand, error: anyhow::Error) -> anyhow::Error {
    const QUESTIONS: [&str; 6] = ["dead", "imports", "dependencies", "types", "api", "why"];
    let word = match (&command.question, command.args.check.paths.first()) {
        (None, Some(path)) if !path.exists() => path.to_string_lossy().into_owned(),
        _ => return error,
    };
    let near = QUESTIONS.iter().map(|each| (strsim::osa_distance(&word, each), each)).min();
    match near {
        Some((distance, question)) if distance <= 2 && word.len() > 2 => {
            anyhow::anyhow!("{error}; did you mean `ropewalk audit {question}`?")
        }
        _ => error,
    }
}

/// Answers the questions of a command that was run in shards.
///
/// # Errors
/// When a report can't be written.
pub fn answer_merged(
    command: &AuditCommand,
    high: &HiArgs,
    outcomes: Vec<CheckOutcome>,
) -> Result<Exit, Stop> {
    let never = |_: &dyn Fn(&CheckRequest) -> CheckRequest| -> anyhow::Result<Collected> {
        anyhow::bail!("a comparison needs a run over everything")
    };
    answer(command, high, collect::collected(outcomes), &never)
}

/// Answers the questions of a command.
fn answer(
    command: &AuditCommand,
    high: &HiArgs,
    facts: Collected,
    gather: Gather<'_>,
) -> Result<Exit, Stop> {
    let (questions, args) = command.asked();
    let mut settings = collect::settings(high, args);
    let asks_why = matches!(command.question, Some(AskedQuestion::Why(_)));
    if asks_why || questions.contains(&AuditQuestion::Dead) {
        settings.documented = collect::documented(high);
    }
    match &command.question {
        Some(AskedQuestion::Why(args)) => {
            return answers::why(high, &facts, &settings, &args.name);
        }
        Some(AskedQuestion::Api(args)) => {
            return answers::api(high, &facts, &settings, args, gather);
        }
        Some(AskedQuestion::Types(args)) => {
            return answers::types(high, facts, &settings, args, gather);
        }
        _ => {}
    }
    if let Some(AskedQuestion::Imports(args)) = &command.question
        && let Some(notation) = args.graph
    {
        let graph = ImportGraph::new(&facts.modules, &settings);
        let text = draw(&graph, notation.into(), args.depth);
        to_stdout(|out| out.write_all(text.as_bytes()))?;
        return Ok(Exit::Clean);
    }
    let mut found = ask(high, &questions, &facts, &settings);
    collect::mentions(high, &mut found);
    if args.remove {
        let failures = remove::remove(high, &found, args.dry_run);
        failures.iter().for_each(|failure| report_error(failure, false));
        return Ok(if failures.is_empty() { Exit::Clean } else { Exit::Usage });
    }
    let picture = command
        .question
        .is_none()
        .then(|| wants_picture(high))
        .filter(|&wanted| wanted)
        .map(|_| answers::picture(high, &facts, &settings, &found))
        .transpose()?;
    let mut diagnostics = place::placed(high, found, args.confidence.into());
    if let Some(revision) = &args.check.files.changed_since {
        let revision = &changed::Revision::find(&high.working_directory, revision)?;
        let again = |change: &dyn Fn(&CheckRequest) -> CheckRequest| {
            let facts = gather(change)?;
            let found = ask(high, &questions, &facts, &settings);
            Ok(place::placed(high, found, args.confidence.into()))
        };
        diagnostics = changed::filter(high, revision, diagnostics, &again)?;
    }
    let found = Findings {
        diagnostics,
        checked: facts.checked,
        internal_errors: facts.failed,
        picture,
        ..Findings::default()
    };
    finish_found(&args.check, high, found)
}

/// What facts have to say for one question alone.
fn more_facts(command: &AuditCommand) -> MoreFacts {
    MoreFacts {
        origins: matches!(command.question, Some(AskedQuestion::Types(_))),
        surface: matches!(command.question, Some(AskedQuestion::Api(_))),
    }
}

/// Whether some report draws.
fn wants_picture(high: &HiArgs) -> bool {
    let draws = |format| matches!(format, FormatOption::Html | FormatOption::Markdown);
    let presentation = &high.presentation;
    draws(presentation.format) || presentation.files.iter().any(|(format, _)| draws(*format))
}

/// Asks questions of facts.
fn ask(
    high: &HiArgs,
    questions: &BTreeSet<AuditQuestion>,
    collected: &Collected,
    settings: &AuditSettings,
) -> Vec<Found> {
    let facts = &collected.modules;
    let mut found = Vec::new();
    if questions.contains(&AuditQuestion::Imports) {
        let graph = ImportGraph::new(facts, settings);
        if high.presentation.quiet == 0 {
            tell_cycles(&graph);
        }
        found.extend(imports::cycle_findings(&graph));
        for project in projects(high) {
            let Some(file) = &project.config_file else { continue };
            let text = read_text(file).ok().flatten().unwrap_or_default();
            let place_of = |what: &str| {
                let start = text.find(what).unwrap_or(0);
                let end = start + if text[start..].starts_with(what) { what.len() } else { 0 };
                (u32::try_from(start).unwrap_or(0), u32::try_from(end).unwrap_or(0))
            };
            let shown = shown_path(&high.working_directory, file);
            let contracts = &project.options.audit.contracts;
            found.extend(imports::contracts::check(&graph, contracts, &shown, &place_of));
        }
    }
    if questions.contains(&AuditQuestion::Dependencies) {
        let graph = ImportGraph::new(facts, settings);
        let told = collect::distributions(high, collected);
        let shown = |path: &std::path::Path| shown_path(&high.working_directory, path);
        let question =
            dependencies::Question { graph: &graph, settings, told: &told, shown: &shown };
        found.extend(dependencies::check(&question));
    }
    if questions.contains(&AuditQuestion::Dead) {
        let program = Program::new(facts);
        let conventions = Conventions::new(&program, settings);
        let edges = edges(&program, &conventions);
        let lives = lives(&program, &edges, settings, &conventions);
        let question = dead::Dead { program: &program, edges: &edges, lives: &lives, settings };
        found.extend(dead::dead(&question));
    }
    found
}

/// Says how many cycles there are, by when imports run.
fn tell_cycles(graph: &ImportGraph) {
    for (count, (_, words)) in imports::counts(graph).iter().zip(imports::GRAPHS) {
        let told = match count.components {
            0 => "none".to_owned(),
            many => {
                format!("{many} with {} modules, the largest with {}", count.modules, count.largest)
            }
        };
        note(format!("import cycles {words}: {told}"));
    }
}

impl From<super::low::GraphOption> for Notation {
    fn from(option: super::low::GraphOption) -> Self {
        match option {
            super::low::GraphOption::Dot => Self::Dot,
            super::low::GraphOption::Json => Self::Json,
            super::low::GraphOption::Mermaid => Self::Mermaid,
        }
    }
}

impl From<super::low::ConfidenceOption> for Confidence {
    fn from(option: super::low::ConfidenceOption) -> Self {
        match option {
            super::low::ConfidenceOption::Certain => Self::Certain,
            super::low::ConfidenceOption::Likely => Self::Likely,
            super::low::ConfidenceOption::Possible => Self::Possible,
        }
    }
}

/// What a run leaves behind for the questions.
#[derive(Default)]
pub(super) struct Collected {
    /// The facts of all modules.
    pub modules: Vec<ModuleFacts>,
    /// The files, each with the number of its project.
    pub checked: std::collections::BTreeMap<std::sync::Arc<str>, usize>,
    /// Whether something failed inside.
    pub failed: bool,
    /// The modules of installed distributions by project, if somebody has looked at them already.
    pub distributions: Option<Vec<Distributions>>,
}

/// The modules of distributions by name.
pub(super) type Distributions = std::collections::BTreeMap<String, Vec<String>>;

/// The projects of a run, for those who place findings.
pub(super) fn projects(high: &HiArgs) -> impl Iterator<Item = &super::high::Project> {
    high.projects.iter()
}
