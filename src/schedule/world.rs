//! The world of a run: the program, the tables, the workers' arenas, and the one way to a new answer.
//!
//! A world is made when the program is loaded and freed when the run ends; everything that inference makes
//! lives in it. [`OwnedWorld`] lends it out for `'static`, and says why that is sound.

use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::{Mutex, MutexGuard, RwLock};
use ruff_text_size::TextRange;
use rustc_hash::FxHashMap;

use super::cycle::{Done, Stack, Step};
use super::deep::too_deep;
use super::export::export;
use super::load::read_content;
use super::memo::{Answer, Key, Memos, Question, Relations};
use super::panics::caught;
use super::program::{Content, Program};
use super::trees::{TreeCache, TreePolicy};
use crate::index::{DefinitionId, DefinitionKind, ModuleAst, ReachId, ScopeId, SemanticIndex};
use crate::infer;
use crate::store::{Arena, Slice, stack};
use crate::types::{
    AliasInfo, ClassFlags, ClassInfo, ClassRef, Cx, Data, DefinitionTypes, FunctionFlags,
    FunctionInfo, Known, ModuleId, MroEntry, PlaceType, Qualifiers, Type, TypeVarInfo, TypeVarKind,
    Variance,
};

/// See the module's documentation.
pub(super) struct World {
    pub program: Program,
    pub memos: Memos,
    pub relations: Relations,
    pub trees: TreeCache,
    /// Where the known classes are, as far as anybody asked.
    known: Box<[OnceLock<Option<ClassRef>>]>,
    workers: Vec<Worker>,
    /// Held alone to publish a set, shared to publish one answer: no answer that was made with half of a
    /// set's answers gets in before the other half.
    pub publication: RwLock<()>,
    failures: Mutex<Vec<Failure>>,
    /// Computes answers in place of inference.
    #[cfg(test)]
    pub oracle: Option<Oracle>,
}

/// Stands in for inference in tests of cycles.
#[cfg(test)]
pub(super) type Oracle =
    Box<dyn Fn(&'static World, &Cx<'static>, &Key<'static>) -> Answer + Send + Sync>;

/// An answer that could not be computed because of a panic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Failure {
    pub module: u32,
    pub range: (u32, u32),
    pub what: String,
    pub message: String,
}

/// What belongs to one thread: its arenas and its stack of demands.
pub(super) struct Worker {
    /// Arena numbers go on where module numbers end.
    /// What this worker publishes; stays for the run. Its number is one more than that of the scratch.
    pub lasting: Arena<Data>,
    /// What the task under way makes. Owned; made by `Box::leak`, replaced by [`Worker::renew_scratch`].
    scratch: AtomicPtr<Arena<Data>>,
    /// The most bytes that a scratch had.
    scratch_peak: AtomicU64,
    /// Used by one thread alone, so the lock never waits; it makes `World` shareable without more ado.
    stack: Mutex<Stack>,
    is_iterating: AtomicBool,
    pub counters: Counters,
}

/// What became of demands.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub hit: AtomicU64,
    pub computed: AtomicU64,
    /// Computed for the sake of finding a cycle, or once more for it.
    pub provisional: AtomicU64,
    /// Computed while another thread published the same.
    pub in_vain: AtomicU64,
    /// Publications that had to wait for another.
    pub waited: AtomicU64,
    pub sets: AtomicU64,
}

/// Relaxed: a counter that is read after the threads have ended.
fn count(counter: &AtomicU64) {
    counter.store(counter.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
}

impl Counters {
    /// A member of a set was computed once more.
    pub fn again(&self) {
        count(&self.provisional);
    }
}

/// A scratch with fewer bytes is used on.
const SCRATCH_BYTES: usize = if cfg!(test) { 1 } else { 512 * 1024 };
impl Worker {
    pub fn stack(&self) -> MutexGuard<'_, Stack> {
        self.stack.lock()
    }

    pub fn enter_set(&self, values: FxHashMap<Key<'static>, Answer>) {
        count(&self.counters.sets);
        self.stack().enter_set(values);
        self.is_iterating.store(true, Ordering::Relaxed);
    }

    pub fn leave_set(&self) -> FxHashMap<Key<'static>, Answer> {
        let mut stack = self.stack();
        let values = stack.leave_set();
        self.is_iterating.store(stack.is_iterating(), Ordering::Relaxed);
        values
    }

    /// The arena of the task under way.
    pub fn scratch(&self) -> &Arena<Data> {
        // Relaxed: only this worker's thread makes, follows and replaces what is in its scratch; no handle
        // into it is ever published.
        // SAFETY: the pointer comes from `Box::leak` and is freed only by `renew_scratch`, after whose call
        // nothing that was made before is used (its contract), and by `drop`.
        unsafe { &*self.scratch.load(Ordering::Relaxed) }
    }

    /// Throws away what the last task made, if that is worth while.
    ///
    /// # Safety
    /// The thread of this worker calls it, between two tasks: no context, type or answer of the last one may
    /// be left, other than what was published.
    pub unsafe fn renew_scratch(&self) {
        let scratch = self.scratch();
        let bytes = scratch.usage().1;
        self.scratch_peak.fetch_max(bytes as u64, Ordering::Relaxed);
        if bytes < SCRATCH_BYTES {
            return;
        }
        let fresh = Arena::new(scratch.number);
        let held = fresh.try_hold();
        debug_assert!(held, "nobody else knows the new arena");
        let old = self.scratch.swap(Box::leak(Box::new(fresh)), Ordering::Relaxed);
        // SAFETY: leaked in `new` or here, and no longer reachable.
        drop(unsafe { Box::from_raw(old) });
    }

    /// Payloads and bytes that last, and the most bytes of a scratch.
    pub fn usage(&self) -> (usize, usize, u64) {
        let (types, bytes) = self.lasting.usage();
        (types, bytes, self.scratch_peak.load(Ordering::Relaxed))
    }

    /// A task begins, or one has ended.
    pub fn reset(&self, most: usize, waiting: &[Key<'static>]) {
        self.stack().reset(most, waiting);
        self.is_iterating.store(false, Ordering::Relaxed);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // SAFETY: leaked in `World::new` or `renew_scratch`, and freed once; the threads have ended.
        drop(unsafe { Box::from_raw(*self.scratch.get_mut()) });
    }
}

/// A new answer, and the words of the panic that is behind it.
pub(super) struct Computed {
    pub answer: Answer,
    pub panic: Option<String>,
}

impl World {
    /// A world for `program` with so many workers.
    pub fn new(program: Program, workers: usize, trees: TreePolicy) -> Self {
        let modules = program.modules.len();
        let first = u32::try_from(modules).unwrap_or(u32::MAX);
        let worker = |number: u32| Worker {
            lasting: Arena::new(first + 2 * number + 1),
            scratch: AtomicPtr::new(Box::leak(Box::new(Arena::new(first + 2 * number)))),
            scratch_peak: AtomicU64::new(0),
            stack: Mutex::default(),
            is_iterating: AtomicBool::new(false),
            counters: Counters::default(),
        };
        Self {
            memos: Memos::new(modules),
            known: Known::ALL.iter().map(|_| OnceLock::new()).collect(),
            relations: Relations::default(),
            trees: TreeCache::new(modules, trees),
            workers: (0..).take(workers).map(worker).collect(),
            publication: RwLock::new(()),
            failures: Mutex::default(),
            #[cfg(test)]
            oracle: None,
            program,
        }
    }

    /// What is in a module; read, parsed and indexed now if nobody has asked before.
    pub fn content(&self, id: ModuleId) -> &Content {
        let module = self.program.module(id);
        // Whoever else asks for this module meanwhile waits. Indexing asks for nothing, so it ends.
        module.content.get_or_init(|| {
            let (content, tree) = read_content(&module.info, &module.file, &module.settings);
            self.trees.seed(id, module, tree);
            content
        })
    }

    /// The index of a module.
    pub fn index(&self, id: ModuleId) -> &SemanticIndex {
        &self.content(id).index
    }

    /// The tree of a module.
    pub fn tree(&self, id: ModuleId) -> Arc<ModuleAst> {
        // First, since what is not indexed has no ids yet, and then the tree is there already.
        let content = self.content(id);
        self.trees.get(id, self.program.module(id), content)
    }

    /// The class that the type system calls `known`.
    pub fn known(&self, known: Known) -> Option<ClassRef> {
        *self.known[known as usize].get_or_init(|| self.find_known(known))
    }

    fn find_known(&self, known: Known) -> Option<ClassRef> {
        let (module, name) = known.path();
        let module = self.program.stdlib(module)?;
        let index = self.index(module);
        let place = index.scopes[ScopeId::MODULE].place_by_name(name)?;
        let class = index.definitions.iter_enumerated().rev().find(|(_, definition)| {
            definition.kind == DefinitionKind::Class
                && definition.scope == ScopeId::MODULE
                && definition.place == place
                && definition.reach != ReachId::NEVER
        });
        class.map(|(id, _)| ClassRef { module, index: id.as_u32() })
    }

    /// The workers.
    pub fn workers(&self) -> &[Worker] {
        &self.workers
    }

    /// The arena with this number.
    pub fn arena(&self, number: u32) -> &Arena<Data> {
        let offset = number as usize - self.program.modules.len();
        let worker = &self.workers[offset / 2];
        if offset % 2 == 1 { &worker.lasting } else { worker.scratch() }
    }

    /// The worker whose arena `cx` writes to.
    pub fn worker(&self, cx: &Cx<'_>) -> &Worker {
        &self.workers[(cx.arena.number as usize - self.program.modules.len()) / 2]
    }

    /// The answer to `key`: published, provisional, or computed now.
    pub fn demand(&'static self, cx: &Cx<'static>, key: Key<'_>) -> Answer {
        let worker = self.worker(cx);
        // Relaxed: only this thread writes it.
        if !worker.is_iterating.load(Ordering::Relaxed)
            && let Some(answer) = self.memos.get(&key)
        {
            count(&worker.counters.hit);
            return answer;
        }
        self.demand_slowly(cx, worker, key)
    }

    #[cold]
    fn demand_slowly(
        &'static self,
        cx: &Cx<'static>,
        worker: &'static Worker,
        key: Key<'_>,
    ) -> Answer {
        let name = if key.name.is_empty() { "" } else { cx.arena.string(key.name).as_str() };
        let key: Key<'static> = Key { name, ..key };
        let step = worker.stack().begin(&key, || self.memos.get(&key));
        match step {
            Step::Known(answer) => {
                count(&worker.counters.hit);
                return answer;
            }
            Step::Initial => return self.initial(cx, &key),
            Step::TooDeep => too_deep(key),
            Step::Compute => {}
        }
        let Computed { answer, panic } = stack::deeper(|| self.compute_caught(cx, &key));
        let done = worker.stack().finish(answer);
        match done {
            Done::Final => {
                count(&worker.counters.computed);
                if let Some(message) = panic {
                    self.record_failure(&key, message);
                }
                self.publish(cx, worker, &key, answer)
            }
            Done::Tainted => {
                count(&worker.counters.provisional);
                answer
            }
            Done::Head(members) => self.settle_set(cx, key, members),
        }
    }

    fn publish(
        &'static self,
        cx: &Cx<'static>,
        worker: &'static Worker,
        key: &Key<'static>,
        answer: Answer,
    ) -> Answer {
        let _shared = self.publication.try_read().unwrap_or_else(|| {
            count(&worker.counters.waited);
            self.publication.read()
        });
        if let Some(answer) = self.memos.get(key) {
            count(&worker.counters.in_vain);
            return answer;
        }
        self.publish_lasting(cx, worker, key, answer)
    }

    /// Copies an answer and its key out of the scratch, and publishes the copies.
    pub fn publish_lasting(
        &'static self,
        cx: &Cx<'static>,
        worker: &'static Worker,
        key: &Key<'static>,
        answer: Answer,
    ) -> Answer {
        let answer = export(cx, answer, &worker.lasting);
        let name = if key.name.is_empty() { "" } else { worker.lasting.string(key.name).as_str() };
        let index = || self.index(ModuleId(key.module));
        self.memos.publish(&worker.lasting, &Key { name, ..*key }, answer, index)
    }

    /// Computes an answer; a panic gives the fallback. Its context is fresh: what an answer is must not depend
    /// on what is assumed where it is asked for.
    pub fn compute_caught(&'static self, cx: &Cx<'static>, key: &Key<'static>) -> Computed {
        let depth = self.worker(cx).stack().depth();
        let fresh = Cx::new(cx.host, cx.arena);
        match caught(|| self.compute(&fresh, key)) {
            Ok(answer) => Computed { answer, panic: None },
            Err(message) => {
                let worker = self.worker(cx);
                let mut stack = worker.stack();
                stack.unwind_to(depth);
                worker.is_iterating.store(stack.is_iterating(), Ordering::Relaxed);
                drop(stack);
                let answer = super::settle::settle(cx, self.initial(cx, key));
                Computed { answer, panic: Some(message) }
            }
        }
    }

    fn compute(&'static self, cx: &Cx<'static>, key: &Key<'static>) -> Answer {
        #[cfg(test)]
        if let Some(oracle) = &self.oracle {
            return oracle(self, cx, key);
        }
        let arena = cx.arena;
        match key.question {
            Question::Definition => {
                Answer::Definition(infer::compute_definition(cx, key.def_ref()))
            }
            Question::Function => {
                Answer::Function(arena.keep(infer::compute_function(cx, key.def_ref())))
            }
            Question::Return => Answer::Type(infer::compute_return(cx, key.def_ref())),
            Question::ReturnOfGiven => {
                Answer::Type(infer::compute_return_of_given(cx, key.def_ref()))
            }
            Question::Class => Answer::Class(arena.keep(infer::compute_class(cx, key.class_ref()))),
            Question::TypeParams => {
                Answer::Types(arena.slice(&infer::compute_type_params(cx, key.class_ref())))
            }
            Question::ClassMember => {
                Answer::Member(infer::compute_class_member(cx, key.class_ref(), key.name))
            }
            Question::ModuleMember => {
                Answer::Member(infer::compute_module_member(cx, key.module_id(), key.name))
            }
            Question::TypeVar => {
                Answer::TypeVar(arena.keep(infer::compute_type_var(cx, key.def_ref())))
            }
            Question::Alias => Answer::Alias(arena.keep(infer::compute_alias(cx, key.def_ref()))),
            Question::Fields => {
                Answer::Fields(arena.keep(infer::compute_fields(cx, key.class_ref())).as_slice())
            }
            Question::Variance => {
                let variances = infer::compute_variance(cx, key.class_ref());
                Answer::Variances(arena.slice(&variances).as_slice())
            }
        }
    }

    /// What a member of a cycle is taken for before anything is known of it. Settled, it is the fallback.
    pub fn initial(&'static self, cx: &Cx<'static>, key: &Key<'_>) -> Answer {
        /// More type parameters than any class has.
        static BIVARIANT: [Variance; 64] = [Variance::Bivariant; 64];
        match key.question {
            Question::Definition => Answer::Definition(DefinitionTypes {
                bound: Some(Type::CYCLE),
                declared: None,
                qualifiers: Qualifiers::EMPTY,
            }),
            Question::Return | Question::ReturnOfGiven => Answer::Type(Type::CYCLE),
            Question::TypeParams => Answer::Types(Slice::EMPTY),
            Question::ClassMember | Question::ModuleMember => {
                Answer::Member(Some(PlaceType::bound(Type::CYCLE)))
            }
            Question::Fields => Answer::Fields(&[]),
            Question::Variance => Answer::Variances(&BIVARIANT),
            Question::Function => Answer::Function(cx.arena.keep(self.initial_function(cx, key))),
            Question::Class => Answer::Class(cx.arena.keep(self.initial_class(key))),
            Question::TypeVar => Answer::TypeVar(cx.arena.keep(TypeVarInfo {
                name: self.name_and_range(key).0,
                kind: TypeVarKind::TypeVar,
                bound: None,
                constraints: Box::default(),
                default: None,
                variance: Some(Variance::Invariant),
            })),
            Question::Alias => Answer::Alias(cx.arena.keep(AliasInfo {
                name: self.name_and_range(key).0,
                value: Type::CYCLE,
                type_params: Box::default(),
                is_circular: false,
            })),
        }
    }

    fn initial_function(&self, cx: &Cx<'static>, key: &Key<'_>) -> FunctionInfo {
        let (name, name_range) = self.name_and_range(key);
        FunctionInfo {
            definition: key.def_ref(),
            name,
            name_range,
            class: None,
            signature: cx.gradual_signature(Type::CYCLE),
            overloads: Box::default(),
            has_implementation: true,
            flags: FunctionFlags::EMPTY,
            known: None,
            deprecated: None,
            transform: None,
            decorated: None,
        }
    }

    fn initial_class(&self, key: &Key<'_>) -> ClassInfo {
        let class = key.class_ref();
        let (name, name_range) = self.name_and_range(key);
        let mut mro = vec![MroEntry::Class(class, Type::class(class))];
        if let Some(object) = self.known(Known::Object)
            && object != class
        {
            mro.push(MroEntry::Class(object, Type::class(object)));
        }
        ClassInfo {
            class,
            name,
            name_range,
            flags: ClassFlags::DYNAMIC_MRO,
            type_params: Box::default(),
            bases: Box::default(),
            mro: mro.into(),
            metaclass: None,
            mro_error: false,
            dataclass: None,
            transform: None,
            synthesized: None,
            tuple_base: None,
            new_type_base: None,
            deprecated: None,
            extra_items: None,
        }
    }

    /// The name that a key is about, and where it stands.
    fn name_and_range(&self, key: &Key<'_>) -> (Box<str>, TextRange) {
        let index = self.index(ModuleId(key.module));
        let number = key.index & !ClassRef::IN_BASES;
        if number as usize >= index.definitions.len() {
            return (key.name.into(), TextRange::default());
        }
        let definition = index.definitions[DefinitionId::from_u32(number)];
        let scope = &index.scopes[definition.scope];
        let name = scope.places.get(definition.place).map_or("", |place| place.expr.root.as_str());
        (name.into(), definition.name_range)
    }

    /// Remembers that a question could not be answered.
    pub fn record_failure(&self, key: &Key<'_>, message: String) {
        let (name, range) = self.name_and_range(key);
        let what = match key.question {
            _ if super::fixpoint::is_member(key.question) => format!("`{}`", key.name),
            _ => format!("`{name}`"),
        };
        let what = format!("inferring {what}");
        let range = (range.start().to_u32(), range.end().to_u32());
        self.failures.lock().push(Failure { module: key.module, range, what, message });
    }

    /// All failures, sorted, each once.
    pub fn failures(&self) -> Vec<Failure> {
        let mut failures = self.failures.lock().clone();
        failures.sort_unstable();
        failures.dedup();
        failures
    }
}

/// Owns a world and the host over it, and lends both for `'static`.
pub(super) struct OwnedWorld {
    world: NonNull<World>,
    host: NonNull<super::host::WorldHost>,
}

impl OwnedWorld {
    /// Takes a world over.
    pub fn new(world: World) -> Self {
        let world = NonNull::from(Box::leak(Box::new(world)));
        // SAFETY: leaked just now, and freed only in `drop`.
        let host = super::host::WorldHost { world: unsafe { world.as_ref() } };
        Self { world, host: NonNull::from(Box::leak(Box::new(host))) }
    }

    /// The world. What is reached through it must not be used after `self` is dropped.
    pub fn world(&self) -> &'static World {
        // SAFETY: types, answers and infos refer to arenas that live in the same world, so there is no honest
        // lifetime for them: `'static` stands for "as long as the run". The private `run` keeps `self` until
        // all worker threads have been joined, and what it returns is owned data without a lifetime. The world
        // is never borrowed mutably.
        unsafe { self.world.as_ref() }
    }

    /// The host.
    pub fn host(&self) -> &'static super::host::WorldHost {
        // SAFETY: as in `world`.
        unsafe { self.host.as_ref() }
    }
}

impl Drop for OwnedWorld {
    fn drop(&mut self) {
        // SAFETY: both were leaked in `new`, are freed once, and all loans have ended: see `world`. Nothing
        // in a world follows a reference while it is dropped.
        unsafe {
            drop(Box::from_raw(self.host.as_ptr()));
            drop(Box::from_raw(self.world.as_ptr()));
        }
    }
}
