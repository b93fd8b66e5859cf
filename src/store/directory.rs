//! From a number to the arena with that number: a concurrent map that only grows.
//!
//! The map is hit once a task and module, never once a type: at a million entries a lookup costs ten times
//! what an arena read does. See [`super::ArenaCache`].

/// A map of arenas that only grows. What is in it stays where it is until the map is dropped.
pub trait Directory<A>: Default + Send + Sync {
    /// The arena under `number`.
    fn get(&self, number: u32) -> Option<&A>;
    /// The arena under `number`, made by `make` if there is none yet.
    fn get_or_insert(&self, number: u32, make: impl FnOnce() -> A) -> &A;
    /// All arenas, in no order.
    fn for_each(&self, visit: &mut dyn FnMut(u32, &A));
}

/// The directory of the shipped program: a lock-free map.
pub struct Flurry<A: 'static> {
    map: flurry::HashMap<u32, A, rustc_hash::FxBuildHasher>,
}

impl<A: 'static> Default for Flurry<A> {
    fn default() -> Self {
        Self { map: flurry::HashMap::with_hasher(rustc_hash::FxBuildHasher) }
    }
}

impl<A: Send + Sync + 'static> Directory<A> for Flurry<A> {
    fn get(&self, number: u32) -> Option<&A> {
        let guard = self.map.guard();
        let arena: *const A = self.map.get(&number, &guard)?;
        // SAFETY: a value of a flurry map is retired when its key is removed or gets another value, which nothing
        // here ever does (`try_insert` keeps what is there). So it lives, unmoved, until the map is dropped, and
        // the result borrows the map.
        Some(unsafe { &*arena })
    }

    fn get_or_insert(&self, number: u32, make: impl FnOnce() -> A) -> &A {
        if let Some(arena) = self.get(number) {
            return arena;
        }
        let guard = self.map.guard();
        let arena: *const A = match self.map.try_insert(number, make(), &guard) {
            Ok(inserted) => inserted,
            Err(taken) => taken.current,
        };
        // SAFETY: as in `get`.
        unsafe { &*arena }
    }

    fn for_each(&self, visit: &mut dyn FnMut(u32, &A)) {
        let guard = self.map.guard();
        for (&number, arena) in self.map.iter(&guard) {
            visit(number, arena);
        }
    }
}
