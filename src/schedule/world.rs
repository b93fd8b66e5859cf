//! The world of a run: the program, the store of answers, trees, and what the workers counted.
//!
//! A world is made when the program is loaded and lasts as long as the run (the last one of a process is not even freed);
//! everything that is published lives in it. It is plain owned data that all threads share; a [`super::task::Task`] borrows it for as long as it runs.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use dashmap::DashMap;
use parking_lot::Mutex;
use ruff_text_size::TextRange;
use rustc_hash::FxBuildHasher;

use super::charge::Charges;
use super::keys::Key;
use super::load::read_content;
use super::memo::ModuleMemos;
use super::program::{Content, Program};
use super::relations::Relations;
use super::trees::{TreeCache, TreePolicy};
use crate::index::{
    DefinitionId, DefinitionKind, MemberName, ModuleAst, ReachId, ScopeId, SemanticIndex,
};
use crate::policy::Off;
use crate::source::{self, Words};
use crate::store::{ModuleArena, TypeStore, Wait};
use crate::types::{ClassRef, DefRef, Known, ModuleId, TypeArena, Types};

/// What is kept for one module.
pub(super) type Room = ModuleArena<Types, ModuleMemos>;
/// The store of a run.
pub(super) type Store = TypeStore<Types, ModuleMemos>;

/// See the module's documentation.
pub(super) struct World {
    pub program: Program,
    pub store: Store,
    pub relations: Relations,
    pub trees: TreeCache,
    /// Where the known classes are, as far as anybody asked.
    known: Box<[OnceLock<Option<ClassRef>>]>,
    /// What modules import all names of, as far as anybody asked.
    pub star_sources: DashMap<ModuleId, Arc<[ModuleId]>, FxBuildHasher>,
    /// Whether that leads back to a module, as far as anybody asked.
    pub star_rings: DashMap<ModuleId, bool, FxBuildHasher>,
    pub counters: Box<[Counters]>,
    /// Whom time is charged to, if a run is asked for its times.
    pub charges: Option<Charges>,
    /// Policies that do not hold.
    pub off: Off,
    /// The phase that the run is in, for what is counted by phase.
    phase: AtomicUsize,
    failures: Mutex<Vec<Failure>>,
    /// Computes answers in place of inference.
    #[cfg(test)]
    pub oracle: Option<super::tests::Oracle>,
}

/// An answer that could not be computed because of a panic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Failure {
    pub module: u32,
    pub range: (u32, u32),
    pub what: String,
    pub message: String,
}

/// The phases in which answers are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Module and class bodies, signatures.
    Bodies,
    /// Function bodies.
    Functions,
}

impl Phase {
    pub const ALL: [Self; 2] = [Self::Bodies, Self::Functions];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Bodies => "bodies",
            Self::Functions => "functions",
        }
    }
}

/// What became of the demands of a worker.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub hit: AtomicU64,
    /// Members that the index says are not there.
    pub absent: AtomicU64,
    pub by_phase: [PhaseCounters; 2],
    pub sets: AtomicU64,
    /// The most bytes that a scratch had.
    pub scratch_peak: AtomicU64,
}

/// What became of demands in one phase.
#[derive(Debug, Default)]
pub(super) struct PhaseCounters {
    pub computed: AtomicU64,
    /// Computed for the sake of finding a cycle, or once more for it.
    pub provisional: AtomicU64,
    /// Computed while another thread published the same.
    pub in_vain: AtomicU64,
    /// Answers and sets that were written.
    pub published: AtomicU64,
    /// Write rights that had to be waited for, and the nanoseconds that took.
    pub waits: AtomicU64,
    pub waited: AtomicU64,
}

/// Adds to a counter that one worker writes and that is read after the threads have ended.
pub(super) fn count(counter: &AtomicU64, more: u64) {
    counter.store(counter.load(Ordering::Relaxed) + more, Ordering::Relaxed);
}

impl PhaseCounters {
    /// Counts a write, and what it had to wait.
    pub fn wrote(&self, answers: u64, wait: Wait) {
        count(&self.published, answers);
        if let Wait::For(time) = wait {
            count(&self.waits, 1);
            count(&self.waited, u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
        }
    }
}

impl World {
    /// A world for `program` with so many workers.
    pub fn new(program: Program, workers: usize, trees: TreePolicy) -> Self {
        let modules = program.modules.len();
        Self {
            store: Store::default(),
            known: Known::ALL.iter().map(|_| OnceLock::new()).collect(),
            star_sources: DashMap::default(),
            star_rings: DashMap::default(),
            relations: Relations::default(),
            trees: TreeCache::new(modules, trees),
            counters: (0..workers).map(|_| Counters::default()).collect(),
            charges: None,
            off: Off::default(),
            phase: AtomicUsize::new(0),
            failures: Mutex::default(),
            #[cfg(test)]
            oracle: None,
            program,
        }
    }

    /// The run goes on to this phase.
    pub fn enter(&self, phase: Phase) {
        // Relaxed: only counters go by it.
        self.phase.store(phase as usize, Ordering::Relaxed);
    }

    /// What a worker counts now.
    pub fn phase_counters<'w>(&self, counters: &'w Counters) -> &'w PhaseCounters {
        &counters.by_phase[self.phase.load(Ordering::Relaxed)]
    }

    /// What is in a module; read, parsed and indexed now if nobody has asked before.
    pub fn content(&self, id: ModuleId) -> &Content {
        let module = self.program.module(id);
        // Whoever else asks for this module meanwhile waits. Indexing asks for nothing, so it ends.
        module.content.get_or_init(|| {
            let (content, tree) = read_content(module);
            module.words.lock().take();
            self.trees.seed(id, module, &content, tree);
            content
        })
    }

    /// Whether a module may bind a name at its top level. The text of one that is not indexed yet is asked first, which
    /// takes a fifth of the time: in a shard that is the end of it for most modules, and those that have a turn are
    /// better indexed then, when their trees are needed as well.
    pub fn may_bind(&self, id: ModuleId, name: &str) -> bool {
        let module = self.program.module(id);
        if module.info.is_package || module.content.get().is_some() {
            return true;
        }
        let read = || source::read(&module.file);
        let of_module = || read().map_or_else(|_| Words::all(), |text| Words::of(text.text()));
        module.words.lock().get_or_insert_with(of_module).may_have(name)
    }

    /// The index of a module.
    pub fn index(&self, id: ModuleId) -> &SemanticIndex {
        &self.content(id).index
    }

    /// Whether time is charged and nobody has asked for what is in a module.
    #[inline]
    pub fn is_to_be_read(&self, id: ModuleId) -> bool {
        self.charges.is_some() && self.program.module(id).content.get().is_none()
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

    /// The arena with this number, which some handle has.
    ///
    /// # Panics
    /// When there is none: handles come from publications alone.
    pub fn arena(&self, number: u32) -> &TypeArena {
        &self.store.get(number).expect("an arena that a handle points into").arena
    }

    /// What is kept for a module; made when its first answer is published.
    pub fn open(&self, module: ModuleId) -> (&Room, &ModuleMemos) {
        let room = self.store.open(module.0);
        let memos = room.memos_or(|| {
            // SAFETY: `memos_or` keeps them beside the room's arena, which has the number of the module.
            unsafe { ModuleMemos::new(self.index(module), module.0) }
        });
        (room, memos)
    }

    /// Remembers that a question could not be answered.
    pub fn record_failure(&self, key: &Key<'_>, message: String) {
        let (name, range) = name_and_range(self.index(ModuleId(key.module)), key);
        let name = if key.is_member() { key.name } else { &name };
        let what = format!("inferring `{name}`");
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

    /// What the index says of a class member's name.
    pub fn member_name(&self, class: ClassRef, name: &str) -> MemberName {
        if class.index & ClassRef::IN_BASES != 0 {
            return MemberName::Unknown;
        }
        self.index(class.module).member_name(DefinitionId::from_u32(class.index), name)
    }

    /// The version of Python that a module is checked for.
    pub fn python_version(&self, module: ModuleId) -> (u8, u8) {
        let version = self.program.module(module).settings.python_version;
        (version.major, version.minor)
    }

    /// Where the name of a definition stands.
    pub fn definition_range(&self, definition: DefRef) -> TextRange {
        let index = self.index(definition.module);
        let number = DefinitionId::from_u32(definition.index & !ClassRef::IN_BASES);
        index.definitions.get(number).map_or_else(TextRange::default, |it| it.name_range)
    }
}

/// The name that a key is about, and where it stands, by the index of its module.
pub(super) fn name_and_range(index: &SemanticIndex, key: &Key<'_>) -> (Box<str>, TextRange) {
    let number = key.index & !ClassRef::IN_BASES;
    if number as usize >= index.definitions.len() {
        return (key.name.into(), TextRange::default());
    }
    let definition = index.definitions[DefinitionId::from_u32(number)];
    let scope = &index.scopes[definition.scope];
    let name = scope.places.get(definition.place).map_or("", |place| place.expr.root.as_str());
    (name.into(), definition.name_range)
}
