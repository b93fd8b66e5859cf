//! An append-only vector that threads read while others push.
//!
//! Chunks double in size and never move, so that a reference into one stays good for the vector's
//! life and a reader needs one `Acquire` load for the length, one for the chunk pointer, and nothing else.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr;

use super::sync::{AtomicPtr, AtomicU32, Mutex, Ordering};

/// The first chunk has two to the power of this many elements.
const FIRST_BITS: u32 = 2;
/// Room for 16 million elements, and 176 bytes of pointers: most modules have few types.
const CHUNKS: usize = 22;

/// See the module's documentation. Elements are never dropped, so `T` must not need it.
pub struct AppendVec<T> {
    chunks: [AtomicPtr<T>; CHUNKS],
    len: AtomicU32,
    /// Held by whoever pushes.
    pushing: Mutex<()>,
}

// SAFETY: elements are written once, before their index is handed out, and then only read.
unsafe impl<T: Send + Sync> Sync for AppendVec<T> {}
// SAFETY: as above; the vector owns its chunks.
unsafe impl<T: Send> Send for AppendVec<T> {}

impl<T> Default for AppendVec<T> {
    fn default() -> Self {
        const { assert!(!std::mem::needs_drop::<T>() && size_of::<T>() > 0) };
        Self {
            chunks: std::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
            len: AtomicU32::new(0),
            pushing: Mutex::default(),
        }
    }
}

fn locate(index: u32) -> (usize, usize, usize) {
    let shifted = u64::from(index) + (1 << FIRST_BITS);
    let chunk = shifted.ilog2() - FIRST_BITS;
    let size = 1_usize << (chunk + FIRST_BITS);
    let offset = usize::try_from(shifted).unwrap_or(usize::MAX) - size;
    (chunk as usize, offset, size)
}

impl<T> AppendVec<T> {
    /// Number of elements.
    pub fn len(&self) -> u32 {
        // Acquire: a reader of `len` sees the elements and the chunks that they are in.
        self.len.load(Ordering::Acquire)
    }

    /// Whether nothing was pushed yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends and returns the element's index. Pushes of several threads take turns.
    ///
    /// # Panics
    /// When the vector is full.
    pub fn push(&self, value: T) -> u32 {
        let _turn = self.pushing.lock();
        // Relaxed: whoever pushes changes `len` alone.
        let index = self.len.load(Ordering::Relaxed);
        let (chunk, offset, size) = locate(index);
        assert!(chunk < CHUNKS, "an append-only vector has no room for another element");
        let mut pointer = self.chunks[chunk].load(Ordering::Relaxed);
        if pointer.is_null() {
            pointer = allocate(size);
            // Relaxed: `len` below publishes it.
            self.chunks[chunk].store(pointer, Ordering::Relaxed);
        }
        // SAFETY: `offset < size`, nobody else pushes, and no reader looks past `len`.
        unsafe { pointer.add(offset).write(value) };
        // Release: a reader of `len` sees the element and its chunk.
        self.len.store(index + 1, Ordering::Release);
        index
    }

    /// The element at `index`.
    ///
    /// # Panics
    /// When the index was never handed out.
    #[inline]
    pub fn get(&self, index: u32) -> &T {
        assert!(index < self.len(), "index {index} was never handed out");
        let (chunk, offset, _) = locate(index);
        // Relaxed: `len` was read with Acquire.
        let pointer = self.chunks[chunk].load(Ordering::Relaxed);
        // SAFETY: `index < len`, so its chunk exists and the element is initialised, and neither moves.
        unsafe { &*pointer.add(offset) }
    }

    /// Bytes allocated for chunks.
    pub fn allocated_bytes(&self) -> usize {
        // Relaxed: a figure for a report.
        (0..CHUNKS)
            .filter(|&chunk| !self.chunks[chunk].load(Ordering::Relaxed).is_null())
            .map(|chunk| (size_of::<T>() << FIRST_BITS) << chunk)
            .sum()
    }
}

fn layout<T>(size: usize) -> Layout {
    Layout::array::<T>(size).expect("a chunk fits the address space")
}

fn allocate<T>(size: usize) -> *mut T {
    let layout = layout::<T>(size);
    // SAFETY: `T` is not zero-sized (asserted in `default`) and `size` is at least 4.
    let pointer = unsafe { alloc(layout) }.cast::<T>();
    if pointer.is_null() {
        handle_alloc_error(layout);
    }
    pointer
}

impl<T> Drop for AppendVec<T> {
    fn drop(&mut self) {
        for (chunk, pointer) in self.chunks.iter().enumerate() {
            let pointer = pointer.load(Ordering::Relaxed);
            if !pointer.is_null() {
                // SAFETY: allocated in `push` with the same layout.
                unsafe { dealloc(pointer.cast(), layout::<T>(1 << (chunk + FIRST_BITS as usize))) };
            }
        }
    }
}
