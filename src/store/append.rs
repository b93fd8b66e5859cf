//! An append-only vector that one writer grows while any number of threads read.
//!
//! Chunks double in size and never move, so that a reference into one stays good for the vector's
//! life and a reader needs one `Acquire` load for the chunk pointer and nothing else.

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

const FIRST_BITS: u32 = 5;
const CHUNKS: usize = (32 - FIRST_BITS) as usize;

/// See the module's documentation. `T` must be plain data: elements are never dropped.
pub struct AppendVec<T: Copy> {
    chunks: [AtomicPtr<T>; CHUNKS],
    len: AtomicU32,
}

// SAFETY: elements are `Copy`, written once before their index is handed out, then only read.
unsafe impl<T: Copy + Send + Sync> Sync for AppendVec<T> {}
// SAFETY: as above; the vector owns its chunks.
unsafe impl<T: Copy + Send> Send for AppendVec<T> {}

impl<T: Copy> Default for AppendVec<T> {
    fn default() -> Self {
        Self { chunks: [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS], len: AtomicU32::new(0) }
    }
}

fn locate(index: u32) -> (usize, usize, usize) {
    let shifted = u64::from(index) + (1 << FIRST_BITS);
    let chunk = shifted.ilog2() - FIRST_BITS;
    let size = 1_usize << (chunk + FIRST_BITS);
    let offset = usize::try_from(shifted).unwrap_or(usize::MAX) - size;
    (chunk as usize, offset, size)
}

impl<T: Copy> AppendVec<T> {
    /// Number of elements.
    pub fn len(&self) -> u32 {
        self.len.load(Ordering::Acquire)
    }

    /// Whether nothing was pushed yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends and returns the element's index. Only the holder of the write right may call this.
    pub fn push(&self, value: T) -> u32 {
        // Relaxed: only the one writer changes `len`.
        let index = self.len.load(Ordering::Relaxed);
        let (chunk, offset, size) = locate(index);
        let mut pointer = self.chunks[chunk].load(Ordering::Relaxed);
        if pointer.is_null() {
            let layout = Layout::array::<T>(size).expect("a chunk fits the address space");
            // SAFETY: `T` is not zero-sized in any use and `size` is at least 32.
            pointer = unsafe { alloc(layout) }.cast::<T>();
            if pointer.is_null() {
                handle_alloc_error(layout);
            }
            // Release: a reader that sees the pointer sees an allocated chunk.
            self.chunks[chunk].store(pointer, Ordering::Release);
        }
        // SAFETY: `offset < size`, and no reader knows `index` before it is returned or published.
        unsafe { pointer.add(offset).write(value) };
        // Release: a reader of `len` sees the element.
        self.len.store(index + 1, Ordering::Release);
        index
    }

    /// The element at `index`, which must have been returned by [`Self::push`].
    pub fn get(&self, index: u32) -> &T {
        assert!(index < self.len(), "index {index} was never handed out");
        let (chunk, offset, _) = locate(index);
        let pointer = self.chunks[chunk].load(Ordering::Acquire);
        // SAFETY: the index was handed out, so its chunk exists and the element is initialised.
        unsafe { &*pointer.add(offset) }
    }

    /// Bytes allocated for chunks.
    pub fn allocated_bytes(&self) -> usize {
        (0..CHUNKS)
            .filter(|&chunk| !self.chunks[chunk].load(Ordering::Acquire).is_null())
            .map(|chunk| (size_of::<T>() << FIRST_BITS) << chunk)
            .sum()
    }
}

impl<T: Copy> Drop for AppendVec<T> {
    fn drop(&mut self) {
        for (chunk, pointer) in self.chunks.iter().enumerate() {
            let pointer = pointer.load(Ordering::Relaxed);
            if !pointer.is_null() {
                let layout = Layout::array::<T>(1 << (chunk + FIRST_BITS as usize))
                    .expect("it was allocated with this layout");
                // SAFETY: allocated in `push` with the same layout.
                unsafe { dealloc(pointer.cast(), layout) };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_elements_in_place() {
        let vector = AppendVec::default();
        let first = vector.get(vector.push(7_u64));
        for value in 0..10_000_u64 {
            vector.push(value);
        }
        assert_eq!(*first, 7);
        assert_eq!(*vector.get(10_000), 9_999);
        assert_eq!(vector.len(), 10_001);
    }
}
