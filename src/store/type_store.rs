//! The store of a run: a directory from the number of a module to what is kept for it.
//!
//! A [`ModuleArena`] is made when the first answer of its module is published. It owns the types of the module's
//! answers, the memo cells of its definitions, and the write right.

use std::cell::Cell;
use std::sync::OnceLock;

use super::{Arena, Contents, Directory, RunDirectory, Seals};

/// What is kept for one module.
pub struct ModuleArena<C: Contents, M> {
    /// The types of the module's answers.
    pub arena: Arena<C>,
    memos: OnceLock<Box<M>>,
}

impl<C: Contents, M> ModuleArena<C, M> {
    fn new(number: u32) -> Self {
        Self { arena: Arena::new(number), memos: OnceLock::new() }
    }

    /// The memo cells, if something was published.
    #[inline]
    pub fn memos(&self) -> Option<&M> {
        self.memos.get().map(|memos| &**memos)
    }

    /// The memo cells, made by `make` if there are none.
    pub fn memos_or(&self, make: impl FnOnce() -> M) -> &M {
        self.memos.get_or_init(|| Box::new(make()))
    }
}

/// See the module's documentation.
pub struct TypeStore<C: Contents, M: Send + Sync + 'static, D = RunDirectory<ModuleArena<C, M>>> {
    directory: D,
    /// The seals of sets of answers.
    pub seals: Seals,
    marker: std::marker::PhantomData<fn() -> (C, M)>,
}

impl<C: Contents, M: Send + Sync, D: Directory<ModuleArena<C, M>>> Default for TypeStore<C, M, D> {
    fn default() -> Self {
        Self { directory: D::default(), seals: Seals::default(), marker: std::marker::PhantomData }
    }
}

impl<C: Contents, M: Send + Sync, D: Directory<ModuleArena<C, M>>> TypeStore<C, M, D> {
    /// What is kept for the module, if anything was published of it.
    pub fn get(&self, module: u32) -> Option<&ModuleArena<C, M>> {
        self.directory.get(module)
    }

    /// What is kept for the module; made now if it is the first time.
    pub fn open(&self, module: u32) -> &ModuleArena<C, M> {
        self.directory.get_or_insert(module, || ModuleArena::new(module))
    }

    /// Visits what is kept for each module, in no order.
    pub fn for_each(&self, mut visit: impl FnMut(u32, &ModuleArena<C, M>)) {
        self.directory.for_each(&mut visit);
    }
}

const SLOTS: usize = 128;

/// The arenas that a task has read from lately, by number: a direct-mapped cache before the directory.
pub struct ArenaCache<'s, A> {
    slots: [Cell<Option<(u32, &'s A)>>; SLOTS],
}

impl<A> Default for ArenaCache<'_, A> {
    fn default() -> Self {
        Self { slots: [const { Cell::new(None) }; SLOTS] }
    }
}

impl<'s, A> ArenaCache<'s, A> {
    /// The arena under `number`; `find` asks the directory.
    #[inline]
    pub fn get(&self, number: u32, find: impl FnOnce() -> Option<&'s A>) -> Option<&'s A> {
        let slot = &self.slots[number as usize % SLOTS];
        match slot.get() {
            Some((cached, arena)) if cached == number => Some(arena),
            _ => {
                let found = find()?;
                slot.set(Some((number, found)));
                Some(found)
            }
        }
    }
}
