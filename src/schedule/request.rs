//! What a run is told, what it tells on the way, and what it gives back.
//!
//! All of it is plain data that outlives the run; nothing in an outcome points into the run's memory.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::hooks::Hooks;
use super::measure::Measurements;
use crate::infer::facts::{ModuleFacts, MoreFacts};
use crate::policy::Off;
use crate::project::config::OtherTool;
use crate::project::{Environment, Settings};
use crate::rules::{Diagnostic, RuleLevels};

/// A whole run over one project, on one Python version and platform.
#[derive(Debug, Clone)]
pub struct RunRequest {
    /// The project, resolved.
    pub settings: Settings,
    /// Where installed packages are.
    pub environment: Environment,
    /// The files to check, absolute.
    pub files: Vec<PathBuf>,
    /// Paths are shown relative to this folder where they lie below it.
    pub working_directory: PathBuf,
    /// The levels of the rules.
    pub rules: RuleLevels,
    /// Whether `# type: ignore` suppresses.
    pub respect_type_ignore: bool,
    /// Other tools whose comments suppress.
    pub honour_comments: Vec<OtherTool>,
    /// Worker threads; `None` for one a core.
    pub threads: Option<usize>,
    /// The order of the work; the first request's counts.
    pub order: Order,
    /// What may be used up.
    pub limits: Limits,
    /// What is recorded besides the counts that every run keeps.
    pub instruments: Instruments,
    /// Whether facts are left behind for the audit.
    pub facts: bool,
    /// What facts say besides.
    pub more_facts: MoreFacts,
    /// Whether the process ends after the run: its memory is then left to the system. Giving a large run back piece by
    /// piece takes 4 % of its time, on one thread.
    pub is_last: bool,
    /// Levers for tests.
    pub hooks: Hooks,
}

impl RunRequest {
    /// A run over `files` with nothing else said.
    #[must_use]
    pub fn new(settings: Settings, environment: Environment, files: Vec<PathBuf>) -> Self {
        Self {
            working_directory: settings.root.clone(),
            settings,
            environment,
            files,
            rules: RuleLevels::default(),
            respect_type_ignore: true,
            honour_comments: Vec::new(),
            threads: None,
            order: Order::default(),
            limits: Limits::default(),
            instruments: Instruments::default(),
            facts: false,
            more_facts: MoreFacts::default(),
            is_last: false,
            hooks: Hooks::from_environment(),
        }
    }
}

/// When functions are checked. It decides about time and memory, and about no result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// After the bodies of all modules.
    #[default]
    TwoPhase,
    /// Right after the body of their module.
    Overlapped,
    /// Whenever their turn comes, even before the body of their module.
    Mixed,
}

/// What may be used up; `None` is "as much as it takes".
///
/// Time is counted in work, so that it is no slower on a loaded machine. Bytes count what a file's tree, index and
/// largest task take. An answer that two files need is charged to the first that asks: near a limit, who is given up
/// may depend on the order of work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Time for a file, summed over threads; counted in work, a second is [`crate::store::budget::TICKS_PER_SECOND`].
    pub file_time: Option<Duration>,
    /// Bytes for a file.
    pub file_bytes: Option<usize>,
    /// Bytes for the process; the first request's counts.
    pub process_bytes: Option<usize>,
}

/// What is recorded besides the counts that every run keeps.
#[derive(Debug, Clone, Copy, Default)]
pub struct Instruments {
    /// A span for every task, for a trace.
    pub trace: bool,
    /// Whom the time of each answer is charged to.
    pub times: bool,
    /// Bytes and counts by structure.
    pub memory: bool,
    /// Policies that do not hold; the first request's count.
    pub off: Off,
}

/// How far a run is. Told from many threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// A phase begins; it will tell of this many files, or of a number not known yet.
    Phase {
        /// Its name.
        name: &'static str,
        /// Files, 0 when not known.
        total: u64,
    },
    /// So many more files are done.
    Advance(u64),
    /// So many more diagnostics were found.
    Found(u64),
}

/// What a run gives.
#[derive(Debug, Default)]
pub struct RunOutcome {
    /// In order of path, range, rule and message; without what is suppressed or ignored.
    pub diagnostics: Vec<Diagnostic>,
    /// The files that were checked, as shown, sorted.
    pub checked: Vec<Arc<str>>,
    /// The work that each of them took, in no order; a second is some
    /// [`TICKS_PER_SECOND`](crate::store::budget::TICKS_PER_SECOND).
    pub ticks: Vec<(Arc<str>, u64)>,
    /// Whether something failed inside: the process should exit with 101.
    pub internal_errors: bool,
    /// The facts of its modules in order of path, if they were asked for.
    pub facts: Vec<ModuleFacts>,
    /// Times, counts and bytes.
    pub measurements: Measurements,
}
