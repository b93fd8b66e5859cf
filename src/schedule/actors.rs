//! Modules as actors, and the workers that give them their turns.
//!
//! A module's mailbox holds what was found in it so far. Its turn checks its body and posts its functions in
//! batches; whoever finishes the last batch closes the mailbox and sends the module's diagnostics to the
//! collector. Queues are crossbeam's: a shared one of modules, and one of batches for each worker, from which
//! others steal when they have nothing left. Keeping a module's batches near its turn is what keeps few trees
//! alive; a barrier between the phases would need them all, or every file parsed once more.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crossbeam::channel::Sender;
use crossbeam::deque::{Injector, Steal, Stealer, Worker as Deque};
use crossbeam::utils::Backoff;
use parking_lot::Mutex;
use ruff_text_size::{TextRange, TextSize};

use super::collect::{self, Placed};
use super::host::WorldHost;
use super::measure::{Clock, Span};
use super::memory::bytes_of_index;
use super::order;
use super::panics::caught;
use super::request::{Limits, Progress, RunRequest};
use super::suppression::Honoured;
use super::trees::BYTES_PER_TEXT_BYTE;
use super::world::World;
use crate::index::ScopeId;
use crate::infer::facts::{ModuleFacts, Observed};
use crate::infer::{self, Report};
use crate::project::{FilePath, is_over_memory_limit};
use crate::rules::{Diagnostic, FileLevels, Finding, file_skipped, internal_error};
use crate::store::budget::{Budget, Exceeded, spend_within};
use crate::types::{Cx, ModuleId};

/// A batch is full with so many nodes: some milliseconds of work.
const BATCH_NODES: u32 = 4_000;

/// A message to a module.
enum Task {
    /// Its turn: check its body, and post its functions.
    Turn(ModuleId),
    /// Check these functions.
    Functions(ModuleId, Vec<ScopeId>),
}

/// The queue of a worker.
pub(super) struct Queue(Deque<Task>);

/// What a module has heard so far.
#[derive(Default)]
struct Actor {
    mailbox: Mutex<Vec<Placed>>,
    /// What was noted for the audit.
    observed: Mutex<Observed>,
    /// Tasks left, the turn included.
    remaining: AtomicU32,
    /// Microseconds.
    busy: AtomicU64,
    /// The limit that it exceeded first.
    exceeded: OnceLock<Exceeded>,
}

/// What the collector is told.
pub(super) struct Finished {
    pub module: ModuleId,
    pub diagnostics: Vec<Diagnostic>,
    /// The module's facts, if they were asked for.
    pub facts: Option<Box<ModuleFacts>>,
}

/// What a worker did.
#[derive(Default)]
pub(super) struct Work {
    pub turns: u64,
    pub batches: u64,
    pub turn_time: Duration,
    pub function_time: Duration,
    pub report_time: Duration,
    pub spans: Vec<Span>,
}

/// All that the workers share.
pub(super) struct Crew<'r> {
    world: &'static World,
    host: &'static WorldHost,
    requests: &'r [RunRequest],
    actors: Vec<Actor>,
    turns: Injector<Task>,
    stealers: Vec<Stealer<Task>>,
    /// Tasks that are queued or under way.
    outstanding: AtomicUsize,
    clock: Clock,
    progress: &'r (dyn Fn(Progress) + Sync),
}

impl<'r> Crew<'r> {
    /// A crew with the turns of all checked modules queued, and its workers' queues.
    pub fn new(
        host: &'static WorldHost,
        requests: &'r [RunRequest],
        clock: Clock,
        progress: &'r (dyn Fn(Progress) + Sync),
    ) -> (Self, Vec<Queue>) {
        let world = host.world;
        let mut modules = order::modules_in_order(&world.program);
        let shuffle = requests.first().and_then(|request| request.hooks.shuffle);
        if let Some(seed) = shuffle {
            order::shuffle(&mut modules, seed);
        }
        let turns = Injector::new();
        let actors: Vec<Actor> = world.program.modules.iter().map(|_| Actor::default()).collect();
        for &module in &modules {
            actors[module.0 as usize].remaining.store(1, Ordering::Relaxed);
            turns.push(Task::Turn(module));
        }
        let deques: Vec<Deque<Task>> = world.workers().iter().map(|_| Deque::new_lifo()).collect();
        let crew = Self {
            world,
            host,
            requests,
            actors,
            turns,
            stealers: deques.iter().map(Deque::stealer).collect(),
            outstanding: AtomicUsize::new(modules.len()),
            clock,
            progress,
        };
        (crew, deques.into_iter().map(Queue).collect())
    }

    /// Works until nothing is left.
    pub fn work(&self, number: usize, Queue(queue): Queue, collector: &Sender<Finished>) -> Work {
        let mut work = Work::default();
        let backoff = Backoff::new();
        let worker = &self.world.workers()[number];
        worker.begin();
        // Nobody else writes to a worker's arena, ever; the right is held for the whole run.
        let held = worker.lasting.try_hold() && worker.scratch().try_hold();
        assert!(held, "the arenas of worker {number} are in use");
        // Acquire: whoever sees 0 sees the end of all tasks.
        while self.outstanding.load(Ordering::Acquire) > 0 {
            let Some(task) = self.next_task(number, &queue) else {
                if backoff.is_completed() {
                    std::thread::sleep(Duration::from_micros(100));
                } else {
                    backoff.snooze();
                }
                continue;
            };
            backoff.reset();
            self.run_task(number, task, &queue, &mut work, collector);
            self.outstanding.fetch_sub(1, Ordering::AcqRel);
        }
        worker.lasting.release();
        worker.scratch().release();
        work
    }

    /// Own batches first, then a new module, then others' batches.
    fn next_task(&self, number: usize, queue: &Deque<Task>) -> Option<Task> {
        if let Some(task) = queue.pop() {
            return Some(task);
        }
        loop {
            match self.turns.steal() {
                Steal::Success(task) => return Some(task),
                Steal::Empty => break,
                Steal::Retry => {}
            }
        }
        let others = self.stealers.len();
        for offset in 1..others {
            loop {
                match self.stealers[(number + offset) % others].steal() {
                    Steal::Success(task) => return Some(task),
                    Steal::Empty => break,
                    Steal::Retry => {}
                }
            }
        }
        None
    }

    fn run_task(
        &self,
        number: usize,
        task: Task,
        queue: &Deque<Task>,
        work: &mut Work,
        collector: &Sender<Finished>,
    ) {
        let start = self.clock.now();
        let module = match &task {
            Task::Turn(module) | Task::Functions(module, _) => *module,
        };
        let phase = match task {
            Task::Turn(module) => {
                self.take_turn(number, module, queue);
                work.turns += 1;
                "bodies"
            }
            Task::Functions(module, scopes) => {
                self.check_functions(number, module, &scopes);
                work.batches += 1;
                "functions"
            }
        };
        let length = self.clock.now().saturating_sub(start);
        *(if phase == "bodies" { &mut work.turn_time } else { &mut work.function_time }) += length;
        let actor = &self.actors[module.0 as usize];
        let micros = u64::try_from(length.as_micros()).unwrap_or(u64::MAX);
        actor.busy.fetch_add(micros, Ordering::Relaxed);
        let is_traced = self.request_of(module).instruments.trace;
        if is_traced {
            self.record(work, number, module, phase, start, length);
        }
        // AcqRel: the last one sees what all others put into the mailbox.
        if actor.remaining.fetch_sub(1, Ordering::AcqRel) == 1 {
            let start = self.clock.now();
            let facts = self.facts(number, module);
            self.close(module, facts, collector);
            let length = self.clock.now().saturating_sub(start);
            work.report_time += length;
            if is_traced {
                self.record(work, number, module, "report", start, length);
            }
        }
        self.world.trees.end(module);
    }

    fn record(
        &self,
        work: &mut Work,
        number: usize,
        module: ModuleId,
        phase: &'static str,
        start: Duration,
        length: Duration,
    ) {
        let name = self.world.program.module(module).info.name.to_string();
        let worker = u32::try_from(number).unwrap_or(u32::MAX);
        work.spans.push(Span { name, phase, worker, start, length });
    }

    fn take_turn(&self, number: usize, module: ModuleId, queue: &Deque<Task>) {
        let info = self.world.program.module(module);
        self.world.trees.begin(module, 1);
        let subject = || {
            let whole = TextRange::empty(TextSize::default());
            (format!("checking module `{}`", info.info.name), whole)
        };
        self.observed(module, |observed| {
            self.guarded(number, module, subject, |cx| {
                if self.request_of(module).hooks.panic_in.as_deref() == Some(&*info.info.name) {
                    panic!("asked for by ROPEWALK_PANIC");
                }
                infer::check_module(cx, module, observed)
            });
        });
        let mut batches = self.batches(module);
        if let Some(seed) = self.request_of(module).hooks.shuffle {
            order::shuffle(&mut batches, seed);
        }
        let count = u32::try_from(batches.len()).unwrap_or(u32::MAX);
        self.world.trees.begin(module, count);
        self.actors[module.0 as usize].remaining.fetch_add(count, Ordering::AcqRel);
        self.outstanding.fetch_add(batches.len(), Ordering::AcqRel);
        // The queue is last in, first out: the largest batch is on top.
        for scopes in batches.into_iter().rev() {
            queue.push(Task::Functions(module, scopes));
        }
    }

    /// The functions of a module in batches of about the same size, the largest functions first.
    fn batches(&self, module: ModuleId) -> Vec<Vec<ScopeId>> {
        let index = self.world.index(module);
        let mut scopes = infer::functions_to_check(index);
        let size = |scope: ScopeId| index.scopes[scope].node_count;
        // Stable: functions of one size stay in order.
        scopes.sort_by_key(|&scope| std::cmp::Reverse(size(scope)));
        let mut batches: Vec<Vec<ScopeId>> = Vec::new();
        let mut nodes = u32::MAX;
        for scope in scopes {
            match batches.last_mut() {
                Some(batch) if nodes < BATCH_NODES => batch.push(scope),
                _ => {
                    batches.push(vec![scope]);
                    nodes = 0;
                }
            }
            nodes = nodes.saturating_add(size(scope) + 10);
        }
        batches
    }

    fn check_functions(&self, number: usize, module: ModuleId, scopes: &[ScopeId]) {
        let index = self.world.index(module);
        for &scope in scopes {
            let subject = || {
                let definition = index.definitions.iter().find(|each| each.scope == scope);
                let range = definition.map_or_else(TextRange::default, |each| each.name_range);
                (format!("checking a function of `{}`", self.module_name(module)), range)
            };
            self.observed(module, |observed| {
                self.guarded(number, module, subject, |cx| {
                    infer::check_function(cx, module, scope, observed)
                });
            });
        }
    }

    /// Runs a check with a place for what the audit asks for, if facts are asked for.
    fn observed(&self, module: ModuleId, check: impl FnOnce(Option<&RefCell<Observed>>)) {
        if !self.request_of(module).facts {
            return check(None);
        }
        let observed = RefCell::new(Observed::default());
        check(Some(&observed));
        self.actors[module.0 as usize].observed.lock().append(observed.into_inner());
    }

    /// The facts of a module whose checks are all done.
    fn facts(&self, number: usize, module: ModuleId) -> Option<Box<ModuleFacts>> {
        if !self.request_of(module).facts {
            return None;
        }
        let observed = std::mem::take(&mut *self.actors[module.0 as usize].observed.lock());
        let mut facts = None;
        let subject = || {
            let whole = TextRange::empty(TextSize::default());
            (format!("collecting the facts of `{}`", self.module_name(module)), whole)
        };
        self.guarded(number, module, subject, |cx| {
            facts = Some(Box::new(infer::facts::module_facts(cx, module, observed)));
            Vec::new()
        });
        if let Some(facts) = &mut facts {
            facts.lines = self.world.content(module).lines;
        }
        facts
    }

    fn module_name(&self, module: ModuleId) -> &str {
        &self.world.program.module(module).info.name
    }

    /// Runs a check and puts its reports into the mailbox; a panic becomes a report itself.
    fn guarded(
        &self,
        number: usize,
        module: ModuleId,
        subject: impl FnOnce() -> (String, TextRange),
        check: impl FnOnce(&Cx<'static>) -> Vec<Report>,
    ) {
        let actor = &self.actors[module.0 as usize];
        if actor.exceeded.get().is_some() {
            return;
        }
        let worker = &self.world.workers()[number];
        let checked = match self.budget(module) {
            Ok(budget) => {
                spend_within(budget, || caught(|| check(&Cx::new(self.host, worker.scratch()))))
            }
            Err(exceeded) => Err(exceeded),
        };
        // What one check left behind must not be there for the next.
        worker.reset();
        // SAFETY: the context is gone, and reports are owned data without types; the stack of demands, which
        // held answers, is empty. What else the check made is published, and that was copied.
        unsafe { worker.renew_scratch() };
        let checked = match checked {
            Ok(checked) => checked,
            Err(exceeded) => {
                // Whoever is first says why.
                let _ = actor.exceeded.set(exceeded);
                return;
            }
        };
        let placed = match checked {
            Ok(reports) => reports
                .into_iter()
                .map(|report| Placed { finding: report.finding, range: report.range })
                .collect(),
            Err(message) => {
                let (what, range) = subject();
                let finding = internal_error::internal_error(what, message);
                vec![Placed { finding, range }]
            }
        };
        if !placed.is_empty() {
            actor.mailbox.lock().extend(placed);
        }
    }

    /// All of a module was checked: its findings become diagnostics.
    fn close(&self, id: ModuleId, facts: Option<Box<ModuleFacts>>, collector: &Sender<Finished>) {
        let actor = &self.actors[id.0 as usize];
        let mut found = std::mem::take(&mut *actor.mailbox.lock());
        let exceeded = actor.exceeded.get();
        if let Some(&exceeded) = exceeded {
            // All of a file's findings are told or none: how far it got is chance.
            let finding = self.skipped(id, exceeded);
            found = vec![Placed { finding, range: TextRange::default() }];
        }
        let module = self.world.program.module(id);
        let request = self.request_of(id);
        let honoured =
            Honoured { type_ignore: request.respect_type_ignore, others: &request.honour_comments };
        let levels = self.levels_of(id);
        let tree = || caught(|| self.world.tree(id)).ok();
        let content = self.world.content(id);
        let diagnostics = collect::diagnostics_of(
            (module, content),
            found,
            &levels,
            honoured,
            (exceeded.is_none(), tree),
        );
        (self.progress)(Progress::Advance(1));
        (self.progress)(Progress::Found(diagnostics.len() as u64));
        // The collector lives as long as the workers; if it is gone there is nobody to tell.
        drop(collector.send(Finished { module: id, diagnostics, facts }));
    }

    /// What a task of a module may use up now, or what is used up already.
    fn budget(&self, module: ModuleId) -> Result<Budget, Exceeded> {
        let limits = self.request_of(module).limits;
        if limits == Limits::default() {
            return Ok(Budget::default());
        }
        let content = self.world.content(module);
        let has_process_limit = limits.process_bytes.is_some();
        if content.is_skipped || (has_process_limit && is_over_memory_limit()) {
            return Err(Exceeded::Process);
        }
        let mut budget = Budget::default();
        if let Some(limit) = limits.file_time {
            let busy = &self.actors[module.0 as usize].busy;
            let busy = Duration::from_micros(busy.load(Ordering::Relaxed));
            let left = limit.checked_sub(busy).ok_or(Exceeded::Time)?;
            budget.deadline = Instant::now().checked_add(left);
        }
        if let Some(limit) = limits.file_bytes {
            let text = self.world.program.module(module).text_bytes as usize;
            let held = text * BYTES_PER_TEXT_BYTE + bytes_of_index(&content.index);
            budget.bytes = Some(limit.checked_sub(held).ok_or(Exceeded::Bytes)?);
        }
        budget.is_process_over = has_process_limit.then_some(is_over_memory_limit);
        Ok(budget)
    }

    /// Says that a module was given up.
    fn skipped(&self, module: ModuleId, exceeded: Exceeded) -> Finding {
        let limits = self.request_of(module).limits;
        let megabytes = |bytes: Option<usize>| format!("{} MB", bytes.unwrap_or(0) / 1_000_000);
        match exceeded {
            Exceeded::Time => {
                let seconds = limits.file_time.unwrap_or_default().as_secs();
                file_skipped::file_skipped("max-file-seconds", format!("{seconds} s"))
            }
            Exceeded::Bytes => {
                file_skipped::file_skipped("max-file-memory", megabytes(limits.file_bytes))
            }
            Exceeded::Process => {
                file_skipped::file_skipped("max-memory", megabytes(limits.process_bytes))
            }
        }
    }

    /// The request that a module belongs to.
    pub fn request_of(&self, module: ModuleId) -> &'r RunRequest {
        &self.requests[self.world.program.module(module).project as usize]
    }

    /// The levels that hold in a module's file.
    pub fn levels_of(&self, module: ModuleId) -> FileLevels {
        let path = match &self.world.program.module(module).file {
            FilePath::Disk(path) => {
                path.strip_prefix(&self.request_of(module).settings.root).unwrap_or(path).to_owned()
            }
            other => PathBuf::from(other.to_string()),
        };
        self.request_of(module).rules.for_file(&path)
    }

    /// The time that each checked module took, in order of number.
    pub fn busy_times(&self) -> impl Iterator<Item = (ModuleId, Duration)> + '_ {
        self.world
            .program
            .ids()
            .zip(&self.actors)
            .map(|(id, actor)| (id, Duration::from_micros(actor.busy.load(Ordering::Relaxed))))
    }
}
