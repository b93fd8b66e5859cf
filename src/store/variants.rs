//! Other directories and other owners of arenas, to measure. Only with the feature `study`.
//!
//! What is chosen holds for the process and is chosen before a store is made.

use std::sync::atomic::{AtomicU8, Ordering};

use parking_lot::RwLock;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{Directory, Flurry};

/// The map from the number of an arena to the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectoryKind {
    /// The shipped one.
    Flurry,
    Papaya,
    Dashmap,
    Scc,
    /// A hash map behind one lock.
    Locked,
}

/// Whose arena takes what is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArenaKind {
    /// That of the question's module: the shipped way.
    Module,
    /// That of the worker that found it.
    Worker,
    /// One for each pair of them.
    ModuleAndWorker,
}

static DIRECTORY: AtomicU8 = AtomicU8::new(0);
static ARENAS: AtomicU8 = AtomicU8::new(0);

/// Above all numbers of modules; below that of scratches.
const WORKERS: u32 = 1 << 23;
/// Modules that can be told apart together with workers.
const MODULE_BITS: u32 = 17;

impl DirectoryKind {
    /// All, with their names.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Flurry, "flurry"),
        (Self::Papaya, "papaya"),
        (Self::Dashmap, "dashmap"),
        (Self::Scc, "scc"),
        (Self::Locked, "locked"),
    ];

    /// From now on stores are made with this one.
    pub fn choose(self) {
        // Relaxed, here and below: chosen before threads are made.
        DIRECTORY.store(self as u8, Ordering::Relaxed);
    }

    fn chosen() -> Self {
        Self::ALL[DIRECTORY.load(Ordering::Relaxed) as usize].0
    }
}

impl ArenaKind {
    /// All, with their names.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Module, "module"), (Self::Worker, "worker"), (Self::ModuleAndWorker, "both")];

    /// From now on arenas belong to this.
    pub fn choose(self) {
        ARENAS.store(self as u8, Ordering::Relaxed);
    }

    /// What is chosen.
    #[must_use]
    pub fn chosen() -> Self {
        Self::ALL[ARENAS.load(Ordering::Relaxed) as usize].0
    }

    /// The number of the arena that takes an answer about `module` which `worker` found.
    ///
    /// # Panics
    /// When there are more modules or workers than can be told apart.
    #[must_use]
    pub fn owner(module: u32, worker: u32) -> u32 {
        match Self::chosen() {
            Self::Module => module,
            Self::Worker => WORKERS + worker,
            Self::ModuleAndWorker => {
                assert!(module < 1 << MODULE_BITS && worker < 63, "too many to tell apart");
                WORKERS + (worker << MODULE_BITS) + module
            }
        }
    }
}

/// The directory that was chosen.
#[expect(clippy::large_enum_variant, reason = "there is one in a run")]
pub enum Chosen<A: 'static> {
    Flurry(Flurry<A>),
    Papaya(papaya::HashMap<u32, Box<A>, FxBuildHasher>),
    Dashmap(dashmap::DashMap<u32, Box<A>, FxBuildHasher>),
    Scc(scc::HashMap<u32, Box<A>, FxBuildHasher>),
    Locked(RwLock<FxHashMap<u32, Box<A>>>),
}

impl<A: Send + Sync + 'static> Default for Chosen<A> {
    fn default() -> Self {
        match DirectoryKind::chosen() {
            DirectoryKind::Flurry => Self::Flurry(Flurry::default()),
            DirectoryKind::Papaya => Self::Papaya(papaya::HashMap::default()),
            DirectoryKind::Dashmap => Self::Dashmap(dashmap::DashMap::default()),
            DirectoryKind::Scc => Self::Scc(scc::HashMap::default()),
            DirectoryKind::Locked => Self::Locked(RwLock::default()),
        }
    }
}

impl<A: Send + Sync + 'static> Directory<A> for Chosen<A> {
    fn get(&self, number: u32) -> Option<&A> {
        let found: *const A = match self {
            Self::Flurry(map) => return map.get(number),
            Self::Papaya(map) => &raw const **map.pin().get(&number)?,
            Self::Dashmap(map) => &raw const **map.get(&number)?,
            Self::Scc(map) => map.read_sync(&number, |_, arena| &raw const **arena)?,
            Self::Locked(map) => &raw const **map.read().get(&number)?,
        };
        // SAFETY: in a box that stays where it is and is not dropped before the map: nothing is ever removed or
        // replaced. The result borrows the map.
        Some(unsafe { &*found })
    }

    fn get_or_insert(&self, number: u32, make: impl FnOnce() -> A) -> &A {
        if let Some(arena) = self.get(number) {
            return arena;
        }
        let boxed = || Box::new(make());
        let found: *const A = match self {
            Self::Flurry(map) => return map.get_or_insert(number, || *boxed()),
            Self::Papaya(map) => &raw const **map.pin().get_or_insert_with(number, boxed),
            Self::Dashmap(map) => &raw const **map.entry(number).or_insert_with(boxed),
            Self::Scc(map) => &raw const **map.entry_sync(number).or_insert_with(boxed).get(),
            Self::Locked(map) => &raw const **map.write().entry(number).or_insert_with(boxed),
        };
        // SAFETY: as in `get`.
        unsafe { &*found }
    }

    fn for_each(&self, visit: &mut dyn FnMut(u32, &A)) {
        match self {
            Self::Flurry(map) => map.for_each(visit),
            Self::Papaya(map) => map.pin().iter().for_each(|(&number, arena)| visit(number, arena)),
            Self::Dashmap(map) => map.iter().for_each(|entry| visit(*entry.key(), entry.value())),
            Self::Scc(map) => {
                map.iter_sync(|&number, arena| {
                    visit(number, arena);
                    true
                });
            }
            Self::Locked(map) => {
                map.read().iter().for_each(|(&number, arena)| visit(number, arena))
            }
        }
    }
}
