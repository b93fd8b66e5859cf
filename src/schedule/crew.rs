//! The workers of a run, and the phases that they go through together.
//!
//! Queues are crossbeam's: a shared one of turns, one of modules whose functions are due, and one of batches
//! for each worker, from which others steal when they have nothing left.
//!
//! In the default order no function is checked before the last body is done ([`Order::TwoPhase`]): the second
//! phase reads what the first has published, and writes little. The module of a batch is the one whose tree is
//! at hand, so a worker does all of a module's batches before it opens another one. Everything that a worker
//! does for a message is caught, and every counter that others wait on goes down by a guard.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crossbeam::channel::Sender;
use crossbeam::deque::{Injector, Steal, Stealer, Worker as Deque};
use crossbeam::utils::Backoff;
use ruff_text_size::{TextRange, TextSize};

use super::actors::{Actor, Countdown, Finished, Message, batches};
use super::collect::{self, Elsewhere, Placed};
use super::deep::shallow;
use super::hooks::BEGINS;
use super::limits::{budget, skipped};
use super::measure::{Clock, Span};
use super::order;
use super::panics::caught;
use super::request::{Order, Progress, RunRequest};
use super::suppression::Honoured;
use super::task::Task;
use super::world::{Phase, World};
use crate::index::ScopeId;
use crate::infer::facts::{ModuleFacts, Observed};
use crate::infer::{self, Report};
use crate::project::FilePath;
use crate::rules::{Diagnostic, FileLevels, internal_error};
use crate::store::Scratch;
use crate::store::budget::{Exceeded, spend_within};
use crate::types::{Cx, ModuleId};

/// The queue of a worker.
pub(super) struct Queue(Deque<Message>);

/// What a worker did.
#[derive(Default)]
pub(super) struct Work {
    pub turns: u64,
    pub batches: u64,
    pub turn_time: Duration,
    pub function_time: Duration,
    pub report_time: Duration,
    /// Time without a message, before and after the last body was done.
    pub idle: [Duration; 2],
    pub spans: Vec<Span>,
}

/// All that the workers share.
pub(super) struct Crew<'r> {
    world: &'r World,
    requests: &'r [RunRequest],
    order: Order,
    actors: Vec<Actor>,
    turns: Injector<Message>,
    functions: Injector<Message>,
    stealers: Vec<Stealer<Message>>,
    /// Messages that are queued or under way.
    outstanding: AtomicUsize,
    /// Turns that are queued or under way.
    bodies: AtomicUsize,
    /// When the last body was done.
    barrier: OnceLock<Duration>,
    clock: Clock,
    progress: &'r (dyn Fn(Progress) + Sync),
}

impl<'r> Crew<'r> {
    /// A crew with the turns of the modules to check queued, and its workers' queues.
    pub fn new(
        world: &'r World,
        requests: &'r [RunRequest],
        clock: Clock,
        progress: &'r (dyn Fn(Progress) + Sync),
    ) -> (Self, Vec<Queue>) {
        let mut modules = order::modules_in_order(&world.program);
        let request = requests.first();
        if let Some(seed) = request.and_then(|request| request.hooks.shuffle) {
            order::shuffle(&mut modules, seed);
        }
        let deques: Vec<Deque<Message>> =
            world.counters.iter().map(|_| Deque::new_lifo()).collect();
        let crew = Self {
            world,
            requests,
            order: request.map_or_else(Order::default, |request| request.order),
            actors: world.program.modules.iter().map(|_| Actor::default()).collect(),
            turns: Injector::new(),
            functions: Injector::new(),
            stealers: deques.iter().map(Deque::stealer).collect(),
            outstanding: AtomicUsize::new(2 * modules.len()),
            bodies: AtomicUsize::new(modules.len()),
            barrier: OnceLock::new(),
            clock,
            progress,
        };
        for &module in &modules {
            let info = &world.program.module(module).info;
            if crew.request_of(module).hooks.given_up(&info.path).is_some() {
                crew.actor(module).give_up(Exceeded::Died);
            }
            crew.actor(module).send(2);
            crew.turns.push(Message::Turn(module));
            if crew.order == Order::Mixed {
                crew.turns.push(Message::Functions(module));
            }
        }
        (crew, deques.into_iter().map(Queue).collect())
    }

    fn actor(&self, module: ModuleId) -> &Actor {
        &self.actors[module.0 as usize]
    }

    /// Works until nothing is left.
    pub fn work(&self, number: usize, Queue(queue): Queue, collector: &Sender<Finished>) -> Work {
        let mut work = Work::default();
        let worker = Worker { crew: self, number, queue, collector };
        let backoff = Backoff::new();
        // Acquire: whoever sees 0 sees the end of all messages.
        while self.outstanding.load(Ordering::Acquire) > 0 {
            let Some(message) = worker.next() else {
                let start = self.clock.now();
                if backoff.is_completed() {
                    std::thread::sleep(Duration::from_micros(100));
                } else {
                    backoff.snooze();
                }
                let phase = usize::from(self.barrier.get().is_some());
                work.idle[phase] += self.clock.now().saturating_sub(start);
                continue;
            };
            backoff.reset();
            worker.handle(message, &mut work);
        }
        work
    }

    /// A body is done. After the last one the functions are due.
    fn body_done(&self) {
        // AcqRel: whoever is last sees what all bodies have published.
        if self.bodies.fetch_sub(1, Ordering::AcqRel) != 1 {
            return;
        }
        let _ = self.barrier.set(self.clock.now());
        self.world.enter(Phase::Functions);
        if self.order != Order::TwoPhase {
            return;
        }
        // The last ones first: their trees are still there.
        let mut modules = order::modules_in_order(&self.world.program);
        modules.reverse();
        if let Some(seed) = self.requests.first().and_then(|request| request.hooks.shuffle) {
            order::shuffle(&mut modules, seed);
        }
        for module in modules {
            self.functions.push(Message::Functions(module));
        }
    }

    /// The request that a module belongs to.
    pub fn request_of(&self, module: ModuleId) -> &'r RunRequest {
        &self.requests[self.world.program.module(module).project as usize]
    }

    /// The levels that hold in a module's file.
    pub fn levels_of(&self, module: ModuleId) -> FileLevels {
        levels_of(self.world, self.request_of(module), module)
    }

    /// The time that each checked module took, in order of number.
    pub fn busy_times(&self) -> impl Iterator<Item = (ModuleId, Duration)> + '_ {
        self.world.program.ids().zip(&self.actors).map(|(id, actor)| (id, actor.busy()))
    }

    /// The work of each module, in order of number.
    pub fn ticks_by_module(&self) -> impl Iterator<Item = (ModuleId, u64)> + '_ {
        self.world.program.ids().zip(&self.actors).map(|(id, actor)| (id, actor.ticks()))
    }

    /// When the last body was done.
    pub fn barrier(&self) -> Option<Duration> {
        self.barrier.get().copied()
    }
}

/// The levels that a request sets for a module's file.
pub(super) fn levels_of(world: &World, request: &RunRequest, module: ModuleId) -> FileLevels {
    let path = match &world.program.module(module).file {
        FilePath::Disk(path) => {
            path.strip_prefix(&request.settings.root).unwrap_or(path).to_owned()
        }
        other => PathBuf::from(other.to_string()),
    };
    request.rules.for_file(&path)
}

/// One worker of a crew.
struct Worker<'c, 'r> {
    crew: &'c Crew<'r>,
    number: usize,
    queue: Deque<Message>,
    collector: &'c Sender<Finished>,
}

impl Worker<'_, '_> {
    /// Own batches first, then a new module, then others' batches.
    fn next(&self) -> Option<Message> {
        let crew = self.crew;
        let others = crew.stealers.len();
        let victims = (1..others).map(|offset| &crew.stealers[(self.number + offset) % others]);
        self.queue
            .pop()
            .or_else(|| stolen(|| crew.turns.steal()))
            .or_else(|| stolen(|| crew.functions.steal()))
            .or_else(|| victims.into_iter().find_map(|victim| stolen(|| victim.steal())))
    }

    /// Does what a message says. Whatever panics on the way, the message counts as done.
    fn handle(&self, message: Message, work: &mut Work) {
        let crew = self.crew;
        let (module, name) = (message.module(), message.name());
        let is_turn = matches!(message, Message::Turn(_));
        let is_batch = matches!(message, Message::Batch(..));
        let _outstanding = Countdown(&crew.outstanding);
        self.tell(module);
        let actor = crew.actor(module);
        let start = crew.clock.now();
        let done = caught(|| match message {
            Message::Turn(module) => self.take_turn(module),
            Message::Functions(module) => self.send_batches(module),
            Message::Batch(module, scopes) => self.check_batch(module, &scopes),
        });
        if let Err(message) = done {
            self.fail(module, &message);
        }
        let length = crew.clock.now().saturating_sub(start);
        actor.worked(length);
        *(if is_turn { &mut work.turn_time } else { &mut work.function_time }) += length;
        work.turns += u64::from(is_turn);
        work.batches += u64::from(is_batch);
        let phase = if is_turn { Phase::Bodies } else { Phase::Functions };
        self.record(work, (module, name, phase.name()), start, length);
        if is_turn {
            crew.body_done();
        }
        if actor.done() {
            let start = crew.clock.now();
            self.close(module);
            crew.world.trees.release(module);
            let length = crew.clock.now().saturating_sub(start);
            work.report_time += length;
            self.record(work, (module, "close", "report"), start, length);
        }
    }

    /// Tells a run that searches for the module that ends it which one this is.
    fn tell(&self, module: ModuleId) {
        if self.crew.request_of(module).hooks.tells {
            use std::io::Write;
            let path = &self.crew.world.program.module(module).info.path;
            let _ = writeln!(std::io::stderr().lock(), "{BEGINS}{path}");
        }
    }

    fn record(
        &self,
        work: &mut Work,
        (module, message, phase): (ModuleId, &'static str, &'static str),
        start: Duration,
        length: Duration,
    ) {
        if !self.crew.request_of(module).instruments.trace {
            return;
        }
        let name = self.crew.world.program.module(module).info.name.to_string();
        let worker = u32::try_from(self.number).unwrap_or(u32::MAX);
        work.spans.push(Span { name, message, phase, worker, start, length });
    }

    fn take_turn(&self, module: ModuleId) {
        let crew = self.crew;
        let name = self.name_of(module);
        let _pinned = crew.world.trees.pin(module);
        let subject = || (format!("checking module `{name}`"), whole_file());
        self.with_task(|task| {
            self.observed(module, |observed| {
                self.guarded(task, module, subject, |cx| {
                    crew.request_of(module).hooks.strike(name);
                    infer::check_module(cx, module, observed)
                });
            });
        });
        if crew.order == Order::Overlapped {
            self.queue.push(Message::Functions(module));
        }
    }

    fn send_batches(&self, module: ModuleId) {
        let crew = self.crew;
        let mut batches = batches(crew.world.index(module));
        if let Some(seed) = crew.request_of(module).hooks.shuffle {
            order::shuffle(&mut batches, seed);
        }
        crew.actor(module).send(u32::try_from(batches.len()).unwrap_or(u32::MAX));
        crew.outstanding.fetch_add(batches.len(), Ordering::AcqRel);
        // The queue is last in, first out: the largest batch is on top.
        for scopes in batches.into_iter().rev() {
            self.queue.push(Message::Batch(module, scopes));
        }
    }

    fn check_batch(&self, module: ModuleId, scopes: &[ScopeId]) {
        let index = self.crew.world.index(module);
        let _pinned = self.crew.world.trees.pin(module);
        self.with_task(|task| {
            for &scope in scopes {
                let subject = || {
                    let definition = index.definitions.iter().find(|each| each.scope == scope);
                    let range = definition.map_or_else(TextRange::default, |each| each.name_range);
                    (format!("checking a function of `{}`", self.name_of(module)), range)
                };
                self.observed(module, |observed| {
                    let check = |cx: &Cx<'_>| infer::check_function(cx, module, scope, observed);
                    self.guarded(task, module, subject, check);
                });
            }
        });
    }

    /// Runs a check with a place for what the audit asks for, if facts are asked for.
    fn observed(&self, module: ModuleId, check: impl FnOnce(Option<&RefCell<Observed>>)) {
        if !self.crew.request_of(module).facts {
            return check(None);
        }
        let wants_unknown = self.crew.request_of(module).more_facts.origins;
        let observed = RefCell::new(Observed { wants_unknown, ..Observed::default() });
        check(Some(&observed));
        self.crew.actor(module).note(observed.into_inner());
    }

    /// The facts of a module whose checks are all done.
    fn facts_of(&self, module: ModuleId) -> Option<Box<ModuleFacts>> {
        let crew = self.crew;
        if !crew.request_of(module).facts {
            return None;
        }
        let mut observed = crew.actor(module).take_noted();
        observed.settle();
        let reads = std::mem::take(&mut *crew.world.content(module).reads.lock());
        let subject =
            || (format!("collecting the facts of `{}`", self.name_of(module)), whole_file());
        let facts = RefCell::new(None);
        self.with_task(|task| {
            self.guarded(task, module, subject, |cx| {
                let more = crew.request_of(module).more_facts;
                let collected = infer::facts::module_facts(cx, module, &reads, &observed, more);
                facts.replace(Some(Box::new(collected)));
                Vec::new()
            });
        });
        let mut facts = facts.into_inner();
        if let Some(facts) = &mut facts {
            facts.lines = crew.world.content(module).lines;
        }
        facts
    }

    fn name_of(&self, module: ModuleId) -> &str {
        &self.crew.world.program.module(module).info.name
    }

    /// Runs `work` in a task of its own, whose scratch goes afterwards.
    fn with_task(&self, work: impl for<'t> FnOnce(&'t Task<'t>)) {
        let world = self.crew.world;
        let scratch = Scratch::default();
        let task = Task::new(world, self.number, scratch.writer());
        work(&task);
        let bytes = u64::try_from(scratch.bytes()).unwrap_or(u64::MAX);
        world.counters[self.number].scratch_peak.fetch_max(bytes, Ordering::Relaxed);
    }

    /// Runs a check and puts its reports into the mailbox; a panic becomes a report itself.
    fn guarded<'t>(
        &self,
        task: &'t Task<'t>,
        module: ModuleId,
        subject: impl FnOnce() -> (String, TextRange),
        check: impl Fn(&Cx<'t>) -> Vec<Report>,
    ) {
        let crew = self.crew;
        let actor = crew.actor(module);
        if actor.exceeded().is_some() {
            return;
        }
        let _charge = task.charge(module);
        let limits = crew.request_of(module).limits;
        let checked = budget(crew.world, module, actor, limits).and_then(|budget| {
            let check = || caught(|| shallow(task, || check(&task.cx())));
            let (checked, ticks) = spend_within(budget, check);
            actor.ticked(ticks);
            checked
        });
        // What one check was in the middle of must not be there for the next.
        task.reset(0, &[]);
        match checked {
            Err(exceeded) => actor.give_up(exceeded),
            Ok(Ok(reports)) => actor.hear(
                reports
                    .into_iter()
                    .map(|report| Placed { finding: report.finding, range: report.range }),
            ),
            Ok(Err(message)) => {
                let (what, range) = subject();
                let finding = internal_error::internal_error(what, message);
                actor.hear([Placed { finding, range }]);
            }
        }
    }

    /// Something besides a check has panicked: that is said of the module.
    fn fail(&self, module: ModuleId, message: &str) {
        let what = format!("checking module `{}`", self.name_of(module));
        let finding = internal_error::internal_error(what, message);
        self.crew.actor(module).hear([Placed { finding, range: whole_file() }]);
    }

    /// All of a module was checked: its findings become diagnostics.
    fn close(&self, id: ModuleId) {
        let crew = self.crew;
        let facts = caught(|| self.facts_of(id)).ok().flatten();
        let diagnostics = caught(|| self.diagnostics_of(id)).unwrap_or_else(|message| {
            let finding = internal_error::internal_error("reporting the module", message);
            let module = crew.world.program.module(id);
            let placed = Placed { finding, range: whole_file() };
            let text = crate::source::from_text("");
            let mut elsewhere = Elsewhere::new(&crew.world.program);
            vec![collect::locate(module, &text, &crew.levels_of(id), placed, &mut elsewhere)]
        });
        (crew.progress)(Progress::Advance(1));
        (crew.progress)(Progress::Found(diagnostics.len() as u64));
        // The collector lives as long as the workers; if it is gone there is nobody to send to.
        drop(self.collector.send(Finished { module: id, diagnostics, facts }));
    }

    fn diagnostics_of(&self, id: ModuleId) -> Vec<Diagnostic> {
        let crew = self.crew;
        let actor = crew.actor(id);
        let mut found = actor.close();
        let exceeded = actor.exceeded();
        let module = crew.world.program.module(id);
        let request = crew.request_of(id);
        if let Some(exceeded) = exceeded {
            // All of a file's findings are reported or none: how far it got is chance.
            let reason = request.hooks.given_up(&module.info.path);
            let finding = skipped(request.limits, exceeded, reason);
            found = vec![Placed { finding, range: TextRange::default() }];
        }
        let honoured =
            Honoured { type_ignore: request.respect_type_ignore, others: &request.honour_comments };
        let levels = crew.levels_of(id);
        let tree = || caught(|| crew.world.tree(id)).ok();
        let content = crew.world.content(id);
        collect::diagnostics_of(
            (module, content),
            found,
            &levels,
            honoured,
            (exceeded.is_none(), tree),
            Elsewhere::new(&crew.world.program),
        )
    }
}

fn whole_file() -> TextRange {
    TextRange::empty(TextSize::default())
}

/// What is stolen, if there is something.
fn stolen(steal: impl Fn() -> Steal<Message>) -> Option<Message> {
    loop {
        match steal() {
            Steal::Success(message) => return Some(message),
            Steal::Empty => return None,
            Steal::Retry => {}
        }
    }
}
