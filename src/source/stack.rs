//! Stacks that grow: recursion that follows the program that is checked goes through [`deeper`].
//!
//! A thread begins with a stack of modest size; where it runs out, the next piece is taken from the heap and
//! given back when the call returns. So a deep program costs memory while it is deep, and a run with many threads
//! reserves no address space for what it never needs.

/// The stack of a thread at its beginning: address space, of which only what is used takes memory.
pub const FIRST: usize = 8 * 1024 * 1024;
/// With less stack left than this, a new piece is taken: what does not come by here, such as dropping a tree or a
/// visitor of the parser's, goes on within it.
const RED_ZONE: usize = 3 * 1024 * 1024;
/// The size of a piece.
const PIECE: usize = 16 * 1024 * 1024;

/// Calls `work` with enough stack for one more level of recursion.
#[inline]
pub fn deeper<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(RED_ZONE, PIECE, work)
}
