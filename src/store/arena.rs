//! An arena: a bump allocator for slices and strings, an append-only table of payloads, and an
//! index from fingerprint to payload so that equal data is written once an arena.
//!
//! Whoever holds the arena's write right (a module's turn, or a worker) writes; everybody reads.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};

use bumpalo::Bump;
use rustc_hash::FxHashMap;

use super::{AppendVec, Fingerprint, Slice, Str, budget};

/// See the module's documentation.
pub struct Arena<T: Copy> {
    /// Stands in a [`super::Handle`] as its owner.
    pub number: u32,
    payloads: AppendVec<(Fingerprint, T)>,
    writer: Writer,
    held: AtomicBool,
}

struct Writer {
    bump: Bump,
    typed: typed_arena::Arena<Box<dyn std::any::Any + Send + Sync>>,
    by_fingerprint: RefCell<FxHashMap<u128, u32>>,
}

// SAFETY: `writer` is touched only by the thread that holds the write right, which `held` passes
// on with Acquire/Release; `payloads` is `Sync` by itself.
unsafe impl<T: Copy + Send + Sync> Sync for Arena<T> {}

impl<T: Copy> Arena<T> {
    /// An empty arena whose handles carry `number`.
    pub fn new(number: u32) -> Self {
        const { assert!(!std::mem::needs_drop::<T>()) };
        Self {
            number,
            payloads: AppendVec::default(),
            writer: Writer {
                bump: Bump::new(),
                typed: typed_arena::Arena::with_capacity(0),
                by_fingerprint: RefCell::default(),
            },
            held: AtomicBool::new(false),
        }
    }

    /// Takes the write right; false when another thread has it.
    pub fn try_hold(&self) -> bool {
        // Acquire: what the last holder wrote is seen by this one.
        !self.held.swap(true, Ordering::Acquire)
    }

    /// Gives the write right back.
    pub fn release(&self) {
        // Release: the next holder sees what was written.
        self.held.store(false, Ordering::Release);
    }

    /// Copies a slice into the arena. Needs the write right.
    pub fn slice<U: Copy>(&self, data: &[U]) -> Slice<U> {
        const { assert!(!std::mem::needs_drop::<U>()) };
        if data.is_empty() {
            return Slice::EMPTY;
        }
        budget::spend(size_of_val(data));
        Slice::new(self.writer.bump.alloc_slice_copy(data))
    }

    /// Copies a string into the arena. Needs the write right.
    pub fn string(&self, text: &str) -> Str {
        budget::spend(text.len());
        Str::new(self.writer.bump.alloc_str(text))
    }

    /// Moves a value that owns heap memory into the arena; it is dropped with it. Needs the write right.
    pub fn keep<U: Send + Sync + 'static>(&self, value: U) -> &U {
        budget::spend(size_of::<U>());
        let kept: &Box<dyn std::any::Any + Send + Sync> = self.writer.typed.alloc(Box::new(value));
        kept.downcast_ref().expect("the box was made of this type")
    }

    /// Index of the payload with this fingerprint, made by `build` when it is new. Needs the write right.
    pub fn intern(&self, fingerprint: Fingerprint, build: impl FnOnce(&Self) -> T) -> u32 {
        if let Some(&index) = self.writer.by_fingerprint.borrow().get(&fingerprint.0) {
            return index;
        }
        // With its entry in the index by fingerprint.
        budget::spend(2 * size_of::<(Fingerprint, T)>());
        let index = self.payloads.push((fingerprint, build(self)));
        self.writer.by_fingerprint.borrow_mut().insert(fingerprint.0, index);
        index
    }

    /// The payload at `index`.
    pub fn get(&self, index: u32) -> &T {
        &self.payloads.get(index).1
    }

    /// The fingerprint of the payload at `index`.
    pub fn fingerprint(&self, index: u32) -> Fingerprint {
        self.payloads.get(index).0
    }

    /// Number of payloads, and bytes allocated for them and for what they point to.
    pub fn usage(&self) -> (usize, usize) {
        let bytes = self.payloads.allocated_bytes() + self.writer.bump.allocated_bytes();
        (self.payloads.len() as usize, bytes)
    }
}
