//! Memo cells: one atomic word each, empty or holding a published answer; and seals, by which several answers
//! become visible at once.
//!
//! # Terms
//! A cell is *empty*, *sealed* or *open*. An open cell points to its answer. A sealed one points to a note
//! with the answer and the number of a *seal*: it counts as empty for whoever asks, until the seal is broken.
//! Whoever wants to publish finds it taken.
//!
//! ```text
//! even ─► sealed by 3 ─┐            even ─► sealed by 3 ─┐            even ─► bool
//! odd  ─► empty        ├ seal 3     odd  ─► sealed by 3 ─┴ broken     odd  ─► bool
//! ```
//! (left: the set is being written; middle: one store later both are visible; right: opened, for speed.)
//!
//! # Questions it answers
//! Is there an answer; and who was first. Two threads may compute the same answer; the first write wins and the
//! other is thrown away, which is harmless because an answer never depends on who computed it. Before a seal
//! is broken, the cells of all members are taken: so whoever sees one member's answer finds all others taken,
//! and cannot publish what was made with a part of the set.

use std::hash::Hash;
use std::marker::PhantomData;

use hashbrown::{Equivalent, HashMap};
use parking_lot::RwLock;
use rustc_hash::FxBuildHasher;

use super::sync::{AtomicBool, AtomicPtr, Ordering};
use super::{AppendVec, Contents, Family, Writer};

/// The seals of a store.
#[derive(Default)]
pub struct Seals(AppendVec<AtomicBool>);

/// The number of a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal(u32);

impl Seals {
    /// A new seal, whole.
    pub fn seal(&self) -> Seal {
        Seal(self.0.push(AtomicBool::new(false)))
    }

    /// Makes all that is sealed by `seal` visible at once.
    pub fn break_seal(&self, seal: Seal) {
        // Release: whoever sees it broken sees all cells that were sealed before.
        self.0.get(seal.0).store(true, Ordering::Release);
    }

    fn is_broken(&self, seal: Seal) -> bool {
        // Acquire: see `break_seal`.
        self.0.get(seal.0).load(Ordering::Acquire)
    }
}

/// A word that is written once, and opened once if it was sealed.
#[derive(Debug)]
struct Word(AtomicPtr<u8>);

/// What a sealed word points to.
#[derive(Clone, Copy)]
#[repr(align(8))]
struct Note {
    seal: Seal,
    value: *mut u8,
}

const SEALED: usize = 1;

impl Word {
    fn empty() -> Self {
        Self(AtomicPtr::new(std::ptr::null_mut()))
    }

    /// The value, if it is visible: null otherwise. `notes` reads a note.
    fn get(&self, seals: &Seals, take_sealed: bool) -> *mut u8 {
        // Acquire: what the word points to was written before it.
        let pointer = self.0.load(Ordering::Acquire);
        if pointer.addr() & SEALED == 0 {
            return pointer;
        }
        // SAFETY: a tagged word points to a note in the arena that the word belongs to; see `Word::publish`.
        let note = unsafe { *pointer.map_addr(|address| address & !SEALED).cast::<Note>() };
        if take_sealed || seals.is_broken(note.seal) { note.value } else { std::ptr::null_mut() }
    }

    /// Takes the word for `value`, if it is empty.
    fn publish<C: Contents>(
        &self,
        writer: &Writer<'_, C>,
        value: *mut u8,
        seal: Option<Seal>,
    ) -> bool {
        let word = match seal {
            None => value,
            Some(seal) => {
                let note = writer.sealed(Note { seal, value });
                note.map_addr(|address| address | SEALED)
            }
        };
        let null = std::ptr::null_mut();
        // Release: publishes what the word points to. Relaxed: a word that is there is read through `get`.
        self.0.compare_exchange(null, word, Ordering::Release, Ordering::Relaxed).is_ok()
    }

    /// Opens the word, whose seal is broken.
    fn open(&self, seals: &Seals) {
        let value = self.get(seals, false);
        if !value.is_null() {
            // Release: as in `publish`. Nobody else changes a word that is not empty but to the same value.
            self.0.store(value, Ordering::Release);
        }
    }
}

impl<C: Contents> Writer<'_, C> {
    /// A note, in the arena, as what a word holds.
    fn sealed(&self, note: Note) -> *mut u8 {
        std::ptr::from_ref(self.value(note)).cast_mut().cast()
    }
}

/// Whether an arena is the one that belongs to a table of cells.
fn is_of(arena: u32, owner: u32) -> bool {
    // With worker arenas a value is in another arena of the same store, which lives as long.
    #[cfg(feature = "study")]
    if super::variants::ArenaKind::chosen() != super::variants::ArenaKind::Module {
        return true;
    }
    arena == owner
}

/// A dense table of cells, which is part of one arena's memos.
pub struct MemoTable<F: Family> {
    cells: Box<[Word]>,
    owner: u32,
    marker: PhantomData<fn() -> F>,
}

impl<F: Family> MemoTable<F> {
    /// A table of `len` empty cells for the arena with the number `owner`.
    ///
    /// # Safety
    /// The table becomes part of what the owner of that arena owns beside it, stays there, and is dropped with
    /// it: whoever borrows the table borrows the arena as well. No other arena has this number.
    pub unsafe fn new(len: usize, owner: u32) -> Self {
        const { assert!(align_of::<F::At<'static>>() > SEALED) };
        Self { cells: (0..len).map(|_| Word::empty()).collect(), owner, marker: PhantomData }
    }

    /// The value at `index`, which must be visible unless `sealed` ones are asked for as well; `None` when
    /// there is none, or out of range.
    #[inline]
    pub fn find(&self, index: usize, seals: &Seals, sealed: bool) -> Option<&F::At<'_>> {
        let value = self.cells.get(index)?.get(seals, sealed);
        // SAFETY: the value of a cell of this table, which is borrowed for as long as the result.
        unsafe { Self::read(value) }
    }

    /// # Safety
    /// `value` comes from a cell of a table that is borrowed for `'a`.
    unsafe fn read<'a>(value: *mut u8) -> Option<&'a F::At<'a>> {
        // SAFETY: only `publish` fills cells, with the address of a value in the arena that the table belongs to
        // and whose life is that of the arena; by the contract of `new` a borrow of the table is one of the arena.
        let value: &'a F::At<'static> = unsafe { value.cast::<F::At<'static>>().as_ref() }?;
        Some(F::shorten(value))
    }

    /// Publishes a value of this arena, unless the cell is taken; says whether it was empty.
    ///
    /// # Panics
    /// When the writer is that of another arena.
    pub fn publish<'w, C: Contents>(
        &self,
        writer: &Writer<'w, C>,
        index: usize,
        value: &'w F::At<'w>,
        seal: Option<Seal>,
    ) -> bool {
        assert!(is_of(writer.number(), self.owner), "a value of another arena");
        let value = std::ptr::from_ref(value).cast_mut().cast();
        self.cells.get(index).is_some_and(|cell| cell.publish(writer, value, seal))
    }

    /// Opens a cell whose seal is broken.
    pub fn open(&self, index: usize, seals: &Seals) {
        if let Some(cell) = self.cells.get(index) {
            cell.open(seals);
        }
    }

    /// Bytes of the table itself.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.cells)
    }

    /// How many cells are filled.
    pub fn filled(&self) -> usize {
        let is_filled = |cell: &&Word| !cell.0.load(Ordering::Relaxed).is_null();
        self.cells.iter().filter(is_filled).count()
    }
}

/// Cells by key, for questions that few ask; part of one arena's memos.
pub struct MemoMap<K, F: Family> {
    cells: RwLock<HashMap<K, Word, FxBuildHasher>>,
    owner: u32,
    marker: PhantomData<fn() -> F>,
}

impl<K: Eq + Hash, F: Family> MemoMap<K, F> {
    /// An empty map for the arena with the number `owner`.
    ///
    /// # Safety
    /// As for [`MemoTable::new`].
    pub unsafe fn new(owner: u32) -> Self {
        const { assert!(align_of::<F::At<'static>>() > SEALED) };
        Self { cells: RwLock::default(), owner, marker: PhantomData }
    }

    /// The value under `key`, which must be visible unless `sealed` ones are asked for as well.
    pub fn find<Q>(&self, key: &Q, seals: &Seals, sealed: bool) -> Option<&F::At<'_>>
    where
        Q: Equivalent<K> + Hash + ?Sized,
    {
        let value = self.cells.read().get(key)?.get(seals, sealed);
        // SAFETY: the value of a cell of this map, which is borrowed for as long as the result.
        unsafe { MemoTable::<F>::read(value) }
    }

    /// Publishes a value of this arena, unless the key is taken; says whether it was not.
    ///
    /// # Panics
    /// When the writer is that of another arena.
    pub fn publish<'w, C: Contents>(
        &self,
        writer: &Writer<'w, C>,
        key: K,
        value: &'w F::At<'w>,
        seal: Option<Seal>,
    ) -> bool {
        assert!(is_of(writer.number(), self.owner), "a value of another arena");
        let value = std::ptr::from_ref(value).cast_mut().cast();
        let mut cells = self.cells.write();
        cells.entry(key).or_insert_with(Word::empty).publish(writer, value, seal)
    }

    /// Opens the cell under `key`, whose seal is broken.
    pub fn open<Q>(&self, key: &Q, seals: &Seals)
    where
        Q: Equivalent<K> + Hash + ?Sized,
    {
        if let Some(cell) = self.cells.read().get(key) {
            cell.open(seals);
        }
    }

    /// Number of keys, and bytes of the map; `held` says what the keys hold.
    pub fn usage(&self, held: impl Fn(&mut dyn Iterator<Item = &K>) -> usize) -> (usize, usize) {
        let cells = self.cells.read();
        (cells.len(), cells.allocation_size() + held(&mut cells.keys()))
    }
}
