//! Arenas: an append-only table of payloads, a bump allocator for plain data, typed arenas for what owns
//! memory, and an index from fingerprint to payload, so that equal payloads are written once an arena.
//!
//! # Terms
//! A [`Scratch`] belongs to one task: only its thread writes and reads it, and it goes with the task. An
//! [`Arena`] lasts for the run: everybody reads it without a lock, and whoever publishes writes it under its
//! *write right*. Both are written through a [`Writer`].
//!
//! ```text
//! scratch of a task                       arena of module 7
//!   list[int]  ─┐  computed                 payloads ◄── everybody reads by index
//!   list[str] ──┴──── published: copied ──► payloads, bump, typed   (under the write right)
//! ```
//!
//! # Questions it answers
//! Which payload has this index; which index has this fingerprint. Why nothing here can be used wrongly: a
//! [`Writer`] takes only data of its own lifetime `'w`, which no caller can choose: for an [`Arena`] it is
//! any lifetime at all (see [`Arena::write`]), so that only what this writer made fits; for a [`Scratch`]
//! it is part of the scratch's type.

use std::cell::{Cell, OnceCell, RefCell};
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use bumpalo::Bump;
use hashbrown::HashTable;

use super::family::erase;
use super::sync::Mutex;
use super::{AppendVec, Family, Fingerprint, budget};

/// What the arenas of a program hold.
pub trait Contents: 'static {
    /// Plain data behind a handle.
    type Payload: Family<At<'static>: Copy + Send + Sync>;
    /// The [`Typed`] arenas, for what owns memory.
    type Owned: Default + Send;
}

/// Says how many bytes something owns besides itself.
pub trait HeldBytes {
    /// Bytes on the heap.
    fn held_bytes(&self) -> usize;
}

/// Values that own memory; dropped with their arena.
pub struct Typed<F: Family>(typed_arena::Arena<F::At<'static>>);

impl<F: Family> Default for Typed<F> {
    fn default() -> Self {
        Self(typed_arena::Arena::with_capacity(0))
    }
}

type Erased<C> = <<C as Contents>::Payload as Family>::At<'static>;
type Payloads<C> = AppendVec<(Fingerprint, Erased<C>)>;

/// The part of an arena that one thread at a time may touch.
struct Room<C: Contents> {
    bump: Bump,
    by_fingerprint: RefCell<HashTable<u32>>,
    /// Made when the first value is kept: most arenas keep few.
    owned: OnceCell<Box<C::Owned>>,
    /// Bytes of what is kept.
    kept: Cell<usize>,
}

impl<C: Contents> Default for Room<C> {
    fn default() -> Self {
        Self {
            bump: Bump::new(),
            by_fingerprint: RefCell::default(),
            owned: OnceCell::new(),
            kept: Cell::new(0),
        }
    }
}

impl<C: Contents> Room<C> {
    fn bytes(&self) -> usize {
        let table = self.by_fingerprint.borrow().allocation_size();
        self.bump.allocated_bytes() + table + self.kept.get()
    }
}

/// The right to write to an arena, by which alone anything gets into it. Neither `Sync` nor clonable.
pub struct Writer<'w, C: Contents> {
    number: u32,
    payloads: &'w Payloads<C>,
    room: &'w Room<C>,
    /// Invariant: a writer for one lifetime is no writer for another.
    brand: PhantomData<Cell<&'w ()>>,
}

impl<'w, C: Contents> Writer<'w, C> {
    /// What stands in a handle as its owner.
    #[inline]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Copies a slice into the arena.
    pub fn slice<U: Copy>(&self, data: &[U]) -> &'w [U] {
        const { assert!(!std::mem::needs_drop::<U>()) };
        if data.is_empty() {
            return &[];
        }
        budget::spend(size_of_val(data));
        self.room.bump.alloc_slice_copy(data)
    }

    /// Copies a value into the arena.
    pub fn value<U: Copy>(&self, value: U) -> &'w U {
        budget::spend(size_of::<U>());
        self.room.bump.alloc(value)
    }

    /// Copies a string into the arena.
    pub fn string(&self, text: &str) -> &'w str {
        budget::spend(text.len());
        self.room.bump.alloc_str(text)
    }

    /// Moves a value that owns memory into one of the typed arenas; it is dropped with the arena.
    pub fn keep<F: Family<At<'w>: HeldBytes>>(
        &self,
        typed: impl FnOnce(&C::Owned) -> &Typed<F>,
        value: F::At<'w>,
    ) -> &'w F::At<'w> {
        let bytes = size_of::<F::At<'w>>() + value.held_bytes();
        budget::spend(bytes);
        self.room.kept.set(self.room.kept.get() + bytes);
        // SAFETY: read below for `'w`, which is what it was made for, and never again from the arena.
        let value = unsafe { erase::<F>(value) };
        let kept: &'w F::At<'static> =
            typed(self.room.owned.get_or_init(Box::default)).0.alloc(value);
        F::shorten(kept)
    }

    /// Index of the payload with this fingerprint, made by `build` when it is new.
    pub fn intern(
        &self,
        fingerprint: Fingerprint,
        build: impl FnOnce() -> <C::Payload as Family>::At<'w>,
    ) -> u32 {
        let hash = fingerprint.short();
        let is_equal = |&index: &u32| self.payloads.get(index).0 == fingerprint;
        if let Some(&index) = self.room.by_fingerprint.borrow().find(hash, is_equal) {
            return index;
        }
        // With its entry in the index by fingerprint.
        budget::spend(size_of::<(Fingerprint, Erased<C>)>() + 8);
        // SAFETY: it is read through `Arena::get` or `Scratch::get`, which shorten its life to that of the arena.
        let payload = unsafe { erase::<C::Payload>(build()) };
        let index = self.payloads.push((fingerprint, payload));
        let rehash = |&index: &u32| self.payloads.get(index).0.short();
        self.room.by_fingerprint.borrow_mut().insert_unique(hash, index, rehash);
        index
    }

    /// The payload at `index`.
    #[inline]
    pub fn get(&self, index: u32) -> &'w <C::Payload as Family>::At<'w> {
        <C::Payload as Family>::shorten(&self.payloads.get(index).1)
    }

    /// The fingerprint of the payload at `index`.
    #[inline]
    pub fn fingerprint(&self, index: u32) -> Fingerprint {
        self.payloads.get(index).0
    }
}

/// An arena of one task. `'t` is the life of what is in it.
pub struct Scratch<'t, C: Contents> {
    payloads: Payloads<C>,
    room: Room<C>,
    brand: PhantomData<Cell<&'t ()>>,
}

impl<C: Contents> Default for Scratch<'_, C> {
    fn default() -> Self {
        Self { payloads: Payloads::<C>::default(), room: Room::default(), brand: PhantomData }
    }
}

impl<'t, C: Contents> Scratch<'t, C> {
    /// The owner in handles of every scratch. A task sees no scratch but its own.
    pub const NUMBER: u32 = 0xFF_FFFF;

    /// Writes for as long as the scratch lives.
    pub fn writer(&'t self) -> Writer<'t, C> {
        Writer {
            number: Self::NUMBER,
            payloads: &self.payloads,
            room: &self.room,
            brand: PhantomData,
        }
    }

    /// Bytes allocated.
    pub fn bytes(&self) -> usize {
        self.payloads.allocated_bytes() + self.room.bytes()
    }
}

/// How a write right was got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// At once.
    None,
    /// After so long.
    For(Duration),
}

/// An arena that lasts.
pub struct Arena<C: Contents> {
    number: u32,
    payloads: Payloads<C>,
    room: Mutex<Room<C>>,
}

impl<C: Contents> Arena<C> {
    /// An empty arena whose handles carry `number`.
    pub fn new(number: u32) -> Self {
        Self { number, payloads: Payloads::<C>::default(), room: Mutex::default() }
    }

    /// What stands in a handle as its owner.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Takes the write right and lets `work` write. `work` takes a writer of any lifetime, and so can put in
    /// nothing but what that writer made. It must not ask for another arena's write right.
    pub fn write<R>(&self, work: impl for<'w> FnOnce(&Writer<'w, C>) -> R) -> (R, Wait) {
        let (room, wait) = match self.room.try_lock() {
            Some(room) => (room, Wait::None),
            None => {
                let start = Instant::now();
                let room = self.room.lock();
                (room, Wait::For(start.elapsed()))
            }
        };
        // The room is borrowed for as long as the arena is, and the guard is what makes that exclusive.
        let writer = Writer {
            number: self.number,
            payloads: &self.payloads,
            room: &room,
            brand: PhantomData,
        };
        (work(&writer), wait)
    }

    /// The payload at `index`.
    ///
    /// # Panics
    /// When the index was never handed out.
    #[inline]
    pub fn get(&self, index: u32) -> &<C::Payload as Family>::At<'_> {
        <C::Payload as Family>::shorten(&self.payloads.get(index).1)
    }

    /// The fingerprint of the payload at `index`.
    ///
    /// # Panics
    /// When the index was never handed out.
    #[inline]
    pub fn fingerprint(&self, index: u32) -> Fingerprint {
        self.payloads.get(index).0
    }

    /// Number of payloads, and bytes allocated for them and for all that they point to.
    pub fn usage(&self) -> (usize, usize) {
        let bytes = self.payloads.allocated_bytes() + self.room.lock().bytes() + size_of::<Self>();
        (self.payloads.len() as usize, bytes)
    }
}
