//! `ropewalk audit`: checks for facts, asks the questions, and reports what they find like a check.
//!
//! The audit looks at one Python version and platform of each project, the first of its matrix.

mod collect;
mod place;

use std::collections::BTreeSet;

use super::check::{Findings, finish_run};
use super::environment::Lookup;
use super::high::{HiArgs, resolve};
use super::low::{AuditArgs, AuditCommand, AuditQuestion, GlobalArgs};
use super::output::Stop;
use super::{Exit, changed};
use crate::audit::edges::edges;
use crate::audit::live::lives;
use crate::audit::program::Program;
use crate::audit::settings::{AuditSettings, Confidence};
use crate::audit::{Found, dead};
use crate::cli::engine::CheckRequest;
use crate::infer::facts::ModuleFacts;

/// Runs the command.
///
/// # Errors
/// When flags, configuration or files are wrong.
pub fn run(command: &AuditCommand, global: &GlobalArgs, lookup: Lookup<'_>) -> Result<Exit, Stop> {
    let (questions, args) = asked(command);
    let high = resolve(&args.check, global, lookup)?;
    let facts = collect::facts(&high, &CheckRequest::clone)?;
    let settings = collect::settings(&high, args, &facts);
    let found = ask(&questions, &facts.modules, &settings);
    let mut diagnostics = place::placed(&high, found, args.confidence.into());
    if let Some(revision) = &args.check.files.changed_since {
        let again = |change: &dyn Fn(&CheckRequest) -> CheckRequest| {
            let facts = collect::facts(&high, change)?;
            let settings = collect::settings(&high, args, &facts);
            let found = ask(&questions, &facts.modules, &settings);
            Ok(place::placed(&high, found, args.confidence.into()))
        };
        diagnostics = changed::filter(&high, revision, diagnostics, &again)?;
    }
    let found = Findings { diagnostics, checked: facts.checked, internal_errors: facts.failed };
    finish_run(&args.check, &high, found)
}

/// The questions that a command asks, and its flags.
fn asked(command: &AuditCommand) -> (BTreeSet<AuditQuestion>, &AuditArgs) {
    match &command.question {
        Some(question) => (BTreeSet::from([question.kind()]), question.args()),
        None => (AuditQuestion::ALL.into_iter().collect(), &command.args),
    }
}

/// Asks questions of facts.
fn ask(
    questions: &BTreeSet<AuditQuestion>,
    facts: &[ModuleFacts],
    settings: &AuditSettings,
) -> Vec<Found> {
    let program = Program::new(facts);
    let mut found = Vec::new();
    if questions.contains(&AuditQuestion::Dead) {
        let edges = edges(&program);
        let lives = lives(&program, &edges, settings);
        let question =
            dead::Dead { program: &program, edges: &edges, lives: &lives, settings };
        found.extend(dead::dead(&question));
    }
    found
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
pub(super) struct Collected {
    /// The facts of all modules.
    pub modules: Vec<ModuleFacts>,
    /// The files, each with the number of its project.
    pub checked: std::collections::BTreeMap<std::sync::Arc<str>, usize>,
    /// Whether something failed inside.
    pub failed: bool,
}

/// The projects of a run, for those who place findings.
pub(super) fn projects(high: &HiArgs) -> impl Iterator<Item = &super::high::Project> {
    high.projects.iter()
}
