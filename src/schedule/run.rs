//! A run from request to outcome: load, make a world, let the workers work, collect.
//!
//! Whatever panics, the rest of the run goes on.

use std::panic::resume_unwind;
use std::time::Duration;

use crossbeam::channel::unbounded;
use ruff_text_size::TextRange;

use super::actors::Finished;
use super::collect::{self, Elsewhere, Placed};
use super::crew::{Crew, Work};
use super::load::load;
use super::measure::{self, Clock, FileTime, Measurements, PhaseTime};
use super::memory;
use super::panics::{WORKER_NAME, install_hook};
use super::request::{Order, Progress, RunOutcome, RunRequest};
use super::trees::TreePolicy;
use super::world::World;
use crate::project::set_memory_limit;
use crate::rules::{Diagnostic, internal_error};
use crate::source::{self, stack};
use crate::store::limits;
use crate::types::ModuleId;

/// Runs the checks of several projects on one Python version, platform and environment, and gives their
/// outcomes in order. What projects have in common is inferred once. Measurements are those of the whole run
/// and in the first outcome. What is not right in the files is in the outcomes; a run itself does not fail.
///
/// # Panics
/// When the system gives no thread at all.
#[must_use]
pub fn run(requests: &[RunRequest], progress: &(dyn Fn(Progress) + Sync)) -> Vec<RunOutcome> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("run".to_owned()).stack_size(stack::FIRST);
        let handle = thread.spawn_scoped(scope, || run_here(requests, progress));
        let handle = handle.expect("the system gives a thread");
        handle.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn run_here(requests: &[RunRequest], progress: &(dyn Fn(Progress) + Sync)) -> Vec<RunOutcome> {
    let Some(request) = requests.first() else { return Vec::new() };
    install_hook();
    set_memory_limit(request.limits.process_bytes.map(|bytes| bytes as u64));
    let clock = Clock::start();
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = request.threads.unwrap_or_else(cores).max(1);
    let threads = if request.hooks.tells { 1 } else { threads };
    let files = requests.iter().map(|request| request.files.len() as u64).sum();
    progress(Progress::Phase { name: "load", total: files });
    let program = load(requests, threads, progress);
    let load_time = clock.now();
    progress(Progress::Phase { name: "check", total: files });

    let world = World::new(program, threads, TreePolicy::within(request.limits.process_bytes));
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
    for module in world.program.modules.iter().filter(|module| module.info.is_checked) {
        outcomes[module.project as usize].checked.push(module.info.path.clone());
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
    let checked = || modules.iter().filter(|module| module.info.is_checked);
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
    let mut slowest: Vec<FileTime> = crew
        .busy_times()
        .filter(|(_, busy)| !busy.is_zero())
        .map(|(id, busy)| FileTime { path: world.program.module(id).info.path.clone(), busy })
        .collect();
    slowest.sort_by(|a, b| b.busy.cmp(&a.busy).then_with(|| a.path.cmp(&b.path)));
    slowest.truncate(10);
    Measurements {
        phases,
        slowest,
        modules: modules.len() as u64,
        files: checked().count() as u64,
        lines: checked()
            .filter_map(|module| module.content.get())
            .map(|content| u64::from(content.lines))
            .sum(),
        threads: work.len() as u64,
        ticks: crew.ticks(),
        limits: limits::hits(),
        demands: measure::demands_of(world),
        #[cfg(feature = "study")]
        extra: if request.instruments.memory { super::study::counts(world) } else { Vec::new() },
        memory: if request.instruments.memory { memory::report(world) } else { Vec::new() },
        memory_by_module: match request.instruments.memory {
            true => memory::by_module(world),
            false => Vec::new(),
        },
        spans: work.into_iter().flat_map(|work| work.spans).collect(),
    }
}
