//! Ids, arenas, memo cells and directories: machinery that knows no Python.
//!
//! Everything that crosses threads does so through the types of this folder: data is written once
//! into an append-only arena, then published by a single atomic store, then only read.

mod append;
mod arena;
pub mod budget;
mod cell;
mod directory;
mod fingerprint;
mod handle;
pub mod limits;
mod slice;
pub mod stack;

pub use append::AppendVec;
pub use arena::Arena;
pub use cell::{MemoCell, MemoTable};
pub use directory::Directory;
pub use fingerprint::{Fingerprint, Hasher};
pub use handle::Handle;
pub use slice::{Slice, Str};
