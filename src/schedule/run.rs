//! A run from request to outcome: load, make a world, let the workers work, collect.
//!
//! Whatever panics, the rest of the run goes on.
//!
//! Between load and check somebody may choose which of the modules are checked ([`Loaded::keep`]): that is all that a
//! shard is. What a module means depends on the whole program, and the whole program is loaded all the same.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use crossbeam::channel::unbounded;
use ruff_text_size::TextRange;

use super::actors::Finished;
use super::charge::Charges;
use super::collect::{self, Elsewhere, Placed};
use super::crew::{Crew, Work};
use super::load::load;
use super::measure::{self, Clock, FileTime, Measurements, PhaseTime};
use super::memory;
use super::order;
use super::panics::{WORKER_NAME, install_hook};
use super::program::{Module, Program};
use super::request::{Order, Progress, RunOutcome, RunRequest};
use super::trees::TreePolicy;
use super::world::World;
use crate::project::set_memory_limit;
use crate::rules::{Diagnostic, internal_error};
use crate::source::{self, stack};
use crate::store::{Hasher, limits};
use crate::types::ModuleId;

/// Runs the checks of several projects on one Python version, platform and environment, and gives their
/// outcomes in order. What projects have in common is inferred once. Measurements are those of the whole run
/// and in the first outcome. What is not right in the files is in the outcomes; a run itself does not fail.
///
/// # Panics
/// When the system gives no thread at all.
#[must_use]
pub fn run(requests: &[RunRequest], progress: &(dyn Fn(Progress) + Sync)) -> Vec<RunOutcome> {
    Loaded::new(requests, false, progress).run(progress)
}

/// The programs of projects after load: what there is, and nothing of what it means.
pub struct Loaded<'r> {
    requests: &'r [RunRequest],
    program: Program,
    threads: usize,
    clock: Clock,
    load_time: Duration,
}

/// A file to check, as load leaves it.
#[derive(Debug, Clone)]
pub struct LoadedFile {
    /// The number of its request.
    pub project: usize,
    /// As shown.
    pub path: Arc<str>,
    /// The length of its text.
    pub bytes: u32,
    /// See [`text_hash`](super::text_hash).
    pub hash: u64,
    /// The group of files that import each other, in a circle; groups have numbers in order of their first file.
    pub group: usize,
}

impl<'r> Loaded<'r> {
    /// Loads the projects, with hashes of texts if `hashes`.
    ///
    /// # Panics
    /// When the system gives no thread at all.
    #[must_use]
    pub fn new(
        requests: &'r [RunRequest],
        hashes: bool,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Self {
        on_a_thread(|| {
            install_hook();
            let first = requests.first();
            set_memory_limit(
                first.and_then(|first| first.limits.process_bytes).map(|bytes| bytes as u64),
            );
            let clock = Clock::start();
            let cores = || std::thread::available_parallelism().map_or(1, usize::from);
            let threads = first.and_then(|first| first.threads).unwrap_or_else(cores).max(1);
            let threads = if first.is_some_and(|first| first.hooks.tells) { 1 } else { threads };
            let total = requests.iter().map(|request| request.files.len() as u64).sum();
            progress(Progress::Phase { name: "load", total });
            let program = load(requests, threads, hashes, progress);
            let load_time = clock.now();
            Self { requests, program, threads, clock, load_time }
        })
    }

    /// The files to check, in order of number.
    #[must_use]
    pub fn files(&self) -> Vec<LoadedFile> {
        let mut group_of = vec![0; self.program.modules.len()];
        for group in order::groups_of(&self.program) {
            let first = group.first().map_or(0, |id| id.0 as usize);
            group.iter().for_each(|id| group_of[id.0 as usize] = first);
        }
        let files = self.program.modules.iter().zip(group_of);
        files
            .filter(|(module, _)| module.info.is_checked)
            .map(|(module, group)| LoadedFile {
                project: module.project as usize,
                path: Arc::clone(&module.info.path),
                bytes: module.text_bytes,
                hash: module.text_hash,
                group,
            })
            .collect()
    }

    /// A hash of all files that are not to be checked but may say what those mean: packages, and modules elsewhere.
    #[must_use]
    pub fn packages_hash(&self) -> u64 {
        let others = self.program.modules.iter().filter(|module| !module.info.is_checked);
        let hash = |module: &Module| {
            let hasher = Hasher::new(0).bytes(module.info.name.as_bytes());
            hasher.word(module.text_hash).finish().short()
        };
        // A sum: their order is that of their folders, which may be called otherwise elsewhere.
        others.map(hash).fold(0, u64::wrapping_add)
    }

    /// The length of all texts.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.program.modules.iter().map(|module| u64::from(module.text_bytes)).sum()
    }

    /// The length of the texts that can be reached by imports from those of the files that `owns` says, without them.
    #[must_use]
    pub fn bytes_in_reach(&self, owns: &dyn Fn(usize) -> bool) -> u64 {
        let checked = self.program.ids().filter(|&id| self.program.module(id).info.is_checked);
        let own = checked.enumerate().filter(|(at, _)| owns(*at)).map(|(_, id)| id);
        let mut stack: Vec<ModuleId> = own.collect();
        let mut is_reached = vec![false; self.program.modules.len()];
        stack.iter().for_each(|id| is_reached[id.0 as usize] = true);
        let mut bytes = 0;
        while let Some(id) = stack.pop() {
            for target in self.program.imports_of(id) {
                if !std::mem::replace(&mut is_reached[target.0 as usize], true) {
                    bytes += u64::from(self.program.module(target).text_bytes);
                    stack.push(target);
                }
            }
        }
        bytes
    }

    /// Has the run check only those of the files that `keeps` says, by their place in [`files`](Self::files).
    pub fn keep(&mut self, keeps: &dyn Fn(usize) -> bool) {
        let checked = self.program.modules.iter_mut().filter(|module| module.info.is_checked);
        for (at, module) in checked.enumerate() {
            module.has_turn = keeps(at);
            module.settings.records_reads &= module.has_turn;
        }
    }

    /// Checks what is to be checked.
    ///
    /// # Panics
    /// When the system gives no thread at all.
    #[must_use]
    pub fn run(self, progress: &(dyn Fn(Progress) + Sync)) -> Vec<RunOutcome> {
        on_a_thread(|| run_here(self, progress))
    }
}

/// Does work on a thread whose stack does not depend on who asks.
fn on_a_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("run".to_owned()).stack_size(stack::FIRST);
        let handle = thread.spawn_scoped(scope, work);
        let handle = handle.expect("the system gives a thread");
        handle.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn run_here(loaded: Loaded<'_>, progress: &(dyn Fn(Progress) + Sync)) -> Vec<RunOutcome> {
    let Loaded { requests, program, threads, clock, load_time } = loaded;
    let Some(request) = requests.first() else { return Vec::new() };
    let files = program.with_turn().count() as u64;
    progress(Progress::Phase { name: "check", total: files });

    let mut world = World::new(program, threads, TreePolicy::within(request.limits.process_bytes));
    world.off = request.instruments.off;
    if request.instruments.times {
        world.charges = Some(Charges::new(world.program.modules.len()));
    }
    let (crew, queues) = Crew::new(&world, requests, clock, progress);
    let (sender, receiver) = unbounded::<Finished>();
    let mut work: Vec<Work> = Vec::new();
    let mut finished: Vec<Finished> = Vec::new();
    std::thread::scope(|scope| {
        let handles: Vec<_> = queues
            .into_iter()
            .enumerate()
            .filter_map(|(number, queue)| {
                let (crew, sender) = (&crew, sender.clone());
                let thread = std::thread::Builder::new()
                    .name(WORKER_NAME.to_owned())
                    .stack_size(stack::FIRST);
                // With fewer threads than were asked for, the others do the work.
                thread.spawn_scoped(scope, move || crew.work(number, queue, &sender)).ok()
            })
            .collect();
        assert!(!handles.is_empty(), "the system gives no thread");
        drop(sender);
        finished.extend(receiver);
        for handle in handles {
            work.push(handle.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
    });
    finished.sort_unstable_by_key(|finished| finished.module);

    let mut outcomes = outcomes(&world, &crew, finished, requests.len());
    if let Some(first) = outcomes.first_mut() {
        first.measurements = measurements(request, &world, &crew, work, (load_time, clock.now()));
    }
    drop(crew);
    match requests.iter().all(|request| request.is_last) {
        true => std::mem::forget(world),
        // Trees are deep, and here the stack is large.
        false => world.trees.clear(),
    }
    outcomes
}

/// What was found, by project.
fn outcomes(
    world: &World,
    crew: &Crew<'_>,
    finished: Vec<Finished>,
    projects: usize,
) -> Vec<RunOutcome> {
    let mut outcomes: Vec<RunOutcome> = (0..projects).map(|_| RunOutcome::default()).collect();
    let project_of = |id: ModuleId| world.program.module(id).project as usize;
    for finished in finished {
        let outcome = &mut outcomes[project_of(finished.module)];
        outcome.diagnostics.extend(finished.diagnostics);
        outcome.facts.extend(finished.facts.map(|facts| *facts));
    }
    for (module, failure) in failures(world, crew) {
        outcomes[project_of(module)].diagnostics.push(failure);
    }
    for (id, ticks) in crew.ticks_by_module() {
        let module = world.program.module(id);
        if module.has_turn {
            let outcome = &mut outcomes[module.project as usize];
            outcome.checked.push(module.info.path.clone());
            outcome.ticks.push((module.info.path.clone(), ticks));
        }
    }
    let is_internal = |found: &Diagnostic| found.rule.name == internal_error::RULE.name;
    for outcome in &mut outcomes {
        collect::sort(&mut outcome.diagnostics);
        outcome.checked.sort_unstable();
        outcome.internal_errors = outcome.diagnostics.iter().any(is_internal);
    }
    outcomes
}

/// Questions that nobody could answer, told where their subject is.
fn failures(world: &World, crew: &Crew<'_>) -> Vec<(ModuleId, Diagnostic)> {
    let told = world.failures().into_iter().map(|failure| {
        let id = ModuleId(failure.module);
        let module = world.program.module(id);
        let text = source::read(&module.file).unwrap_or_else(|_| source::from_text(""));
        let range = TextRange::new(failure.range.0.into(), failure.range.1.into());
        let finding = internal_error::internal_error(failure.what, failure.message);
        let placed = Placed { finding, range };
        let mut elsewhere = Elsewhere::new(&world.program);
        (id, collect::locate(module, &text, &crew.levels_of(id), placed, &mut elsewhere))
    });
    told.collect()
}

fn measurements(
    request: &RunRequest,
    world: &World,
    crew: &Crew<'_>,
    work: Vec<Work>,
    (load_time, end): (Duration, Duration),
) -> Measurements {
    let modules = &world.program.modules;
    let checked = || world.program.with_turn();
    let sum = |time: fn(&Work) -> Duration| work.iter().map(time).sum::<Duration>();
    let count = |items: fn(&Work) -> u64| work.iter().map(items).sum::<u64>();
    // With a barrier the phases follow each other; without one both last as long as the check.
    let barrier = crew.barrier().filter(|_| request.order == Order::TwoPhase);
    let (bodies_end, functions_start) = (barrier.unwrap_or(end), barrier.unwrap_or(load_time));
    let phases = vec![
        PhaseTime {
            name: "load",
            wall: load_time,
            busy: load_time,
            idle: Duration::ZERO,
            items: modules.len() as u64,
        },
        PhaseTime {
            name: "bodies",
            wall: bodies_end.saturating_sub(load_time),
            busy: sum(|work| work.turn_time),
            idle: sum(|work| work.idle[0]),
            items: count(|work| work.turns),
        },
        PhaseTime {
            name: "functions",
            wall: end.saturating_sub(functions_start),
            busy: sum(|work| work.function_time),
            idle: sum(|work| work.idle[1]),
            items: count(|work| work.batches),
        },
        PhaseTime {
            name: "report",
            wall: end.saturating_sub(functions_start),
            busy: sum(|work| work.report_time),
            idle: Duration::ZERO,
            items: count(|work| work.turns),
        },
    ];
    let memory_by_module = match request.instruments.memory {
        true => memory::by_module(world),
        false => Vec::new(),
    };
    Measurements {
        phases,
        file_times: file_times(world, crew),
        modules: modules.len() as u64,
        files: checked().count() as u64,
        lines: checked()
            .filter_map(|module| module.content.get())
            .map(|content| u64::from(content.lines))
            .sum(),
        threads: work.len() as u64,
        ticks: crew.ticks_by_module().map(|(_, ticks)| ticks).sum(),
        limits: limits::hits(),
        demands: measure::demands_of(world),
        #[cfg(feature = "study")]
        extra: if request.instruments.memory { super::study::counts(world) } else { Vec::new() },
        memory: match request.instruments.memory {
            true => memory::report(world, &memory_by_module),
            false => Vec::new(),
        },
        memory_by_module,
        spans: work.into_iter().flat_map(|work| work.spans).collect(),
    }
}

/// The times of the checked files, slowest first, if the run is asked for them.
fn file_times(world: &World, crew: &Crew<'_>) -> Vec<FileTime> {
    let Some(charges) = &world.charges else { return Vec::new() };
    let mut times: Vec<FileTime> = crew
        .busy_times()
        .filter(|(_, busy)| !busy.is_zero())
        .map(|(id, busy)| {
            let module = world.program.module(id);
            let lines = module.content.get().map_or(0, |content| content.lines);
            FileTime { path: module.info.path.clone(), lines, busy, own: charges.of(id) }
        })
        .collect();
    times.sort_by(|a, b| b.own.cmp(&a.own).then_with(|| a.path.cmp(&b.path)));
    times
}
