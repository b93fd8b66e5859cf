//! A task at work: its scratch, its stack of demands, and the one way to a new answer.
//!
//! A task borrows the world and computes in its own scratch. What it finds for others is copied into the arena
//! of the question's module and published there; the rest goes with the scratch.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use rustc_hash::FxHashMap;

use super::charge::Charge;
use super::cycle::{Done, Stack, Step};
use super::deep::too_deep;
use super::export::export;
use super::keys::{Answer, Key};
use super::panics::caught;
use super::questions;
use super::settle::settle;
use super::world::{Counters, Room, World, count};
use crate::source::stack;
use crate::store::ArenaCache;
use crate::types::call::Kept;
use crate::types::{Cx, ModuleId, TypeArena, TypeWriter};

/// See the module's documentation.
pub(super) struct Task<'t> {
    pub world: &'t World,
    pub counters: &'t Counters,
    #[cfg(feature = "study")]
    worker: u32,
    pub writer: TypeWriter<'t>,
    pub rooms: ArenaCache<'t, Room>,
    pub stack: RefCell<Stack<'t>>,
    kept: Kept<'t>,
    /// The time that is charged already, of what is charged now.
    charged: Cell<Duration>,
    /// Whether a set is iterated: then its values come before what is published.
    is_iterating: Cell<bool>,
    /// The demand that was too deep, while the task unwinds from it.
    pub too_deep: Cell<Option<Key<'t>>>,
}

/// A new answer, and the words of the panic that is behind it.
pub(super) struct Computed<'t> {
    pub answer: Answer<'t>,
    pub panic: Option<String>,
}

impl<'t> Task<'t> {
    /// A task of the worker with this number.
    pub fn new(world: &'t World, worker: usize, writer: TypeWriter<'t>) -> Self {
        Self {
            world,
            counters: &world.counters[worker],
            #[cfg(feature = "study")]
            worker: u32::try_from(worker).unwrap_or(u32::MAX),
            writer,
            rooms: ArenaCache::default(),
            stack: RefCell::default(),
            kept: Kept::default(),
            charged: Cell::default(),
            is_iterating: Cell::new(false),
            too_deep: Cell::new(None),
        }
    }

    /// A context with nothing assumed.
    pub fn cx(&'t self) -> Cx<'t> {
        Cx::new(self, &self.writer).sharing(&self.kept)
    }

    /// Charges time to a module until the charge is dropped, if anybody wants to know.
    pub fn charge(&self, module: ModuleId) -> Option<Charge<'_>> {
        let charges = self.world.charges.as_ref()?;
        Some(Charge::begin(charges, module, &self.charged))
    }

    /// What is kept for a module, if anything is.
    #[inline]
    pub fn room(&self, module: u32) -> Option<&'t Room> {
        self.rooms.get(module, || self.world.store.get(module))
    }

    /// Inlined, so that a question that is known in advance finds its cell at once.
    #[inline(always)]
    fn published(&self, key: &Key<'_>) -> Option<Answer<'t>> {
        self.room(key.module)?.memos()?.get(key, &self.world.store.seals)
    }

    /// Begins to iterate a set.
    pub fn enter_set(&self, members: Vec<(Key<'t>, Answer<'t>)>) {
        count(&self.counters.sets, 1);
        self.stack.borrow_mut().enter_set(members);
        self.is_iterating.set(true);
    }

    /// Ends the iteration of a set; returns its values.
    pub fn leave_set(&self) -> FxHashMap<Key<'t>, Answer<'t>> {
        let mut stack = self.stack.borrow_mut();
        let values = stack.leave_set();
        self.is_iterating.set(stack.is_iterating());
        values
    }

    /// A check within the task begins or ends: nothing that the last was in the middle of may be there. See
    /// [`Stack::reset`].
    pub fn reset(&self, most: usize, waiting: &[Key<'t>]) {
        self.stack.borrow_mut().reset(most, waiting);
        self.is_iterating.set(false);
    }

    /// The answer to `key`: published, provisional, or computed now.
    #[inline(always)]
    pub fn demand(&'t self, key: Key<'_>) -> Answer<'t> {
        if !self.is_iterating.get()
            && let Some(answer) = self.published(&key)
        {
            count(&self.counters.hit, 1);
            return answer;
        }
        self.demand_slowly(key)
    }

    #[cold]
    fn demand_slowly(&'t self, key: Key<'_>) -> Answer<'t> {
        let name = if key.name.is_empty() { "" } else { self.writer.string(key.name) };
        let key: Key<'t> = Key { name, ..key };
        let step = self.stack.borrow_mut().begin(&key, || self.published(&key));
        match step {
            Step::Known(answer) => {
                count(&self.counters.hit, 1);
                return answer;
            }
            Step::Initial => return questions::initial(&self.cx(), &key),
            Step::TooDeep => too_deep(self, key),
            Step::Compute => {}
        }
        let Computed { answer, panic } = stack::deeper(|| self.compute_caught(&key));
        let done = self.stack.borrow_mut().finish(answer);
        let counters = self.world.phase_counters(self.counters);
        match done {
            Done::Final => {
                count(&counters.computed, 1);
                if let Some(message) = panic {
                    self.world.record_failure(&key, message);
                }
                self.publish(&key, answer)
            }
            Done::Tainted => {
                count(&counters.provisional, 1);
                answer
            }
            Done::Head(members) => self.settle_set(key, members),
        }
    }

    /// Copies an answer into the arena of its module and publishes it there; returns what is published.
    fn publish(&'t self, key: &Key<'t>, answer: Answer<'t>) -> Answer<'t> {
        let world = self.world;
        let counters = world.phase_counters(self.counters);
        let (room, memos) = world.open(ModuleId(key.module));
        let seals = &world.store.seals;
        if let Some(answer) = memos.get_sealed(key, seals) {
            count(&counters.in_vain, 1);
            return answer;
        }
        let cx = self.cx();
        let (is_first, wait) = self.target(room).write(|writer| {
            // Once more, now that nobody else writes.
            memos.get_sealed(key, seals).is_none()
                && memos.publish(writer, key, export(&cx, answer, writer), None)
        });
        if is_first {
            counters.wrote(1, wait);
        } else {
            count(&counters.in_vain, 1);
        }
        memos.get_sealed(key, seals).unwrap_or(answer)
    }

    /// The arena that takes what is published of a module.
    #[cfg(not(feature = "study"))]
    fn target(&self, room: &'t Room) -> &'t TypeArena {
        &room.arena
    }

    /// The arena that takes what is published of a module: also another's, if that was chosen.
    #[cfg(feature = "study")]
    fn target(&self, room: &'t Room) -> &'t TypeArena {
        use crate::store::variants::ArenaKind;
        let number = ArenaKind::owner(room.arena.number(), self.worker);
        if number == room.arena.number() {
            &room.arena
        } else {
            &self.world.store.open(number).arena
        }
    }

    /// Publishes a set: its answers become visible at once. False, and nothing is published, if another task
    /// has published something else for a member, so that the set was made with a part of a larger one.
    pub fn publish_set(&'t self, values: &[(Key<'t>, Answer<'t>)]) -> bool {
        let world = self.world;
        let seals = &world.store.seals;
        let counters = world.phase_counters(self.counters);
        let cx = self.cx();
        let settled: Vec<_> =
            values.iter().map(|&(key, answer)| (key, settle(&cx, answer))).collect();
        let is_other = |(key, answer): &(Key<'t>, Answer<'t>)| {
            let (_, memos) = world.open(ModuleId(key.module));
            let present = memos.get_sealed(key, seals);
            present.is_some_and(|present| !super::settle::same_answer(&cx, present, *answer))
        };
        if settled.iter().any(is_other) {
            count(&counters.in_vain, settled.len() as u64);
            return false;
        }
        let seal = seals.seal();
        // Module by module, in canonical order: keys are sorted by module first.
        for of_module in settled.chunk_by(|a, b| a.0.module == b.0.module) {
            let (room, memos) = world.open(ModuleId(of_module[0].0.module));
            let (written, wait) = self.target(room).write(|writer| {
                let publish = |(key, answer): &&(Key<'t>, Answer<'t>)| {
                    memos.get_sealed(key, seals).is_none()
                        && memos.publish(writer, key, export(&cx, *answer, writer), Some(seal))
                };
                of_module.iter().filter(publish).count()
            });
            counters.wrote(written as u64, wait);
        }
        seals.break_seal(seal);
        for (key, _) in &settled {
            world.open(ModuleId(key.module)).1.open(key, seals);
        }
        true
    }

    /// Computes an answer; a panic gives the fallback. Its context is fresh: what an answer is must not depend
    /// on what is assumed where it is asked for.
    pub fn compute_caught(&'t self, key: &Key<'t>) -> Computed<'t> {
        let depth = self.stack.borrow().depth();
        let _charge = self.charge(ModuleId(key.module));
        match caught(|| questions::compute(self, &self.cx(), key)) {
            Ok(answer) => Computed { answer, panic: None },
            Err(message) => {
                let mut stack = self.stack.borrow_mut();
                stack.unwind_to(depth);
                self.is_iterating.set(stack.is_iterating());
                drop(stack);
                let answer = settle(&self.cx(), questions::initial(&self.cx(), key));
                Computed { answer, panic: Some(message) }
            }
        }
    }
}
