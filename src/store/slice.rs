//! Slices and strings that live in an arena, as plain data without a lifetime.
//!
//! A [`Slice`] is made only by an [`super::Arena`] and is read only through values that the arena's
//! owner handed out; arenas outlive every worker, so the pointer is good as long as anybody can ask.

use std::fmt;
use std::ops::Deref;
use std::ptr::NonNull;

/// A slice in an arena.
pub struct Slice<T> {
    pointer: NonNull<T>,
    len: u32,
}

// SAFETY: a shared slice of immutable data.
unsafe impl<T: Sync> Send for Slice<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Slice<T> {}

impl<T> Clone for Slice<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Slice<T> {}

impl<T> Slice<T> {
    /// The slice without elements.
    pub const EMPTY: Self = Self { pointer: NonNull::dangling(), len: 0 };

    /// Wraps a slice that its arena keeps for the whole run.
    pub(super) fn new(data: &[T]) -> Self {
        Self {
            pointer: NonNull::from(data).cast(),
            len: u32::try_from(data.len()).unwrap_or(u32::MAX),
        }
    }

    /// The elements, for as long as the caller says; the arena keeps them for the whole run.
    pub fn as_slice<'s>(self) -> &'s [T] {
        // SAFETY: see the module's documentation: arenas outlive the workers that read.
        unsafe { std::slice::from_raw_parts(self.pointer.as_ptr(), self.len as usize) }
    }
}

impl<T> Default for Slice<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<T> Deref for Slice<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T: fmt::Debug> fmt::Debug for Slice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A string in an arena.
#[derive(Clone, Copy, Default)]
pub struct Str(Slice<u8>);

impl Str {
    pub(super) fn new(text: &str) -> Self {
        Self(Slice::new(text.as_bytes()))
    }

    /// The text.
    pub fn as_str<'s>(self) -> &'s str {
        // SAFETY: made from a `str` in `new`.
        unsafe { std::str::from_utf8_unchecked(self.0.as_slice()) }
    }
}

impl Deref for Str {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
