//! Memo cells: one atomic word each, empty or holding a published answer.
//!
//! Two threads may compute the same answer; the first write wins and the other is thrown away,
//! which is harmless because an answer never depends on who computed it.

use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

/// A word that is written at most once.
#[derive(Default)]
pub struct MemoCell(AtomicU64);

impl MemoCell {
    /// The published answer.
    pub fn get(&self) -> Option<NonZeroU64> {
        // Acquire: what the word refers to was written before it was published.
        NonZeroU64::new(self.0.load(Ordering::Acquire))
    }

    /// Publishes `value` unless something is there already, and returns what is there.
    pub fn publish(&self, value: NonZeroU64) -> NonZeroU64 {
        // AcqRel: publishes what the word refers to, and sees what a faster thread published.
        match self.0.compare_exchange(0, value.get(), Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => value,
            Err(present) => NonZeroU64::new(present).unwrap_or(value),
        }
    }
}

/// A dense table of cells that hold references to published data.
pub struct MemoTable<T: 'static> {
    cells: Box<[MemoCell]>,
    marker: std::marker::PhantomData<fn() -> &'static T>,
}

impl<T> MemoTable<T> {
    /// A table of `len` empty cells.
    pub fn new(len: usize) -> Self {
        Self {
            cells: (0..len).map(|_| MemoCell::default()).collect(),
            marker: std::marker::PhantomData,
        }
    }

    /// The published value at `index`, `None` when empty or out of range.
    pub fn get(&self, index: usize) -> Option<&T> {
        let word = self.cells.get(index)?.get()?;
        // SAFETY: only `publish` writes cells, always the address of a `T` in an arena that
        // outlives the table's readers.
        Some(unsafe { &*(word.get() as usize as *const T) })
    }

    /// Publishes a value that lives in an arena; returns the winner.
    pub fn publish<'s>(&'s self, index: usize, value: &'s T) -> &'s T {
        let word = NonZeroU64::new(std::ptr::from_ref(value) as usize as u64)
            .expect("a reference is never null");
        let Some(cell) = self.cells.get(index) else { return value };
        let winner = cell.publish(word);
        // SAFETY: as in `get`.
        unsafe { &*(winner.get() as usize as *const T) }
    }

    /// Bytes of the table itself.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.cells)
    }

    /// How many cells are filled.
    pub fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| cell.get().is_some()).count()
    }
}
