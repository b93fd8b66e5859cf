//! Modules as actors: what each is sent, and what it has heard so far.
//!
//! # Terms
//! An actor is a module that is checked. It is sent *messages*: its *turn* (check the body), *functions* (cut
//! them into batches), and the *batches* themselves. What each finds goes into the *mailbox*. Whoever does the
//! last of a module's messages closes the mailbox, and its findings become diagnostics.
//!
//! ```text
//! bodies:     Turn(a)  Turn(b)  Turn(c)            one each, dependencies first
//! functions:  Functions(c) ─► Batch(c, …) Batch(c, …)   the last body first; batches can be stolen
//! report:     the last batch of c closes its mailbox
//! ```

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use super::collect::Placed;
use crate::index::{ScopeId, SemanticIndex};
use crate::infer;
use crate::infer::facts::{ModuleFacts, Observed};
use crate::rules::Diagnostic;
use crate::store::budget::Exceeded;
use crate::types::ModuleId;

/// A batch is full with so many nodes: some milliseconds of work.
const BATCH_NODES: u32 = 4_000;

/// A message to a module.
pub(super) enum Message {
    /// Its turn: check its body.
    Turn(ModuleId),
    /// Cut its functions into batches.
    Functions(ModuleId),
    /// Check these functions.
    Batch(ModuleId, Vec<ScopeId>),
}

impl Message {
    /// Whom it is sent to.
    pub const fn module(&self) -> ModuleId {
        match *self {
            Self::Turn(module) | Self::Functions(module) | Self::Batch(module, _) => module,
        }
    }

    /// What a trace calls it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Turn(_) => "turn",
            Self::Functions(_) => "functions",
            Self::Batch(..) => "batch",
        }
    }
}

/// What a module has heard so far.
#[derive(Default)]
pub(super) struct Actor {
    mailbox: Mutex<Vec<Placed>>,
    /// What was noted for the audit.
    observed: Mutex<Observed>,
    /// Messages that are queued or under way.
    remaining: AtomicU32,
    /// Microseconds.
    busy: AtomicU64,
    /// Work, as [`crate::store::budget`] counts it.
    ticks: AtomicU64,
    /// The limit that it exceeded first.
    exceeded: OnceLock<Exceeded>,
}

impl Actor {
    /// So many more messages are sent to it.
    pub fn send(&self, messages: u32) {
        self.remaining.fetch_add(messages, Ordering::AcqRel);
    }

    /// A message was done; true when it was the last.
    pub fn done(&self) -> bool {
        // AcqRel: the last one sees what all others put into the mailbox.
        self.remaining.fetch_sub(1, Ordering::AcqRel) == 1
    }

    /// It was worked on for so long.
    pub fn worked(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.busy.fetch_add(micros, Ordering::Relaxed);
    }

    /// A check of it did so much work.
    pub fn ticked(&self, ticks: u64) {
        self.ticks.fetch_add(ticks, Ordering::Relaxed);
    }

    /// The work that its checks did.
    pub fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::Relaxed)
    }

    /// How long it was worked on, summed over workers.
    pub fn busy(&self) -> Duration {
        Duration::from_micros(self.busy.load(Ordering::Relaxed))
    }

    /// Puts findings into the mailbox.
    pub fn hear(&self, found: impl IntoIterator<Item = Placed>) {
        let mut found = found.into_iter().peekable();
        if found.peek().is_some() {
            self.mailbox.lock().extend(found);
        }
    }

    /// Notes something for the audit.
    pub fn note(&self, observed: Observed) {
        self.observed.lock().append(observed);
    }

    /// Takes what was noted for the audit.
    pub fn take_noted(&self) -> Observed {
        std::mem::take(&mut *self.observed.lock())
    }

    /// It used up what it may; whoever is first says what.
    pub fn give_up(&self, exceeded: Exceeded) {
        let _ = self.exceeded.set(exceeded);
    }

    /// What it used up, if it did.
    pub fn exceeded(&self) -> Option<Exceeded> {
        self.exceeded.get().copied()
    }

    /// Empties the mailbox.
    pub fn close(&self) -> Vec<Placed> {
        std::mem::take(&mut *self.mailbox.lock())
    }
}

/// What the collector is sent.
pub(super) struct Finished {
    pub module: ModuleId,
    pub diagnostics: Vec<Diagnostic>,
    /// The module's facts, if they were asked for.
    pub facts: Option<Box<ModuleFacts>>,
}

/// The functions of a module in batches of about the same size, the largest functions first.
pub(super) fn batches(index: &SemanticIndex) -> Vec<Vec<ScopeId>> {
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

/// Counts one down when it is dropped, whatever happens to whoever holds it.
pub(super) struct Countdown<'c>(pub &'c AtomicUsize);

impl Drop for Countdown<'_> {
    fn drop(&mut self) {
        // AcqRel: whoever sees 0 sees what was done before.
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
